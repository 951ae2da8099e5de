//! Channels that refused the bot, as far as one life of it was told: each is to be left alone, as
//! asking again helps nobody and Discord bans an address that is refused too often.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use muster_discord::rest::Answer;
use serde_json::Value;

use crate::faults::{Faults, Injected, Layer};
use crate::ledger::{IN_FLIGHT_MAX, Ledger};
use crate::words;

/// For how long a channel that refused is left alone.
const LEFT_ALONE: Duration = Duration::from_hours(1);

/// How often somebody who waits for the post of an event may have such a channel asked all the
/// same: they have perhaps just repaired it.
const POSTS_AT_ONCE: u128 = 5;

/// How often after that.
const POST_EVERY: Duration = Duration::from_secs(15);

/// The routes that a channel which refused is spared.
const SPARED: [&str; 4] = ["message.create", "message.edit", "message.delete", "thread.post"];

/// "Cannot edit a message by another user" (Discord docs: JSON error codes), which is about the
/// message.
const NOT_OURS: u64 = 50_005;

/// "Unknown channel".
const NO_CHANNEL: u64 = 10_003;

/// "Missing access", "missing permissions", "cannot send messages to this user".
const KEPT_OUT: [u64; 3] = [50_001, 50_013, 50_007];

/// All of them, of one life.
pub(crate) struct Refusing {
    ledger: Arc<Ledger>,
    faults: Arc<Faults>,
    channels: Mutex<BTreeMap<u64, Channel>>,
    /// Messages on which the bot asked for a thread.
    threads: Mutex<BTreeMap<u64, Opening>>,
}

/// A thread that the bot asked for.
#[derive(Clone, Copy, Debug, Default)]
struct Opening {
    asked: u32,
    /// How often it was told what became of it. What else it asked may be done, or not.
    answered: u32,
    /// When it was told that it may not.
    refused: Option<Duration>,
}

/// A channel that refused.
#[derive(Clone, Copy, Debug)]
struct Channel {
    /// When the bot was first told.
    since: Duration,
    /// When it was asked last, or the bot was told last.
    latest: Duration,
    /// Requests since then of which the bot learned nothing. Each is as good as not made.
    unclear: u32,
    /// Posts that were refused since the first refusal.
    posts: u128,
}

/// A request to a channel. Dropped without an answer, the bot learned nothing from it.
pub(crate) struct Question<'a> {
    refusing: &'a Refusing,
    route: &'static str,
    channel: u64,
    left: Duration,
    is_post: bool,
    /// When the channel was asked or had told before, if it was known to refuse by then.
    before: Option<Duration>,
    is_told: bool,
}

/// What an answer says of the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Works,
    Refuses,
    Nothing,
}

impl Refusing {
    /// None yet.
    #[must_use]
    pub(crate) fn new(ledger: Arc<Ledger>, faults: Arc<Faults>) -> Self {
        Self { ledger, faults, channels: Mutex::default(), threads: Mutex::default() }
    }

