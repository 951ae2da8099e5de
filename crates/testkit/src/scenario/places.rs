//! A story about where events are: in channels, with threads of their own, and in a forum, with the
//! process killed between what Discord accepted and what was recorded, and much written meanwhile.

use std::time::Duration;

use muster_sim::world::Permissions;

use super::{Story, pause};
use crate::keeper::Order;
use crate::people::{self, Person};

/// In one story of so many much is written in a channel while the bot is away.
const FLOODS_IN: u64 = 4;

/// How often at most: Discord is simulated with the latest 5,000 messages of a channel.
const FLOODS_MAX: u32 = 2;

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
        for _ in 0..steps {
            match self.random.below(26) {
                0..4 => self.member_acts(Person::taps),
                4 | 5 => self.organiser_acts(Person::creates_somewhere),
                6..9 => self.creates_hastily(),
                9 => self.organiser_acts(Person::plans_somewhere),
                10 => self.organiser_acts(Person::edits),
                11 => self.organiser_acts(Person::turns),
                12 | 13 => self.organiser_acts(Person::mends),
                14 => self.organiser_acts(Person::moves_a_post),
                15 => self.organiser_acts(Person::tells),
                16 => people::deletes_a_post(&self.stage, &mut self.random),
                17 => people::deletes_a_thread(&self.stage, &mut self.random),
                18 | 19 => self.forbids_somewhere(),
                20 => self.removes_the_bot(),
                21 | 22 => self.kills_amid_a_post(&mut floods).await,
                23 => self.order(Order::Kill),
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
    fn creates_hastily(&mut self) {
        let title = format!("Hasty {}", self.random.below(1_000_000));
        let place = people::somewhere(&self.stage, &mut self.random);
        let named = title.clone();
        self.organiser_acts(move |person| person.creates_named(named, place));
        self.organiser_acts(move |person| person.edits_once_posted(title));
    }

    /// The bot is killed while it posts an event; in some stories much is written in its channel
    /// until it is back.
    async fn kills_amid_a_post(&mut self, floods: &mut u32) {
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

    /// Somebody takes a permission from the bot in a channel or the forum, or gives all back.
    fn forbids_somewhere(&mut self) {
        if self.random.below(2) == 0 {
            return self.permits_everywhere();
        }
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
