//! The dashboard: a snapshot as a page. Each part of it is HTML of its own, so that an open page
//! gets just those that changed.

mod answers;
mod chart;
pub(crate) mod frame;
mod given_up;
mod guarded;
mod history;
mod marks;
mod memory;
mod overview;
mod rooms;
pub(crate) mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use muster_vitals::snapshot::{Sample, Snapshot};
use muster_vitals::watched::CleanUp;

use crate::app::App;
use crate::cookies;
use crate::guard::Visitor;
use crate::problem::Problem;
use maud::Markup;

/// What a page shows.
pub(crate) struct Shown<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// The samples of the last day.
    pub(crate) day: &'a [Sample],
    /// The last clean-up that was asked for at the dashboard.
    pub(crate) cleaned_up: Option<(Timestamp, CleanUp)>,
}

/// The parts of the page by their id, as HTML.
pub(crate) fn parts(shown: &Shown<'_>) -> BTreeMap<&'static str, String> {
    let of = shown.snapshot;
    let parts = [
        ("verdict", verdict::part(of)),
        ("figures", overview::figures(of)),
        ("history", history::part(of, shown.day)),
        ("alerts", overview::alerts(of)),
        ("advice", overview::advice(of)),
        ("memory", memory::part(of, shown.cleaned_up.as_ref())),
        ("answers", answers::part(of)),
        ("discord", answers::discord(of)),
        ("deliveries", rooms::deliveries(of)),
        ("database", rooms::database(&of.database)),
        ("cache", rooms::cache(of)),
        ("tasks", rooms::tasks(&of.tasks)),
        ("limiter", guarded::limiter(of)),
        ("security", guarded::security(of)),
        ("storage", rooms::storage(of)),
        ("settings", overview::settings(of)),
    ];
    parts.into_iter().map(|(id, html)| (id, html.into_string())).collect()
}

/// Which colours a browser wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Those of the system.
    System,
    Light,
    Dark,
}

impl Theme {
    /// What was chosen on the page, which keeps it in a cookie: so the first paint is right.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        match cookies::value(headers, "muster-theme") {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            Some(_) | None => Self::System,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The page of what was given up.
pub(crate) fn given_up(
    theme: Theme,
    visitor: &Visitor,
    shown: &crate::given_up::Shown<'_>,
) -> Markup {
    frame::beside(theme, visitor, ("given-up", "Given up"), &given_up::part(shown))
}

/// The page.
pub(crate) async fn dashboard(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let snapshot = app.look().await?;
    let day = app.ports.watched.day().await;
    let cleaned_up = app.cleaned_up().clone();
    let parts = parts(&Shown { snapshot: &snapshot, day: &day, cleaned_up });
    let page = frame::dashboard(Theme::of(&headers), &visitor, &parts);
    Ok(Html(page.into_string()).into_response())
}
