//! The whole simulated Discord as one plain value: no sockets, no tasks, no clock of its own.

mod alarm;
mod audit;
mod build;
mod change;
mod channel;
mod command_store;
mod emoji;
mod files;
mod forum_store;
mod interaction;
mod interaction_answer;
mod journal;
mod mentions;
mod message_read;
mod message_store;
pub mod model;
pub mod permissions;
mod person;
mod recurrence;
mod refusal;
mod role_store;
mod scheduled;
mod scheduled_check;
mod scheduled_store;
pub mod snowflake;
mod thread_change;
mod thread_store;
mod token_route;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

pub use crate::validate::message::{Allowed, AllowedMentions};
pub(crate) use audit::AuditQuery;
pub use build::{NewChannel, NewRole};
pub(crate) use change::Change;
pub(crate) use files::{MAX_GIVEN, Upload, plain_name};
pub(crate) use interaction::{Asked, Interaction, InteractionKind, OpenModal, State};
pub(crate) use interaction_answer::{Answered, First};
pub use journal::{Acceptance, Accepted, Way};
pub(crate) use message_read::Span;
pub use model::{
    Application, Attachment, AuditEntry, Channel, ChannelKind, Command, Forum, Guild, Member,
    Message, Origin, Overwrite, OverwriteTarget, Person, Pings, Post, Role, Tag, Thread,
};
pub use permissions::Permissions;
pub use recurrence::{Frequency, Recurrence};
pub use refusal::Refusal;
pub use scheduled::{ScheduledEvent, ScheduledKind, ScheduledStatus};
pub(crate) use thread_store::Archive;
pub(crate) use token_route::Which;

use crate::Limits;
use crate::ids::{AppId, ChannelId, GuildId, InteractionId, MessageId, UserId};
use alarm::Alarm;
use files::Files;
use journal::Journal;
use snowflake::Snowflakes;

/// Everything that exists in the simulated Discord.
///
/// Tests build one with [`World::new`] and the `add_…` methods, hand it to [`crate::start`], and
/// look into it afterwards through [`crate::Inside::world`].
#[derive(Debug)]
pub struct World {
    now: Timestamp,
    ids: Snowflakes,
    nonce_window: SignedDuration,
    command_creates_daily: u32,
    users: BTreeMap<UserId, Person>,
    guilds: BTreeMap<GuildId, Guild>,
    channels: BTreeMap<ChannelId, Channel>,
    apps: BTreeMap<AppId, Application>,
    interactions: BTreeMap<InteractionId, Interaction>,
    modals: BTreeMap<InteractionId, OpenModal>,
    changes: Vec<Change>,
    alarms: BTreeSet<(Timestamp, Alarm)>,
    journal: Journal,
    files: Files,
    url: String,
}

impl World {
    /// An empty world. The same seed, times and operations give the same ids and secrets.
    #[must_use]
    pub fn new(seed: u64, now: Timestamp) -> Self {
        Self {
            now,
            ids: Snowflakes::new(seed),
            nonce_window: SignedDuration::from_mins(5),
            command_creates_daily: 200,
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            apps: BTreeMap::new(),
            interactions: BTreeMap::new(),
            modals: BTreeMap::new(),
            changes: Vec::new(),
            alarms: BTreeSet::new(),
            journal: Journal::default(),
            files: Files::default(),
            url: String::new(),
        }
    }

    /// The simulated instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Sets the instant at which the next operations happen, and does what happens by itself until
    /// then: quiet threads are archived, scheduled events begin and end.
    pub fn set_now(&mut self, now: Timestamp) {
        self.ring_until(now);
        self.now = now;
    }

