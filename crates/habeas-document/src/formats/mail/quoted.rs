//! Which lines of a body repeat an earlier message?
//!
//! Every line ends up in exactly one piece, in order.

use habeas_model::{Field, Meaning, Party};

mod languages;

use languages::{FROM, ORIGINAL, OTHER, TO, WROTE, WROTE_BEFORE};

/// A run of lines that are all new, or all repeated from one message.
#[derive(Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) is_quoted: bool,
    /// Who wrote the repeated message to whom, where a head of it is repeated too.
    pub(crate) fields: Vec<Field>,
}

/// Cuts a body into what is new and what is repeated. `is_html` says that repeated lines have no
/// `>` before them, so that they reach to the end.
pub(crate) fn split(text: &str, is_html: bool) -> Vec<Piece> {
    let lines: Vec<&str> = text.lines().collect();
    let mut pieces = Pieces::default();
    let mut index = 0;
    // Are we below a head or a divider, where lines without `>` are repeated too?
    let mut is_below = false;
    while let Some(line) = lines.get(index) {
        let rest = lines.get(index..).unwrap_or_default();
        if let Some(n_lines) = divider(rest) {
            pieces.start(true);
            for line in &rest[..n_lines] {
                pieces.push(line);
            }
            index += n_lines;
            is_below = true;
            continue;
        }
        if let Some(n_lines) = attribution(rest) {
            pieces.start(true);
            for line in &rest[..n_lines] {
                pieces.push(line);
            }
            index += n_lines;
            let next = lines[index..].iter().find(|line| !line.trim().is_empty());
            is_below |= is_html || !next.is_some_and(|next| is_marked(next));
            continue;
        }
        if is_marked(line) || is_below {
            pieces.go_on(true);
        } else if !line.trim().is_empty() {
            pieces.go_on(false);
        }
        pieces.push(line);
        index += 1;
    }
    pieces.finish()
}

#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    lines: Vec<String>,
    is_quoted: bool,
}

impl Pieces {
    fn start(&mut self, is_quoted: bool) {
        let lines = std::mem::take(&mut self.lines);
        let text = lines.join("\n");
        if !text.trim().is_empty() {
            let fields = if self.is_quoted { fields(&text) } else { Vec::new() };
            self.done.push(Piece { text, is_quoted: self.is_quoted, fields });
        }
        self.is_quoted = is_quoted;
    }

    fn go_on(&mut self, is_quoted: bool) {
        if self.is_quoted != is_quoted {
            self.start(is_quoted);
        }
    }

    fn push(&mut self, line: &str) {
        // Blank lines around a piece belong to neither side.
        if !(self.lines.is_empty() && line.trim().is_empty()) {
            self.lines.push(line.trim_end().to_owned());
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.start(false);
        self.done
    }
}

fn is_marked(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// The line without `>`, bold marks and white space.
fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '*' | '_' | '|'))
}

/// How many lines say `On … Amara Lind wrote:`, if that stands here; it may be wrapped.
fn attribution(lines: &[&str]) -> Option<usize> {
    let first = bare(lines.first()?);
    const STARTS: &[&str] = &[
        "On ",
        "Le ",
        "Am ",
        "El ",
        "Em ",
        "Il ",
        "Op ",
        "Den ",
        "W dniu ",
        "På ",
        "Fra ",
        "Em",
        "At ",
        "Dnia ",
        "Dne ",
        "Il giorno ",
        "Em ",
    ];
    let ends = |line: &str| WROTE.iter().any(|wrote| bare(line).ends_with(wrote));
    let is_dated = first.contains(|c: char| c.is_ascii_digit());
    let is_start = STARTS.iter().any(|start| first.starts_with(start));
    if ends(first) && first.len() < 300 {
        // A bare `wrote:` must say who or when.
        return (first.contains(['@', '<']) || is_start && is_dated).then_some(1);
    }
    // `Am 04.03.2025 um 10:02 schrieb Zoe Low <zoe@example.org>:`, `2025-03-04 10:02 Zoe Low <…>:`
    let begins_dated = first.starts_with(|c: char| c.is_ascii_digit())
        && (first.contains("20") || first.contains('/'));
    let ends_late = |line: &str| bare(line).ends_with(':') && bare(line).len() < 300;
    let has_writer = |text: &str| {
        WROTE_BEFORE.iter().any(|wrote| text.contains(wrote)) && is_start
            || begins_dated && text.contains('@') && text.contains('<')
    };
    if is_dated && ends_late(first) && has_writer(first) {
        return Some(1);
    }
    if !is_dated || !(is_start || begins_dated) {
        return None;
    }
    // Mail programs wrap it into two or three lines.
    let mut joined = first.to_owned();
    for (index, line) in lines.iter().enumerate().take(4).skip(1) {
        let is_end = bare(line).is_empty();
        joined = format!("{joined} {}", bare(line));
        if is_end {
            return None;
        }
        if is_start && ends(line) || ends_late(line) && has_writer(&joined) {
            return Some(index + 1);
        }
    }
    None
}

