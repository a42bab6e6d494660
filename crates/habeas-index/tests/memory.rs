//! Is nothing lost or doubled, whatever happens to files and to runs?

mod common;

use std::fs;
use std::path::Path;

use common::{item, put, writer};
use habeas_index::{Error, Estate, FileSet, Inventory, Retry};
use habeas_model::{Accounting, ItemPath, Lookup, Outcome, SourceName, Stamp, Word};

fn sums(dir: &Path) -> (u64, u64, u64, u64) {
    let mut all = Accounting::default();
    for (_, sum) in Estate::open(dir).unwrap().accounting().unwrap() {
        assert!(sum.adds_up());
        all += sum;
    }
    (all.listed, all.read, all.duplicate, all.excepted)
}

/// The set of the third file that was put.
fn third(dir: &Path, source: i64) -> FileSet {
    let inventory = Inventory::open(dir).unwrap();
    let mut set = FileSet::default();
    for name in ["3", "there"] {
        if let Some(known) = inventory.file(source, Path::new(name)).unwrap() {
            set.insert(known.id);
        }
    }
    set
}

fn word(word: &str) -> [Lookup; 1] {
    [Lookup::Words(vec![Word::Exact(word.to_owned())])]
}

#[test]
fn the_first_place_is_the_one_that_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = writer(folder.path(), &["b", "a"]).unwrap();
    put(&mut w, 0, "x.txt", &["same"]);
    put(&mut w, 1, "z.txt", &["same"]);
    w.commit().unwrap();
    put(&mut w, 1, "box.zip", &["box", "same", "!bad"]);
    put(&mut w, 0, "bad", &["!bad"]);
    assert!(w.finish(true).unwrap().adds_up());
    assert_eq!(sums(folder.path()), (6, 2, 2, 2));
    let estate = Estate::open(folder.path()).unwrap();
    let places: Vec<String> = estate
        .occurrences(&item("same").id)
        .unwrap()
        .iter()
        .map(|o| format!("{} {} {:?}", o.source, o.path, o.outcome))
        .collect();
    assert_eq!(places, ["a box.zip ▸ 1 Read", "a z.txt Duplicate", "b x.txt Duplicate"]);
    assert_eq!(estate.exceptions().unwrap().len(), 2);
    assert_eq!(estate.passages(&word("same")).unwrap().len(), 1);
    assert_eq!(estate.names().unwrap(), [("box".to_owned(), 1), ("same".to_owned(), 1)]);
}

#[test]
fn a_changed_file_says_only_what_it_says_now() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = writer(folder.path(), &["a"]).unwrap();
    put(&mut w, 0, "1", &["old one"]);
    put(&mut w, 0, "2", &["kept"]);
    put(&mut w, 0, "3", &["kept"]);
    w.finish(true).unwrap();
    let mut w = writer(folder.path(), &["a"]).unwrap();
    put(&mut w, 0, "1", &["new one"]);
    put(&mut w, 0, "2", &["other"]);
    let source = w.sources()[0].1;
    let swept = w.sweep(source, &third(folder.path(), source), &[]).unwrap();
    assert_eq!((swept.n_there, swept.n_gone), (3, 0));
    assert!(w.finish(true).unwrap().adds_up());
    let estate = Estate::open(folder.path()).unwrap();
    assert!(estate.passages(&word("old")).unwrap().is_empty());
    assert!(estate.item(&item("old one").id).unwrap().is_none());
    assert_eq!(estate.passages(&word("one")).unwrap().len(), 1);
    assert_eq!(estate.occurrences(&item("kept").id).unwrap()[0].path.name(), "3");
    assert_eq!(sums(folder.path()), (3, 3, 0, 0));
}

