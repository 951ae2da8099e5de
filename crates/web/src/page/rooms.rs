//! The bot's own rooms: deliveries and queues, database, cache, tasks, disk and backups.

use maud::{Markup, html};
use muster_vitals::snapshot::{CacheHour, Database, Snapshot, Tasks};
use muster_vitals::targets::{
    self, CACHE_HITS, CACHE_LOOKS_MIN, COMMITS_P99, REMINDERS_P99, STATEMENTS_MEAN, TASKS_DONE,
    statements, worst_tasks,
};

use super::marks::{
    Mark, Target, Timed, ago, facts, heading, latencies, meter, of_target, unmonitored, until,
};
use crate::metrics::number as figure;
use crate::words;

pub(super) fn deliveries(snapshot: &Snapshot) -> Markup {
    let deliveries = &snapshot.deliveries;
    let lag = [Timed::new("reminders", &deliveries.reminder_lag, Some(Target::P99(REMINDERS_P99)))];
    html! {
        (heading("deliveries", "Due jobs and queues", &html! {}))
        (facts(&[
            ("due now", html! { (words::number(deliveries.due)) }),
            ("next due", html! {
                @match deliveries.next_due {
                    Some(at) => (until(snapshot.at, at)),
                    None => "nothing planned",
                }
            }),
            ("sent", html! { (words::number(deliveries.sent)) }),
            ("failed", html! { (words::number(deliveries.failed)) }),
            ("left out", html! { (words::number(deliveries.skipped)) }),
            ("broken channels", html! { (words::number(deliveries.broken_targets)) }),
        ]))
        p.more { a href="/given-up" { "What was given up, to try again" } }
        (latencies("How late reminders were taken by Discord", &lag))
        h3 { "Queues" }
        ul.bars {
            @for queue in &snapshot.queues {
                @let share = figure(queue.depth) / figure(queue.depth_max.max(1)) * 100.0;
                li {
                    span.name { (queue.name) }
                    (meter(share, by_share(share), &[]))
                    span.value {
                        (words::number(queue.depth)) " of " (words::number(queue.depth_max))
                    }
                }
            }
        }
    }
}

/// A share in percent that should be large, beside its target.
fn share(rate: f64, target: targets::Target<f64>, what: &str) -> Markup {
    let (rate_words, ours) = (words::percent(rate), words::percent(target.ours));
    of_target(target.at_least(rate)).tag(&format!("{rate_words} {what}, target {ours}"))
}

fn by_share(percent: f64) -> Mark {
    match percent {
        percent if percent >= 90.0 => Mark::Bad,
        percent if percent >= 70.0 => Mark::Warn,
        _ => Mark::Note,
    }
}

pub(super) fn database(db: &Database) -> Markup {
    let state =
        if db.writable { Mark::Good.tag("takes writes") } else { Mark::Bad.tag("takes no writes") };
    let rows = [
        Timed::new("statements", &db.statements, Some(Target::Statements(statements(db)))),
        Timed::new("statements, mean", &db.statements, Some(Target::Mean(STATEMENTS_MEAN))),
        Timed::new("commits", &db.commit, Some(Target::P99(COMMITS_P99))),
    ];
    let looks = db.result_hits.saturating_add(db.result_misses);
    let found = (looks > 0).then(|| figure(db.result_hits) / figure(looks) * 100.0);
    html! {
        (heading("database", "Database", &html! { span.aside { (state) } }))
        (facts(&[
            ("connections", html! { (db.connections) " of " (db.connections_max) }),
            ("commits", html! { (words::number(db.commits)) }),
            ("writes in them", html! { (words::number(db.writes)) }),
            ("rows unreadable", html! { (words::number(db.unreadable)) }),
            ("results reused", html! { (found.map_or("–".to_owned(), words::percent)) }),
            ("file", html! { (words::bytes(db.size)) }),
            ("log", html! { (words::bytes(db.log_size)) }),
            ("schema", html! { (db.schema) }),
        ]))
        (latencies("Statements and commits over the last hour", &rows))
        h3 { "Slow statements" }
        @if db.slow.is_empty() { p.none { (Mark::Good.icon()) "None lately." } }
        ol.slow {
            @for slow in &db.slow {
                li {
                    details {
                        summary { strong { (words::took(slow.took)) } " "
                            span.muted { (words::number(slow.times)) "×" } " " code { (slow.sql) } }
                        p { "Plan: " code { (slow.plan) } }
                    }
                }
            }
        }
    }
}

