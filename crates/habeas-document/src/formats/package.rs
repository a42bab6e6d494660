//! Which parts does an office document consist of, and what do they say?
//!
//! Both Office Open XML and OpenDocument are zip archives of XML parts that point at each other.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use ::zip::ZipArchive;
use habeas_model::{Exception, Meaning, Part, Party, Passage, Personal, Place, PlaceKind, Reason};

use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::markup::{Step, Walk};
use crate::formats::{gzip, zip};
use crate::out::{Input, Out, Unpacked};

/// An office document that is open.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Where each part is, by its name in lower case, with `/` and without one at its start.
    parts: HashMap<String, usize>,
    /// The names as they are written, in the archive's order.
    names: Vec<(String, usize)>,
    budget: &'a crate::Budget,
    spent_bytes: u64,
}

/// What one part says of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relation {
    pub(crate) id: String,
    /// The last word of its kind: `header`, `comments`, `hyperlink`.
    pub(crate) kind: String,
    /// The part's name, or the address of what lies outside.
    pub(crate) target: String,
    pub(crate) is_outside: bool,
}

impl<'a> Package<'a> {
    /// Opens a document, or says why it cannot be.
    pub(crate) fn open(input: &Input<'a>) -> Result<Self, Exception> {
        // The library keeps the whole list, and parts that nothing points at are in it too.
        if zip::n_listed(input.bytes) > input.budget.children {
            let note = format!("more than {} parts", input.budget.children);
            return Err(Exception::whole(Reason::CountLimit, note));
        }
        let mut archive = ZipArchive::new(Cursor::new(input.bytes))
            .map_err(|_| Exception::whole(Reason::Corrupt, "no list of parts"))?;
        let (mut parts, mut names) = (HashMap::new(), Vec::new());
        for index in 0..archive.len() {
            let Ok(member) = archive.by_index_raw(index) else { continue };
            let Ok(name) = member.name() else { continue };
            let name = name.replace('\\', "/").trim_start_matches('/').to_owned();
            if !name.ends_with('/') {
                parts.insert(name.to_lowercase(), index);
                names.push((name, index));
            }
        }
        Ok(Self { archive, parts, names, budget: input.budget, spent_bytes: 0 })
    }

