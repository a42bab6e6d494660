//! What can still be had of a compound file whose tables contradict each other?
//!
//! Nothing is checked that is not needed, and a chain of sectors ends where it leaves the file or
//! goes round in circles ([MS-CFB] 2).

use std::collections::HashSet;

use super::{u16_at, u32_at, utf16};

/// The first number that is no sector's.
const FIRST_MARK: u32 = 0xffff_fffa;
const HEAD_BYTES: usize = 512;
const ENTRY_BYTES: usize = 128;

struct Entry {
    /// With its storages: `ObjectPool/_1/\u{1}Ole`.
    path: String,
    is_storage: bool,
    start: u32,
    n_bytes: usize,
}

/// A compound file as far as it can be read.
pub(super) struct Lenient<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    mini_cutoff: usize,
    entries: Vec<Entry>,
}

impl<'a> Lenient<'a> {
    /// Opens a file; `None` if it has no directory.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector_bytes = if u16_at(bytes, 30)? == 12 { 4096 } else { 512 };
        let mut file = Self {
            bytes,
            sector_bytes,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            mini_cutoff: u32_at(bytes, 56)? as usize,
            entries: Vec::new(),
        };
        file.read_fat();
        let directory = file.chained(u32_at(bytes, 48)?, usize::MAX);
        file.mini_fat = numbers(&file.chained(u32_at(bytes, 60)?, usize::MAX));
        file.read_directory(&directory);
        (!file.entries.is_empty()).then_some(file)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector_bytes)?;
        let rest = self.bytes.get(start..)?;
        // The last one may be cut.
        rest.get(..self.sector_bytes).or(Some(rest)).filter(|sector| !sector.is_empty())
    }

    fn n_sectors(&self) -> usize {
        self.bytes.len() / self.sector_bytes + 1
    }

    /// Which sector follows which: the first 109 places of that list are in the head.
    fn read_fat(&mut self) {
        let mut lists: Vec<u32> = numbers(self.bytes.get(76..HEAD_BYTES).unwrap_or_default());
        let mut next = u32_at(self.bytes, 68).unwrap_or(u32::MAX);
        let mut seen = HashSet::new();
        while next < FIRST_MARK && seen.insert(next) {
            let Some(sector) = self.sector(next) else { break };
            let mut more = numbers(sector);
            next = more.pop().unwrap_or(u32::MAX);
            lists.extend(more);
        }
        let n_max = self.n_sectors();
        for number in lists {
            if self.fat.len() >= n_max {
                break;
            }
            match self.sector(number).filter(|_| number < FIRST_MARK) {
                Some(sector) => self.fat.extend(numbers(sector)),
                None if number < FIRST_MARK => {
                    self.fat.resize(self.fat.len() + self.sector_bytes / 4, u32::MAX);
                }
                None => {}
            }
        }
    }

    /// The sectors of a chain, one after the other, up to that many bytes.
    fn chained(&self, start: u32, n_bytes: usize) -> Vec<u8> {
        let (mut next, mut bytes, mut seen) = (start, Vec::new(), HashSet::new());
        while next < FIRST_MARK && bytes.len() < n_bytes && seen.insert(next) {
            let Some(sector) = self.sector(next) else { break };
            bytes.extend_from_slice(sector);
            next = self.fat.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        bytes.truncate(n_bytes);
        bytes
    }

    fn read_directory(&mut self, directory: &[u8]) {
        let (raw, _) = directory.as_chunks::<ENTRY_BYTES>();
        let Some(root) = raw.first() else { return };
        self.mini = self.chained(
            u32_at(root, 116).unwrap_or(u32::MAX),
            u32_at(root, 120).unwrap_or(0) as usize,
        );
        // Each entry points at its neighbours and at the first of what is in it.
        let mut pending = vec![(u32_at(root, 76).unwrap_or(u32::MAX), String::new())];
        let mut seen = HashSet::new();
        while let Some((index, folder)) = pending.pop() {
            let Some(entry) = raw.get(index as usize) else { continue };
            if !seen.insert(index) {
                continue;
            }
            let path = format!("{folder}{}", name_of(entry));
            for neighbour in [68, 72] {
                pending.push((u32_at(entry, neighbour).unwrap_or(u32::MAX), folder.clone()));
            }
            if entry[66] == 1 {
                pending.push((u32_at(entry, 76).unwrap_or(u32::MAX), format!("{path}/")));
            }
            self.add(path, entry);
        }
        // What nothing points at any more is taken for one of the root's.
        for (index, entry) in raw.iter().enumerate().skip(1) {
            let is_lost = u32::try_from(index).is_ok_and(|index| !seen.contains(&index));
            if is_lost && entry[66] == 2 && !self.has_stream(&name_of(entry)) {
                self.add(name_of(entry), entry);
            }
        }
    }

    fn add(&mut self, path: String, entry: &[u8; ENTRY_BYTES]) {
        if matches!(entry[66], 1 | 2) {
            self.entries.push(Entry {
                path,
                is_storage: entry[66] == 1,
                start: u32_at(entry, 116).unwrap_or(u32::MAX),
                n_bytes: u32_at(entry, 120).unwrap_or(0) as usize,
            });
        }
    }

    fn entry(&self, path: &str) -> Option<&Entry> {
        let path = path.trim_start_matches('/');
        self.entries.iter().find(|entry| !entry.is_storage && is_same(&entry.path, path))
    }

    pub(super) fn has_stream(&self, path: &str) -> bool {
        self.entry(path).is_some()
    }

    /// The bytes of a stream, and whether they are all there.
    pub(super) fn stream(&self, path: &str) -> Option<(Vec<u8>, bool)> {
        let entry = self.entry(path)?;
        let bytes = if entry.n_bytes < self.mini_cutoff {
            let (mut next, mut bytes, mut seen) = (entry.start, Vec::new(), HashSet::new());
            while next < FIRST_MARK && bytes.len() < entry.n_bytes && seen.insert(next) {
                let start = (next as usize).saturating_mul(64);
                let Some(rest) = self.mini.get(start..) else { break };
                bytes.extend_from_slice(rest.get(..64).unwrap_or(rest));
                next = self.mini_fat.get(next as usize).copied().unwrap_or(u32::MAX);
            }
            bytes.truncate(entry.n_bytes);
            bytes
        } else {
            self.chained(entry.start, entry.n_bytes)
        };
        let is_whole = bytes.len() == entry.n_bytes;
        Some((bytes, is_whole))
    }

    /// What is directly in a storage, and whether it is a storage itself.
    pub(super) fn entries(&self, storage: &str) -> Vec<(String, bool)> {
        let storage = storage.trim_matches('/');
        let mut names = Vec::new();
        for entry in &self.entries {
            let (folder, name) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
            if is_same(folder, storage) {
                names.push((name.to_owned(), entry.is_storage));
            }
        }
        names
    }
}

