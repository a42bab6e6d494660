//! Which words does the organisation write with? Ours, where it has none of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use habeas_law::{
    Basis, COMMISSIONER, Given, LetterItem, LetterKind, Regime, Wanted, letter_fields, letter_items,
};

use super::Head;
use crate::Error;
use crate::template::{Fields, Filled, Template, nearest};

/// Words that several letters share.
const COMMON: &str = "common.txt";

/// Every template, embedded.
const OURS: &[(&str, &str)] = &[
    (COMMON, include_str!("../../../../config/letters/common.txt")),
    ("acknowledgement.txt", include_str!("../../../../config/letters/acknowledgement.txt")),
    ("identity.txt", include_str!("../../../../config/letters/identity.txt")),
    ("authority.txt", include_str!("../../../../config/letters/authority.txt")),
    ("clarification.txt", include_str!("../../../../config/letters/clarification.txt")),
    ("extension.txt", include_str!("../../../../config/letters/extension.txt")),
    ("fee.txt", include_str!("../../../../config/letters/fee.txt")),
    ("refusal.txt", include_str!("../../../../config/letters/refusal.txt")),
    ("nothing-held.txt", include_str!("../../../../config/letters/nothing-held.txt")),
    ("answer.txt", include_str!("../../../../config/letters/answer.txt")),
    ("third-party-consent.txt", include_str!("../../../../config/letters/third-party-consent.txt")),
    ("health-opinion.txt", include_str!("../../../../config/letters/health-opinion.txt")),
    ("article-19.txt", include_str!("../../../../config/letters/article-19.txt")),
    (
        "complaint-acknowledgement.txt",
        include_str!("../../../../config/letters/complaint-acknowledgement.txt"),
    ),
];

/// Every text that may be in force.
const REGIMES: [Regime; 4] =
    [Regime::UkUntilFebruary2026, Regime::UkFromFebruary2026, Regime::UkFromJune2026, Regime::Eu];

/// Fields that a section of the common words cannot do without.
const MUST: &[(&str, &[&str])] = &[
    ("closing", &["contact", "controller", "email"]),
    ("complain-us-164a", &["complaints"]),
    ("complain-us", &["reach"]),
    ("complain-commissioner", &["commissioner"]),
    ("clock-runs", &["due"]),
];

/// The templates of an organisation: its own where it has them, ours elsewhere.
#[derive(Clone, Debug)]
pub struct Letters {
    files: BTreeMap<&'static str, Template>,
}

impl Letters {
    /// Our own templates.
    ///
    /// # Errors
    /// Never; a test fills every one of them.
    pub fn ours() -> Result<Self, Error> {
        Self::read(None)
    }

    /// The templates with those of a folder in place of ours; a file replaces the one of its name.
    ///
    /// # Errors
    /// If the folder or a template cannot be read, a template is wrong, or a text file in the folder is
    /// called like none of ours.
    pub fn read(folder: Option<&Path>) -> Result<Self, Error> {
        let mut own: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        if let Some(folder) = folder {
            for entry in fs::read_dir(folder).map_err(Error::file(folder))? {
                let path = entry.map_err(Error::file(folder))?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if !name.to_lowercase().ends_with(".txt") || name.starts_with('.') {
                    continue;
                }
                if !OURS.iter().any(|(ours, _)| *ours == name) {
                    let near = nearest(&name, OURS.iter().map(|(ours, _)| *ours));
                    return Err(Error::Template(format!(
                        "{}: no letter is called so; did you mean `{near}`?",
                        path.display()
                    )));
                }
                let bytes = fs::read(&path).map_err(Error::file(&path))?;
                own.insert(name, bytes);
            }
        }
        let mut files = BTreeMap::new();
        for (name, ours) in OURS {
            let template = match (own.get(*name), folder) {
                (Some(bytes), Some(folder)) => {
                    let place = folder.join(name).display().to_string();
                    Template::parse(&place, bytes, &known(name))?
                }
                _ => Template::parse(name, ours.as_bytes(), &known(name))?,
            };
            files.insert(*name, template);
        }
        let letters = Self { files };
        let common = &letters.files[COMMON];
        for (section, fields) in MUST {
            for field in *fields {
                if !common.has(Some(section), field) {
                    return Err(Error::Template(format!(
                        "{}, section `{section}`: the field `{field}` is missing",
                        common.file()
                    )));
                }
            }
        }
        LetterKind::ALL.into_iter().try_for_each(|kind| letters.check(kind))?;
        Ok(letters)
    }

    /// Does the template of a kind have the field of every item that may be mandatory, under any text?
    fn check(&self, kind: LetterKind) -> Result<(), Error> {
        for received in REGIMES {
            for written in REGIMES.into_iter().filter(|one| one.law() == received.law()) {
                let items = letter_items(kind, Basis { received, written });
                let sections: Vec<&str> = items
                    .iter()
                    .filter_map(|item| match item.given {
                        Given::Words(section) => Some(section),
                        _ => None,
                    })
                    .collect();
                let stands = |item: &LetterItem| {
                    Head::FIELDS.contains(&item.field)
                        || self.template(kind).has(None, item.field)
                        || sections
                            .iter()
                            .any(|name| self.files[COMMON].has(Some(name), item.field))
                };
                let mut wanted =
                    items.iter().filter(|item| item.is_printed && item.need != Wanted::Never);
                if let Some(item) = wanted.find(|item| !stands(item)) {
                    return Err(self.leaves_out(kind, item));
                }
            }
        }
        Ok(())
    }

    /// The template of a kind.
    pub(crate) fn template(&self, kind: LetterKind) -> &Template {
        &self.files[kind.file()]
    }

    /// Where the template of a kind comes from.
    pub(crate) fn name(&self, kind: LetterKind) -> &str {
        self.template(kind).file()
    }

    /// A section of the common words.
    pub(crate) fn words(&self, section: &str, fields: &Fields) -> Result<Filled, Error> {
        let mut fields = fields.clone();
        fields.insert("commissioner".to_owned(), COMMISSIONER.to_owned());
        self.files[COMMON].section(section, &fields)
    }

    /// The error of a section of the common words that has none.
    pub(crate) fn has_no_words(&self, section: &str, item: &LetterItem) -> Error {
        let file = self.files[COMMON].file();
        let LetterItem { title, source, .. } = item;
        Error::Template(format!(
            "{file}, section `{section}`: has no words; {title} is mandatory ({source})"
        ))
    }

    /// The error of a template that does not print a mandatory item.
    pub(crate) fn leaves_out(&self, kind: LetterKind, item: &LetterItem) -> Error {
        let template = self.template(kind);
        let why = if template.has(None, item.field) {
            "stands only in sections that are not printed here"
        } else {
            "is missing"
        };
        Error::Template(format!(
            "{}: the field `{}` {why}; {} is mandatory ({})",
            template.file(),
            item.field,
            item.title,
            item.source
        ))
    }
}

/// The fields that a file may have.
fn known(file: &str) -> BTreeSet<&'static str> {
    if file == COMMON {
        let mut all: BTreeSet<&str> = LetterKind::ALL.into_iter().flat_map(letter_fields).collect();
        all.insert("commissioner");
        return all;
    }
    LetterKind::ALL
        .into_iter()
        .find(|kind| kind.file() == file)
        .map(letter_fields)
        .unwrap_or_default()
}
