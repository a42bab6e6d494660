//! Who else stands in what would be given?

use std::collections::{BTreeMap, BTreeSet};

use habeas_case::{Disclosure, Prospect};
use habeas_document::page::Recognised;
use habeas_match::{Question, Setting};
use habeas_model::{
    InDoubt, ItemId, ItemPath, Kind, Listed, Personal, Place, Role, ShowGround, SourceName,
};
use habeas_redact::{Defaults, Exhibit, Fate, Mention, Mind, Own, Policies};

use crate::class::{Class, class};
use crate::gather::Refused;
use crate::{Error, Estate, Organisation};

/// An item that was read and looked at.
pub(crate) struct Waiting<'a> {
    pub(crate) disclosure: &'a Disclosure,
    pub(crate) exhibit: Exhibit,
    pub(crate) class: Class,
    pub(crate) places: Vec<(SourceName, ItemPath)>,
    /// What was recognised on its pages.
    pub(crate) recognised: Vec<Recognised>,
}

/// Everything that would be given, looked at.
pub(crate) struct Looked<'a> {
    pub(crate) waiting: Vec<Waiting<'a>>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) own: Own,
    pub(crate) policies: Policies,
}

/// Reads every item that would be given, and proposes what to take out of it.
pub(crate) fn look<'a>(
    prospect: &'a Prospect,
    estate: &Estate<'_>,
    setting: &Setting,
    organisation: &Organisation,
    defaults: Defaults,
) -> Result<Looked<'a>, Error> {
    let question = Question::new(&prospect.subject).map_err(Error::Request)?;
    let own = own(prospect, organisation);
    let policies = Policies::new(&prospect.policies, defaults, &prospect.subject);
    let mut refused = Vec::new();
    let mut waiting = Vec::new();
    for disclosure in &prospect.disclosures {
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
        let withheld = withheld_of(prospect, &disclosure.item);
        let paths: Vec<ItemPath> = places.iter().map(|(_, path)| path.clone()).collect();
        let mind = Mind { question: &question, setting, own: &own, policies: &policies };
        let mut exhibit = Exhibit::new(
            member.document,
            member.id,
            &paths,
            &disclosure.passages,
            &withheld,
            &mind,
        );
        let marks = prospect.marks.iter().filter(|mark| mark.item == disclosure.item);
        if let Err(gone) = exhibit.mark(&marks.collect::<Vec<_>>(), &own) {
            refused.push(Refused { item: disclosure.item, source, reason: gone.to_string() });
            continue;
        }
        if !exhibit.has_text() && !has_looks(exhibit.media_type()) {
            let reason = "it holds no text that can be given".to_owned();
            refused.push(Refused { item: disclosure.item, source, reason });
            continue;
        }
        let path = paths.first().map(ToString::to_string).unwrap_or_default();
        let class = class(exhibit.media_type(), exhibit.export(), &path);
        waiting.push(Waiting { disclosure, exhibit, class, places, recognised });
    }
    Ok(Looked { waiting, refused, own, policies })
}

/// Can a format's pages be drawn as they look?
pub(crate) fn has_looks(media_type: &str) -> bool {
    media_type == "application/pdf"
        || ["png", "jpeg", "gif", "bmp", "webp", "x-portable-anymap"]
            .iter()
            .any(|kind| media_type.strip_prefix("image/") == Some(kind))
}

/// Everybody else in what would be given, with the most named first, not numbered yet; and how many
/// items could not be looked at.
///
/// # Errors
/// If the request cannot be asked with.
pub fn people(
    prospect: &Prospect,
    estate: &Estate<'_>,
    setting: &Setting,
    organisation: &Organisation,
    defaults: Defaults,
) -> Result<(Vec<Listed>, usize), Error> {
    let looked = look(prospect, estate, setting, organisation, defaults)?;
    Ok((listed(&looked.waiting), looked.refused.len()))
}

/// A place where somebody else is named in what would be given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// In which item.
    pub item: ItemId,
    /// At which place.
    pub place: Place,
    /// What kind of thing.
    pub kind: Kind,
    /// The ground on which it stays readable, if it does.
    pub shown: Option<ShowGround>,
}

/// Where a person is named in what would be given, sorted, a row for each mention.
///
/// # Errors
/// If the request cannot be asked with.
pub fn places_of(
    person: &Personal<String>,
    prospect: &Prospect,
    estate: &Estate<'_>,
    setting: &Setting,
    organisation: &Organisation,
    defaults: Defaults,
) -> Result<Vec<Named>, Error> {
    let looked = look(prospect, estate, setting, organisation, defaults)?;
    let mut places = Vec::new();
    for Waiting { disclosure, exhibit, .. } in &looked.waiting {
        for mention in exhibit.mentions().iter().filter(|mention| mention.person == *person) {
            places.push(Named::of(disclosure.item, mention));
        }
    }
    places.sort();
    Ok(places)
}

