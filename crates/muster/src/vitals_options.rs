//! The flags and variables of the vitals, made from the one table of them.

use clap::error::Error;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use muster_vitals::settings::{Settings, VARIABLES};

use crate::config::given;
use crate::exit::Exit;

/// What was given for each variable, in the order of the table.
#[derive(Clone, Debug, Default)]
pub(crate) struct VitalsOptions(Vec<String>);

impl VitalsOptions {
    /// Checks all of it; what was not given has its default.
    pub(crate) fn settings(&self) -> Result<Settings, Exit> {
        let mut settings = Settings::default();
        for (variable, words) in VARIABLES.iter().zip(&self.0) {
            let Some(words) = given(words) else { continue };
            variable
                .read(&mut settings, words)
                .map_err(|wrong| wrong_value(wrong.name, words, wrong.allowed))?;
        }
        Ok(settings)
    }
}

fn wrong_value(name: &'static str, words: &str, allowed: &str) -> Exit {
    Exit::variable(name, words, &format!("it is {allowed}"))
}

impl Args for VitalsOptions {
    fn augment_args(command: Command) -> Command {
        VARIABLES.iter().fold(command, |command, variable| {
            let arg = Arg::new(variable.name)
                .long(variable.flag())
                .env(variable.name)
                .help(variable.meaning)
                .allow_negative_numbers(true)
                .default_value(variable.default())
                .hide_default_value(variable.default().is_empty());
            command.arg(arg)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for VitalsOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let given = |name| matches.get_one::<String>(name).cloned().unwrap_or_default();
        Ok(Self(VARIABLES.iter().map(|variable| given(variable.name)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command as Asked};

    fn settings(arguments: &[&str]) -> Result<Settings, Exit> {
        let Asked::Run(options) = Cli::parse_from(arguments).command else { unreachable!() };
        options.vitals.settings()
    }

    #[test]
    fn flags_change_the_numbers_and_nothing_leaves_the_guides() {
        assert_eq!(settings(&["muster", "run"]).unwrap(), Settings::default());
        let changed = ["muster", "run", "--cache-max-size=10", "--memory-levels", "40,60,80"];
        let changed = settings(&changed).unwrap();
        assert_eq!((changed.cache.entries_max, changed.memory.levels), (10, [40, 60, 80]));
    }

    #[test]
    fn an_empty_value_is_as_good_as_none_and_a_wrong_one_is_named_with_its_bounds() {
        assert_eq!(settings(&["muster", "run", "--task-timeout="]).unwrap(), Settings::default());
        let wrong = settings(&["muster", "run", "--task-cpu-limit=-5"]).unwrap_err();
        assert_eq!(wrong.to_string(), "TASK_CPU_LIMIT is \"-5\": it is a number from 1 to 100.");
        assert_eq!(wrong.status(), 3);
    }
}
