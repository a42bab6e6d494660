//! Findings, decisions on them, and how to take these back.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use habeas_case::{Recorded, Tiers};
use habeas_model::{Decision, Entry, ItemId, Manual, Mark, Place, Policy, Treatment, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::views::{Groups, Revision, Row, Titles, row};
use super::{Answer, Ask, At, Body, Paging, limit, work};
use crate::desk::Desk;
use crate::found::Found;
use crate::guard::Reviewer;
use crate::history::{Told, told};
use crate::lines::{Group, Lines};
use crate::problem::{Code, Problem};
use crate::queue::{Asked, Chooser, Facets, Filter, Start, page as cut, start};
use crate::state::{App, lock};

/// A page of the queue.
#[derive(Serialize)]
pub struct Queue {
    revision: u64,
    total: u64,
    n_findings: u64,
    n_open: u64,
    position: u64,
    rows: Vec<Row>,
    next_cursor: Option<String>,
    facets: Facets,
}

/// The items that name the person of a filter.
///
/// # Errors
/// If there is no such person, or nobody looked in this run.
pub fn named<'a>(
    desk: &'a Desk,
    filter: &Filter,
    none: &'a BTreeSet<ItemId>,
) -> Result<Option<&'a BTreeSet<ItemId>>, Problem> {
    let Some(number) = filter.person else { return Ok(None) };
    let person = &desk.person(number)?.person;
    let Some(named) = &desk.named else { return Err(unlooked()) };
    Ok(Some(named.items.get(person).unwrap_or(none)))
}

/// Nobody looked for other people yet.
pub fn unlooked() -> Problem {
    Problem::new(Code::Blocked, "nobody has looked for other people in this run")
        .hint("look for them first: `Look again` on the screen of other people")
}

/// A page of the queue.
pub async fn page(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Ask(asked): Ask<Asked>,
) -> Answer<Queue> {
    work(move || {
        let (kind, filter, limit) = (asked.kind(), asked.filter()?, limit(asked.limit)?);
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let found = Arc::clone(desk.found()?);
        let none = BTreeSet::new();
        let named = named(&desk, &filter, &none)?;
        let lines = Lines::of(&found, kind);
        let start = match (&asked.cursor, &asked.at) {
            (Some(cursor), _) => start(&found, kind, cursor)?,
            (None, Some(key)) => holding(&found, &lines, key)?,
            (None, None) => Start::First,
        };
        let chooser = Chooser::new(&found, &desk.verdicts, &filter, named);
        let page = cut(&chooser, &lines, kind, &start, limit);
        let with = (&Titles::of(&app), &*Groups::of(&found));
        let is_finding = kind.0 == Group::Finding;
        let rows = page.rows.iter();
        let rows = rows.filter_map(|(_, findings)| row(&desk, &found, findings, with, is_finding));
        Ok(Queue {
            revision: desk.revision(),
            total: page.total,
            n_findings: page.n_findings,
            n_open: page.n_open,
            position: page.position,
            rows: rows.collect(),
            next_cursor: page.next,
            facets: page.facets,
        })
    })
    .await
}

/// The page that holds the line with that key.
fn holding(found: &Found, lines: &Lines, key: &str) -> Result<Start, Problem> {
    let gone = || Problem::not_found("there is no such line");
    let (item, finding) = match key.split_once(':') {
        Some((item, finding)) => (item, Some(finding.parse::<usize>().map_err(|_| gone())?)),
        None => (key, None),
    };
    let id: ItemId = item.parse().map_err(|_| gone())?;
    let item = found.item(&id).and_then(|at| found.items.get(at)).ok_or_else(gone)?;
    let finding = finding.unwrap_or_else(|| found.strongest(item));
    let line = lines.of_finding.get(finding).ok_or_else(gone)?;
    lines.rank.get(*line as usize).map(|rank| Start::Holding(*rank)).ok_or_else(gone)
}

/// An item, or one finding of it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    item: ItemId,
    #[serde(default)]
    place: Option<Place>,
}

/// A decision on some findings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideIn {
    expected: u64,
    #[serde(default)]
    targets: Option<Vec<Target>>,
    #[serde(default)]
    filter: Option<Filter>,
    #[serde(default)]
    with_family: bool,
    #[serde(default)]
    verdict: Option<Verdict>,
    #[serde(default)]
    reason: String,
}

