//! Who else is named in what would be given, under which number, and what was decided about them?
//!
//! `people.jsonl` holds a person a line and is rewritten as a whole. A number stays with a person for
//! the life of the case, so that a person can be named by it; the ledger names people by their key.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use habeas_model::{Bundled, Entry, Listed, Policy};

use crate::files::{private, replace};
use crate::{Case, Error, Ledger, Recorded};

const PEOPLE: &str = "people.jsonl";
const LOG: &str = "redactions.jsonl";
const KEY: &str = "redactions.key";

/// The people of a case as they were listed last; none if nobody was listed yet.
///
/// # Errors
/// If the list cannot be read, or is not what was written.
pub fn people(case_dir: &Path) -> Result<Vec<Listed>, Error> {
    let file = case_dir.join(PEOPLE);
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(problem) => return Err(Error::file(&file)(problem)),
    };
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    (1..)
        .zip(lines)
        .map(|(line, bytes)| {
            serde_json::from_slice(bytes).map_err(|_| Error::Damaged {
                file: file.clone(),
                line,
                way_out: "remove it and run `habeas people` again",
            })
        })
        .collect()
}

/// Numbers people who were found and keeps the list: whoever has a number keeps it, new people get the
/// next ones in the order given, and whoever is not found any more stays, with no place.
///
/// The numbers of `found` are not looked at. The list is sorted by number.
///
/// # Errors
/// If the list that is there cannot be read, or the new one cannot be written; the old one is still
/// there then.
pub fn list_people(case_dir: &Path, found: Vec<Listed>) -> Result<Vec<Listed>, Error> {
    let before = people(case_dir)?;
    let list = numbered(before.clone(), found);
    if list != before {
        let file = case_dir.join(PEOPLE);
        let mut lines = Vec::new();
        for person in &list {
            serde_json::to_writer(&mut lines, person)
                .map_err(|it| Error::file(&file)(it.into()))?;
            lines.push(b'\n');
        }
        replace(&file, &lines).map_err(Error::file(&file))?;
    }
    Ok(list)
}

fn numbered(before: Vec<Listed>, found: Vec<Listed>) -> Vec<Listed> {
    let mut next = before.iter().map(|person| person.number).max().unwrap_or(0) + 1;
    let mut known: BTreeMap<_, Listed> =
        before.into_iter().map(|person| (person.person.clone(), person)).collect();
    let mut list = Vec::new();
    for mut person in found {
        person.number = match known.remove(&person.person) {
            Some(known) => known.number,
            None => {
                next += 1;
                next - 1
            }
        };
        list.push(person);
    }
    list.extend(known.into_values().map(|gone| Listed {
        n_places: 0,
        n_items: 0,
        n_shown: 0,
        in_doubt: Vec::new(),
        ..gone
    }));
    list.sort_by_key(|person| person.number);
    list
}

/// How many mentions in doubt nobody has decided about yet.
pub fn n_in_doubt(people: &[Listed], policies: &[Policy]) -> usize {
    people.iter().map(|person| open_doubts(person, policies).count()).sum()
}

/// The mentions of a person that are in doubt and that nobody has decided about yet.
pub fn open_doubts<'a>(
    person: &'a Listed,
    policies: &'a [Policy],
) -> impl Iterator<Item = &'a habeas_model::InDoubt> {
    use habeas_model::Treatment;
    person.in_doubt.iter().filter(move |mention| {
        let reaches = |policy: &&Policy| {
            policy.person == person.person
                && policy.item.is_none_or(|item| item == mention.item)
                && policy.place.as_ref().is_none_or(|place| *place == mention.place)
        };
        // Each reach has its own last word; a mention is settled by any that is one.
        let mut last: BTreeMap<(bool, bool), Treatment> = BTreeMap::new();
        for policy in policies.iter().filter(reaches) {
            last.insert((policy.item.is_some(), policy.place.is_some()), policy.treatment);
        }
        last.values().all(|treatment| *treatment == Treatment::Default)
    })
}

/// The numbers of other people in the list who bear the same names, in any order: most likely the same
/// person, in documents that do not say so.
pub fn same_words(person: &Listed, people: &[Listed]) -> Vec<u32> {
    let words = |text: &str| {
        let text = text.to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut words: Vec<String> = words.map(str::to_owned).collect();
        words.sort();
        words
    };
    let names = |person: &Listed| -> BTreeSet<Vec<String>> {
        let written = person.written.iter().chain([&person.person]);
        written.map(|it| words(it.reveal())).filter(|words| words.len() > 1).collect()
    };
    let mine = names(person);
    let others = people.iter().filter(|other| other.number != person.number && other.n_places > 0);
    others.filter(|other| !names(other).is_disjoint(&mine)).map(|other| other.number).collect()
}

impl Case {
    /// The people of the case as they were listed last.
    ///
    /// # Errors
    /// As [`people`].
    pub fn people(&self) -> Result<Vec<Listed>, Error> {
        people(&self.dir)
    }

    /// Numbers people who were found, and keeps the list: see [`list_people`].
    ///
    /// # Errors
    /// As [`list_people`].
    pub fn list_people(&self, found: Vec<Listed>) -> Result<Vec<Listed>, Error> {
        list_people(&self.dir, found)
    }

    /// Every decision about somebody else, oldest first.
    ///
    /// # Errors
    /// If the ledger cannot be read or was changed.
    pub fn policies(&self) -> Result<Vec<Policy>, Error> {
        let ledger = self.ledger()?;
        Ok(ledger.records().iter().filter_map(|it| it.decision.policy()).cloned().collect())
    }

