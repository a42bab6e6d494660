//! HTML: what does a page show, and what does it hold without showing it?
//!
//! Only the tokenizer of html5ever is used: building the tree of a hostile page takes quadratic time.

use std::cell::RefCell;

use habeas_model::{Card, Hidden, Part, Party, Passage, Place, PlaceKind};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::{Format, text};
use crate::columns;
use crate::encoding;
use crate::out::{Input, Out};
use crate::record::Record;
use crate::sniff::{Match, Sample, Sure};

mod grid;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "html",
        version: 1,
        summary: "Web pages: what they show, their tables by row, and what they hide",
        handles: &["text/html", "application/xhtml+xml", ".html", ".htm", ".xhtml"],
        authority: "WHATWG HTML Standard",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let head = sample.text()?.trim_start();
    let head = head[..head.floor_char_boundary(1_024)].to_ascii_lowercase();
    let begins = ["<!doctype html", "<html", "<head", "<body", "<meta ", "<table", "<div", "<p>"];
    let is_html = begins.iter().any(|begin| head.starts_with(begin))
        || (head.starts_with('<') && (head.contains("<html") || head.contains("<!doctype html")));
    if is_html {
        return Some((Sure::Grammar, "text/html"));
    }
    let is_named = sample.is_named(&["html", "htm", "xhtml", "shtml"]) && head.contains('<');
    is_named.then_some((Sure::Named, "text/html"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, declared(input.bytes).as_deref());
    out.decoded(&decoded);
    read_text(&decoded.text, out);
}

/// The encoding that a page declares in its first 4 KiB.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(4_096)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let at =
        head.find("charset=").map(|at| at + 8).or_else(|| Some(head.find("encoding=")? + 9))?;
    let name = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c))?;
    Some(name[..end].to_owned())
}

/// Reads a page that is text already.
pub(crate) fn read_text(html: &str, out: &mut Out<'_>) {
    let page = Page { state: RefCell::new(State::new(out)) };
    let tokenizer = Tokenizer::new(page, TokenizerOpts::default());
    let queue = BufferQueue::default();
    // A part at a time, so that a page whose text is full is not read on.
    let mut rest = html;
    while !rest.is_empty() && !tokenizer.sink.state.borrow().out.is_full() {
        let (part, after) = rest.split_at(rest.floor_char_boundary(64 << 10));
        queue.push_back(part.into());
        let _ = tokenizer.feed(&queue);
        rest = after;
    }
    tokenizer.end();
    tokenizer.sink.state.into_inner().finish();
}

/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "textarea",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
    "frame",
    "iframe",
];

/// Elements without an end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

struct Page<'o, 'a> {
    state: RefCell<State<'o, 'a>>,
}

