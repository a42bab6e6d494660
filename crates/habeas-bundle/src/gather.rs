//! Which items are given, as exhibits with everybody else taken out, and which cannot be?

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use habeas_case::{Decided, Disclosure, Prospect};
use habeas_document::page::Page;
use habeas_match::{Setting, recognise as hits_of};
use habeas_model::{
    BatesNumber, Document, Finding, ItemId, ItemPath, Kind, Listed, Passage, Place, PlaceKind,
    SourceName,
};
use habeas_redact::{
    Allowed, Exhibit, Head, Labels, Means, Near, Own, Redacted, Searcher, Secrets, Twins, View,
    draw, role_labels, twins,
};

use crate::class::{Class, description};
use crate::log::Log;
use crate::look::{Looked, Waiting, has_looks, listed, look};
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
    /// Everybody else in it, as the case knows them.
    pub(crate) people: Vec<Listed>,
    /// What was taken out and shown, for the case alone.
    pub(crate) log: Log,
    /// Mentions that were to be shown and are taken out, being somebody else's words as well.
    pub(crate) n_overruled: usize,
    /// Whose each label is, by its number.
    pub(crate) numbers: BTreeMap<String, String>,
    /// What was taken out of each exhibit, by its file's name.
    pub(crate) local: BTreeMap<String, Secrets>,
}

