//! Reading messages, with the rights that it needs.

use std::ops::Bound;

use super::model::{Channel, Message};
use super::{Permissions, Refusal, World};
use crate::ids::{ChannelId, MessageId, UserId};

/// Which part of a channel's history is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Span {
    Newest,
    Before(MessageId),
    After(MessageId),
    Around(MessageId),
}

impl World {
    /// A message as `user` may read it by `GET /channels/{c}/messages/{m}`.
    pub(crate) fn read_message(
        &self,
        user: UserId,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<&Message, Refusal> {
        let found = self.channel(channel).ok_or(Refusal::UnknownChannel)?;
        let may = self.effective(found, user);
        if !may.contains(Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY) {
            return Err(Refusal::MissingAccess);
        }
        let message = found.messages.get(&message).filter(|message| message.only_for.is_none());
        message.ok_or(Refusal::UnknownMessage)
    }

    /// History as `user` may read it, newest first, without ephemeral messages.
    pub(crate) fn read_history(
        &self,
        user: UserId,
        channel: ChannelId,
        span: Span,
        limit: usize,
    ) -> Result<Vec<&Message>, Refusal> {
        let found = self.channel(channel).ok_or(Refusal::UnknownChannel)?;
        let may = self.effective(found, user);
        if !may.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::MissingAccess);
        }
        if !may.contains(Permissions::READ_MESSAGE_HISTORY) {
            return Ok(Vec::new());
        }
        Ok(pick(found, span, limit))
    }
}

fn pick(channel: &Channel, span: Span, limit: usize) -> Vec<&Message> {
    let all = |from: Bound<MessageId>, to: Bound<MessageId>| {
        channel
            .messages
            .range((from, to))
            .map(|(_, message)| message)
            .filter(|message| is_public(message))
    };
    let open = Bound::Unbounded;
    match span {
        Span::Newest => all(open, open).rev().take(limit).collect(),
        Span::Before(id) => all(open, Bound::Excluded(id)).rev().take(limit).collect(),
        Span::After(id) => {
            let mut list: Vec<_> = all(Bound::Excluded(id), open).take(limit).collect();
            list.reverse();
            list
        }
        Span::Around(id) => {
            let half = limit / 2;
            let mut list: Vec<_> = all(Bound::Excluded(id), open).take(half).collect();
            list.reverse();
            list.extend(all(open, Bound::Included(id)).rev().take(limit - list.len()));
            list
        }
    }
}

fn is_public(message: &Message) -> bool {
    message.only_for.is_none()
}
