//! Measures how many taps a second become durable, and how long each waits, with 1, 64 and 512 in
//! flight on 16 events: `cargo run --release -p muster-store --example commit_rate -- <folder>`.

use std::cell::RefCell;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use jiff::Timestamp;
use muster_domain::answer_option::{OptionId, Options};
use muster_domain::capacity::Capacity;
use muster_domain::event::{EventDetails, Span};
use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, UserId};
use muster_domain::rules::EventRules;
use muster_domain::text::Title;
use muster_domain::zone::Zone;
use muster_store::StoreError;
use muster_store::model::{Ask, EventOrigin, NewEvent, Tap};
use muster_store::port::Events;
use muster_store::sqlite::SqliteStore;

const GUILD: GuildId = GuildId::new(1);
const EVENTS: u64 = 16;
const MEMBERS: u64 = 5_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder on the disk to be measured")?;
    let path = Path::new(&folder).join("commit_rate.db");
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for (in_flight, taps) in [(1, 20_000), (64, 300_000), (512, 300_000)] {
        let store = SqliteStore::open(&path)?;
        runtime.block_on(measure(&store, in_flight, taps))?;
        runtime.block_on(store.close())?;
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

async fn measure(store: &SqliteStore, in_flight: u64, taps: u64) -> Result<(), Box<dyn Error>> {
    let events = create_events(store).await?;
    let (next, waits) = (AtomicU64::new(0), RefCell::new(Vec::new()));
    let begun = now();
    let workers = (0..in_flight).map(|_| async {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= taps {
                return Ok::<(), StoreError>(());
            }
            let asked = now();
            store.tap(tap_of(&events, number)).await?;
            waits.borrow_mut().push(asked.elapsed());
        }
    });
    try_join_all(workers).await?;
    report(in_flight, begun.elapsed(), &mut waits.borrow_mut())?;
    Ok(())
}

async fn create_events(store: &SqliteStore) -> Result<Vec<EventId>, Box<dyn Error>> {
    let mut events = Vec::new();
    for number in 0..EVENTS {
        let new = NewEvent {
            guild: GUILD,
            channel: ChannelId::new(1),
            host: UserId::new(1),
            details: EventDetails {
                title: Title::parse("Raid night")?,
                span: Span::new(Timestamp::from_second(3_600)?, Timestamp::from_second(7_200)?)?,
                zone: Zone::parse("UTC")?,
                description: None,
                location: None,
                capacity: Some(Capacity::parse(10_000)?),
            },
            options: Options::default_four(),
            rules: EventRules::default(),
            image: None,
            mention: None,
            reminders: None,
            origin: EventOrigin::Interaction(InteractionId::new(number)),
        };
        events.push(store.create_event(new, Timestamp::UNIX_EPOCH).await?.sheet.event.id);
    }
    Ok(events)
}

/// Members in no order, each with another answer than the last time.
fn tap_of(events: &[EventId], number: u64) -> Tap {
    let event = events.iter().cycle().nth(usize::try_from(number % EVENTS).unwrap_or(0));
    let round = number / EVENTS;
    let member = round.wrapping_mul(2_654_435_761) % MEMBERS;
    let option = u8::try_from((round / MEMBERS + member) % 4).unwrap_or(0);
    let member = UserId::new(member + 1);
    Tap {
        guild: GUILD,
        event: event.copied().unwrap_or(EventId::new(1)),
        member,
        by: member,
        ask: Ask::Pick { option: OptionId::new(option), may_lose_place: false },
        roles: Box::default(),
        force: false,
        interaction: InteractionId::new(1_000 + number),
        at: Timestamp::UNIX_EPOCH,
    }
}

fn report(in_flight: u64, took: Duration, waits: &mut [Duration]) -> std::io::Result<()> {
    waits.sort_unstable();
    let part = |percent: usize| waits.get(waits.len() * percent / 100).copied().unwrap_or_default();
    let taps = u128::try_from(waits.len()).unwrap_or(u128::MAX);
    let rate = taps * 1_000 / took.as_millis().max(1);
    let (half, most) = (part(50), part(99));
    writeln!(
        std::io::stdout(),
        "{in_flight:>4} in flight: {rate:>8} taps/s   p50 {half:>10.2?}   p99 {most:>10.2?}"
    )
}

#[expect(clippy::disallowed_methods, reason = "a measurement is about real time")]
fn now() -> Instant {
    Instant::now()
}
