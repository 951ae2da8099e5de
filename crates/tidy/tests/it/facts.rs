//! Keeps what the documents state beside what the code does: variables, exit statuses
//! and commands.

use crate::complain;
use crate::tree::{read, with_extension};

const GUIDE: &str = "docs/operators-guide.md";

#[test]
fn every_variable_is_in_the_guide_and_in_the_example() {
    let cli = read("crates/muster/src/cli.rs");
    let names: Vec<_> =
        cli.split("env = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.contains(&"DISCORD_TOKEN"), "the command line names its variables: {names:?}");
    let (guide, example) = (read(GUIDE), read(".env.example"));
    let mut findings = Vec::new();
    for name in names {
        if !guide.contains(&format!("`{name}`")) {
            findings.push(format!("{name} is not in {GUIDE}"));
        }
        if !example.contains(&format!("{name}=")) {
            findings.push(format!("{name} is not in .env.example"));
        }
    }
    complain(&findings, "Tell operators of every variable:");
}

#[test]
fn the_guide_shows_the_schema_that_there_is() {
    let newest = with_extension("sql").into_iter().filter_map(|file| {
        let (_, name) = file.path.split_once("/migrations/")?;
        name.split('_').next()?.parse::<u32>().ok()
    });
    let newest = newest.max().unwrap();
    let mut findings = Vec::new();
    for line in read(GUIDE).lines() {
        let known = numbers_after(line, "knows up to ");
        // What it does not know is the next one.
        let schema = newest + u32::from(!known.is_empty());
        let shown = numbers_after(line, "schema ");
        if shown.iter().any(|shown| *shown != schema) || known.iter().any(|known| *known != newest)
        {
            findings.push(format!("not of schema {newest}: {line}"));
        }
    }
    complain(&findings, &format!("Show what the present version says, in {GUIDE}:"));
}

/// The numbers that stand right behind these words.
fn numbers_after(line: &str, words: &str) -> Vec<u32> {
    let after = line.split(words).skip(1);
    after
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
        .collect()
}

#[test]
fn every_exit_status_is_in_the_guide() {
    let exit = read("crates/muster/src/exit.rs");
    let statuses: Vec<u8> = exit
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> "))
        .filter_map(|(_, status)| status.trim_end_matches(',').parse().ok())
        .collect();
    assert!(statuses.contains(&4), "each end has its status: {statuses:?}");
    let guide = read(GUIDE);
    let findings: Vec<_> = statuses
        .iter()
        .filter(|status| !guide.contains(&format!("\n| {status} |")))
        .map(|status| format!("status {status} is not in the table of {GUIDE}"))
        .collect();
    complain(&findings, "Tell operators what each exit status means:");
}

#[test]
fn every_command_is_in_the_organisers_guide() {
    let help = read("crates/discord/src/views/messages/en/help.txt");
    // Another test sees to it that the help names all commands.
    let commands: Vec<_> = help.split('`').filter(|part| is_command(part)).collect();
    assert!(commands.contains(&"/event create"), "the help names commands: {commands:?}");
    let guide = read("docs/organisers-guide.md");
    let missing = commands.iter().filter(|command| !guide.contains(&format!("`{command}`")));
    let findings: Vec<_> = missing.map(|command| (*command).to_owned()).collect();
    complain(&findings, "Tell organisers of every command, in docs/organisers-guide.md:");
}

fn is_command(part: &str) -> bool {
    let words = part.strip_prefix('/').unwrap_or_default();
    !words.is_empty() && words.chars().all(|c| c.is_ascii_lowercase() || c == ' ')
}
