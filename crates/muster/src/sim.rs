//! `muster sim`: the simulated Discord alone, so that bots of any make can be tried against it.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use muster_sim::ids::AppId;
use muster_sim::seed::{self, Demo};
use muster_sim::world::{NewChannel, Permissions};
use muster_sim::{GatewayLimits, Limits, Sim, SimConfig, SimError, TestAuthority, World};
use muster_vitals::settings;

use crate::cli::SimOptions;
use crate::config::or;
use crate::exit::Exit;
use crate::stop;

/// The most guilds that can be asked for: four shards full of them.
const GUILDS_MAX: usize = 10_000;
/// The most shards that can be recommended.
const SHARDS_MAX: u64 = 1_000;
/// The privileged intents: members, presences, message content. All are switched on.
const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | 1 << 15;

/// What `muster sim` needs to know.
#[derive(Debug)]
struct Wanted {
    port: u16,
    /// Where the authority's certificate is put.
    tls: Option<PathBuf>,
    shards: u64,
    limits: Limits,
    seed: u64,
    guilds: usize,
}

impl Wanted {
    fn check(options: &SimOptions) -> Result<Self, Exit> {
        let guilds = number("--guilds", &options.guilds, 2..=GUILDS_MAX)?;
        Ok(Self {
            port: number("--port", &options.port, 0..=u16::MAX)?,
            tls: Some(options.tls.trim()).filter(|folder| !folder.is_empty()).map(PathBuf::from),
            shards: number("--shards", &options.shards, 1..=SHARDS_MAX)?,
            limits: limits(or(&options.limits, "true"))?,
            seed: number("--seed", &options.seed, 0..=u64::MAX)?,
            guilds,
        })
    }
}

fn limits(raw: &str) -> Result<Limits, Exit> {
    match settings::switch(raw) {
        Some(true) => Ok(Limits::default()),
        Some(false) => Ok(Limits::off()),
        None => Err(Exit::variable("--limits", raw, &format!("it is {}", settings::SWITCH))),
    }
}

fn number<N>(variable: &'static str, raw: &str, bounds: RangeInclusive<N>) -> Result<N, Exit>
where
    N: FromStr + PartialOrd + std::fmt::Display,
{
    let read = raw.trim().parse().ok().filter(|read| bounds.contains(read));
    let instead = || format!("it is a number from {} to {}", bounds.start(), bounds.end());
    read.ok_or_else(|| Exit::variable(variable, raw, &instead()))
}

/// Serves until the operator has seen enough.
pub(crate) async fn sim(options: &SimOptions) -> Result<(), Exit> {
    let wanted = Wanted::check(options)?;
    let mut stop = stop::on_signals()?;
    let trusted = wanted.tls.as_deref().map(make_authority).transpose()?;
    let (authority, ca_file) = trusted.unzip();
    let config = SimConfig {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, wanted.port)),
        tls: authority,
        gateway: GatewayLimits { shards: wanted.shards, ..GatewayLimits::default() },
        limits: wanted.limits.clone(),
        ..SimConfig::default()
    };
    let (world, application) = build(&wanted, config.clock.now());
    let sim = muster_sim::start(world, config).await.map_err(|error| refused(&error))?;
    greet(&sim, application, ca_file.as_deref());
    // An error means that nobody can ask for the end any more.
    drop(stop.wait_for(|stop| *stop).await);
    sim.stop().await;
    Ok(())
}

/// The demo's two clubs, and as many more guilds as were asked for.
fn build(wanted: &Wanted, now: jiff::Timestamp) -> (World, AppId) {
    let Demo { mut world, app, owner, .. } = seed::demo(wanted.seed, now);
    world.edit_application(app, |app| app.privileged = PRIVILEGED);
    let mut at = now;
    for number in 3..=wanted.guilds {
        // Shards are told apart by the millisecond in a guild's id.
        at = at.checked_add(Duration::from_millis(1)).unwrap_or(at);
        world.set_now(at);
        let guild = world.add_guild(&format!("Guild {number}"), owner);
        world.add_channel(guild, NewChannel::text("general"));
        world.install(app, guild, Permissions::BOT_CORE);
    }
    world.set_now(now);
    (world, app)
}

fn make_authority(folder: &Path) -> Result<(TestAuthority, PathBuf), Exit> {
    let authority = TestAuthority::new()
        .map_err(|error| Exit::Surroundings(format!("there can be no TLS: {error}")))?;
    let file = folder.join("ca.pem");
    let written =
        std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, authority.pem()));
    written.map_err(|error| {
        let given = folder.display().to_string();
        let instead = format!("it names a folder that can be written to ({error})");
        Exit::variable("--tls", &given, &instead)
    })?;
    Ok((authority, file))
}

fn refused(error: &SimError) -> Exit {
    Exit::Surroundings(format!("{error}: give another port with --port, or 0 for any free one"))
}

#[expect(clippy::print_stdout, reason = "the addresses are what the person came for")]
fn greet(sim: &Sim, application: AppId, ca_file: Option<&Path>) {
    let url = sim.url();
    println!("A simulated Discord, with a page to use it from: {url}");
    println!();
    println!("  DISCORD_API_URL={url}");
    println!("  DISCORD_TOKEN={}", seed::TOKEN);
    println!("  DISCORD_APPLICATION_ID={application}");
    if let Some(file) = ca_file {
        println!("  DISCORD_CA_FILE={}", file.display());
    }
    println!();
    println!("HTTP is below {url}/api/v10; the gateway is found there as at Discord.");
    println!("Everything stays on this machine. Ctrl-C ends it.");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn options() -> SimOptions {
        SimOptions {
            port: "0".into(),
            tls: String::new(),
            shards: "1".into(),
            limits: "true".into(),
            seed: "1".into(),
            guilds: "2".into(),
        }
    }

    #[test]
    fn every_bad_value_is_named() {
        for (variable, options) in [
            ("--port", SimOptions { port: "65536".into(), ..options() }),
            ("--shards", SimOptions { shards: "0".into(), ..options() }),
            ("--limits", SimOptions { limits: "some".into(), ..options() }),
            ("--seed", SimOptions { seed: "x".into(), ..options() }),
            ("--guilds", SimOptions { guilds: "1".into(), ..options() }),
        ] {
            let exit = Wanted::check(&options).unwrap_err();
            assert_eq!(exit.status(), 3);
            assert!(exit.to_string().starts_with(variable), "{exit}");
        }
    }

    #[test]
    fn guilds_spread_over_the_shards() {
        let wanted = Wanted::check(&SimOptions { guilds: "50".into(), ..options() }).unwrap();
        let (world, app) = build(&wanted, "2027-03-12T18:00:00Z".parse().unwrap());
        let homes: BTreeSet<u64> = world.guilds().map(|guild| (guild.id.get() >> 22) % 4).collect();
        assert_eq!((world.guilds().count(), homes.len()), (50, 4));
        let bot = world.app(app).unwrap().bot;
        assert!(world.guilds().all(|guild| guild.members.contains_key(&bot)));
    }
}
