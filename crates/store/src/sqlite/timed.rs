//! Times every statement of a connection, by the two words that SQLite has for it: that it begins,
//! and that it has ended. SQLite's own figure is no finer than a millisecond.

use std::sync::Arc;
use std::time::Instant;

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::meters::{Meters, now};
use crate::port::Stored;

/// Statements that run at the same time on one connection, one within another; what is deeper goes
/// untimed.
const DEPTH_MAX: usize = 8;

/// Has everything timed that is done on this connection.
pub(super) fn time(db: &mut Connection, meters: &Arc<Meters>) -> Stored<()> {
    let meters = Arc::clone(meters);
    let mut begun: Vec<(Instant, Kind)> = Vec::with_capacity(DEPTH_MAX);
    let codes = TraceEventCodes::SQLITE_TRACE_STMT | TraceEventCodes::SQLITE_TRACE_PROFILE;
    let hear = move |event: TraceEvent<'_>| match event {
        TraceEvent::Stmt(_, sql) => {
            // More than that begin and never end only if a word was missed.
            if begun.len() >= DEPTH_MAX {
                begun.clear();
            }
            // A trigger begins with a remark, within its statement.
            if !sql.starts_with("--") {
                begun.push((now(), Kind::of(sql)));
            }
        }
        TraceEvent::Profile(statement, _) => match begun.pop() {
            Some((begun, Kind::Commit)) => meters.commit_ended(begun),
            Some((begun, Kind::Other)) => {
                meters.statement_ended(begun, || statement.sql().into_owned());
            }
            None => {}
        },
        // Not asked for.
        TraceEvent::Row(_) | TraceEvent::Close(_) | _ => {}
    };
    db.trace_v2(codes, Some(hear))?;
    Ok(())
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A commit: it waits for the disk.
    Commit,
    Other,
}

impl Kind {
    fn of(sql: &str) -> Self {
        if sql.trim_start() == "COMMIT" { Self::Commit } else { Self::Other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_and_each_commit_is_timed_once() {
        let meters = Arc::new(Meters::default());
        let mut db = Connection::open_in_memory().unwrap();
        time(&mut db, &meters).unwrap();
        db.execute_batch(
            "CREATE TABLE a (x INTEGER) STRICT; CREATE TABLE b (x INTEGER) STRICT;
             CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO b VALUES (new.x); END;
             BEGIN; INSERT INTO a VALUES (1); INSERT INTO a VALUES (2); COMMIT",
        )
        .unwrap();
        assert_eq!((meters.statements().count, meters.commit().count), (6, 1));
        // One within another, and one that is not read to its end.
        let mut outer = db.prepare("SELECT x FROM a").unwrap();
        let mut rows = outer.query([]).unwrap();
        rows.next().unwrap().unwrap();
        db.query_row("SELECT count(*) FROM b", [], |row| row.get::<_, i64>(0)).unwrap();
        drop(rows);
        assert_eq!(meters.statements().count, 8);
    }
}
