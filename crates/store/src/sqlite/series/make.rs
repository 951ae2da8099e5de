//! Makes the events of series: each occurrence once, when it is to be posted or ahead of that.

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{DeliveryId, EventId, GuildId, SeriesId};
use muster_domain::limits::EDITOR_HOLDS;
use muster_domain::recurrence::Occurrence;
use muster_domain::series::Series;
use muster_domain::zone::Zone;
use rusqlite::{Connection, OptionalExtension, params};

use super::{list, nudge, row};
use crate::error::StoreError;
use crate::model::{EventOrigin, MakeRequest, NewEvent, OccurrenceMade, PostWhen};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, only};
use crate::sqlite::deliveries::{posts, report};
use crate::sqlite::events;
use crate::sqlite::set_aside::{DueRow, apart};
use crate::sqlite::writer::Tx;

/// How long ago an occurrence may have ended that nobody posted, to be noted as missed. What is
/// older is passed over: after months away nobody wants to read of every day of them.
const MISSED_NOTED: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Makes what is due, and looks at weeks that have nothing; returns how many series and guilds were
/// looked at.
pub(super) fn due(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: usize,
    default_zone: Option<&Zone>,
) -> Stored<usize> {
    let due = list::due(tx.db, now, limit)?;
    let looked_at = due.len();
    for id in due {
        apart(tx, DueRow::Series(id), now, |tx| make_next(tx.db, id, now))?;
    }
    // After that: what has just been made is planned.
    Ok(looked_at.saturating_add(nudge::due(tx, now, limit, default_zone)?))
}

/// Makes the next occurrence of a series, or notes that it was missed.
fn make_next(db: &Connection, id: SeriesId, now: Timestamp) -> Stored<()> {
    let Some(planned) = row::planned_at(db, id)? else { return Ok(()) };
    make_next_of(db, id, planned, now)
}

/// The same, if what is said of it now was decided at `planned`.
fn make_next_of(db: &Connection, id: SeriesId, planned: Timestamp, now: Timestamp) -> Stored<()> {
    let Some(mut series) = row::read(db, id)? else { return Ok(()) };
    pass_over(db, &mut series, now)?;
    let usual = row::posting_time(db, series.guild)?;
    if let Some(next) = row::next(db, &series)? {
        let post_at = series.post_at(next, usual);
        if post_at <= now {
            // What was to be reminded of while it was held is late, and was not missed.
            let decided = if planned > now { decided_at_least(&series) } else { planned };
            let since = series.plan.post_at(next, usual).max(decided);
            make(db, &series, next, Times { post_at, since, now })?;
            row::set_made_to(db, id, next.wall)?;
            series.made_to = Some(next.wall);
        }
    }
    row::plan(db, &series)
}

/// Since when a series can be what it is, if that was decided by a clock that was ahead: nothing is
/// held for longer than [`EDITOR_HOLDS`], which `mend` sees to.
fn decided_at_least(series: &Series) -> Timestamp {
    let held_since = series.held_until.and_then(|until| until.checked_sub(EDITOR_HOLDS).ok());
    held_since.unwrap_or(Timestamp::MIN)
}

/// When an event is made.
struct Times {
    /// When its post is due.
    post_at: Timestamp,
    /// From when on it should have been there, and its reminders count.
    since: Timestamp,
    now: Timestamp,
}

/// Goes through what is due of a guild's weekly schedule while it is known when that rests, and
/// past all that is over then: where it rested, nothing was missed.
pub(super) fn leave_rests(db: &Connection, guild: GuildId, now: Timestamp) -> Stored<()> {
    let usual = row::posting_time(db, guild)?;
    for mut series in list::of_week(db, guild)? {
        while is_due(db, &series, usual, now)? {
            make_next(db, series.id, now)?;
            series = row::read(db, series.id)?.unwrap_or(series);
        }
        if let Some(over) = series.over_by(now).filter(|over| Some(*over) > series.made_to) {
            row::set_made_to(db, series.id, over)?;
        }
    }
    Ok(())
}

/// Makes what is due of a guild's weekly schedule when a rest of it has ended just now: what was to
/// be reminded of during the rest was not missed.
pub(super) fn make_up(db: &Connection, guild: GuildId, now: Timestamp) -> Stored<()> {
    let usual = row::posting_time(db, guild)?;
    for mut series in list::of_week(db, guild)? {
        while is_due(db, &series, usual, now)? {
            make_next_of(db, series.id, now, now)?;
            series = row::read(db, series.id)?.unwrap_or(series);
        }
    }
    Ok(())
}

fn is_due(db: &Connection, series: &Series, usual: Time, now: Timestamp) -> Stored<bool> {
    let next = row::next(db, series)?;
    Ok(next.is_some_and(|next| series.post_at(next, usual) <= now))
}

