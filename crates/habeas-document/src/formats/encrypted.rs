//! What is in an Office document that has a password?
//!
//! A document of the new Office is encrypted as a whole and kept in a compound file: what it takes to
//! open it stands in one stream, the document itself in another ([MS-OFFCRYPTO] 2.3.4). What opens
//! with a password that is known becomes a member. Old documents are encrypted inside their own
//! streams; their formats take the keys from here.

use habeas_model::{Card, Exception, Reason};

use super::Format;
use crate::Budget;
use crate::formats::compound::{Compound, u16_at};
use crate::out::{Input, Out, Unpacked};
use crate::sniff::{Match, Sample, Sure};

mod agile;
mod cipher;
mod hash;
pub(super) mod opendocument;
mod rc4;
mod sealed;
mod standard;
mod xor;

pub(super) use rc4::Rc4Key;
pub(super) use xor::XorKey;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "encrypted office",
        version: 1,
        summary: "Office documents with a password that is known, agile and standard encryption",
        handles: &[MEDIA_TYPE],
        authority: "[MS-OFFCRYPTO]",
    },
    sniff,
    read,
};

const MEDIA_TYPE: &str = "application/encrypted";

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_encrypted =
        ["EncryptedPackage", "EncryptionInfo"].iter().all(|name| sample.has_cfb_stream(name));
    is_encrypted.then_some((Sure::Structure, MEDIA_TYPE))
}

/// A document whose password fitted.
enum Unlocked {
    Agile(agile::Agile, Vec<u8>),
    Standard(Vec<u8>),
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    match open(input) {
        Ok((unlocked, package)) => {
            out.packed(input.name, package.len() as u64, move |limit| {
                unlocked.unpack(&package, limit)
            });
        }
        Err(why) => out.exception(why),
    }
}

fn open(input: &Input<'_>) -> Result<(Unlocked, Vec<u8>), Exception> {
    let mut file = Compound::open(input.bytes)?;
    let info = file.stream("EncryptionInfo").unwrap_or_default();
    let package = file.stream("EncryptedPackage").unwrap_or_default();
    let unlocked = match (u16_at(&info, 0), u16_at(&info, 2)) {
        (Some(4), Some(4)) => {
            let agile = agile::Agile::read(info.get(8..).unwrap_or_default())?;
            let key = first_that_fits(input.budget, agile.n_rounds(), |word| agile.unlock(word))?;
            Unlocked::Agile(agile, key)
        }
        (Some(2..=4), Some(2)) => {
            let standard = standard::Standard::read(&info).ok_or_else(damaged)?;
            if !standard.is_aes() {
                return Err(unknown());
            }
            let key =
                first_that_fits(input.budget, standard::N_ROUNDS, |word| standard.unlock(word))?;
            Unlocked::Standard(key)
        }
        (Some(3 | 4), Some(3)) => return Err(unknown()),
        _ => return Err(damaged()),
    };
    Ok((unlocked, package))
}

impl Unlocked {
    /// The document, up to one byte past the limit.
    fn unpack(&self, package: &[u8], limit: u64) -> Unpacked {
        let stated = package.first_chunk::<8>().map_or(0, |eight| u64::from_le_bytes(*eight));
        let sealed = package.get(8..).unwrap_or_default();
        let wanted = stated.min(limit.saturating_add(1));
        // Whole blocks only; what is left of a damaged one cannot be read.
        let available = sealed.len() / cipher::BLOCK_BYTES * cipher::BLOCK_BYTES;
        let n = usize::try_from(wanted).unwrap_or(usize::MAX).min(available);
        let mut bytes = sealed[..n.next_multiple_of(cipher::BLOCK_BYTES).min(available)].to_vec();
        let is_done = match self {
            Self::Agile(agile, key) => agile.decrypt(key, &mut bytes),
            Self::Standard(key) => cipher::ecb(key, &mut bytes),
        };
        bytes.truncate(n);
        let exception = match is_done {
            None => Some(unknown()),
            Some(()) if (n as u64) < wanted => Some(Exception::whole(
                Reason::Truncated,
                "its encrypted part ends before it should",
            )),
            Some(()) => None,
        };
        if is_done.is_none() {
            bytes.clear();
        }
        Unpacked { bytes, exception }
    }
}

