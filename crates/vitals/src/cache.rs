//! A bounded cache of what is true elsewhere too.
//!
//! Eviction goes by recency and frequency: a hand goes round over the entries, takes one use off
//! each that was used (at most three are remembered), and evicts the first that has none left.
//! What is looked at once goes soon, what is looked at often stays, and it costs a few bytes for
//! each entry. Libraries were considered: `quick_cache` keeps its table when it is cleared and
//! knows neither times to live nor a cut by percent; `moka` takes four times the memory.

mod clock;

use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use self::clock::Clock;
use crate::settings::CacheSettings;
use crate::snapshot::{CacheKind, PressureLevel};

/// Something that knows what it holds beside itself.
pub trait Weigh {
    /// Memory that it holds on the heap, in bytes.
    fn heap_bytes(&self) -> usize;
}

/// A kind of what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What it is called.
    pub name: &'static str,
    /// How long it is kept without pressure; `None` for as long as it is true.
    pub lives: Option<Duration>,
    /// How it is treated under pressure.
    pub under_pressure: UnderPressure,
}

/// How a kind is treated while memory is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnderPressure {
    /// As always.
    Stays,
    /// It lives half as long at each level: a half, a quarter, an eighth.
    LivesShorter,
}

impl Kept {
    /// How long it is kept at this level.
    #[must_use]
    pub fn lives_at(&self, level: PressureLevel) -> Option<Duration> {
        let parts = match (self.under_pressure, level) {
            (UnderPressure::Stays, _) | (_, PressureLevel::Low) => 1,
            (UnderPressure::LivesShorter, PressureLevel::Medium) => 2,
            (UnderPressure::LivesShorter, PressureLevel::High) => 4,
            (UnderPressure::LivesShorter, PressureLevel::Critical) => 8,
        };
        self.lives.map(|lives| lives / parts)
    }
}

/// A cache of values of several kinds. Kinds are given by their place in the list that it was made
/// with. Its methods are short and never wait; there is no timer.
#[derive(Debug)]
pub struct Cache<K, V> {
    state: Mutex<State<K, V>>,
}

#[derive(Debug)]
struct State<K, V> {
    settings: CacheSettings,
    kinds: &'static [Kept],
    counts: Vec<Counts>,
    level: PressureLevel,
    clock: Clock<K, V>,
    cleaned: Duration,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    hits: u64,
    misses: u64,
    evicted: u64,
    expired: u64,
}

impl<K: Clone + Eq + Hash + Weigh, V: Clone + Weigh> Cache<K, V> {
    /// An empty cache of these kinds.
    #[must_use]
    pub fn new(settings: CacheSettings, kinds: &'static [Kept]) -> Self {
        let state = State {
            settings,
            kinds,
            counts: vec![Counts::default(); kinds.len()],
            level: PressureLevel::Low,
            clock: Clock::new(),
            cleaned: Duration::ZERO,
        };
        Self { state: Mutex::new(state) }
    }

    /// The value of `key`, if it is kept and not too old at `now`, on the monotonic clock. A value
    /// is cloned: keep what is cheap to clone.
    pub fn get(&self, kind: usize, key: &K, now: Duration) -> Option<V> {
        let mut state = self.lock();
        let state = &mut *state;
        let lives = state.kinds.get(kind).and_then(|kept| kept.lives_at(state.level));
        let counts = state.counts.get_mut(kind)?;
        if state.clock.is_older(key, lives, now) {
            state.clock.remove(key);
            counts.expired += 1;
        }
        let found = state.clock.get(key).cloned();
        let counter = if found.is_some() { &mut counts.hits } else { &mut counts.misses };
        *counter += 1;
        found
    }

    /// Keeps a value from `now` on, on the monotonic clock, in the place of an older one.
    pub fn insert(&self, kind: usize, key: K, value: V, now: Duration) {
        let mut state = self.lock();
        if state.settings.entries_max == 0 || kind >= state.kinds.len() {
            return;
        }
        if now.saturating_sub(state.cleaned) >= state.settings.cleanup_every {
            state.clean_up(now);
        }
        state.clock.remove(&key);
        while state.clock.len() >= state.settings.entries_max {
            state.evict_one();
        }
        state.clock.insert(kind, key, value, now);
    }

    /// Lets go of a value that is no longer true. Whether it was kept.
    pub fn remove(&self, key: &K) -> bool {
        self.lock().clock.remove(key).is_some()
    }

    /// Lets go of all that is too old at `now`. Returns how many bytes were let go of.
    pub fn clean_up(&self, now: Duration) -> u64 {
        self.giving_back(|state| state.clean_up(now))
    }

    /// Evicts so much of the entries at once, the least used first. Returns how many bytes were
    /// let go of.
    pub fn evict_percent(&self, percent: u8) -> u64 {
        self.giving_back(|state| {
            let goes =
                state.clock.len().saturating_mul(usize::from(percent.min(100))).div_ceil(100);
            for _ in 0..goes {
                state.evict_one();
            }
            state.clock.shrink();
        })
    }

    /// Lets go of everything. Returns how many bytes were let go of.
    pub fn clear(&self) -> u64 {
        self.evict_percent(100)
    }

    /// Tells how short memory is: temporary kinds live shorter then.
    pub fn set_level(&self, level: PressureLevel) {
        self.lock().level = level;
    }

    /// What is kept, in bytes, with the tables that hold it.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        count(self.lock().clock.bytes())
    }

    /// What is known now, by kind.
    #[must_use]
    pub fn snapshot(&self) -> Vec<CacheKind> {
        let state = self.lock();
        let kinds = state.kinds.iter().zip(&state.counts).enumerate();
        let shown = kinds.map(|(place, (kept, counts))| {
            let (entries, bytes) = state.clock.of_kind(place);
            CacheKind {
                name: kept.name,
                entries: count(entries),
                bytes: count(bytes),
                hits: counts.hits,
                misses: counts.misses,
                evicted: counts.evicted,
                expired: counts.expired,
                lives: kept.lives_at(state.level),
            }
        });
        shown.collect()
    }

    fn giving_back(&self, work: impl FnOnce(&mut State<K, V>)) -> u64 {
        let mut state = self.lock();
        let before = state.clock.bytes();
        work(&mut state);
        count(before.saturating_sub(state.clock.bytes()))
    }

    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash + Weigh, V: Weigh> State<K, V> {
    fn evict_one(&mut self) {
        let evicted = self.clock.evict();
        if let Some(counts) = evicted.and_then(|kind| self.counts.get_mut(kind)) {
            counts.evicted += 1;
        }
    }

    fn clean_up(&mut self, now: Duration) {
        self.cleaned = now;
        let (kinds, level) = (self.kinds, self.level);
        let lives = |kind: usize| kinds.get(kind).and_then(|kept| kept.lives_at(level));
        for kind in self.clock.remove_older(lives, now) {
            if let Some(counts) = self.counts.get_mut(kind) {
                counts.expired += 1;
            }
        }
        self.clock.shrink();
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
