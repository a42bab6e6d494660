//! A search of a small estate, made through the index and the matcher as they are.

use std::path::{Path, PathBuf};

use habeas_case::{Defaults, Error, Register, Request, find, located};
use habeas_index::{Estate, Found, NewItem, Prepared, Text, Writer};
use habeas_match::{Setting, recognise, terms};
use habeas_model::{
    Document, Exception, Field, ItemId, ItemPath, Meaning, Party, Passage, Place, PlaceKind,
    Reason, SourceName, Stamp, Tier,
};
use serde_json::json;

/// A row of a patient list with its e-mail address.
fn row(number: usize, name: &str, email: &str) -> Passage {
    let text = format!("Name: {name}\nEmail: {email}");
    let field = |value: &str, meaning| {
        let start = text.find(value).unwrap();
        Field { range: start..start + value.len(), meaning, party: Party::Principal }
    };
    let fields = vec![field(name, Meaning::Name), field(email, Meaning::Email)];
    let place = Place::new(PlaceKind::Row, number);
    Passage { fields, is_record: true, ..Passage::text(place, text.clone()) }
}

/// Puts a file into the memory: what it says, or why it cannot be read.
fn add(writer: &mut Writer, path: &str, said: Result<Vec<Passage>, Exception>) -> ItemId {
    let source = writer.sources()[0].1;
    // The same passages are the same bytes.
    let id = ItemId::of(format!("{said:?}").as_bytes());
    let item_path = ItemPath::file(path.as_bytes());
    let file = writer.begin_file(source, Path::new(path), &item_path, Stamp::default()).unwrap();
    let (exceptions, passages) = match said {
        Ok(passages) => (Vec::new(), passages),
        Err(exception) => (vec![exception], Vec::new()),
    };
    let document = Document { passages, ..Document::default() };
    let hits = recognise(&document, &Setting::default());
    let prepared = (0..).zip(document.passages.iter().zip(&hits)).map(|(n, (passage, hits))| {
        Prepared::new(id, n, passage, hits, &terms(passage, hits)).unwrap()
    });
    let item = NewItem {
        id,
        size_bytes: 1,
        media_type: "text/csv".into(),
        n_members: 0,
        facts: document.facts.clone(),
        exceptions,
        text: Some(Text { passages: prepared.collect(), names: Vec::new() }),
    };
    writer.add(source, file, Found::Item { path: item_path, item: Box::new(item) }).unwrap();
    writer.end_file(file, Stamp::default(), habeas_index::Retry::Never).unwrap();
    id
}

#[test]
fn a_person_is_found_and_the_search_is_on_record() {
    let dir = tempfile::tempdir().unwrap();
    let memory = dir.path().join("estate");
    let name = SourceName::parse("clinic").unwrap();
    let sources = [(name.clone(), PathBuf::from("/nowhere"))];
    let mut writer = Writer::open(&memory, "1", "", &sources).unwrap();
    let list = || {
        Ok(vec![
            row(2, "Amara Lind", "amara.lind@example.org"),
            row(3, "Peter Holm", "peter.holm@example.org"),
        ])
    };
    let patients = add(&mut writer, "patients.csv", list());
    assert_eq!(add(&mut writer, "old/patients.csv", list()), patients);
    let note = Passage::text(Place::new(PlaceKind::Body, 1), "The boiler was looked at on Friday.");
    add(&mut writer, "boiler.txt", Ok(vec![note]));
    add(&mut writer, "locked.zip", Err(Exception::whole(Reason::Encrypted, "AES-256")));
    writer.finish(true).unwrap();
    let estate = Estate::open(&memory).unwrap();

    let defaults = Defaults {
        received: jiff::civil::date(2026, 7, 1),
        law: habeas_law::Law::Uk,
        calendar: habeas_law::Calendar::EnglandAndWales,
    };
    let request = json!({"name": "Amara Lind", "email": "Amara.Lind@example.org"});
    let request = Request::from_json(&request, &defaults).unwrap();
    let register = Register::open(dir.path()).unwrap();
    let case = register.create(request).unwrap();
    assert!(matches!(case.findings(), Err(Error::NotSearched(_))));

    let matched = find(&case, &estate, &Setting::default()).unwrap();
    let [finding] = matched.findings.as_slice() else { panic!("{:?}", matched.findings) };
    assert_eq!((finding.item, finding.tier), (patients, Tier::Certain));
    assert_eq!(
        (&finding.place, finding.passages.as_slice()),
        (&Place::new(PlaceKind::Row, 2), [0].as_slice())
    );
    let paths: Vec<String> =
        located(&estate, finding).unwrap().iter().map(|(_, path)| path.to_string()).collect();
    assert_eq!(paths, ["old/patients.csv", "patients.csv"]);

    let record = &matched.record;
    let items = record.sources[0].items;
    assert_eq!((items.listed, items.read, items.duplicate, items.excepted), (4, 2, 1, 1));
    assert_eq!((record.n_items, record.n_passages, record.n_items_found), (3, 3, 1));
    assert_eq!((record.excepted[0].reason, record.excepted[0].n_whole), (Reason::Encrypted, 1));
    assert!(record.is_complete && record.sources[0].read_at.is_some());
    assert!(record.asked.iter().all(|row| row.kind.is_some()), "every lookup has its kind");

    // What was written is what was found, and the same search writes the same bytes.
    let case = register.get("1").unwrap();
    assert_eq!(case.findings().unwrap(), matched.findings);
    assert_eq!(case.search_record().unwrap(), *record);
    let digest = &find(&case, &estate, &Setting::default()).unwrap().record.findings_digest;
    assert_eq!(*digest, case.search_record().unwrap().findings_digest);
    assert_eq!(*digest, record.findings_digest);
}
