//! The gateway: sessions, who is connected, and what each bot is sent (Discord docs: gateway).

mod deflate;
mod dispatch;
mod session;
mod socket;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

pub(crate) use socket::{Wanted, open};

use crate::SimConfig;
use crate::ids::AppId;
use crate::render;
use crate::shared::lock;
use crate::world::{Change, World};
use dispatch::{Listener, intents};
use session::Session;

/// The most frames that wait for a slow connection before it is cut.
const MAX_QUEUE: usize = 16_384;

/// What a connection's task is told to do.
#[derive(Debug)]
enum Out {
    Frame(String),
    Close(u16),
    Drop,
}

/// All sessions and connections.
pub(crate) struct Gateway {
    state: Mutex<State>,
    resume_window: Duration,
}

#[derive(Default)]
struct State {
    sessions: BTreeMap<String, Session>,
    connections: BTreeMap<u64, mpsc::Sender<Out>>,
    next_connection: u64,
    refusing_until: Option<Instant>,
}

/// What a bot says of itself with op 2.
struct Identify {
    token: String,
    intents: Option<u64>,
    shard: (u64, u64),
}

impl State {
    /// Hands a frame to a connection; one that is too slow is cut.
    fn send(&mut self, connection: Option<u64>, frame: String) {
        let Some(id) = connection else { return };
        let Some(sender) = self.connections.get(&id) else {
            return;
        };
        if sender.try_send(Out::Frame(frame)).is_err() {
            self.connections.remove(&id);
        }
    }

    fn purge(&mut self, window: Duration) {
        self.sessions
            .retain(|_, session| session.left_at.is_none_or(|left_at| left_at.elapsed() <= window));
    }
}

impl Gateway {
    pub(crate) fn new(config: &SimConfig) -> Self {
        Self { state: Mutex::default(), resume_window: config.resume_window }
    }

    /// Sends changes to every session that hears of them, connected or not.
    pub(crate) fn publish(&self, world: &World, changes: &[Change]) {
        let mut state = lock(&self.state);
        let ids: Vec<String> = state.sessions.keys().cloned().collect();
        for change in changes {
            for id in &ids {
                let Some(session) = state.sessions.get_mut(id) else {
                    continue;
                };
                let event = dispatch::event(world, change, &session.listener);
                let Some((name, data)) = event else { continue };
                let frame = session.dispatch(name, &data);
                let connection = session.connection;
                state.send(connection, frame);
            }
        }
    }

    /// Whether a bot of this application is connected.
    pub(crate) fn is_online(&self, app: AppId) -> bool {
        let state = lock(&self.state);
        let here = state.sessions.values().filter(|session| session.listener.app == app);
        here.into_iter().any(|session| session.connection.is_some())
    }

    /// Whether new connections are refused at the moment.
    pub(crate) fn is_refusing(&self) -> bool {
        lock(&self.state).refusing_until.is_some_and(|until| Instant::now() < until)
    }

    pub(crate) fn refuse_for(&self, duration: Duration) {
        lock(&self.state).refusing_until = Instant::now().checked_add(duration);
    }

    pub(crate) fn drop_all(&self) {
        self.each_connection(|| Out::Drop);
    }

    pub(crate) fn close_all(&self, code: u16) {
        self.each_connection(|| Out::Close(code));
        if matches!(code, 4003 | 4007 | 4009) {
            self.forget_sessions();
        }
    }

    pub(crate) fn tell_all(&self, frame: &str) {
        self.each_connection(|| Out::Frame(frame.to_owned()));
    }

    pub(crate) fn forget_sessions(&self) {
        lock(&self.state).sessions.clear();
    }

    fn each_connection(&self, out: impl Fn() -> Out) {
        for sender in lock(&self.state).connections.values() {
            // A full queue belongs to a connection that is being cut anyway.
            sender.try_send(out()).ok();
        }
    }

    fn connect(&self) -> (u64, mpsc::Receiver<Out>) {
        let mut state = lock(&self.state);
        let (sender, receiver) = mpsc::channel(MAX_QUEUE);
        let id = state.next_connection;
        state.next_connection += 1;
        state.connections.insert(id, sender);
        (id, receiver)
    }

