//! A simulated Discord: world, REST, gateway, users, clock and page.
//!
//! It stands for the outside world: a bot connects to it over real HTTP and WebSocket as it would
//! to Discord, and people act in it from tests ([`User`]) or from a page in the browser. It shares
//! no code with the bot's own Discord layer, so that it can disagree with it.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use muster_sim::{SimConfig, seed};
//!
//! let demo = seed::demo(1, jiff::Timestamp::now());
//! let sim = muster_sim::start(demo.world, SimConfig::default()).await?;
//! println!("DISCORD_API_URL={} DISCORD_TOKEN={}", sim.url(), seed::TOKEN);
//! # Ok(()) }
//! ```

mod clock;
mod faults;
mod gateway;
pub mod ids;
mod json;
mod ledger;
mod page_api;
mod render;
mod rest;
pub mod seed;
mod shared;
mod users;
mod validate;
pub mod world;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use clock::{ClockError, SimClock};
pub use faults::{Faults, ScriptedAnswer};
pub use ledger::Counts;
pub use users::{Answer, Choice, Modal, Outcome, User, UserError};
pub use validate::Errors;
pub use world::World;

use ids::UserId;
use shared::Shared;

/// How the simulator runs.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// Where to listen; loopback only. Port 0 takes any free one.
    pub listen: SocketAddr,
    /// Simulated time.
    pub clock: SimClock,
    /// What the gateway asks of bots in its hello.
    pub heartbeat_interval: Duration,
    /// How long a bot has for its first answer to an interaction, on the real clock.
    pub first_answer: Duration,
    /// How long a dropped session can be resumed, on the real clock.
    pub resume_window: Duration,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock: SimClock::default(),
            heartbeat_interval: Duration::from_millis(41_250),
            first_answer: Duration::from_secs(3),
            resume_window: Duration::from_mins(3),
        }
    }
}

/// Why the simulator did not start, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// Other machines could reach it.
    #[error("the simulator listens on loopback only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The address is taken, for example.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// A running simulator. Dropping it ends it.
pub struct Sim {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

/// Starts a simulator on the current runtime.
pub async fn start(world: World, config: SimConfig) -> Result<Sim, SimError> {
    if !config.listen.ip().is_loopback() {
        return Err(SimError::NotLoopback(config.listen));
    }
    let failed = |source| SimError::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let shared = Arc::new(Shared::new(world, config, format!("http://{address}")));
    let app = router(&shared);
    let (stop, mut stopped) = watch::channel(false);
    let server = tokio::spawn(async move {
        let stopped = async move {
            // An error means that the handle is gone, which ends the simulator too.
            stopped.changed().await.ok();
        };
        if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "the simulator has ended");
        }
    });
    Ok(Sim { shared, address, stop, server })
}

fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .nest("/api/v10", rest::router(Arc::clone(shared)))
        .merge(page_api::router())
        .with_state(Arc::clone(shared))
}

impl Sim {
    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Its address as a bot's `DISCORD_API_URL`, for example `http://127.0.0.1:4000`.
    #[must_use]
    pub fn url(&self) -> String {
        self.shared.url.clone()
    }

    /// Simulated time.
    #[must_use]
    pub fn clock(&self) -> &SimClock {
        &self.shared.clock
    }

    /// A person at a client.
    #[must_use]
    pub fn user(&self, id: UserId) -> User {
        User { shared: Arc::clone(&self.shared), id }
    }

    /// Looks into the world, or changes it; whoever has to know is told.
    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        self.shared.with(look)
    }

    /// Waits until `look` finds something, looking anew after every change, for `limit` of real
    /// time at most.
    pub async fn until<T>(&self, limit: Duration, look: impl Fn(&World) -> Option<T>) -> Option<T> {
        let mut changes = self.shared.changes();
        let found = async {
            loop {
                if let Some(found) = self.shared.with(|world| look(world)) {
                    return Some(found);
                }
                changes.changed().await.ok()?;
            }
        };
        tokio::time::timeout(limit, found).await.ok().flatten()
    }

    /// Whether a bot of this application is connected to the gateway.
    #[must_use]
    pub fn is_online(&self, app: ids::AppId) -> bool {
        self.shared.gateway.is_online(app)
    }

    /// Makes bad days.
    #[must_use]
    pub fn faults(&self) -> Faults {
        Faults { shared: Arc::clone(&self.shared) }
    }

    /// What the bot has done so far, in numbers.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.ledger.counts()
    }

    /// Ends it: all connections are cut, the address is free afterwards. Requests that are being
    /// answered have a second to end.
    pub async fn stop(mut self) {
        self.end();
        if tokio::time::timeout(Duration::from_secs(1), &mut self.server).await.is_err() {
            self.server.abort();
        }
    }

    fn end(&self) {
        self.stop.send_replace(true);
        self.shared.gateway.drop_all();
        self.shared.audience.send_home();
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.end();
    }
}
