//! Are the boxes of one label as wide in every exhibit?

use std::collections::{BTreeMap, BTreeSet};

use habeas_redact::Attack;

/// There are two ways of drawing a page: typeset anew, or as it was with its touched lines set
/// anew. Each has one width for a label of one size.
const WAYS: usize = 2;
/// Widths that differ by less are the same, in hundredths of a point.
const SAME: i64 = 20;

/// Says which labels have boxes of different widths; how many.
pub(super) fn differ(attacks: &BTreeMap<&str, &Attack>, problems: &mut BTreeSet<String>) -> u64 {
    let mut widths: BTreeMap<&(String, i64), BTreeSet<i64>> = BTreeMap::new();
    for (label, found) in attacks.values().flat_map(|attack| &attack.boxes) {
        widths.entry(label).or_default().extend(found);
    }
    let mut n_odd = 0;
    for ((label, size), widths) in widths {
        let mut n_widths = 0;
        let mut last: Option<i64> = None;
        for width in widths {
            if last.is_none_or(|last| width - last > SAME) {
                n_widths += 1;
            }
            last = Some(width);
        }
        if n_widths > WAYS {
            let size_pt = *size as f64 / 10.0;
            problems.insert(format!("labels {label} at {size_pt} pt have {n_widths} widths"));
            n_odd += 1;
        }
    }
    n_odd
}
