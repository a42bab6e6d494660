//! Which elements of a page are its messages, when no rule knows the program's classes?
//!
//! Microsoft publishes no layout of the transcripts that Purview and Teams write, and the tools
//! that turn them into pages for others each have their own. All of them give each message an
//! element for the sender and one for the time, and name them by what they are.
//!
//! # Source
//! Microsoft Learn, *Teams workflow in eDiscovery*: a page a conversation, times in UTC. The
//! classes are of converters' own test files, not of a page that Purview wrote.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::page::{Role, VOID};
use crate::shape;

/// What a page of a conversation has somewhere: names of programs, and ids of conversations.
const MARKS: &[&str] = &[
    "microsoft teams",
    "teams.microsoft.com",
    "teams chat",
    "teams conversation",
    "purview",
    "ediscovery",
    "skype for business",
    "conversationid",
    "conversation id",
    "chat transcript",
    "threaded-chat",
];
/// Ids of conversations and people of Teams, which nothing else has.
const IDS: &[&str] = &["@thread.", "@unq.gbl.spaces", "8:orgid:"];

/// Which elements begin a message, and what the others are, by their number in the page.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) starts: BTreeSet<usize>,
    pub(super) roles: BTreeMap<usize, Role>,
}

/// An element: what its classes say it is, and what is below it.
#[derive(Default)]
struct Node {
    parent: Option<usize>,
    guess: Option<Role>,
    /// What it says itself, up to a limit.
    said: String,
    n_senders: usize,
    n_times: usize,
    n_texts: usize,
}

/// More elements than this are read as any other page.
const MAX_NODES: usize = 2_000_000;
/// A time and a name are no longer than this.
const MAX_SAID: usize = 80;

/// The layout of a page of a conversation; `None` if it is none.
pub(super) fn find(page: &str) -> Option<Layout> {
    let head = page.get(..page.floor_char_boundary(512 << 10))?.to_lowercase();
    let has_ids = IDS.iter().any(|id| head.contains(id));
    if !has_ids && !MARKS.iter().any(|mark| head.contains(mark)) {
        return None;
    }
    let mut nodes = nodes(page)?;
    settle(&mut nodes);
    let (pairs, rest) = pairs(&nodes);
    let n_least = if has_ids { 1 } else { 2 };
    if pairs.len() < n_least {
        return None;
    }
    let mut layout = Layout::default();
    // A sender without a time is of a message that is answered.
    layout.roles.extend(rest.into_iter().map(|sender| (sender, Role::Forwarded)));
    count_senders(&mut nodes, &pairs);
    for (sender, time) in pairs {
        layout.roles.insert(sender, Role::Sender);
        let around = wrapper(&nodes, sender).filter(|around| nodes[*around].n_times > 0);
        // They may follow each other without anything around a message.
        layout.starts.insert(around.unwrap_or(sender.min(time)));
    }
    for (index, node) in nodes.iter().enumerate() {
        if let Some(role @ (Role::Time | Role::Text)) = node.guess {
            layout.roles.insert(index, role);
        }
    }
    Some(layout)
}

/// Drops guesses that what is inside an element speaks against, and counts what is inside.
fn settle(nodes: &mut [Node]) {
    // Children come after their parents.
    for index in (0..nodes.len()).rev() {
        let node = &mut nodes[index];
        match node.guess {
            Some(Role::Time) if node.n_senders == 0 => (node.n_times, node.n_texts) = (1, 0),
            Some(Role::Sender) if node.n_times == 0 && node.n_texts == 0 => node.n_senders = 1,
            Some(Role::Text) => node.n_texts += 1,
            _ => node.guess = None,
        }
        let (senders, times, texts) = (node.n_senders, node.n_times, node.n_texts);
        if let Some(parent) = node.parent {
            let parent = &mut nodes[parent];
            parent.n_senders += senders;
            parent.n_times += times;
            parent.n_texts += texts;
        }
    }
}

