//! Many reminders due in the same second: how late the last one is.

use std::time::Duration;

use clap::Args;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use muster_domain::id::RoleId;
use muster_domain::reminder::{Audience, Reminder, ReminderTime};
use muster_sim::ids::{MessageId, UserId};
use muster_store::sqlite::SqliteStore;

use crate::clock;
use crate::error::{BenchError, other};
use crate::figures::{Series, float, grouped, table};
use crate::folder::Folder;
use crate::machine::{self, Core};
use crate::planned::{self, Planned};
use crate::results::{self, Common};
use crate::simulated::{Simulated, is_message};
use crate::stage::program;

/// Events written at the same time.
const AT_ONCE: usize = 256;

/// How long before the events the reminders come.
const AHEAD: SignedDuration = SignedDuration::from_mins(60);

/// How long it takes at most until everything is set: a while, and more for each reminder.
const SETTING: SignedDuration = SignedDuration::from_secs(12);
const SETTING_EACH: SignedDuration = SignedDuration::from_millis(4);

/// The slowest that is waited for, in messages a second, and a while more.
const SLOWEST: u64 = 20;
const PATIENCE: Duration = Duration::from_secs(30);

/// Requests of one bot that Discord takes in a second (Discord docs: rate limits).
const ALLOWED: f64 = 50.0;

/// How to measure reminders.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// The largest number of reminders due in the same second.
    #[arg(long, default_value_t = 10_000)]
    many: u64,
}

/// So many reminders, in so many guilds with so many channels each, and by when the last of them
/// is to be there, in words.
struct Case {
    reminders: u64,
    guilds: u64,
    channels: u64,
    aim: &'static str,
}

/// What the runs of a case showed.
#[derive(Default)]
struct Lags {
    first: Series,
    half: Series,
    last: Series,
    share: Series,
    cpu_ms: Series,
    limited: Series,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    machine::keep_this_on(Core::Load);
    let runtime = clock::runtime()?;
    let cases = [
        Case { reminders: 40, guilds: 4, channels: 10, aim: "1 s" },
        Case { reminders: 100, guilds: 10, channels: 10, aim: "2.5 s" },
        Case { reminders: options.many, guilds: 20, channels: 50, aim: "≥ 90 % of 50 a second" },
    ];
    let mut rows = Vec::new();
    for case in cases {
        let mut lags = Lags::default();
        for _ in 0..options.runs {
            runtime.block_on(one_run(options, &case, &mut lags))?;
        }
        rows.push(cells(&case, &lags));
    }
    results::write(&options.common.results, "reminders", &text(options, &rows))
}

async fn one_run(options: &Options, case: &Case, lags: &mut Lags) -> Result<(), BenchError> {
    let folder = Folder::below(&options.common.folder)?;
    let discord = Simulated::start(case.guilds, case.channels).await?;
    let count = i32::try_from(case.reminders).map_err(|_| other("too many reminders"))?;
    let due = clock::today() + SETTING + SETTING_EACH * count;
    let due = Timestamp::from_second(due.as_second()).map_err(|_| other("no such instant"))?;
    fill(&folder, &discord, case, due).await?;
    let child = discord.muster(&program(options.common.program.as_deref())?, &folder)?;
    discord.online(0).await.ok_or_else(|| other("the program did not come online"))?;
    let left = Duration::try_from(due.duration_since(clock::today()));
    let left = left.ok().filter(|left| *left > Duration::from_secs(2));
    clock::rest(left.ok_or_else(|| other("setting the stage took too long"))?).await;
    let before = machine::account(child.process())?;
    let patience = PATIENCE + Duration::from_secs(case.reminders / SLOWEST);
    let wanted = usize::try_from(case.reminders).unwrap_or(usize::MAX);
    let all = async {
        while discord.taken() < wanted {
            clock::rest(Duration::from_millis(200)).await;
        }
    };
    clock::within(patience, all).await.ok_or_else(|| other("reminders are missing"))?;
    let spent = machine::account(child.process())?.since(before);
    child.end()?;
    lags.cpu_ms.push(float(spent.cpu_ns) / 1e6 / float(case.reminders));
    lags.limited.push(float(discord.sim.counts().answered_with(429)));
    lags.add(&late(&discord, due));
    Ok(())
}

