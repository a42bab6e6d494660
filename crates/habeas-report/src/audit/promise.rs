//! What does a promise say to its check?

use habeas_model::Kind;
use serde::Deserialize;

use super::seen::Where;
use crate::Period;

/// The keys of a `[[promise]]`. Each check uses some; its card says which.
///
/// Places are written `SOURCE`, or `SOURCE:PATTERN` with a pattern of paths in it, such as `mail:dpo/**`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Promise {
    /// The name of the check.
    pub check: String,
    /// What was promised, in a few words of the organisation's own.
    pub promise: String,
    /// Where it stands in the notice.
    pub notice: String,
    /// Where to look; by default everywhere.
    pub sources: Vec<String>,
    /// Where it may be.
    pub except: Vec<String>,
    /// Where mailing lists lie.
    pub lists: Vec<String>,
    /// Where consents are logged.
    pub log: Vec<String>,
    /// Taxonomies of terms.
    pub taxonomies: Vec<String>,
    /// Addresses that send marketing.
    pub senders: Vec<String>,
    /// Columns that hold when somebody unsubscribed, in any brand.
    pub unsubscribed: Vec<String>,
    /// Columns that hold when somebody agreed.
    pub agreed: Vec<String>,
    /// Columns that hold whether somebody agreed.
    pub status: Vec<String>,
    /// Values of these that mean yes.
    pub yes: Vec<String>,
    /// Words to look for.
    pub words: Vec<String>,
    /// How long it may take, or may be kept.
    pub period: String,
    /// An age in years.
    pub age: Option<i16>,
    /// How much of something is enough.
    pub at_least: Option<u32>,
    /// Kinds of identifiers.
    pub kinds: Vec<Kind>,
    /// Mail domains of declared processors.
    pub processors: Vec<String>,
    /// Mail domains of those of them that may have health data.
    pub clinical: Vec<String>,
    /// Groups of accounts that may read.
    pub groups: Vec<String>,
    /// What the notice says that data is collected at.
    pub touchpoints: Vec<Touchpoint>,
}

/// Something at which the notice says that data is collected, and the sources that hold it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touchpoint {
    /// What a person would call it.
    pub name: String,
    /// Which sources hold it.
    #[serde(default)]
    pub sources: Vec<String>,
}

impl Promise {
    /// Every place that it names.
    pub(super) fn spots(&self) -> impl Iterator<Item = &str> {
        let all = [&self.sources, &self.except, &self.lists, &self.log];
        all.into_iter().flatten().map(String::as_str)
    }

    /// Where to look: everywhere if it does not say.
    pub(super) fn sources(&self) -> Where {
        Where::new(&self.sources)
    }

    /// Its period.
    pub(super) fn period(&self, otherwise: &str) -> Result<Period, String> {
        Period::parse(if self.period.is_empty() { otherwise } else { &self.period })
    }

    /// The numbers of its taxonomies, or of these if it names none.
    pub(super) fn taxonomies(&self, otherwise: &[&str]) -> Result<Vec<usize>, String> {
        let named: Vec<&str> = if self.taxonomies.is_empty() {
            otherwise.to_vec()
        } else {
            self.taxonomies.iter().map(String::as_str).collect()
        };
        named
            .into_iter()
            .map(|name| {
                crate::taxonomy::by_name(name)
                    .ok_or_else(|| format!("there is no taxonomy `{}`", name.escape_debug()))
            })
            .collect()
    }

    /// Its list of places under that key, which the check cannot do without.
    pub(super) fn needed(&self, key: &str, spots: &[String]) -> Result<Where, String> {
        if spots.is_empty() {
            return Err(format!("the promise says no `{key}`, and the check needs it"));
        }
        Ok(Where::new(spots))
    }
}
