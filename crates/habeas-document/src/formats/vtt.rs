//! Subtitles and transcripts: who said what at which time of a recording?
//!
//! WebVTT (`<v Ana López>Welcome</v>` or `Ana López: Welcome`), SubRip (`.srt`), SubViewer (`.sbv`)
//! and TTML. Pieces of one speaker that follow each other are one passage, each with its times.

use habeas_model::{
    Card, Exception, Field, Hidden, Meaning, Part, Party, Passage, Place, PlaceKind, Reason,
};

use super::{Format, html, text};
use crate::encoding;
use crate::out::{Input, Out};
use crate::shape;
use crate::sniff::{Match, Sample, Sure};

mod ttml;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "subtitles",
        version: 1,
        summary: "Transcripts and subtitles (WebVTT, SubRip, SubViewer, TTML), a speaker at a time",
        handles: &["text/vtt", ".vtt", ".srt", ".sbv", ".ttml", ".dfxp"],
        authority: "W3C WebVTT; W3C TTML2; SubRip as players read it",
    },
    sniff,
    read,
};

/// A passage ends at the end of a piece past this many bytes.
const MANY_BYTES: usize = 1_200;

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let head = sample.text()?.trim_start_matches('\u{feff}');
    if head
        .strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
    {
        return Some((Sure::Magic, "text/vtt"));
    }
    if ttml::is_ttml(head) {
        return Some((Sure::Structure, "application/ttml+xml"));
    }
    let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty());
    let (first, second) = (lines.next()?, lines.next()?);
    let is_number = first.len() <= 7 && first.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && times(second).is_some() && second.contains("-->") {
        return Some((Sure::Magic, "application/x-subrip"));
    }
    if times(first).is_some() {
        return Some((
            Sure::Magic,
            if first.contains("-->") { "application/x-subrip" } else { "text/x-sbv" },
        ));
    }
    None
}

/// The times of a piece: `00:00:01.000 --> 00:00:04.000 align:start`, or with a comma between.
fn times(line: &str) -> Option<(&str, &str)> {
    let is_time = |text: &str| {
        let fields: Vec<&str> = text.split([':', '.', ',']).collect();
        (3..=4).contains(&fields.len())
            && text.contains(':')
            && fields.iter().all(|field| {
                (1..=6).contains(&field.len()) && field.bytes().all(|byte| byte.is_ascii_digit())
            })
    };
    if let Some((from, to)) = line.split_once("-->") {
        let to = to.trim().split([' ', '\t']).next().unwrap_or_default();
        return (is_time(from.trim()) && is_time(to)).then_some((from.trim(), to));
    }
    let (from, to) = line.trim().split_once(',')?;
    (from.contains('.') && to.contains('.') && is_time(from) && is_time(to)).then_some((from, to))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    let text = decoded.text.trim_start_matches('\u{feff}');
    let mut script = Script::default();
    if ttml::is_ttml(text) {
        ttml::read(text, &mut script, out);
    } else {
        blocks(text, &mut script, out);
    }
    script.hand_over(out);
}

/// Reads what blank lines part.
fn blocks(text: &str, script: &mut Script, out: &mut Out<'_>) {
    let mut block: Vec<&str> = Vec::new();
    let mut first = 1;
    for (index, line) in text.lines().chain([""]).enumerate() {
        if !line.trim().is_empty() {
            if block.is_empty() {
                first = index + 1;
            }
            // Without a blank line between them the next times begin a piece too.
            if times(line).is_some() && block.iter().any(|line| times(line).is_some()) {
                let is_number = |line: &&str| line.trim().bytes().all(|b| b.is_ascii_digit());
                let id = block.pop_if(|line| is_number(line));
                one_block(&block, first, script, out);
                block.clear();
                block.extend(id);
                first = index + 1;
            }
            block.push(line);
            continue;
        }
        one_block(&block, first, script, out);
        block.clear();
        if out.is_full() {
            return;
        }
    }
}

