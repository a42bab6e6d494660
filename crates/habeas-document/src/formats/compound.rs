//! Which streams does a compound file hold, and what is in them?

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use habeas_model::{Exception, Meaning, Party, Personal, Reason};

use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::mapi::ticks_to_iso;
use crate::formats::package::hand_over_properties;
use crate::formats::rtf::of_code_page;
use crate::out::Out;

mod lenient;

use lenient::Lenient;

/// A compound file that is open.
pub(crate) struct Compound<'a> {
    file: File<'a>,
    /// Was a stream shorter than its list says?
    is_short: bool,
    /// Streams that were hidden in others, by their names.
    added: Vec<(String, Vec<u8>)>,
}

enum File<'a> {
    Sound(CompoundFile<Cursor<&'a [u8]>>),
    /// One that the library refuses.
    Damaged(Lenient<'a>),
}

/// Directories of more entries than this are no office documents.
const MAX_ENTRIES: usize = 50_000;

impl<'a> Compound<'a> {
    /// Opens a compound file, or says why it cannot be.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Exception> {
        let file = match CompoundFile::open(Cursor::new(bytes)) {
            Ok(file) => File::Sound(file),
            Err(_) => match Lenient::open(bytes) {
                Some(file) => File::Damaged(file),
                None => return Err(Exception::whole(Reason::Corrupt, "a damaged compound file")),
            },
        };
        Ok(Self { file, is_short: false, added: Vec::new() })
    }

    /// Is there a stream of that name?
    pub(crate) fn has_stream(&self, path: &str) -> bool {
        match &self.file {
            File::Sound(file) => file.is_stream(path),
            File::Damaged(file) => file.has_stream(path),
        }
    }

    /// Adds a stream that was hidden in another; it counts before one of the same name.
    pub(crate) fn add(&mut self, name: String, bytes: Vec<u8>) {
        self.added.push((name, bytes));
    }

    /// The bytes of a stream; `None` if there is none of that name.
    pub(crate) fn stream(&mut self, path: &str) -> Option<Vec<u8>> {
        if let Some((_, bytes)) = self.added.iter().find(|(name, _)| name == path) {
            return Some(bytes.clone());
        }
        match &mut self.file {
            File::Sound(file) => {
                let stream = file.open_stream(path).ok()?;
                let mut bytes = Vec::new();
                // What a damaged stream has is better than nothing.
                let is_whole = stream.take(1 << 30).read_to_end(&mut bytes).is_ok();
                self.is_short |= !is_whole;
                Some(bytes)
            }
            File::Damaged(file) => {
                let (bytes, is_whole) = file.stream(path)?;
                self.is_short |= !is_whole;
                Some(bytes)
            }
        }
    }

    /// The names of what is directly in a storage: name, and whether it is a storage itself.
    pub(crate) fn entries(&self, storage: &str) -> Vec<(String, bool)> {
        match &self.file {
            File::Sound(file) => {
                let Ok(entries) = file.read_storage(storage) else { return Vec::new() };
                entries
                    .take(MAX_ENTRIES)
                    .map(|entry| (entry.name().to_owned(), entry.is_storage()))
                    .collect()
            }
            File::Damaged(file) => file.entries(storage),
        }
    }

    /// A storage as a compound file of its own.
    pub(crate) fn extract(&mut self, storage: &str) -> Option<Vec<u8>> {
        self.extract_item(storage, None)
    }

    /// A storage as a compound file of its own, with a second storage put into it: a message in a
    /// message shares the names of its properties with the outer one.
    pub(crate) fn extract_item(&mut self, storage: &str, shared: Option<&str>) -> Option<Vec<u8>> {
        let mut copy = CompoundFile::create(Cursor::new(Vec::new())).ok()?;
        let mut pending = vec![(storage, String::new())];
        if let Some(name) = shared
            && !self.entries(name).is_empty()
            && copy.create_storage(name).is_ok()
        {
            timeless(&mut copy, name);
            pending.push(("", name.to_owned()));
        }
        let mut n_entries = 0;
        while let Some((from, below)) = pending.pop() {
            for (name, is_storage) in self.entries(&format!("{from}{below}")) {
                n_entries += 1;
                if n_entries > MAX_ENTRIES {
                    return None;
                }
                let path = format!("{below}/{name}");
                if copy.exists(&path) {
                    continue;
                }
                if is_storage {
                    copy.create_storage(&path).ok()?;
                    timeless(&mut copy, &path);
                    pending.push((from, path));
                } else {
                    let bytes = self.stream(&format!("{from}{path}"))?;
                    let mut stream = copy.create_stream(&path).ok()?;
                    std::io::Write::write_all(&mut stream, &bytes).ok()?;
                }
            }
        }
        timeless(&mut copy, "/");
        copy.flush().ok()?;
        Some(copy.into_inner().into_inner())
    }

    /// The properties that old Office documents have in two streams of their own ([MS-OLEPS]).
    pub(crate) fn properties(&mut self, out: &mut Out<'_>) {
        if self.is_short {
            let note = "a stream ends before it should";
            out.exception(Exception::part(Reason::Corrupt, None, note));
        }
        const SUMMARY: [(u32, &str, Meaning); 6] = [
            (2, "Title", Meaning::Text),
            (3, "Subject", Meaning::Text),
            (4, "Author", Meaning::Name),
            (5, "Keywords", Meaning::Text),
            (6, "Comments", Meaning::Text),
            (8, "Last modified by", Meaning::Name),
        ];
        const DOCUMENT: [(u32, &str, Meaning); 3] = [
            (2, "Category", Meaning::Text),
            (14, "Manager", Meaning::Name),
            (15, "Company", Meaning::Organisation),
        ];
        let mut lines = Captioned::default();
        for (stream, known) in [
            ("\u{5}SummaryInformation", SUMMARY.as_slice()),
            ("\u{5}DocumentSummaryInformation", DOCUMENT.as_slice()),
        ] {
            let Some(bytes) = self.stream(stream) else { continue };
            for (id, value) in property_set(&bytes, 44) {
                let Some((_, caption, meaning)) = known.iter().find(|(have, _, _)| *have == id)
                else {
                    continue;
                };
                if *caption == "Title" && !value.trim().is_empty() {
                    out.facts().title = Some(Personal::new(value.trim().to_owned()));
                }
                lines.line(caption, &value, *meaning, Party::Unknown);
            }
        }
        // Properties that users and programs made up have their names in the set.
        let bytes = self.stream("\u{5}DocumentSummaryInformation").unwrap_or_default();
        if u32_at(&bytes, 24).is_some_and(|n| n > 1) {
            let names = property_names(&bytes);
            for (id, value) in property_set(&bytes, 64) {
                if let Some((_, name)) = names.iter().find(|(have, _)| *have == id)
                    && !name.starts_with("_PID_")
                {
                    lines.line(name, &value, Meaning::Text, Party::Unknown);
                }
            }
        }
        hand_over_properties(lines, out);
    }
}

