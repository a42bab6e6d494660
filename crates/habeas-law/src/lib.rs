//! What is owed and when: data and arithmetic, each with its citation.
//!
//! [`Regime`] says which text is in force on a day, [`Calendar`] which days are off, [`due`] when the
//! answer is due, [`required`] what it has to say, and [`exemptions`] what may be kept back and
//! what a person has to answer first.

mod calendar;
mod clock;
mod contents;
mod erasure;
mod exemptions;
mod regime;
mod words;

pub use calendar::Calendar;
pub use clock::{Deadline, Due, Reading, State, Timeline, Wait, due};
pub use contents::{Content, Need, required, unfilled};
pub use erasure::{ERASURE_EXCEPTIONS, ErasureException, erasure_exception};
pub use exemptions::{Effect, Exemption, exemption, exemptions};
pub use regime::{Law, Regime};
pub use words::written;
