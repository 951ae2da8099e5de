//! Lists of a guild's events, in parts.

use std::ops::Range;

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, UserId};
use muster_domain::limits::DURATION_MAX;
use muster_domain::roster::Signup;
use rusqlite::{Connection, Params, params};

use super::post_row::posted;
use super::signup_row::rest_of_signup;
use crate::model::{Listing, Page, Posted, Window};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};

/// Part of a guild's events; `words` in small letters.
pub(super) fn list(
    db: &Connection,
    guild: GuildId,
    listing: Listing,
    words: &str,
    window: Window,
) -> Stored<Page<Posted>> {
    match listing {
        Listing::Upcoming(now) => upcoming(db, guild, now, words, window),
        Listing::CalledOffSince(since) => called_off(db, guild, since, words, window),
        Listing::Nearest(now) => nearest(db, guild, now, words, window),
    }
}

fn upcoming(
    db: &Connection,
    guild: GuildId,
    now: Timestamp,
    words: &str,
    window: Window,
) -> Stored<Page<Posted>> {
    // No event lasts longer than `DURATION_MAX`, so the index of starts finds those not over.
    const COUNT: &str = "
        SELECT count(*) FROM event
        WHERE guild = ?1 AND starts_at > ?2 AND ends_at > ?3 AND deleted_at IS NULL
          AND cancelled_at IS NULL AND instr(title_folded, ?4) > 0";
    const ROWS: &str = "
        SELECT id FROM event
        WHERE guild = ?1 AND starts_at > ?2 AND ends_at > ?3 AND deleted_at IS NULL
          AND cancelled_at IS NULL AND instr(title_folded, ?4) > 0
        ORDER BY title_folded <> ?4, starts_at, id LIMIT ?5 OFFSET ?6";
    let (guild, begun, now) = (Column(guild), Column(earliest_start(now)), Column(now));
    let total = count(db, COUNT, params![guild, begun, now, words])?;
    let (limit, skip) = (Column(window.limit), Column(window.skip));
    let ids = ids(db, ROWS, params![guild, begun, now, words, limit, skip])?;
    Ok(Page { rows: all_posted(db, ids)?, total })
}

fn called_off(
    db: &Connection,
    guild: GuildId,
    since: Timestamp,
    words: &str,
    window: Window,
) -> Stored<Page<Posted>> {
    // What was taken back with its date has no place in its series any more, which makes that date
    // anew when it takes place after all.
    const COUNT: &str = "
        SELECT count(*) FROM event
        WHERE guild = ?1 AND (deleted_at IS NOT NULL OR cancelled_at IS NOT NULL)
          AND max(coalesce(deleted_at, cancelled_at), created_at) > ?2
          AND (series IS NULL OR occurrence IS NOT NULL) AND instr(title_folded, ?3) > 0";
    const ROWS: &str = "
        SELECT id FROM event
        WHERE guild = ?1 AND (deleted_at IS NOT NULL OR cancelled_at IS NOT NULL)
          AND max(coalesce(deleted_at, cancelled_at), created_at) > ?2
          AND (series IS NULL OR occurrence IS NOT NULL) AND instr(title_folded, ?3) > 0
        ORDER BY title_folded <> ?3, max(coalesce(deleted_at, cancelled_at), created_at) DESC,
          id DESC
        LIMIT ?4 OFFSET ?5";
    let total = count(db, COUNT, params![Column(guild), Column(since), words])?;
    let (limit, skip) = (Column(window.limit), Column(window.skip));
    let ids = ids(db, ROWS, params![Column(guild), Column(since), words, limit, skip])?;
    Ok(Page { rows: all_posted(db, ids)?, total })
}

