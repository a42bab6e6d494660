//! Which letters of a page are taken out?

use std::ops::Range;

use habeas_document::page::{Letter, Page, Recognised};
use habeas_model::{Kind, Part, Passage, Personal, PlaceKind, Redaction};

use super::boxes::{areas, take_letters, take_words};
use super::drawn::between;
use crate::exhibit::Exhibit;
use crate::near::Near;
use crate::own::Own;
use crate::pages::View;
use crate::people::ShownAt;
use crate::redactions::{NO_PASSAGE, on_page_alone};
use crate::secrets::Scope;

/// Which things are taken out of a page, and with which of them each letter or word goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    /// What is taken out.
    pub(crate) redactions: Vec<Redaction>,
    /// For each letter, or each word of a scan, the number of what it goes with.
    pub(crate) by: Vec<Option<usize>>,
    /// Who else is shown on it.
    pub(crate) shown: Vec<ShownAt>,
    /// For each letter or word, the number of whom it shows.
    pub(crate) shown_as: Vec<Option<usize>>,
}

impl Taken {
    /// Is something taken out that the document's own text does not show in one piece? Then the page
    /// cannot be given as text.
    pub(crate) fn has_more(&self) -> bool {
        self.redactions.iter().any(|redaction| redaction.passage == NO_PASSAGE)
    }

    /// Nothing, of so many letters or words.
    pub(crate) fn of(n: usize) -> Self {
        Self {
            redactions: Vec::new(),
            by: vec![None; n],
            shown: Vec::new(),
            shown_as: vec![None; n],
        }
    }

    /// Does a letter or word show somebody else?
    pub(crate) fn is_shown(&self, at: usize) -> bool {
        self.shown_as.get(at).is_some_and(Option::is_some)
    }

    /// Is a letter or word shown as that person's?
    fn is_shown_as(&self, at: usize, person: &Personal<String>) -> bool {
        let shown = self.shown_as.get(at).copied().flatten().and_then(|at| self.shown.get(at));
        shown.is_some_and(|shown| shown.person == *person)
    }

    /// Takes out words of a scan that are nearly a secret: a recogniser misreads letters.
    pub(crate) fn take_near(&mut self, seen: &Recognised, near: &Near, own: &Own) {
        for (at, word) in seen.words.iter().enumerate() {
            let text = seen.text.get(word.range.clone()).unwrap_or_default();
            if self.by[at].is_none()
                && !self.is_shown(at)
                && let Some(found) = near.find(text, own)
            {
                self.by[at] = Some(self.redactions.len());
                self.redactions.push(found);
            }
        }
    }

    /// Makes one of what is taken out of one person on one ground, so that one label stands for what
    /// stands together: two would tell of a first and a last name.
    pub(crate) fn join(&mut self) {
        let first: Vec<usize> = self
            .redactions
            .iter()
            .map(|one| {
                let is_same =
                    |other: &Redaction| other.person == one.person && other.ground == one.ground;
                self.redactions.iter().position(is_same).unwrap_or(0)
            })
            .collect();
        for by in self.by.iter_mut().flatten() {
            *by = first.get(*by).copied().unwrap_or(*by);
        }
    }
}

/// The passages of a page whose text is seen, by number, in order: those of its letters, or the one
/// that was recognised.
pub(crate) fn passages_of(exhibit: &Exhibit, number: u32) -> Vec<usize> {
    let passages = exhibit.document.passages.iter().take(exhibit.n_passages).enumerate();
    passages
        .filter(|(_, passage)| page_of(passage) == Some(number))
        .map(|(number, _)| number)
        .collect()
}

/// The page whose seen text a passage is.
pub(crate) fn page_of(passage: &Passage) -> Option<u32> {
    let is_seen = passage.place.kind == PlaceKind::Page
        && passage.hidden.is_none()
        && passage.part == Part::Body;
    is_seen.then_some(passage.place.number)
}

