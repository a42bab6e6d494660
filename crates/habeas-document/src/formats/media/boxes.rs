//! MP4, M4A, MOV and 3GP: boxes in boxes.
//!
//! Source: ISO/IEC 14496-12; Apple, QuickTime File Format (user data, metadata keys); 3GPP TS 26.244
//! (`loci`).

use super::{Found, MAX_VALUE_BYTES, plain};

/// Boxes are opened no deeper than this.
const MAX_DEPTH: usize = 8;
/// And no more of them than this.
const MAX_BOXES: usize = 20_000;

pub(super) fn read(bytes: &[u8], found: &mut Found) {
    let mut walk = Walk { found, keys: Vec::new(), n: 0 };
    walk.level(bytes, 0, b"    ");
}

struct Walk<'f> {
    found: &'f mut Found,
    /// The names that the items of a metadata box refer to by number.
    keys: Vec<String>,
    n: usize,
}

/// What a box is called for a person.
fn caption(kind: &[u8; 4]) -> Option<&'static str> {
    Some(match kind {
        b"\xa9nam" | b"titl" => "Title",
        b"\xa9ART" | b"perf" => "Artist",
        b"aART" => "Album artist",
        b"\xa9alb" | b"albm" => "Album",
        b"\xa9cmt" => "Comment",
        b"\xa9des" | b"desc" | b"ldes" | b"dscp" | b"sdes" => "Description",
        b"\xa9day" | b"yrrc" => "Created",
        b"\xa9xyz" => "Location",
        b"\xa9wrt" => "Composer",
        b"\xa9too" | b"\xa9swr" | b"\xa9enc" => "Software",
        b"\xa9mak" | b"\xa9mod" => "Device",
        b"\xa9lyr" => "Lyrics",
        b"\xa9gen" | b"gnre" => "Genre",
        b"\xa9aut" | b"auth" => "Author",
        b"\xa9cpy" | b"cprt" => "Copyright",
        b"\xa9dir" => "Director",
        b"\xa9inf" => "Information",
        b"\xa9nrt" => "Narrator",
        b"apID" => "Account",
        b"ownr" => "Owner",
        b"name" => "Name",
        _ => return None,
    })
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

