//! Which stretches of an old Word document are hidden, and which were deleted?
//!
//! Pages of 512 bytes say for runs of bytes how their characters look ([MS-DOC] 2.9.32 to 2.9.33).

use super::listed;
use crate::formats::compound::{u16_at, u32_at};

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Shown,
    Vanished,
    Deleted,
}

/// The runs that are not shown: their first and last byte, in order.
#[derive(Default)]
pub(super) struct Runs(Vec<(usize, usize, Fate)>);

const PAGE_BYTES: usize = 512;

impl Runs {
    pub(super) fn read(main: &[u8], table: &[u8]) -> Self {
        let pages = listed(main, table, 12);
        let n_pages = pages.len().saturating_sub(4) / 8;
        let mut runs = Vec::new();
        for index in 0..n_pages {
            let number = u32_at(pages, (n_pages + 1) * 4 + index * 4).unwrap_or(0) & 0x3f_ffff;
            let start = (number as usize).saturating_mul(PAGE_BYTES);
            let page = main.get(start..).and_then(|rest| rest.first_chunk::<PAGE_BYTES>());
            if let Some(page) = page {
                of_page(page, &mut runs);
            }
        }
        runs.sort_by_key(|(from, _, _)| *from);
        Self(runs)
    }

    /// The fate of the character at that byte.
    pub(super) fn fate(&self, at: usize) -> Fate {
        let after = self.0.partition_point(|(from, _, _)| *from <= at);
        let run = after.checked_sub(1).and_then(|index| self.0.get(index));
        run.filter(|(_, to, _)| at < *to).map_or(Fate::Shown, |(_, _, fate)| *fate)
    }
}

fn of_page(page: &[u8; PAGE_BYTES], runs: &mut Vec<(usize, usize, Fate)>) {
    let n = usize::from(page[PAGE_BYTES - 1]);
    for index in 0..n {
        let (from, to) = (u32_at(page, index * 4), u32_at(page, index * 4 + 4));
        let place = page.get((n + 1) * 4 + index).map_or(0, |half| usize::from(*half) * 2);
        let (Some(from), Some(to)) = (from, to) else { return };
        // Without properties of its own a run looks like its paragraph.
        let Some(n_bytes) = page.get(place).filter(|_| place > 0).copied() else { continue };
        let start = place + 1;
        let fate = fate_of(page.get(start..start + usize::from(n_bytes)).unwrap_or_default());
        if fate != Fate::Shown {
            runs.push((from as usize, to as usize, fate));
        }
    }
}

/// What a list of properties makes of its characters ([MS-DOC] 2.6.1).
fn fate_of(mut properties: &[u8]) -> Fate {
    const IS_DELETED: u16 = 0x0800;
    const IS_HIDDEN: u16 = 0x083c;
    let mut fate = Fate::Shown;
    while let Some(property) = u16_at(properties, 0) {
        let value = properties.get(2).copied().unwrap_or(0);
        match (property, value) {
            (IS_DELETED, 1) => fate = Fate::Deleted,
            // Values past 1 refer to the style.
            (IS_HIDDEN, 1) if fate == Fate::Shown => fate = Fate::Vanished,
            _ => {}
        }
        // Three bits say how long the value is.
        let n = match property >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            6 => 1 + usize::from(value),
            _ => 3,
        };
        properties = properties.get(2 + n..).unwrap_or_default();
    }
    fate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_tell_what_is_hidden_and_what_was_deleted() {
        for (properties, expected) in [
            (&[][..], Fate::Shown),
            (&[0x3c, 0x08, 1], Fate::Vanished),
            (&[0x3c, 0x08, 0], Fate::Shown),
            (&[0x43, 0x4a, 24, 0, 0x00, 0x08, 1], Fate::Deleted),
            (&[0x70, 0x68, 1, 2, 3, 4, 0x3c, 0x08, 1], Fate::Vanished),
            (&[0x10, 0xca, 2, 9, 9, 0x3c, 0x08, 1], Fate::Vanished),
            (&[0x00], Fate::Shown),
        ] {
            assert_eq!(fate_of(properties), expected, "{properties:?}");
        }
    }

    #[test]
    fn a_page_tells_which_bytes_are_hidden() {
        let mut page = [0; PAGE_BYTES];
        page[PAGE_BYTES - 1] = 2;
        page[..12].copy_from_slice(&[0, 4, 0, 0, 8, 4, 0, 0, 12, 4, 0, 0]);
        page[13] = 100;
        page[200..204].copy_from_slice(&[3, 0x3c, 0x08, 1]);
        let mut runs = Vec::new();
        of_page(&page, &mut runs);
        let runs = Runs(runs);
        let fates: Vec<Fate> =
            [0x400, 0x407, 0x408, 0x40b, 0x40c].iter().map(|at| runs.fate(*at)).collect();
        use Fate::{Shown, Vanished};
        assert_eq!(fates, [Shown, Shown, Vanished, Vanished, Shown]);
    }
}
