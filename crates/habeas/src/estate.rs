//! Which estate does a command work on?

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use habeas_bundle::Letters;
use habeas_index::Estate;
use habeas_match::{Directory, Setting};

use crate::config::{self, Config};
use crate::failure::Failure;

/// An estate's folder with its configuration.
pub struct Home {
    /// The folder with habeas.toml.
    pub root: PathBuf,
    /// What it says.
    pub config: Config,
}

impl Home {
    /// Finds and reads the estate.
    pub fn find(named: Option<&Path>) -> Result<Self, Failure> {
        let root = config::find_root(named)?;
        let config = Config::read(&root)?;
        Ok(Self { root, config })
    }

    /// The folder of the inventory and the full text.
    pub fn memory(&self) -> PathBuf {
        self.root.join("estate")
    }

    /// Opens what was indexed.
    pub fn open(&self) -> Result<Estate, Failure> {
        Estate::open(&self.memory())
            .map_err(|error| Failure::stopped(error).hint("fill the estate with `habeas index`"))
    }

    /// What recognition depends on, with the names that the estate's tables and mails hold.
    pub fn setting(&self, estate: &Estate) -> Result<Setting, Failure> {
        Ok(Setting {
            directory: Directory::new(estate.names().map_err(Failure::stopped)?),
            own_domains: self.own_domains(),
            staff: self.config.staff.names.clone(),
        })
    }

    /// What is the organisation's own, for a search.
    pub fn house(&self) -> Setting {
        Setting {
            own_domains: self.own_domains(),
            staff: self.config.staff.names.clone(),
            ..Setting::default()
        }
    }

    /// The templates of letters: the organisation's own where it has them.
    pub fn letters(&self) -> Result<Letters, Failure> {
        let folder = match &self.config.letters.folder {
            Some(folder) => Some(self.root.join(folder)),
            None => Some(self.root.join("letters")).filter(|folder| folder.is_dir()),
        };
        Letters::read(folder.as_deref()).map_err(|error| {
            Failure::usage(error.to_string()).hint(
                "correct the file, or take it away: without it the letter has the words that come \
                 with Habeas",
            )
        })
    }

    /// The organisation's mail domains, lower case.
    pub fn own_domains(&self) -> Vec<String> {
        self.config.staff.domains.iter().map(|domain| domain.to_lowercase()).collect()
    }
}

/// Becomes true at the first Ctrl-C; at the second the command ends at once.
pub fn stop_flag() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    let set = ctrlc::set_handler(move || {
        if seen.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        crate::say::talk("stopping after the batch at hand; press Ctrl-C again to stop at once");
    });
    if let Err(error) = set {
        tracing::warn!(%error, "Ctrl-C ends the command at once");
    }
    stop
}
