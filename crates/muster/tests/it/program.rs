//! `muster run` as an operator meets it: how it starts, what it says, how it ends.

use std::time::{Duration, Instant};

use muster::Exit;
use muster_scratch::Scratch;
use muster_sim::{SimClock, SimConfig, seed};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::child::{Ended, Program};
use crate::secrets::CANARIES;
use crate::stage::Stage;

fn on(stage: &Stage, variables: &[(&str, &str)]) -> Program {
    let url = stage.sim.url();
    let mut all = vec![("DISCORD_API_URL", url.as_str()), ("DEFAULT_TIMEZONE", "Europe/Berlin")];
    all.extend_from_slice(variables);
    Program::starts(&stage.folder(), &all)
}

fn one_sentence(ended: &Ended) -> bool {
    ended.last_word().starts_with("muster: ") && ended.last_word().ends_with('.')
}

#[tokio::test]
async fn a_wrong_token_ends_with_4_and_says_what_to_do() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let ended = on(&stage, &[("DISCORD_TOKEN", "wrong.token.here")]).ends().await;
    assert_eq!(ended.status, Some(4), "{}", ended.said);
    assert!(one_sentence(&ended) && ended.last_word().contains("DISCORD_TOKEN"), "{}", ended.said);
    assert!(!ended.said.contains("wrong.token.here"));
    stage.ends().await;
}

#[tokio::test]
async fn a_token_that_is_withdrawn_while_running_ends_with_4() {
    let mut stage = Stage::new().await;
    stage.sim.faults().gateway().close(4004);
    assert_eq!(stage.bot_ends().await, Err(Exit::TokenRefused));
    stage.ends().await;
}

#[tokio::test]
async fn an_intent_that_is_not_allowed_ends_with_5() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let program = on(&stage, &[]);
    stage.is_online().await;
    stage.sim.faults().gateway().close(4014);
    let ended = program.ends().await;
    assert_eq!(ended.status, Some(5), "{}", ended.said);
    assert!(one_sentence(&ended) && ended.last_word().contains("Intents"), "{}", ended.said);
    stage.ends().await;
}

#[tokio::test]
async fn every_bad_variable_ends_with_3_and_its_name() {
    let stage = Stage::without_bot(SimClock::real()).await;
    for (variable, value) in [
        ("DISCORD_TOKEN", ""),
        ("DISCORD_TOKEN", "two words"),
        ("DISCORD_API_URL", "discord.com"),
        ("DISCORD_API_URL", "http://example.com"),
        ("DATABASE_URL", "mysql://db"),
        ("DATABASE_URL", "sqlite:"),
        ("DEFAULT_TIMEZONE", "Middle/Earth"),
        ("RATE_LIMIT_TAPS", "often"),
    ] {
        let ended = on(&stage, &[(variable, value)]).ends().await;
        assert_eq!(ended.status, Some(3), "{variable}={value}: {}", ended.said);
        assert!(one_sentence(&ended) && ended.last_word().contains(variable), "{}", ended.said);
    }
    stage.ends().await;
}

#[tokio::test]
async fn a_database_that_cannot_be_used_ends_with_7_and_its_path() {
    let stage = Stage::without_bot(SimClock::real()).await;
    std::fs::create_dir(stage.folder().join("muster.db.lock")).unwrap();
    let ended = on(&stage, &[("DATABASE_URL", "sqlite:muster.db")]).ends().await;
    assert_eq!(ended.status, Some(7), "{}", ended.said);
    assert!(ended.last_word().contains("The database at muster.db"), "{}", ended.said);
    stage.ends().await;
}

#[tokio::test]
async fn a_missing_folder_of_the_database_ends_with_7_and_is_not_made() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let ended = on(&stage, &[("DATABASE_URL", "sqlite:nowhere/muster.db")]).ends().await;
    assert_eq!(ended.status, Some(7), "{}", ended.said);
    let said = ended.last_word();
    assert!(
        said.contains("The folder nowhere") && said.contains("does not exist: make it"),
        "{said}"
    );
    assert!(one_sentence(&ended) && !said.contains(".lock"), "{said}");
    assert!(!stage.folder().join("nowhere").exists());
    stage.ends().await;
}

