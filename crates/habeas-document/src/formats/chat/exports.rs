//! The exports of messages that are known as JSON.
//!
//! Of two that know a file the first one reads it, so the special ones come first.

use habeas_model::Party as P;

use super::json::{Export, Known, Part, nothing, whole};
use super::said::{Is, Rule, rule, skip};
use super::tree::Value;

mod desk;
mod slack;
mod social;
mod work;

pub(super) const EXPORTS: &[&Export] = &[
    &slack::MESSAGES,
    &slack::USERS,
    &slack::CHANNELS,
    &slack::INTEGRATIONS,
    &social::META,
    &social::META_SECURE,
    &social::TELEGRAM,
    &social::TWITTER,
    &social::SNAPCHAT,
    &social::DISCORD,
    &social::DISCORD_EXPORTER,
    &work::TEAMS,
    &work::GRAPH,
    &work::GOOGLE,
    &work::GOOGLE_GROUP,
    &work::HANGOUTS,
    &desk::INTERCOM_LIST,
    &desk::INTERCOM,
    &desk::ZENDESK_LIST,
    &desk::ZENDESK,
    &desk::LIVECHAT_LIST,
    &desk::LIVECHAT,
    &desk::TAWK,
];

/// Are all these keys in the head of a file?
fn has(head: &str, keys: &[&str]) -> bool {
    keys.iter().all(|key| {
        head.match_indices(key)
            .any(|(at, _)| head[..at].ends_with('"') && head[at + key.len()..].starts_with("\":"))
    })
}

/// Is one of these keys in it?
fn has_any(head: &str, keys: &[&str]) -> bool {
    keys.iter().any(|key| has(head, &[key]))
}

/// A value with one more member.
fn with(mut value: Value, key: &str, member: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.push((key.to_owned(), member));
    }
    value
}

fn scalar(text: impl Into<String>) -> Value {
    Value::Scalar(text.into())
}

/// Moves the member `author` to a key that tells whose it is: the customer's, the house's.
fn author_of(value: &mut Value, from: &str, party: Option<P>) {
    if let Some(author) = value.take(&[from]) {
        let key = match party {
            Some(P::Staff) => "staff",
            Some(P::Principal) => "customer",
            _ => "sender",
        };
        if let Value::Object(members) = value {
            members.insert(0, (key.to_owned(), author));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_used_twice_for_different_programs() {
        assert!(EXPORTS.iter().all(|export| !export.name.is_empty()));
        assert!(has(r#"{"a":1,"bc":2}"#, &["a", "bc"]));
        assert!(!has(r#"{"abc":1,"b":"bc"}"#, &["bc"]));
    }
}
