//! Which items does which letter have? The tables' grammar.

use super::{Basis, Given, LetterItem, LetterKind, Shape, Wanted};
use crate::contents::When;

mod all;
mod answer;
mod others;
mod way;

/// An item with the letters and texts that have it.
pub(super) struct Row {
    kinds: &'static [LetterKind],
    /// By the text on the day of receipt.
    received: When,
    /// By the text on the day of the letter.
    written: When,
    pub(super) item: LetterItem,
}

impl Row {
    pub(super) fn is_for(&self, kind: LetterKind, basis: Basis) -> bool {
        self.kinds.contains(&kind)
            && self.received.holds(basis.received)
            && self.written.holds(basis.written)
    }

    /// Does the letter have it under some text?
    pub(super) fn has(&self, kind: LetterKind) -> bool {
        self.kinds.contains(&kind)
    }

    /// Only where the request was received under that text.
    const fn received(mut self, when: When) -> Self {
        self.received = when;
        self
    }

    /// Only where the letter is written under that text.
    const fn written(mut self, when: When) -> Self {
        self.written = when;
        self
    }

    const fn shape(mut self, shape: Shape) -> Self {
        self.item.shape = shape;
        self
    }

    const fn need(mut self, need: Wanted) -> Self {
        self.item.need = need;
        self
    }

    /// The letter may go without it.
    const fn optional(self) -> Self {
        self.need(Wanted::Never)
    }

    /// It is kept with the letter's record, and not printed.
    const fn noted(mut self) -> Self {
        self.item.is_printed = false;
        self
    }
}

/// A mandatory item in words, that is printed under any text.
const fn row(
    kinds: &'static [LetterKind],
    field: &'static str,
    title: &'static str,
    given: Given,
    source: &'static str,
) -> Row {
    let (shape, need, is_printed) = (Shape::Text, Wanted::Always, true);
    let item = LetterItem { field, title, shape, need, given, is_printed, source };
    Row { kinds, received: When::All, written: When::All, item }
}

/// Every row: what all letters have, then the letters in the order of a case.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    [all::ROWS, way::ROWS, answer::ROWS, others::ROWS].into_iter().flatten()
}

/// A rule of plain sense more than of law: who reads it has to understand it.
const PLAIN: &str = "GDPR Art. 12(1)";
/// The command that records a request.
const OPEN: &str = "habeas open --name … --received …";
