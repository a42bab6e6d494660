//! One item: what it says, how it looks, why it was found, what would be taken out of it.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use axum::Extension;
use axum::body::Body as Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use habeas_case::why;
use habeas_model::{
    About, Area, Document, Entry, Evidence, Field, Ground, Hidden, ItemId, Kind, Manual, Mark,
    Meaning, Part, Place, PlaceKind, Role, Tier, Verdict,
};
use habeas_redact::{Defaults, Mind, Own, Policies, Preview, Reach, Stretch, What, Who, preview};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::estate::ExceptionRow;
use super::views::{At as Where, DecisionOf, Revision, Titles};
use super::{Answer, Ask, At, Body, limit, plainly, work};
use crate::desk::Desk;
use crate::found::{Found, Item};
use crate::guard::Reviewer;
use crate::lines::{Group, Lines};
use crate::problem::{Code, Problem};
use crate::queue::{Asked, Chooser};
use crate::state::{App, lock};

#[derive(Serialize)]
struct EvidenceOf {
    kind: Option<Kind>,
    rule: String,
    bits: f64,
}

impl From<Evidence> for EvidenceOf {
    fn from(Evidence { kind, rule, bits }: Evidence) -> Self {
        Self { kind, rule, bits }
    }
}

#[derive(Serialize)]
struct FindingOf {
    place: Place,
    place_words: String,
    passages: Vec<u32>,
    tier: Tier,
    score_bits: f64,
    about: About,
    verdict: Verdict,
    suggested: Option<Verdict>,
    decision: Option<DecisionOf>,
    why: String,
    speaks_for: Vec<EvidenceOf>,
    against: Vec<EvidenceOf>,
    would_change: Vec<String>,
}

fn finding_of(desk: &Desk, found: &Found, number: usize) -> FindingOf {
    let finding = &found.findings[number];
    let why = why(finding);
    FindingOf {
        place: finding.place.clone(),
        place_words: finding.place.to_string(),
        passages: finding.passages.clone(),
        tier: finding.tier,
        score_bits: finding.score_bits,
        about: finding.about,
        verdict: desk.verdicts[number],
        suggested: habeas_case::suggestion(finding).map(|(verdict, _)| verdict),
        decision: DecisionOf::of(desk, number),
        why: why.sentence,
        speaks_for: why.speaks_for.into_iter().map(EvidenceOf::from).collect(),
        against: why.against.into_iter().map(EvidenceOf::from).collect(),
        would_change: why.would_change,
    }
}

#[derive(Serialize)]
struct Relative {
    item: ItemId,
    at: Where,
    title: Option<String>,
    dated: Option<String>,
    type_words: &'static str,
    relation: &'static str,
    n_findings: u64,
    tier: Option<Tier>,
    verdict: Option<Verdict>,
    likeness: Option<f32>,
}

fn relative(
    desk: &Desk,
    found: &Found,
    titles: &Titles,
    item: &Item,
    relation: &'static str,
    likeness: Option<f32>,
) -> Relative {
    let verdicts: BTreeSet<&str> =
        item.findings.clone().map(|at| crate::queue::verdict(desk.verdicts[at])).collect();
    let first = desk.verdicts.get(item.findings.start).copied();
    Relative {
        item: item.id,
        at: Where::first(found, item, titles),
        title: item.title.clone(),
        dated: item.dated.clone(),
        type_words: item.kind,
        relation,
        n_findings: item.findings.len() as u64,
        tier: Some(found.findings[found.strongest(item)].tier),
        verdict: first.filter(|_| verdicts.len() == 1),
        likeness,
    }
}

/// Relatives that are shown at most; the rest is in the queue, filtered by the group's key.
const MOST_RELATIVES: usize = 50;

