//! How does somebody get no more marketing, and did any go out after they objected?
//!
//! An objection is absolute, so the person is put on every list of those who get none, of all brands;
//! an entry that is there already is not added twice. An entry is what keeps them off later lists, so it
//! stays when they are erased. A list is a table of which each row is somebody: it is written the way a
//! source is, beside and exchanged.
//!
//! # Source
//! UK GDPR Art. 21(2) and (3); PECR reg. 22; ICO, *Right to object*: keep what is needed to respect it.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use habeas_case::{Case, verdicts};
use habeas_index::Estate;
use habeas_model::{
    ErasureAct, ItemPath, Kind, Outcome as Ended, Place, SourceName, Tier, Verdict,
};
use jiff::Timestamp;
use jiff::civil::Date;
use rustix::fs::Mode;
use sha2::{Digest, Sha256};

use crate::Error;
use crate::beneath::{Facts, Root, contents};
use crate::pace::Pace;
use crate::rules::Rules;
use crate::store;
use crate::swap::{Expected, Like, Trouble, discard, exchange, move_to, settle, write_beside};

/// A list of people who get no marketing.
#[derive(Clone, Debug)]
pub struct List {
    /// What it is called, such as the system and the brands that read it.
    pub name: String,
    /// The table; made with its heading if it is not there.
    pub file: PathBuf,
    /// The heading of the column with the entries.
    pub column: String,
    /// What an entry is: e-mail addresses or telephone numbers.
    pub kind: Kind,
    /// How an entry is written.
    pub writes: Writes,
}

/// How an entry of a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// As it is, for systems that compare addresses.
    Plain,
    /// SHA-256 of it in lower case without spaces, in hexadecimal, for systems that take digests, such
    /// as those of social networks. It is a pseudonym, and no secret: addresses can be tried.
    Sha256,
}

/// What became of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The list's name.
    pub name: String,
    /// Entries that were added.
    pub n_added: usize,
    /// Entries that were there already.
    pub n_there: usize,
    /// Why nothing was added, if so.
    pub refused: Option<String>,
}

/// Something that went to the person after they objected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mailing {
    /// The last day that it names.
    pub day: Date,
    /// In which source.
    pub source: SourceName,
    /// Where in it.
    pub path: ItemPath,
    /// Where in the item.
    pub place: Place,
}

/// Puts the person of a case on every list.
///
/// # Errors
/// If the ledger of the case cannot be written, or the run was stopped.
pub fn suppress(
    case: &Case,
    lists: &[List],
    by: &str,
    at: Timestamp,
    pace: &dyn Pace,
) -> Result<Vec<Listed>, Error> {
    let mut done = Vec::new();
    for list in lists {
        let of_kind = |one: &&habeas_model::Identifier| one.kind == list.kind;
        let stated = case.request.subject.identifiers.iter().filter(of_kind);
        let entries: Vec<String> =
            stated.map(|one| entry(one.value.reveal(), list.kind, list.writes)).collect();
        let (n_added, refused) = match add(list, &entries, pace) {
            Ok(n_added) => (n_added, None),
            Err(Trouble::Refused(why)) => (0, Some(why)),
            Err(Trouble::Stopped(error)) => return Err(error),
        };
        let n_there = if refused.is_some() { 0 } else { entries.len() - n_added };
        done.push(Listed { name: list.name.clone(), n_added, n_there, refused });
    }
    let n_added = done.iter().map(|list| list.n_added).sum();
    let n_refused = done.iter().filter(|list| list.refused.is_some()).count();
    store::record(case, ErasureAct::Suppressed, "", (n_added, n_refused), by, at)?;
    Ok(done)
}

