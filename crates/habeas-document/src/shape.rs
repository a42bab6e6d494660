//! What does a single value look like, whatever its column is called?
//!
//! These are shapes, not proofs: whether an identifier is real is for the recognisers to say.

/// An e-mail address and nothing else.
pub(crate) fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let fits = |text: &str| !text.chars().any(|c| c.is_whitespace() || "<>,;:()\"".contains(c));
    !local.is_empty()
        && fits(local)
        && fits(domain)
        && domain.split('.').count() >= 2
        && domain.split('.').all(|label| !label.is_empty())
}

/// A telephone number as a person or a machine writes it: 9 to 15 digits after `+` or `0`, or in
/// the grouping of some country.
pub(crate) fn is_phone(value: &str) -> bool {
    let value = value.trim_start_matches(['\'', '=']).trim_matches('"');
    let main = value.split(" ext").next().unwrap_or(value);
    let main = main.strip_prefix("tel:").unwrap_or(main);
    let n_digits = count_digits(main);
    let is_written_so =
        main.chars().all(|c| c.is_ascii_digit() || "+-. ()/\u{a0}\u{2011}".contains(c));
    let begins = main.trim_start_matches('(').chars().next().unwrap_or(' ');
    let is_grouped = main.contains([' ', '-', '(', '.']) && n_digits >= 10;
    is_written_so
        && (9..=15).contains(&n_digits)
        && (begins == '+'
            || begins == '0'
            || is_grouped
            || (main.starts_with("44") && n_digits == 12)
            || (main.starts_with('7') && n_digits == 10))
        && !is_date(value)
}

