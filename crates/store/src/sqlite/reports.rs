//! Reports: numbers of many events and members, added up by the database on the thread that reads.

mod members;
mod one;

use std::ops::Range;

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, UserId};
use rusqlite::{Connection, Rows, params};

use self::members::{Within, came_since, seen, tallies, unanswered};
use super::SqliteStore;
use super::columns::{Column, Columns, only};
use crate::model::{
    EventReport, EventTurnout, MemberReport, MemberReportRequest, NamesOf, OptionTotal, Page,
    Report, ReportLimits, ReportRequest, Turnout,
};
use crate::port::{Reports, Stored};

impl Reports for SqliteStore {
    async fn report(&self, request: ReportRequest) -> Stored<Report> {
        self.read(move |db| report(db, &request)).await
    }

    async fn event_report(
        &self,
        guild: GuildId,
        event: EventId,
        seen_since: Timestamp,
        limits: ReportLimits,
    ) -> Stored<Option<EventReport>> {
        self.read(move |db| one::event(db, guild, event, seen_since, limits)).await
    }

    async fn member_report(&self, request: MemberReportRequest) -> Stored<MemberReport> {
        self.read(move |db| one::member(db, &request)).await
    }
}

/// Members, beside each of whom stands how many there are in all.
fn all_of(mut found: Rows<'_>) -> Stored<Page<UserId>> {
    let (mut rows, mut total) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        rows.push(columns.take()?);
        total = columns.take()?;
    }
    Ok(Page { rows, total })
}

fn report(db: &Connection, request: &ReportRequest) -> Stored<Report> {
    let ReportRequest { guild, limits, now, names, .. } = *request;
    let in_time = |time: &Range<Timestamp>| turnout(db, guild, time);
    let within = |time: &Range<Timestamp>| Within { guild, time: time.clone(), now };
    let whole = within(&request.time);
    let before = came_since(guild, request.seen_since, &request.time);
    let consistent = within(&request.consistency);
    Ok(Report {
        seen: seen(db, &before, &request.time)?,
        days: request.days.iter().map(in_time).collect::<Stored<_>>()?,
        weeks: request.weeks.iter().map(in_time).collect::<Stored<_>>()?,
        whole: in_time(&request.time)?,
        events: events(db, guild, &request.time, limits.events)?,
        options: options(db, guild, &request.time, limits.options)?,
        consistent: tallies(db, &consistent, names, limits.consistent)?,
        begun: begun(db, &consistent, names)?,
        members: Page {
            rows: tallies(db, &whole, NamesOf::AllEvents, limits.members)?,
            total: in_time(&request.time)?.answered,
        },
        unanswered: unanswered(db, &before, &request.time, limits.members)?,
    })
}

/// Who took part in the events that begin within some time.
fn turnout(db: &Connection, guild: GuildId, time: &Range<Timestamp>) -> Stored<Turnout> {
    const EVENTS: &str = "
        SELECT count(*) FROM event
        WHERE guild = ?1 AND starts_at >= ?2 AND starts_at < ?3
          AND cancelled_at IS NULL AND deleted_at IS NULL";
    const MEMBERS: &str = "
        SELECT count(*), coalesce(sum(coming), 0), coalesce(sum(present), 0),
          coalesce(sum(absent), 0)
        FROM (
          SELECT max(o.coming AND s.place = 0) AS coming,
            max(p.state IS 'present') AS present,
            max(o.coming AND s.place = 0 AND p.state IS 'absent') AS absent
          FROM event e
          JOIN signup s ON s.event = e.id AND s.option IS NOT NULL
          JOIN event_option o
            ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
          LEFT JOIN presence p ON p.event = e.id AND p.member = s.member
          WHERE e.guild = ?1 AND e.starts_at >= ?2 AND e.starts_at < ?3
            AND e.cancelled_at IS NULL AND e.deleted_at IS NULL
          GROUP BY s.member)";
    let params = params![Column(guild), Column(time.start), Column(time.end)];
    let events = db.prepare_cached(EVENTS)?.query_row(params, only)?;
    if events == 0 {
        return Ok(Turnout::default());
    }
    Ok(db.prepare_cached(MEMBERS)?.query_row(params, |row| {
        let mut columns = Columns::of(row);
        Ok(Turnout {
            events,
            answered: columns.take()?,
            coming: columns.take()?,
            present: columns.take()?,
            absent: columns.take()?,
        })
    })?)
}

