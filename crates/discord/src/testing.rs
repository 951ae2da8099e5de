//! The world for this crate's tests: virtual time by tokio's paused clock, seeded randomness.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use jiff::Timestamp;
use muster_engine::ports::{Clock, Rng, Tasks};
use muster_store::model::SavedSession;
use muster_store::port::{Sessions, Stored};
use tokio::time::Instant;

use crate::rest::{Answer, Departure, Outgoing, Wire, WireError};

/// An `Env` on tokio's clock. In a test with `start_paused = true` time jumps to the next timer
/// as soon as nothing can run, and so a day passes in a millisecond.
#[derive(Clone)]
pub(crate) struct TestEnv {
    born: Instant,
    random: Arc<AtomicU64>,
    slept_ms: Arc<AtomicI64>,
}

impl TestEnv {
    pub(crate) fn new() -> Self {
        Self { born: now(), random: Arc::new(AtomicU64::new(7)), slept_ms: Arc::default() }
    }

    /// The machine has slept: its clock has gone on, and its timers have not.
    pub(crate) fn slept(&self, long: Duration) {
        let ms = i64::try_from(long.as_millis()).unwrap();
        self.slept_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is an implementation of the port")]
fn now() -> Instant {
    Instant::now()
}

/// 2026-01-01T00:00:00Z, when every test begins.
pub(crate) const EPOCH_S: i64 = 1_767_225_600;

impl Clock for TestEnv {
    fn now(&self) -> Timestamp {
        let since = i64::try_from(self.monotonic().as_millis()).unwrap();
        let slept = self.slept_ms.load(Ordering::Relaxed);
        Timestamp::from_millisecond(EPOCH_S * 1_000 + since + slept).unwrap()
    }

    fn monotonic(&self) -> Duration {
        now().duration_since(self.born)
    }

    #[expect(clippy::disallowed_methods, reason = "this is an implementation of the port")]
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    async fn sleep_until(&self, instant: Timestamp) {
        let left = self.now().duration_until(instant);
        self.sleep(Duration::try_from(left).unwrap_or_default()).await;
    }
}

impl Rng for TestEnv {
    fn next_u64(&self) -> u64 {
        // Weyl sequence and a mixer: even enough for jitter, and the same in every run.
        let mut z = self.random.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Tasks for TestEnv {
    #[expect(clippy::disallowed_methods, reason = "this is an implementation of the port")]
    fn spawn(&self, _name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(work);
    }
}

type Scripted = Result<Answer, WireError>;
type Play = dyn Fn(&Outgoing, usize) -> Scripted + Send + Sync;

/// A Discord that answers from a script: a function of the request and of the times of those
/// before it.
#[derive(Clone)]
pub(crate) struct Script {
    env: TestEnv,
    latency: Duration,
    answer: Arc<Play>,
    seen: Arc<Mutex<Vec<(Duration, &'static str)>>>,
}

impl Script {
    /// Answers after `latency`; `answer` is told the request and how many came before.
    pub(crate) fn new(
        env: &TestEnv,
        latency: Duration,
        answer: impl Fn(&Outgoing, usize) -> Scripted + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::default();
        Self { env: env.clone(), latency, answer: Arc::new(answer), seen }
    }

    /// When each request came, and on which route.
    pub(crate) fn seen(&self) -> Vec<(Duration, &'static str)> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

impl Wire for Script {
    async fn exchange(&self, outgoing: &Outgoing, departure: &Departure) -> Scripted {
        departure.begins();
        let before = {
            let mut seen = self.seen.lock().unwrap();
            seen.push((self.env.monotonic(), outgoing.route));
            seen.len() - 1
        };
        self.env.sleep(self.latency).await;
        (self.answer)(outgoing, before)
    }
}

/// An answer with headers and a body.
#[expect(clippy::unnecessary_wraps, reason = "it stands beside failures in scripts")]
pub(crate) fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Scripted {
    let header = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    };
    let headers: HeaderMap = headers.iter().map(header).collect();
    Ok(Answer { status, headers, body: Bytes::copy_from_slice(body.as_bytes()) })
}

/// What the gateway has kept, in memory, over as many lives of the program as a test wants.
#[derive(Default)]
pub(crate) struct KeptInMemory {
    session: Mutex<Option<SavedSession>>,
    /// When sessions were begun.
    pub(crate) identifies: Mutex<Vec<Timestamp>>,
}

impl KeptInMemory {
    /// The session that was saved last.
    pub(crate) fn saved(&self) -> Option<SavedSession> {
        self.session.lock().unwrap().clone()
    }
}

impl Sessions for KeptInMemory {
    async fn session(&self, _: u32) -> Stored<Option<SavedSession>> {
        Ok(self.saved())
    }

    async fn save_session(&self, _: u32, session: Option<SavedSession>) -> Stored<()> {
        *self.session.lock().unwrap() = session;
        Ok(())
    }

    async fn identifies_since(&self, since: Timestamp) -> Stored<Vec<Timestamp>> {
        let identifies = self.identifies.lock().unwrap();
        Ok(identifies.iter().copied().filter(|at| *at >= since).collect())
    }

    async fn record_identify(&self, at: Timestamp) -> Stored<()> {
        self.identifies.lock().unwrap().push(at);
        Ok(())
    }
}
