//! One member's answer, given by themselves or by an organiser: what the roster decides becomes
//! rows, in the same commit.

use muster_domain::answer_option::OptionId;
use muster_domain::event::Phase;
use muster_domain::id::{InteractionId, UserId};
use muster_domain::roster::{Answer, Answering, Guests, Moment, Moved, Place, Sequence, Signup};
use muster_domain::rules::NotEligible;
use rusqlite::Connection;

use super::signup_before::Replaced;
use super::signup_log::{self, LogLine};
use super::signup_row::NewRow;
use super::{moves, priority_row, put_back, signup_before, signup_row, swap};
use crate::model::{Ask, Cause, LoggedAnswer, SignupWay, Tap, TapAnswer, Tapped};
use crate::port::Stored;
use crate::sqlite::columns::whole_ms;
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::writer::Tx;

/// Takes a member's answer, or takes it back.
pub(in crate::sqlite) fn tap(tx: &mut Tx<'_>, mut tap: Tap) -> Stored<TapAnswer> {
    tap.at = whole_ms(tap.at);
    let db = tx.db;
    let opened = tx.rosters.open(db, tap.event)?;
    let Some(loaded) = opened.filter(|loaded| loaded.event.guild == tap.guild) else {
        return Ok(TapAnswer { tapped: Tapped::NoSuchEvent, post: None });
    };
    Ok(TapAnswer { tapped: decide(db, loaded, &tap)?, post: loaded.message })
}

fn decide(db: &Connection, loaded: &mut LoadedEvent, tap: &Tap) -> Stored<Tapped> {
    match loaded.event.phase(tap.at) {
        Phase::Open => {}
        Phase::Closed | Phase::Running if tap.force => {}
        Phase::Closed if leaves_room(loaded, tap) => {}
        Phase::Deleted => return Ok(Tapped::NoSuchEvent),
        phase @ (Phase::Closed | Phase::Running | Phase::Over | Phase::Cancelled) => {
            return Ok(Tapped::Closed(phase, Box::new(loaded.sheet())));
        }
    }
    if is_repeated(db, loaded, tap)? {
        return Ok(Tapped::Repeated(Box::new(loaded.sheet())));
    }
    loaded.roster.offer_for(loaded.event.offer_at(tap.at));
    match tap.ask {
        Ask::Pick { option, may_lose_place } => {
            let guests = guests_along(loaded, tap, option);
            answer(db, loaded, tap, Wanted { option, guests, may_lose_place })
        }
        Ask::Guests(guests) => match coming(loaded, tap) {
            Some(Signup { option, .. }) => {
                answer(db, loaded, tap, Wanted { option, guests, may_lose_place: false })
            }
            None => Ok(Tapped::NoAnswerYet(Box::new(loaded.sheet()))),
        },
        Ask::Move(option) => move_to(db, loaded, tap, option),
        Ask::Swap { with, option } => swap::swap(db, loaded, tap, with, option),
        Ask::Accept(option) => accept(db, loaded, tap, option),
        Ask::Decline if place_held(loaded, tap).is_some() => withdraw(db, loaded, tap),
        Ask::Decline => Ok(Tapped::NotHeld(Box::new(loaded.sheet()))),
        Ask::Withdraw => withdraw(db, loaded, tap),
        Ask::PutBack(version) => put_back::put_back(db, loaded, tap, version),
    }
}

/// Whether less room is asked for than the answer takes, which helps others and hurts nobody.
fn leaves_room(loaded: &LoadedEvent, tap: &Tap) -> bool {
    match tap.ask {
        Ask::Withdraw => loaded.event.takes_withdrawals(tap.at),
        Ask::Guests(guests) => coming(loaded, tap).is_some_and(|signup| guests < signup.guests),
        Ask::Pick { .. }
        | Ask::Move(_)
        | Ask::Swap { .. }
        | Ask::Accept(_)
        | Ask::Decline
        | Ask::PutBack(_) => false,
    }
}

/// A member's own taps count in their order; what somebody else does counts once.
fn is_repeated(db: &Connection, loaded: &LoadedEvent, tap: &Tap) -> Stored<bool> {
    if tap.is_own() {
        return Ok(tap.interaction <= last_tap(loaded, tap.member));
    }
    signup_log::is_done(db, tap.event, tap.member, tap.interaction)
}

