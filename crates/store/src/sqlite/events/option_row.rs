//! The options of an event as rows: each set that ever was stays, for the history.

use muster_domain::answer_option::{AnswerOption, OptionId, Options};
use muster_domain::capacity::Capacity;
use muster_domain::heading::SharedPlaces;
use muster_domain::id::{EventId, RoleId};
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns};
use crate::sqlite::grants;

/// Stores the options that an event has from this version on.
pub(super) fn insert(
    db: &Connection,
    event: EventId,
    version: u64,
    options: &Options,
) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO event_option (event, version, id, position, label, emoji, colour, coming, told,
          capacity, granted, grouping, shared, removed)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    const ROLE: &str = "
        INSERT INTO event_option_role (event, version, option, position, role)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    if options.iter().any(|option| option.granted.is_some()) {
        grants::follow(db, event)?;
    }
    let mut statement = db.prepare_cached(SQL)?;
    let mut role_statement = db.prepare_cached(ROLE)?;
    for (position, option) in options.iter().enumerate() {
        let (event, version, id) = (Column(event), Column(version), Column(option.id));
        statement.execute(params![
            event,
            version,
            id,
            Column(position),
            option.label,
            option.emoji,
            Column(option.colour),
            option.coming,
            option.told,
            option.capacity.map(Column),
            option.granted.map(Column),
            option.group,
            options.shared_by(option).map(|(_, places)| Column(places.capacity)),
            option.removed,
        ])?;
        for (position, role) in option.allowed.iter().enumerate() {
            role_statement.execute(params![event, version, id, Column(position), Column(*role)])?;
        }
    }
    Ok(())
}

/// Reads the options that were set with this version of an event.
pub(super) fn read(db: &Connection, event: EventId, version: u64) -> Stored<Options> {
    const SQL: &str = "
        SELECT id, label, emoji, colour, coming, told, capacity, granted, grouping, shared, removed
        FROM event_option WHERE event = ?1 AND version = ?2 ORDER BY position";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params![Column(event), Column(version)], |row| {
        let mut columns = Columns::of(row);
        let mut option = AnswerOption {
            id: columns.take()?,
            label: columns.take()?,
            emoji: columns.take()?,
            colour: columns.take()?,
            coming: columns.take()?,
            told: columns.take()?,
            capacity: columns.take_nullable()?,
            granted: columns.take_nullable()?,
            group: columns.take_nullable()?,
            removed: false,
            allowed: Box::default(),
        };
        let capacity: Option<Capacity> = columns.take_nullable()?;
        option.removed = columns.take()?;
        let places = |(heading, capacity)| SharedPlaces { heading, capacity };
        let shared = option.group.clone().zip(capacity).map(places);
        Ok((option, shared))
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let (mut options, shared): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    for (option, role) in roles(db, event, version)? {
        if let Some(option) = options.iter_mut().find(|known| known.id == option) {
            let mut allowed = std::mem::take(&mut option.allowed).into_vec();
            allowed.push(role);
            option.allowed = allowed.into();
        }
    }
    let options = Options::new(options)
        .map_err(|error| StoreError::Corrupt(format!("event {event}: {error}")))?;
    Ok(options.sharing(shared.into_iter().flatten()))
}

fn roles(db: &Connection, event: EventId, version: u64) -> Stored<Vec<(OptionId, RoleId)>> {
    const SQL: &str = "
        SELECT option, role FROM event_option_role
        WHERE event = ?1 AND version = ?2 ORDER BY option, position";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params![Column(event), Column(version)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
