//! What a source holds: which bytes, and where they were found.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The identity of an item: the BLAKE3 digest of its bytes.
///
/// Identical bytes are one item, wherever they lie. Written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId([u8; 32]);

impl ItemId {
    /// The identity of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The digest, 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 12 hexadecimal digits: enough for a person to tell items apart in one estate.
    pub fn short(&self) -> String {
        self.to_string()[..12].to_owned()
    }
}

impl From<[u8; 32]> for ItemId {
    fn from(digest: [u8; 32]) -> Self {
        Self(digest)
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for ItemId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.short())
    }
}

impl FromStr for ItemId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digest = blake3::Hash::from_hex(text)
            .map_err(|_| "an item is 64 hexadecimal digits".to_owned())?;
        Ok(Self(*digest.as_bytes()))
    }
}

impl Serialize for ItemId {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ItemId {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        String::deserialize(input)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The name of a source as the configuration gives it, such as `mail`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceName(String);

impl SourceName {
    /// Takes a name of 1 to 64 characters: lower-case letters, digits, `-` and `_`.
    ///
    /// # Errors
    /// A sentence that says what a name may hold.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if (1..=64).contains(&text.len()) && text.chars().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{}` is not a source name: use 1 to 64 lower-case letters, digits, `-` and `_`",
                text.escape_debug()
            ))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for SourceName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Where an item stands in its source: a file, then the members down to it.
///
/// Shown as `2024.mbox ▸ 17 ▸ cv.zip ▸ cv.pdf`. The first segment is the file's path relative to
/// the source's root with `/` between folders; bytes that are not UTF-8 are written `\xNN`, and
/// control characters `\u{…}`, so that a path prints as it is and stays one line. A name's own `▸`
/// is written `\u{25b8}`: what looks like a member is one.
///
/// Invariant: at least one segment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemPath {
    segments: Vec<String>,
}

/// What stands between a container and its member in a written path.
const BETWEEN: &str = " ▸ ";

/// How a name's own `▸` is written.
const MARK: &str = "\\u{25b8}";

/// How a name's own `\` is written, where it would make a mark of what follows.
const BACKSLASH: &str = "\\u{5c}";

impl ItemPath {
    /// The path of a file, from its path relative to the source, as raw bytes.
    pub fn file(relative: &[u8]) -> Self {
        Self { segments: vec![printable(relative)] }
    }

    /// The path of a member of this item.
    pub fn member(&self, name: &str) -> Self {
        let mut segments = self.segments.clone();
        segments.push(printable(name.as_bytes()));
        Self { segments }
    }

    /// The segments from the outside in; the first is the file.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// The last segment's file name: what a person would call the item.
    pub fn name(&self) -> &str {
        let last = self.segments.last().map_or("", String::as_str);
        last.rsplit('/').next().unwrap_or(last)
    }

    /// How many containers hold this item: 0 for a file.
    pub fn depth(&self) -> usize {
        self.segments.len() - 1
    }

    /// The container that holds this item, if it is a member.
    pub fn parent(&self) -> Option<Self> {
        let (_, outer) = self.segments.split_last()?;
        (!outer.is_empty()).then(|| Self { segments: outer.to_vec() })
    }

    /// Reads a written path back; the opposite of `Display`.
    pub fn parse(text: &str) -> Self {
        Self { segments: text.split(BETWEEN).map(unmarked).collect() }
    }
}

/// A segment as it is written: its own `▸` cannot be taken for what stands between segments.
fn marked(segment: &str) -> Cow<'_, str> {
    if !segment.contains('▸') && !segment.contains(MARK) && !segment.contains(BACKSLASH) {
        return Cow::Borrowed(segment);
    }
    let mut text = String::with_capacity(segment.len() + BACKSLASH.len());
    for (at, c) in segment.char_indices() {
        let rest = &segment[at..];
        match c {
            '▸' => text.push_str(MARK),
            // What only looks like a mark is kept apart from one.
            '\\' if rest.starts_with(MARK) || rest.starts_with(BACKSLASH) => {
                text.push_str(BACKSLASH);
            }
            _ => text.push(c),
        }
    }
    Cow::Owned(text)
}

/// The opposite of [`marked`].
fn unmarked(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        segment.push_str(&rest[..at]);
        let (c, length) = if rest[at..].starts_with(MARK) {
            ('▸', MARK.len())
        } else if rest[at..].starts_with(BACKSLASH) {
            ('\\', BACKSLASH.len())
        } else {
            ('\\', 1)
        };
        segment.push(c);
        rest = &rest[at + length..];
    }
    segment.push_str(rest);
    segment
}

/// Text that can be printed on one line, whatever the bytes were.
fn printable(bytes: &[u8]) -> String {
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            {
                text.extend(c.escape_unicode());
            } else {
                text.push(c);
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

impl fmt::Display for ItemPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.segments.iter().enumerate() {
            if at > 0 {
                out.write_str(BETWEEN)?;
            }
            out.write_str(&marked(segment))?;
        }
        Ok(())
    }
}

impl fmt::Debug for ItemPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for ItemPath {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ItemPath {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(input)?))
    }
}

/// What the file system says of a file: enough to see that it has not changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Length in bytes.
    pub size_bytes: u64,
    /// Last change of the content, nanoseconds since 1970 (UTC); may be negative.
    pub modified_ns: i128,
    /// Inode number, or 0 where there is none. A hint: it is not stable on network shares.
    pub inode: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_and_read_back() {
        let path = ItemPath::file(b"mail/2024.mbox").member("17").member("cv.zip").member("cv.pdf");
        assert_eq!(path.to_string(), "mail/2024.mbox ▸ 17 ▸ cv.zip ▸ cv.pdf");
        assert_eq!(ItemPath::parse(&path.to_string()), path);
        assert_eq!((path.name(), path.depth()), ("cv.pdf", 3));
    }

    #[test]
    fn a_name_is_never_taken_for_a_member() {
        let check = |path: ItemPath, written: &str| {
            assert_eq!(path.to_string(), written);
            assert_eq!(ItemPath::parse(written), path, "{written}");
        };
        let file = |name: &str| ItemPath::file(name.as_bytes());
        check(file("a ▸ b"), r"a \u{25b8} b");
        check(file("a").member("b"), "a ▸ b");
        check(file("a ▸").member("▸ b"), r"a \u{25b8} ▸ \u{25b8} b");
        check(file("a.zip").member("b ▸ c").member("d"), r"a.zip ▸ b \u{25b8} c ▸ d");
        check(file(r"a \u{25b8} b"), r"a \u{5c}u{25b8} b");
        check(file(r"\u{5c}u{25b8}"), r"\u{5c}u{5c}u{25b8}");
        check(file(r"\▸"), r"\\u{25b8}");
        check(file("").member(""), " ▸ ");
        // Ordinary names are written as they are.
        check(
            file(r"C:\users\x").member(r"letters\u{a}\n.txt"),
            r"C:\users\x ▸ letters\u{a}\n.txt",
        );
    }

    #[test]
    fn a_hostile_name_prints_on_one_line() {
        let path = ItemPath::file(b"a\nb\x1b[31m\xff.txt");
        assert_eq!(path.to_string(), "a\\u{a}b\\u{1b}[31m\\xff.txt");
    }

    #[test]
    fn an_item_is_its_bytes() {
        let id = ItemId::of(b"one");
        assert_eq!(id.to_string().parse::<ItemId>().unwrap(), id);
        assert_ne!(id, ItemId::of(b"two"));
    }
}
