//! What can a reader process not do?

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};

/// The newest rules that are asked for; an older kernel gives what it has.
const RULES: ABI = ABI::V6;

/// Gives up what a reader does not need, for this thread and those it starts, and says in words
/// what is in force.
pub(crate) fn confine() -> String {
    match restrict() {
        Ok(RulesetStatus::FullyEnforced) => "landlock: no writing, no network, no signals",
        Ok(RulesetStatus::PartiallyEnforced) => {
            "landlock, in part (an older kernel): no writing; network and signals may be open"
        }
        Ok(RulesetStatus::NotEnforced) | Err(_) => {
            "a process of its own, not confined: this kernel has no landlock"
        }
    }
    .to_owned()
}

fn restrict() -> Result<RulesetStatus, RulesetError> {
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(RULES))?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))?
        .create()?;
    // What may be read is bounded by the user's own rights; a path comes from the parent only.
    if let Ok(root) = PathFd::new("/") {
        rules = rules.add_rule(PathBeneath::new(root, reading))?;
    }
    Ok(rules.restrict_self()?.ruleset)
}
