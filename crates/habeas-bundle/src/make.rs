//! How is a bundle made?

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use habeas_case::Decided;
use habeas_law::Law;
use habeas_match::Setting;
use habeas_model::Bundled;
use habeas_redact::Allowed;

use crate::certificate::{CERTIFICATE, HOW, Internal, MANIFEST, SECRETS, certificate, sha256};
use crate::folder::{Folder, write};
use crate::gather::{Gathered, gather, kinds_for};
use crate::letter::Facts;
use crate::letters::ANSWER;
use crate::sheets::{csv, print};
use crate::verify::{Files, Known, check};
use crate::{Error, Estate, Made, Options, Organisation, letter, portable, redactions};
use crate::{rights, schedule, searched, welcome};

/// Writes the answer to a decided case as the folder `dir`.
///
/// Everything is read anew, redacted, drawn, read back and attacked; then the finished folder is
/// attacked as a whole, and only then gets its name. Items that cannot be given safely are in the
/// schedule and in [`Made::unreleased`], never silently missing. The same case gives the same bytes.
///
/// # Errors
/// If something that the law asks for is not in the configuration, if a bundle is there already and
/// is not to be replaced, if a file cannot be written, or if anything that was taken out is in the
/// finished folder. Nothing is left behind then, and an older bundle is as it was.
pub fn bundle(
    decided: &Decided,
    dir: &Path,
    estate: &Estate<'_>,
    setting: &Setting,
    organisation: &Organisation,
    options: &Options,
) -> Result<Made, Error> {
    if dir.exists() && !options.replaces {
        return Err(Error::Exists(dir.to_owned()));
    }
    let case = decided.case.as_str();
    // What is missing in the configuration is told before an hour of work, not after.
    let activities = rights::activities(decided, estate, organisation)?;
    rights::check(decided, &activities, organisation, options, true)?;
    // So is a folder that cannot be written.
    let mut folder = Folder::start(dir, options.replaces)?;
    let gathered = gather(decided, estate, setting, organisation, options)?;
    let hide = |text: &str| gathered.searcher.hide(text);
    let kept = schedule::kept(decided, estate, organisation, &hide);
    let (portable, only_paper) = portable::files(case, &gathered.given, &gathered.searcher);
    let mut allowed: BTreeMap<String, Allowed> = BTreeMap::new();
    let facts = Facts {
        decided,
        organisation,
        options,
        gathered: &gathered,
        kept: &kept,
        has_portable: !portable.is_empty(),
    };

    let mut digests = Vec::new();
    for given in &gathered.given {
        let bytes = given.redacted.bytes();
        digests.push(sha256(bytes));
        let name = format!("{}/{}.pdf", given.class.folder(), given.first);
        folder.write(&name, bytes)?;
        allowed.insert(name, given.redacted.allowed().clone());
    }
    let (text, paper) = letter::files(&facts)?;
    folder.write("00_Letter.txt", text.as_bytes())?;
    folder.write("00_Letter.pdf", &paper)?;
    let mut sheet = |name: &str, title: &'static str, blocks, is_wide: bool| {
        folder.write(name, &print(title, case, blocks, is_wide)?)
    };
    let information = rights::blocks(decided, &activities, organisation, options);
    sheet("01_Your-information-rights.pdf", "Your information rights", information, false)?;
    let account = searched::blocks(decided, organisation, &gathered.searcher);
    sheet("02_What-we-searched.pdf", "What we searched", account, false)?;
    let list = schedule::blocks(&gathered.given, &kept, &gathered.refused);
    sheet("03_Schedule-of-documents.pdf", "Schedule of documents", list, true)?;
    let is_eu = decided.request.law == Law::Eu;
    let mut key = schedule::key(&kept, letter::label(options.linkage), is_eu);
    key.extend(redactions::key(&gathered.given, is_eu));
    sheet("04_Key-to-redactions.pdf", "Key to redactions", key, false)?;
    let list = schedule::as_csv(&gathered.given, &kept, &gathered.refused, &digests);
    folder.write("03_Schedule-of-documents.csv", &list)?;
    folder.write("03_Schedule-of-redactions.csv", &redactions::as_csv(&gathered.given, is_eu))?;
    for (name, bytes, of_file) in &portable {
        folder.write(name, bytes)?;
        allowed.insert(name.clone(), of_file.clone());
    }
    allowed.retain(|_, allowed| !allowed.is_empty());
    if !decided.incidental.is_empty() {
        let bytes = incidental(decided, estate, organisation, &gathered);
        folder.write("Q_Incidental-mentions/summary.csv", &bytes)?;
    }
    folder.write(CERTIFICATE, &certificate(case, &gathered, &digests, &estate.means))?;
    folder.write("Z_Verification/how-to-check.txt", HOW.as_bytes())?;
    let page = welcome::html(case, &organisation.controller.name, &gathered.given, &folder.names());
    folder.write("00_READ-ME-FIRST.html", page.as_bytes())?;
    let mut manifest = String::new();
    for name in folder.names() {
        let file = folder.part().join(&name);
        let bytes = fs::read(&file).map_err(Error::file(&file))?;
        manifest.push_str(&format!("{}  {name}\n", sha256(&bytes)));
    }
    folder.write(MANIFEST, manifest.as_bytes())?;
    let known = Known {
        searcher: gathered.searcher.clone(),
        internal: internal(case, &gathered, allowed.clone()),
    };
    let (verification, leak) =
        check(&Files::folder(folder.part())?, Some(&known), case, &estate.means)?;
    if let Some((file, leak)) = leak {
        return Err(Error::Leak { n: verification.problems.len(), file, way: leak.way });
    }
    if let Some(problem) = verification.problems.first() {
        return Err(Error::Unchecked(problem.clone()));
    }
    let n_files = folder.names().len() as u64;
    keep(case, &gathered, allowed, options)?;
    let told = serde_json::to_vec_pretty(&letter::answer(&facts, &sha256(manifest.as_bytes())))
        .map_err(|_| Error::Unchecked("what the letter tells cannot be kept".into()))?;
    write(&options.case_dir.join(ANSWER), &told)?;
    let policies = &decided.policies;
    let choices = &options.choices;
    let bundled = Bundled {
        redactions_sha256: sha256(gathered.log.lines()),
        n_taken_out: gathered.log.n_taken_out(),
        n_shown: gathered.log.n_shown(),
        manifest_sha256: sha256(manifest.as_bytes()),
        by: choices.by.clone(),
        at: choices.at,
    };
    habeas_case::keep_redactions(&options.case_dir, gathered.log.lines(), bundled)?;
    let made = Made {
        dir: dir.to_owned(),
        n_exhibits: gathered.given.len() as u64,
        n_pages: gathered.given.iter().map(|given| u64::from(given.redacted.n_pages())).sum(),
        n_files,
        n_labels: facts.n_labels() as u64,
        n_people: gathered.n_people as u64,
        n_shown: gathered.log.n_shown(),
        n_overruled: gathered.n_overruled as u64,
        only_paper,
        n_in_doubt: habeas_case::n_in_doubt(&gathered.people, policies) as u64,
        n_left_out: facts.n_left_out() as u64,
        n_withheld: decided.withheld.len() as u64,
        n_incidental: decided.incidental.len() as u64,
        n_pending: decided.pending.len() as u64,
        unreleased: gathered
            .refused
            .iter()
            .map(|refused| (refused.item, refused.reason.clone()))
            .collect(),
        verification,
    };
    folder.finish()?;
    Ok(made)
}

