//! What does a workbook from before 2007 say that has a password?
//!
//! The bodies of its records are encrypted, all but a few, from the record on that tells how
//! ([MS-XLS] 2.2.10).

use habeas_model::Exception;

use super::Records;
use crate::Budget;
use crate::formats::compound::u16_at;
use crate::formats::encrypted::{Rc4Key, XorKey, damaged, first_that_fits, unknown};

/// The record that tells how a workbook is encrypted.
pub(super) const FILE_PASS: u16 = 0x2f;
/// Records that are never encrypted.
const PLAIN: [u16; 8] = [0x0809, FILE_PASS, 0x00e1, 0x0138, 0x0194, 0x0195, 0x0196, 0x0409];
/// A record that names a sheet begins with its place, which is not encrypted.
const SHEET: u16 = 0x85;
/// Each so many bytes of the stream have a key of their own.
const STRETCH_BYTES: usize = 1024;
const RECORD_HEAD: usize = 4;

/// What opens a workbook.
pub(super) enum Key {
    Rc4(Rc4Key),
    Xor(XorKey),
}

impl Key {
    /// Tries the passwords that are known; `None` if the workbook needs none.
    pub(super) fn find(stream: &[u8], budget: &Budget) -> Result<Option<Self>, Exception> {
        let mut shared = Records { bytes: stream, place: 0 }.take_while(|r| r.kind != super::EOF);
        let Some(record) = shared.find(|record| record.kind == FILE_PASS) else { return Ok(None) };
        let body = record.body;
        let xor = |at: usize| {
            let (key, verifier) = u16_at(body, at).zip(u16_at(body, at + 2)).ok_or_else(damaged)?;
            first_that_fits(budget, 0, |word| XorKey::unlock(word, key, verifier)).map(Self::Xor)
        };
        // Before version 8 there was one way.
        match (body.len(), u16_at(body, 0)) {
            (4, _) => xor(0),
            (_, Some(0)) => xor(2),
            (_, Some(1)) => {
                let info = body.get(2..).unwrap_or_default();
                Rc4Key::find(info, budget).map(Self::Rc4)
            }
            (_, Some(_)) => Err(unknown()),
            (_, None) => Err(damaged()),
        }
        .map(Some)
    }

    /// Decrypts a stream of records; that of a pivot table's cache is encrypted from its start on.
    pub(super) fn open(&self, stream: &mut [u8], is_from_start: bool) {
        let mut is_begun = is_from_start;
        let places: Vec<(usize, usize, usize)> = Records { bytes: stream, place: 0 }
            .filter_map(|record| {
                let was_begun = is_begun;
                is_begun |= record.kind == FILE_PASS;
                let n_plain = if record.kind == SHEET { 4.min(record.body.len()) } else { 0 };
                let from = record.place + RECORD_HEAD;
                let is_encrypted = was_begun && !PLAIN.contains(&record.kind);
                is_encrypted.then_some((from, n_plain, record.body.len()))
            })
            .collect();
        let opened = match self {
            Self::Rc4(key) => {
                let mut opened = stream.to_vec();
                key.stream(STRETCH_BYTES, 0, &mut opened);
                opened
            }
            Self::Xor(_) => Vec::new(),
        };
        for (from, n_plain, n) in places {
            let Some(body) = stream.get_mut(from..from + n) else { continue };
            let plain = body[..n_plain].to_vec();
            match self {
                Self::Rc4(_) => body.copy_from_slice(&opened[from..from + n]),
                Self::Xor(key) => key.record(from, body),
            }
            body[..n_plain].copy_from_slice(&plain);
        }
    }
}
