//! When is the answer due?
//!
//! Statute and guidance can be read apart in two points: whether the month that begins "with" a day
//! ends on the same date of the next month or the day before, and whether a pause counts its first
//! day. [`due`] computes every reading and works to the earliest, so that an answer in time by
//! Habeas is in time by any of them.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::words::{days, written};
use crate::{Calendar, Law, Regime};

/// What happened to a request that bears on its deadline. All dates are local to the controller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// The day the request was received.
    pub received: Date,
    /// Proof of identity or authority, if it was reasonably asked for (Art. 12(6)).
    pub identity: Option<Wait>,
    /// A fee, if one may be charged and was asked for (Art. 12(5)).
    pub fee: Option<Wait>,
    /// Questions reasonably needed to find what is asked for (Art. 12A(5)); in any order.
    pub clarifications: Vec<Wait>,
    /// The day on which the person was told, with reasons, that the answer takes two months more.
    pub extended: Option<Date>,
    /// Whose law answers.
    pub law: Law,
    /// Whose holidays count.
    pub calendar: Calendar,
}

/// Something that was asked of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// The day it was asked.
    pub asked: Date,
    /// The day on which a sufficient answer came, once it has.
    #[serde(default)]
    pub answered: Option<Date>,
}

impl Timeline {
    /// A request that was received on that day, and nothing has happened since.
    pub fn new(received: Date, law: Law, calendar: Calendar) -> Self {
        let (identity, fee, clarifications, extended) = (None, None, Vec::new(), None);
        Self { received, identity, fee, clarifications, extended, law, calendar }
    }
}

/// A way of counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// As the Information Commissioner counts.
    ///
    /// # Source
    /// ICO, *Right of access*, "How long do we have to comply?" and "Can we clarify the request?"
    Ico,
    /// As the words of UK GDPR Art. 12A stand: a month "beginning with" a day ends the day before
    /// the same date; a pause counts both its ends; no day off moves anything.
    Statute,
    /// UK GDPR Art. 12(3) before 5 February 2026, which knows no wait and no pause; counted by
    /// Regulation (EEC, Euratom) 1182/71 Art. 3.
    OldText,
    /// Regulation (EU) 2016/679 Art. 12(3), counted by Regulation (EEC, Euratom) 1182/71 Art. 3.
    Eu,
}

impl Reading {
    /// The reading in words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ico => "as the Information Commissioner counts",
            Self::Statute => "as the words of Art. 12A UK GDPR stand",
            Self::OldText => "as the words of Art. 12(3) UK GDPR stood before 5 February 2026",
            Self::Eu => "as Art. 12(3) GDPR and Regulation 1182/71 count",
        }
    }
}

/// The last day of one reading, and how it was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Which way of counting.
    pub reading: Reading,
    /// The last day on which the answer is in time, to its end.
    pub last_day: Date,
    /// The last day on which notice of an extension is in time.
    pub notice_by: Date,
    /// The arithmetic, a sentence a step. It holds dates and nothing about the person.
    pub steps: Vec<String>,
}

/// Does the clock run?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It runs, or has run out.
    Running,
    /// It is stopped until a question is answered; the last day is no earlier than the one given.
    Paused,
    /// It has not begun, because identity or a fee is awaited; likewise.
    NotBegun,
}

/// When the answer is due, by every reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The text that the clock follows: that of the day of receipt.
    pub regime: Regime,
    /// Does the clock run? By the reading that stops it most.
    pub state: State,
    /// The day to work to: the earliest of the readings.
    pub working: Date,
    /// The last day for notice of an extension: the earliest of the readings.
    pub notice_by: Date,
    /// The readings, the earliest first. Invariant: never empty.
    readings: Vec<Due>,
}

impl Deadline {
    /// The readings, the earliest first; never empty.
    pub fn readings(&self) -> &[Due] {
        &self.readings
    }

    /// The whole arithmetic in words: each reading with its steps, then the day to work to.
    pub fn steps(&self) -> Vec<String> {
        let mut steps = vec![format!("The request is answered under {}.", self.regime.title())];
        for due in &self.readings {
            steps.push(format!("Counted {}:", due.reading.title()));
            steps.extend(due.steps.iter().map(|step| format!("  {step}")));
        }
        let why = if self.readings.len() > 1 { ", the earliest of these" } else { "" };
        steps.push(format!("Work to {}{why}.", written(self.working)));
        steps
    }
}

/// When the answer to a request is due.
///
/// A question or proof that is still awaited counts as if it had come on the day it was asked for, so
/// that the date given is never too late; [`Deadline::state`] says that it will move.
///
/// # Source
/// UK GDPR Art. 12(3) and 12A (Data (Use and Access) Act 2025 s. 76); ICO, *Right of access*, "How
/// long do we have to comply?"; Regulation (EU) 2016/679 Art. 12(3).
pub fn due(timeline: &Timeline) -> Deadline {
    let regime = Regime::on(timeline.law, timeline.received);
    let readings: &[Reading] = match regime {
        Regime::UkUntilFebruary2026 => &[Reading::OldText, Reading::Ico],
        Regime::UkFromFebruary2026 | Regime::UkFromJune2026 => &[Reading::Statute, Reading::Ico],
        Regime::Eu => &[Reading::Eu],
    };
    let mut readings: Vec<Due> = readings.iter().map(|reading| count(timeline, *reading)).collect();
    readings.sort_by_key(|due| due.last_day);
    let working = readings.iter().map(|due| due.last_day).min().unwrap_or(timeline.received);
    let notice_by = readings.iter().map(|due| due.notice_by).min().unwrap_or(timeline.received);
    Deadline { regime, state: state(timeline), working, notice_by, readings }
}