fn is_same(path: &str, other: &str) -> bool {
    path.to_lowercase() == other.to_lowercase()
}

fn name_of(entry: &[u8; ENTRY_BYTES]) -> String {
    let n_bytes = usize::from(u16_at(entry, 64).unwrap_or(0)).saturating_sub(2).min(62);
    // A name must not look like a path.
    utf16(&entry[..n_bytes]).replace('/', "_")
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::super::Compound;

    fn check_streams(bytes: &[u8], expected: &[(&str, usize)]) {
        let mut file = Compound::open(bytes).unwrap();
        for (path, n_bytes) in expected {
            assert_eq!(file.stream(path).map(|bytes| bytes.len()), Some(*n_bytes), "{path}");
        }
    }

    #[test]
    fn a_file_whose_tables_contradict_each_other_is_still_read() {
        let mut file =
            cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))
                .unwrap();
        file.create_storage("/pool").unwrap();
        for (path, n) in [("/WordDocument", 9_000), ("/small", 100), ("/pool/inner", 5_000)] {
            file.create_stream(path).unwrap().write_all(&vec![7; n]).unwrap();
        }
        file.flush().unwrap();
        let sound = file.into_inner().into_inner();
        let expected = [("WordDocument", 9_000), ("/small", 100), ("pool/INNER", 5_000)];
        check_streams(&sound, &expected);
        // A list of sectors that names more of them than there are.
        let mut damaged = sound.clone();
        damaged[76 + 4..76 + 8].copy_from_slice(&9_999_u32.to_le_bytes());
        damaged[44..48].copy_from_slice(&2_u32.to_le_bytes());
        check_streams(&damaged, &expected);
        let mut file = Compound::open(&damaged).unwrap();
        assert!(file.stream("/none").is_none());
    }
}
