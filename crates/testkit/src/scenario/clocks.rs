//! A story about the clock of the machine: it is set by seconds or by years, slewed, stands still
//! while the machine sleeps, or begins in 1970 and is corrected later.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Story, pause};
use crate::keeper::Order;
use crate::people::Person;

/// By how many seconds the clock is set, either way.
const JUMPS_S: [i64; 12] = [
    1,
    10,
    50,
    100,
    600,
    3_600,
    5 * 3_600,
    86_400,
    30 * 86_400,
    365 * 86_400,
    5 * 365 * 86_400,
    10 * 365 * 86_400,
];

/// How long the machine sleeps.
const SLEEPS: [Duration; 4] = [
    Duration::from_secs(5),
    Duration::from_mins(3),
    Duration::from_mins(70),
    Duration::from_hours(8),
];

/// Steps in which a clock is slewed.
const SLEW_STEPS: u32 = 30;

impl Story {
    /// Tells it up to the healing.
    pub(super) async fn of_clocks(&mut self) {
        let steps = 12 + self.random.below(30);
        for _ in 0..steps {
            self.take_of_clocks().await;
            let wait = self.short_wait();
            pause(wait).await;
        }
    }

    async fn take_of_clocks(&mut self) {
        match self.random.below(23) {
            0..4 => self.member_acts(Person::taps),
            4 => self.member_acts(Person::withdraws),
            5 => self.organiser_acts(Person::creates),
            6 => self.organiser_acts(Person::creates_soon),
            7 => self.organiser_acts(Person::edits),
            8 => self.organiser_acts(Person::turns),
            9 => self.organiser_acts(Person::mends),
            10 | 11 => self.jumps(),
            12 | 13 => self.set_right(),
            14 => self.slews().await,
            15 => self.machine_sleeps().await,
            16 => self.begins_in_1970(),
            17 => self.order(Order::Kill),
            18 => self.organiser_acts(Person::plans_a_series),
            19 => self.organiser_acts(Person::plans_soon),
            20 => self.organiser_acts(Person::changes_a_series),
            _ => {
                let most = *self.random.pick(&[3, 20, 90, 300]).unwrap_or(&3);
                let long = self.random.between(Duration::ZERO, Duration::from_mins(most));
                pause(long).await;
            }
        }
    }

    /// The clock is set, by anything from a second to ten years.
    fn jumps(&mut self) {
        let seconds = self.random.pick(&JUMPS_S).copied().unwrap_or(1);
        let seconds = if self.random.below(2) == 0 { seconds } else { -seconds };
        self.stage.set_clock(SignedDuration::from_secs(seconds));
    }

    fn set_right(&self) {
        self.stage.set_clock(SignedDuration::ZERO);
    }

    /// The clock is moved in small steps, away from the true time or back to it.
    async fn slews(&mut self) {
        let most_s = *self.random.pick(&[5, 60, 900]).unwrap_or(&5);
        let by = i64::try_from(self.random.below(2 * most_s)).unwrap_or_default();
        let by = by - i64::try_from(most_s).unwrap_or_default();
        for step in 1..=SLEW_STEPS {
            let ms = by * 1_000 * i64::from(step) / i64::from(SLEW_STEPS);
            self.stage.set_clock(SignedDuration::from_millis(ms));
            pause(Duration::from_secs(20)).await;
        }
        if self.random.below(2) == 0 {
            self.set_right();
        }
    }

    /// The machine sleeps: its timers stand, and its clock has gone on when it wakes.
    async fn machine_sleeps(&mut self) {
        let long = *self.random.pick(&SLEEPS).unwrap_or(&Duration::ZERO);
        self.stage.trace.note("machine", format_args!("sleeps for {long:?}"));
        self.stage.ledger.asleep(true);
        self.stage.wall.sleep(long).await;
        self.stage.ledger.asleep(false);
        self.stage.trace.note("machine", format_args!("wakes"));
    }

    /// A machine without a battery starts: its clock shows 1970 until somebody tells it the time.
    fn begins_in_1970(&self) {
        self.order(Order::Kill);
        let now = self.stage.epoch.ms_at(self.stage.ledger.now());
        let true_time = Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH);
        self.stage.set_clock(Timestamp::UNIX_EPOCH.duration_since(true_time));
    }
}
