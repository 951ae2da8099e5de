//! Roles that follow from rosters, in SQLite: planned when a roster has changed, then given and
//! taken one by one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_domain::event::Phase;
use muster_domain::grant::granted;
use muster_domain::id::{EventId, RoleId, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use super::columns::{Column, Columns, only, whole_ms};
use super::events;
use super::rosters::LoadedEvent;
use super::set_aside::{DueRow, apart};
use super::writer::Tx;
use crate::model::{Grant, GrantEnd, GrantStep, RoleState};
use crate::port::{Grants, Stored};

impl Grants for SqliteStore {
    async fn plan_grants(&self, now: Timestamp, limit: usize) -> Stored<usize> {
        self.write(move |tx| plan(tx, whole_ms(now), limit)).await
    }

    async fn due_grants(&self, now: Timestamp, limit: usize) -> Stored<Vec<Grant>> {
        self.read(move |db| due(db, now, limit)).await
    }

    async fn next_grant(&self) -> Stored<Option<Timestamp>> {
        self.read(next).await
    }

    async fn grant_asked(&self, grant: Grant) -> Stored<bool> {
        self.write(move |tx| asked(tx.db, grant)).await
    }

    async fn grant_ended(&self, grant: Grant, end: GrantEnd) -> Stored<()> {
        self.write(move |tx| ended(tx.db, grant, end)).await
    }
}

/// Has no role wait longer than until then. Returns how many did.
pub(super) fn wait_no_longer(db: &Connection, latest: Timestamp) -> Stored<usize> {
    const SQL: &str = "
        UPDATE role_grant SET ready_at = ?1
        WHERE state IN ('wanted', 'unwanted') AND ready_at > ?1";
    Ok(db.prepare_cached(SQL)?.execute([Column(latest)])?)
}

/// Notes that an event gives roles, so that its roster is followed.
pub(super) fn follow(db: &Connection, event: EventId) -> Stored<()> {
    const SQL: &str = "UPDATE event SET gives_roles = 1 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute([Column(event)])?;
    Ok(())
}

/// Those that are set aside are planned once they were read again.
fn plan(tx: &mut Tx<'_>, now: Timestamp, limit: usize) -> Stored<usize> {
    const SQL: &str = "
        SELECT e.id FROM event e JOIN post p ON p.event = e.id
        WHERE e.gives_roles = 1 AND p.version > e.roles_version
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = e.guild AND g.removed_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM unreadable u WHERE u.kind = 'event' AND u.id = e.id)
        ORDER BY e.id LIMIT ?1";
    let changed = events::ids(tx.db, SQL, [Column(limit)])?;
    let planned = changed.len();
    for event in changed {
        let was_at_hand = tx.rosters.has(event);
        apart(tx, DueRow::Event(event), now, |tx| match tx.rosters.open(tx.db, event)? {
            Some(loaded) => plan_event(tx.db, loaded, now),
            None => Ok(()),
        })?;
        if !was_at_hand {
            tx.rosters.forget(event);
        }
    }
    Ok(planned)
}

