//! Which people are named in the address of a page?

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::unsure::is_known;
use super::view::View;
use super::{Recogniser, pattern};
use crate::latin;
use crate::name::{given_level, is_place, surname_level, word_level};
use crate::normal;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "slug",
        version: 1,
        summary: "People in the addresses of pages about them: /people/first-last, /users/…, /~name",
        handles: &["handle"],
        authority: "no standard: how web sites name the pages of people",
    },
    find,
    examples: &[
        ("see https://shop.example/people/tunde-alfarsi, there", &["handle=tunde-alfarsi"]),
        ("www.shop.example/staff/jane-smith-12ab3/ and", &["handle=jane-smith-12ab3"]),
        ("http://shop.example/~jbrook/index.html", &["handle=jbrook"]),
        ("https://shop.example/users/jbrook85?tab=1", &["handle=jbrook85"]),
        ("https://shop.example/users/settings and https://shop.example/team/about-us", &[]),
        ("the people/process balance, or ~approx", &[]),
    ],
};

pattern!(
    PAGE = r"(?i)(?:https?://|www\.)[^\s<>\x22']{3,120}?/(?:(?:people|persons?|staff|team|users?|profiles?|members?|authors?|employees?|our-people|our-team|consultants?|doctors?|contributors?)/|~)([\p{L}][\p{L}0-9._%\-]{2,60})"
);

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    if !view.text.contains("://") && !view.text.contains("www.") {
        return;
    }
    for captures in PAGE.captures_iter(view.text) {
        let Some(slug) = captures.get(1) else { continue };
        let text = slug.as_str().trim_end_matches(['.', '-', '_', '%']);
        let is_home = view.text[..slug.start()].ends_with('~');
        if !is_person(text, is_home) {
            continue;
        }
        if let Some(value) = normal::handle(text) {
            let range = slug.start()..slug.start() + text.len();
            drafts.push(Draft::new(range, Kind::Handle, value, 0.9, "handle:page"));
        }
    }
}

/// Does the last part of an address name somebody: words of which one is no ordinary word?
fn is_person(slug: &str, is_home: bool) -> bool {
    let parts: Vec<String> = slug
        .split(['-', '.', '_'])
        .filter(|part| part.chars().all(char::is_alphabetic) && part.chars().count() > 1)
        .map(latin)
        .collect();
    let is_name = |part: &String| {
        matches!(given_level(part), Some(1 | 2)) || matches!(surname_level(part), Some(1 | 2))
    };
    let is_word = |part: &String| word_level(part).is_some();
    match parts.as_slice() {
        [] => slug.contains(|c: char| c.is_ascii_digit()) && slug.contains(char::is_alphabetic),
        [one] => is_home || !is_known(one, one) && !is_place(one) && one.len() > 3,
        all => {
            all.len() <= 5
                && (all.iter().any(|part| !is_word(part) && part.len() > 2)
                    || is_name(&all[0]) && all.iter().any(|part| surname_level(part).is_some()))
                && all.iter().filter(|part| is_word(part) && !is_name(part)).count() < 2
        }
    }
}
