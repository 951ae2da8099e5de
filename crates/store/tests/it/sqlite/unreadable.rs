//! Rows that cannot be read hold up nothing else, and are looked at again.

use jiff::{SignedDuration, Timestamp};
use muster_domain::answer_option::Options;
use muster_domain::change::EventChange;
use muster_domain::id::{EventId, RoleId, SeriesId};
use muster_domain::recurrence::{Frequency, Recurrence, Rule};
use muster_domain::reminder::{Reminder, ReminderTime};
use muster_domain::series::{ExtraFields, Posting, SeriesPlan};
use muster_domain::template::Template;
use muster_domain::text::Title;
use muster_domain::zone::Zone;
use muster_store::model::{
    DeliveryContent, Hold, NewSeries, ReminderChange, RemindersChanged, SeriesCreated,
    UnreadableKind, UnreadableRow,
};
use muster_store::port::{Deliveries, Grants, Schedules, Troubles};
use muster_store::sqlite::SqliteStore;

use super::{Folder, open};
use crate::scene::{CHANNEL, GUILD, HOST, Scene, YES, minute};

/// A daily series whose next event is posted at minute 10.
fn plan(title: &str) -> SeriesPlan {
    let rules = Zone::parse("UTC").unwrap();
    let start = rules.rules().to_datetime(minute(70));
    SeriesPlan {
        title: Title::parse(title).unwrap(),
        made_of: Template::plain(SignedDuration::from_hours(1)),
        fields: ExtraFields::default(),
        channel: CHANNEL,
        zone: rules,
        start,
        recurrence: Recurrence::new(Rule::every(Frequency::Daily)).unwrap(),
        posting: Posting::Ahead(SignedDuration::from_hours(1)),
    }
}

pub(super) async fn series(scene: &Scene<SqliteStore>, title: &str) -> SeriesId {
    let interaction = scene.interaction();
    let new = NewSeries {
        guild: GUILD,
        host: HOST,
        day: None,
        plan: plan(title),
        held_until: None,
        interaction,
    };
    match scene.store.create_series(new, minute(0)).await.unwrap() {
        SeriesCreated::Made(series) => series.id,
        SeriesCreated::TooMany => panic!("the first ones"),
    }
}

fn write(folder: &Folder, sql: &str) {
    let db = rusqlite::Connection::open(folder.database()).unwrap();
    assert_eq!(db.execute(sql, []).unwrap(), 1, "{sql}");
}

async fn set_aside(scene: &Scene<SqliteStore>, now: Timestamp) -> Vec<UnreadableRow> {
    scene.store.outlook(GUILD, now, now, 10).await.unwrap().unreadable
}

fn row(kind: UnreadableKind, since: i64, title: &str) -> UnreadableRow {
    UnreadableRow { kind, since: minute(since), title: Title::parse(title).ok() }
}

#[tokio::test]
async fn a_series_that_cannot_be_read_waits_and_the_others_are_made() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let (broken, sound) = (series(&scene, "Broken").await, series(&scene, "Sound").await);
    write(&folder, "UPDATE series_version SET zone = 'Mars/Phobos' WHERE title = 'Broken'");
    assert_eq!(scene.store.make_due(minute(10), 10).await, Ok(2));
    let made = scene.store.events_of_series(GUILD, sound, minute(10), 10).await.unwrap();
    assert_eq!(made.len(), 1);
    assert_eq!(scene.store.make_due(minute(69), 10).await, Ok(0), "it waits for an hour");
    assert_eq!(set_aside(&scene, minute(69)).await, [row(UnreadableKind::Series, 10, "Broken")]);
    assert_eq!(scene.store.all_series(GUILD).await.unwrap().len(), 1, "it hides no other");
    assert_eq!(scene.store.figures().await.unreadable, 1);
    write(&folder, "UPDATE series_version SET zone = 'UTC' WHERE title = 'Broken'");
    assert_eq!(scene.store.make_due(minute(70), 10).await, Ok(1));
    let made = scene.store.events_of_series(GUILD, broken, minute(70), 10).await.unwrap();
    assert_eq!(made.len(), 1, "it is read again");
    assert_eq!(set_aside(&scene, minute(70)).await, []);
}

