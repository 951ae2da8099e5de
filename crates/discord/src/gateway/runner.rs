//! Runs one shard: dials through the gates, moves frames between socket and session, and hands
//! events on without ever making a heartbeat wait for them.

use std::sync::Arc;
use std::time::Duration;

use muster_engine::ports::{Env, Rng, within};
use muster_store::model::{SavedSession, Shard};
use muster_store::port::Sessions;
use muster_vitals::backoff::share_of;
use tokio::sync::{mpsc, watch};

use super::identify_gate::Turn;
use super::limits::{
    DRAIN_LIMIT, HEALTHY_AFTER, Pause, RECORD_LIMIT, REFUSED_PAUSE, SILENCE_PAUSE, TOO_FAST_PAUSE,
};
use super::meter::ShardMeter;
use super::progress::Progress;
use super::saver::Saver;
use super::session::{Identity, Session};
use super::socket::{Incoming, Socket};
use super::step::{End, Entry, Event, Leave, Next, Reaction};
use super::{Dispatch, Gateway, GatewayError};

/// What connects a shard with the rest of the program.
pub(super) struct Ends {
    pub(super) meter: Arc<ShardMeter>,
    pub(super) events: mpsc::Sender<Dispatch>,
    pub(super) stop: watch::Receiver<bool>,
}

/// Why a connection was left.
enum Over {
    /// The session decides what follows.
    Ended(End),
    /// The program stops.
    Stopped,
    /// Nobody listens any more.
    NoReceiver,
}

struct Runner<'g, E, S> {
    gateway: &'g Gateway<E, S>,
    shard: u32,
    session: Session,
    progress: Progress,
    saver: &'g Saver,
    ends: Ends,
    /// Since when nothing works, to say it once and not at every try.
    down_since: Option<Duration>,
    /// The event for which there is no room yet. It outlives the connection that brought it.
    waiting: Option<Dispatch>,
}

pub(super) async fn run<E: Env, S: Sessions>(
    gateway: &Gateway<E, S>,
    shard: u32,
    ends: Ends,
) -> Result<(), GatewayError> {
    let loaded = load(gateway, shard).await;
    let config = &gateway.config;
    let identity = Identity {
        token: Arc::clone(&config.token),
        intents: config.intents,
        shard: Shard { number: shard, of: config.shards },
    };
    let session = Session::new(identity, config.url.clone(), config.wanted, loaded);
    let progress = Progress::default();
    progress.begin(session.saved().map_or(0, |saved| saved.sequence));
    let saver = Saver::new(shard, progress.clone(), session.saved().cloned());
    let meter = Arc::clone(&ends.meter);
    let runner = Runner {
        gateway,
        shard,
        session,
        progress: progress.clone(),
        saver: &saver,
        ends,
        down_since: None,
        waiting: None,
    };
    let outcome = tokio::select! {
        outcome = runner.run() => outcome,
        never = saver.run(&gateway.env, &*gateway.kept) => match never {},
    };
    meter.set_live(false);
    if within(&gateway.env, DRAIN_LIMIT, progress.drained()).await.is_none() {
        tracing::warn!(shard, "stopping with gateway events in hand; they will be replayed");
    }
    saver.save(&gateway.env, &*gateway.kept).await;
    outcome
}

async fn load<E: Env, S: Sessions>(gateway: &Gateway<E, S>, shard: u32) -> Option<SavedSession> {
    match within(&gateway.env, RECORD_LIMIT, gateway.kept.session(shard)).await {
        Some(Ok(session)) => session,
        Some(Err(error)) => {
            tracing::warn!(shard, %error, "saved gateway session cannot be read");
            None
        }
        None => {
            tracing::warn!(shard, "reading the saved gateway session takes too long");
            None
        }
    }
}

