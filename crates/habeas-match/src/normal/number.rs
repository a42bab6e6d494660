//! Which form do all writings of one official number share, and does it check?

use super::{digits, letters_and_digits};

/// Ten digits whose check digit holds.
///
/// # Source
/// NHS Data Dictionary, NHS NUMBER: weights 10 to 2, modulo 11; a check digit of 10 is not used.
pub fn nhs_number(text: &str) -> Option<String> {
    let unfloated = super::unfloated(text);
    let text = unfloated.as_deref().unwrap_or(text);
    let number = digits(text);
    let is_clean = text
        .trim()
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || crate::fold::is_dash(c) || c == '.');
    if number.len() != 10 || !is_clean || number.bytes().all(|b| b == number.as_bytes()[0]) {
        return None;
    }
    let values: Vec<u32> = number.bytes().map(|b| u32::from(b - b'0')).collect();
    let sum: u32 = values.iter().zip((2..=10).rev()).map(|(value, weight)| value * weight).sum();
    let check = match 11 - sum % 11 {
        11 => 0,
        check => check,
    };
    (check == values[9]).then_some(number)
}

/// `QQ123456C`; without the last letter where it is not stated.
///
/// # Source
/// HMRC, NIM39110: no D, F, I, Q, U or V in the first two letters, no O second, and no BG, GB, KN,
/// NK, NT, TN or ZZ. `QQ` is let through: examples are written with it.
pub fn nino(text: &str) -> Option<String> {
    let number: String =
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let bytes = number.as_bytes();
    if !(8..=9).contains(&bytes.len()) || !bytes[2..8].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let prefix = &number[..2];
    let is_letter = |byte: u8| byte.is_ascii_uppercase() && !b"DFIQUV".contains(&byte);
    let is_prefix = prefix == "QQ"
        || (is_letter(bytes[0])
            && is_letter(bytes[1])
            && bytes[1] != b'O'
            && !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(&prefix));
    let is_end = bytes.get(8).is_none_or(|end| (b'A'..=b'D').contains(end));
    (is_prefix && is_end).then_some(number)
}

/// Letters and digits in upper case: a passport number has 6 to 9, at least five of them digits.
pub fn passport(text: &str) -> Option<String> {
    let number = letters_and_digits(text).to_uppercase();
    let n_digits = digits(&number).len();
    ((6..=9).contains(&number.len()) && n_digits >= 5).then_some(number)
}

/// The 16 characters of a driver number of Great Britain, in upper case.
///
/// # Source
/// DVLA driver number: five of the surname (9 for none), a digit of the year, month (plus 50 for
/// women), day, the other digit of the year, two initials, three computer characters.
pub fn driving_licence(text: &str) -> Option<String> {
    let number = letters_and_digits(text).to_uppercase();
    let number = if number.len() == 18 { number[..16].to_owned() } else { number };
    let bytes = number.as_bytes();
    if bytes.len() != 16 || !bytes[5..11].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let two = |at: usize| (bytes[at] - b'0') * 10 + (bytes[at + 1] - b'0');
    let letters = bytes[..5].iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let is_name = letters > 0 && bytes[letters..5].iter().all(|&byte| byte == b'9');
    let is_date = matches!(two(6), 1..=12 | 51..=62) && (1..=31).contains(&two(8));
    let is_initials = bytes[11..13].iter().all(|&byte| byte.is_ascii_uppercase() || byte == b'9');
    let is_end =
        bytes[13].is_ascii_alphanumeric() && bytes[14..].iter().all(u8::is_ascii_alphabetic);
    (is_name && is_date && is_initials && is_end).then_some(number)
}

/// The digits of a payment card whose check digit holds (Luhn) and whose first digits and length
/// are of a scheme in use.
pub fn card(text: &str) -> Option<String> {
    let number = digits(text);
    let starts = |from: u32, to: u32, n: usize| {
        number.get(..n).and_then(|p| p.parse().ok()).is_some_and(|p: u32| (from..=to).contains(&p))
    };
    let is_scheme = match number.len() {
        13 | 19 => starts(4, 4, 1),
        14 => starts(300, 305, 3) || starts(36, 36, 2) || starts(38, 39, 2),
        15 => starts(34, 34, 2) || starts(37, 37, 2),
        16 => {
            starts(4, 4, 1)
                || starts(51, 55, 2)
                || starts(2221, 2720, 4)
                || starts(6011, 6011, 4)
                || starts(64, 65, 2)
                || starts(3528, 3589, 4)
                || starts(62, 62, 2)
                || starts(50, 50, 2)
                || starts(56, 58, 2)
                || starts(67, 67, 2)
        }
        18 => starts(50, 50, 2) || starts(67, 67, 2),
        _ => false,
    };
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, byte)| match (i % 2, u32::from(byte - b'0')) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    (is_scheme
        && sum.is_multiple_of(10)
        && !number.bytes().all(|byte| byte == number.as_bytes()[0]))
    .then_some(number)
}

