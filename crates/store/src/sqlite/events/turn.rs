//! Events whose time has come: they look otherwise from now on, offers lapse, and too few may be
//! coming.

use jiff::Timestamp;
use muster_domain::event::Phase;
use muster_domain::id::EventId;
use muster_domain::notice::tell_too_few;
use rusqlite::{Connection, params};

use super::{event_row, ids, moves};
use crate::port::Stored;
use crate::sqlite::columns::Column;
use crate::sqlite::deliveries::insert::{self, About};
use crate::sqlite::rosters::Held;
use crate::sqlite::writer::Tx;

/// Turns events, at most `limit`; returns how many.
pub(in crate::sqlite) fn turn_events(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: usize,
) -> Stored<usize> {
    const SQL: &str = "
        SELECT id FROM event WHERE next_turn_at IS NOT NULL AND next_turn_at <= ?1
        ORDER BY next_turn_at, id LIMIT ?2";
    let due = ids(tx.db, SQL, params![Column(now), Column(limit)])?;
    let turned = due.len();
    for id in due {
        let was_at_hand = tx.rosters.has(id);
        if let Some(held) = tx.rosters.open(tx.db, id)? {
            turn(tx.db, held, now)?;
        }
        if !was_at_hand {
            // Many turn together after a time away, and few of them are answered soon.
            tx.rosters.forget(id);
        }
    }
    Ok(turned)
}

fn turn(db: &Connection, held: &mut Held, now: Timestamp) -> Stored<()> {
    moves::next_version(db, held, now)?;
    if matches!(held.event.phase(now), Phase::Open | Phase::Closed | Phase::Running) {
        lapse(db, held, now)?;
    }
    ask_whether_enough(db, held, now)?;
    event_row::set_next_turn(db, held.event.id, moves::next_turn(held, now))
}

/// Ends offers that nobody accepted, and offers or gives their places to the next. Nobody did it:
/// the history has it by the event's organiser.
fn lapse(db: &Connection, held: &mut Held, now: Timestamp) -> Stored<()> {
    held.roster.offer_for(held.event.seating_at(now).offer);
    let moved = held.roster.lapse(now);
    moves::moved(db, held, &moved, (held.event.host, now))
}

/// Asks the organiser once, if too few are coming when that is to be looked at.
fn ask_whether_enough(db: &Connection, held: &mut Held, now: Timestamp) -> Stored<()> {
    if held.event.minimum_due().is_none_or(|due| due > now) {
        return Ok(());
    }
    if held.event.lacks_people(held.roster.seated(), now) {
        for notice in tell_too_few(held.event.host, now) {
            let event = &held.event;
            let about = About { event, known_version: event.version, words: None };
            insert::notice(db, about, &notice)?;
        }
    }
    let id: EventId = held.event.id;
    held.event.minimum_asked_at = Some(now);
    event_row::set_minimum_asked(db, id, now)
}
