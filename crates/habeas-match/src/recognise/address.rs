//! Where does a text name a postal address?

use std::ops::Range;

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::label::{What, trimmed};
use super::view::View;
use super::{Recogniser, pattern};
use crate::{latin, normal};

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "address",
        version: 4,
        summary: "Postal addresses: house and street, flats, blocks that end with a postcode, labelled lines",
        handles: &["address"],
        authority: "BS 7666-2 (order of the parts); matching by number, street and postcode is our own",
    },
    find,
    examples: &[
        (
            "lives at 14 Canal Street, Birmingham, B1 2JQ now",
            &["address=14 canal st b12jq", "postcode=B1 2JQ"],
        ),
        ("she lives at Rose Cottage, Mill Lane, Ashby now", &["address=rose cottage mill ln"]),
        ("we met at Rose Cottage, Mill Lane, Ashby", &[]),
        (
            "its 84 dyers yard diss ip22 2qp",
            &["address=84 dyers yard ip222qp", "postcode=IP22 2QP"],
        ),
        (
            "A NEIGHBOUR OF 84 DYERS YARD, KIRKBY LONSDALE LA6 2AB",
            &["address=84 dyers yard la62ab", "postcode=LA6 2AB"],
        ),
        (
            "Flat 2, 14a Canal Rd\nBirmingham\nB1 2JQ",
            &["address=flat 2 14a canal rd b12jq", "postcode=B1 2JQ"],
        ),
        ("Address: Rose Cottage, Mill Lane, Ashby", &["address=rose cottage mill ln"]),
        ("write to 221 Elm Avenue, Springfield", &["address=221 elm ave"]),
        ("wohnt Hauptstraße 12, 10115 Berlin", &["address=12 hauptst"]),
        ("she lives at 4 Long Furrow now", &["address=4 long furrow"]),
        (
            "and lives at 23\nSaddler Street, BS1 1AB. So",
            &["address=23 saddler st bs11ab", "postcode=BS1 1AB"],
        ),
        ("from 7 Mill\nLane, B1 2JQ", &["address=7 mill ln b12jq", "postcode=B1 2JQ"]),
        ("Invoice 12\nMill Lane is closed", &[]),
        ("with 4 Long Words", &[]),
        ("5 minutes on the street, 3 people in a park", &[]),
        ("on page 12 Way to go", &[]),
    ],
};

