//! What stands in the way of a release? Every gate, each with a sentence and the command that clears
//! it.

use std::collections::BTreeSet;

use habeas_law::{
    Asker, Effect, Missing, Regime, exemption, health_gaps, needs_record, standing_gaps,
    third_party_gaps, wishes_count, written,
};
use habeas_model::{
    Decision, Finding, Happening, HarmTest, ItemId, ThirdPartyOutcome, Tier, Treatment, Verdict,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Dossier, Keep, n_in_doubt};

/// What the organisation chose, and what only the estate and the disk can tell.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The day on which this is asked, local to the controller.
    pub today: Date,
    /// Does whoever agrees to a bundle have to be somebody else than who made it?
    pub four_eyes: bool,
    /// Is the controller itself a health professional (DPA 2018 s. 204)? A company that runs a clinic
    /// is not.
    pub is_health_professional: bool,
    /// How long a case is kept after it has left or was closed.
    pub keep: Keep,
    /// Which of the items that would be given hold health data, as [`crate::health_items`] finds
    /// them; `None` if nobody has looked, and all of them count.
    pub health: Option<BTreeSet<ItemId>>,
    /// What the letter would lack, a sentence each.
    pub unfilled: Vec<String>,
    /// What was seen of the bundle on disk.
    pub seen: Seen,
}

impl Rules {
    /// The careful rules: four eyes, no health professional, every document may be health data, and
    /// nobody has looked at the bundle.
    pub fn careful(today: Date) -> Self {
        Self {
            today,
            four_eyes: true,
            is_health_professional: false,
            keep: Keep::default(),
            health: None,
            unfilled: Vec::new(),
            seen: Seen::Unseen,
        }
    }
}

/// What was seen of a bundle on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// Nobody has looked: `habeas release` will.
    #[default]
    Unseen,
    /// There is none where it was looked for.
    Absent,
    /// It does not verify: how many problems.
    Fails(usize),
    /// It verifies; SHA-256 of its manifest, in hexadecimal.
    Verified(String),
}

/// Something that has to be settled before an answer leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Which gate is closed.
    pub gate: Gate,
    /// Why, in a sentence without a full stop; it names nobody.
    pub what: String,
    /// The command that clears it.
    pub clears: String,
    /// The text that asks for it; empty if it is the organisation's own rule.
    pub cites: String,
}

/// A gate, in the order in which they are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// The case is closed or has left.
    Closed,
    /// Who asks is not noted.
    Identity,
    /// That they may ask for the person is not noted.
    Authority,
    /// That a guardian is one, or whether a child understands, is not noted.
    Child,
    /// A fee was asked for and not paid.
    Fee,
    /// The estate was not searched, or for somebody else.
    Search,
    /// Findings have no decision.
    Undecided,
    /// Something is kept back and what its exemption asks is not answered.
    Exemption,
    /// Mentions of other people are in doubt.
    People,
    /// Somebody else is shown and the record of paras 16 and 17 is missing or has gaps.
    ThirdParty,
    /// Health data has no opinion.
    Health,
    /// The letter would lack what the law asks for.
    Contents,
    /// There is no bundle, or it is older than what it rests on.
    Bundle,
    /// The bundle does not verify.
    Verify,
    /// Nobody else has looked.
    FourEyes,
}

impl Gate {
    /// The gate in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Closed => "case closed",
            Self::Identity => "identity",
            Self::Authority => "authority",
            Self::Child => "child or guardian",
            Self::Fee => "fee",
            Self::Search => "search",
            Self::Undecided => "undecided findings",
            Self::Exemption => "exemption unanswered",
            Self::People => "people in doubt",
            Self::ThirdParty => "record about another person",
            Self::Health => "health data",
            Self::Contents => "contents of the letter",
            Self::Bundle => "bundle",
            Self::Verify => "verification",
            Self::FourEyes => "four eyes",
        }
    }
}

/// Everything that stands in the way of a release, in the order of the gates; empty if nothing does.
pub fn blocks(dossier: &Dossier, rules: &Rules) -> Vec<Block> {
    let mut gates = Gates { dossier, blocks: Vec::new() };
    gates.closed();
    gates.standing();
    gates.search();
    gates.undecided();
    gates.exemptions();
    gates.people();
    gates.third_parties();
    gates.health(rules);
    gates.contents(rules);
    gates.bundle(rules);
    gates.four_eyes(rules);
    gates.blocks.sort_by_key(|block| block.gate);
    gates.blocks
}

struct Gates<'a> {
    dossier: &'a Dossier,
    blocks: Vec<Block>,
}

