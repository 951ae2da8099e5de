//! How long the store keeps what is no longer of use.

use jiff::SignedDuration;

/// How long what is no longer of use is kept all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// All of a guild, from its removal of the bot on.
    pub removed_guild: SignedDuration,
    /// An event with its answers, from when it was cancelled or its creation taken back.
    pub called_off_event: SignedDuration,
    /// From when on a guild has chosen for how long events are kept that are over, what is older
    /// than that is kept so long all the same.
    pub retention_grace: SignedDuration,
    /// A template, from when it was deleted.
    pub deleted_template: SignedDuration,
}
