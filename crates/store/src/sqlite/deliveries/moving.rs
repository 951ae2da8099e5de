//! Posts an event again elsewhere, or further down; the message before it goes when it was sent.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::DeliveryId;
use muster_domain::limits::UNDO_WITHIN;
use rusqlite::{Connection, OptionalExtension, params};

use super::posts::hasten;
use super::{insert, skip};
use crate::model::{Cause, Deed, MoveRequest, Moving};
use crate::port::Stored;
use crate::sqlite::columns::{Column, only, whole_ms};
use crate::sqlite::events::{deed_log, delivery_of, event_row};

/// Has an event posted again, once per interaction. While it is under way to the same channel it is
/// the same delivery, which waits no longer; one that waits to go elsewhere does not go there.
pub(super) fn move_post(db: &Connection, request: MoveRequest) -> Stored<Moving> {
    const REPEATED: &str = "
        SELECT id FROM delivery WHERE event = ?1 AND kind = 'post' AND interaction = ?2";
    const UNDER_WAY: &str = "
        SELECT EXISTS (
          SELECT 1 FROM delivery WHERE id = ?1 AND ended_at IS NULL AND lane = ?2)";
    let MoveRequest { guild, event, channel, takes_back, by, interaction, at } = request;
    let found = event_row::read(db, event)?;
    let Some(event) = found.filter(|e| e.guild == guild && e.deleted_at.is_none()) else {
        return Ok(Moving::NoSuchEvent);
    };
    let params = params![Column(event.id), Column(interaction)];
    if let Some(repeated) = db.prepare_cached(REPEATED)?.query_row(params, only).optional()? {
        return Ok(Moving::Repeated(repeated));
    }
    let latest = delivery_of(db, event.id)?;
    if let Some(taken_back) = takes_back
        && let Some(refused) = cannot_take_back(db, &event, taken_back, latest, at)?
    {
        return Ok(refused);
    }
    let params = params![Column(latest), Column(channel)];
    let at = whole_ms(at);
    if db.prepare_cached(UNDER_WAY)?.query_row(params, only)? {
        hasten(db, event.id, at)?;
        return Ok(Moving::Begun(latest));
    }
    skip::skip_waiting_posts(db, event.id, at)?;
    deed_log::record(db, &event, Deed::Reposted(channel), Cause { by, at })?;
    insert::post_in(db, &event, channel, Some(interaction), at).map(Moving::Begun)
}

/// Why a move can no longer be taken back, if so.
fn cannot_take_back(
    db: &Connection,
    event: &Event,
    taken_back: DeliveryId,
    latest: DeliveryId,
    at: Timestamp,
) -> Stored<Option<Moving>> {
    const MADE: &str = "SELECT due_at FROM delivery WHERE id = ?1";
    if taken_back != latest {
        // Where no organiser did it, the bot did for the host, as the event came back.
        let by = deed_log::who_reposted(db, event.id)?.unwrap_or(event.host);
        return Ok(Some(Moving::MovedSince(by)));
    }
    let made: Timestamp = db.prepare_cached(MADE)?.query_row([Column(latest)], only)?;
    Ok((at.duration_since(made) > UNDO_WITHIN).then_some(Moving::TooLate))
}