fn entry(value: &str, kind: Kind, writes: Writes) -> String {
    let compared = compared(value, kind);
    match writes {
        Writes::Plain => value.trim().to_owned(),
        Writes::Sha256 => {
            Sha256::digest(compared.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
        }
    }
}

/// An entry as two of them are compared.
fn compared(value: &str, kind: Kind) -> String {
    match kind {
        Kind::Phone => {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            // The last digits are the same with and without the code of the country.
            digits.get(digits.len().saturating_sub(10)..).unwrap_or(&digits).to_owned()
        }
        _ => value.trim().to_lowercase(),
    }
}

/// Adds entries that are not there; gives how many.
fn add(list: &List, entries: &[String], pace: &dyn Pace) -> Result<usize, Trouble> {
    let (Some(parent), Some(name)) = (list.file.parent(), list.file.file_name()) else {
        return Err("its path is none".to_owned().into());
    };
    let root = Root::open(parent).map_err(|_| "its folder is not there".to_owned())?;
    let spot = root.spot(name.as_bytes())?;
    let draft = b".habeas-suppression".as_slice();
    // What a stopped run left is no list yet.
    if spot.look(draft)?.is_some_and(|facts| facts.is_file()) {
        discard(&spot, draft, pace)?;
    }
    if spot.look(&spot.name)?.is_none() {
        let table = appended(&format!("{}\n", quoted(&list.column, ',')), list, entries)?;
        let Some((text, n)) = table else { return Ok(0) };
        let facts = Facts { mode: (Mode::RUSR | Mode::WUSR).bits(), ..own(&root)? };
        write_beside(&spot, draft, text.as_bytes(), &Like::Facts(&facts), pace)?;
        pace.next("move")?;
        move_to(&spot, draft, &spot.name)?;
        settle(&spot, pace)?;
        return Ok(n);
    }
    let (file, facts) = spot.open(&spot.name)?;
    if let Some(why) = spot.read_only(&facts) {
        return Err(why.to_owned().into());
    }
    if spot.is_locked(&file) {
        return Err("another program has it open or locked".to_owned().into());
    }
    let (bytes, id) = contents(&file, 1 << 30)?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not in UTF-8".to_owned())?;
    let Some((text, n)) = appended(&text, list, entries)? else { return Ok(0) };
    let new = write_beside(&spot, draft, text.as_bytes(), &Like::File(&file), pace)?;
    let expected = Expected { facts: &facts, id: &id, most_bytes: 1 << 30 };
    exchange(&spot, draft, &new, &expected, pace)?;
    discard(&spot, draft, pace)?;
    Ok(n)
}

/// Whose new file it is: that of whoever runs this.
fn own(root: &Root) -> Result<Facts, Trouble> {
    let (device, inode) = root.identity()?;
    Ok(Facts {
        device,
        inode,
        size_bytes: 0,
        modified_ns: 0,
        n_links: 1,
        mode: 0,
        owner: rustix::process::geteuid().as_raw(),
        group: rustix::process::getegid().as_raw(),
    })
}

/// The table with the entries that it lacks, and how many they are; `None` if it lacks none.
fn appended(
    text: &str,
    list: &List,
    entries: &[String],
) -> Result<Option<(String, usize)>, Trouble> {
    let head = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let found = [b',', b';', b'\t'].into_iter().find_map(|separator| {
        let head = row(head, separator)?;
        let is_it = |cell: &str| cell.trim().eq_ignore_ascii_case(list.column.trim());
        Some((separator, head.iter().position(is_it)?, head.len()))
    });
    let (separator, column, width) =
        found.ok_or_else(|| format!("it has no column \"{}\"", list.column))?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut there = std::collections::BTreeSet::new();
    for record in reader.records() {
        let record = record.map_err(|_| "a row of it cannot be read".to_owned())?;
        there.insert(compared(record.get(column).unwrap_or_default(), kind_of(list)));
    }
    let mut table = text.to_owned();
    let end = if head.len() < text.len() && text.contains("\r\n") { "\r\n" } else { "\n" };
    if !table.ends_with('\n') {
        table.push_str(end);
    }
    let mut n = 0;
    for entry in entries {
        if !there.insert(compared(entry, kind_of(list))) {
            continue;
        }
        let separator = char::from(separator);
        let mut cells = vec![String::new(); width];
        cells[column] = quoted(entry, separator);
        table.push_str(&cells.join(&separator.to_string()));
        table.push_str(end);
        n += 1;
    }
    Ok((n > 0).then_some((table, n)))
}

/// Digests are compared as they are written.
fn kind_of(list: &List) -> Kind {
    if list.writes == Writes::Sha256 { Kind::Email } else { list.kind }
}

fn row(line: &str, separator: u8) -> Option<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(separator)
        .from_reader(line.as_bytes());
    reader.records().next()?.ok()
}

