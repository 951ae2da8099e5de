//! What goes into the store and comes out of it.

mod answers;
mod chores;
mod deliveries;
mod grants;
mod history;
mod kept;
mod moving;
mod presence;
mod privacy;
mod reminders;
mod reports;
mod rosters;
mod series;
mod session;
mod telling;
mod templates;
mod troubles;

use jiff::Timestamp;
use jiff::civil::DateTime;
use muster_domain::answer_option::Options;
use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::{Event, EventDetails};
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, MessageId, RoleId, SeriesId, UserId,
};
use muster_domain::reminder::Reminders;
use muster_domain::roster::Moved;
use muster_domain::rules::EventRules;
use muster_domain::sheet::Sheet;
use muster_domain::text::ImageUrl;

pub use self::answers::{Ask, DescribeRequest, Described, NotPutBack, Tap, TapAnswer, Tapped};
pub use self::chores::{Chore, ChoreEnd, ChoreKind, GivenUp, GivenUpCause};
pub use self::deliveries::{
    Attempted, Candidates, Delivery, DeliveryContent, DeliveryEnd, Hold, MissedCause,
};
pub use self::grants::{Grant, GrantEnd, GrantStep};
pub use self::history::{
    Deed, EventStep, Happened, HistoryLine, LoggedAnswer, LoggedPlace, SignupWay,
};
pub use self::kept::Kept;
pub use self::moving::{MoveRequest, Moving};
pub use self::presence::{
    CheckInSecret, MarkOutcome, MarkRequest, Marked, Presence, PresenceList, UnmarkRequest,
};
pub use self::privacy::{
    Erasure, HeldAnswer, HeldDelivery, HeldEvent, HeldPlan, MEMBER_ROWS_MAX, MemberData,
};
pub use self::reminders::{
    MemberReminders, ReminderChange, ReminderList, ReminderRequest, RemindersChanged, Whose,
};
pub use self::reports::{
    EventReport, EventTurnout, MemberEvent, MemberReport, MemberReportRequest, MemberTally,
    MemberWeek, NamesOf, OptionTotal, Report, ReportLimits, ReportRequest, Turnout,
};
pub use self::rosters::{Attendance, AttendanceCounts, RosterLine, RosterPart};
pub use self::series::{
    MakeRequest, NewSeries, OccurrenceMade, PostWhen, ScheduleSkip, SeriesChanged, SeriesCreated,
    SeriesRequest, SeriesUndo, SeriesUndone, SetupState, SkipKept,
};
pub use self::session::SavedSession;
pub use self::telling::{Audience, Progress, TellRequest, Telling, Told};
pub use self::templates::{NewTemplate, SavedTemplate, TemplateKept, TemplateTakenBack};
pub use self::troubles::{
    Breakage, BrokenChannel, Condition, FailedCause, FailedLine, GonePost, MissedLine, Outlook,
    PlacesInUse, Retried, TroubleReport, UnreadableKind, UnreadableRow,
};

/// What is known of a guild that the bot is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Never seen before: it is to be greeted.
    New,
    /// Was removed and came back in time: everything is as it was.
    Returned,
    /// Nothing new.
    Known,
}

/// One of the connections between which Discord divides the guilds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its number, from 0.
    pub number: u32,
    /// Of how many it is one; at least 1.
    pub of: u32,
}

impl Shard {
    /// Whether this guild's events come through it. (Discord docs: "Sharding")
    #[must_use]
    pub fn has(self, guild: GuildId) -> bool {
        (guild.get() >> 22).checked_rem(self.of.into()) == Some(self.number.into())
    }
}

/// An event to be created and posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The guild that it belongs to.
    pub guild: GuildId,
    /// Where it is posted.
    pub channel: ChannelId,
    /// Who creates it.
    pub host: UserId,
    /// What the organiser decided.
    pub details: EventDetails,
    /// The answers that it offers.
    pub options: Options,
    /// What it demands of those who answer.
    pub rules: EventRules,
    /// The picture on its post.
    pub image: Option<ImageUrl>,
    /// A role to mention in the post.
    pub mention: Option<RoleId>,
    /// Reminders of its own; `None` for those of its guild.
    pub reminders: Option<Reminders>,
    /// What it comes of.
    pub origin: EventOrigin,
}

/// What an event comes of. The same again creates nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventOrigin {
    /// Somebody asked for it.
    Interaction(InteractionId),
    /// It is an occurrence of a series.
    Series(SeriesId, DateTime),
}

/// An event that was just created, with the delivery that will post it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The event, nobody signed up yet.
    pub sheet: Sheet,
    /// The delivery of its post.
    pub delivery: DeliveryId,
}

/// The message that shows an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post {
    /// Where it is or will be.
    pub channel: ChannelId,
    /// The message, once it was sent.
    pub message: Option<MessageId>,
    /// The newest version of the event that the message is known to show.
    pub shown: u64,
    /// When the message was found deleted, or was deleted as its guild wants it, if it was.
    pub gone_at: Option<Timestamp>,
    /// When it was deleted because its guild wants that of events that are over.
    pub cleaned_at: Option<Timestamp>,
    /// The thread on the message, if one was opened.
    pub thread: Option<ChannelId>,
}

/// An event with what its post shows, and where that post is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The event and its roster in short.
    pub sheet: Sheet,
    /// Its message.
    pub post: Post,
}

/// What a message was seen to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The event.
    pub event: EventId,
    /// The message. One that is not the event's post says nothing about the post.
    pub message: MessageId,
    /// The version of the event.
    pub version: u64,
}

