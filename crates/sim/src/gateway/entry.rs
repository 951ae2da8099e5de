//! Identifying and resuming: what a bot has to show, and what it is told then.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::dispatch::{Listener, intents};
use super::outbox::Out;
use super::script::Entry;
use super::session::Session;
use super::starts::Start;
use super::{Gateway, State};
use crate::ids::AppId;
use crate::json;
use crate::render;
use crate::shared::{Shared, lock};
use crate::world::{Guild, World};

/// Op 7: reconnect and resume.
pub(super) const RECONNECT: &str = r#"{"op":7,"d":null,"s":null,"t":null}"#;

/// What a bot says of itself with op 2.
pub(super) struct Identify {
    pub(super) token: String,
    pub(super) intents: Option<u64>,
    /// Number and count; one that cannot be told is one that does not exist.
    pub(super) shard: (u64, u64),
}

impl Identify {
    pub(super) fn read(data: &Value) -> Self {
        Self {
            token: json::text(data, "token"),
            intents: json::at(data, "intents").as_u64(),
            shard: shard_of(data),
        }
    }
}

fn shard_of(identify: &Value) -> (u64, u64) {
    let shard = json::at(identify, "shard");
    if shard.is_null() {
        return (0, 1);
    }
    let number = |at: usize| shard.get(at).and_then(Value::as_u64);
    (number(0).unwrap_or(u64::MAX), number(1).unwrap_or(0))
}

/// Why a bot is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    /// The connection is closed with this code.
    Close(u16),
    /// Op 9; the connection stays.
    Invalid { resumable: bool },
    /// The connection is cut.
    Cut,
    /// Nothing happens.
    Silence,
}

impl Denied {
    fn by(entry: Option<Entry>) -> Result<(), Self> {
        match entry {
            None | Some(Entry::ThenReconnect) => Ok(()),
            Some(Entry::Invalid { resumable }) => Err(Self::Invalid { resumable }),
            Some(Entry::Close(code)) => Err(Self::Close(code)),
            Some(Entry::Cut) => Err(Self::Cut),
            Some(Entry::Silence) => Err(Self::Silence),
        }
    }
}

