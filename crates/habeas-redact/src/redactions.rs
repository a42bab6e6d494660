//! What is taken out of a document?

use std::collections::BTreeSet;
use std::ops::Range;

use habeas_match::Whose;
use habeas_model::{
    Document, Doubt, Ground, Hidden, Hit, Kind, Meaning, Part, Passage, Personal, PlaceKind,
    Redaction,
};

use crate::own::Own;
use crate::people::{ShownAt, is_shown_as, overruled};
use crate::search::Searcher;
use crate::secrets::{Scope, Secret, Secrets};

/// What is taken out of a document, and what of it is not in the exhibit at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// What is replaced by a label, sorted by passage and place, not overlapping.
    pub redactions: Vec<Redaction>,
    /// Passages that are records of other people, by number from 0, sorted.
    pub left_out: Vec<usize>,
}

impl Proposal {
    /// Takes out one thing more.
    pub(crate) fn take_out(&mut self, redaction: Redaction, document: &Document) {
        let number = redaction.passage;
        let start = self.redactions.partition_point(|it| it.passage < number);
        let end = self.redactions.partition_point(|it| it.passage <= number);
        let mut here: Vec<Redaction> = self.redactions.drain(start..end).collect();
        here.push(redaction);
        let text = document.passages.get(number).map_or("", |passage| passage.text.as_str());
        self.redactions.splice(start..start, merged(here, text));
    }
}

/// Proposes what to take out: every hit that is another person's, and records of other people.
///
/// `hits` and `whose` are one list a passage, as `habeas-match` gives them. `covered` are the
/// passages that are about the subject; what is no record of its own is context and stays.
/// `withheld` are passages that were decided to be kept back; they are left out whatever else.
pub fn propose(
    document: &Document,
    hits: &[Vec<Hit>],
    whose: &[Vec<Whose>],
    covered: &[u32],
    withheld: &[u32],
) -> Proposal {
    let covered: BTreeSet<usize> = covered.iter().map(|number| *number as usize).collect();
    let mut proposal = Proposal::default();
    for (number, passage) in document.passages.iter().enumerate() {
        let is_withheld = withheld.iter().any(|kept| *kept as usize == number);
        // What somebody painted over is not uncovered by us.
        let is_kept = is_withheld || passage.hidden == Some(Hidden::Covered);
        if is_kept || is_of_others(document, number, passage, &covered) {
            proposal.left_out.push(number);
            continue;
        }
        let hits = hits.get(number).into_iter().flatten();
        let whose = whose.get(number).into_iter().flatten();
        let mut found = Vec::new();
        for (hit, whose) in hits.zip(whose) {
            if let Whose::Other(other) = whose
                && !is_caption(passage, &hit.range)
            {
                found.push(Redaction {
                    passage: number,
                    range: hit.range.clone(),
                    kind: hit.kind,
                    person: other.key.clone(),
                    ground: Ground::ThirdParty,
                });
            }
        }
        proposal.redactions.extend(merged(found, &passage.text));
    }
    proposal
}

/// Stands for the passage of what only the looks of a page show.
pub(crate) const NO_PASSAGE: usize = usize::MAX;

/// Something of another person that is taken out of a page's looks, and that no passage shows.
pub(crate) fn on_page_alone(kind: Kind, person: Personal<String>) -> Redaction {
    Redaction { passage: NO_PASSAGE, range: 0..0, kind, person, ground: Ground::ThirdParty }
}

/// Is it a record of its own that is not about the subject?
fn is_of_others(
    document: &Document,
    number: usize,
    passage: &Passage,
    covered: &BTreeSet<usize>,
) -> bool {
    if !passage.is_record || covered.contains(&number) {
        return false;
    }
    // The head, the text and what is quoted of one message are one record.
    if habeas_model::is_message(&document.media_type)
        || passage.place.kind == PlaceKind::Header
        || matches!(passage.part, Part::Header | Part::Properties)
    {
        return false;
    }
    // So are passages at one place, such as a row and its comment.
    !covered
        .iter()
        .filter_map(|other| document.passages.get(*other))
        .any(|other| other.is_record && other.place == passage.place)
}

/// Is it the name of a column or of a header line?
pub(crate) fn is_caption(passage: &Passage, range: &Range<usize>) -> bool {
    passage.fields.iter().any(|field| {
        field.meaning == Meaning::Caption
            && field.range.start <= range.start
            && range.end <= field.range.end
    })
}

