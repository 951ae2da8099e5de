//! Keeps what the documents state beside what the code does: variables and exit statuses.

use crate::complain;
use crate::tree::read;

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
