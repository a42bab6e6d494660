//! What does a Word document say: its text, what surrounds it, and what Word does not show?

use std::collections::HashMap;

use habeas_model::{
    Card, Exception, Hidden, Meaning, Part, Party, Passage, Place, PlaceKind, Reason,
};

use super::Format;
use crate::formats::captioned::Captioned;
use crate::formats::flow::Flow;
use crate::formats::markup::{Step, Walk};
use crate::formats::package::{Package, Relation, hand_over_properties};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod story;

use story::{Changes, Story};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "docx",
        version: 2,
        summary: "Text, tables, notes, comments, tracked changes, hidden text and properties",
        handles: &[DOCX, ".docx", ".docm", ".dotx", ".dotm"],
        authority: "ECMA-376, 5th edition, Part 1",
    },
    sniff,
    read,
};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_docx = sample.has_zip_folder("word/") && sample.has_zip_folder("[content_types].xml");
    is_docx.then_some((Sure::Structure, DOCX))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut package = match Package::open(input) {
        Ok(package) => package,
        Err(exception) => return out.exception(exception),
    };
    let main = package
        .relations("", out)
        .into_iter()
        .find(|relation| relation.kind == "officeDocument")
        .map_or_else(|| "word/document.xml".to_owned(), |relation| relation.target);
    let main = if package.has(&main) { main } else { "word/document.xml".to_owned() };
    let relations = package.relations(&main, out);
    let of_kind = |kind: &str| -> Vec<String> {
        let of_kind = relations.iter().filter(|relation| relation.kind == kind);
        of_kind.map(|relation| relation.target.clone()).collect()
    };
    let mut changes = Changes::default();
    around(&mut package, &of_kind("header"), &mut changes, out);
    match package.text(&main, out) {
        Some(xml) => {
            let story = Story::new(&relations, &mut changes);
            report(story.read(&xml, out), "its text", out);
        }
        None => out.exception(Exception::whole(Reason::Corrupt, "has no text part")),
    }
    for kind in ["footnotes", "endnotes"] {
        notes(&mut package, &of_kind(kind), &mut changes, out);
    }
    let replies = replies(&mut package, &of_kind("commentsExtended"), out);
    for part in of_kind("comments") {
        comments(&mut package, &part, &changes, &replies, out);
    }
    around(&mut package, &of_kind("footer"), &mut changes, out);
    drawings(&mut package, out);
    changes.hand_over(out);
    settings(&mut package, &of_kind("settings"), out);
    for part in of_kind("glossaryDocument") {
        building_blocks(&mut package, &part, out);
    }
    people(&mut package, &of_kind("people"), out);
    package.properties(out);
    for folder in ["word/embeddings/", "word/media/", "word/activeX/", "word/ink/"] {
        package.children(folder, out);
    }
    // Whole documents that are shown as part of this one, and who a letter goes to.
    for kind in ["aFChunk", "subDocument", "recipientData"] {
        for part in of_kind(kind) {
            package.child(&part, out);
        }
    }
    custom_parts(&mut package, out);
}

/// What programs keep in a document as data of their own.
pub(super) fn custom_parts<'a>(package: &mut Package<'a>, out: &mut Out<'a>) {
    for name in package.in_folder("customXml/item") {
        let is_text = package.text(&name, out).is_some_and(|xml| {
            Walk::new(&xml).any(|step| matches!(step, Step::Text(text) if !text.trim().is_empty()))
        });
        if is_text {
            package.child(&name, out);
        }
    }
}

/// Reads a document whose parts all stand in one file; says whether it was whole.
pub(super) fn whole_story(xml: &str, out: &mut Out<'_>) -> bool {
    let mut changes = Changes::default();
    let is_whole = Story::new(&[], &mut changes).read(xml, out);
    changes.hand_over(out);
    is_whole
}

fn report(is_whole: bool, what: &str, out: &mut Out<'_>) {
    if !is_whole {
        let note = format!("{what} ends before it should");
        out.exception(Exception::part(Reason::Corrupt, None, note));
    }
}

