//! What a person does through a client: commands, taps, forms, reading and writing.

mod act;
mod answer;
mod components;
mod list;
mod modal;
mod named;
mod options;
mod resolved;

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

pub(crate) use act::{CommandUse, ComponentUse, ModalUse};
pub(crate) use act::{autocomplete, run_command, submit_modal, use_component};
pub use answer::{Answer, Choice, Modal, Outcome, UserError};
pub(crate) use list::usable;
pub(crate) use named::resolve;
pub(crate) use options::Opt;

use crate::ids::{
    AttachmentId, ChannelId, GuildId, InteractionId, MessageId, ScheduledEventId, UserId,
};
use crate::shared::Shared;
use crate::validate::files::Files;
use crate::validate::message::{self, Purpose};
use crate::world::{MAX_GIVEN, Message};

/// A person at a client. Cheap to clone.
#[derive(Clone)]
pub struct User {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: UserId,
}

impl User {
    /// Who it is.
    #[must_use]
    pub fn id(&self) -> UserId {
        self.id
    }

    /// Runs a slash command by its full name, `"event create"`. `options` is an object of option
    /// names and values; people, roles and channels are given by id.
    pub async fn command(
        &self,
        channel: ChannelId,
        name: &str,
        options: Value,
    ) -> Result<Outcome, UserError> {
        let used = named::resolve(&self.shared, (self.id, channel), name, &options, None)?;
        run_command(&self.shared, used).await
    }

    /// Runs a command of the context menu on a person or a message.
    pub async fn context_command(
        &self,
        channel: ChannelId,
        name: &str,
        target: u64,
    ) -> Result<Outcome, UserError> {
        let nothing = Value::Object(serde_json::Map::new());
        let mut used = named::resolve(&self.shared, (self.id, channel), name, &nothing, None)?;
        used.target = Some(target);
        run_command(&self.shared, used).await
    }

    /// Asks for suggestions while typing the option `focused`.
    pub async fn autocomplete(
        &self,
        channel: ChannelId,
        name: &str,
        options: Value,
        focused: &str,
    ) -> Result<Vec<Choice>, UserError> {
        let place = (self.id, channel);
        let used = named::resolve(&self.shared, place, name, &options, Some(focused))?;
        autocomplete(&self.shared, used).await
    }

    /// Taps a button.
    pub async fn tap(&self, message: MessageId, custom_id: &str) -> Result<Outcome, UserError> {
        self.select(message, custom_id, &[]).await
    }

    /// Chooses from a select menu.
    pub async fn select(
        &self,
        message: MessageId,
        custom_id: &str,
        values: &[&str],
    ) -> Result<Outcome, UserError> {
        let channel = self.message(message).map(|message| message.channel);
        let channel = channel.ok_or_else(|| UserError::not_found("there is no such message"))?;
        let used = ComponentUse {
            user: self.id,
            channel,
            message,
            custom_id: custom_id.to_owned(),
            values: values.iter().map(ToString::to_string).collect(),
        };
        use_component(&self.shared, used).await
    }

    /// Sends a modal. `values` is an object of custom ids and values; fields that it does not
    /// name are left as the modal filled them.
    pub async fn submit(&self, modal: InteractionId, values: Value) -> Result<Outcome, UserError> {
        submit_modal(&self.shared, ModalUse { user: self.id, modal, values }).await
    }

    /// Says that a native scheduled event interests this person, or that it does not any more.
    pub fn mark_interest(
        &self,
        guild: GuildId,
        event: ScheduledEventId,
        interested: bool,
    ) -> Result<(), UserError> {
        let which = (guild, event);
        Ok(self.shared.with(|world| world.set_interest(self.id, which, interested))?)
    }

    /// Writes plain text.
    pub fn say(&self, channel: ChannelId, text: &str) -> Result<MessageId, UserError> {
        let body = json!({"content": text});
        let draft = message::read(&body, Purpose::Create, Files::default())
            .map_err(|errors| UserError::invalid(errors.lines()))?;
        let said = self.shared.with(|world| world.person_sends(self.id, channel, draft));
        Ok(said?)
    }

    /// Chooses a file of up to 8 MiB for an option or a field that takes one; the id is what is
    /// given there. Of all files, 64 MiB are kept, the newest ones.
    pub fn upload(
        &self,
        name: &str,
        content_type: &str,
        bytes: impl Into<Bytes>,
    ) -> Result<AttachmentId, UserError> {
        let bytes = bytes.into();
        if bytes.len() > MAX_GIVEN {
            return Err(UserError::invalid("a file may have 8 MiB at most"));
        }
        Ok(self.shared.with(|world| world.give_file(self.id, name, content_type, bytes)))
    }

    /// The content of the file of this name in a message that this person sees.
    #[must_use]
    pub fn file(&self, message: MessageId, name: &str) -> Option<Bytes> {
        let message = self.message(message)?;
        let file = message.attachments.iter().find(|file| file.filename == name)?;
        self.shared.with(|world| world.file_content(file.id))
    }

    /// Deletes a message: an own one, or any where this person manages messages.
    pub fn delete(&self, message: MessageId) -> Result<(), UserError> {
        let channel = self.message(message).map(|message| message.channel);
        let channel = channel.ok_or_else(|| UserError::not_found("there is no such message"))?;
        Ok(self.shared.with(|world| world.delete_message(self.id, channel, message))?)
    }

    /// What this person sees in a channel, ephemeral messages among it, oldest first.
    #[must_use]
    pub fn messages(&self, channel: ChannelId) -> Vec<Message> {
        self.shared.with(|world| world.visible_messages(self.id, channel).cloned().collect())
    }

    /// A message as it is now, if this person sees it.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<Message> {
        self.shared.with(|world| {
            let found = world.message(id).filter(|message| message.is_shown_to(self.id))?;
            world.sees(self.id, found.channel).then(|| found.clone())
        })
    }

    /// Hides an ephemeral message.
    pub fn dismiss(&self, message: MessageId) -> Result<(), UserError> {
        Ok(self.shared.with(|world| world.dismiss(self.id, message))?)
    }

    /// The names of the commands that this person may use in a channel.
    #[must_use]
    pub fn commands(&self, channel: ChannelId) -> Vec<String> {
        self.shared.with(|world| {
            let list = usable(world, self.id, channel);
            list.into_iter().map(|(_, command)| command.name.clone()).collect()
        })
    }
}
