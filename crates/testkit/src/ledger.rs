//! What was seen from outside: who asked what, what they were told, what Discord accepted and
//! refused. The oracle compares it with what is on the disk.

mod looks;
mod refused;
mod threads;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;

use crate::asked::{Asked, Pick};
use crate::book::{self, Book};
use crate::epoch::Epoch;
use crate::faults::Faults;
use crate::oracle::Violation;
use crate::reminding::Reminding;
use crate::spans::{Spans, note_span, touches};
use crate::words;
use crate::words::at;

/// How long people wait for an answer (Discord docs: receiving and responding).
pub(crate) const PATIENCE: Duration = Duration::from_secs(3);

/// The longest that a request of ours may be on its way.
pub(crate) const IN_FLIGHT_MAX: Duration = Duration::from_secs(62);

/// What came of what somebody did.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    /// The interaction.
    pub interaction: u64,
    /// When, since the beginning.
    pub began: Duration,
    /// Whether an answer came in time.
    pub is_answered: bool,
}

/// A message that Discord accepted from the bot, other than an answer.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The message.
    pub message: u64,
    /// The channel.
    pub channel: u64,
    /// Our marks in it.
    pub custom_ids: Vec<String>,
    /// The people whom it notified.
    pub people: BTreeSet<u64>,
    /// The roles whom it notified.
    pub roles: BTreeSet<u64>,
    /// Whether it notified everyone.
    pub everyone: bool,
    /// What it says, if it is not a post.
    pub text: String,
}

/// One request and its answer.
pub(crate) struct Exchange<'a> {
    pub(crate) route: &'static str,
    pub(crate) subject: u64,
    pub(crate) path: &'a str,
    pub(crate) status: u16,
    pub(crate) sent: &'a Bytes,
    pub(crate) answer: &'a Bytes,
}

/// The callback that changes the message: an answer that was taken.
pub(crate) const TAKEN: u64 = 7;

/// Bits of a number that Discord does not set here.
const UNUSED: u64 = 1 << 21;

/// All of it.
pub struct Ledger {
    born: Instant,
    epoch: Epoch,
    faults: Arc<Faults>,
    state: Mutex<State>,
}

/// What is noted.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) asked: BTreeMap<u64, Asked>,
    pub(crate) acts: Vec<Act>,
    pub(crate) sent: BTreeMap<u64, Sent>,
    /// Changes of answers and rules that organisers were told to be made.
    pub(crate) changed: BTreeSet<u64>,
    /// When events were asked for to start, by title, in the words of their zone's clocks.
    pub(crate) starts: BTreeMap<String, jiff::civil::DateTime>,
    /// Whether somebody was told that the reminder they asked for is added.
    pub(crate) has_reminder: bool,
    /// Interactions that create an event like another one.
    models: BTreeSet<u64>,
    /// What was asked and told of series.
    pub(crate) book: Book,
    /// Messages that somebody deleted, the bot too, and when.
    pub(crate) erased: BTreeMap<u64, Duration>,
    /// Who wanted everything erased: a post need not show what they tapped before.
    pub(crate) nameless: BTreeSet<u64>,
    /// When the bot was not running, or not connected: from, to.
    pub(crate) away: Spans,
    /// The threads that the bot opened, with the channel that each is in.
    pub(crate) threads: BTreeMap<u64, u64>,
    /// Those that it put into the archive.
    archived: BTreeSet<u64>,
    /// Those that somebody deleted.
    pub(crate) gone: BTreeSet<u64>,
    /// Channels in which more was written while the bot was away than it can look through.
    pub(crate) flooded: BTreeSet<u64>,
    /// When the bot last looked through a channel, page by page.
    pages: BTreeMap<u64, VecDeque<Duration>>,
    /// When the bot could not read a page of a channel.
    unread: BTreeMap<u64, Vec<Duration>>,
    /// What organisers asked for of reminders.
    pub(crate) reminding: Vec<Reminding>,
    /// When members last said whether they want direct messages, by event and member.
    pub(crate) wishes: BTreeMap<(u64, u64), Duration>,
    /// When the bot lacked a permission in a channel.
    forbidden: BTreeMap<u64, Spans>,
    /// When the guild was without the bot.
    removed: Spans,
    /// When the machine slept.
    asleep: Spans,
    /// When the bot's token was not the one that Discord knew.
    locked_out: Spans,
    pub(crate) limited: u64,
    /// Interactions that never went through Discord.
    handed_over: u64,
    pub(crate) violations: Vec<Violation>,
}

