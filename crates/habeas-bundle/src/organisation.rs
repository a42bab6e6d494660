//! Who answers, and what the organisation says of its use of data.

use habeas_model::SourceName;

/// The organisation that answers, as its configuration says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    /// Who answers.
    pub controller: Controller,
    /// Why personal data is held.
    pub activities: Vec<Activity>,
    /// What a person would call the sources.
    pub sources: Vec<SourceTitle>,
}

/// Who answers: these lines stand in every letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Controller {
    /// The organisation's name.
    pub name: String,
    /// Its postal address, a line each.
    pub address: Vec<String>,
    /// Where a person writes about their data.
    pub contact: String,
    /// E-mail address of the contact.
    pub email: String,
    /// Telephone number of the contact.
    pub phone: String,
    /// Where a person complains to the organisation itself.
    pub complaints: String,
}

/// Why personal data is held: what Art. 15(1) asks to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Its name, to which sources refer.
    pub name: String,
    /// Art. 15(1)(a).
    pub purposes: Vec<String>,
    /// Art. 15(1)(b).
    pub categories: Vec<String>,
    /// Art. 15(1)(c).
    pub recipients: Vec<String>,
    /// Art. 15(1)(d).
    pub retention: String,
    /// Art. 15(1)(g).
    pub origin: String,
    /// Art. 15(2); empty means none.
    pub transfers: Vec<String>,
    /// Art. 15(1)(h); empty means none.
    pub automated: String,
}

/// What a person would call a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceTitle {
    /// Its name in the configuration.
    pub name: SourceName,
    /// Its title; its name if empty.
    pub title: String,
    /// Who keeps it.
    pub custodian: String,
    /// The activity it belongs to.
    pub activity: String,
}

impl Organisation {
    /// What to call a source in the answer.
    pub(crate) fn title(&self, name: &SourceName) -> String {
        let source = self.sources.iter().find(|source| source.name == *name);
        match source {
            Some(source) if !source.title.trim().is_empty() => source.title.clone(),
            _ => name.to_string(),
        }
    }
}
