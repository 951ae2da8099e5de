//! What the operator's commands and the dashboard ask of a running bot.

use std::pin::Pin;
use std::time::Duration;

use thiserror::Error;

use crate::snapshot::{Reclaimed, Sample, SecurityKind, Snapshot, Subject};

/// A future of which only the end is known.
pub type Soon<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A running bot, as its operator sees it.
pub trait Watched: Send + Sync + 'static {
    /// Everything known now; in well below a second, whatever else goes on.
    fn snapshot(&self) -> Soon<'_, Snapshot>;

    /// The samples of the last day, one for each minute, oldest first; those before the start
    /// too.
    fn day(&self) -> Soon<'_, Vec<Sample>>;

    /// Runs all reclaimers now. Drops nothing that is not stored elsewhere.
    fn clean_up(&self) -> Soon<'_, Result<CleanUp, CoolingDown>>;

    /// Lets somebody in again before their time is over. Whether they were kept out.
    fn lift(&self, subject: Subject) -> Soon<'_, bool>;

    /// Counts something that should not happen, by whom and in which guild as far as that is
    /// known. Returns at once.
    fn note(&self, kind: SecurityKind, member: Option<u64>, guild: Option<u64>);
}

/// What a clean-up did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanUp {
    /// Resident set before, in bytes.
    pub resident_before: u64,
    /// Resident set after, in bytes.
    pub resident_after: u64,
    /// What each reclaimer let go of, in the order in which they ran.
    pub reclaimed: Vec<Reclaimed>,
    /// How long it took.
    pub took: Duration,
}

/// A clean-up was asked for too soon after the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the last clean-up was a moment ago; the next is possible in {} s", left.as_secs().saturating_add(1))]
pub struct CoolingDown {
    /// How long until the next one is possible.
    pub left: Duration,
}
