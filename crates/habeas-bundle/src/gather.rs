//! Which items are given, as exhibits with everybody else taken out, and which cannot be?

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use habeas_case::{Decided, Disclosure};
use habeas_match::{Question, Setting};
use habeas_model::{BatesNumber, Finding, ItemId, ItemPath, Kind, SourceName};
use habeas_redact::{
    Exhibit, Head, Labels, Means, Own, Redacted, Searcher, Secrets, Twins, draw, twins,
};

use crate::class::{Class, class, description};
use crate::{Error, Estate, Options, Organisation};

/// An item that leaves.
pub(crate) struct Given {
    pub(crate) class: Class,
    pub(crate) redacted: Redacted,
    pub(crate) number: u32,
    pub(crate) first: BatesNumber,
    pub(crate) entry: Entry,
}

/// An item that was to be given and cannot be.
pub(crate) struct Refused {
    pub(crate) item: ItemId,
    pub(crate) source: String,
    pub(crate) reason: String,
}

/// What the schedule says of an item.
pub(crate) struct Entry {
    pub(crate) item: ItemId,
    pub(crate) description: String,
    pub(crate) title: String,
    pub(crate) source: String,
    pub(crate) dated: String,
    /// `None` if the path names somebody else.
    pub(crate) path: Option<String>,
    /// The other places; those whose path names somebody else as `None`.
    pub(crate) others: Vec<(String, Option<String>)>,
    /// By which kinds of identifier it is the person's, without repeats.
    pub(crate) why: Vec<&'static str>,
    pub(crate) n_left_out: usize,
    pub(crate) n_labels: usize,
    pub(crate) n_exceptions: usize,
}

/// Everything that was gathered.
pub(crate) struct Gathered {
    pub(crate) given: Vec<Given>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) own: Own,
    /// What was taken out, in every writing that speaks everywhere.
    pub(crate) secrets: Secrets,
    pub(crate) searcher: Searcher,
    pub(crate) n_people: usize,
    /// Whose each label is.
    pub(crate) people: BTreeMap<String, String>,
    /// What was taken out of each exhibit, by its file's name.
    pub(crate) local: BTreeMap<String, Secrets>,
}

struct Waiting<'a> {
    disclosure: &'a Disclosure,
    exhibit: Exhibit,
    class: Class,
    places: Vec<(SourceName, ItemPath)>,
}

/// Reads every item that is given, takes everybody else out, draws and proves it.
pub(crate) fn gather(
    decided: &Decided,
    estate: &Estate<'_>,
    setting: &Setting,
    organisation: &Organisation,
    options: &Options,
) -> Result<Gathered, Error> {
    let question = Question::new(&decided.request.subject).map_err(Error::Request)?;
    let mut own = own(decided, organisation);
    let mut refused = Vec::new();
    let mut waiting = Vec::new();
    for disclosure in &decided.disclosures {
        let places = (estate.places)(&disclosure.item);
        let source = places.first().map_or(String::new(), |(name, _)| organisation.title(name));
        let member = match (estate.read)(&disclosure.item) {
            Ok(member) if member.id == disclosure.item => member,
            Ok(_) => {
                let reason = "it changed after it was searched".to_owned();
                refused.push(Refused { item: disclosure.item, source, reason });
                continue;
            }
            Err(exception) => {
                let reason = format!("it could not be read again ({})", exception.reason);
                refused.push(Refused { item: disclosure.item, source, reason });
                continue;
            }
        };
        let withheld = withheld_of(decided, &disclosure.item);
        let paths: Vec<ItemPath> = places.iter().map(|(_, path)| path.clone()).collect();
        let exhibit = Exhibit::new(
            member.document,
            &paths,
            &disclosure.passages,
            &withheld,
            &question,
            setting,
            &own,
        );
        if !exhibit.has_text() {
            let reason = "it holds no text that can be given".to_owned();
            refused.push(Refused { item: disclosure.item, source, reason });
            continue;
        }
        let path = paths.first().map(ToString::to_string).unwrap_or_default();
        let class = class(exhibit.media_type(), exhibit.export(), &path);
        waiting.push(Waiting { disclosure, exhibit, class, places });
    }
    own.settle(&waiting.iter().map(|item| &item.exhibit).collect::<Vec<_>>());
    let mut secrets = Secrets::default();
    for item in &waiting {
        secrets.extend(&item.exhibit.secrets().everywhere());
    }
    let searcher = Searcher::new(&secrets, &own).map_err(Error::Unchecked)?;
    waiting.sort_by(|a, b| {
        let key =
            |w: &Waiting<'_>| (w.class, w.exhibit.dated().map(str::to_owned), w.places.clone());
        (key(a), a.disclosure.item).cmp(&(key(b), b.disclosure.item))
    });
    let mut shows_a_twin: BTreeSet<ItemId> = BTreeSet::new();
    let (given, labels, unproved) = loop {
        let mut round = Round::new(decided, options);
        for item in &mut waiting {
            if !shows_a_twin.contains(&item.disclosure.item) {
                round.give(item, &searcher, &own, organisation, &estate.means)?;
            }
        }
        // Each that shows what another takes out is refused, and the others are drawn anew: their
        // numbers have no gaps.
        let shown = twins_of(&round.given, &waiting, &own);
        if shown.is_empty() {
            break (round.given, round.labels, round.refused);
        }
        for item in &shown {
            tracing::warn!(%item, "an exhibit shows what its twin takes out");
        }
        shows_a_twin.extend(shown);
    };
    for item in &waiting {
        if shows_a_twin.contains(&item.disclosure.item) {
            let source = item.source(organisation);
            let reason = "another exhibit takes out what it shows at the same place".to_owned();
            refused.push(Refused { item: item.disclosure.item, source, reason });
        }
    }
    refused.extend(unproved);
    // A source's title may name somebody too.
    for refused in &mut refused {
        refused.source = searcher.hide(&refused.source);
    }
    let n_people = labels.n_people();
    let by_item: BTreeMap<ItemId, &Secrets> =
        waiting.iter().map(|item| (item.disclosure.item, item.exhibit.secrets())).collect();
    let local = given
        .iter()
        .filter_map(|given| {
            let secrets = by_item.get(&given.entry.item)?;
            Some((format!("{}.pdf", given.first), (*secrets).clone()))
        })
        .collect();
    let people = labels.people();
    Ok(Gathered { given, refused, own, secrets, searcher, n_people, people, local })
}

