//! Looks at a database from outside, whoever has it open, and changes nothing: for an operator.

use std::path::Path;

use jiff::Timestamp;
use muster_domain::id::{ChannelId, GuildId};
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{Column, Columns, only};
use super::condition::free_bytes;
use super::database::beside;
use super::look::look;
use super::migrate;
use crate::model::Breakage;
use crate::port::Stored;

/// Faults named at most: the first ones say which part it is.
const FAULTS_MAX: usize = 5;

/// Guilds or channels named at most.
const ROWS_MAX: usize = 10;

/// How a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The number of its schema; 0 for a file that holds nothing yet.
    pub schema: u32,
    /// The number of the newest schema that this program knows.
    pub known_schema: u32,
    /// What does not fit together in it, at most 5 faults.
    pub faults: Vec<String>,
    /// Bytes of its file.
    pub bytes: u64,
    /// Bytes of its log.
    pub log_bytes: u64,
    /// Bytes that are free on its disk, if that can be told.
    pub free_bytes: Option<u64>,
    /// What it holds; `None` if its schema is not this program's.
    pub holds: Option<Holds>,
}

/// What a database holds, as far as an operator has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holds {
    /// Guilds that the bot is in.
    pub guilds: usize,
    /// Guilds that removed it, and whose data is kept for now.
    pub removed_guilds: usize,
    /// Messages that wait to be sent.
    pub waiting: usize,
    /// Those of them that were due a while ago.
    pub overdue: usize,
    /// When something is due next.
    pub next_due: Option<Timestamp>,
    /// How many messages failed, by guild, the most first; at most 10 guilds.
    pub failed: Vec<(GuildId, usize)>,
    /// Channels in which something is wrong; at most 10.
    pub broken: Vec<(GuildId, ChannelId, Breakage)>,
}

/// Looks at the database in this file. Overdue is what was due before `late`.
pub fn inspect(path: &Path, late: Timestamp) -> Stored<Inspection> {
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    look(path, |db| {
        let (schema, known_schema) = (migrate::schema(db)?, migrate::newest());
        Ok(Inspection {
            schema,
            known_schema,
            faults: faults(db)?,
            bytes: size(path),
            log_bytes: size(&beside(path, "-wal")),
            free_bytes: free_bytes(path),
            holds: (schema == known_schema).then(|| holds(db, late)).transpose()?,
        })
    })
}

/// What does not fit together: reads every page and every index, and follows every reference.
pub(super) fn faults(db: &Connection) -> Stored<Vec<String>> {
    let mut statement = db.prepare("PRAGMA integrity_check(5)")?;
    let said = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut faults: Vec<String> = said.collect::<Result<_, _>>()?;
    faults.retain(|fault| fault != "ok");
    let mut statement = db.prepare("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check")?;
    let tables = statement.query_map([], |row| row.get::<_, String>(0))?;
    for table in tables {
        faults.push(format!("rows of {} refer to what is not there", table?));
    }
    faults.truncate(FAULTS_MAX);
    Ok(faults)
}

fn holds(db: &Connection, late: Timestamp) -> Stored<Holds> {
    const GUILDS: &str = "SELECT count(*) FROM guild WHERE removed_at IS NULL";
    const REMOVED: &str = "SELECT count(*) FROM guild WHERE removed_at IS NOT NULL";
    const WAITING: &str = "
        SELECT count(*) FROM delivery d JOIN guild g ON g.id = d.guild
        WHERE d.ended_at IS NULL AND g.removed_at IS NULL";
    const OVERDUE: &str = "
        SELECT count(*) FROM delivery d JOIN guild g ON g.id = d.guild
        WHERE d.ended_at IS NULL AND g.removed_at IS NULL AND d.due_at < ?1";
    const FAILED: &str = "
        SELECT guild, count(*) FROM delivery
        WHERE outcome IN ('dead', 'unclear') AND kind IN ('post', 'notice')
        GROUP BY guild ORDER BY count(*) DESC, guild LIMIT ?1";
    const BROKEN: &str = "
        SELECT guild, channel, state FROM broken_channel ORDER BY since DESC, channel LIMIT ?1";
    let count = |sql| -> Stored<usize> { Ok(db.query_row(sql, [], only)?) };
    Ok(Holds {
        guilds: count(GUILDS)?,
        removed_guilds: count(REMOVED)?,
        waiting: count(WAITING)?,
        overdue: db.query_row(OVERDUE, [Column(late)], only)?,
        next_due: next_due(db)?,
        failed: rows(db, FAILED, |columns| Ok((columns.take()?, columns.take()?)))?,
        broken: rows(db, BROKEN, |columns| {
            Ok((columns.take()?, columns.take()?, columns.take()?))
        })?,
    })
}

fn next_due(db: &Connection) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT n.at FROM (
          SELECT due_at AS at, guild FROM delivery WHERE ended_at IS NULL
          UNION ALL SELECT next_turn_at, guild FROM event WHERE next_turn_at IS NOT NULL) n
        JOIN guild g ON g.id = n.guild
        WHERE g.removed_at IS NULL ORDER BY n.at LIMIT 1";
    Ok(db.query_row(SQL, [], only).optional()?)
}

fn rows<T>(
    db: &Connection,
    sql: &str,
    mut read: impl FnMut(&mut Columns<'_, '_>) -> rusqlite::Result<T>,
) -> Stored<Vec<T>> {
    let mut statement = db.prepare(sql)?;
    let found = statement
        .query_map(params![Column(ROWS_MAX)], |row| read(&mut Columns::of(row)))?
        .collect::<Result<_, _>>()?;
    Ok(found)
}