impl DecideIn {
    /// The findings that are meant, sorted, each once.
    fn meant(&self, desk: &Desk, found: &Found) -> Result<Vec<usize>, Problem> {
        let none = BTreeSet::new();
        let mut meant: BTreeSet<usize> = match (&self.targets, &self.filter) {
            (Some(targets), None) => targeted(found, targets)?,
            (None, Some(filter)) => {
                let named = named(desk, filter, &none)?;
                Chooser::new(found, &desk.verdicts, filter, named).chosen().into_iter().collect()
            }
            _ => return Err(Problem::usage("give either `targets` or a `filter`")),
        };
        if self.with_family {
            let of = |finding: &usize| found.items[found.item_of[*finding] as usize].family;
            let families: HashSet<ItemId> = meant.iter().filter_map(of).collect();
            let is_in = |item: &&crate::found::Item| {
                item.family.is_some_and(|family| families.contains(&family))
            };
            meant.extend(found.items.iter().filter(is_in).flat_map(|item| item.findings.clone()));
        }
        Ok(meant.into_iter().collect())
    }

    /// What each of these findings would become; those that it is already are left out.
    fn changes(&self, desk: &Desk, found: &Found) -> Result<Plan, Problem> {
        if self.verdict == Some(Verdict::Withhold) && self.reason.trim().is_empty() {
            return Err(Problem::usage("withholding needs a reason")
                .hint("give an exemption's code first, as in `LPP: advice of counsel`"));
        }
        let mut plan = Plan { n_meant: 0, changes: Vec::new() };
        for finding in self.meant(desk, found)? {
            let now = desk.verdicts[finding];
            let (verdict, reason) = match self.verdict {
                Some(verdict) => (verdict, self.reason.clone()),
                None if now != Verdict::Open => continue,
                None => match habeas_case::suggestion(&found.findings[finding]) {
                    Some((verdict, reason)) => (verdict, reason),
                    None => continue,
                },
            };
            plan.n_meant += 1;
            let is_same = desk
                .decision(finding)
                .and_then(|record| record.decision.finding())
                .is_some_and(|last| last.verdict == verdict && last.reason == reason);
            let is_open_already = verdict == Verdict::Open && desk.last[finding].is_none();
            if !is_same && !is_open_already {
                plan.changes.push((finding, verdict, reason));
            }
        }
        Ok(plan)
    }
}

fn targeted(found: &Found, targets: &[Target]) -> Result<BTreeSet<usize>, Problem> {
    let mut meant = BTreeSet::new();
    for target in targets {
        let gone = || {
            Problem::not_found("one of these is no finding of the case any more")
                .hint("the estate may have been searched again; look at the queue again")
        };
        match &target.place {
            Some(place) => {
                meant.insert(found.at(target.item, place).ok_or_else(gone)?);
            }
            None => {
                let item = found.item(&target.item).ok_or_else(gone)?;
                meant.extend(found.items[item].findings.clone());
            }
        }
    }
    Ok(meant)
}

struct Plan {
    n_meant: u64,
    changes: Vec<(usize, Verdict, String)>,
}

/// How many findings go from one verdict to another.
#[derive(Serialize)]
struct Change {
    from: Verdict,
    to: Verdict,
    n: u64,
}

/// What a decision would change.
#[derive(Serialize)]
pub struct DecidePreview {
    revision: u64,
    n_findings: u64,
    n_items: u64,
    n_unchanged: u64,
    changes: Vec<Change>,
    tiers: Tiers,
    n_overruled: u64,
    sample: Vec<Row>,
}

/// Lines of a preview.
const SAMPLE: usize = 10;

/// What a decision would change.
pub async fn preview(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Body(asked): Body<DecideIn>,
) -> Answer<DecidePreview> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let found = Arc::clone(desk.found()?);
        let plan = asked.changes(&desk, &found)?;
        let mut counts: BTreeMap<(&str, &str), Change> = BTreeMap::new();
        let (mut items, mut changed) = (BTreeSet::new(), Vec::new());
        let mut n_overruled = 0;
        for (finding, to, _) in &plan.changes {
            let from = desk.verdicts[*finding];
            let key = (crate::queue::verdict(from), crate::queue::verdict(*to));
            counts.entry(key).or_insert(Change { from, to: *to, n: 0 }).n += 1;
            n_overruled += u64::from(from != Verdict::Open);
            items.insert(found.item_of[*finding]);
            changed.push(found.findings[*finding].clone());
        }
        let with = (&Titles::of(&app), &*Groups::of(&found));
        let sample = plan.changes.iter().take(SAMPLE);
        Ok(DecidePreview {
            revision: desk.revision(),
            n_findings: plan.changes.len() as u64,
            n_items: items.len() as u64,
            n_unchanged: plan.n_meant - plan.changes.len() as u64,
            changes: counts.into_values().collect(),
            tiers: Tiers::of(&changed),
            n_overruled,
            sample: sample
                .filter_map(|(finding, ..)| row(&desk, &found, &[*finding], with, true))
                .collect(),
        })
    })
    .await
}

