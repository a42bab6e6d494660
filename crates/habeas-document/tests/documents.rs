//! What is read of messages, documents and workbooks, and where does it stand?
//!
//! The files are made here, part by part.

use std::io::{Cursor, Write};

use habeas_document::{Budget, read_family};
use habeas_model::{Hidden, Meaning, Member, Part, Passage, Reason};

fn read(name: &str, bytes: &[u8]) -> Vec<Member> {
    let mut members = Vec::new();
    read_family(name, bytes, &Budget::default(), &mut |member| members.push(member));
    members
}

fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// `place [part/hidden] text`, as tests write passages.
fn told(passage: &Passage) -> String {
    let part = match passage.part {
        Part::Body => "",
        Part::Header => "header: ",
        Part::Quoted => "quoted: ",
        Part::Properties => "properties: ",
        Part::Comment => "comment: ",
    };
    let hidden = match passage.hidden {
        None => "",
        Some(Hidden::Sheet) => "(sheet) ",
        Some(Hidden::Row) => "(row) ",
        Some(Hidden::Deleted) => "(deleted) ",
        Some(Hidden::Invisible) => "(invisible) ",
        Some(Hidden::Covered) => "(covered) ",
        Some(Hidden::Cache) => "(cache) ",
    };
    format!("{} | {part}{hidden}{}", passage.place, passage.text.replace('\n', " / "))
}

fn check_passages(member: &Member, expected: &[&str]) {
    let found: Vec<String> = member.document.passages.iter().map(told).collect();
    assert_eq!(found, expected, "{}", member.path);
}

fn values(member: &Member, meaning: Meaning) -> Vec<&str> {
    let passages = member.document.passages.iter();
    passages
        .flat_map(|passage| {
            let fields = passage.fields.iter().filter(move |field| field.meaning == meaning);
            fields.map(|field| &passage.text[field.range.clone()])
        })
        .collect()
}

fn paths(members: &[Member]) -> Vec<String> {
    members.iter().map(|member| member.path.to_string()).collect()
}

const EML: &str = "From: Amara Lind <amara@example.org>\n\
To: =?utf-8?Q?Zo=C3=AB_L=C3=B6w?= <zoe@example.org>\n\
Date: Tue, 4 Mar 2025 10:02:00 +0000\n\
Subject: Your visit\n\
Message-ID: <one@example.org>\n\
In-Reply-To: <zero@example.org>\n\
X-Envelope-From: amara@example.org\n\
Content-Type: multipart/mixed; boundary=outer\n\n\
--outer\nContent-Type: text/plain\n\nSee you at ten.\n\n\
On 3 Mar 2025, Zoe Low wrote:\n> At ten?\n\n\
--outer\nContent-Type: text/plain; name=\"notes.txt\"\n\
Content-Disposition: attachment; filename=\"notes.txt\"\n\
Content-Transfer-Encoding: base64\n\nQnJpbmcgdGhlIGNhcmQu\n\
--outer\nContent-Type: message/rfc822\n\nFrom: Bo <bo@example.org>\nTo: Amara\nSubject: inner\n\nInside.\n\
--outer--\n";

#[test]
fn a_message_comes_with_its_head_body_history_and_attachments() {
    let members = read("a.eml", EML.replace('\n', "\r\n").as_bytes());
    assert_eq!(paths(&members), ["a.eml", "a.eml ▸ notes.txt", "a.eml ▸ part-3.eml"]);
    check_passages(
        &members[0],
        &[
            "header 1 | header: From: Amara Lind <amara@example.org> / To: Zoë Löw <zoe@example.org> \
             / Date: Tue, 4 Mar 2025 10:02:00 +0000 / Subject: Your visit",
            "message 1 | See you at ten. / ",
            "message 1 | quoted: On 3 Mar 2025, Zoe Low wrote: / > At ten?",
            "header 1 | header: (invisible) X-Envelope-From: amara@example.org",
        ],
    );
    assert_eq!(values(&members[0], Meaning::Name), ["Amara Lind", "Zoë Löw", "Zoe Low"]);
    let facts = &members[0].document.facts;
    assert_eq!(facts.title.as_ref().map(|title| title.reveal().as_str()), Some("Your visit"));
    assert_eq!(facts.dated.as_deref(), Some("2025-03-04T10:02:00Z"));
    assert_eq!(facts.message_id.as_deref(), Some("one@example.org"));
    assert_eq!(facts.answers, ["zero@example.org"]);
    check_passages(&members[1], &["line 1 | Bring the card."]);
    assert_eq!(members[2].document.passages[1].text, "Inside.");
}

