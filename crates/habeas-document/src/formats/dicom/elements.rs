//! Which elements has a data set (PS3.5, chapter 7)?

use std::borrow::Cow;

/// How a data set is written (PS3.5, chapter 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Without kinds of values, low byte first.
    Implicit,
    /// With kinds of values, low byte first; pixels may be coded.
    Explicit(Coding),
    /// The same, high byte first.
    Big,
    /// Explicit, packed as a whole.
    Deflated,
}

/// How pixels are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Plain,
    Jpeg,
    Jpeg2000,
    Other,
}

/// What an element holds, as far as it is of interest.
pub(super) enum Element<'a> {
    Text {
        tag: (u16, u16),
        kind: [u8; 2],
        text: String,
    },
    /// A document in another format.
    Document(&'a [u8]),
    Pixels(Pixels<'a>),
}

/// The pixels of the first frame.
pub(super) struct Pixels<'a> {
    pub(super) rows: u16,
    pub(super) columns: u16,
    pub(super) samples: u16,
    pub(super) bits: u16,
    pub(super) is_planar: bool,
    pub(super) is_signed: bool,
    pub(super) is_inverted: bool,
    pub(super) is_big: bool,
    pub(super) n_frames: u32,
    pub(super) transfer: Coding,
    /// The pieces it is cut into.
    pub(super) data: Vec<&'a [u8]>,
}

/// How deep sequences are followed that stand in each other.
const MAX_DEPTH: usize = 16;
const UNDEFINED: u32 = u32::MAX;

/// Reads the file's own group, which says how the rest is written; returns the rest.
pub(super) fn syntax(bytes: &[u8]) -> (Syntax, &[u8]) {
    let mut cursor = Cursor { bytes, syntax: Syntax::Explicit(Coding::Plain) };
    let mut uid = String::new();
    while let [2, 0, ..] = cursor.bytes {
        let Some(head) = cursor.head() else { break };
        let Some(value) = cursor.take(head.length as usize) else { break };
        if head.tag == (2, 0x10) {
            uid = String::from_utf8_lossy(value).trim_matches(['\0', ' ']).to_owned();
        }
    }
    let syntax = match uid.as_str() {
        "1.2.840.10008.1.2" => Syntax::Implicit,
        "1.2.840.10008.1.2.1" => Syntax::Explicit(Coding::Plain),
        "1.2.840.10008.1.2.2" => Syntax::Big,
        "1.2.840.10008.1.2.1.99" => Syntax::Deflated,
        "1.2.840.10008.1.2.4.50" => Syntax::Explicit(Coding::Jpeg),
        "1.2.840.10008.1.2.4.90" | "1.2.840.10008.1.2.4.91" => Syntax::Explicit(Coding::Jpeg2000),
        "" => {
            let kind = cursor.bytes.get(4..6).unwrap_or_default();
            let is_explicit = kind.iter().all(u8::is_ascii_uppercase) && kind.len() == 2;
            if is_explicit { Syntax::Explicit(Coding::Plain) } else { Syntax::Implicit }
        }
        _ => Syntax::Explicit(Coding::Other),
    };
    (syntax, cursor.bytes)
}

/// Walks all elements, sequences too; false if the data set ends in the middle of one.
pub(super) fn walk<'a>(bytes: &'a [u8], syntax: Syntax, take: &mut dyn FnMut(Element<'a>)) -> bool {
    let mut walk = Walk { take, character_set: Vec::new(), image: Image::default() };
    let mut cursor = Cursor { bytes, syntax };
    walk.set(&mut cursor, 0, None).is_some()
}

struct Head {
    tag: (u16, u16),
    kind: [u8; 2],
    length: u32,
}

#[derive(Clone, Copy)]
struct Cursor<'a> {
    bytes: &'a [u8],
    syntax: Syntax,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        Some(taken)
    }

    fn short(&mut self) -> Option<u16> {
        let two: [u8; 2] = self.take(2)?.try_into().ok()?;
        Some(if self.syntax == Syntax::Big {
            u16::from_be_bytes(two)
        } else {
            u16::from_le_bytes(two)
        })
    }

    fn long(&mut self) -> Option<u32> {
        let four: [u8; 4] = self.take(4)?.try_into().ok()?;
        Some(if self.syntax == Syntax::Big {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        })
    }

    fn head(&mut self) -> Option<Head> {
        let tag = (self.short()?, self.short()?);
        // Items and delimiters have no kind.
        if self.syntax == Syntax::Implicit || tag.0 == 0xfffe {
            let kind = super::tags::kind(tag);
            return Some(Head { tag, kind, length: self.long()? });
        }
        let kind: [u8; 2] = self.take(2)?.try_into().ok()?;
        let length = match &kind {
            b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN"
            | b"UR" | b"UT" | b"UV" => {
                self.short()?;
                self.long()?
            }
            _ => u32::from(self.short()?),
        };
        Some(Head { tag, kind, length })
    }
}

