//! What does a Rich Text document say?
//!
//! Groups and control words are walked once. What a destination holds is text, property, comment
//! or nothing; a destination that is not known, and that says that it may be skipped, is skipped.

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};
use habeas_model::{
    Card, Exception, Hidden, Meaning, Part, Party, Personal, Place, PlaceKind, Reason,
};

use super::{Format, ole};
use crate::formats::captioned::Captioned;
use crate::formats::compound::u32_at;
use crate::formats::flow::Flow;
use crate::formats::package::hand_over_properties;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod destinations;
mod encodings;

use destinations::{DESTINATIONS, Destination, KNOWN};
use encodings::of_charset;
pub(crate) use encodings::of_code_page;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "rtf",
        version: 2,
        summary: "Text, notes, comments, hidden and deleted text, properties",
        handles: &["application/rtf", ".rtf"],
        authority: "Microsoft Rich Text Format 1.9.1",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let bytes = sample.bytes.trim_ascii_start();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.starts_with(b"{\\rt").then_some((Sure::Magic, "application/rtf"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let said = walk(input.bytes);
    let mut flow = Flow::new(PlaceKind::Body);
    for (index, paragraph) in said.text.split('\n').enumerate() {
        flow.paragraph(index + 1, paragraph, out);
    }
    flow.flush(out);
    for (hidden, text) in [(Hidden::Invisible, &said.unseen), (Hidden::Deleted, &said.deleted)] {
        let mut flow = Flow::hidden(PlaceKind::Body, hidden);
        text.split('\n').for_each(|paragraph| flow.paragraph(1, paragraph, out));
        flow.flush(out);
    }
    for (author, text) in &said.comments {
        let mut lines = Captioned::default();
        lines.line("Author", author, Meaning::Name, Party::Unknown);
        lines.line("Comment", text, Meaning::Text, Party::Unknown);
        out.passage(lines.into_record(Place::new(PlaceKind::Body, 1), Part::Comment));
    }
    let mut lines = Captioned::default();
    for (caption, value) in &said.properties {
        let is_person =
            matches!(*caption, "Author" | "Last modified by" | "Manager" | "Changed by");
        let value = value.trim_end_matches(';');
        let meaning = if is_person { Meaning::Name } else { Meaning::Text };
        lines.line(caption, value, meaning, Party::Unknown);
        if *caption == "Title" && !value.trim().is_empty() {
            out.facts().title = Some(Personal::new(value.trim().to_owned()));
        }
    }
    hand_over_properties(lines, out);
    for member in said.members {
        match member.kind {
            Destination::Picture => out.child(&member.name, member.bytes),
            _ => object(member, out),
        }
    }
    if !said.is_whole {
        out.exception(Exception::whole(Reason::Truncated, "ends inside a group"));
    }
}

/// Hands over an object: the file in it, if it is wrapped as version 1 of objects are
/// ([MS-OLEDS] 2.2.5).
fn object(member: Member, out: &mut Out<'_>) {
    let embedded = || {
        // A version, a format and three names, each behind its length; then the data.
        let mut at = 8;
        for _ in 0..3 {
            let n = u32_at(&member.bytes, at)? as usize;
            at = at.checked_add(4)?.checked_add(n)?;
        }
        let n = u32_at(&member.bytes, at)? as usize;
        let rest = member.bytes.get(at.checked_add(4)?..)?;
        Some(rest.get(..n).unwrap_or(rest))
    };
    let data = embedded().unwrap_or(&member.bytes);
    if data.is_empty() {
        let why = Exception::whole(Reason::Corrupt, "an object without content");
        return out.lost(&member.name, 0, why);
    }
    // A packaged file has two bytes in place of the length that a stream of its own has.
    match ole::packaged(data) {
        Some((name, content)) => out.child(&name, content),
        None => out.child(&member.name, data.to_vec()),
    }
}

/// A file in the document, written as hexadecimal digits or as it is.
struct Member {
    kind: Destination,
    name: String,
    bytes: Vec<u8>,
    /// The first of two digits.
    half: Option<u8>,
}

/// What a document says.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) unseen: String,
    pub(crate) deleted: String,
    /// Author and text.
    pub(crate) comments: Vec<(String, String)>,
    properties: Vec<(&'static str, String)>,
    members: Vec<Member>,
    is_whole: bool,
}

/// What holds inside a group, and no longer after it.
#[derive(Clone)]
struct Group {
    destination: Destination,
    encoding: &'static Encoding,
    /// How many characters stand in for one that older programs do not know.
    n_fallback: usize,
    is_hidden: bool,
    is_deleted: bool,
    /// Is this a copy in RTF of markup that stands beside it?
    is_copy: bool,
}

struct Walker {
    said: Said,
    groups: Vec<Group>,
    group: Group,
    default_encoding: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    /// Bytes that wait to be decoded, because a character may have two.
    bytes: Vec<u8>,
    n_skip: usize,
    comment_author: String,
    surrogate: Option<u16>,
}

/// Walks through a document.
pub(crate) fn walk(bytes: &[u8]) -> Said {
    let group = Group {
        destination: Destination::Text,
        encoding: WINDOWS_1252,
        n_fallback: 1,
        is_hidden: false,
        is_deleted: false,
        is_copy: false,
    };
    let mut walker = Walker {
        said: Said::default(),
        groups: Vec::new(),
        group,
        default_encoding: WINDOWS_1252,
        fonts: HashMap::new(),
        font: 0,
        bytes: Vec::new(),
        n_skip: 0,
        comment_author: String::new(),
        surrogate: None,
    };
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        at += 1;
        match byte {
            b'{' => {
                walker.flush();
                walker.groups.push(walker.group.clone());
                walker.n_skip = 0;
            }
            b'}' => {
                walker.close();
                if walker.groups.is_empty() {
                    walker.said.is_whole = true;
                    break;
                }
            }
            b'\\' => at = walker.control(bytes, at),
            b'\r' | b'\n' => {}
            byte => walker.byte(byte),
        }
    }
    walker.flush();
    walker.said
}

