//! The person's own records as data (Art. 20), redacted as on paper.

use serde_json::{Value, json};

use crate::gather::Given;
use crate::sheets::csv;

/// The files of `P_Portability`, or none if no exhibit holds records.
pub(crate) fn files(case: &str, given: &[Given]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut all: Vec<Value> = Vec::new();
    for given in given {
        let Some(table) = given.redacted.table().filter(|table| !table.rows.is_empty()) else {
            continue;
        };
        let header: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        files.push((format!("P_Portability/{}.csv", given.first), csv(&header, &table.rows)));
        all.push(json!({
            "exhibit": given.number,
            "first_page": given.first.to_string(),
            "source": given.entry.source,
            "columns": table.columns,
            "rows": table.rows,
        }));
    }
    if files.is_empty() {
        return files;
    }
    let data = json!({ "case": case, "format": 1, "records": all });
    let mut text = serde_json::to_vec_pretty(&data).unwrap_or_default();
    text.push(b'\n');
    files.push(("P_Portability/data.json".to_owned(), text));
    files.push(("P_Portability/README.txt".to_owned(), README.as_bytes().to_vec()));
    files
}

const README: &str = "\
Your own records as data that a computer can read.

data.json       all of them, with the exhibit and the source each comes from
*.csv           a table for each exhibit, named by its first page

Other people are replaced by labels, as in the exhibits. A cell that a spreadsheet would take
for a formula begins with an apostrophe in the CSV files and not in data.json.
";
