//! What answers were before organisers changed them, beside what the history has of that.

use muster_domain::id::{EventId, UserId};
use muster_domain::roster::{Sequence, Signup};
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::Note;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};

/// What the history does not have of an answer.
pub(super) struct Before {
    pub(super) since: Sequence,
    pub(super) priority: bool,
    pub(super) details: SignupDetails,
}

/// Keeps what an answer was before the change that made this version of its event.
pub(super) fn keep(
    db: &Connection,
    (event, version): (EventId, u64),
    member: UserId,
    signup: Signup,
    details: &SignupDetails,
) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO signup_before (event, member, version, sequence, priority, note, arrives,
          leaves, direct)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (event, member) DO UPDATE SET version = excluded.version,
          sequence = excluded.sequence, priority = excluded.priority, note = excluded.note,
          arrives = excluded.arrives, leaves = excluded.leaves, direct = excluded.direct";
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
    ])?;
    Ok(())
}

/// What was kept of the change that made this version.
pub(super) fn read(
    db: &Connection,
    (event, version): (EventId, u64),
    member: UserId,
) -> Stored<Option<Before>> {
    const SQL: &str = "
        SELECT sequence, priority, note, arrives, leaves, direct FROM signup_before
        WHERE event = ?1 AND member = ?2 AND version = ?3";
    let params = params![Column(event), Column(member), Column(version)];
    Ok(db.prepare_cached(SQL)?.query_row(params, of_row).optional()?)
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<Before> {
    let mut columns = Columns::of(row);
    let (since, priority) = (columns.take()?, columns.take()?);
    let details = SignupDetails {
        note: columns.take_nullable()?,
        arrives: columns.take_nullable()?,
        leaves: columns.take_nullable()?,
        direct: columns.take()?,
    };
    Ok(Before { since, priority, details })
}

/// Forgets what was kept: it was put back, or the member took the answer back themselves.
pub(in crate::sqlite) fn forget(db: &Connection, event: EventId, member: UserId) -> Stored<()> {
    const SQL: &str = "DELETE FROM signup_before WHERE event = ?1 AND member = ?2";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(member)])?;
    Ok(())
}
