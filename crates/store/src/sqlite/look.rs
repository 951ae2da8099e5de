//! Reads a database and changes nothing, not even the files beside it, whoever has it open.
//!
//! SQLite keeps a log (`-wal`) and an index of it in shared memory (`-shm`) beside a database. Who
//! merely reads makes both where they are not, and leaves them. So what is opened here is opened in
//! the one way in which SQLite makes none of them, which depends on which are there.

use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::database::{self, Open, beside};
use crate::error::StoreError;
use crate::port::Stored;

/// How often a database is read anew that changed meanwhile although nobody had it open.
const TRIES: u32 = 3;

/// What has to be, for nothing to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Nothing is in a log, and nobody has the database open: the file is all there is, and is read
    /// without locks. (`immutable`)
    AtRest,
    /// Log and index are there: with the one who writes, if there is one; if that was killed, with
    /// an index of our own in memory. (`readonly_shm`)
    WithLog,
    /// A log without an index, as in a copy of the files: with an index in memory, and with a lock
    /// on the database, as nobody else would know of it.
    LogAlone,
}

/// What `read` makes of the database in this file.
pub(super) fn look<T>(path: &Path, read: impl Fn(&Connection) -> Stored<T>) -> Stored<T> {
    for _ in 0..TRIES {
        let way = way(path);
        let before = stamp(path);
        let done = open(path, way).and_then(|db| read(&db));
        if way != Way::AtRest || (self::way(path) == way && stamp(path) == before) {
            return done;
        }
        // The bot started meanwhile, so what was read may be from two states.
    }
    read(&*database::open_beside(path)?)
}

fn way(path: &Path) -> Way {
    let log = std::fs::metadata(beside(path, "-wal")).map(|file| file.len());
    let has_index = beside(path, "-shm").exists();
    match log {
        Ok(_) if has_index => Way::WithLog,
        Ok(1..) => Way::LogAlone,
        Ok(0) | Err(_) => Way::AtRest,
    }
}

/// What changes with a file.
fn stamp(path: &Path) -> Option<(u64, SystemTime)> {
    let of = |file: Metadata| Some((file.len(), file.modified().ok()?));
    std::fs::metadata(path).ok().and_then(of)
}

fn open(path: &Path, way: Way) -> Result<Open, StoreError> {
    let only_read = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let (parameter, access) = match way {
        Way::AtRest => ("immutable=1", only_read),
        Way::WithLog => ("readonly_shm=1", only_read),
        // Its own lock takes a file that can be written; nothing is.
        Way::LogAlone => ("mode=rw", OpenFlags::SQLITE_OPEN_READ_WRITE),
    };
    let Some(uri) = uri(path, parameter) else {
        return database::open_beside(path);
    };
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(uri, flags)?;
    if way == Way::LogAlone {
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    }
    database::settle_reader(db)
}

/// The path as SQLite reads it with a parameter; `None` if it is no text.
fn uri(path: &Path, parameter: &str) -> Option<String> {
    let mut uri = "file:".to_owned();
    // Two slashes at its beginning would be a host's.
    if cfg!(windows) || path.to_str()?.starts_with("//") {
        return None;
    }
    for one in path.to_str()?.chars() {
        match one {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            one => uri.push(one),
        }
    }
    Some(format!("{uri}?{parameter}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use muster_scratch::Scratch;

    use super::*;
    use crate::sqlite::columns::only;
    use crate::sqlite::database::Opening;

    type Files = BTreeMap<String, (Vec<u8>, SystemTime)>;

    /// Names, bytes and times of all files of a folder.
    fn files(folder: &Path) -> Files {
        let files = fs::read_dir(folder).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            let time = fs::metadata(&path).unwrap().modified().unwrap();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, (fs::read(&path).unwrap(), time))
        });
        files.collect()
    }

    /// What is read of a database in such a state, which nothing changes.
    fn unchanged(path: &Path, way: Way, count: u64) {
        assert_eq!(self::way(path), way);
        let before = files(path.parent().unwrap());
        assert_eq!(rows(path), Ok(count), "{way:?}");
        assert!(files(path.parent().unwrap()) == before, "{way:?}");
    }

    fn rows(path: &Path) -> Stored<u64> {
        look(path, |db| Ok(db.query_row("SELECT count(*) FROM a", [], only)?))
    }

    /// A database with one row in the file and one in the log, and who has it open.
    fn in_use(path: &Path) -> Open {
        let db = database::open_writer(path, &Opening::default()).unwrap();
        db.execute_batch("CREATE TABLE a (x); INSERT INTO a VALUES (1)").unwrap();
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        db.execute("INSERT INTO a VALUES (2)", []).unwrap();
        db
    }

    #[test]
    fn whatever_state_it_was_left_in_it_is_read_whole_and_nothing_changes() {
        let scratch = Scratch::new().unwrap();
        // A name that means something in an address, too.
        let path = scratch.join("a 100%?#.db");
        let db = in_use(&path);
        let killed = Scratch::new().unwrap();
        for suffix in ["", "-wal", "-shm"] {
            let to = beside(&killed.join("m.db"), suffix);
            fs::copy(beside(&path, suffix), to).unwrap();
        }
        assert_eq!((way(&path), rows(&path)), (Way::WithLog, Ok(2)), "in use");
        db.close().unwrap();
        unchanged(&path, Way::AtRest, 2);
        let killed = killed.join("m.db");
        unchanged(&killed, Way::WithLog, 2);
        fs::remove_file(beside(&killed, "-shm")).unwrap();
        unchanged(&killed, Way::LogAlone, 2);
        fs::write(beside(&killed, "-wal"), "").unwrap();
        unchanged(&killed, Way::AtRest, 1);
    }

    #[test]
    fn who_writes_meanwhile_is_not_held_up() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.join("muster.db");
        let db = in_use(&path);
        let counted = look(&path, |looking| {
            let before: u64 = looking.query_row("SELECT count(*) FROM a", [], only)?;
            db.execute("INSERT INTO a VALUES (3)", [])?;
            let after: u64 = looking.query_row("SELECT count(*) FROM a", [], only)?;
            Ok((before, after))
        });
        assert_eq!(counted, Ok((2, 3)));
    }

    #[test]
    fn a_bot_that_starts_while_it_is_read_makes_it_be_read_anew() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.join("muster.db");
        in_use(&path).close().unwrap();
        let starts = std::cell::RefCell::new(None);
        let counted = look(&path, |looking| {
            let count: u64 = looking.query_row("SELECT count(*) FROM a", [], only)?;
            starts.borrow_mut().get_or_insert_with(|| {
                let db = database::open_writer(&path, &Opening::default()).unwrap();
                db.execute("INSERT INTO a VALUES (3)", []).unwrap();
                db
            });
            Ok(count)
        });
        assert_eq!(counted, Ok(3));
    }
}
