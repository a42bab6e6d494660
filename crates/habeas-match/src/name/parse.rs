//! Reading a name as somebody wrote it.

use crate::fold::{is_apostrophe, is_dash, latin};

/// A personal name in folded parts. Any part may be empty, but not all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PersonName {
    /// `mr`, `mrs`, `dr` …, without a full stop; empty if none was written.
    pub title: String,
    /// Given and middle names and initials, in order.
    pub given: Vec<String>,
    /// The whole family name, with particles and both halves of a double name: `van dijk`,
    /// `smith-jones`, `obrien`.
    pub surname: String,
    /// `jr`, `sr`, `ii` …; empty if none was written.
    pub suffix: String,
}

/// Titles that stand before a name, folded, without full stops.
pub const TITLES: &[&str] = &[
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
    "lord",
    "lady",
    "rev",
    "reverend",
    "revd",
    "fr",
    "father",
    "sister",
    "nurse",
    "matron",
    "pc",
    "ps",
    "dc",
    "ds",
    "di",
    "dci",
    "wpc",
    "sgt",
    "sergeant",
    "capt",
    "captain",
    "cllr",
    "councillor",
    "judge",
    "justice",
    "hon",
    "master",
    "mme",
    "madame",
    "mlle",
    "herr",
    "frau",
    "mister",
    "messrs",
    "sig",
    "signor",
    "signora",
    "sra",
    "srta",
    "senor",
    "senora",
    "sr",
    "imam",
    "rabbi",
    "major",
    "col",
    "colonel",
    "lt",
    "lieutenant",
    "cpl",
    "officer",
    "constable",
    "inspector",
    "detective",
    "mstr",
    "sis",
    "pastor",
    "canon",
    "midwife",
    "consultant",
];

/// Letters behind a name that are no part of it, folded, without full stops.
const LETTERS: &[&str] = &[
    "mbe", "obe", "cbe", "kbe", "qc", "kc", "mp", "md", "phd", "dphil", "bsc", "msc", "ba", "ma",
    "mba", "llb", "llm", "frcs", "mrcp", "frcp", "mrcgp", "frca", "mbbs", "mbchb", "bds", "rgn",
    "rn", "rmn", "mrcs", "frcog", "frsa", "esq", "esquire", "ret", "retd", "jp", "pgce", "cpa",
    "cfa", "fca", "aca", "acca", "deceased", "dec",
];

/// Words with which a family name begins.
const PARTICLES: &[&str] = &[
    "van", "von", "vom", "zu", "zum", "zur", "de", "der", "den", "da", "das", "dos", "do", "del",
    "della", "dello", "degli", "di", "du", "des", "la", "le", "las", "los", "ter", "ten", "te",
    "t", "al", "el", "bin", "ibn", "bint", "binti", "abu", "abd", "ap", "ab", "st", "saint", "san",
    "santa", "af", "av", "auf", "op", "vander", "vande", "mac", "mc", "o", "ould", "ben", "d",
];

const SUFFIXES: &[&str] = &["jr", "snr", "jnr", "junior", "senior", "ii", "iii", "iv"];

