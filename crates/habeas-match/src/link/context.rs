//! What belongs to a finding without naming the subject: a reply, a chat, a visit to a web site, a
//! door that opened.
//!
//! # Source
//! `field/matching.md` 3.4 (8) gives the steps: a reply is worth 1 bit less than what it answers and
//! at most 7, a chat 6, an address within half an hour 3 bits less, a minute at a door 4 bits less.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use habeas_model::{About, Evidence, Finding, Indexed, ItemId, Kind, Lookup, Party, Place, Tier};
use jiff::civil::DateTime;

use super::Question;
use super::gather::Parts;
use super::moment::{moment, seconds};
use super::score::Row;
use super::search::{Asking, Memory};
use super::sight::{Carried, Mine, Person, Reader, Sight};
use super::tier::{POSSIBLE, PROBABLE};
use super::unit::{Span, Unit, units};

/// Seconds around a visit with an internet address in which the address is the same person's.
const VISIT: i64 = 30 * 60;
/// Seconds around a signed visit in which a door or camera is about the visitor.
const AT_THE_DOOR: i64 = 3 * 60;
/// Seconds before and after the time of an appointment in which people come to it.
const COMING: (i64, i64) = (20 * 60, 15 * 60);
/// Seconds around a call in which what is noted is noted of it.
const NOTED: i64 = 4 * 60;
/// Messages of a conversation between several that still answer the one which names the subject.
const ANSWERS: usize = 4;
/// People who speak in a chat that one of them, the subject, began.
const FEW: usize = 6;
/// Seconds of silence after which a conversation is another one.
const SILENCE: i64 = 60 * 60;
/// Passages of one chat, or of one day, that are looked at; what is fuller is counted instead.
pub(super) const FULL: u64 = 20_000;
/// Days, addresses and messages that are followed in one search.
const MOST: usize = 200;

/// What is remembered of a finding's unit for this.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    span: Option<Span>,
    moment: Option<DateTime>,
    ips: Vec<String>,
    /// Did the subject say it?
    is_sender: bool,
    /// Does the record tell of somebody coming to a place, and is the time that of coming or only that
    /// of an appointment?
    is_visit: bool,
    is_appointment: bool,
    /// Is it a call with the subject's number?
    is_call: bool,
}

impl Trace {
    pub(super) fn of(unit: &Unit<'_>, sight: &Sight, parts: &Parts) -> Self {
        let is_mine = |carried: &&Carried| {
            carried.party == Party::Sender
                && matches!(carried.mine, Mine::Stated(_) | Mine::Alike(_))
        };
        let is_sender = sight.carried.iter().any(|carried| is_mine(&carried))
            || sight.persons.iter().any(|person| {
                person.party == Party::Sender && person.fit.shape.fits() && person.is_field
            });
        if parts.is_of_other || unit.span != Span::Record {
            return Self { span: Some(unit.span), is_sender, ..Self::default() };
        }
        let ips = sight.carried.iter().filter(|carried| {
            carried.kind == Kind::Ip && !matches!(carried.party, Party::Staff | Party::Other)
        });
        Self {
            span: Some(unit.span),
            moment: when(unit),
            ips: ips.map(|carried| carried.value.clone()).collect(),
            is_sender,
            is_visit: unit.passages.iter().any(|indexed| says(indexed, COMES)),
            is_appointment: unit.passages.iter().any(|indexed| says(indexed, BOOKED)),
            is_call: sight.carried.iter().any(|carried| {
                carried.kind == Kind::Phone
                    && matches!(carried.mine, Mine::Stated(_) | Mine::Alike(_))
            }) && unit.passages.iter().any(|indexed| says(indexed, CALLS)),
        }
    }
}

/// Words of a record that tells of somebody coming.
const COMES: &[&str] = &[
    "visit",
    "signed in",
    "sign in",
    "sign-in",
    "signin",
    "arriv",
    "check-in",
    "check in",
    "checked in",
    "time in",
    "attended",
    "to see",
];
/// Words of a record that tells when somebody is to come.
const BOOKED: &[&str] =
    &["appointment", "booking", "booked", "reservation", "slot", "session", "class"];
/// Words of what a machine notes at a door.
const DOOR: &[&str] = &[
    "door",
    "entrance",
    "camera",
    "cctv",
    "gate",
    "barrier",
    "clip",
    "turnstile",
    "access",
    "anpr",
    "lift",
    "motion",
    "reader",
];

/// Words of a record of a call, and of what somebody wrote of one.
const CALLS: &[&str] =
    &["call", "duration", "src", "cdr", "billsec", "inbound", "outbound", "answered", "ring"];
