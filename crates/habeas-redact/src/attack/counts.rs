//! Does every label stand where it should, and no other? Counted, label by label.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

/// How often each label stands in a text, whatever breaks it into lines.
pub fn labels(text: &str) -> BTreeMap<String, usize> {
    static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        // With a role, `[TP 001 staff]`, or without.
        Regex::new(
            r"\[\s*([A-Z][A-Z0-9.-]{0,11})\s*(\d{3,6})\s*([a-z][a-z\s-]{0,25})?\]|\[\s*(TP|NPD)\s*([a-z][a-z\s-]{0,25})?\]",
        )
        .ok()
    });
    let mut labels = BTreeMap::new();
    for found in LABEL.iter().flat_map(|label| label.captures_iter(text)) {
        let role: String = found
            .get(3)
            .or(found.get(5))
            .map(|role| role.as_str().split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|role| !role.is_empty())
            .map_or(String::new(), |role| format!(" {role}"));
        let label = match (found.get(1), found.get(2), found.get(4)) {
            (Some(code), Some(number), _) => {
                format!("[{} {}{role}]", code.as_str(), number.as_str())
            }
            (_, _, Some(code)) => format!("[{}{role}]", code.as_str()),
            _ => continue,
        };
        *labels.entry(label).or_default() += 1;
    }
    labels
}

/// How many labels a reading has too few, and how many too many.
pub(crate) fn differ(
    expected: &BTreeMap<String, usize>,
    found: &BTreeMap<String, usize>,
) -> (usize, usize) {
    let missing = |of: &BTreeMap<String, usize>, from: &BTreeMap<String, usize>| {
        of.iter()
            .map(|(label, n)| n.saturating_sub(from.get(label).copied().unwrap_or(0)))
            .sum::<usize>()
    };
    (missing(expected, found), missing(found, expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_any_code_are_counted() {
        let text = "seen by [TP 001] and [TP\n001], [S2P3-16 012], [TP], [NPD]; [sic], [TP 1], [A]";
        let found: Vec<(String, usize)> = labels(text).into_iter().collect();
        let expected = [("[NPD]", 1), ("[S2P3-16 012]", 1), ("[TP 001]", 2), ("[TP]", 1)];
        assert_eq!(found, expected.map(|(label, n)| (label.to_owned(), n)));
    }

    #[test]
    fn a_label_for_another_is_seen() {
        let (one, two) = (labels("[TP 001] [TP 002]"), labels("[TP 001] [TP 001]"));
        assert_eq!(differ(&one, &two), (1, 1));
        assert_eq!(differ(&one, &one), (0, 0));
    }
}
