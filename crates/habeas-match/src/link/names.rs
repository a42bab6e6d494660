//! How well does an observed name fit the subject's names?

use std::collections::HashMap;

use habeas_model::{NameKind, Subject};

pub(super) use super::fit::{Fit, Shape};
use super::lexicon::{Gender, given_level, name_gender, nicknames, title_gender};
use super::spelling::{self, Closeness};
use crate::PersonName;

/// One stated name in folded parts.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) name: PersonName,
}

/// A part of a name and how it fits.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    factor: f64,
    is_sure: bool,
    is_initial: bool,
    /// Of a given name: is it a given name of its own, and not the subject's? Of a family name: is it
    /// half of a double name, the subject's or the observed one?
    is_real: bool,
    is_half: bool,
}

/// All names of the subject, made ready for comparing.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// As stated, in order.
    pub(super) forms: Vec<Form>,
    /// Whole given names and short forms, squeezed.
    given: HashMap<String, Part>,
    /// First letters of given names.
    initials: HashMap<char, f64>,
    /// Middle names of the stated forms, squeezed.
    middles: Vec<String>,
    /// Family names in every spelling that needs no likeness, squeezed.
    surnames: HashMap<String, f64>,
    /// Given names that a misspelling is measured against.
    near_given: Vec<String>,
    /// Family names that a misspelling is measured against.
    near_surnames: Vec<String>,
}