impl<E: Env, S: Sessions> Runner<'_, E, S> {
    async fn run(mut self) -> Result<(), GatewayError> {
        let outcome = self.stay_connected().await;
        if let Some(dispatch) = self.waiting.take() {
            // Nobody takes it any more; the next run asks for it again.
            dispatch.receipt.give_up();
        }
        outcome
    }

    async fn stay_connected(&mut self) -> Result<(), GatewayError> {
        loop {
            let mut stop = self.ends.stop.clone();
            let dialled = tokio::select! {
                biased;
                () = stopped(&mut stop) => return Ok(()),
                dialled = self.dial() => dialled,
            };
            let over = match dialled {
                Some((socket, turn)) => self.talk(socket, turn).await,
                None => Over::Ended(End::DialFailed),
            };
            self.ends.meter.set_live(false);
            let end = match over {
                Over::Ended(end) => end,
                Over::Stopped => return Ok(()),
                Over::NoReceiver => return Err(GatewayError::NoReceiver),
            };
            let next = self.session.ended(end);
            self.saver.put(self.session.saved());
            self.say_trouble(end);
            tokio::select! {
                biased;
                () = stopped(&mut stop) => return Ok(()),
                () = self.pause(next) => {}
            }
            if let Next::Stop(refusal) = next {
                return Err(refusal.into());
            }
        }
    }

    /// Waits for the gates and connects. `None` means that it failed and was said.
    async fn dial(&mut self) -> Option<(Socket, Option<Turn>)> {
        let plan = self.session.plan();
        let turn = match plan.entry {
            Entry::Identify => Some(self.gateway.identifies.turn(self.shard).await),
            Entry::Resume => None,
        };
        self.gateway.dials.pass().await;
        self.ends.meter.dials();
        match Socket::dial(&self.gateway.env, &self.gateway.network, &plan.url).await {
            Ok(socket) => Some((socket, turn)),
            Err(error) => {
                self.ends.meter.set_live(false);
                if self.down_since.is_none() {
                    tracing::warn!(shard = self.shard, %error, "gateway is out of reach; retrying");
                } else {
                    tracing::debug!(shard = self.shard, %error, "gateway is still out of reach");
                }
                self.down_since.get_or_insert(self.gateway.env.monotonic());
                None
            }
        }
    }

    /// Serves one connection to its end.
    async fn talk(&mut self, socket: Socket, turn: Option<Turn>) -> Over {
        let opened = self.gateway.env.monotonic();
        self.session.opened(opened);
        let over = self.serve(socket, turn).await;
        if self.gateway.env.monotonic() >= opened + HEALTHY_AFTER {
            self.gateway.dials.recover();
        }
        over
    }

    async fn serve(&mut self, mut socket: Socket, mut turn: Option<Turn>) -> Over {
        let mut stop = self.ends.stop.clone();
        let events = self.ends.events.clone();
        loop {
            let env = &self.gateway.env;
            let due = self
                .session
                .deadline()
                .map_or(HEALTHY_AFTER, |at| at.saturating_sub(env.monotonic()));
            let reaction = tokio::select! {
                biased;
                () = stopped(&mut stop) => {
                    socket.leave(env).await;
                    return Over::Stopped;
                }
                room = events.reserve(), if self.waiting.is_some() => {
                    let Ok(room) = room else { return Over::NoReceiver };
                    if let Some(dispatch) = self.waiting.take() {
                        room.send(dispatch);
                    }
                    continue;
                }
                () = env.sleep(due) => {
                    if self.waiting.is_some() {
                        self.session.excuse_silence();
                    }
                    self.session.tick(env.monotonic())
                }
                // Nothing is read while the program is behind: Discord's own buffers hold it.
                incoming = socket.next(), if self.waiting.is_none() => match incoming {
                    Incoming::Text(text) => {
                        let first_beat = |interval| share_of(interval, env.next_u64());
                        self.session.frame(env.monotonic(), text, first_beat)
                    }
                    Incoming::Closed(code) => return Over::Ended(End::Closed(code)),
                },
            };
            match reaction {
                Reaction::Nothing => self.note_progress(),
                Reaction::Deliver(event) => self.waiting = Some(self.dispatch(event)),
                Reaction::Entered(entry, event) => {
                    self.entered(entry);
                    self.waiting = event.map(|event| self.dispatch(event));
                }
                Reaction::Send(text) => {
                    if !socket.send(env, text).await {
                        return Over::Ended(End::Closed(None));
                    }
                }
                Reaction::Enter(entry) => {
                    self.record_entry(entry, turn.take()).await;
                    if !socket.send(env, self.session.entry_frame()).await {
                        return Over::Ended(End::Closed(None));
                    }
                }
                Reaction::Leave(why) => {
                    socket.leave(env).await;
                    return Over::Ended(End::Left(why));
                }
            }
        }
    }

    async fn record_entry(&self, entry: Entry, turn: Option<Turn>) {
        match (entry, turn) {
            (Entry::Identify, Some(turn)) => {
                self.gateway.identifies.spend(turn).await;
            }
            (Entry::Identify | Entry::Resume, _) => {}
        }
    }

    fn entered(&mut self, entry: Entry) {
        let sequence = self.session.saved().map_or(0, |saved| saved.sequence);
        match entry {
            Entry::Identify => self.progress.begin(sequence.saturating_sub(1)),
            Entry::Resume => self.progress.skip_to(sequence),
        }
        self.saver.put(self.session.saved());
        self.ends.meter.set_live(true);
        let down = self
            .down_since
            .take()
            .map_or(Duration::ZERO, |since| self.gateway.env.monotonic().saturating_sub(since));
        tracing::info!(shard = self.shard, ?entry, down_s = down.as_secs(), "gateway is ready");
    }

    fn note_progress(&self) {
        if let Some(saved) = self.session.saved() {
            self.progress.skip_to(saved.sequence);
        }
        if let Some(latency) = self.session.latency() {
            self.ends.meter.set_latency(latency);
        }
    }

    fn dispatch(&self, event: Event) -> Dispatch {
        self.ends.meter.event_came(|| self.gateway.env.now());
        Dispatch {
            shard: self.shard,
            sequence: event.sequence,
            name: event.name,
            data: event.data,
            received: self.gateway.env.monotonic(),
            replayed: event.replayed,
            receipt: self.progress.take(event.sequence),
        }
    }

    /// Says once that something is wrong; what Discord asks for is nothing wrong.
    fn say_trouble(&mut self, end: End) {
        let shard = self.shard;
        match end {
            End::DialFailed => return,
            End::Left(Leave::AskedToReconnect) => {
                tracing::info!(shard, "Discord asked to reconnect");
            }
            End::Left(_) | End::Closed(_) if self.down_since.is_none() => {
                tracing::warn!(shard, ?end, "gateway connection ended; reconnecting");
            }
            End::Left(_) | End::Closed(_) => {
                tracing::debug!(shard, ?end, "gateway connection ended again");
            }
        }
        self.down_since.get_or_insert(self.gateway.env.monotonic());
    }

    async fn pause(&self, next: Next) {
        let env = &self.gateway.env;
        if let Some(pause) = pause_before(next, env) {
            env.sleep(pause).await;
        }
    }
}

/// How long to wait before this, if at all.
pub(super) fn pause_before<R: Rng>(next: Next, rng: &R) -> Option<Duration> {
    let Pause { least, spread } = match next {
        Next::Dial | Next::Stop(_) => return None,
        Next::DialAfterSilence(times) => {
            return Some(SILENCE_PAUSE.jittered(times.saturating_sub(1), rng.next_u64()));
        }
        Next::DialAfterRefusal => REFUSED_PAUSE,
        Next::DialSlowly => TOO_FAST_PAUSE,
    };
    Some(least + share_of(spread, rng.next_u64()))
}

/// Returns once the program stops, also when whoever could say so is gone.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        tracing::debug!("nobody holds the stop switch any more");
    }
}

#[cfg(test)]
mod tests;
