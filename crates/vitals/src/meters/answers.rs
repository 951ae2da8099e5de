//! What members do, and how it is answered.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::histogram::Slices;
use super::members::Members;
use super::recent::Recent;
use crate::settings::Measuring;
use crate::snapshot::{Answers, CommandLatency};

/// Names that are told apart; all further ones count as [`OTHERS`].
const NAMES_MAX: usize = 160;
/// What does not fit.
const OTHERS: &str = "others";
/// Parts of a minute.
const SLOTS: usize = 12;
const SLOT: Duration = Duration::from_secs(5);
/// The same part of an hour.
const SLOT_OF_HOUR: Duration = Duration::from_mins(5);

/// How the answer to an interaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerEnd {
    /// Discord took it, or had taken it before.
    Taken,
    /// Discord no longer waited for it.
    TooLate,
    /// It was refused, got lost, or said that something failed.
    Failed,
}

/// Counts what members do. One short lock for each.
#[derive(Debug)]
pub struct AnswerMeter {
    /// Whether anything is noted.
    measuring: Measuring,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    taps: Slices,
    commands: BTreeMap<Box<str>, Command>,
    each_minute: Recent<SLOTS>,
    errors_each_minute: Recent<SLOTS>,
    errors_last_hour: Recent<SLOTS>,
    members: Members,
    errors: u64,
    too_late: u64,
}

#[derive(Debug, Default)]
struct Command {
    took: Slices,
    failed: u64,
    used: u64,
}

impl Default for AnswerMeter {
    fn default() -> Self {
        Self::new(Measuring::On)
    }
}

impl AnswerMeter {
    /// One that has noted nothing, and never will if it is off.
    #[must_use]
    pub fn new(measuring: Measuring) -> Self {
        let state = State {
            taps: Slices::default(),
            commands: BTreeMap::new(),
            each_minute: Recent::new(SLOT),
            errors_each_minute: Recent::new(SLOT),
            errors_last_hour: Recent::new(SLOT_OF_HOUR),
            members: Members::default(),
            errors: 0,
            too_late: 0,
        };
        Self { measuring, state: Mutex::new(state) }
    }

    /// Notes that a member's tap was answered at `now`, on the monotonic clock, and how long after
    /// it had come in.
    pub fn tap(&self, member: u64, now: Duration, took: Duration, end: AnswerEnd) {
        let Some(mut state) = self.noting() else { return };
        state.note(member, now, end);
        state.taps.record(now, took);
    }

    /// The same of a command, a form or a panel. Of names there are few: those of the commands.
    pub fn command(&self, name: &str, member: u64, at: (Duration, Duration), end: AnswerEnd) {
        let (now, took) = at;
        let Some(mut state) = self.noting() else { return };
        state.note(member, now, end);
        let command = state.command(name);
        command.used += 1;
        command.failed += u64::from(end != AnswerEnd::Taken);
        command.took.record(now, took);
    }

    /// Notes that a member was not let in with something, and how the answer that says so ended.
    pub fn refused(&self, member: u64, now: Duration, end: AnswerEnd) {
        let Some(mut state) = self.noting() else { return };
        state.note(member, now, end);
    }

    /// Notes something that could not be read.
    pub fn unreadable(&self, now: Duration) {
        let Some(mut state) = self.noting() else { return };
        state.each_minute.add(now);
        state.note_failed(now, AnswerEnd::Failed);
    }

    /// What is known at `now`.
    #[must_use]
    pub fn snapshot(&self, now: Duration) -> Answers {
        let mut state = self.lock();
        let state = &mut *state;
        let mut commands: Vec<_> = state.commands.iter_mut().collect();
        commands.sort_by_key(|(_, command)| std::cmp::Reverse(command.used));
        let commands = commands.into_iter().map(|(name, command)| CommandLatency {
            name: name.to_string(),
            latency: command.took.latency(now),
            failed: command.failed,
        });
        Answers {
            commands: commands.collect(),
            taps: state.taps.latency(now),
            each_minute: state.each_minute.sum(now),
            members_each_minute: state.members.count(now),
            errors_each_minute: state.errors_each_minute.sum(now),
            errors_last_hour: state.errors_last_hour.sum(now),
            errors: state.errors,
            too_late: state.too_late,
        }
    }