    /// Where attachments are found; the address of the running simulator.
    pub(crate) fn set_url(&mut self, url: &str) {
        url.clone_into(&mut self.url);
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Takes over what of the limits is the world's own business.
    pub(crate) fn obey(&mut self, limits: &Limits) {
        self.nonce_window =
            SignedDuration::try_from(limits.nonce_window).unwrap_or(SignedDuration::MAX);
        self.command_creates_daily = limits.command_creates_daily;
    }

    /// How long a nonce is remembered. Discord says "a few minutes"; 5 minutes unless set.
    pub fn set_nonce_window(&mut self, window: SignedDuration) {
        self.nonce_window = window;
    }

    /// A person or bot.
    #[must_use]
    pub fn user(&self, id: UserId) -> Option<&Person> {
        self.users.get(&id)
    }

    /// All people and bots, oldest first.
    pub fn users(&self) -> impl Iterator<Item = &Person> {
        self.users.values()
    }

    /// A guild.
    #[must_use]
    pub fn guild(&self, id: GuildId) -> Option<&Guild> {
        self.guilds.get(&id)
    }

    /// All guilds, oldest first.
    pub fn guilds(&self) -> impl Iterator<Item = &Guild> {
        self.guilds.values()
    }

    /// A channel, category or direct conversation.
    #[must_use]
    pub fn channel(&self, id: ChannelId) -> Option<&Channel> {
        self.channels.get(&id)
    }

    /// All channels of a guild in the order of their positions, without threads.
    #[must_use]
    pub fn channels_of(&self, guild: GuildId) -> Vec<&Channel> {
        let mut list: Vec<_> =
            self.channels.values().filter(|channel| channel.guild == Some(guild)).collect();
        list.retain(|channel| channel.thread.is_none());
        list.sort_by_key(|channel| (channel.position, channel.id));
        list
    }

    /// The guild's channel with this name.
    #[must_use]
    pub fn channel_named(&self, guild: GuildId, name: &str) -> Option<&Channel> {
        self.channels_of(guild).into_iter().find(|channel| channel.name == name)
    }

    /// The direct conversations that `user` takes part in.
    pub fn dms_of(&self, user: UserId) -> impl Iterator<Item = &Channel> {
        self.channels.values().filter(move |channel| channel.recipients.contains(&user))
    }

    /// A message that exists, wherever it is.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.channels.values().find_map(|channel| channel.messages.get(&id))
    }

    /// All messages of a channel, ephemeral ones among them, oldest first.
    pub fn messages(&self, channel: ChannelId) -> impl Iterator<Item = &Message> {
        self.channels.get(&channel).into_iter().flat_map(|channel| channel.messages.values())
    }

    /// An application.
    #[must_use]
    pub fn app(&self, id: AppId) -> Option<&Application> {
        self.apps.get(&id)
    }

    /// All applications.
    pub fn apps(&self) -> impl Iterator<Item = &Application> {
        self.apps.values()
    }

    /// The application whose bot has this token. Discord takes `Bot ` before it everywhere.
    pub(crate) fn app_with_token(&self, token: &str) -> Option<&Application> {
        let token = token.strip_prefix("Bot ").unwrap_or(token);
        self.apps.values().find(|app| app.token == token)
    }

    /// The application whose bot this is.
    #[must_use]
    pub fn app_of_bot(&self, bot: UserId) -> Option<&Application> {
        self.apps.values().find(|app| app.bot == bot)
    }

    /// What `user` may do in `channel`, overwrites applied; everything sensible in a direct
    /// conversation, nothing for strangers.
    #[must_use]
    pub fn permissions(&self, channel: &Channel, user: UserId) -> Permissions {
        match channel.guild {
            Some(guild) => self.guilds.get(&guild).map_or(Permissions::NONE, |guild| {
                permissions::in_channel(guild, self.ruling(channel), user)
            }),
            None if channel.recipients.contains(&user) => {
                Permissions::MEMBER
                    | Permissions::MENTION_EVERYONE
                    | Permissions::USE_EXTERNAL_EMOJIS
            }
            None => Permissions::NONE,
        }
    }

    /// What really works for `user` in `channel`, implicit denials taken out.
    #[must_use]
    pub fn effective(&self, channel: &Channel, user: UserId) -> Permissions {
        match channel.guild {
            Some(guild) => self
                .guilds
                .get(&guild)
                .map_or(Permissions::NONE, |guild| self.effective_in(guild, channel, user)),
            None => self.permissions(channel, user),
        }
    }

    fn effective_in(&self, guild: &Guild, channel: &Channel, user: UserId) -> Permissions {
        let Some(thread) = &channel.thread else {
            return permissions::effective(guild, channel, user);
        };
        let is_private = channel.kind == ChannelKind::PrivateThread;
        let place = (self.ruling(channel), thread);
        permissions::effective_in_thread(guild, place, is_private, user)
    }

    /// The channel whose overwrites count: a thread has none of its own.
    fn ruling<'w>(&'w self, channel: &'w Channel) -> &'w Channel {
        let parent = channel.parent.filter(|_| channel.thread.is_some());
        parent.and_then(|parent| self.channel(parent)).unwrap_or(channel)
    }

    /// Whether `user` sees `channel`.
    #[must_use]
    pub fn sees(&self, user: UserId, channel: ChannelId) -> bool {
        self.channels.get(&channel).is_some_and(|channel| {
            self.effective(channel, user).contains(Permissions::VIEW_CHANNEL)
        })
    }

    /// What has changed since the last call, in order.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        self.ids.next_id(self.now)
    }

    /// 32 random hexadecimal digits from the seed.
    pub(crate) fn secret(&mut self) -> String {
        self.ids.hex32()
    }

    fn note(&mut self, change: Change) {
        self.changes.push(change);
    }
}
