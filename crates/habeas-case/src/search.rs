//! How was the estate searched?

use habeas_law::written;
use habeas_model::{
    Accounting, Ask, Exception, Finding, Held, ItemPath, Kind, Lookup, NameKind, Personal, Reason,
    SourceName, Subject, Tier, Word,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::CaseId;

/// What was looked for, where, and with what result: the account of one search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchRecord {
    /// For which case.
    pub case: CaseId,
    /// When, to the second.
    pub searched_at: Timestamp,
    /// By which version of Habeas.
    pub software: String,
    /// What was looked for, a kind of identifier a row.
    pub asked: Vec<Asked>,
    /// Further written forms that were not looked for: a request is asked for in 200 at most, the
    /// most telling first.
    #[serde(default)]
    pub n_unasked: u64,
    /// Passages with a family name of the person that is too common to say anything alone, and with
    /// nothing else of the person's: counted, not weighed. One with two such names counts twice.
    #[serde(default)]
    pub n_unweighed: u64,
    /// Sources, sorted by name.
    pub sources: Vec<SourceSearched>,
    /// Did the last run of `habeas index` come to its end?
    pub is_complete: bool,
    /// What could not be read, by source and reason.
    pub excepted: Vec<Excepted>,
    /// Items in the index, those included that could not be read.
    pub n_items: u64,
    /// Passages in the index.
    pub n_passages: u64,
    /// Passages that some form of an identifier or name brought.
    pub n_candidates: u64,
    /// Threads, internet addresses and days that were not followed because they are too full.
    #[serde(default)]
    pub n_unfollowed: u64,
    /// Findings by tier.
    pub tiers: Tiers,
    /// Findings of the certain, probable and possible tiers that merely mention the person.
    pub n_incidental: u64,
    /// Different items with a finding.
    pub n_items_found: u64,
    /// Records and documents that were brought and named the person too weakly to be a finding.
    pub n_dropped: u64,
    /// The answer that would settle most of what is not certain.
    #[serde(default)]
    pub ask: Option<Ask>,
    /// What to know before relying on the search: what the request states twice, shares with many, or
    /// leaves open. Nothing in it says who the person is.
    #[serde(default)]
    pub advice: Vec<String>,
    /// BLAKE3 of the subject as JSON, in hexadecimal: who was searched for.
    pub subject_digest: String,
    /// BLAKE3 of `findings.jsonl`, in hexadecimal.
    pub findings_digest: String,
}

/// What was looked for of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The kind of identifier; `None` for what is no kind of its own.
    pub kind: Option<Kind>,
    /// What the request states, in its words, with the days on which it held.
    pub stated: Vec<Personal<String>>,
    /// In how many written forms it was looked for.
    pub n_forms: u64,
    /// The forms, so that somebody else can repeat the search: exact words, `~` before one that may
    /// differ in a letter or two, `*` behind the beginning of one, `&` between words that stand in one
    /// passage.
    #[serde(default)]
    pub forms: Vec<Personal<String>>,
}

/// What was searched of one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSearched {
    /// Which source.
    pub name: SourceName,
    /// The sums of its items.
    pub items: Accounting,
    /// When it was last read to its end.
    pub read_at: Option<Timestamp>,
    /// What was found in it; an item that lies in several sources counts in the first.
    #[serde(default)]
    pub found: Tiers,
}

/// How many items of a source could not be read for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excepted {
    /// Which source.
    pub source: SourceName,
    /// Why.
    pub reason: Reason,
    /// Items of which nothing could be read.
    pub n_whole: u64,
    /// Items, or parts of items, that could not be read while the rest was.
    pub n_parts: u64,
}

/// How many findings there are of each tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiers {
    /// Certain ones.
    pub certain: u64,
    /// Probable ones.
    pub probable: u64,
    /// Possible ones.
    pub possible: u64,
    /// Those about namesakes.
    pub namesake: u64,
}

impl Tiers {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Self {
        let mut tiers = Self::default();
        findings.iter().for_each(|finding| tiers.count(finding.tier));
        tiers
    }

    /// Counts one more.
    pub(crate) fn count(&mut self, tier: Tier) {
        *(match tier {
            Tier::Certain => &mut self.certain,
            Tier::Probable => &mut self.probable,
            Tier::Possible => &mut self.possible,
            Tier::Namesake => &mut self.namesake,
        }) += 1;
    }
}

/// What was looked for, a kind a row: names first, then birth date, then the other identifiers.
pub(crate) fn asked(subject: &Subject, lookups: &[Lookup]) -> Vec<Asked> {
    let mut rows: Vec<Asked> = Vec::new();
    let mut row = |kind: Option<Kind>| -> usize {
        rows.iter().position(|row| row.kind == kind).unwrap_or_else(|| {
            rows.push(Asked { kind, stated: Vec::new(), n_forms: 0, forms: Vec::new() });
            rows.len() - 1
        })
    };
    let mut stated: Vec<(usize, String)> = Vec::new();
    for name in &subject.names {
        let sort = match name.kind {
            NameKind::Current => "",
            NameKind::Former => "former name",
            NameKind::KnownAs => "known as",
        };
        stated.push((row(Some(Kind::Name)), in_words(name.value.reveal(), sort, name.held)));
    }
    if let Some(born) = &subject.born {
        stated.push((row(Some(Kind::BirthDate)), born.reveal().to_string()));
    }
    for identifier in &subject.identifiers {
        let words = in_words(identifier.value.reveal(), "", identifier.held);
        stated.push((row(Some(identifier.kind)), words));
    }
    let forms: Vec<(usize, String)> =
        lookups.iter().map(|lookup| (row(kind_of(lookup)), written_form(lookup))).collect();
    for (at, text) in stated {
        rows[at].stated.push(Personal::new(text));
    }
    for (at, form) in forms {
        rows[at].n_forms += 1;
        rows[at].forms.push(Personal::new(form));
    }
    rows
}

