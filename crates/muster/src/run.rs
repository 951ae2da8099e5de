//! `muster run`: connects the rooms, keeps them running, ends them in order.

mod kept_up;
mod listening;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use muster_discord::bot::Bot;
use muster_discord::commands::operating::Operating;
use muster_discord::net::{NetError, Network};
use muster_discord::outgoing::RestDiscord;
use muster_discord::rest::Rest;
use muster_discord::token::Token;
use muster_domain::id::UserId;
use muster_domain::zone::Zone;
use muster_engine::ports::{Tasks, within};
use muster_engine::tap_limit::TapRate;
use muster_engine::{App, Config, MemberLists};
use muster_store::sqlite::{SqliteStore, StoreSettings, backup};
use muster_vitals::Vitals;
use muster_vitals::settings::Settings;
use muster_vitals::watched::Watched;
use tokio::sync::watch;
use tracing::{info, warn};

use self::kept_up::keep_up;
use self::listening::{Line, listen};
use crate::cli::RunOptions;
use crate::config::{self, RunConfig};
use crate::copies;
use crate::discord::{self, Account, Place};
use crate::env::{MusterWorld, SystemEnv};
use crate::exit::Exit;
use crate::hygiene::SetUp;
use crate::in_force;
use crate::stop;
use crate::watch::Places;
use crate::watching::{self, Known, Watching};

/// Discord's GUILDS intent: arrivals, removals, deleted channels and roles. Interactions need none.
const INTENTS: u64 = 1;

/// Discord's `GUILD_MEMBERS` intent, which is privileged: it has to be switched on in the developer
/// portal before members can be listed. Asked for so that Discord says at once if it is not.
const MEMBERS_INTENT: u64 = 1 << 1;

/// How long an orderly end may take: with what follows, less than the 5 s that supervisors give.
const DRAIN: Duration = Duration::from_secs(4);

pub(crate) type World = MusterWorld<SqliteStore, RestDiscord<SystemEnv>>;
type MusterBot = Bot<World, Rest<SystemEnv>>;

/// Runs the bot until the operator ends it.
pub(crate) async fn run(options: &RunOptions, log_file: Option<PathBuf>) -> Result<(), Exit> {
    let mut config = RunConfig { log_file, ..RunConfig::check(options)? };
    config.copies.log.clone_from(&config.log_file);
    if config.log_file.is_some() {
        config::log_fits(config.vitals.logs.file_max, config.copies.budget_in_force())?;
    }
    let stop = stop::on_signals()?;
    bot(config, SystemEnv::new(), stop).await
}

/// Runs the bot in an environment until `stop` turns true.
pub async fn bot(
    config: RunConfig,
    env: SystemEnv,
    stop: watch::Receiver<bool>,
) -> Result<(), Exit> {
    watched_bot(config, env, None, stop).await
}

/// The same, with something else in the place of what its operators see of it.
pub async fn watched_bot(
    config: RunConfig,
    env: SystemEnv,
    watched: Option<Arc<dyn Watched>>,
    stop: watch::Receiver<bool>,
) -> Result<(), Exit> {
    let beside_vitals = in_force::beside_vitals(&config);
    let token = Arc::new(config.token);
    let network = Network::new(config.ca_file.as_deref())
        .map_err(|error| ca_file(config.ca_file.as_deref(), &error))?;
    let rest = discord::client(&env, &network, &config.api_url, &token)?;
    let port = watching::Open::port(config.web).await?;
    let vitals = Arc::new(Vitals::new(config.vitals));
    // Last, so that a bad variable leaves no database behind.
    let store = open(&config.copies.place, &vitals.settings, config.default_zone.clone())?;
    if vitals.settings.measuring.is_on() {
        rest.measure(&vitals);
    }
    let plan = watching::Plan {
        env: &env,
        beside_vitals,
        store: &store,
        vitals: &vitals,
        places: Places::of(&config.copies, config.log_file.clone(), &config.kernel),
        alerts: config.alerts,
        rest: &rest,
        network: &network,
        api_url: &config.api_url,
    };
    let watching = Watching::start(plan, port).await;
    let of_store = Arc::downgrade(&store);
    let making = copies::keep_making(env.clone(), of_store, config.copies, Arc::clone(&vitals));
    env.spawn("backups", making);
    let place = Place { api_url: &config.api_url, database: &config.database };
    let way = Way { token, network, rest, place };
    let app = Config {
        default_zone: config.default_zone,
        taps: config.taps,
        removed_guild_kept: config.removed_guild_kept,
        member_lists: config.member_lists,
        vitals,
    };
    let seen = Seen {
        watched: watched.unwrap_or_else(|| Arc::clone(&watching.watched)),
        known: Arc::clone(&watching.known),
        operators: config.operators,
        set_up: (config.database.clone(), (config.taps, config.member_lists)),
    };
    let ended = serve(way, (app, seen), env, Arc::clone(&store), stop).await;
    drop(watching);
    if let Err(error) = store.close().await {
        warn!(%error, "the database could not be closed in order; nothing acknowledged is lost");
    }
    ended
}

