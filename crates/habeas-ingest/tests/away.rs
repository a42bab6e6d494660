//! Does a file system that never answers hold up anything but itself?
//!
//! The process that lists and opens stands in for it: names say what it meets (`probe.rs`). What a
//! kernel does with a process that waits for a dead share is tried by `benches/stall.py`.

mod common;

use std::fs;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant, SystemTime};

use common::{Place, options, sums};
use habeas_ingest::{Options, Patience, Reading, Receipt, count, list, look};
use habeas_model::{ItemPath, Lookup, Reason, Word};
use habeas_source::Listed;

const STALL: Duration = Duration::from_millis(1500);

/// Options with little patience for what is silent.
fn short() -> Options {
    let patience = Patience { stall: STALL, ..Patience::default() };
    Options { patience, ..options() }
}

fn run(place: &Place) -> Receipt {
    let (stop, began) = (AtomicBool::new(false), Instant::now());
    let receipt = habeas_ingest::index(&place.dir(), &place.sources(), &short(), &|_| {}, &stop);
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
    receipt.unwrap()
}

/// Every exception: the path, and what was written of it.
fn exceptions(place: &Place) -> Vec<(String, Reason)> {
    let all = place.estate().exceptions().unwrap();
    all.into_iter().map(|(_, path, exception)| (path.to_string(), exception.reason)).collect()
}

fn names(receipt: &Receipt) -> Vec<&str> {
    receipt.stalled.iter().map(habeas_model::SourceName::as_str).collect()
}

/// A source of ten files and a bad name, and one that is well.
fn place(bad: &str) -> Place {
    let place = Place::new();
    for n in 0..10 {
        place.put(0, &format!("{n}.txt"), &format!("number {n}\n"));
        place.put(1, &format!("{n}.txt"), &format!("well {n}\n"));
    }
    place.put(0, bad, "bad\n");
    place
}

fn check_listing_breaks_off(bad: &str, reason: Reason, n_before: u64) {
    let place = place(bad);
    let receipt = run(&place);
    assert_eq!((names(&receipt), receipt.n_gone), (vec!["s0"], 0));
    assert_eq!(exceptions(&place), [(".".to_owned(), reason)]);
    // What was listed before it is read.
    assert_eq!(sums(&place.estate()), [11 + n_before, 10 + n_before, 0, 1, 0]);
    fs::rename(place.root(0).join(bad), place.root(0).join("good")).unwrap();
    let receipt = run(&place);
    assert_eq!((names(&receipt), receipt.n_gone), (vec![], 0));
    assert_eq!(sums(&place.estate()), [21, 21, 0, 0, 0]);
    fs::rename(place.root(0).join("good"), place.root(0).join(bad)).unwrap();
    let receipt = run(&place);
    assert_eq!((names(&receipt), receipt.n_gone), (vec!["s0"], 0));
    assert_eq!(sums(&place.estate()), [22, 21, 0, 1, 0]);
    assert!(habeas_index::check(&place.dir(), true).unwrap().adds_up());
}

#[test]
fn a_listing_that_does_not_come_back_takes_nothing_but_itself() {
    check_listing_breaks_off("#hangs", Reason::Stalled, 0);
    check_listing_breaks_off("zz/#hangs", Reason::Stalled, 10);
}

#[test]
fn a_listing_that_dies_takes_nothing_but_itself() {
    check_listing_breaks_off("#dies", Reason::Io, 0);
}

#[test]
fn a_file_that_does_not_open_takes_nothing_but_itself() {
    for (bad, reason) in [("#opens-never", Reason::Stalled), ("#opens-badly", Reason::Io)] {
        let place = place(bad);
        let receipt = run(&place);
        assert_eq!((names(&receipt), receipt.n_gone), (vec![], 0));
        assert_eq!(exceptions(&place), [(bad.to_owned(), reason)]);
        assert_eq!(sums(&place.estate()), [21, 20, 0, 1, 0]);
        // It is tried again, and nothing else is.
        assert_eq!(run(&place).n_files_read, 1);
    }
}

#[test]
fn after_eight_files_nothing_more_of_a_source_is_opened() {
    let place = Place::new();
    for n in 0..40 {
        place.put(0, &format!("#opens-never {n}"), "never\n");
        place.put(1, &format!("{n}.txt"), &format!("well {n}\n"));
    }
    let began = Instant::now();
    run(&place);
    assert_eq!(sums(&place.estate()), [80, 40, 0, 40, 0]);
    let all = place.estate().exceptions().unwrap();
    let n_given_up = all.iter().filter(|(_, _, why)| why.note.contains("no more are tried"));
    // Two threads may have tried one more each.
    assert!((30..=32).contains(&n_given_up.count()));
    assert!(began.elapsed() < STALL * 16, "{:?}", began.elapsed());
}

