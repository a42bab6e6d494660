//! `habeas demo`: a made-up request, walked from a folder of files to a verified bundle.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use habeas_case::{Case, Defaults, Register, Release, Request, Seen, find, open_doubts, suggest};
use habeas_model::{Event, Happening, HarmTest, HealthOpinion, Policy, Treatment};
use jiff::Timestamp;
use jiff::civil::Date;

use super::bundle::{self, quoted};
use super::{decide, index, match_case, people, release, rules, verify};
use crate::config::FILE;
use crate::estate::Home;
use crate::failure::{End, Failure};
use crate::say;

/// The configuration of the made-up clinic group.
const CLINIC: &str = include_str!("../../../../config/clinic.toml");

/// Which made-up clinic; any other seed makes another one.
const SEED: u64 = 1;

/// Walks the whole path and says where everything is.
pub fn run(dir: Option<&Path>) -> Result<End, Failure> {
    let began = Instant::now();
    let dir = folder(dir)?;
    say::result("A made-up clinic, a made-up request: nobody in it exists.\n");

    let gold = habeas_fixtures::clinic(&dir.join("clinic"), SEED).map_err(Failure::stopped)?;
    step(
        "clinic",
        &format!(
            "{} files in {} sources: {}",
            gold.n_files,
            gold.sources.len(),
            shown(&dir, "clinic")
        ),
    );

    let root = dir.join("home");
    super::init::run_quietly(&root, CLINIC)?;
    let home = Home::find(Some(&root))?;
    step("init", &format!("{} says who answers and what is searched", shown(&root, FILE)));

    let total = index::total(&index::fill(&home, false, false, &AtomicBool::new(false))?);
    step("index", &habeas_report::sums(&total));

    let request = gold.requests.first().ok_or_else(|| Failure::stopped("the clinic is empty"))?;
    let stated = serde_json::json!({
        "names": request.subject.names, "born": request.subject.born,
        "identifiers": request.subject.identifiers,
        "received": request.received, "channel": request.channel,
    });
    let defaults = Defaults {
        received: Date::ZERO,
        law: habeas_law::Law::Uk,
        calendar: habeas_law::Calendar::EnglandAndWales,
    };
    let parsed = Request::from_json(&stated, &defaults).map_err(Failure::stopped)?;
    let received = parsed.received;
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.create(parsed).map_err(Failure::stopped)?;
    let due = case.request.deadline().working;
    step(
        "open",
        &format!(
            "{}: received {}, due {}",
            case.id,
            habeas_law::written(received),
            habeas_law::written(due)
        ),
    );

    let matched = find(&case, &home.open()?, &home.house()).map_err(Failure::stopped)?;
    step("match", &match_case::summary(&matched.record.tiers));

    let at: Timestamp = format!("{received}T12:00:00Z").parse().map_err(Failure::stopped)?;
    let decisions = suggest(&case, "demo", at).map_err(Failure::stopped)?;
    case.decide(&decisions).map_err(Failure::stopped)?;
    let counts: Vec<String> = decide::counts(&case)?
        .iter()
        .map(|(verdict, n)| format!("{n} {}", verdict.replace('_', " ")))
        .collect();
    step("decide", &format!("as suggested: {}", counts.join(", ")));

    let (people, policies, _) = people::list(&home, &case)?;
    let doubted: Vec<Policy> = people
        .iter()
        .filter(|person| open_doubts(person, &policies).next().is_some())
        .map(|person| Policy {
            person: person.person.clone(),
            treatment: Treatment::TakeOut,
            role_label: String::new(),
            item: None,
            place: None,
            reason: "it may be somebody else".to_owned(),
            by: "demo".to_owned(),
            at,
        })
        .collect();
    case.set_policies(&doubted).map_err(Failure::stopped)?;
    step(
        "people",
        &format!(
            "{} in what is given; {} looked at and taken out",
            say::counted(people.len() as u64, "other person", "other people"),
            say::counted(doubted.len() as u64, "doubt was", "doubts were")
        ),
    );

    let happened = |event: Happening, by: &str| -> Result<(), Failure> {
        let event = Event { event, on: rules::today(), by: by.to_owned(), at: Timestamp::now() };
        case.record(&[event], rules::today()).map(drop).map_err(Failure::stopped)
    };
    let seen = "asked from the address that the portal knows".into();
    happened(Happening::IdentityNoted { seen, is_sufficient: true }, "demo")?;
    step("event", "identity noted: what was seen, never a copy of it");

    let made = bundle::make(&home, &case, None, due, "demo")?;
    step("bundle", &bundle::summary(&made));
    for (item, reason) in &made.unreleased {
        step("", &format!("not released: item {}: {reason}", item.short()));
    }

    let verification = verify::check(Some(&home.root), &made.dir, false)?;
    step("verify", &verify::summary(&verification));

    if verification.is_ok() {
        leave(&home, &case, &happened)?;
    }

    say::result(&format!("\nDone in {:.0?}. The answer: {}", began.elapsed(), made.dir.display()));
    say::result("Open 00_Letter.pdf and 03_Schedule-of-documents.pdf in it first.\n");
    say::result("On your own data:");
    say::result("  habeas init my-estate --source files=/path/to/files");
    say::result("  habeas index --estate my-estate");
    say::result("  habeas open --estate my-estate --name 'Their Name' --email them@example.org");
    if !verification.is_ok() {
        return Err(Failure::stopped("the bundle does not verify")
            .hint(format!("habeas verify {}", quoted(&made.dir))));
    }
    Ok(End::Done)
}

