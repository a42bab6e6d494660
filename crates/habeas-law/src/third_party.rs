//! May something about somebody else be given, and is the decision on record?
//!
//! # Source
//! Data Protection Act 2018 Sch. 2 paras 16 and 17; ICO, *Right of access*, "What should we do if the
//! request involves information about other individuals?"

use habeas_model::{Consent, Personal, Relation, ShowGround, ThirdParty, ThirdPartyOutcome};

use crate::Gap;

const WHO: &str = "DPA 2018 Sch. 2 para. 16(1) and (4)";
const CONSENT: &str = "DPA 2018 Sch. 2 para. 16(2)(a)";
const REASONABLE: &str = "DPA 2018 Sch. 2 para. 16(2)(b) and (3)";
const PROFESSIONAL: &str = "DPA 2018 Sch. 2 para. 17";

/// What a decision record about somebody else leaves open; empty if it can be relied on.
///
/// The record is taken in the three steps of the guidance: would giving it tell of an identifiable
/// person, did they agree, is it reasonable without. Information that identifies nobody else passes at
/// the first step.
pub fn third_party_gaps(record: &ThirdParty) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let is_blank = |text: &Personal<String>| text.reveal().trim().is_empty();
    if is_blank(&record.reveals) {
        gaps.push(Gap::new("say what giving it would tell of the other person", WHO));
    }
    // Nobody who can be told is in it: there is nothing to weigh.
    if !record.is_identifiable && record.outcome == ThirdPartyOutcome::Disclose {
        return gaps;
    }
    let is_given = matches!(record.consent, Consent::Given { .. });
    match &record.consent {
        Consent::Given { to, .. } if is_blank(to) => {
            gaps.push(Gap::new(
                "say to what the other person agreed, and how they said so",
                CONSENT,
            ));
        }
        Consent::NotAsked { why } if is_blank(why) => {
            gaps.push(Gap::new("say why the other person was not asked to agree", CONSENT));
        }
        _ => {}
    }
    match record.outcome {
        ThirdPartyOutcome::Disclose if is_given => {}
        ThirdPartyOutcome::Disclose if record.relation == Relation::Professional => {
            if is_blank(&record.factors) {
                gaps.push(Gap::new(
                    "say in which record they acted, and where they are registered",
                    PROFESSIONAL,
                ));
            }
        }
        ThirdPartyOutcome::Disclose => {
            if is_blank(&record.confidence) {
                gaps.push(Gap::new(
                    "say whether a duty of confidence is owed to the other person, or write `none`",
                    REASONABLE,
                ));
            }
            if is_blank(&record.factors) {
                gaps.push(Gap::new(
                    "say why it is reasonable without their agreement: what kind of information it is, \
                     what was done to ask, whether they can agree, whether they refused",
                    REASONABLE,
                ));
            }
        }
        ThirdPartyOutcome::Redact | ThirdPartyOutcome::Withhold if is_given => {
            gaps.push(Gap::new(
                "the other person agreed, so what they agreed to cannot be kept back for their sake",
                CONSENT,
            ));
        }
        ThirdPartyOutcome::Redact => {
            if record.is_identifiable && is_blank(&record.factors) {
                gaps.push(Gap::new(
                    "the other person would be known all the same: say why taking their name out is \
                     enough, or keep the passage back",
                    WHO,
                ));
            }
        }
        ThirdPartyOutcome::Withhold => {
            if is_blank(&record.factors) {
                gaps.push(Gap::new(
                    "say why taking the other person out is not enough: only as much as needed is kept \
                     back",
                    WHO,
                ));
            }
        }
    }
    gaps
}

/// Does showing somebody on this ground need a decision record of its own?
///
/// Agreement and reasonableness are judged person by person. A health professional in their work is
/// taken to be reasonable, a member of staff who did their work and what the requester knows already
/// are the guidance's own examples: there the ground with its reason is the record.
pub fn needs_record(ground: ShowGround) -> bool {
    matches!(ground, ShowGround::Consent | ShowGround::Reasonable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(outcome: ThirdPartyOutcome) -> ThirdParty {
        ThirdParty {
            person: 1,
            item: None,
            relation: Relation::Relative,
            reveals: "that she referred him".into(),
            known: "".into(),
            is_identifiable: true,
            consent: Consent::NotAsked { why: "it would tell her who asks".into() },
            confidence: "none".into(),
            factors: "he wrote of it himself".into(),
            outcome,
        }
    }

    fn cites(record: &ThirdParty) -> Vec<String> {
        third_party_gaps(record).into_iter().map(|gap| gap.cites).collect()
    }

    #[test]
    fn a_whole_record_leaves_nothing_open() {
        use ThirdPartyOutcome::{Disclose, Redact, Withhold};
        for outcome in [Disclose, Redact, Withhold] {
            assert!(cites(&record(outcome)).is_empty(), "{outcome:?}");
        }
    }

    #[test]
    fn reasonableness_has_to_be_weighed() {
        let mut one = record(ThirdPartyOutcome::Disclose);
        (one.confidence, one.factors) = ("".into(), " ".into());
        assert_eq!(cites(&one), [REASONABLE, REASONABLE]);
        one.consent = Consent::NotAsked { why: "".into() };
        assert_eq!(cites(&one), [CONSENT, REASONABLE, REASONABLE]);
        one.consent = Consent::Refused { on: jiff::civil::date(2026, 7, 1) };
        assert_eq!(cites(&one), [REASONABLE, REASONABLE], "a refusal is weighed, not followed");
    }

    #[test]
    fn agreement_is_enough_and_binds() {
        let on = jiff::civil::date(2026, 7, 1);
        let mut one = record(ThirdPartyOutcome::Disclose);
        (one.confidence, one.factors) = ("".into(), "".into());
        one.consent = Consent::Given { on, to: "the whole letter, by e-mail".into() };
        assert!(cites(&one).is_empty());
        one.consent = Consent::Given { on, to: "".into() };
        assert_eq!(cites(&one), [CONSENT]);
        let mut one = record(ThirdPartyOutcome::Withhold);
        one.consent = Consent::Given { on, to: "all of it".into() };
        assert_eq!(cites(&one), [CONSENT]);
    }

    #[test]
    fn a_health_professional_in_their_work_is_taken_to_be_reasonable() {
        let mut one = record(ThirdPartyOutcome::Disclose);
        (one.relation, one.confidence) = (Relation::Professional, "".into());
        assert!(cites(&one).is_empty());
        one.factors = "".into();
        assert_eq!(cites(&one), [PROFESSIONAL]);
        assert!(needs_record(ShowGround::Consent) && !needs_record(ShowGround::Professional));
    }

    #[test]
    fn whoever_cannot_be_known_is_not_weighed() {
        let mut one = record(ThirdPartyOutcome::Disclose);
        (one.is_identifiable, one.factors, one.confidence) = (false, "".into(), "".into());
        assert!(cites(&one).is_empty());
        one.reveals = "".into();
        assert_eq!(cites(&one), [WHO]);
        let mut one = record(ThirdPartyOutcome::Redact);
        one.factors = "".into();
        assert_eq!(cites(&one), [WHO], "a name that is out does not hide who it is");
    }
}
