//! Which lines of a queue fit, how many are there by each property, and which of them are on a page?

use std::collections::{BTreeMap, BTreeSet};

use habeas_model::{About, ItemId, Tier, Verdict};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::found::{Found, Item, TIERS, bit};
use crate::lines::{Group, Kind, Lines, Order, Sort};
use crate::problem::{Code, Problem};

/// What findings are chosen by; nothing chooses all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filter {
    /// Of these tiers.
    pub tier: Vec<Tier>,
    /// In these sources.
    pub source: Vec<String>,
    /// For which one of these kinds of identifier speaks.
    pub kind: Vec<habeas_model::Kind>,
    /// About the person, or merely mentioning them.
    pub about: Option<About>,
    /// With one of these verdicts.
    pub verdict: Vec<Verdict>,
    /// Of these types, as a person calls them.
    #[serde(rename = "type")]
    pub of_type: Vec<String>,
    /// Dated on that day or later.
    pub from: Option<Date>,
    /// Dated on that day or earlier.
    pub to: Option<Date>,
    /// In these items.
    pub item: Vec<ItemId>,
    /// In this family.
    pub family: Option<String>,
    /// In this thread.
    pub thread: Option<String>,
    /// In this cluster of near duplicates.
    pub near: Option<String>,
    /// In items that name this other person.
    pub person: Option<u32>,
    /// In items whose title or path holds these words.
    pub text: Option<String>,
}

/// The properties that are counted, in the order of their bits.
#[derive(Clone, Copy)]
enum Facet {
    Tier,
    Source,
    Kind,
    About,
    Verdict,
    Type,
    Month,
    /// All that is not counted.
    Else,
}

/// How many findings fit, by each property, with that property's own filter left aside.
#[derive(Debug, Default, Serialize)]
pub struct Facets {
    tier: BTreeMap<&'static str, u64>,
    source: BTreeMap<String, u64>,
    kind: BTreeMap<&'static str, u64>,
    about: BTreeMap<&'static str, u64>,
    verdict: BTreeMap<&'static str, u64>,
    #[serde(rename = "type")]
    of_type: BTreeMap<&'static str, u64>,
    month: BTreeMap<String, u64>,
}

/// A filter that is ready to be asked about findings.
pub struct Chooser<'a> {
    found: &'a Found,
    verdicts: &'a [Verdict],
    filter: &'a Filter,
    kinds: u32,
    sources: Vec<bool>,
    text: Option<String>,
    items: BTreeSet<ItemId>,
    /// The items that name the person who is asked for.
    named: Option<&'a BTreeSet<ItemId>>,
}

impl<'a> Chooser<'a> {
    /// Takes the verdicts as they are now. `named` are the items that name the person of the filter.
    pub fn new(
        found: &'a Found,
        verdicts: &'a [Verdict],
        filter: &'a Filter,
        named: Option<&'a BTreeSet<ItemId>>,
    ) -> Self {
        Self {
            kinds: filter.kind.iter().fold(0, |bits, kind| bits | bit(*kind)),
            sources: found
                .sources
                .iter()
                .map(|name| filter.source.iter().any(|it| it == name.as_str()))
                .collect(),
            text: filter.text.as_deref().map(|text| text.trim().to_lowercase()),
            items: filter.item.iter().copied().collect(),
            found,
            verdicts,
            filter,
            named,
        }
    }

    /// The properties by which a finding does not fit, a bit each; 0 if it fits.
    fn misses(&self, finding: usize) -> u8 {
        let (found, filter) = (self.found, self.filter);
        let number = found.item_of[finding] as usize;
        let (item, it) = (&found.items[number], &found.findings[finding]);
        let mut misses = 0;
        let mut miss = |facet: Facet, fits: bool| misses |= u8::from(!fits) << facet as u8;
        miss(Facet::Tier, filter.tier.is_empty() || filter.tier.contains(&it.tier));
        let is_in = |at: &(u16, _)| self.sources.get(usize::from(at.0)).is_some_and(|is| *is);
        miss(Facet::Source, filter.source.is_empty() || item.places.iter().any(is_in));
        miss(Facet::Kind, self.kinds == 0 || found.kinds[finding] & self.kinds != 0);
        miss(Facet::About, filter.about.is_none_or(|about| about == it.about));
        let verdict = self.verdicts[finding];
        miss(Facet::Verdict, filter.verdict.is_empty() || filter.verdict.contains(&verdict));
        let is_type = || filter.of_type.iter().any(|kind| kind == item.kind);
        miss(Facet::Type, filter.of_type.is_empty() || is_type());
        let is_dated = match (filter.from, filter.to, item.day) {
            (None, None, _) => true,
            (_, _, None) => false,
            (from, to, Some(day)) => {
                from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
            }
        };
        miss(Facet::Month, is_dated);
        miss(Facet::Else, self.fits_otherwise(number, item));
        misses
    }

