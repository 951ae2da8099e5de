//! One member's answer, given by themselves or by an organiser: what the roster decides becomes
//! rows, in the same commit.

use muster_domain::answer_option::OptionId;
use muster_domain::event::Phase;
use muster_domain::id::{InteractionId, UserId};
use muster_domain::roster::{Answer, Answering, Guests, Moment, Moved, Place, Sequence, Signup};
use muster_domain::rules::NotEligible;
use rusqlite::Connection;

use super::signup_log::{self, LogLine};
use super::{moves, priority_row, put_back, signup_before, signup_row, swap};
use crate::model::{Ask, LoggedAnswer, SignupWay, Tap, TapAnswer, Tapped};
use crate::port::Stored;
use crate::sqlite::columns::whole_ms;
use crate::sqlite::rosters::Held;
use crate::sqlite::writer::Tx;

/// Takes a member's answer, or takes it back.
pub(in crate::sqlite) fn tap(tx: &mut Tx<'_>, mut tap: Tap) -> Stored<TapAnswer> {
    tap.at = whole_ms(tap.at);
    let db = tx.db;
    let opened = tx.rosters.open(db, tap.event)?;
    let Some(held) = opened.filter(|held| held.event.guild == tap.guild) else {
        return Ok(TapAnswer { tapped: Tapped::NoSuchEvent, post: None });
    };
    Ok(TapAnswer { tapped: decide(db, held, &tap)?, post: held.message })
}

fn decide(db: &Connection, held: &mut Held, tap: &Tap) -> Stored<Tapped> {
    match held.event.phase(tap.at) {
        Phase::Open => {}
        Phase::Closed | Phase::Running if tap.force => {}
        Phase::Closed if leaves_room(held, tap) => {}
        Phase::Deleted => return Ok(Tapped::NoSuchEvent),
        phase @ (Phase::Closed | Phase::Running | Phase::Over | Phase::Cancelled) => {
            return Ok(Tapped::Closed(phase, Box::new(held.sheet())));
        }
    }
    if is_repeated(db, held, tap)? {
        return Ok(Tapped::Repeated(Box::new(held.sheet())));
    }
    held.roster.offer_for(held.event.offer_at(tap.at));
    match tap.ask {
        Ask::Pick { option, may_lose_place } => {
            let guests = guests_along(held, tap, option);
            answer(db, held, tap, (option, guests, may_lose_place))
        }
        Ask::Guests(guests) => match coming(held, tap) {
            Some(signup) => answer(db, held, tap, (signup.option, guests, false)),
            None => Ok(Tapped::NoAnswerYet(Box::new(held.sheet()))),
        },
        Ask::Move(option) => move_to(db, held, tap, option),
        Ask::Swap { with, option } => swap::swap(db, held, tap, (with, option)),
        Ask::Accept(option) => accept(db, held, tap, option),
        Ask::Decline if place_held(held, tap).is_some() => withdraw(db, held, tap),
        Ask::Decline => Ok(Tapped::NotHeld(Box::new(held.sheet()))),
        Ask::Withdraw => withdraw(db, held, tap),
        Ask::PutBack(version) => put_back::put_back(db, held, tap, version),
    }
}

/// Whether less room is asked for than the answer takes, which helps others and hurts nobody.
fn leaves_room(held: &Held, tap: &Tap) -> bool {
    match tap.ask {
        Ask::Withdraw => held.event.takes_withdrawals(tap.at),
        Ask::Guests(guests) => coming(held, tap).is_some_and(|signup| guests < signup.guests),
        Ask::Pick { .. }
        | Ask::Move(_)
        | Ask::Swap { .. }
        | Ask::Accept(_)
        | Ask::Decline
        | Ask::PutBack(_) => false,
    }
}

/// A member's own taps count in their order; what somebody else does counts once.
fn is_repeated(db: &Connection, held: &Held, tap: &Tap) -> Stored<bool> {
    if tap.is_own() {
        return Ok(tap.interaction <= last_tap(held, tap.member));
    }
    signup_log::is_done(db, tap.event, tap.member, tap.interaction)
}

/// The latest tap of the member's own; 0, which no interaction has, if there was none.
pub(super) fn last_tap(held: &Held, member: UserId) -> InteractionId {
    held.last_taps.get(&member).copied().unwrap_or(InteractionId::new(0))
}

/// The member's answer, if by it they are coming.
fn coming(held: &Held, tap: &Tap) -> Option<Signup> {
    let signup = held.roster.signup(tap.member)?;
    held.roster.seating().is_coming(signup.option).then_some(signup)
}

/// Guests come along from one way of coming to another, as many as may.
fn guests_along(held: &Held, tap: &Tap, option: OptionId) -> Guests {
    if !held.roster.seating().is_coming(option) {
        return Guests::NONE;
    }
    let Some(signup) = coming(held, tap) else { return Guests::NONE };
    if signup.option == option || tap.force {
        signup.guests
    } else {
        signup.guests.min(held.event.rules.guests_max)
    }
}

fn answer(
    db: &Connection,
    held: &mut Held,
    tap: &Tap,
    (option, guests, may_lose_place): (OptionId, Guests, bool),
) -> Stored<Tapped> {
    if let Some(not_eligible) = not_eligible(held, tap, option, guests) {
        return Ok(Tapped::NotEligible(not_eligible, Box::new(held.sheet())));
    }
    let seating = held.roster.seating();
    if !seating.could_seat(option, guests) {
        // They would wait for ever.
        let most = seating.most_in(option);
        return Ok(Tapped::NeverRoom(option, most, Box::new(held.sheet())));
    }
    let priority = held.event.rules.has_priority(&tap.roles);
    let answering = Answering { member: tap.member, option, guests, priority, may_lose_place };
    take(db, held, tap, answering)
}

