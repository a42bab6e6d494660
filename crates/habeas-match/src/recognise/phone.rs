//! Where does a text name a telephone number?

use std::ops::Range;

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::label::What;
use super::view::View;
use super::{Recogniser, pattern};
use crate::normal;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "phone",
        version: 3,
        summary: "Telephone numbers in national, international, exported, damaged, wrapped and spoken layouts",
        handles: &["phone"],
        authority: "ITU-T E.164; libphonenumber for the lengths in use",
    },
    find,
    examples: &[
        ("ring 07700 900123 today", &["phone=+447700900123"]),
        ("ring +44 (0)7700 900123", &["phone=+447700900123"]),
        ("ring 0044 7700 900123", &["phone=+447700900123"]),
        ("from 447700900123", &["phone=+447700900123"]),
        ("p:+447700900123", &["phone=+447700900123"]),
        ("'+447700900123", &["phone=+447700900123"]),
        ("Phone: 7700900123", &["phone=+447700900123"]),
        ("Mobile: 7700 900 123", &["phone=+447700900123"]),
        ("(01632) 960 123 ext. 12", &["phone=+441632960123"]),
        ("020 7946 0123 or 0203 325 6555", &["phone=+442079460123", "phone=+442033256555"]),
        ("+1 (212) 555-0123", &["phone=+12125550123"]),
        ("call 212-555-0123", &["phone=+12125550123"]),
        ("ring 07700\n900123 today", &["phone=+447700900123"]),
        ("her landlord (+44 (0)7700 900123) rang", &["phone=+447700900123"]),
        ("ring 01632/960123 or 07700 900123", &["phone=+441632960123", "phone=+447700900123"]),
        ("her number is +44\n(0)7700 900123\n", &["phone=+447700900123"]),
        ("Mob\n07700.9\n00.123", &["phone=+447700900123"]),
        ("077 00\n90 01\n23", &["phone=+447700900123"]),
        (
            "ring 7700 900123, or (01632/960123), or 07700 900123/4",
            &["phone=+447700900123", "phone=+441632960123", "phone=+447700900123"],
        ),
        ("ring 07700 9OO l23", &["phone=+447700900123"]),
        ("it is 0 7700 900 123, and 7700900123 is none", &["phone=+447700900123"]),
        ("012 30\n14 50\n23 and so on", &[]),
        ("01/02/2024\n12 345\n", &["date=2024-02-01|2024-01-02"]),
        ("file 0770/9001 and 01632/96", &[]),
        ("oh double seven double oh nine hundred", &[]),
        ("oh double seven double oh nine oh oh one two three", &["phone=+447700900123"]),
        ("2026-03-12T09:14:02.0770090012 and 0.07700900123", &["date=2026-03-12"]),
        ("<20240312.07700900123@mail> 10.20.30.40", &["ip=10.20.30.40"]),
        ("7700900123 pieces", &[]),
        ("Invoice no: 01632960123", &["reference=1632960123"]),
        (
            "DOB: 01/05/1970, 07700 900123",
            &["birth_date=1970-05-01|1970-01-05", "phone=+447700900123"],
        ),
        (
            "DOB: 01/05/1970 07700 900123",
            &["birth_date=1970-05-01|1970-01-05", "phone=+447700900123"],
        ),
        ("v 1.2.3 of 12/03/2024 09:14", &["date=2024-03-12|2024-12-03"]),
    ],
};

const BREAK: &str = r"(?:[ \u{a0}]{2}|[ .\u{a0}\u{2010}-\u{2013}\-]|\r?\n[> \t]*)?";

