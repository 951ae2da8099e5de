//! Measures memory, and has what can give memory back do so when it is short.
//!
//! Reclaimers run when the level rises, when the use passes the threshold, and again while the
//! level stays High or Critical or the use above the threshold: after 30 s, and after twice as long
//! each time that a run gave back less than 1 MiB, up to 16 min. They run one after the other, the
//! cheapest first and the allocator last.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::gauge::Gauge;
use super::heap::HeapReclaimer;
use super::kernel::{Kernel, Reading};
use super::levels::Levels;
use super::limits::{CHANGES_MAX, COOL_DOWN, PAUSE, THRESHOLD_PERCENT, WORTH_WHILE};
use super::reclaimers::{Cost, Depth, Reclaimer, Reclaimers};
use crate::settings::MemorySettings;
use crate::snapshot::{Component, LevelChange, Memory, PressureLevel, Reclaimed};
use crate::watched::{CleanUp, CoolingDown};

/// The memory optimizer.
pub struct Optimizer {
    settings: MemorySettings,
    kernel: Kernel,
    gauge: Arc<Gauge>,
    reclaimers: Reclaimers,
    /// Kept here, as it belongs to nobody else.
    heap: Option<Arc<HeapReclaimer>>,
    /// Whether reclaimers run at present.
    runs: AtomicBool,
    state: Mutex<State>,
}

struct State {
    levels: Levels,
    level_since: Timestamp,
    changes: VecDeque<LevelChange>,
    reading: Reading,
    was_above: bool,
    /// When reclaimers last ran, and how many runs in a row were in vain.
    last_run: Option<Duration>,
    in_vain: u32,
    /// When somebody last asked for a clean-up.
    last_clean_up: Option<Duration>,
    runs: u64,
    given_back: u64,
}

impl Optimizer {
    /// An optimizer that reads below `root`, which is `/` but in tests.
    #[must_use]
    pub fn new(settings: MemorySettings, root: &Path, now: Timestamp) -> Self {
        let state = State {
            levels: Levels::new(settings.levels),
            level_since: now,
            changes: VecDeque::new(),
            reading: Reading::default(),
            was_above: false,
            last_run: None,
            in_vain: 0,
            last_clean_up: None,
            runs: 0,
            given_back: 0,
        };
        Self {
            settings,
            kernel: Kernel::new(root),
            gauge: Arc::default(),
            reclaimers: Reclaimers::default(),
            heap: None,
            runs: AtomicBool::new(false),
            state: Mutex::new(state),
        }
    }

    /// With an allocator that may be asked; it runs after all others.
    #[must_use]
    pub fn with_heap(mut self, heap: HeapReclaimer) -> Self {
        let heap = Arc::new(heap);
        self.register(&(Arc::clone(&heap) as Arc<dyn Reclaimer>));
        self.heap = Some(heap);
        self
    }

    /// Makes something known that can give memory back. It is held weakly.
    pub fn register(&self, reclaimer: &Arc<dyn Reclaimer>) {
        self.reclaimers.add(Arc::downgrade(reclaimer));
    }

    /// The level and what is used, for whoever asks often: the cache, the gate of tasks.
    #[must_use]
    pub fn gauge(&self) -> Arc<Gauge> {
        Arc::clone(&self.gauge)
    }

    /// The level of the last reading.
    #[must_use]
    pub fn level(&self) -> PressureLevel {
        self.gauge.level()
    }

    /// Reads, and reclaims if it is time to; what was read, before that.
    pub async fn tick(&self, now: Timestamp, monotonic: Duration) -> Reading {
        let reading = self.kernel.read();
        let due = self.take_in(reading, now, monotonic);
        if let Some(depth) = due.filter(|_| self.settings.enabled)
            && let Some(turn) = self.begin()
        {
            let done = self.run(depth).await;
            self.note(&done, monotonic);
            drop(turn);
        }
        reading
    }

    /// Runs all reclaimers now, as somebody asks for it; not more often than every 30 s, and also
    /// if they do not run by themselves. `monotonic` tells the time, for how long it took.
    pub async fn clean_up(
        &self,
        monotonic: impl Fn() -> Duration + Send,
    ) -> Result<CleanUp, CoolingDown> {
        let began = monotonic();
        let last = self.lock().last_clean_up;
        let left = last.and_then(|last| last.saturating_add(COOL_DOWN).checked_sub(began));
        if let Some(left) = left.filter(|left| !left.is_zero()) {
            return Err(CoolingDown { left });
        }
        let Some(turn) = self.begin() else {
            // They run already, which takes a moment.
            return Err(CoolingDown { left: Duration::ZERO });
        };
        self.lock().last_clean_up = Some(began);
        let mut done = self.run(Depth::All).await;
        let ended = monotonic();
        done.took = ended.saturating_sub(began);
        self.note(&done, ended);
        drop(turn);
        Ok(done)
    }

