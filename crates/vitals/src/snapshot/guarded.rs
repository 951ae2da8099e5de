//! What is known of limits and of what should not happen.

use std::time::Duration;

use jiff::Timestamp;

/// The limiter of what comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limiter {
    /// Entries in its table.
    pub entries: u64,
    /// And at most.
    pub entries_max: u64,
    /// What it let pass since the start.
    pub admitted: u64,
    /// What it refused since the start.
    pub refused: u64,
    /// Entries dropped for others.
    pub evicted: u64,
    /// Entries dropped because they were idle.
    pub expired: u64,
    /// Memory of the table, in bytes.
    pub bytes: u64,
}

/// What should not happen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Security {
    /// How often, by kind: since the start and in the last hour.
    pub counts: Vec<(SecurityKind, u64, u64)>,
    /// The newest events, newest first.
    pub newest: Vec<SecurityEvent>,
    /// Who is kept out at present.
    pub blocked: Vec<Blocked>,
    /// The rules in force.
    pub rules: Vec<SecurityRule>,
}

/// A kind of what should not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecurityKind {
    /// A member went on long after the limit.
    RateLimitBurst,
    /// Somebody used what only others may use.
    NotPermitted,
    /// A custom id that we never made.
    ForgedCustomId,
    /// Input beyond what Discord lets through.
    OversizedInput,
    /// Something of another guild was asked for.
    CrossGuild,
    /// A failed sign-in at the dashboard.
    SignInFailed,
}

impl SecurityKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::RateLimitBurst,
        Self::NotPermitted,
        Self::ForgedCustomId,
        Self::OversizedInput,
        Self::CrossGuild,
        Self::SignInFailed,
    ];

    /// What it is called, in lower case with blanks.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RateLimitBurst => "rate limit burst",
            Self::NotPermitted => "call without permission",
            Self::ForgedCustomId => "forged custom id",
            Self::OversizedInput => "oversized input",
            Self::CrossGuild => "access across servers",
            Self::SignInFailed => "failed sign-in",
        }
    }
}

/// Whom something is about, by Discord's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A member.
    Member(u64),
    /// A guild.
    Guild(u64),
}

/// Something that should not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: SecurityKind,
    /// Who did it, if that is known.
    pub member: Option<u64>,
    /// Where, if that is known.
    pub guild: Option<u64>,
}

/// Somebody who is kept out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Who.
    pub subject: Subject,
    /// For what.
    pub kind: SecurityKind,
    /// Until when.
    pub until: Timestamp,
}

/// When somebody is kept out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityRule {
    /// For what.
    pub kind: SecurityKind,
    /// So often.
    pub events: u32,
    /// Within so long.
    pub within: Duration,
    /// For how long.
    pub blocked_for: Duration,
    /// Whether it is about guilds; about members otherwise. Taps count for no guild.
    pub of_guilds: bool,
    /// Times that count of one member at most.
    pub each_max: u32,
}
