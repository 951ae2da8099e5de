//! What was seen while the box filled and emptied, and whether it is as it should be.

use std::collections::BTreeSet;

use super::Options;
use crate::dashboard::Figures;
use crate::figures::{float, grouped, table};
use crate::tally::Report;

const MIB: f64 = 1_048_576.0;

/// What was seen in one phase.
#[derive(Clone, Debug, Default)]
pub(super) struct Phase {
    name: &'static str,
    /// What neighbours were told to hold, in MiB.
    neighbours: u64,
    pub(super) taps: Report,
    /// The levels in the order in which they were seen.
    levels: Vec<String>,
    /// The last figures.
    last: Figures,
    deferred_max: f64,
    upkeep_before: Option<f64>,
}

/// All of it.
pub(super) struct Run {
    pub(super) phases: Vec<Phase>,
    /// The levels of memory that the operator was told.
    pub(super) told: Vec<String>,
    /// Processes that the kernel killed.
    pub(super) killed: u64,
}

impl Phase {
    pub(super) fn of(name: &'static str, neighbours: u64) -> Self {
        Self { name, neighbours, ..Self::default() }
    }

    /// Takes in figures, in their order.
    pub(super) fn saw(&mut self, figures: &Figures) {
        let level = figures.state("muster_memory_pressure");
        if self.levels.last() != Some(&level) {
            self.levels.push(level);
        }
        self.deferred_max = self.deferred_max.max(figures.of("muster_tasks_deferred"));
        self.upkeep_before.get_or_insert(upkeep(figures));
        self.last = figures.clone();
    }

    fn runs(&self) -> f64 {
        self.last.of("muster_memory_optimizer_runs_total")
    }

    fn given_back(&self) -> f64 {
        self.last.of("muster_memory_given_back_bytes_total") / MIB
    }

    /// Pieces of work that can wait, done in this phase.
    fn upkeep(&self) -> f64 {
        upkeep(&self.last) - self.upkeep_before.unwrap_or_default()
    }

    fn cells(&self) -> Vec<String> {
        let mib = |name| grouped(self.last.of(name) / MIB, 1);
        vec![
            self.name.to_owned(),
            self.neighbours.to_string(),
            self.levels.join(" → "),
            format!("{} of {}", mib("muster_memory_used_bytes"), mib("muster_memory_limit_bytes")),
            mib("muster_memory_resident_bytes"),
            grouped(self.runs(), 0),
            grouped(self.given_back(), 1),
            grouped(self.upkeep(), 0),
            grouped(self.deferred_max, 0),
            grouped(float(self.taps.answered), 0),
            self.taps.wrong.to_string(),
            self.taps.ms.get(1).map_or_else(String::new, |p99| grouped(*p99, 1)),
        ]
    }

    /// What was seen, in a line.
    pub(super) fn line(&self) -> String {
        format!("{}\n", self.cells().join(" | "))
    }
}

fn upkeep(figures: &Figures) -> f64 {
    figures.of("muster_tasks_total{task=\"upkeep\",outcome=\"succeeded\"}")
}

impl Run {
    /// What is not as it should be; nothing, if all is well.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let levels: Vec<_> = self.phases.iter().flat_map(|phase| &phase.levels).collect();
        let worst = self.phases.iter().filter(|phase| phase.deferred_max > 0.0);
        let last = self.phases.last();
        let distinct: BTreeSet<_> = self.told.iter().collect();
        let checks = [
            (levels.iter().any(|level| *level == "critical"), "the level never rose to critical"),
            (levels.last().is_some_and(|level| *level == "low"), "the level did not fall to low"),
            (last.is_some_and(|phase| phase.runs() > 0.0), "no reclaimer ran"),
            (worst.count() > 0, "work that can wait never waited"),
            (last.is_some_and(|phase| phase.upkeep() > 0.0), "what waited did not go on"),
            (self.phases.iter().all(|one| one.taps.wrong == 0), "taps were answered wrong"),
            (self.phases.iter().all(|one| one.taps.answered > 0), "taps were not answered"),
            (self.told.len() > 1, "no alert was told"),
            (self.told.len() == distinct.len(), "an alert was told twice"),
            (self.told.last().is_some_and(|one| one == "recovered"), "no recovery was told"),
            (self.killed == 0, "the kernel killed a process"),
        ];
        checks.into_iter().filter_map(|(holds, words)| (!holds).then_some(words)).collect()
    }

    /// The table, with the verdict.
    pub(super) fn text(&self, options: &Options) -> String {
        let missing = self.missing();
        let judged = if missing.is_empty() {
            "All of it is as it should be.".to_owned()
        } else {
            format!("NOT as it should be: {}.", missing.join("; "))
        };
        let head = [
            "phase",
            "neighbours, MiB",
            "level",
            "used, MiB",
            "resident, MiB",
            "runs so far",
            "given back so far, MiB",
            "low work done",
            "waiting at most",
            "taps answered",
            "wrong",
            "p99, ms",
        ];
        let rows: Vec<_> = self.phases.iter().map(Phase::cells).collect();
        format!(
            "## A small box that fills\n\n`muster run` in a control group of 64 MiB, beside \
             processes that take memory and give it back: a bot alone is too small to matter. In \
             each phase {} taps a second for {} s; it looks at itself once a second. Low work is \
             the deletion of guilds that removed the bot long ago, which is there to be done all \
             the while. Alerts about memory that the operator was told: {}. Processes that the \
             kernel killed: {}. {judged}\n\n{}",
            options.rate,
            options.seconds.max(8),
            self.told.join(", "),
            self.killed,
            table(&head, &rows),
        )
    }
}