fn relatives(desk: &Desk, found: &Found, titles: &Titles, number: usize) -> [Vec<Relative>; 3] {
    let item = &found.items[number];
    let all = || found.items.iter().enumerate();
    let depth = |item: &Item| item.places.first().map_or(0, |(_, path)| path.depth());
    let in_family = all().filter(|(_, it)| item.family.is_some() && it.family == item.family);
    let family = in_family.map(|(at, it)| {
        let relation = match (at == number, Some(it.id) == item.family) {
            (true, _) => "self",
            (false, true) => "parent",
            _ if depth(it) > depth(item) => "attachment",
            _ => "sibling",
        };
        relative(desk, found, titles, it, relation, None)
    });
    let mut in_thread: Vec<(usize, &Item)> =
        all().filter(|(_, it)| item.thread.is_some() && it.thread == item.thread).collect();
    in_thread.sort_by(|a, b| (&a.1.dated, a.1.id).cmp(&(&b.1.dated, b.1.id)));
    let here = in_thread.iter().position(|(at, _)| *at == number).unwrap_or(0);
    let thread = in_thread.iter().enumerate().map(|(place, (_, it))| {
        let relation = match place.cmp(&here) {
            std::cmp::Ordering::Less => "earlier",
            std::cmp::Ordering::Equal => "self",
            std::cmp::Ordering::Greater => "later",
        };
        relative(desk, found, titles, it, relation, None)
    });
    let near = found.near.get().map_or_else(Vec::new, |near| {
        let cluster = near.cluster(number);
        let like = all().filter(|(at, _)| {
            cluster.is_some() && near.cluster(*at) == cluster && *at != number
        });
        like.take(MOST_RELATIVES)
            .map(|(at, it)| {
                let likeness = Some(near.likeness(number, at));
                relative(desk, found, titles, it, "near", likeness)
            })
            .collect()
    });
    let several = |all: Vec<Relative>| if all.len() > 1 { all } else { Vec::new() };
    [
        several(family.take(MOST_RELATIVES).collect()),
        several(thread.take(MOST_RELATIVES).collect()),
        near,
    ]
}

/// A rectangle of a page, in parts of its width and height.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxOf {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl BoxOf {
    fn area(self) -> Option<Area> {
        let part = |value: f64| {
            let whole = f64::from(Area::WHOLE);
            let part = (value * whole).round();
            (0.0..=whole).contains(&part).then_some(part as u16)
        };
        let area = Area {
            left: part(self.x)?,
            top: part(self.y)?,
            right: part(self.x + self.width)?,
            bottom: part(self.y + self.height)?,
        };
        area.is_sound().then_some(area)
    }
}

impl From<Area> for BoxOf {
    fn from(area: Area) -> Self {
        let part = |value: u16| f64::from(value) / f64::from(Area::WHOLE);
        Self {
            x: part(area.left),
            y: part(area.top),
            width: part(area.right - area.left),
            height: part(area.bottom - area.top),
        }
    }
}

#[derive(Serialize)]
struct ManualOf {
    seq: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    passage: Option<u32>,
    start: Option<usize>,
    end: Option<usize>,
    page: Option<u32>,
    #[serde(rename = "box")]
    area: Option<BoxOf>,
    ground: Option<&'static str>,
    reason: String,
    by: String,
    at: Timestamp,
}

/// What was marked by hand in an item and is in force.
fn marks_of(desk: &Desk, item: ItemId) -> Vec<(u64, &Manual)> {
    let mut marks = habeas_case::in_force(desk.ledger.records());
    marks.retain(|(_, manual)| manual.item == item);
    marks
}

fn manual_of(seq: u64, manual: &Manual, document: &Document) -> ManualOf {
    let (kind, ground, page, area) = match &manual.mark {
        Mark::Text { ground, .. } => ("text", Some(ground.code()), None, None),
        Mark::Box { page, area, ground } => {
            ("box", Some(ground.code()), Some(*page), Some(BoxOf::from(*area)))
        }
        Mark::Picture { page } => ("picture", None, Some(*page), None),
        Mark::TakenBack { .. } => ("picture", None, None, None),
    };
    let (mut passage, mut start, mut end) = (None, None, None);
    if let Mark::Text { passage: number, range, .. } = &manual.mark {
        let text = document.passages.get(*number as usize).map_or("", |it| it.text.as_str());
        let units = Units::new(text);
        (passage, start, end) =
            (Some(*number), Some(units.at(range.start)), Some(units.at(range.end)));
    }
    ManualOf {
        seq,
        kind,
        passage,
        start,
        end,
        page,
        area,
        ground,
        reason: manual.reason.clone(),
        by: manual.by.clone(),
        at: manual.at,
    }
}

