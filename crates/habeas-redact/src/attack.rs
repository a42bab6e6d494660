//! Is anything that was taken out still there? Asked of every file that is to leave.

use std::collections::{BTreeMap, BTreeSet};

use habeas_document::{Budget, read_family};
use habeas_model::{Hidden, Kind, Part, Reason};

use crate::allow::Allowed;
use crate::draw::{Drawn, Records, Row};
use crate::fold::squeezed;
use crate::search::{Folds, Searcher};
use crate::secrets::Scope;
use crate::views::Views;
use crate::{Error, pdf};

pub(crate) mod counts;
mod fonts;
mod hygiene;
mod lines;
mod look;
mod masks;
mod metrics;
mod office;
mod page;
mod pages;
mod seen;
mod twins;
mod widths;

pub use counts::labels as labels_in;
pub use look::Look;
pub(crate) use look::is_near;
pub use seen::Grey;
pub use twins::{Twin, Twins, twins};

/// What an attack may use beside the file.
#[derive(Clone, Copy, Default)]
pub struct Means<'a> {
    /// Reads a picture of a page, where a recogniser of text is installed.
    pub look: Option<Look<'a>>,
    /// Look at every page, not only at those that may say something that their text does not: it
    /// takes seconds a page.
    pub looks_at_all: bool,
    /// What the recogniser is, such as `tesseract 5.3.0, eng`.
    pub looks_with: Option<&'a str>,
    /// Whose label has which number, to compare the room beside it with names. Internal.
    pub people: Option<&'a BTreeMap<String, String>>,
}

/// Something that was taken out and is still there. It does not say what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// What kind of thing it is.
    pub kind: Kind,
    /// How it can be read, such as `base64 in text` or `the pages, second reading`.
    pub way: String,
}

/// What an attack on a file brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attack {
    /// In how many ways the file was read.
    pub n_readings: u64,
    /// How many bytes of text that gave.
    pub n_bytes: u64,
    /// What is still there.
    pub leaks: Vec<Leak>,
    /// What a file of ours never holds: scripts, attachments, an earlier revision, unseen text.
    pub hygiene: Vec<String>,
    /// What widths, places and masks tell.
    pub tells: Vec<String>,
    /// What could not be checked. A file with an entry here is not proved.
    pub unchecked: Vec<String>,
    /// Pages that were drawn, and compared with what can be read.
    pub n_pages: u64,
    /// Pages that were looked at by a recogniser of text.
    pub n_looked: u64,
    /// Pages that hold pictures or drawings and were not looked at, because there is no recogniser.
    pub n_unlooked: u64,
    /// Labels whose boxes and lines were measured.
    pub n_measured: u64,
    /// How often each label stands on the pages.
    pub labels: BTreeMap<String, usize>,
    /// The widths of the boxes of each kind of label, by its letters and size in tenths of a point,
    /// in hundredths of a point.
    pub boxes: BTreeMap<(String, i64), BTreeSet<i64>>,
    /// What the pages say, if it is a PDF.
    pub text: String,
}

impl Attack {
    /// Did the file withstand?
    pub fn is_clean(&self) -> bool {
        self.leaks.is_empty()
            && self.hygiene.is_empty()
            && self.tells.is_empty()
            && self.unchecked.is_empty()
    }
}

/// Attacks a file: reads it in every way we know and looks for everything that was taken out.
///
/// `name` is the file's name; it is looked at too. Only secrets that speak everywhere count here.
pub fn attack(name: &str, bytes: &[u8], searchers: &[&Searcher], means: &Means<'_>) -> Attack {
    attack_allowing(name, bytes, searchers, &Allowed::NONE, means)
}

/// The same for a file in which somebody is shown who is taken out elsewhere: each reading may hold
/// them as often as is allowed, and no more.
pub fn attack_allowing(
    name: &str,
    bytes: &[u8],
    searchers: &[&Searcher],
    allowed: &Allowed,
    means: &Means<'_>,
) -> Attack {
    let (attack, mut readings) =
        attacked(name, bytes, searchers, &|way| allowed_in(way, allowed), means);
    let text = if readings.is_empty() { String::new() } else { readings.swap_remove(0) };
    Attack { text, ..attack }
}

/// Nothing is allowed in a file's name.
fn allowed_in(way: &str, allowed: &Allowed) -> Allowed {
    if way == NAME { Allowed::NONE } else { allowed.clone() }
}

/// How the reading of a file's name is called.
const NAME: &str = "the file's name";

