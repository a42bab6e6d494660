//! FHIR: what does each element of a resource mean, and whose is it?
//!
//! The paths are those that JSON and XML give; what they mean depends on the resource they are in.

use habeas_model::{Meaning, Party};

/// What an element means, and whose it is.
pub(super) type Known = (Option<Meaning>, Party);

/// What is needed of an element.
pub(super) struct Element<'e> {
    /// The type of the resource it is in, such as `Patient`.
    pub(super) resource: &'e str,
    /// Its path in the resource, without the numbers of lists: `name.family`.
    pub(super) path: &'e str,
    pub(super) value: &'e str,
    /// The `system` that stands beside it, if one does.
    pub(super) system: &'e str,
    /// The `reference` that stands beside it, if one does.
    pub(super) reference: &'e str,
}

/// Elements that point to somebody who acts for the organisation.
const STAFF: &[&str] = &[
    "performer",
    "author",
    "practitioner",
    "recorder",
    "asserter",
    "requester",
    "individual",
    "generalPractitioner",
    "attester",
    "custodian",
    "participant",
    "actor",
    "enterer",
    "responsible",
    "interpreter",
    "authenticator",
    "prescriber",
    "recipient",
    "verifier",
    "onBehalfOf",
    "source",
    "informationSource",
    "agent",
    "who",
    "resultsInterpreter",
    "managingOrganization",
    "serviceProvider",
    "organization",
];

/// Elements that point to the person whom the resource is about.
const PRINCIPAL: &[&str] =
    &["subject", "patient", "beneficiary", "for", "individualSubject", "subscriber"];

/// What the element means (hl7.org/fhir/R4).
pub(super) fn of(element: &Element<'_>) -> Known {
    use Meaning as M;
    let segments: Vec<&str> = element.path.split('.').collect();
    let leaf = segments.last().copied().unwrap_or_default();
    let parent = segments.len().checked_sub(2).map_or("", |index| segments[index]);
    let has = |name: &str| segments.contains(&name);
    let owner = match element.resource {
        "Patient" | "Person" if has("contact") => Party::Other,
        "Patient" | "Person" => Party::Principal,
        "RelatedPerson" => Party::Other,
        "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "HealthcareService" => {
            Party::Staff
        }
        _ => Party::Unknown,
    };
    let is_person = matches!(
        element.resource,
        "Patient" | "Person" | "RelatedPerson" | "Practitioner" | "PractitionerRole"
    );
    let known = |meaning| (Some(meaning), owner);
    match leaf {
        "family" => known(M::FamilyName),
        "given" => known(M::GivenName),
        "text" if parent == "name" || parent == "valueHumanName" => known(M::Name),
        "name" if segments.len() == 1 => (Some(M::Organisation), Party::Unknown),
        "birthDate" => known(M::BirthDate),
        "value" if parent == "telecom" || parent == "valueContactPoint" => match element.system {
            "email" => known(M::Email),
            "phone" | "sms" | "fax" | "pager" => known(M::Phone),
            _ => (None, owner),
        },
        "value" if parent.eq_ignore_ascii_case("identifier") || parent == "valueIdentifier" => {
            let is_nhs = element.system.contains("nhs-number")
                || element.system.contains("2.16.840.1.113883.2.1.4.1");
            match is_nhs {
                true => (
                    Some(M::NhsNumber),
                    if owner == Party::Unknown { Party::Principal } else { owner },
                ),
                false if is_person => known(M::PersonReference),
                false => (Some(M::Reference), owner),
            }
        }
        "postalCode" => known(M::Postcode),
        "line" | "city" | "district" | "state" => known(M::Address),
        "text" if parent == "address" => known(M::Address),
        "reference" => of_reference(element.value, &segments),
        "display" => match of_reference(element.reference, &segments) {
            (Some(M::PersonReference), party) => (Some(M::Name), party),
            _ if segments.iter().any(|name| PRINCIPAL.contains(name)) => {
                (Some(M::Name), Party::Principal)
            }
            _ if STAFF.contains(&parent) => (Some(M::Name), Party::Staff),
            _ => (Some(M::Text), Party::Unknown),
        },
        "authorString" | "playedName" => (Some(M::Name), Party::Staff),
        "id" if segments.len() == 1 && is_person => known(M::PersonReference),
        "id" | "fullUrl" | "versionId" => (Some(M::Reference), Party::Unknown),
        "resourceType" | "system" | "use" | "status" | "code" | "url" | "profile" | "gender"
        | "mode" | "contentType" | "unit" | "country" | "rank" | "active" | "language" => {
            (Some(M::Other), Party::Unknown)
        }
        "start" | "end" | "issued" | "recorded" | "authoredOn" | "lastUpdated" | "sent"
        | "received" | "date" | "created" | "deceasedDateTime" | "timestamp" => {
            (Some(M::Date), Party::Unknown)
        }
        _ if leaf.ends_with("Date") || leaf.ends_with("DateTime") => {
            (Some(M::Date), Party::Unknown)
        }
        "div" | "valueString" | "description" | "comment" | "conclusion" | "text" | "title" => {
            (Some(M::Text), Party::Unknown)
        }
        _ => (None, Party::Unknown),
    }
}

