//! The history of answers, never changed: every line is one change of one answer.

use std::collections::HashMap;

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, InteractionId, UserId};
use muster_domain::roster::Former;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::model::{LoggedAnswer, LoggedPlace, SignupWay};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};

/// One line of the history of answers.
pub(super) struct LogLine {
    pub(super) event: EventId,
    /// The version of the event that came of it, or stood when it happened.
    pub(super) version: u64,
    pub(super) member: UserId,
    pub(super) way: SignupWay,
    pub(super) before: Option<LoggedAnswer>,
    pub(super) now: Option<LoggedAnswer>,
    /// Who caused it.
    pub(super) by: UserId,
    /// The interaction of who did it; `None` for what followed from something else.
    pub(super) interaction: Option<InteractionId>,
    pub(super) at: Timestamp,
}

/// Adds the line of a change that made a new version, in which it is the member's only one.
pub(super) fn record(db: &Connection, line: &LogLine) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO signup_log (event, version, member, line, way, from_option, from_place,
          from_guests, to_option, to_place, to_guests, by, interaction, at)
        VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    insert(db, SQL, line)
}

/// Adds the line of a change that left the event's version as it is.
pub(super) fn record_aside(db: &Connection, line: &LogLine) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO signup_log (event, version, member, line, way, from_option, from_place,
          from_guests, to_option, to_place, to_guests, by, interaction, at)
        SELECT ?1, ?2, ?3, coalesce(max(line) + 1, 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
        FROM signup_log WHERE event = ?1 AND version = ?2 AND member = ?3";
    insert(db, SQL, line)
}

fn insert(db: &Connection, sql: &str, line: &LogLine) -> Stored<()> {
    let (before, now) = (line.before, line.now);
    db.prepare_cached(sql)?.execute(params![
        Column(line.event),
        Column(line.version),
        Column(line.member),
        Column(line.way),
        before.map(|answer| Column(answer.option)),
        before.map(|answer| Column(answer.place)),
        before.map(|answer| Column(answer.guests)),
        now.map(|answer| Column(answer.option)),
        now.map(|answer| Column(answer.place)),
        now.map(|answer| Column(answer.guests)),
        Column(line.by),
        line.interaction.map(Column),
        Column(line.at),
    ])?;
    Ok(())
}

/// Whether somebody else has changed this member's answer with this interaction.
pub(super) fn is_done(
    db: &Connection,
    event: EventId,
    member: UserId,
    interaction: InteractionId,
) -> Stored<bool> {
    const SQL: &str = "
        SELECT EXISTS (
          SELECT 1 FROM signup_log
          WHERE interaction = ?3 AND way = 'organiser' AND event = ?1 AND member = ?2)";
    let params = params![Column(event), Column(member), Column(interaction)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
}

/// With whom an organiser had a member swap, if that made this version of the event.
pub(super) fn swapped_with(
    db: &Connection,
    event: EventId,
    version: u64,
    member: UserId,
) -> Stored<Option<UserId>> {
    const SQL: &str = "
        SELECT other.member FROM signup_log mine
        JOIN signup_log other ON other.event = mine.event AND other.version = mine.version
          AND other.interaction = mine.interaction AND other.member <> mine.member
        WHERE mine.event = ?1 AND mine.version = ?2 AND mine.member = ?3
          AND mine.way = 'organiser' AND other.way = 'organiser'";
    let params = params![Column(event), Column(version), Column(member)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only).optional()?)
}

/// Who answered, for themselves or for somebody else, and what the answer was before.
pub(super) struct Answered {
    pub(super) version: u64,
    pub(super) by: UserId,
    pub(super) at: Timestamp,
    pub(super) before: Option<LoggedAnswer>,
}

/// The latest answer of a member that anybody gave, if one made this version of the event or a
/// later one.
pub(super) fn latest_answer(
    db: &Connection,
    event: EventId,
    since: u64,
    member: UserId,
) -> Stored<Option<Answered>> {
    const SQL: &str = "
        SELECT version, by, at, from_option, from_place, from_guests FROM signup_log
        WHERE event = ?1 AND version >= ?2 AND member = ?3 AND way IN ('tap', 'organiser')
        ORDER BY version DESC, line DESC LIMIT 1";
    let params = params![Column(event), Column(since), Column(member)];
    Ok(db.prepare_cached(SQL)?.query_row(params, answered_of).optional()?)
}

fn answered_of(row: &Row<'_>) -> rusqlite::Result<Answered> {
    let mut columns = Columns::of(row);
    let (version, by, at) = (columns.take()?, columns.take()?, columns.take()?);
    let option = columns.take_nullable()?;
    let (place, guests) = (columns.take_nullable()?, columns.take_nullable()?);
    let before = option.zip(place).zip(guests);
    let before = before.map(|((option, place), guests)| LoggedAnswer { option, place, guests });
    Ok(Answered { version, by, at, before })
}

/// What members had before the change that made this version, of all whose answers are other ones
/// since.
pub(super) fn former(
    db: &Connection,
    event: EventId,
    version: u64,
) -> Stored<HashMap<UserId, Former>> {
    const SQL: &str = "
        SELECT member, way, from_option, from_place, version = ?2 FROM signup_log
        WHERE event = ?1 AND version >= ?2 AND way <> 'details'
        ORDER BY version, line";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(event), Column(version)])?;
    let mut former = HashMap::new();
    while let Some(row) = rows.next()? {
        let mut columns = Columns::of(row);
        let (member, way): (UserId, SignupWay) = (columns.take()?, columns.take()?);
        let option: Option<OptionId> = columns.take_nullable()?;
        let place: Option<LoggedPlace> = columns.take_nullable()?;
        let (was, is_by_it) = (option.zip(place), columns.take()?);
        let known = former.entry(member).or_insert(Since { was, is_by_it, has_answered: false });
        known.has_answered |= matches!(way, SignupWay::Tap | SignupWay::Organiser);
    }
    Ok(former.into_iter().map(|(member, since)| (member, since.into())).collect())
}

/// What the history has of a member since a change.
struct Since {
    /// The answer until then.
    was: Option<(OptionId, LoggedPlace)>,
    /// Whether it is the change that moved the member first.
    is_by_it: bool,
    /// Whether anybody has answered for the member since.
    has_answered: bool,
}

impl From<Since> for Former {
    fn from(since: Since) -> Self {
        // When an offer would have ended is not known; it is made anew.
        let was = since.was.map(|(option, place)| (option, place.until(Timestamp::MIN)));
        match was.filter(|_| since.is_by_it && !since.has_answered) {
            Some((_, place)) => Self::Moved(place),
            None => Self::Changed(was),
        }
    }
}
