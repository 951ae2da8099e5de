//! The application: a world to act in, and what its operator decided.

use std::sync::Arc;

use jiff::SignedDuration;
use muster_domain::id::ChannelId;
use muster_domain::zone::Zone;
use muster_store::Store;
use muster_store::StoreError;
use muster_store::port::Upkeep as _;
use muster_vitals::Vitals;
use tokio::sync::Notify;

use crate::board::Board;
use crate::clocks::Clocks;
use crate::closing::Closing;
use crate::discord::Discord;
use crate::limits::REMOVED_GUILD_KEPT;
use crate::membership::Membership;
use crate::ports::{Clock, Env, Rng};
use crate::tap_limit::TapRate;

/// Everything outside the rules: time, randomness, tasks, what is kept, and Discord.
pub trait World: Send + Sync + 'static {
    /// Time, randomness and tasks.
    type Env: Env;
    /// What is kept.
    type Store: Store;
    /// Discord.
    type Discord: Discord;

    /// Time, randomness and tasks.
    fn env(&self) -> &Self::Env;
    /// What is kept.
    fn store(&self) -> &Self::Store;
    /// Discord.
    fn discord(&self) -> &Self::Discord;
}

/// Whether the bot may read the lists of members of its guilds. Discord grants that by a privileged
/// intent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberLists {
    /// It may not: it knows those who answered.
    #[default]
    Off,
    /// It may.
    On,
}

/// What the operator decided.
#[derive(Clone, Debug)]
pub struct Config {
    /// The zone of guilds that have set none; without it, organisers are asked.
    pub default_zone: Option<Zone>,
    /// How often a member may tap; without it, without limit, and so is everything else that
    /// members do.
    pub taps: Option<TapRate>,
    /// How long a guild's data is kept after it removed the bot.
    pub removed_guild_kept: SignedDuration,
    /// Whether members of guilds are known who have not answered.
    pub member_lists: MemberLists,
    /// What is measured, limited and kept in order in this bot.
    pub vitals: Arc<Vitals>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            default_zone: None,
            taps: None,
            removed_guild_kept: REMOVED_GUILD_KEPT,
            member_lists: MemberLists::Off,
            vitals: Arc::default(),
        }
    }
}

/// Muster in one world. Cheap to clone; all clones are the same application.
pub struct App<W: World> {
    inner: Arc<Inner<W>>,
}

struct Inner<W> {
    world: W,
    config: Config,
    board: Board,
    closing: Closing,
    membership: Membership,
    due_changed: Notify,
    stale_changed: Notify,
    grants_changed: Notify,
    chores_changed: Notify,
    forgiven: Notify,
    clocks: Clocks,
    process: u64,
}

impl<W: World> Clone for App<W> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<W: World> App<W> {
    /// Starts the application in a world.
    #[must_use]
    pub fn new(world: W, config: Config) -> Self {
        // SQLite's integers are signed, so that the highest bit stays free.
        let process = world.env().next_u64() >> 1;
        let inner = Inner {
            world,
            config,
            board: Board::default(),
            closing: Closing::default(),
            membership: Membership::default(),
            due_changed: Notify::new(),
            stale_changed: Notify::new(),
            grants_changed: Notify::new(),
            chores_changed: Notify::new(),
            forgiven: Notify::new(),
            clocks: Clocks::default(),
            process,
        };
        Self { inner: Arc::new(inner) }
    }

    /// Time, randomness and tasks.
    #[must_use]
    pub fn env(&self) -> &W::Env {
        self.inner.world.env()
    }

    /// What is kept.
    #[must_use]
    pub fn store(&self) -> &W::Store {
        self.inner.world.store()
    }

    /// Discord.
    #[must_use]
    pub fn discord(&self) -> &W::Discord {
        self.inner.world.discord()
    }

    /// What the operator decided.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Which posts show what.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.inner.board
    }

    /// What is in hand about which guilds the bot is in.
    pub(crate) fn membership(&self) -> &Membership {
        &self.inner.membership
    }

    /// What is measured, limited and kept in order in this bot.
    #[must_use]
    pub fn vitals(&self) -> &Arc<Vitals> {
        &self.inner.config.vitals
    }

    pub(crate) fn end_state(&self) -> &Closing {
        &self.inner.closing
    }

    /// The wall clock of this machine.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        self.inner.clocks.read(self.env().now())
    }

    /// Whether what is drawn or done by the clock of this machine now might have to be put right.
    #[must_use]
    pub fn is_clock_in_doubt(&self) -> bool {
        self.clocks().is_in_doubt(self.now(), self.env().monotonic())
    }

    pub(crate) fn clocks(&self) -> &Clocks {
        &self.inner.clocks
    }

    /// A number that tells this run of the program from every other.
    pub(crate) fn process(&self) -> u64 {
        self.inner.process
    }

    /// Something may be due earlier than the scheduler thinks.
    pub(crate) fn wake_scheduler(&self) {
        self.inner.due_changed.notify_one();
    }

    /// A post may not show the newest state of its event.
    pub fn wake_reconciler(&self) {
        self.inner.stale_changed.notify_one();
    }

    /// A roster may have changed from which roles follow.
    pub(crate) fn wake_granter(&self) {
        self.inner.grants_changed.notify_one();
    }

    /// Something may be to be done about a post.
    pub(crate) fn wake_chores(&self) {
        self.inner.chores_changed.notify_one();
    }

    /// Whatever the engine does of its own accord may be to be done: for what changes an event as a
    /// whole, so that no list of what follows from it is kept by hand.
    pub(crate) fn wake_all(&self) {
        self.wake_scheduler();
        self.wake_what_follows();
    }

    /// The same but for the scheduler: for what the scheduler itself has done, as it looks again
    /// anyway.
    pub(crate) fn wake_what_follows(&self) {
        self.wake_reconciler();
        self.wake_granter();
        self.wake_chores();
    }

    /// Waits until the store is beyond trust: after a failed sync nothing can be trusted but the
    /// disk, and the program has to end. Returns why.
    pub async fn broken(&self) -> StoreError {
        self.store().broken().await
    }

    pub(crate) async fn due_changed(&self) {
        self.inner.due_changed.notified().await;
    }

    pub(crate) async fn grants_changed(&self) {
        self.inner.grants_changed.notified().await;
    }

    pub(crate) async fn chores_changed(&self) {
        self.inner.chores_changed.notified().await;
    }

    pub(crate) async fn stale_changed(&self) {
        self.inner.stale_changed.notified().await;
    }

    /// A channel that refused us and was left alone since may be used again, also by posts that
    /// rest because of that.
    pub(crate) fn forgive(&self, channel: ChannelId) {
        self.discord().forgive(channel);
        self.inner.forgiven.notify_one();
    }

    /// The same of all channels that refused us.
    pub(crate) fn forgive_all(&self) {
        self.discord().forgive_all();
        self.inner.forgiven.notify_one();
    }

    /// Waits until a channel is forgiven.
    pub(crate) async fn forgiven(&self) {
        self.inner.forgiven.notified().await;
    }
}
