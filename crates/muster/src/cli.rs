//! The command line. What operators set is an environment variable too, and `.env` is read.
//!
//! Values stay text here, so that a bad one is answered in one sentence, and an empty one is as
//! good as none. A number may be negative here for the same reason.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use muster_web::Secret;

use crate::vitals_options::VitalsOptions;

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
    /// Test everything that the bot needs, and say how to fix what is wrong. Changes nothing, and
    /// the bot may run meanwhile.
    Doctor(DoctorOptions),
    /// Ask the running bot whether it is alive, as a container's health check does.
    Healthcheck(HealthcheckOptions),
    /// Back up the database now, and check the backup. The bot may run meanwhile.
    Backup(BackupOptions),
    /// Replace the database with a backup, and keep what was there. Stop the bot first.
    Restore(RestoreOptions),
    /// Check a backup: read all of it, and say what it holds.
    Verify(VerifyOptions),
    /// Try the bot offline, against a simulated Discord with a page to use it from.
    Demo(DemoOptions),
    /// Serve the simulated Discord alone, to try a bot of any make against it.
    Sim(SimOptions),
}

/// How the program tells what it does.
#[derive(Args, Clone, Debug)]
pub(crate) struct LogOptions {
    /// What is logged: off, error, warn, info, debug or trace; or per part, as in
    /// `info,muster_discord=debug`.
    #[arg(long, env = "LOG", default_value = "info", global = true)]
    pub(crate) log: String,
    /// How it is written: text for people, json for machines.
    #[arg(long, env = "LOG_FORMAT", default_value = "text", global = true)]
    pub(crate) log_format: String,
    /// A file that `run`, `demo` and `sim` write to instead of standard error; when it is large, it
    /// is put aside and another is begun.
    #[arg(long, env = "LOG_FILE", default_value = "", hide_default_value = true, global = true)]
    pub(crate) log_file: String,
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
    pub(crate) discord_token: Secret,
    /// The address of Discord, or of a test server in its place; plain http only on this machine.
    #[arg(long, env = "DISCORD_API_URL", default_value = "https://discord.com")]
    pub(crate) discord_api_url: String,
    /// A file with one more root certificate to trust, for another Discord (PEM).
    #[arg(long, env = "DISCORD_CA_FILE", default_value = "", hide_default_value = true)]
    pub(crate) discord_ca_file: String,
    /// Where everything is kept: sqlite:FILE.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:muster.db")]
    pub(crate) database_url: String,
    /// The time zone for servers that have set none, such as Europe/Berlin; without it, the bot
    /// asks.
    #[arg(long, env = "DEFAULT_TIMEZONE", default_value = "", hide_default_value = true)]
    pub(crate) default_timezone: String,
    /// How often one member may tap: a number of taps in a number of seconds (s) or minutes (m),
    /// or off.
    #[arg(long, env = "RATE_LIMIT_TAPS", default_value = "5/5s")]
    pub(crate) rate_limit_taps: String,
    /// For how many days a server's data is kept after it removed the bot; coming back in time
    /// finds everything as it was.
    #[arg(
        long,
        env = "GUILD_CLEANUP_DAYS_THRESHOLD",
        default_value = "21",
        allow_negative_numbers = true
    )]
    pub(crate) guild_cleanup_days_threshold: String,
    /// Who may use the operator's commands beside the application's owner and their team: Discord's
    /// ids of people, separated by commas.
    #[arg(long, env = "OPERATOR_IDS", default_value = "", hide_default_value = true)]
    pub(crate) operator_ids: String,
    /// Whether the bot may read the lists of members of its servers, to remind those who have not
    /// answered: true or false. True needs the Server Members Intent in the developer portal.
    #[arg(long, env = "MEMBER_LISTS", default_value = "false")]
    pub(crate) member_lists: String,
    /// Copies of the database.
    #[command(flatten)]
    pub(crate) copies: CopyOptions,
    /// Where the dashboard is, and who may see it.
    #[command(flatten)]
    pub(crate) web: WebOptions,
    /// Who is told of alerts.
    #[command(flatten)]
    pub(crate) alerts: AlertOptions,
    /// Cache, database, memory, resources, tasks and limits.
    #[command(flatten)]
    pub(crate) vitals: VitalsOptions,
    /// Measure nothing of what happens. Only for comparison: most figures are then missing.
    #[arg(long, hide = true)]
    pub(crate) unmeasured: bool,
}

