//! What people do: they tap, ask, create, change their minds, and delete what they should not.

mod creating;
mod makers;
mod organisers;
mod places;
mod readers;
mod reminding;

use std::sync::Arc;
use std::time::Duration;

use muster_sim::ids::{ChannelId, MessageId, UserId};
use muster_sim::world::{Message, Overwrite, OverwriteTarget, Permissions};
use muster_sim::{Answer, Outcome, User, UserError};
use serde_json::{Value, json};

pub(crate) use self::organisers::Afterwards;
pub(crate) use self::places::{deletes_a_thread, floods, somewhere};
use crate::choices::{Choice, choices};
use crate::hands;
use crate::ledger::Act;
use crate::random::Random;
use crate::stage::{self, Stage};
use crate::words;

/// The close code for a token that Discord does not know (Discord docs: gateway close event codes).
pub(crate) const TOKEN_REFUSED: u16 = 4_004;

/// Somebody, with a device and a mind of their own.
pub(crate) struct Person {
    stage: Arc<Stage>,
    user: User,
    random: Random,
}

impl Person {
    pub(crate) fn new(stage: &Arc<Stage>, id: UserId, random: Random) -> Self {
        Self { stage: Arc::clone(stage), user: stage.inside.user(id), random }
    }

    /// Notes what came of an act, and returns the answer if one came.
    fn saw(&self, began: Duration, outcome: Result<Outcome, UserError>) -> Option<Answer> {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                self.stage.trace.note("person", format_args!("{} cannot: {error}", self.user.id()));
                return None;
            }
        };
        let is_answered = outcome.answer != Answer::Failed;
        let interaction = outcome.interaction.get();
        self.stage.ledger.acted(Act { interaction, began, is_answered });
        let what = format_args!("{} {interaction} {is_answered}", self.user.id());
        self.stage.trace.note("person", what);
        Some(outcome.answer).filter(|answer| *answer != Answer::Failed)
    }

    /// Runs a command.
    async fn runs(&self, channel: ChannelId, command: &str, options: Value) -> Option<Answer> {
        let began = self.stage.ledger.now();
        self.saw(began, self.user.command(channel, command, options).await)
    }

    /// Uses a component.
    async fn uses(&self, message: MessageId, custom_id: &str) -> Option<Answer> {
        let began = self.stage.ledger.now();
        self.saw(began, self.user.tap(message, custom_id).await)
    }

    /// Hands in a form.
    async fn submits(&self, answer: Option<Answer>, values: Value) -> Option<Answer> {
        let Some(Answer::Modal(modal)) = answer else { return None };
        let began = self.stage.ledger.now();
        self.saw(began, self.user.submit(modal.id, values).await)
    }

    /// One of the posts that take answers.
    fn post(&mut self) -> Option<Message> {
        let posts = posts(&self.stage);
        let open = |post: &&Message| !choices(&post.components).is_empty();
        let open: Vec<_> = posts.iter().filter(open).collect();
        self.random.pick(&open).map(|post| (*post).clone())
    }

    /// One of the events of which there is a post.
    fn event(&mut self) -> Option<u64> {
        let posts = posts(&self.stage);
        let events = posts.iter().filter_map(|post| {
            words::event_of_post(&words::custom_ids(&Value::Array(post.components.clone())))
        });
        let events: Vec<_> = events.collect();
        self.random.pick(&events).copied()
    }

    /// One of the events whose posts name this member.
    fn answered(&mut self) -> Option<u64> {
        let mention = format!("<@{}>", self.user.id());
        let mut posts = posts(&self.stage);
        posts.retain(|post| post.embeds.iter().any(|card| card.to_string().contains(&mention)));
        let post = self.random.pick(&posts)?;
        words::event_of_post(&words::custom_ids(&Value::Array(post.components.clone())))
    }

    fn channel(&mut self) -> ChannelId {
        let channels = self.stage.cast.channels.clone();
        self.random.pick(&channels).copied().unwrap_or(ChannelId::new(0))
    }

    /// Taps an answer on a post.
    pub(crate) async fn taps(mut self) {
        let Some(post) = self.post() else { return };
        let answers = choices(&post.components);
        // Most want to come.
        let choice = match self.random.below(3) {
            0 => self.random.pick(&answers).cloned(),
            _ => answers.first().cloned(),
        };
        let Some(choice) = choice else { return };
        let answer = self.chooses_on_post(post.id, &choice).await;
        // Asked whether they mean it, some do.
        if self.random.below(2) == 0 {
            self.uses_button(answer, "aa").await;
        }
    }

    /// Chooses an answer on a post.
    async fn chooses_on_post(&self, post: MessageId, choice: &Choice) -> Option<Answer> {
        let Some(value) = choice.value.as_deref() else {
            return self.uses(post, &choice.custom_id).await;
        };
        let began = self.stage.ledger.now();
        self.saw(began, self.user.select(post, &choice.custom_id, &[value]).await)
    }

    /// Takes the answer back, through the menu of a post, also where answers are closed.
    pub(crate) async fn withdraws(mut self) {
        let posts = posts(&self.stage);
        let Some(post) = self.random.pick(&posts).cloned() else { return };
        let Some((_, menu)) = words::buttons(&post.components).pop() else { return };
        let answer = self.uses(post.id, &menu).await;
        self.uses_button(answer, "w").await;
    }

    /// Uses the button with this verb of a private message that came.
    async fn uses_button(&self, answer: Option<Answer>, verb: &str) -> Option<Answer> {
        let Some(Answer::Message(panel)) = answer else { return None };
        let panel = self.user.message(panel)?;
        let is_it = |id: &String| words::verb(id).is_some_and(|(found, _)| found == verb);
        let button = words::buttons(&panel.components).into_iter().find(|(_, id)| is_it(id))?;
        self.uses(panel.id, &button.1).await
    }

    /// Changes the places or the time of an event by its form.
    pub(crate) async fn edits(mut self) {
        let Some(event) = self.event() else { return };
        let channel = self.channel();
        let form = self.runs(channel, "event edit", json!({"event": event.to_string()})).await;
        let values = match self.random.below(4) {
            0 => json!({"when": "in 4 hours"}),
            1 => json!({"title": format!("Raid {}", self.random.below(1_000))}),
            2 => json!({"capacity": ""}),
            _ => json!({"capacity": (1 + self.random.below(5)).to_string()}),
        };
        self.submits(form, values).await;
    }

    /// Closes, opens or calls off an event.
    pub(crate) async fn turns(mut self) {
        let Some(event) = self.event() else { return };
        let commands = ["event close", "event reopen", "event reopen", "event cancel"];
        let command = *self.random.pick(&commands).unwrap_or(&"event close");
        let channel = self.channel();
        self.runs(channel, command, json!({"event": event.to_string()})).await;
    }

    /// Looks at an event that was called off, and has it take place after all; or has it posted
    /// again, where its post is gone or further down.
    pub(crate) async fn mends(mut self) {
        let channel = self.channel();
        let list = self.user.autocomplete(channel, "event show", json!({"event": ""}), "event");
        let events = list.await.unwrap_or_default();
        let Some(event) = self.random.pick(&events).map(|choice| choice.value.clone()) else {
            return;
        };
        let verb = *self.random.pick(&["r", "p", "o", "pb"]).unwrap_or(&"r");
        let panel = self.runs(channel, "event show", json!({"event": event})).await;
        self.uses_button(panel, verb).await;
    }

    /// Brings guests along, or fewer than before.
    pub(crate) async fn brings_guests(mut self) {
        let (Some(event), guests) = (self.event(), self.random.below(4)) else { return };
        hands::brings(&self.stage, self.user.id().get(), event, guests).await;
        if self.random.below(3) == 0 {
            self.notes().await;
        }
    }

    /// Notes something with an answer, mostly with one that was given.
    pub(crate) async fn notes(mut self) {
        let event = match self.random.below(8) {
            0 => self.event(),
            _ => self.answered(),
        };
        let (Some(event), number) = (event, self.random.below(100)) else { return };
        hands::notes(&self.stage, self.user.id().get(), event, number).await;
    }

    /// Wants direct messages of an event, and to be left in peace for some hours of the day.
    pub(crate) async fn rests(mut self) {
        let member = self.user.id().get();
        if let Some(event) = self.answered() {
            hands::notes(&self.stage, member, event, 0).await;
        }
        let (from, long) = (self.random.below(48), 1 + self.random.below(20));
        let time = |half: u64| format!("{:02}:{:02}", half / 2 % 24, 30 * (half % 2));
        let hours = format!("{} to {}", time(from), time(from + long));
        hands::rests(&self.stage, member, hours).await;
    }

    /// Adds a reminder for all events, or goes back to the usual ones. That of a quarter of an hour
    /// stays in any case.
    pub(crate) async fn reminds(mut self) {
        let channel = self.channel();
        let when = *self
            .random
            .pick(&["5m before", "10m before", "30m before", "at the start", "20m after", ""])
            .unwrap_or(&"");
        if when.is_empty() {
            self.runs(channel, "reminders reset", json!({})).await;
        } else {
            self.runs(channel, "reminders add", json!({"when": when})).await;
        }
    }

    /// Has everything erased that is kept about them, or thinks better of it.
    pub(crate) async fn erases(mut self) {
        let channel = self.channel();
        let panel = self.runs(channel, "privacy erase", json!({})).await;
        if self.random.below(6) > 0 && panel.is_some() {
            self.stage.erases(self.user.id().get());
            self.uses_button(panel, "pe").await;
        }
    }

    /// Chooses a time zone.
    pub(crate) async fn moves_house(mut self) {
        let zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham"];
        let zone = *self.random.pick(&zones).unwrap_or(&"Europe/Berlin");
        let channel = self.channel();
        self.runs(channel, "timezone", json!({"zone": zone})).await;
    }

    /// Opens the settings and changes one of them.
    pub(crate) async fn sets_up(mut self) {
        let (here, role) = (self.channel(), self.stage.cast.role.to_string());
        let (channel, drawn) = (self.channel().to_string(), self.random.below(9));
        let panel = self.runs(here, "settings", json!({})).await;
        let chosen: (&str, &[&str]) = match drawn {
            0 => ("Sc", &[&channel]),
            1 => ("Sc", &[]),
            2 => ("Sm", &[&role]),
            3 => ("Sm", &[]),
            4 => ("So", &[&role]),
            5 => ("Sk", &["keep"]),
            6 => {
                self.uses_button(panel, "Sh").await;
                return;
            }
            7 => {
                let form = self.chooses(panel, ("Sk", &["delete"])).await;
                let hours = 1 + self.random.below(3);
                self.submits(form, json!({"hours": hours.to_string()})).await;
                return;
            }
            _ => {
                let form = self.uses_button(panel, "Sz").await;
                self.submits(form, json!({"zone": "Europe/Lisbon"})).await;
                return;
            }
        };
        let _panel = self.chooses(panel, chosen).await;
    }

    /// Chooses from the list with this verb of a private message that came.
    async fn chooses(
        &self,
        answer: Option<Answer>,
        (verb, values): (&str, &[&str]),
    ) -> Option<Answer> {
        let Some(Answer::Message(panel)) = answer else { return None };
        let began = self.stage.ledger.now();
        self.saw(began, self.user.select(panel, &format!("m1:{verb}"), values).await)
    }

    /// Asks for a list.
    pub(crate) async fn asks(mut self) {
        let command = *self.random.pick(&["event list", "rsvp mine", "rsvp today"]).unwrap_or(&"");
        let channel = self.channel();
        self.runs(channel, command, json!({})).await;
    }
}