impl TokenSink for Page<'_, '_> {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        state.line = usize::try_from(line).unwrap_or(usize::MAX).max(1);
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) => return state.tag(&tag),
            Token::CommentToken(text) => state.comment(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

struct State<'o, 'a> {
    out: &'o mut Out<'a>,
    line: usize,
    /// The text of the passage so far, and the line it began in.
    passage: String,
    first_line: usize,
    /// The element whose content is not shown, and how many of its name are open in it.
    hidden: Option<(String, usize)>,
    hidden_text: String,
    /// The script or style whose content is no text.
    mute: Option<String>,
    /// The title, while it is read.
    title: Option<String>,
    n_pre: usize,
    /// What the link that is open leads to, and where its text begins.
    link: Option<(String, usize)>,
    /// The innermost table, until it has another table in it.
    table: Option<grid::Grid>,
    n_tables: usize,
    properties: Record,
}

impl<'o, 'a> State<'o, 'a> {
    fn new(out: &'o mut Out<'a>) -> Self {
        Self {
            out,
            line: 1,
            passage: String::new(),
            first_line: 1,
            hidden: None,
            hidden_text: String::new(),
            mute: None,
            title: None,
            n_pre: 0,
            link: None,
            table: None,
            n_tables: 0,
            properties: Record::default(),
        }
    }

    /// Where text goes now.
    fn target(&mut self) -> &mut String {
        if self.hidden.is_some() {
            return &mut self.hidden_text;
        }
        if let Some(cell) = self.table.as_mut().and_then(grid::Grid::cell) {
            return cell;
        }
        if self.passage.is_empty() {
            self.first_line = self.line;
        }
        &mut self.passage
    }

    fn text(&mut self, text: &str) {
        if self.mute.is_some() {
            return;
        }
        if let Some(title) = &mut self.title {
            title.push_str(text);
        }
        let keeps_breaks = self.n_pre > 0;
        let target = self.target();
        for c in text.chars() {
            match c {
                // These are not seen, and would tear a word apart.
                '\u{ad}' | '\u{200b}' | '\0' => {}
                '\n' | '\t' | ' ' if keeps_breaks => target.push(c),
                c if c.is_whitespace() => {
                    if !target.is_empty() && !target.ends_with([' ', '\n', '\t']) {
                        target.push(' ');
                    }
                }
                c => target.push(c),
            }
        }
    }

    fn end_line(&mut self) {
        let is_hidden = self.hidden.is_some();
        let target = self.target();
        while target.ends_with(' ') {
            target.pop();
        }
        if !target.is_empty() && !target.ends_with('\n') {
            target.push('\n');
        }
        if !is_hidden && self.table.is_none() && self.passage.len() > GOOD_BYTES {
            self.end_passage();
        }
    }

    fn end_passage(&mut self) {
        let passage = std::mem::take(&mut self.passage);
        let place = Place::new(PlaceKind::Line, self.first_line);
        for piece in text::pieces(passage.trim_end()) {
            self.out.passage(Passage::text(place.clone(), piece));
        }
        if let Some((_, start)) = &mut self.link {
            *start = 0;
        }
    }

    fn end_hidden(&mut self) {
        let text = std::mem::take(&mut self.hidden_text);
        let place = Place::new(PlaceKind::Line, self.line);
        for piece in text::pieces(text.trim()) {
            let passage = Passage::text(place.clone(), piece);
            self.out.passage(Passage { hidden: Some(Hidden::Invisible), ..passage });
        }
    }

    fn comment(&mut self, text: &str) {
        // Conditional comments of Office hold markup for old versions, which is no text.
        let is_markup = text.trim_start().starts_with("[if") || text.contains("mso");
        let text = if is_markup { without_tags(text) } else { text.trim().to_owned() };
        let place = Place::new(PlaceKind::Line, self.line);
        for piece in text::pieces(&text) {
            let passage = Passage::text(place.clone(), piece);
            self.out.passage(Passage {
                hidden: Some(Hidden::Invisible),
                part: Part::Comment,
                ..passage
            });
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if let Some(mute) = &self.mute {
            if tag.kind == TagKind::EndTag && mute == name {
                self.mute = None;
            }
            return TokenSinkResult::Continue;
        }
        match tag.kind {
            TagKind::StartTag => self.start(name, tag),
            TagKind::EndTag => {
                self.end(name);
                TokenSinkResult::Continue
            }
        }
    }

    fn start(&mut self, name: &str, tag: &Tag) -> TokenSinkResult<()> {
        let attribute = |wanted: &str| {
            tag.attrs.iter().find(|attribute| &*attribute.name.local == wanted).map(|a| &*a.value)
        };
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        self.track_hidden(name, attribute("style"), attribute("hidden").is_some());
        self.start_of_table(name, attribute("colspan"));
        match name {
            "pre" => self.n_pre += 1,
            "title" if self.title.is_none() => self.title = Some(String::new()),
            "input"
                if attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("hidden")) =>
            {
                self.aside(attribute("value"));
            }
            "input" | "button" | "data" | "meter" => self.say(attribute("value")),
            "img" | "area" => self.say(attribute("alt")),
            "meta" => {
                if let (Some(name), Some(content)) =
                    (attribute("name").or(attribute("property")), attribute("content"))
                    && !matches!(name, "viewport" | "robots" | "generator" | "theme-color")
                {
                    // The author of a page is no sender of a message.
                    let column = columns::of_label(name);
                    let column = columns::Column { party: Party::Unknown, ..column };
                    self.properties.value(&column, content);
                }
            }
            "a" => self.start_of_link(attribute("href").unwrap_or_default()),
            _ => {}
        }
        self.say(attribute("title"));
        self.say(attribute("aria-label").filter(|label| attribute("title") != Some(*label)));
        match name {
            "script" | "style" => {
                self.mute = Some(name.to_owned());
                let kind = if name == "script" { RawKind::ScriptData } else { RawKind::Rawtext };
                TokenSinkResult::RawData(kind)
            }
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "pre" => self.n_pre = self.n_pre.saturating_sub(1),
            "title" => {
                if let Some(title) = self.title.take() {
                    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
                    if !title.is_empty() && self.out.facts().title.is_none() {
                        self.out.facts().title = Some(title.as_str().into());
                    }
                }
            }
            "a" => self.end_of_link(),
            "tr" => {
                if let Some(table) = &mut self.table {
                    table.end_row();
                }
            }
            "table" => self.end_of_table(),
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.end_line();
        } else if matches!(name, "td" | "th") && self.table.is_none() && self.hidden.is_none() {
            self.target().push('\t');
        }
        if let Some((hidden, n_open)) = &mut self.hidden
            && hidden == name
        {
            *n_open -= 1;
            if *n_open == 0 {
                self.hidden = None;
                self.end_hidden();
            }
        }
    }

    /// Notes where content that is not shown begins.
    fn track_hidden(&mut self, name: &str, style: Option<&str>, has_attribute: bool) {
        if VOID.contains(&name) {
            return;
        }
        match &mut self.hidden {
            Some((hidden, n_open)) if hidden == name => *n_open += 1,
            Some(_) => {}
            None => {
                let style: String = style
                    .unwrap_or_default()
                    .chars()
                    .filter(|c| !c.is_whitespace())
                    .collect::<String>()
                    .to_ascii_lowercase();
                let is_hidden = has_attribute
                    || matches!(name, "template")
                    || ["display:none", "visibility:hidden", "mso-hide:all"]
                        .iter()
                        .any(|s| style.contains(s));
                if is_hidden {
                    self.hidden = Some((name.to_owned(), 1));
                }
            }
        }
    }

    /// Says what an attribute shows.
    fn say(&mut self, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            let target = self.target();
            if !target.is_empty() && !target.ends_with(char::is_whitespace) {
                target.push(' ');
            }
            self.text(text);
            self.text(" ");
        }
    }

    /// Hands over what is there and not shown.
    fn aside(&mut self, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            let passage = Passage::text(Place::new(PlaceKind::Line, self.line), text);
            self.out.passage(Passage { hidden: Some(Hidden::Invisible), ..passage });
        }
    }

    fn start_of_link(&mut self, to: &str) {
        let lower = to.trim().to_ascii_lowercase();
        if let Some(address) =
            ["mailto:", "tel:", "sms:"].iter().find_map(|scheme| lower.strip_prefix(scheme))
        {
            let end = address.find('?').unwrap_or(address.len());
            let address = percent_decoded(&address[..end]);
            let start = self.target().len();
            self.link = Some((address, start));
        } else if lower.contains('@') || lower.contains("%40") {
            self.aside(Some(&percent_decoded(to)));
        }
    }

    /// After a link's text, where it leads if the text does not say so.
    fn end_of_link(&mut self) {
        let Some((address, start)) = self.link.take() else { return };
        let target = self.target();
        let shown = target.get(start.min(target.len())..).unwrap_or_default().to_lowercase();
        if !address.is_empty() && !shown.contains(&address) {
            self.text(" ");
            self.text(&format!("<{address}>"));
        }
    }

    fn start_of_table(&mut self, name: &str, colspan: Option<&str>) {
        if name == "table" {
            // A table with a table in it is layout: its text is the page's.
            self.table_as_text();
            self.end_passage();
            self.table = Some(grid::Grid::default());
            return;
        }
        let line = self.line;
        if let Some(table) = &mut self.table {
            match name {
                "tr" => table.start_row(line),
                "td" | "th" => {
                    let n_columns = colspan.and_then(|n| n.trim().parse().ok()).unwrap_or(1);
                    table.start_cell(line, n_columns);
                    if name == "th" {
                        table.caption();
                    }
                }
                _ => {}
            }
        }
    }

    fn end_of_table(&mut self) {
        let is_data = self.table.as_ref().is_some_and(grid::Grid::is_data);
        if !is_data {
            return self.table_as_text();
        }
        if let Some(table) = self.table.take() {
            self.n_tables += 1;
            table.hand_over(self.n_tables, self.out);
        }
    }

    fn table_as_text(&mut self) {
        let Some(table) = self.table.take() else { return };
        for (line, row) in table.into_lines() {
            if self.passage.is_empty() {
                self.first_line = line;
            }
            self.passage.push_str(&row);
            self.passage.push('\n');
            if self.passage.len() > GOOD_BYTES {
                self.end_passage();
            }
        }
    }

    fn finish(mut self) {
        self.end_of_table();
        self.end_passage();
        self.end_hidden();
        let properties = std::mem::take(&mut self.properties);
        if !properties.is_empty() {
            let passage = properties.passage(Place::new(PlaceKind::Header, 1));
            self.out.passage(Passage { part: Part::Properties, is_record: false, ..passage });
        }
    }
}