/// Everybody else in what would be given, and where.
#[derive(Clone, Debug, Default)]
pub struct Everybody {
    /// Who, with the most named first; not numbered yet.
    pub people: Vec<Listed>,
    /// Every mention, with whose it is; sorted by person, item and place.
    pub named: Vec<(Personal<String>, Named)>,
    /// Items that could not be looked at.
    pub n_unread: usize,
}

/// As [`people`] and [`places_of`] of everybody, with one look.
///
/// # Errors
/// If the request cannot be asked with.
pub fn everybody(
    prospect: &Prospect,
    estate: &Estate<'_>,
    setting: &Setting,
    organisation: &Organisation,
    defaults: Defaults,
) -> Result<Everybody, Error> {
    let looked = look(prospect, estate, setting, organisation, defaults)?;
    let mut named = Vec::new();
    for Waiting { disclosure, exhibit, .. } in &looked.waiting {
        for mention in exhibit.mentions() {
            named.push((mention.person.clone(), Named::of(disclosure.item, mention)));
        }
    }
    named.sort();
    let people = listed(&looked.waiting);
    Ok(Everybody { people, named, n_unread: looked.refused.len() })
}

impl Named {
    fn of(item: ItemId, mention: &Mention) -> Self {
        let shown = match mention.fate {
            Fate::Shown(why) => Some(why.ground),
            Fate::TakenOut | Fate::Nobody => None,
        };
        Self { item, place: mention.place.clone(), kind: mention.kind, shown }
    }
}

/// How many ways of writing a person are kept.
const WRITTEN: usize = 5;

#[derive(Default)]
struct Seen {
    /// How often each writing stands; names sort before the rest.
    written: BTreeMap<(bool, String), u64>,
    roles: BTreeSet<Role>,
    items: BTreeSet<ItemId>,
    n_places: u64,
    n_shown: u64,
    in_doubt: BTreeSet<InDoubt>,
}

/// Everybody else in these exhibits, with the most named first.
pub(crate) fn listed(waiting: &[Waiting<'_>]) -> Vec<Listed> {
    let mut people: BTreeMap<&Personal<String>, Seen> = BTreeMap::new();
    for Waiting { disclosure, exhibit, .. } in waiting {
        let item = disclosure.item;
        for mention in exhibit.mentions() {
            let seen = people.entry(&mention.person).or_default();
            let words = mention.written.reveal().split_whitespace().collect::<Vec<_>>().join(" ");
            *seen.written.entry((mention.kind != Kind::Name, words)).or_default() += 1;
            seen.roles.insert(mention.role);
            seen.items.insert(item);
            // Titles and paths repeat what a person counts in the text.
            if mention.passage >= exhibit.n_passages() {
                continue;
            }
            seen.n_places += 1;
            seen.n_shown += u64::from(matches!(mention.fate, Fate::Shown(_)));
            if let Some(doubt) = mention.doubt {
                let (place, kind) = (mention.place.clone(), mention.kind);
                seen.in_doubt.insert(InDoubt { item, place, kind, doubt });
            }
        }
    }
    let person = |(person, seen): (&Personal<String>, Seen)| {
        let mut written: Vec<((bool, String), u64)> = seen.written.into_iter().collect();
        // Stable: equals stay in the order of the words.
        written.sort_by_key(|((is_no_name, _), n)| (*is_no_name, std::cmp::Reverse(*n)));
        Listed {
            number: 0,
            person: person.clone(),
            written: written
                .into_iter()
                .take(WRITTEN)
                .map(|((_, it), _)| Personal::new(it))
                .collect(),
            roles: seen.roles.into_iter().collect(),
            n_places: seen.n_places.max(1),
            n_items: seen.items.len() as u64,
            n_shown: seen.n_shown,
            in_doubt: seen.in_doubt.into_iter().collect(),
        }
    };
    let mut list: Vec<Listed> = people.into_iter().map(person).collect();
    list.sort_by(|a, b| {
        (b.n_places, b.n_items, &a.person).cmp(&(a.n_places, a.n_items, &b.person))
    });
    list
}

/// The passages of an item that were decided to be kept back.
fn withheld_of(prospect: &Prospect, item: &ItemId) -> Vec<u32> {
    let mut passages: Vec<u32> = prospect
        .withheld
        .iter()
        .filter(|finding| finding.item == *item)
        .flat_map(|finding| finding.passages.iter().copied())
        .collect();
    passages.sort_unstable();
    passages.dedup();
    passages
}

/// What may be named in an answer: the subject's own, and what the controller says of itself in every
/// letter.
pub fn own(prospect: &Prospect, organisation: &Organisation) -> Own {
    let mut own = Own::new(&prospect.subject);
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
