use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn wait(asked: &str, answered: &str) -> Wait {
    Wait { asked: day(asked), answered: (!answered.is_empty()).then(|| day(answered)) }
}

fn received(text: &str) -> Timeline {
    Timeline::new(day(text), Law::Uk, Calendar::EnglandAndWales)
}

fn by(timeline: &Timeline, reading: Reading) -> Date {
    let deadline = due(timeline);
    let found = deadline.readings().iter().find(|due| due.reading == reading);
    let Some(due) = found else { panic!("{reading:?} is not computed") };
    assert!(deadline.working <= due.last_day, "the working day is the earliest");
    due.last_day
}

fn check_ico(timeline: &Timeline, expected: &str) {
    let steps = due(timeline).steps().join("\n");
    assert_eq!(by(timeline, Reading::Ico), day(expected), "{steps}");
}

/// Received on the first day, a question asked and answered, due on the last.
fn check_pause(start: &str, asked: &str, answered: &str, expected: &str) {
    let clarifications = vec![wait(asked, answered)];
    check_ico(&Timeline { clarifications, ..received(start) }, expected);
}

#[test]
fn a_month_ends_on_the_same_date() {
    check_ico(&received("2024-11-25"), "2024-12-27"); // ICO: Christmas, then Boxing Day
    check_ico(&received("2025-01-31"), "2025-02-28");
    check_ico(&received("2024-01-31"), "2024-02-29");
    check_ico(&received("2026-01-31"), "2026-03-02"); // the 28th is a Saturday
    check_ico(&received("2026-01-01"), "2026-02-02"); // received on a holiday; the 1st is a Sunday
    check_ico(&received("2026-09-03"), "2026-10-05"); // the 3rd is a Saturday
    check_ico(&received("2026-03-03"), "2026-04-07"); // Good Friday, Easter Monday
    check_ico(&received("2026-11-25"), "2026-12-29"); // Christmas, weekend, substitute day
    check_ico(&received("2026-05-31"), "2026-06-30");
    check_ico(&received("2026-08-31"), "2026-09-30");
    check_ico(&received("2028-01-31"), "2028-02-29");
}

#[test]
fn a_pause_is_added_to_a_working_day() {
    check_pause("2027-05-14", "2027-05-15", "2027-05-18", "2027-06-17"); // ICO: 14 June + 3
    check_pause("2026-06-19", "2026-07-15", "2026-07-16", "2026-07-21"); // ICO: Sunday, Monday, + 1
    check_pause("2026-07-01", "2026-07-02", "2026-07-02", "2026-08-03"); // ICO: same day, no change
    check_pause("2026-07-01", "2026-09-02", "2026-09-12", "2026-08-03"); // asked when it was over
    check_pause("2026-07-01", "2026-07-02", "2026-07-07", "2026-08-08"); // a Saturday, and stays
}

#[test]
fn an_extension_is_three_months_from_the_start() {
    let extended = |start, told: &str| Timeline { extended: Some(day(told)), ..received(start) };
    check_ico(&extended("2025-08-07", "2025-08-20"), "2025-11-07");
    check_ico(&extended("2026-08-07", "2026-08-20"), "2026-11-09"); // the 7th is a Saturday
    check_ico(&extended("2026-08-07", "2026-09-08"), "2026-09-07"); // told too late
    let timeline = Timeline {
        clarifications: vec![wait("2026-08-10", "2026-08-14")],
        ..extended("2026-08-07", "2026-09-10") // in time only because the pause does not count
    };
    check_ico(&timeline, "2026-11-13");
    assert_eq!(due(&timeline).notice_by, day("2026-09-11"));
}

#[test]
fn the_month_begins_with_proof_and_fee() {
    let mut timeline =
        Timeline { identity: Some(wait("2026-09-02", "2026-09-10")), ..received("2026-09-01") };
    check_ico(&timeline, "2026-10-12"); // the 10th is a Saturday
    timeline.fee = Some(wait("2026-09-02", "2026-09-15"));
    check_ico(&timeline, "2026-10-15");
    assert_eq!(due(&timeline).state, State::Running);
    timeline.identity = Some(wait("2026-09-02", ""));
    assert_eq!(due(&timeline).state, State::NotBegun);
}

