//! The rules of an event as rows: each set that ever was stays, for the history.

use jiff::SignedDuration;
use muster_domain::capacity::Capacity;
use muster_domain::id::{EventId, RoleId};
use muster_domain::rules::{CheckIn, EventRules, Minimum};
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};

/// Stores the rules that an event has from this version on.
pub(super) fn insert(
    db: &Connection,
    event: EventId,
    version: u64,
    rules: &EventRules,
) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO event_rules (event, version, guests_max, offer, close_before, minimum,
          minimum_before, names_hidden, check_in, check_in_code)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    db.prepare_cached(SQL)?.execute(params![
        Column(event),
        Column(version),
        Column(rules.guests_max),
        rules.offer.map(Column),
        Column(rules.close_before),
        rules.minimum.map(|minimum| Column(minimum.people)),
        rules.minimum.map(|minimum| Column(minimum.before_start)),
        rules.names_hidden,
        rules.check_in != CheckIn::Off,
        rules.check_in == CheckIn::Code,
    ])?;
    for (list, roles) in
        [("allowed", &rules.allowed), ("denied", &rules.denied), ("priority", &rules.priority)]
    {
        insert_roles(db, event, version, list, roles)?;
    }
    Ok(())
}

fn insert_roles(
    db: &Connection,
    event: EventId,
    version: u64,
    list: &str,
    roles: &[RoleId],
) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO event_role (event, version, list, position, role)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut statement = db.prepare_cached(SQL)?;
    for (position, role) in roles.iter().enumerate() {
        let (event, version) = (Column(event), Column(version));
        statement.execute(params![event, version, list, Column(position), Column(*role)])?;
    }
    Ok(())
}

/// Reads the rules that were set with this version of an event.
pub(super) fn read(db: &Connection, event: EventId, version: u64) -> Stored<EventRules> {
    const SQL: &str = "
        SELECT guests_max, offer, close_before, minimum, minimum_before, names_hidden,
          check_in, check_in_code
        FROM event_rules WHERE event = ?1 AND version = ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rules = statement.query_row(params![Column(event), Column(version)], |row| {
        let mut columns = Columns::of(row);
        Ok(EventRules {
            guests_max: columns.take()?,
            offer: columns.take_nullable()?,
            close_before: columns.take()?,
            minimum: minimum_of(columns.take_nullable()?, columns.take_nullable()?),
            names_hidden: columns.take()?,
            check_in: check_in_of(columns.take()?, columns.take()?),
            ..EventRules::default()
        })
    })?;
    read_roles(db, event, version, &mut rules)?;
    rules.validate().map_err(|error| StoreError::Corrupt(format!("event {event}: {error}")))?;
    Ok(rules)
}

fn minimum_of(people: Option<Capacity>, before_start: Option<SignedDuration>) -> Option<Minimum> {
    Some(Minimum { people: people?, before_start: before_start? })
}

/// How members check in: not at all, by a button, or by a code.
pub(in crate::sqlite) const fn check_in_of(open: bool, code: bool) -> CheckIn {
    match (open, code) {
        (false, _) => CheckIn::Off,
        (true, false) => CheckIn::Button,
        (true, true) => CheckIn::Code,
    }
}

fn read_roles(db: &Connection, event: EventId, version: u64, rules: &mut EventRules) -> Stored<()> {
    const SQL: &str = "
        SELECT list, role FROM event_role
        WHERE event = ?1 AND version = ?2 ORDER BY list, position";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(event), Column(version)])?;
    while let Some(row) = rows.next()? {
        let mut columns = Columns::of(row);
        let list: Box<str> = columns.take()?;
        let named = match list.as_ref() {
            "allowed" => &mut rules.allowed,
            "denied" => &mut rules.denied,
            "priority" => &mut rules.priority,
            _ => return Err(StoreError::Corrupt(format!("event {event} has a list {list}"))),
        };
        named.push(columns.take()?);
    }
    Ok(())
}

/// Rules as precise as they are stored.
pub(super) fn as_stored(mut rules: EventRules) -> EventRules {
    let whole = |time: SignedDuration| SignedDuration::from_secs(time.as_secs());
    rules.offer = rules.offer.map(whole);
    rules.close_before = whole(rules.close_before);
    rules.minimum = rules
        .minimum
        .map(|minimum| Minimum { before_start: whole(minimum.before_start), ..minimum });
    rules
}