pattern!(STREET = &[
    // A flat before it.
    r"(?:(?i:flat|apartment|apt\.?|unit|suite|studio|room) ?[0-9]{1,4}[A-Za-z]?,?\s{1,3})?",
    // The number, or two, and the name of one to four words.
    r"(?-u:\b)[0-9]{1,5}(?:[ ]?[A-Za-z](?-u:\b))?(?:[ ]?[-–/][ ]?[0-9]{1,4}[A-Za-z]?)?,?(?:[ ]|\r?\n)",
    r"(?:St\.?|[A-Z][\p{L}'’\-]+)(?:[ ]|\r?\n)(?:(?:St\.?|[A-Z][\p{L}'’\-]+|the|of|THE|OF)(?:[ ]|\r?\n)){0,3}",
    r"(?:Street|STREET|St|ST|Str|Road|ROAD|Rd|RD|Avenue|AVENUE|Ave|AVE|Lane|LANE|Ln|Drive|DRIVE|Dr|Close|CLOSE|Cl|Court|COURT|Ct|Crescent|CRESCENT|Cres|Gardens|GARDENS|Gdns|Grove|GROVE|Place|PLACE|Pl|Square|SQUARE|Sq|Terrace|TERRACE|Terr|Way|WAY|Walk|WALK|Hill|HILL|Mews|MEWS|Row|ROW|Park|PARK|Green|GREEN|Parade|PARADE|Rise|RISE|View|VIEW|Yard|Wharf|Quay|Embankment|Boulevard|BOULEVARD|Blvd|Circus|Croft|Vale|Villas|Cottages|Buildings|Gate|Broadway|Chase|Meadows?|Parkway|Pkwy|Highway|Hwy|Wynd|Brae|Causeway|Bank|Bridge|Crossing|Dale|Dene|Fold|Garth|Heights|Knoll|Lea|Leas|Mead|Mount|Oval|Passage|Path|Ridge|Spinney|Towers|Approach|Esplanade|Promenade|Loan|Vennel|YARD|WHARF|QUAY|EMBANKMENT|CIRCUS|CROFT|VILLAS|COTTAGES|BUILDINGS|BROADWAY|MEADOW|MEADOWS|PARKWAY|WYND|BRAE|CAUSEWAY|DENE|TOWERS)(?-u:\b)\.?",
].concat());
pattern!(
    NAMELESS = r"(?-u:\b)[0-9]{1,4}[A-Za-z]?,? (?:High Street|High St|The [A-Z]\p{Ll}+|Broadway|Strand|Mall|Piccadilly|Whitehall)(?-u:\b)"
);
// Where somebody is said to live, a number and a name are a house, whatever the street is called.
pattern!(HOME = r"(?-u:\b)[0-9]{1,4}[A-Za-z]?,? [A-Z][\p{L}'’\-]+(?: [A-Z][\p{L}'’\-]+){0,2}");
pattern!(
    AT_HOME = r"(?i)(?-u:\b)(?:lives?|living|lived|resid(?:es?|ing)|stay(?:s|ing)|moved|home|house|flat|address) (?:is |was )?(?:(?:at|to|in|now) ){0,2}$"
);
pattern!(
    GERMAN = r"\p{Lu}\p{Ll}+(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee|straat|laan|plein)[ ][0-9]{1,4} ?[a-z]?(?-u:\b)"
);
pattern!(BOX = r"(?i)(?-u:\b)p\.?\s?o\.?\s?box\s[0-9]{1,6}(?-u:\b)");
// A house that has a name and no number, with what it stands in.
pattern!(
    HOUSE = r"(?-u:\b)(?:The )?(?:[A-Z][\p{L}'’\-]+ ){1,2}(?:Cottage|House|Lodge|Farm|Barn|Villa|Manor|Hall|Mill|Vicarage|Rectory|Bungalow|Grange|Farmhouse)(?:, [A-Z][\p{L}'’\-]+(?: [A-Z][\p{L}'’\-]+){0,2}){1,3}"
);
// As in a chat: the postcode behind it says that it is one.
pattern!(
    SMALL = r"(?-u:\b)[0-9]{1,4}[a-z]?,? (?:[a-z'’\-]+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|close|court|crescent|gardens|grove|place|square|terrace|way|walk|hill|mews|row|park|green|rise|yard|wharf|gate)(?:,? [a-z\-]+){0,3}(?-u:\b)"
);
pattern!(YEAR = r"^(?:19|20)[0-9]{2} ");
pattern!(CODE = r"(?i)^[, \t]*(?:\r?\n[> \t]*)?([A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2})(?-u:\b)");

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    let mut labelled: Vec<Range<usize>> = Vec::new();
    for slot in view.slots_of(What::Address) {
        labelled.push(slot.range.clone());
        // A block behind a label goes on over lines until its postcode.
        let range = if slot.is_column {
            slot.range.clone()
        } else {
            with_block(view.text, slot.range.clone())
        };
        let whole = &view.text[range.clone()];
        let body = without_code(whole);
        // Behind a label may stand anything; an address has a number, a street or a postcode.
        let is_address = slot.is_column
            || whole.contains(|c: char| c.is_ascii_digit())
            || crate::words(whole).any(|word| normal::is_street_word(&latin(&whole[word])));
        if !is_address
            || body.trim().chars().filter(|c| c.is_alphanumeric()).count() < 3
            || !body.contains(char::is_alphabetic)
            || body.contains('@')
        {
            continue;
        }
        if let Some(value) = normal::address(whole) {
            let confidence = if slot.is_column { 0.96 } else { 0.88 };
            let rule = if slot.is_column { "address:column" } else { "address:label" };
            let body = trimmed(
                view.text,
                range.start
                    ..range.start + body.trim_end_matches([',', ' ', '\n', '\r', '\t']).len(),
            );
            drafts.push(Draft::new(body, Kind::Address, value, confidence, rule));
        }
    }
    let shapes = [
        (&STREET, 0.9),
        (&NAMELESS, 0.8),
        (&GERMAN, 0.75),
        (&BOX, 0.8),
        (&HOME, 0.7),
        (&HOUSE, 0.7),
        (&SMALL, 0.75),
    ];
    for (shape, confidence) in shapes {
        for found in shape.find_iter(view.text) {
            let start = found.start();
            if labelled.iter().any(|range| range.contains(&start))
                || view.before(start).is_some_and(|c| c.is_alphanumeric() || "/.-:£$#".contains(c))
            {
                continue;
            }
            let has_code = || CODE.is_match(&view.text[found.end()..]);
            let is_house = shape.as_str() == HOUSE.as_str();
            let is_of = || view.text[..start].ends_with(", of ");
            if is_house && !AT_HOME.is_match(view.lead(start, 30)) && !is_of() && !has_code() {
                continue;
            }
            if shape.as_str() == SMALL.as_str() && !has_code() {
                continue;
            }
            if shape.as_str() == HOME.as_str() && !AT_HOME.is_match(view.lead(start, 30)) {
                continue;
            }
            // Over the end of a line it is one only where somebody lives, or a postcode follows.
            if found.as_str().contains('\n')
                && !AT_HOME.is_match(view.lead(start, 30))
                && !CODE.is_match(&view.text[found.end()..])
            {
                continue;
            }
            // `In June 2004 Canal Court …`: a year.
            if YEAR.is_match(found.as_str()) && !CODE.is_match(&view.text[found.end()..]) {
                continue;
            }
            let range = with_town(view.text, found.range());
            let code = CODE
                .captures(&view.text[range.end..])
                .and_then(|code| code.get(1))
                .map(|code| code.as_str());
            let whole = format!("{} {}", &view.text[found.range()], code.unwrap_or_default());
            if let Some(value) = normal::address(&whole) {
                let confidence = if code.is_some() { 0.95 } else { confidence };
                drafts.push(Draft::new(range, Kind::Address, value, confidence, "address"));
            }
        }
    }
}

