//! What does a PDF say: on its pages, around them, and in its properties?

use std::rc::Rc;
use std::sync::Arc;

use habeas_model::{Card, Exception, Hidden, Passage, Place, PlaceKind, Reason};
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf, PdfData};

use super::Format;
use crate::Budget;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod bidi;
mod cover;
mod display;
mod draw;
mod form;
mod glyphs;
mod layout;
mod look;
mod loose;
mod picture;
mod revisions;
mod structure;
mod traced;
mod unpack;
mod whole;
pub(super) mod xmp;

pub(super) use draw::{draw, grey};
use glyphs::Sight;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "pdf",
        version: 4,
        summary: "Text of pages, seen or covered, of forms, notes, properties and earlier \
                  revisions; embedded files are members, pages without text are drawn for OCR",
        handles: &["application/pdf", ".pdf"],
        authority: "ISO 32000-2:2020",
    },
    sniff,
    read,
};

/// A page's text is cut at the end of a line past this many bytes.
const MANY_BYTES: usize = 4_000;

/// The signature may stand anywhere in the first kilobyte (ISO 32000-1, Annex H.3, note 13).
fn sniff(sample: &Sample<'_>) -> Option<Match> {
    const MEDIA_TYPE: &str = "application/pdf";
    if sample.starts_with(b"%PDF-") {
        return Some((Sure::Structure, MEDIA_TYPE));
    }
    let head = sample.bytes.get(..1024).unwrap_or(sample.bytes);
    head.windows(5).any(|window| window == b"%PDF-").then_some((Sure::Magic, MEDIA_TYPE))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let pdf = match open(input) {
        Ok(pdf) => Rc::new(pdf),
        Err(why) => return out.exception(why),
    };
    let n_pages = pdf.pages().len();
    out.facts().n_pages = u32::try_from(n_pages).ok();
    if n_pages == 0 {
        out.exception(Exception::whole(Reason::Corrupt, "has no pages"));
    }
    if is_cut(input.bytes) {
        let note = "ends without the table of its objects; what followed is missing";
        out.exception(Exception::whole(Reason::Truncated, note));
    }
    whole(&pdf, input.budget, out);
    revisions::read(input, out);
}

/// Neither of the marks that end a file stands near its end, where other readers look for them.
fn is_cut(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(2_048)..).unwrap_or(bytes);
    let has = |mark: &[u8]| tail.windows(mark.len()).any(|window| window == mark);
    !has(b"startxref") && !has(b"%%EOF")
}

/// Everything that a document says: its pages, and what stands beside them.
fn whole(pdf: &Rc<Pdf>, budget: &Budget, out: &mut Out<'_>) {
    pages(pdf, budget, out);
    structure::read(pdf, out);
    loose::read(pdf, out);
}

/// Opens a document, with the passwords that are known if it needs one.
fn open(input: &Input<'_>) -> Result<Pdf, Exception> {
    let data = PdfData::from(Arc::new(input.bytes.to_vec()));
    let mut failure = match Pdf::new(data.clone()) {
        Ok(pdf) => return Ok(pdf),
        Err(failure) => failure,
    };
    let is_encrypted = input.bytes.windows(8).any(|window| window == b"/Encrypt");
    if is_encrypted {
        for password in input.budget.passwords.iter() {
            match Pdf::new_with_password(data.clone(), password) {
                Ok(pdf) => return Ok(pdf),
                Err(why @ LoadPdfError::Decryption(_)) => failure = why,
                Err(LoadPdfError::Invalid) => {}
            }
        }
    }
    Err(match failure {
        LoadPdfError::Decryption(why) => {
            let (reason, note) = match why {
                DecryptionError::PasswordProtected => (Reason::Encrypted, "needs a password"),
                DecryptionError::UnsupportedAlgorithm => {
                    (Reason::Encrypted, "encrypted in a way that is not known")
                }
                _ => (Reason::Corrupt, "its encryption is damaged"),
            };
            Exception::whole(reason, note)
        }
        LoadPdfError::Invalid if is_encrypted => {
            Exception::whole(Reason::Encrypted, "needs a password")
        }
        LoadPdfError::Invalid => {
            let is_cut = !input.bytes.trim_ascii_end().ends_with(b"%%EOF");
            let reason = if is_cut { Reason::Truncated } else { Reason::Corrupt };
            Exception::whole(reason, "has no page tree that can be read")
        }
    })
}

