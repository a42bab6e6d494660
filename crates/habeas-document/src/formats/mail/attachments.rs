//! What is attached to a message?

use std::borrow::Cow;
use std::ops::Range;

use habeas_model::{Exception, Place, Reason};
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::encoding;
use crate::formats::mail::{body, uu, words};
use crate::out::Out;

/// Lists what is attached: files, pictures in the text, messages, invitations.
///
/// `input` are the bytes that the message was parsed from, if they are the input's own: then what
/// is not encoded is not copied.
pub(crate) fn list<'a>(
    message: &Message<'_>,
    input: Option<&'a [u8]>,
    place: &Place,
    out: &mut Out<'a>,
) {
    for id in &message.attachments {
        let Some(part) = message.parts.get(*id as usize) else { continue };
        let name = words::decoded(&name(message, part, *id)).into_owned();
        if let Some(why) = sealed(message, part) {
            out.lost(&name, u64::from(part.offset_end - part.offset_body), why);
            continue;
        }
        let files = uuencoded(part);
        if !files.is_empty() {
            in_text(files, place, out);
            continue;
        }
        let range = part.offset_body as usize..part.offset_end as usize;
        let is_plain = match part.body {
            PartType::Message(_) => part.encoding == Encoding::None,
            PartType::Binary(_) | PartType::InlineBinary(_) => {
                part.encoding == Encoding::None && !part.is_encoding_problem
            }
            _ => false,
        };
        match input.and_then(|bytes| bytes.get(range)).filter(|_| is_plain) {
            Some(bytes) => out.child(&name, bytes),
            None => out.child(&name, contents(message, part)),
        }
    }
}

/// Where the parts stand that [`list`] lists, each with its own head, by name; only for a message
/// whose bytes are parsed as they are.
pub(crate) fn extents(bytes: &[u8]) -> Vec<(String, Range<usize>)> {
    let Some(message) = MessageParser::default().parse(bytes) else { return Vec::new() };
    let part = |id: &u32| {
        let part = message.parts.get(*id as usize)?;
        let name = words::decoded(&name(&message, part, *id)).into_owned();
        Some((name, part.offset_header as usize..part.offset_end as usize))
    };
    message.attachments.iter().filter_map(part).collect()
}

/// Lists files that stood in a text.
pub(crate) fn in_text(files: Vec<uu::File>, place: &Place, out: &mut Out<'_>) {
    for (index, file) in files.into_iter().enumerate() {
        if let Some((reason, trouble)) = file.trouble {
            let note = format!("file {} in the text {trouble} (uuencode)", index + 1);
            out.exception(Exception::part(reason, Some(place.clone()), note));
        }
        out.child(&file.name, file.bytes);
    }
}

/// The files in a part that says that it is encoded as they were before MIME.
fn uuencoded(part: &MessagePart<'_>) -> Vec<uu::File> {
    const NAMES: [&str; 5] = ["x-uuencode", "x-uue", "uuencode", "x-uu", "uue"];
    let named = part.content_transfer_encoding().unwrap_or_default().trim();
    if !NAMES.iter().any(|name| named.eq_ignore_ascii_case(name)) {
        return Vec::new();
    }
    match &part.body {
        PartType::Text(text) => uu::taken(text).1,
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            uu::taken(&String::from_utf8_lossy(bytes)).1
        }
        _ => Vec::new(),
    }
}

/// Why nothing of a part can be had: it is encrypted with PGP (RFC 3156), or says that it is
/// encrypted as S/MIME (RFC 8551) and is not laid out so.
fn sealed(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Exception> {
    let kind = part.content_type()?;
    let says = kind.attribute("smime-type").unwrap_or_default();
    if says.eq_ignore_ascii_case("enveloped-data") && !contents(message, part).starts_with(b"0") {
        return Some(Exception::whole(Reason::Encrypted, "encrypted for its recipients (S/MIME)"));
    }
    let is_pgp = match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            bytes.trim_ascii_start().starts_with(b"-----BEGIN PGP MESSAGE-----")
        }
        PartType::Text(text) => text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----"),
        _ => false,
    };
    let note = "encrypted for its recipients (PGP)";
    is_pgp.then(|| Exception::whole(Reason::Encrypted, note))
}

