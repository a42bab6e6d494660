//! Is the person gone, and if something is left, why?
//!
//! Asked of the estate as it was indexed and searched again after the erasure. Three ways: what the
//! search finds; every passage that any form of the person's identifiers brings, whatever the search
//! makes of it; and the digests of what was erased, which need nobody's name.

use std::collections::BTreeSet;

use habeas_case::{Case, verdicts};
use habeas_index::Estate;
use habeas_match::Question;
use habeas_model::{
    Indexed, ItemId, ItemPath, Lookup, Outcome as Ended, Place, SourceName, Tier, Verdict,
};

use crate::watch::{Seal, Watched};
use crate::{Error, store};

/// Why something of the person is still there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The plan left it, by the step of that number.
    Left(u32),
    /// It was erased, and is there again: a backup was restored, or a copy came.
    CameBack,
    /// It may be about the person, no more, and nobody has decided. Weighed in an estate that holds less
    /// of them, something may be taken for possible now that was not before.
    Doubt,
    /// It is found, and the plan does not know it: it was not there, or was not found, when the plan was
    /// drawn up.
    New,
}

/// A place where something of the person is still there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remains {
    /// In which source.
    pub source: SourceName,
    /// Where in it.
    pub path: ItemPath,
    /// Where in the item.
    pub place: Place,
    /// Why.
    pub why: Why,
}

/// What a look through the estate came to.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// Items and records that were erased and are not there any more.
    pub n_gone: usize,
    /// Findings about somebody else that are there as before.
    pub n_not_subject: usize,
    /// What is still there, sorted.
    pub remains: Vec<Remains>,
}

impl Proof {
    /// Is nothing there but what the plan left, and what nobody would say is the person's?
    pub fn is_absent(&self) -> bool {
        self.remains.iter().all(|one| matches!(one.why, Why::Left(_) | Why::Doubt))
    }
}

/// Looks for the person of a case, with all that the case knows of them. The estate has to be indexed
/// and the case searched after the erasure.
///
/// # Errors
/// If nothing was erased, or the case or the index cannot be read.
pub fn verify(case: &Case, estate: &Estate) -> Result<Proof, Error> {
    let dir = store::dir(&case.dir);
    if store::last_applied(case)?.is_none() {
        return Err(Error::refused(format!(
            "nothing of case {} was erased yet: carry out its plan with `habeas erase apply`",
            case.id
        )));
    }
    let (seal, watched) = (Seal::open(&dir)?, Watched::read(&dir)?);
    let mut proof = Proof::default();
    let mut remains = BTreeSet::new();
    for (finding, decision) in verdicts(case)? {
        let passages: Vec<Indexed> = estate
            .passages_of(&finding.item)?
            .into_iter()
            .filter(|passage| finding.passages.contains(&passage.number))
            .collect();
        let verdict = decision.map_or(Verdict::Open, |decision| decision.verdict);
        for (source, path) in there(estate, &finding.item)? {
            let why = match why(&seal, &watched, &source, &path, &passages) {
                Some(Why::Left(0)) => None,
                Some(why) => Some(why),
                None if verdict == Verdict::NotSubject || finding.tier == Tier::Namesake => None,
                None if verdict == Verdict::Open && finding.tier == Tier::Possible => {
                    Some(Why::Doubt)
                }
                None => Some(Why::New),
            };
            match why {
                None => proof.n_not_subject += 1,
                Some(why) => {
                    remains.insert(Remains { source, path, place: finding.place.clone(), why });
                }
            }
        }
    }
    let question = Question::new(&case.request.subject).map_err(|problem| {
        habeas_case::Error::Unsearchable { case: case.id.to_string(), problem }
    })?;
    for passage in estate.passages(&question.lookups())? {
        came_back(estate, &seal, &watched, &passage, &mut remains)?;
    }
    let back: BTreeSet<Remains> = known(estate, &seal, &watched)?;
    remains.extend(back);
    let n_back = remains.iter().filter(|one| one.why == Why::CameBack).count();
    proof.n_gone = (watched.items.len() + watched.passages.len()).saturating_sub(n_back);
    proof.remains = remains.into_iter().collect();
    Ok(proof)
}

