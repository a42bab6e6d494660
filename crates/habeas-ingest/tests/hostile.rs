//! Does a reader that misbehaves take anything but its own file?

mod common;

use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::SocketAddr as UnixAddress;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use common::{Place, options, sums};
use habeas_document::Budget;
use habeas_ingest::{Options, Patience, Receipt, confinement, read, read_item};
use habeas_model::{ItemPath, Member, Reason};

/// Options for a test, with little patience.
fn short() -> Options {
    let patience = Patience {
        cpu: Duration::from_millis(400),
        cpu_per_mb: Duration::ZERO,
        most_cpu: Duration::from_millis(400),
        stall: Duration::from_millis(800),
        wall: Duration::from_secs(60),
        memory_bytes: 200 << 20,
    };
    Options { patience, ..options() }
}

fn run(place: &Place, options: &Options) -> Receipt {
    let stop = AtomicBool::new(false);
    habeas_ingest::index(&place.dir(), &place.sources(), options, &|_| {}, &stop).unwrap()
}

/// The exceptions of the item at that path, with whether each is of a part.
fn exceptions(place: &Place, path: &ItemPath) -> Vec<(Reason, bool)> {
    let all = place.estate().exceptions().unwrap();
    let here = all.iter().filter(|(_, at, _)| at == path);
    here.map(|(_, _, exception)| (exception.reason, exception.is_partial)).collect()
}

/// What a reader can do to itself, and how the item that it had then ends.
const ACTS: [(&str, Reason); 10] = [
    ("panic", Reason::ReaderFailed),
    ("abort", Reason::ReaderFailed),
    ("exit", Reason::ReaderFailed),
    ("stack", Reason::ReaderFailed),
    ("bigbomb", Reason::MemoryLimit),
    ("bomb", Reason::MemoryLimit),
    ("loop", Reason::TimeLimit),
    ("sleep", Reason::TimeLimit),
    ("flood", Reason::MemoryLimit),
    ("lie", Reason::Protocol),
];

#[test]
fn a_bad_file_takes_nothing_but_itself() {
    let place = Place::new();
    for (act, _) in ACTS {
        place.put(0, &format!("{act}.txt"), &format!("#!hostile\n{act}\n"));
        for n in 0..3 {
            place.put(0, &format!("{act}-{n}.txt"), &format!("good {act} {n}\n"));
        }
    }
    assert_eq!(run(&place, &short()).n_files_read, 40);
    for (act, reason) in ACTS {
        let found = exceptions(&place, &ItemPath::file(format!("{act}.txt").as_bytes()));
        assert_eq!(found, [(reason, false)], "{act}");
    }
    assert_eq!(sums(&place.estate()), [40, 30, 0, 10, 0]);
    assert_eq!(run(&place, &short()).n_files_read, 0);
}

#[test]
fn a_bad_member_takes_nothing_but_itself() {
    let place = Place::new();
    for (act, _) in ACTS {
        // It dies of its third member while it unpacks it, and of its fifth when it is read.
        let acts = format!("#!hostile\nmembers\none\ntwo\n{act}\nfour\nread {act}\nsix\n");
        place.put(0, &format!("{act}.txt"), &acts);
    }
    run(&place, &short());
    for (act, reason) in ACTS {
        let file = ItemPath::file(format!("{act}.txt").as_bytes());
        let at = |number: usize| exceptions(&place, &file.member(&format!("{number}.txt")));
        let fine: Vec<usize> = [0, 1, 3, 5].into_iter().filter(|n| at(*n).is_empty()).collect();
        assert_eq!(fine, [0, 1, 3, 5], "{act}");
        assert_eq!(at(4), [(reason, false)], "{act}");
        // Text in one passage floods nothing while it is only unpacked.
        if act != "flood" {
            assert_eq!(at(2), [(reason, false)], "{act}");
        }
        assert!(exceptions(&place, &file).is_empty(), "{act}");
    }
    let [listed, ..] = sums(&place.estate());
    assert_eq!(listed, 70);
}

#[test]
fn a_container_that_kills_every_reader_is_given_up() {
    let place = Place::new();
    let acts = format!("#!hostile\nmembers\nfine\n{}fine\n", "abort\n".repeat(30));
    place.put(0, "a.txt", &acts);
    place.put(0, "b.txt", "good\n");
    run(&place, &short());
    // The container, its first member and the other file; twenty dead ones and all after them.
    assert_eq!(sums(&place.estate()), [34, 3, 0, 31, 0]);
    let all = place.estate().exceptions().unwrap();
    let not_tried = all.iter().filter(|(_, _, why)| why.note.starts_with("was not unpacked"));
    assert_eq!(not_tried.count(), 11);
    assert!(habeas_index::check(&place.dir(), true).unwrap().adds_up());
}

#[test]
fn a_reader_can_do_nothing_but_read() {
    let place = Place::new();
    let report = confinement().unwrap();
    assert!(report.has_limits);
    if !report.is_whole() {
        // Nothing to show on a kernel without these, and the report says so.
        assert!(report.to_string().contains("no "), "{report}");
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let name = format!("habeas-test-{}", std::process::id());
    let address = <UnixAddress as SocketAddrExt>::from_abstract_name(&name).unwrap();
    let _unix = std::os::unix::net::UnixListener::bind_addr(&address).unwrap();
    let target = place.folder.path().join("written");
    let tries = [
        "open /etc/passwd".to_owned(),
        "open /proc/self/environ".to_owned(),
        "list /".to_owned(),
        format!("write {}", target.display()),
        format!("connect {}", listener.local_addr().unwrap()),
        "bind 127.0.0.1:0".to_owned(),
        "udp 127.0.0.1:0".to_owned(),
        format!("abstract {name}"),
        format!("run touch {}", target.display()),
        "kill".to_owned(),
        "thread".to_owned(),
        "memory".to_owned(),
    ];
    place.put(0, "a.txt", &format!("#!hostile\n{}\n", tries.join("\n")));
    let members = read(&place.root(0).join("a.txt"), "a.txt", &Budget::default());
    let told: Vec<String> =
        members[0].document.passages[1..].iter().map(|passage| passage.text.clone()).collect();
    let refused: Vec<String> = tries.iter().map(|what| format!("{what} was refused")).collect();
    assert_eq!(told, refused, "the reader lives on, and got nothing");
    assert!(!target.exists());
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
    place.put(0, "f.txt", "#!hostile\nmembers\none\ntwo\nabort\n");
    let file = place.root(0).join("f.txt");
    let budget = Budget::default();
    let two = &read(&file, "f.txt", &budget)[2];
    let again = |two: &Member| read_item(&file, &two.path, &two.id, &budget, None);
    assert_eq!(again(two).unwrap(), *two);
    place.put(0, "f.txt", "#!hostile\nmembers\none\nthree\n");
    assert_eq!(again(two).unwrap_err().reason, Reason::Changed);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(again(two).unwrap_err().reason, Reason::Vanished);
}

#[test]
fn a_hundred_dead_readers_leave_nothing_behind() {
    let place = Place::new();
    let acts = "#!hostile\nmembers\n".to_owned() + &"read abort\n".repeat(100);
    place.put(0, "a.txt", &acts);
    let count = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    read(&place.root(0).join("a.txt"), "a.txt", &Budget::default());
    let before = count();
    let members = read(&place.root(0).join("a.txt"), "a.txt", &Budget::default());
    assert_eq!(members.len(), 101);
    assert!(count() <= before + 2, "descriptors are left open");
}
