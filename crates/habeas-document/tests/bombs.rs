//! Does everything that unpacks to very much end in bounds, and with the right reason?

mod yard;

use std::time::{Duration, Instant};

use habeas_document::{Budget, read_family};
use habeas_model::{Member, Reason};
use yard::{Bomb, YARD};

/// Small enough for a test, and with a memory of its own for each bomb.
fn budget() -> Budget {
    Budget {
        file_bytes: 128 << 20,
        expanded_bytes: 64 << 20,
        text_bytes: 8 << 20,
        ..Budget::default()
    }
}

fn check_bomb(name: &str) {
    let bomb: &Bomb = YARD.iter().find(|bomb| bomb.name == name).unwrap();
    let bytes = (bomb.make)();
    let begun = Instant::now();
    let (mut n_members, mut n_children, mut n_bytes) = (0, 0, 0);
    let mut reasons: Vec<Reason> = Vec::new();
    let mut deepest = None;
    read_family(bomb.name, &bytes, &budget(), &mut |member: Member| {
        n_members += 1;
        n_children += member.n_children;
        n_bytes += member.document.text().len() as u64;
        for exception in &member.document.exceptions {
            assert!(!exception.note.contains("panicked"), "{}: {exception}", bomb.name);
            if exception.reason == Reason::DepthLimit {
                deepest = Some(member.path.clone());
            }
            if !reasons.contains(&exception.reason) {
                reasons.push(exception.reason);
            }
        }
    });
    let name = bomb.name;
    assert!(n_members <= bomb.max_members, "{name}: {n_members} members");
    assert_eq!(n_children + 1, n_members as u64, "{name}: a member was lost");
    assert!(n_bytes <= 64 << 20, "{name}: {n_bytes} bytes of text");
    let is_right = bomb.ends_in.is_empty() || bomb.ends_in.iter().any(|end| reasons.contains(end));
    assert!(is_right, "{name}: {reasons:?}");
    // The path of what is too deep names every container around it.
    assert!(deepest.is_none_or(|path| path.depth() > 32), "{name}");
    assert!(begun.elapsed() < Duration::from_secs(120), "{name}: {:?}", begun.elapsed());
}

/// One test a bomb: they go off side by side, and a failure is called after its bomb.
macro_rules! bombs {
    ($($test:ident: $name:literal,)*) => {
        $(#[test] fn $test() { check_bomb($name); })*
        const TESTED: &[&str] = &[$($name),*];
    };
}

bombs! {
    wide_zip: "wide.zip",
    deep_zip: "deep.zip",
    quine_gz: "quine.gz",
    deep_gz: "deep.gz",
    overlapping_zip: "overlapping.zip",
    zeros_gz: "zeros.gz",
    zeros_bz2: "zeros.bz2",
    zeros_xz: "zeros.xz",
    zeros_zst: "zeros.zst",
    million_zip: "million.zip",
    many_tar: "many.tar",
    names_zip: "names.zip",
    parts_docx: "parts.docx",
    mail_eml: "mail.eml",
    lying_tar: "lying.tar",
    lying_zip: "lying.zip",
    sparse_tar: "sparse.tar",
    window_7z: "window.7z",
    window_xz: "window.xz",
    window_zst: "window.zst",
    laughs_xml: "laughs.xml",
    huge_png: "huge.png",
    sheet_xlsx: "sheet.xlsx",
}

#[test]
fn every_bomb_has_a_test() {
    let yard: Vec<&str> = YARD.iter().map(|bomb| bomb.name).collect();
    assert_eq!(yard, TESTED);
}
