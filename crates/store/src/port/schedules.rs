//! Series and the weekly schedule: what repeats, and the events that are made of it when their time
//! comes.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use muster_domain::id::{EventId, GuildId, SeriesId};
use muster_domain::series::Series;

use super::Stored;
use crate::model::{
    Cause, MakeRequest, NewSeries, OccurrenceMade, Posted, ScheduleSkip, SeriesChanged,
    SeriesCreated, SeriesRequest, SeriesUndo, SeriesUndone, SetupState, SkipKept,
};

/// Series and the weekly schedule.
pub trait Schedules: Send + Sync + 'static {
    /// Has events that have not begun, and posts of series, be when they were to be by the clocks
    /// of their zones, if the time zone data is another than when they were planned. Goes through
    /// at most `limit` of them, and returns how many that was; call again until that is none.
    fn keep_wall_clocks(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<usize>> + Send;

    /// Creates a series, once per interaction.
    fn create_series(
        &self,
        new: NewSeries,
        at: Timestamp,
    ) -> impl Future<Output = Stored<SeriesCreated>> + Send;

    /// A series of this guild; `None` if there is none.
    fn series(
        &self,
        guild: GuildId,
        series: SeriesId,
    ) -> impl Future<Output = Stored<Option<Series>>> + Send;

    /// All series of a guild that have not ended: the weekly schedule first, by day and time.
    fn all_series(&self, guild: GuildId) -> impl Future<Output = Stored<Vec<Series>>> + Send;

    /// Changes a series, once per interaction. Events that it has made stay as they are.
    fn change_series(
        &self,
        request: SeriesRequest,
    ) -> impl Future<Output = Stored<SeriesChanged>> + Send;

    /// Takes back the latest change of a series.
    fn undo_series(&self, undo: SeriesUndo) -> impl Future<Output = Stored<SeriesUndone>> + Send;

    /// Makes the event of an occurrence ahead of its time, if there is none yet.
    fn make_occurrence(
        &self,
        request: MakeRequest,
    ) -> impl Future<Output = Stored<OccurrenceMade>> + Send;

    /// Makes events of occurrences whose time to be posted has come, with the deliveries of their
    /// posts, each once. One that is over by now is noted as missed. Once a week a guild that wants
    /// it and has nothing planned gets a report. Returns how many series and guilds were looked at,
    /// at most `limit` of each; call again while it returns some.
    fn make_due(&self, now: Timestamp, limit: usize) -> impl Future<Output = Stored<usize>> + Send;

    /// Events of this series that are neither over nor deleted, soonest first, at most `limit`.
    fn events_of_series(
        &self,
        guild: GuildId,
        series: SeriesId,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<Posted>>> + Send;

    /// Occurrences of this series that have an event which is neither over nor deleted, in order,
    /// at most `limit`.
    fn occurrences_made(
        &self,
        guild: GuildId,
        series: SeriesId,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Stored<Vec<(DateTime, EventId)>>> + Send;

    /// The series and occurrence of an event of this guild, if it came of one.
    fn series_of(
        &self,
        guild: GuildId,
        event: EventId,
    ) -> impl Future<Output = Stored<Option<Series>>> + Send;

    /// When the weekly schedule rests from this day on, soonest first.
    fn skips(
        &self,
        guild: GuildId,
        from: Date,
    ) -> impl Future<Output = Stored<Vec<ScheduleSkip>>> + Send;

    /// Has the weekly schedule rest. What was posted stays; what was made ahead and nobody has seen
    /// is taken back.
    fn skip_days(
        &self,
        guild: GuildId,
        skip: ScheduleSkip,
    ) -> impl Future<Output = Stored<SkipKept>> + Send;

    /// Has the weekly schedule go on where it was to rest; whether it was. What is over by now was
    /// not to be made, so that nobody missed it. What was changed alone before the rest comes back
    /// as it was.
    fn unskip_days(
        &self,
        guild: GuildId,
        first: Date,
        last: Date,
        cause: Cause,
    ) -> impl Future<Output = Stored<bool>> + Send;

    /// How far a guild is in setting up its week; `None` if it never began.
    fn setup_state(
        &self,
        guild: GuildId,
    ) -> impl Future<Output = Stored<Option<SetupState>>> + Send;

    /// Notes how far a guild is in setting up its week.
    fn set_setup_state(
        &self,
        guild: GuildId,
        state: SetupState,
    ) -> impl Future<Output = Stored<()>> + Send;
}
