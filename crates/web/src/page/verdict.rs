//! How the bot is, in a sentence, and what to do about it.

use jiff::Timestamp;
use maud::{Markup, html};
use muster_vitals::snapshot::{
    ActiveAlert, PressureLevel, Resource, ShardState, Snapshot, Verdict,
};

use super::marks::Mark;
use crate::words;

/// Why it is not ready to work: a shard is not connected, or the database takes no writes.
pub(crate) fn unready(snapshot: &Snapshot) -> Option<String> {
    let no_writes = || "the database takes no writes".to_owned();
    shards_away(snapshot).or_else(|| (!snapshot.database.writable).then(no_writes))
}

/// Which shards are not connected.
fn shards_away(snapshot: &Snapshot) -> Option<String> {
    let shards = &snapshot.discord.shards;
    let mut away = shards.iter().filter(|shard| shard.state != ShardState::Live);
    let Some(first) = away.next() else {
        return shards.is_empty().then(|| "no shard is connected yet".to_owned());
    };
    let first = format!("shard {} {}", first.number, state(first.state));
    match away.count() {
        0 => Some(first),
        more => Some(format!("{first}, and {more} more are not ready")),
    }
}

pub(super) fn state(state: ShardState) -> &'static str {
    match state {
        ShardState::Down => "is not connected",
        ShardState::Entering => "is connecting",
        ShardState::Live => "is connected",
    }
}

/// The banner.
pub(super) fn part(snapshot: &Snapshot) -> Markup {
    let (mark, title) = match snapshot.verdict() {
        Verdict::Healthy => (Mark::Good, "All is well"),
        Verdict::Strained => (Mark::Warn, "It works, and something needs a look"),
        Verdict::Critical => (Mark::Bad, "Something needs doing now"),
    };
    let causes = causes(snapshot);
    let uptime = words::span(snapshot.uptime);
    html! {
        div.verdict.(mark.class()) {
            (mark.icon())
            div {
                h1 id="verdict-title" { (title) }
                @if causes.is_empty() && snapshot.unmonitored {
                    p {
                        "Every shard is connected, the database takes writes. Processor and disk are "
                        "not watched: ENABLE_RESOURCE_MONITORING is off."
                    }
                } @else if causes.is_empty() {
                    p { "Every shard is connected, the database takes writes, no alert is on." }
                } @else {
                    ul.causes {
                        @for (what, advice) in &causes { li { strong { (what) } " " (advice) } }
                    }
                }
            }
            ul.about {
                li { "Muster " (snapshot.version) }
                li { "up for " (uptime) }
                li { (words::number(snapshot.discord.guilds)) " servers" }
            }
        }
    }
}

/// What is wrong, the worst first, each with what to do.
fn causes(snapshot: &Snapshot) -> Vec<(String, &'static str)> {
    let mut causes = Vec::new();
    if !snapshot.database.writable {
        causes.push((
            "The database takes no writes.".to_owned(),
            "Nobody can answer. Free space on its disk; if there is enough, see the log, and end what \
             else has its file open.",
        ));
    }
    if let Some(which) = shards_away(snapshot) {
        causes.push((
            format!("{}.", words::capitalised(&which)),
            "It tries again by itself. If it stays away, see Discord's status and the log.",
        ));
    }
    causes.extend(snapshot.alerts.iter().map(|alert| (said(snapshot, alert), advice(alert))));
    let is_told = snapshot.alerts.iter().any(|alert| alert.resource == Resource::Memory);
    if snapshot.memory.level >= PressureLevel::High && !is_told {
        let used = words::percent(snapshot.memory.percent());
        causes.push((
            format!("Memory pressure is {}: {used} of the limit.", level(snapshot.memory.level)),
            "The cache is cut and low-priority work waits by itself. Clean up now, or give it \
             more memory.",
        ));
    }
    let is_told = snapshot.alerts.iter().any(|alert| alert.resource == Resource::Backups);
    if let Some(since) = snapshot.backups.failing_since.filter(|_| !is_told) {
        causes.push((no_backup(snapshot, since), BACKUPS_ADVICE));
    }
    causes
}

const BACKUPS_ADVICE: &str = "Make room on the disk of BACKUP_DIR, let Muster write there, or see that the machine which has \
     it answers; the log says why.";

fn no_backup(snapshot: &Snapshot, since: Timestamp) -> String {
    format!(
        "The database could not be backed up for {}.",
        words::span(words::since(snapshot.at, since))
    )
}

pub(super) fn level(level: PressureLevel) -> &'static str {
    match level {
        PressureLevel::Low => "low",
        PressureLevel::Medium => "medium",
        PressureLevel::High => "high",
        PressureLevel::Critical => "critical",
    }
}

fn said(snapshot: &Snapshot, alert: &ActiveAlert) -> String {
    if alert.resource == Resource::Backups {
        return no_backup(snapshot, alert.since);
    }
    let lasted = words::span(words::since(snapshot.at, alert.since));
    let verb = if is_above(alert) { " is" } else { "" };
    format!("{}{verb} {}, for {lasted}.", name(alert.resource), stands(alert))
}

/// How what is measured stands to where the level begins. It may be below that again: a level ends
/// clearly below where it begins.
pub(super) fn stands(alert: &ActiveAlert) -> String {
    let now = value(alert.resource, alert.value);
    let threshold = value(alert.resource, alert.threshold);
    if alert.resource == Resource::Backups {
        format!("at {now}")
    } else if is_above(alert) {
        format!("at {now}, above {threshold}")
    } else {
        format!("began above {threshold}, now {now}")
    }
}

fn is_above(alert: &ActiveAlert) -> bool {
    alert.value >= alert.threshold
}

/// What an alert is about, as a sentence begins with it.
pub(super) fn name(resource: Resource) -> &'static str {
    match resource {
        Resource::Memory => "Memory",
        Resource::MemoryTrend => "Memory trend",
        Resource::Cpu => "Processor",
        Resource::Disk => "Disk",
        Resource::Backups => "Backups",
    }
}

/// What an alert measured, with its unit.
pub(super) fn value(resource: Resource, value: f64) -> String {
    match resource {
        Resource::MemoryTrend => format!("{value:+.1} MiB an hour"),
        Resource::Memory | Resource::Cpu | Resource::Disk => words::percent(value),
        Resource::Backups => format!("{value:.1} h without one"),
    }
}

fn advice(alert: &ActiveAlert) -> &'static str {
    match alert.resource {
        Resource::Memory => "Clean up now; if it stays, raise the container's limit.",
        Resource::MemoryTrend => {
            "Watch it: if it goes on, restart at a quiet hour and report it with the figures below."
        }
        Resource::Cpu => "Low-priority work waits by itself. If it stays, give it more processor.",
        Resource::Backups => BACKUPS_ADVICE,
        Resource::Disk => "Free space, lower DISK_BUDGET_MB, or keep fewer backups.",
    }
}
