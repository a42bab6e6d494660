//! How are the pages of a document given: as they look, as text, or not at all?
//!
//! A page of letters is drawn anew from its marks ([`vector`]); a scan, and a page with marks that
//! cannot be carried over, in pixels ([`scan`]). Where neither is sure to say nothing of what was
//! taken out, or looks unlike the original elsewhere, the page is set anew as text, and a page that has
//! no text is kept back. Never is anything drawn over the original.

mod boxes;
mod compare;
mod drawn;
mod letters;
mod lines;
mod picture;
mod pictures;
mod placed;
mod reset;
mod rules;
mod runs;
mod scan;
mod vector;

use habeas_document::page::{Mark, Page, Recognised, Segment, What};

use habeas_model::Hit;

use crate::exhibit::Exhibit;
use crate::labels::Labels;
use crate::near::Near;
use crate::own::Own;
use crate::paper::face::Shapes;
use crate::paper::{Block, Leaf, Rich, Sheet, typeset_with};
use crate::redactions::on_page_alone;
use crate::search::Searcher;
use drawn::{in_order, is_natural};
use letters::{Taken, taken_letters, taken_words};
pub(crate) use letters::{page_of, passages_of};
pub use picture::{picture, picture_of};
pub use pictures::Eyes;
use pictures::Pictures;
pub use placed::Placed;
use reset::Refusal;
use vector::Anew;

/// Gives the pages of an exhibit as they look, one after the other.
pub type Pages<'a> = dyn Fn(&mut dyn FnMut(Page)) + 'a;

/// What is needed to show an exhibit's pages as they look.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Its pages.
    pub pages: &'a Pages<'a>,
    /// What was recognised on them.
    pub recognised: &'a [Recognised],
    /// Reads pictures, where a recogniser is installed.
    pub eyes: Option<&'a Eyes<'a>>,
    /// Recognises identifiers in a text.
    pub recognise: &'a dyn Fn(&str) -> Vec<Hit>,
    /// Looks for what was taken out.
    pub searchers: &'a [&'a Searcher],
    /// Looks for what is nearly a name that was taken out.
    pub near: &'a Near,
    /// What may be named.
    pub own: &'a Own,
    /// Are pages that something is taken out of given as text, because they did not withstand as they look?
    pub is_text: bool,
}

