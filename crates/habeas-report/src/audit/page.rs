//! The audit as a page that opens anywhere, offline.

use std::fmt::Write;

use habeas_law::written;

use super::{Audit, Finding, Outcome, Severity, State};
use crate::html::{escape, foot, head};
use crate::{Contact, count, counted};

/// So many findings of one promise are printed; the others are counted, and in the audit's JSON.
const MOST_FINDINGS: usize = 100;

/// The audit as an HTML page.
pub fn page(audit: &Audit, controller: &Contact) -> String {
    let title = match controller.name.as_str() {
        "" => "Promise audit".to_owned(),
        name => format!("Promise audit: {name}"),
    };
    let mut out = head(&title);
    let _ = write!(
        out,
        "<h1>{}</h1><p class=\"soft\">Each promise of the privacy notice, held against what was found on disk, as \
         of {}. Made with {}.</p>",
        escape(&title),
        written(audit.date),
        escape(&audit.software)
    );
    let n = |state: fn(&State) -> bool| {
        audit.promises.iter().filter(|promise| state(&promise.state)).count() as u64
    };
    out.push_str("<ul class=\"tiles\">");
    for (number, what, is_bad) in [
        (audit.promises.len() as u64, "promises", false),
        (n(|state| *state == State::Broken), "broken", true),
        (n(|state| *state == State::NothingFound), "nothing found against", false),
        (n(|state| matches!(state, State::NotChecked(_))), "not checked", true),
        (audit.findings.len() as u64, "findings", false),
    ] {
        let class = if is_bad && number > 0 { " class=\"bad\"" } else { "" };
        let _ = write!(out, "<li{class}><b>{}</b><span>{what}</span></li>", count(number));
    }
    out.push_str("</ul>\n<h2>The promises</h2><div class=\"wide\"><table><thead><tr><th>Promise</th><th>In the notice</th><th>Check</th><th>State</th><th class=\"n\">Findings</th></tr></thead><tbody>");
    for promise in &audit.promises {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td><code>{}</code></td><td>{}</td><td class=\"n\">{}</td></tr>",
            escape(&promise.promise),
            escape(&promise.notice),
            escape(&promise.check),
            state(&promise.state),
            count(promise.findings)
        );
    }
    out.push_str("</tbody></table></div>\n");
    for promise in &audit.promises {
        findings(&mut out, audit, promise);
    }
    out.push_str(
        "<footer>Evidence is given by place; paths may name people. What was not read was not seen, so \
         “nothing found” is no proof. This page loads nothing and runs nothing.</footer>",
    );
    out.push_str(foot());
    out
}

fn state(state: &State) -> String {
    match state {
        State::NothingFound => "nothing found".to_owned(),
        State::Broken => "<b>broken</b>".to_owned(),
        State::NotChecked(why) => format!("not checked: {}", escape(why)),
    }
}

fn findings(out: &mut String, audit: &Audit, promise: &Outcome) {
    let these: Vec<&Finding> =
        audit.findings.iter().filter(|finding| finding.number == promise.number).collect();
    if these.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<h2>{}</h2><p class=\"note\">{}; {}</p><div class=\"wide\"><table><thead><tr><th>How grave</th><th>Where</th>\
         <th>What</th><th>To do</th></tr></thead><tbody>",
        escape(&promise.promise),
        escape(&promise.notice),
        counted(these.len() as u64, "finding", "findings")
    );
    for finding in these.iter().take(MOST_FINDINGS) {
        let severity = match finding.severity {
            Severity::High => "<b>high</b>".to_owned(),
            other => other.to_string(),
        };
        let _ = write!(
            out,
            "<tr><td>{severity}</td><td class=\"path\">{}</td><td>{}</td><td>{}</td></tr>",
            escape(&finding.place()),
            escape(&finding.what),
            escape(&finding.advice)
        );
    }
    out.push_str("</tbody></table></div>");
    if these.len() > MOST_FINDINGS {
        let n = (these.len() - MOST_FINDINGS) as u64;
        let _ = write!(out, "<p class=\"note\">{} more are in audit.json.</p>", count(n));
    }
    out.push('\n');
}
