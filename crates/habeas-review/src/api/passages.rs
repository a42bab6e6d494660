//! What an item says, whose each stretch of it is, and what would be taken out.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use habeas_model::{
    Document, Field, Ground, Hidden, ItemId, Kind, Manual, Meaning, Part, Place, PlaceKind, Role,
    Tier, Verdict,
};
use habeas_redact::{Defaults, Mind, Own, Policies, Preview, Reach, Stretch, What, Who, preview};
use serde::{Deserialize, Serialize};

use super::item::{document, known, unreachable_sources};
use super::marks::marks_of;
use super::{Answer, Ask, At, limit, work};
use crate::desk::Desk;
use crate::problem::{Code, Problem};
use crate::state::{App, lock};

/// What it takes to look at an item, taken from the desk so that others need not wait.
struct Seen {
    covered: Vec<u32>,
    withheld: Vec<u32>,
    about: BTreeSet<u32>,
    policies: Policies,
    n_policies: usize,
    own: Own,
    question: habeas_match::Question,
    marks: Vec<(u64, Manual)>,
}

impl Seen {
    fn of(app: &App, desk: &Desk, item: ItemId) -> Result<Self, Problem> {
        let found = desk.found()?;
        let (_, it) = known(found, &item)?;
        let (mut covered, mut withheld, mut about) = (Vec::new(), Vec::new(), BTreeSet::new());
        for at in it.findings.clone() {
            let finding = &found.findings[at];
            match desk.verdicts[at] {
                Verdict::Withhold => withheld.extend(&finding.passages),
                Verdict::NotSubject => {}
                // What is open, or only mentions the person, is shown as it would be given.
                _ if finding.tier == Tier::Namesake => {}
                _ => covered.extend(&finding.passages),
            }
            about.extend(&finding.passages);
        }
        let subject = &desk.case.request.subject;
        let question = habeas_match::Question::new(subject)
            .map_err(|problem| Problem::new(Code::Blocked, problem))?;
        let prospect = habeas_case::Prospect {
            case: desk.case.id.clone(),
            subject: subject.clone(),
            disclosures: Vec::new(),
            withheld: Vec::new(),
            policies: Vec::new(),
            marks: Vec::new(),
        };
        let defaults: Defaults = app.house.defaults();
        let policies = desk.policies();
        let marks = marks_of(desk, item).into_iter();
        Ok(Self {
            covered,
            withheld,
            about,
            n_policies: policies.len(),
            policies: Policies::new(&policies, defaults, subject),
            own: app.house.own(&prospect)?,
            question,
            marks: marks.map(|(seq, manual)| (seq, manual.clone())).collect(),
        })
    }

    /// The item with what would be taken out of it; the last few are kept, as a long table is looked at
    /// page by page.
    fn looked(&self, app: &App, case: &str, item: ItemId) -> Result<Arc<Viewed>, Problem> {
        let setting = app.setting()?;
        let key = Key {
            case: case.to_owned(),
            item,
            covered: self.covered.clone(),
            withheld: self.withheld.clone(),
            n_policies: self.n_policies,
            marks: self.marks.iter().map(|(seq, _)| *seq).collect(),
            setting: Arc::as_ptr(&setting) as usize,
        };
        let known = |all: &VecDeque<(Key, Arc<Viewed>)>| {
            all.iter().find(|(of, _)| *of == key).map(|(_, viewed)| Arc::clone(viewed))
        };
        if let Some(viewed) = known(&lock(&app.viewed)) {
            return Ok(viewed);
        }
        let mind = Mind {
            question: &self.question,
            setting: &setting,
            own: &self.own,
            policies: &self.policies,
        };
        let marks: Vec<(u64, &Manual)> = self.marks.iter().map(|(seq, it)| (*seq, it)).collect();
        let document = document(app, item)?;
        let preview = preview(&document, item, &self.covered, &self.withheld, &mind, &marks);
        let viewed = Arc::new(Viewed { document, preview });
        let mut all = lock(&app.viewed);
        all.push_back((key, Arc::clone(&viewed)));
        if all.len() > VIEWED {
            all.pop_front();
        }
        Ok(viewed)
    }
}

/// Items that are kept as they were looked at.
const VIEWED: usize = 4;

/// An item with what would be taken out of it.
pub struct Viewed {
    document: Document,
    preview: Preview,
}

/// All that what is taken out of an item depends on.
#[derive(PartialEq, Eq)]
pub struct Key {
    case: String,
    item: ItemId,
    covered: Vec<u32>,
    withheld: Vec<u32>,
    n_policies: usize,
    marks: Vec<u64>,
    /// Which estate's names: the setting is made once an estate.
    setting: usize,
}

/// Byte places in a text as UTF-16 code units, as the page counts them.
pub(super) struct Units<'a> {
    text: &'a str,
    /// How many units come before places that are about [`Units::STEP`] bytes apart; a mail may be one passage.
    known: Vec<(usize, usize)>,
}

impl<'a> Units<'a> {
    const STEP: usize = 2048;

