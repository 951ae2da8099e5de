//! Which bucket a request belongs to: its kind of work, and the thing that it is done to.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::limits::{Limits, Rate};
use crate::ids::MessageId;

/// The kind of work that a route does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    CreateMessage,
    EditMessage,
    DeleteMessage,
    ReadMessages,
    ChangeChannel,
    AskForDm,
    WriteCommands,
    ChangeMembers,
    UseToken,
    Callback,
    Other,
}

/// A request as the limiter sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) class: Class,
    /// What clients learn as the bucket's name; the same for all channels, guilds and tokens.
    pub(super) bucket: u64,
    /// The channel, guild or token that splits the bucket; 0 if none does.
    pub(super) major: u64,
    /// The message that is edited.
    pub(super) edited: Option<MessageId>,
}

impl Class {
    fn of(method: &str, parts: &[&str]) -> Self {
        let writes = method != "GET";
        match (method, parts) {
            ("POST", ["channels", _, "messages"]) => Self::CreateMessage,
            ("PATCH", ["channels", _, "messages", _]) => Self::EditMessage,
            ("DELETE", ["channels", _, "messages", _]) => Self::DeleteMessage,
            ("GET", ["channels", _, "messages", ..]) => Self::ReadMessages,
            ("POST", ["users", "@me", "channels"]) => Self::AskForDm,
            (_, ["channels", ..]) if writes => Self::ChangeChannel,
            (_, ["applications", _, "commands" | "guilds", ..]) if writes => Self::WriteCommands,
            (_, ["guilds", _, "members", ..]) if writes => Self::ChangeMembers,
            (_, ["interactions", _, _, "callback"]) => Self::Callback,
            (_, ["webhooks", ..]) => Self::UseToken,
            _ => Self::Other,
        }
    }

    pub(super) const fn rate(self, limits: &Limits) -> Rate {
        match self {
            Self::CreateMessage => limits.message_creates,
            Self::EditMessage => limits.message_edits,
            Self::DeleteMessage => limits.message_deletes,
            Self::ReadMessages => limits.message_reads,
            Self::ChangeChannel => limits.channel_changes,
            Self::AskForDm => limits.dm_requests,
            Self::WriteCommands => limits.command_writes,
            Self::ChangeMembers => limits.member_changes,
            Self::UseToken => limits.token_uses,
            Self::Callback => limits.callbacks,
            Self::Other => limits.others,
        }
    }

    /// Whether the bot's global limit counts it (Discord docs: interaction endpoints are exempt).
    pub(super) const fn is_global(self) -> bool {
        match self {
            Self::UseToken | Self::Callback => false,
            Self::CreateMessage
            | Self::EditMessage
            | Self::DeleteMessage
            | Self::ReadMessages
            | Self::ChangeChannel
            | Self::AskForDm
            | Self::WriteCommands
            | Self::ChangeMembers
            | Self::Other => true,
        }
    }
}

impl Place {
    /// Reads it off the method, the path under the API, and that path's route.
    pub(super) fn of(method: &str, path: &str, route: &str) -> Self {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let class = Class::of(method, &parts);
        let bucket = if class == Class::Other { hash(&(method, route)) } else { hash(&class) };
        let number = |at: usize| parts.get(at).and_then(|part| part.parse::<u64>().ok());
        let major = match parts.as_slice() {
            ["channels" | "guilds", ..] => number(1).unwrap_or(0),
            ["applications", _, "guilds", ..] => number(3).unwrap_or(0),
            ["interactions" | "webhooks", _, token, ..] => hash(token),
            _ => 0,
        };
        let edited = number(3).filter(|_| class == Class::EditMessage).map(MessageId::new);
        Self { class, bucket, major, edited }
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger;

    fn place(method: &str, path: &str) -> Place {
        Place::of(method, path, &ledger::route(path))
    }

    #[test]
    fn channels_share_a_buckets_name_but_not_its_content() {
        let (one, other) =
            (place("POST", "/channels/1/messages"), place("POST", "/channels/2/messages"));
        assert_eq!(one.bucket, other.bucket);
        assert_ne!(one.major, other.major);
        assert_ne!(one.bucket, place("PATCH", "/channels/1/messages/3").bucket);
    }

    #[test]
    fn posts_and_scheduled_events_have_the_buckets_of_their_place() {
        let post = place("POST", "/channels/1/threads");
        assert_eq!((post.class, post.major), (Class::ChangeChannel, 1));
        let thread = place("POST", "/channels/1/messages/2/threads");
        assert_eq!((thread.class, thread.bucket), (Class::ChangeChannel, post.bucket));
        let (create, list) = (
            place("POST", "/guilds/7/scheduled-events"),
            place("GET", "/guilds/7/scheduled-events"),
        );
        assert_eq!((create.class, create.major), (Class::Other, 7));
        assert_ne!(create.bucket, list.bucket, "each route has its own");
        let archived = place("GET", "/channels/1/threads/archived/public");
        assert_eq!((archived.class, archived.major), (Class::Other, 1));
    }

    #[test]
    fn every_token_is_a_bucket_of_its_own() {
        let (one, other) = (place("POST", "/webhooks/1/aa"), place("POST", "/webhooks/1/bb"));
        assert_ne!(one.major, other.major);
        assert!(!one.class.is_global());
        assert!(!place("POST", "/interactions/1/aa/callback").class.is_global());
        assert!(place("GET", "/users/@me").class.is_global());
    }

    #[test]
    fn an_edit_names_its_message() {
        let edit = place("PATCH", "/channels/1/messages/3");
        assert_eq!(edit.edited, Some(MessageId::new(3)));
        assert_eq!(place("PATCH", "/channels/1").edited, None);
    }
}