/// How many lines stand between a message and the one below it, if that begins here.
fn divider(lines: &[&str]) -> Option<usize> {
    let first = bare(lines.first()?);
    let dashless = first.trim_matches(|c: char| {
        matches!(c, '-' | '_' | '=' | '\u{2013}' | '\u{2014}') || c.is_whitespace()
    });
    let dashless = dashless.to_lowercase().replace('\u{2019}', "'").replace('\u{a0}', " ");
    // Notes: `----- Forwarded by Zoe Low/Clinic on 04/03/2025 10:02 -----`
    if first.starts_with("-----") && dashless.starts_with("forwarded by ") {
        return Some(1 + head_lines(lines.get(1..).unwrap_or_default()));
    }
    let is_named = first.len() < 80
        && ORIGINAL.contains(&dashless.as_str())
        && (first.starts_with('-') || first.starts_with('_') || dashless.ends_with(':'));
    if is_named {
        return Some(1 + head_lines(lines.get(1..).unwrap_or_default()));
    }
    let is_rule = first.len() >= 10 && dashless.is_empty();
    let n_before = usize::from(is_rule);
    let n_head = head_lines(lines.get(n_before..).unwrap_or_default());
    (n_head > 0).then_some(n_before + n_head)
}

/// How many lines a repeated head has: a `From` and two more within the next ten lines.
fn head_lines(lines: &[&str]) -> usize {
    let (mut n_lines, mut n_captions, mut is_first) = (0, 0, true);
    for (index, line) in lines.iter().take(14).enumerate() {
        let line = bare(line);
        if line.is_empty() {
            // Some programs put an empty line before the head, none inside it.
            if n_captions > 0 {
                break;
            }
            continue;
        }
        match caption(line) {
            Some((Caption::From, _)) if is_first => {
                is_first = false;
                n_captions += 1;
                n_lines = index + 1;
            }
            Some(_) if !is_first => {
                n_captions += 1;
                n_lines = index + 1;
            }
            // A wrapped list of recipients goes on below its caption.
            None if !is_first && (n_captions < 3 || line.contains('@')) => {}
            _ => break,
        }
    }
    if n_captions >= 3 { n_lines } else { 0 }
}

#[derive(Clone, Copy, PartialEq)]
enum Caption {
    From,
    To,
    Other,
}

/// What a line of a repeated head holds, and where its value begins.
fn caption(line: &str) -> Option<(Caption, usize)> {
    let colon = line.find(':').filter(|at| *at <= 20)?;
    let name =
        line.get(..colon)?.trim_matches(|c: char| c.is_whitespace() || c == '*').to_lowercase();
    let name = name.as_str();
    let kind = if FROM.contains(&name) {
        Caption::From
    } else if TO.contains(&name) {
        Caption::To
    } else if OTHER.contains(&name) {
        Caption::Other
    } else {
        return None;
    };
    Some((kind, colon + 1))
}

/// Who wrote a repeated message to whom, by its head or by the line before it.
fn fields(text: &str) -> Vec<Field> {
    let found = head_fields(text);
    if found.is_empty() { writer(text) } else { found }
}