impl Gates<'_> {
    /// Adds a block; `clears` follows `habeas`, and `CASE` in it becomes the case's name.
    fn block(&mut self, gate: Gate, what: impl Into<String>, clears: &str, cites: &str) {
        let clears = format!("habeas {}", clears.replace("CASE", self.dossier.case.as_str()));
        self.blocks.push(Block { gate, what: what.into(), clears, cites: cites.to_owned() });
    }

    fn closed(&mut self) {
        let history = &self.dossier.history;
        let reopen = "event CASE reopened --reason \"…\"";
        if let Some(closed) = history.closed {
            let what = format!("the case was closed on {} ({})", written(closed.on), closed.ending);
            self.block(Gate::Closed, what, reopen, "");
        } else if let Some(left) = &history.released {
            let what = format!("the answer was released on {}", written(left.on));
            self.block(Gate::Closed, what, reopen, "");
        }
    }

    fn standing(&mut self) {
        let Dossier { request, history, .. } = self.dossier;
        let asker = Asker {
            age: request.age(),
            has_agent: request.agent.is_some(),
            has_guardian: request.guardian.is_some(),
            identity: history.identity.is_some(),
            authority: history.authority.is_some(),
            guardianship: history.guardianship.is_some(),
            understands: history.understands,
        };
        for (missing, gap) in standing_gaps(&asker, request.calendar) {
            let (gate, clears) = match missing {
                Missing::Identity => (Gate::Identity, "event CASE identity-noted --seen \"…\""),
                Missing::Authority => (Gate::Authority, "event CASE authority-noted --seen \"…\""),
                Missing::Guardian => (Gate::Child, "event CASE guardian-noted --seen \"…\""),
                Missing::Competence => {
                    (Gate::Child, "event CASE competence-noted --understands yes --why \"…\"")
                }
            };
            self.block(gate, gap.open, clears, &gap.cites);
        }
        if history.awaits_fee() {
            let what = "a fee was asked for and has not been paid";
            self.block(Gate::Fee, what, "event CASE fee-paid", "UK GDPR Art. 12(5) and 12A");
        }
    }

    fn search(&mut self) {
        let cites = "UK GDPR Art. 15(1A)";
        if self.dossier.search.is_none() {
            self.block(Gate::Search, "the estate has not been searched", "match CASE", cites);
        } else if !self.dossier.is_search_current {
            let what = "what is known of the person has changed since the search";
            self.block(Gate::Search, what, "match CASE", cites);
        }
    }

    fn undecided(&mut self) {
        let is_blocking = |tier: Tier| matches!(tier, Tier::Certain | Tier::Probable);
        let open = self.dossier.with_verdict(Verdict::Open);
        let n = open.filter(|(finding, _)| is_blocking(finding.tier)).count();
        if n > 0 {
            let what = format!("{} without a decision", counted(n, "finding", "findings"));
            self.block(Gate::Undecided, what, "decide CASE", "GDPR Art. 15(1) and (3)");
        }
    }

    fn exemptions(&mut self) {
        let dossier = self.dossier;
        let answers: Vec<_> = dossier.exemptions().filter(|answer| answer.applies).collect();
        let is_answered = |finding: &Finding, code: &str| {
            answers.iter().any(|answer| {
                answer.code.eq_ignore_ascii_case(code)
                    && answer.item == Some(finding.item)
                    && answer.place.as_ref().is_none_or(|place| *place == finding.place)
            })
        };
        let mut n_open = 0;
        for (finding, decision) in dossier.with_verdict(Verdict::Withhold) {
            let known = code_of(decision.as_ref()).and_then(exemption);
            let is_ground = known.is_some_and(|one| one.effect != Effect::Give);
            n_open +=
                usize::from(!known.is_some_and(|one| is_ground && is_answered(finding, one.code)));
        }
        if n_open > 0 {
            let what = format!(
                "{} kept back without an exemption whose question is answered",
                counted(n_open, "finding is", "findings are")
            );
            let clears = "decide CASE --verdict withhold --item ITEM --reason CODE --answer \"…\"";
            self.block(Gate::Exemption, what, clears, "DPA 2018 Schs. 2 to 4");
        }
    }

    fn people(&mut self) {
        let n = n_in_doubt(&self.dossier.people, &self.dossier.policies);
        if n > 0 {
            let what = format!(
                "{} for somebody to look whose it is",
                counted(n, "mention of another person waits", "mentions of other people wait")
            );
            self.block(Gate::People, what, "people CASE --doubts", "DPA 2018 Sch. 2 para. 16(1)");
        }
    }

    /// Whoever is shown on a ground that is judged person by person has a record without gaps, and
    /// nobody is shown whose record says otherwise.
    fn third_parties(&mut self) {
        let dossier = self.dossier;
        let mut missing = BTreeSet::new();
        let mut against = BTreeSet::new();
        for person in dossier.people.iter().filter(|person| person.n_places > 0) {
            let mut last = std::collections::BTreeMap::new();
            for policy in dossier.policies.iter().filter(|it| it.person == person.person) {
                last.insert((policy.item, policy.place.clone()), policy.treatment);
            }
            for ((item, _), treatment) in last {
                let Treatment::Show(ground) = treatment else { continue };
                // The last record that reaches there counts.
                let record = dossier
                    .third_parties()
                    .filter(|record| record.person == person.number)
                    .filter(|record| record.item.is_none() || record.item == item)
                    .last();
                match record {
                    Some(record) if record.outcome != ThirdPartyOutcome::Disclose => {
                        against.insert(person.number);
                    }
                    Some(record) if third_party_gaps(record).is_empty() => {}
                    None if !needs_record(ground) => {}
                    _ => {
                        missing.insert(person.number);
                    }
                }
            }
        }
        let cites = "DPA 2018 Sch. 2 paras 16 and 17";
        for number in missing {
            let what = format!("person {number} is shown and the record of why is missing");
            let clears = format!("event CASE third-party --person {number} --outcome disclose …");
            self.block(Gate::ThirdParty, what, &clears, cites);
        }
        for number in against {
            let what = format!("person {number} is shown, and their record says otherwise");
            let clears = format!("people CASE --set {number} --policy take-out");
            self.block(Gate::ThirdParty, what, &clears, cites);
        }
    }

    fn health(&mut self, rules: &Rules) {
        let dossier = self.dossier;
        let disclosed: BTreeSet<ItemId> = dossier.disclosed().into_keys().collect();
        let health: BTreeSet<ItemId> = match &rules.health {
            Some(health) => health.intersection(&disclosed).copied().collect(),
            None => disclosed,
        };
        let (opinions, known) = (dossier.opinions(), dossier.known());
        let is_professional = rules.is_health_professional;
        let gaps = health_gaps(&health, &opinions, &known, rules.today, is_professional);
        for gap in gaps.in_words() {
            let clears = if gap.cites.contains("para. 6") {
                "event CASE health-opinion --clinician \"…\" --registration \"…\" …, or habeas event CASE \
                 known-to-subject --item ITEM --evidence \"…\""
            } else {
                "decide CASE --verdict withhold --item ITEM --reason HEALTH-HARM --answer \"…\""
            };
            self.block(Gate::Health, gap.open, clears, &gap.cites);
        }
        self.harm(&opinions);
        let Dossier { request, .. } = dossier;
        let asked = wishes_count(request.age(), request.guardian.is_some(), request.calendar);
        let is_considered = dossier.exemptions().any(|answer| answer.code == "HEALTH-WISH");
        if asked && !health.is_empty() && !is_considered {
            self.block(
                Gate::Health,
                "health data is asked for by somebody else: say whether the person expected or wished \
                 that they would not be told",
                "event CASE exemption HEALTH-WISH --answer \"…\" --does-not-apply",
                "DPA 2018 Sch. 3 para. 4",
            );
        }
    }

    /// Nothing is kept back for harm without an opinion that says so.
    fn harm(&mut self, opinions: &[habeas_model::HealthOpinion]) {
        let mut n_open = 0;
        for (finding, decision) in self.dossier.with_verdict(Verdict::Withhold) {
            let is_harm = code_of(decision.as_ref())
                .is_some_and(|code| code.eq_ignore_ascii_case("HEALTH-HARM"));
            let last = opinions
                .iter()
                .filter(|opinion| opinion.items.contains(&finding.item))
                .max_by_key(|opinion| opinion.given);
            let says_so = last.is_some_and(|opinion| opinion.outcome == HarmTest::Met);
            n_open += usize::from(is_harm && !says_so);
        }
        if n_open > 0 {
            let what = format!(
                "{} kept back for serious harm without a health professional's opinion that says so",
                counted(n_open, "finding is", "findings are")
            );
            self.block(
                Gate::Health,
                what,
                "event CASE health-opinion --harm likely …",
                "DPA 2018 Sch. 3 paras 2 and 5",
            );
        }
    }

    /// # Source
    /// ICO, *Right of access*: where confirming would defeat an exemption, neither confirm nor deny.
    fn contents(&mut self, rules: &Rules) {
        let dossier = self.dossier;
        let is_hidden = |decision: &Option<Decision>| {
            code_of(decision.as_ref()).is_some_and(|code| code.eq_ignore_ascii_case("NCND"))
        };
        let n_hidden =
            dossier.with_verdict(Verdict::Withhold).filter(|(_, it)| is_hidden(it)).count();
        let n_kept = dossier.with_verdict(Verdict::Withhold).count();
        let has_more = n_kept > n_hidden
            || dossier.with_verdict(Verdict::Disclose).next().is_some()
            || dossier.with_verdict(Verdict::Incidental).next().is_some();
        if n_hidden > 0 && !has_more {
            self.block(
                Gate::Contents,
                "the letter would say that nothing is held, and that is not so: write one that neither \
                 confirms nor denies, and close the case with it",
                "event CASE closed --as refused --reason \"…\"",
                "ICO, Right of access: neither confirm nor deny",
            );
        }
        for unfilled in &rules.unfilled {
            self.block(
                Gate::Contents,
                unfilled,
                "bundle CASE, once it is filled in in habeas.toml",
                "GDPR Art. 12(1) and 15(1)",
            );
        }
    }

    fn bundle(&mut self, rules: &Rules) {
        let dossier = self.dossier;
        let Some((seq, bundled)) = &dossier.bundled else {
            self.block(Gate::Bundle, "no bundle was written", "bundle CASE", "GDPR Art. 15(3)");
            return;
        };
        let again = "bundle CASE --out DIR";
        let mut stale = Vec::new();
        if dossier.last_bearing > *seq {
            stale.push("something was decided or noted after the bundle was written".to_owned());
        }
        if dossier.search.as_ref().is_some_and(|search| search.searched_at > bundled.at) {
            stale.push("the estate was searched again after the bundle was written".to_owned());
        }
        let made = jiff::tz::TimeZone::system().to_datetime(bundled.at).date();
        let law = dossier.request.law;
        let (then, now) = (Regime::on(law, made), Regime::on(law, rules.today));
        if then != now {
            stale.push(format!(
                "the bundle was written under {}, and {} is in force now",
                then.title(),
                now.title()
            ));
        }
        for what in stale {
            self.block(Gate::Bundle, what, again, "GDPR Art. 15");
        }
        match &rules.seen {
            Seen::Unseen => {}
            Seen::Absent => {
                let what = "the bundle is not where it was looked for";
                self.block(Gate::Bundle, what, "release CASE --bundle DIR …", "");
            }
            Seen::Fails(n) => {
                let what =
                    format!("the bundle does not verify: {}", counted(*n, "problem", "problems"));
                self.block(Gate::Verify, what, "verify DIR", "GDPR Art. 5(1)(f)");
            }
            Seen::Verified(manifest) if *manifest != bundled.manifest_sha256 => {
                let what = "the bundle in that folder is not the one that was written last";
                self.block(Gate::Bundle, what, "release CASE --bundle DIR …", "");
            }
            Seen::Verified(_) => {}
        }
    }

    /// # Source
    /// No text asks for a second person; a wrong disclosure is a breach (GDPR Art. 33), and Art. 24 and
    /// 32 for measures that fit the risk.
    fn four_eyes(&mut self, rules: &Rules) {
        let Some((_, bundled)) = &self.dossier.bundled else { return };
        if !rules.four_eyes {
            return;
        }
        let approved = self.dossier.events.iter().filter_map(|event| match &event.event {
            Happening::Approved { manifest_sha256, .. } => Some((manifest_sha256, &event.by)),
            _ => None,
        });
        let preparers = self.dossier.preparers();
        let is_second = |by: &str| !preparers.contains(&folded(by));
        let mut for_this = approved.filter(|(manifest, _)| **manifest == bundled.manifest_sha256);
        if !for_this.any(|(_, by)| is_second(by)) {
            self.block(
                Gate::FourEyes,
                "nobody else than who prepared this bundle has agreed to it",
                "approve CASE --by SOMEBODY --looked-at \"…\"",
                "GDPR Art. 24 and 32; `four_eyes` in habeas.toml",
            );
        }
    }
}

impl Dossier {
    /// Who prepared the last bundle, in lower case: whoever made it, and whoever decided all of it
    /// alone.
    pub fn preparers(&self) -> BTreeSet<String> {
        let mut preparers: BTreeSet<String> =
            self.bundled.iter().map(|(_, bundled)| folded(&bundled.by)).collect();
        let deciders: BTreeSet<String> = self
            .findings
            .iter()
            .filter_map(|(_, decision)| decision.as_ref())
            .map(|decision| folded(&decision.by))
            .collect();
        if deciders.len() == 1 {
            preparers.extend(deciders);
        }
        preparers
    }
}

/// A person's name as it is compared: without case and outer blanks.
pub(crate) fn folded(by: &str) -> String {
    by.trim().to_lowercase()
}

/// The code that begins a decision's reason.
pub(crate) fn code_of(decision: Option<&Decision>) -> Option<&str> {
    let reason = &decision?.reason;
    reason.split(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';')).next()
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests;
