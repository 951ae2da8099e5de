//! An organiser takes back what they did for a member: the answer is as it was before, with its
//! rank and all that was said beside it. Where two swapped, both have theirs again.

use std::collections::HashMap;

use muster_domain::id::{RoleId, UserId};
use muster_domain::limits::UNDO_WITHIN;
use muster_domain::roster::{Answer, Moved, Place, Signup};
use muster_domain::signup_details::SignupDetails;
use rusqlite::Connection;

use super::signup_log::{Answered, LogLine};
use super::signup_row::NewRow;
use super::{log, moves, priority_row, signup_before, signup_log, signup_row, tap as taps};
use crate::model::{LoggedAnswer, NotPutBack, SignupWay, Tap, Tapped};
use crate::port::Stored;
use crate::sqlite::rosters::LoadedEvent;

/// What a member had before.
struct Earlier {
    member: UserId,
    signup: Signup,
    details: SignupDetails,
    priority_roles: Option<Vec<RoleId>>,
}

/// Takes the change back that made this version of the event, or says why not.
pub(super) fn put_back(
    db: &Connection,
    loaded: &mut LoadedEvent,
    tap: &Tap,
    version: u64,
) -> Stored<Tapped> {
    let refused = |why, loaded: &LoadedEvent| Ok(Tapped::NotPutBack(why, Box::new(loaded.sheet())));
    let with = signup_log::swapped_with(db, tap.event, version, tap.member)?;
    let mut all = Vec::new();
    for member in [Some(tap.member), with].into_iter().flatten() {
        let change = match latest(db, tap, version, member)? {
            Ok(change) => change,
            Err(why) => return refused(why, loaded),
        };
        let Some(answer) = change.before else { return taps::withdraw(db, loaded, tap) };
        match earlier(db, loaded, tap, &Undone { version, member, answer })? {
            Some(earlier) => all.push(earlier),
            None => return refused(NotPutBack::TooLate, loaded),
        }
    }
    make(db, loaded, tap, &all)
}

/// The change of a member's answer that made this version, if it can be taken back.
fn latest(
    db: &Connection,
    tap: &Tap,
    version: u64,
    member: UserId,
) -> Stored<Result<Answered, NotPutBack>> {
    let Some(change) = signup_log::latest_answer(db, tap.event, version, member)? else {
        return Ok(Err(NotPutBack::TooLate));
    };
    if change.version != version || change.by != tap.by {
        return Ok(Err(NotPutBack::AnsweredSince(change.by)));
    }
    if tap.at.duration_since(change.at) > UNDO_WITHIN {
        return Ok(Err(NotPutBack::TooLate));
    }
    Ok(Ok(change))
}

/// A change that is taken back.
struct Undone {
    /// The version of the event that it made.
    version: u64,
    member: UserId,
    /// What it replaced.
    answer: LoggedAnswer,
}

/// What a member had before the change that made this version, if it is known still.
fn earlier(
    db: &Connection,
    loaded: &LoadedEvent,
    tap: &Tap,
    undone: &Undone,
) -> Stored<Option<Earlier>> {
    let Undone { version, member, answer } = *undone;
    let kept = signup_before::read(db, tap.event, version, member)?;
    let Some(kept) = kept else { return Ok(None) };
    let priority = loaded.event.rules.keeps_priority(kept.priority_roles.as_deref(), kept.priority);
    let signup = Signup {
        option: answer.option,
        // An offer has lost its end: it counts as one that is made anew.
        place: answer.place.until(tap.at),
        since: kept.since,
        guests: answer.guests,
        priority,
    };
    // The event may have moved since.
    let then = log::as_of(db, &loaded.event, version)?.map(|event| event.details.span);
    let (now, details) = (loaded.event.details.span, kept.details);
    let details = then.map_or_else(|| details.clone(), |then| details.moved(then, now));
    Ok(Some(Earlier { member, signup, details, priority_roles: kept.priority_roles }))
}

fn make(db: &Connection, loaded: &mut LoadedEvent, tap: &Tap, all: &[Earlier]) -> Stored<Tapped> {
    let lapse = loaded.roster.next_lapse();
    let is_one = |member: UserId| all.iter().any(|earlier| earlier.member == member);
    let others: HashMap<UserId, Signup> =
        loaded.roster.iter().filter(|(other, _)| !is_one(*other)).collect();
    let earlier: Vec<_> = all.iter().map(|earlier| (earlier.member, earlier.signup)).collect();
    let (present, mut moved) = loaded.roster.put_back(&earlier, tap.at);
    moves::next_version(db, loaded, tap.at)?;
    for (earlier, before) in all.iter().zip(&present) {
        keep(db, loaded, tap, earlier, *before)?;
    }
    moves::replaced_unheard(db, loaded, &others, &moved, tap.cause())?;
    let answer = answer_of(loaded, tap, &present, &moved);
    if all.len() > 1 {
        hear(loaded, all, &present, &mut moved);
    }
    moves::tell(db, loaded, &moved, tap.at)?;
    moves::plan(db, loaded, lapse, tap.at)?;
    Ok(Tapped::Answered(answer, Box::new(loaded.sheet())))
}

/// One answer that is put back: the row with what was said beside it, and a line of history.
fn keep(
    db: &Connection,
    loaded: &mut LoadedEvent,
    tap: &Tap,
    earlier: &Earlier,
    before: Option<Signup>,
) -> Stored<()> {
    let Tap { event, by, interaction, at, .. } = *tap;
    let Earlier { member, details, .. } = earlier;
    let now = loaded.roster.signup(*member).unwrap_or(earlier.signup);
    let last_tap = taps::last_tap(loaded, *member);
    signup_row::put(db, &NewRow { event, member: *member, signup: now, last_tap, at })?;
    if before.is_none() {
        // What was said since, beside an answer that stood, is newer.
        signup_row::describe(db, event, *member, details, None)?;
        if *details != SignupDetails::default() {
            loaded.details.insert(*member, details.clone());
        }
    }
    priority_row::set(db, event, *member, earlier.priority_roles.as_deref())?;
    signup_before::forget(db, event, *member)?;
    let line = LogLine {
        event,
        version: loaded.event.version,
        member: *member,
        way: SignupWay::Organiser,
        before: before.map(LoggedAnswer::from),
        now: Some(now.into()),
        by,
        interaction: Some(interaction),
        at,
    };
    signup_log::record(db, &line)
}

fn answer_of(loaded: &LoadedEvent, tap: &Tap, present: &[Option<Signup>], moved: &Moved) -> Answer {
    match loaded.roster.signup(tap.member) {
        Some(now) => {
            Answer::Taken { before: present.first().copied().flatten(), now, moved: moved.clone() }
        }
        None => Answer::NoSuchOption,
    }
}

/// Of two who had swapped, who has a place again or has none any more hears of it like others.
fn hear(loaded: &LoadedEvent, all: &[Earlier], present: &[Option<Signup>], moved: &mut Moved) {
    for (earlier, before) in all.iter().zip(present) {
        let now = loaded.roster.signup(earlier.member).map(|now| now.place);
        match (before.map(|before| before.place), now) {
            (Some(Place::Seated), Some(Place::Waiting)) => moved.unseated.push(earlier.member),
            (Some(Place::Waiting), Some(Place::Seated)) => moved.promoted.push(earlier.member),
            (_, Some(Place::Offered(_))) => moved.offered.push(earlier.member),
            (_, _) => {}
        }
    }
}
