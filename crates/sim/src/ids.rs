//! Discord identifies everything by a snowflake; one type per kind keeps them apart here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A text that is no snowflake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is a decimal number of 64 bits")]
pub struct BadId;

/// Reads an id that JSON carries as text, or carelessly as a number.
fn raw(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// The id with this number.
            #[must_use]
            pub const fn new(raw: u64) -> Self {
                Self(raw)
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }

            /// Reads an id out of JSON, as text or as a number.
            #[must_use]
            pub fn read(value: &Value) -> Option<Self> {
                raw(value).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                text.parse().map(Self).map_err(|_| BadId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl From<$name> for Value {
            fn from(id: $name) -> Self {
                Value::String(id.to_string())
            }
        }
    };
}

id!(
    /// A person or a bot.
    UserId
);
id!(
    /// A guild, which people call a server. Also the id of its `@everyone` role.
    GuildId
);
id!(
    /// A channel, category or direct conversation.
    ChannelId
);
id!(
    /// A role of one guild.
    RoleId
);
id!(
    /// A message.
    MessageId
);
id!(
    /// An application, the thing that owns a bot.
    AppId
);
id!(
    /// A registered command.
    CommandId
);
id!(
    /// One use of a command, component or modal.
    InteractionId
);
id!(
    /// A line of a guild's audit log.
    AuditEntryId
);
id!(
    /// A file of a message.
    AttachmentId
);
id!(
    /// A tag of a forum.
    TagId
);
id!(
    /// An emoji of a guild's own.
    EmojiId
);
id!(
    /// A native scheduled event of a guild.
    ScheduledEventId
);

impl GuildId {
    /// The role that everyone in the guild has.
    #[must_use]
    pub const fn everyone(self) -> RoleId {
        RoleId::new(self.get())
    }
}
