//! Discord's REST interface: one function per route, every request through the governor.

mod again;
mod application;
mod body;
mod clock;
mod date;
mod emoji;
mod error;
mod forgive;
mod guild;
mod http;
mod interaction;
mod message;
pub mod model;
mod wire;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::{Method, Uri};
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::ChannelId;
use muster_engine::ports::{Env, within};
use muster_vitals::Vitals;
use muster_vitals::backoff::share_of;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use self::again::{Again, Failure};
pub use self::body::{Body, DESCRIPTION_MAX, File};
use self::clock::ClockAhead;
use self::date::Dates;
pub(crate) use self::error::is_discords;
pub use self::error::{RestError, RestErrorKind};
pub use self::http::HttpWire;
pub use self::message::{Around, Repeat};
use self::wire::EXCHANGE_LIMIT;
pub use self::wire::{Access, Answer, Departure, Outgoing, Wire, WireError};
use crate::governor::{Caution, Governor, Lane, Reply, Ticket};
use crate::net::{EndpointError, Network};
use crate::token::Token;

/// Tries of one request. More would only prolong what is broken; the caller knows better when
/// to come back.
const TRIES_MAX: u32 = 3;
/// Pause between two tries, to which as much again is added at random.
const RETRY_PAUSE: Duration = Duration::from_millis(500);
/// The same for answers to interactions, which have 3 s in all.
const CALLBACK_RETRY_PAUSE: Duration = Duration::from_millis(100);
/// An answer to an interaction, with its tries. Discord waits 3 s (Discord docs: receiving and
/// responding), and the tap needed time to come here.
const CALLBACK_LIMIT: Duration = Duration::from_millis(2_500);
/// What somebody waits for, with its tries.
const AWAITED_LIMIT: Duration = Duration::from_secs(15);
/// What must be left of a request's time when it leaves: else it would be cut off on its way, and
/// nobody would know whether it was done.
const LEAST_LEFT: Duration = Duration::from_secs(2);
/// The same for answers to interactions.
const CALLBACK_LEAST_LEFT: Duration = Duration::from_millis(250);
/// What nobody waits for, with its tries and its time in the queue.
const BACKGROUND_LIMIT: Duration = Duration::from_mins(1);

/// Discord's REST interface. Cheap to clone; clones share connections and rates.
pub struct Rest<E: Env, W = HttpWire<E>> {
    shared: Arc<Shared<E, W>>,
    lane: Lane,
}

struct Shared<E, W> {
    env: E,
    wire: W,
    governor: Governor<E>,
    dates: Dates,
    clock: ClockAhead,
}

impl<E: Env, W> Clone for Rest<E, W> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), lane: self.lane }
    }
}

/// A request before it is sent.
struct Call<'a> {
    outgoing: Outgoing,
    major: u64,
    channel: Option<ChannelId>,
    again: Again,
    /// Since when Discord may have done it, by the clock of this machine.
    unclear_since: Option<Timestamp>,
    /// The same of an earlier call for the same thing.
    made_since: Option<Timestamp>,
    limit: Option<Duration>,
    mark: Option<Mark<'a>>,
}

/// What is to be done once the request may leave, and before it does; false calls it off.
type Mark<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

impl<'a> Call<'a> {
    fn new(route: &'static str, method: Method, path: String) -> Self {
        let again = if method == Method::POST { Again::Harmful } else { Again::Harmless };
        let outgoing = Outgoing { method, path, access: Access::Bot, body: None, route };
        let (channel, limit, mark) = (None, None, None);
        let (unclear_since, made_since) = (None, None);
        Self { outgoing, major: 0, channel, again, unclear_since, made_since, limit, mark }
    }

    fn get(route: &'static str, path: String) -> Self {
        Self::new(route, Method::GET, path)
    }

    /// Writes to a channel: left alone for a while once the channel refuses us. Reading may be
    /// forbidden where writing is not, and the other way round, so only writing counts.
    fn in_channel(mut self, channel: ChannelId) -> Self {
        self.major = channel.get();
        self.channel = Some(channel);
        self
    }

    /// The id on which Discord splits the route's bucket: a channel or a guild.
    fn split_by(mut self, major: u64) -> Self {
        self.major = major;
        self
    }

    /// Has this done before the first try, in its turn.
    fn marked(mut self, mark: impl Future<Output = bool> + Send + 'a) -> Self {
        self.mark = Some(Box::pin(mark));
        self
    }

    /// Whether it may leave now, for the first time or again.
    fn may_leave(&self, now: Timestamp) -> bool {
        let done_since = self.made_since.or(self.unclear_since);
        done_since.is_none_or(|since| self.again.is_harmless(since, now))
    }

