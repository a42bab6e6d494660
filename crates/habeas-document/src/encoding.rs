//! Which characters are these bytes?
//!
//! A byte order mark decides; then what the text declares; then being valid UTF-8, which other
//! encodings are only by chance; then the pattern of zeros in UTF-16; then a guess by frequencies.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use habeas_model::{Exception, Reason};

/// Text, and how it was had from its bytes.
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Did replacement characters have to be put in for bytes that mean nothing?
    pub(crate) is_lossy: bool,
    /// The encoding, if nothing but its bytes told which it is, and they are not valid UTF-8.
    pub(crate) guess: Option<&'static str>,
}

impl Decoded<'_> {
    /// What to report if characters were lost.
    pub(crate) fn exception(&self) -> Option<Exception> {
        let note = "some bytes are no characters in its encoding";
        self.is_lossy.then(|| Exception::part(Reason::Corrupt, None, note))
    }
}

/// How many bytes the guess looks at: more of the same tells nothing new.
const GUESS_BYTES: usize = 256 << 10;

/// Decodes bytes; `declared` is the encoding's name as the text itself or its envelope states it.
pub(crate) fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Decoded<'a> {
    if let Some(utf32) = utf32(bytes) {
        return utf32;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_as(&bytes[mark..], encoding);
    }
    let declared = declared.and_then(|name| Encoding::for_label(name.trim().as_bytes()));
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    match declared {
        // Text that declares UTF-16 and could be read far enough to see that is not UTF-16.
        Some(encoding) if !encoding.is_ascii_compatible() && is_utf8 && !bytes.contains(&0) => {
            decode_as(bytes, UTF_8)
        }
        // What is valid UTF-8 with accents is not a one-byte encoding, whatever it declares.
        Some(encoding) if encoding.is_single_byte() && is_utf8 => decode_as(bytes, UTF_8),
        // The name alone does not tell the order of the bytes.
        Some(encoding) if encoding == UTF_16LE && utf16_by_zeros(bytes) == Some(UTF_16BE) => {
            decode_as(bytes, UTF_16BE)
        }
        Some(encoding) if encoding != UTF_8 => decode_as(bytes, encoding),
        _ if is_utf8 && !bytes.contains(&0) => decode_as(bytes, UTF_8),
        _ => match utf16_by_zeros(bytes) {
            Some(encoding) => {
                Decoded { guess: Some(encoding.name()), ..decode_as(bytes, encoding) }
            }
            None if is_utf8 => decode_as(bytes, UTF_8),
            None => decode_by_guess(bytes, declared.is_some()),
        },
    }
}

fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    let (text, is_lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, is_lossy, guess: None }
}

fn decode_by_guess(bytes: &[u8], claims_utf8: bool) -> Decoded<'_> {
    if claims_utf8 || is_mostly_utf8(bytes) {
        let guess = Some("UTF-8 and windows-1252");
        return Decoded { text: Cow::Owned(mixed(bytes)), is_lossy: false, guess };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESS_BYTES)], bytes.len() <= GUESS_BYTES);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let found = decode_as(bytes, encoding);
    // A guess that loses characters is worse than the encoding that has all bytes.
    let (found, encoding) = if found.is_lossy {
        (decode_as(bytes, WINDOWS_1252), WINDOWS_1252)
    } else {
        (found, encoding)
    };
    Decoded { guess: Some(encoding.name()), ..found }
}

/// UTF-8 with a few stray bytes: a log that two programs wrote, a file cut in a character.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut n_accented, mut n_invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        n_accented += chunk.valid().bytes().filter(|byte| *byte >= 0xc2).count();
        n_invalid += chunk.invalid().len();
    }
    n_accented > 4 * n_invalid
}

/// UTF-8 in which each stray byte stands for itself as windows-1252 has it, so nothing is lost.
fn mixed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

/// UTF-16 without a mark: Latin text has a zero in every other byte, always on the same side.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let n_pairs = head.len() / 2;
    let n_zeros =
        |side: usize| head.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second) = (n_zeros(0), n_zeros(1));
    if n_pairs >= 2 && second * 10 > n_pairs * 4 && first * 20 < n_pairs {
        Some(UTF_16LE)
    } else if n_pairs >= 2 && first * 10 > n_pairs * 4 && second * 20 < n_pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// UTF-32 has no decoder in the standard of the web, but some statistics programs write it.
