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
mod rc4;
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
    mut unlock: impl FnMut(&str) -> Option<T>,
) -> Result<T, Exception> {
    let mut n_spent = 0_u64;
    for (index, word) in OFFICE_OWN.into_iter().chain(budget.passwords.iter()).enumerate() {
        n_spent = n_spent.saturating_add(u64::from(n_rounds));
        if n_spent > MAX_ROUNDS {
            let n_known = index.saturating_sub(OFFICE_OWN.len());
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
}