/// The latest tap of the member's own; 0, which no interaction has, if there was none.
pub(super) fn last_tap(loaded: &LoadedEvent, member: UserId) -> InteractionId {
    loaded.last_taps.get(&member).copied().unwrap_or(InteractionId::new(0))
}

/// The member's answer, if by it they are coming.
fn coming(loaded: &LoadedEvent, tap: &Tap) -> Option<Signup> {
    let signup = loaded.roster.signup(tap.member)?;
    loaded.roster.seating().is_coming(signup.option).then_some(signup)
}

/// Guests come along from one way of coming to another, as many as may.
fn guests_along(loaded: &LoadedEvent, tap: &Tap, option: OptionId) -> Guests {
    if !loaded.roster.seating().is_coming(option) {
        return Guests::NONE;
    }
    let Some(signup) = coming(loaded, tap) else { return Guests::NONE };
    if signup.option == option || tap.force {
        signup.guests
    } else {
        signup.guests.min(loaded.event.rules.guests_max)
    }
}

/// What a member wants to answer.
#[derive(Clone, Copy)]
struct Wanted {
    option: OptionId,
    guests: Guests,
    may_lose_place: bool,
}

fn answer(db: &Connection, loaded: &mut LoadedEvent, tap: &Tap, wanted: Wanted) -> Stored<Tapped> {
    let Wanted { option, guests, may_lose_place } = wanted;
    if let Some(not_eligible) = not_eligible(loaded, tap, option, guests) {
        return Ok(Tapped::NotEligible(not_eligible, Box::new(loaded.sheet())));
    }
    let seating = loaded.roster.seating();
    if !seating.could_seat(option, guests) {
        // They would wait for ever.
        let most = seating.most_in(option);
        return Ok(Tapped::NeverRoom(option, most, Box::new(loaded.sheet())));
    }
    let priority = loaded.event.rules.has_priority(&tap.roles);
    let answering = Answering { member: tap.member, option, guests, priority, may_lose_place };
    take(db, loaded, tap, answering)
}

/// Moves the member to another answer, whatever place that costs.
fn move_to(
    db: &Connection,
    loaded: &mut LoadedEvent,
    tap: &Tap,
    option: OptionId,
) -> Stored<Tapped> {
    let guests = guests_along(loaded, tap, option);
    let priority = loaded.roster.signup(tap.member).is_some_and(|signup| signup.priority);
    let may_lose_place = true;
    let answering = Answering { member: tap.member, option, guests, priority, may_lose_place };
    take(db, loaded, tap, answering)
}

/// Takes the place that is held for the member. That it is theirs was decided when they answered:
/// their roles, which nobody knows in a direct message, are not asked for again.
fn accept(
    db: &Connection,
    loaded: &mut LoadedEvent,
    tap: &Tap,
    wanted: Option<OptionId>,
) -> Stored<Tapped> {
    let signup = place_held(loaded, tap);
    let wanted = |signup: &Signup| wanted.is_none_or(|option| option == signup.option);
    let Some(Signup { option, guests, priority, .. }) = signup.filter(wanted) else {
        return Ok(Tapped::NotHeld(Box::new(loaded.sheet())));
    };
    let may_lose_place = false;
    let answering = Answering { member: tap.member, option, guests, priority, may_lose_place };
    take(db, loaded, tap, answering)
}

/// The member's answer, if a place is held for it now.
fn place_held(loaded: &LoadedEvent, tap: &Tap) -> Option<Signup> {
    let signup = loaded.roster.signup(tap.member)?;
    matches!(signup.place, Place::Offered(until) if until > tap.at).then_some(signup)
}

fn take(
    db: &Connection,
    loaded: &mut LoadedEvent,
    tap: &Tap,
    answering: Answering,
) -> Stored<Tapped> {
    let lapse = loaded.roster.next_lapse();
    let answer = loaded.roster.answer(answering, Moment { now: tap.at, next: loaded.next });
    match answer {
        Answer::WouldLosePlace(signup) => {
            return Ok(Tapped::WouldLosePlace(signup, Box::new(loaded.sheet())));
        }
        Answer::Taken { before, now, ref moved } => {
            loaded.next = Sequence(loaded.next.0.saturating_add(1));
            keep(db, loaded, tap, Change { before, now: Some(now) }, moved)?;
            moves::plan(db, loaded, lapse, tap.at)?;
        }
        Answer::Same(_) | Answer::NoSuchOption => {}
    }
    Ok(Tapped::Answered(answer, Box::new(loaded.sheet())))
}

