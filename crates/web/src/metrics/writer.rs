//! The two text formats: Prometheus 0.0.4, and `OpenMetrics` 1.0 for whoever asks for it.

use std::fmt::Write as _;

use jiff::Timestamp;
use muster_vitals::snapshot::Latency;

use crate::limits::SERIES_MAX;

/// How figures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Prometheus,
    OpenMetrics,
}

impl Format {
    /// `OpenMetrics` for whoever would take it, which no browser does.
    pub(crate) fn accepted(accept: &str) -> Self {
        let mut kinds = accept.split(',').map(str::trim);
        let wants_new = kinds.any(|kind| {
            let refused = kind.split(';').map(str::trim).any(|part| part == "q=0");
            kind.starts_with("application/openmetrics-text") && !refused
        });
        if wants_new { Self::OpenMetrics } else { Self::Prometheus }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Labels of one series with its value.
pub(crate) type Series<'a> = (Vec<(&'static str, &'a str)>, f64);

/// Writes one metric after the other.
pub(crate) struct Writer {
    text: String,
    format: Format,
}

impl Writer {
    pub(crate) fn new(format: Format) -> Self {
        Self { text: String::with_capacity(24 * 1_024), format }
    }

    pub(crate) fn finish(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.text.push_str("# EOF\n");
        }
        self.text
    }

    /// What goes up and down.
    pub(crate) fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.gauges(name, help, [(vec![], value)]);
    }

    /// The same, if it is known.
    pub(crate) fn gauge_if(&mut self, name: &str, help: &str, value: Option<f64>) {
        self.gauges(name, help, value.map(|value| (vec![], value)));
    }

    /// An instant, if there is one.
    pub(crate) fn instant(&mut self, name: &str, help: &str, at: Option<Timestamp>) {
        self.gauge_if(name, help, at.map(|at| at.as_duration().as_secs_f64()));
    }

    pub(crate) fn gauges<'a>(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = Series<'a>>,
    ) {
        self.head(name, "gauge", help);
        for (labels, value) in series.into_iter().take(SERIES_MAX) {
            self.series(name, &labels, value);
        }
    }

    /// What only grows; `name` is without `_total`.
    pub(crate) fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.counters(name, help, [(vec![], number(value))]);
    }

    pub(crate) fn counters<'a>(
        &mut self,
        name: &str,
        help: &str,
        series: impl IntoIterator<Item = Series<'a>>,
    ) {
        let full = format!("{name}_total");
        match self.format {
            Format::Prometheus => self.head(&full, "counter", help),
            Format::OpenMetrics => self.head(name, "counter", help),
        }
        for (labels, value) in series.into_iter().take(SERIES_MAX) {
            self.series(&full, &labels, value);
        }
    }

    /// How long something took. These are figures of the last hour, which can fall, so they are
    /// gauges and no summary.
    pub(crate) fn latency(&mut self, name: &str, what: &str, latency: &Latency) {
        let help = format!("{what}, in the last hour or since the start if that is less.");
        let series = stats(latency).map(|(stat, value)| (vec![("stat", stat)], value));
        self.gauges(&format!("{name}_seconds"), &help, series);
        let help = format!("How often this was measured in that time: {what}.");
        self.gauge(&format!("{name}_measured"), &help, number(latency.count));
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        write!(self.text, "# HELP {name} {}\n# TYPE {name} {kind}\n", escaped(help)).ok();
    }

    fn series(&mut self, name: &str, labels: &[(&'static str, &str)], value: f64) {
        self.text.push_str(name);
        for (index, (label, text)) in labels.iter().enumerate() {
            let opening = if index == 0 { '{' } else { ',' };
            write!(self.text, "{opening}{label}=\"{}\"", escaped(text)).ok();
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        writeln!(self.text, " {value}").ok();
    }
}

/// The figures of a latency by their names, in seconds; none before the first measurement.
pub(crate) fn stats(latency: &Latency) -> impl Iterator<Item = (&'static str, f64)> + use<> {
    let all = [
        ("mean", latency.mean),
        ("p50", latency.p50),
        ("p95", latency.p95),
        ("p99", latency.p99),
        ("max", latency.max),
    ];
    let known = if latency.count == 0 { 0 } else { all.len() };
    all.into_iter().take(known).map(|(stat, took)| (stat, took.as_secs_f64()))
}

/// A count as a figure; whole up to 2^53, far beyond anything counted or weighed here.
#[expect(clippy::cast_precision_loss, reason = "figures have 53 bits")]
pub(crate) fn number(count: u64) -> f64 {
    count as f64
}

/// 1 for what is so.
pub(crate) fn truth(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_format_is_for_those_who_ask() {
        let prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3";
        assert_eq!(Format::accepted(prometheus), Format::OpenMetrics);
        for old in ["", "*/*", "text/html,*/*;q=0.8", "application/openmetrics-text;q=0"] {
            assert_eq!(Format::accepted(old), Format::Prometheus, "{old}");
        }
    }

    #[test]
    fn a_value_cannot_break_out_of_its_label() {
        let mut out = Writer::new(Format::OpenMetrics);
        out.counters("a", "Help.", [(vec![("b", "x\"} 1\nc\\")], 2.0)]);
        let text = out.finish();
        assert_eq!(
            text,
            "# HELP a Help.\n# TYPE a counter\na_total{b=\"x\\\"} 1\\nc\\\\\"} 2\n# EOF\n"
        );
    }
}
