//! At which depth do the records of an XML text stand?

use std::collections::HashMap;

use quick_xml::events::Event;

/// Records stand no deeper than this.
const MAX_DEPTH: usize = 4;
/// How many names are told apart at each depth.
const MAX_NAMES: usize = 1_000;

/// How many elements are open around a record; `None` if no element comes often enough.
///
/// A record is an element that comes again and again: of the depths where that is so the outermost
/// one, unless an inner one has five times as many, as the items of a feed have.
pub(super) fn record_depth(text: &str) -> Option<usize> {
    let mut counts: Vec<HashMap<String, usize>> = vec![HashMap::new(); MAX_DEPTH + 1];
    let mut reader = super::reader(text);
    let mut depth = 0_usize;
    let mut is_prose = [false; MAX_DEPTH + 2];
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                count(&mut counts, depth, start.local_name().as_ref());
                depth += 1;
            }
            Ok(Event::Empty(start)) => count(&mut counts, depth, start.local_name().as_ref()),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Text(said)) if !said.trim().is_empty() => {
                if let Some(is_prose) = is_prose.get_mut(depth) {
                    *is_prose = true;
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    let most = |depth: usize| {
        counts.get(depth).and_then(|names| names.values().max().copied()).unwrap_or(0)
    };
    let overall = (1..=MAX_DEPTH).map(most).max().unwrap_or(0);
    (1..=MAX_DEPTH).find(|depth| {
        // Where text stands beside the elements they are parts of sentences.
        most(*depth) >= 2 && most(*depth) * 5 >= overall && !is_prose[*depth]
    })
}

fn count(counts: &mut [HashMap<String, usize>], depth: usize, name: &str) {
    if let Some(names) = counts.get_mut(depth)
        && (names.len() < MAX_NAMES || names.contains_key(name))
    {
        *names.entry(name.to_owned()).or_insert(0) += 1;
    }
}
