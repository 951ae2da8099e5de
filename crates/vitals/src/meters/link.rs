//! The connection to Discord: requests and shards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::histogram::Histogram;
use super::recent::Recent;
use crate::snapshot::{DiscordLink, Shard, ShardState};

/// Shards that are told apart; more are not run by one process.
const SHARDS_MAX: usize = 1_024;
/// Discord counts invalid requests by ten minutes.
const INVALID_SLOTS: usize = 10;

/// Counts requests, and knows the shards.
#[derive(Debug)]
pub struct LinkMeter {
    rest: Histogram,
    waited: Histogram,
    rate_limited: AtomicU64,
    invalid: Mutex<Recent<INVALID_SLOTS>>,
    shards: Mutex<BTreeMap<u32, Known>>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    shard: Shard,
    /// By number; some ten bytes each.
    guilds: BTreeSet<u64>,
}

impl Default for LinkMeter {
    fn default() -> Self {
        Self {
            rest: Histogram::new(),
            waited: Histogram::new(),
            rate_limited: AtomicU64::new(0),
            invalid: Mutex::new(Recent::new(Duration::from_mins(1))),
            shards: Mutex::default(),
        }
    }
}

impl LinkMeter {
    /// Notes how long Discord took to answer a request, at `now` on the monotonic clock.
    pub fn request(&self, now: Duration, took: Duration) {
        self.rest.record(now, took);
    }

    /// Notes how long a request waited for Discord's limits before it left.
    pub fn waited(&self, now: Duration, long: Duration) {
        self.waited.record(now, long);
    }

    /// Notes an answer with status 429.
    pub fn rate_limited(&self) {
        self.rate_limited.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes a request that Discord counts as invalid.
    pub fn invalid(&self, now: Duration) {
        self.invalid.lock().unwrap_or_else(PoisonError::into_inner).add(now);
    }

    /// Notes how a shard is.
    pub fn shard_is(&self, number: u32, state: ShardState) {
        self.change(number, |known| known.shard.state = state);
    }

    /// Notes how long a heartbeat took.
    pub fn heartbeat(&self, number: u32, took: Duration) {
        self.change(number, |known| known.shard.latency = Some(took));
    }

    /// Notes that an event came, at `at`.
    pub fn event(&self, number: u32, at: Timestamp) {
        self.change(number, |known| known.shard.last_event = Some(at));
    }

    /// Notes in which guilds the bot is through a shard.
    pub fn guilds_are(&self, number: u32, guilds: impl Iterator<Item = u64>) {
        self.change(number, |known| known.guilds = guilds.collect());
    }

    /// Notes that the bot is in a guild.
    pub fn guild_is_there(&self, number: u32, guild: u64) {
        self.change(number, |known| {
            known.guilds.insert(guild);
        });
    }

    /// Notes that the bot left a guild.
    pub fn guild_left(&self, number: u32, guild: u64) {
        self.change(number, |known| {
            known.guilds.remove(&guild);
        });
    }

    /// Forgets all shards, as when others take their place.
    pub fn forget_shards(&self) {
        self.shards().clear();
    }

    /// What is known at `now`.
    #[must_use]
    pub fn snapshot(&self, now: Duration) -> DiscordLink {
        let shards = self.shards();
        DiscordLink {
            guilds: shards.values().map(|known| count(known.guilds.len())).sum(),
            shards: shards.values().map(|known| known.shard).collect(),
            rest: self.rest.latency(now),
            waited: self.waited.latency(now),
            rate_limited: self.rate_limited.load(Ordering::Relaxed),
            invalid_lately: self.invalid.lock().unwrap_or_else(PoisonError::into_inner).sum(now),
        }
    }

    fn change(&self, number: u32, change: impl FnOnce(&mut Known)) {
        let mut shards = self.shards();
        if shards.len() >= SHARDS_MAX && !shards.contains_key(&number) {
            return;
        }
        let known = shards.entry(number).or_default();
        known.shard.number = number;
        change(known);
    }

    fn shards(&self) -> MutexGuard<'_, BTreeMap<u32, Known>> {
        self.shards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_shown_in_order_with_what_was_last_known() {
        let link = LinkMeter::default();
        link.shard_is(1, ShardState::Live);
        link.shard_is(0, ShardState::Entering);
        link.heartbeat(1, Duration::from_millis(40));
        link.event(1, Timestamp::UNIX_EPOCH);
        link.guilds_are(1, [4, 5, 6].into_iter());
        link.guild_is_there(1, 6);
        link.guild_is_there(0, 7);
        link.guild_left(1, 4);
        let seen = link.snapshot(Duration::ZERO);
        assert_eq!(seen.guilds, 3);
        assert!(!seen.is_connected());
        assert_eq!(seen.shards[0], Shard { state: ShardState::Entering, ..Shard::default() });
        let live = seen.shards[1];
        assert_eq!((live.number, live.state), (1, ShardState::Live));
        assert_eq!(live.latency, Some(Duration::from_millis(40)));
        assert_eq!(live.last_event, Some(Timestamp::UNIX_EPOCH));
        link.forget_shards();
        assert_eq!(link.snapshot(Duration::ZERO), DiscordLink::default());
    }

    #[test]
    fn invalid_requests_count_for_ten_minutes() {
        let (link, minute) = (LinkMeter::default(), Duration::from_mins(1));
        link.invalid(minute);
        link.invalid(5 * minute);
        link.rate_limited();
        let seen = link.snapshot(11 * minute);
        assert_eq!((seen.invalid_lately, seen.rate_limited), (1, 1));
    }
}