/// The numbers of the parts that are not encoded as they say.
pub(crate) fn damaged(message: &Message<'_>) -> Vec<usize> {
    let parts = message.parts.iter().enumerate();
    parts
        .filter(|(_, part)| part.is_encoding_problem && part.offset_end > part.offset_body)
        .map(|(index, _)| index)
        .collect()
}

/// A part's bytes, as the file was before it was attached.
fn contents(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    match &part.body {
        PartType::Message(inner) if part.encoding != Encoding::None => inner.raw_message.to_vec(),
        PartType::Message(_) => {
            let range = part.offset_body as usize..part.offset_end as usize;
            message.raw_message.get(range).unwrap_or_default().to_vec()
        }
        PartType::Text(text) | PartType::Html(text) => {
            let bytes = body::raw(message, part).map(Cow::into_owned);
            let charset = part.content_type().and_then(|kind| kind.attribute("charset"));
            let bytes = bytes.unwrap_or_else(|| text.as_bytes().to_vec());
            // The charset is known here and not to whoever reads the file, so a mark tells it.
            if charset.is_some() && std::str::from_utf8(&bytes).is_err() {
                [b"\xef\xbb\xbf", text.as_bytes()].concat()
            } else {
                bytes
            }
        }
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            let raw = (body::tail_bytes(message, part) > 0).then(|| body::raw(message, part));
            raw.flatten().map_or_else(|| bytes.to_vec(), Cow::into_owned)
        }
        PartType::Multipart(_) => Vec::new(),
    }
}

/// The file name of a part, or one made from its number and kind.
fn name(message: &Message<'_>, part: &MessagePart<'_>, id: u32) -> String {
    let stated = part.attachment_name().map(|name| name.trim().to_owned());
    match stated.filter(|name| !name.is_empty()) {
        Some(name) if name.contains(char::REPLACEMENT_CHARACTER) => {
            return name_in_old_encoding(message, part).unwrap_or(name);
        }
        Some(name) => return name,
        None => {}
    }
    let kind = part.content_type();
    let (kind, subtype) =
        kind.map_or(("text", "plain"), |kind| (kind.ctype(), kind.subtype().unwrap_or_default()));
    let extension = match (kind, subtype.to_ascii_lowercase().as_str()) {
        ("message", "rfc822" | "global") => "eml",
        (
            "message" | "text",
            "plain"
            | "delivery-status"
            | "disposition-notification"
            | "rfc822-headers"
            | "feedback-report",
        ) => "txt",
        ("text", "calendar") => "ics",
        ("text", "vcard" | "x-vcard" | "directory") => "vcf",
        ("image", "jpeg") => "jpg",
        ("image", "svg+xml") => "svg",
        ("application", "pkcs7-signature" | "x-pkcs7-signature") => "p7s",
        ("application", "pkcs7-mime" | "x-pkcs7-mime") => "p7m",
        ("application", "ms-tnef") => "dat",
        ("application", "octet-stream") => "bin",
        (_, subtype)
            if !subtype.is_empty()
                && subtype.len() <= 8
                && subtype.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            return format!("part-{id}.{subtype}");
        }
        _ => "bin",
    };
    format!("part-{id}.{extension}")
}

/// The file name, if it is written in the encoding of somebody's screen, which no header declares.
fn name_in_old_encoding(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let head = part.offset_header as usize..part.offset_body as usize;
    let head = encoding::decode(message.raw_message.get(head)?, None).text.into_owned();
    let head = MessageParser::default().parse_headers(head.as_bytes())?;
    let name = head.parts.first()?.attachment_name()?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}