fn state(timeline: &Timeline) -> State {
    let is_open = |wait: &Wait| wait.answered.is_none();
    if timeline.law == Law::Eu {
        State::Running
    } else if timeline.identity.iter().chain(&timeline.fee).any(is_open) {
        State::NotBegun
    } else if timeline.clarifications.iter().any(is_open) {
        State::Paused
    } else {
        State::Running
    }
}

fn count(timeline: &Timeline, reading: Reading) -> Due {
    let mut steps = Vec::new();
    let begin = begin(timeline, reading, &mut steps);
    let mut first = Vec::new();
    let month = months(timeline, reading, begin, 1, &mut first);
    let notice_by = pause(timeline, reading, begin, month, &mut first);
    let last_day = match timeline.extended {
        Some(told) if told <= notice_by => {
            steps.push(format!(
                "Extended by two months, with notice on {}, in time until {}.",
                written(told),
                written(notice_by)
            ));
            let third = months(timeline, reading, begin, 3, &mut steps);
            pause(timeline, reading, begin, third, &mut steps)
        }
        late => {
            steps.append(&mut first);
            if let Some(told) = late {
                let told = written(told);
                steps.push(format!("Notice of an extension came after that, on {told}: too late."));
            }
            notice_by
        }
    };
    Due { reading, last_day, notice_by, steps }
}

/// The relevant time: receipt, or the proof or fee that came last.
fn begin(timeline: &Timeline, reading: Reading, steps: &mut Vec<String>) -> Date {
    let mut begin = timeline.received;
    steps.push(format!("Received on {}.", written(begin)));
    let waits = [("Proof of identity or authority", timeline.identity), ("The fee", timeline.fee)];
    for (what, wait) in waits {
        let Some(wait) = wait else { continue };
        if matches!(reading, Reading::OldText | Reading::Eu) {
            steps.push(format!("{what} was asked for; the text knows no wait for it."));
            continue;
        }
        match wait.answered {
            Some(came) => {
                steps.push(format!("{what} came on {}.", written(came)));
                begin = begin.max(came);
            }
            None => {
                let asked = written(wait.asked);
                steps.push(format!(
                    "{what} was asked for on {asked} and has not come: the month has not begun. \
                     Counted as if it came that day, which is the earliest it can be."
                ));
                begin = begin.max(wait.asked);
            }
        }
    }
    if begin != timeline.received {
        steps.push(format!("The month begins with the latest of these, {}.", written(begin)));
    }
    begin
}

/// The end of `number` months, with days off where the reading moves them.
fn months(
    timeline: &Timeline,
    reading: Reading,
    begin: Date,
    number: i32,
    steps: &mut Vec<String>,
) -> Date {
    let span = if number == 1 { "One month".to_owned() } else { format!("{number} months") };
    // A month without that date ends on its last day; `saturating_add` does just that.
    let same = begin.saturating_add(number.months());
    let is_there = same.day() == begin.day();
    if reading == Reading::Statute {
        let last = if is_there { same.saturating_sub(1.day()) } else { same };
        steps.push(format!("{span} beginning with that day: to the end of {}.", written(last)));
        return last;
    }
    let missing = if is_there { "" } else { " (there is no such date: the last day of the month)" };
    steps.push(format!("{span}, to the same date{missing}: {}.", written(same)));
    // Which holidays a member state has is not known here; counting none is never too late.
    let is_eu = reading == Reading::Eu;
    let calendar = if is_eu { Calendar::WeekendsOnly } else { timeline.calendar };
    let last = calendar.working_from(same);
    if last != same {
        let why = match calendar.holiday(same) {
            Some(name) => format!("a public holiday ({name})"),
            None => "at a weekend".to_owned(),
        };
        steps.push(format!("That is {why}: the end of the next working day, {}.", written(last)));
    }
    last
}

/// The end of the period with the days for which the clock was stopped.
///
/// The days are added to an end that was already moved to a working day (the ICO's example of
/// 19 June 2026 shows the order), and the sum is not moved again: nothing says so, and it is the
/// earlier day.
fn pause(
    timeline: &Timeline,
    reading: Reading,
    begin: Date,
    end: Date,
    steps: &mut Vec<String>,
) -> Date {
    if timeline.clarifications.is_empty() {
        return end;
    }
    if matches!(reading, Reading::OldText | Reading::Eu) {
        steps.push("A question was asked; the text knows no stopping of the clock.".to_owned());
        return end;
    }
    let mut waits = timeline.clarifications.clone();
    waits.sort_by_key(|wait| wait.asked);
    let mut last_day = end;
    // The first day that no earlier pause has covered, so that no day counts twice.
    let mut free = begin;
    for wait in waits {
        let asked = written(wait.asked);
        if wait.asked > last_day {
            steps.push(format!("A question on {asked} came after the end: it changes nothing."));
            continue;
        }
        let Some(answered) = wait.answered else {
            steps.push(format!(
                "Asked on {asked} and not answered: the clock is stopped, and the end moves on by \
                 every day until the answer."
            ));
            continue;
        };
        let from = wait.asked.max(free);
        let inclusive = i32::from(reading == Reading::Statute);
        let n_days = ((answered - from).get_days() + inclusive).max(0);
        free = free.max(answered.saturating_add(inclusive.days()));
        let ends = if inclusive == 1 { ", both days counted" } else { "" };
        steps.push(format!(
            "Asked on {asked}, answered on {}: {}{ends}.",
            written(answered),
            days(n_days)
        ));
        last_day = last_day.saturating_add(n_days.days());
    }
    if last_day != end {
        steps.push(format!("With the clock stopped so long: {}.", written(last_day)));
        if reading == Reading::Ico && !timeline.calendar.is_working(last_day) {
            steps.push("That is a day off; it is not moved again.".to_owned());
        }
    }
    last_day
}

#[cfg(test)]
mod tests;
