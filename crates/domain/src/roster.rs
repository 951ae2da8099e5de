//! Who answered what, who has a place and who waits: the rules of a roster.
//!
//! The rules, in words that the organiser's guide repeats:
//!
//! - An answer stands for a party: its member and the guests. A party has all its places or none.
//! - A party has a place if the event and the option both have room for it, and the option's
//!   heading, too, where it has places that all options below it share.
//! - A free place goes to the first in line whose whole party fits. Members with priority stand
//!   before the others; among equals, who answered earlier stands before who answered later.
//! - Who stands before others can change. Then the line stands in its new order, and nobody gets
//!   or loses a place by that alone.
//! - Switching between options that are coming keeps one's rank. It keeps the place, too, if the
//!   new option has room; if not, nothing happens until the member agrees to lose the place.
//! - An organiser can have two members swap their answers and places, if both fit. Each keeps their
//!   rank, and nobody else moves but into room that is left over.
//! - With an offer time, whoever comes up is offered the place and has so long to accept. The
//!   place is held meanwhile. An offer that lapses goes to the next; who let it lapse is not asked
//!   again before answering anew. While an event is called off nobody can accept: who was offered a
//!   place is offered it anew when it takes place after all.
//! - With less room than is taken, those who came last lose their places to the line, where they
//!   keep their rank. If that is undone, who lost a place by it has it again.

mod answering;
mod hall;
mod offers;
mod preferring;
mod returning;
mod seating;
mod swapping;
mod undoing;

use std::collections::HashMap;

use jiff::Timestamp;

pub use self::answering::{Answer, Answering, Moment, Moved};
pub use self::seating::{Guests, GuestsError, HeadingId, OptionSeats, Seating};
pub use self::swapping::{NotSwapped, Swapped};
pub use self::undoing::Former;
use crate::answer_option::OptionId;
use crate::id::UserId;
use hall::Hall;

/// Orders the answers of one event: a later answer has a larger number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(pub u64);

/// Whether a member who is coming has one of the limited places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Confirmed. Answers that are not coming, and events without limit, are always confirmed.
    Seated,
    /// A place is held until then, for the member to accept.
    Offered(Timestamp),
    /// In line.
    Waiting,
    /// Let an offer lapse; in line again after answering anew.
    Passed,
}

/// One member's answer to one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signup {
    /// The option picked.
    pub option: OptionId,
    /// Confirmed or waiting.
    pub place: Place,
    /// Since when in the order of the roster.
    pub since: Sequence,
    /// Who comes along.
    pub guests: Guests,
    /// Whether the member stands before others in line.
    pub priority: bool,
}

/// All signups of one event, in order.
///
/// Invariants, held after every call: nobody is in it twice; the parties that hold places fit into
/// the event, into each option and below each heading; nobody waits whose party would fit; the line
/// is in order.
#[derive(Clone, Debug)]
pub struct Roster {
    seating: Seating,
    signups: HashMap<UserId, Signup>,
    hall: Hall,
}

impl Roster {
    /// An empty roster.
    #[must_use]
    pub fn new(seating: Seating) -> Self {
        Self { seating, signups: HashMap::new(), hall: Hall::default() }
    }

    /// A roster as stored, exactly as it was left.
    #[must_use]
    pub fn from_stored(
        seating: Seating,
        signups: impl IntoIterator<Item = (UserId, Signup)>,
    ) -> Self {
        let mut roster = Self::new(seating);
        for (member, signup) in signups {
            roster.insert(member, signup);
        }
        roster
    }

    /// How much room there is, and for whom.
    #[must_use]
    pub const fn seating(&self) -> &Seating {
        &self.seating
    }

    /// A member's answer.
    #[must_use]
    pub fn signup(&self, member: UserId) -> Option<Signup> {
        self.signups.get(&member).copied()
    }

