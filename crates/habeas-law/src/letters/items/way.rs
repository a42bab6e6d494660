//! What letters say on the way to an answer.

use super::{OPEN, PLAIN, Row, row};
use crate::contents::When;
use crate::letters::{Given, LetterKind, Shape};

use Given::{Case, Set, Words};
use LetterKind::{
    Acknowledgement, Authority, Clarification, Extension, Fee, FullRelease, Identity, NothingHeld,
    PartialRelease, Refusal,
};
use When::{Eu, UkFromFebruary, UkUntilFebruary};

/// Letters about the request to whoever made it.
const ABOUT: &[LetterKind] = &[
    Acknowledgement,
    Identity,
    Authority,
    Clarification,
    Extension,
    Fee,
    Refusal,
    NothingHeld,
    PartialRelease,
    FullRelease,
];

const EXTENSION: &[(&str, &str)] =
    &[("complexity", "your request is complex"), ("number", "you have made a number of requests")];

const FEE: &[(&str, &str)] = &[
    ("excessive", "we consider the request to be manifestly excessive"),
    ("unfounded", "we consider the request to be manifestly unfounded"),
    ("further-copies", "you ask for further copies of what we gave you already"),
];

pub(super) const ROWS: &[Row] = &[
    // The request.
    row(ABOUT, "received", "the day the request was received", Case(OPEN), "GDPR Art. 12(3)"),
    row(
        &[Acknowledgement, Identity, Extension, Fee, Refusal],
        "right_asked",
        "what was asked for",
        Case(OPEN),
        "GDPR Art. 12(3)",
    ),
    // Acknowledgement.
    row(
        &[Acknowledgement],
        "due",
        "the day by which we answer",
        Case(OPEN),
        "UK GDPR Art. 12A(1) and (2)",
    )
    .received(UkFromFebruary),
    row(&[Acknowledgement], "due", "the day by which we answer", Case(OPEN), "GDPR Art. 12(3)")
        .received(UkUntilFebruary),
    row(
        &[Acknowledgement],
        "due",
        "the day by which we answer",
        Case(OPEN),
        "Regulation (EU) 2016/679 Art. 12(3)",
    )
    .received(Eu),
    row(&[Acknowledgement], "waits", "what we still wait for", Case(OPEN), "GDPR Art. 12(6)")
        .optional(),
    // Proof of identity, or of authority.
    row(&[Identity], "doubts", "why we are not sure who asks", Set, "GDPR Art. 12(6)"),
    row(
        &[Identity],
        "proof",
        "what we accept as proof",
        Set,
        "GDPR Art. 5(1)(c) and 12(6); ICO, Right of access, \"Can we ask for ID?\"",
    )
    .shape(Shape::Points),
    row(
        &[Authority],
        "subject",
        "the person for whom the request is made",
        Case(OPEN),
        "GDPR Art. 12(6)",
    ),
    row(
        &[Authority],
        "proof",
        "what we accept as authority",
        Set,
        "GDPR Art. 12(6); ICO, Right of access, \"Can a request be made on behalf of others?\"",
    )
    .shape(Shape::Points),
    row(
        &[Identity, Authority],
        "clock",
        "what waiting does to the time for our answer",
        Words("clock-proof"),
        "UK GDPR Art. 12A(2)(b)",
    )
    .received(UkFromFebruary),
    row(
        &[Identity, Authority, Fee, Clarification],
        "clock",
        "by when we answer all the same",
        Words("clock-runs"),
        "GDPR Art. 12(3)",
    )
    .received(UkUntilFebruary),
    row(
        &[Identity, Authority, Fee, Clarification],
        "clock",
        "by when we answer all the same",
        Words("clock-runs"),
        "Regulation (EU) 2016/679 Art. 12(3)",
    )
    .received(Eu),
    row(
        &[Identity, Authority, Fee, Clarification],
        "due",
        "the day by which we answer",
        Case(OPEN),
        "GDPR Art. 12(3)",
    )
    .optional(),
    row(
        &[Identity, Authority, Fee, Clarification],
        "reply_by",
        "by when we hope to hear",
        Set,
        PLAIN,
    )
    .shape(Shape::Later)
    .optional(),
    // Clarification.
    row(&[Clarification], "questions", "the questions", Set, "UK GDPR Art. 12A(5)(a)")
        .shape(Shape::Points)
        .received(UkFromFebruary),
    row(
        &[Clarification],
        "why",
        "why we cannot find the data without an answer",
        Set,
        "UK GDPR Art. 12A(5) and (6)",
    )
    .received(UkFromFebruary),
    row(&[Clarification], "questions", "the questions", Set, "GDPR Recital 63")
        .shape(Shape::Points)
        .received(UkUntilFebruary),
    row(
        &[Clarification],
        "why",
        "why we cannot find the data without an answer",
        Set,
        "GDPR Recital 63",
    )
    .received(UkUntilFebruary),
    row(&[Clarification], "questions", "the questions", Set, "GDPR Recital 63")
        .shape(Shape::Points)
        .received(Eu),
    row(
        &[Clarification],
        "why",
        "why we cannot find the data without an answer",
        Set,
        "GDPR Recital 63",
    )
    .received(Eu),
    row(
        &[Clarification],
        "clock",
        "that the clock is stopped",
        Words("clock-stopped"),
        "UK GDPR Art. 12A(5)(b); ICO, Right of access, \"Can we clarify the request?\"",
    )
    .received(UkFromFebruary),
    row(
        &[Clarification],
        "may_ask_all",
        "that nobody has to ask for less",
        Words("may-ask-all"),
        "ICO, Right of access, \"Can we clarify the request?\"",
    ),
    row(
        &[Clarification],
        "meanwhile",
        "what we give meanwhile",
        Set,
        "ICO, Right of access, \"Can we clarify the request?\"",
    )
    .optional(),
    // Extension.
    row(
        &[Extension],
        "ground",
        "whether the requests are complex or many",
        Set,
        "UK GDPR Art. 12A(3)",
    )
    .shape(Shape::Choice(EXTENSION))
    .received(UkFromFebruary),
    row(&[Extension], "ground", "whether the requests are complex or many", Set, "GDPR Art. 12(3)")
        .shape(Shape::Choice(EXTENSION))
        .received(UkUntilFebruary),
    row(
        &[Extension],
        "ground",
        "whether the requests are complex or many",
        Set,
        "Regulation (EU) 2016/679 Art. 12(3)",
    )
    .shape(Shape::Choice(EXTENSION))
    .received(Eu),
    row(&[Extension], "reasons", "the reasons for the delay", Set, "UK GDPR Art. 12A(4)(b)")
        .received(UkFromFebruary),
    row(&[Extension], "reasons", "the reasons for the delay", Set, "GDPR Art. 12(3)")
        .received(UkUntilFebruary),
    row(
        &[Extension],
        "reasons",
        "the reasons for the delay",
        Set,
        "Regulation (EU) 2016/679 Art. 12(3)",
    )
    .received(Eu),
    row(&[Extension], "new_due", "the day by which we answer then", Case(OPEN), "GDPR Art. 12(3)"),
    // Fee.
    row(&[Fee], "ground", "why there is a fee", Set, "GDPR Art. 12(5) and 15(3)")
        .shape(Shape::Choice(FEE)),
    row(&[Fee], "reasons", "which facts of this request show it", Set, "GDPR Art. 12(5)"),
    row(&[Fee], "amount", "how much it is", Set, "GDPR Art. 12(5)(a)"),
    row(
        &[Fee],
        "costs",
        "what it is made of",
        Set,
        "GDPR Art. 12(5)(a); ICO, Right of access, \"Can we charge a fee?\"",
    )
    .shape(Shape::Points),
    row(&[Fee], "payment", "how to pay it", Set, PLAIN),
    row(
        &[Fee],
        "clock",
        "what waiting does to the time for our answer",
        Words("clock-fee"),
        "UK GDPR Art. 12A(2)(c)",
    )
    .received(UkFromFebruary),
];