/// Decides.
pub async fn decide(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<DecideIn>,
) -> Answer<Revision> {
    work(move || {
        let desk = app.desk(&case)?;
        let mut desk = lock(&desk);
        let found = Arc::clone(desk.found()?);
        let plan = asked.changes(&desk, &found)?;
        let at = Timestamp::now();
        let entry = |(finding, verdict, reason): &(usize, Verdict, String)| {
            let finding = &found.findings[*finding];
            Entry::from(Decision {
                item: finding.item,
                place: finding.place.clone(),
                verdict: *verdict,
                reason: reason.clone(),
                by: reviewer.by.clone(),
                at,
            })
        };
        let entries: Vec<Entry> = plan.changes.iter().map(entry).collect();
        // Whatever was meant counts, also what needs no change now: the other may have made it so.
        let meant: HashSet<usize> = asked.meant(&desk, &found)?.into_iter().collect();
        let is_in_the_way = |record: &Recorded| {
            let finding = record.decision.finding();
            let at = finding.and_then(|it| found.at(it.item, &it.place));
            at.is_some_and(|at| meant.contains(&at))
        };
        let added = desk.add(asked.expected, &entries, &is_in_the_way)?;
        Ok(Revision::of(&desk, &added, None))
    })
    .await
}

/// Which records are taken back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoIn {
    expected: u64,
    first: u64,
    last: u64,
}

/// Takes records back: each thing gets what it had before.
pub async fn undo(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<UndoIn>,
) -> Answer<Revision> {
    work(move || {
        let desk = app.desk(&case)?;
        let mut desk = lock(&desk);
        let records = desk.ledger.records();
        let is_meant = |seq: u64| asked.first <= seq && seq <= asked.last;
        let meant: Vec<Recorded> =
            records.iter().filter(|it| is_meant(it.seq)).cloned().collect();
        if asked.first == 0 || asked.first > asked.last || meant.is_empty() {
            return Err(Problem::not_found("there are no such records"));
        }
        let before = records.iter().filter(|it| it.seq < asked.first).cloned().collect::<Vec<_>>();
        let entries = backward(&meant, &before, &reviewer.by)?;
        let things: HashSet<Thing> = meant.iter().filter_map(thing).collect();
        // Whoever decided since, be it the same person, would be overruled unseen.
        let is_in_the_way = |record: &Recorded| {
            record.seq > asked.last && thing(record).is_some_and(|it| things.contains(&it))
        };
        let since = asked.expected.min(asked.last);
        let added = desk.add(since, &entries, &is_in_the_way)?;
        Ok(Revision::of(&desk, &added, None))
    })
    .await
}

/// What a record is about: a later record about the same thing takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Thing {
    Finding(ItemId, Place),
    Person(habeas_model::Personal<String>, Option<ItemId>, Option<Place>),
    Mark(u64),
}

fn thing(record: &Recorded) -> Option<Thing> {
    match &record.decision {
        Entry::Finding(it) => Some(Thing::Finding(it.item, it.place.clone())),
        Entry::Policy(it) => Some(Thing::Person(it.person.clone(), it.item, it.place.clone())),
        Entry::Manual(Manual { mark: Mark::TakenBack { seq }, .. }) => Some(Thing::Mark(*seq)),
        Entry::Manual(_) => Some(Thing::Mark(record.seq)),
        _ => None,
    }
}

/// The records that undo these: what each thing had before, or nothing.
fn backward(meant: &[Recorded], before: &[Recorded], by: &str) -> Result<Vec<Entry>, Problem> {
    let at = Timestamp::now();
    let mut last: std::collections::HashMap<Thing, &Recorded> = Default::default();
    for record in before {
        if let Some(thing) = thing(record) {
            last.insert(thing, record);
        }
    }
    let mut done: HashSet<Thing> = HashSet::new();
    let mut entries = Vec::new();
    for record in meant {
        let Some(thing) = thing(record) else {
            return Err(Problem::usage("that cannot be undone: only decisions, policies and marks")
                .hint("an answer about an identifier is changed by the opposite answer"));
        };
        if !done.insert(thing.clone()) {
            continue;
        }
        let was = last.get(&thing).map(|record| &record.decision);
        let reason = format!("undone: record {}", record.seq);
        entries.push(match (&record.decision, was) {
            (Entry::Finding(_), Some(Entry::Finding(was))) => {
                Entry::from(Decision { by: by.to_owned(), at, ..was.clone() })
            }
            (Entry::Finding(it), _) => Entry::from(Decision {
                verdict: Verdict::Open,
                reason,
                by: by.to_owned(),
                at,
                ..it.clone()
            }),
            (Entry::Policy(_), Some(Entry::Policy(was))) => {
                Entry::from(Policy { by: by.to_owned(), at, ..was.clone() })
            }
            (Entry::Policy(it), _) => Entry::from(Policy {
                treatment: Treatment::Default,
                role_label: String::new(),
                reason,
                by: by.to_owned(),
                at,
                ..it.clone()
            }),
            (Entry::Manual(it), _) => Entry::from(Manual {
                mark: Mark::TakenBack { seq: record.seq },
                reason,
                by: by.to_owned(),
                at,
                ..it.clone()
            }),
            _ => return Err(Problem::usage("that cannot be undone")),
        });
    }
    Ok(entries)
}

