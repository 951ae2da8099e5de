//! Looking through a channel for a message of ours.

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{ChannelId, MessageId};
use muster_domain::rights::Permissions;
use muster_engine::discord::{DiscordError, Mark};
use muster_engine::ports::Env;

use super::{RestDiscord, said};
use crate::custom_id::Action;
use crate::rest::model::{Channel, Message as Seen};
use crate::rest::{Around, Wire};

/// Messages asked for at once when looking for one of ours.
const LOOKED_THROUGH_AT_ONCE: u8 = 100;

/// Pages looked through at most, the newest two thousand messages: that takes less than the lease
/// of a delivery. If an attempt can be further back, nobody can tell whether it arrived.
const PAGES_MAX: u32 = 20;

/// How much our clock may be ahead of Discord's when looking for a message since an instant.
pub(super) const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(120);

impl<E: Env, W: Wire> RestDiscord<E, W> {
    /// Looks through the messages of a channel, newest first.
    pub(super) async fn find_in_pages(
        &self,
        channel: ChannelId,
        mark: Mark,
        since: Timestamp,
    ) -> Result<Option<MessageId>, DiscordError> {
        let since = since.saturating_sub(CLOCK_SKEW).unwrap_or(Timestamp::MIN);
        let earliest = MessageId::earliest_at(since);
        let mut around = Around::Newest;
        for _ in 0..PAGES_MAX {
            let page = self.page(channel, around).await?;
            if let Some(found) = page.iter().find(|message| self.is_ours(message, mark)) {
                return Ok(Some(found.id));
            }
            match page.iter().map(|message| message.id).min() {
                Some(oldest) if oldest > earliest => around = Around::Before(oldest),
                Some(_) | None => return Ok(None),
            }
        }
        Err(DiscordError::CannotTell)
    }

    /// A channel whose history may be read: else an empty list of messages proves nothing.
    pub(super) async fn readable(&self, channel: ChannelId) -> Result<Channel, DiscordError> {
        let found = self.rest.channel(channel).await.map_err(|error| said(&error))?;
        let Some(guild) = found.guild_id else { return Ok(found) };
        let permissions = self.permissions_here(guild, found.clone()).await?;
        if permissions.allow(Permissions::READ_MESSAGE_HISTORY) {
            Ok(found)
        } else {
            Err(DiscordError::Forbidden)
        }
    }

    async fn page(&self, channel: ChannelId, around: Around) -> Result<Vec<Seen>, DiscordError> {
        let raw = self.rest.messages(channel, around, LOOKED_THROUGH_AT_ONCE).await;
        let raw = raw.map_err(|error| said(&error))?;
        serde_json::from_slice(&raw).map_err(|error| DiscordError::Unclear(error.to_string()))
    }

    pub(super) fn is_ours(&self, message: &Seen, mark: Mark) -> bool {
        let by_us = message.author.as_ref().is_some_and(|author| author.id == self.bot);
        by_us && message.components.as_ref().is_some_and(|raw| bears(raw.get(), mark))
    }
}

/// Whether components, as JSON text, contain a custom id with this mark.
pub(super) fn bears(components: &str, mark: Mark) -> bool {
    // Custom ids of ours contain nothing that JSON would escape.
    components.split('"').filter_map(Action::decode).any(|action| match (action, mark) {
        (
            Action::Answer(event, _) | Action::AnswerFrom(event) | Action::More(event),
            Mark::Post(wanted),
        ) => event == wanted,
        (
            Action::Show(_, Some(found))
            | Action::New(Some(found))
            | Action::Doctor(Some(found))
            | Action::NoDirect(_, _, Some(found)),
            Mark::Delivery(wanted),
        ) => found == wanted,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use muster_domain::id::{DeliveryId, EventId};

    use super::*;

    #[test]
    fn a_mark_is_found_among_components() {
        let raw = r#"[{"type":1,"components":[{"type":2,"custom_id":"m1:a:16:0","label":"x"},
            {"type":2,"custom_id":"m1:s:16:1c"}]}]"#;
        assert!(bears(raw, Mark::Post(EventId::new(42))));
        assert!(!bears(raw, Mark::Post(EventId::new(43))));
        assert!(bears(raw, Mark::Delivery(DeliveryId::new(48))));
        assert!(!bears(raw, Mark::Delivery(DeliveryId::new(42))));
    }
}
