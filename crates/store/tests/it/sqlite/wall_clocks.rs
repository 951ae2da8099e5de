//! The rules of a zone have changed since something was planned: local times stay what they are.

use jiff::SignedDuration;
use muster_domain::change::EventChange;
use muster_domain::event::EventDetails;
use muster_domain::id::InteractionId;
use muster_domain::notice::News;
use muster_domain::reminder::{Reminder, ReminderTime};
use muster_domain::text::Title;
use muster_store::model::{
    Changed, DeliveryContent, HistoryLine, MakeRequest, OccurrenceMade, PostWhen, ReminderChange,
    UndoRequest, Window,
};
use muster_store::port::{Deliveries as _, Events as _, Schedules as _};
use muster_store::sqlite::SqliteStore;

use super::unreadable::series;
use super::{Folder, fresh_with_threads};
use crate::scene::{END, GUILD, HOST, START, Scene, YES, details_at, minute, resize, sent};

fn execute(folder: &Folder, sql: &str) -> usize {
    rusqlite::Connection::open(folder.database()).unwrap().execute(sql, []).unwrap()
}

fn number(folder: &Folder, sql: &str) -> i64 {
    let db = rusqlite::Connection::open(folder.database()).unwrap();
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Everything was planned by rules by which clocks are ahead by so many minutes more, so that the
/// same local times are as much earlier.
fn planned_by_other_rules(folder: &Folder, minutes: i64) {
    let (ms, s) = (minutes * 60_000, minutes * 60);
    execute(
        folder,
        &format!(
            "UPDATE event SET starts_at = starts_at - {ms}, ends_at = ends_at - {ms}, next_turn_at = next_turn_at - {ms}, ahead_s = ahead_s + {s}"
        ),
    );
    execute(
        folder,
        &format!("UPDATE event_log SET starts_at = starts_at - {ms}, ends_at = ends_at - {ms}"),
    );
    execute(folder, &format!("UPDATE series SET post_at = post_at - {ms}"));
    execute(folder, "UPDATE zone_data SET version = '2020a'");
}

/// A store that knows the present rules, and what it keeps.
async fn scene() -> (Scene<SqliteStore>, Folder) {
    let (store, folder) = fresh_with_threads();
    let scene = Scene::new(store);
    assert_eq!(keep(&scene, 0, 10).await, 0);
    scene.without_reminders().await;
    (scene, folder)
}

/// The same store as another process opens it.
async fn opened_again(scene: Scene<SqliteStore>, folder: &Folder) -> Scene<SqliteStore> {
    scene.store.close().await.unwrap();
    drop(scene);
    Scene::new(super::open(&folder.database()))
}

async fn keep(scene: &Scene<SqliteStore>, at: i64, limit: usize) -> usize {
    scene.store.keep_wall_clocks(minute(at), limit).await.unwrap()
}

/// Goes through all, so many at a time; how often there was something.
async fn keep_all(scene: &Scene<SqliteStore>, at: i64, limit: usize) -> usize {
    let mut slices = 0;
    while keep(scene, at, limit).await > 0 {
        slices += 1;
    }
    slices
}

async fn history(
    scene: &Scene<SqliteStore>,
    event: muster_domain::id::EventId,
) -> Vec<HistoryLine> {
    let window = Window { skip: 0, limit: 50 };
    scene.store.history(GUILD, event, window).await.unwrap().unwrap().rows
}

#[tokio::test]
async fn an_event_is_at_its_local_time_again_and_only_its_post_changes() {
    for minutes in [60, -60, 30] {
        let (scene, folder) = scene().await;
        let event = scene.posted_event(5).await;
        scene.tap(event, 1, YES).await;
        let before = scene.read(event).await.sheet.event;
        scene.shown(event, 5, before.version).await;
        let told = history(&scene, event).await;
        planned_by_other_rules(&folder, minutes);
        let scene = opened_again(scene, &folder).await;
        assert_ne!(scene.read(event).await.sheet.event.details, before.details);
        assert!(keep_all(&scene, -5, 10).await > 0);
        let after = scene.read(event).await.sheet.event;
        assert_eq!(after.details, before.details);
        assert_eq!(after.version, before.version + 1);
        assert_eq!(scene.stale().await, [event], "its post is edited");
        assert_eq!(history(&scene, event).await, told, "nobody did anything");
        assert_eq!(scene.claim(1).await, [], "and nobody is told");
        assert_eq!(scene.store.next_due().await, Ok(Some(minute(START))), "when it begins");
        assert_eq!(keep(&scene, 2, 10).await, 0);
    }
}

#[tokio::test]
async fn what_was_planned_before_that_was_noted_or_has_begun_stays_as_it_is() {
    let (scene, folder) = scene().await;
    let (later, running) = (scene.posted_event(5).await, scene.posted_event(6).await);
    planned_by_other_rules(&folder, 60);
    execute(&folder, &format!("UPDATE event SET ahead_s = NULL WHERE id = {later}"));
    let scene = opened_again(scene, &folder).await;
    // By then the second one has begun by the rules of before.
    let spans = [scene.read(later).await, scene.read(running).await]
        .map(|one| one.sheet.event.details.span);
    keep_all(&scene, -5, 10).await;
    execute(&folder, "UPDATE zone_data SET version = '2020b'");
    assert_eq!(number(&folder, &format!("SELECT ahead_s FROM event WHERE id = {later}")), 3_600);
    let moved = scene.read(running).await.sheet.event.details.span;
    assert_eq!(moved.start(), minute(START), "at -5 it had not");
    let scene = opened_again(scene, &folder).await;
    assert_eq!(keep_all(&scene, 1, 10).await, 1);
    assert_eq!(scene.read(later).await.sheet.event.details.span, spans[0], "noted, not moved");
    planned_by_other_rules(&folder, 60);
    let scene = opened_again(scene, &folder).await;
    keep_all(&scene, 1, 10).await;
    assert_eq!(scene.read(running).await.sheet.event.details.span, spans[1], "it has begun");
}

#[tokio::test]
async fn many_are_gone_through_in_slices_each_once_and_a_restart_goes_on() {
    let (scene, folder) = scene().await;
    let mut events = Vec::new();
    for _ in 0..7 {
        events.push(scene.event().await);
    }
    planned_by_other_rules(&folder, 60);
    let scene = opened_again(scene, &folder).await;
    assert_eq!(keep(&scene, -5, 3).await, 3);
    let scene = opened_again(scene, &folder).await;
    let mut slices = 1;
    while keep(&scene, -5, 3).await > 0 {
        slices += 1;
    }
    // Those that moved to a later end are met again.
    assert!(slices <= 5, "{slices}");
    for event in events {
        let event = scene.read(event).await.sheet.event;
        assert_eq!((event.details.span.start(), event.version), (minute(START), 2));
    }
}

#[tokio::test]
async fn a_reminder_goes_out_at_its_local_time() {
    for (minutes, looked_at, kept, at) in [(30, 10, 20, 45), (-30, 40, 49, 50)] {
        let (scene, folder) = scene().await;
        let reminder = Reminder::at(ReminderTime::Before(SignedDuration::from_mins(15)));
        scene.change_reminders(None, ReminderChange::Add(reminder), 0).await;
        let event = scene.posted_event(5).await;
        scene.tap(event, 1, YES).await;
        planned_by_other_rules(&folder, minutes);
        let scene = opened_again(scene, &folder).await;
        // The process of before looked at it last then; nothing was due by its rules.
        scene.store.turn_events(minute(looked_at), 10).await.unwrap();
        keep_all(&scene, kept, 10).await;
        scene.store.turn_events(minute(at), 10).await.unwrap();
        let claimed = scene.claim(at).await;
        let reminders: Vec<_> = claimed
            .iter()
            .filter(|one| {
                matches!(one.content, DeliveryContent::Notice { news: News::Reminder, .. })
            })
            .map(|one| one.due)
            .collect();
        assert_eq!(reminders, [minute(45)], "{minutes}");
        let [one] = &claimed[..] else { panic!("one: {claimed:?}") };
        scene.end(one, sent(9, 1), at).await;
        scene.store.turn_events(minute(at + 5), 10).await.unwrap();
        assert_eq!(scene.claim(at + 5).await, [], "once");
    }
}

#[tokio::test]
async fn a_reminder_that_went_out_by_the_rules_of_before_does_not_go_out_again() {
    let (scene, folder) = scene().await;
    let reminder = Reminder::at(ReminderTime::Before(SignedDuration::from_mins(15)));
    scene.change_reminders(None, ReminderChange::Add(reminder), 0).await;
    let event = scene.posted_event(5).await;
    scene.tap(event, 1, YES).await;
    planned_by_other_rules(&folder, 30);
    let scene = opened_again(scene, &folder).await;
    scene.store.turn_events(minute(15), 10).await.unwrap();
    let [reminder] = &scene.claim(15).await[..] else { panic!("none") };
    scene.end(reminder, sent(9, 1), 15).await;
    keep_all(&scene, 20, 10).await;
    assert_eq!(scene.read(event).await.sheet.event.details.span.start(), minute(START));
    scene.store.turn_events(minute(50), 10).await.unwrap();
    assert_eq!(scene.claim(50).await, []);
}

#[tokio::test]
async fn an_event_that_kept_its_local_time_is_edited_and_undone_as_ever() {
    for minutes in [60, -60] {
        let (scene, folder) = scene().await;
        let event = scene.posted_event(5).await;
        planned_by_other_rules(&folder, minutes);
        let scene = opened_again(scene, &folder).await;
        keep_all(&scene, -5, 10).await;
        let kept = scene.read(event).await.sheet.event.details;
        let title = Title::parse("Raid day").unwrap();
        let edit = EventChange::Edit(EventDetails { title, ..kept.clone() });
        let changed = scene.change(event, edit, -4).await;
        assert!(matches!(changed, Changed::Made { .. }), "{changed:?}");
        let version = scene.read(event).await.sheet.event.version;
        let interaction = InteractionId::new(900_000);
        let at = minute(-3);
        let request = UndoRequest { guild: GUILD, event, version, by: HOST, interaction, at };
        scene.store.undo(request).await.unwrap();
        assert_eq!(scene.read(event).await.sheet.event.details, kept);
    }
}

#[tokio::test]
async fn what_is_changed_before_its_turn_came_keeps_its_local_time_as_well() {
    let (scene, folder) = scene().await;
    let event = scene.posted_event(5).await;
    planned_by_other_rules(&folder, 60);
    let scene = opened_again(scene, &folder).await;
    scene.change(event, resize(3), -6).await;
    keep_all(&scene, -5, 10).await;
    assert_eq!(scene.read(event).await.sheet.event.details.span.start(), minute(START));
}

#[tokio::test]
async fn a_series_is_posted_at_its_local_time() {
    let (scene, folder) = scene().await;
    series(&scene, "Raid").await;
    let planned = number(&folder, "SELECT post_at FROM series");
    planned_by_other_rules(&folder, 60);
    let scene = opened_again(scene, &folder).await;
    assert_eq!(keep_all(&scene, 0, 10).await, 1);
    assert_eq!(number(&folder, "SELECT post_at FROM series"), planned);
}

#[tokio::test]
async fn a_date_that_was_made_ahead_is_posted_at_its_local_time() {
    const DUE: &str = "SELECT due_at FROM delivery WHERE kind = 'post'";
    for minutes in [60, -60] {
        let (scene, folder) = scene().await;
        let series = series(&scene, "Raid").await;
        let known = scene.store.series(GUILD, series).await.unwrap().unwrap();
        let occurrence = known.upcoming(3).pop().unwrap().wall;
        let (guild, post, channel, at) = (GUILD, PostWhen::Due, None, minute(0));
        let request = MakeRequest { guild, series, occurrence, post, channel, at };
        let made = scene.store.make_occurrence(request).await;
        assert!(matches!(made, Ok(OccurrenceMade::Made(_))), "{made:?}");
        let planned = number(&folder, DUE);
        planned_by_other_rules(&folder, minutes);
        let ms = minutes * 60_000;
        let earlier =
            format!("UPDATE delivery SET due_at = due_at - {ms}, ready_at = ready_at - {ms}");
        assert_eq!(execute(&folder, &earlier), 1);
        let scene = opened_again(scene, &folder).await;
        keep_all(&scene, 0, 10).await;
        assert_eq!(number(&folder, DUE), planned, "{minutes}");
    }
}

#[tokio::test]
async fn an_event_of_a_zone_without_a_change_is_left_alone() {
    let (scene, folder) = scene().await;
    let event = scene.created(details_at(START, END)).await.sheet.event;
    execute(&folder, "UPDATE zone_data SET version = '2020a'");
    let scene = opened_again(scene, &folder).await;
    assert_eq!(keep_all(&scene, 1, 10).await, 1);
    assert_eq!(scene.read(event.id).await.sheet.event, event);
}
