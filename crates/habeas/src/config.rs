//! What does the organisation's `habeas.toml` say?

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use habeas_bundle::{Defaults, Linkage};
use habeas_document::{Budget, Passwords};
use habeas_ingest::{Eyes, Patience};
use habeas_model::SourceName;
use habeas_report::{Activity, Contact, Declared, Store};
use habeas_source::Source;
use serde::Deserialize;

use crate::failure::Failure;
use crate::rules::{Erases, ErasureKeys, HoldKeys, SuppressionKeys};

mod release;

pub use release::ReleaseKeys;

/// The commented default configuration; `habeas init` writes it.
pub const TEMPLATE: &str = include_str!("../../../config/habeas.toml");

/// The name of the configuration file.
pub const FILE: &str = "habeas.toml";

/// An organisation's configuration, checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Who answers.
    #[serde(default)]
    pub controller: ControllerKeys,
    /// Places to search.
    #[serde(default)]
    pub source: Vec<SourceKeys>,
    /// Why personal data is held.
    #[serde(default)]
    pub activity: Vec<ActivityKeys>,
    /// The organisation's own people.
    #[serde(default)]
    pub staff: StaffKeys,
    /// What happens to other people about whom nobody has decided.
    #[serde(default)]
    pub redaction: RedactionKeys,
    /// The organisation's own words for letters.
    #[serde(default)]
    pub letters: LetterKeys,
    /// What has to be so before an answer leaves, and how long a case is kept.
    #[serde(default)]
    pub release: ReleaseKeys,
    /// What stays although somebody asks for its erasure.
    #[serde(default)]
    pub hold: Vec<HoldKeys>,
    /// Lists of those who get no marketing.
    #[serde(default)]
    pub suppression: Vec<SuppressionKeys>,
    /// How people are erased.
    #[serde(default)]
    pub erasure: ErasureKeys,
    /// What reading may cost.
    #[serde(default)]
    pub limits: LimitKeys,
    /// Who recognises text in pictures.
    #[serde(default)]
    pub ocr: OcrKeys,
    /// How the map is drawn.
    #[serde(default)]
    pub map: MapKeys,
    /// What was promised, to be checked.
    #[serde(default)]
    pub promise: Vec<habeas_report::audit::Promise>,
}

/// The keys of `[controller]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ControllerKeys {
    pub name: String,
    pub address: Vec<String>,
    pub contact: String,
    pub email: String,
    pub phone: String,
    pub complaints: String,
    pub health_professional: bool,
    pub calendar: String,
    pub regime: String,
}

/// The keys of a `[[source]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceKeys {
    pub name: String,
    pub path: PathBuf,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub custodian: String,
    #[serde(default)]
    pub activity: String,
    #[serde(default)]
    pub exclude: Vec<String>,
    #[serde(default)]
    pub backup: bool,
}

/// The keys of an `[[activity]]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActivityKeys {
    pub name: String,
    pub health: bool,
    pub purposes: Vec<String>,
    pub categories: Vec<String>,
    pub recipients: Vec<String>,
    pub retention: String,
    pub origin: String,
    pub transfers: Vec<String>,
    pub automated: String,
    pub subjects: Vec<String>,
    pub special: Vec<String>,
    pub keep: String,
    pub basis: String,
    pub condition: String,
    pub security: String,
    pub erasure: Erases,
    pub exception: String,
    pub because: String,
    pub marketing: bool,
}

/// The keys of `[map]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MapKeys {
    pub depth: usize,
    pub roots: Vec<String>,
}

impl Default for MapKeys {
    fn default() -> Self {
        Self { depth: 2, roots: Vec::new() }
    }
}

/// The keys of `[staff]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StaffKeys {
    pub domains: Vec<String>,
    pub names: Vec<String>,
}

/// The keys of `[redaction]`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RedactionKeys {
    pub staff: Shows,
    pub professionals: Shows,
    pub known: Shows,
    pub linkage: Links,
    pub role_labels: bool,
}

