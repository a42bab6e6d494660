//! May data concerning health be given, and who has to be asked first?
//!
//! # Source
//! Data Protection Act 2018 Sch. 3 paras 2 (the serious harm test), 5 and 6 (a controller who is no
//! health professional), ss. 204 and 205.

use std::collections::BTreeSet;

use habeas_model::{HarmTest, HealthOpinion, ItemId, KnownToSubject};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::Gap;
use crate::words::written;

const OPINION: &str = "DPA 2018 Sch. 3 para. 6(1) and (2)";
const HARM: &str = "DPA 2018 Sch. 3 paras 2 and 5";
const AGAIN: &str = "DPA 2018 Sch. 3 para. 6(3)";
const WHO: &str = "DPA 2018 Sch. 3 para. 2 and s. 204";

/// The last day on which an opinion can be relied on.
///
/// It has to have been obtained within the six months that end with that day, so that an opinion of
/// 20 May can be relied on until 19 November: the careful way to read "ending with".
pub fn opinion_lasts_until(given: Date) -> Date {
    let same = given.saturating_add(6.months());
    // Where the month has no such day, its last day is the end.
    if same.day() == given.day() { same.saturating_sub(1.day()) } else { same }
}

/// What an opinion leaves open by itself; empty if somebody can rely on it, as long as it lasts.
pub fn opinion_gaps(opinion: &HealthOpinion) -> Vec<Gap> {
    let blank = |text: &str| text.trim().is_empty();
    let mut gaps = Vec::new();
    if blank(opinion.clinician.reveal()) {
        gaps.push(Gap::new("say which health professional gave the opinion", WHO));
    }
    if blank(opinion.registration.reveal()) {
        gaps.push(Gap::new("say where the health professional is registered", WHO));
    }
    if blank(opinion.appropriate.reveal()) {
        gaps.push(Gap::new("say why they are the appropriate health professional", WHO));
    }
    if blank(opinion.matter.reveal()) {
        gaps.push(Gap::new("say what the health professional was asked about", OPINION));
    }
    if opinion.items.is_empty() {
        gaps.push(Gap::new("say which documents the opinion covers", OPINION));
    }
    gaps
}

/// Health data that cannot be given as things stand, by what stands in the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HealthGaps {
    /// Nobody gave an opinion, and nothing shows that the person knows it.
    pub without_opinion: BTreeSet<ItemId>,
    /// The last opinion is too old to be relied on.
    pub expired: BTreeSet<ItemId>,
    /// The last opinion says that giving it is likely to do serious harm.
    pub harmful: BTreeSet<ItemId>,
    /// It would be reasonable to ask again before relying on the last opinion.
    pub to_reconsult: BTreeSet<ItemId>,
}

impl HealthGaps {
    /// Is nothing in the way?
    pub fn is_empty(&self) -> bool {
        self.in_words().is_empty()
    }

    /// What stands in the way, a sentence for each kind.
    pub fn in_words(&self) -> Vec<Gap> {
        let n = |items: &BTreeSet<ItemId>| match items.len() {
            1 => "1 document with health data".to_owned(),
            n => format!("{n} documents with health data"),
        };
        let mut gaps = Vec::new();
        for (items, why, cites) in [
            (
                &self.without_opinion,
                "no health professional's opinion that serious harm is unlikely covers it, and nothing \
                 shows that the person knows it already",
                OPINION,
            ),
            (&self.expired, "the last opinion was given more than six months ago", OPINION),
            (
                &self.harmful,
                "the last opinion is that giving it is likely to do serious harm: keep it back",
                HARM,
            ),
            (&self.to_reconsult, "the health professional is to be asked again first", AGAIN),
        ] {
            if !items.is_empty() {
                gaps.push(Gap::new(format!("{}: {why}", n(items)), cites));
            }
        }
        gaps
    }
}

/// Which of these documents with health data cannot be given on a day, and why.
///
/// `opinions` and `known` stand in the order in which they were recorded: of several opinions on one
/// document the one given last counts, and of those of one day the one recorded last. Whoever knows
/// it already needs no opinion. A controller who is a health professional does not need one either
/// and asks only what an opinion says, if there is one.
pub fn health_gaps(
    documents: &BTreeSet<ItemId>,
    opinions: &[HealthOpinion],
    known: &[KnownToSubject],
    on: Date,
    is_health_professional: bool,
) -> HealthGaps {
    let mut gaps = HealthGaps::default();
    for item in documents {
        let last = opinions
            .iter()
            .filter(|opinion| opinion.items.contains(item) && opinion.given <= on)
            .max_by_key(|opinion| opinion.given);
        let is_known = known.iter().any(|known| known.items.contains(item));
        match last {
            Some(opinion) if opinion.outcome == HarmTest::Met && !is_known => {
                gaps.harmful.insert(*item);
            }
            _ if is_health_professional || is_known => {}
            None => {
                gaps.without_opinion.insert(*item);
            }
            Some(opinion) if opinion_lasts_until(opinion.given) < on => {
                gaps.expired.insert(*item);
            }
            Some(opinion) if opinion.must_reconsult => {
                gaps.to_reconsult.insert(*item);
            }
            Some(_) => {}
        }
    }
    gaps
}

