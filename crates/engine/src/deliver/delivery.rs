//! One delivery: due → claimed → attempted → sent, skipped, dead or unclear.
//!
//! The store knows of an attempt before its first byte leaves. Whoever finds an attempt without an
//! end looks into the channel before sending again.

use std::time::Duration;

use jiff::Timestamp;
use muster_domain::id::{ChannelId, DeliveryId, MessageId};
use muster_store::StoreError;
use muster_store::model::{Attempted, Delivery, DeliveryContent, DeliveryEnd};
use muster_store::port::Deliveries as _;
use tracing::{info, warn};

use super::ending::{end_of, note};
use super::halt::Halt;
use super::once::lies_in;
use super::ready::{Place, Ready};
use super::subject::Subject;
use crate::app::{App, World};
use crate::discord::{Discord as _, DiscordError};
use crate::limits::LEASE;

/// Why a message to a member is left out whose name was erased while it was on its way.
const ERASED: &str = "it was for an erased member";

/// How one attempt to deliver ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivered {
    /// Discord has the message, in this channel: of a post in a forum, in its thread.
    Sent(ChannelId, MessageId),
    /// Discord refuses it for good.
    Dead(DiscordError),
    /// It was left out: nobody wants it any more.
    NotWanted,
    /// It is told in a post that nobody knows of.
    NoPost,
    /// Nothing can tell whether Discord has it, so that it is not sent again.
    Unclear,
    /// Another attempt will be made or is being made, or others were put in its place.
    Later,
}

impl<W: World> App<W> {
    /// Claims this delivery and makes one attempt.
    pub(crate) async fn deliver_now(&self, id: DeliveryId) -> Delivered {
        let now = self.now();
        match self.store().claim(id, now, lease_from(now)).await {
            Ok(Some(delivery)) => self.attempt(delivery).await,
            Ok(None) => Delivered::Later,
            Err(error) => {
                warn!(delivery = %id, %error, "a delivery could not be claimed");
                Delivered::Later
            }
        }
    }

    /// Makes one attempt with a claimed delivery. A failing store leaves it to the next one. What
    /// is about something that cannot be read is set aside: it does not hold up its channel.
    pub(super) async fn attempt(&self, delivery: Delivery) -> Delivered {
        let error = match self.try_once(&delivery).await {
            Ok(delivered) => return delivered,
            Err(error) => error,
        };
        warn!(delivery = %delivery.id, %error, "the state of a delivery could not be stored");
        if let StoreError::Corrupt(why) = error {
            match self.store().set_aside(&delivery, why, self.now()).await {
                Ok(hold) => note(&delivery, hold),
                Err(error) => warn!(delivery = %delivery.id, %error, "it could not be set aside"),
            }
        }
        Delivered::Later
    }

    async fn try_once(&self, delivery: &Delivery) -> Result<Delivered, StoreError> {
        if is_for_nobody(delivery) {
            self.end(delivery, DeliveryEnd::Skipped(ERASED)).await?;
            return Ok(Delivered::NotWanted);
        }
        let about = match self.subject_of(delivery).await {
            Ok(about) => about,
            Err(Halt::Ended(end)) => return self.is_not_wanted(delivery, end).await,
            Err(Halt::Failed(error)) => return Err(error),
        };
        if delivery.in_forum && matches!(delivery.content, DeliveryContent::Notice { .. }) {
            self.end(delivery, DeliveryEnd::NoPost).await?;
            return Ok(Delivered::NoPost);
        }
        if let (DeliveryContent::Unanswered { role, .. }, Subject::Event { posted, .. }) =
            (&delivery.content, &about)
        {
            return self.spread(delivery, *role, &posted.sheet.event).await;
        }
        self.try_places(Ready { delivery: delivery.clone(), about }).await
    }

    /// Ends a delivery that is wanted no more: as sent, if an earlier attempt had reached Discord.
    async fn is_not_wanted(
        &self,
        delivery: &Delivery,
        mut end: DeliveryEnd,
    ) -> Result<Delivered, StoreError> {
        if !self.can_go_by_the_clock().await {
            return self.wait_for_the_clock(delivery).await;
        }
        if let Some(first) = delivery.first_attempt {
            match self.look_where_it_went(delivery, first).await {
                Ok(None) | Err(DiscordError::Forbidden | DiscordError::ChannelGone) => {}
                Ok(Some((channel, message))) => {
                    return self.found(delivery, channel, message).await;
                }
                Err(error) => {
                    let after = self.looked_in_vain(delivery, error).await?;
                    if !matches!(after, Delivered::Dead(_)) {
                        return Ok(after);
                    }
                }
            }
            // That can take long enough for a clock to be put right by which it was not wanted.
            end = match self.subject_of(delivery).await {
                Err(Halt::Ended(end)) => end,
                Err(Halt::Failed(error)) => return Err(error),
                Ok(_) => return self.wait_for_the_clock(delivery).await,
            };
            if !self.can_go_by_the_clock().await {
                return self.wait_for_the_clock(delivery).await;
            }
        }
        self.end(delivery, end).await?;
        Ok(Delivered::NotWanted)
    }

