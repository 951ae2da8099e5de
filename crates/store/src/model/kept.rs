//! How long the store keeps what is no longer of use.

use jiff::SignedDuration;

/// How long what is no longer of use is kept all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// All of a guild, from its removal of the bot on.
    pub removed_guild: SignedDuration,
    /// An event with its answers, from when it was cancelled or its creation taken back.
    pub called_off_event: SignedDuration,
    /// A template, from when it was deleted.
    pub deleted_template: SignedDuration,
}
