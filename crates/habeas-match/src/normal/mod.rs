//! Which form do all layouts of one identifier share?
//!
//! Every function takes the identifier as somebody wrote it, alone, and gives its normal form, or
//! `None` when it cannot be one. The forms are those of [`habeas_model::Hit::value`].

mod date;
mod email;
mod net;
mod number;
mod phone;
mod postal;

use habeas_model::Kind;

pub use date::{date_readings, date_value, serial_date};
pub use email::{email, mail_base};
pub use net::{device, handle, ip, masked_ip};
pub use number::{
    bank_account, card, driving_licence, iban, nhs_number, nino, passport, reference, vehicle,
};
pub use phone::{last_nine, phone};
pub use postal::{address, address_parts, is_street_word, postcode, street_root};

use crate::PersonName;

/// The normal form of an identifier of that kind, as a request or a recogniser states it.
pub fn value(kind: Kind, text: &str) -> Option<String> {
    match kind {
        Kind::Name => PersonName::parse(text).map(|name| name.value()),
        Kind::Email => email(text),
        Kind::Phone => phone(text),
        Kind::Address => address(text),
        Kind::Postcode => postcode(text),
        Kind::BirthDate | Kind::Date => date_value(&date_readings(text)),
        Kind::NhsNumber => nhs_number(text),
        Kind::Nino => nino(text),
        Kind::Passport => passport(text),
        Kind::DrivingLicence => driving_licence(text),
        Kind::Card => card(text),
        Kind::Iban => iban(text),
        Kind::BankAccount => bank_account(text),
        Kind::Vehicle => vehicle(text),
        Kind::Ip => ip(text),
        Kind::Device => device(text),
        Kind::Handle => handle(text),
        Kind::Reference => reference(text),
        Kind::Organisation => Some(crate::latin(text)).filter(|text| !text.is_empty()),
    }
}

/// Letters and digits only, in lower case.
pub(crate) fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// The whole number that a spreadsheet wrote as `7700900123.0` or `7.700900123E+09`, with a decimal
/// comma too; `None` where it is written otherwise, or digits were rounded away (`7.7009E+09`).
pub(crate) fn unfloated(text: &str) -> Option<String> {
    let text = text.trim();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (head, tail) = text.split_once(['.', ','])?;
    if !is_digits(head) {
        return None;
    }
    let Some((decimals, exponent)) = tail.split_once(['E', 'e']) else {
        let is_whole = head.len() >= 4 && tail.len() <= 2 && tail.bytes().all(|byte| byte == b'0');
        return (is_digits(tail) && is_whole && text.contains('.')).then(|| head.to_owned());
    };
    let exponent: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    // Zeros at the end are not written; a cell that is too narrow shows five decimals at most.
    let n_zeros = exponent.checked_sub(decimals.len()).filter(|n| *n <= 2 && exponent <= 20)?;
    (head.len() == 1 && is_digits(decimals) && decimals.len() > 5)
        .then(|| format!("{head}{decimals}{}", "0".repeat(n_zeros)))
}

/// Digits only.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