/// One item.
#[derive(Serialize)]
pub struct ItemOut {
    revision: u64,
    item: ItemId,
    media_type: String,
    type_words: &'static str,
    size_bytes: u64,
    title: Option<String>,
    dated: Option<String>,
    export: Option<String>,
    at: Vec<Where>,
    is_readable: bool,
    problem: Option<String>,
    n_passages: u64,
    n_pages: u32,
    exceptions: Vec<ExceptionRow>,
    findings: Vec<FindingOf>,
    family: Vec<Relative>,
    thread: Vec<Relative>,
    near: Vec<Relative>,
    marks: Vec<ManualOf>,
    previous: Option<ItemId>,
    next: Option<ItemId>,
}

fn known<'a>(found: &'a Found, item: &ItemId) -> Result<(usize, &'a Item), Problem> {
    let number = found.item(item);
    number
        .and_then(|number| Some((number, found.items.get(number)?)))
        .ok_or_else(|| Problem::not_found("there is no such item among the findings"))
}

/// One item.
pub async fn one(
    State(app): State<Arc<App>>,
    At((case, item)): At<(String, ItemId)>,
    Ask(asked): Ask<Asked>,
) -> Answer<ItemOut> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let found = Arc::clone(desk.found()?);
        let (number, it) = known(&found, &item)?;
        let estate = app.estate()?;
        let titles = Titles::of(&app);
        let [family, thread, near] = relatives(&desk, &found, &titles, number);
        let (previous, next) = neighbours(&desk, &found, &asked, number)?;
        let record = estate.item(&item)?;
        let marks = marks_of(&desk, item);
        // Only where marked words stand is in its text.
        let has_words = marks.iter().any(|(_, it)| matches!(it.mark, Mark::Text { .. }));
        let document = if has_words { document(&app, item)? } else { Document::default() };
        let at = Where::all(&found, it, &titles);
        let (source, path) = it.places.first().map_or((0, String::new()), |(source, path)| {
            (*source, path.to_string())
        });
        let source = found.sources.get(usize::from(source)).map_or("", |it| it.as_str());
        let exceptions = record.map(|record| record.exceptions).unwrap_or_default();
        let exceptions = exceptions.into_iter().map(|exception| ExceptionRow {
            source: source.to_owned(),
            path: path.clone(),
            reason: exception.reason,
            note: exception.note,
            place: exception.place,
            is_partial: exception.is_partial,
            advice: exception.reason.advice(),
        });
        let problem = unreachable_sources(&app, &found, it);
        Ok(ItemOut {
            revision: desk.revision(),
            item,
            media_type: it.media_type.clone(),
            type_words: it.kind,
            size_bytes: it.size_bytes,
            title: it.title.clone(),
            dated: it.dated.clone(),
            export: it.export.clone(),
            at,
            is_readable: problem.is_none(),
            problem,
            n_passages: estate.n_passages_of(&item)?,
            n_pages: n_pages(it),
            exceptions: exceptions.collect(),
            findings: it.findings.clone().map(|at| finding_of(&desk, &found, at)).collect(),
            family,
            thread,
            near,
            marks: marks.into_iter().map(|(seq, it)| manual_of(seq, it, &document)).collect(),
            previous,
            next,
        })
    })
    .await
}

/// Pages that can be shown as pictures.
fn n_pages(item: &Item) -> u32 {
    match item.media_type.as_str() {
        "application/pdf" => item.n_pages.unwrap_or(1),
        "image/png" | "image/jpeg" | "image/gif" | "image/bmp" | "image/webp"
        | "image/x-portable-anymap" => item.n_pages.unwrap_or(1),
        _ => 0,
    }
}