impl PersonName {
    /// Reads a name in any usual layout: `Jane Smith`, `Smith, Jane (Mrs)`, `SMITH Jane`,
    /// `Dr J. A. van Dijk`, `SMITH^JANE^ANNE`, `Smith J`.
    ///
    /// One word alone counts as a family name after a title, and else as what it more often is.
    /// `None` when nothing of it can be a name: no letters, or more than eight words.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 200 {
            return None;
        }
        if text.contains('^') {
            return Self::parse_carets(text);
        }
        let mut name = Self::default();
        // What stands in brackets is a title, a role or a name for every day; a title counts.
        let (plain, aside) = without_brackets(text);
        let aside = latin(&aside);
        if TITLES.contains(&aside.trim_matches('.')) {
            name.title = aside.trim_matches('.').to_owned();
        }
        let mut parts = plain.splitn(2, ',');
        let first = tokens(parts.next().unwrap_or_default());
        let rest = tokens(parts.next().unwrap_or_default());
        if first.len() + rest.len() > 9 {
            return None;
        }
        let rest = name.strip(rest);
        let first = name.strip(first);
        if !rest.is_empty() && !first.is_empty() {
            name.surname = join_surname(&first);
            name.given = given_of(&rest);
        } else {
            let all = if first.is_empty() { rest } else { first };
            name.split(&all);
        }
        name.checked()
    }

    /// Reads `SMITH^JANE^ANNE^^MRS`: family name, given name, further names, suffix, prefix.
    fn parse_carets(text: &str) -> Option<Self> {
        let mut parts = text.split('^');
        let mut name = Self::default();
        let surname = tokens(parts.next().unwrap_or_default());
        name.surname = join_surname(&name.strip(surname));
        for part in parts {
            let part = tokens(part);
            let part = name.strip(part);
            name.given.extend(given_of(&part));
        }
        name.checked()
    }

    /// Joins what separate columns say: given names and family name.
    pub fn from_parts(given: &str, surname: &str) -> Option<Self> {
        let mut name = Self::default();
        let given = tokens(given);
        name.given = given_of(&name.strip(given));
        let surname = tokens(surname);
        name.surname = join_surname(&name.strip(surname));
        name.checked()
    }

    /// Reads the normal form, as [`Self::value`] writes it.
    pub fn from_value(value: &str) -> Option<Self> {
        let (surname, given) = value.split_once(',')?;
        let given = given.split_whitespace().map(str::to_owned).collect();
        Self { surname: surname.trim().to_owned(), given, ..Self::default() }.checked()
    }

    /// The normal form: `smith, jane anne`; `smith,` or `, jane` where a side is not known.
    pub fn value(&self) -> String {
        if self.given.is_empty() {
            return format!("{},", self.surname);
        }
        format!("{}, {}", self.surname, self.given.join(" "))
    }

    /// The first given name or initial; empty if none is known.
    pub fn first(&self) -> &str {
        self.given.first().map_or("", String::as_str)
    }

    /// Are all given names initials?
    pub fn is_initials(&self) -> bool {
        !self.given.is_empty() && self.given.iter().all(|given| given.chars().count() == 1)
    }

    fn checked(self) -> Option<Self> {
        let has_letters = |text: &str| text.chars().any(char::is_alphabetic);
        let is_name =
            has_letters(&self.surname) || self.given.iter().any(|given| has_letters(given));
        let digits = |text: &str| text.chars().any(|c| c.is_ascii_digit());
        (is_name && !digits(&self.surname) && !self.given.iter().any(|given| digits(given)))
            .then_some(self)
    }

    /// Takes titles, suffixes and letters off; remembers title and suffix.
    fn strip<'a>(&mut self, mut tokens: Vec<Token<'a>>) -> Vec<Token<'a>> {
        while tokens.len() > 1 || (tokens.len() == 1 && self.has_title_like(&tokens)) {
            let folded = tokens[0].folded.trim_matches('.');
            // `Sr` behind a name is a suffix; a lone `Al` or `Di` is a name.
            if !TITLES.contains(&folded) || (folded == "di" && !tokens[0].has_dot) {
                break;
            }
            if self.title.is_empty() {
                self.title = folded.to_owned();
            }
            tokens.remove(0);
        }
        while let Some(last) = tokens.last() {
            let folded = last.folded.replace('.', "");
            if SUFFIXES.contains(&folded.as_str()) || (folded == "sr" && tokens.len() > 1) {
                self.suffix = folded;
            } else if !(LETTERS.contains(&folded.as_str()) && last.is_letters())
                // `SMITH MA` has two initials.
                || (tokens.len() == 2 && folded.len() == 2)
            {
                if tokens.len() > 1
                    && TITLES.contains(&folded.as_str())
                    && last.raw.len() <= 4
                    && !last.has_caps_only()
                {
                    self.title = folded;
                } else {
                    break;
                }
            }
            tokens.pop();
        }
        tokens
    }

    fn has_title_like(&self, tokens: &[Token<'_>]) -> bool {
        matches!(tokens[0].folded.trim_matches('.'), "mr" | "mrs" | "ms" | "miss" | "dr" | "mx")
    }

    /// Parts words without a comma into given names and family name.
    fn split(&mut self, tokens: &[Token<'_>]) {
        match tokens {
            [] => {}
            [one] => {
                if !self.title.is_empty() || super::gazetteer::is_rather_surname(&one.folded) {
                    self.surname = join_surname(tokens);
                } else {
                    self.given = given_of(tokens);
                }
            }
            [first, rest @ ..] => {
                let is_initial = |token: &Token<'_>| token.is_initials();
                if rest.iter().all(is_initial) && !is_initial(first) {
                    // `Smith J`, `SMITH J.A.`
                    self.surname = join_surname(&tokens[..1]);
                    self.given = given_of(rest);
                    return;
                }
                let n_caps = tokens
                    .iter()
                    .take_while(|token| token.has_caps_only() && token.raw.len() > 1)
                    .count();
                if n_caps > 0
                    && n_caps < tokens.len()
                    && !tokens[n_caps..].iter().any(Token::has_caps_only)
                {
                    // `SMITH Jane`; but not `JA Smith`.
                    if tokens[..n_caps].iter().any(|token| !token.is_initials()) {
                        self.surname = join_surname(&tokens[..n_caps]);
                        self.given = given_of(&tokens[n_caps..]);
                        return;
                    }
                }
                // `O Brien` is a family name where the joined form is one; `O Smith` is an initial.
                let is_joined = |i: usize| {
                    matches!(tokens[i].folded.as_str(), "o" | "d")
                        && super::gazetteer::surname_level(&format!(
                            "{}{}",
                            tokens[i].folded,
                            tokens[i + 1].folded
                        ))
                        .is_some()
                };
                // `Dr van der Berg`, `ap Gwilym`: a small word before a capital letter begins a family name.
                let is_small = |token: &Token<'_>| token.raw.starts_with(char::is_lowercase);
                if PARTICLES.contains(&first.folded.as_str())
                    && is_small(first)
                    && tokens.iter().any(|token| !is_small(token))
                {
                    self.surname = join_surname(tokens);
                    return;
                }
                let start = (1..tokens.len())
                    .find(|&i| {
                        i + 1 < tokens.len()
                            && PARTICLES.contains(&tokens[i].folded.as_str())
                            && (!tokens[i].is_initial_letter() || is_joined(i))
                    })
                    .unwrap_or(tokens.len() - 1);
                // `Van Dijk` and `O Brien` alone are family names.
                if start == 1
                    && tokens.len() == 2
                    && PARTICLES.contains(&first.folded.as_str())
                    && first.folded.len() > 1
                    && !matches!(
                        first.folded.as_str(),
                        "al" | "ben"
                            | "di"
                            | "do"
                            | "ten"
                            | "van"
                            | "el"
                            | "st"
                            | "ap"
                            | "ab"
                            | "dos"
                            | "san"
                    )
                    || (tokens.len() == 2 && first.folded == "o" && !first.has_dot)
                {
                    self.surname = join_surname(tokens);
                    return;
                }
                self.surname = join_surname(&tokens[start..]);
                self.given = given_of(&tokens[..start]);
            }
        }
    }
}

/// One word of a name as written.
#[derive(Clone, Debug)]
struct Token<'a> {
    raw: &'a str,
    folded: String,
    has_dot: bool,
}

