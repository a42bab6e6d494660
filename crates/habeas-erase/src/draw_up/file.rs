//! What becomes of one file, and of each copy in it?

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use habeas_index::Occurrence;
use habeas_model::{ItemId, ItemPath, Member, Place, SourceName};

use super::{Copy, Means};
use crate::Error;
use crate::beneath::{Facts, RawPath, Root, contents};
use crate::edit::{Edit, Unmade};
use crate::folder::{make_dir, remove, replace};
use crate::plan::{Action, Outcome, PlannedFile, PlannedSource};
use crate::rules::SourceRule;
use crate::watch::{Seal, Watched};
use crate::work::{Target, Work};

/// Where edited copies are written to be read back; nothing stays there.
pub(super) struct Scratch {
    pub(super) dir: PathBuf,
}

impl Scratch {
    fn file(&self) -> PathBuf {
        self.dir.join("edited")
    }

    fn write(&self, bytes: &[u8]) -> Result<PathBuf, Error> {
        make_dir(&self.dir)?;
        replace(&self.file(), bytes)?;
        Ok(self.file())
    }

    pub(super) fn clear(&self) -> Result<(), Error> {
        remove(&self.file())
    }
}

/// Works one file out, and says of each of its copies what happens with it.
pub(super) fn file(
    copies: &mut [Copy<'_>],
    nobody: &[(ItemPath, Place)],
    (means, seal, scratch): (&Means<'_>, &Seal, &Scratch),
    sources: &mut BTreeMap<SourceName, PlannedSource>,
    watched: &mut Watched,
    number: u32,
) -> Result<Option<PlannedFile>, Error> {
    let going: Vec<usize> = (0..copies.len()).filter(|at| goes(&copies[*at])).collect();
    let Some(first) = going.first().map(|at| copies[*at].occurrence.clone()) else {
        return Ok(None);
    };
    let Some(rule) = means.rules.source(&first.source) else { return Ok(None) };
    let give_up = |copies: &mut [Copy<'_>], why: &str| {
        for at in &going {
            copies[*at].action = Action::ForPerson;
            copies[*at].reason = format!("{why}: erase it by hand, or see to that and plan again");
        }
    };
    let opened = match open(&first, rule, means) {
        Ok(opened) => opened,
        Err(why) => {
            give_up(copies, &why);
            return Ok(None);
        }
    };
    let name = first.path.segments()[0].clone();
    let before = (means.read)(&first.file, &name);
    if before.first().is_none_or(|root| root.id != opened.digest) {
        give_up(copies, "it could not be read again as it is");
        return Ok(None);
    }
    let staying: Vec<(ItemPath, Place)> = copies
        .iter()
        .filter(|copy| !goes(copy))
        .map(|copy| (copy.occurrence.path.clone(), copy.finding.place.clone()))
        .chain(nobody.iter().cloned())
        .collect();
    let targets: Vec<Target> = going
        .iter()
        .map(|at| Target {
            path: copies[*at].occurrence.path.clone(),
            item: copies[*at].finding.item,
            place: copies[*at].finding.place.clone(),
            passages: copies[*at].finding.passages.clone(),
            is_whole: copies[*at].is_whole,
            is_blanked: copies[*at].action == Action::Anonymise,
        })
        .collect();
    let reread = |bytes: &[u8]| -> Result<Vec<Member>, Unmade> {
        let file = scratch.write(bytes).map_err(|_| "the case's folder is full".to_owned())?;
        let members = (means.read)(&file, &name);
        match members.first() {
            Some(root) if root.id == ItemId::of(bytes) => Ok(members),
            _ => Err("what it would be afterwards cannot be read".to_owned()),
        }
    };
    let work = Work {
        bytes: &opened.bytes,
        before: &before,
        staying: &staying,
        most_bytes: means.expanded_bytes,
        reread: &reread,
    };
    let Some(worked) = work.out(&targets) else { return Ok(None) };
    let mut n_going = 0;
    for (at, target) in going.iter().zip(worked.targets) {
        let copy = &mut copies[*at];
        match target {
            Ok(n_within) => {
                n_going += 1;
                copy.n_within = n_within;
                copy.file = Some(number);
                note(copy, &before, seal, watched);
            }
            Err(why) => {
                copy.reason = match copy.action {
                    Action::Anonymise => format!("{}; by hand, because {why}", copy.reason),
                    _ => why,
                };
                copy.action = Action::ForPerson;
            }
        }
    }
    if n_going == 0 {
        return Ok(None);
    }
    sources.entry(rule.source.name.clone()).or_insert(opened.source);
    let rest = match (&worked.edit, worked.rest.is_empty()) {
        (Edit::Whole, _) => "the file goes".to_owned(),
        (_, true) => "every other byte stays as it is".to_owned(),
        (_, false) => format!("all else stays; but {}", worked.rest.join("; ")),
    };
    Ok(Some(PlannedFile {
        number,
        path: outermost(&first.path),
        source: first.source,
        raw: opened.raw,
        facts: opened.facts,
        digest: opened.digest,
        edit: worked.edit,
        result: worked
            .result
            .map(|bytes| Outcome { size_bytes: bytes.len() as u64, digest: ItemId::of(&bytes) }),
        rest,
        steps: Vec::new(),
    }))
}

/// The path of the file that an item is in.
fn outermost(path: &ItemPath) -> ItemPath {
    let mut outer = path.clone();
    while let Some(parent) = outer.parent() {
        outer = parent;
    }
    outer
}

/// Does a copy go, or what of it tells who it is?
fn goes(copy: &Copy<'_>) -> bool {
    matches!(copy.action, Action::Erase | Action::Anonymise)
}

struct Opened {
    bytes: Vec<u8>,
    digest: ItemId,
    facts: Facts,
    raw: RawPath,
    source: PlannedSource,
}

/// Opens a file as an erasure will, and refuses what an erasure would.
fn open(place: &Occurrence, rule: &SourceRule, means: &Means<'_>) -> Result<Opened, Unmade> {
    let root = Root::open(&rule.source.root)?;
    let (device, inode) = root.identity()?;
    let base = if rule.source.root.is_dir() {
        rule.source.root.as_path()
    } else {
        rule.source.root.parent().unwrap_or(&rule.source.root)
    };
    let relative = place
        .file
        .strip_prefix(base)
        .map_err(|_| "its source has moved since it was indexed".to_owned())?;
    let spot = root.spot(relative.as_os_str().as_bytes())?;
    let (file, facts) = spot.open(&spot.name)?;
    if let Some(why) = spot.read_only(&facts) {
        return Err(why.to_owned());
    }
    if spot.is_locked(&file) {
        return Err("another program has it open or locked".to_owned());
    }
    for companion in ["-wal", "-journal"] {
        let name = [spot.name.as_slice(), companion.as_bytes()].concat();
        if spot.look(&name)?.is_some_and(|facts| facts.size_bytes > 0) {
            return Err(
                "a database with changes that are not in it yet, beside it: close the program \
                        that uses it"
                    .to_owned(),
            );
        }
    }
    let (bytes, digest) = contents(&file, means.file_bytes)?;
    let file_path = ItemPath::file(relative.as_os_str().as_bytes());
    let indexed = means.estate.occurrence_at(&place.source, &file_path).ok().flatten();
    if indexed.and_then(|(_, item)| item) != Some(digest) {
        return Err("it has changed since it was indexed (run `habeas index` and `habeas match`)"
            .to_owned());
    }
    let source = PlannedSource {
        name: rule.source.name.clone(),
        root: rule.source.root.clone(),
        device,
        inode,
    };
    Ok(Opened { bytes, digest, facts, raw: RawPath::new(relative), source })
}

/// Notes what goes, to know it if it comes back.
fn note(copy: &Copy<'_>, before: &[Member], seal: &Seal, watched: &mut Watched) {
    let (path, place) = (&copy.occurrence.path, &copy.finding.place);
    let Some(member) = before.iter().find(|member| member.path == *path) else { return };
    let passages = &member.document.passages;
    let is_record = passages.iter().any(|passage| passage.place == *place && passage.is_record);
    if !is_record || copy.is_whole || habeas_model::is_message(&member.document.media_type) {
        watched.items.insert(seal.item(&member.id));
    }
    let own = (0..).zip(passages).filter(|(number, passage)| {
        passage.place == *place || copy.finding.passages.contains(number)
    });
    watched.passages.extend(own.map(|(_, passage)| seal.passage(passage)));
}
