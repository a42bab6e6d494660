//! When do two words count as the same letters? Folding.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// Folds a text: lower case, Latin letters without accents, apostrophes dropped, every dash a `-`,
/// every run of white space one blank, none at the ends.
///
/// Letters of other scripts stay what they are (lower case, composed); [`latin`] writes those in
/// Latin letters. Folding twice is folding once.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        for byte in text.bytes() {
            push(&mut folded, byte.to_ascii_lowercase() as char);
        }
    } else {
        let letters = text.nfkd().filter(|&c| !is_accent(c)).flat_map(char::to_lowercase);
        for c in letters.filter(|&c| !is_accent(c)) {
            match special(c) {
                Some(latin) => folded.push_str(latin),
                None => push(&mut folded, c),
            }
        }
        folded = folded.nfc().collect();
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// Folds a text and writes every other script in Latin letters: `Сергей` becomes `sergey`.
pub fn latin(text: &str) -> String {
    if text.is_ascii() {
        return fold(text);
    }
    let mut spelled = String::with_capacity(text.len());
    for c in text.nfkc() {
        // Latin letters keep their own folding: `any_ascii` would write `ß` and `ö` its own way.
        if (c as u32) < 0x250 || is_accent(c) || is_apostrophe(c) || is_dash(c) {
            spelled.push(c);
        } else {
            spelled.push_str(any_ascii::any_ascii_char(c));
        }
    }
    fold(&spelled)
}

/// The words of a text as byte ranges: letters and digits, with apostrophes and combining marks
/// inside. A hyphen parts words.
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let start = loop {
            let (at, c) = chars.next()?;
            if c.is_alphanumeric() {
                break (at, at + c.len_utf8());
            }
        };
        let mut end = start.1;
        while let Some(&(at, c)) = chars.peek() {
            if c.is_alphanumeric() || is_mark(c) {
                end = at + c.len_utf8();
            } else if is_apostrophe(c) && at == end {
                // Only inside a word, so that a closing quotation mark is none of it.
                let inside = text[at + c.len_utf8()..].chars().next();
                if !inside.is_some_and(char::is_alphanumeric) {
                    break;
                }
            } else {
                break;
            }
            chars.next();
            end = end.max(at + c.len_utf8());
        }
        Some(start.0..end)
    })
}

/// Is it one of the signs that people write for an apostrophe?
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | '＇' | '′')
}

/// Is it a hyphen or a dash?
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' | '﹣' | '－')
}

/// Latin letters that do not decompose.
fn special(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'ø' => "o",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "n",
        'ŧ' => "t",
        'ə' => "a",
        _ => return None,
    })
}

/// Accents of Latin, Greek and Cyrillic, and characters without width.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Marks that belong to the letter before: accents, vowel signs.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{93a}'..='\u{94f}' | '\u{200c}' | '\u{200d}' | '\u{64b}'..='\u{65f}'
        | '\u{ad}')
}

fn push(folded: &mut String, c: char) {
    if is_apostrophe(c) {
    } else if c.is_whitespace() {
        if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    } else if c == '\u{ad}' {
        // A soft hyphen shows only where a line breaks: the word goes on.
    } else if is_dash(c) {
        folded.push('-');
    } else {
        folded.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_fold(text: &str, folded: &str) {
        assert_eq!(fold(text), folded);
        assert_eq!(fold(folded), folded, "folding twice");
    }

    #[test]
    fn spellings_of_one_name_fold_to_one() {
        check_fold("  Łukasz\u{a0} Øre ", "lukasz ore");
        check_fold("Zoë Müller", "zoe muller");
        check_fold("Zoe\u{308}", "zoe");
        check_fold("O’Brien", "obrien");
        check_fold("O'BRIEN", "obrien");
        check_fold("Smith–Jones", "smith-jones");
        check_fold("Groß", "gross");
        check_fold("İlker", "ilker");
        check_fold("ﬁona", "fiona");
    }

    #[test]
    fn other_scripts_stay_and_can_be_spelled() {
        check_fold("Сергей", "сергеи");
        assert_eq!(latin("Сергей Петров"), "sergey petrov");
        assert_eq!(latin("Müller"), "muller");
    }

    #[test]
    fn words_keep_apostrophes_and_part_at_hyphens() {
        let text = "‘O’Brien’ met Anne-Marie, 2nd floor.";
        let found: Vec<&str> = words(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["O’Brien", "met", "Anne", "Marie", "2nd", "floor"]);
    }
}
