//! What offices write: Microsoft Teams and Skype, Google Chat and Hangouts.

use super::*;

/// Source: Microsoft, "Export or delete your data in Microsoft Teams" and Skype, `messages.json`.
pub(super) const TEAMS: Export = Export {
    name: "teams-personal",
    knows: |head| {
        has(head, &["conversations"]) && has_any(head, &["MessageList", "originalarrivaltime"])
    },
    is_record: |path| path == "conversations[].MessageList[]",
    learn: nothing,
    parts: |mut value, parents, _| {
        value.take(&["conversationid"]);
        let conversation = parents.iter().rev().find(|outer| outer.get("id").is_some());
        let name = |key: &str| conversation.map_or("", |outer| outer.text(&[key])).to_owned();
        let (title, id) = (name("displayName"), name("id"));
        let value = with(value, "chat_name", scalar(title));
        vec![Part::Message(with(value, "conversationid", scalar(id)))]
    },
    rules: &[
        rule("displayName", "From", Is::Name, P::Sender),
        rule("from", "User", Is::Id, P::Sender),
        rule("originalarrivaltime", "Time", Is::Date, P::Unknown),
        rule("content", "Text", Is::Html, P::Unknown),
        rule("chat_name", "Conversation", Is::Name, P::Unknown),
        rule("messagetype", "Kind", Is::Other, P::Unknown),
        rule("id", "Message", Is::Thing, P::Unknown),
        rule("conversationid", "Conversation id", Is::Thing, P::Unknown),
        rule("properties.deletetime", "Deleted", Is::Millis, P::Unknown),
        rule("properties.edittime", "Edited", Is::Millis, P::Unknown),
        rule("*.mri", "", Is::Id, P::Other),
        rule("amsreferences", "", Is::Thing, P::Unknown),
    ],
    head: &[
        rule("userId", "User", Is::Id, P::Principal),
        rule("exportDate", "Exported", Is::Date, P::Unknown),
        rule("conversations.displayName", "", Is::Name, P::Other),
        rule("conversations.id", "", Is::Thing, P::Unknown),
    ],
};

/// Source: Microsoft Graph, resource type chatMessage.
pub(super) const GRAPH: Export = Export {
    name: "teams-graph",
    knows: |head| {
        has(head, &["body", "contentType", "createdDateTime", "from"])
            && has_any(head, &["messageType", "chatId", "channelIdentity"])
    },
    is_record: |path| matches!(path, "value[]" | "[]" | "messages[]"),
    learn: nothing,
    parts: |mut value, _, _| {
        let is_html = value.text(&["body", "contentType"]).eq_ignore_ascii_case("html");
        let content = value.take_text(&["body", "content"]);
        let key = if is_html { "html" } else { "content" };
        let mut value = with(value, key, scalar(content));
        let replies = value.take_list(&["replies"]);
        [value].into_iter().chain(replies).map(Part::Message).collect()
    },
    rules: &[
        rule("from.user.displayName", "From", Is::Name, P::Sender),
        rule("from.user.id", "User", Is::Id, P::Sender),
        rule("from.application.displayName", "Program", Is::Other, P::Unknown),
        rule("createdDateTime", "Time", Is::Date, P::Unknown),
        rule("lastModifiedDateTime", "Changed", Is::Date, P::Unknown),
        rule("lastEditedDateTime", "Edited", Is::Date, P::Unknown),
        rule("deletedDateTime", "Deleted", Is::Date, P::Unknown),
        rule("subject", "Subject", Is::Text, P::Unknown),
        rule("html", "Text", Is::Html, P::Unknown),
        rule("content", "Text", Is::Text, P::Unknown),
        rule("body.content", "Text", Is::Html, P::Unknown),
        rule("mentions.mentioned.user.displayName", "Mentions", Is::Name, P::Other),
        rule("mentions.mentioned.user.id", "Mentions user", Is::Id, P::Other),
        rule("mentions.mentionText", "", Is::Name, P::Other),
        rule("attachments.name", "Attachment", Is::Text, P::Unknown),
        rule("attachments.content", "", Is::Html, P::Unknown),
        rule("reactions.user.user.displayName", "", Is::Name, P::Other),
        rule("reactions.user.user.id", "", Is::Id, P::Other),
        rule("eventDetail.initiator.user.displayName", "By", Is::Name, P::Sender),
        rule("eventDetail.initiator.user.id", "By user", Is::Id, P::Sender),
        rule("eventDetail.members.displayName", "", Is::Name, P::Other),
        rule("eventDetail.members.id", "", Is::Id, P::Other),
        rule("id", "Message", Is::Thing, P::Unknown),
        rule("replyToId", "Answers", Is::Thing, P::Unknown),
        rule("chatId", "Conversation", Is::Thing, P::Unknown),
        skip("etag"),
        skip("locale"),
    ],
    head: &[],
};

