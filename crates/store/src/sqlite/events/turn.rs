//! Events whose time has come: they look otherwise from now on, offers lapse, and too few may be
//! coming.

use jiff::Timestamp;
use muster_domain::event::Phase;
use muster_domain::id::EventId;
use muster_domain::notice::tell_too_few;
use rusqlite::{Connection, params};

use super::{event_row, ids, moves, remind};
use crate::model::Cause;
use crate::port::Stored;
use crate::sqlite::chores;
use crate::sqlite::columns::{Column, only};
use crate::sqlite::deliveries::insert::{self, About};
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::set_aside::{DueRow, apart};
use crate::sqlite::writer::Tx;

/// Turns events, at most `limit`; returns how many. Those of guilds that removed the bot wait for
/// its return.
pub(in crate::sqlite) fn turn_events(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: usize,
) -> Stored<usize> {
    const SQL: &str = "
        SELECT e.id FROM event e WHERE e.next_turn_at IS NOT NULL AND e.next_turn_at <= ?1
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = e.guild AND g.removed_at IS NULL)
        ORDER BY e.next_turn_at, e.id LIMIT ?2";
    let due = ids(tx.db, SQL, params![Column(now), Column(limit)])?;
    let turned = due.len();
    for id in due {
        apart(tx, DueRow::Event(id), now, |tx| turn_one(tx, id, now))?;
    }
    Ok(turned)
}

/// Turns one event if its time has come.
pub(in crate::sqlite) fn turn_if_due(tx: &mut Tx<'_>, id: EventId, now: Timestamp) -> Stored<()> {
    const SQL: &str = "
        SELECT EXISTS (SELECT 1 FROM event WHERE id = ?1 AND next_turn_at <= ?2)";
    let params = params![Column(id), Column(now)];
    if tx.db.prepare_cached(SQL)?.query_row(params, only)? {
        turn_one(tx, id, now)?;
    }
    Ok(())
}

fn turn_one(tx: &mut Tx<'_>, id: EventId, now: Timestamp) -> Stored<()> {
    let was_at_hand = tx.rosters.has(id);
    if let Some(loaded) = tx.rosters.open(tx.db, id)? {
        turn(tx.db, loaded, now)?;
    }
    if !was_at_hand {
        // Many turn together after a time away, and few of them are answered soon.
        tx.rosters.forget(id);
    }
    Ok(())
}

fn turn(db: &Connection, loaded: &mut LoadedEvent, now: Timestamp) -> Stored<()> {
    let looked_at = event_row::looked_at(db, loaded.event.id)?;
    moves::end_offers_in_time(db, loaded, now)?;
    let looks_otherwise = loaded.event.phase(looked_at) != loaded.event.phase(now);
    let lapses = loaded.roster.next_lapse().is_some_and(|lapse| lapse <= now);
    if looks_otherwise || lapses {
        moves::next_version(db, loaded, now)?;
    }
    remind::due(db, loaded, looked_at, now)?;
    if looked_at < loaded.event.details.span.end() && loaded.event.details.span.end() <= now {
        chores::plan_clean_up(db, &loaded.event)?;
    }
    event_row::set_looked_at(db, loaded.event.id, now)?;
    if matches!(loaded.event.phase(now), Phase::Open | Phase::Closed | Phase::Running) {
        lapse(db, loaded, now)?;
    }
    ask_whether_enough(db, loaded, now)?;
    event_row::set_next_turn(db, loaded.event.id, moves::next_turn(db, loaded, now)?)
}

/// Ends offers that nobody accepted, and offers or gives their places to the next. In the history
/// that is by whoever let the first of them pass, as with a place that somebody gives up.
fn lapse(db: &Connection, loaded: &mut LoadedEvent, now: Timestamp) -> Stored<()> {
    loaded.roster.offer_for(loaded.event.offer_at(now));
    let moved = loaded.roster.lapse(now);
    let by = moved.passed.first().copied().unwrap_or(loaded.event.host);
    moves::moved(db, loaded, &moved, Cause { by, at: now })
}

/// Asks the organiser once, if too few are coming when that is to be looked at.
fn ask_whether_enough(db: &Connection, loaded: &mut LoadedEvent, now: Timestamp) -> Stored<()> {
    if loaded.event.minimum_due().is_none_or(|due| due > now) {
        return Ok(());
    }
    if loaded.event.lacks_people(loaded.roster.seated(), now) {
        insert::notice(db, About::event(&loaded.event), &tell_too_few(loaded.event.host, now))?;
    }
    let id: EventId = loaded.event.id;
    loaded.event.minimum_asked_at = Some(now);
    event_row::set_minimum_asked(db, id, now)
}