/// Passes over what ended so long ago that it is not even noted.
fn pass_over(db: &Connection, series: &mut Series, now: Timestamp) -> Stored<()> {
    let lasts = series.plan.made_of.duration;
    let noted_since = now.checked_sub(MISSED_NOTED).and_then(|since| since.checked_sub(lasts));
    let Some(since) = noted_since.ok() else { return Ok(()) };
    if series.next().is_none_or(|next| next.at >= since) {
        return Ok(());
    }
    let wall = series.plan.zone.rules().to_datetime(since);
    row::set_made_to(db, series.id, wall)?;
    series.made_to = Some(wall);
    Ok(())
}

/// Makes an event of an occurrence, if there is none; returns its number. One that is over is kept
/// as a deleted event whose post was left out.
fn make(
    db: &Connection,
    series: &Series,
    occurrence: Occurrence,
    Times { post_at, since, now }: Times,
) -> Stored<EventId> {
    if let Some(known) = made_before(db, series, occurrence)? {
        return Ok(known);
    }
    let new = event_of(series, occurrence)?;
    let is_over = new.details.span.end() <= now;
    let created = events::create_and_post(db, new, post_at, now)?;
    let event = created.sheet.event;
    if is_over && event.deleted_at.is_none() {
        miss(db, event.id, now)?;
    } else {
        events::remind_late(db, &event, since, now)?;
    }
    Ok(event.id)
}

/// The event that was made of an occurrence already: also at another time of its day, if the series
/// has been moved from there since.
pub(super) fn made_before(
    db: &Connection,
    series: &Series,
    occurrence: Occurrence,
) -> Stored<Option<EventId>> {
    const SQL: &str = "
        SELECT id, occurrence FROM event
        WHERE series = ?1 AND occurrence >= ?2 AND occurrence <= ?3 ORDER BY id";
    let day = occurrence.wall.date();
    let [first, last] = [Time::MIN, Time::MAX].map(|time| Column(day.to_datetime(time)));
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(series.id), first, last])?;
    while let Some(row) = rows.next()? {
        let mut columns = Columns::of(row);
        let (id, wall): (EventId, DateTime) = (columns.take()?, columns.take()?);
        if wall == occurrence.wall || !series.plan.has(wall) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Notes that the event was over before anybody could post it, and has the organisers told.
fn miss(db: &Connection, event: EventId, now: Timestamp) -> Stored<()> {
    const POST: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = 'it came too late', ended_at = ?2
        WHERE event = ?1 AND kind = 'post' AND ended_at IS NULL RETURNING id";
    const EVENT: &str = "UPDATE event SET deleted_at = ?2, next_turn_at = NULL WHERE id = ?1";
    let params = params![Column(event), Column(now)];
    let post: Option<DeliveryId> = db.prepare_cached(POST)?.query_row(params, only).optional()?;
    db.prepare_cached(EVENT)?.execute(params)?;
    post.map_or(Ok(()), |post| report::missed(db, post, now))
}

fn event_of(series: &Series, occurrence: Occurrence) -> Stored<NewEvent> {
    let plan = &series.plan;
    let unsound = |error| StoreError::Corrupt(format!("series {}: {error}", series.id));
    Ok(NewEvent {
        guild: series.guild,
        channel: plan.channel,
        host: series.host,
        details: plan.details(occurrence).map_err(|error| unsound(error.to_string()))?,
        options: plan.made_of.options.clone(),
        rules: plan.made_of.rules.clone(),
        image: plan.made_of.image.clone(),
        mention: plan.made_of.mention,
        reminders: plan.made_of.reminders.clone(),
        origin: EventOrigin::Series(series.id, occurrence.wall),
    })
}

/// Makes an occurrence ahead of its time.
pub(super) fn ahead(tx: &mut Tx<'_>, request: MakeRequest) -> Stored<OccurrenceMade> {
    let MakeRequest { guild, series, occurrence: wall, post, channel, at } = request;
    let db = tx.db;
    let Some(mut series) = row::of_guild(db, guild, series)? else {
        return Ok(OccurrenceMade::NoSuchSeries);
    };
    series.plan.channel = channel.unwrap_or(series.plan.channel);
    let found = series.plan.at(wall);
    let is_over = |found: &Occurrence| {
        found.at.checked_add(series.plan.made_of.duration).is_ok_and(|end| end <= at)
    };
    let goes_on = series.ended_at.is_none();
    let Some(found) = found.filter(|found| goes_on && !is_over(found)) else {
        return Ok(OccurrenceMade::NoSuchOccurrence);
    };
    let usual = row::posting_time(db, guild)?;
    let post_at = match post {
        PostWhen::Due => series.post_at(found, usual).max(at),
        PostWhen::Now => at,
    };
    let event = make(db, &series, found, Times { post_at, since: at, now: at })?;
    if post == PostWhen::Now {
        posts::hasten(db, event, at)?;
    }
    let posted = events::posted(db, event)?;
    let posted = posted.filter(|posted| posted.sheet.event.deleted_at.is_none());
    Ok(posted
        .map_or(OccurrenceMade::NoSuchOccurrence, |posted| OccurrenceMade::Made(Box::new(posted))))
}
