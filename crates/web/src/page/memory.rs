//! Memory pressure, what holds memory, and what the optimizer did about it.

use jiff::Timestamp;
use maud::{Markup, PreEscaped, html};
use muster_vitals::snapshot::{Memory, PressureLevel, Snapshot};
use muster_vitals::watched::CleanUp;

use super::frame::NO_TOKEN;
use super::marks::{Mark, ago, facts, heading, meter};
use super::verdict::level;
use crate::words;

pub(super) fn part(snapshot: &Snapshot, cleaned_up: Option<&(Timestamp, CleanUp)>) -> Markup {
    let memory = &snapshot.memory;
    let pressure = mark(memory.level).tag(&format!("pressure {}", level(memory.level)));
    html! {
        (heading("memory", "Memory", &html! { span.aside { (pressure) } }))
        (account(snapshot))
        form.act method="post" action="/clean-up" data-act="" {
            (PreEscaped(NO_TOKEN))
            button.main type="submit" { "Clean up now" }
            p.muted {
                @match cleaned_up {
                    Some((at, done)) => {
                        (words::capitalised(&words::ago(snapshot.at, *at))) ": "
                        (words::clean_up(done))
                    }
                    None => "Runs all reclaimers. Nothing is lost that is not stored elsewhere.",
                }
            }
        }
        (optimizer(snapshot))
        (components(memory))
    }
}

fn mark(level: PressureLevel) -> Mark {
    match level {
        PressureLevel::Low => Mark::Good,
        PressureLevel::Medium => Mark::Note,
        PressureLevel::High => Mark::Warn,
        PressureLevel::Critical => Mark::Bad,
    }
}

fn account(snapshot: &Snapshot) -> Markup {
    let memory = &snapshot.memory;
    let text = |bytes| html! { (words::bytes(bytes)) };
    let stalled = memory.stalled_percent.map(words::percent);
    let mut rows = vec![
        ("used", text(memory.used)),
        ("limit", text(memory.limit)),
        ("limit set by", html! { (memory.source.name()) }),
        ("headroom", text(memory.headroom())),
        ("cache is cut above", text(memory.threshold)),
        ("resident", text(memory.resident)),
        ("level since", ago(snapshot.at, memory.level_since)),
        ("stalled", html! { (stalled.unwrap_or_else(|| "not reported by the kernel".to_owned())) }),
    ];
    if let Some(allocator) = memory.allocator {
        rows.extend([
            ("allocated", text(allocator.allocated)),
            ("active", text(allocator.active)),
            ("held by allocator", text(allocator.resident)),
            ("free but kept", text(allocator.retained)),
        ]);
    }
    facts(&rows)
}

fn optimizer(snapshot: &Snapshot) -> Markup {
    let memory = &snapshot.memory;
    let runs = if memory.runs == 1 { "run" } else { "runs" };
    html! {
        h3 { "Optimizer" }
        p {
            @if memory.optimizes { (Mark::Good.tag("runs by itself")) }
            @else { (Mark::Note.tag("switched off")) }
            " " (words::number(memory.runs)) " " (runs) ", " (words::bytes(memory.given_back))
            " given back to the system"
        }
        div.scroll tabindex="0" role="region" aria-label="Reclaimers" {
            table {
                caption.quiet { "Reclaimers, in the order of their cost" }
                thead { tr {
                    th scope="col" { "Reclaimer" } th scope="col" { "holds" }
                    th scope="col" { "runs" } th scope="col" { "freed" }
                } }
                tbody { @for one in &memory.reclaimers { tr {
                    th scope="row" { (one.name) } td { (words::bytes(one.holds)) }
                    td { (words::number(one.runs)) } td { (words::bytes(one.freed)) }
                } } }
            }
        }
        @if !memory.changes.is_empty() {
            details {
                summary { "Changes of level (" (memory.changes.len()) ")" }
                ol.log { @for change in memory.changes.iter().take(20) { li {
                    (ago(snapshot.at, change.at)) " "
                    (mark(change.to).tag(level(change.to)))
                    span.what { "before: " (level(change.from)) }
                } } }
            }
        }
    }
}

fn components(memory: &Memory) -> Markup {
    let most = memory.components.iter().map(|part| part.bytes).max().unwrap_or(1);
    let share = |bytes| crate::metrics::number(bytes) / crate::metrics::number(most.max(1)) * 100.0;
    html! {
        h3 { "What holds memory" }
        ul.bars {
            @for part in &memory.components {
                li {
                    span.name { (part.name) }
                    (meter(share(part.bytes), Mark::Note, &[]))
                    span.value { (words::bytes(part.bytes)) }
                }
            }
        }
    }
}
