//! How does a document look as an exhibit?

use std::collections::BTreeSet;
use std::ops::Range;

use habeas_model::{BatesNumber, Hidden, Part, Passage, Personal, PlaceKind};

use crate::captioned::{Pair, captioned};
use crate::exhibit::Exhibit;
use crate::labels::{Labels, Outcome, Used};
use crate::pages::{Plan, Shown, View, page_of, passages_of, plan};
use crate::paper::{Block, Foot, Look, Rich, Sheet, Table, typeset_with};
use crate::redactions::NO_PASSAGE;
use crate::render::{Lines, render};
use crate::{Error, paper};

/// What stands at the head of an exhibit. None of it comes from the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number among the exhibits, from 1.
    pub number: u32,
    /// What it is in a few words of ours: `E-mail message`.
    pub description: String,
    /// What the controller calls the source it was found in.
    pub source: String,
    /// The number of its first page.
    pub first: BatesNumber,
}

/// An exhibit on paper that nobody has attacked yet: it cannot leave.
pub struct Drawn {
    pub(crate) pdf: paper::Printed,
    pub(crate) text: String,
    pub(crate) table: Option<Records>,
    pub(crate) n_labels: usize,
    /// Letters that are printed twice at their place; whoever reads them may read them once.
    pub(crate) n_again: usize,
    /// May it not be given as text alone?
    pub(crate) needs_looks: bool,
    pub(crate) prefix: String,
    /// Where in the text somebody else is shown, and who.
    pub(crate) shown: Vec<Range<usize>>,
    pub(crate) people: BTreeSet<Personal<String>>,
    pub(crate) rows: Vec<Row>,
}

/// A line of the schedule of redactions: where something was taken out, or shown. It does not say what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The place in the exhibit, in words that may leave.
    pub place: String,
    /// What became of it, and where it stood in the document.
    pub used: Used,
}

/// The subject's own records as data, redacted as on paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// Captions of the columns.
    pub columns: Vec<String>,
    /// Rows of as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// Draws an exhibit. New people get their labels in the order in which they appear.
///
/// With a view its pages are drawn as they look, as far as that is safe; without one, and where it is
/// not, its text is set anew.
///
/// # Errors
/// If it cannot be typeset.
pub fn draw(
    exhibit: &Exhibit,
    head: &Head,
    labels: &mut Labels,
    view: Option<&View<'_>>,
) -> Result<Drawn, Error> {
    labels.take();
    let plan = view.map(|view| plan(exhibit, view, labels)).unwrap_or_default();
    let is_planned = |page: &u32| plan.pages.iter().any(|planned| planned.number == *page);
    if !exhibit.by_hand.boxes.iter().all(|(page, ..)| is_planned(page)) {
        let why = "a part of a page was blacked out by hand, and that page cannot be drawn";
        return Err(Error::Unproved(why.into()));
    }
    // What stands on the pages comes behind what stands above them.
    let on_pages = labels.take();
    let mut page = Page { exhibit, labels: &mut *labels, blocks: Vec::new(), table: None };
    page.head(head, &plan);
    page.labels.append(on_pages);
    let shown = page.pages(&plan);
    page.body(&shown);
    page.exceptions();
    let blocks = page.blocks;
    let table = page.table;
    let (text, shown) = plain(&blocks);
    let n_labels = blocks.iter().map(labels_of).sum();
    let n_again_of = |block: &Block| match block {
        Block::Leaf(leaf) => leaf.n_again,
        _ => 0,
    };
    let n_again = blocks.iter().map(n_again_of).sum();
    let rows = rows(exhibit, labels);
    let is_label = |row: &&Row| matches!(row.used.outcome, Outcome::Label(..));
    if rows.iter().filter(is_label).count() != n_labels {
        return Err(Error::Unproved("labels and lines of the schedule do not agree".into()));
    }
    let sheet = Sheet {
        title: head.first.to_string(),
        foot: Foot { first: Some(head.first.clone()), words: "redacted copy".into() },
        blocks,
        is_wide: false,
        label: labels.widest(),
    };
    let prefix = head.first.to_string();
    let people = exhibit.shown_people();
    let pdf = typeset_with(&sheet, &plan.shapes)?;
    Ok(Drawn {
        pdf,
        text,
        table,
        n_labels,
        n_again,
        needs_looks: plan.needs_looks,
        prefix,
        shown,
        people,
        rows,
    })
}

