//! From the words of the command line to values that are valid, or a sentence that says what to
//! write instead.

mod outside;

use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;
use muster_discord::token::Token;
use muster_domain::id::UserId;
use muster_domain::zone::{self, Zone};
use muster_engine::MemberLists;
use muster_engine::tap_limit::TapRate;
use muster_vitals::settings::{self, Measuring, Settings};

pub(crate) use self::outside::http_addr;
pub use self::outside::{Listens, Web};
use crate::alerts::AlertTargets;
use crate::cli::RunOptions;
use crate::copies::Copies;
use crate::exit::Exit;

/// The longest that the data of a guild without the bot can be kept: ten years.
const REMOVED_GUILD_DAYS_MAX: u32 = 3_650;

/// So many people can be named as operators; a bot has a handful.
const OPERATORS_MAX: usize = 50;

/// What `muster run` needs to know.
#[derive(Debug)]
pub struct RunConfig {
    /// The bot's token.
    pub token: Token,
    /// Where Discord is: scheme and host, as in `https://discord.com`.
    pub api_url: String,
    /// A file with one more root certificate to trust (PEM).
    pub ca_file: Option<PathBuf>,
    /// The file in which everything is kept.
    pub database: PathBuf,
    /// The zone of guilds that have set none.
    pub default_zone: Option<Zone>,
    /// How often a member may tap; without it, without limit.
    pub taps: Option<TapRate>,
    /// How long a guild's data is kept after it removed the bot.
    pub removed_guild_kept: SignedDuration,
    /// Whether the bot may read the lists of members of its guilds.
    pub member_lists: MemberLists,
    /// The dashboard; `None` if there is none.
    pub web: Option<Web>,
    /// Who is told of alerts, beside the operators.
    pub alerts: AlertTargets,
    /// The file that the log goes to, if it goes to one.
    pub log_file: Option<PathBuf>,
    /// Cache, database, memory, resources, tasks and limits.
    pub vitals: Settings,
    /// Who operates the bot, beside the application's owner and their team.
    pub operators: Vec<UserId>,
    /// Copies of the database.
    pub copies: Copies,
    /// Below which folder the kernel tells of memory and processor: `/`, but in tests.
    pub kernel: PathBuf,
}

impl RunConfig {
    /// Checks everything that can be checked before anything is started.
    pub(crate) fn check(options: &RunOptions) -> Result<Self, Exit> {
        let database = database_of(options)?;
        let copies = Copies::check(&options.copies, &database)?;
        let measuring = if options.unmeasured { Measuring::Off } else { Measuring::On };
        let disk_budget = copies.budget;
        let vitals = Settings { disk_budget, measuring, ..options.vitals.settings()? };
        Ok(Self {
            copies,
            vitals,
            database,
            api_url: api_url(or(&options.discord_api_url, "https://discord.com"))?,
            default_zone: given(&options.default_timezone).map(default_zone).transpose()?,
            taps: taps(or(&options.rate_limit_taps, "5/5s"))?,
            removed_guild_kept: days(or(&options.guild_cleanup_days_threshold, "21"))?,
            member_lists: member_lists(or(&options.member_lists, "false"))?,
            web: outside::web(&options.web)?,
            alerts: outside::alerts(&options.alerts)?,
            log_file: None,
            kernel: PathBuf::from("/"),
            operators: operators(&options.operator_ids)?,
            ca_file: given(&options.discord_ca_file).map(PathBuf::from),
            // Last: without Discord, everything else can still be checked.
            token: token(options.discord_token.expose())?,
        })
    }
}

/// Checks that a log in a file of at most so many bytes fits into what database, logs and backups
/// may take together: what is written at present is never removed.
pub(crate) fn log_fits(log_max: u64, budget: u64) -> Result<(), Exit> {
    if log_max < budget {
        return Ok(());
    }
    let (log, budget) = (log_max >> 20, budget >> 20);
    let instead = format!("it has to be less than DISK_BUDGET_MB, which is {budget} here");
    Err(Exit::variable("LOG_FILE_MAX_MB", &log.to_string(), &instead))
}

/// The file of the database alone.
pub(crate) fn database_of(options: &RunOptions) -> Result<PathBuf, Exit> {
    database_at(&options.database_url)
}

/// The file that an address of the database names, or the usual one if it is empty.
pub(crate) fn database_at(url: &str) -> Result<PathBuf, Exit> {
    database(or(url, "sqlite:muster.db"))
}

/// A value, if it is more than white space.
pub(crate) fn given(raw: &str) -> Option<&str> {
    Some(raw.trim()).filter(|value| !value.is_empty())
}

