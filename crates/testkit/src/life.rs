//! One life of the bot: the real engine, handlers, REST client, governor and store, from the start
//! to a clean stop or a sudden end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use muster_discord::bot::Bot;
use muster_discord::commands::definitions;
use muster_discord::outgoing::RestDiscord;
use muster_discord::rest::model::ApplicationId;
use muster_discord::rest::{Body, Rest};
use muster_domain::id::{ChannelId, RoleId, UserId};
use muster_domain::zone::Zone;
use muster_engine::ports::{Clock as _, Tasks as _, within};
use muster_engine::tap_limit::TapRate;
use muster_engine::{App, Config, MemberLists, World};
use muster_store::StoreError;
use muster_store::port::{Registrations as _, Sessions as _};
use muster_store::sqlite::SqliteStore;
use tokio::sync::SetOnce;

use crate::env::VirtualEnv;
use crate::faulty_store::FaultyStore;
use crate::house_rules::HouseRules;
use crate::listen::{self, Inbox};
use crate::mortal::{Ending, Mortal};
use crate::oracle::Watch;
use crate::plant::Plant;
use crate::planted::Planted;
use crate::refusing::Refusing;
use crate::stage::Stage;
use crate::wire::SimWire;

/// How long an orderly stop may take.
const DRAIN: Duration = Duration::from_secs(4);

/// After how long a bug forgets which channels refused.
const FORGIVEN_AFTER: Duration = Duration::from_secs(1);

/// Between two tries to make the commands known.
const REGISTER_AGAIN: Duration = Duration::from_secs(5);

/// What the bot acts in.
pub(crate) struct VirtualWorld {
    env: VirtualEnv,
    store: Arc<FaultyStore>,
    discord: RestDiscord<VirtualEnv, SimWire>,
}

impl World for VirtualWorld {
    type Env = VirtualEnv;
    type Store = FaultyStore;
    type Discord = RestDiscord<VirtualEnv, SimWire>;

    fn env(&self) -> &VirtualEnv {
        &self.env
    }

    fn store(&self) -> &FaultyStore {
        &self.store
    }

    fn discord(&self) -> &Self::Discord {
        &self.discord
    }
}

pub(crate) type VirtualBot = Bot<VirtualWorld, Rest<VirtualEnv, SimWire>>;

/// A life.
pub(crate) struct Life {
    number: u32,
    env: VirtualEnv,
    store: Arc<FaultyStore>,
    app: App<VirtualWorld>,
    mortal: Arc<Mortal>,
    inbox: Arc<Inbox>,
    rest: Rest<VirtualEnv, SimWire>,
    token: Arc<str>,
}

/// How many lives were begun, so that each has its own randomness.
#[derive(Default)]
pub(crate) struct Lives(AtomicU64);

impl Life {
    /// Starts the bot from what is on the disk.
    pub(crate) fn begin(stage: &Arc<Stage>, lives: &Lives) -> Result<Self, StoreError> {
        let number = u32::try_from(lives.0.fetch_add(1, Ordering::Relaxed)).unwrap_or(u32::MAX);
        let env = VirtualEnv::new(Arc::clone(&stage.wall), stage.random(&format!("life {number}")));
        stage.trace.note("life", format_args!("{number} begins"));
        let (disk, trace) = (Arc::clone(&stage.disk), Arc::clone(&stage.trace));
        let mortal = Arc::new(Mortal::new(Arc::clone(env.lot()), disk, trace));
        let store = Arc::new(open(stage, &mortal)?);
        let token: Arc<str> = stage.token().into();
        stage.ledger.locked_out(false);
        let (ledger, faults) = (Arc::clone(&stage.ledger), Arc::clone(&stage.faults));
        let wire = SimWire {
            token: Arc::clone(&token),
            inside: Arc::clone(&stage.inside),
            faults: Arc::clone(&stage.faults),
            ledger: Arc::clone(&stage.ledger),
            refusing: Arc::new(Refusing::new(ledger, faults)),
            trace: Arc::clone(&stage.trace),
            mortal: Arc::clone(&mortal),
            wall: Arc::clone(&stage.wall),
            plant: stage.plant,
            late: stage.late,
        };
        let rest = Rest::over(env.clone(), wire);
        let application = ApplicationId(stage.cast.app.get());
        let discord = RestDiscord::new(env.clone(), rest.clone(), application);
        let world = VirtualWorld { env: env.clone(), store: Arc::clone(&store), discord };
        let season = stage.season.as_ref().map(|season| season.zone.clone());
        let default_zone = season.or_else(|| Zone::parse("Europe/Berlin").ok());
        let taps = Some(TapRate::DEFAULT);
        let member_lists = if stage.lists_members { MemberLists::On } else { MemberLists::Off };
        let config = Config { default_zone, taps, member_lists, ..Config::default() };
        let app = App::new(world, config);
        let bot: Arc<VirtualBot> = Arc::new(Bot::new(app.clone(), rest.clone()));
        let inbox = Arc::new(Inbox::new(number, Arc::clone(stage), bot));
        Ok(Self { number, env, store, app, mortal, inbox, rest, token })
    }