/// Looks for what was erased for a case by digests alone: items that are there again, and identifiers
/// of the person in places that the plan did not leave.
///
/// # Errors
/// If the case or the index cannot be read.
pub fn watch(case: &Case, estate: &Estate) -> Result<Vec<Remains>, Error> {
    let dir = store::dir(&case.dir);
    let (seal, watched) = (Seal::open(&dir)?, Watched::read(&dir)?);
    let mut remains = known(estate, &seal, &watched)?;
    let mut terms = Vec::new();
    estate.each_id(&mut |term| {
        if watched.ids.contains(&seal.id(term)) {
            terms.push(Lookup::Id(term.to_owned()));
        }
    })?;
    for passage in estate.passages(&terms)? {
        for (source, path) in there(estate, &passage.item)? {
            let of = std::slice::from_ref(&passage);
            let why = why(&seal, &watched, &source, &path, of).unwrap_or(Why::New);
            if !matches!(why, Why::Left(_)) {
                let place = passage.passage.place.clone();
                remains.insert(Remains { source, path, place, why });
            }
        }
    }
    Ok(remains.into_iter().collect())
}

/// Where an item was found and still is.
fn there(estate: &Estate, item: &ItemId) -> Result<Vec<(SourceName, ItemPath)>, Error> {
    let places = estate.occurrences(item)?.into_iter();
    Ok(places
        .filter(|place| matches!(place.outcome, Ended::Read | Ended::Duplicate))
        .map(|place| (place.source, place.path))
        .collect())
}

/// What the digests know of passages at a place; `None` if nothing.
fn why(
    seal: &Seal,
    watched: &Watched,
    source: &SourceName,
    path: &ItemPath,
    passages: &[Indexed],
) -> Option<Why> {
    let left =
        |passage: &Indexed| watched.left.get(&seal.left(source, path, &passage.passage)).copied();
    if let Some(step) = passages.iter().find_map(left) {
        return Some(Why::Left(step));
    }
    let was_erased = |passage: &Indexed| watched.passages.contains(&seal.passage(&passage.passage));
    passages.iter().any(was_erased).then_some(Why::CameBack)
}

fn came_back(
    estate: &Estate,
    seal: &Seal,
    watched: &Watched,
    passage: &Indexed,
    remains: &mut BTreeSet<Remains>,
) -> Result<(), Error> {
    if !watched.passages.contains(&seal.passage(&passage.passage)) {
        return Ok(());
    }
    for (source, path) in there(estate, &passage.item)? {
        if why(seal, watched, &source, &path, std::slice::from_ref(passage)) == Some(Why::CameBack)
        {
            let place = passage.passage.place.clone();
            remains.insert(Remains { source, path, place, why: Why::CameBack });
        }
    }
    Ok(())
}

/// Items that were erased whole and are there again.
fn known(estate: &Estate, seal: &Seal, watched: &Watched) -> Result<BTreeSet<Remains>, Error> {
    let mut remains = BTreeSet::new();
    for item in estate.items()? {
        if !watched.items.contains(&seal.item(&item)) {
            continue;
        }
        let passages = estate.passages_of(&item)?;
        for (source, path) in there(estate, &item)? {
            if !matches!(why(seal, watched, &source, &path, &passages), Some(Why::Left(_))) {
                let place =
                    passages.first().map_or(Place::new(habeas_model::PlaceKind::Body, 1), |one| {
                        one.passage.place.clone()
                    });
                remains.insert(Remains { source, path, place, why: Why::CameBack });
            }
        }
    }
    Ok(remains)
}

/// Records in the ledger that the estate was looked through.
///
/// # Errors
/// If the ledger cannot be written.
pub fn verified(case: &Case, proof: &Proof, by: &str, at: jiff::Timestamp) -> Result<(), Error> {
    let plan = store::last_applied(case)?.unwrap_or_default();
    let n = (proof.n_gone, proof.remains.len());
    store::record(case, habeas_model::ErasureAct::Verified, &plan, n, by, at)
}
