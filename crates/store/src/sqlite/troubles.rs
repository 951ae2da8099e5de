//! What went wrong, told and listed, in SQLite.

mod given_up;
mod needs;
mod places;

use jiff::Timestamp;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId, RoleId};
use muster_domain::notice::News;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::SqliteStore;
use super::columns::{Column, Columns, only};
use super::deliveries::report::{FORBIDDEN, GONE, MEMBERS_UNKNOWN, NO_POST};
use super::deliveries::{channels, retry};
use super::events::event_row;
use super::series::nudge;
use super::set_aside;
use crate::model::{
    Breakage, BrokenChannel, Condition, FailedCause, FailedLine, GivenUpLine, GonePost, MissedLine,
    Outlook, Page, PlacesInUse, Retried, TroubleReport, Window,
};
use crate::port::{Stored, Troubles};

impl Troubles for SqliteStore {
    async fn trouble_report(
        &self,
        report: DeliveryId,
        now: Timestamp,
        lines: usize,
    ) -> Stored<TroubleReport> {
        self.read(move |db| read_report(db, report, now, lines)).await
    }

    async fn failed(
        &self,
        guild: GuildId,
        now: Timestamp,
        window: Window,
    ) -> Stored<Page<FailedLine>> {
        self.read(move |db| failed(db, guild, now, window)).await
    }

    async fn given_up(&self, now: Timestamp, window: Window) -> Stored<Page<GivenUpLine>> {
        self.read(move |db| given_up::list(db, now, window)).await
    }

    async fn retry(&self, guild: GuildId, delivery: DeliveryId, at: Timestamp) -> Stored<Retried> {
        self.write(move |tx| retry::retry(tx.db, guild, delivery, at)).await
    }

    async fn outlook(
        &self,
        guild: GuildId,
        now: Timestamp,
        late: Timestamp,
        limit: usize,
    ) -> Stored<Outlook> {
        self.read(move |db| outlook(db, guild, now, late, limit)).await
    }

    async fn places_in_use(&self, now: Timestamp, limit: usize) -> Stored<Vec<PlacesInUse>> {
        self.read(move |db| places::in_use(db, now, limit)).await
    }

    async fn channel_tested(
        &self,
        guild: GuildId,
        channel: ChannelId,
        found: Option<Breakage>,
        at: Timestamp,
    ) -> Stored<bool> {
        self.write(move |tx| channels::tested(tx.db, guild, channel, found, at)).await
    }

    async fn condition(&self, at: Timestamp) -> Stored<Condition> {
        self.look_at_database(at).await
    }
}

/// All rows that a query finds, each read by `read`.
fn all<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Stored<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read_report(
    db: &Connection,
    report: DeliveryId,
    now: Timestamp,
    lines: usize,
) -> Stored<TroubleReport> {
    Ok(TroubleReport {
        missed: missed(db, report, TOO_LATE, lines)?,
        unknown: missed(db, report, UNKNOWN, lines)?,
        failed: failed_of_report(db, report, now, lines)?,
        broken: broken_of_report(db, report, now, lines)?,
        gone: gone_of_report(db, report, now, lines)?,
        empty_week: nudge::is_told_in(db, report, now)?,
    })
}

/// Whether what was left out was so because nobody knows whom it is for.
const UNKNOWN: bool = true;

/// Because its time had passed.
const TOO_LATE: bool = false;

