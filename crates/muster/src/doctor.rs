//! `muster doctor`: tests what the bot needs, as its operator sees it, and says how to mend it.

mod copies;
mod database;
mod discord;
mod told;

use std::path::Path;
use std::sync::Arc;

use muster_discord::net::Network;
use muster_engine::ports::Clock as _;

pub(crate) use self::discord::idle_intents;
use self::told::{Told, Tone};
use crate::cli::DoctorOptions;
use crate::config::{RunConfig, database_of, log_fits};
use crate::copies::Copies;
use crate::env::SystemEnv;
use crate::exit::Exit;
use crate::misspelt::Misspelt;

const CONFIGURATION: &str = "configuration";

/// Tests everything and tells it; an error if something needs doing.
pub(crate) async fn doctor(
    options: &DoctorOptions,
    misspelt: &[Misspelt],
    logs_to_file: bool,
) -> Result<(), Exit> {
    let env = SystemEnv::new();
    let mut told = Told::default();
    for one in misspelt {
        told.fix(Tone::Warning, CONFIGURATION, one.what(), one.fix());
    }
    let (copies, config) = match RunConfig::check(&options.run) {
        Ok(config) => (config.copies.clone(), Some(config)),
        // The token is only needed where Discord is asked.
        Err(Exit::NoToken(_)) if options.offline => {
            let words = "DISCORD_TOKEN is not set: `muster run` needs it.";
            told.add(Tone::Note, "token", words);
            let database = database_of(&options.run)?;
            (Copies::check(&options.run.copies, &database)?, None)
        }
        // The slip may be why.
        Err(exit) if !misspelt.is_empty() => return told.write(options).and(Err(exit)),
        Err(exit) => return Err(exit),
    };
    if let Some(config) = config.as_ref().filter(|_| logs_to_file) {
        log_fits(config.vitals.logs.file_max, config.copies.budget_in_force())?;
    }
    told.add(
        Tone::Good,
        CONFIGURATION,
        "Every variable that Muster knows has a value that it can have.",
    );
    match config.filter(|_| !options.offline) {
        Some(config) => ask_discord(&env, config, &mut told).await?,
        None => told.add(Tone::Note, "Discord", "It was not asked: --offline."),
    }
    database::look(&env, &copies.place.database, &mut told);
    copies::look(env.now(), copies, &mut told);
    told.write(options)?;
    told.verdict()
}

async fn ask_discord(env: &SystemEnv, config: RunConfig, told: &mut Told) -> Result<(), Exit> {
    let token = Arc::new(config.token);
    let ca_file = config.ca_file.as_deref();
    let network = Network::new(ca_file).map_err(|error| of_ca_file(ca_file, &error.to_string()))?;
    let rest = crate::discord::client(env, &network, &config.api_url, &token)?;
    discord::ask(&rest, (&config.api_url, config.member_lists), told).await;
    Ok(())
}

fn of_ca_file(path: Option<&Path>, error: &str) -> Exit {
    let given = path.map(|path| path.display().to_string()).unwrap_or_default();
    Exit::variable("DISCORD_CA_FILE", &given, &format!("it names a file of certificates ({error})"))
}
