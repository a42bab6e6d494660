//! PDFs whose bad redaction is caught even where nobody knows the name, because a file of ours never
//! holds such a thing.

use lopdf::content::Operation;
use lopdf::{Dictionary, Object, Stream, StringFormat, dictionary};

use super::{attacked_alone, check_leak, pdf_in, saved, shown_text};

const NAME: &str = "seen by Tom Quill";
/// A text that no searcher knows.
const OTHER: &str = "some other words";

fn page(operations: Vec<Operation>) -> Vec<u8> {
    saved(pdf_in("Helvetica", operations, Dictionary::new()))
}

fn check_hygiene(what: &str, bytes: &[u8], expected: &str) {
    let attack = attacked_alone("a.pdf", bytes);
    assert!(attack.hygiene.iter().any(|found| found.contains(expected)), "{what}: {attack:?}");
}

/// Text that is not seen is a leak if it names somebody, and unwanted whatever it says.
fn check_unseen(what: &str, make: impl Fn(&str) -> Vec<Operation>) {
    check_leak(what, &page(make(NAME)));
    let attack = attacked_alone("a.pdf", &page(make(OTHER)));
    let is_unseen = |found: &String| found.contains("nobody sees") || found.contains("not seen");
    assert!(attack.hygiene.iter().any(is_unseen), "{what}: {attack:?}");
}

fn op(operator: &str, operands: Vec<Object>) -> Operation {
    Operation::new(operator, operands)
}

#[test]
fn a_plain_page_passes() {
    let attack = attacked_alone("a.pdf", &page(shown_text("Harriet Vale came to see us")));
    assert!(attack.is_clean(), "{attack:?}");
    assert_eq!(attack.n_pages, 1);
}

#[test]
fn text_under_a_box_is_caught() {
    check_unseen("text under a box", |text| {
        let mut all = shown_text(text);
        all.extend([op("re", vec![60.into(), 690.into(), 300.into(), 24.into()]), op("f", vec![])]);
        all
    });
}

#[test]
fn white_text_is_caught() {
    check_unseen("white text", |text| [vec![op("g", vec![1.into()])], shown_text(text)].concat());
}

#[test]
fn text_without_ink_is_caught() {
    check_unseen("Tr 3", |text| [vec![op("Tr", vec![3.into()])], shown_text(text)].concat());
}

#[test]
fn text_off_the_page_is_caught() {
    check_unseen("off the page", |text| {
        let mut all = shown_text(text);
        all[2] = op("Td", vec![700.into(), 900.into()]);
        all
    });
}

#[test]
fn clipped_text_is_caught() {
    check_unseen("clipped", |text| {
        let clip = vec![
            op("q", vec![]),
            op("re", vec![0.into(), 0.into(), 50.into(), 50.into()]),
            op("W", vec![]),
            op("n", vec![]),
        ];
        [clip, shown_text(text), vec![op("Q", vec![])]].concat()
    });
}

#[test]
fn transparent_text_is_caught() {
    let make = |text: &str| {
        let all = [vec![op("gs", vec!["G1".into()])], shown_text(text)].concat();
        let mut pdf = pdf_in("Helvetica", all, Dictionary::new());
        let state = pdf.add_object(dictionary! { "Type" => "ExtGState", "ca" => 0, "CA" => 0 });
        let page = pdf.page_iter().next().unwrap();
        let resources = pdf.get_dictionary_mut(page).unwrap().get_mut(b"Resources").unwrap();
        resources.as_dict_mut().unwrap().set("ExtGState", dictionary! { "G1" => state });
        saved(pdf)
    };
    check_leak("transparent text", &make(NAME));
    let attack = attacked_alone("a.pdf", &make(OTHER));
    assert!(!attack.hygiene.is_empty(), "{attack:?}");
}

