//! What do the slides of a PowerPoint document from before 2007 say?
//!
//! A stream of records holds everything; each time the document is saved what has changed is added
//! at its end, with a list of what holds now ([MS-PPT] 2.1.2). What no list names any more was
//! taken out, and is still there.

use std::collections::{HashMap, HashSet};

use flate2::read::ZlibDecoder;
use habeas_model::{Card, Exception, Hidden, Meaning, Part, Party, Place, PlaceKind, Reason};

use super::{Format, art};
use crate::formats::captioned::Captioned;
use crate::formats::compound::{Compound, u16_at, u32_at, utf16};
use crate::formats::docx::person_in;
use crate::formats::flow::Flow;
use crate::formats::gzip;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod locked;
mod records;

use records::{Record, Records};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "ppt",
        version: 3,
        summary: "PowerPoint before 2007: slides, also hidden and deleted ones, notes, comments",
        handles: &[PPT, ".ppt", ".pps", ".pot"],
        authority: "[MS-PPT]",
    },
    sniff,
    read,
};

const PPT: &str = "application/vnd.ms-powerpoint";

// [MS-PPT] 2.13.24.
const DOCUMENT: u16 = 0x03e8;
const SLIDE: u16 = 0x03ee;
const NOTES: u16 = 0x03f0;
const NOTES_ATOM: u16 = 0x03f1;
const SLIDE_PERSIST: u16 = 0x03f3;
const MASTER: u16 = 0x03f8;
const SHOW_INFO: u16 = 0x03f9;
const PLACEHOLDER: u16 = 0x0bc3;
const TEXT_CHARACTERS: u16 = 0x0fa0;
const TEXT_BYTES: u16 = 0x0fa8;
const STRING: u16 = 0x0fba;
const HYPERLINK: u16 = 0x0fd7;
const HYPERLINK_ATOM: u16 = 0x0fd3;
const HEADERS: u16 = 0x0fd9;
const SLIDE_LIST: u16 = 0x0ff0;
const INTERACTION: u16 = 0x0ff3;
const USER_EDIT: u16 = 0x0ff5;
const OBJECT: u16 = 0x1011;
const TAGGED: u16 = 0x138b;
const PERSIST_DIRECTORY: u16 = 0x1772;
const COMMENT: u16 = 0x2ee0;
// [MS-ODRAW] 2.2.
const SHAPE: u16 = 0xf004;
const SHAPE_OPTIONS: u16 = 0xf00b;

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_ppt =
        sample.has_cfb_stream("PowerPoint Document") && !sample.has_cfb_stream("EncryptedPackage");
    is_ppt.then_some((Sure::Structure, PPT))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut file = match Compound::open(input.bytes) {
        Ok(file) => file,
        Err(exception) => return out.exception(exception),
    };
    // Two versions of the same document may stand in one file; the newer one is in a storage.
    let folder = if file.has_stream("PP97_DUALSTORAGE/PowerPoint Document") {
        "PP97_DUALSTORAGE/"
    } else {
        ""
    };
    let Some(mut stream) = file.stream(&format!("{folder}PowerPoint Document")) else {
        return out.exception(Exception::whole(Reason::Corrupt, "has no stream of slides"));
    };
    let user = file.stream(&format!("{folder}Current User")).unwrap_or_default();
    let key = match locked::unlock(&mut stream, &user, input.budget) {
        Ok(key) => key,
        Err(exception) => return out.exception(exception),
    };
    Deck::open(&stream, &user).read(out);
    if let Some(key) = &key {
        key.add_hidden(&mut file);
    }
    file.properties(out);
    objects(&stream, out);
    let mut pictures = file.stream(&format!("{folder}Pictures")).unwrap_or_default();
    if let Some(key) = &key
        && !locked::pictures(key, &mut pictures)
    {
        let note = "not all of its pictures could be decrypted";
        out.exception(Exception::part(Reason::Encrypted, None, note));
    }
    art::pictures(&pictures, &mut HashSet::new(), out);
}

/// Objects that were put in: compound files, mostly packed.
fn objects<'a>(stream: &[u8], out: &mut Out<'a>) {
    let objects = Records { bytes: stream }.filter(|record| record.kind == OBJECT);
    for (index, object) in objects.enumerate() {
        let name = format!("object {}.ole", index + 1);
        match (object.instance, object.body.get(4..)) {
            (1, Some(packed)) => {
                let packed = packed.to_vec();
                out.packed(&name, packed.len() as u64, move |limit| {
                    gzip::unpack(ZlibDecoder::new(packed.as_slice()), limit)
                });
            }
            _ => out.child(&name, object.body.to_vec()),
        }
    }
}

