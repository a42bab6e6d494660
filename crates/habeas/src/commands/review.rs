//! `habeas review`: the page on which a person decides, on loopback and for this user only.

use std::io::IsTerminal;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use habeas_bundle::{Organisation, manifest_of, sha256};
use habeas_case::{Case, Dossier, Prospect, Register, Release, Rules, Seen};
use habeas_document::Budget;
use habeas_index::Estate;
use habeas_ingest::Eyes;
use habeas_match::Setting;
use habeas_redact::{Defaults, Own};
use habeas_review::{
    Code, Contents, Exhibit, House, Looked, Made, Named, Options, Order, Problem, Progress,
    SourceOf,
};
use serde_json::json;

use super::{bundle, doctor, index, open, people, rules};
use crate::estate::{Home, stop_flag};
use crate::failure::{End, Failure};
use crate::say;

/// Serves the page until Ctrl-C.
pub fn run(
    home: Home,
    case: Option<&str>,
    (port, idle_minutes): (u16, u64),
    opens: bool,
    json: bool,
) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = case.map(|name| register.resolve(name)).transpose().map_err(Failure::of_case)?;
    let shop = Shop::new(home)?;
    let stop = stop_flag();
    let idle = Duration::from_secs(idle_minutes * 60);
    let options = Options { port, idle, case: case.map(|id| id.to_string()) };
    let ready = move |links: habeas_review::Links| {
        let Ok(url) = links.link() else { return };
        if json {
            say::json(&json!({"type": "review", "data": {"url": url}}));
        } else {
            say::result(&format!("open {url}"));
            say::talk("the link works once; Ctrl-C ends");
        }
        if opens && !browser(&url) {
            say::talk("no browser could be started: open the link by hand");
        }
        if std::io::stdin().is_terminal() {
            say::talk("press Enter for another link");
            std::thread::spawn(move || {
                let mut line = String::new();
                while std::io::stdin().read_line(&mut line).is_ok_and(|n| n > 0) {
                    if let Ok(url) = links.link() {
                        say::result(&format!("open {url}"));
                    }
                }
            });
        }
    };
    habeas_review::serve(Arc::new(shop), options, ready, until(stop)).map_err(
        |error| match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                Failure::stopped(format!("port {port} is taken")).hint("leave `--port` out")
            }
            _ => Failure::stopped(error),
        },
    )?;
    Ok(End::Done)
}

