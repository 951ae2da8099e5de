//! What is written down of an attempt when it has ended: that Discord has the message, that nobody
//! wants it, that it is refused for good, or when it is tried again.

use std::time::Duration;

use muster_domain::id::{ChannelId, MessageId};
use muster_domain::notice::News;
use muster_store::StoreError;
use muster_store::model::{Attempted, Breakage, Delivery, DeliveryContent, DeliveryEnd, Hold};
use muster_store::port::Deliveries as _;
use muster_vitals::meters::DeliveryEnd as End;
use tracing::{debug, info, warn};

use super::delivery::Delivered;
use super::ready::Ready;
use crate::app::{App, World};
use crate::discord::DiscordError;
use crate::limits::{DELIVERY_RETRY, LOOKS_MAX};
use crate::ports::{Clock as _, Rng as _};

impl<W: World> App<W> {
    /// Discord has the message. It shows what was sent, unless it may be that of an earlier
    /// attempt: what that shows is not known.
    pub(super) async fn sent(
        &self,
        ready: &Ready,
        channel: ChannelId,
        message: MessageId,
        made: Made,
    ) -> Result<Delivered, StoreError> {
        self.measure_lag(&ready.delivery);
        let version = match made {
            // By a clock that is wrong it may look as it should not.
            Made::Now if self.is_clock_in_doubt() => 0,
            Made::Now => ready.sheet().map_or(0, |sheet| sheet.event.version),
            Made::NowOrBefore => 0,
        };
        let end = DeliveryEnd::Sent { channel, message, version };
        self.end(&ready.delivery, end).await?;
        // The event may have changed while its post was under way, and a thread may be wanted.
        self.wake_reconciler();
        self.wake_chores();
        Ok(Delivered::Sent(channel, message))
    }

    /// An earlier attempt had reached Discord. What the message shows is not known: version 0.
    pub(super) async fn found(
        &self,
        delivery: &Delivery,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<Delivered, StoreError> {
        info!(delivery = %delivery.id, "an earlier attempt had reached Discord");
        let end = DeliveryEnd::Sent { channel, message, version: 0 };
        self.end(delivery, end).await?;
        self.wake_reconciler();
        self.wake_chores();
        Ok(Delivered::Sent(channel, message))
    }

    pub(super) async fn end(
        &self,
        delivery: &Delivery,
        end: DeliveryEnd,
    ) -> Result<(), StoreError> {
        let ended = match end {
            DeliveryEnd::Sent { .. } => End::Sent,
            DeliveryEnd::Skipped(_) | DeliveryEnd::Missed(_) => End::Skipped,
            DeliveryEnd::Dead(_)
            | DeliveryEnd::Broken(_)
            | DeliveryEnd::NoPost
            | DeliveryEnd::Unclear => End::Failed,
        };
        let hold = self.store().finish(delivery, end, self.now()).await?;
        if hold == Hold::Ours {
            self.vitals().meters.deliveries.ended(ended);
        }
        note(delivery, hold);
        Ok(())
    }

    /// Notes how long after its instant Discord took a reminder, or after an organiser had it
    /// tried again.
    fn measure_lag(&self, delivery: &Delivery) {
        let (DeliveryContent::Notice { news, .. } | DeliveryContent::Direct { news, .. }) =
            &delivery.content
        else {
            return;
        };
        if *news == News::Reminder {
            let since = delivery.retried.map_or(delivery.due, |retried| retried.max(delivery.due));
            let lag = Duration::try_from(self.now().duration_since(since)).unwrap_or_default();
            self.vitals().meters.deliveries.reminder_lag(self.env().monotonic(), lag);
        }
    }

    /// Ends a delivery, or plans another attempt, after it could not be found out whether an
    /// earlier one arrived. While nobody knows, it is not sent; but it does not hold up its lane
    /// for ever.
    pub(super) async fn looked_in_vain(
        &self,
        delivery: &Delivery,
        error: DiscordError,
    ) -> Result<Delivered, StoreError> {
        let is_given_up = match error {
            DiscordError::Forbidden | DiscordError::CannotTell => true,
            DiscordError::Unclear(_) => delivery.attempts >= LOOKS_MAX,
            DiscordError::Later(_)
            | DiscordError::MessageGone
            | DiscordError::ChannelGone
            | DiscordError::Refused(_) => false,
        };
        if !is_given_up {
            return self.after_error(delivery, error, Attempted::LookedInVain).await;
        }
        warn!(delivery = %delivery.id, channel = ?delivery.channel, %error,
            "whether a message was sent cannot be read; it is not sent again");
        self.end(delivery, DeliveryEnd::Unclear).await?;
        Ok(Delivered::Unclear)
    }

    /// Plans another attempt, unless Discord refuses for good.
    pub(super) async fn after_error(
        &self,
        delivery: &Delivery,
        error: DiscordError,
        attempted: Attempted,
    ) -> Result<Delivered, StoreError> {
        let grown = || DELIVERY_RETRY.jittered(delivery.attempts, self.env().next_u64());
        let wait = match error {
            // To look anew can cost many requests.
            DiscordError::Later(wait) if attempted == Attempted::LookedInVain => wait.max(grown()),
            DiscordError::Later(wait) => wait,
            DiscordError::Unclear(_) => grown(),
            DiscordError::MessageGone
            | DiscordError::ChannelGone
            | DiscordError::Forbidden
            | DiscordError::CannotTell
            | DiscordError::Refused(_) => return Ok(Delivered::Dead(error)),
        };
        warn!(delivery = %delivery.id, %error, wait_ms = wait.as_millis(), "to be sent again");
        note(delivery, self.store().postpone(delivery, self.after(wait), attempted).await?);
        Ok(Delivered::Later)
    }
}

/// By which attempt the message was made that Discord returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// By the present one.
    Now,
    /// By it, or by an earlier one with the same nonce.
    NowOrBefore,
}

/// How a delivery ends that Discord refuses for good.
pub(super) fn end_of(delivery: &Delivery, refused: &DiscordError) -> DeliveryEnd {
    match (delivery.channel, refused) {
        (Some(_), DiscordError::ChannelGone) => DeliveryEnd::Broken(Breakage::Gone),
        (Some(_), DiscordError::Forbidden) => DeliveryEnd::Broken(Breakage::Refuses),
        (_, refused) => DeliveryEnd::Dead(refused.to_string()),
    }
}

/// Whoever holds the delivery by now decides what becomes of it.
pub(super) fn note(delivery: &Delivery, hold: Hold) {
    if hold == Hold::Lost {
        debug!(delivery = %delivery.id, "a delivery was in other hands when it ended");
    }
}