#[test]
fn a_day_is_paused_once() {
    let clarifications = vec![wait("2026-09-08", "2026-09-12"), wait("2026-09-05", "2026-09-10")];
    let timeline = Timeline { clarifications, ..received("2026-09-01") };
    check_ico(&timeline, "2026-10-08"); // 5 to 12 September
    assert_eq!(by(&timeline, Reading::Statute), day("2026-10-08")); // 30 September + 8
    // Asked together with the proof: only the days after the month began count.
    let timeline = Timeline { identity: Some(wait("2026-09-02", "2026-09-10")), ..timeline };
    check_ico(&timeline, "2026-10-14"); // Monday the 12th + 2
}

#[test]
fn an_open_question_stops_the_clock() {
    let timeline =
        Timeline { clarifications: vec![wait("2026-09-05", "")], ..received("2026-09-01") };
    let deadline = due(&timeline);
    assert_eq!((deadline.state, deadline.working), (State::Paused, day("2026-09-30")));
}

#[test]
fn the_words_of_the_statute_end_a_day_earlier() {
    let cases = [
        ("2026-06-19", "2026-07-18"),
        ("2026-03-03", "2026-04-02"),
        ("2026-03-01", "2026-03-31"),
        ("2027-01-31", "2027-02-28"),
        ("2027-01-28", "2027-02-27"),
    ];
    for (start, end) in cases {
        assert_eq!(by(&received(start), Reading::Statute), day(end), "{start}");
        assert_eq!(due(&received(start)).working, day(end), "{start}");
    }
    // Art. 12A(5)(b): from the day asked to the day answered, both in it.
    let clarifications = vec![wait("2027-05-15", "2027-05-18")];
    let timeline = Timeline { clarifications, ..received("2027-05-14") };
    assert_eq!(by(&timeline, Reading::Statute), day("2027-06-17")); // 13 June + 4
}

#[test]
fn the_old_text_and_the_eu_know_no_pause() {
    let clarifications = vec![wait("2025-05-15", "2025-05-20")];
    let old = Timeline { clarifications, ..received("2025-05-13") };
    assert_eq!(by(&old, Reading::OldText), day("2025-06-13"));
    check_ico(&old, "2025-06-18");
    let eu = Timeline { law: Law::Eu, ..old };
    assert_eq!((due(&eu).working, due(&eu).readings().len()), (day("2025-06-13"), 1));
    assert_eq!(due(&eu).state, State::Running);
    // Good Friday is a day off in some member states only; Sunday is one everywhere.
    for (start, end) in [("2026-03-03", "2026-04-03"), ("2026-03-05", "2026-04-06")] {
        assert_eq!(due(&Timeline { law: Law::Eu, ..received(start) }).working, day(end));
    }
}

#[test]
fn scotland_has_its_own_days_off() {
    let scotland = |start| Timeline { calendar: Calendar::Scotland, ..received(start) };
    check_ico(&scotland("2026-05-15"), "2026-06-16"); // the World Cup bank holiday
    check_ico(&scotland("2026-03-06"), "2026-04-06"); // Easter Monday is a working day
    check_ico(&received("2026-03-06"), "2026-04-07");
}

#[test]
fn each_calendar_moves_the_day_by_its_own_holidays() {
    use Calendar::{EnglandAndWales, NorthernIreland, Scotland, WeekendsOnly};
    let on = |calendar, start: &str, expected: &str| {
        check_ico(&Timeline { calendar, ..received(start) }, expected);
    };
    on(NorthernIreland, "2026-02-17", "2026-03-18"); // St Patrick's Day
    on(EnglandAndWales, "2026-02-17", "2026-03-17");
    on(NorthernIreland, "2026-06-12", "2026-07-14"); // Sunday, then the Boyne kept on Monday
    on(EnglandAndWales, "2026-06-12", "2026-07-13");
    on(Scotland, "2025-12-01", "2026-01-05"); // two days off at New Year, then a weekend
    on(EnglandAndWales, "2025-12-01", "2026-01-02");
    on(Scotland, "2026-07-03", "2026-08-04"); // the summer holiday is the first Monday
    on(NorthernIreland, "2026-07-31", "2026-09-01"); // and here the last
    on(Scotland, "2026-07-31", "2026-08-31");
    on(WeekendsOnly, "2026-03-03", "2026-04-03"); // Good Friday counts as any day
}

