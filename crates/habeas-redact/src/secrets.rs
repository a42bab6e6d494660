//! In which writings would a thing that was taken out be recognised?

use std::collections::BTreeSet;

use habeas_model::{Hit, Kind, Personal};
use serde::{Deserialize, Serialize};

use crate::fold::{digits, key};
use crate::own::{Own, phone_tail};

/// How a form is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Folded words in this order, whatever stands between them.
    Words,
    /// The same, and it starts with a capital letter where it stands.
    Capital,
    /// An ordinary word that is also a name: a capital letter, and not where a sentence starts.
    Inner,
    /// Digits, whatever stands between them.
    Digits,
    /// The last digits of a telephone number, whatever stands before and between them.
    Phone,
}

/// How far a form speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Wherever it stands it is this person: a whole name, an address, a number.
    Everywhere,
    /// Only in the document that it was taken out of: a first name, a birth date.
    Here,
}

/// One writing of something that was taken out. Internal: it never leaves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Secret {
    /// Folded words with one space between, or digits.
    pub form: Personal<String>,
    /// How it is compared.
    pub shape: Shape,
    /// How far it speaks.
    pub scope: Scope,
    /// What it is.
    pub kind: Kind,
    /// Who it is.
    pub person: Personal<String>,
}

/// Everything that was taken out, in every writing, sorted and each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets(pub BTreeSet<Secret>);

impl Secrets {
    /// Adds every writing of a hit that was taken out; `surface` is the text it covered.
    pub fn add(&mut self, hit: &Hit, surface: &str, person: &str, own: &Own) {
        for (form, shape, scope) in forms(hit.kind, surface, hit.value.reveal(), own) {
            if own.forms.contains(&form) || own.numbers.contains(&form) || own.is_ours(&form) {
                continue;
            }
            // A part of the subject's own name or address, such as where a line broke it, is nobody's
            // elsewhere.
            let scope = if own.holds(&form) { Scope::Here } else { scope };
            self.0.insert(Secret {
                form: Personal::new(form),
                shape,
                scope,
                kind: hit.kind,
                person: Personal::from(person),
            });
        }
    }

    /// Those that speak in every document.
    pub fn everywhere(&self) -> Self {
        Self(self.0.iter().filter(|secret| secret.scope == Scope::Everywhere).cloned().collect())
    }

    /// Adds those of another set.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }
}

type Form = (String, Shape, Scope);

fn forms(kind: Kind, surface: &str, value: &str, own: &Own) -> Vec<Form> {
    use Scope::{Everywhere, Here};
    let form = key(surface);
    let mut out = Vec::new();
    match kind {
        Kind::Name => {
            let is_lower =
                surface.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
            names(&form, value, is_lower, own, &mut out);
        }
        Kind::Phone => {
            let tail = phone_tail(value).or_else(|| phone_tail(surface));
            out.extend(tail.map(|tail| (tail, Shape::Phone, Everywhere)));
            if out.is_empty() && form.len() >= 5 {
                out.push((form, Shape::Words, Here));
            }
        }
        Kind::Email => {
            out.push((form, Shape::Words, Everywhere));
            out.push((key(value), Shape::Words, Everywhere));
        }
        Kind::Address => {
            for line in surface.split(['\n', ',']).map(key) {
                if line.len() >= 8
                    && line.contains(' ')
                    && line.contains(|c: char| c.is_ascii_digit())
                {
                    out.push((line, Shape::Words, Here));
                }
            }
            if form.contains(' ') && form.len() >= 8 {
                out.push((form, Shape::Words, Everywhere));
            }
        }
        Kind::BirthDate => out.push((form, Shape::Words, Here)),
        Kind::Date | Kind::Organisation => {}
        Kind::Handle => {
            let joined = form.replace(' ', "");
            if joined.len() >= 4 {
                out.push((form, Shape::Words, Here));
            }
        }
        Kind::Postcode
        | Kind::NhsNumber
        | Kind::Nino
        | Kind::Passport
        | Kind::DrivingLicence
        | Kind::Card
        | Kind::Iban
        | Kind::BankAccount
        | Kind::Vehicle
        | Kind::Ip
        | Kind::Device
        | Kind::Reference => numbers(&form, surface, &mut out),
    }
    out.retain(|(form, ..)| !form.is_empty());
    out
}

