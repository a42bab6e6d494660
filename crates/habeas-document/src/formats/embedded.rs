//! What is written inside a string of JSON or XML: a file in base64, a page, JSON once more?

use super::blob::{self, Blob};
use super::html;
use crate::Budget;
use crate::out::Out;

/// What a string holds that is not the text it seems to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Embedded {
    /// Text that was encoded or marked up.
    Text(String),
    /// A file, with the ending that its name may have.
    File(&'static str, Vec<u8>),
}

/// Shorter than this, base64 is hardly a file, and a word may look like it.
const MIN_BYTES: usize = 32;
/// A text that is longer is a document of its own.
const LONG_TEXT: usize = 400;

/// Looks into a string; `None` if it is what it seems.
pub(super) fn of(value: &str) -> Option<Embedded> {
    let value = value.trim();
    if value.len() < MIN_BYTES {
        return None;
    }
    if let Some(address) = value.get(..5).filter(|start| start.eq_ignore_ascii_case("data:")) {
        return of_data_address(&value[address.len()..]);
    }
    if value.starts_with('<') && value.ends_with('>') && value.contains("</") {
        return rendered(value).map(Embedded::Text);
    }
    let is_base64 = value
        .bytes()
        .take(100)
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_\r\n".contains(&byte));
    let bytes = is_base64.then(|| blob::from_base64(value)).flatten()?;
    of_bytes(bytes)
}

/// `data:image/png;base64,…` (RFC 2397).
fn of_data_address(address: &str) -> Option<Embedded> {
    let (head, data) = address.split_once(',')?;
    let bytes = if head.to_ascii_lowercase().ends_with("base64") {
        blob::from_base64(data)?
    } else {
        html::percent_decoded(data).into_bytes()
    };
    Some(match blob::of(&bytes) {
        Blob::File(ending) => Embedded::File(ending, bytes),
        Blob::Text(text) => of_text(text, bytes),
        Blob::Words(_) => Embedded::File("bin", bytes),
    })
}

fn of_bytes(bytes: Vec<u8>) -> Option<Embedded> {
    if let Some(ending) = blob::file_ending(&bytes) {
        return (bytes.len() >= MIN_BYTES / 2).then_some(Embedded::File(ending, bytes));
    }
    // Chance hardly makes a text with spaces of what is no base64.
    let text = std::str::from_utf8(&bytes).ok()?;
    let is_text = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
        && text.contains(char::is_whitespace)
        && text.chars().filter(|c| c.is_ascii()).count() * 10 >= text.chars().count() * 6;
    let text = is_text.then(|| text.to_owned())?;
    Some(of_text(text, bytes))
}

fn of_text(text: String, bytes: Vec<u8>) -> Embedded {
    if text.len() > LONG_TEXT {
        Embedded::File(blob::text_ending(&text), bytes)
    } else {
        Embedded::Text(text)
    }
}

/// The text of a page.
fn rendered(page: &str) -> Option<String> {
    let budget = Budget::default();
    let mut out = Out::new("text/html", &budget);
    html::read_text(page, &mut out);
    let (document, _) = out.finish();
    let text = document.text();
    (!text.trim().is_empty() && document.exceptions.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_looked_into() {
        let pdf = "JVBERi0xLjQgYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=";
        let text = |text: &str| Some(Embedded::Text(text.to_owned()));
        assert!(matches!(of(pdf), Some(Embedded::File("pdf", _))));
        assert!(matches!(
            of(&format!("data:application/pdf;base64,{pdf}")),
            Some(Embedded::File("pdf", _))
        ));
        assert_eq!(
            of("RGVhciBBbWFyYSwKeW91ciB2aXNpdCBpcyBkdWUu"),
            text("Dear Amara,\nyour visit is due.")
        );
        assert_eq!(
            of("data:text/plain,Dear%20Amara%20Lind%20and%20Bo"),
            text("Dear Amara Lind and Bo")
        );
        for plain in [
            "d41d8cd98f00b204e9800998ecf8427e",
            "Dear Amara how are you doing today my dear",
            "Donaudampfschifffahrtsgesellschaftskapitaen",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        ] {
            assert_eq!(of(plain), None, "{plain}");
        }
    }
}
