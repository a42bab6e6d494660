//! `habeas fixture`: a made-up estate with its gold file.

use std::path::Path;

use crate::failure::{End, Failure};
use crate::say;

/// Writes the hand-made clinic, or an estate of about `files` files.
pub fn run(dir: &Path, files: Option<usize>, seed: u64) -> Result<End, Failure> {
    let made = match files {
        None => habeas_fixtures::clinic(dir, seed),
        Some(n_files) => habeas_fixtures::estate(dir, seed, n_files),
    };
    let gold = made.map_err(Failure::stopped)?;
    say::result(&format!(
        "wrote {} in {} sources to {}; nobody in them exists",
        say::counted(gold.n_files as u64, "file", "files"),
        gold.sources.len(),
        dir.display()
    ));
    Ok(End::Done)
}
