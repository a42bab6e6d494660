//! What is read of old presentations, of workbooks under a wrong name, and of Pages and its like?
//!
//! The files are made here, record by record; documents made by programs are among the fixtures.

use std::io::{Cursor, Write};

use habeas_document::{Budget, read_family};
use habeas_model::{Hidden, Member, Part, Reason};

fn read(name: &str, bytes: &[u8]) -> Vec<Member> {
    let mut members = Vec::new();
    read_family(name, bytes, &Budget::default(), &mut |member| members.push(member));
    members
}

/// Each passage as `part hidden: text`.
fn told(member: &Member) -> Vec<String> {
    let passages = member.document.passages.iter().map(|passage| {
        let part = if passage.part == Part::Body { "" } else { "aside " };
        let hidden = passage.hidden.map_or(String::new(), |hidden| format!("{hidden:?} "));
        format!("{part}{hidden}{}: {}", passage.place, passage.text.replace('\n', " / "))
    });
    passages.collect()
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A record of PowerPoint; `head` is its instance and version.
fn record(head: u16, kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap();
    [&head.to_le_bytes()[..], &kind.to_le_bytes(), &length.to_le_bytes(), body].concat()
}

fn container(kind: u16, inner: &[Vec<u8>]) -> Vec<u8> {
    record(0xf, kind, &inner.concat())
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn slide(text: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let text = container(0xf00d, &[record(0, 0x0fa8, text.as_bytes())]);
    let shape = container(0x040c, &[container(0xf004, &[text])]);
    container(0x03ee, &[&[shape], more].concat())
}

/// A presentation with a hidden slide, its notes, a comment and a slide that was deleted.
fn presentation(mark: u32) -> Vec<u8> {
    let string = |number: u16, text: &str| record(number << 4, 0x0fba, &wide(text));
    let comment = container(0x2ee0, &[string(0, "Bo Ek"), string(1, "call her")]);
    let tagged = container(0x1388, &[container(0x138a, &[record(0, 0x138b, &comment)])]);
    let show = record(0, 0x03f9, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0]);
    let list = container(
        0x0ff0,
        &[record(0, 0x03f3, &numbers(&[2, 0, 0, 256, 0])), record(0, 0x0fa0, &wide("Case of Zoë"))],
    );
    let notes_text = container(0xf004, &[container(0xf00d, &[record(0, 0x0fa8, b"her sister")])]);
    let notes = container(
        0x03f0,
        &[record(1, 0x03f1, &numbers(&[256, 0])), container(0x040c, &[notes_text])],
    );
    let parts = [
        container(0x03e8, &[list]),
        slide("seen on 4 March", &[show, tagged]),
        notes,
        slide("old slide of Ida Berg", &[]),
    ];
    let mut stream = Vec::new();
    let mut places = Vec::new();
    for part in &parts {
        places.push(u32::try_from(stream.len()).unwrap());
        stream.extend(part);
    }
    let directory = u32::try_from(stream.len()).unwrap();
    let listed = [3 << 20 | 1, places[0], places[1], places[2]];
    stream.extend(record(0, 0x1772, &numbers(&listed)));
    let edit = u32::try_from(stream.len()).unwrap();
    stream.extend(record(0, 0x0ff5, &numbers(&[256, 0, 0, directory, 1, 4, 0])));
    let user = [numbers(&[0, 0, 20, mark, edit]), vec![0; 8]].concat();
    compound(&[("/PowerPoint Document", &stream), ("/Current User", &user)])
}

#[test]
fn an_old_presentation_comes_with_what_it_hides_and_what_was_deleted() {
    let members = read("a.ppt", &presentation(0xe391_c05f));
    assert_eq!(
        told(&members[0]),
        [
            "Invisible page 1: Case of Zoë / seen on 4 March",
            "aside page 1: her sister",
            "aside page 1: Author: Bo Ek / Comment: call her",
            "Deleted page 1: old slide of Ida Berg",
        ]
    );
    assert_eq!(members[0].document.exceptions, []);
}

#[test]
fn a_presentation_with_a_password_says_so() {
    let members = read("a.ppt", &presentation(0xf3d1_c4df));
    assert_eq!(members[0].document.exceptions[0].reason, Reason::Encrypted);
}

fn check_name(name: &str, content: &str, expected: &str) {
    let members = read(name, content.as_bytes());
    assert!(
        told(&members[0]).iter().any(|told| told.contains(expected)),
        "{:?}",
        told(&members[0])
    );
}

#[test]
fn a_table_under_a_wrong_name_is_read_as_what_it_is() {
    let html = "<html><body><table><tr><th>Name</th><th>Email</th></tr>\
        <tr><td>Amara Lind</td><td>amara@example.org</td></tr></table></body></html>";
    check_name("export.xls", html, "Name: Amara Lind / Email: amara@example.org");
    check_name("export.doc", html, "Name: Amara Lind / Email: amara@example.org");
    let table = html.strip_prefix("<html><body>").unwrap().strip_suffix("</body></html>").unwrap();
    check_name("bare.xls", table, "Name: Amara Lind / Email: amara@example.org");
    check_name("a.xls", "Name,Email\nAmara Lind,a@example.org\n", "Name: Amara Lind / Email: a@");
    check_name("a.xls", "Name\tEmail\nAmara Lind\ta@example.org\n", "Name: Amara Lind / Email: a@");
    check_name("a.doc", "{\\rtf1 Dear Amara Lind\\par}", "Dear Amara Lind");
}

fn biff(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
}

#[test]
fn a_workbook_of_version_2_is_read_without_a_container() {
    let label = |row: u8, text: &str| {
        biff(4, &[&[row, 0, 0, 0, 0, 0, 0, text.len() as u8], text.as_bytes()].concat())
    };
    let stream =
        [biff(9, &[2, 0, 0x10, 0]), label(0, "Amara Lind"), label(1, "Bo Ek"), biff(10, &[])]
            .concat();
    let members = read("old.xls", &stream);
    assert_eq!(members[0].document.media_type, "application/vnd.ms-excel");
    let told = told(&members[0]).join("\n");
    assert!(told.contains("Amara Lind") && told.contains("Bo Ek"), "{told}");
}

#[test]
fn a_cell_far_out_costs_nothing() {
    let far = [0xff, 0xff, 0xff, 0xff, 0, 0, 1, 0, 0x41];
    let stream = [biff(0x0809, &[0, 5, 0x10, 0]), biff(0x0204, &far), biff(10, &[])].concat();
    let members = read("far.xls", &compound(&[("/Book", &stream)]));
    assert!(told(&members[0])[0].contains("row 65536"), "{:?}", told(&members[0]));
}

#[test]
fn pages_gives_its_text_and_says_what_it_left_out() {
    let text = b"Dear Amara Lind";
    let storage = [&[0x1a, text.len() as u8], &text[..]].concat();
    let info = [8, 0xd1, 0x0f, 0x18, storage.len() as u8];
    let head = [&[8, 1, 0x12, info.len() as u8], &info[..]].concat();
    let message = [&[head.len() as u8], &head[..], &storage].concat();
    let packed = snap::raw::Encoder::new().compress_vec(&message).unwrap();
    let block = [&[0, packed.len() as u8, 0, 0], &packed[..]].concat();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("Index/Document.iwa", &block[..]), ("preview.jpg", b"\xff\xd8\xff")] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    let members = read("a.pages", &zip.finish().unwrap().into_inner());
    assert_eq!(told(&members[0]), ["body 1: Dear Amara Lind"]);
    assert_eq!(members[0].document.exceptions[0].reason, Reason::Unsupported);
    assert!(members[0].document.exceptions[0].is_partial);
    assert_eq!(members[1].path.to_string(), "a.pages ▸ preview.jpg");
    assert!(members[0].document.passages.iter().all(|p| p.hidden != Some(Hidden::Deleted)));
}

/// Numbers that look like chance and are the same every time.
fn chance(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap()
}

#[test]
fn damage_ends_in_time_and_without_a_panic() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/office");
    let mut files = vec![("a.ppt".to_owned(), presentation(0xe391_c05f))];
    for entry in std::fs::read_dir(fixtures).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.ends_with(".expected") {
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
    files.sort();
    let mut seed = 11;
    for (name, good) in files {
        for round in 0..60 {
            let mut bad = good.clone();
            if round % 4 == 0 {
                bad.truncate(chance(&mut seed) % good.len());
            }
            for _ in 0..=round % 9 {
                let at = chance(&mut seed) % bad.len().max(1);
                if let Some(byte) = bad.get_mut(at) {
                    *byte = (chance(&mut seed) & 0xff) as u8;
                }
            }
            for member in read(&name, &bad) {
                let notes = member.document.exceptions.iter().map(|exception| &exception.note);
                let n_panics = notes.filter(|note| note.contains("panicked")).count();
                assert_eq!(n_panics, 0, "{name}, round {round}");
            }
        }
    }
}
