//! Is a bundle what it was, and is nothing in it that was taken out?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use habeas_redact::{Allowed, Attack, Leak, Means, Searcher, attack_allowing};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde_json::Value;

use crate::Error;
use crate::certificate::{CERTIFICATE, Internal, MANIFEST, SECRETS, names, sha256};

mod archive;
mod boxes;
mod exhibits;
mod files;

pub(crate) use files::Files;

/// What checking a bundle brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// The case it answers, as its certificate says.
    pub case: String,
    /// Each check, in the order in which they were made.
    pub checks: Vec<Check>,
    /// What is wrong, a sentence each, sorted; empty for a sound bundle.
    pub problems: Vec<String>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub name: String,
    /// Did it hold?
    pub is_ok: bool,
    /// How many files, or writings searched for; 0 for a check that was not made.
    pub n: u64,
    /// More for a person; why a check was not made.
    pub note: String,
}

impl Verification {
    /// Did everything hold?
    pub fn is_ok(&self) -> bool {
        self.problems.is_empty() && self.checks.iter().all(|check| check.is_ok)
    }
}

/// Checks a bundle again, in its folder or in the archive of it: every check that its certificate
/// lists, and digests, and files that are missing or should not be there.
///
/// What was taken out is only searched for if the case's folder is at hand.
///
/// # Errors
/// If it is no bundle, or a file cannot be read.
pub fn verify(
    place: &Path,
    case_dir: Option<&Path>,
    means: &Means<'_>,
) -> Result<Verification, Error> {
    let files = Files::open(place)?;
    files.read(CERTIFICATE)?;
    let case = case_in(&files).unwrap_or_default();
    let known = case_dir.map(|case_dir| known(case_dir, &case)).transpose()?;
    check(&files, known.as_ref(), &case, means).map(|(verification, _)| verification)
}

/// The case that a bundle, or the archive of one, answers, as its certificate says.
pub fn case_of(place: &Path) -> Option<String> {
    case_in(&Files::open(place).ok()?)
}

/// The manifest of a bundle, or of the archive of one: a digest and a file a line.
pub fn manifest_of(place: &Path) -> Option<Vec<u8>> {
    Files::open(place).ok()?.read(MANIFEST).ok().map(|bytes| bytes.to_vec())
}

fn case_in(files: &Files) -> Option<String> {
    let certificate = certificate(files)?;
    Some(certificate.get("case")?.as_str()?.to_owned())
}

fn certificate(files: &Files) -> Option<Value> {
    serde_json::from_slice(&files.read(CERTIFICATE).ok()?).ok()
}

/// What a bundle is searched with.
pub(crate) struct Known {
    pub(crate) searcher: Searcher,
    pub(crate) internal: Internal,
}

/// What is to be looked for, from the case's folder.
pub(crate) fn known(case_dir: &Path, case: &str) -> Result<Known, Error> {
    let file = case_dir.join(SECRETS);
    let bytes = fs::read(&file).map_err(Error::file(&file))?;
    let damaged = || {
        let problem = std::io::Error::other("is damaged; write the bundle again");
        Error::File { file: file.clone(), problem }
    };
    let internal: Internal = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    if internal.case != case {
        let problem = std::io::Error::other("belongs to another case than the bundle");
        return Err(Error::File { file, problem });
    }
    let searcher = Searcher::new(&internal.secrets, &internal.own).map_err(Error::Unchecked)?;
    Ok(Known { searcher, internal })
}

/// How many of each kind of problem there are, and what was done.
#[derive(Default)]
struct Sums {
    n_changed: u64,
    n_missing: u64,
    n_unsound: u64,
    n_unseen: u64,
    n_leaking: u64,
    n_telling: u64,
    n_pdfs: u64,
    n_readings: u64,
    n_pages: u64,
    n_looked: u64,
    n_unlooked: u64,
    n_measured: u64,
}

/// Checks files, searching them if there is something to search for; also the first leak and its
/// file.
pub(crate) fn check(
    files: &Files,
    known: Option<&Known>,
    case: &str,
    means: &Means<'_>,
) -> Result<(Verification, Option<(String, Leak)>), Error> {
    let mut first_leak = None;
    let listed = manifest(&files.read(MANIFEST)?)?;
    let found: BTreeSet<&String> = files.names().iter().filter(|name| *name != MANIFEST).collect();
    let mut problems = files.problems.clone();
    let mut sums = Sums { n_missing: problems.len() as u64, ..Sums::default() };
    let none = Allowed::NONE;
    let nothing =
        Searcher::new(&Default::default(), &Default::default()).map_err(Error::Unchecked)?;
    let searcher = known.map_or(&nothing, |known| &known.searcher);
    let people = known.map(|known| &known.internal.numbers);
    let means = Means { people, ..*means };
    for name in listed.keys().filter(|name| !found.contains(name)) {
        problems.insert(format!("{name} is missing"));
        sums.n_missing += 1;
    }
    // Reading a file in every way there is takes long, and no file needs another; the results come
    // in the order of the names.
    let attacked: Vec<(&str, String, bool, Attack)> = found
        .par_iter()
        .map(|name| {
            let bytes = files.read(name)?;
            let allowed = known.and_then(|known| known.internal.allowed.get(*name));
            let allowed = allowed.unwrap_or(&none);
            let attack = attack_allowing(name, &bytes, &[searcher], allowed, &means);
            Ok((name.as_str(), sha256(&bytes), bytes.starts_with(b"%PDF"), attack))
        })
        .collect::<Result<_, Error>>()?;
    for (name, digest, is_pdf, attack) in &attacked {
        match listed.get(*name) {
            None => {
                problems.insert(format!("{name} does not belong to the bundle"));
                sums.n_missing += 1;
            }
            Some(listed) if listed != digest => {
                problems.insert(format!("{name} was changed"));
                sums.n_changed += 1;
            }
            Some(_) => {}
        }
        if let (None, Some(leak)) = (&first_leak, attack.leaks.first()) {
            first_leak = Some(((*name).to_owned(), leak.clone()));
        }
        sums.n_pdfs += u64::from(*is_pdf);
        sums.add(name, attack, &mut problems);
    }
    let attacks: BTreeMap<&str, &Attack> =
        attacked.iter().map(|(name, _, _, attack)| (*name, attack)).collect();
    let n_odd = boxes::differ(&attacks, &mut problems);
    sums.n_telling += n_odd;
    let certificate = certificate(files).unwrap_or_default();
    let exhibits = exhibits::listed(&certificate);
    let counted = exhibits::counted(files, &exhibits, &attacks, &mut problems);
    let twins = exhibits::twins(&exhibits, &attacks, known, &mut problems);
    let mut checks = sums.checks(found.len() as u64, listed.len() as u64, known, &means);
    checks.extend([counted, twins]);
    checks.extend(not_repeated(&certificate, &checks));
    let problems = problems.into_iter().collect();
    Ok((Verification { case: case.to_owned(), checks, problems }, first_leak))
}

