//! P7: do medical documents lie where only those may read who treat?

use habeas_model::{Card, Kind, SourceName};

use super::findings::{Findings, Spot};
use super::seen::{Seen, Where};
use super::{Around, Check, Probe, Promise, Severity, Started};
use crate::SourceRights;
use crate::taxonomy::Told;

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "restricted",
        version: 1,
        summary: "P7: access to medical records is restricted; documents with several terms of health beside a person lie in restricted places (`except`), and these are closed to other groups",
        handles: &["except", "sources", "groups", "taxonomies (health)", "at_least (3)"],
        authority: "UK GDPR Art. 5(1)(f) and 32(1)(b)",
    },
    start,
};

fn start<'a>(promise: &'a Promise, around: &Around<'a>) -> Started<'a> {
    Ok(Box::new(Restricted {
        promise,
        sources: promise.sources(),
        restricted: promise.needed("except", &promise.except)?,
        taxonomies: promise.taxonomies(&["health"])?,
        at_least: promise.at_least.unwrap_or(3),
        rights: around.rights,
        n_terms: 0,
        names_somebody: false,
    }))
}

struct Restricted<'a> {
    promise: &'a Promise,
    sources: Where,
    restricted: Where,
    taxonomies: Vec<usize>,
    at_least: u32,
    rights: &'a SourceRights,
    /// Of the item going past.
    n_terms: u32,
    names_somebody: bool,
}

impl Probe for Restricted<'_> {
    fn see(&mut self, seen: &Seen<'_>, out: &mut Findings<'_>) {
        if seen.is_first {
            (self.n_terms, self.names_somebody) = (0, false);
        }
        for (indexed, told) in seen.passages() {
            let names = indexed
                .hits
                .iter()
                .any(|hit| matches!(hit.kind, Kind::Name | Kind::NhsNumber | Kind::BirthDate));
            if indexed.passage.is_record && !seen.is_message() {
                // Rows are about different people: each is a document of its own.
                self.judge(seen, told, names, Some(indexed), out);
            } else {
                self.n_terms += self.counted(told);
                self.names_somebody |= names;
            }
        }
        if seen.is_last && self.names_somebody && self.n_terms >= self.at_least {
            self.tell(seen, None, out);
        }
    }

    fn end(&mut self, out: &mut Findings<'_>) {
        for (source, folders) in self.rights {
            let Ok(folders) = folders else { continue };
            for (folder, access) in folders {
                self.judge_folder(source, folder, access, out);
            }
        }
    }
}

impl Restricted<'_> {
    fn counted(&self, told: Told) -> u32 {
        if told.has_any(&self.taxonomies) { told.n_words } else { 0 }
    }

    fn judge(
        &self,
        seen: &Seen<'_>,
        told: Told,
        names: bool,
        indexed: Option<&habeas_model::Indexed>,
        out: &mut Findings<'_>,
    ) {
        if names && self.counted(told) >= self.at_least {
            self.tell(seen, indexed, out);
        }
    }

    fn tell(
        &self,
        seen: &Seen<'_>,
        indexed: Option<&habeas_model::Indexed>,
        out: &mut Findings<'_>,
    ) {
        for seat in seen.seats(&self.sources).filter(|seat| !self.restricted.has(seat)) {
            out.push(
                Severity::Medium,
                seat,
                indexed.map(|it| &it.passage.place),
                "a medical document lies outside the restricted places",
                "move it to the patient's record, and take it out of here",
            );
        }
    }

    fn judge_folder(
        &self,
        source: &SourceName,
        folder: &str,
        access: &crate::Access,
        out: &mut Findings<'_>,
    ) {
        // A pattern is one of files, so a folder is asked as the place of one.
        let inside = if folder.is_empty() { "x".to_owned() } else { format!("{folder}/x") };
        if !self.restricted.has_path(source, &inside) {
            return;
        }
        let path = if folder.is_empty() { "." } else { folder };
        let spot = Spot {
            source: source.clone(),
            path: habeas_model::ItemPath::file(path.as_bytes()),
            place: None,
        };
        if access.for_everybody > 0 {
            out.push_at(
                Severity::High,
                Some(&spot),
                format!(
                    "every account of the machine may read {} of its files",
                    access.for_everybody
                ),
                "close the files or the folder to others",
            );
        }
        for (group, n) in &access.groups {
            if !self.promise.groups.iter().any(|allowed| allowed == group) {
                out.push_at(
                    Severity::Medium,
                    Some(&spot),
                    format!("group `{group}` may read {n} of its files, and is not one of those that treat"),
                    "give the files to a group of those who treat, or name the group in the promise",
                );
            }
        }
    }
}
