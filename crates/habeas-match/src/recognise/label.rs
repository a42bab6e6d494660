//! Which words in a text announce what comes next?

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use habeas_model::{Meaning, Party};

use super::view::Slot;
use crate::latin;

/// What a label, a column or a header announces: the meanings of the model, and finer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Name,
    GivenName,
    FamilyName,
    Email,
    Phone,
    Address,
    Postcode,
    BirthDate,
    Date,
    NhsNumber,
    Nino,
    Passport,
    Licence,
    Vehicle,
    Card,
    Iban,
    Account,
    PersonReference,
    Reference,
    Username,
    Ip,
    Device,
    Organisation,
    Text,
    Other,
}

impl From<Meaning> for What {
    fn from(meaning: Meaning) -> Self {
        match meaning {
            Meaning::Name => Self::Name,
            Meaning::GivenName => Self::GivenName,
            Meaning::FamilyName => Self::FamilyName,
            Meaning::Email => Self::Email,
            Meaning::Phone => Self::Phone,
            Meaning::Address => Self::Address,
            Meaning::Postcode => Self::Postcode,
            Meaning::BirthDate => Self::BirthDate,
            Meaning::Date => Self::Date,
            Meaning::NhsNumber => Self::NhsNumber,
            Meaning::PersonReference => Self::PersonReference,
            Meaning::Reference => Self::Reference,
            Meaning::Username => Self::Username,
            Meaning::Ip => Self::Ip,
            Meaning::Device => Self::Device,
            Meaning::Account => Self::Account,
            Meaning::Organisation => Self::Organisation,
            Meaning::Caption | Meaning::Text => Self::Text,
            Meaning::Other => Self::Other,
        }
    }
}

impl What {
    /// Does it leave open what stands there?
    pub(crate) fn is_vague(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Other | Self::Reference | Self::PersonReference | Self::Account
        )
    }

    /// Does it say more than a vague one?
    pub(super) fn is_finer(self) -> bool {
        matches!(
            self,
            Self::Nino
                | Self::Passport
                | Self::Licence
                | Self::Vehicle
                | Self::Card
                | Self::Iban
                | Self::NhsNumber
                | Self::BirthDate
        )
    }
}

