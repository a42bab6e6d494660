//! Which key of a request means what?

use habeas_model::{Kind, NameKind};

use crate::Error;

/// What a key of a request holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Id,
    Received,
    Channel,
    Right,
    Law,
    Calendar,
    Notes,
    /// Kept with the notes, under its name: nothing is searched by it.
    Noted,
    Identity,
    Fee,
    Clarifications,
    Extended,
    Agent,
    Guardian,
    Name(NameKind),
    GivenName,
    MiddleName,
    FamilyName,
    Born,
    Is(Kind),
    /// A list or table of identifiers, each with its kind.
    Identifiers,
    /// A table that holds keys of the subject.
    Subject,
}

/// Each key as it is written, then its other names.
const KEYS: &[(Key, &[&str])] = &[
    (Key::Id, &["id", "case", "case_id", "request_id"]),
    (
        Key::Received,
        &[
            "received",
            "received_on",
            "received_date",
            "received_at",
            "date_received",
            "receipt_date",
        ],
    ),
    (Key::Channel, &["channel", "received_by"]),
    (Key::Right, &["right", "request_type", "type"]),
    (Key::Law, &["law", "regime"]),
    (Key::Calendar, &["calendar", "jurisdiction"]),
    (Key::Notes, &["notes", "note", "comment", "comments"]),
    (Key::Noted, &["title", "gender", "sex", "pronouns", "nationality"]),
    (Key::Identity, &["identity", "identity_check", "proof_of_identity"]),
    (Key::Fee, &["fee"]),
    (Key::Clarifications, &["clarifications", "clarification", "questions"]),
    (Key::Extended, &["extended", "extended_on", "extension"]),
    (Key::Agent, &["agent", "representative", "solicitor", "on_behalf_by"]),
    (Key::Guardian, &["guardian", "parent", "deputy"]),
    (Key::Name(NameKind::Current), &["names", "name", "full_name", "current_name", "full_names"]),
    (
        Key::Name(NameKind::Former),
        &[
            "former_names",
            "former",
            "former_name",
            "maiden_name",
            "maiden_names",
            "previous_name",
            "previous_names",
            "birth_name",
            "previously",
            "formerly",
            "nee",
        ],
    ),
    (
        Key::Name(NameKind::KnownAs),
        &[
            "known_as",
            "aliases",
            "alias",
            "nicknames",
            "nickname",
            "also_known_as",
            "aka",
            "preferred_name",
            "other_names",
        ],
    ),
    (
        Key::GivenName,
        &[
            "given_name",
            "given_names",
            "first_name",
            "first_names",
            "forename",
            "forenames",
            "given",
        ],
    ),
    (Key::MiddleName, &["middle_name", "middle_names"]),
    (Key::FamilyName, &["family_name", "last_name", "surname", "family"]),
    (Key::Born, &["born", "dob", "date_of_birth", "birth_date", "birthdate", "birthday"]),
    (
        Key::Is(Kind::Email),
        &["emails", "email", "e_mail", "e_mails", "email_address", "email_addresses", "mail"],
    ),
    (
        Key::Is(Kind::Phone),
        &[
            "phones",
            "phone",
            "telephone",
            "telephones",
            "tel",
            "mobile",
            "mobiles",
            "landline",
            "landlines",
            "phone_number",
            "phone_numbers",
            "telephone_number",
            "telephone_numbers",
            "mobile_number",
            "mobile_numbers",
        ],
    ),
    (Key::Is(Kind::Address), &["addresses", "address", "postal_address", "postal_addresses"]),
    (
        Key::Is(Kind::Postcode),
        &["postcodes", "postcode", "post_code", "post_codes", "postal_code", "postal_codes", "zip"],
    ),
    (
        Key::Is(Kind::Reference),
        &[
            "references",
            "reference",
            "ref",
            "refs",
            "customer_id",
            "customer_ids",
            "patient_id",
            "patient_ids",
            "customer_number",
            "customer_numbers",
            "patient_number",
            "patient_numbers",
            "client_id",
            "client_ids",
            "contact_id",
            "contact_ids",
            "member_id",
            "membership_number",
            "employee_id",
            "employee_number",
            "staff_number",
            "account_number",
            "account_numbers",
            "hospital_number",
            "mrn",
        ],
    ),
    (Key::Is(Kind::Ip), &["ips", "ip", "ip_address", "ip_addresses"]),
    (Key::Is(Kind::NhsNumber), &["nhs_number", "nhs_numbers", "nhs", "nhs_no"]),
    (
        Key::Is(Kind::Nino),
        &["nino", "ninos", "ni_number", "national_insurance", "national_insurance_number"],
    ),
    (Key::Is(Kind::Passport), &["passport", "passports", "passport_number", "passport_numbers"]),
    (
        Key::Is(Kind::DrivingLicence),
        &[
            "driving_licence",
            "driving_licences",
            "driving_license",
            "driving_licenses",
            "driving_licence_number",
            "licence_number",
        ],
    ),
    (
        Key::Is(Kind::Handle),
        &[
            "handles",
            "handle",
            "usernames",
            "username",
            "user_name",
            "user_names",
            "user_id",
            "login",
            "social",
        ],
    ),
    (
        Key::Is(Kind::Device),
        &[
            "devices",
            "device",
            "device_id",
            "device_ids",
            "cookies",
            "cookie",
            "cookie_id",
            "cookie_ids",
        ],
    ),
    (
        Key::Is(Kind::Vehicle),
        &[
            "vehicles",
            "vehicle",
            "vehicle_registration",
            "vehicle_registrations",
            "vrm",
            "vrms",
            "number_plate",
            "number_plates",
            "registration",
        ],
    ),
    (Key::Is(Kind::Card), &["cards", "card", "card_number", "card_numbers", "payment_card"]),
    (Key::Is(Kind::Iban), &["ibans", "iban"]),
    (Key::Is(Kind::BankAccount), &["bank_accounts", "bank_account"]),
    (Key::Identifiers, &["identifiers", "identifier", "known_identifiers"]),
    (Key::Subject, &["subject", "person", "requester", "data_subject", "details"]),
];