    /// Starts everything that runs beside the handlers.
    pub(crate) fn run(&self, stage: &Arc<Stage>) {
        let (env, rest, store) = (self.env.clone(), self.rest.clone(), Arc::clone(&self.store));
        let application = ApplicationId(stage.cast.app.get());
        self.env.spawn("commands", async move {
            while !is_registered(&rest, &store, application).await {
                env.sleep(REGISTER_AGAIN).await;
            }
        });
        let (app, rest) = (self.app.clone(), self.rest.clone());
        let env = self.env.clone();
        self.env.spawn("scheduler", async move {
            // As the product does, which asks Discord who it is before it does anything.
            while rest.gateway_bot().await.is_err() {
                env.sleep(REGISTER_AGAIN).await;
            }
            app.run_scheduler().await;
        });
        self.env.spawn("upkeep", self.app.clone().run_upkeep());
        self.env.spawn("granter", self.app.clone().run_granter());
        self.env.spawn("chores", self.app.clone().run_chores());
        self.env.spawn("reconciler", self.app.clone().run_reconciler());
        let (app, mortal) = (self.app.clone(), Arc::clone(&self.mortal));
        self.env.spawn("broken", async move {
            app.broken().await;
            mortal.end(Ending::SyncFailed);
        });
        if stage.plant == Plant::RefusedAgain {
            let channels = stage.cast.channels.iter().map(|channel| ChannelId::new(channel.get()));
            let forgetful = forgives(self.env.clone(), self.rest.clone(), channels.collect());
            self.env.spawn("planted", forgetful);
        }
        stage.hands.hold(self.env.clone(), self.app.clone());
        let (env, store) = (self.env.clone(), Arc::clone(&self.store));
        let token = Arc::clone(&self.token);
        let place = listen::Place { stage: Arc::clone(stage), env, store, token };
        self.env.spawn("saver", listen::save(place.clone(), Arc::clone(&self.inbox)));
        self.env.spawn("gateway", listen::listen(place, Arc::clone(&self.inbox)));
    }

    /// Kills it.
    pub(crate) fn kill(&self) {
        self.mortal.end(Ending::Killed);
    }

    /// Waits until it is killed, or decides to end.
    pub(crate) async fn ended(&self) -> Ending {
        self.mortal.ended().await
    }

    /// Stops it in order: nothing new is taken, what is in hand is finished. It may still be
    /// killed meanwhile.
    pub(crate) async fn stop(&self, stage: &Stage) {
        stage.trace.note("life", format_args!("{} stops", self.number));
        self.inbox.close();
        self.app.close();
        let in_hand = async {
            while self.inbox.in_hand() > 0 {
                self.env.sleep(Duration::from_millis(20)).await;
            }
            self.app.closed().await;
        };
        let drained = within(&self.env, DRAIN, in_hand).await;
        stage.trace.note("life", format_args!("{} drained: {drained:?}", self.number));
        let session = self.inbox.saved();
        if session.is_some() && self.store.save_session(0, session).await.is_err() {
            stage.trace.note("life", format_args!("the session is not stored"));
        }
        if let Err(error) = self.app.write_down_shown().await {
            stage.trace.note("life", format_args!("what posts show is not stored: {error}"));
        }
        if !self.env.lot().is_over() {
            self.env.lot().end();
            let closed = self.store.inner.close().await;
            stage.trace.note("life", format_args!("{} stopped: {closed:?}", self.number));
        }
    }

    /// Waits until nothing of it is left.
    pub(crate) async fn buried(self, stage: &Stage) {
        let Self { number, env, .. } = self;
        stage.hands.let_go();
        while env.lot().running() > 0 {
            env.sleep(Duration::from_millis(1)).await;
        }
        for task in env.lot().panics() {
            stage.ledger.violation("panic", format!("the task {task:?} of life {number} panicked"));
        }
    }
}

/// A bug on purpose: the bot forgets again and again which channels refused it.
async fn forgives(env: VirtualEnv, rest: Rest<VirtualEnv, SimWire>, channels: Vec<ChannelId>) {
    loop {
        env.sleep(FORGIVEN_AFTER).await;
        for channel in &channels {
            rest.forgive(*channel);
        }
    }
}

/// Makes the bot's commands known to Discord, unless Discord has just these already.
async fn is_registered(
    rest: &Rest<VirtualEnv, SimWire>,
    store: &FaultyStore,
    application: ApplicationId,
) -> bool {
    let (ours, account) = (definitions::definitions(), UserId::new(application.0));
    let Ok(registered) = store.registered_commands(account).await else { return false };
    if registered.is_some_and(|registered| registered == definitions::fingerprint(&ours)) {
        return true;
    }
    let set = rest.set_global_commands(application, Body::json(&ours)).await;
    let fingerprint = definitions::fingerprint(&ours);
    set.is_ok() && store.commands_registered(account, fingerprint).await.is_ok()
}

fn open(stage: &Stage, mortal: &Arc<Mortal>) -> Result<FaultyStore, StoreError> {
    let database = stage.disk.database();
    let inner = SqliteStore::open_inline(&database)?;
    let stranger = UserId::new(stage.cast.stranger.get());
    let [role, crew] = [stage.cast.role, stage.cast.crew].map(|role| RoleId::new(role.get()));
    Ok(FaultyStore {
        inner,
        house_rules: HouseRules { seed: stage.seed, role, crew, ledger: Arc::clone(&stage.ledger) },
        faults: Arc::clone(&stage.faults),
        trace: Arc::clone(&stage.trace),
        mortal: Arc::clone(mortal),
        wall: Arc::clone(&stage.wall),
        watch: Watch::new(&database, Arc::clone(&stage.ledger)),
        planted: Planted::new(stage.plant, database, stranger),
        has_failed: SetOnce::new(),
    })
}
