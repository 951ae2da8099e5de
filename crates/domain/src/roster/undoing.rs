//! Who had places before a change that is taken back has them again.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Moved, Place, Roster, Seating, Signup, holds_place};
use crate::answer_option::OptionId;
use crate::id::UserId;

/// What a member had before a change that is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Former {
    /// The change moved the member, who has not answered since, from this place.
    Moved(Place),
    /// The member has answered since, or moved because of something else: the answer until then,
    /// if there was one.
    Changed(Option<(OptionId, Place)>),
}

impl Roster {
    /// Changes how much room there is, and for whom, back to what it was before a change. Members
    /// whom the change moved are where they were. Who had no place before has one now only if it
    /// is free beside those; an offer that was open is made anew. `former` tells of all whose
    /// answers are other ones since the change. Offers that have lapsed by `now` end first.
    pub fn take_back(
        &mut self,
        seating: Seating,
        former: &HashMap<UserId, Former>,
        now: Timestamp,
    ) -> Moved {
        let (before, were_coming) = (self.signups.clone(), self.seating.clone());
        self.settle(seating);
        self.pass_lapsed(now);
        let mut newcomers = Vec::new();
        for (member, former) in former {
            let here = self.signup(*member);
            let Some(held) = here.filter(|held| self.seating.is_coming(held.option)) else {
                continue;
            };
            let place = self.restored(held.place, *former, now);
            self.put(*member, place);
            // What took no place until now is no place that could be kept.
            let has_place = holds_place(held.place) && were_coming.is_coming(held.option);
            if place == Place::Waiting && has_place {
                newcomers.push((*member, held));
            }
        }
        self.make_room();
        newcomers.sort_by_key(|(_, held)| (!held.priority, held.since));
        for (member, held) in newcomers {
            if self.fits(&held) {
                self.put(member, held.place);
            }
        }
        self.fill(now, &mut Moved::default());
        self.moved_since(&before, &were_coming)
    }

    /// Where to put a member who has `present` and had this: in line whoever had no place, to see
    /// whether there is one.
    fn restored(&self, present: Place, former: Former, now: Timestamp) -> Place {
        let had_place = |(option, place)| self.seating.is_coming(option) && holds_place(place);
        match former {
            Former::Moved(Place::Offered(_)) => self.coming_up(now),
            Former::Moved(place) => place,
            Former::Changed(was) if holds_place(present) && !was.is_some_and(had_place) => {
                Place::Waiting
            }
            Former::Changed(_) => present,
        }
    }

    /// Who has, is offered or has lost a place, compared with what was.
    fn moved_since(&self, before: &HashMap<UserId, Signup>, seating: &Seating) -> Moved {
        let mut moved = Moved::default();
        let mut signups: Vec<_> = self.iter().collect();
        signups.sort_unstable_by_key(|(_, signup)| (!signup.priority, signup.since));
        for (member, now) in signups {
            let Some(was) = before.get(&member).filter(|was| was.place != now.place) else {
                continue;
            };
            let had_place = holds_place(was.place) && seating.is_coming(was.option);
            match now.place {
                Place::Seated if self.seating.is_coming(now.option) => moved.promoted.push(member),
                Place::Offered(_) => moved.offered.push(member),
                Place::Waiting if had_place => moved.unseated.push(member),
                Place::Passed if matches!(was.place, Place::Offered(_)) => {
                    moved.passed.push(member);
                }
                Place::Seated | Place::Waiting | Place::Passed => {}
            }
        }
        moved
    }
}