/// Writes so many events, each with one reminder, all due at the same instant.
async fn fill(
    folder: &Folder,
    discord: &Simulated,
    case: &Case,
    due: Timestamp,
) -> Result<(), BenchError> {
    let store = SqliteStore::open(&folder.database())?;
    planned::guilds(&store, discord).await?;
    let bot = UserId::new(discord.app.get());
    let writes = (0..case.reminders).map(async |number| {
        let place = discord.place(number)?;
        let post = discord.sim.world(|world| world.seed_message(place.channel, bot, "The post"));
        let reminder = Reminder {
            audience: Audience::Role(RoleId::new(place.role.get())),
            ..Reminder::at(ReminderTime::Before(AHEAD))
        };
        let planned = Planned {
            title: format!("Walk {number}"),
            place,
            start: due + AHEAD,
            created: clock::today(),
            reminders: vec![reminder],
            answers: Vec::new(),
            post: post.map(MessageId::get),
        };
        planned::write(&store, planned, number).await.map(drop)
    });
    stream::iter(writes).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    Ok(store.close().await?)
}

/// How late each message was taken, in seconds, first to last.
fn late(discord: &Simulated, due: Timestamp) -> Vec<f64> {
    discord.sim.world(|world| {
        let messages = world.accepted().filter(|one| is_message(&one.what));
        messages.map(|one| one.at.duration_since(due).as_secs_f64()).collect()
    })
}

impl Lags {
    fn add(&mut self, late: &[f64]) {
        let mut push = |series: fn(&mut Self) -> &mut Series, value: Option<&f64>| {
            series(self).push(value.copied().unwrap_or_default());
        };
        push(|lags| &mut lags.first, late.first());
        push(|lags| &mut lags.half, late.get(late.len() / 2));
        push(|lags| &mut lags.last, late.last());
        self.share.push(share(late));
    }
}

/// How much of what Discord allows was used until the last one, in hundredths.
fn share(late: &[f64]) -> f64 {
    let count = float(u64::try_from(late.len()).unwrap_or(u64::MAX));
    late.last().map_or(0.0, |last| count / last / ALLOWED * 100.0)
}

fn cells(case: &Case, lags: &Lags) -> Vec<String> {
    vec![
        grouped(float(case.reminders), 0),
        grouped(float((case.guilds * case.channels).min(case.reminders)), 0),
        lags.first.spread(3),
        lags.half.spread(2),
        lags.last.spread(2),
        case.aim.to_owned(),
        lags.share.spread(1),
        lags.cpu_ms.spread(2),
        lags.limited.spread(0),
    ]
}

fn text(options: &Options, rows: &[Vec<String>]) -> String {
    let head = [
        "due at once",
        "channels",
        "first, s late",
        "half, s late",
        "last, s late",
        "aim for the last",
        "% of 50 a second",
        "CPU ms each",
        "answers with 429",
    ];
    format!(
        "## Reminders due in the same second\n\nEach of its own event; late is from when they are \
         due until the simulated Discord of `crates/sim` has taken them, over loopback and with \
         its limits kept: 50 requests a second in all, and 5 messages in 5 s in a channel, of which \
         only the first matters here. Muster itself never sends more than 49 in any second and 46 on \
         average, so that requests that arrive bunched are not refused: that is 92 % of what \
         Discord allows, and the most that can be reached. Median of {} runs \
         (lowest–highest).\n\n{}",
        options.runs,
        table(&head, rows),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_in_a_second_are_all_that_is_allowed() {
        let evenly: Vec<_> = (1..=100_u32).map(|number| f64::from(number) / 50.0).collect();
        assert!((share(&evenly) - 100.0).abs() < 1e-9);
        assert!((share(&[10.0]) - 0.2).abs() < 1e-9);
        assert!(share(&[]).abs() < 1e-9);
    }
}