/// Reads every item that is given, takes everybody else out, draws and proves it.
pub(crate) fn gather(
    decided: &Decided,
    estate: &Estate<'_>,
    setting: &Setting,
    organisation: &Organisation,
    options: &Options,
) -> Result<Gathered, Error> {
    let prospect = Prospect::from(decided);
    let defaults = options.choices.defaults;
    let looked = look(&prospect, estate, setting, organisation, defaults)?;
    let Looked { mut waiting, mut refused, mut own, policies } = looked;
    let people = habeas_case::list_people(&options.case_dir, listed(&waiting))?;
    let key = habeas_case::redaction_key(&options.case_dir)?;
    let log = Log::new(&people, key);
    let mentions = waiting.iter().flat_map(|item| item.exhibit.mentions());
    let roles = role_labels(mentions, &policies, options.choices.role_labels);
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
    let base = Labels::new(options.linkage).with_roles(roles);
    let taken = Taken { searcher: &searcher, secrets: &secrets, own: &own };
    let mut shows_a_twin: BTreeSet<ItemId> = BTreeSet::new();
    let round = loop {
        let first = BatesNumber::new(decided.case.as_str(), 1);
        let mut round = Round::new(base.clone(), log.clone(), first);
        for item in &mut waiting {
            if !shows_a_twin.contains(&item.disclosure.item) {
                round.give(item, &taken, organisation, estate, setting)?;
            }
        }
        // Each that shows what another takes out is refused, and the others are drawn anew: their
        // numbers have no gaps.
        let shown = twins_of(&round.given, &waiting, &own);
        if shown.is_empty() {
            break round;
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
    let Round { labels, log, given, refused: unproved, n_overruled, .. } = round;
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
    let numbers = labels.people();
    Ok(Gathered {
        given,
        refused,
        own,
        secrets,
        searcher,
        n_people,
        people,
        log,
        n_overruled,
        numbers,
        local,
    })
}

/// What is looked for, and what may be named.
struct Taken<'a> {
    searcher: &'a Searcher,
    secrets: &'a Secrets,
    own: &'a Own,
}

/// One round of drawing: all exhibits, numbered one after the other.
struct Round {
    labels: Labels,
    log: Log,
    given: Vec<Given>,
    refused: Vec<Refused>,
    next: BatesNumber,
    n_overruled: usize,
}

impl Round {
    fn new(labels: Labels, log: Log, next: BatesNumber) -> Self {
        Self { labels, log, given: Vec::new(), refused: Vec::new(), next, n_overruled: 0 }
    }

    /// Takes out, draws and proves an exhibit.
    fn give(
        &mut self,
        item: &mut Waiting<'_>,
        taken: &Taken<'_>,
        organisation: &Organisation,
        estate: &Estate<'_>,
        setting: &Setting,
    ) -> Result<(), Error> {
        let Taken { searcher, secrets, own } = *taken;
        let before = self.labels.clone();
        let local = Searcher::new(item.exhibit.secrets(), own).map_err(Error::Unchecked)?;
        let searchers = [&local, searcher];
        item.exhibit.sweep(&searchers);
        let number = u32::try_from(self.given.len() + 1).unwrap_or(u32::MAX);
        let (exhibit, id) = (&item.exhibit, item.disclosure.item);
        let head = Head {
            number,
            description: description(exhibit.media_type(), exhibit.export()),
            source: searcher.hide(&item.source(organisation)),
            first: self.next.clone(),
        };
        let near = Near::new(&[exhibit.secrets(), secrets], own);
        let pages = |take: &mut dyn FnMut(Page)| (estate.pages)(&id, take);
        let recognise = |text: &str| {
            let passage = Passage::text(Place::new(PlaceKind::Page, 1_usize), text);
            let document = Document { passages: vec![passage], ..Document::default() };
            hits_of(&document, setting).pop().unwrap_or_default()
        };
        let view = View {
            pages: &pages,
            recognised: &item.recognised,
            eyes: estate.eyes,
            recognise: &recognise,
            searchers: &searchers,
            near: &near,
            own,
            is_text: false,
        };
        let as_text = View { is_text: true, ..view };
        let has_looks = has_looks(exhibit.media_type());
        let view = has_looks.then_some(&view);
        let mut needs_looks = false;
        let mut proved =
            self.prove(exhibit, &head, view, &searchers, &estate.means, &mut needs_looks);
        if let (Err(error), true) = (&proved, has_looks && exhibit.has_text()) {
            // Pages that tell something as they look may be given as text, the others as they are.
            tracing::warn!(item = %id, %error, "pages of an exhibit are given as text");
            self.labels = before.clone();
            let view = Some(&as_text);
            proved = self.prove(exhibit, &head, view, &searchers, &estate.means, &mut needs_looks);
        }
        if let (Err(error), true) = (&proved, has_looks && exhibit.has_text() && !needs_looks) {
            // What cannot be given as it looks may be given as text.
            tracing::warn!(item = %id, %error, "an exhibit is given as text");
            self.labels = before.clone();
            proved = self.prove(exhibit, &head, None, &searchers, &estate.means, &mut needs_looks);
        }
        match proved {
            Ok(redacted) => {
                self.log.add(number, &head.first, id, exhibit, redacted.rows());
                self.n_overruled += exhibit.n_overruled();
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
                entry.n_labels = usize::try_from(redacted.checks().n_labels).unwrap_or(usize::MAX);
                self.next = self.next.plus(redacted.n_pages());
                let (class, first) = (item.class, head.first);
                self.given.push(Given { class, redacted, number, first, entry });
            }
            Err(error) => {
                // The people of an exhibit that does not leave have no number.
                self.labels = before;
                tracing::warn!(item = %id, %error, "an exhibit was refused");
                let (source, reason) = (head.source, error.to_string());
                self.refused.push(Refused { item: id, source, reason });
            }
        }
        Ok(())
    }

    fn prove(
        &mut self,
        exhibit: &Exhibit,
        head: &Head,
        view: Option<&View<'_>>,
        searchers: &[&Searcher],
        means: &Means<'_>,
        needs_looks: &mut bool,
    ) -> Result<Redacted, habeas_redact::Error> {
        let drawn = draw(exhibit, head, &mut self.labels, view)?;
        *needs_looks |= drawn.needs_looks();
        let people = self.labels.people();
        drawn.prove(searchers, &Means { people: Some(&people), ..*means })
    }
}

impl Waiting<'_> {
    fn source(&self, organisation: &Organisation) -> String {
        self.places.first().map_or(String::new(), |(name, _)| organisation.title(name))
    }
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
    // Whoever is shown in one exhibit and taken out of another is shown in that exhibit only, not in
    // the lists of all.
    let title = exhibit.title(labels).map(|title| searcher.hide(&title.plain()));
    let path =
        |path: &ItemPath| exhibit.path(path).filter(|path| Allowed::NONE.covers(path, &[searcher]));
    let others = places
        .iter()
        .skip(1)
        .map(|(name, at)| (searcher.hide(&organisation.title(name)), path(at)))
        .collect();
    Entry {
        item: disclosure.item,
        description: head.description.clone(),
        title: title.unwrap_or_default(),
        source: head.source.clone(),
        dated: exhibit.dated().unwrap_or_default().to_owned(),
        path: places.first().and_then(|(_, at)| path(at)),
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

/// How many exhibits each class has, in the order of the folders.
pub(crate) fn classes(given: &[Given]) -> BTreeMap<Class, usize> {
    let mut counts = BTreeMap::new();
    given.iter().for_each(|given| *counts.entry(given.class).or_default() += 1);
    counts
}
