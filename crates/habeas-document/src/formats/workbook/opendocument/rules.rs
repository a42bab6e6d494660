//! What does an OpenDocument workbook let people enter, and what does it tell them?
//!
//! Rules stand before the sheets, and cells name them (OpenDocument 1.3, Part 3, 9.4.3 to 9.4.8).

use std::collections::{HashMap, HashSet};

use crate::formats::markup::{Element, Step, Walk};

/// The rules of a workbook, in their order.
#[derive(Default)]
pub(super) struct Rules {
    /// What each rule says.
    rules: Vec<Vec<String>>,
    by_name: HashMap<String, usize>,
    used: HashSet<usize>,
}

impl Rules {
    /// Begins the rule of an element: its name, and what may be chosen where that is written out.
    pub(super) fn begin(&mut self, element: &Element<'_>) {
        let name = element.attribute("name").unwrap_or_default();
        let condition = element.attribute("condition").unwrap_or_default();
        let choices = quoted(&condition).join(", ");
        self.by_name.insert(name, self.rules.len());
        self.rules.push(vec![choices]);
    }

    /// Adds a message to the rule that was begun last: its title, and its text, at whose element the
    /// walk stands.
    pub(super) fn message(&mut self, element: &Element<'_>, walk: &mut Walk<'_>) {
        let title = element.attribute("title").unwrap_or_default();
        let mut text = String::new();
        let name = element.name().to_owned();
        for step in walk {
            match step {
                Step::Text(piece) => text.push_str(&piece),
                Step::Open(inner) if matches!(inner.name(), "s" | "tab" | "line-break") => {
                    text.push(' ');
                }
                Step::Close(inner) if inner == name => break,
                Step::Close(inner) if inner == "p" => text.push('\n'),
                _ => {}
            }
        }
        if let Some(rule) = self.rules.last_mut() {
            rule.extend([title, text]);
        }
    }

    /// The number of the rule of that name.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// What the rules of these numbers say.
    pub(super) fn texts(&mut self, numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
        let mut texts = Vec::new();
        for number in numbers {
            if let Some(rule) = self.rules.get(number) {
                texts.extend(rule.iter().cloned());
                self.used.insert(number);
            }
        }
        texts
    }

    /// What the rules say that no cell names.
    pub(super) fn unused(&mut self) -> Vec<String> {
        let unused: Vec<usize> =
            (0..self.rules.len()).filter(|number| !self.used.contains(number)).collect();
        self.texts(unused)
    }
}

/// The texts of a formula that stand in quotation marks, of which two are one that is meant.
fn quoted(formula: &str) -> Vec<String> {
    let (mut texts, mut letters) = (Vec::new(), formula.chars().peekable());
    while let Some(c) = letters.next() {
        if c != '"' {
            continue;
        }
        let mut text = String::new();
        while let Some(c) = letters.next() {
            if c != '"' {
                text.push(c);
            } else if letters.next_if_eq(&'"').is_some() {
                text.push('"');
            } else {
                break;
            }
        }
        texts.push(text);
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_that_are_written_out_are_read() {
        for (condition, expected) in [
            (
                "of:cell-content-is-in-list(\"Amara Lind\";\"Bo \"\"B\"\" Ek\")",
                "Amara Lind|Bo \"B\" Ek",
            ),
            ("of:cell-content-is-in-list([$Staff.$A$1:.$A$9])", ""),
            ("of:cell-content-is-in-list(\"Amara", "Amara"),
            ("of:cell-content-is-whole-number() and cell-content()>5", ""),
        ] {
            assert_eq!(quoted(condition).join("|"), expected, "{condition}");
        }
    }
}
