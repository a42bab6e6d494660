//! Which names do columns, headers and labels state?

use std::collections::HashMap;
use std::ops::Range;

use habeas_model::Party;

use super::super::hits::Draft;
use super::super::label::{What, trimmed};
use super::super::pattern;
use super::super::view::{Slot, View};
use super::draft;
use super::judge::is_never;
use crate::PersonName;
use crate::latin;
use crate::name::{given_level, surname_level, word_level};

pub(super) fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for slot in view.slots_of(What::Name) {
        whole(view, slot, drafts);
    }
    parts(view, drafts);
    if view.text.contains('^') {
        for found in CARETS.find_iter(view.text).filter(|found| view.stands_alone(&found.range())) {
            let text = found.as_str().trim_end_matches('^');
            if let Some(name) = PersonName::parse(text) {
                drafts.push(draft(
                    found.start()..found.start() + text.len(),
                    name.value(),
                    0.92,
                    "name:carets",
                ));
            }
        }
    }
}

// HL7 and DICOM: `SMITH^JANE^ANNE^^MRS`.
pattern!(CARETS = r"\p{Lu}[\p{L}'’\- ]{1,40}\^\p{Lu}[\p{L}'’\-.]{0,40}(?:\^[\p{L}.]{0,20}){0,4}");

/// A field that holds whole names: one, or several.
fn whole(view: &View<'_>, slot: &Slot, drafts: &mut Vec<Draft>) {
    for range in people(view.text, slot.range.clone()) {
        let text = &view.text[range.clone()];
        if is_placeholder(text) {
            continue;
        }
        if is_organisation(text) {
            drafts.push(Draft::new(
                range,
                habeas_model::Kind::Organisation,
                latin(text),
                0.9,
                "organisation:column",
            ));
            continue;
        }
        let Some(name) = PersonName::parse(text) else { continue };
        // `name: Spouse` of a form’s own data.
        if !text.contains(' ') && is_caption(text) && slot.party == Party::Unknown {
            continue;
        }
        if slot.is_column {
            let confidence = if is_wordy(&name) { 0.75 } else { 0.97 };
            drafts.push(draft(range, name.value(), confidence, "name:column"));
        } else if text.split_whitespace().count() <= 6 {
            // A label stands before all sorts of things; what cannot be a name is prose.
            let plausible = plausibility(text, &name);
            if plausible > 0.3 {
                drafts.push(draft(range, name.value(), 0.6 + 0.33 * plausible, "name:label"));
            }
        }
    }
}