/// Why an item cannot be read again now, if none of its sources can be reached.
fn unreachable_sources(app: &App, found: &Found, item: &Item) -> Option<String> {
    let sources = app.house.sources();
    let mut problem = None;
    for (source, _) in &item.places {
        let name = found.sources.get(usize::from(*source))?.as_str();
        match sources.iter().find(|it| it.name == name) {
            Some(source) => match app.reach(source) {
                Ok(()) => return None,
                Err(why) => problem = Some(why),
            },
            None => problem = Some(format!("source `{name}` is not in habeas.toml any more")),
        }
    }
    problem
}

type Neighbours = (Option<ItemId>, Option<ItemId>);

/// The items before and behind this one in the queue as it is filtered and sorted.
fn neighbours(
    desk: &Desk,
    found: &Found,
    asked: &Asked,
    number: usize,
) -> Result<Neighbours, Problem> {
    let (_, sort, order) = asked.kind();
    let filter = asked.filter()?;
    let none = BTreeSet::new();
    let named = super::queue::named(desk, &filter, &none)?;
    let lines = Lines::of(found, (Group::Item, sort, order));
    let chooser = Chooser::new(found, &desk.verdicts, &filter, named);
    let item_of = |line: u32| found.item_of[lines.head(line)] as usize;
    let fits = |line: &u32| {
        let item = &found.items[item_of(*line)];
        item.findings.clone().any(|finding| chooser.fits(finding))
    };
    let line = lines.of_finding[found.items[number].findings.start];
    let rank = lines.rank[line as usize] as usize;
    let (before, behind) = (&lines.order[..rank], &lines.order[rank + 1..]);
    let id = |line: &u32| found.items[item_of(*line)].id;
    Ok((before.iter().rev().find(|it| fits(it)).map(id), behind.iter().find(|it| fits(it)).map(id)))
}

/// What an item says, as it was indexed: at hand also when its source is not.
fn document(app: &App, item: ItemId) -> Result<Document, Problem> {
    let estate = app.estate()?;
    let record = estate.item(&item)?;
    let passages = estate.passages_of(&item)?.into_iter().map(|it| it.passage).collect();
    let mut document = Document { passages, ..Document::default() };
    if let Some(record) = record {
        document.media_type = record.media_type;
        document.facts = record.facts;
        document.exceptions = record.exceptions;
    }
    Ok(document)
}

/// What it takes to look at an item, taken from the desk so that others need not wait.
struct Seen {
    covered: Vec<u32>,
    withheld: Vec<u32>,
    about: BTreeSet<u32>,
    policies: Policies,
    n_policies: usize,
    own: Own,
    question: habeas_match::Question,
    marks: Vec<(u64, Manual)>,
}

impl Seen {
    fn of(app: &App, desk: &Desk, item: ItemId) -> Result<Self, Problem> {
        let found = desk.found()?;
        let (_, it) = known(found, &item)?;
        let (mut covered, mut withheld, mut about) = (Vec::new(), Vec::new(), BTreeSet::new());
        for at in it.findings.clone() {
            let finding = &found.findings[at];
            match desk.verdicts[at] {
                Verdict::Withhold => withheld.extend(&finding.passages),
                Verdict::NotSubject => {}
                // What is open, or only mentions the person, is shown as it would be given.
                _ if finding.tier == Tier::Namesake => {}
                _ => covered.extend(&finding.passages),
            }
            about.extend(&finding.passages);
        }
        let subject = &desk.case.request.subject;
        let question = habeas_match::Question::new(subject)
            .map_err(|problem| Problem::new(Code::Blocked, problem))?;
        let prospect = habeas_case::Prospect {
            case: desk.case.id.clone(),
            subject: subject.clone(),
            disclosures: Vec::new(),
            withheld: Vec::new(),
            policies: Vec::new(),
            marks: Vec::new(),
        };
        let defaults: Defaults = app.house.defaults();
        let policies = desk.policies();
        let marks = marks_of(desk, item).into_iter();
        Ok(Self {
            covered,
            withheld,
            about,
            n_policies: policies.len(),
            policies: Policies::new(&policies, defaults, subject),
            own: app.house.own(&prospect)?,
            question,
            marks: marks.map(|(seq, manual)| (seq, manual.clone())).collect(),
        })
    }