/// A slide as the document lists it.
#[derive(Default)]
struct Listed {
    place: usize,
    id: u32,
    /// Titles and bullets that stand in the list, not in the slide.
    texts: Vec<String>,
}

/// A document that is open.
struct Deck<'b> {
    stream: &'b [u8],
    /// Where everything that holds now begins, by its number.
    live: HashMap<u32, usize>,
    document: Option<Record<'b>>,
    /// Where links lead, as far as that is to people.
    people: HashMap<u32, String>,
}

/// A document is saved fewer times than this between two that start afresh.
const MAX_EDITS: usize = 10_000;

impl<'b> Deck<'b> {
    fn open(stream: &'b [u8], user: &[u8]) -> Self {
        let mut live = HashMap::new();
        let mut document = None;
        let mut n_named = 0;
        for edit in edits(stream, user) {
            // Each name takes four bytes, so that lists that are the same one over and over are damage.
            if n_named > stream.len() / 4 {
                break;
            }
            for (id, place) in persisted(stream, &edit) {
                n_named += 1;
                // A later list counts before an earlier one.
                live.entry(id).or_insert(place);
            }
            document = document.or(u32_at(edit.body, 16));
        }
        let document =
            document.and_then(|id| live.get(&id)).and_then(|at| records::at(stream, *at));
        let document = document
            .filter(|record| record.kind == DOCUMENT)
            .or_else(|| Records { bytes: stream }.filter(|record| record.kind == DOCUMENT).last());
        let people = document.map(|document| people(&document)).unwrap_or_default();
        Self { stream, live, document, people }
    }

    fn read(&self, out: &mut Out<'_>) {
        let mut said = HashSet::new();
        let slides = self.listed(0);
        let notes = self.notes();
        let mut is_read: HashSet<usize> = HashSet::new();
        for (index, slide) in slides.iter().enumerate() {
            let number = index + 1;
            let Some(record) = self.record(slide.place, SLIDE) else {
                let place = Some(Place::new(PlaceKind::Page, number));
                out.exception(Exception::part(Reason::Corrupt, place, "a slide is missing"));
                self.say(&slide.texts, number, None, &mut said, out);
                continue;
            };
            is_read.insert(slide.place);
            // The third flag says that it is left out when the slides are shown.
            let info = record.find(SHOW_INFO).and_then(|info| u16_at(info.body, 10));
            let hidden = info.is_some_and(|flags| flags & 4 != 0).then_some(Hidden::Invisible);
            let mut texts = slide.texts.clone();
            let own = self.texts(&record, false);
            texts.extend(own.into_iter().filter(|text| !slide.texts.contains(text)));
            self.say(&texts, number, hidden, &mut said, out);
            for (place, record) in notes.iter().filter(|(_, notes)| note_of(notes) == slide.id) {
                is_read.insert(*place);
                let mut flow = Flow::of_part(PlaceKind::Page, Part::Comment);
                for text in self.texts(record, false) {
                    said.insert(text.clone());
                    flow.paragraph(number, &text, out);
                }
                flow.flush(out);
            }
            comments(&record, number, out);
        }
        for master in self.listed(1) {
            if let Some(record) = self.record(master.place, MASTER) {
                is_read.insert(master.place);
                let texts: Vec<String> = self.texts(&record, true);
                let texts: Vec<String> =
                    texts.into_iter().filter(|text| !said.contains(text)).collect();
                self.say(&texts, 1, None, &mut said, out);
            }
        }
        if let Some(document) = &self.document {
            let mut texts = headers(document);
            texts.retain(|text| !said.contains(text));
            self.say(&texts, 1, None, &mut said, out);
        }
        self.remains(&is_read, &mut said, out);
        out.facts().n_pages = u32::try_from(slides.len()).ok();
        if self.document.is_none() {
            out.exception(Exception::whole(Reason::Corrupt, "has no list of slides"));
        }
    }

    /// What no list names: slides that were deleted, earlier versions of slides.
    fn remains(&self, is_read: &HashSet<usize>, said: &mut HashSet<String>, out: &mut Out<'_>) {
        let mut flow = Flow::hidden(PlaceKind::Page, Hidden::Deleted);
        let start = self.stream.as_ptr().addr();
        for record in (Records { bytes: self.stream }) {
            let place = record.body.as_ptr().addr() - start - 8;
            if is_read.contains(&place) || !matches!(record.kind, SLIDE | NOTES | DOCUMENT) {
                continue;
            }
            let texts = match record.kind {
                DOCUMENT => list_of(&record, 0).into_iter().flat_map(|slide| slide.texts).collect(),
                _ => self.texts(&record, false),
            };
            for text in texts {
                if said.insert(text.clone()) {
                    flow.paragraph(1, &text, out);
                }
            }
        }
        flow.flush(out);
    }