/// Runs the program to its end; returns its status and what it wrote to standard error.
fn run_with(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_muster"));
    program.args(arguments).env_clear().envs(variables.iter().copied());
    let output = program.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_complaint_names_the_flag_or_the_variable_whichever_was_given() {
    let port = "it is a number from 0 to 65535.\n";
    let (status, said) = run_with(&["demo", "--port", "99999"], &[("DEMO_PORT", "1")]);
    assert_eq!((status, said), (Some(3), format!("muster: --port is \"99999\": {port}")));
    let (status, said) = run_with(&["demo"], &[("DEMO_PORT", "99999")]);
    assert_eq!((status, said), (Some(3), format!("muster: DEMO_PORT is \"99999\": {port}")));
    let (_, said) = run_with(&["demo", "--log-format", "xml"], &[]);
    assert_eq!(said, "muster: --log-format is \"xml\": use text or json.\n");
}

#[test]
fn a_number_below_zero_is_answered_like_any_other_bad_number() {
    for (command, flag) in [
        ("sim", "--shards"),
        ("sim", "--port"),
        ("sim", "--guilds"),
        ("sim", "--seed"),
        ("demo", "--port"),
        ("run", "--guild-cleanup-days-threshold"),
    ] {
        let (status, said) = run_with(&[command, flag, "-1"], &[("DISCORD_TOKEN", seed::TOKEN)]);
        assert_eq!(status, Some(3), "{command} {flag}: {said}");
        assert!(said.starts_with(&format!("muster: {flag} is \"-1\": it is a number")), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[tokio::test]
async fn a_bad_line_of_the_file_of_variables_ends_with_9_and_its_number() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let lines = "# Muster\nLOG=debug\nDISCORD_TOKEN my secret token\n";
    std::fs::write(stage.folder().join(".env"), lines).unwrap();
    let ended = Program::starts(&stage.folder(), &[]).ends().await;
    assert_eq!(ended.status, Some(9), "{}", ended.said);
    assert!(one_sentence(&ended) && ended.last_word().contains("line 3"), "{}", ended.said);
    assert!(!ended.said.contains("secret"), "{}", ended.said);
    stage.ends().await;
}

#[tokio::test]
async fn a_misspelt_variable_is_named_at_the_start() {
    let stage = Stage::without_bot(SimClock::real()).await;
    std::fs::write(stage.folder().join(".env"), "BACKUP_INTERVALL=1d\nOURS=1\n").unwrap();
    let ended = Program::starts(&stage.folder(), &[("BACKUP_KEEP", "all")]).ends().await;
    assert_eq!(ended.status, Some(3), "{}", ended.said);
    let said = "BACKUP_INTERVALL in the file .env means nothing to Muster. Did you mean \
                BACKUP_INTERVAL?";
    assert!(ended.said.contains(said), "{}", ended.said);
    assert_eq!(ended.said.matches("means nothing").count(), 1, "{}", ended.said);
    stage.ends().await;
}

#[test]
fn a_demo_does_not_make_the_place_for_its_folder() {
    let scratch = Scratch::new().unwrap();
    let missing = scratch.join("missing");
    let place = missing.to_string_lossy();
    let (status, said) = run_with(&["demo", "--port", "0"], &[("TMPDIR", &*place)]);
    assert_eq!(status, Some(9), "{said}");
    assert!(said.contains("set TMPDIR to a folder that exists"), "{said}");
    assert!(!missing.exists());
}

#[tokio::test]
async fn variables_may_stand_in_a_file() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let lines = format!("DISCORD_API_URL={}\nDATABASE_URL=sqlite:other.db\n", stage.sim.url());
    std::fs::write(stage.folder().join(".env"), lines).unwrap();
    let program = Program::starts(&stage.folder(), &[]);
    stage.is_online().await;
    assert!(stage.folder().join("other.db").exists());
    program.is_asked_to_end();
    assert_eq!(program.ends().await.status, Some(0));
    stage.ends().await;
}

#[tokio::test]
async fn an_unreachable_discord_is_said_once_and_tried_until_it_is_there() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = free.local_addr().unwrap();
    drop(free);
    let url = format!("http://{listen}");
    let program = Program::starts(&stage.folder(), &[("DISCORD_API_URL", url.as_str())]);
    program.says("cannot be reached").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let demo = seed::demo(1, SimClock::real().now());
    let config = SimConfig { listen, ..SimConfig::default() };
    let late = muster_sim::start(demo.world, config).await.unwrap();
    program.says("Discord knows the bot").await;
    let said = program.said();
    assert_eq!(said.matches("cannot be reached").count(), 1, "{said}");
    program.is_asked_to_end();
    assert_eq!(program.ends().await.status, Some(0));
    late.stop().await;
    stage.ends().await;
}

#[tokio::test]
async fn sigterm_ends_an_unreached_program_too() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let url = "http://127.0.0.1:9";
    let program = Program::starts(&stage.folder(), &[("DISCORD_API_URL", url)]);
    program.says("cannot be reached").await;
    program.is_asked_to_end();
    assert_eq!(program.ends().await.status, Some(0));
    stage.ends().await;
}

