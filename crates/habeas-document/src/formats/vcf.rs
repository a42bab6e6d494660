//! Whose cards are these?

use habeas_model::{Card, Meaning, Part, Party, Place, PlaceKind};

use super::Format;
use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::records::{self, Line};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "vcf",
        version: 1,
        summary: "Contacts, one record each",
        handles: &["text/vcard", ".vcf"],
        authority: "RFC 6350; RFC 2426; vCard 2.1",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let text = sample.text()?.trim_start_matches('\u{feff}').trim_start();
    let begins = text.get(..11).is_some_and(|head| head.eq_ignore_ascii_case("BEGIN:VCARD"));
    begins.then_some((Sure::Magic, "text/vcard"))
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let decoded = encoding::decode(input.bytes, None);
    let (mut card, mut first) = (Captioned::default(), 1);
    for (number, line) in records::lines(&decoded.text) {
        let is = |value: &str| line.value.trim().eq_ignore_ascii_case(value);
        match line.name.as_str() {
            "BEGIN" if is("VCARD") => first = number,
            "END" if is("VCARD") => hand_over(std::mem::take(&mut card), first, out),
            _ => property(&mut card, &line),
        }
    }
    hand_over(card, first, out);
    out.document.exceptions.extend(decoded.exception());
}

fn hand_over(card: Captioned, first: usize, out: &mut Out<'_>) {
    if !card.is_empty() {
        out.passage(card.into_record(Place::new(PlaceKind::Line, first), Part::Body));
    }
}

fn property(card: &mut Captioned, line: &Line) {
    use Meaning as M;
    let kind = line.parameters.get("TYPE").map(|kind| format!(" ({})", kind.to_lowercase()));
    let caption = |name: &str| format!("{name}{}", kind.as_deref().unwrap_or_default());
    let text = records::unescaped(&line.value);
    let party = Party::Principal;
    match line.name.as_str() {
        "FN" => card.line("Name", &text, M::Name, party),
        "N" => {
            let parts = records::parts(&line.value);
            for (index, name, meaning) in [
                (0, "Surname", M::FamilyName),
                (1, "Given name", M::GivenName),
                (2, "Middle names", M::GivenName),
                (3, "Title", M::Other),
                (4, "Suffix", M::Other),
            ] {
                card.line(name, parts.get(index).map_or("", String::as_str), meaning, party);
            }
        }
        "NICKNAME" => card.line("Nickname", &text, M::Name, party),
        "EMAIL" => {
            card.line(&caption("Email"), text.trim_start_matches("mailto:"), M::Email, party)
        }
        "TEL" => card.line(&caption("Telephone"), text.trim_start_matches("tel:"), M::Phone, party),
        "ADR" => {
            let parts = records::parts(&line.value);
            let (postcode, rest): (Vec<_>, Vec<_>) =
                parts.into_iter().enumerate().partition(|(index, _)| *index == 5);
            let join = |parts: Vec<(usize, String)>| {
                let parts = parts.into_iter().map(|(_, part)| part);
                parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
            };
            card.line(&caption("Address"), &join(rest), M::Address, party);
            card.line("Postcode", &join(postcode), M::Postcode, party);
        }
        "LABEL" => card.line(&caption("Address"), &text, M::Address, party),
        "BDAY" => card.line("Born", &text, M::BirthDate, party),
        "ANNIVERSARY" => card.line("Anniversary", &text, M::Date, party),
        "ORG" => card.line(
            "Organisation",
            &records::parts(&line.value).join(", "),
            M::Organisation,
            party,
        ),
        "RELATED" | "AGENT" | "X-SPOUSE" | "X-MANAGER" | "X-ASSISTANT" | "X-ABRELATEDNAMES" => {
            card.line(&caption("Related"), &text, M::Name, Party::Other);
        }
        "PHOTO" | "LOGO" | "SOUND" | "KEY" => {
            // Pictures and keys, unless they are links.
            if text.contains("://") {
                card.line(&line.name, &text, M::Other, party);
            }
        }
        "VERSION" | "PRODID" | "REV" | "BEGIN" | "END" => {}
        "IMPP" | "X-SKYPE" | "X-SOCIALPROFILE" | "X-TWITTER" | "X-AIM" | "X-MSN" | "X-JABBER" => {
            card.line(&caption("Account"), &text, M::Username, party);
        }
        name => card.line(&caption(name), &text, M::Text, party),
    }
}
