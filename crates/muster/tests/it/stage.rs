//! The stage: the simulated Discord with the demo's two clubs in it, and the whole bot on a
//! database of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use muster::{Copies, Exit, RunConfig, SystemEnv};
use muster_discord::token::Token;
use muster_domain::id::UserId as UserIdOfOurs;
use muster_domain::zone::Zone;
use muster_engine::MemberLists;
use muster_engine::tap_limit::TapRate;
use muster_scratch::Scratch;
use muster_sim::ids::{MessageId, UserId};
use muster_sim::seed::{self, Demo};
use muster_sim::world::Message;
use muster_sim::{Counts, GatewayLimits, Observer, Sim, SimClock, SimConfig, World};
use muster_vitals::settings::{AlertThresholds, Settings};
use muster_vitals::watched::Watched;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::judged::Judged;
use crate::people::Seen;
use crate::words;

/// How long a story waits for what has to come. Much, as machines may be busy: it is only used up
/// where a story fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// Friday, 12 March 2027, 18:00 UTC: 19:00 in Berlin.
pub(crate) fn friday() -> Timestamp {
    "2027-03-12T18:00:00Z".parse().unwrap()
}

/// A simulated Discord with a bot.
pub(crate) struct Stage {
    pub(crate) sim: Arc<Sim>,
    pub(crate) demo: Demo,
    pub(crate) zone: Option<Zone>,
    /// How often a member may tap; in most stories, without limit.
    pub(crate) taps: Option<TapRate>,
    /// Whether the bot may list members; in most stories, not.
    pub(crate) member_lists: MemberLists,
    /// Cache, database, memory, resources, tasks and limits.
    pub(crate) vitals: Settings,
    /// Who operates the bot beside Ada, who owns it.
    pub(crate) operators: Vec<UserId>,
    /// The dashboard; in most stories, none.
    pub(crate) web: Option<(std::net::SocketAddr, muster_web::Config)>,
    /// Who is told of alerts beside operators.
    pub(crate) alerts: muster::AlertTargets,
    /// Where the kernel tells of memory and processor.
    pub(crate) kernel: PathBuf,
    /// The folder of the database, if it is not the story's own.
    pub(crate) data: Option<PathBuf>,
    /// Copies of the database, if the bot makes any.
    pub(crate) copies: Option<Copies>,
    /// What operators see of it; in most stories, nothing.
    pub(crate) watched: Option<Arc<dyn Watched>>,
    judged: Judged,
    folder: Scratch,
    bot: Option<RunningBot>,
    /// Whether interactions may stay without an answer, as in stories in which the bot is killed.
    pub(crate) may_miss: bool,
    /// Whether Discord may refuse something, as in stories about what it no longer takes.
    pub(crate) may_refuse: bool,
    ended: bool,
}

struct RunningBot {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), Exit>>,
}

/// The usual numbers, but for how full and busy the machine under a story may be: it is not what
/// stories are about, and an alert would be one more message.
pub(crate) fn calm() -> Settings {
    let mut settings = Settings::default();
    let never = AlertThresholds { info: None, warning: 98, critical: 99, emergency: 100 };
    let resources = &mut settings.resources;
    (resources.memory, resources.cpu, resources.disk) = (never, never, never);
    settings.tasks.cpu_limit = 100;
    settings
}

impl Stage {
    /// The demo's clubs on a Friday evening, where times are read as in Berlin.
    pub(crate) async fn new() -> Self {
        Self::with_zone(Some("Europe/Berlin")).await
    }

    /// The same with another zone, or none, for those who have chosen none.
    pub(crate) async fn with_zone(zone: Option<&str>) -> Self {
        let mut stage = Self::without_bot(SimClock::standing(friday())).await;
        stage.zone = zone.map(|name| Zone::parse(name).unwrap());
        stage.starts().await;
        stage.has_greeted().await;
        stage
    }

    /// Waits until both clubs are greeted.
    pub(crate) async fn has_greeted(&self) {
        self.until("both clubs are greeted", |world| {
            let dms = world.dms_of(UserId::new(self.demo.app.get()));
            let greetings: usize = dms.map(|dm| dm.messages.len()).sum();
            (greetings == 2).then_some(())
        })
        .await;
    }

    /// The demo's clubs before the bot comes online.
    pub(crate) async fn without_bot(clock: SimClock) -> Self {
        Self::with_gateway(clock, GatewayLimits::default()).await
    }

