//! Two members who swap by an organiser's hand: both answers in one version of the event, so that
//! nobody comes in between and one step takes it back.

use muster_domain::answer_option::OptionId;
use muster_domain::id::UserId;
use muster_domain::roster::{Answer, Moment, Moved, Place, Sequence, Signup, Swapped};
use rusqlite::Connection;

use super::signup_before::Replaced;
use super::signup_log::{self, LogLine};
use super::signup_row::NewRow;
use super::{moves, priority_row, signup_before, signup_row, tap as taps};
use crate::model::{LoggedAnswer, SignupWay, Tap, Tapped};
use crate::port::Stored;
use crate::sqlite::rosters::LoadedEvent;

/// Has the member of a tap swap with another one, who has the wanted answer.
pub(super) fn swap(
    db: &Connection,
    loaded: &mut LoadedEvent,
    tap: &Tap,
    with: UserId,
    option: OptionId,
) -> Stored<Tapped> {
    let lapse = loaded.roster.next_lapse();
    let moment = Moment { now: tap.at, next: loaded.next };
    let swapped = match loaded.roster.swap(tap.member, with, option, moment) {
        Ok(swapped) => swapped,
        Err(why) => return Ok(Tapped::NotSwapped(why, Box::new(loaded.sheet()))),
    };
    // Either of the two may have a new rank.
    loaded.next = Sequence(loaded.next.0.saturating_add(2));
    moves::next_version(db, loaded, tap.at)?;
    let Swapped { before, now, ref moved } = swapped;
    for ((member, before), now) in [tap.member, with].into_iter().zip(before).zip(now) {
        keep(db, loaded, tap, &One { member, before, now })?;
    }
    moves::moved_unheard(db, loaded, moved, tap.cause())?;
    moves::tell(db, loaded, &told(&swapped, [tap.member, with]), tap.at)?;
    moves::plan(db, loaded, lapse, tap.at)?;
    let [before, _] = before;
    let [now, _] = now;
    let answer = Answer::Taken { before: Some(before), now, moved: swapped.moved };
    Ok(Tapped::Answered(answer, Box::new(loaded.sheet())))
}

/// One of the two.
struct One {
    member: UserId,
    before: Signup,
    now: Signup,
}

/// Stores one of the two: the row, what it was before, and a line of history.
fn keep(db: &Connection, loaded: &mut LoadedEvent, tap: &Tap, one: &One) -> Stored<()> {
    let One { member, before, now } = *one;
    let Tap { event, by, interaction, at, .. } = *tap;
    let version = loaded.event.version;
    let details = &loaded.details.get(&member).cloned().unwrap_or_default();
    let counted = priority_row::of(db, event, member)?;
    let (signup, priority_roles) = (before, counted.as_deref());
    let was = Replaced { event, version, member, signup, priority_roles, details };
    signup_before::keep(db, was)?;
    let last_tap = taps::last_tap(loaded, member);
    signup_row::put(db, &NewRow { event, member, signup: now, last_tap, at })?;
    let way = SignupWay::Organiser;
    let (before, now) = (Some(before.into()), Some(LoggedAnswer::from(now)));
    let interaction = Some(interaction);
    let line = LogLine { event, version, member, way, before, now, by, interaction, at };
    signup_log::record(db, &line)
}

/// Who hears of it: others who moved, and of the two who has a place now or has none any more.
fn told(swapped: &Swapped, two: [UserId; 2]) -> Moved {
    let mut moved = swapped.moved.clone();
    for ((member, before), now) in two.into_iter().zip(swapped.before).zip(swapped.now) {
        match (before.place, now.place) {
            (Place::Seated, Place::Waiting) => moved.unseated.push(member),
            (Place::Waiting | Place::Offered(_) | Place::Passed, Place::Seated) => {
                moved.promoted.push(member);
            }
            (_, _) => {}
        }
    }
    moved
}
