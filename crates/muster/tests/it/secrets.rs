//! Nothing that the program says or leaves behind holds a secret, and nothing but the database and
//! its backups what people wrote: the log, its commands, pages, figures, backups. Each is searched
//! for canaries: secrets and texts that are found nowhere else.

use std::fs;
use std::path::Path;
use std::time::Duration;

use muster_sim::{SimClock, seed};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::child::Program;
use crate::stage::Stage;

/// What nobody may find anywhere.
const SECRETS: [&str; 6] = [
    seed::TOKEN,
    "canary-of-the-dashboard",
    "canary-of-the-client",
    "canary-of-the-webhook",
    "canary-of-a-guess",
    "canary-of-a-code",
];

/// What people wrote, which is in the database and its backups alone.
const WRITTEN: [&str; 3] = ["canary of a title", "canary of a description", "canary of a note"];

/// The simulator's session ids have so many hexadecimal digits, its interaction tokens twice as many
/// after their id and a point.
const SESSION_DIGITS: usize = 32;

/// What of all these is in a text or a file.
fn secrets_in(bytes: &[u8]) -> Vec<String> {
    let mut found = found(bytes, &SECRETS);
    // A form's token has as many digits, and has to be in its page.
    let words = bytes.split(|byte| *byte == b'.').skip(1);
    let tokens = words.map(|word| word.split(|byte| !byte.is_ascii_hexdigit()).next());
    let tokens = tokens.flatten().filter(|word| word.len() == 2 * SESSION_DIGITS);
    found.extend(tokens.map(|word| String::from_utf8_lossy(word).into_owned()));
    found
}

/// What of all these, and of what people wrote, and of session ids.
fn all_in(bytes: &[u8]) -> Vec<String> {
    let mut all = secrets_in(bytes);
    all.extend(found(bytes, &WRITTEN));
    let words = bytes.split(|byte| !byte.is_ascii_hexdigit());
    let sessions = words.filter(|word| word.len() == SESSION_DIGITS);
    all.extend(sessions.map(|word| String::from_utf8_lossy(word).into_owned()));
    all
}

fn found(bytes: &[u8], canaries: &[&str]) -> Vec<String> {
    let is_in = |canary: &&&str| {
        // Also as it is in an address.
        let escaped = canary.replace(' ', "%20");
        [canary.as_bytes(), escaped.as_bytes()]
            .iter()
            .any(|form| bytes.windows(form.len()).any(|part| part == *form))
    };
    canaries.iter().filter(is_in).map(|canary| (*canary).to_owned()).collect()
}

#[test]
fn each_canary_that_is_planted_is_found() {
    let token = format!("1234567890123456789.{}", "0a".repeat(SESSION_DIGITS));
    let session = "5f".repeat(SESSION_DIGITS / 2);
    assert!(all_in(b"nothing of it: 0123456789abcdef, canary").is_empty());
    for planted in SECRETS.iter().chain([&&*token]) {
        let text = format!("\0before {planted} after");
        assert_eq!(secrets_in(text.as_bytes()).len(), 1, "{planted}");
        assert_eq!(all_in(text.as_bytes()).len(), 1, "{planted}");
    }
    for planted in WRITTEN.iter().chain([&&*session]) {
        let text = format!("before /{planted}?after");
        assert_eq!(all_in(text.replace(' ', "%20").as_bytes()).len(), 1, "{planted}");
        assert!(secrets_in(text.as_bytes()).is_empty(), "it may be in a backup: {planted}");
    }
}

/// Variables of the program that hold something secret, and those that have it used and told.
pub(crate) const CANARIES: [(&str, &str); 6] = [
    ("PUBLIC_URL", "https://muster.example"),
    ("DASHBOARD_TOKEN", "canary-of-the-dashboard"),
    ("DISCORD_CLIENT_SECRET", "canary-of-the-client"),
    ("ALERT_WEBHOOK_URL", "http://127.0.0.1:9/canary-of-the-webhook"),
    // Told at once, so that the webhook is used.
    ("ALERT_MEMORY", "1,2,3,100"),
    ("LOG", "trace"),
];

/// The same with the token, and what the program needs beside them.
fn variables<'a>(url: &'a str, database: &'a str, http: &'a str) -> Vec<(&'a str, &'a str)> {
    let needed = [
        ("DISCORD_API_URL", url),
        ("DATABASE_URL", database),
        ("DISCORD_TOKEN", seed::TOKEN),
        ("DEFAULT_TIMEZONE", "Europe/Berlin"),
        ("HTTP_ADDR", http),
    ];
    needed.into_iter().chain(CANARIES).collect()
}

