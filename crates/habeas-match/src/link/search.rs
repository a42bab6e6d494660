//! One search from the first lookup to the last finding.
//!
//! Lookups bring candidates, weighing makes findings, what stands beside the subject in them is
//! followed under guards until nothing new is found, and at the end what belongs to the findings by
//! thread, address or minute is added.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use habeas_model::{
    Ask, Facts, Finding, Followed, Indexed, ItemId, ItemPath, Kind, Lookup, Part, Passage,
    Personal, Place, PlaceKind, Proposal, Tier, Word,
};

use super::common::{COMMON, Common, alone};
use super::context::{self, FULL};
use super::learn::{self, Candidate, MOST_LEARNT, MOST_ROUNDS, MOST_STEPS, Standing};
use super::lookups;
use super::score::{self, Outcome, Row};
use super::tier::UNACCEPTED;
use super::{Question, Statistics};
use crate::Setting;

/// What a search asks of an estate's memory. Answers are complete.
pub trait Memory {
    /// Why the memory cannot be read.
    type Error;

    /// Passages in the estate.
    fn n_passages(&self) -> u64;

    /// Every passage for which at least one lookup is true, each once.
    ///
    /// # Errors
    /// If the memory cannot be read.
    fn passages(&self, lookups: &[Lookup]) -> Result<Vec<Indexed>, Self::Error>;

    /// Some of the passages for which a lookup is true: at most `most`, from all over the memory.
    ///
    /// # Errors
    /// If the memory cannot be read.
    fn sample(&self, lookup: &Lookup, most: usize) -> Result<Vec<Indexed>, Self::Error>;

    /// In how many passages a lookup is true.
    ///
    /// # Errors
    /// If the memory cannot be read.
    fn frequency(&self, lookup: &Lookup) -> Result<u64, Self::Error>;

    /// Every passage of an item, in order.
    ///
    /// # Errors
    /// If the memory cannot be read.
    fn passages_of(&self, item: &ItemId) -> Result<Vec<Indexed>, Self::Error>;

    /// Number of passages of an item.
    ///
    /// # Errors
    /// If the memory cannot be read.
    fn n_passages_of(&self, item: &ItemId) -> Result<u64, Self::Error> {
        Ok(self.passages_of(item)?.len() as u64)
    }

    /// Every path of an item.
    ///
    /// # Errors
    /// If the memory cannot be read.
    fn paths(&self, item: &ItemId) -> Result<Vec<ItemPath>, Self::Error>;

    /// Facts of an item's document.
    ///
    /// # Errors
    /// If the memory cannot be read.
    fn facts(&self, item: &ItemId) -> Result<Facts, Self::Error>;
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Searched {
    /// What may be about the subject, and what is about a namesake, sorted by item and place.
    pub findings: Vec<Finding>,
    /// What was brought and is no finding.
    pub n_dropped: usize,
    /// Passages that the lookups brought.
    pub n_candidates: u64,
    /// Everything that was looked for: for what was stated, then for what was learnt.
    pub lookups: Vec<Lookup>,
    /// Forms that were not looked for, because the bound of one request was reached.
    pub n_unasked: usize,
    /// Passages with a family name of the subject that is too common to say anything alone, and with
    /// nothing else of the subject's: counted, not weighed. One with two such names counts twice.
    pub n_unweighed: u64,
    /// Identifiers found beside the subject's, those that add most first.
    pub proposals: Vec<Proposal>,
    /// The answer that would settle most.
    pub ask: Option<Ask>,
    /// Threads, addresses and minutes that were not followed because they are too full.
    pub n_unfollowed: u64,
}

/// Asks the memory, and remembers items and the first failure.
pub(super) struct Asking<'a, M: Memory> {
    pub(super) memory: &'a M,
    items: RefCell<HashMap<ItemId, Vec<Indexed>>>,
    /// Conversations that are too long to be read whole for one of their messages.
    long: RefCell<HashSet<ItemId>>,
    failure: RefCell<Option<M::Error>>,
}

