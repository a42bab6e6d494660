//! What does a person call a kind of file?

use habeas_model::is_message;

/// A word or two for a media type, or for the known export that it was read as.
pub fn words(media_type: &str, export: Option<&str>) -> &'static str {
    if is_message(media_type) {
        return "message";
    }
    if export.is_some() {
        return "records";
    }
    let (major, minor) = media_type.split_once('/').unwrap_or((media_type, ""));
    let has = |words: &[&str]| words.iter().any(|word| minor.contains(word));
    match major {
        "image" => "picture",
        "audio" | "video" => "recording",
        _ if minor == "pdf" => "PDF",
        _ if has(&["calendar"]) => "calendar",
        _ if has(&["vcard"]) => "contacts",
        _ if has(&["chat", "whatsapp"]) => "chat",
        _ if has(&["csv", "tab-separated", "spreadsheet", "ms-excel", "sheet", "numbers"]) => {
            "spreadsheet"
        }
        _ if has(&["presentation", "powerpoint", "keynote"]) => "presentation",
        _ if has(&["word", "opendocument.text", "rtf", "pages", "onenote", "markdown"]) => {
            "document"
        }
        _ if has(&["html"]) => "web page",
        _ if has(&["sqlite", "sql", "dbf", "parquet", "msaccess", "database"]) => "database",
        _ if has(&["zip", "tar", "mbox", "pst", "7z", "rar", "gzip", "archive"]) => "container",
        _ if has(&["json", "xml", "yaml", "hl7", "fhir", "plist"]) => "records",
        "text" => "text",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_type_has_a_name() {
        let check = |media_type: &str, export, expected| {
            assert_eq!(words(media_type, export), expected, "{media_type}");
        };
        check("message/rfc822", None, "message");
        check("application/pdf", None, "PDF");
        check("text/csv", None, "spreadsheet");
        check("text/csv", Some("asterisk"), "records");
        check(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            None,
            "document",
        );
        check(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            None,
            "spreadsheet",
        );
        check("image/png", None, "picture");
        check("text/plain", None, "text");
        check("", None, "other");
    }
}
