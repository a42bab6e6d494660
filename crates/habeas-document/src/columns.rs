//! What does a column hold, and whose is it, by what it is called and by what stands in it?

use habeas_model::{Meaning, Party};

use crate::shape;

mod dictionary;
mod things;
mod words;

pub(crate) use words::of_caption;

/// A column, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// What it is called in each row's passage.
    pub(crate) caption: String,
    /// What it holds; `None` if neither its name nor its values tell, so that each value has to.
    pub(crate) meaning: Option<Meaning>,
    /// Whose it is.
    pub(crate) party: Party,
}

impl Column {
    /// The column of that caption, from the caption alone.
    pub(crate) fn by_caption(caption: &str) -> Self {
        let (meaning, party) = match of_caption(caption) {
            Some(known) => (known.meaning, known.party),
            None => (None, Party::Unknown),
        };
        Self { caption: shown(caption), meaning, party }
    }
}

/// How long a caption may be in every row; in full it stands in the header's passage.
const MAX_CAPTION_BYTES: usize = 200;

/// A caption on one line, for use before each value.
pub(crate) fn shown(caption: &str) -> String {
    let mut shown = caption.split_whitespace().collect::<Vec<_>>().join(" ");
    while shown.ends_with(':') {
        shown.pop();
    }
    if shown.len() > MAX_CAPTION_BYTES {
        shown.truncate(shown.floor_char_boundary(MAX_CAPTION_BYTES));
        shown.push('…');
    }
    shown
}

/// Works the columns of a table out: captions first, then values, then what they say together.
///
/// `values` gives the values of a column in the first rows.
pub(crate) fn of_table<'v, V>(captions: &[String], values: impl Fn(usize) -> V) -> Vec<Column>
where
    V: Iterator<Item = &'v str>,
{
    let mut columns: Vec<Column> = Vec::with_capacity(captions.len());
    for (index, caption) in captions.iter().enumerate() {
        let mut column = if caption.trim().is_empty() {
            let caption = format!("Column {}", index + 1);
            Column { caption, meaning: None, party: Party::Unknown }
        } else {
            Column::by_caption(caption)
        };
        column.meaning = by_values(column.meaning, column.party, values(index));
        if column.party == Party::Unknown && column.meaning.is_some_and(is_personal) {
            column.party = Party::Principal;
        }
        columns.push(column);
    }
    things::doubt_names(&mut columns, &values);
    words::together(captions, &mut columns);
    if captions.iter().all(|caption| caption.trim().is_empty()) {
        names_and_addresses(&mut columns, values);
    }
    columns
}

/// The name and the address in a table without captions, as in a list of labels: beside something
/// of a person, the first column of capital words is his name, and numbered ones are his street.
fn names_and_addresses<'v, V>(columns: &mut [Column], values: impl Fn(usize) -> V)
where
    V: Iterator<Item = &'v str>,
{
    if !columns.iter().any(|column| column.party == Party::Principal) {
        return;
    }
    let is_street = |value: &str| {
        value.starts_with(|c: char| c.is_ascii_digit())
            && value.split_whitespace().count() >= 2
            && value.chars().any(char::is_alphabetic)
            && shape::count_digits(value) <= 5
    };
    let mut has_name = false;
    for (index, column) in columns.iter_mut().enumerate() {
        if column.meaning.is_some() {
            continue;
        }
        let most = |is_shape: &dyn Fn(&str) -> bool| {
            let values = || values(index).map(str::trim).filter(|value| !value.is_empty());
            let n_such = values().filter(|value| is_shape(value)).count();
            n_such > 0 && n_such * 10 >= values().count() * 8
        };
        if !has_name && most(&shape::is_like_a_name) {
            (column.meaning, column.party) = (Some(Meaning::Name), Party::Principal);
            has_name = true;
        } else if most(&is_street) {
            (column.meaning, column.party) = (Some(Meaning::Address), Party::Principal);
        }
    }
}