impl Token<'_> {
    fn has_caps_only(&self) -> bool {
        self.raw.chars().any(char::is_uppercase) && !self.raw.chars().any(char::is_lowercase)
    }

    fn is_initial_letter(&self) -> bool {
        self.folded.trim_matches('.').chars().count() == 1
    }

    /// `J`, `J.A.`, `JA`, `J-P`: capitals only, and at most three.
    fn is_initials(&self) -> bool {
        let letters = self.raw.chars().filter(|c| c.is_alphabetic()).count();
        self.has_caps_only()
            && (letters == 1
                || (letters <= 3 && self.raw.contains('.'))
                || (letters == 2 && !super::gazetteer::is_short_surname(&self.folded)))
    }

    /// Could it be letters of a degree or an order? They are written with capitals.
    fn is_letters(&self) -> bool {
        self.raw.chars().filter(|c| c.is_uppercase()).count() > 1
            || self.has_dot
            || self.raw.len() > 5
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '“' | '”'))
        .map(|raw| {
            raw.trim_matches(|c: char| !c.is_alphanumeric() && c != '.' && !is_apostrophe(c))
        })
        .filter(|raw| raw.chars().any(char::is_alphanumeric))
        .map(|raw| {
            let has_dot = raw.contains('.');
            let bare = raw.trim_matches(|c: char| c == '.' || is_apostrophe(c));
            let bare = ["'s", "’s"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
            Token { raw: bare, folded: latin(bare), has_dot }
        })
        .collect()
}

