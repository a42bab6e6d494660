//! How does an event come into the ledger? Checked first, whole or not at all.

use habeas_law::Deadline;
use habeas_model::{Decision, Entry, Event, Happening, Personal};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::allowed::allowed;
use crate::gates::folded;
use crate::{Case, Error, History, Recorded, Rules, blocks};

/// How an answer leaves.
#[derive(Clone, Debug)]
pub struct Release {
    /// How it is sent.
    pub method: Personal<String>,
    /// How the address was checked.
    pub address_check: Personal<String>,
    /// How the secret that opens it travels.
    pub secret_channel: Personal<String>,
    /// The day it leaves.
    pub on: Date,
    /// Who sends it.
    pub by: String,
    /// When that is written down.
    pub at: Timestamp,
}

impl Case {
    /// Every event, oldest first.
    ///
    /// # Errors
    /// If the ledger cannot be read or was changed.
    pub fn events(&self) -> Result<Vec<Event>, Error> {
        let ledger = self.ledger()?;
        Ok(ledger.records().iter().filter_map(|record| record.decision.event().cloned()).collect())
    }

    /// What the events come to.
    ///
    /// # Errors
    /// As [`Case::events`].
    pub fn history(&self) -> Result<History, Error> {
        Ok(History::of(&self.request, &self.events()?))
    }

    /// When the answer is due, by the request and all its events.
    ///
    /// # Errors
    /// As [`Case::events`].
    pub fn deadline(&self) -> Result<Deadline, Error> {
        Ok(habeas_law::due(&self.history()?.timeline(&self.request)))
    }

    /// Adds events to the ledger, all or none. A release is none of them: [`Case::release`] does that.
    ///
    /// # Errors
    /// If one cannot follow what happened before it, with a sentence; or if the ledger was changed or
    /// cannot be written. Nothing is written then.
    pub fn record(&self, events: &[Event], today: Date) -> Result<Vec<Recorded>, Error> {
        self.decide_with(&[], events, today)
    }

    /// Adds decisions on findings together with events, such as the answers to what an exemption asks:
    /// all or none.
    ///
    /// # Errors
    /// As [`Case::decide`] and [`Case::record`].
    pub fn decide_with(
        &self,
        decisions: &[Decision],
        events: &[Event],
        today: Date,
    ) -> Result<Vec<Recorded>, Error> {
        if !decisions.is_empty() {
            self.check_decisions(decisions)?;
        }
        self.check_events(events, today)?;
        let mut entries: Vec<Entry> = decisions.iter().cloned().map(Entry::from).collect();
        entries.extend(events.iter().cloned().map(Entry::from));
        self.ledger()?.append(&entries)
    }

    /// Refuses events that cannot follow what happened before them.
    ///
    /// # Errors
    /// A sentence that says what does not fit.
    pub fn check_events(&self, events: &[Event], today: Date) -> Result<(), Error> {
        let refuse = |problem: String| Error::NotAllowed { case: self.id.to_string(), problem };
        let mut history = self.history()?;
        for event in events {
            allowed(&self.request, &history, event, today).map_err(refuse)?;
            match &event.event {
                Happening::Released { .. } => {
                    return Err(refuse("a release goes through its gates".to_owned()));
                }
                Happening::Approved { manifest_sha256, .. } => {
                    self.check_approval(manifest_sha256, &event.by)?;
                }
                Happening::ThirdParty(record) => {
                    let people = self.people()?;
                    if !people.iter().any(|person| person.number == record.person) {
                        return Err(Error::NoSuchPerson(self.id.to_string()));
                    }
                }
                _ => {}
            }
            history.add(event);
        }
        Ok(())
    }

    fn check_approval(&self, manifest: &str, by: &str) -> Result<(), Error> {
        let refuse = |problem: &str| {
            Err(Error::NotAllowed { case: self.id.to_string(), problem: problem.to_owned() })
        };
        let dossier = self.dossier()?;
        match &dossier.bundled {
            None => refuse("there is no bundle to agree to; write one with `habeas bundle`"),
            Some((_, bundled)) if bundled.manifest_sha256 != manifest => {
                refuse("another bundle was written since; look at that one")
            }
            Some(_) if dossier.preparers().contains(&folded(by)) => refuse(
                "whoever prepared a bundle cannot be the one who agrees to it: somebody else looks at it \
                 and says so under their own name",
            ),
            Some(_) => Ok(()),
        }
    }

    /// Records that the answer left, if nothing stands in the way.
    ///
    /// `rules.seen` says what was seen of the bundle: it has to have been verified.
    ///
    /// # Errors
    /// [`Error::Blocked`] with everything that stands in the way; or if the release cannot follow what
    /// happened before, or the ledger was changed or cannot be written. Nothing is written then.
    pub fn release(&self, rules: &Rules, release: &Release) -> Result<Vec<Recorded>, Error> {
        let dossier = self.dossier()?;
        let mut blocks = blocks(&dossier, rules);
        if blocks.is_empty() && !matches!(rules.seen, crate::Seen::Verified(_)) {
            blocks.push(crate::Block {
                gate: crate::Gate::Verify,
                what: "the bundle has not been verified".to_owned(),
                clears: format!("habeas release {}", self.id),
                cites: String::new(),
            });
        }
        if !blocks.is_empty() {
            return Err(Error::Blocked { case: self.id.to_string(), blocks });
        }
        let manifest = dossier.bundled.map(|(_, bundled)| bundled.manifest_sha256);
        let event = Event {
            event: Happening::Released {
                manifest_sha256: manifest.unwrap_or_default(),
                method: release.method.clone(),
                address_check: release.address_check.clone(),
                secret_channel: release.secret_channel.clone(),
            },
            on: release.on,
            by: release.by.clone(),
            at: release.at,
        };
        let refuse = |problem: String| Error::NotAllowed { case: self.id.to_string(), problem };
        allowed(&self.request, &dossier.history, &event, rules.today).map_err(refuse)?;
        self.ledger()?.append(&[Entry::from(event)])
    }
}
