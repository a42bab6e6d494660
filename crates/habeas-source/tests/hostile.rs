//! Is the worst folder listed whole, opened whole, and are its traps left alone?

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use common::{DEEP, HARD_LINKS, LONG, Tree, odd_names};
use habeas_model::{Reason, SourceName};
use habeas_source::{Counted, Entry, Listed, Root, Source, count, list_raw, open, read, read_open};
use rustix::fs::Uid;
use rustix::thread::set_thread_res_uid;

const MOST: u64 = 100 << 20;

fn source(root: &Path) -> Source {
    let name = SourceName::parse("files").unwrap();
    Source { name, root: root.to_owned(), exclude: Vec::new() }
}

#[derive(Default)]
struct Found {
    files: BTreeMap<PathBuf, Entry>,
    excluded: BTreeMap<PathBuf, String>,
    failed: BTreeMap<PathBuf, Reason>,
}

fn listed(root: &Path) -> Found {
    let mut found = Found::default();
    for (relative, listed) in list_raw(&source(root), &[]).unwrap() {
        let is_new = match listed {
            Listed::File(entry) => found.files.insert(relative, entry).is_none(),
            Listed::Excluded { rule, .. } => found.excluded.insert(relative, rule).is_none(),
            Listed::Failed { exception, .. } => {
                found.failed.insert(relative, exception.reason).is_none()
            }
        };
        assert!(is_new, "listed twice");
    }
    found
}

/// As somebody who is not the superuser, if we are.
fn as_nobody<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let work = || {
        if rustix::process::geteuid().is_root() {
            let nobody = Uid::from_raw(65_534);
            set_thread_res_uid(None::<Uid>, nobody, None::<Uid>).unwrap();
        }
        work()
    };
    thread::scope(|scope| scope.spawn(work).join().unwrap())
}

#[test]
fn the_worst_folder_is_listed_and_read_whole() {
    let tree = Tree::hostile();
    let found = as_nobody(|| listed(&tree.root));
    assert_eq!(found.files.len() as u64, tree.n_files);
    assert_eq!(found.excluded.len() as u64, tree.n_excluded);
    let closed = BTreeMap::from([(PathBuf::from("closed/folder"), Reason::Permission)]);
    assert_eq!(found.failed, closed);

    let counted = as_nobody(|| count(&source(&tree.root), &[]));
    let (files, excluded) = (tree.n_files, tree.n_excluded);
    assert_eq!(counted, Counted { files, excluded, folders_closed: tree.n_locked_folders });

    let longest = found.files.keys().map(|path| path.as_os_str().len()).max().unwrap();
    assert!(longest > LONG.0 * (LONG.1 + 1), "{longest}");
    let deepest = found.files.keys().map(|path| path.components().count()).max().unwrap();
    assert_eq!(deepest, DEEP + 2);

    let rules: BTreeSet<&str> = found.excluded.values().map(String::as_str).collect();
    assert_eq!(rules, BTreeSet::from(["not a file", "symbolic link"]));

    // Every one opens by its entry, by its relative path, and by its long path.
    let root = Root::new(&source(&tree.root)).unwrap();
    as_nobody(|| {
        let mut n_refused = 0;
        for (relative, entry) in &found.files {
            if entry.stamp.size_bytes > MOST {
                let refused = read_open(&entry.open().unwrap(), MOST).unwrap_err();
                assert_eq!(refused.reason, Reason::SizeLimit);
                continue;
            }
            match entry.open() {
                Ok(file) => {
                    let (bytes, stamp) = read_open(&file, MOST).unwrap();
                    assert_eq!((bytes.len() as u64, stamp), (stamp.size_bytes, entry.stamp));
                    assert_eq!(read_open(&root.open(relative).unwrap(), MOST).unwrap().0, bytes);
                    assert_eq!(read(&entry.raw, MOST).unwrap().0, bytes);
                }
                Err(exception) => {
                    assert_eq!(exception.reason, Reason::Permission);
                    assert_eq!(relative, Path::new("closed/file"));
                    n_refused += 1;
                }
            }
        }
        assert_eq!(n_refused, tree.n_locked_files);
    });
    let (holes, _) = read(&tree.root.join("holes/1 MiB"), MOST).unwrap();
    assert_eq!(
        (holes.len(), &holes[..2], &holes[(1 << 20) - 3..]),
        (1 << 20, &[0, 0][..], &b"end"[..])
    );

    // Names are bytes: each file says what it is called.
    let named = found.files.iter().filter_map(|(path, entry)| {
        Some((path.strip_prefix("names").ok()?.as_os_str().as_bytes().to_vec(), entry))
    });
    let mut names = BTreeSet::new();
    for (name, entry) in named {
        assert_eq!(read_open(&entry.open().unwrap(), MOST).unwrap().0, name);
        let printed = entry.path.to_string();
        assert!(!printed.chars().any(|c| c.is_control() || c == '\u{202e}'), "{printed:?}");
        assert_eq!(habeas_model::ItemPath::parse(&printed), entry.path);
        assert_eq!(entry.path.depth(), 0);
        names.insert(name);
    }
    assert_eq!(names, odd_names().into_iter().collect());

    // One file of many names is known for one.
    let hard: Vec<&Entry> = found.files.values().filter(|entry| entry.n_links > 1).collect();
    assert!(hard.iter().all(|entry| entry.n_links == HARD_LINKS));
    let files: BTreeSet<_> = hard.iter().map(|entry| (entry.device, entry.stamp.inode)).collect();
    assert_eq!((hard.len() as u64, files.len()), (HARD_LINKS, 1));
}

