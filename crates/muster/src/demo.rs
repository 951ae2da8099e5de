//! `muster demo`: the whole bot against a simulated Discord in the same program, with a page.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use muster_discord::token::Token;
use muster_engine::MemberLists;
use muster_engine::limits::REMOVED_GUILD_KEPT;
use muster_engine::ports::Rng;
use muster_engine::tap_limit::TapRate;
use muster_sim::world::Permissions;
use muster_sim::{Sim, SimClock, SimConfig, SimError, seed};
use muster_vitals::settings::Settings;
use muster_web::Given;
use tracing::warn;

use crate::alerts::AlertTargets;
use crate::cli::DemoOptions;
use crate::config::{Listens, RunConfig, Web};
use crate::copies::Copies;
use crate::env::SystemEnv;
use crate::exit::Exit;
use crate::{config, run, stop};

/// Runs until the operator has seen enough.
pub(crate) async fn demo(options: &DemoOptions) -> Result<(), Exit> {
    let port = config::port(&options.port)?;
    let stop = stop::on_signals()?;
    let clock = SimClock::real();
    let env = SystemEnv::simulated(clock.clone());
    let folder = Folder::make(&std::env::temp_dir(), &env)?;
    let sim = start_discord(port, &clock).await?;
    let database = folder.0.join("muster.db");
    let (dashboard, dashboard_at) = dashboard(port)?;
    let config = RunConfig {
        copies: Copies::never(&database),
        token: Token::parse(seed::TOKEN).map_err(|_| Exit::NoToken("is not a bot token"))?,
        api_url: sim.url(),
        ca_file: None,
        database,
        default_zone: None,
        taps: Some(TapRate::DEFAULT),
        removed_guild_kept: REMOVED_GUILD_KEPT,
        member_lists: MemberLists::Off,
        web: Some(dashboard),
        alerts: AlertTargets::default(),
        log_file: None,
        kernel: PathBuf::from("/"),
        vitals: Settings::default(),
        operators: Vec::new(),
    };
    greet(&sim.url(), dashboard_at);
    let ended = run::bot(config, env, stop).await;
    sim.stop().await;
    ended
}

/// Starts the simulated Discord on the port asked for, or on a free one if that is taken.
async fn start_discord(port: u16, clock: &SimClock) -> Result<Sim, Exit> {
    let mut taken = None;
    for port in [port, 0] {
        let mut demo = seed::demo(1, clock.now());
        // Whoever turns threads on here sees them.
        let may = Permissions::BOT_CORE | Permissions::CREATE_PUBLIC_THREADS;
        demo.world.permit(demo.app, demo.guild, may);
        let world = demo.world;
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

/// On the port after the page's, or on any free one.
fn dashboard(port_of_page: u16) -> Result<(Web, SocketAddr), Exit> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let next = port_of_page.checked_add(1).filter(|_| port_of_page != 0);
    let listener = TcpListener::bind(at(next.unwrap_or(0))).or_else(|_| TcpListener::bind(at(0)));
    let opened = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = opened.map_err(|error| {
        Exit::Surroundings(format!("no port is free for the dashboard: {error}"))
    })?;
    let config = muster_web::Config::check(address, &Given::default())?;
    Ok((Web { listens: Listens::Open(listener), config }, address))
}

#[expect(clippy::print_stdout, reason = "the address is what the person came for")]
fn greet(url: &str, dashboard: SocketAddr) {
    println!("Muster's demo is at {url}");
    println!("Its operator's dashboard: http://{dashboard}");
    println!("Everything stays on this machine. Ctrl-C ends it.");
}

/// A folder for the demo's database, removed with everything in it at the end.
///
/// Its name is random, not the process's number: in a container that is 1 at every start, and a
/// demo that was killed leaves its folder behind, with events of a Discord that is no more.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    /// Makes it in `place`, which is not made: whoever named it may have slipped.
    fn make(place: &Path, rng: &impl Rng) -> Result<Self, Exit> {
        let path = place.join(format!("muster-demo-{:016x}", rng.next_u64()));
        match std::fs::create_dir(&path) {
            Ok(()) => Ok(Self(path)),
            Err(error) => Err(cannot_make(place, &error)),
        }
    }
}

fn cannot_make(place: &Path, error: &std::io::Error) -> Exit {
    Exit::Surroundings(format!(
        "no folder can be made in {} ({error}): set TMPDIR to a folder that exists and can be \
         written to",
        place.display()
    ))
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            warn!(folder = %self.0.display(), %error, "the demo's folder could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use muster_scratch::Scratch;

    use super::*;

    /// Always the same, as a process's number is in a container.
    struct Same;

    impl Rng for Same {
        fn next_u64(&self) -> u64 {
            1
        }
    }

    #[test]
    fn every_demo_has_a_folder_of_its_own_and_takes_it_away() {
        let (place, env) = (Scratch::new().unwrap(), SystemEnv::new());
        let make = || Folder::make(place.path(), &env).unwrap();
        let (first, second) = (make(), make());
        assert_ne!(first.0, second.0);
        let path = first.0.clone();
        assert!(path.is_dir());
        drop(first);
        assert!(!path.exists());
    }

    #[test]
    fn a_folder_that_another_demo_left_behind_is_never_used() {
        let place = Scratch::new().unwrap();
        let left = Folder::make(place.path(), &Same).unwrap();
        std::fs::write(left.0.join("muster.db"), "old").unwrap();
        assert_eq!(Folder::make(place.path(), &Same).unwrap_err().status(), 9);
        assert!(left.0.join("muster.db").exists());
    }

    #[test]
    fn a_missing_place_is_told_of_and_not_made() {
        let env = SystemEnv::new();
        let missing = Scratch::new().unwrap().join("missing");
        let exit = Folder::make(&missing, &env).unwrap_err();
        assert_eq!(exit.status(), 9);
        assert!(exit.to_string().contains("TMPDIR"), "{exit}");
        assert!(!missing.exists());
    }
}