/// A number of two bytes, the lower one first.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([pair[0], pair[1]]))
}

/// A number of four bytes, the lowest one first.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// Text of two bytes a character.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Takes the time of writing off a storage: the same member has to be the same bytes every time.
fn timeless(file: &mut CompoundFile<Cursor<Vec<u8>>>, path: &str) {
    // If it stays, the member is read all the same.
    let _ = file.set_created_time(path, std::time::UNIX_EPOCH);
    let _ = file.set_modified_time(path, std::time::UNIX_EPOCH);
}

/// The names in the second property set of a stream: property 0 is a list of them.
fn property_names(bytes: &[u8]) -> Vec<(u32, String)> {
    let mut names = Vec::new();
    let section = u32_at(bytes, 64).unwrap_or(0) as usize;
    let entry = |index: usize| {
        let at = section.checked_add(8 + index * 8)?;
        let value = section.checked_add(u32_at(bytes, at + 4)? as usize)?;
        Some((u32_at(bytes, at)?, value))
    };
    let n_properties = u32_at(bytes, section.saturating_add(4)).unwrap_or(0).min(200) as usize;
    let find = |wanted| (0..n_properties).filter_map(entry).find(|(id, _)| *id == wanted);
    let is_wide = find(1).and_then(|(_, at)| u16_at(bytes, at.checked_add(4)?)) == Some(1200);
    let Some((_, mut at)) = find(0) else { return names };
    let n = u32_at(bytes, at).unwrap_or(0).min(200);
    at = at.saturating_add(4);
    for _ in 0..n {
        let Some((id, length)) = u32_at(bytes, at).zip(u32_at(bytes, at.saturating_add(4))) else {
            break;
        };
        let n_bytes = if is_wide { (length as usize).saturating_mul(2) } else { length as usize };
        let start = at.saturating_add(8);
        let Some(name) = bytes.get(start..start.saturating_add(n_bytes)) else { break };
        let text =
            if is_wide { utf16(name) } else { encoding::decode(name, None).text.into_owned() };
        names.push((id, text.trim_end_matches('\0').to_owned()));
        // Names of two bytes a character are filled up to four.
        at = start + if is_wide { n_bytes.next_multiple_of(4) } else { n_bytes };
    }
    names
}

/// The texts, numbers and times of a property set of a stream, with their ids; its place stands at `at`.
fn property_set(bytes: &[u8], at: usize) -> Vec<(u32, String)> {
    let section = u32_at(bytes, at).unwrap_or(0) as usize;
    let n_properties = u32_at(bytes, section.saturating_add(4)).unwrap_or(0).min(200) as usize;
    let entries: Vec<(u32, usize)> = (0..n_properties)
        .filter_map(|index| {
            let at = section.checked_add(8 + index * 8)?;
            let value = section.checked_add(u32_at(bytes, at + 4)? as usize)?;
            Some((u32_at(bytes, at)?, value))
        })
        .collect();
    // Property 1 is the code page of the others.
    let code_page = entries.iter().find(|(id, _)| *id == 1);
    let code_page = code_page.and_then(|(_, at)| u16_at(bytes, at.checked_add(4)?));
    let text = |at: usize| -> Option<String> {
        let kind = u32_at(bytes, at)?;
        let low = u32_at(bytes, at.checked_add(4)?)?;
        let (n, start) = (low as usize, at.checked_add(8)?);
        let wide = || Some(u64::from(u32_at(bytes, start)?) << 32 | u64::from(low));
        match kind {
            // Numbers and times that users made up; zero is what programs write.
            3 if low != 0 => Some(low.cast_signed().to_string()),
            5 => Some(f64::from_bits(wide()?).to_string()),
            64 => ticks_to_iso(wide()?),
            30 if code_page == Some(1200) => Some(utf16(bytes.get(start..start.checked_add(n)?)?)),
            30 => {
                let value = bytes.get(start..start.checked_add(n)?)?;
                let known = code_page.and_then(|number| of_code_page(i32::from(number)));
                Some(match known {
                    Some(encoding) => encoding.decode_without_bom_handling(value).0.into_owned(),
                    None => encoding::decode(value, None).text.into_owned(),
                })
            }
            31 => Some(utf16(bytes.get(start..start.checked_add(n.checked_mul(2)?)?)?)),
            _ => None,
        }
    };
    let trimmed = |value: String| value.trim_end_matches('\0').trim().to_owned();
    entries.iter().filter_map(|(id, at)| Some((*id, trimmed(text(*at)?)))).collect()
}