#[test]
fn twenty_thousand_folders_in_each_other_are_walked() {
    // A disk would take its time to make and remove them.
    let mut tree = Tree::new_in(Path::new("/dev/shm"));
    tree.chain("d", 20_000, 1, 100);
    let mut n_files = 0;
    let mut n_open = 0;
    let mut last = None;
    for (at, (_, listed)) in list_raw(&source(&tree.root), &[]).unwrap().enumerate() {
        let Listed::File(entry) = listed else { panic!("not a file") };
        n_files += 1;
        if at % 40 == 0 {
            n_open = n_open.max(fs::read_dir("/proc/self/fd").unwrap().count());
            assert!(read_open(&entry.open().unwrap(), MOST).is_ok());
            assert!(open(&entry.raw).is_ok());
        }
        last = Some(entry);
    }
    assert_eq!(n_files, tree.n_files);
    assert!(n_open < 300, "{n_open} descriptors");
    // The last of the list lies near the root again.
    assert_eq!(last.unwrap().path.to_string(), "d".to_owned() + &"/d".repeat(99) + "/z.txt");
    let counted = count(&source(&tree.root), &[]);
    assert_eq!(counted, Counted { files: n_files, ..Counted::default() });
}

#[test]
fn a_folder_inside_itself_ends() {
    let tree = Tree::new();
    let root = tree.root.join("a");
    fs::create_dir_all(root.join("b/c")).unwrap();
    fs::write(root.join("b/x.txt"), "x").unwrap();
    let mounted = root.join("b/c");
    let mount = Command::new("mount").arg("--bind").arg(&root).arg(&mounted).output();
    let is_mounted = mount.is_ok_and(|output| output.status.success());
    let found = listed(&root);
    let counted = count(&source(&root), &[]);
    if is_mounted {
        assert!(Command::new("umount").arg(&mounted).status().unwrap().success());
        let looped = BTreeMap::from([(PathBuf::from("b/c"), "loop".to_owned())]);
        assert_eq!(found.excluded, looped);
    }
    // Only the superuser can mount.
    let excluded = u64::from(is_mounted);
    assert_eq!(counted, Counted { files: 1, excluded, folders_closed: 0 });
    assert_eq!(found.files.len(), 1);
}

#[test]
fn a_file_in_another_file_system_is_listed() {
    let shm = Path::new("/dev/shm");
    let folder = tempfile::tempdir_in(shm).unwrap();
    fs::write(folder.path().join("x"), "x").unwrap();
    let above = source(Path::new("/dev"));
    let relative = folder.path().join("x").strip_prefix("/dev").unwrap().to_owned();
    let mut walk = list_raw(&above, &[]).unwrap();
    let found = walk.find(|(path, _)| *path == relative);
    let Some((_, Listed::File(entry))) = found else { panic!("not listed") };
    assert_eq!(read_open(&entry.open().unwrap(), 10).unwrap().0, b"x");
}
