//! What a search found, in memory: each item once, with what a list of them shows.
//!
//! It is loaded once a search. What changes with decisions is not in it: see [`crate::desk`].

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};

use habeas_case::Case;
use habeas_index::Estate;
use habeas_model::{Finding, ItemId, ItemPath, Kind, Place, SourceName, Tier, is_message};
use jiff::civil::Date;

use crate::api::views::Groups;
use crate::lines::Lines;
use crate::near::Near;
use crate::problem::Problem;

/// Everything that one search found.
pub struct Found {
    /// BLAKE3 of the findings: tells searches apart.
    pub digest: String,
    /// The findings, sorted by item and place.
    pub findings: Vec<Finding>,
    /// The items they are in, in the same order.
    pub items: Vec<Item>,
    /// The item of each finding.
    pub item_of: Vec<u32>,
    /// The kinds that speak for the person in each finding, a bit a kind.
    pub kinds: Vec<u32>,
    /// Names of sources, sorted; items point into it.
    pub sources: Vec<SourceName>,
    by_place: HashMap<(ItemId, Place), u32>,
    by_item: HashMap<ItemId, u32>,
    /// Clusters of near duplicates, once they are known.
    pub near: OnceLock<Near>,
    /// Lists by how they are grouped and sorted.
    pub(crate) lines: Mutex<HashMap<crate::lines::Kind, Arc<Lines>>>,
    /// How many items belong together, and whether near duplicates were known then.
    pub(crate) groups: Mutex<Option<(bool, Arc<Groups>)>>,
}

/// An item with findings.
pub struct Item {
    /// Which.
    pub id: ItemId,
    /// Its findings.
    pub findings: Range<usize>,
    /// Its media type.
    pub media_type: String,
    /// What a person calls that type.
    pub kind: &'static str,
    /// Its length.
    pub size_bytes: u64,
    /// Subject or title.
    pub title: Option<String>,
    /// When it was sent or written, as it says itself.
    pub dated: Option<String>,
    /// The day of that.
    pub day: Option<Date>,
    /// The known export that it was read as.
    pub export: Option<String>,
    /// Its pages, of a paged format.
    pub n_pages: Option<u32>,
    /// Every place where it was found, by number of the source; the first is the one that is read.
    pub places: Vec<(u16, ItemPath)>,
    /// The message that it is, or came with: the family it is one of.
    pub family: Option<ItemId>,
    /// The number of its thread.
    pub thread: Option<u32>,
    /// Title and first path in lower case, to be searched.
    pub words: String,
}

impl Found {
    /// Loads what the last search of a case found.
    pub fn load(case: &Case, estate: &Estate) -> Result<Self, Problem> {
        let record = case.search_record()?;
        let findings = case.findings()?;
        let mut names: BTreeMap<SourceName, u16> = BTreeMap::new();
        for (number, source) in estate.sources()?.into_iter().enumerate() {
            names.insert(source.name, u16::try_from(number).unwrap_or(u16::MAX));
        }
        // Sources are sorted by name, so numbers are places in the list.
        let sources: Vec<SourceName> = names.keys().cloned().collect();
        let mut items: Vec<Described> = Vec::new();
        let mut item_of = Vec::with_capacity(findings.len());
        let mut threads = Threads::default();
        let mut ancestors = Ancestors::new(estate);
        for (number, finding) in findings.iter().enumerate() {
            match items.last_mut().filter(|item| item.0.id == finding.item) {
                Some(item) => item.0.findings.end = number + 1,
                None => {
                    let item = describe(estate, &names, finding.item, number)?;
                    items.push(item);
                }
            }
            item_of.push(u32::try_from(items.len() - 1).unwrap_or(u32::MAX));
        }
        for item in &mut items {
            item.0.family = ancestors.family(&item.0, &sources)?;
            threads.add(item.1.as_ref(), &item.2);
        }
        let threads = threads.settled();
        let items: Vec<Item> = items
            .into_iter()
            .zip(threads)
            .map(|(item, thread)| Item { thread, ..item.0 })
            .collect();
        let by_place = (0..)
            .zip(&findings)
            .map(|(number, finding)| ((finding.item, finding.place.clone()), number))
            .collect();
        let by_item = (0..).zip(&items).map(|(number, item)| (item.id, number)).collect();
        let kinds = findings.iter().map(kinds_of).collect();
        let digest = record.findings_digest;
        let (near, lines, groups) = (OnceLock::new(), Mutex::default(), Mutex::default());
        Ok(Self {
            digest,
            findings,
            items,
            item_of,
            kinds,
            sources,
            by_place,
            by_item,
            near,
            lines,
            groups,
        })
    }

