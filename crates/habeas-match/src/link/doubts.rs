//! What about a mention of somebody else should a person look at?

use habeas_model::{Doubt, Kind};

use super::names::{Fit, Shape};

/// What is known of a name that was not taken for the subject's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) fit: Fit,
    /// Did the document complete it to another person's whole name?
    pub(super) is_taken: bool,
    /// Does a title say that it is somebody of another gender than the subject?
    pub(super) has_other_gender: bool,
    /// Does the document, or the record, name the subject beyond doubt?
    pub(super) is_anchored: bool,
}

/// The doubt about a name, if there is one.
pub(super) fn of_name(named: Named) -> Option<Doubt> {
    let Named { fit, is_taken, has_other_gender, is_anchored } = named;
    // Somebody whom the document knows by another whole name, and the subject is not in it.
    let is_settled = has_other_gender || is_taken && !is_anchored;
    match fit.shape {
        Shape::Full if fit.has_own_surname || fit.is_sure => Some(Doubt::Namesake),
        Shape::Given if fit.is_sure && !is_settled => Some(Doubt::Namesake),
        Shape::Surname | Shape::Initial if !is_settled => Some(Doubt::SharedSurname),
        _ => None,
    }
}

/// Do the people of one house share identifiers of that kind?
pub(super) fn is_shared(kind: Kind) -> bool {
    matches!(kind, Kind::Address | Kind::Postcode | Kind::Phone)
}
