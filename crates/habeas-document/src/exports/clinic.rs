//! Bookings and patients: who comes, and who else is named?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const CALENDLY: Export = by_header(
    Card {
        name: "calendly",
        version: 1,
        summary: "Calendly events; the user is the house's, the guests are third parties",
        handles: &["CSV"],
        authority: "Calendly help, Export event data",
    },
    &["Invitee Name", "Invitee Email", "Event Type Name", "Guest Email(s)"],
    &[
        ("User Name", M::Name, P::Staff),
        ("User Email", M::Email, P::Staff),
        ("Team", M::Other, P::Unknown),
        ("Invitee Name", M::Name, P::Principal),
        ("Invitee Email", M::Email, P::Principal),
        ("Text Reminder Number", M::Phone, P::Principal),
        ("Canceled By", M::Text, P::Unknown),
        ("Guest Email(s)", M::Email, P::Other),
        ("Event UUID", M::Reference, P::Unknown),
        ("Invitee UUID", M::PersonReference, P::Principal),
    ],
    "User Name,Team,Invitee Name,Invitee First Name,Invitee Last Name,Invitee Email,Invitee Time Zone,Text Reminder Number,Event Type Name,Start Date & Time,End Date & Time,Location,Event Created Date & Time,Canceled,Canceled By,Cancellation reason,Question 1,Response 1,Guest Email(s),User Email,Event UUID,Invitee UUID",
    "User Name,Invitee Name,Event Type Name",
);

pub(super) const ACUITY: Export = by_header(
    Card {
        name: "acuity",
        version: 2,
        summary: "Acuity appointments",
        handles: &["CSV"],
        authority: "Acuity Scheduling help, Exporting appointments",
    },
    &["Start Time", "End Time", "First Name", "Last Name", "Calendar", "Appointment Price"],
    // A calendar is mostly called after whom it belongs to.
    &[
        ("Calendar", M::Name, P::Staff),
        ("Type", M::Other, P::Unknown),
        ("Notes", M::Text, P::Unknown),
    ],
    "Start Time,End Time,Timezone,First Name,Last Name,Phone,Email,Type,Calendar,Appointment Price,Paid?,Notes,Date Scheduled",
    "Start Time,End Time,First Name,Last Name",
);

pub(super) const FRESHA: Export = by_header(
    Card {
        name: "fresha",
        version: 1,
        summary: "Fresha appointments",
        handles: &["CSV"],
        authority: "Fresha help, Export appointments",
    },
    &["Appointment reference", "Client", "Scheduled date", "Services"],
    &[
        ("Appointment reference", M::Reference, P::Unknown),
        ("Client", M::Name, P::Principal),
        ("Services", M::Other, P::Unknown),
    ],
    "Appointment reference,Client,Scheduled date,Scheduled time,Duration,Services,Status",
    "Client,Scheduled date,Services",
);

pub(super) const PABAU: Export = by_header(
    Card {
        name: "pabau-clients",
        version: 2,
        summary: "Pabau clients as JSON",
        handles: &["JSON"],
        authority: "Pabau API documentation, List clients",
    },
    &["details.custom_id", "details.first_name", "details.DOB", "communications.opt_in_email"],
    &[
        ("details.id", M::PersonReference, P::Principal),
        ("details.custom_id", M::PersonReference, P::Principal),
        ("communications.opt_in_email", M::Other, P::Unknown),
        ("communications.opt_in_phone", M::Other, P::Unknown),
        ("communications.opt_in_post", M::Other, P::Unknown),
        ("communications.opt_in_sms", M::Other, P::Unknown),
        ("communications.opt_in_newsletter", M::Other, P::Unknown),
        ("created.owner.created_by_id", M::PersonReference, P::Staff),
        ("created.owner.full_name", M::Name, P::Staff),
        ("client_insights.total_appts", M::Other, P::Unknown),
        ("client_insights.total_noshow", M::Other, P::Unknown),
    ],
    "details.id,details.custom_id,details.first_name,details.last_name,details.DOB,communications.email,communications.mobile,communications.opt_in_email,communications.opt_in_phone,communications.opt_in_post,communications.opt_in_sms,communications.opt_in_newsletter,created.owner.created_by_id,created.owner.full_name,client_insights.total_appts,client_insights.total_noshow",
    "details.id,details.first_name",
);

pub(super) const PATIENTS_KNOW_BEST: Export = by_header(
    Card {
        name: "patients-know-best",
        version: 2,
        summary: "Patients Know Best invitation list; carers are third parties",
        handles: &["CSV"],
        authority: "Patients Know Best wiki, Upload of patients",
    },
    &["First name", "Last name", "Carer1 first name", "Carer1 last name"],
    &[
        ("National Identifier", M::NhsNumber, P::Principal),
        ("Organisation Identifier", M::PersonReference, P::Principal),
        ("Team Identifier", M::PersonReference, P::Principal),
        ("Carer1 first name", M::GivenName, P::Other),
        ("Carer1 last name", M::FamilyName, P::Other),
        ("Carer1 E-mail", M::Email, P::Other),
        ("Title", M::Other, P::Unknown),
        ("Home", M::Phone, P::Principal),
        ("Work", M::Phone, P::Principal),
    ],
    "First name,Last name,National Identifier,Organisation Identifier,Team Identifier,Title,E-mail,\"DoB (DD,MM,YYYY)\",Address1,Address2,Post code,Mobile,Home,Work,Carer1 first name,Carer1 last name,Carer1 E-mail",
    "First name,Last name,E-mail",
);