    /// Adds decisions about people of the list to the ledger, all or none.
    ///
    /// # Errors
    /// If a person is not in the list, or the ledger was changed or cannot be written.
    pub fn set_policies(&self, policies: &[Policy]) -> Result<Vec<Recorded>, Error> {
        let people = self.people()?;
        let known: BTreeSet<_> = people.iter().map(|person| &person.person).collect();
        if !policies.iter().all(|policy| known.contains(&policy.person)) {
            return Err(Error::NoSuchPerson(self.id.to_string()));
        }
        let entries: Vec<Entry> = policies.iter().cloned().map(Entry::from).collect();
        self.ledger()?.append(&entries)
    }
}

/// The secret of a case under which its decision log digests what was taken out: 32 random bytes that
/// are made once and never leave the case's folder.
///
/// # Errors
/// If it cannot be read, made or written.
pub fn redaction_key(case_dir: &Path) -> Result<[u8; 32], Error> {
    let file = case_dir.join(KEY);
    let failed = Error::file(&file);
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0_u8; 32];
            getrandom::fill(&mut key)
                .map_err(|_| failed(std::io::Error::other("no randomness")))?;
            // Whole or not at all: a half-written secret would make every later log differ.
            let draft = case_dir.join(format!("{KEY}.{}.new", std::process::id()));
            let mut out =
                private().write(true).create(true).truncate(true).open(&draft).map_err(&failed)?;
            let written = out
                .write_all(&key)
                .and_then(|()| out.sync_all())
                // Somebody else's secret that came first stays.
                .and_then(|()| std::fs::hard_link(&draft, &file));
            let _ = std::fs::remove_file(&draft);
            match written {
                Err(problem) if problem.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(failed(problem));
                }
                _ => std::fs::read(&file).map_err(&failed)?,
            }
        }
        Err(problem) => return Err(failed(problem)),
    };
    bytes.try_into().map_err(|_| failed(std::io::Error::other("it is not 32 bytes long")))
}

/// Keeps the decision log of a bundle, and its digest in the ledger, before the bundle leaves.
///
/// # Errors
/// If the log or the ledger cannot be written, or the ledger was changed.
pub fn keep_redactions(case_dir: &Path, log: &[u8], bundled: Bundled) -> Result<(), Error> {
    let file = case_dir.join(LOG);
    replace(&file, log).map_err(Error::file(&file))?;
    Ledger::open(case_dir)?.append(&[Entry::from(bundled)]).map(drop)
}

#[cfg(test)]
mod tests {
    use habeas_model::{Doubt, InDoubt, ItemId, Kind, Place, PlaceKind, Treatment};

    use super::*;

    fn person(key: &str, n_places: u64) -> Listed {
        Listed {
            number: 0,
            person: key.into(),
            written: vec![key.into()],
            roles: Vec::new(),
            n_places,
            n_items: 1,
            n_shown: 0,
            in_doubt: Vec::new(),
        }
    }

    fn numbers(list: &[Listed]) -> Vec<(u32, &str, u64)> {
        list.iter().map(|it| (it.number, it.person.reveal().as_str(), it.n_places)).collect()
    }

    #[test]
    fn a_number_stays_with_a_person() {
        let dir = tempfile::tempdir().unwrap();
        let list = |found: &[(&str, u64)]| {
            let found = found.iter().map(|(key, n)| person(key, *n)).collect();
            list_people(dir.path(), found).unwrap()
        };
        let first = list(&[("quill", 3), ("okonkwo", 2)]);
        assert_eq!(numbers(&first), [(1, "quill", 3), (2, "okonkwo", 2)]);
        let second = list(&[("bramble", 9), ("okonkwo", 1)]);
        assert_eq!(numbers(&second), [(1, "quill", 0), (2, "okonkwo", 1), (3, "bramble", 9)]);
        let third = list(&[("quill", 1)]);
        assert_eq!(numbers(&third), [(1, "quill", 1), (2, "okonkwo", 0), (3, "bramble", 0)]);
        assert_eq!(people(dir.path()).unwrap(), third);
    }

    #[test]
    fn a_secret_is_made_once_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let key = redaction_key(dir.path()).unwrap();
        assert_eq!(key, redaction_key(dir.path()).unwrap());
        assert_ne!(key, redaction_key(tempfile::tempdir().unwrap().path()).unwrap());
        let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
        assert_eq!(names.len(), 1, "a draft was left behind");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join(KEY)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(dir.path().join(KEY), b"short").unwrap();
        assert!(redaction_key(dir.path()).is_err());
    }

    #[test]
    fn a_doubt_is_open_until_somebody_decides() {
        let item = ItemId::of(b"x");
        let place = Place::new(PlaceKind::Page, 2);
        let mut vale = person("vale", 1);
        vale.in_doubt =
            vec![InDoubt { item, place, kind: Kind::Name, doubt: Doubt::SharedSurname }];
        let policy = |treatment, item, place: Option<usize>| Policy {
            person: "vale".into(),
            treatment,
            role_label: String::new(),
            item,
            place: place.map(|n| Place::new(PlaceKind::Page, n)),
            reason: String::new(),
            by: String::new(),
            at: "2026-07-01T10:00:00Z".parse().unwrap(),
        };
        let check = |policies: &[Policy], expected: usize| {
            assert_eq!(n_in_doubt(std::slice::from_ref(&vale), policies), expected);
        };
        let other = ItemId::of(b"y");
        check(&[], 1);
        check(&[policy(Treatment::TakeOut, None, None)], 0);
        check(&[policy(Treatment::TakeOut, Some(item), Some(2))], 0);
        check(&[policy(Treatment::TakeOut, Some(item), Some(1))], 1);
        check(&[policy(Treatment::TakeOut, Some(other), None)], 1);
        let taken_back = policy(Treatment::Default, None, None);
        check(&[policy(Treatment::Nobody, None, None), taken_back], 1);
    }
}
