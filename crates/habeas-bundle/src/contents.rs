//! What is in a bundle that was written? As its schedule and manifest say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use habeas_model::ItemId;

use crate::Error;
use crate::certificate::{Internal, MANIFEST, SECRETS, sha256};

/// A bundle, as its own files describe it. Nothing is checked: [`crate::verify`] does that.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// SHA-256 of its manifest, in hexadecimal.
    pub manifest_sha256: String,
    /// Every exhibit, in order.
    pub exhibits: Vec<Listing>,
    /// Every file with its length and its SHA-256 in hexadecimal, as the manifest lists them.
    pub files: Vec<(String, u64, String)>,
}

/// An exhibit, as the schedule has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Its number, from 1.
    pub number: u32,
    /// The number of its first page.
    pub first: String,
    /// Its pages.
    pub n_pages: u32,
    /// What it is.
    pub description: String,
    /// Its title, redacted.
    pub title: String,
    /// Where it was found.
    pub source: String,
    /// When it was written, as it says itself.
    pub dated: String,
    /// Stretches that were taken out.
    pub n_labels: u64,
    /// Records of others that are not in it.
    pub n_left_out: u64,
    /// Its file in the folder.
    pub file: String,
    /// The item it was made of, if the case's folder is at hand.
    pub item: Option<ItemId>,
}

/// Reads what is in a bundle's folder; `None` if there is none.
///
/// # Errors
/// If a file of it cannot be read.
pub fn contents(dir: &Path, case_dir: Option<&Path>) -> Result<Option<Contents>, Error> {
    let read = |file: PathBuf| fs::read(&file).map_err(Error::file(&file));
    if !dir.join(MANIFEST).is_file() {
        return Ok(None);
    }
    let manifest = read(dir.join(MANIFEST))?;
    let mut files = Vec::new();
    for line in String::from_utf8_lossy(&manifest).lines() {
        if let Some((digest, name)) = line.split_once("  ") {
            let size = fs::metadata(dir.join(name)).map_or(0, |facts| facts.len());
            files.push((name.to_owned(), size, digest.to_owned()));
        }
    }
    let items: BTreeMap<String, ItemId> = case_dir
        .and_then(|dir| fs::read(dir.join(SECRETS)).ok())
        .and_then(|bytes| serde_json::from_slice::<Internal>(&bytes).ok())
        .map(|internal| internal.exhibits.into_iter().collect())
        .unwrap_or_default();
    let schedule = read(dir.join("03_Schedule-of-documents.csv"))?;
    let mut exhibits = Vec::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(schedule.as_slice());
    for row in reader.records().flatten() {
        let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
        let Ok(number) = cell(0).parse() else { continue };
        let first = cell(1);
        exhibits.push(Listing {
            number,
            n_pages: cell(3).parse().unwrap_or(0),
            file: format!("{}/{}", cell(4), cell(5)),
            description: cell(6),
            title: cell(7),
            source: cell(8),
            dated: cell(10),
            n_labels: cell(12).parse().unwrap_or(0),
            n_left_out: cell(13).parse().unwrap_or(0),
            item: items.get(&first).copied(),
            first,
        });
    }
    Ok(Some(Contents { manifest_sha256: sha256(&manifest), exhibits, files }))
}
