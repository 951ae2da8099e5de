//! What the bot measured of itself, minute by minute for a day, in SQLite.

use jiff::{SignedDuration, Timestamp};
use muster_vitals::snapshot::Sample;
use rusqlite::{Connection, Row, params};

use super::SqliteStore;
use super::columns::{Column, whole_ms};
use crate::port::{Samples, Stored};

/// Minutes that are kept: a day, and as much again of times that are far from now. While the clock
/// is wrong, a day by the right one is far away, and it is there again when the clock is right.
const KEPT: i64 = 2 * 24 * 60;

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Samples for SqliteStore {
    async fn add_minute(&self, sample: Sample) -> Stored<()> {
        self.write(move |tx| add(tx.db, &sample)).await
    }

    async fn day(&self, now: Timestamp) -> Stored<Vec<Sample>> {
        self.read(move |db| day(db, now)).await
    }
}

fn add(db: &Connection, sample: &Sample) -> Stored<()> {
    // For each that comes one goes: the one furthest from now, which is the first or the last.
    const FORGET: &str = "
        DELETE FROM vitals_minute
        WHERE (SELECT count(*) FROM vitals_minute) > ?2 AND minute = (
          SELECT iif(?1 - first > last - ?1, first, last)
          FROM (SELECT (SELECT min(minute) FROM vitals_minute) AS first,
                       (SELECT max(minute) FROM vitals_minute) AS last))";
    const PUT: &str = "
        INSERT OR REPLACE INTO vitals_minute (
          minute, at, memory_used, memory_limit, resident, cpu_percent, disk_free, disk_size,
          received_each_second, sent_each_second, answers_each_minute, members_each_minute)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let minute = minute(sample.at);
    db.prepare_cached(PUT)?.execute(params![
        minute,
        Column(whole_ms(sample.at)),
        signed(sample.memory_used),
        signed(sample.memory_limit),
        signed(sample.resident),
        sample.cpu_percent,
        signed(sample.disk_free),
        signed(sample.disk_size),
        sample.received_each_second,
        sample.sent_each_second,
        signed(sample.answers_each_minute),
        signed(sample.members_each_minute),
    ])?;
    db.prepare_cached(FORGET)?.execute([minute, KEPT])?;
    Ok(())
}

fn day(db: &Connection, now: Timestamp) -> Stored<Vec<Sample>> {
    const SQL: &str = "
        SELECT at, memory_used, memory_limit, resident, cpu_percent, disk_free, disk_size,
          received_each_second, sent_each_second, answers_each_minute, members_each_minute
        FROM vitals_minute
        WHERE minute >= ?1 AND minute <= ?2 AND at > ?3 AND at <= ?4 ORDER BY minute";
    let from = now.saturating_sub(DAY).unwrap_or(now);
    let mut statement = db.prepare_cached(SQL)?;
    let window = params![minute(from), minute(now), Column(from), Column(now)];
    let rows = statement.query_map(window, sample)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn sample(row: &Row<'_>) -> rusqlite::Result<Sample> {
    let number = |column| -> rusqlite::Result<u64> {
        Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or_default())
    };
    Ok(Sample {
        at: row.get::<_, Column<Timestamp>>("at")?.0,
        memory_used: number("memory_used")?,
        memory_limit: number("memory_limit")?,
        resident: number("resident")?,
        cpu_percent: row.get("cpu_percent")?,
        disk_free: number("disk_free")?,
        disk_size: number("disk_size")?,
        received_each_second: row.get("received_each_second")?,
        sent_each_second: row.get("sent_each_second")?,
        answers_each_minute: number("answers_each_minute")?,
        members_each_minute: number("members_each_minute")?,
    })
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// As large as a column can hold; a limit of memory may be "none", which is larger.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::events::tests::{at, database_with_events};

    fn of(minute: i64, memory_used: u64) -> Sample {
        Sample {
            at: at(minute),
            memory_used,
            memory_limit: u64::MAX >> 1,
            cpu_percent: 12.5,
            members_each_minute: 3,
            ..Sample::default()
        }
    }

    #[test]
    fn a_day_is_read_as_it_was_measured_with_one_sample_for_each_minute() {
        let db = database_with_events(0);
        for sample in [of(0, 1), of(1, 2), of(1, 3), of(2, 4)] {
            add(&db, &sample).unwrap();
        }
        assert_eq!(day(&db, at(2)).unwrap(), [of(0, 1), of(1, 3), of(2, 4)]);
        assert_eq!(day(&db, at(24 * 60 + 1)).unwrap(), [of(2, 4)]);
    }

    fn rows(db: &Connection) -> i64 {
        db.query_row("SELECT count(*) FROM vitals_minute", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn no_more_than_two_days_are_kept_and_what_is_furthest_from_now_goes_first() {
        let db = database_with_events(0);
        for minute in 0..KEPT + 200 {
            add(&db, &of(minute, 1)).unwrap();
        }
        assert_eq!(rows(&db), KEPT);
        assert_eq!(day(&db, at(KEPT + 199)).unwrap().len(), 24 * 60);
    }

    #[test]
    fn a_clock_that_is_wrong_for_some_minutes_costs_no_history() {
        let db = database_with_events(0);
        for minute in 0..KEPT + 200 {
            add(&db, &of(minute, 1)).unwrap();
        }
        for wrong in [9_000_000, 9_000_001, -900_000, -899_999, KEPT + 24 * 60] {
            add(&db, &of(wrong, 2)).unwrap();
        }
        let now = KEPT + 200;
        add(&db, &of(now, 1)).unwrap();
        assert_eq!(rows(&db), KEPT);
        let day = day(&db, at(now)).unwrap();
        assert!(day.len() >= 24 * 60 - 5, "{} minutes are left", day.len());
        assert!(day.iter().all(|sample| sample.memory_used == 1), "and none of another day");
    }
}