/// The kinds of an identifier in a list, by the name that every output gives them.
pub(super) fn kind(text: &str) -> Option<Key> {
    let name = folded(text);
    if name == Kind::BirthDate.as_str() {
        return Some(Key::Born);
    }
    lookup(&name).filter(|key| {
        matches!(key, Key::Is(_) | Key::Name(_) | Key::Born | Key::GivenName | Key::FamilyName)
    })
}

/// The key that `text` names.
pub(super) fn key(text: &str) -> Result<Key, Error> {
    lookup(&folded(text)).ok_or_else(|| {
        let all = KEYS.iter().flat_map(|(_, names)| names.iter().copied());
        Error::request(unknown(text, all))
    })
}

/// The name under which a key is written.
pub(super) fn written(key: Key) -> &'static str {
    KEYS.iter()
        .find(|(known, _)| *known == key)
        .and_then(|(_, names)| names.first())
        .map_or("", |it| it)
}

/// Every kind of identifier with the key under which it is written, in one order.
pub(super) fn kinds() -> impl Iterator<Item = (Kind, &'static str)> {
    KEYS.iter().filter_map(|(key, names)| match key {
        Key::Is(kind) => names.first().map(|name| (*kind, *name)),
        _ => None,
    })
}

fn lookup(name: &str) -> Option<Key> {
    KEYS.iter().find(|(_, names)| names.contains(&name)).map(|(key, _)| *key)
}

/// `dateOfBirth`, `Date of birth` and `date-of-birth` as `date_of_birth`.
pub(super) fn folded(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    let mut is_after_small = false;
    for c in key.trim().chars() {
        if c.is_uppercase() && is_after_small {
            name.push('_');
        }
        is_after_small = c.is_lowercase() || c.is_ascii_digit();
        match c {
            '-' | ' ' | '.' => name.push('_'),
            _ => name.extend(c.to_lowercase()),
        }
    }
    name
}

/// The sentence about a key that is not known, with the known one most like it.
pub(super) fn unknown<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> String {
    // A key is the writer's, and short; anything longer is not shown.
    let shown: String = key.chars().take(40).collect();
    let name = folded(&shown);
    let near = known
        .map(|known| (strsim::jaro_winkler(&name, known), known))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map_or("name", |(_, near)| near);
    format!("there is no key `{}`; did you mean `{near}`?", shown.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_keys() {
        let mut names = std::collections::BTreeSet::new();
        for name in KEYS.iter().flat_map(|(_, names)| names.iter()) {
            assert!(names.insert(name), "{name} stands twice");
            assert_eq!(folded(name), **name);
        }
    }

    #[test]
    fn keys_are_taken_in_any_style() {
        for text in ["dateOfBirth", "Date of birth", "date-of-birth", "DOB", "DateOfBirth"] {
            assert_eq!(key(text).ok(), Some(Key::Born), "{text}");
        }
    }

    #[test]
    fn an_unknown_key_names_its_neighbour() {
        let cases = [
            ("emial", "email"),
            ("recieved", "received"),
            ("fomer_names", "former_names"),
            ("adress", "address"),
            ("postode", "postcode"),
            ("Telefone", "telephone"),
        ];
        for (wrong, near) in cases {
            let said = key(wrong).expect_err(wrong).to_string();
            assert!(said.ends_with(&format!("did you mean `{near}`?")), "{said}");
        }
    }
}
