//! How much does an identifier of each kind say?

use habeas_model::Kind;

/// How an identifier of a kind behaves.
///
/// # Source
/// The table of `field/matching.md` 3.1, which measured it on a planted population.
#[derive(Clone, Copy, Debug)]
pub(super) struct Behaviour {
    /// How likely a record of the subject carries it unchanged.
    pub(super) kept: f64,
    /// How many items of other people are expected to carry it, even if nothing says so.
    pub(super) strays: f64,
    /// Does it belong to one person, so that carrying it is an anchor?
    pub(super) is_own: bool,
    /// Do households share it?
    pub(super) is_household: bool,
    /// Bits against, where a record carries another one.
    pub(super) against: f64,
}

/// Bits of every further identifier in one record, at most: they come together.
pub(super) const FURTHER: f64 = 4.0;

/// Items that are expected to be about the subject, whatever the estate's size.
pub(super) const EXPECTED: f64 = 30.0;

/// Items about one person, on average.
///
/// # Source
/// The planted population of `field/matching.md`: 114,000 items about 20,000 people.
pub(super) const ITEMS_A_PERSON: f64 = 5.7;

/// How an identifier of that kind and value behaves.
pub(super) fn behaviour(kind: Kind, value: &str) -> Behaviour {
    let own = |strays, against| Behaviour {
        kept: 0.9,
        strays,
        is_own: true,
        is_household: false,
        against,
    };
    let shared = |strays, against| Behaviour {
        kept: 0.8,
        strays,
        is_own: false,
        is_household: true,
        against,
    };
    match kind {
        Kind::NhsNumber => own(0.01, -9.0),
        Kind::Nino | Kind::DrivingLicence => own(0.02, -7.0),
        Kind::Passport => own(0.02, -3.0),
        Kind::Reference => own(0.03, -5.0),
        // Whoever is on duty reads it.
        Kind::Email if is_role_mailbox(value) => shared(20.0, 0.0),
        Kind::Email => own(0.02, -1.5),
        Kind::Phone if is_mobile(value) => own(0.08, -1.2),
        Kind::Phone => shared(2.0, -1.2),
        Kind::Address => shared(1.5, -2.5),
        Kind::Postcode => shared(2.0, -2.5),
        Kind::Card | Kind::Iban | Kind::BankAccount => own(0.04, 0.0),
        Kind::Device | Kind::Handle | Kind::Vehicle => own(0.05, 0.0),
        Kind::Ip => {
            Behaviour { kept: 0.8, strays: 5.0, is_own: false, is_household: true, against: 0.0 }
        }
        Kind::BirthDate => own(0.0, -9.0),
        Kind::Name | Kind::Date | Kind::Organisation => shared(1000.0, 0.0),
    }
}

/// Is it an address that a task has, and not a person: `info@`, `bookings.north@`?
pub(super) fn is_role_mailbox(email: &str) -> bool {
    const ROLES: &[&str] = &[
        "info",
        "enquiries",
        "enquiry",
        "inquiries",
        "reception",
        "bookings",
        "booking",
        "admin",
        "administration",
        "accounts",
        "accountspayable",
        "hello",
        "contact",
        "support",
        "office",
        "noreply",
        "no-reply",
        "donotreply",
        "do-not-reply",
        "sales",
        "marketing",
        "hr",
        "team",
        "help",
        "helpdesk",
        "service",
        "services",
        "customerservice",
        "customerservices",
        "complaints",
        "feedback",
        "mail",
        "post",
        "press",
        "jobs",
        "recruitment",
        "careers",
        "privacy",
        "dpo",
        "dataprotection",
        "billing",
        "invoices",
        "finance",
        "payments",
        "orders",
        "newsletter",
        "news",
        "notifications",
        "alerts",
        "webmaster",
        "postmaster",
        "abuse",
        "secretary",
        "it",
        "security",
        "legal",
        "mailer-daemon",
        "bounce",
        "bounces",
        "referrals",
        "appointments",
        "pa",
        "all",
        "everyone",
        "staff",
        "family",
        "theteam",
        "home",
        "shop",
    ];
    let local = email.split('@').next().unwrap_or_default();
    let first = local.split(['.', '_', '+']).next().unwrap_or_default();
    ROLES.contains(&local) || ROLES.contains(&first)
}

/// A mobile number of the United Kingdom, or any number abroad, where the two cannot be told.
fn is_mobile(phone: &str) -> bool {
    match phone.strip_prefix("+44") {
        Some(rest) => rest.starts_with('7') && !rest.starts_with("70") && !rest.starts_with("76"),
        None => true,
    }
}

/// Do two references look as if one scheme gave them out: the same letters, about as many digits?
pub(super) fn same_scheme(one: &str, other: &str) -> bool {
    let letters =
        |text: &str| text.chars().take_while(char::is_ascii_alphabetic).collect::<String>();
    let n_digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    letters(one) == letters(other) && n_digits(one).abs_diff(n_digits(other)) <= 2 && one.len() > 2
}

/// Is one day a likely slip for the other: one digit, or day and month the other way round?
pub(super) fn is_slip(one: &str, other: &str) -> bool {
    let differ = one.chars().zip(other.chars()).filter(|(a, b)| a != b).count();
    let swapped = match (one.get(5..7), one.get(8..10)) {
        (Some(month), Some(day)) => format!("{}-{day}-{month}", &one[..4]) == other,
        _ => false,
    };
    let year = |day: &str| day.get(..4).and_then(|year| year.parse::<i32>().ok());
    let is_year = matches!((year(one), year(other)), (Some(a), Some(b)) if (a - b).abs() == 1)
        && one.get(4..) == other.get(4..);
    is_year
        || one.len() == other.len()
            && (differ == 1 || swapped || strsim::osa_distance(one, other) == 1)
}
