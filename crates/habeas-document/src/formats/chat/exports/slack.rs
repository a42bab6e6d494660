//! Slack: a day of a channel, and who and what there is in a workspace.
//!
//! A person is mentioned by id (`<@U012AB>`), which `users.json` explains. The id is a field, so
//! that what is said in the channels can be joined to the person.
//!
//! Source: Slack help, "How to read Slack data exports"; Slack API, Message events.

use super::*;
use crate::formats::chat::said;

pub(super) const MESSAGES: Export = Export {
    name: "slack",
    knows: |head| {
        head.starts_with('[')
            && has(head, &["ts"])
            && (head.contains("\"type\":\"message\"") || has(head, &["user", "text"]))
            && has_any(head, &["user", "bot_id", "subtype", "username"])
    },
    is_record: |path| path == "[]",
    learn: |message, known| {
        let profile = message.get("user_profile");
        let name = |key: &str| profile.map_or("", |profile| profile.text(&[key]));
        let name = [name("real_name"), name("display_name"), name("name")]
            .into_iter()
            .find(|name| !name.is_empty());
        known.learn(message.text(&["user"]), name.unwrap_or_default(), "", None);
    },
    parts: message,
    rules: &[
        rule("user_profile.real_name", "From", Is::Name, P::Sender),
        rule("user_profile.display_name", "Display name", Is::Name, P::Sender),
        rule("user_profile.name", "User name", Is::Handle, P::Sender),
        rule("user_profile.first_name", "First name", Is::Name, P::Sender),
        rule("known_name", "From", Is::Name, P::Sender),
        rule("username", "From", Is::Name, P::Sender),
        rule("bot_profile.name", "Program", Is::Other, P::Unknown),
        rule("user", "User", Is::Id, P::Sender),
        rule("time", "Time", Is::Date, P::Unknown),
        rule("text", "Text", Is::Text, P::Unknown),
        rule("more_text", "Text", Is::Text, P::Unknown),
        rule("mention", "Mentions", Is::Id, P::Other),
        rule("inviter", "Invited by", Is::Id, P::Other),
        rule("ts", "Message", Is::Thing, P::Unknown),
        rule("thread_ts", "Thread", Is::Thing, P::Unknown),
        rule("parent_user_id", "Answers", Is::Id, P::Recipient),
        rule("edited.user", "Edited by", Is::Id, P::Sender),
        rule("edited.ts", "Edited", Is::Seconds, P::Unknown),
        rule("attachments.author_name", "", Is::Name, P::Other),
        rule("attachments.text", "", Is::Text, P::Unknown),
        rule("attachments.fallback", "", Is::Text, P::Unknown),
        rule("files.name", "File", Is::Text, P::Unknown),
        rule("files.title", "", Is::Text, P::Unknown),
        rule("files.preview", "", Is::Text, P::Unknown),
        rule("reactions.users", "", Is::Id, P::Other),
        rule("reply_users", "", Is::Id, P::Other),
        rule("replies.user", "", Is::Id, P::Other),
        rule("*.user", "", Is::Id, P::Other),
        rule("*.creator", "", Is::Id, P::Other),
        rule("*.author_id", "", Is::Id, P::Other),
        skip("type"),
        skip("client_msg_id"),
        skip("user_profile.avatar_hash"),
        skip("user_profile.image_72"),
        skip("*.thumb"),
    ],
    head: &[],
};

fn message(mut value: Value, _: &[&Value], known: &Known) -> Vec<Part> {
    let user = value.text(&["user"]).to_owned();
    if value.get("user_profile").is_none()
        && let Some(person) = known.people.get(&user)
    {
        value = with(value, "known_name", scalar(person.name.as_str()));
    }
    let time = said::time(value.text(&["ts"]), 1);
    value = with(value, "time", scalar(time));
    let mut mentions = Vec::new();
    let text = readable(&value.take_text(&["text"]), known, &mut mentions);
    for block in value.take_list(&["blocks"]) {
        // Mostly what `text` says already; what a program writes may stand here alone.
        for (path, leaf) in block.leaves() {
            let key = path.rsplit('.').next().unwrap_or(&path);
            let leaf_text = readable(leaf, known, &mut mentions);
            match key {
                "user_id" => mentions.push(leaf.to_owned()),
                "text" | "url" | "value" | "alt_text" | "title" | "initial_value"
                    if !text.contains(leaf_text.trim()) =>
                {
                    value = with(value, "more_text", scalar(leaf_text));
                }
                _ => {}
            }
        }
    }
    if let Value::Object(members) = &mut value {
        if let Some((_, Value::List(attachments))) =
            members.iter_mut().find(|(key, _)| key == "attachments")
        {
            for attachment in attachments {
                for key in ["text", "fallback", "pretext", "title"] {
                    let raw = attachment.take_text(&[key]);
                    if !raw.is_empty()
                        && let Value::Object(members) = attachment
                    {
                        let text = readable(&raw, known, &mut mentions);
                        members.push((key.to_owned(), Value::Scalar(text)));
                    }
                }
            }
        }
        // Pictures of a file in many sizes say nothing about anybody.
        if let Some((_, Value::List(files))) = members.iter_mut().find(|(key, _)| key == "files") {
            for file in files {
                if let Value::Object(members) = file {
                    members.retain(|(key, _)| !key.starts_with("thumb_"));
                }
            }
        }
    }
    value = with(value, "text", scalar(text));
    mentions.sort();
    mentions.dedup();
    for mention in mentions {
        value = with(value, "mention", scalar(mention));
    }
    vec![Part::Message(value)]
}

