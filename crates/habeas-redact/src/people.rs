//! Who else stands in an exhibit, and who of them stays readable where?

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, Range};

use habeas_match::Whose;
use habeas_model::{Document, Doubt, Hit, ItemId, Kind, Personal, Place, Redaction, Role};

use crate::allow::is_covered;
use crate::policies::{Fate, Policies, Shown};
use crate::redactions::is_caption;
use crate::search::Found;

/// A mention of somebody else in what is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Who. Internal.
    pub person: Personal<String>,
    /// In which role they stand there.
    pub role: Role,
    /// What a person should look at.
    pub doubt: Option<Doubt>,
    /// What kind of thing.
    pub kind: Kind,
    /// As it is written.
    pub written: Personal<String>,
    /// Which passage, from 0.
    pub passage: usize,
    /// Where in the passage's text.
    pub range: Range<usize>,
    /// The place of the passage.
    pub place: Place,
    /// The rule that found it.
    pub rule: String,
    /// What happens with it, before what is taken out elsewhere is looked for.
    pub fate: Fate,
}

/// Where somebody else stays readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAt {
    /// Which passage, from 0.
    pub passage: usize,
    /// Where in the passage's text.
    pub range: Range<usize>,
    /// What kind of thing.
    pub kind: Kind,
    /// Who. Internal.
    pub person: Personal<String>,
    /// Why.
    pub shown: Shown,
}

/// What is marked in a passage: redactions, sorted, and what is shown, sorted.
#[derive(Clone, Copy)]
pub(crate) struct Marks<'a> {
    pub(crate) redactions: &'a [Redaction],
    pub(crate) shown: &'a [ShownAt],
}

impl Deref for Marks<'_> {
    type Target = [Redaction];

    fn deref(&self) -> &[Redaction] {
        self.redactions
    }
}

impl<'a> From<&'a [Redaction]> for Marks<'a> {
    fn from(redactions: &'a [Redaction]) -> Self {
        Self { redactions, shown: &[] }
    }
}

/// Asks the policies about every mention of somebody else. What is shown, and what is nobody's, is
/// from then on nobody's in `whose`, so that nothing of it is taken out or becomes a secret.
pub(crate) fn settle(
    document: &Document,
    item: ItemId,
    hits: &[Vec<Hit>],
    whose: &mut [Vec<Whose>],
    policies: &Policies,
) -> (Vec<Mention>, Vec<ShownAt>) {
    let (mut mentions, mut shown) = (Vec::new(), Vec::new());
    let known = policies.known(document, hits);
    for (number, passage) in document.passages.iter().enumerate() {
        let Some(whose) = whose.get_mut(number) else { continue };
        for (hit, whose) in hits.get(number).into_iter().flatten().zip(whose) {
            let Whose::Other(other) = &*whose else { continue };
            let Some(written) = passage.text.get(hit.range.clone()) else { continue };
            if is_caption(passage, &hit.range) {
                continue;
            }
            let is_known = known.iter().any(|known| known.holds(number, hit));
            let fate = policies.fate(item, &passage.place, other, is_known);
            mentions.push(Mention {
                person: other.key.clone(),
                role: other.role,
                doubt: other.doubt,
                kind: hit.kind,
                written: written.into(),
                passage: number,
                range: hit.range.clone(),
                place: passage.place.clone(),
                rule: hit.rule.clone(),
                fate,
            });
            if let Fate::Shown(why) = fate {
                shown.push(ShownAt {
                    passage: number,
                    range: hit.range.clone(),
                    kind: hit.kind,
                    person: other.key.clone(),
                    shown: why,
                });
            }
            if fate != Fate::TakenOut {
                *whose = Whose::Nobody;
            }
        }
    }
    shown.sort_by_key(|at| (at.passage, at.range.start, at.range.end));
    (mentions, shown)
}

