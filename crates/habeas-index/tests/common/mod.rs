//! How do tests fill a memory?

#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::{Path, PathBuf};

use habeas_index::{Error, FileId, Found, NewItem, Prepared, Retry, Text, Writer};
use habeas_model::{
    Exception, Facts, ItemId, ItemPath, Passage, Place, PlaceKind, SourceName, Stamp, Terms,
};

/// Opens a writer for the sources of these names.
pub(crate) fn writer(dir: &Path, sources: &[&str]) -> Result<Writer, Error> {
    let sources: Vec<(SourceName, PathBuf)> = sources
        .iter()
        .map(|name| (SourceName::parse(name).unwrap(), PathBuf::from("/data").join(name)))
        .collect();
    Writer::open(dir, "v1", "l1", &sources)
}

/// An item that says `text`, a passage a line, found by its words; `id:…` words are identifiers.
pub(crate) fn item(text: &str) -> NewItem {
    let id = ItemId::of(text.as_bytes());
    let passages = text.lines().enumerate().map(|(number, line)| {
        let (ids, words) = line.split(' ').map(str::to_owned).partition(|w| w.starts_with("id:"));
        let passage = Passage::text(Place::new(PlaceKind::Line, number + 1), line);
        let number = u32::try_from(number).unwrap();
        Prepared::new(id, number, &passage, &[], &Terms { words, ids }).unwrap()
    });
    let passages = passages.collect();
    let names = text.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    NewItem {
        id,
        size_bytes: text.len() as u64,
        media_type: "text/plain".to_owned(),
        n_members: 0,
        facts: Facts::default(),
        exceptions: Vec::new(),
        text: Some(Text { passages, names }),
    }
}

/// Puts a file with these members into the memory; `!` is one that cannot be read.
pub(crate) fn put(writer: &mut Writer, source: usize, file: &str, texts: &[&str]) {
    let source = writer.sources()[source].1;
    let path = ItemPath::file(file.as_bytes());
    let stamp = Stamp { size_bytes: 1, modified_ns: 2, inode: 3 };
    let id = writer.begin_file(source, Path::new(file), &path, stamp).unwrap();
    for (number, text) in texts.iter().enumerate() {
        let path = if number == 0 { path.clone() } else { path.member(&number.to_string()) };
        let mut item = item(text);
        if text.starts_with('!') {
            item.text = None;
            item.exceptions = vec![Exception::whole(habeas_model::Reason::Corrupt, "")];
        }
        writer.add(source, id, Found::Item { path, item: Box::new(item) }).unwrap();
    }
    writer.end_file(id, stamp, Retry::Never).unwrap();
}

/// Begins a file whose text comes in parts, and gives the item with the rest of its parts.
pub(crate) fn begin(writer: &mut Writer, file: &str, text: &str) -> (FileId, Vec<Text>) {
    let source = writer.sources()[0].1;
    let path = ItemPath::file(file.as_bytes());
    let id = writer.begin_file(source, Path::new(file), &path, Stamp::default()).unwrap();
    let mut item = item(text);
    let mut whole = item.text.take().unwrap();
    let names = std::mem::take(&mut whole.names);
    let parts = whole.passages.into_iter().zip(names);
    let mut parts: Vec<Text> =
        parts.map(|(passage, name)| Text { passages: vec![passage], names: vec![name] }).collect();
    item.text = Some(parts.remove(0));
    writer.add_first(source, id, Found::Item { path, item: Box::new(item) }).unwrap();
    (id, parts)
}
