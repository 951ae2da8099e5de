//! Series and the weekly schedule, with a point before and after every step.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use muster_domain::id::{EventId, GuildId, SeriesId};
use muster_domain::series::{Series, SeriesStep};
use muster_store::model::{
    Cause, MakeRequest, NewSeries, OccurrenceMade, Posted, ScheduleSkip, SeriesChanged,
    SeriesCreated, SeriesRequest, SeriesUndo, SeriesUndone, SetupState, SkipKept,
};
use muster_store::port::{Schedules, Stored};

use super::FaultyStore;
use crate::faults::{READING, WRITING};

impl Schedules for FaultyStore {
    async fn keep_wall_clocks(&self, now: Timestamp, limit: usize) -> Stored<usize> {
        step!(self, WRITING, keep_wall_clocks(now, limit))
    }

    async fn create_series(&self, new: NewSeries, at: Timestamp) -> Stored<SeriesCreated> {
        let new = self.planted.before_series(new, at);
        step!(self, WRITING, create_series(new, at))
    }

    async fn series(&self, guild: GuildId, series: SeriesId) -> Stored<Option<Series>> {
        step!(self, READING, series(guild, series))
    }

    async fn all_series(&self, guild: GuildId) -> Stored<Vec<Series>> {
        step!(self, READING, all_series(guild))
    }

    async fn change_series(&self, request: SeriesRequest) -> Stored<SeriesChanged> {
        if self.planted.forgets_step(&request.step)
            && let Some(series) = self.inner.series(request.guild, request.series).await?
        {
            let step = SeriesStep::Posting(series.plan.posting);
            let request = SeriesRequest { step, ..request };
            return step!(self, WRITING, change_series(request));
        }
        step!(self, WRITING, change_series(request))
    }

    async fn undo_series(&self, undo: SeriesUndo) -> Stored<SeriesUndone> {
        step!(self, WRITING, undo_series(undo))
    }

    async fn make_occurrence(&self, request: MakeRequest) -> Stored<OccurrenceMade> {
        step!(self, WRITING, make_occurrence(request))
    }

    async fn make_due(&self, now: Timestamp, limit: usize) -> Stored<usize> {
        self.planted.before_make(now);
        let made = step!(self, WRITING, make_due(now, limit))?;
        self.planted.after_make(made);
        Ok(made)
    }

    async fn events_of_series(
        &self,
        guild: GuildId,
        series: SeriesId,
        now: Timestamp,
        limit: usize,
    ) -> Stored<Vec<Posted>> {
        step!(self, READING, events_of_series(guild, series, now, limit))
    }

    async fn occurrences_made(
        &self,
        guild: GuildId,
        series: SeriesId,
        now: Timestamp,
        limit: usize,
    ) -> Stored<Vec<(DateTime, EventId)>> {
        step!(self, READING, occurrences_made(guild, series, now, limit))
    }

    async fn series_of(&self, guild: GuildId, event: EventId) -> Stored<Option<Series>> {
        step!(self, READING, series_of(guild, event))
    }

    async fn skips(&self, guild: GuildId, from: Date) -> Stored<Vec<ScheduleSkip>> {
        step!(self, READING, skips(guild, from))
    }

    async fn skip_days(&self, guild: GuildId, skip: ScheduleSkip) -> Stored<SkipKept> {
        step!(self, WRITING, skip_days(guild, skip))
    }

    async fn unskip_days(
        &self,
        guild: GuildId,
        first: Date,
        last: Date,
        cause: Cause,
    ) -> Stored<bool> {
        step!(self, WRITING, unskip_days(guild, first, last, cause))
    }

    async fn setup_state(&self, guild: GuildId) -> Stored<Option<SetupState>> {
        step!(self, READING, setup_state(guild))
    }

    async fn set_setup_state(&self, guild: GuildId, state: SetupState) -> Stored<()> {
        step!(self, WRITING, set_setup_state(guild, state))
    }
}
