//! Who is told of a change, and what is never told because it was taken back in time.

use muster_domain::change::EventChange;
use muster_domain::event::EventDetails;
use muster_domain::id::{EventId, UserId};
use muster_domain::limits::SECOND_THOUGHTS;
use muster_domain::notice::News;
use muster_domain::rules::EventRules;
use muster_domain::signup_details::DetailsChange;
use muster_domain::text::Title;
use muster_store::Store;
use muster_store::model::{Delivery, DeliveryContent, DescribeRequest};

use crate::scene::{
    CHANNEL, END, GUILD, MAYBE, MOBILE, NO, START, Scene, YES, details, details_at, minute,
    move_to, resize, user, users,
};

/// An event, posted, to which members 1 to 4 answered Yes, No, Maybe, Mobile.
async fn answered<S: Store>(scene: &Scene<S>) -> EventId {
    let event = scene.posted_event(5).await;
    for (member, option) in [(1, YES), (2, NO), (3, MAYBE), (4, MOBILE)] {
        scene.tap(event, member, option).await;
    }
    event
}

fn news_of(delivery: &Delivery) -> (News, Vec<UserId>) {
    let DeliveryContent::Notice { news, mentions, .. } = &delivery.content else {
        panic!("no news: {delivery:?}")
    };
    (*news, mentions.clone())
}

/// What is told by minute 10, in order; every message is sent.
async fn told<S: Store>(scene: &Scene<S>) -> Vec<News> {
    let mut told = Vec::new();
    while let Some(delivery) = scene.claim(10).await.pop() {
        told.push(news_of(&delivery).0);
        scene.attempt(&delivery).await;
        scene.sent(&delivery, 6, 0).await;
    }
    told
}

pub(crate) async fn a_move_is_told_to_those_who_may_come_after_a_moment<S: Store>(
    scene: &Scene<S>,
) {
    let event = answered(scene).await;
    scene.change(event, move_to(90, 150), 2).await;
    assert!(scene.claim(2).await.is_empty());
    let [notice] = &scene.claim(3).await[..] else { panic!("one notice") };
    assert_eq!(news_of(notice), (News::Moved, users([1, 3, 4])));
    assert_eq!((notice.channel, notice.due), (Some(CHANNEL), minute(2) + SECOND_THOUGHTS));
}

pub(crate) async fn a_change_of_title_is_no_news<S: Store>(scene: &Scene<S>) {
    let event = answered(scene).await;
    let renamed = EventDetails { title: Title::parse("Other").unwrap(), ..details(0) };
    scene.change(event, EventChange::Edit(renamed), 2).await;
    assert!(told(scene).await.is_empty());
}

pub(crate) async fn a_cancellation_taken_back_in_time_is_never_told<S: Store>(scene: &Scene<S>) {
    let event = answered(scene).await;
    scene.change(event, EventChange::Cancel, 2).await;
    scene.change(event, EventChange::Restore, 2).await;
    assert!(told(scene).await.is_empty());
    // And what comes later is told again.
    scene.change(event, EventChange::Cancel, 5).await;
    assert_eq!(told(scene).await, [News::Cancelled]);
}

pub(crate) async fn a_cancellation_that_went_out_is_followed_by_its_end<S: Store>(
    scene: &Scene<S>,
) {
    let event = answered(scene).await;
    scene.change(event, EventChange::Cancel, 2).await;
    assert_eq!(told(scene).await, [News::Cancelled]);
    scene.change(event, EventChange::Restore, 9).await;
    assert_eq!(told(scene).await, [News::BackOn]);
}

pub(crate) async fn a_move_back_in_time_is_never_told<S: Store>(scene: &Scene<S>) {
    let event = answered(scene).await;
    scene.change(event, move_to(90, 150), 2).await;
    scene.change(event, move_to(START, END), 2).await;
    assert!(told(scene).await.is_empty());
}

pub(crate) async fn a_second_move_replaces_the_first<S: Store>(scene: &Scene<S>) {
    let event = answered(scene).await;
    scene.change(event, move_to(90, 150), 2).await;
    scene.change(event, move_to(95, 155), 2).await;
    assert_eq!(told(scene).await, [News::Moved]);
    scene.change(event, move_to(90, 150), 9).await;
    assert_eq!(told(scene).await, [News::Moved]);
}

pub(crate) async fn a_cancellation_taken_back_still_tells_the_move_before_it<S: Store>(
    scene: &Scene<S>,
) {
    let event = answered(scene).await;
    scene.change(event, move_to(90, 150), 2).await;
    scene.change(event, EventChange::Cancel, 2).await;
    scene.change(event, EventChange::Restore, 2).await;
    assert_eq!(told(scene).await, [News::Moved]);
}

