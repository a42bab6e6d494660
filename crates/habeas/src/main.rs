//! The command: each subcommand is a step of the path from a folder of files to an answer.

mod cli;
mod commands;
mod config;
mod estate;
mod failure;
mod rules;
mod say;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // Logs carry counts, places and codes, never content; `HABEAS_LOG=debug` shows more of them.
    let filter = EnvFilter::try_from_env("HABEAS_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .without_time()
        .init();
    let arguments = cli::Arguments::parse();
    match arguments.command {
        cli::Command::Reader => return habeas_ingest::serve(),
        cli::Command::Lister => return habeas_ingest::serve_lister(),
        cli::Command::Eyes { program, arguments } => {
            return habeas_ingest::become_foreign(&program, &arguments);
        }
        _ => {}
    }
    failure::finish(commands::run(arguments))
}
