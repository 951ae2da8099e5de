//! Whether a value was given as a flag or as a variable: complaints name what was written.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use crate::exit::Exit;

/// The same end, which names the flag instead of the variable if the flag was given.
pub(crate) fn named(exit: Exit, command: &Command, matches: &ArgMatches) -> Exit {
    let Exit::Variable { variable, given, instead } = exit else {
        return exit;
    };
    let flag = flag(&variable, command, matches);
    Exit::Variable { variable: flag.map_or(variable, Into::into), given, instead }
}

fn flag(variable: &str, command: &Command, matches: &ArgMatches) -> Option<String> {
    let (name, matches) = matches.subcommand()?;
    let options = command.get_arguments().chain(command.find_subcommand(name)?.get_arguments());
    options
        .filter(|option| option.get_env().is_some_and(|env| env == variable))
        .filter(|option| {
            matches.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine)
        })
        .find_map(|option| option.get_long().map(|long| format!("--{long}")))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    fn said(arguments: &[&str], variable: &'static str) -> String {
        let command = Cli::command();
        let matches = command.clone().get_matches_from(arguments);
        named(Exit::variable(variable, "x", "it is y"), &command, &matches).to_string()
    }

    #[test]
    fn a_flag_is_named_if_it_was_given_and_the_variable_otherwise() {
        let demo = said(&["muster", "demo", "--port", "x"], "DEMO_PORT");
        assert_eq!(demo, "--port is \"x\": it is y.");
        let none = said(&["muster", "demo"], "DEMO_PORT");
        assert_eq!(none, "DEMO_PORT is \"x\": it is y.");
        let run = said(&["muster", "run", "--rate-limit-taps=x"], "RATE_LIMIT_TAPS");
        assert_eq!(run, "--rate-limit-taps is \"x\": it is y.");
    }

    #[test]
    fn options_of_every_command_are_named_wherever_they_stand() {
        for arguments in [["muster", "--log", "x", "demo"], ["muster", "demo", "--log", "x"]] {
            assert_eq!(said(&arguments, "LOG"), "--log is \"x\": it is y.");
        }
    }
}
