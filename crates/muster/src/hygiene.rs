//! How the bot is set up, as far as that touches security: what `/security_status` tells of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use muster_discord::commands::operating;
use muster_discord::rest::Rest;
use muster_discord::views::operating::Check;
use muster_engine::MemberLists;
use muster_engine::ports::within;
use muster_engine::tap_limit::TapRate;
use muster_vitals::watched::Soon;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::doctor::idle_intents;
use crate::env::SystemEnv;

/// How long a look waits for Discord, which may be slow: what it said last is shown then.
const PATIENCE: Duration = Duration::from_millis(300);

/// What is looked at each time somebody asks.
pub(crate) struct SetUp {
    database: PathBuf,
    rate: Option<TapRate>,
    lists: MemberLists,
    env: SystemEnv,
    rest: Rest<SystemEnv>,
    /// The application's flags when Discord last told them.
    flags: AtomicU64,
    /// One look at files at a time: a disk may hang.
    looks: Arc<Semaphore>,
}

impl SetUp {
    /// The set-up with this database and these choices; `flags` are those of the application.
    pub(crate) fn new(
        database: PathBuf,
        (rate, lists): (Option<TapRate>, MemberLists),
        (env, rest): (SystemEnv, Rest<SystemEnv>),
        flags: u64,
    ) -> Self {
        let (flags, looks) = (AtomicU64::new(flags), Arc::new(Semaphore::new(1)));
        Self { database, rate, lists, env, rest, flags, looks }
    }

    /// Looks at the files with secrets in them.
    #[expect(clippy::disallowed_methods, reason = "a disk may hang, and the bot's thread may not")]
    async fn files(&self) -> Vec<Check> {
        let hangs = || {
            let found = "The files with secrets could not be looked at: does the disk hang?";
            vec![Check { found: found.to_owned(), sound: false }]
        };
        let Ok(permit) = Arc::clone(&self.looks).try_acquire_owned() else { return hangs() };
        let database = self.database.clone();
        let looked = spawn_blocking(move || {
            let files = [("The file `.env`", Path::new(".env")), ("The database", &*database)];
            let found: Vec<_> =
                files.into_iter().filter_map(|(name, path)| readers(name, path)).collect();
            drop(permit);
            found
        });
        looked.await.unwrap_or_else(|_| hangs())
    }

    /// What Discord lets the application do that it need not.
    async fn intents(&self) -> Check {
        let asked = within(&self.env, PATIENCE, self.rest.current_application()).await;
        if let Some(Ok(known)) = asked {
            self.flags.store(known.flags, Ordering::Relaxed);
        }
        intents(self.flags.load(Ordering::Relaxed), self.lists)
    }
}

impl operating::SetUp for SetUp {
    fn checks(&self) -> Soon<'_, Vec<Check>> {
        Box::pin(async move {
            let (mut all, intents) = tokio::join!(self.files(), self.intents());
            let given = secret_in(std::env::args());
            all.extend([secrets(given), taps(self.rate), lists(self.lists), intents]);
            all
        })
    }
}

fn intents(flags: u64, lists: MemberLists) -> Check {
    let idle = idle_intents(flags, lists);
    let sound = idle.is_empty();
    let found = if sound {
        "No privileged intent is on that is not needed.".to_owned()
    } else {
        format!(
            "Privileged intents are on that are not needed: {}. Switch them off in the developer \
             portal.",
            idle.join(", ")
        )
    };
    Check { found, sound }
}

/// Who can read a file; `None` if there is none, or if this system does not say.
#[cfg(unix)]
fn readers(name: &str, path: &Path) -> Option<Check> {
    use std::os::unix::fs::PermissionsExt as _;

    /// Reading, by the group or by all.
    const OTHERS_READ: u32 = 0o044;

    let mode = std::fs::metadata(path).ok()?.permissions().mode();
    let sound = mode & OTHERS_READ == 0;
    let found = if sound {
        format!("{name} can be read by its owner alone.")
    } else {
        format!("{name} can be read by others on this machine: use `chmod 600`.")
    };
    Some(Check { found, sound })
}

#[cfg(not(unix))]
const fn readers(_name: &str, _path: &Path) -> Option<Check> {
    None
}

/// Flags that take a secret, with the variables that take it, too.
const SECRETS: [(&str, &str); 4] = [
    ("--discord-token", "DISCORD_TOKEN"),
    ("--dashboard-token", "DASHBOARD_TOKEN"),
    ("--discord-client-secret", "DISCORD_CLIENT_SECRET"),
    ("--alert-webhook-url", "ALERT_WEBHOOK_URL"),
];

/// The variable that would have taken the first secret on a command line.
fn secret_in(mut arguments: impl Iterator<Item = String>) -> Option<&'static str> {
    arguments.find_map(|argument| {
        let name = argument.split_once('=').map_or(argument.as_str(), |(name, _)| name);
        SECRETS.into_iter().find(|(flag, _)| *flag == name).map(|(_, variable)| variable)
    })
}

fn secrets(on_command_line: Option<&str>) -> Check {
    let found = on_command_line.map_or_else(
        || "No secret is on the command line.".to_owned(),
        |variable| {
            format!("A secret is on the command line, where others can read it: use `{variable}`.")
        },
    );
    Check { found, sound: on_command_line.is_none() }
}

fn taps(rate: Option<TapRate>) -> Check {
    let limited = rate.is_some();
    let found = if limited {
        "Taps are limited for each member."
    } else {
        "Members can tap without limit: `RATE_LIMIT_TAPS` is off."
    };
    Check { found: found.to_owned(), sound: limited }
}

fn lists(lists: MemberLists) -> Check {
    let found = match lists {
        MemberLists::Off => "Lists of members are not read.",
        MemberLists::On => "Lists of members are read, as `MEMBER_LISTS` asks.",
    };
    Check { found: found.to_owned(), sound: true }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use muster_scratch::Scratch;

    use super::*;

    #[test]
    fn a_file_that_others_can_read_is_found() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.join(".env");
        std::fs::write(&path, "DISCORD_TOKEN=x").unwrap();
        let with = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            readers("The file", &path).unwrap().sound
        };
        assert_eq!([0o600, 0o640, 0o604, 0o622].map(with), [true, false, false, true]);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(readers("The file", &path), None);
    }

    #[test]
    fn an_intent_that_is_not_needed_is_found() {
        let members = 1 << 15;
        assert!(intents(0, MemberLists::Off).sound && intents(members, MemberLists::On).sound);
        let idle = intents(members, MemberLists::Off);
        assert!(!idle.sound && idle.found.contains("Server Members"), "{}", idle.found);
    }

    #[test]
    fn a_secret_that_everybody_on_the_machine_reads_is_no_secret() {
        let line = |words: &str| secret_in(words.split(' ').map(str::to_owned));
        assert_eq!(line("muster run --log debug"), None);
        for (flag, variable) in SECRETS {
            assert_eq!(line(&format!("muster run {flag} x")), Some(variable));
            assert_eq!(line(&format!("muster run {flag}=x")), Some(variable));
        }
        assert!(!secrets(Some("DISCORD_TOKEN")).sound && secrets(None).sound);
    }
}
