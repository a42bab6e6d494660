//! How does a message of a data file travel to its own reader?
//!
//! As TNEF, which is published, holds every property and is the same bytes every time. What only
//! its store knows (numbers of entries, changes, sizes) stays behind, so that two copies of a
//! message in two data files are one item.

use std::borrow::Cow;

use super::{EMBEDDED_MESSAGE, MAGIC, stream::sum_of};
use crate::formats::mapi::{Key, Raw, width};

/// The key by which such a message is known again; Outlook counts its own from 1.
pub(super) const KEY: u16 = 0;

/// A message that is being written.
pub(crate) struct Carrier {
    bytes: Vec<u8>,
}

/// What an attachment holds.
pub(crate) enum Content<'a> {
    File(Vec<Cow<'a, [u8]>>),
    /// A message, as another carrier gave it.
    Message(Vec<u8>),
    /// Nothing, or a link.
    None,
}

impl Carrier {
    pub(crate) fn new() -> Self {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(KEY.to_le_bytes());
        Self { bytes }
    }

    /// How many bytes it is so far.
    pub(crate) fn n_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The code page of text of one byte a character.
    pub(crate) fn code_page(&mut self, number: u32) {
        self.attribute(1, 0x0006_9007, |bytes| bytes.extend(u64::from(number).to_le_bytes()));
    }

    pub(crate) fn message(&mut self, properties: &[Raw<'_>]) {
        self.attribute(1, 0x0006_9003, |bytes| list(bytes, properties, None));
    }

    pub(crate) fn recipients(&mut self, rows: &[Vec<Raw<'_>>]) {
        self.attribute(1, 0x0006_9004, |bytes| {
            bytes.extend((rows.len() as u32).to_le_bytes());
            for row in rows {
                list(bytes, row, None);
            }
        });
    }

    pub(crate) fn attachment(&mut self, properties: &[Raw<'_>], content: Content<'_>) {
        // How it is drawn: a file, at no place of the text.
        self.attribute(2, 0x0006_9002, |bytes| {
            bytes.extend([1, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])
        });
        let message = match content {
            Content::File(blocks) => {
                self.attribute(2, 0x0006_800f, |bytes| {
                    for block in blocks {
                        bytes.extend_from_slice(&block);
                    }
                });
                None
            }
            Content::Message(message) => Some(message),
            Content::None => None,
        };
        self.attribute(2, 0x0006_9005, |bytes| list(bytes, properties, message.as_deref()));
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn attribute(&mut self, level: u8, id: u32, write: impl FnOnce(&mut Vec<u8>)) {
        self.bytes.push(level);
        self.bytes.extend(id.to_le_bytes());
        let at = self.bytes.len();
        self.bytes.extend([0; 4]);
        write(&mut self.bytes);
        let data = self.bytes.get(at + 4..).unwrap_or_default();
        let (n, sum) = (data.len() as u32, sum_of(data));
        if let Some(place) = self.bytes.get_mut(at..at + 4) {
            place.copy_from_slice(&n.to_le_bytes());
        }
        self.bytes.extend(sum.to_le_bytes());
    }
}

fn list(bytes: &mut Vec<u8>, properties: &[Raw<'_>], message: Option<&[u8]>) {
    let kept = || properties.iter().filter(|raw| !is_of_store(&raw.key) && is_written(raw.kind));
    let n = kept().count() + usize::from(message.is_some());
    bytes.extend((n as u32).to_le_bytes());
    for raw in kept() {
        property(bytes, raw);
    }
    if let Some(message) = message {
        bytes.extend([0x0d, 0x00, 0x01, 0x37]);
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(((message.len() + EMBEDDED_MESSAGE.len()) as u32).to_le_bytes());
        bytes.extend(EMBEDDED_MESSAGE);
        bytes.extend(message);
        fill(bytes, message.len());
    }
}

fn is_written(kind: u16) -> bool {
    width(kind).is_some() || matches!(kind, 0x1e | 0x1f | 0x102)
}

fn property(bytes: &mut Vec<u8>, raw: &Raw<'_>) {
    let is_several = raw.values.len() != 1;
    let kind = raw.kind | if is_several { 0x1000 } else { 0 };
    bytes.extend(kind.to_le_bytes());
    match &raw.key {
        Key::Tag(tag) => bytes.extend(tag.to_le_bytes()),
        Key::Lid(lid) => {
            bytes.extend([0, 0x80]);
            bytes.extend(set_of(*lid));
            bytes.extend([0; 4]);
            bytes.extend(lid.to_le_bytes());
        }
        Key::Name(name) => {
            bytes.extend([0, 0x80]);
            bytes.extend(set_of(0x0002_9000));
            bytes.extend([1, 0, 0, 0]);
            let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
            bytes.extend((name.len() as u32).to_le_bytes());
            bytes.extend(&name);
            fill(bytes, name.len());
        }
    }
    let fixed = width(raw.kind);
    if is_several || fixed.is_none() {
        bytes.extend((raw.values.len() as u32).to_le_bytes());
    }
    for value in &raw.values {
        if fixed.is_none() {
            bytes.extend((value.len() as u32).to_le_bytes());
        }
        // A value of a fixed length that is short in its file is filled up.
        let n = fixed.unwrap_or(value.len());
        bytes.extend(value.iter().copied().chain(std::iter::repeat(0)).take(n));
        fill(bytes, n);
    }
}

fn fill(bytes: &mut Vec<u8>, n: usize) {
    bytes.extend(std::iter::repeat_n(0, (4 - n % 4) % 4));
}

/// The set of names that a number belongs to ([MS-OXPROPS] 1.3.2).
fn set_of(lid: u32) -> [u8; 16] {
    let first: u32 = match lid {
        0x8000..=0x80ff => 0x0006_2004,
        0x8100..=0x81ff => 0x0006_2003,
        0x8200..=0x82ff => 0x0006_2002,
        0x8700..=0x87ff => 0x0006_200a,
        0x8b00..=0x8bff => 0x0006_200e,
        0x0002_9000 => 0x0002_0329,
        _ => 0x0006_2008,
    };
    let mut set = [0, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
    set[..4].copy_from_slice(&first.to_le_bytes());
    set
}

/// Is a property the store's own: a number of an entry or a change, a size, a state?
fn is_of_store(key: &Key) -> bool {
    let Key::Tag(tag) = key else { return false };
    matches!(
        tag,
        0x0e07..=0x0e09 | 0x0e17 | 0x0e20 | 0x0e21 | 0x0e23 | 0x0e33..=0x0e38 | 0x0ff4..=0x0fff
            | 0x300b | 0x3013 | 0x3014 | 0x3701 | 0x65e0..=0x65ef | 0x6700..=0x67ff | 0x0e2f | 0x3fd9
    )
}