/// Separate columns of one person: each hit has the joined value.
fn parts(view: &View<'_>, drafts: &mut Vec<Draft>) {
    #[derive(Default)]
    struct Group {
        given: Vec<Range<usize>>,
        surname: Vec<Range<usize>>,
        is_column: bool,
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut open: HashMap<Party, usize> = HashMap::new();
    for slot in
        view.slots().iter().filter(|slot| matches!(slot.what, What::GivenName | What::FamilyName))
    {
        let value = &view.text[slot.range.clone()];
        if is_placeholder(value) || !slot.is_column && is_caption(value) {
            continue;
        }
        let at = open.get(&slot.party).copied().filter(|&at| {
            let group: &Group = &groups[at];
            // A second family name with given names between opens the next person.
            let is_full = match slot.what {
                What::GivenName => {
                    !group.given.is_empty()
                        && !group.surname.is_empty()
                        && group.given.last().is_none_or(|last| last.end < group.surname[0].start)
                }
                _ => !group.surname.is_empty(),
            };
            !is_full
        });
        let at = at.unwrap_or_else(|| {
            groups.push(Group { is_column: slot.is_column, ..Group::default() });
            open.insert(slot.party, groups.len() - 1);
            groups.len() - 1
        });
        let group = &mut groups[at];
        if slot.what == What::GivenName {
            group.given.push(slot.range.clone())
        } else {
            group.surname.push(slot.range.clone())
        }
    }
    for group in groups {
        let text = |ranges: &[Range<usize>]| {
            ranges.iter().map(|range| &view.text[range.clone()]).collect::<Vec<_>>().join(" ")
        };
        let (given, surname) = (text(&group.given), text(&group.surname));
        let Some(name) = PersonName::from_parts(&given, &surname) else { continue };
        let confidence = if group.is_column { 0.97 } else { 0.93 };
        for range in group.given.into_iter().chain(group.surname) {
            if view.text[range.clone()].chars().any(char::is_alphabetic) {
                drafts.push(draft(range, name.value(), confidence, "name:column"));
            }
        }
    }
}

/// The people that a field lists: parted by `;`, `|`, line breaks, ` and `, ` & `, ` / `; by commas
/// where each part has two words or more, or where addresses in angle brackets stand between.
fn people(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let value = &text[range.clone()];
    let has_addresses = value.contains('<') && value.contains('@');
    let commas: Vec<&str> = value.split(',').map(str::trim).collect();
    let is_list = commas.len() > 1
        && (commas.len() > 2 || commas.iter().all(|part| part.split_whitespace().count() >= 2))
        && !commas
            .iter()
            .skip(1)
            .all(|part| part.len() <= 5 && !part.contains(' ') && commas.len() == 2)
        && commas.iter().all(|part| part.split_whitespace().count() >= 2 || commas.len() > 3);
    let mut found = Vec::new();
    let mut start = range.start;
    let mut at = range.start;
    let mut in_quotes = false;
    // Has an address in angle brackets ended since the last person?
    let mut has_closed = false;
    let mut push = |from: usize, to: usize| {
        // `Jane Smith <jane@example.org>`: the name stands before the address.
        let part = &text[from..to];
        let end = part
            .find(['<', '['])
            .filter(|_| part.contains('@'))
            .map_or(to, |bracket| from + bracket);
        let mut range = trimmed(text, from..end);
        while range.len() > 1
            && text[range.clone()].starts_with(['"', '\'', ',', ';', '(', '*', '-', '•', ' '])
        {
            range.start += text[range.clone()].chars().next().map_or(1, char::len_utf8);
        }
        while range.len() > 1
            && text[range.clone()].ends_with(['"', '\'', ',', ';', '*', '.', ' ', ':'])
        {
            range.end -= 1;
        }
        // An aside is a role: it is no part of the name.
        if let Some(open) = text[range.clone()].find(" (") {
            range.end = range.start + open;
        }
        if let Some(dash) = [" - ", " – ", " — ", " | "]
            .iter()
            .filter_map(|dash| text[range.clone()].find(dash))
            .min()
        {
            range.end = range.start + dash;
        }
        if !range.is_empty()
            && !text[range.clone()].contains('@')
            && text[range.clone()].chars().any(char::is_alphabetic)
        {
            found.push(range);
        }
    };
    while at < range.end {
        let rest = &text[at..range.end];
        let Some(c) = rest.chars().next() else { break };
        if c == '"' {
            in_quotes = !in_quotes;
        }
        has_closed |= c == '>';
        let width = match c {
            ';' | '|' | '\n' => 1,
            ',' if !in_quotes && (has_closed || (!has_addresses && is_list)) => 1,
            '&' | '/' if rest[1..].starts_with(' ') && text[..at].ends_with(' ') => 1,
            ' ' if rest.starts_with(" and ") || rest.starts_with(" und ") => 5,
            _ => 0,
        };
        if width > 0 {
            push(start, at);
            start = at + width;
            at = start;
            has_closed = false;
        } else {
            at += c.len_utf8();
        }
    }
    push(start, range.end);
    found
}

/// Words that stand where nobody is named.
fn is_placeholder(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "anonymous",
        "unknown",
        "n/a",
        "na",
        "none",
        "nil",
        "null",
        "test",
        "admin",
        "administrator",
        "system",
        "facebook user",
        "guest",
        "self",
        "various",
        "tbc",
        "tba",
        "not known",
        "not stated",
        "not given",
        "no",
        "yes",
        "everyone",
        "all",
        "all staff",
        "team",
        "user",
        "withheld",
        "undisclosed-recipients",
        "undisclosed recipients",
        "to whom it may concern",
        "sir or madam",
        "sir/madam",
        "deleted user",
        "me",
        "see above",
        "as above",
        "the applicant",
        "as stated",
        "refused",
        "blank",
        "anonymised",
        "redacted",
        "caller",
        "private",
        "patient",
        "customer",
        "reception",
        "bookings",
        "info",
        "enquiries",
        "sales",
        "support",
        "no reply",
        "noreply",
        "new customer",
        "walk-in",
        "walk in",
    ];
    WORDS.contains(&latin(text).trim_matches(['.', '-', ' ']))
}

