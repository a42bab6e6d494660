//! Is anything lost or doubled when a run is killed, wherever it is?

#![allow(clippy::print_stdout, reason = "figures are for whoever runs this")]

mod common;

use std::process::{Command, Stdio};
use std::time::Duration;

use common::{PROBE, Place, sums};
use habeas_index::Estate;
use habeas_model::{Lookup, Word};

/// Everything that an estate says, in a form that can be compared.
fn everything(estate: &Estate) -> Vec<String> {
    let all = [Lookup::Words(vec![Word::Prefix("all".to_owned())])];
    let mut lines = vec![format!("{:?} {}", sums(estate), estate.n_passages())];
    for passage in estate.passages(&all).unwrap() {
        lines.push(format!("{:?} {} {}", passage.item, passage.number, passage.passage.text));
        for place in estate.occurrences(&passage.item).unwrap() {
            lines.push(format!("{} {} {:?}", place.source, place.path, place.outcome));
        }
    }
    for (source, path, exception) in estate.exceptions().unwrap() {
        lines.push(format!("{source} {path} {exception}"));
    }
    lines
}

/// `HABEAS_KILLS=200` makes so many; without it there are twenty.
#[test]
fn twenty_kills_change_nothing() {
    let n_kills: u64 =
        std::env::var("HABEAS_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let place = Place::new();
    for n in 0..3000 {
        let text = format!("all of number {}\n", n % 2500);
        place.put(n % 2, &format!("{}/{n}.txt", n % 7), &text);
    }
    place.put(0, "3/dies.txt", "#!hostile\nall abort\nmembers\nall of one\nread abort\n");
    let command = || {
        let mut command = Command::new(PROBE);
        command.arg("index").arg(place.dir()).arg(place.root(0)).arg(place.root(1));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut n_killed = 0_u64;
    for kill in 0..n_kills {
        let mut run = command().spawn().unwrap();
        // Anywhere from the first moments to the middle of the third batch.
        std::thread::sleep(Duration::from_millis(15 + kill * 7919 % 170));
        n_killed += u64::from(run.try_wait().unwrap().is_none());
        run.kill().unwrap();
        run.wait().unwrap();
    }
    println!("{n_killed} of {n_kills} runs were killed");
    assert!(n_killed >= 10, "most runs had ended before they were killed: {n_killed}");
    assert!(command().status().unwrap().success());
    let killed = everything(&place.estate());
    let whole = tempfile::tempdir().unwrap();
    let dir = whole.path().join("estate");
    let mut unbroken = Command::new(PROBE);
    unbroken.arg("index").arg(&dir).arg(place.root(0)).arg(place.root(1));
    assert!(unbroken.status().unwrap().success());
    let unbroken = everything(&Estate::open(&dir).unwrap());
    assert_eq!(unbroken[0], "[3003, 2502, 500, 1, 0] 2502");
    assert!(killed == unbroken, "{} lines, {} lines", killed.len(), unbroken.len());
}
