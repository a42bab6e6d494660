//! A made-up organisation: an estate without files, and a case with findings.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use habeas_case::{
    Case, Dossier, Prospect, Register, Release, Request, Rules, SearchRecord, SourceSearched, Tiers,
};
use habeas_document::Budget;
use habeas_index::{Estate, Found, NewItem, Prepared, Retry, Text, Writer};
use habeas_ingest::Eyes;
use habeas_match::Setting;
use habeas_model::{
    About, Accounting, Evidence, Facts, Finding, ItemId, ItemPath, Kind, Listed, Passage, Place,
    PlaceKind, Role, SourceName, Stamp, Terms, Tier,
};
use habeas_redact::{Defaults, Own};
use serde_json::json;

use crate::house::{Contents, House, Looked, Made, Named, Order, SourceOf};
use crate::jobs::Progress;
use crate::problem::Problem;

/// An item of the estate: its file, its text in passages, how strongly each passage is a finding.
#[derive(Clone)]
pub(crate) struct Made1 {
    pub(crate) file: String,
    pub(crate) member: Option<String>,
    pub(crate) media_type: &'static str,
    pub(crate) facts: Facts,
    pub(crate) passages: Vec<(String, Option<(Tier, f64, About)>)>,
}

/// What a trial works on.
#[derive(Clone, Default)]
pub(crate) struct Spec(pub(crate) Vec<Made1>);

fn text(words: &str, found: Option<(Tier, f64, About)>) -> (String, Option<(Tier, f64, About)>) {
    (words.to_owned(), found)
}

fn message(id: &str, answers: &[&str], dated: &str, title: &str) -> Facts {
    Facts {
        title: Some(title.into()),
        dated: Some(dated.to_owned()),
        message_id: Some(id.to_owned()),
        answers: answers.iter().map(|it| (*it).to_owned()).collect(),
        ..Facts::default()
    }
}

impl Spec {
    /// A few messages with an attachment, a table, a note that is possible only.
    pub(crate) fn small() -> Self {
        use About::{Incidental, Relates};
        use Tier::{Certain, Namesake, Possible, Probable};
        let mail = |file: &str, facts, passages| Made1 {
            file: file.to_owned(),
            member: None,
            media_type: "message/rfc822",
            facts,
            passages,
        };
        let long = "the visit of the ninth was moved to the tenth because the doctor who had been \
                    asked to see her was away that day and nobody else could do it in time so it goes";
        Self(vec![
            mail(
                "mail/1.eml",
                message("a", &[], "2026-03-02T10:00:00Z", "Your visit"),
                vec![text("Harriet Vale came with tom.quill@example.net.", Some((Certain, 30.0, Relates)))],
            ),
            mail(
                "mail/2.eml",
                message("b", &["a"], "2026-03-03T10:00:00Z", "Re: Your visit"),
                vec![text(long, Some((Probable, 9.0, Relates)))],
            ),
            Made1 {
                file: "mail/2.eml".to_owned(),
                member: Some("note.txt".to_owned()),
                media_type: "text/plain",
                facts: Facts::default(),
                passages: vec![text("For Harriet Vale.", Some((Probable, 8.0, Relates)))],
            },
            mail(
                "mail/3.eml",
                message("c", &[], "2026-04-01T10:00:00Z", "Fwd"),
                vec![text(&format!("{long} indeed"), Some((Certain, 20.0, Incidental)))],
            ),
            Made1 {
                file: "bookings/list.csv".to_owned(),
                member: None,
                media_type: "text/csv",
                facts: Facts::default(),
                passages: vec![
                    text("Name: Harriet Vale", Some((Certain, 25.0, Relates))),
                    text("Name: Amara Lind", None),
                    text("Name: H Vale", Some((Possible, 2.0, Relates))),
                    text("Name: Harriet Vale-Smith", Some((Namesake, -6.0, Relates))),
                ],
            },
        ])
    }

    /// So many findings: of thirty items one is a table of a hundred rows, the others are messages.
    pub(crate) fn large(n: usize) -> Self {
        let mut all = Vec::new();
        let mut left = n;
        let mut number = 0_usize;
        while left > 0 {
            number += 1;
            let rows = if number.is_multiple_of(30) { 100.min(left) } else { 1 };
            left -= rows;
            let tier = |row: usize| match (number + row) % 10 {
                0..=4 => Tier::Certain,
                5..=7 => Tier::Probable,
                8 => Tier::Possible,
                _ => Tier::Namesake,
            };
            let about = if number.is_multiple_of(7) { About::Incidental } else { About::Relates };
            let passages = (0..rows).map(|row| {
                let bits = 5.0 + ((number * 31 + row * 7) % 400) as f64 / 10.0;
                text(&format!("Row {row} of {number}: Harriet Vale"), Some((tier(row), bits, about)))
            });
            let (month, day) = (1 + number % 12, 1 + number % 28);
            let facts = message(
                &format!("m{number}"),
                &[&format!("t{}", number / 4)],
                &format!("2025-{month:02}-{day:02}T10:00:00Z"),
                &format!("Subject {number}"),
            );
            all.push(Made1 {
                file: format!("{}/{number}.x", if rows > 1 { "bookings" } else { "mail" }),
                member: None,
                media_type: if rows > 1 { "text/csv" } else { "message/rfc822" },
                facts,
                passages: passages.collect(),
            });
        }
        Self(all)
    }
}

