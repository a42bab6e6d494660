//! `habeas list`: the formats, known exports and identifiers that are recognised, and the promises that
//! can be checked.

use habeas_model::Card;
use serde_json::json;

use crate::say;

/// Prints every card.
pub fn run(json: bool) {
    let tables = [
        ("format", habeas_document::formats()),
        ("export", habeas_document::exports()),
        ("recogniser", habeas_match::cards()),
        ("check", habeas_report::audit::cards()),
    ];
    for (kind, cards) in tables {
        for Card { name, version, summary, handles, authority } in cards {
            if json {
                say::json(&json!({"type": kind, "data": {"name": name, "version": version,
                    "summary": summary, "handles": handles, "authority": authority}}));
            } else {
                say::result(&format!("{kind:<10} {name:<18} {summary}"));
                // What a check needs to know is written into habeas.toml by hand.
                if kind == "check" {
                    say::result(&format!("{:<29} keys: {}", "", handles.join(", ")));
                }
            }
        }
    }
}