/// How a page is given.
#[derive(Clone, Debug)]
pub(crate) enum Shown {
    /// As it looks.
    Leaf(Box<Leaf>),
    /// As text set anew, and why.
    Text(&'static str),
    /// As text in the order in which it is drawn, and why: there it stands in one piece.
    InOrder(&'static str, Rich),
    /// Not at all, and why.
    Withheld(&'static str),
}

/// A page with how it is given.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) number: u32,
    pub(crate) shown: Shown,
    /// Pictures on it that are kept back.
    pub(crate) n_pictures_withheld: usize,
}

/// The pages of an exhibit, planned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) pages: Vec<Planned>,
    pub(crate) shapes: Shapes,
    /// May it not be given as text alone?
    pub(crate) needs_looks: bool,
}

impl Plan {
    /// How the pages are given, in a few words.
    pub(crate) fn words(&self) -> Option<String> {
        let n =
            |is: &dyn Fn(&Shown) -> bool| self.pages.iter().filter(|page| is(&page.shown)).count();
        let (n_drawn, n_text, n_withheld) = (
            n(&|shown| matches!(shown, Shown::Leaf(_))),
            n(&|shown| matches!(shown, Shown::Text(_) | Shown::InOrder(..))),
            n(&|shown| matches!(shown, Shown::Withheld(_))),
        );
        let n_pictures: usize = self.pages.iter().map(|page| page.n_pictures_withheld).sum();
        let mut words = Vec::new();
        for (n, what) in [
            (n_drawn, "drawn anew as in the original"),
            (n_text, "given as text"),
            (n_withheld, "not given"),
        ] {
            if n > 0 {
                words.push(format!("{n} {what}"));
            }
        }
        if n_pictures > 0 {
            words.push(format!("pictures kept back: {n_pictures}"));
        }
        (!words.is_empty()).then(|| words.join("; "))
    }
}

/// Plans every page of an exhibit.
pub(crate) fn plan(exhibit: &Exhibit, view: &View<'_>, labels: &mut Labels) -> Plan {
    let mut plan = Plan::default();
    let mut pictures = Pictures::new(view.eyes, view.searchers, (view.near, view.own));
    (view.pages)(&mut |mut page| {
        let areas = boxes::areas(&exhibit.by_hand, &page);
        let cleared = if areas.is_empty() { Vec::new() } else { boxes::clear(&mut page, &areas) };
        // What is in a box stands in the text too.
        plan.needs_looks |= !areas.is_empty();
        let before = labels.clone();
        labels.on_page(Some(page.number));
        let n_before = pictures.n_withheld;
        pictures.shows_all = exhibit.by_hand.seen.contains(&page.number);
        let more = (&mut plan.shapes, &mut plan.needs_looks);
        let anew = anew(exhibit, &page, view, labels, more, &mut pictures);
        let anew = anew.and_then(|mut anew| {
            anew.changed.extend(&cleared);
            checked(&page, anew, &plan.shapes)
        });

        let shown = match anew {
            Ok(leaf) => Shown::Leaf(leaf),
            Err(reason) => {
                *labels = before;
                let has_text = !passages_of(exhibit, page.number).is_empty() || is_blank(&page);
                let is_whole = areas.is_empty();
                let taken = taken_letters(&page, exhibit, view);
                let has_more = taken.as_ref().is_some_and(Taken::has_more);
                plan.needs_looks |= has_more;
                let in_order_of = taken.filter(|taken| {
                    let is_touched = !taken.redactions.is_empty();
                    is_touched && taken.shown.is_empty() && is_natural(&page, taken)
                });
                match in_order_of {
                    Some(taken) if has_text && (is_whole || has_more) => {
                        Shown::InOrder(reason, in_order(&page, &taken, labels))
                    }
                    _ if has_more => Shown::Withheld(reason),
                    _ if has_text && is_whole => Shown::Text(reason),
                    _ if !is_whole => Shown::Withheld(
                        "a part of it was blacked out by hand, and it cannot be drawn without it",
                    ),
                    _ => Shown::Withheld(reason),
                }
            }
        };
        labels.on_page(None);
        let n_pictures_withheld = pictures.n_withheld - n_before;
        plan.pages.push(Planned { number: page.number, shown, n_pictures_withheld });
    });
    plan
}

/// Prints the page alone and looks whether it is like the original.
fn checked(page: &Page, anew: Anew, shapes: &Shapes) -> Result<Box<Leaf>, &'static str> {
    let unlike = "it could not be drawn so that it looks as it did";
    let leaf = Box::new(anew.leaf);
    let sheet = Sheet { blocks: vec![Block::Leaf(leaf.clone())], ..Sheet::default() };
    let printed = typeset_with(&sheet, shapes).map_err(|_| unlike)?;
    if compare::is_alike(&printed.bytes, &page.small, &anew.changed) {
        Ok(leaf)
    } else {
        Err(unlike)
    }
}

/// Does a page show nothing?
fn is_blank(page: &Page) -> bool {
    page.marks.is_empty() && page.pixels.is_none() && page.doubts.is_empty()
}

/// Fewer letters than this are a page number or a stamp on a scan.
const FEW_LETTERS: usize = 20;

/// Draws a page anew, or says why that cannot be.
fn anew(
    exhibit: &Exhibit,
    page: &Page,
    view: &View<'_>,
    labels: &mut Labels,
    (shapes, needs_looks): (&mut Shapes, &mut bool),
    pictures: &mut Pictures<'_>,
) -> Result<Anew, &'static str> {
    let unfit = "its text and its looks do not agree";
    let is_drawn: std::collections::BTreeSet<u32> =
        page.marks.iter().filter_map(|mark| mark.letter).collect();
    let n_letters = (0..)
        .zip(&page.letters)
        .filter(|(number, letter)| letter.is_seen && is_drawn.contains(number))
        .take(FEW_LETTERS)
        .count();
    // Letters without marks of their own are those that a picture shows.
    let has_layer = page.pixels.is_some()
        && !page.pictures.is_empty()
        && (0..).zip(&page.letters).any(|(number, letter)| {
            letter.is_seen && !letter.text.trim().is_empty() && !is_drawn.contains(&number)
        });
    let is_written = (n_letters >= FEW_LETTERS || !page.is_picture) && !has_layer;
    // Letters that are drawn as shapes say something too; only a recogniser reads them.
    let n_curves = page.marks.iter().map(curves).sum::<usize>();
    if n_curves > MANY_CURVES && view.eyes.is_none() {
        return Err("it has drawings that were not read");
    }
    if is_written && page.doubts.is_empty() {
        let taken = taken_letters(page, exhibit, view).ok_or(unfit)?;
        if view.is_text && !taken.redactions.is_empty() {
            return Err(words(Refusal::Loose));
        }
        *needs_looks |= taken.has_more();
        return vector::vector(page, &taken, labels, shapes, pictures).map_err(words);
    }
    if page.pixels.is_none() {
        return Err(page
            .doubts
            .first()
            .map_or("it is too large to be drawn", |doubt| doubt.words()));
    }
    let recognised = view.recognised.iter().find(|seen| seen.number == page.number);
    let (seen, taken) = match recognised {
        Some(seen) if !is_written && !has_layer => {
            let taken = taken_words(seen, exhibit, page, (view.near, view.own)).ok_or(unfit)?;
            (seen.clone(), taken)
        }
        _ => looked_at(exhibit, page, view)?,
    };
    let is_looked_at = exhibit.by_hand.seen.contains(&page.number);
    let is_plain = page.pixels.as_ref().is_some_and(pictures::is_plain);
    if seen.words.is_empty() && !is_plain && !is_looked_at {
        return Err("it is a picture in which no text was found; somebody has to look at it");
    }
    scan::scan(page, &seen, &taken, labels).map_err(words)?.ok_or("it has no pixels")
}

