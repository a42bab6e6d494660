//! What is an account made of?

use std::fmt;

use serde::Serialize;

/// A page or two of plain prose and tables. It may name the requester, so it does not print itself.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Its heading.
    pub title: String,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// A part of an account.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading within the account.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A table.
    Table(Table),
}

/// A table: every row has as many cells as the head.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The columns' captions.
    pub head: Vec<String>,
    /// Which columns hold numbers, and are set to the right.
    pub numeric: Vec<bool>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Account({:?}, {} blocks)", self.title, self.blocks.len())
    }
}

impl Table {
    /// An empty table; a caption that begins with `#` is that of a column of numbers.
    pub(crate) fn new(head: &[&str]) -> Self {
        let numeric = head.iter().map(|caption| caption.starts_with('#')).collect();
        let head = head.iter().map(|caption| caption.trim_start_matches('#').to_owned()).collect();
        Self { head, numeric, rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        assert_eq!(N, self.head.len(), "a row has a cell for each column");
        self.rows.push(cells.into());
    }

    fn to_text(&self) -> String {
        let widths = self.widths();
        let rule: String = widths.iter().map(|width| format!("{}  ", "-".repeat(*width))).collect();
        let rows: String = self.rows.iter().map(|row| self.lines(row, &widths)).collect();
        format!("{}{}\n{rows}", self.lines(&self.head, &widths), rule.trim_end())
    }

    /// How wide each column is, in characters.
    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            let cells = cells.chain(self.head.get(column)).flat_map(|cell| wrapped(cell));
            cells.map(|line| line.chars().count()).max().unwrap_or(0)
        };
        (0..self.head.len()).map(width).collect()
    }

    /// A row as one line, or as several where a cell is long.
    fn lines(&self, cells: &[String], widths: &[usize]) -> String {
        let cells: Vec<Vec<String>> = cells.iter().map(|cell| wrapped(cell)).collect();
        let n_lines = cells.iter().map(Vec::len).max().unwrap_or(0);
        let mut text = String::new();
        for number in 0..n_lines {
            let cells =
                cells.iter().zip(widths).zip(&self.numeric).map(|((cell, &width), right)| {
                    let cell = cell.get(number).map_or("", String::as_str);
                    if *right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
                });
            let line = cells.collect::<Vec<_>>().join("  ");
            text.push_str(&format!("{}\n", line.trim_end()));
        }
        text
    }
}

/// The lines of a cell: broken between words where it is wider than a digest.
fn wrapped(cell: &str) -> Vec<String> {
    const WIDEST: usize = 68;
    let mut lines = vec![String::new()];
    for (number, line) in cell.lines().enumerate() {
        if number > 0 {
            lines.push(String::new());
        }
        for word in line.split(' ') {
            let last = lines.last().map_or(0, |line| line.chars().count());
            if last > 0 && last + 1 + word.chars().count() > WIDEST {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
        }
    }
    lines
}

impl Account {
    /// The account as plain text, a blank line between its parts.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n{}\n", self.title, "=".repeat(self.title.chars().count()));
        for block in &self.blocks {
            text.push('\n');
            match block {
                Block::Heading(heading) => {
                    text.push_str(&format!("{heading}\n{}\n", "-".repeat(heading.chars().count())));
                }
                Block::Paragraph(paragraph) => text.push_str(&format!("{paragraph}\n")),
                Block::Table(table) => text.push_str(&table.to_text()),
            }
        }
        text
    }
}

impl Account {
    /// The account as a page that opens in any browser, without scripts and without a network.
    pub fn to_html(&self) -> String {
        let title = escape(&self.title);
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
             'unsafe-inline'\">\n<title>{title}</title>\n<style>body{{font:1rem/1.5 sans-serif;\
             max-width:64rem;margin:2rem auto;padding:0 1rem}}table{{border-collapse:collapse;\
             margin:1rem 0}}td,th{{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;\
             border-bottom:1px solid #888}}.n{{text-align:right}}div{{overflow-x:auto}}</style>\n</head>\n\
             <body>\n<h1>{title}</h1>\n"
        );
        for block in &self.blocks {
            match block {
                Block::Heading(text) => page.push_str(&format!("<h2>{}</h2>\n", escape(text))),
                Block::Paragraph(text) => page.push_str(&format!("<p>{}</p>\n", escape(text))),
                Block::Table(table) => page.push_str(&table.to_html()),
            }
        }
        page.push_str("</body>\n</html>\n");
        page
    }
}

impl Table {
    fn to_html(&self) -> String {
        let row = |cells: &[String], name: &str| {
            let cells = cells.iter().zip(&self.numeric).map(|(cell, right)| {
                let class = if *right { " class=\"n\"" } else { "" };
                let scope = if name == "th" { " scope=\"col\"" } else { "" };
                format!("<{name}{scope}{class}>{}</{name}>", escape(cell))
            });
            format!("<tr>{}</tr>\n", cells.collect::<String>())
        };
        let rows: String = self.rows.iter().map(|cells| row(cells, "td")).collect();
        let head = row(&self.head, "th");
        format!("<div><table>\n<thead>{head}</thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n")
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("<br>"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_set_in_columns() {
        let mut table = Table::new(&["Source", "#Items"]);
        table.row(["mail".into(), "1,204".into()]);
        table.row(["é".into(), "7".into()]);
        let text = "Source  Items\n------  -----\nmail    1,204\né           7\n";
        assert_eq!(table.to_text(), text);
    }

    #[test]
    fn an_account_does_not_print_itself() {
        let blocks = vec![Block::Paragraph("Amara Lind".into())];
        let account = Account { title: "What we searched".into(), blocks };
        assert!(!format!("{account:?}").contains("Amara"));
        assert!(account.to_text().ends_with("\nAmara Lind\n"));
    }

    #[test]
    fn a_page_shows_text_and_never_runs_it() {
        let mut table = Table::new(&["What", "#N"]);
        table.row(["<b>&".into(), "1".into()]);
        let blocks = vec![Block::Paragraph("<script>x</script>\n2".into()), Block::Table(table)];
        let page = Account { title: "A \"b\"".into(), blocks }.to_html();
        assert!(page.contains("<p>&lt;script&gt;x&lt;/script&gt;<br>2</p>"), "{page}");
        assert!(page.contains("<td>&lt;b&gt;&amp;</td><td class=\"n\">1</td>"), "{page}");
        assert!(page.contains("<title>A &quot;b&quot;</title>") && !page.contains("<script"));
    }
}
