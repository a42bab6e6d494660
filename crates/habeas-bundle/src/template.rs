//! Which words does a letter have, and how are its fields filled in?

use std::collections::BTreeMap;

use habeas_redact::paper::Block;

use crate::Error;
use crate::sheets::labelled;

/// The letter that goes with a bundle.
const ANSWER: &str = include_str!("../../../config/letters/answer.txt");

/// A template: sections of text with `{field}`s.
pub(crate) struct Template {
    sections: BTreeMap<&'static str, String>,
}

/// What fields are filled with.
pub(crate) type Fields = BTreeMap<&'static str, String>;

impl Template {
    /// The letter that goes with a bundle.
    pub(crate) fn answer() -> Self {
        let mut sections: BTreeMap<&'static str, String> = BTreeMap::new();
        let mut name = "";
        for line in ANSWER.lines() {
            if let Some(section) = line.strip_prefix("== ") {
                name = section.trim();
            } else if !line.starts_with("# ") && !name.is_empty() {
                let text = sections.entry(name).or_default();
                text.push_str(line);
                text.push('\n');
            }
        }
        Self { sections }
    }

    /// A section with its fields filled in.
    ///
    /// # Errors
    /// If there is no such section, or a field of it is not known.
    pub(crate) fn fill(&self, section: &str, fields: &Fields) -> Result<String, Error> {
        let text = self
            .sections
            .get(section)
            .ok_or_else(|| Error::Template(format!("there is no section `{section}`")))?;
        let mut out = String::new();
        let mut rest = text.trim_end();
        while let Some((before, after)) = rest.split_once('{') {
            let (field, after) = after
                .split_once('}')
                .ok_or_else(|| Error::Template(format!("`{section}`: a field has no end")))?;
            let value = fields.get(field).ok_or_else(|| {
                Error::Template(format!("`{section}`: there is no field `{field}`"))
            })?;
            out.push_str(before);
            out.push_str(value);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// The text of a letter as blocks of a page.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for paragraph in text.split("\n\n").map(|p| p.trim_matches('\n')).filter(|p| !p.is_empty()) {
        let mut plain: Vec<&str> = Vec::new();
        let flush = |plain: &mut Vec<&str>, blocks: &mut Vec<Block>| {
            if !plain.is_empty() {
                blocks.push(Block::Paragraph(labelled(&plain.join("\n"))));
                plain.clear();
            }
        };
        for line in paragraph.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                flush(&mut plain, &mut blocks);
                blocks.push(Block::Heading(heading.to_owned()));
            } else if let Some(item) = line.strip_prefix("- ") {
                flush(&mut plain, &mut blocks);
                blocks.push(Block::Item(item.into()));
            } else {
                plain.push(line);
            }
        }
        flush(&mut plain, &mut blocks);
    }
    blocks
}

/// The text of a letter without the marks of headings.
pub(crate) fn plain(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.strip_prefix("## ").map_or(line.to_owned(), str::to_uppercase))
        .collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_nothing_fills_is_an_error() {
        let template = Template::answer();
        let error = template.fill("complain-controller", &Fields::new()).unwrap_err();
        assert!(error.to_string().contains("complaints"));
        let fields = Fields::from([("complaints", "write to us".to_owned())]);
        assert!(template.fill("complain-controller", &fields).unwrap().contains("write to us"));
        assert!(template.fill("no-such", &fields).is_err());
    }

    #[test]
    fn a_letter_has_headings_points_and_paragraphs() {
        let blocks = blocks("## Head\n\none\ntwo\n\n- a\n- b");
        assert_eq!(blocks.len(), 4);
        assert_eq!(plain("## Head\nx"), "HEAD\nx\n");
    }
}