/// Given names: `J.A.` and `JA` become two initials; `J-P` stays one.
fn given_of(tokens: &[Token<'_>]) -> Vec<String> {
    let mut given = Vec::new();
    for token in tokens {
        let is_bundle =
            token.folded.contains('.') || (token.is_initials() && !token.raw.contains(is_dash));
        if is_bundle && (token.folded.contains('.') || tokens.len() == 1 || token.raw.len() <= 2) {
            for part in token.folded.split('.').filter(|part| !part.is_empty()) {
                if token.is_initials() {
                    given.extend(part.chars().map(String::from));
                } else {
                    given.push(part.to_owned());
                }
            }
        } else {
            given.push(token.folded.clone());
        }
    }
    given
}

/// A family name: `O` `Brien` and `Mc` `Donald` are written as one word.
fn join_surname(tokens: &[Token<'_>]) -> String {
    let mut surname = String::new();
    for (i, token) in tokens.iter().enumerate() {
        let folded = token.folded.trim_matches('.').replace('.', "");
        surname.push_str(&folded);
        if i + 1 < tokens.len() && !matches!(folded.as_str(), "o" | "mc" | "mac" | "d") {
            surname.push(' ');
        }
    }
    surname
}

/// The text without what stands in brackets, and what stood there first.
fn without_brackets(text: &str) -> (String, String) {
    let (mut plain, mut aside, mut depth) = (String::new(), String::new(), 0_u32);
    for c in text.chars() {
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth = depth.saturating_sub(1),
            _ if depth > 0 => aside.push(c),
            _ => plain.push(c),
        }
    }
    if plain.trim().is_empty() { (aside, String::new()) } else { (plain, aside) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_value(text: &str, value: &str) {
        let name = PersonName::parse(text);
        assert_eq!(name.map(|name| name.value()).as_deref(), Some(value), "{text}");
    }

    #[test]
    fn layouts_of_one_name_have_one_value() {
        for text in [
            "Jane Smith",
            "Smith, Jane",
            "SMITH, Jane (Mrs)",
            "SMITH Jane",
            "Mrs Jane Smith MBE",
            "JANE SMITH",
            "SMITH^JANE",
            "jane smith",
            "Jane  Smith,",
            "Dr. Jane Smith, PhD",
            "Jane Smith (Reception)",
            "Smith, Jane Mrs",
        ] {
            check_value(text, "smith, jane");
        }
    }

    #[test]
    fn initials_come_apart() {
        check_value("J. A. Smith", "smith, j a");
        check_value("J.A. Smith", "smith, j a");
        check_value("JA Smith", "smith, j a");
        check_value("SMITH J", "smith, j");
        check_value("Smith J.A.", "smith, j a");
        check_value("Smith, J", "smith, j");
        check_value("Jane A. Smith", "smith, jane a");
    }

    #[test]
    fn family_names_of_several_words_stay_whole() {
        check_value("Jan van Dijk", "van dijk, jan");
        check_value("Dr van der Berg", "van der berg,");
        check_value("ap Gwilym", "ap gwilym,");
        check_value("Ludwig von der Heide", "von der heide, ludwig");
        check_value("Anna Smith-Jones", "smith-jones, anna");
        check_value("Pat O'Brien", "obrien, pat");
        check_value("Pat O’Brien", "obrien, pat");
        check_value("Pat O Brien", "obrien, pat");
        check_value("Fiona Mc Donald", "mcdonald, fiona");
        check_value("Omar bin Said", "bin said, omar");
        check_value("Zoë Groß", "gross, zoe");
        check_value("Сергей Петров", "petrov, sergey");
    }

    #[test]
    fn a_side_that_is_not_known_is_empty() {
        check_value("Mrs Smith", "smith,");
        check_value("Jane", ", jane");
        check_value("Dr. Okonkwo", "okonkwo,");
    }

    #[test]
    fn what_cannot_be_a_name_is_none() {
        for text in ["", "  ", "12", "C-0012345", "---", "room 4 b", "a b c d e f g h i j k"] {
            assert_eq!(PersonName::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_normal_form_can_be_read_again() {
        for value in ["smith, jane anne", "smith,", ", jane", "van dijk, j a"] {
            let name = PersonName::from_value(value).map(|name| name.value());
            assert_eq!(name.as_deref(), Some(value));
        }
    }
}
