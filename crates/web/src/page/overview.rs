//! What one looks for first: the figures that matter, alerts, advice; and the settings.

use maud::{Markup, html};
use muster_vitals::settings::AlertThresholds;
use muster_vitals::snapshot::{
    AlertLevel, Latency, LimitSource, PressureLevel, Resource, Snapshot,
};

use super::marks::{Mark, ago, heading, lasting, meter, unmonitored};
use super::verdict::{name, stands, value};
use crate::words;

struct Figure {
    name: &'static str,
    value: String,
    below: String,
    share: Option<(f64, Mark, Vec<f64>)>,
}

/// The figures that matter.
pub(super) fn figures(snapshot: &Snapshot) -> Markup {
    html! {
        h2.quiet id="figures-title" { "At a glance" }
        ul.figures {
            @for figure in all(snapshot) {
                li {
                    span.name { (figure.name) }
                    span.value { (figure.value) }
                    @if let Some((percent, mark, levels)) = &figure.share {
                        (meter(*percent, *mark, levels))
                    }
                    span.below { (figure.below) }
                }
            }
        }
    }
}

fn all(snapshot: &Snapshot) -> Vec<Figure> {
    let plain = |name, value, below| Figure { name, value, below, share: None };
    let answers = &snapshot.answers;
    let next = snapshot.deliveries.next_due.map(|next| words::until(snapshot.at, next));
    vec![
        memory(snapshot),
        if snapshot.unmonitored { unwatched("Processor") } else { cpu(snapshot) },
        if snapshot.unmonitored { unwatched("Disk") } else { disk(snapshot) },
        plain(
            "Activity",
            format!("{} / min", words::number(answers.each_minute)),
            format!("taps and commands, {} failed", words::number(answers.errors_each_minute)),
        ),
        plain(
            "Members at once",
            format!("{} / min", words::number(answers.members_each_minute)),
            "distinct members in the last minute".to_owned(),
        ),
        plain("Tap to answer", p99(&answers.taps), "p99, of 3 s that Discord waits".to_owned()),
        plain(
            "Due now",
            words::number(snapshot.deliveries.due),
            next.map_or("nothing planned".to_owned(), |next| format!("next {next}")),
        ),
        plain(
            "Reminder lag",
            p99(&snapshot.deliveries.reminder_lag),
            "p99, how late Discord took them".to_owned(),
        ),
    ]
}

fn p99(latency: &Latency) -> String {
    if latency.count == 0 { "–".to_owned() } else { words::took(latency.p99) }
}

fn memory(snapshot: &Snapshot) -> Figure {
    let memory = &snapshot.memory;
    let mark = match memory.level {
        PressureLevel::Low => Mark::Good,
        PressureLevel::Medium => Mark::Note,
        PressureLevel::High => Mark::Warn,
        PressureLevel::Critical => Mark::Bad,
    };
    Figure {
        name: "Memory",
        value: words::percent(memory.percent()),
        below: format!(
            "{} of {}{} · ours {}",
            words::bytes(memory.used),
            words::bytes(memory.limit),
            whose_limit(memory.source),
            words::bytes(memory.resident)
        ),
        share: Some((memory.percent(), mark, snapshot.thresholds.memory.map(f64::from).to_vec())),
    }
}

/// That a level judges more than this program is not to be missed.
const fn whose_limit(source: LimitSource) -> &'static str {
    match source {
        LimitSource::Machine => ", the whole machine",
        LimitSource::GroupV1 | LimitSource::GroupV2 | LimitSource::Unknown => "",
    }
}

fn cpu(snapshot: &Snapshot) -> Figure {
    let cpu = &snapshot.cpu;
    let cores = if (cpu.cores - 1.0).abs() < f64::EPSILON { "core" } else { "cores" };
    Figure {
        name: "Processor",
        value: words::percent(cpu.percent),
        below: format!("of {} {cores}", cpu.cores),
        share: Some(judged(cpu.percent, snapshot.thresholds.cpu)),
    }
}