const NOTES: &[&str] = &["note", "caller", "rang", "call", "message", "voicemail", "recording"];

/// When a unit says that something happened.
fn when(unit: &Unit<'_>) -> Option<DateTime> {
    unit.passages.iter().find_map(|indexed| moment(indexed))
}

/// The records among units, each with its moment; those that state none are left out.
fn records<'a, 'p>(all: &'a [Unit<'p>]) -> impl Iterator<Item = (&'a Unit<'p>, DateTime)> {
    let records = all.iter().filter(|unit| unit.span == Span::Record);
    records.filter_map(|unit| Some((unit, when(unit)?)))
}

fn says(indexed: &Indexed, words: &[&str]) -> bool {
    let text = indexed.passage.text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// Adds to the findings what belongs to them. How much was too full to be followed?
pub(super) fn add<M: Memory>(
    question: &Question,
    asking: &Asking<'_, M>,
    rows: &mut Vec<Row>,
) -> Result<u64, M::Error> {
    let mut adding = Adding {
        known: rows
            .iter()
            .enumerate()
            .map(|(at, row)| ((row.finding.item, row.finding.place.clone()), at))
            .collect(),
        reader: Reader::new(question),
        n_unfollowed: 0,
    };
    adding.threads(asking, rows)?;
    adding.chats(asking, rows)?;
    adding.addresses(asking, rows)?;
    adding.minutes(asking, rows)?;
    adding.calls(asking, rows)?;
    Ok(adding.n_unfollowed)
}

/// A time at which the subject came, or was to come.
struct Visit {
    at: DateTime,
    before: i64,
    after: i64,
    bits: f64,
    item: ItemId,
}

impl Visit {
    fn is_near(&self, now: DateTime) -> bool {
        let late = seconds(self.at, now);
        -self.before <= late && late <= self.after
    }
}

struct Adding<'q> {
    known: HashMap<(ItemId, Place), usize>,
    reader: Reader<'q>,
    n_unfollowed: u64,
}

/// Is the finding strong enough to lead to others?
fn leads(row: &Row) -> bool {
    matches!(row.finding.tier, Tier::Certain | Tier::Probable)
        && row.finding.about == About::Relates
}

/// Is it a message that is as likely as not about the subject, so that its conversation is shown whole
/// to whoever decides?
fn may_lead(row: &Row) -> bool {
    if row.trace.span != Some(Span::Message) {
        return false;
    }
    let is_likely = row.finding.tier == Tier::Possible && row.finding.score_bits >= -1.5;
    leads(row) || (is_likely && row.finding.about == About::Relates)
}

