//! Is the worst folder indexed whole, and do bombs end in bounds, through the isolated pool?

mod common;
#[path = "../../habeas-source/tests/common/mod.rs"]
mod tree;
#[path = "../../habeas-document/tests/yard/mod.rs"]
mod yard;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use common::{PROBE, options, sums};
use habeas_document::Budget;
use habeas_index::{Estate, Inventory, check};
use habeas_ingest::{Patience, Reading, use_reader};
use habeas_model::{Reason, SourceName};
use habeas_source::{Source, count};

#[test]
fn the_worst_folder_is_indexed_whole() {
    use_reader(Path::new(PROBE));
    let tree = tree::Tree::hostile();
    let memory = tempfile::tempdir().unwrap();
    let dir = memory.path().join("estate");
    let name = SourceName::parse("worst").unwrap();
    let source = Source { name, root: tree.root.clone(), exclude: Vec::new() };
    let stop = AtomicBool::new(false);
    let run = || {
        let sources = std::slice::from_ref(&source);
        habeas_ingest::index(&dir, sources, &options(), &|_| {}, &stop).unwrap()
    };
    let receipt = run();
    assert!(receipt.stalled.is_empty());
    // The other count comes to the same; whoever may read everything sees more than was promised.
    let counted = count(&source, &[]);
    let listed = Inventory::open(&dir).unwrap().top_level(&source.name).unwrap();
    assert_eq!(
        (listed.files, listed.excluded, listed.closed),
        (counted.files, counted.excluded, counted.folders_closed)
    );
    assert!(listed.files >= tree.n_files);
    let [listed, read, duplicate, excepted, excluded] = sums(&Estate::open(&dir).unwrap());
    assert_eq!(excluded, tree.n_excluded);
    // Every name of the file that has many is listed, and its text is there once.
    assert!(duplicate >= tree::HARD_LINKS - 1, "{duplicate}");
    assert!(listed >= tree.n_files + tree.n_excluded);
    assert_eq!(listed, read + duplicate + excepted + excluded);
    assert!(check(&dir, true).unwrap().adds_up());
    let again = run();
    assert_eq!((again.n_gone, again.n_new, again.n_changed), (0, 0, 0));
}

#[test]
fn bombs_end_in_bounds_in_a_reader_of_their_own() {
    use_reader(Path::new(PROBE));
    let folder = tempfile::tempdir().unwrap();
    let mut reading = Reading::new(Budget::default(), Patience::default(), None);
    for bomb in yard::YARD {
        let path = folder.path().join(bomb.name);
        std::fs::write(&path, (bomb.make)()).unwrap();
        let members = reading.read(&path, bomb.name);
        assert!(members.len() <= bomb.max_members, "{}: {}", bomb.name, members.len());
        let n_listed: u64 = members.iter().map(|member| member.n_children).sum();
        assert_eq!(n_listed + 1, members.len() as u64, "{}", bomb.name);
        let exceptions = || members.iter().flat_map(|member| &member.document.exceptions);
        // A reader of its own may meet the limit of its memory before that of the expansion.
        let is_limit = |reason: Reason| {
            bomb.ends_in.contains(&reason)
                || (reason == Reason::MemoryLimit && bomb.ends_in.contains(&Reason::ExpansionLimit))
        };
        let is_told =
            bomb.ends_in.is_empty() || exceptions().any(|exception| is_limit(exception.reason));
        let told: Vec<String> = exceptions().take(3).map(ToString::to_string).collect();
        assert!(is_told, "{}: {told:?}", bomb.name);
        std::fs::remove_file(&path).unwrap();
    }
}
