//! A world with a virtual clock, the real store and a Discord that a test scripts.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_domain::answer_option::Options;
use muster_domain::change::EventChange;
use muster_domain::event::{EventDetails, Span};
use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, MessageId, UserId};
use muster_domain::rules::EventRules;
use muster_domain::text::Title;
use muster_domain::zone::Zone;
use muster_engine::discord::DiscordError;
use muster_engine::ports::{Clock, Rng, Tasks};
use muster_engine::{App, Config, World};
use muster_store::model::{ChangeRequest, Created, DeliveryEnd, EventOrigin, NewEvent, Posted};
use muster_store::port::{Deliveries as _, Events as _, Guilds as _};
use muster_store::sqlite::SqliteStore;
use tokio::time::Instant;

use crate::fake_discord::{Asked, FakeDiscord};

pub(crate) const GUILD: GuildId = GuildId::new(2_000);
pub(crate) const HOST: UserId = UserId::new(4);
pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Time by tokio's paused clock: it jumps to the next timer as soon as nothing can run.
#[derive(Clone)]
pub(crate) struct TestEnv {
    born: Instant,
    random: Arc<AtomicU64>,
    ahead_s: Arc<AtomicI64>,
}

impl TestEnv {
    /// Sets the wall clock by so much: back, if it is less than nothing.
    pub(crate) fn set_clock(&self, by: SignedDuration) {
        self.ahead_s.fetch_add(by.as_secs(), Ordering::Relaxed);
    }
}

impl Clock for TestEnv {
    fn now(&self) -> Timestamp {
        let since = SignedDuration::try_from(self.monotonic()).unwrap();
        let ahead = SignedDuration::from_secs(self.ahead_s.load(Ordering::Relaxed));
        Timestamp::from_second(1_800_000_000).unwrap() + since + ahead
    }

    fn monotonic(&self) -> Duration {
        Instant::now().duration_since(self.born)
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    async fn sleep_until(&self, instant: Timestamp) {
        let left = self.now().duration_until(instant);
        self.sleep(Duration::try_from(left).unwrap_or_default()).await;
    }
}

impl Rng for TestEnv {
    fn next_u64(&self) -> u64 {
        self.random.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
    }
}

impl Tasks for TestEnv {
    fn spawn(&self, _: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(work);
    }
}

/// The number of a message made at this instant; `salt` tells it from others of that instant.
pub(crate) fn message_made_at(at: Timestamp, salt: u64) -> MessageId {
    MessageId::new(MessageId::earliest_at(at).get() | (salt & 0x3f_ffff))
}

/// The world.
pub(crate) struct TestWorld {
    env: TestEnv,
    store: SqliteStore,
    discord: FakeDiscord,
}

impl World for TestWorld {
    type Env = TestEnv;
    type Store = SqliteStore;
    type Discord = FakeDiscord;

    fn env(&self) -> &TestEnv {
        &self.env
    }

    fn store(&self) -> &SqliteStore {
        &self.store
    }

    fn discord(&self) -> &FakeDiscord {
        &self.discord
    }
}

/// Muster in a world, and what a test does to it.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) app: App<TestWorld>,
    interactions: Arc<AtomicU64>,
}

impl Scene {
    /// A guild, and a Discord that answers as `play` says.
    pub(crate) async fn new(
        play: impl Fn(&Asked, usize) -> (Duration, Option<DiscordError>) + Send + Sync + 'static,
    ) -> Self {
        Self::with(Config::default(), play).await
    }

    /// The same as an operator set it up.
    pub(crate) async fn with(
        config: Config,
        play: impl Fn(&Asked, usize) -> (Duration, Option<DiscordError>) + Send + Sync + 'static,
    ) -> Self {
        let env = TestEnv { born: Instant::now(), random: Arc::default(), ahead_s: Arc::default() };
        let discord = FakeDiscord::new(&env, play);
        let store = SqliteStore::open_in_memory().unwrap();
        // A guild that was heard of in passing is not greeted.
        let app = App::new(TestWorld { env, store, discord }, config);
        app.store().member_zone(HOST).await.unwrap();
        Self { app, interactions: Arc::default() }
    }

    pub(crate) fn discord(&self) -> &FakeDiscord {
        self.app.discord()
    }

    pub(crate) fn interaction(&self) -> InteractionId {
        InteractionId::new(1 + self.interactions.fetch_add(1, Ordering::Relaxed))
    }

