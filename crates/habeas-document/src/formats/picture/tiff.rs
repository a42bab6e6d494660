//! Which pages has a TIFF, and how are they decoded?
//!
//! A page is decoded as a TIFF of its own that begins with it. One that cannot be is put together
//! from its strips or tiles, as a page of a PDF (TIFF 6.0, part 1; TIFF Technical Note 2).

use std::borrow::Cow;

use habeas_model::{Exception, Place, Reason};
use image::metadata::Orientation;

use super::wrapped::{self, Piece};
use super::{SMALLEST, page, pixels};
use crate::out::{Out, Picture};

/// So many pages are looked for; loops are cut before.
const MAX_PAGES: usize = 10_000;
/// So many strips or tiles of a page are put together.
const MAX_PIECES: usize = 20_000;

/// Hands over each page as a scan.
pub(super) fn read<'a>(bytes: &'a [u8], dpi: Option<u16>, out: &mut Out<'a>) {
    let pages = Tiff { bytes }.pages();
    if pages.is_empty() {
        let is_big = matches!(bytes.get(2..4), Some([43, 0] | [0, 43]));
        let (reason, note) = if is_big {
            (Reason::NoText, "a BigTIFF; its pixels were not looked at")
        } else {
            (Reason::Corrupt, "has no pages that can be read")
        };
        return out.exception(Exception::whole(reason, note));
    }
    if pages.len() > 1 {
        out.facts().n_pages = u32::try_from(pages.len()).ok();
    }
    if pages.len() >= MAX_PAGES {
        let note = format!("more than {MAX_PAGES} pages");
        out.exception(Exception::part(Reason::CountLimit, None, note));
    }
    for (index, offset) in pages.into_iter().enumerate() {
        let tiff = Tiff { bytes };
        let Some(directory) = tiff.directory(offset) else { continue };
        let size = (directory.first(256).unwrap_or(0), directory.first(257).unwrap_or(0));
        // A reduced copy of another page (NewSubfileType, bit 0) says nothing new.
        let is_reduced = directory.first(254).unwrap_or(0) & 1 == 1;
        if is_reduced || size.0 < SMALLEST && size.1 < SMALLEST {
            continue;
        }
        let place = page(index + 1);
        out.scan(place.clone(), move |max_bytes| draw(bytes, offset, dpi, &place, max_bytes));
    }
}

