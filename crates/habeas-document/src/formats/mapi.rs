//! What do Outlook's messages, contacts, appointments and tasks say, wherever they are kept?
//!
//! A `.msg` file, a data file (`.pst`) and a `winmail.dat` keep the same properties in three ways.
//! Each of them is read into an [`Item`], and [`tell`] says what that holds.

use habeas_model::{Exception, Hidden, Meaning, Part, Party, Passage, Place, PlaceKind, Reason};

use crate::formats::captioned::Captioned;
use crate::out::Out;

mod compressed;
mod details;
mod head;
pub(crate) mod names;
mod properties;
mod said;

pub(crate) use properties::{Key, Properties, Raw, Value, names_of, ticks_to_iso, width};

/// A message, contact, appointment, task or note without its attachments.
#[derive(Default)]
pub(crate) struct Item<'a> {
    pub(crate) properties: Properties<'a>,
    pub(crate) recipients: Vec<Properties<'a>>,
}

/// Tells what an item says: facts, head, body, the head it had on its way, and all else.
pub(crate) fn tell(item: &Item<'_>, out: &mut Out<'_>) {
    head::facts(&item.properties, out);
    head::shown(item, out);
    said::body(&item.properties, out);
    head::transport(&item.properties, out);
    details::tell(&item.properties, out);
}

/// What an attachment is called; one without a name is called by its number.
pub(crate) fn attachment_name(attached: &Properties<'_>, number: usize, is_item: bool) -> String {
    // Long name, short name, the last segment of a path, display name.
    let path = attached.text(&[0x370d, 0x3708]).and_then(|path| path.rsplit(['\\', '/']).next());
    let stated = attached.text(&[0x3707, 0x3704]).or(path).or(attached.text(&[0x3001]));
    let stated = stated.map(str::trim).filter(|name| !name.is_empty());
    match (stated, is_item) {
        (Some(name), true) if !name.to_ascii_lowercase().ends_with(".msg") => format!("{name}.msg"),
        (Some(name), _) => name.to_owned(),
        (None, true) => format!("part-{number}.msg"),
        (None, false) => format!("part-{number}.bin"),
    }
}

/// Why the bytes of an attachment are not here: it is a link, or they are gone.
pub(crate) fn attachment_elsewhere(attached: &Properties<'_>) -> Exception {
    // PidTagAttachMethod: 2, 3, 4 and 7 are kinds of links ([MS-OXCMSG] 2.2.2.9).
    match attached.number(0x3705) {
        Some(2..=4 | 7) | None => Exception::whole(Reason::Vanished, "attached as a link only"),
        Some(_) => Exception::whole(Reason::Corrupt, "its bytes are not in the message"),
    }
}

/// Hands over where an attachment came from: a path or a link, which may name somebody.
pub(crate) fn about_attachment(attached: &Properties<'_>, number: usize, out: &mut Out<'_>) {
    let mut lines = Captioned::default();
    for tag in [0x370d, 0x3708, 0x3712, 0x3713] {
        if let Some(path) = attached.text(&[tag]).filter(|path| path.contains(['/', '\\'])) {
            lines.line(&format!("Attachment {number} from"), path, Meaning::Text, Party::Unknown);
        }
    }
    let lines = lines.into_record(Place::new(PlaceKind::Header, 1), Part::Properties);
    out.passage(Passage { hidden: Some(Hidden::Invisible), ..lines });
}
