//! The map as a table: a row a folder.

use habeas_model::Kind;

use super::{Folder, Map, Whose};
use crate::{Error, taxonomies};

/// The kinds of identifiers that are told apart, in the order of tables.
pub(super) const KINDS: &[Kind] = &[
    Kind::Name,
    Kind::Email,
    Kind::Phone,
    Kind::Address,
    Kind::Postcode,
    Kind::BirthDate,
    Kind::NhsNumber,
    Kind::Nino,
    Kind::Passport,
    Kind::DrivingLicence,
    Kind::Card,
    Kind::Iban,
    Kind::BankAccount,
    Kind::Vehicle,
    Kind::Ip,
    Kind::Device,
    Kind::Handle,
    Kind::Reference,
];

/// Every folder as a row of CSV: where, how much, how old, whose, what, who may read it.
///
/// # Errors
/// If it cannot be written, which would be a bug.
pub fn places(map: &Map) -> Result<Vec<u8>, Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let fixed = [
        "source",
        "folder",
        "activity",
        "items",
        "unread",
        "bytes",
        "passages",
        "records",
        "dated by file",
        "oldest",
        "newest",
        "past period",
        "files",
        "open to everybody",
        "open to groups",
        "owners",
    ];
    let mut head: Vec<String> = fixed.map(str::to_owned).into();
    head.extend(Whose::ALL.map(|whose| format!("whose: {}", whose.title())));
    head.extend(KINDS.iter().map(|kind| format!("kind: {kind}")));
    head.extend(taxonomies().iter().map(|list| format!("terms: {}", list.name)));
    out.write_record(&head)?;
    for folder in &map.folders {
        out.write_record(row(map, folder))?;
    }
    out.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

fn row(map: &Map, Folder { source, path, holds }: &Folder) -> Vec<String> {
    let activity = map.sources.iter().find(|it| it.name == *source).map(|it| it.activity.clone());
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
    let ages = &holds.ages;
    let access = holds.access.clone();
    let list = |names: std::collections::BTreeMap<String, u64>| {
        let all: Vec<String> = names.into_iter().map(|(name, n)| format!("{name} {n}")).collect();
        all.join("; ")
    };
    let [files, open, groups, owners] = access.map_or_else(Default::default, |access| {
        let (files, open) = (access.files.to_string(), access.for_everybody.to_string());
        [files, open, list(access.groups), list(access.owners)]
    });
    let mut row = vec![source.to_string(), plain(path), plain(&activity.unwrap_or_default())];
    row.extend(
        [holds.items, holds.unread, holds.bytes, holds.passages, ages.records, ages.by_file]
            .map(|n| n.to_string()),
    );
    row.extend([day(ages.oldest), day(ages.newest), ages.overdue.to_string()]);
    row.extend([files, open, groups, owners].map(|text| plain(&text)));
    row.extend(Whose::ALL.map(|whose| n(holds.whose.get(&whose).copied())));
    row.extend(KINDS.iter().map(|kind| n(holds.kinds.get(kind).map(|amount| amount.hits))));
    row.extend(taxonomies().iter().map(|list| n(holds.special.get(list.name).copied())));
    row
}

fn n(number: Option<u64>) -> String {
    number.unwrap_or_default().to_string()
}

/// A cell of a table as text that a spreadsheet program does not take for a formula.
pub(super) fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