/// An organisation on paper.
pub(crate) struct Paper {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) case: Case,
    pub(crate) items: Vec<ItemId>,
    pub(crate) is_offline: AtomicBool,
}

impl Paper {
    pub(crate) fn new(spec: &Spec) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (items, mut findings) = fill(dir.path(), spec);
        findings.sort_by(|a, b| (a.item, &a.place).cmp(&(b.item, &b.place)));
        let request = json!({"name": "Harriet Vale", "email": "harriet.vale@example.org"});
        let case = Register::open(dir.path()).unwrap().create(request_of(&request)).unwrap();
        let mut record = record(&case, &findings);
        case.save_search(&findings, &[], &mut record).unwrap();
        Self { dir, case, items, is_offline: AtomicBool::new(false) }
    }

    pub(crate) fn name(&self) -> String {
        self.case.id.to_string()
    }
}

fn request_of(stated: &serde_json::Value) -> Request {
    Request::from_json(stated, &defaults()).unwrap()
}

fn defaults() -> habeas_case::Defaults {
    habeas_case::Defaults {
        received: jiff::civil::date(2026, 7, 1),
        law: habeas_law::Law::Uk,
        calendar: habeas_law::Calendar::EnglandAndWales,
    }
}

const SOURCES: [&str; 2] = ["bookings", "mail"];

fn fill(root: &Path, spec: &Spec) -> (Vec<ItemId>, Vec<Finding>) {
    let sources: Vec<(SourceName, PathBuf)> = SOURCES
        .iter()
        .map(|name| (SourceName::parse(name).unwrap(), PathBuf::from("/nowhere").join(name)))
        .collect();
    let mut writer = Writer::open(&root.join("estate"), "1", "", &sources).unwrap();
    let (mut items, mut findings) = (Vec::new(), Vec::new());
    let mut all = spec.0.iter().peekable();
    while let Some(first) = all.next() {
        let (source, file) = first.file.split_once('/').unwrap();
        let at = SOURCES.iter().position(|it| *it == source).unwrap();
        let (_, source) = writer.sources()[at].clone();
        let path = ItemPath::file(file.as_bytes());
        let stamp = Stamp { size_bytes: 1, modified_ns: 2, inode: 3 };
        let id = writer.begin_file(source, Path::new(file), &path, stamp).unwrap();
        let mut members = vec![first];
        while let Some(member) = all.next_if(|it| it.file == first.file) {
            members.push(member);
        }
        let n_members = members.len() as u64 - 1;
        for (number, it) in members.into_iter().enumerate() {
            let path = it.member.as_ref().map_or_else(|| path.clone(), |name| path.member(name));
            let n_members = if number == 0 { n_members } else { 0 };
            let (item, of_item) = item(it, n_members);
            items.push(item.id);
            findings.extend(of_item);
            writer.add(source, id, Found::Item { path, item: Box::new(item) }).unwrap();
        }
        writer.end_file(id, stamp, Retry::Never).unwrap();
    }
    writer.finish(true).unwrap();
    (items, findings)
}

fn item(it: &Made1, n_members: u64) -> (NewItem, Vec<Finding>) {
    let id = ItemId::of(format!("{}{:?}", it.file, it.member).as_bytes());
    let is_table = it.media_type == "text/csv";
    let kind = if is_table { PlaceKind::Row } else { PlaceKind::Message };
    let (mut passages, mut findings) = (Vec::new(), Vec::new());
    for (number, (words, found)) in it.passages.iter().enumerate() {
        let place = Place::new(kind, number + 2);
        let passage = Passage { is_record: is_table, ..Passage::text(place.clone(), words) };
        let number = u32::try_from(number).unwrap();
        let prepared = Prepared::new(id, number, &passage, &[], &Terms::default()).unwrap();
        passages.push(prepared);
        if let Some((tier, score_bits, about)) = *found {
            let evidence = vec![Evidence {
                kind: Some(if is_table { Kind::Name } else { Kind::Email }),
                rule: "full name, 0 others fit".into(),
                bits: score_bits.max(1.0),
            }];
            let passages = vec![number];
            findings.push(Finding { item: id, place, passages, tier, score_bits, about, evidence });
        }
    }
    let item = NewItem {
        id,
        size_bytes: 10,
        media_type: it.media_type.to_owned(),
        n_members,
        facts: it.facts.clone(),
        exceptions: Vec::new(),
        text: Some(Text { passages, names: Vec::new() }),
    };
    (item, findings)
}

