//! What does the letter say?

use habeas_case::Decided;
use habeas_law::{Law, Regime, written};
use habeas_redact::Linkage;
use jiff::civil::date;

use crate::gather::{Gathered, classes};
use crate::schedule::Kept;
use crate::sheets::count;
use crate::template::{Fields, Template};
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

/// The letter as text with marks for headings and points.
pub(crate) fn text(facts: &Facts<'_>) -> Result<String, Error> {
    let template = Template::answer();
    let fields = fields(facts);
    let filled: Result<Vec<String>, Error> =
        sections(facts).into_iter().map(|section| template.fill(section, &fields)).collect();
    Ok(filled?.join("\n\n"))
}

fn sections(facts: &Facts<'_>) -> Vec<&'static str> {
    let n_given = facts.gathered.given.len();
    let mut sections = Vec::new();
    sections.push(if facts.holds_nothing() { "opening-nothing" } else { "opening" });
    let has_copies = facts.gathered.given.iter().any(|given| !given.entry.others.is_empty());
    for (applies, section) in [
        (n_given > 0, "enclosed"),
        (facts.has_portable, "portable"),
        (true, "searched"),
        (has_copies, "duplicates"),
        (facts.n_labels() + facts.n_left_out() > 0, "others"),
        (!facts.kept.is_empty(), "withheld"),
        (!facts.gathered.refused.is_empty(), "unreleased"),
        (!facts.decided.incidental.is_empty(), "incidental"),
        (!facts.decided.pending.is_empty(), "pending"),
        (true, "rights"),
    ] {
        if applies {
            sections.push(section);
        }
    }
    // Which complaints there are is the law of the letter's day.
    let regime = Regime::on(facts.decided.request.law, facts.options.day);
    sections.extend(match regime {
        Regime::Eu => ["complain-us", "complain-eu"],
        Regime::UkFromJune2026 => ["complain-controller", "complain-commissioner"],
        // The court's power to inspect, DPA 2018 s. 180A: SI 2025/904.
        _ if facts.options.day >= date(2025, 8, 20) => ["complain-us", "complain-commissioner"],
        _ => ["complain-us", "complain-commissioner-old"],
    });
    sections.push("closing");
    sections
}

fn fields(facts: &Facts<'_>) -> Fields {
    let Facts { decided, organisation, options, gathered, kept, .. } = facts;
    let controller = &organisation.controller;
    let request = &decided.request;
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
    let third_party_law = match request.law {
        Law::Uk => {
            "Article 15(4) UK GDPR and the Data Protection Act 2018, Schedule 2, paragraph 16"
        }
        Law::Eu => "Article 15(4) GDPR",
    };
    let incomplete =
        if decided.search.is_complete { "" } else { " Not every source could be read to its end." };
    let n = |n: usize| n as u64;
    Fields::from([
        ("controller", controller.name.clone()),
        ("address", controller.address.join("\n")),
        ("contact", controller.contact.clone()),
        ("email", controller.email.clone()),
        ("phone", controller.phone.clone()),
        ("complaints", controller.complaints.clone()),
        ("day", written(options.day)),
        ("reference", decided.case.to_string()),
        ("requester", request.name().map_or("Sir or Madam", |name| name.reveal()).to_owned()),
        ("received", written(request.received)),
        ("deadline", late),
        ("exhibits", count(n(gathered.given.len()), "document", "documents")),
        ("pages", count(n_pages, "page", "pages")),
        ("classes", class_lines.join("\n")),
        ("sources", count(n(decided.search.sources.len()), "source", "sources")),
        ("items", count(decided.search.n_items, "item", "items")),
        ("incomplete", incomplete.to_owned()),
        ("label", label(options.linkage).to_owned()),
        ("linkage", linkage.to_owned()),
        ("left_out", count(n(facts.n_left_out()), "record", "records")),
        ("third_party_law", third_party_law.to_owned()),
        ("kept", count(n(kept.len()), "record or document", "records or documents")),
        ("grounds", grounds.join("\n")),
        ("unreleased", count(n(gathered.refused.len()), "document", "documents")),
        ("incidental", count(n(decided.incidental.len()), "document", "documents")),
        ("pending", count(n(decided.pending.len()), "record or document", "records or documents")),
    ])
}
