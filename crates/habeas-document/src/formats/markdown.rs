//! Markdown: text whose marks are read as they stand.

use habeas_model::Card;

use super::{Format, text};
use crate::encoding;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "markdown",
        version: 1,
        summary: "Markdown, as it is written",
        handles: &["text/markdown", ".md", ".markdown"],
        authority: "CommonMark 0.31",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_named = sample.is_named(&["md", "markdown", "mdown"]);
    (is_named && sample.text().is_some()).then_some((Sure::Named, "text/markdown"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    let title = decoded.text.lines().take(50).find_map(|line| line.strip_prefix("# "));
    if let Some(title) = title.map(str::trim).filter(|title| !title.is_empty()) {
        out.facts().title = Some(title.into());
    }
    text::paragraphs(&decoded.text, 1, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    #[test]
    fn the_first_heading_is_the_title() {
        let budget = Budget::default();
        let mut out = Out::new("text/markdown", &budget);
        let bytes = b"\n# Complaint of Amara Lind\n\n* called *twice*\n";
        read(
            &Input { name: "a.md", bytes, media_type: "text/markdown", budget: &budget },
            &mut out,
        );
        let document = out.finish().0;
        assert_eq!(document.facts.title.unwrap().reveal(), "Complaint of Amara Lind");
        assert_eq!(document.passages[0].text, "# Complaint of Amara Lind\n\n* called *twice*");
    }
}