    /// A request leaves now.
    pub(crate) fn asked(
        &self,
        route: &'static str,
        path: &str,
        body: &Bytes,
    ) -> Option<Question<'_>> {
        let channel = words::channel_of(path).filter(|_| SPARED.contains(&route))?;
        let is_post = route != "message.edit" && is_post(body);
        let (left, is_told) = (self.ledger.now(), false);
        let known = |known: &mut Channel| std::mem::replace(&mut known.latest, left);
        let before = self.lock().get_mut(&channel).map(known);
        Some(Question { refusing: self, route, channel, left, is_post, before, is_told })
    }

    /// The bot asks for a thread on this message. Where it was refused one it asks no more, unless
    /// the store had a fault since: then it may not have been written down.
    pub(crate) fn opens(&self, route: &str, path: &str) -> Option<u64> {
        let message = words::message_of(path).filter(|_| route == "thread.start")?;
        let (mut threads, now) = (self.threads(), self.ledger.now());
        let thread = threads.entry(message).or_default();
        let is_clear = thread.asked == thread.answered;
        thread.asked += 1;
        let told = thread.refused.filter(|_| is_clear);
        drop(threads);
        let in_store = |fault: &Injected| fault.point.0 == Layer::Store;
        if let Some(told) = told.filter(|told| !self.faults.explain((*told, now), in_store)) {
            let what = format!("{message} may have no thread, as was told at {told:?}");
            self.ledger.violation("I6", what);
        }
        Some(message)
    }

    /// The bot is told what became of the thread.
    pub(crate) fn opened(&self, message: u64, answer: &Answer) {
        let now = self.ledger.now();
        let mut threads = self.threads();
        let thread = threads.entry(message).or_default();
        match said(answer.status, &answer.body) {
            Said::Refuses => (thread.answered, thread.refused) = (thread.answered + 1, Some(now)),
            Said::Works => (thread.answered, thread.refused) = (thread.answered + 1, None),
            Said::Nothing => {}
        }
    }

    fn threads(&self) -> MutexGuard<'_, BTreeMap<u64, Opening>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self, question: &Question<'_>, said: Said) {
        let (mut channels, now) = (self.lock(), self.ledger.now());
        match (said, channels.get_mut(&question.channel)) {
            (Said::Works, _) => drop(channels.remove(&question.channel)),
            (Said::Refuses, None) => {
                let first = Channel { since: now, latest: now, unclear: 0, posts: 0 };
                channels.insert(question.channel, first);
            }
            (Said::Refuses, Some(channel)) => {
                if !self.may_ask(question, channel) {
                    let Question { route, channel, left, before, .. } = question;
                    let what = format!("{route} in {channel} left at {left:?} after {before:?}");
                    self.ledger.violation("I6", what);
                }
                channel.latest = now;
            }
            (Said::Nothing, Some(channel)) if question.before.is_some() => channel.unclear += 1,
            (Said::Nothing, _) => {}
        }
    }

    /// Whether the bot had a reason to ask a channel of which it knew that it refuses.
    fn may_ask(&self, question: &Question<'_>, channel: &mut Channel) -> bool {
        // It was under way when the bot was told.
        let Some(before) = question.before else { return true };
        let left = question.left;
        if left >= before + LEFT_ALONE {
            return true;
        }
        // Whoever adds the bot anew may have let it into its channels.
        if self.ledger.was_added(before, left) {
            return true;
        }
        if question.is_post {
            channel.posts += 1;
            let waited = left.saturating_sub(channel.since);
            return channel.posts <= POSTS_AT_ONCE + waited.as_nanos() / POST_EVERY.as_nanos();
        }
        if channel.unclear > 0 {
            channel.unclear -= 1;
            return true;
        }
        // Let go before the bot was told, and held up by the disk; or called off by it, so that
        // the next one was as good as the first.
        let is_mark = |fault: &Injected| fault.point == (Layer::Store, "mark_attempt");
        self.faults.explain((before.saturating_sub(IN_FLIGHT_MAX), left), is_mark)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Channel>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Question<'_> {
    /// The bot is told this.
    pub(crate) fn told(mut self, answer: &Answer) {
        self.is_told = true;
        self.refusing.told(&self, said(answer.status, &answer.body));
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        if !self.is_told {
            self.refusing.told(self, Said::Nothing);
        }
    }
}

fn said(status: u16, body: &Bytes) -> Said {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    // What a box before Discord says has no code.
    match (status, words::at(&body, "/code").as_u64()) {
        (200..300, _) => Said::Works,
        (403, Some(code)) if code != NOT_OURS => Said::Refuses,
        (404, Some(NO_CHANNEL)) => Said::Refuses,
        (400..500, Some(code)) if KEPT_OUT.contains(&code) => Said::Refuses,
        _ => Said::Nothing,
    }
}

