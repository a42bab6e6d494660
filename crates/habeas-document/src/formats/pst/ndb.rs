//! Which nodes does a data file hold, and what are their bytes ([MS-PST] 2.2)?
//!
//! Everything is found by two trees: one leads from a node's number to its blocks, one from a
//! block's number to its place. Both are read whole, so that a message in no folder's list is found
//! as well. Three layouts are known: ANSI (to 2002), Unicode, and Unicode with pages of 4 KiB, which
//! Outlook writes since 2013. Microsoft has not published that one; the documentation of libpff has
//! it (*Personal Folder File format*, "64-bit 4k page").

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use super::cipher::Veil;
use crate::formats::compound::{u16_at, u32_at};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Ansi,
    Unicode,
    /// With pages of 4 KiB and blocks that may be deflated.
    Unicode4k,
}

impl Layout {
    /// By `wVer`, the 16 bits at offset 10.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match u16_at(bytes, 10)? {
            14 | 15 => Some(Self::Ansi),
            23..=35 => Some(Self::Unicode),
            36 => Some(Self::Unicode4k),
            _ => None,
        }
    }

    /// How many bytes a number of a block or a place in the file has.
    fn word(self) -> usize {
        if self == Self::Ansi { 4 } else { 8 }
    }
}

/// A number of 4 or 8 bytes.
fn word_at(bytes: &[u8], at: usize, layout: Layout) -> Option<u64> {
    let low = u64::from(u32_at(bytes, at)?);
    match layout {
        Layout::Ansi => Some(low),
        _ => Some(low | u64::from(u32_at(bytes, at.checked_add(4)?)?) << 32),
    }
}

/// A node, or a node below another one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Node {
    /// The number of its data's block; 0 if it has none.
    data: u64,
    /// The number of the block that lists the nodes below it; 0 if there are none.
    below: u64,
    /// The number of the folder it is in.
    pub(super) parent: u32,
}

#[derive(Clone, Copy)]
struct Block {
    at: u64,
    n_bytes: u16,
    /// What stands where others than libpff have found how much it inflates to.
    hint: u16,
}

/// The two trees of a file, and its bytes.
pub(super) struct Ndb<'a> {
    bytes: &'a [u8],
    pub(super) layout: Layout,
    veil: Veil,
    pub(super) nodes: BTreeMap<u32, Node>,
    blocks: HashMap<u64, Block>,
    /// Were blocks veiled before they were deflated? libpff takes them so, others do not.
    is_veiled_inside: bool,
    /// Is a page of a tree missing or not what it should be?
    pub(super) is_damaged: bool,
}

/// Trees of data are two levels deep, those of nodes below a node as well.
const MAX_LEVELS: u8 = 2;

/// What stands at the end of a block in a file with pages of 4 KiB.
const END_BYTES: usize = 24;

/// A tree of pages has at most this many levels.
const MAX_PAGE_LEVELS: u8 = 12;