    /// A connection has ended. `ends_session` when the bot said goodbye with 1000 or 1001.
    /// Returns the application whose presence may have changed.
    fn disconnect(&self, connection: u64, ends_session: bool) -> Option<AppId> {
        let mut state = lock(&self.state);
        state.connections.remove(&connection);
        let carried = |session: &Session| session.connection == Some(connection);
        let id = state.sessions.iter().find(|(_, s)| carried(s)).map(|(id, _)| id.clone())?;
        let session = state.sessions.get_mut(&id)?;
        session.connection = None;
        session.left_at = Some(Instant::now());
        let app = session.listener.app;
        if ends_session {
            state.sessions.remove(&id);
        }
        Some(app)
    }

    /// Begins a session: READY, then the guilds. Refuses with a close code.
    fn identify(
        &self,
        world: &mut World,
        (connection, url): (u64, &str),
        identify: &Identify,
    ) -> Result<AppId, u16> {
        let app = world.app_with_token(&identify.token).ok_or(4004_u16)?;
        let (app, bot, privileged) = (app.id, app.bot, app.privileged);
        let wanted = identify.intents.filter(|bits| bits & !intents::KNOWN == 0).ok_or(4013_u16)?;
        if wanted & intents::PRIVILEGED & !privileged != 0 {
            return Err(4014);
        }
        let (shard, count) = identify.shard;
        if count == 0 || shard >= count {
            return Err(4010);
        }
        let listener = Listener { app, bot, intents: wanted, shard: identify.shard };
        let id = world.secret();
        let mut session = Session::new(listener, connection);
        let ready = ready(world, &listener, &id, url);
        let mut frames = vec![session.dispatch("READY", &ready)];
        if wanted & intents::GUILDS != 0 {
            for guild in world.guilds().filter(|guild| covers(&listener, guild)) {
                let data = render::gateway_guild(world, guild, bot);
                frames.push(session.dispatch("GUILD_CREATE", &data));
            }
        }
        let mut state = lock(&self.state);
        state.purge(self.resume_window);
        state.sessions.insert(id, session);
        for frame in frames {
            state.send(Some(connection), frame);
        }
        Ok(app)
    }

    /// Takes a session up again. `Err(None)` is op 9 `false`, `Err(Some(code))` a close.
    fn resume(&self, world: &World, connection: u64, data: &Value) -> Result<AppId, Option<u16>> {
        let token = data["token"].as_str().unwrap_or_default();
        let app = world.app_with_token(token).map(|app| app.id).ok_or(Some(4004))?;
        let seq = data["seq"].as_u64().ok_or(Some(4007))?;
        let id = data["session_id"].as_str().unwrap_or_default();
        let mut state = lock(&self.state);
        state.purge(self.resume_window);
        let session = state.sessions.get_mut(id).ok_or(None)?;
        if session.listener.app != app {
            return Err(None);
        }
        let missed = session.since(seq).ok_or(Some(4007))?;
        let before = session.connection.replace(connection);
        session.left_at = None;
        let resumed = session.dispatch("RESUMED", &json!({"_trace": ["sim"]}));
        if let Some(sender) = before.and_then(|before| state.connections.remove(&before)) {
            // The old connection is replaced; if its queue is full, losing it ends it too.
            sender.try_send(Out::Drop).ok();
        }
        for frame in missed.into_iter().chain([resumed]) {
            state.send(Some(connection), frame);
        }
        Ok(app)
    }
}

fn covers(listener: &Listener, guild: &crate::world::Guild) -> bool {
    guild.members.contains_key(&listener.bot) && listener.covers(Some(guild.id))
}

fn ready(world: &World, listener: &Listener, session: &str, url: &str) -> Value {
    let guilds = world.guilds().filter(|guild| covers(listener, guild));
    let guilds: Vec<_> = guilds.map(|guild| json!({"id": guild.id, "unavailable": true})).collect();
    let flags = world.app(listener.app).map_or(0, crate::world::Application::privileged_flags);
    let (shard, count) = listener.shard;
    json!({
        "v": 10,
        "user": world.user(listener.bot).map(render::own_user),
        "guilds": guilds,
        "session_id": session,
        "resume_gateway_url": url,
        "shard": [shard, count],
        "application": {"id": listener.app, "flags": flags},
        "session_type": "normal",
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "user_settings": {},
        "geo_ordered_rtc_regions": [],
        "_trace": ["sim"],
    })
}
