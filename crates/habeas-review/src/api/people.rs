//! Everybody else in what would be given: who, where, and what happens with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use habeas_case::{Recorded, same_words};
use habeas_model::{
    Entry, ItemId, Kind, Listed, Place, Policy, Role, ShowGround, Treatment,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::estate::{JobRef, started};
use super::views::{At as Where, Revision, Titles};
use super::{Answer, Ask, At, Body, Paging, plainly, work};
use crate::desk::{Desk, Whereabouts};
use crate::guard::Reviewer;
use crate::history::policy as words;
use crate::jobs::Work;
use crate::problem::Problem;
use crate::state::{App, lock};

/// What happens, as the API writes it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TreatmentOf {
    Show,
    TakeOut,
    Nobody,
    Default,
}

#[derive(Serialize)]
struct PolicyOf {
    seq: u64,
    treatment: TreatmentOf,
    ground: Option<ShowGround>,
    code: Option<&'static str>,
    role_label: String,
    item: Option<ItemId>,
    place: Option<Place>,
    place_words: Option<String>,
    reason: String,
    by: String,
    at: Timestamp,
    words: String,
}

impl PolicyOf {
    fn new(seq: u64, policy: &Policy) -> Self {
        let (treatment, ground) = match policy.treatment {
            Treatment::Show(ground) => (TreatmentOf::Show, Some(ground)),
            Treatment::TakeOut => (TreatmentOf::TakeOut, None),
            Treatment::Nobody => (TreatmentOf::Nobody, None),
            Treatment::Default => (TreatmentOf::Default, None),
        };
        Self {
            seq,
            treatment,
            ground,
            code: ground.map(ShowGround::code),
            role_label: policy.role_label.clone(),
            item: policy.item,
            place: policy.place.clone(),
            place_words: policy.place.as_ref().map(ToString::to_string),
            reason: policy.reason.clone(),
            by: policy.by.clone(),
            at: policy.at,
            words: words(policy),
        }
    }
}

/// What happens now with somebody.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FateOf {
    Shown,
    TakenOut,
    Mixed,
    Nobody,
    Gone,
}

#[derive(Serialize)]
struct PersonOf {
    number: u32,
    written: Vec<String>,
    roles: Vec<Role>,
    n_places: u64,
    n_items: u64,
    n_shown: u64,
    n_in_doubt: u64,
    doubts: Vec<String>,
    fate: FateOf,
    fate_words: String,
    proposed: Option<ShowGround>,
    same_words: Vec<u32>,
    decisions: Vec<PolicyOf>,
}

/// The last decision of each reach about a person that counts, with the number of its record.
fn decisions<'a>(person: &Listed, records: &'a [Recorded]) -> Vec<(u64, &'a Policy)> {
    let mut last: BTreeMap<(Option<ItemId>, Option<&Place>), (u64, &Policy)> = BTreeMap::new();
    for record in records {
        if let Some(policy) = record.decision.policy()
            && policy.person == person.person
        {
            last.insert((policy.item, policy.place.as_ref()), (record.seq, policy));
        }
    }
    last.into_values().filter(|(_, policy)| policy.treatment != Treatment::Default).collect()
}

/// What is worked out once for a list of people.
struct Context<'a> {
    desk: &'a Desk,
    policies: Vec<Policy>,
    defaults: habeas_redact::Defaults,
}

fn person_of(person: &Listed, context: &Context<'_>) -> PersonOf {
    let decided = decisions(person, context.desk.ledger.records());
    let open: Vec<_> = habeas_case::open_doubts(person, &context.policies).collect();
    let doubts: BTreeSet<String> = open.iter().map(|it| it.doubt.to_string()).collect();
    let whole = decided.iter().find(|(_, policy)| policy.item.is_none()).map(|(_, it)| *it);
    // What the list says was so when people were listed; a decision on the person is newer.
    let fate = match whole.map(|policy| policy.treatment) {
        _ if person.n_places == 0 => FateOf::Gone,
        _ if decided.iter().any(|(_, policy)| policy.item.is_some()) => FateOf::Mixed,
        Some(Treatment::Nobody) => FateOf::Nobody,
        Some(Treatment::Show(_)) => FateOf::Shown,
        Some(Treatment::TakeOut) => FateOf::TakenOut,
        Some(Treatment::Default) | None => match person.n_shown {
            0 => FateOf::TakenOut,
            n if n == person.n_places => FateOf::Shown,
            _ => FateOf::Mixed,
        },
    };
    let fate_words = match (whole, fate) {
        (_, FateOf::Gone) => "not found any more".to_owned(),
        (Some(policy), _) => words(policy),
        (None, FateOf::Shown) => "shown, as the configuration says".to_owned(),
        (None, FateOf::Mixed) if person.n_shown > 0 => {
            format!("shown at {} of {} places, else taken out", person.n_shown, person.n_places)
        }
        (None, _) => "taken out".to_owned(),
    };
    PersonOf {
        number: person.number,
        written: person.written.iter().map(|it| it.reveal().clone()).collect(),
        roles: person.roles.clone(),
        n_places: person.n_places,
        n_items: person.n_items,
        n_shown: person.n_shown,
        n_in_doubt: open.len() as u64,
        doubts: doubts.into_iter().collect(),
        fate,
        fate_words,
        proposed: proposed(person, context.defaults),
        same_words: same_words(person, &context.desk.people),
        decisions: decided.iter().map(|(seq, policy)| PolicyOf::new(*seq, policy)).collect(),
    }
}