/// What is known of the pixels before they come.
#[derive(Clone, Copy, Default)]
struct Image {
    rows: u16,
    columns: u16,
    samples: u16,
    bits: u16,
    planar: u16,
    signed: u16,
    n_frames: u32,
    is_inverted: bool,
}

struct Walk<'a, 't> {
    take: &'t mut dyn FnMut(Element<'a>),
    character_set: Vec<String>,
    image: Image,
}

impl<'a> Walk<'a, '_> {
    /// Walks a data set: to the end, or to the delimiter of its item. `None` if it is cut.
    fn set(
        &mut self,
        cursor: &mut Cursor<'a>,
        depth: usize,
        end: Option<(u16, u16)>,
    ) -> Option<()> {
        while !cursor.bytes.is_empty() {
            // Some writers fill the end with nothing.
            if depth == 0 && cursor.bytes.iter().take(64).all(|byte| *byte == 0) {
                break;
            }
            let head = cursor.head()?;
            if Some(head.tag) == end {
                return Some(());
            }
            if head.tag == (0x7fe0, 0x10) {
                self.pixels(cursor, head.length, depth)?;
            } else if &head.kind == b"SQ" || head.length == UNDEFINED {
                let inner = if &head.kind == b"UN" { Syntax::Implicit } else { cursor.syntax };
                self.sequence(cursor, head.length, inner, depth + 1)?;
            } else {
                let value = cursor.take(head.length as usize)?;
                self.value(&head, value, cursor.syntax, depth);
            }
        }
        Some(())
    }

    fn sequence(
        &mut self,
        cursor: &mut Cursor<'a>,
        length: u32,
        syntax: Syntax,
        depth: usize,
    ) -> Option<()> {
        let is_open = length == UNDEFINED;
        if !is_open {
            let bytes = cursor.take(length as usize)?;
            // A broken sequence of a known length breaks nothing behind it.
            let _ = self.items(&mut Cursor { bytes, syntax }, depth);
            return Some(());
        }
        let mut inner = Cursor { bytes: cursor.bytes, syntax };
        let walked = self.items(&mut inner, depth);
        cursor.bytes = inner.bytes;
        walked
    }

    fn items(&mut self, cursor: &mut Cursor<'a>, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        while !cursor.bytes.is_empty() {
            let head = cursor.head()?;
            match head.tag {
                (0xfffe, 0xe000) if head.length == UNDEFINED => {
                    self.set(cursor, depth, Some((0xfffe, 0xe00d)))?;
                }
                (0xfffe, 0xe000) => {
                    let bytes = cursor.take(head.length as usize)?;
                    let _ = self.set(&mut Cursor { bytes, ..*cursor }, depth, None);
                }
                (0xfffe, 0xe0dd) => return Some(()),
                _ => return None,
            }
        }
        Some(())
    }

    fn value(&mut self, head: &Head, value: &'a [u8], syntax: Syntax, depth: usize) {
        let number = || {
            let two: [u8; 2] = value.get(..2)?.try_into().ok()?;
            Some(if syntax == Syntax::Big {
                u16::from_be_bytes(two)
            } else {
                u16::from_le_bytes(two)
            })
        };
        let plain = || String::from_utf8_lossy(value).trim_matches(['\0', ' ']).to_owned();
        let image = &mut self.image;
        match head.tag {
            (0x0008, 0x0005) => {
                self.character_set = plain().split('\\').map(|set| set.trim().to_owned()).collect();
                return;
            }
            (0x0042, 0x0011) => {
                return (self.take)(Element::Document(value));
            }
            // A small picture of the large one comes in a sequence, with a size of its own.
            (0x0028, _) if depth > 0 => return,
            (0x0028, 0x0002) => image.samples = number().unwrap_or(1),
            (0x0028, 0x0004) => image.is_inverted = plain() == "MONOCHROME1",
            (0x0028, 0x0006) => image.planar = number().unwrap_or(0),
            (0x0028, 0x0008) => image.n_frames = plain().parse().unwrap_or(1),
            (0x0028, 0x0010) => image.rows = number().unwrap_or(0),
            (0x0028, 0x0011) => image.columns = number().unwrap_or(0),
            (0x0028, 0x0100) => image.bits = number().unwrap_or(0),
            (0x0028, 0x0103) => image.signed = number().unwrap_or(0),
            _ => {}
        }
        if is_text(head.kind, value) {
            let kind = if &head.kind == b"UN" { *b"LO" } else { head.kind };
            let text = decoded(value, &self.character_set);
            (self.take)(Element::Text { tag: head.tag, kind, text });
        }
    }

    fn pixels(&mut self, cursor: &mut Cursor<'a>, length: u32, depth: usize) -> Option<()> {
        let mut data = Vec::new();
        let mut is_cut = false;
        if length == UNDEFINED {
            // A table of offsets, then fragments (PS3.5, A.4).
            let mut n_items = 0;
            loop {
                let Some(head) = cursor.head() else {
                    is_cut = true;
                    break;
                };
                if head.tag != (0xfffe, 0xe000) {
                    break;
                }
                let Some(fragment) = cursor.take(head.length as usize) else {
                    is_cut = true;
                    break;
                };
                n_items += 1;
                // Of several frames, the first fragment is the first frame.
                if n_items == 2 || n_items > 2 && self.image.n_frames <= 1 {
                    data.push(fragment);
                }
            }
        } else {
            let n = (length as usize).min(cursor.bytes.len());
            is_cut = n < length as usize;
            data.extend(cursor.take(n));
        }
        if depth == 0 {
            let Image { rows, columns, samples, bits, planar, signed, n_frames, is_inverted } =
                self.image;
            let transfer = match cursor.syntax {
                Syntax::Explicit(coding) => coding,
                _ => Coding::Plain,
            };
            (self.take)(Element::Pixels(Pixels {
                rows,
                columns,
                samples: samples.max(1),
                bits,
                is_planar: planar == 1,
                is_signed: signed == 1,
                is_inverted,
                is_big: cursor.syntax == Syntax::Big,
                n_frames,
                transfer,
                data,
            }));
        }
        (!is_cut).then_some(())
    }
}

