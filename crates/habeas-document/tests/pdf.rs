//! What is read of a PDF, page by page and beside its pages?

use std::fmt::Write as _;
use std::io::Write as _;

use habeas_document::{Budget, read_family};
use habeas_model::{Hidden, Member, Part, PlaceKind, Reason};

fn read(bytes: &[u8]) -> Vec<Member> {
    let mut members = Vec::new();
    read_family("a.pdf", bytes, &Budget::default(), &mut |member| members.push(member));
    members
}

/// A PDF of these objects; object 1 is the catalogue. The table of objects is left to be rebuilt.
fn pdf(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut file = "%PDF-1.7\n".to_owned();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for offset in offsets {
        writeln!(file, "{offset:010} 00000 n ").unwrap();
    }
    let n = objects.len() + 1;
    write!(file, "trailer\n<< /Size {n} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n")
        .unwrap();
    file.into_bytes()
}

fn stream(content: &str) -> String {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// Pages of these contents, with a catalogue and page entries of one's own.
fn pages(
    contents: &[&str],
    catalogue: &str,
    page: &str,
    more: &[String],
    trailer: &str,
) -> Vec<u8> {
    let kids: Vec<String> = (0..contents.len()).map(|i| format!("{} 0 R", 4 + 2 * i)).collect();
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>"),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), contents.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    ];
    for (index, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {} 0 R \
             /Resources << /Font << /F 3 0 R >> >> {page} >>",
            5 + 2 * index
        ));
        objects.push(stream(content));
    }
    objects.extend_from_slice(more);
    pdf(&objects, trailer)
}

fn one_page(content: &str) -> Vec<u8> {
    pages(&[content], "", "", &[], "")
}

fn line(x: u32, y: u32, text: &str) -> String {
    format!("BT /F 10 Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n")
}

fn check_page(content: &str, expected: &str) {
    let members = read(&one_page(content));
    let seen = members[0].document.passages.iter().filter(|passage| passage.hidden.is_none());
    let texts: Vec<&str> = seen.map(|passage| passage.text.as_str()).collect();
    assert_eq!(texts.join("\n~\n"), expected);
}

#[test]
fn words_and_lines_are_put_together() {
    check_page(&line(50, 700, "Dear Zo\\353,"), "Dear Zoë,");
    // Letters that are placed one by one, with a gap that stands for a space.
    check_page("BT /F 10 Tf 50 700 Td [(Am) -20 (ara) -300 (Lind)] TJ ET", "Amara Lind");
    check_page(&(line(50, 700, "first") + &line(50, 688, "second")), "first\nsecond");
    // The lower line was drawn first.
    check_page(&(line(50, 688, "second") + &line(50, 700, "first")), "first\nsecond");
    // Bold by printing twice.
    check_page(&(line(50, 700, "Amara") + &line(50, 700, "Amara")), "Amara");
    check_page(
        &(line(50, 700, "an appoint-")
            + &line(50, 688, "ment with Ms Lind-")
            + &line(50, 676, "Berg")),
        "an appointment with Ms Lind-Berg",
    );
}

#[test]
fn columns_of_prose_are_read_one_after_the_other_and_rows_of_a_table_across() {
    let (mut prose, mut table) = (String::new(), String::new());
    for index in 0..6 {
        let y = 700 - index * 12;
        prose += &line(50, y, &format!("left {index} runs over most of its column"));
        prose += &line(320, y, &format!("right {index} runs over most of its column"));
        table += &line(50, y, &format!("Patient {index}"));
        table += &line(320, y, &format!("07700 90012{index}"));
    }
    let members = read(&one_page(&prose));
    let text = members[0].document.text();
    assert!(text.find("left 5") < text.find("right 0"), "{text}");
    let members = read(&one_page(&table));
    assert!(members[0].document.text().contains("Patient 2  07700 900122\n"));
}

#[test]
fn text_that_no_reader_sees_says_so() {
    let content = line(50, 700, "seen")
        + &line(50, 900, "off the page")
        + "BT /F 10 Tf 3 Tr 1 0 0 1 50 600 Tm (no ink) Tj ET";
    let members = read(&one_page(&content));
    let passages: Vec<(&str, Option<Hidden>)> = members[0]
        .document
        .passages
        .iter()
        .map(|passage| (passage.text.as_str(), passage.hidden))
        .collect();
    assert_eq!(passages, [("seen", None), ("off the page\n\nno ink", Some(Hidden::Invisible))]);
}

#[test]
fn pages_are_counted_and_pages_without_text_reported() {
    let members = read(&pages(&[&line(50, 700, "one"), "0 0 100 100 re f", ""], "", "", &[], ""));
    let document = &members[0].document;
    assert_eq!(document.facts.n_pages, Some(3));
    let places: Vec<Option<u32>> = document
        .exceptions
        .iter()
        .filter(|exception| exception.reason == Reason::NoText && exception.is_partial)
        .map(|exception| exception.place.as_ref().map(|place| place.number))
        .collect();
    assert_eq!(places, [Some(2)], "an empty page has nothing to lose");
    let members = read(&pages(&["0 0 100 100 re f", "0 0 100 100 re f"], "", "", &[], ""));
    let failure = members[0].document.failure().expect("nothing could be read");
    assert_eq!(failure.reason, Reason::NoText);
    assert_eq!(members[0].document.exceptions.len(), 2, "one for each page");
}