    fn fits_otherwise(&self, number: usize, item: &Item) -> bool {
        let filter = self.filter;
        let is_in = |wanted: &Option<String>, key: &dyn Fn() -> Option<String>| {
            wanted.as_ref().is_none_or(|wanted| key().as_ref() == Some(wanted))
        };
        (self.items.is_empty() || self.items.contains(&item.id))
            && self.text.as_ref().is_none_or(|text| item.words.contains(text.as_str()))
            && self.named.is_none_or(|named| named.contains(&item.id))
            && is_in(&filter.family, &|| item.family.map(|id| id.to_string()))
            && is_in(&filter.thread, &|| item.thread.map(|thread| thread.to_string()))
            && is_in(&filter.near, &|| near_of(self.found, number).map(|near| near.to_string()))
    }

    /// Does a finding fit?
    pub fn fits(&self, finding: usize) -> bool {
        self.misses(finding) == 0
    }

    /// The findings that fit, in order.
    pub fn chosen(&self) -> Vec<usize> {
        (0..self.found.findings.len()).filter(|at| self.fits(*at)).collect()
    }
}

/// The cluster of near duplicates of an item, once they are known.
pub fn near_of(found: &Found, item: usize) -> Option<u32> {
    found.near.get()?.cluster(item)
}

/// A page of a queue: which lines, and what there is in all.
pub struct Page {
    /// The lines on it, each with its findings that fit, the strongest first.
    pub rows: Vec<(u32, Vec<usize>)>,
    /// Lines that fit.
    pub total: u64,
    /// Findings that fit.
    pub n_findings: u64,
    /// Of them, those without a decision.
    pub n_open: u64,
    /// The number of the first line on the page among those that fit, from 0.
    pub position: u64,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// What there is.
    pub facets: Facets,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the beginning.
    First,
    /// Behind the line of that rank.
    Behind(u32),
    /// At the page that holds that line, if it fits; else at the next one.
    Holding(u32),
}

/// Chooses, counts and cuts.
pub fn page(chooser: &Chooser<'_>, lines: &Lines, kind: Kind, start: &Start, limit: usize) -> Page {
    let found = chooser.found;
    let mut facets = Counts::new(found);
    let mut fits = vec![false; lines.lines.len()];
    let (mut n_findings, mut n_open) = (0, 0);
    for finding in 0..found.findings.len() {
        let misses = chooser.misses(finding);
        facets.count(found, finding, chooser.verdicts[finding], misses);
        if misses == 0 {
            n_findings += 1;
            n_open += u64::from(chooser.verdicts[finding] == Verdict::Open);
            fits[lines.of_finding[finding] as usize] = true;
        }
    }
    let fitting: Vec<u32> =
        lines.order.iter().copied().filter(|line| fits[*line as usize]).collect();
    let rank = |line: &u32| lines.rank[*line as usize];
    let from = match start {
        Start::First => 0,
        Start::Behind(last) => fitting.partition_point(|line| rank(line) <= *last),
        Start::Holding(wanted) => {
            let at = fitting.partition_point(|line| rank(line) < *wanted);
            at - at % limit.max(1)
        }
    };
    let on_page: Vec<u32> = fitting.iter().copied().skip(from).take(limit).collect();
    let is_more = from + on_page.len() < fitting.len();
    let next = on_page.last().filter(|_| is_more).map(|last| cursor(found, kind, rank(last)));
    let rows = on_page
        .into_iter()
        .map(|line| {
            let all = lines.lines[line as usize].iter().map(|finding| *finding as usize);
            (line, all.filter(|finding| chooser.fits(*finding)).collect())
        })
        .collect();
    Page {
        rows,
        total: fitting.len() as u64,
        n_findings,
        n_open,
        position: from as u64,
        next,
        facets: facets.named(found),
    }
}

/// How findings are counted while they are many: by number, named at the end.
struct Counts {
    tier: [u64; 4],
    source: Vec<u64>,
    kind: [u64; 20],
    about: [u64; 2],
    verdict: [u64; 5],
    of_type: BTreeMap<&'static str, u64>,
    month: BTreeMap<Option<(i16, i8)>, u64>,
}

/// Every verdict.
pub const VERDICTS: [Verdict; 5] = [
    Verdict::Disclose,
    Verdict::Withhold,
    Verdict::NotSubject,
    Verdict::Incidental,
    Verdict::Open,
];

impl Counts {
    fn new(found: &Found) -> Self {
        Self {
            tier: [0; 4],
            source: vec![0; found.sources.len()],
            kind: [0; 20],
            about: [0; 2],
            verdict: [0; 5],
            of_type: BTreeMap::new(),
            month: BTreeMap::new(),
        }
    }