/// The ground that somebody's role suggests, where the configuration does not show them anyway.
fn proposed(person: &Listed, defaults: habeas_redact::Defaults) -> Option<ShowGround> {
    match person.roles.as_slice() {
        [Role::Professional] if !defaults.shows_professionals => Some(ShowGround::Professional),
        [Role::Staff] if !defaults.shows_staff => Some(ShowGround::Staff),
        _ => None,
    }
}

/// Which people.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhichPeople {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    role: Option<Role>,
    #[serde(default)]
    fate: Option<FateOf>,
    #[serde(default)]
    doubts: Option<bool>,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<usize>,
}

/// Everybody else.
#[derive(Serialize)]
pub struct People {
    revision: u64,
    is_listed: bool,
    is_current: bool,
    total: u64,
    n_in_doubt: u64,
    rows: Vec<PersonOf>,
    next_cursor: Option<String>,
}

/// Everybody else, those in doubt first, then those who are named most.
pub async fn list(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Ask(which): Ask<WhichPeople>,
) -> Answer<People> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let context = Context { desk: &desk, policies: desk.policies(), defaults: app.house.defaults() };
        let text = which.text.as_deref().map(str::to_lowercase);
        let holds = |person: &Listed| {
            text.as_ref().is_none_or(|text| {
                person.written.iter().any(|it| it.reveal().to_lowercase().contains(text.as_str()))
            })
        };
        let mut rows: Vec<PersonOf> = desk
            .people
            .iter()
            .filter(|person| holds(person))
            .filter(|person| which.role.is_none_or(|role| person.roles.contains(&role)))
            .map(|person| person_of(person, &context))
            .filter(|person| which.fate.is_none_or(|fate| person.fate == fate))
            .filter(|person| which.doubts != Some(true) || person.n_in_doubt > 0)
            // Whoever is not found any more is of interest only with a decision.
            .filter(|person| person.n_places > 0 || !person.decisions.is_empty())
            .collect();
        rows.sort_by_key(|it| {
            (it.n_in_doubt == 0, std::cmp::Reverse(it.n_places), it.number)
        });
        let total = rows.len() as u64;
        let (rows, next_cursor) =
            Paging { cursor: which.cursor, limit: which.limit }.cut(rows.into_iter())?;
        Ok(People {
            revision: desk.revision(),
            is_listed: !desk.people.is_empty(),
            is_current: is_current(&desk),
            total,
            n_in_doubt: habeas_case::n_in_doubt(&desk.people, &context.policies) as u64,
            rows,
            next_cursor,
        })
    })
    .await
}

/// Was nothing decided since people were listed in this run that changes what would be given?
fn is_current(desk: &Desk) -> bool {
    let Some(named) = &desk.named else { return false };
    let records = desk.ledger.records().iter();
    let later = records.filter(|it| it.seq > named.revision);
    let is_same_search = desk.found.as_ref().is_some_and(|it| it.digest == named.search);
    is_same_search && later.into_iter().all(|it| it.decision.finding().is_none())
}

/// Lists everybody else.
pub async fn look(
    State(app): State<Arc<App>>,
    At(case): At<String>,
) -> Result<(StatusCode, Json<JobRef>), Problem> {
    plainly(move || {
        let desk = app.desk(&case)?;
        lock(&desk).found()?;
        let shared = Arc::clone(&app);
        let name = case.clone();
        app.jobs.start(Work::Look, Some(&case), "looking for other people", move |progress| {
            let (case, revision, search) = {
                let desk = lock(&desk);
                (desk.case.clone(), desk.revision(), desk.found()?.digest.clone())
            };
            let looked = shared.house.people(&case, progress)?;
            case.list_people(looked.people)?;
            let desk = shared.desk(&name)?;
            lock(&desk).named = Some(Arc::new(Whereabouts::new(looked.named, revision, search)));
            Ok(None)
        })
    })
    .await
    .map(started)
}

#[derive(Serialize)]
struct PlaceOf {
    item: ItemId,
    at: Option<Where>,
    place: Place,
    place_words: String,
    kinds: Vec<Kind>,
    n: u64,
    fate: FateOf,
    grounds: Vec<ShowGround>,
    doubt: Option<String>,
}

/// Where a person is named.
#[derive(Serialize)]
pub struct Places {
    revision: u64,
    total: u64,
    rows: Vec<PlaceOf>,
    next_cursor: Option<String>,
}

