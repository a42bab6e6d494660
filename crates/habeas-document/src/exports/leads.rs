//! Forms, advertisements, surveys and reviews: what did somebody fill in?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const META: Export = by_header(
    Card {
        name: "meta-leads",
        version: 2,
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
        ("is_organic", M::Other, P::Unknown),
        ("lead_status", M::Other, P::Unknown),
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
        version: 2,
        summary: "SurveyMonkey responses, with two rows of headers",
        handles: &["CSV", "XLSX"],
        authority: "SurveyMonkey help, Exporting responses",
    },
    &["Respondent ID", "Collector ID", "IP Address", "Email Address"],
    &[
        ("Respondent ID", M::PersonReference, P::Principal),
        ("Collector ID", M::Other, P::Unknown),
        ("Email Address", M::Email, P::Principal),
        ("Custom Data 1", M::Text, P::Unknown),
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
        version: 2,
        summary: "Microsoft Forms responses",
        handles: &["XLSX", "CSV"],
        authority: "Microsoft support, Check and share your form results",
    },
    &["ID", "Start time", "Completion time", "Email", "Name"],
    &[
        ("ID", M::Reference, P::Unknown),
        ("Name", M::Name, P::Principal),
        ("Email", M::Email, P::Principal),
    ],
    "ID,Start time,Completion time,Email,Name,Last modified time,How are you?",
    "ID,Start time,Email,Name",
);

pub(super) const TRUSTPILOT: Export = by_header(
    Card {
        name: "trustpilot",
        version: 2,
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
        ("Company Response", M::Text, P::Staff),
    ],
    "Domain Url,Webshop Name,Business Unit Id,Review Id,Review Created (UTC),Review Consumer User Id,Review Username,Review User Email,Review Title,Review Content,Review Stars,Source Of Review,Reference Id,Company Response,Company Reply Date (UTC),Review Language",
    "Review Id,Review Content",
);

pub(super) const META_AUDIENCE: Export = by_header(
    Card {
        name: "meta-audience",
        version: 1,
        summary: "Meta custom audience as it was uploaded; its addresses may be digests",
        handles: &["CSV"],
        authority: "Meta Marketing API, Customer file custom audiences: fn, ln, ct, st, madid",
    },
    &["fn", "ln", "ct", "st"],
    &[
        ("email", M::Email, P::Principal),
        ("phone", M::Phone, P::Principal),
        ("fn", M::GivenName, P::Principal),
        ("ln", M::FamilyName, P::Principal),
        ("zip", M::Postcode, P::Principal),
        ("ct", M::Address, P::Principal),
        ("st", M::Other, P::Unknown),
        ("country", M::Other, P::Unknown),
        ("dob", M::BirthDate, P::Principal),
        ("doby", M::Other, P::Unknown),
        ("gen", M::Other, P::Unknown),
        ("age", M::Other, P::Unknown),
        ("uid", M::PersonReference, P::Principal),
        ("madid", M::Device, P::Principal),
        ("value", M::Other, P::Unknown),
    ],
    "email,phone,fn,ln,zip,ct,st,country,dob,doby,gen,age,uid,madid,value",
    "email,phone,zip,country",
);

pub(super) const CFDB7: Export = by_header(
    Card {
        name: "contact-form-7",
        version: 1,
        summary: "Contact Form 7 entries kept by CFDB7; named after the form's own fields",
        handles: &["CSV"],
        authority: "CFDB7 for WordPress, export-csv (columns as exports show them)",
    },
    &["Form_id", "Form_date", "Your-email"],
    &[
        ("Form_id", M::Reference, P::Unknown),
        ("Your-name", M::Name, P::Principal),
        ("Your-email", M::Email, P::Principal),
        ("Your-subject", M::Text, P::Unknown),
        ("Your-message", M::Text, P::Unknown),
        ("Cfdb7_status", M::Other, P::Unknown),
    ],
    "Form_id,Form_date,Cfdb7_status,Your-name,Your-email,Your-subject,Your-message",
    "Form_id,Your-email",
);

pub(super) const CFDB: Export = by_header(
    Card {
        name: "contact-form-db",
        version: 1,
        summary: "Contact Form entries kept by CFDB",
        handles: &["CSV"],
        authority: "Contact Form DB for WordPress (columns as exports show them)",
    },
    &["Submitted", "Submitted Login", "Submitted From"],
    &[
        ("Submitted", M::Date, P::Unknown),
        ("your-name", M::Name, P::Principal),
        ("your-email", M::Email, P::Principal),
        ("your-message", M::Text, P::Unknown),
        ("Submitted Login", M::Username, P::Principal),
        ("Submitted From", M::Ip, P::Principal),
    ],
    "Submitted,your-name,your-email,your-message,Submitted Login,Submitted From",
    "Submitted,your-name,your-email",
);

pub(super) const WPFORMS: Export = by_header(
    Card {
        name: "wpforms",
        version: 1,
        summary: "WPForms entries",
        handles: &["CSV", "XLSX"],
        authority: "WPForms documentation, Exporting entries to CSV",
    },
    &["Entry ID", "Entry Date", "Viewed", "Starred"],
    &[
        ("Entry ID", M::Reference, P::Unknown),
        ("Entry Notes", M::Text, P::Unknown),
        ("Viewed", M::Other, P::Unknown),
        ("Starred", M::Other, P::Unknown),
        ("User IP", M::Ip, P::Principal),
        ("User Agent", M::Other, P::Unknown),
        ("Unique Generated User ID", M::Device, P::Principal),
        ("Geolocation Details", M::Text, P::Unknown),
    ],
    "Name,Email,Comment or Message,Entry ID,Entry Date,Entry Notes,Viewed,Starred,User Agent,User IP,Unique Generated User ID,Geolocation Details",
    "Entry ID,Entry Date,Email",
);

pub(super) const GOOGLE_REVIEWS: Export = by_header(
    Card {
        name: "google-reviews",
        version: 1,
        summary: "Google Business Profile reviews; the reply is the house's",
        handles: &["JSON"],
        authority: "Google Business Profile API, accounts.locations.reviews",
    },
    &["reviewId", "reviewer.displayName", "starRating"],
    &[
        ("name", M::Reference, P::Unknown),
        ("reviewId", M::Reference, P::Unknown),
        ("reviewer.displayName", M::Name, P::Principal),
        ("reviewer.profilePhotoUrl", M::Text, P::Unknown),
        ("starRating", M::Other, P::Unknown),
        ("comment", M::Text, P::Unknown),
        ("reviewReply.comment", M::Text, P::Staff),
    ],
    "name,reviewId,reviewer.displayName,reviewer.profilePhotoUrl,starRating,comment,createTime,updateTime,reviewReply.comment,reviewReply.updateTime",
    "reviewId,displayName,comment",
);
