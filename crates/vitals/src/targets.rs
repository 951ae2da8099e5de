//! What is good enough, each number with its source, so that whoever shows a figure judges it
//! alike.

use std::time::Duration;

use crate::snapshot::{Database, Latency, TaskKind, Tasks};

/// What we aim at, and what must at least be kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target<T> {
    /// What we aim at.
    pub ours: T,
    /// Beyond it, somebody notices.
    pub floor: T,
}

/// How long Discord waits for the answer to an interaction. (Discord docs: "Receiving and
/// Responding")
const DISCORD_WAITS: Duration = Duration::from_secs(3);

/// Taps, 99 of 100: what the tests demand while 5,000 members tap within ten seconds.
pub const TAPS_P99: Target<Duration> =
    Target { ours: Duration::from_millis(250), floor: DISCORD_WAITS };

/// Commands, forms and panels, 99 of 100: some ask Discord before they answer.
pub const COMMANDS_P99: Target<Duration> =
    Target { ours: Duration::from_secs(1), floor: DISCORD_WAITS };

/// Statements of the database, 99 of 100.
pub const STATEMENTS_P99: Duration = Duration::from_millis(5);

/// Statements on average: what the performance guide asks for.
pub const STATEMENTS_MEAN: Duration = Duration::from_millis(100);

/// Commits, 99 of 100: a whole group behind a disk that takes 5 ms to sync. A second of them is
/// what members feel.
pub const COMMITS_P99: Target<Duration> =
    Target { ours: Duration::from_millis(50), floor: Duration::from_secs(1) };

/// REST requests, 95 of 100: Discord's own work, which is a few hundred milliseconds on good days.
pub const REST_P95: Target<Duration> =
    Target { ours: Duration::from_millis(500), floor: DISCORD_WAITS };

/// Waiting for Discord's limits, 95 of 100: posts are edited once in 1.2 s, and show within 5 s
/// what is stored.
pub const WAITS_P95: Target<Duration> =
    Target { ours: Duration::from_millis(1_200), floor: Duration::from_secs(5) };

/// Reminders behind their instant, 99 of 100: in the second that was promised, and a minute at
/// most.
pub const REMINDERS_P99: Target<Duration> =
    Target { ours: Duration::from_secs(1), floor: Duration::from_mins(1) };

/// Looks into the cache that find something, in percent: ours, and the performance guide's.
pub const CACHE_HITS: Target<f64> = Target { ours: 95.0, floor: 80.0 };

/// Looks in an hour before a hit rate says anything.
pub const CACHE_LOOKS_MIN: u64 = 100;

/// Tasks that do what they should, in percent: ours, and the performance guide's.
pub const TASKS_DONE: Target<f64> = Target { ours: 99.9, floor: 95.0 };

/// Tasks of a kind that end in an hour before their share of success says anything.
pub const TASKS_ENDED_MIN: u64 = 20;

/// Rare work says something, too, once so much of it is lost within an hour: once is an accident.
pub const TASKS_LOST_MIN: u64 = 3;

/// Answers that fail, in percent of those of the same minute.
pub const FAILED_ANSWERS: Target<f64> = Target { ours: 0.0, floor: 1.0 };

/// How full a queue is, in percent: half leaves room for a rush.
pub const QUEUES_FULL: Target<f64> = Target { ours: 50.0, floor: 80.0 };

/// How something measured stands to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judged {
    /// What we aim at is kept.
    Good,
    /// It is missed, and the floor is kept.
    Short,
    /// Neither is kept.
    Missed,
}

impl<T: PartialOrd + Copy> Target<T> {
    /// Judges what should be small.
    pub fn at_most(&self, value: T) -> Judged {
        if value <= self.ours {
            Judged::Good
        } else if value <= self.floor {
            Judged::Short
        } else {
            Judged::Missed
        }
    }

    /// Judges what should be large.
    pub fn at_least(&self, value: T) -> Judged {
        if value >= self.ours {
            Judged::Good
        } else if value >= self.floor {
            Judged::Short
        } else {
            Judged::Missed
        }
    }
}

/// Judges statements: by the slowest ones first, and by the average as the performance guide does.
#[must_use]
pub fn statements(database: &Database) -> Judged {
    let Latency { p99, mean, .. } = database.statements;
    if p99 <= STATEMENTS_P99 {
        Judged::Good
    } else if mean <= STATEMENTS_MEAN {
        Judged::Short
    } else {
        Judged::Missed
    }
}

/// The kind of task of which the smallest share did what it should over the last hour, with that
/// share in percent; `None` if of no kind enough ended to say anything. Kinds are judged one by
/// one: work that is frequent and easy would hide that other work always fails.
#[must_use]
pub fn worst_tasks(tasks: &Tasks) -> Option<(&TaskKind, f64)> {
    let says = |kind: &&TaskKind| {
        kind.took.count >= TASKS_ENDED_MIN || kind.lost_last_hour() >= TASKS_LOST_MIN
    };
    let rated =
        tasks.kinds.iter().filter(says).filter_map(|kind| Some((kind, kind.success_rate()?)));
    rated.min_by(|(_, one), (_, other)| one.total_cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tasks(kinds: &[(&'static str, u64, u64)]) -> Tasks {
        let kind = |(name, count, failed_last_hour): &(&'static str, u64, u64)| TaskKind {
            name,
            took: Latency { count: *count, ..Latency::default() },
            failed_last_hour: *failed_last_hour,
            ..TaskKind::default()
        };
        Tasks { kinds: kinds.iter().map(kind).collect(), ..Tasks::default() }
    }

    #[test]
    fn rare_work_that_always_fails_is_not_hidden_by_frequent_work() {
        let worst = |kinds: &[(&'static str, u64, u64)]| {
            worst_tasks(&tasks(kinds)).map(|(kind, rate)| (kind.name, rate))
        };
        let often = ("deliveries", 10_000, 0);
        assert_eq!(worst(&[often, ("upkeep", 5, 5)]), Some(("upkeep", 0.0)));
        assert_eq!(worst(&[often, ("upkeep", 2, 2)]), Some(("deliveries", 100.0)), "by accident");
        assert_eq!(worst(&[("role", 20, 1), often]), Some(("role", 95.0)));
        assert_eq!(worst(&[("role", 19, 2), ("upkeep", 0, 0)]), None);
    }

    #[test]
    fn what_should_be_small_and_what_should_be_large_are_judged_at_the_border() {
        assert_eq!(QUEUES_FULL.at_most(50.0), Judged::Good);
        assert_eq!(QUEUES_FULL.at_most(50.1), Judged::Short);
        assert_eq!(QUEUES_FULL.at_most(80.1), Judged::Missed);
        assert_eq!(CACHE_HITS.at_least(95.0), Judged::Good);
        assert_eq!(CACHE_HITS.at_least(80.0), Judged::Short);
        assert_eq!(CACHE_HITS.at_least(79.9), Judged::Missed);
    }

    #[test]
    fn a_few_slow_statements_are_not_as_bad_as_a_slow_average() {
        let of = |p99, mean| {
            let [p99, mean] = [p99, mean].map(Duration::from_millis);
            let statements = Latency { count: 9, p99, mean, ..Latency::default() };
            super::statements(&Database { statements, ..Database::default() })
        };
        assert_eq!(of(5, 1), Judged::Good);
        assert_eq!(of(6, 100), Judged::Short);
        assert_eq!(of(300, 101), Judged::Missed);
    }
}