/// Op 9.
pub(super) fn invalid_session(resumable: bool) -> String {
    format!(r#"{{"op":9,"d":{resumable},"s":null,"t":null}}"#)
}

/// Begins a session on a connection: READY, then the guilds.
pub(super) fn identify(
    shared: &Shared,
    connection: u64,
    identify: &Identify,
) -> Result<AppId, Denied> {
    let url = shared.gateway_url();
    let gateway = &shared.gateway;
    let begun = shared.with(|world| {
        let before = world.app_with_token(&identify.token).map(|app| app.id);
        let begun = gateway.identify(world, (connection, &url), identify);
        let reset = before.is_some() && world.app_with_token(&identify.token).is_none();
        (begun, reset)
    });
    let (begun, reset) = begun;
    shared.ledger.note(|counts| match begun {
        Ok(_) => counts.identifies += 1,
        Err(Denied::Invalid { .. } | Denied::Silence | Denied::Cut) => {
            counts.identifies_refused += 1;
        }
        Err(Denied::Close(_)) if reset => counts.token_resets += 1,
        Err(Denied::Close(_)) => {}
    });
    let app = begun?;
    shared.presence_changed(app);
    Ok(app)
}

/// Takes a session up again on a connection: what it has missed, then RESUMED.
pub(super) fn resume(shared: &Shared, connection: u64, data: &Value) -> Result<AppId, Denied> {
    let taken = shared.with(|world| shared.gateway.resume(world, connection, data));
    shared.ledger.note(|counts| match taken {
        Ok(_) => counts.resumes += 1,
        Err(_) => counts.resumes_refused += 1,
    });
    let app = taken?;
    shared.presence_changed(app);
    Ok(app)
}

impl Gateway {
    fn identify(
        &self,
        world: &mut World,
        (connection, url): (u64, &str),
        identify: &Identify,
    ) -> Result<AppId, Denied> {
        let listener = self.check(world, identify)?;
        let mut state = lock(&self.state);
        state.purge(self.resume_window);
        match state.starts.take(&self.limits, listener.app, listener.shard.0) {
            Start::Granted => {}
            Start::TooSoon => return Err(Denied::Invalid { resumable: false }),
            Start::TooMany => {
                let token = world.secret();
                world.edit_application(listener.app, |app| app.token = token);
                state.end_all_of(listener.app);
                return Err(Denied::Close(4004));
            }
        }
        let entry = state.script.identifies.take();
        Denied::by(entry)?;
        let id = world.secret();
        let mut session = Session::new(listener, connection);
        let ready = ready(world, &listener, &id, url);
        let mut frames = vec![session.dispatch("READY", &ready)];
        if listener.intents & intents::GUILDS != 0 {
            let guilds = world.guilds().filter(|guild| covers(&listener, guild));
            for guild in guilds.filter(|guild| !state.down.contains(&guild.id)) {
                let data = render::gateway_guild(world, guild, listener.bot);
                frames.push(session.dispatch("GUILD_CREATE", &data));
            }
        }
        state.sessions.insert(id, session);
        state.let_in(connection, frames, entry);
        Ok(listener.app)
    }

    /// Refuses what is wrong with an identify, in the order in which Discord seems to look.
    fn check(&self, world: &World, identify: &Identify) -> Result<Listener, Denied> {
        let app = world.app_with_token(&identify.token).ok_or(Denied::Close(4004))?;
        let intents = identify.intents.filter(|bits| bits & !intents::KNOWN == 0);
        let intents = intents.ok_or(Denied::Close(4013))?;
        if intents & intents::PRIVILEGED & !app.privileged != 0 {
            return Err(Denied::Close(4014));
        }
        let (shard, count) = identify.shard;
        if count == 0 || shard >= count {
            return Err(Denied::Close(4010));
        }
        let listener = Listener { app: app.id, bot: app.bot, intents, shard: identify.shard };
        let guilds = world.guilds().filter(|guild| covers(&listener, guild)).count();
        if guilds > self.limits.guilds_per_shard {
            return Err(Denied::Close(4011));
        }
        Ok(listener)
    }

    fn resume(&self, world: &World, connection: u64, data: &Value) -> Result<AppId, Denied> {
        let gone = Denied::Invalid { resumable: false };
        let token = json::text(data, "token");
        let app = world.app_with_token(&token).map(|app| app.id).ok_or(Denied::Close(4004))?;
        let seq = json::at(data, "seq").as_u64().ok_or(Denied::Close(4007))?;
        let id = json::text(data, "session_id");
        let mut state = lock(&self.state);
        state.purge(self.resume_window);
        let entry = state.script.resumes.take();
        if entry == Some(Entry::Invalid { resumable: false }) {
            state.sessions.remove(&id);
        }
        Denied::by(entry)?;
        let session = state.sessions.get_mut(&id).ok_or(gone)?;
        if session.listener.app != app {
            return Err(gone);
        }
        let missed = session.since(seq).ok_or(Denied::Close(4007))?;
        let before = session.connection.replace(connection);
        session.left_at = None;
        let resumed = session.resumed();
        if let Some(wire) = before.and_then(|before| state.connections.remove(&before)) {
            // The old connection is replaced; if its queue is full, losing it ends it too.
            wire.send(Out::Drop);
        }
        state.let_in(connection, missed.into_iter().chain([resumed]), entry);
        Ok(app)
    }
}

impl State {
    fn let_in(
        &mut self,
        connection: u64,
        frames: impl IntoIterator<Item = String>,
        entry: Option<Entry>,
    ) {
        let after = (entry == Some(Entry::ThenReconnect)).then(|| RECONNECT.to_owned());
        for frame in frames.into_iter().chain(after) {
            self.send(connection, Out::Frame(frame));
        }
    }

    /// Ends all sessions of a bot, as when its token is reset.
    fn end_all_of(&mut self, app: AppId) {
        let ours = |session: &Session| session.listener.app == app;
        let ended: Vec<Session> =
            self.sessions.extract_if(.., |_, session| ours(session)).map(|(_, s)| s).collect();
        for connection in ended.iter().filter_map(|session| session.connection) {
            self.send(connection, Out::Close(4004));
        }
    }

    /// Forgets the sessions that nobody has taken up in time.
    fn purge(&mut self, window: std::time::Duration) {
        let now = Instant::now();
        let lives = |left_at: Instant| now.duration_since(left_at) <= window;
        self.sessions.retain(|_, session| session.left_at.is_none_or(lives));
    }
}

pub(super) fn covers(listener: &Listener, guild: &Guild) -> bool {
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
