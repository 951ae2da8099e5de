//! What is kept no longer, and until when it is.

use jiff::SignedDuration;
use muster_domain::change::EventChange;
use muster_domain::event::Phase;
use muster_domain::settings::{Retention, SettingsChange};
use muster_domain::template::Template;
use muster_domain::text::TemplateName;
use muster_store::Store;
use muster_store::model::{Arrival, Kept, Listing, NewTemplate, TemplateKept, Window};

use crate::scene::{GUILD, HOST, OTHER_GUILD, Scene, YES, details, details_at, minute};

/// What is called off is kept for an hour, guilds for two, and templates for three.
const KEPT: Kept = Kept {
    retention_grace: SignedDuration::from_mins(30),
    deleted_template: SignedDuration::from_mins(180),
    removed_guild: SignedDuration::from_mins(120),
    called_off_event: SignedDuration::from_mins(60),
};

/// Deletes what is due at this minute; returns in how many pieces.
async fn purge<S: Store>(scene: &Scene<S>, at: i64) -> usize {
    let mut pieces = 0;
    while scene.store.purge(KEPT, minute(at)).await.unwrap() {
        pieces += 1;
    }
    pieces
}

pub(crate) async fn nothing_is_to_go_from_what_is_in_use<S: Store>(scene: &Scene<S>) {
    scene.store.guild_arrived(GUILD, minute(0)).await.unwrap();
    let event = scene.event().await;
    scene.change(event, EventChange::Close, 1).await;
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(None));
    assert_eq!(purge(scene, 1_000_000).await, 0);
    assert!(scene.store.event(GUILD, event).await.unwrap().is_some());
}

pub(crate) async fn an_event_that_was_called_off_goes_after_its_time<S: Store>(scene: &Scene<S>) {
    let [cancelled, taken_back, kept] =
        [scene.event().await, scene.event().await, scene.event().await];
    scene.tap(cancelled, 1, YES).await;
    scene.change(cancelled, EventChange::Cancel, 10).await;
    scene.change(taken_back, EventChange::Delete, 20).await;
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(Some(minute(70))));
    assert_eq!(purge(scene, 69).await, 0);
    assert_eq!(purge(scene, 70).await, 1);
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(Some(minute(80))));
    assert_eq!(purge(scene, 80).await, 1);
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(None));
    assert_eq!(scene.store.event(GUILD, cancelled).await, Ok(None));
    assert!(scene.store.event(GUILD, kept).await.unwrap().is_some());
}

pub(crate) async fn what_a_clock_that_was_behind_called_off_is_kept_from_its_creation_on<
    S: Store,
>(
    scene: &Scene<S>,
) {
    let new = scene.new_event(details(0));
    let event = scene.store.create_event(new, minute(100)).await.unwrap().sheet.event.id;
    scene.change(event, EventChange::Cancel, 10).await;
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(Some(minute(160))));
    let since = Listing::CalledOffSince(minute(50));
    let window = Window { skip: 0, limit: 5 };
    let listed = scene.store.list(GUILD, since, "", window).await.unwrap();
    assert_eq!(listed.total, 1, "the way back");
    assert_eq!(purge(scene, 159).await, 0);
    assert_eq!(purge(scene, 160).await, 1);
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(None));
}

pub(crate) async fn a_guild_goes_after_its_time_with_all_that_is_its<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    store.guild_arrived(GUILD, minute(0)).await.unwrap();
    store.guild_arrived(OTHER_GUILD, minute(0)).await.unwrap();
    let event = scene.event().await;
    scene.tap(event, 1, YES).await;
    store.guild_left(GUILD, minute(5)).await.unwrap();
    assert_eq!(store.next_purge(KEPT).await, Ok(Some(minute(125))));
    assert_eq!(purge(scene, 124).await, 0);
    assert_eq!(purge(scene, 125).await, 2, "the event, then the guild");
    assert_eq!(store.event(GUILD, event).await, Ok(None));
    assert_eq!(store.guild_arrived(GUILD, minute(126)).await, Ok(Arrival::New));
    assert_eq!(store.guild_arrived(OTHER_GUILD, minute(126)).await, Ok(Arrival::Known));
}

pub(crate) async fn a_guild_that_came_back_in_time_keeps_everything<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    store.guild_arrived(GUILD, minute(0)).await.unwrap();
    let event = scene.event().await;
    store.guild_left(GUILD, minute(5)).await.unwrap();
    store.guild_arrived(GUILD, minute(120)).await.unwrap();
    assert_eq!(purge(scene, 1_000_000).await, 0);
    assert!(store.event(GUILD, event).await.unwrap().is_some());
}

