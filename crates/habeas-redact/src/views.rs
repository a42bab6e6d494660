//! In which ways can bytes be read as text? Every way in which a file may carry words unseen.

use std::io::Read;
use std::sync::LazyLock;

use regex::Regex;

mod carved;
mod coded;

/// One way of reading some bytes.
pub(crate) struct View {
    /// How it was read, without anything that it says: `base64 in text`.
    pub(crate) way: String,
    pub(crate) text: String,
}

/// All readings of a file.
#[derive(Default)]
pub(crate) struct Views {
    pub(crate) views: Vec<View>,
    /// Why not everything could be read, if so.
    pub(crate) trouble: Vec<String>,
    pub(crate) n_bytes: u64,
}

/// How much all readings of one file may hold; past it the file counts as not checked.
const MAX_BYTES: u64 = 4 << 30;
/// How much one packed member may unpack to.
const MAX_MEMBER: u64 = 512 << 20;
const MAX_DEPTH: usize = 4;

impl Views {
    pub(crate) fn push(&mut self, way: &str, text: String) {
        self.n_bytes += text.len() as u64;
        if self.n_bytes > MAX_BYTES {
            self.trouble.push("it says more than can be checked".to_owned());
            return;
        }
        if !text.trim().is_empty() {
            self.views.push(View { way: way.to_owned(), text });
        }
    }

    /// Reads bytes in every way: as what they are, and as what may be packed in them.
    pub(crate) fn read(&mut self, way: &str, bytes: &[u8], depth: usize) {
        if depth > MAX_DEPTH {
            self.trouble.push(format!("{way}: packed too deep to be checked"));
            return;
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            self.zip(way, bytes, depth);
        } else if bytes.starts_with(&[0x1f, 0x8b]) {
            match inflate(flate2::read::MultiGzDecoder::new(bytes)) {
                Ok(inner) => self.read(&format!("gzip in {way}"), &inner, depth + 1),
                Err(reason) => self.trouble.push(format!("{way}: {reason}")),
            }
        } else if bytes.starts_with(carved::PNG) {
            self.png(way, bytes, depth);
        }
        // The streams of a PDF are unpacked by those who know where they begin.
        if depth < MAX_DEPTH && is_binary(bytes) && !bytes.starts_with(b"%PDF") {
            self.carve(way, bytes, depth);
        }
        self.text(way, bytes, depth);
    }