fn draw(
    bytes: &[u8],
    offset: u32,
    dpi: Option<u16>,
    place: &Place,
    max_bytes: u64,
) -> Result<Picture, Exception> {
    let at = |why: Exception| why.at(place.clone());
    let mut alone = bytes.to_vec();
    let is_little = bytes.starts_with(b"II");
    let start = if is_little { offset.to_le_bytes() } else { offset.to_be_bytes() };
    if let Some(first) = alone.get_mut(4..8) {
        first.copy_from_slice(&start);
    }
    let tiff = Tiff { bytes };
    let directory = tiff
        .directory(offset)
        .ok_or_else(|| at(Exception::whole(Reason::Corrupt, "a damaged page")))?;
    let turned = directory.first(274).and_then(|value| u8::try_from(value).ok());
    match pixels::decode(&alone, max_bytes) {
        Ok((image, orientation)) => {
            let turned = turned.and_then(Orientation::from_exif).unwrap_or(orientation);
            Ok(pixels::finish(image, turned, dpi, max_bytes))
        }
        Err(why) if why.reason == Reason::SizeLimit => Err(at(why)),
        Err(why) => {
            drop(alone);
            let dpi = dpi.unwrap_or(300);
            match directory.pieces() {
                Some((size, pieces)) if !pieces.is_empty() => {
                    let drawn = wrapped::draw(size, dpi, &pieces, max_bytes).map_err(at)?;
                    let turned = turned.and_then(Orientation::from_exif);
                    Ok(match turned {
                        Some(turned) => pixels::turned(drawn, turned),
                        None => drawn,
                    })
                }
                _ => Err(at(why)),
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Tiff<'a> {
    bytes: &'a [u8],
}

/// A directory: tags with their types, counts, and where their values are.
struct Directory<'a> {
    tiff: Tiff<'a>,
    entries: Vec<(u16, u16, u32, usize)>,
}

impl<'a> Tiff<'a> {
    fn short(self, at: usize) -> Option<u16> {
        let two: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.is_little() { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn long(self, at: usize) -> Option<u32> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.is_little() { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    fn is_little(self) -> bool {
        self.bytes.starts_with(b"II")
    }

    /// Where the directories of its pages are.
    fn pages(self) -> Vec<u32> {
        let mut pages: Vec<u32> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        if self.short(2) != Some(42) {
            return pages;
        }
        let mut next = self.long(4);
        while let Some(offset) = next.filter(|offset| *offset > 0) {
            let at = offset as usize;
            let Some(n_entries) = self.short(at) else { break };
            if !seen.insert(offset) || pages.len() >= MAX_PAGES || n_entries == 0 {
                break;
            }
            pages.push(offset);
            next = self.long(at + 2 + usize::from(n_entries) * 12);
        }
        pages
    }

    fn directory(self, offset: u32) -> Option<Directory<'a>> {
        let at = offset as usize;
        let n_entries = usize::from(self.short(at)?);
        let entries = (0..n_entries).map_while(|index| {
            let entry = at + 2 + index * 12;
            let (tag, kind) = (self.short(entry)?, self.short(entry + 2)?);
            let count = self.long(entry + 4)?;
            let size: u64 = match kind {
                3 | 8 => 2,
                4 | 9 | 11 => 4,
                5 | 10 | 12 => 8,
                _ => 1,
            };
            let is_inside = size * u64::from(count) <= 4;
            let values = if is_inside { entry + 8 } else { self.long(entry + 8)? as usize };
            Some((tag, kind, count, values))
        });
        Some(Directory { tiff: self, entries: entries.collect() })
    }
}

impl<'a> Directory<'a> {
    /// The numbers of a tag.
    fn numbers(&self, tag: u16) -> Vec<u32> {
        let Some((_, kind, count, at)) = self.entries.iter().find(|entry| entry.0 == tag) else {
            return Vec::new();
        };
        let number = |index: usize| match kind {
            1 | 7 => self.tiff.bytes.get(at.checked_add(index)?).map(|byte| u32::from(*byte)),
            3 => self.tiff.short(at.checked_add(index * 2)?).map(u32::from),
            4 => self.tiff.long(at.checked_add(index * 4)?),
            _ => None,
        };
        (0..(*count as usize).min(MAX_PIECES * 4)).map_while(number).collect()
    }

    fn first(&self, tag: u16) -> Option<u32> {
        self.numbers(tag).first().copied()
    }

    fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        let (_, _, count, at) = self.entries.iter().find(|entry| entry.0 == tag)?;
        self.tiff.bytes.get(*at..at.checked_add(*count as usize)?)
    }

    /// The size of the page, and its strips or tiles as a PDF codes them.
    fn pieces(&self) -> Option<((u32, u32), Vec<Piece<'a>>)> {
        let size = (self.first(256)?, self.first(257)?);
        if size.0 == 0 || size.1 == 0 {
            return None;
        }
        // The old way of JPEG has one stream for the whole page.
        if let (Some(6), Some(at)) = (self.first(259), self.first(513)) {
            let length = self.first(514).unwrap_or(u32::MAX) as usize;
            let rest = self.tiff.bytes.get(at as usize..)?;
            let data = rest.get(..length).unwrap_or(rest);
            let coding = "/Filter/DCTDecode/ColorSpace/DeviceRGB/BitsPerComponent 8".to_owned();
            let (width, height) = size;
            let whole = Piece { x: 0, y: 0, width, height, coding, data: data.into() };
            return Some((size, vec![whole]));
        }
        let is_tiled = self.first(322).is_some();
        let (offsets, counts) = if is_tiled {
            (self.numbers(324), self.numbers(325))
        } else {
            (self.numbers(273), self.numbers(279))
        };
        let (width, height) = match is_tiled {
            true => (self.first(322)?, self.first(323)?),
            false => (size.0, self.first(278).unwrap_or(size.1).min(size.1)),
        };
        if width == 0 || height == 0 || self.first(284) == Some(2) {
            return None;
        }
        let across = size.0.div_ceil(width);
        let mut pieces = Vec::new();
        for (index, offset) in offsets.iter().take(MAX_PIECES).enumerate() {
            let index_u32 = u32::try_from(index).ok()?;
            let (x, y) = ((index_u32 % across) * width, (index_u32 / across).checked_mul(height)?);
            if y >= size.1 {
                break;
            }
            let rows = if is_tiled { height } else { height.min(size.1 - y) };
            let from = *offset as usize;
            let rest = self.tiff.bytes.get(from..).unwrap_or_default();
            let length = counts.get(index).map_or(rest.len(), |count| *count as usize);
            let data = rest.get(..length).unwrap_or(rest);
            let (coding, data) = self.coding(data, width, rows)?;
            pieces.push(Piece { x, y, width, height: rows, coding, data });
        }
        Some((size, pieces))
    }

    /// How a PDF says what the tags say, and the data as a PDF has it.
    fn coding(&self, data: &'a [u8], width: u32, height: u32) -> Option<(String, Cow<'a, [u8]>)> {
        let bits = self.first(258).unwrap_or(1);
        let n_samples = self.first(277).unwrap_or(1);
        let photometric = self.first(262).unwrap_or(1);
        let mut data = Cow::Borrowed(data);
        if self.first(266) == Some(2) {
            data = data.iter().map(|byte| byte.reverse_bits()).collect();
        }
        let parms = format!("/Columns {width}/Colors {n_samples}/BitsPerComponent {bits}");
        let predictor = self.first(317).unwrap_or(1);
        let filter = match self.first(259).unwrap_or(1) {
            1 => String::new(),
            // Rows of the first kind begin on a byte and have no marks between them.
            2 => format!(
                "/Filter/CCITTFaxDecode/DecodeParms<</K 0/Columns {width}/Rows {height}\
                 /EncodedByteAlign true/EndOfBlock false/BlackIs1 {}>>",
                photometric == 1
            ),
            3 => format!(
                "/Filter/CCITTFaxDecode/DecodeParms<</K {}/Columns {width}/Rows {height}\
                 /EndOfLine true/EndOfBlock false/EncodedByteAlign {}/BlackIs1 {}>>",
                self.first(292).unwrap_or(0) & 1,
                self.first(292).unwrap_or(0) & 4 != 0,
                photometric == 1
            ),
            4 => format!(
                "/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {width}/Rows {height}\
                 /BlackIs1 {}>>",
                photometric == 1
            ),
            5 => format!("/Filter/LZWDecode/DecodeParms<</Predictor {predictor}{parms}>>"),
            7 => {
                if let Some(tables) = self.bytes(347).filter(|tables| tables.len() > 4) {
                    // Tables without their end, then the picture without its start.
                    let tables = tables.strip_suffix(b"\xff\xd9").unwrap_or(tables);
                    let rest = data.strip_prefix(b"\xff\xd8").unwrap_or(&data);
                    data = Cow::Owned([tables, rest].concat());
                }
                "/Filter/DCTDecode".to_owned()
            }
            8 | 32946 => {
                format!("/Filter/FlateDecode/DecodeParms<</Predictor {predictor}{parms}>>")
            }
            32773 => "/Filter/RunLengthDecode".to_owned(),
            34712 => "/Filter/JPXDecode".to_owned(),
            _ => return None,
        };
        let is_fax = matches!(self.first(259), Some(2..=4));
        let space = match (photometric, n_samples) {
            // Which colour is which is said with the filter.
            (0 | 1, 1) if is_fax => "/ColorSpace/DeviceGray".to_owned(),
            (0, 1) => "/ColorSpace/DeviceGray/Decode[1 0]".to_owned(),
            (1, 1) => "/ColorSpace/DeviceGray".to_owned(),
            (2 | 6, 3) => "/ColorSpace/DeviceRGB".to_owned(),
            (5, 4) => "/ColorSpace/DeviceCMYK".to_owned(),
            (3, 1) => self.palette(bits)?,
            _ => return None,
        };
        Some((format!("{filter}{space}/BitsPerComponent {bits}"), data))
    }

    /// The colours of a palette: all reds, all greens, all blues, 16 bits each.
    fn palette(&self, bits: u32) -> Option<String> {
        let colours = self.numbers(320);
        let n = 1_usize.checked_shl(bits).filter(|n| *n <= 256)?;
        let mut hex = String::new();
        for index in 0..n {
            for plane in 0..3 {
                hex.push_str(&format!("{:02x}", colours.get(plane * n + index)? >> 8));
            }
        }
        Some(format!("/ColorSpace[/Indexed/DeviceRGB {}<{hex}>]", n - 1))
    }
}