/// Where the dashboard is, and who may see it.
#[derive(Args, Clone, Debug)]
pub(crate) struct WebOptions {
    /// Where dashboard, metrics and health check listen: an address with a port, or off. Any
    /// address that other machines can reach needs a sign-in.
    #[arg(long, env = "HTTP_ADDR", default_value = HTTP_ADDR)]
    pub(crate) http_addr: String,
    /// Where browsers find the dashboard, if it is behind an https proxy: https:// and a host.
    #[arg(long, env = "PUBLIC_URL", default_value = "", hide_default_value = true)]
    pub(crate) public_url: String,
    /// A password for the dashboard. Set it by the variable, not the flag.
    #[arg(
        long,
        env = "DASHBOARD_TOKEN",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) dashboard_token: Secret,
    /// The application's client secret, from the developer portal: with it operators sign in at
    /// the dashboard with Discord. Give it by the variable.
    #[arg(
        long,
        env = "DISCORD_CLIENT_SECRET",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) discord_client_secret: Secret,
    /// Addresses and networks of proxies whose X-Forwarded-For is believed, separated by commas.
    #[arg(long, env = "TRUSTED_PROXY", default_value = "", hide_default_value = true)]
    pub(crate) trusted_proxy: String,
}

/// Where the dashboard listens unless the operator decides otherwise.
pub(crate) const HTTP_ADDR: &str = "127.0.0.1:8080";

/// Who is told of alerts, beside the operators.
#[derive(Args, Clone, Debug)]
pub(crate) struct AlertOptions {
    /// A channel in which alerts are posted, by its number.
    #[arg(long, env = "ALERT_CHANNEL_ID", default_value = "", hide_default_value = true)]
    pub(crate) alert_channel_id: String,
    /// An address to which alerts are sent, as JSON that the webhooks of Discord and most other
    /// chats take. Give it by the variable: such an address is a secret.
    #[arg(
        long,
        env = "ALERT_WEBHOOK_URL",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) alert_webhook_url: Secret,
}

/// Options of copies of the database.
#[derive(Args, Clone, Debug)]
pub(crate) struct CopyOptions {
    /// The folder for backups; by default, backups beside the database.
    #[arg(long, env = "BACKUP_DIR", default_value = "", hide_default_value = true)]
    pub(crate) backup_dir: String,
    /// How often the running bot backs up the database: a number of minutes (m), hours (h) or
    /// days (d), or off.
    #[arg(long, env = "BACKUP_INTERVAL", default_value = "6h")]
    pub(crate) backup_interval: String,
    /// How many backups are kept: the last ones, one for each of so many days, and one for each of
    /// so many weeks.
    #[arg(long, env = "BACKUP_KEEP", default_value = "4,7,4")]
    pub(crate) backup_keep: String,
    /// What database, logs and backups may take of the disk together, in megabytes; without it,
    /// 80 % of 1.25 GiB, or of the disk if that is smaller.
    #[arg(long, env = "DISK_BUDGET_MB", default_value = "", hide_default_value = true)]
    pub(crate) disk_budget_mb: String,
}

/// Options of `muster backup`.
#[derive(Args, Clone, Debug)]
pub(crate) struct BackupOptions {
    /// Where everything is kept: sqlite:FILE.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:muster.db")]
    pub(crate) database_url: String,
    /// Copies of the database.
    #[command(flatten)]
    pub(crate) copies: CopyOptions,
}

/// Options of `muster restore`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RestoreOptions {
    /// The backup to restore.
    pub(crate) file: PathBuf,
    /// Where everything is kept: sqlite:FILE.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:muster.db")]
    pub(crate) database_url: String,
}

/// Options of `muster verify`.
#[derive(Args, Clone, Debug)]
pub(crate) struct VerifyOptions {
    /// The backup to check; without it, the newest.
    pub(crate) file: Option<PathBuf>,
    /// Where everything is kept: sqlite:FILE.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:muster.db")]
    pub(crate) database_url: String,
    /// Copies of the database.
    #[command(flatten)]
    pub(crate) copies: CopyOptions,
}

