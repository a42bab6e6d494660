//! What is inside a signature that is wrapped around its content (RFC 5652)?

use habeas_model::{Exception, Meaning, Part, Party, Reason};

use super::{certificate, place, x509};
use crate::formats::asn1::{self, OCTETS, OID, SEQUENCE, SET, Value};
use crate::formats::captioned::Captioned;
use crate::out::Out;

const SIGNED: &str = "1.2.840.113549.1.7.2";
const ENVELOPED: &str = "1.2.840.113549.1.7.3";
const SIGNED_AND_ENVELOPED: &str = "1.2.840.113549.1.7.4";
const ENCRYPTED: &str = "1.2.840.113549.1.7.6";
const AUTH_ENVELOPED: &str = "1.2.840.113549.1.9.16.1.23";
const COMPRESSED: &str = "1.2.840.113549.1.9.16.1.9";
/// Plain content, which a file of keys has.
const DATA: &str = "1.2.840.113549.1.7.1";
/// When something was signed, among what is signed with it (RFC 5652, 11.3).
const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";

/// Is that the type of a cryptographic message?
pub(super) fn is_known(oid: &[u8]) -> bool {
    [SIGNED, ENVELOPED, SIGNED_AND_ENVELOPED, ENCRYPTED, AUTH_ENVELOPED, COMPRESSED, DATA]
        .contains(&asn1::oid(oid).as_str())
}

/// Reads a cryptographic message: who signed, with which certificates, and what.
pub(super) fn read(name: &str, bytes: &[u8], n_certificates: &mut usize, out: &mut Out<'_>) {
    let parts = asn1::tagged(bytes, SEQUENCE).and_then(|(info, _)| asn1::tagged(info.inside, OID));
    let Some((kind, rest)) = parts else { return };
    match asn1::oid(kind.inside).as_str() {
        SIGNED => {
            if signed(name, rest, n_certificates, out).is_none() {
                let note = "signed, and not laid out as what is signed";
                out.exception(Exception::whole(Reason::Corrupt, note));
            }
        }
        ENVELOPED | SIGNED_AND_ENVELOPED | ENCRYPTED | AUTH_ENVELOPED => {
            let note = "encrypted for its recipients (S/MIME)";
            out.exception(Exception::whole(Reason::Encrypted, note));
        }
        _ => {
            let note = "packed as S/MIME in a way that is not read";
            out.exception(Exception::whole(Reason::Unsupported, note));
        }
    }
}

/// Signed data: version, algorithms, the content with its type, certificates, and who signed.
fn signed(name: &str, bytes: &[u8], n_certificates: &mut usize, out: &mut Out<'_>) -> Option<()> {
    let (explicit, _) = asn1::tagged(bytes, 0xa0)?;
    let (signed, _) = asn1::tagged(explicit.inside, SEQUENCE)?;
    let (_version, rest) = asn1::tagged(signed.inside, asn1::INTEGER)?;
    let (_algorithms, rest) = asn1::tagged(rest, SET)?;
    let (info, rest) = asn1::tagged(rest, SEQUENCE)?;
    let (_kind, content) = asn1::tagged(info.inside, OID)?;
    if let Some((explicit, _)) = asn1::tagged(content, 0xa0) {
        match asn1::value(explicit.inside).and_then(|(octets, _)| octets_of(octets)) {
            Some(content) => out.child(&inner_name(name), content),
            None => {
                let note = "signed content that is no file";
                out.exception(Exception::part(Reason::Unsupported, None, note));
            }
        }
    }
    for value in asn1::values(rest) {
        match value.tag {
            0xa0 => {
                for value in packed_in(value.inside) {
                    certificate(value, n_certificates, out);
                }
            }
            SET => {
                for (index, signer) in asn1::values(value.inside).enumerate() {
                    signer_of(signer, *n_certificates > 0, *n_certificates + 1 + index, out);
                }
            }
            _ => {}
        }
    }
    Some(())
}

/// Each value with its head, of those that are certificates (RFC 5652, 10.2.2).
fn packed_in(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut packed, mut rest) = (Vec::new(), bytes);
    while let Some((value, after)) = asn1::value(rest) {
        if value.tag == SEQUENCE {
            packed.extend(rest.get(..rest.len() - after.len()));
        }
        rest = after;
    }
    packed
}

/// The bytes of a content, which may come in pieces.
fn octets_of(octets: Value<'_>) -> Option<Vec<u8>> {
    match octets.tag {
        OCTETS => Some(octets.inside.to_vec()),
        0x24 => {
            let pieces = asn1::values(octets.inside).take_while(|piece| piece.tag == OCTETS);
            Some(pieces.flat_map(|piece| piece.inside.iter().copied()).collect())
        }
        _ => None,
    }
}

