//! A delivery as a row.

use muster_domain::id::{DeliveryId, EventId, UserId};
use muster_domain::notice::{News, TOLD};
use muster_domain::reminder::Audience;
use muster_domain::text::Announcement;
use rusqlite::{Connection, Row};

use crate::error::StoreError;
use crate::model::{Delivery, DeliveryContent};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};
use crate::sqlite::reminders;

/// What a delivery is, as its row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sqlite) enum DeliveryKind {
    Post,
    Notice,
    Direct,
    Greeting,
    Report,
}

/// Reads a delivery that exists. News of an event whose post is in a forum go into that post, which
/// was not there yet when they were planned.
pub(super) fn read(db: &Connection, id: DeliveryId) -> Stored<Delivery> {
    const SQL: &str = "
        SELECT d.id, d.claims, d.guild, iif(d.kind = 'notice', coalesce(p.channel, d.channel), d.channel),
          f.channel IS NOT NULL AND (d.kind = 'post' OR (d.kind = 'notice' AND p.event IS NULL)),
          d.kind, d.event, d.news, d.part, d.parts, d.words, d.member, d.role, d.unanswered,
          d.audience, d.due_at, d.reminds_at,
          (SELECT l.starts_at FROM event_log l
           WHERE l.event = d.event AND l.version <= d.version ORDER BY l.version DESC LIMIT 1),
          d.attempts, d.first_attempt_at, d.last_attempt_at, d.attempted_by, d.nonce, d.retried_at
        FROM delivery d
        LEFT JOIN forum f ON f.channel = d.channel
        LEFT JOIN post p ON f.channel IS NOT NULL AND p.event = d.event AND p.message IS NOT NULL
        WHERE d.id = ?1";
    let mentions = mentions(db, id)?;
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query([Column(id)])?;
    let row = rows.next()?.ok_or_else(|| no_such(id))?;
    delivery_of(row, mentions)
}

/// A delivery that cannot be found any more.
pub(super) fn no_such(id: DeliveryId) -> StoreError {
    StoreError::Database(format!("delivery {id} does not exist"))
}

fn delivery_of(row: &Row<'_>, mentions: Vec<UserId>) -> Stored<Delivery> {
    let mut columns = Columns::of(row);
    Ok(Delivery {
        id: columns.take()?,
        claim: columns.take()?,
        guild: columns.take()?,
        channel: columns.take_nullable()?,
        in_forum: columns.take()?,
        content: content_of(&mut columns, mentions)?,
        due: columns.take()?,
        reminds_at: columns.take_nullable()?,
        planned_start: columns.take_nullable()?,
        attempts: columns.take()?,
        first_attempt: columns.take_nullable()?,
        last_attempt: columns.take_nullable()?,
        attempted_by: columns.take_nullable::<i64>()?.map(i64::cast_unsigned),
        nonce: columns.take()?,
        retried: columns.take_nullable()?,
    })
}

fn content_of(columns: &mut Columns<'_, '_>, mentions: Vec<UserId>) -> Stored<DeliveryContent> {
    let kind: DeliveryKind = columns.take()?;
    let event: Option<EventId> = columns.take_nullable()?;
    let news: Option<News> = columns.take_nullable()?;
    let (part, parts) = (columns.take_nullable()?, columns.take_nullable()?);
    let words: Option<Announcement> = columns.take_nullable()?;
    let member: Option<UserId> = columns.take_nullable()?;
    let role = columns.take_nullable()?;
    let is_unanswered: bool = columns.take()?;
    let audience: Option<String> = columns.take_nullable()?;
    let audience = (news == Some(News::Told)).then(|| told_to(audience.as_deref()));
    let content = match kind {
        DeliveryKind::Post => match (event, news, member) {
            (Some(event), None, None) => Some(DeliveryContent::Post(event)),
            _ => None,
        },
        DeliveryKind::Notice => match (event, news, member) {
            (Some(event), Some(News::Reminder), None) if is_unanswered => {
                Some(DeliveryContent::Unanswered { event, words, role })
            }
            (Some(event), Some(news), None) => {
                part.zip(parts).map(|(part, parts)| DeliveryContent::Notice {
                    event,
                    news,
                    words,
                    mentions,
                    audience,
                    role,
                    part,
                    parts,
                })
            }
            _ => None,
        },
        DeliveryKind::Direct => match (event, news, member) {
            (Some(event), Some(news), Some(member)) => {
                Some(DeliveryContent::Direct { event, news, words, member })
            }
            _ => None,
        },
        DeliveryKind::Greeting => match (event, news, member) {
            (None, None, None) => Some(DeliveryContent::Greeting),
            _ => None,
        },
        DeliveryKind::Report => match (event, news) {
            (None, None) => Some(DeliveryContent::Report { member }),
            _ => None,
        },
    };
    content.ok_or_else(|| StoreError::Corrupt(format!("a delivery is no sound {kind:?}")))
}

/// Whom an organiser said something to; all who are expected, where it was not written down yet.
pub(in crate::sqlite) fn told_to(stored: Option<&str>) -> Audience {
    let found = TOLD.into_iter().find(|told| Some(reminders::audience(*told).0) == stored);
    found.unwrap_or_default()
}

fn mentions(db: &Connection, id: DeliveryId) -> Stored<Vec<UserId>> {
    const SQL: &str = "SELECT member FROM delivery_mention WHERE delivery = ?1 ORDER BY position";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(id)], only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
