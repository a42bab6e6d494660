//! Is everything in a folder listed once, and nothing else?

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use habeas_model::{Reason, SourceName};
use habeas_source::{Counted, Listed, Root, Source, count, list, list_raw, read, walk};

fn source(root: &Path, exclude: &[&str]) -> Source {
    let name = SourceName::parse("files").unwrap();
    let exclude = exclude.iter().map(|&text| text.to_owned()).collect();
    Source { name, root: root.to_owned(), exclude }
}

/// One line for each thing listed: `+ path` for a file, `- path: rule`, `! path: reason`.
fn lines(source: &Source) -> Vec<String> {
    list(source).unwrap().map(line).collect()
}

fn line(listed: Listed) -> String {
    match listed {
        Listed::File(entry) => format!("+ {}", entry.path),
        Listed::Excluded { path, rule, .. } => format!("- {path}: {rule}"),
        Listed::Failed { path, exception, .. } => format!("! {path}: {}", exception.reason),
    }
}

#[test]
fn everything_is_listed_once_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("b/c")).unwrap();
    fs::create_dir(root.join("cache")).unwrap();
    for name in ["b/c/2.txt", "b/1.txt", "a.txt", "z.tmp", "cache/x", ".hidden"] {
        fs::write(root.join(name), name).unwrap();
    }
    symlink("/etc", root.join("link")).unwrap();
    symlink("nowhere", root.join("broken")).unwrap();
    assert_eq!(
        lines(&source(root, &["*.tmp", "cache"])),
        [
            "+ .hidden",
            "+ a.txt",
            "+ b/1.txt",
            "+ b/c/2.txt",
            "- broken: symbolic link",
            "- cache: exclude: cache",
            "- link: symbolic link",
            "- z.tmp: exclude: *.tmp",
        ]
    );
}

#[test]
fn a_name_that_is_not_text_is_listed_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let raw = folder.path().join(std::ffi::OsStr::from_bytes(b"a\xff\n.txt"));
    fs::write(&raw, "here").unwrap();
    let listed: Vec<Listed> = list(&source(folder.path(), &[])).unwrap().collect();
    let [Listed::File(entry)] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!(entry.path.to_string(), "a\\xff\\u{a}.txt");
    let (bytes, stamp) = read(&entry.raw, 100).unwrap();
    assert_eq!((bytes.as_slice(), stamp), (b"here".as_slice(), entry.stamp));
}

#[test]
fn a_socket_is_never_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    assert_eq!(lines(&source(folder.path(), &[])), ["- s: not a file"]);
    assert_eq!(read(&path, 100).unwrap_err().reason, Reason::Changed);
}

#[test]
fn a_root_may_be_one_file_and_own_folders_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("clinic/estate");
    // Known before it is there, and by whatever name.
    let walk = list_raw(&source(folder.path(), &[]), &[&folder.path().join("clinic/./estate")]);
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("inventory.db"), "x").unwrap();
    fs::write(folder.path().join("a.txt"), "x").unwrap();
    assert_eq!(lines(&source(&folder.path().join("a.txt"), &[])), ["+ a.txt"]);
    let lines: Vec<String> = walk.unwrap().map(|(_, listed)| line(listed)).collect();
    assert_eq!(lines, ["+ a.txt", "- clinic/estate: habeas keeps its work here"]);
}

#[test]
fn a_root_may_be_a_link() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("real")).unwrap();
    fs::write(folder.path().join("real/a.txt"), "x").unwrap();
    symlink("real", folder.path().join("to-folder")).unwrap();
    symlink("real/a.txt", folder.path().join("to-file")).unwrap();
    assert_eq!(lines(&source(&folder.path().join("to-folder"), &[])), ["+ a.txt"]);
    assert_eq!(lines(&source(&folder.path().join("to-file"), &[])), ["+ to-file"]);
}

#[test]
fn what_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    assert!(list(&source(&root.join("absent"), &[])).is_err());
    fs::write(root.join("a.txt"), "12345").unwrap();
    let reason = |name: &str, most: u64| read(&root.join(name), most).unwrap_err().reason;
    assert_eq!(reason("a.txt", 4), Reason::SizeLimit);
    assert_eq!(reason("b.txt", 4), Reason::Vanished);
    assert_eq!(reason(".", 4), Reason::Changed);
    assert!(read(&root.join("a.txt"), 5).is_ok());
}

#[test]
fn the_other_count_comes_to_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["b/c", "cache/d", "own/text"] {
        fs::create_dir_all(root.join(name)).unwrap();
    }
    for name in ["a.txt", "b/1.txt", "b/2.tmp", "b/c/3.txt", "cache/d/x", "own/text/y", "z.tmp"] {
        fs::write(root.join(name), name).unwrap();
    }
    symlink("/etc", root.join("link")).unwrap();
    let check = |root: &Path, exclude: &[&str], own: &[&Path], wanted: Option<(u64, u64)>| {
        let source = source(root, exclude);
        let mut counted = Counted::default();
        match list_raw(&source, own) {
            Ok(walk) => walk.for_each(|(_, listed)| match listed {
                Listed::File(_) => counted.files += 1,
                Listed::Excluded { .. } => counted.excluded += 1,
                Listed::Failed { .. } => counted.folders_closed += 1,
            }),
            Err(_) => counted.folders_closed += 1,
        }
        assert_eq!(count(&source, own), counted);
        assert_eq!(
            wanted,
            (counted.folders_closed == 0).then_some((counted.files, counted.excluded))
        );
    };
    check(root, &[], &[], Some((7, 1)));
    check(root, &["*.tmp", "cache"], &[&root.join("own")], Some((3, 5)));
    check(root, &["b/*.txt"], &[], Some((6, 2)));
    check(&root.join("a.txt"), &[], &[], Some((1, 0)));
    check(&root.join("z.tmp"), &["*.tmp"], &[], Some((0, 1)));
    check(&root.join("link"), &["*"], &[], Some((0, fs::read_dir("/etc").unwrap().count() as u64)));
    check(&root.join("absent"), &[], &[], None);
}

#[test]
fn a_listing_goes_from_one_process_to_another() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let odd = std::ffi::OsStr::from_bytes(b"a\xff.txt");
    fs::create_dir(root.join("b")).unwrap();
    fs::write(root.join("b").join(odd), "here").unwrap();
    symlink("/etc", root.join("link")).unwrap();
    let source = source(root, &[]);
    let here = Root::new(&source).unwrap();
    let (parts, dir) = here.parts();
    let there = Root::from_parts(parts.clone(), Some(dir.unwrap().try_clone_to_owned().unwrap()));
    // It is the same folder wherever it is by then.
    let moved = tempfile::tempdir().unwrap();
    let n_alive = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&n_alive);
    let alive = Box::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let seen: Vec<_> = walk(&here, &source.exclude, &[], alive).collect();
    assert!(n_alive.load(Ordering::SeqCst) >= 3);
    fs::rename(root, moved.path().join("moved")).unwrap();
    let listed: Vec<Listed> =
        seen.into_iter().map(|(relative, seen)| there.listed(&relative, seen)).collect();
    let [Listed::File(entry), Listed::Excluded { .. }] = listed.as_slice() else {
        panic!("{listed:?}");
    };
    assert_eq!(entry.raw, root.join("b").join(odd));
    assert_eq!(std::io::read_to_string(entry.open().unwrap()).unwrap(), "here");
    let closed = Root::from_parts(parts, None);
    assert_eq!(closed.open_raw(&entry.raw).unwrap_err().reason, Reason::Io);
    fs::rename(moved.path().join("moved"), root).unwrap();
}
