//! The page's own files, built in, and the files that messages carry.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Problem;
use super::asked::At;
use crate::ids::AttachmentId;
use crate::shared::Shared;

// `FILES: &[(&str, &[u8])]`, name and content of everything in `page/`.
include!(concat!(env!("OUT_DIR"), "/page_files.rs"));

pub(super) fn index() -> Response {
    file("index.html")
}

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    file(&name)
}

fn file(name: &str) -> Response {
    let found = FILES.iter().find(|(known, _)| *known == name);
    match found {
        Some((_, content)) => ([(CONTENT_TYPE, mime(name))], *content).into_response(),
        None => Problem(StatusCode::NOT_FOUND, "there is no such file".into()).into_response(),
    }
}

fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// A file of a message. Images are shown, everything else is downloaded.
pub(super) async fn attachment(
    State(shared): State<Arc<Shared>>,
    At((id, _name)): At<(AttachmentId, String)>,
) -> Response {
    let found = shared.with(|world| world.file(id).cloned());
    let Some(found) = found else {
        return Problem(StatusCode::NOT_FOUND, "there is no such file".into()).into_response();
    };
    let raster = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    if let Some(kind) = raster.iter().find(|kind| **kind == found.about.content_type) {
        return ([(CONTENT_TYPE, *kind)], found.bytes).into_response();
    }
    let kind = (CONTENT_TYPE, "application/octet-stream");
    ([kind, (CONTENT_DISPOSITION, "attachment")], found.bytes).into_response()
}