fn disk(snapshot: &Snapshot) -> Figure {
    let disk = &snapshot.disk;
    Figure {
        name: "Disk",
        value: words::percent(disk.percent()),
        below: format!("{} free, ours {}", words::bytes(disk.free), words::bytes(disk.ours())),
        share: Some(judged(disk.percent(), snapshot.thresholds.disk)),
    }
}

fn unwatched(name: &'static str) -> Figure {
    let below = "not watched: ENABLE_RESOURCE_MONITORING is off".to_owned();
    Figure { name, value: "–".to_owned(), below, share: None }
}

/// A share with its mark, and where the levels begin by which it has that.
fn judged(percent: f64, thresholds: AlertThresholds) -> (f64, Mark, Vec<f64>) {
    let AlertThresholds { info, warning, critical, emergency } = thresholds;
    let is_from = |level: u8| percent >= f64::from(level);
    let mark = if is_from(critical) {
        Mark::Bad
    } else if is_from(warning) {
        Mark::Warn
    } else if info.is_some_and(is_from) {
        Mark::Note
    } else {
        Mark::Good
    };
    let levels = info.into_iter().chain([warning, critical, emergency]);
    (percent, mark, levels.map(f64::from).collect())
}

fn mark(level: AlertLevel) -> Mark {
    match level {
        AlertLevel::Info => Mark::Note,
        AlertLevel::Warning => Mark::Warn,
        AlertLevel::Critical | AlertLevel::Emergency => Mark::Bad,
    }
}

/// Alerts that are on, and what became of others.
pub(super) fn alerts(snapshot: &Snapshot) -> Markup {
    let now = snapshot.at;
    let count = html! { span.aside { (snapshot.alerts.len()) " on" } };
    html! {
        (heading("alerts", "Alerts", &count))
        @if snapshot.unmonitored {
            (unmonitored())
        } @else if snapshot.alerts.is_empty() {
            p.none { (Mark::Good.icon()) "No alert is on." }
        }
        ul.alerts {
            @for alert in &snapshot.alerts {
                li.(mark(alert.level).class()) {
                    (mark(alert.level).tag(alert.level.name()))
                    span.what {
                        strong { (name(alert.resource)) }
                        " " (stands(alert))
                    }
                    span.when { "for " (lasting(now, alert.since)) }
                }
            }
        }
        details open[!snapshot.alert_log.is_empty()] {
            summary { "Log (" (snapshot.alert_log.len()) ")" }
            @if snapshot.alert_log.is_empty() { p.muted { "Nothing has happened yet." } }
            ol.log {
                @for entry in snapshot.alert_log.iter().take(20) {
                    li {
                        (ago(now, entry.at)) " "
                        @match entry.level {
                            Some(level) => (mark(level).tag(level.name())),
                            None => (Mark::Good.tag("recovered")),
                        }
                        span.what {
                            (name(entry.resource))
                            " at " (value(entry.resource, entry.value))
                            @match (entry.resource, entry.level) {
                                (Resource::Backups, Some(_)) => {}
                                (Resource::Backups | Resource::MemoryTrend, None) => {
                                    " after " (words::span(entry.lasted))
                                }
                                (resource, None) => {
                                    ", below " (value(resource, entry.threshold))
                                    " after " (words::span(entry.lasted))
                                }
                                (resource, Some(_)) => {
                                    " (from " (value(resource, entry.threshold)) ")"
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the operator could do.
pub(super) fn advice(snapshot: &Snapshot) -> Markup {
    let all = &snapshot.recommendations;
    html! {
        (heading("advice", "Recommendations", &html! { span.aside { (all.len()) } }))
        @if all.is_empty() {
            p.none { (Mark::Good.icon()) "Nothing to improve." }
        }
        ul.advice {
            @for one in all { li { strong { (one.advice) } span.muted { (one.because) } } }
        }
    }
}

/// What is in force.
pub(super) fn settings(snapshot: &Snapshot) -> Markup {
    html! {
        (heading("settings", "Settings in force", &html! {}))
        dl.settings {
            @for (name, value) in &snapshot.settings {
                div { dt { code { (name) } } dd { (value) } }
            }
        }
    }
}
