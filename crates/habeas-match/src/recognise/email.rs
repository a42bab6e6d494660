//! Where does a text name a mailbox?

use std::sync::LazyLock;

use habeas_model::{Card, Kind};
use regex::Regex;

use super::hits::Draft;
use super::view::View;
use crate::normal;

pub(super) const RECOGNISER: super::Recogniser = super::Recogniser {
    card: Card {
        name: "email",
        version: 1,
        summary: "E-mail addresses, plain, obfuscated and international; folded to one mailbox",
        handles: &["email"],
        authority: "RFC 5322 and RFC 6531",
    },
    find,
    examples: &[
        ("write to Jane.Smith+x@Example.org, please", &["email=jane.smith@example.org"]),
        ("mailto:jane@example.org?subject=x", &["email=jane@example.org"]),
        ("jane (at) example.org", &["email=jane@example.org"]),
        ("jane [at] example dot org", &["email=jane@example.org"]),
        ("zoë@müller.example", &["email=zoë@müller.example"]),
        ("meet me @ noon, or @jane at example", &[]),
    ],
};

static PLAIN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}._%+'&~\-]+@[\p{L}\p{N}](?:[\p{L}\p{N}\-]*\.)+[\p{L}\p{N}\-]*[\p{L}]").expect("the pattern is constant"));

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for found in PLAIN.find_iter(view.text) {
        if let Some(value) = normal::email(found.as_str()) {
            drafts.push(Draft { range: found.range(), kind: Kind::Email, value, confidence: 0.99, rule: "email" });
        }
    }
}