/// Labels by what they announce and about whom, folded, without signs.
const LABELS: &[(What, Party, &str)] = &[
    (
        What::Name,
        Party::Unknown,
        "name|full name|fullname|print name|printed name|name in full|names|person|known as|also known as|aka|preferred name|maiden name|former name|previous name|other names|alias|display name|contact name|contact|contact person|main contact|caller|caller name|your name|visitor|visitor name|account name|account holder|cardholder|cardholder name|name on card|title and name|name of person|data subject|data subject name|re name|pt name|name of applicant",
    ),
    (
        What::Name,
        Party::Principal,
        "patient|patient name|name of patient|client|client name|customer|customer name|employee|employee name|applicant|applicant name|tenant|tenant name|claimant|complainant|candidate|student|student name|pupil|pupil name|member|member name|resident|service user|subject name|passenger|policyholder|policy holder|guest name|attendee|invitee|invitee name|child|childs name|name of child|interviewee|deceased",
    ),
    (
        What::Name,
        Party::Other,
        "next of kin|nok|emergency contact|emergency contact name|parent|parents|parent guardian|guardian|carer|spouse|partner|husband|wife|mother|father|mothers name|fathers name|brother|sister|son|daughter|referred by|referrer|referee|reference from|witness|witnesses|witness name|witnessed by|companion|accompanied by|friend|landlord|neighbour|defendant|respondent|bill to|deliver to|ship to|reported by|informant|source name|interpreter|chaperone",
    ),
    (
        What::Name,
        Party::Staff,
        "gp|gp name|registered gp|consultant|surgeon|doctor|dr|nurse|practitioner|clinician|therapist|physio|anaesthetist|owner|agent|handler|case worker|caseworker|case manager|social worker|advisor|adviser|author|prepared by|written by|created by|updated by|modified by|last modified by|completed by|checked by|approved by|authorised by|taken by|recorded by|call taken by|entered by|assigned to|assignee|account manager|line manager|manager|supervisor|chair|chairperson|minutes by|minute taker|note taker|minutes taken by|present|attendees|in attendance|attending|apologies|absent|participants|interviewer|investigating officer|officer|hr|reviewer|signed|signed by|signature|staff|staff name|staff member|member of staff|team|seen by|examined by|treated by|dictated by|typed by|reporting radiologist|operator|assistant|scribe|clerk|judge|solicitor|representative|counsel",
    ),
    (What::Name, Party::Sender, "from|sender|sent by|von|de|da"),
    (
        What::Name,
        Party::Recipient,
        "to|cc|bcc|recipient|recipients|attn|attention|fao|for the attention of|an|dear|copy to|copied to|distribution|copies to",
    ),
    (
        What::GivenName,
        Party::Unknown,
        "first name|firstname|first names|forename|forenames|given name|given names|christian name|vorname|prenom|nombre|middle name|middle names|first",
    ),
    (
        What::FamilyName,
        Party::Unknown,
        "surname|last name|lastname|family name|nachname|nom|apellido|apellidos|previous surname|maiden surname|former surname|last",
    ),
    (
        What::Email,
        Party::Unknown,
        "email|e-mail|email address|e-mail address|mail|emails|contact email|e mail",
    ),
    (
        What::Phone,
        Party::Unknown,
        "phone|telephone|tel|tel no|telephone no|telephone number|phone number|phone no|mobile|mobile no|mobile number|mobile phone|mob|cell|cell phone|landline|home phone|home tel|work phone|work tel|daytime phone|daytime telephone|evening phone|contact number|contact no|contact tel|contact telephone|contact phone|fax|fax no|t|m|p|ph|h|w|whatsapp|call back|callback number|callback|cli|number called|called|calling number|caller id|from number|to number|ring|sms",
    ),
    (
        What::Address,
        Party::Unknown,
        "address|home address|postal address|correspondence address|current address|previous address|delivery address|billing address|street address|street|address line 1|address 1|address1|residence|residing at|lives at|permanent address|residential address|adresse|anschrift",
    ),
    (What::Postcode, Party::Unknown, "postcode|post code|postal code|zip|zip code|plz"),
    (
        What::BirthDate,
        Party::Unknown,
        "dob|d o b|d.o.b|d.o.b.|date of birth|birth date|birthdate|birthday|born|born on|geb|geb.|geboren|geburtsdatum|date de naissance|nee le|fecha de nacimiento|pt dob|patient dob",
    ),
    (
        What::Date,
        Party::Unknown,
        "date|dated|sent|date of letter|date of visit|appointment|appointment date|admitted|discharged|start date|end date|date of consultation|date of referral|date received|date of incident",
    ),
    (What::NhsNumber, Party::Unknown, "nhs|nhs no|nhs number|nhs num|nhs no.|nhs id"),
    (
        What::Nino,
        Party::Unknown,
        "ni|nino|ni no|ni number|national insurance|national insurance no|national insurance number|nat ins no|n i number|n.i. number|n.i. no",
    ),
    (What::Passport, Party::Unknown, "passport|passport no|passport number|passport num"),
    (
        What::Licence,
        Party::Unknown,
        "driving licence|driving licence no|driving licence number|driver number|licence no|licence number|drivers licence|driver licence no|license number|driving license|dvla",
    ),
    (
        What::Vehicle,
        Party::Unknown,
        "vehicle|vehicle reg|vehicle registration|registration|reg|reg no|registration number|number plate|car reg|car registration|vrm|vrn|plate|registration mark",
    ),
    (
        What::Card,
        Party::Unknown,
        "card|card no|card number|credit card|debit card|pan|credit card number",
    ),
    (What::Iban, Party::Unknown, "iban"),
    (
        What::Account,
        Party::Unknown,
        "sort code|account|account no|account number|a/c|a/c no|acc no|bank account|bank details|sort code and account number",
    ),
    (
        What::PersonReference,
        Party::Unknown,
        "patient id|patient no|patient number|patient ref|patient reference|hospital no|hospital number|hosp no|mrn|medical record number|unit number|customer id|customer no|customer number|customer ref|customer reference|cust no|cust id|client id|client no|client number|client ref|client reference|contact id|member id|member no|membership no|membership number|employee id|employee no|employee number|staff id|staff no|payroll no|payroll number|personnel number|student id|student number|pupil no|upn|tenant ref|account ref|account reference|policy no|policy number|tenancy ref|subject id|person id|record id|user id|userid|clinic no|clinic number|crn|urn|donor id|chi|chi number|h&c number|health and care number|applicant no|applicant number",
    ),
    (
        What::Reference,
        Party::Unknown,
        "ref|reference|our ref|your ref|our reference|your reference|case ref|case reference|case no|case number|case id|ticket|ticket no|ticket number|ticket id|booking ref|booking reference|booking no|booking id|booking number|order|order no|order number|order id|invoice|invoice no|invoice number|transaction id|payment ref|payment reference|job no|claim no|claim number|claim ref|crime ref|crime reference|incident no|incident number|incident ref|appointment id|referral no|complaint ref|complaint no|file ref|file no|matter no|application no|application number|call id|session id|id|uniqueid|dossier|aktenzeichen",
    ),
    (
        What::Username,
        Party::Unknown,
        "username|user name|user|login|handle|twitter|instagram|insta|ig|skype|skype name|snapchat|tiktok|telegram|screen name|nickname|gamertag|account id",
    ),
    (
        What::Ip,
        Party::Unknown,
        "ip|ip address|client ip|user ip|ip addr|remote addr|x-forwarded-for|x-originating-ip|login ip",
    ),
    (
        What::Device,
        Party::Unknown,
        "device|device id|cookie|cookie id|client id ga|imei|mac|mac address|visitor id|serial|udid|idfa|gaid|advertising id|device identifier|user agent id|clientid|user pseudo id",
    ),
    (
        What::Organisation,
        Party::Unknown,
        "company|company name|organisation|organization|employer|business name|firm|practice name|school|supplier",
    ),
    (
        What::Text,
        Party::Unknown,
        "subject|notes|note|comments|comment|re|message|description|summary|details|reason|title|job title|role|occupation|position|department|status|type|time|duration|page|action|actions|agenda|item|outcome|diagnosis|treatment|allergies|medication|plan|gender|sex|age|nationality|ethnicity|marital status|country|city|town|county|language|amount|total|price|location|venue|place|website|url|attachments|attachment|importance|priority|category|topic|text|content|decision|answer|question|q|a|height|weight|bp",
    ),
];