    /// The item with what would be taken out of it; the last few are kept, as a long table is looked at
    /// page by page.
    fn looked(&self, app: &App, case: &str, item: ItemId) -> Result<Arc<Viewed>, Problem> {
        let setting = app.setting()?;
        let key = Key {
            case: case.to_owned(),
            item,
            covered: self.covered.clone(),
            withheld: self.withheld.clone(),
            n_policies: self.n_policies,
            marks: self.marks.iter().map(|(seq, _)| *seq).collect(),
            setting: Arc::as_ptr(&setting) as usize,
        };
        let known = |all: &VecDeque<(Key, Arc<Viewed>)>| {
            all.iter().find(|(of, _)| *of == key).map(|(_, viewed)| Arc::clone(viewed))
        };
        if let Some(viewed) = known(&lock(&app.viewed)) {
            return Ok(viewed);
        }
        let mind = Mind {
            question: &self.question,
            setting: &setting,
            own: &self.own,
            policies: &self.policies,
        };
        let marks: Vec<(u64, &Manual)> = self.marks.iter().map(|(seq, it)| (*seq, it)).collect();
        let document = document(app, item)?;
        let preview = preview(&document, item, &self.covered, &self.withheld, &mind, &marks);
        let viewed = Arc::new(Viewed { document, preview });
        let mut all = lock(&app.viewed);
        all.push_back((key, Arc::clone(&viewed)));
        if all.len() > VIEWED {
            all.pop_front();
        }
        Ok(viewed)
    }
}

/// Items that are kept as they were looked at.
const VIEWED: usize = 4;

/// An item with what would be taken out of it.
pub struct Viewed {
    document: Document,
    preview: Preview,
}

/// All that what is taken out of an item depends on.
#[derive(PartialEq, Eq)]
pub struct Key {
    case: String,
    item: ItemId,
    covered: Vec<u32>,
    withheld: Vec<u32>,
    n_policies: usize,
    marks: Vec<u64>,
    /// Which estate's names: the setting is made once an estate.
    setting: usize,
}

/// Byte places in a text as UTF-16 code units, as the page counts them.
struct Units<'a> {
    text: &'a str,
}

impl<'a> Units<'a> {
    fn new(text: &'a str) -> Self {
        Self { text }
    }

    fn at(&self, byte: usize) -> usize {
        self.text.get(..byte).map_or(0, |text| text.encode_utf16().count())
    }

    /// The byte at which that code unit begins; `None` within a character or past the end.
    fn byte(&self, unit: usize) -> Option<usize> {
        let mut units = 0;
        for (byte, c) in self.text.char_indices() {
            if units >= unit {
                return (units == unit).then_some(byte);
            }
            units += c.len_utf16();
        }
        (units == unit).then_some(self.text.len())
    }
}

#[derive(Serialize)]
struct MarkOf {
    start: usize,
    end: usize,
    kind: Kind,
    who: &'static str,
    person: Option<u32>,
    label: Option<String>,
    doubt: Option<String>,
    fate: &'static str,
    ground: Option<&'static str>,
    ground_words: Option<&'static str>,
    decided: &'static str,
    manual: Option<u64>,
    rule: String,
}