#[test]
fn a_message_of_a_mailbox_has_its_number() {
    let mailbox = "From - Tue Mar  4 10:02:00 2025\nSubject: one\nFrom: a@example.org\n\nfirst\n\n\
        From - Tue Mar  4 10:03:00 2025\nSubject: two\n\n>From here\n\n";
    let members = read("2025.mbox", mailbox.as_bytes());
    assert_eq!(paths(&members), ["2025.mbox", "2025.mbox ▸ 1", "2025.mbox ▸ 2"]);
    check_passages(&members[2], &["header 2 | header: Subject: two", "message 2 | From here"]);
}

const RELATIONS: &str = "<Relationships xmlns='x'>\
<Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='MAIN'/></Relationships>";

fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document><w:body>{body}</w:body></w:document>");
    let relations = RELATIONS.replace("MAIN", "word/document.xml");
    let mut parts = vec![
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", relations.as_str()),
        ("word/document.xml", document.as_str()),
    ];
    parts.extend(more);
    zip(&parts)
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn row(cells: &[&str]) -> String {
    let cells: String =
        cells.iter().map(|cell| format!("<w:tc>{}</w:tc>", paragraph(cell))).collect();
    format!("<w:tr>{cells}</w:tr>")
}

#[test]
fn a_document_comes_with_what_word_shows_and_what_it_hides() {
    let body = [
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Dear Am</w:t></w:r><w:r><w:t>ara,</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>O&apos;Neil </w:t></w:r><w:del w:author='Bo Ek'><w:r><w:delText>owes 5</w:delText></w:r></w:del>\
         <w:ins w:author='Zoe Low'><w:r><w:t>pays</w:t></w:r></w:ins>\
         <w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:commentReference w:id='7'/></w:p>",
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
         <mc:Fallback><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>\
         <w:hyperlink r:id='h1'><w:r><w:t>write</w:t></w:r></w:hyperlink></w:p>",
    ]
    .concat();
    let relations = "<Relationships>\
        <Relationship Id='h1' Type='x/hyperlink' Target='mailto:amara@example.org' TargetMode='External'/>\
        <Relationship Id='c' Type='x/comments' Target='comments.xml'/>\
        <Relationship Id='f' Type='x/footer' Target='footer1.xml'/></Relationships>";
    let comments = "<w:comments><w:comment w:id='7' w:author='Bo Ek'><w:p><w:r><w:t>Check</w:t></w:r></w:p>\
        </w:comment></w:comments>";
    let footer = format!("<w:ftr>{}</w:ftr>", paragraph("Clinic"));
    let core = "<cp:coreProperties><dc:title>Letter</dc:title><dc:creator>Zoe Low</dc:creator></cp:coreProperties>";
    let bytes = docx(
        &body,
        &[
            ("word/_rels/document.xml.rels", relations),
            ("word/comments.xml", comments),
            ("word/footer1.xml", &footer),
            ("docProps/core.xml", core),
            ("word/embeddings/a.txt", "inside"),
        ],
    );
    let members = read("letter.docx", &bytes);
    assert_eq!(paths(&members), ["letter.docx", "letter.docx ▸ word/embeddings/a.txt"]);
    check_passages(
        &members[0],
        &[
            "body 1 | Dear Amara,",
            "body 2 | comment: (deleted) Deleted by: Bo Ek / Deleted: owes 5",
            "body 2 | O'Neil pays / box / write <amara@example.org>",
            "body 2 | (invisible) secret",
            "body 2 | comment: Author: Bo Ek / Comment: Check",
            "body 1 | Clinic",
            "header 1 | properties: Changed by: Zoe Low",
            "header 1 | properties: Title: Letter / Author: Zoe Low",
        ],
    );
    assert_eq!(members[0].document.exceptions, []);
}

