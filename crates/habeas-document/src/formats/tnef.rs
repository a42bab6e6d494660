//! What does Outlook send to those who have no Outlook, as `winmail.dat`?
//!
//! A message, its recipients and its attachments, as attributes one after the other ([MS-OXTNEF]).
//! Messages of a data file (`.pst`) are handed over in this form too: see [`carry`].

use std::borrow::Cow;

use encoding_rs::Encoding;
use habeas_model::{Card, Exception, Reason};

use super::Format;
use crate::formats::compound::{u16_at, u32_at};
use crate::formats::mapi::{self, Item, Key, Properties, Raw};
use crate::formats::rtf::of_code_page;
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) mod carry;
mod stream;

use stream::{Attribute, Cursor};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "tnef",
        version: 2,
        summary: "Messages as Outlook packs them (winmail.dat); attachments are members",
        handles: &["application/vnd.ms-tnef", ".dat"],
        authority: "[MS-OXTNEF]",
    },
    sniff,
    read,
};

const MEDIA_TYPE: &str = "application/vnd.ms-tnef";

/// The signature, the lowest byte first.
const MAGIC: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];

/// How an embedded message and an embedded object of another kind begin ([MS-OXTNEF] 2.1.3.4).
const EMBEDDED_MESSAGE: [u8; 16] = [7, 3, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    sample.starts_with(&MAGIC).then_some((Sure::Magic, MEDIA_TYPE))
}

#[derive(Default)]
struct Attachment<'a> {
    title: Option<&'a [u8]>,
    data: Option<&'a [u8]>,
    properties: Vec<Raw<'a>>,
}

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    // Signature and a key that nothing refers to; a message of a data file has the key 0.
    if u16_at(input.bytes, 4) == Some(carry::KEY) {
        out.media_type("application/vnd.ms-outlook");
    }
    let mut rest = Cursor::new(input.bytes.get(6..).unwrap_or_default());
    let (mut raws, mut old, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    let mut attachments: Vec<Attachment<'a>> = Vec::new();
    let mut code_page = None;
    let (mut n_damaged, mut n_unfit) = (0, 0);
    while !rest.is_empty() {
        let Some(Attribute { id, data, fits }) = stream::attribute(&mut rest) else {
            out.exception(Exception::whole(Reason::Truncated, "ends inside an attribute"));
            break;
        };
        n_unfit += usize::from(!fits);
        match id {
            0x0006_9007 => {
                code_page = u32_at(data, 0).and_then(|n| of_code_page(i32::try_from(n).ok()?))
            }
            0x0006_9003 => {
                let (found, is_whole) = stream::properties(&mut Cursor::new(data));
                raws.extend(found);
                n_damaged += usize::from(!is_whole);
            }
            0x0006_9004 => {
                let mut cursor = Cursor::new(data);
                let n_rows = cursor.u32().unwrap_or(0);
                for n_left in (0..n_rows).rev() {
                    let (row, is_whole) = stream::properties(&mut cursor);
                    rows.push(row);
                    // What the count says may be more than there is.
                    if !is_whole || cursor.is_empty() {
                        n_damaged += usize::from(!is_whole || n_left > 0);
                        break;
                    }
                }
            }
            0x0006_9002 => {
                if attachments.len() as u64 > input.budget.children {
                    let note = "more attachments than one message may have";
                    out.exception(Exception::whole(Reason::CountLimit, note));
                    break;
                }
                attachments.push(Attachment::default());
            }
            0x0001_8010 | 0x0006_800f | 0x0006_9005 => {
                if attachments.is_empty() {
                    attachments.push(Attachment::default());
                }
                let Some(last) = attachments.last_mut() else { continue };
                match id {
                    0x0001_8010 => last.title = Some(data),
                    0x0006_800f => last.data = Some(data),
                    _ => {
                        let (found, is_whole) = stream::properties(&mut Cursor::new(data));
                        last.properties.extend(found);
                        n_damaged += usize::from(!is_whole);
                    }
                }
            }
            _ => old.extend(stream::before_mapi(id, data)),
        }
    }
    raws.extend(old);
    let properties = Properties::new(raws, code_page);
    let outer = properties.encoding();
    let recipients = rows.into_iter().map(|row| Properties::new(row, outer)).collect();
    let item = Item { properties, recipients };
    mapi::tell(&item, out);
    for (index, attachment) in attachments.into_iter().enumerate() {
        hand_over(attachment, index + 1, outer, out);
    }
    for (n, note) in [
        (n_unfit, "attributes whose sum does not fit"),
        (n_damaged, "lists of properties that are damaged"),
    ] {
        if n > 0 {
            out.exception(Exception::whole(Reason::Corrupt, format!("{n} {note}")));
        }
    }
}

fn hand_over<'a>(
    mut attachment: Attachment<'a>,
    number: usize,
    outer: Option<&'static Encoding>,
    out: &mut Out<'a>,
) {
    if let Some(title) = attachment.title {
        let raw = Raw { key: Key::Tag(0x3704), kind: 0x1e, values: vec![Cow::Borrowed(title)] };
        attachment.properties.push(raw);
    }
    let mut attached = Properties::new(attachment.properties, outer);
    let object = attached.take_bytes(0x3701);
    let (head, inner) = match &object {
        Some(Cow::Borrowed(bytes)) => bytes.split_at_checked(16).unwrap_or((&[], bytes)),
        _ => (&[][..], &[][..]),
    };
    let is_item = head == EMBEDDED_MESSAGE && inner.starts_with(&MAGIC);
    let name = mapi::attachment_name(&attached, number, is_item);
    mapi::about_attachment(&attached, number, out);
    match (attachment.data, object) {
        _ if is_item => out.child(&name, inner),
        (Some(data), _) if !data.is_empty() => out.child(&name, data),
        // An object of another program, or bytes beside no attribute of data.
        (_, Some(_)) if attached.number(0x3705) == Some(6) || is_compound(inner) => {
            out.child(&name, inner);
        }
        (_, Some(Cow::Borrowed(bytes))) if !bytes.is_empty() => out.child(&name, bytes),
        // An empty file is one all the same.
        (Some(data), _) => out.child(&name, data),
        _ => out.lost(&name, 0, mapi::attachment_elsewhere(&attached)),
    }
}

fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(crate::sniff::CFB_MAGIC)
}