/// Whether this is the post of an event, for which its creator may be waiting.
fn is_post(body: &Bytes) -> bool {
    let message: Value = serde_json::from_slice(body).unwrap_or_default();
    // In a forum it is the first of a thread.
    let places = ["/components", "/message/components"];
    let ids = places.map(|place| words::custom_ids(words::at(&message, place)));
    ids.iter().any(|ids| words::event_of_post(ids).is_some())
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;

    use super::*;
    use crate::epoch::Epoch;

    const HOUR: Duration = Duration::from_hours(1);
    const NOTICE: &[u8] = b"{}";
    const POST: &[u8] = br#"{"components": [{"type": 2, "custom_id": "m1:a:1:0"}]}"#;

    /// Asks a channel with this, and is told that after a moment.
    async fn asks(refusing: &Refusing, body: &'static [u8], status: u16, code: u32) {
        let body = Bytes::from_static(body);
        let question = refusing.asked("message.create", "/channels/7/messages", &body).unwrap();
        wait(Duration::from_secs(1)).await;
        let body = format!(r#"{{"code": {code}}}"#).into();
        question.told(&Answer { status, headers: HeaderMap::new(), body });
    }

    #[expect(clippy::disallowed_methods, reason = "the runtime's own virtual time")]
    async fn wait(duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn refusing() -> Refusing {
        let faults = Arc::new(Faults::of_seed(1));
        let begin = "2026-11-23T12:00:00Z".parse().unwrap();
        Refusing::new(Arc::new(Ledger::new(Epoch::at(begin), Arc::clone(&faults))), faults)
    }

    fn seen(refusing: &Refusing) -> usize {
        refusing.ledger.lock().violations.len()
    }

    #[tokio::test(start_paused = true)]
    async fn a_channel_that_refused_is_asked_once_an_hour() {
        let refusing = refusing();
        asks(&refusing, NOTICE, 403, 50_013).await;
        wait(HOUR).await;
        asks(&refusing, NOTICE, 403, 50_013).await;
        assert_eq!(seen(&refusing), 0);
        asks(&refusing, NOTICE, 200, 0).await;
        asks(&refusing, NOTICE, 403, 50_013).await;
        assert_eq!(seen(&refusing), 0, "it worked in between");
        wait(HOUR / 2).await;
        asks(&refusing, NOTICE, 403, 50_001).await;
        assert_eq!(seen(&refusing), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_under_way_or_came_to_nothing_does_not_count() {
        let refusing = refusing();
        tokio::join!(asks(&refusing, NOTICE, 403, 50_013), asks(&refusing, NOTICE, 403, 50_013),);
        wait(Duration::from_mins(1)).await;
        drop(refusing.asked("message.edit", "/channels/7/messages/8", &Bytes::new()));
        asks(&refusing, NOTICE, 403, 50_013).await;
        assert_eq!(seen(&refusing), 0);
        asks(&refusing, NOTICE, 502, 0).await;
        asks(&refusing, NOTICE, 403, 50_013).await;
        assert_eq!(seen(&refusing), 0);
        asks(&refusing, NOTICE, 403, 50_013).await;
        assert_eq!(seen(&refusing), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_thread_that_was_refused_is_not_asked_for_again() {
        let refusing = refusing();
        let path = "/channels/7/messages/8/threads";
        for (status, code, violations) in [(200, 0, 0), (403, 50_013, 0), (502, 0, 1)] {
            let message = refusing.opens("thread.start", path).unwrap();
            let body = format!(r#"{{"code": {code}}}"#).into();
            refusing.opened(message, &Answer { status, headers: HeaderMap::new(), body });
            assert_eq!((message, seen(&refusing)), (8, violations));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_a_post_may_ask_now_and_then() {
        let refusing = refusing();
        asks(&refusing, NOTICE, 403, 50_013).await;
        for _ in 0..5 {
            asks(&refusing, POST, 403, 50_013).await;
        }
        wait(Duration::from_secs(15)).await;
        asks(&refusing, POST, 403, 50_013).await;
        assert_eq!(seen(&refusing), 0);
        asks(&refusing, POST, 403, 50_013).await;
        assert_eq!(seen(&refusing), 1);
    }
}