fn nearest(
    db: &Connection,
    guild: GuildId,
    now: Timestamp,
    words: &str,
    window: Window,
) -> Stored<Page<Posted>> {
    const COUNT: &str = "
        SELECT count(*) FROM event
        WHERE guild = ?1 AND deleted_at IS NULL AND instr(title_folded, ?2) > 0";
    const ROWS: &str = "
        SELECT id FROM event
        WHERE guild = ?1 AND deleted_at IS NULL AND instr(title_folded, ?2) > 0
        ORDER BY title_folded <> ?2, abs(starts_at - ?3), id LIMIT ?4 OFFSET ?5";
    let total = count(db, COUNT, params![Column(guild), words])?;
    let (limit, skip) = (Column(window.limit), Column(window.skip));
    let ids = ids(db, ROWS, params![Column(guild), words, Column(now), limit, skip])?;
    Ok(Page { rows: all_posted(db, ids)?, total })
}

/// A guild's events that are not cancelled and begin within `starts`, soonest first.
pub(super) fn between(
    db: &Connection,
    guild: GuildId,
    starts: Range<Timestamp>,
    limit: usize,
) -> Stored<Vec<Posted>> {
    const SQL: &str = "
        SELECT id FROM event
        WHERE guild = ?1 AND starts_at >= ?2 AND starts_at < ?3
          AND cancelled_at IS NULL AND deleted_at IS NULL
        ORDER BY starts_at, id LIMIT ?4";
    let (from, to) = (Column(starts.start), Column(starts.end));
    all_posted(db, ids(db, SQL, params![Column(guild), from, to, Column(limit)])?)
}

/// What a member answered to a guild's events that are neither over nor cancelled.
pub(super) fn answers_of(
    db: &Connection,
    guild: GuildId,
    member: UserId,
    now: Timestamp,
    window: Window,
) -> Stored<Page<(Posted, Signup)>> {
    const COUNT: &str = "
        SELECT count(*) FROM event e
        JOIN signup s ON s.event = e.id AND s.member = ?4 AND s.option IS NOT NULL
        WHERE e.guild = ?1 AND e.starts_at > ?2 AND e.ends_at > ?3
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL";
    const ROWS: &str = "
        SELECT e.id, s.option, s.place, s.offer_until, s.guests, s.priority, s.sequence
        FROM event e
        JOIN signup s ON s.event = e.id AND s.member = ?4 AND s.option IS NOT NULL
        WHERE e.guild = ?1 AND e.starts_at > ?2 AND e.ends_at > ?3
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL
        ORDER BY e.starts_at, e.id LIMIT ?5 OFFSET ?6";
    let (guild, begun, now) = (Column(guild), Column(earliest_start(now)), Column(now));
    let (member, limit, skip) = (Column(member), Column(window.limit), Column(window.skip));
    let total = count(db, COUNT, params![guild, begun, now, member])?;
    let mut statement = db.prepare_cached(ROWS)?;
    let mut found = statement.query(params![guild, begun, now, member, limit, skip])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        let (event, option) = (columns.take()?, columns.take()?);
        let signup = rest_of_signup(option, &mut columns)?;
        rows.extend(posted(db, event)?.map(|posted| (posted, signup)));
    }
    Ok(Page { rows, total })
}

/// Every event that is not over at `now` begins after this.
fn earliest_start(now: Timestamp) -> Timestamp {
    now.saturating_sub(DURATION_MAX).unwrap_or(Timestamp::MIN)
}

/// The events with these numbers, in this order.
pub(in crate::sqlite) fn all_posted(db: &Connection, ids: Vec<EventId>) -> Stored<Vec<Posted>> {
    ids.into_iter().filter_map(|id| posted(db, id).transpose()).collect()
}

/// The numbers of the events that a query finds.
pub(in crate::sqlite) fn ids(
    db: &Connection,
    sql: &str,
    params: impl Params,
) -> Stored<Vec<EventId>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn count(db: &Connection, sql: &str, params: impl Params) -> Stored<usize> {
    Ok(db.prepare_cached(sql)?.query_row(params, only)?)
}
