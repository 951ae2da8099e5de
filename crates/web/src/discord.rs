//! Signing in with Discord: who operates the bot there may see it here.

use std::sync::Arc;

use axum::extract::{Extension, Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::config::Origin;
use crate::cookies::Cookie;
use crate::guard::Client;
use crate::ports::{CodeExchange, DiscordSignIn, ExchangeFailed, token};
use crate::problem::Problem;
use crate::secret::{Secret, same};
use crate::sessions::Who;
use crate::sign_in::{add_cookie, signed_in};

/// The longest code or state that Discord could send; real ones have 30 characters.
const ANSWER_CHARS_MAX: usize = 512;

/// What signing in with Discord takes.
struct Set<'a> {
    discord: &'a dyn DiscordSignIn,
    secret: &'a Secret,
    origin: &'a Origin,
}

impl<'a> Set<'a> {
    fn of(app: &'a App) -> Result<Self, Problem> {
        let set = app.ports.discord.as_deref().zip(app.config.client_secret.as_ref());
        let set = set.zip(app.config.origin.as_ref());
        let ((discord, secret), origin) = set.ok_or_else(Problem::not_found)?;
        Ok(Self { discord, secret, origin })
    }

    fn client_id(&self) -> Result<u64, Problem> {
        self.discord.client_id().ok_or_else(|| {
            let words = "The bot has not reached Discord yet. Try again in a while.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, words)
        })
    }

    fn redirect_uri(&self) -> String {
        format!("{}/sign-in/discord/callback", self.origin.text)
    }
}

/// Sends the browser to Discord, with a number that only this browser can bring back. Of Discord
/// nothing is asked but who it is.
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    Extension(Client(address)): Extension<Client>,
) -> Result<Response, Problem> {
    let set = Set::of(&app)?;
    let client_id = set.client_id()?;
    if !app.attempts().take(address, app.now()) {
        return Err(Problem::too_many());
    }
    let state = token(app.world()).map_err(|_| Problem::internal())?;
    app.states().begin(state.clone(), app.now());
    let back = set.redirect_uri().replace(':', "%3A").replace('/', "%2F");
    let target = format!(
        "{}?response_type=code&client_id={client_id}&scope=identify&prompt=none&state={state}\
         &redirect_uri={back}",
        set.discord.authorize_url()
    );
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response();
    add_cookie(&mut response, Cookie::State.set(&state, &app.config));
    Ok(response)
}

/// What Discord sends with the browser.
#[derive(Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
}

/// Takes the browser back, and asks Discord whose it is.
pub(crate) async fn finish(
    State(app): State<Arc<App>>,
    Extension(Client(address)): Extension<Client>,
    Query(answer): Query<Answer>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let set = Set::of(&app)?;
    if !app.attempts().take(address, app.now()) {
        return Err(Problem::too_many());
    }
    let brought = Cookie::State.read(&headers, &app.config).unwrap_or_default();
    let is_ours = same(brought, &answer.state) && app.states().finish(&answer.state, app.now());
    if !is_ours {
        app.failed(address, None);
        return Err(Problem::forbidden(
            "This sign-in was not begun in this browser, or too long ago. Begin again.",
        ));
    }
    if answer.code.is_empty() || answer.code.len() > ANSWER_CHARS_MAX {
        return Err(Problem::forbidden("You did not agree at Discord. Nothing has happened."));
    }
    let exchange = CodeExchange {
        client_id: set.client_id()?,
        client_secret: set.secret.clone(),
        code: Secret::new(&answer.code),
        redirect_uri: set.redirect_uri(),
    };
    let user = set.discord.who(exchange).await.map_err(|failed| refused(&app, address, failed))?;
    if !set.discord.is_operator(user) {
        app.failed(address, Some(user));
        return Err(Problem::forbidden("Only those who operate this bot may see its dashboard."));
    }
    let mut response = signed_in(&app, &headers, Who::User(user), "/")?;
    add_cookie(&mut response, Cookie::State.clear(&app.config));
    Ok(response)
}

fn refused(app: &App, address: std::net::IpAddr, failed: ExchangeFailed) -> Problem {
    match failed {
        ExchangeFailed::Refused => {
            app.failed(address, None);
            Problem::forbidden("Discord refused the sign-in. Begin again.")
        }
        ExchangeFailed::Unreachable => {
            let words = "Discord cannot be reached at the moment. Try again in a while.";
            Problem::new(StatusCode::BAD_GATEWAY, words)
        }
    }
}
