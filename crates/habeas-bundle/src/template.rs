//! Which words does a letter have, and how are its fields filled in?
//!
//! A template is a text of sections. `== name` begins one; `== name if field` and `== name unless field`
//! begin one that is printed only where that field is, or is not, filled in; conditions add up. A
//! `{field}` is replaced by what it stands for, and a line of nothing but empty fields is left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;

/// A template, checked: its fields are known, its braces are closed.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    /// Where it comes from, for messages.
    file: String,
    sections: Vec<Section>,
}

#[derive(Clone, Debug)]
struct Section {
    name: String,
    only: Vec<Only>,
    lines: Vec<Vec<Piece>>,
}

#[derive(Clone, Debug)]
enum Only {
    If(String),
    Unless(String),
}

#[derive(Clone, Debug)]
enum Piece {
    Words(String),
    Field(String),
}

/// What fields are filled with. A field that is not there is empty.
pub(crate) type Fields = BTreeMap<String, String>;

/// A text with the fields that went into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filled {
    pub(crate) text: String,
    /// The fields that stand in it and are not empty.
    pub(crate) printed: BTreeSet<String>,
}

impl Template {
    /// Reads a template; `knows` says which fields there are.
    ///
    /// # Errors
    /// A sentence with the file, the section and the field, if it is not UTF-8, a field is not known or
    /// has no end, or text stands before the first section.
    pub(crate) fn parse(
        file: &str,
        bytes: &[u8],
        knows: &BTreeSet<&'static str>,
    ) -> Result<Self, Error> {
        let wrong = |what: String| Error::Template(format!("{file}{what}"));
        let text = std::str::from_utf8(bytes).map_err(|problem| {
            let line = 1 + bytes[..problem.valid_up_to()].iter().filter(|b| **b == b'\n').count();
            wrong(format!(", line {line}: is not UTF-8 text; save it as UTF-8"))
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut sections: Vec<Section> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.starts_with("# ") || line == "#" {
                continue;
            }
            if let Some(head) = line.strip_prefix("== ") {
                let section = Section::parse(head)
                    .map_err(|problem| wrong(format!(", line {number}: {problem}")))?;
                if sections.iter().any(|known| known.name == section.name) {
                    let name = &section.name;
                    return Err(wrong(format!(", line {number}: there are two sections `{name}`")));
                }
                sections.push(section);
                continue;
            }
            let Some(section) = sections.last_mut() else {
                if line.trim().is_empty() {
                    continue;
                }
                return Err(wrong(format!(
                    ", line {number}: text before the first section; begin one with `== name`"
                )));
            };
            let pieces = pieces(line).map_err(|problem| {
                wrong(format!(", line {number} (section `{}`): {problem}", section.name))
            })?;
            section.lines.push(pieces);
        }
        let template = Self { file: file.to_owned(), sections };
        for section in &template.sections {
            if let Some(field) = section.fields().find(|field| !knows.contains(field)) {
                let near = nearest(field, knows.iter().copied());
                return Err(wrong(format!(
                    ", section `{}`: this letter has no field `{field}`; did you mean `{near}`?",
                    section.name
                )));
            }
        }
        Ok(template)
    }

    /// Where it comes from.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Does that field stand in it anywhere, or in that section?
    pub(crate) fn has(&self, section: Option<&str>, field: &str) -> bool {
        let mut sections =
            self.sections.iter().filter(|one| section.is_none_or(|name| one.name == name));
        sections.any(|one| one.printed().any(|printed| printed == field))
    }

    /// All sections that are to be printed, with their fields filled in.
    pub(crate) fn fill(&self, fields: &Fields) -> Filled {
        let mut filled = Filled::default();
        for section in self.sections.iter().filter(|section| section.holds(fields)) {
            section.fill(fields, &mut filled);
        }
        filled.text = tidy(&filled.text);
        filled
    }

    /// One section, with its fields filled in, whatever its conditions.
    ///
    /// # Errors
    /// If there is no such section.
    pub(crate) fn section(&self, name: &str, fields: &Fields) -> Result<Filled, Error> {
        let section =
            self.sections.iter().find(|section| section.name == name).ok_or_else(|| {
                Error::Template(format!("{}: there is no section `{name}`", self.file))
            })?;
        let mut filled = Filled::default();
        section.fill(fields, &mut filled);
        filled.text = tidy(&filled.text);
        Ok(filled)
    }
}

impl Section {
    fn parse(head: &str) -> Result<Self, String> {
        let mut words = head.split_whitespace();
        let name = words.next().ok_or("a section has no name")?.to_owned();
        let mut only = Vec::new();
        while let Some(word) = words.next() {
            let field = words.next().map(str::to_owned);
            only.push(match (word, field) {
                ("if", Some(field)) => Only::If(field),
                ("unless", Some(field)) => Only::Unless(field),
                _ => {
                    return Err(
                        "after a section's name comes nothing, `if FIELD` or `unless FIELD`"
                            .to_owned(),
                    );
                }
            });
        }
        Ok(Self { name, only, lines: Vec::new() })
    }

    /// Every field that it speaks of.
    fn fields(&self) -> impl Iterator<Item = &str> {
        let asked = self.only.iter().map(|only| match only {
            Only::If(field) | Only::Unless(field) => field.as_str(),
        });
        asked.chain(self.printed())
    }

