//! The real program in a process of its own, so that it can be killed and asked how it ended.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use muster_sim::seed;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// How long a process may take to do what it has to.
const PATIENCE: Duration = Duration::from_secs(15);

/// `muster run`.
pub(crate) struct Program {
    child: Child,
    said: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit status; none if a signal ended it.
    pub(crate) status: Option<i32>,
    /// Everything that it wrote to standard error.
    pub(crate) said: String,
}

impl Program {
    /// Starts it in `folder` with these variables and no others, besides a token and a database.
    pub(crate) fn starts(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.arg("run").current_dir(folder).env_clear().env("DISCORD_TOKEN", seed::TOKEN);
        // Several run beside each other, and one port has room for one.
        command.env("HTTP_ADDR", "off");
        command.envs(variables.iter().copied()).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let said = Arc::<Mutex<String>>::default();
        let heard = Arc::clone(&said);
        let reader = tokio::spawn(async move {
            let mut lines = BufReader::new(stderr).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let mut heard = heard.lock().unwrap();
                heard.push_str(&line);
                heard.push('\n');
            }
        });
        Self { child, said, reader }
    }

    /// What it wrote to standard error so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until it has written this.
    pub(crate) async fn says(&self, what: &str) {
        let said = async {
            while !self.said().contains(what) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, said).await;
        assert!(waited.is_ok(), "{what:?} in {}", self.said());
    }

    /// Sends it SIGTERM, as a supervisor does.
    pub(crate) fn is_asked_to_end(&self) {
        self.signal("-TERM");
    }

    /// Ends it at once, whatever it is doing.
    pub(crate) async fn killed(mut self) -> Ended {
        self.signal("-KILL");
        self.ended().await
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end.
    pub(crate) async fn ends(mut self) -> Ended {
        self.ended().await
    }

    async fn ended(&mut self) -> Ended {
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = status.expect("it ends").unwrap();
        (&mut self.reader).await.unwrap();
        Ended { status: status.code(), said: self.said() }
    }
}

impl Ended {
    /// The last line, which says why.
    pub(crate) fn last_word(&self) -> &str {
        self.said.lines().last().unwrap_or_default()
    }
}
