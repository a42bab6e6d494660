//! Which names and numbers may stand in the answer: the subject's own, and the controller's.

use std::collections::{BTreeMap, BTreeSet};

use habeas_model::{Kind, Subject};
use serde::{Deserialize, Serialize};

use crate::fold::{digits, key};

/// What may be named. A secret that is the same, or stands within one of these, is no secret.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Own {
    /// Folded words of several or one, such as `jane vale` or `jane example org`.
    pub(crate) forms: BTreeSet<String>,
    /// Digits of own numbers.
    pub(crate) numbers: BTreeSet<String>,
    /// Single words of the subject's names.
    pub(crate) words: BTreeSet<String>,
    /// The controller's own forms, a space at both ends: a part of one is theirs as well.
    ours: BTreeSet<String>,
}

impl Own {
    /// What is the subject's own as the request states it.
    pub fn new(subject: &Subject) -> Self {
        let mut own = Self::default();
        for name in &subject.names {
            own.allow(Kind::Name, name.value.reveal());
        }
        for identifier in &subject.identifiers {
            own.allow(identifier.kind, identifier.value.reveal());
        }
        own
    }

    /// Adds something that may be named: an identifier of the subject, or, as an organisation, a line
    /// that the controller says of itself.
    pub fn allow(&mut self, kind: Kind, text: &str) {
        let form = key(text);
        if form.is_empty() {
            return;
        }
        if kind == Kind::Name {
            let words: Vec<&str> = form.split(' ').collect();
            self.words.extend(words.iter().map(|word| (*word).to_owned()));
            if let ([first, .., last], true) = (words.as_slice(), words.len() > 1) {
                self.forms.insert(format!("{first} {last}"));
                self.forms.insert(format!("{last} {first}"));
            }
        }
        if kind == Kind::Phone {
            self.numbers.extend(phone_tail(text));
        }
        let number = digits(text).text.replace(' ', "");
        if number.len() >= 5 {
            self.numbers.insert(number);
        }
        if kind == Kind::Organisation {
            self.ours.insert(format!(" {form} "));
        }
        if form.contains(' ') {
            self.forms.insert(form.replace(' ', ""));
        }
        self.forms.insert(form);
    }

    /// Adds what exhibits take for the subject's, where they agree.
    ///
    /// Telephone numbers and addresses are shared by households: one exhibit is enough. Anything
    /// else is one person's: it is the subject's if more exhibits say so than say that it is
    /// somebody else's.
    pub fn settle(&mut self, exhibits: &[&crate::Exhibit]) {
        let mut n_claims: BTreeMap<&(Kind, String), usize> = BTreeMap::new();
        let mut n_others: BTreeMap<&str, usize> = BTreeMap::new();
        for exhibit in exhibits {
            exhibit.claims().iter().for_each(|claim| *n_claims.entry(claim).or_default() += 1);
            let forms: BTreeSet<&str> =
                exhibit.secrets().0.iter().map(|secret| secret.form.reveal().as_str()).collect();
            forms.into_iter().for_each(|form| *n_others.entry(form).or_default() += 1);
        }
        for ((kind, text), n) in n_claims {
            let mut claimed = Self::default();
            claimed.allow(*kind, text);
            let forms = claimed.forms.iter().chain(&claimed.numbers);
            let n_other = forms.filter_map(|form| n_others.get(form.as_str())).max();
            let is_shared = matches!(kind, Kind::Phone | Kind::Address | Kind::Postcode);
            if is_shared || n_other.is_none_or(|n_other| n > *n_other) {
                self.allow(*kind, text);
            }
        }
    }

    /// Is an identifier, as it is written, the subject's or the controller's own?
    pub(crate) fn is_own(&self, text: &str) -> bool {
        let form = key(text);
        let number = digits(text).text.replace(' ', "");
        self.forms.contains(&form)
            || self.forms.contains(&form.replace(' ', ""))
            || self.numbers.contains(&number)
            || phone_tail(text).is_some_and(|tail| self.numbers.contains(&tail))
            || self.is_ours(&form)
    }

