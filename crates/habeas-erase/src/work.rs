//! How is one file changed, so that some copies are gone and all else stays?
//!
//! Worked out when the plan is drawn up, to the byte, and read back by the isolated readers before
//! anybody approves it. Whatever cannot be done so is left to a person, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use habeas_document::{attached, cuts, messages, telling_cells};
use habeas_model::{ItemId, ItemPath, Member, Part, Passage, Place, PlaceKind, is_message};

use crate::compare::{Gone, compare, is_within};
use crate::edit::{Container, Edit, Stretch, Unmade, edited, member};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SQLITE: &str = "application/vnd.sqlite3";

/// A copy that is to go.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// Where the item is; the first segment is the file.
    pub(crate) path: ItemPath,
    pub(crate) item: ItemId,
    pub(crate) place: Place,
    /// The passages that are the person's.
    pub(crate) passages: Vec<u32>,
    /// Somebody said that all of the item goes, whatever else stands in it.
    pub(crate) is_whole: bool,
    /// Only what tells who it is goes.
    pub(crate) is_blanked: bool,
}

/// Reads bytes as if they were a file of the estate.
type Reread<'a> = dyn Fn(&[u8]) -> Result<Vec<Member>, Unmade> + 'a;

/// An edit, what comes out (`None` if all of it goes), and what besides is not as it was.
type Built = (Edit, Option<Vec<u8>>, Vec<&'static str>);

/// A file, and all that is known of it.
pub(crate) struct Work<'a> {
    pub(crate) bytes: &'a [u8],
    /// What its reader says.
    pub(crate) before: &'a [Member],
    /// Findings in it that stay, for whatever reason.
    pub(crate) staying: &'a [(ItemPath, Place)],
    /// What a member may unpack to.
    pub(crate) most_bytes: u64,
    /// Reads other bytes as if they were this file.
    pub(crate) reread: &'a Reread<'a>,
}

/// What is done to a file.
#[derive(Debug)]
pub(crate) struct Worked {
    pub(crate) edit: Edit,
    /// Its bytes afterwards; `None` if it goes.
    pub(crate) result: Option<Vec<u8>>,
    pub(crate) rest: Vec<&'static str>,
    /// For each target, what goes with it (0 for a record), or why it does not go.
    pub(crate) targets: Vec<Result<u64, Unmade>>,
}

/// What goes for one target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Whole(ItemPath),
    Record(ItemPath, Place),
    Blank(ItemPath, Place),
}

