//! Times every statement of a connection, by the two words that SQLite has for it: that it begins,
//! and that it has ended. SQLite's own figure is no finer than a millisecond. What only begins or
//! ends a transaction takes next to no time and would make the others look faster than they are.

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
    let mut begun: Vec<Begun> = Vec::with_capacity(DEPTH_MAX);
    let codes = TraceEventCodes::SQLITE_TRACE_STMT | TraceEventCodes::SQLITE_TRACE_PROFILE;
    let hear = move |event: TraceEvent<'_>| match event {
        TraceEvent::Stmt(_, sql) => {
            // More than that begin and never end only if a word was missed.
            if begun.len() >= DEPTH_MAX {
                begun.clear();
            }
            // A trigger begins with a remark, within its statement.
            if !sql.starts_with("--") {
                begun.push(Begun::of(sql));
            }
        }
        TraceEvent::Profile(statement, _) => match begun.pop() {
            Some(Begun::Commit(begun)) => meters.commit_ended(begun),
            Some(Begun::Statement(begun)) => {
                meters.statement_ended(begun, || statement.sql().into_owned());
            }
            Some(Begun::Bracket) | None => {}
        },
        // Not asked for.
        TraceEvent::Row(_) | TraceEvent::Close(_) | _ => {}
    };
    db.trace_v2(codes, Some(hear))?;
    Ok(())
}

/// What has begun and not ended, and since when if that is to be known.
#[derive(Clone, Copy, Debug)]
enum Begun {
    /// A commit: it waits for the disk.
    Commit(Instant),
    /// What begins a transaction or a part of one, ends a part, or takes one back.
    Bracket,
    /// Anything else.
    Statement(Instant),
}

impl Begun {
    /// Judged by the first word, which is in capitals wherever the store says it.
    fn of(sql: &str) -> Self {
        const BRACKETS: [&str; 4] = ["SAVEPOINT", "RELEASE", "BEGIN", "ROLLBACK"];
        let sql = sql.trim_start();
        if sql.starts_with("COMMIT") {
            Self::Commit(now())
        } else if BRACKETS.iter().any(|word| sql.starts_with(word)) {
            Self::Bracket
        } else {
            Self::Statement(now())
        }
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
        assert_eq!((meters.statements().count, meters.commit().count), (5, 1));
        // One within another, and one that is not read to its end.
        let mut outer = db.prepare("SELECT x FROM a").unwrap();
        let mut rows = outer.query([]).unwrap();
        rows.next().unwrap().unwrap();
        db.query_row("SELECT count(*) FROM b", [], |row| row.get::<_, i64>(0)).unwrap();
        drop(rows);
        assert_eq!(meters.statements().count, 7);
    }

    #[test]
    fn what_brackets_a_transaction_is_in_no_figure_of_statements() {
        let meters = Arc::new(Meters::default());
        let mut db = Connection::open_in_memory().unwrap();
        time(&mut db, &meters).unwrap();
        db.execute_batch(
            "BEGIN IMMEDIATE; SAVEPOINT job; SELECT 1; RELEASE job;
             SAVEPOINT job; ROLLBACK TO job; RELEASE job; COMMIT; BEGIN; ROLLBACK",
        )
        .unwrap();
        assert_eq!((meters.statements().count, meters.commit().count), (1, 1));
        // As the library words it.
        let mut tx = db.transaction().unwrap();
        tx.savepoint().unwrap().commit().unwrap();
        tx.commit().unwrap();
        assert_eq!((meters.statements().count, meters.commit().count), (1, 2));
    }
}
