//! What people's own services write: Facebook, Instagram, Telegram, Twitter, Snapchat, Discord.

use super::*;

/// Deleted accounts are all called "Facebook User"; only `thread_path` tells them apart.
///
/// Source: Facebook and Instagram, Download your information, `messages/inbox/…/message_1.json`.
pub(super) const META: Export = Export {
    name: "meta-messages",
    knows: |head| has(head, &["sender_name", "timestamp_ms"]),
    is_record: |path| path == "messages[]",
    learn: nothing,
    parts: |value, _, known| {
        let is_lost =
            matches!(value.text(&["sender_name"]), "Facebook User" | "Instagram User" | "");
        let value = if is_lost {
            with(value, "thread_path", scalar(known.around.text(&["thread_path"])))
        } else {
            value
        };
        vec![Part::Message(value)]
    },
    rules: &[
        rule("sender_name", "From", Is::Name, P::Sender),
        rule("timestamp_ms", "Time", Is::Millis, P::Unknown),
        rule("content", "Text", Is::Text, P::Unknown),
        rule("thread_path", "Conversation", Is::Thing, P::Unknown),
        rule("share.link", "Link", Is::Text, P::Unknown),
        rule("share.share_text", "Shared", Is::Text, P::Unknown),
        rule("share.original_content_owner", "Shared from", Is::Handle, P::Other),
        rule("reactions.reaction", "", Is::Other, P::Unknown),
        rule("reactions.actor", "", Is::Name, P::Other),
        rule("users.name", "", Is::Name, P::Other),
        rule("photos.uri", "Photo", Is::Text, P::Unknown),
        rule("videos.uri", "Video", Is::Text, P::Unknown),
        rule("audio_files.uri", "Recording", Is::Text, P::Unknown),
        rule("files.uri", "File", Is::Text, P::Unknown),
        rule("*.creation_timestamp", "", Is::Seconds, P::Unknown),
        rule("*.timestamp", "", Is::Seconds, P::Unknown),
        rule("ip", "Address", Is::Other, P::Unknown),
        rule("call_duration", "Call in seconds", Is::Other, P::Unknown),
        rule("is_geoblocked_for_viewer", "", Is::Skip, P::Unknown),
    ],
    head: &[
        rule("title", "Conversation", Is::Name, P::Unknown),
        rule("participants.name", "Participant", Is::Name, P::Recipient),
        rule("thread_path", "Path", Is::Thing, P::Unknown),
    ],
};

/// Chats with end-to-end encryption are downloaded in another form.
pub(super) const META_SECURE: Export = Export {
    name: "meta-messages",
    knows: |head| {
        has(head, &["senderName", "timestamp"]) && has_any(head, &["threadName", "isUnsent"])
    },
    is_record: |path| path == "messages[]",
    learn: nothing,
    parts: whole,
    rules: &[
        rule("senderName", "From", Is::Name, P::Sender),
        rule("timestamp", "Time", Is::Millis, P::Unknown),
        rule("text", "Text", Is::Text, P::Unknown),
        rule("media.uri", "File", Is::Text, P::Unknown),
        rule("reactions.actor", "", Is::Name, P::Other),
        rule("reactions.reaction", "", Is::Other, P::Unknown),
        rule("isUnsent", "Unsent", Is::Other, P::Unknown),
    ],
    head: &[
        rule("threadName", "Conversation", Is::Name, P::Unknown),
        rule("participants", "Participant", Is::Name, P::Recipient),
    ],
};

