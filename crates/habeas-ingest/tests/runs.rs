//! Does a run look at everything once, and read only what it has to?

mod common;

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use common::{Place, options, sums};
use habeas_model::{ItemPath, Lookup, Outcome, Reason, SourceName, Word};

fn word(word: &str) -> [Lookup; 1] {
    [Lookup::Words(vec![Word::Exact(word.to_owned())])]
}

#[test]
fn a_second_run_only_looks() {
    let place = Place::new();
    place.put(0, "a.txt", "alpha\n");
    place.put(0, "b/c.txt", "beta\n");
    place.put(0, "x.skip", "left out\n");
    place.put(0, "picture.png", "\u{89}PNG\r\n\u{1a}\n");
    place.put(1, "again.txt", "alpha\n");
    let receipt = place.index();
    assert_eq!((receipt.n_files_read, receipt.n_unchanged), (4, 0));
    let [listed, read, duplicate, excepted, excluded] = sums(&place.estate());
    assert_eq!((listed, duplicate, excluded), (5, 1, 1));
    assert_eq!(read + excepted, 3);
    assert_eq!(place.estate().passages(&word("alpha")).unwrap().len(), 1);
    let receipt = place.index();
    assert_eq!((receipt.n_files_read, receipt.n_unchanged, receipt.n_gone), (0, 4, 0));
    assert_eq!(receipt.sources.iter().map(|(_, sum)| sum.listed).sum::<u64>(), 5);
}

#[test]
fn changes_moves_and_losses_are_seen() {
    let place = Place::new();
    // A file is found by its name too, so that names and words differ.
    for (name, word) in
        [("changes", "alters"), ("moves", "moves"), ("goes", "leaves"), ("stays", "stays")]
    {
        place.put(0, &format!("{name}.txt"), &format!("it {word}\n"));
    }
    place.index();
    place.put(0, "changes.txt", "something else\n");
    fs::rename(place.root(0).join("moves.txt"), place.root(0).join("moved.txt")).unwrap();
    fs::remove_file(place.root(0).join("goes.txt")).unwrap();
    place.put(0, "new.txt", "new\n");
    let receipt = place.index();
    assert_eq!((receipt.n_files_read, receipt.n_unchanged, receipt.n_gone), (3, 1, 2));
    let estate = place.estate();
    assert!(estate.passages(&word("alters")).unwrap().is_empty());
    assert!(estate.passages(&word("leaves")).unwrap().is_empty());
    assert_eq!(estate.passages(&word("it")).unwrap().len(), 2);
    let moved = estate.find_item("moved.txt").unwrap()[0];
    assert_eq!(estate.occurrences(&moved).unwrap().len(), 1);
    assert_eq!(estate.gone().unwrap().len(), 2);
    assert_eq!(sums(&estate), [4, 4, 0, 0, 0]);
}

#[test]
fn a_lost_copy_leaves_the_item_to_the_other() {
    let place = Place::new();
    place.put(0, "a.txt", "same\n");
    place.put(1, "b.txt", "same\n");
    place.index();
    fs::remove_file(place.root(0).join("a.txt")).unwrap();
    place.index();
    let estate = place.estate();
    let source = SourceName::parse("s1").unwrap();
    let (copy, _) = estate.occurrence_at(&source, &ItemPath::file(b"b.txt")).unwrap().unwrap();
    assert_eq!(copy.outcome, Outcome::Read);
    assert_eq!(estate.passages(&word("same")).unwrap().len(), 1);
}

#[test]
fn a_fresh_run_reads_everything_again_and_comes_to_the_same() {
    let place = Place::new();
    for n in 0..20 {
        place.put(n % 2, &format!("{n}.txt"), &format!("text {}\n", n / 2));
    }
    place.index();
    let before = (sums(&place.estate()), place.estate().passages(&word("text")).unwrap());
    let fresh = habeas_ingest::Options { is_fresh: true, ..options() };
    let stop = AtomicBool::new(false);
    let receipt =
        habeas_ingest::index(&place.dir(), &place.sources(), &fresh, &|_| {}, &stop).unwrap();
    assert_eq!(receipt.n_files_read, 20);
    assert_eq!((sums(&place.estate()), place.estate().passages(&word("text")).unwrap()), before);
}

#[test]
fn a_stopped_run_carries_on() {
    let place = Place::new();
    for n in 0..300 {
        place.put(0, &format!("{n}.txt"), &format!("number {n}\n"));
    }
    place.put(0, "0-sleeps.txt", "#!hostile\nsleep\n");
    let stop = AtomicBool::new(false);
    let started = Instant::now();
    let progress = |at: habeas_ingest::Progress| {
        if at.done > 20 {
            stop.store(true, Ordering::SeqCst);
        }
    };
    let receipt =
        habeas_ingest::index(&place.dir(), &place.sources(), &options(), &progress, &stop).unwrap();
    assert!(receipt.is_interrupted && started.elapsed().as_secs() < 8);
    place.put(0, "0-sleeps.txt", "rested\n");
    let receipt = place.index();
    assert!(!receipt.is_interrupted);
    assert_eq!(sums(&place.estate()), [301, 301, 0, 0, 0]);
}

#[test]
fn the_estate_itself_is_no_source() {
    let place = Place::new();
    place.put(0, "a.txt", "alpha\n");
    let mut sources = place.sources();
    sources[0].root = place.folder.path().to_owned();
    let stop = AtomicBool::new(false);
    for _ in 0..2 {
        habeas_ingest::index(&place.dir(), &sources, &options(), &|_| {}, &stop).unwrap();
        assert_eq!(sums(&place.estate()), [2, 1, 0, 0, 1]);
    }
}

