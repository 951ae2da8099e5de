//! Points around what is to be sent.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::id::{DeliveryId, EventId, GuildId, MessageId, UserId};
use muster_store::model::{
    Attempted, Candidates, Delivery, DeliveryEnd, Hold, MoveRequest, Moving, Posted, Shown,
};
use muster_store::port::{Deliveries, Stored};

use super::{FORGOTTEN_FOR, FaultyStore};
use crate::faults::{READING, WRITING};
use crate::plant::Plant;

impl Deliveries for FaultyStore {
    async fn next_due(&self) -> Stored<Option<Timestamp>> {
        step!(self, READING, next_due())
    }

    async fn turn_events(&self, now: Timestamp, limit: usize) -> Stored<usize> {
        let turned = step!(self, WRITING, turn_events(now, limit))?;
        self.planted.after_turn();
        Ok(turned)
    }

    async fn mend_times(&self, now: Timestamp, latest: Timestamp, limit: usize) -> Stored<usize> {
        self.planted.before_mending();
        if self.planted.plant() == Plant::TimesNotMended {
            return Ok(0);
        }
        step!(self, WRITING, mend_times(now, latest, limit))
    }

    async fn claim_due(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Stored<Vec<Delivery>> {
        let claimed = step!(self, WRITING, claim_due(now, lease_until, limit))?;
        Ok(self.planted.after_claim(claimed))
    }

    async fn claim(
        &self,
        delivery: DeliveryId,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Stored<Option<Delivery>> {
        step!(self, WRITING, claim(delivery, now, lease_until))
    }

    async fn mark_attempt(
        &self,
        claimed: &Delivery,
        process: u64,
        nonce: String,
        at: Timestamp,
    ) -> Stored<Hold> {
        if self.planted.plant() == Plant::SentBeforeMarked {
            return Ok(Hold::Ours);
        }
        step!(self, WRITING, mark_attempt(claimed, process, nonce, at))
    }

    async fn postpone(
        &self,
        claimed: &Delivery,
        due: Timestamp,
        attempted: Attempted,
    ) -> Stored<Hold> {
        if self.planted.plant() == Plant::GivenUp {
            return self.inner.finish(claimed, DeliveryEnd::Dead("given up".into()), due).await;
        }
        let in_vain = attempted == Attempted::LookedInVain;
        if in_vain && self.planted.plant() == Plant::GivenUpLooking {
            return self.inner.finish(claimed, DeliveryEnd::Unclear, due).await;
        }
        step!(self, WRITING, postpone(claimed, due, attempted))
    }

    async fn set_aside(&self, claimed: &Delivery, why: String, at: Timestamp) -> Stored<Hold> {
        step!(self, WRITING, set_aside(claimed, why, at))
    }

    async fn finish(&self, claimed: &Delivery, end: DeliveryEnd, at: Timestamp) -> Stored<Hold> {
        if self.planted.forgets_post(claimed, &end) {
            let later = at + FORGOTTEN_FOR;
            return self.inner.postpone(claimed, later, Attempted::NotTaken).await;
        }
        step!(self, WRITING, finish(claimed, end, at))
    }

    async fn spread(
        &self,
        claimed: &Delivery,
        candidates: Candidates,
        at: Timestamp,
    ) -> Stored<Hold> {
        step!(self, WRITING, spread(claimed, candidates, at))
    }

    async fn still_unseated(&self, delivery: DeliveryId) -> Stored<Vec<UserId>> {
        step!(self, READING, still_unseated(delivery))
    }

    async fn still_meant(&self, delivery: DeliveryId, at: Timestamp) -> Stored<Vec<UserId>> {
        step!(self, READING, still_meant(delivery, at))
    }

    async fn without_place(&self, delivery: DeliveryId) -> Stored<Vec<UserId>> {
        step!(self, READING, without_place(delivery))
    }

    async fn stale_posts(&self, but: BTreeSet<EventId>, limit: usize) -> Stored<Vec<Posted>> {
        let stale = step!(self, READING, stale_posts(but, limit))?;
        Ok(if self.planted.plant() == Plant::StaleForEver { Vec::new() } else { stale })
    }

    async fn posts_shown(&self, shown: Vec<Shown>) -> Stored<()> {
        step!(self, WRITING, posts_shown(shown))
    }

    async fn post_gone(&self, event: EventId, message: MessageId, at: Timestamp) -> Stored<()> {
        step!(self, WRITING, post_gone(event, message, at))
    }

    async fn post_again(
        &self,
        guild: GuildId,
        event: EventId,
        by: Option<UserId>,
        at: Timestamp,
    ) -> Stored<Option<DeliveryId>> {
        step!(self, WRITING, post_again(guild, event, by, at))
    }

    async fn move_post(&self, request: MoveRequest) -> Stored<Moving> {
        step!(self, WRITING, move_post(request))
    }

    async fn refresh_post(&self, guild: GuildId, event: EventId, at: Timestamp) -> Stored<bool> {
        step!(self, WRITING, refresh_post(guild, event, at))
    }

    async fn live_posts(&self, now: Timestamp, limit: usize) -> Stored<Vec<Posted>> {
        step!(self, READING, live_posts(now, limit))
    }
}
