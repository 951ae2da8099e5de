//! Keeps open pages up to date: one look at the bot for all of them, and only while there are any.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_util::{FutureExt as _, Stream, StreamExt as _, stream};
use muster_vitals::snapshot::Sample;
use tokio::sync::{Notify, broadcast};

use crate::app::{App, within};
use crate::guard::{Visitor, is_on};
use crate::limits::{DAY_EVERY, LISTENERS_MAX, LOOK_EVERY, LOOK_LIMIT, NEWS_KEPT};
use crate::page;
use crate::problem::Problem;

/// Parts of the page by their id, as HTML.
type Parts = BTreeMap<&'static str, String>;

/// What all listeners share.
pub(crate) struct Live {
    news: broadcast::Sender<News>,
    look_now: Notify,
    shown: Mutex<Shown>,
}

/// What the last look showed; nothing while nobody watches.
#[derive(Default)]
struct Shown {
    parts: Parts,
    is_looking: bool,
}

#[derive(Clone)]
enum News {
    Changed(Bytes),
    End,
}

impl Default for Live {
    fn default() -> Self {
        let shown = Mutex::default();
        Self { news: broadcast::Sender::new(NEWS_KEPT), look_now: Notify::new(), shown }
    }
}

/// A listener that has joined.
struct Joined {
    news: broadcast::Receiver<News>,
    /// All that is shown by now, if anything is.
    present: Option<Bytes>,
    /// Nobody looks yet, and the listener has to see to it.
    is_first: bool,
}

impl Live {
    /// Has the next look taken now: something was done.
    pub(crate) fn nudge(&self) {
        self.look_now.notify_one();
    }

    /// Ends all streams.
    pub(crate) fn end(&self) {
        // Without listeners there is nobody to tell.
        self.news.send(News::End).ok();
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins the listeners; `None` if there are too many.
    fn join(&self) -> Option<Joined> {
        let mut shown = self.shown();
        if self.news.receiver_count() >= LISTENERS_MAX {
            return None;
        }
        let present = (!shown.parts.is_empty()).then(|| event(&shown.parts));
        let is_first = !std::mem::replace(&mut shown.is_looking, true);
        Some(Joined { news: self.news.subscribe(), present, is_first })
    }

    /// Whether nobody watches any more; then all of it is let go of.
    fn is_left(&self) -> bool {
        let mut shown = self.shown();
        let is_left = self.news.receiver_count() == 0;
        if is_left {
            *shown = Shown::default();
        }
        is_left
    }

    /// Tells the listeners which parts are new.
    fn show(&self, parts: Parts) {
        let mut shown = self.shown();
        let changed: Parts = parts
            .iter()
            .filter(|(id, html)| shown.parts.get(*id) != Some(*html))
            .map(|(id, html)| (*id, html.clone()))
            .collect();
        shown.parts = parts;
        drop(shown);
        // Who left meanwhile misses nothing.
        self.news.send(News::Changed(event(&changed))).ok();
    }
}

/// A server-sent event. JSON has no line breaks that could end it early.
fn event(parts: &Parts) -> Bytes {
    let data = serde_json::to_string(parts).unwrap_or_default();
    Bytes::from(format!("event: parts\ndata: {data}\n\n"))
}

/// The stream of one page.
pub(crate) async fn stream(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, Problem> {
    let Some(Joined { news, present, is_first }) = app.live.join() else {
        let words = "Too many dashboards are open at once. Close one of them.";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, words));
    };
    if is_first {
        let work = Box::pin(look_on(Arc::clone(&app)));
        app.ports.world.spawn("dashboard", work);
    }
    // After a break, a browser comes back in three seconds.
    let first = format!("retry: 3000\n\n{}", present.as_deref().map_or("", as_text));
    let body = Body::from_stream(events(app, visitor, news, first));
    Ok(([(CONTENT_TYPE, "text/event-stream")], body).into_response())
}

fn as_text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Ends when the session does, when the program does, and when the browser is too slow.
fn events(
    app: Arc<App>,
    visitor: Visitor,
    news: broadcast::Receiver<News>,
    first: String,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let following =
        stream::unfold((app, visitor, news), async |(app, visitor, mut news)| {
            match news.recv().await {
                Ok(News::Changed(event)) if is_on(&app, &visitor) => {
                    Some((Ok(event), (app, visitor, news)))
                }
                Ok(News::Changed(_) | News::End) | Err(_) => None,
            }
        });
    stream::iter([Ok(Bytes::from(first))]).chain(following)
}

/// Looks at the bot for all listeners, until there are none.
async fn look_on(app: Arc<App>) {
    let mut day = Day::default();
    while !app.live.is_left() {
        // A look that panics must not leave the listeners without the next one.
        let look = AssertUnwindSafe(look_once(&app, &mut day)).catch_unwind();
        if look.await.is_err() {
            tracing::error!("a look at the bot panicked; this is a defect of Muster");
        }
        tokio::select! {
            () = app.world().sleep(LOOK_EVERY) => {}
            () = app.live.look_now.notified() => {}
        }
    }
}

/// The samples of the day, and when they were read.
#[derive(Default)]
struct Day {
    samples: Vec<Sample>,
    read_at: Option<Duration>,
}

async fn look_once(app: &App, day: &mut Day) {
    if day.read_at.is_none_or(|at| app.now().saturating_sub(at) >= DAY_EVERY) {
        let read = within(app.world(), LOOK_LIMIT, app.ports.watched.day()).await;
        day.samples = read.unwrap_or_default();
        day.read_at = Some(app.now());
    }
    if let Ok(snapshot) = app.look().await {
        let cleaned_up = app.cleaned_up().clone();
        let shown = page::Shown { snapshot: &snapshot, day: &day.samples, cleaned_up };
        app.live.show(page::parts(&shown));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(pairs: &[(&'static str, &str)]) -> Parts {
        pairs.iter().map(|(id, html)| (*id, (*html).to_owned())).collect()
    }

    #[test]
    fn only_what_changed_is_told_and_a_new_listener_gets_all() {
        let live = Live::default();
        let Joined { mut news, present, is_first } = live.join().unwrap();
        assert!(present.is_none() && is_first);
        live.show(parts(&[("a", "1"), ("b", "1")]));
        live.show(parts(&[("a", "1"), ("b", "2")]));
        let mut told = Vec::new();
        while let Ok(News::Changed(event)) = news.try_recv() {
            told.push(as_text(&event).to_owned());
        }
        assert!(told[0].contains(r#"{"a":"1","b":"1"}"#), "{told:?}");
        assert!(told[1].contains(r#"{"b":"2"}"#), "{told:?}");
        let Joined { present, is_first, .. } = live.join().unwrap();
        assert!(!is_first);
        assert!(as_text(&present.unwrap()).contains(r#"{"a":"1","b":"2"}"#));
    }

    #[test]
    fn nothing_is_kept_while_nobody_watches() {
        let live = Live::default();
        let listener = live.join();
        live.show(parts(&[("a", "1")]));
        assert!(!live.is_left());
        drop(listener);
        assert!(live.is_left());
        assert!(live.shown().parts.is_empty());
        assert!(live.join().unwrap().is_first, "the next listener begins anew");
    }

    #[test]
    fn listeners_are_bounded() {
        let live = Live::default();
        let all: Vec<_> = (0..LISTENERS_MAX).map(|_| live.join().unwrap()).collect();
        assert!(live.join().is_none());
        drop(all);
        assert!(live.join().is_some());
    }
}
