//! What the bot measured of itself.

use jiff::Timestamp;
use muster_vitals::snapshot::Sample;

use super::Stored;

/// A day of samples, one for each minute.
pub trait Samples: Send + Sync + 'static {
    /// Keeps the sample of a minute, in the place of an earlier one of the same minute. Two days of
    /// minutes are kept, those nearest to this one.
    fn add_minute(&self, sample: Sample) -> impl Future<Output = Stored<()>> + Send;

    /// The samples of the 24 hours up to `now`, oldest first.
    fn day(&self, now: Timestamp) -> impl Future<Output = Stored<Vec<Sample>>> + Send;
}