/// Which records.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhichRecords {
    #[serde(default)]
    item: Option<ItemId>,
    #[serde(default)]
    person: Option<u32>,
    #[serde(default)]
    act: Option<String>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<usize>,
}

/// A page of the ledger.
#[derive(Serialize)]
pub struct History {
    revision: u64,
    total: u64,
    is_verified: bool,
    head: String,
    rows: Vec<Told>,
    next_cursor: Option<String>,
}

/// The ledger, newest first. A cursor is the number of the last record that was shown.
pub async fn history(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Ask(which): Ask<WhichRecords>,
) -> Answer<History> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let paging = Paging { cursor: None, limit: which.limit };
        let below: u64 = match &which.cursor {
            None => u64::MAX,
            Some(text) => {
                text.parse().map_err(|_| Problem::usage("that is no cursor of this list"))?
            }
        };
        let fits = |told: &Told| {
            which.item.is_none_or(|item| told.item == Some(item))
                && which.person.is_none_or(|person| told.person == Some(person))
                && which.act.as_deref().is_none_or(|act| told.act == act)
        };
        let all: Vec<Told> = desk
            .ledger
            .records()
            .iter()
            .rev()
            .map(|record| told(&desk, record))
            .filter(fits)
            .collect();
        let total = all.len() as u64;
        let rest: Vec<Told> = all.into_iter().filter(|it| it.seq < below).collect();
        let (rows, next) = paging.cut(rest.into_iter())?;
        let next_cursor = next.and_then(|_| rows.last().map(|it| it.seq.to_string()));
        let head = desk.ledger.records().last().map(|it| it.digest.clone()).unwrap_or_default();
        // A ledger that does not verify cannot be opened at all.
        let (revision, is_verified) = (desk.revision(), true);
        Ok(History { revision, total, is_verified, head, rows, next_cursor })
    })
    .await
}

#[cfg(test)]
mod tests {
    use habeas_model::{PlaceKind, ShowGround};

    use super::*;

    fn recorded(seq: u64, decision: Entry) -> Recorded {
        Recorded { seq, prev: String::new(), digest: String::new(), decision }
    }

    fn decision(row: usize, verdict: Verdict, reason: &str) -> Entry {
        Entry::from(Decision {
            item: ItemId::of(b"a"),
            place: Place::new(PlaceKind::Row, row),
            verdict,
            reason: reason.into(),
            by: "x".into(),
            at: Timestamp::UNIX_EPOCH,
        })
    }

    #[test]
    fn undoing_brings_back_what_was_before() {
        let policy = |treatment| {
            Entry::from(Policy {
                person: "quill".into(),
                treatment,
                role_label: String::new(),
                item: None,
                place: None,
                reason: String::new(),
                by: "x".into(),
                at: Timestamp::UNIX_EPOCH,
            })
        };
        let before = [recorded(1, decision(1, Verdict::Withhold, "LPP: advice"))];
        let meant = [
            recorded(2, decision(1, Verdict::Disclose, "")),
            recorded(3, decision(2, Verdict::Disclose, "")),
            recorded(4, decision(1, Verdict::Incidental, "")),
            recorded(5, policy(Treatment::Show(ShowGround::Consent))),
            recorded(
                6,
                Entry::from(Manual {
                    mark: Mark::Picture { page: 1 },
                    item: ItemId::of(b"a"),
                    reason: String::new(),
                    by: "x".into(),
                    at: Timestamp::UNIX_EPOCH,
                }),
            ),
        ];
        let back = backward(&meant, &before, "dana").unwrap();
        let verdicts: Vec<(u32, Verdict, &str)> = back
            .iter()
            .filter_map(Entry::finding)
            .map(|it| (it.place.number, it.verdict, it.reason.as_str()))
            .collect();
        assert_eq!(
            verdicts,
            [(1, Verdict::Withhold, "LPP: advice"), (2, Verdict::Open, "undone: record 3")]
        );
        let policies: Vec<Treatment> =
            back.iter().filter_map(Entry::policy).map(|it| it.treatment).collect();
        assert_eq!(policies, [Treatment::Default]);
        let marks: Vec<&Mark> =
            back.iter().filter_map(Entry::manual).map(|it| &it.mark).collect();
        assert_eq!(marks, [&Mark::TakenBack { seq: 6 }]);
        assert_eq!(back.len(), 4);
    }
}
