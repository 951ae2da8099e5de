//! What one member answered to a guild's events.

use std::ops::Range;

use jiff::Timestamp;
use muster_domain::id::{GuildId, UserId};
use muster_domain::roster::Signup;
use rusqlite::{Connection, params};

use super::post_row::posted;
use super::signup_row::rest_of_signup;
use crate::model::{Attendance, AttendanceCounts, Page, Posted, Window};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};

/// In numbers, of events that began in `past`, and one by one, those that come after it as well.
pub(super) fn attendance(
    db: &Connection,
    whom: (GuildId, UserId),
    past: &Range<Timestamp>,
    window: Window,
) -> Stored<Attendance> {
    Ok(Attendance {
        begun: counts(db, whom, past)?,
        answers: answers(db, whom, past.start, window)?,
    })
}

fn counts(
    db: &Connection,
    (guild, member): (GuildId, UserId),
    past: &Range<Timestamp>,
) -> Stored<AttendanceCounts> {
    const SQL: &str = "
        SELECT count(*),
          count(*) FILTER (WHERE o.coming AND s.place = 0),
          count(*) FILTER (WHERE o.coming AND s.place <> 0),
          count(*) FILTER (WHERE NOT o.coming AND o.told),
          count(*) FILTER (WHERE NOT o.coming AND NOT o.told),
          count(*) FILTER (WHERE o.coming AND s.place = 0 AND p.state = 'absent')
        FROM event e
        LEFT JOIN signup s ON s.event = e.id AND s.member = ?2 AND s.option IS NOT NULL
        LEFT JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
        LEFT JOIN presence p ON p.event = e.id AND p.member = ?2
        WHERE e.guild = ?1 AND e.starts_at >= ?3 AND e.starts_at < ?4
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL";
    let (from, to) = (Column(past.start), Column(past.end));
    let params = params![Column(guild), Column(member), from, to];
    Ok(db.prepare_cached(SQL)?.query_row(params, |row| {
        let mut columns = Columns::of(row);
        Ok(AttendanceCounts {
            events: columns.take()?,
            coming: columns.take()?,
            waiting: columns.take()?,
            maybe: columns.take()?,
            not_coming: columns.take()?,
            absent: columns.take()?,
        })
    })?)
}

fn answers(
    db: &Connection,
    (guild, member): (GuildId, UserId),
    since: Timestamp,
    window: Window,
) -> Stored<Page<(Posted, Signup)>> {
    const COUNT: &str = "
        SELECT count(*) FROM event e
        JOIN signup s ON s.event = e.id AND s.member = ?2 AND s.option IS NOT NULL
        WHERE e.guild = ?1 AND e.starts_at >= ?3
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL";
    const ROWS: &str = "
        SELECT e.id, s.option, s.place, s.offer_until, s.guests, s.priority, s.sequence
        FROM event e
        JOIN signup s ON s.event = e.id AND s.member = ?2 AND s.option IS NOT NULL
        WHERE e.guild = ?1 AND e.starts_at >= ?3
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL
        ORDER BY e.starts_at DESC, e.id DESC LIMIT ?4 OFFSET ?5";
    let (guild, member, since) = (Column(guild), Column(member), Column(since));
    let total = db.prepare_cached(COUNT)?.query_row(params![guild, member, since], only)?;
    let (limit, skip) = (Column(window.limit), Column(window.skip));
    let mut statement = db.prepare_cached(ROWS)?;
    let mut found = statement.query(params![guild, member, since, limit, skip])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        let (event, option) = (columns.take()?, columns.take()?);
        let signup = rest_of_signup(option, &mut columns)?;
        rows.extend(posted(db, event)?.map(|posted| (posted, signup)));
    }
    Ok(Page { rows, total })
}
