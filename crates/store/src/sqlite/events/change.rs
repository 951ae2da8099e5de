//! An organiser's change of an event: rows, history, who moves, and who is told.

use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::Event;
use muster_domain::id::GuildId;
use muster_domain::roster::{Place, Reseated};
use rusqlite::Connection;

use super::signup_row::Way;
use super::{event_row, log, news, post_row, tap};
use crate::model::{ChangeRequest, Changed, Outdated, Posted, SeenEvent};
use crate::port::Stored;
use crate::sqlite::columns::whole_ms;
use crate::sqlite::deliveries;
use crate::sqlite::rosters::Held;
use crate::sqlite::writer::Tx;

/// The version of a new event.
const FIRST_VERSION: u64 = 1;

/// Changes an event, or says why not.
pub(super) fn change(tx: &mut Tx<'_>, mut request: ChangeRequest) -> Stored<Changed> {
    request.at = whole_ms(request.at);
    if let EventChange::Edit(details) = request.change {
        request.change = EventChange::Edit(event_row::as_stored(details)?);
    }
    let db = tx.db;
    let opened = tx.rosters.open(db, request.event)?;
    let Some(held) = opened.filter(|held| held.event.guild == request.guild) else {
        return Ok(Changed::NoSuchEvent);
    };
    if log::is_made(db, request.interaction)? {
        return Ok(Changed::Repeated(Box::new(posted(db, held)?)));
    }
    let changed = held.event.change(&request.change, request.at);
    if let Ok(_) | Err(ChangeRefusal::Nothing | ChangeRefusal::Past) = changed
        && let Some(outdated) = outdated(db, held, &request)?
    {
        return Ok(Changed::Outdated(Box::new(outdated)));
    }
    match changed {
        Err(refusal) => Ok(Changed::Refused(refusal, Box::new(posted(db, held)?))),
        Ok(after) => make(db, held, after, &request),
    }
}

/// What an edit rests on, if the event is no longer like that.
fn outdated(db: &Connection, held: &Held, request: &ChangeRequest) -> Stored<Option<Outdated>> {
    match (&request.change, request.seen) {
        (EventChange::Edit(_), Some(version)) => differs(db, posted(db, held)?, version),
        _ => Ok(None),
    }
}

/// How an event differs from what somebody saw, if it does.
pub(super) fn edited_since(
    db: &Connection,
    guild: GuildId,
    seen: SeenEvent,
) -> Stored<Option<Outdated>> {
    let found = post_row::posted(db, seen.event)?;
    match found.filter(|posted| posted.sheet.event.guild == guild) {
        Some(posted) => differs(db, posted, seen.version),
        None => Ok(None),
    }
}

fn differs(db: &Connection, now: Posted, version: u64) -> Stored<Option<Outdated>> {
    let event = &now.sheet.event;
    let seen = log::details_as_of(db, event.id, version.max(FIRST_VERSION))?;
    let Some(seen) = seen.filter(|seen| *seen != event.details) else {
        return Ok(None);
    };
    let by = log::last_editor(db, event.id)?.unwrap_or(event.host);
    Ok(Some(Outdated { seen, by, now }))
}

fn make(
    db: &Connection,
    held: &mut Held,
    after: Event,
    request: &ChangeRequest,
) -> Stored<Changed> {
    let ChangeRequest { event: id, by, at, .. } = *request;
    let before = held.sheet();
    held.event = after;
    event_row::update(db, &held.event, at)?;
    post_row::set_version(db, id, held.event.version, at)?;
    let interaction = Some(request.interaction);
    let entry = log::Entry { change: log::word(&request.change), by, interaction, at };
    log::record(db, &held.event, &entry)?;
    let reseated = reseat(db, held, request)?;
    if held.event.deleted_at.is_some() {
        deliveries::skip_unsent(db, id, at)?;
    } else {
        news::tell(db, &before.event, held, at)?;
    }
    if before.event.cancelled_at.is_some() && held.event.cancelled_at.is_none() {
        deliveries::post_what_was_skipped(db, &held.event, at)?;
    }
    let now = Box::new(posted(db, held)?);
    Ok(Changed::Made { before: Box::new(before), now, reseated })
}

/// Seats as many as there are places now.
fn reseat(db: &Connection, held: &mut Held, request: &ChangeRequest) -> Stored<Reseated> {
    let capacity = held.event.details.capacity;
    if held.roster.capacity() == capacity {
        return Ok(Reseated::default());
    }
    let reseated = held.roster.set_capacity(capacity);
    let cause = (request.by, request.at);
    tap::promote(db, held, &reseated.promoted, cause)?;
    tap::reseat(db, held, &reseated.unseated, (Place::Waiting, Way::Unseated), cause)?;
    Ok(reseated)
}

fn posted(db: &Connection, held: &Held) -> Stored<Posted> {
    Ok(Posted { sheet: held.sheet(), post: post_row::post_of(db, held.event.id)? })
}
