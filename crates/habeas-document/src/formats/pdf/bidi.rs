//! In which order are the characters of a line read, if some run from right to left?
//!
//! A page has them where they are seen, from left to right. This is a small part of the Unicode
//! bidirectional algorithm run backwards: enough for names and sentences in Hebrew and Arabic.

/// Turns the order in which characters are seen into the order in which they are read.
pub(super) fn logical(line: String) -> String {
    if !line.chars().any(is_rtl) {
        return line;
    }
    let n_rtl = line.chars().filter(|c| is_rtl(*c)).count();
    let n_ltr = line.chars().filter(|c| c.is_alphabetic() && !is_rtl(*c)).count();
    let runs = runs(&line);
    let read = |(text, rtl): &(String, bool)| -> String {
        if *rtl { text.chars().rev().map(mirrored).collect() } else { text.clone() }
    };
    if n_rtl > n_ltr {
        runs.iter().rev().map(read).collect()
    } else {
        runs.iter().map(read).collect()
    }
}

/// Runs of one direction. What has none goes with the right-to-left text that it stands in; numbers
/// and Latin letters do not.
fn runs(line: &str) -> Vec<(String, bool)> {
    let mut runs: Vec<(String, bool)> = Vec::new();
    let mut neutral = String::new();
    for c in line.chars() {
        let is_strong = c.is_alphanumeric();
        if !is_strong {
            neutral.push(c);
            continue;
        }
        let rtl = is_rtl(c);
        match runs.last_mut() {
            Some((text, direction)) if *direction == rtl => {
                text.push_str(&neutral);
                text.push(c);
            }
            _ => {
                if !neutral.is_empty() {
                    runs.push((neutral.clone(), true));
                }
                runs.push((c.to_string(), rtl));
            }
        }
        neutral.clear();
    }
    if !neutral.is_empty() {
        runs.push((neutral, true));
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

    #[test]
    fn hebrew_is_read_from_the_right() {
        assert_eq!(logical("Amara Lind".to_owned()), "Amara Lind");
        assert_eq!(logical("םולש".to_owned()), "שלום");
        assert_eq!(logical("07700 900123 ןופלט".to_owned()), "טלפון 07700 900123");
    }
}
