//! Which copies are there, and what happens with each?
//!
//! Every finding of the case that was decided, at every place where its item lies: copies, members of
//! archives, messages in mailboxes, rows of tables. Nothing is changed: each file is read, what it would
//! be afterwards is worked out, read back, and its digest put into the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use habeas_case::{Case, Right, decided, verdicts};
use habeas_index::{Estate, Occurrence};
use habeas_law::ErasureException;
use habeas_match::Question;
use habeas_model::{
    Decision, Finding, ItemId, ItemPath, Kind, Lookup, Member, Outcome as Ended, Place, SourceName, Tier,
    Verdict,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, Unit};

use crate::Error;
use crate::beneath::{Facts, RawPath, Root, contents};
use crate::compare::is_within;
use crate::edit::{Edit, Unmade};
use crate::folder::{make_dir, remove, replace};
use crate::plan::{Action, FORMAT, Outcome, Plan, PlannedFile, PlannedSource, Step};
use crate::rules::{Erasure, Rules, SourceRule};
use crate::suppress::is_list;
use crate::watch::{Seal, Watched};
use crate::work::{Target, Work};

/// What a plan is drawn up with.
pub struct Means<'a> {
    /// What was indexed.
    pub estate: &'a Estate,
    /// What may not be erased.
    pub rules: &'a Rules,
    /// Reads a file by isolated readers; the text is the name it goes by.
    pub read: &'a dyn Fn(&Path, &str) -> Vec<Member>,
    /// How many bytes a file may have.
    pub file_bytes: u64,
    /// How many bytes a member may unpack to.
    pub expanded_bytes: u64,
}

/// Who asks for a plan, when, and what they chose.
pub struct Asked<'a> {
    /// Who draws it up.
    pub by: &'a str,
    /// When.
    pub at: Timestamp,
    /// The day, local to the controller.
    pub today: Date,
    /// What a person chose for single items.
    pub choices: Vec<Choice>,
}

/// What a person chose for an item, against or beyond what the rules say.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Which item.
    pub item: ItemId,
    /// What happens with it.
    pub chosen: Chosen,
    /// Why, in words.
    pub reason: String,
}

/// What a person can choose.
#[derive(Clone, Copy, Debug)]
pub enum Chosen {
    /// All of it goes, also what is not found to be about the person.
    Erase,
    /// It stays.
    Keep(&'static ErasureException),
}

/// A copy on its way into the plan.
struct Copy<'a> {
    finding: &'a Finding,
    occurrence: Occurrence,
    is_copy: bool,
    action: Action,
    reason: String,
    clause: Option<String>,
    is_whole: bool,
    n_within: u64,
    file: Option<u32>,
}

