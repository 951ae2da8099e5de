//! Discord's HTTP API, version 10: routes to the world and back.

mod application;
mod audit;
mod body;
mod channels;
mod class;
mod delivery;
mod gate;
mod guilds;
mod interactions;
mod limited;
mod limiter;
mod limits;
mod messages;
mod multipart;
mod record;
mod scheduled;
mod threads;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde_json::Value;

pub(crate) use limiter::Limiter;
pub use limits::{Limits, Rate};

use crate::shared::Shared;
use crate::world::Refusal;

/// The largest body of any request, as for messages with files (Discord docs: uploading files).
const MAX_BODY: usize = 25 * 1024 * 1024;

/// Status and JSON of an answer that went well.
pub(crate) struct Reply(StatusCode, Value);

impl Reply {
    fn ok(body: Value) -> Self {
        Self(StatusCode::OK, body)
    }

    fn created(body: Value) -> Self {
        Self(StatusCode::CREATED, body)
    }

    fn no_content() -> Self {
        Self(StatusCode::NO_CONTENT, Value::Null)
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let Self(status, body) = self;
        if status == StatusCode::NO_CONTENT {
            return status.into_response();
        }
        (status, axum::Json(body)).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, _) = self.numbers();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, axum::Json(self.body())).into_response()
    }
}

/// What every handler returns.
type Answer = Result<Reply, Refusal>;

/// How many entries of a list are asked for; at most `max`.
fn page_size(limit: i64, max: i64) -> Result<usize, Refusal> {
    let mut form = crate::validate::Form::default();
    if limit < 1 {
        let message = "int value should be greater than or equal to 1.";
        form.wrong_at("limit", "NUMBER_TYPE_MIN", message);
    }
    if limit > max {
        let message = format!("int value should be less than or equal to {max}.");
        form.wrong_at("limit", "NUMBER_TYPE_MAX", message);
    }
    form.finish(usize::try_from(limit).unwrap_or(1)).map_err(Refusal::InvalidForm)
}

/// All routes under `/api/v10`.
pub(crate) fn router(shared: Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/gateway", get(application::gateway))
        .route("/gateway/bot", get(application::gateway_bot))
        .route("/users/@me", get(application::me))
        .route("/users/{user}", get(application::user))
        .route("/users/@me/channels", post(channels::open_dm))
        .route("/applications/@me", get(application::mine))
        .route("/oauth2/applications/@me", get(application::mine))
        .merge(command_routes())
        .merge(interaction_routes())
        .merge(channel_routes())
        .merge(guild_routes())
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .layer(axum::middleware::from_fn_with_state(shared, gate::pass))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
}

fn guild_routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/guilds/{guild}", get(guilds::guild))
        .route("/guilds/{guild}/audit-logs", get(audit::read))
        .route("/guilds/{guild}/channels", get(guilds::channels))
        .route("/guilds/{guild}/roles", get(guilds::roles))
        .route("/guilds/{guild}/roles/{role}", get(guilds::role))
        .route("/guilds/{guild}/threads/active", get(threads::active))
        .route("/guilds/{guild}/scheduled-events", get(scheduled::list).post(scheduled::create))
        .route(
            "/guilds/{guild}/scheduled-events/{event}",
            get(scheduled::read).patch(scheduled::change).delete(scheduled::delete),
        )
        .route("/guilds/{guild}/scheduled-events/{event}/users", get(scheduled::users))
        .route("/guilds/{guild}/members", get(guilds::members))
        .route("/guilds/{guild}/members/search", get(guilds::search))
        .route("/guilds/{guild}/members/{user}", get(guilds::member))
        .route(
            "/guilds/{guild}/members/{user}/roles/{role}",
            put(guilds::give_role).delete(guilds::take_role),
        )
}

fn command_routes() -> Router<Arc<Shared>> {
    let all = || {
        get(application::commands).put(application::replace_commands).post(application::add_command)
    };
    let one = || {
        get(application::command)
            .patch(application::change_command)
            .delete(application::remove_command)
    };
    Router::new()
        .route("/applications/{app}/commands", all())
        .route("/applications/{app}/commands/{command}", one())
        .route("/applications/{app}/guilds/{guild}/commands", all())
        .route("/applications/{app}/guilds/{guild}/commands/{command}", one())
}

fn interaction_routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/interactions/{id}/{token}/callback", post(interactions::callback))
        .route("/webhooks/{app}/{token}", post(interactions::follow_up))
        .route(
            "/webhooks/{app}/{token}/messages/{message}",
            get(interactions::read).patch(interactions::edit).delete(interactions::delete),
        )
}

fn channel_routes() -> Router<Arc<Shared>> {
    Router::new()
        .route(
            "/channels/{channel}",
            get(channels::channel).patch(channels::change).delete(channels::delete),
        )
        .route("/channels/{channel}/threads", post(threads::start))
        .route("/channels/{channel}/threads/archived/public", get(threads::archived))
        .route("/channels/{channel}/threads/archived/private", get(threads::archived_privately))
        .route("/channels/{channel}/messages/{message}/threads", post(threads::start_from))
        .route("/channels/{channel}/thread-members", get(threads::members))
        .route(
            "/channels/{channel}/thread-members/{user}",
            get(threads::member).put(threads::add_member).delete(threads::remove_member),
        )
        .route("/channels/{channel}/messages", get(messages::list).post(messages::create))
        .route(
            "/channels/{channel}/messages/{message}",
            get(messages::read).patch(messages::edit).delete(messages::delete),
        )
}