/// Numbers and codes: as written, and with nothing between.
fn numbers(form: &str, surface: &str, out: &mut Vec<Form>) {
    let joined = form.replace(' ', "");
    if joined.bytes().all(|b| b.is_ascii_digit()) {
        match joined.len() {
            7.. => {
                out.push((digits(surface).text.replace(' ', ""), Shape::Digits, Scope::Everywhere))
            }
            5..=6 => out.push((joined, Shape::Words, Scope::Here)),
            // Too short to be told from any other number: it is taken out where it was found.
            _ => {}
        }
    } else if joined.chars().count() >= 5 {
        out.push((form.to_owned(), Shape::Words, Scope::Everywhere));
        out.push((joined.clone(), Shape::Words, Scope::Everywhere));
        // A postcode is written with and without its gap.
        if let (5..=7, Some((outward, inward))) =
            (joined.len(), joined.split_at_checked(joined.len() - 3))
        {
            out.push((format!("{outward} {inward}"), Shape::Words, Scope::Everywhere));
        }
    }
}

pub(crate) const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sir",
    "dame",
    "lady",
    "lord",
    "rev",
    "revd",
    "nurse",
    "sister",
    "cllr",
    "capt",
];

fn names(surface: &str, value: &str, is_lower: bool, own: &Own, out: &mut Vec<Form>) {
    let all: Vec<&str> = surface.split(' ').collect();
    let n_titles = all.iter().take_while(|word| TITLES.contains(word)).count();
    let (titles, bare) = all.split_at(n_titles);
    let (family, given) = value.split_once(',').unwrap_or((value, ""));
    let (family, given) = (key(family), key(given));
    let first = given.split(' ').next().unwrap_or("");
    let mut wholes: Vec<String> = vec![bare.join(" ")];
    if !family.is_empty() && !given.is_empty() {
        wholes.push(format!("{given} {family}"));
        wholes.push(format!("{family} {given}"));
        wholes.push(format!("{first} {family}"));
        wholes.push(format!("{family} {first}"));
    }
    // As a user is called: `tquillon`.
    let user: String = first.chars().take(1).chain(family.chars()).filter(|c| *c != ' ').collect();
    if first.chars().count() > 1 && user.chars().count() >= 7 && !own.words.contains(&family) {
        out.push((user, Shape::Words, Scope::Everywhere));
    }
    for whole in wholes.into_iter().filter(|whole| whole.contains(' ')) {
        let n_long = whole.split(' ').filter(|word| word.chars().count() > 1).count();
        let has_strange = whole.split(' ').any(|word| word.len() > 2 && !own.words.contains(word));
        match n_long {
            2.. => out.push((whole, Shape::Words, Scope::Everywhere)),
            // `A Brown` is also how `a brown envelope` starts; and an initial with the subject's
            // own surname may be the subject.
            1 if has_strange => out.push((whole, Shape::Capital, Scope::Here)),
            _ => {}
        }
    }
    if let (Some(title), [only]) = (titles.last(), bare)
        && !own.words.contains(*only)
    {
        out.push((format!("{title} {only}"), Shape::Words, Scope::Everywhere));
    }
    let parts = bare.iter().copied().chain(family.split(' ')).chain(given.split(' '));
    for part in parts.filter(|part| part.chars().count() >= 3 && !own.words.contains(*part)) {
        if NEVER.contains(&part) || TITLES.contains(&part) {
            continue;
        }
        // Whoever wrote it once without a capital letter does so again; and what is no word otherwise
        // is a name without one too.
        let is_no_word = part.chars().count() >= 5 && !habeas_match::is_ordinary_word(part);
        let shape = match (ORDINARY.contains(&part), is_lower || is_no_word) {
            (true, _) => Shape::Inner,
            (false, true) => Shape::Words,
            (false, false) => Shape::Capital,
        };
        out.push((part.to_owned(), shape, Scope::Here));
    }
}

