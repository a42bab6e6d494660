//! Which folders and messages does an Outlook data file hold?
//!
//! Messages are members, named by their folder and their number in it: `Inbox/17`. Folders and
//! messages are found by the tree of all nodes and not by the lists of their folders, so that what
//! was deleted and is still there, what a rule or a form hides, and what lies outside the folders a
//! user sees is found as well ([MS-PST]). Nothing but the trees is read before it is a message's
//! turn. `outlook-pst` would need a second copy of the file in memory, fails on one bad table, and
//! does not know the layout of 2013.

use std::collections::BTreeMap;
use std::rc::Rc;

use habeas_model::{Card, Exception, Meaning, Part, Party, Place, PlaceKind, Reason};

use super::Format;
use crate::formats::captioned::Captioned;
use crate::formats::compound::{u16_at, u32_at};
use crate::formats::mapi::{Key, Properties};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod cipher;
mod ltp;
mod messages;
mod ndb;

use ltp::Heap;
use messages::Store;
use ndb::{Layout, Ndb};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "pst",
        version: 2,
        summary: "Outlook data files: each message, contact and appointment is a member",
        handles: &["application/vnd.ms-outlook-pst", ".pst", ".ost"],
        authority: "[MS-PST]; [MS-OXPROPS]; libpff, Personal Folder File format",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_ours = sample.starts_with(b"!BDN");
    is_ours.then_some((Sure::Magic, "application/vnd.ms-outlook-pst"))
}

/// The kinds of nodes, by the lowest five bits of their number ([MS-PST] 2.2.2.1).
const FOLDER: u32 = 0x02;
const MESSAGE: u32 = 0x04;
const HIDDEN_MESSAGE: u32 = 0x08;

/// The node of the store itself, of the map of names, and of the folder that all are in.
const STORE: u32 = 0x21;
const ROOT: u32 = 0x122;

/// The properties of a folder or the store are no larger than this.
const MAX_PROPERTIES_BYTES: u64 = 4 << 20;

/// Folders in folders.
const MAX_FOLDERS_DEEP: usize = 64;

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    // `wMagicClient`: data files of Outlook, not the address books that are kept the same way.
    let is_data = input.bytes.get(8..10) == Some(b"SM") || input.bytes.get(8..10) == Some(b"SO");
    let Some(ndb) = Ndb::open(input.bytes).filter(|_| is_data) else {
        let note = match u16_at(input.bytes, 10) {
            Some(version) if input.bytes.len() > 600 => {
                format!("a data file of an unknown layout ({version})")
            }
            _ => "a data file that ends in its head".to_owned(),
        };
        out.exception(Exception::whole(Reason::Unsupported, note));
        return;
    };
    if ndb.nodes.is_empty() {
        let (reason, note) = match ndb.layout {
            Layout::Unicode4k => {
                (Reason::Unsupported, "a data file of Outlook 2013 that is not laid out as known")
            }
            _ => (Reason::Corrupt, "the tree of the data file cannot be read"),
        };
        return out.exception(Exception::whole(reason, note));
    }
    if ndb.is_damaged {
        let note = "parts of the trees of the data file are missing";
        out.exception(Exception::whole(Reason::Corrupt, note));
    }
    let store = Rc::new(Store::new(ndb));
    let folders = folders(&store, out);
    list(&store, &folders, out);
}

