//! How is a picture decoded that only the reader of PDF can decode?
//!
//! It is wrapped into a page of its own size and the page is drawn: JPEG 2000, and the ways of
//! coding a TIFF that fax machines and old scanners have.

use std::io::Write;

use habeas_model::{Exception, Reason};
use hayro::hayro_syntax::Pdf;

use super::page;
use crate::formats::pdf;
use crate::out::Picture;

/// A piece of a picture: a coded stream with its place, in pixels from the top left corner.
pub(super) struct Piece<'a> {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    /// The entries of its dictionary that say how it is coded.
    pub(super) coding: String,
    pub(super) data: std::borrow::Cow<'a, [u8]>,
}

/// Draws pieces on a page of that many pixels.
pub(super) fn draw(
    (width, height): (u32, u32),
    dpi: u16,
    pieces: &[Piece<'_>],
    max_bytes: u64,
) -> Result<Picture, Exception> {
    let n_pixels = u64::from(width) * u64::from(height);
    let points = |pixels: u32| f64::from(pixels) * 72.0 / f64::from(dpi.max(1));
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |file: &mut Vec<u8>, dict: &str, data: Option<&[u8]>| {
        offsets.push(file.len());
        let number = offsets.len();
        // Writing to memory does not fail.
        let _ = match data {
            Some(data) => {
                write!(file, "{number} 0 obj\n<<{dict}/Length {}>>\nstream\n", data.len())
                    .and_then(|()| file.write_all(data))
                    .and_then(|()| file.write_all(b"\nendstream\nendobj\n"))
            }
            None => write!(file, "{number} 0 obj\n<<{dict}>>\nendobj\n"),
        };
    };
    object(&mut file, "/Type/Catalog/Pages 2 0 R", None);
    object(&mut file, "/Type/Pages/Kids[3 0 R]/Count 1", None);
    let images: Vec<String> =
        (0..pieces.len()).map(|index| format!("/I{index} {} 0 R", index + 5)).collect();
    let media = format!(
        "/Type/Page/Parent 2 0 R/MediaBox[0 0 {} {}]/Contents 4 0 R/Resources<</XObject<<{}>>>>",
        points(width),
        points(height),
        images.join("")
    );
    object(&mut file, &media, None);
    let mut content = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        let from_below = f64::from(height) - f64::from(piece.y) - f64::from(piece.height);
        let from_below = from_below * 72.0 / f64::from(dpi.max(1));
        content.push_str(&format!(
            "q {} 0 0 {} {} {from_below} cm /I{index} Do Q\n",
            points(piece.width),
            points(piece.height),
            points(piece.x)
        ));
    }
    object(&mut file, "", Some(content.as_bytes()));
    for piece in pieces {
        let dict = format!(
            "/Type/XObject/Subtype/Image/Width {}/Height {}{}",
            piece.width, piece.height, piece.coding
        );
        object(&mut file, &dict, Some(&piece.data));
    }
    let start = file.len();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1);
    for offset in &offsets {
        table.push_str(&format!("{offset:010} 00000 n \n"));
    }
    table.push_str(&format!(
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
        offsets.len() + 1
    ));
    file.extend_from_slice(table.as_bytes());
    let pdf = Pdf::new(file)
        .map_err(|_| Exception::part(Reason::Corrupt, Some(page(1)), "a damaged picture"))?;
    pdf::draw(&pdf, 0, n_pixels, max_bytes)
}

/// Draws a JPEG 2000 picture (ISO/IEC 15444-1, Annex I and A.5.1).
pub(super) fn jpeg_2000(bytes: &[u8], max_bytes: u64) -> Result<Picture, Exception> {
    let corrupt = || Exception::part(Reason::Corrupt, Some(page(1)), "a damaged picture");
    let size = jpeg_2000_size(bytes).ok_or_else(corrupt)?;
    let piece = Piece {
        x: 0,
        y: 0,
        width: size.0,
        height: size.1,
        coding: "/Filter/JPXDecode".to_owned(),
        data: bytes.into(),
    };
    draw(size, 300, &[piece], max_bytes)
}

/// Its size in pixels: of the codestream's first marker segment.
fn jpeg_2000_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = bytes.get(..1 << 20).unwrap_or(bytes);
    let at = head.windows(4).position(|window| window == b"\xff\x4f\xff\x51")?;
    let number = |from: usize| {
        let four = bytes.get(at + from..at + from + 4)?;
        Some(u32::from_be_bytes(four.try_into().ok()?))
    };
    let (width, height) = (number(8)?, number(12)?);
    let (left, top) = (number(16)?, number(20)?);
    let size = (width.checked_sub(left)?, height.checked_sub(top)?);
    (size.0 > 0 && size.1 > 0).then_some(size)
}