/// An extension of a switchboard: two to six digits, as in `3201` and `Ext.3201`.
pub(crate) fn is_extension(value: &str) -> bool {
    let value = ["Ext.", "ext.", "Ext", "ext", "x"]
        .iter()
        .find_map(|prefix| value.strip_prefix(prefix))
        .map_or(value, str::trim_start);
    (2..=6).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// A postcode of the United Kingdom, in any case, with or without its space.
pub(crate) fn is_postcode(value: &str) -> bool {
    let code: Vec<u8> =
        value.bytes().filter(|byte| *byte != b' ').map(|byte| byte.to_ascii_uppercase()).collect();
    let Some((outward, inward)) = code.split_at_checked(code.len().saturating_sub(3)) else {
        return false;
    };
    let &[digit, first, second] = inward else { return false };
    (2..=4).contains(&outward.len())
        && outward[0].is_ascii_uppercase()
        && outward.iter().any(u8::is_ascii_digit)
        && outward.iter().all(u8::is_ascii_alphanumeric)
        && digit.is_ascii_digit()
        && first.is_ascii_uppercase()
        && second.is_ascii_uppercase()
}

/// An internet address of version 4 or 6.
pub(crate) fn is_ip(value: &str) -> bool {
    value.parse::<std::net::IpAddr>().is_ok()
}

/// A date, with or without a time: `2024-03-12 09:14`, `12/03/24`, `3.4.1985`, `12 Apr 1985`,
/// `December 2, 2020 9:00 am`.
pub(crate) fn is_date(value: &str) -> bool {
    let parts: Vec<&str> = value
        .split(|c: char| c.is_whitespace() || c == 'T' || c == ',' || c == ':')
        .filter(|part| !part.is_empty())
        .take(3)
        .collect();
    let Some(first) = parts.first() else { return false };
    let numbers: Vec<&str> = first.split(['-', '/', '.']).collect();
    if let [a, b, c] = numbers.as_slice() {
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (year, others) = if a.len() == 4 { (a, [b, c]) } else { (c, [a, b]) };
        return is_number(year)
            && matches!(year.len(), 2 | 4)
            && others
                .iter()
                .all(|part| (1..=2).contains(&part.len()) && is_number(part) || is_month(part));
    }
    let [a, b, c] = parts.as_slice() else { return false };
    let is_day = |text: &str| {
        let digits = text.trim_end_matches(char::is_alphabetic);
        (1..=2).contains(&digits.len())
            && digits.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
    };
    let is_year = |text: &str| matches!(text.len(), 2 | 4) && text.parse::<u16>().is_ok();
    (is_day(a) && is_month(b) && is_year(c)) || (is_month(a) && is_day(b) && is_year(c))
}

fn is_month(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.to_ascii_lowercase();
    lower.bytes().all(|byte| byte.is_ascii_lowercase())
        && lower.len() <= 9
        && MONTHS.iter().any(|month| lower.starts_with(month))
}

/// A plain number: an amount, a count, a code of digits.
pub(crate) fn is_number(value: &str) -> bool {
    value.bytes().any(|byte| byte.is_ascii_digit())
        && value.chars().all(|c| c.is_ascii_digit() || "+-.,%£$€eE ()".contains(c))
}

/// Ten digits whose last one checks the others as in an NHS number.
///
/// # Source
/// NHS Data Dictionary, NHS NUMBER: modulus 11 with weights 10 to 2.
pub(crate) fn is_nhs_number(value: &str) -> bool {
    let digits: Vec<u32> =
        value.chars().filter(|c| !matches!(c, ' ' | '-')).map_while(|c| c.to_digit(10)).collect();
    let n_kept = value.chars().filter(|c| !matches!(c, ' ' | '-')).count();
    let [front @ .., last] = digits.as_slice() else { return false };
    if front.len() != 9 || n_kept != 10 {
        return false;
    }
    let sum: u32 = front.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    let check = (11 - sum % 11) % 11;
    check == *last
}

/// Two to four words that each begin with a capital, with no digit and no mark that names do not
/// have.
pub(crate) fn is_like_a_name(value: &str) -> bool {
    const PARTICLES: [&str; 14] =
        ["van", "de", "der", "den", "von", "al", "bin", "la", "le", "el", "da", "di", "dos", "du"];
    let words: Vec<&str> = value.split_whitespace().take(6).collect();
    (2..=4).contains(&words.len())
        && value.chars().all(|c| c.is_alphabetic() || " .,'’-".contains(c))
        && words.iter().all(|word| word.starts_with(char::is_uppercase) || PARTICLES.contains(word))
}

/// A digest in hexadecimal digits (MD5, SHA-1, SHA-256), as advertisers upload addresses.
pub(crate) fn is_digest(value: &str) -> bool {
    matches!(value.len(), 32 | 40 | 64)
        && value.bytes().all(|byte| byte.is_ascii_hexdigit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && value.bytes().any(|byte| byte.is_ascii_digit())
}

/// An amount of money: with its sign, or with two decimals and nothing else.
pub(crate) fn is_amount(value: &str) -> bool {
    let has_sign = value.contains(['£', '$', '€', '%']);
    let has_pence = value.rsplit_once(['.', ',']).is_some_and(|(front, back)| {
        back.len() == 2 && front.chars().all(|c| c.is_ascii_digit() || "-+,.".contains(c))
    });
    is_number(value) && (has_sign || (has_pence && count_digits(value) <= 9)) && !is_date(value)
}

/// What stands where nobody is named.
pub(crate) fn is_nobody(value: &str) -> bool {
    const NOBODY: [&str; 21] = [
        "anonymous",
        "anon",
        "n/a",
        "na",
        "none",
        "nil",
        "null",
        "nan",
        "unknown",
        "not known",
        "not given",
        "not stated",
        "tbc",
        "total",
        "totals",
        "subtotal",
        "grand total",
        "undefined",
        "(blank)",
        "walk-in",
        "walk in",
    ];
    // Meta writes its test leads so.
    value.starts_with("<test lead")
        || NOBODY.iter().any(|nobody| value.eq_ignore_ascii_case(nobody))
}

/// How many ASCII digits there are in it.
pub(crate) fn count_digits(value: &str) -> usize {
    value.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_shape(is_shape: fn(&str) -> bool, yes: &[&str], no: &[&str]) {
        for value in yes {
            assert!(is_shape(value), "{value} is one");
        }
        for value in no {
            assert!(!is_shape(value), "{value} is none");
        }
    }

    #[test]
    fn values_are_told_by_their_shape() {
        check_shape(
            is_email,
            &["a.lind@example.org", "A+b@x.y.example", "o'neil@example.org", "zoë@bücher.example"],
            &["a@b", "Amara Lind", "Amara <a@example.org>", "@example.org", "a@.example"],
        );
        check_shape(
            is_phone,
            &[
                "07700 900123",
                "+44 (0)7700 900123",
                "447700900123",
                "7700900123",
                "'+447700900123",
                "020 7946 0018",
                "(555) 010-0199",
            ],
            &[
                "3201",
                "12/03/2024",
                "2024-03-12 09:14",
                "1717214400123",
                "1234567890.1710000000",
                "SW1A 1AA",
                "",
            ],
        );
        check_shape(
            is_postcode,
            &["SW1A 1AA", "m1 1ae", "B33 8TH", "CR26XH"],
            &["12345", "ABC", "A 1", "é1 1AA", "1A 1AA"],
        );
        check_shape(is_ip, &["203.0.113.9", "2001:db8::1"], &["203.0.113", "1.2.3.4.5"]);
        check_shape(
            is_date,
            &[
                "2024-03-12 09:14",
                "2024-03-12T09:14:02Z",
                "3/15/2024 2:30 PM",
                "12/03/24",
                "3.4.1985",
                "12 Apr 85",
                "12-Apr-1985",
                "December 2, 2020 9:00 am",
                "2nd May 2021",
            ],
            &["07700 900123", "192.168.1.10", "1.5", "Amara Lind", "12", "May"],
        );
        check_shape(
            is_nhs_number,
            &["943 476 5919", "9434765919"],
            &["9434765918", "943476591", "94347659190"],
        );
        check_shape(
            is_like_a_name,
            &["Amara Lind", "LIND, Amara", "Ana de la Cruz"],
            &["amara", "12 High Street", "Lind", "status: open"],
        );
    }
}