/// Moves the member to another answer, whatever place that costs.
fn move_to(db: &Connection, held: &mut Held, tap: &Tap, option: OptionId) -> Stored<Tapped> {
    let guests = guests_along(held, tap, option);
    let priority = held.roster.signup(tap.member).is_some_and(|signup| signup.priority);
    let may_lose_place = true;
    let answering = Answering { member: tap.member, option, guests, priority, may_lose_place };
    take(db, held, tap, answering)
}

/// Takes the place that is held for the member. That it is theirs was decided when they answered:
/// their roles, which nobody knows in a direct message, are not asked for again.
fn accept(db: &Connection, held: &mut Held, tap: &Tap, wanted: Option<OptionId>) -> Stored<Tapped> {
    let signup = place_held(held, tap);
    let wanted = |signup: &Signup| wanted.is_none_or(|option| option == signup.option);
    let Some(Signup { option, guests, priority, .. }) = signup.filter(wanted) else {
        return Ok(Tapped::NotHeld(Box::new(held.sheet())));
    };
    let may_lose_place = false;
    let answering = Answering { member: tap.member, option, guests, priority, may_lose_place };
    take(db, held, tap, answering)
}

/// The member's answer, if a place is held for it now.
fn place_held(held: &Held, tap: &Tap) -> Option<Signup> {
    let signup = held.roster.signup(tap.member)?;
    matches!(signup.place, Place::Offered(until) if until > tap.at).then_some(signup)
}

fn take(db: &Connection, held: &mut Held, tap: &Tap, answering: Answering) -> Stored<Tapped> {
    let lapse = held.roster.next_lapse();
    let answer = held.roster.answer(answering, Moment { now: tap.at, next: held.next });
    match answer {
        Answer::WouldLosePlace(signup) => {
            return Ok(Tapped::WouldLosePlace(signup, Box::new(held.sheet())));
        }
        Answer::Taken { before, now, ref moved } => {
            held.next = Sequence(held.next.0.saturating_add(1));
            keep(db, held, tap, (before, Some(now)), moved)?;
            moves::plan(db, held, lapse, tap.at)?;
        }
        Answer::Same(_) | Answer::NoSuchOption => {}
    }
    Ok(Tapped::Answered(answer, Box::new(held.sheet())))
}

/// Why the rules do not let the member answer so. What they had answered before stays theirs.
fn not_eligible(held: &Held, tap: &Tap, option: OptionId, guests: Guests) -> Option<NotEligible> {
    // A place that is held for somebody is theirs to accept.
    let is_same = |signup: &Signup| {
        signup.place != Place::Passed && (signup.option, signup.guests) == (option, guests)
    };
    let has = held.roster.signup(tap.member);
    if tap.force || has.as_ref().is_some_and(is_same) {
        return None;
    }
    // What is offered no more is refused as such to all but those who have it.
    let has_it = has.is_some_and(|signup| signup.option == option);
    let option = held.event.options.get(option).filter(|option| !option.removed || has_it)?;
    held.event.rules.check(option, guests, &tap.roles).err()
}

pub(super) fn withdraw(db: &Connection, held: &mut Held, tap: &Tap) -> Stored<Tapped> {
    let lapse = held.roster.next_lapse();
    let Some((before, moved)) = held.roster.withdraw(tap.member, tap.at) else {
        return Ok(Tapped::NothingToWithdraw(Box::new(held.sheet())));
    };
    keep(db, held, tap, (Some(before), None), &moved)?;
    held.details.remove(&tap.member);
    moves::plan(db, held, lapse, tap.at)?;
    Ok(Tapped::Withdrawn { before, moved, sheet: Box::new(held.sheet()) })
}

/// Stores that a tap was taken: the answer, the event's new version, a line of history, and who
/// moved because of it.
fn keep(
    db: &Connection,
    held: &mut Held,
    tap: &Tap,
    (before, now): (Option<Signup>, Option<Signup>),
    moved: &Moved,
) -> Stored<()> {
    let Tap { event, member, by, interaction, at, .. } = *tap;
    // What somebody else does says nothing about the member's own taps.
    let own = if tap.is_own() { interaction } else { last_tap(held, member) };
    held.last_taps.insert(member, own);
    let counted = if tap.is_own() { None } else { priority_row::of(db, event, member)? };
    match now {
        Some(now) => {
            signup_row::put(db, event, member, now, (own, at))?;
            keep_priority(db, held, tap)?;
        }
        None => signup_row::take_back(db, event, member, (own, at))?,
    }
    moves::next_version(db, held, at)?;
    let version = held.event.version;
    match (before, now) {
        (Some(before), _) if !tap.is_own() => {
            let details = held.details.get(&member).cloned().unwrap_or_default();
            let before = (before, counted.as_deref());
            signup_before::keep(db, (event, version), member, before, &details)?;
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
    moves::moved(db, held, moved, (by, at))
}

/// Keeps by which roles the member stands before others in line. Who accepts a place says nothing
/// of that, and nobody knows the roles of whom an organiser moves after second thoughts.
fn keep_priority(db: &Connection, held: &Held, tap: &Tap) -> Stored<()> {
    match tap.ask {
        Ask::Pick { .. } | Ask::Guests(_) => {
            priority_row::keep(db, &held.event, tap.member, &tap.roles)
        }
        Ask::Move(_)
        | Ask::Swap { .. }
        | Ask::Accept(_)
        | Ask::Decline
        | Ask::Withdraw
        | Ask::PutBack(_) => Ok(()),
    }
}
