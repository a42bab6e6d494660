//! Which given names may one person go by?

use std::collections::HashMap;
use std::sync::LazyLock;

static CLASSES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut classes: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in
        include_str!("../../data/nicknames.txt").lines().filter(|line| !line.starts_with('#'))
    {
        let names: Vec<&str> = line.split(' ').collect();
        for (i, name) in names.iter().enumerate() {
            // The first of a line goes by all the others; another by the first, and by the others
            // only when they share it, which asking for the first answers.
            let others = if i == 0 { &names[1..] } else { &names[..1] };
            let known = classes.entry(name).or_default();
            for other in others {
                if other != name && !known.contains(other) {
                    known.push(other);
                }
            }
        }
    }
    classes
});

/// Other given names that a person with this folded one may go by: the short forms of a full name,
/// the full names of a short form, and further short forms of those.
///
/// In order of nearness; without the name itself; without repeats.
pub fn nicknames(folded: &str) -> Vec<&'static str> {
    let Some(near) = CLASSES.get(folded) else { return Vec::new() };
    let mut all = near.clone();
    for other in near {
        // Only a full name leads on to its other short forms: `liz` – `elizabeth` – `beth`.
        let Some(further) = CLASSES.get(other) else { continue };
        if further.len() > 1 && is_full(other) && !is_full(folded) {
            all.extend(further);
        }
    }
    let mut seen = std::collections::HashSet::from([folded]);
    all.retain(|name| seen.insert(name));
    all
}

/// Does it open a line of the table?
fn is_full(name: &str) -> bool {
    static FULL: LazyLock<std::collections::HashSet<&'static str>> = LazyLock::new(|| {
        let lines =
            include_str!("../../data/nicknames.txt").lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split(' ').next()).collect()
    });
    FULL.contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_lead_to_full_ones_and_back() {
        let pairs = [
            ("gary", "gaz"),
            ("gareth", "gaz"),
            ("sharon", "shaz"),
            ("darren", "daz"),
            ("catherine", "kate"),
            ("william", "liam"),
            ("rebecca", "bex"),
            ("abigail", "abi"),
            ("muhammad", "mo"),
            ("mohammed", "md"),
            ("katarzyna", "kasia"),
            ("malgorzata", "gosia"),
            ("alexander", "sasha"),
            ("jose", "pepe"),
            ("francisco", "paco"),
            ("elizabeth", "liz"),
            ("liz", "beth"),
            ("tomasz", "tomek"),
            ("katherine", "catherine"),
            ("dmitri", "dima"),
            ("jeremy", "jez"),
            ("nicola", "nicky"),
            ("barbara", "babs"),
        ];
        for (one, other) in pairs {
            assert!(nicknames(one).contains(&other), "{one} – {other}: {:?}", nicknames(one));
            assert!(nicknames(other).contains(&one), "{other} – {one}: {:?}", nicknames(other));
        }
        assert!(!nicknames("alexander").contains(&"alexandra"));
        assert!(nicknames("jane").iter().all(|name| *name != "jane"));
    }

    #[test]
    fn the_table_has_more_than_three_hundred_pairs() {
        let pairs: usize = CLASSES.values().map(Vec::len).sum();
        assert!(pairs / 2 > 300, "{pairs}");
    }
}
