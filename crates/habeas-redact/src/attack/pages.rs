//! What do the pages of a finished file show and tell? Each is interpreted, drawn, and looked at.

use std::collections::BTreeSet;

use hayro::RenderCache;
use hayro::hayro_syntax::Pdf;

use super::lines::{Line, lines};
use super::page::{self, Sheet};
use super::{Attack, Means, fonts, look, seen, widths};
use crate::search::Searcher;

/// Of the words of a text without ink, so many of a hundred have to be seen in the picture.
const LEAST_CONFIRMED: usize = 60;

/// Checks every page; what is found is added to the attack.
pub(super) fn check(
    bytes: &[u8],
    searchers: &[&Searcher],
    means: &Means<'_>,
    attack: &mut Attack,
    trouble: &mut Vec<String>,
) {
    let Ok(pdf) = Pdf::new(bytes.to_vec()) else {
        trouble.push("its pages cannot be drawn".to_owned());
        return;
    };
    let (sheets, fonts) = page::read(&pdf);
    let n_leftover = fonts::n_leftover(&sheets, &fonts);
    if n_leftover > 0 {
        attack.hygiene.push(format!("{n_leftover} letters in fonts that no page shows"));
    }
    let pages: Vec<Vec<Line>> = sheets.iter().map(lines).collect();
    measure(&pages, &sheets, searchers, means, attack);
    let cache = RenderCache::new();
    for (index, (sheet, lines)) in sheets.iter().zip(&pages).enumerate() {
        let number = index + 1;
        let Some(grey) = seen::drawn(&pdf, index, seen::DPI, &cache) else {
            trouble.push(format!("page {number} cannot be drawn"));
            continue;
        };
        attack.n_pages += 1;
        let unseen = seen::unseen(sheet, &grey);
        if unseen.n_letters > 0 {
            let n = unseen.n_letters;
            attack
                .hygiene
                .push(format!("page {number}: {n} letters that can be read and not seen"));
        }
        let needs_look = sheet.needs_look() || unseen.n_of_scan > 0;
        if !needs_look && !means.looks_at_all {
            continue;
        }
        let Some(look) = means.look else {
            attack.n_unlooked += 1;
            continue;
        };
        let grey = seen::drawn(&pdf, index, look::DPI, &cache);
        match grey.and_then(|grey| look(&grey)) {
            Some(text) => {
                attack.n_looked += 1;
                looked(number, &text, sheet, lines, unseen.n_of_scan > 0, searchers, attack);
            }
            None => trouble.push(format!("page {number} could not be looked at")),
        }
    }
}

/// Compares what is seen on a page with what was taken out, and with what can be read on it.
fn looked(
    number: usize,
    text: &str,
    sheet: &Sheet,
    lines: &[Line],
    has_layer: bool,
    searchers: &[&Searcher],
    attack: &mut Attack,
) {
    let read: Vec<String> = lines.iter().map(Line::plain).collect();
    for leak in look::leaks(text, &read.join("\n"), searchers) {
        if !attack.leaks.contains(&leak) {
            attack.leaks.push(leak);
        }
    }
    if has_layer {
        let letters = sheet.letters.iter().filter(|letter| !letter.has_ink).cloned().collect();
        let layer = Sheet { letters, ..Sheet::default() };
        let layer: Vec<String> = self::lines(&layer).iter().map(Line::plain).collect();
        let (n_seen, n_words) = look::confirmed(&layer.join("\n"), text);
        if n_seen * 100 < n_words * LEAST_CONFIRMED {
            let what = format!("page {number}: its text is not what its picture shows");
            attack.hygiene.push(what);
        }
    }
}

fn measure(
    pages: &[Vec<Line>],
    sheets: &[Sheet],
    searchers: &[&Searcher],
    means: &Means<'_>,
    attack: &mut Attack,
) {
    let names = |label: &str| -> Vec<String> {
        let number: String = label.chars().rev().skip(1).take_while(char::is_ascii_digit).collect();
        let number: String = number.chars().rev().collect();
        let person = means.people.and_then(|people| people.get(&number)).map(String::as_str);
        let all = searchers.iter().flat_map(|searcher| searcher.names_of(person));
        all.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let told = widths::told(pages, sheets, &names);
    attack.tells.extend(told.tells);
    attack.boxes = told.boxes;
    attack.n_measured = told.n_labels as u64;
}
