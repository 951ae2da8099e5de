//! Brings a database up to the schema that this program knows, or says why it cannot.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};
use tracing::{info, warn};

use super::backup;
use super::columns::{Columns, only};
use super::database::{self, beside, of_file, sync_folder_of};
use super::inspect;
use super::look::look;
use crate::error::StoreError;

/// One step of the schema. Once released, it never changes.
pub(super) struct Migration {
    /// Its place in the order, from 1.
    pub(super) number: u32,
    /// What it does.
    pub(super) sql: &'static str,
}

/// All steps, in order.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, sql: include_str!("migrations/0001_first.sql") },
    Migration { number: 2, sql: include_str!("migrations/0002_fences.sql") },
    Migration { number: 3, sql: include_str!("migrations/0003_roster.sql") },
    Migration { number: 4, sql: include_str!("migrations/0004_upkeep.sql") },
    Migration { number: 5, sql: include_str!("migrations/0005_draft_options.sql") },
    Migration { number: 6, sql: include_str!("migrations/0006_templates.sql") },
    Migration { number: 7, sql: include_str!("migrations/0007_retention.sql") },
    Migration { number: 8, sql: include_str!("migrations/0008_draft_rest.sql") },
    Migration { number: 9, sql: include_str!("migrations/0009_telling.sql") },
    Migration { number: 10, sql: include_str!("migrations/0010_reminders.sql") },
    Migration { number: 11, sql: include_str!("migrations/0011_grants.sql") },
    Migration { number: 12, sql: include_str!("migrations/0012_doctor.sql") },
    Migration { number: 13, sql: include_str!("migrations/0013_reports.sql") },
    Migration { number: 14, sql: include_str!("migrations/0014_series.sql") },
    Migration { number: 15, sql: include_str!("migrations/0015_reminders_for_members.sql") },
    Migration { number: 16, sql: include_str!("migrations/0016_places.sql") },
    Migration { number: 17, sql: include_str!("migrations/0017_codes_and_nudges.sql") },
    Migration { number: 18, sql: include_str!("migrations/0018_vitals.sql") },
    Migration { number: 19, sql: include_str!("migrations/0019_thread_names.sql") },
    Migration { number: 20, sql: include_str!("migrations/0020_answers_before.sql") },
    Migration { number: 21, sql: include_str!("migrations/0021_unreadable.sql") },
    Migration { number: 22, sql: include_str!("migrations/0022_told_alerts.sql") },
    Migration { number: 23, sql: include_str!("migrations/0023_lost_places.sql") },
    Migration { number: 24, sql: include_str!("migrations/0024_kept_from_creation.sql") },
    Migration { number: 25, sql: include_str!("migrations/0025_deeds.sql") },
    Migration { number: 26, sql: include_str!("migrations/0026_undone.sql") },
    Migration { number: 27, sql: include_str!("migrations/0027_priority_roles.sql") },
    Migration { number: 28, sql: include_str!("migrations/0028_instants.sql") },
    Migration { number: 29, sql: include_str!("migrations/0029_wall_clocks.sql") },
    Migration { number: 30, sql: include_str!("migrations/0030_taken_back_dates.sql") },
    Migration { number: 31, sql: include_str!("migrations/0031_shared_places.sql") },
    Migration { number: 32, sql: include_str!("migrations/0032_mention_log.sql") },
    Migration { number: 33, sql: include_str!("migrations/0033_held_series.sql") },
];

/// Marks the file as ours, so that another program's database is not written to: "Must".
const APPLICATION_ID: i64 = 0x4d75_7374;

/// A database in a file, which is copied before its schema changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copied<'a> {
    pub(super) database: &'a Path,
    /// The folder of copies; `None` for the database's own.
    pub(super) folder: Option<&'a Path>,
}

/// Applies what is missing, in one transaction. A database that holds something is copied first,
/// unless it lives in memory or is a copy itself.
pub(super) fn migrate(
    db: &mut Connection,
    file: Option<Copied<'_>>,
    migrations: &[Migration],
) -> Result<(), StoreError> {
    refuse_another_programs(db)?;
    let applied = applied(db)?;
    let missing = missing(&applied, migrations)?;
    let Some(first) = missing.first() else {
        return Ok(());
    };
    if let Some(file) = file.filter(|_| !applied.is_empty()) {
        copy(db, file, first.number)?;
    }
    let tx = db.transaction()?;
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration (
           number   INTEGER PRIMARY KEY,
           checksum TEXT NOT NULL
         ) STRICT",
    )?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    for step in missing {
        if !applied.is_empty() {
            info!(migration = step.number, "the database gets a new schema");
        }
        apply(&tx, step)?;
    }
    tx.commit()?;
    Ok(())
}

/// The number of the schema that a database of ours has; 0 for an empty one.
pub(super) fn schema(db: &Connection) -> Result<u32, StoreError> {
    refuse_another_programs(db)?;
    Ok(applied(db)?.last().map_or(0, |(number, _)| *number))
}

