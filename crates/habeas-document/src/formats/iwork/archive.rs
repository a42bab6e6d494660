//! What is in an archive of messages?
//!
//! Blocks of `0x00`, three bytes of length and so many bytes packed with Snappy; unpacked, one
//! message after the other: the length of its head, the head, and what it tells the lengths of.

/// A block unpacks to at most so many bytes.
const BLOCK_BYTES: usize = 64 << 10;

/// Types of messages whose field 3 holds text (`TSWP.StorageArchive`), or entries whose field 3 does
/// (`TST.TableDataList`).
const STORAGE: u64 = 2001;
const DATA_LIST: u64 = 6005;

/// The unpacked bytes, and whether all blocks could be.
pub(super) fn unpacked(mut packed: &[u8]) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    while let [0, low, middle, high, rest @ ..] = packed {
        let n = usize::from(*low) | usize::from(*middle) << 8 | usize::from(*high) << 16;
        let Some(block) = rest.get(..n) else { return (bytes, false) };
        let n_unpacked = snap::raw::decompress_len(block).unwrap_or(usize::MAX);
        if n_unpacked > BLOCK_BYTES {
            return (bytes, false);
        }
        match snap::raw::Decoder::new().decompress_vec(block) {
            Ok(block) => bytes.extend(block),
            Err(_) => return (bytes, false),
        }
        packed = &rest[n..];
    }
    (bytes, packed.is_empty())
}

/// The texts of all messages that hold text, in order.
pub(super) fn texts(mut bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some((n_head, rest)) = number(bytes) {
        let Some(head) = usize::try_from(n_head).ok().and_then(|n| rest.get(..n)) else { break };
        bytes = &rest[head.len()..];
        for (_, value) in Fields(head).filter(|(field, _)| *field == 2) {
            let Value::Bytes(info) = value else { continue };
            let of = |wanted| {
                Fields(info).find_map(|(field, value)| match value {
                    Value::Number(number) if field == wanted => Some(number),
                    _ => None,
                })
            };
            let n = usize::try_from(of(3).unwrap_or(0)).unwrap_or(usize::MAX).min(bytes.len());
            let (message, rest) = bytes.split_at(n);
            bytes = rest;
            for (_, value) in Fields(message).filter(|(field, _)| *field == 3) {
                let Value::Bytes(value) = value else { continue };
                match of(1) {
                    Some(STORAGE) => texts.push(String::from_utf8_lossy(value).into_owned()),
                    Some(DATA_LIST) => {
                        texts.extend(Fields(value).filter_map(|entry| match entry {
                            (3, Value::Bytes(text)) => String::from_utf8(text.to_vec()).ok(),
                            _ => None,
                        }))
                    }
                    _ => {}
                }
            }
        }
    }
    texts
}

/// A value in a message (Protocol Buffers, "Encoding").
enum Value<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

/// The fields of a message.
struct Fields<'b>(&'b [u8]);

impl<'b> Iterator for Fields<'b> {
    type Item = (u64, Value<'b>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, rest) = number(self.0)?;
        let (value, rest) = match key & 7 {
            0 => number(rest).map(|(value, rest)| (Value::Number(value), rest))?,
            1 => (Value::Bytes(rest.get(..8)?), rest.get(8..)?),
            2 => {
                let (n, rest) = number(rest)?;
                let n = usize::try_from(n).ok()?;
                (Value::Bytes(rest.get(..n)?), rest.get(n..)?)
            }
            5 => (Value::Bytes(rest.get(..4)?), rest.get(4..)?),
            _ => return None,
        };
        self.0 = rest;
        Some((key >> 3, value))
    }
}

/// A number of up to ten bytes, seven bits in each, the lowest first.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f).checked_shl(7 * index as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, content.len() as u8], content].concat()
    }

    fn message(kind: u16, content: &[u8]) -> Vec<u8> {
        let kind = [8, (kind & 0x7f) as u8 | 0x80, (kind >> 7) as u8];
        let info = [kind.as_slice(), &[0x18, content.len() as u8]].concat();
        let head = [&[8, 1], field(2, &info).as_slice()].concat();
        [&[head.len() as u8], head.as_slice(), content].concat()
    }

    #[test]
    fn texts_and_the_words_of_tables_are_found() {
        let list = field(3, &[&[8, 1], field(3, b"Otley").as_slice()].concat());
        let all = [
            message(2001, &field(3, b"Dear Amara")),
            message(2022, &field(3, b"a style")),
            message(6005, &list),
        ]
        .concat();
        assert_eq!(texts(&all), ["Dear Amara", "Otley"]);
        let packed = snap::raw::Encoder::new().compress_vec(&all).unwrap();
        let block = [&[0, packed.len() as u8, 0, 0], packed.as_slice()].concat();
        assert_eq!(unpacked(&block), (all, true));
        assert!(!unpacked(&block[..block.len() - 1]).1);
        assert!(!unpacked(&[0, 5, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x7f]).1);
    }
}