/// The attack, and what the two readings of the pages say.
fn attacked(
    name: &str,
    bytes: &[u8],
    searchers: &[&Searcher],
    allowed: &dyn Fn(&str) -> Allowed,
    means: &Means<'_>,
) -> (Attack, Vec<String>) {
    let mut readings = Vec::new();
    let mut views = Views::default();
    views.push(NAME, name.to_owned());
    let mut attack = Attack::default();
    if bytes.starts_with(b"%PDF") {
        pdf::read(bytes, &mut views);
        readings.extend(
            views.views.iter().find(|view| view.way == pdf::PAGES).map(|view| view.text.clone()),
        );
        attack.hygiene = hygiene::hygiene(bytes);
        let second = read_again("exhibit.pdf", bytes);
        attack.hygiene.extend(second.unseen);
        views.trouble.extend(second.trouble);
        if second.text.trim().is_empty() {
            views.trouble.push("second reading: nothing".to_owned());
        } else {
            readings.push(second.text.clone());
            views.push("the pages, second reading", second.text);
        }
        pages::check(bytes, searchers, means, &mut attack, &mut views.trouble);
    } else if let Some(found) = office::hygiene(bytes) {
        attack.hygiene = found;
        let second = read_again(name, bytes);
        views.push("the file, second reading", second.text);
    }
    views.read("the bytes", bytes, 0);
    attack.n_readings = views.views.len() as u64;
    attack.n_bytes = views.n_bytes;
    attack.unchecked = views.trouble;
    for view in &views.views {
        let mut add = |kind: Kind, way: String| {
            let leak = Leak { kind, way };
            if !attack.leaks.contains(&leak) {
                attack.leaks.push(leak);
            }
        };
        let folds = Folds::new(&view.text);
        for found in allowed(&view.way).beyond_in(&folds, &view.text, searchers) {
            add(found.kind, view.way.clone());
        }
        for searcher in searchers {
            for kind in searcher.disguised(&folds) {
                add(kind, format!("{}, in disguise", view.way));
            }
            for kind in searcher.disguised(&folds) {
                add(kind, format!("{}, in disguise", view.way));
            }
        }
    }
    let names: BTreeSet<String> =
        searchers.iter().flat_map(|searcher| searcher.names_of(None).map(str::to_owned)).collect();
    let shown = readings
        .first()
        .or_else(|| views.views.iter().find(|view| view.way == "the bytes").map(|view| &view.text));
    if let Some(told) = shown.and_then(|text| masks::told(text, &names)) {
        attack.tells.push(told.to_owned());
    }
    if let Some(second) = readings.get(1) {
        attack.labels = counts::labels(second);
    }
    (attack, readings)
}

/// A file as Habeas reads what it is given: a PDF by hayro, which shares nothing with the writer.
struct Reading {
    text: String,
    trouble: Option<String>,
    unseen: Option<String>,
}

fn read_again(name: &str, bytes: &[u8]) -> Reading {
    let mut reading = Reading { text: String::new(), trouble: None, unseen: None };
    read_family(name, bytes, &Budget::default(), &mut |member| {
        for passage in &member.document.passages {
            if matches!(passage.hidden, Some(Hidden::Invisible | Hidden::Covered)) {
                let place = format!("{} {}", passage.place.kind, passage.place.number);
                reading.unseen = Some(format!("text that nobody sees ({place})"));
            }
        }
        for passage in &member.document.passages {
            // The captions of properties are the reader's words, and none of the file's.
            let is_captioned = passage.part == Part::Properties;
            for line in passage.text.lines() {
                let value = line.split_once(": ").map(|(_, value)| value);
                reading.text.push_str(value.filter(|_| is_captioned).unwrap_or(line));
                reading.text.push('\n');
            }
            reading.text.push('\n');
        }
        // That a page should be looked at is no trouble: it is, where that is possible.
        let troubles = member.document.exceptions.iter();
        if let Some(exception) = troubles.clone().find(|e| e.reason != Reason::NoText) {
            reading.trouble = Some(format!("second reading: {}", exception.reason));
        }
    });
    reading
}

/// An exhibit that was read back and attacked: the only kind that can leave.
#[derive(Clone, Debug)]
pub struct Redacted {
    bytes: Vec<u8>,
    n_pages: u32,
    text: String,
    table: Option<Records>,
    rows: Vec<Row>,
    allowed: Allowed,
    checks: Checks,
}

