//! Whose data is in a passage?

use std::collections::BTreeSet;
use std::fmt;

use habeas_index::Surveyed;
use habeas_model::{Hit, Indexed, Kind, Meaning, Party};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::day_of;
use crate::Declared;
use crate::taxonomy::Told;

/// Kinds of people, as far as structure and words tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// People who are treated or looked after.
    Patients,
    /// People who pay.
    Customers,
    /// People who asked, subscribed, rang, visited or answered.
    Contacts,
    /// People who work for the organisation, or want to.
    Staff,
    /// People under 16 on the day of the record.
    Children,
    /// Somebody whom another person's record names: next of kin, referrer, guest.
    Others,
    /// People of whom nothing tells who they are.
    Unknown,
}

impl Whose {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 7] = [
        Self::Patients,
        Self::Customers,
        Self::Contacts,
        Self::Staff,
        Self::Children,
        Self::Others,
        Self::Unknown,
    ];

    /// As a table calls them.
    pub fn title(self) -> &'static str {
        match self {
            Self::Patients => "Patients",
            Self::Customers => "Customers",
            Self::Contacts => "Contacts",
            Self::Staff => "Staff",
            Self::Children => "Under 16",
            Self::Others => "Relatives and others",
            Self::Unknown => "Not known",
        }
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.title())
    }
}

/// Below this age people count as children.
///
/// # Source
/// A common line of privacy notices; the UK's own for consent to services of the information society is
/// 13 (UK GDPR Art. 8(1)).
pub(crate) const ADULT_YEARS: i16 = 16;

/// Whose record a row of a known export is.
const EXPORTS: &[(Whose, &[&str])] = &[
    (
        Whose::Patients,
        &[
            "pabau-clients",
            "pabau-client-list",
            "cliniko-patients",
            "patients-know-best",
            "fhir-patient",
            "acuity",
            "calendly",
            "fresha",
            "fresha-clients",
        ],
    ),
    (
        Whose::Customers,
        &[
            "stripe",
            "stripe-customers",
            "gocardless",
            "paypal",
            "square",
            "square-customers",
            "worldpay",
            "sumup",
            "bank-starling",
            "bank-monzo",
            "bank-lloyds",
            "bank-barclays",
            "bank-natwest",
            "xero-contacts",
            "xero-invoices",
        ],
    ),
    (Whose::Staff, &["paxton-events"]),
];

/// The number of the taxonomy of health.
const HEALTH: usize = 0;

/// Kinds that are personal data by themselves, or beside a name. A bare date or an organisation is
/// not counted.
pub(crate) fn is_personal(kind: Kind) -> bool {
    !matches!(kind, Kind::Date | Kind::Organisation)
}

/// Does a hit count as personal data? A long number in a column that holds something else, such as the
/// number of a lead, may pass as that of a card by chance.
pub(crate) fn counts(indexed: &Indexed, hit: &Hit) -> bool {
    let is_elsewhere = || {
        indexed.passage.fields.iter().any(|field| {
            field.range.contains(&hit.range.start)
                && matches!(
                    field.meaning,
                    Meaning::Reference
                        | Meaning::PersonReference
                        | Meaning::Other
                        | Meaning::Device
                )
        })
    };
    is_personal(hit.kind) && (hit.kind != Kind::Card || !is_elsewhere())
}

/// Words in the captions of a table that tell whose its rows are, where no known export does.
const CAPTIONS: &[(Whose, &[&str])] = &[
    (Whose::Staff, &["payroll", "salary", "ni number", "national insurance", "employee", "staff"]),
    (Whose::Patients, &["patient", "treatment", "practitioner", "surgeon", "nhs"]),
    (Whose::Customers, &["customer", "invoice", "payment"]),
    (
        Whose::Contacts,
        &["visitor", "complainant", "subscriber", "caller", "enquiry", "unsub", "brochure"],
    ),
];

/// Whose rows with these captions are.
fn by_captions(indexed: &Indexed) -> Option<Whose> {
    let passage = &indexed.passage;
    let captions = passage.fields.iter().filter(|field| field.meaning == Meaning::Caption);
    let captions: Vec<String> =
        captions.map(|field| passage.text[field.range.clone()].to_lowercase()).collect();
    let tells = |words: &[&str]| {
        captions.iter().any(|caption| words.iter().any(|word| caption.contains(word)))
    };
    CAPTIONS.iter().find(|(_, words)| tells(words)).map(|(whose, _)| *whose)
}

/// Everybody whose data stands in a passage, as far as is told; nobody if it names nobody.
pub(super) fn whose(
    item: &Surveyed,
    indexed: &Indexed,
    told: Told,
    day: Date,
    declared: &Declared,
) -> BTreeSet<Whose> {
    let mut found = BTreeSet::new();
    let mut is_main = false;
    let mut is_patient = told.has(HEALTH);
    let ours = [Party::Sender, Party::Recipient].map(|side| is_ours(indexed, side, declared));
    for hit in indexed.hits.iter().filter(|hit| counts(indexed, hit)) {
        let is_own = hit.kind == Kind::Email && declared.is_own(hit.value.reveal());
        let is_our_side =
            hit.party == Party::Sender && ours[0] || hit.party == Party::Recipient && ours[1];
        if hit.party == Party::Staff || is_own || is_our_side {
            found.insert(Whose::Staff);
        } else if hit.party == Party::Other {
            found.insert(Whose::Others);
        } else {
            is_main = true;
            is_patient |= hit.kind == Kind::NhsNumber;
        }
        if hit.kind == Kind::BirthDate && is_child(day_of(hit), day) {
            found.insert(Whose::Children);
        }
    }
    if is_main {
        found.insert(match item.facts.export.as_deref().map(of_export) {
            Some(whose) => whose,
            None if is_patient => Whose::Patients,
            None => by_captions(indexed).unwrap_or(Whose::Unknown),
        });
    }
    found
}

/// Are all addresses on one side of a message the organisation's own, so that names there are staff?
fn is_ours(indexed: &Indexed, side: Party, declared: &Declared) -> bool {
    let mut all =
        indexed.hits.iter().filter(|hit| hit.kind == Kind::Email && hit.party == side).peekable();
    all.peek().is_some() && all.all(|hit| declared.is_own(hit.value.reveal()))
}

/// Whose a row of that export is.
fn of_export(name: &str) -> Whose {
    let known = EXPORTS.iter().find(|(_, names)| names.contains(&name));
    known.map_or(Whose::Contacts, |(whose, _)| *whose)
}

/// Was somebody born on one day a child on another?
pub(crate) fn is_child(born: Option<Date>, day: Date) -> bool {
    born.is_some_and(|born| born <= day && is_younger(born, day, ADULT_YEARS))
}

/// Was somebody born on one day younger than so many years on another?
pub(crate) fn is_younger(born: Date, day: Date, years: i16) -> bool {
    born.checked_add(jiff::Span::new().years(years)).is_ok_and(|birthday| day < birthday)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn childhood_ends_on_the_sixteenth_birthday() {
        let born = Some(date(2008, 2, 29));
        assert!(is_child(born, date(2024, 2, 28)));
        assert!(!is_child(born, date(2024, 2, 29)));
        assert!(!is_child(born, date(2007, 1, 1)), "a birth to come is a slip of the key");
        assert!(!is_child(None, date(2024, 1, 1)));
    }

    #[test]
    fn exports_say_whose_their_rows_are() {
        assert_eq!(of_export("patients-know-best"), Whose::Patients);
        assert_eq!(of_export("stripe"), Whose::Customers);
        assert_eq!(of_export("mailchimp"), Whose::Contacts);
    }
}