#[test]
fn a_table_of_people_is_read_by_row_and_a_form_by_label() {
    let people = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row(&["Name", "Email"]),
        row(&["Amara Lind", "amara@example.org"]),
        row(&["Bo Ek", "bo@example.org"])
    );
    let form = format!(
        "<w:tbl>{}{}</w:tbl>",
        row(&["Name:", "Zoe Low"]),
        row(&["Date of birth:", "3 April 1985"])
    );
    let layout = format!("<w:tbl>{}</w:tbl>", row(&["left", "right"]));
    let members = read("a.docx", &docx(&(people + &form + &layout), &[]));
    check_passages(
        &members[0],
        &[
            "sheet \"table 1\", row 1 | Name / Email",
            "sheet \"table 1\", row 2 | Name: Amara Lind / Email: amara@example.org",
            "sheet \"table 1\", row 3 | Name: Bo Ek / Email: bo@example.org",
            "body 7 | Name: Zoe Low / Date of birth: 3 April 1985",
            "body 11 | left | right",
        ],
    );
    assert_eq!(values(&members[0], Meaning::BirthDate), ["3 April 1985"]);
}

#[test]
fn a_cut_document_says_so_and_keeps_what_it_has() {
    let relations = RELATIONS.replace("MAIN", "word/document.xml");
    let bytes = zip(&[
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &relations),
        (
            "word/document.xml",
            "<w:document><w:body><w:p><w:r><w:t>Dear Amara</w:t></w:r></w:p><w:p><w:r><w:t>I am",
        ),
    ]);
    let members = read("a.docx", &bytes);
    assert_eq!(members[0].document.text(), "Dear Amara\nI am");
    let exceptions = &members[0].document.exceptions;
    assert!(exceptions.iter().any(|e| e.reason == Reason::Corrupt && e.is_partial));
}

/// A workbook with a sheet of patients, a hidden sheet, a comment and a pivot cache.
fn workbook() -> Vec<u8> {
    let sheet = "<worksheet><sheetData>\
        <row r='1'><c r='A1' t='inlineStr'><is><t>Name</t></is></c><c r='B1' t='inlineStr'><is><t>Mobile</t></is></c>\
        <c r='C1' t='inlineStr'><is><t>Date of birth</t></is></c></row>\
        <row r='2'><c r='A2' t='inlineStr'><is><r><t xml:space='preserve'>Amara </t></r><r><t>Lind</t></r></is></c><c r='B2'><v>447700900123</v></c><c r='C2' s='1'><v>31140</v></c></row>\
        <row r='5' hidden='1'><c r='A5' t='inlineStr'><is><t>Bo Ek</t></is></c><c r='B5'><v>7.700900456E9</v></c></row>\
        </sheetData></worksheet>";
    let empty = "<worksheet><sheetData><row r='3'><c r='B3' t='inlineStr'><is><t>Zoe Low</t></is></c></row></sheetData></worksheet>";
    let workbook = "<workbook><sheets><sheet name='Patients' sheetId='1' r:id='s1'/>\
        <sheet name='Old' sheetId='2' state='veryHidden' r:id='s2'/></sheets></workbook>";
    let relations = "<Relationships><Relationship Id='s1' Type='x/worksheet' Target='worksheets/sheet1.xml'/>\
        <Relationship Id='s2' Type='x/worksheet' Target='worksheets/sheet2.xml'/>\
        <Relationship Id='st' Type='x/styles' Target='styles.xml'/></Relationships>";
    let styles =
        "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>";
    let of_sheet = "<Relationships><Relationship Id='c' Type='x/comments' Target='../comments1.xml'/></Relationships>";
    let comments = "<comments><authors><author>Bo Ek</author></authors><commentList><comment ref='A2' authorId='0'>\
        <text><r><t>call </t></r><r><t>her</t></r></text></comment></commentList></comments>";
    let cache = "<pivotCacheDefinition><cacheFields><cacheField name='Name'><sharedItems><s v='Ida Berg'/></sharedItems></cacheField>\
        <cacheField name='Email'><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>";
    let of_cache = "<Relationships><Relationship Id='r' Type='x/pivotCacheRecords' Target='pivotCacheRecords1.xml'/></Relationships>";
    let records =
        "<pivotCacheRecords><r><x v='0'/><s v='ida@example.org'/></r></pivotCacheRecords>";
    zip(&[
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &RELATIONS.replace("MAIN", "xl/workbook.xml")),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/worksheets/sheet2.xml", empty),
        ("xl/worksheets/_rels/sheet1.xml.rels", of_sheet),
        ("xl/comments1.xml", comments),
        ("xl/pivotCache/pivotCacheDefinition1.xml", cache),
        ("xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels", of_cache),
        ("xl/pivotCache/pivotCacheRecords1.xml", records),
    ])
}