#[test]
fn a_root_that_does_not_answer_is_reported() {
    let place = Place::new();
    place.put(1, "a.txt", "well\n");
    let mut sources = place.sources();
    sources.insert(
        0,
        habeas_source::Source {
            name: habeas_model::SourceName::parse("dead").unwrap(),
            root: place.folder.path().join("#hangs"),
            exclude: Vec::new(),
        },
    );
    let stop = AtomicBool::new(false);
    let receipt = habeas_ingest::index(&place.dir(), &sources, &short(), &|_| {}, &stop).unwrap();
    assert_eq!(names(&receipt), ["dead"]);
    assert_eq!(exceptions(&place), [(".".to_owned(), Reason::Stalled)]);
    assert_eq!(sums(&place.estate()), [2, 1, 0, 1, 0]);
    let why = count(&sources[0], &[], STALL).unwrap_err();
    assert_eq!(why.reason, Reason::Stalled);
    assert_eq!(count(&sources[1], &[], STALL).unwrap().files, 1);
    assert_eq!(look(&sources[0].root, STALL).unwrap_err().reason, Reason::Stalled);
    assert!(look(&sources[1].root, STALL).unwrap().is_folder);
    assert!(!look(&sources[1].root.join("nothing"), STALL).unwrap().is_there);
}

#[test]
fn a_folder_reads_the_same_without_an_estate() {
    use std::os::unix::ffi::OsStrExt;
    let place = place("good");
    let odd = std::ffi::OsStr::from_bytes(b"odd \xff name");
    fs::write(place.root(0).join(odd), "odd\n").unwrap();
    let source = &place.sources()[0];
    let here: Vec<String> =
        habeas_source::list(source).unwrap().map(|listed| format!("{listed:?}")).collect();
    let there: Vec<Listed> = list(source).unwrap().collect();
    // All but the numbers of the root's descriptors.
    let paths = |text: &str| text.split("root:").next().map(str::to_owned);
    let told: Vec<_> = there.iter().map(|listed| paths(&format!("{listed:?}"))).collect();
    assert_eq!(told, here.iter().map(|text| paths(text)).collect::<Vec<_>>());
    let mut reading = Reading::new(options().budget, Patience::default(), None);
    for listed in &there {
        let Listed::File(entry) = listed else { panic!("{listed:?}") };
        let members = reading.read_listed(entry, "a.txt");
        assert!(members[0].document.exceptions.is_empty(), "{:?}", members[0].document.exceptions);
    }
    let missing = habeas_source::Source { root: place.root(7), ..source.clone() };
    assert!(list(&missing).err().unwrap().to_string().contains("is not there"));
}

#[test]
fn a_locked_file_is_tried_again_when_all_else_is_done() {
    let place = Place::new();
    place.put(0, "a.txt", "somebody writes this\n");
    place.put(0, "b.txt", "well\n");
    let locked = fs::File::open(place.root(0).join("a.txt")).unwrap();
    locked.lock().unwrap();
    let receipt = run(&place);
    assert_eq!(exceptions(&place), [("a.txt".to_owned(), Reason::Locked)]);
    assert_eq!((receipt.n_files_read, sums(&place.estate())), (2, [2, 1, 0, 1, 0]));
    // This takes longer than the lock is held.
    place.put(0, "c.txt", "#!hostile\nbusy\n");
    let held = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        locked.unlock().unwrap();
    });
    run(&place);
    held.join().unwrap();
    assert_eq!(exceptions(&place), []);
    assert_eq!(sums(&place.estate()), [3, 3, 0, 0, 0]);
}

#[test]
fn a_file_that_changes_within_a_tick_is_read_again() {
    let place = Place::new();
    let said = |word: &str| {
        let lookup = [Lookup::Words(vec![Word::Exact(word.to_owned())])];
        place.estate().passages(&lookup).unwrap().len()
    };
    let file = place.put_new(0, "a.txt", "before\n");
    // As on a share whose clock is ahead, so that the test may take its time.
    let then = SystemTime::now() + Duration::from_secs(40);
    file.set_modified(then).unwrap();
    place.put(0, "old.txt", "old\n");
    assert_eq!(run(&place).n_files_read, 2);
    // Its bytes are looked at, and are known.
    let receipt = run(&place);
    assert_eq!((receipt.n_files_read, receipt.n_known, receipt.n_unchanged), (1, 1, 1));
    assert_eq!((receipt.n_new, receipt.n_changed, receipt.n_gone), (0, 0, 0));
    place.put_new(0, "a.txt", "after.\n").set_modified(then).unwrap();
    assert_eq!((said("before"), said("after")), (1, 0));
    let receipt = run(&place);
    assert_eq!((receipt.n_files_read, receipt.n_known), (1, 0));
    assert_eq!((said("before"), said("after")), (0, 1));
    // When it is old enough it is looked at for the last time.
    file.set_modified(then - Duration::from_secs(90)).unwrap();
    let receipt = run(&place);
    assert_eq!((receipt.n_files_read, receipt.n_known), (1, 1));
    assert_eq!(run(&place).n_unchanged, 2);
    let path = ItemPath::file(b"a.txt");
    assert_eq!(place.estate().find_item(&path.to_string()).unwrap().len(), 1);
}
