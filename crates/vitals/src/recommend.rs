//! What the operator could do, by rules over what is known at one instant. Pure.

use std::time::Duration;

use jiff::Timestamp;

use crate::snapshot::{
    AlertLevel, CacheKind, Queue, Recommendation, Resource, Sample, SlowStatement, Snapshot,
};
use crate::targets::worst_tasks;

/// The hit rate that a cache should have, in percent.
const HIT_RATE_MIN: f64 = 80.0;
/// Looks in an hour before a hit rate says anything.
const LOOKS_MIN: u64 = 200;
/// From this share of the limit on a clean-up is worth it, in percent.
const MEMORY_HIGH: f64 = 70.0;
/// And above this one, if it lasts, more memory.
const MEMORY_LASTING: f64 = 80.0;
/// How far back samples are looked at, and how long it has to have lasted. Under pressure, samples
/// are frequent and the history is short.
const LASTING: Duration = Duration::from_mins(15);
const LASTING_MIN: Duration = Duration::from_mins(3);
/// What the performance guide allows a statement on average.
const SLOW: Duration = Duration::from_millis(100);
/// From this share of the processor on, nothing is known of a slow statement but that, in percent.
const CPU_USED_UP: f64 = 90.0;
/// From this share of a disk, or of what Muster may take of it, on, in percent.
const DISK_HIGH: f64 = 80.0;
/// Share of tasks that should succeed, in percent.
const SUCCESS_MIN: f64 = 95.0;
/// A queue that is filled to this share is nearly full, in percent.
const QUEUE_NEARLY_FULL: f64 = 80.0;
/// Characters of a statement that are shown.
const STATEMENT_MAX: usize = 160;

/// All that can be recommended now, the most useful first.
#[must_use]
pub fn recommendations(snapshot: &Snapshot) -> Vec<Recommendation> {
    let rules: [fn(&Snapshot) -> Option<Recommendation>; 10] = [
        failing_backups,
        disk_nearly_full,
        budget_nearly_used,
        memory_short_for_long,
        memory_high,
        leak,
        queue_nearly_full,
        tasks_fail,
        slow_statement,
        low_hit_rate,
    ];
    rules.iter().filter_map(|rule| rule(snapshot)).collect()
}

fn failing_backups(snapshot: &Snapshot) -> Option<Recommendation> {
    let since = snapshot.backups.failing_since?;
    let last = match snapshot.backups.last {
        Some(last) => format!("the last good one is of {}", instant(last)),
        None => "there is no good one".to_owned(),
    };
    Some(Recommendation {
        because: format!("Backups have failed since {}; {last}.", instant(since)),
        advice: "Make room on the disk that holds them, let the bot write to their folder, or see \
                 that the machine which has it answers; the log says what failed."
            .to_owned(),
    })
}

fn disk_nearly_full(snapshot: &Snapshot) -> Option<Recommendation> {
    let disk = &snapshot.disk;
    let percent = disk.percent();
    (percent >= DISK_HIGH).then(|| Recommendation {
        because: format!(
            "The disk is {percent:.0} % full: {} of {} are free, and Muster takes {}.",
            size(disk.free),
            size(disk.size),
            size(disk.ours()),
        ),
        advice: if disk.ours() >= disk.free {
            "Keep fewer backups and logs, or move them to another disk.".to_owned()
        } else {
            "Make room on it, or move the data to a larger one: most of it is not Muster's."
                .to_owned()
        },
    })
}

fn budget_nearly_used(snapshot: &Snapshot) -> Option<Recommendation> {
    let disk = &snapshot.disk;
    let percent = crate::snapshot::percent(disk.ours(), disk.budget);
    (percent >= DISK_HIGH).then(|| Recommendation {
        because: format!(
            "Muster takes {} of the {} that it may take of the disk ({percent:.0} %): database {}, \
             logs {}, backups {}.",
            size(disk.ours()),
            size(disk.budget),
            size(disk.database),
            size(disk.logs),
            size(disk.backups),
        ),
        advice: "Raise DISK_BUDGET_MB if the disk has room, or keep fewer backups.".to_owned(),
    })
}

fn memory_short_for_long(snapshot: &Snapshot) -> Option<Recommendation> {
    let since = short_since(snapshot)?;
    let memory = &snapshot.memory;
    Some(Recommendation {
        because: format!(
            "Memory has been above {MEMORY_LASTING:.0} % of {} since {} at least, and is at {:.0} % \
             now.",
            size(memory.limit),
            instant(since),
            memory.percent(),
        ),
        advice: format!(
            "Give the bot more memory: {} would bring this use below 60 %.",
            size(memory.used / 60 * 100)
        ),
    })
}

/// Since when memory is short, if it is for long: every sample of late says so.
fn short_since(snapshot: &Snapshot) -> Option<Timestamp> {
    let age = |at: Timestamp| snapshot.at.duration_since(at).unsigned_abs();
    let recent = snapshot.history.iter().filter(|sample| age(sample.at) <= LASTING);
    let recent: Vec<&Sample> = recent.collect();
    let first = recent.first()?.at;
    let is_high = |sample: &&Sample| {
        crate::snapshot::percent(sample.memory_used, sample.memory_limit) > MEMORY_LASTING
    };
    (age(first) >= LASTING_MIN && recent.iter().all(is_high)).then_some(first)
}

fn memory_high(snapshot: &Snapshot) -> Option<Recommendation> {
    let memory = &snapshot.memory;
    let percent = memory.percent();
    (percent > MEMORY_HIGH).then(|| {
        let holds: u64 = memory.reclaimers.iter().map(|one| one.holds).sum();
        Recommendation {
            because: format!(
                "Memory is at {percent:.0} %: {} of {}. Caches and the like hold {} that they could \
                 let go of.",
                size(memory.used),
                size(memory.limit),
                size(holds),
            ),
            advice: "Use /force_cleanup.".to_owned(),
        }
    })
}