#[test]
fn what_is_gone_is_remembered_and_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = writer(folder.path(), &["a"]).unwrap();
    put(&mut w, 0, "gone", &["gone"]);
    put(&mut w, 0, "closed/1", &["behind a door"]);
    put(&mut w, 0, "there", &["!bad"]);
    w.finish(true).unwrap();
    let mut w = writer(folder.path(), &["a"]).unwrap();
    let source = w.sources()[0].1;
    let swept = w.sweep(source, &third(folder.path(), source), &["closed".into()]).unwrap();
    assert_eq!((swept.n_there, swept.n_unknown, swept.n_gone), (1, 1, 1));
    assert!(w.finish(true).unwrap().adds_up());
    let estate = Estate::open(folder.path()).unwrap();
    assert!(estate.passages(&word("gone")).unwrap().is_empty());
    assert_eq!(estate.passages(&word("door")).unwrap().len(), 1);
    let gone = estate.gone().unwrap();
    assert_eq!((gone.len(), gone[0].path.name()), (1, "gone"));
    assert_eq!(gone[0].item, Some(item("gone").id));
    assert_eq!(sums(folder.path()), (2, 1, 0, 1));
}

#[test]
fn a_run_that_was_stopped_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = writer(folder.path(), &["a"]).unwrap();
    put(&mut w, 0, "1", &["old"]);
    w.finish(true).unwrap();
    let mut w = writer(folder.path(), &["a"]).unwrap();
    put(&mut w, 0, "1", &["new"]);
    w.finish(false).unwrap();
    let estate = Estate::open(folder.path()).unwrap();
    assert_eq!(estate.is_complete().unwrap(), Some(false));
    // No file says it any more; its text stays until a run comes to its end.
    assert!(estate.passages(&word("old")).unwrap().is_empty());
    assert_eq!(estate.n_passages(), 2);
    assert!(writer(folder.path(), &["a"]).unwrap().finish(true).unwrap().adds_up());
    assert_eq!(Estate::open(folder.path()).unwrap().n_passages(), 1);
}

#[test]
fn what_was_not_committed_in_both_halves_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let before = tempfile::tempdir().unwrap();
    let mut w = writer(dir, &["a"]).unwrap();
    put(&mut w, 0, "1", &["first"]);
    put(&mut w, 0, "2", &["second", "shared"]);
    w.finish(true).unwrap();
    copy(&dir.join("text"), before.path());
    let mut w = writer(dir, &["a"]).unwrap();
    put(&mut w, 0, "2", &["changed", "shared"]);
    put(&mut w, 0, "3", &["third"]);
    w.commit().unwrap();
    drop(w);
    // As if the power had failed between the inventory's commits and the full text's.
    fs::remove_dir_all(dir.join("text")).unwrap();
    copy(before.path(), &dir.join("text"));
    let w = writer(dir, &["a"]).unwrap();
    let inventory = Inventory::open(dir).unwrap();
    let is_complete = |name: &str| {
        inventory.file(w.sources()[0].1, Path::new(name)).unwrap().unwrap().is_complete
    };
    assert!(is_complete("1") && !is_complete("2") && !is_complete("3"));
    assert!(inventory.is_known(&item("first").id, "v1", "", None).unwrap());
    assert!(!inventory.is_known(&item("third").id, "v1", "", None).unwrap());
    let mut w = w;
    put(&mut w, 0, "2", &["changed", "shared"]);
    put(&mut w, 0, "3", &["third"]);
    assert!(w.finish(true).unwrap().adds_up());
    assert_eq!(sums(dir), (4, 4, 0, 0));
    assert_eq!(Estate::open(dir).unwrap().names().unwrap().len(), 4);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn there_is_one_writer_and_any_number_of_readers() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Estate::open(folder.path()), Err(Error::Absent(_))));
    let mut w = writer(folder.path(), &["a"]).unwrap();
    assert!(matches!(writer(folder.path(), &["a"]), Err(Error::Busy { .. })));
    put(&mut w, 0, "1", &["one"]);
    assert_eq!(Estate::open(folder.path()).unwrap().n_passages(), 0);
    w.commit().unwrap();
    let estate = Estate::open(folder.path()).unwrap();
    assert_eq!(estate.passages(&word("one")).unwrap().len(), 1);
    drop(w);
    writer(folder.path(), &["a"]).unwrap();
}

#[test]
fn only_the_owner_may_look() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("clinic/estate");
    let mut w = writer(&dir, &["a"]).unwrap();
    put(&mut w, 0, "1", &["one"]);
    w.finish(true).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&dir.join("text")), 0o700);
    assert_eq!(mode(&dir.join("inventory.db")), 0o600);
}

