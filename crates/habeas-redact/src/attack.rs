//! Is anything that was taken out still there? Asked of every file that is to leave.

use habeas_document::{Budget, read_family};
use habeas_model::Kind;

use crate::allow::Allowed;
use crate::draw::{Drawn, Records, Row};
use crate::fold::squeezed;
use crate::search::Searcher;
use crate::secrets::Scope;
use crate::views::Views;
use crate::{Error, pdf};

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
    /// What a file of ours never holds: scripts, attachments, an earlier revision.
    pub hygiene: Vec<String>,
    /// What could not be checked. A file with an entry here is not proved.
    pub unchecked: Vec<String>,
}

impl Attack {
    /// Did the file withstand?
    pub fn is_clean(&self) -> bool {
        self.leaks.is_empty() && self.hygiene.is_empty() && self.unchecked.is_empty()
    }
}

/// Attacks a file: reads it in every way we know and looks for everything that was taken out.
///
/// `name` is the file's name; it is looked at too. Only secrets that speak everywhere count here.
pub fn attack(name: &str, bytes: &[u8], searchers: &[&Searcher]) -> Attack {
    attacked(name, bytes, searchers, &|_| Allowed::NONE).0
}

/// The same for a file in which somebody is shown who is taken out elsewhere: each reading may hold
/// them as often as is allowed, and no more.
pub fn attack_allowing(
    name: &str,
    bytes: &[u8],
    searchers: &[&Searcher],
    allowed: &Allowed,
) -> Attack {
    attacked(name, bytes, searchers, &|way| allowed_in(way, allowed)).0
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
        attack.hygiene = pdf::hygiene(bytes);
        match second_reading(bytes) {
            Ok(text) => {
                readings.push(text.clone());
                views.push("the pages, second reading", text);
            }
            Err(reason) => views.trouble.push(reason),
        }
    }
    views.read("the bytes", bytes, 0);
    attack.n_readings = views.views.len() as u64;
    attack.n_bytes = views.n_bytes;
    attack.unchecked = views.trouble;
    for view in &views.views {
        for found in allowed(&view.way).beyond(&view.text, searchers) {
            let leak = Leak { kind: found.kind, way: view.way.clone() };
            if !attack.leaks.contains(&leak) {
                attack.leaks.push(leak);
            }
        }
    }
    (attack, readings)
}

/// The text of a PDF as Habeas reads what it is given: by hayro, which shares nothing with the
/// writer.
fn second_reading(bytes: &[u8]) -> Result<String, String> {
    let mut text = String::new();
    let mut trouble = None;
    read_family("exhibit.pdf", bytes, &Budget::default(), &mut |member| {
        text.push_str(&member.document.text());
        text.push('\n');
        if let Some(exception) = member.document.exceptions.first() {
            trouble = Some(format!("second reading: {}", exception.reason));
        }
    });
    match trouble {
        Some(trouble) => Err(trouble),
        None if text.trim().is_empty() => Err("second reading: nothing".to_owned()),
        None => Ok(text),
    }
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
    /// Labels that stand in it.
    pub n_labels: u64,
    /// Ways in which it was read back.
    pub n_readings: u64,
    /// Writings of things taken out that each reading was searched for.
    pub n_secrets: u64,
    /// Bytes of text searched.
    pub n_bytes: u64,
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

    /// Reads the exhibit back by two other means and attacks it.
    ///
    /// `searchers` look for the exhibit's own secrets and for those that speak everywhere.
    ///
    /// # Errors
    /// If anything is still there, anything is missing that should be there, or anything could
    /// not be checked. The exhibit is then gone: in doubt it does not leave.
    pub fn prove(self, searchers: &[&Searcher]) -> Result<Redacted, Error> {
        let name = format!("{}.pdf", self.prefix);
        let allowed = Allowed::of_drawn(&self.text, &self.shown, &self.people, searchers)
            .map_err(|found| Error::Leak { n: found.len(), way: "what was drawn".into() })?;
        let (attack, readings) =
            attacked(&name, &self.pdf.bytes, searchers, &|way| allowed_in(way, &allowed));
        if let Some(first) = attack.leaks.first() {
            return Err(Error::Leak { n: attack.leaks.len(), way: first.way.clone() });
        }
        if let Some(reason) = attack.unchecked.first().or(attack.hygiene.first()) {
            return Err(Error::Unproved(reason.clone()));
        }
        let [first, second] = readings.as_slice() else {
            return Err(Error::Unproved("it could not be read back twice".into()));
        };
        let n_kept = n_here(searchers, &self.text);
        let n_letters = squeezed(&self.text).text.len();
        for (reading, text) in [("first", first), ("second", second)] {
            if n_here(searchers, text) > n_kept {
                let way = format!("the pages, {reading} reading");
                return Err(Error::Leak { n: n_here(searchers, text) - n_kept, way });
            }
            let n_labels = text.matches("[TP").count();
            if n_labels < self.n_labels {
                let n = self.n_labels - n_labels;
                return Err(Error::Unproved(format!("{reading} reading: {n} labels are missing")));
            }
            if squeezed(text).text.len() < n_letters {
                return Err(Error::Unproved(format!("{reading} reading: text is missing")));
            }
        }
        let checks = Checks {
            n_labels: self.n_labels as u64,
            n_readings: attack.n_readings,
            n_secrets: searchers.iter().map(|searcher| searcher.n_secrets() as u64).sum(),
            n_bytes: attack.n_bytes,
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
