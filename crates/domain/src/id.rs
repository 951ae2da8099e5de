//! One newtype per identity, so that a channel can never be passed for an event.

use std::fmt;

use jiff::Timestamp;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// Wraps a number that is known to be this kind of identity.
            #[must_use]
            pub const fn new(raw: u64) -> Self {
                Self(raw)
            }

            /// The bare number, for storage and for the wire.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id_types! {
    /// A Discord server.
    GuildId,
    /// A channel or thread of a guild, or a direct-message channel.
    ChannelId,
    /// A person or bot on Discord.
    UserId,
    /// A role of a guild. The role with the guild's own number is `@everyone`.
    RoleId,
    /// A message on Discord.
    MessageId,
    /// One interaction (command, tap, modal). Grows with time, so later taps have larger ids.
    InteractionId,
    /// One event of ours; unique over all guilds of a database.
    EventId,
    /// One outgoing message that must happen once.
    DeliveryId,
    /// One template of ours; never used twice.
    TemplateId,
    /// One series of ours; never used twice.
    SeriesId,
    /// One change of a list of reminders; never used twice.
    ReminderChangeId,
}

/// Discord's numbers count milliseconds from the first second of 2015. (Discord docs: "Snowflakes")
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

/// When Discord gave out a number, by its own clock.
fn given_out_at(number: u64) -> Timestamp {
    let since_ms = i64::try_from(number >> 22).unwrap_or(i64::MAX);
    let ms = since_ms.saturating_add(DISCORD_EPOCH_MS);
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}

impl InteractionId {
    /// When the member did it, by Discord's clock.
    #[must_use]
    pub fn created_at(self) -> Timestamp {
        given_out_at(self.0)
    }
}

impl MessageId {
    /// When Discord took the message, by its own clock.
    #[must_use]
    pub fn created_at(self) -> Timestamp {
        given_out_at(self.0)
    }

    /// The smallest number that a message made at this instant can have; 0 before Discord began.
    #[must_use]
    pub fn earliest_at(instant: Timestamp) -> Self {
        let since_ms = instant.as_millisecond().saturating_sub(DISCORD_EPOCH_MS);
        Self(u64::try_from(since_ms).unwrap_or_default() << 22)
    }
}

impl UserId {
    /// Where the numbers begin that stand for erased members. Discord gives none of them out
    /// before the year 2084. (Discord docs: "Snowflakes")
    pub const ERASED_FROM: Self = Self((1 << 63) - (1 << 32));

    /// Who stands in a roster or history for a member that had everything about them erased. The
    /// number says which one within an event, and nothing about who it was.
    #[must_use]
    pub const fn erased(number: u32) -> Self {
        // Widening a number of 32 bits, as `From` is not for constants.
        #[expect(clippy::as_conversions, reason = "no number is too large")]
        Self(Self::ERASED_FROM.0 + number as u64)
    }

    /// Whether it stands for an erased member: nobody to be shown or mentioned.
    #[must_use]
    pub const fn is_erased(self) -> bool {
        self.0 >= Self::ERASED_FROM.0 && self.0 < 1 << 63
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_knows_when_it_was_made() {
        let at = MessageId::new(175_928_847_299_117_063).created_at();
        assert_eq!(at, "2016-04-30T11:18:25.796Z".parse().unwrap());
        assert_eq!(InteractionId::new(175_928_847_299_117_063).created_at(), at);
        assert_eq!(MessageId::new(0).created_at(), "2015-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(MessageId::earliest_at(at).created_at(), at);
        assert_eq!(MessageId::earliest_at(Timestamp::UNIX_EPOCH).get(), 0);
    }

    #[test]
    fn erased_members_have_numbers_that_nobody_else_has() {
        assert!(UserId::erased(0).is_erased() && UserId::erased(u32::MAX).is_erased());
        assert_ne!(UserId::erased(0), UserId::erased(1));
        assert!(i64::try_from(UserId::erased(u32::MAX).get()).is_ok(), "a database can hold it");
        for somebody in [0, 1, 1_500_000_000_000_000_000, u64::MAX] {
            assert!(!UserId::new(somebody).is_erased(), "{somebody}");
        }
    }
}