    /// An event of tomorrow in this channel, its post due.
    pub(crate) async fn created(&self, channel: u64) -> Created {
        self.app.store().create_event(self.new_event(channel), self.app.now()).await.unwrap()
    }

    /// An event that is to be posted there.
    pub(crate) fn new_event(&self, channel: u64) -> NewEvent {
        NewEvent {
            guild: GUILD,
            channel: ChannelId::new(channel),
            host: HOST,
            details: self.details("Raid"),
            options: Options::default_four(),
            rules: EventRules::default(),
            image: None,
            mention: None,
            reminders: None,
            origin: EventOrigin::Interaction(self.interaction()),
        }
    }

    /// An event that begins then, in this zone, its post due.
    pub(crate) async fn planned(&self, channel: u64, zone: &str, start: Timestamp) -> EventId {
        let span = Span::new(start, start + SignedDuration::from_hours(2)).unwrap();
        let zone = Zone::parse(zone).unwrap();
        let new = NewEvent {
            guild: GUILD,
            channel: ChannelId::new(channel),
            host: HOST,
            details: EventDetails { span, zone, ..self.details("Raid") },
            options: Options::default_four(),
            rules: EventRules::default(),
            image: None,
            mention: None,
            reminders: None,
            origin: EventOrigin::Interaction(self.interaction()),
        };
        let created = self.app.store().create_event(new, self.app.now()).await.unwrap();
        created.sheet.event.id
    }

    fn details(&self, title: &str) -> EventDetails {
        let start = self.app.now() + SignedDuration::from_hours(24);
        EventDetails {
            title: Title::parse(title).unwrap(),
            span: Span::new(start, start + SignedDuration::from_hours(2)).unwrap(),
            zone: Zone::parse("UTC").unwrap(),
            description: None,
            location: None,
            capacity: None,
        }
    }

    /// An event whose post was made so long ago and is true.
    pub(crate) async fn posted(&self, channel: u64, ago: SignedDuration) -> EventId {
        let created = self.created(channel).await;
        let (store, now) = (self.app.store(), self.app.now());
        let claimed = store.claim(created.delivery, now, now).await.unwrap().unwrap();
        let message = message_made_at(now - ago, created.sheet.event.id.get());
        let (channel, version) = (ChannelId::new(channel), created.sheet.event.version);
        let end = DeliveryEnd::Sent { channel, message, version };
        let _ours = store.finish(&claimed, end, now).await.unwrap();
        created.sheet.event.id
    }

    /// Gives an event another title, which makes its post stale.
    pub(crate) async fn rename(&self, event: EventId, title: &str) {
        self.change(event, EventChange::Edit(self.details(title))).await;
    }

    /// An organiser changes an event.
    pub(crate) async fn change(&self, event: EventId, change: EventChange) {
        let request = ChangeRequest {
            guild: GUILD,
            event,
            by: HOST,
            change,
            seen: None,
            interaction: self.interaction(),
            at: self.app.now(),
        };
        self.app.store().change_event(request).await.unwrap();
        self.app.wake_reconciler();
    }

    /// The event as it is stored.
    pub(crate) async fn read(&self, event: EventId) -> Posted {
        self.app.store().event(GUILD, event).await.unwrap().unwrap()
    }

    /// Starts what sends of its own accord.
    pub(crate) fn delivers(&self) {
        self.app.env().spawn("scheduler", self.app.clone().run_scheduler());
    }

    /// Starts what keeps posts true, with what says whether the clock is right.
    pub(crate) fn reconciles(&self) {
        self.delivers();
        self.reconciles_alone();
    }

    /// Starts what keeps posts true.
    pub(crate) fn reconciles_alone(&self) {
        self.app.env().spawn("reconciler", self.app.clone().run_reconciler());
    }

    /// Starts what opens threads and cleans up.
    pub(crate) fn does_chores(&self) {
        self.app.env().spawn("chores", self.app.clone().run_chores());
    }

    /// Starts what deletes what is kept no longer.
    pub(crate) fn keeps_house(&self) {
        self.app.env().spawn("upkeep", self.app.clone().run_upkeep());
    }

    /// Lets so many seconds pass.
    pub(crate) async fn passes(&self, seconds: u64) {
        self.app.env().sleep(SECOND * u32::try_from(seconds).unwrap()).await;
    }
}
