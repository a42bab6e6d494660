//! One item: where it lies, why it was found, what was decided, what belongs to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use habeas_case::why;
use habeas_model::{About, Document, Evidence, ItemId, Kind, Mark, Place, Tier, Verdict};
use serde::Serialize;

use super::estate::ExceptionRow;
use super::marks::{ManualOf, manual_of, marks_of};
use super::views::{At as Where, DecisionOf, Titles};
use super::{Answer, Ask, At, work};
use crate::desk::Desk;
use crate::found::{Found, Item};
use crate::lines::{Group, Lines};
use crate::problem::Problem;
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
        let like = all()
            .filter(|(at, _)| cluster.is_some() && near.cluster(*at) == cluster && *at != number);
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

pub(super) fn known<'a>(found: &'a Found, item: &ItemId) -> Result<(usize, &'a Item), Problem> {
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
        let (source, path) = it
            .places
            .first()
            .map_or((0, String::new()), |(source, path)| (*source, path.to_string()));
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
pub(super) fn n_pages(item: &Item) -> u32 {
    match item.media_type.as_str() {
        "application/pdf" => item.n_pages.unwrap_or(1),
        "image/png"
        | "image/jpeg"
        | "image/gif"
        | "image/bmp"
        | "image/webp"
        | "image/x-portable-anymap" => item.n_pages.unwrap_or(1),
        _ => 0,
    }
}

/// Why an item cannot be read again now, if none of its sources can be reached.
pub(super) fn unreachable_sources(app: &App, found: &Found, item: &Item) -> Option<String> {
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
pub(super) fn document(app: &App, item: ItemId) -> Result<Document, Problem> {
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