pub(super) fn cache(snapshot: &Snapshot) -> Markup {
    let kinds = &snapshot.cache;
    let hour = CacheHour::of_all(kinds);
    let aside = hour.hit_rate().map(|rate| match hour.looks() {
        // So few say nothing.
        ..CACHE_LOOKS_MIN => {
            Mark::Note.tag(&format!("{} found, hardly asked lately", words::percent(rate)))
        }
        _ => share(rate, CACHE_HITS, "found"),
    });
    html! {
        (heading("cache", "Cache", &html! { span.aside { @if let Some(tag) = aside { (tag) } } }))
        div.scroll tabindex="0" role="region" aria-label="Cache by kind" {
            table {
                caption.quiet { "Cache by kind" }
                thead { tr {
                    th scope="col" { "Kind" } th scope="col" { "entries" } th scope="col" { "size" }
                    th scope="col" { "found (1 h)" } th scope="col" { "looks (1 h)" }
                    th scope="col" { "evicted" } th scope="col" { "expired" }
                    th scope="col" { "lives" }
                } }
                tbody { @for kind in kinds { tr {
                    th scope="row" { (kind.name) }
                    td { (words::number(kind.entries)) } td { (words::bytes(kind.bytes)) }
                    td { (kind.last_hour.hit_rate().map_or("–".to_owned(), words::percent)) }
                    td { (words::number(kind.last_hour.looks())) }
                    td { (words::number(kind.evicted)) } td { (words::number(kind.expired)) }
                    td { (kind.lives.map_or("while true".to_owned(), words::span)) }
                } } }
            }
        }
    }
}

pub(super) fn tasks(tasks: &Tasks) -> Markup {
    let aside = worst_tasks(tasks).map(|(kind, rate)| {
        let which = if rate < 100.0 { format!("of {} ", kind.name) } else { String::new() };
        share(rate, TASKS_DONE, &format!("{which}succeeded"))
    });
    html! {
        (heading("tasks", "Tasks", &html! { span.aside { @if let Some(tag) = aside { (tag) } } }))
        (facts(&[
            ("running", html! { (tasks.running) " of " (tasks.concurrent_max) }),
            ("waiting", html! { (words::number(tasks.waiting)) }),
            ("put off under pressure", html! { (words::number(tasks.deferred)) }),
        ]))
        div.scroll tabindex="0" role="region" aria-label="Tasks by kind" {
            table {
                caption.quiet { "Tasks by kind" }
                thead { tr {
                    th scope="col" { "Task and priority" }
                    th scope="col" { "done" } th scope="col" { "failed" }
                    th scope="col" { "timed out" } th scope="col" { "cancelled" }
                    th scope="col" { "retried" } th scope="col" { "p50" } th scope="col" { "p99" }
                } }
                tbody { @for kind in &tasks.kinds { tr {
                    th scope="row" { (kind.name) span.target { (kind.priority) } }
                    td { (words::number(kind.succeeded)) } td { (words::number(kind.failed)) }
                    td { (words::number(kind.timed_out)) } td { (words::number(kind.cancelled)) }
                    td { (words::number(kind.retried)) }
                    td { (words::took(kind.took.p50)) } td { (words::took(kind.took.p99)) }
                } } }
            }
        }
    }
}

/// The disk, and the copies of the database on it.
pub(super) fn storage(snapshot: &Snapshot) -> Markup {
    let (backups, now) = (&snapshot.backups, snapshot.at);
    let state = match (backups.failing_since, backups.last) {
        (Some(_), _) => Mark::Bad.tag("backups fail"),
        (None, Some(_)) => Mark::Good.tag("backed up"),
        (None, None) => Mark::Note.tag("no backup yet"),
    };
    html! {
        (heading("storage", "Storage and backups", &html! { span.aside { (state) } }))
        @if snapshot.unmonitored { (unmonitored()) } @else { (space(snapshot)) }
        (facts(&[
            ("backups kept", html! {
                (words::number(backups.kept)) ", " (words::bytes(backups.bytes))
            }),
            ("last good one", html! {
                @match backups.last { Some(at) => (ago(now, at)), None => "never" }
            }),
            ("next one", html! {
                @match backups.next { Some(at) => (until(now, at)), None => "not planned" }
            }),
            ("failing since", html! {
                @match backups.failing_since { Some(at) => (ago(now, at)), None => "–" }
            }),
        ]))
    }
}

/// What the disk holds, and what went over the network.
fn space(snapshot: &Snapshot) -> Markup {
    let (disk, network) = (&snapshot.disk, &snapshot.network);
    let share = figure(disk.ours()) / figure(disk.budget.max(1)) * 100.0;
    html! {
        ul.bars { li {
            span.name { "Muster's share of its budget" }
            (meter(share, by_share(share), &[]))
            span.value { (words::bytes(disk.ours())) " of " (words::bytes(disk.budget)) }
        } }
        (facts(&[
            ("database", html! { (words::bytes(disk.database)) }),
            ("log files", html! { (words::bytes(disk.logs)) }),
            ("backups", html! { (words::bytes(disk.backups)) }),
            ("free on the disk", html! {
                (words::bytes(disk.free)) " of " (words::bytes(disk.size))
            }),
            ("received", html! { (words::bytes(network.received)) }),
            ("sent", html! { (words::bytes(network.sent)) }),
        ]))
    }
}
