//! The checklist, the bundle, and how it left.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::body::Body as Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::{Extension, Json};
use habeas_case::{Gate, Release as Leaving};
use habeas_model::{Happening, ItemId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::estate::{JobRef, started};
use super::pages::as_png;
use super::views::{Progress, Revision, today};
use super::{Answer, Ask, At, Body, plainly, work};
use crate::desk::Desk;
use crate::guard::Reviewer;
use crate::house::{Contents, Made, Order};
use crate::jobs::Work;
use crate::problem::{Code, Problem};
use crate::standing::{self, Screen};
use crate::state::{App, lock};

/// A line of the checklist.
#[derive(Serialize)]
struct Check {
    code: String,
    title: String,
    state: &'static str,
    message: String,
    n: Option<u64>,
    screen: Screen,
}

/// How the answer left.
#[derive(Serialize)]
struct Delivery {
    seq: u64,
    at: Timestamp,
    by: String,
    words: String,
    manifest_sha256: Option<String>,
}

/// The bundle that is there.
#[derive(Clone, Serialize)]
pub struct BundleState {
    state: &'static str,
    dir: Option<PathBuf>,
    made_at: Option<Timestamp>,
    by: Option<String>,
    manifest_sha256: Option<String>,
    is_packed: bool,
}

/// What stands between a case and its answer.
#[derive(Serialize)]
pub struct Release {
    revision: u64,
    is_ready: bool,
    checks: Vec<Check>,
    bundle: BundleState,
    deliveries: Vec<Delivery>,
}

fn bundle_state(app: &App, desk: &Desk) -> Result<(BundleState, Option<Contents>), Problem> {
    let dir = desk.made.as_ref().map(|made| made.dir.as_path());
    let contents = app.house.contents(&desk.case, dir)?;
    let standing = standing::standing(app, desk)?;
    let mut records = desk.ledger.records().iter().rev();
    let last = records.find_map(|it| it.decision.bundled()).cloned();
    let (made_at, by, manifest) = match &last {
        Some(it) => (Some(it.at), Some(it.by.clone()), Some(it.manifest_sha256.clone())),
        None => (None, None, None),
    };
    let dir = contents.as_ref().map(|it| it.dir.clone());
    let state = match &contents {
        None => "none",
        // A folder that is not the one that was made last is none to rely on.
        Some(it) if Some(&it.manifest_sha256) != manifest.as_ref() => "stale",
        Some(_) => standing.bundle,
    };
    let is_packed = contents.as_ref().is_some_and(|it| it.archive.is_some());
    Ok((BundleState { state, dir, made_at, by, manifest_sha256: manifest, is_packed }, contents))
}

/// The checklist.
pub async fn checklist(State(app): State<Arc<App>>, At(case): At<String>) -> Answer<Release> {
    work(move || {
        let desk = app.desk(&case)?;
        let (dossier, copy) = {
            let desk = lock(&desk);
            (standing::dossier(&desk)?, desk.case.clone())
        };
        // This reads what would be given, so nobody else waits for it.
        let rules = app.house.rules(&copy, Some(&dossier))?;
        let blocks = habeas_case::blocks(&dossier, &rules);
        let desk = lock(&desk);
        let mut checks = Vec::new();
        for gate in super::gates::GATES {
            let open: Vec<&str> =
                blocks.iter().filter(|it| it.gate == gate).map(|it| it.what.as_str()).collect();
            checks.push(Check {
                code: standing::code(gate),
                title: title(gate).to_owned(),
                state: if open.is_empty() { "ok" } else { "blocked" },
                message: if open.is_empty() { "settled".into() } else { open.join("; ") },
                n: (gate == Gate::Undecided).then(|| Progress::of(&desk).n_open),
                screen: standing::screen(gate),
            });
        }
        for block in standing::standing(&app, &desk)?.blocks {
            if !block.is_blocking {
                checks.push(Check {
                    title: look_title(&block.code),
                    code: block.code,
                    state: "look",
                    message: block.message,
                    n: block.n,
                    screen: block.screen,
                });
            }
        }
        let records = desk.ledger.records().iter().rev();
        let deliveries = records.filter_map(|record| {
            let event = record.decision.event()?;
            let Happening::Released { manifest_sha256, method, .. } = &event.event else {
                return None;
            };
            Some(Delivery {
                seq: record.seq,
                at: event.at,
                by: event.by.clone(),
                words: format!("released on {}: {}", event.on, method.reveal()),
                manifest_sha256: Some(manifest_sha256.clone()),
            })
        });
        let (bundle, _) = bundle_state(&app, &desk)?;
        Ok(Release {
            revision: desk.revision(),
            is_ready: blocks.is_empty(),
            checks,
            bundle,
            deliveries: deliveries.collect(),
        })
    })
    .await
}

/// What is worth a look, and blocks nothing.
fn look_title(code: &str) -> String {
    match code {
        "proposals" => "Identifiers found beside the person's, not answered yet".to_owned(),
        "exceptions" => "Files that could not be read, or not whole".to_owned(),
        "doubts" => "Mentions of which it is in doubt whose they are".to_owned(),
        other => other.replace('_', " "),
    }
}

fn title(gate: Gate) -> &'static str {
    match gate {
        Gate::Closed => "The case is open",
        Gate::Identity => "Who asks is known",
        Gate::Authority => "They may ask for the person",
        Gate::Child => "Child or guardian",
        Gate::Fee => "The fee is paid, or none is due",
        Gate::Search => "The estate was searched for this person",
        Gate::Undecided => "Every certain and probable finding is decided",
        Gate::Exemption => "Every exemption's question is answered",
        Gate::People => "No mention of somebody else is in doubt",
        Gate::ThirdParty => "Whoever is shown has a record of why",
        Gate::Health => "Health data has an opinion",
        Gate::Contents => "The letter says what it has to",
        Gate::Bundle => "The bundle is made, and newer than every decision",
        Gate::Verify => "The bundle verifies",
        Gate::FourEyes => "Somebody else has looked",
    }
}