/// Plans the roles of an event as it was when it was last looked at, if that is later: the clock
/// may have been corrected since `now` was read off it, and nothing plans them once more.
fn plan_event(db: &Connection, loaded: &LoadedEvent, now: Timestamp) -> Stored<()> {
    const PUT: &str = "
        INSERT INTO role_grant (event, member, role, state, ready_at)
        VALUES (?1, ?2, ?3, 'wanted', ?4)
        ON CONFLICT (event, member, role) DO UPDATE SET state = 'wanted', ready_at = ?4
        WHERE state = 'unwanted'";
    const NO_MORE: &str = "
        UPDATE role_grant SET state = 'unwanted', ready_at = ?4
        WHERE event = ?1 AND member = ?2 AND role = ?3 AND state <> 'unwanted'";
    const FORGET: &str = "DELETE FROM role_grant WHERE event = ?1 AND member = ?2 AND role = ?3";
    const FOLLOWED: &str = "UPDATE event SET roles_version = ?2 WHERE id = ?1";
    let seen = now.max(events::event_row::looked_at(db, loaded.event.id)?);
    let (event, now_column) = (Column(loaded.event.id), Column(now));
    let wanted = granted(&loaded.event, &loaded.roster, seen);
    let there = there(db, loaded.event.id)?;
    for (member, role) in &wanted {
        db.prepare_cached(PUT)?.execute(params![
            event,
            Column(*member),
            Column(*role),
            now_column
        ])?;
    }
    for ((member, role), state) in &there {
        if wanted.contains(&(*member, *role)) {
            continue;
        }
        let row = params![event, Column(*member), Column(*role), now_column];
        if state.is_ours() {
            db.prepare_cached(NO_MORE)?.execute(row)?;
        } else {
            let row = params![event, Column(*member), Column(*role)];
            db.prepare_cached(FORGET)?.execute(row)?;
        }
    }
    db.prepare_cached(FOLLOWED)?.execute(params![event, Column(loaded.event.version)])?;
    let is_over = matches!(loaded.event.phase(seen), Phase::Over);
    if is_over && there.is_empty() && wanted.is_empty() {
        stop_following(db, loaded.event.id)?;
    }
    Ok(())
}

fn stop_following(db: &Connection, event: EventId) -> Stored<()> {
    const SQL: &str = "UPDATE event SET gives_roles = 0 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute([Column(event)])?;
    Ok(())
}

/// What is known of a role that a member has or is to have.
struct State {
    state: RoleState,
    asked: bool,
}

impl State {
    /// Whether the member has it from us, or may have.
    fn is_ours(&self) -> bool {
        match self.state {
            RoleState::Given | RoleState::Unwanted => true,
            RoleState::Wanted => self.asked,
            RoleState::Had => false,
        }
    }
}

