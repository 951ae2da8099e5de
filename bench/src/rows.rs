//! The limit below: the same rows in the same groups on the same disk, written by nothing but
//! SQLite. Decides nothing and keeps nothing in memory.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, params};
use tokio::sync::mpsc;

use crate::clock;
use crate::commits::Options;
use crate::error::{BenchError, io};
use crate::tally::{self, Tally};
use crate::world::{self, FIRST_INTERACTION, Habit, Pick};

/// Rows in one commit at most, as in the store.
const GROUP_MAX: usize = 256;

/// As the store sets its writer.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -2000;
    PRAGMA wal_autocheckpoint = 1000;
";

const SIGNUP: &str = "
    INSERT INTO signup (event, member, option, place, offer_until, guests, priority, sequence,
      interaction, at)
    VALUES (?1, ?2, ?3, 0, NULL, 0, 0, ?4, ?5, ?6)
    ON CONFLICT (event, member) DO UPDATE SET option = excluded.option,
      sequence = excluded.sequence, interaction = excluded.interaction, at = excluded.at";

const LOG: &str = "
    INSERT INTO signup_log (event, version, member, line, way, from_option, from_place,
      from_guests, to_option, to_place, to_guests, by, interaction, at)
    VALUES (?1, ?2, ?3, 0, 'tap', 0, 0, 0, ?4, 0, 0, ?3, ?5, ?6)";

const VERSION: &str = "UPDATE post SET version = ?2 WHERE event = ?1";

/// Takes loads until whoever started this process lets go of it.
pub(crate) fn serve(options: &Options) -> Result<(), BenchError> {
    let (events, members) = (options.events.clone(), options.members);
    let (tally, shots) = Tally::new(options.first_tap);
    let writer = Writer { db: open(&options.database)?, events, members };
    let counting = Arc::clone(&tally);
    let spawned = std::thread::Builder::new().spawn(move || writer.write_all(shots, &counting));
    // It ends with this process.
    drop(spawned.map_err(io("a thread"))?);
    clock::runtime()?.block_on(async { tally::obey(&tally).await })
}

fn open(path: &Path) -> Result<Connection, BenchError> {
    let db = Connection::open(path)?;
    db.execute_batch(SETTINGS)?;
    Ok(db)
}

struct Writer {
    db: Connection,
    events: Vec<u64>,
    members: u64,
}

impl Writer {
    /// Writes what waits, in one commit after the other.
    fn write_all(&self, mut shots: mpsc::UnboundedReceiver<u64>, tally: &Tally) {
        let mut group = Vec::with_capacity(GROUP_MAX);
        while shots.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
            for number in &group {
                tally.leaves(*number);
            }
            let written = self.write(&group).is_ok();
            for number in group.drain(..) {
                tally.answered(number, written);
            }
        }
    }

    fn write(&self, group: &[u64]) -> Result<(), rusqlite::Error> {
        self.db.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for number in group {
            self.write_one(*number)?;
        }
        self.db.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    fn write_one(&self, number: u64) -> Result<(), rusqlite::Error> {
        let all = u64::try_from(self.events.len()).unwrap_or(1);
        let Pick { turn, member, option } =
            world::pick(number, all, self.members, Habit::default());
        let event = usize::try_from(turn).ok().and_then(|turn| self.events.get(turn));
        let event = event.copied().unwrap_or_default().cast_signed();
        let (member, interaction) =
            (member.cast_signed(), (FIRST_INTERACTION + number).cast_signed());
        // Larger than what was stored before, as numbers of taps only grow.
        let version = interaction;
        let at = clock::today().as_millisecond();
        let db = &self.db;
        db.prepare_cached(SIGNUP)?.execute(params![
            event,
            member,
            option,
            version,
            interaction,
            at
        ])?;
        db.prepare_cached(VERSION)?.execute(params![event, version])?;
        db.prepare_cached(LOG)?.execute(params![
            event,
            version,
            member,
            option,
            interaction,
            at
        ])?;
        Ok(())
    }
}
