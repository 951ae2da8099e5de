//! Posts an event again elsewhere, or at the bottom of its channel. All answers stay.

use muster_domain::event::Event;
use muster_domain::id::{ChannelId, EventId, InteractionId};
use muster_domain::rights::Actor;
use muster_store::model::{MoveRequest, Moving};
use muster_store::port::Deliveries as _;

use crate::app::{App, World};
use crate::create::{KnownChannel, can_post};
use crate::refusal::{Refusal, Stop};

impl<W: World> App<W> {
    /// Posts an event again, in this channel or else where it is, once per interaction; when the
    /// new message is there, the old one is deleted. `channels` are those of which Discord told
    /// something. Returns the event as it was, and the channel.
    pub async fn move_post(
        &self,
        actor: &Actor,
        event: EventId,
        channel: Option<ChannelId>,
        (interaction, channels): (InteractionId, &[KnownChannel]),
    ) -> Result<(Event, ChannelId), Stop> {
        let posted = self.event_as_organiser(actor, event).await?;
        self.refuse_what_has_ended(&posted)?;
        let channel = channel.unwrap_or(posted.sheet.event.channel);
        can_post(channel, channels)?;
        let (guild, at) = (actor.guild, self.now());
        let by = actor.user;
        let request = MoveRequest { guild, event, channel, by, interaction, at };
        match self.store().move_post(request).await? {
            Moving::NoSuchEvent => Err(Refusal::NoSuchEvent.into()),
            Moving::Begun(_) | Moving::Repeated => {
                self.wake_scheduler();
                Ok((posted.sheet.event, channel))
            }
        }
    }
}
