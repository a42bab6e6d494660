//! A hit: where a passage names somebody.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Party, Personal};

/// What kind of identifier a hit is. Written in `snake_case` in every output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A personal name, whole or in part.
    Name,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address.
    Address,
    /// A postcode.
    Postcode,
    /// A date of birth.
    BirthDate,
    /// A date that is not known to be a birth date.
    Date,
    /// An NHS number (England, Wales, Isle of Man).
    NhsNumber,
    /// A National Insurance number.
    Nino,
    /// A passport number.
    Passport,
    /// A driving licence number.
    DrivingLicence,
    /// A payment card number.
    Card,
    /// An international bank account number.
    Iban,
    /// A UK sort code with its account number.
    BankAccount,
    /// A vehicle registration mark.
    Vehicle,
    /// An internet address, version 4 or 6.
    Ip,
    /// A cookie or device id.
    Device,
    /// A social handle or user name.
    Handle,
    /// A reference by which an organisation knows a person.
    Reference,
    /// An organisation. Not a person, but worth telling apart from one.
    Organisation,
}

impl Kind {
    /// The kind as every output writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Postcode => "postcode",
            Self::BirthDate => "birth_date",
            Self::Date => "date",
            Self::NhsNumber => "nhs_number",
            Self::Nino => "nino",
            Self::Passport => "passport",
            Self::DrivingLicence => "driving_licence",
            Self::Card => "card",
            Self::Iban => "iban",
            Self::BankAccount => "bank_account",
            Self::Vehicle => "vehicle",
            Self::Ip => "ip",
            Self::Device => "device",
            Self::Handle => "handle",
            Self::Reference => "reference",
            Self::Organisation => "organisation",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// How sure a recogniser is that a stretch of text is of its kind: from 0 (no) to 1 (certain).
///
/// It says nothing of whose the identifier is.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Confidence(f32);

impl Confidence {
    /// Takes a value from 0 to 1; anything outside is moved to the nearer end.
    pub fn new(value: f32) -> Self {
        Self(value.clamp(0.0, 1.0))
    }

    /// The value, from 0 to 1.
    pub fn get(self) -> f32 {
        self.0
    }
}

/// A stretch of a passage that identifies somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Byte range in the passage's text.
    pub range: Range<usize>,
    /// What kind of identifier it is.
    pub kind: Kind,
    /// Its one normal form: the same identifier in another layout has the same value.
    ///
    /// The form of each kind is documented by its recogniser in `habeas-match`. A name's is
    /// `surname, given middle`, folded to lower case without accents, with either side empty where
    /// it is not known.
    pub value: Personal<String>,
    /// How sure the recogniser is of the kind.
    pub confidence: Confidence,
    /// Whose it is, as far as the structure says.
    pub party: Party,
    /// The rule that found it, such as `email` or `name:column`.
    pub rule: String,
}
