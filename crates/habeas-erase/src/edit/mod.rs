//! What are the bytes of a file without some of what stands in it?
//!
//! An edit is data: it stands in the plan, and the same edit of the same bytes gives the same bytes.
//! Nothing is guessed here; what cannot be done to the letter is refused.

mod database;
mod gzip;
mod sheet;
mod tar;
mod zip;

use std::collections::BTreeMap;

use habeas_model::Place;
use serde::{Deserialize, Serialize};

/// Why an edit is not made, in a sentence without personal data.
pub(crate) type Unmade = String;

/// What is done to the bytes of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// All of it goes.
    Whole,
    /// These stretches go, sorted and not overlapping; something else may stand in their place.
    Bytes(Vec<Stretch>),
    /// Members of a container are edited, by the names that the container gives them.
    Members {
        /// What packs them.
        container: Container,
        /// Each with what is done to it.
        members: BTreeMap<String, Edit>,
    },
    /// Rows of a workbook's sheets are emptied; they keep their numbers.
    Sheets(Vec<Place>),
    /// Rows of a database's tables are deleted, and the database is packed anew.
    Database(Vec<Place>),
}

/// A stretch of bytes, and what stands in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// Its first byte, from 0.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
    /// What stands there instead; usually nothing.
    pub with: String,
}

/// What packs members so that one can be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
    /// One compressed file.
    Gzip,
}

/// The bytes after an edit.
#[derive(Debug)]
pub(crate) struct Edited {
    pub(crate) bytes: Vec<u8>,
    /// What besides the edit is not as it was to the byte, if something is not.
    pub(crate) rest: Vec<&'static str>,
}

/// Makes an edit; `most_bytes` is what a member may unpack to.
///
/// # Errors
/// Why it is not made. [`Edit::Whole`] is no edit of bytes, and an error here.
pub(crate) fn edited(bytes: &[u8], edit: &Edit, most_bytes: u64) -> Result<Edited, Unmade> {
    match edit {
        Edit::Whole => Err("all of it goes".to_owned()),
        Edit::Bytes(stretches) => {
            Ok(Edited { bytes: without(bytes, stretches)?, rest: Vec::new() })
        }
        Edit::Members { container, members } => match container {
            Container::Zip => zip::edited(bytes, members, most_bytes),
            Container::Tar => tar::edited(bytes, members, most_bytes),
            Container::Gzip => gzip::edited(bytes, members, most_bytes),
        },
        Edit::Sheets(rows) => sheet::edited(bytes, rows, most_bytes),
        Edit::Database(rows) => database::edited(bytes, rows),
    }
}

/// The bytes of a member of a container, to see what is in it.
///
/// # Errors
/// If it is not there once, or cannot be unpacked within `most_bytes`.
pub(crate) fn member(
    container: Container,
    bytes: &[u8],
    name: &str,
    most_bytes: u64,
) -> Result<Vec<u8>, Unmade> {
    match container {
        Container::Zip => zip::member(bytes, name, most_bytes),
        Container::Tar => tar::member(bytes, name),
        Container::Gzip => gzip::unpacked(bytes, most_bytes),
    }
}

/// The bytes without these stretches.
fn without(bytes: &[u8], stretches: &[Stretch]) -> Result<Vec<u8>, Unmade> {
    let mut left = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for stretch in stretches {
        let kept = (stretch.start <= stretch.end).then(|| bytes.get(at..stretch.start)).flatten();
        let kept = kept.ok_or_else(|| "its records are not where they were".to_owned())?;
        left.extend_from_slice(kept);
        left.extend_from_slice(stretch.with.as_bytes());
        at = stretch.end;
    }
    let rest = bytes.get(at..).ok_or_else(|| "its records are not where they were".to_owned())?;
    left.extend_from_slice(rest);
    Ok(left)
}

/// A member after its edit; `None` if it goes.
fn edited_member(
    bytes: &[u8],
    edit: &Edit,
    most_bytes: u64,
    rest: &mut Vec<&'static str>,
) -> Result<Option<Vec<u8>>, Unmade> {
    if *edit == Edit::Whole {
        return Ok(None);
    }
    let inner = edited(bytes, edit, most_bytes)?;
    for what in inner.rest {
        if !rest.contains(&what) {
            rest.push(what);
        }
    }
    Ok(Some(inner.bytes))
}

/// Reads all of a decoder, unless that is more than `most_bytes`.
fn drained(decoder: impl std::io::Read, most_bytes: u64) -> Result<Vec<u8>, Unmade> {
    use std::io::Read;
    let mut bytes = Vec::new();
    decoder
        .take(most_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|_| "a member is damaged".to_owned())?;
    if bytes.len() as u64 > most_bytes {
        return Err("a member unpacks to more than the limit".to_owned());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_go_and_all_else_stays() {
        let cut = |stretches: &[(usize, usize, &str)]| {
            let stretches: Vec<Stretch> = stretches
                .iter()
                .map(|(start, end, with)| Stretch {
                    start: *start,
                    end: *end,
                    with: (*with).to_owned(),
                })
                .collect();
            without(b"0123456789", &stretches)
        };
        assert_eq!(cut(&[]).unwrap(), b"0123456789");
        assert_eq!(cut(&[(0, 2, ""), (5, 5, "-"), (9, 10, "")]).unwrap(), b"234-5678");
        assert_eq!(cut(&[(0, 10, "")]).unwrap(), b"");
        for wrong in [vec![(5, 11, "")], vec![(3, 2, "")], vec![(4, 6, ""), (5, 7, "")]] {
            assert!(cut(&wrong).is_err(), "{wrong:?}");
        }
    }
}
