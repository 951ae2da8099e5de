//! Puts right what a clock that was ahead brought about: events that it took for over or begun are
//! as they are, and what it planned for its own time waits no longer.

use jiff::{SignedDuration, Timestamp};
use muster_domain::event::Phase;
use muster_domain::id::EventId;
use muster_domain::zone::Zone;
use rusqlite::{Connection, params};

use super::{event_row, ids, moves, remind};
use crate::port::Stored;
use crate::sqlite::columns::{Column, only};
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::set_aside::{DueRow, apart};
use crate::sqlite::writer::Tx;
use crate::sqlite::{chores, deliveries, grants, series};

/// How long an event has been over that is left as it is: its post refuses answers in any case.
const OVER_FOR: SignedDuration = SignedDuration::from_hours(48);

/// Mends, at most `limit` events; nothing is tried again later than `latest`. Returns how much
/// there was to mend.
pub(in crate::sqlite) fn mend_times(
    tx: &mut Tx<'_>,
    now: Timestamp,
    latest: Timestamp,
    limit: usize,
    default_zone: Option<&Zone>,
) -> Stored<usize> {
    const SQL: &str = "
        SELECT id FROM event WHERE ends_at > ?1 AND looked_at > ?2 ORDER BY ends_at LIMIT ?3";
    let deliveries = deliveries::wait_no_longer(tx.db, now, latest)?;
    let grants = grants::wait_no_longer(tx.db, latest)?;
    let chores = chores::wait_no_longer(tx.db, latest)?;
    let since = now.saturating_sub(OVER_FOR).unwrap_or(Timestamp::MIN);
    let ahead = ids(tx.db, SQL, params![Column(since), Column(now), Column(limit)])?;
    let series = series::mend(tx, now)?;
    let mended =
        ahead.len().saturating_add(deliveries).saturating_add(grants).saturating_add(chores);
    let nudges = series::nudge::mend_nudges(tx, now, default_zone)?;
    let mended = mended.saturating_add(series).saturating_add(nudges);
    for id in ahead {
        let was_at_hand = tx.rosters.has(id);
        let mended = apart(tx, DueRow::Event(id), now, |tx| {
            let Some(loaded) = tx.rosters.open(tx.db, id)? else { return Ok(()) };
            mend(tx.db, loaded, now)
        })?;
        if mended.is_none() {
            // It is not to be mended again and again.
            event_row::look_again(tx.db, id, now)?;
        }
        if !was_at_hand {
            tx.rosters.forget(id);
        }
    }
    Ok(mended)
}

fn mend(db: &Connection, loaded: &mut LoadedEvent, now: Timestamp) -> Stored<()> {
    let id = loaded.event.id;
    // Nobody has longer to accept a place than the event gives.
    let time = loaded.event.rules.offer.unwrap_or_default();
    moves::shorten_offers(db, loaded, now.saturating_add(time).unwrap_or(Timestamp::MAX))?;
    // Whatever its post shows was drawn by one clock or the other. One that is deleted shows
    // nothing, and may have been missed by a clock that was ahead, which its version tells.
    if loaded.event.deleted_at.is_none() {
        moves::next_version(db, loaded, now)?;
    }
    if matches!(loaded.event.phase(now), Phase::Open | Phase::Closed | Phase::Running) {
        deliveries::post_what_was_skipped(db, &loaded.event, now)?;
    }
    if loaded.event.options.iter().any(|option| option.granted.is_some()) {
        grants::follow(db, id)?;
    }
    ask_again_whether_enough(db, loaded, now)?;
    // What was left out ahead of its time and is due by now can still be worth sending.
    let missed = remind::no_longer_ahead(db, id, now)?;
    let before = missed.and_then(|due| due.checked_sub(SignedDuration::from_millis(1)).ok());
    event_row::look_again(db, id, before.map_or(now, |before| before.min(now)))?;
    event_row::set_next_turn(db, id, moves::next_turn(db, loaded, now)?)
}

/// Has it looked at again whether enough are coming, if that was done ahead of its time and nobody
/// was asked.
fn ask_again_whether_enough(
    db: &Connection,
    loaded: &mut LoadedEvent,
    now: Timestamp,
) -> Stored<()> {
    let ahead = loaded.event.minimum_asked_at.is_some_and(|at| at > now);
    if ahead && !was_asked(db, loaded.event.id)? {
        loaded.event.minimum_asked_at = None;
        event_row::forget_minimum_asked(db, loaded.event.id)?;
    }
    Ok(())
}

fn was_asked(db: &Connection, event: EventId) -> Stored<bool> {
    const SQL: &str = "
        SELECT EXISTS (
          SELECT 1 FROM delivery
          WHERE event = ?1 AND news = 'too_few' AND outcome IS NOT 'skipped')";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], only)?)
}
