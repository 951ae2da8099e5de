//! Every number with its variable: name, meaning, bounds, and how it is read and written. The
//! command line, the operator's guide and what is shown as "in force" are made from this table.

use std::time::Duration;

use thiserror::Error;

use super::words::{SWITCH, levels, number, of_span, of_thresholds, span, switch, thresholds};
use super::{MIB, Settings};

/// One variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name; the flag is the same in lower case with hyphens.
    pub name: &'static str,
    /// What it means, in one sentence or two.
    pub meaning: &'static str,
    /// What it may be, to follow "it is".
    pub allowed: &'static str,
    read: fn(&mut Settings, &str) -> Option<()>,
    write: fn(&Settings) -> String,
}

/// A value that a variable cannot have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{name} is {given:?}: it is {allowed}")]
pub struct Wrong {
    /// The variable.
    pub name: &'static str,
    /// What it was given.
    pub given: String,
    /// What it may be.
    pub allowed: &'static str,
}

impl Variable {
    /// Reads `words` into `settings`.
    pub fn read(&self, settings: &mut Settings, words: &str) -> Result<(), Wrong> {
        (self.read)(settings, words.trim()).ok_or_else(|| Wrong {
            name: self.name,
            given: words.to_owned(),
            allowed: self.allowed,
        })
    }

    /// What it is in `settings`, as it would be written.
    #[must_use]
    pub fn written(&self, settings: &Settings) -> String {
        (self.write)(settings)
    }

    /// What it is unless the operator decides otherwise.
    #[must_use]
    pub fn default(&self) -> String {
        self.written(&Settings::default())
    }

    /// The flag, without its hyphens in front.
    #[must_use]
    pub fn flag(&self) -> String {
        self.name.to_ascii_lowercase().replace('_', "-")
    }
}

impl Settings {
    /// What is in force: variable and value, in the order of [`VARIABLES`].
    #[must_use]
    pub fn in_force(&self) -> Vec<(&'static str, String)> {
        VARIABLES.iter().map(|variable| (variable.name, variable.written(self))).collect()
    }
}

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);

fn megabytes(words: &str) -> Option<u64> {
    number(words, 16, 1 << 20).map(|megabytes| megabytes * MIB)
}

fn set<T>(place: &mut T, value: Option<T>) -> Option<()> {
    *place = value?;
    Some(())
}

fn count(place: &mut usize, words: &str, least: u64, most: u64) -> Option<()> {
    set(place, number(words, least, most).and_then(|number| usize::try_from(number).ok()))
}

fn percent(place: &mut u8, words: &str) -> Option<()> {
    set(place, number(words, 1, 100).and_then(|number| u8::try_from(number).ok()))
}

fn interval(place: &mut Duration, words: &str) -> Option<()> {
    set(place, span(words, SECOND, DAY))
}

/// What [`interval`] takes.
const INTERVAL: &str = "a time from 1s to 1d, as in 90s, 15m or 6h";

/// What [`megabytes`] takes.
const MEGABYTES: &str = "a number of MiB from 16 to 1048576";

/// What [`thresholds`] takes.
const THRESHOLDS: &str = "three or four ascending percentages from 1 to 100: info (may be left out), warning, critical, \
     emergency, as in 70,85,95";

