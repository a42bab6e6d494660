//! Mail marketing: who is on a list, and what was inferred of them?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const MAILCHIMP: Export = by_header(
    Card {
        name: "mailchimp",
        version: 2,
        summary: "Mailchimp audience: subscribed, unsubscribed or cleaned",
        handles: &["CSV"],
        authority: "Mailchimp help, View and export contacts",
    },
    &["Email Address", "OPTIN_TIME", "LEID", "EUID"],
    &[
        ("LEID", M::PersonReference, P::Principal),
        ("EUID", M::PersonReference, P::Principal),
        ("OPTIN_IP", M::Ip, P::Principal),
        ("CONFIRM_IP", M::Ip, P::Principal),
        ("CC", M::Other, P::Unknown),
        ("UNSUB_CAMPAIGN_TITLE", M::Other, P::Unknown),
        ("UNSUB_CAMPAIGN_ID", M::Other, P::Unknown),
        ("UNSUB_REASON", M::Text, P::Unknown),
        ("UNSUB_REASON_OTHER", M::Text, P::Unknown),
        ("CLEAN_CAMPAIGN_TITLE", M::Other, P::Unknown),
        ("CLEAN_CAMPAIGN_ID", M::Other, P::Unknown),
    ],
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
    "Email Address,First Name,Last Name,TAGS",
);

pub(super) const KLAVIYO: Export = by_header(
    Card {
        name: "klaviyo",
        version: 2,
        summary: "Klaviyo profiles",
        handles: &["CSV"],
        authority: "Klaviyo help, Export a list or segment",
    },
    &["Email", "Klaviyo ID", "Profile Created On"],
    &[
        ("Klaviyo ID", M::PersonReference, P::Principal),
        ("Source", M::Other, P::Unknown),
        ("Email Marketing Consent", M::Other, P::Unknown),
        ("State / Region", M::Other, P::Unknown),
    ],
    "Email,Klaviyo ID,First Name,Last Name,City,State / Region,Country,Zip Code,Source,Email Marketing Consent,Profile Created On,Date Added",
    "Email,First Name,Profile Created On",
);

pub(super) const DOTDIGITAL: Export = by_header(
    Card {
        name: "dotdigital",
        version: 1,
        summary: "Dotdigital contacts",
        handles: &["CSV"],
        authority: "Dotdigital API, Contact: optInType, emailType",
    },
    &["Email", "OptInType", "EmailType"],
    &[
        ("Email", M::Email, P::Principal),
        ("OptInType", M::Other, P::Unknown),
        ("EmailType", M::Other, P::Unknown),
    ],
    "Email,OptInType,EmailType,FIRSTNAME,LASTNAME,FULLNAME,GENDER,POSTCODE",
    "Email,EmailType,FIRSTNAME",
);

pub(super) const CAMPAIGN_MONITOR: Export = by_header(
    Card {
        name: "campaign-monitor",
        version: 1,
        summary: "Campaign Monitor subscribers, in whatever state",
        handles: &["CSV", "JSON"],
        authority: "Campaign Monitor API, Lists: getting active subscribers",
    },
    &["EmailAddress", "Name", "Date", "State", "ConsentToTrack"],
    &[
        ("Name", M::Name, P::Principal),
        ("State", M::Other, P::Unknown),
        ("ReadsEmailWith", M::Other, P::Unknown),
        ("ConsentToTrack", M::Other, P::Unknown),
        ("CustomFields.Key", M::Other, P::Unknown),
        ("CustomFields.Value", M::Text, P::Unknown),
    ],
    "EmailAddress,Name,Date,ListJoinedDate,State,ReadsEmailWith,ConsentToTrack,CustomFields.Key,CustomFields.Value",
    "EmailAddress,Name,Date",
);
