//! By when is a complaint to the controller acknowledged?

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::Law;

/// The last day on which the receipt of a complaint is acknowledged in time; `None` where no text sets
/// one.
///
/// Thirty days "beginning when" the complaint comes, its day counted, which is the earlier reading.
///
/// # Source
/// Data Protection Act 2018 s. 164A, in force for complaints from 19 June 2026 (Data (Use and Access)
/// Act 2025 s. 103; SI 2026/82).
pub fn acknowledge_by(law: Law, received: Date) -> Option<Date> {
    let applies = law == Law::Uk && received >= date(2026, 6, 19);
    applies.then(|| received.saturating_add(29.days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_acknowledged_within_thirty_days() {
        assert_eq!(acknowledge_by(Law::Uk, date(2026, 7, 1)), Some(date(2026, 7, 30)));
        assert_eq!(acknowledge_by(Law::Uk, date(2026, 6, 18)), None);
        assert_eq!(acknowledge_by(Law::Eu, date(2026, 7, 1)), None);
    }
}
