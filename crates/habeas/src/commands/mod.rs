//! What does each subcommand do?

mod audit;
mod bundle;
mod check;
mod clock;
mod decide;
mod demo;
mod doctor;
mod erase;
mod event;
mod export_audit;
mod fixture;
mod identifiers;
mod index;
mod init;
mod letter;
mod list;
mod log;
mod map;
mod match_case;
mod open;
mod people;
mod read;
mod recognise;
mod release;
mod review;
mod rights;
mod rules;
mod status;
mod suppress;
mod verify;
mod why;

use crate::cli::{Arguments, Command};
use crate::estate::Home;
use crate::failure::{End, Failure};

/// Runs the command that was typed.
pub fn run(arguments: Arguments) -> Result<End, Failure> {
    let Arguments { estate, json, command } = arguments;
    let home = || Home::find(estate.as_deref());
    match command {
        Command::Demo { dir } => demo::run(dir.as_deref()),
        Command::Init { dir, source } => init::run(&dir, &source, json),
        Command::Index { fresh, require_isolation } => {
            index::run(&home()?, fresh, require_isolation, json)
        }
        Command::Open(open) => open::run(&home()?, &open, json),
        Command::Match { case, all } => match_case::run(&home()?, case.as_deref(), all, json),
        Command::Identifiers { case, accept, reject, reason, by } => {
            let answers = identifiers::Answers { accept, reject, reason, by };
            identifiers::run(&home()?, &case, answers, json)
        }
        Command::Why { case, item, place } => {
            why::run(&home()?, &case, &item, place.as_deref(), json)
        }
        Command::Decide(decide) => decide::run(&home()?, &decide, json),
        Command::People(people) => people::run(&home()?, &people, json),
        Command::Bundle { case, out, date, by, zip } => {
            let by = by.as_deref();
            bundle::run(&home()?, &case, (out.as_deref(), zip), (date.as_deref(), by), json)
        }
        Command::Verify { bundle, look } => verify::run(estate.as_deref(), &bundle, look, json),
        Command::Read { paths, passwords, no_ocr } => {
            read::run(&paths, passwords.as_deref(), no_ocr, json)
        }
        Command::Doctor => doctor::run(home().ok().as_ref(), json),
        Command::Check { bytes } => check::run(&home()?, bytes, json),
        Command::Recognise { file, subject } => recognise::run(file.as_deref(), &subject, json),
        Command::Status { case, exceptions, open } => {
            status::run(&home()?, case.as_deref(), exceptions, open, json)
        }
        Command::List => {
            list::run(json);
            Ok(End::Done)
        }
        Command::Fixture { dir, files, seed } => fixture::run(&dir, files, seed),
        Command::Letter(letter) => letter::run(&home()?, &letter, json),
        Command::Clock { case } => clock::run(&home()?, &case, json),
        Command::Event(event) => event::run(&home()?, &event, json),
        Command::Approve { case, looked_at, by } => {
            release::approve(&home()?, &case, &looked_at, by.as_deref(), json)
        }
        Command::Release(arguments) => release::run(&home()?, &arguments, json),
        Command::Log { case, verify } => log::run(&home()?, &case, verify, json),
        Command::ExportAudit { case, out } => export_audit::run(&home()?, &case, &out, json),
        Command::Map(map) => map::run(&home()?, &map, json),
        Command::Audit { out, date } => audit::run(&home()?, out.as_deref(), date.as_deref(), json),
        Command::Suppress { case, check, since, by } => {
            suppress::run(&home()?, &case, (check, since.as_deref()), by, json)
        }
        Command::Erase(step) => erase::run(&home()?, step, json),
        Command::Review { case, port, no_open, idle } => {
            review::run(home()?, case.as_deref(), (port, idle), !no_open, json)
        }
        // Taken care of before the arguments come here, because it prints nothing but frames.
        Command::Reader | Command::Lister | Command::Eyes { .. } => Ok(End::Done),
    }
}