static TABLE: LazyLock<HashMap<String, (What, Party)>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    for (what, party, labels) in LABELS {
        for label in labels.split('|') {
            table.entry(key(label)).or_insert((*what, *party));
        }
    }
    table
});

/// The stretches of a text that labels announce, sorted by start, not overlapping.
///
/// A label is at most five words of a line before a `:` (or, alone at the start of a line, before a
/// tab or a wide gap); its value ends at the next label, a tab, a `|`, a wide gap or the line's end.
/// A label with nothing behind it announces the next line.
pub(super) fn slots(text: &str) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut pending: Option<(What, Party)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        let before = slots.len();
        let open = scan_line(text, start..end, &mut slots);
        if slots.len() == before
            && open.is_none()
            && end > start
            && let Some((what, party)) = pending.take()
        {
            let range = trimmed(text, start..end);
            if range.len() <= 120 {
                slots.push(Slot { range, what, party, is_column: false });
            }
        }
        // An empty line does not end the waiting; anything else does.
        if open.is_some() || !text[start..end].trim().is_empty() {
            pending = open;
        }
        start += line.len();
    }
    slots
}

/// Pushes the slots of a line; returns a label that stands at its end with nothing behind it.
fn scan_line(text: &str, line: Range<usize>, slots: &mut Vec<Slot>) -> Option<(What, Party)> {
    let mut open: Option<(What, Party, usize)> = None;
    let bytes = text.as_bytes();
    let mut floor = line.start;
    let mut signs = 0;
    for at in line.clone() {
        let is_colon = bytes[at] == b':' && bytes.get(at + 1) != Some(&b'/');
        let is_gap = bytes[at] == b'\t' && floor == line.start && open.is_none();
        if !is_colon && !is_gap {
            continue;
        }
        // A line with very many colons is data, not a form.
        signs += 1;
        if signs > 40 {
            break;
        }
        let Some((label_start, what, party)) = label_before(text, floor, at) else { continue };
        if is_gap && !text[line.start..label_start].trim().is_empty() {
            continue;
        }
        if let Some((what, party, value)) = open.take() {
            push_value(text, value..label_start, what, party, slots);
        }
        open = Some((what, party, at + 1));
        floor = at + 1;
    }
    let (what, party, value) = open?;
    if text[value..line.end].trim().is_empty() {
        return Some((what, party));
    }
    push_value(text, value..line.end, what, party, slots);
    None
}