/// Headers and footers: the same text is often in several.
fn around(package: &mut Package<'_>, parts: &[String], changes: &mut Changes, out: &mut Out<'_>) {
    let mut seen: Vec<String> = Vec::new();
    for part in parts {
        let relations = package.relations(part, out);
        let Some(xml) = package.text(part, out) else { continue };
        let before = out.document.passages.len();
        let story = Story::around(&relations, changes);
        report(story.read(&xml, out), "a header or footer", out);
        let said: String =
            out.document.passages[before..].iter().map(|p| p.text.as_str()).collect();
        if seen.contains(&said) {
            out.document.passages.truncate(before);
        } else {
            seen.push(said);
        }
    }
}

fn notes(package: &mut Package<'_>, parts: &[String], changes: &mut Changes, out: &mut Out<'_>) {
    for part in parts {
        let relations = package.relations(part, out);
        if let Some(xml) = package.text(part, out) {
            let story = Story::new(&relations, changes).going_on();
            report(story.read(&xml, out), "its notes", out);
        }
    }
}

/// For each comment that answers another one, the paragraph by which that one is known.
fn replies(
    package: &mut Package<'_>,
    parts: &[String],
    out: &mut Out<'_>,
) -> HashMap<String, String> {
    let mut replies = HashMap::new();
    for part in parts {
        for step in Walk::new(&package.text(part, out).unwrap_or_default()) {
            if let Step::Open(element) = step
                && let Some(parent) = element.attribute("paraIdParent")
            {
                replies.insert(element.attribute("paraId").unwrap_or_default(), parent);
            }
        }
    }
    replies
}

/// Who wrote comments or changed the document, with the addresses that they signed in with.
fn people(package: &mut Package<'_>, parts: &[String], out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    for part in parts {
        for step in Walk::new(&package.text(part, out).unwrap_or_default()) {
            let Step::Open(element) = step else { continue };
            let value = |name| element.attribute(name).unwrap_or_default();
            match element.name() {
                "person" => lines.line("Person", &value("author"), Meaning::Name, Party::Unknown),
                "presenceInfo" => {
                    // `S::a.lind@example.org::` and a number.
                    let id = value("userId");
                    let address = id.split("::").find(|part| part.contains('@'));
                    let address = address.unwrap_or_default();
                    lines.line("Signed in as", address, Meaning::Email, Party::Unknown);
                }
                _ => {}
            }
        }
    }
    hand_over_properties(lines, out);
}

/// Comments, each with who made it, at the paragraph that it is about.
fn comments(
    package: &mut Package<'_>,
    part: &str,
    changes: &Changes,
    replies: &HashMap<String, String>,
    out: &mut Out<'_>,
) {
    let Some(xml) = package.text(part, out) else { return };
    let mut authors: HashMap<String, String> = HashMap::new();
    let mut walk = Walk::new(&xml);
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        if element.name() != "comment" {
            continue;
        }
        let value = |name| element.attribute(name).unwrap_or_default();
        let number = changes.paragraph_of_comment(&value("id"));
        let mut lines = Captioned::default();
        lines.line("Author", &value("author"), Meaning::Name, Party::Unknown);
        lines.line("Date", &value("date"), Meaning::Date, Party::Unknown);
        let (text, paragraphs) = story::comment_text(&mut walk);
        // A comment is known by its last paragraph ([MS-DOCX] 2.5.4.4).
        let parent = paragraphs.last().and_then(|id| replies.get(id));
        if let Some(author) = parent.and_then(|parent| authors.get(parent)) {
            lines.line("In reply to", author, Meaning::Name, Party::Unknown);
        }
        for paragraph in paragraphs {
            authors.insert(paragraph, value("author"));
        }
        lines.line("Comment", &text, Meaning::Text, Party::Unknown);
        out.passage(lines.into_record(Place::new(PlaceKind::Body, number), Part::Comment));
    }
    report(!walk.is_damaged(), "a part with comments", out);
}

/// Text in charts and diagrams, which are parts of their own.
fn drawings(package: &mut Package<'_>, out: &mut Out<'_>) {
    let mut flow = Flow::new(PlaceKind::Body);
    for folder in ["word/charts/chart", "word/diagrams/data"] {
        for name in package.in_folder(folder) {
            if !name.ends_with(".xml") {
                continue;
            }
            if let Some(xml) = package.text(&name, out) {
                drawing_text(&xml, &mut flow, 1, out);
            }
        }
    }
    flow.flush(out);
}