/// Kinds of values that people read (PS3.5, 6.2).
fn is_text(kind: [u8; 2], value: &[u8]) -> bool {
    match &kind {
        b"AE" | b"AS" | b"CS" | b"DA" | b"DT" | b"LO" | b"LT" | b"PN" | b"SH" | b"ST" | b"TM"
        | b"UC" | b"UR" | b"UT" => true,
        b"UN" => {
            let is_printed =
                |byte: &u8| *byte >= 0x20 && *byte != 0x7f || matches!(byte, 9 | 10 | 13);
            let end = value.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            let value = value.get(..end).unwrap_or_default();
            value.len() >= 3 && value.len() < 64 << 10 && value.iter().all(is_printed)
        }
        _ => false,
    }
}

/// Text in the character set that the data set states (PS3.3, C.12.1.1.2).
fn decoded(value: &[u8], sets: &[String]) -> String {
    use encoding_rs as e;
    let of = |set: &str| match set.trim_start_matches("ISO 2022 IR ").trim_start_matches("ISO_IR ")
    {
        "100" => Some(e::WINDOWS_1252),
        "101" => Some(e::ISO_8859_2),
        "109" => Some(e::ISO_8859_3),
        "110" => Some(e::ISO_8859_4),
        "144" => Some(e::ISO_8859_5),
        "127" => Some(e::ISO_8859_6),
        "126" => Some(e::ISO_8859_7),
        "138" => Some(e::ISO_8859_8),
        "148" => Some(e::WINDOWS_1254),
        "166" => Some(e::WINDOWS_874),
        "203" => Some(e::ISO_8859_15),
        "13" => Some(e::SHIFT_JIS),
        "87" | "159" => Some(e::ISO_2022_JP),
        "149" => Some(e::EUC_KR),
        "58" => Some(e::GBK),
        "192" => Some(e::UTF_8),
        "GB18030" | "GBK" => Some(e::GB18030),
        _ => None,
    };
    let encoding = sets.iter().rev().find_map(|set| of(set));
    let value: Cow<'_, [u8]> = match encoding {
        // The escapes that name the set are not known to the decoder.
        Some(encoding) if encoding != e::ISO_2022_JP && value.contains(&0x1b) => {
            let mut plain = Vec::with_capacity(value.len());
            let mut rest = value;
            while let [byte, after @ ..] = rest {
                rest = after;
                if *byte != 0x1b {
                    plain.push(*byte);
                    continue;
                }
                // ESC, intermediate bytes, a final byte (ISO/IEC 2022).
                let n = rest.iter().take_while(|byte| (0x20..0x30).contains(*byte)).count();
                rest = rest.get(n + 1..).unwrap_or_default();
            }
            Cow::Owned(plain)
        }
        _ => Cow::Borrowed(value),
    };
    match encoding {
        Some(encoding) => encoding.decode_without_bom_handling(&value).0.into_owned(),
        None => match std::str::from_utf8(&value) {
            Ok(text) => text.to_owned(),
            Err(_) => crate::encoding::decode(&value, None).text.into_owned(),
        },
    }
}
