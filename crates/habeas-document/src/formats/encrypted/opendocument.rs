//! What is in an OpenDocument file that has a password?
//!
//! Its parts are encrypted one by one, each with a key of its own, and the manifest tells how
//! (OpenDocument 1.3, Part 2, 3.4 and 4.16). Since 2024 LibreOffice packs all parts as one and
//! encrypts that. What opens becomes a member: the same document without its password.

use std::io::{Cursor, Read, Write};

use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, ZipWriter};
use flate2::read::DeflateDecoder;
use habeas_model::{Exception, Reason};

use super::sealed::{self, Sealed};
use super::{MAX_ROUNDS, first_known_that_fits};
use crate::formats::package::Package;
use crate::out::{Input, Out, Unpacked};

/// The one part of a document that is encrypted as a whole.
const WHOLE: &str = "encrypted-package";
/// All parts together take no more rounds of hashing for their keys than so many passwords do.
const MAX_ROUNDS_OF_PARTS: u64 = 10 * MAX_ROUNDS;

/// Lists the document without its password, or says why it cannot be had.
pub(in crate::formats) fn read<'a>(input: &Input<'a>, mut package: Package<'a>, out: &mut Out<'a>) {
    match open(input, &mut package, out) {
        Ok((parts, password)) => {
            let budget = input.budget;
            out.packed(input.name, input.bytes.len() as u64, move |limit| {
                // What cannot be unpacked of the parts is told as one thing.
                let mut of_parts = Out::new("", budget);
                let mut unpacked = unpack(&parts, &password, &mut package, limit, &mut of_parts);
                let why = of_parts.finish().0.exceptions.into_iter().next();
                unpacked.exception = unpacked.exception.or(why);
                unpacked
            });
        }
        Err(why) => out.exception(why),
    }
}

/// How each part is encrypted, and the password.
fn open(
    input: &Input<'_>,
    package: &mut Package<'_>,
    out: &mut Out<'_>,
) -> Result<(Vec<Sealed>, String), Exception> {
    let manifest = package.text("META-INF/manifest.xml", out).unwrap_or_default();
    let parts = sealed::parts(&manifest)?;
    // Any part tells whether a password is the right one; this one has to be there.
    let is_main = |part: &&Sealed| part.name == WHOLE || part.name == "content.xml";
    let main = parts.iter().find(is_main).or_else(|| parts.first()).ok_or_else(super::unknown)?;
    let bytes = package.bytes(&main.name, out).ok_or_else(super::damaged)?;
    let password = first_known_that_fits(input.budget, main.n_rounds(), |word| {
        main.opens(&bytes, word).then(|| word.to_owned())
    })?;
    Ok((parts, password))
}

/// The document, up to one byte past the limit.
fn unpack(
    parts: &[Sealed],
    password: &str,
    package: &mut Package<'_>,
    limit: u64,
    out: &mut Out<'_>,
) -> Unpacked {
    if let Some(whole) = parts.iter().find(|part| part.name == WHOLE) {
        let bytes = package.bytes(WHOLE, out).unwrap_or_default();
        let (bytes, is_whole) = plain(whole, password, bytes, limit);
        return Unpacked { bytes, exception: (!is_whole).then(damaged) };
    }
    let mut names = package.in_folder("");
    // What kind of document it is has to stand at its start.
    names.sort_by_key(|name| name != "mimetype");
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let (mut n_bytes, mut n_rounds, mut exception) = (0, 0_u64, None);
    for name in names {
        if name.eq_ignore_ascii_case("META-INF/manifest.xml") {
            continue;
        }
        let sealed = parts.iter().find(|part| part.name == name);
        n_rounds = n_rounds.saturating_add(sealed.map_or(0, |part| u64::from(part.n_rounds())));
        if n_rounds > MAX_ROUNDS_OF_PARTS {
            let note = "the keys of its parts take longer than they may";
            exception = Some(Exception::part(Reason::TimeLimit, None, note));
            break;
        }
        let Some(mut bytes) = package.bytes(&name, out) else { continue };
        if let Some(sealed) = sealed {
            let left = limit.saturating_sub(n_bytes);
            let (found, is_whole) = plain(sealed, password, bytes, left);
            bytes = found;
            if !is_whole {
                exception.get_or_insert_with(damaged);
            }
        }
        n_bytes = n_bytes.saturating_add(bytes.len() as u64);
        let is_written = archive.start_file(&*name, options).is_ok();
        if !is_written || archive.write_all(&bytes).is_err() {
            exception.get_or_insert_with(damaged);
        }
        if n_bytes > limit {
            break;
        }
    }
    let mut bytes = archive.finish().map(Cursor::into_inner).unwrap_or_default();
    bytes.truncate(usize::try_from(limit.saturating_add(1)).unwrap_or(usize::MAX));
    Unpacked { bytes, exception }
}

/// A part decrypted and unpacked, up to one byte past the limit, and whether all of it was there.
fn plain(sealed: &Sealed, password: &str, bytes: Vec<u8>, limit: u64) -> (Vec<u8>, bool) {
    let packed = sealed.key(password).and_then(|key| sealed.decrypt(&key, bytes));
    let Some(packed) = packed else { return (Vec::new(), false) };
    let mut plain = Vec::new();
    let reader = DeflateDecoder::new(packed.as_slice());
    let is_whole = reader.take(limit.saturating_add(1)).read_to_end(&mut plain).is_ok();
    (plain, is_whole)
}

fn damaged() -> Exception {
    Exception::part(Reason::Corrupt, None, "a part that is encrypted is damaged")
}
