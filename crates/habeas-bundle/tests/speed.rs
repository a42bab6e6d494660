//! How long does proving take? Asked by hand, of a bundle that somebody has.
//!
//! `HABEAS_BUNDLE=DIR HABEAS_CASE=DIR cargo nextest run -p habeas-bundle --run-ignored only speed --no-capture`

#![allow(clippy::print_stdout, reason = "it is a measurement")]

use std::path::PathBuf;
use std::time::Instant;

#[test]
#[ignore = "a measurement: needs a bundle of somebody's"]
fn seconds_of_checking_a_bundle() {
    let dir = |name| PathBuf::from(std::env::var_os(name).unwrap_or_default());
    let begun = Instant::now();
    let made = habeas_bundle::verify(
        &dir("HABEAS_BUNDLE"),
        Some(&dir("HABEAS_CASE")),
        &Default::default(),
    )
    .unwrap();
    println!("{:.2} s, {} problems", begun.elapsed().as_secs_f64(), made.problems.len());
    made.problems.iter().for_each(|problem| println!("{problem}"));
    made.checks.iter().for_each(|check| println!("{check:?}"));
}
