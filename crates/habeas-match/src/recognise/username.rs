//! Where does running text name somebody by the name with which they log in?

use std::ops::Range;

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::names::lower::is_slip;
use super::unsure::is_known;
use super::view::View;
use super::{Recogniser, pattern};
use crate::name::{given_level, is_place, surname_level, word_level};
use crate::normal;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "username",
        version: 1,
        summary: "User names made of names: behind words that lead to a person, beside mail addresses, in mail headers",
        handles: &["handle"],
        authority: "no standard: how organisations make user names, with our lists of names",
    },
    find,
    examples: &[
        ("ask rbickerstaff, shes got the keys", &["handle=rbickerstaff"]),
        ("drawn up by cdossantos on Monday", &["handle=cdossantos"]),
        ("X-Sender: akamau\nSubject: x", &["handle=akamau"]),
        ("X-Authenticated-User: jbrook01", &["handle=jbrook01"]),
        ("X-Sender: the till", &[]),
        (
            "wrote to a@x.example and to maryam.okafor at the same address",
            &["email=a@x.example", "handle=maryam.okafor"],
        ),
        (
            "not a@x.example but willem43 or okafor_nigel48",
            &["email=a@x.example", "handle=willem43", "handle=okafor_nigel48"],
        ),
        ("see os.path, martin_alloc, self.martin and jane.doc or covid19 and e.g. this", &[]),
        ("asked for asmany as we can, sent by post from abroad to apoint", &[]),
        ("a@x.example has 4words and room12", &["email=a@x.example"]),
    ],
};

// Headers of mail programs that carry whoever was logged in.
pattern!(
    HEADER = r"(?im)^X-(?:[A-Za-z0-9]+-)*(?:Sender|From|User|Auth(?:enticated)?|Login|Originator|Submitter|Author)(?:-[A-Za-z0-9]+)*:[ \t]*<?([A-Za-z][A-Za-z0-9._\-]{2,39})>?[ \t]*\r?$"
);

/// Words behind which a person stands.
const LEADS: &[&str] = &[
    "ask", "asked", "tell", "told", "by", "for", "cc", "from", "to", "with", "via", "and", "or",
    "ping", "pinged", "ring", "rang", "text", "texted", "email", "emailed", "message", "messaged",
    "call", "called", "per", "thanks", "hi", "hey", "hello", "owner", "user", "username", "login",
    "assignee", "contact", "see", "thx",
];

/// Endings of files, hosts and code, behind a full stop.
const ENDINGS: &[&str] = &[
    "com", "org", "net", "uk", "example", "eu", "io", "de", "fr", "ie", "gov", "edu", "doc",
    "docx", "pdf", "txt", "xls", "xlsx", "csv", "jpg", "jpeg", "png", "htm", "html", "md", "msg",
    "eml", "zip", "rs", "py", "js", "json", "xml", "log", "exe", "dat", "tmp", "bin", "ini", "cfg",
    "yml", "toml", "sh", "css", "php", "sql", "db", "gz", "tar", "bak", "java", "ppt", "pptx",
    "rtf", "odt", "ods", "co",
];

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for captures in HEADER.captures_iter(view.text) {
        let Some(name) = captures.get(1) else { continue };
        if let Some(value) = normal::handle(name.as_str()) {
            drafts.push(Draft::new(name.range(), Kind::Handle, value, 0.8, "handle:header"));
        }
    }
    // The word before, and where the last mail address ended.
    let mut lead = "";
    let mut mailbox_end: Option<usize> = None;
    for (range, has_mailbox) in chunks(view.text) {
        let word = &view.text[range.clone()];
        let is_beside = mailbox_end.is_some_and(|end| range.start - end < 60);
        if has_mailbox {
            mailbox_end = Some(range.end);
        } else if word.len() >= 5
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b))
        {
            let is_led = LEADS.iter().any(|one| one.eq_ignore_ascii_case(lead));
            if let Some(confidence) = likeness(word, is_led, is_beside) {
                let value = word.to_owned();
                drafts.push(Draft::new(range, Kind::Handle, value, confidence, "handle:words"));
                lead = "";
                continue;
            }
        }
        lead = word;
    }
}

/// Words between white space without the signs round them, and whether a mail address is in them.
fn chunks(text: &str) -> impl Iterator<Item = (Range<usize>, bool)> + '_ {
    const SIGNS: [char; 22] = [
        '(', ')', '[', ']', '{', '}', '"', '\'', '“', '”', '‘', '’', '.', ',', ';', ':', '!', '?',
        '<', '>', '*', '…',
    ];
    let mut at = 0;
    text.split(char::is_whitespace).filter_map(move |chunk| {
        let start = at;
        // The white space behind it has the width of its own character.
        at += chunk.len() + text[at + chunk.len()..].chars().next().map_or(0, char::len_utf8);
        let front = start + (chunk.len() - chunk.trim_start_matches(SIGNS).len());
        let end = start + chunk.trim_end_matches(SIGNS).len();
        (front < end).then(|| (front..end, chunk.contains('@')))
    })
}