/// How the bundle is made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleIn {
    expected: u64,
    #[serde(default)]
    day: Option<Date>,
    #[serde(default)]
    out: Option<PathBuf>,
    #[serde(default)]
    replaces: bool,
    #[serde(default)]
    packs: bool,
}

/// Makes the bundle.
pub async fn make(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<BundleIn>,
) -> Result<(StatusCode, Json<JobRef>), Problem> {
    plainly(move || {
        if asked.out.as_ref().is_some_and(|out| !out.is_absolute()) {
            return Err(Problem::usage("the folder to write to is an absolute path"));
        }
        let desk = app.desk(&case)?;
        let copy = {
            let desk = lock(&desk);
            if desk.revision() != asked.expected {
                let mut problem = Problem::new(Code::Changed, "decisions were added meanwhile")
                    .hint("look at them, then make the bundle again");
                problem.revision = Some(desk.revision());
                return Err(problem);
            }
            standing::may_change(&desk, &[habeas_model::Entry::from(nothing())])?;
            let progress = Progress::of(&desk);
            desk.found()?;
            if progress.n_open > 0 {
                let n = standing::counted(progress.n_open, "finding has", "findings have");
                return Err(Problem::new(Code::Blocked, format!("{n} no decision"))
                    .hint("decide them first"));
            }
            desk.case.clone()
        };
        let order = Order {
            day: asked.day.unwrap_or_else(today),
            out: asked.out,
            replaces: asked.replaces,
            packs: asked.packs,
            by: reviewer.by,
        };
        let (shared, name) = (Arc::clone(&app), case.clone());
        app.jobs.start(Work::Bundle, Some(&case), "making the bundle", move |progress| {
            let made = shared.house.bundle(&copy, &order, progress)?;
            let desk = shared.desk(&name)?;
            let mut desk = lock(&desk);
            desk.made = Some(made);
            let told = bundle_out(&shared, &desk)?;
            Ok(told.map(|it| json!(it)))
        })
    })
    .await
    .map(started)
}

/// A decision about nothing: what a closed case does not take.
fn nothing() -> habeas_model::Bundled {
    habeas_model::Bundled {
        redactions_sha256: String::new(),
        n_taken_out: 0,
        n_shown: 0,
        manifest_sha256: String::new(),
        by: String::new(),
        at: Timestamp::UNIX_EPOCH,
    }
}

