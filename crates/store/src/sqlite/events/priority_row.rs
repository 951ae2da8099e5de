//! By which roles members stand before others in line, kept beside their answers: a list of roles
//! that is changed, or changed back, holds for those who wait already.

use std::collections::HashMap;

use muster_domain::event::Event;
use muster_domain::id::{EventId, RoleId, UserId};
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};
use crate::sqlite::rosters::LoadedEvent;

/// Keeps by which roles a member stands before others in line. Where no roles are listed, none
/// counts, and what was known before stays known.
pub(super) fn keep(db: &Connection, event: &Event, member: UserId, roles: &[RoleId]) -> Stored<()> {
    if event.rules.priority.is_empty() {
        return Ok(());
    }
    set(db, event.id, member, Some(&event.rules.priority_roles(roles)))
}

/// Keeps these roles, or that nobody knows them.
pub(super) fn set(
    db: &Connection,
    event: EventId,
    member: UserId,
    roles: Option<&[RoleId]>,
) -> Stored<()> {
    const SQL: &str = "UPDATE signup SET priority_roles = ?3 WHERE event = ?1 AND member = ?2";
    let params = params![Column(event), Column(member), roles.map(written)];
    db.prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

/// What is known of a member's answer, as it is written.
pub(super) fn of(db: &Connection, event: EventId, member: UserId) -> Stored<Option<String>> {
    const SQL: &str = "SELECT priority_roles FROM signup WHERE event = ?1 AND member = ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(event), Column(member)])?;
    match rows.next()? {
        Some(row) => Ok(row.get(0)?),
        None => Ok(None),
    }
}

/// Has the line of an event stand by the list of roles as it is now, if it was another one.
pub(super) fn follow(db: &Connection, before: &Event, loaded: &mut LoadedEvent) -> Stored<()> {
    const SQL: &str = "UPDATE signup SET priority = ?3 WHERE event = ?1 AND member = ?2";
    let LoadedEvent { event, roster, .. } = loaded;
    if before.rules.priority == event.rules.priority {
        return Ok(());
    }
    let known = all_of(db, event.id)?;
    let first = |member, had| {
        let counted = known.get(&member).map(Vec::as_slice);
        event.rules.keeps_priority(counted, had)
    };
    let mut statement = db.prepare_cached(SQL)?;
    for (member, priority) in roster.prefer(first) {
        statement.execute(params![Column(event.id), Column(member), priority])?;
    }
    Ok(())
}

fn all_of(db: &Connection, event: EventId) -> Stored<HashMap<UserId, Vec<RoleId>>> {
    const SQL: &str = "
        SELECT member, priority_roles FROM signup
        WHERE event = ?1 AND priority_roles IS NOT NULL";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query([Column(event)])?;
    let mut known = HashMap::new();
    while let Some(row) = rows.next()? {
        let mut columns = Columns::of(row);
        let (member, roles): (_, Box<str>) = (columns.take()?, columns.take()?);
        known.insert(member, read(&roles)?);
    }
    Ok(known)
}

fn written(roles: &[RoleId]) -> String {
    let roles: Vec<_> = roles.iter().map(RoleId::to_string).collect();
    roles.join(" ")
}

/// Reads roles as they are written.
pub(in crate::sqlite) fn read(written: &str) -> Stored<Vec<RoleId>> {
    let role = |word: &str| match word.parse() {
        Ok(role) => Ok(RoleId::new(role)),
        Err(_) => Err(StoreError::Corrupt("a role in line that is no number".into())),
    };
    written.split(' ').filter(|word| !word.is_empty()).map(role).collect()
}