impl Walker {
    fn close(&mut self) {
        self.flush();
        self.n_skip = 0;
        if let Some(outer) = self.groups.pop() {
            if self.group.destination == Destination::Comment
                && outer.destination != Destination::Comment
            {
                let author = std::mem::take(&mut self.comment_author);
                match self.said.comments.last_mut() {
                    Some((have, _)) if have.is_empty() => *have = author,
                    _ => {}
                }
            }
            self.group = outer;
        }
    }

    /// A control word or symbol; `at` is behind the backslash. Says where it ends.
    fn control(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some(first) = bytes.get(at).copied() else { return at };
        if !first.is_ascii_alphabetic() {
            return self.symbol(bytes, first, at + 1);
        }
        let word_end = end(bytes, at, |byte| byte.is_ascii_alphabetic());
        let sign = usize::from(bytes.get(word_end) == Some(&b'-'));
        let number_end = end(bytes, word_end + sign, |byte| byte.is_ascii_digit());
        let text = |from: usize, to: usize| {
            bytes.get(from..to).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
        };
        let word = text(at, word_end);
        let has_number = number_end > word_end + sign;
        let number = text(word_end, number_end).parse::<i32>().ok().filter(|_| has_number);
        let after = if has_number { number_end } else { word_end };
        let after = after + usize::from(bytes.get(after) == Some(&b' '));
        if word == "bin" {
            let n = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            let end = after.saturating_add(n).min(bytes.len());
            let holds_file =
                matches!(self.group.destination, Destination::Picture | Destination::Object);
            if let (true, Some(member)) = (holds_file, self.said.members.last_mut()) {
                member.bytes.extend_from_slice(bytes.get(after..end).unwrap_or_default());
            }
            return end;
        }
        if word == "u" {
            self.unicode(number.unwrap_or(0));
        } else if self.n_skip > 0 {
            self.n_skip -= 1;
        } else {
            self.flush();
            self.word(word, number);
        }
        after
    }

