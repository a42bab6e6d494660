//! Which people and titles does an XMP packet name?

use habeas_model::Meaning;

use crate::formats::markup::{Step, Walk};

/// Elements and attributes that may name people, their captions and meanings.
const NAMED: [(&str, &str, Meaning); 8] = [
    ("dc:title", "Title", Meaning::Text),
    ("dc:creator", "Author", Meaning::Name),
    ("dc:contributor", "Contributor", Meaning::Name),
    ("dc:description", "Description", Meaning::Text),
    ("dc:subject", "Keywords", Meaning::Text),
    ("pdf:Author", "Author", Meaning::Name),
    ("photoshop:CaptionWriter", "Caption writer", Meaning::Name),
    ("xmpRights:Owner", "Owner", Meaning::Name),
];

/// The values of a packet, with their captions and meanings.
pub(super) fn values(packet: &[u8]) -> Vec<(&'static str, String, Meaning)> {
    let packet = crate::encoding::decode(packet, None).text;
    let (mut values, mut text) = (Vec::new(), String::new());
    let mut current: Option<(&'static str, &'static str, Meaning)> = None;
    for step in Walk::new(&packet) {
        match step {
            Step::Open(element) => {
                let (prefix, name) = (element.prefix(), element.name());
                let is = |have: &str| have.split_once(':') == Some((prefix, name));
                if let Some(found) = NAMED.iter().find(|(have, _, _)| is(have)) {
                    current = Some(*found);
                }
                text.clear();
            }
            Step::Text(piece) => text.push_str(&piece),
            Step::Close(name) => {
                if let Some((known, caption, meaning)) = current {
                    if !text.trim().is_empty() {
                        values.push((caption, text.trim().to_owned(), meaning));
                    }
                    if known.ends_with(&format!(":{name}")) {
                        current = None;
                    }
                }
                text.clear();
            }
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_titles_are_found() {
        let packet = "<x:xmpmeta><rdf:RDF><rdf:Description><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>\
            Visit</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>Amara Lind</rdf:li>\
            <rdf:li>Zoe Low</rdf:li></rdf:Seq></dc:creator><pdf:Producer>x</pdf:Producer>\
            </rdf:Description></rdf:RDF></x:xmpmeta>";
        let found: Vec<String> = values(packet.as_bytes())
            .into_iter()
            .map(|(caption, value, _)| format!("{caption}={value}"))
            .collect();
        assert_eq!(found, ["Title=Visit", "Author=Amara Lind", "Author=Zoe Low"]);
    }
}