    fn say(
        &self,
        texts: &[String],
        number: usize,
        hidden: Option<Hidden>,
        said: &mut HashSet<String>,
        out: &mut Out<'_>,
    ) {
        let mut flow = Flow::slide(hidden);
        for text in texts {
            said.insert(text.clone());
            flow.paragraph(number, text, out);
        }
        flow.flush(out);
    }

    fn record(&self, place: usize, kind: u16) -> Option<Record<'b>> {
        records::at(self.stream, place).filter(|record| record.kind == kind)
    }

    /// The slides (list 0) or masters (list 1) in their order.
    fn listed(&self, list: u16) -> Vec<Listed> {
        let mut listed = self.document.map(|document| list_of(&document, list)).unwrap_or_default();
        for slide in &mut listed {
            let id = u32::try_from(slide.place).unwrap_or(u32::MAX);
            slide.place = self.live.get(&id).copied().unwrap_or(usize::MAX);
        }
        if self.live.is_empty() && list == 0 {
            // Without lists of what holds, every slide does.
            let start = self.stream.as_ptr().addr();
            let places: Vec<usize> = Records { bytes: self.stream }
                .filter(|record| record.kind == SLIDE)
                .map(|record| record.body.as_ptr().addr() - start - 8)
                .collect();
            listed.resize_with(places.len().max(listed.len()), Listed::default);
            for (slide, place) in listed.iter_mut().zip(places) {
                slide.place = place;
            }
        }
        listed
    }

    /// The notes that hold now, and where they begin.
    fn notes(&self) -> Vec<(usize, Record<'b>)> {
        let mut places: Vec<usize> = self.live.values().copied().collect();
        places.sort_unstable();
        let record = |place| Some((place, self.record(place, NOTES)?));
        places.into_iter().filter_map(record).collect()
    }

    /// The texts of the shapes of a slide, and what describes its pictures.
    fn texts(&self, slide: &Record<'b>, is_master: bool) -> Vec<String> {
        let mut texts = Vec::new();
        slide.walk(&mut |record| {
            if record.kind == SHAPE {
                // What a master says in a place for titles and bullets is an invitation to click.
                let mut kind = None;
                record.walk(&mut |inner| {
                    if inner.kind == PLACEHOLDER {
                        kind = inner.body.get(4).copied();
                    }
                    true
                });
                let is_invitation = matches!(kind, Some(1..=6 | 8));
                if !(is_master && is_invitation) {
                    self.shape(record, &mut texts);
                }
                return false;
            }
            record.kind != COMMENT
        });
        texts
    }

    fn shape(&self, shape: &Record<'b>, texts: &mut Vec<String>) {
        let mut links = Vec::new();
        let first = texts.len();
        shape.walk(&mut |record| {
            match record.kind {
                TEXT_CHARACTERS | TEXT_BYTES => {
                    texts.extend(record.text().map(|text| readable(&text)));
                }
                INTERACTION => {
                    let id = u32_at(record.body, 4).unwrap_or(0);
                    links.extend(self.people.get(&id).cloned());
                }
                SHAPE_OPTIONS => texts.extend(description(record)),
                _ => {}
            }
            true
        });
        for link in links {
            if !texts[first..].iter().any(|text| text.contains(&link)) {
                texts.push(format!("<{link}>"));
            }
        }
        texts.retain(|text| !matches!(text.trim(), "" | "*"));
    }
}

/// Each time that a document was saved, the last one first.
fn edits<'b>(stream: &'b [u8], user: &[u8]) -> Vec<Record<'b>> {
    let mut edits = Vec::new();
    let mut place = u32_at(user, 16).map(|place| place as usize);
    while let Some(edit) = place.and_then(|place| records::at(stream, place))
        && edit.kind == USER_EDIT
        && edits.len() < MAX_EDITS
    {
        edits.push(edit);
        // An edit before this one stands before it; anything else would go round in circles.
        let before = u32_at(edit.body, 8).unwrap_or(0) as usize;
        place = (before != 0 && place.is_some_and(|place| before < place)).then_some(before);
    }
    edits
}

