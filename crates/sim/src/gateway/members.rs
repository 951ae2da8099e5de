//! Op 8: a bot asks for the members of a guild and gets them in chunks.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::dispatch::intents;
use super::entry::covers;
use super::session::Session;
use super::{Gateway, State};
use crate::ids::{GuildId, UserId};
use crate::json;
use crate::render;
use crate::shared::lock;
use crate::world::{Guild, World};

/// The most members of one chunk (Discord docs: request guild members).
const CHUNK: usize = 1_000;
/// The most members that can be asked for by id or by the beginning of a name.
const MAX_NAMED: usize = 100;
/// The longest nonce; a longer one is ignored.
const MAX_NONCE: usize = 32;
/// How far requests for all members of one guild have to be apart.
const WHOLE_EVERY: Duration = Duration::from_secs(30);

/// What is asked for.
enum Ask {
    Whole,
    ByPrefix { prefix: String, limit: usize },
    ByIds(Vec<UserId>),
}

impl Ask {
    fn read(data: &Value) -> Option<Self> {
        let ids = json::at(data, "user_ids");
        if !ids.is_null() {
            let one = |id: &Value| id.as_str()?.parse().ok();
            let all = ids.as_array().map_or_else(|| vec![ids], |ids| ids.iter().collect());
            return Some(Self::ByIds(all.into_iter().filter_map(one).take(MAX_NAMED).collect()));
        }
        let prefix = json::at(data, "query").as_str()?.to_lowercase();
        let limit = json::at(data, "limit").as_u64().unwrap_or(0);
        if prefix.is_empty() && limit == 0 {
            return Some(Self::Whole);
        }
        let limit = usize::try_from(limit).unwrap_or(MAX_NAMED).clamp(1, MAX_NAMED);
        Some(Self::ByPrefix { prefix, limit })
    }

    /// The members that are meant, and the ids that nobody has.
    fn find(&self, world: &World, guild: &Guild) -> (Vec<UserId>, Vec<UserId>) {
        match self {
            Self::Whole => (guild.members.keys().copied().collect(), Vec::new()),
            Self::ByPrefix { prefix, limit } => {
                let named = |id: &UserId| {
                    let nick = guild.members.get(id).and_then(|member| member.nick.as_ref());
                    let user = world.user(*id).map(|user| user.username.as_str());
                    let names = user.into_iter().chain(nick.map(String::as_str));
                    names.into_iter().any(|name| name.to_lowercase().starts_with(prefix))
                };
                let found = guild.members.keys().copied().filter(named);
                (found.take(*limit).collect(), Vec::new())
            }
            Self::ByIds(ids) => ids.iter().partition(|id| guild.members.contains_key(id)),
        }
    }
}

impl Gateway {
    /// Answers op 8. What a bot may not ask for is passed over in silence.
    pub(super) fn request_members(&self, world: &World, connection: u64, data: &Value) {
        let guild = json::at(data, "guild_id").as_str().and_then(|id| id.parse().ok());
        let (Some(guild), Some(ask)) = (guild.and_then(|id| world.guild(id)), Ask::read(data))
        else {
            return;
        };
        let mut state = lock(&self.state);
        let nonce = json::at(data, "nonce").as_str().filter(|nonce| nonce.len() <= MAX_NONCE);
        if matches!(ask, Ask::Whole)
            && let Some(wait) = state.too_soon(connection, guild.id)
        {
            let limited = json!({"opcode": 8, "retry_after": wait.as_secs_f64(),
                "meta": {"guild_id": guild.id, "nonce": nonce}});
            state.publish_to(connection, |_| Some(("RATE_LIMITED", limited.clone())));
            return;
        }
        let (found, missing) = ask.find(world, guild);
        let count = found.len().div_ceil(CHUNK).max(1);
        for index in 0..count {
            let chunk = found.iter().skip(index * CHUNK).take(CHUNK);
            let chunk: Vec<_> =
                chunk.filter_map(|id| render::member_of(world, guild, *id)).collect();
            let mut data = json!({"guild_id": guild.id, "members": chunk, "chunk_index": index,
                "chunk_count": count});
            for (name, value) in [
                ("not_found", (!missing.is_empty()).then(|| json!(missing))),
                ("nonce", nonce.map(|nonce| json!(nonce))),
            ] {
                if let (Some(value), Some(fields)) = (value, data.as_object_mut()) {
                    fields.insert(name.to_owned(), value);
                }
            }
            state.publish_to(connection, |session| {
                let member = covers(&session.listener, guild);
                let whole = matches!(ask, Ask::Whole);
                let may = !whole || session.listener.intents & intents::GUILD_MEMBERS != 0;
                (member && may).then(|| ("GUILD_MEMBERS_CHUNK", data.clone()))
            });
        }
    }
}

impl State {
    /// Sends an event to the session that this connection carries.
    fn publish_to<'v>(
        &mut self,
        connection: u64,
        event: impl Fn(&Session) -> Option<(&'v str, Value)>,
    ) {
        self.publish(|session| {
            (session.connection == Some(connection)).then(|| event(session)).flatten()
        });
    }

    /// How long a session has to wait until it may ask for a whole guild again.
    fn too_soon(&mut self, connection: u64, guild: GuildId) -> Option<Duration> {
        let now = Instant::now();
        let carried = self.sessions.values_mut().find(|s| s.connection == Some(connection))?;
        carried.asked.retain(|_, asked| now.duration_since(*asked) < WHOLE_EVERY);
        if let Some(asked) = carried.asked.get(&guild) {
            return Some(WHOLE_EVERY.saturating_sub(now.duration_since(*asked)));
        }
        carried.asked.insert(guild, now);
        None
    }
}