/// One round of drawing: all exhibits, numbered one after the other.
struct Round {
    labels: Labels,
    given: Vec<Given>,
    refused: Vec<Refused>,
    next: BatesNumber,
}

impl Round {
    fn new(decided: &Decided, options: &Options) -> Self {
        Self {
            labels: Labels::new(options.linkage),
            given: Vec::new(),
            refused: Vec::new(),
            next: BatesNumber::new(decided.case.as_str(), 1),
        }
    }

    /// Takes out, draws and proves an exhibit.
    fn give(
        &mut self,
        item: &mut Waiting<'_>,
        searcher: &Searcher,
        own: &Own,
        organisation: &Organisation,
        means: &Means<'_>,
    ) -> Result<(), Error> {
        let before = self.labels.clone();
        let local = Searcher::new(item.exhibit.secrets(), own).map_err(Error::Unchecked)?;
        let searchers = [&local, searcher];
        item.exhibit.sweep(&searchers);
        let number = u32::try_from(self.given.len() + 1).unwrap_or(u32::MAX);
        let exhibit = &item.exhibit;
        let head = Head {
            number,
            description: description(exhibit.media_type(), exhibit.export()),
            source: searcher.hide(&item.source(organisation)),
            first: self.next.clone(),
        };
        let drawn = draw(exhibit, &head, &mut self.labels);
        let people = self.labels.people();
        let means = Means { people: Some(&people), ..*means };
        match drawn.and_then(|drawn| drawn.prove(&searchers, &means)) {
            Ok(redacted) => {
                let labels = &mut self.labels;
                let mut entry = entry(
                    item.disclosure,
                    exhibit,
                    &item.places,
                    &head,
                    organisation,
                    searcher,
                    labels,
                );
                entry.n_labels = n_taken_out(redacted.text());
                self.next = self.next.plus(redacted.n_pages());
                let (class, first) = (item.class, head.first);
                self.given.push(Given { class, redacted, number, first, entry });
            }
            Err(error) => {
                // The people of an exhibit that does not leave have no number.
                self.labels = before;
                let item = item.disclosure.item;
                tracing::warn!(%item, %error, "an exhibit was refused");
                let (source, reason) = (head.source, error.to_string());
                self.refused.push(Refused { item, source, reason });
            }
        }
        Ok(())
    }
}

impl Waiting<'_> {
    fn source(&self, organisation: &Organisation) -> String {
        self.places.first().map_or(String::new(), |(name, _)| organisation.title(name))
    }
}

/// Labels that stand for something that was taken out; `[NPD]` counts records that are not there.
pub(crate) fn n_taken_out(text: &str) -> usize {
    let labels = habeas_redact::labels_in(text);
    labels.iter().filter(|(label, _)| !label.starts_with("[NPD")).map(|(_, n)| n).sum()
}