    fn noting(&self) -> Option<MutexGuard<'_, State>> {
        self.measuring.is_on().then(|| self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note(&mut self, member: u64, now: Duration, end: AnswerEnd) {
        self.each_minute.add(now);
        self.members.note(member, now);
        self.note_failed(now, end);
    }

    fn note_failed(&mut self, now: Duration, end: AnswerEnd) {
        match end {
            AnswerEnd::Taken => return,
            AnswerEnd::TooLate => self.too_late += 1,
            AnswerEnd::Failed => self.errors += 1,
        }
        self.errors_each_minute.add(now);
        self.errors_last_hour.add(now);
    }

    fn command(&mut self, name: &str) -> &mut Command {
        let known = self.commands.contains_key(name) || self.commands.len() < NAMES_MAX;
        self.commands.entry(if known { name } else { OTHERS }.into()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Duration = Duration::from_secs(100);
    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn taps_and_commands_are_told_apart_and_counted_together() {
        let meter = AnswerMeter::default();
        meter.tap(1, AT, 3 * MS, AnswerEnd::Taken);
        meter.tap(1, AT, 4 * MS, AnswerEnd::TooLate);
        meter.command("event create", 2, (AT, 9 * MS), AnswerEnd::Taken);
        meter.command("report week", 2, (AT, 70 * MS), AnswerEnd::Failed);
        meter.command("report week", 2, (AT, 80 * MS), AnswerEnd::Taken);
        let seen = meter.snapshot(AT);
        assert_eq!((seen.each_minute, seen.members_each_minute), (5, 2));
        assert_eq!((seen.errors_each_minute, seen.errors, seen.too_late), (2, 1, 1));
        assert_eq!((seen.taps.count, seen.taps.max), (2, 4 * MS));
        let [report, create] = &seen.commands[..] else { panic!("{seen:?}") };
        assert_eq!(
            (report.name.as_str(), report.latency.count, report.failed),
            ("report week", 2, 1)
        );
        assert_eq!((create.name.as_str(), create.latency.max), ("event create", 9 * MS));
        assert_eq!(meter.snapshot(AT * 2).each_minute, 0);
    }

    #[test]
    fn one_that_does_not_measure_notes_nothing() {
        let meter = AnswerMeter::new(Measuring::Off);
        meter.tap(1, AT, MS, AnswerEnd::Taken);
        meter.command("help", 1, (AT, MS), AnswerEnd::Failed);
        meter.refused(1, AT, AnswerEnd::Taken);
        meter.unreadable(AT);
        assert_eq!(meter.snapshot(AT), Answers::default());
    }

    #[test]
    fn what_failed_is_told_for_a_minute_an_hour_and_in_all() {
        let meter = AnswerMeter::default();
        meter.tap(1, AT, MS, AnswerEnd::TooLate);
        meter.command("help", 1, (AT, MS), AnswerEnd::Failed);
        let seen = |minutes| {
            let seen = meter.snapshot(AT + Duration::from_mins(minutes));
            (seen.errors_each_minute, seen.errors_last_hour, seen.errors + seen.too_late)
        };
        assert_eq!([seen(0), seen(2), seen(54)], [(2, 2, 2), (0, 2, 2), (0, 2, 2)]);
        assert_eq!(seen(61), (0, 0, 2));
    }

    #[test]
    fn who_was_not_let_in_and_what_could_not_be_read_is_activity_too() {
        let meter = AnswerMeter::default();
        meter.refused(7, AT, AnswerEnd::Taken);
        meter.refused(7, AT, AnswerEnd::TooLate);
        meter.unreadable(AT);
        let seen = meter.snapshot(AT);
        assert_eq!((seen.each_minute, seen.members_each_minute), (3, 1));
        assert_eq!((seen.errors_each_minute, seen.errors, seen.too_late), (2, 1, 1));
        assert_eq!((seen.taps.count, seen.commands.len()), (0, 0));
    }

    #[test]
    fn names_are_bounded() {
        let meter = AnswerMeter::default();
        for name in 0..1_000 {
            meter.command(&name.to_string(), 1, (AT, MS), AnswerEnd::Taken);
        }
        let seen = meter.snapshot(AT);
        assert_eq!(seen.commands.len(), NAMES_MAX + 1);
        assert_eq!(seen.commands[0].name, OTHERS);
    }
}
