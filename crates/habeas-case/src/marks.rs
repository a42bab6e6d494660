//! What was marked by hand in items, and is in force?

use std::collections::BTreeSet;

use habeas_model::{Manual, Mark};

use crate::{Case, Error, Recorded};

/// The marks of these records that nobody has taken back, oldest first, each with the number of its
/// record. Taking back a taking back puts the mark in force again.
pub fn in_force(records: &[Recorded]) -> Vec<(u64, &Manual)> {
    let mut back: BTreeSet<u64> = BTreeSet::new();
    // From the end, so that what takes back is known to count before what it takes back.
    for record in records.iter().rev() {
        if let Some(Manual { mark: Mark::TakenBack { seq }, .. }) = record.decision.manual()
            && !back.contains(&record.seq)
        {
            back.insert(*seq);
        }
    }
    records
        .iter()
        .filter(|record| !back.contains(&record.seq))
        .filter_map(|record| Some((record.seq, record.decision.manual()?)))
        .filter(|(_, manual)| !matches!(manual.mark, Mark::TakenBack { .. }))
        .collect()
}

impl Case {
    /// The marks made by hand that are in force, oldest first.
    ///
    /// # Errors
    /// If the ledger cannot be read or was changed.
    pub fn marks(&self) -> Result<Vec<Manual>, Error> {
        let ledger = self.ledger()?;
        Ok(in_force(ledger.records()).into_iter().map(|(_, manual)| manual.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use habeas_model::{Area, Entry, Ground, ItemId};

    use super::*;
    use crate::ledger::{Appended, Ledger};

    fn manual(mark: Mark) -> Entry {
        Entry::from(Manual {
            mark,
            item: ItemId::of(b"x"),
            reason: String::new(),
            by: "dpo".into(),
            at: "2026-07-01T10:00:00Z".parse().unwrap(),
        })
    }

    fn numbers(ledger: &Ledger) -> Vec<u64> {
        in_force(ledger.records()).into_iter().map(|(seq, _)| seq).collect()
    }

    #[test]
    fn a_mark_is_taken_back_and_put_in_force_again() {
        let dir = tempfile::tempdir().unwrap();
        Ledger::create(dir.path()).unwrap();
        let mut ledger = Ledger::open(dir.path()).unwrap();
        let area = Area { left: 1, top: 2, right: 3, bottom: 10_000 };
        let text = Mark::Text {
            passage: 3,
            range: 4..9,
            words: "the boy".into(),
            kind: None,
            ground: Ground::ThirdParty,
        };
        let box_of = Mark::Box { page: 2, area, ground: Ground::NotTheirs };
        ledger.append(&[manual(text), manual(box_of), manual(Mark::Picture { page: 1 })]).unwrap();
        assert_eq!(numbers(&ledger), [1, 2, 3]);
        ledger.append(&[manual(Mark::TakenBack { seq: 2 })]).unwrap();
        assert_eq!(numbers(&ledger), [1, 3]);
        ledger.append(&[manual(Mark::TakenBack { seq: 4 })]).unwrap();
        assert_eq!(numbers(&ledger), [1, 2, 3]);
        ledger.append(&[manual(Mark::TakenBack { seq: 5 })]).unwrap();
        assert_eq!(numbers(&ledger), [1, 3]);
        // Written and read again, each is what it was.
        let again = Ledger::open(dir.path()).unwrap();
        assert_eq!(again.records(), ledger.records());
    }

    #[test]
    fn what_another_added_is_taken_in_or_stands_in_the_way() {
        let dir = tempfile::tempdir().unwrap();
        Ledger::create(dir.path()).unwrap();
        let (mut one, mut other) =
            (Ledger::open(dir.path()).unwrap(), Ledger::open(dir.path()).unwrap());
        one.append(&[manual(Mark::Picture { page: 1 })]).unwrap();
        let second = manual(Mark::Picture { page: 2 });
        let all = |_: &Recorded| true;
        let stopped = other.append_unless(0, std::slice::from_ref(&second), &all).unwrap();
        let Appended::InTheWay(records) = stopped else { panic!("it was added") };
        assert_eq!(records.len(), 1);
        assert_eq!(other.seq(), 1, "what the other added is known now");
        let added = other.append_unless(1, std::slice::from_ref(&second), &all).unwrap();
        assert!(matches!(added, Appended::Added(added) if added[0].seq == 2));
        assert_eq!(one.seq(), 1);
        one.refresh().unwrap();
        assert_eq!(one.seq(), 2);
        let nothing = |_: &Recorded| false;
        let added = one.append_unless(0, &[second], &nothing).unwrap();
        assert!(matches!(added, Appended::Added(added) if added[0].seq == 3));
    }
}