fn is_organisation(text: &str) -> bool {
    let folded = latin(text);
    const ENDS: &[&str] = &[
        "ltd",
        "limited",
        "llp",
        "plc",
        "inc",
        "gmbh",
        "llc",
        "hospital",
        "clinic",
        "surgery",
        "university",
        "council",
        "trust",
        "solicitors",
        "practice",
        "department",
        "team",
        "services",
        "reception",
        "pharmacy",
        "insurance",
        "bank",
        "school",
        "college",
        "group",
        "committee",
        "centre",
        "center",
        "office",
        "desk",
        "helpdesk",
        "support",
    ];
    folded.trim_end_matches(['.', ')']).rsplit(' ').next().is_some_and(|word| ENDS.contains(&word))
        && folded.contains(' ')
}

/// Is every part an ordinary word that no list knows as a name?
fn is_wordy(name: &PersonName) -> bool {
    let is_name = |part: &str| {
        given_level(part).is_some() || surname_level(part).is_some() || word_level(part).is_none()
    };
    !name
        .given
        .iter()
        .map(String::as_str)
        .chain([name.surname.as_str()])
        .filter(|part| !part.is_empty())
        .any(is_name)
}

/// Does a label have another label or an ordinary word behind it, as on an empty form: `First name⏎Title`?
fn is_caption(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(latin).collect();
    let is_word = |word: &String| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word_level(word).is_some()
            && !matches!(given_level(word), Some(1 | 2))
            && !matches!(surname_level(word), Some(1 | 2))
            || is_never(word)
            || word.is_empty()
    };
    words.len() > 4 || words.iter().all(is_word)
}

/// From 0 to 1: how well would a labelled text do as a name?
fn plausibility(text: &str, name: &PersonName) -> f32 {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capitals = words
        .iter()
        .filter(|word| word.starts_with(char::is_uppercase) || !word.is_ascii())
        .count();
    let is_capital = capitals * 2 >= words.len();
    let parts: Vec<&str> = name
        .given
        .iter()
        .map(String::as_str)
        .chain(name.surname.split(' '))
        .filter(|part| !part.is_empty())
        .collect();
    let known = parts
        .iter()
        .filter(|part| {
            let is_initial = part.chars().count() == 1 && name.surname.len() > 1;
            let is_common_word = word_level(part).is_some_and(|level| level <= 35);
            is_initial
                || given_level(part) == Some(1)
                || surname_level(part) == Some(1)
                || ((given_level(part).is_some() || surname_level(part).is_some())
                    && !is_common_word)
        })
        .count();
    let words_only = parts
        .iter()
        .filter(|part| {
            word_level(part).is_some()
                && given_level(part).is_none_or(|l| l > 1)
                && surname_level(part).is_none_or(|l| l > 1)
        })
        .count();
    let share = |n: usize| n as f32 / parts.len().max(1) as f32;
    let title = if name.title.is_empty() { 0.0 } else { 0.5 };
    let shape = if is_capital { 0.5 } else { 0.0 };
    (shape + title + 0.6 * share(known) - 0.7 * share(words_only)).clamp(0.0, 1.0)
}
