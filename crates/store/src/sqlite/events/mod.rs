//! Events and the answers to them, in SQLite.

mod change;
mod create;
pub(super) mod event_row;
mod list;
mod log;
mod news;
mod post_row;
pub(super) mod signup_row;
mod tap;
#[cfg(test)]
pub(super) mod tests;

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, UserId};
use muster_domain::roster::Signup;

pub(super) use self::list::{all_posted, ids};
pub(super) use self::post_row::{delivery_of, posted, read_post, set_delivery, set_version};
#[cfg(test)]
pub(super) use self::tap::tap;
use super::SqliteStore;
use super::columns::whole_ms;
use crate::model::{
    ChangeRequest, Changed, Created, EventLine, Listing, NewEvent, Outdated, Page, Posted,
    SeenEvent, Tap, TapAnswer, Window,
};
use crate::port::{Events, Stored};

impl Events for SqliteStore {
    async fn create_event(&self, new: NewEvent, at: Timestamp) -> Stored<Created> {
        self.write(move |tx| create::create(tx.db, new, whole_ms(at))).await
    }

    async fn event(&self, guild: GuildId, event: EventId) -> Stored<Option<Posted>> {
        self.read(move |db| {
            let found = posted(db, event)?;
            Ok(found.filter(|posted| posted.sheet.event.guild == guild))
        })
        .await
    }

    async fn edited_since(&self, guild: GuildId, seen: SeenEvent) -> Stored<Option<Outdated>> {
        self.read(move |db| change::edited_since(db, guild, seen)).await
    }

    async fn change_event(&self, request: ChangeRequest) -> Stored<Changed> {
        self.write(move |tx| change::change(tx, request)).await
    }

    async fn tap(&self, tap: Tap) -> Stored<TapAnswer> {
        self.write_or_busy(move |tx| tap::tap(tx, &tap)).await
    }

    async fn list(
        &self,
        guild: GuildId,
        listing: Listing,
        words: &str,
        window: Window,
    ) -> Stored<Page<EventLine>> {
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
    ) -> Stored<Page<(EventLine, Signup)>> {
        self.read(move |db| list::answers_of(db, guild, member, now, window)).await
    }
}
