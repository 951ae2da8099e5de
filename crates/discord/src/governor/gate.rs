//! Decides which request may leave and learns from every answer. Pure: times come in, nothing
//! waits in here.

use std::collections::HashMap;
use std::time::Duration;

use hyper::HeaderMap;
use muster_domain::id::ChannelId;
use muster_engine::ports::Rng;

use super::bucket::{Bucket, Turn};
use super::circuit::Circuits;
use super::headers::{RateInfo, Scope, TooMany, rate_info, too_many};
use super::ledger::{Caution, Ledger};
use super::limits::{
    BUCKETS_MAX, CALLBACK_PAUSE_MAX, PAUSE_JITTER_DIVISOR, RETRY_AFTER_UNKNOWN, SLOW_SPACING,
};
use super::pace::Pace;
use crate::jitter::share_of;

/// How much somebody waits for a request. The order is the order of leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// A person looks at the screen and waits for this.
    Awaited,
    /// Reminders, clean-up, posts that are brought up to date.
    Background,
}

/// What must be known of a request to place it.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    /// Name of the route without any ids, for buckets and logs.
    pub(crate) route: &'static str,
    /// The id on which Discord splits the route's bucket; 0 if there is none.
    pub(crate) major: u64,
    /// The channel, for requests that fail for good when the channel does.
    pub(crate) channel: Option<ChannelId>,
    pub(crate) lane: Lane,
}

/// An answer, as far as it matters here.
pub(crate) struct Reply<'a> {
    pub(crate) status: u16,
    /// Discord's own error code, 0 if none.
    pub(crate) code: u32,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// Why a request does not leave at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Discord does not know the token; nothing will work any more.
    BadToken,
    /// Too many requests were refused lately.
    TooManyInvalid(Duration),
    /// The channel refused us and is left alone.
    ChannelClosed(Duration),
    /// Its turn would come later than it can wait.
    NotInTime(Duration),
    /// Too many are waiting already.
    Busy,
}

