//! Members who moved between places and line because of something else: rows, history, news.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use muster_domain::event::Phase;
use muster_domain::id::{EventId, GuildId, UserId};
use muster_domain::notice::{tell_offered, tell_promoted, tell_unseated};
use muster_domain::roster::{Moved, Signup};
use rusqlite::Connection;

use super::signup_log::{self, LogLine};
use super::{event_row, news, post_row, signup_row};
use crate::model::{Cause, LoggedAnswer, LoggedPlace, SignupWay};
use crate::port::Stored;
use crate::sqlite::deliveries::insert::About;
use crate::sqlite::deliveries::losses;
use crate::sqlite::reminders;
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::writer::Tx;

/// Gives the event its next version, which makes its post stale.
pub(super) fn next_version(db: &Connection, loaded: &mut LoadedEvent, at: Timestamp) -> Stored<()> {
    loaded.event.version = loaded.event.version.saturating_add(1);
    post_row::set_version(db, loaded.event.id, loaded.event.version, at)
}

/// Has the post of an event edited, whatever it was seen to show. Whether the guild has such an
/// event.
pub(in crate::sqlite) fn refresh_post(
    tx: &mut Tx<'_>,
    guild: GuildId,
    event: EventId,
    at: Timestamp,
) -> Stored<bool> {
    let opened = tx.rosters.open(tx.db, event)?;
    let Some(loaded) = opened.filter(|loaded| loaded.event.guild == guild) else {
        return Ok(false);
    };
    // Nothing was ever seen to show a version that is new.
    next_version(tx.db, loaded, at)?;
    Ok(true)
}

/// Stores that members moved from where they were, and has them told. That somebody lost a place is
/// recorded by [`replaced`].
pub(super) fn moved(
    db: &Connection,
    loaded: &LoadedEvent,
    moved: &Moved,
    cause: Cause,
) -> Stored<()> {
    moved_unheard(db, loaded, moved, cause)?;
    tell(db, loaded, moved, cause.at)
}

/// The same without telling them yet.
pub(super) fn moved_unheard(
    db: &Connection,
    loaded: &LoadedEvent,
    moved: &Moved,
    cause: Cause,
) -> Stored<()> {
    for (members, way, from) in [
        (&moved.passed, SignupWay::Passed, LoggedPlace::Offered),
        (&moved.promoted, SignupWay::Promoted, LoggedPlace::Waiting),
        (&moved.offered, SignupWay::Offered, LoggedPlace::Waiting),
    ] {
        for member in members {
            let now = loaded.roster.signup(*member);
            let before = now.map(|now| LoggedAnswer { place: from, ..now.into() });
            let by = if way == SignupWay::Passed { *member } else { cause.by };
            record(db, loaded, Move { member: *member, way, before, now }, Cause { by, ..cause })?;
        }
    }
    Ok(())
}

/// Has those told who have or are offered a place, or lost theirs. Who had not heard yet of a loss
/// that did not last hears nothing.
pub(super) fn tell(
    db: &Connection,
    loaded: &LoadedEvent,
    moved: &Moved,
    at: Timestamp,
) -> Stored<()> {
    let (event, about) = (&loaded.event, About::event(&loaded.event));
    let mut promoted = Cow::from(&moved.promoted);
    if !promoted.is_empty() {
        let unheard = losses::unheard(db, event.id, at)?;
        promoted.to_mut().retain(|member| !unheard.contains(member));
    }
    news::all(db, loaded, about, &tell_promoted(event, &promoted, at), &promoted)?;
    news::all(db, loaded, about, &tell_offered(event, &moved.offered, at), &moved.offered)?;
    news::all(db, loaded, about, &tell_unseated(event, &moved.unseated, at), &moved.unseated)?;
    Ok(())
}

/// Stores what new seating made of answers that were as `before`, and has those told whom it
/// concerns.
pub(super) fn replaced(
    db: &Connection,
    loaded: &LoadedEvent,
    before: &HashMap<UserId, Signup>,
    moved: &Moved,
    cause: Cause,
) -> Stored<()> {
    replaced_unheard(db, loaded, before, moved, cause)?;
    tell(db, loaded, moved, cause.at)
}

