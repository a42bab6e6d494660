//! How does a letter look: on paper, and as plain text?

use habeas_law::LetterKind;
use habeas_redact::paper::{Block, Foot, Look, Printed, Rich, Sheet, typeset_letter};

use crate::Error;
use crate::sheets::labelled;
use crate::template::Fields;

/// A line that leaves room for a signature, on paper.
const SIGNATURE: &str = "~";
/// The same, with the ends of the lines around it.
const SIGNATURE_LINE: &str = "\n~\n";

/// What stands above a letter's words: who writes to whom, when, and under which references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    controller: String,
    address: String,
    to: Vec<String>,
    day: String,
    references: Vec<String>,
}

impl Head {
    /// The fields that it prints.
    pub(crate) const FIELDS: [&'static str; 7] =
        ["controller", "address", "to", "to_address", "day", "reference", "your_reference"];

    /// The head that the fields make.
    pub(crate) fn of(fields: &Fields) -> Self {
        let value = |field: &str| fields.get(field).cloned().unwrap_or_default();
        let mut to = vec![value("to")];
        to.extend(value("to_address").lines().map(str::to_owned));
        to.retain(|line| !line.trim().is_empty());
        let references = [("Our", "reference"), ("Your", "your_reference")]
            .into_iter()
            .filter(|(_, field)| !value(field).trim().is_empty())
            .map(|(whose, field)| format!("{whose} reference: {}", value(field)))
            .collect();
        let (controller, address) = (value("controller"), value("address"));
        Self { controller, address, to, day: value("day"), references }
    }
}

/// What a letter is called at its foot. To people outside it tells no more than that it is a letter.
pub(crate) fn title(kind: LetterKind) -> &'static str {
    if kind.to().is_outsider() {
        return "Letter";
    }
    match kind {
        LetterKind::Acknowledgement => "Your request",
        LetterKind::Identity => "Proof of identity",
        LetterKind::Authority => "Proof of authority",
        LetterKind::Clarification => "Questions about your request",
        LetterKind::Extension => "More time for your request",
        LetterKind::Fee => "A fee for your request",
        LetterKind::Refusal | LetterKind::NothingHeld => "Our answer",
        LetterKind::ComplaintAcknowledgement => "Your complaint",
        _ => "Letter",
    }
}

/// A letter as plain text.
pub(crate) fn text(head: &Head, filled: &str) -> String {
    let mut parts = vec![head.controller.clone() + "\n" + &head.address, head.to.join("\n")];
    let mut dates = vec![head.day.clone()];
    dates.extend(head.references.iter().cloned());
    parts.push(dates.join("\n"));
    parts.push(plain(filled));
    parts.retain(|part| !part.trim().is_empty());
    parts.join("\n\n")
}

/// A letter as a PDF file.
pub(crate) fn print(
    what: &'static str,
    fields: &Fields,
    head: &Head,
    filled: &str,
) -> Result<Printed, Error> {
    let reference = fields.get("reference").map_or("", String::as_str);
    let mut all = vec![
        Block::Paragraph(Rich::of(head.controller.clone(), Look::Bold)),
        Block::Note(head.address.replace('\n', ", ")),
        Block::Space(2),
        Block::Paragraph(head.to.join("\n").into()),
        Block::Space(1),
    ];
    let mut dates = vec![head.day.clone()];
    dates.extend(head.references.iter().cloned());
    all.push(Block::Paragraph(dates.join("\n").into()));
    all.push(Block::Space(1));
    all.extend(blocks(filled));
    let foot = Foot { first: None, words: format!("{reference}   {what}") };
    let title = format!("{reference} {what}");
    let sheet = Sheet { title, foot, blocks: all, is_wide: false, label: String::new() };
    typeset_letter(&sheet).map_err(|problem| Error::Paper { what, problem })
}

/// The words of a letter as blocks of a page.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    // The end of a letter, with the paragraph before it, is not torn.
    let end = text.rfind(SIGNATURE_LINE).map_or("", |at| &text[at..]);
    let n_end = end.lines().filter(|line| !line.trim().is_empty()).count() + 3;
    for paragraph in text.split("\n\n").map(|p| p.trim_matches('\n')).filter(|p| !p.is_empty()) {
        let mut plain: Vec<&str> = Vec::new();
        let flush = |plain: &mut Vec<&str>, blocks: &mut Vec<Block>| {
            if !plain.is_empty() {
                blocks.push(Block::Paragraph(labelled(&plain.join("\n"))));
                plain.clear();
            }
        };
        for line in paragraph.lines() {
            if line == SIGNATURE {
                together(&mut blocks, n_end);
                flush(&mut plain, &mut blocks);
                blocks.push(Block::Space(2));
            } else if let Some(heading) = line.strip_prefix("## ") {
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

/// Keeps the last paragraph, and a heading of its own, on a page with what follows it, which is so many
/// lines.
fn together(blocks: &mut Vec<Block>, mut n_lines: usize) {
    let mut at = blocks.len();
    if let Some(Block::Paragraph(rich)) = blocks.last() {
        // About as many letters fit on a line.
        n_lines += 1 + rich.plain().chars().count() / 80;
        at -= 1;
    }
    if at > 0 && matches!(blocks[at - 1], Block::Heading(_)) {
        n_lines += 2;
        at -= 1;
    }
    // More than a part of a page would leave the page before it empty.
    let n_lines = u8::try_from(n_lines.min(20)).unwrap_or(20);
    blocks.insert(at, Block::Together(n_lines));
}

/// The words of a letter without the marks of headings.
pub(crate) fn plain(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .filter(|line| *line != SIGNATURE)
        .map(|line| line.strip_prefix("## ").map_or(line.to_owned(), str::to_uppercase))
        .collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_has_headings_points_and_paragraphs() {
        let blocks = blocks("## Head\n\none\ntwo\n\n- a\n- b");
        assert_eq!(blocks.len(), 4);
        assert_eq!(plain("## Head\nx"), "HEAD\nx\n");
        let end = super::blocks("one\n\n## Head\n\ntwo\n\nYours,\n~\n\nN");
        assert!(matches!(end[1], Block::Together(8)), "{:?}", end[1]);
        assert!(matches!(end[2], Block::Heading(_)), "{:?}", end[2]);
        assert_eq!(plain("Yours,\n~\n\nN"), "Yours,\n\nN\n");
    }
}
