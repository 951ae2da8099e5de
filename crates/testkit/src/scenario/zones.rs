//! A story around the change of a zone's clocks: events and reminders at times of day that there
//! are not, or that there are twice, planned one by one or by a rule.

use std::time::Duration;

use jiff::SignedDuration;

use super::{Story, pause};
use crate::keeper::Order;
use crate::people::Person;

impl Story {
    /// Tells it up to the healing.
    pub(super) async fn of_zones(&mut self) {
        let Some(season) = self.stage.season.clone() else { return };
        let reminder = format!("at {}", season.wanted.strftime("%H:%M"));
        self.organiser_acts(|person| person.reminds_at(reminder));
        pause(Duration::from_secs(4)).await;
        let later = SignedDuration::from_hours(4);
        let starts = [Some(season.wanted), season.wanted.checked_add(later).ok()];
        for (number, start) in (0..).zip(starts.into_iter().flatten()) {
            self.organiser_acts(|person| person.creates_at(number, start));
            pause(Duration::from_secs(4)).await;
        }
        let (around, day) = (season.wanted, season.wanted);
        self.organiser_acts(|person| person.plans_at(around));
        pause(Duration::from_secs(4)).await;
        self.organiser_acts(|person| person.plans_the_day_at(day));
        pause(Duration::from_secs(4)).await;
        for _ in 0..6 {
            self.member_acts(Person::taps);
            pause(Duration::from_secs(2)).await;
        }
        let begun = self.stage.epoch.begin();
        let left = season.change.duration_since(begun) + SignedDuration::from_hours(9);
        let share = Duration::try_from(left).unwrap_or_default() / 10;
        for _ in 0..10 {
            let wait = self.random.between(Duration::ZERO, share * 2);
            pause(wait).await;
            match self.random.below(3) {
                0 => self.order(Order::Kill),
                1 => self.order(Order::Restart),
                _ => {}
            }
        }
    }
}
