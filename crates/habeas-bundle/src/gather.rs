//! Which items are given, as exhibits with everybody else taken out, and which cannot be?

use std::collections::BTreeMap;

use habeas_case::{Decided, Disclosure};
use habeas_document::page::{Page, Recognised};
use habeas_match::{Question, Setting};
use habeas_model::{BatesNumber, Finding, ItemId, ItemPath, Kind, SourceName};
use habeas_redact::{Exhibit, Head, Labels, Near, Own, Redacted, Searcher, Secrets, View, draw};

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
}

struct Waiting<'a> {
    disclosure: &'a Disclosure,
    exhibit: Exhibit,
    class: Class,
    places: Vec<(SourceName, ItemPath)>,
    recognised: Vec<Recognised>,
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
        let (member, recognised) = match (estate.read)(&disclosure.item) {
            Ok((member, seen)) if member.id == disclosure.item => (member, seen),
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
        let has_looks = has_looks(exhibit.media_type());
        if !exhibit.has_text() && !has_looks {
            let reason = "it holds no text that can be given".to_owned();
            refused.push(Refused { item: disclosure.item, source, reason });
            continue;
        }
        let path = paths.first().map(ToString::to_string).unwrap_or_default();
        let class = class(exhibit.media_type(), exhibit.export(), &path);
        waiting.push(Waiting { disclosure, exhibit, class, places, recognised });
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
    let mut labels = Labels::new(options.linkage);
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
        let view = View {
            pages: &pages,
            recognised: &recognised,
            eyes: estate.eyes,
            searchers: &searchers,
            near: &near,
            own: &own,
        };
        let view = has_looks(exhibit.media_type()).then_some(&view);
        let mut proved =
            draw(&exhibit, &head, &mut labels, view).and_then(|drawn| drawn.prove(&searchers));
        if let (Err(error), Some(_), true) = (&proved, view, exhibit.has_text()) {
            // What cannot be given as it looks may be given as text.
            tracing::warn!(item = %disclosure.item, %error, "an exhibit is given as text");
            labels = before.clone();
            proved =
                draw(&exhibit, &head, &mut labels, None).and_then(|drawn| drawn.prove(&searchers));
        }
        match proved {
            Ok(redacted) => {
                let entry = entry(
                    disclosure,
                    &exhibit,
                    &places,
                    &head,
                    organisation,
                    &searcher,
                    &mut labels,
                );
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
    Ok(Gathered { given, refused, own, secrets, searcher, n_people })
}

/// Can a format's pages be drawn as they look?
fn has_looks(media_type: &str) -> bool {
    media_type == "application/pdf"
        || ["png", "jpeg", "gif", "bmp", "webp", "x-portable-anymap"]
            .iter()
            .any(|kind| media_type.strip_prefix("image/") == Some(kind))
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