#[derive(Serialize)]
struct ExhibitOf {
    number: u32,
    first: String,
    n_pages: u32,
    title: String,
    description: String,
    source: String,
    dated: String,
    item: Option<ItemId>,
    n_labels: u64,
    n_left_out: u64,
    file: String,
}

#[derive(Serialize)]
struct RefusedOf {
    item: ItemId,
    reason: String,
}

#[derive(Serialize)]
struct FileOf {
    name: String,
    size_bytes: u64,
    sha256: String,
}

/// What is in the bundle.
#[derive(Serialize)]
pub struct BundleOut {
    state: BundleState,
    n_exhibits: u64,
    n_pages: u64,
    n_labels: u64,
    n_people: u64,
    n_shown: u64,
    n_left_out: u64,
    n_withheld: u64,
    n_incidental: u64,
    n_pending: u64,
    notes: Vec<String>,
    refused: Vec<RefusedOf>,
    exhibits: Vec<ExhibitOf>,
    files: Vec<FileOf>,
}

fn bundle_out(app: &App, desk: &Desk) -> Result<Option<BundleOut>, Problem> {
    let (state, contents) = bundle_state(app, desk)?;
    let Some(contents) = contents else { return Ok(None) };
    let verdicts = desk.n_by_verdict();
    let n = |verdict: &str| verdicts.get(verdict).copied().unwrap_or(0);
    // Of a bundle that an earlier run made, only what its own files say is known.
    let made = desk.made.clone().filter(|made| made.dir == contents.dir).unwrap_or_else(|| Made {
        n_exhibits: contents.exhibits.len() as u64,
        n_pages: contents.exhibits.iter().map(|it| u64::from(it.n_pages)).sum(),
        n_labels: contents.exhibits.iter().map(|it| it.n_labels).sum(),
        n_left_out: contents.exhibits.iter().map(|it| it.n_left_out).sum(),
        n_withheld: n("withhold"),
        n_incidental: n("incidental"),
        notes: vec!["made in an earlier run; its figures are those of its schedule".to_owned()],
        ..Made::default()
    });
    let exhibits = contents.exhibits.into_iter().map(|it| ExhibitOf {
        number: it.number,
        first: it.first,
        n_pages: it.n_pages,
        title: it.title,
        description: it.description,
        source: it.source,
        dated: it.dated,
        item: it.item,
        n_labels: it.n_labels,
        n_left_out: it.n_left_out,
        file: it.file,
    });
    let files = contents.files.into_iter();
    let refused = made.refused.into_iter();
    Ok(Some(BundleOut {
        state,
        n_exhibits: made.n_exhibits,
        n_pages: made.n_pages,
        n_labels: made.n_labels,
        n_people: made.n_people,
        n_shown: made.n_shown,
        n_left_out: made.n_left_out,
        n_withheld: made.n_withheld,
        n_incidental: made.n_incidental,
        n_pending: made.n_pending,
        notes: made.notes,
        refused: refused.map(|(item, reason)| RefusedOf { item, reason }).collect(),
        exhibits: exhibits.collect(),
        files: files
            .map(|(name, size_bytes, sha256)| FileOf { name, size_bytes, sha256 })
            .collect(),
    }))
}

/// The bundle that is there.
fn there(app: &App, desk: &std::sync::Mutex<Desk>) -> Result<Contents, Problem> {
    let (case, dir) = {
        let desk = lock(desk);
        (desk.case.clone(), desk.made.as_ref().map(|made| made.dir.clone()))
    };
    app.house.contents(&case, dir.as_deref())?.ok_or_else(no_bundle)
}

fn no_bundle() -> Problem {
    Problem::not_found("there is no bundle yet").hint("make it first")
}

/// What is in the bundle.
pub async fn contents(State(app): State<Arc<App>>, At(case): At<String>) -> Answer<BundleOut> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        bundle_out(&app, &desk)?.ok_or_else(no_bundle)
    })
    .await
}