/// How sure a word without capitals is the user name of somebody.
fn likeness(word: &str, is_led: bool, is_beside: bool) -> Option<f32> {
    let base = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let n_digits = word.len() - base.len();
    if n_digits > 4 || base.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = base.split(['.', '_']).collect();
    if parts.len() > 1 {
        let is_shape = parts.len() <= 3 && parts.iter().all(|part| !part.is_empty());
        let is_file = parts.last().is_some_and(|last| ENDINGS.contains(last));
        let n_sure = parts.iter().filter(|part| is_sure_name(part)).count();
        let fits = |part: &&str| {
            part.len() == 1
                || given_level(part).is_some()
                || surname_level(part).is_some()
                || !is_known(part, part)
        };
        let n_long = parts.iter().filter(|part| part.len() > 2).count();
        // Where nothing leads to a person, each of them has to be a name: not `max_alloc`.
        let is_listed = |part: &&str| given_level(part).is_some() || surname_level(part).is_some();
        let is_dated = is_beside && n_digits > 0 && parts.iter().all(is_listed);
        let is_name = is_shape
            && !is_file
            && (n_sure > 0 || is_dated)
            && parts.iter().all(fits)
            && (is_led || is_beside || parts.iter().filter(|part| part.len() > 1).all(is_listed));
        return (is_name && (n_long > 1 || is_led || is_beside)).then_some(0.7);
    }
    if base.len() < 4 {
        return None;
    }
    if n_digits > 0 {
        let is_name =
            given_level(base).is_some() || surname_level(base).is_some_and(|level| level < 3);
        let is_plain = word_level(base).is_some() && given_level(base) != Some(1);
        if is_beside && is_name && !is_plain && !is_place(base) {
            return Some(0.6);
        }
    }
    let is_new = base.len() > 4 && !is_known(base, base);
    let is_made = is_new && (is_initialled(base) || is_double(base));
    // What no list knows: behind a mail address, or with an opening that no word has.
    let is_strange =
        is_new && base.len() > 5 && (is_beside && !is_slip(base) || has_strange_opening(base));
    (is_led && (is_made || is_strange)).then_some(if n_digits > 0 { 0.6 } else { 0.5 })
}

/// Is it a name on a list, and no word and no place?
fn is_sure_name(part: &str) -> bool {
    part.len() > 2
        && word_level(part).is_none()
        && !is_place(part)
        && (matches!(given_level(part), Some(1 | 2)) || matches!(surname_level(part), Some(1 | 2)))
}

/// `jbrook`, `cdossantos`: a first letter and a family name.
fn is_initialled(base: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "van", "von", "de", "da", "dos", "del", "della", "di", "du", "la", "le", "al", "el", "der",
        "den", "bin",
    ];
    let Some(rest) = base.get(1..) else { return false };
    let is_surname = |word: &str| {
        word.len() > 3
            && match surname_level(word) {
                Some(1 | 2) => true,
                Some(_) => word.len() > 5 && word_level(word).is_none(),
                None => false,
            }
    };
    is_surname(rest)
        || PARTICLES.iter().any(|particle| rest.strip_prefix(particle).is_some_and(is_surname))
}

/// Do two consonants open a word that open no English one: `pclutterbuck`, `rfigueiredo`?
fn has_strange_opening(base: &str) -> bool {
    const USUAL: &[&str] = &[
        "bl", "br", "ch", "cl", "cr", "cz", "dr", "dw", "dz", "fl", "fr", "gh", "gl", "gn", "gr",
        "kh", "kl", "kn", "kr", "ll", "mc", "mn", "ng", "ph", "pf", "pl", "pn", "pr", "ps", "pt",
        "rh", "sc", "sh", "sk", "sl", "sm", "sn", "sp", "sq", "st", "sv", "sw", "sz", "th", "tr",
        "ts", "tw", "tz", "vl", "wh", "wr", "xx", "zh", "zl", "zw", "ht", "ft", "sf",
    ];
    let is_consonant = |c: char| !"aeiouy".contains(c);
    base.is_ascii()
        && base.chars().take(2).all(is_consonant)
        && base.chars().filter(|&c| !is_consonant(c)).count() > 1
        && base.get(..2).is_some_and(|opening| !USUAL.contains(&opening))
}

/// `willembakker`: a given name or a family name, and a family name.
fn is_double(base: &str) -> bool {
    base.len() >= 8
        && (4..=base.len() - 4).any(|at| {
            let (one, other) = base.split_at(at);
            let is_first = matches!(given_level(one), Some(1 | 2)) || surname_level(one) == Some(1);
            is_first
                && word_level(one).is_none()
                && word_level(other).is_none()
                && matches!(surname_level(other), Some(1 | 2))
        })
}