fn ca_file(path: Option<&Path>, error: &NetError) -> Exit {
    let given = path.map(|path| path.display().to_string()).unwrap_or_default();
    Exit::variable("DISCORD_CA_FILE", &given, &format!("it names a file of certificates ({error})"))
}

fn open(
    place: &backup::Place,
    settings: &Settings,
    default_zone: Option<Zone>,
) -> Result<Arc<SqliteStore>, Exit> {
    let opened = SqliteStore::open_at(place, StoreSettings::from(settings));
    let opened = opened.map(|store| store.with_default_zone(default_zone));
    opened.map(Arc::new).map_err(|error| Exit::of_store(error, &place.database))
}

/// What operators see, and who they are beside the application's owners.
struct Seen {
    watched: Arc<dyn Watched>,
    known: Arc<Known>,
    operators: Vec<UserId>,
    /// The database, and what was chosen.
    set_up: (PathBuf, (Option<TapRate>, MemberLists)),
}

impl Seen {
    fn by_operators_of(
        self,
        bot: MusterBot,
        (env, rest): (SystemEnv, Rest<SystemEnv>),
        account: &Account,
    ) -> MusterBot {
        let Self { watched, known, mut operators, set_up: (database, chosen) } = self;
        let set_up = Arc::new(SetUp::new(database, chosen, (env, rest), account.flags));
        operators.extend(&account.owners);
        operators.sort_unstable();
        operators.dedup();
        // Discord is reached once in a process.
        known.application.get_or_init(|| account.application.0);
        drop(known.operators.set(operators.clone()));
        bot.operated(Operating { watched, operators, set_up })
    }
}

/// The way to Discord.
struct Way<'a> {
    token: Arc<Token>,
    network: Network,
    rest: Rest<SystemEnv>,
    place: Place<'a>,
}

async fn serve(
    way: Way<'_>,
    (config, seen): (Config, Seen),
    env: SystemEnv,
    store: Arc<SqliteStore>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Exit> {
    let Way { token, network, rest, place } = way;
    let account = tokio::select! {
        arrived = discord::arrive(&env, &rest, &*store, place) => arrived?,
        _ = stop.wait_for(|stop| *stop) => return Ok(()),
    };
    info!(
        application = account.application.0,
        shards = account.gateway.shards,
        "Discord knows the bot"
    );

    let world = MusterWorld {
        env: env.clone(),
        store: Arc::clone(&store),
        discord: RestDiscord::new(env.clone(), rest.clone(), account.application),
    };
    let app = App::new(world, config);
    drop(seen.known.app.set(app.clone()));
    keep_up(&env, &app, "scheduler", App::run_scheduler);
    keep_up(&env, &app, "reconciler", App::run_reconciler);
    keep_up(&env, &app, "granter", App::run_granter);
    keep_up(&env, &app, "chores", App::run_chores);
    keep_up(&env, &app, "upkeep", App::run_upkeep);

    let intents = intents(app.config().member_lists);
    let vitals = Arc::clone(app.vitals());
    let rest_of_line = rest.clone();
    let line =
        Line { env: env.clone(), intents, token, network, rest: rest_of_line, store, vitals };
    let mut refused = rest.token_refused();
    let asked = (env.clone(), rest.clone());
    let bot = seen.by_operators_of(Bot::new(app.clone(), rest.clone()), asked, &account);
    let bot = Arc::new(bot);
    let ended = tokio::select! {
        ended = listen(line, account.gateway, bot, stop) => Some(ended),
        _ = refused.wait_for(|refused| *refused) => None,
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        app.close();
        rest.close();
        // What is still under way after that meets a closed store, and says so.
        let _in_time = within(&env, DRAIN, app.closed()).await;
        Err(Exit::TokenRefused)
    };
    if let Err(error) = app.write_down_shown().await {
        warn!(%error, "what the posts show could not be written down; some are edited once more");
    }
    ended
}

const fn intents(member_lists: MemberLists) -> u64 {
    match member_lists {
        MemberLists::Off => INTENTS,
        MemberLists::On => INTENTS | MEMBERS_INTENT,
    }
}