/// What Office itself locks documents with that have no password of their own: protected workbooks,
/// presentations that are only to be shown ([MS-OFFCRYPTO] 2.3.7.1; Apache POI, `Decryptor`).
const OFFICE_OWN: [&str; 2] = ["VelvetSweatshop", "/01Hannes Ruescher/01"];

/// Passwords are tried as long as it takes no more than this many rounds of hashing.
const MAX_ROUNDS: u64 = 50_000_000;

/// Tries the passwords that Office uses itself and those that are known, each of which takes so many
/// rounds of hashing.
pub(super) fn first_that_fits<T>(
    budget: &Budget,
    n_rounds: u32,
    unlock: impl FnMut(&str) -> Option<T>,
) -> Result<T, Exception> {
    first_of(&OFFICE_OWN, budget, n_rounds, unlock)
}

/// The same with the passwords alone that are known.
fn first_known_that_fits<T>(
    budget: &Budget,
    n_rounds: u32,
    unlock: impl FnMut(&str) -> Option<T>,
) -> Result<T, Exception> {
    first_of(&[], budget, n_rounds, unlock)
}

fn first_of<T>(
    own: &[&str],
    budget: &Budget,
    n_rounds: u32,
    mut unlock: impl FnMut(&str) -> Option<T>,
) -> Result<T, Exception> {
    let mut n_spent = 0_u64;
    for (index, word) in own.iter().copied().chain(budget.passwords.iter()).enumerate() {
        n_spent = n_spent.saturating_add(u64::from(n_rounds));
        if n_spent > MAX_ROUNDS {
            let n_known = index.saturating_sub(own.len());
            let note = format!("needs a password; only the first {n_known} were tried");
            return Err(Exception::whole(Reason::Encrypted, note));
        }
        if let Some(unlocked) = unlock(word) {
            return Ok(unlocked);
        }
    }
    Err(Exception::whole(Reason::Encrypted, "needs a password"))
}

/// How a document is encrypted is not told in a way that can be read.
pub(super) fn damaged() -> Exception {
    Exception::whole(Reason::Corrupt, "how it is encrypted is damaged")
}

/// A cipher or a kind of key that is not read.
pub(super) fn unknown() -> Exception {
    Exception::whole(Reason::Encrypted, "encrypted in a way that is not known")
}