/// The same without telling anybody yet.
pub(super) fn replaced_unheard(
    db: &Connection,
    loaded: &LoadedEvent,
    before: &HashMap<UserId, Signup>,
    moved: &Moved,
    cause: Cause,
) -> Stored<()> {
    let ways: HashMap<UserId, SignupWay> = [
        (&moved.passed, SignupWay::Passed),
        (&moved.promoted, SignupWay::Promoted),
        (&moved.offered, SignupWay::Offered),
        (&moved.unseated, SignupWay::Unseated),
    ]
    .into_iter()
    .flat_map(|(members, way)| members.iter().map(move |member| (*member, way)))
    .collect();
    for (member, was) in before {
        let now = loaded.roster.signup(*member);
        let way = ways.get(member).copied();
        // Of an offer that is made anew with the same end members are told as well.
        if now == Some(*was) && way.is_none() {
            continue;
        }
        // The option does not take places any more, or takes some now.
        let way = way.unwrap_or(SignupWay::Reassigned);
        let by = if way == SignupWay::Passed { *member } else { cause.by };
        let before = Some((*was).into());
        record(db, loaded, Move { member: *member, way, before, now }, Cause { by, ..cause })?;
    }
    Ok(())
}

/// One member who moved.
#[derive(Clone, Copy)]
struct Move {
    member: UserId,
    way: SignupWay,
    before: Option<LoggedAnswer>,
    now: Option<Signup>,
}

fn record(db: &Connection, loaded: &LoadedEvent, moved: Move, cause: Cause) -> Stored<()> {
    let Move { member, way, before, now } = moved;
    let (event, version) = (loaded.event.id, loaded.event.version);
    if let Some(now) = now {
        signup_row::set_place(db, event, member, now.place)?;
    }
    let (now, interaction) = (now.map(LoggedAnswer::from), None);
    let Cause { by, at } = cause;
    let line = LogLine { event, version, member, way, before, now, by, interaction, at };
    signup_log::record(db, &line)
}

/// Has offers end when nobody can accept them any more, at the latest.
pub(super) fn end_offers_in_time(
    db: &Connection,
    loaded: &mut LoadedEvent,
    at: Timestamp,
) -> Stored<()> {
    match loaded.event.offers_until(at) {
        Some(latest) => shorten_offers(db, loaded, latest),
        None => Ok(()),
    }
}

/// Has no offer last longer than until `latest`.
pub(super) fn shorten_offers(
    db: &Connection,
    loaded: &mut LoadedEvent,
    latest: Timestamp,
) -> Stored<()> {
    for member in loaded.roster.shorten_offers(latest) {
        if let Some(signup) = loaded.roster.signup(member) {
            signup_row::set_place(db, loaded.event.id, member, signup.place)?;
        }
    }
    Ok(())
}

/// When something is to be done with the event because time passes.
pub(super) fn next_turn(
    db: &Connection,
    loaded: &LoadedEvent,
    at: Timestamp,
) -> Stored<Option<Timestamp>> {
    let event = &loaded.event;
    let turn = event.next_turn(at);
    let lapse = loaded.roster.next_lapse().filter(|_| turn.is_some());
    let looked_at = event_row::looked_at(db, event.id)?;
    let reminder = reminders::of(db, event)?.reminders.next(event, looked_at);
    // A cancelled event does not change any more, but its post is cleaned away.
    let end = Some(event.details.span.end());
    let end = end.filter(|end| event.phase(at) == Phase::Cancelled && *end > looked_at);
    Ok([turn, lapse, reminder, end].into_iter().flatten().min())
}

/// Plans the event's next turn anew, if the end of the next offer is another than it was.
pub(super) fn plan(
    db: &Connection,
    loaded: &LoadedEvent,
    lapse_before: Option<Timestamp>,
    at: Timestamp,
) -> Stored<()> {
    if loaded.roster.next_lapse() == lapse_before {
        return Ok(());
    }
    event_row::set_next_turn(db, loaded.event.id, next_turn(db, loaded, at)?)
}
