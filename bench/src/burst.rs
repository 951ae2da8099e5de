//! A storm: everybody answers the same event at the same moment.

use std::collections::BTreeSet;

use clap::Args;
use muster_domain::id::{EventId, GuildId};
use muster_store::port::{Deliveries as _, Events as _};
use muster_store::sqlite::SqliteStore;

use crate::clock;
use crate::error::{BenchError, other};
use crate::figures::{Series, float, grouped, table};
use crate::results::{self, Common};
use crate::stage::{Size, Stage, program};
use crate::tally::Load;
use crate::world::GUILD;

/// How to measure the storm.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    common: Common,
    /// Runs; the median is reported, and the spread.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Members who answer, each once.
    #[arg(long, default_value_t = 10_000)]
    members: u64,
}

/// What all runs showed.
#[derive(Default)]
struct Storms {
    seconds: Series,
    p50: Series,
    p99: Series,
    edits: Series,
}

pub(crate) fn measure(options: &Options) -> Result<(), BenchError> {
    let mut storms = Storms::default();
    for _ in 0..options.runs {
        one_run(options, &mut storms)?;
    }
    results::write(&options.common.results, "burst", &text(options, &storms))
}

fn one_run(options: &Options, storms: &mut Storms) -> Result<(), BenchError> {
    let members = options.members;
    let size = Size { events: 1, answered: 0, ..Size::of(1, members) };
    let stage = Stage::set(&options.common.folder, size)?;
    let (mut discord, address) = stage.discord()?;
    let muster = stage.muster(&program(options.common.program.as_deref())?, &address)?;
    discord.line()?;
    let storm = discord.run(Load::InFlight(members, 0))?;
    // Nothing is fired: what follows the storm is counted.
    let after = discord.run(Load::Rate(0, 1))?;
    muster.end()?;
    results::show_log(&stage.logged()?);
    if storm.wrong > 0 || storm.answered != members {
        return Err(other(&format!("{} of {members} answers went wrong", storm.wrong)));
    }
    check(&stage, members)?;
    let [p50_ms, p99_ms, _] = storm.ms;
    storms.seconds.push(storm.seconds);
    storms.p50.push(p50_ms);
    storms.p99.push(p99_ms);
    storms.edits.push(float(storm.others + after.others));
    Ok(())
}

/// All answers are stored, and the post showed the last of them.
fn check(set: &Stage, members: u64) -> Result<(), BenchError> {
    let (stored, stale) = clock::runtime()?.block_on(async {
        let store = SqliteStore::open(&set.database())?;
        let posted = store.event(GuildId::new(GUILD), EventId::new(1)).await?;
        let sheet = posted.ok_or_else(|| other("the event is gone"))?.sheet;
        let stored: usize = sheet.columns.iter().map(|(_, names)| names.total).sum();
        let stale = store.stale_posts(BTreeSet::new(), 1).await?.len();
        store.close().await?;
        Ok::<_, BenchError>((stored, stale))
    })?;
    if u64::try_from(stored) != Ok(members) || stale > 0 {
        return Err(other(&format!(
            "{stored} of {members} answers are stored, {stale} post stale"
        )));
    }
    Ok(())
}

fn text(options: &Options, storms: &Storms) -> String {
    let row = vec![
        grouped(float(options.members), 0),
        storms.seconds.spread(2),
        storms.p50.spread(0),
        storms.p99.spread(0),
        storms.edits.spread(0),
    ];
    let head = [
        "answers",
        "until the last one is answered, s",
        "p50 ms",
        "p99 ms",
        "requests beside them",
    ];
    format!(
        "## A storm\n\nSo many members answer one event at the same moment, each once. Every answer \
         is committed, synced and answered with the new post; a request beside them is an edit of \
         the post, counted until 15 s after the last answer. At the end the database has every \
         answer, and the post has shown the last state. Median of {} runs (lowest–highest).\n\n{}\n",
        options.runs,
        table(&head, &[row]),
    )
}
