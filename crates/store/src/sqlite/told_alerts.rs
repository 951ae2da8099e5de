//! Which alerts the operator was told of, in SQLite, for the process after this one.

use muster_vitals::resources::ToldAlert;
use muster_vitals::snapshot::{AlertLevel, Resource};
use rusqlite::{Connection, Row, params};

use super::SqliteStore;
use super::columns::{Column, whole_ms};
use crate::port::Stored;

impl SqliteStore {
    /// Keeps that this was told, in the place of what was told of the same level before.
    pub async fn note_told(&self, told: ToldAlert) -> Stored<()> {
        self.write(move |tx| note(tx.db, told)).await
    }

    /// What was told, of each resource the oldest first: at most one of each level, and one of a
    /// recovery.
    pub async fn told_alerts(&self) -> Stored<Vec<ToldAlert>> {
        self.read(all).await
    }
}

fn note(db: &Connection, told: ToldAlert) -> Stored<()> {
    // Told by a clock that was ahead: it would count as the last one.
    const FORGET: &str = "DELETE FROM alert_told WHERE resource = ?1 AND at >= ?2";
    const PUT: &str = "INSERT OR REPLACE INTO alert_told (resource, level, at) VALUES (?1, ?2, ?3)";
    let (resource, at) = (told.resource.name(), Column(whole_ms(told.at)));
    db.prepare_cached(FORGET)?.execute(params![resource, at])?;
    db.prepare_cached(PUT)?.execute(params![resource, number(told.level), at])?;
    Ok(())
}

fn all(db: &Connection) -> Stored<Vec<ToldAlert>> {
    const SQL: &str = "SELECT resource, level, at FROM alert_told ORDER BY resource, at";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([], told)?.collect::<Result<Vec<_>, _>>()?;
    // What another version watches and this one does not is no concern of it.
    Ok(rows.into_iter().flatten().collect())
}

fn told(row: &Row<'_>) -> rusqlite::Result<Option<ToldAlert>> {
    let name: String = row.get("resource")?;
    let resource = Resource::ALL.into_iter().find(|one| one.name() == name);
    let (level, at) = (level(row.get("level")?), row.get::<_, Column<jiff::Timestamp>>("at")?.0);
    Ok(resource.map(|resource| ToldAlert { resource, level, at }))
}

const fn number(level: Option<AlertLevel>) -> i64 {
    match level {
        None => 0,
        Some(AlertLevel::Info) => 1,
        Some(AlertLevel::Warning) => 2,
        Some(AlertLevel::Critical) => 3,
        Some(AlertLevel::Emergency) => 4,
    }
}

const fn level(number: i64) -> Option<AlertLevel> {
    match number {
        1 => Some(AlertLevel::Info),
        2 => Some(AlertLevel::Warning),
        3 => Some(AlertLevel::Critical),
        4 => Some(AlertLevel::Emergency),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::events::tests::{at, database_with_events};

    fn of(resource: Resource, level: Option<AlertLevel>, minute: i64) -> ToldAlert {
        ToldAlert { resource, level, at: at(minute) }
    }

    #[test]
    fn what_was_told_is_read_in_its_order_and_bounded() {
        let db = database_with_events(0);
        let levels = [None, Some(AlertLevel::Info), Some(AlertLevel::Warning)]
            .into_iter()
            .chain([Some(AlertLevel::Critical), Some(AlertLevel::Emergency)]);
        for (level, minute) in levels.cycle().zip(0..1_000) {
            note(&db, of(Resource::Disk, level, minute)).unwrap();
        }
        note(&db, of(Resource::Backups, None, 7)).unwrap();
        let found = all(&db).unwrap();
        assert_eq!(found.len(), 6);
        assert_eq!(found[0], of(Resource::Backups, None, 7));
        assert_eq!(found[5], of(Resource::Disk, Some(AlertLevel::Emergency), 999));
    }

    #[test]
    fn what_a_clock_that_was_ahead_told_is_forgotten() {
        let db = database_with_events(0);
        note(&db, of(Resource::Disk, Some(AlertLevel::Critical), 9_000)).unwrap();
        note(&db, of(Resource::Cpu, None, 9_000)).unwrap();
        note(&db, of(Resource::Disk, None, 3)).unwrap();
        let left = [of(Resource::Cpu, None, 9_000), of(Resource::Disk, None, 3)];
        assert_eq!(all(&db).unwrap(), left);
    }
}
