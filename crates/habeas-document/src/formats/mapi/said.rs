//! What does the body of an item say: as text, as HTML or as Rich Text?

use encoding_rs::Encoding;
use habeas_model::{Exception, Hidden, Part, Passage, Place, PlaceKind, Reason};

use super::{Properties, compressed};
use crate::encoding;
use crate::formats::mail::{body, quoted};
use crate::formats::rtf;
use crate::out::Out;

/// Hands over the body, its repeated parts, and what another version of it says.
pub(super) fn body(message: &Properties<'_>, out: &mut Out<'_>) {
    let place = Place::new(PlaceKind::Message, 1);
    let (text, is_html, unseen) = said(message, out);
    for piece in quoted::split(&text, is_html) {
        let part = if piece.is_quoted { Part::Quoted } else { Part::Body };
        out.passage(Passage {
            fields: piece.fields,
            part,
            is_record: true,
            ..Passage::text(place.clone(), piece.text)
        });
    }
    out.passage(Passage {
        hidden: Some(Hidden::Invisible),
        is_record: true,
        ..Passage::text(place, unseen)
    });
}

/// The body, whether it comes from HTML, and what the other versions say that it does not.
fn said(message: &Properties<'_>, out: &mut Out<'_>) -> (String, bool, String) {
    let plain = message.text(&[0x1000]).unwrap_or_default().to_owned();
    let html = match (message.text(&[0x1013]), message.bytes(0x1013)) {
        (Some(html), _) => html.to_owned(),
        (None, Some(bytes)) => {
            let stated = message.number(0x3fde).and_then(|number| i32::try_from(number).ok());
            let encoding = stated.and_then(rtf::of_code_page);
            encoding::decode(bytes, encoding.map(Encoding::name)).text.into_owned()
        }
        (None, None) => String::new(),
    };
    let (mut shown, mut unseen) = (plain, String::new());
    let mut is_html = false;
    if !html.trim().is_empty() {
        let (of_html, unshown) = body::of_html(&html);
        (shown, is_html, unseen) = longer(shown, of_html, true);
        unseen.push_str(&body::lines_beyond_text(&shown, &unshown));
    }
    if let Some(packed) = message.bytes(0x1009).filter(|packed| packed.len() > 16) {
        match compressed::unpack(packed) {
            Some(rtf) => {
                let is_wrapped = rtf.windows(9).take(4096).any(|window| window == b"\\fromhtml");
                let said = rtf::walk(&rtf);
                let text = if is_wrapped { body::of_html(&said.text).0 } else { said.text };
                let (chosen, is_rtf, rest) = longer(shown, text, is_wrapped);
                (shown, is_html) = (chosen, is_html || is_rtf);
                for more in [rest, said.unseen, said.deleted] {
                    let more = body::lines_beyond_text(&shown, &more);
                    if !more.trim().is_empty() && !body::says_all(&unseen, &more) {
                        unseen = format!("{unseen}\n{more}");
                    }
                }
            }
            None => {
                let note = "the Rich Text of the body is not packed as it says";
                let place = Some(Place::new(PlaceKind::Message, 1));
                out.exception(Exception::part(Reason::Corrupt, place, note));
            }
        }
    }
    (shown, is_html, unseen)
}

/// Of two versions the first, unless the second says more; and what the other one adds.
fn longer(first: String, second: String, is_html: bool) -> (String, bool, String) {
    if first.trim().is_empty() {
        return (second, is_html, String::new());
    }
    let more = body::lines_beyond_text(&first, &second);
    if more.trim().is_empty() {
        return (first, false, String::new());
    }
    if body::says_all(&second, &first) {
        return (second, is_html, String::new());
    }
    (first, false, more)
}