    fn with(mut self, body: Body) -> Result<Self, RestError> {
        let route = self.outgoing.route;
        let failed = |kind| RestError { route, kind, may_have_happened: false };
        self.outgoing.body = Some(body.into_parts().map_err(failed)?);
        Ok(self)
    }
}

impl<E: Env> Rest<E> {
    /// A client of the Discord at `base`, such as `https://discord.com`. Requests go in the
    /// background lane until [`Self::awaited`] is used.
    pub fn new(
        env: E,
        network: Network,
        base: &Uri,
        token: &Arc<Token>,
    ) -> Result<Self, EndpointError> {
        let wire = HttpWire::new(env.clone(), network, base, token)?;
        Ok(Self::over(env, wire))
    }
}

impl<E: Env, W: Wire> Rest<E, W> {
    /// A client that sends over `wire`.
    pub fn over(env: E, wire: W) -> Self {
        let (governor, dates) = (Governor::new(env.clone()), Dates::default());
        let clock = ClockAhead::default();
        let shared = Arc::new(Shared { env, wire, governor, dates, clock });
        Self { shared, lane: Lane::Background }
    }

    /// The same client for what a person waits for: it goes first, and gives up sooner.
    #[must_use]
    pub fn awaited(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), lane: Lane::Awaited }
    }

    /// Has requests measured from now on, with all clones of this client.
    pub fn measure(&self, vitals: &Arc<Vitals>) {
        self.shared.governor.measure(vitals);
    }

    /// What time it is for Discord, as far as its answers have told.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        self.shared.dates.now(self.shared.env.monotonic())
    }

    /// Turns true when Discord refuses the bot's token; from then on every request fails.
    #[must_use]
    pub fn token_refused(&self) -> watch::Receiver<bool> {
        self.shared.governor.token_refused()
    }

    /// Requests that Discord refused within ten minutes, and how careful that makes us.
    #[must_use]
    pub fn invalid_requests(&self) -> (u32, Caution) {
        self.shared.governor.invalid_requests()
    }

    /// The program ends: requests whose turn has not come fail as not sent, at once if nobody waits
    /// for them, or else after a second. They would only use up the time that is left.
    pub fn close(&self) {
        self.shared.governor.close();
    }

    /// How far Discord's clock was ahead of ours when it answered last; `None` before it did.
    #[must_use]
    pub fn clock_ahead(&self) -> Option<SignedDuration> {
        self.shared.clock.get()
    }

    /// Requests that wait for their turn.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.governor.waiting()
    }

    async fn call_json<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, RestError> {
        let route = call.outgoing.route;
        let body = self.call(call).await?;
        serde_json::from_slice(&body).map_err(|error| RestError {
            route,
            kind: RestErrorKind::Unreadable(error.to_string().into()),
            may_have_happened: true,
        })
    }

    async fn call_unit(&self, call: Call<'_>) -> Result<(), RestError> {
        self.call(call).await.map(drop)
    }

    /// Sends a request, again if that is harmless and of use, until its time is over.
    async fn call(&self, mut call: Call<'_>) -> Result<Bytes, RestError> {
        let env = &self.shared.env;
        let route = call.outgoing.route;
        let lane_limit = match self.lane {
            Lane::Awaited => AWAITED_LIMIT,
            Lane::Background => BACKGROUND_LIMIT,
        };
        let begun = env.monotonic();
        let deadline = begun + call.limit.unwrap_or(lane_limit);
        for tries in 1.. {
            let left = deadline.saturating_sub(env.monotonic());
            let tried_at = env.now();
            let tried = match call.outgoing.access {
                Access::Bot => self.try_as_bot(&mut call, left).await,
                Access::Interaction => self.try_as_callback(&call.outgoing, left).await,
            };
            let Failure { kind, again_after, unclear } = match tried {
                Ok(body) => {
                    let took_ms = env.monotonic().saturating_sub(begun).as_millis();
                    tracing::debug!(route, tries, took_ms, "request done");
                    return Ok(body);
                }
                Err(failure) => failure,
            };
            if unclear {
                call.unclear_since.get_or_insert(tried_at);
            }
            if let Some(body) = emoji::without_refused(&kind, call.outgoing.body.as_ref()) {
                tracing::info!(route, %kind, "sent again without emoji");
                call.outgoing.body = Some(body);
                continue;
            }
            let may_repeat = call.may_leave(env.now());
            let left = deadline.saturating_sub(env.monotonic());
            match again_after {
                Some(pause) if tries < TRIES_MAX && may_repeat && pause < left => {
                    env.sleep(pause + share_of(pause, env.next_u64())).await;
                }
                Some(_) | None => {
                    tracing::debug!(route, tries, %kind, "request failed");
                    let may_have_happened = call.unclear_since.is_some();
                    return Err(RestError { route, kind, may_have_happened });
                }
            }
        }
        let may_have_happened = call.unclear_since.is_some();
        Err(RestError { route, kind: RestErrorKind::TimedOut, may_have_happened })
    }

    async fn try_as_bot(&self, call: &mut Call<'_>, left: Duration) -> Result<Bytes, Failure> {
        let ticket = Ticket {
            route: call.outgoing.route,
            major: call.major,
            channel: call.channel,
            lane: self.lane,
        };
        let Shared { env, governor, .. } = &*self.shared;
        let deadline = env.monotonic() + left;
        let permit = governor
            .admit(ticket, patience(left, LEAST_LEFT)?)
            .await
            .map_err(|refused| Failure::is_final(refused.into()))?;
        if let Some(mark) = call.mark.take()
            && !mark.await
        {
            return Err(Failure::is_final(RestErrorKind::CalledOff));
        }
        if !call.may_leave(env.now()) {
            // It waited too long for its turn, or the machine has slept meanwhile.
            return Err(Failure::is_final(RestErrorKind::TimedOut));
        }
        let left = deadline.saturating_sub(env.monotonic());
        let answer = self.exchange(&call.outgoing, left, RETRY_PAUSE).await?;
        permit.settle(&reply_of(&answer));
        // The bucket holds the next try back for as long as Discord says.
        judge(answer, RETRY_PAUSE).map_err(|mut failure| {
            if matches!(failure.kind, RestErrorKind::RateLimited { .. }) {
                failure.again_after = Some(Duration::ZERO);
            }
            failure
        })
    }

    async fn try_as_callback(&self, outgoing: &Outgoing, left: Duration) -> Result<Bytes, Failure> {
        let Shared { env, governor, .. } = &*self.shared;
        let deadline = env.monotonic() + left;
        let permit = governor
            .admit_callback(patience(left, CALLBACK_LEAST_LEFT)?)
            .await
            .map_err(|refused| Failure::is_final(refused.into()))?;
        let left = deadline.saturating_sub(env.monotonic());
        let answer = self.exchange(outgoing, left, CALLBACK_RETRY_PAUSE).await?;
        permit.settle(&reply_of(&answer));
        judge(answer, CALLBACK_RETRY_PAUSE)
    }

    async fn exchange(
        &self,
        outgoing: &Outgoing,
        left: Duration,
        pause: Duration,
    ) -> Result<Answer, Failure> {
        let Shared { env, wire, governor, dates, clock } = &*self.shared;
        let limit = left.min(EXCHANGE_LIMIT);
        let began = env.monotonic();
        let departure = Departure::default();
        let exchanged = within(env, limit, wire.exchange(outgoing, &departure)).await;
        let timed_out = exchanged.is_none();
        if let Some(Ok(answer)) = &exchanged {
            governor.answered(began);
            dates.heard(&answer.headers, env.monotonic());
            let took = env.monotonic().saturating_sub(began);
            clock.note(&answer.headers, env.now(), took);
        }
        exchanged.unwrap_or_else(|| Err(departure.given_up())).map_err(|error| {
            let (text, unclear) = match error {
                WireError::NotSent(text) => (text, false),
                WireError::Lost(text) => (text, true),
                WireError::TooLarge => {
                    return Failure { unclear: true, ..Failure::is_final(RestErrorKind::TooLarge) };
                }
            };
            let kind =
                if timed_out { RestErrorKind::TimedOut } else { RestErrorKind::Unreachable(text) };
            Failure { kind, again_after: Some(pause), unclear }
        })
    }
}

