//! How nothing goes out twice: an attempt is marked before its first byte leaves, and sent again
//! with the same nonce while Discord remembers it; later the channel is looked through first.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{ChannelId, MessageId};
use muster_store::StoreError;
use muster_store::model::{Attempted, Delivery, DeliveryContent, DeliveryEnd, Hold};
use muster_store::port::Deliveries as _;
use tracing::{debug, info};

use super::delivery::Delivered;
use super::ending::Made;
use super::ready::Ready;
use crate::app::{App, World};
use crate::discord::{Discord as _, DiscordError, Mark, Nonce};
use crate::limits::{FORUM_POST_SETTLES, SAME_NONCE};
use crate::ports::Rng as _;

/// Why nothing is sent in the place of a message that was there.
const DELETED_SINCE: &str = "it was sent, and deleted since";

/// The nonce to send with.
struct Chosen {
    nonce: String,
    /// Since when Discord may have the message by it, if the channel was not looked through.
    since: Option<Timestamp>,
}

impl<W: World> App<W> {
    /// Sends once, unless the message is there already.
    pub(super) async fn send(
        &self,
        ready: &Ready,
        place: ChannelId,
    ) -> Result<Delivered, StoreError> {
        let delivery = &ready.delivery;
        let Chosen { nonce, since } = match self.nonce_for(delivery, place).await? {
            Ok(nonce) => nonce,
            Err(ended) => return Ok(ended),
        };
        let Some(message) = ready.message() else {
            return Ok(Delivered::NotWanted);
        };
        // A forum knows no nonces.
        let is_resent =
            delivery.first_attempt.is_some() && nonce == delivery.nonce && !delivery.in_forum;
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
            let nonce = Nonce { text: &nonce, since };
            self.discord().create(place, nonce, message, mark).await
        };
        if marked.transpose()? == Some(Hold::Lost) {
            // No news for an operator: whoever holds it sends it, once.
            debug!(delivery = %delivery.id, "a delivery is in other hands by now");
            return Ok(Delivered::Later);
        }
        match created {
            Ok(message) => {
                let channel = lies_in(delivery, place, message);
                let made = if is_resent { Made::NowOrBefore } else { Made::Now };
                self.sent(ready, channel, message, made).await
            }
            // Of a message that an earlier attempt made Discord says so when it was deleted since.
            // (facts, 8.6) An event without its post is told to organisers like a failure.
            Err(DiscordError::MessageGone)
                if is_resent && !matches!(delivery.content, DeliveryContent::Post(_)) =>
            {
                info!(delivery = %delivery.id, "what an earlier attempt sent was deleted since");
                self.end(delivery, DeliveryEnd::Skipped(DELETED_SINCE)).await?;
                Ok(Delivered::NotWanted)
            }
            Err(error) => {
                let attempted = match error {
                    DiscordError::Unclear(_) => Attempted::Unclear,
                    DiscordError::Later(_)
                    | DiscordError::MessageGone
                    | DiscordError::ChannelGone
                    | DiscordError::Forbidden
                    | DiscordError::CannotTell
                    | DiscordError::Refused(_) => Attempted::NotTaken,
                };
                self.after_error(delivery, error, attempted).await
            }
        }
    }

    /// The nonce to send with: a new one for the first attempt, and where the channel shows no
    /// trace of what this process tried long ago and not lately; the old one shortly after an
    /// attempt, and after another process.
    async fn nonce_for(
        &self,
        delivery: &Delivery,
        place: ChannelId,
    ) -> Result<Result<Chosen, Delivered>, StoreError> {
        let Some(first) = delivery.first_attempt else {
            return Ok(Ok(Chosen { nonce: self.new_nonce(), since: None }));
        };
        let now = self.discords_time();
        let age = now.duration_since(first);
        let ours = delivery.attempted_by == Some(self.process());
        let is_recent = age >= SignedDuration::ZERO && age < SAME_NONCE;
        // While the machine sleeps, Discord forgets, and only the machine's own clock goes on.
        let is_remembered = is_recent && self.now().duration_since(first) < SAME_NONCE;
        let since_last = now.duration_since(delivery.last_attempt.unwrap_or(first));
        let was_just_tried = since_last >= SignedDuration::ZERO && since_last < SAME_NONCE;
        // Any attempt may be under way still, the last one longest.
        let settles = since_last >= SignedDuration::ZERO && since_last < FORUM_POST_SETTLES;
        if delivery.in_forum && settles {
            let left = Duration::try_from(FORUM_POST_SETTLES - since_last).unwrap_or_default();
            let later = DiscordError::Later(left);
            return self.after_error(delivery, later, Attempted::NotTaken).await.map(Err);
        }
        if ours && is_remembered && !delivery.in_forum {
            return Ok(Ok(Chosen { nonce: delivery.nonce.clone(), since: Some(first) }));
        }
        match self.look_for_it(delivery, place, first).await {
            // What an ended process sent may be on its way still, if not from the first attempt,
            // then from a later one, and so may what this one gave up waiting for a moment ago:
            // with its own nonce it makes no second message, whichever of the two arrives first.
            // Of a nonce that Discord has forgotten nothing comes.
            Ok(None) if is_recent || was_just_tried || !ours => {
                Ok(Ok(Chosen { nonce: delivery.nonce.clone(), since: None }))
            }
            Ok(None) => Ok(Ok(Chosen { nonce: self.new_nonce(), since: None })),
            Ok(Some(message)) => {
                let channel = lies_in(delivery, place, message);
                self.found(delivery, channel, message).await.map(Err)
            }
            // Nobody is told twice by a greeting in another place.
            Err(error @ (DiscordError::Forbidden | DiscordError::CannotTell))
                if delivery.content == DeliveryContent::Greeting =>
            {
                Ok(Err(Delivered::Dead(error)))
            }
            Err(error) => self.looked_in_vain(delivery, error).await.map(Err),
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

    /// Looks for what an attempt may have left in the channel.
    pub(super) async fn look_for_it(
        &self,
        delivery: &Delivery,
        place: ChannelId,
        first: Timestamp,
    ) -> Result<Option<MessageId>, DiscordError> {
        // An attempt in the future was marked by a clock that was wrong: nobody knows when it was.
        let since = if first > self.discords_time() { Timestamp::UNIX_EPOCH } else { first };
        self.discord().find(place, mark_of(delivery), since).await
    }
}

/// Where a message is: of a post in a forum, in the thread that begins with it.
pub(super) fn lies_in(delivery: &Delivery, place: ChannelId, message: MessageId) -> ChannelId {
    if delivery.in_forum { ChannelId::new(message.get()) } else { place }
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
