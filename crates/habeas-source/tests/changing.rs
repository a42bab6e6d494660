//! Does a folder that changes under us end as files of one version, or as exceptions?

mod common;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{FileExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use common::Tree;
use habeas_model::{Reason, SourceName};
use habeas_source::{Listed, Root, Source, list_raw, open, read, read_open};
use rustix::fs::{FlockOperation, fcntl_lock};

const MOST: u64 = 100 << 20;

fn source(root: &Path) -> Source {
    let name = SourceName::parse("files").unwrap();
    Source { name, root: root.to_owned(), exclude: Vec::new() }
}

/// A version of a file: one letter, over and over.
fn version(n: u64, bytes: usize) -> Vec<u8> {
    vec![b'a' + (n % 26) as u8; bytes]
}

#[test]
fn every_file_ends_as_one_version_or_as_an_exception() {
    const N_FILES: u64 = 1_000;
    const BYTES: usize = 40 << 10;
    let tree = Tree::new();
    let path = |n: u64| tree.root.join(format!("{}/{n:04}", n % 10));
    for n in 0..N_FILES {
        fs::create_dir_all(path(n).parent().unwrap()).unwrap();
        fs::write(path(n), version(0, BYTES)).unwrap();
    }
    let is_done = AtomicBool::new(false);
    let (mut n_whole, mut n_changed, mut n_gone) = (0_u64, 0_u64, 0_u64);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0_u64;
            while !is_done.load(Ordering::Relaxed) {
                n += 1;
                let file = path(n.wrapping_mul(7_919) % N_FILES);
                // A file that somebody else took away in between is no matter.
                let _ = match n % 5 {
                    0 => fs::write(&file, version(n, BYTES)),
                    1 => File::options()
                        .write(true)
                        .open(&file)
                        .and_then(|file| file.write_all_at(&version(n, BYTES), 0)),
                    2 => File::options().append(true).open(&file).and_then(|mut file| {
                        file.write_all(&version(n, 100))?;
                        file.set_len(BYTES as u64)
                    }),
                    3 => {
                        let new = tree.root.join("new");
                        fs::write(&new, version(n, BYTES)).and_then(|()| fs::rename(new, &file))
                    }
                    _ => fs::remove_file(&file),
                };
            }
        });
        for _ in 0..5 {
            for (_, listed) in list_raw(&source(&tree.root), &[]).unwrap() {
                let read = match listed {
                    Listed::File(entry) => entry.open().and_then(|file| read_open(&file, MOST)),
                    Listed::Failed { exception, .. } => Err(exception),
                    Listed::Excluded { rule, .. } => panic!("{rule}"),
                };
                match read {
                    Ok((bytes, stamp)) => {
                        assert_eq!(bytes.len() as u64, stamp.size_bytes);
                        // Of what is appended a part may stand there when it is read, and no more.
                        let whole = &bytes[..bytes.len().min(BYTES)];
                        assert!(whole.iter().all(|byte| *byte == whole[0]), "two versions");
                        n_whole += 1;
                    }
                    Err(exception) if exception.reason == Reason::Changed => n_changed += 1,
                    Err(exception) if exception.reason == Reason::Vanished => n_gone += 1,
                    Err(exception) => panic!("{exception}"),
                }
            }
        }
        is_done.store(true, Ordering::Relaxed);
    });
    assert!(n_whole > 0, "{n_whole} whole, {n_changed} changed, {n_gone} gone");
}

#[test]
fn an_open_file_is_one_version_whatever_its_name_becomes() {
    let tree = Tree::new();
    let path = tree.root.join("a");
    fs::write(&path, "first").unwrap();
    let file = open(&path).unwrap();
    fs::write(tree.root.join("b"), "second").unwrap();
    fs::rename(tree.root.join("b"), &path).unwrap();
    assert_eq!(read_open(&file, MOST).unwrap().0, b"first");
    fs::remove_file(&path).unwrap();
    assert_eq!(read_open(&file, MOST).unwrap().0, b"first");
    assert_eq!(read(&path, MOST).unwrap_err().reason, Reason::Vanished);
}

