//! In which lettered folder does an exhibit go?

/// A class of exhibits, in the order of the folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    Medical,
    Correspondence,
    Calls,
    Payments,
    Marketing,
    Website,
    Images,
    Other,
}

impl Class {
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Medical => "A_Medical",
            Self::Correspondence => "B_Correspondence",
            Self::Calls => "C_Calls-and-messages",
            Self::Payments => "D_Payments",
            Self::Marketing => "E_Marketing",
            Self::Website => "F_Website",
            Self::Images => "G_Images",
            Self::Other => "H_Other",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Medical => "Medical",
            Self::Correspondence => "Correspondence",
            Self::Calls => "Calls and messages",
            Self::Payments => "Payments",
            Self::Marketing => "Marketing",
            Self::Website => "Website",
            Self::Images => "Images",
            Self::Other => "Other",
        }
    }
}

/// Words of a path that tell the class, the more telling class first.
const WORDS: &[(Class, &[&str])] = &[
    (Class::Images, &["photo", "photos", "image", "images", "cctv"]),
    (
        Class::Payments,
        &[
            "payment", "payments", "invoice", "invoices", "refund", "refunds", "billing",
            "finance", "accounts", "receipts", "deposit",
        ],
    ),
    (
        Class::Marketing,
        &[
            "marketing",
            "newsletter",
            "campaign",
            "campaigns",
            "mailing",
            "subscribers",
            "leads",
            "survey",
            "surveys",
            "reviews",
        ],
    ),
    (
        Class::Calls,
        &[
            "call",
            "calls",
            "cdr",
            "telephony",
            "phone",
            "sms",
            "whatsapp",
            "chat",
            "chats",
            "voicemail",
        ],
    ),
    (
        Class::Website,
        &["web", "website", "access", "cookies", "analytics", "nginx", "apache", "enquiries"],
    ),
    (
        Class::Medical,
        &[
            "medical",
            "clinical",
            "patient",
            "patients",
            "consent",
            "consultation",
            "consultations",
            "treatment",
            "treatments",
            "prescription",
            "appointments",
            "appointment",
            "notes",
            "records",
        ],
    ),
    (
        Class::Correspondence,
        &["mail", "email", "emails", "letter", "letters", "inbox", "correspondence"],
    ),
];

/// Known exports whose name tells the class.
const EXPORTS: &[(&str, Class)] = &[
    ("asterisk", Class::Calls),
    ("3cx", Class::Calls),
    ("ringcentral", Class::Calls),
    ("yeastar", Class::Calls),
    ("twilio-messages", Class::Calls),
    ("zoom-participants", Class::Calls),
    ("stripe-payments", Class::Payments),
    ("gocardless", Class::Payments),
    ("paypal", Class::Payments),
    ("square-transactions", Class::Payments),
    ("xero-contacts", Class::Payments),
    ("mailchimp", Class::Marketing),
    ("klaviyo", Class::Marketing),
    ("hubspot-contacts", Class::Marketing),
    ("hubspot-deals", Class::Marketing),
    ("salesforce-contact", Class::Marketing),
    ("salesforce-lead", Class::Marketing),
    ("zoho-leads", Class::Marketing),
    ("meta-leads", Class::Marketing),
    ("surveymonkey", Class::Marketing),
    ("typeform", Class::Website),
    ("gravity-forms", Class::Website),
    ("microsoft-forms", Class::Website),
    ("trustpilot", Class::Marketing),
    ("calendly", Class::Medical),
    ("acuity", Class::Medical),
    ("fresha", Class::Medical),
    ("pabau-clients", Class::Medical),
    ("patients-know-best", Class::Medical),
    ("outlook-contacts", Class::Correspondence),
    ("google-contacts", Class::Correspondence),
];

/// The class of an item, from what it was read as and from the words of its path.
pub(crate) fn class(media_type: &str, export: Option<&str>, path: &str) -> Class {
    if let Some((_, class)) = EXPORTS.iter().find(|(name, _)| export == Some(*name)) {
        return *class;
    }
    if habeas_model::is_message(media_type) {
        return Class::Correspondence;
    }
    if media_type.starts_with("image/") {
        return Class::Images;
    }
    let path = path.to_lowercase();
    let words: Vec<&str> = path.split(|c: char| !c.is_alphanumeric()).collect();
    let told = WORDS.iter().find(|(_, known)| words.iter().any(|word| known.contains(word)));
    told.map_or(Class::Other, |(class, _)| *class)
}

/// What an item is, in a few words of ours.
pub(crate) fn description(media_type: &str, export: Option<&str>) -> String {
    let (kind, subtype) = media_type.split_once('/').unwrap_or((media_type, ""));
    let what = match (kind, subtype) {
        _ if habeas_model::is_message(media_type) => "E-mail message",
        (_, "pdf") => "PDF document",
        (_, "csv" | "tab-separated-values") => "Table",
        (_, "json" | "jsonl" | "x-ndjson" | "x-jsonlines") => "Data file",
        (_, "xml" | "html" | "xhtml+xml") => "Web page or form",
        ("text", "calendar") => "Calendar entry",
        ("text", "vcard") => "Contact",
        ("text", _) => "Text",
        ("image", _) => "Picture",
        ("audio" | "video", _) => "Recording",
        _ if media_type.contains("spreadsheet") || media_type.contains("excel") => "Spreadsheet",
        _ if media_type.contains("word") || media_type.contains("opendocument.text") => "Document",
        _ if media_type.contains("presentation") => "Presentation",
        _ => "File",
    };
    match export {
        Some(export) => format!("{what} ({export} export)"),
        None => what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_goes_where_a_person_would_look() {
        let check =
            |media, export, path, expected| assert_eq!(class(media, export, path), expected);
        check("message/rfc822", None, "mail/photos.mbox", Class::Correspondence);
        check("application/vnd.ms-outlook", None, "mail/photos.pst", Class::Correspondence);
        check("text/csv", Some("asterisk"), "x.csv", Class::Calls);
        check("application/pdf", None, "clinic/consent-forms/7.pdf", Class::Medical);
        check("application/pdf", None, "invoices/2024/7.pdf", Class::Payments);
        check("application/pdf", None, "misc/7.pdf", Class::Other);
    }
}
