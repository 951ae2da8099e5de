//! What can go wrong in keeping things, and what each kind calls for.

use thiserror::Error;

/// A fault of the store. Never shown to members; whoever catches it answers "could not be saved".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StoreError {
    /// No space is left. Nothing was changed; heals by itself once there is space.
    #[error("the disk is full")]
    DiskFull,
    /// A copy was not begun: it would leave too little space for the database itself.
    #[error(
        "a backup needs {} MiB of free space, some of it for the database itself, and there are {} MiB",
        needed.div_ceil(1 << 20),
        free >> 20
    )]
    TooLittleSpace {
        /// Bytes that have to be free.
        needed: u64,
        /// Bytes that are.
        free: u64,
    },
    /// A write could not be made durable. What the disk holds is unknown, so the process must end
    /// and start again from the disk.
    #[error("a write could not be made durable: {0}")]
    SyncFailed(String),
    /// The database was written by a newer version of Muster.
    #[error(
        "the database has schema {found}, this version of Muster knows up to {known}; \
         start the newer version, or restore an older backup"
    )]
    Newer {
        /// The schema found.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// A migration that was applied earlier is not the one that this program carries.
    #[error(
        "another build of Muster made the database (its migration {number} is a different one); \
         start that build, or restore a backup"
    )]
    ForeignMigration {
        /// Which one.
        number: u32,
    },
    /// Something stored cannot be read as what it should be.
    #[error("the database holds something unreadable: {0}")]
    Corrupt(String),
    /// Nothing is in the file that should be a database with something in it.
    #[error(
        "it is empty; name another file (`muster verify` without one looks at the newest backup)"
    )]
    Empty,
    /// Another process has the database open.
    #[error("another process has the database open")]
    InUse,
    /// The store has stopped.
    #[error("the store has stopped")]
    Stopped,
    /// Too much is waiting to be written; nothing was changed.
    #[error("the store is busy")]
    Busy,
    /// Anything else that the database reports.
    #[error("{0}")]
    Database(String),
}
