//! Which archives open with a password that is known, and what do odd ones give?

use std::path::Path;

use habeas_document::{Budget, Passwords, read_family};
use habeas_model::{Member, Reason};

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/archives");
    std::fs::read(folder.join(name)).unwrap()
}

fn read(name: &str, bytes: &[u8], passwords: &str) -> Vec<Member> {
    let budget = Budget { passwords: Passwords::new(passwords), ..Budget::default() };
    let mut members = Vec::new();
    read_family(name, bytes, &budget, &mut |member| members.push(member));
    members
}

/// How many members say what the letter says, and why the others do not.
fn check_locked(name: &str, passwords: &str, n_letters: usize, reasons: &[Reason]) {
    let members = read(name, &fixture(name), passwords);
    let letters =
        members.iter().filter(|member| member.document.text().starts_with("Dear Ms Lind"));
    let found: Vec<Reason> = members
        .iter()
        .flat_map(|member| member.document.exceptions.iter().map(|exception| exception.reason))
        .collect();
    assert_eq!((letters.count(), found.as_slice()), (n_letters, reasons), "{name} {passwords}");
}

#[test]
fn a_password_that_is_known_opens_what_it_locks() {
    use Reason::Encrypted;
    for name in ["locked.zip", "aes.zip", "locked.7z", "locked.rar"] {
        check_locked(name, "wrong\nsecret", 1, &[]);
        check_locked(name, "wrong\nwronger", 0, &[Encrypted, Encrypted]);
        check_locked(name, "", 0, &[Encrypted, Encrypted]);
    }
    for name in ["named.7z", "named.rar"] {
        check_locked(name, "wrong\nsecret", 1, &[]);
        check_locked(name, "wrong", 0, &[Encrypted]);
    }
}

#[test]
fn a_split_archive_says_which_part_is_there() {
    let whole = fixture("solid.7z");
    for (name, bytes) in
        [("box.7z.001", &whole[..200]), ("box.zip.001", &fixture("mixed.zip")[..400])]
    {
        let members = read(name, bytes, "");
        let notes = members[0].document.exceptions.iter().map(|exception| exception.note.as_str());
        assert!(notes.into_iter().any(|note| note.starts_with("part .001")), "{name}");
    }
}

#[test]
fn two_tars_one_after_the_other_are_both_read() {
    let one = fixture("mixed.tar");
    let n_once = read("a.tar", &one, "").len();
    assert_eq!(read("a.tar", &one.repeat(2), "").len(), 2 * n_once - 1);
}

#[test]
fn a_cut_rar_gives_the_members_before_the_cut() {
    for name in ["solid.rar", "old.rar"] {
        let whole = fixture(name);
        let members = read(name, &whole, "");
        assert!(members.len() > 2, "{name}");
        let mut most = 0;
        for end in 30..whole.len() {
            let cut = read(name, &whole[..end], "");
            let n = cut.len() - 1;
            for (member, same) in cut[1..].iter().zip(&members[1..]) {
                assert_eq!(member.document.text(), same.document.text(), "{name} {end}");
            }
            if n + 1 < members.len() {
                most = most.max(n);
                // RAR 4 has no end that has to be there.
                let says = !cut[0].document.exceptions.is_empty() || cut.len() == 1;
                assert!(says || name == "old.rar", "{name} {end}: a member is missing, unsaid");
            }
        }
        assert!(most > 0, "{name}");
    }
}

/// The members that are read of an Office document in `fixtures/locked`, with what they begin with.
fn check_office(name: &str, passwords: &str, expected: &[(&str, &str)]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/locked");
    let members = read(name, &std::fs::read(folder.join(name)).unwrap(), passwords);
    let reasons: Vec<Reason> = members
        .iter()
        .flat_map(|member| member.document.exceptions.iter().map(|exception| exception.reason))
        .collect();
    let expected_reasons = if expected.is_empty() { vec![Reason::Encrypted] } else { Vec::new() };
    assert_eq!(reasons, expected_reasons, "{name} {passwords}");
    for (path, text) in expected {
        let member = members.iter().find(|member| member.path.to_string() == *path);
        let said = member.map(|member| member.document.text()).unwrap_or_default();
        assert!(said.contains(text), "{name} {path}: {said}");
    }
}

#[test]
fn an_office_document_opens_with_a_password_that_is_known() {
    let letter = "Dear Amara Lind, NHS 999 123 4567";
    for (name, expected) in [
        ("letter.docx", [("letter.docx ▸ letter.docx", letter)].as_slice()),
        ("patients.xlsx", &[("patients.xlsx ▸ patients.xlsx", "Name: Amara Lind")]),
        ("letter.doc", &[("letter.doc", letter), ("letter.doc ▸ picture 1.png", "")]),
        ("patients.xls", &[("patients.xls", "Name: Amara Lind\nMobile: 07700 900123")]),
        ("case.ppt", &[("case.ppt", "Case of Zoë\nseen on 4 March, 07700 900123")]),
    ] {
        check_office(name, "wrong\nsecret", expected);
        check_office(name, "wrong\nwronger", &[]);
        check_office(name, "", &[]);
    }
    // What Excel locks without being given a password needs none.
    check_office("protected.xls", "", &[("protected.xls", "Name: Amara Lind\nMobile: 07700")]);
}
