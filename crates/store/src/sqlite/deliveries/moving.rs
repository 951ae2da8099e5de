//! Posts an event again elsewhere, or further down; the message before it goes when it was sent.

use rusqlite::{Connection, params};

use super::posts::hasten;
use super::{insert, skip};
use crate::model::{Deed, MoveRequest, Moving};
use crate::port::Stored;
use crate::sqlite::columns::{Column, only, whole_ms};
use crate::sqlite::events::{deed_log, delivery_of, event_row};

/// Has an event posted again, once per interaction. While it is under way to the same channel it is
/// the same delivery, which waits no longer; one that waits to go elsewhere does not go there.
pub(super) fn move_post(db: &Connection, request: MoveRequest) -> Stored<Moving> {
    const REPEATED: &str = "
        SELECT EXISTS (
          SELECT 1 FROM delivery WHERE event = ?1 AND kind = 'post' AND interaction = ?2)";
    const UNDER_WAY: &str = "
        SELECT EXISTS (
          SELECT 1 FROM delivery WHERE id = ?1 AND ended_at IS NULL AND lane = ?2)";
    let MoveRequest { guild, event, channel, by, interaction, at } = request;
    let found = event_row::read(db, event)?;
    let Some(event) = found.filter(|e| e.guild == guild && e.deleted_at.is_none()) else {
        return Ok(Moving::NoSuchEvent);
    };
    let params = params![Column(event.id), Column(interaction)];
    if db.prepare_cached(REPEATED)?.query_row(params, only)? {
        return Ok(Moving::Repeated);
    }
    let latest = delivery_of(db, event.id)?;
    let params = params![Column(latest), Column(channel)];
    let at = whole_ms(at);
    if db.prepare_cached(UNDER_WAY)?.query_row(params, only)? {
        hasten(db, event.id, at)?;
        return Ok(Moving::Begun(latest));
    }
    skip::skip_waiting_posts(db, event.id, at)?;
    deed_log::record(db, &event, Deed::Reposted(channel), (by, at))?;
    insert::post_in(db, &event, (channel, Some(interaction)), at).map(Moving::Begun)
}