/// The street with the towns behind it: capitalised words between commas or breaks of lines.
fn with_town(text: &str, range: Range<usize>) -> Range<usize> {
    let mut end = range.end;
    for _ in 0..3 {
        let rest = &text[end..];
        if CODE.is_match(rest) {
            break;
        }
        let gap = rest.len() - rest.trim_start_matches([',', ' ', '\t']).len();
        let breaks = rest[gap..].len() - rest[gap..].trim_start_matches(['\r', '\n']).len();
        let start = gap + breaks;
        if breaks > 2 || !(rest[..gap].contains(',') || breaks > 0) {
            break;
        }
        let line = rest[start..].split([',', '\n', '\r', '.', ';']).next().unwrap_or_default();
        let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        let first_words = words
            .iter()
            .take_while(|word| {
                word.starts_with(char::is_uppercase)
                    && word.chars().all(|c| c.is_alphabetic() || c == '-')
            })
            .count();
        // A town is known, or it stands alone between commas before a postcode.
        let is_before_code = CODE.is_match(&rest[start + line.len()..]);
        // `KIRKBY LONSDALE LA6 2AB`: no comma before the code.
        let n = first_words.min(4);
        let reach = (n > 0 && n < words.len())
            .then(|| line.find(words[n - 1]).map(|at| at + words[n - 1].len()))
            .flatten();
        if let Some(reach) = reach.filter(|&reach| CODE.is_match(&line[reach..])) {
            end += start + reach;
            break;
        }
        let folded = latin(line);
        let known = (1..=first_words.min(4))
            .rev()
            .find(|&n| crate::name::is_place(&words[..n].join(" ").to_lowercase()));
        if is_before_code && first_words == words.len() && (1..=4).contains(&words.len()) {
            end += start + line.trim_end().len();
        } else if let Some(n) = known.filter(|_| !folded.is_empty()) {
            let length = line.find(words[n - 1]).map_or(0, |at| at + words[n - 1].len());
            end += start + length;
        } else {
            break;
        }
    }
    range.start..end
}

/// The block that a label opened: up to four more lines, if one of them ends with a postcode.
fn with_block(text: &str, range: Range<usize>) -> Range<usize> {
    if normal::address_parts(&text[range.clone()]).2.is_some() {
        return range;
    }
    let mut end = range.end;
    for line in text[range.end..].split_inclusive('\n').take(6) {
        let body = line.trim();
        end += line.len();
        if body.contains(':') || body.len() > 60 {
            break;
        }
        if normal::address_parts(body).2.is_some() {
            return trimmed(text, range.start..end);
        }
    }
    range
}

/// An address without the postcode at its end, which is a hit of its own.
fn without_code(text: &str) -> &str {
    static END: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        regex::Regex::new(r"(?i)[,\s]+[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}[\s,.]*(?:UK|United Kingdom|England|GB)?[\s.]*$").expect("the pattern is constant")
    });
    END.find(text).map_or(text, |found| &text[..found.start()])
}
