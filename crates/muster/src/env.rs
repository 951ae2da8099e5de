//! The real world behind the ports: the system's clocks, its randomness, tokio's tasks.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use jiff::Timestamp;
use muster_engine::ports::{Clock, Rng, Tasks};
use muster_sim::SimClock;
use tracing::error;

/// The longest sleep on the wall clock before looking at it again: it may be set, and a machine may
/// be suspended, without a timer noticing.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// The system's time, randomness and tasks.
#[derive(Clone, Debug)]
pub struct SystemEnv {
    wall: Wall,
    started: Instant,
}

/// Where the wall clock's time comes from.
#[derive(Clone, Debug)]
enum Wall {
    System,
    /// The simulated Discord's clock, which can be moved on.
    Simulated(SimClock),
}

impl SystemEnv {
    /// The real time.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Wall::System)
    }

    /// The time of a simulated Discord.
    #[must_use]
    pub fn simulated(clock: SimClock) -> Self {
        Self::with(Wall::Simulated(clock))
    }

    #[expect(clippy::disallowed_methods, reason = "this is what fills the port")]
    fn with(wall: Wall) -> Self {
        Self { wall, started: Instant::now() }
    }
}

impl Default for SystemEnv {
    fn default() -> Self {
        Self::new()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is what fills the port")]
impl Clock for SystemEnv {
    fn now(&self) -> Timestamp {
        match &self.wall {
            Wall::System => Timestamp::now(),
            Wall::Simulated(clock) => clock.now(),
        }
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    async fn sleep_until(&self, instant: Timestamp) {
        match &self.wall {
            Wall::Simulated(clock) => clock.sleep_until(instant).await,
            Wall::System => {
                while let Ok(left) = Duration::try_from(instant.duration_since(Timestamp::now())) {
                    if left.is_zero() {
                        break;
                    }
                    tokio::time::sleep(left.min(LOOK_AGAIN)).await;
                }
            }
        }
    }
}

impl Rng for SystemEnv {
    #[expect(clippy::disallowed_methods, reason = "this is what fills the port")]
    fn next_u64(&self) -> u64 {
        let mut bytes = [0; 8];
        match getrandom::fill(&mut bytes) {
            Ok(()) => u64::from_ne_bytes(bytes),
            // Nonces and jitter need to differ, not to be secret. A code to check in that is made
            // at such a moment could be found out, by who knows when the program started.
            Err(_) => u64::try_from(self.started.elapsed().as_nanos()).unwrap_or_default(),
        }
    }
}

impl Tasks for SystemEnv {
    #[expect(clippy::disallowed_methods, reason = "this is what fills the port")]
    fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let watched = AssertUnwindSafe(work).catch_unwind().map(move |ended| {
            if ended.is_err() {
                error!(task = name, "a task panicked; this is a defect of Muster");
            }
        });
        drop(tokio::spawn(watched));
    }
}

/// What the application acts in.
pub(crate) struct MusterWorld<S, D> {
    pub(crate) env: SystemEnv,
    pub(crate) store: Arc<S>,
    pub(crate) discord: D,
}

impl<S: muster_store::Store, D: muster_engine::discord::Discord> muster_engine::World
    for MusterWorld<S, D>
{
    type Env = SystemEnv;
    type Store = S;
    type Discord = D;

    fn env(&self) -> &SystemEnv {
        &self.env
    }

    fn store(&self) -> &S {
        &self.store
    }

    fn discord(&self) -> &D {
        &self.discord
    }
}
