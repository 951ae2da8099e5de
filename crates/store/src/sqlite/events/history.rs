//! The history of an event, newest first: what organisers did and what became of answers.

use muster_domain::answer_option::OptionId;
use muster_domain::id::{ChannelId, EventId, GuildId, UserId};
use rusqlite::{Connection, params};

use super::event_row;
use crate::error::StoreError;
use crate::model::{
    Deed, EventStep, Happened, HistoryLine, LoggedAnswer, LoggedPlace, Page, SignupWay, Window,
};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};

/// A page of an event's history; `None` if the guild has no such event.
pub(super) fn page(
    db: &Connection,
    guild: GuildId,
    id: EventId,
    window: Window,
) -> Stored<Option<Page<HistoryLine>>> {
    const COUNT: &str = "
        SELECT (SELECT count(*) FROM event_log WHERE event = ?1)
          + (SELECT count(*) FROM signup_log WHERE event = ?1)
          + (SELECT count(*) FROM presence_log WHERE event = ?1)
          + (SELECT count(*) FROM deed_log WHERE event = ?1)";
    // What somebody did comes before what followed from it, so it is older. What makes no version
    // came after the version that stood. It has an order among what is of its kind, also where the
    // clock went back, and is between others by its time.
    const ROWS: &str = "
        SELECT version, 1 AS kind, member, line, at, by, NULL AS change, way, from_option,
          from_place, from_guests, to_option, to_place, to_guests, NULL, NULL, NULL,
          NULL, 0, interaction IS NULL AS follows,
          line > 0 OR way IN ('details', 'erased') AS is_beside,
          iif(line > 0 OR way IN ('details', 'erased'),
            max(at) OVER (PARTITION BY version, member ORDER BY line), 0) AS beside_at
        FROM signup_log WHERE event = ?1
        UNION ALL
        SELECT version, 0, 0, 0, at, by, change, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
          NULL, NULL, NULL, takes_back, 0, 0, 0
        FROM event_log WHERE event = ?1
        UNION ALL
        SELECT version, 2, member, line, at, by, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
          from_state, to_state, NULL, NULL, 0, 0, 1,
          max(at) OVER (PARTITION BY version ORDER BY line)
        FROM presence_log WHERE event = ?1
        UNION ALL
        SELECT version, 3, 0, line, at, by, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
          NULL, NULL, deed, channel, 0, 0, 1, max(at) OVER (PARTITION BY version ORDER BY line)
        FROM deed_log WHERE event = ?1
        ORDER BY version DESC, is_beside DESC, beside_at DESC, line DESC, kind DESC, follows DESC,
          member
        LIMIT ?2 OFFSET ?3";
    if event_row::read(db, id)?.is_none_or(|event| event.guild != guild) {
        return Ok(None);
    }
    let total = db.prepare_cached(COUNT)?.query_row([Column(id)], only)?;
    let mut statement = db.prepare_cached(ROWS)?;
    let limits = (Column(window.limit), Column(window.skip));
    let mut found = statement.query(params![Column(id), limits.0, limits.1])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(line_of(&mut Columns::of(row))?);
    }
    Ok(Some(Page { rows, total }))
}

/// Reads a line in the order of the columns of a page.
pub(in crate::sqlite) fn line_of(columns: &mut Columns<'_, '_>) -> Stored<HistoryLine> {
    let version = columns.take()?;
    let kind: u32 = columns.take()?;
    let member: UserId = columns.take()?;
    let _line: u64 = columns.take()?;
    let (at, by) = (columns.take()?, columns.take()?);
    let (step, way): (Option<EventStep>, Option<SignupWay>) =
        (columns.take_nullable()?, columns.take_nullable()?);
    let (before, now) = (answer_of(columns)?, answer_of(columns)?);
    let presence = (columns.take_nullable()?, columns.take_nullable()?);
    let (deed, channel): (Option<Box<str>>, Option<ChannelId>) =
        (columns.take_nullable()?, columns.take_nullable()?);
    let takes_back: bool = columns.take()?;
    let what = match (step, way, kind) {
        (Some(step), None, _) if takes_back => Happened::Undone(step),
        (Some(step), None, _) => Happened::Event(step),
        (None, Some(way), _) => Happened::Signup { member, way, before, now },
        (None, None, 2) => Happened::Presence { member, before: presence.0, now: presence.1 },
        (None, None, 3) => Happened::Deed(deed_of(deed.as_deref(), channel)?),
        (_, _, _) => return Err(StoreError::Corrupt("a line of history says nothing".into())),
    };
    Ok(HistoryLine { version, at, by, what })
}

fn deed_of(deed: Option<&str>, channel: Option<ChannelId>) -> Stored<Deed> {
    match (deed, channel) {
        (Some("reminders"), None) => Ok(Deed::Reminders),
        (Some("reposted"), Some(channel)) => Ok(Deed::Reposted(channel)),
        (Some("told"), None) => Ok(Deed::Told),
        (_, _) => Err(StoreError::Corrupt("a line of history says what nobody can do".into())),
    }
}

fn answer_of(columns: &mut Columns<'_, '_>) -> Stored<Option<LoggedAnswer>> {
    let option: Option<OptionId> = columns.take_nullable()?;
    let place: Option<LoggedPlace> = columns.take_nullable()?;
    let guests = columns.take_nullable()?;
    let answer = option.zip(place).zip(guests);
    Ok(answer.map(|((option, place), guests)| LoggedAnswer { option, place, guests }))
}