pub(super) const FHIR_PATIENT: Export = by_header(
    Card {
        name: "fhir-patient",
        version: 1,
        summary: "A FHIR Patient; its contacts are third parties",
        handles: &["JSON"],
        authority: "HL7 FHIR R4, Patient",
    },
    &["resourceType", "name.family", "birthDate"],
    &[
        ("identifier.value", M::PersonReference, P::Principal),
        ("name.family", M::FamilyName, P::Principal),
        ("contact.name.family", M::FamilyName, P::Other),
        ("contact.name.given", M::GivenName, P::Other),
        ("contact.name.text", M::Name, P::Other),
        ("contact.telecom.value", M::Phone, P::Other),
        ("contact.address.line", M::Address, P::Other),
        ("contact.address.postalCode", M::Postcode, P::Other),
        ("generalPractitioner.display", M::Name, P::Staff),
    ],
    "resourceType,identifier.system,identifier.value,name.use,name.family,name.given,telecom.value,birthDate,contact.name.family,contact.name.given,contact.name.text,contact.telecom.value,contact.address.line,contact.address.postalCode,generalPractitioner.display",
    "resourceType,name,birthDate",
);

pub(super) const FRESHA_CLIENTS: Export = by_header(
    Card {
        name: "fresha-clients",
        version: 1,
        summary: "Fresha client list",
        handles: &["CSV"],
        authority: "Fresha help, Export client list (columns as exports show them)",
    },
    &["Client ID", "Mobile Number", "Accepts Marketing", "Accepts SMS Marketing"],
    &[
        ("Client ID", M::PersonReference, P::Principal),
        ("Full Name", M::Name, P::Principal),
        ("Blocked", M::Other, P::Unknown),
        ("Block Reason", M::Text, P::Unknown),
        ("Accepts Marketing", M::Other, P::Unknown),
        ("Accepts SMS Marketing", M::Other, P::Unknown),
        ("Area", M::Address, P::Principal),
        ("State", M::Other, P::Unknown),
        ("Added", M::Date, P::Unknown),
        ("Note", M::Text, P::Unknown),
        ("Referral Source", M::Other, P::Unknown),
    ],
    "Client ID,First Name,Last Name,Full Name,Blocked,Block Reason,Gender,Mobile Number,Telephone,Email,Accepts Marketing,Accepts SMS Marketing,Address,Apartment Suite,Area,City,State,Post Code,Date of Birth,Added,Note,Referral Source",
    "Client ID,Mobile Number,Accepts Marketing",
);

pub(super) const PABAU_LIST: Export = by_header(
    Card {
        name: "pabau-client-list",
        version: 1,
        summary: "Pabau clients as a table",
        handles: &["CSV"],
        authority: "Pabau API documentation, List clients (field names)",
    },
    &["custom_id", "first_name", "last_name", "DOB", "opt_in_email"],
    &[
        ("id", M::PersonReference, P::Principal),
        ("custom_id", M::PersonReference, P::Principal),
        ("opt_in_email", M::Other, P::Unknown),
        ("opt_in_phone", M::Other, P::Unknown),
        ("opt_in_post", M::Other, P::Unknown),
        ("opt_in_sms", M::Other, P::Unknown),
        ("opt_in_newsletter", M::Other, P::Unknown),
        ("created_by", M::Name, P::Staff),
        ("mailing_county", M::Address, P::Principal),
        ("last_appt_date", M::Date, P::Unknown),
        ("total_appts", M::Other, P::Unknown),
        ("total_noshow", M::Other, P::Unknown),
        ("avatar", M::Text, P::Unknown),
    ],
    "id,custom_id,first_name,last_name,DOB,gender,email,phone,mobile,mailing_street,mailing_city,mailing_county,mailing_postal,opt_in_email,opt_in_phone,opt_in_post,opt_in_sms,opt_in_newsletter,created_by,created_date,last_appt_date,total_appts,total_noshow,avatar",
    "custom_id,first_name,last_name,DOB",
);

pub(super) const CLINIKO: Export = by_header(
    Card {
        name: "cliniko-patients",
        version: 1,
        summary: "Cliniko patients; emergency contacts and payers are third parties",
        handles: &["Patients-Cliniko-*.csv"],
        authority: "Cliniko API documentation, Patient; the file's last columns as its support pages show them",
    },
    &["First Name", "Last Name", "Date of Birth", "Unapplied Account Credit"],
    &[
        ("Patient ID", M::PersonReference, P::Principal),
        ("Preferred Name", M::GivenName, P::Principal),
        ("Invoice To", M::Name, P::Unknown),
        ("Email Invoice To", M::Email, P::Unknown),
        ("Extra Invoice Information", M::Text, P::Unknown),
        ("Emergency Contact", M::Text, P::Other),
        ("Referring Doctor", M::Name, P::Staff),
        ("Referral Source", M::Text, P::Unknown),
        ("Reminder Type", M::Other, P::Unknown),
        ("Concession Type", M::Other, P::Unknown),
        ("Occupation", M::Text, P::Unknown),
        ("Medical Alerts", M::Text, P::Unknown),
        ("Unapplied Account Credit", M::Other, P::Unknown),
        ("Archived At", M::Date, P::Unknown),
    ],
    "Patient ID,Title,First Name,Preferred Name,Last Name,Date of Birth,Sex,Address 1,City,Postcode,Email,Mobile,Invoice To,Email Invoice To,Extra Invoice Information,Emergency Contact,Referring Doctor,Referral Source,Reminder Type,Concession Type,Occupation,Medical Alerts,Notes,Archived At,Unapplied Account Credit",
    "First Name,Last Name,Date of Birth",
);
