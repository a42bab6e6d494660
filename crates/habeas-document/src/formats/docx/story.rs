//! What does a run of paragraphs say, as its readers see it, and what do they not see of it?

use std::collections::{BTreeSet, HashMap};

use habeas_model::{Hidden, Meaning, Part, Party, Passage, Place, PlaceKind};

use crate::formats::captioned::Captioned;
use crate::formats::flow::Flow;
use crate::formats::grid;
use crate::formats::markup::{Element, Step, Walk};
use crate::formats::package::{Relation, hand_over_properties};
use crate::out::Out;

/// What was changed while changes were tracked, and where comments are.
#[derive(Default)]
pub(super) struct Changes {
    /// Who inserted text.
    writers: BTreeSet<String>,
    /// For each comment, its paragraph.
    comments: HashMap<String, usize>,
    n_paragraphs: usize,
    n_tables: usize,
}

impl Changes {
    /// The paragraph that a comment is about.
    pub(super) fn paragraph_of_comment(&self, id: &str) -> usize {
        self.comments.get(id).copied().unwrap_or(1).max(1)
    }

    /// Hands over who changed the document; who deleted what stands with what was deleted.
    pub(super) fn hand_over(&self, out: &mut Out<'_>) {
        let mut lines = Captioned::default();
        for writer in &self.writers {
            lines.line("Changed by", writer, Meaning::Name, Party::Unknown);
        }
        hand_over_properties(lines, out);
    }
}

/// A paragraph that is open: paragraphs stand in paragraphs where there are text boxes.
#[derive(Default)]
struct Paragraph {
    text: String,
    /// Whom its links and fields lead to.
    links: Vec<String>,
}

/// A table that is open.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
    first: usize,
}

/// What becomes of text in the element that is open.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Shown,
    Deleted,
    Vanished,
}

/// A reader of one story: the body, a header, the notes.
pub(super) struct Story<'s> {
    /// For each link that leads to a person, whom.
    people: HashMap<&'s str, String>,
    changes: &'s mut Changes,
    flow: Flow,
    /// What the open paragraph says to nobody: hidden text, descriptions of pictures.
    unseen: String,
    unseen_flow: Flow,
    paragraphs: Vec<Paragraph>,
    grids: Vec<Grid>,
    /// What was deleted in the open change, and by whom.
    deleted: String,
    deleter: String,
    n_deletions: usize,
    is_vanished: bool,
    /// The code of the field that is open.
    instruction: String,
    /// Is the paragraph count one of the body's?
    counts: bool,
}

impl<'s> Story<'s> {
    pub(super) fn new(relations: &'s [Relation], changes: &'s mut Changes) -> Self {
        Self {
            people: super::people_behind(relations),
            changes,
            flow: Flow::new(PlaceKind::Body),
            unseen: String::new(),
            unseen_flow: Flow::hidden(PlaceKind::Body, Hidden::Invisible),
            paragraphs: Vec::new(),
            grids: Vec::new(),
            deleted: String::new(),
            deleter: String::new(),
            n_deletions: 0,
            is_vanished: false,
            instruction: String::new(),
            counts: true,
        }
    }

    /// A story whose paragraphs are none of the body's: a header or footer.
    pub(super) fn around(relations: &'s [Relation], changes: &'s mut Changes) -> Self {
        Self { counts: false, ..Self::new(relations, changes) }
    }

    /// A story that goes on where the body ended: notes.
    pub(super) fn going_on(self) -> Self {
        self
    }

    /// Reads a story; says whether it was whole.
    pub(super) fn read(mut self, xml: &str, out: &mut Out<'_>) -> bool {
        let mut walk = Walk::new(xml);
        // For each open choice of drawings: was one of them read?
        let mut choices: Vec<bool> = Vec::new();
        while let Some(step) = walk.next() {
            if out.is_full() {
                return true;
            }
            match step {
                Step::Open(element) => match element.name() {
                    "AlternateContent" => choices.push(false),
                    "Choice" | "Fallback" => match choices.last_mut() {
                        Some(true) => walk.skip_inside(),
                        Some(is_read) => *is_read = true,
                        None => {}
                    },
                    "pPr" | "tblPr" | "tcPr" | "trPr" | "sectPr" | "tblGrid" | "rubyPr" => {
                        walk.skip_inside();
                    }
                    "sdtPr" => self.choices(&mut walk),
                    _ => self.open(&element, &mut walk),
                },
                Step::Close(name) if name == "AlternateContent" => {
                    choices.pop();
                }
                Step::Close(name) => self.close(&name, out),
                Step::Text(_) => {}
            }
        }
        // What was still open when a damaged part ended is not lost.
        while !self.paragraphs.is_empty() {
            self.close("p", out);
        }
        while !self.grids.is_empty() {
            self.close("tr", out);
            self.close("tbl", out);
        }
        self.close("del", out);
        self.flow.flush(out);
        let unseen = std::mem::take(&mut self.unseen);
        self.unseen_flow.paragraph(self.number(), &unseen, out);
        self.unseen_flow.flush(out);
        !walk.is_damaged()
    }

