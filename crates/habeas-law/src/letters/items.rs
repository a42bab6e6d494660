//! Which items does which letter have? The table.

use super::{Basis, Given, LetterItem, LetterKind, Shape, Wanted};
use crate::contents::When;

use Given::{Case, CaseOrSet, Config, Set, Words};
use LetterKind::{
    Acknowledgement, Article19, Authority, Clarification, ComplaintAcknowledgement, Extension, Fee,
    FullRelease, HealthOpinion, Identity, NothingHeld, PartialRelease, Refusal, ThirdPartyConsent,
};
use When::{Eu, UkAll, UkFromFebruary, UkFromJune, UkUntilFebruary, UkUntilJune};

/// An item with the letters and texts that have it.
pub(super) struct Row {
    kinds: &'static [LetterKind],
    /// By the text on the day of receipt.
    received: When,
    /// By the text on the day of the letter.
    written: When,
    pub(super) item: LetterItem,
}

impl Row {
    pub(super) fn is_for(&self, kind: LetterKind, basis: Basis) -> bool {
        self.kinds.contains(&kind)
            && self.received.holds(basis.received)
            && self.written.holds(basis.written)
    }

    /// Does the letter have it under some text?
    pub(super) fn has(&self, kind: LetterKind) -> bool {
        self.kinds.contains(&kind)
    }

    /// Only where the request was received under that text.
    const fn received(mut self, when: When) -> Self {
        self.received = when;
        self
    }

    /// Only where the letter is written under that text.
    const fn written(mut self, when: When) -> Self {
        self.written = when;
        self
    }

    const fn shape(mut self, shape: Shape) -> Self {
        self.item.shape = shape;
        self
    }

    const fn need(mut self, need: Wanted) -> Self {
        self.item.need = need;
        self
    }

    /// The letter may go without it.
    const fn optional(self) -> Self {
        self.need(Wanted::Never)
    }

    /// It is kept with the letter's record, and not printed.
    const fn noted(mut self) -> Self {
        self.item.is_printed = false;
        self
    }
}

/// A mandatory item in words, that is printed under any text.
const fn row(
    kinds: &'static [LetterKind],
    field: &'static str,
    title: &'static str,
    given: Given,
    source: &'static str,
) -> Row {
    let (shape, need, is_printed) = (Shape::Text, Wanted::Always, true);
    let item = LetterItem { field, title, shape, need, given, is_printed, source };
    Row { kinds, received: When::All, written: When::All, item }
}

pub(super) fn rows() -> &'static [Row] {
    ROWS
}

const EVERY: &[LetterKind] = &LetterKind::ALL;

/// Letters about the request to whoever made it.
const ABOUT: &[LetterKind] = &[
    Acknowledgement, Identity, Authority, Clarification, Extension, Fee, Refusal, NothingHeld,
    PartialRelease, FullRelease,
];

/// Letters whose addressee the request names.
const TO_THEM: &[LetterKind] = &[
    Acknowledgement, Identity, Clarification, Extension, Fee, Refusal, NothingHeld, PartialRelease,
    FullRelease, ComplaintAcknowledgement,
];

/// Letters to somebody whom the request does not name.
const TO_OTHERS: &[LetterKind] = &[Authority, ThirdPartyConsent, HealthOpinion, Article19];

/// Letters after which somebody may want to complain.
const FINAL: &[LetterKind] = &[Fee, Refusal, NothingHeld, PartialRelease, FullRelease];

const RELEASE: &[LetterKind] = &[PartialRelease, FullRelease];

const OPEN: &str = "habeas open --name … --received …";
const MATCH: &str = "habeas match CASE";
const BUNDLE: &str = "habeas bundle CASE";

const PLAIN: &str = "GDPR Art. 12(1)";
const WHO: &str = "GDPR Art. 13(1)(a)";
const SAFE: &str = "GDPR Art. 5(1)(f)";

