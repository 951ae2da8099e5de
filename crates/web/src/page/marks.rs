//! Small things that all parts show: how well something is, how full, how long it took.

use std::time::Duration;

use jiff::Timestamp;
use maud::{Markup, html};
use muster_vitals::snapshot::Latency;
use muster_vitals::targets::{self, Judged, STATEMENTS_P99};

use crate::words;

/// How well something is. Always a shape and a word as well as a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Good,
    Note,
    Warn,
    Bad,
}

impl Mark {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    fn shape(self) -> &'static str {
        match self {
            Self::Good => {
                "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1m3 4.4L7.1 9.7 5 7.6 3.9 8.7l3.2 3.2 5-5.4z"
            }
            Self::Note => "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1m-1 6v5h2V7zm0-3v2h2V4z",
            Self::Warn => "M8 1.2 15.4 14.5H.6zM7.1 6v4.2h1.8V6zm0 5.2V13h1.8v-1.8z",
            Self::Bad => {
                "M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1zM7.1 4v5h1.8V4zm0 6.2V12h1.8v-1.8z"
            }
        }
    }

    /// The shape alone, for where a word stands beside it.
    pub(super) fn icon(self) -> Markup {
        html! {
            svg.mark.(self.class()) viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" {
                path fill-rule="evenodd" d=(self.shape()) {}
            }
        }
    }

    /// Shape and word.
    pub(super) fn tag(self, word: &str) -> Markup {
        html! { span.tag.(self.class()) { (self.icon()) (word) } }
    }
}

/// The heading of a part.
pub(super) fn heading(id: &str, name: &str, aside: &Markup) -> Markup {
    html! { div.heading { h2 id=(format!("{id}-title")) { (name) } (aside) } }
}

/// A bar that is so many percent full, with marks where levels begin.
pub(super) fn meter(percent: f64, mark: Mark, levels: &[f64]) -> Markup {
    let width = format!("{:.1}", percent.clamp(0.0, 100.0));
    html! {
        svg.meter.(mark.class()) viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            rect.rest x="0" y="0" width="100" height="6" {}
            rect.full x="0" y="0" width=(width) height="6" {}
            @for level in levels {
                line.level x1=(level) x2=(level) y1="0" y2="6" {}
            }
        }
    }
}

/// What is said where figures would stand that nobody takes.
pub(super) fn unmonitored() -> Markup {
    html! { p.none { (Mark::Note.icon()) "Not watched: ENABLE_RESOURCE_MONITORING is off." } }
}

/// Names and values.
pub(super) fn facts(facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
    }
}

/// An instant, with how long ago it was.
pub(super) fn ago(now: Timestamp, then: Timestamp) -> Markup {
    moment(then, &words::ago(now, then))
}

/// An instant, with how long it has been since.
pub(super) fn lasting(now: Timestamp, since: Timestamp) -> Markup {
    moment(since, &words::span(words::since(now, since)))
}

/// An instant to come, with how long it is until then.
pub(super) fn until(now: Timestamp, then: Timestamp) -> Markup {
    moment(then, &words::until(now, then))
}

fn moment(at: Timestamp, words: &str) -> Markup {
    let exact = at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    html! { time datetime=(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()) title=(exact) { (words) } }
}

/// What of a latency is held against a bound: the same as in the operator's commands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    /// 99 of 100 take at most this.
    P99(targets::Target<Duration>),
    /// 95 of 100 take at most this.
    P95(targets::Target<Duration>),
    /// Statements of the database, as they are judged.
    Statements(Judged),
    /// The average is at most this.
    Mean(Duration),
}

impl Target {
    fn judged(self, latency: &Latency) -> Judged {
        match self {
            Self::P99(target) => target.at_most(latency.p99),
            Self::P95(target) => target.at_most(latency.p95),
            Self::Statements(judged) => judged,
            Self::Mean(most) if latency.mean <= most => Judged::Good,
            Self::Mean(_) => Judged::Missed,
        }
    }

    fn words(self) -> String {
        let of = match self {
            Self::P99(_) | Self::Statements(_) => "p99",
            Self::P95(_) => "p95",
            Self::Mean(_) => "mean",
        };
        format!("{of} ≤ {}", words::took(self.bound()))
    }

    const fn bound(self) -> Duration {
        match self {
            Self::P99(target) | Self::P95(target) => target.ours,
            Self::Statements(_) => STATEMENTS_P99,
            Self::Mean(most) => most,
        }
    }
}

