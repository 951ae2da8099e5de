//! The command line. Every flag is an environment variable too, and `.env` is read.
//!
//! Values stay text here, so that a bad one is answered in one sentence, and an empty one is as
//! good as none.

use clap::{Args, Parser, Subcommand};

/// Events and RSVPs for Discord, self-hosted.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) logs: LogOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the bot on Discord.
    Run(RunOptions),
    /// Try the bot offline, against a simulated Discord with a page to use it from.
    Demo(DemoOptions),
}

/// How the program tells what it does.
#[derive(Args, Clone, Debug)]
pub(crate) struct LogOptions {
    /// What is told: off, error, warn, info, debug or trace; or per part, as in
    /// `info,muster_discord=debug`.
    #[arg(long, env = "LOG", default_value = "info", global = true)]
    pub(crate) log: String,
    /// How it is written: text for people, json for machines.
    #[arg(long, env = "LOG_FORMAT", default_value = "text", global = true)]
    pub(crate) log_format: String,
}

/// Options of `muster run`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RunOptions {
    /// The bot's token, from the developer portal. Give it by the variable, where other users of
    /// the machine cannot read it.
    #[arg(
        long,
        env = "DISCORD_TOKEN",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) discord_token: String,
    /// Another Discord; plain http only on this machine.
    #[arg(long, env = "DISCORD_API_URL", default_value = "https://discord.com")]
    pub(crate) discord_api_url: String,
    /// A file with one more root certificate to trust, for another Discord (PEM).
    #[arg(long, env = "DISCORD_CA_FILE", default_value = "", hide_default_value = true)]
    pub(crate) discord_ca_file: String,
    /// Where everything is kept: sqlite:FILE.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:muster.db")]
    pub(crate) database_url: String,
    /// The time zone of servers that have set none, such as Europe/Berlin; without it the bot
    /// asks.
    #[arg(long, env = "DEFAULT_TIMEZONE", default_value = "", hide_default_value = true)]
    pub(crate) default_timezone: String,
}

/// Options of `muster demo`.
#[derive(Args, Clone, Debug)]
pub(crate) struct DemoOptions {
    /// The port of the page; another free one if it is taken.
    #[arg(long, env = "DEMO_PORT", default_value = "4280")]
    pub(crate) port: String,
}
