//! What help desks write: Intercom, Zendesk, LiveChat, tawk.to.
//!
//! The person who asks is the principal of the record, the one who answers acts for the house.

use super::*;

/// Whose an author is by what the program calls the kind of author.
fn party_of(kind: &str) -> Option<P> {
    match kind {
        "user" | "lead" | "contact" | "customer" | "end-user" | "v" | "visitor" => {
            Some(P::Principal)
        }
        "admin" | "bot" | "team" | "agent" | "a" | "s" | "system" | "operator" => Some(P::Staff),
        _ => None,
    }
}

const CONVERSATION_RULES: &[Rule] = &[
    rule("customer.name", "From", Is::Name, P::Principal),
    rule("customer.email", "Email", Is::Email, P::Principal),
    rule("customer.phone", "Phone", Is::Phone, P::Principal),
    rule("customer.id", "User", Is::Id, P::Principal),
    rule("staff.name", "From", Is::Name, P::Staff),
    rule("staff.email", "Email", Is::Email, P::Staff),
    rule("staff.id", "User", Is::Id, P::Staff),
    rule("sender.name", "From", Is::Name, P::Sender),
    rule("sender.email", "Email", Is::Email, P::Sender),
    rule("sender.id", "User", Is::Id, P::Sender),
    rule("author_id", "User", Is::Id, P::Sender),
    rule("created_at", "Time", Is::Seconds, P::Unknown),
    rule("updated_at", "Changed", Is::Seconds, P::Unknown),
    rule("time", "Time", Is::Date, P::Unknown),
    rule("notified_at", "Notified", Is::Seconds, P::Unknown),
    rule("subject", "Subject", Is::Html, P::Unknown),
    rule("plain_body", "Text", Is::Text, P::Unknown),
    rule("body", "Text", Is::Html, P::Unknown),
    rule("text", "Text", Is::Text, P::Unknown),
    rule("msg", "Text", Is::Text, P::Unknown),
    rule("html_body", "Text", Is::Html, P::Unknown),
    rule("attachments.name", "Attachment", Is::Text, P::Unknown),
    rule("attachments.file_name", "Attachment", Is::Text, P::Unknown),
    rule("via.source.from.address", "Sent from", Is::Email, P::Sender),
    rule("via.source.from.name", "Sent by", Is::Name, P::Sender),
    rule("via.source.to.address", "Sent to", Is::Email, P::Recipient),
    rule("via.source.to.name", "Sent to", Is::Name, P::Recipient),
    rule("assigned_to.name", "Assigned to", Is::Name, P::Staff),
    rule("assigned_to.id", "Assigned to user", Is::Id, P::Staff),
    rule("redacted", "Redacted", Is::Other, P::Unknown),
    rule("public", "Public", Is::Other, P::Unknown),
    rule("id", "Message", Is::Thing, P::Unknown),
    rule("conversation", "Conversation", Is::Thing, P::Unknown),
];