    /// Are these words a piece of one of the subject's own forms: its end, or what a particle leaves open?
    pub(crate) fn holds(&self, form: &str) -> bool {
        let end = format!(" {form}");
        let is_open = form.rsplit(' ').next().is_some_and(|last| PARTICLES.contains(&last));
        let part = format!(" {form} ");
        let is_part =
            |own: &String| own.ends_with(&end) || is_open && format!(" {own} ").contains(&part);
        form.contains(' ') && self.forms.iter().any(is_part)
    }

    /// Is a folded word one of the subject's names?
    pub fn is_own_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Is a folded form the whole or a part of what the controller says of itself?
    pub(crate) fn is_ours(&self, form: &str) -> bool {
        let form = format!(" {form} ");
        form.len() > 4 && self.ours.iter().any(|ours| ours.contains(&form))
    }
}

/// No name ends with these.
const PARTICLES: &[&str] = &[
    "abu", "al", "bin", "bint", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
    "el", "ibn", "la", "le", "mac", "mc", "ni", "o", "st", "ten", "ter", "van", "von", "y",
];

/// The digits of a telephone number without country code and trunk prefix, at most ten.
///
/// `None` if there are fewer than seven: too few to be told from other numbers.
pub(crate) fn phone_tail(text: &str) -> Option<String> {
    let number = digits(text).text.replace(' ', "");
    let national = number
        .strip_prefix("0044")
        .or_else(|| number.strip_prefix("44").filter(|rest| rest.len() >= 9))
        .unwrap_or(&number);
    let national = national.trim_start_matches('0');
    let tail = &national[national.len().saturating_sub(10)..];
    (tail.len() >= 7).then(|| tail.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_controllers_name_is_the_controllers() {
        let mut own = Own::default();
        own.allow(Kind::Organisation, "Lark Rise Clinics Limited");
        own.allow(Kind::Name, "Mary Jane Vale");
        assert!(own.is_ours("lark rise clinics"));
        assert!(!own.is_ours("jane vale") && !own.is_ours("lark ri") && !own.is_ours(""));
    }

    #[test]
    fn what_exhibits_disagree_on_is_another_persons_unless_households_share_it() {
        use habeas_model::{Confidence, Hit, Party};

        let exhibit = |claimed: &[(Kind, &str)], taken: &[(Kind, &str)]| {
            let mut secrets = crate::Secrets::default();
            for (kind, text) in taken {
                let hit = Hit {
                    range: 0..0,
                    kind: *kind,
                    value: (*text).into(),
                    confidence: Confidence::new(1.0),
                    party: Party::Unknown,
                    rule: String::new(),
                };
                secrets.add(&hit, text, "p", &Own::default());
            }
            let claims = claimed.iter().map(|(kind, text)| (*kind, (*text).to_owned()));
            crate::Exhibit::for_test(claims.collect(), secrets)
        };
        let (mine, theirs, home) = ("a@example.org", "b@example.org", "01632 960123");
        let exhibits = [
            exhibit(&[(Kind::Email, mine), (Kind::Email, theirs), (Kind::Phone, home)], &[]),
            exhibit(&[(Kind::Email, mine)], &[(Kind::Email, theirs), (Kind::Phone, home)]),
            exhibit(&[], &[(Kind::Email, mine)]),
        ];
        let mut own = Own::default();
        own.settle(&exhibits.iter().collect::<Vec<_>>());
        assert!(own.forms.contains("a example org"));
        assert!(!own.forms.contains("b example org"));
        assert!(own.numbers.contains("1632960123"));
    }

    #[test]
    fn a_telephone_number_is_the_same_in_every_layout() {
        for text in ["+447700900123", "07700 900123", "0044 (0)7700 900 123", "+44 (0) 7700900123"]
        {
            assert_eq!(phone_tail(text).as_deref(), Some("7700900123"), "{text}");
        }
        assert_eq!(phone_tail("999"), None);
    }
}
