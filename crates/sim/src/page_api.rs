//! The page, and the interface behind it: the simulated Discord as people see it, for a browser or
//! a test in another language on the same machine.

mod acts;
mod asked;
mod assets;
mod control;
mod events;
mod guard;
mod reads;
mod threads;

use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

pub(crate) use events::Audience;

use crate::gateway;
use crate::shared::Shared;
use crate::users::UserError;
use crate::world::MAX_GIVEN;

/// An answer that is not what was asked for: status and one clear sentence.
pub(crate) struct Problem(StatusCode, String);

impl Problem {
    fn bad_request(why: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, why.into())
    }
}

impl From<UserError> for Problem {
    fn from(error: UserError) -> Self {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        Self(status, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, axum::Json(json!({"error": self.1}))).into_response()
    }
}

/// All routes outside `/api`.
pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(front))
        .route("/page/{file}", get(assets::asset))
        .route("/attachments/{id}/{name}", get(assets::attachment))
        .route("/sim/view", get(reads::view))
        .route("/sim/channels/{channel}/messages", get(reads::messages))
        .route("/sim/commands", get(reads::commands).post(acts::command))
        .route("/sim/events", get(events::stream))
        .route("/sim/messages", post(acts::say))
        .route("/sim/autocomplete", post(acts::autocomplete))
        .route("/sim/components", post(acts::component))
        .route("/sim/modals", post(acts::modal))
        .route("/sim/uploads", post(acts::upload).layer(DefaultBodyLimit::max(MAX_GIVEN)))
        .route("/sim/delete", post(acts::delete))
        .route("/sim/clock", post(acts::clock))
        .route("/sim/dismiss", post(acts::dismiss))
        .route("/sim/counts", get(control::counts))
        .route("/sim/faults/rest", post(control::rest_fault))
        .route("/sim/faults/gateway", post(control::gateway_fault))
        .route("/sim/faults/clock", post(control::clock_fault))
        .route("/sim/faults/heal", post(control::heal))
        .route("/sim/world", post(control::world))
        .fallback(async || Problem(StatusCode::NOT_FOUND, "there is no such page".into()))
        .method_not_allowed_fallback(async || {
            Problem(StatusCode::METHOD_NOT_ALLOWED, "this page is not asked for in this way".into())
        })
        .layer(axum::middleware::from_fn(guard::pass))
}

/// People get the page here, bots the gateway: its address has no path, as at Discord.
async fn front(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<gateway::Wanted>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    match upgrade {
        Ok(upgrade) => gateway::open(shared, wanted, upgrade),
        Err(_) => assets::index(),
    }
}
