//! Everything that Discord says no to, with the numbers that it says it by.

use serde_json::{Value, json};

use crate::validate::Errors;

/// Why Discord refused a request (Discord docs: JSON error codes).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The token is wrong or missing.
    #[error("401: Unauthorized")]
    Unauthorized,
    /// No such route.
    #[error("404: Not Found")]
    NotFound,
    /// The route exists with other methods.
    #[error("405: Method Not Allowed")]
    MethodNotAllowed,
    /// No such application.
    #[error("Unknown Application")]
    UnknownApplication,
    /// No such channel.
    #[error("Unknown Channel")]
    UnknownChannel,
    /// No such guild, or the bot is not in it.
    #[error("Unknown Guild")]
    UnknownGuild,
    /// Not in the guild.
    #[error("Unknown Member")]
    UnknownMember,
    /// No such message, or deleted.
    #[error("Unknown Message")]
    UnknownMessage,
    /// No such role.
    #[error("Unknown Role")]
    UnknownRole,
    /// No such person.
    #[error("Unknown User")]
    UnknownUser,
    /// No such webhook or interaction token.
    #[error("Unknown Webhook")]
    UnknownWebhook,
    /// The interaction does not exist or was not answered in time.
    #[error("Unknown interaction")]
    UnknownInteraction,
    /// No such command.
    #[error("Unknown application command")]
    UnknownCommand,
    /// More commands than the scope takes.
    #[error("Maximum number of application commands reached ({0})")]
    TooManyCommands(usize),
    /// Somebody else's application.
    #[error("You are not authorized to perform this action on this application")]
    NotYourApplication,
    /// The body is larger than Discord takes.
    #[error("Request entity too large")]
    TooLarge,
    /// The interaction has its first answer.
    #[error("Interaction has already been acknowledged.")]
    AlreadyAcknowledged,
    /// The channel cannot be seen.
    #[error("Missing Access")]
    MissingAccess,
    /// Somebody else's message.
    #[error("Cannot edit a message authored by another user")]
    NotYourMessage,
    /// Nothing in the message.
    #[error("Cannot send an empty message")]
    EmptyMessage,
    /// Too many new direct conversations.
    #[error("You are opening direct messages too fast.")]
    OpeningDmsTooFast,
    /// The person takes no direct messages.
    #[error("Cannot send messages to this user")]
    DmsClosed,
    /// The person shares no guild with the bot.
    #[error("Cannot send messages to this user due to having no mutual guilds")]
    NoMutualGuild,
    /// A category, for example.
    #[error("Cannot send messages in a non-text channel")]
    NotText,
    /// A forum takes posts, not messages.
    #[error("Cannot send a message in a forum channel")]
    ForumText,
    /// The forum wants one.
    #[error("A tag is required to create a forum post in this channel")]
    TagRequired,
    /// The forum has no such tag.
    #[error("Unknown tag")]
    UnknownTag,
    /// No such scheduled event in the guild.
    #[error("Unknown Guild Scheduled Event")]
    UnknownScheduledEvent,
    /// More scheduled and active events than a guild takes.
    #[error("Maximum number of uncompleted guild scheduled events reached (100)")]
    TooManyScheduledEvents,
    /// An event that is on cannot become one of another kind.
    #[error("Invalid entity type for this scheduled event")]
    WrongScheduledKind,
    /// The event is over, or was called off.
    #[error("Cannot update a finished event")]
    FinishedEvent,
    /// Not for this kind of channel.
    #[error("Cannot execute action on this channel type")]
    WrongChannelKind,
    /// The thread sleeps in the archive.
    #[error("Thread is archived")]
    ThreadArchived,
    /// Only those who manage threads may write.
    #[error("Thread is locked")]
    ThreadLocked,
    /// A message has one thread at most.
    #[error("A thread has already been created for this message")]
    HasThread,
    /// More active threads than a guild takes.
    #[error("Maximum number of active threads reached")]
    TooManyThreads,
    /// More people than a thread takes.
    #[error("Maximum number of thread participants has been reached (1000)")]
    TooManyThreadMembers,
    /// More new commands in a day than a scope takes.
    #[error("Max number of daily application command creates has been reached ({0})")]
    TooManyCommandCreates(u32),
    /// A right is missing.
    #[error("Missing Permissions")]
    MissingPermissions,
    /// The token of the interaction has run out.
    #[error("Invalid Webhook Token")]
    TokenExpired,
    /// The body is no JSON.
    #[error("The request body contains invalid JSON.")]
    InvalidJson,
    /// The form has mistakes.
    #[error("Invalid Form Body")]
    InvalidForm(Errors),
}

impl Refusal {
    /// HTTP status and Discord's own code.
    #[must_use]
    pub const fn numbers(&self) -> (u16, u32) {
        match self {
            Self::Unauthorized => (401, 0),
            Self::NotFound => (404, 0),
            Self::MethodNotAllowed => (405, 0),
            Self::UnknownApplication => (404, 10_002),
            Self::UnknownChannel => (404, 10_003),
            Self::UnknownGuild => (404, 10_004),
            Self::UnknownMember => (404, 10_007),
            Self::UnknownMessage => (404, 10_008),
            Self::UnknownRole => (404, 10_011),
            Self::UnknownUser => (404, 10_013),
            Self::UnknownWebhook => (404, 10_015),
            Self::UnknownInteraction => (404, 10_062),
            Self::UnknownCommand => (404, 10_063),
            Self::UnknownScheduledEvent => (404, 10_070),
            Self::UnknownTag => (404, 10_087),
            Self::NotYourApplication => (403, 20_012),
            Self::TooManyCommands(_) => (400, 30_032),
            Self::TooManyThreadMembers => (400, 30_033),
            Self::TooManyCommandCreates(_) => (400, 30_034),
            Self::TooManyScheduledEvents => (400, 30_038),
            Self::OpeningDmsTooFast => (403, 40_003),
            Self::TooLarge => (413, 40_005),
            Self::ForumText => (400, 40_058),
            Self::AlreadyAcknowledged => (400, 40_060),
            Self::TagRequired => (400, 40_067),
            Self::MissingAccess => (403, 50_001),
            Self::NotYourMessage => (403, 50_005),
            Self::EmptyMessage => (400, 50_006),
            Self::DmsClosed => (403, 50_007),
            Self::NotText => (400, 50_008),
            Self::MissingPermissions => (403, 50_013),
            Self::WrongChannelKind => (400, 50_024),
            Self::TokenExpired => (401, 50_027),
            Self::InvalidForm(_) => (400, 50_035),
            Self::ThreadArchived => (400, 50_083),
            Self::WrongScheduledKind => (400, 50_091),
            Self::InvalidJson => (400, 50_109),
            Self::NoMutualGuild => (403, 50_278),
            Self::HasThread => (400, 160_004),
            Self::ThreadLocked => (403, 160_005),
            Self::TooManyThreads => (400, 160_006),
            Self::FinishedEvent => (400, 180_000),
        }
    }

    /// The body of the answer.
    #[must_use]
    pub fn body(&self) -> Value {
        let (_, code) = self.numbers();
        let mut body = json!({"message": self.to_string(), "code": code});
        if let (Self::InvalidForm(errors), Some(fields)) = (self, body.as_object_mut()) {
            fields.insert("errors".into(), errors.tree());
        }
        body
    }
}
