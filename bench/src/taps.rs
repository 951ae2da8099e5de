//! Tap to answer inside the process: from the text of an interaction to the text of its answer,
//! committed and synced in between.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use muster::SystemEnv;
use muster_discord::bot::Bot;
use muster_domain::answer_option::Options as Answers;
use muster_domain::event::{EventDetails, Span};
use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, UserId};
use muster_domain::text::Title;
use muster_domain::zone::Zone;
use muster_engine::ports::{Clock as _, Tasks as _};
use muster_engine::{App, Config};
use muster_store::model::NewEvent;
use muster_store::port::Events as _;
use tokio::sync::{Semaphore, mpsc};

use crate::BenchError;
use crate::machine::{self, ms, percentile};
use crate::world::{BenchWorld, Willing};

/// Events that are tapped in turn.
const EVENTS: u64 = 16;

const GUILD: GuildId = GuildId::new(2_000);

/// How to measure taps.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Taps per run.
    #[arg(long, default_value_t = 20_000)]
    taps: u64,
    /// Runs per number in flight; the median is reported, and the spread.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// The folder for the database: its disk is what is measured.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
}

struct Run {
    p50: Duration,
    p99: Duration,
    per_second: f64,
}

pub(crate) fn measure(options: &Options) -> Result<String, BenchError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| BenchError::Io("the event loop", error))?;
    let mut lines = vec![
        format!("Tap to answer inside the process, {} taps on {EVENTS} events", options.taps),
        format!("on {}, median of {} runs (lowest to highest)", machine::describe(), options.runs),
    ];
    for in_flight in [1, 64] {
        let mut runs = Vec::new();
        for _ in 0..options.runs {
            runs.push(runtime.block_on(one_run(options, in_flight))?);
        }
        lines.push(report(in_flight, &mut runs));
    }
    Ok(lines.join("\n"))
}

fn report(in_flight: usize, runs: &mut [Run]) -> String {
    let spread = |mut values: Vec<Duration>| {
        values.sort_unstable();
        let (low, high) = (percentile(&values, 0), percentile(&values, 100));
        format!("{} ({} to {})", ms(percentile(&values, 50)), ms(low), ms(high))
    };
    let p50 = spread(runs.iter().map(|run| run.p50).collect());
    let p99 = spread(runs.iter().map(|run| run.p99).collect());
    runs.sort_unstable_by(|a, b| a.per_second.total_cmp(&b.per_second));
    let rate = runs.get(runs.len() / 2).map_or(0.0, |run| run.per_second);
    format!("{in_flight} in flight: p50 {p50}, p99 {p99}, {rate:.0} taps/s")
}

async fn one_run(options: &Options, in_flight: usize) -> Result<Run, BenchError> {
    let folder = options.folder.join(format!("muster-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| BenchError::Io("the folder", error))?;
    let world = BenchWorld::on(&folder.join("taps.db"))?;
    let bot = Arc::new(Bot::new(App::new(world, Config::default()), Willing));
    let run = run_on(&bot, options.taps, in_flight).await;
    bot.app().store().close().await?;
    drop(bot);
    std::fs::remove_dir_all(&folder).map_err(|error| BenchError::Io("the folder", error))?;
    run
}

async fn run_on(
    bot: &Arc<Bot<BenchWorld, Willing>>,
    taps: u64,
    in_flight: usize,
) -> Result<Run, BenchError> {
    let env = bot.app().env().clone();
    let events = create_events(bot, &env).await?;
    let places = Arc::new(Semaphore::new(in_flight));
    let (times, mut taken) = mpsc::unbounded_channel();
    let began = now();
    for tap in 0..taps {
        let place = Arc::clone(&places).acquire_owned().await;
        let (bot, times) = (Arc::clone(bot), times.clone());
        let turn = usize::try_from(tap % EVENTS).unwrap_or_default();
        let raw = interaction(tap, *events.get(turn).ok_or(BenchError::Other("no event"))?);
        env.spawn("tap", async move {
            let began = now();
            bot.interaction(&raw).await;
            drop((times.send(began.elapsed()), place));
        });
    }
    drop(times);
    let mut all = Vec::new();
    while let Some(time) = taken.recv().await {
        all.push(time);
    }
    let per_second =
        f64::from(u32::try_from(taps).unwrap_or(u32::MAX)) / began.elapsed().as_secs_f64();
    all.sort_unstable();
    Ok(Run { p50: percentile(&all, 50), p99: percentile(&all, 99), per_second })
}

async fn create_events(
    bot: &Bot<BenchWorld, Willing>,
    env: &SystemEnv,
) -> Result<Vec<EventId>, BenchError> {
    let mut events = Vec::new();
    for number in 0..EVENTS {
        let start = env.now() + jiff::SignedDuration::from_hours(24);
        let end = start + jiff::SignedDuration::from_hours(2);
        let details = EventDetails {
            title: Title::parse("Raid night").map_err(|_| BenchError::Other("title"))?,
            span: Span::new(start, end).map_err(|_| BenchError::Other("span"))?,
            zone: Zone::parse("UTC").map_err(|_| BenchError::Other("zone"))?,
            description: None,
            location: None,
            capacity: None,
        };
        let new = NewEvent {
            guild: GUILD,
            channel: ChannelId::new(3_000),
            host: UserId::new(4_000),
            details,
            options: Answers::default_four(),
            mention: None,
            interaction: InteractionId::new(number + 1),
        };
        let created = bot.app().store().create_event(new, env.now()).await?;
        events.push(created.sheet.event.id);
    }
    Ok(events)
}

/// A tap as Discord sends it: each of a thousand members picks another option every time.
fn interaction(tap: u64, event: EventId) -> String {
    let member = 400_000_000_000_000_000 + tap / EVENTS % 1_000;
    let option = (tap / EVENTS / 1_000 + tap) % 4;
    let button = format!("m1:a:{}:{option}", base36(event.get()));
    let id = 1_400_000_000_000_000_000 + tap;
    format!(
        r#"{{"id":"{id}","application_id":"1300000000000000000","type":3,"version":1,
        "token":"bench","guild_id":"2000","channel_id":"3000","context":0,"locale":"en-US",
        "guild_locale":"en-US","app_permissions":"274878024704","entitlements":[],
        "channel":{{"id":"3000","type":0,"name":"events"}},"attachment_size_limit":10485760,
        "authorizing_integration_owners":{{"0":"2000"}},
        "member":{{"user":{{"id":"{member}","username":"member","global_name":"Member",
        "discriminator":"0","avatar":null}},"nick":null,"roles":["5000"],
        "joined_at":"2025-01-02T03:04:05.000000+00:00","permissions":"2248473465835073"}},
        "message":{{"id":"7000","channel_id":"3000","flags":0,"content":"","embeds":[],
        "components":[]}},"data":{{"component_type":2,"id":2,"custom_id":"{button}"}}}}"#
    )
}

fn base36(number: u64) -> String {
    let mut digits = Vec::new();
    let mut rest = number;
    loop {
        digits.push(char::from_digit(u32::try_from(rest % 36).unwrap_or(0), 36).unwrap_or('0'));
        rest /= 36;
        if rest == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn now() -> Instant {
    Instant::now()
}
