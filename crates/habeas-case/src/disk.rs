//! What to do when a disk does not take what is written?

use std::io::{self, ErrorKind};

/// What stands in the way of writing, in words, and what to do about it; `None` if nobody but the system can
/// say more.
pub fn advice(problem: &io::Error) -> Option<(&'static str, &'static str)> {
    Some(match problem.kind() {
        ErrorKind::PermissionDenied => (
            "the user whom Habeas runs as may not write there",
            "let this user write there, or choose a folder of its own",
        ),
        ErrorKind::ReadOnlyFilesystem => (
            "that disk or share can only be read",
            "make it writable, or choose a folder on another one",
        ),
        ErrorKind::StorageFull => {
            ("the disk is full", "make room on it, or choose a folder on another one")
        }
        ErrorKind::QuotaExceeded => (
            "this user has no more room on that disk",
            "make room on it, or choose a folder on another one",
        ),
        ErrorKind::NotADirectory => {
            ("a part of that path is a file, and no folder", "choose another folder")
        }
        ErrorKind::InvalidFilename => ("that name is not possible there", "choose another folder"),
        _ => return None,
    })
}

/// The same of a folder that is to be made: it can also be nowhere.
pub fn advice_on_folder(problem: &io::Error) -> (&'static str, &'static str) {
    let nowhere = ("no folder can be made there", "choose a folder that is there");
    let other = ("the system does not allow it", "choose another folder");
    advice(problem).unwrap_or(match problem.kind() {
        ErrorKind::NotFound => nowhere,
        _ => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_disk_says_there_is_something_to_do() {
        let check = |kind: ErrorKind, expected: &str| {
            let (words, advice) = advice_on_folder(&io::Error::from(kind));
            assert!(words.contains(expected) && !advice.is_empty(), "{kind:?}: {words}");
        };
        check(ErrorKind::PermissionDenied, "may not write");
        check(ErrorKind::ReadOnlyFilesystem, "only be read");
        check(ErrorKind::StorageFull, "full");
        check(ErrorKind::QuotaExceeded, "no more room");
        check(ErrorKind::NotADirectory, "a file");
        check(ErrorKind::NotFound, "no folder");
        check(ErrorKind::Other, "the system");
        assert_eq!(advice(&io::Error::from(ErrorKind::NotFound)), None, "reading may not find");
    }
}