#[test]
fn a_workbook_comes_with_hidden_sheets_rows_comments_and_caches() {
    let bytes = workbook();
    let members = read("patients.xlsx", &bytes);
    check_passages(
        &members[0],
        &[
            "sheet \"Patients\", row 1 | Name / Mobile / Date of birth",
            "sheet \"Patients\", row 2 | Name: Amara Lind / Mobile: 447700900123 / Date of birth: 1985-04-03",
            "sheet \"Patients\", row 5 | (row) Name: Bo Ek / Mobile: 7700900456",
            "sheet \"Patients\", cell 2 | comment: Cell: A2 / Author: Bo Ek / Comment: call her",
            "sheet \"Old\", row 3 | (sheet) Column 2: Zoe Low",
            "sheet \"pivot cache 1\", row 1 | (cache) Name / Email",
            "sheet \"pivot cache 1\", row 2 | (cache) Name: Ida Berg / Email: ida@example.org",
        ],
    );
    assert_eq!(members[0].document.exceptions, []);
}

#[test]
fn slides_are_pages_and_notes_are_comments() {
    let slide = "<p:sld show='0'><a:p><a:r><a:t>Results for</a:t></a:r><a:br/><a:r><a:t>Amara</a:t></a:r></a:p></p:sld>";
    let notes = "<p:notes><a:p><a:r><a:t>call her</a:t></a:r></a:p></p:notes>";
    let presentation =
        "<p:presentation><p:sldIdLst><p:sldId id='256' r:id='s1'/></p:sldIdLst></p:presentation>";
    let bytes = zip(&[
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &RELATIONS.replace("MAIN", "ppt/presentation.xml")),
        ("ppt/presentation.xml", presentation),
        (
            "ppt/_rels/presentation.xml.rels",
            "<Relationships><Relationship Id='s1' Type='x/slide' Target='slides/slide1.xml'/></Relationships>",
        ),
        ("ppt/slides/slide1.xml", slide),
        (
            "ppt/slides/_rels/slide1.xml.rels",
            "<Relationships><Relationship Id='n' Type='x/notesSlide' Target='../notesSlides/n1.xml'/></Relationships>",
        ),
        ("ppt/notesSlides/n1.xml", notes),
    ]);
    let members = read("a.pptx", &bytes);
    check_passages(
        &members[0],
        &["page 1 | comment: call her", "page 1 | (invisible) Results for Amara"],
    );
    assert_eq!(members[0].document.facts.n_pages, Some(1));
}

