//! How does a page begin and end, and how is text put into it?
//!
//! A page opens anywhere, offline: no script, no address, its style pinned by its digest.

use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("page.css");

/// The beginning of a page with that title, up to where its contents go.
pub(crate) fn head(title: &str) -> String {
    let style = base64(&Sha256::digest(STYLE.as_bytes()));
    format!(
        "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{style}'; \
         base-uri 'none'; form-action 'none'\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title><style>{STYLE}</style></head>\n\
         <body><main>\n",
        escape(title)
    )
}

/// The end of a page.
pub(crate) fn foot() -> &'static str {
    "</main></body></html>\n"
}

/// Text that is safe in an element and in an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Direction marks could make a path read as another one.
            c if c.is_control()
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                out.extend(c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

/// A number that has room in a cell: `950`, `1.2k`, `34k`, `5.6m`.
pub(crate) fn short(n: u64) -> String {
    let tenths = |n: u64, unit: u64, sign: char| {
        let tenths = (n * 10 + unit / 2) / unit;
        match (tenths / 10, tenths % 10) {
            (whole, part) if whole < 10 && part > 0 => format!("{whole}.{part}{sign}"),
            (whole, _) => format!("{whole}{sign}"),
        }
    };
    match n {
        0..1_000 => n.to_string(),
        1_000..999_500 => tenths(n, 1_000, 'k'),
        _ => tenths(n, 1_000_000, 'm'),
    }
}

/// Bytes as base64.
///
/// # Source
/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let three = [chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0)];
        let all = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for at in 0..4 {
            let digit = DIGITS[(all >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= chunk.len() { digit as char } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn numbers_have_room() {
        for (n, text) in [
            (7, "7"),
            (999, "999"),
            (1_000, "1k"),
            (1_249, "1.2k"),
            (34_000, "34k"),
            (2_000_000, "2m"),
        ] {
            assert_eq!(short(n), text);
        }
    }

    #[test]
    fn a_path_cannot_play_the_page() {
        assert_eq!(
            escape("<b onx=\"1\">\u{202e}'&"),
            "&lt;b onx=&quot;1&quot;&gt;\\u{202e}&#39;&amp;"
        );
    }
}
