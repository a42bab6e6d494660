//! Forms, advertisements, surveys and reviews: what did somebody fill in?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const META: Export = by_header(
    Card {
        name: "meta-leads",
        version: 1,
        summary: "Meta Lead Ads; values begin with `p:`, `z:` and the like",
        handles: &["CSV"],
        authority: "Meta business help, Download leads",
    },
    &["id", "created_time", "ad_id", "form_id", "platform"],
    &[
        ("id", M::PersonReference, P::Principal),
        ("ad_id", M::Other, P::Unknown),
        ("adset_id", M::Other, P::Unknown),
        ("campaign_id", M::Other, P::Unknown),
        ("form_id", M::Other, P::Unknown),
        ("full_name", M::Name, P::Principal),
        ("inbox_url", M::Text, P::Unknown),
    ],
    "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,form_name,is_organic,platform,full_name,email,phone_number,zip_code,inbox_url,lead_status",
    "id,created_time,campaign_id,full_name",
);

pub(super) const GRAVITY_FORMS: Export = by_header(
    Card {
        name: "gravity-forms",
        version: 1,
        summary: "Entries of a Gravity Forms form",
        handles: &["CSV"],
        authority: "Gravity Forms documentation, Exporting entries",
    },
    &["Entry Id", "Entry Date", "Source Url", "User IP"],
    &[
        ("Entry Id", M::Reference, P::Unknown),
        ("Created By (User Id)", M::PersonReference, P::Unknown),
        ("User IP", M::Ip, P::Principal),
        ("User Agent", M::Other, P::Unknown),
    ],
    "Name (First),Name (Last),Email,Phone,Message,Created By (User Id),Entry Id,Entry Date,Source Url,Transaction Id,Payment Amount,Payment Date,Payment Status,Post Id,User Agent,User IP",
    "Entry Id,Entry Date,Name",
);

pub(super) const SURVEYMONKEY: Export = by_header(
    Card {
        name: "surveymonkey",
        version: 1,
        summary: "SurveyMonkey responses, with two rows of headers",
        handles: &["CSV", "XLSX"],
        authority: "SurveyMonkey help, Exporting responses",
    },
    &["Respondent ID", "Collector ID", "IP Address", "Email Address"],
    &[
        ("Respondent ID", M::PersonReference, P::Principal),
        ("Collector ID", M::Other, P::Unknown),
        ("IP Address", M::Ip, P::Principal),
    ],
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,How did you hear of us?",
    "Respondent ID,Start Date,Answer",
);

pub(super) const TYPEFORM: Export = by_header(
    Card {
        name: "typeform",
        version: 1,
        summary: "Typeform responses",
        handles: &["CSV"],
        authority: "Typeform help, Download responses",
    },
    &["Start Date (UTC)", "Submit Date (UTC)", "Network ID"],
    &[("#", M::PersonReference, P::Principal), ("Network ID", M::Device, P::Principal)],
    "#,What is your name?,Your email,Start Date (UTC),Submit Date (UTC),Network ID",
    "#,Start Date,Submit Date",
);

pub(super) const MICROSOFT_FORMS: Export = by_header(
    Card {
        name: "microsoft-forms",
        version: 1,
        summary: "Microsoft Forms responses",
        handles: &["XLSX", "CSV"],
        authority: "Microsoft support, Check and share your form results",
    },
    &["ID", "Start time", "Completion time", "Email", "Name"],
    &[("ID", M::Reference, P::Unknown), ("Name", M::Name, P::Principal)],
    "ID,Start time,Completion time,Email,Name,Last modified time,How are you?",
    "ID,Start time,Email,Name",
);

pub(super) const TRUSTPILOT: Export = by_header(
    Card {
        name: "trustpilot",
        version: 1,
        summary: "Trustpilot reviews",
        handles: &["CSV"],
        authority: "Trustpilot support, Export reviews",
    },
    &["Review Id", "Review Username", "Review User Email", "Review Content"],
    &[
        ("Review Id", M::Reference, P::Unknown),
        ("Review Consumer User Id", M::PersonReference, P::Principal),
        ("Review Username", M::Name, P::Principal),
        ("Review User Email", M::Email, P::Principal),
        ("Reference Id", M::Reference, P::Unknown),
        ("Company Response", M::Text, P::Unknown),
    ],
    "Domain Url,Webshop Name,Business Unit Id,Review Id,Review Created (UTC),Review Consumer User Id,Review Username,Review User Email,Review Title,Review Content,Review Stars,Source Of Review,Reference Id,Company Response,Company Reply Date (UTC),Review Language",
    "Review Id,Review Content",
);
