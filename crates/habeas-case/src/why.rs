//! Why is something a finding, in words?

use habeas_model::{About, Evidence, Finding, Kind, Tier};

/// The reasons of one finding. Nothing in it says what the item says or who is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// One sentence: the tier, how likely, and the strongest reason.
    pub sentence: String,
    /// What speaks for the person, the strongest first.
    pub speaks_for: Vec<Evidence>,
    /// What speaks against, the strongest first; the rarity of findings in the estate included.
    pub against: Vec<Evidence>,
    /// What would lift or sink it.
    pub would_change: Vec<String>,
}

/// Explains a finding.
pub fn why(finding: &Finding) -> Why {
    let (speaks_for, against): (Vec<Evidence>, Vec<Evidence>) =
        finding.evidence.iter().cloned().partition(|evidence| evidence.bits >= 0.0);
    let strongest = speaks_for.first().map_or("nothing", |evidence| evidence.rule.as_str());
    let about = match finding.about {
        About::Relates => "about the person",
        About::Incidental => "a mere mention of the person",
    };
    let sentence = match finding.tier {
        Tier::Namesake => {
            let reason = against.iter().find(|evidence| evidence.kind.is_some());
            let reason = reason.map_or("what it says", |evidence| evidence.rule.as_str());
            format!("somebody else of a like name, because of: {reason}")
        }
        tier => format!(
            "{} {about} ({:.1} bits, odds of {} if the weights hold), chiefly because of: \
             {strongest}",
            match tier {
                Tier::Certain => "certainly",
                Tier::Probable => "probably",
                _ => "possibly",
            },
            finding.score_bits,
            odds(finding.score_bits)
        ),
    };
    Why { sentence, would_change: would_change(finding), speaks_for, against }
}

/// `9 to 1` for and `1 to 4` against; beyond a million nobody can tell.
fn odds(bits: f64) -> String {
    let times = bits.abs().min(20.0).exp2();
    let times = if times < 10.0 { format!("{times:.1}") } else { format!("{times:.0}") };
    if bits >= 0.0 { format!("{times} to 1") } else { format!("1 to {times}") }
}

fn would_change(finding: &Finding) -> Vec<String> {
    let mut changes = Vec::new();
    let says = |words: &str| finding.evidence.iter().any(|one| one.rule.contains(words));
    let has =
        |kind: Kind| finding.evidence.iter().any(|one| one.kind == Some(kind) && one.bits > 0.0);
    if says("not accepted yet") {
        changes.push(
            "accepting or rejecting the identifier it rests on (`habeas identifiers`)".to_owned(),
        );
    }
    if says("other fit") || says("others fit") {
        changes.push("an identifier that tells the person from others of the name".to_owned());
    }
    for evidence in finding.evidence.iter().filter(|one| one.bits <= -2.0) {
        if let Some(kind) = evidence.kind
            && evidence.rule.starts_with("another")
        {
            let kind = kind.as_str().replace('_', " ");
            changes.push(format!("learning that the {kind} in it was the person's too"));
        }
    }
    let is_open = matches!(finding.tier, Tier::Probable | Tier::Possible);
    if is_open && !has(Kind::BirthDate) && !has(Kind::Email) && !has(Kind::Reference) {
        changes.push(
            "an identifier of the person's own that stands in it and was not stated".to_owned(),
        );
    }
    changes
}

#[cfg(test)]
mod tests {
    use habeas_model::{ItemId, Place, PlaceKind};

    use super::*;

    fn finding(tier: Tier, evidence: &[(Option<Kind>, &str, f64)]) -> Finding {
        let evidence: Vec<Evidence> = evidence
            .iter()
            .map(|(kind, rule, bits)| Evidence {
                kind: *kind,
                rule: (*rule).to_owned(),
                bits: *bits,
            })
            .collect();
        Finding {
            item: ItemId::of(b"x"),
            place: Place::new(PlaceKind::Row, 2),
            passages: vec![0],
            tier,
            score_bits: evidence.iter().map(|evidence| evidence.bits).sum(),
            about: About::Relates,
            evidence,
        }
    }

    #[test]
    fn a_finding_is_explained_with_what_argues_against_it() {
        let name = (Some(Kind::Name), "full name, 2 others fit", 9.0);
        let why = why(&finding(
            Tier::Possible,
            &[name, (None, "prior", -8.0), (Some(Kind::Postcode), "another postcode", -2.5)],
        ));
        assert!(
            why.sentence.starts_with("possibly about the person (-1.5 bits"),
            "{}",
            why.sentence
        );
        assert_eq!((why.speaks_for.len(), why.against.len()), (1, 2));
        let all = why.would_change.join("; ");
        assert!(all.contains("others of the name") && all.contains("the postcode in it"), "{all}");
    }

    #[test]
    fn a_namesake_is_told_by_what_rules_the_person_out() {
        let name = (Some(Kind::Name), "full name, 1 other fit", 9.0);
        let why = why(&finding(
            Tier::Namesake,
            &[name, (None, "prior", -8.0), (Some(Kind::BirthDate), "another birth date", -9.0)],
        ));
        assert!(why.sentence.ends_with("another birth date"), "{}", why.sentence);
    }

    #[test]
    fn odds_are_read_both_ways() {
        assert_eq!((odds(3.0).as_str(), odds(-2.0).as_str()), ("8.0 to 1", "1 to 4.0"));
    }
}