/// A change of an event by an organiser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRequest {
    /// The guild that it comes from. An event of another guild does not exist for it.
    pub guild: GuildId,
    /// The event.
    pub event: EventId,
    /// Who changes it.
    pub by: UserId,
    /// What is changed.
    pub change: EventChange,
    /// The version that who changes it had seen. New details, rules, options and a new picture are
    /// not set if somebody else has set others since; `None` sets them in any case.
    pub seen: Option<u64>,
    /// The interaction that asked for it; a repeat of the same one changes nothing more.
    pub interaction: InteractionId,
    /// When.
    pub at: Timestamp,
}

/// What became of a change. Everything reported here is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The guild has no such event.
    NoSuchEvent,
    /// It cannot be made; the event as it is.
    Refused(ChangeRefusal, Box<Posted>),
    /// Somebody else has edited the event since it was seen; nothing was changed.
    Outdated(Box<Outdated>),
    /// The same interaction made its change before; the event as it is.
    Repeated(Box<Posted>),
    /// It was made.
    Made {
        /// The event before.
        before: Box<Sheet>,
        /// The event now, and its post, which does not show it yet.
        now: Box<Posted>,
        /// Who moved between places and waitlist.
        moved: Moved,
    },
}

/// A change of an event that whoever made it takes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndoRequest {
    /// The guild that it comes from. An event of another guild does not exist for it.
    pub guild: GuildId,
    /// The event.
    pub event: EventId,
    /// The version that came of the change, or a later one that came of no change.
    pub version: u64,
    /// Who takes it back.
    pub by: UserId,
    /// The interaction that asked for it; a repeat of the same one changes nothing more.
    pub interaction: InteractionId,
    /// When.
    pub at: Timestamp,
}

/// What became of taking a change back. Everything reported here is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undone {
    /// The guild has no such event, or it was deleted.
    NoSuchEvent,
    /// It was somebody else, or something else, that changed the event last.
    ChangedSince(UserId),
    /// It was changed longer than [`muster_domain::limits::UNDO_WITHIN`] ago.
    TooLate,
    /// The event cannot be as it was before.
    Refused(ChangeRefusal),
    /// The same interaction took it back before; the event as it is.
    Repeated(Box<Posted>),
    /// It was taken back.
    Made {
        /// The event before.
        before: Box<Sheet>,
        /// The event now, and its post, which does not show it yet.
        now: Box<Posted>,
        /// Who moved between places and waitlist.
        moved: Moved,
    },
}

/// An event that is no longer what somebody had seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// What they had seen.
    pub seen: EventDetails,
    /// Who edited it last.
    pub by: UserId,
    /// The event as it is.
    pub now: Posted,
}

impl Outdated {
    /// Whether the location is another one.
    #[must_use]
    pub fn has_another_location(&self) -> bool {
        self.seen.location != self.now.sheet.event.details.location
    }
}

/// Which events to list, always of one guild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Not over and not cancelled at this instant, soonest first.
    Upcoming(Timestamp),
    /// Cancelled or deleted after this instant, the latest first: those that can be brought back.
    /// This listing alone has deleted ones.
    CalledOffSince(Timestamp),
    /// Any state but deleted, nearest to this instant first.
    Nearest(Timestamp),
}

/// One line of a list of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// The event with its first names and counts.
    pub sheet: Sheet,
    /// Its message.
    pub post: Post,
}

/// Which rows of a list: `limit` rows after the first `skip`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Rows passed over.
    pub skip: usize,
    /// Rows wanted at most.
    pub limit: usize,
}

/// Part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// How many rows the whole list has.
    pub total: usize,
}

/// A form for an event as a person filled it in: raw words, not read yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventForm {
    /// What it is called.
    pub title: String,
    /// When it is, in words.
    pub when: String,
    /// How long it lasts, in words; empty for the default.
    pub duration: String,
    /// What it is about; may be empty.
    pub description: String,
    /// Where it is; may be empty.
    pub location: String,
    /// How many can come, in digits; empty for no limit.
    pub capacity: String,
    /// The channel chosen for its post.
    pub channel: Option<ChannelId>,
    /// The role chosen to be mentioned.
    pub mention: Option<RoleId>,
    /// The answers that a new event offers, in words, or the name of a ready-made set; empty for
    /// the usual four.
    pub options: String,
    /// The name of the template that says the rest of a new event; empty for none.
    pub template: String,
    /// How long before the start answers close, in words; empty for what the template or the event
    /// that it is like says.
    pub close: String,
    /// The address of its picture; empty for what the template or the event that it is like says.
    pub image: String,
    /// The event that it is like: its answers, rules and picture, which no words carry.
    pub like: Option<EventId>,
    /// How it repeats, in words or by RFC 5545; empty for one event alone.
    pub repeat: String,
}

/// An event as somebody saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenEvent {
    /// Which event.
    pub event: EventId,
    /// Its version then.
    pub version: u64,
}

impl SeenEvent {
    /// An event as it is here.
    #[must_use]
    pub const fn of(event: &Event) -> Self {
        Self { event: event.id, version: event.version }
    }
}

/// A form that waits for an answer of the person who filled it in. Kept for a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The guild that it was filled in for.
    pub guild: GuildId,
    /// Who filled it in; nobody else gets to see it.
    pub member: UserId,
    /// The event to be edited, or `None` for a new one.
    pub edits: Option<SeenEvent>,
    /// What was filled in.
    pub form: EventForm,
}
