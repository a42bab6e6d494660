//! The formats that are read.
//!
//! A format is one file and one line in [`FORMATS`]. The file has one constant and two functions:
//!
//! ```text
//! pub(super) const FORMAT: Format = Format { card: CARD, sniff, read };
//! fn sniff(sample: &Sample<'_>) -> Option<Match>             // is it ours, and how sure is that?
//! fn read<'a>(input: &Input<'a>, out: &mut Out<'a>)          // push what it says to `out`
//! ```
//!
//! - `sniff` looks at `sample.bytes`, `sample.text()` (the decoded head, `None` for binary),
//!   `sample.has_zip_folder("word/")`, `sample.zip_mimetype()`,
//!   `sample.has_cfb_stream("WordDocument")`, `sample.is_named(&["doc"])`; it answers
//!   `Some((Sure::Structure, "application/…"))`. A plain zip answers `Sure::Magic`, so formats that
//!   live in a zip or a compound file answer `Sure::Structure`.
//! - `read` calls `out.passage(…)`, `out.exception(…)`, `out.facts()`, and for members
//!   `out.child(name, bytes)` (owned `Vec<u8>` or a slice of `input.bytes`), `out.packed(…)` (unpacked
//!   when it is its turn) or `out.lost(name, size, exception)` (listed, cannot be had). `out` keeps
//!   to the budget: a format only stops early on `out.is_full()`. What is read or unpacked inside a
//!   format (a part of a docx) is bounded by `input.budget.allowance(packed_bytes, spent)`.
//! - A table of strings is read by `crate::table`.

use habeas_model::Card;

use crate::out::{Input, Out};
use crate::sniff::{Match, Sample};

mod appledouble;
mod ar;
mod archive;
mod art;
mod asn1;
mod blob;
mod bzip2;
mod captioned;
mod certificate;
mod chat;
mod compound;
mod compress;
mod compressed;
mod csv;
mod dbf;
mod dicom;
mod doc;
mod docx;
mod embedded;
mod eml;
mod encrypted;
mod fhir;
mod flow;
mod grid;
mod gzip;
mod hl7;
mod html;
mod ics;
mod iwork;
mod json;
mod log;
mod mail;
mod mapi;
mod markdown;
mod markup;
mod mbox;
mod media;
mod msg;
mod odf;
mod office2003;
mod ole;
mod onenote;
mod package;
mod parquet;
mod pdf;
mod picture;
mod plist;
mod ppt;
mod pptx;
mod pst;
mod rar;
mod records;
mod rtf;
mod sevenz;
mod sqldump;
mod sqlite;
mod tar;
mod text;
mod tnef;
mod vcf;
mod vtt;
mod workbook;
mod xml;
mod xz;
mod zip;
mod zstd;

pub(crate) use csv::extents as table_rows;
pub(crate) use json::extents::records as json_records;
pub(crate) use mail::attachments::extents as attachments;
pub(crate) use mbox::extents as mailbox;
pub(crate) use zip::look as look_into_zip;

/// A format: what introduces it, and its two verbs.
pub(crate) struct Format {
    pub(crate) card: Card,
    /// Is the sample of this format, and how sure is that?
    pub(crate) sniff: fn(&Sample<'_>) -> Option<Match>,
    /// Reads it. What cannot be read is an exception; nothing panics and nothing is unbounded.
    pub(crate) read: for<'a> fn(&Input<'a>, &mut Out<'a>),
}

/// All formats. Of two that are equally sure the first one reads, so the special ones come first.
pub(crate) const FORMATS: &[&Format] = &[
    // Mail.
    &mbox::FORMAT,
    &eml::FORMAT,
    &msg::FORMAT,
    &pst::FORMAT,
    &tnef::FORMAT,
    &ics::FORMAT,
    &vcf::FORMAT,
    &certificate::FORMAT,
    // Documents.
    &pdf::FORMAT,
    &docx::FORMAT,
    &workbook::FORMAT,
    &pptx::FORMAT,
    &ppt::FORMAT,
    &odf::FORMAT,
    &iwork::FORMAT,
    &office2003::FORMAT,
    &rtf::FORMAT,
    &doc::FORMAT,
    &onenote::FORMAT,
    &encrypted::FORMAT,
    &ole::FORMAT,
    // Pictures.
    &picture::FORMAT,
    &dicom::FORMAT,
    // Archives.
    &zip::FORMAT,
    &tar::FORMAT,
    &gzip::FORMAT,
    &sevenz::FORMAT,
    &rar::FORMAT,
    &bzip2::FORMAT,
    &xz::FORMAT,
    &zstd::FORMAT,
    &compress::FORMAT,
    &ar::FORMAT,
    &appledouble::FORMAT,
    // Databases.
    &sqlite::FORMAT,
    &parquet::FORMAT,
    &dbf::FORMAT,
    &dbf::MEMO,
    &plist::FORMAT,
    // Chats and recordings.
    &chat::JSON,
    &chat::SMS,
    &chat::PAGE,
    &chat::ATTENDANCE,
    &chat::LINES,
    &vtt::FORMAT,
    &media::FORMAT,
    // Text.
    &hl7::FORMAT,
    &sqldump::FORMAT,
    &html::FORMAT,
    &xml::FORMAT,
    &json::FORMAT,
    &csv::FORMAT,
    &log::FORMAT,
    &markdown::FORMAT,
    &text::FORMAT,
];
