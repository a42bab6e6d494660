//! `habeas recognise`: every identifier and name in a text.

use std::io::Read;

use habeas_match::{Setting, recognise_text};
use serde_json::json;

use crate::failure::{End, Failure};
use crate::say;

/// Reads a text on stdin and prints its hits with byte offsets.
pub fn run(json: bool) -> Result<End, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::stopped(format!("stdin: {error}")))?;
    // Offsets are those of the bytes as they came, so a text that is not UTF-8 is refused.
    let text = String::from_utf8(bytes).map_err(|error| {
        Failure::usage(format!("stdin is not UTF-8 at byte {}", error.utf8_error().valid_up_to()))
            .hint("put it in a file and use `habeas read`, which finds the encoding")
    })?;
    for hit in recognise_text(&text, &Setting::default()) {
        let stretch = &text[hit.range.clone()];
        if json {
            say::json(&json!({
                "kind": hit.kind,
                "text": stretch,
                "value": hit.value.reveal(),
                "start": hit.range.start,
                "end": hit.range.end,
                "confidence": hit.confidence,
            }));
        } else {
            say::result(&format!(
                "{:>6}..{:<6} {:<16} {:.2} {}",
                hit.range.start,
                hit.range.end,
                hit.kind.as_str(),
                hit.confidence.get(),
                crate::failure::shown(stretch)
            ));
        }
    }
    Ok(End::Done)
}
