//! The bot's first answer to an interaction (Discord docs: receiving and responding).

use serde_json::{Value, json};

use super::interaction::{Interaction, InteractionKind, OpenModal, State};
use super::message_store::Writing;
use super::model::{Message, Origin, Pings, flags};
use super::{Accepted, Change, Refusal, Upload, Way, World};
use crate::ids::{InteractionId, MessageId};
use crate::json;
use crate::render;
use crate::validate::fields::{self, Presence};
use crate::validate::files::Files;
use crate::validate::message::{self, AllowedMentions, Draft, Purpose};
use crate::validate::{Form, command, modal};

/// What the first answer was, for the person who waits for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum First {
    /// A message.
    Message(MessageId),
    /// "… is thinking".
    Deferred(MessageId),
    /// The message that carries the component changes now.
    Update,
    /// The message that carries the component will change later.
    DeferredUpdate,
    /// A modal opens.
    Modal,
    /// Suggestions for an option.
    Choices(Vec<Value>),
}

/// What the callback route answers with.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) callback: u8,
    pub(crate) message: Option<MessageId>,
}

/// A callback that passed the checks.
enum Checked {
    Message(Draft),
    Deferred { only_for_user: bool },
    DeferredUpdate,
    Update(Draft),
    Choices(Vec<Value>),
    Modal(Value),
}

impl World {
    /// The bot answers an interaction for the first time.
    pub(crate) fn answer(
        &mut self,
        id: InteractionId,
        token: &str,
        body: &Value,
        uploads: Vec<Upload>,
    ) -> Result<Answered, Refusal> {
        let known = self.interaction(id).filter(|known| known.token == token);
        let interaction = known.ok_or(Refusal::UnknownInteraction)?.clone();
        match interaction.state {
            State::Waiting => {}
            State::Expired => return Err(Refusal::UnknownInteraction),
            State::Answered(_) => return Err(Refusal::AlreadyAcknowledged),
        }
        let (callback, checked) = self.check_callback(&interaction, body, &uploads)?;
        let first = self.carry_out(&interaction, checked, uploads)?;
        let message = match &first {
            First::Message(message) | First::Deferred(message) => Some(*message),
            First::Update | First::DeferredUpdate => interaction.asked.source,
            First::Modal | First::Choices(_) => None,
        };
        if let Some(interaction) = self.interaction_mut(id) {
            interaction.state = State::Answered(first);
            interaction.original = message;
        }
        let after = self.now.duration_since(interaction.created);
        let answered = Accepted::Answered { interaction: id, callback, after };
        self.accept(interaction.asked.app, answered);
        self.note(Change::Answered(id));
        Ok(Answered { callback, message })
    }

    fn check_callback(
        &self,
        interaction: &Interaction,
        body: &Value,
        uploads: &[Upload],
    ) -> Result<(u8, Checked), Refusal> {
        let mut form = Form::default();
        let checked = self.read_callback(&mut form, interaction, body, uploads);
        let checked = form.finish(checked).map_err(Refusal::InvalidForm)?;
        checked.ok_or(Refusal::InvalidJson)
    }

    fn read_callback(
        &self,
        form: &mut Form,
        interaction: &Interaction,
        body: &Value,
        uploads: &[Upload],
    ) -> Option<(u8, Checked)> {
        let object = fields::object(form, body)?;
        let kind = fields::integer(form, object, "type", 1..=13, Presence::Required)?;
        let kind = u8::try_from(kind).ok()?;
        if !takes(interaction).contains(&kind) {
            let message = "Interaction callback type is invalid for this interaction";
            form.wrong_at("type", "INTERACTION_CALLBACK_TYPE_INVALID", message);
            return None;
        }
        let nothing = json!({});
        let data = fields::given(object, "data").unwrap_or(&nothing);
        let checked = form.at("data", |form| match kind {
            4 => {
                let files = Files { uploads, kept: &[] };
                let draft = message::read_in(form, data, Purpose::Reply, files)?;
                self.find_unknown_emoji(form, draft.components.as_deref());
                Some(Checked::Message(draft))
            }
            5 => {
                let bits = data["flags"].as_u64().unwrap_or(0);
                Some(Checked::Deferred { only_for_user: bits & flags::EPHEMERAL != 0 })
            }
            6 => Some(Checked::DeferredUpdate),
            7 => {
                let purpose = self.edit_purpose(interaction.asked.source);
                let files = Files { uploads, kept: self.files_of(interaction.asked.source) };
                let draft = message::read_in(form, data, purpose, files)?;
                self.find_unknown_emoji(form, draft.components.as_deref());
                Some(Checked::Update(draft))
            }
            8 => {
                let object = fields::object(form, data)?;
                let choices = fields::list(form, object, "choices", 0..=25, Presence::Required)?;
                let is_text = choices.iter().all(|choice| choice["value"].is_string());
                let kind = if is_text { 3 } else { 10 };
                form.at("choices", |form| {
                    command::check_choices(form, choices, kind);
                });
                Some(Checked::Choices(choices.to_vec()))
            }
            _ => {
                modal::read_in(form, data);
                Some(Checked::Modal(data.clone()))
            }
        })?;
        Some((kind, checked))
    }

