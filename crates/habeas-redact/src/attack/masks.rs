//! Does a row of crosses or blocks tell how long a name is?

use std::collections::BTreeSet;

/// Characters that stand for other characters one by one.
fn is_mask(c: char) -> bool {
    matches!(c, 'X' | 'x' | '*' | '#' | '\u{2580}'..='\u{259f}' | '\u{25a0}'..='\u{25ae}' | '\u{2022}' | '\u{25cf}')
}

/// Is it drawn to hide what was there, and for nothing else?
fn is_block(c: char) -> bool {
    matches!(c, '\u{2588}' | '\u{2587}' | '\u{25a0}' | '\u{25ae}' | '\u{2589}' | '\u{2593}')
}

/// What masks tell: words masked letter by letter where a name of so many letters was taken out, or
/// blocks of different lengths. `names` are folded.
pub(crate) fn told(text: &str, names: &BTreeSet<String>) -> Option<&'static str> {
    let shapes: BTreeSet<Vec<usize>> = names
        .iter()
        .map(|name| name.split(' ').map(|word| word.chars().count()).collect())
        .filter(|shape: &Vec<usize>| shape.len() > 1)
        .collect();
    let mut lengths = BTreeSet::new();
    for line in text.lines() {
        let mut run: Vec<usize> = Vec::new();
        for word in line.split(' ').chain([""]) {
            let bare = word.trim_matches(|c: char| !is_mask(c) && !c.is_alphanumeric());
            let mut letters = bare.chars();
            let first = letters.next().filter(|c| is_mask(*c));
            let n = 1 + letters.clone().count();
            let is_one = first.is_some_and(|first| n > 1 && letters.all(|c| c == first));
            if is_one {
                run.push(n);
                if first.is_some_and(is_block) && n > 2 {
                    lengths.insert(n);
                }
            }
            // A mark after the word ends the run, as it would end the name.
            if !is_one || word != bare {
                if shapes.contains(&run) {
                    return Some("a mask has the letters of what was taken out");
                }
                run.clear();
            }
        }
    }
    (lengths.len() > 1).then_some("blocks of different lengths stand for what was taken out")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, is_told: bool) {
        let names = ["tom quill", "quill tom", "anne marie ford"].map(str::to_owned).into();
        assert_eq!(told(text, &names).is_some(), is_told, "{text:?}");
    }

    #[test]
    fn a_mask_of_equal_length_tells_the_name() {
        check("seen by XXX XXXXX today", true);
        check("(\u{2588}\u{2588}\u{2588}\u{2588}\u{2588} \u{2588}\u{2588}\u{2588})", true);
        check("Dear *** *****,", true);
        check("seen by XXXX XXXXX XXXX.", true);
        check("\u{2588}\u{2588}\u{2588}\u{2588} and \u{2588}\u{2588}\u{2588}", true);
    }

    #[test]
    fn other_rows_of_marks_tell_nothing() {
        check("card XXXX XXXX XXXX 1234", false);
        check("seen by [TP 001] today", false);
        check("*** the end ***", false);
        check("\u{2588}\u{2588}\u{2588}\u{2588} and \u{2588}\u{2588}\u{2588}\u{2588}", false);
        check("# Title\n## Part\nx x x", false);
    }
}