/// A drawing with more curves than this may be writing.
const MANY_CURVES: usize = 60;

/// How many curves a mark has that is no letter.
fn curves(mark: &Mark) -> usize {
    let is_curve = |segment: &&Segment| matches!(segment, Segment::Quad(..) | Segment::Cubic(..));
    match (&mark.what, mark.letter) {
        (What::Path { path, .. }, None) => path.iter().filter(is_curve).count(),
        _ => 0,
    }
}

/// Why a page is not given as it looks: one sentence, because which it was may hang on a name too.
fn words(_: Refusal) -> &'static str {
    "as it looks, it would say something of what was taken out"
}

/// The words of a page that is drawn in pixels and has letters too: as they are recognised in the
/// pixels, taken out where a letter is that is taken out, or where they say so themselves.
fn looked_at(
    exhibit: &Exhibit,
    page: &Page,
    view: &View<'_>,
) -> Result<(Recognised, Taken), &'static str> {
    let unread = "it is a picture that was not read";
    let (Some(eyes), Some(pixels)) = (view.eyes, page.pixels.as_ref()) else { return Err(unread) };
    let letters =
        taken_letters(page, exhibit, view).ok_or("its text and its looks do not agree")?;
    let seen = eyes(pixels, page.dpi).ok_or(unread)?;
    let mut taken = Taken {
        redactions: letters.redactions,
        by: vec![None; seen.words.len()],
        // What is read in pixels only is not known to be shown: there it is taken out.
        shown: Vec::new(),
        shown_as: Vec::new(),
    };
    let areas = boxes::areas(&exhibit.by_hand, page);
    for (letter, by) in page.letters.iter().zip(&letters.by) {
        // In the pixels a box is painted already.
        if boxes::holds(&areas, letter) {
            continue;
        }
        let Some(by) = by.filter(|_| letter.is_seen && !letter.text.trim().is_empty()) else {
            continue;
        };
        let (dx, dy) = letter.direction;
        let middle = (
            letter.origin.0 + letter.advance.0 * 0.5 + dy * letter.em_pt * 0.3,
            letter.origin.1 + letter.advance.1 * 0.5 - dx * letter.em_pt * 0.3,
        );
        let is_on = |bounds: &[f32; 4]| {
            middle.0 > bounds[0] - 1.5
                && middle.0 < bounds[2] + 1.5
                && middle.1 > bounds[1] - 2.0
                && middle.1 < bounds[3] + 2.0
        };
        let word = seen.words.iter().position(|word| is_on(&word.bounds));
        let Some(place) = word.and_then(|word| taken.by.get_mut(word)) else {
            return Err("what is taken out of it could not be found in its pixels");
        };
        place.get_or_insert(by);
    }
    for found in view.searchers.iter().flat_map(|searcher| searcher.find(&seen.text)) {
        let which = taken.redactions.len();
        let mut is_new = false;
        for (word, by) in seen.words.iter().zip(&mut taken.by) {
            let is_hit = word.range.start < found.range.end && word.range.end > found.range.start;
            if is_hit && by.is_none() {
                *by = Some(which);
                is_new = true;
            }
        }
        if is_new {
            taken.redactions.push(on_page_alone(found.kind, found.person));
        }
    }
    taken.take_near(&seen, view.near, view.own);
    taken.join();
    Ok((seen, taken))
}