/// The column of a label that stands before its value: in a form, or as a key of a lone record.
pub(crate) fn of_label(label: &str) -> Column {
    let mut column = Column::by_caption(label);
    if column.party == Party::Unknown && column.meaning.is_some_and(is_personal) {
        column.party = Party::Principal;
    }
    column
}

/// Is a value of this meaning somebody's?
fn is_personal(meaning: Meaning) -> bool {
    use Meaning as M;
    matches!(
        meaning,
        M::Name
            | M::GivenName
            | M::FamilyName
            | M::Email
            | M::Phone
            | M::Address
            | M::Postcode
            | M::BirthDate
            | M::NhsNumber
            | M::PersonReference
            | M::Username
            | M::Ip
            | M::Device
            | M::Account
    )
}

/// What a column holds, by its values where the caption is silent or cannot be right.
fn by_values<'v>(
    meaning: Option<Meaning>,
    party: Party,
    values: impl Iterator<Item = &'v str>,
) -> Option<Meaning> {
    let values: Vec<&str> = values.map(str::trim).filter(|value| !value.is_empty()).collect();
    if values.is_empty() {
        return meaning;
    }
    if let Some(meaning) = meaning
        && let Some(other) = other_meaning(meaning, &values)
    {
        return Some(other);
    }
    let most = |is_shape: fn(&str) -> bool| {
        let n_such = values.iter().filter(|value| is_shape(value)).count();
        n_such * 10 >= values.len() * 6
    };
    match meaning {
        // A number in a column of names is a number by which the person is known.
        Some(Meaning::Name) if most(shape::is_phone) => Some(Meaning::Phone),
        Some(Meaning::Name) if most(shape::is_number) => Some(Meaning::PersonReference),
        // `User Name` is either a name or what somebody logs in with.
        Some(Meaning::Username) if most(|value| value.contains(' ')) => Some(Meaning::Name),
        Some(meaning) => Some(meaning),
        None if most(shape::is_email) => Some(Meaning::Email),
        None if most(shape::is_ip) => Some(Meaning::Ip),
        None if most(shape::is_date) => Some(Meaning::Date),
        None if most(shape::is_postcode) => Some(Meaning::Postcode),
        // One in eleven numbers passes by chance, so most of several is no chance.
        None if values.len() >= 4 && values.iter().all(|value| shape::is_nhs_number(value)) => {
            Some(Meaning::NhsNumber)
        }
        None if most(shape::is_phone) => Some(Meaning::Phone),
        None if party != Party::Unknown && most(shape::is_like_a_name) => Some(Meaning::Name),
        None if values.iter().all(|value| shape::is_number(value) && value.len() < 6) => {
            Some(Meaning::Other)
        }
        None => None,
    }
}

/// What a column holds whose caption cannot be right: four in five values are something else.
fn other_meaning(meaning: Meaning, values: &[&str]) -> Option<Meaning> {
    use Meaning as M;
    let is_checked = matches!(
        meaning,
        M::Name
            | M::GivenName
            | M::FamilyName
            | M::Email
            | M::Phone
            | M::Address
            | M::Postcode
            | M::BirthDate
            | M::NhsNumber
            | M::Ip
    );
    if !is_checked || values.len() < 3 {
        return None;
    }
    let most = |is_shape: fn(&str) -> bool| {
        let n_such = values.iter().filter(|value| is_shape(value)).count();
        n_such * 10 >= values.len() * 8
    };
    // NHS numbers are grouped as some telephone numbers are.
    let is_dialled = meaning != M::NhsNumber && most(shape::is_phone);
    let has_no_words =
        matches!(meaning, M::Email | M::Phone | M::Postcode | M::BirthDate | M::NhsNumber | M::Ip);
    let other = [
        (M::Email, most(shape::is_email)),
        (M::Ip, most(shape::is_ip)),
        (M::Phone, is_dialled),
        (M::Postcode, most(shape::is_postcode)),
        (M::Date, meaning != M::BirthDate && most(shape::is_date)),
        (M::Name, has_no_words && most(shape::is_like_a_name)),
    ];
    other.into_iter().find_map(|(other, fits)| (fits && other != meaning).then_some(other))
}