/// Are people of one kind shown without a decision?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    /// They are taken out.
    #[default]
    TakeOut,
    /// They stay readable, unless they are in doubt.
    Show,
}

/// Does the same label always stand for the same person?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Links {
    /// `[TP 001]`.
    #[default]
    Numbers,
    /// `[TP]`.
    None,
}

impl RedactionKeys {
    /// Who is shown without a decision.
    pub fn defaults(&self) -> Defaults {
        Defaults {
            shows_staff: self.staff == Shows::Show,
            shows_professionals: self.professionals == Shows::Show,
            shows_known: self.known == Shows::Show,
        }
    }

    /// What the labels tell.
    pub fn linkage(&self) -> Linkage {
        match self.linkage {
            Links::Numbers => Linkage::Linked,
            Links::None => Linkage::Unlinked,
        }
    }
}

/// The keys of `[letters]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LetterKeys {
    pub folder: Option<PathBuf>,
}

/// The keys of `[limits]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitKeys {
    pub readers: usize,
    pub file_size: Size,
    pub text_size: Size,
    pub expanded_size: Size,
    pub expansion: u64,
    pub depth: usize,
    pub members: u64,
    pub passwords: Option<PathBuf>,
    pub cpu: Time,
    pub cpu_per_mb: Time,
    pub most_cpu: Time,
    pub stall: Time,
    pub wall: Time,
    pub memory: Size,
}

/// The keys of `[ocr]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OcrKeys {
    pub enabled: bool,
    pub languages: Vec<String>,
}

impl Default for OcrKeys {
    fn default() -> Self {
        Self { enabled: true, languages: vec!["eng".to_owned()] }
    }
}

impl Default for LimitKeys {
    fn default() -> Self {
        let (budget, patience) = (Budget::default(), Patience::default());
        Self {
            readers: 0,
            file_size: Size(budget.file_bytes),
            text_size: Size(budget.text_bytes),
            expanded_size: Size(budget.expanded_bytes),
            expansion: budget.expansion_ratio,
            depth: budget.depth,
            members: budget.children,
            passwords: None,
            cpu: Time(patience.cpu),
            cpu_per_mb: Time(patience.cpu_per_mb),
            most_cpu: Time(patience.most_cpu),
            stall: Time(patience.stall),
            wall: Time(patience.wall),
            memory: Size(patience.memory_bytes),
        }
    }
}

/// A number of bytes, written as `64 MiB`, `1 GiB`, `500 kB` or `1000 B`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Size(pub u64);

impl TryFrom<String> for Size {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let factor: u64 = match unit.trim() {
            "B" => 1,
            "kB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            "TiB" => 1 << 40,
            _ => return Err(format!("`{text}` is not a size: write it as `64 MiB`")),
        };
        let number: u64 = number
            .replace('_', "")
            .parse()
            .map_err(|_| format!("`{text}` is not a size: write it as `64 MiB`"))?;
        number.checked_mul(factor).map(Self).ok_or_else(|| format!("`{text}` is too large"))
    }
}

/// A time, written as `500 ms`, `30 s`, `5 min` or `1 h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Time(pub Duration);

impl TryFrom<String> for Time {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a time: write it as `30 s`");
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let milliseconds = match unit.trim() {
            "ms" => Some(number),
            "s" => number.checked_mul(1_000),
            "min" => number.checked_mul(60_000),
            "h" => number.checked_mul(3_600_000),
            _ => return Err(wrong()),
        };
        milliseconds.map(|n| Self(Duration::from_millis(n))).ok_or_else(wrong)
    }
}

impl Config {
    /// Reads the configuration of the estate whose folder is `root`.
    pub fn read(root: &Path) -> Result<Self, Failure> {
        let file = root.join(FILE);
        let text = std::fs::read_to_string(&file).map_err(|error| {
            Failure::usage(format!("{}: {error}", file.display()))
                .hint("make an estate with `habeas init DIR`, or name one with `--estate DIR`")
        })?;
        let config = Self::parse(&text).map_err(|message| {
            Failure::usage(format!("{}: {message}", file.display()))
                .hint("`habeas init` writes a file with every key and its meaning")
        })?;
        config.check(&file)?;
        Ok(config)
    }