/// Does something found stand wholly where the same person is shown? `shown` is of the same passage.
pub(crate) fn is_shown_as(text: &str, found: &Found, shown: &[ShownAt]) -> bool {
    let there = shown.iter().filter(|at| at.person == found.person);
    let there: Vec<Range<usize>> = there.map(|at| at.range.clone()).collect();
    !there.is_empty() && is_covered(text, &found.range, &there)
}

/// What was to be shown in a passage and is touched by a redaction: it goes as a whole, so that no
/// half of a name is left, and is shown no more. `redactions` and `shown` are of that passage.
pub(crate) fn overruled(
    passage: usize,
    redactions: &[Redaction],
    shown: &mut Vec<ShownAt>,
) -> Vec<Redaction> {
    let mut gone = Vec::new();
    shown.retain(|at| {
        let is_touched = redactions.iter().any(|redaction| {
            redaction.range.start < at.range.end && at.range.start < redaction.range.end
        });
        if is_touched {
            gone.push(Redaction {
                passage,
                range: at.range.clone(),
                kind: at.kind,
                person: at.person.clone(),
                ground: habeas_model::Ground::ThirdParty,
            });
        }
        !is_touched
    });
    gone
}

/// The words that stand on people's labels: what a decision says, and, if `with_roles`, the role of
/// those who have one role, and no other, in everything that is given.
pub fn role_labels<'a>(
    mentions: impl Iterator<Item = &'a Mention>,
    policies: &Policies,
    with_roles: bool,
) -> BTreeMap<String, String> {
    let mut roles: BTreeMap<&str, BTreeSet<Role>> = BTreeMap::new();
    for mention in mentions {
        roles.entry(mention.person.reveal()).or_default().insert(mention.role);
    }
    let label = |person: &str, roles: &BTreeSet<Role>| {
        let of_role = || {
            let only = roles.first().filter(|role| roles.len() == 1 && **role != Role::Private)?;
            with_roles.then(|| only.to_string())
        };
        policies.role_label(person).map(str::to_owned).or_else(of_role)
    };
    let labels = roles
        .iter()
        .filter_map(|(person, roles)| Some(((*person).to_owned(), label(person, roles)?)));
    labels.collect()
}

#[cfg(test)]
mod tests {
    use habeas_model::{Passage, PlaceKind, Policy, ShowGround, Subject, Treatment};

    use super::*;
    use crate::policies::Defaults;
    use crate::redactions::{propose, secrets, sweep};
    use crate::{Own, Searcher};

    /// Documents in which each name in capitals is a mention of that key; `shown` are the keys that
    /// are shown. Gives each text with `_` for what was taken out.
    fn swept(texts: &[&str], shown: &[&str], names: &[(&str, &str, &str)]) -> (Vec<String>, usize) {
        let item = ItemId::of(b"x");
        let policy = |person: &&str| Policy {
            person: (*person).into(),
            treatment: Treatment::Show(ShowGround::Consent),
            role_label: String::new(),
            item: None,
            place: None,
            reason: String::new(),
            by: String::new(),
            at: "2026-07-01T10:00:00Z".parse().unwrap(),
        };
        let policies: Vec<Policy> = shown.iter().map(policy).collect();
        let policies = Policies::new(&policies, Defaults::default(), &Subject::default());
        let document = Document {
            passages: texts
                .iter()
                .enumerate()
                .map(|(n, text)| Passage::text(Place::new(PlaceKind::Page, n + 1), *text))
                .collect(),
            ..Document::default()
        };
        let (mut hits, mut whose) = (Vec::new(), Vec::new());
        for text in texts {
            let (mut here, mut whose_here) = (Vec::new(), Vec::new());
            for (key, surface, value) in names {
                for (start, _) in text.match_indices(surface) {
                    here.push(Hit {
                        range: start..start + surface.len(),
                        kind: Kind::Name,
                        value: (*value).into(),
                        confidence: habeas_model::Confidence::new(1.0),
                        party: habeas_model::Party::Unknown,
                        rule: "test".into(),
                    });
                    whose_here.push(Whose::Other(habeas_model::Other::new(*key)));
                }
            }
            hits.push(here);
            whose.push(whose_here);
        }
        let own = Own::default();
        let (_, mut shown) = settle(&document, item, &hits, &mut whose, &policies);
        let n_shown = shown.len();
        let kept: Vec<Vec<Range<usize>>> = (0..texts.len())
            .map(|n| shown.iter().filter(|at| at.passage == n).map(|at| at.range.clone()).collect())
            .collect();
        let mut proposal = propose(&document, &hits, &whose, &[], &[]);
        let secrets = secrets(&document, &hits, &whose, &proposal, &own);
        let searcher = Searcher::new(&secrets, &own).unwrap();
        sweep(&document, &mut proposal, &kept, &mut shown, &[&searcher]);
        let mut out: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        for redaction in proposal.redactions.iter().rev() {
            out[redaction.passage].replace_range(redaction.range.clone(), "_");
        }
        (out, n_shown - shown.len())
    }

