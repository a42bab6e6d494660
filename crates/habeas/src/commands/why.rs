//! `habeas why`: why something was found, what argues against it, and what would change it.

use habeas_case::{Register, located, why};
use habeas_model::Finding;
use serde_json::json;

use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::say;

/// Explains the findings of an item in words.
pub fn run(
    home: &Home,
    case: &str,
    item: &str,
    place: Option<&str>,
    json: bool,
) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(case).map_err(Failure::of_case)?;
    let estate = home.open()?;
    let items = estate.find_item(item).map_err(Failure::stopped)?;
    let is_of_item = |finding: &Finding| {
        items.contains(&finding.item) || finding.item.to_string().starts_with(item)
    };
    let of_item: Vec<Finding> =
        case.findings().map_err(Failure::stopped)?.into_iter().filter(is_of_item).collect();
    let is_elsewhere = !of_item.is_empty();
    let is_there = |finding: &Finding| place.is_none_or(|place| finding.place.to_string() == place);
    let findings: Vec<Finding> = of_item.into_iter().filter(is_there).collect();
    if findings.is_empty() {
        let known = if is_elsewhere {
            "the item has findings, and none at that place"
        } else if items.is_empty() {
            "no item of the estate has that id or path"
        } else {
            "the item is in the estate and is no finding: no form of the person's identifiers brought \
             it, or it names the person too weakly"
        };
        return Err(Failure::usage(known)
            .hint(format!("list the findings with `habeas match {} --json`", case.id)));
    }
    for finding in &findings {
        let places = located(&estate, finding).map_err(Failure::stopped)?;
        let reasons = why(finding);
        if json {
            let paths: Vec<String> =
                places.iter().map(|(source, path)| format!("{source}/{path}")).collect();
            say::json(&json!({"type": "why", "data": {
                "case": case.id.to_string(), "item": finding.item, "paths": paths,
                "place": finding.place, "tier": finding.tier, "score_bits": finding.score_bits,
                "about": finding.about, "for": reasons.speaks_for, "against": reasons.against,
                "in_words": reasons.sentence, "would_change": reasons.would_change}}));
            continue;
        }
        for (source, path) in &places {
            say::result(&format!("{source}/{}, {}", shown(&path.to_string()), finding.place));
        }
        say::result(&format!("  {}", reasons.sentence));
        for (title, list) in [("for", &reasons.speaks_for), ("against", &reasons.against)] {
            for evidence in list {
                say::result(&format!("  {title:<8} {:>+6.1}  {}", evidence.bits, evidence.rule));
            }
        }
        for change in &reasons.would_change {
            say::result(&format!("  would change it: {change}"));
        }
    }
    Ok(End::Done)
}
