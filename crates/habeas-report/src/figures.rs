//! How are numbers and kinds written for people?

use habeas_model::{Accounting, Kind};

/// `1234567` as `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 item`, `2 items`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// The sums in a line: `4,812 items: 4,604 read, 171 duplicates, 37 exceptions, 0 excluded`.
pub fn sums(accounting: &Accounting) -> String {
    format!(
        "{}: {} read, {}, {}, {} excluded",
        counted(accounting.listed, "item", "items"),
        count(accounting.read),
        counted(accounting.duplicate, "duplicate", "duplicates"),
        counted(accounting.excepted, "exception", "exceptions"),
        count(accounting.excluded)
    )
}

/// A kind of identifier as a letter calls several of them.
pub fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "Names",
        Kind::Email => "E-mail addresses",
        Kind::Phone => "Telephone numbers",
        Kind::Address => "Postal addresses",
        Kind::Postcode => "Postcodes",
        Kind::BirthDate => "Date of birth",
        Kind::Date => "Dates",
        Kind::NhsNumber => "NHS number",
        Kind::Nino => "National Insurance number",
        Kind::Passport => "Passport numbers",
        Kind::DrivingLicence => "Driving licence numbers",
        Kind::Card => "Payment cards",
        Kind::Iban => "International bank accounts",
        Kind::BankAccount => "Bank accounts",
        Kind::Vehicle => "Vehicle registrations",
        Kind::Ip => "Internet addresses",
        Kind::Device => "Cookies and devices",
        Kind::Handle => "User names",
        Kind::Reference => "References",
        Kind::Organisation => "Organisations",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_have_commas() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")];
        for (number, text) in cases {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn sums_read_as_a_line() {
        let accounting =
            Accounting { listed: 4812, read: 4604, duplicate: 171, excepted: 1, excluded: 36 };
        let line = "4,812 items: 4,604 read, 171 duplicates, 1 exception, 36 excluded";
        assert_eq!(sums(&accounting), line);
    }
}
