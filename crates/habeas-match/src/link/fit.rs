//! What of an observed name fits the subject's, and how likely is that spelling?

/// What of an observed name fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shape {
    /// Another name altogether.
    Stranger,
    /// My family name beside another given name: a relative or a namesake.
    Relative,
    /// My given name without a family name.
    Given,
    /// My family name without a given name.
    Surname,
    /// My family name and initial.
    Initial,
    /// My family name and given name.
    Full,
}

impl Shape {
    /// May the observed name be the subject's?
    pub(super) fn fits(self) -> bool {
        self >= Self::Given
    }

    /// How often people are written so, among all mentions of them.
    pub(super) fn share(self) -> f64 {
        match self {
            Self::Full => 0.5,
            Self::Initial => 0.25,
            Self::Surname => 0.05,
            Self::Given => 0.3,
            Self::Relative | Self::Stranger => 0.0,
        }
    }

    /// The form in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Full => "full name",
            Self::Initial => "initial and family name",
            Self::Surname => "family name alone",
            Self::Given => "given name alone",
            Self::Relative => "family name beside another given name",
            Self::Stranger => "another name",
        }
    }
}

/// How an observed name fits, and how likely that spelling is for the subject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    /// What of it fits.
    pub(super) shape: Shape,
    /// How likely the spelling is if it is the subject: 1 for the name as stated.
    pub(super) factor: f64,
    /// Is the given name one of the subject's own or a short form of it, and no mere likeness?
    pub(super) is_sure: bool,
    /// Is the family name the subject's own, whole or half, and no mere likeness?
    pub(super) has_own_surname: bool,
    /// Does a middle name or initial contradict?
    pub(super) has_other_middle: bool,
    /// Is the given name the subject's, whatever the family name?
    pub(super) has_same_given: bool,
    /// Is it, letter by letter, so near to the subject's name that it is no evidence of anybody else?
    pub(super) is_near: bool,
    /// Is it a name that somebody else may well bear: another given name, half of a double name?
    pub(super) is_real_other: bool,
}

impl Fit {
    pub(super) const STRANGER: Self = Self {
        shape: Shape::Stranger,
        factor: 0.0,
        is_sure: false,
        has_own_surname: false,
        has_other_middle: false,
        has_same_given: false,
        is_near: false,
        is_real_other: false,
    };

    /// Is it the name as stated, and not a variant?
    pub(super) fn is_exact(self) -> bool {
        self.factor > 0.99
    }
}