/// Why the rules do not let the member answer so. What they had answered before stays theirs.
fn not_eligible(
    loaded: &LoadedEvent,
    tap: &Tap,
    option: OptionId,
    guests: Guests,
) -> Option<NotEligible> {
    // A place that is held for somebody is theirs to accept.
    let is_same = |signup: &Signup| {
        signup.place != Place::Passed && (signup.option, signup.guests) == (option, guests)
    };
    let has = loaded.roster.signup(tap.member);
    if tap.force || has.as_ref().is_some_and(is_same) {
        return None;
    }
    // What is offered no more is refused as such to all but those who have it.
    let has_it = has.is_some_and(|signup| signup.option == option);
    let option = loaded.event.options.get(option).filter(|option| !option.removed || has_it)?;
    loaded.event.rules.check(option, guests, &tap.roles).err()
}

pub(super) fn withdraw(db: &Connection, loaded: &mut LoadedEvent, tap: &Tap) -> Stored<Tapped> {
    let lapse = loaded.roster.next_lapse();
    let Some((before, moved)) = loaded.roster.withdraw(tap.member, tap.at) else {
        return Ok(Tapped::NothingToWithdraw(Box::new(loaded.sheet())));
    };
    keep(db, loaded, tap, Change { before: Some(before), now: None }, &moved)?;
    loaded.details.remove(&tap.member);
    moves::plan(db, loaded, lapse, tap.at)?;
    Ok(Tapped::Withdrawn { before, moved, sheet: Box::new(loaded.sheet()) })
}

/// An answer before and after a tap.
#[derive(Clone, Copy)]
struct Change {
    before: Option<Signup>,
    now: Option<Signup>,
}

/// Stores that a tap was taken: the answer, the event's new version, a line of history, and who
/// moved because of it.
fn keep(
    db: &Connection,
    loaded: &mut LoadedEvent,
    tap: &Tap,
    change: Change,
    moved: &Moved,
) -> Stored<()> {
    let Change { before, now } = change;
    let Tap { event, member, by, interaction, at, .. } = *tap;
    // What somebody else does says nothing about the member's own taps.
    let own = if tap.is_own() { interaction } else { last_tap(loaded, member) };
    loaded.last_taps.insert(member, own);
    let counted = if tap.is_own() { None } else { priority_row::of(db, event, member)? };
    match now {
        Some(signup) => {
            signup_row::put(db, &NewRow { event, member, signup, last_tap: own, at })?;
            keep_priority(db, loaded, tap)?;
        }
        None => signup_row::take_back(db, event, member, own, at)?,
    }
    moves::next_version(db, loaded, at)?;
    let version = loaded.event.version;
    match (before, now) {
        (Some(signup), _) if !tap.is_own() => {
            let details = &loaded.details.get(&member).cloned().unwrap_or_default();
            let priority_roles = counted.as_deref();
            let was = Replaced { event, version, member, signup, priority_roles, details };
            signup_before::keep(db, was)?;
        }
        // Who takes an answer back has all forgotten that was said beside it.
        (Some(_), None) => signup_before::forget(db, event, member)?,
        (Some(_) | None, _) => {}
    }
    let way = if tap.is_own() { SignupWay::Tap } else { SignupWay::Organiser };
    let (before, now) = (before.map(LoggedAnswer::from), now.map(LoggedAnswer::from));
    let interaction = Some(interaction);
    let line = LogLine { event, version, member, way, before, now, by, interaction, at };
    signup_log::record(db, &line)?;
    moves::moved(db, loaded, moved, Cause { by, at })
}

/// Keeps by which roles the member stands before others in line. Who accepts a place says nothing
/// of that, and nobody knows the roles of whom an organiser moves after second thoughts.
fn keep_priority(db: &Connection, loaded: &LoadedEvent, tap: &Tap) -> Stored<()> {
    match tap.ask {
        Ask::Pick { .. } | Ask::Guests(_) => {
            priority_row::keep(db, &loaded.event, tap.member, &tap.roles)
        }
        Ask::Move(_)
        | Ask::Swap { .. }
        | Ask::Accept(_)
        | Ask::Decline
        | Ask::Withdraw
        | Ask::PutBack(_) => Ok(()),
    }
}
