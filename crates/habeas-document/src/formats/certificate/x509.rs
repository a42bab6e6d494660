//! Whose is a certificate, who vouches for it, and under which addresses (RFC 5280)?

use std::fmt::Write;

use habeas_model::{Meaning, Part, Party, Passage, Place};

use crate::formats::asn1::{self, INTEGER, OCTETS, OID, SEQUENCE, SET, Value};
use crate::formats::captioned::Captioned;
use crate::shape;

/// The parts of a certificate that name somebody.
pub(super) struct Certificate<'a> {
    serial: &'a [u8],
    issuer: &'a [u8],
    validity: &'a [u8],
    subject: &'a [u8],
    /// Extensions one after the other; empty if there are none.
    extensions: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// Takes a certificate apart; `None` if it is none.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (outer, _) = asn1::tagged(bytes, SEQUENCE)?;
        let (signed, _) = asn1::tagged(outer.inside, SEQUENCE)?;
        // The first version does not say which it is.
        let rest = asn1::tagged(signed.inside, 0xa0).map_or(signed.inside, |(_, rest)| rest);
        let (serial, rest) = asn1::tagged(rest, INTEGER)?;
        let (_algorithm, rest) = asn1::tagged(rest, SEQUENCE)?;
        let (issuer, rest) = asn1::tagged(rest, SEQUENCE)?;
        let (validity, rest) = asn1::tagged(rest, SEQUENCE)?;
        let (subject, rest) = asn1::tagged(rest, SEQUENCE)?;
        let (_key, rest) = asn1::tagged(rest, SEQUENCE)?;
        asn1::time(asn1::value(validity.inside)?.0)?;
        let extensions = asn1::values(rest).find(|value| value.tag == 0xa3);
        let extensions = extensions.and_then(|it| asn1::tagged(it.inside, SEQUENCE));
        Some(Self {
            serial: serial.inside,
            issuer: issuer.inside,
            validity: validity.inside,
            subject: subject.inside,
            extensions: extensions.map_or(&[], |(it, _)| it.inside),
        })
    }

    /// What it says of people and of itself.
    pub(super) fn passage(&self, place: Place) -> Passage {
        let mut head = Captioned::default();
        name(&mut head, "Subject", self.subject, Party::Principal);
        for extension in asn1::values(self.extensions) {
            self::extension(&mut head, extension);
        }
        name(&mut head, "Issuer", self.issuer, Party::Unknown);
        let serial = hex(self.serial);
        head.line("Serial number", &serial, Meaning::Reference, Party::Unknown);
        for (caption, time) in ["Valid from", "Valid to"].iter().zip(asn1::values(self.validity)) {
            let time = asn1::time(time).unwrap_or_default();
            head.line(caption, &time, Meaning::Date, Party::Unknown);
        }
        head.into_record(place, Part::Body)
    }
}

/// The name in a request for a certificate; `None` if it is none.
///
/// # Source
/// RFC 2986, 4.1: a version of 0, the name, the key, and attributes.
pub(super) fn request(bytes: &[u8]) -> Option<&[u8]> {
    let (outer, _) = asn1::tagged(bytes, SEQUENCE)?;
    let (info, _) = asn1::tagged(outer.inside, SEQUENCE)?;
    let (_version, rest) = asn1::tagged(info.inside, INTEGER).filter(|(v, _)| v.inside == [0])?;
    let (subject, rest) = asn1::tagged(rest, SEQUENCE)?;
    let (key, _) = asn1::tagged(rest, SEQUENCE)?;
    asn1::tagged(key.inside, SEQUENCE)?;
    asn1::values(subject.inside).all(|value| value.tag == SET).then_some(subject.inside)
}

/// What a request for a certificate says of people.
pub(super) fn of_request(subject: &[u8], place: Place) -> Passage {
    let mut head = Captioned::default();
    name(&mut head, "Subject", subject, Party::Principal);
    head.into_record(place, Part::Body)
}

/// Adds a name, a line for each of its attributes.
pub(super) fn name(head: &mut Captioned, whose: &str, name: &[u8], party: Party) {
    for set in asn1::values(name).filter(|set| set.tag == SET) {
        for attribute in asn1::values(set.inside) {
            let Some((kind, rest)) = asn1::tagged(attribute.inside, OID) else { continue };
            let Some((value, _)) = asn1::value(rest) else { continue };
            self::attribute(head, whose, kind.inside, value, party);
        }
    }
}

