//! Lines over time as SVG, with words for those who do not see them.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use maud::{Markup, html};
use muster_vitals::snapshot::Sample;

use crate::words;

/// The drawing is this wide and high, in units that the browser stretches.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 120.0;

/// Points of a line at most; of more, the highest of each few is drawn.
const POINTS_MAX: usize = 240;

/// One line of a chart.
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) value: fn(&Sample) -> f64,
}

/// What a chart shows, over any time.
pub(super) struct Chart {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) lines: &'static [Line],
    /// What values are.
    pub(super) unit: Unit,
    /// The scale reaches at least so far.
    pub(super) top_least: f64,
}

/// What values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Bytes,
    Percent,
    Count,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Percent => "percent",
            Self::Count => "count",
        }
    }

    fn say(self, value: f64) -> String {
        match self {
            Self::Bytes => words::rate(value),
            Self::Percent => words::percent(value),
            Self::Count => format!("{value:.0}"),
        }
    }

    /// The base of the scale, and its steps up to the next power of it.
    fn scale(self) -> (f64, &'static [f64]) {
        match self {
            Self::Bytes => (2.0, &[1.0, 1.25, 1.5, 1.75, 2.0]),
            Self::Percent | Self::Count => (10.0, &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0]),
        }
    }
}

impl Chart {
    /// The drawing for these samples. `range` names the time that they cover, for the switch.
    pub(super) fn draw(&self, samples: &[Sample], range: &'static str) -> Markup {
        let id = format!("{}-{range}", self.id);
        let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
            return html! { div.chart.(range) { p.muted { "No samples yet." } } };
        };
        let whole = words::since(last.at, first.at);
        let top = self.top(samples);
        html! {
            div.chart.(range) {
                // The script reads values off the lines, and needs to know what they span.
                div.plot data-from=(first.at.as_second()) data-to=(last.at.as_second())
                    data-top=(top) data-unit=(self.unit.name()) {
                    span.cross data-keep aria-hidden="true" hidden {}
                    span.readout data-keep aria-hidden="true" hidden {}
                    span.top aria-hidden="true" { (self.unit.say(top)) }
                    svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none"
                        role="img" aria-labelledby=(id) {
                        title id=(id) { (self.in_words(samples, whole)) }
                        @for share in [0.25, 0.5, 0.75] {
                            line.grid x1="0" x2=(WIDTH) y1=(HEIGHT * share) y2=(HEIGHT * share) {}
                        }
                        @for (index, line) in self.lines.iter().enumerate() {
                            (draw_line(line, index, samples, top))
                        }
                    }
                }
                p.axis aria-hidden="true" {
                    span { (words::span(whole)) " ago" } span { "now" }
                }
            }
        }
    }

    /// The lines with their last values.
    pub(super) fn legend(&self, last: Option<&Sample>) -> Markup {
        html! {
            ul.legend {
                @for (index, line) in self.lines.iter().enumerate() {
                    li {
                        svg.key.(format!("line-{index}")) viewBox="0 0 16 8" width="16" height="8"
                            aria-hidden="true" { line x1="0" x2="16" y1="4" y2="4" {} }
                        span { (line.name) }
                        @if let Some(last) = last { strong { (self.unit.say((line.value)(last))) } }
                    }
                }
            }
        }
    }

    fn top(&self, samples: &[Sample]) -> f64 {
        let values = self.lines.iter().flat_map(|line| samples.iter().map(line.value));
        let most = values.fold(self.top_least, f64::max) * 1.15;
        let (base, steps) = self.unit.scale();
        let power = base.powf(most.log(base).floor());
        let step = steps.iter().find(|step| *step * power >= most).unwrap_or(&base);
        step * power
    }

    fn in_words(&self, samples: &[Sample], whole: Duration) -> String {
        let mut text = format!("{} over {}:", self.title, words::span(whole));
        for (index, line) in self.lines.iter().enumerate() {
            let values = || samples.iter().map(line.value);
            let least = values().fold(f64::INFINITY, f64::min);
            let most = values().fold(0.0, f64::max);
            let now = values().next_back().unwrap_or_default();
            let say = |value| self.unit.say(value);
            let separator = if index == 0 { "" } else { ";" };
            // Writing to a string cannot fail.
            write!(
                text,
                "{separator} {} between {} and {}, now {}",
                line.name,
                say(least),
                say(most),
                say(now)
            )
            .ok();
        }
        text
    }
}

