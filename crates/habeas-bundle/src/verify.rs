//! Is a bundle what it was, and is nothing in it that was taken out?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use habeas_redact::{Allowed, Attack, Leak, Searcher, attack_allowing};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::Error;
use crate::certificate::{CERTIFICATE, Internal, MANIFEST, SECRETS, sha256};

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
    pub name: &'static str,
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

/// Checks a bundle again: digests, files that are missing or should not be there, what every PDF
/// holds, and, if the case's folder is at hand, everything that was taken out.
///
/// # Errors
/// If it is no bundle, or a file cannot be read.
pub fn verify(dir: &Path, case_dir: Option<&Path>) -> Result<Verification, Error> {
    let file = dir.join(CERTIFICATE);
    fs::metadata(&file).map_err(Error::file(&file))?;
    let case = case_of(dir).unwrap_or_default();
    let known = case_dir.map(|case_dir| searcher(case_dir, &case)).transpose()?;
    let (searcher, allowed) = known.unzip();
    check(dir, searcher.as_ref(), &allowed.unwrap_or_default(), &case)
        .map(|(verification, _)| verification)
}

/// The case that a bundle answers, as its certificate says.
pub fn case_of(dir: &Path) -> Option<String> {
    let bytes = fs::read(dir.join(CERTIFICATE)).ok()?;
    let certificate: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    Some(certificate.get("case")?.as_str()?.to_owned())
}

/// What is to be looked for, and how often it may stand in which file, from the case's folder.
fn searcher(case_dir: &Path, case: &str) -> Result<(Searcher, BTreeMap<String, Allowed>), Error> {
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
    Ok((searcher, internal.allowed))
}

/// Checks a folder, searching it if there is something to search for; also the first leak and its
/// file. `allowed` says in which files somebody is shown who is taken out elsewhere.
pub(crate) fn check(
    dir: &Path,
    searcher: Option<&Searcher>,
    allowed: &BTreeMap<String, Allowed>,
    case: &str,
) -> Result<(Verification, Option<(String, Leak)>), Error> {
    let mut first_leak = None;
    let listed = manifest(dir)?;
    let mut found = BTreeSet::new();
    let mut problems = BTreeSet::new();
    walk(dir, "", &mut found, &mut problems, 0)?;
    found.remove(MANIFEST);
    let (mut n_changed, mut n_missing, mut n_unsound, mut n_leaking) = (0_u64, 0_u64, 0_u64, 0_u64);
    let (mut n_pdfs, mut n_readings) = (0, 0);
    let none = Allowed::NONE;
    let nothing =
        Searcher::new(&Default::default(), &Default::default()).map_err(Error::Unchecked)?;
    for name in listed.keys().filter(|name| !found.contains(*name)) {
        problems.insert(format!("{name} is missing"));
        n_missing += 1;
    }
    // Reading a file in every way there is takes long, and no file needs another; the results come
    // in the order of the names.
    let attacked: Vec<(&String, String, bool, Attack)> = found
        .par_iter()
        .map(|name| {
            let file = dir.join(name);
            let bytes = fs::read(&file).map_err(Error::file(&file))?;
            let allowed = allowed.get(name).unwrap_or(&none);
            let searchers = [searcher.unwrap_or(&nothing)];
            let attack = attack_allowing(name, &bytes, &searchers, allowed);
            Ok((name, sha256(&bytes), bytes.starts_with(b"%PDF"), attack))
        })
        .collect::<Result<_, Error>>()?;
    for (name, digest, is_pdf, attack) in attacked {
        match listed.get(name) {
            None => {
                problems.insert(format!("{name} does not belong to the bundle"));
                n_missing += 1;
            }
            Some(listed) if *listed != digest => {
                problems.insert(format!("{name} was changed"));
                n_changed += 1;
            }
            Some(_) => {}
        }
        n_pdfs += u64::from(is_pdf);
        n_readings += attack.n_readings;
        if let (None, Some(leak)) = (&first_leak, attack.leaks.first()) {
            first_leak = Some((name.clone(), leak.clone()));
        }
        for leak in &attack.leaks {
            let kind = leak.kind;
            problems.insert(format!(
                "{name}: something taken out ({kind}) can be read in {}",
                leak.way
            ));
        }
        n_leaking += attack.leaks.len() as u64;
        for reason in attack.hygiene.iter().chain(&attack.unchecked) {
            problems.insert(format!("{name}: {reason}"));
            n_unsound += 1;
        }
    }
    let n_files = found.len() as u64;
    let searched = match searcher {
        Some(searcher) => Check {
            name: "searched for everything that was taken out",
            is_ok: n_leaking == 0,
            n: searcher.n_secrets() as u64,
            note: format!("{n_readings} readings of {n_files} files"),
        },
        None => Check {
            name: "searched for everything that was taken out",
            is_ok: true,
            n: 0,
            note: "not made: what was taken out is only known on the machine of the case".into(),
        },
    };
    let check =
        |name, n_bad: u64, n: u64| Check { name, is_ok: n_bad == 0, n, note: String::new() };
    let checks = vec![
        check("every file has its digest", n_changed, n_files),
        check("no file is missing or added", n_missing, listed.len() as u64),
        check("nothing is hidden in a PDF, and each can be read back", n_unsound, n_pdfs),
        searched,
    ];
    let problems = problems.into_iter().collect();
    Ok((Verification { case: case.to_owned(), checks, problems }, first_leak))
}

/// The digests of the manifest, by file name. A line that is none makes the manifest wrong.
fn manifest(dir: &Path) -> Result<BTreeMap<String, String>, Error> {
    let file = dir.join(MANIFEST);
    let text = fs::read_to_string(&file).map_err(Error::file(&file))?;
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
                return Err(Error::File { file, problem });
            }
        }
    }
    Ok(listed)
}

fn walk(
    dir: &Path,
    prefix: &str,
    found: &mut BTreeSet<String>,
    problems: &mut BTreeSet<String>,
    depth: usize,
) -> Result<(), Error> {
    for entry in fs::read_dir(dir).map_err(Error::file(dir))? {
        let entry = entry.map_err(Error::file(dir))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(Error::file(&entry.path()))?;
        if kind.is_dir() && depth < 8 {
            walk(&entry.path(), &format!("{name}/"), found, problems, depth + 1)?;
        } else if kind.is_file() {
            found.insert(name);
        } else {
            problems.insert(format!("{} is no plain file", name.escape_debug()));
        }
    }
    Ok(())
}
