//! Chats that are exported as web pages: Teams, Telegram, Facebook, Instagram, Google Voice,
//! iMessage.
//!
//! Such a page gives each message an element of a class, and sender, time and text elements in it.
//! Of Teams and Purview the classes are not known: see [`layout`].

use std::cell::RefCell;

use habeas_model::{Card, Party};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::layout::{self, Layout};
use super::said::{self, Is, Pages};
use crate::encoding;
use crate::formats::{Format, html};
use crate::out::{Input, Out};
use crate::record::Record;
use crate::shape;
use crate::sniff::{Match, Sample, Sure};

pub(in crate::formats) const FORMAT: Format = Format {
    card: Card {
        name: "chat-html",
        version: 2,
        summary: "Chats as web pages: Teams, Telegram, Facebook, Instagram, Google Voice, iMessage, Discord",
        handles: &["messages.html", "message_1.html"],
        authority: "the exports of each program; WHATWG HTML Standard",
    },
    sniff,
    read,
};

/// A program's classes; several stand for several versions.
struct Site {
    export: &'static str,
    knows: fn(&str) -> bool,
    message: &'static [&'static str],
    sender: &'static [&'static str],
    time: &'static [&'static str],
    text: &'static [&'static str],
    /// Messages without a sender are of the one before.
    continues: bool,
}

const SITES: &[Site] = &[
    Site {
        export: "telegram",
        knows: |head| {
            head.contains("class=\"message default") || head.contains("class=\"message service")
        },
        message: &["message"],
        sender: &["from_name"],
        time: &["date"],
        text: &["text"],
        continues: true,
    },
    Site {
        export: "meta-messages",
        knows: |head| {
            head.contains("_a6-g") && head.contains("_a6-p")
                || head.contains("_2lej") && head.contains("_2let")
        },
        message: &["_a6-g", "_2lej"],
        sender: &["_a6-h", "_2lek"],
        time: &["_a6-o", "_2lem"],
        text: &["_a6-p", "_2let"],
        continues: false,
    },
    Site {
        export: "google-voice",
        knows: |head| head.contains("hChatLog") && head.contains("class=\"message\""),
        message: &["message"],
        sender: &["sender"],
        time: &["dt"],
        text: &["q"],
        continues: false,
    },
    Site {
        export: "imessage",
        knows: |head| {
            head.contains("class=\"message\"")
                && head.contains("class=\"timestamp\"")
                && head.contains("class=\"sender\"")
        },
        message: &["message"],
        sender: &["sender"],
        time: &["timestamp"],
        text: &["bubble"],
        continues: false,
    },
    Site {
        export: "discord",
        knows: |head| head.contains("chatlog__message"),
        message: &["chatlog__message-container"],
        sender: &["chatlog__author", "chatlog__author-name"],
        time: &["chatlog__timestamp"],
        text: &["chatlog__content"],
        continues: true,
    },
];

/// A page whose classes are not known.
const UNKNOWN: Site = Site {
    export: "teams",
    knows: |_| false,
    message: &[],
    sender: &[],
    time: &[],
    text: &[],
    continues: true,
};

fn site_of(text: &str) -> Option<&'static Site> {
    SITES.iter().find(|site| (site.knows)(text))
}

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?;
    let is_page = text.trim_start().starts_with('<') && text.contains("class=");
    // A page's style may be longer than what sniffing takes for its head.
    let far = || {
        let far = sample.bytes.get(..sample.bytes.len().min(512 << 10)).unwrap_or_default();
        let far = String::from_utf8_lossy(far);
        site_of(&far).is_some() || layout::find(&far).is_some()
    };
    let is_known = is_page && (site_of(text).is_some() || far());
    is_known.then_some((Sure::Structure, "text/html"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, Some("utf-8"));
    out.decoded(&decoded);
    let head = decoded.text.get(..decoded.text.floor_char_boundary(512 << 10));
    let site = site_of(head.unwrap_or_default());
    let layout = if site.is_none() { layout::find(&decoded.text) } else { None };
    if site.is_none() && layout.is_none() {
        return html::read_text(&decoded.text, out);
    }
    let site = site.unwrap_or(&UNKNOWN);
    out.facts().export = Some(site.export.to_owned());
    let page = Page { state: RefCell::new(State::new(site, layout, out)) };
    let tokenizer = Tokenizer::new(page, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest: &str = &decoded.text;
    while !rest.is_empty() && !tokenizer.sink.state.borrow().out.is_full() {
        let (part, after) = rest.split_at(rest.floor_char_boundary(64 << 10));
        queue.push_back(part.into());
        let _ = tokenizer.feed(&queue);
        rest = after;
    }
    tokenizer.end();
    let mut state = tokenizer.sink.state.into_inner();
    state.end_message();
    state.end_outside();
}

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Sender,
    Time,
    Text,
    /// Of a message that is forwarded or answered in it.
    Forwarded,
    Other,
}

