//! What is owed and when: data and arithmetic, each with its citation.
//!
//! [`Regime`] says which text is in force on a day, [`Calendar`] which days are off, [`due`] when the
//! answer is due, [`required`] what it has to say, [`exemptions`] what may be kept back and what a
//! person has to answer first, and [`letter_items`] what each letter on the way has to say.

mod calendar;
mod clock;
mod contents;
mod exemptions;
mod letters;
mod regime;
mod words;

pub use calendar::Calendar;
pub use clock::{Deadline, Due, Reading, State, Timeline, Wait, due};
pub use contents::{Content, Need, required, unfilled};
pub use exemptions::{Effect, Exemption, exemption, exemptions};
pub use letters::{
    Addressee, Basis, COMMISSIONER, Given, LetterItem, LetterKind, Shape, Wanted, letter_fields,
    letter_items, letter_sources, refusal_ground,
};
pub use regime::{Law, Regime};
pub use words::written;
