//! How an item looks: its pages as pictures, and where on them its mentions stand.

use std::sync::Arc;

use axum::body::Body as Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use habeas_model::{Document, ItemId, Part, Passage, PlaceKind};
use habeas_redact::Placed;
use serde::{Deserialize, Serialize};

use super::item::{document, known, n_pages};
use super::passages::{PassageOf, Sight};
use super::{Answer, Ask, At, plainly, work};
use crate::problem::Problem;
use crate::state::{App, lock};

#[derive(Serialize)]
struct PageOf {
    page: u32,
    passages: Vec<u32>,
}

/// Pages of an item.
#[derive(Serialize)]
pub struct Pages {
    pages: Vec<PageOf>,
}

/// Pages that can be shown as pictures.
pub async fn pages(
    State(app): State<Arc<App>>,
    At((case, item)): At<(String, ItemId)>,
) -> Answer<Pages> {
    work(move || {
        let n_pages = check_pages(&app, &case, &item)?;
        let document = document(&app, item)?;
        let mut pages: Vec<PageOf> =
            (1..=n_pages).map(|page| PageOf { page, passages: Vec::new() }).collect();
        for (number, passage) in (0..).zip(&document.passages) {
            let at = passage.place.number.checked_sub(1).and_then(|at| usize::try_from(at).ok());
            if passage.place.kind == PlaceKind::Page
                && let Some(page) = at.and_then(|at| pages.get_mut(at))
            {
                page.passages.push(number);
            }
        }
        Ok(Pages { pages })
    })
    .await
}

/// Only items among the findings of a case are shown. Gives how many pages it has.
fn check_pages(app: &App, case: &str, item: &ItemId) -> Result<u32, Problem> {
    let desk = app.desk(case)?;
    let found = Arc::clone(lock(&desk).found()?);
    let (_, it) = known(&found, item)?;
    match n_pages(it) {
        0 => Err(Problem::not_found("it has no pages that can be shown")),
        n_pages => Ok(n_pages),
    }
}

/// The same of one page, from 1.
fn check_page(app: &App, case: &str, item: &ItemId, number: u32) -> Result<(), Problem> {
    match check_pages(app, case, item)? {
        n_pages if (1..=n_pages).contains(&number) => Ok(()),
        _ => Err(Problem::not_found("there is no such page")),
    }
}

/// How a picture is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    #[serde(default)]
    dpi: Option<u16>,
}

/// A page as a picture.
pub async fn picture(
    State(app): State<Arc<App>>,
    At((case, item, number)): At<(String, ItemId, u32)>,
    Ask(asked): Ask<Resolution>,
) -> Result<Response, Problem> {
    let bytes = plainly(move || {
        check_page(&app, &case, &item, number)?;
        let leaf = app.looks.page(&app, item, number, crate::looks::dpi(asked.dpi)?)?;
        Ok(leaf.png.clone())
    });
    Ok(as_png(bytes.await?))
}

/// A picture as an answer.
pub fn as_png(bytes: Vec<u8>) -> Response {
    let mut answer = Response::new(Bytes::from(bytes));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    answer
}