fn there(db: &Connection, event: EventId) -> Stored<BTreeMap<(UserId, RoleId), State>> {
    const SQL: &str = "SELECT member, role, state, asked FROM role_grant WHERE event = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(event)], |row| {
        let mut columns = Columns::of(row);
        let key = (columns.take()?, columns.take()?);
        Ok((key, State { state: columns.take()?, asked: columns.take()? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn due(db: &Connection, now: Timestamp, limit: usize) -> Stored<Vec<Grant>> {
    const SQL: &str = "
        SELECT r.event, e.guild, r.member, r.role, r.state = 'wanted', r.asked
        FROM role_grant r JOIN event e ON e.id = r.event
        WHERE r.state IN ('wanted', 'unwanted') AND r.ready_at <= ?1
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = e.guild AND g.removed_at IS NULL)
        ORDER BY r.ready_at LIMIT ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params![Column(now), Column(limit)], |row| {
        let mut columns = Columns::of(row);
        let (event, guild) = (columns.take()?, columns.take()?);
        let (member, role) = (columns.take()?, columns.take()?);
        let (gives, asked) = (columns.take()?, columns.take()?);
        let step = if gives { GrantStep::Give { asked } } else { GrantStep::Take };
        Ok(Grant { event, guild, member, role, step })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn next(db: &Connection) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT r.ready_at FROM role_grant r JOIN event e ON e.id = r.event
        WHERE r.state IN ('wanted', 'unwanted')
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = e.guild AND g.removed_at IS NULL)
        ORDER BY r.ready_at LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([], only).optional()?)
}

/// Notes that Discord is about to be asked; false if it is not to be asked any more.
fn asked(db: &Connection, grant: Grant) -> Stored<bool> {
    const GIVE: &str = "
        UPDATE role_grant SET asked = 1
        WHERE event = ?1 AND member = ?2 AND role = ?3 AND state = 'wanted'";
    const TAKE: &str = "
        SELECT EXISTS (
          SELECT 1 FROM role_grant
          WHERE event = ?1 AND member = ?2 AND role = ?3 AND state = 'unwanted')";
    let row = params![Column(grant.event), Column(grant.member), Column(grant.role)];
    match grant.step {
        GrantStep::Give { .. } => Ok(db.prepare_cached(GIVE)?.execute(row)? > 0),
        GrantStep::Take if passed_on(db, grant)? => {
            ended(db, grant, GrantEnd::Gone)?;
            Ok(false)
        }
        GrantStep::Take => Ok(db.prepare_cached(TAKE)?.query_row(row, only)?),
    }
}

/// Has a member keep a role that this event gave, if another one gives it as well: from us.
fn passed_on(db: &Connection, grant: Grant) -> Stored<bool> {
    const SQL: &str = "
        UPDATE role_grant SET state = 'given'
        WHERE member = ?2 AND role = ?3 AND event <> ?1 AND state IN ('wanted', 'given')";
    let row = params![Column(grant.event), Column(grant.member), Column(grant.role)];
    Ok(db.prepare_cached(SQL)?.execute(row)? > 0)
}

fn ended(db: &Connection, grant: Grant, end: GrantEnd) -> Stored<()> {
    const GIVEN: &str = "
        UPDATE role_grant SET state = 'given'
        WHERE event = ?1 AND member = ?2 AND role = ?3 AND state = 'wanted'";
    // Who has it from us because of another event has it from us.
    const HAD: &str = "
        UPDATE role_grant SET state = iif(
          EXISTS (
            SELECT 1 FROM role_grant o
            WHERE o.member = ?2 AND o.role = ?3 AND o.event <> ?1
              AND (o.state IN ('given', 'unwanted') OR o.asked = 1)),
          'given', 'had')
        WHERE event = ?1 AND member = ?2 AND role = ?3 AND state = 'wanted'";
    // What a guild that removed the bot does not know is seen to when it comes back.
    const GONE: &str = "
        DELETE FROM role_grant
        WHERE event = ?1 AND member = ?2 AND role = ?3 AND state = ?4
          AND NOT EXISTS (
            SELECT 1 FROM event e JOIN guild g ON g.id = e.guild
            WHERE e.id = ?1 AND g.removed_at IS NOT NULL)";
    const LATER: &str = "
        UPDATE role_grant SET ready_at = ?4 WHERE event = ?1 AND member = ?2 AND role = ?3";
    let (event, member, role) = (Column(grant.event), Column(grant.member), Column(grant.role));
    let state = match grant.step {
        GrantStep::Give { .. } => RoleState::Wanted,
        GrantStep::Take => RoleState::Unwanted,
    };
    match end {
        GrantEnd::Given => db.prepare_cached(GIVEN)?.execute(params![event, member, role])?,
        GrantEnd::Had => db.prepare_cached(HAD)?.execute(params![event, member, role])?,
        GrantEnd::Gone => {
            db.prepare_cached(GONE)?.execute(params![event, member, role, Column(state)])?
        }
        GrantEnd::Later(at) => {
            db.prepare_cached(LATER)?.execute(params![event, member, role, Column(at)])?
        }
    };
    Ok(())
}

/// Has the roles of an erased member taken away; until that is done, it is known whose they are.
pub(super) fn erase(db: &Connection, event: EventId, member: UserId, at: Timestamp) -> Stored<()> {
    const HAD: &str = "DELETE FROM role_grant WHERE event = ?1 AND member = ?2 AND state = 'had'";
    const TAKE: &str = "
        UPDATE role_grant SET state = 'unwanted', ready_at = ?3
        WHERE event = ?1 AND member = ?2";
    db.prepare_cached(HAD)?.execute(params![Column(event), Column(member)])?;
    db.prepare_cached(TAKE)?.execute(params![Column(event), Column(member), Column(at)])?;
    Ok(())
}
