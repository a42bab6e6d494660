//! `habeas clock`: when is the answer due, and how was that reckoned?

use habeas_case::Register;
use habeas_law::{State, Timeline, due, written};
use serde_json::json;

use super::rules::today;
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// Prints every reading with its arithmetic, and what an extension today would change.
pub fn run(home: &Home, case: &str, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(case).map_err(Failure::of_case)?;
    let timeline = case.history().map_err(Failure::stopped)?.timeline(&case.request);
    let deadline = due(&timeline);
    let today = today();
    let can_extend = timeline.extended.is_none() && today <= deadline.notice_by;
    let extended =
        can_extend.then(|| due(&Timeline { extended: Some(today), ..timeline.clone() }).working);
    let n_days = days_left(deadline.working);
    if json {
        say::json(&json!({"type": "clock", "data": {
            "case": case.id.to_string(), "received": timeline.received,
            "regime": deadline.regime, "state": deadline.state, "due": deadline.working,
            "days_left": n_days, "notice_by": deadline.notice_by,
            "readings": deadline.readings(), "steps": deadline.steps(),
            "due_if_extended_today": extended}}));
        return Ok(End::Done);
    }
    for step in deadline.steps() {
        say::result(&step);
    }
    match deadline.state {
        State::Running => {}
        State::Paused => {
            say::result("The clock is stopped: the day moves on until the answer comes.")
        }
        State::NotBegun => say::result("The month has not begun: the day moves on until it has."),
    }
    say::result(&format!("{}.", capitalised(&left(n_days))));
    say::result(&match (timeline.extended, extended) {
        (Some(told), _) => format!("The person was told of an extension on {}.", written(told)),
        (None, Some(day)) => format!(
            "If the person were told today, with reasons, that it takes two months more: {}. Notice is \
             in time until {}.",
            written(day),
            written(deadline.notice_by)
        ),
        (None, None) => format!(
            "It cannot be extended any more: notice had to be given by {}.",
            written(deadline.notice_by)
        ),
    });
    Ok(End::Done)
}

/// How many days are left until the end of a day; below 0 once it has passed.
pub fn days_left(day: jiff::civil::Date) -> i32 {
    today().until(day).map_or(0, |span| span.get_days())
}

/// `3 days left`, `1 day late`.
pub fn left(n_days: i32) -> String {
    let n = say::counted(u64::from(n_days.unsigned_abs()), "day", "days");
    if n_days < 0 { format!("{n} late") } else { format!("{n} left") }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
