//! May whoever asks ask for this person?
//!
//! # Source
//! UK GDPR Art. 12(6); Data Protection Act 2018 s. 208 (Scotland: 12 and above is presumed to
//! understand); ICO, *Right of access*, "Can someone make a request on behalf of another person?"
//! and "What about requests for information about children?"

use crate::{Calendar, Gap};

const IDENTITY: &str = "UK GDPR Art. 12(6); ICO, Right of access: can we ask for ID?";
const AGENT: &str = "ICO, Right of access: requests on behalf of others";
const CHILD: &str =
    "DPA 2018 s. 208; ICO, Right of access: requests for information about children";

/// What is known of whoever asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// Whole years of the person's age on the day of receipt, where the birth date is known.
    pub age: Option<i16>,
    /// Does somebody ask on their behalf, such as a solicitor?
    pub has_agent: bool,
    /// Does a parent, guardian or deputy ask for them?
    pub has_guardian: bool,
    /// Was identity noted as sufficient?
    pub identity: bool,
    /// Was written authority noted as sufficient?
    pub authority: bool,
    /// Was parental responsibility, or a deputy's power, noted as sufficient?
    pub guardianship: bool,
    /// Was it judged whether the child understands, and how?
    pub understands: Option<bool>,
}

/// Which records are missing before anything may be given.
pub fn standing_gaps(asker: &Asker, calendar: Calendar) -> Vec<(Missing, Gap)> {
    let mut gaps = Vec::new();
    let mut open = |missing, open: &str, cites| gaps.push((missing, Gap::new(open, cites)));
    if !asker.identity {
        open(Missing::Identity, "nothing shows yet who asks: note what was seen", IDENTITY);
    }
    if asker.has_agent && !asker.authority {
        open(
            Missing::Authority,
            "nothing shows yet that whoever asks may do so for the person: note the authority seen",
            AGENT,
        );
    }
    let is_child = asker.age.is_some_and(|age| (0..18).contains(&age));
    if asker.has_guardian && !asker.guardianship {
        open(
            Missing::Guardian,
            "nothing shows yet that whoever asks is the person's parent, guardian or deputy: note what \
             was seen",
            CHILD,
        );
    }
    if !is_child {
        return gaps;
    }
    let is_presumed = calendar == Calendar::Scotland && asker.age.is_some_and(|age| age >= 12);
    match asker.understands.or(is_presumed.then_some(true)) {
        None => open(
            Missing::Competence,
            "the person is a child: note whether they understand their right",
            CHILD,
        ),
        // The right is the child's own: whoever understands it exercises it or lets somebody do so.
        Some(true) if asker.has_guardian && !asker.authority => open(
            Missing::Authority,
            "the child understands their right: note that they agree to the request of the parent or \
             guardian",
            CHILD,
        ),
        Some(false) if !asker.has_guardian => open(
            Missing::Guardian,
            "the child does not understand their right, and no parent or guardian asks for them",
            CHILD,
        ),
        Some(_) => {}
    }
    gaps
}

/// A record about whoever asks that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Missing {
    /// Who they are.
    Identity,
    /// That they may ask for the person.
    Authority,
    /// That they are parent, guardian or deputy.
    Guardian,
    /// Whether a child understands.
    Competence,
}

/// Is health data about a child who is asked for by somebody else subject to what the child expected or
/// wished (DPA 2018 Sch. 3 para. 4)? Under 18, or under 16 in Scotland.
pub fn wishes_count(age: Option<i16>, has_guardian: bool, calendar: Calendar) -> bool {
    let limit = if calendar == Calendar::Scotland { 16 } else { 18 };
    has_guardian && age.is_none_or(|age| age < limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(asker: Asker, calendar: Calendar, expected: &[Missing]) {
        let missing: Vec<Missing> =
            standing_gaps(&asker, calendar).into_iter().map(|(missing, _)| missing).collect();
        assert_eq!(missing, expected, "{asker:?}");
    }

    #[test]
    fn each_who_asks_shows_what_they_have_to() {
        use Calendar::{EnglandAndWales as England, Scotland};
        use Missing::{Authority, Competence, Guardian, Identity};
        let nobody = Asker::default();
        let adult = Asker { age: Some(40), identity: true, ..nobody };
        check(nobody, England, &[Identity]);
        check(adult, England, &[]);
        check(Asker { has_agent: true, ..adult }, England, &[Authority]);
        check(Asker { has_agent: true, authority: true, ..adult }, England, &[]);
        // A deputy for an adult.
        check(Asker { has_guardian: true, ..adult }, England, &[Guardian]);
        let child = Asker { age: Some(13), identity: true, ..nobody };
        check(child, England, &[Competence]);
        check(child, Scotland, &[]);
        check(Asker { age: Some(11), ..child }, Scotland, &[Competence]);
        check(Asker { understands: Some(true), ..child }, England, &[]);
        check(Asker { understands: Some(false), ..child }, England, &[Guardian]);
        let parent = Asker { has_guardian: true, guardianship: true, ..child };
        check(parent, England, &[Competence]);
        check(Asker { understands: Some(false), ..parent }, England, &[]);
        check(Asker { understands: Some(true), ..parent }, England, &[Authority]);
        check(Asker { understands: Some(true), authority: true, ..parent }, England, &[]);
        check(Asker { age: Some(18), ..child }, England, &[]);
    }

    #[test]
    fn what_a_child_wished_counts_against_a_parent() {
        assert!(wishes_count(Some(17), true, Calendar::EnglandAndWales));
        assert!(!wishes_count(Some(17), true, Calendar::Scotland));
        assert!(!wishes_count(Some(12), false, Calendar::EnglandAndWales));
        assert!(wishes_count(None, true, Calendar::Scotland), "on doubt it counts");
    }
}