    /// The same where the gateway asks this of bots.
    pub(crate) async fn with_gateway(clock: SimClock, gateway: GatewayLimits) -> Self {
        Self::on(SimConfig { clock, gateway, ..SimConfig::default() }).await
    }

    /// The same at a simulated Discord like this.
    pub(crate) async fn on(config: SimConfig) -> Self {
        let clock = config.clock.with_settle(Duration::from_millis(20));
        let judged = Judged::default();
        let config = SimConfig { clock, observer: judged.observer(), ..config };
        let mut demo = seed::demo(1, config.clock.now());
        let world = std::mem::replace(&mut demo.world, World::new(0, friday()));
        let sim = Arc::new(muster_sim::start(world, config).await.unwrap());
        let folder = Scratch::new().unwrap();
        Self {
            sim,
            demo,
            zone: None,
            taps: None,
            member_lists: MemberLists::Off,
            vitals: calm(),
            operators: Vec::new(),
            web: None,
            alerts: muster::AlertTargets::default(),
            kernel: PathBuf::from("/"),
            data: None,
            copies: None,
            watched: None,
            judged,
            folder,
            bot: None,
            may_miss: false,
            may_refuse: false,
            ended: false,
        }
    }

    /// What judges another simulated Discord of the same story.
    pub(crate) fn observer(&self) -> Option<Observer> {
        self.judged.observer()
    }

    /// The file of the database.
    pub(crate) fn database(&self) -> PathBuf {
        self.data.as_deref().unwrap_or(self.folder.path()).join("muster.db")
    }

    /// The folder of the database.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Starts the bot and waits until it is online.
    pub(crate) async fn starts(&mut self) {
        self.begins();
        self.is_online().await;
    }

    /// Opens the dashboard's port, if there is to be one: whichever is free, since others may have
    /// taken the one of before.
    fn opens_dashboard(&mut self) -> Option<muster::Web> {
        let (address, config) = self.web.as_mut()?;
        let listener = std::net::TcpListener::bind((address.ip(), 0)).unwrap();
        *address = listener.local_addr().unwrap();
        let listens = muster::Listens::Open(listener);
        Some(muster::Web { listens, config: config.clone() })
    }

    /// Starts the bot.
    pub(crate) fn begins(&mut self) {
        let config = RunConfig {
            token: Token::parse(seed::TOKEN).unwrap(),
            api_url: self.sim.url(),
            ca_file: None,
            database: self.database(),
            copies: self.copies.clone().unwrap_or_else(|| Copies::never(&self.database())),
            default_zone: self.zone.clone(),
            taps: self.taps,
            removed_guild_kept: muster_engine::limits::REMOVED_GUILD_KEPT,
            member_lists: self.member_lists,
            web: self.opens_dashboard(),
            alerts: self.alerts.clone(),
            log_file: None,
            kernel: self.kernel.clone(),
            vitals: self.vitals.clone(),
            operators: self.operators.iter().map(|id| UserIdOfOurs::new(id.get())).collect(),
        };
        let (stop, stopped) = watch::channel(false);
        let env = SystemEnv::simulated(self.sim.clock().clone());
        let bot = muster::watched_bot(config, env, self.watched.clone(), stopped);
        let task = tokio::spawn(Box::pin(bot));
        self.bot = Some(RunningBot { stop, task });
    }

