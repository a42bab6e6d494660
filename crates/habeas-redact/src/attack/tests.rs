//! The checker is checked: files that leak in every way we know are caught, and clean ones pass.

use std::io::Write;

use habeas_model::{BatesNumber, Confidence, Hit, Party};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document as Pdf, Object, Stream, StringFormat, dictionary};

use super::*;
mod coded;
mod files;
mod leftover;
mod look;
mod unseen;

use crate::paper::{Block, Foot, Sheet, typeset};
use crate::{Own, Secrets};

pub(super) fn searcher() -> Searcher {
    let mut own = Own::default();
    own.allow(Kind::Name, "Harriet Vale");
    let mut secrets = Secrets::default();
    for (kind, surface, value) in [
        (Kind::Name, "Tom Quill", "quill, tom"),
        (Kind::Phone, "07700 900123", "+447700900123"),
        (Kind::Email, "tq@example.org", "tq@example.org"),
    ] {
        let hit = Hit {
            range: 0..0,
            kind,
            value: value.into(),
            confidence: Confidence::new(1.0),
            party: Party::Unknown,
            rule: String::new(),
        };
        secrets.add(&hit, surface, "p", &own);
    }
    Searcher::new(&secrets, &own).unwrap()
}

/// Attacks a file with nothing beside it.
pub(super) fn attacked_alone(name: &str, bytes: &[u8]) -> Attack {
    attack(name, bytes, &[&searcher()], &Means::default())
}

fn caught(name: &str, bytes: &[u8]) -> bool {
    !attacked_alone(name, bytes).leaks.is_empty()
}

pub(super) fn check_leak(what: &str, bytes: &[u8]) {
    assert!(caught("exhibit", bytes), "{what} was not caught");
}

/// A PDF of one page with these operations, and these entries in its properties.
fn pdf(operations: Vec<Operation>, info: Dictionary) -> Pdf {
    pdf_in("Helvetica", operations, info)
}

/// The same in a standard font.
pub(super) fn pdf_in(font: &str, operations: Vec<Operation>, info: Dictionary) -> Pdf {
    let mut pdf = Pdf::with_version("1.5");
    let pages = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => font,
        "Encoding" => "WinAnsiEncoding",
    });
    let content = Content { operations }.encode().unwrap();
    let content = pdf.add_object(Stream::new(dictionary! {}, content));
    let page = pdf.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    });
    let kids = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    pdf.objects.insert(pages, Object::Dictionary(kids));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    pdf.trailer.set("Root", catalog);
    let info = pdf.add_object(info);
    pdf.trailer.set("Info", info);
    pdf
}

pub(super) fn saved(mut pdf: Pdf) -> Vec<u8> {
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

pub(super) fn shown_text(text: &str) -> Vec<Operation> {
    vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), 11.into()]),
        Operation::new("Td", vec![72.into(), 700.into()]),
        Operation::new("Tj", vec![Object::string_literal(text)]),
        Operation::new("ET", vec![]),
    ]
}

