//! Posts are made true: beside each other, in turn, and with what is newest.

use std::time::Duration;

use jiff::SignedDuration;
use muster_domain::change::EventChange;
use muster_domain::id::EventId;
use muster_engine::discord::DiscordError;
use muster_engine::limits::{EDIT_GAP, EDITS_MAX, OLD_EDIT_GAP};
use muster_engine::ports::Clock as _;
use muster_store::port::Deliveries as _;

use crate::world::{GUILD, SECOND, Scene};

const NEW: SignedDuration = SignedDuration::from_mins(5);
const OLD: SignedDuration = SignedDuration::from_hours(3);

#[tokio::test(start_paused = true)]
async fn channels_are_edited_beside_each_other_and_each_channel_in_turn() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    for channel in 1..=20 {
        for title in ["Raid night", "Raid day"] {
            let event = scene.posted(channel, NEW).await;
            scene.rename(event, title).await;
        }
    }
    scene.reconciles();
    scene.passes(3).await;
    assert_eq!((scene.discord().most(), scene.discord().edits().len()), ((20, 1), 40));
}

#[tokio::test(start_paused = true)]
async fn so_many_edits_are_under_way_at_once_and_no_more() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let channels = 2 * u64::try_from(EDITS_MAX).unwrap() + 5;
    for channel in 1..=channels {
        let event = scene.posted(channel, NEW).await;
        scene.rename(event, "Raid night").await;
    }
    scene.reconciles();
    scene.passes(10).await;
    assert_eq!(scene.discord().most(), (EDITS_MAX, 1));
    assert_eq!(scene.discord().edits().len(), usize::try_from(channels).unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_post_shows_what_is_newest_when_its_turn_comes() {
    let scene = Scene::new(|_, _| (5 * SECOND, None)).await;
    let [first, second] = [scene.posted(1, NEW).await, scene.posted(1, NEW).await];
    scene.rename(first, "Raid night").await;
    scene.rename(second, "Raid night").await;
    scene.reconciles();
    scene.passes(2).await;
    // It was found stale long ago and waits for the first one.
    scene.rename(second, "Raid day").await;
    scene.passes(20).await;
    let shown: Vec<_> = scene.discord().edits().into_iter().map(|(_, who, v)| (who, v)).collect();
    assert_eq!(shown, [(first, 2), (second, 3)]);
}

#[tokio::test(start_paused = true)]
async fn no_post_is_drawn_before_the_clock_was_compared_with_the_store() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, NEW).await;
    scene.rename(event, "Raid night").await;
    scene.reconciles_alone();
    scene.passes(20).await;
    assert_eq!(scene.discord().edits(), []);
    scene.delivers();
    scene.passes(20).await;
    assert_eq!(scene.discord().edits().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_post_is_drawn_by_a_clock_that_was_set_back_before_that_is_seen_to() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, NEW).await;
    scene.reconciles();
    scene.passes(20).await;
    scene.app.env().set_clock(SignedDuration::from_hours(-1));
    scene.rename(event, "Raid night").await;
    scene.passes(90).await;
    let shown: Vec<_> = scene.discord().edits().into_iter().map(|(_, _, v)| v).collect();
    let version = scene.read(event).await.sheet.event.version;
    assert_eq!(shown, [version], "once, after the times were mended");
}

#[tokio::test(start_paused = true)]
async fn no_post_is_drawn_by_a_clock_that_was_set_ahead_before_events_are_turned_by_it() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, NEW).await;
    scene.reconciles();
    scene.passes(20).await;
    assert!(!scene.app.is_clock_in_doubt());
    // By it the event is over.
    scene.app.env().set_clock(SignedDuration::from_hours(24 * 365));
    assert!(scene.app.is_clock_in_doubt());
    scene.app.store().refresh_post(GUILD, event, scene.app.now()).await.unwrap();
    scene.app.wake_reconciler();
    scene.passes(90).await;
    assert!(!scene.app.is_clock_in_doubt());
    let shown: Vec<_> = scene.discord().edits().into_iter().map(|(_, _, v)| v).collect();
    let version = scene.read(event).await.sheet.event.version;
    assert_eq!(shown, [version], "once, after the event was turned");
}

