//! How is the XML inside office documents walked, however damaged it is?

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A step through a document. Names are without their prefixes, which writers choose as they like.
pub(crate) enum Step<'x> {
    Open(Element<'x>),
    Close(String),
    Text(Cow<'x, str>),
}

/// An element that begins.
pub(crate) struct Element<'x> {
    tag: BytesStart<'x>,
}

impl Element<'_> {
    /// Its name without a prefix.
    pub(crate) fn name(&self) -> &str {
        local(self.tag.name().into_inner())
    }

    /// Its prefix, or nothing.
    pub(crate) fn prefix(&self) -> &str {
        self.tag.name().into_inner().split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The value of an attribute, by its name without a prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.attributes();
        attributes.find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// All attributes, by their names without prefixes.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        let mut attributes = self.tag.attributes();
        attributes.with_checks(false);
        attributes.flatten().map(|attribute| {
            let key = local(attribute.key.into_inner()).to_owned();
            (key, unescaped(&attribute.value))
        })
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// A walk through a document.
pub(crate) struct Walk<'x> {
    reader: Reader<&'x [u8]>,
    /// The name of an element without content, which is closed right after it was opened.
    pending: Option<String>,
    depth: usize,
    is_damaged: bool,
    is_done: bool,
}

impl<'x> Walk<'x> {
    pub(crate) fn new(text: &'x str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        reader.config_mut().check_comments = false;
        Self { reader, pending: None, depth: 0, is_damaged: false, is_done: false }
    }

    /// Did the walk end before the document did?
    pub(crate) fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Walks past everything inside the element that was opened last.
    pub(crate) fn skip_inside(&mut self) {
        let floor = self.depth;
        while let Some(step) = self.next() {
            if matches!(step, Step::Close(_)) && self.depth < floor {
                break;
            }
        }
    }

    /// All text inside the element that was opened last.
    pub(crate) fn inner_text(&mut self) -> String {
        let (floor, mut text) = (self.depth, String::new());
        while let Some(step) = self.next() {
            match step {
                Step::Text(piece) => text.push_str(&piece),
                Step::Close(_) if self.depth < floor => break,
                _ => {}
            }
        }
        text
    }
}

impl<'x> Iterator for Walk<'x> {
    type Item = Step<'x>;

    fn next(&mut self) -> Option<Step<'x>> {
        if let Some(name) = self.pending.take() {
            self.depth = self.depth.saturating_sub(1);
            return Some(Step::Close(name));
        }
        while !self.is_done {
            match self.reader.read_event() {
                Ok(Event::Start(tag)) => {
                    self.depth += 1;
                    return Some(Step::Open(Element { tag }));
                }
                Ok(Event::Empty(tag)) => {
                    self.depth += 1;
                    let element = Element { tag };
                    self.pending = Some(element.name().to_owned());
                    return Some(Step::Open(element));
                }
                Ok(Event::End(tag)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Some(Step::Close(local(tag.name().into_inner()).to_owned()));
                }
                Ok(Event::Text(text)) => return Some(Step::Text(text.into_inner())),
                Ok(Event::CData(text)) => return Some(Step::Text(text.into_inner())),
                Ok(Event::GeneralRef(name)) => return Some(Step::Text(entity(&name))),
                Ok(Event::Eof) => {
                    self.is_damaged |= self.depth > 0;
                    self.is_done = true;
                }
                Ok(_) => {}
                Err(_) => (self.is_damaged, self.is_done) = (true, true),
            }
        }
        None
    }
}

/// What an entity stands for; one that is not known stands for itself.
fn entity(name: &str) -> Cow<'static, str> {
    let code = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    match (name, code.and_then(char::from_u32)) {
        (_, Some(c)) => Cow::Owned(c.to_string()),
        ("amp", _) => Cow::Borrowed("&"),
        ("lt", _) => Cow::Borrowed("<"),
        ("gt", _) => Cow::Borrowed(">"),
        ("quot", _) => Cow::Borrowed("\""),
        ("apos", _) => Cow::Borrowed("'"),
        ("nbsp", _) => Cow::Borrowed(" "),
        _ => Cow::Owned(format!("&{name};")),
    }
}

fn unescaped(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    let mut pieces = value.split('&');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once(';') {
            Some((name, rest)) if name.len() <= 10 => {
                text.push_str(&entity(name));
                text.push_str(rest);
            }
            _ => {
                text.push('&');
                text.push_str(piece);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(xml: &str) -> (String, bool) {
        let mut walk = Walk::new(xml);
        let mut told = String::new();
        while let Some(step) = walk.next() {
            match step {
                Step::Open(element) if element.name() == "skip" => walk.skip_inside(),
                Step::Open(element) => {
                    told.push_str(&format!("<{} {:?}>", element.name(), element.attribute("v")));
                }
                Step::Close(name) => told.push_str(&format!("</{name}>")),
                Step::Text(text) => told.push_str(&text),
            }
        }
        (told, walk.is_damaged())
    }

    #[test]
    fn a_walk_sees_every_character() {
        assert_eq!(
            told("<w:p w:v='a&amp;b'><x/>O&apos;Neil &#233; &foo;<![CDATA[<&]]></w:p>"),
            ("<p Some(\"a&b\")><x None></x>O'Neil é &foo;<&</p>".to_owned(), false)
        );
        assert_eq!(
            told("<a><skip><b>no</b><c/></skip>yes</a>"),
            ("<a None>yes</a>".to_owned(), false)
        );
        assert_eq!(told("<a><b>cut").0, "<a None><b None>cut");
        assert!(told("<a><b>cut").1);
    }
}
