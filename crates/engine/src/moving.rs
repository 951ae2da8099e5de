//! Posts an event again elsewhere, or at the bottom of its channel. All answers stay.

use muster_domain::id::{ChannelId, DeliveryId, EventId, InteractionId};
use muster_domain::rights::Actor;
use muster_store::model::{MoveRequest, Moving, Posted};
use muster_store::port::Deliveries as _;

use crate::app::{App, World};
use crate::create::{KnownChannel, can_post};
use crate::refusal::{Refusal, Stop};

/// An event that is posted again.
#[derive(Clone, Debug)]
pub struct Reposted {
    /// The event and its post as they were before.
    pub before: Posted,
    /// Where it is posted.
    pub channel: ChannelId,
    /// What posts it.
    pub delivery: DeliveryId,
}

impl<W: World> App<W> {
    /// Posts an event again, in this channel or else where it is, once per interaction; when the
    /// new message is there, the old one is deleted. `channels` are those of which Discord told
    /// something.
    pub async fn move_post(
        &self,
        actor: &Actor,
        event: EventId,
        channel: Option<ChannelId>,
        asked: (InteractionId, &[KnownChannel]),
    ) -> Result<Reposted, Stop> {
        self.repost(actor, event, (channel, None), asked).await
    }

    /// Takes a move back: posts the event again in the channel where it was before, unless it was
    /// posted again since, or that was too long ago.
    pub async fn move_back(
        &self,
        actor: &Actor,
        event: EventId,
        (channel, taken_back): (ChannelId, DeliveryId),
        asked: (InteractionId, &[KnownChannel]),
    ) -> Result<Reposted, Stop> {
        self.repost(actor, event, (Some(channel), Some(taken_back)), asked).await
    }

    async fn repost(
        &self,
        actor: &Actor,
        event: EventId,
        (channel, takes_back): (Option<ChannelId>, Option<DeliveryId>),
        (interaction, channels): (InteractionId, &[KnownChannel]),
    ) -> Result<Reposted, Stop> {
        let before = self.event_as_organiser(actor, event).await?;
        self.refuse_what_has_ended(&before)?;
        let channel = channel.unwrap_or(before.sheet.event.channel);
        can_post(channel, channels)?;
        let (guild, by, at) = (actor.guild, actor.user, self.now());
        let request = MoveRequest { guild, event, channel, takes_back, by, interaction, at };
        match self.store().move_post(request).await? {
            Moving::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            Moving::MovedSince(by) => Err(Refusal::ChangedSince(by).into()),
            Moving::TooLate => Err(Refusal::TooLateToUndo.into()),
            Moving::Begun(delivery) | Moving::Repeated(delivery) => {
                self.wake_scheduler();
                Ok(Reposted { before, channel, delivery })
            }
        }
    }
}