/// Source: Google Takeout, Google Chat, `messages.json`.
pub(super) const GOOGLE: Export = Export {
    name: "google-chat",
    knows: |head| {
        has(head, &["creator", "created_date"]) && has_any(head, &["messages", "message_id"])
    },
    is_record: |path| path == "messages[]",
    learn: nothing,
    parts: whole,
    rules: &[
        rule("creator.name", "From", Is::Name, P::Sender),
        rule("creator.email", "Email", Is::Email, P::Sender),
        rule("created_date", "Time", Is::Date, P::Unknown),
        rule("updated_date", "Changed", Is::Date, P::Unknown),
        rule("text", "Text", Is::Text, P::Unknown),
        rule("attached_files.original_name", "Attachment", Is::Text, P::Unknown),
        rule("attached_files.export_name", "Attachment", Is::Text, P::Unknown),
        rule("reactions.reactor_emails", "", Is::Email, P::Other),
        rule("quoted_message_metadata.creator.name", "Quotes", Is::Name, P::Other),
        rule("quoted_message_metadata.creator.email", "Quotes", Is::Email, P::Other),
        rule("quoted_message_metadata.text", "Quoted", Is::Text, P::Unknown),
        rule("topic_id", "Topic", Is::Thing, P::Unknown),
        rule("message_id", "Message", Is::Thing, P::Unknown),
    ],
    head: &[],
};

/// Source: Google Takeout, Google Chat, `group_info.json` and `user_info.json`.
pub(super) const GOOGLE_GROUP: Export = Export {
    name: "google-chat",
    knows: |head| {
        head.starts_with('{')
            && has(head, &["name", "email", "user_type"])
            && has_any(head, &["members", "membership_info"])
    },
    is_record: |path| matches!(path, "members[]" | "membership_info[]"),
    learn: nothing,
    parts: whole,
    rules: &[
        rule("name", "Name", Is::Name, P::Principal),
        rule("email", "Email", Is::Email, P::Principal),
        rule("group_name", "Group", Is::Text, P::Unknown),
    ],
    head: &[
        rule("name", "Group", Is::Text, P::Unknown),
        rule("user.name", "Name", Is::Name, P::Principal),
        rule("user.email", "Email", Is::Email, P::Principal),
    ],
};

/// Source: Google Takeout, Hangouts, `Hangouts.json`.
pub(super) const HANGOUTS: Export = Export {
    name: "google-hangouts",
    knows: |head| {
        has(head, &["conversation_id"]) && has_any(head, &["participant_data", "chat_message"])
    },
    is_record: |path| {
        matches!(
            path,
            "conversations[].events[]" | "conversation_state[].conversation_state.event[]"
        )
    },
    // The names stand before the events of their conversation, and hold for the whole file.
    learn: nothing,
    parts: |mut value, parents, known| {
        let id = value.text(&["sender_id", "gaia_id"]).to_owned();
        let mut name = known.people.get(&id).map(|person| person.name.clone());
        for outer in parents.iter().rev() {
            let path: &[&str] = &["conversation", "conversation"];
            let inner = outer.at(path).or(outer.get("conversation"));
            let participants = inner.map_or(&[][..], |inner| inner.list("participant_data"));
            let found = participants.iter().find(|one| one.text(&["id", "gaia_id"]) == id);
            if let Some(found) = found {
                name = name.or_else(|| Some(found.text(&["fallback_name"]).to_owned()));
            }
        }
        let mut text = String::new();
        for segment in value.take_list(&["chat_message", "message_content", "segment"]) {
            let said = segment.text(&["text"]);
            text.push_str(if said.is_empty() { "\n" } else { said });
        }
        value = with(value, "name", scalar(name.unwrap_or_default()));
        vec![Part::Message(with(value, "text", scalar(text)))]
    },
    rules: &[
        rule("name", "From", Is::Name, P::Sender),
        rule("sender_id.gaia_id", "User", Is::Id, P::Sender),
        rule("sender_id.chat_id", "", Is::Id, P::Sender),
        rule("timestamp", "Time", Is::Micros, P::Unknown),
        rule("text", "Text", Is::Text, P::Unknown),
        rule("*.gaia_id", "", Is::Id, P::Other),
        rule("*.chat_id", "", Is::Id, P::Other),
        rule("event_id", "Message", Is::Thing, P::Unknown),
    ],
    head: &[
        rule("*.fallback_name", "Participant", Is::Name, P::Recipient),
        rule("*.gaia_id", "", Is::Id, P::Recipient),
        rule("*.chat_id", "", Is::Id, P::Recipient),
    ],
};
