//! What does an XMP packet say?
//!
//! Every value under the name of its property, but for what only programs read: identifiers of
//! versions, measures, thumbnails.

use habeas_model::Meaning;

use crate::formats::markup::{Step, Walk};

/// A value of a packet.
#[derive(Debug)]
pub(in crate::formats) struct Line {
    pub(in crate::formats) caption: String,
    pub(in crate::formats) value: String,
    pub(in crate::formats) meaning: Meaning,
}

/// Properties with captions and meanings of their own, by their names without prefixes.
const KNOWN: [(&str, &str, Meaning); 40] = [
    ("title", "Title", Meaning::Text),
    ("creator", "Author", Meaning::Name),
    ("Author", "Author", Meaning::Name),
    ("author", "Author", Meaning::Name),
    ("Artist", "Author", Meaning::Name),
    ("contributor", "Contributor", Meaning::Name),
    ("publisher", "Publisher", Meaning::Organisation),
    ("description", "Description", Meaning::Text),
    ("subject", "Keywords", Meaning::Text),
    ("rights", "Rights", Meaning::Text),
    ("CaptionWriter", "Caption writer", Meaning::Name),
    ("Owner", "Owner", Meaning::Name),
    ("OwnerName", "Owner", Meaning::Name),
    ("CameraOwnerName", "Owner", Meaning::Name),
    ("PersonInImage", "Person shown", Meaning::Name),
    ("PersonDisplayName", "Person shown", Meaning::Name),
    ("PersonEmailDigest", "Person's digest", Meaning::Reference),
    ("CiEmailWork", "Email", Meaning::Email),
    ("CiTelWork", "Telephone", Meaning::Phone),
    ("CiAdrExtadr", "Address", Meaning::Address),
    ("CiAdrCity", "City", Meaning::Address),
    ("CiAdrPcode", "Postcode", Meaning::Postcode),
    ("CiAdrRegion", "Region", Meaning::Address),
    ("CiAdrCtry", "Country", Meaning::Address),
    ("SerialNumber", "Serial number", Meaning::Device),
    ("BodySerialNumber", "Serial number", Meaning::Device),
    ("LensSerialNumber", "Serial number of the lens", Meaning::Device),
    ("CreateDate", "Created", Meaning::Date),
    ("ModifyDate", "Changed", Meaning::Date),
    ("MetadataDate", "Properties changed", Meaning::Date),
    ("DateCreated", "Created", Meaning::Date),
    ("DateTimeOriginal", "Taken", Meaning::Date),
    ("DateTimeDigitized", "Digitised", Meaning::Date),
    ("when", "Changed", Meaning::Date),
    ("CreatorTool", "Program", Meaning::Other),
    ("Producer", "Producer", Meaning::Other),
    ("softwareAgent", "Program", Meaning::Other),
    ("UserComment", "Comment", Meaning::Text),
    ("ImageDescription", "Description", Meaning::Text),
    ("Name", "Region", Meaning::Name),
];

/// Properties that say nothing to a person, by their names without prefixes.
const MUTE: [&str; 40] = [
    "DocumentID",
    "InstanceID",
    "OriginalDocumentID",
    "documentID",
    "instanceID",
    "originalDocumentID",
    "renditionClass",
    "VersionID",
    "changed",
    "image",
    "format",
    "parseType",
    "about",
    "lang",
    "xmptk",
    "id",
    "x",
    "y",
    "w",
    "h",
    "unit",
    "ColorSpace",
    "NativeDigest",
    "ICCProfile",
    "part",
    "conformance",
    "Trapped",
    "action",
    "resource",
    "type",
    "fontName",
    "fontFamily",
    "fontFace",
    "fontType",
    "versionString",
    "composite",
    "fontFileName",
    "RenditionClass",
    "HasVisibleTransparency",
    "toolkit",
];

/// The values of a packet, with their captions and meanings, each once.
pub(in crate::formats) fn values(packet: &[u8]) -> Vec<Line> {
    let packet = crate::encoding::decode(packet, None).text;
    let mut lines: Vec<Line> = Vec::new();
    let mut push = |name: &str, value: &str| {
        let known = KNOWN.iter().find(|(have, _, _)| *have == name);
        let (caption, meaning) = known.map_or((name, Meaning::Text), |(_, c, m)| (*c, *m));
        let value = value.trim();
        let n_letters = value.chars().filter(|c| c.is_alphabetic()).take(2).count();
        let n_digits = value.chars().filter(char::is_ascii_digit).take(5).count();
        let says = !value.is_empty() && (known.is_some() || n_letters == 2 || n_digits == 5);
        // Names of namespaces, and pictures in base64.
        let is_noise = value.starts_with("http") && value.ends_with(['/', '#'])
            || value.len() > 2_000 && !value.contains(' ');
        let is_new = |lines: &[Line]| {
            !lines
                .iter()
                .rev()
                .take(1_000)
                .any(|line| line.caption == caption && line.value == value)
        };
        if says && !is_noise && !MUTE.contains(&name) && is_new(&lines) {
            lines.push(Line { caption: caption.to_owned(), value: value.to_owned(), meaning });
        }
    };
    // The names of the elements around; what only groups has none of its own.
    let mut around: Vec<String> = Vec::new();
    let mut text = String::new();
    for step in Walk::new(&packet) {
        match step {
            Step::Open(element) => {
                let name = element.name();
                let groups = matches!(element.prefix(), "rdf" | "x");
                let name = if groups { around.last().cloned() } else { Some(name.to_owned()) };
                for (key, value) in element.attributes() {
                    push(&key, &value);
                }
                if around.len() < 200 {
                    around.push(name.unwrap_or_default());
                }
                text.clear();
            }
            Step::Text(piece) => text.push_str(&piece),
            Step::Close(_) => {
                if let Some(name) = around.pop().filter(|name| !name.is_empty()) {
                    push(&name, &text);
                }
                text.clear();
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_titles_and_what_somebody_added_are_found() {
        let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description rdf:about='' \
            pdfx:Owner='Bo Ek' xmlns:pdfx='http://ns.adobe.com/pdfx/1.3/'>\
            <dc:title><rdf:Alt><rdf:li xml:lang='x-default'>\
            Visit</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>Amara Lind</rdf:li>\
            <rdf:li>Zoe Low</rdf:li></rdf:Seq></dc:creator><pdf:Producer>x</pdf:Producer>\
            <pdfx:CaseHandler>Ada Obi</pdfx:CaseHandler><xmpMM:InstanceID>uuid:1</xmpMM:InstanceID>\
            </rdf:Description></rdf:RDF></x:xmpmeta>";
        let found: Vec<String> = values(packet.as_bytes())
            .into_iter()
            .map(|line| format!("{}={}", line.caption, line.value))
            .collect();
        let expected = [
            "Owner=Bo Ek",
            "Title=Visit",
            "Author=Amara Lind",
            "Author=Zoe Low",
            "Producer=x",
            "CaseHandler=Ada Obi",
        ];
        assert_eq!(found, expected);
    }
}