fn mark_of(desk: &Desk, stretch: &Stretch, units: &Units<'_>) -> MarkOf {
    let listed = stretch
        .person
        .as_ref()
        .and_then(|person| desk.people.iter().find(|it| it.person == *person));
    let (fate, ground, ground_words) = match stretch.what {
        What::Kept => ("kept", None, None),
        What::Nobody => ("nobody", None, None),
        What::Shown(shown) => ("shown", Some(shown.ground.code()), Some(shown_words(shown.ground))),
        What::TakenOut(ground) => ("taken_out", Some(ground.code()), Some(ground_words(ground))),
    };
    let decided = match (stretch.by_hand, stretch.reach) {
        (Some(_), _) => "manual",
        (None, Some(Reach::Place)) => "place",
        (None, Some(Reach::Item)) => "item",
        (None, Some(Reach::Person)) => "person",
        (None, Some(Reach::Default)) => "default",
        (None, None) => "sweep",
    };
    MarkOf {
        start: units.at(stretch.range.start),
        end: units.at(stretch.range.end),
        kind: stretch.kind,
        who: match stretch.who {
            Who::Subject => "subject",
            Who::Unknown(_) => "unknown",
            Who::Other(Role::Private) => "other",
            Who::Other(Role::Staff) => "staff",
            Who::Other(Role::Professional) => "professional",
        },
        person: listed.map(|it| it.number),
        label: listed.and_then(|it| it.written.first()).map(|it| it.reveal().clone()),
        doubt: match stretch.who {
            Who::Unknown(doubt) => Some(doubt.to_string()),
            _ => None,
        },
        fate,
        ground,
        ground_words,
        decided,
        manual: stretch.by_hand,
        rule: stretch.rule.clone(),
    }
}

fn ground_words(ground: Ground) -> &'static str {
    match ground {
        Ground::ThirdParty => "information about another person",
        Ground::NotTheirs => "not the requester's",
    }
}

fn shown_words(ground: habeas_model::ShowGround) -> &'static str {
    use habeas_model::ShowGround;
    match ground {
        ShowGround::Consent => "they agreed",
        ShowGround::Reasonable => "it is reasonable without their agreement",
        ShowGround::Professional => "a health professional who acted as such",
        ShowGround::Staff => "a member of staff who acted in their role",
        ShowGround::Known => "the requester knows it already",
    }
}

#[derive(Serialize)]
struct FieldOf {
    start: usize,
    end: usize,
    meaning: Meaning,
}

#[derive(Serialize)]
struct PassageOf {
    number: usize,
    place: Place,
    place_words: String,
    part: Part,
    hidden: Option<Hidden>,
    is_record: bool,
    page: Option<u32>,
    is_about: bool,
    fate: &'static str,
    text: String,
    fields: Vec<FieldOf>,
    marks: Vec<MarkOf>,
}

/// A page of passages.
#[derive(Serialize)]
pub struct Passages {
    revision: u64,
    total: u64,
    passages: Vec<PassageOf>,
    next_cursor: Option<String>,
    previous_cursor: Option<String>,
    is_current: bool,
}

/// Which passages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhichPassages {
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default)]
    around: Option<usize>,
}

/// What an item says.
pub async fn passages(
    State(app): State<Arc<App>>,
    At((case, item)): At<(String, ItemId)>,
    Ask(which): Ask<WhichPassages>,
) -> Answer<Passages> {
    work(move || {
        let limit = limit(which.limit)?;
        let desk = app.desk(&case)?;
        let (seen, is_current, revision) = {
            let desk = lock(&desk);
            let found = Arc::clone(desk.found()?);
            let (_, it) = known(&found, &item)?;
            let is_current = unreachable_sources(&app, &found, it).is_none();
            (Seen::of(&app, &desk, item)?, is_current, desk.revision())
        };
        let viewed = seen.looked(&app, &case, item)?;
        let Viewed { document, preview } = &*viewed;
        let total = document.passages.len();
        let from = match (&which.cursor, which.around) {
            (Some(text), _) => text
                .parse::<usize>()
                .map_err(|_| Problem::usage("that is no cursor of this list"))?,
            // A page begins at a multiple, so that pages around one place are the same pages.
            (None, Some(around)) => around.min(total.saturating_sub(1)) / limit * limit,
            (None, None) => 0,
        };
        let to = from.saturating_add(limit).min(total);
        let desk = lock(&desk);
        let mut passages = Vec::new();
        for number in from..to {
            let Some(passage) = document.passages.get(number) else { continue };
            let units = Units::new(&passage.text);
            let withheld = seen.withheld.iter().any(|it| *it as usize == number);
            let is_left_out = preview.left_out.binary_search(&number).is_ok();
            let field = |field: &Field| FieldOf {
                start: units.at(field.range.start),
                end: units.at(field.range.end),
                meaning: field.meaning,
            };
            let is_page = passage.place.kind == PlaceKind::Page;
            let stretches = preview.stretches.get(number).into_iter().flatten();
            passages.push(PassageOf {
                number,
                place_words: passage.place.to_string(),
                place: passage.place.clone(),
                part: passage.part,
                hidden: passage.hidden,
                is_record: passage.is_record,
                page: is_page.then_some(passage.place.number),
                is_about: seen.about.contains(&u32::try_from(number).unwrap_or(u32::MAX)),
                fate: match (withheld, is_left_out) {
                    (true, _) => "withheld",
                    (false, true) => "left_out",
                    (false, false) => "given",
                },
                text: passage.text.clone(),
                fields: passage.fields.iter().map(field).collect(),
                marks: stretches.map(|it| mark_of(&desk, it, &units)).collect(),
            });
        }
        let next_cursor = (to < total).then(|| to.to_string());
        let previous_cursor = (from > 0).then(|| from.saturating_sub(limit).to_string());
        let total = total as u64;
        Ok(Passages { revision, total, passages, next_cursor, previous_cursor, is_current })
    })
    .await
}

