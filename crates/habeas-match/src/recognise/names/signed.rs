//! Which names sign a text?

use std::ops::Range;

use super::super::hits::Draft;
use super::super::label::trimmed;
use super::super::view::View;
use super::cues::{ORGANISATIONS, PARTICLES};
use super::draft;
use super::judge::Judged;
use crate::PersonName;
use crate::name::{given_level, nicknames};

/// Sign-offs: `Kind regards,⏎Jane`, `Thanks, Jane`.
pub(super) fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    let text = view.text;
    let mut start = 0;
    let mut is_open = false;
    for line in text.split_inclusive('\n') {
        let range = unquoted(text, trimmed(text, start..start + line.len()));
        start += line.len();
        let body = &text[range.clone()];
        if body.is_empty() {
            continue;
        }
        if is_open {
            is_open = false;
            signed(view, range.clone(), drafts);
        } else if is_slashed(body) {
            signed(view, range.clone(), drafts);
        } else if body.len() <= 24
            && [" x", " xx", " xxx", " X"].iter().any(|kiss| body.ends_with(kiss))
            && text[range.end..].trim().is_empty()
        {
            // `Grace x` ends a message.
            signed(view, range.clone(), drafts);
        }
        let folded: String = body
            .chars()
            .filter(|c| c.is_alphabetic() || *c == ' ')
            .collect::<String>()
            .trim()
            .to_lowercase();
        if body.len() <= 40 && is_sign_off(&folded) {
            is_open = true;
        } else if body.len() <= 60 {
            // On one line: `Many thanks, Jane`.
            if let Some(at) = body.find([',', '-', '–', '!', '.']) {
                let head: String = body[..at].trim().to_lowercase();
                let sign = body[at..].chars().next().map_or(1, char::len_utf8);
                if is_sign_off(&head) {
                    signed(view, trimmed(text, range.start + at + sign..range.end), drafts);
                }
            }
        }
    }
}

/// A line without the signs of quotation before it.
fn unquoted(text: &str, range: Range<usize>) -> Range<usize> {
    let line = &text[range.clone()];
    let signs = line.len() - line.trim_start_matches(['>', '|', ' ', '\t']).len();
    range.start + signs..range.end
}

/// `/KBS` on a line by itself, as people sign in Germany and Scandinavia.
fn is_slashed(line: &str) -> bool {
    let letters = line.strip_prefix('/').map(|rest| rest.trim_start_matches('/'));
    letters.is_some_and(|letters| {
        (2..=4).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase())
    })
}

/// A line that is nothing but the name of whoever signed.
fn signed(view: &View<'_>, range: Range<usize>, drafts: &mut Vec<Draft>) {
    let line = &view.text[range.clone()];
    let signs = line.len() - line.trim_start_matches(['/', '-', '–', '—', '~', '*', ' ']).len();
    let is_slashed = is_slashed(line);
    let range = range.start + signs..range.end;
    let text = &view.text[range.clone()];
    let end = text.find([',', '(', '|', '<', '-', '–', '/']).unwrap_or(text.len());
    let kept = text[..end].trim_end_matches([' ', '.', 'x', 'X', '!']).trim_end();
    let kept = if kept.is_empty() { text[..end].trim_end() } else { kept };
    let words: Vec<&str> = kept.split_whitespace().collect();
    if words.is_empty() || words.len() > 4 || kept.len() > 50 {
        return;
    }
    let judged: Vec<Judged> = words
        .iter()
        .map(|word| Judged::new(word.trim_matches('.'), &view.setting.directory))
        .collect();
    let is_capital =
        words.iter().all(|word| word.starts_with(char::is_uppercase) || PARTICLES.contains(word));
    // `Cheers, Bill`: here even a word is a name, if it is a common one.
    let is_common = |judged: &Judged| {
        words.len() == 1
            && (given_level(&judged.folded) == Some(1) || !nicknames(&judged.folded).is_empty())
    };
    let is_unknown_alone = words.len() == 1 && judged[0].is_unknown;
    let is_possible = judged
        .iter()
        .any(|judged| judged.best() >= 0.25 && !judged.is_never() || is_common(judged))
        && !judged.iter().any(|judged| judged.is_never() && !is_common(judged))
        || is_unknown_alone;
    let is_initial =
        (kept.chars().count() <= 2 || is_slashed) && kept.chars().all(char::is_uppercase);
    if is_slashed {
        // Three letters or more are those of a name, not a name.
        let given: Vec<String> = kept.chars().map(|c| crate::latin(&c.to_string())).collect();
        let range = range.start..range.start + kept.len();
        drafts.push(draft(range, format!(", {}", given.join(" ")), 0.86, "name:signoff"));
        return;
    }
    let has_org = judged.iter().any(|judged| ORGANISATIONS.contains(&judged.folded.as_str()));
    if (!is_possible || has_org || !is_capital && judged[0].given < 0.5) && !is_initial {
        return;
    }
    let Some(name) = PersonName::parse(kept) else { return };
    let range = range.start..range.start + kept.len();
    drafts.push(draft(range, name.value(), if is_capital { 0.86 } else { 0.75 }, "name:signoff"));
}

fn is_sign_off(folded: &str) -> bool {
    const ENDS: &[&str] = &[
        "regards",
        "kind regards",
        "best regards",
        "warm regards",
        "many thanks",
        "thanks",
        "thank you",
        "cheers",
        "best wishes",
        "best",
        "yours sincerely",
        "yours faithfully",
        "sincerely",
        "with thanks",
        "ta",
        "love",
        "all the best",
        "yours",
        "kindest regards",
        "with kind regards",
        "with best wishes",
        "warmest regards",
        "thanks again",
        "thanks in advance",
        "respectfully",
        "cordially",
        "mit freundlichen grussen",
        "mit freundlichen grüßen",
        "viele grüße",
        "cordialement",
        "saludos",
        "un saludo",
        "lg",
        "kr",
        "br",
        "rgds",
        "many thanks and kind regards",
        "thanks and regards",
        "thanks and kind regards",
        "yours truly",
        "signed",
        "speak soon",
        "see you soon",
        "take care",
        "lots of love",
        "much love",
        "thanks so much",
        "many thanks in advance",
        "thank you very much",
    ];
    ENDS.contains(&folded)
}