/// A value, or this one if it is empty: in many a file of variables that means "not set".
pub(crate) fn or<'a>(raw: &'a str, default: &'a str) -> &'a str {
    given(raw).unwrap_or(default)
}

/// Reads a port; 0 is any free one.
pub(crate) fn port(raw: &str) -> Result<u16, Exit> {
    let port = or(raw, "4280");
    port.parse().map_err(|_| Exit::variable("DEMO_PORT", port, "it is a number from 0 to 65535"))
}

fn token(raw: &str) -> Result<Token, Exit> {
    if raw.trim().is_empty() {
        return Err(Exit::NoToken("is not set"));
    }
    Token::parse(raw).map_err(|_| Exit::NoToken("is not a bot token"))
}

fn api_url(raw: &str) -> Result<String, Exit> {
    let wrong = |instead: &str| Exit::variable("DISCORD_API_URL", raw, instead);
    let trimmed = raw.trim().trim_end_matches('/');
    match trimmed.split_once("://") {
        Some(("https" | "http", rest)) if !rest.is_empty() && !rest.contains(['/', '?', '#']) => {
            Ok(trimmed.to_owned())
        }
        Some(("https" | "http", _)) => Err(wrong("give only the host, as in https://discord.com")),
        _ => Err(wrong("it begins with https://, or http:// for a server on this machine")),
    }
}