    /// The number of the finding at a place of an item.
    pub fn at(&self, item: ItemId, place: &Place) -> Option<usize> {
        self.by_place.get(&(item, place.clone())).map(|number| *number as usize)
    }

    /// The number of an item.
    pub fn item(&self, item: &ItemId) -> Option<usize> {
        self.by_item.get(item).map(|number| *number as usize)
    }

    /// The strongest finding of an item: by tier, then by score.
    pub fn strongest(&self, item: &Item) -> usize {
        item.findings.clone().min_by(|a, b| self.compare(*a, *b)).unwrap_or(item.findings.start)
    }

    /// Findings by strength, the strongest first; equals by place.
    pub fn compare(&self, one: usize, other: usize) -> std::cmp::Ordering {
        let key = |at: usize| self.findings.get(at).map(|it| (it.tier, -it.score_bits));
        match (key(one), key(other)) {
            (Some(a), Some(b)) => a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(one.cmp(&other)),
            _ => one.cmp(&other),
        }
    }
}

/// An item with its Message-ID and those it answers.
struct Described(Item, Option<String>, Vec<String>);

fn describe(
    estate: &Estate,
    names: &BTreeMap<SourceName, u16>,
    id: ItemId,
    at: usize,
) -> Result<Described, Problem> {
    let record = estate.item(&id)?;
    let occurrences = estate.occurrences(&id)?;
    let places: Vec<(u16, ItemPath)> = occurrences
        .into_iter()
        .filter_map(|it| Some((*names.get(&it.source)?, it.path)))
        .collect();
    let (media_type, size_bytes, facts) = match record {
        Some(record) => (record.media_type, record.size_bytes, record.facts),
        None => Default::default(),
    };
    let title = facts.title.map(|title| title.into_inner());
    let path = places.first().map_or_else(String::new, |(_, path)| path.to_string());
    let words = format!("{} {path}", title.as_deref().unwrap_or_default()).to_lowercase();
    let day = facts.dated.as_deref().and_then(|text| text.get(..10)?.parse().ok());
    let kind = crate::types::words(&media_type, facts.export.as_deref());
    let item = Item {
        id,
        findings: at..at + 1,
        kind,
        media_type,
        size_bytes,
        title,
        dated: facts.dated,
        day,
        export: facts.export,
        n_pages: facts.n_pages,
        places,
        family: None,
        thread: None,
        words,
    };
    Ok(Described(item, facts.message_id, facts.answers))
}

/// What containers of items are, asked once each.
struct Ancestors<'a> {
    estate: &'a Estate,
    known: HashMap<(u16, ItemPath), Option<(ItemId, bool)>>,
}

impl<'a> Ancestors<'a> {
    fn new(estate: &'a Estate) -> Self {
        Self { estate, known: HashMap::new() }
    }

    /// The outermost message or document that an item is, or is part of. Mailboxes and archives hold
    /// things that have nothing to do with each other, so they make no family.
    fn family(&mut self, item: &Item, sources: &[SourceName]) -> Result<Option<ItemId>, Problem> {
        let Some((source, path)) = item.places.first() else { return Ok(None) };
        let mut above = Vec::new();
        let mut parent = path.parent();
        while let Some(path) = parent {
            parent = path.parent();
            above.push(path);
        }
        for path in above.into_iter().rev() {
            let key = (*source, path);
            if !self.known.contains_key(&key) {
                let found = match sources.get(usize::from(*source)) {
                    Some(name) => self.look(name, &key.1)?,
                    None => None,
                };
                self.known.insert(key.clone(), found);
            }
            if let Some(Some((id, true))) = self.known.get(&key) {
                return Ok(Some(*id));
            }
        }
        Ok(is_whole(&item.media_type).then_some(item.id))
    }

    fn look(
        &self,
        source: &SourceName,
        path: &ItemPath,
    ) -> Result<Option<(ItemId, bool)>, Problem> {
        let Some((_, Some(id))) = self.estate.occurrence_at(source, path)? else { return Ok(None) };
        let record = self.estate.item(&id)?;
        Ok(record.map(|record| (id, is_whole(&record.media_type))))
    }
}

