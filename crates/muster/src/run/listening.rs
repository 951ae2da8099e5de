//! Takes what comes through the shards until the end, and ends in order.

use std::sync::Arc;

use muster_discord::gateway::{Gateway, GatewayConfig, GatewayError, Refusal};
use muster_discord::net::Network;
use muster_discord::rest::Rest;
use muster_discord::rest::model::GatewayBot;
use muster_discord::token::Token;
use muster_engine::App;
use muster_engine::ports::{Clock, within};
use muster_store::model::Shard;
use muster_store::port::Guilds as _;
use muster_store::sqlite::SqliteStore;
use muster_vitals::Vitals;
use tokio::sync::watch;
use tracing::{error, info, warn};

use super::{DRAIN, MusterBot, World};
use crate::discord;
use crate::env::SystemEnv;
use crate::exit::Exit;
use crate::inbox::Inbox;
use crate::shards::{self, Shards};

/// What the shards are started with, again if their number changes.
pub(super) struct Line {
    pub(super) env: SystemEnv,
    pub(super) intents: u64,
    pub(super) token: Arc<Token>,
    pub(super) network: Network,
    pub(super) rest: Rest<SystemEnv>,
    pub(super) store: Arc<SqliteStore>,
    pub(super) vitals: Arc<Vitals>,
}

impl Line {
    fn start(&self, gateway: &GatewayBot) -> Shards {
        let shards = shards::sensible(gateway.shards);
        let config = GatewayConfig {
            token: Arc::clone(&self.token),
            intents: self.intents,
            shards,
            start_limit: discord::start_limit(gateway),
            url: gateway.url.clone(),
            wanted: Inbox::<World, Rest<SystemEnv>>::wants,
        };
        let (network, sessions) = (self.network.clone(), Arc::clone(&self.store));
        let gateway = Gateway::new(self.env.clone(), network, sessions, config);
        Shards::start(&self.env, gateway, shards, &self.vitals)
    }

    /// A session that goes on does not say which guilds there are; what was known before counts.
    async fn knows_guilds(&self, gateway: &GatewayBot) {
        let known = match self.store.guilds_present().await {
            Ok(known) => known,
            Err(error) => return warn!(%error, "how many guilds there are could not be read"),
        };
        let of = shards::sensible(gateway.shards);
        for number in 0..of {
            let here = known.iter().filter(|guild| Shard { number, of }.has(**guild));
            self.vitals.meters.link.guilds_are(number, here.map(|guild| guild.get()));
        }
    }

    /// Asks how many shards there should be, after Discord has refused so many as there are.
    async fn other_number(&self, before: &GatewayBot) -> Option<GatewayBot> {
        let now = discord::gateway(&self.env, &self.rest).await?;
        let changed = shards::sensible(now.shards) != shards::sensible(before.shards);
        changed.then_some(now)
    }
}

/// Why events are no longer taken.
enum Left {
    /// The program ends so.
    For(Result<(), Exit>),
    /// The number of shards does not suit Discord.
    OtherNumber(Refusal),
}

/// Takes events until the operator ends the program, or Discord or the disk does.
pub(super) async fn listen(
    line: Line,
    mut gateway: GatewayBot,
    bot: Arc<MusterBot>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Exit> {
    let inbox = Inbox::new(Arc::clone(&bot));
    let mut shards = line.start(&gateway);
    line.knows_guilds(&gateway).await;
    let outcome = loop {
        let refusal = match take_events(&inbox, &mut shards, bot.app(), &mut stop).await {
            Left::For(outcome) => break outcome,
            Left::OtherNumber(refusal) => refusal,
        };
        let asked = tokio::select! {
            asked = line.other_number(&gateway) => asked,
            _ = stop.wait_for(|stop| *stop) => break Ok(()),
        };
        let Some(other) = asked else { break Err(Exit::from_gateway(refusal)) };
        info!(before = gateway.shards, shards = other.shards, "Discord wants other shards");
        shards.hang_up();
        if within(&line.env, DRAIN, empty(&inbox, &mut shards)).await.is_none() {
            warn!("not everything that came through the shards before could be finished");
        }
        gateway = other;
        shards = line.start(&gateway);
    };
    shards.hang_up();
    bot.app().close();
    line.rest.close();
    drain(bot.app(), &inbox, &mut shards).await;
    outcome
}

async fn take_events(
    inbox: &Inbox<World, Rest<SystemEnv>>,
    shards: &mut Shards,
    app: &App<World>,
    stop: &mut watch::Receiver<bool>,
) -> Left {
    loop {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return Left::For(Ok(())),
            error = app.broken() => return Left::For(Err(Exit::SyncFailed(error))),
            error = shards.ended.broken() => return left(error),
            // None are left when the shards are gone: one of them knows why.
            true = inbox.take_next(&mut shards.events) => {}
        }
    }
}

fn left(error: Option<GatewayError>) -> Left {
    match error {
        Some(GatewayError::Refused(refusal @ (Refusal::Shard | Refusal::ShardingRequired))) => {
            Left::OtherNumber(refusal)
        }
        Some(error) => Left::For(Err(refused(&error))),
        None => Left::For(Ok(())),
    }
}

fn refused(error: &GatewayError) -> Exit {
    match error {
        GatewayError::Refused(refusal) => Exit::from_gateway(*refusal),
        GatewayError::NoReceiver => Exit::Surroundings("the bot stopped taking events".into()),
    }
}

/// Finishes what came through shards that hang up.
async fn empty(inbox: &Inbox<World, Rest<SystemEnv>>, shards: &mut Shards) {
    while inbox.take_next(&mut shards.events).await {}
    inbox.empty().await;
    shards.all_ended().await;
}

/// Finishes what is in hand and lets the shards hang up.
async fn drain(app: &App<World>, inbox: &Inbox<World, Rest<SystemEnv>>, shards: &mut Shards) {
    let env = app.env();
    let began = env.monotonic();
    let finished = within(env, DRAIN, async {
        empty(inbox, shards).await;
        // After it: an answer in hand may have begun a post.
        app.closed().await;
    })
    .await;
    let took_ms = env.monotonic().saturating_sub(began).as_millis();
    if finished.is_some() {
        info!(took_ms, "ended in order");
    } else {
        error!(took_ms, "not everything in hand could be finished");
    }
}
