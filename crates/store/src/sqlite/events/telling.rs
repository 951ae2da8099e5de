//! What organisers tell those who are coming, in their own words.
//!
//! All messages of one telling are deliveries that follow its first one without another first one
//! between, so that no table of its own is needed to count them.

use jiff::{SignedDuration, Timestamp};
use muster_domain::event::Phase;
use muster_domain::id::{DeliveryId, EventId, GuildId, InteractionId, UserId};
use muster_domain::limits::{TELL_GAP, TELLINGS_A_DAY};
use muster_domain::notice::{TOLD, tell_words};
use muster_domain::reminder::reminded;
use muster_domain::roster::Place;
use rusqlite::{Connection, OptionalExtension, params};

use super::{deed_log, event_row, news};
use crate::model::{Cause, Deed, Progress, Reach, Reaches, TellRequest, Telling, Told};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only, whole_ms};
use crate::sqlite::deliveries::insert::About;
use crate::sqlite::deliveries::told_to;
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::writer::Tx;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Plans what is told, once per interaction.
pub(super) fn tell(tx: &mut Tx<'_>, mut request: TellRequest) -> Stored<Told> {
    request.at = whole_ms(request.at);
    let db = tx.db;
    let opened = tx.rosters.open(db, request.event)?;
    let Some(loaded) = opened.filter(|loaded| loaded.event.guild == request.guild) else {
        return Ok(Told::NoSuchEvent);
    };
    if loaded.event.phase(request.at) == Phase::Deleted {
        return Ok(Told::NoSuchEvent);
    }
    if let Some(first) = told_by(db, request.event, request.interaction)? {
        return read(db, request.event, first).map(Told::Planned);
    }
    if let Some(then) = not_before(db, request.event, request.at)? {
        return Ok(Told::NotBefore(then));
    }
    match plan(db, loaded, &request)? {
        Some(first) => read(db, request.event, first).map(Told::Planned),
        None => Ok(Told::Nobody),
    }
}

fn plan(
    db: &Connection,
    loaded: &LoadedEvent,
    request: &TellRequest,
) -> Stored<Option<DeliveryId>> {
    const BY: &str = "UPDATE delivery SET told_by = ?2, interaction = ?3 WHERE id = ?1";
    let event = &loaded.event;
    let told = Some(request.audience);
    let about = About { words: Some(&request.words), told, ..About::event(event) };
    let members = reminded(request.audience, event, &loaded.roster);
    let notices = tell_words(event, &members, request.at);
    let first = news::all(db, loaded, about, &notices, &members)?;
    if let Some(first) = first {
        let params = params![Column(first), Column(request.by), Column(request.interaction)];
        db.prepare_cached(BY)?.execute(params)?;
        deed_log::record(db, event, Deed::Told, Cause { by: request.by, at: request.at })?;
    }
    Ok(first)
}

fn told_by(
    db: &Connection,
    event: EventId,
    interaction: InteractionId,
) -> Stored<Option<DeliveryId>> {
    const SQL: &str = "SELECT id FROM delivery WHERE event = ?1 AND interaction = ?2";
    let params = params![Column(event), Column(interaction)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only).optional()?)
}

/// From when on something may be told again, if not now.
fn not_before(db: &Connection, event: EventId, at: Timestamp) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT due_at FROM delivery
        WHERE event = ?1 AND told_by IS NOT NULL AND outcome IS NOT 'skipped'
        ORDER BY id DESC LIMIT ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params![Column(event), Column(TELLINGS_A_DAY)], only)?;
    let dues: Vec<Timestamp> = rows.collect::<Result<_, _>>()?;
    let after_last = dues.first().map(|due| due.saturating_add(TELL_GAP));
    let after_day = dues.get(TELLINGS_A_DAY - 1).map(|due| due.saturating_add(DAY));
    let thens = [after_last, after_day].into_iter().flatten().filter_map(Result::ok);
    Ok(thens.max().filter(|then| *then > at))
}

