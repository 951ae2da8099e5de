//! An answer as it was before, put back by who had changed it.

use jiff::Timestamp;

use super::{Moved, Place, Roster, Signup};
use crate::id::UserId;

impl Roster {
    /// Puts a member's answer back as it was, with its rank, its guests and its place. Where that
    /// place was given away meanwhile, those who came last go back to the line, as with any other
    /// lack of room; whose place was held is in line again. Returns the answer until then, the one
    /// now, and who else moved.
    pub fn put_back(
        &mut self,
        member: UserId,
        earlier: Signup,
        now: Timestamp,
    ) -> (Option<Signup>, Signup, Moved) {
        let present = self.remove(member);
        let place = match earlier.place {
            _ if !self.seating.is_coming(earlier.option) => Place::Seated,
            Place::Offered(_) => Place::Waiting,
            place @ (Place::Seated | Place::Waiting | Place::Passed) => place,
        };
        self.insert(member, Signup { place, ..earlier });
        let mut moved = Moved { unseated: self.make_room(), ..Moved::default() };
        self.fill(now, &mut moved);
        for moved in [&mut moved.unseated, &mut moved.promoted, &mut moved.offered] {
            moved.retain(|other| *other != member);
        }
        (present, self.signup(member).unwrap_or(earlier), moved)
    }
}