/// `Patient/123` is a number of a person.
fn of_reference(reference: &str, segments: &[&str]) -> Known {
    let kind = reference.rsplit('/').nth(1).unwrap_or_default();
    let is_role = |names: &[&str]| segments.iter().any(|name| names.contains(name));
    match kind {
        "Patient" | "Person" => (Some(Meaning::PersonReference), Party::Principal),
        "RelatedPerson" => (Some(Meaning::PersonReference), Party::Other),
        "Practitioner" | "PractitionerRole" => (Some(Meaning::PersonReference), Party::Staff),
        // `urn:uuid:…` does not say what it points to, so that its place has to.
        "" if !reference.is_empty() && is_role(PRINCIPAL) => {
            (Some(Meaning::PersonReference), Party::Principal)
        }
        _ => (Some(Meaning::Reference), Party::Unknown),
    }
}

/// Whose an element of a clinical document is, by the elements around it (HL7 CDA R2, 4.2).
pub(super) fn cda_party(path: &str) -> Option<Party> {
    for segment in path.split('.') {
        match segment {
            "guardian"
            | "informationRecipient"
            | "relatedEntity"
            | "relatedSubject"
            | "associatedEntity"
            | "relatedPerson" => return Some(Party::Other),
            "author"
            | "assignedAuthor"
            | "dataEnterer"
            | "legalAuthenticator"
            | "authenticator"
            | "performer"
            | "custodian"
            | "assignedEntity"
            | "responsibleParty"
            | "encounterParticipant"
            | "providerOrganization"
            | "assignedPerson" => {
                return Some(Party::Staff);
            }
            _ => {}
        }
    }
    path.contains("recordTarget").then_some(Party::Principal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_means_what_its_resource_says() {
        use Meaning as M;
        use Party as P;
        for (resource, path, value, system, expected) in [
            ("Patient", "name.family", "Lind", "", (Some(M::FamilyName), P::Principal)),
            ("Patient", "contact.name.family", "Ek", "", (Some(M::FamilyName), P::Other)),
            ("Practitioner", "name.text", "Dr Moss", "", (Some(M::Name), P::Staff)),
            (
                "Patient",
                "identifier.value",
                "9990000018",
                "https://fhir.nhs.uk/Id/nhs-number",
                (Some(M::NhsNumber), P::Principal),
            ),
            (
                "Patient",
                "identifier.value",
                "A1",
                "urn:x",
                (Some(M::PersonReference), P::Principal),
            ),
            ("Patient", "telecom.value", "a@example.org", "email", (Some(M::Email), P::Principal)),
            (
                "Observation",
                "subject.reference",
                "Patient/1",
                "",
                (Some(M::PersonReference), P::Principal),
            ),
            (
                "Observation",
                "performer.reference",
                "Practitioner/1",
                "",
                (Some(M::PersonReference), P::Staff),
            ),
            ("Observation", "subject.display", "Amara Lind", "", (Some(M::Name), P::Principal)),
            ("Observation", "code.coding.display", "Weight", "", (Some(M::Text), P::Unknown)),
            ("Organization", "name", "Leeds Surgery", "", (Some(M::Organisation), P::Unknown)),
        ] {
            let element = Element { resource, path, value, system, reference: "" };
            assert_eq!(of(&element), expected, "{resource} {path}");
        }
    }
}