/// The items whose exhibits show what another one takes out at the same place.
fn twins_of(given: &[Given], waiting: &[Waiting<'_>], own: &Own) -> BTreeSet<ItemId> {
    let by_item: BTreeMap<ItemId, &Secrets> =
        waiting.iter().map(|item| (item.disclosure.item, item.exhibit.secrets())).collect();
    let secrets: Vec<Option<&Secrets>> =
        given.iter().map(|given| by_item.get(&given.entry.item).copied()).collect();
    let texts: Vec<&str> = given.iter().map(|given| given.redacted.text()).collect();
    let twins = compared(&texts, &secrets, own);
    if twins.n_skipped > 0 {
        let n_labels = twins.n_skipped;
        tracing::warn!(n_labels, "too many labels with the same words before them to be compared");
    }
    twins.found.iter().filter_map(|twin| Some(given.get(twin.shows)?.entry.item)).collect()
}

/// Twins among texts, by what was taken out of each.
pub(crate) fn compared(texts: &[&str], secrets: &[Option<&Secrets>], own: &Own) -> Twins {
    // A searcher is made for those that are asked for only: most texts have no twin.
    let searchers: RefCell<BTreeMap<usize, Option<Searcher>>> = RefCell::default();
    let is_taken = |number: usize, text: &str| {
        let mut searchers = searchers.borrow_mut();
        let searcher = searchers.entry(number).or_insert_with(|| {
            let secrets = secrets.get(number).copied().flatten()?;
            Searcher::new(secrets, own).ok()
        });
        searcher.as_ref().is_some_and(|searcher| !searcher.find(text).is_empty())
    };
    twins(texts, &is_taken, &|word| own.is_own_word(word))
}

/// The kinds of identifier that speak for the subject, in words, sorted, each once.
pub(crate) fn kinds_for(findings: &[Finding]) -> Vec<&'static str> {
    let mut kinds: Vec<&'static str> = findings
        .iter()
        .flat_map(|finding| &finding.evidence)
        .filter(|evidence| evidence.bits > 0.0)
        .filter_map(|evidence| evidence.kind.map(words))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn entry(
    disclosure: &Disclosure,
    exhibit: &Exhibit,
    places: &[(SourceName, ItemPath)],
    head: &Head,
    organisation: &Organisation,
    searcher: &Searcher,
    labels: &mut Labels,
) -> Entry {
    let why = kinds_for(&disclosure.findings);
    let title = exhibit.title(labels).map(|title| title.plain()).unwrap_or_default();
    let others = places
        .iter()
        .skip(1)
        .map(|(name, path)| (searcher.hide(&organisation.title(name)), exhibit.path(path)))
        .collect();
    Entry {
        item: disclosure.item,
        description: head.description.clone(),
        title,
        source: head.source.clone(),
        dated: exhibit.dated().unwrap_or_default().to_owned(),
        path: places.first().and_then(|(_, path)| exhibit.path(path)),
        others,
        why,
        n_left_out: exhibit.n_left_out(),
        n_labels: exhibit.n_redactions(),
        n_exceptions: exhibit.n_exceptions(),
    }
}

/// A kind of identifier in words.
pub(crate) fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "name",
        Kind::Email => "e-mail address",
        Kind::Phone => "telephone number",
        Kind::Address => "address",
        Kind::Postcode => "postcode",
        Kind::BirthDate => "date of birth",
        Kind::Date => "date",
        Kind::NhsNumber => "NHS number",
        Kind::Nino => "National Insurance number",
        Kind::Passport => "passport number",
        Kind::DrivingLicence => "driving licence",
        Kind::Card => "payment card",
        Kind::Iban | Kind::BankAccount => "bank account",
        Kind::Vehicle => "vehicle",
        Kind::Ip => "internet address",
        Kind::Device => "device",
        Kind::Handle => "user name",
        Kind::Reference => "reference",
        Kind::Organisation => "organisation",
    }
}

/// The passages of an item that were decided to be kept back.
fn withheld_of(decided: &Decided, item: &ItemId) -> Vec<u32> {
    let mut passages: Vec<u32> = decided
        .withheld
        .iter()
        .filter(|withheld| withheld.finding.item == *item)
        .flat_map(|withheld| withheld.finding.passages.iter().copied())
        .collect();
    passages.sort_unstable();
    passages.dedup();
    passages
}

/// The subject's own, and what the controller says of itself in every letter.
fn own(decided: &Decided, organisation: &Organisation) -> Own {
    let mut own = Own::new(&decided.request.subject);
    let controller = &organisation.controller;
    let mut texts: Vec<&str> = vec![&controller.name, &controller.contact, &controller.complaints];
    texts.extend(controller.address.iter().map(String::as_str));
    let address = controller.address.join("\n");
    texts.push(&address);
    for activity in &organisation.activities {
        texts.extend(activity.recipients.iter().map(String::as_str));
    }
    for text in texts {
        own.allow(Kind::Organisation, text);
    }
    own.allow(Kind::Email, &controller.email);
    own.allow(Kind::Phone, &controller.phone);
    own
}

/// How many exhibits each class has, in the order of the folders.
pub(crate) fn classes(given: &[Given]) -> BTreeMap<Class, usize> {
    let mut counts = BTreeMap::new();
    given.iter().for_each(|given| *counts.entry(given.class).or_default() += 1);
    counts
}