#[test]
fn an_opendocument_text_comes_with_comments_and_deletions() {
    let content = "<office:document-content><office:body><office:text><text:tracked-changes><text:changed-region>\
        <text:deletion><office:change-info><dc:creator>Bo Ek</dc:creator><dc:date>2025</dc:date></office:change-info>\
        <text:p>owes 5</text:p></text:deletion></text:changed-region></text:tracked-changes>\
        <text:p>Dear<text:s text:c='2'/>Amara<office:annotation><dc:creator>Zoe</dc:creator><text:p>check</text:p></office:annotation></text:p>\
        </office:text></office:body></office:document-content>";
    let meta = "<office:meta><meta:initial-creator>Zoe Low</meta:initial-creator></office:meta>";
    let bytes = zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content),
        ("meta.xml", meta),
    ]);
    let members = read("a.odt", &bytes);
    check_passages(
        &members[0],
        &[
            "body 1 | comment: (deleted) Deleted by: Bo Ek / Deleted: owes 5",
            "body 2 | comment: Author: Zoe / Comment: check",
            "body 2 | Dear  Amara",
            "header 1 | properties: Author: Zoe Low",
        ],
    );
}

#[test]
fn contacts_and_appointments_are_records() {
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Amara Lind\r\nTEL;TYPE=CELL:07700 900123\r\n\
        EMAIL:amara@example.org\r\nADR;TYPE=HOME:;;1 High Street;Otley;;LS21 1AA;UK\r\nEND:VCARD\r\n";
    let members = read("a.vcf", card.repeat(2).as_bytes());
    check_passages(
        &members[0],
        &[
            "line 1 | Name: Amara Lind / Telephone (cell): 07700 900123 / Email: amara@example.org \
             / Address (home): 1 High Street, Otley, UK / Postcode: LS21 1AA",
            "line 8 | Name: Amara Lind / Telephone (cell): 07700 900123 / Email: amara@example.org \
             / Address (home): 1 High Street, Otley, UK / Postcode: LS21 1AA",
        ],
    );
    let calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20250304T100000Z\nSUMMARY:Visit\n\
        ATTENDEE;CN=\"Amara Lind\":mailto:amara@example.org\nEND:VEVENT\nEND:VCALENDAR\n";
    let members = read("a.ics", calendar.as_bytes());
    check_passages(
        &members[0],
        &[
            "line 2 | Begins: 2025-03-04 10:00:00Z / Subject: Visit / Attendee: Amara Lind <amara@example.org>",
        ],
    );
}

fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        if let Some((storage, _)) = path.rsplit_once('/') {
            file.create_storage_all(storage).unwrap();
        }
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn an_outlook_message_comes_with_people_and_attachments() {
    let recipient =
        [vec![0; 8], vec![3, 0, 0x15, 0x0c, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]].concat();
    let recip = |name: &str| format!("/__recip_version1.0_#00000000/{name}");
    let attach = |name: &str| format!("/__attach_version1.0_#00000000/{name}");
    let inner = attach("__substg1.0_3701000D");
    let bytes = compound(&[
        ("/__properties_version1.0", vec![0; 32]),
        ("/__substg1.0_0037001F", wide("Your visit")),
        ("/__substg1.0_0C1A001F", wide("Amara Lind")),
        ("/__substg1.0_5D01001F", wide("amara@example.org")),
        ("/__substg1.0_1000001F", wide("See you.\r\n-----Original Message-----\r\nAt ten?")),
        (&recip("__properties_version1.0"), recipient),
        (&recip("__substg1.0_3001001E"), b"Zo\xeb L\xf6w\0".to_vec()),
        (&recip("__substg1.0_39FE001F"), wide("zoe@example.org")),
        (&attach("__properties_version1.0"), vec![0; 8]),
        (&attach("__substg1.0_3001001F"), wide("Earlier")),
        (&format!("{inner}/__properties_version1.0"), vec![0; 24]),
        (&format!("{inner}/__substg1.0_1000001F"), wide("Inside.")),
    ]);
    let members = read("a.msg", &bytes);
    assert_eq!(paths(&members), ["a.msg", "a.msg ▸ Earlier.msg"]);
    check_passages(
        &members[0],
        &[
            "header 1 | header: From: Amara Lind <amara@example.org> / Cc: Zoë Löw <zoe@example.org> \
             / Subject: Your visit",
            "message 1 | See you.",
            "message 1 | quoted: -----Original Message----- / At ten?",
        ],
    );
    check_passages(&members[1], &["message 1 | Inside."]);
}