/// Draws up the plan of a case. Nothing is changed but the case's own folder.
///
/// # Errors
/// If the case is not decided, is not about erasure, or a file of the case cannot be written.
pub fn draw_up(
    case: &Case,
    means: &Means<'_>,
    asked: &Asked<'_>,
) -> Result<(Plan, Watched), Error> {
    let decided = decided(case)?;
    if !matches!(case.request.right, Right::Erasure | Right::Objection) {
        return Err(Error::refused(format!(
            "case {} does not ask for erasure: open a case for it with `habeas open --right erasure`",
            case.id
        )));
    }
    if means.estate.is_complete()? != Some(true) {
        return Err(Error::refused(
            "the last `habeas index` did not come to its end: a plan would miss copies; run it again",
        ));
    }
    let all = verdicts(case)?;
    let mut copies = Vec::new();
    let (mut n_not_subject, mut nobody) = (0, Vec::new());
    for (finding, decision) in &all {
        let Some((action, reason)) = first(finding, decision.as_ref()) else {
            n_not_subject += 1;
            nobody.push(finding);
            continue;
        };
        let there = |place: &Occurrence| matches!(place.outcome, Ended::Read | Ended::Duplicate);
        let places = means.estate.occurrences(&finding.item)?.into_iter().filter(there);
        for (at, occurrence) in places.enumerate() {
            let copy = Copy {
                finding,
                occurrence,
                is_copy: at > 0,
                action,
                reason: reason.clone(),
                clause: None,
                is_whole: false,
                n_within: 0,
                file: None,
            };
            copies.push(ruled(copy, case.id.as_str(), means.rules, asked));
        }
    }
    let names = own_names(case);
    for copy in &mut copies {
        beside(copy, &names, means.estate)?;
    }
    copies.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut files = Vec::new();
    let mut sources = BTreeMap::new();
    let mut watched = Watched::default();
    let dir = crate::dir(&case.dir);
    make_dir(&dir)?;
    let seal = Seal::open(&dir)?;
    for range in by_file(&copies) {
        let nobody = nobody_in(&copies[range.start].occurrence, &nobody, means)?;
        let scratch = Scratch { dir: dir.join("scratch") };
        let worked = file(
            &mut copies[range],
            &nobody,
            (means, &seal, &scratch),
            &mut sources,
            &mut watched,
            u32::try_from(files.len() + 1).unwrap_or(u32::MAX),
        );
        scratch.clear()?;
        files.extend(worked?);
    }
    let mut steps: Vec<Step> = Vec::new();
    for copy in &copies {
        steps.push(step(copy, u32::try_from(steps.len() + 1).unwrap_or(u32::MAX)));
    }
    for file in &mut files {
        let of = |step: &&Step| step.file == Some(file.number);
        file.steps = steps.iter().filter(of).map(|step| step.number).collect();
    }
    duties(&copies, &files, means.rules, &mut steps);
    leave(case, means, &seal, &copies, &steps, &nobody, &mut watched)?;
    let made_at = asked.at.round(Unit::Second).unwrap_or(asked.at);
    let days = SignedDuration::from_hours(24 * i64::from(means.rules.valid_days));
    let plan = Plan {
        format: FORMAT,
        case: case.id.to_string(),
        software: format!("habeas {}", env!("CARGO_PKG_VERSION")),
        made_at,
        made_by: asked.by.to_owned(),
        valid_until: made_at.checked_add(days).unwrap_or(made_at),
        findings_digest: decided.search.findings_digest.clone(),
        ledger_digest: decided.ledger_digest.clone(),
        sources: sources.into_values().collect(),
        steps,
        files,
        n_not_subject,
    };
    Ok((plan, watched))
}

/// What the decision on a finding comes to; `None` for what is not about the person.
fn first(finding: &Finding, decision: Option<&Decision>) -> Option<(Action, String)> {
    let by_hand = |reason: &str| Some((Action::ForPerson, reason.to_owned()));
    match (decision.map_or(Verdict::Open, |decision| decision.verdict), finding.tier) {
        (Verdict::NotSubject, _) | (Verdict::Open, Tier::Namesake) => None,
        (Verdict::Disclose, _) => {
            Some((Action::Erase, format!("about the person ({})", finding.tier)))
        }
        (Verdict::Withhold, _) => {
            let ground = decision.map_or("", |decision| decision.reason.as_str());
            let code = ground.split(|c: char| c.is_whitespace() || ":,;".contains(c)).next();
            let code = code.and_then(habeas_law::exemption).map_or("an exemption", |one| one.code);
            by_hand(&format!(
                "kept back from access ({code}), which does not decide about erasure: erase it with \
                 `--erase`, or keep it with `--keep` and the exception that applies"
            ))
        }
        (Verdict::Incidental, _) => by_hand(
            "it is about others and only mentions the person: take the mention out by hand, or keep it \
             with `--keep`",
        ),
        (Verdict::Open, _) => by_hand(
            "nobody has decided whether it is about the person: decide with `habeas decide` and plan \
             again",
        ),
    }
}

