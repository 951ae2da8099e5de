//! `muster run`: connects the rooms, keeps them running, ends them in order.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use muster_discord::bot::Bot;
use muster_discord::gateway::{Dispatch, Gateway, GatewayConfig, GatewayError, ShardMeter};
use muster_discord::net::{NetError, Network};
use muster_discord::outgoing::RestDiscord;
use muster_discord::rest::Rest;
use muster_discord::token::Token;
use muster_engine::ports::{Clock, Tasks, within};
use muster_engine::{App, Config};
use muster_store::sqlite::SqliteStore;
use tokio::sync::{mpsc, watch};
use tracing::{error, info, warn};

use crate::cli::RunOptions;
use crate::config::RunConfig;
use crate::discord::{self, Place};
use crate::env::{MusterWorld, SystemEnv};
use crate::exit::Exit;
use crate::inbox::Inbox;
use crate::keeper::Keeper;
use crate::stop;

/// Discord's GUILDS intent: arrivals, removals, deleted channels and roles. Interactions need none.
const INTENTS: u64 = 1;

/// Events between the gateway and those who handle them. They are taken at once; this is slack.
const EVENTS_WAITING_MAX: usize = 1_024;

/// How long an orderly end may take: with what follows, less than the 5 s that supervisors give.
const DRAIN: Duration = Duration::from_secs(4);

type World = MusterWorld<SqliteStore, RestDiscord<SystemEnv>>;
type MusterBot = Bot<World, Rest<SystemEnv>>;

/// Runs the bot until the operator ends it.
pub(crate) async fn run(options: &RunOptions) -> Result<(), Exit> {
    let config = RunConfig::check(options)?;
    let stop = stop::on_signals()?;
    bot(config, SystemEnv::new(), stop).await
}

/// Runs the bot in an environment until `stop` turns true.
pub async fn bot(
    config: RunConfig,
    env: SystemEnv,
    stop: watch::Receiver<bool>,
) -> Result<(), Exit> {
    let token = Arc::new(config.token);
    let network = Network::new(config.ca_file.as_deref())
        .map_err(|error| ca_file(config.ca_file.as_deref(), &error))?;
    let rest = discord::client(&env, &network, &config.api_url, &token)?;
    // Last, so that a bad variable leaves no database behind.
    let store = open(&config.database)?;
    let place = Place { api_url: &config.api_url, database: &config.database };
    let way = Way { token, network, rest, place };
    let app = Config { default_zone: config.default_zone };
    let ended = serve(way, app, env, Arc::clone(&store), stop).await;
    if let Err(error) = store.close().await {
        warn!(%error, "the database could not be closed in order; nothing acknowledged is lost");
    }
    ended
}

fn ca_file(path: Option<&Path>, error: &NetError) -> Exit {
    let given = path.map(|path| path.display().to_string()).unwrap_or_default();
    Exit::variable("DISCORD_CA_FILE", &given, &format!("it names a file of certificates ({error})"))
}