/// What was left out for this reason, once for all messages of one piece of news. Of deleted events
/// only those are told that were deleted because their post came too late.
fn missed(
    db: &Connection,
    report: DeliveryId,
    unknown: bool,
    lines: usize,
) -> Stored<Page<MissedLine>> {
    const COUNT: &str = "
        SELECT count(*) FROM (
          SELECT 1 FROM delivery d JOIN event e ON e.id = d.event
          WHERE d.report = ?1 AND d.outcome = 'skipped' AND (d.reason = ?2) = ?3
            AND (e.deleted_at IS NULL OR (d.kind = 'post' AND e.deleted_at = d.ended_at))
          GROUP BY d.event, d.news, d.due_at)";
    const ROWS: &str = "
        SELECT d.event, e.title, d.news, d.due_at
        FROM delivery d JOIN event e ON e.id = d.event
        WHERE d.report = ?1 AND d.outcome = 'skipped' AND (d.reason = ?2) = ?3
          AND (e.deleted_at IS NULL OR (d.kind = 'post' AND e.deleted_at = d.ended_at))
        GROUP BY d.event, d.news, d.due_at ORDER BY d.due_at, d.event LIMIT ?4";
    let why = params![Column(report), MEMBERS_UNKNOWN, unknown];
    let total = db.prepare_cached(COUNT)?.query_row(why, only)?;
    let params = params![Column(report), MEMBERS_UNKNOWN, unknown, Column(lines)];
    let rows = all(db, ROWS, params, |row| {
        let mut columns = Columns::of(row);
        Ok(MissedLine {
            event: columns.take()?,
            title: columns.take()?,
            news: columns.take_nullable()?,
            due: columns.take()?,
        })
    })?;
    Ok(Page { rows, total })
}

/// A failed delivery as a row.
struct FailedRow {
    delivery: DeliveryId,
    event: EventId,
    news: Option<News>,
    channel: Option<ChannelId>,
    due: Timestamp,
    cause: FailedCause,
}

fn failed_row(row: &Row<'_>) -> rusqlite::Result<FailedRow> {
    let mut columns = Columns::of(row);
    Ok(FailedRow {
        delivery: columns.take()?,
        event: columns.take()?,
        news: columns.take_nullable()?,
        channel: columns.take_nullable()?,
        due: columns.take()?,
        cause: {
            let outcome: Box<str> = columns.take()?;
            let reason: Option<Box<str>> = columns.take_nullable()?;
            cause(&outcome, reason.as_deref())
        },
    })
}

fn cause(outcome: &str, reason: Option<&str>) -> FailedCause {
    match (outcome, reason) {
        ("unclear", _) => FailedCause::Unclear,
        (_, Some(GONE)) => FailedCause::ChannelGone,
        (_, Some(FORBIDDEN)) => FailedCause::Forbidden,
        (_, Some(NO_POST)) => FailedCause::NoPost,
        (_, _) => FailedCause::Refused,
    }
}

fn failed_line(db: &Connection, row: &FailedRow, now: Timestamp) -> Stored<Option<FailedLine>> {
    let FailedRow { delivery, event, news, channel, due, cause } = *row;
    let Some(event) = event_row::read(db, event)? else { return Ok(None) };
    let worth_it = retry::is_worth_it(db, &event, delivery, news, now)?;
    let title = event.details.title;
    Ok(Some(FailedLine { delivery, event: event.id, title, news, channel, due, cause, worth_it }))
}

fn failed_lines(db: &Connection, rows: &[FailedRow], now: Timestamp) -> Stored<Vec<FailedLine>> {
    rows.iter().filter_map(|row| failed_line(db, row, now).transpose()).collect()
}

fn failed_of_report(
    db: &Connection,
    report: DeliveryId,
    now: Timestamp,
    lines: usize,
) -> Stored<Page<FailedLine>> {
    const COUNT: &str = "
        SELECT count(*) FROM delivery d JOIN event e ON e.id = d.event
        WHERE d.report = ?1 AND d.outcome IN ('dead', 'unclear') AND e.deleted_at IS NULL";
    const ROWS: &str = "
        SELECT d.id, d.event, d.news, d.channel, d.due_at, d.outcome, d.reason
        FROM delivery d JOIN event e ON e.id = d.event
        WHERE d.report = ?1 AND d.outcome IN ('dead', 'unclear') AND e.deleted_at IS NULL
        ORDER BY d.due_at, d.id LIMIT ?2";
    let total = db.prepare_cached(COUNT)?.query_row([Column(report)], only)?;
    let rows = all(db, ROWS, params![Column(report), Column(lines)], failed_row)?;
    Ok(Page { rows: failed_lines(db, &rows, now)?, total })
}