#[derive(Serialize)]
struct PageOf {
    page: u32,
    width: f32,
    height: f32,
    passages: Vec<u32>,
}

/// Pages of an item.
#[derive(Serialize)]
pub struct Pages {
    pages: Vec<PageOf>,
}

/// Pages that can be shown as pictures.
pub async fn pages(
    State(app): State<Arc<App>>,
    At((case, item)): At<(String, ItemId)>,
) -> Answer<Pages> {
    work(move || {
        check_pages(&app, &case, &item)?;
        let leaves = app.looks.of(&app, item, crate::looks::DPI)?;
        let document = document(&app, item)?;
        let passages = |page: u32| {
            let all = (0..).zip(&document.passages);
            let here = all.filter(|(_, it)| {
                it.place.kind == PlaceKind::Page && it.place.number == page
            });
            here.map(|(number, _)| number).collect()
        };
        let page = |leaf: &crate::looks::Leaf| PageOf {
            page: leaf.number,
            width: leaf.width_pt,
            height: leaf.height_pt,
            passages: passages(leaf.number),
        };
        Ok(Pages { pages: leaves.iter().map(page).collect() })
    })
    .await
}

/// Only items among the findings of a case are shown.
fn check_pages(app: &App, case: &str, item: &ItemId) -> Result<(), Problem> {
    let desk = app.desk(case)?;
    let found = Arc::clone(lock(&desk).found()?);
    let (_, it) = known(&found, item)?;
    match n_pages(it) {
        0 => Err(Problem::not_found("it has no pages that can be shown")),
        _ => Ok(()),
    }
}

/// How a picture is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    #[serde(default)]
    dpi: Option<u16>,
}

/// A page as a picture.
pub async fn picture(
    State(app): State<Arc<App>>,
    At((case, item, number)): At<(String, ItemId, u32)>,
    Ask(asked): Ask<Resolution>,
) -> Result<Response, Problem> {
    let bytes = plainly(move || {
        check_pages(&app, &case, &item)?;
        let leaves = app.looks.of(&app, item, crate::looks::dpi(asked.dpi)?)?;
        let leaf = leaves.iter().find(|leaf| leaf.number == number);
        leaf.map(|leaf| leaf.png.clone())
            .ok_or_else(|| Problem::not_found("there is no such page that can be shown"))
    });
    Ok(as_png(bytes.await?))
}

/// A picture as an answer.
pub fn as_png(bytes: Vec<u8>) -> Response {
    let mut answer = Response::new(Bytes::from(bytes));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    answer
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum MarkType {
    Text,
    Box,
    Picture,
}

/// A mark by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkIn {
    expected: u64,
    #[serde(rename = "type")]
    of_type: MarkType,
    #[serde(default)]
    passage: Option<u32>,
    #[serde(default)]
    start: Option<usize>,
    #[serde(default)]
    end: Option<usize>,
    #[serde(default)]
    page: Option<u32>,
    #[serde(default, rename = "box")]
    area: Option<BoxOf>,
    #[serde(default)]
    ground: Option<Ground>,
    #[serde(default)]
    kind: Option<Kind>,
    reason: String,
}

