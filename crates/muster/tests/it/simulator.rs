//! `muster sim` as somebody with another bot meets it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::child::Program;
use crate::stage::Stage;
use muster_sim::SimClock;

/// How long a process may take to do what it has to.
const PATIENCE: Duration = Duration::from_secs(15);

/// `muster sim` in a process of its own, and the variables that it told.
struct Simulator {
    child: Child,
    told: Vec<(String, String)>,
}

impl Simulator {
    fn command(folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.arg("sim").args(arguments).current_dir(folder).env_clear().kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    async fn starts(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = Self::command(folder, arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = Vec::new();
        let read = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some((name, value)) = line.trim().split_once('=') {
                    told.push((name.to_owned(), value.to_owned()));
                }
                if line.contains("Ctrl-C") {
                    return;
                }
            }
            panic!("it ends early");
        };
        tokio::time::timeout(PATIENCE, read).await.expect("it says where it is");
        Self { child, told }
    }

    fn told(&self, name: &str) -> &str {
        let found = self.told.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("{name} in {:?}", self.told)).1
    }

    async fn ask_to_end(mut self) -> Option<i32> {
        let id = self.child.id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.unwrap().success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended.expect("it ends").unwrap().code()
    }
}

#[tokio::test]
async fn a_bot_comes_online_with_what_it_tells() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let folder = stage.folder();
    for arguments in
        [["--port", "0"].as_slice(), &["--port", "0", "--tls", "trust", "--shards", "3"]]
    {
        let sim = Simulator::starts(&folder, arguments).await;
        let secure = arguments.contains(&"--tls");
        let mut variables = vec![
            ("DISCORD_API_URL", sim.told("DISCORD_API_URL")),
            ("DISCORD_TOKEN", sim.told("DISCORD_TOKEN")),
        ];
        if secure {
            assert!(sim.told("DISCORD_API_URL").starts_with("https://"));
            variables.push(("DISCORD_CA_FILE", sim.told("DISCORD_CA_FILE")));
        }
        let program = Program::starts(&folder, &variables);
        program.says(sim.told("DISCORD_APPLICATION_ID")).await;
        program.says(if secure { "shards=3" } else { "shards=1" }).await;
        program.is_asked_to_end();
        assert_eq!(program.ends().await.status, Some(0));
        assert_eq!(sim.ask_to_end().await, Some(0));
    }
    stage.ends().await;
}

#[tokio::test]
async fn what_cannot_be_is_said_in_one_sentence() {
    let stage = Stage::without_bot(SimClock::real()).await;
    let taken = stage.sim.addr().port().to_string();
    for (arguments, status, word) in [
        (["--port", taken.as_str()], 9, "--port"),
        (["--port", "http"], 3, "--port"),
        (["--limits", "few"], 3, "--limits"),
        (["--guilds", "1"], 3, "--guilds"),
        (["--tls", "/dev/null/trust"], 3, "--tls"),
    ] {
        let output = Simulator::command(&stage.folder(), &arguments).output();
        let output = tokio::time::timeout(PATIENCE, output).await.expect("it ends").unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        let last = said.lines().last().unwrap();
        assert!(last.starts_with("muster: ") && last.contains(word), "{said}");
    }
    stage.ends().await;
}
