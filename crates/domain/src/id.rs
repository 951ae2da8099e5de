//! One newtype per identity, so that a channel can never be passed for an event.

use std::fmt;

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
}