impl Ledger {
    /// An empty one.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the runtime's own virtual time")]
    pub fn new(epoch: Epoch, faults: Arc<Faults>) -> Self {
        Self { born: Instant::now(), epoch, faults, state: Mutex::default() }
    }

    /// The time since the beginning.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.born.elapsed()
    }

    /// Something is wrong.
    pub fn violation(&self, rule: &'static str, what: impl Into<String>) {
        let violation = Violation { rule, at: self.now(), what: what.into() };
        self.lock().violations.push(violation);
    }

    /// The bot was told of an interaction, in this life.
    pub fn handed(&self, life: u32, payload: &Value) {
        let Some(id) = words::number(at(payload, "/id")) else { return };
        let (mut state, now) = (self.lock(), self.now());
        state.book.handed(payload, now);
        state.models.extend(Some(id).filter(|_| words::has_model(payload)));
        let asked = || Asked::of(payload, self.epoch.since(id));
        let asked = state.asked.entry(id).or_insert_with(asked);
        asked.lives.insert(life);
    }

    /// Whether this interaction creates an event like another one.
    pub(crate) fn has_model(&self, interaction: u64) -> bool {
        self.lock().models.contains(&interaction)
    }

    /// A member asks to bring so many guests to an event; returns the interaction.
    pub(crate) fn guests_asked(&self, member: u64, guests: (u64, u64)) -> u64 {
        let (id, at) = (self.interaction_now(), self.now());
        let asked = Asked {
            member,
            at,
            pick: None,
            behalf: None,
            is_on_post: false,
            offer: None,
            guests: Some(guests),
            lives: BTreeSet::new(),
            accepted: Vec::new(),
            told: None,
        };
        self.lock().asked.insert(id, asked);
        id
    }

    /// The member was told that they come.
    pub(crate) fn guests_taken(&self, interaction: u64) {
        let now = self.now();
        if let Some(asked) = self.lock().asked.get_mut(&interaction) {
            asked.accepted.push(TAKEN);
            asked.told.get_or_insert(now);
        }
    }

    /// An interaction as Discord numbers it now, but for a part that it never gives out.
    pub(crate) fn interaction_now(&self) -> u64 {
        let mut state = self.lock();
        state.handed_over += 1;
        self.epoch.number_at(self.born.elapsed()) | UNUSED | state.handed_over
    }

    /// Somebody's act has come to its end.
    pub fn acted(&self, act: Act) {
        self.lock().acts.push(act);
    }

    /// Somebody deleted a message.
    pub fn erased(&self, message: u64) {
        let now = self.now();
        self.lock().erased.entry(message).or_insert(now);
    }

    /// The bot is away from now on, or back.
    pub fn away(&self, is_away: bool) {
        let now = self.now();
        note_span(&mut self.lock().away, is_away, now);
    }

    /// Whether the bot is away.
    pub(crate) fn is_away(&self) -> bool {
        self.lock().away.last().is_some_and(|(_, end)| end.is_none())
    }

    /// The bot lacks a permission in a channel from now on, or has it back.
    pub fn forbidden(&self, channel: u64, is_forbidden: bool) {
        let now = self.now();
        note_span(self.lock().forbidden.entry(channel).or_default(), is_forbidden, now);
    }

    /// The guild removes the bot now, or takes it back.
    pub fn removed(&self, is_removed: bool) {
        let now = self.now();
        note_span(&mut self.lock().removed, is_removed, now);
    }

    /// The machine sleeps from now on, or wakes.
    pub fn asleep(&self, is_asleep: bool) {
        let now = self.now();
        note_span(&mut self.lock().asleep, is_asleep, now);
    }

    /// Whether the guild is without the bot.
    pub fn is_removed(&self) -> bool {
        self.lock().removed.last().is_some_and(|(_, end)| end.is_none())
    }

    /// The bot's token is not the one that Discord knows from now on, or is again.
    pub fn locked_out(&self, is_locked_out: bool) {
        let now = self.now();
        note_span(&mut self.lock().locked_out, is_locked_out, now);
    }

    /// Discord has answered a request.
    pub(crate) fn exchanged(&self, exchange: &Exchange<'_>) {
        match exchange.status {
            200..300 => self.accepted(exchange),
            429 => self.lock().limited += 1,
            _ => self.refused(exchange),
        }
    }

    fn accepted(&self, exchange: &Exchange<'_>) {
        match exchange.route {
            "interaction.callback" => self.callback_accepted(exchange),
            "message.create" => self.message_accepted(exchange),
            "message.edit" => self.edit_accepted(exchange),
            "message.list" => self.looked_through(exchange),
            "thread.start" | "thread.post" => self.thread_opened(exchange),
            "thread.archive" | "thread.rename" => self.thread_changed(exchange),
            "message.delete" => {
                if let Some(message) = words::last_number(exchange.path) {
                    self.erased(message);
                }
            }
            _ => {}
        }
    }

    fn callback_accepted(&self, exchange: &Exchange<'_>) {
        let body: Value = serde_json::from_slice(exchange.sent).unwrap_or_default();
        let kind = at(&body, "/type").as_u64().unwrap_or_default();
        let components = book::components(&body);
        let (mut state, now) = (self.lock(), self.now());
        state.book.told(components, now);
        let Some(asked) = state.asked.get_mut(&exchange.subject) else { return };
        asked.accepted.push(kind);
        asked.told.get_or_insert(now);
        let (count, asked) = (asked.accepted.len(), asked.clone());
        drop(state);
        if count > 1 {
            self.violation("I8", format!("{} was answered {count} times", exchange.subject));
        }
        if book::offers_undo(components) || (kind == TAKEN && offers_undo(components)) {
            self.lock().changed.insert(exchange.subject);
        }
        if kind == TAKEN && asked.is_on_post {
            self.answer_shows_the_pick(exchange.subject, &asked, at(&body, "/data"));
        }
    }

    /// A tap is answered with a post that shows it, or what the same member tapped after it.
    fn answer_shows_the_pick(&self, id: u64, asked: &Asked, post: &Value) {
        let Some(Pick { event, option: Some(option) }) = asked.pick else { return };
        if words::hides_names(post) || self.lock().nameless.contains(&asked.member) {
            return;
        }
        let shown = words::shown_under(post, asked.member);
        let is_later = |(other, later): (&u64, &Asked)| {
            *other > id
                && later.member == asked.member
                && later.pick.is_some_and(|pick| pick.event == event)
        };
        let is_superseded = self.lock().asked.iter().any(is_later);
        // The clock can be set between a tap and the drawing of its answer: the event is over.
        let is_over = words::is_named_where_nothing_is_offered(post, asked.member);
        // A place that is held is theirs also under an answer that was removed meanwhile.
        let is_gone = words::is_named_under_what_is_gone(post, asked.member);
        if !shown.contains(&option) && !is_over && !is_gone && !is_superseded {
            let what = format!("the answer to {id} shows {shown:?} instead of option {option}");
            self.violation("I1", what);
        }
    }

    fn message_accepted(&self, exchange: &Exchange<'_>) {
        let message: Value = serde_json::from_slice(exchange.answer).unwrap_or_default();
        let Some(id) = words::number(at(&message, "/id")) else { return };
        let sent = sent(id, &message);
        self.lock().sent.entry(id).or_insert(sent);
    }

    /// An edit notifies nobody.
    fn edit_accepted(&self, exchange: &Exchange<'_>) {
        let message: Value = serde_json::from_slice(exchange.answer).unwrap_or_default();
        let sent = sent(0, &message);
        if sent.everyone || !sent.people.is_empty() || !sent.roles.is_empty() {
            self.violation("I9", format!("an edit notifies: {sent:?}"));
        }
    }

    /// Whether the bot was away at some time in between, or not in the guild.
    pub(crate) fn was_away(&self, span: (Duration, Duration)) -> bool {
        let state = self.lock();
        [&state.away, &state.removed, &state.asleep].into_iter().any(|spans| touches(spans, span))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sent(id: u64, message: &Value) -> Sent {
    let ids = |list: &Value, of: fn(&Value) -> Option<u64>| {
        list.as_array().into_iter().flatten().filter_map(of).collect()
    };
    let custom_ids = words::custom_ids(at(message, "/components"));
    let is_post = words::event_of_post(&custom_ids).is_some();
    let said = || format!("{} {}", at(message, "/content"), at(message, "/embeds"));
    Sent {
        text: if is_post { String::new() } else { said() },
        message: id,
        channel: words::number(at(message, "/channel_id")).unwrap_or_default(),
        custom_ids,
        people: ids(at(message, "/mentions"), |person| words::number(at(person, "/id"))),
        roles: ids(at(message, "/mention_roles"), words::number),
        everyone: *at(message, "/mention_everyone") == true,
    }
}

/// Whether a panel offers to take back the change of answers or rules that it answers.
fn offers_undo(components: &Value) -> bool {
    let ids = words::custom_ids(components);
    ids.iter().any(|id| words::verb(id).is_some_and(|(verb, _)| matches!(verb, "Ou" | "Ru")))
}
