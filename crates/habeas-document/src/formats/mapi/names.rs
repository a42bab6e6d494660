//! What do the properties of contacts, appointments, tasks and notes hold ([MS-OXPROPS])?

use habeas_model::{Meaning, Party};

use super::Key;

/// A property that is known.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    pub(crate) caption: &'static str,
    pub(crate) meaning: Meaning,
    /// Whose it is; `None` if it is whose the item is.
    pub(crate) party: Option<Party>,
}

/// What a property holds, if it is one that is shown with a caption of its own.
pub(crate) fn known(key: &Key) -> Option<Known> {
    let of = |(caption, meaning, party): (&'static str, Meaning, Option<Party>)| Known {
        caption,
        meaning,
        party,
    };
    match key {
        Key::Tag(tag) => {
            TAGS.iter().find(|(have, ..)| have == tag).map(|(_, c, m, p)| of((*c, *m, *p)))
        }
        Key::Lid(lid) => {
            LIDS.iter().find(|(have, ..)| have == lid).map(|(_, c, m, p)| of((*c, *m, *p)))
        }
        Key::Name(name) if name.eq_ignore_ascii_case("Keywords") => {
            Some(of(("Categories", Meaning::Text, None)))
        }
        Key::Name(_) => None,
    }
}

/// Properties that the head and the body show already, or that name no person.
pub(crate) const SAID: [u16; 36] = [
    0x001a, 0x0037, 0x003d, 0x0070, 0x007d, 0x0e1d, 0x1000, 0x1013, 0x1035, 0x1039, 0x1042, 0x3ff8,
    0x0064, 0x0066, 0x0068, 0x0075, 0x0077, 0x0c1e, 0x3002, 0x0042, 0x0c1a, 0x0e02, 0x0e03, 0x0e04,
    0x0040, 0x0044, 0x0050, 0x3613, 0x0e05, 0x1046, 0x3fe0, 0x36e5, 0x686b, 0x0e4b, 0x0e28, 0x0e29,
];

use Meaning as M;
const OTHER: Option<Party> = Some(Party::Other);
const STAFF: Option<Party> = Some(Party::Staff);

