//! Who was there, with a place or without: as it stands, and every mark that ever was made.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, InteractionId, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use super::columns::{Column, Columns, only, whole_ms};
use super::events::stored_roster::StoredRoster;
use super::events::{deed_log, event_row};
use super::writer::Tx;
use crate::model::{
    CheckInSecret, MarkOutcome, MarkRequest, Marked, Presence, PresenceList, UnmarkRequest, Window,
};
use crate::port::{Presences, Stored};

impl Presences for SqliteStore {
    async fn mark(&self, request: MarkRequest) -> Stored<MarkOutcome> {
        self.write_or_busy(move |tx| mark(tx, &request)).await
    }

    async fn unmark(&self, request: UnmarkRequest) -> Stored<usize> {
        self.write(move |tx| unmark(tx, request)).await
    }

    async fn presences(
        &self,
        guild: GuildId,
        event: EventId,
        window: Window,
    ) -> Stored<Option<PresenceList>> {
        self.read(move |db| list(db, guild, event, window)).await
    }

    async fn check_in_secret(
        &self,
        guild: GuildId,
        event: EventId,
        fresh: CheckInSecret,
    ) -> Stored<Option<CheckInSecret>> {
        self.write(move |tx| secret(tx.db, guild, event, &fresh)).await
    }

    async fn presence_of(&self, event: EventId, member: UserId) -> Stored<Option<Presence>> {
        self.read(move |db| state_of(db, event, member)).await
    }
}

/// The secret of an event of this guild; the fresh one if it has none.
fn secret(
    db: &Connection,
    guild: GuildId,
    event: EventId,
    fresh: &CheckInSecret,
) -> Stored<Option<CheckInSecret>> {
    const PUT: &str = "
        INSERT INTO check_in_secret (event, secret)
        SELECT id, ?3 FROM event WHERE id = ?1 AND guild = ?2 AND deleted_at IS NULL
        ON CONFLICT (event) DO NOTHING";
    const READ: &str = "
        SELECT s.secret FROM check_in_secret s JOIN event e ON e.id = s.event
        WHERE s.event = ?1 AND e.guild = ?2 AND e.deleted_at IS NULL";
    let (event, guild) = (Column(event), Column(guild));
    db.prepare_cached(PUT)?.execute(params![event, guild, fresh.expose()])?;
    let mut statement = db.prepare_cached(READ)?;
    let found: Option<[u8; 32]> =
        statement.query_row(params![event, guild], |row| row.get(0)).optional()?;
    Ok(found.map(CheckInSecret::new))
}

/// One mark, with who makes it.
#[derive(Clone, Copy)]
struct Mark {
    event: EventId,
    version: u64,
    by: UserId,
    interaction: InteractionId,
    at: Timestamp,
}

fn mark(tx: &mut Tx<'_>, request: &MarkRequest) -> Stored<MarkOutcome> {
    let MarkRequest { event, by, interaction, .. } = *request;
    let db = tx.db;
    let opened = tx.rosters.open(db, event)?;
    let Some(loaded) = opened.filter(|loaded| loaded.event.guild == request.guild) else {
        return Ok(MarkOutcome::NoSuchEvent);
    };
    let at = whole_ms(request.at);
    let mark = Mark { event, version: loaded.event.version, by, interaction, at };
    if is_made(db, mark)? {
        return Ok(MarkOutcome::Made(0));
    }
    let known = states(db, event)?;
    let columns = loaded.event.options.iter().filter(|option| option.coming);
    let seated: Vec<_> = columns.flat_map(|option| loaded.roster.column(option.id)).collect();
    let is_meant = |member: &UserId| match &request.whom {
        Marked::Members(members) | Marked::Answered(members) => members.contains(member),
        Marked::Everybody => true,
        Marked::TheRest => !known.contains_key(member),
    };
    let placeless = match &request.whom {
        Marked::Answered(members) => members.as_slice(),
        Marked::Members(_) | Marked::Everybody | Marked::TheRest => &[],
    };
    let answered = |member: &&UserId| loaded.roster.signup(**member).is_some();
    let placeless = placeless.iter().filter(answered).filter(|member| !seated.contains(member));
    // Nobody without a place was missed.
    let came = request.presence.filter(|presence| *presence == Presence::Present);
    let placeless = placeless.map(|member| (*member, came));
    let seated = seated.iter().copied().filter(is_meant).map(|member| (member, request.presence));
    let mut made = 0;
    for (member, after) in seated.chain(placeless) {
        let before = known.get(&member).copied();
        if before != after {
            put(db, mark, member, before, after)?;
            made += 1;
        }
    }
    Ok(MarkOutcome::Made(made))
}

