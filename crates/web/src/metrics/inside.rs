//! Figures of the bot's own rooms: answers, Discord, deliveries, database, cache, tasks, limits,
//! security, backups.

use muster_vitals::snapshot::{
    Answers, Backups, CacheKind, Database, DiscordLink, Limiter, Security, ShardState, Snapshot,
    Subject, TaskKind, Tasks,
};

use super::writer::{Writer, number, stats, truth};
use crate::limits::{COMMANDS_MAX, SHARDS_MAX};

pub(super) fn answers(out: &mut Writer, answers: &Answers) {
    out.latency("muster_tap_duration", "From a tap to its answer taken", &answers.taps);
    let commands = || answers.commands.iter().take(COMMANDS_MAX);
    let stats_of = commands().flat_map(|command| {
        let name = command.name.as_str();
        let all = stats(&command.latency);
        all.map(move |(stat, value)| (vec![("command", name), ("stat", stat)], value))
    });
    out.gauges(
        "muster_command_duration_seconds",
        "From a command to its answer taken, in the last hour.",
        stats_of,
    );
    out.gauges(
        "muster_command_duration_measured",
        "How often each command was answered in the last hour.",
        commands().map(|one| (vec![("command", one.name.as_str())], number(one.latency.count))),
    );
    out.counters(
        "muster_command_failures",
        "Commands that failed.",
        commands().map(|one| (vec![("command", one.name.as_str())], number(one.failed))),
    );
    let lately = number(answers.each_minute);
    out.gauge("muster_interactions_recent", "Taps and commands in the last minute.", lately);
    let members = number(answers.members_each_minute);
    out.gauge("muster_members_recent", "Distinct members in the last minute.", members);
    let errors = number(answers.errors_each_minute);
    out.gauge("muster_answer_errors_recent", "Answers that failed in the last minute.", errors);
    out.counter("muster_answer_errors", "Answers that failed.", answers.errors);
    let late = answers.too_late;
    out.counter("muster_answers_too_late", "Answers Discord no longer waited for.", late);
}

pub(super) fn discord(out: &mut Writer, discord: &DiscordLink) {
    out.gauge("muster_guilds", "Guilds that the bot is in.", number(discord.guilds));
    let connected = truth(discord.is_connected());
    out.gauge("muster_discord_connected", "Whether every shard is connected.", connected);
    let states = [
        ("down", ShardState::Down),
        ("entering", ShardState::Entering),
        ("live", ShardState::Live),
    ];
    let shards = &discord.shards;
    out.gauges(
        "muster_shards",
        "Shards by state.",
        states.map(|(name, state)| {
            let count = shards.iter().filter(|shard| shard.state == state).count();
            (vec![("state", name)], number(count.try_into().unwrap_or(u64::MAX)))
        }),
    );
    let numbers: Vec<String> = shards.iter().map(|shard| shard.number.to_string()).collect();
    let numbered = || numbers.iter().zip(shards).take(SHARDS_MAX);
    out.gauges(
        "muster_shard_latency_seconds",
        "Between a heartbeat and its acknowledgement.",
        numbered().filter_map(|(number, shard)| {
            Some((vec![("shard", number.as_str())], shard.latency?.as_secs_f64()))
        }),
    );
    out.gauges(
        "muster_shard_last_event_timestamp_seconds",
        "When the last event came.",
        numbered().filter_map(|(number, shard)| {
            let at = shard.last_event?.as_duration().as_secs_f64();
            Some((vec![("shard", number.as_str())], at))
        }),
    );
    out.latency("muster_rest_duration", "REST requests to Discord", &discord.rest);
    out.latency("muster_rest_wait", "Waiting for Discord's limits", &discord.waited);
    out.counter("muster_rest_rate_limited", "Answers with status 429.", discord.rate_limited);
    out.gauge(
        "muster_rest_invalid_recent",
        "Requests that Discord counts as invalid, in the last ten minutes.",
        number(discord.invalid_lately),
    );
}

