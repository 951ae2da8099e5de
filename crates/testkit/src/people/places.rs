//! What people do about where events are: they post them in a forum or in channels, have threads
//! opened, move posts, delete threads, and write much while the bot is away.

use std::sync::Arc;
use std::time::Duration;

use muster_sim::Answer;
use muster_sim::ids::{ChannelId, MessageId};
use muster_sim::world::Message;
use serde_json::{Map, Value, json};

use super::{Person, pause, posts};
use crate::random::Random;
use crate::rhythm::Rhythm;
use crate::stage::Stage;
use crate::words;

/// More than the bot looks through for a message of its own.
const MUCH: usize = 2_100;

/// How often somebody looks whether a post is there, and how many times.
const LOOKS: (u32, Duration) = (100, Duration::from_millis(20));

impl Person {
    /// Has events get a thread of their own from now on.
    pub(crate) async fn wants_threads(mut self) {
        let here = self.channel();
        let panel = self.runs(here, "settings", json!({})).await;
        self.uses_button(panel, "Sh").await;
    }

    /// Creates an event in one of the channels or the forum.
    pub(crate) async fn creates_somewhere(mut self) {
        let title = format!("Place {}", self.random.below(100_000));
        let times = ["in 4 minutes", "in 17 minutes", "in 62 minutes", "tomorrow 20:00"];
        let when = *self.random.pick(&times).unwrap_or(&"tomorrow 20:00");
        let place = self.somewhere();
        let mut options = Map::from_iter([
            ("title".into(), json!(title)),
            ("when".into(), json!(when)),
            ("channel".into(), json!(place.to_string())),
        ]);
        if self.random.below(2) == 0 {
            options.insert("capacity".into(), json!(1 + self.random.below(4)));
        }
        if self.random.below(4) == 0 {
            options.insert("mention".into(), json!(self.stage.cast.role.to_string()));
        }
        let here = self.channel();
        self.runs(here, "event create", Value::Object(options)).await;
    }

    /// Creates an event of this name in this place.
    pub(crate) async fn creates_named(mut self, title: String, place: ChannelId) {
        let options =
            json!({"title": title, "when": "tomorrow 20:00", "channel": place.to_string()});
        let here = self.channel();
        self.runs(here, "event create", options).await;
    }

    /// Changes the event of this name as soon as its post is there.
    pub(crate) async fn edits_once_posted(mut self, title: String) {
        let Some(post) = self.waits_for_post(&title).await else { return };
        let ids = words::custom_ids(&Value::Array(post.components));
        let Some(event) = words::event_of_post(&ids) else { return };
        let (here, event) = (self.channel(), event.to_string());
        if self.random.below(3) > 0
            && let Some(member) = self.random.pick(&self.stage.cast.members).copied()
        {
            let options = json!({"event": event, "member": member.to_string(), "option": "Yes"});
            self.runs(here, "event add", options).await;
            return;
        }
        let form = self.runs(here, "event edit", json!({"event": event})).await;
        let places = 1 + self.random.below(5);
        self.submits(form, json!({"capacity": places.to_string()})).await;
    }

    async fn waits_for_post(&self, title: &str) -> Option<Message> {
        let (looks, gap) = LOOKS;
        for _ in 0..looks {
            let is_it = |post: &Message| post.embeds.iter().any(|card| card["title"] == title);
            let found = posts(&self.stage).into_iter().find(is_it);
            if found.is_some() {
                return found;
            }
            pause(gap).await;
        }
        None
    }

    /// Plans a series whose events are posted in one of the channels or the forum.
    pub(crate) async fn plans_somewhere(mut self) {
        let minutes = *self.random.pick(&[5, 16, 40, 1_442]).unwrap_or(&5);
        let title = self.notes_rhythm("Series", Rhythm::daily(None));
        let (here, place) = (self.channel(), self.somewhere());
        let options = json!({
            "title": title,
            "when": format!("in {minutes} minutes"),
            "repeat": "every day",
            "channel": place.to_string(),
        });
        self.runs(here, "event create", options).await;
    }

