//! Everything on one member, over all guilds: read together, or erased piece by piece.

use std::sync::Arc;

use jiff::Timestamp;
use muster_domain::id::{EventId, UserId};
use rusqlite::{Connection, OptionalExtension, params};
use tracing::info;

use super::columns::{Column, only, whole_ms};
use super::erased_list::ErasedList;
use super::rosters::Rosters;
use super::writer::Tx;
use super::{SqliteStore, erase, events, held, in_one_state};
use crate::model::{Erasure, MemberData};
use crate::port::{Privacy, Stored};

/// Events that are looked through at a time, so that whoever else reads waits for moments only.
const EVENTS_PER_LOOK: usize = 256;

impl Privacy for SqliteStore {
    async fn held_on(&self, member: UserId) -> Stored<MemberData> {
        // Tables are looked through of which nobody else needs more than a few rows.
        self.at_length(move |db| in_one_state(db, |db| held::read(db, member))).await
    }

    async fn erase_member(&self, member: UserId, at: Timestamp) -> Stored<()> {
        let erasure = Erasure { member, at: whole_ms(at) };
        if let Some(list) = self.erased.clone() {
            // First of all: from here on it is finished, at the next start if not now.
            self.write(move |_| list.add(erasure)).await?;
        }
        let mut after = EventId::new(0);
        loop {
            let look = self.read(move |db| look(db, member, after)).await?;
            for event in look.found {
                self.write(move |tx| erase::in_event(tx, event, erasure)).await?;
            }
            match look.next {
                Some(next) => after = next,
                None => break,
            }
        }
        self.write(move |tx| erase::beside_events(tx.db, erasure)).await
    }
}

/// Some of the events, looked through for a member.
struct Look {
    /// Those that the member has to do with.
    found: Vec<EventId>,
    /// Behind which one to look next; `None` at the end.
    next: Option<EventId>,
}

fn look(db: &Connection, member: UserId, after: EventId) -> Stored<Look> {
    const WINDOW: &str = "SELECT id FROM event WHERE id > ?1 ORDER BY id LIMIT ?2";
    const FOUND: &str = "
        SELECT e.id FROM event e
        WHERE e.id > ?2 AND e.id <= ?3 AND (
          e.host = ?1
          OR EXISTS (SELECT 1 FROM signup s WHERE s.event = e.id AND s.member = ?1)
          OR EXISTS (SELECT 1 FROM event_log l WHERE l.event = e.id AND l.by = ?1)
          OR EXISTS (
            SELECT 1 FROM signup_log l WHERE l.event = e.id AND (l.by = ?1 OR l.member = ?1))
          OR EXISTS (
            SELECT 1 FROM presence_log l WHERE l.event = e.id AND (l.by = ?1 OR l.member = ?1))
          OR EXISTS (SELECT 1 FROM deed_log l WHERE l.event = e.id AND l.by = ?1)
          OR EXISTS (
            SELECT 1 FROM delivery d
            WHERE d.event = e.id AND (d.member = ?1 OR d.told_by = ?1))
          OR EXISTS (SELECT 1 FROM role_grant r WHERE r.event = e.id AND r.member = ?1)
          OR EXISTS (
            SELECT 1 FROM delivery d JOIN delivery_mention m ON m.delivery = d.id
            WHERE d.event = e.id AND m.member = ?1))";
    let window = events::ids(db, WINDOW, params![Column(after), Column(EVENTS_PER_LOOK)])?;
    let Some(last) = window.last().copied() else {
        return Ok(Look { found: Vec::new(), next: None });
    };
    let found = events::ids(db, FOUND, params![Column(member), Column(after), Column(last)])?;
    Ok(Look { found, next: Some(last) })
}

/// Erases again whom a database forgot to have erased: it was restored from a backup, or the
/// process ended in the middle. For the start, before anybody reads or writes.
pub(super) fn erase_again(db: &Connection, list: &ErasedList) -> Stored<()> {
    let mut forgotten = Vec::new();
    for erasure in list.read()? {
        if erased_at(db, erasure.member)?.is_none_or(|known| known < erasure.at) {
            forgotten.push(erasure);
        }
    }
    if forgotten.is_empty() {
        return Ok(());
    }
    let tx = db.unchecked_transaction()?;
    let mut rosters = Rosters::new(0, Arc::default());
    for erasure in &forgotten {
        let mut tx = Tx { db: &tx, rosters: &mut rosters };
        erase_all(&mut tx, *erasure)?;
    }
    tx.commit()?;
    info!(members = forgotten.len(), "what had been erased before was erased again");
    Ok(())
}

fn erase_all(tx: &mut Tx<'_>, erasure: Erasure) -> Stored<()> {
    let mut after = Some(EventId::new(0));
    while let Some(behind) = after {
        let look = look(tx.db, erasure.member, behind)?;
        for event in look.found {
            erase::in_event(tx, event, erasure)?;
        }
        after = look.next;
    }
    erase::beside_events(tx.db, erasure)
}

/// When everything on a member was erased, the last time.
pub(super) fn erased_at(db: &Connection, member: UserId) -> Stored<Option<Timestamp>> {
    const SQL: &str = "SELECT at FROM erased_member WHERE member = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(member)], only).optional()?)
}