/// How long a request may wait for its turn, so that it leaves with the least time that an answer
/// takes.
fn patience(left: Duration, least: Duration) -> Result<Duration, Failure> {
    let patience = left.checked_sub(least).filter(|patience| !patience.is_zero());
    patience.ok_or_else(|| Failure::is_final(RestErrorKind::TimedOut))
}

fn reply_of(answer: &Answer) -> Reply<'_> {
    let code = if answer.status < 400 { 0 } else { error::code_of(&answer.body) };
    Reply { status: answer.status, code, headers: &answer.headers, body: &answer.body }
}

fn judge(answer: Answer, pause: Duration) -> Result<Bytes, Failure> {
    match answer.status {
        200..300 => Ok(answer.body),
        429 => {
            let retry_after = crate::governor::retry_after(&answer.headers, &answer.body);
            let kind = RestErrorKind::RateLimited { retry_after };
            Err(Failure { kind, again_after: Some(retry_after), unclear: false })
        }
        status @ 500.. => {
            Err(Failure::is_unclear(RestErrorKind::from_answer(status, &answer.body), pause))
        }
        status => Err(Failure::is_final(RestErrorKind::from_answer(status, &answer.body))),
    }
}

#[cfg(test)]
mod taps_tests;
#[cfg(test)]
mod tests;
