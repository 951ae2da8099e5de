//! How much of the disk may be taken, and what goes when it is more.

use jiff::Timestamp;

use super::{Kept, KeptKind};

/// What has to go so that it all takes at most `budget` bytes, of which `others` are taken by what
/// stays: the oldest first, and never the newest copy. It may not be enough. What bears a later
/// time than now was made by a clock that was ahead, and goes before all others.
#[must_use]
pub fn beyond_budget(kept: &[Kept], others: u64, budget: u64, now: Timestamp) -> Vec<Kept> {
    let mut files: Vec<_> = kept.iter().collect();
    files.sort_by_key(|one| (one.at <= now, one.at));
    let newest = files.iter().rposition(|one| one.kind == KeptKind::Backup);
    let mut taken: u64 = files.iter().fold(others, |sum, one| sum.saturating_add(one.bytes));
    let mut gone = Vec::new();
    for (place, one) in files.into_iter().enumerate() {
        if taken <= budget {
            break;
        }
        if Some(place) != newest {
            taken = taken.saturating_sub(one.bytes);
            gone.push(one.clone());
        }
    }
    gone
}
