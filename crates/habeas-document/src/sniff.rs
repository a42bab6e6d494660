//! What are these bytes? Content decides; the name is a hint where the content is silent.

use std::cell::OnceCell;
use std::io::Cursor;

use habeas_model::Reason;

use crate::encoding;
use crate::formats::{self, FORMATS, Format};

mod unreadable;

/// How sure a format is that bytes are its own. The surest format reads them; of two that are
/// equally sure, the one listed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sure {
    /// Any text is.
    Fallback,
    /// It could be, and its name says so.
    Named,
    /// It reads like it, line by line.
    Grammar,
    /// It has the format's own signature.
    Magic,
    /// It has the signature, and inside it what tells it from others with the same signature.
    Structure,
}

/// A format's answer to a sample that may be its own: how sure it is, and the media type.
pub(crate) type Match = (Sure, &'static str);

/// What a format decides by.
pub(crate) struct Sample<'a> {
    /// The item's name, lower case, without folders.
    pub(crate) name: String,
    /// What follows the last dot of the name, lower case; empty if there is none.
    pub(crate) extension: String,
    /// All of its bytes.
    pub(crate) bytes: &'a [u8],
    text: OnceCell<Option<String>>,
    zip: OnceCell<Option<ZipLook>>,
    streams: OnceCell<Vec<String>>,
}

struct ZipLook {
    names: Vec<String>,
    mimetype: String,
}

/// How much of a text the text formats look at.
const HEAD_BYTES: usize = 64 << 10;

/// How many names of a container are looked at.
const MAX_NAMES: usize = 5_000;

/// What the signature of a compound file is: old Office, Outlook messages, encrypted new Office.
pub(crate) const CFB_MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

impl<'a> Sample<'a> {
    pub(crate) fn new(name: &str, bytes: &'a [u8]) -> Self {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
        let extension = name.rsplit_once('.').map(|(_, end)| end.to_owned()).unwrap_or_default();
        Self {
            name,
            extension,
            bytes,
            text: OnceCell::new(),
            zip: OnceCell::new(),
            streams: OnceCell::new(),
        }
    }

    /// Does the name end in one of these, given without the dot?
    pub(crate) fn is_named(&self, extensions: &[&str]) -> bool {
        extensions.contains(&self.extension.as_str())
    }

    /// Do the bytes begin so?
    pub(crate) fn starts_with(&self, magic: &[u8]) -> bool {
        self.bytes.starts_with(magic)
    }

    /// Is it a program, which may have an archive behind it?
    pub(crate) fn is_program(&self) -> bool {
        [&b"MZ"[..], b"\x7fELF", b"#!"].iter().any(|start| self.starts_with(start))
    }

    /// The first 64 KiB as text; `None` if the bytes are no text.
    pub(crate) fn text(&self) -> Option<&str> {
        let look = || {
            let head = self.bytes.get(..HEAD_BYTES).unwrap_or(self.bytes);
            let mut text = encoding::decode(head, None).text.into_owned();
            if head.len() < self.bytes.len() {
                // The cut may have gone through a character.
                while text.ends_with([char::REPLACEMENT_CHARACTER]) {
                    text.pop();
                }
            }
            encoding::is_text(&text).then_some(text)
        };
        self.text.get_or_init(look).as_deref()
    }

    /// Does the zip archive, if it is one, have a member in that folder?
    pub(crate) fn has_zip_folder(&self, folder: &str) -> bool {
        self.zip().is_some_and(|zip| {
            zip.names.iter().any(|name| {
                let name = name.replace('\\', "/");
                name.trim_start_matches('/').to_lowercase().starts_with(folder)
            })
        })
    }

    /// What the zip archive's member `mimetype` says: how OpenDocument and EPUB name themselves.
    pub(crate) fn zip_mimetype(&self) -> &str {
        self.zip().map_or("", |zip| zip.mimetype.as_str())
    }

    fn zip(&self) -> Option<&ZipLook> {
        let look = || {
            // Some archives have a program or a mail's remains before them.
            let is_likely = self.starts_with(b"PK\x03\x04")
                || self.starts_with(b"PK\x05\x06")
                || self.starts_with(b"PK00PK\x03\x04")
                || self.is_named(&["zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"]);
            if !is_likely {
                return None;
            }
            let (names, mimetype) = formats::look_into_zip(self.bytes, MAX_NAMES)?;
            Some(ZipLook { names, mimetype })
        };
        self.zip.get_or_init(look).as_ref()
    }

    /// Is it a compound file?
    pub(crate) fn is_cfb(&self) -> bool {
        self.starts_with(CFB_MAGIC)
    }