fn database(raw: &str) -> Result<PathBuf, Exit> {
    // Another database's address may hold a password.
    let shown = raw.split_once("://").map_or(raw, |(kind, _)| kind);
    let wrong = |instead: &str| Exit::variable("DATABASE_URL", shown, instead);
    let Some(path) = raw.strip_prefix("sqlite:") else {
        return Err(wrong("it is sqlite: and a file, as in sqlite:muster.db"));
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.ends_with('/') {
        return Err(wrong("it names a file after sqlite:, as in sqlite:muster.db"));
    }
    Ok(PathBuf::from(path))
}

fn default_zone(raw: &str) -> Result<Zone, Exit> {
    Zone::parse(raw).map_err(|_| {
        let alike = zone::suggest(raw, 1);
        let example = alike.first().map_or("Europe/Berlin", String::as_str);
        let instead = format!("it is an IANA name, as in {example}");
        Exit::variable("DEFAULT_TIMEZONE", raw, &instead)
    })
}

fn taps(raw: &str) -> Result<Option<TapRate>, Exit> {
    if raw == "off" {
        return Ok(None);
    }
    let instead = "it is a number of taps and a time, as in 5/5s or 30/1m, or off";
    tap_rate(raw).map(Some).ok_or_else(|| Exit::variable("RATE_LIMIT_TAPS", raw, instead))
}

fn days(raw: &str) -> Result<SignedDuration, Exit> {
    let days = raw.parse().ok().filter(|days| *days <= REMOVED_GUILD_DAYS_MAX);
    days.map(|days: u32| SignedDuration::from_hours(24 * i64::from(days))).ok_or_else(|| {
        let instead = format!("it is a number of days from 0 to {REMOVED_GUILD_DAYS_MAX}");
        Exit::variable("GUILD_CLEANUP_DAYS_THRESHOLD", raw, &instead)
    })
}

fn member_lists(raw: &str) -> Result<MemberLists, Exit> {
    match settings::switch(raw) {
        Some(false) => Ok(MemberLists::Off),
        Some(true) => Ok(MemberLists::On),
        None => Err(Exit::variable("MEMBER_LISTS", raw, &format!("it is {}", settings::SWITCH))),
    }
}

fn operators(raw: &str) -> Result<Vec<UserId>, Exit> {
    let instead = format!(
        "it is Discord's ids of at most {OPERATORS_MAX} people, separated by commas, as in \
         80351110224678912,81384788765712384"
    );
    let wrong = || Exit::variable("OPERATOR_IDS", raw, &instead);
    let all = raw.split(',').filter_map(given);
    let all: Option<Vec<_>> = all.map(user).collect();
    all.filter(|all| all.len() <= OPERATORS_MAX).ok_or_else(wrong)
}

/// Discord numbers from 1 on, and leaves the highest bit unused.
fn user(raw: &str) -> Option<UserId> {
    let number = raw.parse().ok().filter(|number| (1..=i64::MAX.unsigned_abs()).contains(number));
    number.map(UserId::new)
}

fn tap_rate(raw: &str) -> Option<TapRate> {
    let (taps, within) = raw.split_once('/')?;
    let (number, seconds) = match (within.strip_suffix('s'), within.strip_suffix('m')) {
        (Some(number), _) => (number, 1),
        (None, Some(number)) => (number, 60),
        (None, None) => return None,
    };
    let within = number.parse::<u64>().ok()?.checked_mul(seconds)?;
    TapRate::new(taps.parse().ok()?, Duration::from_secs(within))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(result: Result<impl std::fmt::Debug, Exit>) -> (u8, String) {
        let exit = result.unwrap_err();
        (exit.status(), exit.to_string())
    }

    #[test]
    fn a_bad_value_is_answered_with_its_name_and_what_it_may_be() {
        assert_eq!(
            said(default_zone("berl")),
            (3, "DEFAULT_TIMEZONE is \"berl\": it is an IANA name, as in Europe/Berlin.".into())
        );
        assert_eq!(said(api_url("discord.com")).0, 3);
        assert_eq!(said(api_url("https://discord.com/api/v10")).0, 3);
        assert_eq!(said(database("sqlite:")).0, 3);
        assert_eq!(said(token(" ")).0, 3);
    }

    #[test]
    fn data_of_guilds_without_the_bot_is_kept_for_whole_days() {
        assert_eq!(days("21").unwrap(), muster_engine::limits::REMOVED_GUILD_KEPT);
        assert_eq!(days("0").unwrap(), SignedDuration::ZERO);
        for wrong in ["-1", "3651", "3 weeks", "1.5"] {
            let (status, sentence) = said(days(wrong));
            assert!(status == 3 && sentence.contains("from 0 to 3650"), "{sentence}");
        }
    }

    #[test]
    fn the_log_is_smaller_than_the_budget_that_it_counts_towards() {
        assert_eq!(log_fits(16 << 20, 17 << 20), Ok(()));
        let instead =
            "LOG_FILE_MAX_MB is \"16\": it has to be less than DISK_BUDGET_MB, which is 10 here.";
        assert_eq!(said(log_fits(16 << 20, 10 << 20)), (3, instead.into()));
    }

    #[test]
    fn member_lists_are_a_switch_like_the_others() {
        for on in ["true", "on", "Yes", "1"] {
            assert_eq!(member_lists(on).unwrap(), MemberLists::On, "{on}");
        }
        for off in ["false", "off", "No", "0"] {
            assert_eq!(member_lists(off).unwrap(), MemberLists::Off, "{off}");
        }
        let (status, sentence) = said(member_lists("maybe"));
        assert_eq!((status, &*sentence), (3, "MEMBER_LISTS is \"maybe\": it is true or false."));
    }

    #[test]
    fn operators_are_ids_of_people() {
        let two = vec![UserId::new(80_351_110_224_678_912), UserId::new(7)];
        assert_eq!(operators("80351110224678912, 7,").unwrap(), two);
        assert_eq!(operators(" ").unwrap(), []);
        let many = "7,".repeat(OPERATORS_MAX + 1);
        for wrong in ["ada", "7;8", "0", "-7", "<@7>", "18446744073709551615", &many] {
            let (status, sentence) = said(operators(wrong));
            assert!(status == 3 && sentence.starts_with("OPERATOR_IDS is "), "{sentence}");
        }
    }

    #[test]
    fn a_rate_is_a_number_of_taps_in_a_time_or_off() {
        let rate = |taps, seconds| TapRate::new(taps, Duration::from_secs(seconds));
        assert_eq!(taps("5/5s").unwrap(), Some(TapRate::DEFAULT));
        assert_eq!(taps("30/1m").unwrap(), rate(30, 60));
        assert_eq!(taps("off").unwrap(), None);
        for wrong in ["5", "5/5", "/5s", "5/s", "0/5s", "5/0s", "-5/5s", "5/5h", "5/61m", "on"] {
            let (status, sentence) = said(taps(wrong));
            assert!(status == 3 && sentence.contains("RATE_LIMIT_TAPS"), "{sentence}");
        }
    }

    #[test]
    fn an_address_with_a_password_is_not_repeated() {
        let (_, sentence) = said(database("postgres://muster:secret@db/muster"));
        assert!(!sentence.contains("secret"), "{sentence}");
    }

    #[test]
    fn good_values_are_taken() {
        assert_eq!(api_url("https://discord.com/").unwrap(), "https://discord.com");
        assert_eq!(api_url("http://127.0.0.1:4280").unwrap(), "http://127.0.0.1:4280");
        assert_eq!(database("sqlite:muster.db").unwrap(), PathBuf::from("muster.db"));
        assert_eq!(database("sqlite:///data/m.db").unwrap(), PathBuf::from("/data/m.db"));
    }
}
