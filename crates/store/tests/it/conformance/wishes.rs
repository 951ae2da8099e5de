//! What members want of reminders: who is mentioned, who gets a direct message, and when.

use std::collections::BTreeSet;

use muster_domain::change::EventChange;
use muster_domain::id::{EventId, RoleId, UserId};
use muster_domain::limits::MENTIONS_MAX;
use muster_domain::notice::News;
use muster_domain::reminder::{
    Audience, QuietHours, Reminder, ReminderChoice, ReminderChoices, ReminderPlace,
};
use muster_domain::text::Announcement;
use muster_domain::zone::Zone;
use muster_store::Store;
use muster_store::model::{Candidates, Delivery, DeliveryContent, Hold, MemberReminders};

use super::direct::wants;
use super::reminders::{answered, before, only, reminded};
use crate::scene::{GUILD, OTHER_GUILD, START, Scene, YES, minute, user, users};

/// A member chooses, at minute 2.
async fn chooses<S: Store>(scene: &Scene<S>, member: u64, choice: ReminderChoice) {
    let chosen = scene.store.choose_reminders(GUILD, user(member), choice, minute(2)).await;
    assert_eq!(chosen, scene.store.member_reminders(GUILD, user(member)).await);
}

fn quiet(words: &str) -> ReminderChoice {
    ReminderChoice::Quiet(Some(QuietHours::parse(words).unwrap()))
}

fn to(claimed: &[Delivery]) -> Vec<UserId> {
    let direct = claimed.iter().filter_map(|delivery| match &delivery.content {
        DeliveryContent::Direct { news: News::Reminder, member, .. } => Some(*member),
        DeliveryContent::Direct { .. }
        | DeliveryContent::Post(_)
        | DeliveryContent::Notice { .. }
        | DeliveryContent::Unanswered { .. }
        | DeliveryContent::Report { .. }
        | DeliveryContent::Greeting => None,
    });
    direct.collect()
}

/// What goes out when events are turned at this minute. Every message is sent.
async fn goes_out<S: Store>(scene: &Scene<S>, at: i64) -> Vec<Delivery> {
    scene.store.turn_events(minute(at), 10).await.unwrap();
    let claimed = scene.claim(at).await;
    for delivery in &claimed {
        scene.attempt(delivery).await;
        scene.sent(delivery, 9, 0).await;
    }
    claimed
}

/// To whom direct messages go out at this minute.
async fn directs<S: Store>(scene: &Scene<S>, at: i64) -> Vec<UserId> {
    to(&goes_out(scene, at).await)
}

/// An event to which 1 comes and 3 may come; both want direct messages of it.
async fn wanted<S: Store>(scene: &Scene<S>) -> EventId {
    let event = answered(scene).await;
    for member in [1, 3] {
        wants(scene, event, member, true).await;
    }
    event
}

pub(crate) async fn choices_are_of_one_guild_and_quiet_hours_of_all<S: Store>(scene: &Scene<S>) {
    let kept = async |guild| scene.store.member_reminders(guild, user(1)).await.unwrap();
    assert_eq!(kept(GUILD).await, MemberReminders::default());
    chooses(scene, 1, ReminderChoice::Mentioned(false)).await;
    chooses(scene, 1, quiet("22:00 to 08:00")).await;
    let hours = QuietHours::parse("22:00 to 08:00").ok();
    let choices = ReminderChoices { mentioned: false, direct: true };
    assert_eq!(kept(GUILD).await, MemberReminders { choices, quiet: hours });
    assert_eq!(kept(OTHER_GUILD).await, MemberReminders { quiet: hours, ..Default::default() });
    chooses(scene, 1, ReminderChoice::Mentioned(true)).await;
    chooses(scene, 1, ReminderChoice::Quiet(None)).await;
    assert_eq!(kept(GUILD).await, MemberReminders::default());
}

