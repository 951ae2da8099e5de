//! What every request passes: scripted faults, the limiter, the ledger.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{AUTHORIZATION, DATE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use tokio::time::Instant;

use super::class::Place;
use super::limiter::Verdict;
use super::{delivery, limited, record};
use crate::faults::{Delivery, Reply, ScriptedAnswer};
use crate::ledger;
use crate::shared::Shared;

/// A request on its way to the world.
struct Visit {
    request: Request,
    next: Next,
    /// The application whose token it carries, or 0.
    who: u64,
    place: Place,
}

/// Lets one request through, or answers it by script.
pub(super) async fn pass(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let _busy = shared.clock.request();
    let (request, mut told) = match record::take(&shared, request).await {
        Ok(taken) => taken,
        Err(refusal) => return refusal.into_response(),
    };
    let route = ledger::route(&told.path);
    let place = Place::of(&told.method, &told.path, &route);
    let visit = Visit { who: who(&shared, &request), request, next, place };
    let script = shared.script.take(&told.method, &told.path, &route);
    let scripted = script.as_ref().is_some_and(|answer| answer.reply != Reply::Real);
    let (response, delivery) = match script {
        None => (Some(admit(&shared, visit).await), Delivery::Whole),
        Some(answer) => by_script(&shared, answer, visit).await,
    };
    let status = response.as_ref().map_or(0, |response| response.status().as_u16());
    let name = format!("{} {route}", told.method);
    shared.ledger.note(|counts| *counts.requests.entry((name, status)).or_default() += 1);
    if response.as_ref().is_some_and(is_invalid) {
        shared.limiter.note_invalid(Instant::now());
    }
    told.ends(route, scripted, delivery.is_whole());
    let response = response.map(|response| limited::dated(response, shared.wall()));
    let response = record::keep(&shared, told, response).await;
    let response = response.map(|response| dated(response, shared.clock.now()));
    delivery::send(response, delivery).await
}

/// The answer with the simulated time as its date: bots compare their clocks with it.
fn dated(mut response: Response, now: Timestamp) -> Response {
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().entry(DATE).or_insert(date);
    }
    response
}

/// Whether Discord counts it as an invalid request (Discord docs: rate limits).
fn is_invalid(response: &Response) -> bool {
    let scope = response.headers().get("x-ratelimit-scope");
    match response.status().as_u16() {
        401 | 403 => true,
        429 => scope.is_none_or(|scope| scope != "shared"),
        _ => false,
    }
}

fn who(shared: &Shared, request: &Request) -> u64 {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let app = |token| shared.with(|world| world.app_with_token(token).map(|app| app.id.get()));
    header.and_then(app).unwrap_or(0)
}

/// The real answer, within the limits.
async fn admit(shared: &Shared, visit: Visit) -> Response {
    let times = (Instant::now(), shared.clock.now());
    match shared.limiter.admit(visit.who, &visit.place, times) {
        Verdict::Banned(left) => limited::banned(left),
        Verdict::Limited(no) => limited::refuse(&no, shared.wall()),
        Verdict::Pass(standing) => {
            let response = visit.next.run(visit.request).await;
            let mut response = limited::in_discords_words(response);
            limited::add_headers(response.headers_mut(), &standing, shared.wall());
            response
        }
    }
}

/// What a script makes of a request; nothing if it was dropped before it had any effect.
async fn by_script(
    shared: &Shared,
    answer: ScriptedAnswer,
    visit: Visit,
) -> (Option<Response>, Delivery) {
    tokio::time::sleep(answer.delay).await;
    let acts = answer.after_effect || answer.reply == Reply::Real;
    let real = if acts { Some(admit(shared, visit).await) } else { None };
    match answer.reply {
        Reply::Real => (real, answer.delivery),
        Reply::Nothing => (real, Delivery::Nothing),
        Reply::Fixed { .. } if real.as_ref().is_some_and(|real| real.status() == 429) => {
            // It had no effect after which the script could be said.
            (real, Delivery::Whole)
        }
        Reply::Fixed { status, body, headers } => {
            (Some(limited::scripted(status, &body, &headers)), answer.delivery)
        }
    }
}
