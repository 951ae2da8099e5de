//! The shards of one process: as many as Discord recommends, started together, left together.

use std::sync::Arc;

use muster_discord::gateway::{Dispatch, Gateway, GatewayError, ShardMeter};
use muster_engine::ports::Tasks;
use muster_store::sqlite::SqliteStore;
use muster_vitals::Vitals;
use tokio::sync::{mpsc, watch};

use crate::env::SystemEnv;

/// Shards of one process at most: two and a half million guilds, far beyond what one process and
/// one file can serve. It guards against an answer that makes no sense.
const SHARDS_MAX: u32 = 1_024;

/// Events between the gateway and those who handle them. They are taken at once; this is slack.
const EVENTS_WAITING_MAX: usize = 1_024;

/// How many shards to start where Discord recommends so many.
pub(crate) fn sensible(recommended: u32) -> u32 {
    recommended.clamp(1, SHARDS_MAX)
}

/// Shards that run on tasks of their own.
pub(crate) struct Shards {
    /// What came through any of them; over when all have hung up.
    pub(crate) events: mpsc::Receiver<Dispatch>,
    /// How they ended.
    pub(crate) ended: Ended,
    hang_up: watch::Sender<bool>,
}

impl Shards {
    /// Starts the shards from 0 up; the gateway's gates let them in as Discord's rules say.
    pub(crate) fn start(
        env: &SystemEnv,
        gateway: Gateway<SystemEnv, SqliteStore>,
        number: u32,
        vitals: &Arc<Vitals>,
    ) -> Self {
        // After another number of shards, those before count no more.
        vitals.meters.link.forget_shards();
        let gateway = Arc::new(gateway);
        let (taken, events) = mpsc::channel(EVENTS_WAITING_MAX);
        let (hang_up, ending) = watch::channel(false);
        let (told, ended) = mpsc::channel(1);
        for shard in 0..number {
            let (gateway, taken, ending, told) =
                (Arc::clone(&gateway), taken.clone(), ending.clone(), told.clone());
            let meter = Arc::new(ShardMeter::of_shard(shard, Arc::clone(vitals)));
            env.spawn("shard", async move {
                let result = gateway.run_shard(shard, meter, taken, ending).await;
                // Nobody waits for it any more once another shard has ended the program.
                drop(told.send(result).await);
            });
        }
        Self { events, ended: Ended(ended), hang_up }
    }

    /// Asks all shards to hang up, in a way that lets their sessions live.
    pub(crate) fn hang_up(&self) {
        self.hang_up.send_replace(true);
    }

    /// Waits until all shards have hung up and saved how far they came.
    pub(crate) async fn all_ended(&mut self) {
        while self.ended.0.recv().await.is_some() {}
    }
}

/// How shards ended, one after the other.
pub(crate) struct Ended(mpsc::Receiver<Result<(), GatewayError>>);

impl Ended {
    /// Why a shard ended by itself; waits while none has. `None` once all have hung up as asked.
    /// May be dropped and called again without loss.
    pub(crate) async fn broken(&mut self) -> Option<GatewayError> {
        while let Some(ended) = self.0.recv().await {
            if let Err(error) = ended {
                return Some(error);
            }
        }
        None
    }
}