pub(crate) async fn who_wants_no_mention_is_left_out_of_reminders_and_of_no_other_news<S: Store>(
    scene: &Scene<S>,
) {
    only(scene, [before(30)]).await;
    let event = answered(scene).await;
    chooses(scene, 1, ReminderChoice::Mentioned(false)).await;
    assert_eq!(reminded(scene, 30).await, [(users([3]), None)]);
    scene.change(event, EventChange::Cancel, 31).await;
    let told = scene.claim(32).await.into_iter().find_map(|delivery| match delivery.content {
        DeliveryContent::Notice { news: News::Cancelled, mentions, .. } => Some(mentions),
        DeliveryContent::Notice { .. }
        | DeliveryContent::Direct { .. }
        | DeliveryContent::Post(_)
        | DeliveryContent::Unanswered { .. }
        | DeliveryContent::Report { .. }
        | DeliveryContent::Greeting => None,
    });
    assert_eq!(told, Some(users([1, 3])));
}

pub(crate) async fn who_chose_otherwise_while_a_reminder_waited_is_not_mentioned<S: Store>(
    scene: &Scene<S>,
) {
    only(scene, [before(30)]).await;
    let event = answered(scene).await;
    scene.tap(event, 4, YES).await;
    scene.store.turn_events(minute(30), 10).await.unwrap();
    let [reminder] = &scene.claim(30).await[..] else { panic!("one") };
    let still = async |at| scene.store.still_meant(reminder.id, minute(at)).await.unwrap();
    assert_eq!(still(30).await, users([1, 4, 3]));
    chooses(scene, 1, ReminderChoice::Mentioned(false)).await;
    // From ten minutes after the reminder was due.
    chooses(scene, 3, quiet("09:40 to 10:00")).await;
    assert_eq!((still(39).await, still(40).await), (users([4, 3]), users([4])));
    chooses(scene, 4, ReminderChoice::Mentioned(false)).await;
    assert_eq!(still(40).await, users([]));
}

pub(crate) async fn a_reminder_for_nobody_is_noted_and_not_posted<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30), before(10)]).await;
    wanted(scene).await;
    for member in [1, 3] {
        chooses(scene, member, ReminderChoice::Mentioned(false)).await;
    }
    // They hear of it by direct message alone.
    let first = goes_out(scene, 30).await;
    assert_eq!(first.iter().filter_map(mentions).count(), 0);
    assert_eq!(to(&first), users([1, 3]));
    chooses(scene, 3, ReminderChoice::Mentioned(true)).await;
    chooses(scene, 3, ReminderChoice::Direct(false)).await;
    let last = goes_out(scene, 50).await;
    assert_eq!(last.iter().filter_map(mentions).collect::<Vec<_>>(), [users([3])]);
    assert_eq!(to(&last), users([1]));
}

pub(crate) async fn quiet_hours_leave_mentions_out_and_move_direct_messages_to_their_end<
    S: Store,
>(
    scene: &Scene<S>,
) {
    only(scene, [before(30)]).await;
    wanted(scene).await;
    // The reminder is due at 09:30 in Berlin, and the event begins at 10:00.
    chooses(scene, 3, quiet("22:00 to 09:40")).await;
    let first = goes_out(scene, 30).await;
    assert_eq!(to(&first), users([1]));
    let mentions: Vec<_> = first.iter().filter_map(mentions).collect();
    assert_eq!(mentions, [users([1])]);
    assert_eq!(scene.store.next_due().await, Ok(Some(minute(40))));
    assert!(directs(scene, 39).await.is_empty());
    let last = goes_out(scene, 40).await;
    assert_eq!(to(&last), users([3]));
    assert_eq!(last[0].due, minute(40));
    assert!(directs(scene, START - 1).await.is_empty(), "once");
}

fn mentions(delivery: &Delivery) -> Option<Vec<UserId>> {
    match &delivery.content {
        DeliveryContent::Notice { mentions, .. } => Some(mentions.clone()),
        DeliveryContent::Direct { .. }
        | DeliveryContent::Post(_)
        | DeliveryContent::Unanswered { .. }
        | DeliveryContent::Report { .. }
        | DeliveryContent::Greeting => None,
    }
}

