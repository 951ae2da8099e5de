//! Background work as tasks, and what is measured of deliveries.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use muster_domain::answer_option::{OptionId, Options};
use muster_domain::change::EventChange;
use muster_domain::id::{ChannelId, GuildId, RoleId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::settings::SettingsChange;
use muster_engine::answer::TapRequest;
use muster_engine::discord::DiscordError;
use muster_engine::ports::Tasks as _;
use muster_store::StoreError;
use muster_store::model::{Ask, NewEvent};
use muster_store::port::{Events as _, Guilds as _};
use muster_vitals::backoff::Backoff;
use muster_vitals::snapshot::TaskKind;
use muster_vitals::tasks::{Kind, Limit, Policy, Pressure, Priority};

use crate::fake_discord::Asked;
use crate::world::{GUILD, SECOND, Scene};

const OTHER: GuildId = GuildId::new(9_000);

const PATIENT: Kind = Kind {
    name: "patient",
    priority: Priority::Low,
    policy: Policy {
        limit: Limit::Setting,
        tries: 3,
        backoff: Backoff { first: SECOND, max: Duration::from_secs(30) },
    },
};

async fn scene() -> Scene {
    Scene::new(|_, _| (SECOND, None)).await
}

fn record(scene: &Scene, name: &str) -> TaskKind {
    let tasks = scene.app.vitals().tasks.snapshot(Duration::ZERO);
    tasks.kinds.into_iter().find(|kind| kind.name == name).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_task_that_fails_once_is_tried_again_after_a_while_and_counts_as_done() {
    let scene = scene().await;
    let tries = AtomicU32::new(0);
    let work = || async {
        let before = tries.fetch_add(1, Ordering::Relaxed);
        if before == 0 { Err(StoreError::Stopped) } else { Ok(before) }
    };
    let began = tokio::time::Instant::now();
    assert_eq!(scene.app.task(PATIENT, work).await, Ok(Some(1)));
    assert!(began.elapsed() >= SECOND / 2, "not at once: {:?}", began.elapsed());
    let record = record(&scene, "patient");
    assert_eq!((record.succeeded, record.retried, record.failed), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn channels_that_need_not_be_looked_at_at_once_wait_for_what_is_due() {
    let looked = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = Arc::clone(&looked);
    let scene = Scene::new(move |asked, _| match asked {
        Asked::Examine { channel } => {
            seen.lock().unwrap().insert(channel.get());
            (Duration::ZERO, None)
        }
        Asked::Create { .. } => (100 * SECOND, None),
        Asked::Find { .. } | Asked::Edit { .. } | Asked::Members { .. } | Asked::Other => {
            (Duration::ZERO, None)
        }
    })
    .await;
    for channel in 1..=200 {
        scene.created(channel).await;
    }
    let later = NewEvent { guild: OTHER, channel: ChannelId::new(900), ..scene.new_event(900) };
    scene.app.store().create_event(later, scene.app.now()).await.unwrap();
    scene.reconciles();
    let looked = |channel| looked.lock().unwrap().contains(&channel);
    scene.passes(90).await;
    assert_eq!((looked(1), looked(200), looked(900)), (true, true, false), "posts wait");
    scene.passes(600).await;
    assert!(looked(900));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_fails_three_times_has_failed() {
    let scene = scene().await;
    let work = || async { Err::<(), _>(StoreError::Stopped) };
    assert_eq!(scene.app.task(PATIENT, work).await, Err(StoreError::Stopped));
    let record = record(&scene, "patient");
    assert_eq!((record.succeeded, record.retried, record.failed), (0, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_takes_too_long_is_ended() {
    let scene = scene().await;
    let work = || async {
        tokio::time::sleep(Duration::from_hours(1)).await;
        Ok(())
    };
    let began = tokio::time::Instant::now();
    assert_eq!(scene.app.task(PATIENT, work).await, Ok(None));
    assert_eq!(began.elapsed(), Duration::from_mins(3));
    assert_eq!(record(&scene, "patient").timed_out, 1);
}

#[tokio::test(start_paused = true)]
async fn low_work_waits_for_memory_and_ends_with_the_program() {
    let scene = scene().await;
    let tasks = &scene.app.vitals().tasks;
    tasks.set_pressure(Pressure { memory_used: u64::MAX, ..Pressure::default() }, Duration::ZERO);
    let app = scene.app.clone();
    let waits = tokio::spawn(async move { app.task(PATIENT, || async { Ok(()) }).await });
    scene.passes(60).await;
    assert_eq!(tasks.snapshot(Duration::ZERO).deferred, 1);
    scene.app.close();
    assert_eq!(waits.await.unwrap(), Ok(None));
    assert_eq!(tasks.snapshot(Duration::ZERO).deferred, 0);
}

#[tokio::test(start_paused = true)]
async fn what_became_of_deliveries_is_counted() {
    let scene = Scene::new(|_, before| {
        let refused = DiscordError::Refused("too long".into());
        (SECOND, (before > 0).then_some(refused))
    })
    .await;
    for channel in [1, 2] {
        scene.created(channel).await;
    }
    scene.delivers();
    scene.passes(5).await;
    let deliveries = scene.app.vitals().meters.deliveries.snapshot(Duration::ZERO);
    assert_eq!((deliveries.sent, deliveries.failed, deliveries.skipped), (1, 1, 0));
    let passes = record(&scene, "deliveries");
    assert!(passes.succeeded > 0 && passes.failed == 0, "{passes:?}");
}

/// A Discord that answers to roles and threads like this, one after the other, and then as one
/// likes it.
async fn with_answers(answers: Vec<DiscordError>) -> Scene {
    let others = AtomicUsize::new(0);
    Scene::new(move |asked, _| {
        let answer = match asked {
            Asked::Other => answers.get(others.fetch_add(1, Ordering::Relaxed)).cloned(),
            Asked::Create { .. }
            | Asked::Find { .. }
            | Asked::Edit { .. }
            | Asked::Examine { .. }
            | Asked::Members { .. } => None,
        };
        (SECOND, answer)
    })
    .await
}

fn ended(scene: &Scene, name: &str) -> (u64, u64, u64) {
    let TaskKind { succeeded, failed, retried, .. } = record(scene, name);
    (succeeded, failed, retried)
}

#[tokio::test(start_paused = true)]
async fn a_role_that_discord_refuses_has_failed_and_one_that_it_puts_off_is_tried_again() {
    let unclear = DiscordError::Unclear("status 502".into());
    let answers = vec![unclear, DiscordError::Later(5 * SECOND), DiscordError::Forbidden];
    let scene = with_answers(answers).await;
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    let mut options: Vec<_> = Options::default_four().iter().cloned().collect();
    options[0].granted = Some(RoleId::new(9));
    scene.change(event, EventChange::Options(Options::new(options).unwrap())).await;
    let bea = Actor {
        user: UserId::new(77),
        guild: GUILD,
        channel: ChannelId::new(1),
        roles: vec![],
        permissions: Permissions::default(),
    };
    let ask = Ask::Pick { option: OptionId::new(0), may_lose_place: false };
    let request = TapRequest { event, ask, interaction: scene.interaction(), post: None };
    scene.app.tap(&bea, request).await.unwrap();
    scene.delivers();
    scene.app.env().spawn("granter", scene.app.clone().run_granter());
    scene.passes(8).await;
    assert_eq!(ended(&scene, "role"), (0, 0, 1));
    scene.passes(40).await;
    assert_eq!(ended(&scene, "role"), (0, 1, 2), "it is forbidden for an hour");
    scene.passes(4_000).await;
    assert_eq!(ended(&scene, "role"), (1, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_thread_that_discord_refuses_has_failed() {
    let unclear = DiscordError::Unclear("status 502".into());
    let scene = with_answers(vec![unclear, DiscordError::Forbidden]).await;
    let threads = SettingsChange::Threads(true);
    scene.app.store().change_settings(GUILD, threads, scene.app.now()).await.unwrap();
    scene.created(1).await;
    scene.delivers();
    scene.does_chores();
    scene.passes(60).await;
    assert_eq!(ended(&scene, "chore"), (0, 1, 1));
}