#[test]
fn an_old_document_is_put_together_from_its_pieces() {
    let (narrow, broad) = (b"Dear Zo\xeb\rhi\x13 HYPERLINK \x14", wide("you\x15\rNote"));
    let mut main = vec![0; 0x400];
    main[..4].copy_from_slice(&[0xec, 0xa5, 0xc1, 0]);
    main[11] = 2;
    let n_narrow = narrow.len() as u32;
    let n_all = n_narrow + broad.len() as u32 / 2;
    main[0x4c..0x50].copy_from_slice(&(n_all - 4).to_le_bytes());
    main[0x5c..0x60].copy_from_slice(&4_u32.to_le_bytes());
    let mut table = vec![2, 28, 0, 0, 0];
    for position in [0, n_narrow, n_all] {
        table.extend(position.to_le_bytes());
    }
    let at_broad = 0x400 + n_narrow;
    for place in [0x4000_0800, at_broad] {
        table.extend([0, 0]);
        table.extend(place.to_le_bytes());
        table.extend([0, 0]);
    }
    main[0x1a6..0x1aa].copy_from_slice(&(table.len() as u32).to_le_bytes());
    main.extend(narrow);
    main.extend(broad);
    let members = read("a.doc", &compound(&[("/WordDocument", main), ("/1Table", table)]));
    check_passages(&members[0], &["body 1 | Dear Zoë / hiyou", "body 1 | comment: Note"]);
}

#[test]
fn a_wrapped_file_is_a_member() {
    let content = b"Bring the card.";
    let mut native = vec![0; 6];
    native.extend(b"label\0C:\\notes.txt\0\0\0\x03\0\x02\0\0\0p\0");
    native.extend((content.len() as u32).to_le_bytes());
    native.extend(content);
    let members = read("a.bin", &compound(&[("/\u{1}Ole10Native", native)]));
    assert_eq!(paths(&members), ["a.bin", "a.bin ▸ notes.txt"]);
    assert_eq!(members[1].document.text(), "Bring the card.");
}

/// Numbers that look like chance and are the same every time.
fn chance(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap()
}

#[test]
fn damage_ends_in_time_and_without_a_panic() {
    let rtf = r"{\rtf1\ansi{\fonttbl{\f0\fcharset204 A;}}{\info{\author Zoe}}\f0 Dear \'cf\u233?{\*\atnauthor B}\par}";
    let card = "BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:L=C3=B6w;Zo=\n=C3=AB\nEND:VCARD\n";
    let files: [(&str, Vec<u8>); 6] = [
        ("a.eml", EML.as_bytes().to_vec()),
        ("a.mbox", format!("From - Tue Mar  4 10:02:00 2025\n{EML}").into_bytes()),
        (
            "a.docx",
            docx(&(paragraph("Dear Amara") + "<w:tbl>" + &row(&["a", "b"]) + "</w:tbl>"), &[]),
        ),
        ("a.xlsx", workbook()),
        ("a.rtf", rtf.as_bytes().to_vec()),
        ("a.vcf", card.as_bytes().to_vec()),
    ];
    let mut seed = 7;
    for (name, good) in files {
        for round in 0..150 {
            let mut bad = good.clone();
            if round % 3 == 0 {
                bad.truncate(chance(&mut seed) % good.len());
            }
            for _ in 0..1 + round % 5 {
                let at = chance(&mut seed) % bad.len().max(1);
                if let Some(byte) = bad.get_mut(at) {
                    *byte = (chance(&mut seed) & 0xff) as u8;
                }
            }
            for member in read(name, &bad) {
                let notes = member.document.exceptions.iter().map(|exception| &exception.note);
                let n_panics = notes.filter(|note| note.contains("panicked")).count();
                assert_eq!(n_panics, 0, "{name}, round {round}");
            }
        }
    }
}