    /// Reads a configuration from its text; the error is a sentence with line and nearest key.
    fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            let message = error.message().to_owned();
            match nearest_key(&message) {
                Some((key, near)) => {
                    format!("line {line}: there is no key `{key}` here; did you mean `{near}`?")
                }
                None => format!("line {line}: {message}"),
            }
        })
    }

    fn check(&self, file: &Path) -> Result<(), Failure> {
        let mut names = std::collections::BTreeSet::new();
        for source in &self.source {
            SourceName::parse(&source.name)
                .map_err(|message| Failure::usage(format!("{}: {message}", file.display())))?;
            if !names.insert(&source.name) {
                return Err(Failure::usage(format!(
                    "{}: two sources are called `{}`",
                    file.display(),
                    source.name
                )));
            }
        }
        Ok(())
    }

    /// The sources, with absolute roots; `root` is the folder of the configuration.
    pub fn sources(&self, root: &Path) -> Result<Vec<Source>, Failure> {
        self.source
            .iter()
            .map(|keys| {
                let name = SourceName::parse(&keys.name).map_err(Failure::usage)?;
                let path = root.join(&keys.path);
                // Nothing is looked at here: a share may not answer. The listing tells of a missing
                // root, with the source's name.
                let root = std::path::absolute(&path).unwrap_or(path);
                Ok(Source { name, root, exclude: keys.exclude.clone() })
            })
            .collect()
    }

    /// What reading one file may cost, with the passwords of the file that is named; `root` is the
    /// folder of the configuration.
    pub fn budget(&self, root: &Path) -> Result<Budget, Failure> {
        let limits = &self.limits;
        let passwords = limits.passwords.as_ref().map(|path| root.join(path));
        Ok(Budget {
            file_bytes: limits.file_size.0,
            text_bytes: limits.text_size.0,
            expanded_bytes: limits.expanded_size.0,
            expansion_ratio: limits.expansion,
            depth: limits.depth,
            children: limits.members,
            passwords: passwords.map_or(Ok(Passwords::default()), |path| read_passwords(&path))?,
        })
    }

    /// How long and how large readers may be.
    pub fn patience(&self) -> Patience {
        let limits = &self.limits;
        Patience {
            cpu: limits.cpu.0,
            cpu_per_mb: limits.cpu_per_mb.0,
            most_cpu: limits.most_cpu.0,
            stall: limits.stall.0,
            wall: limits.wall.0,
            memory_bytes: limits.memory.0,
        }
    }

    /// What is declared of the organisation, for the map and the audit.
    pub fn declared(&self) -> Result<Declared, Failure> {
        let controller = &self.controller;
        let stores = self.source.iter().map(|keys| {
            Ok(Store {
                name: SourceName::parse(&keys.name).map_err(Failure::usage)?,
                title: keys.title.clone(),
                custodian: keys.custodian.clone(),
                activity: keys.activity.clone(),
            })
        });
        let activities = self.activity.iter().cloned().map(|keys| Activity {
            name: keys.name,
            purposes: keys.purposes,
            subjects: keys.subjects,
            categories: keys.categories,
            special: keys.special,
            recipients: keys.recipients,
            transfers: keys.transfers,
            retention: keys.retention,
            keep: keys.keep,
            basis: keys.basis,
            condition: keys.condition,
            security: keys.security,
            origin: keys.origin,
            automated: keys.automated,
        });
        Ok(Declared {
            controller: Contact {
                name: controller.name.clone(),
                address: controller.address.clone(),
                contact: controller.contact.clone(),
                email: controller.email.clone(),
                phone: controller.phone.clone(),
            },
            stores: stores.collect::<Result<_, Failure>>()?,
            activities: activities.collect(),
            own_domains: self.staff.domains.iter().map(|domain| domain.to_lowercase()).collect(),
            beside: Vec::new(),
        })
    }

    /// Who recognises text in pictures; the error is a sentence that says why nobody does.
    pub fn eyes(&self) -> Result<Arc<Eyes>, String> {
        if !self.ocr.enabled {
            return Err("switched off in habeas.toml".to_owned());
        }
        Eyes::find(&self.ocr.languages).map(Arc::new)
    }
}

