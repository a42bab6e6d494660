//! From bytes to what they say: text with places, fields, children and exceptions.
//!
//! [`open`] sniffs what the bytes of one item are and reads them within a [`Budget`]; its members
//! come packed. [`read_family`] goes on into everything that is packed in a file. A format is one file in `formats/` and one line in
//! its `FORMATS`; a known export is one file in `exports/` and one line in its `EXPORTS`.

mod budget;
mod encoding;
pub mod page;
mod sniff;

mod family;
mod open;
mod out;

mod formats;

mod table;

mod columns;
mod cuts;
mod exports;
mod record;
mod recording;
mod shape;

use habeas_model::{Card, ItemId};

pub use budget::{Budget, Passwords};
pub use cuts::{Uncut, attached, cuts, messages, telling, telling_cells};
pub use family::{Had, NotHad, Spent, read_family, stand_in, too_deep, unread};
pub use open::{Opened, open};
pub use out::{Child, Content, Draw, Look, Picture, Record, Scan, Unpack, Unpacked};

/// The cards of all formats that are read, in the order in which they are listed.
pub fn formats() -> Vec<Card> {
    formats::FORMATS.iter().map(|format| format.card).collect()
}

/// The cards of all known exports.
pub fn exports() -> Vec<Card> {
    exports::EXPORTS.iter().map(|export| export.card).collect()
}

/// A code that changes whenever some format or known export gives something else than before.
///
/// Items that were read under another code are to be read again.
pub fn version() -> String {
    let mut cards = String::new();
    for card in formats().into_iter().chain(exports()) {
        cards.push_str(&format!("{} {}\n", card.name, card.version));
    }
    ItemId::of(cards.as_bytes()).short()
}
