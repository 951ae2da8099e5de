//! How much Discord takes of what. The numbers are Discord's business and mostly undocumented, so
//! that they are configuration here and never constants.

use std::time::Duration;

/// So many in so long a time, counted in windows that begin with the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many; at least 1.
    pub limit: u32,
    /// The length of a window, on the runtime's clock.
    pub per: Duration,
}

impl Rate {
    /// `limit` in `per`.
    #[must_use]
    pub const fn new(limit: u32, per: Duration) -> Self {
        Self { limit, per }
    }

    const fn in_seconds(limit: u32, seconds: u64) -> Self {
        Self::new(limit, Duration::from_secs(seconds))
    }
}

/// Everything that Discord limits (Discord docs: rate limits). Numbers without a source there are
/// guesses of the right size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Whether rates are kept at all. Every answer has its headers in any case.
    pub enforced: bool,
    /// All requests of one bot; interaction tokens are exempt (Discord docs: 50 per second).
    pub global: Rate,
    /// New messages, per channel.
    pub message_creates: Rate,
    /// Edits, per channel.
    pub message_edits: Rate,
    /// Edits of messages that are older than an hour, per channel; what is more gets 30046.
    pub old_edits: Rate,
    /// Deletions, per channel.
    pub message_deletes: Rate,
    /// Reading messages, per channel.
    pub message_reads: Rate,
    /// Changing a channel or thread, and making threads, per channel.
    pub channel_changes: Rate,
    /// New names of one channel or thread, in simulated time; what is more gets 429.
    pub channel_renames: Rate,
    /// New messages of all bots together, per channel: the shared resource.
    pub channel_writes: Rate,
    /// Asking for direct conversations, per bot.
    pub dm_requests: Rate,
    /// Direct conversations that did not exist before, per bot; what is more gets 40003.
    pub dm_opens: Rate,
    /// Registering commands, per scope.
    pub command_writes: Rate,
    /// Changing members and their roles, per guild.
    pub member_changes: Rate,
    /// What an interaction's token opens, per token.
    pub token_uses: Rate,
    /// First answers to interactions, per token.
    pub callbacks: Rate,
    /// Each of the other routes, per channel or guild.
    pub others: Rate,
    /// Requests answered with 401, 403 or 429, those of shared resources apart, before the
    /// address is banned (Discord docs: 10,000 in 10 minutes).
    pub invalid: Rate,
    /// How long an address is banned.
    pub ban: Duration,
    /// How long a nonce is remembered, in simulated time (Discord docs: "the past few minutes").
    pub nonce_window: Duration,
    /// New commands per scope in 24 hours of simulated time (Discord docs: 200 per day).
    pub command_creates_daily: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            enforced: true,
            global: Rate::in_seconds(50, 1),
            message_creates: Rate::in_seconds(5, 5),
            message_edits: Rate::in_seconds(5, 5),
            old_edits: Rate::in_seconds(3, 20),
            message_deletes: Rate::in_seconds(5, 1),
            message_reads: Rate::in_seconds(10, 5),
            channel_changes: Rate::in_seconds(5, 15),
            channel_renames: Rate::in_seconds(2, 600),
            channel_writes: Rate::in_seconds(100, 5),
            dm_requests: Rate::in_seconds(10, 10),
            dm_opens: Rate::in_seconds(50, 600),
            command_writes: Rate::in_seconds(5, 20),
            member_changes: Rate::in_seconds(10, 10),
            token_uses: Rate::in_seconds(5, 2),
            callbacks: Rate::in_seconds(5, 1),
            others: Rate::in_seconds(20, 5),
            invalid: Rate::in_seconds(10_000, 600),
            ban: Duration::from_hours(1),
            nonce_window: Duration::from_mins(5),
            command_creates_daily: 200,
        }
    }
}

impl Limits {
    /// No rates at all, for measurements and for tests of other things.
    #[must_use]
    pub fn off() -> Self {
        Self { enforced: false, command_creates_daily: u32::MAX, ..Self::default() }
    }
}
