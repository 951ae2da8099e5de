//! The one gate between us and Discord's REST interface: nothing we do can become a flood, and
//! nothing that others do can make a person's tap wait.

mod bucket;
mod buckets;
mod callbacks;
mod circuit;
mod doubt;
mod gate;
mod headers;
mod ledger;
pub(crate) mod limits;
mod measures;
mod pace;
mod queue;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::HeaderMap;
use muster_domain::id::ChannelId;
use muster_engine::ports::{Env, within};
use muster_vitals::Vitals;
use tokio::sync::{Notify, Semaphore, SemaphorePermit, oneshot, watch};

pub(crate) use self::gate::{Lane, Refused, Reply, Ticket};
use self::gate::{Pass, Verdict};
pub(crate) use self::ledger::Caution;
use self::limits::CALLBACKS_IN_FLIGHT_MAX;
use self::measures::Measures;
use self::queue::Queue;

/// Lets requests leave in order of their lanes, as fast as Discord allows and no faster.
pub(crate) struct Governor<E> {
    env: E,
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Queue>,
    /// Something has changed that may let a waiting request go.
    nudge: Arc<Notify>,
    callbacks: Semaphore,
    /// A callback has been answered, on which others may have waited.
    callback_answered: Notify,
    token_refused: watch::Sender<bool>,
    measures: Measures,
}

/// One request that is on its way. Dropping it unsettled says that it was given up.
pub(crate) struct Permit<'g, E: Env> {
    governor: &'g Governor<E>,
    pass: Option<Pass>,
}

/// A place in the queue. Leaving it early gives back what was granted in the meantime.
struct Place<'g, E: Env> {
    governor: &'g Governor<E>,
    told: oneshot::Receiver<queue::Outcome>,
}

/// One request with an interaction's token that is on its way.
pub(crate) struct CallbackPermit<'g, E: Env> {
    governor: &'g Governor<E>,
    settled: bool,
    _room: SemaphorePermit<'g>,
}

impl<E: Env> Governor<E> {
    pub(crate) fn new(env: E) -> Self {
        let nudge = Arc::new(Notify::new());
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue::new()),
            nudge: Arc::clone(&nudge),
            callbacks: Semaphore::new(CALLBACKS_IN_FLIGHT_MAX),
            callback_answered: Notify::new(),
            token_refused: watch::Sender::new(false),
            measures: Measures::default(),
        });
        env.spawn("governor", drive(env.clone(), Arc::downgrade(&shared), nudge));
        Self { env, shared }
    }

    /// Has requests measured from now on.
    pub(crate) fn measure(&self, vitals: &Arc<Vitals>) {
        self.shared.measures.begin(vitals);
    }

    /// Notes that a request which left at `since` was answered.
    pub(crate) fn answered(&self, since: Duration) {
        self.shared.measures.answered(since, self.env.monotonic());
    }

    /// Waits for the request's turn, at most `patience`; refuses at once if that cannot do.
    pub(crate) async fn admit(
        &self,
        ticket: Ticket,
        patience: Duration,
    ) -> Result<Permit<'_, E>, Refused> {
        let since = self.env.monotonic();
        let permit = self.permit_for(ticket, patience, since).await?;
        self.shared.measures.leaves(since, self.env.monotonic());
        Ok(permit)
    }

    async fn permit_for(
        &self,
        ticket: Ticket,
        patience: Duration,
        now: Duration,
    ) -> Result<Permit<'_, E>, Refused> {
        let waiting = {
            let mut queue = self.shared.lock();
            match queue.enter(now, ticket, now + patience) {
                Ok(waiting) => {
                    self.shared.measures.waiting(queue.len());
                    waiting
                }
                Err(outcome) => return outcome.map(|pass| self.permit(pass)),
            }
        };
        self.shared.nudge.notify_one();
        let mut place = Place { governor: self, told: waiting };
        match within(&self.env, patience, &mut place.told).await {
            Some(Ok(outcome)) => outcome.map(|pass| self.permit(pass)),
            Some(Err(oneshot::error::RecvError { .. })) | None => {
                Err(Refused::NotInTime(Duration::ZERO))
            }
        }
    }

    /// Waits for room among the callbacks, at most `patience`. Their buckets are per token, and
    /// they are outside the global limit (Discord docs: receiving and responding).
    pub(crate) async fn admit_callback(
        &self,
        patience: Duration,
    ) -> Result<CallbackPermit<'_, E>, Refused> {
        let since = self.env.monotonic();
        let deadline = since + patience;
        let entered = async {
            let room = self.shared.callbacks.acquire().await.map_err(|_| Refused::Busy)?;
            self.callback_turn(deadline).await?;
            self.shared.measures.leaves(since, self.env.monotonic());
            Ok(CallbackPermit { governor: self, settled: false, _room: room })
        };
        within(&self.env, patience, entered).await.unwrap_or(Err(Refused::Busy))
    }

    /// Waits until callbacks may leave; refuses at once if that is after `deadline`.
    async fn callback_turn(&self, deadline: Duration) -> Result<(), Refused> {
        loop {
            let answered = self.shared.callback_answered.notified();
            tokio::pin!(answered);
            // From here on no answer is missed.
            answered.as_mut().enable();
            let now = self.env.monotonic();
            let verdict = {
                let mut queue = self.shared.lock();
                let verdict = queue.gate.check_callback(now);
                if verdict == Verdict::Go {
                    queue.gate.take_callback();
                }
                verdict
            };
            match verdict {
                Verdict::Go => return Ok(()),
                Verdict::Refused(why) => return Err(why),
                Verdict::At(at) if at > deadline => {
                    return Err(Refused::NotInTime(at.saturating_sub(now)));
                }
                Verdict::At(at) => self.env.sleep(at.saturating_sub(now)).await,
                Verdict::AfterAnAnswer => answered.await,
            }
        }
    }

    /// Turns true, once and for all, when Discord refuses the bot's token.
    pub(crate) fn token_refused(&self) -> watch::Receiver<bool> {
        self.shared.token_refused.subscribe()
    }

    /// Refused requests of the last ten minutes, and how careful they make us.
    pub(crate) fn invalid_requests(&self) -> (u32, Caution) {
        let now = self.env.monotonic();
        let mut queue = self.shared.lock();
        (queue.gate.invalid_requests(now), queue.gate.caution(now))
    }

    /// The program ends: requests of the background wait no longer, and others not for long.
    pub(crate) fn close(&self) {
        self.shared.lock().close(self.env.monotonic());
        self.shared.nudge.notify_one();
    }

    /// A channel that refused us and was left alone since may be used again.
    pub(crate) fn forgive(&self, channel: ChannelId) {
        self.shared.lock().gate.forgive(channel);
        self.shared.nudge.notify_one();
    }

    /// The same of all channels that refused us.
    pub(crate) fn forgive_all(&self) {
        self.shared.lock().gate.forgive_all();
        self.shared.nudge.notify_one();
    }

    /// Requests waiting for their turn.
    pub(crate) fn waiting(&self) -> usize {
        self.shared.lock().len()
    }

    fn permit(&self, pass: Pass) -> Permit<'_, E> {
        Permit { governor: self, pass: Some(pass) }
    }
}