    /// How an edit of this message through a token is to be read.
    pub(super) fn edit_purpose(&self, message: Option<MessageId>) -> Purpose {
        let message = message.and_then(|id| self.message(id));
        let v2 = message.is_some_and(|message| message.flags & flags::COMPONENTS_V2 != 0);
        Purpose::Edit { v2, by_token: true }
    }

    fn carry_out(
        &mut self,
        interaction: &Interaction,
        checked: Checked,
        uploads: Vec<Upload>,
    ) -> Result<First, Refusal> {
        match checked {
            Checked::Message(draft) => {
                self.write_answer(interaction, draft, uploads).map(First::Message)
            }
            Checked::Deferred { only_for_user } => {
                self.write_loading(interaction, only_for_user).map(First::Deferred)
            }
            Checked::DeferredUpdate => Ok(First::DeferredUpdate),
            Checked::Update(draft) => {
                let source = interaction.asked.source.ok_or(Refusal::UnknownMessage)?;
                let way = Way::Interaction(interaction.id);
                self.rewrite((interaction.asked.channel, source), way, &draft, uploads)?;
                Ok(First::Update)
            }
            Checked::Choices(choices) => Ok(First::Choices(choices)),
            Checked::Modal(mut data) => {
                let components = json::list(&data, "components").to_vec();
                json::set(&mut data, "components", render::accepted_components(components));
                let asked = interaction.asked.clone();
                self.open_modal(
                    interaction.id,
                    OpenModal {
                        app: asked.app,
                        user: asked.user,
                        channel: asked.channel,
                        source: asked.source,
                        name: asked.name,
                        data,
                    },
                );
                Ok(First::Modal)
            }
        }
    }

    /// Writes a message that comes from an interaction: a first answer or a follow-up.
    pub(super) fn write_answer(
        &mut self,
        interaction: &Interaction,
        mut draft: Draft,
        uploads: Vec<Upload>,
    ) -> Result<MessageId, Refusal> {
        let bot = self.app(interaction.asked.app).ok_or(Refusal::UnknownApplication)?.bot;
        let hidden = draft.flags.is_some_and(|bits| bits & flags::EPHEMERAL != 0);
        draft.reference = interaction.asked.source;
        let writing = Writing {
            author: bot,
            app: Some(interaction.asked.app),
            channel: interaction.asked.channel,
            kind: message_kind(interaction),
            origin: Some(origin_of(interaction)),
            only_for: hidden.then_some(interaction.asked.user),
        };
        self.write(writing, draft, uploads)
    }

    fn write_loading(
        &mut self,
        interaction: &Interaction,
        hidden: bool,
    ) -> Result<MessageId, Refusal> {
        let bot = self.app(interaction.asked.app).ok_or(Refusal::UnknownApplication)?.bot;
        let id = MessageId::new(self.next_id());
        let hidden_bit = if hidden { flags::EPHEMERAL } else { 0 };
        let message = Message {
            id,
            channel: interaction.asked.channel,
            author: bot,
            application: Some(interaction.asked.app),
            kind: message_kind(interaction),
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            flags: flags::LOADING | hidden_bit,
            attachments: Vec::new(),
            timestamp: self.now,
            edited: None,
            tts: false,
            nonce: None,
            pings: Pings::default(),
            reference: interaction.asked.source,
            origin: Some(origin_of(interaction)),
            only_for: hidden.then_some(interaction.asked.user),
            dismissed: false,
        };
        self.keep(message, AllowedMentions::nobody());
        Ok(id)
    }
}

/// The callback types that an interaction may be answered with.
fn takes(interaction: &Interaction) -> &'static [u8] {
    match interaction.asked.kind {
        InteractionKind::Command(_) => &[4, 5, 9],
        InteractionKind::Component => &[4, 5, 6, 7, 9],
        InteractionKind::Autocomplete => &[8],
        InteractionKind::Modal if interaction.asked.source.is_some() => &[4, 5, 6, 7],
        InteractionKind::Modal => &[4, 5],
    }
}

fn message_kind(interaction: &Interaction) -> u8 {
    match interaction.asked.kind {
        InteractionKind::Command(1) => 20,
        InteractionKind::Command(_) => 23,
        InteractionKind::Component | InteractionKind::Autocomplete | InteractionKind::Modal => {
            if interaction.asked.source.is_some() {
                19
            } else {
                0
            }
        }
    }
}

fn origin_of(interaction: &Interaction) -> Origin {
    Origin {
        interaction: interaction.id,
        kind: interaction.asked.kind.number(),
        user: interaction.asked.user,
        name: interaction.asked.name.clone(),
        metadata: interaction.metadata.clone(),
    }
}
