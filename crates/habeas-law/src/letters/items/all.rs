//! What every letter has, and what somebody can do who is not content.

use super::{OPEN, PLAIN, Row, row};
use crate::contents::When;
use crate::letters::{Given, LetterKind};

use Given::{Case, CaseOrSet, Config, Set, Words};
use LetterKind::{
    Acknowledgement, Article19, Authority, Clarification, ComplaintAcknowledgement, Extension, Fee,
    FullRelease, HealthOpinion, Identity, NothingHeld, PartialRelease, Refusal, ThirdPartyConsent,
};
use When::{Eu, UkAll, UkFromJune, UkUntilJune};

const EVERY: &[LetterKind] = &LetterKind::ALL;

/// Letters whose addressee the request names.
const TO_THEM: &[LetterKind] = &[
    Acknowledgement,
    Identity,
    Clarification,
    Extension,
    Fee,
    Refusal,
    NothingHeld,
    PartialRelease,
    FullRelease,
    ComplaintAcknowledgement,
];

/// Letters to somebody whom the request does not name.
const TO_OTHERS: &[LetterKind] = &[Authority, ThirdPartyConsent, HealthOpinion, Article19];

/// Letters after which somebody may want to complain.
const FINAL: &[LetterKind] = &[Fee, Refusal, NothingHeld, PartialRelease, FullRelease];

const WHO: &str = "GDPR Art. 13(1)(a)";

const SAFE: &str = "GDPR Art. 5(1)(f)";

pub(super) const ROWS: &[Row] = &[
    // Who writes, and to whom.
    row(EVERY, "controller", "the organisation's name", Config("controller.name"), WHO),
    row(EVERY, "address", "the organisation's postal address", Config("controller.address"), WHO),
    row(EVERY, "contact", "whom to ask", Config("controller.contact"), WHO),
    row(EVERY, "email", "the e-mail address of whom to ask", Config("controller.email"), WHO),
    row(EVERY, "phone", "the telephone number of whom to ask", Config("controller.phone"), WHO)
        .optional(),
    row(EVERY, "reach", "whom to ask, and how", Config("controller.contact"), WHO).optional(),
    row(EVERY, "day", "the day of the letter", Case("habeas letter … --date …"), PLAIN),
    row(EVERY, "reference", "our reference", Case(OPEN), PLAIN),
    row(EVERY, "your_reference", "their reference", Set, PLAIN).optional(),
    row(EVERY, "signed", "who signs", Set, PLAIN).optional(),
    row(EVERY, "closing", "the end with the contact", Words("closing"), WHO),
    row(TO_THEM, "to", "the name of whom it goes to", CaseOrSet(OPEN), SAFE),
    row(TO_THEM, "to_address", "where it goes", CaseOrSet(OPEN), SAFE).optional(),
    row(TO_OTHERS, "to", "the name of whom it goes to", Set, SAFE),
    row(TO_OTHERS, "to_address", "where it goes: a postal or an e-mail address", Set, SAFE),
    // What happened to the request.
    row(FINAL, "course", "what happened since it was received", Case(OPEN), PLAIN).optional(),
    // What somebody can do who is not content.
    row(
        FINAL,
        "complain_us",
        "the complaint to us",
        Words("complain-us-164a"),
        "UK GDPR Art. 12(4) and 15(1)(ea); DPA 2018 s. 164A",
    )
    .written(UkFromJune),
    row(
        FINAL,
        "complaints",
        "where to complain to us",
        Config("controller.complaints"),
        "DPA 2018 s. 164A(2)",
    )
    .written(UkFromJune),
    row(FINAL, "complain_us", "whom to tell first", Words("complain-us"), PLAIN)
        .written(UkUntilJune)
        .optional(),
    row(FINAL, "complain_us", "whom to tell first", Words("complain-us"), PLAIN)
        .written(Eu)
        .optional(),
    row(
        FINAL,
        "complain_authority",
        "the complaint to the Information Commissioner",
        Words("complain-commissioner"),
        "UK GDPR Art. 12(4) and 15(1)(f); DPA 2018 s. 165",
    )
    .written(UkAll),
    row(
        FINAL,
        "complain_authority",
        "the complaint to a supervisory authority",
        Words("complain-authority-eu"),
        "Regulation (EU) 2016/679 Art. 12(4), 15(1)(f) and 77",
    )
    .written(Eu),
    row(FINAL, "court", "the court", Words("court"), "DPA 2018 ss. 167 and 180A").written(UkAll),
    row(
        FINAL,
        "court",
        "the judicial remedy",
        Words("court-eu"),
        "Regulation (EU) 2016/679 Art. 12(4) and 79",
    )
    .written(Eu),
];
