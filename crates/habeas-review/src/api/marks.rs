//! What reviewers mark by hand: words and parts of pages to take out, pictures to give.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use habeas_model::{Area, Document, Entry, Ground, ItemId, Kind, Manual, Mark};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::{document, known, n_pages};
use super::passages::Units;
use super::views::Revision;
use super::{Answer, At, Body, work};
use crate::desk::Desk;
use crate::guard::Reviewer;
use crate::problem::Problem;
use crate::state::{App, lock};

/// A rectangle of a page, in parts of its width and height.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxOf {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl BoxOf {
    fn area(self) -> Option<Area> {
        let part = |value: f64| {
            let whole = f64::from(Area::WHOLE);
            let part = (value * whole).round();
            (0.0..=whole).contains(&part).then_some(part as u16)
        };
        let area = Area {
            left: part(self.x)?,
            top: part(self.y)?,
            right: part(self.x + self.width)?,
            bottom: part(self.y + self.height)?,
        };
        area.is_sound().then_some(area)
    }
}

impl From<Area> for BoxOf {
    fn from(area: Area) -> Self {
        let part = |value: u16| f64::from(value) / f64::from(Area::WHOLE);
        Self {
            x: part(area.left),
            y: part(area.top),
            width: part(area.right - area.left),
            height: part(area.bottom - area.top),
        }
    }
}

/// A mark made by hand.
#[derive(Serialize)]
pub struct ManualOf {
    seq: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    passage: Option<u32>,
    start: Option<usize>,
    end: Option<usize>,
    page: Option<u32>,
    #[serde(rename = "box")]
    area: Option<BoxOf>,
    ground: Option<&'static str>,
    reason: String,
    by: String,
    at: Timestamp,
}

/// What was marked by hand in an item and is in force.
pub(super) fn marks_of(desk: &Desk, item: ItemId) -> Vec<(u64, &Manual)> {
    let mut marks = habeas_case::in_force(desk.ledger.records());
    marks.retain(|(_, manual)| manual.item == item);
    marks
}

pub(super) fn manual_of(seq: u64, manual: &Manual, document: &Document) -> ManualOf {
    let (kind, ground, page, area) = match &manual.mark {
        Mark::Text { ground, .. } => ("text", Some(ground.code()), None, None),
        Mark::Box { page, area, ground } => {
            ("box", Some(ground.code()), Some(*page), Some(BoxOf::from(*area)))
        }
        Mark::Picture { page } => ("picture", None, Some(*page), None),
        Mark::TakenBack { .. } => ("picture", None, None, None),
    };
    let (mut passage, mut start, mut end) = (None, None, None);
    if let Mark::Text { passage: number, range, .. } = &manual.mark {
        let text = document.passages.get(*number as usize).map_or("", |it| it.text.as_str());
        let units = Units::new(text);
        (passage, start, end) =
            (Some(*number), Some(units.at(range.start)), Some(units.at(range.end)));
    }
    ManualOf {
        seq,
        kind,
        passage,
        start,
        end,
        page,
        area,
        ground,
        reason: manual.reason.clone(),
        by: manual.by.clone(),
        at: manual.at,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum MarkType {
    Text,
    Box,
    Picture,
}

/// A mark by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkIn {
    expected: u64,
    #[serde(rename = "type")]
    of_type: MarkType,
    #[serde(default)]
    passage: Option<u32>,
    #[serde(default)]
    start: Option<usize>,
    #[serde(default)]
    end: Option<usize>,
    #[serde(default)]
    page: Option<u32>,
    #[serde(default, rename = "box")]
    area: Option<BoxOf>,
    #[serde(default)]
    ground: Option<Ground>,
    #[serde(default)]
    kind: Option<Kind>,
    reason: String,
}

impl MarkIn {
    fn mark(&self, document: &Document) -> Result<Mark, Problem> {
        let ground = self.ground.unwrap_or(Ground::ThirdParty);
        let wrong = |what: &str| Problem::usage(what.to_owned());
        match self.of_type {
            MarkType::Text => {
                let (Some(passage), Some(start), Some(end)) = (self.passage, self.start, self.end)
                else {
                    return Err(wrong("marked text needs `passage`, `start` and `end`"));
                };
                let text = document
                    .passages
                    .get(passage as usize)
                    .map(|it| it.text.as_str())
                    .ok_or_else(|| wrong("the item has no such passage"))?;
                let units = Units::new(text);
                let range = units.byte(start).zip(units.byte(end));
                let (start, end) = range.ok_or_else(|| wrong("the passage has no such stretch"))?;
                let words = text.get(start..end).unwrap_or_default();
                let trimmed = words.trim();
                if !trimmed.contains(char::is_alphanumeric) {
                    return Err(wrong("no words are marked"));
                }
                let start = start + (words.len() - words.trim_start().len());
                Ok(Mark::Text {
                    passage,
                    range: start..start + trimmed.len(),
                    words: trimmed.into(),
                    kind: self.kind,
                    ground,
                })
            }
            MarkType::Box => {
                let area = self.area.and_then(BoxOf::area);
                match (self.page, area) {
                    (Some(page), Some(area)) if page > 0 => Ok(Mark::Box { page, area, ground }),
                    _ => Err(wrong("a box needs a `page` and a `box` that lies on it")),
                }
            }
            MarkType::Picture => match self.page {
                Some(page) if page > 0 => Ok(Mark::Picture { page }),
                _ => Err(wrong("giving a picture needs its `page`")),
            },
        }
    }
}

/// Marks something by hand.
pub async fn mark(
    State(app): State<Arc<App>>,
    At((case, item)): At<(String, ItemId)>,
    Extension(reviewer): Extension<Reviewer>,
    Body(asked): Body<MarkIn>,
) -> Answer<Revision> {
    work(move || {
        let desk = app.desk(&case)?;
        let mut desk = lock(&desk);
        let found = Arc::clone(desk.found()?);
        let (_, it) = known(&found, &item)?;
        if asked.of_type != MarkType::Text && n_pages(it) == 0 {
            return Err(Problem::usage("it has no pages that can be shown"));
        }
        let mark = asked.mark(&document(&app, item)?)?;
        let by = reviewer.by;
        let manual = Manual { mark, item, reason: asked.reason, by, at: Timestamp::now() };
        // A mark takes more out, or is one that another made too: neither stands in the way.
        let added = desk.add(asked.expected, &[Entry::from(manual)], &|_| false)?;
        Ok(Revision::of(&desk, &added, None))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_lies_on_its_page() {
        let check = |x, y, width, height, expected: Option<[u16; 4]>| {
            let area = BoxOf { x, y, width, height }.area();
            assert_eq!(area.map(|it| [it.left, it.top, it.right, it.bottom]), expected);
        };
        check(0.1, 0.2, 0.3, 0.4, Some([1_000, 2_000, 4_000, 6_000]));
        check(0.0, 0.0, 1.0, 1.0, Some([0, 0, 10_000, 10_000]));
        check(0.5, 0.5, 0.6, 0.1, None);
        check(-0.1, 0.0, 0.2, 0.2, None);
        check(0.5, 0.5, 0.0, 0.1, None);
        check(f64::NAN, 0.0, 0.1, 0.1, None);
    }
}
