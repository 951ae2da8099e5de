//! A story about where events are: in channels, with threads of their own, and in a forum, with the
//! process killed between what Discord accepted and what was recorded, and much written meanwhile.

use std::time::Duration;

use muster_sim::world::Permissions;

use super::reading::Beside;
use super::{Story, pause};
use crate::keeper::Order;
use crate::people::{self, Person};

/// In one story of so many much is written in a channel while the bot is away.
const FLOODS_IN: u64 = 4;

/// How often at most: Discord is simulated with the latest 5,000 messages of a channel.
const FLOODS_MAX: u32 = 2;

/// For how many seconds people wait for a bot that is away.
const PATIENT_S: u32 = 100;

/// What may be forbidden.
const RIGHTS: [Permissions; 5] = [
    Permissions::SEND_MESSAGES,
    Permissions::VIEW_CHANNEL,
    Permissions::READ_MESSAGE_HISTORY,
    Permissions::EMBED_LINKS,
    Permissions::CREATE_PUBLIC_THREADS,
];

impl Story {
    /// Mostly events get threads; there are some before anything goes wrong.
    pub(super) async fn begin_places(&mut self) {
        if self.random.below(4) > 0 {
            self.acts(Some(self.stage.cast.owner), Person::wants_threads);
            pause(Duration::from_secs(4)).await;
        }
        for _ in 0..2 {
            self.organiser_acts(Person::creates_somewhere);
            pause(Duration::from_secs(4)).await;
        }
        self.organiser_acts(Person::plans_somewhere);
        pause(Duration::from_secs(4)).await;
        if people::posts(&self.stage).is_empty() {
            self.stage.ledger.violation("setup", "no event was posted");
        }
    }

    /// Tells it up to the healing.
    pub(super) async fn of_places(&mut self) {
        let is_busy = self.stage.random("history").below(FLOODS_IN) == 0;
        let mut floods = if is_busy { FLOODS_MAX } else { 0 };
        let steps = 10 + self.random.below(14);
        let mut beside = Beside::of(self);
        for step in 0..steps {
            self.somebody_reads(step, &mut beside);
            match self.random.below(30) {
                0..4 => self.member_acts(Person::taps),
                4 => self.organiser_acts(Person::creates_somewhere),
                5..12 => self.creates_hastily().await,
                12 => self.organiser_acts(Person::plans_somewhere),
                13 => self.organiser_acts(Person::edits),
                14 => self.organiser_acts(Person::turns),
                15 | 16 => self.organiser_acts(Person::mends),
                17 => self.organiser_acts(Person::moves_a_post),
                18 => self.organiser_acts(Person::tells),
                19 => people::deletes_a_post(&self.stage, &mut self.random),
                20 => people::deletes_a_thread(&self.stage, &mut self.random),
                21 => self.forbids_somewhere(),
                22 => self.permits_everywhere(),
                23 => self.removes_the_bot(),
                24..27 => self.kills_amid_a_post(&mut floods).await,
                27 => self.order(Order::Kill),
                _ => {
                    let most = *self.random.pick(&[1, 6, 20]).unwrap_or(&1);
                    let long = self.random.between(Duration::ZERO, Duration::from_mins(most));
                    pause(long).await;
                }
            }
            let wait = self.short_wait();
            pause(wait).await;
        }
    }

    /// An event is created, and changed the moment its post is there: perhaps before the bot knows
    /// that it is.
    async fn creates_hastily(&mut self) {
        self.waits_for_the_bot().await;
        let title = format!("Hasty {}", self.random.below(1_000_000));
        let place = people::somewhere(&self.stage, &mut self.random);
        let named = title.clone();
        self.organiser_acts(move |person| person.creates_named(named, place));
        self.organiser_acts(move |person| person.edits_once_posted(title));
    }

    /// Whoever sees that the bot is away waits a while.
    async fn waits_for_the_bot(&self) {
        for _ in 0..PATIENT_S {
            if !self.stage.ledger.is_away() {
                return;
            }
            pause(Duration::from_secs(1)).await;
        }
    }

    /// The bot is killed while it posts an event; in some stories much is written in its channel
    /// until it is back.
    async fn kills_amid_a_post(&mut self, floods: &mut u32) {
        self.waits_for_the_bot().await;
        let title = format!("Late {}", self.random.below(1_000_000));
        let place = people::somewhere(&self.stage, &mut self.random);
        self.organiser_acts(move |person| person.creates_named(title, place));
        let wait = self.random.between(Duration::from_millis(5), Duration::from_millis(200));
        pause(wait).await;
        self.order(Order::Kill);
        pause(Duration::from_millis(90)).await;
        let is_text = place != self.stage.cast.forum;
        if *floods > 0 && is_text && self.stage.ledger.is_away() {
            *floods -= 1;
            people::floods(&self.stage, place);
        }
    }

    /// Somebody takes a permission from the bot in a channel or the forum.
    fn forbids_somewhere(&mut self) {
        let what = self.random.pick(&RIGHTS).copied();
        let place = people::somewhere(&self.stage, &mut self.random);
        people::forbids_in(&self.stage, place, what);
    }

    /// The bot may do everywhere again what it could.
    pub(super) fn permits_everywhere(&self) {
        let channels = self.stage.cast.channels.iter().copied();
        for channel in channels.chain([self.stage.cast.forum]) {
            people::forbids_in(&self.stage, channel, None);
        }
    }
}