pattern!(WRITTEN = &[
    // International with its sign.
    r"\(?[+＋][ (]?[1-9](?:(?:[ ().\-/\u{a0}\u{2010}-\u{2013}]{0,3}|[ ]?\r?\n[> \t]*\(?)[0-9]){7,14}",
    // `00` and a country.
    r"|(?-u:\b)00[ ]?[1-9](?:[ ().\-]{0,2}[0-9]){8,13}",
    // The zero by itself.
    r"|(?-u:\b)0 7[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}",
    // A code and a number, parted as in Germany.
    r"|\(?0[1-9][0-9]{2,3}/[0-9]{6,7}",
    // Without its zero, in the groups of a mobile number.
    r"|(?-u:\b)7[0-9]{3} [0-9]{3}[ ]?[0-9]{3}(?-u:\b)",
    // National: a zero, nine or ten digits in groups of two or more.
    r"|\(?0[0-9]{2,5}\)?", BREAK, r"[0-9]{2,9}(?:", BREAK, r"[0-9]{2,8}){0,3}",
    // The country's code without a sign.
    r"|(?-u:\b)44(?:[ \-]?\(0\))?[ \-]?[1-9](?:[ \-]?[0-9]){8,9}",
    // American groups.
    r"|\(?[2-9][0-9]{2}\)?[ .\-][0-9]{3}[.\-][0-9]{4}|\([2-9][0-9]{2}\) ?[0-9]{3}[ .\-][0-9]{4}",
].concat());
pattern!(
    SPOKEN = r"(?i)(?-u:\b)(?:oh|zero|nought|o)(?:[ ,\-]+(?:double|treble|triple|hundred|oh|zero|nought|one|two|three|four|five|six|seven|eight|nine|o)\b){6,16}"
);
// A number that a narrow column broke, perhaps in the midst of a group.
pattern!(
    BROKEN = r"(?:\+44[ ]?(?:\(0\))?|(?-u:\b)0[0-9]{2,})[0-9 ().\-]*(?:\r?\n[> \t]*[0-9(][0-9 ().\-]*){1,3}"
);
// Letters that a scan left for digits of a mobile number.
pattern!(SCANNED = r"(?-u:\b)[0O]7[0-9OlI]{3} ?[0-9OlI]{3} ?[0-9OlI]{3}(?-u:\b)");

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for slot in view.slots_of(What::Phone) {
        labelled(view, slot.range.clone(), slot.is_column, drafts);
    }
    let mut from = 0;
    while let Some(found) = WRITTEN.find_at(view.text, from) {
        from = found.end();
        if view.is_elsewhere(found.start(), &[What::Phone]) {
            continue;
        }
        if let Some((range, value)) = written(view, found.range()) {
            // What was cut off may be the next number.
            from = range.end;
            let is_sure = value.starts_with("+44") || view.text[range.clone()].contains('+');
            // `01632/960123`: a reference that says so is one.
            let confidence = match (
                is_sure && !view.text[range.clone()].starts_with('7'),
                view.text[range.clone()].contains('/'),
            ) {
                (true, false) => 0.9,
                (true, true) => 0.8,
                (false, _) => 0.6,
            };
            drafts.push(Draft::new(range, Kind::Phone, value, confidence, "phone"));
        }
    }
    if view.text.contains('\n') {
        for found in BROKEN.find_iter(view.text) {
            if let Some((range, value)) = broken(view, found.range())
                && !view.is_elsewhere(found.start(), &[What::Phone])
            {
                drafts.push(Draft::new(range, Kind::Phone, value, 0.75, "phone:broken"));
            }
        }
    }
    for found in SCANNED.find_iter(view.text) {
        let written = found.as_str();
        let n_letters = written.chars().filter(char::is_ascii_alphabetic).count();
        let digits = written.replace('O', "0").replace(['l', 'I'], "1");
        if (1..4).contains(&n_letters)
            && let Some(value) = normal::phone(&digits)
            && !view.is_elsewhere(found.start(), &[What::Phone])
        {
            drafts.push(Draft::new(found.range(), Kind::Phone, value, 0.6, "phone:scanned"));
        }
    }
    if ["oh", "zero", "Oh", "Zero", "nought", "O ", "o "]
        .iter()
        .any(|word| view.text.contains(word))
    {
        for found in SPOKEN.find_iter(view.text) {
            if let Some(value) = spoken(found.as_str()) {
                drafts.push(Draft::new(found.range(), Kind::Phone, value, 0.7, "phone:spoken"));
            }
        }
    }
}