impl Work<'_> {
    /// Works out an edit by which as many of the targets go as can.
    pub(crate) fn out(&self, targets: &[Target]) -> Option<Worked> {
        let units: Vec<Result<Unit, Unmade>> =
            targets.iter().map(|target| self.unit(target, targets)).collect();
        let all: BTreeSet<Unit> = units.iter().flatten().cloned().collect();
        let mut refused: BTreeMap<Unit, Unmade> = BTreeMap::new();
        let mut built = self.attempt(&all);
        if built.is_err() && !all.is_empty() {
            // Those that can go alone may go together.
            let mut good = BTreeSet::new();
            for unit in &all {
                match self.attempt(&BTreeSet::from([unit.clone()])) {
                    Ok(_) => drop(good.insert(unit.clone())),
                    Err(why) => drop(refused.insert(unit.clone(), why)),
                }
            }
            built = self.attempt(&good);
            if let Err(why) = &built {
                good.into_iter().for_each(|unit| drop(refused.insert(unit, why.clone())));
            }
        }
        let targets: Vec<Result<u64, Unmade>> = units
            .into_iter()
            .map(|unit| {
                let unit = unit?;
                match (refused.get(&unit), &built) {
                    (Some(why), _) | (None, Err(why)) => Err(why.clone()),
                    (None, Ok(_)) => Ok(self.n_within(&unit)),
                }
            })
            .collect();
        let (edit, result, rest) = match built {
            Ok(built) => built,
            Err(_) => (Edit::Bytes(Vec::new()), None, Vec::new()),
        };
        Some(Worked { edit, result, rest, targets })
    }

    /// How many further items go with a whole one.
    fn n_within(&self, unit: &Unit) -> u64 {
        let Unit::Whole(path) = unit else { return 0 };
        let is_below = |member: &&Member| member.path != *path && is_within(&member.path, path);
        self.before.iter().filter(is_below).count() as u64
    }

    /// What has to go so that a target is gone.
    fn unit(&self, target: &Target, all: &[Target]) -> Result<Unit, Unmade> {
        let mut named = self.before.iter().filter(|member| member.path == target.path);
        let (member, None) = (named.next(), named.next()) else {
            return Err("two members of the file have its name".to_owned());
        };
        let member = member
            .filter(|member| member.id == target.item)
            .ok_or_else(|| "it is not there as it was indexed".to_owned())?;
        if member.document.failure().is_some() {
            return Err("it could not be read again".to_owned());
        }
        let passages = &member.document.passages;
        let own: Vec<&Passage> =
            passages.iter().filter(|passage| passage.place == target.place).collect();
        let is_record = !own.is_empty() && own.iter().all(|passage| passage.is_record);
        let is_mail = is_message(&member.document.media_type);
        if target.is_blanked {
            return if is_record && !is_mail {
                Ok(Unit::Blank(target.path.clone(), target.place.clone()))
            } else {
                Err("what tells who it is is not taken out of this format by itself".to_owned())
            };
        }
        if is_record && !is_mail && !target.is_whole {
            return Ok(Unit::Record(target.path.clone(), target.place.clone()));
        }
        if matches!(target.place.kind, PlaceKind::Row | PlaceKind::Cell) && !target.is_whole {
            return Err(match target.place.kind {
                PlaceKind::Cell => "it is a comment or a text of the sheet, and not in a row",
                _ => "it is not a record by itself",
            }
            .to_owned());
        }
        let covered: BTreeSet<u32> = all
            .iter()
            .filter(|other| other.path == target.path)
            .flat_map(|other| other.passages.iter().copied())
            .collect();
        let is_left = |(number, passage): &(u32, &Passage)| {
            !covered.contains(number)
                && matches!(passage.part, Part::Body | Part::Quoted)
                && !passage.text.trim().is_empty()
        };
        let n_left = (0..).zip(passages).filter(is_left).count();
        if n_left > 0 && !is_mail && !target.is_whole {
            let n = passages.len();
            return Err(format!(
                "{n_left} of its {n} parts are not found to be about the person, and a part of this \
                 format is not taken out: erase all of it with `--erase`, keep it with `--keep`, or \
                 edit it by hand"
            ));
        }
        let is_in = |path: &ItemPath| is_within(path, &target.path);
        let is_going = |path: &ItemPath, place: &Place| {
            all.iter().any(|other| other.path == *path && (other.place == *place || is_mail))
        };
        let n_staying = self
            .staying
            .iter()
            .filter(|(path, place)| is_in(path) && !is_going(path, place))
            .count();
        if n_staying > 0 && !target.is_whole {
            return Err(format!(
                "{n_staying} of what is in it stays, or is not decided; decide it, or take it out by \
                 hand"
            ));
        }
        Ok(Unit::Whole(target.path.clone()))
    }

    /// Makes the edit by which all of these go, and reads the result.
    fn attempt(&self, units: &BTreeSet<Unit>) -> Result<Built, Unmade> {
        let root = self.before.first().ok_or_else(|| "it could not be read".to_owned())?;
        let edit = self.build(&root.path, self.bytes, units)?;
        if edit == Edit::Whole {
            return Ok((edit, None, Vec::new()));
        }
        let made = edited(self.bytes, &edit, self.most_bytes)?;
        let mut gone = Gone::default();
        for unit in units {
            match unit {
                Unit::Whole(path) => {
                    gone.wholes.insert(path.clone());
                }
                Unit::Record(path, place) => {
                    gone.records.entry(path.clone()).or_default().insert(place.clone());
                }
                Unit::Blank(path, place) => {
                    gone.blanked.entry(path.clone()).or_default().insert(place.clone());
                }
            }
        }
        self.lift(&mut gone);
        compare(self.before, &(self.reread)(&made.bytes)?, &gone)?;
        Ok((edit, Some(made.bytes), made.rest))
    }

    /// Archives whose members all go, go too.
    fn lift(&self, gone: &mut Gone) {
        for container in self.before.iter().rev() {
            if container_of(&container.document.media_type).is_some()
                && self.goes_empty(&container.path, &gone.wholes)
            {
                gone.wholes.insert(container.path.clone());
            }
        }
    }

    /// Do all members of a container go?
    fn goes_empty(&self, path: &ItemPath, wholes: &BTreeSet<ItemPath>) -> bool {
        let mut children =
            self.before.iter().filter(|member| member.path.parent().as_ref() == Some(path));
        let n_children = children.clone().count() as u64;
        let n_listed = self
            .before
            .iter()
            .find(|member| member.path == *path)
            .map_or(0, |member| member.n_children);
        n_children > 0
            && n_children == n_listed
            && children.all(|member| wholes.contains(&member.path))
    }

    fn build(&self, path: &ItemPath, bytes: &[u8], units: &BTreeSet<Unit>) -> Result<Edit, Unmade> {
        let node = self
            .before
            .iter()
            .find(|member| member.path == *path)
            .ok_or_else(|| "it is not there as it was indexed".to_owned())?;
        let (mut places, mut blanks) = (BTreeSet::new(), BTreeSet::new());
        let mut children: BTreeSet<ItemPath> = BTreeSet::new();
        for unit in units {
            match unit {
                Unit::Whole(whole) if whole == path => return Ok(Edit::Whole),
                Unit::Record(of, place) if of == path => drop(places.insert(place.clone())),
                Unit::Blank(of, place) if of == path => drop(blanks.insert(place.clone())),
                Unit::Whole(below) | Unit::Record(below, _) | Unit::Blank(below, _) => {
                    let mut child = path.clone();
                    if is_within(below, path)
                        && let Some(name) = below.segments().get(path.segments().len())
                    {
                        child = child.member(name);
                        children.insert(child);
                    }
                }
            }
        }
        let media_type = node.document.media_type.as_str();
        match (places.is_empty() && blanks.is_empty(), children.is_empty()) {
            (false, true) => records(node, bytes, places, &blanks),
            (true, false) => match media_type {
                "application/mbox" => self.mailbox(bytes, &children, units),
                _ if is_message(media_type) => self.message(bytes, &children, units),
                _ => {
                    let container = container_of(media_type).ok_or_else(|| {
                        "what is packed in this format is not taken out of it".to_owned()
                    })?;
                    self.members(path, container, bytes, &children, units)
                }
            },
            _ => Err("records and files in them do not go together".to_owned()),
        }
    }

    fn members(
        &self,
        path: &ItemPath,
        container: Container,
        bytes: &[u8],
        children: &BTreeSet<ItemPath>,
        units: &BTreeSet<Unit>,
    ) -> Result<Edit, Unmade> {
        let mut members = BTreeMap::new();
        let mut wholes = BTreeSet::new();
        for child in children {
            let name = child.segments().last().cloned().unwrap_or_default();
            let is_whole = units.contains(&Unit::Whole(child.clone()));
            let edit = if is_whole {
                Edit::Whole
            } else {
                let inside = member(container, bytes, &name, self.most_bytes)?;
                self.build(child, &inside, units)?
            };
            if edit == Edit::Whole {
                wholes.insert(child.clone());
            }
            members.insert(name, edit);
        }
        if self.goes_empty(path, &wholes) {
            return Ok(Edit::Whole);
        }
        Ok(Edit::Members { container, members })
    }

    /// Messages that go from a mailbox, and attachments that go from a message of one.
    fn mailbox(
        &self,
        bytes: &[u8],
        children: &BTreeSet<ItemPath>,
        units: &BTreeSet<Unit>,
    ) -> Result<Edit, Unmade> {
        let messages = messages(bytes);
        let mut stretches = Vec::new();
        for child in children {
            let number = child.segments().last().and_then(|name| name.parse::<usize>().ok());
            let (extent, message) = number
                .and_then(|number| messages.get(number.checked_sub(1)?))
                .ok_or_else(|| "the message is not where it was".to_owned())?;
            if units.contains(&Unit::Whole(child.clone())) {
                stretches.push(stretch(extent.clone()));
                continue;
            }
            let message = message
                .clone()
                .filter(|message| !has_length(bytes.get(message.clone()).unwrap_or_default()))
                .ok_or_else(|| {
                    "the message is quoted, or states its length, so that it is not edited"
                        .to_owned()
                })?;
            let inside = bytes.get(message.clone()).unwrap_or_default();
            match self.build(child, inside, units)? {
                Edit::Bytes(inner) => stretches.extend(inner.into_iter().map(|inner| Stretch {
                    start: inner.start + message.start,
                    end: inner.end + message.start,
                    with: inner.with,
                })),
                _ => return Err("a file within an attachment is not taken out of it".to_owned()),
            }
        }
        stretches.sort_by_key(|stretch| stretch.start);
        Ok(Edit::Bytes(stretches))
    }

    /// Attachments that go from a message.
    fn message(
        &self,
        bytes: &[u8],
        children: &BTreeSet<ItemPath>,
        units: &BTreeSet<Unit>,
    ) -> Result<Edit, Unmade> {
        let mut stretches = Vec::new();
        let mut wholes: BTreeSet<ItemPath> = BTreeSet::new();
        for unit in units {
            if let Unit::Whole(path) = unit {
                wholes.insert(path.clone());
            }
        }
        for child in children {
            // An attached archive goes if all that is in it goes.
            if !wholes.contains(child) && !self.goes_empty(child, &wholes) {
                return Err("a file within an attachment is not taken out of it".to_owned());
            }
            let name = child.segments().last().map_or("", String::as_str);
            stretches.push(stretch(attached(bytes, name)?));
        }
        stretches.sort_by_key(|stretch| stretch.start);
        Ok(Edit::Bytes(stretches))
    }
}

