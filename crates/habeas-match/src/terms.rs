//! By what can a passage be found?

use std::collections::BTreeSet;

use habeas_model::{Hit, Kind, Passage, Terms};

use crate::{PersonName, fold, latin, normal, words};

/// What a passage can be found by.
///
/// Words, all of them folded:
///
/// | word | of |
/// |---|---|
/// | `smith` | every word of the text: [`text_words`] |
/// | `mueller` | a word with umlauts, written with two letters |
/// | `sergey` | a word of another script, in Latin letters, beside its own |
/// | `obrien`, `vandijk`, `smithjones` | parts joined: a short or particle-like word with the next, or two around a hyphen |
/// | `gi:j\|smith` | first initial and family name of a name: [`name_terms`] |
/// | `dm:SM0` | Double Metaphone codes of the parts of a name: [`phonetic`] |
///
/// Typed identifiers are those of [`id_terms`].
pub fn terms(passage: &Passage, hits: &[Hit]) -> Terms {
    let mut all: BTreeSet<String> = text_words(&passage.text).collect();
    let mut ids = BTreeSet::new();
    for hit in hits {
        let value = hit.value.reveal();
        if hit.kind == Kind::Name {
            if let Some(name) = PersonName::from_value(value) {
                all.extend(name_terms(&name));
            }
        } else {
            ids.extend(id_terms(hit.kind, value));
        }
    }
    Terms { words: all.into_iter().collect(), ids: ids.into_iter().collect() }
}

/// The folded words of a text with their further forms; may repeat.
pub fn text_words(text: &str) -> impl Iterator<Item = String> + '_ {
    let ranges: Vec<_> = words(text).collect();
    let mut found = Vec::with_capacity(ranges.len() + ranges.len() / 8);
    for (i, range) in ranges.iter().enumerate() {
        let word = &text[range.clone()];
        // A longer run of letters is no word that anybody asks for; the index has its own limit.
        if word.len() > 200 {
            continue;
        }
        let folded = fold(word);
        if !word.is_ascii() {
            found.extend(word_forms(word).into_iter().filter(|form| *form != folded));
        }
        if let Some(next) = ranges.get(i + 1) {
            let between = &text[range.end..next.start];
            let following = &text[next.clone()];
            if following.len() <= 200 && is_joined(word, between, following) {
                found.push(latin(word) + &latin(following));
            }
        }
        found.push(folded);
    }
    found.into_iter().filter(|word| !word.is_empty())
}

/// The words of an item's path, for files and folders that are called by a person.
///
/// Numbers and endings are left out: they would bring every file of a year or kind.
pub fn path_terms(path: &habeas_model::ItemPath) -> Vec<String> {
    let text = path.to_string();
    let mut found: Vec<String> = text_words(&text.replace('_', " "))
        .filter(|word| word.chars().count() > 2 && !word.chars().any(|c| c.is_ascii_digit()))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// All forms of one word that [`text_words`] gives: folded, with digraphs, in Latin letters.
pub fn word_forms(word: &str) -> Vec<String> {
    let mut forms = vec![fold(word)];
    if !word.is_ascii() {
        forms.extend(digraphs(word));
        forms.push(latin(word));
    }
    forms.retain(|form| !form.is_empty());
    forms.sort();
    forms.dedup();
    forms
}

/// `Müller` as `mueller`, `Øster` as `oester`, `Ås` as `aas`; `None` where nothing changes.
pub fn digraphs(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let composed: String =
        unicode_normalization::UnicodeNormalization::nfc(lower.as_str()).collect();
    let written =
        composed.replace('ä', "ae").replace(['ö', 'ø'], "oe").replace('ü', "ue").replace('å', "aa");
    (written != composed).then(|| latin(&written))
}

/// Is it likely that the two words are one name in another writing? Names only: both capitalised,
/// or parted by nothing but a hyphen.
fn is_joined(word: &str, between: &str, next: &str) -> bool {
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    if between.chars().count() == 1 && between.chars().all(crate::fold::is_dash) {
        return word
            .chars()
            .chain(next.chars())
            .all(|c| c.is_alphabetic() || crate::fold::is_apostrophe(c));
    }
    let is_short = word.chars().count() <= 3 && word.chars().all(char::is_alphabetic);
    between == " " && is_short && is_capital(next) && next.chars().all(char::is_alphabetic)
}

/// The words by which a name is found beside the words of the text: `gi:` and `dm:`.
pub fn name_terms(name: &PersonName) -> Vec<String> {
    let mut found = Vec::new();
    for surname in surname_forms(&name.surname) {
        if let Some(initial) = name.first().chars().next() {
            found.push(format!("gi:{initial}|{surname}"));
        }
        found.extend(phonetic(&surname));
    }
    for given in name.given.iter().filter(|given| given.chars().count() > 1) {
        found.extend(phonetic(given));
    }
    found.sort();
    found.dedup();
    found
}

/// A family name as it may be asked for: whole and joined (`vandijk`), and each long part.
pub fn surname_forms(surname: &str) -> Vec<String> {
    let joined: String = surname.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut forms: Vec<String> = surname
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() > 3 || *part == surname)
        .map(str::to_owned)
        .collect();
    forms.push(joined);
    forms.retain(|form| !form.is_empty());
    forms.sort();
    forms.dedup();
    forms
}