/// What is taken out of a page's letters. `None` if the page does not say what the document says of
/// it, or one of its passages is not given at all: then it cannot be shown as it looks.
pub(crate) fn taken_letters(page: &Page, exhibit: &Exhibit, view: &View<'_>) -> Option<Taken> {
    let all = passages_of(exhibit, page.number);
    let mut of_texts = Vec::new();
    let mut rest = all.iter().copied();
    for text in &page.texts {
        let is_it =
            |at: &usize| exhibit.document.passages.get(*at).is_some_and(|p| p.text == *text);
        of_texts.push(rest.find(is_it)?);
    }
    let is_given = |at: &usize| exhibit.proposal.left_out.binary_search(at).is_err();
    if !all.iter().all(is_given) {
        return None;
    }
    let mut taken = Taken::of(page.letters.len());
    for (number, passage) in of_texts.iter().enumerate() {
        for shown in exhibit.of(*passage).shown {
            for (letter, by) in page.letters.iter().zip(&mut taken.shown_as) {
                let Some((text, start, end)) = letter.at else { continue };
                let is_within = text as usize == number
                    && (start as usize) < shown.range.end
                    && (end as usize) > shown.range.start;
                if is_within {
                    *by = Some(taken.shown.len());
                }
            }
            taken.shown.push(shown.clone());
        }
        for redaction in exhibit.of(*passage).redactions {
            let which = taken.redactions.len();
            let mut is_met = false;
            for (letter, by) in page.letters.iter().zip(&mut taken.by) {
                let Some((text, start, end)) = letter.at else { continue };
                let is_within = text as usize == number
                    && (start as usize) < redaction.range.end
                    && (end as usize) > redaction.range.start;
                if is_within {
                    by.get_or_insert(which);
                    is_met = true;
                }
            }
            if !is_met {
                return None;
            }
            taken.redactions.push(redaction.clone());
        }
    }
    in_order_of_drawing(page, view, &mut taken);
    take_letters(&mut taken, &page.letters, &areas(&exhibit.by_hand, page));
    close(&page.letters, &mut taken.by);
    taken.join();
    Some(taken)
}

/// What is taken out of the words of a scan; `None` as for letters.
pub(crate) fn taken_words(
    seen: &Recognised,
    exhibit: &Exhibit,
    page: &Page,
    (near, own): (&Near, &Own),
) -> Option<Taken> {
    let mut taken = Taken::of(seen.words.len());
    if seen.text.is_empty() {
        return Some(taken);
    }
    let all = passages_of(exhibit, seen.number);
    let is_given = |at: &usize| exhibit.proposal.left_out.binary_search(at).is_err();
    if !all.iter().all(is_given) {
        return None;
    }
    let is_it =
        |at: &&usize| exhibit.document.passages.get(**at).is_some_and(|p| p.text == seen.text);
    let passage = *all.iter().find(is_it)?;
    for shown in exhibit.of(passage).shown {
        for (word, by) in seen.words.iter().zip(&mut taken.shown_as) {
            if word.range.start < shown.range.end && word.range.end > shown.range.start {
                *by = Some(taken.shown.len());
            }
        }
        taken.shown.push(shown.clone());
    }
    for redaction in exhibit.of(passage).redactions {
        let which = taken.redactions.len();
        for (word, by) in seen.words.iter().zip(&mut taken.by) {
            if word.range.start < redaction.range.end && word.range.end > redaction.range.start {
                by.get_or_insert(which);
            }
        }
        taken.redactions.push(redaction.clone());
    }
    taken.take_near(seen, near, own);
    take_words(&mut taken, seen, &areas(&exhibit.by_hand, page));
    taken.join();
    Some(taken)
}

