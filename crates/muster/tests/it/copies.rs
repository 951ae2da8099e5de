//! `muster backup`, `restore` and `verify`, as an operator uses them beside the bot or without it.

use std::fs;
use std::path::{Path, PathBuf};

use muster_sim::SimClock;
use tokio::process::Command;

use crate::stage::Stage;

/// How it ended.
struct Told {
    status: Option<i32>,
    out: String,
    said: String,
}

async fn does(stage: &Stage, arguments: &[&str]) -> Told {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    let database = format!("sqlite:{}", stage.database().display());
    command.args(arguments).current_dir(stage.folder()).env_clear();
    command.env("DATABASE_URL", database).kill_on_drop(true);
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Told { status: output.status.code(), out: text(output.stdout), said: text(output.stderr) }
}

fn copies(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder.join("backups")).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|end| end == "db")).collect()
}

#[tokio::test]
async fn a_copy_is_made_and_checked_while_the_bot_runs_and_put_back_only_without_it() {
    let mut stage = Stage::without_bot(SimClock::real()).await;
    stage.starts().await;
    let made = does(&stage, &["backup"]).await;
    assert_eq!(made.status, Some(0), "{}", made.said);
    assert!(made.out.contains("is sound"), "{}", made.out);
    let copy = copies(&stage.folder()).pop().unwrap();
    let checked = does(&stage, &["verify"]).await;
    assert_eq!((checked.status, &checked.out), (Some(0), &made.out));

    let copy = copy.to_str().unwrap();
    let refused = does(&stage, &["restore", copy]).await;
    assert_eq!(refused.status, Some(7));
    assert!(refused.said.contains("another process has the database open"), "{}", refused.said);
    stage.stops().await;
    let restored = does(&stage, &["restore", copy]).await;
    assert_eq!(restored.status, Some(0), "{}", restored.said);
    assert!(restored.out.contains("is kept: "), "{}", restored.out);
    fs::remove_file(stage.database()).unwrap();
    let restored = does(&stage, &["restore", copy]).await;
    let place = stage.database().display().to_string();
    assert!(restored.out.contains("No database was there before."), "{}", restored.out);
    assert!(restored.out.contains(&place), "{}", restored.out);
    stage.starts().await;
    stage.ends().await;
}

#[tokio::test]
async fn what_is_no_good_copy_ends_with_7_and_one_sentence() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let none = does(&stage, &["verify"]).await;
    assert!(
        none.status == Some(7) && none.said.contains("make one with `muster backup`"),
        "{}",
        none.said
    );
    let text = stage.folder().join("text.db");
    fs::write(&text, "this is a diary, not a database ".repeat(200)).unwrap();
    for command in ["verify", "restore"] {
        let refused = does(&stage, &[command, text.to_str().unwrap()]).await;
        assert_eq!(refused.status, Some(7), "{}", refused.said);
        assert_eq!(refused.said.lines().count(), 1, "{}", refused.said);
    }
    let empty = stage.folder().join("empty.db");
    fs::write(&empty, "").unwrap();
    for command in ["verify", "restore"] {
        let refused = does(&stage, &[command, empty.to_str().unwrap()]).await;
        let says = "it is empty; name another file";
        assert!(refused.status == Some(7) && refused.said.contains(says), "{}", refused.said);
    }
    for command in ["verify", "restore"] {
        let none = does(&stage, &[command, "gone.db"]).await;
        let says = "there is no such file, and no backup in";
        assert!(none.status == Some(7) && none.said.contains(says), "{}", none.said);
    }
    let none = does(&stage, &["backup"]).await;
    assert!(none.status == Some(7) && none.said.contains("there is no such file"), "{}", none.said);
    stage.ends().await;
}

#[tokio::test]
async fn a_bad_number_ends_with_3_and_the_name_of_its_flag() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let refused = does(&stage, &["backup", "--backup-keep", "0,0,0"]).await;
    assert!(
        refused.status == Some(3) && refused.said.contains("--backup-keep"),
        "{}",
        refused.said
    );
    stage.ends().await;
}
