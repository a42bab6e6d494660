//! What goes to whom: results to stdout, talk to stderr, one JSON object a line for machines.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

pub use habeas_report::{count, counted};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

/// Prints a line of talk on stderr.
pub fn talk(line: &str) {
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Prints a result on stdout. A closed pipe ends the command, quietly, as `head` expects.
pub fn result(line: &str) {
    if writeln!(io::stdout().lock(), "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Prints a result as one JSON object on one line.
pub fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(line) => result(&line),
        Err(error) => talk(&format!("error: a result could not be written as JSON: {error}")),
    }
}

/// A progress bar on a terminal, nothing elsewhere.
pub fn bar(what: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(
        None,
        if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        },
    );
    let style = ProgressStyle::with_template("{msg} {bar:32} {pos}/{len} {elapsed}, {eta} to go");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
