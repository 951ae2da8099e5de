//! Decides which request may leave and learns from every answer. Pure: times come in, nothing
//! waits in here.

use std::time::Duration;

use hyper::HeaderMap;
use muster_domain::id::ChannelId;
use muster_engine::ports::Rng;
use muster_vitals::backoff::share_of;

use super::bucket::Turn;
use super::buckets::{Buckets, Key, Split, Told};
use super::callbacks::Callbacks;
use super::circuit::{Circuit, Circuits};
use super::doubt::Doubt;
use super::headers::{Scope, TooMany, rate_info, too_many};
use super::ledger::{Caution, Ledger};
use super::limits::{PAUSE_JITTER_DIVISOR, RETRY_AFTER_UNKNOWN, SLOW_SPACING};
use super::pace::Pace;
use crate::rest::is_discords;

/// Waits up to this long are the even pace's; longer ones are pauses, which may be too long for
/// some who wait.
const PACE_GAP: Duration = Duration::from_millis(100);

/// How much somebody waits for a request. The order is the order of leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lane {
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
    CircuitOpen(Duration),
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

/// The right of one request to leave, to be given back with its answer.
#[derive(Debug)]
pub(super) struct Pass {
    ticket: Ticket,
    key: Option<Key>,
    /// Whether it asks a channel that refused us whether it works again.
    probes: bool,
    doubtful: bool,
}

/// All that is known about rates. Times are on the monotonic clock.
pub(super) struct Gate {
    buckets: Buckets,
    pace: Pace,
    ledger: Ledger,
    circuits: Circuits,
    doubt: Doubt,
    callbacks: Callbacks,
    token_refused: bool,
}

impl Ticket {
    fn split(&self) -> Split {
        Split { route: self.route, major: self.major }
    }
}

impl Gate {
    /// A channel that refused us may be used again.
    pub(super) fn forgive(&mut self, channel: ChannelId) {
        self.circuits.reset(channel);
    }

    /// All channels that refused us may be used again.
    pub(super) fn forgive_all(&mut self) {
        self.circuits.reset_all();
    }

