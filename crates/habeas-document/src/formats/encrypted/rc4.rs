//! How do old Word, Excel and PowerPoint documents encrypt their streams?
//!
//! With RC4, each stretch of a stream or each object with a key of its own: since Office 97 a short
//! key, since Office XP one of any length ([MS-OFFCRYPTO] 2.3.5 and 2.3.6).

use habeas_model::Exception;

use super::hash::Hash;
use super::standard::Standard;
use super::{damaged, first_that_fits, unknown, wide};
use crate::Budget;
use crate::formats::compound::{Compound, u16_at, u32_at, utf16};

/// What the keys of a document are made of.
pub(crate) enum Rc4Key {
    /// Five bytes of a hash.
    Office97(Vec<u8>),
    /// A hash, and how many bytes of the next one are a key.
    OfficeXp(Vec<u8>, usize),
}

impl Rc4Key {
    /// Tries passwords on a document; `info` tells how it is encrypted, from its version on.
    pub(crate) fn find(info: &[u8], budget: &Budget) -> Result<Self, Exception> {
        match (u16_at(info, 0), u16_at(info, 2)) {
            (Some(1), Some(1)) => {
                let field = |from: usize| info.get(from..from + 16).ok_or_else(damaged);
                let (salt, verifier, hash) = (field(4)?, field(20)?, field(36)?);
                first_that_fits(budget, 0, |word| {
                    Self::of_97(word, salt).filter_by(verifier, hash, Hash::Md5)
                })
            }
            (Some(2..=4), Some(2)) => {
                let how = Standard::read(info).ok_or_else(damaged)?;
                if !how.is_rc4() {
                    return Err(unknown());
                }
                first_that_fits(budget, 0, |word| {
                    let hash = Hash::Sha1.of(&[&how.salt, &wide(word)]);
                    // No length is the shortest.
                    let n = if how.key_bits == 0 { 5 } else { how.key_bits as usize / 8 };
                    Self::OfficeXp(hash, n).filter_by(&how.verifier, &how.verifier_hash, Hash::Sha1)
                })
            }
            _ => Err(damaged()),
        }
    }

    /// Puts the streams that are encrypted together, such as properties, back into a file (2.3.5.4).
    pub(crate) fn add_hidden(&self, file: &mut Compound<'_>) {
        for name in ["encryption", "EncryptedSummary"] {
            let Some(sealed) = file.stream(name) else { continue };
            for (name, bytes) in self.hidden(&sealed).unwrap_or_default() {
                file.add(name, bytes);
            }
        }
    }

    fn hidden(&self, sealed: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
        const MAX_STREAMS: u32 = 1_000;
        let (start, n) = (u32_at(sealed, 0)? as usize, u32_at(sealed, 4)? as usize);
        let mut list = sealed.get(start..start.checked_add(n)?)?.to_vec();
        self.object(0, &mut list);
        let (mut streams, mut rest) = (Vec::new(), list.get(4..)?);
        for _ in 0..u32_at(&list, 0)?.min(MAX_STREAMS) {
            let (start, n) = (u32_at(rest, 0)? as usize, u32_at(rest, 4)? as usize);
            let (block, n_name) = (u16_at(rest, 8)?, usize::from(*rest.get(10)?));
            let name = utf16(rest.get(16..16 + 2 * n_name)?);
            let mut bytes = sealed.get(start..start.checked_add(n)?)?.to_vec();
            self.object(block.into(), &mut bytes);
            streams.push((name.trim_end_matches('\0').to_owned(), bytes));
            rest = rest.get(18 + 2 * n_name..).unwrap_or_default();
        }
        Some(streams)
    }

    /// The salted hash of the first bytes of the password's hash, sixteen times over (2.3.6.2).
    fn of_97(password: &str, salt: &[u8]) -> Self {
        let first = Hash::Md5.of(&[&wide(password)]);
        let once = [&first[..5], salt].concat();
        let mut hash = Hash::Md5.of(&[&once.repeat(16)]);
        hash.truncate(5);
        Self::Office97(hash)
    }

    fn filter_by(self, verifier: &[u8], verifier_hash: &[u8], hash: Hash) -> Option<Self> {
        let mut both = [verifier, verifier_hash].concat();
        self.stretch(0).apply(&mut both);
        let (verifier, expected) = both.split_at(verifier.len());
        (expected == hash.of(&[verifier])).then_some(self)
    }

