//! What does the letter that goes with a bundle say?

use habeas_case::Decided;
use habeas_law::{Law, LetterKind, letter_items, written};
use habeas_redact::Linkage;

use crate::gather::{Gathered, classes};
use crate::letters::{Answer, Head, LetterFacts, Words, fill, page};
use crate::schedule::Kept;
use crate::sheets::count;
use crate::template::Fields;
use crate::{Error, Options, Organisation};

/// What the letter depends on.
pub(crate) struct Facts<'a> {
    pub(crate) decided: &'a Decided,
    pub(crate) organisation: &'a Organisation,
    pub(crate) options: &'a Options,
    pub(crate) gathered: &'a Gathered,
    pub(crate) kept: &'a [Kept],
    pub(crate) has_portable: bool,
}

impl Facts<'_> {
    /// Is there nothing to give and nothing to tell of?
    pub(crate) fn holds_nothing(&self) -> bool {
        self.decided.disclosures.is_empty()
            && self.kept.is_empty()
            && self.decided.incidental.is_empty()
    }

    /// Is anything taken out, kept back, or not given yet?
    fn is_partial(&self) -> bool {
        self.takes_out()
            || !self.decided.withheld.is_empty()
            || !self.gathered.refused.is_empty()
            || !self.decided.pending.is_empty()
    }

    fn takes_out(&self) -> bool {
        self.n_labels() + self.n_left_out() > 0
    }

    pub(crate) fn n_left_out(&self) -> usize {
        self.gathered.given.iter().map(|given| given.entry.n_left_out).sum()
    }

    pub(crate) fn n_labels(&self) -> usize {
        self.gathered.given.iter().map(|given| given.entry.n_labels).sum()
    }
}

/// A label as the letter shows one.
pub(crate) fn label(linkage: Linkage) -> &'static str {
    match linkage {
        Linkage::Linked => "[TP 001]",
        Linkage::Unlinked => "[TP]",
    }
}

/// The letter as plain text and as a PDF file.
///
/// It is the letter of a release, without how it is delivered: that is nothing the bundle knows.
pub(crate) fn files(facts: &Facts<'_>) -> Result<(String, Vec<u8>), Error> {
    let Facts { decided, organisation, options, .. } = facts;
    let kind =
        if facts.is_partial() { LetterKind::PartialRelease } else { LetterKind::FullRelease };
    let case = decided.case.as_str();
    let mut known = LetterFacts::new(kind, case, &decided.request, organisation, options.day)?;
    // The folder goes from hand to hand; where the person lives is for the envelope.
    known.put("to_address", "");
    if decided.request.name().is_none() {
        known.put("to", "Sir or Madam");
    }
    for (field, value) in fields(facts) {
        known.put(&field, value);
    }
    let mut items = letter_items(kind, known.basis());
    items.retain(|item| item.is_printed && item.field != "delivery");
    let Words { fields, filled, .. } = fill(&options.letters, kind, &items, &known)?;
    let head = Head::of(&fields);
    let printed = page::print("Letter", &fields, &head, &filled)?;
    Ok((page::text(&head, &filled), printed.bytes))
}

/// What the bundle tells of itself, for letters that are written about it later.
pub(crate) fn answer(facts: &Facts<'_>, manifest_sha256: &str) -> Answer {
    Answer {
        manifest_sha256: manifest_sha256.to_owned(),
        findings_digest: facts.decided.search.findings_digest.clone(),
        fields: fields(facts),
    }
}

fn fields(facts: &Facts<'_>) -> Fields {
    let Facts { decided, options, gathered, kept, .. } = facts;
    let n_pages: u64 = gathered.given.iter().map(|given| u64::from(given.redacted.n_pages())).sum();
    let class_lines: Vec<String> = classes(&gathered.given)
        .into_iter()
        .map(|(class, n)| {
            format!("- {}: {}", class.title(), count(n as u64, "exhibit", "exhibits"))
        })
        .collect();
    let mut grounds: Vec<String> =
        kept.iter().map(|kept| format!("- {} [{}]", kept.ground, kept.code)).collect();
    grounds.sort();
    grounds.dedup();
    let working = decided.deadline.working;
    let late = if options.day > working {
        format!(" We apologise that it comes after {}, the day it was due.", written(working))
    } else {
        String::new()
    };
    let linkage = match options.linkage {
        Linkage::Linked => ". The same label always stands for the same person",
        Linkage::Unlinked => "",
    };
    let third_party_law = match decided.request.law {
        Law::Uk => {
            "Article 15(4) UK GDPR and the Data Protection Act 2018, Schedule 2, paragraph 16"
        }
        Law::Eu => "Article 15(4) GDPR",
    };
    let incomplete =
        if decided.search.is_complete { "" } else { " Not every source could be read to its end." };
    let has_copies = gathered.given.iter().any(|given| !given.entry.others.is_empty());
    // A condition of the template is a field that is filled in.
    let yes = |holds: bool| if holds { "yes" } else { "" }.to_owned();
    let some = |n: usize, one: &str, many: &str| {
        if n == 0 { String::new() } else { count(n as u64, one, many) }
    };
    let n_given = gathered.given.len();
    let fields = [
        ("given", yes(n_given > 0)),
        ("holds_nothing", yes(facts.holds_nothing())),
        ("not_all", yes(facts.is_partial())),
        ("all_given", yes(n_given > 0 && !facts.is_partial())),
        ("taken_out", yes(facts.takes_out())),
        ("duplicates", yes(has_copies)),
        ("portable", yes(facts.has_portable)),
        ("late", late),
        ("exhibits", some(n_given, "document", "documents")),
        ("pages", count(n_pages, "page", "pages")),
        ("classes", class_lines.join("\n")),
        ("sources", count(decided.search.sources.len() as u64, "source", "sources")),
        ("items", count(decided.search.n_items, "item", "items")),
        ("incomplete", incomplete.to_owned()),
        ("label", label(options.linkage).to_owned()),
        ("linkage", linkage.to_owned()),
        ("left_out", count(facts.n_left_out() as u64, "record", "records")),
        ("third_party_law", third_party_law.to_owned()),
        ("kept", some(kept.len(), "record or document", "records or documents")),
        ("grounds", grounds.join("\n")),
        ("unreleased", some(gathered.refused.len(), "document", "documents")),
        ("incidental", some(decided.incidental.len(), "document", "documents")),
        ("pending", some(decided.pending.len(), "record or document", "records or documents")),
    ];
    fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}