/// A name without blanks, hyphens and full stops.
pub(super) fn squeeze(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Names {
    pub(super) fn of(subject: &Subject) -> Self {
        let mut names = Self::default();
        for stated in &subject.names {
            let factor = match stated.kind {
                NameKind::Current => 1.0,
                NameKind::Former => 0.45,
                NameKind::KnownAs => 0.5,
            };
            let Some(name) = PersonName::parse(stated.value.reveal()) else { continue };
            names.add_given(&name, factor);
            names.add_surnames(&name.surname, stated.value.reveal(), factor);
            names.forms.push(Form { name });
        }
        names
    }

    fn add_given(&mut self, name: &PersonName, factor: f64) {
        let Some(first) = name.given.first() else { return };
        // Somebody known by a second given name is as likely to be listed with it.
        let factor = factor.max(0.5);
        if first.chars().count() == 1 {
            self.raise_initial(first, factor);
        } else {
            self.raise_given(&squeeze(first), factor, true);
            self.raise_initial(first, factor);
            remember(&mut self.near_given, squeeze(first));
            for short in nicknames(first) {
                self.raise_given(&squeeze(short), 0.12, true);
                self.raise_initial(short, 0.04);
            }
            for half in first.split('-').filter(|half| *half != first) {
                self.raise_given(half, 0.3, true);
                for short in nicknames(half) {
                    self.raise_given(&squeeze(short), 0.04, true);
                }
            }
        }
        if let Some(second) = name.given.get(1) {
            // `Anne Marie` is also written `Annemarie` and `Anne-Marie`.
            self.raise_given(&squeeze(&format!("{first}{second}")), 0.5, true);
        }
        for middle in &name.given[1..] {
            remember(&mut self.middles, squeeze(middle));
            if middle.chars().count() > 1 {
                self.raise_given(&squeeze(middle), 0.08, false);
                self.raise_initial(middle, 0.02);
            }
        }
    }

    fn add_surnames(&mut self, surname: &str, raw: &str, factor: f64) {
        if surname.is_empty() {
            return;
        }
        let whole = squeeze(surname);
        for (spelling, share) in spelling::surnames(surname, raw) {
            let entry = self.surnames.entry(spelling).or_default();
            *entry = entry.max(share * factor);
        }
        remember(&mut self.near_surnames, whole);
    }

    fn raise_given(&mut self, name: &str, factor: f64, is_sure: bool) {
        let part = self.given.entry(name.to_owned()).or_insert(Part {
            factor,
            is_sure,
            is_initial: false,
            is_real: false,
            is_half: false,
        });
        if factor > part.factor {
            *part = Part { factor, is_sure: is_sure || part.is_sure, ..*part };
        }
    }

    fn raise_initial(&mut self, name: &str, factor: f64) {
        let Some(initial) = name.chars().next() else { return };
        let entry = self.initials.entry(initial).or_default();
        *entry = entry.max(factor);
    }

    /// The gender that the request's title states.
    pub(super) fn gender(&self) -> Option<Gender> {
        self.forms.iter().find_map(|form| title_gender(&form.name.title))
    }

    /// The stated gender, or that of most people with the subject's given name.
    pub(super) fn likely_gender(&self) -> Option<Gender> {
        self.gender().or_else(|| self.forms.first().and_then(|form| name_gender(form.name.first())))
    }

    /// Has the subject any name with a family name?
    pub(super) fn has_surname(&self) -> bool {
        !self.surnames.is_empty()
    }

    /// Family names that stand for themselves, squeezed, with how likely each is.
    pub(super) fn surnames(&self) -> impl Iterator<Item = (&str, f64)> {
        self.surnames.iter().map(|(name, &factor)| (name.as_str(), factor))
    }

    /// Given names and their short forms, squeezed, with how likely each is.
    pub(super) fn given(&self) -> impl Iterator<Item = (&str, f64)> {
        self.given.iter().map(|(name, part)| (name.as_str(), part.factor))
    }

    /// First letters of given names and of their short forms.
    pub(super) fn initials(&self) -> impl Iterator<Item = char> {
        self.initials.keys().copied()
    }

    /// May this folded word be a broken spelling of a given name or family name of the subject?
    pub(super) fn is_near_word(&self, word: &str) -> bool {
        let mine = self.near_given.iter().chain(&self.near_surnames);
        word.chars().count() > 4
            && given_level(word).is_none()
            && mine.into_iter().any(|mine| spelling::closeness(mine, word).is_some())
    }

    /// Given names as stated, without short forms, squeezed and sorted.
    pub(super) fn own_given(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .near_given
            .iter()
            .filter(|name| name.chars().count() > 2 && !super::lexicon::is_ordinary(name))
            .cloned()
            .collect();
        names.sort();
        names
    }

    /// Does the request state no given name in full, so that `D. Smith` is the whole name?
    pub(super) fn has_initials_only(&self) -> bool {
        self.near_given.is_empty() && !self.initials.is_empty()
    }

    /// Is this folded word a given name of the subject or a short form of one?
    pub(super) fn is_given_word(&self, word: &str) -> bool {
        self.given.contains_key(word)
    }

    /// Is this folded word a slip for a given name of the subject, and no name of its own?
    pub(super) fn is_given_slip(&self, word: &str) -> bool {
        given_level(word).is_none()
            && self.near_given.iter().any(|mine| spelling::closeness(mine, word).is_some())
    }

    /// Is this folded word a family name of the subject?
    pub(super) fn is_surname_word(&self, word: &str) -> bool {
        self.surnames.contains_key(word)
    }

    /// Compares a name in its normal form, `surname, given middle`.
    pub(super) fn compare(&self, value: &str) -> Fit {
        let fit = self.compare_whole(value);
        if fit.shape.fits() {
            return fit;
        }
        Fit { is_near: self.is_near(value), ..fit }
    }

    /// Is a name that does not fit a broken spelling of one that does, as scanners make them?
    fn is_near(&self, value: &str) -> bool {
        let (surname, given) = value.split_once(',').unwrap_or((value, ""));
        let first = given.split_whitespace().next().unwrap_or_default();
        if given_level(first).is_some() && self.given_part(&[first]).is_none() {
            return false;
        }
        let (one, other) =
            (squeeze(&format!("{given}{surname}")), squeeze(&format!("{surname}{given}")));
        let n = one.chars().count();
        n >= 7
            && self.forms.iter().any(|form| {
                let mine = squeeze(&format!("{}{}", form.name.first(), form.name.surname));
                let most = n.max(mine.chars().count()) / 5;
                strsim::osa_distance(&mine, &one) <= most
                    || strsim::osa_distance(&mine, &other) <= most
            })
    }

    /// Is it the first letter of a family name of the subject, and no more?
    fn is_surname_initial(&self, surname: &str) -> bool {
        let mut letters = surname.chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else { return false };
        self.near_surnames.iter().any(|mine| mine.starts_with(letter))
    }

    /// Is it one half of a double family name of the subject?
    fn is_half(&self, whole: &str) -> bool {
        self.forms.iter().any(|form| {
            let parts: Vec<&str> = form.name.surname.split([' ', '-']).collect();
            parts.len() > 1 && parts.contains(&whole)
        })
    }

    fn compare_whole(&self, value: &str) -> Fit {
        let (surname, given) = value.split_once(',').unwrap_or((value, ""));
        let (surname, given) = (surname.trim(), given.trim());
        // `Susan G.` reads like a family name with an initial, and is the other way round here.
        if given.chars().count() == 1
            && self.is_given_word(surname)
            && !self.is_surname_word(surname)
            && self.is_surname_initial(given)
        {
            return self.compare_parts(given, &[surname]);
        }
        let given: Vec<&str> = given.split_whitespace().collect();
        let direct = self.compare_parts(surname, &given);
        if direct.shape == Shape::Full || direct.shape == Shape::Initial {
            return direct;
        }
        let swapped = self.compare_swapped(surname, &given);
        if swapped.shape > direct.shape
            || (swapped.shape == direct.shape && swapped.factor > direct.factor)
        {
            return swapped;
        }
        direct
    }

    fn compare_parts(&self, surname: &str, given: &[&str]) -> Fit {
        let surname_part = if surname.is_empty() { None } else { self.surname_part(surname) };
        let given_part = self.given_part(given);
        let has_other_middle = self.has_other_middle(given);
        match (surname_part, given_part) {
            (Some(family), _) if given.is_empty() => Fit {
                shape: Shape::Surname,
                factor: family.factor,
                is_sure: false,
                has_own_surname: family.is_sure,
                has_other_middle: false,
                has_same_given: false,
                is_near: false,
                is_real_other: false,
            },
            (Some(family), Some(first)) => Fit {
                shape: if first.is_initial { Shape::Initial } else { Shape::Full },
                // A page that was badly scanned has slips in both.
                factor: if family.factor.max(first.factor) <= 0.05 {
                    0.3 * family.factor.min(first.factor)
                } else {
                    family.factor * first.factor
                },
                is_sure: first.is_sure,
                has_own_surname: family.is_sure,
                has_other_middle,
                has_same_given: true,
                is_near: true,
                is_real_other: family.is_half || first.is_real,
            },
            // `Susan G.`, as a web shop shows its customers.
            (None, Some(first)) if self.is_surname_initial(surname) && !first.is_initial => Fit {
                shape: Shape::Initial,
                factor: 0.5 * first.factor,
                is_sure: false,
                has_own_surname: false,
                has_other_middle,
                has_same_given: true,
                is_near: true,
                is_real_other: false,
            },
            (Some(family), None) => Fit {
                shape: Shape::Relative,
                factor: family.factor,
                is_sure: false,
                has_own_surname: family.is_sure,
                has_other_middle: false,
                has_same_given: false,
                is_near: false,
                is_real_other: false,
            },
            (None, Some(first)) if surname.is_empty() && !first.is_initial => Fit {
                shape: Shape::Given,
                factor: first.factor,
                is_sure: first.is_sure,
                has_own_surname: false,
                has_other_middle,
                has_same_given: true,
                is_near: true,
                is_real_other: false,
            },
            (None, Some(first)) => Fit { has_same_given: first.is_sure, ..Fit::STRANGER },
            _ => Fit::STRANGER,
        }
    }

    /// The parts in the other order, `Smith Jane` read as Ms Jane; and names that were written in
    /// one column.
    fn compare_swapped(&self, surname: &str, given: &[&str]) -> Fit {
        let words: Vec<&str> = given
            .iter()
            .flat_map(|word| word.split('-'))
            .chain(surname.split([' ', '-']))
            .filter(|word| !word.is_empty())
            .collect();
        if words.len() < 2 || words.len() > 6 {
            return Fit::STRANGER;
        }
        let mut best = Fit::STRANGER;
        for start in 0..words.len() {
            for end in start + 1..=words.len() {
                if end - start == words.len() {
                    continue;
                }
                // Only spellings that stand for themselves: swapping and misspelling at once says little.
                let Some(&family) = self.surnames.get(&words[start..end].concat()) else {
                    continue;
                };
                for (at, word) in
                    words.iter().enumerate().filter(|(at, _)| *at < start || *at >= end)
                {
                    let Some(part) = self.given.get(*word) else { continue };
                    let is_beside = at + 1 == start || at == end;
                    let is_sole = words.len() == end - start + 1;
                    let share = if is_sole {
                        0.25
                    } else if is_beside {
                        0.1
                    } else {
                        continue;
                    };
                    let fit = Fit {
                        shape: Shape::Full,
                        factor: share * family * part.factor,
                        is_sure: part.is_sure && is_sole,
                        has_own_surname: true,
                        has_other_middle: false,
                        has_same_given: true,
                        is_near: true,
                        is_real_other: false,
                    };
                    if fit.factor > best.factor {
                        best = fit;
                    }
                }
            }
        }
        best
    }

    /// How a family name fits.
    fn surname_part(&self, surname: &str) -> Option<Part> {
        let whole = squeeze(surname);
        if let Some(&factor) = self.surnames.get(&whole) {
            let is_half = !self.near_surnames.contains(&whole) && self.is_half(&whole);
            return Some(Part {
                factor,
                is_sure: true,
                is_initial: false,
                is_real: false,
                is_half,
            });
        }
        let halves: Vec<&str> =
            surname.split([' ', '-']).filter(|half| half.chars().count() > 2).collect();
        if halves.len() > 1 {
            let own = halves
                .iter()
                .filter_map(|half| self.surnames.get(*half))
                .copied()
                .fold(0.0, f64::max);
            if own > 0.3 {
                return Some(Part {
                    factor: 0.15 * own,
                    is_sure: true,
                    is_initial: false,
                    is_real: false,
                    is_half: true,
                });
            }
        }
        let factor = self
            .near_surnames
            .iter()
            .filter_map(|mine| spelling::closeness(mine, &whole))
            .map(Closeness::share)
            .fold(0.0, f64::max);
        (factor > 0.0).then_some(Part {
            factor,
            is_sure: false,
            is_initial: false,
            is_real: false,
            is_half: false,
        })
    }

    /// How given names fit; the first decides, or a later one where the first is left out.
    fn given_part(&self, given: &[&str]) -> Option<Part> {
        let first = *given.first()?;
        let mut letters = first.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            let factor = *self.initials.get(&letter)?;
            // `J Elizabeth Smith`: a middle name in full says more than the initial.
            return Some(Part {
                factor,
                is_sure: false,
                is_initial: true,
                is_real: false,
                is_half: false,
            });
        }
        let whole = squeeze(first);
        if let Some(&part) = self.given.get(&whole) {
            return Some(part);
        }
        let joined =
            given.get(1).and_then(|second| self.given.get(&format!("{whole}{}", squeeze(second))));
        if let Some(&part) = joined {
            return Some(part);
        }
        if let Some(half) = first
            .split('-')
            .find_map(|half| (half != first).then(|| self.given.get(half)).flatten())
        {
            return Some(Part { factor: 0.2 * half.factor, ..*half });
        }
        let near = self
            .near_given
            .iter()
            .filter_map(|mine| spelling::closeness(mine, &whole))
            .map(Closeness::share)
            .fold(0.0, f64::max);
        if near > 0.0 {
            // A likeness that is a given name of its own is more often another person: Jane, Jade.
            let is_real = given_level(&whole).is_some();
            let mine = self.near_given.first().and_then(|mine| name_gender(mine));
            let has_other_gender =
                matches!((mine, name_gender(&whole)), (Some(mine), Some(other)) if mine != other);
            if is_real && has_other_gender {
                return None;
            }
            let factor = if is_real { near * 0.05 } else { near };
            return Some(Part {
                factor,
                is_sure: !is_real && near >= 0.02,
                is_initial: false,
                is_real,
                is_half: false,
            });
        }
        // `Mary Jane Smith` where the subject states Jane.
        let later = given[1..]
            .iter()
            .find_map(|word| self.given.get(*word).filter(|part| part.factor > 0.3));
        later.map(|part| Part { factor: 0.1 * part.factor, is_sure: false, ..*part })
    }

    /// Does an observed middle name or initial contradict all stated ones?
    fn has_other_middle(&self, given: &[&str]) -> bool {
        let Some(observed) = given.get(1).map(|word| squeeze(word)).filter(|word| !word.is_empty())
        else {
            return false;
        };
        if self.middles.is_empty() || self.given.contains_key(&observed) {
            return false;
        }
        let letter = observed.chars().next();
        !self.middles.iter().any(|middle| {
            let is_initial = middle.chars().count() == 1 || observed.chars().count() == 1;
            (is_initial && middle.chars().next() == letter)
                || *middle == observed
                || spelling::closeness(middle, &observed).is_some()
        })
    }
}

fn remember(list: &mut Vec<String>, name: String) {
    if !name.is_empty() && !list.contains(&name) {
        list.push(name);
    }
}