/// How an opinion reads on a day: what it says, and until when.
pub fn opinion_in_words(opinion: &HealthOpinion, on: Date) -> String {
    let says = match opinion.outcome {
        HarmTest::NotMet => "serious harm is unlikely",
        HarmTest::Met => "serious harm is likely",
    };
    let until = opinion_lasts_until(opinion.given);
    let lasts = if until < on { "could be relied on until" } else { "can be relied on until" };
    format!("given on {}: {says}; {lasts} {}", written(opinion.given), written(until))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn item(name: &str) -> ItemId {
        ItemId::of(name.as_bytes())
    }

    fn opinion(outcome: HarmTest, given: Date) -> HealthOpinion {
        HealthOpinion {
            clinician: "Dr Quill".into(),
            registration: "GMC 0000001".into(),
            appropriate: "responsible for the care since 2024".into(),
            matter: "the whole clinical record".into(),
            items: vec![item("a")],
            outcome,
            given,
            must_reconsult: false,
        }
    }

    fn check(opinions: &[HealthOpinion], known: &[KnownToSubject], expected: [usize; 4]) {
        let documents = BTreeSet::from([item("a")]);
        let gaps = health_gaps(&documents, opinions, known, date(2026, 11, 20), false);
        let found = [
            gaps.without_opinion.len(),
            gaps.expired.len(),
            gaps.harmful.len(),
            gaps.to_reconsult.len(),
        ];
        assert_eq!(found, expected);
        assert_eq!(gaps.is_empty(), expected == [0; 4]);
    }

    #[test]
    fn an_opinion_lasts_six_months() {
        assert_eq!(opinion_lasts_until(date(2026, 5, 20)), date(2026, 11, 19));
        assert_eq!(opinion_lasts_until(date(2026, 8, 31)), date(2027, 2, 28));
        use HarmTest::NotMet;
        check(&[opinion(NotMet, date(2026, 5, 21))], &[], [0, 0, 0, 0]);
        check(&[opinion(NotMet, date(2026, 5, 20))], &[], [0, 1, 0, 0]);
        check(&[opinion(NotMet, date(2026, 11, 21))], &[], [1, 0, 0, 0]); // not given yet
    }

    #[test]
    fn without_an_opinion_health_data_stays() {
        check(&[], &[], [1, 0, 0, 0]);
        let mut other = opinion(HarmTest::NotMet, date(2026, 11, 1));
        other.items = vec![item("b")];
        check(&[other], &[], [1, 0, 0, 0]);
        let known = KnownToSubject { items: vec![item("a")], evidence: "letter to her".into() };
        check(&[], &[known], [0, 0, 0, 0]);
        let gaps = health_gaps(&BTreeSet::from([item("a")]), &[], &[], date(2026, 11, 20), true);
        assert!(gaps.is_empty(), "a health professional needs no other's opinion");
    }

    #[test]
    fn the_last_opinion_counts() {
        use HarmTest::{Met, NotMet};
        let (june, july) = (date(2026, 6, 1), date(2026, 7, 1));
        check(&[opinion(NotMet, june), opinion(Met, july)], &[], [0, 0, 1, 0]);
        check(&[opinion(Met, july), opinion(NotMet, june)], &[], [0, 0, 1, 0]);
        check(&[opinion(Met, july), opinion(NotMet, july)], &[], [0, 0, 0, 0]);
        let mut again = opinion(NotMet, july);
        again.must_reconsult = true;
        check(&[again], &[], [0, 0, 0, 1]);
    }

    #[test]
    fn an_opinion_says_who_gave_it() {
        let mut one = opinion(HarmTest::NotMet, date(2026, 7, 1));
        assert!(opinion_gaps(&one).is_empty());
        (one.registration, one.matter, one.items) = ("".into(), "".into(), Vec::new());
        assert_eq!(opinion_gaps(&one).len(), 3);
        let said = opinion_in_words(&one, date(2027, 2, 1));
        let expected = "given on Wednesday 1 July 2026: serious harm is unlikely; could be relied on \
                        until Thursday 31 December 2026";
        assert_eq!(said, expected);
    }
}
