//! Which form do all layouts of one telephone number share?

use rlibphonenumber::PHONE_NUMBER_UTIL;
use rlibphonenumber::enums::Region;

use super::digits;

/// E.164, read as in the United Kingdom: `+447700900123`.
///
/// Reads `+`, `00`, `(0)`, `tel:`, export prefixes (`p:`, `'`), extensions (left out), a country
/// code without a sign and a leading zero that a spreadsheet ate (`7700900123`),
/// a number that it made a fraction or wrote with an exponent, as long as all digits are there. Numbers are held
/// to a possible length, not to ranges that are in use: numbers for drama and new ranges count.
pub fn phone(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(['\'', '"', '=']);
    let unfloated = super::unfloated(text);
    let text = unfloated.as_deref().unwrap_or(text);
    let text = ["tel:", "sms:", "p:", "TEL:", "whatsapp:"]
        .iter()
        .find_map(|p| text.strip_prefix(p))
        .unwrap_or(text);
    let text = without_extension(text);
    let all = digits(text);
    let has_plus =
        text.trim_start().trim_start_matches('(').starts_with('+') || text.starts_with('＋');
    let international = if has_plus {
        all
    } else if let Some(rest) = all.strip_prefix("00") {
        rest.to_owned()
    } else if all.starts_with('0') && (10..=11).contains(&all.len()) {
        format!("44{}", &all[1..])
    } else if all.starts_with("44") && (11..=13).contains(&all.len()) {
        all
    } else if all.len() == 10 && is_american(text) {
        format!("1{all}")
    } else if all.len() == 10 && is_short_of_zero(&all) && !text.contains('(') {
        format!("44{all}")
    } else if (11..=13).contains(&all.len()) && !all.starts_with('0') {
        all
    } else {
        return None;
    };
    // `+44 (0)7700` and `+440…`: the zero is dialled inside the country only.
    let international = match international.strip_prefix("440") {
        Some(rest) if rest.len() >= 9 => format!("44{rest}"),
        _ => international,
    };
    let is_length = match international.strip_prefix("44") {
        Some(rest) => (9..=10).contains(&rest.len()) && !rest.starts_with('0'),
        None => is_possible(&international),
    };
    is_length.then(|| format!("+{international}"))
}

/// The last nine digits of a normal form, for joins in which country or zero got lost.
pub fn last_nine(phone: &str) -> Option<&str> {
    phone.len().checked_sub(9).and_then(|start| phone.get(start..))
}

/// Ten digits that a spreadsheet took the zero from: no area begins with 4, 5, 6 or 9.
fn is_short_of_zero(digits: &str) -> bool {
    digits.starts_with(['1', '2', '3', '7', '8'])
}

/// `(212) 555-0123` or `212-555-0123`.
fn is_american(text: &str) -> bool {
    let groups: Vec<usize> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .map(str::len)
        .collect();
    groups == [3, 3, 4] && !text.trim_start().starts_with('0')
}

fn is_possible(international: &str) -> bool {
    (8..=15).contains(&international.len())
        && PHONE_NUMBER_UTIL
            .parse(format!("+{international}"), Some(Region::GB))
            .is_ok_and(|number| number.is_possible_with_reason().is_ok())
}

fn without_extension(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let cut = ["ext", "x", "#", ";", "/"].iter().filter_map(|sign| lower.find(sign)).min();
    let head = &text[..cut.unwrap_or(text.len())];
    // `x3201` alone is an extension and nothing else; the check of the length says so.
    if digits(head).len() >= 8 { head } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_of_one_number_are_one() {
        for text in [
            "07700 900123",
            "+44 (0)7700 900123",
            "+447700900123",
            "00447700900123",
            "0044 7700 900 123",
            "447700900123",
            "7700900123",
            "p:+447700900123",
            "'+447700900123",
            "07700-900-123",
            "07700 900123 ext. 12",
            "07700900123 x3201",
            "tel:+44-7700-900123",
            "(07700) 900123",
            "+4407700900123",
            "07700.900.123",
        ] {
            assert_eq!(phone(text).as_deref(), Some("+447700900123"), "{text}");
        }
        assert_eq!(phone("0203 325 6555"), phone("020 3325 6555"));
        assert_eq!(phone("01632 960123").as_deref(), Some("+441632960123"));
        assert_eq!(phone("+1 212 555 0123").as_deref(), Some("+12125550123"));
        assert_eq!(phone("(212) 555-0123").as_deref(), Some("+12125550123"));
        assert_eq!(phone("+48 601 234 567").as_deref(), Some("+48601234567"));
        for text in ["12", "x3201", "0000", "+44 12", "1234567", ""] {
            assert_eq!(phone(text), None, "{text}");
        }
        assert_eq!(last_nine("+447700900123"), Some("700900123"));
    }
}
