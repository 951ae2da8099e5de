//! One delivery: due → claimed → attempted → sent, skipped, dead or unclear.
//!
//! The store knows of an attempt before its first byte leaves. Whoever finds an attempt without an
//! end looks into the channel before sending again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{ChannelId, DeliveryId, MessageId};
use muster_domain::notice::News;
use muster_store::StoreError;
use muster_store::model::{Attempted, Breakage, Delivery, DeliveryContent, DeliveryEnd, Hold};
use muster_store::port::Deliveries;
use muster_vitals::meters::DeliveryEnd as End;
use tracing::{info, warn};

use super::ready::{Place, Ready};
use crate::app::{App, World};
use crate::discord::{Discord, DiscordError, Mark};
use crate::limits::{FORUM_POST_SETTLES, LEASE, RETRY_MAX, SAME_NONCE};
use crate::ports::{Clock as _, Rng};

/// How one attempt to deliver ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// Discord has the message, in this channel: of a post in a forum, in its thread.
    Sent(ChannelId, MessageId),
    /// Discord refuses it for good.
    Dead(DiscordError),
    /// It was left out: nobody wants it any more.
    NotWanted,
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

    /// Makes one attempt with a claimed delivery. A failing store leaves it to the next one.
    pub(super) async fn attempt(&self, delivery: Delivery) -> Delivered {
        let id = delivery.id;
        self.try_once(delivery).await.unwrap_or_else(|error| {
            warn!(delivery = %id, %error, "the state of a delivery could not be stored");
            Delivered::Later
        })
    }

    async fn try_once(&self, delivery: Delivery) -> Result<Delivered, StoreError> {
        let about = match self.subject_of(&delivery).await? {
            Ok(about) => about,
            Err(end) => return self.is_not_wanted(&delivery, end).await,
        };
        if let DeliveryContent::Unanswered { role, .. } = delivery.content {
            return self.spread(&delivery, role).await;
        }
        self.try_places(Ready { delivery, about }).await
    }

    /// Ends a delivery that is wanted no more: as sent, if an earlier attempt had reached Discord.
    async fn is_not_wanted(
        &self,
        delivery: &Delivery,
        end: DeliveryEnd,
    ) -> Result<Delivered, StoreError> {
        if let (Some(first), Some(place)) = (delivery.first_attempt, delivery.channel) {
            match self.look_for_it(delivery, place, first).await {
                Ok(None) | Err(DiscordError::Forbidden | DiscordError::ChannelGone) => {}
                Ok(Some(message)) => {
                    return self.found(delivery, lies_in(delivery, place, message), message).await;
                }
                Err(error) => {
                    let after = self.after_error(delivery, error, Attempted::NotTaken).await?;
                    if after == Delivered::Later {
                        return Ok(after);
                    }
                }
            }
        }
        self.end(delivery, end).await?;
        Ok(Delivered::NotWanted)
    }

    /// Looks for what an attempt may have left in the channel.
    async fn look_for_it(
        &self,
        delivery: &Delivery,
        place: ChannelId,
        first: Timestamp,
    ) -> Result<Option<MessageId>, DiscordError> {
        // An attempt in the future was marked by a clock that was wrong: nobody knows when it was.
        let since = if first > self.discords_time() { Timestamp::UNIX_EPOCH } else { first };
        self.discord().find(place, mark_of(delivery), since).await
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
        for place in places {
            let delivered = match self.channel_of(place, delivery).await {
                Ok(Some(channel)) => self.send(&ready, channel).await?,
                Ok(None) => continue,
                Err(error) => self.after_error(delivery, error, Attempted::NotTaken).await?,
            };
            match delivered {
                Delivered::Dead(error) => refused = error,
                Delivered::Sent(..)
                | Delivered::NotWanted
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

    /// Sends once, unless the message is there already.
    async fn send(&self, ready: &Ready, place: ChannelId) -> Result<Delivered, StoreError> {
        let delivery = &ready.delivery;
        let nonce = match self.nonce_for(delivery, place).await? {
            Ok(nonce) => nonce,
            Err(ended) => return Ok(ended),
        };
        let Some(message) = ready.message() else {
            return Ok(Delivered::NotWanted);
        };
        // Marked when its turn has come and not before: while it waits, nobody has to wonder
        // whether it was sent.
        let mut marked = None;
        let mark = async {
            let (process, at) = (self.process(), self.discords_time());
            let hold = self.store().mark_attempt(delivery, process, nonce.clone(), at).await;
            *marked.insert(hold) == Ok(Hold::Ours)
        };
        let created = if delivery.in_forum {
            self.discord().create_in_forum(place, message, mark).await
        } else {
            self.discord().create(place, &nonce, message, mark).await
        };
        if marked.transpose()? == Some(Hold::Lost) {
            info!(delivery = %delivery.id, "a delivery is in other hands by now");
            return Ok(Delivered::Later);
        }
        match created {
            Ok(message) => self.sent(ready, lies_in(delivery, place, message), message).await,
            Err(error) => {
                let attempted = match error {
                    DiscordError::Unclear(_) => Attempted::Unclear,
                    DiscordError::Later(_)
                    | DiscordError::MessageGone
                    | DiscordError::ChannelGone
                    | DiscordError::Forbidden
                    | DiscordError::Refused(_) => Attempted::NotTaken,
                };
                self.after_error(delivery, error, attempted).await
            }
        }
    }

    /// The nonce to send with: a new one for the first attempt, and where the channel shows no
    /// trace of what this process tried long ago; the old one shortly after, and after another
    /// process.
    async fn nonce_for(
        &self,
        delivery: &Delivery,
        place: ChannelId,
    ) -> Result<Result<String, Delivered>, StoreError> {
        let Some(first) = delivery.first_attempt else {
            return Ok(Ok(self.new_nonce()));
        };
        let now = self.discords_time();
        let age = now.duration_since(first);
        let ours = delivery.attempted_by == Some(self.process());
        let is_recent = age >= SignedDuration::ZERO && age < SAME_NONCE;
        // While the machine sleeps, Discord forgets, and only the machine's own clock goes on.
        let is_remembered = is_recent && self.now().duration_since(first) < SAME_NONCE;
        if delivery.in_forum && age >= SignedDuration::ZERO && age < FORUM_POST_SETTLES {
            let left = Duration::try_from(FORUM_POST_SETTLES - age).unwrap_or_default();
            let later = DiscordError::Later(left);
            return self.after_error(delivery, later, Attempted::NotTaken).await.map(Err);
        }
        if ours && is_remembered && !delivery.in_forum {
            return Ok(Ok(delivery.nonce.clone()));
        }
        match self.look_for_it(delivery, place, first).await {
            // What an ended process sent may be on its way still, if not from the first attempt,
            // then from a later one: with its own nonce it makes no second message, whichever of
            // the two arrives first. Of a nonce that Discord has forgotten nothing comes.
            Ok(None) if is_recent || !ours => Ok(Ok(delivery.nonce.clone())),
            Ok(None) => Ok(Ok(self.new_nonce())),
            Ok(Some(message)) => {
                let channel = lies_in(delivery, place, message);
                self.found(delivery, channel, message).await.map(Err)
            }
            // Nobody is told twice by a greeting in another place.
            Err(DiscordError::Forbidden) if delivery.content == DeliveryContent::Greeting => {
                Ok(Err(Delivered::Dead(DiscordError::Forbidden)))
            }
            Err(DiscordError::Forbidden) => {
                warn!(delivery = %delivery.id, channel = %place,
                    "whether a message was sent cannot be read; it is not sent again");
                self.end(delivery, DeliveryEnd::Unclear).await?;
                Ok(Err(Delivered::Unclear))
            }
            // To have looked in vain is no attempt.
            Err(error) => self.after_error(delivery, error, Attempted::NotTaken).await.map(Err),
        }
    }

    /// Not later than it is for Discord, by which its messages are numbered: the clock of this
    /// machine may be wrong by years.
    fn discords_time(&self) -> Timestamp {
        let now = self.now();
        self.discord().time().map_or(now, |time| time.min(now))
    }

    fn new_nonce(&self) -> String {
        format!("{:016x}", self.env().next_u64())
    }

    async fn sent(
        &self,
        ready: &Ready,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<Delivered, StoreError> {
        self.measure_lag(&ready.delivery);
        let version = ready.sheet().map_or(0, |sheet| sheet.event.version);
        let end = DeliveryEnd::Sent { channel, message, version };
        self.end(&ready.delivery, end).await?;
        // The event may have changed while its post was under way, and a thread may be wanted.
        self.wake_reconciler();
        self.wake_chores();
        Ok(Delivered::Sent(channel, message))
    }

    /// An earlier attempt had reached Discord. What the message shows is not known: version 0.
    async fn found(
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
            DeliveryEnd::Dead(_) | DeliveryEnd::Broken(_) | DeliveryEnd::Unclear => End::Failed,
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

    /// Plans another attempt, unless Discord refuses for good.
    pub(super) async fn after_error(
        &self,
        delivery: &Delivery,
        error: DiscordError,
        attempted: Attempted,
    ) -> Result<Delivered, StoreError> {
        let wait = match error {
            DiscordError::Later(wait) => wait,
            DiscordError::Unclear(_) => backoff(delivery.attempts, self.env().next_u64()),
            DiscordError::MessageGone
            | DiscordError::ChannelGone
            | DiscordError::Forbidden
            | DiscordError::Refused(_) => return Ok(Delivered::Dead(error)),
        };
        warn!(delivery = %delivery.id, %error, wait_ms = wait.as_millis(), "to be sent again");
        let due = SignedDuration::try_from(wait)
            .ok()
            .and_then(|wait| self.now().checked_add(wait).ok())
            .unwrap_or_else(|| self.now());
        note(delivery, self.store().postpone(delivery, due, attempted).await?);
        Ok(Delivered::Later)
    }
}

/// How a delivery ends that Discord refuses for good.
fn end_of(delivery: &Delivery, refused: &DiscordError) -> DeliveryEnd {
    match (delivery.channel, refused) {
        (Some(_), DiscordError::ChannelGone) => DeliveryEnd::Broken(Breakage::Gone),
        (Some(_), DiscordError::Forbidden) => DeliveryEnd::Broken(Breakage::Refuses),
        (_, refused) => DeliveryEnd::Dead(refused.to_string()),
    }
}

/// Where a message is: of a post in a forum, in the thread that begins with it.
fn lies_in(delivery: &Delivery, place: ChannelId, message: MessageId) -> ChannelId {
    if delivery.in_forum { ChannelId::new(message.get()) } else { place }
}

/// Whoever holds the delivery by now decides what becomes of it.
pub(super) fn note(delivery: &Delivery, hold: Hold) {
    if hold == Hold::Lost {
        info!(delivery = %delivery.id, "a delivery was in other hands when it ended");
    }
}

/// Until when a delivery claimed now belongs to its claimer.
pub(super) fn lease_from(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}

/// 1 s, 2 s, 4 s … at most [`RETRY_MAX`], of which a random half is taken off.
fn backoff(attempts: u32, random: u64) -> Duration {
    let full = Duration::from_secs(1).saturating_mul(1 << attempts.min(12)).min(RETRY_MAX);
    let full_ms = u64::try_from(full.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(full_ms / 2 + random % (full_ms / 2).max(1))
}

const fn mark_of(delivery: &Delivery) -> Mark {
    match delivery.content {
        DeliveryContent::Post(event) => Mark::Post(event),
        DeliveryContent::Notice { .. }
        | DeliveryContent::Direct { .. }
        | DeliveryContent::Unanswered { .. }
        | DeliveryContent::Greeting
        | DeliveryContent::Report { .. } => Mark::Delivery(delivery.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_to_five_minutes_and_keeps_at_least_half() {
        for (attempts, full) in [(0, 1_000), (1, 2_000), (5, 32_000), (20, 300_000)] {
            for random in [0, 7, u64::MAX] {
                let wait = backoff(attempts, random).as_millis();
                assert!(wait >= full / 2 && wait <= full, "{attempts}: {wait}");
            }
        }
    }
}