/// Does a message state how long it is?
fn has_length(message: &[u8]) -> bool {
    let lines = message.split(|byte| *byte == b'\n');
    lines
        .take_while(|line| !line.trim_ascii().is_empty())
        .any(|line| line.to_ascii_lowercase().starts_with(b"content-length:"))
}

fn stretch(range: Range<usize>) -> Stretch {
    Stretch { start: range.start, end: range.end, with: String::new() }
}

fn records(
    node: &Member,
    bytes: &[u8],
    places: BTreeSet<Place>,
    blanks: &BTreeSet<Place>,
) -> Result<Edit, Unmade> {
    match node.document.media_type.as_str() {
        XLSX | SQLITE if !blanks.is_empty() => {
            Err("what tells who it is is not taken out of this format by itself".to_owned())
        }
        XLSX => Ok(Edit::Sheets(places.into_iter().collect())),
        SQLITE => Ok(Edit::Database(places.into_iter().collect())),
        media_type => {
            let passages = &node.document.passages;
            let mut ranges = if places.is_empty() {
                Vec::new()
            } else {
                cuts(media_type, bytes, passages, &places)?
            };
            for passage in passages.iter().filter(|passage| blanks.contains(&passage.place)) {
                ranges.extend(telling_cells(media_type, bytes, passage)?);
            }
            ranges.sort_by_key(|range| range.start);
            Ok(Edit::Bytes(ranges.into_iter().map(stretch).collect()))
        }
    }
}

fn container_of(media_type: &str) -> Option<Container> {
    Some(match media_type {
        "application/zip" => Container::Zip,
        "application/x-tar" => Container::Tar,
        "application/gzip" => Container::Gzip,
        _ => return None,
    })
}
