//! The page's own files, as they were built into the command. Nothing of an estate is in them.

use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};

use crate::problem::Problem;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/page/dist");

/// A file of the page; a path without a dot is a place within the page.
pub async fn file(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_place = !path.rsplit('/').next().unwrap_or("").contains('.');
    let path = if is_place { "index.html" } else { path };
    let Some(file) = FILES.get_file(path) else {
        return Problem::not_found("there is no such file").into_response();
    };
    let mut answer = file.contents().into_response();
    let kind = HeaderValue::from_static(kind(path));
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