    fn zip(&mut self, way: &str, bytes: &[u8], depth: usize) {
        let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
            self.trouble.push(format!("{way}: a zip that cannot be opened"));
            return;
        };
        self.push(&format!("comment of {way}"), lossy(archive.comment()));
        for number in 0..archive.len() {
            let Ok(mut member) = archive.by_index(number) else {
                self.trouble.push(format!("{way}: member {} cannot be read", number + 1));
                continue;
            };
            let way = format!("member {} of {way}", number + 1);
            self.push(&format!("name of {way}"), lossy(member.name_raw()));
            match inflate(&mut member) {
                Ok(inner) => self.read(&way, &inner, depth + 1),
                Err(reason) => self.trouble.push(format!("{way}: {reason}")),
            }
        }
    }

    fn text(&mut self, way: &str, bytes: &[u8], depth: usize) {
        self.wide(way, bytes);
        if let Some(text) = coded::ebcdic(bytes) {
            self.push(&format!("EBCDIC in {way}"), text);
        }
        let is_noise = is_binary(bytes) && std::str::from_utf8(bytes).is_err();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) if is_noise => runs(bytes),
            Err(_) => {
                let latin = bytes.iter().map(|byte| char::from(*byte)).collect();
                self.push(&format!("Latin-1 in {way}"), latin);
                lossy(bytes)
            }
        };
        self.escaped(way, &text);
        self.packed(way, &text, depth, is_noise);
        self.push(way, text);
    }

    /// UTF-16, at either alignment and in either order. Without a mark only stretches in scripts
    /// with an alphabet count: pairs of any two bytes make some ideograph.
    fn wide(&mut self, way: &str, bytes: &[u8]) {
        let has_bom = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        let n_zeros = bytes.iter().filter(|byte| **byte == 0).count();
        if !has_bom && n_zeros < 4 {
            return;
        }
        if n_zeros >= 12 {
            self.push(&format!("UTF-32 in {way}"), coded::utf32(bytes));
        }
        for skip in 0..2 {
            let units = bytes.get(skip..).unwrap_or(&[]).as_chunks::<2>().0;
            let little = units.iter().map(|pair| u16::from_le_bytes(*pair));
            let big = units.iter().map(|pair| u16::from_be_bytes(*pair));
            if has_bom && skip == 0 {
                self.push(&format!("UTF-16LE in {way}"), wide_text(little));
                self.push(&format!("UTF-16BE in {way}"), wide_text(big));
            } else {
                self.push(&format!("UTF-16LE in {way}"), wide_runs(little));
                self.push(&format!("UTF-16BE in {way}"), wide_runs(big));
            }
        }
    }

    /// Quoted-printable, percent escapes, JSON escapes, HTML, UTF-7, punycode; each if it says
    /// anything else than the text as it stands.
    fn escaped(&mut self, way: &str, text: &str) {
        static QUOTED: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"=[0-9A-Fa-f]{2}|=\r?\n").ok());
        let mut push = |name: &str, other: String| {
            if other != text {
                self.push(&format!("{name} in {way}"), other);
            }
        };
        if QUOTED.as_ref().is_some_and(|quoted| quoted.is_match(text)) {
            let joined = text.replace("=\r\n", "").replace("=\n", "");
            push("quoted-printable", unescape(&joined, '='));
        }
        if text.contains('%') {
            push("percent escapes", unescape(text, '%'));
        }
        if text.contains('\\') {
            push("escapes", unescape_json(text));
        }
        if text.contains('<') || text.contains('&') {
            push("HTML", without_tags(text, ""));
            // Cells of a workbook stand in tags with nothing between.
            if text.contains("><") {
                push("tags", without_tags(text, " "));
            }
        }
        if text.contains('+')
            && let Some(other) = coded::utf7(text)
        {
            push("UTF-7", other);
        }
        if let Some(other) = coded::punycode(text) {
            push("punycode", other);
        }
    }

    /// Base64, base85, uuencoded and hexadecimal runs. In stretches of binary data, where every
    /// run of letters may be base85, that is left out.
    fn packed(&mut self, way: &str, text: &str, depth: usize, is_noise: bool) {
        static BASE64: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(r"[A-Za-z0-9+/_-]{12,}(?:\s{1,3}[A-Za-z0-9+/_-]{4,})*={0,2}").ok()
        });
        static HEX: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"(?:(?:0x)?[0-9A-Fa-f]{2}[\s:,.-]{0,2}){6,}").ok());
        if depth >= MAX_DEPTH {
            return;
        }
        let (mut from_base64, mut from_hex) = (Vec::new(), Vec::new());
        for run in BASE64.iter().flat_map(|run| run.find_iter(text)) {
            // Words in a row look like it too: each line alone, and all lines together.
            for part in run.as_str().split_whitespace().chain([run.as_str()]) {
                from_base64.extend(base64(part));
                from_base64.push(b'\n');
            }
        }
        for run in HEX.iter().flat_map(|run| run.find_iter(text)) {
            from_hex.extend(hex(&run.as_str().replace("0x", "")));
            from_hex.push(b'\n');
        }
        let mut all = vec![
            ("base64".to_owned(), from_base64),
            ("hexadecimal".to_owned(), from_hex),
            ("uuencoded".to_owned(), coded::uuencoded(text)),
        ];
        if !is_noise {
            let undone = coded::base85(text).into_iter();
            all.extend(undone.map(|(n, bytes)| (format!("{n} base85"), coded::worded(&bytes))));
        }
        for (name, bytes) in all {
            if bytes.is_empty() {
                continue;
            }
            let way = format!("{name} in {way}");
            self.wide(&way, &bytes);
            // What was packed before it was written in letters.
            if depth + 1 < MAX_DEPTH && is_binary(&bytes) {
                self.carve(&way, &bytes, depth + 1);
            }
            self.push(&way, if is_binary(&bytes) { runs(&bytes) } else { lossy(&bytes) });
        }
    }
}

pub(crate) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn wide_text(units: impl Iterator<Item = u16>) -> String {
    char::decode_utf16(units).map(|c| c.unwrap_or(' ')).collect()
}

/// Stretches of at least four UTF-16 units below the ideographs, a line each, if most of them are of
/// one script after the other, as words are and noise is not.
fn wide_runs(units: impl Iterator<Item = u16>) -> String {
    let mut out = String::new();
    let mut run = String::new();
    let (mut n_units, mut n_alike, mut last) = (0, 0, 0);
    for unit in units.chain([0]) {
        let is_text = (0x20..0x2100).contains(&unit) && !(0x7f..0xa0).contains(&unit);
        match char::from_u32(unit.into()).filter(|_| is_text) {
            Some(c) => {
                n_alike += usize::from(unit >> 8 == last >> 8);
                n_units += 1;
                run.push(c);
            }
            None => {
                if n_units >= 4 && n_alike * 2 >= n_units {
                    out.push_str(&run);
                    out.push('\n');
                }
                run.clear();
                (n_units, n_alike) = (0, 0);
            }
        }
        last = unit;
    }
    out
}

