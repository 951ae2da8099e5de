//! Messages on their way out: what is due, who holds it, and how it ended; and the posts that are
//! there.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::id::{DeliveryId, EventId, GuildId, MessageId, UserId};

use super::Stored;
use crate::model::{
    Attempted, Candidates, Delivery, DeliveryEnd, Hold, MoveRequest, Moving, Posted, Shown,
};

/// Posts, deliveries and what is due.
pub trait Deliveries: Send + Sync + 'static {
    /// The next instant at which something is due: a delivery, the end of a lease, an event whose
    /// post changes because time passes, or an occurrence of a series. `None` if nothing is.
    fn next_due(&self) -> impl Future<Output = Stored<Option<Timestamp>>> + Send;

    /// Turns events whose time has come: their posts become stale, offers lapse and are made to
    /// the next, and the organiser is asked, once, if too few are coming. Returns how many, at
    /// most `limit`; call again while it returns `limit`.
    fn turn_events(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<usize>> + Send;

    /// Puts right what was done or planned by a clock that was ahead of `now`: events are looked at
    /// anew and look as they do now, and nothing waits longer than until `latest` to be tried
    /// again. A reminder that left is not sent again, whichever clock sent it. Returns how much was
    /// put right; call again until that is nothing. At most `limit` events at once.
    fn mend_times(
        &self,
        now: Timestamp,
        latest: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<usize>> + Send;

    /// Leases deliveries that are due and not leased: the oldest unfinished one of each channel
    /// (a later one of the same channel waits for it), at most `limit`.
    fn claim_due(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<Delivery>>> + Send;

    /// Leases this delivery; `None` if it has ended or is leased by another.
    fn claim(
        &self,
        delivery: DeliveryId,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> impl Future<Output = Stored<Option<Delivery>>> + Send;

    /// Marks that an attempt begins, before its first byte leaves. With [`Hold::Lost`] no byte may
    /// leave.
    fn mark_attempt(
        &self,
        claimed: &Delivery,
        process: u64,
        nonce: String,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Hold>> + Send;

    /// Gives the lease back and sets when to try again.
    fn postpone(
        &self,
        claimed: &Delivery,
        due: Timestamp,
        attempted: Attempted,
    ) -> impl Future<Output = Stored<Hold>> + Send;

    /// Gives the lease back of what is about something that cannot be read, and has it wait for an
    /// hour, behind the others of its channel.
    fn set_aside(
        &self,
        claimed: &Delivery,
        why: String,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Hold>> + Send;

    /// Ends a delivery. A sent post becomes the event's message, whoever holds the delivery by now:
    /// the message exists.
    fn finish(
        &self,
        claimed: &Delivery,
        end: DeliveryEnd,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Hold>> + Send;

    /// Puts in the place of a reminder for those who have not answered the messages that mention
    /// them, as far as they want that: in one commit, so that nobody is reminded twice.
    fn spread(
        &self,
        claimed: &Delivery,
        candidates: Candidates,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Hold>> + Send;

    /// Of the members whose loss of a place a delivery tells those who are still in line because of
    /// it.
    fn still_unseated(
        &self,
        delivery: DeliveryId,
    ) -> impl Future<Output = Stored<Vec<UserId>>> + Send;

    /// Of the members whom a reminder mentions those whom it may mention at this instant, in the
    /// order of the message: not who has answered otherwise since, wants no mention any more, or is
    /// in quiet hours by now.
    fn still_meant(
        &self,
        delivery: DeliveryId,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Vec<UserId>>> + Send;

    /// Of the members whom a delivery mentions, or is for, those who would come and have no place:
    /// they wait, have not accepted one yet, or did not in time.
    fn without_place(
        &self,
        delivery: DeliveryId,
    ) -> impl Future<Output = Stored<Vec<UserId>>> + Send;

    /// Posts whose message exists and does not show the newest version of its event, oldest change
    /// first, at most `limit`.
    ///
    /// Leaves out those of `but`, which have to wait for a reason of their own.
    fn stale_posts(
        &self,
        but: BTreeSet<EventId>,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<Posted>>> + Send;

    /// These messages were seen to show these versions. Those that are not an event's post, but
    /// an older copy of it, change nothing.
    fn posts_shown(&self, shown: Vec<Shown>) -> impl Future<Output = Stored<()>> + Send;

    /// This message of this event was found deleted. If the event has another one by now, nothing
    /// is noted.
    fn post_gone(
        &self,
        event: EventId,
        message: MessageId,
        at: Timestamp,
    ) -> impl Future<Output = Stored<()>> + Send;

    /// Posts an event again whose message is gone: a new delivery. `None` if the guild has no such
    /// event, or its message is not gone. The history tells that `by` asked for it; `None` where
    /// nobody did.
    fn post_again(
        &self,
        guild: GuildId,
        event: EventId,
        by: Option<UserId>,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Option<DeliveryId>>> + Send;

    /// Posts an event again, in this channel: a new delivery, or the one that is under way to it.
    /// When it was sent, the message before it is deleted by a chore, once per message.
    fn move_post(&self, request: MoveRequest) -> impl Future<Output = Stored<Moving>> + Send;

    /// Has the post of an event edited, whatever it was seen to show. Whether the guild has such an
    /// event.
    fn refresh_post(
        &self,
        guild: GuildId,
        event: EventId,
        at: Timestamp,
    ) -> impl Future<Output = Stored<bool>> + Send;

    /// Messages that should exist: posts of events that are not over, for a check at start-up,
    /// soonest event first, at most `limit`.
    fn live_posts(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<Posted>>> + Send;
}
