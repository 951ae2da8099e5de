//! For programs: whether it is alive, whether it is ready, and its figures.

use std::sync::Arc;

use axum::extract::{Extension, Request, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::config::Access;
use crate::guard::{self, Client};
use crate::metrics::{self, Format};
use crate::problem::{AsItIs, Problem};

/// What `/healthz` says, by which Muster is known from another program at its address.
pub const ALIVE: &str = "alive\n";

/// Alive, as it answers.
pub(crate) async fn healthz() -> &'static str {
    ALIVE
}

/// Ready when every shard is connected and the database takes writes.
pub(crate) async fn readyz(State(app): State<Arc<App>>) -> Response {
    match app.unready().await {
        None => "ready\n".into_response(),
        Some(why) => {
            let mut response =
                (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response();
            response.extensions_mut().insert(AsItIs);
            response
        }
    }
}

/// The figures, for Prometheus.
pub(crate) async fn metrics(
    State(app): State<Arc<App>>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers();
    if app.config.access == Access::SignedIn {
        may_scrape(&app, client, headers)?;
    }
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let format = Format::accepted(accept);
    let figures = metrics::write(&app.look().await?, format);
    Ok(([(CONTENT_TYPE, format.content_type())], figures).into_response())
}

/// With the token, or signed in. Who brings a wrong token has made an attempt to sign in. The right
/// one is taken whatever was attempted before: behind a proxy that is not trusted, everybody has
/// the same address, and a stranger who guesses would shut Prometheus out.
fn may_scrape(app: &App, Client(address): Client, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(given) = headers.get(AUTHORIZATION) else {
        return guard::visitor(app, headers)?.map(|_| ()).ok_or_else(Problem::sign_in_first);
    };
    let given = given.to_str().unwrap_or_default();
    let (scheme, given) = given.split_once(' ').unwrap_or_default();
    let secret = app.config.token.as_ref().filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    if secret.is_some_and(|secret| secret.is(given.trim())) {
        return Ok(());
    }
    if !app.attempts().take(address, app.now()) {
        return Err(Problem::too_many());
    }
    app.failed(address, None);
    Err(Problem::sign_in_first())
}