const CONVERSATION_HEAD: &[Rule] = &[
    rule("title", "Title", Is::Text, P::Unknown),
    rule("subject", "Subject", Is::Text, P::Unknown),
    rule("description", "Description", Is::Text, P::Unknown),
    rule("id", "Conversation", Is::Thing, P::Unknown),
    rule("requester.name", "Requester", Is::Name, P::Principal),
    rule("requester.email", "Requester", Is::Email, P::Principal),
    rule("requester.phone", "Requester", Is::Phone, P::Principal),
    rule("requester.id", "Requester id", Is::Id, P::Principal),
    rule("requester_id", "Requester id", Is::Id, P::Principal),
    rule("submitter.name", "Submitter", Is::Name, P::Other),
    rule("submitter.email", "Submitter", Is::Email, P::Other),
    rule("submitter_id", "Submitter id", Is::Id, P::Other),
    rule("assignee.name", "Assignee", Is::Name, P::Staff),
    rule("assignee.email", "Assignee", Is::Email, P::Staff),
    rule("assignee_id", "Assignee id", Is::Id, P::Staff),
    rule("collaborator.name", "Copied to", Is::Name, P::Other),
    rule("collaborator.email", "Copied to", Is::Email, P::Other),
    rule("collaborator_ids", "Copied to user", Is::Id, P::Other),
    rule("follower_ids", "Followed by user", Is::Id, P::Other),
    rule("visitor.name", "Visitor", Is::Name, P::Principal),
    rule("visitor.email", "Visitor", Is::Email, P::Principal),
    rule("visitor.id", "Visitor id", Is::Id, P::Principal),
    rule("contacts.contacts.name", "Contact", Is::Name, P::Principal),
    rule("contacts.contacts.email", "Contact", Is::Email, P::Principal),
    rule("contacts.contacts.id", "Contact id", Is::Id, P::Principal),
    rule("contacts.contacts.external_id", "Contact id", Is::Id, P::Principal),
    rule("contacts.name", "Contact", Is::Name, P::Principal),
    rule("contacts.email", "Contact", Is::Email, P::Principal),
    rule("contacts.id", "Contact id", Is::Id, P::Principal),
    rule("user.name", "User", Is::Name, P::Principal),
    rule("user.email", "User", Is::Email, P::Principal),
    rule("customers.name", "Customer", Is::Name, P::Principal),
    rule("customers.email", "Customer", Is::Email, P::Principal),
    rule("customers.id", "Customer id", Is::Id, P::Principal),
    rule("agents.name", "Agent", Is::Name, P::Staff),
    rule("agents.email", "Agent", Is::Email, P::Staff),
    rule("agents.id", "Agent id", Is::Id, P::Staff),
    rule("users.name", "", Is::Name, P::Other),
    rule("users.email", "", Is::Email, P::Other),
    rule("users.id", "", Is::Id, P::Other),
    rule("users.phone", "", Is::Phone, P::Other),
    rule("teammates.name", "", Is::Name, P::Staff),
    rule("teammates.email", "", Is::Email, P::Staff),
    rule("teammates.id", "", Is::Id, P::Staff),
    rule("admin_assignee_id", "Assignee id", Is::Id, P::Staff),
    rule("via.source.from.address", "Sent from", Is::Email, P::Principal),
    rule("via.source.from.name", "Sent by", Is::Name, P::Principal),
    rule("via.source.to.address", "Sent to", Is::Email, P::Recipient),
    rule("created_at", "Created", Is::Seconds, P::Unknown),
    rule("updated_at", "Changed", Is::Seconds, P::Unknown),
    rule("*.created_at", "", Is::Seconds, P::Unknown),
];

/// Source: Intercom API, The conversation object; at most 500 parts of a conversation are given.
pub(super) const INTERCOM: Export = Export {
    name: "intercom",
    knows: |head| {
        has_any(head, &["conversation_parts"]) || has(head, &["source", "delivered_as", "author"])
    },
    is_record: |path| path.is_empty(),
    learn: nothing,
    parts: intercom,
    rules: CONVERSATION_RULES,
    head: CONVERSATION_HEAD,
};

/// A page of several conversations.
pub(super) const INTERCOM_LIST: Export = Export {
    knows: |head| {
        (INTERCOM.knows)(head)
            && (head.starts_with('[')
                || has_any(head, &["conversations"])
                || head.contains("\"type\":\"list\",\"data\"")
                || head.contains("\"type\":\"conversation.list\""))
    },
    is_record: |path| matches!(path, "[]" | "conversations[]" | "data[]"),
    ..INTERCOM
};