/// One or more numbers in a field or behind a label.
fn labelled(view: &View<'_>, range: Range<usize>, is_column: bool, drafts: &mut Vec<Draft>) {
    let mut start = range.start;
    // A spreadsheet's number is one, whatever signs are in it.
    let whole = &view.text[range.clone()];
    if let Some(value) = normal::unfloated(whole).and_then(|number| normal::phone(&number)) {
        drafts.push(Draft::new(range, Kind::Phone, value, 0.97, "phone:column"));
        return;
    }
    for part in view.text[range]
        .split_inclusive([',', ';', '|', '\n'])
        .flat_map(|part| part.split_inclusive(" / "))
        .flat_map(|part| part.split_inclusive(" or "))
    {
        let end = start + part.len();
        let digits = |c: char| c.is_ascii_digit();
        if let (Some(first), Some(last)) = (part.find(digits), part.rfind(digits)) {
            // The sign and brackets before the first digit belong to it.
            let open = part[..first].trim_end_matches(['(', '+', '＋']).len();
            let body = &part[open..=last];
            let tail_is_extension = body.to_ascii_lowercase().find("x").or_else(|| body.find('#'));
            let body = tail_is_extension
                .map_or(body, |at| body[..at].trim_end_matches(|c: char| !c.is_ascii_digit()));
            let letters = body.chars().filter(|c| c.is_alphabetic()).count();
            if letters == 0
                && let Some(value) = normal::phone(body)
            {
                let confidence = if is_column { 0.97 } else { 0.95 };
                let rule = if is_column { "phone:column" } else { "phone:label" };
                let from = start + open;
                drafts.push(Draft::new(
                    from..from + body.len(),
                    Kind::Phone,
                    value,
                    confidence,
                    rule,
                ));
            }
        }
        start = end;
    }
}

/// Checks what stands around a number, and cuts what is not of it.
fn written(view: &View<'_>, range: Range<usize>) -> Option<(Range<usize>, String)> {
    let text = view.text;
    let range = without_bracket(text, range);
    let before = view.before(range.start);
    let stands_in_file_name = is_in_file_name(text, &range);
    let is_led = text[..range.start].ends_with("wa.me/")
        || (before == Some('/') && n_digits_before(&text[..range.start - 1]) >= 10);
    let is_glued = before.is_some_and(|c| c.is_alphanumeric() || "_@#/\\".contains(c))
        || (before.is_some_and(|c| "-.,".contains(c))
            && text[..range.start - 1].ends_with(|c: char| c.is_ascii_digit()))
        || before == Some('.') && !text[..range.start - 1].ends_with(|c: char| c.is_alphabetic());
    if is_glued && !stands_in_file_name && !is_led {
        return None;
    }
    if stands_in_file_name {
        let end = range.start + 11;
        return normal::phone(&text[range.start..end]).map(|value| (range.start..end, value));
    }
    // A line that is a number by itself has nothing to do with the next.
    let first = text[range.clone()].find('\n').map(|at| range.start + at);
    let first = first.map(|end| range.start + text[range.start..end].trim_end().len());
    if let Some(end) = first
        && let Some(value) = normal::phone(&text[range.start..end])
    {
        return Some((range.start..end, value));
    }
    // Shorter and shorter, group by group, until it is a number: what follows may be a price.
    let mut end = range.end;
    loop {
        let candidate = &text[range.start..end];
        let after = view.after(end);
        let continues = after.is_some_and(|c| {
            (c.is_alphanumeric() && c != 'x' && c != 'e') || c == '_' || c == '@' || c == '%'
        }) || (after.is_some_and(|c| "-./:,".contains(c))
            && text[end + 1..].starts_with(|c: char| c.is_ascii_digit())
            && !(after == Some('/') && is_other_end(&text[end + 1..])));
        let value = if continues { None } else { normal::phone(candidate) };
        if let Some(value) = value.filter(|_| is_balanced(candidate)) {
            return Some((range.start..end, value));
        }
        let cut = candidate.rfind(|c: char| !c.is_ascii_digit() && c != ')')?;
        end = range.start + candidate[..cut].trim_end_matches(|c: char| !c.is_ascii_digit()).len();
        if end < range.start + 9 {
            return None;
        }
    }
}

/// `07700 900123/4`: the last digit of a second line; or the next number, glued to the first.
fn is_other_end(rest: &str) -> bool {
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_apart =
        !rest[n_digits..].starts_with(|c: char| c.is_alphanumeric() || "/.-".contains(c));
    n_digits >= 11 || n_digits < 3 && is_apart
}