/// Options of `muster doctor`.
#[derive(Args, Clone, Debug)]
pub(crate) struct DoctorOptions {
    /// What the bot is run with.
    #[command(flatten)]
    pub(crate) run: RunOptions,
    /// Ask nothing of Discord: only the configuration, the database and the machine.
    #[arg(long)]
    pub(crate) offline: bool,
    /// Write one JSON object to standard output instead of text.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Options of `muster healthcheck`.
#[derive(Args, Clone, Debug)]
pub(crate) struct HealthcheckOptions {
    /// Where the running bot's dashboard listens.
    #[arg(long, env = "HTTP_ADDR", default_value = HTTP_ADDR)]
    pub(crate) http_addr: String,
}

/// Options of `muster demo`.
#[derive(Args, Clone, Debug)]
pub(crate) struct DemoOptions {
    /// The port of the page; another free one if it is taken.
    #[arg(long, env = "DEMO_PORT", default_value = "4280", allow_negative_numbers = true)]
    pub(crate) port: String,
}

/// Options of `muster sim`.
#[derive(Args, Clone, Debug)]
pub(crate) struct SimOptions {
    /// The port to serve on; 0 for any free one.
    #[arg(long, default_value = "4290", allow_negative_numbers = true)]
    pub(crate) port: String,
    /// Speak https and wss, and put the certificate to trust into this folder as ca.pem.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) tls: String,
    /// The number of shards to recommend.
    #[arg(long, default_value = "1", allow_negative_numbers = true)]
    pub(crate) shards: String,
    /// Whether rate limits are kept: true or false.
    #[arg(long, default_value = "true")]
    pub(crate) limits: String,
    /// The seed for generated secrets and pictures.
    #[arg(long, default_value = "1", allow_negative_numbers = true)]
    pub(crate) seed: String,
    /// How many guilds there are, from 2 to 10,000.
    #[arg(long, default_value = "2", allow_negative_numbers = true)]
    pub(crate) guilds: String,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    const GUIDE: &str = include_str!("../../../docs/operators-guide.md");
    const EXAMPLE: &str = include_str!("../../../.env.example");

    #[test]
    fn the_operators_guide_has_a_row_for_every_flag_with_a_variable_and_for_no_other() {
        let command = Cli::command();
        let mut rows = Vec::new();
        for command in command.get_subcommands().chain([&command]) {
            for option in command.get_arguments() {
                let (Some(env), Some(flag)) = (option.get_env(), option.get_long()) else {
                    continue;
                };
                rows.push(format!("| `{}` | `--{flag}` |", env.to_string_lossy()));
            }
        }
        rows.sort();
        rows.dedup();
        for row in &rows {
            let name = row.trim_start_matches("| `").split('`').next().unwrap();
            let line = format!("\n#{name}=");
            let is_told = EXAMPLE.contains(&line) || EXAMPLE.contains(&line.replace('#', ""));
            assert!(is_told, ".env.example lacks {name}");
            assert!(GUIDE.contains(row.as_str()), "no row begins {row}");
        }
        let told = GUIDE.lines().filter(|line| line.starts_with("| `") && line.contains("| `--"));
        assert_eq!(told.count(), rows.len(), "a row is about no flag");
    }

    #[test]
    fn no_secret_is_in_what_is_written_of_the_options() {
        let flags = [
            "--discord-token",
            "--dashboard-token",
            "--discord-client-secret",
            "--alert-webhook-url",
        ];
        let given = flags.into_iter().flat_map(|flag| [flag, "https://canary.example/canary"]);
        for command in ["run", "doctor"] {
            let cli = Cli::parse_from(["muster", command].into_iter().chain(given.clone()));
            let written = format!("{cli:?}");
            assert!(written.contains("discord_token: Secret"), "{written}");
            assert!(!written.contains("canary"), "{written}");
        }
    }

    #[test]
    fn what_the_guide_says_of_the_vitals_is_what_their_table_says() {
        let mut missing = String::new();
        for variable in &muster_vitals::settings::VARIABLES {
            let default = variable.default();
            let default = if default.is_empty() { "none".into() } else { format!("`{default}`") };
            let (name, flag) = (variable.name, variable.flag());
            let meaning = format!("{} It is {}.", variable.meaning, variable.allowed);
            let row = format!("| `{name}` | `--{flag}` | {default} | {meaning} |\n");
            if !GUIDE.contains(&row) {
                missing.push_str(&row);
            }
        }
        assert!(missing.is_empty(), "rows that the guide lacks:\n{missing}");
    }
}
