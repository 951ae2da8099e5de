//! Variables that were meant for Muster and are misspelt: nothing reads them, and whoever set them
//! believes that they are in force.
//!
//! A name is taken for misspelt if it is nearly that of a variable; in `.env` also if it is one
//! with a word too many, as in `DISCORD_BOT_TOKEN`. Any other is somebody else's, as a file of
//! variables may serve more than one program.

use std::collections::BTreeSet;

use clap::Command;
use tracing::warn;

/// From how many letters on a name may have one wrong, and two: in short ones every other word
/// would be near.
const ONE_WRONG_FROM: usize = 5;
const TWO_WRONG_FROM: usize = 13;

/// Names longer than this are nobody's slip.
const NAME_MAX: usize = 64;

/// A variable that nothing reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misspelt {
    name: String,
    meant: String,
    is_in_file: bool,
}

impl Misspelt {
    /// What is wrong, as a sentence. Its value is never told.
    pub(crate) fn what(&self) -> String {
        let place = if self.is_in_file { "the file .env" } else { "the environment" };
        format!("{} in {place} means nothing to Muster.", self.name)
    }

    /// What was probably meant.
    pub(crate) fn fix(&self) -> String {
        format!("Did you mean {}?", self.meant)
    }
}

/// Those among the names in `.env` and in this process's environment.
pub(crate) fn look(command: &Command, in_file: &[String]) -> Vec<Misspelt> {
    let known = known(command);
    let set: Vec<_> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
    let is_outside = |name: &&String| !in_file.contains(name);
    let outside: Vec<_> = set.iter().filter(is_outside).cloned().collect();
    // What stands in the file is in the environment by now, unless nothing reads it.
    let all = [&set, in_file].concat();
    let mut found = of_file(&known, in_file, &all);
    found.extend(of_environment(&known, &outside, &all));
    found
}

/// Says it in the log.
pub(crate) fn log(all: &[Misspelt]) {
    for one in all {
        let (what, fix) = (one.what(), one.fix());
        warn!("{what} {fix}");
    }
}

/// All variables of all commands.
fn known(command: &Command) -> BTreeSet<String> {
    let commands = command.get_subcommands().chain([command]);
    let options = commands.flat_map(Command::get_arguments);
    options.filter_map(|option| option.get_env()?.to_str().map(str::to_owned)).collect()
}

/// `set` are all names that are set, here and elsewhere.
fn of_file(known: &BTreeSet<String>, names: &[String], set: &[String]) -> Vec<Misspelt> {
    let strange = names.iter().filter(|name| !known.contains(*name));
    let found = strange.filter_map(|name| {
        let longer = || with_a_word_too_many(known, name).filter(|meant| !set.contains(meant));
        let meant = nearest(known, name).or_else(longer)?;
        Some(Misspelt { name: name.clone(), meant: meant.clone(), is_in_file: true })
    });
    found.collect()
}

/// What is right and is set needs no other name beside it: that is another program's.
fn of_environment(known: &BTreeSet<String>, names: &[String], set: &[String]) -> Vec<Misspelt> {
    let strange = names.iter().filter(|name| !known.contains(*name));
    let found = strange.filter_map(|name| {
        let meant = nearest(known, name).filter(|meant| !set.contains(meant))?;
        Some(Misspelt { name: name.clone(), meant: meant.clone(), is_in_file: false })
    });
    found.collect()
}

/// The known name that is nearly this one.
fn nearest<'a>(known: &'a BTreeSet<String>, name: &str) -> Option<&'a String> {
    if name.len() > NAME_MAX {
        return None;
    }
    let written: Vec<_> = name.trim().replace('-', "_").to_ascii_uppercase().chars().collect();
    let near = known.iter().filter_map(|known| {
        let most = match known.len() {
            TWO_WRONG_FROM.. => 2,
            ONE_WRONG_FROM.. => 1,
            _ => 0,
        };
        let wrong = distance(&written, &known.chars().collect::<Vec<_>>());
        (wrong <= most).then_some((wrong, known))
    });
    near.min().map(|(_, known)| known)
}

