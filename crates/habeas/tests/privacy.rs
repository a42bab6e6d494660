//! Does any log, progress line or error show who is in the estate? Everything runs at `trace`.

mod common;

use common::Clinic;

#[test]
fn no_log_or_error_names_anybody() {
    let clinic = Clinic::new();
    let mut said = String::new();
    let mut run = |arguments: &[&str]| {
        let ended = clinic.run(arguments);
        said.push_str(&ended.stderr);
        ended
    };
    run(&["index"]);
    let case = clinic.open(0);
    run(&["match", &case]);
    run(&["decide", &case, "--suggested", "--by", "tester"]);
    run(&["people", &case]);
    run(&["people", &case, "--doubts"]);
    run(&["people", &case, "--places", "1"]);
    run(&["people", &case, "--set", "1", "--policy", "show", "--ground", "staff"]);
    let bundle = run(&["--json", "bundle", &case, "--date", "2026-11-20"]);
    let made = common::lines(&bundle.stdout);
    run(&["verify", made.last().unwrap()["data"]["bundle"].as_str().unwrap()]);
    let person = clinic.gold.people().unwrap()[0].full_name();
    run(&["event", &case, "--by", "dpo", "identity-noted", "--seen", &format!("{person} rang")]);
    run(&["event", &case, "--by", "dpo", "--on", "1999-01-01", "note", &person]);
    run(&["event", &case, "--by", "dpo", "closed", "--as", "no-reply", "--reason", &person]);
    let how = ["--method", &person, "--address-check", &person, "--secret-channel", &person];
    let mut release = vec!["release", &case];
    release.extend(how);
    run(&release);
    run(&["clock", &case]);
    run(&["log", &case, "--verify"]);
    run(&["export-audit", &case, "--out", &clinic.dir.path().join("audit").display().to_string()]);
    run(&["status"]);
    run(&["status", "--exceptions"]);
    run(&["status", &case, "--open"]);
    let source = clinic.source(&clinic.gold.sources[0].name).display().to_string();
    run(&["read", &source]);
    assert!(!said.is_empty(), "the log is empty at `trace`, so this test shows nothing");

    let said = said.to_lowercase();
    for person in clinic.gold.people().unwrap() {
        for secret in
            [person.full_name(), person.email.clone(), person.mobile.clone(), person.nhs.clone()]
        {
            let secret = secret.to_lowercase();
            assert!(!said.contains(&secret), "a log line shows something of {}", person.id);
        }
    }
}