#[test]
fn a_pdf_that_leaks_is_caught() {
    let clean = dictionary! { "Title" => Object::string_literal("SAR-1") };
    let black_box = vec![
        Operation::new("re", vec![70.into(), 690.into(), 90.into(), 20.into()]),
        Operation::new("f", vec![]),
    ];
    let mut under_box = shown_text("seen by Tom Quill");
    under_box.extend(black_box);
    check_leak("text under a box", &saved(pdf(under_box, clean.clone())));
    let mut white = vec![Operation::new("g", vec![1.into()])];
    white.extend(shown_text("seen by Tom Quill"));
    check_leak("white text", &saved(pdf(white, clean.clone())));
    let mut off_page = shown_text("Tom Quill");
    off_page[2] = Operation::new("Td", vec![9000.into(), 9000.into()]);
    check_leak("text off the page", &saved(pdf(off_page, clean.clone())));
    let kerned = Operation::new(
        "TJ",
        vec![Object::Array(vec![
            Object::string_literal("To"),
            (-20).into(),
            Object::string_literal("m Qu"),
            15.into(),
            Object::string_literal("ill"),
        ])],
    );
    let mut split = shown_text("x");
    split[3] = kerned;
    check_leak("text in pieces", &saved(pdf(split, clean.clone())));
    let titled = dictionary! { "Author" => Object::string_literal("Tom Quill") };
    check_leak("a property", &saved(pdf(shown_text("x"), titled)));
    let wide: Vec<u8> = [0xfe, 0xff]
        .into_iter()
        .chain("Tom Quill".encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    let titled = dictionary! { "Title" => Object::String(wide, StringFormat::Hexadecimal) };
    check_leak("a property in UTF-16", &saved(pdf(shown_text("x"), titled)));
}

#[test]
fn an_earlier_revision_is_caught() {
    let clean = dictionary! { "Title" => Object::string_literal("SAR-1") };
    let mut before = pdf(shown_text("seen by Tom Quill"), clean);
    before.compress();
    let mut bytes = saved(before);
    let mut later = pdf(shown_text("seen by [TP 001]"), dictionary! {});
    later.compress();
    bytes.extend(saved(later));
    let attack = attacked_alone("exhibit", &bytes);
    assert!(!attack.leaks.is_empty(), "{attack:?}");
    assert!(attack.hygiene.iter().any(|found| found.contains("revisions")), "{attack:?}");
}

#[test]
fn a_file_of_any_kind_that_leaks_is_caught() {
    check_leak("a hidden column", b"Date,Note,Hidden\n1 May,came,Tom Quill\n");
    check_leak("a number in another layout", b"Date,Note\n1 May,+44 (0)7700 900-123\n");
    check_leak("JSON", br#"{"a":{"b":["Quill, TOM"]}}"#);
    check_leak("JSON escapes", br#"{"a":"T\u006fm Q\u0075ill"}"#);
    check_leak("quoted-printable", b"seen by T=6Fm Qu=\r\nill today =3D");
    check_leak("base64", b"Subject: x\n\nc2VlbiBieSBUb20g\nUXVpbGwgdG9kYXk=\n");
    check_leak("hexadecimal", b"id: 546f6d205175696c6c");
    check_leak("entities", b"<p>Tom&nbsp;Qu&#105;l<b>l</b></p>");
    check_leak("percent escapes", b"http://example.org/?to=tq%40example.org");
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide: Vec<u8> = "seen by Tom Quill".encode_utf16().flat_map(bytes).collect();
        check_leak("UTF-16", &wide);
        check_leak("UTF-16, shifted", &[b"x".as_slice(), &wide].concat());
    }
    check_leak("Latin-1", b"caf\xe9 with Tom Quill");
}

#[test]
fn what_is_packed_and_what_it_is_called_is_caught() {
    let zip = |name: &str, text: &str| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
        archive.finish().unwrap().into_inner()
    };
    check_leak("a member", &zip("a.txt", "seen by Tom Quill"));
    check_leak("a member's name", &zip("tom_quill.txt", "x"));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&zip("a.txt", "tq@example.org")).unwrap();
    check_leak("a zip in a gzip", &gzip.finish().unwrap());
    assert!(caught("Letter to Tom Quill.pdf", b"x"));
}

#[test]
fn a_clean_file_passes() {
    let texts = ["Harriet Vale came.", "Date,Note\n1 May,[TP 001] rang\n", "{\"a\": [1, 2]}"];
    for text in texts {
        let attack = attacked_alone("exhibit", text.as_bytes());
        assert!(attack.is_clean(), "{text}: {attack:?}");
    }
    let sheet = Sheet {
        title: "SAR-1-000001".into(),
        foot: Foot { first: Some(BatesNumber::new("SAR-1", 1)), words: "redacted copy".into() },
        blocks: vec![
            Block::Heading("Rows".into()),
            Block::Paragraph("Harriet Vale came to see the clinic about it.".into()),
        ],
        is_wide: false,
        label: String::new(),
    };
    let printed = typeset(&sheet).unwrap();
    let attack = attacked_alone("a.pdf", &printed.bytes);
    assert!(attack.is_clean(), "{attack:?}");
    let first = pdf::shown(&printed.bytes).unwrap();
    let second = read_again("a.pdf", &printed.bytes).text;
    for text in [first, second] {
        assert!(text.contains("Harriet Vale came to see the clinic about it."), "{text:?}");
        assert!(text.contains("SAR-1-000001"), "{text:?}");
    }
}

#[test]
fn our_own_pages_leak_nothing_unseen() {
    let sheet = Sheet {
        title: "SAR-1-000001".into(),
        blocks: vec![Block::Paragraph("seen by Tom Quill".into())],
        ..Sheet::default()
    };
    let printed = typeset(&sheet).unwrap();
    let attack = attacked_alone("a.pdf", &printed.bytes);
    let ways: Vec<&str> = attack.leaks.iter().map(|leak| leak.way.as_str()).collect();
    assert!(ways.contains(&"the pages"), "{ways:?}");
    assert!(ways.contains(&"the pages, second reading"), "{ways:?}");
    assert!(ways.contains(&"text of a stream through a font"), "{ways:?}");
}