/// What was used of labels and shown, with its place.
fn rows(exhibit: &Exhibit, labels: &mut Labels) -> Vec<Row> {
    let used = labels.take();
    let row = |used: Used| {
        // What was only found in the pixels of a page stands in no passage.
        let place = match used.page {
            Some(page) if used.passage == NO_PASSAGE => format!("page {page}"),
            _ => exhibit.place_words(used.passage, labels),
        };
        Row { place, used }
    };
    used.into_iter().map(row).collect()
}

impl Drawn {
    /// Is something taken out of its pages that its text alone does not show in one piece? Then it
    /// must not be drawn from its text.
    pub fn needs_looks(&self) -> bool {
        self.needs_looks
    }
}

struct Page<'a> {
    exhibit: &'a Exhibit,
    labels: &'a mut Labels,
    blocks: Vec<Block>,
    table: Option<Records>,
}

/// Header lines that carry a message and say nothing of people.
const TRANSPORT: &[&str] =
    &["message-id", "references", "in-reply-to", "dkim-signature", "mime-version", "content-type"];

/// Tables of up to so many columns stay tables; wider ones are given a record at a time.
const MAX_COLUMNS: usize = 6;

impl Page<'_> {
    fn head(&mut self, head: &Head, plan: &Plan) {
        self.blocks.push(Block::Title(format!("Exhibit {}: {}", head.number, head.description)));
        let mut pairs: Vec<(Rich, Rich)> =
            vec![("First page".into(), head.first.to_string().into())];
        pairs.push(("Source".into(), head.source.as_str().into()));
        if let Some(dated) = self.exhibit.dated() {
            pairs.push(("Date".into(), dated.into()));
        }
        // The title of a message stands in its head.
        let is_message = habeas_model::is_message(self.exhibit.media_type());
        if !is_message
            && let Some(title) = self.exhibit.title(self.labels).filter(|title| !title.is_blank())
        {
            pairs.push(("Title".into(), title));
        }
        if let Some(pages) = self.exhibit.document.facts.n_pages {
            let unit = if pages == 1 { "page" } else { "pages" };
            pairs.push(("Original".into(), format!("{pages} {unit}").into()));
        }
        let n_left_out = self.exhibit.n_left_out();
        if n_left_out > 0 {
            let are = if n_left_out == 1 { "record is" } else { "records are" };
            let text = format!("{n_left_out} further {are} about other people and not given [NPD]");
            pairs.push(("Not included".into(), text.into()));
        }
        let n_withheld = self.exhibit.n_withheld;
        if n_withheld > 0 {
            let are = if n_withheld == 1 { "part is" } else { "parts are" };
            pairs.push((
                "Kept back".into(),
                format!("{n_withheld} {are} kept back; see the schedule").into(),
            ));
        }
        let n_covered = self.exhibit.n_covered;
        if n_covered > 0 {
            let are = if n_covered == 1 { "stretch of text is" } else { "stretches of text are" };
            let text = format!("{n_covered} {are} covered up in the original, and not given");
            pairs.push(("Covered".into(), text.into()));
        }
        let is_pdf = self.exhibit.media_type() == "application/pdf";
        let as_text = || is_pdf.then(|| "given as text".to_owned());
        if let Some(words) = plan.words().or_else(as_text) {
            pairs.push(("Pages".into(), words.into()));
        }
        self.blocks.push(Block::Pairs(pairs));
    }

    /// The pages as they are given, in order; those that are given so, by number.
    fn pages(&mut self, plan: &Plan) -> BTreeSet<u32> {
        let mut shown = BTreeSet::new();
        let exhibit = self.exhibit;
        for planned in &plan.pages {
            shown.insert(planned.number);
            match &planned.shown {
                Shown::Leaf(leaf) => self.blocks.push(Block::Leaf(leaf.clone())),
                Shown::Withheld(reason) => {
                    let text = format!("Page {} is not given: {reason}", planned.number);
                    self.blocks.push(Block::Note(text));
                }
                Shown::InOrder(reason, rich) => {
                    let text = format!(
                        "Page {} is given as text, in the order in which it is drawn: {reason}",
                        planned.number
                    );
                    self.blocks.push(Block::Note(text));
                    self.blocks.push(Block::Paragraph(rich.clone()));
                }
                Shown::Text(reason) => {
                    let text = format!("Page {} is given as text: {reason}", planned.number);
                    self.blocks.push(Block::Note(text));
                    for number in passages_of(exhibit, planned.number) {
                        let is_given = exhibit.proposal.left_out.binary_search(&number).is_err();
                        if let Some(passage) = exhibit.document.passages.get(number)
                            && is_given
                        {
                            self.passage(number, passage);
                        }
                    }
                }
            }
        }
        shown
    }

    /// What is not on the pages that are shown.
    fn body(&mut self, shown: &BTreeSet<u32>) {
        let is_shown = |passage: &Passage| page_of(passage).is_some_and(|n| shown.contains(&n));
        if !shown.is_empty() && self.exhibit.has_more(&is_shown) {
            self.blocks.push(Block::Heading("What else the file holds".into()));
        }
        let exhibit = self.exhibit;
        let passages = &exhibit.document.passages;
        let is_given = |number: usize| {
            number < exhibit.n_passages
                && exhibit.proposal.left_out.binary_search(&number).is_err()
                && !passages.get(number).is_some_and(is_shown)
        };
        let mut number = 0;
        while number < exhibit.n_passages {
            let Some(passage) = passages.get(number).filter(|_| is_given(number)) else {
                number += 1;
                continue;
            };
            if passage.place.kind == PlaceKind::Row {
                let mut rows = Vec::new();
                while let Some(row) = passages.get(number)
                    && number < exhibit.n_passages
                    && (!is_given(number)
                        || row.place.kind == PlaceKind::Row
                            && row.place.sheet == passage.place.sheet)
                {
                    if is_given(number) {
                        rows.push(number);
                    }
                    number += 1;
                }
                self.rows(&rows);
                continue;
            }
            self.passage(number, passage);
            number += 1;
        }
    }

    fn passage(&mut self, number: usize, passage: &Passage) {
        if passage.text.trim().is_empty() {
            return;
        }
        let since = self.labels.n_used();
        let place = self.exhibit.place(&passage.place, self.labels);
        let is_told = match passage.part {
            Part::Comment => true,
            Part::Body => passage.place.kind != PlaceKind::Body,
            Part::Header | Part::Quoted | Part::Properties => false,
        };
        if !is_told {
            self.labels.forget(since);
        }
        let mut note = match passage.part {
            Part::Header => Rich::from("Head of the message"),
            Part::Quoted => Rich::from("Quoted from an earlier message"),
            Part::Properties => Rich::from("Properties of the file"),
            Part::Comment => {
                let mut rich = Rich::from("Comment, ");
                rich.extend(place);
                rich
            }
            Part::Body if passage.place.kind == PlaceKind::Body => Rich::default(),
            Part::Body => place,
        };
        if let Some(hidden) = passage.hidden {
            let before = if note.is_blank() { "" } else { "  " };
            note.push(format!("{before}{}", hidden_words(hidden)), Look::Plain);
        }
        if !note.is_blank() {
            self.blocks.push(Block::Paragraph(grey(note)));
        }
        let pairs = captioned(passage);
        if !pairs.is_empty() {
            return self.pairs(number, passage, pairs);
        }
        // Only these are broken into lines by a program; elsewhere a line is a person's.
        let media_type = self.exhibit.media_type();
        let is_set = habeas_model::is_message(media_type)
            || ["text/plain", "text/markdown", "application/pdf"].contains(&media_type);
        let lines = if is_set { Lines::Flowed } else { Lines::Kept };
        let redactions = self.exhibit.of(number);
        let text = render(passage, 0..passage.text.len(), redactions, lines, self.labels);
        self.blocks.push(Block::Paragraph(text));
    }

    fn pairs(&mut self, number: usize, passage: &Passage, pairs: Vec<Pair>) {
        let mut drawn = Vec::new();
        let mut n_transport = 0;
        for pair in pairs {
            let caption = passage.text.get(pair.caption.clone()).unwrap_or("").to_lowercase();
            if passage.part == Part::Header && TRANSPORT.contains(&caption.as_str()) {
                n_transport += 1;
                continue;
            }
            let redactions = self.exhibit.of(number);
            let caption = render(passage, pair.caption, redactions, Lines::Kept, self.labels);
            drawn
                .push((caption, render(passage, pair.value, redactions, Lines::Kept, self.labels)));
        }
        self.blocks.push(Block::Pairs(drawn));
        if n_transport > 0 {
            let lines = if n_transport == 1 { "line" } else { "lines" };
            self.blocks.push(Block::Note(format!(
                "{n_transport} {lines} of mail transport (identifiers of the message itself) not shown"
            )));
        }
    }

    fn rows(&mut self, numbers: &[usize]) {
        let exhibit = self.exhibit;
        let mut columns: Vec<String> = Vec::new();
        let mut at: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
        let mut rows: Vec<(usize, Vec<(usize, Rich)>)> = Vec::new();
        for number in numbers {
            let Some(passage) = exhibit.document.passages.get(*number) else { continue };
            let redactions = exhibit.of(*number);
            let mut cells = Vec::new();
            let pairs = match captioned(passage) {
                pairs if pairs.is_empty() => {
                    vec![Pair { caption: 0..0, value: 0..passage.text.len() }]
                }
                pairs => pairs,
            };
            for pair in pairs {
                let since = self.labels.n_used();
                let caption = render(passage, pair.caption, redactions, Lines::Kept, self.labels);
                // A column's name stands once above all rows, and as plain words.
                let caption = heading(&caption);
                self.labels.forget(since);
                let mut column = at.get(&caption).copied();
                // A second column of the same name is a column of its own.
                if column.is_some_and(|column| cells.iter().any(|(taken, _)| *taken == column)) {
                    column = None;
                }
                let column = column.unwrap_or_else(|| {
                    columns.push(caption.clone());
                    at.insert(caption, columns.len() - 1);
                    columns.len() - 1
                });
                cells.push((
                    column,
                    render(passage, pair.value, redactions, Lines::Kept, self.labels),
                ));
            }
            rows.push((*number, cells));
        }
        self.keep(&columns, &rows);
        if columns.len() <= MAX_COLUMNS && rows.len() > 1 {
            self.as_table(&columns, rows);
        } else {
            self.as_records(&columns, rows);
        }
    }

    fn row_note(&mut self, number: usize) -> Rich {
        let Some(passage) = self.exhibit.document.passages.get(number) else {
            return Rich::default();
        };
        let mut note = self.exhibit.place(&passage.place, self.labels);
        if let Some(hidden) = passage.hidden {
            note.push(format!(" {}", hidden_words(hidden)), Look::Plain);
        }
        note
    }

    fn as_table(&mut self, columns: &[String], rows: Vec<(usize, Vec<(usize, Rich)>)>) {
        let mut header = vec![Rich::from("Place")];
        header.extend(columns.iter().map(|caption| Rich::from(caption.as_str())));
        let mut table = Table { header, weights: vec![0.8], rows: Vec::new() };
        for (number, cells) in rows {
            let mut row = vec![Rich::default(); columns.len() + 1];
            if let Some(first) = row.first_mut() {
                *first = grey(self.row_note(number));
            }
            for (column, cell) in cells {
                if let Some(place) = row.get_mut(column + 1) {
                    *place = cell;
                }
            }
            table.rows.push(row);
        }
        self.blocks.push(Block::Table(table));
    }

    fn as_records(&mut self, columns: &[String], rows: Vec<(usize, Vec<(usize, Rich)>)>) {
        for (number, cells) in rows {
            let note = self.row_note(number);
            self.blocks.push(Block::Paragraph(grey(note)));
            let pairs = cells
                .into_iter()
                .filter(|(_, cell)| !cell.is_blank())
                .map(|(column, cell)| {
                    let caption = columns.get(column).map_or("", String::as_str);
                    (Rich::from(caption), cell)
                })
                .collect();
            self.blocks.push(Block::Pairs(pairs));
        }
    }

    /// Keeps rows as data for the portable copy.
    fn keep(&mut self, columns: &[String], rows: &[(usize, Vec<(usize, Rich)>)]) {
        let table = self.table.get_or_insert_default();
        let mut places = Vec::new();
        for caption in columns {
            let known = table
                .columns
                .iter()
                .enumerate()
                .position(|(index, known)| known == caption && !places.contains(&index));
            places.push(known.unwrap_or(table.columns.len()));
            if known.is_none() {
                table.columns.push(caption.clone());
            }
        }
        for (_, cells) in rows {
            let mut row = vec![String::new(); table.columns.len()];
            for (column, cell) in cells {
                if let Some(place) = places.get(*column).and_then(|place| row.get_mut(*place)) {
                    *place = cell.plain();
                }
            }
            table.rows.push(row);
        }
        let width = table.columns.len();
        table.rows.iter_mut().for_each(|row| row.resize(width, String::new()));
    }

    fn exceptions(&mut self) {
        let exceptions = &self.exhibit.document.exceptions;
        if exceptions.is_empty() {
            return;
        }
        self.blocks.push(Block::Heading("Not everything could be read".into()));
        for exception in exceptions {
            let mut rich = match &exception.place {
                Some(place) => self.exhibit.place(place, self.labels),
                None => Rich::from("a part of it"),
            };
            rich.extend(Rich::from(format!(" could not be read ({})", exception.reason)));
            self.blocks.push(Block::Item(rich));
        }
    }
}