/// Are these bytes no text in any encoding with bytes for letters?
fn is_binary(bytes: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\n' | b'\r' | b'\t' | 0x0c);
    // Mostly bytes that are no ASCII: the pixels of a picture; letters among them are found as runs.
    bytes.iter().filter(is_control).count() * 20 > bytes.len()
        || bytes.iter().filter(|byte| !byte.is_ascii()).count() * 2 > bytes.len()
}

/// Stretches of at least six bytes that may be letters, in ASCII or Latin-1, a line each. Of a byte
/// that is repeated, as in the white of a picture, four are kept: no name has five letters alike.
fn runs(bytes: &[u8]) -> String {
    let mut out = String::new();
    let is_text = |byte: &u8| matches!(*byte, b'\n' | b'\r' | b'\t' | 0x20..=0x7e | 0xc0..);
    for run in bytes.chunk_by(|a, b| is_text(a) == is_text(b)) {
        if run.len() >= 6 && run.first().is_some_and(is_text) {
            for alike in run.chunk_by(|a, b| a == b) {
                out.extend(alike.iter().take(4).map(|byte| char::from(*byte)));
            }
            out.push('\n');
        }
    }
    // UTF-8 in binary surroundings.
    out.extend(bytes.utf8_chunks().map(|chunk| chunk.valid()).filter(|text| {
        text.len() >= 6
            && !text.is_ascii()
            && text.chars().filter(|c| c.is_alphabetic()).count() >= 6
    }));
    out
}

/// Everything that a decoder gives, up to the limit of a member.
pub(crate) fn inflate(input: impl Read) -> Result<Vec<u8>, &'static str> {
    let mut out = Vec::new();
    match input.take(MAX_MEMBER + 1).read_to_end(&mut out) {
        Ok(n) if n as u64 > MAX_MEMBER => Err("unpacks to more than can be checked"),
        Ok(_) => Ok(out),
        Err(_) => Err("cannot be unpacked"),
    }
}

/// Undoes `=41` or `%41`.
fn unescape(text: &str, mark: char) -> String {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let value = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match value {
            Some(value) if char::from(*byte) == mark => {
                out.push(value);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    lossy(&out)
}

/// Undoes `\u0041`, `\x41`, `\101`, and leaves out the other backslashes.
fn unescape_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut taken = 0;
        let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok();
        if let Some(code) =
            after.strip_prefix('u').and_then(|r| r.get(..4)).and_then(|d| number(d, 16))
        {
            out.push(char::from_u32(code).unwrap_or(' '));
            taken = 5;
        } else if let Some(code) =
            after.strip_prefix('x').and_then(|r| r.get(..2)).and_then(|d| number(d, 16))
        {
            out.push(char::from_u32(code).unwrap_or(' '));
            taken = 3;
        } else if let Some(code) = after.get(..3).and_then(|d| number(d, 8)) {
            out.push(char::from_u32(code).unwrap_or(' '));
            taken = 3;
        } else if after.starts_with(['n', 'r', 't']) {
            out.push('\n');
            taken = 1;
        }
        rest = after.get(taken..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// Without tags, with something in their place, and with the entities that letters and digits can hide in undone.
fn without_tags(text: &str, between: &str) -> String {
    static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<[^<>]{0,4096}>").ok());
    static ENTITY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"&#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));?|&([A-Za-z]{2,8});").ok()
    });
    let bare = TAG.as_ref().map_or(text.into(), |tag| tag.replace_all(text, between));
    let Some(entity) = ENTITY.as_ref() else { return bare.into_owned() };
    let undone = entity.replace_all(&bare, |found: &regex::Captures<'_>| {
        let of = |group: usize, radix| {
            found.get(group).and_then(|digits| u32::from_str_radix(digits.as_str(), radix).ok())
        };
        match (of(1, 16).or(of(2, 10)).and_then(char::from_u32), found.get(3)) {
            (Some(c), _) => c.to_string(),
            // `&eacute;` is an e with an accent, and accents do not count.
            (None, Some(name)) => match name.as_str() {
                "amp" | "lt" | "gt" | "quot" | "apos" | "nbsp" => " ".to_owned(),
                name => name.chars().take(1).collect(),
            },
            (None, None) => String::new(),
        }
    });
    undone.into_owned()
}

/// Undoes base64, plain or for URLs; what is no base64 is left out.
fn base64(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut bits, mut n_bits) = (0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            out.push((bits >> n_bits & 0xff) as u8);
        }
    }
    out
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .as_chunks::<2>()
        .0
        .iter()
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