/// Every writing of what is taken out, and of what clearly names somebody in records left out.
///
/// `document`, `hits` and `whose` are those the proposal was made from.
pub fn secrets(
    document: &Document,
    hits: &[Vec<Hit>],
    whose: &[Vec<Whose>],
    proposal: &Proposal,
    own: &Own,
) -> Secrets {
    let mut secrets = Secrets::default();
    let mut aside = Secrets::default();
    for (number, passage) in document.passages.iter().enumerate() {
        let is_left_out = proposal.left_out.binary_search(&number).is_ok();
        let hits = hits.get(number).into_iter().flatten();
        for (hit, whose) in hits.zip(whose.get(number).into_iter().flatten()) {
            let Whose::Other(other) = whose else { continue };
            let person = other.key.reveal();
            let Some(surface) = passage.text.get(hit.range.clone()) else { continue };
            if is_caption(passage, &hit.range) {
                continue;
            }
            if !is_left_out && other.doubt == Some(Doubt::UnknownWord) {
                // Nobody is known by it, so that it means nothing elsewhere.
                let mut unsure = Secrets::default();
                unsure.add(hit, surface, person, own);
                secrets.0.extend(
                    unsure.0.into_iter().map(|secret| Secret { scope: Scope::Here, ..secret }),
                );
            } else if !is_left_out {
                secrets.add(hit, surface, person, own);
            } else if aside.0.len() < ASIDE && matches!(hit.kind, Kind::Email | Kind::Phone) {
                aside.add(hit, surface, person, own);
            }
        }
    }
    secrets.extend(&aside.everywhere());
    secrets
}

/// Writings taken from records that are left out: enough to see that none came along.
const ASIDE: usize = 5_000;

/// Takes out every other place where something stands that was taken out elsewhere.
///
/// `kept` are stretches of each passage that are known to be the subject's, nobody's, or shown: a name
/// in part, such as a first name, is no secret within them. `shown` is where somebody else stays
/// readable: what is taken out of them elsewhere stays there; but what is also somebody's who is taken
/// out goes, as a whole, and is removed from `shown`. Returns how many places were added.
pub fn sweep(
    document: &Document,
    proposal: &mut Proposal,
    kept: &[Vec<Range<usize>>],
    shown: &mut Vec<ShownAt>,
    searchers: &[&Searcher],
) -> usize {
    let before = std::mem::take(&mut proposal.redactions);
    let n_before = before.len();
    let mut before = before.into_iter().peekable();
    let mut to_show = std::mem::take(shown).into_iter().peekable();
    for (number, passage) in document.passages.iter().enumerate() {
        let mut all = Vec::new();
        let mut here = Vec::new();
        while let Some(at) = to_show.next_if(|at| at.passage <= number) {
            here.push(at);
        }
        while let Some(redaction) = before.next_if(|redaction| redaction.passage <= number) {
            all.push(redaction);
        }
        if proposal.left_out.binary_search(&number).is_ok() {
            continue;
        }
        let kept = kept.get(number).map_or(&[][..], Vec::as_slice);
        for found in searchers.iter().flat_map(|searcher| searcher.find(&passage.text)) {
            let is_kept = found.scope == Scope::Here
                && kept
                    .iter()
                    .any(|kept| kept.start <= found.range.start && found.range.end <= kept.end);
            let is_shown = || is_shown_as(&passage.text, &found, &here);
            if !is_kept && !found.range.is_empty() && !is_shown() {
                all.push(Redaction {
                    passage: number,
                    range: found.range,
                    kind: found.kind,
                    person: found.person,
                    ground: Ground::ThirdParty,
                });
            }
        }
        let gone = overruled(number, &all, &mut here);
        all.extend(gone);
        shown.append(&mut here);
        proposal.redactions.extend(merged(all, &passage.text));
    }
    proposal.redactions.len().saturating_sub(n_before)
}

/// Sorted, with overlapping ones joined; a joined one is the person's whose stretch is longest.
fn merged(mut redactions: Vec<Redaction>, text: &str) -> Vec<Redaction> {
    for redaction in &mut redactions {
        let range = &mut redaction.range;
        range.end = range.end.min(text.len());
        range.start = range.start.min(range.end);
        while !text.is_char_boundary(range.start) {
            range.start -= 1;
        }
        while !text.is_char_boundary(range.end) {
            range.end += 1;
        }
    }
    redactions.retain(|redaction| !redaction.range.is_empty());
    redactions
        .sort_by_key(|redaction| (redaction.range.start, std::cmp::Reverse(redaction.range.end)));
    let mut out: Vec<Redaction> = Vec::new();
    let mut longest = 0;
    for redaction in redactions {
        let length = redaction.range.len();
        match out.last_mut() {
            Some(last) if redaction.range.start < last.range.end => {
                let end = last.range.end.max(redaction.range.end);
                if length > longest {
                    longest = length;
                    let start = last.range.start;
                    *last = redaction;
                    last.range.start = start;
                }
                last.range.end = end;
            }
            _ => {
                longest = length;
                out.push(redaction);
            }
        }
    }
    joined(out, text)
}