/// Where a person is named.
pub async fn places(
    State(app): State<Arc<App>>,
    At((case, number)): At<(String, u32)>,
    Ask(paging): Ask<Paging>,
) -> Answer<Places> {
    work(move || {
        let desk = app.desk(&case)?;
        let desk = lock(&desk);
        let person = desk.person(number)?;
        let Some(named) = &desk.named else { return Err(super::queue::unlooked()) };
        let found = Arc::clone(desk.found()?);
        let titles = Titles::of(&app);
        let all = named.of.get(&person.person).map_or(&[][..], Vec::as_slice);
        let mut rows = Vec::new();
        for of_place in all.chunk_by(|a, b| (a.item, &a.place) == (b.item, &b.place)) {
            let Some(first) = of_place.first() else { continue };
            let item = found.item(&first.item).and_then(|at| found.items.get(at));
            let kinds: BTreeSet<Kind> = of_place.iter().map(|it| it.kind).collect();
            let grounds: BTreeSet<ShowGround> = of_place.iter().filter_map(|it| it.shown).collect();
            let n_shown = of_place.iter().filter(|it| it.shown.is_some()).count();
            let doubt = person
                .in_doubt
                .iter()
                .find(|it| it.item == first.item && it.place == first.place)
                .map(|it| it.doubt.to_string());
            rows.push(PlaceOf {
                item: first.item,
                at: item.map(|item| Where::first(&found, item, &titles)),
                place: first.place.clone(),
                place_words: first.place.to_string(),
                kinds: kinds.into_iter().collect(),
                n: of_place.len() as u64,
                fate: match n_shown {
                    0 => FateOf::TakenOut,
                    n if n == of_place.len() => FateOf::Shown,
                    _ => FateOf::Mixed,
                },
                grounds: grounds.into_iter().collect(),
                doubt,
            });
        }
        let total = rows.len() as u64;
        let (rows, next_cursor) = paging.cut(rows.into_iter())?;
        Ok(Places { revision: desk.revision(), total, rows, next_cursor })
    })
    .await
}

/// A policy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyIn {
    expected: u64,
    numbers: Vec<u32>,
    treatment: TreatmentOf,
    #[serde(default)]
    ground: Option<ShowGround>,
    #[serde(default)]
    role_label: Option<String>,
    #[serde(default)]
    item: Option<ItemId>,
    #[serde(default)]
    place: Option<Place>,
    reason: String,
}

impl PolicyIn {
    fn treatment(&self) -> Result<Treatment, Problem> {
        Ok(match (self.treatment, self.ground) {
            (TreatmentOf::Show, None) => {
                return Err(Problem::usage("on which ground is somebody else shown?"));
            }
            (TreatmentOf::Show, Some(ground)) => {
                let needs = matches!(ground, ShowGround::Consent | ShowGround::Reasonable);
                if needs && self.reason.trim().is_empty() {
                    return Err(Problem::usage("this ground needs a reason")
                        .hint("say who agreed and when, or why it is reasonable"));
                }
                Treatment::Show(ground)
            }
            (_, Some(_)) => return Err(Problem::usage("a ground is for who is shown")),
            (TreatmentOf::TakeOut, None) => Treatment::TakeOut,
            (TreatmentOf::Nobody, None) => Treatment::Nobody,
            (TreatmentOf::Default, None) => Treatment::Default,
        })
    }
}

/// Sets a policy.
pub async fn decide(
    State(app): State<Arc<App>>,
    At(case): At<String>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<PolicyIn>,
) -> Answer<Revision> {
    work(move || {
        let treatment = asked.treatment()?;
        let label = asked.role_label.clone().unwrap_or_default();
        if !label.is_empty() && (!app.house.is_role_label(&label) || asked.item.is_some()) {
            return Err(Problem::usage("this cannot stand on a label")
                .hint("one or two words in lower case, at most 20 letters, for a person as a whole"));
        }
        if asked.place.is_some() && asked.item.is_none() {
            return Err(Problem::usage("a place is one of an item"));
        }
        let is_one = asked.numbers.len() == 1;
        if asked.numbers.is_empty() || asked.item.is_some() && !is_one {
            return Err(Problem::usage("whose? Name people; in an item name one"));
        }
        let desk = app.desk(&case)?;
        let mut desk = lock(&desk);
        let at = Timestamp::now();
        let mut policies = Vec::new();
        for number in &asked.numbers {
            policies.push(Policy {
                person: desk.person(*number)?.person.clone(),
                treatment,
                role_label: label.clone(),
                item: asked.item,
                place: asked.place.clone(),
                reason: asked.reason.clone(),
                by: reviewer.by.clone(),
                at,
            });
        }
        let entries: Vec<Entry> = policies.iter().cloned().map(Entry::from).collect();
        // Any decision about the same person: one on a place goes before one on the whole.
        let is_in_the_way = |record: &Recorded| {
            let other = record.decision.policy();
            other.is_some_and(|other| policies.iter().any(|it| it.person == other.person))
        };
        let added = desk.add(asked.expected, &entries, &is_in_the_way)?;
        Ok(Revision::of(&desk, &added, None))
    })
    .await
}
