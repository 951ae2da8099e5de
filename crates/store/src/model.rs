//! What goes into the store and comes out of it.

mod answers;
mod chores;
mod deliveries;
mod events;
mod forms;
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
use muster_domain::id::GuildId;

pub use self::answers::{Ask, DescribeRequest, Described, NotPutBack, Tap, TapAnswer, Tapped};
pub use self::chores::{Chore, ChoreEnd, ChoreKind, GivenUp, GivenUpCause};
pub use self::deliveries::{
    Attempted, Candidates, Delivery, DeliveryContent, DeliveryEnd, Hold, MissedCause,
};
pub use self::events::{
    ChangeRequest, Changed, Created, EventOrigin, NewEvent, Outdated, Post, Posted, Shown,
    UndoRequest, Undone,
};
pub use self::forms::{Draft, EventForm, SeenEvent, SeenSeries};
pub use self::grants::{Grant, GrantEnd, GrantStep, RoleState};
pub use self::history::{
    Cause, Deed, EventStep, Happened, HistoryLine, LoggedAnswer, LoggedPlace, SignupWay,
};
pub use self::kept::Kept;
pub use self::moving::{MoveRequest, Moving};
pub use self::presence::{
    CheckInSecret, MarkOutcome, MarkRequest, Marked, Presence, PresenceList, UnmarkRequest,
};
pub use self::privacy::{
    Erasure, HeldAnswer, HeldDelivery, HeldEvent, HeldPlan, HeldRole, MEMBER_ROWS_MAX, MemberData,
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
pub use self::telling::{Progress, Reach, Reaches, TellRequest, Telling, Told};
pub use self::templates::{
    NewTemplate, SavedTemplate, TemplateKept, TemplateReplaced, TemplateReplacement,
    TemplateTakenBack, TemplateUndo,
};
pub use self::troubles::{
    Breakage, BrokenChannel, Condition, FailedCause, FailedLine, GivenUpLine, GivenUpWhat,
    GonePost, MissedLine, Outlook, PlacesInUse, Retried, TroubleReport, UnreadableKind,
    UnreadableRow,
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

/// Which events to list, always of one guild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Not over and not cancelled at this instant, soonest first.
    Upcoming(Timestamp),
    /// Cancelled or deleted after this instant, the latest first: those that can be brought back.
    /// This listing alone has deleted ones, but for those that were taken back with their date of
    /// a series.
    CalledOffSince(Timestamp),
    /// Any state but deleted, nearest to this instant first.
    Nearest(Timestamp),
}

/// Which rows of a list: `limit` rows after the first `skip`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Rows passed over.
    pub skip: usize,
    /// Rows wanted at most.
    pub limit: usize,
}

impl Window {
    /// The first rows.
    #[must_use]
    pub const fn first(limit: usize) -> Self {
        Self { skip: 0, limit }
    }

    /// The page of this number, from 0, with `rows` on each.
    #[must_use]
    pub const fn page(number: usize, rows: usize) -> Self {
        Self { skip: number.saturating_mul(rows), limit: rows }
    }
}

/// Part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// How many rows the whole list has.
    pub total: usize,
}
