//! Runs one seed from beginning to end, in one thread, on a clock of its own.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::watch;

use crate::faults::Coverage;
use crate::keeper::{self, Order};
use crate::oracle::Violation;
use crate::plant::Plant;
use crate::scenario::Story;
use crate::stage::Stage;

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// One number for everything that happened, in order.
    pub hash: u64,
    /// How many lines the trace has.
    pub lines: u64,
    /// The last lines.
    pub tail: Vec<String>,
    /// Simulated time.
    pub lasted: Duration,
    /// What people did.
    pub acts: usize,
    /// What went wrong, where.
    pub coverage: Coverage,
    /// What must never be.
    pub violations: Vec<Violation>,
    /// Requests that Discord limited.
    pub limited: u64,
}

/// What a run is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Everything that people do and everything that goes wrong, for hours or a month.
    #[default]
    Whole,
    /// Much is due, and the process is killed again and again around it.
    Deliveries,
    /// The clock of the machine is set, slewed, stands still or begins in 1970.
    Clocks,
    /// Events around the change of a zone's clocks, with reminders at a time of day.
    Zones,
    /// Posts in a forum, threads on posts, and channels in which much is written meanwhile.
    Places,
    /// Reminders in places and words of their own, for all kinds of people, often at one instant.
    Reminders,
    /// Dates of series that are moved in time.
    Dates,
}

impl Kind {
    /// Every kind, by its name.
    pub const ALL: [(&str, Self); 7] = [
        ("whole", Self::Whole),
        ("deliveries", Self::Deliveries),
        ("clocks", Self::Clocks),
        ("zones", Self::Zones),
        ("places", Self::Places),
        ("reminders", Self::Reminders),
        ("dates", Self::Dates),
    ];
}

/// How a seed is run.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The seed.
    pub seed: u64,
    /// What it is about.
    pub kind: Kind,
    /// A bug on purpose, or none.
    pub plant: Plant,
    /// Whether requests that were held up arrive even when the process that sent them is gone.
    pub late: bool,
    /// Lines of the trace to keep.
    pub lines_kept: usize,
}

impl Run {
    /// The product as it is, with the last 50 lines kept.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        let (kind, plant) = (Kind::Whole, Plant::Nothing);
        Self { seed, kind, plant, late: false, lines_kept: 50 }
    }

    /// The same, about this.
    #[must_use]
    pub const fn about(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// The same with a bug.
    #[must_use]
    pub const fn with(self, plant: Plant) -> Self {
        Self { plant, ..self }
    }

    /// Runs it.
    pub fn go(self) -> io::Result<Report> {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build()?;
        runtime.block_on(self.play())
    }

    async fn play(self) -> io::Result<Report> {
        let stage = Arc::new(Stage::build(self)?);
        let (orders, received) = watch::channel((0, Order::Run));
        let mut story = Story::new(&stage, orders);
        tokio::select! {
            biased;
            () = story.tell() => {}
            () = keeper::keep(Arc::clone(&stage), received) => {}
        }
        let seen = stage.ledger.lock();
        Ok(Report {
            seed: self.seed,
            hash: stage.trace.hash(),
            lines: stage.trace.count(),
            tail: stage.trace.tail(),
            lasted: stage.ledger.now(),
            acts: seen.acts.len(),
            coverage: stage.faults.coverage(),
            violations: seen.violations.clone(),
            limited: seen.limited,
        })
    }
}
