//! What was given up and can be tried again: a page of its own, read from the database only when
//! somebody opens it.

use std::sync::Arc;

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Extension, Form, Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use muster_vitals::watched::Soon;
use serde::Deserialize;
use thiserror::Error;

use crate::app::{App, within};
use crate::guard::Visitor;
use crate::limits::{GIVEN_UP_PAGES_MAX, GIVEN_UP_ROWS, LOOK_LIMIT};
use crate::page::{self, Theme};
use crate::problem::Problem;

/// What was given up in all servers, and having it tried again.
pub trait GivenUp: Send + Sync + 'static {
    /// So many things after the first `skip`, those that were given up last first.
    fn list(&self, skip: usize, limit: usize) -> Soon<'_, Result<GivenUpList, Unreadable>>;

    /// Has one tried again, and waits a moment for what becomes of it.
    fn try_again(&self, what: Again) -> Soon<'_, TriedAgain>;
}

/// The list cannot be read at the moment; the log says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("what was given up cannot be read")]
pub struct Unreadable;

/// Part of what was given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenUpList {
    /// This part.
    pub rows: Vec<GivenUpRow>,
    /// How much there is in all; no more is counted than can be listed.
    pub total: usize,
}

/// Something that was given up. Nothing that organisers or members wrote is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenUpRow {
    /// What it was, as in "a reminder".
    pub what: &'static str,
    /// In which server.
    pub server: u64,
    /// About which event.
    pub event: u64,
    /// In which channel or thread, if it was for one.
    pub channel: Option<u64>,
    /// When it was due.
    pub due: Timestamp,
    /// When it was given up.
    pub at: Timestamp,
    /// Why, in a sentence.
    pub why: &'static str,
    /// How it is tried again; `None` if its time has passed.
    pub again: Option<Again>,
}

/// What is to be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// This message of this server.
    Message {
        /// The server.
        server: u64,
        /// The number of the message's delivery.
        delivery: u64,
    },
    /// All that was given up about posts of this server.
    Chores {
        /// The server.
        server: u64,
    },
}

/// What became of something that was tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriedAgain {
    /// Discord has it.
    Sent,
    /// It is on its way.
    UnderWay,
    /// Discord refuses it as before.
    Refused,
    /// Nobody can tell whether it arrived, and it is not sent again.
    Unclear,
    /// Its time has passed.
    TooLate,
    /// It is told in the event's post, and no post is known.
    NoPost,
    /// It is not in the list any more.
    NoSuch,
    /// The bot has not reached Discord since its start.
    NotYet,
    /// The database did not take it.
    Failed,
}

impl TriedAgain {
    const ALL: [Self; 9] = [
        Self::Sent,
        Self::UnderWay,
        Self::Refused,
        Self::Unclear,
        Self::TooLate,
        Self::NoPost,
        Self::NoSuch,
        Self::NotYet,
        Self::Failed,
    ];

    /// How an address names it.
    const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::UnderWay => "under-way",
            Self::Refused => "refused",
            Self::Unclear => "unclear",
            Self::TooLate => "too-late",
            Self::NoPost => "no-post",
            Self::NoSuch => "no-such",
            Self::NotYet => "not-yet",
            Self::Failed => "failed",
        }
    }

    /// A sentence or two for whoever had it tried.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Sent => "It was sent.",
            Self::UnderWay => "It is on its way. If it fails again, it comes back to this list.",
            Self::Refused => "Discord refuses it as before. The log says why.",
            Self::Unclear => {
                "It still cannot be told whether it arrived, so it was not sent again. The bot \
                 needs Read Message History there."
            }
            Self::TooLate => "Its time has passed, so it was not sent again.",
            Self::NoPost => {
                "No post of its event is known in the forum. An organiser has to post the event \
                 again first."
            }
            Self::NoSuch => "That is not in the list any more.",
            Self::NotYet => "The bot has not reached Discord yet. Try again when it has.",
            Self::Failed => "The database did not take it. The log says why.",
        }
    }
}

/// Which part of the list, and what was done before.
#[derive(Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    page: usize,
    #[serde(default)]
    done: String,
}

/// The list as a page.
pub(crate) struct Shown<'a> {
    pub(crate) list: &'a GivenUpList,
    /// From 0.
    pub(crate) page: usize,
    pub(crate) pages: usize,
    pub(crate) now: Timestamp,
    pub(crate) done: Option<TriedAgain>,
}

/// Shows the list.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Wanted { page, done }) = wanted.unwrap_or_default();
    let (list, page) = read(&app, page).await?;
    let pages = pages_of(list.total);
    let done = TriedAgain::ALL.into_iter().find(|one| one.name() == done);
    let shown = Shown { list: &list, page, pages, now: app.ports.world.now(), done };
    let html = page::given_up(Theme::of(&headers), &visitor, &shown);
    Ok(Html(html.into_string()).into_response())
}

fn pages_of(total: usize) -> usize {
    total.div_ceil(GIVEN_UP_ROWS).clamp(1, GIVEN_UP_PAGES_MAX)
}

/// This page of the list, or the last one if there are fewer.
async fn read(app: &App, page: usize) -> Result<(GivenUpList, usize), Problem> {
    let page = page.min(GIVEN_UP_PAGES_MAX.saturating_sub(1));
    let list = read_page(app, page).await?;
    let oldest = pages_of(list.total).saturating_sub(1);
    if page <= oldest {
        return Ok((list, page));
    }
    Ok((read_page(app, oldest).await?, oldest))
}

async fn read_page(app: &App, page: usize) -> Result<GivenUpList, Problem> {
    let read = app.ports.given_up.list(page.saturating_mul(GIVEN_UP_ROWS), GIVEN_UP_ROWS);
    if let Some(Ok(list)) = within(app.world(), LOOK_LIMIT, read).await {
        return Ok(list);
    }
    let words = "The list cannot be read at the moment. Try again in a while.";
    Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, words))
}

/// What is to be tried again, as a form says it.
#[derive(Deserialize)]
pub(crate) struct AgainForm {
    kind: Kind,
    server: u64,
    #[serde(default)]
    delivery: Option<u64>,
    #[serde(default)]
    page: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Message,
    Chores,
}

/// Has something tried again, and leads back to the list, which says what became of it.
pub(crate) async fn try_again(
    State(app): State<Arc<App>>,
    form: Result<Form<AgainForm>, FormRejection>,
) -> Result<Response, Problem> {
    let wrong = || Problem::new(StatusCode::BAD_REQUEST, "The form does not say what to try.");
    let Form(AgainForm { kind, server, delivery, page }) = form.map_err(|_| wrong())?;
    let what = match (kind, delivery) {
        (Kind::Message, Some(delivery)) => Again::Message { server, delivery },
        (Kind::Chores, None) => Again::Chores { server },
        (Kind::Message, None) | (Kind::Chores, Some(_)) => return Err(wrong()),
    };
    let ended = app.ports.given_up.try_again(what).await;
    tracing::info!(?what, ?ended, "something that was given up was tried again at the dashboard");
    let page = page.min(GIVEN_UP_PAGES_MAX.saturating_sub(1));
    let place = format!("/given-up?page={page}&done={}", ended.name());
    Ok((StatusCode::SEE_OTHER, [(LOCATION, place)]).into_response())
}
