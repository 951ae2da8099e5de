//! A story about reminders: for those who come, for those who have not answered and for a role, in
//! threads, channels and direct messages, with words of their own, several at one instant.

use std::time::Duration;

use super::{Story, pause};
use crate::keeper::Order;
use crate::people::{self, Person};

/// From the first event to after the last reminder of the last one.
const LONG: Duration = Duration::from_mins(200);

/// In one of so many stories a list of reminders becomes long.
const LONG_LISTS_IN: u64 = 4;

/// Into so many parts it is divided.
const PARTS: u32 = 12;

impl Story {
    /// Some events an hour or two ahead, half the time with threads.
    pub(super) async fn begin_reminders(&mut self) {
        if self.random.below(2) == 0 {
            self.acts(Some(self.stage.cast.owner), Person::wants_threads);
            pause(Duration::from_secs(4)).await;
        }
        for _ in 0..=1 + self.random.below(2) {
            self.organiser_acts(Person::creates_ahead);
            pause(Duration::from_secs(4)).await;
        }
        if people::posts(&self.stage).is_empty() {
            self.stage.ledger.violation("setup", "no event was posted");
        }
    }

    /// Tells it up to the healing.
    pub(super) async fn of_reminders(&mut self) {
        // Drawn apart, so that all else stays what it was without long lists.
        let mut lists = self.stage.random("long lists");
        if lists.below(LONG_LISTS_IN) == 0 {
            let who = self.stage.cast.organiser;
            self.acts.spawn(Person::new(&self.stage, who, lists).reminds_at_length());
        }
        for _ in 0..2 + self.random.below(5) {
            self.organiser_acts(Person::reminds_somebody);
            for _ in 0..3 {
                self.member_acts(Person::taps);
                let wait = self.short_wait();
                pause(wait).await;
            }
            self.member_acts(Person::wants_messages);
            pause(Duration::from_secs(2)).await;
        }
        for _ in 0..PARTS {
            match self.random.below(9) {
                0 | 1 => self.member_acts(Person::taps),
                2 => self.member_acts(Person::withdraws),
                3 => self.member_acts(Person::wants_messages),
                4 => self.organiser_acts(Person::reminds_somebody),
                5 => self.order(Order::Restart),
                6 => self.order(Order::Kill),
                _ => {}
            }
            let wait = self.random.between(Duration::ZERO, 2 * LONG / PARTS);
            pause(wait).await;
        }
    }
}
