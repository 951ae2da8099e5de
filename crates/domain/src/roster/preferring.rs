//! Who stands before others in line, decided anew for all who have answered.

use super::{Roster, Signup};
use crate::id::UserId;

impl Roster {
    /// Has members stand before others in line, or no more: `first` says of each, who did so far or
    /// did not, whether they do. Who has a place keeps it, and as no party needs more or less room
    /// than before, nobody moves up. Returns of whom something else is true now.
    pub fn prefer(&mut self, first: impl Fn(UserId, bool) -> bool) -> Vec<(UserId, bool)> {
        let now = |(member, signup): (UserId, Signup)| {
            let priority = first(member, signup.priority);
            (priority != signup.priority).then_some((member, priority))
        };
        let changed: Vec<_> = self.iter().filter_map(now).collect();
        for (member, priority) in &changed {
            if let Some(signup) = self.remove(*member) {
                self.insert(*member, Signup { priority: *priority, ..signup });
            }
        }
        changed
    }
}
