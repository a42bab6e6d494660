//! What do the slides of a presentation say, and their notes and comments?

use std::collections::HashSet;

use habeas_model::{Card, Exception, Hidden, Meaning, Part, Party, Place, PlaceKind, Reason};

use super::Format;
use crate::formats::captioned::Captioned;
use crate::formats::docx::{custom_parts, drawing_text, people_behind};
use crate::formats::flow::Flow;
use crate::formats::markup::{Step, Walk};
use crate::formats::package::{Package, Relation};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "pptx",
        version: 2,
        summary: "Slides, also hidden ones; masters, notes, comments and properties",
        handles: &[PPTX, ".pptx", ".pptm", ".ppsx", ".potx"],
        authority: "ECMA-376, 5th edition, Part 1",
    },
    sniff,
    read,
};

const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_pptx = sample.has_zip_folder("ppt/") && sample.has_zip_folder("[content_types].xml");
    is_pptx.then_some((Sure::Structure, PPTX))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut package = match Package::open(input) {
        Ok(package) => package,
        Err(exception) => return out.exception(exception),
    };
    let slides = slides(&mut package, out);
    if slides.is_empty() {
        out.exception(Exception::whole(Reason::Corrupt, "has no slides"));
    }
    let authors = authors(&mut package, out);
    for (index, slide) in slides.iter().enumerate() {
        let relations = package.relations(slide, out);
        let Some(xml) = package.text(slide, out) else { continue };
        let hidden = is_hidden(&xml).then_some(Hidden::Invisible);
        let mut flow = Flow::slide(hidden);
        if !shapes(&xml, &relations, index + 1, &mut flow, out) {
            let place = Some(Place::new(PlaceKind::Page, index + 1));
            out.exception(Exception::part(Reason::Corrupt, place, "ends before it should"));
        }
        for relation in &relations {
            beside(&mut package, relation, index + 1, &mut flow, &authors, out);
        }
        flow.flush(out);
    }
    out.facts().n_pages = u32::try_from(slides.len()).ok();
    masters(&mut package, out);
    package.properties(out);
    for folder in ["ppt/embeddings/", "ppt/media/"] {
        package.children(folder, out);
    }
    custom_parts(&mut package, out);
}