    /// Is there a part of that name?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&name.to_lowercase())
    }

    /// The names of the parts in a folder, in order; numbers in them count as numbers.
    pub(crate) fn in_folder(&self, folder: &str) -> Vec<String> {
        let folder = folder.to_lowercase();
        let of_folder = |name: &&(String, usize)| name.0.to_lowercase().starts_with(&folder);
        let mut names: Vec<String> =
            self.names.iter().filter(of_folder).map(|(name, _)| name.clone()).collect();
        let number = |name: &str| -> u64 {
            let digits: String = name.chars().filter(char::is_ascii_digit).take(12).collect();
            digits.parse().unwrap_or(0)
        };
        names.sort_by_cached_key(|name| (number(name), name.clone()));
        names.dedup();
        names
    }

    /// The bytes of a part; `None` if there is no such part.
    ///
    /// One that cannot be unpacked, or not within the budget, is reported.
    pub(crate) fn bytes(&mut self, name: &str, out: &mut Out<'_>) -> Option<Vec<u8>> {
        let index = *self.parts.get(&name.to_lowercase())?;
        let mut trouble = |reason, note: &str| {
            out.exception(Exception::part(reason, None, format!("part {}: {note}", index + 1)));
        };
        let member = match self.archive.by_index(index) {
            Ok(member) => member,
            Err(_) => {
                trouble(Reason::Corrupt, "cannot be unpacked");
                return None;
            }
        };
        let allowance = self.budget.allowance(member.compressed_size(), self.spent_bytes);
        let mut bytes = Vec::new();
        let is_whole = member.take(allowance.saturating_add(1)).read_to_end(&mut bytes).is_ok();
        self.spent_bytes += bytes.len() as u64;
        if bytes.len() as u64 > allowance {
            trouble(Reason::ExpansionLimit, "unpacks to more than it may");
            return None;
        }
        if !is_whole {
            trouble(Reason::Corrupt, "is damaged");
        }
        Some(bytes)
    }

    /// The text of an XML part; `None` if there is no such part.
    pub(crate) fn text(&mut self, name: &str, out: &mut Out<'_>) -> Option<String> {
        let bytes = self.bytes(name, out)?;
        let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(&bytes)).into_owned();
        let declared = head
            .split_once("encoding=")
            .and_then(|(_, rest)| rest.get(1..)?.split(['"', '\'']).next())
            .map(str::to_owned);
        Some(encoding::decode(&bytes, declared.as_deref()).text.into_owned())
    }

    /// What a part says of others; the package itself is the part with an empty name.
    pub(crate) fn relations(&mut self, part: &str, out: &mut Out<'_>) -> Vec<Relation> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let Some(xml) = self.text(&format!("{folder}{slash}_rels/{file}.rels"), out) else {
            return Vec::new();
        };
        let mut relations = Vec::new();
        for step in Walk::new(&xml) {
            let Step::Open(element) = step else { continue };
            if element.name() != "Relationship" {
                continue;
            }
            let value = |name| element.attribute(name).unwrap_or_default();
            let kind = value("Type");
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let is_outside = value("TargetMode").eq_ignore_ascii_case("external");
            let target = value("Target");
            let target = if is_outside { target } else { resolved(folder, &target) };
            relations.push(Relation { id: value("Id"), kind, target, is_outside });
        }
        relations
    }

    /// Lists the parts of a folder that are files of their own: pictures, embedded documents.
    pub(crate) fn children(&self, folder: &str, out: &mut Out<'a>) {
        for name in self.in_folder(folder) {
            self.child(&name, out);
        }
    }

    /// Lists a part as a member.
    pub(crate) fn child(&self, name: &str, out: &mut Out<'a>) {
        let Some(index) = self.parts.get(&name.to_lowercase()).copied() else { return };
        let mut archive = self.archive.clone();
        let packed_bytes = archive.by_index_raw(index).map_or(0, |member| member.compressed_size());
        out.packed(name, packed_bytes, move |limit| match archive.by_index(index) {
            Ok(member) => gzip::unpack(member.take(limit.saturating_add(1)), limit),
            Err(_) => Unpacked {
                bytes: Vec::new(),
                exception: Some(Exception::whole(Reason::Corrupt, "cannot be unpacked")),
            },
        });
    }

    /// The properties of an Office Open XML document, as facts and as a passage.
    pub(crate) fn properties(&mut self, out: &mut Out<'_>) {
        let mut lines = Captioned::default();
        for part in ["docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"] {
            let Some(xml) = self.text(part, out) else { continue };
            let mut walk = Walk::new(&xml);
            let mut custom = None;
            while let Some(step) = walk.next() {
                let Step::Open(element) = step else { continue };
                if element.name() == "property" {
                    custom = element.attribute("name");
                    continue;
                }
                let known = PROPERTIES.iter().find(|(name, _, _)| *name == element.name());
                let is_value = custom.is_some() && element.prefix() == "vt";
                if known.is_none() && !is_value {
                    continue;
                }
                let value = walk.inner_text();
                match (known, custom.take()) {
                    (_, Some(caption)) => {
                        lines.line(&caption, &value, Meaning::Text, Party::Unknown);
                    }
                    (Some((name, caption, meaning)), None) => {
                        property_fact(name, &value, out);
                        if !caption.is_empty() {
                            lines.line(caption, &value, *meaning, Party::Unknown);
                        }
                    }
                    (None, None) => {}
                }
            }
        }
        hand_over_properties(lines, out);
    }
}

/// Properties that name people or tell what a document is about; an empty caption is a fact only.
const PROPERTIES: [(&str, &str, Meaning); 12] = [
    ("title", "Title", Meaning::Text),
    ("subject", "Subject", Meaning::Text),
    ("creator", "Author", Meaning::Name),
    ("lastModifiedBy", "Last modified by", Meaning::Name),
    ("keywords", "Keywords", Meaning::Text),
    ("description", "Description", Meaning::Text),
    ("category", "Category", Meaning::Text),
    ("contentStatus", "Status", Meaning::Text),
    ("Manager", "Manager", Meaning::Name),
    ("Company", "Company", Meaning::Organisation),
    ("created", "", Meaning::Date),
    ("modified", "", Meaning::Date),
];

fn property_fact(name: &str, value: &str, out: &mut Out<'_>) {
    let value = value.trim();
    match name {
        _ if value.is_empty() => {}
        "title" => out.facts().title = Some(Personal::new(value.to_owned())),
        "modified" => out.facts().dated = Some(value.to_owned()),
        "created" if out.facts().dated.is_none() => out.facts().dated = Some(value.to_owned()),
        _ => {}
    }
}

/// Hands properties over.
pub(crate) fn hand_over_properties(lines: Captioned, out: &mut Out<'_>) {
    if !lines.is_empty() {
        let passage = lines.into_record(Place::new(PlaceKind::Header, 1), Part::Properties);
        out.passage(Passage { is_record: false, ..passage });
    }
}

/// A target as seen from a folder: `../media/a.png` in `word` is `media/a.png`.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut segments: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|segment| !segment.is_empty()).collect(),
    };
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_seen_from_their_folder() {
        assert_eq!(resolved("word", "media/a.png"), "word/media/a.png");
        assert_eq!(resolved("ppt/slides", "../notesSlides/n1.xml"), "ppt/notesSlides/n1.xml");
        assert_eq!(resolved("word", "/word/header1.xml"), "word/header1.xml");
        assert_eq!(resolved("", "../../etc/passwd"), "etc/passwd");
    }
}
