//! A story drawn from a seed: what people do and what happens to the bot, in which order and how
//! fast.

mod clocks;
mod dates;
mod deliveries;
mod places;
mod reading;
mod reminders;
mod steps;
mod zones;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use muster_sim::ids::UserId;
use muster_sim::world::Permissions;
use tokio::task::JoinSet;

use self::reading::Beside;
use self::steps::Step;
use crate::keeper::{Order, Orders};
use crate::oracle;
use crate::people::{self, Person};
use crate::random::Random;
use crate::run::Kind;
use crate::stage::Stage;

/// Long enough for everything that waits: a channel is left alone for an hour after it refused.
const HEALED_MINS: u32 = 150;

/// Until when a post must show what was changed, while nothing goes wrong; plus the wait of its
/// channel for messages older than an hour.
const SHOWN_WITHIN: Duration = Duration::from_secs(5);

/// The same for a post older than an hour.
const OLD_SHOWN_WITHIN: Duration = Duration::from_secs(15);

/// For each further one that waits in its channel.
const OLD_GAP: Duration = Duration::from_secs(7);

/// One story in so many goes on for a month.
const MONTHS_IN: u64 = 5;

/// Longer than anything is kept that is no longer of use.
const MONTH: Duration = Duration::from_hours(33 * 24);

/// Longer than the bot leaves what is due to go unseen.
const LOOKED_AGAIN: Duration = Duration::from_hours(13);

/// After one step in so many somebody has everything erased that is kept about them.
const ERASURES_IN: u64 = 100;

/// After one step in so many somebody chooses when they are left in peace, and wants direct
/// messages.
const RESTS_IN: u64 = 12;

/// After one step in so many a member replies to the offer of a place.
const REPLIES_IN: u64 = 6;

/// After one step in so many an organiser edits the answers of a series.
const SERIES_ANSWERS_IN: u64 = 25;

/// A story while it is told.
pub(crate) struct Story {
    stage: Arc<Stage>,
    random: Random,
    orders: Orders,
    acts: JoinSet<()>,
    acted: u64,
}

impl Story {
    pub(crate) fn new(stage: &Arc<Stage>, orders: Orders) -> Self {
        let random = stage.random("story");
        Self { stage: Arc::clone(stage), random, orders, acts: JoinSet::new(), acted: 0 }
    }

    /// Tells it: a calm beginning, a stormy middle, healing, and a calm end in which promises about
    /// time hold.
    pub(crate) async fn tell(&mut self) {
        self.begin().await;
        self.stage.faults.begin();
        match self.stage.kind {
            Kind::Whole => self.of_everything().await,
            Kind::Deliveries => self.of_deliveries().await,
            Kind::Clocks => self.of_clocks().await,
            Kind::Zones => self.of_zones().await,
            Kind::Places => self.of_places().await,
            Kind::Reminders => self.of_reminders().await,
            Kind::Dates => self.of_dates().await,
        }
        self.heal().await;
        if self.stage.kind == Kind::Whole {
            self.calm_end().await;
        }
        oracle::judge(&self.stage);
        let is_sound = self.stage.ledger.lock().violations.is_empty();
        let goes_on = self.stage.kind == Kind::Whole && self.random.below(MONTHS_IN) == 0;
        if goes_on && is_sound {
            self.a_month_later().await;
        }
    }

    async fn of_everything(&mut self) {
        let steps = 15 + self.random.below(60);
        // Drawn apart, so that all else stays what it was without erasures.
        let mut erasures = self.stage.random("erasures");
        let mut rests = self.stage.random("rests");
        let mut replies = self.stage.random("replies");
        let mut series_answers = self.stage.random("answers of series");
        let mut beside = Beside::of(self);
        for step in 0..steps {
            self.somebody_reads(step, &mut beside);
            self.somebody_makes(step, &mut beside);
            if rests.below(RESTS_IN) == 0
                && let Some(who) = rests.pick(&self.stage.cast.members).copied()
            {
                let random = self.stage.random(&format!("rest {step}"));
                self.acts.spawn(Person::new(&self.stage, who, random).rests());
            }
            if erasures.below(ERASURES_IN) == 0
                && let Some(who) = erasures.pick(&self.stage.cast.members).copied()
            {
                let random = self.stage.random(&format!("erasure {step}"));
                self.acts.spawn(Person::new(&self.stage, who, random).erases());
            }
            if replies.below(REPLIES_IN) == 0
                && let Some(who) = replies.pick(&self.stage.cast.members).copied()
            {
                let random = self.stage.random(&format!("reply {step}"));
                self.acts.spawn(Person::new(&self.stage, who, random).replies_to_an_offer());
            }
            if series_answers.below(SERIES_ANSWERS_IN) == 0 {
                let random = self.stage.random(&format!("answers of series {step}"));
                let who = Person::new(&self.stage, self.stage.cast.organiser, random);
                self.acts.spawn(who.edits_answers_of_a_series());
            }
            let step = self.draw();
            self.stage.trace.note("story", format_args!("{step:?}"));
            self.take(step).await;
            let wait = self.short_wait();
            pause(wait).await;
        }
    }

