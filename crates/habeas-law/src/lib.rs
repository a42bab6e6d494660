//! What is owed and when: data and arithmetic, each with its citation.
//!
//! [`Regime`] says which text is in force on a day, [`Calendar`] which days are off, [`due`] when the
//! answer is due, [`required`] what it has to say, [`exemptions`] what may be kept back and what a
//! person has to answer first, and [`letter_items`] what each letter on the way has to say.
//! [`third_party_gaps`], [`health_gaps`] and [`standing_gaps`] say what is open before something may be given;
//! [`withholding`], before it may be kept back.

mod calendar;
mod clock;
mod complaint;
mod contents;
mod erasure;
mod exemptions;
mod gap;
mod health;
mod letters;
mod regime;
mod standing;
mod third_party;
mod withhold;
mod words;

pub use calendar::Calendar;
pub use clock::{Deadline, Due, Reading, State, Timeline, Wait, due};
pub use complaint::acknowledge_by;
pub use contents::{Content, Need, required, unfilled};
pub use erasure::{ERASURE_EXCEPTIONS, ErasureException, erasure_exception};
pub use exemptions::{Effect, Exemption, exemption, exemptions};
pub use gap::Gap;
pub use health::{HealthGaps, health_gaps, opinion_gaps, opinion_in_words, opinion_lasts_until};
pub use letters::{
    Addressee, Basis, COMMISSIONER, Given, LetterItem, LetterKind, Shape, Wanted, letter_fields,
    letter_items, letter_sources, refusal_ground,
};
pub use regime::{Law, Regime};
pub use standing::{Asker, Missing, standing_gaps, wishes_count};
pub use third_party::{needs_record, third_party_gaps};
pub use withhold::{Refusal, withholding};
pub use words::written;