/// Posts that were made again by another delivery are no failures any more.
fn failed(
    db: &Connection,
    guild: GuildId,
    now: Timestamp,
    window: Window,
) -> Stored<Page<FailedLine>> {
    const COUNT: &str = "
        SELECT count(*) FROM delivery d
        JOIN event e ON e.id = d.event JOIN post p ON p.event = d.event
        WHERE d.guild = ?1 AND d.outcome IN ('dead', 'unclear') AND e.deleted_at IS NULL
          AND (d.kind = 'notice' OR (d.kind = 'post' AND p.delivery = d.id))";
    const ROWS: &str = "
        SELECT d.id, d.event, d.news, d.channel, d.due_at, d.outcome, d.reason
        FROM delivery d
        JOIN event e ON e.id = d.event JOIN post p ON p.event = d.event
        WHERE d.guild = ?1 AND d.outcome IN ('dead', 'unclear') AND e.deleted_at IS NULL
          AND (d.kind = 'notice' OR (d.kind = 'post' AND p.delivery = d.id))
        ORDER BY d.ended_at DESC, d.id DESC LIMIT ?2 OFFSET ?3";
    let total = db.prepare_cached(COUNT)?.query_row([Column(guild)], only)?;
    let params = params![Column(guild), Column(window.limit), Column(window.skip)];
    let rows = all(db, ROWS, params, failed_row)?;
    Ok(Page { rows: failed_lines(db, &rows, now)?, total })
}

fn broken_channel(row: &Row<'_>) -> rusqlite::Result<BrokenChannel> {
    let mut columns = Columns::of(row);
    Ok(BrokenChannel {
        channel: columns.take()?,
        breakage: columns.take()?,
        since: columns.take()?,
    })
}

/// Only channels that are of use: a slip of whoever created an event is told to them at once, and
/// its event is taken back.
fn broken_of_report(
    db: &Connection,
    report: DeliveryId,
    now: Timestamp,
    lines: usize,
) -> Stored<Page<BrokenChannel>> {
    const SQL: &str = "
        SELECT b.channel, b.state, b.since FROM broken_channel b JOIN guild g ON g.id = b.guild
        WHERE b.report = ?1 AND (
          b.channel IN (g.channel, g.admin_channel)
          OR EXISTS (
            SELECT 1 FROM event e LEFT JOIN post p ON p.event = e.id
            WHERE e.guild = b.guild AND b.channel IN (e.channel, p.channel, p.thread)
              AND e.ends_at > ?2 AND e.deleted_at IS NULL AND e.cancelled_at IS NULL)
          OR EXISTS (
            SELECT 1 FROM series s
            JOIN series_version v ON v.series = s.id AND v.version = s.version
            WHERE s.guild = b.guild AND v.channel = b.channel AND s.post_at IS NOT NULL))
        ORDER BY b.channel";
    let mut rows = all(db, SQL, params![Column(report), Column(now)], broken_channel)?;
    let total = rows.len();
    rows.truncate(lines);
    Ok(Page { rows, total })
}

fn gone_post(row: &Row<'_>) -> rusqlite::Result<GonePost> {
    let mut columns = Columns::of(row);
    Ok(GonePost { event: columns.take()?, title: columns.take()?, channel: columns.take()? })
}

fn gone_of_report(
    db: &Connection,
    report: DeliveryId,
    now: Timestamp,
    lines: usize,
) -> Stored<Page<GonePost>> {
    const SQL: &str = "
        SELECT e.id, e.title, p.channel FROM post p JOIN event e ON e.id = p.event
        WHERE p.gone_report = ?1 AND p.gone_at IS NOT NULL AND e.ends_at > ?2
          AND e.deleted_at IS NULL AND e.cancelled_at IS NULL
        ORDER BY e.starts_at, e.id";
    let mut rows = all(db, SQL, params![Column(report), Column(now)], gone_post)?;
    let total = rows.len();
    rows.truncate(lines);
    Ok(Page { rows, total })
}

