//! Alerts: what is on, what became of it, and what is worth telling the operator. Pure.
//!
//! A level begins at its threshold; the processor has to be above it in three readings in a row. It
//! ends when three readings in a row are below its lower edge, 5 points under the threshold. An
//! alert that comes back within 10 min of its end flaps: its edge moves 2.5 points farther down, at
//! most 15 in all, and comes back by as much for each hour without a flap. What is told is decided
//! apart from what is, in [`told`].

mod told;
mod watch;

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use self::watch::{Judged, Watch};
use super::limits::{
    CPU_LASTS, LOG_MAX, READINGS_TO_RECOVER, TREND_CRITICAL_HOURS, TREND_LASTS,
    TREND_READINGS_TO_RECOVER, TREND_WARNING_HOURS,
};
use super::trend::Growth;
use crate::settings::{AlertThresholds, ResourceSettings};
use crate::snapshot::{ActiveAlert, Alert, AlertLevel, Resource};

/// All alerts.
#[derive(Clone, Debug)]
pub struct Alarms {
    memory: (Watch, AlertThresholds),
    cpu: (Watch, AlertThresholds),
    disk: (Watch, AlertThresholds),
    trend: Watch,
    backups: Watch,
    log: VecDeque<Alert>,
}

/// What the operator was told of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldAlert {
    /// The resource.
    pub resource: Resource,
    /// The level; `None` for a recovery.
    pub level: Option<AlertLevel>,
    /// When it came to that.
    pub at: Timestamp,
}

/// When something was measured.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// By the wall clock.
    pub at: Timestamp,
    /// By a clock that never goes back.
    pub monotonic: Duration,
}

/// What was measured, in percent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// Memory, of the limit.
    pub memory: f64,
    /// The processor, of all that this process may use.
    pub cpu: f64,
    /// The disk, of its size.
    pub disk: f64,
}

impl Alarms {
    /// None is on.
    #[must_use]
    pub fn new(settings: &ResourceSettings) -> Self {
        let watch = |resource, lasts| Watch::new(resource, lasts, READINGS_TO_RECOVER);
        Self {
            memory: (watch(Resource::Memory, 1), settings.memory),
            cpu: (watch(Resource::Cpu, CPU_LASTS), settings.cpu),
            disk: (watch(Resource::Disk, 1), settings.disk),
            trend: Watch::new(Resource::MemoryTrend, TREND_LASTS, TREND_READINGS_TO_RECOVER),
            backups: Watch::new(Resource::Backups, 1, 1),
            log: VecDeque::new(),
        }
    }

    /// Goes on where the process before ended, with what it told. Memory that grew is given back by
    /// then, and what grows now is not known before half an hour: that alert is over.
    pub fn resume(&mut self, now: Moment, told: &[ToldAlert]) {
        let watches = [
            (Resource::Memory, &mut self.memory.0),
            (Resource::MemoryTrend, &mut self.trend),
            (Resource::Cpu, &mut self.cpu.0),
            (Resource::Disk, &mut self.disk.0),
            (Resource::Backups, &mut self.backups),
        ];
        for (resource, watch) in watches {
            let of_it = told.iter().filter(|one| one.resource == resource).copied();
            let mut of_it: Vec<_> = of_it.collect();
            of_it.sort_by_key(|one| one.at);
            watch.resume(now, &of_it);
        }
        note(&mut self.log, self.trend.end(now));
        if let Some(on) = self.backups.active() {
            self.backups.suppose(judge_backups(on.since, now.at));
        }
    }

    /// Takes a measurement. What is worth telling, at most one alert for each resource.
    pub fn observe(&mut self, now: Moment, shares: &Shares) -> Vec<Alert> {
        let pairs = [
            (&mut self.memory, shares.memory),
            (&mut self.cpu, shares.cpu),
            (&mut self.disk, shares.disk),
        ];
        let mut tell = Vec::new();
        for ((watch, thresholds), percent) in pairs {
            let judged = watch::judge(*thresholds, percent, watch.margin(now));
            note(&mut self.log, watch.step(now, &judged));
            tell.extend(watch.worth_telling(now));
        }
        // Looks of its own begin late, and its end may be to be told before.
        tell.extend(self.trend.worth_telling(now));
        tell
    }

    /// Takes what is known of the trend, once a minute, with the bytes that are left. What is worth
    /// telling.
    pub fn observe_trend(
        &mut self,
        now: Moment,
        growth: Option<Growth>,
        headroom: u64,
    ) -> Vec<Alert> {
        let judged = growth.map(|growth| judge_trend(growth, headroom));
        let judged = judged.unwrap_or_else(|| self.trend.no_more());
        note(&mut self.log, self.trend.step(now, &judged));
        self.trend.worth_telling(now).into_iter().collect()
    }

    /// Takes since when copies of the database have failed. What is worth telling.
    pub fn observe_backups(&mut self, now: Moment, failing: Option<Timestamp>) -> Vec<Alert> {
        let judged = failing.map(|since| judge_backups(since, now.at));
        let judged = judged.unwrap_or_else(|| self.backups.no_more());
        note(&mut self.log, self.backups.step(now, &judged));
        self.backups.worth_telling(now).into_iter().collect()
    }

    /// Alerts that are on, the worst first.
    #[must_use]
    pub fn active(&self) -> Vec<ActiveAlert> {
        let all = [&self.memory.0, &self.trend, &self.cpu.0, &self.disk.0, &self.backups];
        let mut active: Vec<_> = all.into_iter().filter_map(Watch::active).collect();
        active.sort_by_key(|alert| std::cmp::Reverse(alert.level));
        active
    }

    /// What became of alerts, newest first.
    #[must_use]
    pub fn log(&self) -> Vec<Alert> {
        self.log.iter().copied().collect()
    }
}

fn note(log: &mut VecDeque<Alert>, change: Option<Alert>) {
    if let Some(change) = change {
        log.push_front(change);
        log.truncate(LOG_MAX);
    }
}

/// What a growth amounts to: how soon it meets the limit. To leave a level it has to be a quarter
/// farther away.
fn judge_trend(growth: Growth, headroom: u64) -> Judged {
    const MIB: f64 = 1024.0 * 1024.0;
    let level = |hours: f64| match hours {
        soon if soon <= TREND_CRITICAL_HOURS => Some(AlertLevel::Critical),
        soon if soon <= TREND_WARNING_HOURS => Some(AlertLevel::Warning),
        _ => None,
    };
    let hours = growth.hours_left(headroom);
    let each_hour = growth.bytes_each_hour / MIB;
    // The growth that would take so long is the threshold.
    let within = |limit: f64| each_hour * hours / limit;
    let (warning, critical) = (within(TREND_WARNING_HOURS), within(TREND_CRITICAL_HOURS));
    Judged {
        raised: level(hours),
        held: level(hours / 1.25),
        value: each_hour,
        begins: [warning, warning, critical, critical],
        ends: [warning / 1.25, warning / 1.25, critical / 1.25, critical / 1.25],
        since: Some(growth.since),
    }
}

/// Copies that fail are a warning from the first one on: nothing is lost by it yet.
fn judge_backups(since: Timestamp, now: Timestamp) -> Judged {
    let level = Some(AlertLevel::Warning);
    let value = now.duration_since(since).as_secs_f64().max(0.0) / 3_600.0;
    Judged { raised: level, held: level, value, since: Some(since), ..Judged::default() }
}
