//! Events: what makes one, where its post is, and what becomes of a change.

use jiff::Timestamp;
use jiff::civil::DateTime;
use muster_domain::answer_option::Options;
use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::EventDetails;
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, InteractionId, MessageId, RoleId, SeriesId, UserId,
};
use muster_domain::reminder::Reminders;
use muster_domain::roster::Moved;
use muster_domain::rules::EventRules;
use muster_domain::sheet::Sheet;
use muster_domain::text::ImageUrl;

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