impl Walk<'_> {
    fn level(&mut self, mut rest: &[u8], depth: usize, outer: &[u8; 4]) {
        while let Some((head, after)) = rest.split_at_checked(8) {
            self.n += 1;
            let (size, kind) = head.split_at(4);
            let Ok(kind) = <[u8; 4]>::try_from(kind) else { return };
            if self.n > MAX_BOXES {
                return;
            }
            let mut size = number(size);
            let mut body = after;
            let mut head_bytes = 8;
            if size == 1 {
                let Some((long, inner)) = after.split_at_checked(8) else { return };
                (size, body, head_bytes) = (number(long), inner, 16);
            } else if size == 0 {
                size = rest.len() as u64;
            }
            let Some(length) =
                usize::try_from(size).ok().and_then(|size| size.checked_sub(head_bytes))
            else {
                return;
            };
            let length = length.min(body.len());
            let (body, next) = body.split_at(length);
            if depth < MAX_DEPTH {
                self.one(&kind, body, depth, outer);
            }
            rest = next;
        }
    }

    fn one(&mut self, kind: &[u8; 4], body: &[u8], depth: usize, outer: &[u8; 4]) {
        match kind {
            b"moov" | b"udta" | b"trak" | b"mdia" => self.level(body, depth + 1, kind),
            // One version of it has four bytes of flags, the other has none.
            b"meta" => {
                let has_flags = body.get(4..8) != Some(b"hdlr");
                self.keys.clear();
                let inner = if has_flags { body.get(4..) } else { Some(body) };
                self.level(inner.unwrap_or_default(), depth + 1, kind);
            }
            b"keys" => self.read_keys(body),
            b"ilst" => self.level(body, depth + 1, kind),
            b"mvhd" => self.movie(body),
            b"loci" => self.place(body),
            // A track's handler has a name that programs give it.
            b"hdlr" | b"minf" | b"stbl" | b"tkhd" | b"mdhd" => {}
            _ if outer == b"ilst" => self.item(kind, body),
            _ if outer == b"udta" && (kind[0] == 0xa9 || caption(kind).is_some()) => {
                self.user_data(kind, body);
            }
            _ => {}
        }
    }

    /// When it was made, in seconds since 1904, and how long it is.
    fn movie(&mut self, body: &[u8]) {
        let Some(version) = body.first() else { return };
        let (created, scale, length) = if *version == 1 {
            (body.get(4..12), body.get(20..24), body.get(24..32))
        } else {
            (body.get(4..8), body.get(12..16), body.get(16..20))
        };
        let (Some(created), Some(scale), Some(length)) = (created, scale, length) else { return };
        let (scale, n) = (number(scale), number(length));
        if scale > 0 && length.iter().any(|byte| *byte != 0xff) {
            let millis = u128::from(n) * 1_000 / u128::from(scale);
            self.found.duration = u64::try_from(millis).ok().filter(|millis| *millis > 0);
        }
        // From 1904 to 1970; some programs count from 1970 all the same.
        const BETWEEN: u64 = 2_082_844_800;
        let seconds = number(created);
        let since = if seconds > BETWEEN { seconds - BETWEEN } else { seconds };
        let time = i64::try_from(since).ok().and_then(|n| jiff::Timestamp::from_second(n).ok());
        if let Some(time) = time.filter(|_| seconds > 0) {
            self.found.line("Created", &time.to_string());
        }
    }

    fn read_keys(&mut self, body: &[u8]) {
        let mut rest = body.get(8..).unwrap_or_default();
        while let Some((head, after)) = rest.split_at_checked(8)
            && self.keys.len() < 1_000
        {
            let size = usize::try_from(number(&head[..4])).unwrap_or(0);
            let Some(length) = size.checked_sub(8).filter(|length| *length <= after.len()) else {
                return;
            };
            let (name, next) = after.split_at(length);
            let name = plain(name);
            self.keys.push(name.rsplit("quicktime.").next().unwrap_or(&name).to_owned());
            rest = next;
        }
    }

    /// An item of a list: `data` within, and `mean` and `name` if its name is free.
    fn item(&mut self, kind: &[u8; 4], body: &[u8]) {
        let mut name = String::new();
        let mut values = Vec::new();
        let mut rest = body;
        while let Some((head, after)) = rest.split_at_checked(8) {
            let size = usize::try_from(number(&head[..4])).unwrap_or(0);
            let Some(length) = size.checked_sub(8) else { break };
            let (inner, next) = after.split_at(length.min(after.len()));
            match &head[4..8] {
                b"name" => name = plain(inner.get(4..).unwrap_or_default()),
                b"data" => {
                    let value = inner.get(8..).unwrap_or_default();
                    let value = &value[..value.len().min(MAX_VALUE_BYTES)];
                    match inner.get(..4).map(number) {
                        Some(1 | 4) => values.push(String::from_utf8_lossy(value).into_owned()),
                        Some(2 | 5) => {
                            values.push(encoding_rs::UTF_16BE.decode(value).0.into_owned())
                        }
                        Some(21 | 22) if value.len() <= 8 && !value.is_empty() => {
                            values.push(number(value).to_string());
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
            rest = next;
        }
        let index = usize::try_from(number(kind)).unwrap_or(0);
        let own: String = kind.iter().map(|byte| char::from(*byte)).collect();
        let by_key = index.checked_sub(1).and_then(|index| self.keys.get(index));
        let shown = match (caption(kind), by_key) {
            (Some(caption), _) => caption.to_owned(),
            (None, Some(key)) if key.starts_with("location.") => "Location".to_owned(),
            (None, Some(key)) => key.clone(),
            (None, None) if !name.is_empty() => name,
            (None, None) => own,
        };
        for value in values {
            self.found.line(&shown, &value);
        }
    }

    /// A text of QuickTime: its length, its language and itself; some programs write only itself.
    fn user_data(&mut self, kind: &[u8; 4], body: &[u8]) {
        let Some(shown) = caption(kind).or((kind[0] == 0xa9).then_some("Note")) else { return };
        let length = usize::try_from(number(body.get(..2).unwrap_or_default())).unwrap_or(0);
        let value = if kind[0] == 0xa9 && length > 0 && length + 4 <= body.len() {
            &body[4..4 + length]
        } else if kind[0] != 0xa9 && body.len() > 6 && body.starts_with(&[0, 0, 0, 0]) {
            // 3GPP: version and flags, then the language.
            &body[6..]
        } else {
            body
        };
        let value = &value[..value.len().min(MAX_VALUE_BYTES)];
        let text = if value.starts_with(&[0xfe, 0xff]) {
            encoding_rs::UTF_16BE.decode(value).0.into_owned()
        } else {
            plain(value)
        };
        if !text.contains(char::REPLACEMENT_CHARACTER)
            && !text.chars().any(|c| c.is_control() && !c.is_whitespace())
        {
            self.found.line(shown, &text);
        }
    }

    /// Longitude, latitude and altitude as 16.16 numbers after a name.
    fn place(&mut self, body: &[u8]) {
        let Some(rest) = body.get(6..) else { return };
        let Some(end) = rest.iter().position(|byte| *byte == 0) else { return };
        let name = plain(&rest[..end]);
        let degrees = |at: usize| {
            let field = rest.get(at..at + 4).and_then(|field| field.try_into().ok());
            field.map(|field| f64::from(i32::from_be_bytes(field)) / 65_536.0)
        };
        if let (Some(longitude), Some(latitude)) = (degrees(end + 2), degrees(end + 6)) {
            let text = format!("{name} {latitude:.5} {longitude:.5}");
            self.found.line("Location", text.trim());
        }
    }
}