fn push_value(text: &str, range: Range<usize>, what: What, party: Party, slots: &mut Vec<Slot>) {
    let range = trimmed(text, range);
    let value = &text[range.clone()];
    // An address may have gaps; anything else ends at one.
    let end = match what {
        What::Address => None,
        _ => ["\t", " | ", "   "].iter().filter_map(|gap| value.find(gap)).min(),
    };
    let range = trimmed(text, range.start..end.map_or(range.end, |end| range.start + end));
    // Signs of JSON and of quotation round a value are none of it.
    let value = &text[range.clone()];
    let signs = ['"', ',', ';', '{', '}', '“', '”'];
    let start = range.start + (value.len() - value.trim_start_matches(signs).len());
    let range =
        trimmed(text, start..(range.start + value.trim_end_matches(signs).len()).max(start));
    // A label before prose announces nothing: `Present: we discussed …`.
    if what != What::Text && !range.is_empty() && range.len() <= 600 {
        slots.push(Slot { range, what, party, is_column: false });
    }
}

/// The longest label that ends at a place, and where it starts.
fn label_before(text: &str, floor: usize, end: usize) -> Option<(usize, What, Party)> {
    let mut start = end.saturating_sub(40).max(floor);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let lead = &text[start..end];
    // Starts of words, the furthest first: the longest label wins.
    let mut is_inside = start > 0 && text[..start].ends_with(char::is_alphanumeric);
    for (at, c) in lead.char_indices() {
        let is_start = !is_inside && c.is_alphabetic();
        is_inside = c.is_alphanumeric() || matches!(c, '.' | '/' | '&' | '\'' | '’');
        if !is_start {
            continue;
        }
        if let Some(&(what, party)) = TABLE.get(key(&lead[at..]).as_str()) {
            return Some((start + at, what, party));
        }
    }
    None
}

/// A label without what people write differently: case, dots, hyphens, `*`, `(s)`, `#`.
fn key(label: &str) -> String {
    let folded = latin(&label.replace("'s ", " ").replace("’s ", " "));
    let plain: String = folded
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '/' || c == '&' { c } else { ' ' })
        .collect();
    let plain: Vec<&str> = plain.split_whitespace().filter(|word| *word != "s").collect();
    plain.join(" ")
}

/// The range without white space at either end.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let value = &text[range.clone()];
    let start = range.start + (value.len() - value.trim_start().len());
    let end = range.end - (value.len() - value.trim_end().len());
    if start >= end { range.end..range.end } else { start..end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(What, &str)]) {
        let found: Vec<_> =
            slots(text).into_iter().map(|slot| (slot.what, text[slot.range].to_owned())).collect();
        let expected: Vec<_> =
            expected.iter().map(|(what, value)| (*what, (*value).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn labels_announce_what_follows() {
        check(
            "Name: Jane Smith\nDOB: 03/04/1985",
            &[(What::Name, "Jane Smith"), (What::BirthDate, "03/04/1985")],
        );
        check(
            "Name: Jane Smith DOB: 03/04/1985 NHS No: 999",
            &[
                (What::Name, "Jane Smith"),
                (What::BirthDate, "03/04/1985"),
                (What::NhsNumber, "999"),
            ],
        );
        check("Name:\n\n  Jane Smith\nmore", &[(What::Name, "Jane Smith")]);
        check("D.O.B.: 1985", &[(What::BirthDate, "1985")]);
        check("Patient's name: x", &[(What::Name, "x")]);
        check("Mobile\t0770", &[(What::Phone, "0770")]);
        check("Subject: Name of the game", &[]);
        check("see https://example.org and 12:30", &[]);
    }
}