pub(super) fn deliveries(out: &mut Writer, snapshot: &Snapshot) {
    let deliveries = &snapshot.deliveries;
    out.gauge("muster_deliveries_due", "Due and not yet sent.", number(deliveries.due));
    out.instant(
        "muster_delivery_next_timestamp_seconds",
        "When the next delivery is due.",
        deliveries.next_due,
    );
    let ends =
        [("sent", deliveries.sent), ("failed", deliveries.failed), ("skipped", deliveries.skipped)];
    out.counters(
        "muster_deliveries",
        "Deliveries that ended, by how.",
        ends.map(|(end, count)| (vec![("outcome", end)], number(count))),
    );
    let lag = &deliveries.reminder_lag;
    out.latency("muster_reminder_lag", "How late reminders were taken by Discord", lag);
    out.gauge(
        "muster_broken_targets",
        "Channels that take no messages, or lack something.",
        number(deliveries.broken_targets),
    );
    let queues = || snapshot.queues.iter();
    out.gauges(
        "muster_queue_depth",
        "How much waits in each queue.",
        queues().map(|queue| (vec![("queue", queue.name)], number(queue.depth))),
    );
    out.gauges(
        "muster_queue_depth_max",
        "How much can wait in each queue.",
        queues().map(|queue| (vec![("queue", queue.name)], number(queue.depth_max))),
    );
}

pub(super) fn database(out: &mut Writer, db: &Database) {
    out.gauge("muster_database_writable", "Whether it takes writes.", truth(db.writable));
    let (open, most) = (number(db.connections), number(db.connections_max));
    out.gauge("muster_database_connections", "Connections that are open.", open);
    out.gauge("muster_database_connections_max", "Connections at most.", most);
    out.latency("muster_database_statement_duration", "Database statements", &db.statements);
    out.latency("muster_database_commit_duration", "Commits with their sync", &db.commit);
    out.counter("muster_database_commits", "Transactions committed.", db.commits);
    out.counter("muster_database_writes", "Writes in these transactions.", db.writes);
    out.counter(
        "muster_database_unreadable",
        "Times that a row was set aside because it could not be read.",
        db.unreadable,
    );
    let slowest = db.slow.iter().map(|slow| slow.took.as_secs_f64()).reduce(f64::max);
    out.gauge_if("muster_database_slowest_seconds", "The slowest statement lately.", slowest);
    let slow = db.slow.iter().fold(0u64, |sum, slow| sum.saturating_add(slow.times));
    out.gauge("muster_database_slow_recent", "Slow runs of statements lately.", number(slow));
    let results = [("hit", db.result_hits), ("miss", db.result_misses)];
    out.counters(
        "muster_database_results",
        "Looks into the cache of results, by what came of them.",
        results.map(|(result, count)| (vec![("result", result)], number(count))),
    );
    let files = [("database", db.size), ("log", db.log_size)];
    out.gauges(
        "muster_database_file_bytes",
        "Size of the database's files.",
        files.map(|(file, bytes)| (vec![("file", file)], number(bytes))),
    );
    out.gauge("muster_database_schema", "Number of the newest migration.", f64::from(db.schema));
}

pub(super) fn cache(out: &mut Writer, kinds: &[CacheKind]) {
    let of = |value: fn(&CacheKind) -> u64| {
        kinds.iter().map(move |kind| (vec![("kind", kind.name)], number(value(kind))))
    };
    out.gauges("muster_cache_entries", "Entries of the cache.", of(|kind| kind.entries));
    out.gauges("muster_cache_size_bytes", "Memory of the cache.", of(|kind| kind.bytes));
    out.counters("muster_cache_hits", "Looks that found something.", of(|kind| kind.hits));
    out.counters("muster_cache_misses", "Looks that found nothing.", of(|kind| kind.misses));
    out.counters("muster_cache_evicted", "Let go of for others.", of(|kind| kind.evicted));
    out.counters("muster_cache_reclaimed", "Let go of to give memory back.", of(|k| k.reclaimed));
    out.counters("muster_cache_expired", "Let go of as too old.", of(|kind| kind.expired));
    out.gauges(
        "muster_cache_lifetime_seconds",
        "How long entries live at the present pressure.",
        kinds
            .iter()
            .filter_map(|kind| Some((vec![("kind", kind.name)], kind.lives?.as_secs_f64()))),
    );
}