fn one_block(block: &[&str], line: usize, script: &mut Script, out: &mut Out<'_>) {
    let Some(first) = block.first() else { return };
    let at = block.iter().take(2).position(|line| times(line).is_some());
    if let Some(at) = at
        && let Some((from, to)) = times(block[at])
    {
        // An id may say what it is about; a number or a machine's id says nothing.
        let id = (at == 1).then_some(block[0]).filter(|id| !is_machines(id));
        let said = block[at + 1..].join("\n");
        let pieces = pieces(&said);
        for (index, (speaker, words)) in pieces.iter().enumerate() {
            let id = id.filter(|_| index == 0);
            script.piece(from, to, speaker.as_deref(), words, id, out);
        }
        return;
    }
    let kind = first.split([' ', '\t']).next().unwrap_or_default();
    let plain = block.join("\n");
    match kind {
        "WEBVTT" => {
            let rest = plain.strip_prefix("WEBVTT").unwrap_or(&plain).trim();
            let place = Place::new(PlaceKind::Header, 1);
            out.passage(Passage { part: Part::Properties, ..Passage::text(place, rest) });
        }
        "NOTE" | "STYLE" | "REGION" => {
            script.hand_over(out);
            let rest = if kind == "NOTE" { plain[4..].trim() } else { plain.as_str() };
            for piece in text::pieces(rest) {
                let place = Place::new(PlaceKind::Line, line);
                let passage = Passage::text(place, piece);
                out.passage(Passage {
                    part: Part::Comment,
                    hidden: Some(Hidden::Invisible),
                    ..passage
                });
            }
        }
        _ => {
            // Words without a time go on with what is said.
            script.words(&plain, line, out);
        }
    }
}

fn is_machines(id: &str) -> bool {
    !id.contains(' ') && id.bytes().any(|byte| byte.is_ascii_digit())
}