#[tokio::test]
async fn sigterm_ends_within_five_seconds_with_everything_in_hand_finished() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let program = on(&stage, &[]);
    stage.is_online().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let members: Vec<_> = (0..40).map(|n| stage.newcomer(&format!("member-{n}"))).collect();
    let taps = futures_util::future::join_all(members.iter().map(|who| who.taps(raid, "Yes")));
    let began = Instant::now();
    let term = async {
        program.is_asked_to_end();
        program.ends().await
    };
    let (answered, ended) = tokio::join!(taps, term);
    assert_eq!(ended.status, Some(0), "{}", ended.said);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let taken = answered.iter().filter(|seen| seen.is_update()).count();
    let mut stage = stage;
    stage.may_miss = true;
    stage.starts().await;
    stage.zofia().taps(raid, "No").await;
    stage.says(raid, "No (1)").await;
    let coming = (taken..=40).find(|n| stage.reads(raid).contains(&format!("Yes ({n})")));
    assert!(coming.is_some(), "{taken} were taken: {}", stage.reads(raid));
    stage.ends().await;
}

/// The address of its dashboard, which listens on whatever port is free.
pub(crate) async fn dashboard_of(program: &Program) -> String {
    program.says("the dashboard listens address=").await;
    let said = program.said();
    let address = said.split_once("the dashboard listens address=").map(|cut| cut.1);
    address.unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned()
}

/// Asks the dashboard for something, with these headers.
async fn asks(address: &str, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: muster.example\r\nConnection: close\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// Uses the dashboard with its token, and has it use the client secret.
async fn signs_in(address: &str) {
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let figures = asks(address, "/metrics", &bearer("canary-of-the-dashboard")).await;
    assert!(figures.starts_with("HTTP/1.1 200"), "{figures}");
    let refused = asks(address, "/metrics", &bearer("canary-of-a-guess")).await;
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    let begun = asks(address, "/sign-in/discord", "").await;
    let between = |from: &str, to: &[char]| {
        let rest = begun.split_once(from).map(|cut| cut.1).unwrap_or_default();
        rest.split(to).next().unwrap_or_default().to_owned()
    };
    let (state, cookie) = (between("state=", &['&', '\r']), between("set-cookie: ", &[';']));
    assert!(!state.is_empty() && !cookie.is_empty(), "{begun}");
    let callback = format!("/sign-in/discord/callback?state={state}&code=canary-of-a-code");
    // The simulated Discord lets nobody in, so that this is told of.
    let failed = asks(address, &callback, &format!("Cookie: {cookie}\r\n")).await;
    assert!(failed.contains("Discord refused the sign-in"), "{failed}");
    let figures = asks(address, "/metrics", &bearer("canary-of-the-dashboard")).await;
    let counted = "muster_security_events_total{kind=\"failed sign-in\"} 2\n";
    assert!(figures.contains(counted), "the guess and the refusal: {figures}");
}

#[tokio::test]
async fn no_secret_is_ever_logged() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let variables: Vec<_> = CANARIES.into_iter().chain([("HTTP_ADDR", "127.0.0.1:0")]).collect();
    let program = on(&stage, &variables);
    stage.is_online().await;
    let personal = json!({"description": "canary of a description"});
    let raid = stage.event_with("canary of a title", "tomorrow 20:00", personal).await;
    stage.zofia().taps(raid, "Yes").await;
    let shown = stage.zofia().runs("event show", json!({"event": "canary of a title"})).await;
    let own = shown.taps("My answer").await;
    let noted = own.taps("Note").await.submits(json!({"note": "canary of a note"})).await;
    noted.says("canary of a note");
    stage.joao().runs("event create", json!({})).await;
    signs_in(&dashboard_of(&program).await).await;
    program.is_asked_to_end();
    let ended = program.ends().await;
    assert_eq!(ended.status, Some(0));
    assert!(ended.said.len() > 1_000, "it tells much: {}", ended.said);
    assert!(!ended.said.contains(seed::TOKEN), "the token");
    let told = ended.said.lines().find(|line| line.contains("canary"));
    assert_eq!(told, None, "nothing of what people wrote, and no secret");
    // The simulator's session ids and interaction tokens are 32 hexadecimal digits and more.
    let words = ended.said.split(|c: char| !c.is_ascii_hexdigit());
    let secrets: Vec<_> = words.filter(|word| word.len() >= 32).collect();
    assert!(secrets.is_empty(), "{secrets:?}");
    stage.ends().await;
}

#[tokio::test]
async fn version_and_help_name_what_there_is() {
    let output = |arguments: &[&str]| {
        let program =
            std::process::Command::new(env!("CARGO_BIN_EXE_muster")).args(arguments).output();
        let output = program.unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(output(&["--version"]).0, Some(0));
    let (_, help) = output(&["run", "--help"]);
    for variable in [
        "DISCORD_TOKEN",
        "DISCORD_API_URL",
        "DATABASE_URL",
        "DEFAULT_TIMEZONE",
        "RATE_LIMIT_TAPS",
        "LOG",
    ] {
        assert!(help.contains(variable), "{help}");
    }
    assert_eq!(output(&["dance"]).0, Some(2));
}
