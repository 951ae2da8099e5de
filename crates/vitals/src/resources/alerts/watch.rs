//! One resource's alert: when its level changes.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::told::Told;
use super::{Moment, ToldAlert};
use crate::resources::limits::{FLAPS_WITHIN, MARGIN, MARGIN_DECAYS, MARGIN_MAX, MARGIN_STEP};
use crate::settings::AlertThresholds;
use crate::snapshot::{ActiveAlert, Alert, AlertLevel, Resource};

/// A measurement, as a resource's thresholds see it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Judged {
    /// The highest level whose threshold is reached.
    pub(super) raised: Option<AlertLevel>,
    /// The highest level whose lower edge is reached.
    pub(super) held: Option<AlertLevel>,
    /// What was measured.
    pub(super) value: f64,
    /// Where each level begins.
    pub(super) begins: [f64; 4],
    /// And where it ends.
    pub(super) ends: [f64; 4],
    /// Since when it is so, if that is known better than by looking.
    pub(super) since: Option<Timestamp>,
}

/// The state of one resource.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    resource: Resource,
    /// So many readings in a row raise a level.
    lasts: usize,
    /// And so many lower it.
    recovers: usize,
    recent: VecDeque<Option<AlertLevel>>,
    readings_below: usize,
    level: Option<AlertLevel>,
    since: Timestamp,
    /// When it came on, at whatever level.
    began: Duration,
    /// How long it had been on when this process began.
    before: Duration,
    last: Judged,
    flaps: Flaps,
    told: Told,
}

impl Watch {
    pub(super) fn new(resource: Resource, lasts: usize, recovers: usize) -> Self {
        Self {
            resource,
            lasts,
            recovers,
            recent: VecDeque::new(),
            readings_below: 0,
            level: None,
            since: Timestamp::UNIX_EPOCH,
            began: Duration::ZERO,
            before: Duration::ZERO,
            last: Judged::default(),
            flaps: Flaps::default(),
            told: Told::default(),
        }
    }

    /// Goes on where the process before ended: what was told of it, the oldest first. What was on
    /// is on until measurements say otherwise, so that its end is told, too.
    pub(super) fn resume(&mut self, now: Moment, told: &[ToldAlert]) {
        let ago =
            |one: &ToldAlert| Duration::try_from(now.at.duration_since(one.at)).unwrap_or_default();
        self.told.resume(now.monotonic, told.iter().map(|one| (one.level, ago(one))));
        if let Some(last) = told.last().filter(|last| last.level.is_some()) {
            self.level = last.level;
            self.since = last.at;
            (self.began, self.before) = (now.monotonic, ago(last));
        }
    }

    /// What is on is over: what it was about ended with the process before.
    pub(super) fn end(&mut self, now: Moment) -> Option<Alert> {
        self.level.is_some().then(|| self.change(now, None))
    }

    /// What is on was measured like this, as far as is known before the first measurement.
    pub(super) const fn suppose(&mut self, judged: Judged) {
        self.last = judged;
    }

    /// How far the lower edges are below the thresholds now.
    pub(super) fn margin(&mut self, now: Moment) -> f64 {
        self.flaps.settle(now.monotonic);
        self.flaps.margin
    }

    /// Takes a measurement; the change, if the level changes by it.
    pub(super) fn step(&mut self, now: Moment, judged: &Judged) -> Option<Alert> {
        self.last = *judged;
        self.recent.push_back(judged.raised);
        while self.recent.len() > self.lasts {
            self.recent.pop_front();
        }
        let has_lasted = self.recent.len() == self.lasts;
        let raised = self.recent.iter().copied().min().flatten().filter(|_| has_lasted);
        if raised > self.level {
            self.flaps.rise(raised, now.monotonic);
            return Some(self.change(now, raised));
        }
        if judged.held >= self.level {
            self.readings_below = 0;
            return None;
        }
        self.readings_below = self.readings_below.saturating_add(1);
        if self.readings_below < self.recovers {
            return None;
        }
        self.flaps.fall(self.level, now.monotonic);
        Some(self.change(now, judged.held))
    }

