//! Whose cards are these?

use habeas_model::{Card, Meaning, Part, Party, Personal, Place, PlaceKind};

use super::Format;
use crate::encoding;
use crate::formats::captioned::Captioned;
use crate::formats::records::{self, Line};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "vcf",
        version: 2,
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
    let mut reader = Reader::default();
    reader.lines(&decoded.text, 0, out);
    reader.finish(out);
    out.decoded(&decoded);
}

/// Cards in cards, such as that of an assistant in that of a manager.
const MAX_DEPTH: usize = 4;

#[derive(Default)]
struct Reader {
    /// The cards that have begun, with the line each begins at; the innermost is the last.
    open: Vec<(Captioned, usize)>,
    n_cards: usize,
    n_files: usize,
    title: Option<String>,
}

impl Reader {
    /// Reads lines, of which the first stands at `offset` + 1.
    fn lines(&mut self, text: &str, offset: usize, out: &mut Out<'_>) {
        for (number, line) in records::lines(text) {
            let number = offset + number;
            let is = |value: &str| line.value.trim().eq_ignore_ascii_case(value);
            match line.name.as_str() {
                "BEGIN" if is("VCARD") && self.open.len() < MAX_DEPTH => {
                    self.open.push((Captioned::default(), number));
                }
                "END" if is("VCARD") => self.close(out),
                // In version 3.0 the inner card is one value with its line breaks escaped.
                "AGENT" if line.value.to_ascii_uppercase().contains("BEGIN:VCARD") => {
                    let inner = records::unescaped(&line.value);
                    if self.open.len() < MAX_DEPTH {
                        self.lines(&inner, number - 1, out);
                    }
                }
                "AGENT" if line.value.trim().is_empty() => {}
                "PHOTO" | "LOGO" | "SOUND" | "KEY" | "ATTACH" if self.attached(&line, out) => {}
                _ => {
                    if self.open.is_empty() {
                        self.open.push((Captioned::default(), number));
                    }
                    let depth = self.open.len();
                    let party = if depth > 1 { Party::Other } else { Party::Principal };
                    if line.name == "FN" && depth == 1 {
                        self.title = Some(records::unescaped(&line.value));
                    }
                    if let Some((card, _)) = self.open.last_mut() {
                        property(card, &line, party);
                    }
                }
            }
        }
    }

    fn close(&mut self, out: &mut Out<'_>) {
        let Some((card, first)) = self.open.pop() else { return };
        self.n_cards += usize::from(self.open.is_empty());
        if !card.is_empty() {
            out.passage(card.into_record(Place::new(PlaceKind::Line, first), Part::Body));
        }
    }

    /// Cards that do not end are told all the same.
    fn finish(mut self, out: &mut Out<'_>) {
        while !self.open.is_empty() {
            self.close(out);
        }
        if self.n_cards == 1 {
            out.facts().title = self.title.map(Personal::new);
        }
    }

    /// Hands over a picture, a sound or a key that is kept in the card.
    fn attached(&mut self, line: &Line, out: &mut Out<'_>) -> bool {
        let Some((kind, bytes)) = records::inline(line) else { return false };
        self.n_files += 1;
        let name = line.name.to_ascii_lowercase();
        let ending = match (records::ending(&kind), name.as_str()) {
            ("bin", "photo" | "logo") => "jpg",
            (ending, _) => ending,
        };
        out.child(&format!("{name}-{}.{ending}", self.n_files), bytes);
        true
    }
}

fn property(card: &mut Captioned, line: &Line, party: Party) {
    use Meaning as M;
    let kind = line.parameters.get("TYPE").map(|kind| format!(" ({})", kind.to_lowercase()));
    let caption = |name: &str| format!("{name}{}", kind.as_deref().unwrap_or_default());
    let text = records::unescaped(&line.value);
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
        "RELATED"
        | "AGENT"
        | "X-SPOUSE"
        | "X-MANAGER"
        | "X-ASSISTANT"
        | "X-ABRELATEDNAMES"
        | "X-EVOLUTION-SPOUSE"
        | "X-EVOLUTION-MANAGER"
        | "X-EVOLUTION-ASSISTANT"
        | "X-KADDRESSBOOK-X-SPOUSESNAME"
        | "X-KADDRESSBOOK-X-MANAGERSNAME"
        | "X-KADDRESSBOOK-X-ASSISTANTSNAME"
        | "X-MS-SPOUSE"
        | "X-MS-MANAGER"
        | "X-MS-ASSISTANT"
        | "X-MS-CHILD" => {
            let meaning = if text.contains(':') && !text.contains(' ') { M::Text } else { M::Name };
            card.line(&caption("Related"), &text, meaning, Party::Other);
        }
        "MEMBER" => {
            card.line("Member", text.trim_start_matches("mailto:"), M::Email, Party::Other);
        }
        "X-PHONETIC-FIRST-NAME" | "X-PHONETIC-MIDDLE-NAME" => {
            card.line("Given name as spoken", &text, M::GivenName, party);
        }
        "X-PHONETIC-LAST-NAME" => card.line("Surname as spoken", &text, M::FamilyName, party),
        "X-MAIDENNAME" | "X-MAIDEN-NAME" => card.line("Maiden name", &text, M::FamilyName, party),
        "DEATHDATE" | "X-ANNIVERSARY" | "X-EVOLUTION-ANNIVERSARY" => {
            card.line(&line.name, &text, M::Date, party);
        }
        "NOTE" => card.line("Note", &text, M::Text, party),
        "" => card.line("Line", &text, M::Text, party),
        "PHOTO" | "LOGO" | "SOUND" | "KEY" => card.line(&line.name, &text, M::Other, party),
        "VERSION" | "PRODID" | "REV" | "BEGIN" | "END" => {}
        "IMPP" | "X-SKYPE" | "X-SOCIALPROFILE" | "X-TWITTER" | "X-AIM" | "X-MSN" | "X-JABBER" => {
            card.line(&caption("Account"), &text, M::Username, party);
        }
        name => card.line(&caption(name), &text, M::Text, party),
    }
}
