//! What went wrong in a guild: what its organisers are told once, and what the doctor lists.

use jiff::Timestamp;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId, RoleId};
use muster_domain::notice::News;
use muster_domain::text::Title;

use super::{ChoreKind, Page};

/// What is wrong with a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breakage {
    /// It takes messages, but the bot lacks a permission that posts need.
    Lacks,
    /// It takes no messages from the bot.
    Refuses,
    /// It does not exist any more.
    Gone,
}

/// A channel in which something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenChannel {
    /// Which.
    pub channel: ChannelId,
    /// What is wrong.
    pub breakage: Breakage,
    /// Since when it is known.
    pub since: Timestamp,
}

/// A message about an event that did not go out, or of which nobody knows whether it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedLine {
    /// Its delivery.
    pub delivery: DeliveryId,
    /// About which event.
    pub event: EventId,
    /// The event's title.
    pub title: Title,
    /// What it would have told; `None` for the post itself.
    pub news: Option<News>,
    /// Where it was to go.
    pub channel: Option<ChannelId>,
    /// When it was due.
    pub due: Timestamp,
    /// Why it did not go out.
    pub cause: FailedCause,
    /// Whether it is still worth sending.
    pub worth_it: bool,
}

/// Something about an event that was given up, in whichever guild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenUpLine {
    /// In which guild.
    pub guild: GuildId,
    /// About which event.
    pub event: EventId,
    /// What.
    pub what: GivenUpWhat,
    /// Where.
    pub channel: Option<ChannelId>,
    /// When it was due; of a chore, when it was tried last.
    pub due: Timestamp,
    /// When it was given up.
    pub at: Timestamp,
    /// Why.
    pub cause: FailedCause,
}

/// What was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUpWhat {
    /// A message.
    Message {
        /// Its delivery.
        delivery: DeliveryId,
        /// What it would have told; `None` for the post itself.
        news: Option<News>,
        /// Whether it is still worth sending.
        worth_it: bool,
    },
    /// Something else about the event's post.
    Chore(ChoreKind),
}

/// Why a message did not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedCause {
    /// Its channel is gone.
    ChannelGone,
    /// The bot may not write there.
    Forbidden,
    /// It is told in the event's post, as that is in a forum, and there is none that is known.
    NoPost,
    /// Discord refuses it for another reason.
    Refused,
    /// Nobody can tell whether Discord has it.
    Unclear,
}

/// A message about an event that came too late and was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedLine {
    /// About which event.
    pub event: EventId,
    /// The event's title.
    pub title: Title,
    /// What it would have told; `None` for the post itself.
    pub news: Option<News>,
    /// When it was due.
    pub due: Timestamp,
}

/// An event whose post was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GonePost {
    /// The event.
    pub event: EventId,
    /// Its title.
    pub title: Title,
    /// Where the post was.
    pub channel: ChannelId,
}

/// What a report tells: of each, the first lines and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TroubleReport {
    /// Messages that came too late, those due first first.
    pub missed: Page<MissedLine>,
    /// Reminders that were left out as nobody knows whom they are for.
    pub unknown: Page<MissedLine>,
    /// Messages that failed, those due first first.
    pub failed: Page<FailedLine>,
    /// Channels in which something is wrong.
    pub broken: Page<BrokenChannel>,
    /// Events whose post was deleted, soonest first.
    pub gone: Page<GonePost>,
    /// Whether it tells that nothing is planned for the week.
    pub empty_week: bool,
}

impl TroubleReport {
    /// Whether there is nothing to tell.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.missed.total == 0
            && self.unknown.total == 0
            && self.failed.total == 0
            && self.broken.total == 0
            && self.gone.total == 0
            && !self.empty_week
    }
}

/// What became of a request to send a failed message again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    /// It is due again; with where it goes.
    Again(Option<ChannelId>),
    /// It is on its way already, or was sent.
    UnderWay,
    /// It is not worth sending any more.
    NotWorthIt,
    /// The guild has no such failed message.
    NoSuch,
}

/// What kind of row could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnreadableKind {
    /// A series: none of its events are made.
    Series,
    /// An event: it does not close, begin or end, and nobody is reminded of it.
    Event,
    /// A message: it does not go out.
    Delivery,
    /// What a guild has chosen: nobody is told of a week without events.
    Guild,
}

/// A row that was set aside because it could not be read when its time came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableRow {
    /// What kind of row.
    pub kind: UnreadableKind,
    /// Since when.
    pub since: Timestamp,
    /// The title of the series or event, if that can be read.
    pub title: Option<Title>,
}

/// What a guild's doctor looks at: what its events need, and how its deliveries are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Channels of events to come, at most as many as asked for.
    pub channels: Vec<ChannelId>,
    /// Channels of series, those that post soonest first; as many.
    pub series_channels: Vec<ChannelId>,
    /// Roles that events to come, series and reminders mention, and where.
    pub mentions: Vec<(ChannelId, RoleId)>,
    /// Roles that answers to events to come and of series give.
    pub granted: Vec<RoleId>,
    /// Roles of which those are to be reminded who have not answered.
    pub unanswered_of: Vec<RoleId>,
    /// Channels in which something was found to be wrong.
    pub broken: Vec<BrokenChannel>,
    /// Events to come whose post was deleted.
    pub gone: Vec<GonePost>,
    /// What could not be read and was set aside, the longest first.
    pub unreadable: Vec<UnreadableRow>,
    /// When the next message is due; `None` if none is planned.
    pub next_due: Option<Timestamp>,
    /// Messages that should have gone out a while ago and are tried still.
    pub overdue: usize,
    /// Members who take no direct messages although they asked for them.
    pub closed_to_us: usize,
}

/// Channels that a guild uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacesInUse {
    /// The guild.
    pub guild: GuildId,
    /// Its channels: those in its settings, and those of its events to come and of its series.
    pub channels: Vec<ChannelId>,
}

/// How the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Whether it is sound; what is wrong if it is not.
    pub sound: Result<(), String>,
    /// Bytes that its file takes; 0 in memory.
    pub bytes: u64,
    /// Bytes that its log takes beside it.
    pub log_bytes: u64,
    /// Bytes that are free on its disk, if that can be told.
    pub free_bytes: Option<u64>,
}
