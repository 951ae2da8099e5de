//! The tables of taps.

use super::{Options, Target, loads};
use crate::figures::{Series, float, table};
use crate::tally::{Load, Report};

/// How many in flight the processor time is told of, among the loads.
const IN_FLIGHT_64: usize = 2;
const IN_FLIGHT_512: usize = 3;
const RATE_1000: usize = 1;

/// What one load did to one target, in all runs.
#[derive(Clone, Default)]
struct Line {
    per_second: Series,
    cpu_ms: Series,
    ms: [Series; 3],
    late_ms: Series,
    others: u64,
    wrong: u64,
    /// Of the current run: taps a second, and the 99th of 100 in milliseconds.
    last: (f64, f64),
}

/// All that was measured.
#[derive(Default)]
pub(super) struct Measured {
    lines: Vec<(Target, [Line; 4])>,
    /// Taps a second as a share of the smaller limit, with 64 and 512 in flight.
    shares: [Series; 2],
    /// The 99th of 100 as a multiple of the store's alone, at 1,000 taps a second.
    multiple: Series,
}

impl Measured {
    /// Adds what came of the load with this index.
    pub(super) fn add(&mut self, target: Target, load: usize, report: &Report, cpu_seconds: f64) {
        if !self.lines.iter().any(|(known, _)| *known == target) {
            self.lines.push((target, Default::default()));
        }
        let found = self.lines.iter_mut().find(|(known, _)| *known == target);
        let Some(line) = found.and_then(|(_, lines)| lines.get_mut(load)) else { return };
        let taps = float(report.answered);
        let [_, p99, _] = report.ms;
        line.last = (taps / report.seconds, p99);
        line.per_second.push(taps / report.seconds);
        line.cpu_ms.push(cpu_seconds * 1_000.0 / taps.max(1.0));
        for (series, ms) in line.ms.iter_mut().zip(report.ms) {
            series.push(ms);
        }
        line.late_ms.push(report.late_ms);
        line.wrong += report.wrong;
        line.others += report.others;
    }

    /// Compares within the run that has just ended.
    pub(super) fn close_run(&mut self) {
        for (index, load) in [IN_FLIGHT_64, IN_FLIGHT_512].into_iter().enumerate() {
            let rate = |target| self.last(target, load).0;
            let limit = rate(Target::Answerer).min(rate(Target::Rows));
            let share = rate(Target::Muster) / limit;
            if let Some(series) = self.shares.get_mut(index) {
                series.push(share * 100.0);
            }
        }
        let p99 = |target| self.last(target, RATE_1000).1;
        let multiple = p99(Target::Muster) / p99(Target::Rows);
        self.multiple.push(multiple);
    }

    fn last(&self, target: Target, load: usize) -> (f64, f64) {
        self.line(target, load).map_or((0.0, 0.0), |line| line.last)
    }

    fn line(&self, target: Target, load: usize) -> Option<&Line> {
        self.lines.iter().find(|(known, _)| *known == target).and_then(|(_, all)| all.get(load))
    }

    /// The tables, with what they are about.
    pub(super) fn text(&self, options: &Options) -> String {
        let Options { runs, seconds, members, .. } = options;
        let wrong: u64 = self.lines.iter().flat_map(|(_, all)| all).map(|line| line.wrong).sum();
        format!(
            "## Taps\n\nOn 16 events of {members} members each, {seconds} s per load, median of \
             {runs} runs (lowest–highest). Every tap changes an answer, is committed and synced, \
             and is answered with the new post. \"Answers without storing\" is Muster's own \
             gateway and REST client with a finished post; \"stores without Discord\" gives the \
             same taps to the store alone; \"the same rows, bare\" are written by nothing but \
             SQLite, in groups as large as what waits. Wrong or missing answers: {wrong}.\n\n{}\n{}\n{}",
            self.sustained(),
            self.times(*seconds),
            self.aims(),
        )
    }

    fn sustained(&self) -> String {
        let mut rows = Vec::new();
        for (target, lines) in &self.lines {
            for (load, name) in [(IN_FLIGHT_64, "64"), (IN_FLIGHT_512, "512")] {
                let Some(line) = lines.get(load) else { continue };
                let [p50, p99, _] = &line.ms;
                rows.push(vec![
                    target.name().to_owned(),
                    name.to_owned(),
                    line.per_second.spread(0),
                    line.cpu_ms.spread(4),
                    p50.spread(2),
                    p99.spread(2),
                ]);
            }
        }
        let head = ["", "in flight", "taps/s", "CPU ms per tap", "p50 ms", "p99 ms"];
        format!("### As many as can be\n\n{}", table(&head, &rows))
    }

    fn times(&self, seconds: u64) -> String {
        let mut rows = Vec::new();
        for (target, lines) in &self.lines {
            for (line, load) in lines.iter().zip(loads(seconds)) {
                let Load::Rate(rate, _) = load else { continue };
                let mut row = vec![target.name().to_owned(), rate.to_string()];
                row.extend(line.ms.iter().map(|series| series.spread(2)));
                row.extend([line.cpu_ms.spread(4), line.late_ms.spread(2)]);
                rows.push(row);
            }
        }
        let head =
            ["", "taps/s", "p50 ms", "p99 ms", "p99.9 ms", "CPU ms per tap", "sent late p99 ms"];
        format!(
            "### Tap to answer at a fixed rate\n\nA tap's time begins when it is due, also if it \
             is sent late.\n\n{}",
            table(&head, &rows)
        )
    }

    fn aims(&self) -> String {
        let cpu = self.line(Target::Muster, IN_FLIGHT_64).map(|line| line.cpu_ms.spread(4));
        let [share_64, share_512] = &self.shares;
        let rows = [
            vec![
                "CPU ms per tap, 64 in flight".to_owned(),
                "≤ 0.05".to_owned(),
                cpu.unwrap_or_default(),
            ],
            vec![
                "taps/s with 64 in flight, % of the smaller limit".to_owned(),
                "≥ 60".to_owned(),
                share_64.spread(0),
            ],
            vec![
                "taps/s with 512 in flight, % of the smaller limit".to_owned(),
                "≥ 60".to_owned(),
                share_512.spread(0),
            ],
            vec![
                "p99 at 1,000 taps/s, times the bare rows'".to_owned(),
                "≤ 2.5".to_owned(),
                self.multiple.spread(2),
            ],
        ];
        format!("### Beside the aims\n\n{}", table(&["", "aim", "measured"], &rows))
    }
}
