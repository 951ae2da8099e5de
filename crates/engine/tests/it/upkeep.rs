//! What is kept no longer goes by itself.

use jiff::SignedDuration;
use muster_domain::change::EventChange;
use muster_engine::ports::Clock as _;
use muster_store::port::{Events as _, Guilds as _};

use crate::world::{GUILD, SECOND, Scene};

const DAY: u64 = 24 * 60 * 60;

#[tokio::test(start_paused = true)]
async fn an_event_that_was_called_off_stays_for_thirty_days() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    scene.keeps_house();
    scene.change(event, EventChange::Cancel).await;
    scene.passes(30 * DAY - 60).await;
    assert!(scene.app.store().event(GUILD, event).await.unwrap().is_some());
    // It looks at least twice a day.
    scene.passes(DAY / 2 + 120).await;
    assert_eq!(scene.app.store().event(GUILD, event).await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn a_guild_that_removed_the_bot_is_forgotten_after_the_time_that_the_operator_set() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    scene.app.store().guild_left(GUILD, scene.app.env().now()).await.unwrap();
    scene.keeps_house();
    scene.passes(21 * DAY - 60).await;
    assert!(scene.app.store().event(GUILD, event).await.unwrap().is_some());
    scene.passes(120).await;
    assert_eq!(scene.app.store().event(GUILD, event).await, Ok(None));
}
