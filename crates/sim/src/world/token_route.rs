//! What a bot does with an interaction's token after its first answer.

use serde_json::Value;

use super::model::{Message, flags};
use super::{Accepted, Refusal, Upload, Way, World};
use crate::ids::{AppId, MessageId};
use crate::validate::files::Files;
use crate::validate::message::{self, Purpose};

/// Which message of an interaction is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// The first answer, or the message whose component was used.
    Original,
    /// A message by id.
    Id(MessageId),
}

impl World {
    /// A message of the interaction with this token.
    pub(crate) fn token_message(
        &self,
        app: AppId,
        token: &str,
        which: Which,
    ) -> Result<&Message, Refusal> {
        let interaction = self.by_token(app, token)?;
        let id = match which {
            Which::Original => interaction.original.ok_or(Refusal::UnknownMessage)?,
            Which::Id(id) => id,
        };
        let message = self.message(id).ok_or(Refusal::UnknownMessage)?;
        let from_here = message.origin.as_ref().is_some_and(|o| o.interaction == interaction.id);
        if from_here || interaction.original == Some(id) || interaction.asked.source == Some(id) {
            Ok(message)
        } else {
            Err(Refusal::UnknownMessage)
        }
    }

    /// Edits a message of the interaction with this token.
    pub(crate) fn token_edits(
        &mut self,
        (app, token): (AppId, &str),
        which: Which,
        body: &Value,
        uploads: Vec<Upload>,
    ) -> Result<MessageId, Refusal> {
        let way = Way::Interaction(self.by_token(app, token)?.id);
        let found = self.token_message(app, token, which)?;
        let (channel, id) = (found.channel, found.id);
        let purpose = self.edit_purpose(Some(id));
        let files = Files { uploads: &uploads, kept: self.files_of(Some(id)) };
        let draft = message::read(body, purpose, files).map_err(Refusal::InvalidForm)?;
        self.rewrite((channel, id), way, &draft, uploads)?;
        Ok(id)
    }

    /// Deletes a message of the interaction with this token.
    pub(crate) fn token_deletes(
        &mut self,
        app: AppId,
        token: &str,
        which: Which,
    ) -> Result<(), Refusal> {
        let way = Way::Interaction(self.by_token(app, token)?.id);
        let found = self.token_message(app, token, which)?;
        let (channel, id) = (found.channel, found.id);
        self.accept(app, Accepted::Deleted { message: id, channel, way });
        self.erase(channel, id)
    }

    /// Sends a follow-up. While the first answer is still "thinking", it becomes that answer.
    pub(crate) fn token_follows_up(
        &mut self,
        (app, token): (AppId, &str),
        body: &Value,
        uploads: Vec<Upload>,
    ) -> Result<MessageId, Refusal> {
        let interaction = self.by_token(app, token)?.clone();
        let original = interaction.original.and_then(|id| self.message(id));
        if original.is_some_and(|message| message.flags & flags::LOADING != 0) {
            return self.token_edits((app, token), Which::Original, body, uploads);
        }
        let files = Files { uploads: &uploads, kept: &[] };
        let draft = message::read(body, Purpose::Reply, files).map_err(Refusal::InvalidForm)?;
        self.write_answer(&interaction, draft, uploads)
    }
}
