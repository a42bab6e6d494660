//! Which characters are the bytes of a table, by the mark in its head?

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// A code page of Windows, or one of DOS, which the standard of the web has not.
pub(super) enum Page {
    Known(&'static Encoding),
    Dos(&'static str),
}

impl Page {
    pub(super) fn text(&self, bytes: &[u8]) -> String {
        match self {
            Self::Known(encoding) => {
                // Newer programs write UTF-8 whatever the mark says.
                if encoding.is_single_byte()
                    && !bytes.is_ascii()
                    && std::str::from_utf8(bytes).is_ok()
                {
                    return String::from_utf8_lossy(bytes).into_owned();
                }
                encoding.decode_without_bom_handling(bytes).0.into_owned()
            }
            Self::Dos(upper) => bytes
                .iter()
                .map(|byte| match byte.checked_sub(0x80) {
                    None => char::from(*byte),
                    Some(index) => upper.chars().nth(usize::from(index)).unwrap_or('\u{fffd}'),
                })
                .collect(),
        }
    }
}

/// The code page of a language driver's number; `None` if the table does not say.
pub(super) fn of_mark(mark: u8) -> Option<Page> {
    let name = match mark {
        0x01 | 0x09 | 0x0b | 0x0d | 0x0f | 0x11 | 0x15 | 0x18 | 0x19 | 0x1b => {
            return Some(Page::Dos(CP437));
        }
        0x02 | 0x0a | 0x0e | 0x10 | 0x12 | 0x14 | 0x16 | 0x1a | 0x1d | 0x25 | 0x37 => {
            return Some(Page::Dos(CP850));
        }
        0x1f | 0x22 | 0x23 | 0x40 | 0x64 | 0x87 => return Some(Page::Dos(CP852)),
        0x26 | 0x65 => "ibm866",
        0x03 | 0x57 | 0x58 | 0x59 => "windows-1252",
        0x04 => "macintosh",
        0x13 | 0x7b => "shift_jis",
        0x4d | 0x7a => "gb18030",
        0x4e | 0x79 => "euc-kr",
        0x4f | 0x78 => "big5",
        0x50 | 0x7c => "windows-874",
        0x7d => "windows-1255",
        0x7e => "windows-1256",
        0x96 => "x-mac-cyrillic",
        0xc8 => "windows-1250",
        0xc9 => "windows-1251",
        0xca => "windows-1254",
        0xcb => "windows-1253",
        0xcc => "windows-1257",
        0xf0 => "utf-8",
        _ => return None,
    };
    Encoding::for_label(name.as_bytes()).map(Page::Known)
}

/// How many bytes the guess looks at.
const GUESS_BYTES: usize = 256 << 10;

/// The likeliest code page of a table that does not say.
pub(super) fn guessed(names: &[u8], body: &[u8]) -> Page {
    let head = &body[..body.len().min(GUESS_BYTES)];
    // Letters of DOS with accents are control characters and signs in those of Windows.
    let n_dos = head.iter().filter(|byte| (0x80..=0xa5).contains(*byte)).count();
    let n_windows = head.iter().filter(|byte| **byte >= 0xc0).count();
    if std::str::from_utf8(head).is_err() && n_dos > 3 * n_windows {
        return Page::Dos(CP850);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(names, false);
    detector.feed(head, true);
    Page::Known(detector.guess(None, Utf8Detection::Allow))
}

// The upper halves of the code pages of DOS, as Unicode's mappings have them.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const CP852: &str = "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}";
