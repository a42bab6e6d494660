//! Does a document with a password open with the right one, and only with that?

use std::path::Path;

use habeas_document::{Budget, Passwords, read_family};
use habeas_model::{Member, Reason};

fn read(name: &str, passwords: &str) -> Vec<Member> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/locked");
    let budget = Budget { passwords: Passwords::new(passwords), ..Budget::default() };
    let mut members = Vec::new();
    let bytes = std::fs::read(folder.join(name)).unwrap();
    read_family(name, &bytes, &budget, &mut |member| members.push(member));
    members
}

/// Opens with its password alone, and says then what it should.
fn check(name: &str, expected: &[&str]) {
    for passwords in ["", "wrong\nSecret\nsecret "] {
        let members = read(name, passwords);
        let exceptions = &members[0].document.exceptions;
        let reasons: Vec<Reason> = exceptions.iter().map(|exception| exception.reason).collect();
        assert_eq!((members.len(), &*reasons), (1, &[Reason::Encrypted][..]), "{name}");
        assert!(!exceptions[0].is_partial, "{name}");
        assert_eq!(members[0].document.text(), "", "{name}");
    }
    let members = read(name, "wrong\nsecret");
    let text: String = members.iter().map(|member| member.document.text()).collect();
    for expected in expected {
        assert!(text.contains(expected), "{name}: {text}");
    }
    for member in &members {
        assert_eq!(member.document.exceptions, [], "{name}");
    }
}

#[test]
fn an_old_presentation_opens_with_its_pictures() {
    check("case.ppt", &["seen on 4 March", "Ida Berg"]);
    let members = read("case.ppt", "secret");
    assert_eq!(members.len(), 2);
    assert_eq!(members[1].document.media_type, "image/png");
}

#[test]
fn an_opendocument_opens_with_its_password() {
    // As LibreOffice writes it, and as it writes OpenDocument 1.1.
    for name in ["letter.odt", "old.odt"] {
        check(name, &["your visit on 12 March is booked. Ring 07700 900123.", "Zoe Low"]);
    }
    check("patients.ods", &["Amara Lind"]);
    check("whole.odt", &["Amara Lind"]);
}
