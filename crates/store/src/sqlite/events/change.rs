//! An organiser's change of an event: rows, history, who moves, and who is told.

use std::collections::HashMap;

use jiff::Timestamp;
use muster_domain::change::{ChangeRefusal, EventChange};
use muster_domain::event::{Event, EventDetails, Phase, Span};
use muster_domain::id::{EventId, GuildId, UserId};
use muster_domain::roster::{Former, Moved, Signup};
use muster_domain::sheet::Sheet;
use rusqlite::Connection;

use super::event_row::FIRST_VERSION;
use super::{
    event_row, log, moves, news, post_row, priority_row, rules_row, signup_log, signup_row,
};
use crate::model::{Cause, ChangeRequest, Changed, EventStep, Outdated, Posted, SeenEvent};
use crate::port::Stored;
use crate::sqlite::chores;
use crate::sqlite::columns::whole_ms;
use crate::sqlite::deliveries;
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::series;
use crate::sqlite::writer::Tx;

/// Changes an event, or says why not.
pub(super) fn change(tx: &mut Tx<'_>, mut request: ChangeRequest) -> Stored<Changed> {
    request.at = whole_ms(request.at);
    request.change = as_stored(request.change)?;
    let db = tx.db;
    let opened = tx.rosters.open(db, request.event)?;
    let Some(loaded) = opened.filter(|loaded| loaded.event.guild == request.guild) else {
        return Ok(Changed::NoSuchEvent);
    };
    if log::is_made(db, request.interaction)? {
        return Ok(Changed::Repeated(Box::new(posted(db, loaded)?)));
    }
    let comes_back = matches!(request.change, EventChange::BringBack);
    if comes_back && event_row::lost_its_date(db, request.event)? {
        return Ok(Changed::NoSuchEvent);
    }
    let changed = loaded.event.change(&request.change, request.at);
    if let Ok(_) | Err(ChangeRefusal::Nothing | ChangeRefusal::Past) = changed
        && let Some(outdated) = outdated(db, loaded, &request)?
    {
        return Ok(Changed::Outdated(Box::new(outdated)));
    }
    match changed {
        Err(refusal) => Ok(Changed::Refused(refusal, Box::new(posted(db, loaded)?))),
        Ok(after) => {
            let ChangeRequest { by, at, .. } = request;
            let (step, interaction) = (log::step(&request.change), Some(request.interaction));
            make(db, loaded, after, &log::Entry { step, takes_back: false, by, interaction, at })
                .map(Changed::from)
        }
    }
}

/// A change as precise as it is stored.
fn as_stored(change: EventChange) -> Stored<EventChange> {
    Ok(match change {
        EventChange::Edit(details) => EventChange::Edit(event_row::as_stored(details)?),
        EventChange::Rules(rules) => EventChange::Rules(rules_row::as_stored(rules)),
        plain @ (EventChange::Options(_)
        | EventChange::Image(_)
        | EventChange::Mention(_)
        | EventChange::Cancel
        | EventChange::Restore
        | EventChange::Close
        | EventChange::Reopen
        | EventChange::Delete
        | EventChange::BringBack) => plain,
    })
}

/// What a change rests on, if the event is no longer like that.
fn outdated(
    db: &Connection,
    loaded: &LoadedEvent,
    request: &ChangeRequest,
) -> Stored<Option<Outdated>> {
    let is_same: fn(&Event, &Event) -> bool = match &request.change {
        EventChange::Edit(_) => |seen, now| seen.details == now.details,
        EventChange::Rules(_) => |seen, now| seen.rules == now.rules,
        EventChange::Options(_) => |seen, now| seen.options == now.options,
        EventChange::Image(_) => |seen, now| seen.image == now.image,
        EventChange::Mention(_) => |seen, now| seen.mention == now.mention,
        EventChange::Cancel
        | EventChange::Restore
        | EventChange::Close
        | EventChange::Reopen
        | EventChange::Delete
        | EventChange::BringBack => return Ok(None),
    };
    let Some(version) = request.seen else { return Ok(None) };
    let Some(seen) = log::as_of(db, &loaded.event, version.max(FIRST_VERSION))? else {
        return Ok(None);
    };
    if is_same(&seen, &loaded.event) {
        return Ok(None);
    }
    told(db, posted(db, loaded)?, seen.details, log::step(&request.change)).map(Some)
}

