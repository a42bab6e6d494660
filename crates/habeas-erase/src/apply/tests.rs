//! A run is stopped before each of its changes, files change under it, and others race with it.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use habeas_model::ItemPath;

mod calls;

use super::*;
use crate::beneath::RawPath;
use crate::edit::{Container, Stretch};
use crate::pace::Steady;
use crate::plan::{Action, FORMAT, Outcome, PlannedSource, Step};
use crate::undo::put_back;

/// Lets so many changes happen, and none after them.
struct Killed(Cell<usize>);

impl Pace for Killed {
    fn next(&self, _what: &'static str) -> Result<(), Error> {
        match self.0.get().checked_sub(1) {
            Some(left) => {
                self.0.set(left);
                Ok(())
            }
            None => Err(Error::Stopped),
        }
    }
}

const ROOM: Room = Room { file_bytes: 1 << 20, expanded_bytes: 1 << 20 };

const LIST: &str = "name\nBo Ek\nGONE Lind\nEve Fox\n";

/// A source and a folder for a plan of it.
struct Estate {
    dir: tempfile::TempDir,
}

impl Estate {
    fn new() -> Self {
        let estate = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir_all(estate.source().join("sub/deep")).unwrap();
        fs::create_dir_all(estate.plan_dir()).unwrap();
        estate.write("sub/list.csv", LIST.as_bytes());
        fs::set_permissions(estate.source().join("sub/list.csv"), PermissionsExt::from_mode(0o640))
            .unwrap();
        estate.write("sub/deep/letter.eml", b"Subject: GONE\n\nDear GONE\n");
        estate.write("sub/other.txt", b"Dear Bo Ek\n");
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in [("a.txt", "GONE"), ("b.txt", "Bo Ek")] {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(name, options).unwrap();
            std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
        }
        estate.write("archive.zip", &writer.finish().unwrap().into_inner());
        estate
    }

    fn source(&self) -> PathBuf {
        self.dir.path().join("source")
    }

    fn plan_dir(&self) -> PathBuf {
        self.dir.path().join("plan")
    }

    /// Writes a file that nobody takes for one that is still being written.
    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.source().join(name);
        fs::write(&path, bytes).unwrap();
        let then = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
        fs::File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
    }

    fn planned(&self, number: u32, name: &str, edit: Edit) -> PlannedFile {
        let spot = Root::open(&self.source()).unwrap().spot(name.as_bytes()).unwrap();
        let (file, facts) = spot.open(&spot.name).unwrap();
        let (bytes, digest) = contents(&file, 1 << 20).unwrap();
        let result = (edit != Edit::Whole).then(|| {
            let after = edited(&bytes, &edit, 1 << 20).unwrap().bytes;
            Outcome { size_bytes: after.len() as u64, digest: ItemId::of(&after) }
        });
        PlannedFile {
            number,
            source: SourceName::parse("files").unwrap(),
            path: ItemPath::file(name.as_bytes()),
            raw: RawPath::new(Path::new(name)),
            facts,
            digest,
            edit,
            result,
            rest: String::new(),
            steps: vec![number],
        }
    }

    fn plan(&self) -> Plan {
        let stretch = Stretch { start: 11, end: 21, with: String::new() };
        let members = BTreeMap::from([("a.txt".to_owned(), Edit::Whole)]);
        let files = vec![
            self.planned(1, "archive.zip", Edit::Members { container: Container::Zip, members }),
            self.planned(2, "sub/deep/letter.eml", Edit::Whole),
            self.planned(3, "sub/list.csv", Edit::Bytes(vec![stretch])),
        ];
        self.plan_of(files)
    }

    fn plan_of(&self, files: Vec<PlannedFile>) -> Plan {
        let (device, inode) = Root::open(&self.source()).unwrap().identity().unwrap();
        let name = SourceName::parse("files").unwrap();
        let step = |file: &PlannedFile| Step {
            number: file.number,
            action: Action::Erase,
            reason: String::new(),
            clause: None,
            source: Some(name.clone()),
            path: Some(file.path.clone()),
            item: Some(file.digest),
            place: None,
            tier: None,
            is_copy: false,
            n_within: 0,
            file: Some(file.number),
        };
        Plan {
            format: FORMAT,
            case: "R1".to_owned(),
            software: String::new(),
            made_at: Timestamp::UNIX_EPOCH,
            made_by: "a".to_owned(),
            valid_until: Timestamp::UNIX_EPOCH,
            findings_digest: String::new(),
            ledger_digest: None,
            sources: vec![PlannedSource { name: name.clone(), root: self.source(), device, inode }],
            steps: files.iter().map(step).collect(),
            files,
            n_not_subject: 0,
        }
    }

    /// Every file with its rights and bytes, by its path.
    fn tree(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        tree(&self.source())
    }

    fn run(&self, plan: &Plan, keeps: bool, pace: &dyn Pace) -> Result<Receipt, Error> {
        let (dir, digest) = (self.plan_dir(), plan.digest());
        let mut journal = Journal::open(&dir.join("journal.jsonl"))?;
        let seal = Seal::open(self.dir.path())?;
        let kept = match keeps {
            true => Some(Kept::start(&dir, &digest, Timestamp::MAX, plan.files.len() as u32)?),
            false => None,
        };
        let work = Work { dir: &dir, plan, digest: &digest, room: ROOM };
        carry_out(&work, seal, kept, &mut journal, pace)
    }

    fn undo(&self, plan: &Plan, pace: &dyn Pace) -> Result<Receipt, Error> {
        let (dir, digest) = (self.plan_dir(), plan.digest());
        let mut journal = Journal::open(&dir.join("journal.jsonl"))?;
        let kept = Kept::open(&dir, &digest)?.unwrap();
        let work = Work { dir: &dir, plan, digest: &digest, room: ROOM };
        put_back(&work, &kept, &mut journal, pace)
    }
}

