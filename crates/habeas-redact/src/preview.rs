//! What would be taken out of an item, for a person who looks at it before it leaves?
//!
//! Unlike an exhibit this keeps what is left out, and says of each stretch whose it is and why it would go.
//! Nothing of it leaves.

use std::ops::Range;

use habeas_match::{Whose, mentions, recognise_with_unsure};
use habeas_model::{
    Document, Doubt, Ground, ItemId, Kind, Manual, Mark, Personal, Redaction, Role,
};

use crate::exhibit::{Exhibit, Mind};
use crate::people::Mention;
use crate::policies::{Fate, Reach, Shown};
use crate::search::Searcher;

/// Whose a stretch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The requester's own.
    Subject,
    /// Somebody else's, in that role.
    Other(Role),
    /// Somebody's, and it is in doubt whose.
    Unknown(Doubt),
}

/// What would happen with a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It stays, being the requester's own.
    Kept,
    /// It stays, being somebody else who is shown.
    Shown(Shown),
    /// It stays, being nobody.
    Nobody,
    /// It goes.
    TakenOut(Ground),
}

/// A stretch of a passage that is somebody's.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Where in the passage's text, in bytes.
    pub range: Range<usize>,
    /// What kind of thing it is.
    pub kind: Kind,
    /// Whose it is.
    pub who: Who,
    /// Who, if it is somebody else. Internal.
    pub person: Option<Personal<String>>,
    /// What would happen with it.
    pub what: What,
    /// Which decision says so; `None` if it was found because the same words go elsewhere.
    pub reach: Option<Reach>,
    /// Was it marked by hand?
    pub by_hand: Option<u64>,
    /// The rule that found it.
    pub rule: String,
}

/// An item as a reviewer looks at it.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// The stretches of each passage, sorted, not overlapping.
    pub stretches: Vec<Vec<Stretch>>,
    /// The passages that are records of others, or kept back: not in the exhibit. Sorted.
    pub left_out: Vec<usize>,
}

/// Looks at a document as [`Exhibit::new`] does. `marks` are those made by hand in the item, each with
/// the number of its record.
pub fn preview(
    document: &Document,
    item: ItemId,
    covered: &[u32],
    withheld: &[u32],
    mind: &Mind<'_>,
    marks: &[(u64, &Manual)],
) -> Preview {
    let hits = recognise_with_unsure(document, mind.setting);
    let whose = mentions(document, &hits, mind.question, mind.setting);
    let mut exhibit = Exhibit::new(document.clone(), item, &[], covered, withheld, mind);
    let by_hand: Vec<&Manual> = marks.iter().map(|(_, manual)| *manual).collect();
    // Words that are not there any more cannot be shown; a bundle says so.
    let _not_found = exhibit.mark(&by_hand, mind.own);
    if let Ok(local) = Searcher::new(exhibit.secrets(), mind.own) {
        exhibit.sweep(&[&local]);
    }
    let left_out = exhibit.proposal.left_out.clone();
    let mut stretches = Vec::with_capacity(document.passages.len());
    for (number, passage) in document.passages.iter().enumerate() {
        let is_left_out = left_out.binary_search(&number).is_ok();
        let mut here: Vec<Stretch> = Vec::new();
        for redaction in exhibit.of(number).redactions {
            here.push(taken_out(redaction, &exhibit, item, mind, marks, document));
        }
        for mention in exhibit.mentions().iter().filter(|it| it.passage == number) {
            add(&mut here, shown(mention, item, mind));
        }
        let hits = hits.get(number).into_iter().flatten();
        for (hit, whose) in hits.zip(whose.get(number).into_iter().flatten()) {
            let stretch = match whose {
                Whose::Subject => Stretch {
                    range: hit.range.clone(),
                    kind: hit.kind,
                    who: Who::Subject,
                    person: None,
                    what: What::Kept,
                    reach: Some(Reach::Default),
                    by_hand: None,
                    rule: hit.rule.clone(),
                },
                // The record of somebody else goes as a whole.
                Whose::Other(other) if is_left_out => Stretch {
                    range: hit.range.clone(),
                    kind: hit.kind,
                    who: other.doubt.map_or(Who::Other(other.role), Who::Unknown),
                    person: Some(other.key.clone()),
                    what: What::TakenOut(Ground::NotTheirs),
                    reach: Some(Reach::Default),
                    by_hand: None,
                    rule: hit.rule.clone(),
                },
                _ => continue,
            };
            add(&mut here, stretch);
        }
        here.retain(|it| passage.text.get(it.range.clone()).is_some_and(|text| !text.is_empty()));
        here.sort_by_key(|it| it.range.start);
        stretches.push(here);
    }
    Preview { stretches, left_out }
}

/// Adds a stretch that overlaps none of those that are there.
fn add(all: &mut Vec<Stretch>, stretch: Stretch) {
    let touches =
        |it: &Stretch| it.range.start < stretch.range.end && stretch.range.start < it.range.end;
    if !all.iter().any(touches) {
        all.push(stretch);
    }
}

fn who(mention: &Mention) -> Who {
    mention.doubt.map_or(Who::Other(mention.role), Who::Unknown)
}

fn taken_out(
    redaction: &Redaction,
    exhibit: &Exhibit,
    item: ItemId,
    mind: &Mind<'_>,
    marks: &[(u64, &Manual)],
    document: &Document,
) -> Stretch {
    let mention = exhibit.mentions().iter().find(|it| {
        it.passage == redaction.passage
            && it.range.start < redaction.range.end
            && redaction.range.start < it.range.end
    });
    let text = document.passages.get(redaction.passage).map_or("", |it| it.text.as_str());
    let is_marked = |(_, manual): &&(u64, &Manual)| match &manual.mark {
        Mark::Text { words, .. } => text
            .get(redaction.range.clone())
            .is_some_and(|here| crate::fold::key(here).contains(&crate::fold::key(words.reveal()))),
        _ => false,
    };
    let by_hand = redaction.person.reveal().starts_with("?hand ");
    let by_hand = marks.iter().find(is_marked).filter(|_| by_hand).map(|(seq, _)| *seq);
    let place = document.passages.get(redaction.passage).map(|it| &it.place);
    // What was decided to stay goes all the same, because the same words go elsewhere.
    let reach = mention
        .filter(|mention| matches!(mention.fate, Fate::TakenOut))
        .zip(place)
        .map(|(mention, place)| mind.policies.reach(item, place, mention.person.reveal()));
    Stretch {
        range: redaction.range.clone(),
        kind: redaction.kind,
        who: mention.map_or(Who::Other(Role::Private), who),
        person: Some(mention.map_or_else(|| redaction.person.clone(), |it| it.person.clone())),
        what: What::TakenOut(redaction.ground),
        reach,
        by_hand,
        rule: mention.map_or_else(|| "sweep".to_owned(), |it| it.rule.clone()),
    }
}

fn shown(mention: &Mention, item: ItemId, mind: &Mind<'_>) -> Stretch {
    let what = match mention.fate {
        Fate::Shown(shown) => What::Shown(shown),
        Fate::Nobody => What::Nobody,
        Fate::TakenOut => What::TakenOut(Ground::ThirdParty),
    };
    Stretch {
        range: mention.range.clone(),
        kind: mention.kind,
        who: who(mention),
        person: Some(mention.person.clone()),
        what,
        reach: Some(mind.policies.reach(item, &mention.place, mention.person.reveal())),
        by_hand: None,
        rule: mention.rule.clone(),
    }
}
