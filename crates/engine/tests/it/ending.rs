//! The orderly end: nothing new is begun, and what is under way is waited for.

use jiff::SignedDuration;
use muster_engine::limits::EDIT_DRAIN;
use muster_engine::ports::Clock as _;
use muster_store::port::Deliveries as _;

use crate::world::{SECOND, Scene};

const NEW: SignedDuration = SignedDuration::from_mins(5);

#[tokio::test(start_paused = true)]
async fn a_delivery_under_way_is_finished_and_the_next_one_waits_for_the_next_start() {
    let scene = Scene::new(|_, _| (3 * SECOND, None)).await;
    let [first, second] = [scene.created(1).await, scene.created(1).await];
    scene.delivers();
    scene.passes(1).await;
    scene.app.close();
    let asked = scene.app.env().monotonic();
    scene.app.closed().await;
    assert_eq!(scene.app.env().monotonic().saturating_sub(asked), 2 * SECOND);
    assert!(scene.read(first.sheet.event.id).await.post.message.is_some(), "it is stored");
    scene.passes(600).await;
    assert_eq!(scene.discord().creates(), 1);
    let due = scene.app.store().claim(second.delivery, scene.app.now(), scene.app.now()).await;
    assert!(due.unwrap().is_some(), "nobody holds it");
}

#[tokio::test(start_paused = true)]
async fn what_is_idle_ends_at_once() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    scene.posted(1, NEW).await;
    scene.reconciles();
    scene.passes(60).await;
    scene.app.close();
    let asked = scene.app.env().monotonic();
    scene.app.closed().await;
    assert_eq!(scene.app.env().monotonic(), asked);
}

#[tokio::test(start_paused = true)]
async fn an_edit_under_way_is_waited_for_and_no_other_is_begun() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let [first, second] = [scene.posted(1, NEW).await, scene.posted(1, NEW).await];
    scene.rename(first, "Raid night").await;
    scene.rename(second, "Raid night").await;
    scene.reconciles();
    scene.app.env().sleep(SECOND / 2).await;
    scene.app.close();
    scene.app.closed().await;
    scene.app.write_down_shown().await.unwrap();
    assert_eq!(scene.discord().edits().len(), 1);
    let shown = [scene.read(first).await.post.shown, scene.read(second).await.post.shown];
    assert_eq!(shown, [2, 1], "a restart edits only the second");
}

#[tokio::test(start_paused = true)]
async fn an_edit_that_takes_long_is_left_and_counts_as_not_made() {
    let scene = Scene::new(|_, _| (60 * SECOND, None)).await;
    let event = scene.posted(1, NEW).await;
    scene.rename(event, "Raid night").await;
    scene.reconciles();
    scene.passes(1).await;
    scene.app.close();
    let asked = scene.app.env().monotonic();
    scene.app.closed().await;
    assert_eq!(scene.app.env().monotonic().saturating_sub(asked), EDIT_DRAIN);
    scene.app.write_down_shown().await.unwrap();
    assert_eq!(scene.read(event).await.post.shown, 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_started_after_the_end_does_nothing() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    scene.created(1).await;
    scene.app.close();
    scene.reconciles();
    scene.passes(60).await;
    scene.app.closed().await;
    assert_eq!(scene.discord().asked(), []);
}
