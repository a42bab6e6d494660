//! Lines of the kind `NAME;PARAMETER=value:value`, of which contacts and calendars are made.

use std::collections::BTreeMap;

use crate::formats::mail::body;

/// A line that was unfolded.
#[derive(Default)]
pub(crate) struct Line {
    /// Upper case, without a group; empty for a line that is no property.
    pub(crate) name: String,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) value: String,
}

/// The lines of a text, each with the number it begins at, from 1 (RFC 5545, 3.1; RFC 6350, 3.2).
pub(crate) fn lines(text: &str) -> Vec<(usize, Line)> {
    let mut unfolded: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let goes_on = line.strip_prefix([' ', '\t']);
        match (goes_on, unfolded.last_mut()) {
            (Some(rest), Some((_, last))) => last.push_str(rest),
            // Base64 that goes on without the space that it should begin with.
            (_, Some((_, last))) if !line.is_empty() && !line.contains(':') && is_base64(last) => {
                last.push_str(line.trim());
            }
            // A soft line break of quoted-printable, as version 2.1 has it.
            (_, Some((_, last))) if last.ends_with('=') && is_quoted_printable(last) => {
                last.pop();
                last.push_str(line);
            }
            _ => unfolded.push((index + 1, line.to_owned())),
        }
    }
    let mut lines = Vec::new();
    for (number, line) in unfolded {
        // What is no property is told all the same: a line that was broken without a space.
        let parsed = parse(&line).unwrap_or_else(|| Line { value: line, ..Line::default() });
        if !parsed.value.trim().is_empty() {
            lines.push((number, parsed));
        }
    }
    lines
}

fn is_base64(line: &str) -> bool {
    let head = line.split(':').next().unwrap_or_default().to_ascii_uppercase();
    head.contains("ENCODING=B") || head.contains(";BASE64")
}

fn is_quoted_printable(line: &str) -> bool {
    let head = line.split(':').next().unwrap_or_default();
    head.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

fn parse(line: &str) -> Option<Line> {
    let mut is_quoted = false;
    let colon = line.char_indices().find_map(|(at, c)| {
        is_quoted ^= c == '"';
        (c == ':' && !is_quoted).then_some(at)
    })?;
    let (head, value) = (line.get(..colon)?, line.get(colon + 1..)?);
    let mut pieces = unquoted_pieces(head).into_iter();
    let name = pieces.next()?.trim();
    if name.is_empty() || !name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-._".contains(&c)) {
        return None;
    }
    let name = name.rsplit('.').next().unwrap_or(name).to_ascii_uppercase();
    let mut parameters = BTreeMap::new();
    for piece in pieces {
        // Version 2.1 names kinds without saying that they are: `TEL;HOME:`.
        let (key, value) = piece.split_once('=').unwrap_or(("TYPE", piece));
        let value =
            value.trim_matches('"').replace("^n", "\n").replace("^'", "\"").replace("^^", "^");
        parameters
            .entry(key.trim().to_ascii_uppercase())
            .and_modify(|have: &mut String| *have = format!("{have},{value}"))
            .or_insert(value);
    }
    let is_qp = parameters
        .get("ENCODING")
        .or(parameters.get("TYPE"))
        .is_some_and(|value| value.to_ascii_uppercase().contains("QUOTED-PRINTABLE"));
    let value = if is_qp { decoded(value, parameters.get("CHARSET")) } else { value.to_owned() };
    Some(Line { name, parameters, value })
}

/// The name and the parameters, between `;` that are not in quotes.
fn unquoted_pieces(head: &str) -> Vec<&str> {
    let mut is_quoted = false;
    head.split(|c: char| {
        is_quoted ^= c == '"';
        c == ';' && !is_quoted
    })
    .collect()
}

/// The bytes of a value in base64, or of a `data:` link, and its kind; `None` if it is neither.
pub(crate) fn inline(line: &Line) -> Option<(String, Vec<u8>)> {
    let value = line.value.trim();
    if let Some((kind, data)) = value.strip_prefix("data:").and_then(|data| data.split_once(',')) {
        let kind = kind.split(';').next().unwrap_or_default();
        return Some((kind.to_owned(), body::from_base64(data.as_bytes())));
    }
    let stated = ["ENCODING", "TYPE"].iter().filter_map(|name| line.parameters.get(*name));
    let is_base64 = stated
        .flat_map(|value| value.split(','))
        .any(|value| ["B", "BASE64"].iter().any(|name| value.trim().eq_ignore_ascii_case(name)));
    let kind = line.parameters.get("FMTTYPE").or(line.parameters.get("TYPE"));
    is_base64.then(|| (kind.cloned().unwrap_or_default(), body::from_base64(value.as_bytes())))
}

/// What a file of that kind ends in.
pub(crate) fn ending(kind: &str) -> &'static str {
    let kind = kind.to_ascii_lowercase();
    let known = [
        ("jp", "jpg"),
        ("png", "png"),
        ("gif", "gif"),
        ("pdf", "pdf"),
        ("plain", "txt"),
        ("html", "html"),
        ("vcard", "vcf"),
        ("calendar", "ics"),
        ("wordprocessingml", "docx"),
        ("spreadsheetml", "xlsx"),
    ];
    known.iter().find(|(part, _)| kind.contains(part)).map_or("bin", |(_, ending)| ending)
}

fn decoded(value: &str, charset: Option<&String>) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = |index: usize| after.get(index).and_then(|d| char::from(*d).to_digit(16));
        match (byte, hex(0), hex(1)) {
            (b'=', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    crate::encoding::decode(&bytes, charset.map(String::as_str)).text.into_owned()
}

/// A value with its escapes undone.
pub(crate) fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n' | 'N')) => text.push('\n'),
            ('\\', Some(escaped)) => text.push(escaped),
            ('\\', None) => text.push('\\'),
            (c, _) => text.push(c),
        }
    }
    text
}

/// The parts of a structured value, between `;` that are not escaped; empty ones are left out.
pub(crate) fn parts(value: &str) -> Vec<String> {
    let (mut parts, mut part, mut is_escaped) = (Vec::new(), String::new(), false);
    for c in value.chars() {
        if c == ';' && !is_escaped {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    parts.push(part);
    parts.iter().map(|part| unescaped(part).trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_and_encoded_lines_are_read() {
        let text = "item1.TEL;TYPE=\"home:x\";PREF:+44 7700\r\n  900123\r\n\
            N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:L=C3=B6w;Zo=\r\n=C3=AB\r\nno line\r\n";
        let lines = lines(text);
        assert_eq!(lines.len(), 3, "what is no property is kept");
        assert_eq!(
            (lines[0].1.name.as_str(), lines[0].1.value.as_str()),
            ("TEL", "+44 7700 900123")
        );
        assert_eq!(lines[0].1.parameters["TYPE"], "home:x,PREF");
        assert_eq!(parts(&lines[1].1.value), ["Löw", "Zoë"]);
        assert_eq!(parts(r"a\;b;;c\,d\ne"), ["a;b", "", "c,d\ne"]);
    }
}