/// Does a value say that its record was deleted, and is only kept?
///
/// `IsDeleted: true` (Salesforce), `deleted_at: 2024-03-12` (databases), `Status: trash` (WordPress).
pub(crate) fn says_deleted(caption: &str, value: &str) -> bool {
    let name = caption.rsplit('.').next().unwrap_or(caption);
    let plain: String =
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let is_one_of = |list: &[&str]| list.iter().any(|word| value.eq_ignore_ascii_case(word));
    match plain.as_str() {
        "isdeleted" | "deleted" | "deletedflag" | "markedfordeletion" | "softdeleted"
        | "istrashed" => {
            is_one_of(&["true", "1", "yes", "y", "t", "x", "deleted"]) || shape::is_date(value)
        }
        "deletedat" | "deletedon" | "datedeleted" | "deleteddate" | "deletedtime" | "trashedat"
        | "deletedtimestamp" => value.bytes().any(|byte| matches!(byte, b'1'..=b'9')),
        "status" | "recordstatus" | "state" | "poststatus" | "contactstatus" => is_one_of(&[
            "deleted",
            "trash",
            "trashed",
            "soft deleted",
            "soft-deleted",
            "soft_deleted",
        ]),
        _ => false,
    }
}

/// What one value is, given what its column is: the column's meaning where the value can be that.
///
/// An address of mail is one wherever it stands; a note in a column of numbers is a text.
pub(crate) fn of_value(column: Option<Meaning>, value: &str) -> Meaning {
    use Meaning as M;
    let meaning =
        match column {
            _ if shape::is_email(value) => M::Email,
            // Who has the address can make the digest again; that of a first name is everybody's.
            Some(M::Email | M::Phone) if shape::is_digest(value) => M::PersonReference,
            Some(
                M::GivenName | M::FamilyName | M::Name | M::Postcode | M::BirthDate | M::Address,
            ) if shape::is_digest(value) => M::Other,
            Some(M::Name | M::GivenName | M::FamilyName | M::Email | M::Phone)
                if shape::is_nobody(value) =>
            {
                M::Other
            }
            Some(M::Email) if shape::is_phone(value) => M::Phone,
            // `Salutation` is `Mrs` or `Dear Mrs Lind`.
            Some(M::Other) if value.starts_with("Dear ") => M::Text,
            None if shape::is_ip(value) => M::Ip,
            None if shape::is_date(value) => M::Date,
            None if shape::is_postcode(value) => M::Postcode,
            None | Some(M::Name | M::Address) if shape::is_phone(value) => M::Phone,
            None if is_flag(value) => M::Other,
            None => M::Text,
            Some(meaning) => meaning,
        };
    let n_digits = shape::count_digits(value);
    let can_be = match meaning {
        M::Email => value.contains('@'),
        M::Phone => {
            n_digits >= 2 && n_digits * 2 >= value.chars().filter(|c| !c.is_whitespace()).count()
        }
        M::BirthDate | M::Postcode | M::NhsNumber | M::Account => n_digits > 0,
        M::Date => n_digits > 0 || value.len() <= 20,
        M::Ip => value.contains(['.', ':']),
        M::GivenName | M::FamilyName | M::Name => {
            (n_digits == 0 || value.len() > 40) && value.contains(char::is_alphabetic)
        }
        _ => true,
    };
    if can_be { meaning } else { M::Text }
}

/// Yes, no, nothing, or a number too short to be anybody's.
fn is_flag(value: &str) -> bool {
    let flags = ["true", "false", "yes", "no", "y", "n", "null", "none", "n/a", "-"];
    shape::is_amount(value)
        || flags.iter().any(|flag| value.eq_ignore_ascii_case(flag))
        || (value.len() < 6 && shape::is_number(value))
}