/// Each sender with its time, and the senders without one.
///
/// In one page the sender stands before the time always, or after it.
fn pairs(nodes: &[Node]) -> (Vec<(usize, usize)>, Vec<usize>) {
    let is = |at: usize, role: Role| nodes[at].guess == Some(role);
    let is_inside = |at: usize, role: Role| nodes[at].parent.is_some_and(|parent| is(parent, role));
    let marks: Vec<usize> = (0..nodes.len())
        .filter(|at| [Role::Sender, Role::Time].iter().any(|r| is(*at, *r) && !is_inside(*at, *r)))
        .collect();
    let is_sender_first = marks.first().is_some_and(|at| is(*at, Role::Sender));
    let (mut pairs, mut rest) = (Vec::new(), Vec::new());
    for (index, at) in marks.iter().enumerate().filter(|(_, at)| is(**at, Role::Sender)) {
        let beside = if is_sender_first { Some(index + 1) } else { index.checked_sub(1) };
        match beside.and_then(|beside| marks.get(beside)).filter(|beside| is(**beside, Role::Time))
        {
            Some(time) => pairs.push((*at, *time)),
            None => rest.push(*at),
        }
    }
    (pairs, rest)
}

/// Counts in each element the senders that have a time.
fn count_senders(nodes: &mut [Node], pairs: &[(usize, usize)]) {
    nodes.iter_mut().for_each(|node| node.n_senders = 0);
    for (sender, _) in pairs {
        nodes[*sender].n_senders = 1;
    }
    for index in (0..nodes.len()).rev() {
        let n_senders = nodes[index].n_senders;
        if let Some(parent) = nodes[index].parent {
            nodes[parent].n_senders += n_senders;
        }
    }
}

/// The largest element around a sender in which no other sender is; of the only one of a page, the
/// smallest in which its time is.
fn wrapper(nodes: &[Node], sender: usize) -> Option<usize> {
    let up = |at: usize| nodes[at].parent.filter(|parent| nodes[*parent].n_senders == 1);
    let mut around = sender;
    let mut smallest = None;
    while let Some(parent) = up(around) {
        around = parent;
        if smallest.is_none() && nodes[around].n_times > 0 {
            smallest = Some(around);
        }
        if nodes[around].parent.is_none() {
            return smallest;
        }
    }
    Some(around)
}

