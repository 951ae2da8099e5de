//! Members' answers as rows, with the history of every answer beside them.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, InteractionId, UserId};
use muster_domain::roster::{Place, Sequence, Signup};
use rusqlite::{Connection, params};

use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};

/// A member's answer as stored; kept when it is taken back, to know a repeated tap.
pub(in crate::sqlite) struct StoredSignup {
    pub(in crate::sqlite) member: UserId,
    pub(in crate::sqlite) sequence: Sequence,
    pub(in crate::sqlite) interaction: InteractionId,
    option: Option<OptionId>,
    place: Place,
}

impl StoredSignup {
    /// The answer, unless it was taken back.
    pub(in crate::sqlite) fn signup(&self) -> Option<Signup> {
        let Self { place, sequence: since, .. } = *self;
        self.option.map(|option| Signup { option, place, since })
    }
}

/// All answers to an event, those taken back included.
pub(in crate::sqlite) fn all_of(db: &Connection, event: EventId) -> Stored<Vec<StoredSignup>> {
    const SQL: &str =
        "SELECT member, sequence, interaction, option, waiting FROM signup WHERE event = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(event)], |row| {
        let mut columns = Columns::of(row);
        Ok(StoredSignup {
            member: columns.take()?,
            sequence: columns.take()?,
            interaction: columns.take()?,
            option: columns.take_nullable()?,
            place: columns.take()?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Stores a member's answer of this tap.
pub(super) fn put(
    db: &Connection,
    event: EventId,
    member: UserId,
    signup: Signup,
    tap: (InteractionId, Timestamp),
) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO signup (event, member, option, waiting, sequence, interaction, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (event, member) DO UPDATE SET option = excluded.option,
          waiting = excluded.waiting, sequence = excluded.sequence,
          interaction = excluded.interaction, at = excluded.at";
    db.prepare_cached(SQL)?.execute(params![
        Column(event),
        Column(member),
        Column(signup.option),
        Column(signup.place),
        Column(signup.since),
        Column(tap.0),
        Column(tap.1),
    ])?;
    Ok(())
}

/// Marks a member's answer as taken back by this tap.
pub(super) fn take_back(
    db: &Connection,
    event: EventId,
    member: UserId,
    tap: (InteractionId, Timestamp),
) -> Stored<()> {
    const SQL: &str = "
        UPDATE signup SET option = NULL, waiting = 0, interaction = ?3, at = ?4
        WHERE event = ?1 AND member = ?2";
    db.prepare_cached(SQL)?.execute(params![
        Column(event),
        Column(member),
        Column(tap.0),
        Column(tap.1),
    ])?;
    Ok(())
}

/// Gives a member a place, or takes it, because of somebody else.
pub(super) fn set_place(
    db: &Connection,
    event: EventId,
    member: UserId,
    place: Place,
) -> Stored<()> {
    const SQL: &str = "UPDATE signup SET waiting = ?3 WHERE event = ?1 AND member = ?2";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(member), Column(place)])?;
    Ok(())
}

/// How an answer came to change.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// The member's own tap.
    Tap(InteractionId),
    /// A place became free.
    Promoted,
    /// There are fewer places.
    Unseated,
}

/// One line of the history of answers.
pub(super) struct LogLine {
    pub(super) event: EventId,
    /// The version of the event that came of it.
    pub(super) version: u64,
    pub(super) member: UserId,
    pub(super) way: Way,
    pub(super) before: Option<Signup>,
    pub(super) now: Option<Signup>,
    /// Who caused it.
    pub(super) by: UserId,
    pub(super) at: Timestamp,
}

/// Adds a line to the history.
pub(super) fn record(db: &Connection, line: &LogLine) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO signup_log (event, version, member, way, from_option, from_waiting, to_option,
          to_waiting, by, interaction, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let (way, interaction) = match line.way {
        Way::Tap(interaction) => ("tap", Some(interaction)),
        Way::Promoted => ("promoted", None),
        Way::Unseated => ("unseated", None),
    };
    db.prepare_cached(SQL)?.execute(params![
        Column(line.event),
        Column(line.version),
        Column(line.member),
        way,
        line.before.map(|signup| Column(signup.option)),
        line.before.map(|signup| Column(signup.place)),
        line.now.map(|signup| Column(signup.option)),
        line.now.map(|signup| Column(signup.place)),
        Column(line.by),
        interaction.map(Column),
        Column(line.at),
    ])?;
    Ok(())
}
