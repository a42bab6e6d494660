//! `habeas erase plan`: what would happen with every copy.

use std::path::Path;
use std::sync::Mutex;

use habeas_erase::{Action, Asked, Choice, Means, Plan, Step, draw_up, save, write_to};
use habeas_index::Estate;
use habeas_ingest::Reading;
use habeas_model::ItemId;
use jiff::Timestamp;
use serde_json::json;

use super::{case, failed, nobody_waits};
use crate::commands::bundle::quoted;
use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::{rules, say};

/// What the command line chose.
pub struct Chosen {
    /// Items that go whole.
    pub erase: Vec<String>,
    /// Items that stay.
    pub keep: Vec<String>,
    /// On which exception.
    pub exception: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who draws up the plan.
    pub by: String,
}

/// Draws up a plan, keeps it in the case, and prints what it comes to. Changes no source.
pub fn run(
    home: &Home,
    name: &str,
    out: Option<&Path>,
    chosen: &Chosen,
    json: bool,
) -> Result<End, Failure> {
    let case = case(home, name)?;
    nobody_waits(home, &case)?;
    let rules = rules::rules(home)?;
    let estate = home.open()?;
    let budget = home.config.budget(&home.root)?;
    let eyes = home.config.eyes().ok();
    let (file_bytes, expanded_bytes) = (budget.file_bytes, budget.expanded_bytes);
    let reading = Mutex::new(Reading::new(budget, home.config.patience(), eyes));
    let bar = say::bar("erase plan");
    let read = |file: &Path, name: &str| {
        bar.inc(1);
        // A reading that panicked has read nothing of this file.
        let mut reading = reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        reading.read(file, name)
    };
    let means = Means { estate: &estate, rules: &rules, read: &read, file_bytes, expanded_bytes };
    let asked = Asked {
        by: &chosen.by,
        at: Timestamp::now(),
        today: crate::commands::rules::today(),
        choices: choices(&estate, chosen)?,
    };
    let drawn = draw_up(&case, &means, &asked);
    bar.finish_and_clear();
    let (plan, watched) = drawn.map_err(failed)?;
    let dir = save(&case, &plan, &watched).map_err(failed)?;
    if let Some(out) = out {
        write_to(out, &plan).map_err(failed)?;
    }
    let dir = out.map_or(dir, Path::to_owned);
    print(&plan, &dir, json);
    let n_left = plan.n(Action::ForPerson);
    Ok(if n_left == 0 { End::Done } else { End::Exceptions })
}

fn choices(estate: &Estate, chosen: &Chosen) -> Result<Vec<Choice>, Failure> {
    let reason = chosen.reason.clone().unwrap_or_default();
    let exception = chosen.exception.as_deref().map(rules::exception).transpose()?;
    let mut choices = Vec::new();
    for text in &chosen.erase {
        let reason = reason.clone();
        let chosen = habeas_erase::Chosen::Erase;
        choices.push(Choice { item: item(estate, text)?, chosen, reason });
    }
    for text in &chosen.keep {
        let Some(exception) = exception else {
            return Err(Failure::usage("on which exception does it stay?")
                .hint("say so with `--exception \"17(3)(b)\"`"));
        };
        let reason = reason.clone();
        let chosen = habeas_erase::Chosen::Keep(exception);
        choices.push(Choice { item: item(estate, text)?, chosen, reason });
    }
    Ok(choices)
}

/// The one item that a text names.
fn item(estate: &Estate, text: &str) -> Result<ItemId, Failure> {
    let found = estate.find_item(text).map_err(Failure::stopped)?;
    match found.as_slice() {
        [item] => Ok(*item),
        [] => Err(Failure::usage(format!("there is no item `{text}`"))
            .hint("name it by the first digits of its id, or by its path")),
        many => Err(Failure::usage(format!("`{text}` may be one of {} items", many.len())).hint(
            "give more digits of its id, or more of its path, with its source: `mail:a/b.eml`",
        )),
    }
}

fn print(plan: &Plan, dir: &Path, json: bool) {
    let digest = plan.digest();
    if json {
        for step in &plan.steps {
            say::json(&json!({"type": "step", "data": step}));
        }
        say::json(&json!({"type": "plan", "data": {
            "case": plan.case, "plan": dir.join("plan.json"), "digest": digest,
            "erase": plan.n(Action::Erase), "anonymise": plan.n(Action::Anonymise), "keep": plan.n(Action::Keep),
            "for_person": plan.n(Action::ForPerson), "notify": plan.n(Action::Notify),
            "files": plan.files.len(), "not_subject": plan.n_not_subject, "changed": 0}}));
        return;
    }
    for step in &plan.steps {
        say::result(&line(step));
    }
    let count = |action: Action| say::count(plan.n(action) as u64);
    say::result(&format!(
        "{}: {} to erase and {} to make anonymous in {}, {} to keep, {} for a person, {} to notify; {} about somebody else",
        plan.case,
        say::counted(plan.n(Action::Erase) as u64, "copy", "copies"),
        count(Action::Anonymise),
        say::counted(plan.files.len() as u64, "file", "files"),
        count(Action::Keep),
        count(Action::ForPerson),
        count(Action::Notify),
        say::counted(plan.n_not_subject, "finding", "findings"),
    ));
    say::result("nothing was changed");
    say::result(&format!("read and sign {}", quoted(&dir.join("plan.html"))));
    if plan.files.is_empty() {
        say::result("there is nothing to carry out");
    } else {
        say::result(&format!(
            "next, by somebody else: habeas erase apply {} --digest {digest} --by NAME",
            quoted(&dir.join("plan.json"))
        ));
    }
}

fn line(step: &Step) -> String {
    let place = match (&step.source, &step.path, &step.place) {
        (Some(source), Some(path), Some(place)) => {
            format!("{source}/{}, {place}", shown(&path.to_string()))
        }
        (Some(source), Some(path), None) => format!("{source}/{}", shown(&path.to_string())),
        _ => "-".to_owned(),
    };
    let copy = if step.is_copy { " (copy)" } else { "" };
    let clause = step.clause.as_ref().map(|clause| format!(" [{clause}]")).unwrap_or_default();
    format!(
        "{:>4}  {:<12}  {place}{copy}\n{:20}{}{clause}",
        step.number,
        step.action.as_str(),
        "",
        shown(&step.reason)
    )
}
