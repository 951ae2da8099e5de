//! Answers as they were before, put back by who had changed them.

use jiff::Timestamp;

use super::{Moved, Place, Roster, Signup};
use crate::id::UserId;

impl Roster {
    /// Puts the answers of members back as they were, together, each with its rank, its guests and
    /// its place. Where a place was given away meanwhile, those who came last go back to the line,
    /// as with any other lack of room; whose place was held is in line again. Returns the answers
    /// until then, in the same order, and who else moved.
    pub fn put_back(
        &mut self,
        earlier: &[(UserId, Signup)],
        now: Timestamp,
    ) -> (Vec<Option<Signup>>, Moved) {
        let present = earlier.iter().map(|(member, _)| self.remove(*member)).collect();
        for (member, earlier) in earlier {
            let place = match earlier.place {
                _ if !self.seating.is_coming(earlier.option) => Place::Seated,
                Place::Offered(_) => Place::Waiting,
                place @ (Place::Seated | Place::Waiting | Place::Passed) => place,
            };
            self.insert(*member, Signup { place, ..*earlier });
        }
        let mut moved = Moved { unseated: self.make_room(), ..Moved::default() };
        self.fill(now, &mut moved);
        for moved in [&mut moved.unseated, &mut moved.promoted, &mut moved.offered] {
            moved.retain(|other| earlier.iter().all(|(member, _)| member != other));
        }
        (present, moved)
    }
}