    fn symbol(&mut self, bytes: &[u8], symbol: u8, after: usize) -> usize {
        match symbol {
            b'\'' => {
                let hex = |at| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
                match (hex(after), hex(after + 1)) {
                    (Some(high), Some(low)) => {
                        self.byte((high * 16 + low) as u8);
                        return after + 2;
                    }
                    _ => return after,
                }
            }
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'~' => self.say(" "),
            b'_' => self.say("-"),
            b'\r' | b'\n' => self.say("\n"),
            b'*' => {
                self.flush();
                // A destination that may be skipped, unless it is one that is known.
                let is_known = KNOWN.iter().any(|name| {
                    bytes.get(after..).is_some_and(|rest| {
                        rest.strip_prefix(b"\\")
                            .and_then(|rest| rest.strip_prefix(name.as_bytes()))
                            .is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphabetic))
                    })
                });
                if !is_known {
                    self.group.destination = Destination::Nothing;
                }
            }
            _ => {}
        }
        after
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let is_on = number != Some(0);
        match word {
            "par" | "line" | "page" | "sect" | "row" | "softline" | "column" => self.say("\n"),
            "cell" | "nestcell" => self.say(" | "),
            "tab" => self.say("\t"),
            "emdash" => self.say("—"),
            "endash" => self.say("–"),
            "lquote" => self.say("‘"),
            "rquote" => self.say("’"),
            "ldblquote" => self.say("“"),
            "rdblquote" => self.say("”"),
            "bullet" => self.say("•"),
            "emspace" | "enspace" | "qmspace" => self.say(" "),
            "uc" => {
                self.group.n_fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(100)
            }
            "v" => self.group.is_hidden = is_on,
            "deleted" => self.group.is_deleted = is_on,
            "plain" => (self.group.is_hidden, self.group.is_deleted) = (false, false),
            "htmlrtf" => self.group.is_copy = is_on,
            "ansicpg" => {
                if let Some(encoding) = number.and_then(of_code_page) {
                    self.default_encoding = encoding;
                    self.group.encoding = encoding;
                }
            }
            "mac" => self.default_encoding = encoding_rs::MACINTOSH,
            "f" => {
                self.font = number.unwrap_or(0);
                if self.group.destination != Destination::Fonts {
                    let encoding = self.fonts.get(&self.font).copied();
                    self.group.encoding = encoding.unwrap_or(self.default_encoding);
                }
            }
            "fcharset" if self.group.destination == Destination::Fonts => {
                if let Some(encoding) = number.and_then(of_charset) {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "pict" => self.member(Destination::Picture),
            "pngblip" | "jpegblip" | "emfblip" | "wmetafile" | "dibitmap" | "macpict"
                if self.group.destination == Destination::Picture =>
            {
                let ending = match word {
                    "pngblip" => "png",
                    "jpegblip" => "jpg",
                    "emfblip" => "emf",
                    "wmetafile" => "wmf",
                    "macpict" => "pict",
                    _ => "dib",
                };
                if let Some(member) = self.said.members.last_mut() {
                    member.name.push('.');
                    member.name.push_str(ending);
                }
            }
            // The picture of older programs stands beside the one that was counted.
            "nonshppict" => self.group.destination = Destination::Nothing,
            "objdata" => self.member(Destination::Object),
            // What follows is the same property again, in Unicode.
            "ud" => {
                self.said.properties.pop();
            }
            "annotation" => {
                self.group.destination = Destination::Comment;
                self.said.comments.push((String::new(), String::new()));
            }
            "shptxt" | "footnote" | "header" | "headerl" | "headerr" | "headerf" | "footer"
            | "footerl" | "footerr" | "footerf" => self.group.destination = Destination::Text,
            _ => {
                if let Some((_, destination)) = DESTINATIONS.iter().find(|(name, _)| *name == word)
                {
                    self.group.destination = *destination;
                }
            }
        }
    }

    /// Begins a file; inside what is left out, it is left out too.
    fn member(&mut self, kind: Destination) {
        if self.group.destination == Destination::Nothing {
            return;
        }
        let what = if kind == Destination::Picture { "picture" } else { "object" };
        let name = format!("{what} {}", self.said.members.len() + 1);
        self.said.members.push(Member { kind, name, bytes: Vec::new(), half: None });
        self.group.destination = kind;
    }

    fn digit(&mut self, byte: u8) {
        let digit = char::from(byte).to_digit(16).map(|digit| digit as u8);
        if let (Some(digit), Some(member)) = (digit, self.said.members.last_mut()) {
            match member.half.take() {
                Some(high) => member.bytes.push(high << 4 | digit),
                None => member.half = Some(digit),
            }
        }
    }

    fn byte(&mut self, byte: u8) {
        if matches!(self.group.destination, Destination::Picture | Destination::Object) {
            self.digit(byte);
        } else if self.n_skip > 0 {
            self.n_skip -= 1;
        } else if self.group.destination != Destination::Nothing && !self.group.is_copy {
            self.bytes.push(byte);
        }
    }

    fn unicode(&mut self, number: i32) {
        self.flush_bytes();
        // Numbers past 32,767 are written as negative ones.
        let unit = (number & 0xffff) as u16;
        self.n_skip = self.group.n_fallback;
        let c = match (self.surrogate.take(), unit) {
            (None, 0xd800..=0xdbff) => {
                self.surrogate = Some(unit);
                return;
            }
            (Some(high), 0xdc00..=0xdfff) => {
                char::decode_utf16([high, unit]).next().and_then(Result::ok)
            }
            _ => char::from_u32(u32::from(unit)),
        };
        // Symbol fonts have their characters in the private area, above those that were meant.
        let c = c.map(|c| match c {
            '\u{f020}'..='\u{f07e}' => char::from_u32(u32::from(c) - 0xf000).unwrap_or(c),
            c => c,
        });
        let text = c.unwrap_or(char::REPLACEMENT_CHARACTER).to_string();
        self.put(&text);
    }

    fn flush(&mut self) {
        self.flush_bytes();
        self.surrogate = None;
    }

    fn flush_bytes(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let (text, _) = self.group.encoding.decode_without_bom_handling(&bytes);
        self.put(&text);
    }

    fn say(&mut self, text: &str) {
        self.flush();
        if self.n_skip > 0 {
            self.n_skip -= 1;
            return;
        }
        self.put(text);
    }

    fn put(&mut self, text: &str) {
        if self.group.is_copy {
            return;
        }
        let said = &mut self.said;
        match self.group.destination {
            Destination::Text if self.group.is_deleted => said.deleted.push_str(text),
            Destination::Text if self.group.is_hidden => said.unseen.push_str(text),
            Destination::Text => said.text.push_str(text),
            Destination::Property(caption) => match said.properties.last_mut() {
                Some((have, value)) if *have == caption => value.push_str(text),
                _ => said.properties.push((caption, text.to_owned())),
            },
            Destination::Comment => match said.comments.last_mut() {
                Some((_, comment)) => comment.push_str(text),
                None => said.text.push_str(text),
            },
            Destination::CommentAuthor => self.comment_author.push_str(text),
            // A link to a person stands in the instruction of its field.
            Destination::Field => {
                if let Some(person) = super::docx::person_in(text) {
                    said.text.push_str(&format!("<{person}> "));
                }
            }
            Destination::Fonts
            | Destination::Nothing
            | Destination::Picture
            | Destination::Object => {}
        }
    }
}

