//! Series and the weekly schedule in SQLite.

mod ahead;
mod change;
mod follow_start;
mod list;
mod make;
mod mend;
pub(super) mod nudge;
mod row;
mod schedule;
mod undo;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use muster_domain::id::{EventId, GuildId, SeriesId};
use muster_domain::series::Series;

pub(super) use self::follow_start::follow_start;
pub(super) use self::list::next_due;
pub(super) use self::mend::mend;
pub(super) use self::row::{plan_again, replan_guild};
use super::columns::whole_ms;
use super::{SqliteStore, wall_clocks};
use crate::model::{
    Cause, MakeRequest, NewSeries, OccurrenceMade, Posted, ScheduleSkip, SeriesChanged,
    SeriesCreated, SeriesRequest, SeriesUndo, SeriesUndone, SetupState, SkipKept,
};
use crate::port::{Schedules, Stored};

impl Schedules for SqliteStore {
    async fn keep_wall_clocks(&self, now: Timestamp, limit: usize) -> Stored<usize> {
        self.write(move |tx| wall_clocks::keep(tx, whole_ms(now), limit)).await
    }

    async fn create_series(&self, new: NewSeries, at: Timestamp) -> Stored<SeriesCreated> {
        self.write(move |tx| change::create(tx.db, &new, whole_ms(at))).await
    }

    async fn series(&self, guild: GuildId, series: SeriesId) -> Stored<Option<Series>> {
        self.read(move |db| row::of_guild(db, guild, series)).await
    }

    async fn all_series(&self, guild: GuildId) -> Stored<Vec<Series>> {
        self.read(move |db| list::all(db, guild)).await
    }

    async fn change_series(&self, mut request: SeriesRequest) -> Stored<SeriesChanged> {
        request.at = whole_ms(request.at);
        self.write(move |tx| change::change(tx, request)).await
    }

    async fn undo_series(&self, mut undo: SeriesUndo) -> Stored<SeriesUndone> {
        undo.at = whole_ms(undo.at);
        self.write(move |tx| undo::undo(tx, undo)).await
    }

    async fn make_occurrence(&self, mut request: MakeRequest) -> Stored<OccurrenceMade> {
        request.at = whole_ms(request.at);
        self.write(move |tx| make::ahead(tx, request)).await
    }

    async fn make_due(&self, now: Timestamp, limit: usize) -> Stored<usize> {
        let zone = self.default_zone.clone();
        self.write(move |tx| make::due(tx, whole_ms(now), limit, zone.as_ref())).await
    }

    async fn events_of_series(
        &self,
        guild: GuildId,
        series: SeriesId,
        now: Timestamp,
        limit: usize,
    ) -> Stored<Vec<Posted>> {
        self.read(move |db| list::events(db, guild, series, now, limit)).await
    }

    async fn occurrences_made(
        &self,
        guild: GuildId,
        series: SeriesId,
        now: Timestamp,
        limit: usize,
    ) -> Stored<Vec<(DateTime, EventId)>> {
        self.read(move |db| ahead::made(db, guild, series, now, limit)).await
    }

    async fn series_of(&self, guild: GuildId, event: EventId) -> Stored<Option<Series>> {
        self.read(move |db| list::of_event(db, guild, event)).await
    }

    async fn skips(&self, guild: GuildId, from: Date) -> Stored<Vec<ScheduleSkip>> {
        self.read(move |db| schedule::skips(db, guild, from)).await
    }

    async fn skip_days(&self, guild: GuildId, skip: ScheduleSkip) -> Stored<SkipKept> {
        let skip = ScheduleSkip { at: whole_ms(skip.at), ..skip };
        self.write(move |tx| schedule::skip(tx, guild, skip)).await
    }

    async fn unskip_days(
        &self,
        guild: GuildId,
        first: Date,
        last: Date,
        cause: Cause,
    ) -> Stored<bool> {
        let cause = Cause { at: whole_ms(cause.at), ..cause };
        self.write(move |tx| schedule::unskip(tx, guild, first, last, cause)).await
    }

    async fn setup_state(&self, guild: GuildId) -> Stored<Option<SetupState>> {
        self.read(move |db| schedule::setup_state(db, guild)).await
    }

    async fn set_setup_state(&self, guild: GuildId, state: SetupState) -> Stored<()> {
        let state = SetupState { at: whole_ms(state.at), ..state };
        self.write(move |tx| schedule::set_setup_state(tx.db, guild, state)).await
    }
}
