//! Who may ask? A key that works once is swapped for a token that one tab holds.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use blake3::Hash;

/// How long a key can be used.
pub const KEY_LASTS: Duration = Duration::from_secs(5 * 60);

/// Keys that wait at most: a key is made by a person who asks for one.
const MOST_KEYS: usize = 16;

/// The keys and sessions of this run. Nothing of them is ever written to a disk, and the secrets
/// themselves are not kept: only their digests, which are compared in constant time.
pub struct Sessions {
    inner: Mutex<Inner>,
    idle: Duration,
}

#[derive(Default)]
struct Inner {
    /// Keys that nobody has used, the oldest first.
    keys: Vec<(Hash, Instant)>,
    sessions: HashMap<Hash, Session>,
}

struct Session {
    by: String,
    seen: Instant,
}

impl Sessions {
    /// Sessions that end when nothing was asked for so long.
    pub fn new(idle: Duration) -> Self {
        Self { inner: Mutex::default(), idle }
    }

    /// How long a session lasts without a request.
    pub fn idle(&self) -> Duration {
        self.idle
    }

    /// A new key, 64 hexadecimal digits, good once.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn key(&self) -> std::io::Result<String> {
        let key = secret()?;
        let mut inner = self.lock();
        inner.keys.retain(|(_, made)| made.elapsed() < KEY_LASTS);
        if inner.keys.len() >= MOST_KEYS {
            inner.keys.remove(0);
        }
        inner.keys.push((digest(&key), Instant::now()));
        Ok(key)
    }

    /// Swaps a key for a token; the key is used up. `None` if it is none, was used, or is too old.
    ///
    /// # Errors
    /// If the system gives no randomness; the key is used up all the same.
    pub fn begin(&self, key: &str, by: String) -> std::io::Result<Option<String>> {
        let key = digest(key);
        let mut inner = self.lock();
        let Some(at) = inner.keys.iter().position(|(known, _)| *known == key) else {
            return Ok(None);
        };
        let (_, made) = inner.keys.remove(at);
        if made.elapsed() >= KEY_LASTS {
            return Ok(None);
        }
        let token = secret()?;
        inner.sessions.insert(digest(&token), Session { by, seen: Instant::now() });
        Ok(Some(token))
    }

    /// Who has that token, if its session goes on; it does for another while then.
    pub fn who(&self, token: &str) -> Option<String> {
        let mut inner = self.lock();
        let idle = self.idle;
        inner.sessions.retain(|_, session| session.seen.elapsed() < idle);
        let session = inner.sessions.get_mut(&digest(token))?;
        session.seen = Instant::now();
        Some(session.by.clone())
    }

    /// Gives whoever has that token another name.
    pub fn rename(&self, token: &str, by: &str) {
        if let Some(session) = self.lock().sessions.get_mut(&digest(token)) {
            by.clone_into(&mut session.by);
        }
    }

    /// Ends a session.
    pub fn end(&self, token: &str) {
        self.lock().sessions.remove(&digest(token));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest(secret: &str) -> Hash {
    blake3::hash(secret.as_bytes())
}

/// 256 random bits as 64 hexadecimal digits.
fn secret() -> std::io::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| std::io::Error::other("no randomness"))?;
    Ok(Hash::from_bytes(bytes).to_hex().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_works_once() {
        let sessions = Sessions::new(Duration::from_secs(60));
        let key = sessions.key().unwrap();
        assert_eq!(sessions.begin("", "x".into()).unwrap(), None);
        assert_eq!(sessions.begin(&key[..63], "x".into()).unwrap(), None);
        let token = sessions.begin(&key, "dana".into()).unwrap().unwrap();
        assert_eq!(sessions.begin(&key, "x".into()).unwrap(), None, "it was used");
        assert_eq!(sessions.begin(&token, "x".into()).unwrap(), None, "a token is no key");
        assert_eq!(sessions.who(&key), None, "a key is no token");
        assert_eq!(sessions.who(&token).as_deref(), Some("dana"));
        sessions.rename(&token, "lee");
        assert_eq!(sessions.who(&token).as_deref(), Some("lee"));
        sessions.end(&token);
        assert_eq!(sessions.who(&token), None);
    }

    #[test]
    fn a_session_ends_when_nobody_asks() {
        let sessions = Sessions::new(Duration::from_millis(40));
        let key = sessions.key().unwrap();
        let token = sessions.begin(&key, "dana".into()).unwrap().unwrap();
        assert!(sessions.who(&token).is_some());
        std::thread::sleep(Duration::from_millis(60));
        assert_eq!(sessions.who(&token), None);
    }

    #[test]
    fn only_so_many_keys_wait() {
        let sessions = Sessions::new(Duration::from_secs(60));
        let first = sessions.key().unwrap();
        let last = (0..MOST_KEYS).map(|_| sessions.key().unwrap()).last().unwrap();
        assert_eq!(sessions.begin(&first, "x".into()).unwrap(), None);
        assert!(sessions.begin(&last, "x".into()).unwrap().is_some());
    }
}
