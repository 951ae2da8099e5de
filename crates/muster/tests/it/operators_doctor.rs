//! `muster doctor`, as an operator uses it beside the running bot or without it.

use std::path::Path;

use muster_sim::{SimClock, seed};
use serde_json::Value;
use tokio::process::Command;

use crate::stage::Stage;

/// How it ended.
struct Told {
    status: Option<i32>,
    out: String,
    said: String,
}

async fn asks(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Told {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.arg("doctor").args(arguments).current_dir(folder).env_clear();
    command.envs(variables.iter().copied()).kill_on_drop(true);
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Told { status: output.status.code(), out: text(output.stdout), said: text(output.stderr) }
}

#[tokio::test]
async fn a_sound_bot_that_runs_is_sound() {
    let mut stage = Stage::without_bot(SimClock::real()).await;
    stage.starts().await;
    let (url, database) = (stage.sim.url(), stage.database());
    let database = format!("sqlite:{}", database.display());
    let variables =
        [("DISCORD_API_URL", &*url), ("DATABASE_URL", &*database), ("DISCORD_TOKEN", seed::TOKEN)];
    let mut told = asks(&stage.folder(), &[], &variables).await;
    // Discord says one after the other in which servers the bot is.
    for _ in 0..20 {
        if told.out.contains("in 2 servers") {
            break;
        }
        told = asks(&stage.folder(), &[], &variables).await;
    }
    assert_eq!(told.status, Some(0), "{} {}", told.out, told.said);
    for what in ["It takes the token", "It is sound", "agrees with Discord's", "in 2 servers"] {
        assert!(told.out.contains(what), "{what} in {}", told.out);
    }
    assert!(!told.out.contains(seed::TOKEN) && !told.said.contains(seed::TOKEN));
    stage.ends().await;
}

#[tokio::test]
async fn lists_of_members_need_their_intent_and_nothing_else_does() {
    const PRESENCES: u64 = 1 << 8;
    const MEMBERS: u64 = 1 << 1;
    let stage = Stage::without_bot(SimClock::real()).await;
    let url = stage.sim.url();
    for (lists, privileged, status, said) in [
        ("off", 0, 0, "needs no privileged intent"),
        ("off", MEMBERS, 0, "not needed: Server Members."),
        ("on", 0, 10, "Switch on Server Members Intent"),
        ("on", MEMBERS, 0, "the one privileged intent that MEMBER_LISTS=on needs"),
        ("on", MEMBERS | PRESENCES, 0, "not needed: Presence."),
    ] {
        let app = stage.demo.app;
        stage.sim.world(|world| world.edit_application(app, |app| app.privileged = privileged));
        let token = ("DISCORD_TOKEN", seed::TOKEN);
        let variables = [("DISCORD_API_URL", &*url), token, ("MEMBER_LISTS", lists)];
        let told = asks(&stage.folder(), &[], &variables).await;
        assert!(told.out.contains(said), "{lists} {privileged}: {}", told.out);
        assert_eq!(told.status, Some(status), "{lists} {privileged}: {}", told.out);
    }
    stage.ends().await;
}

#[tokio::test]
async fn a_wrong_token_and_a_wrong_clock_need_doing() {
    // A Discord of next spring.
    let mut stage = Stage::new().await;
    let url = stage.sim.url();
    let wrong = [("DISCORD_API_URL", &*url), ("DISCORD_TOKEN", "wrong.token.here")];
    let told = asks(&stage.folder(), &[], &wrong).await;
    assert_eq!(told.status, Some(10), "{}", told.out);
    assert!(told.out.contains("refuses the token") && !told.out.contains("wrong.token"));
    let right = [("DISCORD_API_URL", &*url), ("DISCORD_TOKEN", seed::TOKEN)];
    let told = asks(&stage.folder(), &["--json"], &right).await;
    assert_eq!(told.status, Some(10), "{}", told.out);
    let json: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(json["sound"], false);
    let findings = json["findings"].as_array().unwrap();
    let clock = findings.iter().find(|finding| finding["about"] == "clock").unwrap();
    assert!(clock["what"].as_str().unwrap().contains("behind Discord's"), "{clock}");
    assert!(clock["fix"].as_str().unwrap().contains("time server"), "{clock}");
    assert!(told.said.ends_with("the lines above say what and how.\n"), "{}", told.said);
    assert_eq!(stage.stops().await, Some(Ok(())));
    stage.ends().await;
}

#[tokio::test]
async fn offline_it_needs_no_token_and_finds_a_damaged_database() {
    let mut stage = Stage::new().await;
    let none = asks(&stage.folder(), &["--offline"], &[("DATABASE_URL", "sqlite:none.db")]).await;
    assert_eq!(none.status, Some(0), "{} {}", none.out, none.said);
    assert!(none.out.contains("There is none at none.db yet"), "{}", none.out);
    assert_eq!(stage.stops().await, Some(Ok(())));
    let path = stage.database();
    let sound = format!("sqlite:{}", path.display());
    let told = asks(&stage.folder(), &["--offline"], &[("DATABASE_URL", &*sound)]).await;
    assert!(told.out.contains("It is sound, has schema"), "{}", told.out);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4_096 * 3..4_096 * 9].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let told = asks(&stage.folder(), &["--offline"], &[("DATABASE_URL", &*sound)]).await;
    assert_eq!(told.status, Some(10), "{}", told.out);
    assert!(told.out.contains("restore a backup"), "{}", told.out);
    stage.ends().await;
}