/// The elements of a page in their order; `None` if there are too many.
fn nodes(page: &str) -> Option<Vec<Node>> {
    let tokenizer = Tokenizer::new(Walk { state: RefCell::default() }, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest = page;
    while !rest.is_empty() && tokenizer.sink.state.borrow().nodes.len() <= MAX_NODES {
        let (part, after) = rest.split_at(rest.floor_char_boundary(64 << 10));
        queue.push_back(part.into());
        let _ = tokenizer.feed(&queue);
        rest = after;
    }
    tokenizer.end();
    let mut nodes = tokenizer.sink.state.into_inner().nodes;
    for node in &mut nodes {
        if node.guess.is_none() && is_time(&node.said) {
            node.guess = Some(Role::Time);
        }
    }
    (nodes.len() <= MAX_NODES).then_some(nodes)
}

/// A date with a time of the day, as all that an element says.
fn is_time(said: &str) -> bool {
    let said = said.trim_matches(|c: char| c.is_whitespace() || "[]()".contains(c));
    said.len() < MAX_SAID && said.contains(':') && shape::is_date(said)
}

#[derive(Default)]
struct State {
    nodes: Vec<Node>,
    open: Vec<(String, usize)>,
}

struct Walk {
    state: RefCell<State>,
}

impl TokenSink for Walk {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let state = &mut *self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) => {
                let node = state.open.last().and_then(|(_, at)| state.nodes.get_mut(*at));
                if let Some(node) = node
                    && node.said.len() <= MAX_SAID
                {
                    let end = text.floor_char_boundary(MAX_SAID + 1);
                    node.said.push_str(text.get(..end).unwrap_or_default());
                }
            }
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let parent = state.open.last().map(|(_, at)| *at);
                if !VOID.contains(&&*tag.name) && state.open.len() < 100_000 {
                    state.open.push((tag.name.to_string(), state.nodes.len()));
                }
                state.nodes.push(Node { parent, guess: guess(&tag), ..Node::default() });
                match &*tag.name {
                    "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" => return TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" | "textarea" => return TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => {}
                }
            }
            Token::TagToken(tag) => {
                let up = state.open.iter().rev().take(64).position(|(name, _)| **name == *tag.name);
                if let Some(up) = up {
                    state.open.truncate(state.open.len() - up - 1);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What an element is by what it is called.
fn guess(tag: &Tag) -> Option<Role> {
    if &*tag.name == "time" {
        return Some(Role::Time);
    }
    let named = tag
        .attrs
        .iter()
        .filter(|attribute| ["class", "itemprop", "data-tid"].contains(&&*attribute.name.local));
    let mut words: BTreeSet<String> = BTreeSet::new();
    for attribute in named {
        words.extend(words_of(&attribute.value));
    }
    let has = |any: &[&str]| any.iter().any(|word| words.contains(*word));
    let is_list = has(&["list", "wrapper", "container", "group", "header", "head", "row", "item"]);
    if is_list {
        None
    } else if has(&["timestamp", "time", "date", "datetime"]) {
        Some(Role::Time)
    } else if has(&["sender", "author", "speaker"])
        || words.contains("name") && has(&["display", "user", "from"])
        || has(&["username", "displayname", "fromname"])
    {
        Some(Role::Sender)
    } else if has(&["text", "content", "body", "bubble"]) {
        Some(Role::Text)
    } else {
        None
    }
}

/// The words of names such as `message-sender`, `message_author` and `messageSender`.
fn words_of(names: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in names.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && was_lower {
            words.push(String::new());
        }
        was_lower = c.is_lowercase();
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many messages begin, and how many senders and times there are; `None` if it is no chat.
    fn check_found(page: &str, expected: Option<(usize, usize, usize)>) {
        let got = find(page).map(|layout| {
            let n = |wanted: Role| layout.roles.values().filter(|role| **role == wanted).count();
            (layout.starts.len(), n(Role::Sender), n(Role::Time))
        });
        assert_eq!(got, expected, "{page}");
    }

    #[test]
    fn words_of_names_are_told_apart() {
        assert_eq!(words_of("message-sender"), ["message", "sender"]);
        assert_eq!(words_of("messageSender_x  b"), ["message", "sender", "x", "b"]);
    }

    #[test]
    fn messages_of_many_layouts_are_found() {
        let page =
            |messages: &str| format!("<title>Microsoft Teams</title><body>{messages}</body>");
        let one = "<div class='message'><span class='message-sender'>A</span>\
            <span class='message-date'>2026-02-20 10:14:32</span><p class='message-text'>hi</p></div>";
        check_found(&page(&format!("<div id='chat'>{one}{one}</div>")), Some((2, 2, 2)));
        check_found(&page(&format!("<div id='chat'>{one}</div>")), None);
        check_found(&format!("<body><p>19:ab@thread.v2</p>{one}</body>"), Some((1, 1, 1)));
        check_found(&format!("<body>{one}{one}</body>"), None);
        // Nothing around a message, and a time that only its text tells.
        let flat = "<b class='author'>A</b><i>3/4/2025 10:02:00 AM (UTC)</i><p>hi</p>";
        check_found(&page(&format!("{flat}{flat}{flat}")), Some((3, 3, 3)));
        // A message that is answered has no time.
        let answer = one.replace("hi", "<q><b class='author'>B</b> ho</q> hi");
        let got = find(&page(&format!("<div>{one}{answer}</div>"))).unwrap();
        assert_eq!(got.starts.len(), 2);
        assert!(got.roles.values().any(|role| *role == Role::Forwarded));
    }
}