/// Is it the letter or one of the lists: `03_Schedule-of-documents.pdf`?
fn is_sheet(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts = [bytes.next(), bytes.next(), bytes.next()];
    matches!(starts, [Some(b'0'), Some(b'0'..=b'9'), Some(b'_')]) && !name.contains('/')
}

impl Sums {
    fn add(&mut self, name: &str, attack: &Attack, problems: &mut BTreeSet<String>) {
        self.n_readings += attack.n_readings;
        self.n_pages += attack.n_pages;
        self.n_looked += attack.n_looked;
        self.n_unlooked += attack.n_unlooked;
        self.n_measured += attack.n_measured;
        for leak in &attack.leaks {
            let kind = leak.kind;
            problems.insert(format!(
                "{name}: something taken out ({kind}) can be read in {}",
                leak.way
            ));
        }
        self.n_leaking += attack.leaks.len() as u64;
        for reason in attack.hygiene.iter().chain(&attack.unchecked) {
            problems.insert(format!("{name}: {reason}"));
            let is_unseen = reason.contains("nobody sees") || reason.contains("not seen");
            self.n_unseen += u64::from(is_unseen);
            self.n_unsound += u64::from(!is_unseen);
        }
        // The letter and the lists are set from words of ours: no line of them was ever one with a name
        // in it, and a cell beside a label is no gap.
        if !is_sheet(name) {
            for told in &attack.tells {
                problems.insert(format!("{name}: {told}"));
            }
            self.n_telling += attack.tells.len() as u64;
        }
    }

    fn checks(
        &self,
        n_files: u64,
        n_listed: u64,
        known: Option<&Known>,
        means: &Means<'_>,
    ) -> Vec<Check> {
        let searched = match known {
            Some(known) => Check {
                name: names::SEARCHED.into(),
                is_ok: self.n_leaking == 0,
                n: known.searcher.n_secrets() as u64,
                note: format!("{} readings of {n_files} files", self.n_readings),
            },
            None => Check {
                name: names::SEARCHED.into(),
                is_ok: true,
                n: 0,
                note: "not made: what was taken out is only known on the machine of the case"
                    .into(),
            },
        };
        let mut looked = check_of(names::LOOKED, 0, self.n_looked);
        looked.note = match (means.looks_with, means.look) {
            (Some(tool), Some(_)) => tool.to_owned(),
            _ if self.n_unlooked == 0 => "no page has to be".to_owned(),
            _ => format!("not made: {} pages, and no recogniser is installed", self.n_unlooked),
        };
        vec![
            check_of("every file has its digest", self.n_changed, n_files),
            check_of("no file is missing or added", self.n_missing, n_listed),
            check_of(names::SOUND, self.n_unsound, self.n_pdfs),
            searched,
            check_of(names::SEEN, self.n_unseen, self.n_pages),
            looked,
            check_of(names::MEASURED, self.n_telling, self.n_measured),
        ]
    }
}

fn check_of(name: &str, n_bad: u64, n: u64) -> Check {
    Check { name: name.to_owned(), is_ok: n_bad == 0, n, note: String::new() }
}

/// The checks of the certificate that were not repeated.
fn not_repeated(certificate: &Value, made: &[Check]) -> Vec<Check> {
    let listed = certificate.get("checks").and_then(Value::as_array);
    let listed = listed.into_iter().flatten().filter_map(|check| check.get("check")?.as_str());
    let unknown = listed.filter(|name| made.iter().all(|check| check.name != *name));
    unknown
        .map(|name| Check {
            note: "not repeated: this program does not know the check".to_owned(),
            ..check_of(name, 0, 0)
        })
        .collect()
}

/// The digests of the manifest, by file name. A line that is none makes the manifest wrong.
fn manifest(bytes: &[u8]) -> Result<BTreeMap<String, String>, Error> {
    let text = String::from_utf8_lossy(bytes);
    let mut listed = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let is_digest =
            |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        match line.split_once("  ").filter(|(digest, name)| is_digest(digest) && !name.is_empty()) {
            Some((digest, name)) => {
                listed.insert(name.to_owned(), digest.to_ascii_lowercase());
            }
            None => {
                let problem = std::io::Error::other(format!("line {} is no digest", index + 1));
                return Err(Error::File { file: MANIFEST.into(), problem });
            }
        }
    }
    Ok(listed)
}