/// How well something is that has a target.
pub(super) const fn of_target(judged: Judged) -> Mark {
    match judged {
        Judged::Good => Mark::Good,
        Judged::Short => Mark::Warn,
        Judged::Missed => Mark::Bad,
    }
}

/// One row of a table of latencies.
pub(super) struct Timed<'a> {
    pub(super) name: String,
    pub(super) latency: &'a Latency,
    pub(super) target: Option<Target>,
    /// Failures, where they are counted.
    pub(super) failed: Option<u64>,
}

impl<'a> Timed<'a> {
    pub(super) fn new(name: &str, latency: &'a Latency, target: Option<Target>) -> Self {
        Self { name: name.to_owned(), latency, target, failed: None }
    }
}

/// How long things took: figures, and where they lie between 0.1 ms and 10 s.
pub(super) fn latencies(caption: &str, rows: &[Timed<'_>]) -> Markup {
    let counts_failures = rows.iter().any(|row| row.failed.is_some());
    // A target that the row above has as well need not be said again.
    let above = std::iter::once(None).chain(rows.iter().map(|row| row.target));
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.latencies {
                caption.quiet { (caption) }
                thead { tr {
                    th scope="col" { "What" }
                    th.spread scope="col" { span.quiet { "Spread from 0.1 ms to 10 s" }
                        span.scale aria-hidden="true" {
                            span { "0.1 ms" } span { "10 ms" } span { "1 s" }
                        }
                    }
                    th scope="col" { "p50" } th scope="col" { "p95" } th scope="col" { "p99" }
                    th scope="col" { "max" } th scope="col" { "times" }
                    @if counts_failures { th scope="col" { "failed" } }
                } }
                tbody { @for (row, above) in rows.iter().zip(above) { tr {
                    th scope="row" { (name(row, above)) }
                    td.spread { @if row.latency.count > 0 { (spread(row.latency, row.target)) } }
                    @for took in figures(row.latency) { td { (took) } }
                    td { (words::number(row.latency.count)) }
                    @if counts_failures {
                        td { (row.failed.map(words::number).unwrap_or_default()) }
                    }
                } } }
            }
        }
    }
}

fn figures(latency: &Latency) -> [String; 4] {
    let took = [latency.p50, latency.p95, latency.p99, latency.max];
    took.map(|took| if latency.count > 0 { words::took(took) } else { "–".to_owned() })
}

/// The name, with whether its target is met.
fn name(row: &Timed<'_>, above: Option<Target>) -> Markup {
    let Some(target) = row.target else {
        return html! { (row.name) };
    };
    let judged = (row.latency.count > 0).then(|| target.judged(row.latency));
    let words = match judged {
        None => "not measured: ",
        Some(Judged::Good) => "within its target: ",
        Some(Judged::Short) => "above its target: ",
        Some(Judged::Missed) => "far above its target: ",
    };
    html! {
        span.named {
            @if let Some(judged) = judged { (of_target(judged).icon()) }
            span.quiet { (words) } (row.name)
        }
        @if above != Some(target) { span.target { "target " (target.words()) } }
    }
}

/// Half of all lie left of the thick part, 99 of 100 left of its end; the dot is the longest.
fn spread(latency: &Latency, target: Option<Target>) -> Markup {
    let x = |duration: Duration| {
        let ms = (duration.as_secs_f64() * 1_000.0).max(0.1);
        format!("{:.1}", ((ms / 0.1).log10() / 5.0 * 100.0).clamp(0.0, 100.0))
    };
    html! {
        svg.spread viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" {
            line.axis x1="0" x2="100" y1="6" y2="6" {}
            @for decade in [20, 40, 60, 80] {
                line.axis x1=(decade) x2=(decade) y1="3" y2="9" {}
            }
            line.tail x1=(x(latency.p99)) x2=(x(latency.max)) y1="6" y2="6" {}
            line.body x1=(x(latency.p50)) x2=(x(latency.p99)) y1="6" y2="6" {}
            line.p95 x1=(x(latency.p95)) x2=(x(latency.p95)) y1="2" y2="10" {}
            @if let Some(target) = target {
                line.target x1=(x(target.bound())) x2=(x(target.bound())) y1="0" y2="12" {}
            }
        }
    }
}
