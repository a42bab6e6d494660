//! What names does a folder hold?

use std::os::fd::AsFd;

use rustix::fs::{FileType, RawDir};
use rustix::io::Errno;

/// Bytes that the system fills with names at once.
const BUFFER_BYTES: usize = 64 << 10;

/// Room for names as the system gives them, used for one folder after the other.
#[derive(Debug)]
pub(crate) struct Buffer(Vec<u8>);

impl Buffer {
    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(BUFFER_BYTES))
    }
}

/// The names in a folder, each once, in the order of their bytes.
#[derive(Debug, Default)]
pub(crate) struct Names {
    bytes: Vec<u8>,
    /// Where each starts, its length, and what the folder says it is; sorted, the next one last.
    left: Vec<(u32, u16, FileType)>,
}

impl Names {
    /// Only this name.
    pub(crate) fn one(name: &[u8]) -> Self {
        let mut names = Self::default();
        names.push(name, FileType::Unknown);
        names
    }

    /// Reads all of a folder; calls `alive` for each name. With an error, what had been read before
    /// it is there.
    pub(crate) fn read(
        dir: impl AsFd,
        buffer: &mut Buffer,
        alive: &mut dyn FnMut(),
    ) -> (Self, Option<Errno>) {
        let mut names = Self::default();
        let mut error = None;
        let mut entries = RawDir::new(dir, buffer.0.spare_capacity_mut());
        while let Some(entry) = entries.next() {
            alive();
            match entry {
                Ok(entry) if matches!(entry.file_name().to_bytes(), b"." | b"..") => {}
                Ok(entry) => {
                    if !names.push(entry.file_name().to_bytes(), entry.file_type()) {
                        error = Some(Errno::NOMEM);
                        break;
                    }
                }
                Err(Errno::INTR) => {}
                Err(errno) => {
                    error = Some(errno);
                    break;
                }
            }
        }
        let Self { bytes, left } = &mut names;
        left.sort_unstable_by(|a, b| name(bytes, b).cmp(name(bytes, a)));
        // A folder that changes meanwhile may say a name twice.
        left.dedup_by(|a, b| name(bytes, a) == name(bytes, b));
        left.shrink_to_fit();
        bytes.shrink_to_fit();
        (names, error)
    }

    /// Is there room for it? A folder of more than 4 GiB of names is none that anybody keeps.
    fn push(&mut self, name: &[u8], kind: FileType) -> bool {
        let (Ok(start), Ok(length)) = (u32::try_from(self.bytes.len()), u16::try_from(name.len()))
        else {
            return false;
        };
        self.bytes.extend_from_slice(name);
        self.left.push((start, length, kind));
        true
    }

    /// Takes the next name.
    pub(crate) fn take(&mut self) -> Option<(&[u8], FileType)> {
        let next = self.left.pop()?;
        Some((name(&self.bytes, &next), next.2))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.left.is_empty()
    }
}

fn name<'n>(bytes: &'n [u8], entry: &(u32, u16, FileType)) -> &'n [u8] {
    let start = entry.0 as usize;
    &bytes[start..start + usize::from(entry.1)]
}