struct Open {
    name: String,
    role: Option<Role>,
    is_message: bool,
    is_mute: bool,
}

struct Page<'o, 'a> {
    state: RefCell<State<'o, 'a>>,
}

impl TokenSink for Page<'_, '_> {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.start(&tag),
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CommentToken(text) if text.len() < 10_000 => state.outside.text(text.trim()),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

struct State<'o, 'a> {
    site: &'static Site,
    /// Where its messages begin, if the site is not known.
    layout: Option<Layout>,
    n_elements: usize,
    out: &'o mut Out<'a>,
    pages: Pages,
    open: Vec<Open>,
    /// The pieces of the message that is open.
    message: Option<Vec<(Role, String)>>,
    outside: Record,
    outside_line: String,
    /// Who sent the message before.
    last_sender: String,
    title: bool,
}

/// Elements without an end.
pub(super) const VOID: [&str; 10] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"];
/// Elements that end a line.
const BLOCKS: [&str; 12] =
    ["br", "div", "p", "li", "tr", "h1", "h2", "h3", "table", "blockquote", "ul", "pre"];
/// How far up an end looks for its begin.
const MAX_UP: usize = 64;

impl<'o, 'a> State<'o, 'a> {
    fn new(site: &'static Site, layout: Option<Layout>, out: &'o mut Out<'a>) -> Self {
        Self {
            site,
            layout,
            n_elements: 0,
            out,
            pages: Pages::default(),
            open: Vec::new(),
            message: None,
            outside: Record::default(),
            outside_line: String::new(),
            last_sender: String::new(),
            title: false,
        }
    }

    fn role(&self) -> Role {
        let inner = self.open.iter().rev().take(MAX_UP).take_while(|open| !open.is_message);
        let mut role = None;
        for open in inner {
            if open.role == Some(Role::Forwarded) {
                return if role == Some(Role::Sender) || self.layout.is_some() {
                    Role::Forwarded
                } else {
                    role.unwrap_or(Role::Other)
                };
            }
            role = role.or(open.role);
        }
        role.unwrap_or(Role::Other)
    }

    fn text(&mut self, text: &str) {
        if self.open.last().is_some_and(|open| open.is_mute) {
            return;
        }
        let role = self.role();
        let target = match &mut self.message {
            Some(pieces) => {
                if pieces.last().is_none_or(|(last, _)| *last != role) {
                    pieces.push((role, String::new()));
                }
                let Some((_, piece)) = pieces.last_mut() else { return };
                piece
            }
            None => &mut self.outside_line,
        };
        for c in text.chars() {
            if !c.is_whitespace() {
                target.push(c);
            } else if !target.is_empty() && !target.ends_with([' ', '\n']) {
                target.push(' ');
            }
        }
        if self.title && self.out.facts().title.is_none() && !text.trim().is_empty() {
            self.out.facts().title = Some(text.trim().into());
        }
    }

    /// Is a message open that has its time and what was said then?
    fn has_said(&self) -> bool {
        let time = self.message.iter().flatten().position(|(role, _)| *role == Role::Time);
        let pieces = self.message.iter().flatten().skip(time.unwrap_or(usize::MAX));
        let is_said = |role: Role| matches!(role, Role::Text | Role::Other);
        pieces.into_iter().any(|(role, text)| is_said(*role) && !text.trim().is_empty())
    }

    fn end_line(&mut self) {
        match &mut self.message {
            Some(pieces) => {
                if let Some((_, piece)) = pieces.last_mut()
                    && !piece.is_empty()
                    && !piece.ends_with('\n')
                {
                    piece.truncate(piece.trim_end().len());
                    piece.push('\n');
                }
            }
            None => {
                let line = std::mem::take(&mut self.outside_line);
                self.outside.text(&line);
                if self.outside.bytes() > 2_000 {
                    self.end_outside();
                }
            }
        }
    }