impl<M: Memory> Asking<'_, M> {
    /// What else an item says, for understanding what was brought of it; nothing of conversations
    /// with so many messages that each is whole.
    pub(super) fn context(&self, item: &ItemId) -> Vec<Indexed> {
        if self.long.borrow().contains(item) { Vec::new() } else { self.item(item) }
    }

    /// Looks which of the items among the candidates are long conversations.
    fn measure(&self, candidates: &[Indexed]) -> Result<(), M::Error> {
        let mut items: BTreeMap<ItemId, bool> = BTreeMap::new();
        for one in candidates.iter().filter(|one| one.number != PATH) {
            let is_message = one.passage.is_record
                && one.passage.place.kind == PlaceKind::Message
                && one.passage.part != Part::Header;
            *items.entry(one.item).or_insert(true) &= is_message;
        }
        for (item, _) in items.into_iter().filter(|(_, is_of_messages)| *is_of_messages) {
            if self.memory.n_passages_of(&item)? > FULL {
                self.long.borrow_mut().insert(item);
            } else {
                self.long.borrow_mut().remove(&item);
            }
        }
        Ok(())
    }

    /// All passages of an item; none if the memory failed, which [`Self::check`] tells.
    pub(super) fn item(&self, item: &ItemId) -> Vec<Indexed> {
        if let Some(known) = self.items.borrow().get(item) {
            return known.clone();
        }
        let passages = self.memory.passages_of(item).unwrap_or_else(|error| {
            self.failure.borrow_mut().get_or_insert(error);
            Vec::new()
        });
        self.items.borrow_mut().insert(*item, passages.clone());
        passages
    }

    fn check(&self) -> Result<(), M::Error> {
        self.failure.borrow_mut().take().map_or(Ok(()), Err)
    }
}

/// An identifier that was judged, with how it stands in the estate.
struct Judged {
    candidate: Candidate,
    standing: Standing,
    followed: Followed,
}

pub(super) fn search<M: Memory>(
    stated: &Question,
    memory: &M,
    setting: &Setting,
) -> Result<Searched, M::Error> {
    search_within(stated, memory, setting, COMMON)
}

/// A search in which a family name is too common to be asked for alone in more than `most` passages.
pub(super) fn search_within<M: Memory>(
    stated: &Question,
    memory: &M,
    setting: &Setting,
    most: u64,
) -> Result<Searched, M::Error> {
    let mut question = stated.clone();
    question.house = setting.own_domains.clone();
    let (mut lookups, n_unasked) = lookups::bounded(&question);
    let mut frequency = HashMap::new();
    for lookup in &lookups {
        if let Some(name) = alone(lookup) {
            frequency.insert(name.to_owned(), memory.frequency(lookup)?);
        }
    }
    let common = Common::of(&question, &frequency, memory, most)?;
    lookups.retain(|lookup| !common.is(lookup));
    add(&mut lookups, common.lookups(&question));
    let (given, n_common) = rare_given(&question, memory)?;
    lookups.extend(given.keys().map(|name| Lookup::Words(vec![Word::Exact(name.clone())])));
    let mut statistics =
        Statistics { n_passages: memory.n_passages(), frequency, given, ..Statistics::default() };
    let asking = Asking {
        memory,
        items: RefCell::default(),
        long: RefCell::default(),
        failure: RefCell::new(None),
    };
    let fetch = |item: &ItemId| asking.context(item);
    let mut candidates = memory.passages(&lookups)?;
    asking.measure(&candidates)?;
    common.complete(&mut candidates, &asking);
    statistics.unbrought = common.people(&question, &candidates, memory)?;
    called_by(&mut candidates, memory)?;
    let mut outcome = score::weigh(&question, &candidates, &statistics, &fetch);
    let first: HashSet<(ItemId, Place)> = outcome.rows.iter().map(key).collect();

    let mut judged: BTreeMap<(Kind, String), Judged> = BTreeMap::new();
    for _ in 0..MOST_ROUNDS {
        asking.check()?;
        let mut is_learnt = judge(&mut question, &outcome, memory, &mut judged)?;
        if question.known.born.is_none()
            && let Some(born) = learn::birth_date(&outcome.seen)
        {
            question.known.born = Some(born);
            question.known.is_born_learnt = true;
            is_learnt = true;
        }
        if !is_learnt {
            break;
        }
        let n_before = lookups.len();
        add(&mut lookups, lookups::of_learnt(&question));
        add(&mut lookups, common.of_birth(&question));
        join(&mut candidates, memory.passages(&lookups[n_before..])?);
        asking.measure(&candidates)?;
        common.complete(&mut candidates, &asking);
        outcome = score::weigh(&question, &candidates, &statistics, &fetch);
    }
    beyond(&question, &outcome, memory, &mut judged)?;
    let n_unfollowed = context::add(&question, &asking, &mut outcome.rows)?;
    asking.check()?;
    outcome
        .rows
        .sort_by(|one, other| score::order(&one.finding).cmp(&score::order(&other.finding)));

    let proposals = proposals(&question, judged, &outcome, &first);
    let ask = ask(&question, &proposals, &outcome, &candidates);
    Ok(Searched {
        n_dropped: outcome.n_dropped,
        n_candidates: candidates.len() as u64 - n_paths(&candidates),
        findings: outcome.rows.into_iter().map(|row| row.finding).collect(),
        lookups,
        n_unasked: n_unasked + n_common,
        n_unweighed: common.unbrought(&candidates).values().sum(),
        proposals,
        ask,
        n_unfollowed,
    })
}

