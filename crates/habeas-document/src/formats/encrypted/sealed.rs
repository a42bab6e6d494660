//! How is a part of an OpenDocument file encrypted?
//!
//! A password is hashed, a key is derived of that, and what is decrypted is compressed still
//! (OpenDocument 1.3, Part 2, 3.4.1 and 4.3 to 4.16; LibreOffice, `ZipFile.cxx`).

use std::io::Read;

use aes::cipher::KeyInit;
use aes_gcm::aead::Aead;
use aes_gcm::{AeadCore, Aes256Gcm, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use blowfish::Blowfish;
use blowfish::cipher::BlockCipherEncrypt;
use flate2::read::DeflateDecoder;
use habeas_model::{Exception, Reason};
use sha1::Sha1;

use super::cipher::{self, BLOCK_BYTES};
use super::hash::Hash;
use super::{damaged, unknown};
use crate::formats::markup::{Step, Walk};
use crate::formats::odf::base64;

/// A checksum is of so many bytes.
const CHECKED: usize = 1024;
/// More rounds for one key than any program writes.
const MAX_ROUNDS_OF_KEY: u32 = 10_000_000;
/// More memory for one key, in KiB, than any program takes: LibreOffice takes 64 MiB.
const MAX_KIB: u32 = 256 << 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cipher {
    Blowfish,
    AesCbc,
    AesGcm,
}

enum Derivation {
    Pbkdf2 { n_rounds: u32 },
    Argon2 { n_passes: u32, kib: u32, n_lanes: u32 },
}

/// One part, and how it is encrypted.
pub(super) struct Sealed {
    pub(super) name: String,
    cipher: Cipher,
    start: Vec<u8>,
    derivation: Derivation,
    salt: Vec<u8>,
    key_bytes: usize,
    /// What the password is hashed with first.
    hash: Hash,
    checksum: Option<(Hash, Vec<u8>)>,
}

/// What the manifest says of a part, as it says it.
#[derive(Default)]
struct Said {
    checksum: Option<(String, String)>,
    algorithm: String,
    start: String,
    derivation: String,
    salt: String,
    n_rounds: Option<String>,
    key_bytes: Option<String>,
    n_passes: Option<String>,
    kib: Option<String>,
    n_lanes: Option<String>,
    hash: Option<String>,
}

/// The parts that are encrypted. One that is encrypted in a way that is not known hides all.
pub(super) fn parts(manifest: &str) -> Result<Vec<Sealed>, Exception> {
    let (mut parts, mut name, mut said) = (Vec::new(), String::new(), None::<Said>);
    for step in Walk::new(manifest) {
        match step {
            Step::Open(element) => {
                let value = |name| element.attribute(name);
                let text = |name| element.attribute(name).unwrap_or_default();
                match (element.name(), &mut said) {
                    ("file-entry", _) => name = text("full-path"),
                    ("encryption-data", _) => {
                        let checksum = value("checksum-type").zip(value("checksum"));
                        said = Some(Said { checksum, ..Said::default() });
                    }
                    ("algorithm", Some(said)) => {
                        said.algorithm = text("algorithm-name");
                        said.start = text("initialisation-vector");
                    }
                    ("key-derivation", Some(said)) => {
                        said.derivation = text("key-derivation-name");
                        said.salt = text("salt");
                        said.n_rounds = value("iteration-count");
                        said.key_bytes = value("key-size");
                        said.n_passes = value("argon2-iterations");
                        said.kib = value("argon2-memory");
                        said.n_lanes = value("argon2-lanes");
                    }
                    ("start-key-generation", Some(said)) => {
                        said.hash = value("start-key-generation-name");
                    }
                    _ => {}
                }
            }
            Step::Close(closed) if closed == "encryption-data" => {
                if let Some(said) = said.take() {
                    parts.push(said.read(&name)?);
                }
            }
            Step::Close(_) | Step::Text(_) => {}
        }
    }
    Ok(parts)
}

impl Said {
    fn read(self, name: &str) -> Result<Sealed, Exception> {
        let number = |said: &Option<String>, usual: u32| {
            said.as_ref().map_or(Ok(usual), |n| n.trim().parse::<u32>().map_err(|_| damaged()))
        };
        let bytes = |said: &str| {
            base64(said).filter(|bytes| (1..=1024).contains(&bytes.len())).ok_or_else(damaged)
        };
        let algorithm = self.algorithm.rsplit('#').next().unwrap_or_default().to_lowercase();
        let (cipher, n_key) = match algorithm.as_str() {
            "blowfish cfb" | "blowfish" => (Cipher::Blowfish, 16),
            "aes128-cbc" => (Cipher::AesCbc, 16),
            "aes192-cbc" => (Cipher::AesCbc, 24),
            "aes256-cbc" => (Cipher::AesCbc, 32),
            "aes256-gcm" => (Cipher::AesGcm, 32),
            _ => return Err(unknown()),
        };
        let key_bytes = number(&self.key_bytes, n_key)? as usize;
        let fits =
            if cipher == Cipher::Blowfish { 4..=56 } else { n_key as usize..=n_key as usize };
        let derivation = self.derivation.rsplit([':', '#']).next().unwrap_or_default();
        let derivation = match derivation.to_lowercase().as_str() {
            "pbkdf2" => Derivation::Pbkdf2 { n_rounds: number(&self.n_rounds, 1024)? },
            "argon2id" => Derivation::Argon2 {
                n_passes: number(&self.n_passes, 0)?,
                kib: number(&self.kib, 0)?,
                n_lanes: number(&self.n_lanes, 0)?,
            },
            _ => return Err(unknown()),
        };
        let is_known = match derivation {
            Derivation::Pbkdf2 { n_rounds } => (1..=MAX_ROUNDS_OF_KEY).contains(&n_rounds),
            Derivation::Argon2 { n_passes, kib, n_lanes } => {
                if kib > MAX_KIB {
                    let note = "its key needs more memory than it may";
                    return Err(Exception::whole(Reason::MemoryLimit, note));
                }
                n_passes.saturating_mul(kib) <= MAX_ROUNDS_OF_KEY && n_lanes <= 64
            }
        };
        if !fits.contains(&key_bytes) || !is_known {
            return Err(damaged());
        }
        let hash = |said: &str| {
            let name = said.rsplit('#').next().unwrap_or_default().to_lowercase();
            Hash::named(name.split(['/']).next()?.trim_end_matches("-1k"))
        };
        let checksum = match &self.checksum {
            Some((kind, value)) => Some((hash(kind).ok_or_else(unknown)?, bytes(value)?)),
            None => None,
        };
        let start_hash = self.hash.as_deref().map_or(Some(Hash::Sha1), hash);
        let start = bytes(&self.start)?;
        let n_start = match cipher {
            Cipher::Blowfish => 8,
            Cipher::AesCbc => BLOCK_BYTES,
            Cipher::AesGcm => 12,
        };
        if start.len() != n_start {
            return Err(damaged());
        }
        Ok(Sealed {
            name: name.to_owned(),
            cipher,
            start,
            derivation,
            salt: bytes(&self.salt)?,
            key_bytes,
            hash: start_hash.ok_or_else(unknown)?,
            checksum,
        })
    }
}

impl Sealed {
    /// How many rounds of hashing one password takes.
    pub(super) fn n_rounds(&self) -> u32 {
        match self.derivation {
            // Two hashes each, and again for what is longer than one of them.
            Derivation::Pbkdf2 { n_rounds } => {
                n_rounds.saturating_mul(if self.key_bytes > 20 { 4 } else { 2 })
            }
            // A KiB takes about as long.
            Derivation::Argon2 { n_passes, kib, .. } => {
                n_passes.saturating_mul(kib).saturating_mul(4)
            }
        }
    }

    /// The key that belongs to a password.
    pub(super) fn key(&self, password: &str) -> Option<Vec<u8>> {
        let start = self.hash.of(&[password.as_bytes()]);
        let mut key = vec![0; self.key_bytes];
        match self.derivation {
            Derivation::Pbkdf2 { n_rounds } => {
                pbkdf2::pbkdf2_hmac::<Sha1>(&start, &self.salt, n_rounds, &mut key);
            }
            Derivation::Argon2 { n_passes, kib, n_lanes } => {
                let params = Params::new(kib, n_passes, n_lanes, Some(self.key_bytes)).ok()?;
                let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                argon2.hash_password_into(&start, &self.salt, &mut key).ok()?;
            }
        }
        Some(key)
    }

    /// Is it the password of this part, which has these bytes?
    pub(super) fn opens(&self, bytes: &[u8], password: &str) -> bool {
        let opens = || {
            let key = self.key(password)?;
            let Some((hash, checksum)) = &self.checksum else {
                let packed = self.decrypt(&key, bytes.to_vec())?;
                let mut first = Vec::new();
                let reader = DeflateDecoder::new(packed.as_slice());
                let is_read = reader.take(CHECKED as u64).read_to_end(&mut first).is_ok();
                return Some(is_read && !first.is_empty());
            };
            // More is needed for nothing, unless it tells where a short part ends.
            let n = CHECKED + BLOCK_BYTES;
            let is_cut = self.cipher != Cipher::AesGcm && bytes.len() > n;
            let plain =
                self.decrypt(&key, if is_cut { bytes[..n].to_vec() } else { bytes.to_vec() });
            let plain = plain?;
            Some(hash.of(&[&plain[..plain.len().min(CHECKED)]]) == *checksum)
        };
        opens().unwrap_or(false)
    }

    /// The bytes decrypted, as far as they are whole blocks; `None` if nothing fits.
    pub(super) fn decrypt(&self, key: &[u8], mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        match self.cipher {
            Cipher::Blowfish => {
                let cipher: Blowfish = Blowfish::new_from_slice(key).ok()?;
                let mut before = self.start.first_chunk::<8>().copied()?;
                for sealed in bytes.chunks_mut(8) {
                    let mut mask = before.into();
                    cipher.encrypt_block(&mut mask);
                    before = sealed.first_chunk::<8>().copied().unwrap_or_default();
                    sealed.iter_mut().zip(mask.iter()).for_each(|(byte, mask)| *byte ^= mask);
                }
            }
            Cipher::AesCbc => {
                bytes.truncate(bytes.len() / BLOCK_BYTES * BLOCK_BYTES);
                cipher::cbc(key, &self.start, &mut bytes)?;
                // The last byte tells how many were filled in.
                let n_filled = usize::from(*bytes.last()?);
                if (1..=BLOCK_BYTES).contains(&n_filled) {
                    bytes.truncate(bytes.len() - n_filled);
                }
            }
            Cipher::AesGcm => {
                // What it starts with stands before it too (XML Encryption 1.1, 5.2.4).
                let sealed = bytes.strip_prefix(self.start.as_slice())?;
                let nonce = Nonce::<<Aes256Gcm as AeadCore>::NonceSize>::try_from(&*self.start);
                bytes = Aes256Gcm::new_from_slice(key).ok()?.decrypt(&nonce.ok()?, sealed).ok()?;
            }
        }
        Some(bytes)
    }
}
