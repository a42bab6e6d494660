//! How does a message of a data file leave it ([MS-PST] 2.4.5 and 2.4.6)?

use std::borrow::Cow;
use std::collections::BTreeMap;

use habeas_model::{Exception, Reason};

use super::ltp::{Heap, Property};
use super::ndb::{Ndb, Node};
use super::{MAX_PROPERTIES_BYTES, key};
use crate::formats::compound::u32_at;
use crate::formats::mapi::{Key, Raw, names_of};
use crate::formats::tnef::carry::{Carrier, Content};
use crate::out::Unpacked;

/// A data file, and what the numbers from 0x8000 mean in it.
pub(super) struct Store<'a> {
    pub(super) ndb: Ndb<'a>,
    names: BTreeMap<u16, Key>,
}

/// The node of the map of names, and the nodes below a message that hold its tables.
const NAMES: u32 = 0x61;
const RECIPIENTS: u32 = 0x692;
const ATTACHMENT: u32 = 0x05;

/// Messages in messages.
const MAX_DEPTH: usize = 16;

/// What a message may cost, and what was wrong with it.
struct Work {
    limit: u64,
    /// How many messages and attachments may still be read: a loop of nodes has no end.
    n_left: usize,
    n_damaged: usize,
    is_too_deep: bool,
}

impl<'a> Store<'a> {
    pub(super) fn new(ndb: Ndb<'a>) -> Self {
        let names = Self::read_names(&ndb).unwrap_or_default();
        Self { ndb, names }
    }

    fn read_names(ndb: &Ndb<'a>) -> Option<BTreeMap<u16, Key>> {
        let heap = Heap::open(ndb, *ndb.nodes.get(&NAMES)?, MAX_PROPERTIES_BYTES)?;
        let (properties, _) = heap.properties().ok()?;
        let stream = |tag: u16| {
            let found = properties.iter().find(|property| property.tag == tag)?;
            found.values.first().map(Cow::as_ref)
        };
        Some(names_of(stream(3)?, stream(4).unwrap_or_default()))
    }

    /// The properties with the names that they have in every file.
    pub(super) fn raws(&self, properties: Vec<Property<'a>>) -> Vec<Raw<'a>> {
        properties
            .into_iter()
            .map(|Property { tag, kind, values }| Raw { key: key(&self.names, tag), kind, values })
            .collect()
    }

    /// A message with everything that is in it, in at most about so many bytes.
    pub(super) fn carry(&self, node: Node, limit: u64) -> Unpacked {
        let mut work = Work { limit, n_left: 10_000, n_damaged: 0, is_too_deep: false };
        let Some(bytes) = self.message(node, MAX_DEPTH, None, &mut work) else {
            let why = Exception::whole(Reason::Corrupt, "the message cannot be read");
            return Unpacked { bytes: Vec::new(), exception: Some(why) };
        };
        let exception = if work.is_too_deep {
            Some(Exception::whole(Reason::DepthLimit, "messages in messages, too deep or too many"))
        } else if work.n_damaged > 0 {
            let note = format!("{} parts of the message cannot be read", work.n_damaged);
            Some(Exception::whole(Reason::Corrupt, note))
        } else {
            None
        };
        Unpacked { bytes, exception }
    }

    fn message(
        &self,
        node: Node,
        depth: usize,
        outer: Option<u32>,
        work: &mut Work,
    ) -> Option<Vec<u8>> {
        let heap = Heap::open(&self.ndb, node, work.limit)?;
        let (properties, n_damaged) = heap.properties().ok()?;
        work.n_damaged += n_damaged;
        let code_page = |tag: u16| {
            let found = properties.iter().find(|property| property.tag == tag)?;
            u32_at(found.values.first()?, 0)
        };
        let code_page = code_page(0x3ffd).or_else(|| code_page(0x3fde)).or(outer);
        let mut carrier = Carrier::new();
        if let Some(number) = code_page {
            carrier.code_page(number);
        }
        carrier.message(&self.raws(properties));
        self.recipients(&heap, &mut carrier, work);
        for (number, attachment) in &heap.below {
            if number & 0x1f != ATTACHMENT {
                continue;
            }
            if carrier.n_bytes() > work.limit {
                // One byte too many tells the caller.
                break;
            }
            if work.n_left == 0 {
                work.is_too_deep = true;
                break;
            }
            work.n_left -= 1;
            self.attachment(*attachment, depth, code_page, &mut carrier, work);
        }
        Some(carrier.finish())
    }

    fn recipients(&self, message: &Heap<'_, 'a>, carrier: &mut Carrier, work: &mut Work) {
        let Some(node) = message.below.get(&RECIPIENTS) else { return };
        match Heap::open(&self.ndb, *node, work.limit).and_then(|table| table.rows()) {
            Some(rows) => {
                let rows: Vec<_> = rows.into_iter().map(|row| self.raws(row)).collect();
                carrier.recipients(&rows);
            }
            None => work.n_damaged += 1,
        }
    }

    fn attachment(
        &self,
        node: Node,
        depth: usize,
        code_page: Option<u32>,
        carrier: &mut Carrier,
        work: &mut Work,
    ) {
        let Some(heap) = Heap::open(&self.ndb, node, work.limit) else {
            work.n_damaged += 1;
            return carrier.attachment(&[], Content::None);
        };
        let Ok((mut properties, n_damaged)) = heap.properties() else {
            work.n_damaged += 1;
            return carrier.attachment(&[], Content::None);
        };
        work.n_damaged += n_damaged;
        let at = properties.iter().position(|property| property.tag == 0x3701);
        let data = at.map(|at| properties.remove(at));
        let content = match data {
            Some(Property { kind: 0x0d, values, .. }) => {
                // The node of the object, and its size.
                let number = values.first().and_then(|value| u32_at(value, 0));
                let inner = number.and_then(|number| heap.below.get(&number));
                self.object(inner.copied(), depth, code_page, work)
            }
            Some(Property { values, .. }) => Content::File(values),
            None => Content::None,
        };
        carrier.attachment(&self.raws(properties), content);
    }

    /// A message, or the file of another program.
    fn object(
        &self,
        node: Option<Node>,
        depth: usize,
        code_page: Option<u32>,
        work: &mut Work,
    ) -> Content<'a> {
        let Some(node) = node else {
            work.n_damaged += 1;
            return Content::None;
        };
        if depth == 0 {
            work.is_too_deep = true;
            return Content::None;
        }
        match self.message(node, depth - 1, code_page, work) {
            Some(message) => Content::Message(message),
            None => match self.ndb.data(node, work.limit) {
                Some(blocks) => Content::File(blocks),
                None => {
                    work.n_damaged += 1;
                    Content::None
                }
            },
        }
    }
}
