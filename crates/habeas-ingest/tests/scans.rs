//! Is text in pictures recognised, in a tier of its own, and read again when somebody can see?
//!
//! Needs Tesseract with English, which `./test` installs.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use common::{Place, options, sums};
use habeas_document::Budget;
use habeas_ingest::{Eyes, Options, Patience, Reading, Receipt};
use habeas_model::{Lookup, Reason, Word};

fn eyes() -> Arc<Eyes> {
    Arc::new(Eyes::find(&["eng".to_owned()]).expect("these tests need tesseract-ocr"))
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../habeas-document/tests/fixtures").join(name)
}

#[test]
fn a_scan_says_what_is_printed_on_it() {
    let place = Place::new();
    let mut reading = Reading::new(Budget::default(), Patience::default(), Some(eyes()));
    for name in
        ["pictures/fax.tiff", "pictures/glass.png", "pictures/turned.jpg", "pdf/scanned.pdf"]
    {
        let members = reading.read(&fixture(name), name);
        let document = &members[0].document;
        assert!(document.text().contains("07700 900"), "{name}");
        assert!(document.failure().is_none(), "{name}");
    }
    drop(place);
}

#[test]
fn a_scan_is_read_again_when_somebody_can_see() {
    let place = Place::new();
    place.put(0, "a.txt", "alpha\n");
    fs::copy(fixture("pictures/fax.tiff"), place.root(0).join("fax.tiff")).unwrap();
    // What was written a moment ago would be looked at twice.
    let fax = fs::File::options().write(true).open(place.root(0).join("fax.tiff")).unwrap();
    fax.set_modified(std::time::UNIX_EPOCH).unwrap();
    let stop = AtomicBool::new(false);
    let run = |options: &Options| -> Receipt {
        habeas_ingest::index(&place.dir(), &place.sources(), options, &|_| {}, &stop).unwrap()
    };
    let words = [Lookup::Words(vec![Word::Exact("appointment".to_owned())])];
    let blind = run(&options());
    assert_eq!(blind.pictures.0, 0);
    let reasons = |place: &Place| -> Vec<Reason> {
        place.estate().exceptions().unwrap().iter().map(|(_, _, why)| why.reason).collect()
    };
    // The fax has two pages.
    assert_eq!(reasons(&place), [Reason::NoText, Reason::NoText]);
    assert!(place.estate().passages(&words).unwrap().is_empty());
    let seeing = Options { eyes: Some(eyes()), ..options() };
    let receipt = run(&seeing);
    assert_eq!((receipt.n_files_read, receipt.pictures.0), (1, 2));
    assert!(!place.estate().passages(&words).unwrap().is_empty());
    assert!(!reasons(&place).contains(&Reason::NoText));
    assert_eq!(run(&seeing).n_files_read, 0);
    assert_eq!(sums(&place.estate()), [2, 2, 0, 0, 0]);
}