#[tokio::test(start_paused = true)]
async fn a_post_that_is_to_be_drawn_again_is_edited_although_nothing_changed() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, NEW).await;
    scene.app.draw_again(GUILD, event).await;
    scene.app.draw_again(GUILD, EventId::new(99)).await;
    scene.reconciles();
    scene.passes(20).await;
    let shown: Vec<_> = scene.discord().edits().into_iter().map(|(_, _, v)| v).collect();
    assert_eq!(shown, [2]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_back_while_its_post_is_removed_is_posted_again() {
    let scene = Scene::new(|_, _| (5 * SECOND, None)).await;
    let event = scene.posted(1, NEW).await;
    scene.change(event, EventChange::Delete).await;
    scene.reconciles();
    scene.passes(2).await;
    scene.change(event, EventChange::BringBack).await;
    assert_eq!(scene.discord().creates(), 0, "nobody knows yet that the post is gone");
    scene.passes(20).await;
    let posted = scene.read(event).await;
    assert_eq!((scene.discord().creates(), posted.post.gone_at), (1, None));
}

#[tokio::test(start_paused = true)]
async fn a_deleted_event_is_not_posted_again() {
    let scene = Scene::new(|_, _| (5 * SECOND, None)).await;
    let event = scene.posted(1, NEW).await;
    scene.change(event, EventChange::Delete).await;
    scene.reconciles();
    scene.passes(30).await;
    assert_eq!(scene.discord().creates(), 0);
    assert!(scene.read(event).await.post.gone_at.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_post_that_became_true_meanwhile_is_not_edited() {
    let scene = Scene::new(|_, _| (5 * SECOND, None)).await;
    let [first, second] = [scene.posted(1, NEW).await, scene.posted(1, NEW).await];
    scene.rename(first, "Raid night").await;
    scene.rename(second, "Raid night").await;
    scene.reconciles();
    scene.passes(2).await;
    // A tap is answered with the finished post.
    let message = scene.read(second).await.post.message.unwrap();
    let write = scene.app.board().write(second);
    let shown = muster_engine::board::Effect::Shown(message, 2);
    assert!(!write.ends(shown));
    scene.passes(20).await;
    let edited: Vec<_> = scene.discord().edits().into_iter().map(|(_, who, _)| who).collect();
    assert_eq!(edited, [first]);
}

#[tokio::test(start_paused = true)]
async fn a_post_that_changes_while_it_is_edited_is_edited_once_more() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.posted(1, NEW).await;
    scene.rename(event, "Raid night").await;
    scene.reconciles();
    scene.app.env().sleep(SECOND / 2).await;
    scene.rename(event, "Raid day").await;
    scene.rename(event, "Raid week").await;
    scene.passes(10).await;
    let edits = scene.discord().edits();
    let shown: Vec<_> = edits.iter().map(|(_, _, version)| *version).collect();
    assert_eq!(shown, [2, 4]);
    let ended = edits[0].0.saturating_add(SECOND);
    assert!(edits[1].0 >= ended.saturating_add(EDIT_GAP), "{edits:?}");
    assert_eq!(scene.read(event).await.post.shown, 4, "and that is written down");
}

#[tokio::test(start_paused = true)]
async fn old_posts_of_one_channel_wait_for_each_other_and_hold_up_nobody_else() {
    let scene = Scene::new(|_, _| (Duration::from_millis(50), None)).await;
    // More than wait in memory, stale before the one in the other channel.
    for _ in 0..600 {
        let event = scene.posted(1, OLD).await;
        scene.rename(event, "Raid night").await;
    }
    scene.passes(1).await;
    let other = scene.posted(2, NEW).await;
    scene.rename(other, "Raid night").await;
    scene.reconciles();
    scene.passes(60).await;
    let edits = scene.discord().edits();
    let began = edits[0].0;
    let others = edits.iter().find(|(_, event, _)| *event == other).unwrap().0;
    assert!(others.saturating_sub(began) < 5 * SECOND, "{others:?}");
    let old: Vec<_> = edits.iter().filter(|(_, event, _)| *event != other).collect();
    let gaps: Vec<_> = old.windows(2).map(|two| two[1].0.saturating_sub(two[0].0)).collect();
    assert!(gaps.iter().all(|gap| *gap >= OLD_EDIT_GAP), "{gaps:?}");
    assert!(old.len() >= 8, "one in about seven seconds: {}", old.len());
    assert!(old.windows(2).all(|two| two[0].1 < two[1].1), "the one that waits longest first");
}

#[tokio::test(start_paused = true)]
async fn a_post_that_discord_does_not_let_us_edit_is_left_alone_and_the_rest_is_not() {
    let scene = Scene::new(|asked, _| {
        let refused = asked.channel() == Some(muster_domain::id::ChannelId::new(1));
        (Duration::ZERO, refused.then_some(DiscordError::Forbidden))
    })
    .await;
    let [barred, open] = [scene.posted(1, NEW).await, scene.posted(2, NEW).await];
    scene.rename(barred, "Raid night").await;
    scene.rename(open, "Raid night").await;
    scene.reconciles();
    scene.passes(30 * 60).await;
    let edited: Vec<_> = scene.discord().edits().into_iter().map(|(_, who, _)| who).collect();
    assert_eq!(edited, [barred, open]);
    scene.passes(31 * 60).await;
    assert_eq!(scene.discord().edits().len(), 3, "once an hour");
}