impl Adding<'_> {
    /// What a lookup brings; `None`, and counted, where that is too much to be followed.
    fn passages<M: Memory>(
        &mut self,
        asking: &Asking<'_, M>,
        lookup: Lookup,
    ) -> Result<Option<Vec<Indexed>>, M::Error> {
        if asking.memory.frequency(&lookup)? > FULL {
            self.n_unfollowed += 1;
            return Ok(None);
        }
        asking.memory.passages(&[lookup]).map(Some)
    }

    /// Replies to a message that is a finding, and the message that it answers.
    fn threads<M: Memory>(
        &mut self,
        asking: &Asking<'_, M>,
        rows: &mut Vec<Row>,
    ) -> Result<(), M::Error> {
        let mut sources: BTreeMap<ItemId, f64> = BTreeMap::new();
        for row in rows.iter().filter(|row| may_lead(row)) {
            let best = sources.entry(row.finding.item).or_insert(f64::MIN);
            *best = best.max(row.finding.score_bits);
        }
        self.n_unfollowed += sources.len().saturating_sub(MOST * 10) as u64;
        for (item, bits) in sources.into_iter().take(MOST * 10) {
            let facts = asking.memory.facts(&item)?;
            let Some(id) = &facts.message_id else { continue };
            let mut near = vec![Lookup::Id(format!("answers:{id}"))];
            near.extend(facts.answers.last().map(|id| Lookup::Id(format!("message:{id}"))));
            // Others that answer what this one answers.
            let far = facts.answers.last().map(|id| Lookup::Id(format!("answers:{id}")));
            for (lookups, less) in [(near, 1.0), (far.into_iter().collect(), 2.0)] {
                let others: BTreeSet<ItemId> =
                    asking.memory.passages(&lookups)?.into_iter().map(|one| one.item).collect();
                for other in others.into_iter().filter(|other| *other != item) {
                    let passages = asking.item(&other);
                    for unit in units(&passages).iter().filter(|unit| unit.span == Span::Message) {
                        let rule = format!("same thread as {}", item.short());
                        self.offer(rows, unit, bits, less, 7.0, rule);
                    }
                }
            }
        }
        Ok(())
    }

    /// A chat with the subject; in a chat of several, the answers to what names the subject.
    fn chats<M: Memory>(
        &mut self,
        asking: &Asking<'_, M>,
        rows: &mut Vec<Row>,
    ) -> Result<(), M::Error> {
        let mut items: BTreeMap<ItemId, Vec<(Place, f64, bool)>> = BTreeMap::new();
        for row in rows.iter().filter(|row| may_lead(row)) {
            items.entry(row.finding.item).or_default().push((
                row.finding.place.clone(),
                row.finding.score_bits,
                row.trace.is_sender,
            ));
        }
        for (item, named) in items {
            if asking.memory.n_passages_of(&item)? > FULL {
                self.n_unfollowed += 1;
                continue;
            }
            let passages = asking.item(&item);
            let all = units(&passages);
            let messages: Vec<&Unit<'_>> =
                all.iter().filter(|unit| unit.span == Span::Message).collect();
            if messages.len() < 2 {
                continue;
            }
            // The subject and whoever answers for the organisation, one after the other.
            let is_theirs = named.iter().any(|(.., is_sender)| *is_sender);
            let n_senders = if is_theirs { self.n_senders(&messages) } else { usize::MAX };
            if n_senders <= FEW {
                let less = if n_senders <= 3 { 1.0 } else { 2.0 };
                let best = named.iter().map(|(_, bits, _)| *bits).fold(f64::MIN, f64::max);
                for unit in &messages {
                    let rule = "a conversation with the subject".to_owned();
                    self.offer(rows, unit, best, less, 6.0, rule);
                }
                continue;
            }
            for (place, bits, _) in named.into_iter().filter(|(_, bits, _)| *bits >= PROBABLE) {
                self.answers(&messages, &place, bits, rows);
            }
        }
        Ok(())
    }

    fn answers(&mut self, messages: &[&Unit<'_>], place: &Place, bits: f64, rows: &mut Vec<Row>) {
        let Some(at) = messages.iter().position(|unit| unit.place == *place) else { return };
        let mut last = when(messages[at]);
        for (step, unit) in messages.iter().skip(at + 1).take(ANSWERS).enumerate() {
            let now = when(unit);
            if let (Some(before), Some(now)) = (last, now)
                && seconds(before, now).abs() > SILENCE
            {
                return;
            }
            last = now.or(last);
            // From here on somebody else is spoken of.
            let sight = self.reader.read(unit);
            let is_named = |person: &Person| !person.is_field && person.is_other();
            if sight.persons.iter().any(is_named) {
                return;
            }
            let rule = format!("follows {place} of the conversation");
            self.offer(rows, unit, bits, 1.0 + 0.5 * step as f64, 6.0, rule);
        }
    }

    fn n_senders(&self, messages: &[&Unit<'_>]) -> usize {
        let mut senders: HashSet<String> = HashSet::new();
        for unit in messages {
            let sight = self.reader.read(unit);
            let name = sight.persons.iter().find(|person| person.party == Party::Sender);
            let id = sight.carried.iter().find(|carried| carried.party == Party::Sender);
            senders.extend(
                name.map(|name| name.value.clone()).or_else(|| id.map(|id| id.value.clone())),
            );
        }
        senders.len()
    }

    /// What was done from the subject's internet address around a time when the subject had it.
    fn addresses<M: Memory>(
        &mut self,
        asking: &Asking<'_, M>,
        rows: &mut Vec<Row>,
    ) -> Result<(), M::Error> {
        let mut seen: BTreeMap<String, Vec<(DateTime, f64)>> = BTreeMap::new();
        for row in rows.iter().filter(|row| leads(row)) {
            let Some(at) = row.trace.moment else { continue };
            for ip in &row.trace.ips {
                seen.entry(ip.clone()).or_default().push((at, row.finding.score_bits));
            }
        }
        self.n_unfollowed += seen.len().saturating_sub(MOST) as u64;
        for (ip, times) in seen.into_iter().take(MOST) {
            let lookup = Lookup::Id(format!("ip:{ip}"));
            let Some(passages) = self.passages(asking, lookup)? else { continue };
            let all = units(&passages);
            let records: Vec<(&Unit<'_>, DateTime, Sight)> =
                records(&all).map(|(unit, now)| (unit, now, self.reader.read(unit))).collect();
            for (unit, now, sight) in &records {
                let near = times.iter().filter(|(at, _)| seconds(*at, *now).abs() <= VISIT);
                let Some(best) = near.map(|(_, bits)| *bits).reduce(f64::max) else { continue };
                if is_somebody_elses(sight) {
                    continue;
                }
                // An office or a network gives one address to many at once.
                let others: BTreeSet<String> = records
                    .iter()
                    .filter(|(_, then, _)| seconds(*then, *now).abs() <= VISIT)
                    .filter_map(|(.., sight)| stranger(sight))
                    .collect();
                let n = others.len();
                let less = 3.0 + (1.0 + n as f64).log2();
                let rule =
                    format!("the same internet address within half an hour, {n} others on it then");
                self.offer(rows, unit, best.min(9.0), less, 6.0, rule);
            }
        }
        Ok(())
    }

    /// Doors and cameras in the minutes in which the subject came.
    fn minutes<M: Memory>(
        &mut self,
        asking: &Asking<'_, M>,
        rows: &mut Vec<Row>,
    ) -> Result<(), M::Error> {
        let mut days: BTreeMap<String, Vec<Visit>> = BTreeMap::new();
        let comes = |row: &&Row| leads(row) && (row.trace.is_visit || row.trace.is_appointment);
        for row in rows.iter().filter(comes) {
            let Some(at) = row.trace.moment else { continue };
            let (before, after) =
                if row.trace.is_visit { (AT_THE_DOOR, AT_THE_DOOR) } else { COMING };
            days.entry(at.date().to_string()).or_default().push(Visit {
                at,
                before,
                after,
                bits: row.finding.score_bits,
                item: row.finding.item,
            });
        }
        self.n_unfollowed += days.len().saturating_sub(MOST) as u64;
        for (day, visits) in days.into_iter().take(MOST) {
            let lookup = Lookup::Id(format!("date:{day}"));
            let Some(passages) = self.passages(asking, lookup)? else { continue };
            let all = units(&passages);
            let is_door = |unit: &Unit<'_>| unit.passages.iter().any(|one| says(one, DOOR));
            let doors: Vec<(&Unit<'_>, DateTime)> =
                records(&all).filter(|(unit, _)| is_door(unit)).collect();
            for (unit, now) in &doors {
                let near =
                    visits.iter().filter(|visit| visit.item != unit.item && visit.is_near(*now));
                let Some(visit) = near.max_by(|one, other| one.bits.total_cmp(&other.bits)) else {
                    continue;
                };
                if is_somebody_elses(&self.reader.read(unit)) {
                    continue;
                }
                // Anybody may have come in the same minutes, so a person has to look.
                let n = doors.iter().filter(|(_, then)| visit.is_near(*then)).count();
                let rule = format!("a door or camera in the minutes of a visit, one of {n}");
                let less = 4.0 + (n as f64).log2();
                self.offer(rows, unit, visit.bits.min(5.0), less, PROBABLE - 0.1, rule);
            }
        }
        Ok(())
    }

    /// What was noted of a call in its minutes, judged by how many other calls there were then.
    fn calls<M: Memory>(
        &mut self,
        asking: &Asking<'_, M>,
        rows: &mut Vec<Row>,
    ) -> Result<(), M::Error> {
        let mut days: BTreeMap<String, Vec<(DateTime, f64, ItemId)>> = BTreeMap::new();
        for row in rows.iter().filter(|row| leads(row) && row.trace.is_call) {
            let Some(at) = row.trace.moment else { continue };
            let call = (at, row.finding.score_bits, row.finding.item);
            days.entry(at.date().to_string()).or_default().push(call);
        }
        self.n_unfollowed += days.len().saturating_sub(MOST) as u64;
        for (day, calls) in days.into_iter().take(MOST) {
            let lookup = Lookup::Id(format!("date:{day}"));
            let Some(passages) = self.passages(asking, lookup)? else { continue };
            let all = units(&passages);
            let has_phone = |unit: &Unit<'_>| {
                let mut hits = unit.passages.iter().flat_map(|indexed| &indexed.hits);
                hits.any(|hit| hit.kind == Kind::Phone)
            };
            let records: Vec<(&Unit<'_>, DateTime, bool)> =
                records(&all).map(|(unit, now)| (unit, now, has_phone(unit))).collect();
            for (unit, now, has_phone) in &records {
                let near = calls.iter().filter(|(at, _, item)| {
                    *item != unit.item && seconds(*at, *now).abs() <= NOTED
                });
                let Some(best) = near.map(|(_, bits, _)| *bits).reduce(f64::max) else { continue };
                // Last what costs most: texts and names are looked at in these minutes only.
                let is_note = || unit.passages.iter().any(|indexed| says(indexed, NOTES));
                if *has_phone || !is_note() || is_somebody_elses(&self.reader.read(unit)) {
                    continue;
                }
                let n_others = records
                    .iter()
                    .filter(|(other, then, has_phone)| {
                        *has_phone
                            && !self.known.contains_key(&(other.item, other.place.clone()))
                            && seconds(*then, *now).abs() <= NOTED
                    })
                    .count();
                let less = 3.0 + (1.0 + n_others as f64).log2();
                let rule = format!("noted in the minutes of a call, {n_others} other calls then");
                self.offer(rows, unit, best.min(9.0), less, 6.0, rule);
            }
        }
        Ok(())
    }

    /// Takes a unit in that belongs to a finding of so many bits, unless it is known to be stronger.
    fn offer(
        &mut self,
        rows: &mut Vec<Row>,
        unit: &Unit<'_>,
        bits: f64,
        less: f64,
        most: f64,
        rule: String,
    ) {
        let score = ((bits - less).min(most) * 100.0).round() / 100.0;
        if score < POSSIBLE {
            return;
        }
        let tier = if score >= PROBABLE { Tier::Probable } else { Tier::Possible };
        let key = (unit.item, unit.place.clone());
        if let Some(&at) = self.known.get(&key) {
            let finding = &mut rows[at].finding;
            let is_open = matches!(finding.tier, Tier::Probable | Tier::Possible);
            if is_open && finding.score_bits < score {
                let more = score - finding.score_bits;
                finding.evidence.push(Evidence { kind: None, rule, bits: more });
                finding.evidence.sort_by(|one, other| other.bits.abs().total_cmp(&one.bits.abs()));
                finding.score_bits = score;
                finding.tier = tier;
            }
            return;
        }
        let mut evidence = vec![Evidence { kind: None, rule, bits: bits - less }];
        if score < bits - less {
            let rule = format!("by its context alone: at most {most:.1} bits");
            evidence.push(Evidence { kind: None, rule, bits: score - (bits - less) });
        }
        let finding = Finding {
            item: unit.item,
            place: unit.place.clone(),
            passages: unit.passages.iter().map(|indexed| indexed.number).collect(),
            tier,
            score_bits: score,
            about: About::Relates,
            evidence,
        };
        self.known.insert(key, rows.len());
        rows.push(Row { finding, trace: Trace::default(), ids: Vec::new() });
    }
}

/// Who else a record names, apart from those who act for the organisation.
fn other_persons(sight: &Sight) -> impl Iterator<Item = &Person> {
    sight.persons.iter().filter(|person| person.is_other() && person.party != Party::Staff)
}

/// Identifiers in a record that are not the subject's and by which a person is known.
fn other_ids(sight: &Sight) -> impl Iterator<Item = &Carried> {
    sight.carried.iter().filter(|carried| {
        carried.mine == Mine::No
            && matches!(
                carried.kind,
                Kind::Email | Kind::Handle | Kind::Phone | Kind::NhsNumber | Kind::Device
            )
    })
}

/// Does the record name another person, or carry another person's identifier? A device is no
/// person's for sure.
fn is_somebody_elses(sight: &Sight) -> bool {
    other_ids(sight).any(|carried| carried.kind != Kind::Device)
        || other_persons(sight).next().is_some()
}

/// Who else uses what a record tells of. One record tells of one visitor: the first in order, however
/// many identifiers it carries.
fn stranger(sight: &Sight) -> Option<String> {
    let ids = other_ids(sight).map(|carried| format!("{}:{}", carried.kind, carried.value));
    ids.chain(other_persons(sight).map(|person| person.value.clone())).next()
}

/// The typed identifiers of a message for its thread: its own id, and those it answers.
///
/// # Source
/// RFC 5322 section 3.6.4: Message-ID, In-Reply-To, References.
pub fn thread_terms(facts: &habeas_model::Facts) -> Vec<String> {
    let own = facts.message_id.iter().map(|id| format!("message:{id}"));
    let mut terms: Vec<String> =
        own.chain(facts.answers.iter().map(|id| format!("answers:{id}"))).collect();
    // The index has its own limit for a term; no program makes ids so long.
    terms.retain(|term| term.len() < 400);
    terms.sort();
    terms.dedup();
    terms
}