    fn count(&mut self, found: &Found, finding: usize, verdict: Verdict, misses: u8) {
        let item = &found.items[found.item_of[finding] as usize];
        let it = &found.findings[finding];
        let is_for = |facet: Facet| misses & !(1 << facet as u8) == 0;
        if is_for(Facet::Tier) {
            self.tier[it.tier as usize] += 1;
        }
        if is_for(Facet::Source)
            && let Some((source, _)) = item.places.first()
            && let Some(n) = self.source.get_mut(usize::from(*source))
        {
            *n += 1;
        }
        if is_for(Facet::Kind) {
            let bits = found.kinds[finding];
            (0..20).filter(|at| bits & (1 << at) != 0).for_each(|at| self.kind[at] += 1);
        }
        if is_for(Facet::About) {
            self.about[usize::from(it.about == About::Incidental)] += 1;
        }
        if is_for(Facet::Verdict)
            && let Some(at) = VERDICTS.iter().position(|known| *known == verdict)
        {
            self.verdict[at] += 1;
        }
        if is_for(Facet::Type) {
            *self.of_type.entry(item.kind).or_default() += 1;
        }
        if is_for(Facet::Month) {
            let month = item.day.map(|day| (day.year(), day.month()));
            *self.month.entry(month).or_default() += 1;
        }
    }

    fn named(self, found: &Found) -> Facets {
        fn some<K: Ord>(all: impl Iterator<Item = (K, u64)>) -> BTreeMap<K, u64> {
            all.filter(|(_, n)| *n > 0).collect()
        }
        let month = |month: Option<(i16, i8)>| match month {
            Some((year, month)) => format!("{year:04}-{month:02}"),
            None => "unknown".to_owned(),
        };
        Facets {
            tier: some(TIERS.iter().map(|it| tier(*it)).zip(self.tier)),
            source: some(found.sources.iter().map(ToString::to_string).zip(self.source)),
            kind: some(crate::found::KINDS.iter().map(|it| it.as_str()).zip(self.kind)),
            about: some(["relates", "incidental"].into_iter().zip(self.about)),
            verdict: some(VERDICTS.iter().map(|it| verdict(*it)).zip(self.verdict)),
            of_type: self.of_type,
            month: self.month.into_iter().map(|(key, n)| (month(key), n)).collect(),
        }
    }
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Certain => "certain",
        Tier::Probable => "probable",
        Tier::Possible => "possible",
        Tier::Namesake => "namesake",
    }
}

/// A verdict as the API writes it.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Disclose => "disclose",
        Verdict::Withhold => "withhold",
        Verdict::NotSubject => "not_subject",
        Verdict::Incidental => "incidental",
        Verdict::Open => "open",
    }
}

/// Where a page ends: the search, the way of listing, and the rank of its last line.
fn cursor(found: &Found, (group, sort, order): Kind, rank: u32) -> String {
    let search = found.digest.get(..12).unwrap_or(&found.digest);
    format!("{search}-{}{}{}-{rank}", group as u8, sort as u8, order as u8)
}

/// Reads a cursor that [`page`] gave.
///
/// # Errors
/// If it is none, is of another list, or of a search that was done again since.
pub fn start(found: &Found, kind: Kind, text: &str) -> Result<Start, Problem> {
    let wrong = || Problem::usage("that is no cursor of this list");
    let mut parts = text.split('-');
    let (Some(search), Some(list), Some(rank), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(wrong());
    };
    if Some(search) != found.digest.get(..12) {
        let message = "the estate was searched again since this list was begun";
        return Err(Problem::new(Code::Changed, message).hint("begin the list again"));
    }
    let rank: u32 = rank.parse().map_err(|_| wrong())?;
    if list != format!("{}{}{}", kind.0 as u8, kind.1 as u8, kind.2 as u8) {
        return Err(wrong());
    }
    Ok(Start::Behind(rank))
}

/// How a queue is asked for, as a query writes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    tier: String,
    source: String,
    kind: String,
    about: Option<About>,
    verdict: String,
    #[serde(rename = "type")]
    of_type: String,
    from: Option<Date>,
    to: Option<Date>,
    item: String,
    family: Option<String>,
    thread: Option<String>,
    near: Option<String>,
    person: Option<u32>,
    text: Option<String>,
    group: Option<Group>,
    sort: Option<Sort>,
    order: Option<Order>,
    /// Where to begin.
    pub cursor: Option<String>,
    /// Lines a page.
    pub limit: Option<usize>,
    /// The key of a line to begin at.
    pub at: Option<String>,
}

impl Asked {
    /// The filter that is asked for.
    ///
    /// # Errors
    /// If a word of it is none that is known.
    pub fn filter(&self) -> Result<Filter, Problem> {
        Ok(Filter {
            tier: list(&self.tier, "tier")?,
            source: list(&self.source, "source")?,
            kind: list(&self.kind, "kind")?,
            about: self.about,
            verdict: list(&self.verdict, "verdict")?,
            of_type: list(&self.of_type, "type")?,
            from: self.from,
            to: self.to,
            item: list(&self.item, "item")?,
            family: self.family.clone(),
            thread: self.thread.clone(),
            near: self.near.clone(),
            person: self.person,
            text: self.text.clone(),
        })
    }

    /// How it is listed.
    pub fn kind(&self) -> Kind {
        (
            self.group.unwrap_or_default(),
            self.sort.unwrap_or_default(),
            self.order.unwrap_or_default(),
        )
    }
}

/// Words between commas.
fn list<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<Vec<T>, Problem> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    words
        .map(|word| {
            serde_json::from_value(word.into())
                .map_err(|_| Problem::usage(format!("a value of `{what}` is not known")))
        })
        .collect()
}
