//! A passage: the unit of text that is indexed, weighed and shown.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Place;

/// The unit that is indexed and weighed: a table row, a message body, a page, a few paragraphs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Where it stands in the original.
    pub place: Place,
    /// What it says. A table row is one `Header: value` a line, so that it makes sense alone.
    pub text: String,
    /// Stretches of `text` whose meaning is known from structure.
    ///
    /// Invariant: sorted by start, not overlapping, on character boundaries inside `text`.
    pub fields: Vec<Field>,
    /// Which part of the document this is.
    pub part: Part,
    /// Why a reader of the original would not see it, if so.
    pub hidden: Option<Hidden>,
    /// Is this a record of its own (a row, a message, a log line), so that its neighbours may be
    /// about other people?
    pub is_record: bool,
}

impl Passage {
    /// Plain text at a place: no fields, in the body, visible, not a record.
    pub fn text(place: Place, text: impl Into<String>) -> Self {
        Self {
            place,
            text: text.into(),
            fields: Vec::new(),
            part: Part::Body,
            hidden: None,
            is_record: false,
        }
    }
}

/// Which part of a document a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What the document says.
    Body,
    /// The head of a message: From, To, Subject and so on.
    Header,
    /// Text repeated from an earlier message.
    Quoted,
    /// Properties: title, author, last modified by.
    Properties,
    /// A comment, a note or a tracked change.
    Comment,
}

/// Why a reader of the original would not see a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hidden {
    /// A hidden or very hidden sheet.
    Sheet,
    /// A hidden row or column.
    Row,
    /// Text that was deleted with changes tracked.
    Deleted,
    /// Text that is invisible or off the page.
    Invisible,
    /// Text that something was painted over, as by somebody who wanted it out of sight.
    Covered,
    /// A cache, such as that of a pivot table.
    Cache,
}

/// A stretch of a passage whose meaning its structure gives: a column, a mail header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Byte range in the passage's text.
    pub range: Range<usize>,
    /// What it is.
    pub meaning: Meaning,
    /// Whose it is.
    pub party: Party,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// A caption such as a column's name: not content, and never a name of somebody.
    Caption,
    /// A whole personal name, in any order.
    Name,
    /// Given names.
    GivenName,
    /// A family name.
    FamilyName,
    /// An e-mail address, or several.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address or a line of one.
    Address,
    /// A postcode.
    Postcode,
    /// A date of birth.
    BirthDate,
    /// Another date or time.
    Date,
    /// An NHS number.
    NhsNumber,
    /// A reference by which the organisation knows a person: patient, customer, contact id.
    PersonReference,
    /// A reference of a thing: a booking, a call, a payment.
    Reference,
    /// A user name or social handle.
    Username,
    /// An internet address.
    Ip,
    /// A cookie or device id.
    Device,
    /// A payment card or bank account.
    Account,
    /// An organisation's name.
    Organisation,
    /// Free text, which may name anybody.
    Text,
    /// A code, a flag, an amount: nothing that names somebody.
    Other,
}

/// Whose a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The person whom the record is about: the patient of a patient list, the customer of a sale.
    Principal,
    /// Somebody else whom the record names: next of kin, referrer, guest, spouse.
    Other,
    /// Somebody acting for the organisation: owner, agent, clinician, created by.
    Staff,
    /// The sender of a message.
    Sender,
    /// A recipient of a message.
    Recipient,
    /// Not known from the structure.
    Unknown,
}