/// The posts that are there, oldest first.
pub(crate) fn posts(stage: &Stage) -> Vec<Message> {
    let bot = UserId::new(stage.cast.app.get());
    stage.inside.world(|world| {
        let channels = stage.cast.channels.iter().copied();
        let channels = channels.chain(world.posts_of(stage.cast.forum).map(|thread| thread.id));
        let all = channels.flat_map(|channel| world.messages(channel));
        let public = all.filter(|message| message.author == bot && message.only_for.is_none());
        let ids = |message: &&Message| words::custom_ids(&Value::Array(message.components.clone()));
        public.filter(|one| words::event_of_post(&ids(one)).is_some()).cloned().collect()
    })
}

/// Somebody deletes a post by hand.
pub(crate) fn deletes_a_post(stage: &Stage, random: &mut Random) {
    let posts = posts(stage);
    let Some(post) = random.pick(&posts) else { return };
    stage.trace.note("person", format_args!("deletes {}", post.id));
    stage.ledger.erased(post.id.get());
    stage.inside.world(|world| {
        world.edit_channel(post.channel, |channel| drop(channel.messages.remove(&post.id)));
    });
}

/// Somebody removes the bot from the guild, and adds it again after a while.
pub(crate) async fn removes_the_bot(stage: Arc<Stage>, mut random: Random) {
    if stage.ledger.is_removed() {
        return;
    }
    remove_the_bot(&stage);
    let most_s = *random.pick(&[2, 30, 600, 8_000]).unwrap_or(&2);
    pause(random.between(Duration::from_millis(200), Duration::from_secs(most_s))).await;
    stage.trace.note("person", format_args!("adds the bot again"));
    let (app, guild) = (stage.cast.app, stage.cast.guild);
    stage.inside.world(|world| world.install(app, guild, stage::rights()));
    stage.ledger.removed(false);
}

