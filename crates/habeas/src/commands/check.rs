//! `habeas check`: does every figure of the estate agree with every other, and with its sources?

use habeas_index::{Inventory, TopLevel};
use habeas_ingest::count;
use habeas_model::{Exception, SourceName};
use habeas_source::Counted;
use serde_json::json;

use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::say;

/// Prints every pair of figures. What has changed in a source since it was indexed is told and is no
/// fault; a pair that differs inside the memory is one.
pub fn run(home: &Home, with_bytes: bool, json: bool) -> Result<End, Failure> {
    let memory = home.memory();
    let checked = habeas_index::check(&memory, with_bytes).map_err(Failure::stopped)?;
    for identity in &checked.identities {
        let (name, left, right) = (&identity.name, identity.left, identity.right);
        if json {
            say::json(&json!({"type": "identity", "data": {
                "name": name, "left": left, "right": right, "holds": identity.holds()}}));
        } else {
            let sign = if identity.holds() { "=" } else { "IS NOT" };
            say::result(&format!("{name}: {} {sign} {}", say::count(left), say::count(right)));
        }
    }
    for container in &checked.miscounted {
        if json {
            say::json(&json!({"type": "container", "data": {
                "source": container.source, "path": container.path,
                "listed": container.listed, "found": container.found}}));
        } else {
            say::result(&format!(
                "{}/{}: listed {}, found {}",
                container.source,
                shown(&container.path.to_string()),
                say::counted(container.listed, "member", "members"),
                say::count(container.found)
            ));
        }
    }
    for damage in &checked.damage {
        if json {
            say::json(&json!({"type": "damage", "data": {"what": damage}}));
        } else {
            say::result(&format!("damaged: {damage}"));
        }
    }
    let is_same = sources(home, json)?;
    if !checked.adds_up() {
        return Err(Failure::stopped("the estate does not add up: something was lost, or damaged")
            .hint("keep the folder for a report, remove `estate/`, and run `habeas index` again"));
    }
    if !json {
        say::result("everything adds up");
    }
    Ok(if is_same { End::Done } else { End::Exceptions })
}

/// Counts each source once more, in another way. Are they as they were when they were indexed?
fn sources(home: &Home, json: bool) -> Result<bool, Failure> {
    let memory = home.memory();
    let inventory = Inventory::open(&memory).map_err(Failure::stopped)?;
    let mut is_same = true;
    for source in home.config.sources(&home.root)? {
        let then = inventory.top_level(&source.name).map_err(Failure::stopped)?;
        let now = match count(&source, &[&memory], home.config.patience().stall) {
            Ok(now) => now,
            Err(why) => {
                is_same = false;
                uncounted(&source.name, &then, &why, json);
                continue;
            }
        };
        let same = is_as(&then, &now);
        is_same &= same;
        if json {
            say::json(&json!({"type": "source", "data": {
                "source": source.name, "same": same,
                "indexed": {"files": then.files, "excluded": then.excluded, "closed": then.closed},
                "counted": {"files": now.files, "excluded": now.excluded,
                    "closed": now.folders_closed}}}));
            continue;
        }
        let is_now = if same { "and so it is now" } else { "and CHANGED since; index it again" };
        say::result(&format!(
            "source `{}`: {}, {} left out, {} closed; counted again: {}, {}, {}: {is_now}",
            source.name,
            say::counted(then.files, "file", "files"),
            say::count(then.excluded),
            say::count(then.closed),
            say::count(now.files),
            say::count(now.excluded),
            say::count(now.folders_closed),
        ));
    }
    Ok(is_same)
}

/// Prints of a source that it cannot be counted.
fn uncounted(name: &SourceName, then: &TopLevel, why: &Exception, json: bool) {
    if json {
        say::json(&json!({"type": "source", "data": {
            "source": name, "same": false,
            "indexed": {"files": then.files, "excluded": then.excluded, "closed": then.closed},
            "counted": null, "exception": why}}));
    } else {
        say::result(&format!(
            "source `{name}`: {}, {} left out, {} closed; COULD NOT BE COUNTED again: {why}",
            say::counted(then.files, "file", "files"),
            say::count(then.excluded),
            say::count(then.closed),
        ));
    }
}

fn is_as(then: &TopLevel, now: &Counted) -> bool {
    (then.files, then.excluded, then.closed) == (now.files, now.excluded, now.folders_closed)
}