/// The name of a column. Who is taken out of it has no label there: it would stand above many rows.
fn heading(caption: &Rich) -> String {
    let spans = caption.spans.iter();
    spans.map(|it| if it.look == Look::Label { "(another person)" } else { &it.text }).collect()
}

fn hidden_words(hidden: Hidden) -> &'static str {
    match hidden {
        Hidden::Sheet => "[hidden in the original: the sheet]",
        Hidden::Row => "[hidden in the original: the row or column]",
        Hidden::Deleted => "[hidden in the original: deleted with changes tracked]",
        Hidden::Invisible => "[hidden in the original: cannot be seen on the page]",
        Hidden::Covered => "[covered up in the original]",
        Hidden::Cache => "[hidden in the original: a stored copy of other cells]",
    }
}

fn grey(rich: Rich) -> Rich {
    let mut out = Rich::default();
    for span in rich.spans {
        let look = match span.look {
            Look::Label | Look::Shown => span.look,
            _ => Look::Grey,
        };
        out.push(span.text, look);
    }
    out
}

fn richs(block: &Block) -> Vec<Rich> {
    match block {
        Block::Title(text) | Block::Heading(text) | Block::Note(text) => vec![text.as_str().into()],
        Block::Paragraph(rich) | Block::Item(rich) => vec![rich.clone()],
        Block::Pairs(pairs) => {
            pairs.iter().flat_map(|(caption, value)| [caption.clone(), value.clone()]).collect()
        }
        Block::Table(table) => {
            table.header.iter().chain(table.rows.iter().flatten()).cloned().collect()
        }
        Block::Space(_) | Block::Together(_) | Block::Leaf(_) => Vec::new(),
    }
}

/// What blocks say, a line each part, and where in it somebody else is shown.
fn plain(blocks: &[Block]) -> (String, Vec<Range<usize>>) {
    let (mut text, mut shown) = (String::new(), Vec::new());
    for block in blocks {
        if let Block::Leaf(leaf) = block {
            shown.extend(leaf.shown.iter().map(|at| text.len() + at.start..text.len() + at.end));
            text.push_str(&leaf.text);
            text.push('\n');
        }
        for rich in richs(block) {
            for span in &rich.spans {
                if span.look == Look::Shown {
                    shown.push(text.len()..text.len() + span.text.len());
                }
                text.push_str(&span.text);
            }
            text.push('\n');
        }
    }
    text.pop();
    (text, shown)
}

fn labels_of(block: &Block) -> usize {
    if let Block::Leaf(leaf) = block {
        return leaf.labels.len();
    }
    richs(block).iter().flat_map(|rich| &rich.spans).filter(|span| span.look == Look::Label).count()
}
