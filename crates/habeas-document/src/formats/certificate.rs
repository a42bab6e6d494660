//! Whose are the certificates of a file, and what is in a signature that is wrapped around its
//! content?
//!
//! A signed message holds its text inside its signature; that is a member. So is any other file
//! that is signed so: `letter.pdf.p7m`.

use habeas_model::{Card, Exception, Passage, Place, PlaceKind, Reason};

use super::asn1;
use super::mail::body;
use crate::encoding;
use crate::formats::Format;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

mod cms;
mod x509;

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "certificate",
        version: 1,
        summary: "Certificates, and signed files: whose they are; what is signed is a member",
        handles: &[
            "application/pkix-cert",
            "application/pkcs7-mime",
            "application/x-pem-file",
            "application/x-pkcs12",
            ".cer",
            ".pem",
            ".p7m",
            ".p7s",
            ".p7b",
        ],
        authority: "RFC 5280; RFC 2986; RFC 5652; RFC 7468; RFC 8551; RFC 7292",
    },
    sniff,
    read,
};

const CERTIFICATE: &str = "application/pkix-cert";
const REQUEST: &str = "application/pkcs10";
const SIGNED: &str = "application/pkcs7-mime";
const KEYS: &str = "application/x-pkcs12";
const ARMOURED: &str = "application/x-pem-file";

/// The blocks of a text that are read; keys and all others stay as they stand.
const LABELS: &[&str] = &[
    "CERTIFICATE",
    "X509 CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "CERTIFICATE REQUEST",
    "NEW CERTIFICATE REQUEST",
    "PKCS7",
    "CMS",
];

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    if let Some(media_type) = kind(sample.bytes) {
        return Some((Sure::Structure, media_type));
    }
    if !sample.bytes.trim_ascii_start().starts_with(b"-----BEGIN ")
        && !sample.is_named(&["pem", "crt", "cer", "p7b", "p7c", "p7s", "csr"])
    {
        return None;
    }
    let is_armoured = sample.text()?.lines().filter_map(label).any(|it| LABELS.contains(&it));
    is_armoured.then_some((Sure::Magic, ARMOURED))
}

/// The media type of what is packed in values; `None` if it is nothing that is read here.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    let (outer, _) = asn1::tagged(bytes, asn1::SEQUENCE)?;
    let (first, rest) = asn1::value(outer.inside)?;
    let next = || asn1::tagged(rest, asn1::SEQUENCE).and_then(|(next, _)| asn1::value(next.inside));
    match first.tag {
        asn1::OID if cms::is_known(first.inside) => Some(SIGNED),
        // Version 3, and then a content as signed files have it.
        asn1::INTEGER if first.inside == [3] => {
            next().filter(|(kind, _)| cms::is_known(kind.inside)).map(|_| KEYS)
        }
        asn1::SEQUENCE if x509::Certificate::parse(bytes).is_some() => Some(CERTIFICATE),
        asn1::SEQUENCE if x509::request(bytes).is_some() => Some(REQUEST),
        _ => None,
    }
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    if input.media_type == ARMOURED {
        return read_armoured(input, out);
    }
    if asn1::is_cut(input.bytes) {
        out.exception(Exception::part(Reason::Truncated, None, "ends before its values do"));
    }
    if !read_packed(input.name, input.bytes, &mut 0, out) {
        out.exception(Exception::whole(Reason::Corrupt, "not laid out as its kind says"));
    }
}

/// Reads what is packed in values; `false` if it is nothing that is read here.
fn read_packed(name: &str, bytes: &[u8], n_certificates: &mut usize, out: &mut Out<'_>) -> bool {
    match kind(bytes) {
        Some(CERTIFICATE) => certificate(bytes, n_certificates, out),
        Some(REQUEST) => {
            let passage = x509::request(bytes).map(|subject| x509::of_request(subject, place(1)));
            passage.into_iter().for_each(|passage| out.passage(passage));
        }
        Some(SIGNED) => cms::read(name, bytes, n_certificates, out),
        Some(KEYS) => {
            let note = "keys and certificates with a password (PKCS #12)";
            out.exception(Exception::whole(Reason::Encrypted, note));
        }
        _ => return false,
    }
    true
}

/// Tells of one certificate; says so if it is none.
fn certificate(bytes: &[u8], n_before: &mut usize, out: &mut Out<'_>) {
    *n_before += 1;
    let place = place(*n_before);
    match x509::Certificate::parse(bytes) {
        Some(certificate) => out.passage(certificate.passage(place)),
        None => {
            let note = "a certificate that is not laid out as one";
            out.exception(Exception::part(Reason::Corrupt, Some(place), note));
        }
    }
}

fn place(number: usize) -> Place {
    Place::new(PlaceKind::Body, number)
}

/// What a line says that begins a block.
fn label(line: &str) -> Option<&str> {
    line.trim().strip_prefix("-----BEGIN ")?.strip_suffix("-----")
}

/// Reads a text with blocks of values in it. What stands around them is text, and so is a block
/// that cannot be read.
fn read_armoured<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    out.decoded(&decoded);
    let mut n_certificates = 0;
    // Where text begins that was not told yet: its line, and its byte.
    let mut untold = (1, 0);
    // Where a block begins: its line, its byte, and where what is in it begins.
    let mut block: Option<(usize, usize, usize)> = None;
    let mut at = 0;
    let text: &str = &decoded.text;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        if label(line).is_some_and(|label| LABELS.contains(&label)) {
            block = Some((index + 1, start, at));
        } else if line.starts_with("-----END ")
            && let Some((first, from, inside)) = block.take()
        {
            let packed = text.get(inside..start).unwrap_or_default();
            let bytes = body::from_base64(packed.as_bytes());
            if kind(&bytes).is_some() {
                tell(text, untold, from, out);
                read_packed(input.name, &bytes, &mut n_certificates, out);
                untold = (index + 2, at);
            } else {
                let place = Place::new(PlaceKind::Line, first);
                let note = "a block that is not what it says";
                out.exception(Exception::part(Reason::Corrupt, Some(place), note));
            }
        }
    }
    tell(text, untold, text.len(), out);
}

/// Takes the text between the blocks.
fn tell(text: &str, (line, from): (usize, usize), to: usize, out: &mut Out<'_>) {
    let between = text.get(from..to).unwrap_or_default();
    out.passage(Passage::text(Place::new(PlaceKind::Line, line), between));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    fn check_armoured(text: &str, expected: &[&str], n_exceptions: usize) {
        let budget = Budget::default();
        let mut out = Out::new(ARMOURED, &budget);
        let input =
            Input { name: "a.pem", bytes: text.as_bytes(), media_type: ARMOURED, budget: &budget };
        read(&input, &mut out);
        let document = out.finish().0;
        let texts: Vec<&str> = document.passages.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(texts, expected);
        assert_eq!(document.exceptions.len(), n_exceptions);
    }

    #[test]
    fn a_block_that_cannot_be_read_stays_as_text() {
        let text = "For Zoe\n-----BEGIN CERTIFICATE-----\nTm9uZQ==\n-----END CERTIFICATE-----\n";
        check_armoured(text, &[text], 1);
        let key = "-----BEGIN PRIVATE KEY-----\nTm9uZQ==\n-----END PRIVATE KEY-----\n";
        check_armoured(key, &[key], 0);
    }
}
