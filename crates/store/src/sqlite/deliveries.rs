//! Posts, deliveries and what is due, in SQLite.

mod arrival;
mod attempt;
mod carried;
pub(super) mod channels;
mod claim;
mod delivery_row;
mod due;
mod finish;
mod heads;
pub(super) mod insert;
pub(super) mod losses;
mod moving;
pub(super) mod posts;
pub(super) mod report;
pub(super) mod retry;
mod skip;
mod spread;
mod still_meant;
mod without_place;

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::id::{DeliveryId, EventId, GuildId, MessageId, UserId};

use self::attempt::{Before, Claim};
pub(super) use self::carried::carry_reminders;
pub(super) use self::delivery_row::{DeliveryKind, told_to};
pub(super) use self::due::wait_no_longer;
pub(super) use self::posts::{
    post_due, post_not_before, post_what_was_removed, post_what_was_skipped,
};
pub(super) use self::skip::{
    skip_unsent_but_news, skip_unsent_direct, skip_unsent_news, skip_unsent_reminders,
    skip_unsent_reminders_to,
};
use super::SqliteStore;
use super::columns::whole_ms;
use super::events::{mend_times, refresh_post, turn_events};
use crate::model::{
    Attempted, Candidates, Delivery, DeliveryEnd, Hold, MoveRequest, Moving, Posted, Shown,
};
use crate::port::{Deliveries, Stored};

/// Ends the leases of an earlier process: the database is locked for one, so it is gone.
pub(super) fn free_leases(db: &rusqlite::Connection) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET lease_until = NULL, ready_at = due_at
        WHERE ended_at IS NULL AND lease_until IS NOT NULL";
    db.execute(SQL, [])?;
    Ok(())
}

impl Deliveries for SqliteStore {
    async fn next_due(&self) -> Stored<Option<Timestamp>> {
        self.read(due::next_due).await
    }

    async fn turn_events(&self, now: Timestamp, limit: usize) -> Stored<usize> {
        self.write(move |tx| turn_events(tx, whole_ms(now), limit)).await
    }

    async fn mend_times(&self, now: Timestamp, latest: Timestamp, limit: usize) -> Stored<usize> {
        let (now, latest) = (whole_ms(now), whole_ms(latest));
        let zone = self.default_zone.clone();
        self.write(move |tx| mend_times(tx, now, latest, limit, zone.as_ref())).await
    }

    async fn claim_due(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Stored<Vec<Delivery>> {
        let lease = claim::Lease { now, until: lease_until };
        self.write(move |tx| claim::claim_due(tx, lease, limit)).await
    }

    async fn claim(
        &self,
        delivery: DeliveryId,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Stored<Option<Delivery>> {
        let lease = claim::Lease { now, until: lease_until };
        self.write(move |tx| claim::claim(tx.db, delivery, lease)).await
    }

    async fn mark_attempt(
        &self,
        claimed: &Delivery,
        process: u64,
        nonce: String,
        at: Timestamp,
    ) -> Stored<Hold> {
        let claim = Claim::of(claimed);
        self.write(move |tx| attempt::mark(tx.db, claim, process, &nonce, at)).await
    }

    async fn postpone(
        &self,
        claimed: &Delivery,
        due: Timestamp,
        attempted: Attempted,
    ) -> Stored<Hold> {
        let (claim, before) = (Claim::of(claimed), Before::of(claimed));
        self.write(move |tx| attempt::postpone(tx.db, claim, due, attempted, &before)).await
    }

    async fn set_aside(&self, claimed: &Delivery, why: String, at: Timestamp) -> Stored<Hold> {
        let claim = Claim::of(claimed);
        self.write(move |tx| attempt::set_aside(tx, claim, &why, at)).await
    }

    async fn finish(&self, claimed: &Delivery, end: DeliveryEnd, at: Timestamp) -> Stored<Hold> {
        let (claim, before) = (Claim::of(claimed), Before::of(claimed));
        self.write(move |tx| finish::finish(tx, claim, &before, &end, at)).await
    }

    async fn spread(
        &self,
        claimed: &Delivery,
        candidates: Candidates,
        at: Timestamp,
    ) -> Stored<Hold> {
        let claim = Claim::of(claimed);
        self.write(move |tx| spread::spread(tx, claim, candidates, whole_ms(at))).await
    }

    async fn still_unseated(&self, delivery: DeliveryId) -> Stored<Vec<UserId>> {
        self.read(move |db| losses::still_true(db, delivery)).await
    }

    async fn still_meant(&self, delivery: DeliveryId, at: Timestamp) -> Stored<Vec<UserId>> {
        self.read(move |db| still_meant::still_meant(db, delivery, at)).await
    }

    async fn without_place(&self, delivery: DeliveryId) -> Stored<Vec<UserId>> {
        self.read(move |db| without_place::without_place(db, delivery)).await
    }

    async fn stale_posts(&self, but: BTreeSet<EventId>, limit: usize) -> Stored<Vec<Posted>> {
        self.read(move |db| posts::stale(db, &but, limit)).await
    }

    async fn posts_shown(&self, shown: Vec<Shown>) -> Stored<()> {
        self.write(move |tx| posts::shown(tx.db, &shown)).await
    }

    async fn post_gone(&self, event: EventId, message: MessageId, at: Timestamp) -> Stored<()> {
        self.write(move |tx| posts::gone(tx.db, event, message, at)).await
    }

    async fn post_again(
        &self,
        guild: GuildId,
        event: EventId,
        by: Option<UserId>,
        at: Timestamp,
    ) -> Stored<Option<DeliveryId>> {
        self.write(move |tx| posts::again(tx.db, guild, event, by, at)).await
    }

    async fn move_post(&self, request: MoveRequest) -> Stored<Moving> {
        self.write(move |tx| moving::move_post(tx.db, request)).await
    }

    async fn refresh_post(&self, guild: GuildId, event: EventId, at: Timestamp) -> Stored<bool> {
        self.write(move |tx| refresh_post(tx, guild, event, whole_ms(at))).await
    }

    async fn live_posts(&self, now: Timestamp, limit: usize) -> Stored<Vec<Posted>> {
        self.read(move |db| posts::live(db, now, limit)).await
    }
}