    fn end_outside(&mut self) {
        let line = std::mem::take(&mut self.outside_line);
        self.outside.text(&line);
        let record = std::mem::take(&mut self.outside);
        self.pages.head(record, false, self.out);
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let attribute = |wanted: &str| {
            tag.attrs
                .iter()
                .find(|attribute| &*attribute.name.local == wanted)
                .map_or("", |attribute| &*attribute.value)
        };
        if BLOCKS.contains(&name) {
            self.end_line();
        } else if matches!(name, "td" | "th") {
            self.text(" ");
        }
        let classes: Vec<&str> = attribute("class").split_whitespace().chain([name]).collect();
        let has = |wanted: &[&str]| wanted.iter().any(|one| classes.contains(one));
        let number = self.n_elements;
        self.n_elements += 1;
        let laid_out = self
            .layout
            .as_ref()
            .map(|layout| (layout.starts.contains(&number), layout.roles.get(&number).copied()));
        let is_message = has(self.site.message) && !self.open.iter().any(|open| open.is_message);
        // Where nothing ends a message, the next one does.
        let is_start = laid_out.is_some_and(|(is_start, role)| {
            is_start || role == Some(Role::Time) && self.has_said()
        });
        if is_message || is_start {
            self.end_message();
            self.end_outside();
            self.message = Some(Vec::new());
        }
        let role = if let Some((_, role)) = laid_out {
            role
        } else if has(&["forwarded", "reply_to", "chatlog__reply"]) {
            Some(Role::Forwarded)
        } else if has(self.site.sender) {
            Some(Role::Sender)
        } else if has(self.site.time) {
            Some(Role::Time)
        } else if has(self.site.text) {
            Some(Role::Text)
        } else {
            None
        };
        let is_mute = matches!(name, "script" | "style");
        if name == "title" {
            self.title = true;
        }
        if !VOID.contains(&name) && self.open.len() < 100_000 {
            self.open.push(Open { name: name.to_owned(), role, is_message, is_mute });
        }
        // What an attribute says: a full time, a number behind a name, a file.
        let said = attribute("title");
        if !said.is_empty() {
            let is_time = role == Some(Role::Time);
            self.aside(if is_time { Role::Time } else { Role::Other }, said);
        }
        let link = attribute("href");
        if let Some(address) = link.strip_prefix("tel:").or(link.strip_prefix("mailto:")) {
            // Before what the link shows, which may be a name.
            let shown = html::percent_decoded(address);
            self.text(&format!(" {shown} "));
        } else if self.message.is_some() && !link.is_empty() && !link.starts_with(['#', 'j']) {
            self.aside(Role::Other, link);
        }
        if self.message.is_some() && matches!(name, "img" | "audio" | "video") {
            self.aside(Role::Other, attribute("src"));
            self.aside(Role::Other, attribute("alt"));
        }
        match name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn aside(&mut self, role: Role, text: &str) {
        if text.trim().is_empty() || text.starts_with("data:") {
            return;
        }
        if let Some(pieces) = &mut self.message {
            pieces.push((role, format!("{text}\n")));
        } else {
            self.outside_line.push(' ');
            self.outside_line.push_str(text);
            self.outside_line.push(' ');
        }
    }

    fn end(&mut self, name: &str) {
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        if name == "title" {
            self.title = false;
        }
        let Some(up) = self.open.iter().rev().take(MAX_UP).position(|open| open.name == name)
        else {
            return;
        };
        let kept = self.open.len() - up - 1;
        let ends_message = self.open[kept..].iter().any(|open| open.is_message);
        self.open.truncate(kept);
        if ends_message {
            self.end_message();
        }
    }

    fn end_message(&mut self) {
        let Some(pieces) = self.message.take() else { return };
        let of = |wanted: Role| {
            pieces
                .iter()
                .filter(move |(role, _)| *role == wanted)
                .flat_map(|(_, text)| text.lines())
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        let mut record = Record::default();
        let mut has_sender = false;
        for sender in of(Role::Sender) {
            if !has_sender {
                sender.clone_into(&mut self.last_sender);
            }
            has_sender = true;
            from(&mut record, sender);
        }
        let has_text = of(Role::Text).next().is_some() || of(Role::Time).next().is_some();
        if !has_sender && self.site.continues && has_text && !self.last_sender.is_empty() {
            let sender = self.last_sender.clone();
            from(&mut record, &sender);
        }
        let times: Vec<&str> = of(Role::Time).collect();
        // The full time says what the short one says too.
        let full: Vec<&&str> = times
            .iter()
            .filter(|time| {
                !times.iter().any(|other| other.len() > time.len() && other.contains(**time))
            })
            .collect();
        for time in full {
            said::say(&mut record, "Time", time, Is::Date, Party::Unknown);
        }
        for name in of(Role::Forwarded) {
            said::say(&mut record, "Forwarded or answered", name, Is::Name, Party::Other);
        }
        let text: Vec<&str> = of(Role::Text).collect();
        said::say(&mut record, "Text", &text.join("\n"), Is::Text, Party::Unknown);
        let other: Vec<&str> = of(Role::Other).collect();
        let caption = if self.layout.is_some() && text.is_empty() { "Text" } else { "Also" };
        said::say(&mut record, caption, &other.join("\n"), Is::Text, Party::Unknown);
        self.pages.message(record, self.out);
    }
}

/// Adds a sender, who may have an address after the name.
fn from(record: &mut Record, sender: &str) {
    let sender = sender.trim_end_matches(':');
    let address = sender.rsplit_once(['<', '(']).and_then(|(name, rest)| {
        let address = rest.trim().strip_suffix(['>', ')'])?.trim();
        shape::is_email(address).then_some((name.trim(), address))
    });
    match address {
        Some((name, address)) => {
            said::say(record, "From", name, Is::Name, Party::Sender);
            said::say(record, "Address", address, Is::Email, Party::Sender);
        }
        None => said::say(record, "From", sender, Is::Name, Party::Sender),
    }
}