fn is_made(db: &Connection, mark: Mark) -> Stored<bool> {
    const SQL: &str = "
        SELECT EXISTS (SELECT 1 FROM presence_log WHERE event = ?1 AND interaction = ?2)";
    let params = params![Column(mark.event), Column(mark.interaction)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only)?)
}

/// Sets a member's state, and adds a line to the history.
fn put(
    db: &Connection,
    mark: Mark,
    member: UserId,
    before: Option<Presence>,
    after: Option<Presence>,
) -> Stored<()> {
    const FORGET: &str = "DELETE FROM presence WHERE event = ?1 AND member = ?2";
    const SET: &str = "
        INSERT INTO presence (event, member, state) VALUES (?1, ?2, ?3)
        ON CONFLICT (event, member) DO UPDATE SET state = excluded.state";
    const LOG: &str = "
        INSERT INTO presence_log (event, line, version, member, from_state, to_state, by,
          interaction, at)
        VALUES (?1, ?9, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let event = Column(mark.event);
    match after {
        None => db.prepare_cached(FORGET)?.execute(params![event, Column(member)])?,
        Some(state) => {
            db.prepare_cached(SET)?.execute(params![event, Column(member), Column(state)])?
        }
    };
    db.prepare_cached(LOG)?.execute(params![
        event,
        Column(mark.version),
        Column(member),
        before.map(Column),
        after.map(Column),
        Column(mark.by),
        Column(mark.interaction),
        Column(mark.at),
        Column(deed_log::next_line(db, mark.event)?),
    ])?;
    Ok(())
}

fn unmark(tx: &mut Tx<'_>, request: UnmarkRequest) -> Stored<usize> {
    const MADE: &str = "
        SELECT member, from_state, to_state FROM presence_log
        WHERE event = ?1 AND interaction = ?2 ORDER BY line";
    let UnmarkRequest { guild, event, made_with, by, interaction, at } = request;
    let (db, at) = (tx.db, whole_ms(at));
    let opened = tx.rosters.open(db, event)?;
    let Some(loaded) = opened.filter(|loaded| loaded.event.guild == guild) else { return Ok(0) };
    let mark = Mark { event, version: loaded.event.version, by, interaction, at };
    if is_made(db, mark)? {
        return Ok(0);
    }
    let known = states(db, event)?;
    let mut statement = db.prepare_cached(MADE)?;
    let mut found = statement.query(params![Column(event), Column(made_with)])?;
    let mut lines = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        let member: UserId = columns.take()?;
        let before: Option<Presence> = columns.take_nullable()?;
        let after: Option<Presence> = columns.take_nullable()?;
        lines.push((member, before, after));
    }
    let mut undone = 0;
    for (member, before, after) in lines {
        // What somebody marked otherwise since then stays.
        if known.get(&member).copied() == after {
            put(db, mark, member, after, before)?;
            undone += 1;
        }
    }
    Ok(undone)
}

fn states(db: &Connection, event: EventId) -> Stored<HashMap<UserId, Presence>> {
    const SQL: &str = "SELECT member, state FROM presence WHERE event = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(event)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn state_of(db: &Connection, event: EventId, member: UserId) -> Stored<Option<Presence>> {
    const SQL: &str = "SELECT state FROM presence WHERE event = ?1 AND member = ?2";
    let params = params![Column(event), Column(member)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only).optional()?)
}

fn list(
    db: &Connection,
    guild: GuildId,
    id: EventId,
    window: Window,
) -> Stored<Option<PresenceList>> {
    let Some(event) = event_row::read(db, id)?.filter(|event| event.guild == guild) else {
        return Ok(None);
    };
    let known = states(db, id)?;
    let roster = StoredRoster::read(db, &event)?.roster;
    let columns = event.options.iter().filter(|option| option.coming);
    let mut listed: Vec<UserId> = columns.flat_map(|option| roster.column(option.id)).collect();
    let has_place: HashSet<UserId> = listed.iter().copied().collect();
    let came = known.iter().filter(|(_, state)| **state == Presence::Present);
    let came = came.map(|(member, _)| *member).filter(|member| !has_place.contains(member));
    let mut came: Vec<_> = came.filter(|member| roster.signup(*member).is_some()).collect();
    came.sort_unstable();
    listed.extend(came);
    let state = |member: &UserId| known.get(member).copied();
    let count = |wanted| listed.iter().filter(|member| state(member) == Some(wanted)).count();
    let (present, absent) = (count(Presence::Present), count(Presence::Absent));
    let shown = listed.iter().skip(window.skip).take(window.limit);
    let rows = shown.map(|member| (*member, state(member))).collect();
    let total = listed.len();
    Ok(Some(PresenceList { event, present, absent, rows, total }))
}