    pub(super) fn new() -> Self {
        Self {
            buckets: Buckets::default(),
            pace: Pace::default(),
            ledger: Ledger::new(),
            circuits: Circuits::default(),
            doubt: Doubt::default(),
            callbacks: Callbacks::default(),
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
        match self.channel_turn(now, ticket) {
            Circuit::Closed => {}
            Circuit::Probing => return Verdict::AfterAnAnswer,
            Circuit::Open(wait) => return Verdict::Refused(Refused::CircuitOpen(wait)),
        }
        let Some(common) = self.pace.next(now) else { return Verdict::AfterAnAnswer };
        let own = self.buckets.turn(now, ticket.split());
        let at = match (own, self.doubt_turn(now, ticket)) {
            (Turn::AfterAnAnswer, _) | (_, Turn::AfterAnAnswer) => return Verdict::AfterAnAnswer,
            (Turn::Now, Turn::Now) => common,
            (Turn::At(at), Turn::Now) | (Turn::Now, Turn::At(at)) => common.max(at),
            (Turn::At(own), Turn::At(doubt)) => common.max(own).max(doubt),
        };
        if at <= now { Verdict::Go } else { Verdict::At(at) }
    }

    /// When the next request of any kind may leave, if that is a matter of the even pace: soon,
    /// but not now.
    pub(super) fn pace_gap(&self, now: Duration) -> Option<Duration> {
        self.pace.next(now).filter(|at| *at > now && *at <= now + PACE_GAP)
    }

    /// Lets a request leave for which [`Self::check`] has just said so.
    pub(super) fn take(&mut self, now: Duration, ticket: Ticket) -> Pass {
        let spacing = match self.ledger.caution(now) {
            Caution::Slow | Caution::Stop => SLOW_SPACING,
            Caution::None | Caution::Warn => Duration::ZERO,
        };
        self.pace.take(now, spacing);
        let probes = ticket.channel.is_some_and(|channel| self.circuits.begin_probe(now, channel));
        let doubtful = self.is_doubtful(&ticket);
        if doubtful {
            self.doubt.take();
        }
        let key = self.buckets.take(now, ticket.split());
        Pass { ticket, key, probes, doubtful }
    }

    /// Takes the answer to a request that left.
    pub(super) fn settle<R: Rng>(
        &mut self,
        now: Duration,
        pass: &Pass,
        reply: &Reply<'_>,
        rng: &R,
    ) -> bool {
        let told = Told { status: reply.status, info: rate_info(reply.headers) };
        self.buckets.settle(now, pass.ticket.split(), pass.key, told);
        self.settle_channel(now, pass, reply);
        if reply.status == 401 && is_discords(reply.body) {
            self.token_refused = true;
        }
        let limited = (reply.status == 429).then(|| too_many(reply.headers, reply.body));
        let invalid = self.count_invalid(now, reply.status, limited);
        self.settle_doubt(now, pass, invalid);
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
        invalid
    }

    /// A request was given up without an answer.
    pub(super) fn give_up(&mut self, now: Duration, pass: &Pass) {
        self.pace.given_up();
        self.buckets.give_up(now, pass.ticket.split(), pass.key);
        if let (Some(channel), true) = (pass.ticket.channel, pass.probes) {
            self.circuits.probe_inconclusive(now, channel);
        }
        if pass.doubtful {
            self.doubt.settle(now, false);
        }
    }

    /// Whether a request with an interaction's own token may leave.
    pub(super) fn check_callback(&self, now: Duration) -> Verdict {
        if self.token_refused {
            return Verdict::Refused(Refused::BadToken);
        }
        match self.callbacks.turn(now) {
            Turn::Now => Verdict::Go,
            Turn::At(at) => Verdict::At(at),
            Turn::AfterAnAnswer => Verdict::AfterAnAnswer,
        }
    }

    /// Lets a request leave for which [`Self::check_callback`] has just said so.
    pub(super) fn take_callback(&mut self) {
        self.callbacks.take();
    }

    /// Takes the answer to a request with an interaction's own token.
    pub(super) fn settle_callback(&mut self, now: Duration, reply: &Reply<'_>) -> bool {
        let limited = (reply.status == 429).then(|| too_many(reply.headers, reply.body));
        let invalid = self.count_invalid(now, reply.status, limited);
        if let Some(pause) = self.callbacks.settle(now, limited) {
            tracing::warn!(pause_ms = pause.as_millis(), "answers to interactions pause");
        }
        invalid
    }

    /// A request with an interaction's own token was given up without an answer.
    pub(super) fn give_up_callback(&mut self) {
        self.callbacks.give_up();
    }

    pub(super) fn token_refused(&self) -> bool {
        self.token_refused
    }

    /// Invalid requests within the last ten minutes.
    pub(super) fn invalid_requests(&mut self, now: Duration) -> u32 {
        self.ledger.total(now)
    }

    pub(super) fn caution(&mut self, now: Duration) -> Caution {
        self.ledger.caution(now)
    }

    fn channel_turn(&self, now: Duration, ticket: &Ticket) -> Circuit {
        match (ticket.lane, ticket.channel) {
            (_, None) => Circuit::Closed,
            (Lane::Awaited, Some(channel)) => self.circuits.awaited_turn(now, channel),
            (Lane::Background, Some(channel)) => self.circuits.turn(now, channel),
        }
    }

    fn is_doubtful(&self, ticket: &Ticket) -> bool {
        let place = match ticket.channel {
            Some(channel) => !self.doubt.knows(channel),
            None => ticket.major != 0,
        };
        place && ticket.lane == Lane::Background
    }

    fn doubt_turn(&mut self, now: Duration, ticket: &Ticket) -> Turn {
        if self.is_doubtful(ticket) {
            let refused = self.ledger.total(now);
            self.doubt.turn(now, refused)
        } else {
            Turn::Now
        }
    }

    fn settle_doubt(&mut self, now: Duration, pass: &Pass, refused: bool) {
        if pass.doubtful {
            self.doubt.settle(now, refused);
        }
        match pass.ticket.channel {
            Some(channel) if refused => self.doubt.distrust(now, channel),
            Some(_) | None => {}
        }
    }

    fn settle_channel(&mut self, now: Duration, pass: &Pass, reply: &Reply<'_>) {
        let Some(channel) = pass.ticket.channel else { return };
        if (200..300).contains(&reply.status) {
            self.circuits.reset(channel);
            self.doubt.trust(channel);
        } else if trips_circuit(reply) {
            tracing::info!(%channel, code = reply.code, "channel refuses us; leaving it alone");
            self.circuits.trip(now, channel);
        } else if pass.probes {
            self.circuits.probe_inconclusive(now, channel);
        }
    }

    /// Counts what Discord counts (Discord docs: rate limits, "Invalid request limit").
    fn count_invalid(&mut self, now: Duration, status: u16, limited: Option<TooMany>) -> bool {
        let shared = limited.is_some_and(|why| why.scope == Scope::Shared);
        let invalid = matches!(status, 401 | 403 | 429) && !shared;
        if invalid {
            self.ledger.count(now);
        }
        invalid
    }

    fn block<R: Rng>(&mut self, now: Duration, ticket: &Ticket, why: TooMany, rng: &R) {
        let wait = why.retry_after.unwrap_or(RETRY_AFTER_UNKNOWN.first);
        let wait = wait + share_of(wait / PAUSE_JITTER_DIVISOR, rng.next_u64());
        tracing::info!(route = ticket.route, wait_ms = wait.as_millis(), "bucket is spent");
        self.buckets.block(now, ticket.split(), wait);
    }
}

/// Whether no request to the channel will work until somebody changes something: it is gone, or
/// it refuses us. Only "cannot edit a message by another user" is about the message alone
/// (Discord docs: JSON error codes).
fn trips_circuit(reply: &Reply<'_>) -> bool {
    match reply.status {
        403 => reply.code != 50_005 && is_discords(reply.body),
        404 => reply.code == 10_003,
        _ => matches!(reply.code, 50_001 | 50_013 | 50_007 | 50_278),
    }
}

#[cfg(test)]
mod tests;
