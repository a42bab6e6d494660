//! How are originals kept for a while, so that an erasure can be undone, and nobody reads them?
//!
//! Each is compressed and encrypted (AES-256-GCM) under a key of the plan that lies beside. When the time
//! is over the key goes first: what is left of the originals cannot be read from then on.

use std::io;
use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::folder::{make_dir, read_if_there, remove, replace, secret};

const KEY: &str = "kept.key";
const TERM: &str = "kept.json";

/// Where the originals of a plan are kept, and until when.
pub(crate) struct Kept {
    dir: PathBuf,
    plan: String,
    key: [u8; 32],
}

#[derive(Serialize, Deserialize)]
struct Term {
    until: Timestamp,
    n_files: u32,
}

impl Kept {
    /// Starts to keep originals in a plan's folder.
    pub(crate) fn start(
        dir: &Path,
        plan: &str,
        until: Timestamp,
        n_files: u32,
    ) -> Result<Self, Error> {
        make_dir(&dir.join("kept"))?;
        let term = serde_json::to_vec(&Term { until, n_files }).unwrap_or_default();
        replace(&dir.join(TERM), &term)?;
        let key = secret(&dir.join(KEY))?;
        Ok(Self { dir: dir.to_owned(), plan: plan.to_owned(), key })
    }

    /// What is kept of a plan; `None` if nothing is, or not any more.
    pub(crate) fn open(dir: &Path, plan: &str) -> Result<Option<Self>, Error> {
        let Some(bytes) = read_if_there(&dir.join(KEY))? else { return Ok(None) };
        let key = bytes.try_into().map_err(|_| Error::refused("kept.key is no key"))?;
        Ok(Some(Self { dir: dir.to_owned(), plan: plan.to_owned(), key }))
    }

    fn file(&self, file: u32) -> PathBuf {
        self.dir.join("kept").join(format!("{file}.sealed"))
    }

    fn bound(&self, file: u32) -> String {
        format!("{} {file}", self.plan)
    }

    /// Keeps an original; it is on disk when this returns.
    pub(crate) fn keep(&self, file: u32, bytes: &[u8]) -> Result<(), Error> {
        let path = self.file(file);
        if self.get(file).is_ok_and(|kept| kept.as_deref() == Some(bytes)) {
            return Ok(());
        }
        let failed = Error::file(&path);
        let packed = zstd::encode_all(bytes, 3).map_err(&failed)?;
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).map_err(|_| failed(io::Error::other("no randomness")))?;
        let aad = self.bound(file);
        let payload = Payload { msg: &packed, aad: aad.as_bytes() };
        let sealed = Aes256Gcm::new(&self.key.into())
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| failed(io::Error::other("it cannot be encrypted")))?;
        replace(&path, &[nonce.as_slice(), &sealed].concat())
    }

    /// The original of a file, if it is kept.
    pub(crate) fn get(&self, file: u32) -> Result<Option<Vec<u8>>, Error> {
        let path = self.file(file);
        let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
        let damaged = || Error::refused(format!("{} is damaged", path.display()));
        let (nonce, sealed) = bytes.split_at_checked(12).ok_or_else(damaged)?;
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| damaged())?;
        let aad = self.bound(file);
        let payload = Payload { msg: sealed, aad: aad.as_bytes() };
        let packed = Aes256Gcm::new(&self.key.into())
            .decrypt(&Nonce::from(nonce), payload)
            .map_err(|_| damaged())?;
        Ok(Some(zstd::decode_all(packed.as_slice()).map_err(|_| damaged())?))
    }
}

/// Until when the originals of a plan are kept; `None` if none are.
pub(crate) fn until(dir: &Path) -> Result<Option<Timestamp>, Error> {
    let Some(bytes) = read_if_there(&dir.join(TERM))? else { return Ok(None) };
    let term: Term =
        serde_json::from_slice(&bytes).map_err(|_| Error::refused("kept.json is damaged"))?;
    Ok(Some(term.until))
}

/// Removes the originals of a plan: the key first. Gives how many files there were.
pub(crate) fn expire(dir: &Path) -> Result<u32, Error> {
    let Some(bytes) = read_if_there(&dir.join(TERM))? else { return Ok(0) };
    let n_files = serde_json::from_slice::<Term>(&bytes).map_or(0, |term| term.n_files);
    remove(&dir.join(KEY))?;
    let mut n = 0;
    for file in 1..=n_files {
        let path = dir.join("kept").join(format!("{file}.sealed"));
        if path.is_file() {
            remove(&path)?;
            n += 1;
        }
    }
    remove(&dir.join(TERM))?;
    Ok(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_original_comes_back_and_nobody_else_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let kept = Kept::start(dir.path(), "plan", Timestamp::UNIX_EPOCH, 2).unwrap();
        let bytes = b"Dear Amara Lind, Dear Amara Lind".repeat(20);
        kept.keep(1, &bytes).unwrap();
        kept.keep(2, b"").unwrap();
        let sealed = std::fs::read(dir.path().join("kept/1.sealed")).unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"Amara"));
        let again = Kept::open(dir.path(), "plan").unwrap().unwrap();
        assert_eq!(again.get(1).unwrap().unwrap(), bytes);
        assert_eq!(again.get(2).unwrap().unwrap(), b"");
        assert_eq!(again.get(3).unwrap(), None);
        // Bound to its plan and its file.
        assert!(Kept::open(dir.path(), "other").unwrap().unwrap().get(1).is_err());
        std::fs::copy(dir.path().join("kept/1.sealed"), dir.path().join("kept/2.sealed")).unwrap();
        assert!(again.get(2).is_err());
        assert_eq!(until(dir.path()).unwrap(), Some(Timestamp::UNIX_EPOCH));
        assert_eq!(expire(dir.path()).unwrap(), 2);
        assert!(Kept::open(dir.path(), "plan").unwrap().is_none());
        assert_eq!((expire(dir.path()).unwrap(), until(dir.path()).unwrap()), (0, None));
    }
}
