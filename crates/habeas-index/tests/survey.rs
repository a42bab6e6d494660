//! Does a survey show every item once, whole, with all its places?

mod common;

use std::collections::BTreeMap;

use habeas_index::{Error, Estate};
use habeas_model::Outcome;

#[test]
fn every_item_comes_past_once_with_all_its_passages() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = common::writer(dir.path(), &["mail", "share"]).unwrap();
    // More than are looked at in one go, and not by a round number.
    let large: String = (0..9_001).map(|n| format!("row {n}\n")).collect();
    common::put(&mut writer, 0, "a/large.csv", &[&large]);
    common::put(&mut writer, 0, "a/b/letter.txt", &["one\ntwo"]);
    common::put(&mut writer, 1, "copy.txt", &["one\ntwo"]);
    common::put(&mut writer, 1, "broken.zip", &["!broken", "inside"]);
    for n in 0..1_200 {
        common::put(&mut writer, 1, &format!("many/{n}.txt"), &[&format!("this is {n}\nand that")]);
    }
    assert!(writer.finish(true).unwrap().adds_up());

    let estate = Estate::open(dir.path()).unwrap();
    let mut seen: BTreeMap<String, (Vec<u32>, usize)> = BTreeMap::new();
    let mut seats: BTreeMap<String, Vec<(String, String, Outcome)>> = BTreeMap::new();
    let mut open: Option<habeas_model::ItemId> = None;
    estate
        .survey(|item, part, is_last| {
            assert!(part.len() <= 4_000, "parts stay small");
            assert!(open.is_none_or(|id| id == item.id), "the parts of an item come together");
            open = if is_last { None } else { Some(item.id) };
            let first = item.seats.first().unwrap().path.to_string();
            let (numbers, n_last) = seen.entry(first.clone()).or_default();
            numbers.extend(part.iter().map(|passage| passage.number));
            *n_last += usize::from(is_last);
            let all = item
                .seats
                .iter()
                .map(|seat| (seat.source.to_string(), seat.folder().to_owned(), seat.outcome));
            seats.insert(first, all.collect());
            Ok::<(), Error>(())
        })
        .unwrap();
    assert_eq!(seen.len(), 1_204);
    for (path, (mut numbers, n_last)) in seen {
        numbers.sort_unstable();
        let n = match path.as_str() {
            "a/large.csv" => 9_001,
            "broken.zip" => 0,
            "broken.zip ▸ 1" => 1,
            _ => 2,
        };
        assert_eq!(numbers, (0..n).collect::<Vec<u32>>(), "{path}");
        assert_eq!(n_last, 1, "{path}");
    }
    let seat =
        |source: &str, folder: &str, outcome| (source.to_owned(), folder.to_owned(), outcome);
    assert_eq!(
        seats["a/b/letter.txt"],
        [seat("mail", "a/b", Outcome::Read), seat("share", "", Outcome::Duplicate)]
    );
    assert_eq!(seats["broken.zip"], [seat("share", "", Outcome::Excepted)]);
}
