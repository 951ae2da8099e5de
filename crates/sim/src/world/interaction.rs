//! A use of a command, component or modal: from the person's act to the bot's first answer.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Change, Refusal, World};
use crate::ids::{AppId, ChannelId, GuildId, InteractionId, MessageId, UserId};
use crate::render;

use super::interaction_answer::First;

/// How long an interaction's token works after the interaction (Discord docs: interactions).
const TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// The most interactions that are remembered; the oldest go first.
const MAX_INTERACTIONS: usize = 20_000;
/// The most modals that may be open.
const MAX_MODALS: usize = 1_000;

/// What somebody used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InteractionKind {
    /// A command, by its type number.
    Command(u8),
    /// A button or select.
    Component,
    /// An option of a command while it is being typed.
    Autocomplete,
    /// A filled-in modal.
    Modal,
}

impl InteractionKind {
    /// The number on the wire.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Command(_) => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }
}

/// How far an interaction has come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum State {
    /// The bot has not answered yet and still may.
    Waiting,
    /// The bot was too late.
    Expired,
    /// The bot has answered.
    Answered(First),
}

/// What somebody asks of a bot.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) app: AppId,
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) kind: InteractionKind,
    /// The payload's `data`.
    pub(crate) data: Value,
    /// The message whose component was used, also for a modal that a component opened.
    pub(crate) source: Option<MessageId>,
    /// Name of the command with its subcommands.
    pub(crate) name: Option<String>,
    /// The interaction that opened the modal.
    pub(crate) opener: Option<InteractionId>,
}

/// An interaction that was sent to a bot.
#[derive(Debug, Clone)]
pub(crate) struct Interaction {
    pub(crate) id: InteractionId,
    pub(crate) token: String,
    pub(crate) asked: Asked,
    pub(crate) guild: Option<GuildId>,
    pub(crate) created: Timestamp,
    pub(crate) state: State,
    /// What `@original` means, once there is an answer.
    pub(crate) original: Option<MessageId>,
    /// What messages made by it carry as `interaction_metadata`.
    pub(crate) metadata: Value,
}

/// A modal on somebody's screen.
#[derive(Debug, Clone)]
pub(crate) struct OpenModal {
    pub(crate) app: AppId,
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) source: Option<MessageId>,
    pub(crate) name: Option<String>,
    /// The callback's `data`: custom id, title, components.
    pub(crate) data: Value,
}

impl World {
    /// Sends what somebody asks to the bot; the answer is awaited by the caller.
    pub(crate) fn ask(&mut self, asked: Asked) -> Result<InteractionId, Refusal> {
        let guild = self.channel(asked.channel).ok_or(Refusal::UnknownChannel)?.guild;
        let id = InteractionId::new(self.next_id());
        let token = format!("{id}.{}{}", self.secret(), self.secret());
        let metadata = self.metadata_of(id, guild, &asked);
        let interaction = Interaction {
            id,
            token,
            guild,
            created: self.now,
            state: State::Waiting,
            original: None,
            metadata,
            asked,
        };
        let payload = render::interaction(self, &interaction);
        self.note(Change::Asked { app: interaction.asked.app, guild, payload });
        if self.interactions.len() >= MAX_INTERACTIONS {
            self.interactions.pop_first();
        }
        self.interactions.insert(id, interaction);
        Ok(id)
    }

    fn metadata_of(&self, id: InteractionId, guild: Option<GuildId>, asked: &Asked) -> Value {
        let owner = guild.map_or_else(|| "0".to_owned(), |guild| guild.to_string());
        let mut metadata = json!({
            "id": id,
            "type": asked.kind.number(),
            "user": self.user(asked.user).map(render::user),
            "authorizing_integration_owners": {"0": owner},
        });
        let Some(fields) = metadata.as_object_mut() else {
            return metadata;
        };
        match asked.kind {
            InteractionKind::Component => {
                fields.insert("interacted_message_id".into(), json!(asked.source));
            }
            InteractionKind::Modal => {
                let opener = asked.opener.and_then(|opener| self.interactions.get(&opener));
                let opener = opener.map(|opener| opener.metadata.clone());
                fields.insert("triggering_interaction_metadata".into(), json!(opener));
            }
            InteractionKind::Command(_) | InteractionKind::Autocomplete => {}
        }
        metadata
    }

    /// An interaction that is remembered.
    pub(crate) fn interaction(&self, id: InteractionId) -> Option<&Interaction> {
        self.interactions.get(&id)
    }

    pub(super) fn interaction_mut(&mut self, id: InteractionId) -> Option<&mut Interaction> {
        self.interactions.get_mut(&id)
    }

    /// The bot's time for the first answer is over.
    pub(crate) fn expire(&mut self, id: InteractionId) {
        if let Some(interaction) = self.interactions.get_mut(&id)
            && interaction.state == State::Waiting
        {
            interaction.state = State::Expired;
        }
    }

    /// The answered interaction with this token, while the token works.
    pub(super) fn by_token(&self, app: AppId, token: &str) -> Result<&Interaction, Refusal> {
        // A token begins with its interaction's id, so that it is found without a search.
        let id = token.split_once('.').and_then(|(id, _)| id.parse().ok());
        let known = id.and_then(|id| self.interactions.get(&id));
        let interaction = known.filter(|interaction| interaction.token == token);
        let interaction = interaction.filter(|interaction| interaction.asked.app == app);
        let interaction = interaction.ok_or(Refusal::UnknownWebhook)?;
        if self.now.duration_since(interaction.created) > TOKEN_LIFE {
            return Err(Refusal::TokenExpired);
        }
        match interaction.state {
            State::Answered(_) => Ok(interaction),
            State::Waiting | State::Expired => Err(Refusal::UnknownWebhook),
        }
    }

    /// A modal that is open.
    pub(crate) fn modal(&self, opener: InteractionId) -> Option<&OpenModal> {
        self.modals.get(&opener)
    }

    /// Closes a modal after it was sent.
    pub(crate) fn close_modal(&mut self, opener: InteractionId) {
        self.modals.remove(&opener);
    }

    pub(super) fn open_modal(&mut self, opener: InteractionId, modal: OpenModal) {
        if self.modals.len() >= MAX_MODALS {
            self.modals.pop_first();
        }
        self.modals.insert(opener, modal);
    }
}
