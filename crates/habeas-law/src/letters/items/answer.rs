//! What the answer says.

use super::{PLAIN, Row, row};
use crate::contents::When;
use crate::letters::{Given, LetterKind, Shape, Wanted};

use Given::{Case, Set, Words};
use LetterKind::{FullRelease, NothingHeld, PartialRelease, Refusal};
use When::{Eu, UkAll};

const RELEASE: &[LetterKind] = &[PartialRelease, FullRelease];

const MATCH: &str = "habeas match CASE";

const BUNDLE: &str = "habeas bundle CASE";

pub(super) const ROWS: &[Row] = &[
    // Refusal.
    row(
        &[Refusal],
        "ncnd",
        "that nothing is confirmed or denied",
        Set,
        "ICO, Right of access: where confirming would defeat the exemption",
    )
    .shape(Shape::Yes)
    .optional()
    .noted(),
    row(&[Refusal], "ground", "the ground of the refusal", Set, "GDPR Art. 12(4) and (5)")
        .shape(Shape::Grounds)
        .need(Wanted::Unless("ncnd")),
    row(
        &[Refusal],
        "reasons",
        "the reasons, in words the person can check",
        Set,
        "GDPR Art. 12(4)",
    )
    .need(Wanted::Unless("ncnd")),
    row(
        &[Refusal],
        "ncnd_ground",
        "which exemption would be defeated, for the file",
        Set,
        "ICO, Right of access: where confirming would defeat the exemption",
    )
    .need(Wanted::If("ncnd"))
    .noted(),
    // Nothing held.
    row(&[NothingHeld], "sources", "where we searched", Case(MATCH), "UK GDPR Art. 15(1A)")
        .written(UkAll),
    row(&[NothingHeld], "items", "how much we searched", Case(MATCH), "UK GDPR Art. 15(1A)")
        .written(UkAll),
    row(
        &[NothingHeld],
        "sources",
        "where we searched",
        Case(MATCH),
        "GDPR Art. 15(1), opening words",
    )
    .written(Eu),
    row(
        &[NothingHeld],
        "items",
        "how much we searched",
        Case(MATCH),
        "GDPR Art. 15(1), opening words",
    )
    .written(Eu),
    row(
        &[NothingHeld],
        "nothing_found",
        "that the search found nothing about the person",
        Case(MATCH),
        "GDPR Art. 15(1), opening words",
    )
    .noted(),
    row(
        &[NothingHeld],
        "incomplete",
        "that not everything could be read",
        Case(MATCH),
        "GDPR Art. 12(1)",
    )
    .optional(),
    // Release: what the bundle tells of itself.
    row(RELEASE, "exhibits", "what is given", Case(BUNDLE), "GDPR Art. 15(3)")
        .need(Wanted::If("given")),
    row(RELEASE, "pages", "on how many pages", Case(BUNDLE), "GDPR Art. 15(3)")
        .need(Wanted::If("given")),
    row(RELEASE, "classes", "which kinds of documents", Case(BUNDLE), "GDPR Art. 15(1)(b)")
        .need(Wanted::If("given")),
    row(RELEASE, "sources", "where we searched", Case(BUNDLE), "UK GDPR Art. 15(1A)")
        .written(UkAll),
    row(RELEASE, "sources", "where we searched", Case(BUNDLE), "GDPR Art. 15(1), opening words")
        .written(Eu),
    row(RELEASE, "items", "how much we searched", Case(BUNDLE), PLAIN),
    row(
        RELEASE,
        "information",
        "where Art. 15(1)(a) to (h) is answered",
        Words("information"),
        "GDPR Art. 15(1)(a)",
    ),
    row(RELEASE, "rights", "the person's rights", Words("rights"), "GDPR Art. 15(1)(e)"),
    row(RELEASE, "delivery", "how the documents reach the person safely", Set, "GDPR Art. 5(1)(f)"),
    row(
        &[PartialRelease],
        "not_all",
        "that something is taken out or kept back",
        Case(BUNDLE),
        "GDPR Art. 12(4)",
    )
    .noted(),
    row(
        &[FullRelease],
        "all_given",
        "that nothing is taken out or kept back",
        Case(BUNDLE),
        "GDPR Art. 15(3)",
    )
    .noted(),
    row(
        &[PartialRelease],
        "grounds",
        "the grounds for what is kept back",
        Case(BUNDLE),
        "GDPR Art. 12(4)",
    )
    .need(Wanted::If("kept")),
    row(
        &[PartialRelease],
        "third_party_law",
        "the law that protects other people",
        Case(BUNDLE),
        "GDPR Art. 15(4); DPA 2018 Sch. 2 para. 16",
    )
    .need(Wanted::If("taken_out")),
    row(RELEASE, "given", "that something is given", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "holds_nothing", "that nothing is held", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "kept", "how much is kept back", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "taken_out", "that other people are taken out", Case(BUNDLE), PLAIN)
        .optional(),
    row(&[PartialRelease], "label", "a label", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "linkage", "what labels tell", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "left_out", "records of others", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "unreleased", "what could not be given yet", Case(BUNDLE), PLAIN)
        .optional(),
    row(&[PartialRelease], "pending", "what is under review", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "duplicates", "that copies are given once", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "incidental", "where the person is only mentioned", Case(BUNDLE), PLAIN)
        .optional(),
    row(RELEASE, "portable", "that there is a copy for machines", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "incomplete", "that not everything could be read", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "late", "that the answer is late", Case(BUNDLE), PLAIN).optional(),
];