/// A password as two bytes a character, the lower one first.
fn wide(password: &str) -> Vec<u8> {
    password.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;
    use crate::Passwords;

    fn check_tried(n_rounds: u32, passwords: &str, expected: Result<&str, &str>) {
        let budget = Budget { passwords: Passwords::new(passwords), ..Budget::default() };
        let found =
            first_that_fits(&budget, n_rounds, |word| (word == "secret").then(|| word.to_owned()));
        let found = found.map_err(|why| why.note.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn passwords_are_tried_in_order_and_not_without_end() {
        check_tried(0, "wrong\nsecret", Ok("secret"));
        check_tried(100_000, "wrong", Err("needs a password"));
        check_tried(10_000_000, "a\nb\nsecret", Ok("secret"));
        let late = "a\nb\nc\nd\nsecret";
        check_tried(10_000_000, late, Err("needs a password; only the first 3 were tried"));
        check_tried(u32::MAX, "secret", Err("needs a password; only the first 0 were tried"));
    }

    /// Why a document does not open that tells in these bytes how it is encrypted.
    fn check_info(info: &[u8], expected: Reason) {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (name, bytes) in [("/EncryptionInfo", info), ("/EncryptedPackage", &[0; 24])] {
            file.create_stream(name).unwrap().write_all(bytes).unwrap();
        }
        file.flush().unwrap();
        let bytes = file.into_inner().into_inner();
        let budget = Budget { passwords: Passwords::new("wrong"), ..Budget::default() };
        let input =
            Input { name: "a.docx", bytes: &bytes, media_type: MEDIA_TYPE, budget: &budget };
        let why = open(&input).err().map(|why| why.reason);
        assert_eq!(why, Some(expected), "{}", String::from_utf8_lossy(info));
    }

    const AGILE: &str = "<encryption><keyData saltValue='AAAAAAAAAAAAAAAAAAAAAA==' blockSize='16' \
        keyBits='256' cipherAlgorithm='AES' cipherChaining='ChainingModeCBC' \
        hashAlgorithm='SHA512'/><p:encryptedKey spinCount='9' saltValue='AAAAAAAAAAAAAAAAAAAAAA==' \
        blockSize='16' keyBits='256' cipherAlgorithm='AES' cipherChaining='ChainingModeCBC' \
        hashAlgorithm='SHA512' encryptedVerifierHashInput='AAAAAAAAAAAAAAAAAAAAAA==' \
        encryptedVerifierHashValue='AAAAAAAAAAAAAAAAAAAAAA==' \
        encryptedKeyValue='AAAAAAAAAAAAAAAAAAAAAA=='/></encryption>";

    #[test]
    fn what_agile_encryption_tells_may_be_damaged_or_not_known() {
        use Reason::{Corrupt, Encrypted};
        for (from, to, expected) in [
            ("", "", Encrypted),
            ("<keyData", "<keyDate", Corrupt),
            ("<p:encryptedKey", "<p:encryptedKex", Corrupt),
            ("spinCount='9'", "spinCount='10000001'", Corrupt),
            ("spinCount='9'", "spinCount='-1'", Corrupt),
            // A key for the holder of a certificate.
            ("spinCount='9'", "x509Certificate='A'", Encrypted),
            ("AAAAAAAAAAAAAAAAAAAAAA==", "*", Corrupt),
            ("encryptedKeyValue='AAAAAAAAAAAAAAAAAAAAAA=='", "encryptedKeyValue=''", Corrupt),
            ("keyBits='256'", "keyBits='3'", Encrypted),
            ("keyBits='256'", "keyBits='x'", Corrupt),
            ("'AES'", "'DES'", Encrypted),
            ("'SHA512'", "'WHIRLPOOL'", Encrypted),
            ("blockSize='16'", "blockSize='0'", Encrypted),
            ("</encryption>", "", Encrypted),
        ] {
            let xml = AGILE.replace(from, to);
            check_info(&[b"\x04\0\x04\0\x40\0\0\0", xml.as_bytes()].concat(), expected);
        }
        check_info(b"\x04\0\x04\0\x40\0\0\0", Corrupt);
        check_info(b"", Corrupt);
        check_info(b"\x04\0\x03\0", Encrypted);
    }

    #[test]
    fn what_standard_encryption_tells_may_be_damaged_or_not_known() {
        use Reason::{Corrupt, Encrypted};
        let numbers = |numbers: &[u32]| -> Vec<u8> {
            numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
        };
        let info = |n_header: u32, algorithm: u32, key_bits: u32, n_salt: u32| {
            let head = numbers(&[0x0002_0004, 0x24, n_header]);
            let header = numbers(&[0x24, 0, algorithm, 0x8004, key_bits, 24, 0, 0]);
            let verifier = [numbers(&[n_salt]), vec![1; 32], numbers(&[20]), vec![1; 32]];
            [head, header, verifier.concat()].concat()
        };
        check_info(&info(32, 0x660e, 128, 16), Encrypted);
        check_info(&info(32, 0x6801, 128, 16), Encrypted);
        check_info(&info(32, 0x660e, 129, 16), Encrypted);
        check_info(&info(u32::MAX, 0x660e, 128, 16), Corrupt);
        check_info(&info(0, 0x660e, 128, 16), Corrupt);
        check_info(&info(32, 0x660e, 128, 17), Corrupt);
        check_info(&info(32, 0x660e, 128, 16)[..100], Corrupt);
    }

    #[test]
    fn a_package_that_is_cut_gives_what_it_has() {
        let sealed = [&40_u64.to_le_bytes()[..], &[7; 37]].concat();
        for (limit, n, reason) in [(100, 32, Some(Reason::Truncated)), (20, 21, None)] {
            let unpacked = Unlocked::Standard(vec![1; 16]).unpack(&sealed, limit);
            assert_eq!(unpacked.bytes.len(), n);
            assert_eq!(unpacked.exception.map(|why| why.reason), reason);
        }
        assert!(Unlocked::Standard(vec![1; 16]).unpack(b"", 9).bytes.is_empty());
        let huge = [&u64::MAX.to_le_bytes()[..], &[7; 16]].concat();
        assert_eq!(Unlocked::Standard(vec![1; 16]).unpack(&huge, u64::MAX).bytes.len(), 16);
    }
}
