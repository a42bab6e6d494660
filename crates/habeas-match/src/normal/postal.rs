//! Which form do all writings of one postal address share?

use crate::{latin, words};

/// A postcode of the United Kingdom in upper case with one blank: `SW1A 1AA`.
///
/// Reads any spacing and case, and `O` for `0` or `I` for `1` where only a digit can stand.
///
/// # Source
/// Royal Mail, Programmers' Guide to the Postcode Address File: A9, A99, AA9, AA99, A9A, AA9A, then
/// 9AA; the last two letters are none of C, I, K, M, O and V.
pub fn postcode(text: &str) -> Option<String> {
    let mut code: Vec<u8> =
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_uppercase()).collect();
    if !(5..=7).contains(&code.len()) {
        return None;
    }
    let inward = code.len() - 3;
    code[inward] = as_digit(code[inward]);
    // What is read as a digit: the place after the area letters.
    let digit_at = if code[1].is_ascii_digit() || (matches!(code[1], b'O' | b'I') && inward == 2) {
        1
    } else {
        2
    };
    if digit_at < inward {
        code[digit_at] = as_digit(code[digit_at]);
    }
    let is_area = code[..digit_at].iter().all(u8::is_ascii_uppercase) && digit_at < inward;
    let is_district = is_area
        && code[digit_at].is_ascii_digit()
        && code[digit_at + 1..inward].iter().all(u8::is_ascii_alphanumeric)
        && inward - digit_at <= 2;
    let is_inward = code[inward].is_ascii_digit()
        && code[inward + 1..].iter().all(|b| b.is_ascii_uppercase() && !b"CIKMOV".contains(b));
    let is_area_known = is_district && is_postcode_area(&code[..digit_at]);
    if !is_inward || !is_area_known {
        return None;
    }
    let code = String::from_utf8(code).ok()?;
    Some(format!("{} {}", &code[..inward], &code[inward..]))
}

fn as_digit(byte: u8) -> u8 {
    match byte {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        b'S' => b'5',
        b'Z' => b'2',
        other => other,
    }
}

/// The areas of Royal Mail and the Crown dependencies, and `QQ` for examples.
fn is_postcode_area(area: &[u8]) -> bool {
    const AREAS: &str = " AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT \
        DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M \
        ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR QQ RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY \
        TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE GIR BX ZZ ";
    AREAS.split(' ').any(|known| known.as_bytes() == area)
}

/// Words that end the name of a street, each with its root.
const STREETS: &[(&str, &str)] = &[
    ("street", "st"),
    ("st", "st"),
    ("str", "st"),
    ("road", "rd"),
    ("rd", "rd"),
    ("avenue", "ave"),
    ("ave", "ave"),
    ("av", "ave"),
    ("lane", "ln"),
    ("ln", "ln"),
    ("drive", "dr"),
    ("dr", "dr"),
    ("close", "cl"),
    ("cl", "cl"),
    ("court", "ct"),
    ("ct", "ct"),
    ("crescent", "cres"),
    ("cres", "cres"),
    ("cresc", "cres"),
    ("gardens", "gdns"),
    ("gdns", "gdns"),
    ("garden", "gdns"),
    ("grove", "gr"),
    ("gr", "gr"),
    ("place", "pl"),
    ("pl", "pl"),
    ("square", "sq"),
    ("sq", "sq"),
    ("terrace", "ter"),
    ("terr", "ter"),
    ("ter", "ter"),
    ("way", "way"),
    ("walk", "walk"),
    ("hill", "hill"),
    ("mews", "mews"),
    ("row", "row"),
    ("park", "park"),
    ("green", "green"),
    ("parade", "pde"),
    ("rise", "rise"),
    ("view", "view"),
    ("yard", "yard"),
    ("wharf", "wharf"),
    ("quay", "quay"),
    ("embankment", "emb"),
    ("boulevard", "blvd"),
    ("blvd", "blvd"),
    ("highway", "hwy"),
    ("circus", "circus"),
    ("crossing", "crossing"),
    ("passage", "passage"),
    ("mead", "mead"),
    ("croft", "croft"),
    ("vale", "vale"),
    ("villas", "villas"),
    ("cottages", "cottages"),
    ("buildings", "bldgs"),
    ("gate", "gate"),
    ("broadway", "broadway"),
    ("chase", "chase"),
    ("meadow", "meadow"),
    ("meadows", "meadows"),
    ("bank", "bank"),
    ("fold", "fold"),
    ("strasse", "st"),
    ("straße", "st"),
    ("gasse", "gasse"),
    ("weg", "weg"),
    ("platz", "platz"),
    ("straat", "st"),
    ("laan", "laan"),
    ("plein", "plein"),
    ("parkway", "pkwy"),
    ("pkwy", "pkwy"),
    ("common", "common"),
    ("wynd", "wynd"),
    ("brae", "brae"),
    ("esplanade", "esplanade"),
    ("promenade", "prom"),
    ("arcade", "arcade"),
    ("alley", "alley"),
];

/// Does a street's name end with this folded word?
pub fn is_street_word(word: &str) -> bool {
    street_root(word).is_some()
}

/// The root that `street` and `st`, `road` and `rd` share.
pub fn street_root(word: &str) -> Option<&'static str> {
    STREETS.iter().find(|(written, _)| *written == word).map(|(_, root)| *root)
}