const ROWS: &[Row] = &[
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
    // The request.
    row(ABOUT, "received", "the day the request was received", Case(OPEN), "GDPR Art. 12(3)"),
    row(&[Acknowledgement, Identity, Extension, Fee, Refusal], "right_asked", "what was asked for", Case(OPEN), "GDPR Art. 12(3)"),
    // Acknowledgement.
    row(&[Acknowledgement], "due", "the day by which we answer", Case(OPEN), "UK GDPR Art. 12A(1) and (2)")
        .received(UkFromFebruary),
    row(&[Acknowledgement], "due", "the day by which we answer", Case(OPEN), "GDPR Art. 12(3)")
        .received(UkUntilFebruary),
    row(&[Acknowledgement], "due", "the day by which we answer", Case(OPEN), "Regulation (EU) 2016/679 Art. 12(3)")
        .received(Eu),
    row(&[Acknowledgement], "waits", "what we still wait for", Case(OPEN), "GDPR Art. 12(6)").optional(),
    // Proof of identity, or of authority.
    row(&[Identity], "doubts", "why we are not sure who asks", Set, "GDPR Art. 12(6)"),
    row(&[Identity], "proof", "what we accept as proof", Set, "GDPR Art. 5(1)(c) and 12(6); ICO, Right of access, \"Can we ask for ID?\"")
        .shape(Shape::Points),
    row(&[Authority], "subject", "the person for whom the request is made", Case(OPEN), "GDPR Art. 12(6)"),
    row(&[Authority], "proof", "what we accept as authority", Set, "GDPR Art. 12(6); ICO, Right of access, \"Can a request be made on behalf of others?\"")
        .shape(Shape::Points),
    row(&[Identity, Authority], "clock", "what waiting does to the time for our answer", Words("clock-proof"), "UK GDPR Art. 12A(2)(b)")
        .received(UkFromFebruary),
    row(&[Identity, Authority, Fee, Clarification], "clock", "by when we answer all the same", Words("clock-runs"), "GDPR Art. 12(3)")
        .received(UkUntilFebruary),
    row(&[Identity, Authority, Fee, Clarification], "clock", "by when we answer all the same", Words("clock-runs"), "Regulation (EU) 2016/679 Art. 12(3)")
        .received(Eu),
    row(&[Identity, Authority, Fee, Clarification], "due", "the day by which we answer", Case(OPEN), "GDPR Art. 12(3)").optional(),
    row(&[Identity, Authority, Fee, Clarification], "reply_by", "by when we hope to hear", Set, PLAIN)
        .shape(Shape::Later)
        .optional(),
    // Clarification.
    row(&[Clarification], "questions", "the questions", Set, "UK GDPR Art. 12A(5)(a)")
        .shape(Shape::Points)
        .received(UkFromFebruary),
    row(&[Clarification], "why", "why we cannot find the data without an answer", Set, "UK GDPR Art. 12A(5) and (6)")
        .received(UkFromFebruary),
    row(&[Clarification], "questions", "the questions", Set, "GDPR Recital 63")
        .shape(Shape::Points)
        .received(UkUntilFebruary),
    row(&[Clarification], "why", "why we cannot find the data without an answer", Set, "GDPR Recital 63")
        .received(UkUntilFebruary),
    row(&[Clarification], "questions", "the questions", Set, "GDPR Recital 63")
        .shape(Shape::Points)
        .received(Eu),
    row(&[Clarification], "why", "why we cannot find the data without an answer", Set, "GDPR Recital 63")
        .received(Eu),
    row(&[Clarification], "clock", "that the clock is stopped", Words("clock-stopped"), "UK GDPR Art. 12A(5)(b); ICO, Right of access, \"Can we clarify the request?\"")
        .received(UkFromFebruary),
    row(&[Clarification], "may_ask_all", "that nobody has to ask for less", Words("may-ask-all"), "ICO, Right of access, \"Can we clarify the request?\""),
    row(&[Clarification], "meanwhile", "what we give meanwhile", Set, "ICO, Right of access, \"Can we clarify the request?\"").optional(),
    // Extension.
    row(&[Extension], "ground", "whether the requests are complex or many", Set, "UK GDPR Art. 12A(3)")
        .shape(Shape::Choice(EXTENSION))
        .received(UkFromFebruary),
    row(&[Extension], "ground", "whether the requests are complex or many", Set, "GDPR Art. 12(3)")
        .shape(Shape::Choice(EXTENSION))
        .received(UkUntilFebruary),
    row(&[Extension], "ground", "whether the requests are complex or many", Set, "Regulation (EU) 2016/679 Art. 12(3)")
        .shape(Shape::Choice(EXTENSION))
        .received(Eu),
    row(&[Extension], "reasons", "the reasons for the delay", Set, "UK GDPR Art. 12A(4)(b)").received(UkFromFebruary),
    row(&[Extension], "reasons", "the reasons for the delay", Set, "GDPR Art. 12(3)").received(UkUntilFebruary),
    row(&[Extension], "reasons", "the reasons for the delay", Set, "Regulation (EU) 2016/679 Art. 12(3)").received(Eu),
    row(&[Extension], "new_due", "the day by which we answer then", Case(OPEN), "GDPR Art. 12(3)"),
    // Fee.
    row(&[Fee], "ground", "why there is a fee", Set, "GDPR Art. 12(5) and 15(3)")
        .shape(Shape::Choice(FEE)),
    row(&[Fee], "reasons", "which facts of this request show it", Set, "GDPR Art. 12(5)"),
    row(&[Fee], "amount", "how much it is", Set, "GDPR Art. 12(5)(a)"),
    row(&[Fee], "costs", "what it is made of", Set, "GDPR Art. 12(5)(a); ICO, Right of access, \"Can we charge a fee?\"")
        .shape(Shape::Points),
    row(&[Fee], "payment", "how to pay it", Set, PLAIN),
    row(&[Fee], "clock", "what waiting does to the time for our answer", Words("clock-fee"), "UK GDPR Art. 12A(2)(c)")
        .received(UkFromFebruary),
    // Refusal.
    row(&[Refusal], "ncnd", "that nothing is confirmed or denied", Set, "ICO, Right of access: where confirming would defeat the exemption")
        .shape(Shape::Yes)
        .optional(),
    row(&[Refusal], "ground", "the ground of the refusal", Set, "GDPR Art. 12(4) and (5)")
        .shape(Shape::Grounds)
        .need(Wanted::Unless("ncnd")),
    row(&[Refusal], "reasons", "the reasons, in words the person can check", Set, "GDPR Art. 12(4)")
        .need(Wanted::Unless("ncnd")),
    row(&[Refusal], "ncnd_ground", "which exemption would be defeated, for the file", Set, "ICO, Right of access: where confirming would defeat the exemption")
        .need(Wanted::If("ncnd"))
        .noted(),
    // Nothing held.
    row(&[NothingHeld], "sources", "where we searched", Case(MATCH), "UK GDPR Art. 15(1A)").written(UkAll),
    row(&[NothingHeld], "items", "how much we searched", Case(MATCH), "UK GDPR Art. 15(1A)").written(UkAll),
    row(&[NothingHeld], "sources", "where we searched", Case(MATCH), "GDPR Art. 15(1), opening words").written(Eu),
    row(&[NothingHeld], "items", "how much we searched", Case(MATCH), "GDPR Art. 15(1), opening words").written(Eu),
    row(&[NothingHeld], "nothing_found", "that the search found nothing about the person", Case(MATCH), "GDPR Art. 15(1), opening words")
        .noted(),
    row(&[NothingHeld], "incomplete", "that not everything could be read", Case(MATCH), "GDPR Art. 12(1)").optional(),
    // Release: what the bundle tells of itself.
    row(RELEASE, "exhibits", "what is given", Case(BUNDLE), "GDPR Art. 15(3)")
        .need(Wanted::If("given")),
    row(RELEASE, "pages", "on how many pages", Case(BUNDLE), "GDPR Art. 15(3)")
        .need(Wanted::If("given")),
    row(RELEASE, "classes", "which kinds of documents", Case(BUNDLE), "GDPR Art. 15(1)(b)")
        .need(Wanted::If("given")),
    row(RELEASE, "sources", "where we searched", Case(BUNDLE), "UK GDPR Art. 15(1A)").written(UkAll),
    row(RELEASE, "sources", "where we searched", Case(BUNDLE), "GDPR Art. 15(1), opening words").written(Eu),
    row(RELEASE, "items", "how much we searched", Case(BUNDLE), PLAIN),
    row(RELEASE, "information", "where Art. 15(1)(a) to (h) is answered", Words("information"), "GDPR Art. 15(1)(a)"),
    row(RELEASE, "rights", "the person's rights", Words("rights"), "GDPR Art. 15(1)(e)"),
    row(RELEASE, "delivery", "how the documents reach the person safely", Set, "GDPR Art. 5(1)(f)"),
    row(&[PartialRelease], "not_all", "that something is taken out or kept back", Case(BUNDLE), "GDPR Art. 12(4)")
        .noted(),
    row(&[FullRelease], "all_given", "that nothing is taken out or kept back", Case(BUNDLE), "GDPR Art. 15(3)")
        .noted(),
    row(&[PartialRelease], "grounds", "the grounds for what is kept back", Case(BUNDLE), "GDPR Art. 12(4)")
        .need(Wanted::If("kept")),
    row(&[PartialRelease], "third_party_law", "the law that protects other people", Case(BUNDLE), "GDPR Art. 15(4); DPA 2018 Sch. 2 para. 16")
        .need(Wanted::If("taken_out")),
    row(RELEASE, "given", "that something is given", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "holds_nothing", "that nothing is held", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "kept", "how much is kept back", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "taken_out", "that other people are taken out", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "label", "a label", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "linkage", "what labels tell", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "left_out", "records of others", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "unreleased", "what could not be given yet", Case(BUNDLE), PLAIN).optional(),
    row(&[PartialRelease], "pending", "what is under review", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "duplicates", "that copies are given once", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "incidental", "where the person is only mentioned", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "portable", "that there is a copy for machines", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "incomplete", "that not everything could be read", Case(BUNDLE), PLAIN).optional(),
    row(RELEASE, "late", "that the answer is late", Case(BUNDLE), PLAIN).optional(),
    // What somebody can do who is not content.
    row(FINAL, "complain_us", "the complaint to us", Words("complain-us-164a"), "UK GDPR Art. 12(4) and 15(1)(ea); DPA 2018 s. 164A")
        .written(UkFromJune),
    row(FINAL, "complaints", "where to complain to us", Config("controller.complaints"), "DPA 2018 s. 164A(2)")
        .written(UkFromJune),
    row(FINAL, "complain_us", "whom to tell first", Words("complain-us"), PLAIN).written(UkUntilJune).optional(),
    row(FINAL, "complain_us", "whom to tell first", Words("complain-us"), PLAIN).written(Eu).optional(),
    row(FINAL, "complain_authority", "the complaint to the Information Commissioner", Words("complain-commissioner"), "UK GDPR Art. 12(4) and 15(1)(f); DPA 2018 s. 165")
        .written(UkAll),
    row(FINAL, "complain_authority", "the complaint to a supervisory authority", Words("complain-authority-eu"), "Regulation (EU) 2016/679 Art. 12(4), 15(1)(f) and 77")
        .written(Eu),
    row(FINAL, "court", "the court", Words("court"), "DPA 2018 ss. 167 and 180A").written(UkAll),
    row(FINAL, "court", "the judicial remedy", Words("court-eu"), "Regulation (EU) 2016/679 Art. 12(4) and 79").written(Eu),
    // Somebody else whom the data is about.
    row(&[ThirdPartyConsent], "information", "what is told of them, without who asked", Set, "DPA 2018 Sch. 2 para. 16(3)(b)")
        .shape(Shape::Points)
        .written(UkAll),
    row(&[ThirdPartyConsent], "information", "what is told of them, without who asked", Set, "GDPR Art. 15(4)")
        .shape(Shape::Points)
        .written(Eu),
    row(&[ThirdPartyConsent], "choice", "that they are free to agree or not", Words("choice"), "GDPR Art. 4(11) and 7"),
    row(&[ThirdPartyConsent], "reply_by", "by when we hope to hear", Set, "GDPR Art. 12(3)").shape(Shape::Later),
    row(&[ThirdPartyConsent], "requester_agreed", "the day on which the requester agreed that this person is asked (or `--set reveals_nothing=…`: why the letter cannot tell who asked)", Set, "GDPR Art. 5(1)(b) and (f); ICO, Right of access: information about other individuals")
        .shape(Shape::Day)
        .need(Wanted::Unless("reveals_nothing"))
        .noted(),
    row(&[ThirdPartyConsent], "requester_agreed", "the day on which the requester agreed to be named", Set, "GDPR Art. 5(1)(b) and (f); ICO, Right of access: information about other individuals")
        .shape(Shape::Day)
        .need(Wanted::If("name_requester"))
        .noted(),
    row(&[ThirdPartyConsent], "reveals_nothing", "why the letter cannot tell who asked", Set, "GDPR Art. 5(1)(f)").optional().noted(),
    row(&[ThirdPartyConsent], "name_requester", "that the requester is named", Set, "GDPR Art. 5(1)(f)")
        .shape(Shape::Yes)
        .optional()
        .noted(),
    row(&[ThirdPartyConsent], "requester", "who asked", Case(OPEN), "GDPR Art. 5(1)(f)").optional(),
    // A health professional.
    row(&[HealthOpinion], "subject", "the patient's name", Case(OPEN), "DPA 2018 Sch. 3 para. 2"),
    row(&[HealthOpinion], "born", "the patient's date of birth", Case(OPEN), "GDPR Art. 5(1)(d)").optional(),
    row(&[HealthOpinion], "why_you", "why they are the appropriate health professional", Set, "DPA 2018 Sch. 3 para. 2"),
    row(&[HealthOpinion], "documents", "what the opinion is about", Set, "DPA 2018 Sch. 3 paras. 5 and 6").shape(Shape::Points),
    row(&[HealthOpinion], "question", "the question of the serious harm test", Words("serious-harm"), "DPA 2018 Sch. 3 paras. 2, 5 and 6"),
    row(&[HealthOpinion], "reply_by", "by when we need the opinion", Set, "DPA 2018 Sch. 3 para. 6").shape(Shape::Later),
    // A recipient.
    row(&[Article19], "known_as", "how the recipient knows the person", Set, "GDPR Art. 5(1)(c) and 19"),
    row(&[Article19], "action", "what was done", Set, "GDPR Art. 16, 17(1), 18 and 19").shape(Shape::Choice(ACTION)),
    row(&[Article19], "done", "the day on which it was done", Set, "GDPR Art. 19").shape(Shape::Day),
    row(&[Article19], "data", "which data", Set, "GDPR Art. 19").shape(Shape::Points),
    row(&[Article19], "please", "what the recipient is asked to do", Set, "GDPR Art. 19"),
    row(&[Article19], "given_on", "when the recipient received it", Set, "GDPR Art. 19").shape(Shape::Day).optional(),
    // A complaint.
    row(&[ComplaintAcknowledgement], "complaint_received", "the day the complaint was received", Set, "DPA 2018 s. 164A(3)")
        .shape(Shape::Day)
        .written(UkFromJune),
    row(&[ComplaintAcknowledgement], "complaint_received", "the day the complaint was received", Set, PLAIN)
        .shape(Shape::Day)
        .written(UkUntilJune),
    row(&[ComplaintAcknowledgement], "complaint_received", "the day the complaint was received", Set, PLAIN)
        .shape(Shape::Day)
        .written(Eu),
    row(&[ComplaintAcknowledgement], "about", "what it is about", Set, PLAIN).optional(),
    row(&[ComplaintAcknowledgement], "next_steps", "what we do now", Set, "DPA 2018 s. 164A(4) and (5)").written(UkFromJune),
    row(&[ComplaintAcknowledgement], "next_steps", "what we do now", Set, PLAIN).written(UkUntilJune),
    row(&[ComplaintAcknowledgement], "next_steps", "what we do now", Set, PLAIN).written(Eu),
    row(&[ComplaintAcknowledgement], "duty", "that we look into it and tell the outcome without undue delay", Words("complaint-duty"), "DPA 2018 s. 164A(4) and (5)")
        .written(UkFromJune),
    row(&[ComplaintAcknowledgement], "complain_authority", "the complaint to the Information Commissioner", Words("complain-commissioner"), "DPA 2018 s. 165")
        .written(UkAll),
    row(&[ComplaintAcknowledgement], "complain_authority", "the complaint to a supervisory authority", Words("complain-authority-eu"), "Regulation (EU) 2016/679 Art. 77")
        .written(Eu),
    row(&[ComplaintAcknowledgement], "late", "that the acknowledgement is late", Case("--set complaint_received=…"), PLAIN).optional(),
];

const EXTENSION: &[(&str, &str)] = &[
    ("complexity", "your request is complex"),
    ("number", "you have made a number of requests"),
];

const FEE: &[(&str, &str)] = &[
    ("excessive", "we consider the request to be manifestly excessive"),
    ("unfounded", "we consider the request to be manifestly unfounded"),
    ("further-copies", "you ask for further copies of what we gave you already"),
];

const ACTION: &[(&str, &str)] = &[
    ("corrected", "corrected (Article 16)"),
    ("erased", "erased (Article 17(1))"),
    ("restricted", "restricted in its use (Article 18)"),
];