/// A number over the ends of short lines that hold nothing else.
fn broken(view: &View<'_>, range: Range<usize>) -> Option<(Range<usize>, String)> {
    /// A line of a narrow column, in characters.
    const NARROW: usize = 24;
    let text = view.text;
    let line_start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let is_glued =
        view.before(range.start).is_some_and(|c| !c.is_whitespace() && !":(".contains(c));
    if is_glued || range.start - line_start > NARROW {
        return None;
    }
    let mut at = range.start;
    let mut n_digits = 0;
    let mut best = None;
    for (n, line) in text[range.clone()].split_inclusive('\n').enumerate() {
        let end = at + line.trim_end().len();
        at += line.len();
        // The line has to end with the number, but for what closes a bracket or a sentence.
        let rest = text[end..].lines().next().unwrap_or_default();
        let is_last = !rest.trim_matches([' ', ')', ',', '.', ';']).is_empty();
        let own = line.bytes().filter(u8::is_ascii_digit).count();
        n_digits += own;
        if is_last || own == 0 || is_day(line) || line.trim().len() > NARROW {
            break;
        }
        let candidate = &text[range.start..end];
        let value = normal::phone(candidate).filter(|value| {
            // Only a number in full: eleven digits, or the country's code and ten.
            let n = normal::digits(value).len();
            n == 12
                && value.starts_with("+44")
                && (candidate.starts_with('+') || n_digits == 11)
                && matches!(value.as_bytes()[3], b'1' | b'2' | b'3' | b'7')
        });
        if n == 0 && value.is_some() {
            return None;
        }
        if let Some(value) = value {
            best = Some((range.start..end, value));
            break;
        }
    }
    best
}

/// Is a line a date, a time or a sum?
fn is_day(line: &str) -> bool {
    let groups: Vec<&str> =
        line.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let has_signs = line.contains(['.', '-']);
    has_signs && groups.len() == 3 && groups.iter().all(|group| matches!(group.len(), 1 | 2 | 4))
        || groups.len() == 2 && groups[1].len() == 2 && line.contains('.') && groups[0].len() < 4
}

/// A number in brackets without the one that opens, where the other is not within.
fn without_bracket(text: &str, range: Range<usize>) -> Range<usize> {
    let found = &text[range.clone()];
    let is_open = found.starts_with('(') && found.matches('(').count() > found.matches(')').count();
    range.start + usize::from(is_open)..range.end
}

/// Does a national number of eleven digits without a blank stand between hyphens or underscores, as
/// in the names of recordings?
///
/// # Source
/// Issabel and FreePBX: `force-07…-3201-20250327-092517-1743042317.12206.wav`.
fn is_in_file_name(text: &str, range: &Range<usize>) -> bool {
    let digits = text[range.start..].bytes().take_while(u8::is_ascii_digit).count();
    let is_sign = |c: Option<char>| c.is_some_and(|c| c == '-' || c == '_');
    let mut before = text[..range.start].chars().rev();
    digits == 11
        && text[range.start..].starts_with('0')
        && is_sign(before.next())
        && before.next().is_some_and(char::is_alphabetic)
        && is_sign(text[range.start + 11..].chars().next())
}

fn n_digits_before(text: &str) -> usize {
    text.bytes().rev().take_while(u8::is_ascii_digit).count()
}

fn is_balanced(text: &str) -> bool {
    let closes = text.matches(')').count();
    // A break of a line stands inside a number at most once.
    (text.matches('(').count() == closes) && text.matches('\n').count() < 2
}

fn spoken(text: &str) -> Option<String> {
    let mut digits = String::new();
    let mut times = 1;
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        let digit = match word.to_ascii_lowercase().as_str() {
            "double" => {
                times = 2;
                continue;
            }
            "treble" | "triple" => {
                times = 3;
                continue;
            }
            "hundred" => {
                digits.push_str("00");
                continue;
            }
            "oh" | "zero" | "nought" | "o" => '0',
            "one" => '1',
            "two" => '2',
            "three" => '3',
            "four" => '4',
            "five" => '5',
            "six" => '6',
            "seven" => '7',
            "eight" => '8',
            _ => '9',
        };
        digits.extend(std::iter::repeat_n(digit, times));
        times = 1;
    }
    normal::phone(&digits)
}