fn leak(snapshot: &Snapshot) -> Option<Recommendation> {
    let is_trend = |resource| resource == Resource::MemoryTrend;
    let alert = snapshot.alerts.iter().find(|alert| is_trend(alert.resource))?;
    let soon = match alert.level {
        AlertLevel::Info | AlertLevel::Warning => "within a day",
        AlertLevel::Critical | AlertLevel::Emergency => "within hours",
    };
    Some(Recommendation {
        because: format!(
            "Memory has grown by {:.0} MiB an hour, steadily since {}, and meets the limit {soon}.",
            alert.value,
            instant(alert.since),
        ),
        advice: "Restart the bot at a quiet time, and report it with what /memory_optimization \
                 shows."
            .to_owned(),
    })
}

fn queue_nearly_full(snapshot: &Snapshot) -> Option<Recommendation> {
    let filled = |queue: &Queue| crate::snapshot::percent(queue.depth, queue.depth_max);
    let fullest = snapshot.queues.iter().max_by(|one, two| filled(one).total_cmp(&filled(two)))?;
    let percent = filled(fullest);
    (percent >= QUEUE_NEARLY_FULL).then(|| Recommendation {
        because: format!(
            "The queue \"{}\" is {percent:.0} % full: {} of {}.",
            fullest.name, fullest.depth, fullest.depth_max,
        ),
        advice: "More comes in than is done. Look at /performance_metrics for what is slow; give \
                 the bot more of the processor if that is used up."
            .to_owned(),
    })
}

fn tasks_fail(snapshot: &Snapshot) -> Option<Recommendation> {
    let (worst, rate) = worst_tasks(&snapshot.tasks).filter(|(_, rate)| *rate < SUCCESS_MIN)?;
    let (failed, timed_out) = (worst.failed_last_hour, worst.timed_out_last_hour);
    let advice = if timed_out > failed {
        "Raise TASK_TIMEOUT, or find out what keeps it waiting: the log names each."
    } else {
        "The log names each failure and its reason."
    };
    Some(Recommendation {
        because: format!(
            "{rate:.1} % of {} background tasks of the kind \"{}\" did what they should in the last \
             hour: {failed} failed and {timed_out} took too long.",
            worst.took.count, worst.name,
        ),
        advice: advice.to_owned(),
    })
}

fn slow_statement(snapshot: &Snapshot) -> Option<Recommendation> {
    let slowest = snapshot.database.slow.iter().max_by_key(|one| one.took)?;
    (slowest.took >= SLOW).then(|| Recommendation {
        because: format!(
            "A statement took {} ms, and was slow {}: {}",
            slowest.took.as_millis(),
            times(slowest.times),
            shortened(slowest),
        ),
        advice: if snapshot.cpu.percent >= CPU_USED_UP {
            "The processor is used up, which makes everything slow: give the bot more of it."
                .to_owned()
        } else if slowest.plan.is_empty() {
            "Look whether the disk is slow, or something else uses it.".to_owned()
        } else {
            format!(
                "Look whether the disk is slow, or something else uses it; if not, report it with \
                 its plan: {}",
                slowest.plan
            )
        },
    })
}

fn times(number: u64) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}

fn low_hit_rate(snapshot: &Snapshot) -> Option<Recommendation> {
    let rated = snapshot.cache.iter().filter_map(|kind| {
        let rate = kind.last_hour.hit_rate()?;
        (kind.last_hour.looks() >= LOOKS_MIN && rate < HIT_RATE_MIN).then_some((kind, rate))
    });
    let (kind, rate) = rated.min_by(|(_, one), (_, two)| one.total_cmp(two))?;
    Some(Recommendation {
        because: format!(
            "The cache of {} had what was looked for in {rate:.0} % of cases in the last hour; it \
             should be more than {HIT_RATE_MIN:.0} %. {} entries had to make room for others.",
            kind.name, kind.last_hour.evicted,
        ),
        advice: larger_cache(snapshot, kind),
    })
}

fn larger_cache(snapshot: &Snapshot, kind: &CacheKind) -> String {
    let set = snapshot.settings.iter().find(|(name, _)| *name == "CACHE_MAX_SIZE");
    let now = set.map(|(_, value)| format!(" (now {value})")).unwrap_or_default();
    if kind.last_hour.reclaimed > 0 {
        format!(
            "Give it more memory: {} entries were let go of to give memory back, and a larger cache \
             would only be emptied more often.",
            kind.last_hour.reclaimed
        )
    } else if kind.last_hour.evicted > 0 {
        format!("Raise CACHE_MAX_SIZE{now}.")
    } else {
        format!(
            "Wait: entries expired or changed before they were needed again. Raise \
             CACHE_MAX_SIZE{now} once some have to make room."
        )
    }
}

/// A statement in one line, cut where it is too long.
fn shortened(statement: &SlowStatement) -> String {
    let line = statement.sql.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(STATEMENT_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(&line)),
        None => line,
    }
}

/// As in "2027-03-01 18:05 UTC".
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// As in "800 MiB" or "1.25 GiB".
fn size(bytes: u64) -> String {
    const KIB: f64 = 1024.0;
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let bytes = bytes as f64;
    match bytes {
        small if small < KIB * KIB => format!("{:.0} KiB", small / KIB),
        middle if middle < KIB * KIB * KIB => format!("{:.0} MiB", middle / KIB / KIB),
        large => format!("{:.2} GiB", large / KIB / KIB / KIB),
    }
}

#[cfg(test)]
mod tests;
