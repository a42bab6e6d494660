//! What a reviewer marked by hand: which words go, and which parts of which pages?
//!
//! Words are kept with the place at which they were selected. An item that is read again says the same
//! there, as its bytes are the same; where a recogniser of text read it otherwise, the words are looked
//! for anywhere in it, and an item in which they are not found does not leave.

use std::collections::BTreeSet;

use habeas_model::{Area, Document, Ground, Kind, Manual, Mark, Personal, Redaction};

use crate::fold::key;
use crate::own::Own;
use crate::search::Searcher;
use crate::secrets::{Scope, Secret, Secrets, Shape};

/// Words that a reviewer marked are not in the item as it is read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("words that were marked by hand are not found in it any more; mark them again")]
pub struct NotFound;

/// What was marked on the pages of an item.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByHand {
    /// Parts of pages that are blacked out.
    pub(crate) boxes: Vec<(u32, Area, Ground)>,
    /// Pages whose pictures a person has looked at and gives.
    pub(crate) seen: BTreeSet<u32>,
}

impl ByHand {
    pub(crate) fn add(&mut self, mark: &Mark) {
        match mark {
            Mark::Box { page, area, ground } => self.boxes.push((*page, *area, *ground)),
            Mark::Picture { page } => {
                self.seen.insert(*page);
            }
            Mark::Text { .. } | Mark::TakenBack { .. } => {}
        }
    }

    /// The boxes of a page.
    pub(crate) fn of(&self, page: u32) -> Vec<(Area, Ground)> {
        let here = self.boxes.iter().filter(|(number, ..)| *number == page);
        here.map(|(_, area, ground)| (*area, *ground)).collect()
    }
}

/// A thing that is marked stands for somebody of its own: nobody knows who it is.
fn person(words: &str) -> Personal<String> {
    Personal::new(format!("?hand {}", key(words)))
}

/// What marked words take out: the stretch itself, if they are still there, and every writing of them.
/// `None` of a mark that is not on words.
pub(crate) fn by_hand(
    document: &Document,
    n_passages: usize,
    manual: &Manual,
    own: &Own,
) -> Result<Option<(Option<Redaction>, Secrets)>, NotFound> {
    let Mark::Text { passage, range, words, kind, ground } = &manual.mark else { return Ok(None) };
    let words = words.reveal();
    let person = person(words);
    let mut secrets = Secrets::default();
    let form = key(words);
    if form.is_empty() {
        return Err(NotFound);
    }
    let secret = |shape| Secret {
        form: Personal::new(form.clone()),
        shape,
        scope: Scope::Here,
        kind: kind.unwrap_or(Kind::Name),
        person: person.clone(),
    };
    secrets.0.insert(secret(Shape::Words));
    let number = *passage as usize;
    let there = document.passages.get(number).filter(|_| number < n_passages);
    let is_there = there.is_some_and(|it| it.text.get(range.clone()) == Some(words));
    // A left-out passage says nothing any more, and nothing of it leaves.
    let is_left_out = there.is_some_and(|it| it.text.is_empty());
    let redaction = is_there.then(|| Redaction {
        passage: number,
        range: range.clone(),
        kind: kind.unwrap_or(Kind::Name),
        person: person.clone(),
        ground: *ground,
    });
    if redaction.is_none() && !is_left_out {
        let searcher = Searcher::new(&secrets, own).map_err(|_| NotFound)?;
        let mut texts = document.passages.iter().take(n_passages).map(|it| it.text.as_str());
        if !texts.any(|text| !searcher.find(text).is_empty()) {
            return Err(NotFound);
        }
    }
    Ok(Some((redaction, secrets)))
}

#[cfg(test)]
mod tests {
    use habeas_model::{ItemId, Passage, Place, PlaceKind};

    use super::*;

    fn document(texts: &[&str]) -> Document {
        let passage = |(number, text): (usize, &&str)| {
            Passage::text(Place::new(PlaceKind::Page, number + 1), *text)
        };
        let passages = texts.iter().enumerate().map(passage).collect();
        Document { passages, ..Document::default() }
    }

    fn marked(words: &str, passage: u32, at: usize) -> Manual {
        Manual {
            mark: Mark::Text {
                passage,
                range: at..at + words.len(),
                words: words.into(),
                kind: None,
                ground: Ground::ThirdParty,
            },
            item: ItemId::of(b"x"),
            reason: String::new(),
            by: String::new(),
            at: "2026-07-01T10:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn marked_words_go_where_they_stand_and_anywhere_else() {
        let own = Own::default();
        let text = document(&["The boy next door rang.", "Again the Boy next\ndoor."]);
        let mark = marked("boy next door", 0, 4);
        let (redaction, secrets) = by_hand(&text, 2, &mark, &own).unwrap().unwrap();
        assert_eq!(redaction.unwrap().range, 4..17);
        let searcher = Searcher::new(&secrets, &own).unwrap();
        assert_eq!(searcher.find(&text.passages[1].text).len(), 1);
        assert!(searcher.find("a boy").is_empty(), "words count as a whole");
    }

    #[test]
    fn an_item_that_says_otherwise_does_not_leave() {
        let own = Own::default();
        let check = |texts: &[&str], expected: Result<bool, NotFound>| {
            let seen = by_hand(&document(texts), texts.len(), &marked("boy next door", 0, 4), &own);
            let seen = seen.map(|it| it.unwrap().0.is_some());
            assert_eq!(seen, expected, "{texts:?}");
        };
        check(&["The boy next door rang."], Ok(true));
        check(&["A word more: the boy next door rang."], Ok(false));
        check(&["The b0y next door rang."], Err(NotFound));
        check(&[""], Ok(false));
    }
}
