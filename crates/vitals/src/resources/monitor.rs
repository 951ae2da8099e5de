//! Takes samples, keeps the last ones, and says what is worth telling.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::alerts::{Alarms, Moment, Shares, ToldAlert};
use super::cpu::Processor;
use super::minutes::Minutes;
use super::network::Traffic;
use super::trend::Trend;
use crate::memory::Reading;
use crate::settings::{ResourceSettings, Settings};
use crate::snapshot::{Alert, Cpu, Disk, Network, Sample, Snapshot};

/// The monitor of resources.
pub struct Monitor {
    settings: ResourceSettings,
    cpu_percent: AtomicU64,
    state: Mutex<State>,
}

struct State {
    processor: Processor,
    traffic: Traffic,
    alarms: Alarms,
    minutes: Minutes,
    trend: Trend,
    history: VecDeque<Sample>,
    cpu: Cpu,
    disk: Disk,
    network: Network,
}

/// What members did in the minute before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Taps and commands answered.
    pub answers: u64,
    /// Distinct members.
    pub members: u64,
}

/// What came of a sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// The sample; `None` if the monitor is switched off.
    pub sample: Option<Sample>,
    /// The average of the minute before, if a minute ended: to be stored.
    pub minute: Option<Sample>,
    /// What the operator should hear.
    pub tell: Vec<Alert>,
}

impl Monitor {
    /// A monitor that reads below `root`, which is `/` but in tests.
    #[must_use]
    pub fn new(settings: &Settings, root: &Path) -> Self {
        let state = State {
            processor: Processor::new(root),
            traffic: Traffic::new(root),
            alarms: Alarms::new(&settings.resources),
            minutes: Minutes::default(),
            trend: Trend::of_samples_each(settings.resources.sample_every),
            history: VecDeque::new(),
            cpu: Cpu::default(),
            disk: Disk::default(),
            network: Network::default(),
        };
        Self {
            settings: settings.resources,
            cpu_percent: AtomicU64::new(0),
            state: Mutex::new(state),
        }
    }

    /// Goes on where the process before ended: what it told of alerts. Before the first sample.
    pub fn resume(&self, now: Moment, told: &[ToldAlert]) {
        // What no sample tells of any more would be on for good.
        let goes_on = |one: &&ToldAlert| self.settings.enabled || !one.resource.is_sampled();
        let told: Vec<_> = told.iter().filter(goes_on).copied().collect();
        self.lock().alarms.resume(now, &told);
    }

    /// Takes a sample, with what the optimizer just read of memory, and what the disk said last.
    /// Nothing if it is switched off.
    pub fn observe(
        &self,
        now: Moment,
        memory: &Reading,
        disk: Disk,
        activity: Activity,
    ) -> Observed {
        if !self.settings.enabled {
            return Observed::default();
        }
        let mut state = self.lock();
        state.cpu = state.processor.look(now.monotonic);
        state.network = state.traffic.look(now.monotonic);
        state.disk = disk;
        self.cpu_percent.store(state.cpu.percent.to_bits(), Ordering::Relaxed);
        let sample = state.sample(now, memory, activity);
        while state.history.len() >= self.settings.history_max.max(1) {
            state.history.pop_front();
        }
        state.history.push_back(sample);
        let minute = state.minutes.take(sample);
        let tell = state.judge(now, memory);
        drop(state);
        Observed { sample: Some(sample), minute, tell }
    }

    /// Takes since when copies of the database have failed. What the operator should hear, also if
    /// the monitor is switched off: copies are no resource, and nobody misses them until it is too
    /// late.
    pub fn observe_backups(&self, now: Moment, failing_since: Option<Timestamp>) -> Vec<Alert> {
        self.lock().alarms.observe_backups(now, failing_since)
    }

    /// What this process used of the processor up to the last sample, in percent, for whoever asks
    /// often.
    #[must_use]
    pub fn cpu_percent(&self) -> f64 {
        f64::from_bits(self.cpu_percent.load(Ordering::Relaxed))
    }

    /// Fills in processor, disk, network, history and alerts.
    pub fn fill(&self, snapshot: &mut Snapshot) {
        snapshot.unmonitored = !self.settings.enabled;
        let state = self.lock();
        snapshot.cpu = state.cpu;
        snapshot.disk = state.disk;
        snapshot.network = state.network;
        snapshot.history = state.history.iter().copied().collect();
        snapshot.alerts = state.alarms.active();
        snapshot.alert_log = state.alarms.log();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // What is under the lock is whole after every step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn sample(&self, now: Moment, memory: &Reading, activity: Activity) -> Sample {
        Sample {
            at: now.at,
            memory_used: memory.used,
            memory_limit: memory.limit,
            resident: memory.resident,
            cpu_percent: self.cpu.percent,
            disk_free: self.disk.free,
            disk_size: self.disk.size,
            received_each_second: self.network.received_each_second,
            sent_each_second: self.network.sent_each_second,
            answers_each_minute: activity.answers,
            members_each_minute: activity.members,
        }
    }

    fn judge(&mut self, now: Moment, memory: &Reading) -> Vec<Alert> {
        let shares =
            Shares { memory: memory.percent(), cpu: self.cpu.percent, disk: self.disk.percent() };
        let mut tell = self.alarms.observe(now, &shares);
        let is_minute_over = self.trend.take(now.at, now.monotonic, memory.resident);
        // Without a limit there is nothing that growth could reach.
        if is_minute_over && memory.limit > 0 {
            let headroom = memory.limit.saturating_sub(memory.used);
            tell.extend(self.alarms.observe_trend(now, self.trend.growth(), headroom));
        }
        tell
    }
}