/// Everything that a command of the program says; it has to end with one of these statuses.
async fn says(folder: &Path, words: &[&str], set: &[(&str, &str)], ends: &[i32]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(words).current_dir(folder).env_clear().envs(set.iter().copied());
    let output = command.kill_on_drop(true).output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&said);
    assert!(output.status.code().is_some_and(|code| ends.contains(&code)), "{words:?}: {text}");
    said
}

/// What the dashboard answers, headers and all.
async fn asks(address: &str, path: &str, headers: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: muster.example\r\nConnection: close\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // What an open page is sent has no end: it is read for as long as this.
    let read = stream.read_to_end(&mut answer);
    if let Ok(read) = tokio::time::timeout(Duration::from_secs(5), read).await {
        read.unwrap();
    }
    answer
}

/// What people do of which something could remain.
async fn live(stage: &Stage) {
    let personal = json!({"description": "canary of a description"});
    let raid = stage.event_with("canary of a title", "tomorrow 20:00", personal).await;
    stage.zofia().taps(raid, "Yes").await;
    let shown = stage.zofia().runs("event show", json!({"event": "canary of a title"})).await;
    let own = shown.taps("My answer").await;
    let noted = own.taps("Note").await.submits(json!({"note": "canary of a note"})).await;
    noted.says("canary of a note");
}

/// Every page, also those that refuse, with right tokens and wrong ones.
async fn pages_hold_nothing(address: &str) {
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let (right, wrong) = (bearer("canary-of-the-dashboard"), bearer("canary-of-a-guess"));
    for path in [
        "/metrics",
        "/healthz",
        "/readyz",
        "/",
        "/given-up",
        "/sign-in",
        "/live",
        "/nowhere/canary-of-a-guess",
        "/?next=canary-of-a-code",
        "/sign-in/discord/callback?state=wrong&code=canary-of-a-code",
    ] {
        for headers in [&right, &wrong, ""] {
            let answer = asks(address, path, headers).await;
            assert!(answer.starts_with(b"HTTP/1.1 "), "{path}");
            assert_eq!(all_in(&answer), Vec::<String>::new(), "{path}");
        }
    }
    let figures = asks(address, "/metrics", &right).await;
    assert!(figures.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&figures));
}

/// A backup has all that people wrote, and the session, but nothing that lets anybody in.
async fn backups_hold_no_secret(folder: &Path, set: &[(&str, &str)]) {
    for words in [&["backup"][..], &["verify"]] {
        let said = says(folder, words, set, &[0]).await;
        assert_eq!(all_in(&said), Vec::<String>::new(), "{words:?}");
    }
    let mut copies = 0;
    for file in fs::read_dir(folder.join("backups")).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(secrets_in(&bytes), Vec::<String>::new(), "{}", path.display());
        let is_copy = path.extension().is_some_and(|end| end == "db");
        assert!(!is_copy || found(&bytes, &WRITTEN).len() == WRITTEN.len(), "it is read");
        copies += usize::from(is_copy);
    }
    assert!(copies > 0, "a backup was made");
}

#[tokio::test]
async fn no_secret_and_nothing_personal_is_in_what_the_program_says_or_leaves() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let (url, folder) = (stage.sim.url(), stage.folder());
    let database = format!("sqlite:{}", stage.database().display());
    let set = variables(&url, &database, "127.0.0.1:0");
    let program = Program::starts(&folder, &set);
    stage.is_online().await;
    live(&stage).await;
    let address = crate::program::dashboard_of(&program).await;
    pages_hold_nothing(&address).await;
    backups_hold_no_secret(&folder, &set).await;
    let here = variables(&url, &database, &address);
    // What it tests may need doing here; what it says may not hold a secret anyhow.
    for words in [&["doctor"][..], &["doctor", "--json"], &["doctor", "--offline"]] {
        let said = says(&folder, words, &here, &[0, 10]).await;
        assert!(said.len() > 200, "it tells something");
        assert_eq!(all_in(&said), Vec::<String>::new(), "{words:?}");
    }
    let said = says(&folder, &["healthcheck"], &here, &[0]).await;
    assert_eq!(all_in(&said), Vec::<String>::new(), "healthcheck");
    program.is_asked_to_end();
    let ended = program.ends().await;
    assert_eq!(ended.status, Some(0), "{}", ended.said);
    assert_eq!(all_in(ended.said.as_bytes()), Vec::<String>::new(), "the log");
    let said = says(&folder, &["healthcheck"], &here, &[9]).await;
    assert_eq!(all_in(&said), Vec::<String>::new(), "healthcheck without a bot");
    stage.ends().await;
}