    fn check(
        texts: &[&str],
        shown: &[&str],
        names: &[(&str, &str, &str)],
        expected: &[&str],
        n_overruled: usize,
    ) {
        let (out, n) = swept(texts, shown, names);
        assert_eq!(out, expected);
        assert_eq!(n, n_overruled, "{texts:?}");
    }

    const TOM: (&str, &str, &str) = ("tom", "Tom Quill", "quill, tom");
    const ANN: (&str, &str, &str) = ("ann", "Ann Quill", "quill, ann");

    #[test]
    fn a_shown_person_stays_and_nobody_else() {
        let texts = ["Tom Quill saw Ann Quill.", "Ann left; Quill stayed."];
        check(&texts, &[], &[TOM, ANN], &["_ saw _.", "_ left; _ stayed."], 0);
        check(&texts, &["tom"], &[TOM, ANN], &["Tom Quill saw _.", "_ left; _ stayed."], 0);
        check(&texts, &["tom", "ann"], &[TOM, ANN], &texts, 0);
    }

    #[test]
    fn words_that_are_also_somebodys_who_is_taken_out_go() {
        let namesake = ("other tom", "TOM QUILL", "quill, tom");
        let texts = ["Tom Quill rang.", "TOM QUILL came."];
        check(&texts, &["tom"], &[TOM, namesake], &["_ rang.", "_ came."], 1);
        // No half of a name is left.
        let longer = ("long", "Mr Tom Quill Bramble", "bramble, tom quill");
        let texts = ["Mr Tom Quill Bramble rang.", "TOM QUILL came."];
        check(&texts, &["long"], &[longer, namesake], &["_ rang.", "_ came."], 1);
    }

    #[test]
    fn a_role_stands_on_a_label_only_if_it_is_the_only_one() {
        let mention = |person: &str, role| Mention {
            person: person.into(),
            role,
            doubt: None,
            kind: Kind::Name,
            written: "x".into(),
            passage: 0,
            range: 0..1,
            place: Place::new(PlaceKind::Page, 1),
            rule: String::new(),
            fate: Fate::TakenOut,
        };
        let mentions = [
            mention("a", Role::Staff),
            mention("a", Role::Staff),
            mention("b", Role::Staff),
            mention("b", Role::Private),
            mention("c", Role::Private),
            mention("d", Role::Professional),
        ];
        let policy = Policy {
            person: "c".into(),
            treatment: Treatment::TakeOut,
            role_label: "neighbour".into(),
            item: None,
            place: None,
            reason: String::new(),
            by: String::new(),
            at: "2026-07-01T10:00:00Z".parse().unwrap(),
        };
        let policies = Policies::new(&[policy], Defaults::default(), &Subject::default());
        let check = |with_roles, expected: &[(&str, &str)]| {
            let labels = role_labels(mentions.iter(), &policies, with_roles);
            let labels: Vec<(&str, &str)> =
                labels.iter().map(|(person, label)| (person.as_str(), label.as_str())).collect();
            assert_eq!(labels, expected);
        };
        check(false, &[("c", "neighbour")]);
        check(true, &[("a", "staff"), ("c", "neighbour"), ("d", "health professional")]);
    }
}
