//! A short story in which much is due and the process is killed around it, again and again: between
//! what Discord accepted and what was recorded, to be started after moments or after a day.

use std::time::Duration;

use super::{Story, pause};
use crate::keeper::Order;
use crate::people::{self, Afterwards, Person};

impl Story {
    /// Tells it up to the healing.
    pub(super) async fn of_deliveries(&mut self) {
        let steps = 8 + self.random.below(12);
        for _ in 0..steps {
            match self.random.below(18) {
                0..3 => self.member_acts(Person::taps),
                3 => self.organiser_acts(Person::creates_soon),
                4 => self.organiser_acts(Person::tells),
                5 => self.organiser_acts(Person::edits),
                6 => self.organiser_acts(Person::turns),
                7 => people::deletes_a_post(&self.stage, &mut self.random),
                8 | 9 => self.order(Order::Kill),
                10 | 11 => self.organiser_acts(Person::plans_soon),
                12 => self.organiser_acts(Person::changes_a_series),
                13 => match self.random.below(2) {
                    0 => self.organiser_acts(Person::plans_a_day),
                    _ => self.organiser_acts(Person::changes_the_week),
                },
                14 => match self.random.below(3) {
                    0 => self.forbids(),
                    1 => people::forbids(&self.stage, None),
                    _ => self.removes_the_bot(),
                },
                _ => {
                    let most = *self.random.pick(&[1, 6, 20]).unwrap_or(&1);
                    let long = self.random.between(Duration::ZERO, Duration::from_mins(most));
                    pause(long).await;
                }
            }
            let wait = self.short_wait();
            pause(wait).await;
        }
        if self.random.below(2) == 0 {
            self.a_day_later().await;
        }
    }

    /// What was planned for the next day is posted at the last moment, and the bot killed around
    /// that: it is posted in time, too late, or not at all.
    async fn a_day_later(&mut self) {
        let first = usize::try_from(self.random.below(3)).unwrap_or_default();
        let afterwards = Afterwards::ALL.into_iter().cycle().skip(first);
        for (minutes, afterwards) in [8, 12, 16].into_iter().zip(afterwards) {
            let minutes = A_DAY + minutes;
            self.organiser_acts(move |person| person.plans_at_the_last_moment(minutes, afterwards));
            pause(Duration::from_secs(4)).await;
        }
        pause(Duration::from_mins(u64::from(A_DAY))).await;
        for _ in 0..2 {
            let wait = self.random.between(Duration::ZERO, Duration::from_mins(8));
            pause(wait).await;
            self.order(Order::Kill);
        }
        pause(Duration::from_mins(30)).await;
    }
}

/// Minutes of a day.
const A_DAY: u32 = 24 * 60;
