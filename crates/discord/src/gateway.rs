//! Our side of Discord's gateway: it stays connected by itself, never floods, and hands events
//! on as raw text.
//!
//! `session` decides and owns no socket; `runner` owns the socket and decides nothing.

mod close;
mod dial_gate;
mod frame;
mod heart;
mod identify_gate;
mod inflate;
pub mod limits;
mod meter;
mod progress;
mod runner;
mod saver;
pub mod session;
mod socket;
pub mod step;

use std::sync::Arc;
use std::time::Duration;

use muster_engine::ports::Env;
use muster_store::port::Sessions;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, watch};

pub use self::close::Refusal;
use self::dial_gate::DialGate;
use self::identify_gate::IdentifyGate;
pub use self::identify_gate::StartLimit;
pub use self::meter::ShardMeter;
use self::progress::Receipt;
use crate::net::Network;
use crate::token::Token;

/// What all shards of a process share.
pub struct GatewayConfig {
    /// The bot's token.
    pub token: Arc<Token>,
    /// The sum of the intents (Discord docs: gateway intents).
    pub intents: u64,
    /// Number of shards in all, at least 1; `GET /gateway/bot` recommends one.
    pub shards: u32,
    /// `url` of `GET /gateway/bot`.
    pub url: String,
    /// `session_start_limit` of `GET /gateway/bot`.
    pub start_limit: StartLimit,
    /// Which events come out; of the others the payload is never copied.
    pub wanted: fn(&str) -> bool,
}

/// One event for the program. Dropping it says that it has been processed: a restart resumes
/// behind the last event before which all have been dropped.
pub struct Dispatch {
    /// The shard that it came through.
    pub shard: u32,
    /// Its number within the session.
    pub sequence: u64,
    /// Its name, such as `INTERACTION_CREATE`.
    pub name: Box<str>,
    /// The JSON text of `d`. Holds secrets in interactions: never log it.
    pub data: Box<RawValue>,
    /// When it came, on the monotonic clock.
    pub received: Duration,
    /// Whether it happened before the connection was resumed.
    pub replayed: bool,
    receipt: Receipt,
}

/// Why a shard gave up. Everything that may pass by itself is retried for ever instead.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// Discord refuses us in a way that only the operator can change.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody takes the events any more.
    #[error("the receiver of gateway events is gone")]
    NoReceiver,
}

/// The connections to the gateway of one process. All shards share its gates.
pub struct Gateway<E, S> {
    env: E,
    network: Network,
    kept: Arc<S>,
    config: GatewayConfig,
    dials: DialGate<E>,
    identifies: IdentifyGate<E, S>,
}

impl<E: Env, S: Sessions> Gateway<E, S> {
    /// Prepares; nothing is dialled before [`Self::run_shard`]. What `kept` fails to keep costs an
    /// identify, and is logged.
    #[must_use]
    pub fn new(env: E, network: Network, kept: Arc<S>, config: GatewayConfig) -> Self {
        let dials = DialGate::new(env.clone(), config.shards);
        let identifies = IdentifyGate::new(env.clone(), Arc::clone(&kept), config.start_limit);
        Self { env, network, kept, config, dials, identifies }
    }

    /// Keeps one shard connected until `stop` turns true (or its sender is gone) or Discord
    /// refuses us for good. On stopping it hangs up so that the session survives, waits up to
    /// 4 s for events in hand, and saves how far they came.
    pub async fn run_shard(
        &self,
        shard: u32,
        meter: Arc<ShardMeter>,
        events: mpsc::Sender<Dispatch>,
        stop: watch::Receiver<bool>,
    ) -> Result<(), GatewayError> {
        Box::pin(runner::run(self, shard, runner::Ends { meter, events, stop })).await
    }
}

#[cfg(test)]
mod storm_tests;
