//! How an item looks: its pages as pictures.

use std::sync::Arc;

use axum::body::Body as Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use habeas_model::{ItemId, PlaceKind};
use serde::{Deserialize, Serialize};

use super::item::{document, known, n_pages};
use super::{Answer, Ask, At, plainly, work};
use crate::problem::Problem;
use crate::state::{App, lock};

#[derive(Serialize)]
struct PageOf {
    page: u32,
    width: f32,
    height: f32,
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
        check_pages(&app, &case, &item)?;
        let leaves = app.looks.of(&app, item, crate::looks::DPI)?;
        let document = document(&app, item)?;
        let passages = |page: u32| {
            let all = (0..).zip(&document.passages);
            let here =
                all.filter(|(_, it)| it.place.kind == PlaceKind::Page && it.place.number == page);
            here.map(|(number, _)| number).collect()
        };
        let page = |leaf: &crate::looks::Leaf| PageOf {
            page: leaf.number,
            width: leaf.width_pt,
            height: leaf.height_pt,
            passages: passages(leaf.number),
        };
        Ok(Pages { pages: leaves.iter().map(page).collect() })
    })
    .await
}

/// Only items among the findings of a case are shown.
fn check_pages(app: &App, case: &str, item: &ItemId) -> Result<(), Problem> {
    let desk = app.desk(case)?;
    let found = Arc::clone(lock(&desk).found()?);
    let (_, it) = known(&found, item)?;
    match n_pages(it) {
        0 => Err(Problem::not_found("it has no pages that can be shown")),
        _ => Ok(()),
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
        check_pages(&app, &case, &item)?;
        let leaves = app.looks.of(&app, item, crate::looks::dpi(asked.dpi)?)?;
        let leaf = leaves.iter().find(|leaf| leaf.number == number);
        leaf.map(|leaf| leaf.png.clone())
            .ok_or_else(|| Problem::not_found("there is no such page that can be shown"))
    });
    Ok(as_png(bytes.await?))
}

/// A picture as an answer.
pub fn as_png(bytes: Vec<u8>) -> Response {
    let mut answer = Response::new(Bytes::from(bytes));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    answer
}
