//! The gateway: sessions, who is connected, and what each bot is sent (Discord docs: gateway).

mod dispatch;
mod encode;
mod entry;
mod faults;
mod link;
mod members;
mod outbox;
mod script;
mod session;
mod socket;
mod starts;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

pub use faults::GatewayFaults;
pub use link::{Link, LinkError};
pub use script::{Entry, EventFault, Greeting};
pub(crate) use socket::{Wanted, open};
pub use starts::GatewayLimits;
pub(crate) use starts::StartsLeft;

use crate::SimConfig;
use crate::ids::{AppId, GuildId};
use crate::shared::lock;
use crate::world::{Change, World};
use outbox::{MAX_QUEUE, Mood, Out, Outbox};
use script::Script;
use session::Session;
use starts::Starts;
use wire::Wire;

/// All sessions and connections.
pub(crate) struct Gateway {
    state: Mutex<State>,
    mood: watch::Sender<Mood>,
    resume_window: Duration,
    limits: GatewayLimits,
}

#[derive(Default)]
struct State {
    sessions: BTreeMap<String, Session>,
    connections: BTreeMap<u64, Wire>,
    next_connection: u64,
    refusing_until: Option<Instant>,
    starts: Starts,
    script: Script,
    /// Guilds with an outage.
    down: BTreeSet<GuildId>,
}

impl State {
    /// Tells a connection something; one that is too slow is cut.
    fn send(&mut self, connection: u64, out: Out) {
        let fits = self.connections.get(&connection).is_none_or(|wire| wire.send(out));
        if !fits {
            self.connections.remove(&connection);
        }
    }

    /// Sends an event of a session to its connection, if there is one.
    fn deliver(&mut self, connection: Option<u64>, frame: String) {
        let Some(id) = connection else { return };
        let Some(wire) = self.connections.get_mut(&id) else {
            return;
        };
        let fault = self.script.events.take();
        if !wire.deliver(frame, fault) {
            self.connections.remove(&id);
        }
    }

    /// Sends an event to every session for which `event` has one.
    fn publish<'v>(&mut self, event: impl Fn(&Session) -> Option<(&'v str, Value)>) {
        let mut frames = Vec::new();
        for session in self.sessions.values_mut() {
            if let Some((name, data)) = event(session) {
                frames.push((session.connection, session.dispatch(name, &data)));
            }
        }
        for (connection, frame) in frames {
            self.deliver(connection, frame);
        }
    }
}

impl Gateway {
    pub(crate) fn new(config: &SimConfig) -> Self {
        Self {
            state: Mutex::default(),
            mood: watch::Sender::new(Mood::default()),
            resume_window: config.resume_window,
            limits: config.gateway,
        }
    }

    /// Sends changes to every session that hears of them, connected or not.
    pub(crate) fn publish(&self, world: &World, changes: &[Change]) {
        let mut state = lock(&self.state);
        for change in changes {
            state.publish(|session| dispatch::event(world, change, &session.listener));
        }
    }

    /// Whether a bot of this application is connected.
    pub(crate) fn is_online(&self, app: AppId) -> bool {
        let state = lock(&self.state);
        let here = state.sessions.values().filter(|session| session.listener.app == app);
        here.into_iter().any(|session| session.connection.is_some())
    }

    /// What `/gateway/bot` says to this application.
    pub(crate) fn starts_left(&self, app: AppId) -> (GatewayLimits, StartsLeft) {
        (self.limits, lock(&self.state).starts.left(&self.limits, app))
    }

    /// Whether new connections are refused at the moment.
    fn is_refusing(&self) -> bool {
        lock(&self.state).refusing_until.is_some_and(|until| Instant::now() < until)
    }

    /// Cuts all connections, as when the simulator ends.
    pub(crate) fn drop_all(&self) {
        for wire in lock(&self.state).connections.values() {
            // A full queue belongs to a connection that is being cut anyway.
            wire.send(Out::Drop);
        }
    }

    fn greeting(&self) -> Option<Greeting> {
        lock(&self.state).script.greetings.take()
    }

    fn connect(&self) -> (u64, Outbox) {
        let mut state = lock(&self.state);
        let (sender, receiver) = mpsc::channel(MAX_QUEUE);
        let id = state.next_connection;
        state.next_connection += 1;
        state.connections.insert(id, Wire::new(sender));
        (id, Outbox::new(receiver, self.mood.subscribe()))
    }

    /// A connection has ended. Returns the application whose presence may have changed.
    fn disconnect(&self, connection: u64, end: Ending) -> Option<AppId> {
        let mut state = lock(&self.state);
        state.connections.remove(&connection);
        let carried = |session: &Session| session.connection == Some(connection);
        let id = state.sessions.iter().find(|(_, s)| carried(s)).map(|(id, _)| id.clone())?;
        let session = state.sessions.get_mut(&id)?;
        session.connection = None;
        session.left_at = Some(Instant::now());
        let app = session.listener.app;
        match end {
            Ending::SessionStays => {}
            Ending::SessionEnds => drop(state.sessions.remove(&id)),
        }
        Some(app)
    }
}

/// What the end of a connection means for its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    SessionStays,
    SessionEnds,
}

impl Ending {
    /// After the gateway has closed with a code (Discord docs: gateway close event codes).
    const fn closed_by_us(code: u16) -> Self {
        match code {
            4003 | 4007 | 4009 => Self::SessionEnds,
            _ => Self::SessionStays,
        }
    }

    /// After the bot has closed, with its code if it gave one.
    const fn closed_by_bot(code: Option<u16>) -> Self {
        match code {
            Some(1000 | 1001) => Self::SessionEnds,
            Some(_) | None => Self::SessionStays,
        }
    }
}
