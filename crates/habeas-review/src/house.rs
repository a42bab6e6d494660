//! What the command lends the page: the estate, the configuration, and work that other crates do.
//!
//! The page stands on the same floor as the bundle and below the command, so that it uses neither; what
//! it needs of them comes through [`House`].

use std::path::{Path, PathBuf};
use std::sync::Arc;

use habeas_case::{Case, Dossier, Prospect, Release, Rules};
use habeas_document::Budget;
use habeas_index::Estate;
use habeas_ingest::Eyes;
use habeas_match::Setting;
use habeas_model::{ItemId, Listed, Personal, Place, ShowGround};
use habeas_redact::{Defaults, Own};
use jiff::civil::Date;

use crate::jobs::Progress;
use crate::problem::Problem;

/// An organisation at work.
pub trait House: Send + Sync + 'static {
    /// The folder of the configuration, the estate and the cases.
    fn root(&self) -> &Path;

    /// What the controller is called.
    fn controller(&self) -> &str;

    /// What a new request is taken to say where it is silent.
    ///
    /// # Errors
    /// If the configuration says it wrongly.
    fn request_defaults(&self) -> Result<habeas_case::Defaults, Problem>;

    /// Opens what was indexed, as it is now.
    ///
    /// # Errors
    /// If nothing was indexed.
    fn open(&self) -> Result<Estate, Problem>;

    /// What is the organisation's own, for a search.
    fn house(&self) -> Setting;

    /// What recognition depends on.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn setting(&self, estate: &Estate) -> Result<Setting, Problem>;

    /// What happens to other people about whom nobody has decided.
    fn defaults(&self) -> Defaults;

    /// What may be named in an answer.
    ///
    /// # Errors
    /// If the configuration is wrong.
    fn own(&self, prospect: &Prospect) -> Result<Own, Problem>;

    /// The sources of the configuration.
    fn sources(&self) -> Vec<SourceOf>;

    /// Can a source's folder be opened now? If not, why.
    ///
    /// # Errors
    /// A sentence that says why not.
    fn reach(&self, source: &SourceOf) -> Result<(), String>;

    /// What reading one item may cost.
    ///
    /// # Errors
    /// If the list of passwords cannot be read.
    fn budget(&self) -> Result<Budget, Problem>;

    /// Who recognises text in pictures, if anybody.
    fn eyes(&self) -> Option<Arc<Eyes>>;

    /// Everybody else in what would be given, and where.
    ///
    /// # Errors
    /// If the case or the estate cannot be read.
    fn people(&self, case: &Case, progress: &Progress) -> Result<Looked, Problem>;

    /// Makes a bundle.
    ///
    /// # Errors
    /// If it cannot be made; nothing is left of it then.
    fn bundle(&self, case: &Case, order: &Order, progress: &Progress) -> Result<Made, Problem>;

    /// What a release depends on besides the case. With a dossier also what the estate says of health
    /// data and what the letter would lack, which takes longer.
    ///
    /// # Errors
    /// If the configuration is wrong or the estate cannot be read.
    fn rules(&self, case: &Case, dossier: Option<&Dossier>) -> Result<Rules, Problem>;

    /// Looks at the bundle and records that the answer leaves, if nothing stands in the way.
    ///
    /// # Errors
    /// What stands in the way; nothing is recorded then.
    fn release(&self, case: &Case, release: &Release) -> Result<(), habeas_case::Error>;

    /// What is in the bundle of a case, in that folder or the case's own; `None` if there is none.
    ///
    /// # Errors
    /// If it cannot be read.
    fn contents(&self, case: &Case, dir: Option<&Path>) -> Result<Option<Contents>, Problem>;

    /// Reads what is new in the sources.
    ///
    /// # Errors
    /// If the index cannot be written.
    fn index(&self, progress: &Progress) -> Result<(), Problem>;

    /// Settings in force, by name.
    fn settings(&self) -> Vec<(String, String)>;

    /// How readers are confined, in words.
    fn isolation(&self) -> Vec<String>;

    /// Words that may stand on a person's label?
    fn is_role_label(&self, text: &str) -> bool {
        habeas_redact::is_role_label(text)
    }
}

/// A source as the configuration names it.
#[derive(Clone, Debug)]
pub struct SourceOf {
    /// Its name.
    pub name: String,
    /// What the controller calls it.
    pub title: String,
    /// Who keeps it.
    pub custodian: String,
    /// Its folder.
    pub path: PathBuf,
}

/// Everybody else in what would be given.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// Who, with the most named first; not numbered yet.
    pub people: Vec<Listed>,
    /// Where each is named.
    pub named: Vec<Named>,
    /// Items that could not be looked at.
    pub n_unread: u64,
}

/// A mention of somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub person: Personal<String>,
    /// In which item.
    pub item: ItemId,
    /// At which place.
    pub place: Place,
    /// What kind of thing.
    pub kind: habeas_model::Kind,
    /// The ground on which it stays readable, if it does.
    pub shown: Option<ShowGround>,
}

/// How a bundle is to be made.
#[derive(Clone, Debug)]
pub struct Order {
    /// The day of the letter.
    pub day: Date,
    /// The folder to write to; the case's own without one.
    pub out: Option<PathBuf>,
    /// Take the place of one that is there.
    pub replaces: bool,
    /// Pack it into one archive too.
    pub packs: bool,
    /// Who makes it.
    pub by: String,
}

/// What was made, in figures.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The folder.
    pub dir: PathBuf,
    /// Exhibits in it.
    pub n_exhibits: u64,
    /// Their pages.
    pub n_pages: u64,
    /// Stretches that were taken out and stand as labels.
    pub n_labels: u64,
    /// People who were taken out.
    pub n_people: u64,
    /// Mentions of others that stay readable.
    pub n_shown: u64,
    /// Records of others that are not in it.
    pub n_left_out: u64,
    /// Findings kept back.
    pub n_withheld: u64,
    /// Items that only mention the person.
    pub n_incidental: u64,
    /// Possible findings that nobody has decided.
    pub n_pending: u64,
    /// What to know of it.
    pub notes: Vec<String>,
    /// Items that were to be given and cannot be, each with its reason.
    pub refused: Vec<(ItemId, String)>,
}

/// What is in a bundle, as its own files say.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// The folder.
    pub dir: PathBuf,
    /// SHA-256 of its manifest, in hexadecimal.
    pub manifest_sha256: String,
    /// Is there an archive of it?
    pub archive: Option<PathBuf>,
    /// Every exhibit, in order.
    pub exhibits: Vec<Exhibit>,
    /// Every file: its name, its length, its SHA-256 in hexadecimal.
    pub files: Vec<(String, u64, String)>,
}

/// An exhibit, as the schedule has it.
#[derive(Clone, Debug, Default)]
pub struct Exhibit {
    /// Its number, from 1.
    pub number: u32,
    /// The number of its first page.
    pub first: String,
    /// Its pages.
    pub n_pages: u32,
    /// Its title, redacted.
    pub title: String,
    /// What it is.
    pub description: String,
    /// Where it was found.
    pub source: String,
    /// When it was written.
    pub dated: String,
    /// The item it was made of, if that is known.
    pub item: Option<ItemId>,
    /// Stretches that were taken out.
    pub n_labels: u64,
    /// Records of others that are not in it.
    pub n_left_out: u64,
    /// Its file in the folder.
    pub file: String,
}