/// Ends when the flag is set: looked at often enough for a person at a keyboard.
async fn until(stop: Arc<AtomicBool>) {
    let wait = move || {
        while !stop.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    habeas_review::in_background(wait).await;
}

/// Starts this user's browser; the link works once, and for this user only.
fn browser(url: &str) -> bool {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(program);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}

/// An organisation at work, as its configuration says.
struct Shop {
    home: Home,
    organisation: Organisation,
    eyes: Option<Arc<Eyes>>,
}

impl Shop {
    fn new(home: Home) -> Result<Self, Failure> {
        let organisation = bundle::organisation(&home.config)?;
        let eyes = home.config.eyes().ok();
        Ok(Self { home, organisation, eyes })
    }
}

/// A failure of a command, as the page tells it.
fn problem(failure: Failure) -> Problem {
    let (message, hint) = failure.told();
    let problem = Problem::new(Code::Failed, message);
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

impl House for Shop {
    fn root(&self) -> &Path {
        &self.home.root
    }

    fn controller(&self) -> &str {
        &self.home.config.controller.name
    }

    fn request_defaults(&self) -> Result<habeas_case::Defaults, Problem> {
        open::defaults(&self.home).map_err(problem)
    }

    fn open(&self) -> Result<Estate, Problem> {
        self.home.open().map_err(problem)
    }

    fn house(&self) -> Setting {
        self.home.house()
    }

    fn setting(&self, estate: &Estate) -> Result<Setting, Problem> {
        self.home.setting(estate).map_err(problem)
    }

    fn defaults(&self) -> Defaults {
        self.home.config.redaction.defaults()
    }

    fn own(&self, prospect: &Prospect) -> Result<Own, Problem> {
        Ok(habeas_bundle::own(prospect, &self.organisation))
    }

    fn sources(&self) -> Vec<SourceOf> {
        let roots = self.home.config.sources(&self.home.root).unwrap_or_default();
        let source = |keys: &crate::config::SourceKeys| SourceOf {
            name: keys.name.clone(),
            title: keys.title.clone(),
            custodian: keys.custodian.clone(),
            path: roots
                .iter()
                .find(|it| it.name.as_str() == keys.name)
                .map_or_else(|| keys.path.clone(), |it| it.root.clone()),
        };
        self.home.config.source.iter().map(source).collect()
    }

    fn reach(&self, source: &SourceOf) -> Result<(), String> {
        let advice = "check that the disk or share is connected";
        match habeas_ingest::look(&source.path, Duration::from_secs(5)) {
            Ok(looked) if looked.is_there => Ok(()),
            Ok(_) => Err(format!("source `{}` is not there: {advice}", source.name)),
            Err(why) => Err(format!("source `{}` does not answer ({why}): {advice}", source.name)),
        }
    }

    fn budget(&self) -> Result<Budget, Problem> {
        self.home.config.budget(&self.home.root).map_err(problem)
    }

    fn eyes(&self) -> Option<Arc<Eyes>> {
        self.eyes.clone()
    }

    fn people(&self, case: &Case, progress: &Progress) -> Result<Looked, Problem> {
        let at = |done, total| progress.at(done, Some(total));
        let all = people::everybody(&self.home, case, &at).map_err(problem)?;
        let named = all.named.into_iter().map(|(person, it)| Named {
            person,
            item: it.item,
            place: it.place,
            kind: it.kind,
            shown: it.shown,
        });
        let named = named.collect();
        Ok(Looked { people: all.people, named, n_unread: all.n_unread as u64 })
    }

    fn bundle(&self, case: &Case, order: &Order, progress: &Progress) -> Result<Made, Problem> {
        let at = |done, total| progress.at(done, Some(total));
        let out = (order.out.as_deref(), order.replaces);
        let made =
            bundle::make_as(&self.home, case, out, (order.day, &order.by), &at).map_err(problem)?;
        // The archive of the bundle before is none of this one.
        let archive = bundle::archive_of(case, &made.dir);
        if order.replaces && archive.exists() {
            std::fs::remove_file(&archive).map_err(|error| {
                let (words, advice) = habeas_case::disk::advice_on_folder(&error);
                let message = format!("{} is in the way: {words} ({error})", archive.display());
                Problem::failed(message).hint(format!("{advice}; the folder itself is whole"))
            })?;
        }
        if order.packs {
            bundle::pack_beside(&self.home, case, &made.dir).map_err(problem)?;
        }
        Ok(Made {
            n_exhibits: made.n_exhibits,
            n_pages: made.n_pages,
            n_labels: made.n_labels,
            n_people: made.n_people,
            n_shown: made.n_shown,
            n_left_out: made.n_left_out,
            n_withheld: made.n_withheld,
            n_incidental: made.n_incidental,
            n_pending: made.n_pending,
            notes: bundle::notes(case, &made),
            dir: made.dir,
            refused: made.unreleased,
        })
    }

    fn rules(&self, case: &Case, dossier: Option<&Dossier>) -> Result<Rules, Problem> {
        let Some(dossier) = dossier else { return Ok(rules::quick(&self.home)) };
        let dir = case.dir.join("bundle");
        // Whether it verifies is looked at when it leaves; here only whether it is the one.
        let seen = match (&dossier.bundled, manifest_of(&dir)) {
            (None, _) => Seen::Unseen,
            (Some(_), None) => Seen::Absent,
            (Some(_), Some(manifest)) => Seen::Verified(sha256(&manifest)),
        };
        rules::full(&self.home, case, dossier, seen).map_err(problem)
    }

    fn release(&self, case: &Case, release: &Release) -> Result<(), habeas_case::Error> {
        super::release::leave(&self.home, case, None, release)
    }

    fn contents(&self, case: &Case, dir: Option<&Path>) -> Result<Option<Contents>, Problem> {
        let dir = dir.map_or_else(|| case.dir.join("bundle"), Path::to_owned);
        let contents = habeas_bundle::contents(&dir, Some(&case.dir)).map_err(Problem::failed)?;
        let Some(contents) = contents else { return Ok(None) };
        let archive = bundle::archive_of(case, &dir);
        let exhibit = |it: habeas_bundle::Listing| Exhibit {
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
        };
        Ok(Some(Contents {
            dir,
            manifest_sha256: contents.manifest_sha256,
            archive: archive.is_file().then_some(archive),
            exhibits: contents.exhibits.into_iter().map(exhibit).collect(),
            files: contents.files,
        }))
    }

    fn index(&self, progress: &Progress) -> Result<(), Problem> {
        let told = |at: habeas_ingest::Progress| progress.at(at.done, Some(at.listed));
        let never = AtomicBool::new(false);
        index::fill_telling(&self.home, &told, &never).map(drop).map_err(problem)
    }

    fn settings(&self) -> Vec<(String, String)> {
        let keys = &self.home.config;
        let shows = |shows: bool| if shows { "show" } else { "take-out" }.to_owned();
        let defaults = keys.redaction.defaults();
        vec![
            ("redaction.staff".to_owned(), shows(defaults.shows_staff)),
            ("redaction.professionals".to_owned(), shows(defaults.shows_professionals)),
            ("redaction.known".to_owned(), shows(defaults.shows_known)),
            ("redaction.role_labels".to_owned(), keys.redaction.role_labels.to_string()),
            ("ocr.enabled".to_owned(), keys.ocr.enabled.to_string()),
            ("ocr.languages".to_owned(), keys.ocr.languages.join(", ")),
            ("controller.regime".to_owned(), keys.controller.regime.clone()),
            ("controller.calendar".to_owned(), keys.controller.calendar.clone()),
        ]
    }

    fn isolation(&self) -> Vec<String> {
        doctor::isolation_words()
    }
}
