//! What was given up in all guilds, for whoever operates the bot.

use jiff::Timestamp;
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId};
use muster_domain::notice::News;
use rusqlite::{Connection, Row, params};

use super::{all, cause, retry};
use crate::model::{ChoreKind, FailedCause, GivenUpLine, GivenUpWhat, Page, Window};
use crate::port::{GIVEN_UP_LISTED_MAX, Stored};
use crate::sqlite::chores;
use crate::sqlite::columns::{Column, Columns, only};
use crate::sqlite::events::event_row;

/// The same that the doctor of each guild lists: failed messages, and chores that are of use still.
const LISTED: &str = "
    SELECT d.id AS id, NULL AS chore, d.guild AS guild, d.event AS event, d.news AS news,
      d.channel AS channel, d.due_at AS due, d.ended_at AS ended, d.outcome AS outcome,
      d.reason AS reason
    FROM delivery d
    JOIN event e ON e.id = d.event JOIN post p ON p.event = d.event JOIN guild g ON g.id = d.guild
    WHERE d.outcome IN ('dead', 'unclear') AND e.deleted_at IS NULL AND g.removed_at IS NULL
      AND (d.kind = 'notice' OR (d.kind = 'post' AND p.delivery = d.id))
    UNION ALL
    SELECT c.id, c.kind, c.guild, c.event, NULL, c.channel, c.ready_at, c.ended_at, 'dead', c.reason
    FROM chore c JOIN event e ON e.id = c.event JOIN guild g ON g.id = c.guild
    WHERE c.ended_at IS NOT NULL AND g.removed_at IS NULL
      AND (c.kind IN ('delete_message', 'archive_thread')
        OR (e.ends_at > ?1 AND e.deleted_at IS NULL AND e.cancelled_at IS NULL))";

struct Found {
    id: DeliveryId,
    chore: Option<ChoreKind>,
    guild: GuildId,
    event: EventId,
    news: Option<News>,
    channel: Option<ChannelId>,
    due: Timestamp,
    at: Timestamp,
    cause: FailedCause,
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let mut columns = Columns::of(row);
    let id = columns.take()?;
    let chore = columns.take_nullable()?;
    Ok(Found {
        id,
        chore,
        guild: columns.take()?,
        event: columns.take()?,
        news: columns.take_nullable()?,
        channel: columns.take_nullable()?,
        due: columns.take()?,
        at: columns.take()?,
        cause: {
            let outcome: Box<str> = columns.take()?;
            let reason: Option<Box<str>> = columns.take_nullable()?;
            match chore {
                Some(_) => chores::cause(reason.as_deref().unwrap_or_default()),
                None => cause(&outcome, reason.as_deref()),
            }
        },
    })
}

/// The latest first. An event that cannot be read leaves its line out.
pub(super) fn list(db: &Connection, now: Timestamp, window: Window) -> Stored<Page<GivenUpLine>> {
    let count = format!("SELECT count(*) FROM (SELECT 1 FROM ({LISTED}) LIMIT ?2)");
    let rows = format!(
        "SELECT id, chore, guild, event, news, channel, due, ended, outcome, reason FROM ({LISTED})
         ORDER BY ended DESC, id DESC LIMIT ?2 OFFSET ?3"
    );
    let params = params![Column(now), Column(GIVEN_UP_LISTED_MAX)];
    let total = db.prepare_cached(&count)?.query_row(params, only)?;
    let left = GIVEN_UP_LISTED_MAX.saturating_sub(window.skip);
    let params = params![Column(now), Column(window.limit.min(left)), Column(window.skip)];
    let found = all(db, &rows, params, found)?;
    let lines = found.iter().filter_map(|found| line(db, found, now).transpose());
    Ok(Page { rows: lines.collect::<Stored<_>>()?, total })
}

fn line(db: &Connection, found: &Found, now: Timestamp) -> Stored<Option<GivenUpLine>> {
    let Found { id, chore, guild, event, news, channel, due, at, cause } = *found;
    let what = if let Some(kind) = chore {
        GivenUpWhat::Chore(kind)
    } else {
        let Some(event) = event_row::read(db, event)? else { return Ok(None) };
        let worth_it = retry::is_worth_it(db, &event, id, news, now)?;
        GivenUpWhat::Message { delivery: id, news, worth_it }
    };
    Ok(Some(GivenUpLine { guild, event, what, channel, due, at, cause }))
}
