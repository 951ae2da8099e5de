//! Tells members of a change, and takes back older news that nobody has heard yet, so that an
//! organiser's second thoughts disturb nobody.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::EventId;
use muster_domain::notice::{news_of, tell_answered};
use rusqlite::{Connection, OptionalExtension, params};

use super::log;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};
use crate::sqlite::deliveries::{self, insert};
use crate::sqlite::rosters::Held;

/// Has those who answered told what is different from what they know, if the change from `before`
/// is news at all.
pub(super) fn tell(db: &Connection, before: &Event, held: &Held, at: Timestamp) -> Stored<()> {
    let after = &held.event;
    if news_of(before, after, at).is_none() {
        return Ok(());
    }
    let known = known_version(db, before, at)?;
    deliveries::skip_unsent_news(db, after.id, at)?;
    let heard = log::as_of(db, before, known)?.unwrap_or_else(|| before.clone());
    let Some(news) = news_of(&heard, after, at) else {
        return Ok(());
    };
    for notice in tell_answered(news, after, &held.roster, at) {
        insert::notice(db, after, &notice, known)?;
    }
    Ok(())
}

/// The version of the event that members know: the one before the latest news, if no part of that
/// has begun to go out yet, else the present one.
fn known_version(db: &Connection, event: &Event, at: Timestamp) -> Stored<u64> {
    let latest = latest_news(db, event.id, at)?;
    Ok(latest.filter(|news| news.is_unheard).map_or(event.version, |news| news.known_version))
}

struct LatestNews {
    known_version: u64,
    is_unheard: bool,
}

fn latest_news(db: &Connection, event: EventId, at: Timestamp) -> Stored<Option<LatestNews>> {
    const SQL: &str = "
        SELECT max(known_version),
          min(ended_at IS NULL AND attempts = 0 AND coalesce(lease_until, 0) <= ?2)
        FROM delivery
        WHERE event = ?1 AND kind = 'notice' AND news IN ('moved', 'cancelled', 'back_on')
        GROUP BY version ORDER BY version DESC LIMIT 1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row(params![Column(event), Column(at)], |row| {
        let mut columns = Columns::of(row);
        Ok(LatestNews { known_version: columns.take()?, is_unheard: columns.take()? })
    });
    Ok(found.optional()?)
}