/// Takes the gates that are still closed, and releases the answer.
fn leave(
    home: &Home,
    case: &Case,
    happened: &dyn Fn(Happening, &str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let dossier = case.dossier().map_err(Failure::stopped)?;
    let mut rules = rules::full(home, case, &dossier, Seen::Unseen)?;
    let titles: Vec<&str> =
        habeas_case::blocks(&dossier, &rules).iter().map(|block| block.gate.title()).collect();
    step("status", &format!("closed gates: {}", titles.join(", ")));
    // Those that a made-up clinician and a made-up colleague can open; a person opens the others.
    let health = rules.health.take().unwrap_or_default();
    if !health.is_empty() {
        let n = say::counted(health.len() as u64, "document", "documents");
        let opinion = HealthOpinion {
            clinician: "Dr Example".into(),
            registration: "GMC 0000000".into(),
            appropriate: "responsible for the care".into(),
            matter: "everything that is to be given".into(),
            items: health.into_iter().collect(),
            outcome: HarmTest::NotMet,
            given: rules.today,
            must_reconsult: false,
        };
        happened(Happening::HealthOpinion(opinion), "demo")?;
        step("event", &format!("a health professional's opinion on {n}: serious harm is unlikely"));
    }
    let approval = release::approval(case, "the letter and every exhibit", "second pair of eyes")?;
    case.record(&[approval], rules.today).map_err(Failure::stopped)?;
    step("approve", "somebody else has looked at the bundle");
    let going = Release {
        method: "portal".into(),
        address_check: "read back by telephone".into(),
        secret_channel: "by text message".into(),
        on: rules.today,
        by: "demo".to_owned(),
        at: Timestamp::now(),
    };
    match release::leave(home, case, None, &going) {
        Ok(()) => step("release", "recorded; no gate was closed"),
        Err(habeas_case::Error::Blocked { blocks, .. }) => {
            for block in &blocks {
                step("release", &format!("not yet: {}: {}", block.gate.title(), block.what));
            }
        }
        Err(error) => return Err(Failure::stopped(error)),
    }
    Ok(())
}

/// The folder of the demo: the one named, which must be new or empty, or one in the temporary folder.
fn folder(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let Some(dir) = named else {
        let dir = tempfile::Builder::new().prefix("habeas-demo-").tempdir();
        return dir.map(tempfile::TempDir::keep).map_err(Failure::stopped);
    };
    if dir.exists() && fs::read_dir(dir).is_ok_and(|mut inside| inside.next().is_some()) {
        return Err(Failure::usage(format!("{} is not empty", dir.display()))
            .hint("name a new folder, or none for one in the temporary folder"));
    }
    std::path::absolute(dir).map_err(Failure::stopped)
}

fn shown(dir: &Path, name: &str) -> String {
    dir.join(name).display().to_string()
}

fn step(name: &str, what: &str) {
    say::result(&format!("{name:<8} {what}"));
}
