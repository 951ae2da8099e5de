//! An organiser takes back what they did for a member: the answer is as it was before, with its
//! rank and all that was said beside it.

use std::collections::HashMap;

use muster_domain::id::UserId;
use muster_domain::limits::UNDO_WITHIN;
use muster_domain::roster::{Answer, Signup};
use muster_domain::signup_details::SignupDetails;
use rusqlite::Connection;

use super::signup_log::LogLine;
use super::{log, moves, priority_row, signup_before, signup_log, signup_row, tap as taps};
use crate::model::{LoggedAnswer, NotPutBack, SignupWay, Tap, Tapped};
use crate::port::Stored;
use crate::sqlite::rosters::Held;

/// Takes the change back that made this version of the event, or says why not.
pub(super) fn put_back(
    db: &Connection,
    held: &mut Held,
    tap: &Tap,
    version: u64,
) -> Stored<Tapped> {
    let refused = |why, held: &Held| Ok(Tapped::NotPutBack(why, Box::new(held.sheet())));
    let Some(change) = signup_log::latest_answer(db, (tap.event, version), tap.member)? else {
        return refused(NotPutBack::TooLate, held);
    };
    if change.version != version || change.by != tap.by {
        return refused(NotPutBack::AnsweredSince(change.by), held);
    }
    if tap.at.duration_since(change.at) > UNDO_WITHIN {
        return refused(NotPutBack::TooLate, held);
    }
    let Some(answer) = change.before else { return taps::withdraw(db, held, tap) };
    let kept = signup_before::read(db, (tap.event, version), tap.member)?;
    let Some(kept) = kept else { return refused(NotPutBack::TooLate, held) };
    let earlier = Signup {
        option: answer.option,
        // An offer has lost its end: it counts as one that is made anew.
        place: answer.place.until(tap.at),
        since: kept.since,
        guests: answer.guests,
        priority: held.event.rules.keeps_priority(kept.priority_roles.as_deref(), kept.priority),
    };
    // The event may have moved since.
    let then = log::as_of(db, &held.event, version)?.map(|event| event.details.span);
    let (now, details) = (held.event.details.span, kept.details);
    let details = then.map_or_else(|| details.clone(), |then| details.moved(then, now));
    let told = make(db, held, tap, (earlier, details))?;
    priority_row::set(db, tap.event, tap.member, kept.priority_roles.as_deref())?;
    Ok(told)
}

fn make(
    db: &Connection,
    held: &mut Held,
    tap: &Tap,
    (earlier, details): (Signup, SignupDetails),
) -> Stored<Tapped> {
    let Tap { event, member, by, interaction, at, .. } = *tap;
    let lapse = held.roster.next_lapse();
    let others: HashMap<UserId, Signup> =
        held.roster.iter().filter(|(other, _)| *other != member).collect();
    let (before, now, moved) = held.roster.put_back(member, earlier, at);
    signup_row::put(db, event, member, now, (taps::last_tap(held, tap), at))?;
    if before.is_none() {
        // What was said since, beside an answer that stood, is newer.
        signup_row::describe(db, event, member, &details, None)?;
        if details != SignupDetails::default() {
            held.details.insert(member, details);
        }
    }
    signup_before::forget(db, event, member)?;
    moves::next_version(db, held, at)?;
    let line = LogLine {
        event,
        version: held.event.version,
        member,
        way: SignupWay::Organiser,
        before: before.map(LoggedAnswer::from),
        now: Some(now.into()),
        by,
        interaction: Some(interaction),
        at,
    };
    signup_log::record(db, &line)?;
    moves::replaced(db, held, &others, &moved, (by, at))?;
    moves::plan(db, held, lapse, at)?;
    let answer = Answer::Taken { before, now, moved };
    Ok(Tapped::Answered(answer, Box::new(held.sheet())))
}
