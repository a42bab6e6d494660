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
pub use net::{device, handle, ip};
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

/// Digits only.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
