//! `muster demo`: the whole bot against a simulated Discord in the same program, with a page.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use muster_discord::token::Token;
use muster_engine::limits::REMOVED_GUILD_KEPT;
use muster_engine::tap_limit::TapRate;
use muster_sim::{Sim, SimClock, SimConfig, SimError, seed};
use tracing::warn;

use crate::cli::DemoOptions;
use crate::config::RunConfig;
use crate::env::SystemEnv;
use crate::exit::Exit;
use crate::{config, run, stop};

/// Runs until the operator has seen enough.
pub(crate) async fn demo(options: &DemoOptions) -> Result<(), Exit> {
    let port = config::port(&options.port)?;
    let stop = stop::on_signals()?;
    let clock = SimClock::real();
    let sim = start_discord(port, &clock).await?;
    let folder = Folder::make()?;
    let config = RunConfig {
        token: Token::parse(seed::TOKEN).map_err(|_| Exit::NoToken("is not a bot token"))?,
        api_url: sim.url(),
        ca_file: None,
        database: folder.0.join("muster.db"),
        default_zone: None,
        taps: Some(TapRate::DEFAULT),
        removed_guild_kept: REMOVED_GUILD_KEPT,
    };
    greet(&sim.url());
    let ended = run::bot(config, SystemEnv::simulated(clock), stop).await;
    sim.stop().await;
    ended
}

/// Starts the simulated Discord on the port asked for, or on a free one if that is taken.
async fn start_discord(port: u16, clock: &SimClock) -> Result<Sim, Exit> {
    let mut taken = None;
    for port in [port, 0] {
        let world = seed::demo(1, clock.now()).world;
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let config = SimConfig { listen, clock: clock.clone(), ..SimConfig::default() };
        match muster_sim::start(world, config).await {
            Ok(sim) => return Ok(sim),
            Err(error @ SimError::Listen { .. }) => taken = Some(error),
            Err(error @ SimError::NotLoopback(_)) => {
                return Err(Exit::Surroundings(error.to_string()));
            }
        }
    }
    Err(Exit::Surroundings(taken.map_or_else(String::new, |error| error.to_string())))
}

#[expect(clippy::print_stdout, reason = "the address is what the person came for")]
fn greet(url: &str) {
    println!("Muster's demo is at {url}");
    println!("Everything stays on this machine. Ctrl-C ends it.");
}

/// A folder for the demo's database, removed with everything in it at the end.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self, Exit> {
        let path = std::env::temp_dir().join(format!("muster-demo-{}", std::process::id()));
        match std::fs::create_dir_all(&path) {
            Ok(()) => Ok(Self(path)),
            Err(error) => Err(cannot_make(&path, &error)),
        }
    }
}

fn cannot_make(path: &Path, error: &std::io::Error) -> Exit {
    Exit::Surroundings(format!(
        "the folder {} cannot be made ({error}): set TMPDIR to one that can",
        path.display()
    ))
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            warn!(folder = %self.0.display(), %error, "the demo's folder could not be removed");
        }
    }
}