/// The subject's given names that stand in few enough passages to say something alone, with how many,
/// and how many names are too common for that.
fn rare_given<M: Memory>(
    question: &Question,
    memory: &M,
) -> Result<(HashMap<String, u64>, usize), M::Error> {
    let (mut rare, mut n_common) = (HashMap::new(), 0);
    for name in question.names.own_given() {
        let n = memory.frequency(&Lookup::Words(vec![Word::Exact(name.clone())]))?;
        if n <= RARE {
            rare.insert(name, n);
        } else {
            n_common += 1;
        }
    }
    Ok((rare, n_common))
}

/// In more passages than this a given name alone is below what is possible, whoever is meant.
const RARE: u64 = 280;

/// The number of the passage that stands for an item's path: no item has so many.
pub(super) const PATH: u32 = u32::MAX;

fn n_paths(candidates: &[Indexed]) -> u64 {
    candidates.iter().filter(|one| one.number == PATH).count() as u64
}

/// Adds to the documents among the candidates what they and their folders are called.
///
/// A row or a message stands in a file of many people, so its path says nothing of it.
fn called_by<M: Memory>(candidates: &mut Vec<Indexed>, memory: &M) -> Result<(), M::Error> {
    let is_document = |one: &&Indexed| !one.passage.is_record;
    let items: BTreeSet<ItemId> =
        candidates.iter().filter(is_document).map(|one| one.item).collect();
    for item in items {
        let paths: Vec<String> = memory
            .paths(&item)?
            .iter()
            .map(|path| path.to_string().replace(['_', '/'], " "))
            .collect();
        let mut passage = Passage::text(Place::new(PlaceKind::Body, 1), paths.join("\n"));
        passage.part = Part::Properties;
        candidates.push(Indexed { item, number: PATH, passage, hits: Vec::new() });
    }
    Ok(())
}

fn key(row: &Row) -> (ItemId, Place) {
    (row.finding.item, row.finding.place.clone())
}

/// Adds lookups that are not there yet.
fn add(lookups: &mut Vec<Lookup>, more: Vec<Lookup>) {
    for lookup in more {
        if !lookups.contains(&lookup) {
            lookups.push(lookup);
        }
    }
}

/// Adds passages that are not there yet.
fn join(candidates: &mut Vec<Indexed>, more: Vec<Indexed>) {
    let known: HashSet<(ItemId, u32)> =
        candidates.iter().map(|indexed| (indexed.item, indexed.number)).collect();
    candidates.extend(more.into_iter().filter(|one| !known.contains(&(one.item, one.number))));
}

/// Judges what was seen beside the subject for the first time, and takes into the question what may
/// be followed. Was anything?
fn judge<M: Memory>(
    question: &mut Question,
    outcome: &Outcome,
    memory: &M,
    judged: &mut BTreeMap<(Kind, String), Judged>,
) -> Result<bool, M::Error> {
    let mut is_learnt = false;
    for candidate in learn::candidates(outcome.seen.clone()) {
        let key = (candidate.kind, candidate.value.clone());
        if judged.contains_key(&key) || candidate.from.steps > MOST_STEPS {
            continue;
        }
        let Some(lookup) = learn::lookup(candidate.kind, &candidate.value) else { continue };
        let n_passages = memory.frequency(&lookup)?;
        let mut standing = Standing { n_passages, ..Standing::default() };
        if question.is_rejected(candidate.kind, &candidate.value) {
            // It stays in the list, so that whoever rejected it can change their mind.
            judged.insert(key, Judged { candidate, standing, followed: Followed::Rejected });
            continue;
        }
        if n_passages <= learn::MOST_PASSAGES {
            let passages = memory.passages(std::slice::from_ref(&lookup))?;
            standing = learn::standing(question, candidate.kind, &candidate.value, &passages);
        }
        let n_followed = judged.values().filter(|one| one.followed == Followed::Followed).count();
        let followed = match learn::refused(question, &candidate, standing) {
            Some(why) => why,
            None if n_followed >= MOST_LEARNT => Followed::Limit,
            None => {
                let from = &candidate.from;
                let most = UNACCEPTED.min(from.score_bits - 1.5);
                question.known.learn(from, most);
                is_learnt = true;
                Followed::Followed
            }
        };
        judged.insert(key, Judged { candidate, standing, followed });
    }
    Ok(is_learnt)
}