impl MarkIn {
    fn mark(&self, document: &Document) -> Result<Mark, Problem> {
        let ground = self.ground.unwrap_or(Ground::ThirdParty);
        let wrong = |what: &str| Problem::usage(what.to_owned());
        match self.of_type {
            MarkType::Text => {
                let (Some(passage), Some(start), Some(end)) = (self.passage, self.start, self.end)
                else {
                    return Err(wrong("marked text needs `passage`, `start` and `end`"));
                };
                let text = document
                    .passages
                    .get(passage as usize)
                    .map(|it| it.text.as_str())
                    .ok_or_else(|| wrong("the item has no such passage"))?;
                let units = Units::new(text);
                let range = units.byte(start).zip(units.byte(end));
                let (start, end) =
                    range.ok_or_else(|| wrong("the passage has no such stretch"))?;
                let words = text.get(start..end).unwrap_or_default();
                let trimmed = words.trim();
                if !trimmed.contains(char::is_alphanumeric) {
                    return Err(wrong("no words are marked"));
                }
                let start = start + (words.len() - words.trim_start().len());
                Ok(Mark::Text {
                    passage,
                    range: start..start + trimmed.len(),
                    words: trimmed.into(),
                    kind: self.kind,
                    ground,
                })
            }
            MarkType::Box => {
                let area = self.area.and_then(BoxOf::area);
                match (self.page, area) {
                    (Some(page), Some(area)) if page > 0 => Ok(Mark::Box { page, area, ground }),
                    _ => Err(wrong("a box needs a `page` and a `box` that lies on it")),
                }
            }
            MarkType::Picture => match self.page {
                Some(page) if page > 0 => Ok(Mark::Picture { page }),
                _ => Err(wrong("giving a picture needs its `page`")),
            },
        }
    }
}

/// Marks something by hand.
pub async fn mark(
    State(app): State<Arc<App>>,
    At((case, item)): At<(String, ItemId)>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<MarkIn>,
) -> Answer<Revision> {
    work(move || {
        let desk = app.desk(&case)?;
        let mut desk = lock(&desk);
        let found = Arc::clone(desk.found()?);
        let (_, it) = known(&found, &item)?;
        if asked.of_type != MarkType::Text && n_pages(it) == 0 {
            return Err(Problem::usage("it has no pages that can be shown"));
        }
        let mark = asked.mark(&document(&app, item)?)?;
        let by = reviewer.by;
        let manual = Manual { mark, item, reason: asked.reason, by, at: Timestamp::now() };
        // A mark takes more out, or is one that another made too: neither stands in the way.
        let added = desk.add(asked.expected, &[Entry::from(manual)], &|_| false)?;
        Ok(Revision::of(&desk, &added, None))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_the_page_counts_them() {
        let text = "aé😀b";
        let units = Units::new(text);
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let all: Vec<usize> = bytes.iter().map(|byte| units.at(*byte)).collect();
        assert_eq!(all, [0, 1, 2, 4, 5]);
        let back: Vec<Option<usize>> = (0..=6).map(|unit| units.byte(unit)).collect();
        assert_eq!(back, [Some(0), Some(1), Some(3), None, Some(7), Some(8), None]);
    }

    #[test]
    fn a_box_lies_on_its_page() {
        let check = |x, y, width, height, expected: Option<[u16; 4]>| {
            let area = BoxOf { x, y, width, height }.area();
            assert_eq!(area.map(|it| [it.left, it.top, it.right, it.bottom]), expected);
        };
        check(0.1, 0.2, 0.3, 0.4, Some([1_000, 2_000, 4_000, 6_000]));
        check(0.0, 0.0, 1.0, 1.0, Some([0, 0, 10_000, 10_000]));
        check(0.5, 0.5, 0.6, 0.1, None);
        check(-0.1, 0.0, 0.2, 0.2, None);
        check(0.5, 0.5, 0.0, 0.1, None);
        check(f64::NAN, 0.0, 0.1, 0.1, None);
    }
}
