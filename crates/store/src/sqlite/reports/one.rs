//! Reports on one event, and on one member.

use std::ops::Range;

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, GuildId, UserId};
use rusqlite::{Connection, params};

use super::all_of;
use crate::model::{
    EventReport, LoggedAnswer, MemberEvent, MemberReport, MemberReportRequest, MemberWeek, Page,
    ReportLimits, Turnout,
};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};
use crate::sqlite::events::posted;

/// One event; `None` if the guild has no such event.
pub(super) fn event(
    db: &Connection,
    guild: GuildId,
    id: EventId,
    seen_since: Timestamp,
    limits: ReportLimits,
) -> Stored<Option<EventReport>> {
    let Some(posted) = posted(db, id)?.filter(|posted| posted.sheet.event.guild == guild) else {
        return Ok(None);
    };
    let start = posted.sheet.event.details.span.start();
    let who = Who { guild, event: id, before: seen_since..start };
    Ok(Some(EventReport {
        posted,
        seen: who.seen(db)?,
        turnout: turnout(db, id)?,
        absent: absent(db, id, limits.members)?,
        unanswered: who.unanswered(db, limits.members)?,
    }))
}

fn turnout(db: &Connection, event: EventId) -> Stored<Turnout> {
    const SQL: &str = "
        SELECT count(s.member),
          count(*) FILTER (WHERE o.coming AND s.place = 0),
          count(*) FILTER (WHERE p.state = 'present'),
          count(*) FILTER (WHERE o.coming AND s.place = 0 AND p.state = 'absent')
        FROM event e
        JOIN signup s ON s.event = e.id AND s.option IS NOT NULL
        JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
        LEFT JOIN presence p ON p.event = e.id AND p.member = s.member
        WHERE e.id = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(event)], |row| {
        let mut columns = Columns::of(row);
        Ok(Turnout {
            events: 1,
            answered: columns.take()?,
            coming: columns.take()?,
            present: columns.take()?,
            absent: columns.take()?,
        })
    })?)
}

fn absent(db: &Connection, event: EventId, limit: usize) -> Stored<Page<UserId>> {
    const SQL: &str = "
        SELECT s.member, count(*) OVER ()
        FROM event e
        JOIN signup s ON s.event = e.id AND s.place = 0
        JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option AND o.coming = 1
        JOIN presence p ON p.event = e.id AND p.member = s.member AND p.state = 'absent'
        WHERE e.id = ?1 ORDER BY s.sequence, s.member LIMIT ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query(params![Column(event), Column(limit)])?;
    all_of(found)
}

/// Members of a guild as one event sees them: those who came to others before it.
struct Who {
    guild: GuildId,
    event: EventId,
    before: Range<Timestamp>,
}

impl Who {
    fn seen(&self, db: &Connection) -> Stored<usize> {
        const SQL: &str = "
            SELECT count(*) FROM (
              SELECT s.member FROM event e
              JOIN signup s ON s.event = e.id AND s.place = 0 AND s.option IS NOT NULL
              JOIN event_option o
                ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
                AND o.coming = 1
              WHERE e.guild = ?1 AND e.starts_at >= ?3 AND e.starts_at < ?4 AND e.id <> ?2
                AND e.cancelled_at IS NULL AND e.deleted_at IS NULL
              UNION
              SELECT member FROM signup WHERE event = ?2 AND option IS NOT NULL)";
        let (from, to) = (Column(self.before.start), Column(self.before.end));
        let params = params![Column(self.guild), Column(self.event), from, to];
        Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
    }

    fn unanswered(&self, db: &Connection, limit: usize) -> Stored<Page<UserId>> {
        const SQL: &str = "
            SELECT s.member, count(*) OVER () FROM event e
            JOIN signup s ON s.event = e.id AND s.place = 0 AND s.option IS NOT NULL
            JOIN event_option o
              ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
              AND o.coming = 1
            WHERE e.guild = ?1 AND e.starts_at >= ?3 AND e.starts_at < ?4 AND e.id <> ?2
              AND e.cancelled_at IS NULL AND e.deleted_at IS NULL AND s.member < ?5
              AND NOT EXISTS (
                SELECT 1 FROM signup t
                WHERE t.event = ?2 AND t.member = s.member AND t.option IS NOT NULL)
            GROUP BY s.member ORDER BY max(e.starts_at) DESC, s.member LIMIT ?6";
        let (from, to) = (Column(self.before.start), Column(self.before.end));
        let mut statement = db.prepare_cached(SQL)?;
        let found = statement.query(params![
            Column(self.guild),
            Column(self.event),
            from,
            to,
            Column(UserId::ERASED_FROM),
            Column(limit),
        ])?;
        all_of(found)
    }
}