    /// Every field that it prints.
    fn printed(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().flatten().filter_map(|piece| match piece {
            Piece::Field(field) => Some(field.as_str()),
            Piece::Words(_) => None,
        })
    }

    fn holds(&self, fields: &Fields) -> bool {
        self.only.iter().all(|only| match only {
            Only::If(field) => is_filled(fields, field),
            Only::Unless(field) => !is_filled(fields, field),
        })
    }

    fn fill(&self, fields: &Fields, into: &mut Filled) {
        for line in &self.lines {
            let mut out = String::new();
            for piece in line {
                match piece {
                    Piece::Words(words) => out.push_str(words),
                    Piece::Field(field) => {
                        if is_filled(fields, field) {
                            out.push_str(&fields[field]);
                            into.printed.insert(field.clone());
                        }
                    }
                }
            }
            let has_field = line.iter().any(|piece| matches!(piece, Piece::Field(_)));
            if !(has_field && out.trim().is_empty()) {
                into.text.push_str(out.trim_end());
                into.text.push('\n');
            }
        }
        into.text.push('\n');
    }
}

/// Has the field something in it?
pub(crate) fn is_filled(fields: &Fields, field: &str) -> bool {
    fields.get(field).is_some_and(|value| !value.trim().is_empty())
}

/// A line, parted at its fields.
fn pieces(line: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        if before.contains('}') {
            return Err("a `}` has no `{` before it".to_owned());
        }
        let (field, after) = after.split_once('}').ok_or("a `{` has no `}` after it")?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if field.is_empty() || !field.chars().all(fits) {
            let shown: String = field.chars().take(40).flat_map(char::escape_debug).collect();
            return Err(format!("`{{{shown}}}` is no field: a field is written as `{{received}}`"));
        }
        if !before.is_empty() {
            pieces.push(Piece::Words(before.to_owned()));
        }
        pieces.push(Piece::Field(field.to_owned()));
        rest = after;
    }
    if rest.contains('}') {
        return Err("a `}` has no `{` before it".to_owned());
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    Ok(pieces)
}

/// A text without empty lines at its ends, and with no more than one between two paragraphs.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut is_gap = true;
    for line in text.lines() {
        let is_blank = line.trim().is_empty();
        if !(is_blank && is_gap) {
            out.push_str(line);
            out.push('\n');
        }
        is_gap = is_blank;
    }
    out.trim_end().to_owned()
}

/// The known name most like the one that is not known.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let likeness = |known: &str| strsim::jaro_winkler(name, known);
    known.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).map_or_else(String::new, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["name", "late", "place"];

    fn parse(text: &[u8]) -> Result<Template, String> {
        Template::parse("x.txt", text, &KNOWN.into()).map_err(|error| error.to_string())
    }

    fn fill(text: &str, fields: &[(&str, &str)]) -> String {
        let fields =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        parse(text.as_bytes()).unwrap().fill(&fields).text
    }

    #[test]
    fn sections_are_printed_where_their_conditions_hold() {
        let text = "# not printed\n== a\nDear {name}\n== b if late\nSorry.\n== c unless late if name\nOn time.";
        assert_eq!(fill(text, &[("name", "N")]), "Dear N\n\nOn time.");
        assert_eq!(fill(text, &[("name", "N"), ("late", "x")]), "Dear N\n\nSorry.");
    }

    #[test]
    fn a_line_of_empty_fields_is_left_out_and_a_value_is_not_read_again() {
        let text = "== a\n{name}\n{late}\n\n\n\n{place}\nend";
        assert_eq!(fill(text, &[("name", "{late} ## x"), ("late", " ")]), "{late} ## x\n\nend");
    }

    #[test]
    fn a_wrong_template_is_told_with_file_place_and_field() {
        let cases: &[(&[u8], &str)] = &[
            (
                b"== a\n{nmae}",
                "x.txt, section `a`: this letter has no field `nmae`; did you mean `name`?",
            ),
            (
                b"== a if lat\nx",
                "x.txt, section `a`: this letter has no field `lat`; did you mean `late`?",
            ),
            (b"== a\n\n{name", "x.txt, line 3 (section `a`): a `{` has no `}` after it"),
            (b"== a\nname}", "x.txt, line 2 (section `a`): a `}` has no `{` before it"),
            (
                b"== a\n{ name }",
                "x.txt, line 2 (section `a`): `{ name }` is no field: a field is written as `{received}`",
            ),
            (b"== a\n\xff", "x.txt, line 2: is not UTF-8 text; save it as UTF-8"),
            (b"hello", "x.txt, line 1: text before the first section; begin one with `== name`"),
            (
                b"== a when late\n",
                "x.txt, line 1: after a section's name comes nothing, `if FIELD` or `unless FIELD`",
            ),
            (b"== a\n== a\n", "x.txt, line 2: there are two sections `a`"),
        ];
        for (text, said) in cases {
            let error = parse(text).unwrap_err();
            assert_eq!(error, format!("the letter's template is wrong: {said}"));
        }
    }

    #[test]
    fn what_was_printed_is_known() {
        let template = parse(b"== a\n{name}\n== b if late\n{place}").unwrap();
        let fields = Fields::from([("name".into(), "N".into()), ("place".into(), "P".into())]);
        assert_eq!(template.fill(&fields).printed, BTreeSet::from(["name".to_owned()]));
        assert!(template.has(None, "place") && !template.has(Some("a"), "place"));
        assert!(template.section("c", &fields).is_err());
    }
}
