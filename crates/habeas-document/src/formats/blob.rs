//! A value of bytes in a table or record: is it a file, a text, or neither?

use crate::encoding;
use crate::sniff::{self, Taken};

/// What bytes within a record are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Blob {
    /// A file of its own, with the ending that its name may have.
    File(&'static str),
    /// Text.
    Text(String),
    /// Something else, and the words that stand in it.
    Words(String),
}

/// Fewer bytes than this are no file.
const MIN_FILE_BYTES: usize = 24;

/// Takes bytes for what they are.
pub(super) fn of(bytes: &[u8]) -> Blob {
    if bytes.len() >= MIN_FILE_BYTES
        && let Some(ending) = file_ending(bytes)
    {
        return Blob::File(ending);
    }
    let head = bytes.get(..64 << 10).unwrap_or(bytes);
    let is_text = std::str::from_utf8(bytes).is_ok() || head.len() >= 16 && !is_binary(head);
    if is_text && encoding::is_text(&encoding::decode(head, None).text) {
        return Blob::Text(encoding::decode(bytes, None).text.into_owned());
    }
    Blob::Words(words(bytes))
}

/// Bytes that only chance would make a text of.
fn is_binary(bytes: &[u8]) -> bool {
    let n_control = bytes.iter().filter(|byte| matches!(byte, 1..=8 | 14..=31 | 127)).count();
    let n_odd = bytes.iter().filter(|byte| **byte >= 0x80).count();
    n_control > 0 || n_odd * 4 > bytes.len()
}

/// The ending of a file of this kind; `None` for what is no file, or reads better where it stands.
pub(super) fn file_ending(bytes: &[u8]) -> Option<&'static str> {
    let media_type = match sniff::sniff("", bytes) {
        Taken::Empty => return None,
        Taken::Readable { media_type, .. } | Taken::Unreadable { media_type, .. } => media_type,
    };
    Some(match media_type {
        "application/octet-stream"
        | "text/plain"
        | "text/csv"
        | "text/tab-separated-values"
        | "text/x-log"
        | "text/markdown"
        | "text/html"
        | "application/json"
        | "application/x-ndjson"
        | "application/xml"
        | "application/sql" => return None,
        "image/jpeg" => "jpg",
        "image/svg+xml" => "svg",
        "image/tiff" => "tif",
        "audio/mpeg" => "mp3",
        "message/rfc822" => "eml",
        "text/vcard" => "vcf",
        "text/calendar" => "ics",
        "application/pdf" => "pdf",
        "application/rtf" => "rtf",
        "application/msword" => "doc",
        "application/gzip" => "gz",
        "application/x-bplist" => "plist",
        "application/vnd.sqlite3" => "sqlite",
        kind if kind.ends_with("wordprocessingml.document") => "docx",
        kind if kind.ends_with("spreadsheetml.sheet") => "xlsx",
        kind if kind.ends_with("presentationml.presentation") => "pptx",
        kind => kind
            .split_once('/')
            .map(|(_, sub)| sub)
            .filter(|sub| sub.len() <= 4 && sub.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            .unwrap_or("bin"),
    })
}

/// The bytes of base64 in any of its alphabets, with or without padding and line breaks
/// (RFC 4648, 4 and 5); `None` for what is none.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut n_bits, mut is_over) = (0_u32, 0, false);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                is_over = true;
                continue;
            }
            b'\r' | b'\n' | b' ' | b'\t' => continue,
            _ => return None,
        };
        if is_over {
            return None;
        }
        (bits, n_bits) = (bits << 6 | u32::from(value), n_bits + 6);
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((bits >> n_bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

/// The kind of text that this is, as the ending of a file of it.
pub(super) fn text_ending(text: &str) -> &'static str {
    match sniff::sniff("", text.as_bytes()) {
        Taken::Readable { media_type: "text/html", .. } => "html",
        Taken::Readable { media_type: "application/xml", .. } => "xml",
        Taken::Readable { media_type: "application/json", .. } => "json",
        _ => "txt",
    }
}

/// A stretch with fewer letters than this is taken for chance.
const MIN_LETTERS: usize = 4;

/// The words that stand in bytes of an unknown kind, a stretch a line, in UTF-8 and UTF-16.
pub(super) fn words(bytes: &[u8]) -> String {
    let mut found = Found::default();
    for chunk in bytes.utf8_chunks() {
        found.all(chunk.valid().chars());
        if !chunk.invalid().is_empty() {
            found.end();
        }
    }
    found.end();
    let n_before = found.text.len();
    for (first, second) in [(0, 1), (1, 0)] {
        // What is one order of bytes is nearly the other one too.
        if found.text.len() > n_before {
            break;
        }
        // Latin text in UTF-16 has a zero in every other byte.
        let mut at = 0;
        while let Some(pair) = bytes.get(at..at + 2) {
            if pair[second] == 0 && (pair[first].is_ascii_graphic() || pair[first] == b' ') {
                found.take(char::from(pair[first]));
                at += 2;
            } else {
                found.end();
                at += 1;
            }
        }
        found.end();
    }
    found.text
}

#[derive(Default)]
struct Found {
    text: String,
    run: String,
    n_letters: usize,
}

impl Found {
    fn all(&mut self, chars: impl Iterator<Item = char>) {
        chars.for_each(|c| self.take(c));
    }

    fn take(&mut self, c: char) {
        if c.is_control() && c != '\t' || c == '\u{fffd}' {
            return self.end();
        }
        self.n_letters += usize::from(c.is_alphanumeric());
        self.run.push(c);
    }

    fn end(&mut self) {
        if self.n_letters >= MIN_LETTERS {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(self.run.trim());
        }
        self.run.clear();
        self.n_letters = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_a_file_a_text_or_words() {
        assert_eq!(of(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"), Blob::File("pdf"));
        assert_eq!(
            of(b"{\"name\":\"Amara Lind\",\"n\":1}"),
            Blob::Text("{\"name\":\"Amara Lind\",\"n\":1}".into())
        );
        assert_eq!(of(b"Zo\xc3\xab"), Blob::Text("Zoë".into()));
        assert_eq!(
            of(b"\x01\x02Amara Lind\x00\x07abc\xffLeeds"),
            Blob::Words("Amara Lind\nLeeds".into())
        );
        assert_eq!(of(b"\x01\x80A\0m\0a\0r\0a\0\x03"), Blob::Words("Amara".into()));
        assert_eq!(of(&[7; 16]), Blob::Words(String::new()));
    }
}
