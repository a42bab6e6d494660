//! P11: is everything searched at which the notice says that data is collected?

use habeas_model::Card;

use super::findings::{Findings, Spot};
use super::seen::Seen;
use super::{Around, Check, Probe, Promise, Severity, Started, Touchpoint};

pub(super) const CHECK: Check = Check {
    card: Card {
        name: "touchpoints",
        version: 1,
        summary: "P11: every touchpoint of the notice has a source that was scanned and holds something",
        handles: &["touchpoints"],
        authority: "UK GDPR Art. 13(1) and 15(1); ICO, Right of access, finding and retrieving",
    },
    start,
};

fn start<'a>(promise: &'a Promise, around: &Around<'a>) -> Started<'a> {
    if promise.touchpoints.is_empty() {
        return Err("the promise says no `touchpoints`, and the check needs them".to_owned());
    }
    Ok(Box::new(Touchpoints { touchpoints: &promise.touchpoints, around: *around }))
}

struct Touchpoints<'a> {
    touchpoints: &'a [Touchpoint],
    around: Around<'a>,
}

impl Probe for Touchpoints<'_> {
    fn see(&mut self, _: &Seen<'_>, _: &mut Findings<'_>) {}

    fn end(&mut self, out: &mut Findings<'_>) {
        for touchpoint in self.touchpoints {
            let name = &touchpoint.name;
            if touchpoint.sources.is_empty() {
                out.push_at(
                    Severity::High,
                    None,
                    format!(
                        "touchpoint `{name}` has no source: what it collects is never searched"
                    ),
                    "find the system, add it as a `[[source]]`, and name it here",
                );
            }
            for source in &touchpoint.sources {
                self.judge(name, source, out);
            }
        }
    }
}

impl Touchpoints<'_> {
    fn judge(&self, name: &str, source: &str, out: &mut Findings<'_>) {
        let Some(store) = self.around.declared.stores.iter().find(|it| it.name.as_str() == source)
        else {
            out.push_at(
                Severity::High,
                None,
                format!("touchpoint `{name}` names source `{source}`, which is not in habeas.toml"),
                "add it as a `[[source]]`",
            );
            return;
        };
        let n = self.around.sources.iter().find(|(known, _)| *known == store.name);
        if n.is_none_or(|(_, n)| *n == 0) {
            let spot = Spot {
                source: store.name.clone(),
                path: habeas_model::ItemPath::file(b"."),
                place: None,
            };
            out.push_at(
                Severity::High,
                Some(&spot),
                format!("touchpoint `{name}`: nothing of its source was ever read"),
                "run `habeas index`, and see `habeas status --exceptions`",
            );
        }
    }
}
