//! Deliveries: how many at once, what counts as an attempt, and who may make one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::capacity::Capacity;
use muster_domain::change::EventChange;
use muster_domain::event::EventDetails;
use muster_domain::id::{ChannelId, EventId, InteractionId, UserId};
use muster_domain::rights::{Actor, Permissions};
use muster_domain::rules::EventRules;
use muster_engine::discord::DiscordError;
use muster_engine::limits::LANES_MAX;
use muster_store::model::{Ask, Attempted, Hold, Tap};
use muster_store::port::{Deliveries as _, Events as _};

use crate::fake_discord::Asked;
use crate::world::{GUILD, HOST, SECOND, Scene};

#[tokio::test(start_paused = true)]
async fn so_many_are_under_way_at_once_and_no_more() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let events = 3 * LANES_MAX;
    for channel in 1..=events {
        scene.created(channel.try_into().unwrap()).await;
    }
    scene.delivers();
    scene.passes(1).await;
    assert_eq!(scene.discord().most(), (LANES_MAX, 1));
    scene.passes(4).await;
    assert_eq!((scene.discord().most().0, scene.discord().creates()), (LANES_MAX, events));
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_takes_long_holds_up_no_other() {
    let slow = |asked: &Asked, _| match asked {
        Asked::Create { channel, .. } if channel.get() == 1 => (60 * SECOND, None),
        Asked::Create { .. }
        | Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Members { .. }
        | Asked::Other => (SECOND, None),
    };
    let scene = Scene::new(slow).await;
    for channel in [1, 1, 2, 2, 2] {
        scene.created(channel).await;
    }
    scene.delivers();
    scene.passes(10).await;
    assert_eq!(scene.discord().creates(), 4, "three in one channel, and the first of the other");
}

