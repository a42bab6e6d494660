//! What is the same text in every writing? Folded forms, with a way back to where they stood.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// A folded text and, for each of its bytes, the byte of the original that it came from.
///
/// Words are lower case without accents or ligatures, one space between them and at both ends:
/// ` jane o brien `, whatever stood between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    pub(crate) text: String,
    from: Vec<u32>,
    end: u32,
}

impl Folded {
    fn push(&mut self, c: char, at: usize) {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.text.push(c);
        self.from.resize(self.text.len(), at);
    }

    fn finish(mut self, end: usize) -> Self {
        self.end = u32::try_from(end).unwrap_or(u32::MAX);
        self
    }

    /// The stretch of the original that folded to these bytes: from its first character to the
    /// end of its last one.
    pub(crate) fn source(
        &self,
        range: std::ops::Range<usize>,
        original: &str,
    ) -> std::ops::Range<usize> {
        let end = self.end as usize;
        let start = self.from.get(range.start).map_or(end, |at| *at as usize);
        let last = range
            .end
            .checked_sub(1)
            .and_then(|at| self.from.get(at))
            .map_or(start, |at| *at as usize);
        let after =
            original.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let mut stop = last + after;
        // Accents that follow as characters of their own belong to the letter.
        while let Some(c) = original.get(stop..).and_then(|rest| rest.chars().next()) {
            if !is_combining_mark(c) {
                break;
            }
            stop += c.len_utf8();
        }
        start..stop.max(start)
    }
}

/// Does a character leave nothing behind: an accent on its own, a zero-width one, a soft hyphen?
fn is_nothing(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    is_combining_mark(c)
        || canonical_combining_class(c) != 0
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{34f}' | '\u{180e}')
}

/// The letters and digits that a character folds to; nothing for everything else.
fn fold(c: char, mut out: impl FnMut(char)) {
    if c.is_ascii() {
        if c.is_ascii_alphanumeric() {
            out(c.to_ascii_lowercase());
        }
        return;
    }
    for c in std::iter::once(c).nfkd().filter(|c| !is_nothing(*c)) {
        for c in c.to_lowercase().filter(|c| !is_nothing(*c)) {
            match c {
                'ß' => "ss".chars().for_each(&mut out),
                'æ' => "ae".chars().for_each(&mut out),
                'œ' => "oe".chars().for_each(&mut out),
                'þ' => "th".chars().for_each(&mut out),
                'ø' => out('o'),
                'ł' => out('l'),
                'đ' | 'ð' => out('d'),
                'ı' => out('i'),
                _ if c.is_alphanumeric() => out(c),
                _ => {}
            }
        }
    }
}

/// Is a word that is parted at the end of a line one word?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// `Fitz-⏎william` is two words.
    Parts,
    /// `Fitz-⏎william` is `fitzwilliam`.
    Joins,
}

/// Folds to words with one space between.
pub(crate) fn words(text: &str, line_end: LineEnd) -> Folded {
    let mut out = Folded::default();
    out.push(' ', 0);
    let mut is_open = false;
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to || is_nothing(c) {
            continue;
        }
        if is_open
            && line_end == LineEnd::Joins
            && matches!(c, '-' | '\u{2010}' | '\u{2011}')
            && let Some(next) = after_break(text, at + c.len_utf8())
        {
            skip_to = next;
            continue;
        }
        let mut n_folded = 0;
        fold(c, |c| {
            out.push(c, at);
            n_folded += 1;
        });
        if n_folded > 0 {
            is_open = true;
        } else if is_open {
            out.push(' ', at);
            is_open = false;
        }
    }
    if is_open {
        out.push(' ', text.len());
    }
    out.finish(text.len())
}

/// Where the next line's text starts, if nothing but a line break with blanks stands between.
fn after_break(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let blank: usize = rest
        .chars()
        .take(64)
        .take_while(|c| c.is_whitespace() || *c == '>')
        .map(char::len_utf8)
        .sum();
    rest.get(..blank)?.contains('\n').then_some(at + blank)
}

/// Folds to letters and digits with nothing between.
pub(crate) fn squeezed(text: &str) -> Folded {
    let mut out = Folded::default();
    for (at, c) in text.char_indices() {
        fold(c, |c| out.push(c, at));
    }
    out.finish(text.len())
}

/// Folds to digits; what people put between the digits of one number is left out, anything else
/// becomes one space.
pub(crate) fn digits(text: &str) -> Folded {
    let mut out = Folded::default();
    let mut n_between = 0;
    let mut is_broken = true;
    for (at, c) in text.char_indices() {
        let mut digit = None;
        fold(c, |c| digit = c.is_ascii_digit().then_some(c));
        match digit {
            Some(digit) => {
                if is_broken && !out.text.is_empty() {
                    out.push(' ', at);
                }
                out.push(digit, at);
                is_broken = false;
                n_between = 0;
            }
            None if is_nothing(c) => {}
            None => {
                n_between += 1;
                let is_usual = c.is_whitespace()
                    || matches!(
                        c,
                        '-' | '.' | '(' | ')' | '/' | '+' | '\u{2010}'..='\u{2015}' | '\u{2212}'
                    );
                is_broken |= !is_usual || n_between > 4;
            }
        }
    }
    out.finish(text.len())
}

/// The folded words of a text, one space between and none at the ends.
pub(crate) fn key(text: &str) -> String {
    words(text, LineEnd::Parts).text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(key(text), expected, "{text:?}");
    }

    #[test]
    fn every_writing_folds_to_one() {
        check("Renée O’Brien", "renee o brien");
        check("RENE\u{301}E o'brien", "renee o brien");
        check("\u{fb01}tz\u{200b}william", "fitzwilliam");
        check("Łukasz Strauß-Ørsted", "lukasz strauss orsted");
        check("J.Smith@Example.ORG", "j smith example org");
        check("", "");
    }

    #[test]
    fn a_word_parted_at_a_line_end_is_one_word() {
        let folded = words("Fitz-\n> william", LineEnd::Joins);
        assert_eq!(folded.text, " fitzwilliam ");
        assert_eq!(words("Fitz-\nwilliam", LineEnd::Parts).text, " fitz william ");
    }

    #[test]
    fn a_stretch_is_found_back() {
        let text = "– Rene\u{301}e.";
        let folded = words(text, LineEnd::Parts);
        let at = folded.text.find("renee").unwrap();
        assert_eq!(&text[folded.source(at..at + 5, text)], "Rene\u{301}e");
        let end = folded.text.find("ee").unwrap();
        assert_eq!(&text[folded.source(at..end + 1, text)], "Rene\u{301}");
    }

    #[test]
    fn a_number_is_its_digits() {
        assert_eq!(digits("Tel. (07700) 900-123; 12").text, "07700900123 12");
        assert_eq!(digits("1        2").text, "1 2");
    }
}
