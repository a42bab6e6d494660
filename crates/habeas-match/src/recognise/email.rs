//! Where does a text name a mailbox?

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::view::View;
use super::{Recogniser, pattern};
use crate::normal;

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "email",
        version: 2,
        summary: "E-mail addresses, plain, obfuscated and international, as one mailbox",
        handles: &["email"],
        authority: "RFC 5322 and RFC 6531",
    },
    find,
    examples: &[
        ("write to Jane.Smith+x@Example.org, please", &["email=jane.smith@example.org"]),
        ("see mailto:jane@example.org?subject=x", &["email=jane@example.org"]),
        ("mail jane (at) example.org", &["email=jane@example.org"]),
        ("mail jane.smith [at] example dot org.", &["email=jane.smith@example.org"]),
        ("jane dot smith at example dot org", &["email=jane.smith@example.org"]),
        ("mail zoë@müller.example", &["email=zoë@müller.example"]),
        ("GET /book?email=jane%40example.org HTTP/2.0", &["email=jane@example.org"]),
        ("j.o.smith@googlemail.com", &["email=josmith@gmail.com"]),
        ("meet me @ noon, or at the example dot com boom", &[]),
        ("email me at jo.march (at) example.org", &["email=jo.march@example.org"]),
        ("Message-ID: <20240312.0770@mail.example.org>", &[]),
        ("git@ and user@localhost", &[]),
    ],
};

pattern!(
    PLAIN = r#"(?:"[\p{L}\p{N}._%+'&~\-]+"|[\p{L}\p{N}._%+'&~\-]*[\p{L}\p{N}_\-])(?:@|%40)[\p{L}\p{N}](?:[\p{L}\p{N}\-]*\.)+\p{L}[\p{L}\p{N}\-]*"#
);
pattern!(
    MESSAGE_ID =
        r"(?i)(?:message-id|in-reply-to|references|content-id|thread-index)[^\n]*<?$|(?-u:\b)cid:$"
);
pattern!(
    BRACKETED = r"(?i)[a-z0-9_\-]+(?:(?:\.| dot | ?[\[({] ?dot ?[\])}] ?)[a-z0-9_\-]+)* ?(?:[\[({] ?at ?[\])}]| @ ) ?[a-z0-9\-]+(?:(?:\.| dot | ?[\[({] ?dot ?[\])}] ?)[a-z0-9\-]+)+"
);
pattern!(
    SPOKEN = r"(?i)[a-z0-9_\-]+(?:(?:\.| dot )[a-z0-9_\-]+)* at [a-z0-9\-]+(?: dot [a-z0-9\-]+)+"
);

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    if view.text.contains('@') || view.text.contains("%40") {
        for found in PLAIN.find_iter(view.text) {
            let raw = found.as_str();
            // Ids of messages and parts look like addresses.
            if MESSAGE_ID.is_match(view.lead(found.start(), 60)) {
                continue;
            }
            // Signs of quotation and of a query before the address are none of it.
            let skipped =
                raw.len() - raw.trim_start_matches(['\'', '.', '%', '&', '~', '-', '+']).len();
            let skipped = raw
                .char_indices()
                .rfind(|(at, _)| {
                    let sign = raw.get(*at..at + 3).unwrap_or_default().to_ascii_uppercase();
                    ["%3D", "%3A", "%3C", "%22", "%26", "%20"].contains(&sign.as_str())
                })
                .map_or(skipped, |(at, _)| at + 3);
            if let Some(value) = normal::email(&raw[skipped..]) {
                drafts.push(Draft::new(
                    found.start() + skipped..found.end(),
                    Kind::Email,
                    value,
                    0.99,
                    "email",
                ));
            }
        }
    }
    // Spelled signs need something that a plain sentence has not: brackets, or a spelled dot too.
    let has = |signs: &[&str]| signs.iter().any(|sign| view.text.contains(sign));
    let shapes = [
        (&BRACKETED, has(&["at)", "at]", "at}", "at )", "at ]", "AT)", "AT]", " @ "])),
        (&SPOKEN, has(&[" dot ", " DOT "])),
    ];
    for (shape, _) in shapes.into_iter().filter(|(_, is_there)| *is_there) {
        for found in shape.find_iter(view.text).filter(|found| !found.as_str().contains(" at the "))
        {
            if let Some(value) = normal::email(found.as_str()) {
                drafts.push(Draft::new(found.range(), Kind::Email, value, 0.85, "email:spelled"));
            }
        }
    }
}
