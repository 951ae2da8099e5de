//! The ceiling: a bot on Muster's own gateway and REST client that reads every interaction and
//! answers it with the same post, finished long before. It stores nothing and renders nothing.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use clap::Args;
use jiff::Timestamp;
use muster::SystemEnv;
use muster_discord::bot::Answers as _;
use muster_discord::gateway::{Dispatch, Gateway, GatewayConfig, ShardMeter, StartLimit};
use muster_discord::interaction::parse;
use muster_discord::net::Network;
use muster_discord::rest::Rest;
use muster_discord::token::Token;
use muster_store::model::SavedSession;
use muster_store::port::{Sessions, Stored};
use tokio::sync::{mpsc, watch};

use crate::error::{BenchError, other};
use crate::world::{Habit, TOKEN};
use crate::{clock, world};

/// Events between the gateway and those who answer; as many as Muster has.
const EVENTS_WAITING_MAX: usize = 1_024;

/// Where to connect, and how large the answer is.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The address of Discord.
    #[arg(long)]
    url: String,
    /// Members on the post.
    #[arg(long)]
    members: u64,
    /// One more root certificate.
    #[arg(long)]
    authority: Option<PathBuf>,
}

/// Answers until it is ended.
pub(crate) fn run(options: &Options) -> Result<(), BenchError> {
    clock::runtime()?.block_on(serve(options))
}

async fn serve(options: &Options) -> Result<(), BenchError> {
    let failed = |what: &dyn std::fmt::Display| other(&what.to_string());
    let env = SystemEnv::new();
    let token = Arc::new(Token::parse(TOKEN).map_err(|error| failed(&error))?);
    let network = Network::new(options.authority.as_deref()).map_err(|error| failed(&error))?;
    let base = options.url.parse().map_err(|_| other("not an address"))?;
    let rest = Rest::new(env.clone(), network.clone(), &base, &token);
    let rest = rest.map_err(|error| failed(&error))?;
    let found = rest.gateway_bot().await.map_err(|error| failed(&error))?;
    let config = GatewayConfig {
        token,
        intents: 1,
        shards: 1,
        url: found.url,
        start_limit: StartLimit {
            remaining: 1_000,
            reset_after: std::time::Duration::ZERO,
            max_concurrency: 1,
        },
        wanted: |name| name == "INTERACTION_CREATE",
    };
    let gateway = Gateway::new(env, network, Arc::new(Forgetful), config);
    let (events, received) = mpsc::channel(EVENTS_WAITING_MAX);
    let (_running, stop) = watch::channel(false);
    let post = world::sample_post(options.members, Habit::default()).await?;
    // By hand, because the type comes first in Muster's answers too.
    let answer = format!(r#"{{"type":7,"data":{post}}}"#);
    clock::spawn(answer_all(rest, received, Bytes::from(answer)));
    let ended = gateway.run_shard(0, Arc::new(ShardMeter::default()), events, stop).await;
    ended.map_err(|error| failed(&error))
}

async fn answer_all(rest: Rest<SystemEnv>, mut received: mpsc::Receiver<Dispatch>, answer: Bytes) {
    while let Some(event) = received.recv().await {
        let (rest, answer) = (rest.clone(), answer.clone());
        clock::spawn(async move {
            if let Ok(interaction) = parse(event.data.get()) {
                // One that is missing is counted by the other side.
                drop(rest.answer(interaction.id, &interaction.token, answer.into()).await);
            }
        });
    }
}

/// Keeps nothing.
struct Forgetful;

impl Sessions for Forgetful {
    async fn session(&self, _: u32) -> Stored<Option<SavedSession>> {
        Ok(None)
    }

    async fn save_session(&self, _: u32, _: Option<SavedSession>) -> Stored<()> {
        Ok(())
    }

    async fn identifies_since(&self, _: Timestamp) -> Stored<Vec<Timestamp>> {
        Ok(Vec::new())
    }

    async fn record_identify(&self, _: Timestamp) -> Stored<()> {
        Ok(())
    }
}