    /// Tries a delivery again that is wanted by one clock and not by the other: at once, after
    /// events were turned.
    async fn wait_for_the_clock(&self, delivery: &Delivery) -> Result<Delivered, StoreError> {
        self.wake_scheduler();
        let later = DiscordError::Later(Duration::ZERO);
        self.after_error(delivery, later, Attempted::NotTaken).await
    }

    /// Looks for what an attempt may have left in the channel of a delivery, or with the member
    /// whom it is for. Where a greeting went nobody knows.
    async fn look_where_it_went(
        &self,
        delivery: &Delivery,
        first: Timestamp,
    ) -> Result<Option<(ChannelId, MessageId)>, DiscordError> {
        let place = match (delivery.channel, &delivery.content) {
            (Some(channel), _) => channel,
            (
                None,
                DeliveryContent::Direct { member, .. }
                | DeliveryContent::Report { member: Some(member) },
            ) => self.discord().direct_channel_with(*member).await?,
            (
                None,
                DeliveryContent::Greeting
                | DeliveryContent::Post(_)
                | DeliveryContent::Unanswered { .. }
                | DeliveryContent::Notice { .. }
                | DeliveryContent::Report { member: None },
            ) => return Ok(None),
        };
        let found = self.look_for_it(delivery, place, first).await?;
        Ok(found.map(|message| (lies_in(delivery, place, message), message)))
    }

    /// Sends to the first place that takes it.
    async fn try_places(&self, ready: Ready) -> Result<Delivered, StoreError> {
        let delivery = &ready.delivery;
        let places = match (delivery.channel, &delivery.content) {
            (Some(channel), _) => ready.places_from(channel),
            (
                None,
                DeliveryContent::Direct { member, .. }
                | DeliveryContent::Report { member: Some(member) },
            ) => vec![Place::Member(*member)],
            (None, DeliveryContent::Report { member: None }) => Vec::new(),
            (
                None,
                DeliveryContent::Greeting
                | DeliveryContent::Post(_)
                | DeliveryContent::Unanswered { .. }
                | DeliveryContent::Notice { .. },
            ) => vec![Place::SystemChannel, Place::WhoAddedTheBot],
        };
        let mut refused = DiscordError::ChannelGone;
        let mut refused_in = None;
        for place in places {
            if let Some(channel) = refused_in.take()
                && let Some(ended) = self.was_taken_before(delivery, channel).await?
            {
                return Ok(ended);
            }
            let delivered = match self.channel_of(place, delivery).await {
                Ok(Some(channel)) => {
                    refused_in = Some(channel);
                    self.send(&ready, channel).await?
                }
                Ok(None) => continue,
                Err(error) => self.after_error(delivery, error, Attempted::NotTaken).await?,
            };
            match delivered {
                Delivered::Dead(error) => refused = error,
                Delivered::Sent(..)
                | Delivered::NotWanted
                | Delivered::NoPost
                | Delivered::Unclear
                | Delivered::Later => return Ok(delivered),
            }
        }
        if matches!(delivery.content, DeliveryContent::Direct { .. }) {
            // Members may close their direct messages; that is nobody's fault.
            info!(delivery = %delivery.id, error = %refused, "a member takes no direct message");
        } else {
            warn!(delivery = %delivery.id, guild = %delivery.guild, error = %refused,
                "Discord refuses a message for good");
        }
        self.end(delivery, end_of(delivery, &refused)).await?;
        Ok(Delivered::Dead(refused))
    }

    /// How a delivery ends because a channel that refuses it now may have taken it in an earlier
    /// attempt; `None` if it did not, so that another place gets it. A greeting goes to somebody
    /// else there.
    async fn was_taken_before(
        &self,
        delivery: &Delivery,
        channel: ChannelId,
    ) -> Result<Option<Delivered>, StoreError> {
        let first = delivery.first_attempt;
        let Some(first) = first.filter(|_| delivery.content != DeliveryContent::Greeting) else {
            return Ok(None);
        };
        match self.look_for_it(delivery, channel, first).await {
            // With a channel everything in it is gone.
            Ok(None) | Err(DiscordError::ChannelGone) => Ok(None),
            Ok(Some(message)) => {
                let channel = lies_in(delivery, channel, message);
                self.found(delivery, channel, message).await.map(Some)
            }
            Err(error) => {
                let after = self.looked_in_vain(delivery, error).await?;
                Ok((!matches!(after, Delivered::Dead(_))).then_some(after))
            }
        }
    }

    async fn channel_of(
        &self,
        place: Place,
        delivery: &Delivery,
    ) -> Result<Option<ChannelId>, DiscordError> {
        match place {
            Place::Channel(channel) => Ok(Some(channel)),
            Place::SystemChannel => self.discord().system_channel(delivery.guild).await,
            Place::WhoAddedTheBot => self.discord().direct_channel(delivery.guild).await.map(Some),
            Place::Member(member) => self.discord().direct_channel_with(member).await.map(Some),
        }
    }
}

/// Whether it was for a member who had everything erased while it was on its way: only the place
/// of their name is left, and nobody to write to.
fn is_for_nobody(delivery: &Delivery) -> bool {
    matches!(delivery.content, DeliveryContent::Direct { member, .. } if member.is_erased())
}

/// Until when a delivery claimed now belongs to its claimer.
pub(super) fn lease_from(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}