/// What is taken out of one person side by side is taken out as one: two labels for a name and its
/// address, or a bracket that is left of them, would tell how it was written.
fn joined(redactions: Vec<Redaction>, text: &str) -> Vec<Redaction> {
    let mut out: Vec<Redaction> = Vec::new();
    for redaction in redactions {
        if let Some(last) = out.last_mut()
            && last.person == redaction.person
            && last.ground == redaction.ground
            && text.get(last.range.end..redaction.range.start).is_some_and(is_between)
        {
            last.range.end = redaction.range.end;
        } else {
            out.push(redaction);
        }
    }
    let ends: Vec<usize> = out.iter().skip(1).map(|next| next.range.start).collect();
    for (at, redaction) in out.iter_mut().enumerate() {
        let inside = text.get(redaction.range.clone()).unwrap_or_default();
        let is_open =
            |open: char, close: char| inside.matches(open).count() > inside.matches(close).count();
        let behind = text.get(redaction.range.end..).unwrap_or_default();
        let is_free = ends.get(at).is_none_or(|next| *next > redaction.range.end);
        if is_free
            && ["<>", "()", "[]"].iter().any(|pair| {
                let (open, close) = (pair.as_bytes()[0] as char, pair.as_bytes()[1] as char);
                is_open(open, close) && behind.starts_with(close)
            })
        {
            redaction.range.end += 1;
        }
    }
    out
}

/// Is it what stands between a name and an address of the same person, on one line?
fn is_between(text: &str) -> bool {
    text.len() <= 4 && !text.contains(|c: char| c.is_alphanumeric() || c == '\n' || c == ':')
}

#[cfg(test)]
mod tests {
    use habeas_model::{Confidence, Party, Place};

    use super::*;

    fn hit(text: &str, part: &str, kind: Kind, value: &str) -> Hit {
        let start = text.find(part).unwrap();
        Hit {
            range: start..start + part.len(),
            kind,
            value: value.into(),
            confidence: Confidence::new(1.0),
            party: Party::Unknown,
            rule: String::new(),
        }
    }

    fn other(key: &str) -> Whose {
        Whose::Other(habeas_model::Other::new(key))
    }

    #[test]
    fn a_name_and_its_address_are_one() {
        let check = |text: &str, parts: &[&str], expected: &[&str]| {
            let document = Document {
                passages: vec![Passage::text(Place::new(PlaceKind::Header, 1), text)],
                ..Document::default()
            };
            let hits = parts.iter().map(|part| hit(text, part, Kind::Name, "x")).collect();
            let whose = parts.iter().map(|_| other("quill, tom")).collect();
            let proposal = propose(&document, &[hits], &[whose], &[], &[]);
            let gone: Vec<&str> =
                proposal.redactions.iter().map(|one| &text[one.range.clone()]).collect();
            assert_eq!(gone, expected);
        };
        let text = "Tom Quill <tom@example.org>, Ann";
        check(text, &["Tom Quill", "tom@example.org"], &["Tom Quill <tom@example.org>"]);
        let text = "\"Tom Quill\" (home), Quill";
        check(text, &["Tom Quill", "Quill"], &["Tom Quill"]);
        check("Tom: Tom", &["Tom"], &["Tom"]);
    }

    #[test]
    fn rows_of_others_are_left_out_and_context_stays() {
        let row = |n| Passage {
            is_record: true,
            ..Passage::text(Place::new(PlaceKind::Row, n), format!("Name: row {n}"))
        };
        let mut document =
            Document { passages: vec![row(2), row(3), row(4)], ..Document::default() };
        document.passages.push(Passage::text(Place::new(PlaceKind::Body, 1), "context"));
        let none: Vec<Vec<Hit>> = vec![Vec::new(); 4];
        let nobody: Vec<Vec<Whose>> = vec![Vec::new(); 4];
        assert_eq!(propose(&document, &none, &nobody, &[1], &[3]).left_out, [0, 2, 3]);
    }

    #[test]
    fn what_was_taken_out_once_is_taken_out_everywhere() {
        let first = "Tom Quill rang about Harriet.";
        let second = "Later TOM\nQUILL came; Tom left. Quill Street is kept.";
        let document = Document {
            passages: vec![
                Passage::text(Place::new(PlaceKind::Body, 1), first),
                Passage::text(Place::new(PlaceKind::Body, 2), second),
            ],
            ..Document::default()
        };
        let hits = vec![vec![hit(first, "Tom Quill", Kind::Name, "quill, tom")], vec![]];
        let whose = vec![vec![other("t")], vec![]];
        let own = Own::default();
        let mut proposal = propose(&document, &hits, &whose, &[], &[]);
        let secrets = secrets(&document, &hits, &whose, &proposal, &own);
        let searcher = Searcher::new(&secrets, &own).unwrap();
        let street = second.find("Quill Street").unwrap();
        let kept = vec![vec![], vec![street..street + 12]];
        sweep(&document, &mut proposal, &kept, &mut Vec::new(), &[&searcher]);
        let taken: Vec<&str> = proposal
            .redactions
            .iter()
            .map(|r| &document.passages[r.passage].text[r.range.clone()])
            .collect();
        assert_eq!(taken, ["Tom Quill", "TOM\nQUILL", "Tom"]);
    }
}