/// Words that are names too, and so common that alone they prove nothing; among them the words of
/// our own captions, and particles of names.
const NEVER: &[&str] = &[
    "and",
    "april",
    "august",
    "bin",
    "date",
    "december",
    "del",
    "della",
    "der",
    "den",
    "des",
    "dos",
    "february",
    "from",
    "hidden",
    "january",
    "july",
    "june",
    "line",
    "march",
    "may",
    "message",
    "monday",
    "november",
    "october",
    "page",
    "quoted",
    "row",
    "september",
    "sheet",
    "sunday",
    "the",
    "tuesday",
    "van",
    "von",
    "will",
];

/// Words that are names too: they count inside a sentence with a capital letter only.
const ORDINARY: &[&str] = &[
    "amber", "art", "baker", "banks", "bell", "berry", "best", "bill", "bird", "bishop", "black",
    "bond", "booth", "bride", "bridge", "brook", "brown", "burns", "bush", "butler", "carol",
    "case", "chance", "chase", "church", "clay", "cook", "cross", "daisy", "dawn", "day", "dean",
    "drew", "eden", "english", "faith", "field", "fields", "fisher", "ford", "forest", "fox",
    "frank", "french", "frost", "gale", "gene", "ginger", "glass", "gold", "good", "grace",
    "grant", "gray", "green", "grey", "guy", "hall", "hand", "harmony", "hazel", "heath",
    "heather", "hill", "holly", "hope", "house", "hunter", "iris", "ivy", "jack", "jade", "jean",
    "jewel", "joy", "king", "knight", "lake", "lamb", "lane", "law", "lily", "little", "long",
    "love", "major", "mark", "marsh", "mason", "max", "melody", "mercy", "miles", "mills", "moon",
    "moore", "nice", "noble", "north", "olive", "park", "parks", "pat", "patience", "patient",
    "pearl", "penny", "pike", "poole", "pope", "potter", "price", "pride", "prince", "queen",
    "ray", "reading", "reed", "rice", "rich", "river", "rivers", "rob", "robin", "rose", "ruby",
    "rusty", "sandy", "shaw", "short", "skye", "small", "smart", "snow", "south", "spring", "star",
    "steel", "stone", "strong", "sue", "summer", "swan", "sweet", "trinity", "violet", "wade",
    "walker", "ward", "waters", "weaver", "webb", "wells", "west", "white", "wild", "wise", "wolf",
    "wood", "woods", "york", "young",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Kind, surface: &str, value: &str, expected: &[&str]) {
        let mut own = Own::default();
        own.allow(Kind::Name, "Harriet Vale");
        let mut forms: Vec<String> =
            forms(kind, surface, value, &own).into_iter().map(|(form, ..)| form).collect();
        forms.sort();
        forms.dedup();
        assert_eq!(forms, expected, "{surface:?}");
    }

    #[test]
    fn a_thing_is_known_by_its_writings() {
        check(Kind::Phone, "07700 900123", "+447700900123", &["7700900123"]);
        check(Kind::Email, "J@Example.org", "j@example.org", &["j example org"]);
        check(Kind::Postcode, "ZZ9 9ZZ", "ZZ99ZZ", &["zz9 9zz", "zz99zz"]);
        check(Kind::Reference, "P-17", "P17", &[]);
        check(Kind::Name, "Dr Quill", "quill, ", &["dr quill", "quill"]);
        check(Kind::Name, "Tom Quill", "quill, tom", &["quill", "quill tom", "tom", "tom quill"]);
    }

    #[test]
    fn a_shared_surname_is_no_secret() {
        check(Kind::Name, "Tom Vale", "vale, tom", &["tom", "tom vale", "vale tom"]);
        check(Kind::Name, "Mr Vale", "vale, ", &[]);
    }
}