/// Who issued the certificate of a signer, and when it was signed, if it says so.
fn signer_of(signer: Value<'_>, has_certificates: bool, number: usize, out: &mut Out<'_>) {
    let mut head = Captioned::default();
    for value in asn1::values(signer.inside) {
        match value.tag {
            SEQUENCE => {
                // The first sequence that holds a name; algorithms hold none.
                if let Some((issuer, rest)) = asn1::tagged(value.inside, SEQUENCE) {
                    // The certificate itself says so too, if it is there.
                    if !has_certificates {
                        let whose = "Signed with a certificate of";
                        x509::name(&mut head, whose, issuer.inside, Party::Unknown);
                    }
                    if let Some((serial, _)) = asn1::tagged(rest, asn1::INTEGER) {
                        let serial = x509::hex(serial.inside);
                        head.line(
                            "Signed with number",
                            &serial,
                            Meaning::Reference,
                            Party::Unknown,
                        );
                    }
                }
            }
            0xa0 => {
                for attribute in asn1::values(value.inside) {
                    let Some((kind, rest)) = asn1::tagged(attribute.inside, OID) else { continue };
                    let time = asn1::tagged(rest, SET)
                        .filter(|_| asn1::oid(kind.inside) == SIGNING_TIME)
                        .and_then(|(set, _)| asn1::time(asn1::value(set.inside)?.0));
                    if let Some(time) = time {
                        head.line("Signed", &time, Meaning::Date, Party::Unknown);
                    }
                }
            }
            _ => {}
        }
    }
    out.passage(head.into_record(place(number), Part::Properties));
}

/// What the file was called before it was signed; a message has no name of its own.
fn inner_name(name: &str) -> String {
    const ENDINGS: &[&str] = &["p7m", "p7s", "p7b", "pem"];
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) => stem,
        _ => name,
    };
    if stem.contains('.') { stem.to_owned() } else { format!("{stem}.eml") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;
    use crate::out::Content;

    fn wrapped(tag: u8, inside: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(inside.len()).unwrap()], inside].concat()
    }

    fn oid(last: u8) -> Vec<u8> {
        wrapped(OID, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, last])
    }

    fn signed(octets: &[u8]) -> Vec<u8> {
        let info = wrapped(SEQUENCE, &[oid(1), wrapped(0xa0, octets)].concat());
        let signed = [wrapped(0x02, &[1]), wrapped(SET, &[]), info].concat();
        wrapped(SEQUENCE, &[oid(2), wrapped(0xa0, &wrapped(SEQUENCE, &signed))].concat())
    }

    /// The members with their bytes, and the reasons.
    fn check_read(bytes: &[u8], members: &[(&str, &[u8])], reasons: &[Reason]) {
        let budget = Budget::default();
        let mut out = Out::new("", &budget);
        read("smime.p7m", bytes, &mut 0, &mut out);
        let (document, children) = out.finish();
        let got: Vec<(&str, &[u8])> = children
            .iter()
            .map(|child| match &child.content {
                Content::Bytes(bytes) => (child.name.as_str(), &**bytes),
                _ => panic!("a member without its bytes"),
            })
            .collect();
        assert_eq!(got, members);
        assert_eq!(document.exceptions.iter().map(|e| e.reason).collect::<Vec<_>>(), reasons);
    }

    #[test]
    fn what_is_signed_is_read_and_what_is_encrypted_is_not() {
        check_read(&signed(&wrapped(OCTETS, b"To: Zoe")), &[("smime.eml", b"To: Zoe")], &[]);
        let pieces = [0x24, 0x80, 0x04, 1, b'T', 0x04, 1, b'o', 0, 0];
        check_read(&signed(&pieces), &[("smime.eml", b"To")], &[]);
        check_read(&wrapped(SEQUENCE, &oid(3)), &[], &[Reason::Encrypted]);
        check_read(&wrapped(SEQUENCE, &oid(2)), &[], &[Reason::Corrupt]);
        check_read(&signed(&wrapped(SEQUENCE, b"")), &[], &[Reason::Unsupported]);
    }

    #[test]
    fn what_is_signed_keeps_its_name() {
        assert_eq!(inner_name("letter.pdf.p7m"), "letter.pdf");
        assert_eq!(inner_name("smime.P7M"), "smime.eml");
        assert_eq!(inner_name("part-1"), "part-1.eml");
    }
}