/// The known name that is this one without one of its words.
fn with_a_word_too_many<'a>(known: &'a BTreeSet<String>, name: &str) -> Option<&'a String> {
    let words: Vec<_> = name.split('_').collect();
    let fewer = (0..words.len()).map(|left_out| {
        let kept = words.iter().enumerate().filter(|(at, _)| *at != left_out);
        kept.map(|(_, word)| *word).collect::<Vec<_>>().join("_")
    });
    // Of one word only, as LOG, many a name of another program is made.
    let mut fewer = fewer.filter(|fewer| fewer.contains('_'));
    fewer.find_map(|fewer| known.get(&fewer))
}

/// How many letters are wrong, missing, too many or, beside each other, in the wrong order.
/// (Optimal string alignment.)
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut least = at(&row, j) + usize::from(from != to);
            least = least.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn told(found: &[Misspelt]) -> Vec<(&str, &str)> {
        found.iter().map(|one| (&*one.name, &*one.meant)).collect()
    }

    #[test]
    fn a_slip_in_the_file_is_found_with_what_was_meant() {
        let known = known(&Cli::command());
        for (name, meant) in [
            ("DISCORD_TOKN", "DISCORD_TOKEN"),
            ("DICSORD_TOKEN", "DISCORD_TOKEN"),
            ("discord_token", "DISCORD_TOKEN"),
            ("DISCORD-TOKEN", "DISCORD_TOKEN"),
            ("DISCORD_BOT_TOKEN", "DISCORD_TOKEN"),
            ("MUSTER_BACKUP_DIR", "BACKUP_DIR"),
            ("BAKUP_DIR", "BACKUP_DIR"),
            ("BACKUP_DIRS", "BACKUP_DIR"),
            ("BACKUP_INTERVALL", "BACKUP_INTERVAL"),
            ("MEMBER_LIST", "MEMBER_LISTS"),
            ("BAKUP_INTERVALL", "BACKUP_INTERVAL"),
            ("LOGFILE", "LOG_FILE"),
            ("ALERT_MEMROY", "ALERT_MEMORY"),
            ("log", "LOG"),
        ] {
            assert_eq!(told(&of_file(&known, &names(&[name]), &[])), [(name, meant)]);
        }
    }

    #[test]
    fn what_is_right_or_somebody_elses_is_not_named() {
        let known = known(&Cli::command());
        let mut right: Vec<_> = known.iter().cloned().collect();
        right.extend(names(&["PATH", "HOME", "LANG", "LOGNAME", "DOG", "POSTGRES_URL", "PORT"]));
        right.extend(names(&["TASK", "PUBLIC", "COMPOSE_PROJECT_NAME", "RUST_LOG", "TOKEN", ""]));
        right.extend(names(&["DEV_PORT", "BACKUP_PID", "DATABASE_SQL", "TEST_DATABASE_URL"]));
        right.push("DISCORD_TOKEN".repeat(1_000));
        assert_eq!(of_file(&known, &right, &right), []);
        assert_eq!(of_environment(&known, &right, &right), []);
    }

    #[test]
    fn in_the_environment_only_slips_are_named_and_none_of_what_is_set_rightly_too() {
        let known = known(&Cli::command());
        let slips = names(&["DISCORD_BOT_TOKEN", "DATABASE_URI"]);
        let found = of_environment(&known, &slips, &slips);
        assert_eq!(told(&found), [("DATABASE_URI", "DATABASE_URL")]);
        let in_file_too = names(&["DATABASE_URI", "DATABASE_URL"]);
        assert_eq!(of_environment(&known, &slips, &in_file_too), []);
    }

    #[test]
    fn it_is_told_where_it_stands_and_what_was_meant() {
        let known = known(&Cli::command());
        let found = of_file(&known, &names(&["BAKUP_DIR"]), &[]);
        assert_eq!(found[0].what(), "BAKUP_DIR in the file .env means nothing to Muster.");
        assert_eq!(found[0].fix(), "Did you mean BACKUP_DIR?");
    }
}
