//! Two members who swap answers and places in one step, so that nobody else comes in between.

use thiserror::Error;

use super::{Guests, Moment, Moved, Place, Roster, Sequence, Signup, holds_place};
use crate::answer_option::OptionId;
use crate::id::UserId;

/// Why two members do not swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotSwapped {
    /// One of them has no answer, or the other one no place of the kind that is wanted.
    #[error("there is no place to swap for")]
    NoPlace,
    /// With their guests there would be too many; or one would get an answer that nobody can pick.
    #[error("there is no room for that")]
    NoRoom,
}

/// Two members who have swapped: first who was to have another answer, then with whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swapped {
    /// Their answers before.
    pub before: [Signup; 2],
    /// Their answers now.
    pub now: [Signup; 2],
    /// Others who moved because of it, where the two take less room than before.
    pub moved: Moved,
}

impl Roster {
    /// Gives `member` this answer with the place that `with` has by it, or by another answer under
    /// the same heading if that has the places, and `with` what `member` had: another answer, or a
    /// place in line. Each keeps rank, guests and priority; who was not coming until now has the
    /// rank of who comes now. Nothing changes unless both fit.
    pub fn swap(
        &mut self,
        member: UserId,
        with: UserId,
        option: OptionId,
        moment: Moment,
    ) -> Result<Swapped, NotSwapped> {
        let (Some(mine), Some(theirs)) = (self.signup(member), self.signup(with)) else {
            return Err(NotSwapped::NoPlace);
        };
        let has_place = |signup: &Signup| signup.place == Place::Seated;
        let is_wanted = self.shares_places(theirs.option, option)
            && self.seating.is_coming(theirs.option)
            && has_place(&theirs);
        let same = mine.option == option && has_place(&mine);
        if member == with || !self.seating.is_coming(option) || !is_wanted || same {
            return Err(NotSwapped::NoPlace);
        }
        let is_open = |option| self.seating.option(option).is_some_and(|one| one.offered);
        if !is_open(option) || !is_open(mine.option) {
            return Err(NotSwapped::NoRoom);
        }
        // Whoever swaps a place on offer takes it.
        let left = if holds_place(mine.place) { Place::Seated } else { Place::Waiting };
        let second = Sequence(moment.next.0.saturating_add(1));
        let gets = self.in_place_of(mine, option, Place::Seated, moment.next);
        let gives = self.in_place_of(theirs, mine.option, left, second);
        self.remove(member);
        self.remove(with);
        if !self.takes((member, gets), (with, gives)) {
            self.insert(member, mine);
            self.insert(with, theirs);
            return Err(NotSwapped::NoRoom);
        }
        let mut moved = Moved::default();
        self.fill(moment.now, &mut moved);
        let now = |who, otherwise| self.signup(who).unwrap_or(otherwise);
        let now = [now(member, gets), now(with, gives)];
        Ok(Swapped { before: [mine, theirs], now, moved })
    }

    /// Whether who leaves the place of one answer leaves one of the other.
    fn shares_places(&self, one: OptionId, other: OptionId) -> bool {
        let below = self.seating.heading_of(one);
        one == other || (below.is_some() && below == self.seating.heading_of(other))
    }

    /// An answer in the place of another one's. Guests come along only where one is coming.
    fn in_place_of(&self, own: Signup, option: OptionId, place: Place, next: Sequence) -> Signup {
        let (was_coming, is_coming) =
            (self.seating.is_coming(own.option), self.seating.is_coming(option));
        let keeps_rank = was_coming && is_coming && own.place != Place::Passed;
        let since = if keeps_rank { own.since } else { next };
        let guests = if is_coming { own.guests } else { Guests::NONE };
        Signup { option, place, since, guests, ..own }
    }

    /// Seats two who hold no places now, if both fit; who is to wait has a place where one is free.
    fn takes(&mut self, first: (UserId, Signup), second: (UserId, Signup)) -> bool {
        if !self.fits(&first.1) {
            return false;
        }
        self.insert(first.0, first.1);
        let (with, gives) = second;
        let fits = !self.seating.is_coming(gives.option) || self.fits(&gives);
        if !fits && gives.place != Place::Waiting {
            self.remove(first.0);
            return false;
        }
        let place = if fits { Place::Seated } else { Place::Waiting };
        self.insert(with, Signup { place, ..gives });
        true
    }
}