/// Whether a request may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Go,
    At(Duration),
    AfterAnAnswer,
    Refused(Refused),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Name {
    /// Nothing is known yet of the route.
    Route(&'static str),
    /// Discord's name of the bucket, hashed.
    Bucket(u64),
}

#[derive(Clone, Copy, Debug)]
enum Learned {
    /// Its answers carry no bucket: only the common pace holds.
    NoBucket,
    Bucket {
        name: u64,
        limit: u32,
    },
}

type Key = (Name, u64);

/// The right of one request to leave, to be given back with its answer.
#[derive(Debug)]
pub(super) struct Pass {
    ticket: Ticket,
    key: Option<Key>,
}

/// All that is known about rates. Times are on the monotonic clock.
pub(super) struct Gate {
    routes: HashMap<&'static str, Learned>,
    buckets: HashMap<Key, Bucket>,
    pace: Pace,
    ledger: Ledger,
    circuits: Circuits,
    callbacks_paused_until: Duration,
    token_refused: bool,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            routes: HashMap::new(),
            buckets: HashMap::new(),
            pace: Pace::default(),
            ledger: Ledger::new(),
            circuits: Circuits::default(),
            callbacks_paused_until: Duration::ZERO,
            token_refused: false,
        }
    }

    /// Whether a request with the bot's token may leave now.
    pub(super) fn check(&mut self, now: Duration, ticket: &Ticket) -> Verdict {
        if self.token_refused {
            return Verdict::Refused(Refused::BadToken);
        }
        if self.ledger.caution(now) == Caution::Stop {
            let wait = self.ledger.eases_at(now).saturating_sub(now);
            return Verdict::Refused(Refused::TooManyInvalid(wait));
        }
        if let Some(wait) = self.channel_wait(now, ticket) {
            return Verdict::Refused(Refused::ChannelClosed(wait));
        }
        let Some(common) = self.pace.next(now) else { return Verdict::AfterAnAnswer };
        let own = match self.bucket(now, ticket).map(|bucket| bucket.turn(now)) {
            None | Some(Turn::Now) => now,
            Some(Turn::At(at)) => at,
            Some(Turn::AfterAnAnswer) => return Verdict::AfterAnAnswer,
        };
        let at = common.max(own);
        if at <= now { Verdict::Go } else { Verdict::At(at) }
    }

    /// Lets a request leave for which [`Self::check`] has just said so.
    pub(super) fn take(&mut self, now: Duration, ticket: Ticket) -> Pass {
        let spacing = match self.ledger.caution(now) {
            Caution::Slow | Caution::Stop => SLOW_SPACING,
            Caution::None | Caution::Warn => Duration::ZERO,
        };
        self.pace.take(now, spacing);
        if let Some(channel) = ticket.channel {
            self.circuits.probe(now, channel);
        }
        let key = self.key(&ticket);
        if let Some(bucket) = self.bucket(now, &ticket) {
            bucket.take();
        }
        Pass { ticket, key }
    }

    /// Takes the answer to a request that left.
    pub(super) fn settle<R: Rng>(
        &mut self,
        now: Duration,
        pass: &Pass,
        reply: &Reply<'_>,
        rng: &R,
    ) {
        let info = rate_info(reply.headers);
        self.learn_route(pass.ticket.route, reply.status, info);
        self.settle_bucket(now, pass, info);
        self.settle_channel(now, pass.ticket.channel, reply);
        if reply.status == 401 {
            self.token_refused = true;
        }
        let limited = (reply.status == 429).then(|| too_many(reply.headers, reply.body));
        self.count_invalid(now, reply.status, limited);
        match limited {
            Some(why) if matches!(why.scope, Scope::Global | Scope::Edge) => {
                let pause = self.pace.pause(now, why, rng);
                let (pause_ms, scope) = (pause.as_millis(), why.scope);
                tracing::warn!(route = pass.ticket.route, ?scope, pause_ms, "all requests pause");
            }
            Some(why) => {
                self.pace.answered();
                self.block(now, &pass.ticket, why, rng);
            }
            None => self.pace.answered(),
        }
    }

    /// A request was given up without an answer.
    pub(super) fn give_up(&mut self, now: Duration, pass: &Pass) {
        self.pace.given_up();
        self.settle_bucket(now, pass, None);
    }

    /// Whether a request with an interaction's own token may leave.
    pub(super) fn check_callback(&self, now: Duration) -> Result<(), Refused> {
        if self.token_refused {
            return Err(Refused::BadToken);
        }
        let wait = self.callbacks_paused_until.saturating_sub(now);
        if wait.is_zero() { Ok(()) } else { Err(Refused::NotInTime(wait)) }
    }

    /// Takes the answer to a request with an interaction's own token.
    pub(super) fn settle_callback(&mut self, now: Duration, reply: &Reply<'_>) {
        let limited = (reply.status == 429).then(|| too_many(reply.headers, reply.body));
        self.count_invalid(now, reply.status, limited);
        if let Some(TooMany { scope: Scope::Global | Scope::Edge, retry_after }) = limited {
            let pause = retry_after.unwrap_or(RETRY_AFTER_UNKNOWN).min(CALLBACK_PAUSE_MAX);
            self.callbacks_paused_until = self.callbacks_paused_until.max(now + pause);
            tracing::warn!(pause_ms = pause.as_millis(), "answers to interactions pause");
        }
    }

    pub(super) fn token_refused(&self) -> bool {
        self.token_refused
    }

    pub(super) fn invalid_requests(&mut self, now: Duration) -> u32 {
        self.ledger.total(now)
    }

    pub(super) fn caution(&mut self, now: Duration) -> Caution {
        self.ledger.caution(now)
    }

    pub(super) fn channel_closed_for(&self, now: Duration, channel: ChannelId) -> Option<Duration> {
        self.circuits.closed_for(now, channel)
    }

    pub(super) fn reopen_channel(&mut self, channel: ChannelId) {
        self.circuits.reset(channel);
    }

    fn channel_wait(&self, now: Duration, ticket: &Ticket) -> Option<Duration> {
        match ticket.lane {
            // Who waits at the screen has perhaps just repaired the permissions.
            Lane::Awaited => None,
            Lane::Background => self.circuits.closed_for(now, ticket.channel?),
        }
    }

    fn key(&self, ticket: &Ticket) -> Option<Key> {
        match self.routes.get(ticket.route) {
            Some(Learned::NoBucket) => None,
            Some(Learned::Bucket { name, .. }) => Some((Name::Bucket(*name), ticket.major)),
            None => Some((Name::Route(ticket.route), ticket.major)),
        }
    }

    fn bucket(&mut self, now: Duration, ticket: &Ticket) -> Option<&mut Bucket> {
        let key = self.key(ticket)?;
        if self.buckets.len() >= BUCKETS_MAX && !self.buckets.contains_key(&key) {
            self.sweep(now);
        }
        let limit = match self.routes.get(ticket.route) {
            Some(Learned::Bucket { limit, .. }) => *limit,
            // The first request of a route goes alone, to learn from its answer.
            Some(Learned::NoBucket) | None => 1,
        };
        Some(self.buckets.entry(key).or_insert_with(|| Bucket::new(limit)))
    }

    /// Forgets what is idle; if all are busy, the one that would be idle first.
    fn sweep(&mut self, now: Duration) {
        self.buckets.retain(|_, bucket| !bucket.is_idle(now));
        if self.buckets.len() < BUCKETS_MAX {
            return;
        }
        let first =
            self.buckets.iter().min_by_key(|(_, bucket)| bucket.ends()).map(|(key, _)| *key);
        if let Some(first) = first {
            self.buckets.remove(&first);
        }
    }

    fn learn_route(&mut self, route: &'static str, status: u16, info: Option<RateInfo>) {
        match info {
            Some(RateInfo { bucket: Some(name), limit, .. }) => {
                self.routes.insert(route, Learned::Bucket { name, limit });
            }
            Some(RateInfo { bucket: None, .. }) | None if status < 400 => {
                self.routes.entry(route).or_insert(Learned::NoBucket);
            }
            // An error page of some box in between tells nothing about the route.
            Some(RateInfo { bucket: None, .. }) | None => {}
        }
    }

    fn settle_bucket(&mut self, now: Duration, pass: &Pass, info: Option<RateInfo>) {
        let Some(old) = pass.key else { return };
        let new = self.key(&pass.ticket);
        if new == Some(old) {
            if let Some(bucket) = self.buckets.get_mut(&old) {
                bucket.settle(now, info);
            }
            return;
        }
        // The route has just shown its bucket: what was counted under the route goes there.
        if let Some(bucket) = self.buckets.get_mut(&old) {
            bucket.settle(now, None);
            if bucket.is_idle(now) {
                self.buckets.remove(&old);
            }
        }
        if let Some(bucket) = self.bucket(now, &pass.ticket) {
            bucket.take();
            bucket.settle(now, info);
        }
    }

    fn settle_channel(&mut self, now: Duration, channel: Option<ChannelId>, reply: &Reply<'_>) {
        let Some(channel) = channel else { return };
        if (200..300).contains(&reply.status) {
            self.circuits.reset(channel);
        } else if closes_channel(reply.code) {
            tracing::info!(%channel, code = reply.code, "channel refuses us; leaving it alone");
            self.circuits.trip(now, channel);
        }
    }

    fn count_invalid(&mut self, now: Duration, status: u16, limited: Option<TooMany>) {
        let shared = limited.is_some_and(|why| why.scope == Scope::Shared);
        if matches!(status, 401 | 403 | 429) && !shared {
            self.ledger.count(now);
        }
    }

    fn block<R: Rng>(&mut self, now: Duration, ticket: &Ticket, why: TooMany, rng: &R) {
        let wait = why.retry_after.unwrap_or(RETRY_AFTER_UNKNOWN);
        let wait = wait + share_of(rng, wait / PAUSE_JITTER_DIVISOR);
        tracing::info!(route = ticket.route, wait_ms = wait.as_millis(), "bucket is spent");
        if matches!(self.routes.get(ticket.route), Some(Learned::NoBucket)) {
            // A route without buckets that is limited nevertheless: treat it as one of its own.
            self.routes.remove(ticket.route);
        }
        if let Some(bucket) = self.bucket(now, ticket) {
            bucket.block(now + wait);
        }
    }
}

/// Codes after which no request to the channel will work until somebody changes something
/// (Discord docs: JSON error codes): unknown channel, missing access, missing permissions,
/// closed direct messages, no mutual guild.
fn closes_channel(code: u32) -> bool {
    matches!(code, 10_003 | 50_001 | 50_013 | 50_007 | 50_278)
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