/// What the list of an edit names: a number, and where what it stands for begins.
fn persisted(stream: &[u8], edit: &Record<'_>) -> Vec<(u32, usize)> {
    let list = u32_at(edit.body, 12).and_then(|at| records::at(stream, at as usize));
    let list = list.filter(|list| list.kind == PERSIST_DIRECTORY).map_or(&[][..], |list| list.body);
    let (numbers, _) = list.as_chunks::<4>();
    let mut numbers = numbers.iter().map(|four| u32::from_le_bytes(*four));
    let mut named = Vec::new();
    while let Some(head) = numbers.next() {
        let (first, n) = (head & 0xf_ffff, head >> 20);
        for index in 0..n {
            let Some(place) = numbers.next() else { return named };
            named.push((first + index, place as usize));
        }
    }
    named
}

fn list_of(document: &Record<'_>, list: u16) -> Vec<Listed> {
    let mut listed: Vec<Listed> = Vec::new();
    let lists = document.inside().filter(|record| record.kind == SLIDE_LIST);
    for record in lists.filter(|record| record.instance == list).flat_map(|list| list.inside()) {
        if record.kind == SLIDE_PERSIST {
            listed.push(Listed {
                place: u32_at(record.body, 0).unwrap_or(u32::MAX) as usize,
                id: u32_at(record.body, 12).unwrap_or(0),
                texts: Vec::new(),
            });
        } else if let (TEXT_CHARACTERS | TEXT_BYTES, Some(slide)) = (record.kind, listed.last_mut())
        {
            let text = record.text().map(|text| readable(&text)).unwrap_or_default();
            if !matches!(text.trim(), "" | "*") {
                slide.texts.push(text);
            }
        }
    }
    listed
}

/// The slide that notes belong to.
fn note_of(notes: &Record<'_>) -> u32 {
    notes.find(NOTES_ATOM).and_then(|atom| u32_at(atom.body, 0)).unwrap_or(u32::MAX)
}

/// Where links lead to people, by the links' numbers.
fn people(document: &Record<'_>) -> HashMap<u32, String> {
    let mut people = HashMap::new();
    document.walk(&mut |record| {
        if record.kind == HYPERLINK {
            let id = record.find(HYPERLINK_ATOM).and_then(|atom| u32_at(atom.body, 0));
            let targets =
                record.inside().filter(|inner| inner.kind == STRING && inner.instance != 0);
            let person = targets.filter_map(|text| person_in(&text.text()?)).next();
            people.extend(id.zip(person));
        }
        true
    });
    people
}

/// What stands above and below every slide.
fn headers(document: &Record<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    document.walk(&mut |record| {
        if record.kind == HEADERS {
            let strings = record.inside().filter(|inner| inner.kind == STRING);
            for text in strings.filter_map(|string| string.text()) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
        record.kind != SLIDE_LIST
    });
    texts
}

/// Comments: who made each, and what it says ([MS-PPT] 2.5.23).
fn comments(slide: &Record<'_>, number: usize, out: &mut Out<'_>) {
    slide.walk(&mut |record| {
        if record.kind != COMMENT {
            // Tags of later versions hold them, behind a name.
            return true;
        }
        let string = |instance| {
            let mut strings = record.inside().filter(|inner| inner.kind == STRING);
            let found = strings.find(|string| string.instance == instance);
            found.and_then(|string| string.text()).unwrap_or_default()
        };
        let mut lines = Captioned::default();
        lines.line("Author", &string(0), Meaning::Name, Party::Unknown);
        lines.line("Comment", &string(1), Meaning::Text, Party::Unknown);
        out.passage(lines.into_record(Place::new(PlaceKind::Page, number), Part::Comment));
        false
    });
}

/// What describes a picture or shape to those who cannot see it ([MS-ODRAW] 2.3.4.8).
fn description(options: &Record<'_>) -> Option<String> {
    const DESCRIPTION: u16 = 0x0381;
    let n = usize::from(options.instance);
    let mut at = n * 6;
    for index in 0..n {
        let id = u16_at(options.body, index * 6)?;
        if id & 0x8000 == 0 {
            continue;
        }
        let n_bytes = u32_at(options.body, index * 6 + 2)? as usize;
        if id & 0x3fff == DESCRIPTION {
            let text = utf16(options.body.get(at..at.checked_add(n_bytes)?)?);
            return Some(text.trim_end_matches('\0').to_owned());
        }
        at = at.checked_add(n_bytes)?;
    }
    None
}

/// Text with its paragraphs on lines of their own.
fn readable(text: &str) -> String {
    text.replace(['\r', '\u{b}'], "\n").replace('\0', "")
}
