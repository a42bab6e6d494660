//! Which items are given, as exhibits with everybody else taken out, and which cannot be?

use std::collections::BTreeMap;

use habeas_case::{Decided, Disclosure, Prospect};
use habeas_document::page::Page;
use habeas_match::{Setting, recognise as hits_of};
use habeas_model::{
    BatesNumber, Document, Finding, ItemId, ItemPath, Kind, Listed, Passage, Place, PlaceKind,
    SourceName,
};
use habeas_redact::{
    Allowed, Exhibit, Head, Labels, Near, Own, Redacted, Searcher, Secrets, View, draw, role_labels,
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
    let mut log = Log::new(&people, key);
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
    let mut labels = Labels::new(options.linkage).with_roles(roles);
    let mut n_overruled = 0;
    let mut given: Vec<Given> = Vec::new();
    let mut next = BatesNumber::new(decided.case.as_str(), 1);
    for Waiting { disclosure, mut exhibit, class, places, recognised } in waiting {
        let before = labels.clone();
        let local = Searcher::new(exhibit.secrets(), &own).map_err(Error::Unchecked)?;
        let searchers = [&local, &searcher];
        exhibit.sweep(&searchers);
        let source = places.first().map_or(String::new(), |(name, _)| organisation.title(name));
        let number = u32::try_from(given.len() + 1).unwrap_or(u32::MAX);
        let head = Head {
            number,
            description: description(exhibit.media_type(), exhibit.export()),
            source: searcher.hide(&source),
            first: next.clone(),
        };
        let near = Near::new(&[exhibit.secrets(), &secrets], &own);
        let pages = |take: &mut dyn FnMut(Page)| (estate.pages)(&disclosure.item, take);
        let recognise = |text: &str| {
            let passage = Passage::text(Place::new(PlaceKind::Page, 1_usize), text);
            let document = Document { passages: vec![passage], ..Document::default() };
            hits_of(&document, setting).pop().unwrap_or_default()
        };
        let view = View {
            pages: &pages,
            recognised: &recognised,
            eyes: estate.eyes,
            recognise: &recognise,
            searchers: &searchers,
            near: &near,
            own: &own,
        };
        let view = has_looks(exhibit.media_type()).then_some(&view);
        let mut needs_looks = false;
        let mut proved = draw(&exhibit, &head, &mut labels, view).and_then(|drawn| {
            needs_looks = drawn.needs_looks();
            drawn.prove(&searchers)
        });
        let may_be_text = view.is_some() && exhibit.has_text() && !needs_looks;
        if let (Err(error), true) = (&proved, may_be_text) {
            // What cannot be given as it looks may be given as text.
            tracing::warn!(item = %disclosure.item, %error, "an exhibit is given as text");
            labels = before.clone();
            proved =
                draw(&exhibit, &head, &mut labels, None).and_then(|drawn| drawn.prove(&searchers));
        }
        match proved {
            Ok(redacted) => {
                log.add(number, &head.first, disclosure.item, &exhibit, redacted.rows());
                n_overruled += exhibit.n_overruled();
                let mut entry = entry(
                    disclosure,
                    &exhibit,
                    &places,
                    &head,
                    organisation,
                    &searcher,
                    &mut labels,
                );
                entry.n_labels = usize::try_from(redacted.checks().n_labels).unwrap_or(usize::MAX);
                next = next.plus(redacted.n_pages());
                given.push(Given { class, redacted, number, first: head.first, entry });
            }
            Err(error) => {
                // The people of an exhibit that does not leave have no number.
                labels = before;
                let item = disclosure.item;
                tracing::warn!(%item, %error, "an exhibit was refused");
                refused.push(Refused { item, source: head.source, reason: error.to_string() });
            }
        }
    }
    // A source's title may name somebody too.
    for refused in &mut refused {
        refused.source = searcher.hide(&refused.source);
    }
    let n_people = labels.n_people();
    Ok(Gathered { given, refused, own, secrets, searcher, n_people, people, log, n_overruled })
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