    /// The names of the streams and storages at the root of a compound file; of a damaged one,
    /// all names that can be found.
    pub(crate) fn cfb_streams(&self) -> &[String] {
        let look = || {
            if !self.is_cfb() {
                return Vec::new();
            }
            match cfb::CompoundFile::open(Cursor::new(self.bytes)) {
                Ok(file) => file
                    .read_root_storage()
                    .take(MAX_NAMES)
                    .map(|entry| entry.name().to_owned())
                    .collect(),
                Err(_) => cfb_names(self.bytes),
            }
        };
        self.streams.get_or_init(look)
    }

    /// Has the compound file a stream or storage of that name, in any case?
    pub(crate) fn has_cfb_stream(&self, name: &str) -> bool {
        self.cfb_streams().iter().any(|have| have.eq_ignore_ascii_case(name))
    }
}

/// The names in the directory of a compound file whose tables are damaged.
///
/// A directory entry is 128 bytes and lies at a multiple of that: 64 bytes of name, its length
/// ([MS-CFB] 2.6.1), a type of 1 (storage), 2 (stream) or 5 (root).
fn cfb_names(bytes: &[u8]) -> Vec<String> {
    let (entries, _) = bytes.as_chunks::<128>();
    let names = entries.iter().filter_map(|entry| {
        let n_bytes = usize::from(u16::from_le_bytes([entry[64], entry[65]]));
        if !(4..=64).contains(&n_bytes) || n_bytes % 2 == 1 || !matches!(entry[66], 1 | 2 | 5) {
            return None;
        }
        let units: Vec<u16> = entry[..n_bytes - 2]
            .as_chunks::<2>()
            .0
            .iter()
            .map(|pair| u16::from_le_bytes(*pair))
            .collect();
        String::from_utf16(&units).ok().filter(|name| name.chars().all(|c| c != '\0'))
    });
    names.take(MAX_NAMES).collect()
}

/// What sniffing took bytes for.
pub(crate) enum Taken {
    /// No bytes: read, and says nothing.
    Empty,
    /// One of ours.
    Readable { format: &'static Format, media_type: &'static str },
    /// Known, or not known, and not read.
    Unreadable { media_type: &'static str, reason: Reason, note: &'static str },
}

/// Takes bytes for what they are.
pub(crate) fn sniff(name: &str, bytes: &[u8]) -> Taken {
    if bytes.is_empty() {
        return Taken::Empty;
    }
    let sample = Sample::new(name, bytes);
    let mut best: Option<(Match, &'static Format)> = None;
    for format in FORMATS {
        if let Some(found) = (format.sniff)(&sample)
            && best.is_none_or(|(have, _)| found.0 > have.0)
        {
            best = Some((found, format));
        }
    }
    match best {
        Some(((sure, media_type), format)) if sure > Sure::Named => {
            Taken::Readable { format, media_type }
        }
        best => match (unreadable::by_content(&sample), best) {
            (Some(unreadable), _) => unreadable,
            (None, Some(((_, media_type), format))) => Taken::Readable { format, media_type },
            (None, None) => Taken::Unreadable {
                media_type: by_name(name),
                reason: Reason::Unsupported,
                note: "no known kind of file",
            },
        },
    }
}

/// The media type that a name suggests, for items of which there is nothing else to go by.
pub(crate) fn by_name(name: &str) -> &'static str {
    unreadable::by_extension(&Sample::new(name, b"").extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the bytes are taken for: a media type, and the reason why it is not read if so.
    pub(crate) fn check_sniff(name: &str, bytes: &[u8], media_type: &str, why: Option<Reason>) {
        let (taken, reason) = match sniff(name, bytes) {
            Taken::Empty => ("", None),
            Taken::Readable { media_type, .. } => (media_type, None),
            Taken::Unreadable { media_type, reason, .. } => (media_type, Some(reason)),
        };
        assert_eq!((taken, reason), (media_type, why), "{name}");
    }

    #[test]
    fn content_decides_whatever_the_name_says() {
        check_sniff("a.txt", b"", "", None);
        check_sniff("a.pdf", b"Dear Ms Lind,\n", "text/plain", None);
        check_sniff("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", None);
        check_sniff("a", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "application/gzip", None);
        check_sniff("a.txt", b"7z\xbc\xaf\x27\x1c\0\x04", "application/x-7z-compressed", None);
        check_sniff("a.csv", b"SQLite format 3\0\x10\0", "application/vnd.sqlite3", None);
        check_sniff("BMW.txt", b"BMW is a car", "text/plain", None);
        check_sniff(
            "a.bin",
            &[0, 1, 2, 3, 0x80, 0xff, 7, 5],
            "application/octet-stream",
            Some(Reason::Unsupported),
        );
    }

    #[test]
    fn a_damaged_compound_file_still_has_its_names() {
        let mut bytes = CFB_MAGIC.to_vec();
        bytes.resize(512, 0);
        let mut entry: Vec<u8> =
            "WordDocument\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend([26, 0, 2]);
        entry.resize(128, 0);
        bytes.extend(entry);
        assert!(Sample::new("a.doc", &bytes).has_cfb_stream("worddocument"));
    }
}
