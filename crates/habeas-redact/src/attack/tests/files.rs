//! Workbooks and documents as people redact them by hand, and the names of files.

use std::io::{Cursor, Write};

use super::{attacked_alone, check_leak};

fn office(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", "<Types/>")].iter().chain(parts) {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Caught by the name that stands in it, and as something that no file of ours holds.
fn check(what: &str, part: &str, text: &str) {
    check_leak(what, &office(&[(part, &text.replace("{}", "Tom Quill"))]));
    let attack = attacked_alone("a.xlsx", &office(&[(part, &text.replace("{}", "Ann"))]));
    assert!(!attack.hygiene.is_empty(), "{what}: {attack:?}");
}

#[test]
fn what_a_workbook_hides_is_caught() {
    check("a hidden sheet", "xl/workbook.xml", r#"<sheet name="{}" state="hidden"/>"#);
    check("a very hidden sheet", "xl/workbook.xml", r#"<sheet name="{}" state="veryHidden"/>"#);
    let row = r#"<row r="2" hidden="1"><c t="inlineStr"><is><t>{}</t></is></c></row>"#;
    check("a hidden row", "xl/worksheets/sheet1.xml", row);
    check("a hidden column", "xl/worksheets/sheet1.xml", r#"<col min="2" hidden="1"/><c>{}</c>"#);
    check("a pivot cache", "xl/pivotCache/pivotCacheRecords1.xml", r#"<s v="{}"/>"#);
    check("a comment", "xl/comments1.xml", "<author>{}</author>");
    check("a comment in a thread", "xl/threadedComments/threadedComment1.xml", "<text>{}</text>");
    check("another workbook", "xl/externalLinks/externalLink1.xml", r#"<v>{}</v>"#);
    check_leak("strings left over", &office(&[("xl/sharedStrings.xml", "<t>Tom</t><t>Quill</t>")]));
}

#[test]
fn what_a_document_hides_is_caught() {
    let part = "word/document.xml";
    check("a tracked change", part, r#"<w:del w:id="1"><w:delText>{}</w:delText></w:del>"#);
    check("an author of a change", part, r#"<w:ins w:author="{}"><w:t>x</w:t></w:ins>"#);
    check("hidden text", part, "<w:rPr><w:vanish/></w:rPr><w:t>{}</w:t>");
    check("a comment", "word/comments.xml", "<w:comment><w:t>{}</w:t></w:comment>");
    check("an author", "docProps/core.xml", "<dc:creator>{}</dc:creator>");
    let split = "<w:t>seen by To</w:t></w:r><w:r><w:t>m Qu</w:t></w:r><w:r><w:t>ill</w:t>";
    check_leak("a name in pieces", &office(&[(part, split)]));
}

#[test]
fn a_plain_workbook_passes() {
    let sheet = r#"<row r="1"><c t="inlineStr"><is><t>Harriet Vale</t></is></c></row>"#;
    let bytes = office(&[
        ("xl/workbook.xml", r#"<sheet name="Rows" sheetId="1"/>"#),
        ("xl/worksheets/sheet1.xml", sheet),
        ("docProps/core.xml", "<dc:creator></dc:creator>"),
    ]);
    let attack = attacked_alone("a.xlsx", &bytes);
    assert!(attack.leaks.is_empty() && attack.hygiene.is_empty(), "{attack:?}");
}

#[test]
fn a_name_in_the_names_of_files_is_caught() {
    assert!(!attacked_alone("tom_quill-statement.pdf", b"x").leaks.is_empty());
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.set_comment("for Tom Quill").unwrap();
    archive.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    check_leak("an archive's comment", &archive.finish().unwrap().into_inner());
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("letters/Quill, Tom.txt", options).unwrap();
    check_leak("a member's name", &archive.finish().unwrap().into_inner());
}

#[test]
fn a_mask_of_equal_length_is_caught() {
    let attack = attacked_alone("a.txt", "seen by XXX XXXXX today".as_bytes());
    assert!(!attack.tells.is_empty(), "{attack:?}");
}