    /// What is known of memory.
    #[must_use]
    pub fn memory(&self) -> Memory {
        // Asked before the lock is taken: they are others' code.
        let told = self.reclaimers.told();
        let allocator = self.heap.as_ref().and_then(|heap| heap.account());
        let parts = told.iter().filter(|(cost, _)| *cost != Cost::PassesOn);
        let mut components: Vec<_> =
            parts.map(|(_, one)| Component { name: one.name, bytes: one.holds }).collect();
        components.sort_by_key(|one| std::cmp::Reverse(one.bytes));
        let state = self.lock();
        let reading = state.reading;
        Memory {
            used: reading.used,
            limit: reading.limit,
            threshold: self.threshold(reading.limit),
            resident: reading.resident,
            source: reading.source,
            stalled_percent: reading.some_stalled,
            level: self.level(),
            level_since: state.level_since,
            optimizes: self.settings.enabled,
            allocator,
            components,
            changes: state.changes.iter().copied().collect(),
            reclaimers: told.into_iter().map(|(_, one)| one).collect(),
            runs: state.runs,
            given_back: state.given_back,
        }
    }

    /// Above so many bytes the cache is cut.
    fn threshold(&self, limit: u64) -> u64 {
        match limit {
            0 => self.settings.threshold,
            _ => self.settings.threshold.min(limit / 100 * THRESHOLD_PERCENT),
        }
    }

    /// Notes a reading; how much is to be let go of now, if anything.
    fn take_in(&self, reading: Reading, now: Timestamp, monotonic: Duration) -> Option<Depth> {
        let mut state = self.lock();
        let threshold = self.threshold(reading.limit);
        let from = self.gauge.level();
        let to = state.levels.read(reading.percent());
        let edge = if state.was_above { lowered(threshold) } else { threshold };
        let is_above = reading.ours > edge;
        self.gauge.set(to, reading.ours);
        state.reading = reading;
        if to != from {
            state.level_since = now;
            state.changes.push_front(LevelChange { at: now, from, to });
            state.changes.truncate(CHANGES_MAX);
        }
        let has_risen = to > from || (is_above && !state.was_above);
        state.was_above = is_above;
        if has_risen {
            state.in_vain = 0;
        }
        let is_short = is_above || to >= PressureLevel::High;
        let pause = PAUSE.full(state.in_vain);
        let next = state.last_run.map_or(Duration::ZERO, |at| at.saturating_add(pause));
        let is_due = has_risen || (is_short && monotonic >= next);
        depth(to, is_above).filter(|_| is_due)
    }

    /// Takes the turn; `None` if somebody has it.
    fn begin(&self) -> Option<Turn<'_>> {
        let taken = self.runs.swap(true, Ordering::AcqRel);
        (!taken).then_some(Turn(&self.runs))
    }

    async fn run(&self, depth: Depth) -> CleanUp {
        let resident_before = self.kernel.resident_now();
        let mut reclaimed = Vec::new();
        for one in self.reclaimers.living() {
            let freed = one.reclaim(depth).await;
            self.reclaimers.note(&one, freed);
            reclaimed.push(Reclaimed { name: one.name(), freed });
        }
        let resident_after = self.kernel.resident_now();
        CleanUp { resident_before, resident_after, reclaimed, took: Duration::ZERO }
    }

    fn note(&self, done: &CleanUp, monotonic: Duration) {
        let given_back = done.resident_before.saturating_sub(done.resident_after);
        let level = self.gauge.level();
        tracing::info!(?level, given_back, "memory reclaimed");
        let mut state = self.lock();
        state.runs = state.runs.saturating_add(1);
        state.given_back = state.given_back.saturating_add(given_back);
        state.last_run = Some(monotonic);
        let is_in_vain = given_back < WORTH_WHILE;
        state.in_vain = if is_in_vain { state.in_vain.saturating_add(1) } else { 0 };
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // What is under the lock is whole after every step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How much is let go of at a level.
const fn depth(level: PressureLevel, is_above_threshold: bool) -> Option<Depth> {
    match level {
        PressureLevel::Low if is_above_threshold => Some(Depth::Gentle),
        PressureLevel::Low => None,
        PressureLevel::Medium => Some(Depth::Gentle),
        PressureLevel::High => Some(Depth::Hard),
        PressureLevel::Critical => Some(Depth::All),
    }
}

/// Where being above a threshold ends: a twentieth below, so that it does not flap.
const fn lowered(threshold: u64) -> u64 {
    threshold.saturating_sub(threshold / 20)
}

/// The right to run reclaimers, given back even if the future is dropped halfway.
struct Turn<'a>(&'a AtomicBool);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
