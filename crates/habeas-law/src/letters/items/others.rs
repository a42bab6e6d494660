//! What letters to others say, and the acknowledgement of a complaint.

use super::{OPEN, PLAIN, Row, row};
use crate::contents::When;
use crate::letters::{Given, LetterKind, Shape, Wanted};

use Given::{Case, Set, Words};
use LetterKind::{Article19, ComplaintAcknowledgement, HealthOpinion, ThirdPartyConsent};
use When::{Eu, UkAll, UkFromJune, UkUntilJune};

const ACTION: &[(&str, &str)] = &[
    ("corrected", "corrected (Article 16)"),
    ("erased", "erased (Article 17(1))"),
    ("restricted", "restricted in its use (Article 18)"),
];

pub(super) const ROWS: &[Row] = &[
    // Somebody else whom the data is about.
    row(
        &[ThirdPartyConsent],
        "information",
        "what is told of them, without who asked",
        Set,
        "DPA 2018 Sch. 2 para. 16(3)(b)",
    )
    .shape(Shape::Points)
    .written(UkAll),
    row(
        &[ThirdPartyConsent],
        "information",
        "what is told of them, without who asked",
        Set,
        "GDPR Art. 15(4)",
    )
    .shape(Shape::Points)
    .written(Eu),
    row(
        &[ThirdPartyConsent],
        "choice",
        "that they are free to agree or not",
        Words("choice"),
        "GDPR Art. 4(11) and 7",
    ),
    row(&[ThirdPartyConsent], "reply_by", "by when we hope to hear", Set, "GDPR Art. 12(3)")
        .shape(Shape::Later),
    row(
        &[ThirdPartyConsent],
        "requester_agreed",
        "the day on which the requester agreed that this person is asked",
        Set,
        "GDPR Art. 5(1)(b) and (f); ICO, Right of access: information about other individuals",
    )
    .shape(Shape::Day)
    .need(Wanted::Unless("reveals_nothing"))
    .noted(),
    row(
        &[ThirdPartyConsent],
        "requester_agreed",
        "the day on which the requester agreed to be named",
        Set,
        "GDPR Art. 5(1)(b) and (f); ICO, Right of access: information about other individuals",
    )
    .shape(Shape::Day)
    .need(Wanted::If("name_requester"))
    .noted(),
    row(
        &[ThirdPartyConsent],
        "reveals_nothing",
        "why the letter cannot tell who asked",
        Set,
        "GDPR Art. 5(1)(f)",
    )
    .optional()
    .noted(),
    row(
        &[ThirdPartyConsent],
        "name_requester",
        "that the requester is named",
        Set,
        "GDPR Art. 5(1)(f)",
    )
    .shape(Shape::Yes)
    .optional()
    .noted(),
    row(&[ThirdPartyConsent], "requester", "who asked", Case(OPEN), "GDPR Art. 5(1)(f)").optional(),
    // A health professional.
    row(&[HealthOpinion], "subject", "the patient's name", Case(OPEN), "DPA 2018 Sch. 3 para. 2"),
    row(&[HealthOpinion], "born", "the patient's date of birth", Case(OPEN), "GDPR Art. 5(1)(d)")
        .optional(),
    row(
        &[HealthOpinion],
        "why_you",
        "why they are the appropriate health professional",
        Set,
        "DPA 2018 Sch. 3 para. 2",
    ),
    row(
        &[HealthOpinion],
        "documents",
        "what the opinion is about",
        Set,
        "DPA 2018 Sch. 3 paras. 5 and 6",
    )
    .shape(Shape::Points),
    row(
        &[HealthOpinion],
        "question",
        "the question of the serious harm test",
        Words("serious-harm"),
        "DPA 2018 Sch. 3 paras. 2, 5 and 6",
    ),
    row(
        &[HealthOpinion],
        "reply_by",
        "by when we need the opinion",
        Set,
        "DPA 2018 Sch. 3 para. 6",
    )
    .shape(Shape::Later),
    // A recipient.
    row(
        &[Article19],
        "known_as",
        "how the recipient knows the person",
        Set,
        "GDPR Art. 5(1)(c) and 19",
    ),
    row(&[Article19], "action", "what was done", Set, "GDPR Art. 16, 17(1), 18 and 19")
        .shape(Shape::Choice(ACTION)),
    row(&[Article19], "done", "the day on which it was done", Set, "GDPR Art. 19")
        .shape(Shape::Day),
    row(&[Article19], "data", "which data", Set, "GDPR Art. 19").shape(Shape::Points),
    row(&[Article19], "please", "what the recipient is asked to do", Set, "GDPR Art. 19"),
    row(&[Article19], "given_on", "when the recipient received it", Set, "GDPR Art. 19")
        .shape(Shape::Day)
        .optional(),
    // A complaint.
    row(
        &[ComplaintAcknowledgement],
        "complaint_received",
        "the day the complaint was received",
        Set,
        "DPA 2018 s. 164A(3)",
    )
    .shape(Shape::Day)
    .written(UkFromJune),
    row(
        &[ComplaintAcknowledgement],
        "complaint_received",
        "the day the complaint was received",
        Set,
        PLAIN,
    )
    .shape(Shape::Day)
    .written(UkUntilJune),
    row(
        &[ComplaintAcknowledgement],
        "complaint_received",
        "the day the complaint was received",
        Set,
        PLAIN,
    )
    .shape(Shape::Day)
    .written(Eu),
    row(&[ComplaintAcknowledgement], "about", "what it is about", Set, PLAIN).optional(),
    row(
        &[ComplaintAcknowledgement],
        "next_steps",
        "what we do now",
        Set,
        "DPA 2018 s. 164A(4) and (5)",
    )
    .written(UkFromJune),
    row(&[ComplaintAcknowledgement], "next_steps", "what we do now", Set, PLAIN)
        .written(UkUntilJune),
    row(&[ComplaintAcknowledgement], "next_steps", "what we do now", Set, PLAIN).written(Eu),
    row(
        &[ComplaintAcknowledgement],
        "duty",
        "that we look into it and tell the outcome without undue delay",
        Words("complaint-duty"),
        "DPA 2018 s. 164A(4) and (5)",
    )
    .written(UkFromJune),
    row(
        &[ComplaintAcknowledgement],
        "complain_authority",
        "the complaint to the Information Commissioner",
        Words("complain-commissioner"),
        "DPA 2018 s. 165",
    )
    .written(UkAll),
    row(
        &[ComplaintAcknowledgement],
        "complain_authority",
        "the complaint to a supervisory authority",
        Words("complain-authority-eu"),
        "Regulation (EU) 2016/679 Art. 77",
    )
    .written(Eu),
    row(
        &[ComplaintAcknowledgement],
        "late",
        "that the acknowledgement is late",
        Case("--set complaint_received=…"),
        PLAIN,
    )
    .optional(),
];
