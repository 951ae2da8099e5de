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

/// How an event is to be posted again.
#[derive(Clone, Copy, Debug)]
pub struct Repost<'a> {
    /// The channel; `None` for the one where it is.
    pub channel: Option<ChannelId>,
    /// The move that this takes back, as what posted the event then.
    pub takes_back: Option<DeliveryId>,
    /// Channels of which Discord told something.
    pub channels: &'a [KnownChannel],
    /// The interaction that asked for it.
    pub interaction: InteractionId,
}

impl<W: World> App<W> {
    /// Posts an event again, once per interaction; when the new message is there, the old one is
    /// deleted. A move is not taken back if the event was posted again since, or that was too long
    /// ago. For organisers.
    pub async fn repost(
        &self,
        actor: &Actor,
        event: EventId,
        repost: Repost<'_>,
    ) -> Result<Reposted, Stop> {
        let Repost { channel, takes_back, channels, interaction } = repost;
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
