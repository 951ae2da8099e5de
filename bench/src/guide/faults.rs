//! Discord on a bad day while posts and reminders are due: what became of tasks and messages, and
//! how memory fared.

use std::time::Duration;

use muster_sim::ScriptedAnswer;
use serde_json::json;

use super::Options;
use super::success::Success;
use crate::clock;
use crate::crashes::judge::{self, Verdict};
use crate::crashes::{CHANNELS, GUILDS, fill, kept, plan};
use crate::draw::Draw;
use crate::error::{BenchError, other};
use crate::figures::{grouped, table};
use crate::folder::Folder;
use crate::machine::{self, Core};
use crate::metrics;
use crate::simulated::Simulated;
use crate::stage::program;
use crate::watch::{Seen, Subject, Watch};

/// Posts and reminders that are due in each second.
const DUE_EACH_SECOND: u64 = 8;

/// How long Discord does one thing wrong, or all right.
const MOMENT: Duration = Duration::from_millis(250);

/// How often the bot is asked for its figures.
const SCRAPE: Duration = Duration::from_secs(5);

/// How long nothing may come of what is still to be sent before it is given up.
const DRAIN_LIMIT: Duration = Duration::from_mins(2);

/// What came of it.
pub(super) struct Bad {
    pub(super) due: usize,
    pub(super) verdict: Verdict,
    pub(super) seen: Seen,
    pub(super) peak_mib: f64,
    requests: u64,
    refused: u64,
    /// Deliveries that were begun more than once.
    retried: u64,
}

impl Bad {
    /// How many tasks ended so.
    pub(super) fn tasks(&self, outcome: &str) -> f64 {
        self.seen.last().sum("muster_tasks_total", &format!("outcome=\"{outcome}\""))
    }

    /// How many deliveries ended so.
    fn deliveries(&self, outcome: &str) -> f64 {
        self.seen.last().sum("muster_deliveries_total", &format!("outcome=\"{outcome}\""))
    }

    /// What came of tasks and deliveries.
    pub(super) fn success(&self) -> Success {
        Success {
            done: self.tasks("succeeded"),
            undone: self.tasks("failed") + self.tasks("timed_out"),
            due: self.due,
            sent: self.deliveries("sent"),
            failed: self.deliveries("failed"),
            skipped: self.deliveries("skipped"),
            retried: self.retried,
            lost: self.verdict.lost.len(),
            twice: self.verdict.twice.len(),
        }
    }

    pub(super) fn text(&self, options: &Options) -> String {
        let last = self.seen.last();
        let lag = |stat| {
            let name = format!("muster_reminder_lag_seconds{{stat=\"{stat}\"}}");
            last.get(&name).map_or_else(|| "–".to_owned(), |value| grouped(value, 2))
        };
        let count = |value: f64| grouped(value, 0);
        let Verdict { accepted, lost, twice, skipped, .. } = &self.verdict;
        let (level, times) = self.seen.pressure();
        let rows = [
            ("posts and reminders due", self.due.to_string()),
            ("messages that Discord took", accepted.to_string()),
            ("lost", lost.len().to_string()),
            ("there twice", twice.len().to_string()),
            ("left out for a reason", skipped.to_string()),
            ("deliveries sent, by the bot's own account", count(self.deliveries("sent"))),
            (
                "deliveries that failed for good, or with an unclear end",
                count(self.deliveries("failed")),
            ),
            ("deliveries begun more than once", self.retried.to_string()),
            ("requests", self.requests.to_string()),
            ("of these refused, or dropped before they took effect", self.refused.to_string()),
            ("tasks that succeeded", count(self.tasks("succeeded"))),
            ("tasks that failed", count(self.tasks("failed"))),
            ("tasks that took too long", count(self.tasks("timed_out"))),
            ("tasks tried again", count(last.sum("muster_task_retries_total", ""))),
            ("reminders late, p50, s", lag("p50")),
            ("reminders late, p99, s", lag("p99")),
            ("highest memory pressure", format!("{level} ({times} samples)")),
            ("resident set at most, MiB", grouped(self.peak_mib, 1)),
        ];
        let rows: Vec<_> = rows.map(|(name, value)| vec![name.to_owned(), value]).into();
        format!(
            "The simulated Discord of `crates/sim`, with its limits, for {} s in which posts and \
             reminders are due all the time. In {} % of that time, drawn from a seed, it answers \
             everything with 500, 502, 503 after it has done what was asked, 429 of a bucket or of \
             all, half an answer, none, or one that comes after 20 s. With the settings from after. \
             What is lost or twice is found by comparing what Discord took with what was due.\n\n{}",
            options.fault_seconds,
            options.fault_percent,
            table(&["", ""], &rows),
        )
    }
}