    /// What is to be told now, if anything.
    pub(super) fn worth_telling(&mut self, now: Moment) -> Option<Alert> {
        self.told.worth_telling(now.monotonic)
    }

    /// What was measured last, as one that reaches no threshold.
    pub(super) fn no_more(&self) -> Judged {
        Judged { raised: None, held: None, ..self.last }
    }

    /// The alert, if it is on.
    pub(super) fn active(&self) -> Option<ActiveAlert> {
        let level = self.level?;
        Some(ActiveAlert {
            resource: self.resource,
            level,
            since: self.since,
            threshold: at(&self.last.begins, level),
            value: self.last.value,
        })
    }

    fn change(&mut self, now: Moment, to: Option<AlertLevel>) -> Alert {
        let from = std::mem::replace(&mut self.level, to);
        self.readings_below = 0;
        self.since = self.last.since.unwrap_or(now.at);
        if from.is_none() {
            (self.began, self.before) = (now.monotonic, Duration::ZERO);
        }
        let threshold = match (from, to) {
            (_, Some(to)) => at(&self.last.begins, to),
            (Some(from), None) => at(&self.last.ends, from),
            (None, None) => 0.0,
        };
        let alert = Alert {
            at: now.at,
            resource: self.resource,
            level: to,
            value: self.last.value,
            threshold,
            lasted: now.monotonic.saturating_sub(self.began).saturating_add(self.before),
        };
        self.told.becomes(alert);
        alert
    }
}

/// How often the level came back, and what follows from it.
#[derive(Clone, Copy, Debug)]
struct Flaps {
    /// How far the lower edges are below the thresholds.
    margin: f64,
    /// When that was last changed.
    changed: Duration,
    /// When a level was last left, and which.
    fell: Option<(Duration, Option<AlertLevel>)>,
}

impl Default for Flaps {
    fn default() -> Self {
        Self { margin: MARGIN, changed: Duration::ZERO, fell: None }
    }
}

impl Flaps {
    fn fall(&mut self, from: Option<AlertLevel>, monotonic: Duration) {
        self.fell = Some((monotonic, from));
    }

    fn rise(&mut self, to: Option<AlertLevel>, monotonic: Duration) {
        let comes_back = self
            .fell
            .is_some_and(|(at, from)| to >= from && monotonic.saturating_sub(at) < FLAPS_WITHIN);
        if comes_back {
            self.margin = (self.margin + MARGIN_STEP).min(MARGIN_MAX);
            self.changed = monotonic;
        }
    }

    fn settle(&mut self, monotonic: Duration) {
        while self.margin > MARGIN && monotonic.saturating_sub(self.changed) >= MARGIN_DECAYS {
            self.margin = (self.margin - MARGIN_STEP).max(MARGIN);
            self.changed = self.changed.saturating_add(MARGIN_DECAYS);
        }
    }
}

/// Judges a share by thresholds.
pub(super) fn judge(thresholds: AlertThresholds, percent: f64, margin: f64) -> Judged {
    let begins = [
        thresholds.info.map_or(f64::INFINITY, f64::from),
        f64::from(thresholds.warning),
        f64::from(thresholds.critical),
        f64::from(thresholds.emergency),
    ];
    // A threshold that is very low can be left, too.
    let ends = begins.map(|begin| (begin - margin).max(begin / 2.0));
    Judged {
        raised: reached(&begins, percent),
        held: reached(&ends, percent),
        value: percent,
        begins,
        ends,
        since: None,
    }
}

const LEVELS: [AlertLevel; 4] =
    [AlertLevel::Info, AlertLevel::Warning, AlertLevel::Critical, AlertLevel::Emergency];

fn reached(edges: &[f64; 4], percent: f64) -> Option<AlertLevel> {
    let reached = LEVELS.iter().zip(edges).filter(|(_, edge)| percent >= **edge);
    reached.map(|(level, _)| *level).max()
}

const fn at(edges: &[f64; 4], level: AlertLevel) -> f64 {
    let [info, warning, critical, emergency] = *edges;
    match level {
        AlertLevel::Info => info,
        AlertLevel::Warning => warning,
        AlertLevel::Critical => critical,
        AlertLevel::Emergency => emergency,
    }
}