/// Adds one attribute of a name.
fn attribute(head: &mut Captioned, whose: &str, kind: &[u8], value: Value<'_>, party: Party) {
    let kind = asn1::oid(kind);
    let (caption, meaning) = match kind.as_str() {
        "2.5.4.3" | "2.5.4.41" => ("name", Meaning::Name),
        "2.5.4.4" => ("surname", Meaning::FamilyName),
        "2.5.4.42" => ("given name", Meaning::GivenName),
        "2.5.4.43" => ("initials", Meaning::Text),
        "2.5.4.5" => ("number", Meaning::PersonReference),
        "2.5.4.6" => ("country", Meaning::Other),
        "2.5.4.7" => ("place", Meaning::Address),
        "2.5.4.8" => ("county", Meaning::Address),
        "2.5.4.9" | "2.5.4.16" => ("address", Meaning::Address),
        "2.5.4.17" => ("postcode", Meaning::Postcode),
        "2.5.4.10" => ("organisation", Meaning::Organisation),
        "2.5.4.11" => ("unit", Meaning::Organisation),
        "2.5.4.12" => ("title", Meaning::Text),
        "2.5.4.20" => ("telephone", Meaning::Phone),
        "2.5.4.65" => ("pseudonym", Meaning::Username),
        "2.5.4.97" => ("organisation number", Meaning::Reference),
        "1.2.840.113549.1.9.1" | "0.9.2342.19200300.100.1.3" => ("e-mail", Meaning::Email),
        "0.9.2342.19200300.100.1.1" => ("user", Meaning::Username),
        "0.9.2342.19200300.100.1.25" => ("domain", Meaning::Other),
        "1.3.6.1.5.5.7.9.1" => ("date of birth", Meaning::BirthDate),
        "1.3.6.1.5.5.7.9.2" => ("place of birth", Meaning::Address),
        other => (other, Meaning::Text),
    };
    let Some(text) = asn1::text(value).or_else(|| asn1::time(value)) else { return };
    let meaning = if meaning == Meaning::Name { of_name(&text, party) } else { meaning };
    head.line(&format!("{whose} {caption}"), &text, meaning, party);
}

/// Words in the names of those who issue certificates.
const HOUSES: &[&str] =
    &["CA", "Root", "Authority", "Certification", "Issuing", "TLS", "SSL", "RSA", "ECC"];

/// What a common name is: of a person, an address, a computer, or a house.
fn of_name(name: &str, party: Party) -> Meaning {
    if shape::is_email(name) {
        Meaning::Email
    } else if !name.trim().contains(' ') {
        Meaning::Text
    } else if party == Party::Unknown || name.split(' ').any(|word| HOUSES.contains(&word)) {
        // Those who issue certificates are houses.
        Meaning::Organisation
    } else {
        Meaning::Name
    }
}

/// Adds what an extension says of people.
fn extension(head: &mut Captioned, extension: Value<'_>) {
    let Some((kind, _)) = asn1::tagged(extension.inside, OID) else { return };
    let Some(packed) = asn1::values(extension.inside).find(|value| value.tag == OCTETS) else {
        return;
    };
    let Some((list, _)) = asn1::value(packed.inside) else { return };
    match asn1::oid(kind.inside).as_str() {
        "2.5.29.17" => general_names(head, "Subject", list.inside, Party::Principal),
        "2.5.29.18" => general_names(head, "Issuer", list.inside, Party::Unknown),
        // Attributes of a person, as those of a name with the value in a set.
        "2.5.29.9" => {
            for attribute in asn1::values(list.inside) {
                let Some((kind, rest)) = asn1::tagged(attribute.inside, OID) else { continue };
                let Some((set, _)) = asn1::tagged(rest, SET) else { continue };
                for value in asn1::values(set.inside) {
                    self::attribute(head, "Subject", kind.inside, value, Party::Principal);
                }
            }
        }
        "2.16.840.1.113730.1.13" => {
            let comment = asn1::text(list).unwrap_or_default();
            head.line("Comment", &comment, Meaning::Text, Party::Unknown);
        }
        _ => {}
    }
}

/// Adds other names of the same: addresses, computers (RFC 5280, 4.2.1.6).
fn general_names(head: &mut Captioned, whose: &str, list: &[u8], party: Party) {
    for value in asn1::values(list) {
        let mut add = |caption: &str, text: &str, meaning: Meaning| {
            head.line(&format!("{whose} {caption}"), text, meaning, party);
        };
        let plain = || String::from_utf8_lossy(value.inside);
        match value.tag {
            0x81 => add("e-mail", &plain(), Meaning::Email),
            0x82 => add("computer", &plain(), Meaning::Other),
            0x86 => add("link", &plain(), Meaning::Text),
            0x87 => add("internet address", &ip(value.inside), Meaning::Ip),
            // The name by which a user signs in (1.3.6.1.4.1.311.20.2.3), and other such.
            0xa0 => {
                let inner = asn1::tagged(value.inside, OID)
                    .and_then(|(_, rest)| asn1::tagged(rest, 0xa0))
                    .and_then(|(explicit, _)| asn1::text(asn1::value(explicit.inside)?.0));
                let text = inner.unwrap_or_default();
                let is_email = shape::is_email(&text);
                add("user", &text, if is_email { Meaning::Email } else { Meaning::Username });
            }
            0xa4 => {
                if let Some((inner, _)) = asn1::tagged(value.inside, SEQUENCE) {
                    name(head, whose, inner.inside, party);
                }
            }
            _ => {}
        }
    }
}

fn ip(bytes: &[u8]) -> String {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return std::net::Ipv4Addr::from(bytes).to_string();
    }
    let bytes = <[u8; 16]>::try_from(bytes);
    bytes.map_or_else(|_| String::new(), |bytes| std::net::Ipv6Addr::from(bytes).to_string())
}

/// A number as certificates are quoted: `0a1b2c`.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes.iter().take(64) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
