//! The disk that holds the data.

use std::path::Path;

use super::limits::{BUDGET_DISK, BUDGET_PERCENT};
use crate::snapshot::Disk;

/// What Muster takes of the disk, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// The database with its log.
    pub database: u64,
    /// Log files.
    pub logs: u64,
    /// Backups.
    pub backups: u64,
}

/// The disk that holds this folder, now. Its size is 0 if the system does not tell.
#[must_use]
pub fn disk(folder: &Path, sizes: Sizes, set: Option<u64>) -> Disk {
    let (size, free) = room(folder).unwrap_or_default();
    Disk {
        size,
        free,
        database: sizes.database,
        logs: sizes.logs,
        backups: sizes.backups,
        budget: budget(set, size),
    }
}

/// What database, logs and backups may take together: what is set, else 80 % of 1.25 GiB, or of the
/// disk if that is smaller. An unknown size is 0.
#[must_use]
pub fn budget(set: Option<u64>, disk_size: u64) -> u64 {
    let disk = match disk_size {
        0 => BUDGET_DISK,
        size => size.min(BUDGET_DISK),
    };
    set.unwrap_or(disk / 100 * BUDGET_PERCENT)
}

/// Size, and what is free for this user.
fn room(folder: &Path) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(folder).ok()?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        let size = usable(disk.f_blocks, disk.f_bfree, disk.f_bavail);
        Some((bytes(size), bytes(disk.f_bavail)))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

/// The size without what only the system may use, so that a disk that is full for us is full.
#[cfg(unix)]
pub(super) const fn usable(blocks: u64, free: u64, free_for_us: u64) -> u64 {
    blocks.saturating_sub(free).saturating_add(free_for_us)
}
