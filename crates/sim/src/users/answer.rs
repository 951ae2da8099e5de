//! What comes back to a person from a command, a tap or a form.

use serde_json::Value;

use crate::ids::{InteractionId, MessageId};
use crate::world::Refusal;

/// The client or Discord said no before any bot was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    /// There is no such thing, or this person does not see it.
    #[error("{0}")]
    NotFound(String),
    /// This person may not.
    #[error("{0}")]
    Forbidden(String),
    /// It was filled in wrongly.
    #[error("{0}")]
    Invalid(String),
}

impl UserError {
    pub(crate) fn not_found(why: impl Into<String>) -> Self {
        Self::NotFound(why.into())
    }

    pub(crate) fn forbidden(why: impl Into<String>) -> Self {
        Self::Forbidden(why.into())
    }

    pub(crate) fn invalid(why: impl Into<String>) -> Self {
        Self::Invalid(why.into())
    }

    /// The HTTP status that the page API gives it.
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::NotFound(_) => 404,
            Self::Forbidden(_) => 403,
            Self::Invalid(_) => 400,
        }
    }
}

impl From<Refusal> for UserError {
    fn from(refusal: Refusal) -> Self {
        let why = refusal.to_string();
        match refusal.numbers().0 {
            404 => Self::NotFound(why),
            403 => Self::Forbidden(why),
            _ => Self::Invalid(why),
        }
    }
}

/// How a bot answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The interaction.
    pub interaction: InteractionId,
    /// The first answer.
    pub answer: Answer,
}

/// The first answer of a bot.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A message.
    Message(MessageId),
    /// "… is thinking"; the message will be filled in.
    Thinking(MessageId),
    /// The message with the component was changed.
    Updated,
    /// The tap was taken; whatever changes comes later.
    Acknowledged,
    /// A form is shown.
    Modal(Modal),
    /// No answer came in time: "The application did not respond".
    Failed,
}

/// A form on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Modal {
    /// By what it is sent.
    pub id: InteractionId,
    /// The bot's own name for it.
    pub custom_id: String,
    /// Title.
    pub title: String,
    /// Components, with their ids filled in.
    pub components: Vec<Value>,
}

/// A suggestion for an option.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What is shown.
    pub name: String,
    /// What is sent.
    pub value: Value,
}

impl Outcome {
    /// The message that the bot answered with, also while it is "thinking".
    #[must_use]
    pub fn message(&self) -> Option<MessageId> {
        match self.answer {
            Answer::Message(id) | Answer::Thinking(id) => Some(id),
            Answer::Updated | Answer::Acknowledged | Answer::Modal(_) | Answer::Failed => None,
        }
    }

    /// The form that the bot opened.
    #[must_use]
    pub fn modal(&self) -> Option<&Modal> {
        match &self.answer {
            Answer::Modal(modal) => Some(modal),
            Answer::Message(_)
            | Answer::Thinking(_)
            | Answer::Updated
            | Answer::Acknowledged
            | Answer::Failed => None,
        }
    }
}