/// Which page of which file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhichPage {
    file: String,
    #[serde(default)]
    dpi: Option<u16>,
}

/// A page of a file of the bundle, as a picture.
pub async fn picture(
    State(app): State<Arc<App>>,
    At((case, page)): At<(String, usize)>,
    Ask(which): Ask<WhichPage>,
) -> Result<Response, Problem> {
    let bytes = plainly(move || {
        let dpi = crate::looks::dpi(which.dpi)?;
        let desk = app.desk(&case)?;
        let contents = there(&app, &desk)?;
        let gone = || Problem::not_found("there is no such page in the bundle");
        // Only what the manifest names, and nothing that leads out of the folder.
        let is_inside = |name: &str| {
            Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
        };
        let is_known = contents.files.iter().any(|(name, ..)| *name == which.file);
        if !is_known || !is_inside(&which.file) || !which.file.ends_with(".pdf") {
            return Err(gone());
        }
        let file = contents.dir.join(&which.file);
        let bytes = std::fs::read(&file).map_err(Problem::failed)?;
        let index = page.checked_sub(1).ok_or_else(gone)?;
        let pixels = habeas_redact::picture_of(&bytes, index, dpi).ok_or_else(gone)?;
        crate::looks::png(&pixels).ok_or_else(gone)
    });
    Ok(as_png(bytes.await?))
}

/// The bundle as one archive.
pub async fn archive(
    State(app): State<Arc<App>>,
    At(case): At<String>,
) -> Result<Response, Problem> {
    let bytes = plainly(move || {
        let desk = app.desk(&case)?;
        let contents = there(&app, &desk)?;
        let archive = contents.archive.ok_or_else(|| {
            Problem::new(Code::Blocked, "the bundle has not been packed")
                .hint("make it again with `packs`")
        })?;
        std::fs::read(&archive).map_err(Problem::failed)
    });
    let mut answer = Response::new(Bytes::from(bytes.await?));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    let saved = HeaderValue::from_static("attachment; filename=\"bundle.zip\"");
    headers.insert(header::CONTENT_DISPOSITION, saved);
    Ok(answer)
}

/// How the answer left.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryIn {
    expected: u64,
    channel: Channel,
    recipient: String,
    #[serde(default)]
    passphrase_by: Option<String>,
    #[serde(default)]
    day: Option<Date>,
    #[serde(default)]
    note: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Channel {
    Portal,
    Email,
    Post,
    InPerson,
    Other,
}

impl Channel {
    fn words(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Email => "e-mail",
            Self::Post => "post",
            Self::InPerson => "in person",
            Self::Other => "other",
        }
    }
}

/// Records that the answer leaves, if nothing stands in the way.
pub async fn deliver(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<DeliveryIn>,
) -> Answer<Revision> {
    work(move || {
        let recipient = asked.recipient.trim();
        if recipient.is_empty() {
            return Err(Problem::usage("to whom and where does it go? Type it again"));
        }
        let desk = app.desk(&case)?;
        let (copy, before) = {
            let desk = lock(&desk);
            if desk.revision() != asked.expected {
                let mut problem = Problem::new(Code::Changed, "the case was changed meanwhile")
                    .hint("look at the checklist again");
                problem.revision = Some(desk.revision());
                return Err(problem);
            }
            (desk.case.clone(), desk.revision())
        };
        let mut method = asked.channel.words().to_owned();
        if !asked.note.trim().is_empty() {
            method.push_str(&format!(": {}", asked.note.trim()));
        }
        let secret = asked.passphrase_by.as_deref().map(str::trim).filter(|it| !it.is_empty());
        let release = Leaving {
            method: method.as_str().into(),
            address_check: format!("typed again: {recipient}").as_str().into(),
            secret_channel: secret.unwrap_or("none").into(),
            on: asked.day.unwrap_or_else(today),
            by: reviewer.by,
            at: Timestamp::now(),
        };
        // It is verified again first, whole, so nobody else waits for it.
        app.house.release(&copy, &release)?;
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let added: Vec<_> =
            desk.ledger.records().iter().filter(|it| it.seq > before).cloned().collect();
        Ok(Revision::of(&desk, &added, None))
    })
    .await
}