#[tokio::test]
async fn an_event_or_a_message_that_cannot_be_read_waits_and_the_others_go_on() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let (broken, sound) = (scene.event().await, scene.event().await);
    let now = minute(60);
    write(&folder, &format!("UPDATE event SET zone = 'Mars/Phobos' WHERE id = {broken}"));
    write(&folder, &format!("UPDATE delivery SET attempts = -1 WHERE event = {broken}"));
    // What is at hand need not be read.
    drop(scene);
    let scene = Scene::new(open(&folder.database()));
    while scene.store.turn_events(now, 10).await.unwrap() > 0 {}
    // Both are for one channel, where one goes after the other.
    assert_eq!(scene.store.claim_due(now, minute(61), 10).await, Ok(Vec::new()));
    let claimed = scene.store.claim_due(now, minute(61), 10).await.unwrap();
    let post = DeliveryContent::Post(sound);
    assert!(claimed.iter().any(|delivery| delivery.content == post), "{claimed:?}");
    let found = set_aside(&scene, now).await;
    let expected = [
        row(UnreadableKind::Delivery, 60, "Raid night"),
        row(UnreadableKind::Event, 60, "Raid night"),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_clock_that_was_ahead_is_put_right_beside_what_cannot_be_read() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    series(&scene, "Broken").await;
    while scene.store.make_due(minute(9_000), 10).await.unwrap() > 0 {}
    write(&folder, "UPDATE series_version SET zone = 'Mars/Phobos' WHERE title = 'Broken'");
    while scene.store.mend_times(minute(0), minute(5), 10).await.unwrap() > 0 {}
    assert_eq!(set_aside(&scene, minute(0)).await, [row(UnreadableKind::Series, 0, "Broken")]);
}

/// Whose Yes gives a role.
async fn gives_a_role(scene: &Scene<SqliteStore>, message: u64) -> EventId {
    let event = scene.posted_event(message).await;
    let mut options: Vec<_> = Options::default_four().iter().cloned().collect();
    options[0].granted = Some(RoleId::new(9));
    scene.change(event, EventChange::Options(Options::new(options).unwrap()), 0).await;
    scene.tap(event, 1, YES).await;
    event
}

#[tokio::test]
async fn an_event_that_cannot_be_read_holds_up_no_roles_and_no_list_of_reminders() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let (broken, sound) = (gives_a_role(&scene, 5).await, gives_a_role(&scene, 6).await);
    let zone = |zone| format!("UPDATE event SET zone = '{zone}' WHERE id = {broken}");
    write(&folder, &zone("Mars/Phobos"));
    drop(scene);
    let scene = Scene::new(open(&folder.database()));
    let given = async |at| {
        while scene.store.plan_grants(minute(at), 10).await.unwrap() > 0 {}
        let due = scene.store.due_grants(minute(at), 10).await.unwrap();
        due.iter().map(|grant| grant.event).collect::<Vec<_>>()
    };
    assert_eq!(given(1).await, [sound]);
    let twenty = Reminder::at(ReminderTime::Before(SignedDuration::from_mins(20)));
    let changed = scene.change_reminders(None, ReminderChange::Add(twenty), 2).await;
    assert!(matches!(changed, RemindersChanged::Made(..)), "{changed:?}");
    assert_eq!(set_aside(&scene, minute(2)).await, [row(UnreadableKind::Event, 1, "Raid night")]);
    write(&folder, &zone("UTC"));
    while scene.store.turn_events(minute(63), 10).await.unwrap() > 0 {}
    assert_eq!(given(63).await, [sound, broken], "it is read again");
}

#[tokio::test]
async fn a_message_about_what_cannot_be_read_goes_behind_those_of_its_channel() {
    let folder = Folder::new();
    let scene = Scene::new(open(&folder.database()));
    let (first, second) = (scene.event().await, scene.event().await);
    let claimed = scene.claim(1).await.pop().unwrap();
    assert_eq!(claimed.content, DeliveryContent::Post(first));
    let aside = async || scene.store.set_aside(&claimed, "why".into(), minute(1)).await;
    assert_eq!(aside().await, Ok(Hold::Ours));
    assert_eq!(aside().await, Ok(Hold::Lost), "it is in nobody's hands");
    let next = scene.claim(2).await.pop().unwrap();
    assert_eq!(next.content, DeliveryContent::Post(second));
    let expected = [row(UnreadableKind::Delivery, 1, "Raid night")];
    assert_eq!(set_aside(&scene, minute(2)).await, expected);
    scene.sent(&next, 6, 0).await;
    assert_eq!(scene.claim(60).await, []);
    assert_eq!(scene.claim(61).await.pop().unwrap().content, DeliveryContent::Post(first));
}
