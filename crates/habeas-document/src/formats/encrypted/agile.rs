//! How does Office since 2010 encrypt a document?
//!
//! An XML text tells how: once for the document, and once for each way to get at its key, of which a
//! password is one ([MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15).

use habeas_model::Exception;

use super::cipher::{self, BLOCK_BYTES};
use super::hash::Hash;
use super::{damaged, unknown, wide};
use crate::formats::markup::{Element, Step, Walk};
use crate::formats::odf::base64;

/// What is encrypted anew, with a start of its own.
const SEGMENT_BYTES: usize = 4096;
/// More rounds than Office may write (2.3.4.10, `spinCount`).
const MAX_ROUNDS: u32 = 10_000_000;

// What is hashed together with a password for each use of it (2.3.4.11, 2.3.4.13).
const FOR_VERIFIER: [u8; 8] = [0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79];
const FOR_VERIFIER_HASH: [u8; 8] = [0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e];
const FOR_KEY: [u8; 8] = [0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6];

/// A cipher with its hash, for the document or for its key.
struct Cipher {
    salt: Vec<u8>,
    key_bytes: usize,
    hash: Hash,
}

impl Cipher {
    fn read(element: &Element<'_>) -> Result<Self, Exception> {
        let value = |name| element.attribute(name).ok_or_else(damaged);
        let number = |name| value(name)?.parse::<usize>().map_err(|_| damaged());
        let salt = base64(&value("saltValue")?).filter(|salt| !salt.is_empty());
        let salt = salt.ok_or_else(damaged)?;
        let key_bytes = number("keyBits")? / 8;
        let is_known = value("cipherAlgorithm")? == "AES"
            && value("cipherChaining")? == "ChainingModeCBC"
            && number("blockSize")? == BLOCK_BYTES
            && matches!(key_bytes, 16 | 24 | 32);
        let hash = Hash::named(&value("hashAlgorithm")?).filter(|_| is_known);
        Ok(Self { salt, key_bytes, hash: hash.ok_or_else(unknown)? })
    }
}

/// How a document is encrypted, and its key as the password encrypts it.
pub(super) struct Agile {
    document: Cipher,
    password: Cipher,
    n_rounds: u32,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key: Vec<u8>,
}

impl Agile {
    /// Reads how a document is encrypted.
    pub(super) fn read(xml: &[u8]) -> Result<Self, Exception> {
        let xml = String::from_utf8_lossy(xml);
        let (mut document, mut password, mut has_keys) = (None, None, false);
        for step in Walk::new(&xml) {
            let Step::Open(element) = step else { continue };
            match element.name() {
                "keyData" if document.is_none() => document = Some(Cipher::read(&element)?),
                "encryptedKey" if element.attribute("spinCount").is_none() => has_keys = true,
                "encryptedKey" if password.is_none() => {
                    let bytes = |name| {
                        let bytes = base64(&element.attribute(name)?)?;
                        (!bytes.is_empty() && bytes.len() <= 1024).then_some(bytes)
                    };
                    let n_rounds = element.attribute("spinCount").and_then(|n| n.parse().ok());
                    password = Some((
                        Cipher::read(&element)?,
                        n_rounds.filter(|n| *n <= MAX_ROUNDS).ok_or_else(damaged)?,
                        bytes("encryptedVerifierHashInput").ok_or_else(damaged)?,
                        bytes("encryptedVerifierHashValue").ok_or_else(damaged)?,
                        bytes("encryptedKeyValue").ok_or_else(damaged)?,
                    ));
                }
                _ => {}
            }
        }
        match (document, password) {
            (Some(document), Some((password, n_rounds, verifier, verifier_hash, key))) => {
                Ok(Self { document, password, n_rounds, verifier, verifier_hash, key })
            }
            // For the holder of a certificate only.
            (Some(_), None) if has_keys => Err(unknown()),
            _ => Err(damaged()),
        }
    }

    pub(super) fn n_rounds(&self) -> u32 {
        self.n_rounds
    }

    /// The key of the document, if the password is the right one.
    pub(super) fn unlock(&self, password: &str) -> Option<Vec<u8>> {
        let Cipher { salt, key_bytes, hash } = &self.password;
        let rounds = hash.rounds(salt, &wide(password), self.n_rounds);
        let opened = |sealed: &[u8], purpose: &[u8]| {
            let key = fitted(hash.of(&[&rounds, purpose]), *key_bytes);
            let mut bytes = sealed.to_vec();
            cipher::cbc(&key, &fitted(salt.clone(), BLOCK_BYTES), &mut bytes)?;
            Some(bytes)
        };
        let verifier = opened(&self.verifier, &FOR_VERIFIER)?;
        let expected = opened(&self.verifier_hash, &FOR_VERIFIER_HASH)?;
        // What does not fill its last block is filled up with zeros.
        let verifier = verifier.get(..salt.len()).unwrap_or(&verifier);
        let have = hash.of(&[verifier]);
        if expected.get(..have.len())? != have {
            return None;
        }
        let mut key = opened(&self.key, &FOR_KEY)?;
        key.truncate(self.document.key_bytes);
        (key.len() == self.document.key_bytes).then_some(key)
    }

    /// Decrypts a document that begins at its first segment, in place.
    pub(super) fn decrypt(&self, key: &[u8], bytes: &mut [u8]) -> Option<()> {
        let Cipher { salt, hash, .. } = &self.document;
        for (index, segment) in bytes.chunks_mut(SEGMENT_BYTES).enumerate() {
            let number = u32::try_from(index).ok()?;
            let start = fitted(hash.of(&[salt, &number.to_le_bytes()]), BLOCK_BYTES);
            cipher::cbc(key, &start, segment)?;
        }
        Some(())
    }
}

/// A hash cut or filled up to a length.
fn fitted(mut bytes: Vec<u8>, n: usize) -> Vec<u8> {
    bytes.resize(n, 0x36);
    bytes
}
