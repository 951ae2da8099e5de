//! What programs read at `/metrics`.

use std::collections::{BTreeMap, BTreeSet};

use muster_vitals::snapshot::CommandLatency;

use crate::site::{Answer, Site};

const LOCAL: (&str, &str) = ("host", "127.0.0.1:8080");

async fn figures(accept: &str) -> Answer {
    Site::local().get("/metrics", &[LOCAL, ("accept", accept)]).await
}

/// Names of all series.
pub(crate) fn names(text: &str) -> BTreeSet<&str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split(['{', ' ']).next()).collect()
}

#[tokio::test]
async fn both_formats_tell_the_same() {
    let old = figures("*/*").await;
    let new = figures("application/openmetrics-text;version=1.0.0,text/plain;q=0.5").await;
    assert_eq!(old.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(new.header("content-type"), kind);
    assert!(new.body.ends_with("\n# EOF\n") && !old.body.contains("# EOF"));
    assert_eq!(names(&old.body), names(&new.body));
    assert!(names(&old.body).len() > 100, "{}", names(&old.body).len());
}

#[tokio::test]
async fn every_series_has_its_help_and_type_and_no_twin() {
    let text = figures("").await.body;
    let mut kinds = BTreeMap::new();
    let mut helped = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for line in text.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next()) {
            (Some("#"), Some("HELP"), Some(name)) => {
                assert!(helped.insert(name), "{name} is explained once");
                assert!(words.next().is_some_and(|help| help.ends_with('.')), "{line}");
            }
            (Some("#"), Some("TYPE"), Some(name)) => {
                kinds.insert(name, words.next().unwrap());
            }
            (Some(series), Some(value), None) if !series.contains(' ') => {
                assert!(seen.insert(series), "{series} is told once");
                value.parse::<f64>().unwrap();
            }
            _ => {
                let (series, value) = line.rsplit_once(' ').unwrap();
                assert!(seen.insert(series), "{series} is told once");
                value.parse::<f64>().unwrap();
            }
        }
    }
    for name in names(&text) {
        assert!(helped.contains(name), "{name}");
        assert_eq!(kinds[name] == "counter", name.ends_with("_total"), "{name}");
        assert!(name.starts_with("muster_"), "{name}");
        for unit in ["_ms", "_kib", "_mib", "_percent", "_minutes"] {
            assert!(!name.contains(unit), "{name} has a base unit");
        }
    }
}

#[tokio::test]
async fn no_label_has_the_number_of_a_member_or_guild() {
    let text = figures("").await.body;
    for line in text.lines().filter(|line| line.contains('{')) {
        let digits = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
        let labels = line.split_once('{').unwrap().1.split_once('}').unwrap().0;
        assert!(digits(labels) < 15, "{line}");
    }
}

#[tokio::test]
async fn any_number_of_commands_and_shards_makes_a_bounded_answer() {
    let site = Site::local();
    site.bot.change(|snapshot| {
        let command = snapshot.answers.commands[0].clone();
        snapshot.answers.commands = (0..5_000)
            .map(|number| muster_vitals::snapshot::CommandLatency {
                name: format!("command {number}"),
                ..command.clone()
            })
            .collect();
        let shard = snapshot.discord.shards[0];
        snapshot.discord.shards = vec![shard; 5_000];
    });
    let text = site.get("/metrics", &[LOCAL]).await.body;
    assert!(text.contains("muster_shards{state=\"live\"} 5000\n"));
    assert!(text.lines().count() < 2_100, "{}", text.lines().count());
}

#[tokio::test]
async fn figures_are_those_of_the_snapshot_in_base_units() {
    let text = figures("").await.body;
    for line in [
        "muster_tap_duration_seconds{stat=\"p99\"} 0.246",
        "muster_memory_limit_bytes 1342177280",
        "muster_memory_pressure{level=\"high\"} 1",
        "muster_memory_pressure{level=\"low\"} 0",
        "muster_memory_stalled_ratio 0.034",
        "muster_alert_active{resource=\"disk\",level=\"warning\"} 1",
        "muster_alert_active{resource=\"cpu\",level=\"warning\"} 0",
        "muster_discord_connected 0",
        "muster_database_writable 1",
        "muster_reminder_lag_measured 310",
        "muster_tasks_total{task=\"backup\",outcome=\"succeeded\"} 52",
        "muster_security_blocked{subject=\"guild\"} 1",
        "muster_verdict{verdict=\"critical\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
}

#[tokio::test]
async fn each_command_that_is_told_apart_has_all_its_figures() {
    // As many names as are told apart, and what stands for all others.
    const NAMES: usize = 161;
    let site = Site::local();
    site.bot.change(|snapshot| {
        let one = snapshot.answers.commands[0].clone();
        let named = |number| CommandLatency { name: format!("command {number}"), ..one.clone() };
        snapshot.answers.commands = (0..NAMES).map(named).collect();
    });
    let text = site.get("/metrics", &[LOCAL]).await.body;
    for (metric, each) in [
        ("muster_command_duration_seconds", 5),
        ("muster_command_duration_measured", 1),
        ("muster_command_failures_total", 1),
    ] {
        let begins = format!("{metric}{{command=\"command ");
        let series = text.lines().filter(|line| line.starts_with(&begins));
        assert_eq!(series.count(), NAMES * each, "{metric}");
    }
}
