//! Does a file that was damaged by chance take anything but itself, through the isolated pool?
//!
//! Every golden fixture of `habeas-document` is a seed. `HABEAS_MUTANTS=1000` makes so many of each;
//! without it there are a few.

#![allow(clippy::print_stdout, reason = "figures are for whoever runs this")]

mod common;
#[path = "../../habeas-document/tests/seeds/mod.rs"]
mod seeds;

use std::fs;
use std::path::Path;

use common::PROBE;
use habeas_document::Budget;
use habeas_ingest::{Patience, Reading, use_reader};
use habeas_model::Reason;

/// Numbers that look like chance and are the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }
}

/// Turns bytes, cuts, swaps and repeats stretches, and writes large numbers where lengths may stand.
fn mutate(bytes: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..=chance.below(4) {
        if bytes.is_empty() {
            return;
        }
        let at = chance.below(bytes.len());
        let length = chance.below(64).min(bytes.len() - at);
        match chance.below(6) {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << chance.below(8),
            2 => bytes[at..at + length].fill(0xff),
            3 => bytes[at..at + length].reverse(),
            4 => drop(bytes.drain(at..at + length)),
            _ => {
                let stretch = bytes[at..at + length].to_vec();
                let to = chance.below(bytes.len());
                bytes.splice(to..to, stretch);
            }
        }
    }
}

#[test]
fn damaged_files_take_nothing_but_themselves() {
    use_reader(Path::new(PROBE));
    let n_mutants: usize =
        std::env::var("HABEAS_MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let files = seeds::fixtures("");
    assert!(files.len() > 50, "the fixtures are not where they were");
    let budget = Budget { text_bytes: 16 << 20, expanded_bytes: 128 << 20, ..Budget::default() };
    let mut reading = Reading::new(budget, Patience::default(), None);
    let folder = tempfile::tempdir().unwrap();
    let mut chance = Chance(23);
    let (mut n_read, mut deaths) = (0, Vec::new());
    for seed in files {
        let good = fs::read(&seed).unwrap();
        let name = seed.file_name().unwrap().to_string_lossy().into_owned();
        for number in 0..n_mutants {
            let mut bytes = good.clone();
            mutate(&mut bytes, &mut chance);
            let path = folder.path().join(&name);
            fs::write(&path, &bytes).unwrap();
            let members = reading.read(&path, &name);
            n_read += 1;
            let n_listed: u64 = members.iter().map(|member| member.n_children).sum();
            assert_eq!(n_listed + 1, members.len() as u64, "{name}, mutant {number}");
            for exception in members.iter().flat_map(|member| &member.document.exceptions) {
                if matches!(exception.reason, Reason::ReaderFailed | Reason::Protocol) {
                    deaths.push(format!("{name} {number}: {exception}"));
                }
            }
        }
    }
    println!("{n_read} mutants, {} dead readers or panics", deaths.len());
    deaths.iter().for_each(|death| println!("  {death}"));
}