#[test]
fn a_missing_source_stops_the_run_before_it_starts() {
    let place = Place::new();
    place.put(0, "a.txt", "alpha\n");
    place.index();
    let mut sources = place.sources();
    sources[0].root.push("nowhere");
    let stop = AtomicBool::new(false);
    let error = habeas_ingest::index(&place.dir(), &sources, &options(), &|_| {}, &stop);
    assert!(error.unwrap_err().to_string().contains("is not there"));
    assert_eq!(sums(&place.estate()), [1, 1, 0, 0, 0]);
}

#[test]
fn a_file_beyond_a_limit_is_read_when_the_limit_is_raised() {
    let place = Place::new();
    place.put(0, "a.txt", "more than ten bytes\n");
    let mut small = options();
    small.budget.file_bytes = 10;
    let stop = AtomicBool::new(false);
    let run = |options| {
        habeas_ingest::index(&place.dir(), &place.sources(), options, &|_| {}, &stop).unwrap()
    };
    run(&small);
    assert_eq!(place.estate().exceptions().unwrap()[0].2.reason, Reason::SizeLimit);
    assert_eq!(run(&small).n_files_read, 0);
    assert_eq!(run(&options()).n_files_read, 1);
    assert_eq!(sums(&place.estate()), [1, 1, 0, 0, 0]);
}

#[test]
fn a_long_table_is_whole_whatever_parts_it_came_in() {
    let place = Place::new();
    let rows: String = (0..9001).map(|n| format!("number {n},value {n}\n")).collect();
    let table = format!("First,Second\n{rows}");
    place.put(0, "a.csv", &table);
    place.put(0, "b.csv", &table);
    place.index();
    let estate = place.estate();
    let item = estate.find_item("a.csv").unwrap()[0];
    let passages = estate.passages_of(&item).unwrap();
    let file = place.root(0).join("a.csv");
    let members = habeas_ingest::read(&file, "a.csv", &options().budget);
    assert!(passages.len() > 9000);
    assert_eq!(members[0].document.passages.len(), passages.len());
    for (number, (indexed, read)) in passages.iter().zip(&members[0].document.passages).enumerate()
    {
        assert_eq!((indexed.number as usize, &indexed.passage), (number, read));
    }
    let path = ItemPath::file(b"a.csv");
    let again = habeas_ingest::read_item(&file, &path, &item, &options().budget, None).unwrap();
    assert_eq!(again, members[0]);
    assert_eq!(sums(&estate), [2, 1, 1, 0, 0]);
    // The copy may have waited for the first; either way all is settled after another run.
    place.index();
    assert_eq!(place.index().n_files_read, 0);
}

#[test]
fn what_is_known_is_not_read_again() {
    let place = Place::new();
    let family = "#!hostile\nmembers\none\ntwo\nread three\n";
    place.put(0, "family.txt", family);
    place.put(0, "stays.txt", "stays\n");
    place.index();
    let before = sums(&place.estate());
    // The same bytes at a new place, moved, and written again.
    place.put(1, "copy.txt", family);
    fs::rename(place.root(0).join("family.txt"), place.root(0).join("moved.txt")).unwrap();
    place.put(0, "stays.txt", "stays\n");
    let receipt = place.index();
    assert_eq!((receipt.n_files_read, receipt.n_known), (3, 3));
    assert_eq!((receipt.n_new, receipt.n_changed), (2, 1));
    assert_eq!((receipt.n_gone, receipt.n_moved), (1, 1));
    let estate = place.estate();
    assert_eq!(before, [5, 5, 0, 0, 0]);
    assert_eq!(sums(&estate), [9, 5, 4, 0, 0]);
    let moved = estate.find_item("moved.txt").unwrap()[0];
    let places: Vec<String> =
        estate.occurrences(&moved).unwrap().iter().map(|place| place.path.to_string()).collect();
    assert_eq!(places, ["moved.txt", "copy.txt"]);
    let source = SourceName::parse("s1").unwrap();
    let member = ItemPath::file(b"copy.txt").member("1.txt");
    let (occurrence, item) = estate.occurrence_at(&source, &member).unwrap().unwrap();
    assert_eq!(occurrence.outcome, Outcome::Duplicate);
    assert!(estate.passages_of(&item.unwrap()).unwrap()[0].passage.text.starts_with("two"));
    assert!(habeas_index::check(&place.dir(), true).unwrap().adds_up());
}

#[test]
fn a_second_process_is_told_who_is_at_work() {
    let place = Place::new();
    place.put(0, "a.txt", "alpha\n");
    place.put(0, "sleeps.txt", "#!hostile\nsleep\n");
    let mut first = std::process::Command::new(common::PROBE)
        .arg("index")
        .arg(place.dir())
        .arg(place.root(0))
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let is_locked =
        || fs::read_to_string(place.dir().join("lock")).is_ok_and(|holder| !holder.is_empty());
    while !is_locked() {
        assert!(begun.elapsed().as_secs() < 30, "the first one never began");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let stop = AtomicBool::new(false);
    let error = habeas_ingest::index(&place.dir(), &place.sources(), &options(), &|_| {}, &stop);
    let error = error.unwrap_err().to_string();
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(error.contains("another `habeas index` is running"), "{error}");
    assert!(error.contains(&format!("process {}", first.id())), "{error}");
}
