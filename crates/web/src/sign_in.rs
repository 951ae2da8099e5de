//! Signing in with the token, and out again.

use std::sync::Arc;

use axum::extract::FromRequest as _;
use axum::extract::{Extension, Form, Query, Request, State};
use axum::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::config::Access;
use crate::cookies::Cookie;
use crate::guard::{Client, Visitor, see_other, with_form_token};
use crate::page::frame::{self, Ways};
use crate::ports::token;
use crate::problem::Problem;
use crate::sessions::Who;

/// Where one can be led after signing in. Anything else that a link asks for is ignored.
const PAGES: [&str; 3] = ["/", "/given-up", "/metrics"];

#[derive(Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    next: String,
}

impl Wanted {
    /// One of our pages, whatever was asked for.
    pub(crate) fn page(&self) -> &'static str {
        PAGES.into_iter().find(|page| *page == self.next).unwrap_or("/")
    }
}

/// The page on which one signs in.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if app.config.access == Access::Local {
        return Ok(see_other("/"));
    }
    form(&app, &headers, wanted.page(), None)
}

/// The form. Its token is in a cookie as well, as there is no session yet.
fn form(
    app: &App,
    headers: &HeaderMap,
    next: &'static str,
    trouble: Option<&str>,
) -> Result<Response, Problem> {
    let form_token = token(app.world()).map_err(|_| Problem::internal())?;
    let ways = Ways {
        by_token: app.config.token.is_some(),
        by_discord: app.config.client_secret.is_some() && app.ports.discord.is_some(),
    };
    let theme = crate::page::Theme::of(headers);
    let page =
        frame::sign_in(theme, ways, &frame::SignIn { form_token: &form_token, next, trouble });
    let mut response = Html(page.into_string()).into_response();
    add_cookie(&mut response, Cookie::Form.set(&form_token, &app.config));
    Ok(response)
}

#[derive(Deserialize)]
struct TokenForm {
    token: String,
    #[serde(flatten)]
    wanted: Wanted,
}

/// Signs in whoever knows the token.
pub(crate) async fn by_token(
    State(app): State<Arc<App>>,
    Extension(Client(address)): Extension<Client>,
    request: Request,
) -> Result<Response, Problem> {
    let Some(secret) = app.config.token.as_ref() else {
        return Err(Problem::not_found());
    };
    if !app.attempts().take(address, app.now()) {
        return Err(Problem::too_many());
    }
    let headers = request.headers().clone();
    let form_token = Cookie::Form.read(&headers, &app.config).filter(|token| !token.is_empty());
    let form_token = form_token.ok_or_else(|| {
        Problem::forbidden("Signing in needs a cookie. Load the page again, and allow cookies.")
    })?;
    let request = with_form_token(request, form_token).await?;
    let Form(given) = Form::<TokenForm>::from_request(request, &())
        .await
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "The form holds no token."))?;
    if !secret.is(given.token.trim()) {
        app.failed(address, None);
        let mut again = form(&app, &headers, given.wanted.page(), Some("That is not the token."))?;
        *again.status_mut() = StatusCode::FORBIDDEN;
        again.extensions_mut().insert(crate::problem::AsItIs);
        return Ok(again);
    }
    signed_in(&app, &headers, Who::TokenHolder, given.wanted.page())
}

/// Begins a session under a new id; the one that the browser may have had ends.
pub(crate) fn signed_in(
    app: &App,
    headers: &HeaderMap,
    who: Who,
    next: &'static str,
) -> Result<Response, Problem> {
    let id = token(app.world()).map_err(|_| Problem::internal())?;
    let form_token = token(app.world()).map_err(|_| Problem::internal())?;
    let mut sessions = app.sessions();
    if let Some(old) = Cookie::Session.read(headers, &app.config) {
        sessions.end(old);
    }
    sessions.begin(id.clone(), form_token, who, app.now());
    drop(sessions);
    let mut response = see_other(next);
    add_cookie(&mut response, Cookie::Session.set(&id, &app.config));
    add_cookie(&mut response, Cookie::Form.clear(&app.config));
    Ok(response)
}

/// Ends this session, here and in the browser.
pub(crate) async fn out(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    if let Some(session) = &visitor.session {
        app.sessions().end(session);
    }
    gone(&app)
}

/// Ends all sessions, whoever's they are.
pub(crate) async fn out_everywhere(State(app): State<Arc<App>>) -> Response {
    app.sessions().end_all();
    gone(&app)
}

fn gone(app: &App) -> Response {
    app.live.nudge();
    let mut response = see_other("/sign-in");
    add_cookie(&mut response, Cookie::Session.clear(&app.config));
    let everything = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), everything);
    response
}

pub(crate) fn add_cookie(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
