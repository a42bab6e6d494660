//! Audio and video: whose recording is it, how long, when and where was it made?
//!
//! What is spoken is not read: the document says so in an exception. What stands in the tags and in
//! the file's name is.

use std::io::Cursor;

use habeas_model::{Card, Exception, Meaning, Part, Party, Passage, Place, PlaceKind, Reason};
use lofty::config::ParseOptions;
use lofty::file::AudioFile;
use lofty::probe::Probe;

use super::captioned::Captioned;
use super::{Format, chat::said};
use crate::columns;
use crate::out::{Input, Out};
use crate::recording;
use crate::sniff::{Match, Sample, Sure};

mod asf;
mod boxes;
mod matroska;
mod riff;
mod tags;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "media",
        version: 1,
        summary: "Audio and video: tags, length, place and time; the call that a recording's name tells",
        handles: &[
            "audio/*", "video/*", ".mp3", ".wav", ".m4a", ".ogg", ".opus", ".flac", ".mp4", ".mov",
            ".mkv",
        ],
        authority: "lofty; ISO/IEC 14496-12; EBU Tech 3285; RFC 9559",
    },
    sniff,
    read,
};

/// A signature at an offset.
type Signature = (usize, &'static [u8], &'static str);

const SIGNATURES: &[Signature] = &[
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"AIFF", "audio/aiff"),
    (8, b"AIFC", "audio/aiff"),
    (4, b"moov", "video/quicktime"),
    (4, b"mdat", "video/quicktime"),
    (4, b"wide", "video/quicktime"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xfa", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xe3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"#!SILK", "audio/silk"),
    (0, b"\x02#!SILK", "audio/silk"),
    (0, b"caff\0\x01", "audio/x-caf"),
    (0, b"wvpk", "audio/x-wavpack"),
    (0, b"MAC ", "audio/x-ape"),
    (0, b"MPCK", "audio/x-musepack"),
    (0, b"MP+", "audio/x-musepack"),
    (0, b".snd\0\0", "audio/basic"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"\0\0\x01\xba", "video/mpeg"),
    (0, b"\0\0\x01\xb3", "video/mpeg"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-asf"),
];

/// Brands of files with boxes that are pictures.
const PICTURES: [&[u8]; 14] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis",
    b"crx ", b"jxl ", b"jp2 ", b"jpx ",
];

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    if let Some(brand) = sample.bytes.get(8..12)
        && sample.bytes.get(4..8) == Some(b"ftyp")
    {
        if PICTURES.contains(&brand) {
            return None;
        }
        let media_type = match brand {
            b"M4A " | b"M4B " | b"M4P " | b"F4A " => "audio/mp4",
            b"qt  " => "video/quicktime",
            brand if brand.starts_with(b"3g") => "video/3gpp",
            _ => "video/mp4",
        };
        return Some((Sure::Magic, media_type));
    }
    let (_, magic, media_type) = SIGNATURES.iter().find(|(at, magic, _)| {
        sample.bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic))
    })?;
    // A short signature may be the begin of a text, or of a few bytes of anything.
    let is_sound = magic.len() >= 4 || sample.text().is_none() && sample.bytes.len() >= 32;
    let media_type = if *media_type == "audio/mpeg" && magic[0] == 0xff && !is_frame(sample.bytes) {
        return None;
    } else {
        *media_type
    };
    (is_sound || sample.starts_with(b"ID3")).then_some((Sure::Magic, media_type))
}

/// Are these four bytes the head of a frame of MPEG audio?
///
/// Source: ISO/IEC 11172-3, 2.4.1.3: neither bit rate nor sampling rate has all bits set.
fn is_frame(bytes: &[u8]) -> bool {
    bytes.get(2).is_some_and(|third| third >> 4 != 0xf && third >> 4 != 0 && third >> 2 & 3 != 3)
}

/// What was found in a recording, in order.
#[derive(Default)]
struct Found {
    /// In milliseconds.
    duration: Option<u64>,
    lines: Vec<(String, String)>,
    is_damaged: bool,
}

/// A tag longer than this is no tag, but a file of its own in one.
const MAX_VALUE_BYTES: usize = 64 << 10;
/// How many tags one recording may have.
const MAX_LINES: usize = 5_000;