#[tokio::test(start_paused = true)]
async fn what_was_certainly_not_taken_is_sent_again_without_a_look_into_the_channel() {
    // Longer than a nonce is trusted.
    let scene = Scene::new(|_, before| {
        let refused = DiscordError::Later(90 * SECOND);
        (Duration::ZERO, (before < 2).then_some(refused))
    })
    .await;
    let created = scene.created(1).await;
    scene.delivers();
    scene.passes(200).await;
    let asked = scene.discord().asked();
    assert!(matches!(
        asked.iter().map(|(_, asked)| asked).collect::<Vec<_>>()[..],
        [Asked::Create { .. }, Asked::Create { .. }, Asked::Create { .. }]
    ));
    assert_eq!(asked[2].0, 180 * SECOND, "nothing is added to what Discord asks for: {asked:?}");
    assert!(scene.read(created.sheet.event.id).await.post.message.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_taken_keeps_its_nonce_for_a_while_and_is_then_looked_for() {
    let scene = Scene::new(|asked, _| match asked {
        Asked::Create { .. } => (Duration::ZERO, Some(DiscordError::Unclear("no answer".into()))),
        Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Members { .. }
        | Asked::Other => (Duration::ZERO, None),
    })
    .await;
    scene.created(1).await;
    scene.delivers();
    scene.passes(600).await;
    let asked = scene.discord().asked();
    let nonce = |asked: &Asked| match asked {
        Asked::Create { nonce, .. } => Some(nonce.clone()),
        Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Members { .. }
        | Asked::Other => None,
    };
    let found = asked.iter().position(|(_, asked)| matches!(asked, Asked::Find { .. })).unwrap();
    let (early, late) = asked.split_at(found);
    assert!(early.len() >= 3 && early.iter().all(|(at, _)| *at < 50 * SECOND), "{asked:?}");
    let first = nonce(&early[0].1);
    assert!(early.iter().all(|(_, asked)| nonce(asked) == first), "{asked:?}");
    assert!(late[0].0 >= 50 * SECOND, "{asked:?}");
    // What was given up a moment ago may arrive still.
    let mut last = early.last().map(|(at, _)| *at).unwrap();
    let mut known = first;
    for (at, asked) in late.iter().filter(|(_, asked)| nonce(asked).is_some()) {
        assert_eq!(nonce(asked) == known, *at < last + 50 * SECOND, "{late:?}");
        (last, known) = (*at, nonce(asked));
    }
    assert_ne!(known, nonce(&early[0].1), "Discord has forgotten it: {late:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_tried_before_the_machine_slept_is_looked_for() {
    let scene = Scene::new(|_, before| {
        let unclear = || DiscordError::Unclear("no answer".into());
        (50 * SECOND, (before == 0).then(unclear))
    })
    .await;
    scene.discord().time_stands();
    scene.created(1).await;
    scene.delivers();
    scene.passes(200).await;
    let asked = scene.discord().asked().into_iter().map(|(_, asked)| asked).collect::<Vec<_>>();
    let [Asked::Create { nonce: first, .. }, Asked::Find { .. }, Asked::Create { nonce, .. }] =
        &asked[..]
    else {
        panic!("it is looked for and sent: {asked:?}")
    };
    assert_eq!(nonce, first, "for Discord it may have been a moment ago");
}

#[tokio::test(start_paused = true)]
async fn what_an_ended_process_sent_last_may_be_on_its_way_still_however_old_its_first_attempt() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let created = scene.created(1).await;
    let (store, now) = (scene.app.store(), scene.app.now());
    let earlier = store.claim(created.delivery, now, now).await.unwrap().unwrap();
    for (nonce, seconds_ago) in [("first", 300), ("last", 0)] {
        let at = now - SignedDuration::from_secs(seconds_ago);
        let attempt = store.mark_attempt(&earlier, 7, nonce.into(), at).await;
        assert_eq!(attempt, Ok(Hold::Ours));
    }
    scene.delivers();
    scene.passes(10).await;
    let asked = scene.discord().asked().into_iter().map(|(_, asked)| asked).collect::<Vec<_>>();
    let [Asked::Find { .. }, Asked::Create { nonce, .. }] = &asked[..] else {
        panic!("it is looked for and sent: {asked:?}")
    };
    assert_eq!(nonce, "last");
}

#[tokio::test(start_paused = true)]
async fn whoever_was_too_slow_does_not_send_what_another_has_taken_over() {
    // The first look into the channel takes longer than the lease.
    let scene = Scene::new(|asked, before| match asked {
        Asked::Find { .. } if before == 0 => (200 * SECOND, None),
        Asked::Create { .. }
        | Asked::Find { .. }
        | Asked::Edit { .. }
        | Asked::Examine { .. }
        | Asked::Members { .. }
        | Asked::Other => (SECOND, None),
    })
    .await;
    let created = scene.created(1).await;
    let (store, now) = (scene.app.store(), scene.app.now());
    let earlier = store.claim(created.delivery, now, now).await.unwrap().unwrap();
    let attempt = store.mark_attempt(&earlier, 7, "of an earlier process".into(), now).await;
    assert_eq!(attempt, Ok(Hold::Ours));
    assert_eq!(store.postpone(&earlier, now, Attempted::Unclear).await, Ok(Hold::Ours));
    scene.delivers();
    scene.passes(400).await;
    let asked = scene.discord().asked();
    let looks = asked.iter().filter(|(_, asked)| matches!(asked, Asked::Find { .. })).count();
    assert_eq!((looks, scene.discord().creates()), (2, 1), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_post_that_was_left_out_while_its_event_was_cancelled_is_made_once_it_is_not() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = scene.created(1).await.sheet.event.id;
    scene.change(event, EventChange::Cancel).await;
    scene.delivers();
    scene.passes(10).await;
    assert_eq!(scene.discord().creates(), 0);
    let organiser = Actor {
        user: HOST,
        guild: GUILD,
        channel: ChannelId::new(1),
        roles: vec![],
        permissions: Permissions::ADMINISTRATOR,
    };
    let interaction = InteractionId::new(900);
    let restored = scene.app.change_event(&organiser, event, EventChange::Restore, interaction);
    restored.await.unwrap();
    scene.passes(10).await;
    assert!(scene.read(event).await.post.message.is_some());
}

/// A posted event for one, who is coming, and for whom another one waits.
async fn full(scene: &Scene, offer: Option<SignedDuration>) -> EventId {
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    let capacity = Capacity::parse(1).ok();
    let details = EventDetails { capacity, ..scene.read(event).await.sheet.event.details };
    scene.change(event, EventChange::Edit(details)).await;
    scene.change(event, EventChange::Rules(EventRules { offer, ..EventRules::default() })).await;
    for member in [1, 2] {
        answer(scene, event, member, PICK).await;
    }
    event
}

const PICK: Ask = Ask::Pick { option: OptionId::new(0), may_lose_place: false };

async fn answer(scene: &Scene, event: EventId, member: u64, ask: Ask) {
    let member = UserId::new(member);
    let (guild, interaction, at) = (GUILD, scene.interaction(), scene.app.now());
    let (by, roles) = (member, Box::default());
    let tap = Tap { guild, event, member, by, ask, roles, force: false, interaction, at };
    scene.app.store().tap(tap).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_offer_that_was_accepted_before_it_could_be_told_is_told_nobody() {
    let scene = Scene::new(|_, _| (SECOND, None)).await;
    let event = full(&scene, Some(SignedDuration::from_mins(30))).await;
    answer(&scene, event, 1, Ask::Withdraw).await;
    assert_eq!(scene.read(event).await.sheet.offered.total, 1);
    answer(&scene, event, 2, PICK).await;
    scene.delivers();
    scene.passes(30).await;
    assert_eq!(scene.discord().creates(), 0);
}

#[tokio::test(start_paused = true)]
async fn of_an_event_that_is_cancelled_nobody_hears_of_a_place() {
    for offer in [None, Some(SignedDuration::from_mins(30))] {
        let scene = Scene::new(|_, _| (SECOND, None)).await;
        let event = full(&scene, offer).await;
        answer(&scene, event, 1, Ask::Withdraw).await;
        scene.change(event, EventChange::Cancel).await;
        scene.delivers();
        scene.passes(300).await;
        assert_eq!(scene.discord().creates(), 1, "only that it is cancelled");
    }
}

#[tokio::test(start_paused = true)]
async fn what_waited_for_a_guild_to_come_back_goes_out_at_once() {
    let scene = Scene::new(|_, _| (Duration::ZERO, None)).await;
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    scene.app.guild_arrived(GUILD).await.unwrap();
    scene.app.guild_left(GUILD).await.unwrap();
    scene.reconciles();
    scene.change(event, EventChange::Cancel).await;
    scene.passes(600).await;
    let sent = || (scene.discord().creates(), scene.discord().edits().len());
    assert_eq!(sent(), (0, 0), "there is nobody to tell");
    assert_eq!(scene.discord().forgiven(), []);
    scene.app.guild_arrived(GUILD).await.unwrap();
    assert_eq!(scene.discord().forgiven(), [None], "they refused while the bot was away");
    scene.passes(5).await;
    assert_eq!(sent(), (1, 1), "the news, and the post");
}

#[tokio::test(start_paused = true)]
async fn a_post_that_rests_because_the_bot_was_away_is_edited_once_it_is_back() {
    let away = Arc::new(AtomicBool::new(true));
    let is_away = Arc::clone(&away);
    let scene = Scene::new(move |asked, _| {
        let refuses = matches!(asked, Asked::Edit { .. }) && is_away.load(Ordering::Relaxed);
        (Duration::ZERO, refuses.then_some(DiscordError::Later(SECOND * 600)))
    })
    .await;
    let event = scene.posted(1, SignedDuration::from_mins(5)).await;
    scene.app.guild_arrived(GUILD).await.unwrap();
    scene.reconciles();
    scene.change(event, EventChange::Cancel).await;
    scene.passes(30).await;
    assert_eq!(scene.discord().edits().len(), 1, "it rests");
    scene.app.guild_left(GUILD).await.unwrap();
    away.store(false, Ordering::Relaxed);
    scene.app.guild_arrived(GUILD).await.unwrap();
    scene.passes(5).await;
    assert_eq!(scene.discord().edits().len(), 2);
}