/// The Double Metaphone codes of a folded word, primary and alternate: `dm:SM0`, `dm:XMT`.
pub fn phonetic(word: &str) -> Vec<String> {
    let letters: String = word.chars().filter(char::is_ascii_alphabetic).collect();
    if letters.len() < 3 {
        return Vec::new();
    }
    let result = rphonetic::DoubleMetaphone::new(Some(6)).double_metaphone(&letters);
    let mut codes = vec![result.primary(), result.alternate()];
    codes.retain(|code| !code.is_empty());
    codes.dedup();
    codes.into_iter().map(|code| format!("dm:{code}")).collect()
}

/// The typed identifiers of a hit of that kind with that value; none for names and organisations.
///
/// | kind | ids |
/// |---|---|
/// | email | `email:jane@example.org`, `mailbase:jane` |
/// | phone | `phone:+447700900123`, `phone7:700900123` (the last nine digits) |
/// | birth_date | `dob:1984-03-03` for each reading, and the same as `date:` |
/// | date | `date:1984-03-03` for each reading |
/// | postcode | `postcode:b12jq` |
/// | address | `address:14 canal st b12jq`, and `street:14 canal st` without the postcode |
/// | nhs_number … | `nhs:`, `nino:` (without its last letter), `passport:`, `licence:` (and `licence5:` with the first eleven characters), `card:` (and `card4:` with the last four digits), `iban:`, `account:`, `vehicle:`, `ip:`, `device:`, `handle:` |
/// | reference | `ref:c12345`, and `refno:12345` with its digits when it has four or more |
pub fn id_terms(kind: Kind, value: &str) -> Vec<String> {
    let compact = || value.to_lowercase().replace(' ', "");
    match kind {
        Kind::Name | Kind::Organisation => Vec::new(),
        Kind::Email => {
            let base = normal::mail_base(value).map(|base| format!("mailbase:{base}"));
            std::iter::once(format!("email:{value}")).chain(base).collect()
        }
        Kind::Phone => {
            let end = normal::last_nine(value).map(|end| format!("phone7:{end}"));
            std::iter::once(format!("phone:{value}")).chain(end).collect()
        }
        Kind::BirthDate => {
            value.split('|').flat_map(|day| [format!("dob:{day}"), format!("date:{day}")]).collect()
        }
        Kind::Date => value.split('|').map(|day| format!("date:{day}")).collect(),
        Kind::Postcode => vec![format!("postcode:{}", compact())],
        Kind::Address => {
            let (number, street, _) = normal::address_parts(value);
            vec![format!("address:{value}"), format!("street:{number} {street}")]
        }
        Kind::NhsNumber => vec![format!("nhs:{value}")],
        Kind::Nino => vec![format!("nino:{}", compact().get(..8).unwrap_or_default())],
        Kind::Passport => vec![format!("passport:{}", compact())],
        Kind::DrivingLicence => {
            let whole = compact();
            let stem = whole.get(..11).map(|stem| format!("licence5:{stem}"));
            std::iter::once(format!("licence:{whole}")).chain(stem).collect()
        }
        Kind::Card => {
            let end = value
                .len()
                .checked_sub(4)
                .and_then(|at| value.get(at..))
                .map(|end| format!("card4:{end}"));
            std::iter::once(format!("card:{value}")).chain(end).collect()
        }
        Kind::Iban => vec![format!("iban:{}", compact())],
        Kind::BankAccount => vec![format!("account:{value}")],
        Kind::Vehicle => vec![format!("vehicle:{}", compact())],
        Kind::Ip => vec![format!("ip:{value}")],
        Kind::Device => vec![format!("device:{value}")],
        Kind::Handle => vec![format!("handle:{value}")],
        Kind::Reference => {
            let number = normal::digits(value);
            let number =
                (number.len() >= 4).then(|| format!("refno:{}", number.trim_start_matches('0')));
            std::iter::once(format!("ref:{value}")).chain(number).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_writing() {
        let found: Vec<String> =
            text_words("Jörg Müller met Pat O’Brien, Jan van Dijk and Ann Smith-Jones.").collect();
        for word in [
            "jorg",
            "joerg",
            "muller",
            "mueller",
            "obrien",
            "vandijk",
            "dijk",
            "smith",
            "jones",
            "smithjones",
        ] {
            assert!(found.iter().any(|found| found == word), "{word}: {found:?}");
        }
    }

    #[test]
    fn a_name_is_found_by_initial_and_by_sound() {
        let name =
            PersonName::parse("Jane van Dijk").map(|name| name_terms(&name)).unwrap_or_default();
        assert!(
            name.contains(&"gi:j|vandijk".to_owned()) && name.contains(&"gi:j|dijk".to_owned()),
            "{name:?}"
        );
        assert!(phonetic("smith").iter().any(|code| phonetic("smyth").contains(code)));
    }

    #[test]
    fn ids_carry_their_kind() {
        assert_eq!(
            id_terms(Kind::Email, "jane.smith1@example.org"),
            ["email:jane.smith1@example.org", "mailbase:janesmith"]
        );
        assert_eq!(
            id_terms(Kind::Phone, "+447700900123"),
            ["phone:+447700900123", "phone7:700900123"]
        );
        assert_eq!(
            id_terms(Kind::Date, "1985-04-03|1985-03-04"),
            ["date:1985-04-03", "date:1985-03-04"]
        );
        assert_eq!(id_terms(Kind::Nino, "QQ123456C"), id_terms(Kind::Nino, "QQ123456"));
        assert_eq!(id_terms(Kind::Reference, "c12345"), ["ref:c12345", "refno:12345"]);
    }
}