/// An IBAN in upper case without blanks, whose check digits hold.
///
/// # Source
/// ISO 13616: country, two check digits, at most 30 characters; modulo 97 gives 1.
pub fn iban(text: &str) -> Option<String> {
    let number = letters_and_digits(text).to_uppercase();
    let bytes = number.as_bytes();
    let is_shape = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit);
    if !is_shape {
        return None;
    }
    let rest = bytes[4..].iter().chain(&bytes[..4]).fold(0_u32, |rest, &byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    (rest == 1).then_some(number)
}

/// `123456-12345678`: sort code and account number; the account number alone where it stands so.
pub fn bank_account(text: &str) -> Option<String> {
    let number = digits(text);
    match number.len() {
        14 => Some(format!("{}-{}", &number[..6], &number[6..])),
        8 => Some(number),
        _ => None,
    }
}

/// A registration mark in upper case without blanks, in a form of the United Kingdom since 1932.
pub fn vehicle(text: &str) -> Option<String> {
    let mark = letters_and_digits(text).to_uppercase();
    if !(3..=7).contains(&mark.len()) || !mark.is_ascii() {
        return None;
    }
    let shape: String =
        mark.bytes().map(|byte| if byte.is_ascii_digit() { '9' } else { 'A' }).collect();
    let is_form = matches!(shape.as_str(), "AA99AAA")
        || (mark.starts_with(|c: char| c.is_ascii_alphabetic())
            && matches!(shape.as_str(), "A9AAA" | "A99AAA" | "A999AAA"))
        || matches!(shape.as_str(), "AAA9A" | "AAA99A" | "AAA999A")
        || matches!(
            shape.as_str(),
            "AAA9"
                | "AAA99"
                | "AAA999"
                | "AA9999"
                | "AAA9999"
                | "9999AA"
                | "999AAA"
                | "9AAA"
                | "99AAA"
        );
    is_form.then_some(mark)
}

/// A reference folded to lower case letters and digits, each run of digits without leading zeros:
/// `C-0012345` becomes `c12345`. The letters keep references of different kinds apart.
pub fn reference(text: &str) -> Option<String> {
    let unfloated = super::unfloated(text);
    let plain = letters_and_digits(unfloated.as_deref().unwrap_or(text));
    if plain.is_empty() || plain.len() > 64 {
        return None;
    }
    // Only a run that starts the reference, or follows letters only, loses zeros: those inside a
    // long id (`0f3a00b1`) tell it from others.
    let letters = plain.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (prefix, rest) = plain.split_at(letters);
    if !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(plain);
    }
    let number = rest.trim_start_matches('0');
    Some(format!("{prefix}{}", if number.is_empty() && !rest.is_empty() { "0" } else { number }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_tell() {
        assert_eq!(nhs_number("999 000 0018").as_deref(), nhs_number("999-000-0018").as_deref());
        assert_eq!(nhs_number("943 476 5919").as_deref(), Some("9434765919"));
        assert_eq!(nhs_number("943 476 5918"), None);
        assert_eq!(nhs_number("0000000000"), None);
        assert_eq!(card("4111 1111 1111 1111").as_deref(), Some("4111111111111111"));
        assert_eq!(card("4111 1111 1111 1112"), None);
        assert_eq!(iban("GB82 WEST 1234 5698 7654 32").as_deref(), Some("GB82WEST12345698765432"));
        assert_eq!(iban("GB83 WEST 1234 5698 7654 32"), None);
    }

    #[test]
    fn official_numbers_have_their_shape() {
        assert_eq!(nino("qq 12 34 56 c").as_deref(), Some("QQ123456C"));
        assert_eq!(nino("GB123456A"), None);
        assert_eq!(driving_licence("MORGA 657054 SM9IJ").as_deref(), Some("MORGA657054SM9IJ"));
        assert_eq!(driving_licence("MORGA 699054 SM9IJ"), None);
        assert_eq!(passport("123456789").as_deref(), Some("123456789"));
        assert_eq!(bank_account("12-34-56 12345678").as_deref(), Some("123456-12345678"));
        assert_eq!(vehicle("ab12 cde").as_deref(), Some("AB12CDE"));
        assert_eq!(vehicle("hello"), None);
    }

    #[test]
    fn zeros_before_a_reference_mean_nothing() {
        assert_eq!(reference("C-0012345").as_deref(), Some("c12345"));
        assert_eq!(reference("#0012345").as_deref(), Some("12345"));
        assert_eq!(reference("C12345").as_deref(), Some("c12345"));
        assert_eq!(reference("cus_0f3a00b1").as_deref(), Some("cus0f3a00b1"));
        assert_eq!(reference("--"), None);
    }
}
