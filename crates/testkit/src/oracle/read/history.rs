//! The history of an event, table by table, put into order here.

use std::cmp::Reverse;

use rusqlite::{Connection, Row};

use super::super::database::rows;
use super::super::door::Spot;

/// An answer in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Had {
    pub(super) option: u8,
    pub(super) spot: Spot,
    pub(super) guests: u64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Something was done to the event; whether that took something back.
    Event(String, bool),
    /// Something became of a member's answer, in this way.
    Answer { member: u64, way: String, before: Option<Had>, now: Option<Had> },
    /// Something was done beside it; where, if it was posted again.
    Deed(String, Option<u64>),
    /// Somebody was marked as having been there, or not.
    Mark(u64),
}

/// A line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) at_ms: i64,
    pub(super) by: u64,
    pub(super) what: What,
    order: Order,
}

/// Newest first: by version, then what made no version, by when it happened, then what followed
/// from something else, then who did it, then what that was done to.
type Order = (Reverse<u64>, Reverse<bool>, Reverse<i64>, Reverse<u64>, Reverse<bool>, u64);

const EVENTS: &str = "SELECT version, at, by, change, takes_back FROM event_log WHERE event = ?1";

const ANSWERS: &str = "
    SELECT version, at, by, member, line, way, interaction IS NULL, from_option, from_place,
      from_guests, to_option, to_place, to_guests
    FROM signup_log WHERE event = ?1";

const DEEDS: &str = "SELECT version, at, by, line, deed, channel FROM deed_log WHERE event = ?1";

const MARKS: &str = "SELECT version, at, by, line, member FROM presence_log WHERE event = ?1";

/// Everything that happened to an event, newest first.
pub(super) fn read(db: &Connection, event: u64) -> rusqlite::Result<Vec<Entry>> {
    let sql = |sql: &str| sql.replace("?1", &event.to_string());
    let mut all = rows(db, &sql(EVENTS), event_line)?;
    all.extend(rows(db, &sql(ANSWERS), answer_line)?);
    all.extend(rows(db, &sql(DEEDS), deed_line)?);
    all.extend(rows(db, &sql(MARKS), mark_line)?);
    all.sort_by_key(|entry| entry.order);
    Ok(all)
}

fn id(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get(index).map(i64::cast_unsigned)
}

/// When and by whom, in the order of all lines.
fn entry(
    row: &Row<'_>,
    what: What,
    (line, follows, member): (u64, bool, u64),
    is_beside: bool,
) -> rusqlite::Result<Entry> {
    let (version, at_ms, by) = (id(row, 0)?, row.get(1)?, id(row, 2)?);
    let is_later = is_beside || line > 0;
    let at = if is_later { at_ms } else { 0 };
    let (version, is_later) = (Reverse(version), Reverse(is_later));
    let order = (version, is_later, Reverse(at), Reverse(line), Reverse(follows), member);
    Ok(Entry { at_ms, by, what, order })
}

/// What was done to the event is older than what came of it.
fn event_line(row: &Row<'_>) -> rusqlite::Result<Entry> {
    entry(row, What::Event(row.get(3)?, row.get(4)?), (0, false, u64::MAX), false)
}

fn answer_line(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let (member, line, follows) = (id(row, 3)?, id(row, 4)?, row.get(6)?);
    let had = |from: usize| {
        let option: Option<u8> = row.get(from)?;
        let spot: Option<i64> = row.get(from + 1)?;
        let guests: Option<i64> = row.get(from + 2)?;
        let had = option.zip(spot).zip(guests);
        Ok::<_, rusqlite::Error>(had.map(|((option, spot), guests)| Had {
            option,
            spot: Spot::numbered(spot),
            guests: guests.cast_unsigned(),
        }))
    };
    let way: String = row.get(5)?;
    let is_beside = way == "details" || way == "erased";
    let what = What::Answer { member, way, before: had(7)?, now: had(10)? };
    entry(row, what, (line, follows, member), is_beside)
}

fn deed_line(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let channel: Option<i64> = row.get(5)?;
    let what = What::Deed(row.get(4)?, channel.map(i64::cast_unsigned));
    entry(row, what, (id(row, 3)?, false, 0), true)
}

fn mark_line(row: &Row<'_>) -> rusqlite::Result<Entry> {
    entry(row, What::Mark(id(row, 4)?), (id(row, 3)?, false, 0), true)
}