impl<E> Drop for Governor<E> {
    fn drop(&mut self) {
        // Wakes the driver, which then finds nobody left.
        self.shared.nudge.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<E: Env> Permit<'_, E> {
    /// Gives the right back with the answer.
    pub(crate) fn settle(mut self, reply: &Reply<'_>) {
        let Some(pass) = self.pass.take() else { return };
        let Governor { env, shared } = self.governor;
        let now = env.monotonic();
        let refused = {
            let mut queue = shared.lock();
            let invalid = queue.gate.settle(now, &pass, reply, env);
            shared.measures.counts(reply.status, invalid, now);
            queue.gate.token_refused()
        };
        if refused {
            shared.token_refused.send_replace(true);
        }
        shared.nudge.notify_one();
    }
}

impl<E: Env> Drop for Permit<'_, E> {
    fn drop(&mut self) {
        let Some(pass) = self.pass.take() else { return };
        let Governor { env, shared } = self.governor;
        shared.lock().gate.give_up(env.monotonic(), &pass);
        shared.nudge.notify_one();
    }
}

impl<E: Env> Drop for Place<'_, E> {
    fn drop(&mut self) {
        self.told.close();
        if let Ok(Ok(pass)) = self.told.try_recv() {
            drop(self.governor.permit(pass));
        }
    }
}

impl<E: Env> CallbackPermit<'_, E> {
    /// Gives the right back with the answer.
    pub(crate) fn settle(mut self, reply: &Reply<'_>) {
        self.settled = true;
        let Governor { env, shared } = self.governor;
        let now = env.monotonic();
        let invalid = shared.lock().gate.settle_callback(now, reply);
        shared.measures.counts(reply.status, invalid, now);
        shared.callback_answered.notify_waiters();
    }
}

impl<E: Env> Drop for CallbackPermit<'_, E> {
    fn drop(&mut self) {
        if !self.settled {
            let shared = &self.governor.shared;
            shared.lock().gate.give_up_callback();
            shared.callback_answered.notify_waiters();
        }
    }
}

/// How long a 429 asks to wait, or what is assumed if it does not say.
pub(crate) fn retry_after(headers: &HeaderMap, body: &[u8]) -> Duration {
    headers::too_many(headers, body).retry_after.unwrap_or(limits::RETRY_AFTER_UNKNOWN.first)
}

/// Lets waiting requests go when their time has come; ends with the last [`Governor`].
async fn drive<E: Env>(env: E, shared: std::sync::Weak<Shared>, nudge: Arc<Notify>) {
    loop {
        let next = {
            let Some(shared) = shared.upgrade() else { return };
            let mut queue = shared.lock();
            let next = queue.pump(env.monotonic());
            shared.measures.waiting(queue.len());
            next
        };
        match next {
            Some(at) => {
                let wait = at.saturating_sub(env.monotonic());
                tokio::select! {
                    biased;
                    () = nudge.notified() => {}
                    () = env.sleep(wait) => {}
                }
            }
            None => nudge.notified().await,
        }
    }
}

#[cfg(test)]
mod backlog_tests;
#[cfg(test)]
mod storm_tests;
#[cfg(test)]
mod tests;