fn tree(root: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut open = vec![root.to_owned()];
    let mut found = BTreeMap::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else {
                let mode = path.symlink_metadata().unwrap().permissions().mode();
                let name = path.strip_prefix(root).unwrap().to_owned();
                found.insert(name, (mode, fs::read(&path).unwrap_or_default()));
            }
        }
    }
    found
}

/// The tree that an unbroken run leaves.
fn erased() -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let estate = Estate::new();
    let receipt = estate.run(&estate.plan(), false, &Steady).unwrap();
    assert_eq!((receipt.n_files, receipt.n_steps, receipt.refused), (3, 3, Vec::new()));
    let after = estate.tree();
    assert_eq!(after[Path::new("sub/list.csv")].1, b"name\nBo Ek\nEve Fox\n");
    assert_eq!(after[Path::new("sub/list.csv")].0 & 0o777, 0o640);
    assert!(!after.contains_key(Path::new("sub/deep/letter.eml")));
    assert_eq!(after.len(), 3);
    assert!(after.values().all(|(_, bytes)| !bytes.windows(4).any(|window| window == b"GONE")));
    let stones = fs::read_to_string(estate.plan_dir().join("tombstones.jsonl")).unwrap();
    assert_eq!(stones.lines().count(), 3);
    assert!(!stones.contains("list") && !stones.contains("letter"), "{stones}");
    after
}

#[test]
fn a_run_that_is_killed_anywhere_goes_on_and_comes_to_the_same() {
    let expected = erased();
    let (mut n, mut n_kills) = (0, 0);
    loop {
        let estate = Estate::new();
        let before = estate.tree();
        let plan = estate.plan();
        let ended = estate.run(&plan, n % 2 == 0, &Killed(Cell::new(n)));
        // Every file is as it was or as it should be, never in between.
        for (path, (_, bytes)) in estate.tree() {
            let is_draft = path.file_name().unwrap().as_bytes().starts_with(b".habeas-");
            let is_whole = [&before, &expected]
                .iter()
                .any(|tree| tree.get(&path).is_some_and(|(_, whole)| *whole == bytes));
            assert!(is_draft || is_whole, "{} after {n} changes", path.display());
        }
        if ended.is_ok() {
            break;
        }
        n_kills += 1;
        // Killed again on its way, soon or late.
        let _ = estate.run(&plan, n % 2 == 0, &Killed(Cell::new(n % 7)));
        let receipt = estate.run(&plan, n % 2 == 0, &Steady).unwrap();
        assert_eq!((receipt.n_files, &receipt.refused), (3, &Vec::new()), "after {n} changes");
        assert_eq!(estate.tree(), expected, "after {n} changes");
        let stones = fs::read_to_string(estate.plan_dir().join("tombstones.jsonl")).unwrap();
        assert_eq!(stones.lines().count(), 3, "after {n} changes");
        n += 1;
    }
    assert!(n_kills > 40, "only {n_kills} places to stop at");
}

