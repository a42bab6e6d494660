//! What does the organisation declare: who it is, what it keeps where, and why?

use habeas_model::SourceName;
use serde::{Deserialize, Serialize};

use crate::Period;

/// What `habeas.toml` says, as far as an account needs it.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Who answers.
    pub controller: Contact,
    /// Places that are searched, in the order of the configuration.
    pub stores: Vec<Store>,
    /// Why personal data is held, in the order of the configuration.
    pub activities: Vec<Activity>,
    /// The organisation's mail domains, lower case.
    pub own_domains: Vec<String>,
    /// What lies beside the sources and is in none of them.
    pub beside: Vec<Beside>,
}

/// A folder in which all stores should be, and what in it no source covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The folder, as the configuration writes it.
    pub root: String,
    /// Names of folders and files directly in it that no source covers; a sentence, if it cannot be
    /// listed.
    pub names: Result<Vec<String>, String>,
}

/// Who answers, and how to reach them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The controller's name.
    pub name: String,
    /// Its postal address, a line each.
    pub address: Vec<String>,
    /// Where a person writes about their data.
    pub contact: String,
    /// That one's e-mail address.
    pub email: String,
    /// That one's telephone number.
    pub phone: String,
}

/// A source, as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Its name.
    pub name: SourceName,
    /// What a person would call it; may be empty.
    pub title: String,
    /// Who keeps it; may be empty.
    pub custodian: String,
    /// The activity that it belongs to; may be empty, or the name of none.
    pub activity: String,
}

impl Store {
    /// What a person would call it.
    pub fn title(&self) -> &str {
        if self.title.is_empty() { self.name.as_str() } else { &self.title }
    }
}

/// An activity for which personal data is held. Every text may be empty.
///
/// # Source
/// UK GDPR Art. 30(1); ICO, record of processing activities, template for controllers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Its name, by which sources refer to it.
    pub name: String,
    /// What for.
    pub purposes: Vec<String>,
    /// Whose data, such as `patients`.
    pub subjects: Vec<String>,
    /// Which data.
    pub categories: Vec<String>,
    /// Special categories that are expected, by the names of the taxonomies.
    pub special: Vec<String>,
    /// To whom it is disclosed.
    pub recipients: Vec<String>,
    /// Countries outside the United Kingdom, each with its safeguard behind a colon.
    pub transfers: Vec<String>,
    /// How long it is kept, in words.
    pub retention: String,
    /// How long it is kept, as a period such as `8 years`, if it can be said so.
    pub keep: String,
    /// The lawful basis of Art. 6.
    pub basis: String,
    /// The condition of Art. 9, where special categories are expected.
    pub condition: String,
    /// Security measures, in general terms.
    pub security: String,
    /// Where the data comes from.
    pub origin: String,
    /// Decisions by machine alone.
    pub automated: String,
}

impl Activity {
    /// The period for which it is kept: `None` if none is declared.
    ///
    /// # Errors
    /// A sentence, if it is no period.
    pub fn period(&self) -> Result<Option<Period>, String> {
        if self.keep.is_empty() { Ok(None) } else { Period::parse(&self.keep).map(Some) }
    }
}

impl Declared {
    /// The store of that source.
    pub fn store(&self, name: &SourceName) -> Option<&Store> {
        self.stores.iter().find(|store| store.name == *name)
    }

    /// The activity of that source.
    pub fn activity_of(&self, name: &SourceName) -> Option<&Activity> {
        let store = self.store(name)?;
        self.activities.iter().find(|activity| activity.name == store.activity)
    }

    /// What a person would call that source.
    pub fn title<'a>(&'a self, name: &'a SourceName) -> &'a str {
        self.store(name).map_or(name.as_str(), Store::title)
    }

    /// Is it an address of the organisation itself? Its sub-domains count.
    pub fn is_own(&self, email: &str) -> bool {
        email
            .rsplit_once('@')
            .is_some_and(|(_, domain)| self.own_domains.iter().any(|own| is_within(domain, own)))
    }
}

/// Is a mail domain that one or below it?
pub(crate) fn is_within(domain: &str, own: &str) -> bool {
    domain.strip_suffix(own).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}
