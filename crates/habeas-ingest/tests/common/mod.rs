//! How do tests fill an estate?

#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use habeas_index::Estate;
use habeas_ingest::{Options, Receipt, use_reader};
use habeas_model::{Accounting, SourceName};
use habeas_source::Source;

/// The program that reads for the tests.
pub(crate) const PROBE: &str = env!("CARGO_BIN_EXE_habeas-probe");

/// A folder with sources `s0`, `s1`, … and the memory `estate`.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        use_reader(Path::new(PROBE));
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn root(&self, source: usize) -> PathBuf {
        self.folder.path().join(format!("s{source}"))
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("estate")
    }

    /// Writes a file of a source, with its folders. It looks as if it was written an hour ago, and
    /// a moment after the one before it: what is younger than that is looked at again.
    pub(crate) fn put(&self, source: usize, path: &str, text: &str) {
        static N_PUT: AtomicU64 = AtomicU64::new(0);
        let moment = Duration::from_millis(N_PUT.fetch_add(1, Ordering::SeqCst));
        let then = SystemTime::now() - Duration::from_secs(3600) + moment;
        self.put_new(source, path, text).set_modified(then).unwrap();
    }

    /// As [`Place::put`], now.
    pub(crate) fn put_new(&self, source: usize, path: &str, text: &str) -> File {
        let path = self.root(source).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        File::options().write(true).open(path).unwrap()
    }

    pub(crate) fn sources(&self) -> Vec<Source> {
        (0..9)
            .filter(|number| self.root(*number).is_dir())
            .map(|number| Source {
                name: SourceName::parse(&format!("s{number}")).unwrap(),
                root: self.root(number),
                exclude: vec!["*.skip".to_owned()],
            })
            .collect()
    }

    pub(crate) fn index(&self) -> Receipt {
        let stop = AtomicBool::new(false);
        habeas_ingest::index(&self.dir(), &self.sources(), &options(), &|_| {}, &stop).unwrap()
    }

    pub(crate) fn estate(&self) -> Estate {
        Estate::open(&self.dir()).unwrap()
    }
}

pub(crate) fn options() -> Options {
    Options { n_readers: 2, ..Options::default() }
}

/// listed, read, duplicate, excepted, excluded.
pub(crate) fn sums(estate: &Estate) -> [u64; 5] {
    let mut all = Accounting::default();
    for (_, sum) in estate.accounting().unwrap() {
        assert!(sum.adds_up());
        all += sum;
    }
    [all.listed, all.read, all.duplicate, all.excepted, all.excluded]
}
