//! What does an Outlook message, contact or appointment in a file of its own say?
//!
//! It is a compound file: a stream for each property of changing length, one for all others, and a
//! storage for each recipient and attachment ([MS-OXMSG]).

use std::borrow::Cow;
use std::collections::BTreeMap;

use encoding_rs::Encoding;
use habeas_model::{Card, Exception, Reason};

use super::Format;
use crate::formats::compound::{Compound, u16_at};
use crate::formats::mapi::{self, Item, Key, Properties, Raw};
use crate::out::{Input, Out};
use crate::sniff::{Match, Sample, Sure};

pub(super) const FORMAT: Format = Format {
    card: Card {
        name: "msg",
        version: 2,
        summary: "Outlook messages, contacts and appointments; attachments are members",
        handles: &["application/vnd.ms-outlook", ".msg", ".oft"],
        authority: "[MS-OXMSG]; [MS-OXPROPS]; [MS-OXRTFCP]; [MS-OXRTFEX]",
    },
    sniff,
    read,
};

fn sniff(sample: &Sample<'_>) -> Option<Match> {
    let is_msg = sample.has_cfb_stream("__properties_version1.0");
    is_msg.then_some((Sure::Structure, "application/vnd.ms-outlook"))
}

type Names = BTreeMap<u16, Key>;

fn read<'a>(input: &Input<'a>, out: &mut Out<'a>) {
    let mut file = match Compound::open(input.bytes) {
        Ok(file) => file,
        Err(exception) => return out.exception(exception),
    };
    let mut names = |tag: &str| file.stream(&format!("/__nameid_version1.0/__substg1.0_{tag}0102"));
    let entries = names("0003").unwrap_or_default();
    let names = mapi::names_of(&entries, &names("0004").unwrap_or_default());
    let properties = properties(&mut file, "", &names, None);
    let mut item = Item { properties, recipients: Vec::new() };
    for storage in storages(&file, "__recip_version1.0_") {
        let outer = item.properties.encoding();
        item.recipients.push(self::properties(&mut file, &storage, &names, outer));
    }
    mapi::tell(&item, out);
    attachments(&mut file, &names, &item.properties, out);
}

fn storages(file: &Compound<'_>, prefix: &str) -> Vec<String> {
    let entries = file.entries("/").into_iter();
    entries
        .filter(|(name, is_storage)| *is_storage && name.starts_with(prefix))
        .map(|(name, _)| format!("/{name}"))
        .collect()
}

/// The properties in a storage.
fn properties(
    file: &mut Compound<'_>,
    storage: &str,
    names: &Names,
    outer: Option<&'static Encoding>,
) -> Properties<'static> {
    let mut raws: Vec<Raw<'static>> = Vec::new();
    let key = |tag: u16| names.get(&tag).cloned().unwrap_or(Key::Tag(tag));
    if let Some(stream) = file.stream(&format!("{storage}/__properties_version1.0")) {
        // The head is 32 bytes, or 24 or 8 where it stands in another object; entries are 16.
        let head = if storage.contains("__recip") || storage.contains("__attach") {
            8
        } else if stream.len() % 16 == 8 {
            24
        } else {
            32
        };
        for entry in stream.get(head..).unwrap_or_default().as_chunks::<16>().0 {
            let (kind, tag) = (u16_at(entry, 0).unwrap_or(0), u16_at(entry, 2).unwrap_or(0));
            if mapi::width(kind).is_some_and(|width| width <= 8) {
                let value = Cow::Owned(entry[8..].to_vec());
                raws.push(Raw { key: key(tag), kind, values: vec![value] });
            }
        }
    }
    let mut several: BTreeMap<(u16, u16), BTreeMap<u32, Vec<u8>>> = BTreeMap::new();
    for (name, is_storage) in file.entries(if storage.is_empty() { "/" } else { storage }) {
        // `__substg1.0_3A58101F-00000000` is the first of several values.
        let Some(tag) = name.strip_prefix("__substg1.0_") else { continue };
        let (tag, index) = tag.split_once('-').map_or((tag, None), |(tag, n)| (tag, Some(n)));
        let Some(tag) = Some(tag).filter(|tag| tag.len() == 8) else { continue };
        let Ok(tag) = u32::from_str_radix(tag, 16) else { continue };
        let (id, kind) = ((tag >> 16) as u16, tag as u16);
        if is_storage || !matches!(kind & !0x1000, 0x1e | 0x1f | 0x102) {
            continue;
        }
        match (kind & 0x1000 != 0, index) {
            (true, Some(index)) => {
                let Ok(index) = u32::from_str_radix(index, 16) else { continue };
                let bytes = file.stream(&format!("{storage}/{name}")).unwrap_or_default();
                several.entry((id, kind & !0x1000)).or_default().insert(index, bytes);
            }
            // The lengths of several values.
            (true, None) => {}
            (false, _) => {
                let Some(bytes) = file.stream(&format!("{storage}/{name}")) else { continue };
                raws.push(Raw { key: key(id), kind, values: vec![Cow::Owned(bytes)] });
            }
        }
    }
    for ((id, kind), values) in several {
        let values = values.into_values().map(Cow::Owned).collect();
        raws.push(Raw { key: key(id), kind, values });
    }
    Properties::new(raws, outer)
}

fn attachments(
    file: &mut Compound<'_>,
    names: &Names,
    message: &Properties<'_>,
    out: &mut Out<'_>,
) {
    for (index, storage) in storages(file, "__attach_version1.0_").into_iter().enumerate() {
        let mut attached = properties(file, &storage, names, message.encoding());
        let inner = format!("{storage}/__substg1.0_3701000D");
        let is_item =
            file.entries(&inner).iter().any(|(name, _)| name == "__properties_version1.0");
        let name = mapi::attachment_name(&attached, index + 1, is_item);
        if let Some(bytes) = attached.take_bytes(0x3701) {
            out.child(&name, bytes.into_owned());
        } else if file.entries(&storage).iter().any(|(name, is)| *is && name.ends_with("3701000D"))
        {
            match file.extract_item(&inner, is_item.then_some("/__nameid_version1.0")) {
                Some(bytes) => out.child(&name, bytes),
                None => {
                    let why = Exception::whole(Reason::Corrupt, "a damaged storage");
                    out.lost(&name, 0, why);
                }
            }
        } else {
            out.lost(&name, 0, mapi::attachment_elsewhere(&attached));
        }
        mapi::about_attachment(&attached, index + 1, out);
    }
}