/// The writer whom the line before a repeated message names.
fn writer(text: &str) -> Vec<Field> {
    let lines: Vec<&str> = text.lines().take(4).collect();
    let Some(n_lines) = attribution(&lines) else { return Vec::new() };
    let end: usize = lines.iter().take(n_lines).map(|line| line.len() + 1).sum();
    let said = text.get(..end.min(text.len())).unwrap_or_default();
    let mut fields = Vec::new();
    let mut add = |start: usize, end: usize, meaning: Meaning| {
        let Some(part) = said.get(start..end) else { return };
        let edge = |c: char| c.is_whitespace() || "<>[]()'\",;:*".contains(c);
        let lead = part.len() - part.trim_start_matches(edge).len();
        let trimmed = part.trim_matches(edge);
        // A name that is wrapped has the marks of the next line in it.
        if !trimmed.is_empty() && !trimmed.contains(['\n', '>']) {
            let range = start + lead..start + lead + trimmed.len();
            fields.push(Field { range, meaning, party: Party::Sender });
        }
    };
    let before = said.find('@').and_then(|at| {
        let from = said.get(..at)?.rfind(|c: char| c.is_whitespace() || "<([:\"'".contains(c));
        let start =
            from.map_or(0, |from| from + said[from..].chars().next().map_or(1, char::len_utf8));
        let rest = said.get(at..)?;
        let n = rest.find(|c: char| c.is_whitespace() || ">)]\"',;:".contains(c));
        add(start, at + n.unwrap_or(rest.len()), Meaning::Email);
        Some(start)
    });
    // The name stands before the address, or between the word for writing and the colon.
    let marks = WROTE_BEFORE.iter().filter_map(|wrote| Some((said.find(wrote)?, wrote.len())));
    let late = marks.map(|(at, n)| at + n).next();
    let until = match (before, late) {
        (Some(before), _) => before,
        (None, Some(_)) => said.trim_end().trim_end_matches(':').len(),
        (None, None) => {
            let ends = WROTE.iter().filter_map(|wrote| said.rfind(wrote));
            ends.min().unwrap_or(0)
        }
    };
    let from = late.filter(|late| *late < until).unwrap_or_else(|| name_start(said, until));
    add(from, until, Meaning::Name);
    fields.sort_by_key(|field| field.range.start);
    fields
}

/// Where the name begins that ends at `until`: words with a capital, and what stands between them.
fn name_start(said: &str, until: usize) -> usize {
    const BETWEEN: &[&str] = &[
        "de", "da", "van", "von", "der", "den", "la", "le", "di", "del", "dos", "bin", "al", "el",
        "y", "ten",
    ];
    const NONE: &[&str] =
        &["Uhr", "AM", "PM", "UTC", "GMT", "BST", "CET", "CEST", "On", "Am", "Le", "Op"];
    let text = said.get(..until).unwrap_or_default();
    let trimmed = text.trim_end_matches(|c: char| c.is_whitespace() || "<([:".contains(c));
    if let Some(inside) = trimmed.strip_suffix('"')
        && let Some(open) = inside.rfind('"')
    {
        return open;
    }
    let mut start = trimmed.len();
    for (at, word) in words_backwards(trimmed) {
        let bare = word.trim_matches(|c: char| "\"'<>()".contains(c));
        let is_name = bare.starts_with(char::is_uppercase)
            && !bare.contains(|c: char| c.is_ascii_digit() || c == '/')
            && !NONE.contains(&bare);
        if word.ends_with([',', ':']) || !(is_name || BETWEEN.contains(&bare)) {
            break;
        }
        start = at;
    }
    start
}

/// The words of a text from the last to the first, with where they begin.
fn words_backwards(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut end = text.len();
    std::iter::from_fn(move || {
        let before = text.get(..end)?.trim_end();
        if before.is_empty() {
            return None;
        }
        let start = before.rfind(char::is_whitespace);
        let start =
            start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        end = start;
        Some((start, before.get(start..)?))
    })
}

/// Names and addresses in a repeated head at the top of a piece.
fn head_fields(text: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let first =
        lines.iter().position(|line| matches!(caption(bare(line)), Some((Caption::From, _))));
    let Some(first) = first.filter(|first| *first <= 4) else { return fields };
    let n_lines = head_lines(lines.get(first..).unwrap_or_default());
    let mut offset: usize = lines.iter().take(first).map(|line| line.len() + 1).sum();
    for line in lines.iter().skip(first).take(n_lines) {
        let shift = line.find(bare(line)).unwrap_or(0);
        if let Some((kind, value)) = caption(bare(line)) {
            let start = offset + shift;
            let end = start + value - 1;
            fields.push(Field {
                range: start..end,
                meaning: Meaning::Caption,
                party: Party::Unknown,
            });
            let party = match kind {
                Caption::From => Party::Sender,
                Caption::To => Party::Recipient,
                Caption::Other => {
                    offset += line.len() + 1;
                    continue;
                }
            };
            people(text, start + value..offset + line.len(), party, &mut fields);
        }
        offset += line.len() + 1;
    }
    fields
}