/// Where the person is only mentioned: figures, no documents.
///
/// # Source
/// ICO, *Right of access*, on messages that merely copy somebody in.
fn incidental(
    decided: &Decided,
    estate: &Estate<'_>,
    organisation: &Organisation,
    gathered: &Gathered,
) -> Vec<u8> {
    let mut rows = Vec::new();
    for incidental in &decided.incidental {
        let places = (estate.places)(&incidental.item);
        let source = places.first().map_or(String::new(), |(name, _)| organisation.title(name));
        rows.push(vec![
            gathered.searcher.hide(&source),
            incidental.findings.len().to_string(),
            kinds_for(&incidental.findings).join("; "),
        ]);
    }
    rows.sort();
    for (index, row) in rows.iter_mut().enumerate() {
        row.insert(0, (index + 1).to_string());
    }
    csv(&["no", "source", "mentions", "what_of_you_stands_there"], &rows)
}

/// What the finished bundle is searched with.
fn internal(case: &str, gathered: &Gathered, allowed: BTreeMap<String, Allowed>) -> Internal {
    let exhibits =
        gathered.given.iter().map(|given| (given.first.to_string(), given.entry.item)).collect();
    Internal {
        case: case.to_owned(),
        secrets: gathered.secrets.clone(),
        own: gathered.own.clone(),
        exhibits,
        allowed,
        numbers: gathered.numbers.clone(),
        local: gathered.local.clone(),
    }
}

/// Keeps what is needed to search the bundle again, for the case alone.
fn keep(
    case: &str,
    gathered: &Gathered,
    allowed: BTreeMap<String, Allowed>,
    options: &Options,
) -> Result<(), Error> {
    let internal = internal(case, gathered, allowed);
    let file = options.case_dir.join(SECRETS);
    let bytes = serde_json::to_vec(&internal).map_err(|_| {
        Error::Unchecked("what was taken out cannot be kept for later checks".into())
    })?;
    write(&file, &bytes)
}
