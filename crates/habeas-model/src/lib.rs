//! The words of the project: types without input, output, clocks or threads.
//!
//! Every other crate speaks in these types, so their meaning is fixed here and nowhere else. The
//! list of words with one sentence each is `README.md` beside this crate's manifest.

mod accounting;
mod answers;
mod card;
mod decision;
mod document;
mod erasure;
mod event;
mod exception;
mod exhibit;
mod finding;
mod hit;
mod indexed;
mod item;
mod manual;
mod passage;
mod person;
mod personal;
mod place;
mod policy;
mod proposal;
mod subject;

pub use accounting::{Accounting, Outcome};
pub use answers::{
    Consent, ExemptionAnswer, HarmTest, HealthOpinion, KnownToSubject, Relation, ThirdParty,
    ThirdPartyOutcome,
};
pub use card::Card;
pub use decision::{Decision, Entry, Identification, Verdict};
pub use document::{Document, Facts, Member, is_message};
pub use erasure::{Erasing, ErasureAct};
pub use event::{ComplaintStep, Ending, Event, ExtensionGround, Happening};
pub use exception::{Exception, Reason};
pub use exhibit::{BatesNumber, Ground, Redaction};
pub use finding::{About, Evidence, Finding, Tier};
pub use hit::{Confidence, Hit, Kind};
pub use indexed::{Indexed, Lookup, Terms, Word};
pub use item::{ItemId, ItemPath, SourceName, Stamp};
pub use manual::{Area, Manual, Mark};
pub use passage::{Field, Hidden, Meaning, Part, Party, Passage};
pub use person::{Doubt, Other, Role};
pub use personal::Personal;
pub use place::{Place, PlaceKind};
pub use policy::{Bundled, InDoubt, Listed, Policy, ShowGround, Treatment};
pub use proposal::{Ask, Followed, Proposal};
pub use subject::{Held, Identifier, NameKind, Subject, SubjectName};
