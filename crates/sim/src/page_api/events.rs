//! Server-sent events: what changes before a person's eyes.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::asked::Asked;
use super::reads;
use crate::ids::{AppId, UserId};
use crate::shared::{Shared, lock};
use crate::world::{Change, Message, World};

/// The most events that wait for a slow page before it has to connect anew.
const MAX_QUEUE: usize = 1_024;
/// The most pages that watch at once.
const MAX_PAGES: usize = 64;

/// Name and data of one event.
type Told = (&'static str, Value);

/// Everybody who watches.
#[derive(Default)]
pub(crate) struct Audience(Mutex<Vec<Watcher>>);

struct Watcher {
    user: UserId,
    sender: mpsc::Sender<Told>,
}

impl Audience {
    fn join(&self, user: UserId) -> mpsc::Receiver<Told> {
        let (sender, receiver) = mpsc::channel(MAX_QUEUE);
        let mut watchers = lock(&self.0);
        watchers.retain(|watcher| !watcher.sender.is_closed());
        if watchers.len() >= MAX_PAGES {
            watchers.remove(0);
        }
        watchers.push(Watcher { user, sender });
        receiver
    }

    /// Ends all streams.
    pub(crate) fn send_home(&self) {
        lock(&self.0).clear();
    }

    /// Tells everybody what they see of `changes`.
    pub(crate) fn publish(&self, world: &World, changes: &[Change]) {
        let mut watchers = lock(&self.0);
        watchers.retain(|watcher| {
            let events = changes.iter().filter_map(|change| event(world, change, watcher.user));
            // A page that cannot follow is cut; it reconnects and reads everything anew.
            events.into_iter().all(|event| watcher.sender.try_send(event).is_ok())
        });
    }

    /// Tells everybody whether a bot is there and whether its commands changed.
    pub(crate) fn bot(&self, world: &World, app: AppId, online: bool, commands_changed: bool) {
        let Some(bot) = world.app(app).map(|app| app.bot) else {
            return;
        };
        let data = json!({"user_id": bot, "online": online, "commands_changed": commands_changed});
        lock(&self.0).retain(|watcher| watcher.sender.try_send(("bot", data.clone())).is_ok());
    }
}

fn event(world: &World, change: &Change, user: UserId) -> Option<Told> {
    let sees = |message: &Message| message.is_shown_to(user) && world.sees(user, message.channel);
    match change {
        Change::MessageCreated(message) => {
            sees(message).then(|| ("message", json!({"message": reads::message(world, message)})))
        }
        Change::MessageUpdated(message) => sees(message)
            .then(|| ("message_update", json!({"message": reads::message(world, message)}))),
        Change::MessageDeleted(message) => sees(message).then(|| gone(message)),
        Change::MessageDismissed(message) => {
            (message.only_for == Some(user)).then(|| gone(message))
        }
        Change::Asked { .. }
        | Change::Answered(_)
        | Change::CommandsChanged(_)
        | Change::ScheduledCreated(_)
        | Change::ScheduledUpdated(_)
        | Change::ScheduledDeleted(_)
        | Change::Interest { .. } => None,
        Change::BotJoined { .. }
        | Change::BotLeft { .. }
        | Change::GuildUpdated(_)
        | Change::ChannelCreated(_)
        | Change::ChannelUpdated(_)
        | Change::ChannelDeleted { .. }
        | Change::RoleCreated { .. }
        | Change::RoleUpdated { .. }
        | Change::RoleDeleted { .. }
        | Change::MemberJoined { .. }
        | Change::MemberUpdated { .. }
        | Change::MemberLeft { .. } => Some(("world", json!({}))),
    }
}

fn gone(message: &Message) -> Told {
    ("message_delete", json!({"channel_id": message.channel, "id": message.id}))
}

#[derive(Debug, Deserialize)]
pub(super) struct Watching {
    user: UserId,
}

/// One page's stream of events.
struct Feed {
    shared: Arc<Shared>,
    told: mpsc::Receiver<Told>,
    moves: watch::Receiver<u64>,
    greeted: bool,
}

impl Feed {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if !self.greeted {
            self.greeted = true;
            return Some((Ok(Event::default().event("hello").data("{}")), self));
        }
        let (name, data) = tokio::select! {
            biased;
            told = self.told.recv() => told?,
            moved = self.moves.changed() => {
                moved.ok()?;
                ("clock", reads::clock(&self.shared))
            }
        };
        let event = Event::default().event(name).data(data.to_string());
        Some((Ok(event), self))
    }
}

pub(super) async fn stream(
    State(shared): State<Arc<Shared>>,
    Asked(watching): Asked<Watching>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let told = shared.audience.join(watching.user);
    let moves = shared.clock.moves();
    let feed = Feed { shared, told, moves, greeted: false };
    let stream = futures_util::stream::unfold(feed, Feed::next);
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