impl<'a> Ndb<'a> {
    /// Reads both trees; `None` if the head is none of the known layouts.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        let layout = Layout::of(bytes)?;
        let (root, veil) = if layout == Layout::Ansi { (188, 461) } else { (224, 513) };
        let veil = match bytes.get(veil)? {
            0 => Veil::None,
            1 => Veil::Permute,
            2 => Veil::Cyclic,
            _ => return None,
        };
        let nodes = word_at(bytes, root, layout)?;
        let blocks = word_at(bytes, root + 2 * layout.word(), layout)?;
        let mut file = Self {
            bytes,
            layout,
            veil,
            nodes: BTreeMap::new(),
            blocks: HashMap::new(),
            is_veiled_inside: false,
            is_damaged: false,
        };
        file.read_tree(blocks, 0x80);
        file.read_tree(nodes, 0x81);
        file.is_veiled_inside = file.finds_veil_inside();
        Some(file)
    }

    /// Do deflated blocks that begin a heap show its signature only when their veil is lifted?
    fn finds_veil_inside(&self) -> bool {
        const HEAP: Option<&u8> = Some(&0xec);
        if self.layout != Layout::Unicode4k || matches!(self.veil, Veil::None) {
            return false;
        }
        for node in self.nodes.values().take(1_000) {
            let block = self.blocks.get(&(node.data & !1)).filter(|_| node.data & 2 == 0);
            let Some(n) = block.and_then(|block| self.n_inflated(*block)) else { continue };
            // Nothing is lifted as long as the answer is not known.
            let Some(mut bytes) = self.block(node.data).filter(|bytes| bytes.len() == n.into())
            else {
                continue;
            };
            if bytes.get(2) == HEAP {
                return false;
            }
            self.veil.lift(bytes.to_mut(), node.data);
            if bytes.get(2) == HEAP {
                return true;
            }
        }
        false
    }

    /// Reads the leaves of a tree. A page that leads back is not followed: levels only go down.
    fn read_tree(&mut self, root: u64, kind: u8) {
        let (page_bytes, meta) = match self.layout {
            Layout::Ansi => (512, 496),
            Layout::Unicode => (512, 488),
            Layout::Unicode4k => (4096, 4056),
        };
        // More pages than the file has room for are the same ones again.
        let mut n_left = self.bytes.len() / page_bytes + 1;
        let mut pending = vec![(root, MAX_PAGE_LEVELS + 1)];
        while let Some((at, above)) = pending.pop() {
            let page = usize::try_from(at)
                .ok()
                .and_then(|at| self.bytes.get(at..at.checked_add(page_bytes)?));
            let Some(page) = page.filter(|_| n_left > 0) else {
                self.is_damaged = true;
                continue;
            };
            n_left -= 1;
            let byte = |at: usize| page.get(at).copied().unwrap_or(0);
            let (n_entries, entry_bytes, level, trailer) = match self.layout {
                Layout::Unicode4k => {
                    let n = usize::from(u16_at(page, meta).unwrap_or(0));
                    (n, byte(meta + 4), byte(meta + 5), 4072)
                }
                Layout::Unicode => (usize::from(byte(meta)), byte(meta + 2), byte(meta + 3), 496),
                Layout::Ansi => (usize::from(byte(meta)), byte(meta + 2), byte(meta + 3), 500),
            };
            let is_ours = byte(trailer) == kind && level < above && entry_bytes > 0;
            if !is_ours {
                self.is_damaged = true;
                continue;
            }
            let entries =
                page.get(..meta).unwrap_or_default().chunks_exact(usize::from(entry_bytes));
            for entry in entries.take(n_entries) {
                if level > 0 {
                    // Key, the page's number, and its place.
                    match word_at(entry, 2 * self.layout.word(), self.layout) {
                        Some(at) => pending.push((at, level)),
                        None => self.is_damaged = true,
                    }
                } else if self.leaf(entry, kind).is_none() {
                    self.is_damaged = true;
                }
            }
        }
    }

    fn leaf(&mut self, entry: &[u8], kind: u8) -> Option<()> {
        let word = self.layout.word();
        if kind == 0x81 {
            let node = Node {
                data: word_at(entry, word, self.layout)?,
                below: word_at(entry, 2 * word, self.layout)?,
                parent: u32_at(entry, 3 * word)?,
            };
            self.nodes.insert(u32_at(entry, 0)?, node);
        } else {
            let n_bytes = u16_at(entry, 2 * word)?;
            let hint = u16_at(entry, 2 * word + 2).unwrap_or(0);
            let block = Block { at: word_at(entry, word, self.layout)?, n_bytes, hint };
            self.blocks.insert(word_at(entry, 0, self.layout)? & !1, block);
        }
        Some(())
    }

    /// The bytes of a block without its veil.
    fn block(&self, id: u64) -> Option<Cow<'a, [u8]>> {
        let block = self.blocks.get(&(id & !1))?;
        let at = usize::try_from(block.at).ok()?;
        let stored = self.bytes.get(at..at.checked_add(usize::from(block.n_bytes))?)?;
        // Blocks of the structure are never veiled.
        let veil = if id & 2 == 2 { Veil::None } else { self.veil };
        let open = || match veil {
            Veil::None => Cow::Borrowed(stored),
            veil => {
                let mut bytes = stored.to_vec();
                veil.lift(&mut bytes, id);
                Cow::Owned(bytes)
            }
        };
        let inflate = |n: u16| {
            let Some(mut bytes) = inflated(stored, n) else { return inflated(&open(), n) };
            if self.is_veiled_inside {
                veil.lift(&mut bytes, id);
            }
            Some(bytes)
        };
        match self.n_inflated(*block) {
            // It is deflated, or else it is damaged.
            Some(n) => inflate(n).map(Cow::Owned),
            None if self.layout == Layout::Unicode4k && block.hint != block.n_bytes => {
                Some(inflate(block.hint).map_or_else(open, Cow::Owned))
            }
            None => Some(open()),
        }
    }

    /// How many bytes a block inflates to, if its end says that it is deflated.
    ///
    /// # Source
    /// libpff, "64-bit 4k page block": blocks fill pieces of 512 bytes, and their end has 24.
    fn n_inflated(&self, block: Block) -> Option<u16> {
        if self.layout != Layout::Unicode4k || block.n_bytes == 0 {
            return None;
        }
        let n_all = (usize::from(block.n_bytes) + END_BYTES).next_multiple_of(512);
        let end = usize::try_from(block.at).ok()?.checked_add(n_all - END_BYTES)?;
        let is_end = u16_at(self.bytes, end) == Some(block.n_bytes);
        u16_at(self.bytes, end + 18).filter(|n| is_end && *n != 0 && *n != block.n_bytes)
    }

    /// The blocks of a node's data, at most so many bytes of them; `None` if one is missing.
    pub(super) fn data(&self, node: Node, max_bytes: u64) -> Option<Vec<Cow<'a, [u8]>>> {
        let mut leaves = Vec::new();
        self.leaves(node.data, MAX_LEVELS, &mut leaves)?;
        let mut n_bytes = 0_u64;
        let mut blocks = Vec::new();
        for id in leaves {
            let block = self.block(id)?;
            n_bytes += block.len() as u64;
            blocks.push(block);
            if n_bytes > max_bytes {
                break;
            }
        }
        Some(blocks)
    }

    /// The numbers of the blocks of data that a block stands for: itself, or those it lists.
    fn leaves(&self, id: u64, levels: u8, leaves: &mut Vec<u64>) -> Option<()> {
        if id == 0 {
            return Some(());
        }
        if id & 2 == 0 {
            leaves.push(id);
            return Some(());
        }
        // A list of lists of itself would go on for ever.
        if levels == 0 || leaves.len() > self.bytes.len() / 64 {
            return None;
        }
        let list = self.block(id)?;
        if list.first() != Some(&1) {
            return None;
        }
        let n_entries = usize::from(u16_at(&list, 2)?);
        for index in 0..n_entries {
            let id = word_at(&list, 8 + index * self.layout.word(), self.layout)?;
            self.leaves(id, levels - 1, leaves)?;
        }
        Some(())
    }

    /// The nodes below a node by their numbers; what is damaged of the list is left out.
    pub(super) fn below(&self, node: Node) -> BTreeMap<u32, Node> {
        let mut found = BTreeMap::new();
        self.below_block(node.below, MAX_LEVELS, &mut found);
        found
    }

    fn below_block(&self, id: u64, levels: u8, found: &mut BTreeMap<u32, Node>) -> Option<()> {
        if id == 0 || levels == 0 || found.len() > self.bytes.len() / 24 {
            return None;
        }
        let list = self.block(id)?;
        if list.first() != Some(&2) {
            return None;
        }
        let is_leaf = list.get(1) == Some(&0);
        let n_entries = usize::from(u16_at(&list, 2)?);
        let word = self.layout.word();
        let head = if self.layout == Layout::Ansi { 4 } else { 8 };
        for index in 0..n_entries {
            let at = head + index * word * if is_leaf { 3 } else { 2 };
            let data = word_at(&list, at + word, self.layout)?;
            if is_leaf {
                let below = word_at(&list, at + 2 * word, self.layout)?;
                found.insert(u32_at(&list, at)?, Node { data, below, parent: 0 });
            } else {
                self.below_block(data, levels - 1, found);
            }
        }
        Some(())
    }

    /// How many bytes a node's data and the nodes below it take, as far as can be told quickly.
    pub(super) fn extent(&self, node: Node) -> u64 {
        let of_data = |node: Node| -> u64 {
            let mut leaves = Vec::new();
            let _ = self.leaves(node.data, MAX_LEVELS, &mut leaves);
            let blocks = leaves.iter().filter_map(|id| self.blocks.get(&(id & !1)));
            let sizes = blocks.map(|block| self.n_inflated(*block).unwrap_or(block.n_bytes));
            sizes.map(u64::from).sum()
        };
        let below = self.below(node);
        // Messages in a message are only looked at one level deep.
        let inner = below.values().flat_map(|node| self.below(*node).into_values());
        let inner: u64 = inner.map(of_data).sum();
        of_data(node) + below.values().map(|node| of_data(*node)).sum::<u64>() + inner
    }
}

/// What bytes inflate to, if that is so many bytes and no more.
fn inflated(bytes: &[u8], n: u16) -> Option<Vec<u8>> {
    let mut found = Vec::new();
    let inflater = flate2::read::ZlibDecoder::new(bytes);
    inflater.take(u64::from(n) + 1).read_to_end(&mut found).ok()?;
    (found.len() == usize::from(n)).then_some(found)
}
