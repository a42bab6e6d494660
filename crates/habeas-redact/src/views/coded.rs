//! Which other ways of writing text may some text hold? Each gives what it undoes, or nothing.

use std::sync::LazyLock;

use regex::Regex;

/// Shorter runs of letters are no base85: a word would do.
const LEAST_RUN: usize = 10;

/// Base85 as Adobe, Python and ZeroMQ write it, in every run without blanks that is long enough.
pub(super) fn base85(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    const PYTHON: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\
        !#$%&()*+-;<=>?@^_`{|}~";
    const ZERO_MQ: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\
        .-:+=^!/*?&<>()[]{}@%$#";
    let adobe: Vec<u8> = (b'!'..=b'u').collect();
    let alphabets = [("Adobe's", adobe.as_slice()), ("Python's", PYTHON), ("ZeroMQ's", ZERO_MQ)];
    let runs: Vec<&str> = text
        .split_ascii_whitespace()
        .map(|run| run.split_once("<~").map_or(run, |(_, run)| run))
        .filter(|run| run.len() >= LEAST_RUN)
        .collect();
    if runs.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (name, alphabet) in alphabets {
        let mut values = [None; 256];
        for (value, letter) in (0_u32..).zip(alphabet) {
            values[usize::from(*letter)] = Some(value);
        }
        let mut out = Vec::new();
        for run in &runs {
            unbase85(run, &values, name == "Adobe's", &mut out);
            out.push(b'\n');
        }
        // Broken into lines, it is one run.
        for run in &runs {
            unbase85(run, &values, name == "Adobe's", &mut out);
        }
        all.push((name, out));
    }
    all
}

/// Stretches of at least eight bytes that can be words and numbers, a line each. Any word or date may be
/// base85, and undone it is noise, in which there are short names by chance.
pub(super) fn worded(bytes: &[u8]) -> Vec<u8> {
    let is_of_word = |byte: &u8| {
        byte.is_ascii_alphanumeric() || b" .,'@-_:+/\n\r".contains(byte) || *byte >= 0x80
    };
    let mut out = Vec::new();
    for run in bytes.chunk_by(|a, b| is_of_word(a) == is_of_word(b)) {
        for text in run.utf8_chunks().map(|chunk| chunk.valid()).filter(|text| text.len() >= 8) {
            if is_of_word(&text.as_bytes()[0]) {
                out.extend(text.as_bytes());
                out.push(b'\n');
            }
        }
    }
    out
}

fn unbase85(run: &str, values: &[Option<u32>; 256], is_adobe: bool, out: &mut Vec<u8>) {
    let (mut group, mut n) = (0_u32, 0_usize);
    for letter in run.bytes() {
        if is_adobe && letter == b'z' && n == 0 {
            out.extend([0; 4]);
            continue;
        }
        if is_adobe && letter == b'~' {
            break;
        }
        let Some(value) = values[usize::from(letter)] else { continue };
        group = group.wrapping_mul(85).wrapping_add(value);
        n += 1;
        if n == 5 {
            out.extend(group.to_be_bytes());
            (group, n) = (0, 0);
        }
    }
    if n > 1 {
        for _ in n..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(group.to_be_bytes().iter().take(n - 1));
    }
}

/// Uuencoded lines (POSIX `uuencode`), wherever one begins.
pub(super) fn uuencoded(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut is_within = false;
    for line in text.lines() {
        let line = line.trim_end_matches('\r');
        if line.starts_with("begin ") {
            is_within = true;
            continue;
        }
        if line == "end" {
            is_within = false;
        }
        let [length, letters @ ..] = line.as_bytes() else { continue };
        let n = usize::from(length.wrapping_sub(32) & 0x3f);
        if !is_within || letters.len() < n.div_ceil(3) * 4 {
            continue;
        }
        let mut bytes = Vec::<u8>::new();
        for four in letters.as_chunks::<4>().0 {
            let group = four.iter().fold(0_u32, |group, letter| {
                group << 6 | u32::from(letter.wrapping_sub(32) & 0x3f)
            });
            bytes.extend(&group.to_be_bytes()[1..]);
        }
        bytes.truncate(n);
        out.extend(bytes);
    }
    out
}

/// UTF-7 (RFC 2152): what stands between `+` and `-` undone; `None` if there is none.
pub(super) fn utf7(text: &str) -> Option<String> {
    static SHIFTED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\+([A-Za-z0-9+/]{2,})-?").ok());
    let shifted = SHIFTED.as_ref()?;
    let mut any = false;
    let undone = shifted.replace_all(text, |found: &regex::Captures<'_>| {
        let units: Vec<u16> = super::base64(&found[1])
            .as_chunks::<2>()
            .0
            .iter()
            .map(|pair| u16::from_be_bytes(*pair))
            .collect();
        let decoded: String = char::decode_utf16(units).map(|c| c.unwrap_or(' ')).collect();
        any |= decoded
            .chars()
            .any(|c| c.is_ascii_alphanumeric() || ('\u{c0}'..'\u{250}').contains(&c));
        decoded
    });
    any.then(|| undone.into_owned())
}

/// Names of domains and addresses in other letters (RFC 3492).
pub(super) fn punycode(text: &str) -> Option<String> {
    static LABEL: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)xn--([a-z0-9-]{2,60})").ok());
    let label = LABEL.as_ref().filter(|label| label.is_match(text))?;
    let undone = label.replace_all(text, |found: &regex::Captures<'_>| {
        unpunycode(&found[1].to_ascii_lowercase()).unwrap_or_default()
    });
    Some(undone.into_owned())
}

fn unpunycode(label: &str) -> Option<String> {
    let (basic, coded) = label.rsplit_once('-').unwrap_or(("", label));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut code, mut at, mut bias, mut is_first) = (128_u32, 0_u32, 72_u32, true);
    let mut digits = coded.bytes();
    while let Some(mut digit) = digits.next() {
        let before = at;
        let (mut weight, mut k) = (1_u32, 36_u32);
        loop {
            let value = match digit {
                b'a'..=b'z' => u32::from(digit - b'a'),
                b'0'..=b'9' => u32::from(digit - b'0') + 26,
                _ => return None,
            };
            at = at.checked_add(value.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if value < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k += 36;
            digit = digits.next()?;
        }
        let n = u32::try_from(out.len() + 1).ok()?;
        let mut delta = (at - before) / if is_first { 700 } else { 2 };
        delta += delta / n;
        let mut steps = 0;
        while delta > 455 {
            delta /= 35;
            steps += 36;
        }
        bias = steps + 36 * delta / (delta + 38);
        is_first = false;
        code = code.checked_add(at / n)?;
        at %= n;
        out.insert(at as usize, char::from_u32(code)?);
        at += 1;
    }
    Some(out.into_iter().collect())
}

/// Letters and digits of IBM's code page 37, if that is what most of the bytes are.
pub(super) fn ebcdic(bytes: &[u8]) -> Option<String> {
    let letter = |byte: u8| match byte {
        0x40 => Some(' '),
        0x81..=0x89 => Some(char::from(byte - 0x81 + b'a')),
        0x91..=0x99 => Some(char::from(byte - 0x91 + b'j')),
        0xa2..=0xa9 => Some(char::from(byte - 0xa2 + b's')),
        0xc1..=0xc9 => Some(char::from(byte - 0xc1 + b'A')),
        0xd1..=0xd9 => Some(char::from(byte - 0xd1 + b'J')),
        0xe2..=0xe9 => Some(char::from(byte - 0xe2 + b'S')),
        0xf0..=0xf9 => Some(char::from(byte - 0xf0 + b'0')),
        0x4b => Some('.'),
        0x7c => Some('@'),
        0x60 => Some('-'),
        _ => None,
    };
    let n_letters = bytes.iter().filter(|byte| letter(**byte).is_some()).count();
    (n_letters >= 6 && n_letters * 3 > bytes.len() * 2)
        .then(|| bytes.iter().map(|byte| letter(*byte).unwrap_or('\n')).collect())
}

/// Stretches of at least four UTF-32 units in scripts with an alphabet, in either order.
pub(super) fn utf32(bytes: &[u8]) -> String {
    let mut out = String::new();
    for skip in 0..4 {
        for order in [u32::from_le_bytes as fn([u8; 4]) -> u32, u32::from_be_bytes] {
            let mut run = String::new();
            let units = bytes.get(skip..).unwrap_or(&[]).as_chunks::<4>().0;
            for unit in units.iter().map(|unit| order(*unit)).chain([0]) {
                match char::from_u32(unit).filter(|_| (0x20..0x2100).contains(&unit)) {
                    Some(c) => run.push(c),
                    None => {
                        if run.chars().count() >= 4 {
                            out.push_str(&run);
                            out.push('\n');
                        }
                        run.clear();
                    }
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_writing_is_undone() {
        let all = base85("<~87cURD]i,\"Ebo80~>");
        assert!(all.iter().any(|(_, bytes)| bytes.starts_with(b"Hello World!")), "{all:?}");
        assert_eq!(uuencoded("begin 644 a\n#0V%T\n`\nend\n"), b"Cat");
        assert_eq!(utf7("Hi +AFQAbwBt-!").as_deref(), Some("Hi Tom!"));
        assert_eq!(utf7("1 + 1"), None);
        assert_eq!(
            punycode("http://xn--mnchen-3ya.example").as_deref(),
            Some("http://münchen.example")
        );
        assert_eq!(ebcdic(&[0xe3, 0x96, 0x94, 0x40, 0xd8, 0x95]).as_deref(), Some("Tom Qn"));
        let wide: Vec<u8> = "Tom Quill".chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        assert!(utf32(&[b"x".as_slice(), &wide].concat()).contains("Tom Quill"));
    }
}