pub(super) fn run(options: &Options) -> Result<Bad, BenchError> {
    machine::keep_this_on(Core::Load);
    clock::runtime()?.block_on(bad_day(options))
}

async fn bad_day(options: &Options) -> Result<Bad, BenchError> {
    let mut draw = Draw::new(1);
    let length = Duration::from_secs(options.fault_seconds);
    let events = plan::events(&mut draw, options.fault_seconds * DUE_EACH_SECOND, length);
    let folder = Folder::below(&options.common.folder)?;
    let discord = Simulated::start(GUILDS, CHANNELS).await?;
    let due = fill::database(&folder.database(), &discord, &events).await?;
    let address = metrics::free_address()?;
    let variables = [("HTTP_ADDR", address.to_string()), ("LOG", "error".to_owned())];
    let program = program(options.common.program.as_deref())?;
    let child = discord.muster_with(&program, &folder, &variables)?;
    discord.online(0).await.ok_or_else(|| other("the program did not come online"))?;
    let backups = folder.path().join("backups");
    let process = child.process();
    let watch = Watch::begin(Subject { process, address, scrape: SCRAPE, backups })?;
    while clock::today() < due.last {
        if draw.between(1, 100) <= options.fault_percent {
            discord.sim.faults().answer_for(MOMENT, "*", "/", wrong(&mut draw));
        }
        clock::rest(MOMENT).await;
    }
    discord.sim.faults().clear();
    drain(&discord, &folder).await?;
    let (seen, peak_mib) = (watch.end()?, machine::peak_mib(process)?);
    child.end()?;
    let kept = kept::read(&folder.database(), "none by command", &due.reminders)?;
    let written = discord.written();
    let keys = written.iter().map(|one| judge::key(&one.components, &one.embeds));
    let retried = kept::retried(&folder.database())?;
    let verdict = judge::judge(&due.keys, &kept.skipped, &keys.collect::<Vec<_>>());
    let requests = discord.sim.counts().requests;
    let is_refused = |status: u16| !(200..300).contains(&status);
    let refused = requests.iter().filter(|((_, status), _)| is_refused(*status));
    Ok(Bad {
        due: due.keys.len(),
        verdict,
        seen,
        peak_mib,
        refused: refused.map(|(_, count)| count).sum(),
        requests: requests.values().sum(),
        retried,
    })
}

/// What Discord does wrong for a moment.
fn wrong(draw: &mut Draw) -> ScriptedAnswer {
    let broken = json!({"message": "500: Internal Server Error", "code": 0});
    match draw.between(0, 8) {
        0 => ScriptedAnswer::status(500, broken),
        1 => ScriptedAnswer::status(502, json!("<html>502: Bad Gateway</html>")),
        2 => ScriptedAnswer::status(503, broken).after_effect(),
        3 => ScriptedAnswer::limited_in_bucket(Duration::from_secs(1)),
        4 => ScriptedAnswer::limited_globally(Duration::from_millis(500)),
        5 => ScriptedAnswer::dropped(),
        6 => ScriptedAnswer::dropped().after_effect(),
        7 => ScriptedAnswer::real().cut(),
        _ => ScriptedAnswer::delay(Duration::from_secs(20)),
    }
}

/// Waits until all is sent, or nothing comes any more.
async fn drain(discord: &Simulated, folder: &Folder) -> Result<(), BenchError> {
    let (mut seen, mut quiet) = (discord.taken(), clock::now());
    while quiet.elapsed() < DRAIN_LIMIT && kept::unfinished(&folder.database())? > 0 {
        clock::rest(Duration::from_secs(1)).await;
        let taken = discord.taken();
        if taken != seen {
            (seen, quiet) = (taken, clock::now());
        }
    }
    Ok(())
}