/// A copy as the rules and the choices have it.
fn ruled<'a>(mut copy: Copy<'a>, case: &str, rules: &Rules, asked: &Asked<'_>) -> Copy<'a> {
    let (source, path) = (&copy.occurrence.source, &copy.occurrence.path);
    let Some(rule) = rules.source(source) else {
        copy.action = Action::ForPerson;
        copy.reason = "its source is not in habeas.toml any more".to_owned();
        return copy;
    };
    let keep = |mut copy: Copy<'a>, exception: &ErasureException, reason: String| {
        copy.action = Action::Keep;
        copy.clause = Some(exception.code.to_owned());
        copy.reason = reason;
        copy
    };
    if is_list(&rules.suppressions, &copy.occurrence.file) {
        copy.action = Action::Keep;
        copy.clause = Some("Art. 21(3)".to_owned());
        copy.reason = "the list of those who get no marketing: the entry is what keeps them off others"
            .to_owned();
        return copy;
    }
    if let Some(hold) = rules.hold(case, source, path, asked.today) {
        let reason = format!("legal hold \"{}\": {}", hold.name, hold.reason);
        return keep(copy, hold.exception, reason);
    }
    let chosen = asked.choices.iter().find(|choice| choice.item == copy.finding.item);
    match chosen.map(|choice| (choice.chosen, &choice.reason)) {
        Some((Chosen::Keep(exception), reason)) => {
            return keep(copy, exception, format!("chosen by {}: {reason}", asked.by));
        }
        Some((Chosen::Erase, reason)) => {
            copy.action = Action::Erase;
            copy.is_whole = true;
            copy.reason = format!("all of it, chosen by {}: {reason}", asked.by);
        }
        None => match &rule.erasure {
            Erasure::Erase => {}
            // What is not decided is not kept on a ground either.
            _ if copy.action != Action::Erase => {}
            Erasure::Keep(ground) => {
                let reason = format!("{}: {}", ground.exception.summary, ground.because);
                return keep(copy, ground.exception, reason);
            }
            Erasure::Anonymise(ground) => {
                copy.clause = Some(ground.exception.code.to_owned());
                copy.action = Action::ForPerson;
                copy.reason = format!(
                    "it is to be made anonymous and the rest kept ({}): take out by hand what tells who \
                     it is",
                    ground.because
                );
                return copy;
            }
        },
    }
    if rule.is_backup && copy.action == Action::Erase {
        copy.action = Action::ForPerson;
        copy.reason =
            "a backup: have whoever runs it erase it there, or put it beyond use until it is \
                       overwritten, and tell the person so"
                .to_owned();
    }
    copy
}

