//! `habeas erase`: every copy of a person taken out, on a plan that somebody approved.

mod carry_out;
mod draw_up;
mod prove;

use habeas_case::{Case, Register, Right, same_person};
use habeas_erase::{Error, Room};
use habeas_model::Entry;

use crate::cli::EraseCommand;
use crate::estate::Home;
use crate::failure::{End, Failure};

/// Runs a step of an erasure.
pub fn run(home: &Home, step: EraseCommand, json: bool) -> Result<End, Failure> {
    match step {
        EraseCommand::Plan { case, out, erase, keep, exception, reason, by } => {
            let chosen = draw_up::Chosen { erase, keep, exception, reason, by: name(by) };
            draw_up::run(home, &case, out.as_deref(), &chosen, json)
        }
        EraseCommand::Apply { plan, digest, by, keep_days, steps } => {
            let asked = carry_out::Asked { digest, by, keep_days, n_steps: steps };
            carry_out::apply(home, &plan, &asked, json)
        }
        EraseCommand::Verify { case, by } => prove::verify(home, &case, &name(by), json),
        EraseCommand::Watch { case } => prove::watch(home, case.as_deref(), json),
        EraseCommand::Undo { case, by } => carry_out::undo(home, &case, &name(by), json),
        EraseCommand::Expire { case, now, by } => {
            carry_out::expire(home, case.as_deref(), now, &name(by), json)
        }
    }
}

/// Who acts, by default whoever is logged in.
fn name(by: Option<String>) -> String {
    by.or_else(|| std::env::var("USER").ok()).unwrap_or_default()
}

fn register(home: &Home) -> Result<Register, Failure> {
    Register::open(&home.root).map_err(Failure::stopped)
}

fn case(home: &Home, name: &str) -> Result<Case, Failure> {
    register(home)?.get(name).map_err(Failure::of_case)
}

fn failed(error: Error) -> Failure {
    Failure::stopped(error)
}

/// What a file and its members may come to.
fn room(home: &Home) -> Result<Room, Failure> {
    let budget = home.config.budget(&home.root)?;
    Ok(Room { file_bytes: budget.file_bytes, expanded_bytes: budget.expanded_bytes })
}

/// Nothing is erased while the same person waits for an answer about it.
///
/// # Source
/// DPA 2018 s. 173: to erase or conceal what a requester is entitled to is an offence.
fn nobody_waits(home: &Home, case: &Case) -> Result<(), Failure> {
    let register = register(home)?;
    let peers: Vec<Case> = register
        .list()
        .map_err(Failure::stopped)?
        .iter()
        .filter_map(|id| register.get(id.as_str()).ok())
        .collect();
    for (one, other, _) in same_person(&peers) {
        let id = match (one == case.id, other == case.id) {
            (true, _) => other,
            (_, true) => one,
            _ => continue,
        };
        let Some(peer) = peers.iter().find(|peer| peer.id == id) else { continue };
        let asks = matches!(peer.request.right, Right::Access | Right::Portability);
        let ledger = peer.ledger().map_err(Failure::stopped)?;
        let is_answered = ledger.records().iter().any(|record| {
            let entry: &Entry = &record.decision;
            entry.bundled().is_some()
        });
        if asks && !is_answered {
            return Err(Failure::stopped(format!(
                "case {id} seems to be the same person's, who waits for a copy of what would be erased; \
                 to erase it now may be an offence (DPA 2018 s. 173)"
            ))
            .hint(format!("answer it first: habeas bundle {id}")));
        }
    }
    Ok(())
}
