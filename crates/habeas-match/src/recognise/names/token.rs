//! Which words of a text could be parts of a name?

use std::ops::Range;

use crate::fold::{is_apostrophe, is_dash};

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recognise) enum Shape {
    /// `jane`
    Lower,
    /// `Jane`, `McDonald`, `O’Brien`, `Smith-Jones`
    Title,
    /// `SMITH`
    Upper,
    /// `J`
    Initial,
    /// Anything with a digit, or of a script without cases.
    Other,
}

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recognise) enum Gap {
    /// One or two blanks.
    Blank,
    /// A full stop and perhaps a blank, as behind an initial.
    Dot,
    /// A comma and a blank.
    Comma,
    /// One line break.
    Break,
    /// Something that ends a sentence or a line, or the start of the text.
    Stop,
    /// Anything else.
    Other,
}

/// A word of a text.
#[derive(Clone, Debug)]
pub(in crate::recognise) struct Token {
    pub(in crate::recognise) range: Range<usize>,
    pub(in crate::recognise) shape: Shape,
    pub(in crate::recognise) gap: Gap,
    /// Does it open a sentence, a line or a quotation, so that its capital says little?
    pub(in crate::recognise) is_first: bool,
}

impl Token {
    /// Is it written with a capital?
    pub(in crate::recognise) fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Title | Shape::Upper | Shape::Initial)
    }
}

/// The words of a text. Hyphens and apostrophes inside belong to a word; `’s` at its end does not.
pub(in crate::recognise) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 6);
    let mut chars = text.char_indices().peekable();
    let mut previous_end = 0;
    while let Some((start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            continue;
        }
        let mut end = start + c.len_utf8();
        let mut last = c;
        while let Some(&(at, c)) = chars.peek() {
            let is_joint = is_apostrophe(c) || is_dash(c) && !matches!(c, '–' | '—');
            if c.is_alphanumeric() || is_mark(c) {
                end = at + c.len_utf8();
            } else if !(is_joint
                && last.is_alphanumeric()
                && text[at + c.len_utf8()..].starts_with(char::is_alphabetic))
            {
                break;
            }
            last = c;
            chars.next();
        }
        let word = without_possessive(&text[start..end]);
        let range = start..start + word.len();
        let between = &text[previous_end..start];
        let gap = gap(between, tokens.is_empty());
        let is_first = matches!(gap, Gap::Stop | Gap::Break)
            || (gap == Gap::Dot
                && !tokens.last().is_some_and(|token| matches!(token.shape, Shape::Initial)))
            || between.contains(['"', '“', '•', '*', '‘']);
        tokens.push(Token { shape: shape(word), range, gap, is_first });
        previous_end = end;
    }
    tokens
}

fn gap(between: &str, is_start: bool) -> Gap {
    if is_start {
        return Gap::Stop;
    }
    match between {
        " " | "  " | "\u{a0}" | "\t" => Gap::Blank,
        "." | ". " | ".  " => Gap::Dot,
        ", " | "," => Gap::Comma,
        _ => {
            let breaks = between.matches('\n').count();
            if breaks == 1 && between.chars().all(|c| c.is_whitespace() || c == '>') {
                Gap::Break
            } else if breaks > 0 || between.contains(['.', '!', '?', ':', ';', '|', '\t']) {
                Gap::Stop
            } else if between.chars().all(|c| c == ' ' || c == '\u{a0}') {
                // Side by side in columns.
                if between.chars().count() > 2 { Gap::Stop } else { Gap::Blank }
            } else {
                Gap::Other
            }
        }
    }
}

fn shape(word: &str) -> Shape {
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return Shape::Other };
    if word.len() == first.len_utf8() {
        return if first.is_uppercase() {
            Shape::Initial
        } else if first.is_lowercase() {
            Shape::Lower
        } else {
            Shape::Other
        };
    }
    let (mut uppers, mut lowers) = (0_usize, 0_usize);
    for c in word.chars() {
        if c.is_uppercase() {
            uppers += 1;
        } else if c.is_lowercase() {
            lowers += 1;
        } else if c.is_numeric() || (c.is_alphabetic() && !is_mark(c)) {
            return Shape::Other;
        }
    }
    match (first.is_uppercase(), uppers, lowers) {
        (_, 0, _) => Shape::Lower,
        (true, _, 0) => Shape::Upper,
        (true, ..) => Shape::Title,
        // `d'Souza`, `al-Hakim`: a small particle; but not `iPhone`.
        (false, ..) if word.contains(|c: char| is_apostrophe(c) || is_dash(c)) => Shape::Title,
        (false, ..) => Shape::Other,
    }
}

fn without_possessive(word: &str) -> &str {
    let mut chars = word.char_indices().rev();
    let (Some((_, 's' | 'S')), Some((at, sign))) = (chars.next(), chars.next()) else {
        return word;
    };
    if is_apostrophe(sign) && at > 0 { &word[..at] } else { word }
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_shape_and_what_parts_them() {
        let text = "Hi, J. O’Brien’s SMITH-jones al-Hakim met 2nd\niPhone. End";
        let found: Vec<_> = tokens(text)
            .into_iter()
            .map(|token| (text[token.range].to_owned(), token.shape, token.gap))
            .collect();
        let expected = [
            ("Hi", Shape::Title, Gap::Stop),
            ("J", Shape::Initial, Gap::Comma),
            ("O’Brien", Shape::Title, Gap::Dot),
            ("SMITH-jones", Shape::Title, Gap::Blank),
            ("al-Hakim", Shape::Title, Gap::Blank),
            ("met", Shape::Lower, Gap::Blank),
            ("2nd", Shape::Other, Gap::Blank),
            ("iPhone", Shape::Other, Gap::Break),
            ("End", Shape::Title, Gap::Dot),
        ];
        assert_eq!(found, expected.map(|(word, shape, gap)| (word.to_owned(), shape, gap)));
    }
}
