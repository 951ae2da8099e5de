//! `muster doctor`, as an operator uses it beside the running bot or without it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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
        ("on", MEMBERS, 0, "the one privileged intent that MEMBER_LISTS=true needs"),
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
    std::fs::write(stage.folder().join("none.db"), "").unwrap();
    let none = asks(&stage.folder(), &["--offline"], &[("DATABASE_URL", "sqlite:none.db")]).await;
    assert_eq!(none.status, Some(0), "{} {}", none.out, none.said);
    assert!(none.out.contains("It is empty; the next start makes its schema."), "{}", none.out);
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

/// What lies in a folder and in that of the copies.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let lies = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    lies(folder).chain(lies(&folder.join("backups"))).map(|file| file.path()).collect()
}

#[tokio::test]
async fn a_stopped_bots_folder_is_left_as_it_was() {
    let mut stage = Stage::new().await;
    assert_eq!(stage.stops().await, Some(Ok(())));
    let (folder, url) = (stage.folder(), format!("sqlite:{}", stage.database().display()));
    let before = files(&folder);
    // Its log's file is the bot's, which another user's line would lock out of it.
    let log = folder.join("muster.log");
    let variables = [("DATABASE_URL", &*url), ("LOG_FILE", log.to_str().unwrap())];
    let told = asks(&folder, &["--offline"], &variables).await;
    assert!(told.out.contains("It is sound, has schema"), "{}", told.out);
    assert_eq!(files(&folder), before);
    stage.ends().await;
}

#[tokio::test]
async fn a_misspelt_variable_is_named_with_what_was_meant() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let file = "DISCORD_TOKN=secret\nBAKUP_DIR=/backups\nSOMEBODY_ELSES=1\n";
    std::fs::write(stage.folder().join(".env"), file).unwrap();
    let outside = [("ALERT_MEMROY", "70,85,95"), ("DISCORD_BOT_TOKEN", "another bot's")];
    for (arguments, status) in [(&["--offline"][..], 10), (&[], 3)] {
        let told = asks(&stage.folder(), arguments, &outside).await;
        assert_eq!(told.status, Some(status), "{} {}", told.out, told.said);
        for said in [
            "warning  configuration: DISCORD_TOKN in the file .env means nothing to Muster.\n         \
             → Did you mean DISCORD_TOKEN?",
            "BAKUP_DIR in the file .env means nothing to Muster.",
            "ALERT_MEMROY in the environment means nothing to Muster.",
        ] {
            assert!(told.out.contains(said), "{said} in {}", told.out);
        }
        let all = told.out + &told.said;
        assert_eq!(all.matches("means nothing").count(), 3, "{all}");
        assert!(!all.contains("secret") && !all.contains("/backups"), "{all}");
    }
    stage.ends().await;
}

#[tokio::test]
async fn whether_copies_are_made_is_looked_at_beside_the_running_bot_and_nothing_is_made() {
    let mut stage = Stage::without_bot(SimClock::real()).await;
    stage.starts().await;
    let (folder, database) = (stage.folder(), stage.database());
    let url = format!("sqlite:{}", database.display());
    let finds = async |status: i32, variable: (&str, &str), said: &str| {
        let before = files(&folder);
        let told = asks(&folder, &["--offline"], &[("DATABASE_URL", &*url), variable]).await;
        let lines = told.out.lines().filter(|line| line.contains(" backups: "));
        assert_eq!(lines.count(), 1, "{}", told.out);
        assert!(told.out.contains(said), "{said} in {}", told.out);
        assert_eq!(told.status, Some(status), "{}", told.out);
        assert_eq!(files(&folder), before, "{said}");
    };
    let six = ("BACKUP_INTERVAL", "6h");
    finds(0, six, "There is none yet; the bot makes one every 6 h.").await;
    finds(0, ("BACKUP_INTERVAL", "off"), "The bot makes none: BACKUP_INTERVAL is off.").await;
    let above = folder.join("not mounted");
    let (above, missing) = (above.display(), above.join("backups"));
    let fix = format!("→ Make {above}, or mount its disk: the bot makes only the last part of");
    finds(10, ("BACKUP_DIR", missing.to_str().unwrap()), &fix).await;
    let fix = "not a directory.\n         → Let the user that runs the bot write there; or name";
    finds(10, ("BACKUP_DIR", database.to_str().unwrap()), fix).await;
    let mut touch = std::process::Command::new("touch");
    assert!(touch.args(["-d", "2 days ago"]).arg(&database).status().unwrap().success());
    finds(10, six, "There is none of a database that is 2 days old; one is due every 6 h.").await;

    let place = muster::Copies::never(&database).place;
    let made = |hours: i64| {
        let at = SimClock::real().now() - jiff::SignedDuration::from_hours(hours);
        let keep = muster_store::sqlite::backup::Keep::default();
        muster_store::sqlite::backup::back_up(&place, keep, at).unwrap().kept.path
    };
    made(13);
    finds(10, six, "The newest is 13 h old; one is due every 6 h.").await;
    finds(10, six, "`muster backup` makes one now.").await;
    let newest = made(11);
    let sound = format!("2 are kept; the newest, {}, is sound and 11 h old.", newest.display());
    finds(0, six, &sound).await;
    std::fs::write(&newest, "a disk that forgets").unwrap();
    finds(10, six, "The newest is no good backup: ").await;
    stage.ends().await;
}
