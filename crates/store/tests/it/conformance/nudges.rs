//! Organisers are told once a week that nothing is planned, if they want that.

use jiff::Timestamp;
use muster_domain::change::EventChange;
use muster_domain::settings::SettingsChange;
use muster_store::Store;
use muster_store::model::{DeliveryContent, ScheduleSkip};

use super::schedules::weekly_on_saturday;
use super::troubles::has_admin_channel;
use crate::scene::{GUILD, HOST, Scene, details, minute};

/// The scenes begin on a Friday, the 15th of January 2027, at 08:00. The guild has chosen no zone.
fn at(time: &str) -> Timestamp {
    format!("2027-01-{time}Z").parse().unwrap()
}

async fn choose<S: Store>(scene: &Scene<S>, change: SettingsChange, time: &str) {
    scene.store.change_settings(GUILD, change, at(time)).await.unwrap();
}

async fn wants_it<S: Store>(scene: &Scene<S>) {
    has_admin_channel(scene).await;
    choose(scene, SettingsChange::Nudges(true), "15T08:00").await;
}

/// How many reports are due at this time that tell of an empty week; all reports are sent.
async fn told<S: Store>(scene: &Scene<S>, time: &str) -> usize {
    let now = at(time);
    while scene.store.make_due(now, 10).await.unwrap() > 0 {}
    let later = now + jiff::SignedDuration::from_mins(2);
    let claimed = scene.store.claim_due(later, later + jiff::SignedDuration::from_mins(1), 9);
    let mut told = 0;
    for delivery in claimed.await.unwrap() {
        if matches!(delivery.content, DeliveryContent::Report { .. }) {
            let report = scene.store.trouble_report(delivery.id, later, 5).await.unwrap();
            told += usize::from(report.empty_week);
        }
        scene.end(&delivery, crate::scene::sent(delivery.id.get(), 1), 0).await;
    }
    told
}

pub(crate) async fn an_empty_week_is_told_on_its_monday_and_once<S: Store>(scene: &Scene<S>) {
    assert_eq!(scene.store.next_due().await, Ok(None), "nobody wants it unless they say so");
    wants_it(scene).await;
    assert_eq!(scene.store.next_due().await, Ok(Some(at("18T09:00"))));
    assert_eq!(told(scene, "18T08:59").await, 0);
    assert_eq!(told(scene, "18T09:00").await, 1);
    assert_eq!(scene.store.next_due().await, Ok(Some(at("25T09:00"))));
    // Another posting time on the same day makes no second one.
    let posting = Some(jiff::civil::time(11, 0, 0, 0));
    choose(scene, SettingsChange::Times { event: None, posting }, "18T10:00").await;
    assert_eq!(told(scene, "18T11:00").await, 0);
    choose(scene, SettingsChange::Nudges(false), "18T12:00").await;
    choose(scene, SettingsChange::Nudges(true), "18T12:01").await;
    assert_eq!(scene.store.next_due().await, Ok(Some(at("25T11:00"))));
    assert_eq!(told(scene, "25T11:00").await, 1);
    choose(scene, SettingsChange::Nudges(false), "25T12:00").await;
    assert_eq!(scene.store.next_due().await, Ok(None));
}

pub(crate) async fn a_week_with_an_event_or_an_occurrence_is_not_told<S: Store>(scene: &Scene<S>) {
    scene.without_reminders().await;
    wants_it(scene).await;
    let start: Timestamp = at("24T20:00");
    let mut event = details(0);
    event.span = muster_domain::event::Span::new(start, at("24T22:00")).unwrap();
    let event = scene.created(event).await.sheet.event.id;
    assert_eq!(told(scene, "18T09:00").await, 0);
    weekly_on_saturday(scene).await;
    scene.change(event, EventChange::Cancel, 1).await;
    assert_eq!(told(scene, "25T09:00").await, 0, "there is an occurrence on Saturday");
}

pub(crate) async fn a_week_on_which_the_schedule_rests_is_not_told<S: Store>(scene: &Scene<S>) {
    wants_it(scene).await;
    weekly_on_saturday(scene).await;
    let [first, last] = ["2027-01-16", "2027-01-24"].map(|day| day.parse().unwrap());
    let skip = ScheduleSkip { first, last, by: HOST, at: at("15T09:00") };
    scene.store.skip_days(GUILD, skip).await.unwrap();
    assert_eq!(told(scene, "18T09:00").await, 0, "somebody planned that it rests");
    assert_eq!(told(scene, "25T09:00").await, 0, "it goes on");
}

pub(crate) async fn what_was_planned_before_the_report_left_is_not_told<S: Store>(
    scene: &Scene<S>,
) {
    wants_it(scene).await;
    while scene.store.make_due(at("18T09:00"), 10).await.unwrap() > 0 {}
    let report = scene.store.claim_due(at("18T09:02"), at("18T09:03"), 9).await.unwrap();
    let told = async |time| {
        scene.store.trouble_report(report[0].id, at(time), 5).await.unwrap().empty_week
    };
    assert!(told("18T09:02").await);
    assert!(!told("19T09:02").await, "a day late");
    weekly_on_saturday(scene).await;
    assert!(!told("18T09:02").await);
}

pub(crate) async fn a_week_is_not_told_of_a_day_late_or_without_the_bot<S: Store>(
    scene: &Scene<S>,
) {
    scene.store.guild_arrived(GUILD, minute(0)).await.unwrap();
    wants_it(scene).await;
    told(scene, "15T08:00").await;
    assert_eq!(told(scene, "19T09:01").await, 0);
    assert_eq!(scene.store.next_due().await, Ok(Some(at("25T09:00"))));
    scene.store.guild_left(GUILD, at("20T09:00")).await.unwrap();
    assert_eq!(scene.store.next_due().await, Ok(None));
    assert_eq!(told(scene, "25T09:00").await, 0);
    scene.store.guild_arrived(GUILD, at("25T20:00")).await.unwrap();
    assert_eq!(told(scene, "25T20:00").await, 1, "it is the same day still");
}

pub(crate) async fn a_clock_that_was_years_ahead_decides_no_week<S: Store>(scene: &Scene<S>) {
    wants_it(scene).await;
    let far: Timestamp = "2036-06-06T12:00:00Z".parse().unwrap();
    while scene.store.make_due(far, 10).await.unwrap() > 0 {}
    let (now, latest) = (at("15T09:00"), at("15T09:01"));
    while scene.store.mend_times(now, latest, 10).await.unwrap() > 0 {}
    assert_eq!(scene.store.next_due().await, Ok(Some(at("18T09:00"))));
    assert_eq!(told(scene, "18T09:00").await, 1);
}