pub(crate) async fn what_cannot_wait_until_the_quiet_hours_end_is_left_out<S: Store>(
    scene: &Scene<S>,
) {
    let direct = Reminder { place: ReminderPlace::Direct, ..before(30) };
    only(scene, [direct]).await;
    wanted(scene).await;
    chooses(scene, 3, quiet("22:00 to 10:00")).await;
    assert_eq!(directs(scene, 30).await, users([1]));
    assert!(directs(scene, START).await.is_empty());
    let kept = scene.store.held_on(user(3)).await.unwrap().deliveries;
    assert_eq!(kept.len(), 1, "it is noted");
    assert_eq!((kept[0].due, kept[0].message), (minute(30), None));
}

pub(crate) async fn quiet_hours_are_in_the_zone_of_the_member<S: Store>(scene: &Scene<S>) {
    only(scene, [before(30)]).await;
    answered(scene).await;
    chooses(scene, 1, quiet("22:00 to 09:40")).await;
    chooses(scene, 3, quiet("22:00 to 09:40")).await;
    let tokyo = Zone::parse("Asia/Tokyo").unwrap();
    scene.store.set_member_zone(user(3), Some(tokyo)).await.unwrap();
    assert_eq!(reminded(scene, 30).await, [(users([3]), None)]);
}

pub(crate) async fn what_waits_for_a_member_who_wants_none_any_more_is_skipped<S: Store>(
    scene: &Scene<S>,
) {
    only(scene, [before(30)]).await;
    wanted(scene).await;
    chooses(scene, 3, quiet("22:00 to 09:40")).await;
    assert_eq!(directs(scene, 30).await, users([1]));
    chooses(scene, 3, ReminderChoice::Direct(false)).await;
    assert!(directs(scene, 41).await.is_empty());
}

pub(crate) async fn whose_turn_would_come_after_the_start_gets_no_message_before_it<S: Store>(
    scene: &Scene<S>,
) {
    let direct = Reminder { place: ReminderPlace::Direct, ..before(1) };
    only(scene, [direct]).await;
    let event = scene.posted_event(5).await;
    // Five a second, so that a minute is not enough for the last three of them.
    let count = 5 * 60 + 3;
    for member in 1_001..=1_000 + count {
        scene.tap(event, member, YES).await;
        wants(scene, event, member, true).await;
    }
    scene.store.turn_events(minute(START - 1), 10).await.unwrap();
    let mut told = 0;
    for at in [START - 1, START, START + 1] {
        loop {
            let claimed = scene.store.claim_due(minute(at), minute(at + 1), 400).await.unwrap();
            if claimed.is_empty() {
                break;
            }
            told += to(&claimed).len();
            for delivery in &claimed {
                scene.sent(delivery, 9, 0).await;
            }
        }
    }
    assert_eq!(told, 5 * 60);
}

pub(crate) async fn a_direct_reminder_takes_nobodys_mention_at_the_same_instant<S: Store>(
    scene: &Scene<S>,
) {
    let text = Announcement::parse("Bring rope.").ok();
    let direct = Reminder { place: ReminderPlace::Direct, text, ..before(30) };
    only(scene, [before(30), direct]).await;
    let event = answered(scene).await;
    wants(scene, event, 3, true).await;
    let claimed = goes_out(scene, 30).await;
    let mentions: Vec<_> = claimed.iter().filter_map(mentions).collect();
    assert_eq!(mentions, [users([1, 3])], "who asked for a message gets it, too");
    let [words] = &words_to(&claimed, 3)[..] else { panic!("one message: {claimed:?}") };
    assert_eq!(words.as_deref(), Some("Bring rope."), "words of its own go first");
}

/// What direct messages to this member say beside the event.
fn words_to(claimed: &[Delivery], to: u64) -> Vec<Option<String>> {
    let said = claimed.iter().filter_map(|delivery| match &delivery.content {
        DeliveryContent::Direct { words, member, .. } if *member == user(to) => {
            Some(words.as_ref().map(|words| words.as_str().to_owned()))
        }
        DeliveryContent::Direct { .. }
        | DeliveryContent::Post(_)
        | DeliveryContent::Notice { .. }
        | DeliveryContent::Unanswered { .. }
        | DeliveryContent::Report { .. }
        | DeliveryContent::Greeting => None,
    });
    said.collect()
}

