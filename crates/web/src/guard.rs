//! What every request passes on its way in, and every answer on its way out.

use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, LOCATION, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use serde::Deserialize;

use crate::app::{App, within};
use crate::config::Access;
use crate::cookies::Cookie;
use crate::limits::{ANSWER_LIMIT, BODY_BYTES_MAX};
use crate::ports::request_id;
use crate::problem::{Problem, Reader, told};
use crate::proxy;
use crate::secret::same;
use crate::sessions::{Admission, Who};

/// Nothing inline, nothing from elsewhere, in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' data:; connect-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// Two years, as browsers want it (ASVS 3.4.1 asks for one at least).
const ONLY_HTTPS: &str = "max-age=63072000; includeSubDomains";

/// The other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Where a request comes from, as far as a trusted proxy says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client(pub(crate) IpAddr);

/// Who asks for something that not everybody may have.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// What their forms have to bring.
    pub(crate) form_token: String,
    /// The session, where one has to sign in.
    pub(crate) session: Option<String>,
}

/// Refuses what cannot be meant for this page; catches what goes wrong; makes answers safe.
pub(crate) async fn pass(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = request_id(app.world());
    let reader = reader(request.headers());
    let peer = request.extensions().get::<Peer>().copied();
    let peer = peer.unwrap_or(Peer(Ipv4Addr::UNSPECIFIED.into()));
    let client = proxy::client(peer.0, request.headers(), &app.config.proxies);
    request.extensions_mut().insert(Client(client));
    let response = match check(&app, &request) {
        Ok(()) => run(&app, &id, request, next).await,
        Err(problem) => problem.into_response(),
    };
    let mut response = told(response, reader, &id);
    make_safe(response.headers_mut(), app.config.is_https());
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// The last resort: neither a panic nor an answer that never comes takes the connection along.
async fn run(app: &App, id: &str, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    let failed = match within(app.world(), ANSWER_LIMIT, work).await {
        Some(Ok(response)) if response.status() != StatusCode::INTERNAL_SERVER_ERROR => {
            return response;
        }
        Some(Ok(_)) => "an answer failed",
        Some(Err(_)) => "an answer panicked; this is a defect of Muster",
        None => return Problem::of_waiting().into_response(),
    };
    tracing::error!(request = id, path = ?path, "{failed}");
    Problem::internal().into_response()
}

impl Problem {
    fn of_waiting() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "That took too long.")
    }
}

fn reader(headers: &HeaderMap) -> Reader {
    match text(headers, &ACCEPT) {
        Some(accept) if accept.contains("application/json") => Reader::Script,
        Some(_) | None => Reader::Person,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

fn check(app: &App, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    // Probes name whatever address they know, and learn nothing that another site could use.
    if !matches!(request.uri().path(), "/healthz" | "/readyz") {
        let host = text(headers, &HOST).unwrap_or_default();
        let bearer = request.uri().path() == "/metrics" && app.config.access == Access::SignedIn;
        if !bearer && !app.config.serves(host) {
            let words = "This page is not served under that name; PUBLIC_URL says under which.";
            return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, words));
        }
        if app.config.access == Access::Local && came_through_proxy(headers) {
            return Err(Problem::forbidden(
                "This came through a proxy, and nobody has to sign in here: set PUBLIC_URL and \
                 DASHBOARD_TOKEN first.",
            ));
        }
    }
    if comes_from_elsewhere(app, request) {
        return Err(Problem::forbidden("Another site may not use this page."));
    }
    Ok(())
}

fn came_through_proxy(headers: &HeaderMap) -> bool {
    let marks = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];
    marks.iter().any(|mark| headers.contains_key(*mark))
}

/// Whether a page of another site sent it. That one links here is fine, no more.
fn comes_from_elsewhere(app: &App, request: &Request) -> bool {
    let headers = request.headers();
    if let Some(origin) = text(headers, &ORIGIN) {
        let bare = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        let own = match &app.config.origin {
            Some(own) => origin == own.text,
            None => bare.is_some() && bare == text(headers, &HOST),
        };
        if !own {
            return true;
        }
    }
    let fetch = |name| text(headers, &HeaderName::from_static(name));
    match fetch("sec-fetch-site") {
        None | Some("same-origin" | "none") => false,
        Some(_) => !(is_read(request.method()) && fetch("sec-fetch-mode") == Some("navigate")),
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn make_safe(headers: &mut HeaderMap, is_https: bool) {
    let fixed = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not "no-referrer": with it browsers hide the origin of our own forms from us.
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("x-frame-options"), "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if is_https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONLY_HTTPS));
    }
}

/// Lets those in who may see the dashboard, and only forms that were made for them.
pub(crate) async fn admit(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let visitor = match visitor(&app, request.headers()) {
        Ok(Some(visitor)) => visitor,
        Ok(None) if is_read(request.method()) && request.uri().path() == "/" => {
            return Ok(see_other("/sign-in"));
        }
        Ok(None) if is_read(request.method()) && request.uri().path() == "/given-up" => {
            return Ok(see_other("/sign-in?next=/given-up"));
        }
        Ok(None) => return Err(Problem::sign_in_first()),
        Err(problem) => return Err(problem),
    };
    if request.method() == Method::POST {
        request = with_form_token(request, &visitor.form_token).await?;
    }
    request.extensions_mut().insert(visitor);
    Ok(next.run(request).await)
}

/// Who asks, if they may.
pub(crate) fn visitor(app: &App, headers: &HeaderMap) -> Result<Option<Visitor>, Problem> {
    if app.config.access == Access::Local {
        return Ok(Some(Visitor { form_token: app.local_form_token.clone(), session: None }));
    }
    let Some(id) = Cookie::Session.read(headers, &app.config) else {
        return Ok(None);
    };
    match app.sessions().admit(id, app.now()) {
        Admission::Unknown => Ok(None),
        Admission::TooMany => Err(Problem::too_many()),
        Admission::Signed(signed) if !still_may(app, signed.who) => Ok(None),
        Admission::Signed(signed) => {
            let session = Some(id.to_owned());
            Ok(Some(Visitor { form_token: signed.form_token, session }))
        }
    }
}

/// Whether this session lives and is of somebody who still operates the bot.
pub(crate) fn is_on(app: &App, visitor: &Visitor) -> bool {
    let Some(id) = &visitor.session else {
        return app.config.access == Access::Local;
    };
    let who = app.sessions().lives(id, app.now());
    who.is_some_and(|who| still_may(app, who))
}

/// Asked each time: who operates the bot can change while they are signed in.
fn still_may(app: &App, who: Who) -> bool {
    match who {
        Who::TokenHolder => app.config.token.is_some(),
        Who::User(user) => {
            app.ports.discord.as_ref().is_some_and(|discord| discord.is_operator(user))
        }
    }
}

#[derive(Deserialize)]
struct FormToken {
    form_token: String,
}

/// Reads the form to see that it was made for this visitor, and puts it back.
pub(crate) async fn with_form_token(request: Request, wanted: &str) -> Result<Request, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX)
        .await
        .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "That is more than fits here."))?;
    let copy = Request::from_parts(parts.clone(), Body::from(body.clone()));
    let form = Form::<FormToken>::from_request(copy, &()).await.ok();
    if !form.is_some_and(|Form(form)| same(&form.form_token, wanted)) {
        return Err(Problem::forbidden(
            "This form is from before you signed in, or from elsewhere. Load the page again.",
        ));
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Leads a browser to a page of ours.
pub(crate) fn see_other(path: &'static str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response()
}