fn outlook(
    db: &Connection,
    guild: GuildId,
    now: Timestamp,
    late: Timestamp,
    limit: usize,
) -> Stored<Outlook> {
    const BROKEN: &str = "
        SELECT channel, state, since FROM broken_channel WHERE guild = ?1
        ORDER BY since DESC, channel LIMIT ?2";
    const GONE: &str = "
        SELECT e.id, e.title, p.channel FROM event e JOIN post p ON p.event = e.id
        WHERE e.guild = ?1 AND e.ends_at > ?2 AND p.gone_at IS NOT NULL
          AND e.deleted_at IS NULL AND e.cancelled_at IS NULL
        ORDER BY e.starts_at, e.id LIMIT ?3";
    const CLOSED: &str = "
        SELECT count(DISTINCT member) FROM delivery
        WHERE guild = ?1 AND outcome IN ('dead', 'unclear') AND kind = 'direct'";
    let upcoming = || params_of(guild, now, limit);
    let pair = |row: &Row<'_>| {
        let mut columns = Columns::of(row);
        Ok((columns.take::<ChannelId>()?, columns.take::<RoleId>()?))
    };
    let (next_due, overdue) = due(db, guild, late)?;
    Ok(Outlook {
        channels: all(db, needs::CHANNELS, upcoming(), only)?,
        series_channels: all(db, needs::SERIES, params![Column(guild), Column(limit)], only)?,
        mentions: all(db, needs::MENTIONS, upcoming(), pair)?,
        granted: all(db, needs::GRANTED, upcoming(), only)?,
        broken: all(db, BROKEN, params![Column(guild), Column(limit)], broken_channel)?,
        gone: all(db, GONE, upcoming(), gone_post)?,
        unreadable: set_aside::of_guild(db, guild, limit)?,
        next_due,
        overdue,
        unanswered_of: all(db, needs::UNANSWERED, upcoming(), only)?,
        closed_to_us: db.prepare_cached(CLOSED)?.query_row([Column(guild)], only)?,
    })
}

const fn params_of(
    guild: GuildId,
    now: Timestamp,
    limit: usize,
) -> (Column<GuildId>, Column<Timestamp>, Column<usize>) {
    (Column(guild), Column(now), Column(limit))
}

/// When the next message, turn of an event or post of a series is due, and how much is overdue.
fn due(db: &Connection, guild: GuildId, late: Timestamp) -> Stored<(Option<Timestamp>, usize)> {
    const DELIVERY: &str = "
        SELECT due_at FROM delivery WHERE guild = ?1 AND ended_at IS NULL ORDER BY due_at LIMIT 1";
    const TURN: &str = "
        SELECT next_turn_at FROM event WHERE guild = ?1 AND next_turn_at IS NOT NULL
        ORDER BY next_turn_at LIMIT 1";
    const POST: &str = "
        SELECT post_at FROM series WHERE guild = ?1 AND post_at IS NOT NULL
        ORDER BY post_at LIMIT 1";
    const OVERDUE: &str = "
        SELECT count(*) FROM delivery WHERE guild = ?1 AND ended_at IS NULL AND due_at < ?2";
    let first = |sql| -> Stored<Option<Timestamp>> {
        Ok(db.prepare_cached(sql)?.query_row([Column(guild)], only).optional()?)
    };
    let next = [first(DELIVERY)?, first(TURN)?, first(POST)?].into_iter().flatten().min();
    let params = params![Column(guild), Column(late)];
    Ok((next, db.prepare_cached(OVERDUE)?.query_row(params, only)?))
}
