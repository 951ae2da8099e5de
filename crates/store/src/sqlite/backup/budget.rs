//! How much of the disk may be taken, and what goes when it is more.

use super::{Kept, KeptKind};

/// The disk that the bot is made for: 1.25 GiB.
const SMALL_DISK: u64 = 5 << 28;

/// What database, logs and copies may take together unless the operator says otherwise: 80 % of
/// 1.25 GiB, or of the disk if that is smaller. In bytes.
#[must_use]
pub const fn default_budget(disk: u64) -> u64 {
    let whole = if disk < SMALL_DISK { disk } else { SMALL_DISK };
    // Divided first: a disk is larger than a few bytes, and the product stays small.
    whole / 5 * 4
}

/// What has to go so that it all takes at most `budget` bytes, of which `others` are taken by what
/// stays: the oldest first, and never the newest copy. It may not be enough.
#[must_use]
pub fn beyond_budget(kept: &[Kept], others: u64, budget: u64) -> Vec<Kept> {
    let mut files: Vec<_> = kept.iter().collect();
    files.sort_by_key(|one| one.at);
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
