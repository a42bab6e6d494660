//! Which kinds of file are known, and hold nothing that is read yet?

use habeas_model::Reason;

use super::{Sample, Taken};

/// A signature at an offset, and what it is a sign of.
struct Signature {
    at: usize,
    magic: &'static [u8],
    media_type: &'static str,
    reason: Reason,
    /// Too short to be told from a text that begins so: the rest must not be text.
    is_weak: bool,
}

const fn picture(at: usize, magic: &'static [u8], media_type: &'static str) -> Signature {
    Signature { at, magic, media_type, reason: Reason::NoText, is_weak: magic.len() < 4 }
}

const fn unsupported(at: usize, magic: &'static [u8], media_type: &'static str) -> Signature {
    Signature { at, magic, media_type, reason: Reason::Unsupported, is_weak: magic.len() < 4 }
}

/// First match counts.
const SIGNATURES: &[Signature] = &[
    picture(8, b"WAVE", "audio/wav"),
    picture(8, b"AVI ", "video/x-msvideo"),
    picture(4, b"ftypM4A", "audio/mp4"),
    picture(4, b"ftypqt", "video/quicktime"),
    picture(4, b"ftyp3gp", "video/3gpp"),
    picture(4, b"ftyp", "video/mp4"),
    picture(4, b"moov", "video/quicktime"),
    picture(4, b"mdat", "video/quicktime"),
    picture(0, b"ID3", "audio/mpeg"),
    picture(0, b"\xff\xfb", "audio/mpeg"),
    picture(0, b"\xff\xf3", "audio/mpeg"),
    picture(0, b"\xff\xf2", "audio/mpeg"),
    picture(0, b"\xff\xf1", "audio/aac"),
    picture(0, b"fLaC", "audio/flac"),
    picture(0, b"OggS", "audio/ogg"),
    picture(0, b"#!AMR", "audio/amr"),
    picture(8, b"AIFF", "audio/aiff"),
    picture(8, b"AIFC", "audio/aiff"),
    picture(0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    picture(0, b"\0\0\x01\xba", "video/mpeg"),
    picture(0, b"\0\0\x01\xb3", "video/mpeg"),
    picture(0, b"FLV\x01", "video/x-flv"),
    picture(0, b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-asf"),
    unsupported(0, b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    unsupported(0, b"!BDN", "application/vnd.ms-outlook-pst"),
    unsupported(0, b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    unsupported(4, b"Standard Jet DB", "application/x-msaccess"),
    unsupported(4, b"Standard ACE DB", "application/x-msaccess"),
    unsupported(0, b"PGDMP", "application/x-postgresql-dump"),
    unsupported(0, b"ORC\x0a", "application/vnd.apache.orc"),
    unsupported(0, b"Obj\x01", "application/avro"),
    unsupported(0, b"%!PS", "application/postscript"),
    unsupported(0, b"\xc5\xd0\xd3\xc6", "application/postscript"),
    unsupported(0, b"\x7fELF", "application/x-elf"),
    unsupported(0, b"MZ", "application/vnd.microsoft.portable-executable"),
    unsupported(0, b"\xca\xfe\xba\xbe", "application/java-vm"),
    unsupported(0, b"\0asm", "application/wasm"),
    unsupported(0, b"wOFF", "font/woff"),
    unsupported(0, b"wOF2", "font/woff2"),
    unsupported(0, b"OTTO", "font/otf"),
    unsupported(0, b"\0\x01\0\0\0", "font/ttf"),
    unsupported(0, b"ITSF\x03\0\0\0", "application/vnd.ms-htmlhelp"),
    unsupported(0, b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    unsupported(0, b"regf", "application/x-windows-registry"),
    unsupported(0, b"AC10", "image/vnd.dwg"),
    unsupported(0, b"\xffWPC", "application/vnd.wordperfect"),
    unsupported(0, b"\0\0\x1a\0", "application/vnd.lotus-1-2-3"),
];

/// What the bytes are by their signature, if they are of a kind that is known and not read.
pub(super) fn by_content(sample: &Sample<'_>) -> Option<Taken> {
    if sample.is_cfb() {
        return Some(compound(sample));
    }
    let found = SIGNATURES.iter().find(|signature| {
        sample.bytes.get(signature.at..).is_some_and(|rest| rest.starts_with(signature.magic))
            && !(signature.is_weak && sample.text().is_some())
    })?;
    let note = match found.media_type {
        kind if kind.starts_with("audio/") => "a recording",
        kind if kind.starts_with("video/") => "a film",
        _ => "no reader for this kind of file",
    };
    let (media_type, reason) = (found.media_type, found.reason);
    Some(Taken::Unreadable { media_type, reason, note })
}

/// A compound file that no format took for its own.
fn compound(sample: &Sample<'_>) -> Taken {
    if sample.has_cfb_stream("EncryptedPackage") {
        // What opens it is kept by a server that manages rights.
        let note = "an Office document whose rights are managed elsewhere";
        let media_type = "application/encrypted";
        return Taken::Unreadable { media_type, reason: Reason::Encrypted, note };
    }
    let note = "no reader for this kind of compound file";
    let media_type = "application/x-ole-storage";
    Taken::Unreadable { media_type, reason: Reason::Unsupported, note }
}

/// Media types by the ending of a name, for what cannot be looked into.
pub(super) fn by_extension(extension: &str) -> &'static str {
    match extension {
        "txt" | "text" | "log" => "text/plain",
        "md" | "markdown" => "text/markdown",
        "csv" => "text/csv",
        "tsv" | "tab" => "text/tab-separated-values",
        "json" => "application/json",
        "jsonl" | "ndjson" => "application/x-ndjson",
        "xml" => "application/xml",
        "htm" | "html" | "xhtml" => "text/html",
        "pdf" => "application/pdf",
        "rtf" => "application/rtf",
        "doc" | "dot" => "application/msword",
        "xls" | "xlt" => "application/vnd.ms-excel",
        "ppt" | "pps" => "application/vnd.ms-powerpoint",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        "eml" => "message/rfc822",
        "mbox" => "application/mbox",
        "msg" => "application/vnd.ms-outlook",
        "zip" => "application/zip",
        "gz" | "tgz" => "application/gzip",
        "tar" => "application/x-tar",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "tif" | "tiff" => "image/tiff",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        _ => "application/octet-stream",
    }
}