/// Source: Telegram Desktop, Export chat history, machine-readable JSON.
pub(super) const TELEGRAM: Export = Export {
    name: "telegram",
    knows: |head| {
        (has_any(head, &["from_id", "actor_id", "text_entities", "date_unixtime"])
            && head.contains("\"type\":\"message\"")
            || head.contains("\"type\":\"service\"") && has(head, &["actor"]))
            && has(head, &["messages"])
            || has(head, &["personal_information", "chats"])
            || has(head, &["about", "frequent_contacts"])
    },
    is_record: |path| {
        path == "messages[]"
            || path.ends_with(".messages[]")
            || path == "contacts.list[]"
            || path == "frequent_contacts.list[]"
            || path == "sessions.list[]"
    },
    learn: nothing,
    parts: |mut value, parents, _| {
        let joined = spoken(value.take(&["text"]));
        // The same text again, with its links and mentions apart.
        for entity in value.take_list(&["text_entities"]) {
            let kind = entity.text(&["type"]);
            for key in ["href", "user_id"] {
                let target = entity.text(&[key]);
                if !target.is_empty() && !joined.contains(target) {
                    let is_user = key == "user_id" || kind == "mention_name";
                    let key = if is_user { "mention" } else { "link" };
                    value = with(value, key, scalar(target));
                }
            }
        }
        value = with(value, "text", scalar(joined));
        // In an export of everything each message says which chat it is of.
        if parents.len() > 2
            && let Some(chat) = parents.iter().rev().find(|chat| !chat.text(&["type"]).is_empty())
        {
            let (name, id) = (chat.text(&["name"]).to_owned(), chat.text(&["id"]).to_owned());
            value = with(with(value, "chat_name", scalar(name)), "chat_id", scalar(id));
        }
        vec![Part::Message(value)]
    },
    rules: &[
        rule("from", "From", Is::Name, P::Sender),
        rule("from_id", "User", Is::Id, P::Sender),
        rule("actor", "By", Is::Name, P::Sender),
        rule("actor_id", "User", Is::Id, P::Sender),
        rule("date", "Time", Is::Date, P::Unknown),
        rule("date_unixtime", "Time in UTC", Is::Seconds, P::Unknown),
        rule("text", "Text", Is::Text, P::Unknown),
        rule("action", "Action", Is::Other, P::Unknown),
        rule("members", "Member", Is::Name, P::Other),
        rule("link", "Link", Is::Text, P::Unknown),
        rule("mention", "Mentions", Is::Id, P::Other),
        rule("forwarded_from", "Forwarded from", Is::Name, P::Other),
        rule("forwarded_from_id", "Forwarded from user", Is::Id, P::Other),
        rule("saved_from", "Saved from", Is::Name, P::Other),
        rule("via_bot", "Program", Is::Handle, P::Unknown),
        rule("inviter", "Invited by", Is::Name, P::Other),
        rule("edited", "Edited", Is::Date, P::Unknown),
        rule("edited_unixtime", "Edited in UTC", Is::Seconds, P::Unknown),
        rule("contact_information.first_name", "Contact", Is::Name, P::Other),
        rule("contact_information.last_name", "Contact", Is::Name, P::Other),
        rule("contact_information.phone_number", "Contact", Is::Phone, P::Other),
        rule("first_name", "First name", Is::Name, P::Principal),
        rule("last_name", "Last name", Is::Name, P::Principal),
        rule("phone_number", "Phone", Is::Phone, P::Principal),
        rule("chat_name", "Conversation", Is::Name, P::Unknown),
        rule("chat_id", "Conversation id", Is::Thing, P::Unknown),
        rule("id", "Message", Is::Thing, P::Unknown),
        rule("reply_to_message_id", "Answers", Is::Thing, P::Unknown),
        rule("poll.question", "Poll", Is::Text, P::Unknown),
        rule("poll.answers.text", "", Is::Text, P::Unknown),
        rule("reactions.recent.from", "", Is::Name, P::Other),
        rule("reactions.recent.from_id", "", Is::Id, P::Other),
        skip("type"),
    ],
    head: &[
        rule("name", "Conversation", Is::Name, P::Unknown),
        rule("personal_information.first_name", "First name", Is::Name, P::Principal),
        rule("personal_information.last_name", "Last name", Is::Name, P::Principal),
        rule("personal_information.phone_number", "Phone", Is::Phone, P::Principal),
        rule("personal_information.username", "User name", Is::Handle, P::Principal),
        rule("personal_information.user_id", "User", Is::Id, P::Principal),
        rule("personal_information.bio", "Bio", Is::Text, P::Unknown),
        rule("chats.list.name", "", Is::Name, P::Other),
        rule("left_chats.list.name", "", Is::Name, P::Other),
    ],
};

/// A text of Telegram: a string, or a list of strings and of pieces that have one.
fn spoken(text: Option<Value>) -> String {
    match text {
        Some(Value::Scalar(text)) => text,
        Some(Value::List(pieces)) => pieces
            .iter()
            .map(|piece| match piece {
                Value::Scalar(text) => text.as_str(),
                piece => piece.text(&["text"]),
            })
            .collect(),
        _ => String::new(),
    }
}

