//! What was taken out and shown, for the case alone, without saying it.
//!
//! Each line carries the HMAC-SHA-256 of what stood there under a secret of the case, so that whoever
//! has the case's folder and the original can check a line, and nobody else can try names.

use std::collections::BTreeMap;

use habeas_model::{BatesNumber, ItemId, Listed, Personal};
use habeas_redact::{Exhibit, Outcome, Row};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::certificate::hex;

/// The decision log of a bundle.
#[derive(Clone)]
pub(crate) struct Log {
    numbers: BTreeMap<Personal<String>, u32>,
    key: [u8; 32],
    lines: Vec<u8>,
    n_taken_out: u64,
    n_shown: u64,
}

impl Log {
    pub(crate) fn new(people: &[Listed], key: [u8; 32]) -> Self {
        let numbers = people.iter().map(|one| (one.person.clone(), one.number)).collect();
        Self { numbers, key, lines: Vec::new(), n_taken_out: 0, n_shown: 0 }
    }

    /// Adds what was taken out of an exhibit, and shown in it.
    pub(crate) fn add(
        &mut self,
        exhibit: u32,
        first: &BatesNumber,
        item: ItemId,
        read: &Exhibit,
        rows: &[Row],
    ) {
        for Row { used, .. } in rows {
            let (outcome, label, ground, basis) = match &used.outcome {
                Outcome::Label(label, ground) => {
                    self.n_taken_out += 1;
                    ("taken out", Some(label), ground.code(), None)
                }
                Outcome::Shown(shown) => {
                    self.n_shown += 1;
                    let basis = if shown.is_decided { "decided" } else { "configured" };
                    ("shown", None, shown.ground.code(), Some(basis))
                }
            };
            let line = json!({
                "exhibit": exhibit,
                "first_page": first.to_string(),
                "item": item,
                "passage": used.passage,
                "range": [used.range.start, used.range.end],
                "kind": used.kind,
                // Whoever stands only in records that are left out has no number.
                "person": self.numbers.get(&used.person),
                "outcome": outcome,
                "label": label,
                "ground": ground,
                "basis": basis,
                "rule": read.rule(used.passage, &used.range),
                "hmac_sha256": digest(&self.key, read.surface(used.passage, &used.range)),
            });
            self.lines.extend(line.to_string().into_bytes());
            self.lines.push(b'\n');
        }
    }

    /// A JSON object a line.
    pub(crate) fn lines(&self) -> &[u8] {
        &self.lines
    }

    pub(crate) fn n_taken_out(&self) -> u64 {
        self.n_taken_out
    }

    pub(crate) fn n_shown(&self) -> u64 {
        self.n_shown
    }
}

/// HMAC-SHA-256 of a text in hexadecimal.
fn digest(key: &[u8; 32], text: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes a key of any length");
    };
    mac.update(text.as_bytes());
    hex(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_what_others_compute() {
        // RFC 4231 has no test case with a key of 32 bytes; this one is from `openssl dgst -sha256 -mac
        // HMAC -macopt hexkey:0b0b…0b` over `Hi There`.
        let digest = digest(&[0x0b; 32], "Hi There");
        assert_eq!(digest, "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7");
    }
}
