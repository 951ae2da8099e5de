//! The store port: one method per use case, so that another database can decide and commit in its
//! own way. Nothing in here speaks SQL.
//!
//! Every method returns after its effect is durable, and changes nothing when it fails.

mod connections;
mod deliveries;
mod records;
mod reports;
mod samples;
mod schedules;

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{DeliveryId, EventId, GuildId, MessageId, UserId};
use muster_domain::roster::Signup;
use muster_domain::settings::{GuildSettings, Language, SettingsChange};
use muster_domain::zone::Zone;

use crate::error::StoreError;
use crate::model::{
    Arrival, Attendance, ChangeRequest, Changed, Created, DescribeRequest, Described, HistoryLine,
    Listing, NewEvent, Outdated, Page, Posted, Reaches, RosterLine, RosterPart, SeenEvent, Shard,
    Tap, TapAnswer, TellRequest, Telling, Told, UndoRequest, Undone, Window,
};

pub use self::connections::{Registrations, Sessions};
pub use self::deliveries::Deliveries;
pub use self::records::{
    Chores, Drafts, GIVEN_UP_LISTED_MAX, Grants, Privacy, Records, Reminders, Templates, Troubles,
    Upkeep,
};
pub use self::reports::{Presences, Reports};
pub use self::samples::Samples;
pub use self::schedules::Schedules;

/// What a method of the store returns.
pub type Stored<T> = Result<T, StoreError>;

/// Guilds, members and their settings.
pub trait Guilds: Send + Sync + 'static {
    /// The bot is in this guild. A new guild gets a greeting to deliver.
    fn guild_arrived(
        &self,
        guild: GuildId,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Arrival>> + Send;

    /// The bot was removed from this guild. Its data stays for the grace period.
    fn guild_left(&self, guild: GuildId, at: Timestamp) -> impl Future<Output = Stored<()>> + Send;

    /// The guilds that the bot is in, as far as is known.
    fn guilds_present(&self) -> impl Future<Output = Stored<Vec<GuildId>>> + Send;

    /// These are all guilds of a shard that the bot is in: from every other one of that shard it
    /// was removed, unnoticed. Returns from how many.
    fn only_guilds(
        &self,
        shard: Shard,
        present: BTreeSet<GuildId>,
        at: Timestamp,
    ) -> impl Future<Output = Stored<usize>> + Send;

    /// A guild's settings; defaults for a guild never seen.
    fn settings(&self, guild: GuildId) -> impl Future<Output = Stored<GuildSettings>> + Send;

    /// The language of a guild, if its settings are at hand. Nothing is read for it.
    fn language_at_hand(&self, guild: GuildId) -> Option<Language>;

    /// Changes one setting; returns all of them as they are now.
    fn change_settings(
        &self,
        guild: GuildId,
        change: SettingsChange,
        at: Timestamp,
    ) -> impl Future<Output = Stored<GuildSettings>> + Send;

    /// The zone that a member chose.
    fn member_zone(&self, member: UserId) -> impl Future<Output = Stored<Option<Zone>>> + Send;

    /// A member chooses a zone, or none.
    fn set_member_zone(
        &self,
        member: UserId,
        zone: Option<Zone>,
    ) -> impl Future<Output = Stored<()>> + Send;
}