/// One line; where samples are missing it is broken.
fn draw_line(line: &Line, index: usize, samples: &[Sample], top: f64) -> Markup {
    let points = points(samples, line.value);
    let pieces = pieces(&points);
    let class = format!("line-{index}");
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return html! {};
    };
    let whole = words::since(last.0, first.0).as_secs_f64().max(1.0);
    let x = |at| words::since(at, first.0).as_secs_f64() / whole * WIDTH;
    let y = |value: f64| HEIGHT - (value / top).clamp(0.0, 1.0) * HEIGHT;
    let mut path = String::new();
    let mut area = String::new();
    for piece in pieces {
        let (Some(begin), Some(end)) = (piece.first(), piece.last()) else {
            continue;
        };
        write!(area, "M{:.1} {HEIGHT}", x(begin.0)).ok();
        for (nth, (at, value)) in piece.iter().enumerate() {
            let letter = if nth == 0 { 'M' } else { 'L' };
            write!(path, "{letter}{:.1} {:.1}", x(*at), y(*value)).ok();
            write!(area, "L{:.1} {:.1}", x(*at), y(*value)).ok();
        }
        write!(area, "L{:.1} {HEIGHT}Z", x(end.0)).ok();
    }
    html! {
        @if index == 0 { path.area.(class) d=(area) {} }
        path.line.(class) d=(path) {}
    }
}

fn points(samples: &[Sample], value: fn(&Sample) -> f64) -> Vec<(Timestamp, f64)> {
    let each = samples.len().div_ceil(POINTS_MAX).max(1);
    let highest = |few: &[Sample]| {
        let at = few.last().map(|sample| sample.at)?;
        Some((at, few.iter().map(value).fold(0.0, f64::max)))
    };
    samples.chunks(each).filter_map(highest).collect()
}

/// The points without the gaps: a gap is four times as long as the usual step.
fn pieces(points: &[(Timestamp, f64)]) -> Vec<&[(Timestamp, f64)]> {
    let mut steps: Vec<Duration> = points
        .iter()
        .zip(points.iter().skip(1))
        .map(|(one, next)| words::since(next.0, one.0))
        .collect();
    steps.sort_unstable();
    let usual = steps.get(steps.len().saturating_sub(1) / 2).copied().unwrap_or_default();
    let gap = usual.saturating_mul(4).max(Duration::from_secs(90));
    points.chunk_by(|one, next| words::since(next.0, one.0) < gap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: Chart = Chart {
        id: "a",
        title: "Taps",
        lines: &[Line { name: "taps", value: |sample| sample.cpu_percent }],
        unit: Unit::Count,
        top_least: 5.0,
    };

    fn samples(values: &[(i64, f64)]) -> Vec<Sample> {
        let sample = |(second, value): &(i64, f64)| Sample {
            at: Timestamp::from_second(*second).unwrap(),
            cpu_percent: *value,
            ..Sample::default()
        };
        values.iter().map(sample).collect()
    }

    #[test]
    fn a_chart_says_in_words_what_it_shows() {
        let drawn = CHART.draw(&samples(&[(0, 2.0), (60, 9.0), (120, 4.0)]), "now").into_string();
        assert!(drawn.contains("Taps over 2 min: taps between 2 and 9, now 4"), "{drawn}");
        assert!(drawn.contains("M0.0 104.0L300.0 48.0L600.0 88.0"), "{drawn}");
    }

    #[test]
    fn a_line_is_broken_where_samples_are_missing() {
        let drawn = CHART.draw(&samples(&[(0, 1.0), (60, 1.0), (6_000, 1.0), (6_060, 1.0)]), "now");
        assert_eq!(drawn.into_string().matches("M0.0 104.0").count(), 1);
        let points = points(&samples(&[(0, 1.0), (60, 1.0), (6_000, 1.0)]), |s| s.cpu_percent);
        assert_eq!(pieces(&points).len(), 2);
    }

    #[test]
    fn a_day_of_samples_is_a_bounded_drawing_that_keeps_its_peaks() {
        let mut values: Vec<_> = (0..1_440).map(|minute| (minute * 60, 1.0)).collect();
        values[777].1 = 80.0;
        let points = points(&samples(&values), |sample| sample.cpu_percent);
        assert!(points.len() <= POINTS_MAX);
        assert!(points.iter().any(|(_, value)| *value > 79.0));
    }

    #[test]
    fn without_samples_it_says_so() {
        assert!(CHART.draw(&[], "now").into_string().contains("No samples yet."));
        assert!(CHART.draw(&samples(&[(0, 0.0)]), "now").into_string().contains("<path"));
    }
}
