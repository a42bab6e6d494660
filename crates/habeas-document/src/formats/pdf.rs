//! What does a PDF say: on its pages, around them, and in its properties?

use std::sync::Arc;

use habeas_model::{Card, Exception, Hidden, Part, Passage, Place, PlaceKind, Reason};
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::Format;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod bidi;
mod glyphs;
mod layout;
mod structure;
mod xmp;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "pdf",
        version: 1,
        summary: "Text of pages, forms, notes, bookmarks and properties; embedded files are members",
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
    let pdf = match Pdf::new(Arc::new(input.bytes.to_vec())) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(why)) => {
            let (reason, note) = match why {
                DecryptionError::PasswordProtected => (Reason::Encrypted, "needs a password"),
                DecryptionError::UnsupportedAlgorithm => {
                    (Reason::Encrypted, "encrypted in a way that is not known")
                }
                _ => (Reason::Corrupt, "its encryption is damaged"),
            };
            out.exception(Exception::whole(reason, note));
            return;
        }
        Err(LoadPdfError::Invalid) => {
            if input.bytes.windows(8).any(|window| window == b"/Encrypt") {
                return out.exception(Exception::whole(Reason::Encrypted, "needs a password"));
            }
            let is_cut = !input.bytes.trim_ascii_end().ends_with(b"%%EOF");
            let reason = if is_cut { Reason::Truncated } else { Reason::Corrupt };
            out.exception(Exception::whole(reason, "has no page tree that can be read"));
            return;
        }
    };
    let n_pages = pdf.pages().len();
    out.facts().n_pages = u32::try_from(n_pages).ok();
    let n_silent = pages(&pdf, out);
    structure::read(&pdf, out);
    let has_text = out.document.passages.iter().any(|passage| passage.part != Part::Properties);
    if n_pages == 0 {
        out.exception(Exception::whole(Reason::Corrupt, "has no pages"));
    } else if !has_text && n_silent == n_pages {
        // One exception says it for all pages.
        out.document.exceptions.retain(|exception| exception.reason != Reason::NoText);
        let note = format!("{n_pages} pages without text");
        out.exception(Exception::whole(Reason::NoText, note));
    }
}

/// Reads the pages, and says how many of them have no text.
fn pages(pdf: &Pdf, out: &mut Out<'_>) -> usize {
    let mut reader = glyphs::Reader::new(pdf);
    let mut n_silent = 0;
    for (index, page) in pdf.pages().iter().enumerate() {
        if out.is_full() {
            break;
        }
        let place = Place::new(PlaceKind::Page, index + 1);
        let page = reader.read(page);
        let (n_glyphs, n_unmapped) = (page.glyphs.len(), page.n_unmapped);
        let (seen, unseen): (Vec<_>, Vec<_>) =
            page.glyphs.into_iter().partition(|glyph| glyph.is_visible);
        // The text of a scan lies invisible over its picture: it is what a reader sees.
        let is_scan = seen.is_empty() && page.has_picture;
        let (seen, unseen) = if is_scan { (unseen, seen) } else { (seen, unseen) };
        let text = layout::text(seen);
        if text.trim().is_empty() {
            n_silent += 1;
            if page.has_drawing {
                let note = "a page without text";
                out.exception(Exception::part(Reason::NoText, Some(place.clone()), note));
            }
        }
        hand_over(&text, &place, None, out);
        hand_over(&layout::text(unseen), &place, Some(Hidden::Invisible), out);
        if n_unmapped * 5 > n_glyphs {
            let note = format!("{n_unmapped} of {n_glyphs} characters have no known meaning");
            out.exception(Exception::part(Reason::NoText, Some(place), note));
        }
    }
    n_silent
}

fn hand_over(text: &str, place: &Place, hidden: Option<Hidden>, out: &mut Out<'_>) {
    let mut passage = String::new();
    let mut flush = |passage: &mut String| {
        let text = std::mem::take(passage);
        out.passage(Passage { hidden, ..Passage::text(place.clone(), text.trim_end()) });
    };
    for line in text.split_inclusive('\n') {
        if passage.len() + line.len() > MANY_BYTES && !passage.is_empty() {
            flush(&mut passage);
        }
        passage.push_str(line);
    }
    flush(&mut passage);
}