fn utf32(bytes: &[u8]) -> Option<Decoded<'static>> {
    let read: fn([u8; 4]) -> u32 = match bytes.get(..4)? {
        [0xff, 0xfe, 0, 0] => u32::from_le_bytes,
        [0, 0, 0xfe, 0xff] => u32::from_be_bytes,
        _ => return None,
    };
    let (units, rest) = bytes.as_chunks::<4>();
    let mut is_lossy = !rest.is_empty();
    let text: String = units[1..]
        .iter()
        .map(|unit| {
            char::from_u32(read(*unit)).unwrap_or_else(|| {
                is_lossy = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    // UTF-16 text that begins with U+0000 has the same mark; then most units are no characters.
    let n_lost = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    (n_lost * 2 <= units.len()).then_some(Decoded { text: Cow::Owned(text), is_lossy, guess: None })
}

/// Is this text, not the inside of some binary format? Looks at the first 64 KiB.
///
/// Text has next to no control characters but white space and escapes. Runs of zeros are allowed:
/// a crash leaves them in logs.
pub(crate) fn is_text(text: &str) -> bool {
    let (mut n_zeros, mut n_controls, mut n_all) = (0_usize, 0_usize, 0_usize);
    for c in text.chars().take(64 << 10) {
        n_all += 1;
        match c {
            '\0' => n_zeros += 1,
            '\t' | '\n' | '\r' | '\x08' | '\x0b' | '\x0c' | '\x1a' | '\x1b' => {}
            '\u{fffd}' | '\u{fffe}' | '\u{ffff}' => n_controls += 1,
            _ if c.is_control() => n_controls += 1,
            _ => {}
        }
    }
    let n_kept = n_all - n_zeros;
    n_kept > 0 && n_kept >= n_zeros && n_controls * 50 <= n_kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_decode(bytes: &[u8], declared: Option<&str>, expected: &str) {
        let decoded = decode(bytes, declared);
        assert_eq!(decoded.text, expected, "{bytes:x?}");
        assert!(!decoded.is_lossy, "{bytes:x?}");
    }

    #[test]
    fn every_encoding_of_a_name_gives_the_name() {
        check_decode(b"Zo\xc3\xab L\xc3\xb6w", None, "Zoë Löw");
        check_decode(b"\xef\xbb\xbfZo\xc3\xab", None, "Zoë");
        check_decode(b"\xff\xfeZ\0o\0\xeb\0", None, "Zoë");
        check_decode(b"\xfe\xff\0Z\0o\0\xeb", None, "Zoë");
        check_decode(b"\xff\xfe\0\0Z\0\0\0o\0\0\0\xeb\0\0\0", None, "Zoë");
        check_decode(b"\0\0\xfe\xff\0\0\0Z\0\0\0o\0\0\0\xeb", None, "Zoë");
        check_decode(b"Z\0o\0\xeb\0 \0L\0o\0w\0", None, "Zoë Low");
        check_decode(b"\0Z\0o\0\xeb\0 \0L\0o\0w", None, "Zoë Low");
        check_decode(
            b"Dear Zo\xeb, your appointment is \x93booked\x94",
            None,
            "Dear Zoë, your appointment is “booked”",
        );
        check_decode(b"Zo\xeb", Some("ISO-8859-1"), "Zoë");
        check_decode(b"\x8f\xac\x97\xd1", Some("shift_jis"), "小林");
        // It declares one byte a character, and is UTF-8 all the same.
        check_decode(b"Zo\xc3\xab", Some("windows-1252"), "Zoë");
        check_decode(b"Zoe", Some("utf-16"), "Zoe");
        check_decode(b"Z\0o\0e\0", Some("utf-16le"), "Zoe");
        check_decode(b"\0Z\0o\0e", Some("utf-16be"), "Zoe");
        check_decode(b"Zoe", Some("no such thing"), "Zoe");
    }

    #[test]
    fn a_guess_is_told_and_nothing_else_is() {
        let check = |bytes: &[u8], declared: Option<&str>, expected: Option<&str>| {
            assert_eq!(decode(bytes, declared).guess, expected, "{bytes:x?}");
        };
        check(b"Zo\xeb", None, Some("windows-1252"));
        check(b"Zo\xeb", Some("no such thing"), Some("windows-1252"));
        check(b"Zo\xeb", Some("utf-8"), Some("UTF-8 and windows-1252"));
        check(b"Z\0o\0\xeb\0", None, Some("UTF-16LE"));
        check(b"Zo\xeb", Some("ISO-8859-1"), None);
        check(b"\xff\xfeZ\0o\0\xeb\0", None, None);
        check("Zoë".as_bytes(), None, None);
        check(b"Zoe", None, None);
    }

    #[test]
    fn stray_bytes_in_utf8_stand_for_themselves() {
        let text = "Zoë Löw, Jörg Groß, Renée Lefèvre\n".repeat(3);
        let bytes = [text.as_bytes(), b"Bj\xf6rn"].concat();
        check_decode(&bytes, None, &(text + "Björn"));
    }

    #[test]
    fn lost_characters_are_reported() {
        let decoded = decode(b"\xff\xfeZ\0\x00\xd8", None);
        assert!(decoded.exception().is_some_and(|exception| exception.is_partial));
    }

    #[test]
    fn binary_is_not_text() {
        let mut seed = 1_u32;
        let noise: Vec<u8> = (0..4000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            })
            .collect();
        assert!(!is_text(&decode(&noise, None).text));
        assert!(!is_text("\0\0\0\0"));
        assert!(is_text("a log with a hole\n\0\0\0\0\0\0and its end\n"));
    }
}