/// One member over some weeks.
pub(super) fn member(db: &Connection, request: &MemberReportRequest) -> Stored<MemberReport> {
    let MemberReportRequest { guild, member, weeks, events, now } = request;
    let (whom, limit) = ((*guild, *member), *events);
    let first = weeks.first().map_or(Timestamp::MIN, |week| week.start);
    let last = weeks.last().map_or(Timestamp::MIN, |week| week.end);
    Ok(MemberReport {
        weeks: weeks.iter().map(|week| week_of(db, whom, week, *now)).collect::<Stored<_>>()?,
        events: events_of(db, whom, &(first..last), limit)?,
    })
}

fn week_of(
    db: &Connection,
    (guild, member): (GuildId, UserId),
    week: &Range<Timestamp>,
    now: Timestamp,
) -> Stored<MemberWeek> {
    const SQL: &str = "
        SELECT count(*), count(s.option),
          count(*) FILTER (WHERE iif(o.coming AND s.place = 0,
            p.state IS NOT 'absent', s.option IS NOT NULL AND p.state IS 'present')),
          count(*) FILTER (WHERE o.coming AND s.place = 0 AND p.state = 'absent')
        FROM event e
        LEFT JOIN signup s ON s.event = e.id AND s.member = ?2 AND s.option IS NOT NULL
        LEFT JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
        LEFT JOIN presence p ON p.event = e.id AND p.member = ?2
        WHERE e.guild = ?1 AND e.starts_at >= ?3 AND e.starts_at < ?4 AND e.starts_at <= ?5
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL";
    let (from, to) = (Column(week.start), Column(week.end));
    let params = params![Column(guild), Column(member), from, to, Column(now)];
    Ok(db.prepare_cached(SQL)?.query_row(params, |row| {
        let mut columns = Columns::of(row);
        Ok(MemberWeek {
            begun: columns.take()?,
            answered: columns.take()?,
            came: columns.take()?,
            absent: columns.take()?,
        })
    })?)
}

fn events_of(
    db: &Connection,
    (guild, member): (GuildId, UserId),
    time: &Range<Timestamp>,
    limit: usize,
) -> Stored<Page<MemberEvent>> {
    const COUNT: &str = "
        SELECT count(*) FROM event
        WHERE guild = ?1 AND starts_at >= ?2 AND starts_at < ?3
          AND cancelled_at IS NULL AND deleted_at IS NULL";
    const ROWS: &str = "
        SELECT e.id, e.title, e.starts_at, o.label || coalesce(' (' || o.grouping || ')', ''),
          s.option, s.place, s.guests, p.state
        FROM event e
        LEFT JOIN signup s ON s.event = e.id AND s.member = ?2 AND s.option IS NOT NULL
        LEFT JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
        LEFT JOIN presence p ON p.event = e.id AND p.member = ?2
        WHERE e.guild = ?1 AND e.starts_at >= ?3 AND e.starts_at < ?4
          AND e.cancelled_at IS NULL AND e.deleted_at IS NULL
        ORDER BY e.starts_at DESC, e.id DESC LIMIT ?5";
    let (guild, from, to) = (Column(guild), Column(time.start), Column(time.end));
    let total = db.prepare_cached(COUNT)?.query_row(params![guild, from, to], only)?;
    let mut statement = db.prepare_cached(ROWS)?;
    let mut found = statement.query(params![guild, Column(member), from, to, Column(limit)])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        let (event, title, starts) = (columns.take()?, columns.take()?, columns.take()?);
        let label: Option<Box<str>> = columns.take_nullable()?;
        let option: Option<OptionId> = columns.take_nullable()?;
        let (place, guests) = (columns.take_nullable()?, columns.take_nullable()?);
        let answer = option.zip(place).zip(guests);
        let answer = answer.map(|((option, place), guests)| {
            (label.unwrap_or_default(), LoggedAnswer { option, place, guests })
        });
        let presence = columns.take_nullable()?;
        rows.push(MemberEvent { event, title, starts, answer, presence });
    }
    Ok(Page { rows, total })
}
