//! `/system_health`: whether all is well, and if not, what is wrong and what to do.

use muster_vitals::snapshot::{
    ActiveAlert, Backups, CacheHour, Deliveries, DiscordLink, LimitSource, PressureLevel, Resource,
    Security, Shard, ShardState, Snapshot,
};
use muster_vitals::targets::worst_tasks;

use super::sheet::{Sheet, first};
use super::{
    advice, colour, level_name, measured, pressure, sign, since, succeeding, trend, verdict, ways,
};
use crate::custom_id::Action;
use crate::views::message::Message;
use crate::views::text::{counted, relative};
use crate::views::units::{bar, bytes, lasting, number, percent, took};

/// Shards named one by one; of more, only those that are not connected.
const SHARDS_MAX: usize = 4;
/// What is said while nobody can answer.
const NO_WRITES: &str =
    "The database takes no writes: is the disk full, or does another program lock the file?";

/// The overview of the running bot.
#[must_use]
pub fn health(snapshot: &Snapshot) -> Message {
    let found = snapshot.verdict();
    let mut sheet = Sheet::new(colour(found));
    sheet.text([format!("## {}", verdict(found)), about(snapshot)]);
    sheet.section("Why", reasons(snapshot));
    sheet.section("Alerts", alerts(snapshot));
    sheet.section("What to do", advice(snapshot));
    // A picture costs memory, and bytes on the way.
    let picture =
        if snapshot.memory.level >= PressureLevel::High { None } else { trend::picture(snapshot) };
    sheet.section("Resources", resources(snapshot, picture.is_none()));
    if let Some(picture) = picture {
        sheet.picture(picture);
    }
    sheet.section("Connection", connection(&snapshot.discord));
    sheet.section("Inside", inside(snapshot));
    sheet.section("Deliveries", deliveries(&snapshot.deliveries));
    sheet.section("What went wrong", wrong(snapshot));
    sheet.section("Backups", vec![backups(&snapshot.backups)]);
    sheet.text([measured(snapshot.at)]);
    sheet.buttons(ways(Action::Health))
}

fn about(snapshot: &Snapshot) -> String {
    let guilds = usize::try_from(snapshot.discord.guilds).unwrap_or(usize::MAX);
    format!(
        "Muster {} · up {} · {}",
        snapshot.version,
        lasting(snapshot.uptime),
        counted(guilds, "server", "servers")
    )
}

/// What speaks against "healthy" beside alerts, which have lines of their own.
fn reasons(snapshot: &Snapshot) -> Vec<String> {
    let link = &snapshot.discord;
    let away = link.shards.iter().filter(|shard| shard.state != ShardState::Live).count();
    let connection = match (link.shards.len(), away) {
        (0, _) => Some("🔴 There is no connection to Discord.".to_owned()),
        (_, 0) => None,
        (all, away) => Some(format!("🔴 {away} of {all} shards are not connected.")),
    };
    let database = (!snapshot.database.writable).then(|| format!("🔴 {NO_WRITES}"));
    let level = snapshot.memory.level;
    let memory = (level >= PressureLevel::High).then(|| {
        format!("{} memory pressure since {}", pressure(level), since(snapshot.memory.level_since))
    });
    // An alert says it, too, where alerts are raised.
    let is_told = snapshot.alerts.iter().any(|alert| alert.resource == Resource::Backups);
    let failing = snapshot.backups.failing_since.filter(|_| !is_told);
    let backups = failing
        .map(|at| format!("🟡 No backup of the database could be made since {}", relative(at)));
    connection.into_iter().chain(database).chain(memory).chain(backups).collect()
}

/// What is said where figures would stand that nobody takes.
const UNMONITORED: &str = "⚪ Not watched: `ENABLE_RESOURCE_MONITORING` is off";

fn alerts(snapshot: &Snapshot) -> Vec<String> {
    let unknown = format!("{UNMONITORED}, so that only backups that fail raise alerts.");
    let unknown = snapshot.unmonitored.then_some(unknown);
    unknown.into_iter().chain(snapshot.alerts.iter().map(alert)).collect()
}

fn alert(alert: &ActiveAlert) -> String {
    let ActiveAlert { resource, level, since, threshold, value } = alert;
    let amount = |value: f64| match resource {
        Resource::MemoryTrend => format!("{value:.1} MiB an hour"),
        Resource::Memory | Resource::Cpu | Resource::Disk => percent(value),
        Resource::Backups => format!("none for {value:.1} h"),
    };
    let threshold = if *resource == Resource::Backups {
        String::new()
    } else {
        format!(", threshold {}", amount(*threshold))
    };
    format!(
        "{} **{} {}** {}{threshold} · since {}",
        sign(*level),
        resource.name(),
        level.name(),
        amount(*value),
        relative(*since)
    )
}

fn resources(snapshot: &Snapshot, with_bars: bool) -> Vec<String> {
    let (memory, cpu, disk) = (&snapshot.memory, snapshot.cpu, snapshot.disk);
    let history = &snapshot.history;
    let lines = |title: String, share: f64, trend: Option<String>| {
        let bar = with_bars.then(|| bar(share));
        let below: Vec<_> = bar.into_iter().chain(trend).collect();
        let below = (!below.is_empty()).then(|| below.join(" "));
        std::iter::once(title).chain(below)
    };
    let used = format!(
        "**Memory** {} of {}{} · {} · mine {} · pressure {}",
        bytes(memory.used),
        bytes(memory.limit),
        whose_limit(memory.source),
        percent(memory.percent()),
        bytes(memory.resident),
        level_name(memory.level)
    );
    if snapshot.unmonitored {
        let unknown = format!("**CPU**, **disk** {UNMONITORED}.");
        return lines(used, memory.percent(), None).chain([unknown]).collect();
    }
    let load = format!("**CPU** {} of {} cores", percent(cpu.percent), cores(cpu.cores));
    let space = format!(
        "**Disk** {} free of {} · mine {} of {}",
        bytes(disk.free),
        bytes(disk.size),
        bytes(disk.ours()),
        bytes(disk.budget)
    );
    lines(used, memory.percent(), trend::memory(history))
        .chain(lines(load, cpu.percent, trend::cpu(history)))
        .chain(lines(space, disk.percent(), trend::disk(history)))
        .collect()
}

