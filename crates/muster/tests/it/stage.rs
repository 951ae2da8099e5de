//! The stage: the simulated Discord with the demo's two clubs in it, and the whole bot on a
//! database of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use muster::{Exit, RunConfig, SystemEnv};
use muster_discord::token::Token;
use muster_domain::zone::Zone;
use muster_sim::ids::{ChannelId, GuildId, MessageId, RoleId, UserId};
use muster_sim::seed::{self, Demo};
use muster_sim::world::{ChannelKind, Message, NewChannel, Permissions};
use muster_sim::{Sim, SimClock, SimConfig, World};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::people::{Person, Seen};
use crate::words;

/// How long a story waits for what has to come. Much, as machines may be busy: it is only used up
/// where a story fails.
const PATIENCE: Duration = Duration::from_secs(15);

/// Friday, 12 March 2027, 18:00 UTC: 19:00 in Berlin.
pub(crate) fn friday() -> Timestamp {
    "2027-03-12T18:00:00Z".parse().unwrap()
}

/// A simulated Discord with a bot.
pub(crate) struct Stage {
    pub(crate) sim: Arc<Sim>,
    pub(crate) demo: Demo,
    pub(crate) zone: Option<Zone>,
    folder: Folder,
    bot: Option<RunningBot>,
    /// Interactions to which no answer is expected, for stories in which the bot is killed.
    pub(crate) may_miss: bool,
    ended: bool,
}

