//! What does a picture say: in its properties, and in its pixels?
//!
//! Properties are read here. The pixels are drawn in grey when it is their turn, for a recogniser
//! of text that never sees the bytes of the file.

use habeas_model::{Card, Exception, Part, Passage, Place, PlaceKind, Reason};

use super::Format;
use crate::out::{Input, Out, Picture};
use crate::sniff::{Match, Sample, Sure};

mod metafile;
mod pixels;
mod properties;
mod segments;
mod tiff;
mod wrapped;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "picture",
        version: 2,
        summary: "Properties of pictures (EXIF, IPTC, XMP, comments) and text of metafiles; \
                  pixels are drawn for OCR, each page of a TIFF",
        handles: &[
            "image/png",
            "image/jpeg",
            "image/tiff",
            "image/gif",
            "image/bmp",
            "image/webp",
            "image/jp2",
            "image/x-portable-anymap",
            "image/heic",
            "image/avif",
            "image/emf",
            "image/wmf",
            ".png",
            ".jpg",
            ".jpeg",
            ".tif",
            ".tiff",
            ".gif",
            ".bmp",
            ".webp",
            ".jp2",
            ".pnm",
            ".heic",
            ".avif",
            ".emf",
            ".wmf",
        ],
        authority: "CIPA DC-008-2023 (Exif), IPTC IIM 4.2, ISO 16684-1 (XMP), TIFF 6.0",
    },
    sniff,
    read,
};

/// Signatures of pictures at their offsets.
const SIGNATURES: [(usize, &[u8], &str); 29] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"II+\0", "image/tiff"),
    (0, b"MM\0+", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypheim", "image/heic"),
    (4, b"ftyphevc", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypmsf1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
    (4, b"ftypcrx ", "image/x-canon-cr3"),
    (0, b"\0\0\x01\0", "image/vnd.microsoft.icon"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/x-jp2-codestream"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (0, b"\x01\0\x09\0\0\x03", "image/wmf"),
    (40, b" EMF", "image/emf"),
    (0, b"AT&TFORM", "image/vnd.djvu"),
    (0, b"BM", "image/bmp"),
];

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let bytes = sample.bytes;
    let found = SIGNATURES
        .iter()
        .find(|(at, magic, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    let byte = |at: usize| bytes.get(at).copied();
    let media_type = match found {
        // Two letters are no signature: the size of the second header has to be one that there is.
        Some((_, b"BM", media_type)) => {
            let size = byte(14)?;
            let is_header = matches!(size, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
                && bytes.get(15..18)? == [0; 3];
            is_header.then_some(*media_type)?
        }
        Some((_, b"\xff\x0a", media_type)) => sample.is_named(&["jxl"]).then_some(*media_type)?,
        Some((_, b"\0\0\x01\0", media_type)) => {
            // At least one icon, and the reserved bytes of its entry.
            (byte(4)? > 0 && byte(5)? == 0 && byte(9)? == 0).then_some(*media_type)?
        }
        Some((_, _, media_type)) => media_type,
        None if is_pnm(bytes) => "image/x-portable-anymap",
        None => return None,
    };
    Some((Sure::Magic, media_type))
}

/// `P1` to `P6`, white space or comments, and two numbers.
fn is_pnm(bytes: &[u8]) -> bool {
    let [b'P', b'1'..=b'6', rest @ ..] = bytes else { return false };
    let head = rest.get(..500).unwrap_or(rest);
    if !head.first().is_some_and(u8::is_ascii_whitespace) {
        return false;
    }
    let lines = head
        .split(|byte| *byte == b'\n')
        .map(|line| line.split(|byte| *byte == b'#').next().unwrap_or_default().to_vec());
    let text = lines.collect::<Vec<_>>().join(&b' ');
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let mut is_number = || words.next().is_some_and(|word| word.iter().all(u8::is_ascii_digit));
    is_number() && is_number()
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let properties = properties::read(input.media_type, input.bytes);
    out.facts().dated.clone_from(&properties.taken);
    if !properties.lines.is_empty() {
        let place = Place::new(PlaceKind::Header, 1);
        let passage = properties.lines.into_record(place, Part::Properties);
        out.passage(Passage { is_record: false, ..passage });
    }
    let bytes = input.bytes;
    match input.media_type {
        "image/tiff" => tiff::read(bytes, properties.dpi, out),
        "image/emf" | "image/wmf" => metafile::read(input.media_type, bytes, out),
        "image/jp2" | "image/x-jp2-codestream" => {
            out.scan(page(1), move |max_bytes| wrapped::jpeg_2000(bytes, max_bytes));
        }
        "image/png"
        | "image/jpeg"
        | "image/gif"
        | "image/bmp"
        | "image/webp"
        | "image/x-portable-anymap" => match pixels::size(bytes) {
            Ok((width, height)) if width < SMALLEST && height < SMALLEST => {}
            Ok(_) => {
                let dpi = properties.dpi;
                out.look(page(1), move || pixels::look(bytes, dpi));
                out.scan(page(1), move |max_bytes| pixels::draw(bytes, dpi, max_bytes));
            }
            Err(why) => out.exception(why),
        },
        "image/vnd.microsoft.icon" => {
            out.exception(Exception::whole(
                Reason::NoText,
                "an icon; its pixels were not looked at",
            ));
        }
        _ => {
            let note = "a picture of a kind that is not decoded; only its properties were read";
            out.exception(Exception::whole(Reason::NoText, note));
        }
    }
}

/// Draws a picture whose format its container states.
pub(super) fn draw(bytes: &[u8], max_bytes: u64) -> Result<Picture, Exception> {
    pixels::draw(bytes, None, max_bytes)
}

/// The same of pixels in grey, by rows.
pub(super) fn draw_grey(
    (width, height): (u32, u32),
    grey: Vec<u8>,
    max_bytes: u64,
) -> Result<Picture, Exception> {
    let image = image::GrayImage::from_raw(width, height, grey);
    let image =
        image.ok_or_else(|| Exception::part(Reason::Corrupt, None, "pixels are missing"))?;
    let upright = image::metadata::Orientation::NoTransforms;
    Ok(pixels::finish(image.into(), upright, Some(150), max_bytes))
}

/// The same of a JPEG 2000 picture.
pub(super) fn draw_jpeg_2000(bytes: &[u8], max_bytes: u64) -> Result<Picture, Exception> {
    wrapped::jpeg_2000(bytes, max_bytes)
}

/// A picture with both sides shorter than this, in pixels, holds no text.
const SMALLEST: u32 = 40;

/// A picture is a page of its own.
fn page(number: usize) -> Place {
    Place::new(PlaceKind::Page, number)
}
