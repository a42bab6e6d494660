//! Does a reader that misbehaves take anything but its own file?

mod common;

use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use common::{Place, options, sums};
use habeas_document::Budget;
use habeas_ingest::{Patience, isolation, read, read_item};
use habeas_model::{ItemPath, Reason};

/// Patience for a test.
fn short() -> Patience {
    Patience {
        cpu: Duration::from_millis(300),
        cpu_per_mb: Duration::ZERO,
        most_cpu: Duration::from_millis(300),
        wall: Duration::from_millis(800),
        memory_bytes: 256 << 20,
    }
}

#[test]
fn a_bad_file_takes_nothing_but_itself() {
    let place = Place::new();
    let acts = [
        ("panic", Reason::ReaderFailed),
        ("abort", Reason::ReaderFailed),
        ("exit", Reason::ReaderFailed),
        ("stack", Reason::ReaderFailed),
        ("bigbomb", Reason::ReaderFailed),
        ("loop", Reason::TimeLimit),
        ("sleep", Reason::TimeLimit),
        ("bomb", Reason::MemoryLimit),
    ];
    for (act, _) in acts {
        // Two members before it dies, one that is never reached.
        place.put(0, &format!("{act}.txt"), &format!("#!hostile\nfine\n{act}\nfine\n"));
        for n in 0..3 {
            place.put(0, &format!("{act}-{n}.txt"), &format!("good {act} {n}\n"));
        }
    }
    let stop = AtomicBool::new(false);
    let run = || {
        let sources = place.sources();
        habeas_ingest::index_within(&place.dir(), &sources, &options(), short(), &|_| {}, &stop)
    };
    let receipt = run().unwrap();
    assert_eq!(receipt.n_files_read, 32);
    // Of each bad file the family itself and its first member are there, and say that it is a part.
    assert_eq!(sums(&place.estate()), [24 + 16, 24 + 16, 0, 0, 0]);
    let exceptions = place.estate().exceptions().unwrap();
    assert_eq!(exceptions.len(), acts.len());
    for (act, reason) in acts {
        let path = ItemPath::file(format!("{act}.txt").as_bytes());
        let found = exceptions.iter().find(|(_, at, _)| *at == path);
        let (_, _, exception) = found.unwrap_or_else(|| panic!("{act}: {exceptions:?}"));
        assert_eq!((exception.reason, exception.is_partial), (reason, true), "{act}");
    }
    assert_eq!(run().unwrap().n_files_read, 0);
}

#[test]
fn a_reader_can_neither_write_nor_connect_nor_start_programs() {
    let place = Place::new();
    let report = isolation().unwrap();
    if !report.starts_with("landlock:") {
        // Nothing to show on a kernel without it, and the report says so.
        assert!(report.contains("not confined") || report.contains("in part"), "{report}");
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let target = place.folder.path().join("written");
    let (target, address) = (target.display(), listener.local_addr().unwrap());
    let acts = format!("#!hostile\nwrite {target}\nconnect {address}\nrun touch {target}\n");
    place.put(0, "a.txt", &acts);
    let members = read(&place.root(0).join("a.txt"), "a.txt", &Budget::default());
    assert_eq!(members.len(), 4, "the reader lives on");
    assert!(!place.folder.path().join("written").exists());
    assert!(listener.accept().is_err(), "nobody has connected");
}

#[test]
fn one_file_is_read_without_an_estate() {
    let place = Place::new();
    place.put(0, "a.txt", "alpha\n");
    let file = place.root(0).join("a.txt");
    let members = read(&file, "folder/a.txt", &Budget::default());
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].path.to_string(), "folder/a.txt");
    assert!(members[0].document.text().contains("alpha"));
    let absent = read(Path::new("/nowhere/a.txt"), "a.txt", &Budget::default());
    assert_eq!(absent.len(), 1);
    assert_eq!(absent[0].document.failure().unwrap().reason, Reason::Vanished);
    place.put(0, "dies.txt", "#!hostile\nabort\n");
    let dead = read(&place.root(0).join("dies.txt"), "dies.txt", &Budget::default());
    assert_eq!(dead[0].document.exceptions[0].reason, Reason::ReaderFailed);
}

#[test]
fn an_item_is_read_again_only_as_it_was() {
    let place = Place::new();
    place.put(0, "f.txt", "#!hostile\none\ntwo\n");
    let file = place.root(0).join("f.txt");
    let budget = Budget::default();
    let two = &read(&file, "f.txt", &budget)[2];
    let again = read_item(&file, &two.path, &two.id, &budget).unwrap();
    assert_eq!(again, *two);
    place.put(0, "f.txt", "#!hostile\none\nthree\n");
    let changed = read_item(&file, &two.path, &two.id, &budget).unwrap_err();
    assert_eq!(changed.reason, Reason::Changed);
    std::fs::remove_file(&file).unwrap();
    let gone = read_item(&file, &two.path, &two.id, &budget).unwrap_err();
    assert_eq!(gone.reason, Reason::Vanished);
}