/// The text of a chart or diagram: its labels, and the values that it keeps a copy of.
pub(super) fn drawing_text(xml: &str, flow: &mut Flow, number: usize, out: &mut Out<'_>) {
    let mut walk = Walk::new(xml);
    let mut line = String::new();
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) if matches!(element.name(), "t" | "v") => {
                line.push_str(&walk.inner_text());
                if element.name() == "v" {
                    line.push(' ');
                }
            }
            Step::Open(element) if matches!(element.name(), "cNvPr" | "docPr") => {
                for name in ["title", "descr"] {
                    let text = element.attribute(name).unwrap_or_default();
                    flow.paragraph(number, &text, out);
                }
            }
            Step::Close(name) if matches!(name.as_str(), "p" | "ser" | "cat" | "val" | "tx") => {
                flow.paragraph(number, &line, out);
                line.clear();
            }
            _ => {}
        }
    }
    flow.paragraph(number, &line, out);
}

/// Variables of the document, which nobody sees: letters made from templates keep names in them.
fn settings<'a>(package: &mut Package<'a>, parts: &[String], out: &mut Out<'a>) {
    for part in parts {
        let Some(xml) = package.text(part, out) else { continue };
        let mut lines = Captioned::default();
        for step in Walk::new(&xml) {
            let Step::Open(element) = step else { continue };
            let value = |name| element.attribute(name).unwrap_or_default();
            // Where a serial letter takes its people from.
            let caption = match element.name() {
                "docVar" => value("name"),
                "query" => "Mail merge query".to_owned(),
                "connectString" => "Mail merge source".to_owned(),
                "mailSubject" => "Mail merge subject".to_owned(),
                "addressFieldName" => "Mail merge address".to_owned(),
                _ => continue,
            };
            lines.line(&caption, &value("val"), Meaning::Text, Party::Unknown);
        }
        for relation in package.relations(part, out) {
            let caption = match relation.kind.as_str() {
                "mailMergeSource" | "mailMergeHeaderSource" => "Mail merge file",
                "attachedTemplate" => "Template",
                "recipientData" => {
                    package.child(&relation.target, out);
                    continue;
                }
                _ => continue,
            };
            lines.line(caption, &relation.target, Meaning::Text, Party::Unknown);
        }
        if !lines.is_empty() {
            let place = Place::new(PlaceKind::Header, 1);
            let passage = lines.into_record(place, Part::Properties);
            out.passage(Passage { is_record: false, hidden: Some(Hidden::Invisible), ..passage });
        }
    }
}

/// Building blocks that travel with the document: its text holds what was put in of them already.
fn building_blocks(package: &mut Package<'_>, part: &str, out: &mut Out<'_>) {
    let Some(xml) = package.text(part, out) else { return };
    let mut flow = Flow::hidden(PlaceKind::Body, Hidden::Invisible);
    let mut walk = Walk::new(&xml);
    while let Some(step) = walk.next() {
        if let Step::Open(element) = step
            && element.name() == "docPartBody"
        {
            flow.paragraph(1, &story::plain_text(&mut walk, "docPartBody"), out);
        }
    }
    flow.flush(out);
}

/// Where hyperlinks lead, as far as that is to people.
pub(super) fn people_behind(relations: &[Relation]) -> HashMap<&str, String> {
    let outside = relations.iter().filter(|relation| relation.is_outside);
    outside.filter_map(|link| Some((link.id.as_str(), person_in(&link.target)?))).collect()
}

/// The address or number in a `mailto:` or `tel:` link.
pub(super) fn person_in(target: &str) -> Option<String> {
    let start = target.find("mailto:").map(|at| at + 7).or(target.find("tel:").map(|at| at + 4))?;
    let end = |c: char| c.is_whitespace() || "?\"'<>".contains(c);
    let address = target.get(start..)?.split(end).next()?;
    (!address.is_empty()).then(|| address.replace("%40", "@").replace("%20", " "))
}
