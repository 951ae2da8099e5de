//! An organiser's change of an event: rows, history, who moves, and who is told.

use muster_domain::change::EventChange;
use muster_domain::event::Event;
use muster_domain::roster::{Place, Reseated};
use rusqlite::Connection;

use super::signup_row::Way;
use super::{event_row, log, news, post_row, tap};
use crate::model::{ChangeRequest, Changed, Posted};
use crate::port::Stored;
use crate::sqlite::columns::whole_ms;
use crate::sqlite::deliveries;
use crate::sqlite::rosters::Held;
use crate::sqlite::writer::Tx;

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
    match held.event.change(&request.change, request.at) {
        Err(refusal) => Ok(Changed::Refused(refusal, Box::new(posted(db, held)?))),
        Ok(after) => make(db, held, after, &request),
    }
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
    let entry = log::Entry { change: log::word(&request.change), by, at };
    log::record(db, &held.event, &entry)?;
    let reseated = reseat(db, held, request)?;
    if held.event.deleted_at.is_some() {
        deliveries::skip_unsent(db, id, at)?;
    } else {
        news::tell(db, &before.event, held, at)?;
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
