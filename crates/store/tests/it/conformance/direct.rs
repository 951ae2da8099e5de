//! Direct messages to those who want them, and what organisers tell in their own words.

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{DeliveryId, EventId, InteractionId, UserId};
use muster_domain::limits::{SECOND_THOUGHTS, TELL_GAP, TELLINGS_A_DAY};
use muster_domain::notice::News;
use muster_domain::reminder::Audience;
use muster_domain::signup_details::DetailsChange;
use muster_domain::text::Announcement;
use muster_store::Store;
use muster_store::model::{
    Deed, DeliveryContent, DeliveryEnd, DescribeRequest, Happened, Progress, Reach, Reaches,
    TellRequest, Telling, Told, Window,
};

use crate::scene::{
    GUILD, HOST, MAYBE, NO, OTHER_GUILD, Scene, YES, minute, move_to, resize, user, users,
};

pub(super) async fn wants<S: Store>(scene: &Scene<S>, event: EventId, member: u64, direct: bool) {
    let (member, interaction) = (user(member), scene.interaction());
    let change = DetailsChange::Direct(direct);
    let at = minute(2);
    let request =
        DescribeRequest { guild: GUILD, event, member, by: member, change, interaction, at };
    scene.store.describe(request).await.unwrap();
}

/// An event, posted: 1 and 3 come or may come and want direct messages, 2 does not come.
async fn event<S: Store>(scene: &Scene<S>) -> EventId {
    let event = scene.posted_event(5).await;
    for (member, option) in [(1, YES), (2, NO), (3, MAYBE), (4, YES)] {
        scene.tap(event, member, option).await;
    }
    for member in [1, 2, 3] {
        wants(scene, event, member, true).await;
    }
    event
}

/// To whom direct messages about what go out by minute 10; nothing is sent.
async fn directs<S: Store>(scene: &Scene<S>) -> Vec<(News, UserId)> {
    let claimed = scene.claim(10).await;
    let direct = claimed.iter().filter_map(|delivery| match &delivery.content {
        DeliveryContent::Direct { news, member, .. } => Some((*news, *member)),
        DeliveryContent::Post(_)
        | DeliveryContent::Notice { .. }
        | DeliveryContent::Unanswered { .. }
        | DeliveryContent::Greeting
        | DeliveryContent::Report { .. } => None,
    });
    direct.collect()
}

fn words() -> Announcement {
    Announcement::parse("Bring rope.").unwrap()
}

async fn tell<S: Store>(
    scene: &Scene<S>,
    event: EventId,
    interaction: InteractionId,
    at: Timestamp,
) -> Told {
    tell_to(scene, event, interaction, (Audience::Expected, at)).await
}

async fn tell_to<S: Store>(
    scene: &Scene<S>,
    event: EventId,
    interaction: InteractionId,
    (audience, at): (Audience, Timestamp),
) -> Told {
    let (guild, by, words) = (GUILD, HOST, words());
    let request = TellRequest { guild, event, by, words, audience, interaction, at };
    scene.store.tell(request).await.unwrap()
}

async fn latest<S: Store>(scene: &Scene<S>, event: EventId) -> (Reaches, Option<Telling>) {
    scene.store.tellings(GUILD, event).await.unwrap().unwrap()
}

fn planned(told: Told) -> Telling {
    let Told::Planned(telling) = told else { panic!("not planned: {told:?}") };
    telling
}

pub(crate) async fn news_go_directly_to_those_who_want_that<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    scene.change(event, move_to(90, 150), 2).await;
    let mut told = directs(scene).await;
    told.sort_by_key(|(_, member)| *member);
    assert_eq!(told, users([1, 3]).into_iter().map(|who| (News::Moved, who)).collect::<Vec<_>>());
}

pub(crate) async fn who_wants_none_any_more_gets_none<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    scene.change(event, move_to(90, 150), 2).await;
    wants(scene, event, 1, false).await;
    assert_eq!(directs(scene).await, [(News::Moved, user(3))]);
}

pub(crate) async fn what_is_told_goes_out_once_and_says_how_far_it_is<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    let interaction = scene.interaction();
    let told = planned(tell(scene, event, interaction, minute(3)).await);
    assert_eq!(told.due, minute(3) + SECOND_THOUGHTS);
    let progress = |all, sent, failed| Progress { all, sent, failed };
    assert_eq!((told.parts, told.direct), (progress(1, 0, 0), progress(2, 0, 0)));
    assert_eq!(planned(tell(scene, event, interaction, minute(9)).await), told, "a repeat");
    let claimed = scene.claim(10).await;
    assert_eq!(claimed.len(), 3);
    for delivery in &claimed {
        match &delivery.content {
            DeliveryContent::Notice { words: said, mentions, .. } => {
                assert_eq!((said.as_ref(), mentions), (Some(&words()), &users([1, 4, 3])));
                scene.attempt(delivery).await;
                scene.sent(delivery, 6, 0).await;
            }
            DeliveryContent::Direct { words: said, member, .. } => {
                assert_eq!(said.as_ref(), Some(&words()));
                if *member == user(1) {
                    scene.end(delivery, DeliveryEnd::Dead("closed".into()), 6).await;
                }
            }
            other @ (DeliveryContent::Post(_)
            | DeliveryContent::Unanswered { .. }
            | DeliveryContent::Greeting
            | DeliveryContent::Report { .. }) => panic!("not told: {other:?}"),
        }
    }
    let (audience, now) = latest(scene, event).await;
    assert_eq!(audience[0], Reach { members: 3, placeless: 0, direct: 2 });
    let now = now.unwrap();
    assert_eq!((now.parts, now.direct), (progress(1, 1, 0), progress(2, 0, 1)));
    assert_eq!(now.direct.waiting(), 1);
}

