//! Members in reports: how often each came, who was seen lately, who has not answered.

use std::ops::Range;

use jiff::Timestamp;
use muster_domain::id::{GuildId, UserId};
use rusqlite::{Connection, params};

use super::all_of;
use crate::model::{MemberTally, NamesOf, Page};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};

/// The events of a guild that begin within some time, as seen at an instant.
pub(super) struct Within {
    pub(super) guild: GuildId,
    pub(super) time: Range<Timestamp>,
    pub(super) now: Timestamp,
}

/// The time before a report of which who came counts as seen.
pub(super) struct Before {
    guild: GuildId,
    time: Range<Timestamp>,
}

/// From then until the report begins.
pub(super) fn came_since(guild: GuildId, since: Timestamp, report: &Range<Timestamp>) -> Before {
    Before { guild, time: since..report.start }
}

pub(super) const fn all(names: NamesOf) -> bool {
    match names {
        NamesOf::AllEvents => true,
        NamesOf::OpenEvents => false,
    }
}

/// How often each member came, most often first. Whoever was erased has no name to be listed
/// under.
pub(super) fn tallies(
    db: &Connection,
    within: &Within,
    names: NamesOf,
    limit: usize,
) -> Stored<Vec<MemberTally>> {
    const SQL: &str = "
        SELECT s.member, count(*),
          count(*) FILTER (WHERE o.coming AND s.place = 0) AS coming,
          count(*) FILTER (
            WHERE e.starts_at <= ?4 AND iif(o.coming AND s.place = 0,
              p.state IS NOT 'absent', p.state IS 'present'))
            AS came,
          count(*) FILTER (WHERE p.state = 'present'),
          count(*) FILTER (WHERE o.coming AND s.place = 0 AND p.state = 'absent') AS absent
        FROM event e
        JOIN event_rules r ON r.event = e.id AND r.version = e.rules_version
        JOIN signup s ON s.event = e.id AND s.option IS NOT NULL
        JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
        LEFT JOIN presence p ON p.event = e.id AND p.member = s.member
        WHERE e.guild = ?1 AND e.starts_at >= ?2 AND e.starts_at < ?3
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL
          AND s.member < ?5 AND (?6 OR r.names_hidden = 0)
        GROUP BY s.member ORDER BY came DESC, absent, coming DESC, s.member LIMIT ?7";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(
        params![
            Column(within.guild),
            Column(within.time.start),
            Column(within.time.end),
            Column(within.now),
            Column(UserId::ERASED_FROM),
            all(names),
            Column(limit),
        ],
        |row| {
            let mut columns = Columns::of(row);
            Ok(MemberTally {
                member: columns.take()?,
                answered: columns.take()?,
                coming: columns.take()?,
                came: columns.take()?,
                present: columns.take()?,
                absent: columns.take()?,
            })
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many members came before the report or answered within it.
pub(super) fn seen(db: &Connection, before: &Before, time: &Range<Timestamp>) -> Stored<usize> {
    const SQL: &str = "
        SELECT count(*) FROM (
          SELECT s.member FROM event e
          JOIN signup s ON s.event = e.id AND s.place = 0 AND s.option IS NOT NULL
          JOIN event_option o
            ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
            AND o.coming = 1
          WHERE e.guild = ?1 AND e.starts_at >= ?2 AND e.starts_at < ?3
            AND e.cancelled_at IS NULL AND e.deleted_at IS NULL
          UNION
          SELECT s.member FROM event e
          JOIN signup s ON s.event = e.id AND s.option IS NOT NULL
          WHERE e.guild = ?1 AND e.starts_at >= ?4 AND e.starts_at < ?5
            AND e.cancelled_at IS NULL AND e.deleted_at IS NULL)";
    let Before { guild, time: earlier } = before;
    let params = params![
        Column(*guild),
        Column(earlier.start),
        Column(earlier.end),
        Column(time.start),
        Column(time.end),
    ];
    Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
}

/// Those who came before the report and answered nothing within it, those who came last first.
pub(super) fn unanswered(
    db: &Connection,
    before: &Before,
    time: &Range<Timestamp>,
    limit: usize,
) -> Stored<Page<UserId>> {
    const SQL: &str = "
        WITH answered AS MATERIALIZED (
          SELECT DISTINCT s.member FROM event e
          JOIN signup s ON s.event = e.id AND s.option IS NOT NULL
          WHERE e.guild = ?1 AND e.starts_at >= ?4 AND e.starts_at < ?5
            AND e.cancelled_at IS NULL AND e.deleted_at IS NULL)
        SELECT s.member, count(*) OVER () FROM event e
        JOIN signup s ON s.event = e.id AND s.place = 0 AND s.option IS NOT NULL
        JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option AND o.coming = 1
        WHERE e.guild = ?1 AND e.starts_at >= ?2 AND e.starts_at < ?3
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL AND s.member < ?6
          AND s.member NOT IN (SELECT member FROM answered)
        GROUP BY s.member ORDER BY max(e.starts_at) DESC, s.member LIMIT ?7";
    let Before { guild, time: earlier } = before;
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query(params![
        Column(*guild),
        Column(earlier.start),
        Column(earlier.end),
        Column(time.start),
        Column(time.end),
        Column(UserId::ERASED_FROM),
        Column(limit),
    ])?;
    all_of(found)
}