fn end(bytes: &[u8], from: usize, goes_on: impl Fn(&u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take(32).take_while(|byte| goes_on(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(rtf: &str, expected: &str) {
        assert_eq!(walk(rtf.as_bytes()).text.trim(), expected);
    }

    #[test]
    fn text_is_read_in_its_encoding() {
        check_text(r"{\rtf1\ansi Dear Zo\'eb\par Caf\u233\'e9 \{ok\}}", "Dear Zoë\nCafé {ok}");
        check_text(r"{\rtf1\ansi\uc2 x\u26085ab\u-10179ab\u-8704aby}", "x日😀y");
        check_text(
            r"{\rtf1{\fonttbl{\f0\fcharset204 Arial;}{\f1\fcharset128 M;}}\f0\'cf\f1\'8f\'ac}",
            "П小",
        );
        check_text(
            r"{\rtf1{\*\unknown lost}{\pict 00ff}a{\*\shpinst{\sp{\sn x}}{\shptxt box}}}",
            "abox",
        );
    }

    #[test]
    fn pictures_and_objects_are_files() {
        let said = walk(
            br"{\rtf1{\*\shppict{\pict\pngblip 8950 4e
47}}{\nonshppict{\pict\wmetafile8 00}}{\object{\*\objdata 0105}{\result{\pict\jpegblip\bin2 {}}x}}}",
        );
        let members: Vec<(&str, &[u8])> =
            said.members.iter().map(|m| (m.name.as_str(), m.bytes.as_slice())).collect();
        assert_eq!(
            members,
            [
                ("picture 1.png", b"\x89PNG".as_slice()),
                ("object 2", b"\x01\x05"),
                ("picture 3.jpg", b"{}")
            ]
        );
        assert_eq!(said.text, "x");
    }

    #[test]
    fn what_is_hidden_is_kept_apart() {
        let said = walk(
            br"{\rtf1{\info{\author Amara Lind}}a{\v b}{\deleted c}{\*\atnauthor Bo}{\*\annotation{\*\atnid 1}well}d}",
        );
        assert_eq!(
            (said.text.as_str(), said.unseen.as_str(), said.deleted.as_str()),
            ("ad", "b", "c")
        );
        assert_eq!(said.comments, [("Bo".to_owned(), "well".to_owned())]);
        assert_eq!(said.properties, [("Author", "Amara Lind".to_owned())]);
        assert!(said.is_whole);
    }
}
