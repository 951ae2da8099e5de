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
mod inside;
mod json;
mod ledger;
mod page_api;
mod render;
mod rest;
pub mod seed;
mod shared;
mod tls;
mod users;
mod validate;
pub mod world;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use clock::{ClockError, SimClock};
pub use faults::{Faults, ScriptedAnswer};
pub use gateway::{Entry, EventFault, GatewayFaults, GatewayLimits, Greeting, Link, LinkError};
pub use inside::{Broken, Inside};
pub use ledger::{Counts, Exchange, Exchanges, Observer};
pub use rest::{Limits, Rate};
pub use tls::{TestAuthority, TlsError};
pub use users::{Answer, Choice, Modal, Outcome, User, UserError};
pub use validate::Errors;
pub use world::World;

use tls::TlsListener;

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
    /// Speaks TLS, with a certificate by this authority; plain HTTP if there is none.
    pub tls: Option<TestAuthority>,
    /// Shards, and how many sessions a bot may begin.
    pub gateway: GatewayLimits,
    /// How much of what the API takes.
    pub limits: Limits,
    /// How many exchanges with the API are kept for [`Inside::exchanges`]; 0 keeps none.
    pub exchanges_kept: usize,
    /// Who is told of every exchange with the API.
    pub observer: Option<Observer>,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock: SimClock::default(),
            heartbeat_interval: Duration::from_millis(41_250),
            first_answer: Duration::from_secs(3),
            resume_window: Duration::from_mins(3),
            tls: None,
            gateway: GatewayLimits::default(),
            limits: Limits::default(),
            exchanges_kept: 0,
            observer: None,
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

/// A running simulator: an [`Inside`] with a listener. Dropping it ends it.
pub struct Sim {
    inside: Inside,
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
    let (stop, stopped) = watch::channel(false);
    let authority = config.tls.clone();
    let scheme = if authority.is_some() { "https" } else { "http" };
    let inside = Inside::at(world, config, format!("{scheme}://{address}"));
    let server = match authority {
        None => tokio::spawn(serve(listener, inside.router(), stopped)),
        Some(authority) => {
            let listener = TlsListener::new(listener, address, &authority);
            tokio::spawn(serve(listener, inside.router(), stopped))
        }
    };
    Ok(Sim { inside, address, stop, server })
}

async fn serve<L>(listener: L, app: Router, mut stopped: watch::Receiver<bool>)
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    let stopped = async move {
        // An error means that the handle is gone, which ends the simulator too.
        stopped.changed().await.ok();
    };
    if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stopped).await {
        tracing::error!(%error, "the simulator has ended");
    }
}

impl Deref for Sim {
    type Target = Inside;

    fn deref(&self) -> &Inside {
        &self.inside
    }
}

impl Sim {
    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.address
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
