//! What can be typed?

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub mod case;

use case::{EventArguments, ReleaseArguments};

/// Answer subject access requests on one offline machine: everything found, nothing lost silently,
/// everybody else taken out, each proved.
#[derive(Debug, Parser)]
#[command(name = "habeas", version, max_term_width = 100)]
pub struct Arguments {
    /// The estate's folder: the one with habeas.toml. By default this folder or the nearest above.
    #[arg(long, global = true, value_name = "DIR")]
    pub estate: Option<PathBuf>,
    /// Print results as one JSON object a line.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// The steps of the path.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Walk a made-up request from a folder of files to a verified bundle, in a new folder
    Demo {
        /// Where to put it; by default a new folder in the system's temporary folder.
        dir: Option<PathBuf>,
    },
    /// Start an estate: writes a commented habeas.toml and private folders
    Init {
        /// The new estate's folder.
        dir: PathBuf,
        /// A place to search, as NAME=PATH; may be repeated.
        #[arg(long, value_name = "NAME=PATH")]
        source: Vec<String>,
    },
    /// Read what is new or changed in every source: writes the inventory and the full text
    Index {
        /// Read everything again.
        #[arg(long)]
        fresh: bool,
        /// Do not run if readers cannot be isolated as far as `habeas doctor` knows.
        #[arg(long)]
        require_isolation: bool,
    },
    /// Open a case for a request: writes the case's folder and prints the deadline
    Open(Box<OpenArguments>),
    /// Find what the estate holds about the person in a case: writes the case's findings
    Match {
        /// The case, such as SAR-2026-0001, or the end of its number.
        case: Option<String>,
        /// Every case that is open.
        #[arg(long, conflicts_with = "case")]
        all: bool,
    },
    /// List identifiers found beside the person's; accept those that are theirs, and search again
    Identifiers {
        /// The case.
        case: String,
        /// The number of one that is the person's; may be repeated.
        #[arg(long, value_name = "NUMBER")]
        accept: Vec<u32>,
        /// The number of one that is not; it is never followed again.
        #[arg(long, value_name = "NUMBER")]
        reject: Vec<u32>,
        /// Why, for the ledger.
        #[arg(long)]
        reason: Option<String>,
        /// Who says so; by default the user's name.
        #[arg(long)]
        by: Option<String>,
    },
    /// Say why something was found, what argues against it, and what would change it
    Why {
        /// The case.
        case: String,
        /// The item: the first digits of its id, or its path or the end of it.
        item: String,
        /// A place of it, such as "row 12"; by default all.
        #[arg(long)]
        place: Option<String>,
    },
    /// Decide what happens with findings: adds to the case's ledger of decisions
    Decide(DecideArguments),
    /// List everybody else in what would be given; decide once a person, or for a place, who is shown
    People(PeopleArguments),
    /// Write the answer: letter, schedule, exhibits with everybody else taken out, manifest
    Bundle {
        /// The case.
        case: String,
        /// Where to write it; by default the case's folder.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// The date of the letter, as YYYY-MM-DD; by default today.
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
        /// Who makes it; by default the user's name. Somebody else has to agree to it.
        #[arg(long)]
        by: Option<String>,
        /// Also pack it into one archive beside it, for sending; the archive is attacked as well.
        #[arg(long)]
        zip: bool,
    },
    /// Check a bundle: digests, and that nothing that was taken out can be read from any file
    Verify {
        /// The bundle's folder, or the archive of it.
        bundle: PathBuf,
        /// Look at every page with the recogniser of text, at 2 to 5 seconds a page; without it, at
        /// pages with pictures or drawings
        #[arg(long)]
        look: bool,
    },
    /// Show what Habeas sees in files or folders, without an estate
    Read {
        /// Files or folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// A file with a password a line, to be tried on what is encrypted.
        #[arg(long, value_name = "FILE")]
        passwords: Option<PathBuf>,
        /// Do not recognise text in scans and pictures.
        #[arg(long)]
        no_ocr: bool,
    },
    /// Say what isolation and which helpers are in force, and what is missing
    Doctor,
    /// Check that every figure of the estate agrees, and count its sources once more
    Check {
        /// Check the bytes on disk against their check sums too.
        #[arg(long)]
        bytes: bool,
    },
    /// Print every identifier and name in a text, and whose each is
    Recognise {
        /// The text, in UTF-8; without it, what comes on stdin.
        file: Option<PathBuf>,
        /// Say of each whether it is this person's, another's or nobody's; repeat it for other names of the same person.
        #[arg(long, value_name = "NAME")]
        subject: Vec<String>,
    },
    /// Show where an estate or a case stands, and what blocks the next step
    Status {
        /// The case; without one, the whole estate.
        case: Option<String>,
        /// List what could not be read, and what to do about it.
        #[arg(long, conflicts_with = "case")]
        exceptions: bool,
        /// List findings without a decision.
        #[arg(long, requires = "case")]
        open: bool,
    },
    /// List the formats, known exports and identifiers that are recognised, and promises that can be checked
    List,
    /// Write a made-up estate with its gold file, for trials and benchmarks
    Fixture {
        /// The new folder.
        dir: PathBuf,
        /// About how many files; by default the hand-made clinic.
        #[arg(long)]
        files: Option<usize>,
        /// The same seed gives the same bytes.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Write a letter of a case, as PDF and plain text; refused while anything it has to say is missing
    Letter(LetterArguments),
    /// Say when the answer is due, with the arithmetic in words, and when if it were extended today
    Clock {
        /// The case.
        case: String,
    },
    /// Note what happened to a request: proof asked for, a question, an opinion, a complaint, its end
    Event(Box<EventArguments>),
    /// Agree to a bundle that somebody else prepared
    Approve {
        /// The case.
        case: String,
        /// What was looked at.
        #[arg(long)]
        looked_at: String,
        /// Who agrees; by default the user's name.
        #[arg(long)]
        by: Option<String>,
    },
    /// Record that the answer leaves, if nothing stands in the way; else say everything that does
    Release(Box<ReleaseArguments>),
    /// Print what was decided and what happened, oldest first
    Log {
        /// The case.
        case: String,
        /// Check the whole chain, and say where it does not hold.
        #[arg(long)]
        verify: bool,
    },
    /// Write the audit file of a case for a regulator: JSON, tables, and a page to read
    ExportAudit {
        /// The case.
        case: String,
        /// The new folder.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Map what is held where, how old, whose, and who could read it: writes a report and a record of
    /// processing. Exit code 4 if something is otherwise than in an earlier map
    Map(MapArguments),
    /// Check the promises of the privacy notice against what is held: writes a report
    Audit {
        /// Where to write it; by default `reports/audit-DATE` in the estate.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// The day from which ages and periods are counted, as YYYY-MM-DD; by default today.
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
    },
    /// Take a person out of the estate: plan, approve, carry out, prove; a plan changes nothing
    #[command(subcommand)]
    Erase(EraseCommand),
    /// Put the person in a case on every list of those who get no marketing, and say what went to them
    /// after they objected
    Suppress {
        /// The case.
        case: String,
        /// Only say what went to them; write nothing.
        #[arg(long)]
        check: bool,
        /// The day of the objection, as YYYY-MM-DD; by default that of the request.
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        /// Who puts them there; by default the user's name.
        #[arg(long)]
        by: Option<String>,
    },
    /// Open the page on which a person decides, on this machine and for this user only
    Review {
        /// The case to open first.
        case: Option<String>,
        /// The port; by default any that is free.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Print the link, and open no browser.
        #[arg(long)]
        no_open: bool,
        /// End a session after so many minutes without a request.
        #[arg(long, default_value_t = 30, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=720))]
        idle: u64,
    },
    /// Serve as an isolated reader (started by `index` and `read`)
    #[command(hide = true)]
    Reader,
    /// Ask file systems, which may never answer, on behalf of the command that started it
    #[command(hide = true)]
    Lister,
    /// Become a foreign program that recognises text, with as little as it needs
    #[command(hide = true, disable_help_flag = true)]
    Eyes {
        /// The program.
        program: OsString,
        /// Its arguments.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

/// The arguments of `open`. A value may end in the days it was held: `VALUE [2019-01-01..2021-06-30]`.
#[derive(Debug, Args)]
pub struct OpenArguments {
    /// Requests in a file instead: TOML, JSON, or JSON Lines with a request a line.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The requester's name, as they write it.
    #[arg(long)]
    pub name: Vec<String>,
    /// A former name, such as one before a marriage.
    #[arg(long)]
    pub former: Vec<String>,
    /// What the requester is called.
    #[arg(long)]
    pub known_as: Vec<String>,
    /// Date of birth, as YYYY-MM-DD or day first.
    #[arg(long, value_name = "DATE")]
    pub born: Option<String>,
    /// An e-mail address.
    #[arg(long)]
    pub email: Vec<String>,
    /// A telephone number.
    #[arg(long)]
    pub phone: Vec<String>,
    /// A postal address on one line.
    #[arg(long)]
    pub address: Vec<String>,
    /// A reference the organisation knows them by.
    #[arg(long)]
    pub reference: Vec<String>,
    /// An internet address they used.
    #[arg(long)]
    pub ip: Vec<String>,
    /// An NHS number.
    #[arg(long)]
    pub nhs_number: Option<String>,
    /// The day the request was received, as YYYY-MM-DD; by default today.
    #[arg(long, value_name = "DATE")]
    pub received: Option<String>,
    /// How it came: email, letter, phone, web, in-person, social-media or other.
    #[arg(long)]
    pub channel: Option<String>,
    /// Who asks on the person's behalf with their authority, such as a solicitor.
    #[arg(long)]
    pub agent: Option<String>,
    /// Which parent, guardian or deputy asks for the person.
    #[arg(long, value_name = "NAME")]
    pub guardian: Option<String>,
    /// Who recognised it as a request; it may have come to anybody.
    #[arg(long, value_name = "NAME")]
    pub recognised_by: Option<String>,
    /// Which right it exercises: access, erasure, portability, objection or rectification.
    #[arg(long)]
    pub right: Option<String>,
}

/// The arguments of `map`.
#[derive(Debug, Args)]
pub struct MapArguments {
    /// Compare with an earlier map by its name, or with `last`, the newest one.
    #[arg(long, value_name = "MAP")]
    pub since: Option<String>,
    /// Where to write it; by default `reports/map-NAME` in the estate.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The name to keep this map by, for `--since`; by default the date. One of that name is replaced.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The day from which ages are counted, as YYYY-MM-DD; by default today.
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
}

/// The arguments of `decide`.
#[derive(Debug, Args)]
pub struct DecideArguments {
    /// The case.
    pub case: String,
    /// Take the suggestion for every finding that is certain or probable; possible ones stay open.
    #[arg(long)]
    pub suggested: bool,
    /// The verdict: disclose, withhold, not-subject, incidental or open.
    #[arg(long, conflicts_with = "suggested")]
    pub verdict: Option<String>,
    /// Which item, by the first digits of its id.
    #[arg(long)]
    pub item: Option<String>,
    /// Which place of it, such as "row 12"; by default all its findings.
    #[arg(long, requires = "item")]
    pub place: Option<String>,
    /// Every finding of that tier: certain, probable, possible or namesake.
    #[arg(long, conflicts_with = "item")]
    pub tier: Option<String>,
    /// Why. An exemption's code first, where there is one.
    #[arg(long)]
    pub reason: Option<String>,
    /// What the exemption asks, answered; nothing is withheld without.
    #[arg(long)]
    pub answer: Option<String>,
    /// The person is told which exemption it is, where naming it might defeat it.
    #[arg(long, requires = "answer")]
    pub told: bool,
    /// Who decides; by default the user's name.
    #[arg(long)]
    pub by: Option<String>,
}

/// The arguments of `people`.
#[derive(Debug, Args)]
pub struct PeopleArguments {
    /// The case.
    pub case: String,
    /// The number of the person about whom to decide.
    #[arg(long, value_name = "NUMBER")]
    pub set: Option<u32>,
    /// What happens with them: show, take-out, or default to take a decision back.
    #[arg(long, requires = "set")]
    pub policy: Option<String>,
    /// Why they may be shown: consent, reasonable, professional, staff or known.
    #[arg(long, requires = "policy")]
    pub ground: Option<String>,
    /// It is nobody: an unknown word, a product, a place.
    #[arg(long, requires = "set", conflicts_with = "policy")]
    pub nobody: bool,
    /// A word or two for their label, such as "colleague"; lower case, at most 20 letters.
    #[arg(long, requires = "set", conflicts_with_all = ["item", "nobody"], value_name = "WORDS")]
    pub role_label: Option<String>,
    /// Only in this item, by the first digits of its id.
    #[arg(long, requires = "set")]
    pub item: Option<String>,
    /// Only at this place of the item, such as "page 2".
    #[arg(long, requires = "item")]
    pub place: Option<String>,
    /// List the items and places where this person is named.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["set", "doubts"])]
    pub places: Option<u32>,
    /// List the mentions that a person should look at.
    #[arg(long, conflicts_with = "set")]
    pub doubts: bool,
    /// Why, for the ledger.
    #[arg(long)]
    pub reason: Option<String>,
    /// Who decides; by default the user's name.
    #[arg(long)]
    pub by: Option<String>,
}

/// The arguments of `letter`.
#[derive(Debug, Args)]
pub struct LetterArguments {
    /// Which letter: acknowledgement, identity, authority, clarification, extension, fee, refusal,
    /// nothing-held, partial-release, full-release, third-party-consent, health-opinion, article-19 or
    /// complaint-acknowledgement.
    pub kind: String,
    /// The case.
    pub case: String,
    /// What the letter says that the case does not know; repeat a field of points for more of them.
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// The date of the letter, as YYYY-MM-DD; by default today.
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// Also write it here, for sending; the case's folder `letters` keeps it all the same.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Who writes it; by default the user's name.
    #[arg(long)]
    pub by: Option<String>,
}

/// The steps of an erasure.
#[derive(Debug, Subcommand)]
pub enum EraseCommand {
    /// Say what would happen with every copy of the person in a case: writes a plan to read and sign
    Plan {
        /// The case.
        case: String,
        /// Also write the plan here, to hand it on; it is kept in the case's folder all the same.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// All of this item goes, also what is not found to be about the person; may be repeated.
        #[arg(long, value_name = "ITEM", requires = "reason")]
        erase: Vec<String>,
        /// This item stays; may be repeated.
        #[arg(long, value_name = "ITEM", requires_all = ["reason", "exception"])]
        keep: Vec<String>,
        /// On which exception it stays, such as "17(3)(b)".
        #[arg(long, value_name = "CODE", requires = "keep")]
        exception: Option<String>,
        /// Why, for the plan.
        #[arg(long)]
        reason: Option<String>,
        /// Who draws it up; by default the user's name.
        #[arg(long)]
        by: Option<String>,
    },
    /// Carry out a plan that somebody has read and approves: changes the sources
    Apply {
        /// The plan: its plan.json, or the folder with it.
        plan: PathBuf,
        /// The digest that is printed in the plan.
        #[arg(long)]
        digest: String,
        /// Who approves it.
        #[arg(long)]
        by: String,
        /// Keep sealed originals for so many days, so that `undo` can put them back.
        #[arg(long, value_name = "DAYS")]
        keep_days: Option<u32>,
        /// How many copies it erases, for a plan with very many.
        #[arg(long, value_name = "NUMBER")]
        steps: Option<usize>,
    },
    /// Index and search again, and prove that the person is gone, or say what is left and why
    Verify {
        /// The case.
        case: String,
        /// Who verifies; by default the user's name.
        #[arg(long)]
        by: Option<String>,
    },
    /// Look, by digests alone, for anybody erased who is there again, such as from a backup
    Watch {
        /// The case; by default every case with an erasure.
        case: Option<String>,
    },
    /// Put back what the last plan erased, while its originals are kept
    Undo {
        /// The case.
        case: String,
        /// Who puts it back; by default the user's name.
        #[arg(long)]
        by: Option<String>,
    },
    /// Remove sealed originals whose time is over
    Expire {
        /// The case; by default every case with an erasure.
        case: Option<String>,
        /// Also those whose time is not over.
        #[arg(long)]
        now: bool,
        /// Who removes them; by default the user's name.
        #[arg(long)]
        by: Option<String>,
    },
}
