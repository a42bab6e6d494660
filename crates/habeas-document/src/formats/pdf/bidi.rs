//! In which order are the characters of a line read, if some run from right to left?
//!
//! A page has them where they are seen, from left to right. This is a small part of the Unicode
//! bidirectional algorithm run backwards: enough for names and sentences in Hebrew and Arabic.

use super::traced::Traced;

/// A character, and the glyph that it came from.
type Letter = (char, u32);

/// Turns the order in which characters are seen into the order in which they are read.
pub(super) fn logical(line: Traced) -> Traced {
    if !line.as_str().chars().any(is_rtl) {
        return line;
    }
    let n_rtl = line.as_str().chars().filter(|c| is_rtl(*c)).count();
    let is_ltr = |c: &char| c.is_alphabetic() && !is_rtl(*c);
    let n_ltr = line.as_str().chars().filter(is_ltr).count();
    let is_from_right = n_rtl > n_ltr;
    let runs = runs(&line, is_from_right);
    let read = |(text, rtl): &(Vec<Letter>, bool)| -> Vec<Letter> {
        if *rtl {
            text.iter().rev().map(|(c, from)| (mirrored(*c), *from)).collect()
        } else {
            text.clone()
        }
    };
    if is_from_right {
        runs.iter().rev().flat_map(read).collect()
    } else {
        runs.iter().flat_map(read).collect()
    }
}

/// Runs of one direction. What has none goes with the text that it stands in, or between two texts with
/// the line; numbers and Latin letters do not run from the right.
fn runs(line: &Traced, is_from_right: bool) -> Vec<(Vec<Letter>, bool)> {
    let mut runs: Vec<(Vec<Letter>, bool)> = Vec::new();
    let mut neutral: Vec<Letter> = Vec::new();
    for (c, from) in line.chars() {
        let is_strong = c.is_alphanumeric();
        if !is_strong {
            neutral.push((c, from));
            continue;
        }
        let rtl = is_rtl(c);
        match runs.last_mut() {
            Some((text, direction)) if *direction == rtl => {
                text.append(&mut neutral);
                text.push((c, from));
            }
            _ => {
                if !neutral.is_empty() {
                    runs.push((neutral.clone(), is_from_right));
                }
                runs.push((vec![(c, from)], rtl));
            }
        }
        neutral.clear();
    }
    if !neutral.is_empty() {
        runs.push((neutral, is_from_right));
    }
    runs
}

fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && !c.is_numeric()
}

fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seen: &str, read: &str) {
        let traced: Traced = seen.chars().zip(0..).collect();
        let letters: Vec<char> = seen.chars().collect();
        let logical = logical(traced);
        assert_eq!(logical.as_str(), read);
        for (c, from) in logical.chars() {
            assert_eq!(letters[from as usize], c);
        }
    }

    #[test]
    fn hebrew_is_read_from_the_right() {
        check("Amara Lind", "Amara Lind");
        check("םולש", "שלום");
        check("לאק [TP 002] נא Amara Lind", "קאל [TP 002] אנ Amara Lind");
        check("07700 900123 ןופלט", "טלפון 07700 900123");
    }
}