pub(crate) async fn a_large_event_goes_in_pieces_of_which_nobody_sees_half<S: Store>(
    scene: &Scene<S>,
) {
    let store = &scene.store;
    store.guild_arrived(GUILD, minute(0)).await.unwrap();
    let event = scene.event().await;
    for member in 1..=2_100 {
        scene.tap(event, member, YES).await;
    }
    store.guild_left(GUILD, minute(1)).await.unwrap();
    assert_eq!(store.purge(KEPT, minute(121)).await, Ok(true));
    let half = store.event(GUILD, event).await.unwrap().unwrap().sheet.event;
    assert_eq!(half.phase(minute(121)), Phase::Deleted, "from the first piece on");
    assert!(purge(scene, 121).await >= 3);
    assert_eq!(store.next_purge(KEPT).await, Ok(None));
    assert_eq!(store.guild_arrived(GUILD, minute(122)).await, Ok(Arrival::New));
}

pub(crate) async fn a_deleted_template_goes_after_its_time<S: Store>(scene: &Scene<S>) {
    let store = &scene.store;
    let template = Template::of(&scene.created(details(5)).await.sheet.event, None);
    for name in ["Raid", "Shift"] {
        let (name, template) = (TemplateName::parse(name).unwrap(), template.clone());
        let new = NewTemplate { guild: GUILD, name, template, by: HOST };
        store.save_template(new, minute(1)).await.unwrap();
    }
    let deleted = store.delete_template(GUILD, "Raid", minute(10)).await.unwrap().unwrap();
    assert_eq!(store.next_purge(KEPT).await, Ok(Some(minute(190))));
    assert_eq!((purge(scene, 189).await, purge(scene, 190).await), (0, 1));
    assert_eq!(store.restore_template(GUILD, deleted.id).await, Ok(TemplateKept::Gone));
    assert!(store.template(GUILD, "Shift").await.unwrap().is_some());
    assert_eq!(store.next_purge(KEPT).await, Ok(None));
}

/// A day has so many minutes.
const DAY: i64 = 24 * 60;

async fn keep_for<S: Store>(scene: &Scene<S>, days: Option<i64>, at: i64) {
    let retention = days.map(|days| Retention::parse(days).unwrap());
    let change = SettingsChange::Retention(retention);
    scene.store.change_settings(GUILD, change, minute(at)).await.unwrap();
}

pub(crate) async fn an_event_goes_when_its_guild_has_kept_it_long_enough<S: Store>(
    scene: &Scene<S>,
) {
    let early = scene.created(details_at(60, 120)).await.sheet.event.id;
    let late = scene.created(details_at(60, 180)).await.sheet.event.id;
    scene.tap(early, 1, YES).await;
    keep_for(scene, Some(2), 5).await;
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(Some(minute(2 * DAY + 120))));
    assert_eq!(purge(scene, 2 * DAY + 119).await, 0);
    assert_eq!(purge(scene, 2 * DAY + 120).await, 1);
    assert_eq!(scene.store.event(GUILD, early).await, Ok(None));
    assert!(scene.store.event(GUILD, late).await.unwrap().is_some());
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(Some(minute(2 * DAY + 180))));
}

pub(crate) async fn a_choice_of_how_long_to_keep_takes_effect_after_a_while<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event().await;
    let long_after = 40 * DAY;
    keep_for(scene, Some(30), long_after).await;
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(Some(minute(long_after + 30))));
    assert_eq!(purge(scene, long_after + 29).await, 0);
    // Chosen again, it is no new choice; another one begins anew.
    keep_for(scene, Some(30), long_after + 10).await;
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(Some(minute(long_after + 30))));
    keep_for(scene, Some(20), long_after + 20).await;
    assert_eq!(purge(scene, long_after + 49).await, 0);
    keep_for(scene, None, long_after + 25).await;
    assert_eq!(scene.store.next_purge(KEPT).await, Ok(None));
    assert_eq!(purge(scene, 1_000 * DAY).await, 0);
    assert!(scene.store.event(GUILD, event).await.unwrap().is_some());
}

pub(crate) async fn how_long_one_guild_keeps_events_is_no_other_guilds_business<S: Store>(
    scene: &Scene<S>,
) {
    let event = scene.event().await;
    let change = SettingsChange::Retention(Retention::parse(1).ok());
    scene.store.change_settings(OTHER_GUILD, change, minute(0)).await.unwrap();
    assert_eq!(purge(scene, 1_000 * DAY).await, 0);
    assert!(scene.store.event(GUILD, event).await.unwrap().is_some());
}
