//! Is a word nearly a name that was taken out? A recogniser of text misreads letters.

use std::collections::BTreeMap;

use habeas_model::{Kind, Personal, Redaction};

use crate::fold::key;
use crate::own::Own;
use crate::redactions::on_page_alone;
use crate::secrets::Secrets;

/// The words of names that were taken out, by their length.
#[derive(Default)]
pub struct Near {
    words: BTreeMap<usize, Vec<(String, Personal<String>)>>,
}

/// Shorter words are nearly too many others.
const SHORTEST: usize = 5;

impl Near {
    /// Makes the names among secrets ready; what is the subject's own is none.
    pub fn new(secrets: &[&Secrets], own: &Own) -> Self {
        let mut near = Self::default();
        let names = secrets.iter().flat_map(|secrets| &secrets.0);
        for secret in names.filter(|secret| secret.kind == Kind::Name) {
            for word in secret.form.reveal().split(' ') {
                let n = word.chars().count();
                if n >= SHORTEST && !own.words.contains(word) {
                    let words = near.words.entry(n).or_default();
                    if !words.iter().any(|(known, _)| known == word) {
                        words.push((word.to_owned(), secret.person.clone()));
                    }
                }
            }
        }
        near
    }

    /// What a word is that is a name but for one letter: it is taken out.
    pub(crate) fn find(&self, word: &str, own: &Own) -> Option<Redaction> {
        let word = key(word).replace(' ', "");
        let n = word.chars().count();
        if n + 1 < SHORTEST || own.words.contains(&word) || own.forms.contains(&word) {
            return None;
        }
        let like = self.words.range(n.saturating_sub(1)..=n + 1).flat_map(|(_, words)| words);
        let mut like = like.filter(|(known, _)| strsim::osa_distance(known, &word) <= 1);
        let (_, person) = like.next()?;
        // An ordinary word that differs from a name by a letter is an ordinary word.
        let is_other = habeas_match::is_ordinary_word(&word);
        (!is_other).then(|| on_page_alone(Kind::Name, person.clone()))
    }
}