/// Whom something would reach, and what was told last; `None` if the guild has no such event.
pub(super) fn latest(
    db: &Connection,
    guild: GuildId,
    id: EventId,
) -> Stored<Option<(Reaches, Option<Telling>)>> {
    const SQL: &str = "
        SELECT max(id) FROM delivery WHERE event = ?1 AND told_by IS NOT NULL";
    let Some(event) = event_row::read(db, id)?.filter(|event| event.guild == guild) else {
        return Ok(None);
    };
    let stored = super::stored_roster::StoredRoster::read(db, &event)?;
    let wants = |member: &&UserId| stored.details.get(member).is_some_and(|said| said.direct);
    let is_placeless = |member: &&UserId| {
        let signup = stored.roster.signup(**member);
        signup.is_some_and(|signup| signup.place != Place::Seated)
    };
    let reaches = TOLD.map(|audience| {
        let members = reminded(audience, &event, &stored.roster);
        let direct = members.iter().filter(wants).count();
        let placeless = members.iter().filter(is_placeless).count();
        Reach { members: members.len(), placeless, direct }
    });
    let first: Option<Column<DeliveryId>> =
        db.prepare_cached(SQL)?.query_row([Column(id)], |row| row.get(0))?;
    let telling = first.map(|first| read(db, id, first.0)).transpose()?;
    Ok(Some((reaches, telling)))
}

/// How far a telling is.
fn read(db: &Connection, event: EventId, first: DeliveryId) -> Stored<Telling> {
    const DUE: &str = "
        SELECT due_at, outcome IS 'skipped' AND attempts = 0, audience FROM delivery WHERE id = ?1";
    let found = db.prepare_cached(DUE)?.query_row([Column(first)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?, columns.take_nullable::<String>()?))
    })?;
    let (due, is_taken_back, audience) = found;
    let audience = told_to(audience.as_deref());
    let next = next_first(db, event, first)?;
    let parts = progress(db, event, "notice", first..next)?;
    let direct = progress(db, event, "direct", first..next)?;
    Ok(Telling { first, audience, due, is_taken_back, parts, direct })
}

/// The first message of the next telling, or a number beyond all.
fn next_first(db: &Connection, event: EventId, first: DeliveryId) -> Stored<DeliveryId> {
    const SQL: &str = "
        SELECT coalesce(min(id), 9223372036854775807) FROM delivery
        WHERE event = ?1 AND told_by IS NOT NULL AND id > ?2";
    Ok(db.prepare_cached(SQL)?.query_row(params![Column(event), Column(first)], only)?)
}

fn progress(
    db: &Connection,
    event: EventId,
    kind: &str,
    ids: std::ops::Range<DeliveryId>,
) -> Stored<Progress> {
    const SQL: &str = "
        SELECT count(*), count(*) FILTER (WHERE outcome = 'sent'),
          count(*) FILTER (WHERE outcome <> 'sent')
        FROM delivery
        WHERE event = ?1 AND kind = ?2 AND news = 'told' AND id >= ?3 AND id < ?4";
    let params = params![Column(event), kind, Column(ids.start), Column(ids.end)];
    Ok(db.prepare_cached(SQL)?.query_row(params, |row| {
        let mut columns = Columns::of(row);
        Ok(Progress { all: columns.take()?, sent: columns.take()?, failed: columns.take()? })
    })?)
}

/// Takes back what has not begun to leave; `None` if the guild has no such event or telling.
pub(super) fn take_back(
    db: &Connection,
    guild: GuildId,
    event: EventId,
    first: DeliveryId,
    at: Timestamp,
) -> Stored<Option<Telling>> {
    const IS_THERE: &str = "
        SELECT EXISTS (
          SELECT 1 FROM delivery
          WHERE id = ?1 AND event = ?2 AND guild = ?3 AND told_by IS NOT NULL)";
    const SKIP: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = 'it was taken back', ended_at = ?4
        WHERE event = ?1 AND news = 'told' AND id >= ?2 AND id < ?3
          AND ended_at IS NULL AND attempts = 0 AND (lease_until IS NULL OR lease_until <= ?4)";
    let asked = params![Column(first), Column(event), Column(guild)];
    if !db.prepare_cached(IS_THERE)?.query_row(asked, only)? {
        return Ok(None);
    }
    let next = next_first(db, event, first)?;
    let at = Column(whole_ms(at));
    let skip = params![Column(event), Column(first), Column(next), at];
    let skipped = db.prepare_cached(SKIP)?.execute(skip)?;
    let telling = read(db, event, first)?;
    if skipped > 0 && telling.is_taken_back {
        deed_log::forget_told(db, event, first)?;
    }
    Ok(Some(telling))
}