#[test]
fn what_stands_beside_the_pages_is_read() {
    // Objects 6 and on.
    let more = [
        "<< /Title (Consent) /Author <FEFF00410020004C00F60077> >>".to_owned(),
        "<< /T (Full name) /V (Amara Lind) /FT /Tx >>".to_owned(),
        "<< /First 9 0 R >>".to_owned(),
        "<< /Title (Chapter one) >>".to_owned(),
        "<< /Names [(a) 11 0 R] >>".to_owned(),
        "<< /Type /Filespec /UF (notes.txt) /EF << /F 12 0 R >> >>".to_owned(),
        stream("Bring the card."),
    ];
    let catalogue =
        "/AcroForm << /Fields [7 0 R] >> /Outlines 8 0 R /Names << /EmbeddedFiles 10 0 R >>";
    let page = "/Annots [<< /Type /Annot /Subtype /Text /T (Bo Ek) /Contents (call her) /Rect [0 0 1 1] >>]";
    let bytes = pages(&[&line(50, 700, "text")], catalogue, page, &more, "/Info 6 0 R");
    let members = read(&bytes);
    let told: Vec<(PlaceKind, Part, String)> = members[0]
        .document
        .passages
        .iter()
        .map(|passage| (passage.place.kind, passage.part, passage.text.replace('\n', " / ")))
        .collect();
    let expected = [
        (PlaceKind::Page, Part::Body, "text"),
        (PlaceKind::Header, Part::Properties, "Title: Consent / Author: A Löw"),
        (PlaceKind::Page, Part::Comment, "Author: Bo Ek / Note: call her"),
        (PlaceKind::Page, Part::Body, "Full name: Amara Lind"),
        (PlaceKind::Header, Part::Properties, "Chapter one"),
    ];
    assert_eq!(told, expected.map(|(place, part, text)| (place, part, text.to_owned())));
    assert_eq!(members[1].path.to_string(), "a.pdf ▸ notes.txt");
    assert_eq!(members[1].document.text(), "Bring the card.");
}

#[test]
fn a_password_is_said_to_be_needed() {
    let encrypt = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (a) /U (b) >> /ID [(x) (x)]";
    let bytes = pages(&[&line(50, 700, "text")], "", "", &[], encrypt);
    let failure = read(&bytes)[0].document.failure().cloned().expect("it cannot be read");
    assert_eq!(failure.reason, Reason::Encrypted);
}

#[test]
fn damage_ends_in_an_exception() {
    let good = one_page(&line(50, 700, "Dear Amara"));
    for cut in (0..good.len()).step_by(7).skip(1) {
        let document = &read(&good[..cut])[0].document;
        assert!(
            !document.exceptions.is_empty() || document.text().contains("Dear"),
            "cut at {cut}"
        );
    }
}

/// Packs a text twice: first deflated, then in hexadecimal.
fn packed(text: &[u8]) -> String {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(text).unwrap();
    packer.finish().unwrap().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Puts something else in its place, as long as it was, so that the table of objects stays right.
fn put(bytes: Vec<u8>, what: &str, other: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains(what) && other.len() <= what.len());
    text.replacen(what, &format!("{other:<width$}", width = what.len()), 1).into_bytes()
}

#[test]
fn a_bomb_is_neither_a_page_nor_an_attachment() {
    let bomb = packed(&vec![b' '; 40 << 20]);
    let attachment = [
        "<< /Names [(a) 9 0 R] >>".to_owned(),
        "<< /Type /Filespec /UF (a.txt) /EF << /F 10 0 R >> >>".to_owned(),
        format!(
            "<< /Length {} /Filter [/ASCIIHexDecode /FlateDecode] >>\nstream\n{bomb}\nendstream",
            bomb.len()
        ),
    ];
    let bytes = pages(
        &[&line(50, 700, "one"), &line(50, 700, "two")],
        "/Names << /EmbeddedFiles 8 0 R >>",
        "",
        &attachment,
        "",
    );
    let members = read(&bytes);
    assert_eq!(members[0].document.text(), "one\ntwo");
    assert_eq!(members[1].document.failure().unwrap().reason, Reason::ExpansionLimit);
    // The first page's content becomes the bomb.
    let bytes = put(bytes, "/Contents 5 0 R /", "/Contents 10 0 R/");
    let document = &read(&bytes)[0].document;
    assert_eq!(document.text(), "two");
    assert_eq!(document.exceptions[0].reason, Reason::ExpansionLimit);
    assert_eq!(document.exceptions[0].place.as_ref().map(|place| place.number), Some(1));
}

#[test]
fn content_that_is_missing_is_reported() {
    let page = "/MediaBox [0 0 600 800] /Contents 5 0 R /";
    for other in
        ["/Contents 99 0 R/", "/MediaBox[0 0 9 9]/Contents[5 0 R 9 0 R]/", "/Contents 3 0 R/"]
    {
        let good = pages(&["", &line(50, 700, "two")], "", "", &[], "");
        let document = &read(&put(good, page, other))[0].document;
        assert_eq!(document.exceptions.len(), 1, "{other}");
        assert_eq!(document.exceptions[0].reason, Reason::Corrupt, "{other}");
        assert_eq!(document.text(), "two");
    }
}

#[test]
fn letters_that_are_drawings_have_the_height_that_they_seem_to_have() {
    // A font whose unit is the point: its size of 0.2 says nothing.
    let more = [
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 40 40] /FontMatrix [1 0 0 1 0 0] \
         /CharProcs << /a 7 0 R >> /Encoding << /Differences [97 /a /b] >> /FirstChar 97 \
         /LastChar 98 /Widths [30 30] /Resources << >> >>"
            .to_owned(),
        stream("30 0 d0 0 0 20 20 re f"),
    ];
    let content = "BT /G 0.2 Tf 50 700 Td (abba) Tj ET";
    let bytes = pages(&[content], "", "", &more, "");
    let bytes = put(bytes, "<< /Font << /F 3 0 R >>", "<</Font<</G 6 0 R>>");
    let passage = &read(&bytes)[0].document.passages[0];
    assert_eq!((passage.text.as_str(), passage.hidden), ("abba", None));
}