/// The paths of the folders by their numbers; their names and comments are passages.
fn folders(store: &Store<'_>, out: &mut Out<'_>) -> BTreeMap<u32, String> {
    let ndb = &store.ndb;
    let of_node = |number: u32| -> Option<Properties<'_>> {
        let heap = Heap::open(ndb, *ndb.nodes.get(&number)?, MAX_PROPERTIES_BYTES)?;
        Some(Properties::new(store.raws(heap.properties().ok()?.0), None))
    };
    let about = of_node(STORE);
    // The folder below which a user's own folders are: its entry ends in its number.
    let top = about.as_ref().and_then(|store| u32_at(store.bytes(0x35e0)?, 20)).unwrap_or(ROOT);
    let mut names: BTreeMap<u32, (String, u32)> = BTreeMap::new();
    let mut place = 1;
    let mut told: Vec<(usize, Captioned)> = Vec::new();
    let mut store_lines = Captioned::default();
    if let Some(about) = &about {
        let name = about.text(&[0x3001]).unwrap_or_default();
        store_lines.line("Data file", name, Meaning::Text, Party::Unknown);
        let comment = about.text(&[0x3004]).unwrap_or_default();
        store_lines.line("Comment", comment, Meaning::Text, Party::Unknown);
    }
    told.push((place, store_lines));
    let mut n_unread = 0;
    let mut comments: BTreeMap<u32, String> = BTreeMap::new();
    for (number, node) in ndb.nodes.iter().filter(|(number, _)| *number & 0x1f == FOLDER) {
        let properties = of_node(*number);
        n_unread += usize::from(properties.is_none());
        let properties = properties.unwrap_or_default();
        let name = properties.text(&[0x3001]).unwrap_or_default().replace(['/', '\\'], "_");
        if let Some(comment) = properties.text(&[0x3004]) {
            comments.insert(*number, comment.to_owned());
        }
        names.insert(*number, (name, node.parent));
    }
    let path = |number: u32| -> String {
        let (mut segments, mut at) = (Vec::new(), number);
        while at != top && at != ROOT && segments.len() < MAX_FOLDERS_DEEP {
            let Some((name, parent)) = names.get(&at) else {
                segments.push("lost folder".to_owned());
                break;
            };
            segments.push(if name.is_empty() { format!("folder {at:x}") } else { name.clone() });
            if *parent == at {
                break;
            }
            at = *parent;
        }
        segments.reverse();
        segments.join("/")
    };
    let paths: BTreeMap<u32, String> =
        names.keys().map(|number| (*number, path(*number))).collect();
    for (number, path) in &paths {
        place += 1;
        let mut lines = Captioned::default();
        lines.line("Folder", path, Meaning::Text, Party::Unknown);
        let comment = comments.get(number).map(String::as_str).unwrap_or_default();
        lines.line("Comment", comment, Meaning::Text, Party::Unknown);
        told.push((place, lines));
    }
    for (place, lines) in told {
        out.passage(lines.into_record(Place::new(PlaceKind::Row, place), Part::Properties));
    }
    if n_unread > 0 {
        let note = format!("{n_unread} folders whose properties cannot be read");
        out.exception(Exception::whole(Reason::Corrupt, note));
    }
    paths
}

/// Lists the messages in the order of their numbers.
fn list<'a>(store: &Rc<Store<'a>>, folders: &BTreeMap<u32, String>, out: &mut Out<'a>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (number, node) in &store.ndb.nodes {
        let kind = number & 0x1f;
        if kind != MESSAGE && kind != HIDDEN_MESSAGE {
            continue;
        }
        let folder = folders.get(&node.parent).map_or("no folder", String::as_str);
        let mut folder = folder.to_owned();
        if kind == HIDDEN_MESSAGE {
            // Rules, forms and settings of the folder.
            folder =
                if folder.is_empty() { "hidden".to_owned() } else { format!("{folder}/hidden") };
        }
        let count = counts.entry(folder.clone()).or_default();
        *count += 1;
        let name = if folder.is_empty() { count.to_string() } else { format!("{folder}/{count}") };
        let (store, node) = (Rc::clone(store), *node);
        let packed_bytes = store.ndb.extent(node);
        out.packed(&name, packed_bytes, move |limit| store.carry(node, limit));
    }
}

/// What a property of a data file is called.
fn key(names: &BTreeMap<u16, Key>, tag: u16) -> Key {
    names.get(&tag).cloned().unwrap_or(Key::Tag(tag))
}