/// Adds what was seen and not judged, because it is more steps away than are followed or was seen in
/// the last round.
fn beyond<M: Memory>(
    question: &Question,
    outcome: &Outcome,
    memory: &M,
    judged: &mut BTreeMap<(Kind, String), Judged>,
) -> Result<(), M::Error> {
    for candidate in learn::candidates(outcome.seen.clone()) {
        let key = (candidate.kind, candidate.value.clone());
        if judged.contains_key(&key) {
            continue;
        }
        let Some(lookup) = learn::lookup(candidate.kind, &candidate.value) else { continue };
        let standing = Standing { n_passages: memory.frequency(&lookup)?, ..Standing::default() };
        let is_rejected = question.is_rejected(candidate.kind, &candidate.value);
        let followed = if is_rejected { Followed::Rejected } else { Followed::Limit };
        judged.insert(key, Judged { candidate, standing, followed });
    }
    Ok(())
}

/// What is proposed, numbered: what adds most first.
fn proposals(
    question: &Question,
    judged: BTreeMap<(Kind, String), Judged>,
    outcome: &Outcome,
    first: &HashSet<(ItemId, Place)>,
) -> Vec<Proposal> {
    let added = |kind: Kind, value: &str| -> u64 {
        let Some(index) = question.known.find(kind, value) else { return 0 };
        let brings = |row: &&Row| row.ids.contains(&index) && !first.contains(&key(row));
        outcome.rows.iter().filter(brings).count() as u64
    };
    let mut rows: Vec<Proposal> = judged
        .into_values()
        .map(|Judged { candidate, standing, followed }| Proposal {
            number: 0,
            kind: candidate.kind,
            n_added: added(candidate.kind, &candidate.value),
            value: Personal::new(candidate.value),
            written: Personal::new(candidate.written),
            item: candidate.from.item,
            place: candidate.from.place,
            because: candidate.from.why,
            steps: candidate.from.steps,
            n_seen: candidate.n_seen as u64,
            n_passages: standing.n_passages,
            n_others: standing.n_others as u64,
            followed,
        })
        .collect();
    rows.sort_by(|one, other| {
        let is_followed = |row: &Proposal| row.followed == Followed::Followed;
        is_followed(other)
            .cmp(&is_followed(one))
            .then(other.n_added.cmp(&one.n_added))
            .then(one.n_others.cmp(&other.n_others))
            .then(one.steps.cmp(&other.steps))
            .then(other.n_seen.cmp(&one.n_seen))
            .then_with(|| (one.kind, &one.value).cmp(&(other.kind, &other.value)))
    });
    for (at, row) in rows.iter_mut().enumerate() {
        row.number = u32::try_from(at + 1).unwrap_or(u32::MAX);
    }
    rows
}

/// The answer that would decide most of the findings that are not certain: to confirm a proposal, or
/// to state what many of the records hold and the request does not.
fn ask(
    question: &Question,
    proposals: &[Proposal],
    outcome: &Outcome,
    candidates: &[Indexed],
) -> Option<Ask> {
    let is_open = |row: &&Row| matches!(row.finding.tier, Tier::Probable | Tier::Possible);
    let confirm =
        proposals.iter().filter(|one| one.followed == Followed::Followed).filter_map(|one| {
            let index = question.known.find(one.kind, one.value.reveal())?;
            let n =
                outcome.rows.iter().filter(is_open).filter(|row| row.ids.contains(&index)).count();
            Some(Ask { kind: one.kind, proposal: Some(one.number), n_findings: n as u64 })
        });
    let open: HashSet<(ItemId, u32)> = outcome
        .rows
        .iter()
        .filter(is_open)
        .flat_map(|row| row.finding.passages.iter().map(|&number| (row.finding.item, number)))
        .collect();
    let mut holds: BTreeMap<Kind, BTreeSet<(ItemId, u32)>> = BTreeMap::new();
    for indexed in candidates.iter().filter(|one| open.contains(&(one.item, one.number))) {
        for hit in &indexed.hits {
            let is_asked = match hit.kind {
                Kind::BirthDate => question.known.born.is_none() || question.known.is_born_learnt,
                Kind::NhsNumber | Kind::Nino | Kind::Postcode | Kind::Phone | Kind::Email => {
                    !question.known.has(hit.kind)
                }
                _ => false,
            };
            let is_own =
                !matches!(hit.party, habeas_model::Party::Staff | habeas_model::Party::Other);
            if is_asked && is_own {
                holds.entry(hit.kind).or_default().insert((indexed.item, indexed.number));
            }
        }
    }
    let state = holds.into_iter().map(|(kind, places)| Ask {
        kind,
        proposal: None,
        n_findings: places.len() as u64,
    });
    // Of two that settle as much the first stands: a yes is easier to give than a number.
    confirm
        .chain(state)
        .filter(|ask| ask.n_findings > 0)
        .reduce(|best, ask| if ask.n_findings > best.n_findings { ask } else { best })
}