    /// The memory that it takes beside itself, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        // A table keeps one byte beside each place.
        let place = size_of::<(UserId, Signup)>().saturating_add(1);
        self.signups.capacity().saturating_mul(place).saturating_add(self.hall.bytes())
    }

    /// Members who answered, whatever the answer.
    #[must_use]
    pub fn len(&self) -> usize {
        self.signups.len()
    }

    /// Whether nobody answered yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.signups.is_empty()
    }

    /// People who are coming and have a place, guests among them.
    #[must_use]
    pub fn seated(&self) -> usize {
        self.hall.seated()
    }

    /// People with a place under this option, guests among them.
    #[must_use]
    pub fn seated_in(&self, option: OptionId) -> usize {
        self.hall.seated_in(option)
    }

    /// People for whom places under this option are held, guests among them.
    #[must_use]
    pub fn held_in(&self, option: OptionId) -> usize {
        self.hall.held_in(option)
    }

    /// All answers, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (UserId, Signup)> + '_ {
        self.signups.iter().map(|(member, signup)| (*member, *signup))
    }

    /// Members with a place under this option, in order.
    #[must_use]
    pub fn column(&self, option: OptionId) -> impl ExactSizeIterator<Item = UserId> + '_ {
        self.hall.column(option)
    }

    /// The line, in order; without those who are offered a place or let one lapse.
    #[must_use]
    pub fn waitlist(&self) -> impl ExactSizeIterator<Item = UserId> + '_ {
        self.hall.line()
    }

    /// Members who are offered a place, in the order of their answers.
    #[must_use]
    pub fn offered(&self) -> impl ExactSizeIterator<Item = UserId> + '_ {
        self.hall.offered()
    }

    /// Members who let an offer lapse, in the order of their answers.
    #[must_use]
    pub fn passed(&self) -> impl ExactSizeIterator<Item = UserId> + '_ {
        self.hall.passed()
    }

    /// People who wait, with their guests.
    #[must_use]
    pub fn people_waiting(&self) -> usize {
        self.hall.waiting()
    }

    /// People for whom places are held, with their guests.
    #[must_use]
    pub fn people_offered(&self) -> usize {
        self.hall.in_offers()
    }

    /// People who let an offer lapse, with their guests.
    #[must_use]
    pub fn people_passed(&self) -> usize {
        self.hall.people_passed()
    }

    /// When the next offer lapses, if any is open.
    #[must_use]
    pub fn next_lapse(&self) -> Option<Timestamp> {
        self.hall.next_lapse()
    }

    /// A member answers, or accepts an offer by giving the same answer again.
    pub fn answer(&mut self, answering: Answering, moment: Moment) -> Answer {
        let before = self.signup(answering.member);
        // Who has an answer that is offered no more can still do with it what others can.
        let has_it = before.is_some_and(|before| before.option == answering.option);
        let known = self.seating.option(answering.option);
        let Some(option) = known.filter(|option| option.offered || has_it) else {
            return Answer::NoSuchOption;
        };
        if let Some(same) = before.filter(|before| is_the_same(before, answering)) {
            return Answer::Same(same);
        }
        let coming = option.coming;
        let held = before.filter(|before| self.seating.is_coming(before.option));
        let since = held.filter(|held| coming && held.place != Place::Passed);
        let wanted = Signup {
            option: answering.option,
            place: Place::Waiting,
            since: since.map_or(moment.next, |held| held.since),
            guests: answering.guests,
            priority: answering.priority,
        };
        self.remove(answering.member);
        let held_place = held.filter(|held| holds_place(held.place));
        let place = match held_place {
            _ if !coming => Place::Seated,
            // Before everybody in line: the place was held already.
            Some(_) if self.fits(&wanted) => Place::Seated,
            Some(before) if !answering.may_lose_place => {
                self.insert(answering.member, before);
                return Answer::WouldLosePlace(before);
            }
            Some(_) | None => Place::Waiting,
        };
        let taken = Signup { place, ..wanted };
        self.insert(answering.member, taken);
        let mut moved = Moved::default();
        if place == Place::Waiting && self.fits(&wanted) && held_place.is_none() {
            // Nobody in line fits, or they would be seated: the newcomer takes what nobody can.
            self.put(answering.member, Place::Seated);
        }
        self.fill(moment.now, &mut moved);
        moved.promoted.retain(|member| *member != answering.member);
        moved.offered.retain(|member| *member != answering.member);
        // Places may have moved since, the member's own among them.
        let now = self.signup(answering.member).unwrap_or(taken);
        Answer::Taken { before, now, moved }
    }

    /// A member takes the answer back. Returns it and who moved because of it; `None` when there
    /// was no answer.
    pub fn withdraw(&mut self, member: UserId, now: Timestamp) -> Option<(Signup, Moved)> {
        let before = self.remove(member)?;
        let mut moved = Moved::default();
        self.fill(now, &mut moved);
        Some((before, moved))
    }

    /// Takes a member off the roster of an event that does not take place. Returns their answer.
    /// The place stays free until the event takes place after all; see [`Self::resume`].
    pub fn strike(&mut self, member: UserId) -> Option<Signup> {
        self.remove(member)
    }

    /// Changes how much room there is, and for whom. Offers that have lapsed by `now` end first.
    pub fn reseat(&mut self, seating: Seating, now: Timestamp) -> Moved {
        self.settle(seating);
        let passed = self.pass_lapsed(now);
        let mut moved = Moved { passed, unseated: self.make_room(), ..Moved::default() };
        self.fill(now, &mut moved);
        moved
    }

    /// Everybody in their places of another seating, even if they are too many.
    fn settle(&mut self, seating: Seating) {
        self.seating = seating;
        self.hall = Hall::default();
        let mut signups: Vec<_> = self.signups.drain().collect();
        signups.sort_unstable_by_key(|(_, signup)| signup.since);
        for (member, mut signup) in signups {
            if !self.seating.is_coming(signup.option) {
                signup.place = Place::Seated;
            }
            self.insert(member, signup);
        }
    }

    /// Takes places from those who came last until nothing holds too many. A smaller party that
    /// fits after a larger one had to go keeps what it had. Returns who lost their places, in the
    /// order of the line.
    fn make_room(&mut self) -> Vec<UserId> {
        let mut unseated = Vec::new();
        while let Some(member) = self.hall.last_too_many(&self.seating) {
            let Some(held) = self.signup(member) else { break };
            self.put(member, Place::Waiting);
            unseated.push((member, held));
        }
        unseated.sort_by_key(|(_, held)| (!held.priority, held.since));
        unseated.retain(|(member, held)| {
            let fits = self.fits(held);
            if fits {
                self.put(*member, held.place);
            }
            !fits
        });
        unseated.into_iter().map(|(member, _)| member).collect()
    }

    fn fits(&self, signup: &Signup) -> bool {
        self.hall.fits(&self.seating, signup.option, signup.guests)
    }

    /// Gives free places to the first in line whose parties fit.
    fn fill(&mut self, now: Timestamp, moved: &mut Moved) {
        while let Some(member) = self.hall.first_that_fits(&self.seating) {
            let place = self.coming_up(now);
            self.put(member, place);
            moved.came_up(member, place);
        }
    }

    fn put(&mut self, member: UserId, place: Place) {
        if let Some(signup) = self.remove(member) {
            self.insert(member, Signup { place, ..signup });
        }
    }

    fn insert(&mut self, member: UserId, signup: Signup) {
        self.hall.insert(&self.seating, member, &signup);
        self.signups.insert(member, signup);
    }

    fn remove(&mut self, member: UserId) -> Option<Signup> {
        let signup = self.signups.remove(&member)?;
        self.hall.remove(&self.seating, &signup);
        Some(signup)
    }
}

/// Whether an answer would change nothing. An offer is accepted, and a lapsed one asked for again,
/// by the same answer; and who is before others by now, or no more, takes that place in line.
fn is_the_same(before: &Signup, answering: Answering) -> bool {
    let settled = match before.place {
        Place::Seated => true,
        Place::Waiting => before.priority == answering.priority,
        Place::Offered(_) | Place::Passed => false,
    };
    settled && before.option == answering.option && before.guests == answering.guests
}

const fn holds_place(place: Place) -> bool {
    matches!(place, Place::Seated | Place::Offered(_))
}

#[cfg(test)]
mod tests;