    /// Has the post of an event be in another place.
    pub(crate) async fn moves_a_post(mut self) {
        let (Some(event), place) = (self.event(), self.somewhere()) else { return };
        let options = json!({"event": event.to_string(), "channel": place.to_string()});
        let here = self.channel();
        let moved = self.runs(here, "event edit", options).await;
        if self.random.below(4) == 0 {
            self.uses_button(moved, "pu").await;
        }
    }

    /// Replies to the offer of a place, mostly to one that is meant for them: on the message about
    /// it, or in the panel of their own answer.
    pub(crate) async fn replies_to_an_offer(mut self) {
        let offers = self.offers();
        match self.random.pick(&offers).cloned() {
            Some((message, id)) if self.random.below(4) > 0 => {
                self.uses(message, &id).await;
            }
            _ => {
                let Some(post) = self.post() else { return };
                let Some((_, menu)) = words::buttons(&post.components).pop() else { return };
                let answer = self.uses(post.id, &menu).await;
                let own = self.uses_button(answer, "y").await;
                self.uses_button(own, "ah").await;
            }
        }
    }

    /// The buttons with which an offer can be replied to: in channels on messages that name this
    /// member, and in direct messages.
    fn offers(&self) -> Vec<(MessageId, String)> {
        let (stage, mention) = (&self.stage, format!("<@{}>", self.user.id()));
        let found = stage.inside.world(|world| {
            let threads = stage.ledger.lock().threads.keys().copied().collect::<Vec<_>>();
            let channels = stage.cast.channels.iter().copied();
            let public = channels.chain(threads.into_iter().map(ChannelId::new));
            let own = world.dms_of(self.user.id()).map(|channel| channel.id).collect::<Vec<_>>();
            let theirs = own.iter().flat_map(|channel| world.messages(*channel));
            let named = public.flat_map(|channel| world.messages(channel));
            let named = named.filter(|message| message.content.contains(&mention));
            theirs.chain(named).cloned().collect::<Vec<Message>>()
        });
        let replies = |message: &Message| {
            let buttons = words::buttons(&message.components).into_iter();
            let is_reply =
                |id: &String| words::verb(id).is_some_and(|(verb, _)| matches!(verb, "yh" | "yl"));
            let ids = buttons.map(|(_, id)| id).filter(is_reply);
            ids.map(|id| (message.id, id)).collect::<Vec<_>>()
        };
        found.iter().flat_map(replies).collect()
    }

    /// Edits the answers of a series.
    pub(crate) async fn edits_answers_of_a_series(mut self) {
        let Some(panel) = self.opens_a_series().await else { return };
        let Some(Answer::Message(panel)) = self.taps_on(panel, "Ob").await else { return };
        self.changes_answers(panel).await;
    }

    /// A channel or the forum.
    fn somewhere(&mut self) -> ChannelId {
        somewhere(&self.stage, &mut self.random)
    }
}

/// A channel in which events are posted; one time in two the forum.
pub(crate) fn somewhere(stage: &Stage, random: &mut Random) -> ChannelId {
    if random.below(2) == 0 {
        return stage.cast.forum;
    }
    random.pick(&stage.cast.channels).copied().unwrap_or(stage.cast.forum)
}

/// Somebody deletes a thread, or a post in the forum with all that is in it.
pub(crate) fn deletes_a_thread(stage: &Stage, random: &mut Random) {
    let there =
        |thread: &u64| stage.inside.world(|world| world.channel(ChannelId::new(*thread)).is_some());
    let known: Vec<u64> = stage.ledger.lock().threads.keys().copied().collect();
    let threads: Vec<u64> = known.into_iter().filter(there).collect();
    let Some(thread) = random.pick(&threads) else { return };
    stage.trace.note("person", format_args!("deletes the thread {thread}"));
    stage.ledger.thread_gone(*thread);
    stage.inside.world(|world| world.remove_channel(ChannelId::new(*thread)));
}

/// While the bot is away, more is written in a channel than it looks through when it is back.
pub(crate) fn floods(stage: &Arc<Stage>, channel: ChannelId) {
    let Some(writer) = stage.cast.members.first().copied() else { return };
    stage.trace.note("person", format_args!("much is written in {channel}"));
    stage.ledger.lock().flooded.insert(channel.get());
    stage.inside.world(|world| {
        for number in 0..MUCH {
            world.seed_message(channel, writer, &format!("What about {number}?"));
        }
    });
}