    /// Nobody does anything for a month, or the guild goes without the bot; what is kept no longer
    /// is let go, whatever goes wrong meanwhile.
    async fn a_month_later(&mut self) {
        let end = oracle::End::of(&self.stage);
        let leaves = self.random.below(2) == 0;
        if leaves {
            people::remove_the_bot(&self.stage);
        }
        self.stage.trace.note("story", format_args!("a month passes"));
        self.stage.faults.begin();
        pause(MONTH).await;
        self.stage.faults.heal();
        pause(LOOKED_AGAIN).await;
        oracle::judge_purge(&self.stage, &end, leaves);
    }

    async fn begin(&mut self) {
        // Until the bot is there and has told what commands it has.
        pause(Duration::from_secs(5)).await;
        match self.stage.kind {
            Kind::Whole | Kind::Deliveries | Kind::Clocks => {}
            Kind::Zones | Kind::Dates => return,
            Kind::Places => return self.begin_places().await,
            Kind::Reminders => return self.begin_reminders().await,
        }
        let is_soon = self.stage.kind != Kind::Whole;
        if is_soon {
            self.organiser_acts(Person::creates_soon);
            pause(Duration::from_secs(4)).await;
        }
        for _ in 0..=self.random.below(3) {
            self.organiser_acts(Person::creates);
            pause(Duration::from_secs(4)).await;
        }
        if people::posts(&self.stage).is_empty() {
            self.stage.ledger.violation("setup", "no event was posted");
        }
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Taps => self.member_acts(Person::taps),
            Step::BurstOfTaps => {
                for _ in 0..2 + self.random.below(10) {
                    self.member_acts(Person::taps);
                    let gap = self.random.between(Duration::ZERO, Duration::from_millis(40));
                    pause(gap).await;
                }
            }
            Step::Withdraws => self.member_acts(Person::withdraws),
            Step::BringsGuests => self.member_acts(Person::brings_guests),
            Step::Notes => self.member_acts(Person::notes),
            Step::Creates => self.organiser_acts(Person::creates_in_their_own_time),
            Step::CreatesInVagueWords => self.organiser_acts(Person::creates_in_vague_words),
            Step::CreatesByMistake => self.organiser_acts(Person::creates_by_mistake),
            Step::MovesHouse => self.member_acts(Person::moves_house),
            Step::SetsUp => self.organiser_acts(Person::sets_up),
            Step::Edits => self.organiser_acts(Person::edits),
            Step::EditsAnswers => self.organiser_acts(Person::edits_answers),
            Step::EditsRules => self.organiser_acts(Person::edits_rules),
            Step::AnswersFor => self.organiser_acts(Person::answers_for),
            Step::SeatsMembers => self.organiser_acts(Person::seats_members),
            Step::Turns => self.organiser_acts(Person::turns),
            Step::Mends => self.organiser_acts(Person::mends),
            Step::Tells => self.organiser_acts(Person::tells),
            Step::Reminds => self.organiser_acts(Person::reminds),
            Step::PlansSeries => self.organiser_acts(Person::plans_a_series),
            Step::PlansSoon => self.organiser_acts(Person::plans_soon),
            Step::PlansDay => self.organiser_acts(Person::plans_a_day),
            Step::ChangesSeries => self.organiser_acts(Person::changes_a_series),
            Step::ChangesFollowing => self.organiser_acts(Person::changes_all_that_follow),
            Step::ChangesWeek => self.organiser_acts(Person::changes_the_week),
            Step::Asks => self.member_acts(Person::asks),
            Step::DeletesPost => people::deletes_a_post(&self.stage, &mut self.random),
            Step::Forbids => self.forbids(),
            Step::Permits => people::forbids(&self.stage, None),
            Step::RemovesBot => self.removes_the_bot(),
            Step::ResetsToken => people::resets_the_token(&self.stage, &mut self.random),
            Step::CutsGateway => self.stage.inside.faults().gateway().cut(),
            Step::Restarts => self.order(Order::Restart),
            Step::Kills => self.order(Order::Kill),
            Step::SetsClock => self.sets_clock(),
            Step::WaitsLong => {
                let long = self.random.between(Duration::from_mins(1), Duration::from_mins(200));
                pause(long).await;
            }
        }
    }

    fn forbids(&mut self) {
        let all = [
            Permissions::SEND_MESSAGES,
            Permissions::VIEW_CHANNEL,
            Permissions::READ_MESSAGE_HISTORY,
            Permissions::EMBED_LINKS,
        ];
        let what = self.random.pick(&all).copied();
        people::forbids(&self.stage, what);
    }

    fn removes_the_bot(&mut self) {
        let random = self.act_random();
        self.acts.spawn(people::removes_the_bot(Arc::clone(&self.stage), random));
    }

    /// The clock of the bot's machine is set, by less than the bot allows for.
    fn sets_clock(&mut self) {
        let ms = i64::try_from(self.random.below(120_000)).unwrap_or_default() - 60_000;
        self.stage.set_clock(SignedDuration::from_millis(ms));
    }

    fn order(&self, order: Order) {
        self.orders.send_modify(|(count, known)| {
            *count += 1;
            *known = order;
        });
    }

    fn member_acts<F>(&mut self, act: impl FnOnce(Person) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let members = self.stage.cast.members.clone();
        let who = self.random.pick(&members).copied();
        self.acts(who, act);
    }

    fn organiser_acts<F>(&mut self, act: impl FnOnce(Person) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let who = [self.stage.cast.owner, self.stage.cast.organiser];
        let who = self.random.pick(&who).copied();
        self.acts(who, act);
    }

    fn acts<F>(&mut self, who: Option<UserId>, act: impl FnOnce(Person) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Some(who) = who else { return };
        let random = self.act_random();
        self.acts.spawn(act(Person::new(&self.stage, who, random)));
    }

    /// Each act has randomness of its own.
    fn act_random(&mut self) -> Random {
        self.acted += 1;
        self.stage.random(&format!("act {}", self.acted))
    }

    fn short_wait(&mut self) -> Duration {
        let most_ms = *self.random.pick(&[30, 300, 2_000, 12_000]).unwrap_or(&30);
        self.random.between(Duration::ZERO, Duration::from_millis(most_ms))
    }

    /// Everything works again; then nothing happens until nothing is left to do.
    async fn heal(&mut self) {
        self.stage.trace.note("story", format_args!("heals"));
        people::forbids(&self.stage, None);
        if self.stage.kind == Kind::Places {
            self.permits_everywhere();
        }
        self.stage.faults.heal();
        self.stage.set_clock(SignedDuration::ZERO);
        while self.acts.join_next().await.is_some() {}
        // It may be started again after a day.
        while self.stage.ledger.is_away() {
            pause(Duration::from_mins(1)).await;
        }
        // What went wrong once need not go on for hours.
        for _ in 0..HEALED_MINS {
            pause(Duration::from_mins(1)).await;
            if !self.stage.ledger.lock().violations.is_empty() {
                return;
            }
        }
    }

    /// While nothing goes wrong, posts show what was changed within the promised time.
    async fn calm_end(&mut self) {
        for _ in 0..3 {
            for _ in 0..=self.random.below(4) {
                match self.random.below(3) {
                    0 => self.organiser_acts(Person::edits),
                    _ => self.member_acts(Person::taps),
                }
                let wait = self.short_wait();
                pause(wait).await;
            }
            while self.acts.join_next().await.is_some() {}
            let posts = u32::try_from(people::posts(&self.stage).len()).unwrap_or(u32::MAX);
            let within = SHOWN_WITHIN.max(OLD_SHOWN_WITHIN) + OLD_GAP * posts;
            pause(within).await;
            // What changes by itself meanwhile has as long from then.
            if let Some(why) = oracle::first_untrue_post(&self.stage, within) {
                self.stage.ledger.violation("I5", format!("not in time: {why}"));
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "people are no part of the bot's world")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