/// The parts of an address: flat and house number or name, the street with its root, postcode.
pub fn address_parts(text: &str) -> (String, String, Option<String>) {
    let (body, code) = split_postcode(text);
    let folded = latin(&body);
    let all: Vec<&str> = words(&folded).map(|range| &folded[range]).collect();
    // German and Dutch streets are one word, with the number behind it.
    const ENDINGS: &[&str] =
        &["strasse", "straat", "gasse", "weg", "platz", "allee", "laan", "plein", "str"];
    if let [street, number, ..] = all.as_slice() {
        let ending =
            ENDINGS.iter().find(|ending| street.ends_with(**ending) && street.len() > ending.len());
        if let Some(ending) = ending.filter(|_| number.starts_with(|c: char| c.is_ascii_digit())) {
            let root = street_root(ending).unwrap_or(ending);
            return (
                (*number).to_owned(),
                format!("{}{root}", &street[..street.len() - ending.len()]),
                code,
            );
        }
    }
    // The street ends at the first street word that follows a name; a number stands before it.
    let number_at = all.iter().rposition_before_street();
    let end = (number_at.map_or(1, |at| at + 2)..=all.len())
        .find(|&end| end >= 1 && is_street_word(all[end - 1]));
    let (number, street) = match (number_at, end) {
        (Some(at), Some(end)) => (all[..=at].join(" "), &all[at + 1..end]),
        (None, Some(end)) => {
            let start = end.saturating_sub(3);
            (all[..start].join(" "), &all[start..end])
        }
        (Some(at), None) => (all[..=at].join(" "), &all[at + 1..(at + 3).min(all.len())]),
        (None, None) => (String::new(), &all[..all.len().min(4)]),
    };
    let mut street: Vec<&str> = street.to_vec();
    if let Some(last) = street.last_mut() {
        *last = street_root(last).unwrap_or(last);
    }
    let number = number.replace("apartment", "flat").replace("apt ", "flat ");
    (number, street.join(" "), code)
}

/// The normal form: `number street-with-its-root postcode`, folded, the postcode in lower case
/// without a blank: `Flat 2, 14 Canal Street, Birmingham B1 2JQ` is `flat 2 14 canal st b12jq`.
///
/// The town is left out: where there is a postcode it says the same.
pub fn address(text: &str) -> Option<String> {
    let (number, street, code) = address_parts(text);
    let code = code.map(|code| code.replace(' ', "").to_lowercase()).unwrap_or_default();
    let parts: Vec<&str> = [number.as_str(), street.as_str(), code.as_str()]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect();
    let value = parts.join(" ");
    (value.chars().filter(|c| c.is_alphanumeric()).count() >= 4).then_some(value)
}

/// An address without its postcode, and the postcode.
fn split_postcode(text: &str) -> (String, Option<String>) {
    let upper = text.trim().trim_end_matches(['.', ',']);
    // A postcode is the last one or two words, or followed by a country.
    let ends: Vec<_> = words(upper).collect();
    for last in (0..ends.len()).rev().take(4) {
        for first in [last.checked_sub(1), Some(last)].into_iter().flatten() {
            let range = ends[first].start..ends[last].end;
            if let Some(code) = postcode(&upper[range.clone()]) {
                return (upper[..range.start].to_owned(), Some(code));
            }
        }
    }
    (upper.to_owned(), None)
}

/// Where the house number stands: the last word with a digit before the first street word.
trait StreetNumber {
    fn rposition_before_street(self) -> Option<usize>;
}

impl<'a, I: Iterator<Item = &'a &'a str>> StreetNumber for I {
    fn rposition_before_street(self) -> Option<usize> {
        let mut found = None;
        for (i, word) in self.enumerate() {
            let has_digit = word.starts_with(|c: char| c.is_ascii_digit());
            if has_digit && (found.is_none() || i < 6) {
                found = Some(i);
            } else if found.is_some() && is_street_word(word) {
                break;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_postcode_are_one() {
        for text in ["SW1A 1AA", "sw1a1aa", "SW1A  1AA", "SW1A-1AA", "SW1A IAA"] {
            assert_eq!(postcode(text).as_deref(), Some("SW1A 1AA"), "{text}");
        }
        assert_eq!(postcode("B1 2JQ").as_deref(), Some("B1 2JQ"));
        assert_eq!(postcode("M1 1AE").as_deref(), Some("M1 1AE"));
        for text in ["", "12345", "AA11 1CC", "XX1 1AA", "hello"] {
            assert_eq!(postcode(text), None, "{text}");
        }
    }

    #[test]
    fn spellings_of_an_address_are_one() {
        for text in [
            "14 Canal Street, Birmingham B1 2JQ",
            "14, Canal St., Birmingham, b12jq",
            "14 CANAL ST\nBirmingham\nB1 2JQ",
        ] {
            assert_eq!(address(text).as_deref(), Some("14 canal st b12jq"), "{text}");
        }
        assert_eq!(
            address("Flat 2, 14 Canal Street, B1 2JQ").as_deref(),
            Some("flat 2 14 canal st b12jq")
        );
        assert_eq!(address("14a Canal Road").as_deref(), Some("14a canal rd"));
    }
}