fn events(
    db: &Connection,
    guild: GuildId,
    time: &Range<Timestamp>,
    limit: usize,
) -> Stored<Page<EventTurnout>> {
    const COUNT: &str = "
        SELECT count(*) FROM event
        WHERE guild = ?1 AND starts_at >= ?2 AND starts_at < ?3
          AND cancelled_at IS NULL AND deleted_at IS NULL";
    const ROWS: &str = "
        SELECT e.id, e.title, e.starts_at, count(s.member),
          count(*) FILTER (WHERE o.coming AND s.place = 0),
          count(*) FILTER (WHERE p.state = 'present'),
          count(*) FILTER (WHERE o.coming AND s.place = 0 AND p.state = 'absent')
        FROM (
          SELECT id, title, starts_at, options_version FROM event
          WHERE guild = ?1 AND starts_at >= ?2 AND starts_at < ?3
            AND cancelled_at IS NULL AND deleted_at IS NULL
          ORDER BY starts_at, id LIMIT ?4) e
        LEFT JOIN signup s ON s.event = e.id AND s.option IS NOT NULL
        LEFT JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
        LEFT JOIN presence p ON p.event = e.id AND p.member = s.member
        GROUP BY e.id ORDER BY e.starts_at, e.id";
    let (guild, from, to) = (Column(guild), Column(time.start), Column(time.end));
    let total = db.prepare_cached(COUNT)?.query_row(params![guild, from, to], only)?;
    let mut statement = db.prepare_cached(ROWS)?;
    let mut found = statement.query(params![guild, from, to, Column(limit)])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        rows.push(EventTurnout {
            event: columns.take()?,
            title: columns.take()?,
            starts: columns.take()?,
            turnout: Turnout {
                events: 1,
                answered: columns.take()?,
                coming: columns.take()?,
                present: columns.take()?,
                absent: columns.take()?,
            },
        });
    }
    Ok(Page { rows, total })
}

fn options(
    db: &Connection,
    guild: GuildId,
    time: &Range<Timestamp>,
    limit: usize,
) -> Stored<Vec<OptionTotal>> {
    const SQL: &str = "
        SELECT o.emoji, o.label, count(*) AS answers
        FROM event e
        JOIN signup s ON s.event = e.id AND s.option IS NOT NULL
        JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
        WHERE e.guild = ?1 AND e.starts_at >= ?2 AND e.starts_at < ?3
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL
        GROUP BY o.emoji, o.label ORDER BY answers DESC, o.label, o.emoji LIMIT ?4";
    let (from, to) = (Column(time.start), Column(time.end));
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params![Column(guild), from, to, Column(limit)], |row| {
        let mut columns = Columns::of(row);
        let (emoji, label, answers) = (columns.take()?, columns.take()?, columns.take()?);
        Ok(OptionTotal { emoji, label, answers })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Events that have begun within some time.
fn begun(db: &Connection, within: &Within, names: NamesOf) -> Stored<usize> {
    const SQL: &str = "
        SELECT count(*) FROM event e
        JOIN event_rules r ON r.event = e.id AND r.version = e.rules_version
        WHERE e.guild = ?1 AND e.starts_at >= ?2 AND e.starts_at < ?3 AND e.starts_at <= ?4
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL
          AND (?5 OR r.names_hidden = 0)";
    let Within { guild, time, now } = within;
    let params = params![
        Column(*guild),
        Column(time.start),
        Column(time.end),
        Column(*now),
        members::all(names),
    ];
    Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
}