#[test]
fn what_was_erased_is_put_back_also_by_a_run_that_is_killed_anywhere() {
    let mut n = 0;
    loop {
        let estate = Estate::new();
        let before = estate.tree();
        let plan = estate.plan();
        estate.run(&plan, true, &Steady).unwrap();
        let ended = estate.undo(&plan, &Killed(Cell::new(n)));
        if ended.is_err() {
            let _ = estate.undo(&plan, &Killed(Cell::new(n % 5)));
        }
        let receipt = estate.undo(&plan, &Steady).unwrap();
        assert_eq!((receipt.n_files, &receipt.refused), (3, &Vec::new()), "after {n} changes");
        assert_eq!(estate.tree(), before, "after {n} changes");
        if ended.is_ok() {
            break;
        }
        n += 1;
    }
    assert!(n > 20, "only {n} places to stop at");
    // A file that changed since is not put back over.
    let estate = Estate::new();
    let plan = estate.plan();
    estate.run(&plan, true, &Steady).unwrap();
    estate.write("sub/list.csv", b"name\nsomebody new\n");
    estate.write("sub/deep/letter.eml", b"another letter\n");
    let receipt = estate.undo(&plan, &Steady).unwrap();
    assert_eq!((receipt.n_files, receipt.refused.len()), (1, 2));
    assert_eq!(estate.tree()[Path::new("sub/list.csv")].1, b"name\nsomebody new\n");
}

/// What is done to the estate after the plan, and what the refusal says.
fn check_refused(change: impl FnOnce(&Estate), words: &str) {
    let estate = Estate::new();
    let plan = estate.plan();
    change(&estate);
    let before = estate.tree();
    let receipt = estate.run(&plan, false, &Steady).unwrap();
    let why: Vec<&(u32, String)> =
        receipt.refused.iter().filter(|(number, _)| *number == 3).collect();
    assert!(why.len() == 1 && why[0].1.contains(words), "{words}: {:?}", receipt.refused);
    let after = estate.tree();
    for (path, was) in before {
        if path.starts_with("sub") && !path.ends_with("letter.eml") {
            assert_eq!(after.get(&path), Some(&was), "{words}: {}", path.display());
        }
    }
}

#[test]
fn a_file_that_is_not_as_planned_is_left_alone() {
    let list = |estate: &Estate| estate.source().join("sub/list.csv");
    check_refused(|estate| estate.write("sub/list.csv", b"name\nBo Ek\n"), "changed");
    // The same size and time, other bytes.
    check_refused(
        |estate| {
            let time = fs::metadata(list(estate)).unwrap().modified().unwrap();
            fs::write(list(estate), LIST.replace("Eve", "Ada")).unwrap();
            fs::File::options().write(true).open(list(estate)).unwrap().set_modified(time).unwrap();
        },
        "changed",
    );
    // The same bytes in another file.
    check_refused(
        |estate| {
            fs::rename(list(estate), estate.source().join("sub/moved.csv")).unwrap();
            estate.write("sub/list.csv", LIST.as_bytes());
        },
        "another file",
    );
    check_refused(
        |estate| fs::rename(list(estate), estate.source().join("sub/x")).unwrap(),
        "gone",
    );
    check_refused(
        |estate| fs::hard_link(list(estate), estate.source().join("sub/second.csv")).unwrap(),
        "more names",
    );
    check_refused(
        |estate| {
            let outside = estate.dir.path().join("outside.csv");
            fs::rename(list(estate), &outside).unwrap();
            symlink(&outside, list(estate)).unwrap();
        },
        "link",
    );
    check_refused(
        |estate| fs::set_permissions(list(estate), PermissionsExt::from_mode(0o440)).unwrap(),
        "read only",
    );
    check_refused(|estate| estate.write("sub/list.csv.lock", b""), "locked");
    check_refused(
        |estate| {
            // Another folder stands where the source was.
            fs::rename(estate.source(), estate.dir.path().join("old")).unwrap();
            fs::create_dir_all(estate.source().join("sub/deep")).unwrap();
            estate.write("sub/list.csv", LIST.as_bytes());
        },
        "another folder",
    );
    let estate = Estate::new();
    let plan = estate.plan();
    let folder = estate.source().join("sub");
    let outside = estate.dir.path().join("outside");
    fs::rename(&folder, &outside).unwrap();
    symlink(&outside, &folder).unwrap();
    let was = tree(&outside);
    let receipt = estate.run(&plan, false, &Steady).unwrap();
    assert_eq!(receipt.refused.len(), 2);
    assert!(receipt.refused.iter().all(|(_, why)| why.contains("link")), "{:?}", receipt.refused);
    assert_eq!(tree(&outside), was, "a link was followed out of the source");
}