/// Is something of that type one thing with what is attached to or packed in it?
fn is_whole(media_type: &str) -> bool {
    is_message(media_type)
        || matches!(crate::types::words(media_type, None), "document" | "PDF" | "presentation")
}

/// Messages that answer each other.
#[derive(Default)]
struct Threads {
    /// The group of each Message-ID that was named.
    named: HashMap<String, usize>,
    /// The group that each group was joined to.
    joined: Vec<usize>,
    of_item: Vec<Option<usize>>,
}

impl Threads {
    fn add(&mut self, id: Option<&String>, answers: &[String]) {
        let mut group = None;
        for name in id.into_iter().chain(answers) {
            let next = self.joined.len();
            let known = *self.named.entry(name.clone()).or_insert(next);
            if known == next {
                self.joined.push(next);
            }
            let root = self.root(known);
            match group {
                None => group = Some(root),
                Some(group) => self.joined[root] = group,
            }
        }
        self.of_item.push(group);
    }

    fn root(&mut self, mut group: usize) -> usize {
        while self.joined[group] != group {
            self.joined[group] = self.joined[self.joined[group]];
            group = self.joined[group];
        }
        group
    }

    /// The thread of each item, if it has another message with findings.
    fn settled(mut self) -> Vec<Option<u32>> {
        let of_item = std::mem::take(&mut self.of_item);
        let roots: Vec<Option<usize>> =
            of_item.into_iter().map(|group| group.map(|group| self.root(group))).collect();
        let mut sizes: HashMap<usize, usize> = HashMap::new();
        roots.iter().flatten().for_each(|root| *sizes.entry(*root).or_default() += 1);
        let thread = |root: Option<usize>| {
            let root = root.filter(|root| sizes.get(root).is_some_and(|n| *n > 1))?;
            u32::try_from(root).ok()
        };
        roots.into_iter().map(thread).collect()
    }
}

/// Every kind of identifier, in the order of its bits.
pub const KINDS: [Kind; 20] = [
    Kind::Name,
    Kind::Email,
    Kind::Phone,
    Kind::Address,
    Kind::Postcode,
    Kind::BirthDate,
    Kind::Date,
    Kind::NhsNumber,
    Kind::Nino,
    Kind::Passport,
    Kind::DrivingLicence,
    Kind::Card,
    Kind::Iban,
    Kind::BankAccount,
    Kind::Vehicle,
    Kind::Ip,
    Kind::Device,
    Kind::Handle,
    Kind::Reference,
    Kind::Organisation,
];

/// The bit of a kind.
pub fn bit(kind: Kind) -> u32 {
    KINDS.iter().position(|known| *known == kind).map_or(0, |at| 1 << at)
}

/// The kinds of some bits.
pub fn kinds(bits: u32) -> Vec<Kind> {
    KINDS.into_iter().filter(|kind| bits & bit(*kind) != 0).collect()
}

fn kinds_of(finding: &Finding) -> u32 {
    let speaks = finding.evidence.iter().filter(|one| one.bits > 0.0);
    speaks.filter_map(|one| one.kind).fold(0, |bits, kind| bits | bit(kind))
}

/// Every tier, the strongest first.
pub const TIERS: [Tier; 4] = [Tier::Certain, Tier::Probable, Tier::Possible, Tier::Namesake];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_that_answer_each_other_are_a_thread() {
        let mut threads = Threads::default();
        let mut add = |id: Option<&str>, answers: &[&str]| {
            let answers: Vec<String> = answers.iter().map(|it| (*it).to_owned()).collect();
            threads.add(id.map(str::to_owned).as_ref(), &answers);
        };
        add(Some("a"), &[]);
        add(Some("b"), &["a"]);
        add(Some("c"), &[]);
        add(None, &[]);
        add(Some("e"), &["lost"]);
        add(Some("f"), &["lost", "e"]);
        add(Some("g"), &["c", "f"]);
        let of = threads.settled();
        assert!(of[0].is_some() && of[0] == of[1]);
        assert_eq!(of[3], None);
        assert!(of[2].is_some() && of[2] == of[4] && of[4] == of[5] && of[5] == of[6]);
        assert_ne!(of[0], of[2]);
    }

    #[test]
    fn every_kind_has_its_bit() {
        let all = KINDS.iter().fold(0, |bits, kind| bits | bit(*kind));
        assert_eq!(all.count_ones(), 20);
        assert_eq!(kinds(bit(Kind::Email) | bit(Kind::Phone)), [Kind::Email, Kind::Phone]);
    }
}