fn quoted(cell: &str, separator: char) -> String {
    if cell.contains([separator, '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// What went to the person after a day, of the sources whose records are marketing, and of messages
/// that say how to unsubscribe. The case has to be searched.
///
/// # Errors
/// If the case or the index cannot be read.
pub fn mailings(
    case: &Case,
    estate: &Estate,
    rules: &Rules,
    objected: Date,
) -> Result<Vec<Mailing>, Error> {
    let mut found = Vec::new();
    for (finding, decision) in verdicts(case)? {
        let verdict = decision.map_or(Verdict::Open, |decision| decision.verdict);
        if verdict == Verdict::NotSubject || finding.tier == Tier::Namesake {
            continue;
        }
        let passages = estate.passages_of(&finding.item)?;
        let own = || passages.iter().filter(|one| finding.passages.contains(&one.number));
        let unsubscribes = own().any(|one| one.passage.text.to_lowercase().contains("unsubscribe"));
        let sent = estate.item(&finding.item)?.and_then(|item| item.facts.dated);
        let days = own()
            .flat_map(|one| one.hits.iter())
            .filter(|hit| hit.kind == Kind::Date)
            .filter_map(|hit| day(hit.value.reveal()));
        // A message has the day on which it was sent; other days in it are what it is about.
        let last = sent.as_deref().and_then(day).or_else(|| days.max());
        let Some(day) = last.filter(|day| *day > objected) else { continue };
        for place in estate.occurrences(&finding.item)? {
            let is_marketing = rules.source(&place.source).is_some_and(|rule| rule.is_marketing);
            let is_there = matches!(place.outcome, Ended::Read | Ended::Duplicate);
            let is_message = sent.is_some() && unsubscribes;
            if is_there && (is_marketing || is_message) {
                let (source, path) = (place.source, place.path);
                found.push(Mailing { day, source, path, place: finding.place.clone() });
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The day at the beginning of a text.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Is this file one of the lists?
pub(crate) fn is_list(lists: &[PathBuf], file: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let file = real(file);
    lists.iter().any(|list| real(list) == file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pace::Steady;

    fn list(file: &Path, writes: Writes) -> List {
        List {
            name: "all brands".to_owned(),
            file: file.to_owned(),
            column: "Email Address".to_owned(),
            kind: Kind::Email,
            writes,
        }
    }

    fn check(before: Option<&str>, writes: Writes, n: usize, after: &str) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("list.csv");
        if let Some(text) = before {
            std::fs::write(&file, text).unwrap();
        }
        let list = list(&file, writes);
        let entries = [entry(" Amara@Example.org ", Kind::Email, writes)];
        let added = add(&list, &entries, &Steady).map_err(|_| ()).unwrap();
        assert_eq!((added, std::fs::read_to_string(&file).unwrap().as_str()), (n, after));
        // Once more adds nothing.
        assert_eq!(add(&list, &entries, &Steady).map_err(|_| ()).unwrap(), 0);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), after);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_entry_is_added_once_in_the_way_of_the_list() {
        check(None, Writes::Plain, 1, "Email Address\nAmara@Example.org\n");
        check(
            Some("\u{feff}Name;Email Address;Why\r\nBo;bo@example.org;x\r\n"),
            Writes::Plain,
            1,
            "\u{feff}Name;Email Address;Why\r\nBo;bo@example.org;x\r\n;Amara@Example.org;\r\n",
        );
        let there = "email address,x\n\"AMARA@example.org\",1";
        check(Some(there), Writes::Plain, 0, there);
        let digest = "Email Address\n".to_owned()
            + &entry("amara@example.org", Kind::Email, Writes::Sha256)
            + "\n";
        check(None, Writes::Sha256, 1, &digest);
        assert_eq!(compared("+44 7700 900123", Kind::Phone), compared("07700 900123", Kind::Phone));
    }

    #[test]
    fn a_list_without_its_column_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("list.csv");
        std::fs::write(&file, "Name\nBo\n").unwrap();
        let refused = add(&list(&file, Writes::Plain), &["a@example.org".to_owned()], &Steady);
        assert!(matches!(refused, Err(Trouble::Refused(why)) if why.contains("column")));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "Name\nBo\n");
    }
}