/// `Amara Stone (former name, until Sunday 30 June 2019)`.
fn in_words(value: &str, sort: &str, held: Held) -> String {
    let from = held.from.map(|day| format!("from {}", written(day)));
    let to = held.to.map(|day| format!("until {}", written(day)));
    let sort = (!sort.is_empty()).then(|| sort.to_owned());
    let notes: Vec<String> = sort.into_iter().chain(from).chain(to).collect();
    if notes.is_empty() { value.to_owned() } else { format!("{value} ({})", notes.join(", ")) }
}

/// A lookup as a person writes it down.
fn written_form(lookup: &Lookup) -> String {
    match lookup {
        Lookup::Id(id) => id.clone(),
        Lookup::Words(words) => {
            let words = words.iter().map(|word| match word {
                Word::Exact(word) => word.clone(),
                Word::Near { word, .. } => format!("~{word}"),
                Word::Prefix(start) => format!("{start}*"),
            });
            words.collect::<Vec<_>>().join(" & ")
        }
    }
}

/// Which kind of identifier a lookup looks for, by the typed prefixes of `habeas_match::terms`.
fn kind_of(lookup: &Lookup) -> Option<Kind> {
    const PREFIXES: &[(&str, Kind)] = &[
        ("gi", Kind::Name),
        ("dm", Kind::Name),
        ("name", Kind::Name),
        ("email", Kind::Email),
        ("mailbase", Kind::Email),
        ("phone", Kind::Phone),
        ("phone7", Kind::Phone),
        ("dob", Kind::BirthDate),
        ("date", Kind::BirthDate),
        ("postcode", Kind::Postcode),
        ("address", Kind::Address),
        ("street", Kind::Address),
        ("nhs", Kind::NhsNumber),
        ("nino", Kind::Nino),
        ("passport", Kind::Passport),
        ("licence", Kind::DrivingLicence),
        ("licence5", Kind::DrivingLicence),
        ("card", Kind::Card),
        ("card4", Kind::Card),
        ("iban", Kind::Iban),
        ("account", Kind::BankAccount),
        ("vehicle", Kind::Vehicle),
        ("ip", Kind::Ip),
        ("device", Kind::Device),
        ("handle", Kind::Handle),
        ("ref", Kind::Reference),
        ("refno", Kind::Reference),
    ];
    match lookup {
        Lookup::Words(_) => Some(Kind::Name),
        Lookup::Id(id) => {
            let prefix = id.split(':').next().unwrap_or_default();
            PREFIXES.iter().find(|(known, _)| *known == prefix).map(|(_, kind)| *kind)
        }
    }
}

/// Exceptions by source and reason, sorted.
pub(crate) fn excepted(exceptions: &[(SourceName, ItemPath, Exception)]) -> Vec<Excepted> {
    let mut counts = std::collections::BTreeMap::<(&SourceName, Reason), (u64, u64)>::new();
    for (source, _, exception) in exceptions {
        let (whole, parts) = counts.entry((source, exception.reason)).or_default();
        *(if exception.is_partial { parts } else { whole }) += 1;
    }
    let row = |((source, reason), (n_whole, n_parts)): ((&SourceName, Reason), (u64, u64))| {
        Excepted { source: source.clone(), reason, n_whole, n_parts }
    };
    counts.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use habeas_model::{Identifier, SubjectName};

    use super::*;

    #[test]
    fn what_was_asked_is_told_by_kind() {
        let held = Held { from: None, to: Some(jiff::civil::date(2019, 6, 30)) };
        let subject = Subject {
            names: vec![
                SubjectName {
                    value: "Amara Lind".into(),
                    kind: NameKind::Current,
                    held: Held::default(),
                },
                SubjectName { value: "Amara Stone".into(), kind: NameKind::Former, held },
            ],
            born: None,
            identifiers: vec![Identifier {
                kind: Kind::Phone,
                value: "07700 900123".into(),
                held: Held::default(),
            }],
        };
        let lookups = [
            Lookup::Words(vec![Word::Exact("lind".into())]),
            Lookup::Id("gi:a|lind".into()),
            Lookup::Id("phone:+447700900123".into()),
            Lookup::Id("phone7:700900123".into()),
            Lookup::Id("tea:leaf".into()),
        ];
        let rows: Vec<_> = asked(&subject, &lookups)
            .into_iter()
            .map(|row| {
                let stated: Vec<String> = row.stated.iter().map(|it| it.reveal().clone()).collect();
                (row.kind, stated.join("; "), row.n_forms)
            })
            .collect();
        let names = "Amara Lind; Amara Stone (former name, until Sunday 30 June 2019)";
        assert_eq!(
            rows,
            [
                (Some(Kind::Name), names.to_owned(), 2),
                (Some(Kind::Phone), "07700 900123".to_owned(), 2),
                (None, String::new(), 1),
            ]
        );
    }
}