/// The one delivery of a reminder for those who have not answered, claimed at minute 30.
async fn unanswered<S: Store>(scene: &Scene<S>) -> Delivery {
    scene.store.turn_events(minute(30), 10).await.unwrap();
    let claimed = scene.claim(30).await;
    let is_it = |delivery: &Delivery| {
        matches!(delivery.content, DeliveryContent::Unanswered { role: Some(_), .. })
    };
    claimed.into_iter().find(is_it).expect("a reminder for those who have not answered")
}

pub(crate) async fn those_who_have_not_answered_are_mentioned_once<S: Store>(scene: &Scene<S>) {
    let audience = Audience::UnansweredOf(RoleId::new(9));
    only(scene, [Reminder { audience, ..before(30) }]).await;
    answered(scene).await;
    chooses(scene, 5, ReminderChoice::Mentioned(false)).await;
    chooses(scene, 6, quiet("09:00 to 10:00")).await;
    let claimed = unanswered(scene).await;
    let those = Candidates::These(users([1, 2, 3, 4, 5, 6, 8, 4]));
    let spread = async |those: &Candidates| {
        scene.store.spread(&claimed, those.clone(), minute(30)).await.unwrap()
    };
    assert_eq!(spread(&those).await, Hold::Ours);
    assert_eq!(spread(&those).await, Hold::Lost, "whoever asks again finds it done");
    assert_eq!(reminded(scene, 31).await, [(users([4, 8]), Some(RoleId::new(9)))]);
    assert!(reminded(scene, 32).await.is_empty());
}

pub(crate) async fn too_many_are_not_mentioned_one_by_one<S: Store>(scene: &Scene<S>) {
    let audience = Audience::UnansweredOf(RoleId::new(9));
    let many = users(1_000..=1_000 + u64::try_from(MENTIONS_MAX).unwrap());
    only(scene, [Reminder { audience, ..before(30) }]).await;
    for candidates in [Candidates::TooMany, Candidates::These(many)] {
        let event = scene.posted_event(5).await;
        scene.tap(event, 1, YES).await;
        let claimed = unanswered(scene).await;
        let spread = scene.store.spread(&claimed, candidates, minute(30)).await;
        assert_eq!(spread, Ok(Hold::Ours));
        assert_eq!(reminded(scene, 31).await, [(users([]), Some(RoleId::new(9)))]);
    }
}

pub(crate) async fn choices_are_told_and_erased<S: Store>(scene: &Scene<S>) {
    chooses(scene, 1, ReminderChoice::Direct(false)).await;
    chooses(scene, 1, quiet("22:00 to 08:00")).await;
    let told = scene.store.held_on(user(1)).await.unwrap();
    assert_eq!(told.reminders, [(GUILD, ReminderChoices { mentioned: true, direct: false })]);
    assert_eq!(told.quiet, QuietHours::parse("22:00 to 08:00").ok());
    scene.store.erase_member(user(1), minute(3)).await.unwrap();
    let kept = scene.store.member_reminders(GUILD, user(1)).await;
    assert_eq!(kept, Ok(MemberReminders::default()));
}

pub(crate) async fn a_message_put_off_until_another_reminder_is_due_does_not_stand_for_it<
    S: Store,
>(
    scene: &Scene<S>,
) {
    only(scene, [before(30), before(10)]).await;
    wanted(scene).await;
    // The first reminder is due at 09:30 in Berlin, the second one at 09:50.
    chooses(scene, 3, quiet("22:00 to 09:50")).await;
    assert_eq!(to(&goes_out(scene, 30).await), users([1]));
    let second = goes_out(scene, 50).await;
    let mentions: Vec<_> = second.iter().filter_map(mentions).collect();
    assert_eq!(mentions, [users([1, 3])]);
    assert_eq!(to(&second).into_iter().collect::<BTreeSet<_>>().len(), 2);
}