/// What masters and layouts say once for all slides; invitations to click say nothing.
fn masters(package: &mut Package<'_>, out: &mut Out<'_>) {
    let mut said: HashSet<String> = HashSet::new();
    let mut flow = Flow::new(PlaceKind::Page);
    for folder in [
        "ppt/slideMasters/slideMaster",
        "ppt/slideLayouts/slideLayout",
        "ppt/notesMasters/notesMaster",
        "ppt/handoutMasters/handoutMaster",
    ] {
        for name in package.in_folder(folder) {
            let Some(xml) = package.text(&name, out).filter(|_| name.ends_with(".xml")) else {
                continue;
            };
            let (mut line, mut is_invitation) = (String::new(), false);
            let mut walk = Walk::new(&xml);
            while let Some(step) = walk.next() {
                match step {
                    Step::Open(element) => match element.name() {
                        "sp" | "pic" | "graphicFrame" => is_invitation = false,
                        "ph" => {
                            let kind = element.attribute("type").unwrap_or_default();
                            is_invitation = !matches!(kind.as_str(), "ftr" | "hdr");
                        }
                        "t" => line.push_str(&walk.inner_text()),
                        "cNvPr" => line.push_str(&element.attribute("descr").unwrap_or_default()),
                        _ => {}
                    },
                    Step::Close(name) if matches!(name.as_str(), "p" | "pic") => {
                        let text = std::mem::take(&mut line);
                        if !is_invitation && said.insert(text.clone()) {
                            flow.paragraph(1, &text, out);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    flow.flush(out);
}

/// The slides' parts, in the order in which they are shown.
fn slides(package: &mut Package<'_>, out: &mut Out<'_>) -> Vec<String> {
    let main = package.relations("", out).into_iter().find(|r| r.kind == "officeDocument");
    let main = main.map_or_else(|| "ppt/presentation.xml".to_owned(), |relation| relation.target);
    let relations = package.relations(&main, out);
    let mut slides = Vec::new();
    for step in Walk::new(&package.text(&main, out).unwrap_or_default()) {
        if let Step::Open(element) = step
            && element.name() == "sldId"
        {
            // It has two ids: its own, a number, and that of the relation.
            let ids: Vec<String> = element.attributes().map(|(_, value)| value).collect();
            let slide = relations.iter().find(|r| r.kind == "slide" && ids.contains(&r.id));
            slides.extend(slide.map(|relation| relation.target.clone()));
        }
    }
    // Slides that the list does not have were taken out, or the list is damaged.
    let rest = package.in_folder("ppt/slides/slide").into_iter();
    let rest: Vec<String> =
        rest.filter(|name| name.ends_with(".xml") && !slides.contains(name)).collect();
    slides.extend(rest);
    slides
}

fn is_hidden(xml: &str) -> bool {
    let root = Walk::new(xml).find_map(|step| match step {
        Step::Open(element) => Some(element),
        _ => None,
    });
    root.and_then(|root| root.attribute("show"))
        .is_some_and(|show| matches!(show.as_str(), "0" | "false"))
}

/// Reads the text of shapes and tables; says whether the part was whole.
fn shapes(
    xml: &str,
    relations: &[Relation],
    number: usize,
    flow: &mut Flow,
    out: &mut Out<'_>,
) -> bool {
    let mut walk = Walk::new(xml);
    let (mut line, mut row): (String, Option<Vec<String>>) = (String::new(), None);
    let mut choices: Vec<bool> = Vec::new();
    let people = people_behind(relations);
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) => match element.name() {
                "AlternateContent" => choices.push(false),
                "Choice" | "Fallback" => match choices.last_mut() {
                    Some(true) => walk.skip_inside(),
                    Some(is_read) => *is_read = true,
                    None => {}
                },
                "t" => line.push_str(&walk.inner_text()),
                "br" | "tab" => line.push(' '),
                "tr" => row = Some(Vec::new()),
                "cNvPr" => {
                    let description = element.attribute("descr").unwrap_or_default();
                    flow.paragraph(number, &description, out);
                }
                "hlinkClick" => {
                    let id = element.attribute("id").unwrap_or_default();
                    if let Some(person) = people.get(id.as_str()) {
                        line.push_str(&format!("<{person}> "));
                    }
                }
                _ => {}
            },
            Step::Close(name) => match name.as_str() {
                "AlternateContent" => {
                    choices.pop();
                }
                "p" if row.is_none() => {
                    flow.paragraph(number, &line, out);
                    line.clear();
                }
                "p" => line.push(' '),
                "tc" => {
                    if let Some(row) = &mut row {
                        row.push(line.trim().to_owned());
                    }
                    line.clear();
                }
                "tr" => {
                    let cells: Vec<String> = row.take().unwrap_or_default();
                    let cells: Vec<String> = cells.into_iter().filter(|c| !c.is_empty()).collect();
                    flow.paragraph(number, &cells.join(" | "), out);
                }
                _ => {}
            },
            Step::Text(_) => {}
        }
    }
    flow.paragraph(number, &line, out);
    !walk.is_damaged()
}

/// Reads what belongs to a slide and stands in a part of its own.
fn beside(
    package: &mut Package<'_>,
    relation: &Relation,
    number: usize,
    flow: &mut Flow,
    authors: &[(String, String)],
    out: &mut Out<'_>,
) {
    if relation.is_outside {
        return;
    }
    match relation.kind.as_str() {
        "notesSlide" => {
            let Some(xml) = package.text(&relation.target, out) else { return };
            let mut notes = Flow::of_part(PlaceKind::Page, Part::Comment);
            shapes(&xml, &[], number, &mut notes, out);
            notes.flush(out);
        }
        "comments" => {
            let Some(xml) = package.text(&relation.target, out) else { return };
            comments(&xml, number, authors, out);
        }
        "chart" | "diagramData" => {
            if let Some(xml) = package.text(&relation.target, out) {
                flow.flush(out);
                drawing_text(&xml, flow, number, out);
            }
        }
        _ => {}
    }
}

/// Comments of both kinds: the text of the old one is its own, that of the new one is in paragraphs.
fn comments(xml: &str, number: usize, authors: &[(String, String)], out: &mut Out<'_>) {
    let (mut author, mut text) = (String::new(), String::new());
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.next() {
        match step {
            Step::Open(element) => match element.name() {
                "cm" | "reply" => {
                    hand_over_comment(&author, &mut text, number, out);
                    let id = element.attribute("authorId").unwrap_or_default();
                    let found = authors.iter().find(|(have, _)| *have == id);
                    author = found.map(|(_, name)| name.clone()).unwrap_or_default();
                }
                "text" | "t" => text.push_str(&walk.inner_text()),
                _ => {}
            },
            Step::Close(name) if name == "p" => text.push('\n'),
            _ => {}
        }
    }
    hand_over_comment(&author, &mut text, number, out);
}

fn hand_over_comment(author: &str, text: &mut String, number: usize, out: &mut Out<'_>) {
    let text = std::mem::take(text);
    if !text.trim().is_empty() {
        let mut lines = Captioned::default();
        lines.line("Author", author, Meaning::Name, Party::Unknown);
        lines.line("Comment", &text, Meaning::Text, Party::Unknown);
        let place = Place::new(PlaceKind::Page, number);
        out.passage(lines.into_record(place, Part::Comment));
    }
}

fn authors(package: &mut Package<'_>, out: &mut Out<'_>) -> Vec<(String, String)> {
    let mut authors = Vec::new();
    for part in ["ppt/commentAuthors.xml", "ppt/authors.xml"] {
        for step in Walk::new(&package.text(part, out).unwrap_or_default()) {
            if let Step::Open(element) = step
                && matches!(element.name(), "cmAuthor" | "author")
            {
                let value = |name| element.attribute(name).unwrap_or_default();
                authors.push((value("id"), value("name")));
            }
        }
    }
    authors
}
