//! One member's tap: what the roster decides becomes rows, in the same commit.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::event::Phase;
use muster_domain::id::UserId;
use muster_domain::notice::tell_promoted;
use muster_domain::roster::{Answer, Place, Sequence, Signup};
use rusqlite::Connection;

use super::post_row;
use super::signup_row::{self, LogLine, Way};
use crate::model::{Tap, TapAnswer, Tapped};
use crate::port::Stored;
use crate::sqlite::columns::whole_ms;
use crate::sqlite::deliveries::insert;
use crate::sqlite::rosters::Held;
use crate::sqlite::writer::Tx;

/// Takes a member's answer, or takes it back.
pub(in crate::sqlite) fn tap(tx: &mut Tx<'_>, tap: &Tap) -> Stored<TapAnswer> {
    let db = tx.db;
    let opened = tx.rosters.open(db, tap.event)?;
    let Some(held) = opened.filter(|held| held.event.guild == tap.guild) else {
        return Ok(TapAnswer { tapped: Tapped::NoSuchEvent, post: None });
    };
    Ok(TapAnswer { tapped: decide(db, held, tap)?, post: held.message })
}

fn decide(db: &Connection, held: &mut Held, tap: &Tap) -> Stored<Tapped> {
    match held.event.phase(tap.at) {
        Phase::Open => {}
        Phase::Deleted => return Ok(Tapped::NoSuchEvent),
        phase @ (Phase::Closed | Phase::Running | Phase::Over | Phase::Cancelled) => {
            return Ok(Tapped::Closed(phase, Box::new(held.sheet())));
        }
    }
    let last = held.last_taps.get(&tap.member);
    if last.is_some_and(|last| tap.interaction <= *last) {
        return Ok(Tapped::Repeated(Box::new(held.sheet())));
    }
    match tap.pick {
        Some(option) => answer(db, held, tap, option),
        None => withdraw(db, held, tap),
    }
}

fn answer(db: &Connection, held: &mut Held, tap: &Tap, option: OptionId) -> Stored<Tapped> {
    let answer = held.roster.answer(&held.event.options, tap.member, option, held.next);
    if let Answer::Taken { before, now, promoted } = &answer {
        held.next = Sequence(held.next.0.saturating_add(1));
        let tapped = (tap.interaction, whole_ms(tap.at));
        signup_row::put(db, tap.event, tap.member, *now, tapped)?;
        keep(db, held, tap, (*before, Some(*now)))?;
        promote(db, held, promoted, (tap.member, tapped.1))?;
    }
    Ok(Tapped::Answered(answer, Box::new(held.sheet())))
}

fn withdraw(db: &Connection, held: &mut Held, tap: &Tap) -> Stored<Tapped> {
    let Some((before, promoted)) = held.roster.withdraw(tap.member) else {
        return Ok(Tapped::NothingToWithdraw(Box::new(held.sheet())));
    };
    let tapped = (tap.interaction, whole_ms(tap.at));
    signup_row::take_back(db, tap.event, tap.member, tapped)?;
    keep(db, held, tap, (Some(before), None))?;
    promote(db, held, &promoted, (tap.member, tapped.1))?;
    Ok(Tapped::Withdrawn { before, promoted, sheet: Box::new(held.sheet()) })
}

/// Stores that a tap was taken: the event's new version and a line of history.
fn keep(
    db: &Connection,
    held: &mut Held,
    tap: &Tap,
    (before, now): (Option<Signup>, Option<Signup>),
) -> Stored<()> {
    let at = whole_ms(tap.at);
    held.last_taps.insert(tap.member, tap.interaction);
    held.event.version = held.event.version.saturating_add(1);
    post_row::set_version(db, tap.event, held.event.version, at)?;
    signup_row::record(
        db,
        &LogLine {
            event: tap.event,
            version: held.event.version,
            member: tap.member,
            way: Way::Tap(tap.interaction),
            before,
            now,
            by: tap.member,
            at,
        },
    )
}

/// Stores that members got a place because of `cause`, and has them told.
pub(super) fn promote(
    db: &Connection,
    held: &Held,
    promoted: &[UserId],
    cause: (UserId, Timestamp),
) -> Stored<()> {
    reseat(db, held, promoted, (Place::Seated, Way::Promoted), cause)?;
    for notice in tell_promoted(promoted, cause.1) {
        insert::notice(db, &held.event, &notice, held.event.version)?;
    }
    Ok(())
}

/// Stores that members have another place now, with a line of history for each.
pub(super) fn reseat(
    db: &Connection,
    held: &Held,
    members: &[UserId],
    (place, way): (Place, Way),
    (by, at): (UserId, Timestamp),
) -> Stored<()> {
    let event = held.event.id;
    for member in members {
        signup_row::set_place(db, event, *member, place)?;
        let now = held.roster.signup(*member);
        let before = now.map(|now| Signup { place: other(place), ..now });
        let version = held.event.version;
        let line = LogLine { event, version, member: *member, way, before, now, by, at };
        signup_row::record(db, &line)?;
    }
    Ok(())
}

const fn other(place: Place) -> Place {
    match place {
        Place::Seated => Place::Waiting,
        Place::Waiting => Place::Seated,
    }
}