/// In brackets, whose limit it is.
fn whose_limit(source: LimitSource) -> String {
    match source {
        LimitSource::Unknown => String::new(),
        LimitSource::GroupV1 | LimitSource::GroupV2 | LimitSource::Machine => {
            format!(" ({})", source.name())
        }
    }
}

fn cores(cores: f64) -> String {
    let text = format!("{cores:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), ToOwned::to_owned)
}

fn connection(link: &DiscordLink) -> Vec<String> {
    if link.shards.len() <= SHARDS_MAX {
        return link.shards.iter().map(shard).collect();
    }
    let live = link.shards.iter().filter(|shard| shard.state == ShardState::Live);
    let slowest = live.clone().filter_map(|shard| shard.latency).max();
    let latest = link.shards.iter().filter_map(|shard| shard.last_event).max();
    let all = format!("{} of {} shards live", live.count(), link.shards.len());
    let slowest = slowest.map(|latency| format!(" · slowest {}", took(latency)));
    let latest = latest.map(|at| format!(" · last event {}", relative(at)));
    let summary = [Some(all), slowest, latest].into_iter().flatten().collect::<String>();
    let away: Vec<_> =
        link.shards.iter().filter(|shard| shard.state != ShardState::Live).map(shard).collect();
    std::iter::once(summary).chain(first(away.into_iter(), SHARDS_MAX)).collect()
}

fn shard(shard: &Shard) -> String {
    let state = match shard.state {
        ShardState::Down => "🔴 down",
        ShardState::Entering => "🟡 connecting",
        ShardState::Live => "🟢 live",
    };
    let latency = shard.latency.map(|latency| format!(" · {}", took(latency)));
    let event = shard.last_event.map(|at| format!(" · last event {}", relative(at)));
    let parts = [latency, event].into_iter().flatten().collect::<String>();
    format!("Shard {} {state}{parts}", shard.number)
}

fn inside(snapshot: &Snapshot) -> Vec<String> {
    let (database, tasks) = (&snapshot.database, &snapshot.tasks);
    let kinds = &snapshot.cache;
    let sum = |value: fn(&muster_vitals::snapshot::CacheKind) -> u64| {
        kinds.iter().fold(0_u64, |sum, kind| sum.saturating_add(value(kind)))
    };
    let rate = CacheHour::of_all(kinds).hit_rate();
    let rate = rate.map_or_else(|| "not asked lately".to_owned(), |rate| percent(rate) + " hits");
    let (entries, size) = (sum(|kind| kind.entries), bytes(sum(|kind| kind.bytes)));
    let done = worst_tasks(tasks).map(|(kind, rate)| format!(" · {}", succeeding(kind, rate)));
    vec![
        format!("**Cache** {rate} · {} entries · {size}", number(entries)),
        format!(
            "**Database** p99 {} · {} + {} log",
            took(database.statements.p99),
            bytes(database.size),
            bytes(database.log_size)
        ),
        format!(
            "**Tasks** running {} of {} · waiting {}{}",
            number(tasks.running),
            number(tasks.concurrent_max),
            number(tasks.waiting.saturating_add(tasks.deferred)),
            done.unwrap_or_default()
        ),
    ]
}

fn deliveries(deliveries: &Deliveries) -> Vec<String> {
    let next = deliveries.next_due.map_or_else(|| "none planned".to_owned(), relative);
    let lag = match deliveries.reminder_lag.count {
        0 => "none measured".to_owned(),
        _ => format!("p99 {} late", took(deliveries.reminder_lag.p99)),
    };
    vec![
        format!(
            "{} due · {} sent · {} failed · {} left out",
            number(deliveries.due),
            number(deliveries.sent),
            number(deliveries.failed),
            number(deliveries.skipped)
        ),
        format!("Reminders {lag} · next job {next}"),
    ]
}

fn wrong(snapshot: &Snapshot) -> Vec<String> {
    let answers = &snapshot.answers;
    let Security { counts, blocked, .. } = &snapshot.security;
    let lately = counts.iter().fold(0_u64, |sum, (_, _, hour)| sum.saturating_add(*hour));
    vec![
        format!(
            "Failed answers: {} in the last hour, {} in all",
            number(answers.errors_last_hour),
            number(answers.errors.saturating_add(answers.too_late))
        ),
        format!(
            "Security: {} in the last hour · {} blocked",
            number(lately),
            number(u64::try_from(blocked.len()).unwrap_or(u64::MAX))
        ),
        format!("Channels that cannot be used: {}", number(snapshot.deliveries.broken_targets)),
    ]
}

fn backups(backups: &Backups) -> String {
    let last =
        backups.last.map_or_else(|| "None yet".to_owned(), |at| "Last ".to_owned() + &relative(at));
    let next = backups.next.map(|at| format!(" · next {}", relative(at))).unwrap_or_default();
    let failing = backups.failing_since.map(|at| format!("🔴 Failing since {} · ", relative(at)));
    let kept = format!("{} kept, {}", number(backups.kept), bytes(backups.bytes));
    format!("{}{last} · {kept}{next}", failing.unwrap_or_default())
}

#[cfg(test)]
mod tests;
