//! Events and the answers to them, in SQLite.

mod attendance;
mod change;
mod create;
pub(in crate::sqlite) mod deed_log;
mod describe;
mod erased;
pub(in crate::sqlite) mod event_row;
mod history;
mod list;
pub(super) mod log;
mod mend;
mod moves;
mod news;
mod option_row;
mod post_row;
pub(super) mod priority_row;
mod put_back;
mod remind;
mod roster_lines;
mod rules_row;
mod signup_before;
mod signup_log;
mod signup_row;
pub(super) mod stored_roster;
mod swap;
mod tap;
mod telling;
#[cfg(test)]
pub(super) mod tests;
mod turn;
mod undo;
mod with_zone;

use std::ops::Range;

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{DeliveryId, EventId, GuildId, MessageId, UserId};
use muster_domain::roster::Signup;

pub(super) use self::change::{bring_back, take_back};
pub(super) use self::create::create_and_post;
pub(super) use self::erased::{log_erased, touch};
pub(super) use self::history::line_of;
pub(super) use self::list::{all_posted, ids};
pub(super) use self::mend::mend_times;
pub(super) use self::moves::refresh_post;
pub(super) use self::post_row::{delivery_of, posted, read_post, set_delivery};
pub(super) use self::remind::{late as remind_late, plan_reminders, who_came_before};
pub(super) use self::rules_row::check_in_of;
pub(super) use self::signup_before::forget as forget_before;
#[cfg(test)]
pub(super) use self::tap::tap;
pub(super) use self::turn::{turn_events, turn_if_due};
pub(super) use self::with_zone::move_with_zone;
use super::SqliteStore;
use super::columns::whole_ms;
use crate::model::{
    Attendance, ChangeRequest, Changed, Created, DescribeRequest, Described, HistoryLine, Listing,
    NewEvent, Outdated, Page, Posted, Reaches, RosterLine, RosterPart, SeenEvent, Tap, TapAnswer,
    TellRequest, Telling, Told, UndoRequest, Undone, Window,
};
use crate::port::{Events, Stored};

impl Events for SqliteStore {
    async fn create_event_to_post(
        &self,
        new: NewEvent,
        post_at: Timestamp,
        at: Timestamp,
    ) -> Stored<Created> {
        let (post_at, at) = (whole_ms(post_at), whole_ms(at));
        self.write(move |tx| create::create_and_post(tx.db, new, post_at, at)).await
    }

    async fn event(&self, guild: GuildId, event: EventId) -> Stored<Option<Posted>> {
        self.read(move |db| {
            let found = posted(db, event)?;
            Ok(found.filter(|posted| posted.sheet.event.guild == guild))
        })
        .await
    }

    async fn is_elsewhere(&self, guild: GuildId, event: EventId) -> Stored<bool> {
        self.read(move |db| event_row::is_elsewhere(db, guild, event)).await
    }

    async fn event_of_post(&self, guild: GuildId, message: MessageId) -> Stored<Option<EventId>> {
        self.read(move |db| post_row::event_of(db, guild, message)).await
    }

    async fn edited_since(&self, guild: GuildId, seen: SeenEvent) -> Stored<Option<Outdated>> {
        self.read(move |db| change::edited_since(db, guild, seen)).await
    }

    async fn change_event(&self, request: ChangeRequest) -> Stored<Changed> {
        self.write(move |tx| change::change(tx, request)).await
    }

    async fn undo(&self, request: UndoRequest) -> Stored<Undone> {
        self.write(move |tx| undo::undo(tx, request)).await
    }

    async fn tap(&self, tap: Tap) -> Stored<TapAnswer> {
        self.write_or_busy(move |tx| tap::tap(tx, tap)).await
    }

    async fn describe(&self, request: DescribeRequest) -> Stored<Described> {
        self.write_or_busy(move |tx| describe::describe(tx, request)).await
    }

    async fn tell(&self, request: TellRequest) -> Stored<Told> {
        self.write_or_busy(move |tx| telling::tell(tx, request)).await
    }

    async fn tellings(
        &self,
        guild: GuildId,
        event: EventId,
    ) -> Stored<Option<(Reaches, Option<Telling>)>> {
        self.read(move |db| telling::latest(db, guild, event)).await
    }

    async fn take_back_telling(
        &self,
        guild: GuildId,
        event: EventId,
        first: DeliveryId,
        at: Timestamp,
    ) -> Stored<Option<Telling>> {
        self.write(move |tx| telling::take_back(tx.db, guild, event, first, at)).await
    }

    async fn event_as_of(&self, guild: GuildId, seen: SeenEvent) -> Stored<Option<Event>> {
        self.read(move |db| change::as_of(db, guild, seen)).await
    }

    async fn roster_page(
        &self,
        guild: GuildId,
        event: EventId,
        part: RosterPart,
        window: Window,
    ) -> Stored<Option<Page<RosterLine>>> {
        self.read(move |db| roster_lines::page(db, guild, event, part, window)).await
    }

    async fn signup_of(
        &self,
        guild: GuildId,
        event: EventId,
        member: UserId,
    ) -> Stored<Option<RosterLine>> {
        self.read(move |db| roster_lines::line_of(db, (guild, event), member)).await
    }

    async fn history(
        &self,
        guild: GuildId,
        event: EventId,
        window: Window,
    ) -> Stored<Option<Page<HistoryLine>>> {
        self.read(move |db| history::page(db, guild, event, window)).await
    }

    async fn list(
        &self,
        guild: GuildId,
        listing: Listing,
        words: &str,
        window: Window,
    ) -> Stored<Page<Posted>> {
        let words = words.to_lowercase();
        self.read(move |db| list::list(db, guild, listing, &words, window)).await
    }

    async fn between(
        &self,
        guild: GuildId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Stored<Vec<Posted>> {
        self.read(move |db| list::between(db, guild, from..to, limit)).await
    }

    async fn answers_of(
        &self,
        guild: GuildId,
        member: UserId,
        now: Timestamp,
        window: Window,
    ) -> Stored<Page<(Posted, Signup)>> {
        self.read(move |db| list::answers_of(db, guild, member, now, window)).await
    }

    async fn attendance(
        &self,
        guild: GuildId,
        member: UserId,
        past: Range<Timestamp>,
        window: Window,
    ) -> Stored<Attendance> {
        self.read(move |db| attendance::attendance(db, (guild, member), &past, window)).await
    }
}
