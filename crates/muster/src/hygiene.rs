//! How the bot is set up, as far as that touches security: what `/security_status` tells of it.

use std::path::Path;

use muster_discord::views::operating::Check;
use muster_engine::MemberLists;
use muster_engine::tap_limit::TapRate;

/// Looks at the files with secrets in them, at the command line and at what was chosen.
pub(crate) fn checks(
    database: &Path,
    rate: Option<TapRate>,
    member_lists: MemberLists,
) -> Vec<Check> {
    let files = [("The file `.env`", Path::new(".env")), ("The database", database)];
    let files = files.into_iter().filter_map(|(name, path)| readers(name, path));
    let given = secret_in(std::env::args());
    files.chain([secrets(given), taps(rate), lists(member_lists)]).collect()
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
