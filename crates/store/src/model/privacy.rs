//! Everything that is kept on one member, over all guilds.

use jiff::Timestamp;
use jiff::civil::Date;
use muster_domain::id::{
    ChannelId, DeliveryId, EventId, GuildId, MessageId, RoleId, SeriesId, UserId,
};
use muster_domain::reminder::{QuietHours, ReminderChoices};
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::Announcement;
use muster_domain::zone::Zone;

use super::{EventForm, HistoryLine, LoggedAnswer, RoleState, SavedTemplate};

/// Rows of each list in [`MemberData`] at most: some megabytes in all.
pub const MEMBER_ROWS_MAX: usize = 5_000;

/// Everything that is kept on one member. Of each list the newest [`MEMBER_ROWS_MAX`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberData {
    /// The zone that they chose.
    pub zone: Option<Zone>,
    /// The hours in which they are left in peace.
    pub quiet: Option<QuietHours>,
    /// What they chose about reminders, in each guild where they chose something.
    pub reminders: Vec<(GuildId, ReminderChoices)>,
    /// The events that they created.
    pub hosted: Vec<HeldEvent>,
    /// What they answer to events, or have taken back.
    pub answers: Vec<HeldAnswer>,
    /// How their answers came about, line by line.
    pub history: Vec<(EventId, HistoryLine)>,
    /// What they did as an organiser: to events, and to others' answers.
    pub acts: Vec<(EventId, HistoryLine)>,
    /// Forms that wait for them.
    pub drafts: Vec<(GuildId, EventForm, Timestamp)>,
    /// Templates that they saved, with the guild of each.
    pub templates: Vec<(GuildId, SavedTemplate)>,
    /// What they decided about series and the weekly schedule, with the guild and when.
    pub plans: Vec<(GuildId, HeldPlan, Timestamp)>,
    /// Messages that mention them, are for them, or say what they wrote.
    pub deliveries: Vec<HeldDelivery>,
    /// Roles that their answers give them.
    pub roles: Vec<HeldRole>,
    /// When everything before was erased, the last time.
    pub erased_at: Option<Timestamp>,
}

impl MemberData {
    /// Whether nothing was left out because there is too much of it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let lengths = [
            self.reminders.len(),
            self.hosted.len(),
            self.answers.len(),
            self.history.len(),
            self.acts.len(),
            self.templates.len(),
            self.plans.len(),
            self.deliveries.len(),
            self.roles.len(),
        ];
        lengths.into_iter().all(|length| length < MEMBER_ROWS_MAX)
    }
}

/// A role that a member has, gets or loses because of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// The event that gives it.
    pub event: HeldEvent,
    /// Which role.
    pub role: RoleId,
    /// How far that is.
    pub state: RoleState,
}

/// Something that an organiser decided about what repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeldPlan {
    /// Created this series, whose events are theirs; it is called so now.
    Created(SeriesId, Box<str>),
    /// Decided a version of this series, in which it is called so.
    Decided(SeriesId, Box<str>),
    /// Has the weekly schedule rest from the first to the last of these days.
    Rest(Date, Date),
    /// Was the last to set up the weekly schedule.
    SetUp,
}

/// An event, as far as one has to know which one it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldEvent {
    /// Its identity.
    pub event: EventId,
    /// The guild that it belongs to.
    pub guild: GuildId,
    /// What it is called.
    pub title: Box<str>,
    /// When it begins.
    pub starts: Timestamp,
}

/// A member's answer to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldAnswer {
    /// To which event.
    pub event: HeldEvent,
    /// The answer, with what it is called; `None` once it was taken back.
    pub answer: Option<(Box<str>, LoggedAnswer)>,
    /// What was said beside it.
    pub details: SignupDetails,
    /// By which roles, of those that the event listed then, they stand before others in line.
    pub first_by: Vec<RoleId>,
    /// When it was given or taken back.
    pub at: Timestamp,
}

/// A message that mentions a member, is for them, or says what they wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldDelivery {
    /// Its identity.
    pub id: DeliveryId,
    /// The event that it is about.
    pub event: Option<EventId>,
    /// On whose behalf it is sent.
    pub guild: GuildId,
    /// Where it goes, as far as that is known.
    pub channel: Option<ChannelId>,
    /// When it was due.
    pub due: Timestamp,
    /// The message, if it was sent.
    pub message: Option<MessageId>,
    /// What they wrote, if it is theirs.
    pub told: Option<Announcement>,
}

/// What had to be erased again, as the database came from a time before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Whose data.
    pub member: UserId,
    /// When they asked for it.
    pub at: Timestamp,
}