/// Reads a file with a password a line.
pub fn read_passwords(path: &Path) -> Result<Passwords, Failure> {
    let lines = std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!("the passwords in {}: {error}", path.display()))
            .hint("write a password a line, or take the key `passwords` out of habeas.toml")
    })?;
    Ok(Passwords::new(&lines))
}

/// The unknown key in a message of the TOML reader, and the known key most like it.
fn nearest_key(message: &str) -> Option<(String, String)> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let key = message.starts_with("unknown field").then(|| quoted.next())??;
    let near = quoted.max_by_key(|known| {
        // Two decimals of likeness are enough to rank keys.
        (strsim::jaro_winkler(key, known) * 100.0) as u32
    })?;
    Some((key.to_owned(), near.to_owned()))
}

/// The folder of the estate: the one named, or the nearest one upwards that has a configuration.
pub fn find_root(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(dir) = named {
        return Ok(dir.to_owned());
    }
    let here = std::env::current_dir()
        .map_err(|error| Failure::usage(format!("this folder cannot be used: {error}")))?;
    here.ancestors().find(|dir| dir.join(FILE).is_file()).map(Path::to_owned).ok_or_else(|| {
        Failure::usage(format!("there is no {FILE} in this folder or above it"))
            .hint("make an estate with `habeas init DIR`, or name one with `--estate DIR`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_configuration_is_valid_and_says_the_defaults() {
        let config = Config::parse(TEMPLATE).unwrap();
        assert_eq!(config.budget(Path::new("/")).unwrap(), Budget::default());
        assert_eq!(config.patience(), Patience::default());
        assert!(config.ocr.enabled && config.ocr.languages == ["eng"]);
        assert_eq!(config.source.len(), 1);
        assert_eq!(config.redaction.defaults(), Defaults::default());
        assert_eq!(config.redaction.linkage(), Linkage::Linked);
        assert!(!config.redaction.role_labels);
        assert_eq!(config.release, ReleaseKeys::default());
        assert!(!config.controller.health_professional);
    }

    #[test]
    fn who_is_shown_without_a_decision_is_said_in_words() {
        let text = "[redaction]\nstaff = \"show\"\nknown = \"take-out\"\nlinkage = \"none\"\n";
        let keys = Config::parse(text).unwrap().redaction;
        let defaults = Defaults { shows_staff: true, ..Defaults::default() };
        assert_eq!((keys.defaults(), keys.linkage()), (defaults, Linkage::Unlinked));
        let wrong = Config::parse("[redaction]\nstaff = \"yes\"\n").unwrap_err();
        assert!(wrong.contains("line 2") && wrong.contains("take-out"), "{wrong}");
    }

    #[test]
    fn an_unknown_key_names_its_neighbour_and_line() {
        let message = Config::parse("[limits]\ndepht = 3\n").unwrap_err();
        assert_eq!(message, "line 2: there is no key `depht` here; did you mean `depth`?");
    }

    #[test]
    fn times_have_units() {
        let time = |text: &str| Time::try_from(text.to_owned()).ok().map(|time| time.0.as_millis());
        assert_eq!(time("30 s"), Some(30_000));
        assert_eq!(time("5min"), Some(300_000));
        assert_eq!((time("30"), time("s"), time("1 day")), (None, None, None));
    }

    #[test]
    fn sizes_have_units() {
        let size = |text: &str| Size::try_from(text.to_owned()).ok().map(|size| size.0);
        assert_eq!(size("64 MiB"), Some(64 << 20));
        assert_eq!(size("1_000 B"), Some(1000));
        assert_eq!(size("64"), None);
        assert_eq!(size("99999999999999 TiB"), None);
    }
}
