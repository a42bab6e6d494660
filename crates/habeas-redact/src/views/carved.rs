//! What is packed somewhere inside other bytes, and what do the chunks of a picture say?

use super::{Views, inflate, lossy};

/// So many places in one run of bytes are tried; more of them is no accident but a trap, and said.
const MAX_TRIES: usize = 20_000;
/// How much all that is carved out of one run of bytes may unpack to.
const MAX_CARVED: usize = 512 << 20;

impl Views {
    /// Deflated data and archives that begin inside of the bytes, by their first bytes.
    pub(super) fn carve(&mut self, way: &str, bytes: &[u8], depth: usize) {
        let (mut n_tries, mut n_carved) = (0, 0);
        // What they begin with was opened already.
        let opened = [b"PK\x03\x04".as_slice(), &[0x1f, 0x8b], PNG];
        let mut at = usize::from(opened.iter().any(|head| bytes.starts_with(head)));
        while let Some(rest) = bytes.get(at..).filter(|rest| rest.len() > 8) {
            at += 1;
            let is_zlib = matches!(rest, [0x78, flags, ..]
                if (0x7800 + u32::from(*flags)).is_multiple_of(31));
            let is_gzip = rest.starts_with(&[0x1f, 0x8b, 8]);
            let is_zip = rest.starts_with(b"PK\x03\x04");
            let is_png = rest.starts_with(PNG);
            if !(is_zlib || is_gzip || is_zip || is_png) {
                continue;
            }
            n_tries += 1;
            if n_tries > MAX_TRIES || n_carved > MAX_CARVED {
                self.trouble.push(format!("{way}: too much in it may be packed"));
                return;
            }
            if is_png {
                self.png(&format!("picture in {way}"), rest, depth + 1);
                continue;
            }
            let inner = if is_gzip {
                inflate(flate2::read::GzDecoder::new(rest))
            } else if is_zlib {
                inflate(flate2::read::ZlibDecoder::new(rest))
            } else {
                // Whatever of an archive is whole; its members are packed one by one.
                member(rest)
            };
            // Most of what looks so is not.
            let Ok(inner) = inner else { continue };
            if inner.len() >= 6 {
                n_carved += inner.len();
                self.read(&format!("packed data in {way}"), &inner, depth + 1);
            }
        }
    }

    /// The chunks of a PNG picture that hold words, and what follows its end.
    ///
    /// # Source
    /// W3C, *PNG Specification (third edition)*, 11.3.
    pub(super) fn png(&mut self, way: &str, bytes: &[u8], depth: usize) {
        let mut rest = bytes.get(PNG.len()..).unwrap_or(&[]);
        while let [a, b, c, d, kind @ ..] = rest {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            let Some(kind) = kind.get(..4) else { break };
            let data = rest.get(8..).unwrap_or(&[]);
            let data = data.get(..length).unwrap_or(data);
            let way = format!("{} of {way}", lossy(kind).escape_default());
            match kind {
                b"tEXt" | b"eXIf" | b"iCCP" => self.read(&way, data, depth + 1),
                b"zTXt" | b"iTXt" => {
                    // After the keyword and its flags, packed or plain.
                    self.read(&way, data, depth + 1);
                    self.carve(&way, data, depth + 1);
                }
                b"IEND" => {
                    let after = rest.get(12..).unwrap_or(&[]);
                    if !after.is_empty() && depth == 0 {
                        self.read(&format!("after the end of {way}"), after, depth + 1);
                    }
                    break;
                }
                _ => {}
            }
            rest = rest.get(12 + length..).unwrap_or(&[]);
        }
    }
}

pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The first member of an archive that begins here, if it is deflated.
fn member(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let number = |at: usize| {
        let pair = bytes.get(at..at + 2).and_then(|pair| pair.try_into().ok());
        pair.map_or(0, |pair| usize::from(u16::from_le_bytes(pair)))
    };
    let start = 30 + number(26) + number(28);
    match number(8) {
        8 => inflate(flate2::read::DeflateDecoder::new(bytes.get(start..).unwrap_or(&[]))),
        _ => Err("not packed"),
    }
}