    /// Waits until a bot is connected.
    pub(crate) async fn is_online(&self) {
        let online = async {
            while !self.sim.is_online(self.demo.app) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(PATIENCE, online).await.expect("the bot comes online");
    }

    /// Ends the bot as SIGTERM does, and returns how it ended.
    pub(crate) async fn stops(&mut self) -> Option<Result<(), Exit>> {
        let bot = self.bot.take()?;
        bot.stop.send_replace(true);
        Some(bot.task.await.expect("the bot does not panic"))
    }

    /// Waits until the bot ends by itself, and returns how.
    pub(crate) async fn bot_ends(&mut self) -> Result<(), Exit> {
        let bot = self.bot.take().expect("a bot");
        let ended = tokio::time::timeout(PATIENCE, bot.task).await;
        ended.expect("the bot ends").expect("the bot does not panic")
    }

    /// Ends the bot and starts it again on the same database.
    pub(crate) async fn restarts(&mut self) {
        assert_eq!(self.stops().await, Some(Ok(())));
        self.starts().await;
    }

    /// The end of every story: the bot ends in order, Discord has taken everything that it sent,
    /// and nobody was left without an answer.
    pub(crate) async fn ends(mut self) {
        self.ended = true;
        if let Some(ended) = self.stops().await {
            assert_eq!(ended, Ok(()));
        }
        let counts = self.sim.counts();
        let refused = counts.requests.keys().filter(|(route, status)| {
            // After a kill, Discord sends once more what was answered before, and says so.
            *status == 400 && !(self.may_miss && route.ends_with("/callback"))
        });
        assert!(
            self.may_refuse || refused.count() == 0,
            "Discord took it all: {:?}",
            counts.requests
        );
        assert!(counts.missed == 0 || self.may_miss, "everybody was answered");
        self.judged.finds_nothing(&counts);
    }

    /// What everybody reads on a post.
    pub(crate) fn reads(&self, post: MessageId) -> String {
        self.sim.world(|world| {
            let message = world.message(post).expect("the post is there");
            words::words(world, message)
        })
    }

    /// Waits until a post says this.
    pub(crate) async fn says(&self, post: MessageId, what: &str) {
        self.settles(post, words::words, |said| said.contains(what), what).await;
    }

    /// Waits until a post does not say this any more.
    pub(crate) async fn no_longer_says(&self, post: MessageId, what: &str) {
        self.settles(post, words::words, |said| !said.contains(what), "something else").await;
    }

    /// Waits until a post shows these answers, as `Yes: Zofia | Waitlist: Mikko`.
    pub(crate) async fn shows(&self, post: MessageId, roster: &str) {
        self.settles(post, words::roster, |shown| shown == roster, roster).await;
    }

    async fn settles(
        &self,
        post: MessageId,
        read: impl Fn(&World, &Message) -> String,
        holds: impl Fn(&str) -> bool,
        what: &str,
    ) {
        let now = |world: &World| {
            world.message(post).map_or_else(|| "no post".to_owned(), |found| read(world, found))
        };
        let found = self.sim.until(PATIENCE, |world| holds(&now(world)).then_some(())).await;
        let instead = self.sim.world(|world| now(world));
        assert!(found.is_some(), "not {what:?} but {instead:?}");
    }

    /// Waits until a message is gone.
    pub(crate) async fn is_gone(&self, message: MessageId) {
        self.until("the message goes", |world| world.message(message).is_none().then_some(()))
            .await;
    }

    /// Waits until something is to be found in the world.
    pub(crate) async fn until<T>(&self, what: &str, look: impl Fn(&World) -> Option<T>) -> T {
        self.sim.until(PATIENCE, look).await.unwrap_or_else(|| panic!("in vain: {what}"))
    }

    /// Moves the clock on.
    pub(crate) async fn passes(&self, minutes: u64) {
        self.sim.clock().advance(Duration::from_secs(60 * minutes)).await.unwrap();
    }

    /// Moves the clock on by the moment that an organiser has for second thoughts, and a bit.
    pub(crate) async fn a_moment_passes(&self) {
        self.sim.clock().advance(Duration::from_secs(16)).await.unwrap();
    }

    /// Waits until an organiser is answered so to a command.
    pub(crate) async fn until_told(&self, command: &str, options: Value, what: &str) -> Seen {
        let told = async {
            loop {
                let seen = self.joao().runs(command, options.clone()).await;
                if seen.text().contains(what) {
                    return seen;
                }
            }
        };
        let told = tokio::time::timeout(PATIENCE, told).await;
        told.unwrap_or_else(|_| panic!("/{command} never says {what:?}"))
    }

    /// Waits until the bot, which was online, has begun a session anew.
    pub(crate) async fn until_identified(&self) {
        self.until_more(|counts| counts.identifies).await;
    }

    /// Waits until the bot, which was online, is back, with its old session or a new one.
    pub(crate) async fn until_back(&self) {
        self.until_more(|counts| counts.resumes + counts.identifies).await;
    }

    async fn until_more(&self, count: impl Fn(&Counts) -> u64) {
        let before = count(&self.sim.counts());
        let again = async {
            while count(&self.sim.counts()) == before {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let back = tokio::time::timeout(PATIENCE, again).await;
        assert!(back.is_ok(), "the bot does not come back: {:?}", self.sim.counts());
        self.is_online().await;
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        assert!(self.ended || std::thread::panicking(), "a story ends with `ends`");
    }
}