    pub(super) fn new(text: &'a str) -> Self {
        let (mut known, mut at, mut units) = (vec![(0, 0)], 0, 0);
        while text.len() - at > Self::STEP {
            let next = text.ceil_char_boundary(at + Self::STEP);
            units += text.get(at..next).map_or(0, |part| part.encode_utf16().count());
            at = next;
            known.push((at, units));
        }
        Self { text, known }
    }

    /// The last known place that is not behind one, by bytes or by units.
    fn before(&self, is_not_behind: impl Fn(&(usize, usize)) -> bool) -> (usize, usize) {
        let at = self.known.partition_point(is_not_behind).saturating_sub(1);
        self.known.get(at).copied().unwrap_or_default()
    }

    pub(super) fn at(&self, byte: usize) -> usize {
        let (from, units) = self.before(|(at, _)| *at <= byte);
        self.text.get(from..byte).map_or(0, |text| units + text.encode_utf16().count())
    }

    /// The byte at which that code unit begins; `None` within a character or past the end.
    pub(super) fn byte(&self, unit: usize) -> Option<usize> {
        let (from, mut units) = self.before(|(_, units)| *units <= unit);
        for (byte, c) in self.text.get(from..)?.char_indices() {
            if units >= unit {
                return (units == unit).then_some(from + byte);
            }
            units += c.len_utf16();
        }
        (units == unit).then_some(self.text.len())
    }
}

#[derive(Serialize)]
struct MarkOf {
    start: usize,
    end: usize,
    kind: Kind,
    who: &'static str,
    person: Option<u32>,
    label: Option<String>,
    doubt: Option<String>,
    fate: &'static str,
    ground: Option<&'static str>,
    ground_words: Option<&'static str>,
    decided: &'static str,
    manual: Option<u64>,
    rule: String,
}

fn mark_of(desk: &Desk, stretch: &Stretch, units: &Units<'_>) -> MarkOf {
    let listed = stretch
        .person
        .as_ref()
        .and_then(|person| desk.people.iter().find(|it| it.person == *person));
    let (fate, ground, ground_words) = match stretch.what {
        What::Kept => ("kept", None, None),
        What::Nobody => ("nobody", None, None),
        What::Shown(shown) => ("shown", Some(shown.ground.code()), Some(shown_words(shown.ground))),
        What::TakenOut(ground) => ("taken_out", Some(ground.code()), Some(ground_words(ground))),
    };
    let decided = match (stretch.by_hand, stretch.reach) {
        (Some(_), _) => "manual",
        (None, Some(Reach::Place)) => "place",
        (None, Some(Reach::Item)) => "item",
        (None, Some(Reach::Person)) => "person",
        (None, Some(Reach::Default)) => "default",
        (None, None) => "sweep",
    };
    MarkOf {
        start: units.at(stretch.range.start),
        end: units.at(stretch.range.end),
        kind: stretch.kind,
        who: match stretch.who {
            Who::Subject => "subject",
            Who::Unknown(_) => "unknown",
            Who::Other(Role::Private) => "other",
            Who::Other(Role::Staff) => "staff",
            Who::Other(Role::Professional) => "professional",
        },
        person: listed.map(|it| it.number),
        label: listed.and_then(|it| it.written.first()).map(|it| it.reveal().clone()),
        doubt: match stretch.who {
            Who::Unknown(doubt) => Some(doubt.to_string()),
            _ => None,
        },
        fate,
        ground,
        ground_words,
        decided,
        manual: stretch.by_hand,
        rule: stretch.rule.clone(),
    }
}

fn ground_words(ground: Ground) -> &'static str {
    match ground {
        Ground::ThirdParty => "information about another person",
        Ground::NotTheirs => "not the requester's",
    }
}

fn shown_words(ground: habeas_model::ShowGround) -> &'static str {
    use habeas_model::ShowGround;
    match ground {
        ShowGround::Consent => "they agreed",
        ShowGround::Reasonable => "it is reasonable without their agreement",
        ShowGround::Professional => "a health professional who acted as such",
        ShowGround::Staff => "a member of staff who acted in their role",
        ShowGround::Known => "the requester knows it already",
    }
}

#[derive(Serialize)]
struct FieldOf {
    start: usize,
    end: usize,
    meaning: Meaning,
}

/// A passage as the page shows it.
#[derive(Serialize)]
pub(super) struct PassageOf {
    number: usize,
    place: Place,
    place_words: String,
    part: Part,
    hidden: Option<Hidden>,
    is_record: bool,
    page: Option<u32>,
    is_about: bool,
    fate: &'static str,
    text: String,
    fields: Vec<FieldOf>,
    marks: Vec<MarkOf>,
}

/// A page of passages.
#[derive(Serialize)]
pub struct Passages {
    revision: u64,
    total: u64,
    passages: Vec<PassageOf>,
    next_cursor: Option<String>,
    previous_cursor: Option<String>,
    is_current: bool,
}

/// Which passages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhichPassages {
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default)]
    around: Option<usize>,
}

/// An item as a reviewer sees it now.
pub(super) struct Sight {
    seen: Seen,
    viewed: Arc<Viewed>,
    /// Can it be read again now?
    pub(super) is_current: bool,
    /// The case's revision.
    pub(super) revision: u64,
}