/// As [`schema`], of a database that this program can bring up to date; an error for any other.
pub(super) fn recognised(db: &Connection) -> Result<u32, StoreError> {
    refuse_another_programs(db)?;
    let applied = applied(db)?;
    missing(&applied, MIGRATIONS)?;
    applied.last().map(|(number, _)| *number).ok_or(StoreError::Empty)
}

/// The number of the newest schema.
pub(super) fn newest() -> u32 {
    MIGRATIONS.last().map_or(0, |last| last.number)
}

fn apply(db: &Connection, step: &Migration) -> Result<(), StoreError> {
    db.execute_batch(step.sql).map_err(|error| refused(step, error))?;
    db.execute(
        "INSERT INTO migration (number, checksum) VALUES (?1, ?2)",
        params![step.number, checksum(step.sql)],
    )?;
    Ok(())
}

/// Why a database did not take a step.
fn refused(step: &Migration, error: rusqlite::Error) -> StoreError {
    let error = StoreError::from(error);
    let StoreError::Database(why) = error else { return error };
    StoreError::Database(format!("it does not take the schema {}: {why}", step.number))
}

/// Which steps made this database, with their checksums, in order.
fn applied(db: &Connection) -> Result<Vec<(u32, String)>, StoreError> {
    if !has_table(db, "migration")? {
        return Ok(Vec::new());
    }
    let mut statement = db.prepare("SELECT number, checksum FROM migration ORDER BY number")?;
    let rows = statement.query_map([], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, columns.take()?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Which steps are still to be made.
fn missing<'a>(
    applied: &[(u32, String)],
    migrations: &'a [Migration],
) -> Result<&'a [Migration], StoreError> {
    let known = migrations.last().map_or(0, |last| last.number);
    if let Some(&(found, _)) = applied.last().filter(|(number, _)| *number > known) {
        return Err(StoreError::Newer { found, known });
    }
    for (step, (number, stored)) in migrations.iter().zip(applied) {
        if step.number != *number || checksum(step.sql) != *stored {
            return Err(StoreError::ForeignMigration { number: *number });
        }
    }
    Ok(migrations.get(applied.len()..).unwrap_or_default())
}

fn refuse_another_programs(db: &Connection) -> Result<(), StoreError> {
    let id: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && id != APPLICATION_ID {
        return Err(StoreError::Database("the file is another program's database".into()));
    }
    Ok(())
}

fn has_table(db: &Connection, name: &str) -> Result<bool, StoreError> {
    const SQL: &str =
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    Ok(db.query_row(SQL, [name], only)?)
}

/// Copies the database into the folder of copies, or beside itself if that folder takes none: an
/// upgrade does not fail because a disk for copies is not there.
fn copy(db: &Connection, file: Copied<'_>, before: u32) -> Result<(), StoreError> {
    let own = beside(file.database, &format!(".before-{before:04}"));
    if let Some((folder, name)) = file.folder.zip(own.file_name()) {
        let copied = backup::make_folder(folder).and_then(|()| copy_to(db, &folder.join(name)));
        match copied {
            Err(StoreError::Corrupt(fault)) => return Err(StoreError::Corrupt(fault)),
            Err(error) => {
                let folder = folder.display();
                warn!(%folder, %error, "the folder for backups takes none; this one is made elsewhere");
            }
            Ok(()) => return Ok(()),
        }
    }
    copy_to(db, &own)
}

/// The same check as that of all other copies, but for the schema, which is another one here.
fn refuse_unsound(copy: &Path) -> Result<(), StoreError> {
    let fault = look(copy, inspect::faults)?.into_iter().next();
    fault.map_or(Ok(()), |fault| Err(StoreError::Corrupt(fault)))
}

/// Copies the database and checks the copy. One that was cut off bears another name.
fn copy_to(db: &Connection, kept: &Path) -> Result<(), StoreError> {
    let unfinished = beside(kept, ".unfinished");
    database::copy(db, &unfinished).and_then(|()| refuse_unsound(&unfinished)).inspect_err(
        |_| {
            // What is no copy takes no space. It is in nobody's way otherwise.
            drop(fs::remove_file(&unfinished));
        },
    )?;
    fs::rename(&unfinished, kept).map_err(|error| of_file(kept, &error))?;
    sync_folder_of(kept).map_err(|error| of_file(kept, &error))?;
    info!(backup = %kept.display(), "the database was backed up before its schema changes");
    Ok(())
}

