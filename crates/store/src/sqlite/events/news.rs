//! Tells members of a change, and takes back older news that nobody has heard yet, so that an
//! organiser's second thoughts disturb nobody.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{DeliveryId, EventId, UserId};
use muster_domain::notice::{Notice, news_of, tell_answered, tell_directly, who_is_told};
use rusqlite::{Connection, OptionalExtension, params};

use super::log;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};
use crate::sqlite::deliveries;
use crate::sqlite::deliveries::insert::{self, About};
use crate::sqlite::rosters::LoadedEvent;

/// Has those who answered told what is different from what they know, if the change from `before`
/// is news at all.
pub(super) fn tell(
    db: &Connection,
    before: &Event,
    loaded: &LoadedEvent,
    at: Timestamp,
) -> Stored<()> {
    let after = &loaded.event;
    if news_of(before, after, at).is_none() {
        return Ok(());
    }
    let known = known_version(db, before, at)?;
    deliveries::skip_unsent_news(db, after.id, at)?;
    let heard = log::as_of(db, before, known)?.unwrap_or_else(|| before.clone());
    let Some(news) = news_of(&heard, after, at) else {
        return Ok(());
    };
    let about = About { known_version: known, ..About::event(after) };
    let members = who_is_told(after, &loaded.roster);
    all(db, loaded, about, &tell_answered(news, after, &loaded.roster, at), &members)?;
    Ok(())
}

/// Has notices told where all see them, and once more by direct message to those of the members who
/// want that. Returns the first delivery, if there is any.
pub(super) fn all(
    db: &Connection,
    loaded: &LoadedEvent,
    about: About<'_>,
    notices: &[Notice],
    members: &[UserId],
) -> Stored<Option<DeliveryId>> {
    let Some(first) = notices.first() else { return Ok(None) };
    let mut deliveries = Vec::with_capacity(notices.len());
    for notice in notices {
        deliveries.push(insert::notice(db, about, notice)?);
    }
    let wants = |member| loaded.details.get(&member).is_some_and(|details| details.direct);
    for direct in tell_directly(first.news, members, wants, first.due) {
        insert::direct(db, about, &direct)?;
    }
    Ok(deliveries.first().copied())
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
