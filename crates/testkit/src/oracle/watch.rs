//! Looks at the roster after every commit: at no instant may it be overbooked, not even at one that
//! the history does not show.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension as _};

use super::database;
use crate::ledger::Ledger;

/// Events in which more have a place than there are places.
const OVERBOOKED: &str = "
    SELECT e.id, e.capacity, sum(1 + s.guests) FROM event e
    JOIN signup s ON s.event = e.id AND s.place IN (0, 2)
    JOIN event_option o ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
      AND o.coming = 1
    WHERE e.capacity IS NOT NULL
    GROUP BY e.id HAVING sum(1 + s.guests) > e.capacity
    UNION ALL
    SELECT e.id, o.capacity, sum(1 + s.guests) FROM event e
    JOIN signup s ON s.event = e.id AND s.place IN (0, 2)
    JOIN event_option o ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
      AND o.coming = 1
    WHERE o.capacity IS NOT NULL
    GROUP BY e.id, o.id HAVING sum(1 + s.guests) > o.capacity
    UNION ALL
    SELECT e.id, o.shared, sum(1 + s.guests) FROM event e
    JOIN signup s ON s.event = e.id AND s.place IN (0, 2)
    JOIN event_option o ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
      AND o.coming = 1
    WHERE o.shared IS NOT NULL
    GROUP BY e.id, o.grouping HAVING sum(1 + s.guests) > o.shared";

/// The methods that change rosters.
const CHANGES_ROSTERS: [&str; 7] =
    ["tap", "change_event", "undo", "turn_events", "mend_times", "change_series", "erase_member"];

/// Looks at one database.
pub(crate) struct Watch {
    db: Mutex<Option<Connection>>,
    ledger: Arc<Ledger>,
}

impl Watch {
    /// Looks at the database in this file.
    #[must_use]
    pub(crate) fn new(path: &Path, ledger: Arc<Ledger>) -> Self {
        let db = database::open(path);
        if let Err(error) = &db {
            ledger.violation("oracle", error.to_string());
        }
        Self { db: Mutex::new(db.ok()), ledger }
    }

    /// Looks, after this method of the store.
    pub(crate) fn look(&self, method: &str) {
        if !CHANGES_ROSTERS.contains(&method) {
            return;
        }
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(db) = db.as_ref() else { return };
        match overbooked(db) {
            Ok(None) => {}
            Ok(Some(what)) => self.ledger.violation("I4", what),
            Err(error) => self.ledger.violation("oracle", error.to_string()),
        }
    }
}

fn overbooked(db: &Connection) -> rusqlite::Result<Option<String>> {
    let mut statement = db.prepare_cached(OVERBOOKED)?;
    let found = statement.query_row([], |row| {
        let (event, places, taken) = (row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get(2)?);
        Ok((event, places, taken))
    });
    let found: Option<(i64, i64, i64)> = found.optional()?;
    Ok(found.map(|(event, places, taken)| {
        format!("event {event}: {taken} have a place and there are {places}")
    }))
}