/// FNV-1a, 64 bits: finds edits made by accident; nothing rests on it that an attacker could want.
fn checksum(sql: &str) -> String {
    let hash = sql.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod kept_rows;

#[cfg(test)]
mod tests {
    use muster_scratch::Scratch;

    use super::*;
    use crate::sqlite::backup::{KeptKind, Place};

    const FIRST: Migration = Migration { number: 1, sql: "CREATE TABLE a (x INTEGER) STRICT" };
    const SECOND: Migration = Migration { number: 2, sql: "ALTER TABLE a ADD y INTEGER" };
    const BROKEN: Migration = Migration { number: 2, sql: "CREATE TABLE b (z); NONSENSE" };

    fn migrated(steps: &[Migration]) -> Connection {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db, None, steps).unwrap();
        db
    }

    #[test]
    fn steps_are_numbered_without_a_gap() {
        let numbers = MIGRATIONS.iter().map(|step| step.number);
        assert!(numbers.eq((1..).take(MIGRATIONS.len())));
    }

    #[test]
    fn steps_are_applied_once_and_in_order() {
        let mut db = migrated(&[FIRST]);
        migrate(&mut db, None, &[FIRST, SECOND]).unwrap();
        migrate(&mut db, None, &[FIRST, SECOND]).unwrap();
        db.execute("INSERT INTO a (x, y) VALUES (1, 2)", []).unwrap();
        assert_eq!(applied(&db).unwrap().len(), 2);
    }

    /// A folder for a database of the first schema that holds a seven.
    fn at_home() -> (Scratch, Connection) {
        let folder = Scratch::new().unwrap();
        let mut db = Connection::open(folder.join("muster.db")).unwrap();
        migrate(&mut db, None, &[FIRST]).unwrap();
        db.execute("INSERT INTO a (x) VALUES (7)", []).unwrap();
        (folder, db)
    }

    fn holds_seven(copy: &Path) -> bool {
        let copy = Connection::open(copy).unwrap();
        let kept: i64 = copy.query_row("SELECT x FROM a", [], |row| row.get(0)).unwrap();
        (kept, applied(&copy).unwrap().len()) == (7, 1)
    }

    #[test]
    fn a_database_that_holds_something_is_copied_before_it_changes() {
        let (home, mut db) = at_home();
        let (database, backups) = (home.join("muster.db"), home.join("backups"));
        let file = Copied { database: &database, folder: Some(&backups) };
        migrate(&mut db, Some(file), &[FIRST, SECOND]).unwrap();
        assert!(holds_seven(&backups.join("muster.db.before-0002")));
        let place = Place { database: database.clone(), folder: backups.clone() };
        let kept = place.kept().unwrap();
        assert_eq!((kept.len(), kept[0].kind), (1, KeptKind::BeforeMigration));
        assert_eq!(fs::read_dir(&backups).unwrap().count(), 1, "nothing unfinished is left");
    }

    #[test]
    fn where_the_folder_for_copies_takes_none_the_copy_is_beside_the_database() {
        let (home, mut db) = at_home();
        let (database, backups) = (home.join("muster.db"), home.join("not-mounted/backups"));
        let file = Copied { database: &database, folder: Some(&backups) };
        migrate(&mut db, Some(file), &[FIRST, SECOND]).unwrap();
        assert!(holds_seven(&home.join("muster.db.before-0002")));
        let place = Place { folder: home.path().to_owned(), database };
        assert_eq!(place.kept().unwrap().len(), 1, "in one folder each is there once");
    }

    #[test]
    fn a_copy_that_is_not_sound_is_none_and_the_schema_stays() {
        let (home, mut db) = at_home();
        db.execute_batch(
            "PRAGMA foreign_keys = OFF; CREATE TABLE b (x INTEGER PRIMARY KEY) STRICT;
             CREATE TABLE c (b INTEGER REFERENCES b (x)) STRICT; INSERT INTO c VALUES (9)",
        )
        .unwrap();
        let database = home.join("muster.db");
        let file = Copied { database: &database, folder: None };
        let refused = migrate(&mut db, Some(file), &[FIRST, SECOND]);
        assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
        assert_eq!(applied(&db).unwrap().len(), 1);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "no half a copy is left");
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut db = migrated(&[FIRST, SECOND]);
        let refused = migrate(&mut db, None, &[FIRST]);
        assert_eq!(refused, Err(StoreError::Newer { found: 2, known: 1 }));
    }

    #[test]
    fn a_step_that_was_edited_after_its_release_is_refused() {
        let mut db = migrated(&[FIRST]);
        let edited = Migration { number: 1, sql: "CREATE TABLE a (x TEXT) STRICT" };
        let refused = migrate(&mut db, None, &[edited]);
        assert_eq!(refused, Err(StoreError::ForeignMigration { number: 1 }));
    }

    #[test]
    fn another_programs_database_is_left_alone() {
        let mut db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
        let refused = migrate(&mut db, None, &[FIRST]);
        assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
        assert!(!has_table(&db, "a").unwrap());
    }

    #[test]
    fn a_step_that_fails_leaves_everything_as_it_was() {
        let mut db = migrated(&[FIRST]);
        migrate(&mut db, None, &[FIRST, BROKEN]).unwrap_err();
        assert_eq!(applied(&db).unwrap().len(), 1);
        assert!(!has_table(&db, "b").unwrap());
    }
}
