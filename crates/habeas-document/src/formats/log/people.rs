//! Who is named in a line of a log: addresses of mail, internet addresses, users.

use std::ops::Range;

use habeas_model::{Field, Meaning, Party};

use crate::shape;

/// What stands before the name of a user, in lower case.
const BEFORE_USER: &[&str] = &[
    "user=",
    "username=",
    "user_name=",
    "userid=",
    "uid=",
    "login=",
    "sasl_username=",
    "logname=",
    "account=",
    "acct=",
    "user '",
    "user \"",
    "user=\"",
    "invalid user ",
    "for user ",
    "password for ",
    "publickey for ",
    "acct=\"",
    "a=login:",
    "a=plain:",
    "user name: ",
    "account name: ",
    "ruser=",
    "authid=",
    "principal=",
    "opened for user ",
    "closed for user ",
];

/// Adds to the fields of a line those that its words show by their look or by what stands before
/// them. What is a field already stays one.
pub(super) fn add(text: &str, fields: &mut Vec<Field>) {
    let mut found: Vec<Field> = Vec::new();
    let lower = text.to_ascii_lowercase();
    for range in words(text) {
        let word = &text[range.clone()];
        let before = &lower[..range.start];
        let party = if before.ends_with("from=<") || before.ends_with("<= ") {
            Party::Sender
        } else if before.ends_with("to=<") || before.ends_with("=> ") || before.ends_with("for ") {
            Party::Recipient
        } else {
            Party::Principal
        };
        // A version of IP 4 may have a port after it.
        let host = word
            .split_once(':')
            .filter(|_| word.matches(':').count() == 1)
            .map_or(word, |(host, _)| host);
        let end = range.start + host.len();
        if shape::is_email(word) {
            found.push(Field { range, meaning: Meaning::Email, party });
        } else if shape::is_ip(host) && host.len() >= 3 {
            let range = range.start..end;
            found.push(Field { range, meaning: Meaning::Ip, party: Party::Principal });
        } else if BEFORE_USER.iter().any(|mark| before.ends_with(mark))
            && !matches!(word, "-" | "user" | "invalid" | "unknown" | "root")
        {
            found.push(Field { range, meaning: Meaning::Username, party: Party::Principal });
        }
    }
    found.retain(|new| fields.iter().all(|have| !overlap(&have.range, &new.range)));
    fields.extend(found);
    fields.sort_by_key(|field| field.range.start);
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// The stretches of a text that may be an address or a name.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_inner = |c: char| c.is_alphanumeric() || "._%+-@:".contains(c);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(is_inner)?;
            let end =
                text[start..].find(|c: char| !is_inner(c)).map_or(text.len(), |end| start + end);
            at = end;
            let word = text[start..end].trim_end_matches(['.', ':', '-']);
            if !word.is_empty() {
                return Some(start..start + word.len());
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Meaning, Party)]) {
        let mut fields = Vec::new();
        add(text, &mut fields);
        let got: Vec<_> =
            fields.iter().map(|f| (&text[f.range.clone()], f.meaning, f.party)).collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn people_are_found_in_the_lines_of_servers() {
        use Meaning as M;
        use Party as P;
        check(
            "postfix/qmgr[1]: 4F: from=<a.lind@example.org>, size=1, nrcpt=1",
            &[("a.lind@example.org", M::Email, P::Sender)],
        );
        check(
            "postfix/smtp[1]: 4F: to=<bo@example.org>, relay=mx[203.0.113.7]:25",
            &[("bo@example.org", M::Email, P::Recipient), ("203.0.113.7", M::Ip, P::Principal)],
        );
        check(
            "sshd[7]: Failed password for invalid user amara from 203.0.113.9 port 22 ssh2",
            &[("amara", M::Username, P::Principal), ("203.0.113.9", M::Ip, P::Principal)],
        );
        check(
            "[client 203.0.113.9:51234] AH01617: user bo: not found",
            &[("203.0.113.9", M::Ip, P::Principal)],
        );
        check(
            "GET /x?email=jane@x.uk HTTP/1.1 at 09:14:02",
            &[("jane@x.uk", M::Email, P::Principal)],
        );
    }
}
