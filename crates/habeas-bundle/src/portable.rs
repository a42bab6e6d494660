//! The person's own records as data (Art. 20), redacted as on paper.

use habeas_redact::{Allowed, Searcher};
use serde_json::{Value, json};

use crate::gather::Given;
use crate::sheets::csv;

/// A file of `P_Portability`, and how often it may hold what was taken out elsewhere.
pub(crate) type File = (String, Vec<u8>, Allowed);

/// The files of `P_Portability`, or none if no exhibit holds records; and the exhibits whose records
/// are on paper only.
pub(crate) fn files(case: &str, given: &[Given], searcher: &Searcher) -> (Vec<File>, Vec<u32>) {
    let mut only_paper: Vec<u32> = Vec::new();
    let mut files: Vec<File> = Vec::new();
    let mut together = Allowed::default();
    let mut all: Vec<Value> = Vec::new();
    for given in given {
        let Some(table) = given.redacted.table().filter(|table| !table.rows.is_empty()) else {
            continue;
        };
        let header: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        let bytes = csv(&header, &table.rows);
        let value = json!({
            "exhibit": given.number,
            "first_page": given.first.to_string(),
            "source": given.entry.source,
            "columns": table.columns,
            "rows": table.rows,
        });
        // The same records hold the same people. Where cells come to stand so that more can be read
        // from them than from the pages, the pages have to do.
        let allowed = given.redacted.allowed();
        let texts = [String::from_utf8_lossy(&bytes).into_owned(), value.to_string()];
        if !texts.iter().all(|text| allowed.covers(text, &[searcher])) {
            only_paper.push(given.number);
            continue;
        }
        files.push((format!("P_Portability/{}.csv", given.first), bytes, allowed.clone()));
        together.join(allowed);
        all.push(value);
    }
    if files.is_empty() {
        return (files, only_paper);
    }
    let data = json!({ "case": case, "format": 1, "records": all });
    let mut text = serde_json::to_vec_pretty(&data).unwrap_or_default();
    text.push(b'\n');
    files.push(("P_Portability/data.json".to_owned(), text, together));
    let mut readme = README.to_owned();
    if !only_paper.is_empty() {
        let numbers: Vec<String> = only_paper.iter().map(ToString::to_string).collect();
        readme.push_str(
            "\nNot here, since another person could be read from it: the records of exhibit ",
        );
        readme.push_str(&format!("{}.\n", numbers.join(", ")));
    }
    files.push(("P_Portability/README.txt".to_owned(), readme.into_bytes(), Allowed::NONE));
    (files, only_paper)
}

const README: &str = "\
Your own records as data that a computer can read.

data.json       all of them, with the exhibit and the source each comes from
*.csv           a table for each exhibit, named by its first page

Other people are replaced by labels, as in the exhibits. A cell that a spreadsheet would take
for a formula begins with an apostrophe in the CSV files and not in data.json.
";
