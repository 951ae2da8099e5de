//! The gateway on a bad day, on command: what it does to all its connections, to those of one
//! shard, or to the next that come.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::dispatch::intents;
use super::entry::{RECONNECT, covers, invalid_session};
use super::outbox::{Mood, Out};
use super::script::{Entry, EventFault, Greeting};
use super::session::Session;
use super::{Ending, State};
use crate::ids::GuildId;
use crate::render;
use crate::shared::{Shared, lock};

/// Makes the gateway misbehave. Cheap to clone.
#[derive(Clone)]
pub struct GatewayFaults {
    shared: Arc<Shared>,
    shard: Option<u64>,
}

impl GatewayFaults {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, shard: None }
    }

    /// The same for the connections and sessions of one shard only. What the next connections
    /// meet, and the gateway's moods, concern all shards nevertheless.
    #[must_use]
    pub fn on_shard(mut self, shard: u64) -> Self {
        self.shard = Some(shard);
        self
    }

    /// Cuts the connections without a close frame. Sessions stay for a resume.
    pub fn cut(&self) {
        self.tell(|| Out::Drop);
    }

    /// Closes the connections with a code; 4000 and above as Discord uses them. Sessions stay
    /// except with 4003, 4007 and 4009, which end them.
    pub fn close(&self, code: u16) {
        self.tell(|| Out::Close(code));
        if Ending::closed_by_us(code) == Ending::SessionEnds {
            self.forget_sessions();
        }
    }

    /// Op 7: reconnect and resume.
    pub fn ask_to_reconnect(&self) {
        self.send_text(RECONNECT);
    }

    /// Op 9. Not `resumable` also ends the sessions.
    pub fn invalidate(&self, resumable: bool) {
        self.send_text(&invalid_session(resumable));
        if !resumable {
            self.forget_sessions();
        }
    }

    /// Op 1: a heartbeat is wanted at once.
    pub fn ask_for_heartbeat(&self) {
        self.send_text(r#"{"op":1,"d":null,"s":null,"t":null}"#);
    }

    /// Sends any text as a frame, however large or wrong.
    pub fn send_text(&self, text: &str) {
        self.tell(|| Out::Frame(text.to_owned()));
    }

    /// Sends an event with any name and content to the sessions, with their next numbers.
    pub fn send_event(&self, name: &str, data: &Value) {
        let mut state = lock(&self.shared.gateway.state);
        state.publish(|session| self.means(session).then(|| (name, data.clone())));
    }

    /// Forgets the sessions, so that none of them can be resumed. Connections stay open.
    pub fn forget_sessions(&self) {
        lock(&self.shared.gateway.state).sessions.retain(|_, session| !self.means(session));
    }

    /// Answers new connections with 503 for `duration` of the runtime's time.
    pub fn refuse_dials(&self, duration: Duration) {
        self.state(|state| state.refusing_until = Instant::now().checked_add(duration));
    }

    /// What the next `times` connections meet; 1,000 steps at most.
    pub fn greet_next(&self, times: u32, greeting: Greeting) {
        self.state(|state| state.script.greetings.add(times, greeting));
    }

    /// What the next `times` identifies meet that would have worked; 1,000 steps at most.
    pub fn identify_next(&self, times: u32, entry: Entry) {
        self.state(|state| state.script.identifies.add(times, entry));
    }

    /// What the next `times` resumes meet; 1,000 steps at most.
    pub fn resume_next(&self, times: u32, entry: Entry) {
        self.state(|state| state.script.resumes.add(times, entry));
    }

    /// What the next `times` events meet that are sent to connected bots; 1,000 steps at most.
    pub fn events_next(&self, times: u32, fault: EventFault) {
        self.state(|state| state.script.events.add(times, fault));
    }

    /// From now on heartbeats are taken and not acknowledged.
    pub fn stop_acknowledging(&self) {
        self.mood(|mood| mood.no_acks = true);
    }

    /// From now on nothing is sent: connections are open and dead. What was to be sent comes when
    /// the gateway is healed, except acknowledgements.
    pub fn go_silent(&self) {
        self.mood(|mood| mood.silent = true);
    }

    /// From now on nothing is read, not even heartbeats, until the bot's own writing stalls.
    pub fn stop_reading(&self) {
        self.mood(|mood| mood.deaf = true);
    }

    /// Ends all moods and refusals, and forgets what the next ones would have met.
    pub fn heal(&self) {
        self.state(|state| {
            state.refusing_until = None;
            state.script = super::Script::default();
        });
        self.shared.gateway.mood.send_replace(Mood::default());
    }

    /// An outage of a guild: `GUILD_DELETE` with `unavailable`. Sessions that begin meanwhile are
    /// not told more of it.
    pub fn take_down(&self, guild: GuildId) {
        self.shared.with(|_| {
            let mut state = lock(&self.shared.gateway.state);
            state.down.insert(guild);
            let gone = json!({"id": guild, "unavailable": true});
            state.publish(|session| {
                let told = session.listener.covers(Some(guild)) && wants_guilds(session);
                told.then(|| ("GUILD_DELETE", gone.clone()))
            });
        });
    }

    /// The end of an outage: `GUILD_CREATE`.
    pub fn bring_back(&self, guild: GuildId) {
        self.shared.with(|world| {
            let mut state = lock(&self.shared.gateway.state);
            state.down.remove(&guild);
            let Some(found) = world.guild(guild) else { return };
            state.publish(|session| {
                let told = covers(&session.listener, found) && wants_guilds(session);
                let bot = session.listener.bot;
                told.then(|| ("GUILD_CREATE", render::gateway_guild(world, found, bot)))
            });
        });
    }

    fn state(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.shared.gateway.state));
    }

    fn mood(&self, change: impl FnOnce(&mut Mood)) {
        self.shared.gateway.mood.send_modify(change);
    }

    fn means(&self, session: &Session) -> bool {
        self.shard.is_none_or(|shard| session.listener.shard.0 == shard)
    }

    /// Connections that carry no session belong to no shard.
    fn tell(&self, out: impl Fn() -> Out) {
        let mut state = lock(&self.shared.gateway.state);
        let told: Vec<u64> = if self.shard.is_none() {
            state.connections.keys().copied().collect()
        } else {
            let ours = state.sessions.values().filter(|session| self.means(session));
            ours.filter_map(|session| session.connection).collect()
        };
        for connection in told {
            state.send(connection, out());
        }
    }
}

fn wants_guilds(session: &Session) -> bool {
    session.listener.intents & intents::GUILDS != 0
}