fn intercom(mut value: Value, _: &[&Value], _: &Known) -> Vec<Part> {
    let id = value.text(&["id"]).to_owned();
    let mut messages = Vec::new();
    let created = value.text(&["created_at"]).to_owned();
    if let Some(source) = value.take(&["source"]) {
        // The first message has no time of its own: it began the conversation.
        messages.push(with(source, "created_at", scalar(created)));
    }
    messages.extend(value.take_list(&["conversation_parts", "conversation_parts"]));
    messages.extend(value.take_list(&["conversation_parts"]));
    let mut parts = vec![Part::Head(value)];
    for mut message in messages {
        let party = party_of(message.text(&["author", "type"]));
        author_of(&mut message, "author", party);
        parts.push(Part::Message(with(message, "conversation", scalar(id.as_str()))));
    }
    parts
}

/// Source: Zendesk, "Exporting data to a JSON, CSV, or XML file": a ticket a line, its comments
/// within; and the API's Tickets, Ticket Comments and side-loading of users.
pub(super) const ZENDESK: Export = Export {
    name: "zendesk",
    knows: |head| {
        let is_ticket = has_any(head, &["requester_id", "requester"])
            && has_any(head, &["submitter_id", "submitter", "assignee_id", "assignee"]);
        let is_comments = has(head, &["author_id"]) && has_any(head, &["plain_body", "html_body"]);
        is_ticket && has_any(head, &["via", "comments", "collaborator_ids"]) || is_comments
    },
    is_record: |path| path.is_empty(),
    learn: |value, known| {
        for user in value.list("users") {
            learn_user(user, known);
        }
        let roles =
            [("requester", Some(P::Principal)), ("assignee", Some(P::Staff)), ("submitter", None)];
        for (key, party) in roles {
            if let Some(user) = value.get(key) {
                let (id, name) = (user.text(&["id"]), user.text(&["name"]));
                known.learn(id, name, user.text(&["email"]), party);
            }
        }
    },
    parts: zendesk,
    rules: CONVERSATION_RULES,
    head: CONVERSATION_HEAD,
};

/// Several tickets in one object or list.
pub(super) const ZENDESK_LIST: Export = Export {
    knows: |head| (ZENDESK.knows)(head) && (head.starts_with('[') || has_any(head, &["tickets"])),
    is_record: |path| matches!(path, "[]" | "tickets[]" | "comments[]" | "users[]"),
    learn: |value, known| {
        learn_user(value, known);
        (ZENDESK.learn)(value, known);
    },
    ..ZENDESK
};

fn learn_user(user: &Value, known: &mut Known) {
    let (id, name, email) = (user.text(&["id"]), user.text(&["name"]), user.text(&["email"]));
    let role = user.text(&["role"]);
    if !name.is_empty() && user.get("requester_id").is_none() {
        known.learn(id, name, email, party_of(role));
    }
}

fn zendesk(mut value: Value, _: &[&Value], known: &Known) -> Vec<Part> {
    let ticket = value.take(&["ticket"]);
    let mut comments = value.take_list(&["comments"]);
    let id = ticket.as_ref().unwrap_or(&value).text(&["id"]).to_owned();
    let is_comment = comments.is_empty() && !value.text(&["author_id"]).is_empty();
    let requester = ticket.as_ref().unwrap_or(&value).text(&["requester_id"]).to_owned();
    let mut parts = Vec::new();
    if is_comment {
        comments.push(value);
    } else {
        parts.extend(ticket.map(Part::Head));
        parts.push(Part::Head(value));
    }
    for mut comment in comments {
        let author = comment.text(&["author_id"]).to_owned();
        if let Some(person) = known.people.get(&author) {
            let party = person.party.or((author == requester).then_some(P::Principal));
            let person = Value::Object(vec![
                ("name".to_owned(), scalar(person.name.as_str())),
                ("email".to_owned(), scalar(person.email.as_str())),
                ("id".to_owned(), scalar(comment.take_text(&["author_id"]))),
            ]);
            comment = with(comment, "author", person);
            author_of(&mut comment, "author", party);
        }
        // The same text three times: the plain one is enough, if there is one.
        if !comment.text(&["plain_body"]).is_empty() || !comment.text(&["body"]).is_empty() {
            comment.take(&["html_body"]);
        }
        if !comment.text(&["plain_body"]).is_empty() {
            comment.take(&["body"]);
        }
        parts.push(Part::Message(with(comment, "conversation", scalar(id.as_str()))));
    }
    parts
}

