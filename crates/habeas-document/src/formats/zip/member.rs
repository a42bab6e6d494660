//! How is a member of a zip archive unpacked?

use std::io::Cursor;

use bzip2::bufread::BzDecoder;
use flate2::bufread::DeflateDecoder;
use habeas_model::{Exception, Reason};
use lzma_rust2::XzReader;
use zip::ZipArchive;
use zip::result::ZipError;

use super::directory::{Entry, extra_field, sum};
use crate::Budget;
use crate::formats::archive::{self, WINDOW_BYTES, unpack};
use crate::out::{Out, Unpacked};

/// Lists a member, to be unpacked when it is its turn.
pub(super) fn list<'a>(entry: Entry<'a>, budget: &'a Budget, out: &mut Out<'a>) {
    let packed_bytes = entry.packed_bytes;
    let data = match &entry.data {
        Ok(data) => *data,
        Err(why) => return out.lost(&entry.name, packed_bytes, why.clone()),
    };
    let name = entry.name.clone();
    // The header of an encrypted member and its sums take 28 bytes at most: it holds nothing.
    if entry.size_bytes == 0 && entry.crc == 0 && entry.flags & 9 == 1 && data.len() <= 28 {
        return out.child(&name, Vec::new());
    }
    if entry.flags & 1 != 0 {
        return out.packed(&name, packed_bytes, move |limit| decrypt(&entry, data, budget, limit));
    }
    if entry.method == 0 && data.len() as u64 == entry.size_bytes && sum(data) == entry.crc {
        return out.child(&name, data);
    }
    let has_reader = matches!(entry.method, 0..=6 | 8 | 9 | 12 | 14 | 93 | 95 | 98);
    if !has_reader {
        return out.lost(&name, packed_bytes, unknown(entry.method));
    }
    out.packed(&name, data.len() as u64, move |limit| open(&entry, data, limit));
}

/// The first 256 bytes of a short text, without the white space around it.
pub(super) fn head(entry: &Entry<'_>) -> String {
    let Ok(data) = entry.data else { return String::new() };
    let bytes = open(entry, data, 256).bytes;
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

fn unknown(method: u16) -> Exception {
    Exception::whole(Reason::Unsupported, format!("compression method {method}"))
}

/// Unpacks a member that is not encrypted.
fn open(entry: &Entry<'_>, data: &[u8], limit: u64) -> Unpacked {
    let mut unpacked = match entry.method {
        0 => unpack(data, limit),
        8 => unpack(DeflateDecoder::new(data), limit),
        12 => unpack(BzDecoder::new(data), limit),
        95 => unpack(XzReader::new_mem_limit(data, true, WINDOW_BYTES >> 10), limit),
        // The window stands in the properties, after a version and their length.
        14 if window(data) > WINDOW_BYTES => refused(Reason::MemoryLimit, "a window past 512 MiB"),
        _ => match Alone::new(entry, data) {
            Some(alone) => alone.unpack(None, limit).unwrap_or_else(|why| failed(&why, entry)),
            None => refused(Reason::Unsupported, "packed in a way that is not read"),
        },
    };
    if unpacked.exception.is_none() && unpacked.bytes.len() as u64 <= limit {
        let is_whole = data.len() as u64 == entry.packed_bytes;
        unpacked.exception = match unpacked.bytes.len() as u64 == entry.size_bytes {
            _ if !is_whole => Some(Exception::whole(Reason::Truncated, "unpacks only in part")),
            true if sum(&unpacked.bytes) == entry.crc => None,
            true => Some(Exception::whole(Reason::Corrupt, "its check sum is another")),
            // Its sizes stand behind it, and they are not there.
            false if entry.crc == 0 && entry.size_bytes == 0 && entry.flags & 8 != 0 => None,
            false => Some(Exception::whole(Reason::Corrupt, "its size is not as stated")),
        };
    }
    unpacked
}

fn window(data: &[u8]) -> u32 {
    data.get(5..9).map_or(0, |size| u32::from_le_bytes([size[0], size[1], size[2], size[3]]))
}

/// Tries the passwords on a member.
fn decrypt(entry: &Entry<'_>, data: &[u8], budget: &Budget, limit: u64) -> Unpacked {
    const STRONG: u16 = 1 << 6;
    if entry.flags & STRONG != 0 {
        return refused(Reason::Encrypted, "encrypted with PKWARE's strong encryption");
    }
    let Some(alone) = Alone::new(entry, data) else {
        return refused(Reason::Encrypted, "a member with a password");
    };
    for password in budget.passwords.iter() {
        // A wrong password passes the one-byte check of the old encryption now and then, but not
        // the sum over the whole member.
        if let Ok(unpacked) = alone.unpack(Some(password), limit)
            && (unpacked.exception.is_none() || unpacked.bytes.len() as u64 > limit)
        {
            return unpacked;
        }
    }
    refused(Reason::Encrypted, "a member with a password")
}

fn refused(reason: Reason, note: &str) -> Unpacked {
    Unpacked { bytes: Vec::new(), exception: Some(Exception::whole(reason, note)) }
}

fn failed(error: &ZipError, entry: &Entry<'_>) -> Unpacked {
    let exception = match error {
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            unknown(entry.method)
        }
        ZipError::Io(error) => archive::why(error),
        _ => Exception::whole(Reason::Corrupt, "a damaged member"),
    };
    Unpacked { bytes: Vec::new(), exception: Some(exception) }
}

