//! The system's time, randomness and tasks.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use muster_vitals::watched::Soon;
use muster_web::{NoRandomness, World};

/// The system.
pub(crate) struct System {
    started: Instant,
}

impl System {
    /// Begins to count.
    #[expect(clippy::disallowed_methods, reason = "this is what fills the port")]
    pub(crate) fn new() -> Self {
        Self { started: Instant::now() }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is what fills the port")]
impl World for System {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Soon<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(bytes).map_err(|_| NoRandomness)
    }

    fn spawn(&self, _name: &'static str, work: Soon<'static, ()>) {
        drop(tokio::spawn(work));
    }
}
