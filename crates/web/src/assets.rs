//! The page's own script, style and picture, built in, under names that change with them.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// A file of the page.
pub(crate) struct Asset {
    stem: &'static str,
    ending: &'static str,
    kind: &'static str,
    content: &'static str,
    hash: u64,
}

pub(crate) static STYLE: Asset = Asset::new(
    ["dashboard", "css", "text/css; charset=utf-8"],
    include_str!("../assets/dashboard.css"),
);
pub(crate) static SCRIPT: Asset = Asset::new(
    ["dashboard", "js", "text/javascript; charset=utf-8"],
    include_str!("../assets/dashboard.js"),
);
pub(crate) static ICON: Asset =
    Asset::new(["icon", "svg", "image/svg+xml"], include_str!("../assets/icon.svg"));

impl Asset {
    const fn new([stem, ending, kind]: [&'static str; 3], content: &'static str) -> Self {
        Self { stem, ending, kind, content, hash: hash(content.as_bytes()) }
    }

    /// Where it is; another content is elsewhere, so it can be kept for ever.
    pub(crate) fn path(&self) -> String {
        format!("/assets/{}", self.file())
    }

    fn file(&self) -> String {
        format!("{}-{:016x}.{}", self.stem, self.hash, self.ending)
    }
}

/// FNV-1a: tells contents apart, no more is needed.
const fn hash(mut bytes: &[u8]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    while let [first, rest @ ..] = bytes {
        let byte = *first as u64;
        hash = (hash ^ byte).wrapping_mul(0x0000_0100_0000_01b3);
        bytes = rest;
    }
    hash
}

pub(crate) async fn asset(Path(file): Path<String>) -> Result<Response, Problem> {
    let found = [&STYLE, &SCRIPT, &ICON].into_iter().find(|asset| asset.file() == file);
    let asset = found.ok_or_else(Problem::not_found)?;
    let headers =
        [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.content).into_response())
}
