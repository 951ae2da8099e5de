//! Places on offer: for how long they are held, what ends that, and what makes an offer anew.

use jiff::{SignedDuration, Timestamp};

use super::{Moved, Place, Roster};
use crate::id::UserId;

impl Roster {
    /// Ends the offers that have lapsed by `now` and offers their places to the next.
    pub fn lapse(&mut self, now: Timestamp) -> Moved {
        let mut moved = Moved { passed: self.pass_lapsed(now), ..Moved::default() };
        self.fill(now, &mut moved);
        moved
    }

    /// Ends the offers that have lapsed by `now`; their places are free then. Returns whose.
    pub(super) fn pass_lapsed(&mut self, now: Timestamp) -> Vec<UserId> {
        let mut passed = Vec::new();
        while let Some(member) = self.hall.first_lapsed(now) {
            self.put(member, Place::Passed);
            passed.push(member);
        }
        passed
    }

    /// Has no offer last longer than until `latest`. Returns whose did.
    pub fn shorten_offers(&mut self, latest: Timestamp) -> Vec<UserId> {
        let is_longer = |member: &UserId| {
            let place = self.signup(*member).map(|signup| signup.place);
            matches!(place, Some(Place::Offered(until)) if until > latest)
        };
        let longer: Vec<_> = self.offered().filter(is_longer).collect();
        for member in &longer {
            self.put(*member, Place::Offered(latest));
        }
        longer
    }

    /// From now on, whoever comes up is offered the place for so long, or has it at once.
    pub const fn offer_for(&mut self, time: Option<SignedDuration>) {
        self.seating.offer = time;
    }

    /// The event takes place after all. Meanwhile nobody could accept a place: who was offered one
    /// is offered it anew, or has it at once where places are not offered now. Places that became
    /// free go to the line.
    pub fn resume(&mut self, now: Timestamp) -> Moved {
        let mut moved = Moved::default();
        let place = self.coming_up(now);
        for member in self.offered().collect::<Vec<_>>() {
            self.put(member, place);
            moved.came_up(member, place);
        }
        self.fill(now, &mut moved);
        moved
    }

    /// What whoever comes up now has: the place, or an offer of it.
    pub(super) fn coming_up(&self, now: Timestamp) -> Place {
        self.seating.offer.map_or(Place::Seated, |time| {
            Place::Offered(now.checked_add(time).unwrap_or(Timestamp::MAX))
        })
    }
}