/// Events and the answers to them.
pub trait Events: Send + Sync + 'static {
    /// Creates an event and the delivery of its post, in one commit.
    fn create_event(
        &self,
        new: NewEvent,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Created>> + Send {
        self.create_event_to_post(new, at, at)
    }

    /// The same with a post that is due later.
    fn create_event_to_post(
        &self,
        new: NewEvent,
        post_at: Timestamp,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Created>> + Send;

    /// An event of this guild with its post; `None` if there is none, deleted ones included.
    fn event(
        &self,
        guild: GuildId,
        event: EventId,
    ) -> impl Future<Output = Stored<Option<Posted>>> + Send;

    /// Whether there is such an event in another guild: nobody who uses what was made for this one
    /// asks for it.
    fn is_elsewhere(
        &self,
        guild: GuildId,
        event: EventId,
    ) -> impl Future<Output = Stored<bool>> + Send;

    /// The event of this guild whose post is this message; `None` if it is no post.
    fn event_of_post(
        &self,
        guild: GuildId,
        message: MessageId,
    ) -> impl Future<Output = Stored<Option<EventId>>> + Send;

    /// How an event of this guild differs from what somebody saw; `None` if nobody has edited it
    /// since, or if there is no such event.
    fn edited_since(
        &self,
        guild: GuildId,
        seen: SeenEvent,
    ) -> impl Future<Output = Stored<Option<Outdated>>> + Send;

    /// Changes an event, once per interaction. News and promotions become deliveries, in the same
    /// commit, and so does a post that was left out while the event was cancelled.
    fn change_event(&self, request: ChangeRequest) -> impl Future<Output = Stored<Changed>> + Send;

    /// Takes back the latest change of an event, once per interaction: it is as it was before that,
    /// with all answers given since. News and promotions follow as with every change.
    fn undo(&self, request: UndoRequest) -> impl Future<Output = Stored<Undone>> + Send;

    /// Takes a member's answer, or takes it back. Promotions and offers become deliveries, in the
    /// same commit.
    fn tap(&self, tap: Tap) -> impl Future<Output = Stored<TapAnswer>> + Send;

    /// Keeps what a member says beside an answer, once per interaction. The post is stale after
    /// it only if it looks otherwise.
    fn describe(&self, request: DescribeRequest) -> impl Future<Output = Stored<Described>> + Send;

    /// Has those who are coming told something, once per interaction: its messages become
    /// deliveries.
    fn tell(&self, request: TellRequest) -> impl Future<Output = Stored<Told>> + Send;

    /// Whom something about an event would reach, and what was told last; `None` if the guild has
    /// no such event.
    fn tellings(
        &self,
        guild: GuildId,
        event: EventId,
    ) -> impl Future<Output = Stored<Option<(Reaches, Option<Telling>)>>> + Send;

    /// Takes back what has not begun to leave of what was told, named by its first message; `None`
    /// if there is no such telling.
    fn take_back_telling(
        &self,
        guild: GuildId,
        event: EventId,
        first: DeliveryId,
        at: Timestamp,
    ) -> impl Future<Output = Stored<Option<Telling>>> + Send;

    /// An event of this guild as it stood at an earlier version, in all that an organiser can
    /// change; `None` if there is no such event, or never was that version.
    fn event_as_of(
        &self,
        guild: GuildId,
        seen: SeenEvent,
    ) -> impl Future<Output = Stored<Option<Event>>> + Send;

    /// A page of a part of a roster, in order; `None` if the guild has no such event.
    fn roster_page(
        &self,
        guild: GuildId,
        event: EventId,
        part: RosterPart,
        window: Window,
    ) -> impl Future<Output = Stored<Option<Page<RosterLine>>>> + Send;

    /// A member's answer to an event of this guild; `None` without one.
    fn signup_of(
        &self,
        guild: GuildId,
        event: EventId,
        member: UserId,
    ) -> impl Future<Output = Stored<Option<RosterLine>>> + Send;

    /// A page of an event's history, newest first; `None` if the guild has no such event.
    fn history(
        &self,
        guild: GuildId,
        event: EventId,
        window: Window,
    ) -> impl Future<Output = Stored<Option<Page<HistoryLine>>>> + Send;

    /// A guild's events. With `words`, only those whose title contains them, in any case,
    /// and first of all those whose title they are.
    fn list(
        &self,
        guild: GuildId,
        listing: Listing,
        words: &str,
        window: Window,
    ) -> impl Future<Output = Stored<Page<Posted>>> + Send;

    /// A guild's events that are not cancelled and begin in `from..to`, soonest first.
    fn between(
        &self,
        guild: GuildId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<Posted>>> + Send;

    /// What a member has answered in a guild to events that are not over or cancelled, soonest
    /// first.
    fn answers_of(
        &self,
        guild: GuildId,
        member: UserId,
        now: Timestamp,
        window: Window,
    ) -> impl Future<Output = Stored<Page<(Posted, Signup)>>> + Send;

    /// What a member has answered to a guild's events that began in `past` or are coming up after
    /// it, without cancelled ones.
    fn attendance(
        &self,
        guild: GuildId,
        member: UserId,
        past: Range<Timestamp>,
        window: Window,
    ) -> impl Future<Output = Stored<Attendance>> + Send;
}

/// Everything that Muster keeps.
pub trait Store: Guilds + Events + Deliveries + Schedules + Records {}

impl<T: Guilds + Events + Deliveries + Schedules + Records> Store for T {}
