//! Where does what is written in base64 end, and what somebody put behind it begin?
//!
//! Lists and scanners write their words under a message without looking how it is encoded. Taken
//! for base64 they are noise.

/// A line of so many characters, all of base64, is no word of anybody.
const LONG: usize = 60;
/// Behind the padding, a line has to be this long to be more of it.
const ANOTHER: usize = 24;

/// How many of a part's bytes are base64; the rest is a text, or is empty.
///
/// Single strange characters within it are damage and do not end it. It has no byte at all if a
/// part is a text from its beginning.
pub(super) fn encoded_bytes(bytes: &[u8]) -> usize {
    let (mut at, mut text_at) = (0, None);
    let mut is_padded = false;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let start = at;
        at += line.len();
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let is_of_it = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
        let n_padding = line.iter().rev().take_while(|byte| **byte == b'=').count();
        let content = &line[..line.len() - n_padding];
        let is_pure = n_padding <= 2 && content.iter().all(|byte| is_of_it(&byte));
        if is_pure && line.len() >= LONG {
            // What came before was damage.
            text_at = None;
        } else if text_at.is_none() {
            let is_more = !is_padded
                || is_pure
                    && line.len().is_multiple_of(4)
                    && (n_padding > 0 || line.len() >= ANOTHER);
            let n_strange = content.iter().filter(|byte| !is_of_it(byte)).count();
            let is_text =
                !is_more || !is_pure && content.contains(&b' ') || n_strange * 2 > content.len();
            text_at = is_text.then_some(start);
        }
        is_padded = text_at.is_none() && n_padding > 0;
    }
    text_at.unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(encoded: &str, text: &str) {
        let both = format!("{encoded}{text}").replace('\n', "\r\n");
        let n = encoded_bytes(both.as_bytes());
        assert_eq!(&both[n..], text.replace('\n', "\r\n"), "{both}");
    }

    #[test]
    fn base64_ends_where_the_text_behind_it_begins() {
        let line = format!("{}\n", "QUJD".repeat(19));
        check(&line, "");
        check(&format!("{line}RGVhcg==\n"), "Amara Lind\nRing 07700 900123\n");
        check(&format!("{line}RGVhcg==\n\n"), "________\nA list of the clinic\n");
        // Words that could be base64.
        check(&format!("{line}RGVhcg==\n"), "Lind\n");
        check("RGVhcg==\n", "Lind\nAmara\n");
        // Without padding.
        check(&format!("{line}QUJD\n"), "--\nAmara Lind\n");
        // Another piece that was encoded on its own.
        check(&format!("{line}RGVhcg==\n{line}RGVhcg==\n"), "");
        check("RGVhcg==\nRGVhcg==\n", "");
        // Damage within it.
        check(&format!("{line}QU!D\n{line}"), "");
        check(&format!("{line}not a line of it\n{line}"), "");
        check("RGVhc!iBab8Or\n", "");
        check("", "Dear Amara,\nI am well.\n");
        check("", "");
    }
}