pub(crate) async fn news_in_somebodys_hands_goes_out_and_is_followed<S: Store>(scene: &Scene<S>) {
    let event = answered(scene).await;
    scene.change(event, EventChange::Cancel, 2).await;
    let [cancelled] = &scene.claim(3).await[..] else { panic!("one notice") };
    scene.change(event, EventChange::Restore, 3).await;
    scene.attempt(cancelled).await;
    scene.sent(cancelled, 6, 0).await;
    assert_eq!(told(scene).await, [News::BackOn]);
}

pub(crate) async fn promotions_are_told_at_once<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    scene.change(event, resize(1), 0).await;
    for member in 1..=5 {
        scene.tap(event, member, YES).await;
    }
    scene.tap(event, 1, NO).await;
    let [notice] = &scene.claim(1).await[..] else { panic!("one notice") };
    assert_eq!(news_of(notice), (News::Promoted, users([2])));
    scene.sent(notice, 6, 0).await;
    scene.change(event, resize(3), 1).await;
    let [notice] = &scene.claim(1).await[..] else { panic!("one notice") };
    assert_eq!(news_of(notice), (News::Promoted, users([3, 4])));
}

pub(crate) async fn a_promotion_is_told_even_if_the_event_moves_after_it<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    scene.change(event, resize(1), 0).await;
    for member in [1, 2] {
        scene.tap(event, member, YES).await;
    }
    scene.withdraw(event, 1).await;
    let moved = EventDetails { capacity: details(1).capacity, ..details_at(90, 150) };
    scene.change(event, EventChange::Edit(moved), 2).await;
    assert_eq!(told(scene).await, [News::Promoted, News::Moved]);
}

pub(crate) async fn many_are_told_in_parts_in_order<S: Store>(scene: &Scene<S>) {
    let event = scene.posted_event(5).await;
    for member in 1..=200 {
        scene.tap(event, member, YES).await;
    }
    scene.change(event, EventChange::Cancel, 2).await;
    for (number, members) in [(1, 1..=80), (2, 81..=160), (3, 161..=200)] {
        let [notice] = &scene.claim(3).await[..] else { panic!("one part at a time") };
        let mentions = users(members);
        let news = News::Cancelled;
        let (words, role, part, parts) = (None, None, number, 3);
        let content = DeliveryContent::Notice {
            event,
            news,
            words,
            mentions,
            audience: None,
            role,
            part,
            parts,
        };
        assert_eq!(notice.content, content);
        scene.sent(notice, 6, 0).await;
    }
    assert!(scene.claim(3).await.is_empty());
}

pub(crate) async fn where_names_are_hidden_news_name_nobody_and_direct_messages_arrive<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.posted_event(5).await;
    scene.change(event, resize(1), 0).await;
    let rules = EventRules { names_hidden: true, ..EventRules::default() };
    scene.change(event, EventChange::Rules(rules), 0).await;
    for member in [1, 2] {
        scene.tap(event, member, YES).await;
        let change = DetailsChange::Direct(true);
        let (guild, member, by) = (GUILD, user(member), user(member));
        let (interaction, at) = (scene.interaction(), minute(0));
        let asks = DescribeRequest { guild, event, member, by, change, interaction, at };
        scene.store.describe(asks).await.unwrap();
    }
    scene.withdraw(event, 1).await;
    scene.change(event, EventChange::Cancel, 2).await;
    let mut told = Vec::new();
    for at in [3, 4] {
        for delivery in scene.claim(at).await {
            told.push(match &delivery.content {
                DeliveryContent::Notice { news, mentions, .. } => (*news, "all", mentions.clone()),
                DeliveryContent::Direct { news, member, .. } => (*news, "one", vec![*member]),
                other @ (DeliveryContent::Post(_)
                | DeliveryContent::Unanswered { .. }
                | DeliveryContent::Greeting
                | DeliveryContent::Report { .. }) => panic!("no news: {other:?}"),
            });
            scene.sent(&delivery, 6, 0).await;
        }
    }
    told.sort_by_key(|(news, to, _)| (*news != News::Promoted, *to));
    let (promoted, cancelled) = (News::Promoted, News::Cancelled);
    let (nobody, second) = (vec![], users([2]));
    let expected = [
        (promoted, "all", nobody.clone()),
        (promoted, "one", second.clone()),
        (cancelled, "all", nobody),
        (cancelled, "one", second),
    ];
    assert_eq!(told, expected);
}