#[test]
fn an_item_is_found_by_what_a_person_types() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = writer(folder.path(), &["a", "b"]).unwrap();
    put(&mut w, 0, "x ▸ y/box.zip", &["box", "inside"]);
    put(&mut w, 1, "z/box.zip", &["other"]);
    w.finish(true).unwrap();
    let estate = Estate::open(folder.path()).unwrap();
    let check = |typed: &str, texts: &[&str]| {
        let mut wanted: Vec<_> = texts.iter().map(|text| item(text).id).collect();
        wanted.sort_unstable();
        assert_eq!(estate.find_item(typed).unwrap(), wanted, "{typed}");
    };
    check(&item("inside").id.to_string(), &["inside"]);
    check(&item("inside").id.short()[..6], &["inside"]);
    check("box.zip", &["box", "other"]);
    check("b:box.zip", &["other"]);
    check(r"x \u{25b8} y/box.zip ▸ 1", &["inside"]);
    check("x ▸ y/box.zip ▸ 1", &[]);
    check("ox.zip", &[]);
    let path = ItemPath::file("x ▸ y/box.zip".as_bytes()).member("1");
    let source = SourceName::parse("a").unwrap();
    let (occurrence, id) = estate.occurrence_at(&source, &path).unwrap().unwrap();
    assert_eq!((occurrence.path, id), (path, Some(item("inside").id)));
    assert_eq!(occurrence.file, Path::new("/data/a/x ▸ y/box.zip"));
    assert_eq!(occurrence.outcome, Outcome::Read);
    let summary = &estate.sources().unwrap()[0];
    assert_eq!((summary.n_files, summary.media_types[0].1), (1, 2));
    assert!(summary.last_run.is_some());
}

#[test]
fn a_text_in_parts_counts_from_its_last_part() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let text = "one part\ntwo part\nthree part";
    let is_known =
        || Inventory::open(dir).unwrap().is_known(&item(text).id, "v1", "", None).unwrap();
    let mut w = writer(dir, &["a"]).unwrap();
    let (file, parts) = common::begin(&mut w, "1", text);
    // The same bytes at another place, while the first are on their way.
    put(&mut w, 0, "2", &[text]);
    w.commit().unwrap();
    assert!(!is_known());
    let n_parts = parts.len();
    for (number, part) in parts.into_iter().enumerate() {
        w.add_more(file, part, number + 1 == n_parts).unwrap();
    }
    w.end_file(file, Stamp::default(), Retry::Never).unwrap();
    assert!(w.finish(true).unwrap().adds_up());
    assert!(is_known());
    assert_eq!(sums(dir), (2, 1, 1, 0));
    let estate = Estate::open(dir).unwrap();
    let found = estate.passages_of(&item(text).id).unwrap();
    assert_eq!(found.iter().map(|p| p.number).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(estate.names().unwrap().len(), 3);
}

#[test]
fn a_text_that_breaks_off_is_an_exception_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let text = "one part\ntwo part";
    let mut w = writer(dir, &["a"]).unwrap();
    let (file, _) = common::begin(&mut w, "1", text);
    put(&mut w, 0, "2", &[text]);
    w.commit().unwrap();
    w.abandon(file).unwrap();
    w.end_file(file, Stamp::default(), Retry::Never).unwrap();
    let source = w.sources()[0].1;
    assert!(w.finish(true).unwrap().adds_up());
    assert_eq!(sums(dir), (2, 0, 0, 2));
    assert!(Estate::open(dir).unwrap().passages(&word("part")).unwrap().is_empty());
    let known = Inventory::open(dir).unwrap().file(source, Path::new("2")).unwrap().unwrap();
    assert_eq!(known.retry, Retry::Always);
    let mut w = writer(dir, &["a"]).unwrap();
    put(&mut w, 0, "1", &[text]);
    put(&mut w, 0, "2", &[text]);
    assert!(w.finish(true).unwrap().adds_up());
    assert_eq!(sums(dir), (2, 1, 1, 0));
}