/// Searches the letters in the order in which they are drawn, which need not be that in which they
/// are read; with what their shapes stand for.
fn in_order_of_drawing(page: &Page, view: &View<'_>, taken: &mut Taken) {
    let mut text = String::new();
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut before: Option<&Letter> = None;
    for (number, letter) in page.letters.iter().enumerate().filter(|(_, l)| l.is_seen) {
        if let Some(before) = before {
            text.push_str(between(before, letter, None));
        }
        starts.push((text.len(), number));
        text.push_str(letter.drawn.as_deref().unwrap_or(&letter.text));
        before = Some(letter);
    }
    let found = view.searchers.iter().flat_map(|searcher| searcher.find(&text));
    let mut all: Vec<(Range<usize>, Kind, Personal<String>, bool)> = found
        .filter(|found| found.scope == Scope::Everywhere)
        .map(|found| (found.range, found.kind, found.person, true))
        .collect();
    // A number in a narrow cell is drawn in pieces that the lines of the page put apart.
    for hit in (view.recognise)(&text).into_iter().filter(|hit| IDENTIFIERS.contains(&hit.kind)) {
        let surface = text.get(hit.range.clone()).unwrap_or_default();
        if !view.own.is_own(surface) {
            all.push((hit.range, hit.kind, hit.value, false));
        }
    }
    for (range, kind, person, is_known) in all {
        let from = starts.partition_point(|(start, _)| *start <= range.start).saturating_sub(1);
        let to = starts.partition_point(|(start, _)| *start < range.end);
        let letters = starts.get(from..to).unwrap_or(&[]);
        let is_taken = |letter: &usize| taken.by.get(*letter).is_some_and(Option::is_some);
        if letters.iter().all(|(_, letter)| is_taken(letter)) {
            continue;
        }
        // What is shown as the same person's stays.
        let is_blank = |letter: usize| {
            page.letters.get(letter).is_none_or(|it| !it.text.contains(char::is_alphanumeric))
        };
        let is_shown =
            |(_, letter): &(usize, usize)| is_blank(*letter) || taken.is_shown_as(*letter, &person);
        if letters.iter().all(is_shown) {
            continue;
        }
        // What stands in one piece in the text was looked at there.
        if !is_known && is_in_one_piece(page, letters) {
            continue;
        }
        let which = taken.redactions.len();
        for (_, letter) in letters {
            if let Some(by) = taken.by.get_mut(*letter) {
                by.get_or_insert(which);
            }
        }
        taken.redactions.push(on_page_alone(kind, person));
    }
}

/// Identifiers that are nobody's by chance.
const IDENTIFIERS: &[Kind] = &[
    Kind::Email,
    Kind::Phone,
    Kind::NhsNumber,
    Kind::Nino,
    Kind::Passport,
    Kind::DrivingLicence,
    Kind::Card,
    Kind::Iban,
    Kind::BankAccount,
];

/// Do letters stand one after the other in the text too?
fn is_in_one_piece(page: &Page, letters: &[(usize, usize)]) -> bool {
    let places = letters.iter().filter_map(|(_, letter)| page.letters.get(*letter)?.at);
    let mut before: Option<(u32, u32)> = None;
    for (text, start, end) in places {
        // Between two of them is at most what a gap or a line's end puts there.
        if before.is_some_and(|(of, to)| of != text || start.abs_diff(to) > 2) {
            return false;
        }
        before = Some((text, end));
    }
    true
}

/// What belongs to letters that are taken out goes with them: those that share a meaning, and a
/// hyphen or a space between two of them.
fn close(letters: &[Letter], by: &mut [Option<usize>]) {
    for at in 0..letters.len() {
        let Some(first) = letters[at].group.map(|first| first as usize) else { continue };
        let both = by.get(first).copied().flatten().or(by[at]);
        by[at] = both;
        if let Some(place) = by.get_mut(first) {
            *place = place.or(both);
        }
    }
    // Once more, for those that came before the one that was found.
    for at in 0..letters.len() {
        if let Some(first) = letters[at].group.map(|first| first as usize) {
            by[at] = by[at].or(by.get(first).copied().flatten());
        }
    }
    for at in 1..letters.len().saturating_sub(1) {
        let is_between = letters[at].at.is_none() || letters[at].text.trim().is_empty();
        if by[at].is_none() && is_between && by[at - 1].is_some() && by[at - 1] == by[at + 1] {
            by[at] = by[at - 1];
        }
    }
}