pub(super) fn tasks(out: &mut Writer, tasks: &Tasks) {
    out.gauge("muster_tasks_running", "Tasks that run.", number(tasks.running));
    let most = number(tasks.concurrent_max);
    out.gauge("muster_tasks_running_max", "Tasks at the same time at most.", most);
    out.gauge("muster_tasks_waiting", "Tasks that wait for a place.", number(tasks.waiting));
    let deferred = number(tasks.deferred);
    out.gauge("muster_tasks_deferred", "Tasks that wait for memory or processor.", deferred);
    let labels = |kind: &TaskKind| vec![("task", kind.name), ("priority", kind.priority)];
    let outcomes = tasks.kinds.iter().flat_map(|kind| {
        let all = [
            ("succeeded", kind.succeeded),
            ("failed", kind.failed),
            ("timed_out", kind.timed_out),
            ("cancelled", kind.cancelled),
        ];
        all.map(|(outcome, count)| (vec![("task", kind.name), ("outcome", outcome)], number(count)))
    });
    out.counters("muster_tasks", "Tasks that ended, by how.", outcomes);
    let kinds = || tasks.kinds.iter();
    out.counters(
        "muster_task_retries",
        "Tries after the first.",
        kinds().map(|kind| (labels(kind), number(kind.retried))),
    );
    let took = kinds().flat_map(|kind| {
        stats(&kind.took).map(|(stat, value)| (vec![("task", kind.name), ("stat", stat)], value))
    });
    out.gauges("muster_task_duration_seconds", "How long tasks took, in the last hour.", took);
    out.gauges(
        "muster_task_duration_measured",
        "How many tasks of each kind ended in the last hour.",
        kinds().map(|kind| (vec![("task", kind.name)], number(kind.took.count))),
    );
}

pub(super) fn limiter(out: &mut Writer, limiter: &Limiter) {
    let (held, most) = (number(limiter.entries), number(limiter.entries_max));
    out.gauge("muster_limiter_entries", "Entries of the limiter's table.", held);
    out.gauge("muster_limiter_entries_max", "Entries at most.", most);
    out.gauge("muster_limiter_size_bytes", "Memory of the table.", number(limiter.bytes));
    let verdicts = [("admitted", limiter.admitted), ("refused", limiter.refused)];
    out.counters(
        "muster_limiter_verdicts",
        "What was let pass or refused.",
        verdicts.map(|(verdict, count)| (vec![("verdict", verdict)], number(count))),
    );
    let dropped = [("evicted", limiter.evicted), ("expired", limiter.expired)];
    out.counters(
        "muster_limiter_dropped",
        "Entries that were dropped, by why.",
        dropped.map(|(reason, count)| (vec![("reason", reason)], number(count))),
    );
}

pub(super) fn security(out: &mut Writer, security: &Security) {
    let counts = || security.counts.iter();
    out.counters(
        "muster_security_events",
        "What should not happen, by kind.",
        counts().map(|(kind, whole, _)| (vec![("kind", kind.name())], number(*whole))),
    );
    out.gauges(
        "muster_security_events_recent",
        "The same in the last hour.",
        counts().map(|(kind, _, hour)| (vec![("kind", kind.name())], number(*hour))),
    );
    let guilds = security.blocked.iter().filter(|one| matches!(one.subject, Subject::Guild(_)));
    let guilds = guilds.count();
    let members = security.blocked.len().saturating_sub(guilds);
    out.gauges(
        "muster_security_blocked",
        "Who is blocked at present.",
        [("member", members), ("guild", guilds)].map(|(subject, count)| {
            (vec![("subject", subject)], number(count.try_into().unwrap_or(u64::MAX)))
        }),
    );
    let rules = security.rules.len().try_into().unwrap_or(u64::MAX);
    out.gauge("muster_security_rules", "Rules in force.", number(rules));
}

pub(super) fn backups(out: &mut Writer, backups: &Backups) {
    out.instant("muster_backup_last_timestamp_seconds", "The last good backup.", backups.last);
    out.instant("muster_backup_next_timestamp_seconds", "The next backup.", backups.next);
    out.gauge(
        "muster_backup_failing",
        "Whether the last try failed.",
        truth(backups.failing_since.is_some()),
    );
    out.instant(
        "muster_backup_failing_since_timestamp_seconds",
        "Since when backups have failed.",
        backups.failing_since,
    );
    out.gauge_if(
        "muster_backup_interval_seconds",
        "How often a backup is made, if at all.",
        backups.every.map(|every| every.as_secs_f64()),
    );
    out.gauge("muster_backups_kept", "Backups that are kept.", number(backups.kept));
    out.gauge("muster_backups_size_bytes", "What they take.", number(backups.bytes));
}