fn record(case: &Case, findings: &[Finding]) -> SearchRecord {
    let source = |name: &&str| SourceSearched {
        name: SourceName::parse(name).unwrap(),
        items: Accounting::default(),
        read_at: None,
        found: Tiers::default(),
    };
    SearchRecord {
        case: case.id.clone(),
        searched_at: "2026-07-02T09:00:00Z".parse().unwrap(),
        software: "habeas".into(),
        asked: Vec::new(),
        sources: SOURCES.iter().map(source).collect(),
        is_complete: true,
        excepted: Vec::new(),
        n_items: 9,
        n_passages: 99,
        n_candidates: 9,
        n_unasked: 0,
        n_unweighed: 0,
        n_unfollowed: 0,
        ask: None,
        advice: vec!["the request states one name".into()],
        tiers: Tiers::of(findings),
        n_incidental: 1,
        n_items_found: 5,
        n_dropped: 0,
        subject_digest: String::new(),
        findings_digest: String::new(),
    }
}

impl House for Paper {
    fn root(&self) -> &Path {
        self.dir.path()
    }

    fn controller(&self) -> &str {
        "Example Clinic"
    }

    fn request_defaults(&self) -> Result<habeas_case::Defaults, Problem> {
        Ok(defaults())
    }

    fn open(&self) -> Result<Estate, Problem> {
        Ok(Estate::open(&self.dir.path().join("estate"))?)
    }

    fn house(&self) -> Setting {
        Setting::default()
    }

    fn setting(&self, _: &Estate) -> Result<Setting, Problem> {
        Ok(Setting::default())
    }

    fn defaults(&self) -> Defaults {
        Defaults::default()
    }

    fn own(&self, prospect: &Prospect) -> Result<Own, Problem> {
        Ok(Own::new(&prospect.subject))
    }

    fn sources(&self) -> Vec<SourceOf> {
        let source = |name: &&str| SourceOf {
            name: (*name).to_owned(),
            title: format!("The {name}"),
            custodian: String::new(),
            path: PathBuf::from("/nowhere"),
        };
        SOURCES.iter().map(source).collect()
    }

    fn reach(&self, source: &SourceOf) -> Result<(), String> {
        match self.is_offline.load(Ordering::SeqCst) {
            true => Err(format!("source `{}` is not there", source.name)),
            false => Ok(()),
        }
    }

    fn budget(&self) -> Result<Budget, Problem> {
        Ok(Budget::default())
    }

    fn eyes(&self) -> Option<Arc<Eyes>> {
        None
    }

    fn people(&self, _: &Case, _: &Progress) -> Result<Looked, Problem> {
        let listed = |person: &str, role, n_places| Listed {
            number: 0,
            person: person.into(),
            written: vec![person.into()],
            roles: vec![role],
            n_places,
            n_items: 1,
            n_shown: 0,
            in_doubt: Vec::new(),
        };
        let named = Named {
            person: "quill, tom".into(),
            item: self.items[0],
            place: Place::new(PlaceKind::Message, 2),
            kind: Kind::Name,
            shown: None,
        };
        Ok(Looked {
            people: vec![
                listed("quill, tom", Role::Private, 3),
                listed("okafor, ada", Role::Professional, 1),
            ],
            named: vec![named],
            n_unread: 0,
        })
    }

    fn bundle(&self, case: &Case, order: &Order, _: &Progress) -> Result<Made, Problem> {
        let dir = order.out.clone().unwrap_or_else(|| case.dir.join("bundle"));
        let made = std::fs::create_dir(&dir);
        made.map_err(|error| Problem::failed(format!("{}: {error}", dir.display())))?;
        Ok(Made { dir, n_exhibits: 1, ..Made::default() })
    }

    fn rules(&self, _: &Case, _: Option<&Dossier>) -> Result<Rules, Problem> {
        Ok(Rules::careful(crate::api::views::today()))
    }

    fn release(&self, case: &Case, release: &Release) -> Result<(), habeas_case::Error> {
        case.release(&Rules::careful(crate::api::views::today()), release).map(drop)
    }

    fn contents(&self, case: &Case, dir: Option<&Path>) -> Result<Option<Contents>, Problem> {
        let dir = dir.map_or_else(|| case.dir.join("bundle"), Path::to_owned);
        let contents = Contents { dir: dir.clone(), ..Contents::default() };
        Ok(dir.is_dir().then_some(contents))
    }

    fn index(&self, _: &Progress) -> Result<(), Problem> {
        Ok(())
    }

    fn settings(&self) -> Vec<(String, String)> {
        vec![("redaction.staff".into(), "take-out".into())]
    }

    fn isolation(&self) -> Vec<String> {
        vec!["none in a trial".into()]
    }
}