fn open(path: &Path) -> Result<Arc<SqliteStore>, Exit> {
    SqliteStore::open(path).map(Arc::new).map_err(|error| Exit::of_store(error, path))
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
    config: Config,
    env: SystemEnv,
    store: Arc<SqliteStore>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Exit> {
    let Way { token, network, rest, place } = way;
    let account = tokio::select! {
        arrived = discord::arrive(&env, &rest, &*store, place) => arrived?,
        _ = stop.wait_for(|stop| *stop) => return Ok(()),
    };
    let shards = account.gateway.shards;
    info!(application = account.application.0, shards, "Discord knows the bot");

    let world = MusterWorld {
        env: env.clone(),
        store: Arc::clone(&store),
        discord: RestDiscord::new(env.clone(), rest.clone(), account.application),
    };
    let app = App::new(world, config);
    env.spawn("scheduler", app.clone().run_scheduler());
    env.spawn("reconciler", app.clone().run_reconciler());

    let gateway = Gateway::new(
        env.clone(),
        network,
        Arc::new(Keeper(store)),
        GatewayConfig {
            token,
            intents: INTENTS,
            shards,
            start_limit: account.start_limit(),
            url: account.gateway.url,
            wanted: Inbox::<World, Rest<SystemEnv>>::wants,
        },
    );
    let mut refused = rest.token_refused();
    let bot = Arc::new(Bot::new(app.clone(), rest));
    let ended = tokio::select! {
        ended = listen((gateway, shards), bot, stop) => ended,
        _ = refused.wait_for(|refused| *refused) => Err(Exit::TokenRefused),
    };
    if let Err(error) = app.write_down_shown().await {
        warn!(%error, "what the posts show could not be written down; some are edited once more");
    }
    ended
}

/// Takes events until the operator ends the program, or Discord or the disk does.
async fn listen(
    (gateway, shards): (Gateway<SystemEnv, Keeper<SqliteStore>>, u32),
    bot: Arc<MusterBot>,
    stop: watch::Receiver<bool>,
) -> Result<(), Exit> {
    let env = bot.app().env().clone();
    let gateway = Arc::new(gateway);
    let (events, mut received) = mpsc::channel::<Dispatch>(EVENTS_WAITING_MAX);
    let (hang_up, ending) = watch::channel(false);
    let (ended, mut shards_ended) = mpsc::channel::<Result<(), GatewayError>>(1);
    for shard in 0..shards {
        let (gateway, events, ending, ended) =
            (Arc::clone(&gateway), events.clone(), ending.clone(), ended.clone());
        env.spawn("shard", async move {
            let meter = Arc::new(ShardMeter::default());
            let result = gateway.run_shard(shard, meter, events, ending).await;
            // Nobody waits for it any more once another shard has ended the program.
            drop(ended.send(result).await);
        });
    }
    drop((events, ended));
    let inbox = Inbox::new(Arc::clone(&bot));
    let mut stop = stop;
    let ended = loop {
        tokio::select! {
            biased;
            event = received.recv() => match event {
                Some(event) => inbox.take(event),
                // The shards are gone: one of them knows why.
                None => break None,
            },
            Some(Err(error)) = shards_ended.recv() => break Some(Err(refused(&error))),
            error = bot.app().broken() => break Some(Err(Exit::SyncFailed(error))),
            _ = stop.wait_for(|stop| *stop) => break Some(Ok(())),
        }
    };
    let outcome = match ended {
        Some(outcome) => outcome,
        None => why_they_ended(&mut shards_ended).await,
    };
    hang_up.send_replace(true);
    drain(&env, &inbox, &mut shards_ended).await;
    outcome
}

async fn why_they_ended(
    shards_ended: &mut mpsc::Receiver<Result<(), GatewayError>>,
) -> Result<(), Exit> {
    while let Some(ended) = shards_ended.recv().await {
        ended.map_err(|error| refused(&error))?;
    }
    Ok(())
}

fn refused(error: &GatewayError) -> Exit {
    match error {
        GatewayError::Refused(refusal) => Exit::from_gateway(*refusal),
        GatewayError::NoReceiver => Exit::Surroundings("the bot stopped taking events".into()),
    }
}

/// Finishes what is in hand and lets the shards hang up.
async fn drain(
    env: &SystemEnv,
    inbox: &Inbox<World, Rest<SystemEnv>>,
    shards_ended: &mut mpsc::Receiver<Result<(), GatewayError>>,
) {
    let began = env.monotonic();
    let finished = within(env, DRAIN, async {
        inbox.empty().await;
        while shards_ended.recv().await.is_some() {}
    })
    .await;
    let took_ms = env.monotonic().saturating_sub(began).as_millis();
    if finished.is_some() {
        info!(took_ms, "ended in order");
    } else {
        error!(took_ms, "not everything in hand could be finished");
    }
}
