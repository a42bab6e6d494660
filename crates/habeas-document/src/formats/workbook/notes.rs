//! Who commented on which cell?

use habeas_model::{Hidden, Meaning, Part, Party, Passage, Place, PlaceKind};

use super::binary;
use crate::formats::captioned::Captioned;
use crate::formats::markup::{Step, Walk};
use crate::formats::package::Package;
use crate::out::Out;

/// A comment as the file has it.
#[derive(Default)]
pub(super) struct Note {
    pub(super) cell: String,
    pub(super) author: String,
    pub(super) text: String,
}

/// Reads the comments of a sheet, both kinds.
pub(super) fn read(
    package: &mut Package<'_>,
    part: &str,
    sheet: &str,
    hidden: Option<Hidden>,
    out: &mut Out<'_>,
) {
    for relation in package.relations(part, out) {
        let notes = match relation.kind.as_str() {
            "comments" if relation.target.ends_with(".bin") => {
                package.bytes(&relation.target, out).map(|bytes| binary::notes(&bytes))
            }
            "comments" => package.text(&relation.target, out).map(|xml| old(&xml)),
            "threadedComment" => {
                let people = people(package, out);
                package.text(&relation.target, out).map(|xml| threaded(&xml, &people))
            }
            _ => None,
        };
        for mut note in notes.into_iter().flatten() {
            // What stands where older versions look for a newer comment.
            if note.text.starts_with("[Threaded comment]") {
                continue;
            }
            // Newer versions sign with an id.
            if note.author.starts_with("tc={") {
                note.author.clear();
            }
            hand_over(note, sheet, hidden, out);
        }
    }
}

fn hand_over(note: Note, sheet: &str, hidden: Option<Hidden>, out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    lines.line("Cell", &note.cell, Meaning::Other, Party::Unknown);
    lines.line("Author", &note.author, Meaning::Name, Party::Unknown);
    lines.line("Comment", &note.text, Meaning::Text, Party::Unknown);
    let digits: String = note.cell.chars().filter(char::is_ascii_digit).take(9).collect();
    let row = digits.parse::<usize>().unwrap_or(1).max(1);
    let place = Place::new(PlaceKind::Cell, row).in_sheet(sheet);
    out.passage(Passage { hidden, ..lines.into_record(place, Part::Comment) });
}

/// Comments as they were before 2018.
fn old(xml: &str) -> Vec<Note> {
    let (mut authors, mut notes): (Vec<String>, Vec<Note>) = (Vec::new(), Vec::new());
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        match element.name() {
            "author" => authors.push(walk.inner_text()),
            "comment" => {
                let author = element.attribute("authorId").and_then(|id| id.parse::<usize>().ok());
                notes.push(Note {
                    cell: element.attribute("ref").unwrap_or_default(),
                    author: author.and_then(|id| authors.get(id)).cloned().unwrap_or_default(),
                    text: String::new(),
                });
            }
            "rPh" => walk.skip_inside(),
            "t" => {
                let text = walk.inner_text();
                if let Some(note) = notes.last_mut() {
                    note.text.push_str(&text);
                }
            }
            _ => {}
        }
    }
    notes
}

fn threaded(xml: &str, people: &[(String, String)]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    let mut walk = Walk::new(xml);
    while let Some(step) = walk.next() {
        let Step::Open(element) = step else { continue };
        match element.name() {
            "threadedComment" => {
                let person = element.attribute("personId").unwrap_or_default();
                let author = people.iter().find(|(id, _)| *id == person);
                notes.push(Note {
                    cell: element.attribute("ref").unwrap_or_default(),
                    author: author.map(|(_, name)| name.clone()).unwrap_or_default(),
                    text: String::new(),
                });
            }
            "text" => {
                let text = walk.inner_text();
                if let Some(note) = notes.last_mut() {
                    note.text.push_str(&text);
                }
            }
            _ => {}
        }
    }
    notes
}

fn people(package: &mut Package<'_>, out: &mut Out<'_>) -> Vec<(String, String)> {
    let mut people = Vec::new();
    for part in package.in_folder("xl/persons/") {
        let Some(xml) = package.text(&part, out).filter(|_| part.ends_with(".xml")) else {
            continue;
        };
        for step in Walk::new(&xml) {
            if let Step::Open(element) = step
                && element.name() == "person"
            {
                let value = |name| element.attribute(name).unwrap_or_default();
                people.push((value("id"), value("displayName")));
            }
        }
    }
    people
}
