//! What a handler returns: the one answer to an interaction, as a value. One place sends it.

use muster_domain::id::EventId;
use serde::Serialize;
use serde::ser::SerializeStruct as _;

use crate::rest::File;
use crate::views::message::{Choice, EPHEMERAL, Message, Modal};

/// The answer to an interaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// A message that only who asked can see.
    Private(Message),
    /// A message that everybody in the channel sees.
    Public(Message),
    /// Changes the message whose component was used, or from which the form was opened.
    Update(Message),
    /// The same for the post of an event, which then shows this version of it.
    Post {
        /// The event.
        event: EventId,
        /// The version that the message shows.
        version: u64,
        /// The post.
        message: Message,
    },
    /// Opens a form.
    Form(Modal),
    /// Suggestions while typing, at most 25.
    Choices(Vec<Choice>),
    /// A message that only who asked can see follows; until then, "thinking" is shown.
    Thinking,
    /// The message whose component was used changes later.
    ChangesLater,
    /// Nothing changes and nobody is told: the tap was heard, and that is all.
    Nothing,
}

impl Reply {
    /// A private message.
    #[must_use]
    pub fn private(message: Message) -> Self {
        Self::Private(message.private())
    }

    /// The files that go along.
    #[must_use]
    pub fn files(&self) -> &[File] {
        match self {
            Self::Private(message)
            | Self::Public(message)
            | Self::Update(message)
            | Self::Post { message, .. } => &message.files,
            Self::Form(_)
            | Self::Choices(_)
            | Self::Thinking
            | Self::ChangesLater
            | Self::Nothing => &[],
        }
    }

    /// A private message of one text.
    pub fn say(text: impl Into<String>) -> Self {
        Self::private(Message::text(text))
    }
}

#[derive(Serialize)]
struct Choices<'a> {
    choices: &'a [Choice],
}

#[derive(Serialize)]
struct Flags {
    flags: u32,
}

/// As Discord takes it. (Discord docs: "Interaction Callback Type")
impl Serialize for Reply {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_struct("Reply", 2)?;
        match self {
            Self::Private(message) | Self::Public(message) => {
                body.serialize_field("type", &4)?;
                body.serialize_field("data", message)?;
            }
            Self::Update(message) | Self::Post { message, .. } => {
                body.serialize_field("type", &7)?;
                body.serialize_field("data", message)?;
            }
            Self::Form(modal) => {
                body.serialize_field("type", &9)?;
                body.serialize_field("data", modal)?;
            }
            Self::Thinking => {
                body.serialize_field("type", &5)?;
                body.serialize_field("data", &Flags { flags: EPHEMERAL })?;
            }
            Self::Nothing | Self::ChangesLater => body.serialize_field("type", &6)?,
            Self::Choices(choices) => {
                body.serialize_field("type", &8)?;
                body.serialize_field("data", &Choices { choices })?;
            }
        }
        body.end()
    }
}