type Tag = (u16, &'static str, Meaning, Option<Party>);
type Lid = (u32, &'static str, Meaning, Option<Party>);

const TAGS: &[Tag] = &[
    (0x0060, "Begins", M::Date, None),
    (0x0061, "Ends", M::Date, None),
    (0x3001, "Name", M::Name, None),
    (0x3a00, "Account", M::Username, None),
    (0x3a02, "Callback number", M::Phone, None),
    (0x3a05, "Generation", M::Text, None),
    (0x3a06, "Given name", M::GivenName, None),
    (0x3a08, "Business telephone", M::Phone, None),
    (0x3a09, "Home telephone", M::Phone, None),
    (0x3a0a, "Initials", M::Text, None),
    (0x3a0b, "Keyword", M::Text, None),
    (0x3a0c, "Language", M::Text, None),
    (0x3a0d, "Location", M::Text, None),
    (0x3a10, "Organisational id", M::PersonReference, None),
    (0x3a11, "Surname", M::FamilyName, None),
    (0x3a15, "Postal address", M::Address, None),
    (0x3a16, "Company", M::Organisation, None),
    (0x3a17, "Job title", M::Text, None),
    (0x3a18, "Department", M::Text, None),
    (0x3a19, "Office", M::Text, None),
    (0x3a1a, "Primary telephone", M::Phone, None),
    (0x3a1b, "Business telephone 2", M::Phone, None),
    (0x3a1c, "Mobile telephone", M::Phone, None),
    (0x3a1d, "Radio telephone", M::Phone, None),
    (0x3a1e, "Car telephone", M::Phone, None),
    (0x3a1f, "Other telephone", M::Phone, None),
    (0x3a21, "Pager", M::Phone, None),
    (0x3a23, "Primary fax", M::Phone, None),
    (0x3a24, "Fax", M::Phone, None),
    (0x3a25, "Home fax", M::Phone, None),
    (0x3a26, "Country", M::Address, None),
    (0x3a27, "Town", M::Address, None),
    (0x3a28, "County", M::Address, None),
    (0x3a29, "Street", M::Address, None),
    (0x3a2a, "Postcode", M::Postcode, None),
    (0x3a2b, "PO box", M::Address, None),
    (0x3a2c, "Telex", M::Phone, None),
    (0x3a2d, "ISDN", M::Phone, None),
    (0x3a2e, "Assistant's telephone", M::Phone, OTHER),
    (0x3a2f, "Home telephone 2", M::Phone, None),
    (0x3a30, "Assistant", M::Name, OTHER),
    (0x3a41, "Anniversary", M::Date, None),
    (0x3a42, "Born", M::BirthDate, None),
    (0x3a43, "Hobbies", M::Text, None),
    (0x3a44, "Middle name", M::GivenName, None),
    (0x3a45, "Title", M::Text, None),
    (0x3a46, "Profession", M::Text, None),
    (0x3a47, "Referred by", M::Name, OTHER),
    (0x3a48, "Spouse", M::Name, OTHER),
    (0x3a4a, "Customer id", M::PersonReference, None),
    (0x3a4b, "Text telephone", M::Phone, None),
    (0x3a4e, "Manager", M::Name, OTHER),
    (0x3a4f, "Nickname", M::Name, None),
    (0x3a50, "Home page", M::Text, None),
    (0x3a51, "Business home page", M::Text, None),
    (0x3a57, "Company telephone", M::Phone, OTHER),
    (0x3a58, "Children", M::Name, OTHER),
    (0x3a59, "Home town", M::Address, None),
    (0x3a5a, "Home country", M::Address, None),
    (0x3a5b, "Home postcode", M::Postcode, None),
    (0x3a5c, "Home county", M::Address, None),
    (0x3a5d, "Home street", M::Address, None),
    (0x3a5e, "Home PO box", M::Address, None),
    (0x3a5f, "Other town", M::Address, None),
    (0x3a60, "Other country", M::Address, None),
    (0x3a61, "Other postcode", M::Postcode, None),
    (0x3a62, "Other county", M::Address, None),
    (0x3a63, "Other street", M::Address, None),
    (0x3a64, "Other PO box", M::Address, None),
    (0x3ff8, "Created by", M::Name, STAFF),
    (0x3ffa, "Last changed by", M::Name, STAFF),
];

const LIDS: &[Lid] = &[
    // PSETID_Address.
    (0x8005, "Filed under", M::Name, None),
    (0x801a, "Home address", M::Address, None),
    (0x801b, "Work address", M::Address, None),
    (0x801c, "Other address", M::Address, None),
    (0x802b, "Web page", M::Text, None),
    (0x802c, "Given name as spoken", M::GivenName, None),
    (0x802d, "Surname as spoken", M::FamilyName, None),
    (0x802e, "Company as spoken", M::Organisation, None),
    (0x8045, "Work street", M::Address, None),
    (0x8046, "Work town", M::Address, None),
    (0x8047, "Work county", M::Address, None),
    (0x8048, "Work postcode", M::Postcode, None),
    (0x8049, "Work country", M::Address, None),
    (0x804a, "Work PO box", M::Address, None),
    (0x804f, "Field 1", M::Text, None),
    (0x8050, "Field 2", M::Text, None),
    (0x8051, "Field 3", M::Text, None),
    (0x8052, "Field 4", M::Text, None),
    (0x8062, "Messenger", M::Username, None),
    (0x8080, "Email 1 shown as", M::Text, None),
    (0x8083, "Email 1", M::Email, None),
    (0x8084, "Email 1 original", M::Email, None),
    (0x8090, "Email 2 shown as", M::Text, None),
    (0x8093, "Email 2", M::Email, None),
    (0x8094, "Email 2 original", M::Email, None),
    (0x80a0, "Email 3 shown as", M::Text, None),
    (0x80a3, "Email 3", M::Email, None),
    (0x80a4, "Email 3 original", M::Email, None),
    (0x80b3, "Fax address 1", M::Phone, None),
    (0x80c3, "Fax address 2", M::Phone, None),
    (0x80d3, "Fax address 3", M::Phone, None),
    // PSETID_Task.
    (0x8104, "Begins", M::Date, None),
    (0x8105, "Due", M::Date, None),
    (0x810f, "Completed", M::Date, None),
    (0x811f, "Owner", M::Name, STAFF),
    (0x8121, "Delegated by", M::Name, STAFF),
    (0x8122, "Last user", M::Name, STAFF),
    (0x8125, "Delegate", M::Name, STAFF),
    // PSETID_Appointment.
    (0x8208, "Location", M::Text, None),
    (0x820d, "Begins", M::Date, None),
    (0x820e, "Ends", M::Date, None),
    (0x8230, "Answered by", M::Name, OTHER),
    (0x8232, "Repeats", M::Text, None),
    (0x8238, "Attendees", M::Name, Some(Party::Recipient)),
    (0x823b, "Required attendees", M::Name, Some(Party::Recipient)),
    (0x823c, "Optional attendees", M::Name, Some(Party::Recipient)),
    (0x8243, "Organiser's alias", M::Username, Some(Party::Sender)),
    (0x8249, "Document of the meeting", M::Text, None),
    // PSETID_Common.
    (0x8530, "Flagged for", M::Text, None),
    (0x8534, "Mileage", M::Text, None),
    (0x8535, "Billing", M::Text, None),
    (0x8539, "Companies", M::Organisation, None),
    (0x853a, "Contacts", M::Name, OTHER),
    (0x8580, "Account", M::Username, None),
    (0x85a4, "To-do title", M::Text, None),
    // PSETID_Log.
    (0x8700, "Kind of entry", M::Text, None),
    (0x8706, "Begins", M::Date, None),
    (0x8708, "Ends", M::Date, None),
    (0x8712, "Kind of entry", M::Text, None),
];
