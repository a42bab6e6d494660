//! zip: which members does an archive list, and which of them can be had?

use std::io::{Cursor, Read};

use habeas_model::{Card, Exception, Reason};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{Format, gzip};
use crate::encoding;
use crate::out::{Input, Out, Unpacked};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "zip",
        version: 1,
        summary: "A zip archive; a member with a password is listed as one that could not be read",
        handles: &["application/zip", ".zip", ".jar", ".epub"],
        authority: "PKWARE APPNOTE 6.3.10",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    sample.is_zip().then_some((Sure::Magic, "application/zip"))
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let archive = match ZipArchive::new(Cursor::new(input.bytes)) {
        Ok(archive) => archive,
        Err(_) => return out.exception(Exception::whole(Reason::Corrupt, "no list of members")),
    };
    let comment = encoding::decode(archive.comment(), None);
    out.passage(habeas_model::Passage {
        part: habeas_model::Part::Comment,
        ..habeas_model::Passage::text(
            habeas_model::Place::new(habeas_model::PlaceKind::Header, 1),
            comment.text,
        )
    });
    let mut archive = archive;
    for index in 0..archive.len() {
        list(&mut archive, index, out);
    }
}

/// Lists one member; a folder is none.
fn list<'a>(archive: &mut Archive<'a>, index: usize, out: &mut Out<'a>) {
    let number = (index + 1).to_string();
    let (name, packed_bytes, is_encrypted) = match archive.by_index_raw(index) {
        Ok(member) if member.is_dir() => return,
        Ok(member) => {
            let name = match member.name() {
                Ok(name) => name.into_owned(),
                Err(_) => encoding::decode(member.name_raw(), None).text.into_owned(),
            };
            (name, member.compressed_size(), member.encrypted())
        }
        Err(error) => return out.lost(&number, 0, why(&error)),
    };
    let name = name.replace('\\', "/");
    if is_encrypted {
        let why = Exception::whole(Reason::Encrypted, "a member with a password");
        return out.lost(&name, packed_bytes, why);
    }
    let mut archive = archive.clone();
    out.packed(&name, packed_bytes, move |limit| match archive.by_index(index) {
        // The declared size may be a lie, so that what is read is what counts.
        Ok(member) => gzip::unpack(member.take(limit.saturating_add(1)), limit),
        Err(error) => Unpacked { bytes: Vec::new(), exception: Some(why(&error)) },
    });
}

fn why(error: &ZipError) -> Exception {
    match error {
        ZipError::CompressionMethodNotSupported(method) => {
            Exception::whole(Reason::Unsupported, format!("compression method {method}"))
        }
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Exception::whole(Reason::Encrypted, "a member with a password")
        }
        ZipError::UnsupportedArchive(_) => {
            Exception::whole(Reason::Unsupported, "packed in a way that is not read")
        }
        _ => Exception::whole(Reason::Corrupt, "a damaged member"),
    }
}