#[test]
fn the_day_of_receipt_chooses_the_text() {
    use Reading::{Eu, Ico, OldText, Statute};
    let check = |law, start: &str, regime, first, second| {
        let deadline = due(&Timeline { law, ..received(start) });
        let readings: Vec<Reading> = deadline.readings().iter().map(|due| due.reading).collect();
        assert_eq!(deadline.regime, regime, "{start}");
        assert!(readings.contains(&first) && readings.contains(&second), "{start}: {readings:?}");
    };
    check(Law::Uk, "2026-02-04", Regime::UkUntilFebruary2026, OldText, Ico);
    check(Law::Uk, "2026-02-05", Regime::UkFromFebruary2026, Statute, Ico);
    check(Law::Uk, "2026-06-18", Regime::UkFromFebruary2026, Statute, Ico);
    check(Law::Uk, "2026-06-19", Regime::UkFromJune2026, Statute, Ico);
    check(Law::Eu, "2026-06-19", Regime::Eu, Eu, Eu);
    // What came the day before is answered under the old text to its end: a wait changes nothing there.
    let late =
        Timeline { identity: Some(wait("2026-02-05", "2026-02-20")), ..received("2026-02-04") };
    assert_eq!(due(&late).working, day("2026-03-04"));
    let early =
        Timeline { identity: Some(wait("2026-02-05", "2026-02-20")), ..received("2026-02-05") };
    assert_eq!(due(&early).working, day("2026-03-19"));
}

#[test]
fn both_readings_wait_for_proof_and_fee() {
    let timeline = Timeline {
        identity: Some(wait("2026-09-02", "2026-09-10")),
        fee: Some(wait("2026-09-02", "2026-09-15")),
        ..received("2026-09-01")
    };
    assert_eq!(by(&timeline, Reading::Statute), day("2026-10-14"));
    assert_eq!(by(&timeline, Reading::Ico), day("2026-10-15"));
    // The earlier of the two begins nothing, and an extension counts from the same beginning.
    let extended = Timeline { extended: Some(day("2026-10-01")), ..timeline };
    assert_eq!(by(&extended, Reading::Statute), day("2026-12-14"));
    assert_eq!(by(&extended, Reading::Ico), day("2026-12-15"));
}

#[test]
fn the_arithmetic_reads_as_sentences() {
    let clarifications = vec![wait("2026-07-15", "2026-07-16")];
    let steps = due(&Timeline { clarifications, ..received("2026-06-19") }).steps();
    assert_eq!(
        steps,
        [
            "The request is answered under UK GDPR as in force from 19 June 2026.",
            "Counted as the words of Art. 12A UK GDPR stand:",
            "  Received on Friday 19 June 2026.",
            "  One month beginning with that day: to the end of Saturday 18 July 2026.",
            "  Asked on Wednesday 15 July 2026, answered on Thursday 16 July 2026: 2 days, both days \
             counted.",
            "  With the clock stopped so long: Monday 20 July 2026.",
            "Counted as the Information Commissioner counts:",
            "  Received on Friday 19 June 2026.",
            "  One month, to the same date: Sunday 19 July 2026.",
            "  That is at a weekend: the end of the next working day, Monday 20 July 2026.",
            "  Asked on Wednesday 15 July 2026, answered on Thursday 16 July 2026: 1 day.",
            "  With the clock stopped so long: Tuesday 21 July 2026.",
            "Work to Monday 20 July 2026, the earliest of these.",
        ]
    );
}
