//! A bot that is made up: every figure has a value, and those that move, move with time.

mod figures;
mod given_up;
mod rooms;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_vitals::snapshot::{Reclaimed, Sample, SecurityEvent, SecurityKind, Snapshot, Subject};
use muster_vitals::watched::{CleanUp, CoolingDown, Soon, Watched};
use muster_web::{Again, SignInFailed, World};

/// How it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// All is well.
    Calm,
    /// Memory is short, the disk fills, a shard is away.
    Alert,
}

/// Time between two clean-ups.
const COOL_DOWN: Duration = Duration::from_secs(5);

/// A bot that is made up.
pub(crate) struct MadeUp {
    mood: Mood,
    world: Arc<dyn World>,
    began: Timestamp,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    lifted: Vec<Subject>,
    cleaned_at: Option<Duration>,
    cleaned: u64,
    failures: Vec<SignInFailed>,
    tried: Vec<Again>,
}

impl MadeUp {
    /// A bot in that mood.
    pub(crate) fn new(mood: Mood, world: Arc<dyn World>) -> Self {
        let began = world.now();
        Self { mood, world, began, state: Mutex::default() }
    }

    /// Somebody could not sign in.
    pub(crate) fn note(&self, failed: SignInFailed) {
        self.state().failures.push(failed);
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self) -> Snapshot {
        let now = self.world.now();
        let state = self.state();
        let since = Duration::try_from(now.duration_since(self.began)).unwrap_or_default();
        let mut snapshot = figures::snapshot(self.mood, now, since);
        snapshot.history = history(self.mood, now, 100, SignedDuration::from_secs(15));
        snapshot.memory.runs += state.cleaned;
        snapshot.security.blocked.retain(|one| !state.lifted.contains(&one.subject));
        let failed = u64::try_from(state.failures.len()).unwrap_or(u64::MAX);
        for (kind, whole, hour) in &mut snapshot.security.counts {
            if *kind == SecurityKind::SignInFailed {
                *whole += failed;
                *hour += failed;
            }
        }
        let newest = state.failures.iter().rev().map(|failed| SecurityEvent {
            at: failed.at,
            kind: SecurityKind::SignInFailed,
            member: failed.user,
            guild: None,
        });
        snapshot.security.newest.splice(0..0, newest);
        snapshot
    }
}

impl Watched for MadeUp {
    fn snapshot(&self) -> Soon<'_, Snapshot> {
        Box::pin(async { self.look() })
    }

    fn day(&self) -> Soon<'_, Vec<Sample>> {
        let now = self.world.now();
        Box::pin(async move { history(self.mood, now, 1_440, SignedDuration::from_mins(1)) })
    }

    fn clean_up(&self) -> Soon<'_, Result<CleanUp, CoolingDown>> {
        let now = self.world.monotonic();
        let mut state = self.state();
        let passed = state.cleaned_at.map(|at| now.saturating_sub(at));
        if let Some(passed) = passed.filter(|passed| *passed < COOL_DOWN) {
            let left = COOL_DOWN.saturating_sub(passed);
            return Box::pin(async move { Err(CoolingDown { left }) });
        }
        state.cleaned_at = Some(now);
        state.cleaned += 1;
        let done = CleanUp {
            resident_before: 24 << 20,
            resident_after: 20 << 20,
            reclaimed: vec![
                Reclaimed { name: "cache", freed: 1_400_000 },
                Reclaimed { name: "statements", freed: 220_000 },
                Reclaimed { name: "database pages", freed: 2_600_000 },
                Reclaimed { name: "allocator", freed: 0 },
            ],
            took: Duration::from_micros(12_400),
        };
        Box::pin(async move { Ok(done) })
    }

    fn lift(&self, subject: Subject) -> Soon<'_, bool> {
        let was_out = self.look().security.blocked.iter().any(|one| one.subject == subject);
        if was_out {
            self.state().lifted.push(subject);
        }
        Box::pin(async move { was_out })
    }

    /// What fails here is only the sign-in, which is told otherwise.
    fn note(&self, _: SecurityKind, _: Option<u64>, _: Option<u64>) {}
}

/// Samples that wave a little, with a busy evening; of a day, an hour is missing.
fn history(mood: Mood, now: Timestamp, count: u16, step: SignedDuration) -> Vec<Sample> {
    let missing = if count > 1_000 { 500..560 } else { 0..0 };
    (0..count)
        .filter(|index| !missing.contains(index))
        .filter_map(|index| {
            let back = step.checked_mul(i32::from(count - 1 - index))?;
            let at = now.checked_sub(back).ok()?;
            Some(figures::sample(mood, at, f64::from(index) / f64::from(count)))
        })
        .collect()
}