/// A passage ends at the first end of a line past this many bytes.
const GOOD_BYTES: usize = 1_200;

/// What stands between tags, roughly: for comments that hold markup.
fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    for (index, part) in text.split('<').enumerate() {
        let shown =
            if index == 0 { part } else { part.split_once('>').map_or("", |(_, after)| after) };
        if !shown.trim().is_empty() {
            plain.push_str(shown.trim());
            plain.push(' ');
        }
    }
    plain
        .split_whitespace()
        .filter(|word| !word.starts_with('[') && !word.ends_with(']'))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A part of an address of the web without its `%XX`.
pub(super) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match (first, code.and_then(|code| u8::from_str_radix(code, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use habeas_model::Document;

    use super::*;
    use crate::Budget;

    fn read_html(html: &str) -> Document {
        let mut out = Out::new("text/html", &Budget::default());
        read_text(html, &mut out);
        out.finish().0
    }

    fn check_html(html: &str, shown: &str, hidden: &str) {
        let document = read_html(html);
        let of = |is_hidden: bool| {
            let texts: Vec<&str> = document
                .passages
                .iter()
                .filter(|p| p.hidden.is_some() == is_hidden)
                .map(|p| p.text.as_str())
                .collect();
            texts.join("\n")
        };
        assert_eq!((of(false).as_str(), of(true).as_str()), (shown, hidden), "{html}");
    }

    #[test]
    fn a_page_says_what_it_shows() {
        check_html(
            "<p>Dear <b>Am</b>ara&nbsp;Lind,</p><p>your&#8217;s<br>truly</p>",
            "Dear Amara Lind,\nyour’s\ntruly",
            "",
        );
        check_html(
            "<script>var x = '<b>no</b>';</script><style>p{}</style><ul><li>one<li>two</ul>",
            "one\ntwo",
            "",
        );
        check_html("<pre>a\n  b</pre>", "a\n  b", "");
        check_html(
            "<img alt='Photo of Amara Lind'><input value=\"Bo\"><textarea>a <b> c</textarea>",
            "Photo of Amara Lind Bo\na <b> c",
            "",
        );
        check_html(
            "<a href='mailto:Amara@example.org?subject=x'>write</a> <a href='tel:+447700900123'>+447700900123</a>",
            "write <amara@example.org> +447700900123",
            "",
        );
        check_html("Zo\u{ad}ë", "Zoë", "");
    }

    #[test]
    fn what_is_hidden_is_read_and_said_to_be() {
        check_html(
            "<div>a<div style='display: none'>b<div>c</div>d</div>e</div>",
            "a\ne",
            "b\nc\nd",
        );
        check_html("a<!-- by Amara Lind -->b", "ab", "by Amara Lind");
        check_html("<input type=hidden value='a@example.org'>x", "x", "a@example.org");
        check_html(
            "<a href='https://example.org/?e=a%40example.org'>out</a>",
            "out",
            "https://example.org/?e=a@example.org",
        );
    }

    #[test]
    fn a_table_is_read_by_row() {
        let document = read_html(
            "<p>List</p><table><tr><th>Name<th>Email</tr><tr><td>Amara Lind<td>a@example.org</tr><tr><td>Bo <b>Ek</b><td>b@example.org</tr></table><p>end</p>",
        );
        let texts: Vec<&str> = document.passages.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "List",
                "Name\nEmail",
                "Name: Amara Lind\nEmail: a@example.org",
                "Name: Bo Ek\nEmail: b@example.org",
                "end"
            ]
        );
        check_html(
            "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table>d</td></tr></table>",
            "a\nb\tc\nd",
            "",
        );
    }

    #[test]
    fn a_title_is_a_fact_and_a_text() {
        let document =
            read_html("<title>About\n Amara</title><meta name=author content='Bo Ek'><p>x");
        assert_eq!(document.facts.title.as_ref().unwrap().reveal(), "About Amara");
        assert!(document.text().contains("author: Bo Ek"));
    }

    #[test]
    fn nesting_costs_no_more_than_its_length() {
        let begun = std::time::Instant::now();
        let document = read_html(&("<div><table><tr><td>".repeat(50_000) + "Amara"));
        assert!(document.text().contains("Amara"));
        assert!(begun.elapsed().as_secs() < 5);
    }
}
