//! How does Office 2007 encrypt a document, and how do old documents since Office XP?
//!
//! Both tell it in the same binary form ([MS-OFFCRYPTO] 2.3.2, 2.3.3, 2.3.4.5 and 2.3.5.1).

use super::cipher;
use super::hash::Hash;
use super::wide;
use crate::formats::compound::u32_at;

/// How often a password is hashed for a document of the new Office (2.3.4.7).
pub(super) const N_ROUNDS: u32 = 50_000;

const AES: [u32; 3] = [0x660e, 0x660f, 0x6610];
const RC4: u32 = 0x6801;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 20;

/// How a document is encrypted, and what tells the right password from others.
#[derive(Debug)]
pub(super) struct Standard {
    algorithm: u32,
    pub(super) key_bits: u32,
    pub(super) salt: Vec<u8>,
    pub(super) verifier: Vec<u8>,
    pub(super) verifier_hash: Vec<u8>,
}

impl Standard {
    /// Reads what stands behind and with the version; `None` if it is damaged.
    pub(super) fn read(info: &[u8]) -> Option<Self> {
        const HEADER: usize = 12;
        let n_header = u32_at(info, HEADER - 4)? as usize;
        let header = info.get(HEADER..HEADER.checked_add(n_header)?)?;
        let rest = &info[HEADER + n_header..];
        let field = |from: usize, n: usize| rest.get(from..from + n).map(<[u8]>::to_vec);
        let algorithm = u32_at(header, 8)?;
        if u32_at(rest, 0)? as usize != SALT_BYTES || u32_at(rest, 36)? as usize != HASH_BYTES {
            return None;
        }
        // A hash of 20 bytes fills two blocks of AES.
        let n_hash = if AES.contains(&algorithm) { 32 } else { HASH_BYTES };
        Some(Self {
            algorithm,
            key_bits: u32_at(header, 16)?,
            salt: field(4, SALT_BYTES)?,
            verifier: field(20, 16)?,
            verifier_hash: field(40, n_hash)?,
        })
    }

    pub(super) fn is_aes(&self) -> bool {
        AES.contains(&self.algorithm) && matches!(self.key_bits, 128 | 192 | 256)
    }

    pub(super) fn is_rc4(&self) -> bool {
        self.algorithm == RC4 && (self.key_bits == 0 || (40..=128).contains(&self.key_bits))
    }

    /// The key of a document of the new Office, if the password is the right one (2.3.4.9).
    pub(super) fn unlock(&self, password: &str) -> Option<Vec<u8>> {
        let rounds = Hash::Sha1.rounds(&self.salt, &wide(password), N_ROUNDS);
        let hash = Hash::Sha1.of(&[&rounds, &[0; 4]]);
        let mut key = Vec::new();
        for filler in [0x36, 0x5c] {
            let mut block = [filler; 64];
            block.iter_mut().zip(&hash).for_each(|(byte, of_hash)| *byte ^= of_hash);
            key.extend(Hash::Sha1.of(&[&block]));
        }
        key.truncate(self.key_bits as usize / 8);
        let (mut verifier, mut expected) = (self.verifier.clone(), self.verifier_hash.clone());
        cipher::ecb(&key, &mut verifier)?;
        cipher::ecb(&key, &mut expected)?;
        (expected.get(..HASH_BYTES)? == Hash::Sha1.of(&[&verifier])).then_some(key)
    }
}