#[test]
fn a_path_that_leads_out_is_refused() {
    let estate = Estate::new();
    fs::write(estate.dir.path().join("outside.csv"), LIST).unwrap();
    for raw in ["../outside.csv", "/etc/hostname", "sub/../../outside.csv", "..", ""] {
        let mut plan = estate.plan();
        plan.files.truncate(1);
        plan.files[0].raw = RawPath::Text(raw.to_owned());
        let receipt = estate.run(&plan, false, &Steady).unwrap();
        assert_eq!(receipt.refused.len(), 1, "{raw}");
    }
    assert_eq!(fs::read(estate.dir.path().join("outside.csv")).unwrap(), LIST.as_bytes());
}

#[test]
fn both_names_of_one_file_are_erased() {
    let estate = Estate::new();
    fs::hard_link(estate.source().join("sub/list.csv"), estate.source().join("copy.csv")).unwrap();
    let edit = || Edit::Bytes(vec![Stretch { start: 11, end: 21, with: String::new() }]);
    let files =
        vec![estate.planned(1, "copy.csv", edit()), estate.planned(2, "sub/list.csv", edit())];
    let plan = estate.plan_of(files);
    let receipt = estate.run(&plan, false, &Steady).unwrap();
    assert_eq!((receipt.n_files, receipt.refused), (2, Vec::new()));
    assert_eq!(estate.tree()[Path::new("copy.csv")].1, b"name\nBo Ek\nEve Fox\n");
}

/// How often a race is run; `HABEAS_RACES=5000` for a long one.
fn n_rounds() -> usize {
    std::env::var("HABEAS_RACES").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

/// Runs plan after plan while somebody else moves things about.
fn race(disturb: impl Fn(&Estate) + Sync, check: impl Fn(&Estate, &Receipt)) {
    let (mut n_done, mut n_refused) = (0, 0);
    for round in 0..n_rounds() {
        let estate = Estate::new();
        let plan = estate.plan();
        let (is_over, has_begun) = (AtomicBool::new(false), AtomicBool::new(false));
        let receipt = std::thread::scope(|scope| {
            scope.spawn(|| {
                // At least once, also if the run was over before this began.
                loop {
                    disturb(&estate);
                    has_begun.store(true, Ordering::SeqCst);
                    if is_over.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
            // Half of the rounds begin in the middle of it.
            while round % 2 == 0 && !has_begun.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            let receipt = estate.run(&plan, false, &Steady);
            is_over.store(true, Ordering::SeqCst);
            receipt
        });
        let receipt = receipt.unwrap();
        (n_done, n_refused) = (n_done + receipt.n_files, n_refused + receipt.refused.len());
        check(&estate, &receipt);
    }
    assert!(n_done > 0 && n_refused > 0, "nobody raced: {n_done} erased, {n_refused} left alone");
}

#[test]
fn a_folder_that_becomes_a_link_leads_nowhere() {
    race(
        |estate| {
            let (folder, aside) = (estate.source().join("sub"), estate.dir.path().join("aside"));
            let outside = estate.dir.path().join("outside");
            if !outside.exists() {
                fs::create_dir_all(outside.join("deep")).unwrap();
                fs::write(outside.join("list.csv"), LIST).unwrap();
                fs::write(outside.join("deep/letter.eml"), "Subject: GONE\n\nDear GONE\n").unwrap();
            }
            fs::rename(&folder, &aside).unwrap();
            symlink(&outside, &folder).unwrap();
            fs::remove_file(&folder).unwrap();
            fs::rename(&aside, &folder).unwrap();
        },
        |estate, _| {
            let outside = estate.dir.path().join("outside");
            // Whoever disturbs may not have come to it.
            if outside.join("deep/letter.eml").exists() {
                let outside = tree(&outside);
                assert_eq!(outside.len(), 2);
                assert_eq!(outside[Path::new("list.csv")].1, LIST.as_bytes());
            }
            let list = estate.tree()[Path::new("sub/list.csv")].1.clone();
            assert!(list == LIST.as_bytes() || list == b"name\nBo Ek\nEve Fox\n");
        },
    );
}

#[test]
fn a_file_that_somebody_replaces_is_never_lost() {
    race(
        |estate| {
            for name in ["sub/list.csv", "sub/deep/letter.eml"] {
                let new = estate.source().join("new");
                fs::write(&new, "somebody else's\n").unwrap();
                fs::rename(&new, estate.source().join(name)).unwrap();
            }
        },
        |estate, receipt| {
            // Whoever comes last has their way: theirs is what stands there, or lies beside.
            for name in ["sub/list.csv", "sub/deep/letter.eml"] {
                let bytes = fs::read(estate.source().join(name)).unwrap();
                assert_eq!(bytes, b"somebody else's\n", "{name}: {:?}", receipt.refused);
            }
        },
    );
}
