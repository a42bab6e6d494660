//! How does a plan look to whoever reads, sorts and signs it?

use habeas_law::written;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::plan::{Action, Plan, Step};

/// What nobody can promise of any erasure, said on every plan and report.
///
/// # Source
/// NIST SP 800-88r2 (overwriting single files says nothing on flash and copy-on-write disks); ICO, *Right
/// to erasure*, on backups.
pub const LIMITS: [&str; 4] = [
    "Erased means that the file system no longer gives it out. Until the disk writes over them, its \
     bytes may be recovered by whoever has the disk itself, above all on flash disks.",
    "Snapshots of a disk, versions that a cloud service or a recycle bin keeps, and backups are not \
     reached. Put them beyond use until they are overwritten, and tell the person so.",
    "A program that had a file open when it was erased may still write what it holds.",
    "Paper, telephones, and what recipients and processors were given are not reached: the plan says \
     whom to tell.",
];

/// The plan as a table: a step a row.
pub fn table(plan: &Plan) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let head = [
        "step",
        "action",
        "source",
        "path",
        "place",
        "reason",
        "law",
        "copy",
        "file",
        "bytes before",
        "bytes after",
        "rest",
    ];
    // A table in memory can always be written.
    let _ = out.write_record(head);
    for step in &plan.steps {
        let file = step.file.and_then(|number| plan.files.get(number as usize - 1));
        let before = file.map(|file| file.facts.size_bytes.to_string()).unwrap_or_default();
        let after = file.map(|file| {
            file.result.as_ref().map_or("0".to_owned(), |result| result.size_bytes.to_string())
        });
        let _ = out.write_record([
            step.number.to_string(),
            step.action.as_str().to_owned(),
            step.source.as_ref().map(ToString::to_string).unwrap_or_default(),
            plain(&step.path.as_ref().map(ToString::to_string).unwrap_or_default()),
            plain(&step.place.as_ref().map(ToString::to_string).unwrap_or_default()),
            plain(&step.reason),
            step.clause.clone().unwrap_or_default(),
            if step.is_copy { "copy" } else { "" }.to_owned(),
            step.file.map(|number| number.to_string()).unwrap_or_default(),
            before,
            after.unwrap_or_default(),
            file.map(|file| file.rest.clone()).unwrap_or_default(),
        ]);
    }
    out.into_inner().unwrap_or_default()
}

/// A cell that no program takes for a formula.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The plan as a page to read, print and sign.
pub fn page(plan: &Plan) -> String {
    let mut body = format!(
        "<h1>Plan of erasure, case {}</h1>\n<p>Drawn up on {} by {} with {}. It may be carried out until \
         {}. <strong>Nothing has been changed.</strong></p>\n",
        escaped(&plan.case),
        day(plan.made_at),
        escaped(&plan.made_by),
        escaped(&plan.software),
        day(plan.valid_until)
    );
    body.push_str("<table><tbody>\n");
    for action in
        [Action::Erase, Action::Anonymise, Action::Keep, Action::ForPerson, Action::Notify]
    {
        body.push_str(&format!(
            "<tr><th>{}</th><td>{}</td></tr>\n",
            action.as_str(),
            plan.n(action)
        ));
    }
    body.push_str(&format!(
        "<tr><th>files changed or removed</th><td>{}</td></tr>\n<tr><th>findings about somebody \
         else</th><td>{}</td></tr>\n</tbody></table>\n",
        plan.files.len(),
        plan.n_not_subject
    ));
    for (action, title) in [
        (Action::Erase, "What is erased"),
        (Action::Anonymise, "What is made anonymous"),
        (Action::Keep, "What is kept, and on which ground"),
        (Action::ForPerson, "What a person has to do"),
        (Action::Notify, "Who has to be told (Art. 19)"),
    ] {
        let steps: Vec<&Step> = plan.steps.iter().filter(|step| step.action == action).collect();
        if !steps.is_empty() {
            body.push_str(&format!("<h2>{title}</h2>\n"));
            body.push_str(&rows(&steps));
        }
    }
    body.push_str("<h2>What becomes of each file</h2>\n<table><thead><tr><th>file</th><th>path</th>\
                   <th>bytes before</th><th>bytes after</th><th>all else</th></tr></thead><tbody>\n");
    for file in &plan.files {
        let after =
            file.result.as_ref().map_or("removed".to_owned(), |it| it.size_bytes.to_string());
        body.push_str(&format!(
            "<tr><td>{}</td><td>{}/{}</td><td>{}</td><td>{after}</td><td>{}</td></tr>\n",
            file.number,
            escaped(file.source.as_str()),
            escaped(&file.path.to_string()),
            file.facts.size_bytes,
            escaped(&file.rest)
        ));
    }
    body.push_str("</tbody></table>\n<h2>What an erasure cannot do</h2>\n<ul>\n");
    for limit in LIMITS {
        body.push_str(&format!("<li>{}</li>\n", escaped(limit)));
    }
    body.push_str(&format!(
        "</ul>\n<h2>Approval</h2>\n<p>This page stands for the plan with the digest</p>\n<p class=\"digest\">{}</p>\n\
         <p>Approved by: ______________________ on: ______________ signature: ______________________</p>\n",
        plan.digest()
    ));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta \
         http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
         'unsafe-inline'\">\n<title>Plan of erasure</title>\n<style>\nbody {{ font: 11pt/1.4 sans-serif; \
         margin: 2em; }}\ntable {{ border-collapse: collapse; margin: 1em 0; }}\nth, td {{ border: 1px \
         solid #999; padding: .2em .5em; text-align: left; vertical-align: top; overflow-wrap: anywhere; \
         }}\n.digest {{ font-family: monospace; }}\n</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

fn rows(steps: &[&Step]) -> String {
    let mut rows =
        "<table><thead><tr><th>step</th><th>where</th><th>why</th><th>law</th></tr></thead>\
                    <tbody>\n"
            .to_owned();
    for step in steps {
        let path = match (&step.source, &step.path) {
            (Some(source), Some(path)) => format!("{source}/{path}"),
            _ => String::new(),
        };
        let place = step.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
        let copy = if step.is_copy { " (copy)" } else { "" };
        rows.push_str(&format!(
            "<tr><td>{}</td><td>{}{}{copy}</td><td>{}</td><td>{}</td></tr>\n",
            step.number,
            escaped(&path),
            escaped(&place),
            escaped(&step.reason),
            escaped(step.clause.as_deref().unwrap_or_default())
        ));
    }
    rows.push_str("</tbody></table>\n");
    rows
}

fn day(at: Timestamp) -> String {
    written(at.to_zoned_datetime(TimeZone::system()).date())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