impl Found {
    fn line(&mut self, caption: &str, value: &str) {
        let value = value.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        if value.is_empty() || self.lines.len() >= MAX_LINES {
            return;
        }
        let is_known = self.lines.iter().any(|(have, text)| have == caption && text == value);
        if !is_known {
            self.lines.push((caption.to_owned(), value.to_owned()));
        }
    }
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let bytes = input.bytes;
    let mut found = Found::default();
    match input.media_type {
        "audio/wav" | "video/x-msvideo" => riff::read(bytes, &mut found),
        "video/mp4" | "video/quicktime" | "video/3gpp" | "audio/mp4" => {
            boxes::read(bytes, &mut found);
        }
        "video/x-matroska" => matroska::read(bytes, &mut found),
        "video/x-ms-asf" => asf::read(bytes, &mut found),
        _ => {}
    }
    let mut probe = Probe::new(Cursor::new(bytes)).options(options());
    if let Ok(guessed) = Probe::new(Cursor::new(bytes)).options(options()).guess_file_type() {
        probe = guessed;
    }
    if let Some(kind) = probe.file_type() {
        match probe.read() {
            Ok(file) => {
                let millis = u64::try_from(file.properties().duration().as_millis()).unwrap_or(0);
                found.duration = found.duration.or(Some(millis).filter(|millis| *millis > 0));
            }
            Err(_) => found.is_damaged = found.lines.is_empty(),
        }
        tags::read(kind, bytes, &mut found);
    }
    if found.is_damaged && bytes.starts_with(b"ID3") {
        salvage(bytes, &mut found);
    }
    hand_over(input.name, found, out);
}

/// What can be read of a damaged tag: the runs of letters in its first 64 KiB.
fn salvage(bytes: &[u8], found: &mut Found) {
    let head = &bytes[..bytes.len().min(MAX_VALUE_BYTES)];
    // Of UTF-16 every second byte is a zero.
    let head: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&head);
    for run in text.split(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        if run.chars().filter(|c| c.is_alphanumeric()).count() >= 4 {
            found.line("Damaged tag", run);
        }
    }
}

fn options() -> ParseOptions {
    let mut options = ParseOptions::new();
    options.read_cover_art(false);
    options
}

fn hand_over(name: &str, found: Found, out: &mut Out<'_>) {
    let mut call = Captioned::default();
    for (caption, value, meaning, party) in recording::facts(name) {
        call.line(caption, &value, meaning, party);
    }
    if !call.is_empty() {
        let passage = call.into_record(Place::new(PlaceKind::Header, 1), Part::Header);
        out.passage(Passage { is_record: false, ..passage });
    }
    let mut properties = Captioned::default();
    if let Some(millis) = found.duration {
        let seconds = millis.div_ceil(1_000);
        properties.line("Duration", &said::duration(seconds), Meaning::Other, Party::Unknown);
    }
    let mut long = Vec::new();
    for (caption, value) in found.lines {
        if caption.eq_ignore_ascii_case("title") && out.facts().title.is_none() {
            out.facts().title = Some(value.as_str().into());
        }
        // Lyrics and comments have lines of their own.
        if value.len() > 400 || value.contains('\n') {
            long.push((caption, value));
            continue;
        }
        let column = columns::Column::by_caption(&caption);
        let meaning = match caption.to_ascii_lowercase().as_str() {
            "artist" | "album artist" | "composer" | "author" | "conductor" | "engineer"
            | "performer" | "narrator" | "director" | "originator" | "encoded by" | "owner" => {
                said::of_person(&value)
            }
            "title" | "comment" | "description" | "location" | "lyrics" => Meaning::Text,
            _ => columns::of_value(column.meaning, &value),
        };
        properties.line(&caption, &value, meaning, Party::Unknown);
    }
    if !properties.is_empty() {
        let place = Place::new(PlaceKind::Header, 1);
        let passage = properties.into_record(place, Part::Properties);
        out.passage(Passage { is_record: false, ..passage });
    }
    for (caption, value) in long {
        for piece in super::text::pieces(&value) {
            let place = Place::new(PlaceKind::Header, 1);
            let text = format!("{caption}: {piece}");
            out.passage(Passage { part: Part::Properties, ..Passage::text(place, text) });
        }
    }
    if found.is_damaged {
        let note = "the recording's head is damaged; its tags may be missing";
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
    let note = "a recording; its speech and pictures are not transcribed";
    out.exception(Exception::whole(Reason::NoText, note));
}

/// Bytes as text: in UTF-8 if they are, else in Windows-1252, without the zeros at the end.
fn plain(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let bytes = &bytes[..end];
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}