/// A text of Slack as people see it: `<@U1>`, `<mailto:a@example.org|a@example.org>`, `&amp;`.
pub(super) fn readable(text: &str, known: &Known, mentions: &mut Vec<String>) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((front, after)) = rest.split_once('<') {
        plain.push_str(front);
        let Some((inner, after)) = after.split_once('>') else {
            plain.push('<');
            rest = after;
            continue;
        };
        rest = after;
        let (target, label) = inner.split_once('|').unwrap_or((inner, ""));
        if let Some(id) = target.strip_prefix('@') {
            mentions.push(id.to_owned());
            let name = known.people.get(id).map(|person| person.name.as_str());
            plain.push('@');
            plain.push_str(name.or(Some(label).filter(|label| !label.is_empty())).unwrap_or(id));
        } else if let Some(id) = target.strip_prefix('#') {
            plain.push('#');
            plain.push_str(if label.is_empty() { id } else { label });
        } else if let Some(word) = target.strip_prefix('!') {
            let word = word.split('^').next().unwrap_or(word);
            plain.push_str(if label.is_empty() { word } else { label });
        } else {
            let address =
                target.strip_prefix("mailto:").or(target.strip_prefix("tel:")).unwrap_or(target);
            plain.push_str(if label.is_empty() { address } else { label });
            if !label.is_empty() && !label.contains(address) {
                plain.push_str(" (");
                plain.push_str(address);
                plain.push(')');
            }
        }
    }
    plain.push_str(rest);
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

pub(super) const USERS: Export = Export {
    name: "slack",
    knows: |head| {
        head.starts_with("[{")
            && has(head, &["profile", "real_name"])
            && has_any(head, &["team_id", "is_bot", "deleted"])
            && (head.contains("\"id\":\"U") || head.contains("\"id\":\"W"))
    },
    is_record: |path| path == "[]",
    learn: nothing,
    parts: |mut value, _, _| {
        if let Some(Value::Object(mut members)) = value.take(&["profile"]) {
            members.retain(|(key, _)| !key.starts_with("image_") && key != "avatar_hash");
            value = with(value, "profile", Value::Object(members));
        }
        vec![Part::Message(value)]
    },
    rules: &[
        rule("id", "User", Is::Id, P::Principal),
        rule("profile.real_name", "Name", Is::Name, P::Principal),
        rule("real_name", "Name", Is::Name, P::Principal),
        rule("profile.real_name_normalized", "", Is::Name, P::Principal),
        rule("profile.display_name", "Display name", Is::Name, P::Principal),
        rule("profile.display_name_normalized", "", Is::Name, P::Principal),
        rule("profile.first_name", "First name", Is::Name, P::Principal),
        rule("profile.last_name", "Last name", Is::Name, P::Principal),
        rule("name", "User name", Is::Handle, P::Principal),
        rule("profile.email", "Email", Is::Email, P::Principal),
        rule("profile.phone", "Phone", Is::Phone, P::Principal),
        rule("profile.skype", "Skype", Is::Handle, P::Principal),
        rule("profile.title", "Title", Is::Text, P::Unknown),
        rule("profile.status_text", "Status", Is::Text, P::Unknown),
        rule("deleted", "Deleted", Is::Other, P::Unknown),
        rule("updated", "Updated", Is::Seconds, P::Unknown),
    ],
    head: &[],
};

pub(super) const CHANNELS: Export = Export {
    name: "slack",
    knows: |head| {
        head.starts_with("[{\"id\":\"")
            && has(head, &["created", "members"])
            && (has_any(head, &["creator", "is_archived", "topic", "purpose"])
                || head.contains("\"members\":[\"U"))
    },
    is_record: |path| path == "[]",
    learn: nothing,
    parts: |value, _, known| {
        let mut mentions = Vec::new();
        let mut value = value;
        for key in ["topic", "purpose"] {
            let text = readable(&value.take_text(&[key, "value"]), known, &mut mentions);
            value = with(value, key, scalar(text));
        }
        for mention in mentions {
            value = with(value, "mention", scalar(mention));
        }
        vec![Part::Message(value)]
    },
    rules: &[
        rule("name", "Channel", Is::Text, P::Unknown),
        rule("id", "Channel id", Is::Thing, P::Unknown),
        rule("created", "Created", Is::Seconds, P::Unknown),
        rule("creator", "Created by", Is::Id, P::Other),
        rule("topic", "Topic", Is::Text, P::Unknown),
        rule("purpose", "Purpose", Is::Text, P::Unknown),
        rule("members", "Member", Is::Id, P::Recipient),
        rule("mention", "Mentions", Is::Id, P::Other),
        rule("*.creator", "", Is::Id, P::Other),
        rule("*.user", "", Is::Id, P::Other),
        rule("*.last_set", "", Is::Seconds, P::Unknown),
    ],
    head: &[],
};

pub(super) const INTEGRATIONS: Export = Export {
    name: "slack",
    knows: |head| head.starts_with('[') && has(head, &["user_id", "user_name", "change_type"]),
    is_record: |path| path == "[]",
    learn: nothing,
    parts: whole,
    rules: &[
        rule("user_name", "User name", Is::Handle, P::Principal),
        rule("user_id", "User", Is::Id, P::Principal),
        rule("date", "Time", Is::Seconds, P::Unknown),
        rule("change_type", "Change", Is::Other, P::Unknown),
        rule("reason", "Reason", Is::Text, P::Unknown),
    ],
    head: &[],
};
