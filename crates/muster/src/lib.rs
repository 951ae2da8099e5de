//! The program: command line, configuration, wiring, shutdown. A library, so that tests can run the
//! whole bot in their own process; `main.rs` only calls [`main`].

mod alerts;
mod backups;
mod cli;
mod config;
mod copies;
mod demo;
mod discord;
mod doctor;
mod dotenv;
mod env;
mod exit;
mod given;
mod given_up;
mod healthcheck;
mod hygiene;
mod in_force;
mod inbox;
mod logs;
mod misspelt;
mod panics;
mod run;
mod shards;
mod sim;
mod stop;
mod vitals_options;
mod watch;
mod watching;
mod web;

pub use alerts::AlertTargets;
pub use config::{Listens, RunConfig, Web};
pub use copies::Copies;
pub use env::SystemEnv;
pub use exit::Exit;
pub use run::{bot, watched_bot};

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory as _, FromArgMatches as _};
use muster_vitals::settings::Settings;

use crate::cli::{Cli, Command};
use crate::misspelt::Misspelt;

/// Does what the command line says; returns the status to end with.
#[must_use]
pub fn main() -> ExitCode {
    panics::tell_of_them();
    // Before any other thread asks for memory; where it is not possible, nothing is lost.
    let _agreed = muster_allocator::use_one_arena();
    // Before the command line is read, as it may take its values from there.
    let in_file = match dotenv::read() {
        Ok(names) => names,
        Err(error) => return exit::end(&error),
    };
    let command = Cli::command();
    let matches = command.clone().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match start(cli, &misspelt::look(&command, &in_file)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::end(&given::named(error, &command, &matches)),
    }
}

fn start(cli: Cli, misspelt: &[Misspelt]) -> Result<(), Exit> {
    let settings = match &cli.command {
        Command::Run(options) => options.vitals.settings()?,
        Command::Doctor(_)
        | Command::Healthcheck(_)
        | Command::Backup(_)
        | Command::Restore(_)
        | Command::Verify(_)
        | Command::Demo(_)
        | Command::Sim(_) => Settings::default(),
    };
    let log_file = config::given(&cli.logs.log_file).map(PathBuf::from);
    logs::start(&cli.logs, log_file.as_deref().filter(|_| has_a_log(&cli.command)), settings.logs)?;
    match &cli.command {
        Command::Run(_) | Command::Backup(_) | Command::Restore(_) | Command::Verify(_) => {
            misspelt::log(misspelt);
        }
        // The doctor has lines of its own; the others need hardly any variable.
        Command::Doctor(_) | Command::Healthcheck(_) | Command::Demo(_) | Command::Sim(_) => {}
    }
    match cli.command {
        Command::Run(options) => on_runtime(run::run(&options, log_file)),
        Command::Doctor(options) => {
            on_runtime(doctor::doctor(&options, misspelt, log_file.is_some()))
        }
        Command::Healthcheck(options) => {
            healthcheck::healthcheck(config::http_addr(&options.http_addr)?)
        }
        Command::Backup(options) => backups::make(&options, log_file),
        Command::Restore(options) => backups::restore(&options),
        Command::Verify(options) => backups::verify(&options),
        Command::Demo(options) => on_runtime(demo::demo(&options)),
        Command::Sim(options) => on_runtime(sim::sim(&options)),
    }
}

/// Whether a command writes to `LOG_FILE`: what serves until it is ended. The others are used
/// beside a running bot, often with its variables and by another user: a line of theirs would begin
/// a file that the bot cannot write to, or put the bot's own aside under its hands.
fn has_a_log(command: &Command) -> bool {
    match command {
        Command::Run(_) | Command::Demo(_) | Command::Sim(_) => true,
        Command::Doctor(_)
        | Command::Healthcheck(_)
        | Command::Backup(_)
        | Command::Restore(_)
        | Command::Verify(_) => false,
    }
}

/// How long a thread for what may block waits for more.
const THREAD_KEPT: Duration = Duration::from_secs(20);

/// One thread carries all of Discord; the store has threads of its own.
fn on_runtime(work: impl Future<Output = Result<(), Exit>>) -> Result<(), Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // The disk is asked every 15 s on a thread beside: one that waits is cheaper than new ones.
        .thread_keep_alive(THREAD_KEPT)
        .build()
        .map_err(|error| Exit::Surroundings(format!("no event loop can be started: {error}")))?;
    let ended = runtime.block_on(work);
    runtime.shutdown_timeout(Duration::from_millis(200));
    ended
}