struct RunningBot {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), Exit>>,
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
        stage
            .until("both clubs are greeted", |world| {
                let greeted = world.users().flat_map(|user| world.dms_of(user.id));
                (greeted.map(|dm| dm.messages.len()).sum::<usize>() >= 4).then_some(())
            })
            .await;
        stage
    }

    /// The demo's clubs before the bot comes online.
    pub(crate) async fn without_bot(clock: SimClock) -> Self {
        let clock = clock.with_settle(Duration::from_millis(20));
        let config = SimConfig { clock, ..SimConfig::default() };
        let mut demo = seed::demo(1, config.clock.now());
        let world = std::mem::replace(&mut demo.world, World::new(0, friday()));
        let sim = Arc::new(muster_sim::start(world, config).await.unwrap());
        let folder = Folder::new();
        Self { sim, demo, zone: None, folder, bot: None, may_miss: false, ended: false }
    }

    /// The file of the database.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.0.join("muster.db")
    }

    /// The folder of the database.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.0.clone()
    }

    /// Starts the bot and waits until it is online.
    pub(crate) async fn starts(&mut self) {
        let config = RunConfig {
            token: Token::parse(seed::TOKEN).unwrap(),
            api_url: self.sim.url(),
            ca_file: None,
            database: self.database(),
            default_zone: self.zone.clone(),
        };
        let (stop, stopped) = watch::channel(false);
        let env = SystemEnv::simulated(self.sim.clock().clone());
        let task = tokio::spawn(Box::pin(muster::bot(config, env, stopped)));
        self.bot = Some(RunningBot { stop, task });
        self.is_online().await;
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
        assert_eq!(counts.answered_with(400), 0, "Discord took it all: {:?}", counts.requests);
        assert!(counts.missed == 0 || self.may_miss, "everybody was answered");
    }

    fn person(&self, id: UserId) -> Person {
        Person { sim: Arc::clone(&self.sim), user: self.sim.user(id), at: self.demo.events }
    }

    /// The owner of both clubs.
    pub(crate) fn ada(&self) -> Person {
        self.person(self.demo.owner)
    }

    /// An organiser of the first club, by a role with Manage Events.
    pub(crate) fn joao(&self) -> Person {
        self.person(self.demo.organiser)
    }

    /// A plain member of the first club.
    pub(crate) fn zofia(&self) -> Person {
        self.person(self.demo.members[0])
    }

    /// Another.
    pub(crate) fn mikko(&self) -> Person {
        self.person(self.demo.members[1])
    }

    /// And another.
    pub(crate) fn bea(&self) -> Person {
        self.person(self.demo.members[3])
    }

    /// Somebody new in the first club.
    pub(crate) fn newcomer(&self, name: &str) -> Person {
        let id = self.sim.world(|world| {
            let id = world.add_user(name);
            world.join(self.demo.guild, id, &[]);
            id
        });
        self.person(id)
    }

    /// Creates an event in `#events`; returns its post.
    pub(crate) async fn event(&self, title: &str, when: &str) -> MessageId {
        self.event_with(title, when, json!({})).await
    }

    /// The same with further options.
    pub(crate) async fn event_with(&self, title: &str, when: &str, more: Value) -> MessageId {
        let mut options = more;
        options["title"] = json!(title);
        options["when"] = json!(when);
        let seen = self.ada().runs("event create", options).await;
        self.posted(&seen).await
    }

    /// The post of the event of which an answer says that it is planned.
    pub(crate) async fn posted(&self, seen: &Seen) -> MessageId {
        let title = seen.says("is planned.").text().split("**").nth(1).unwrap();
        self.post_of(title).await
    }

    /// Waits for the post of an event, the newest if there are several.
    pub(crate) async fn post_of(&self, title: &str) -> MessageId {
        self.until(&format!("a post of {title}"), |world| {
            let channels = world.guilds().flat_map(|guild| world.channels_of(guild.id));
            let posts = channels.flat_map(|channel| channel.messages.values());
            let posts = posts.filter(|post| post.only_for.is_none());
            let ours = posts.filter(|post| post.embeds.iter().any(|card| card["title"] == title));
            ours.map(|post| post.id).max()
        })
        .await
    }

    /// How Muster writes the event of a post into custom ids.
    pub(crate) fn key(&self, post: MessageId) -> String {
        let id = self.sim.world(|world| words::button(world.message(post).unwrap(), "⋯"));
        id.unwrap().strip_prefix("m1:m:").unwrap().to_owned()
    }

    /// A message of the bot with a component that the bot never put there.
    pub(crate) fn forges(&self, channel: ChannelId, component: &Value) -> MessageId {
        let row = json!({"type": 1, "id": 1, "components": [component]});
        self.sim.world(|world| {
            let bot = UserId::new(self.demo.app.get());
            let id = world.seed_message(channel, bot, "A forgery").unwrap();
            world.edit_channel(channel, |channel| {
                channel.messages.get_mut(&id).unwrap().components = vec![row];
            });
            id
        })
    }

    /// The same with a button; whoever taps it sends this custom id.
    pub(crate) async fn forged_tap(&self, who: &Person, custom_id: &str) -> Seen {
        let button = json!({"type": 2, "id": 2, "style": 2, "label": "x", "custom_id": custom_id});
        let message = self.forges(who.at, &button);
        let seen = who.uses(message, custom_id).await;
        self.sim.world(|world| {
            world.edit_channel(who.at, |channel| drop(channel.messages.remove(&message)));
        });
        seen
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

    /// The messages in a channel that are for everybody, without those of people.
    pub(crate) fn messages(&self, channel: ChannelId) -> Vec<Message> {
        let bot = UserId::new(self.demo.app.get());
        self.sim.world(|world| {
            let all = world.messages(channel).filter(|message| message.only_for.is_none());
            all.filter(|message| message.author == bot).cloned().collect()
        })
    }

    /// Everything that all members of the first club can read, and the list of events: what a
    /// refused act must leave as it is.
    pub(crate) async fn everything(&self) -> String {
        let mut all = self.ada().runs("event list", json!({})).await.text().to_owned();
        let channels: Vec<ChannelId> = self.sim.world(|world| {
            world.channels_of(self.demo.guild).iter().map(|channel| channel.id).collect()
        });
        for message in channels.into_iter().flat_map(|channel| self.messages(channel)) {
            all.push_str(&self.reads(message.id));
        }
        all
    }

    /// The second club's only channel.
    pub(crate) fn boathouse(&self) -> ChannelId {
        let guild = self.demo.second_guild;
        self.sim.world(|world| world.channel_named(guild, "boathouse").unwrap().id)
    }

    /// A voice channel of the first club, where people also write.
    pub(crate) fn voice_channel(&self) -> ChannelId {
        let voice = NewChannel::text("lounge").kind(ChannelKind::Voice);
        self.sim.world(|world| world.add_channel(self.demo.guild, voice))
    }

    /// The role of the first club with this name.
    pub(crate) fn role(&self, name: &str) -> RoleId {
        self.sim.world(|world| {
            let roles = &world.guild(self.demo.guild).unwrap().roles;
            roles.values().find(|role| role.name == name).unwrap().id
        })
    }

    /// What the bot's own role grants from now on.
    pub(crate) fn bot_may(&self, guild: GuildId, permissions: Permissions) {
        self.sim.world(|world| {
            let bot = UserId::new(self.demo.app.get());
            let roles = &world.guild(guild).unwrap().roles;
            let own = roles.values().find(|role| role.bot == Some(bot)).unwrap().id;
            world.edit_role(guild, own, |role| role.permissions = permissions);
        });
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        assert!(self.ended || std::thread::panicking(), "a story ends with `ends`");
    }
}

/// A folder of its own, removed with everything in it at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("muster-story-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The system clears its folder for temporary files in the end.
        std::fs::remove_dir_all(&self.0).ok();
    }
}
