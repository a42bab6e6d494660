//! How does Excel before 97 hide its cells, and Excel since then if it is asked to?
//!
//! By an array of sixteen bytes made of the password ([MS-OFFCRYPTO] 2.3.7.1 to 2.3.7.3).

/// The array that a password makes.
pub(crate) struct XorKey([u8; 16]);

/// A password has at most so many characters.
const MAX_BYTES: usize = 15;
/// What passwords of each length start with.
const INITIAL: [u16; MAX_BYTES] = [
    0xe1f0, 0x1d0f, 0xcc9c, 0x84c0, 0x110c, 0x0e10, 0xf1ce, 0x313e, 0x1872, 0xe139, 0xd40f, 0x84f9,
    0x280c, 0xa96a, 0x4ec3,
];
/// What the lowest bit of each character adds; each next bit adds the remainder of twice as much.
const LOWEST: [u16; MAX_BYTES] = [
    0xaefc, 0x7b61, 0x4563, 0x0375, 0xd849, 0x6f45, 0xeb23, 0x47d3, 0xb861, 0x45a0, 0xaa51, 0x76b4,
    0x3730, 0x3331, 0x1021,
];
/// What a short password is filled up with.
const FILLER: [u8; MAX_BYTES] =
    [0xbb, 0xff, 0xff, 0xba, 0xff, 0xff, 0xb9, 0x80, 0x00, 0xbe, 0x0f, 0x00, 0xbf, 0x0f, 0x00];

impl XorKey {
    /// The array of a password, if it is the right one for the two numbers that a file keeps.
    pub(crate) fn unlock(password: &str, key: u16, verifier: u16) -> Option<Self> {
        let word: Vec<u8> = password
            .encode_utf16()
            .map(|unit| if unit & 0xff == 0 { (unit >> 8) as u8 } else { (unit & 0xff) as u8 })
            .take(MAX_BYTES)
            .collect();
        let fits = !word.is_empty() && key_of(&word) == key && verifier_of(&word) == verifier;
        fits.then(|| {
            let [low, high] = key.to_le_bytes();
            let mut array = [0; 16];
            for (index, place) in array.iter_mut().enumerate() {
                let byte = word.get(index).or_else(|| FILLER.get(index - word.len()));
                let half = if index % 2 == 0 { low } else { high };
                *place = (byte.copied().unwrap_or(0) ^ half).rotate_right(1);
            }
            Self(array)
        })
    }

    /// Decrypts a record that stands at that place of its stream.
    pub(crate) fn record(&self, place: usize, bytes: &mut [u8]) {
        let first = place.wrapping_add(bytes.len());
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = (*byte ^ self.0[first.wrapping_add(index) % 16]).rotate_right(5);
        }
    }
}

fn key_of(word: &[u8]) -> u16 {
    let mut key = INITIAL[word.len() - 1];
    let lowest = &LOWEST[MAX_BYTES - word.len()..];
    for (byte, lowest) in word.iter().zip(lowest) {
        let mut adds = *lowest;
        for bit in 0..7 {
            if byte >> bit & 1 == 1 {
                key ^= adds;
            }
            adds = adds << 1 ^ if adds & 0x8000 == 0 { 0 } else { 0x1021 };
        }
    }
    key
}

fn verifier_of(word: &[u8]) -> u16 {
    let length = [word.len() as u8];
    let turned = |verifier: u16| verifier >> 14 & 1 | verifier << 1 & 0x7fff;
    let bytes = word.iter().rev().chain(&length);
    bytes.fold(0, |verifier, byte| turned(verifier) ^ u16::from(*byte)) ^ 0xce4b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits() {
        // The verifier of this one is published ([MS-OFFCRYPTO] 2.3.7.1 names the password).
        let word = b"VelvetSweatshop";
        assert_eq!(verifier_of(word), 0x9a0a);
        let key = key_of(word);
        assert!(XorKey::unlock("VelvetSweatshop", key, 0x9a0a).is_some());
        assert!(XorKey::unlock("VelvetSweatshop", key ^ 1, 0x9a0a).is_none());
        assert!(XorKey::unlock("secret", key, 0x9a0a).is_none());
        assert!(XorKey::unlock("", 0, 0).is_none());
        // Of a longer one only the beginning counts.
        assert!(XorKey::unlock("VelvetSweatshops", key, 0x9a0a).is_some());
    }
}
