//! When a run begins, and Discord's numbers of the time since.

use std::time::Duration;

use jiff::Timestamp;
use muster_sim::world::snowflake::EPOCH_MS;

/// When a run begins.
#[derive(Clone, Copy, Debug)]
pub struct Epoch(Timestamp);

impl Epoch {
    /// A run that begins then.
    #[must_use]
    pub const fn at(begin: Timestamp) -> Self {
        Self(begin)
    }

    /// When it begins.
    #[must_use]
    pub const fn begin(self) -> Timestamp {
        self.0
    }

    /// The time from the beginning to when this id of Discord's was made.
    pub(crate) fn since(self, id: u64) -> Duration {
        self.since_ms(i64::try_from(id >> 22).unwrap_or_default() + EPOCH_MS)
    }

    /// The time from the beginning to this one, in milliseconds since 1970; none before it.
    pub(crate) fn since_ms(self, ms: i64) -> Duration {
        let since = ms.saturating_sub(self.0.as_millisecond());
        Duration::from_millis(u64::try_from(since).unwrap_or_default())
    }

    /// The smallest id of Discord's that was made so long after the beginning.
    pub(crate) fn number_at(self, at: Duration) -> u64 {
        u64::try_from(self.ms_at(at) - EPOCH_MS).unwrap_or_default() << 22
    }

    /// The true time, so long after the beginning, in milliseconds since 1970.
    pub(crate) fn ms_at(self, at: Duration) -> i64 {
        let since = i64::try_from(at.as_millis()).unwrap_or(i64::MAX);
        self.0.as_millisecond().saturating_add(since)
    }
}
