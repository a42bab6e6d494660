//! Which elements name people, and as what (PS3.6)?

use habeas_model::{Meaning, Party};

/// A tag with its kind of value, caption, meaning, and whose it is.
type Known = (u16, u16, [u8; 2], &'static str, Meaning, Party);

const P: Party = Party::Principal;
const S: Party = Party::Staff;
const U: Party = Party::Unknown;

const TAGS: &[Known] = &[
    (0x0010, 0x0010, *b"PN", "Patient", Meaning::Name, P),
    (0x0010, 0x0020, *b"LO", "Patient number", Meaning::PersonReference, P),
    (0x0010, 0x0021, *b"LO", "Issuer of the patient number", Meaning::Organisation, U),
    (0x0010, 0x0030, *b"DA", "Date of birth", Meaning::BirthDate, P),
    (0x0010, 0x0032, *b"TM", "Time of birth", Meaning::Text, P),
    (0x0010, 0x0040, *b"CS", "Sex", Meaning::Text, P),
    (0x0010, 0x1000, *b"LO", "Other patient number", Meaning::PersonReference, P),
    (0x0010, 0x1001, *b"PN", "Other name", Meaning::Name, P),
    (0x0010, 0x1005, *b"PN", "Birth name", Meaning::Name, P),
    (0x0010, 0x1010, *b"AS", "Age", Meaning::Text, P),
    (0x0010, 0x1040, *b"LO", "Address", Meaning::Address, P),
    (0x0010, 0x1050, *b"LO", "Insurance plan", Meaning::Text, P),
    (0x0010, 0x1060, *b"PN", "Mother's birth name", Meaning::Name, Party::Other),
    (0x0010, 0x1080, *b"LO", "Military rank", Meaning::Text, P),
    (0x0010, 0x1090, *b"LO", "Medical record", Meaning::PersonReference, P),
    (0x0010, 0x2000, *b"LO", "Medical alerts", Meaning::Text, P),
    (0x0010, 0x2110, *b"LO", "Allergies", Meaning::Text, P),
    (0x0010, 0x2150, *b"LO", "Country", Meaning::Address, P),
    (0x0010, 0x2152, *b"LO", "Region", Meaning::Address, P),
    (0x0010, 0x2154, *b"SH", "Telephone", Meaning::Phone, P),
    (0x0010, 0x2155, *b"LT", "Telecom", Meaning::Text, P),
    (0x0010, 0x2160, *b"SH", "Ethnic group", Meaning::Text, P),
    (0x0010, 0x2180, *b"SH", "Occupation", Meaning::Text, P),
    (0x0010, 0x21a0, *b"CS", "Smoker", Meaning::Text, P),
    (0x0010, 0x21b0, *b"LT", "History", Meaning::Text, P),
    (0x0010, 0x21c0, *b"US", "Pregnancy", Meaning::Text, P),
    (0x0010, 0x21f0, *b"LO", "Religion", Meaning::Text, P),
    (0x0010, 0x2297, *b"PN", "Responsible person", Meaning::Name, Party::Other),
    (0x0010, 0x2298, *b"CS", "Role of the responsible person", Meaning::Text, Party::Other),
    (0x0010, 0x2299, *b"LO", "Responsible organisation", Meaning::Organisation, U),
    (0x0010, 0x4000, *b"LT", "Comments on the patient", Meaning::Text, P),
    (0x0008, 0x0020, *b"DA", "Date of the study", Meaning::Date, U),
    (0x0008, 0x0021, *b"DA", "Date of the series", Meaning::Date, U),
    (0x0008, 0x0022, *b"DA", "Taken", Meaning::Date, U),
    (0x0008, 0x0023, *b"DA", "Date of the content", Meaning::Date, U),
    (0x0008, 0x002a, *b"DT", "Taken", Meaning::Date, U),
    (0x0008, 0x0050, *b"SH", "Accession number", Meaning::Reference, P),
    (0x0008, 0x0060, *b"CS", "Modality", Meaning::Text, U),
    (0x0008, 0x0070, *b"LO", "Manufacturer", Meaning::Other, U),
    (0x0008, 0x0080, *b"LO", "Institution", Meaning::Organisation, U),
    (0x0008, 0x0081, *b"ST", "Address of the institution", Meaning::Text, U),
    (0x0008, 0x0090, *b"PN", "Referring physician", Meaning::Name, S),
    (0x0008, 0x0092, *b"ST", "Referring physician's address", Meaning::Address, S),
    (0x0008, 0x0094, *b"SH", "Referring physician's telephone", Meaning::Phone, S),
    (0x0008, 0x009c, *b"PN", "Consulting physician", Meaning::Name, S),
    (0x0008, 0x0104, *b"LO", "Code", Meaning::Text, U),
    (0x0008, 0x1010, *b"SH", "Station", Meaning::Other, U),
    (0x0008, 0x1030, *b"LO", "Study", Meaning::Text, U),
    (0x0008, 0x103e, *b"LO", "Series", Meaning::Text, U),
    (0x0008, 0x1040, *b"LO", "Department", Meaning::Text, U),
    (0x0008, 0x1048, *b"PN", "Physician of record", Meaning::Name, S),
    (0x0008, 0x1050, *b"PN", "Performing physician", Meaning::Name, S),
    (0x0008, 0x1060, *b"PN", "Reading physician", Meaning::Name, S),
    (0x0008, 0x1070, *b"PN", "Operator", Meaning::Name, S),
    (0x0008, 0x1080, *b"LO", "Diagnoses", Meaning::Text, P),
    (0x0008, 0x1090, *b"LO", "Model", Meaning::Other, U),
    (0x0008, 0x2111, *b"ST", "Derivation", Meaning::Text, U),
    (0x0008, 0x4000, *b"LT", "Comments", Meaning::Text, U),
    (0x0012, 0x0040, *b"LO", "Trial subject", Meaning::PersonReference, P),
    (0x0018, 0x0015, *b"CS", "Body part", Meaning::Text, U),
    (0x0018, 0x1000, *b"LO", "Serial number of the device", Meaning::Device, U),
    (0x0018, 0x1020, *b"LO", "Software", Meaning::Other, U),
    (0x0018, 0x1030, *b"LO", "Protocol", Meaning::Text, U),
    (0x0018, 0x4000, *b"LT", "Comments on the acquisition", Meaning::Text, U),
    (0x0020, 0x0010, *b"SH", "Study number", Meaning::Reference, P),
    (0x0020, 0x4000, *b"LT", "Comments on the image", Meaning::Text, U),
    (0x0032, 0x1032, *b"PN", "Requesting physician", Meaning::Name, S),
    (0x0032, 0x1033, *b"LO", "Requesting service", Meaning::Organisation, U),
    (0x0032, 0x1060, *b"LO", "Requested procedure", Meaning::Text, U),
    (0x0032, 0x4000, *b"LT", "Comments on the study", Meaning::Text, U),
    (0x0038, 0x0010, *b"LO", "Admission", Meaning::Reference, P),
    (0x0038, 0x0300, *b"LO", "Location of the patient", Meaning::Text, P),
    (0x0038, 0x0400, *b"LO", "Patient's institution", Meaning::Organisation, U),
    (0x0038, 0x0500, *b"LO", "State of the patient", Meaning::Text, P),
    (0x0038, 0x4000, *b"LT", "Comments on the visit", Meaning::Text, P),
    (0x0040, 0x0006, *b"PN", "Scheduled physician", Meaning::Name, S),
    (0x0040, 0x0244, *b"DA", "Date of the procedure", Meaning::Date, U),
    (0x0040, 0x0253, *b"SH", "Procedure number", Meaning::Reference, U),
    (0x0040, 0x0254, *b"LO", "Procedure", Meaning::Text, U),
    (0x0040, 0x0280, *b"ST", "Comments on the procedure", Meaning::Text, U),
    (0x0040, 0x1001, *b"SH", "Requested procedure number", Meaning::Reference, U),
    (0x0040, 0x1002, *b"LO", "Reason", Meaning::Text, U),
    (0x0040, 0x1400, *b"LT", "Comments on the request", Meaning::Text, U),
    (0x0040, 0x2016, *b"LO", "Order number", Meaning::Reference, U),
    (0x0040, 0x2017, *b"LO", "Order number", Meaning::Reference, U),
    (0x0040, 0xa075, *b"PN", "Verified by", Meaning::Name, S),
    (0x0040, 0xa121, *b"DA", "Date", Meaning::Date, U),
    (0x0040, 0xa123, *b"PN", "Person", Meaning::Name, U),
    (0x0040, 0xa124, *b"UI", "Identity", Meaning::Other, U),
    (0x0040, 0xa160, *b"UT", "Text", Meaning::Text, U),
    (0x0042, 0x0010, *b"ST", "Title of the document", Meaning::Text, U),
    (0x0070, 0x0084, *b"PN", "Author of the content", Meaning::Name, S),
    (0x4008, 0x010b, *b"ST", "Report", Meaning::Text, U),
    (0x4008, 0x0114, *b"PN", "Interpreting physician", Meaning::Name, S),
];

/// Sequences that matter where kinds are not written.
const SEQUENCES: [(u16, u16); 12] = [
    (0x0008, 0x1110),
    (0x0008, 0x1111),
    (0x0008, 0x1140),
    (0x0010, 0x1002),
    (0x0032, 0x1064),
    (0x0040, 0x0275),
    (0x0040, 0x1101),
    (0x0040, 0xa043),
    (0x0040, 0xa073),
    (0x0040, 0xa168),
    (0x0040, 0xa730),
    (0x0008, 0x0096),
];

/// The caption, meaning and owner of an element.
pub(super) fn known(tag: (u16, u16)) -> Option<(&'static str, Meaning, Party)> {
    let found = TAGS.iter().find(|(group, element, ..)| (*group, *element) == tag)?;
    Some((found.3, found.4, found.5))
}

/// The kind of value of an element, where the file does not say it.
pub(super) fn kind(tag: (u16, u16)) -> [u8; 2] {
    if SEQUENCES.contains(&tag) {
        return *b"SQ";
    }
    let found = TAGS.iter().find(|(group, element, ..)| (*group, *element) == tag);
    match found {
        Some(found) => found.2,
        // Numbers, identities of instances, and how pixels are.
        None if matches!(tag.0, 0x0002 | 0x0028 | 0x7fe0) || tag.1 == 0 => *b"OB",
        None if matches!(tag, (0x0008, 0x0016..=0x0018) | (0x0020, 0x000d..=0x000e | 0x0052)) => {
            *b"UI"
        }
        None => *b"UN",
    }
}