/// What was checked of an exhibit, for the certificate. Figures only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Checks {
    /// Labels that stand in it, counted one by one in both readings.
    pub n_labels: u64,
    /// Ways in which it was read back.
    pub n_readings: u64,
    /// Writings of things taken out that each reading was searched for.
    pub n_secrets: u64,
    /// Bytes of text searched.
    pub n_bytes: u64,
    /// Pages that were drawn, and compared with what can be read.
    #[serde(default)]
    pub n_pages: u64,
    /// Pages that a recogniser of text looked at.
    #[serde(default)]
    pub n_looked: u64,
    /// Pages with pictures or drawings that nobody could look at.
    #[serde(default)]
    pub n_unlooked: u64,
    /// Labels whose boxes and lines were measured.
    #[serde(default)]
    pub n_measured: u64,
}

impl Redacted {
    /// The PDF file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its pages.
    pub fn n_pages(&self) -> u32 {
        self.n_pages
    }

    /// What it says, labels included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its records as data, if it has any.
    pub fn table(&self) -> Option<&Records> {
        self.table.as_ref()
    }

    /// Everything in it that was taken out or shown, in the order in which it stands: as many that
    /// were taken out as it has labels.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How often it may hold what was taken out elsewhere, because it is shown here. Internal.
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// What was checked.
    pub fn checks(&self) -> Checks {
        self.checks
    }
}

impl Drawn {
    /// How many pages it has.
    pub fn n_pages(&self) -> u32 {
        self.pdf.n_pages
    }

    /// Reads the exhibit back by other means and attacks it.
    ///
    /// `searchers` look for the exhibit's own secrets and for those that speak everywhere.
    ///
    /// # Errors
    /// If anything is still there, anything is missing that should be there, or anything could
    /// not be checked. The exhibit is then gone: in doubt it does not leave.
    pub fn prove(self, searchers: &[&Searcher], means: &Means<'_>) -> Result<Redacted, Error> {
        let name = format!("{}.pdf", self.prefix);
        let allowed = Allowed::of_drawn(&self.text, &self.shown, &self.people, searchers)
            .map_err(|found| Error::Leak { n: found.len(), way: "what was drawn".into() })?;
        let (attack, readings) =
            attacked(&name, &self.pdf.bytes, searchers, &|way| allowed_in(way, &allowed), means);
        if let Some(first) = attack.leaks.first() {
            return Err(Error::Leak { n: attack.leaks.len(), way: first.way.clone() });
        }
        let reasons = [&attack.unchecked, &attack.hygiene, &attack.tells];
        if let Some(reason) = reasons.into_iter().flatten().next() {
            return Err(Error::Unproved(reason.clone()));
        }
        let [first, second] = readings.as_slice() else {
            return Err(Error::Unproved("it could not be read back twice".into()));
        };
        let n_kept = n_here(searchers, &self.text);
        let n_letters = squeezed(&self.text).text.len();
        let labels = counts::labels(&self.text);
        if labels.values().sum::<usize>() < self.n_labels {
            return Err(Error::Unproved("it holds fewer labels than were set".into()));
        }
        for (reading, text) in [("first", first), ("second", second)] {
            if n_here(searchers, text) > n_kept {
                let way = format!("the pages, {reading} reading");
                return Err(Error::Leak { n: n_here(searchers, text) - n_kept, way });
            }
            let (n_missing, n_more) = counts::differ(&labels, &counts::labels(text));
            if n_missing + n_more > 0 {
                let what = format!("{n_missing} labels are missing, {n_more} too many");
                return Err(Error::Unproved(format!("{reading} reading: {what}")));
            }
            let n_read = squeezed(text).text.len();
            if n_read + self.n_again < n_letters {
                let what = format!("{n_read} of {n_letters} letters are there");
                return Err(Error::Unproved(format!("{reading} reading: text is missing; {what}")));
            }
        }
        let checks = Checks {
            n_labels: self.n_labels as u64,
            n_readings: attack.n_readings,
            n_secrets: searchers.iter().map(|searcher| searcher.n_secrets() as u64).sum(),
            n_bytes: attack.n_bytes,
            n_pages: attack.n_pages,
            n_looked: attack.n_looked,
            n_unlooked: attack.n_unlooked,
            n_measured: attack.n_measured,
        };
        Ok(Redacted {
            bytes: self.pdf.bytes,
            n_pages: self.pdf.n_pages,
            text: self.text,
            table: self.table,
            rows: self.rows,
            allowed,
            checks,
        })
    }
}

/// How often parts of names stand in a text. Those that were meant to stay are in the text that was
/// released, so what is read back may hold as many, and no more.
fn n_here(searchers: &[&Searcher], text: &str) -> usize {
    let found = searchers.iter().flat_map(|searcher| searcher.find(text));
    found.filter(|found| found.scope == Scope::Here).count()
}

#[cfg(test)]
mod tests;