/// An archive that holds one member and nothing else, for the decoders of the zip library: what
/// it makes of a whole archive is not what we make of it.
struct Alone(Vec<u8>);

impl Alone {
    /// `None` if the member is too large for the plain form of a zip.
    fn new(entry: &Entry<'_>, data: &[u8]) -> Option<Self> {
        const AES: u16 = 0x9901;
        let size = u32::try_from(entry.size_bytes).ok().filter(|size| *size < u32::MAX)?;
        let packed = u32::try_from(data.len()).ok().filter(|size| *size < u32::MAX)?;
        let extra = match extra_field(entry.extra, AES) {
            Some(field) => {
                [&AES.to_le_bytes()[..], &(field.len() as u16).to_le_bytes(), field].concat()
            }
            None => Vec::new(),
        };
        let mut common = Vec::new();
        common.extend(51_u16.to_le_bytes());
        common.extend((entry.flags & 0xf7ff).to_le_bytes());
        common.extend(entry.method.to_le_bytes());
        common.extend(entry.time.to_le_bytes());
        common.extend(0x21_u16.to_le_bytes());
        common.extend(entry.crc.to_le_bytes());
        common.extend(packed.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(1_u16.to_le_bytes());
        common.extend((extra.len() as u16).to_le_bytes());

        let mut bytes = Vec::with_capacity(data.len() + 256 + 2 * extra.len());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(b"m");
        bytes.extend(&extra);
        bytes.extend(data);
        let list = u32::try_from(bytes.len()).ok()?;
        bytes.extend(b"PK\x01\x02");
        bytes.extend(51_u16.to_le_bytes());
        bytes.extend(&common);
        // No comment, first part, no attributes, at the beginning.
        bytes.extend([0; 14]);
        bytes.extend(b"m");
        bytes.extend(&extra);
        let list_bytes = u32::try_from(bytes.len()).ok()? - list;
        bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        bytes.extend(list_bytes.to_le_bytes());
        bytes.extend(list.to_le_bytes());
        bytes.extend([0; 2]);
        Some(Self(bytes))
    }

    fn unpack(&self, password: Option<&str>, limit: u64) -> Result<Unpacked, ZipError> {
        let mut archive = ZipArchive::new(Cursor::new(self.0.as_slice()))?;
        let member = match password {
            Some(password) => archive.by_index_decrypt(0, password.as_bytes())?,
            None => archive.by_index(0)?,
        };
        Ok(unpack(member, limit))
    }
}