#[test]
fn what_stands_in_the_place_of_a_file_is_not_opened() {
    let tree = Tree::new();
    let at = |name: &str| tree.root.join(name);
    fs::create_dir_all(at("folder/inner")).unwrap();
    fs::write(at("folder/inner/file"), "x").unwrap();
    let root = Root::new(&source(&tree.root)).unwrap();
    let reason = |path: &str| root.open(Path::new(path)).unwrap_err().reason;
    assert!(root.open(Path::new("folder/inner/file")).is_ok());
    fs::rename(at("folder/inner"), at("elsewhere")).unwrap();
    assert_eq!(reason("folder/inner/file"), Reason::Vanished);
    symlink(at("elsewhere"), at("folder/inner")).unwrap();
    assert_eq!(reason("folder/inner/file"), Reason::Changed);
    symlink("/etc/passwd", at("link")).unwrap();
    Command::new("mkfifo").arg(at("pipe")).status().unwrap();
    for path in ["link", "pipe", "folder", "", ".", "..", "../../etc/passwd", "/etc/passwd"] {
        assert_eq!(reason(path), Reason::Changed, "{path}");
    }
    assert_eq!(reason("folder/../elsewhere/file"), Reason::Changed);
    // The root is the folder that was opened, not what is called like it now.
    fs::rename(&tree.root, tree.root.with_extension("old")).unwrap();
    fs::create_dir(&tree.root).unwrap();
    assert!(root.open(Path::new("elsewhere/file")).is_ok());
    fs::remove_dir(&tree.root).unwrap();
    fs::rename(tree.root.with_extension("old"), &tree.root).unwrap();
}

#[test]
fn a_folder_that_is_moved_while_it_is_listed_fails_once() {
    let mut tree = Tree::new();
    tree.chain("d", 200, 1, 1);
    let mut walk = list_raw(&source(&tree.root), &[]).unwrap();
    // On the way in every `a.txt` comes first.
    let mut n_files = walk.by_ref().take(200).count() as u64;
    fs::rename(tree.root.join("d/d/d"), tree.root.join("moved")).unwrap();
    let mut failed = Vec::new();
    for (path, listed) in walk {
        match listed {
            Listed::File(_) => n_files += 1,
            Listed::Failed { exception, .. } => failed.push((path, exception.reason)),
            Listed::Excluded { rule, .. } => panic!("{rule}"),
        }
    }
    assert_eq!(n_files + failed.len() as u64, tree.n_files, "a file for each that failed");
    assert!(failed.len() > 100, "{}", failed.len());
    assert!(failed.iter().all(|(_, reason)| *reason == Reason::Vanished), "{failed:?}");
    failed.dedup();
    assert!(failed.len() > 100);
}

#[test]
fn a_file_that_is_locked_says_so() {
    const HOLD: &str = "HABEAS_TEST_HOLD";
    if let Some(path) = std::env::var_os(HOLD) {
        // The other program: a lock of this kind does not keep out the one that has it.
        let file = File::options().read(true).write(true).open(path).unwrap();
        fcntl_lock(&file, FlockOperation::LockExclusive).unwrap();
        std::io::stdout().write_all(b"\nheld\n").unwrap();
        std::io::stdin().read_line(&mut String::new()).unwrap();
        return;
    }
    let tree = Tree::new();
    let path = tree.root.join("a");
    fs::write(&path, "x").unwrap();
    let reason = || open(&path).map(drop).map_err(|exception| exception.reason);
    assert_eq!(reason(), Ok(()));

    let holder = File::open(&path).unwrap();
    holder.lock().unwrap();
    assert_eq!(reason(), Err(Reason::Locked));
    holder.unlock().unwrap();
    holder.lock_shared().unwrap();
    assert_eq!(reason(), Ok(()));
    // We have left no lock behind.
    holder.try_lock().unwrap();
    drop(holder);

    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_file_that_is_locked_says_so", "--nocapture"])
        .env(HOLD, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(other.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|line| line == "held"));
    assert_eq!(reason(), Err(Reason::Locked));
    other.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert!(said.count() > 0, "it has said that its test passed");
    assert!(other.wait().unwrap().success());
    assert_eq!(reason(), Ok(()));
}

#[test]
fn reading_leaves_no_trace() {
    let tree = Tree::new();
    let path = tree.root.join("a");
    fs::write(&path, "x").unwrap();
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000);
    let times = fs::FileTimes::new().set_accessed(old).set_modified(old);
    File::open(&path).unwrap().set_times(times).unwrap();
    let facts = || {
        let facts = fs::metadata(&path).unwrap();
        let changed = std::os::unix::fs::MetadataExt::ctime_nsec(&facts);
        (facts.accessed().unwrap(), facts.modified().unwrap(), changed)
    };
    let before = facts();
    for (_, listed) in list_raw(&source(&tree.root), &[]).unwrap() {
        let Listed::File(entry) = listed else { panic!() };
        assert_eq!(read_open(&entry.open().unwrap(), MOST).unwrap().0, b"x");
    }
    assert_eq!(facts(), before);
    assert_eq!(before.0, old);
}
