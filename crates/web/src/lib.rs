//! The dashboard, the metrics and whether Muster is alive and ready, over HTTP.
//!
//! Everything shown comes from a [`Snapshot`](muster_vitals::snapshot::Snapshot); this crate
//! measures nothing. [`Config::check`] decides who may see it, [`serve`] serves it.

mod acts;
mod allowance;
mod app;
mod assets;
mod config;
mod cookies;
mod discord;
mod given_up;
mod guard;
mod limits;
mod live;
mod metrics;
mod page;
mod ports;
mod probes;
mod problem;
mod proxy;
mod secret;
mod server;
mod sessions;
mod sign_in;
mod words;

pub use self::app::router;
pub use self::config::{Config, ConfigError, Given};
pub use self::given_up::{Again, GivenUp, GivenUpList, GivenUpRow, TriedAgain, Unreadable};
pub use self::guard::Peer;
pub use self::ports::{
    CodeExchange, DiscordSignIn, ExchangeFailed, NoRandomness, Ports, SignInFailed, World,
};
pub use self::probes::ALIVE;
pub use self::secret::Secret;
pub use self::server::serve;