/// All of them, in the order in which they are told.
pub const VARIABLES: [Variable; 25] = [
    Variable {
        name: "CACHE_MAX_SIZE",
        meaning: "How many entries the caches keep at most; 0 keeps nothing.",
        allowed: "a number from 0 to 1000000",
        read: |to, words| count(&mut to.cache.entries_max, words, 0, 1_000_000),
        write: |of| of.cache.entries_max.to_string(),
    },
    Variable {
        name: "CACHE_CLEANUP_INTERVAL",
        meaning: "How long between two clean-ups of the caches.",
        allowed: INTERVAL,
        read: |to, words| interval(&mut to.cache.cleanup_every, words),
        write: |of| of_span(of.cache.cleanup_every),
    },
    Variable {
        name: "CACHE_EVICT_PERCENT",
        meaning: "How much of the caches goes at once above the memory threshold, in percent.",
        allowed: "a number from 1 to 100",
        read: |to, words| percent(&mut to.cache.evict_percent, words),
        write: |of| of.cache.evict_percent.to_string(),
    },
    Variable {
        name: "DB_MAX_CONNECTIONS",
        meaning: "Connections to the database at most: one writes, the others read; with 1, reads \
                  share it. A backup opens one more while it is made.",
        allowed: "a number from 1 to 16",
        read: |to, words| count(&mut to.database.connections_max, words, 1, 16),
        write: |of| of.database.connections_max.to_string(),
    },
    Variable {
        name: "DB_IDLE_TIMEOUT",
        meaning: "After how long without use a reading connection is closed.",
        allowed: INTERVAL,
        read: |to, words| interval(&mut to.database.idle_close, words),
        write: |of| of_span(of.database.idle_close),
    },
    Variable {
        name: "DB_STATEMENT_CACHE",
        meaning: "Statements that a connection keeps prepared.",
        allowed: "a number from 0 to 10000",
        read: |to, words| count(&mut to.database.statements_max, words, 0, 10_000),
        write: |of| of.database.statements_max.to_string(),
    },
    Variable {
        name: "DB_RESULT_TTL",
        meaning: "How long results are kept that no write touches; 0 keeps none.",
        allowed: "a time from 0s to 1d, as in 0, 90s or 30m",
        read: |to, words| set(&mut to.database.results_kept, span(words, Duration::ZERO, DAY)),
        write: |of| of_span(of.database.results_kept),
    },
    Variable {
        name: "ENABLE_MEMORY_OPTIMIZATION",
        meaning: "Whether memory is given back by itself when it gets short.",
        allowed: SWITCH,
        read: |to, words| set(&mut to.memory.enabled, switch(words)),
        write: |of| of.memory.enabled.to_string(),
    },
    Variable {
        name: "MEMORY_THRESHOLD_MB",
        meaning: "Above how many MiB in use the caches are cut; 64 % of the limit if that is less.",
        allowed: MEGABYTES,
        read: |to, words| set(&mut to.memory.threshold, megabytes(words)),
        write: |of| (of.memory.threshold / MIB).to_string(),
    },
    Variable {
        name: "MEMORY_LEVELS",
        meaning: "Where the pressure levels Medium, High and Critical begin, in percent of the \
                  limit.",
        allowed: "three ascending percentages from 1 to 100, as in 50,70,85",
        read: |to, words| set(&mut to.memory.levels, levels(words)),
        write: |of| {
            let [medium, high, critical] = of.memory.levels;
            format!("{medium},{high},{critical}")
        },
    },
    Variable {
        name: "ENABLE_RESOURCE_MONITORING",
        meaning: "Whether memory, processor, disk and network are watched at all.",
        allowed: SWITCH,
        read: |to, words| set(&mut to.resources.enabled, switch(words)),
        write: |of| of.resources.enabled.to_string(),
    },
    Variable {
        name: "RESOURCE_SAMPLE_INTERVAL",
        meaning: "How long between two samples while memory is not short.",
        allowed: INTERVAL,
        read: |to, words| interval(&mut to.resources.sample_every, words),
        write: |of| of_span(of.resources.sample_every),
    },
    Variable {
        name: "RESOURCE_HISTORY",
        meaning: "How many samples are kept in memory.",
        allowed: "a number from 10 to 10000",
        read: |to, words| count(&mut to.resources.history_max, words, 10, 10_000),
        write: |of| of.resources.history_max.to_string(),
    },
    Variable {
        name: "ALERT_MEMORY",
        meaning: "Where alerts about memory begin, in percent of the limit.",
        allowed: THRESHOLDS,
        read: |to, words| set(&mut to.resources.memory, thresholds(words)),
        write: |of| of_thresholds(of.resources.memory),
    },
    Variable {
        name: "ALERT_CPU",
        meaning: "Where alerts about the processor begin, in percent of what Muster may use.",
        allowed: THRESHOLDS,
        read: |to, words| set(&mut to.resources.cpu, thresholds(words)),
        write: |of| of_thresholds(of.resources.cpu),
    },
    Variable {
        name: "ALERT_DISK",
        meaning: "Where alerts about the disk begin, in percent of its size.",
        allowed: THRESHOLDS,
        read: |to, words| set(&mut to.resources.disk, thresholds(words)),
        write: |of| of_thresholds(of.resources.disk),
    },
    Variable {
        name: "TASK_MAX_CONCURRENT",
        meaning: "Background tasks at the same time; with 2 or more, one place is kept for \
                  critical ones.",
        allowed: "a number from 1 to 64",
        read: |to, words| count(&mut to.tasks.concurrent_max, words, 1, 64),
        write: |of| of.tasks.concurrent_max.to_string(),
    },
    Variable {
        name: "TASK_TIMEOUT",
        meaning: "After how long a step of background work is ended: a role, a thread, a piece of \
                  clean-up. Posts, reminders, backups, exports and reports are never cut.",
        allowed: INTERVAL,
        read: |to, words| interval(&mut to.tasks.timeout, words),
        write: |of| of_span(of.tasks.timeout),
    },
    Variable {
        name: "TASK_MEMORY_LIMIT_MB",
        meaning: "Above how many MiB in use work of low priority waits.",
        allowed: MEGABYTES,
        read: |to, words| set(&mut to.tasks.memory_limit, megabytes(words)),
        write: |of| (of.tasks.memory_limit / MIB).to_string(),
    },
    Variable {
        name: "TASK_CPU_LIMIT",
        meaning: "Above how many percent of the processor work of low priority waits.",
        allowed: "a number from 1 to 100",
        read: |to, words| percent(&mut to.tasks.cpu_limit, words),
        write: |of| of.tasks.cpu_limit.to_string(),
    },
    Variable {
        name: "RATE_LIMIT_MAX_ENTRIES",
        meaning: "How many members, servers and commands the limiter remembers at most; it drops \
                  the idlest from 80 % on.",
        allowed: "a number from 100 to 1000000",
        read: |to, words| count(&mut to.limiter.entries_max, words, 100, 1_000_000),
        write: |of| of.limiter.entries_max.to_string(),
    },
    Variable {
        name: "RATE_LIMIT_CLEANUP_INTERVAL",
        meaning: "How long between two clean-ups of the limiter.",
        allowed: INTERVAL,
        read: |to, words| interval(&mut to.limiter.cleanup_every, words),
        write: |of| of_span(of.limiter.cleanup_every),
    },
    Variable {
        name: "RATE_LIMIT_IDLE",
        meaning: "After how long without use the limiter forgets somebody.",
        allowed: INTERVAL,
        read: |to, words| interval(&mut to.limiter.idle, words),
        write: |of| of_span(of.limiter.idle),
    },
    Variable {
        name: "LOG_FILE_MAX_MB",
        meaning: "How large the log's file may become before another is begun; three old ones are \
                  kept.",
        allowed: "a number of MiB from 1 to 1024",
        read: |to, words| set(&mut to.logs.file_max, number(words, 1, 1_024).map(|mb| mb * MIB)),
        write: |of| (of.logs.file_max / MIB).to_string(),
    },
    Variable {
        name: "LOG_RATE",
        meaning: "How many lines of one kind are written in ten seconds; of more, the number is \
                  told.",
        allowed: "a number from 1 to 10000",
        read: |to, words| count(&mut to.logs.rate, words, 1, 10_000),
        write: |of| of.logs.rate.to_string(),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str) -> &'static Variable {
        VARIABLES.iter().find(|one| one.name == name).unwrap()
    }

    #[test]
    fn what_is_written_is_read_and_stays() {
        for variable in &VARIABLES {
            let (mut settings, written) = (Settings::default(), variable.default());
            if !written.is_empty() {
                variable.read(&mut settings, &written).unwrap();
            }
            assert_eq!(settings, Settings::default(), "{}", variable.name);
        }
    }

    #[test]
    fn each_variable_changes_something_of_its_own() {
        let others = ["7", "20", "40s", "false", "33,44,55", "33,44,55,66", "200"];
        for variable in &VARIABLES {
            let changed = others.iter().find(|words| {
                let mut settings = Settings::default();
                let read = variable.read(&mut settings, words).is_ok();
                read && settings != Settings::default() && variable.written(&settings) == **words
            });
            assert!(changed.is_some(), "{} changes nothing", variable.name);
        }
    }

    #[test]
    fn the_defaults_are_those_of_the_guide() {
        let guide = [
            ("MEMORY_THRESHOLD_MB", "800"),
            ("CACHE_MAX_SIZE", "500"),
            ("DB_MAX_CONNECTIONS", "3"),
            ("TASK_MAX_CONCURRENT", "3"),
            ("ENABLE_RESOURCE_MONITORING", "true"),
            ("ENABLE_MEMORY_OPTIMIZATION", "true"),
        ];
        for (name, value) in guide {
            assert_eq!(variable(name).default(), value, "{name}");
        }
    }

    #[test]
    fn a_value_out_of_bounds_is_answered_with_name_value_and_bounds() {
        let mut settings = Settings::default();
        let wrong = variable("DB_MAX_CONNECTIONS").read(&mut settings, "99").unwrap_err();
        assert_eq!(wrong.to_string(), "DB_MAX_CONNECTIONS is \"99\": it is a number from 1 to 16");
        for variable in &VARIABLES {
            for words in ["", "-1", "1e9", "999999999999", "many", "5,4,3"] {
                assert!(variable.read(&mut settings, words).is_err(), "{} {words}", variable.name);
            }
        }
        assert_eq!(settings, Settings::default());
    }
}