#[test]
fn what_stands_beside_the_pages_is_caught() {
    let name = || Object::string_literal("Tom Quill");
    let with = |change: &dyn Fn(&mut lopdf::Document)| {
        let mut pdf = pdf_in("Helvetica", shown_text("x y z"), Dictionary::new());
        change(&mut pdf);
        saved(pdf)
    };
    let in_catalog = |key: &'static str, value: Object| {
        with(&move |pdf| pdf.catalog_mut().unwrap().set(key, value.clone()))
    };
    let on_page = |key: &'static str, value: Object| {
        with(&move |pdf| {
            let page = pdf.page_iter().next().unwrap();
            pdf.get_dictionary_mut(page).unwrap().set(key, value.clone());
        })
    };
    let check = |what: &str, bytes: Vec<u8>, key: &str| {
        check_leak(what, &bytes);
        check_hygiene(what, &bytes, key);
    };
    let annotation: Object = dictionary! { "Subtype" => "Text", "Contents" => name() }.into();
    check("an annotation", on_page("Annots", vec![annotation].into()), "/Annots");
    let field: Object = dictionary! { "FT" => "Tx", "T" => "a", "V" => name() }.into();
    let form = dictionary! { "Fields" => vec![field] };
    check("a form's value", in_catalog("AcroForm", form.into()), "/AcroForm");
    let place: Object = vec![0.into(), "Fit".into()].into();
    let tree = dictionary! { "Names" => vec![name(), place] };
    let names = dictionary! { "Dests" => tree };
    check("a named destination", in_catalog("Names", names.into()), "/Names");
    let outline = dictionary! { "First" => dictionary! { "Title" => name() } };
    check_leak("an outline's title", &in_catalog("Outlines", outline.into()));
    let action = dictionary! { "S" => "JavaScript", "JS" => name() };
    check("an action", in_catalog("OpenAction", action.into()), "/OpenAction");
    let xmp = b"<rdf:li>Tom Quill</rdf:li>".to_vec();
    let metadata = with(&|pdf| {
        let stream = pdf.add_object(Stream::new(dictionary! { "Type" => "Metadata" }, xmp.clone()));
        pdf.catalog_mut().unwrap().set("Metadata", stream);
    });
    check("XMP", metadata, "/Metadata");
    let orphan = with(&|pdf| {
        pdf.add_object(dictionary! { "Who" => Object::string_literal("Tom Quill") });
    });
    check("an object that nothing refers to", orphan, "nothing refers to");
    let attached = with(&|pdf| {
        let mut file = Stream::new(dictionary! { "Type" => "EmbeddedFile" }, b"Tom Quill".to_vec());
        file.compress().unwrap();
        let file = pdf.add_object(file);
        let spec = dictionary! { "EF" => dictionary! { "F" => file } };
        pdf.catalog_mut().unwrap().set("AF", vec![spec.into()]);
    });
    check("an attachment", attached, "/EF");
    let titled = saved(pdf_in(
        "Helvetica",
        shown_text("x y z"),
        dictionary! { "Author" => name(), "Title" => Object::string_literal("SAR-1") },
    ));
    check("a property", titled, "property Author");
}

#[test]
fn words_for_a_drawing_are_caught() {
    let mut all = vec![op(
        "BDC",
        vec![
            "Span".into(),
            dictionary! { "ActualText" => Object::string_literal("Tom Quill") }.into(),
        ],
    )];
    all.extend(shown_text("x y z"));
    all.push(op("EMC", vec![]));
    let bytes = page(all);
    check_leak("ActualText", &bytes);
    check_hygiene("ActualText", &bytes, "/ActualText");
}

#[test]
fn what_object_streams_hold_is_caught() {
    let mut pdf = pdf_in("Helvetica", shown_text("x y z"), Dictionary::new());
    let wide: Vec<u8> = [0xfe, 0xff]
        .into_iter()
        .chain("Tom Quill".encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    let note =
        pdf.add_object(dictionary! { "Note" => Object::String(wide, StringFormat::Literal) });
    pdf.catalog_mut().unwrap().set("Note", note);
    let mut bytes = Vec::new();
    pdf.save_modern(&mut bytes).unwrap();
    assert!(!bytes.windows(4).any(|four| four == b"Note"), "it is not packed");
    check_leak("an object stream", &bytes);
}

#[test]
fn the_bytes_of_a_picture_as_it_came_are_caught() {
    let make = |filter: &str, content: &[u8]| {
        let all = [
            vec![
                op("q", vec![]),
                op("cm", [50, 0, 0, 50, 90, 90].map(Object::from).to_vec()),
                op("Do", vec!["I1".into()]),
                op("Q", vec![]),
            ],
            shown_text("a picture"),
        ]
        .concat();
        let mut pdf = pdf_in("Helvetica", all, Dictionary::new());
        let mut entries = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 2, "Height" => 2,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        };
        if !filter.is_empty() {
            entries.set("Filter", filter);
        }
        let picture = pdf.add_object(Stream::new(entries, content.to_vec()));
        let page = pdf.page_iter().next().unwrap();
        let resources = pdf.get_dictionary_mut(page).unwrap().get_mut(b"Resources").unwrap();
        resources.as_dict_mut().unwrap().set("XObject", dictionary! { "I1" => picture });
        saved(pdf)
    };
    let jpeg = b"\xff\xd8\xff\xe1\x00\x20Exif\0\0II*\0Tom Quill\0\xff\xd9";
    let bytes = make("DCTDecode", jpeg);
    check_leak("EXIF", &bytes);
    check_hygiene("EXIF", &bytes, "DCTDecode");
    for filter in ["JPXDecode", "JBIG2Decode", "CCITTFaxDecode"] {
        check_hygiene(filter, &make(filter, b"xx"), filter);
    }
    let pixels = attacked_alone("a.pdf", &make("", &[0, 90, 180, 255]));
    assert!(pixels.is_clean(), "{pixels:?}");
    assert_eq!(pixels.n_unlooked, 1, "a picture is to be looked at");
}
