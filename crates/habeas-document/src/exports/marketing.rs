//! Mail marketing: who is on a list, and what was inferred of them?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const MAILCHIMP: Export = by_header(
    Card {
        name: "mailchimp",
        version: 1,
        summary: "Mailchimp audience: subscribed, unsubscribed or cleaned",
        handles: &["CSV"],
        authority: "Mailchimp help, View and export contacts",
    },
    &["Email Address", "MEMBER_RATING", "OPTIN_TIME", "LEID", "EUID"],
    &[
        ("LEID", M::PersonReference, P::Principal),
        ("EUID", M::PersonReference, P::Principal),
        ("OPTIN_IP", M::Ip, P::Principal),
        ("CONFIRM_IP", M::Ip, P::Principal),
        ("CC", M::Other, P::Unknown),
    ],
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
    "Email Address,First Name,Last Name,TAGS",
);

pub(super) const KLAVIYO: Export = by_header(
    Card {
        name: "klaviyo",
        version: 1,
        summary: "Klaviyo profiles",
        handles: &["CSV"],
        authority: "Klaviyo help, Export a list or segment",
    },
    &["Email", "Klaviyo ID", "Profile Created On"],
    &[("Klaviyo ID", M::PersonReference, P::Principal)],
    "Email,Klaviyo ID,First Name,Last Name,City,State / Region,Country,Zip Code,Source,Email Marketing Consent,Profile Created On,Date Added",
    "Email,First Name,Profile Created On",
);