/// Each `Name <email>` of a list, whose names may hold one comma: `Lind, Amara <…>; Low, Zoe <…>`.
fn people(text: &str, range: std::ops::Range<usize>, party: Party, fields: &mut Vec<Field>) {
    let Some(list) = text.get(range.clone()) else { return };
    let separators: &[char] = if list.contains(';') { &[';'] } else { &['>'] };
    let mut start = range.start;
    for piece in list.split_inclusive(separators) {
        let mut field = |from: usize, to: usize, meaning: Meaning| {
            let Some(part) = text.get(from..to) else { return };
            let edge = |c: char| c.is_whitespace() || "<>[]()'\";,*".contains(c);
            let lead = part.len() - part.trim_start_matches(edge).len();
            let trimmed = part.trim_matches(edge).trim_start_matches("mailto:");
            let lead = lead + (part.trim_matches(edge).len() - trimmed.len());
            if !trimmed.is_empty() {
                let range = from + lead..from + lead + trimmed.len();
                fields.push(Field { range, meaning, party });
            }
        };
        let end = start + piece.len();
        match piece.find(['<', '[']) {
            Some(at) => {
                field(start, start + at, Meaning::Name);
                let inside = text.get(start + at..end).unwrap_or_default();
                let is_email = inside.contains('@') && !inside.trim().contains(' ');
                field(start + at, end, if is_email { Meaning::Email } else { Meaning::Text });
            }
            None if piece.contains('@') && !piece.trim().contains(' ') => {
                field(start, end, Meaning::Email)
            }
            None => field(start, end, Meaning::Name),
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_split(text: &str, is_html: bool, expected: &[(&str, bool)]) {
        let pieces = split(text, is_html);
        let found: Vec<(&str, bool)> =
            pieces.iter().map(|piece| (piece.text.trim(), piece.is_quoted)).collect();
        assert_eq!(found, expected);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let kept: String = pieces.iter().map(|piece| piece.text.clone() + "\n").collect();
        assert_eq!(words(&kept), words(text), "nothing is lost or moved");
    }

    #[test]
    fn what_is_repeated_is_told_from_what_is_new() {
        check_split("Yes, at ten.\n\nAmara", false, &[("Yes, at ten.\n\nAmara", false)]);
        check_split(
            "Yes.\n\nOn 4 Mar 2025, Zoe Low <zoe@example.org> wrote:\n> At ten?\n>\n> Zoe\n\nAmara",
            false,
            &[
                ("Yes.", false),
                ("On 4 Mar 2025, Zoe Low <zoe@example.org> wrote:\n> At ten?\n>\n> Zoe", true),
                ("Amara", false),
            ],
        );
        check_split(
            "Yes.\nOn Tue, 4 Mar 2025 at 10:02, Zoe Low\n<zoe@example.org> wrote:\nAt ten?\nZoe",
            true,
            &[
                ("Yes.", false),
                (
                    "On Tue, 4 Mar 2025 at 10:02, Zoe Low\n<zoe@example.org> wrote:\nAt ten?\nZoe",
                    true,
                ),
            ],
        );
        check_split(
            "FYI\n-----Original Message-----\nFrom: Zoe Low\nSent: Tuesday\nTo: Amara\nSubject: x\n\nhi\n\
             From: Bo <bo@example.org>\nDate: Monday\nTo: Zoe\n\nhello",
            false,
            &[
                ("FYI", false),
                (
                    "-----Original Message-----\nFrom: Zoe Low\nSent: Tuesday\nTo: Amara\nSubject: x\n\nhi",
                    true,
                ),
                ("From: Bo <bo@example.org>\nDate: Monday\nTo: Zoe\n\nhello", true),
            ],
        );
        check_split(
            "On reflection I wrote:\nthe name",
            false,
            &[("On reflection I wrote:\nthe name", false)],
        );
        check_split("From: the heart\nall of us", false, &[("From: the heart\nall of us", false)]);
    }

    #[test]
    fn a_repeated_head_names_its_people() {
        let text = "________________________________\nFrom: Low, Zoe <zoe@example.org>\n\
            Sent: 4 March 2025\nTo: Lind, Amara; Bo Berg [mailto:bo@example.org]\nSubject: x\n\nhi";
        let pieces = split(text, false);
        let piece = &pieces[0];
        let fields: Vec<(&str, Meaning)> = piece
            .fields
            .iter()
            .filter(|field| field.meaning != Meaning::Caption)
            .map(|field| (&piece.text[field.range.clone()], field.meaning))
            .collect();
        assert_eq!(
            fields,
            [
                ("Low, Zoe", Meaning::Name),
                ("zoe@example.org", Meaning::Email),
                ("Lind, Amara", Meaning::Name),
                ("Bo Berg", Meaning::Name),
                ("bo@example.org", Meaning::Email),
            ]
        );
    }

    fn check_writer(text: &str, expected: &[(&str, Meaning)]) {
        let pieces = split(text, true);
        let piece = pieces.iter().find(|piece| piece.is_quoted).expect("a repeated message");
        let fields: Vec<(&str, Meaning)> = piece
            .fields
            .iter()
            .map(|field| (&piece.text[field.range.clone()], field.meaning))
            .collect();
        assert_eq!(fields, expected, "{text}");
    }

    #[test]
    fn the_line_before_a_repeated_message_names_its_writer() {
        let both = [("Zoe Low", Meaning::Name), ("zoe@example.org", Meaning::Email)];
        for line in [
            "On Tue, 4 Mar 2025 at 10:02, Zoe Low <zoe@example.org> wrote:",
            "On Mar 4, 2025, at 10:02 AM, Zoe Low <zoe@example.org> wrote:",
            "Am Di., 4. März 2025 um 10:02 Uhr schrieb Zoe Low <zoe@example.org>:",
            "Am 04.03.2025 um 10:02 schrieb Zoe Low <zoe@example.org>:",
            "Le mar. 4 mars 2025 à 10:02, Zoe Low <zoe@example.org> a écrit :",
            "El mar, 4 mar 2025 a las 10:02, Zoe Low (<zoe@example.org>) escribió:",
            "Il giorno mar 4 mar 2025 alle ore 10:02 Zoe Low <zoe@example.org> ha scritto:",
            "Op di 4 mrt 2025 om 10:02 schreef Zoe Low <zoe@example.org>:",
            "Den tis 4 mars 2025 kl 10:02 skrev Zoe Low <zoe@example.org>:",
            "2025-03-04 10:02 GMT+00:00 Zoe Low <zoe@example.org>:",
            "On Tue, 4 Mar 2025 at 10:02, Zoe Low\n<zoe@example.org> wrote:",
        ] {
            check_writer(&format!("Yes.\n\n{line}\nAt ten?"), &both);
        }
        check_writer("On 4 Mar 2025, Zoe Low wrote:\nAt ten?", &both[..1]);
        check_writer(
            "On 4 Mar 2025, \"Low, Zoe\" <zoe@example.org> wrote:\nAt ten?",
            &[("Low, Zoe", Meaning::Name), ("zoe@example.org", Meaning::Email)],
        );
    }

    #[test]
    fn heads_are_known_in_other_languages() {
        for head in [
            "De : Zoe Low\nEnvoyé : mardi 4 mars 2025\nÀ : Amara\nObjet : x",
            "Von: Zoe Low\nGesendet: Dienstag, 4. März 2025\nAn: Amara\nBetreff: x",
            "De: Zoe Low\nEnviado el: martes, 4 de marzo de 2025\nPara: Amara\nAsunto: x",
            "Da: Zoe Low\nInviato: martedì 4 marzo 2025\nA: Amara\nOggetto: x",
            "Van: Zoe Low\nVerzonden: dinsdag 4 maart 2025\nAan: Amara\nOnderwerp: x",
        ] {
            let text = format!("Yes.\n\n{head}\n\nAt ten?");
            let pieces = split(&text, false);
            assert_eq!(pieces.len(), 2, "{head}");
            let name = pieces[1].fields.iter().find(|field| field.meaning == Meaning::Name);
            assert_eq!(&pieces[1].text[name.unwrap().range.clone()], "Zoe Low");
        }
    }
}