impl Sight {
    /// Looks at an item of a case.
    pub(super) fn of(
        app: &App,
        desk: &Mutex<Desk>,
        case: &str,
        item: ItemId,
    ) -> Result<Self, Problem> {
        let (seen, is_current, revision) = {
            let desk = lock(desk);
            let found = Arc::clone(desk.found()?);
            let (_, it) = known(&found, &item)?;
            let is_current = unreachable_sources(app, &found, it).is_none();
            (Seen::of(app, &desk, item)?, is_current, desk.revision())
        };
        let viewed = seen.looked(app, case, item)?;
        Ok(Self { seen, viewed, is_current, revision })
    }

    pub(super) fn document(&self) -> &Document {
        &self.viewed.document
    }

    /// Is a passage no part of what is given?
    pub(super) fn is_left_out(&self, number: usize) -> bool {
        self.viewed.preview.left_out.binary_search(&number).is_ok()
    }

    /// What is marked in a passage: where as the page counts, and which bytes.
    pub(super) fn stretches(&self, number: usize) -> Vec<(usize, Range<usize>)> {
        let Some(passage) = self.viewed.document.passages.get(number) else { return Vec::new() };
        let units = Units::new(&passage.text);
        let stretches = self.viewed.preview.stretches.get(number).into_iter().flatten();
        stretches.map(|it| (units.at(it.range.start), it.range.clone())).collect()
    }

    /// A passage as the page shows it.
    pub(super) fn passage(&self, desk: &Desk, number: usize) -> Option<PassageOf> {
        let Viewed { document, preview } = &*self.viewed;
        let passage = document.passages.get(number)?;
        let units = Units::new(&passage.text);
        let withheld = self.seen.withheld.iter().any(|it| *it as usize == number);
        let field = |field: &Field| FieldOf {
            start: units.at(field.range.start),
            end: units.at(field.range.end),
            meaning: field.meaning,
        };
        let is_page = passage.place.kind == PlaceKind::Page;
        let stretches = preview.stretches.get(number).into_iter().flatten();
        Some(PassageOf {
            number,
            place_words: passage.place.to_string(),
            place: passage.place.clone(),
            part: passage.part,
            hidden: passage.hidden,
            is_record: passage.is_record,
            page: is_page.then_some(passage.place.number),
            is_about: self.seen.about.contains(&u32::try_from(number).unwrap_or(u32::MAX)),
            fate: match (withheld, self.is_left_out(number)) {
                (true, _) => "withheld",
                (false, true) => "left_out",
                (false, false) => "given",
            },
            text: passage.text.clone(),
            fields: passage.fields.iter().map(field).collect(),
            marks: stretches.map(|it| mark_of(desk, it, &units)).collect(),
        })
    }
}

/// What an item says.
pub async fn passages(
    State(app): State<Arc<App>>,
    At((case, item)): At<(String, ItemId)>,
    Ask(which): Ask<WhichPassages>,
) -> Answer<Passages> {
    work(move || {
        let limit = limit(which.limit)?;
        let desk = app.desk(&case)?;
        let sight = Sight::of(&app, &desk, &case, item)?;
        let total = sight.document().passages.len();
        let from = match (&which.cursor, which.around) {
            (Some(text), _) => text
                .parse::<usize>()
                .map_err(|_| Problem::usage("that is no cursor of this list"))?,
            // A page begins at a multiple, so that pages around one place are the same pages.
            (None, Some(around)) => around.min(total.saturating_sub(1)) / limit * limit,
            (None, None) => 0,
        };
        let to = from.saturating_add(limit).min(total);
        let passages = {
            let desk = lock(&desk);
            (from..to).filter_map(|number| sight.passage(&desk, number)).collect()
        };
        let next_cursor = (to < total).then(|| to.to_string());
        let previous_cursor = (from > 0).then(|| from.saturating_sub(limit).to_string());
        let Sight { revision, is_current, .. } = sight;
        let total = total as u64;
        Ok(Passages { revision, total, passages, next_cursor, previous_cursor, is_current })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_the_page_counts_them() {
        let text = "aé😀b";
        let units = Units::new(text);
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let all: Vec<usize> = bytes.iter().map(|byte| units.at(*byte)).collect();
        assert_eq!(all, [0, 1, 2, 4, 5]);
        let back: Vec<Option<usize>> = (0..=6).map(|unit| units.byte(unit)).collect();
        assert_eq!(back, [Some(0), Some(1), Some(3), None, Some(7), Some(8), None]);
    }

    #[test]
    fn places_far_down_a_long_text_are_counted_too() {
        let text = "né😀 ".repeat(5_000);
        let units = Units::new(&text);
        for byte in [0, 1, 9, 8 * 2_047 + 3, 8 * 4_999, text.len()] {
            let expected = text[..byte].encode_utf16().count();
            assert_eq!((units.at(byte), units.byte(expected)), (expected, Some(byte)), "{byte}");
        }
        assert_eq!(units.byte(5 * 4_000 + 3), None, "within a character");
        assert_eq!(units.byte(5 * 5_000 + 1), None, "past the end");
    }
}