#[derive(Serialize)]
struct AreaOf {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl From<[f32; 4]> for AreaOf {
    fn from([left, top, right, bottom]: [f32; 4]) -> Self {
        Self { x: left, y: top, width: right - left, height: bottom - top }
    }
}

#[derive(Serialize)]
struct PlacedOf {
    passage: usize,
    start: usize,
    areas: Vec<AreaOf>,
}

/// What is marked on a page.
#[derive(Serialize)]
pub struct PageMarks {
    revision: u64,
    page: u32,
    width: f32,
    height: f32,
    passages: Vec<PassageOf>,
    placed: Vec<PlacedOf>,
    n_marks: u64,
    n_placed: u64,
    note: Option<String>,
    is_current: bool,
}

/// The mentions of a page, and where on its picture they stand.
pub async fn marks(
    State(app): State<Arc<App>>,
    At((case, item, page)): At<(String, ItemId, u32)>,
) -> Answer<PageMarks> {
    work(move || {
        check_page(&app, &case, &item, page)?;
        let desk = app.desk(&case)?;
        let sight = Sight::of(&app, &desk, &case, item)?;
        let document = sight.document();
        let numbers = on_page(document, page);
        let leaf = app.looks.any(&app, item, page)?;
        let mut at = places(document, &numbers, &leaf.placed);
        let mut note = None;
        let silent = |at: &[(usize, usize)]| -> Vec<usize> {
            let is_at = |number: &usize| at.iter().any(|(known, _)| known == number);
            let silent = numbers.iter().filter(|it| is_seen(document, **it) && !is_at(it));
            silent.copied().collect()
        };
        let mut words = Placed::default();
        // What the page's own letters do not say was recognised in its picture.
        let unread = silent(&at);
        let mut at_words = Vec::new();
        if leaf.is_picture && !unread.is_empty() {
            match app.looks.words(&app, item, page) {
                Ok(seen) => {
                    if let Some(seen) = seen.as_ref() {
                        words = Placed::words(seen, leaf.width_pt, leaf.height_pt);
                        at_words = places(document, &unread, &words);
                    }
                    if at_words.is_empty() && leaf.placed.texts().is_empty() {
                        note = Some("what is recognised on it now is not what was indexed".into());
                    }
                }
                Err(problem) => note = Some(problem.message),
            }
        }
        at.retain(|(number, _)| !at_words.iter().any(|(known, _)| known == number));
        let desk = lock(&desk);
        let (mut passages, mut placed, mut n_marks, mut n_placed) = (Vec::new(), Vec::new(), 0, 0);
        for number in numbers {
            let of = |at: &[(usize, usize)]| {
                at.iter().find(|(known, _)| *known == number).map(|(_, text)| *text)
            };
            let (text, from) = match (of(&at), of(&at_words)) {
                (Some(text), _) => (Some(text), &leaf.placed),
                (None, text) => (text, &words),
            };
            for (start, range) in sight.stretches(number) {
                let areas = text.map_or_else(Vec::new, |text| from.areas(text, &range));
                n_marks += u64::from(!sight.is_left_out(number));
                if !areas.is_empty() {
                    n_placed += u64::from(!sight.is_left_out(number));
                    let areas = areas.into_iter().map(AreaOf::from).collect();
                    placed.push(PlacedOf { passage: number, start, areas });
                }
            }
            passages.extend(sight.passage(&desk, number));
        }
        Ok(PageMarks {
            revision: sight.revision,
            page,
            width: leaf.width_pt,
            height: leaf.height_pt,
            passages,
            placed,
            n_marks,
            n_placed,
            note,
            is_current: sight.is_current,
        })
    })
    .await
}

/// The passages of a page, by number.
fn on_page(document: &Document, page: u32) -> Vec<usize> {
    let is_here =
        |passage: &Passage| passage.place.kind == PlaceKind::Page && passage.place.number == page;
    let all = document.passages.iter().enumerate();
    all.filter(|(_, passage)| is_here(passage)).map(|(number, _)| number).collect()
}

/// Is a passage the text of a page that a person sees, and not a note, a record or hidden?
fn is_seen(document: &Document, number: usize) -> bool {
    document.passages.get(number).is_some_and(|passage| {
        passage.hidden.is_none() && passage.part == Part::Body && !passage.is_record
    })
}

/// Which of a page's passages says which of its texts: the same words, in the same order.
fn places(document: &Document, numbers: &[usize], placed: &Placed) -> Vec<(usize, usize)> {
    let mut rest = numbers.iter().copied().filter(|number| is_seen(document, *number));
    let mut found = Vec::new();
    for (text, words) in placed.texts().iter().enumerate() {
        let is_it =
            |number: &usize| document.passages.get(*number).is_some_and(|it| it.text == *words);
        let Some(number) = rest.clone().find(is_it) else { continue };
        // Those before it are none of the texts that follow.
        rest.find(|at| *at == number);
        found.push((number, text));
    }
    found
}

#[cfg(test)]
mod tests {
    use habeas_document::page::Recognised;
    use habeas_model::{Hidden, Place};

    use super::*;

    #[test]
    fn texts_of_a_page_are_its_seen_passages() {
        let at = |page: usize, text: &str| Passage::text(Place::new(PlaceKind::Page, page), text);
        let mut hidden = at(2, "one");
        hidden.hidden = Some(Hidden::Invisible);
        let passages = vec![at(1, "one"), hidden, at(2, "two"), at(2, "one"), at(3, "three")];
        let document = Document { passages, ..Document::default() };
        assert_eq!(on_page(&document, 2), [1, 2, 3]);
        let seen = |text: &str| Recognised { text: text.into(), ..Recognised::default() };
        let check = |text: &str, expected: &[(usize, usize)]| {
            let placed = Placed::words(&seen(text), 10.0, 10.0);
            assert_eq!(places(&document, &[1, 2, 3], &placed), expected, "{text}");
        };
        check("one", &[(3, 0)]);
        check("two", &[(2, 0)]);
        check("three", &[]);
        check("two ", &[]);
    }
}