/// A picture on this share of a page may hold text of its own.
const LARGE_PICTURE: f64 = 0.25;
/// Fewer letters than this are a page number or a stamp, and not what the page says.
const FEW_LETTERS: usize = 20;
/// A scan with more letters than this was recognised before.
const MANY_LETTERS: usize = 50;

fn pages(pdf: &Rc<Pdf>, budget: &Budget, out: &mut Out<'_>) {
    let layerless = glyphs::layerless();
    let mut reader = glyphs::Reader::new(pdf, layerless.as_ref());
    for (index, page) in pdf.pages().iter().enumerate() {
        if out.is_full() {
            break;
        }
        let place = Place::new(PlaceKind::Page, index + 1);
        if let Some(why) = unpack::trouble(page, budget) {
            let is_bomb = why.reason == Reason::ExpansionLimit;
            out.exception(why.at(place.clone()));
            if is_bomb {
                continue;
            }
        }
        let mut page = reader.read(page);
        let layer = page.settle();
        let (n_glyphs, n_unmapped) = (page.glyphs.len(), page.n_unmapped);
        let covered = whole::hidden_words(&page.glyphs, &|sight| sight == Sight::Covered);
        let is_unseen = |sight| !matches!(sight, Sight::Seen | Sight::Covered);
        let unseen = whole::hidden_words(&page.glyphs, &is_unseen);
        page.glyphs.retain(|glyph| glyph.sight == Sight::Seen);
        let text = layout::text(std::mem::take(&mut page.glyphs));
        let n_letters = text.chars().filter(|c| c.is_alphanumeric()).take(FEW_LETTERS).count();
        let has_picture = page.picture_share > 0.02;
        let is_recognised = layer.n_glyphs > MANY_LETTERS;
        let is_unmapped = n_unmapped * 5 > n_glyphs;
        let is_silent = n_letters == 0 && page.has_drawing;
        let is_scan = page.picture_share > LARGE_PICTURE && !is_recognised
            || n_letters < FEW_LETTERS && has_picture
            || is_unmapped
            || is_silent;
        hand_over(&text, &place, None, out);
        hand_over(&layout::text(covered), &place, Some(Hidden::Covered), out);
        hand_over(&layout::text(unseen), &place, Some(Hidden::Invisible), out);
        if page.is_too_busy {
            let note = "too much is drawn on it; some of its text may be covered and not say so";
            out.exception(Exception::part(Reason::TimeLimit, Some(place.clone()), note));
        }
        if is_unmapped {
            let note = format!("{n_unmapped} of {n_glyphs} characters have no known meaning");
            out.exception(Exception::part(Reason::NoText, Some(place.clone()), note));
        }
        let max_pixels = page.max_pixels;
        let is_picture = is_scan || layer.n_glyphs > 0;
        let owned = Rc::clone(pdf);
        out.look(place.clone(), move || look::look(&owned, index, max_pixels, is_picture));
        if is_scan {
            let pdf = Rc::clone(pdf);
            out.scan(place, move |max_bytes| draw(&pdf, index, max_pixels, max_bytes));
        }
    }
}

fn hand_over(text: &str, place: &Place, hidden: Option<Hidden>, out: &mut Out<'_>) {
    for part in parts(text) {
        let text = text.get(part).unwrap_or_default();
        out.passage(Passage { hidden, ..Passage::text(place.clone(), text) });
    }
}

/// The passages of a page's text, as ranges of it, without what is blank.
fn parts(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut flush = |range: std::ops::Range<usize>| {
        let part = text.get(range.clone()).unwrap_or_default();
        if !part.trim().is_empty() {
            parts.push(range.start..range.start + part.trim_end().len());
        }
    };
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if end + line.len() - start > MANY_BYTES && end > start {
            flush(start..end);
            start = end;
        }
        end += line.len();
    }
    flush(start..end);
    parts
}