    /// The cipher of a stretch or object.
    fn stretch(&self, number: u32) -> Rc4 {
        let number = number.to_le_bytes();
        match self {
            Self::Office97(hash) => Rc4::new(&Hash::Md5.of(&[hash, &number])),
            Self::OfficeXp(hash, n) => {
                let mut key = Hash::Sha1.of(&[hash, &number]);
                key.truncate(*n);
                // A key of 40 bits is filled up to 128 (2.3.5.2).
                if *n == 5 {
                    key.resize(16, 0);
                }
                Rc4::new(&key)
            }
        }
    }

    /// Decrypts the object of that number.
    pub(crate) fn object(&self, number: u32, bytes: &mut [u8]) {
        self.stretch(number).apply(bytes);
    }

    /// Decrypts a stream whose keys change each so many bytes, but for what stands before `from`.
    pub(crate) fn stream(&self, n_stretch: usize, from: usize, bytes: &mut [u8]) {
        let from = from.min(bytes.len());
        let plain = bytes[..from].to_vec();
        for (number, stretch) in (0..).zip(bytes.chunks_mut(n_stretch)) {
            self.stretch(number).apply(stretch);
        }
        bytes[..from].copy_from_slice(&plain);
    }
}

/// The stream cipher of that name.
struct Rc4 {
    state: [u8; 256],
    i: u8,
    j: u8,
}

impl Rc4 {
    fn new(key: &[u8]) -> Self {
        let mut state = [0; 256];
        (0..=255).zip(&mut state).for_each(|(n, place)| *place = n);
        let mut j = 0_u8;
        for i in 0..256 {
            j = j.wrapping_add(state[i]).wrapping_add(key[i % key.len()]);
            state.swap(i, usize::from(j));
        }
        Self { state, i: 0, j: 0 }
    }

    fn apply(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.i = self.i.wrapping_add(1);
            let first = self.state[usize::from(self.i)];
            self.j = self.j.wrapping_add(first);
            self.state.swap(usize::from(self.i), usize::from(self.j));
            let second = self.state[usize::from(self.i)];
            *byte ^= self.state[usize::from(first.wrapping_add(second))];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6229, section 2.
    #[test]
    fn a_stream_is_encrypted_as_published() {
        for (key, expected) in [
            (&[1, 2, 3, 4, 5][..], [0xb2, 0x39, 0x63, 0x05]),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], [0x9a, 0xc7, 0xcc, 0x9a]),
        ] {
            let mut bytes = [0; 4];
            Rc4::new(key).apply(&mut bytes);
            assert_eq!(bytes, expected);
        }
    }

    /// What a program would write for a password.
    fn info_97(password: &str) -> Vec<u8> {
        let (salt, verifier) = ([7; 16], [9; 16]);
        let mut both = [&verifier[..], &Hash::Md5.of(&[&verifier])].concat();
        Rc4Key::of_97(password, &salt).object(0, &mut both);
        [&[1, 0, 1, 0][..], &salt, &both].concat()
    }

    #[test]
    fn the_right_password_makes_the_key_and_damage_is_told() {
        let with =
            |words: &str| Budget { passwords: crate::Passwords::new(words), ..Budget::default() };
        let info = info_97("secret");
        assert!(Rc4Key::find(&info, &with("wrong\nsecret")).is_ok());
        let why = |info: &[u8]| Rc4Key::find(info, &with("wrong")).err().map(|why| why.reason);
        use habeas_model::Reason::{Corrupt, Encrypted};
        assert_eq!(why(&info), Some(Encrypted));
        assert_eq!(why(&info[..40]), Some(Corrupt));
        assert_eq!(why(&[9; 60]), Some(Corrupt));
        assert_eq!(why(&[2, 0, 2, 0, 4, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]), Some(Corrupt));
        assert_eq!(why(b""), Some(Corrupt));
    }

    #[test]
    fn what_stands_before_a_place_in_a_stream_is_not_encrypted() {
        let key = Rc4Key::Office97(vec![1, 2, 3, 4, 5]);
        let plain: Vec<u8> = (0..=255).cycle().take(1_500).collect();
        let mut bytes = plain.clone();
        key.stream(512, 68, &mut bytes);
        assert_eq!(bytes[..68], plain[..68]);
        assert_ne!(bytes[68..], plain[68..]);
        let mut alone = plain[512..1_024].to_vec();
        key.object(1, &mut alone);
        assert_eq!(bytes[512..1_024], alone);
        key.stream(512, 68, &mut bytes);
        assert_eq!(bytes, plain);
        key.stream(512, 9_000, &mut bytes);
        assert_eq!(bytes, plain);
    }
}