/// How an event differs from what somebody saw, if it does.
pub(super) fn edited_since(
    db: &Connection,
    guild: GuildId,
    seen: SeenEvent,
) -> Stored<Option<Outdated>> {
    let found = post_row::posted(db, seen.event)?;
    match found.filter(|posted| posted.sheet.event.guild == guild) {
        Some(posted) => differs(db, posted, seen.version),
        None => Ok(None),
    }
}

fn differs(db: &Connection, now: Posted, version: u64) -> Stored<Option<Outdated>> {
    let event = &now.sheet.event;
    let seen = log::as_of(db, event, version.max(FIRST_VERSION))?;
    match seen.filter(|seen| seen.details != event.details) {
        Some(seen) => told(db, now, seen.details, EventStep::Edited).map(Some),
        None => Ok(None),
    }
}

/// Who took the step since, and what the event is now.
fn told(db: &Connection, now: Posted, seen: EventDetails, step: EventStep) -> Stored<Outdated> {
    let event = &now.sheet.event;
    let by = log::last_who(db, event.id, step)?.unwrap_or(event.host);
    Ok(Outdated { seen, by, now })
}

/// The event of this guild as it stood at an earlier version.
pub(super) fn as_of(db: &Connection, guild: GuildId, seen: SeenEvent) -> Stored<Option<Event>> {
    match event_row::read(db, seen.event)?.filter(|event| event.guild == guild) {
        Some(event) => log::as_of(db, &event, seen.version),
        None => Ok(None),
    }
}

/// Takes an event back with the series that it is of.
pub(in crate::sqlite) fn take_back(
    tx: &mut Tx<'_>,
    event: EventId,
    Cause { by, at }: Cause,
) -> Stored<()> {
    let db = tx.db;
    let Some(loaded) = tx.rosters.open(db, event)? else { return Ok(()) };
    // One that is over or was taken back already stays as it is.
    if let Ok(after) = loaded.event.change(&EventChange::Delete, at) {
        let entry =
            log::Entry { step: EventStep::Deleted, takes_back: false, by, interaction: None, at };
        make(db, loaded, after, &entry)?;
    }
    Ok(())
}

/// Brings an event back that was taken back with its date, as that takes place after all; returns
/// whether it does. Its post is due when it was to be.
pub(in crate::sqlite) fn bring_back(
    tx: &mut Tx<'_>,
    event: EventId,
    Cause { by, at }: Cause,
) -> Stored<bool> {
    let db = tx.db;
    let Some(loaded) = tx.rosters.open(db, event)? else { return Ok(false) };
    let back = loaded.event.change(&EventChange::BringBack, at).ok();
    let Some(after) = back.filter(|after| after.details.span.end() > at) else { return Ok(false) };
    let Some(due) = deliveries::post_due(db, event)? else { return Ok(false) };
    let entry =
        log::Entry { step: EventStep::Restored, takes_back: false, by, interaction: None, at };
    make(db, loaded, after, &entry)?;
    deliveries::post_not_before(db, event, due)?;
    Ok(true)
}

/// A change that was made.
pub(super) struct Made {
    pub(super) before: Box<Sheet>,
    pub(super) now: Box<Posted>,
    pub(super) moved: Moved,
}

impl From<Made> for Changed {
    fn from(Made { before, now, moved }: Made) -> Self {
        Self::Made { before, now, moved }
    }
}

/// Makes an event what it is `after` a change, with all that follows from it.
pub(super) fn make(
    db: &Connection,
    loaded: &mut LoadedEvent,
    after: Event,
    entry: &log::Entry,
) -> Stored<Made> {
    let (id, by, at) = (after.id, entry.by, entry.at);
    let before = loaded.sheet();
    loaded.event = after;
    move_times(db, loaded, before.event.details.span)?;
    post_row::set_version(db, id, loaded.event.version, at)?;
    moves::end_offers_in_time(db, loaded, at)?;
    priority_row::follow(db, &before.event, loaded)?;
    let seated = reseat(db, &before.event, loaded, entry)?;
    plan_anew(db, &before.event, &loaded.event, at)?;
    event_row::update(db, &before.event, &loaded.event, moves::next_turn(db, loaded, at)?)?;
    if before.event.details.span.start() != loaded.event.details.span.start() {
        series::follow_start(db, &loaded.event, at)?;
    }
    log::record(db, &loaded.event, entry)?;
    let moved = match seated {
        Some((signups, moved)) => {
            moves::replaced(db, loaded, &signups, &moved, Cause { by, at })?;
            moved
        }
        None => Moved::default(),
    };
    if loaded.event.deleted_at.is_some() {
        deliveries::skip_unsent_but_news(db, id, at)?;
        chores::archive_thread_of(db, &loaded.event, at)?;
    }
    if before.event.details.title != loaded.event.details.title {
        chores::rename_thread_of(db, &loaded.event, at)?;
    }
    news::tell(db, &before.event, loaded, at)?;
    post_again(db, &before.event, &loaded.event, at)?;
    let now = Box::new(posted(db, loaded)?);
    Ok(Made { before: Box::new(before), now, moved })
}

