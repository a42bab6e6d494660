//! Websites and consent: what do visitors leave behind?

use habeas_model::Card;
use habeas_model::Meaning as M;
use habeas_model::Party as P;

use super::{Export, by_header};

pub(super) const GA4: Export = by_header(
    Card {
        name: "ga4-events",
        version: 1,
        summary: "Google Analytics 4 events from BigQuery; a person is a cookie",
        handles: &["CSV", "JSON", "Parquet"],
        authority: "Google Analytics, BigQuery export schema",
    },
    &["event_timestamp", "event_name", "user_pseudo_id"],
    &[
        ("event_name", M::Other, P::Unknown),
        ("user_id", M::PersonReference, P::Principal),
        ("user_pseudo_id", M::Device, P::Principal),
        ("event_params.value.string_value", M::Text, P::Unknown),
        ("device.web_info.hostname", M::Other, P::Unknown),
        ("device.advertising_id", M::Device, P::Principal),
        ("geo.country", M::Other, P::Unknown),
        ("geo.region", M::Other, P::Unknown),
        ("geo.city", M::Other, P::Unknown),
        ("traffic_source.name", M::Other, P::Unknown),
    ],
    "event_date,event_timestamp,event_name,event_params.value.string_value,user_id,user_pseudo_id,device.category,device.advertising_id,device.web_info.hostname,geo.country,geo.region,geo.city,traffic_source.name",
    "event_timestamp,event_name,user_id",
);

pub(super) const MATOMO: Export = by_header(
    Card {
        name: "matomo-visits",
        version: 1,
        summary: "Matomo visits; a person is a visitor id",
        handles: &["CSV", "JSON"],
        authority: "Matomo Reporting API, Live.getLastVisitsDetails",
    },
    &["idVisit", "visitorId", "visitIp"],
    &[
        ("idSite", M::Other, P::Unknown),
        ("idVisit", M::Reference, P::Unknown),
        ("visitIp", M::Ip, P::Principal),
        ("visitorId", M::Device, P::Principal),
        ("fingerprint", M::Device, P::Principal),
        ("userId", M::PersonReference, P::Principal),
        ("city", M::Other, P::Unknown),
        ("country", M::Other, P::Unknown),
        ("actionDetails.url", M::Text, P::Unknown),
    ],
    "idSite,idVisit,visitIp,visitorId,fingerprint,userId,serverDate,visitDuration,referrerUrl,country,city,operatingSystem,browserName,actionDetails.url",
    "idSite,idVisit,userId",
);

pub(super) const HOTJAR: Export = by_header(
    Card {
        name: "hotjar-responses",
        version: 1,
        summary: "Hotjar survey and feedback responses",
        handles: &["CSV"],
        authority: "Hotjar help, Exporting responses (columns as exports show them)",
    },
    &["Number", "User", "Date Submitted", "Source URL"],
    &[
        ("Number", M::Reference, P::Unknown),
        ("User", M::Device, P::Principal),
        ("Source URL", M::Text, P::Unknown),
        ("Hotjar User ID", M::Device, P::Principal),
        ("Email", M::Email, P::Principal),
        ("Message", M::Text, P::Unknown),
    ],
    "Number,User,Date Submitted,Country,Source URL,Device,Browser,OS,Hotjar User ID,Email,Message",
    "Number,User,Source URL",
);

pub(super) const CONSENT_LOG: Export = by_header(
    Card {
        name: "consent-log",
        version: 1,
        summary: "Cookie consents; the id stands in the visitor's cookie too",
        handles: &["CSV"],
        authority: "illow, What is a cookie consent log; CookieYes, Consent log",
    },
    &["Consent ID", "Status", "Country", "Consent date"],
    &[
        ("Consent ID", M::Device, P::Principal),
        ("Status", M::Other, P::Unknown),
        ("Categories", M::Other, P::Unknown),
        ("Anonymised IP", M::Ip, P::Principal),
    ],
    "Consent ID,Status,Categories,Country,Anonymised IP,Consent date",
    "Status,Country,Consent date",
);

pub(super) const COOKIEBOT: Export = by_header(
    Card {
        name: "cookiebot-consents",
        version: 1,
        summary: "Cookiebot consents; the key stands in the visitor's cookie too",
        handles: &["CSV"],
        authority: "Cookiebot support, Consent log (columns as exports show them)",
    },
    &["Key", "Anonymized IP address", "Consent state", "User agent"],
    &[
        ("Key", M::Device, P::Principal),
        ("Anonymized IP address", M::Ip, P::Principal),
        ("Consent state", M::Other, P::Unknown),
        ("User agent", M::Other, P::Unknown),
        ("URL", M::Text, P::Unknown),
    ],
    "Date and time,Domain,URL,Anonymized IP address,User agent,Consent state,Key",
    "Key,URL,User agent",
);

pub(super) const COOKIESCRIPT: Export = by_header(
    Card {
        name: "cookiescript-consents",
        version: 1,
        summary: "CookieScript consents; the key stands in the visitor's cookie too",
        handles: &["CSV"],
        authority: "CookieScript, How to record and download visitor cookie consents",
    },
    &["Key", "Action", "IP", "Page", "Banner text"],
    &[
        ("Key", M::Device, P::Principal),
        ("Action", M::Other, P::Unknown),
        ("IP", M::Ip, P::Principal),
        ("Page", M::Text, P::Unknown),
        ("User agent", M::Other, P::Unknown),
        ("Categories", M::Other, P::Unknown),
        ("Banner text", M::Text, P::Unknown),
    ],
    "Key,Action,IP,Date,Page,User agent,Categories,Banner text",
    "Key,IP,Page",
);
