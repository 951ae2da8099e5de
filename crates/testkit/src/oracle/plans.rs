//! What was decided about series, read past the product's own code.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time};
use muster_domain::zone::Zone;
use rusqlite::{Connection, Row};

use super::database::rows;
use crate::rhythm::{PostedAt, Rhythm};

/// When posts are made where a guild has not chosen otherwise, which nobody does here.
const USUAL: Time = jiff::civil::time(9, 0, 0, 0);

/// Series, the events that were made of them, and when the week rests.
#[derive(Clone, Debug, Default)]
pub(super) struct Plans {
    pub(super) series: BTreeMap<u64, KeptSeries>,
    /// Events that were made ahead, and whose date was then left out: it is free again.
    pub(super) taken_back: BTreeSet<u64>,
    /// Of which occurrence an event is, by its number.
    pub(super) made: BTreeMap<u64, Made>,
    /// From which day to which day, and when that was decided.
    pub(super) rests: Vec<(Date, Date, i64)>,
    /// The interactions that changed a series.
    pub(super) changes: BTreeSet<u64>,
}

/// A series with all that it ever was, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptSeries {
    pub(super) id: u64,
    /// Whether it is of the weekly schedule.
    pub(super) is_of_week: bool,
    pub(super) versions: Vec<Plan>,
}

/// What was decided about a series at one time.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// When, by the bot's clock, in milliseconds since 1970.
    pub(super) at_ms: i64,
    pub(super) title: String,
    pub(super) zone: Option<Zone>,
    /// From when on it goes.
    pub(super) starts: DateTime,
    /// On which days; `None` for a rule that has other things.
    pub(super) rhythm: Option<Rhythm>,
    pub(super) left_out: BTreeSet<DateTime>,
    pub(super) posted: PostedAt,
    pub(super) has_ended: bool,
}

impl Plan {
    /// Whether it has an occurrence at this time of its zone's clocks.
    pub(super) fn has(&self, wall: DateTime) -> bool {
        !self.has_ended
            && wall >= self.starts
            && wall.time() == self.starts.time()
            && self.rhythm.as_ref().is_none_or(|rhythm| rhythm.has_day(wall.date()))
            && !self.left_out.contains(&wall)
    }
}

/// An event that was made of an occurrence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    pub(super) series: u64,
    /// The time that the clock on the wall should show.
    pub(super) wall: DateTime,
    /// When it was made, by the bot's clock, in milliseconds since 1970.
    pub(super) at_ms: i64,
}

impl Plans {
    pub(super) fn read(db: &Connection) -> rusqlite::Result<Self> {
        let mut plans = Self::default();
        for (id, is_of_week, interaction, plan) in rows(db, VERSIONS, version)? {
            let series = plans.series.entry(id).or_default();
            (series.id, series.is_of_week) = (id, is_of_week);
            series.versions.push(plan);
            plans.changes.insert(interaction);
        }
        plans.made = rows(db, MADE, made)?.into_iter().collect();
        plans.taken_back = rows(db, TAKEN_BACK, |row| number(row, 0))?.into_iter().collect();
        let rest = |row: &Row<'_>| Ok((parsed(row, 0)?, parsed(row, 1)?, row.get(2)?));
        plans.rests = rows(db, RESTS, rest)?;
        Ok(plans)
    }
}

const VERSIONS: &str = "
    SELECT s.id, s.day IS NOT NULL, v.interaction, v.at, v.title, v.zone, v.starts, v.rule,
      v.post_days, v.post_minute, v.post_ahead, v.ended_at IS NOT NULL
    FROM series s JOIN series_version v ON v.series = s.id ORDER BY s.id, v.version";

const MADE: &str = "
    SELECT e.id, e.series, e.occurrence, l.at
    FROM event e JOIN event_log l ON l.event = e.id AND l.version = 1
    WHERE e.series IS NOT NULL AND e.occurrence IS NOT NULL";

const TAKEN_BACK: &str = "SELECT id FROM event WHERE series IS NOT NULL AND occurrence IS NULL";

const RESTS: &str = "SELECT first_day, last_day, at FROM schedule_skip";

fn version(row: &Row<'_>) -> rusqlite::Result<(u64, bool, u64, Plan)> {
    let rule: String = row.get(7)?;
    let starts: DateTime = parsed(row, 6)?;
    let zone: String = row.get(5)?;
    let posted = match (row.get(8)?, row.get::<_, Option<i16>>(9)?, row.get(10)?) {
        (_, _, Some(minutes)) => PostedAt::Minutes(minutes),
        (days, minute, None) => {
            let days: Option<i32> = days;
            PostedAt::Day(days.unwrap_or_default(), minute.map_or(USUAL, of_day))
        }
    };
    let plan = Plan {
        at_ms: row.get(3)?,
        title: row.get(4)?,
        zone: Zone::parse(&zone).ok(),
        starts,
        rhythm: Rhythm::days_of_rule(&rule).map(|days| Rhythm { days, time: Some(starts.time()) }),
        left_out: Rhythm::left_out_of_rule(&rule),
        posted,
        has_ended: row.get(11)?,
    };
    Ok((number(row, 0)?, row.get(1)?, number(row, 2)?, plan))
}

fn made(row: &Row<'_>) -> rusqlite::Result<(u64, Made)> {
    let made = Made { series: number(row, 1)?, wall: parsed(row, 2)?, at_ms: row.get(3)? };
    Ok((number(row, 0)?, made))
}

fn number(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get(index).map(i64::cast_unsigned)
}

fn of_day(minute: i16) -> Time {
    let part = |part: i16| i8::try_from(part).unwrap_or_default();
    Time::new(part(minute / 60), part(minute % 60), 0, 0).unwrap_or(USUAL)
}

/// A day or time in the text that stands for it; what is no such text is nothing to be judged.
fn parsed<T: std::str::FromStr>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    let unsound =
        || rusqlite::Error::InvalidColumnType(index, text.clone(), rusqlite::types::Type::Text);
    text.parse().map_err(|_| unsound())
}
