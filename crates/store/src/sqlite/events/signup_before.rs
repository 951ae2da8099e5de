//! What answers were before organisers changed them, beside what the history has of that.

use muster_domain::event::Span;
use muster_domain::id::{EventId, RoleId, UserId};
use muster_domain::roster::{Sequence, Signup};
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::Note;
use rusqlite::{Connection, Row, params};

use super::priority_row;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};

/// What the history does not have of an answer.
pub(super) struct Before {
    pub(super) since: Sequence,
    pub(super) priority: bool,
    /// By which roles, if that is known.
    pub(super) priority_roles: Option<Vec<RoleId>>,
    pub(super) details: SignupDetails,
}

/// An answer that is changed.
#[derive(Clone, Copy)]
pub(super) struct Replaced<'a> {
    pub(super) event: EventId,
    /// The version of the event that the change makes.
    pub(super) version: u64,
    pub(super) member: UserId,
    pub(super) signup: Signup,
    /// By which roles it had priority, as its row has them.
    pub(super) priority_roles: Option<&'a str>,
    pub(super) details: &'a SignupDetails,
}

/// Keeps what an answer was before the change that made this version of its event.
pub(super) fn keep(db: &Connection, was: Replaced<'_>) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO signup_before (event, member, version, sequence, priority, note, arrives,
          leaves, direct, priority_roles)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (event, member) DO UPDATE SET version = excluded.version,
          sequence = excluded.sequence, priority = excluded.priority, note = excluded.note,
          arrives = excluded.arrives, leaves = excluded.leaves, direct = excluded.direct,
          priority_roles = excluded.priority_roles";
    let Replaced { event, version, member, signup, priority_roles, details } = was;
    db.prepare_cached(SQL)?.execute(params![
        Column(event),
        Column(member),
        Column(version),
        Column(signup.since),
        signup.priority,
        details.note.as_ref().map(Note::as_str),
        details.arrives.map(Column),
        details.leaves.map(Column),
        details.direct,
        priority_roles,
    ])?;
    Ok(())
}

/// Has members who were to come late or leave early do so as much later, or earlier, as their event
/// begins because the rules of its zone have changed. To be done before that is in its history.
pub(super) fn move_times(db: &Connection, event: EventId, from: Span, to: Span) -> Stored<()> {
    const SQL: &str = "
        UPDATE signup_before SET arrives = arrives + ?3, leaves = leaves + ?3
        WHERE event = ?1 AND ?2 = (
          SELECT l.starts_at FROM event_log l
          WHERE l.event = ?1 AND l.version <= signup_before.version
          ORDER BY l.version DESC LIMIT 1)";
    let later = to.start().as_millisecond() - from.start().as_millisecond();
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(from.start()), later])?;
    Ok(())
}

/// What was kept of the change that made this version.
pub(super) fn read(
    db: &Connection,
    event: EventId,
    version: u64,
    member: UserId,
) -> Stored<Option<Before>> {
    const SQL: &str = "
        SELECT sequence, priority, note, arrives, leaves, direct, priority_roles
        FROM signup_before WHERE event = ?1 AND member = ?2 AND version = ?3";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(event), Column(member), Column(version)])?;
    rows.next()?.map(of_row).transpose()
}

fn of_row(row: &Row<'_>) -> Stored<Before> {
    let mut columns = Columns::of(row);
    let (since, priority) = (columns.take()?, columns.take()?);
    let details = SignupDetails {
        note: columns.take_nullable()?,
        arrives: columns.take_nullable()?,
        leaves: columns.take_nullable()?,
        direct: columns.take()?,
    };
    let written: Option<Box<str>> = columns.take_nullable()?;
    let priority_roles = written.as_deref().map(priority_row::read).transpose()?;
    Ok(Before { since, priority, priority_roles, details })
}

/// Forgets what was kept: it was put back, or the member took the answer back themselves.
pub(in crate::sqlite) fn forget(db: &Connection, event: EventId, member: UserId) -> Stored<()> {
    const SQL: &str = "DELETE FROM signup_before WHERE event = ?1 AND member = ?2";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(member)])?;
    Ok(())
}