/// Who comes late or goes early does so by as much after the event has moved.
pub(super) fn move_times(db: &Connection, loaded: &mut LoadedEvent, from: Span) -> Stored<()> {
    let to = loaded.event.details.span;
    if from == to {
        return Ok(());
    }
    for (member, details) in &mut loaded.details {
        let moved = details.moved(from, to);
        if moved != *details {
            signup_row::describe(db, loaded.event.id, *member, &moved, None)?;
            *details = moved;
        }
    }
    Ok(())
}

/// Whether an event was called off, or its creation taken back.
pub(super) const fn is_off(event: &Event) -> bool {
    event.cancelled_at.is_some() || event.deleted_at.is_some()
}

/// Whoever moves an event or has it take place after all knows the time: what was to be reminded of
/// before that moment counts as done. Reminders of what was planned before, or does not take place,
/// are not sent.
fn plan_anew(db: &Connection, before: &Event, after: &Event, at: Timestamp) -> Stored<()> {
    let is_moved = before.details.span.start() != after.details.span.start();
    if is_moved || is_off(after) {
        deliveries::skip_unsent_reminders(db, after.id, at)?;
    }
    if is_moved || is_off(before) {
        event_row::set_looked_at(db, after.id, at)?;
    }
    Ok(())
}

/// Posts an event that takes place after all, where its post was left out or removed meanwhile.
fn post_again(db: &Connection, before: &Event, after: &Event, at: Timestamp) -> Stored<()> {
    let is_restored = before.cancelled_at.is_some() && after.cancelled_at.is_none();
    let is_back = before.deleted_at.is_some() && after.deleted_at.is_none();
    if is_restored || is_back {
        deliveries::post_what_was_skipped(db, after, at)?;
    }
    if is_back {
        deliveries::post_what_was_removed(db, after, at)?;
    }
    Ok(())
}

/// Seats as many as there are places now, and ends offers that nobody can accept any more; where a
/// change is taken back, whom it had moved is where they were, and what takes place after all makes
/// open offers anew. Returns all answers before and who moved, unless all is as it was.
fn reseat(
    db: &Connection,
    before: &Event,
    loaded: &mut LoadedEvent,
    entry: &log::Entry,
) -> Stored<Option<(HashMap<UserId, Signup>, Moved)>> {
    let (seating, at) = (loaded.event.seating_at(entry.at), entry.at);
    loaded.roster.offer_for(seating.offer);
    if is_off(&loaded.event) || loaded.event.phase(at) == Phase::Over {
        return Ok(None);
    }
    let mut former = HashMap::new();
    if entry.takes_back {
        let undone = log::latest(db, loaded.event.id)?.version;
        former = signup_log::former(db, loaded.event.id, undone)?;
    }
    let has_moved = former.values().any(|former| matches!(former, Former::Moved(_)));
    let lapses = loaded.roster.next_lapse().is_some_and(|lapse| lapse <= at);
    if *loaded.roster.seating() == seating && !has_moved && !lapses && !is_off(before) {
        return Ok(None);
    }
    let signups = loaded.roster.iter().collect();
    let moved = if is_off(before) {
        loaded.roster.resume(at)
    } else if entry.takes_back {
        loaded.roster.take_back(seating, &former, at)
    } else {
        loaded.roster.reseat(seating, at)
    };
    Ok(Some((signups, moved)))
}

pub(super) fn posted(db: &Connection, loaded: &LoadedEvent) -> Stored<Posted> {
    Ok(Posted { sheet: loaded.sheet(), post: post_row::post_of(db, loaded.event.id)? })
}
