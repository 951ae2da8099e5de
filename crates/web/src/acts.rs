//! What the dashboard can do: run all reclaimers, and let somebody in again.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use muster_vitals::snapshot::Subject;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::guard::see_other;
use crate::problem::Problem;
use crate::words;

/// Runs all reclaimers now.
pub(crate) async fn clean_up(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let done = app.ports.watched.clean_up().await.map_err(|cooling| {
        let words = format!("{}.", words::capitalised(&cooling.to_string()));
        Problem::new(StatusCode::CONFLICT, words)
    })?;
    let told = words::clean_up(&done);
    *app.cleaned_up() = Some((app.ports.world.now(), done));
    Ok(done_as(&app, &headers, "/#memory", &told))
}

/// Whom to let in again.
#[derive(Deserialize)]
pub(crate) struct Lifted {
    kind: Kind,
    id: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Member,
    Guild,
}

/// Lets somebody in again before their time is over.
pub(crate) async fn lift(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    form: Result<Form<Lifted>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Problem> {
    let wrong = |_| Problem::new(StatusCode::BAD_REQUEST, "The form names nobody.");
    let Form(lifted) = form.map_err(wrong)?;
    let subject = match lifted.kind {
        Kind::Member => Subject::Member(lifted.id),
        Kind::Guild => Subject::Guild(lifted.id),
    };
    let who = words::subject(subject);
    let told = if app.ports.watched.lift(subject).await {
        tracing::info!(subject = %who, "a block was lifted at the dashboard");
        format!("{} is unblocked.", words::capitalised(&who))
    } else {
        format!("{} was not blocked any more.", words::capitalised(&who))
    };
    Ok(done_as(&app, &headers, "/#security", &told))
}

/// Tells the page's script what happened; leads a browser without it to where it shows.
fn done_as(app: &App, headers: &HeaderMap, place: &'static str, told: &str) -> Response {
    app.live.nudge();
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("application/json")) {
        return axum::Json(json!({ "message": told })).into_response();
    }
    see_other(place)
}
