//! The page that a person opens first.

use std::fmt::Write;

use crate::gather::Given;

/// A page that opens in any browser, without a network and without scripts.
pub(crate) fn html(case: &str, controller: &str, given: &[Given], files: &[String]) -> String {
    let mut out = String::from(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    let title = format!("{}: your personal data", escape(case));
    let _ = write!(
        out,
        "<title>{title}</title>\n<style>body{{font:1rem/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}\
         table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;\
         border-bottom:1px solid #ccc}}</style>\n</head>\n<body>\n<h1>{title}</h1>\n\
         <p>This is the answer of {} to your request. Begin with the letter. Everything opens without special \
         software and without the internet.</p>\n<ul>\n",
        escape(controller)
    );
    for (file, words) in [
        ("00_Letter.pdf", "the letter"),
        ("00_Letter.txt", "the letter as plain text"),
        (
            "01_Your-information-rights.pdf",
            "why we use your data, who received it, how long we keep it",
        ),
        ("02_What-we-searched.pdf", "where we looked, for what, and what could not be read"),
        ("03_Schedule-of-documents.pdf", "the list of everything given and kept back"),
        ("03_Schedule-of-documents.csv", "the same list as data"),
        ("03_Schedule-of-redactions.csv", "every place where something was taken out, and why"),
        ("04_Key-to-redactions.pdf", "what the labels mean"),
        ("P_Portability/data.json", "your own records as data"),
        ("Q_Incidental-mentions/summary.csv", "where you are only mentioned"),
        ("Z_Verification/how-to-check.txt", "how to check that no file was changed"),
    ] {
        if files.iter().any(|known| known == file) {
            let _ = writeln!(out, "<li><a href=\"{file}\">{file}</a>: {words}</li>");
        }
    }
    out.push_str("</ul>\n");
    if !given.is_empty() {
        out.push_str(
            "<h2>Exhibits</h2>\n<table>\n<tr><th>No.</th><th>First page</th><th>What it is</th><th>Date</th></tr>\n",
        );
    }
    for given in given {
        let file = format!("{}/{}.pdf", given.class.folder(), given.first);
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td><a href=\"{file}\">{}</a></td><td>{}</td><td>{}</td></tr>",
            given.number,
            given.first,
            escape(&given.entry.description),
            escape(&given.entry.dated.chars().take(10).collect::<String>()),
        );
    }
    if !given.is_empty() {
        out.push_str("</table>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