/// A piece's speakers and their words, without marks.
fn pieces(said: &str) -> Vec<(Option<String>, String)> {
    let mut pieces: Vec<(Option<String>, String)> = Vec::new();
    let mut words = String::new();
    let mut speaker: Option<String> = None;
    let mut rest = said;
    while let Some((front, after)) = rest.split_once('<') {
        words.push_str(front);
        let Some((tag, after)) = after.split_once('>') else {
            words.push('<');
            rest = after;
            continue;
        };
        rest = after;
        let (name, annotation) = tag.split_once([' ', '\t', '\n']).unwrap_or((tag, ""));
        match name.split('.').next().unwrap_or(name) {
            "v" => {
                // A speaker who says nothing is told too.
                if !words.trim().is_empty() || speaker.is_some() {
                    pieces.push((speaker.take(), std::mem::take(&mut words)));
                }
                speaker = Some(unescaped(annotation.trim())).filter(|name| !name.is_empty());
            }
            "/v" => {
                // A speaker who says nothing is told too.
                if !words.trim().is_empty() || speaker.is_some() {
                    pieces.push((speaker.take(), std::mem::take(&mut words)));
                }
                speaker = None;
            }
            "c" | "/c" | "i" | "/i" | "b" | "/b" | "u" | "/u" | "s" | "/s" | "ruby" | "/ruby"
            | "rt" | "/rt" | "lang" | "/lang" | "font" | "/font" => {}
            clock if times(&format!("{clock} --> 00:00.000")).is_some() => {}
            _ => {
                words.push('<');
                words.push_str(tag);
                words.push('>');
            }
        }
    }
    words.push_str(rest);
    if !words.trim().is_empty() || speaker.is_some() {
        pieces.push((speaker, words));
    }
    for (speaker, words) in &mut pieces {
        let plain = unescaped(words.trim());
        *words = plain;
        if speaker.is_none()
            && let Some((name, rest)) = spoken_by(words)
        {
            *speaker = Some(name.to_owned());
            *words = rest.to_owned();
        }
    }
    pieces
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&lrm;", "")
        .replace("&rlm;", "")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// `Ana López: Welcome`: a speaker, and what was said.
fn spoken_by(words: &str) -> Option<(&str, &str)> {
    let (name, rest) = words.split_once(": ").or_else(|| words.split_once(":\n"))?;
    let name = name.trim_start_matches(['-', '–', '>', ' ']);
    let is_name = !name.is_empty()
        && name.chars().count() <= 60
        && name.split_whitespace().count() <= 6
        && name.chars().next().is_some_and(char::is_uppercase)
        && !name.contains(['\n', '.', ',', '?', '!', '"', ';', '<'])
        && !name.starts_with("http");
    (is_name || shape::is_phone(name)).then_some((name, rest))
}

/// What is said, as it becomes passages.
#[derive(Default)]
struct Script {
    text: String,
    fields: Vec<Field>,
    speaker: Option<String>,
    n: usize,
}

impl Script {
    fn piece(
        &mut self,
        from: &str,
        to: &str,
        speaker: Option<&str>,
        words: &str,
        id: Option<&str>,
        out: &mut Out<'_>,
    ) {
        let is_same = self.speaker.as_deref() == speaker && self.text.len() < MANY_BYTES;
        if !is_same || id.is_some() {
            self.hand_over(out);
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        if let Some(id) = id {
            self.text.push_str(id.trim());
            self.text.push('\n');
        }
        self.field(&format!("{from} --> {to}"), Meaning::Other, Party::Unknown);
        self.text.push(' ');
        if let Some(name) = speaker
            && (!is_same || self.speaker.is_none() || self.fields.len() <= 1)
        {
            self.field(name, super::chat::said::of_person(name), Party::Sender);
            self.text.push_str(": ");
        }
        self.speaker = speaker.map(str::to_owned);
        self.text.push_str(words);
    }

    /// Words without a time.
    fn words(&mut self, words: &str, line: usize, out: &mut Out<'_>) {
        if self.text.is_empty() {
            text::paragraphs(words, line, out);
        } else {
            self.text.push('\n');
            self.text.push_str(words);
            if self.text.len() > MANY_BYTES {
                self.hand_over(out);
            }
        }
    }

    fn field(&mut self, value: &str, meaning: Meaning, party: Party) {
        let start = self.text.len();
        self.text.push_str(value);
        if start < self.text.len() {
            self.fields.push(Field { range: start..self.text.len(), meaning, party });
        }
    }

    fn hand_over(&mut self, out: &mut Out<'_>) {
        let text = std::mem::take(&mut self.text);
        let fields = std::mem::take(&mut self.fields);
        self.speaker = None;
        if text.trim().is_empty() {
            return;
        }
        self.n += 1;
        let place = Place::new(PlaceKind::Message, self.n);
        out.passage(Passage { fields, is_record: true, ..Passage::text(place, text) });
    }
}

/// The text of a damaged file from there on.
fn damaged(text: &str, at: usize, out: &mut Out<'_>) {
    let at = text.floor_char_boundary(at.min(text.len()));
    let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let place = Some(Place::new(PlaceKind::Line, line));
    out.exception(Exception::part(Reason::Corrupt, place, "not XML from here on"));
    html::read_text(&text[at..], out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    fn check_script(text: &str, expected: &[(&str, &[&str])]) {
        let sample = Sample::new("a.txt", text.as_bytes());
        assert!(sniff(&sample).is_some(), "{text}");
        let budget = Budget::default();
        let mut out = Out::new("text/vtt", &budget);
        read(
            &Input { name: "a", bytes: text.as_bytes(), media_type: "", budget: &budget },
            &mut out,
        );
        let document = out.finish().0;
        let got: Vec<(&str, Vec<&str>)> = document
            .passages
            .iter()
            .map(|p| {
                let senders = p.fields.iter().filter(|f| f.party == Party::Sender);
                (p.text.as_str(), senders.map(|f| &p.text[f.range.clone()]).collect())
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|(t, s)| (*t, s.to_vec())).collect();
        assert_eq!(got, expected);
        assert_eq!(document.exceptions, []);
    }

    #[test]
    fn speakers_of_all_kinds_are_known() {
        check_script(
            "WEBVTT - Weekly\n\nNOTE by Bo Ek\n\n0e8a-1/12-0\n00:00:01.000 --> 00:00:04.000\n<v Ana López>Welcome &amp; hello</v>\n\n00:00:04.000 --> 00:00:05.500 align:start\n<v.loud Ana López>all</v>\n\n00:00:06.000 --> 00:00:07.000\nRob Hernandez: Thanks\n",
            &[
                ("- Weekly", &[]),
                ("by Bo Ek", &[]),
                (
                    "00:00:01.000 --> 00:00:04.000 Ana López: Welcome & hello\n00:00:04.000 --> 00:00:05.500 all",
                    &["Ana López"],
                ),
                ("00:00:06.000 --> 00:00:07.000 Rob Hernandez: Thanks", &["Rob Hernandez"]),
            ],
        );
        check_script(
            "1\n00:00:01,000 --> 00:00:04,000\n<i>Hello</i> there\n\n2\n00:00:04,000 --> 00:00:05,000\nAna: yes\n",
            &[
                ("00:00:01,000 --> 00:00:04,000 Hello there", &[]),
                ("00:00:04,000 --> 00:00:05,000 Ana: yes", &["Ana"]),
            ],
        );
        check_script(
            "0:00:01.000,0:00:04.000\nHello\n\n0:00:04.000,0:00:05.000\nthere\n",
            &[("0:00:01.000 --> 0:00:04.000 Hello\n0:00:04.000 --> 0:00:05.000 there", &[])],
        );
        check_script(
            "<?xml version=\"1.0\"?><tt xmlns=\"http://www.w3.org/ns/ttml\" xmlns:ttm=\"http://www.w3.org/ns/ttml#metadata\"><head><metadata><ttm:title>Weekly</ttm:title><ttm:agent xml:id=\"a1\" type=\"person\"><ttm:name type=\"full\">Ana López</ttm:name></ttm:agent></metadata></head><body><div><p begin=\"00:00:01.000\" end=\"00:00:04.000\" ttm:agent=\"a1\">Welcome<br/>all</p></div></body></tt>",
            &[
                ("title: Weekly\nname: Ana López", &[]),
                ("00:00:01.000 --> 00:00:04.000 Ana López: Welcome\nall", &["Ana López"]),
            ],
        );
    }
}