pub(crate) async fn something_is_told_to_those_with_a_place_or_without<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.change(event, resize(1), 0).await;
    for (member, option) in [(1, YES), (2, YES), (3, MAYBE), (4, NO)] {
        scene.tap(event, member, option).await;
    }
    wants(scene, event, 2, true).await;
    let reach = |members, placeless, direct| Reach { members, placeless, direct };
    let (reaches, _) = latest(scene, event).await;
    assert_eq!(reaches, [reach(3, 1, 1), reach(1, 0, 0), reach(1, 1, 1)]);
    let mut at = 3;
    for (audience, members, directly) in [
        (Audience::Going, users([1]), 0),
        (Audience::Waitlisted, users([2]), 1),
        (Audience::Expected, users([1, 3, 2]), 1),
    ] {
        let told =
            planned(tell_to(scene, event, scene.interaction(), (audience, minute(at))).await);
        assert_eq!((told.audience, told.direct.all), (audience, directly));
        assert_eq!(latest(scene, event).await.1, Some(told));
        let claimed = scene.claim(at + 1).await;
        let said = claimed.iter().find_map(|delivery| match &delivery.content {
            DeliveryContent::Notice { mentions, audience, .. } => Some((mentions, *audience)),
            DeliveryContent::Post(_)
            | DeliveryContent::Direct { .. }
            | DeliveryContent::Unanswered { .. }
            | DeliveryContent::Greeting
            | DeliveryContent::Report { .. } => None,
        });
        assert_eq!(said, Some((&members, Some(audience))));
        for delivery in &claimed {
            scene.end(delivery, DeliveryEnd::Dead("closed".into()), at + 1).await;
        }
        at += 6;
    }
}

pub(crate) async fn nobody_is_told_too_often<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    let mut at = minute(3);
    for _ in 1..TELLINGS_A_DAY {
        planned(tell(scene, event, scene.interaction(), at).await);
        let again =
            tell(scene, event, scene.interaction(), at + SignedDuration::from_mins(1)).await;
        assert_eq!(again, Told::NotBefore(at + SECOND_THOUGHTS + TELL_GAP));
        at += SignedDuration::from_mins(6);
    }
    planned(tell(scene, event, scene.interaction(), at).await);
    let day = SignedDuration::from_hours(24);
    let enough = tell(scene, event, scene.interaction(), at).await;
    assert_eq!(enough, Told::NotBefore(minute(3) + SECOND_THOUGHTS + day));
}

pub(crate) async fn what_was_taken_back_in_time_nobody_hears<S: Store>(scene: &Scene<S>) {
    let event = event(scene).await;
    let told = planned(tell(scene, event, scene.interaction(), minute(3)).await);
    let back = |guild, first| scene.store.take_back_telling(guild, event, first, minute(3));
    assert_eq!(back(OTHER_GUILD, told.first).await.unwrap(), None);
    assert_eq!(back(GUILD, DeliveryId::new(1)).await.unwrap(), None, "the post is no telling");
    let deeds = async || {
        let window = Window { skip: 0, limit: 9 };
        let page = scene.store.history(GUILD, event, window).await.unwrap().unwrap();
        page.rows.iter().filter(|line| line.what == Happened::Deed(Deed::Told)).count()
    };
    assert_eq!(deeds().await, 1);
    for _ in 0..2 {
        assert!(back(GUILD, told.first).await.unwrap().unwrap().is_taken_back);
        assert_eq!(deeds().await, 0, "nobody was told anything");
    }
    assert!(scene.claim(10).await.is_empty());
    // It does not count for how often something is told.
    planned(tell(scene, event, scene.interaction(), minute(4)).await);
}

pub(crate) async fn nothing_is_told_where_nobody_comes<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, NO).await;
    let told = tell(scene, event, scene.interaction(), minute(3)).await;
    assert_eq!(told, Told::Nobody);
    assert_eq!(latest(scene, event).await, (Reaches::default(), None));
    let elsewhere = scene.store.tellings(OTHER_GUILD, event).await.unwrap();
    assert_eq!(elsewhere, None);
}
