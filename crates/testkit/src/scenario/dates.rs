//! A story about dates of series that are moved in time, alone: earlier, often by days, or later.

use std::time::Duration;

use super::{Story, pause};
use crate::keeper::Order;
use crate::people::Person;

impl Story {
    /// Tells it up to the healing.
    pub(super) async fn of_dates(&mut self) {
        for _ in 0..2 {
            self.organiser_acts(Person::plans_a_series);
            pause(Duration::from_secs(4)).await;
        }
        let steps = 7 + self.random.below(6);
        for _ in 0..steps {
            match self.random.below(14) {
                0..7 => self.organiser_acts(Person::moves_a_date),
                7 => self.organiser_acts(Person::plans_a_series),
                8 => self.organiser_acts(Person::changes_a_series),
                9 | 10 => self.member_acts(Person::taps),
                11 => self.order(Order::Kill),
                12 => self.order(Order::Restart),
                _ => {}
            }
            let most = *self.random.pick(&[1, 20, 240, 900]).unwrap_or(&1);
            let wait = self.random.between(Duration::from_secs(2), Duration::from_mins(most));
            pause(wait).await;
        }
        let wait = self.random.between(Duration::ZERO, Duration::from_hours(40));
        pause(wait).await;
    }
}