    /// What a content control offers to choose from.
    fn choices(&mut self, walk: &mut Walk<'_>) {
        let mut depth = 1;
        while depth > 0 {
            match walk.next() {
                Some(Step::Open(element)) => {
                    depth += 1;
                    if element.name() == "listItem" {
                        let text = element.attribute("displayText").unwrap_or_default();
                        self.say_unseen(&format!("{text} "));
                    }
                }
                Some(Step::Close(_)) => depth -= 1,
                Some(Step::Text(_)) => {}
                None => break,
            }
        }
    }

    fn number(&self) -> usize {
        if self.counts { self.changes.n_paragraphs.max(1) } else { 1 }
    }

    fn open(&mut self, element: &Element<'_>, walk: &mut Walk<'_>) {
        match element.name() {
            "p" => {
                if self.counts && self.paragraphs.is_empty() {
                    self.changes.n_paragraphs += 1;
                }
                self.paragraphs.push(Paragraph::default());
            }
            "tbl" => {
                let first = self.changes.n_paragraphs + usize::from(self.grids.is_empty());
                self.grids.push(Grid { first, ..Grid::default() });
            }
            "rPr" => self.is_vanished = is_vanished(walk),
            "t" => {
                let text = walk.inner_text();
                self.say(&text);
            }
            "delText" => {
                let text = walk.inner_text();
                self.deleted.push_str(&text);
            }
            "tab" | "ptab" => self.say("\t"),
            "br" | "cr" => self.say("\n"),
            "noBreakHyphen" => self.say("-"),
            "sym" => {
                let code =
                    element.attribute("char").and_then(|hex| u32::from_str_radix(&hex, 16).ok());
                if let Some(c) =
                    code.and_then(char::from_u32).filter(|c| !('\u{e000}'..='\u{f8ff}').contains(c))
                {
                    self.say(&c.to_string());
                }
            }
            // The code of a field may be cut into many runs.
            "instrText" | "delInstrText" => self.instruction.push_str(&walk.inner_text()),
            "fldChar" => {
                let kind = element.attribute("fldCharType").unwrap_or_default();
                let code = std::mem::take(&mut self.instruction);
                if kind != "begin" {
                    self.link(super::person_in(&code));
                }
            }
            // What a form offers to choose from, and says to whoever fills it in.
            "listEntry" | "helpText" | "statusText" => {
                let text = element.attribute("val").unwrap_or_default();
                self.say_unseen(&format!("{text} "));
            }
            // A watermark, and the description of an older picture.
            "textpath" => {
                let text = element.attribute("string").unwrap_or_default();
                self.say(&format!("{text} "));
            }
            "shape" => {
                let text = element.attribute("alt").unwrap_or_default();
                self.say_unseen(&text);
            }
            "fldSimple" => {
                self.link(element.attribute("instr").and_then(|code| super::person_in(&code)))
            }
            "hyperlink" | "hlinkClick" => {
                let id = element.attribute("id").unwrap_or_default();
                self.link(self.people.get(id.as_str()).cloned());
            }
            "docPr" => {
                let words = [element.attribute("title"), element.attribute("descr")];
                for words in words.into_iter().flatten() {
                    self.say_unseen(&words);
                }
            }
            "commentReference" | "commentRangeStart" => {
                let id = element.attribute("id").unwrap_or_default();
                let number = self.number();
                self.changes.comments.entry(id).or_insert(number);
            }
            "del" | "moveFrom" => {
                self.n_deletions += 1;
                self.deleter = element.attribute("author").unwrap_or_default();
            }
            "ins" | "moveTo" => {
                let author = element.attribute("author").unwrap_or_default();
                if !author.trim().is_empty() {
                    self.changes.writers.insert(author.trim().to_owned());
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, out: &mut Out<'_>) {
        match name {
            "p" => {
                if let Some(mut paragraph) = self.paragraphs.pop() {
                    for person in std::mem::take(&mut paragraph.links) {
                        if !paragraph.text.contains(&person) {
                            paragraph.text.push_str(&format!(" <{person}>"));
                        }
                    }
                    self.take(&paragraph.text, out);
                }
            }
            "r" => self.is_vanished = false,
            "tc" => {
                if let Some(grid) = self.grids.last_mut() {
                    let cell = std::mem::take(&mut grid.cell);
                    grid.row.push(cell);
                }
            }
            "tr" => {
                if let Some(grid) = self.grids.last_mut() {
                    if !grid.cell.is_empty() {
                        let cell = std::mem::take(&mut grid.cell);
                        grid.row.push(cell);
                    }
                    let row = std::mem::take(&mut grid.row);
                    grid.rows.push(row);
                }
            }
            "tbl" => self.finish_grid(out),
            "del" | "moveFrom" => {
                self.n_deletions = self.n_deletions.saturating_sub(1);
                let text = std::mem::take(&mut self.deleted);
                if self.n_deletions == 0 && !text.trim().is_empty() {
                    let mut lines = Captioned::default();
                    lines.line("Deleted by", &self.deleter, Meaning::Name, Party::Unknown);
                    lines.line("Deleted", &text, Meaning::Text, Party::Unknown);
                    let place = Place::new(PlaceKind::Body, self.number());
                    let passage = lines.into_record(place, Part::Comment);
                    // Text that was written before it stands before it.
                    self.flow.flush(out);
                    out.passage(Passage { hidden: Some(Hidden::Deleted), ..passage });
                } else {
                    self.deleted = text;
                }
            }
            _ => {}
        }
    }

    fn finish_grid(&mut self, out: &mut Out<'_>) {
        let Some(grid) = self.grids.pop() else { return };
        match self.grids.last_mut() {
            // A table in a table is part of its cell.
            Some(outer) => {
                for row in grid.rows {
                    let row = row.join(" ");
                    if !row.trim().is_empty() {
                        add_line(&mut outer.cell, row.trim());
                    }
                }
            }
            None => {
                self.changes.n_tables += 1;
                let ordinal = self.changes.n_tables;
                grid::read(grid.rows, grid.first, ordinal, &mut self.flow, out);
            }
        }
    }

    fn fate(&self) -> Fate {
        if self.n_deletions > 0 {
            Fate::Deleted
        } else if self.is_vanished {
            Fate::Vanished
        } else {
            Fate::Shown
        }
    }

    fn say(&mut self, text: &str) {
        match self.fate() {
            Fate::Deleted => self.deleted.push_str(text),
            Fate::Vanished => self.say_unseen(text),
            Fate::Shown => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.text.push_str(text);
                }
            }
        }
    }

    fn say_unseen(&mut self, text: &str) {
        self.unseen.push_str(text);
    }

    /// Notes whom a link leads to, from here to the end of the paragraph.
    fn link(&mut self, person: Option<String>) {
        if let (Some(person), Some(paragraph)) = (person, self.paragraphs.last_mut()) {
            paragraph.links.push(person);
        }
    }

    /// Takes a paragraph that is complete, into the cell that is open or into the text.
    fn take(&mut self, text: &str, out: &mut Out<'_>) {
        let number = self.number();
        match self.grids.last_mut() {
            Some(grid) => add_line(&mut grid.cell, text.trim()),
            None => self.flow.paragraph(number, text, out),
        }
        let unseen = std::mem::take(&mut self.unseen);
        self.unseen_flow.paragraph(number, &unseen, out);
    }
}

/// Do these properties of a run hide it?
fn is_vanished(walk: &mut Walk<'_>) -> bool {
    let (mut is_vanished, mut depth) = (false, 1);
    while depth > 0 {
        match walk.next() {
            Some(Step::Open(element)) => {
                depth += 1;
                if matches!(element.name(), "vanish" | "webHidden") {
                    let value = element.attribute("val").unwrap_or_default();
                    is_vanished |= !matches!(value.as_str(), "0" | "false" | "off");
                }
            }
            Some(Step::Close(_)) => depth -= 1,
            Some(Step::Text(_)) => {}
            None => break,
        }
    }
    is_vanished
}

/// The text of a comment, and the ids of its paragraphs.
pub(super) fn comment_text(walk: &mut Walk<'_>) -> (String, Vec<String>) {
    let (mut text, mut ids) = (String::new(), Vec::new());
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) => match element.name() {
                "p" => ids.extend(element.attribute("paraId")),
                "t" | "delText" => text.push_str(&walk.inner_text()),
                "tab" | "br" => text.push(' '),
                "pPr" | "rPr" => walk.skip_inside(),
                _ => {}
            },
            Step::Close(closed) if closed == "p" => text.push('\n'),
            Step::Close(closed) if closed == "comment" => break,
            _ => {}
        }
    }
    (text.trim().to_owned(), ids)
}

/// The text of the element that was opened last, its paragraphs on lines of their own.
pub(super) fn plain_text(walk: &mut Walk<'_>, name: &str) -> String {
    let mut text = String::new();
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) if matches!(element.name(), "t" | "delText") => {
                text.push_str(&walk.inner_text());
            }
            Step::Open(element) if matches!(element.name(), "tab" | "br") => text.push(' '),
            Step::Open(element) if matches!(element.name(), "pPr" | "rPr") => walk.skip_inside(),
            Step::Close(closed) if closed == "p" => text.push('\n'),
            Step::Close(closed) if closed == name => break,
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn add_line(cell: &mut String, line: &str) {
    if line.is_empty() {
        return;
    }
    if !cell.is_empty() {
        cell.push('\n');
    }
    cell.push_str(line);
}
