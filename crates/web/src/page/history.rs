//! How things went: the last samples, and the last day.

use maud::{Markup, html};
use muster_vitals::snapshot::{Sample, Snapshot};

use super::chart::{Chart, Line, Unit};
use super::marks::{heading, unmonitored};
use crate::metrics::number;

const MIB: f64 = 1_048_576.0;

static CHARTS: [Chart; 5] = [
    Chart {
        id: "memory-chart",
        title: "Memory",
        lines: &[
            Line { name: "counts against the limit", value: |it| number(it.memory_used) },
            Line { name: "resident", value: |it| number(it.resident) },
        ],
        unit: Unit::Bytes,
        top_least: MIB,
    },
    Chart {
        id: "cpu-chart",
        title: "Processor",
        lines: &[Line { name: "used by Muster", value: |it| it.cpu_percent }],
        unit: Unit::Percent,
        top_least: 2.0,
    },
    Chart {
        id: "members-chart",
        title: "Activity each minute",
        lines: &[
            Line { name: "taps and commands", value: |it| number(it.answers_each_minute) },
            Line { name: "distinct members", value: |it| number(it.members_each_minute) },
        ],
        unit: Unit::Count,
        top_least: 4.0,
    },
    Chart {
        id: "network-chart",
        title: "Network each second",
        lines: &[
            Line { name: "received", value: |it| it.received_each_second },
            Line { name: "sent", value: |it| it.sent_each_second },
        ],
        unit: Unit::Bytes,
        top_least: 1_024.0,
    },
    Chart {
        id: "disk-chart",
        title: "Disk used",
        lines: &[Line { name: "of the data's disk", value: disk_percent }],
        unit: Unit::Percent,
        top_least: 5.0,
    },
];

fn disk_percent(sample: &Sample) -> f64 {
    let used = number(sample.disk_size.saturating_sub(sample.disk_free));
    used / number(sample.disk_size).max(1.0) * 100.0
}

/// The charts, each for both times; the page shows the one that is chosen.
pub(super) fn part(snapshot: &Snapshot, day: &[Sample]) -> Markup {
    let last = snapshot.history.last();
    let switch = html! {
        fieldset.ranges #ranges data-keep hidden {
            legend.quiet-legend { "Time shown" }
            label { input type="radio" name="range" value="now"; span { "Last samples" } }
            label { input type="radio" name="range" value="day"; span { "Last day" } }
        }
    };
    html! {
        (heading("history", "History", &switch))
        @if snapshot.unmonitored { (unmonitored()) }
        div.charts {
            @for chart in &CHARTS {
                figure {
                    figcaption { h3 { (chart.title) } (chart.legend(last)) }
                    (chart.draw(&snapshot.history, "range-now"))
                    (chart.draw(day, "range-day"))
                }
            }
        }
    }
}