/// Somebody removes the bot from the guild.
pub(crate) fn remove_the_bot(stage: &Stage) {
    stage.trace.note("person", format_args!("removes the bot"));
    stage.ledger.removed(true);
    let (bot, guild) = (UserId::new(stage.cast.app.get()), stage.cast.guild);
    stage.inside.world(|world| world.kick(guild, bot));
}

/// The operator has the developer portal make a new token: the old one is refused from now on. The
/// next start of the bot has the new one.
pub(crate) fn resets_the_token(stage: &Stage, random: &mut Random) {
    stage.trace.note("person", format_args!("resets the token"));
    stage.ledger.locked_out(true);
    let token = format!("token-{:016x}", random.bits());
    stage.inside.world(|world| {
        world.edit_application(stage.cast.app, |app| app.token.clone_from(&token));
    });
    stage.set_token(token);
    stage.inside.faults().gateway().close(TOKEN_REFUSED);
}

/// Somebody takes a permission from the bot in the first channel, or gives it back.
pub(crate) fn forbids(stage: &Stage, what: Option<Permissions>) {
    let Some(channel) = stage.cast.channels.first() else { return };
    forbids_in(stage, *channel, what);
}

/// The same in any channel.
pub(crate) fn forbids_in(stage: &Stage, channel: ChannelId, what: Option<Permissions>) {
    stage.trace.note("person", format_args!("forbids {what:?}"));
    let bot = OverwriteTarget::Member(UserId::new(stage.cast.app.get()));
    stage.ledger.forbidden(channel.get(), what.is_some());
    stage.inside.world(|world| {
        world.edit_channel(channel, |channel| {
            channel.overwrites.retain(|known| known.target != bot);
            let allow = Permissions::NONE;
            channel.overwrites.extend(what.map(|deny| Overwrite { target: bot, allow, deny }));
        });
    });
}

#[expect(clippy::disallowed_methods, reason = "people are no part of the bot's world")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