/// The words of the person's own names.
fn own_names(case: &Case) -> BTreeSet<String> {
    let names = case.request.subject.names.iter();
    names
        .flat_map(|name| {
            let folded = habeas_match::fold(name.value.reveal());
            folded.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

/// Says how many other people a free text names; a plain text that names some may be several people's,
/// such as a list of calls, and is not erased without somebody saying so.
fn beside(copy: &mut Copy<'_>, own: &BTreeSet<String>, estate: &Estate) -> Result<(), Error> {
    if copy.action != Action::Erase || copy.is_whole {
        return Ok(());
    }
    let passages = estate.passages_of(&copy.finding.item)?;
    if passages.iter().any(|one| one.passage.is_record) {
        return Ok(());
    }
    let mut others = BTreeSet::new();
    for hit in passages.iter().flat_map(|one| &one.hits) {
        let value = hit.value.reveal();
        let mut words = value.split([',', ' ']).filter(|word| !word.is_empty());
        if hit.kind == Kind::Name && !words.any(|word| own.contains(word)) {
            others.insert(value.clone());
        }
    }
    if others.is_empty() {
        return Ok(());
    }
    let n = others.len();
    let names = format!("it also names {n} other {}", if n == 1 { "person" } else { "people" });
    let media_type = estate.item(&copy.finding.item)?.map(|item| item.media_type);
    if media_type.is_some_and(|media_type| media_type == "text/plain") {
        copy.action = Action::ForPerson;
        copy.reason = format!(
            "{names}, and may hold what is theirs: edit it by hand, or erase all of it with `--erase`"
        );
    } else {
        copy.reason.push_str(&format!("; {names}"));
    }
    Ok(())
}

type Key<'k> = (&'k SourceName, &'k ItemPath, &'k Place, &'k Path);

fn key<'k>(copy: &'k Copy<'_>) -> Key<'k> {
    let occurrence = &copy.occurrence;
    (&occurrence.source, &occurrence.path, &copy.finding.place, &occurrence.file)
}

/// The copies of each file: they lie together.
fn by_file(copies: &[Copy<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    for some in copies.chunk_by(|one, other| {
        one.occurrence.source == other.occurrence.source
            && one.occurrence.path.segments()[0] == other.occurrence.path.segments()[0]
            && one.occurrence.file == other.occurrence.file
    }) {
        ranges.push(at..at + some.len());
        at += some.len();
    }
    ranges
}

/// Findings in a file that are not about the person.
fn nobody_in(
    file: &Occurrence,
    nobody: &[&Finding],
    means: &Means<'_>,
) -> Result<Vec<(ItemPath, Place)>, Error> {
    let mut found = Vec::new();
    for finding in nobody {
        for occurrence in means.estate.occurrences(&finding.item)? {
            if occurrence.source == file.source && occurrence.file == file.file {
                found.push((occurrence.path, finding.place.clone()));
            }
        }
    }
    Ok(found)
}

/// Where edited copies are written to be read back; nothing stays there.
struct Scratch {
    dir: PathBuf,
}

impl Scratch {
    fn file(&self) -> PathBuf {
        self.dir.join("edited")
    }

    fn write(&self, bytes: &[u8]) -> Result<PathBuf, Error> {
        make_dir(&self.dir)?;
        replace(&self.file(), bytes)?;
        Ok(self.file())
    }

    fn clear(&self) -> Result<(), Error> {
        remove(&self.file())
    }
}

/// Works one file out, and says of each of its copies what happens with it.
fn file(
    copies: &mut [Copy<'_>],
    nobody: &[(ItemPath, Place)],
    (means, seal, scratch): (&Means<'_>, &Seal, &Scratch),
    sources: &mut BTreeMap<SourceName, PlannedSource>,
    watched: &mut Watched,
    number: u32,
) -> Result<Option<PlannedFile>, Error> {
    let going: Vec<usize> =
        (0..copies.len()).filter(|at| copies[*at].action == Action::Erase).collect();
    let Some(first) = going.first().map(|at| copies[*at].occurrence.clone()) else {
        return Ok(None);
    };
    let Some(rule) = means.rules.source(&first.source) else { return Ok(None) };
    let give_up = |copies: &mut [Copy<'_>], why: &str| {
        for at in &going {
            copies[*at].action = Action::ForPerson;
            copies[*at].reason = format!("{why}: erase it by hand, or see to that and plan again");
        }
    };
    let opened = match open(&first, rule, means) {
        Ok(opened) => opened,
        Err(why) => {
            give_up(copies, &why);
            return Ok(None);
        }
    };
    let name = first.path.segments()[0].clone();
    let before = (means.read)(&first.file, &name);
    if before.first().is_none_or(|root| root.id != opened.digest) {
        give_up(copies, "it could not be read again as it is");
        return Ok(None);
    }
    let staying: Vec<(ItemPath, Place)> = copies
        .iter()
        .filter(|copy| copy.action != Action::Erase)
        .map(|copy| (copy.occurrence.path.clone(), copy.finding.place.clone()))
        .chain(nobody.iter().cloned())
        .collect();
    let targets: Vec<Target> = going
        .iter()
        .map(|at| Target {
            path: copies[*at].occurrence.path.clone(),
            item: copies[*at].finding.item,
            place: copies[*at].finding.place.clone(),
            passages: copies[*at].finding.passages.clone(),
            is_whole: copies[*at].is_whole,
        })
        .collect();
    let reread = |bytes: &[u8]| -> Result<Vec<Member>, Unmade> {
        let file = scratch.write(bytes).map_err(|_| "the case's folder is full".to_owned())?;
        let members = (means.read)(&file, &name);
        match members.first() {
            Some(root) if root.id == ItemId::of(bytes) => Ok(members),
            _ => Err("what it would be afterwards cannot be read".to_owned()),
        }
    };
    let work = Work {
        bytes: &opened.bytes,
        before: &before,
        staying: &staying,
        most_bytes: means.expanded_bytes,
        reread: &reread,
    };
    let Some(worked) = work.out(&targets) else { return Ok(None) };
    let mut n_going = 0;
    for (at, target) in going.iter().zip(worked.targets) {
        let copy = &mut copies[*at];
        match target {
            Ok(n_within) => {
                n_going += 1;
                copy.n_within = n_within;
                copy.file = Some(number);
                note(copy, &before, seal, watched);
            }
            Err(why) => {
                copy.action = Action::ForPerson;
                copy.reason = why;
            }
        }
    }
    if n_going == 0 {
        return Ok(None);
    }
    sources.entry(rule.source.name.clone()).or_insert(opened.source);
    let rest = match (&worked.edit, worked.rest.is_empty()) {
        (Edit::Whole, _) => "the file goes".to_owned(),
        (_, true) => "every other byte stays as it is".to_owned(),
        (_, false) => format!("all else stays; but {}", worked.rest.join("; ")),
    };
    Ok(Some(PlannedFile {
        number,
        path: outermost(&first.path),
        source: first.source,
        raw: opened.raw,
        facts: opened.facts,
        digest: opened.digest,
        edit: worked.edit,
        result: worked
            .result
            .map(|bytes| Outcome { size_bytes: bytes.len() as u64, digest: ItemId::of(&bytes) }),
        rest,
        steps: Vec::new(),
    }))
}

/// The path of the file that an item is in.
fn outermost(path: &ItemPath) -> ItemPath {
    let mut outer = path.clone();
    while let Some(parent) = outer.parent() {
        outer = parent;
    }
    outer
}

struct Opened {
    bytes: Vec<u8>,
    digest: ItemId,
    facts: Facts,
    raw: RawPath,
    source: PlannedSource,
}

/// Opens a file as an erasure will, and refuses what an erasure would.
fn open(place: &Occurrence, rule: &SourceRule, means: &Means<'_>) -> Result<Opened, Unmade> {
    let root = Root::open(&rule.source.root)?;
    let (device, inode) = root.identity()?;
    let base = if rule.source.root.is_dir() {
        rule.source.root.as_path()
    } else {
        rule.source.root.parent().unwrap_or(&rule.source.root)
    };
    let relative = place
        .file
        .strip_prefix(base)
        .map_err(|_| "its source has moved since it was indexed".to_owned())?;
    let spot = root.spot(relative.as_os_str().as_bytes())?;
    let (file, facts) = spot.open(&spot.name)?;
    if let Some(why) = spot.read_only(&facts) {
        return Err(why.to_owned());
    }
    if spot.is_locked(&file) {
        return Err("another program has it open or locked".to_owned());
    }
    for companion in ["-wal", "-journal"] {
        let name = [spot.name.as_slice(), companion.as_bytes()].concat();
        if spot.look(&name)?.is_some_and(|facts| facts.size_bytes > 0) {
            return Err(
                "a database with changes that are not in it yet, beside it: close the program \
                        that uses it"
                    .to_owned(),
            );
        }
    }
    let (bytes, digest) = contents(&file, means.file_bytes)?;
    let file_path = ItemPath::file(relative.as_os_str().as_bytes());
    let indexed = means.estate.occurrence_at(&place.source, &file_path).ok().flatten();
    if indexed.and_then(|(_, item)| item) != Some(digest) {
        return Err("it has changed since it was indexed (run `habeas index` and `habeas match`)"
            .to_owned());
    }
    let source = PlannedSource {
        name: rule.source.name.clone(),
        root: rule.source.root.clone(),
        device,
        inode,
    };
    Ok(Opened { bytes, digest, facts, raw: RawPath::new(relative), source })
}

/// Notes what goes, to know it if it comes back.
fn note(copy: &Copy<'_>, before: &[Member], seal: &Seal, watched: &mut Watched) {
    let (path, place) = (&copy.occurrence.path, &copy.finding.place);
    let Some(member) = before.iter().find(|member| member.path == *path) else { return };
    let passages = &member.document.passages;
    let is_record = passages.iter().any(|passage| passage.place == *place && passage.is_record);
    if !is_record || copy.is_whole || habeas_model::is_message(&member.document.media_type) {
        watched.items.insert(seal.item(&member.id));
    }
    let own = (0..).zip(passages).filter(|(number, passage)| {
        passage.place == *place || copy.finding.passages.contains(number)
    });
    watched.passages.extend(own.map(|(_, passage)| seal.passage(passage)));
}

fn step(copy: &Copy<'_>, number: u32) -> Step {
    let mut reason = copy.reason.clone();
    if copy.file.is_some() && copy.n_within > 0 {
        let n = copy.n_within;
        reason.push_str(&format!("; {n} within it {} with it", if n == 1 { "goes" } else { "go" }));
    }
    Step {
        number,
        action: copy.action,
        reason,
        clause: copy.clause.clone(),
        source: Some(copy.occurrence.source.clone()),
        path: Some(copy.occurrence.path.clone()),
        item: Some(copy.finding.item),
        place: Some(copy.finding.place.clone()),
        tier: Some(copy.finding.tier),
        is_copy: copy.is_copy,
        n_within: copy.n_within,
        file: copy.file,
    }
}

/// What has to be done besides: recipients are told (Art. 19), other names of a file are looked for.
fn duties(copies: &[Copy<'_>], files: &[PlannedFile], rules: &Rules, steps: &mut Vec<Step>) {
    let mut duty = |action: Action, reason: String, source: Option<SourceName>, path| {
        steps.push(Step {
            number: u32::try_from(steps.len() + 1).unwrap_or(u32::MAX),
            action,
            reason,
            clause: (action == Action::Notify).then(|| "Art. 19".to_owned()),
            source,
            path,
            item: None,
            place: None,
            tier: None,
            is_copy: false,
            n_within: 0,
            file: None,
        });
    };
    let names = |file: &PlannedFile| {
        files.iter().filter(|other| other.facts.is_same_file(&file.facts)).count() as u64
    };
    for file in files.iter().filter(|file| file.facts.n_links > names(file)) {
        let n = file.facts.n_links - names(file);
        let reason = format!(
            "the file has {n} other {} (hard links) that the plan does not reach: what it held stays \
             there; find them by inode {}",
            if n == 1 { "name" } else { "names" },
            file.facts.inode
        );
        duty(Action::ForPerson, reason, Some(file.source.clone()), Some(file.path.clone()));
    }
    let mut told = BTreeSet::new();
    for copy in copies.iter().filter(|copy| copy.file.is_some()) {
        let Some(rule) = rules.source(&copy.occurrence.source) else { continue };
        for recipient in &rule.recipients {
            if told.insert((rule.activity.clone(), recipient.clone())) {
                let reason = format!(
                    "tell {recipient} that records of the activity \"{}\" are erased, unless they never \
                     had them",
                    rule.activity
                );
                duty(Action::Notify, reason, None, None);
            }
        }
    }
}

/// Notes the person's identifiers, and what stays of them on purpose or is not about them.
fn leave(
    case: &Case,
    means: &Means<'_>,
    seal: &Seal,
    copies: &[Copy<'_>],
    steps: &[Step],
    nobody: &[&Finding],
    watched: &mut Watched,
) -> Result<(), Error> {
    for (_, lookup) in Question::stated_lookups(&case.request.subject) {
        if let Lookup::Id(term) = lookup {
            watched.ids.insert(seal.id(&term));
        }
    }
    for finding in nobody {
        for place in means.estate.occurrences(&finding.item)? {
            left(means, seal, finding, &place, 0, watched)?;
        }
    }
    for (copy, step) in copies.iter().zip(steps).filter(|(copy, _)| copy.file.is_none()) {
        left(means, seal, copy.finding, &copy.occurrence, step.number, watched)?;
    }
    weighed(case, means, seal, copies, watched)
}

/// Notes what some form of an identifier brings and no finding is about: it was weighed, and is not the
/// person's. In a smaller estate it may weigh more, and is known all the same.
fn weighed(
    case: &Case,
    means: &Means<'_>,
    seal: &Seal,
    copies: &[Copy<'_>],
    watched: &mut Watched,
) -> Result<(), Error> {
    let question = Question::new(&case.request.subject).map_err(|problem| {
        habeas_case::Error::Unsearchable { case: case.id.to_string(), problem }
    })?;
    for passage in means.estate.passages(&question.lookups())? {
        for place in means.estate.occurrences(&passage.item)? {
            let goes = copies.iter().filter(|copy| copy.file.is_some()).any(|copy| {
                copy.occurrence.file == place.file
                    && is_within(&place.path, &copy.occurrence.path)
                    && (place.path != copy.occurrence.path
                        || !passage.passage.is_record
                        || copy.finding.place == passage.passage.place
                        || copy.is_whole)
            });
            if !goes {
                let digest = seal.left(&place.source, &place.path, &passage.passage);
                watched.left.entry(digest).or_insert(0);
            }
        }
    }
    Ok(())
}

fn left(
    means: &Means<'_>,
    seal: &Seal,
    finding: &Finding,
    place: &Occurrence,
    step: u32,
    watched: &mut Watched,
) -> Result<(), Error> {
    for passage in means.estate.passages_of(&finding.item)? {
        if finding.passages.contains(&passage.number) {
            let digest = seal.left(&place.source, &place.path, &passage.passage);
            watched.left.insert(digest, step);
        }
    }
    Ok(())
}