/// Source: Twitter archive, `direct-messages.js` and `direct-messages-group.js`.
pub(super) const TWITTER: Export = Export {
    name: "twitter",
    knows: |head| has(head, &["dmConversation"]),
    is_record: |path| path == "[].dmConversation.messages[]",
    learn: nothing,
    parts: |value, parents, _| {
        let id = parents.iter().rev().map(|outer| outer.text(&["conversationId"]));
        let id = id.into_iter().find(|id| !id.is_empty()).unwrap_or_default().to_owned();
        // `messageCreate`, `joinConversation`, `reactionCreate`: the kind is the key.
        let value = match value {
            Value::Object(mut members) if members.len() == 1 => {
                let (kind, inner) = members.remove(0);
                with(inner, "kind", scalar(kind))
            }
            value => value,
        };
        vec![Part::Message(with(value, "conversation", scalar(id)))]
    },
    rules: &[
        rule("senderId", "From user", Is::Id, P::Sender),
        rule("recipientId", "To user", Is::Id, P::Recipient),
        rule("createdAt", "Time", Is::Date, P::Unknown),
        rule("text", "Text", Is::Text, P::Unknown),
        rule("urls.expanded", "Link", Is::Text, P::Unknown),
        rule("mediaUrls", "Media", Is::Text, P::Unknown),
        rule("initiatingUserId", "By user", Is::Id, P::Sender),
        rule("userIds", "User", Is::Id, P::Other),
        rule("participantsSnapshot", "Participant", Is::Id, P::Recipient),
        rule("reactions.senderId", "", Is::Id, P::Other),
        rule("conversation", "Conversation", Is::Thing, P::Unknown),
        rule("id", "Message", Is::Thing, P::Unknown),
    ],
    head: &[rule("dmConversation.conversationId", "Conversation", Is::Thing, P::Unknown)],
};

/// Source: Snapchat, My Data, `chat_history.json`, in its forms before and after 2023.
pub(super) const SNAPCHAT: Export = Export {
    name: "snapchat",
    knows: |head| has(head, &["Created", "MediaType"]) && has_any(head, &["From", "To"]),
    is_record: |path| path.ends_with("[]") && path.len() > 2 && path.matches("[]").count() == 1,
    learn: nothing,
    parts: whole,
    rules: &[
        rule("From", "From", Is::Handle, P::Sender),
        rule("To", "To", Is::Handle, P::Recipient),
        rule("Created", "Time", Is::Date, P::Unknown),
        rule("Created(microseconds)", "Time in UTC", Is::Millis, P::Unknown),
        rule("Content", "Text", Is::Text, P::Unknown),
        rule("Text", "Text", Is::Text, P::Unknown),
        rule("Conversation Title", "Conversation", Is::Name, P::Unknown),
        rule("IsSender", "Sent by the account", Is::Other, P::Unknown),
    ],
    head: &[],
};

/// Source: Discord, data package, `messages/c…/messages.json`.
pub(super) const DISCORD: Export = Export {
    name: "discord",
    knows: |head| {
        head.starts_with('[') && has(head, &["ID", "Timestamp", "Contents", "Attachments"])
    },
    is_record: |path| path == "[]",
    learn: nothing,
    parts: whole,
    rules: &[
        rule("Timestamp", "Time", Is::Date, P::Unknown),
        rule("Contents", "Text", Is::Text, P::Unknown),
        rule("Attachments", "Attachment", Is::Text, P::Unknown),
        rule("ID", "Message", Is::Thing, P::Unknown),
    ],
    head: &[],
};

/// Source: DiscordChatExporter, JSON.
pub(super) const DISCORD_EXPORTER: Export = Export {
    name: "discord",
    knows: |head| has(head, &["guild", "channel", "messages", "author"]),
    is_record: |path| path == "messages[]",
    learn: nothing,
    parts: whole,
    rules: &[
        rule("author.nickname", "From", Is::Name, P::Sender),
        rule("author.name", "User name", Is::Handle, P::Sender),
        rule("author.id", "User", Is::Id, P::Sender),
        rule("timestamp", "Time", Is::Date, P::Unknown),
        rule("timestampEdited", "Edited", Is::Date, P::Unknown),
        rule("content", "Text", Is::Text, P::Unknown),
        rule("attachments.fileName", "Attachment", Is::Text, P::Unknown),
        rule("mentions.name", "", Is::Handle, P::Other),
        rule("mentions.nickname", "", Is::Name, P::Other),
        rule("mentions.id", "", Is::Id, P::Other),
        rule("reactions.users.name", "", Is::Handle, P::Other),
        rule("reactions.users.nickname", "", Is::Name, P::Other),
        rule("reactions.users.id", "", Is::Id, P::Other),
        rule("id", "Message", Is::Thing, P::Unknown),
        rule("reference.messageId", "Answers", Is::Thing, P::Unknown),
        skip("author.avatarUrl"),
        skip("author.color"),
        skip("author.roles"),
    ],
    head: &[
        rule("guild.name", "Server", Is::Text, P::Unknown),
        rule("channel.name", "Channel", Is::Text, P::Unknown),
    ],
};