/// Source: LiveChat, Agent Chat API, `list_archives`.
pub(super) const LIVECHAT: Export = Export {
    name: "livechat",
    knows: |head| {
        has(head, &["events", "author_id", "users"]) && has_any(head, &["thread", "threads"])
    },
    is_record: |path| path.is_empty(),
    learn: nothing,
    parts: livechat,
    rules: CONVERSATION_RULES,
    head: CONVERSATION_HEAD,
};

pub(super) const LIVECHAT_LIST: Export = Export {
    knows: |head| (LIVECHAT.knows)(head) && (head.starts_with('[') || has_any(head, &["chats"])),
    is_record: |path| matches!(path, "[]" | "chats[]"),
    ..LIVECHAT
};

fn livechat(mut value: Value, _: &[&Value], _: &Known) -> Vec<Part> {
    let id = value.text(&["id"]).to_owned();
    let users = value.take_list(&["users"]);
    let mut threads = value.take_list(&["threads"]);
    threads.extend(value.take(&["thread"]));
    let mut messages = Vec::new();
    for mut thread in threads {
        for mut event in thread.take_list(&["events"]) {
            let author = event.text(&["author_id"]).to_owned();
            if let Some(user) = users.iter().find(|user| user.text(&["id"]) == author) {
                let person = Value::Object(vec![
                    ("name".to_owned(), scalar(user.text(&["name"]))),
                    ("email".to_owned(), scalar(user.text(&["email"]))),
                    ("id".to_owned(), scalar(event.take_text(&["author_id"]))),
                ]);
                event = with(event, "author", person);
                author_of(&mut event, "author", party_of(user.text(&["type"])));
            }
            messages.push(Part::Message(with(event, "conversation", scalar(id.as_str()))));
        }
        value = with(value, "thread", thread);
    }
    let (agents, customers): (Vec<Value>, Vec<Value>) =
        users.into_iter().partition(|user| user.text(&["type"]) == "agent");
    value = with(value, "customers", Value::List(customers));
    value = with(value, "agents", Value::List(agents));
    let mut parts = vec![Part::Head(value)];
    parts.extend(messages);
    parts
}

/// Source: tawk.to, Export chats: one object for each chat, its sender `v`, `a` or `s`.
pub(super) const TAWK: Export = Export {
    name: "tawk",
    knows: |head| has(head, &["visitor", "messages", "sender", "msg"]),
    is_record: |path| matches!(path, "" | "[]" | "chats[]"),
    learn: nothing,
    parts: |mut value, _, _| {
        let id = value.text(&["id"]).to_owned();
        let visitor = value.text(&["visitor", "name"]).to_owned();
        let messages = value.take_list(&["messages"]);
        let mut parts = vec![Part::Head(value)];
        for mut message in messages {
            let kind = message.text(&["sender", "t"]).to_owned();
            let mut name = message.text(&["sender", "n"]).to_owned();
            let user = message.text(&["sender", "id"]).to_owned();
            if name.is_empty() && kind == "v" {
                name = visitor.clone();
            }
            message.take(&["sender"]);
            let author = Value::Object(vec![
                ("name".to_owned(), scalar(name)),
                ("id".to_owned(), scalar(user)),
            ]);
            message = with(message, "author", author);
            author_of(&mut message, "author", party_of(&kind));
            parts.push(Part::Message(with(message, "conversation", scalar(id.as_str()))));
        }
        parts
    },
    rules: CONVERSATION_RULES,
    head: CONVERSATION_HEAD,
};
