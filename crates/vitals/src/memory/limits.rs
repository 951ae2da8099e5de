//! The bounds of what is known and done about memory.

use std::time::Duration;

use crate::backoff::Backoff;

/// Of a limit, what may be used before the cache is cut, if `MEMORY_THRESHOLD_MB` is more. 64 % of
/// 1.25 GiB are the 800 MB of the performance guide.
pub(super) const THRESHOLD_PERCENT: u64 = 64;

/// By how many points of the limit the use has to fall below where a level begins to leave it.
pub(super) const MARGIN_POINTS: f64 = 5.0;

/// In how many readings in a row it has to be below, so that one dip changes nothing.
pub(super) const READINGS_TO_FALL: u8 = 3;

/// Changes of level that are remembered.
pub(super) const CHANGES_MAX: usize = 50;

/// Things that can give memory back; each is a part of the program.
pub(super) const RECLAIMERS_MAX: usize = 64;

/// Between two runs while the level stays High or Critical. It doubles with each run in vain: what
/// is in use now is needed.
pub(super) const PAUSE: Backoff =
    Backoff { first: Duration::from_secs(30), max: Duration::from_mins(16) };

/// A run that gives back less than this was in vain.
pub(super) const WORTH_WHILE: u64 = 1 << 20;

/// Between two clean-ups that somebody asked for.
pub(super) const COOL_DOWN: Duration = Duration::from_secs(30);

/// No machine has more bytes than this; a number above it is no measurement.
pub(super) const BYTES_MAX: u64 = 1 << 50;

/// And no program of ours lives in less; a limit below it is no limit.
pub(super) const LIMIT_MIN: u64 = 4 << 20;

/// Steps from a control group up to the root that are looked at.
pub(super) const GROUPS_MAX: usize = 32;

/// What is read of a file of the kernel's at most, in bytes.
pub(super) const FILE_MAX: u64 = 64 << 10;
