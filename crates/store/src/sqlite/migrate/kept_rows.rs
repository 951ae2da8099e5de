//! A database of the second schema that holds something of everything loses none of it.

use jiff::Timestamp;
use muster_domain::answer_option::Options;
use muster_domain::id::{DeliveryId, EventId, GuildId, RoleId, UserId};
use muster_domain::reminder::{Audience, time_in_words};
use muster_domain::roster::Place;
use muster_domain::rules::EventRules;
use muster_domain::text::Announcement;
use rusqlite::Connection;

use super::{MIGRATIONS, migrate};
use crate::model::{Happened, LoggedPlace, RosterPart, SeenEvent, Window};
use crate::port::{Deliveries as _, Events as _, Reminders as _};
use crate::sqlite::database::{self, Open, Opening};
use crate::sqlite::{SqliteStore, StoreSettings};

const OLD: &str = "
    INSERT INTO guild (id, joined_at, channel, zone) VALUES (1, 5, 2, 'UTC');
    INSERT INTO guild_organiser_role VALUES (1, 77, 0);
    INSERT INTO member VALUES (3, 'Asia/Tokyo');
    INSERT INTO event (id, guild, channel, host, title, title_folded, starts_at, ends_at, zone,
      capacity, mention_role, answers_close_at_end, created_at, interaction, next_turn_at)
    VALUES (7, 1, 2, 3, 'Raid', 'raid', 3600000, 7200000, 'UTC', 1, 9, 0, 5, 100, 3600000);
    INSERT INTO event_option VALUES
      (7, 0, 0, 'Yes', '✅', 'green', 1, 1), (7, 1, 1, 'No', '❌', 'red', 0, 0),
      (7, 2, 2, 'Maybe', '❓', 'grey', 0, 1), (7, 3, 3, 'Mobile', '📱', 'blue', 1, 1);
    INSERT INTO post (event, version, channel, message, shown, stale_since, delivery)
    VALUES (7, 4, 2, 50, 4, 5, 20);
    INSERT INTO signup VALUES
      (7, 11, 0, 0, 1, 101, 6), (7, 12, 3, 1, 2, 102, 7), (7, 13, NULL, 0, 3, 103, 8);
    INSERT INTO signup_log VALUES
      (7, 2, 11, 'tap', NULL, NULL, 0, 0, 11, 101, 6),
      (7, 3, 12, 'tap', NULL, NULL, 3, 1, 12, 102, 7),
      (7, 4, 13, 'tap', 0, 1, NULL, NULL, 13, 103, 8);
    INSERT INTO event_log (event, version, by, at, change, title, starts_at, ends_at, zone,
      capacity, answers_close_at_end, interaction)
    VALUES (7, 1, 3, 5, 'created', 'Raid', 3600000, 7200000, 'UTC', 1, 0, NULL);
    INSERT INTO delivery (id, guild, event, kind, channel, lane, due_at, ready_at, outcome,
      ended_at, message, claims)
    VALUES (20, 1, 7, 'post', 2, 2, 5, 5, 'sent', 6, 50, 3);
    INSERT INTO delivery (id, guild, event, kind, channel, lane, news, part, parts, version,
      known_version, due_at, ready_at, attempts, nonce)
    VALUES (21, 1, 7, 'notice', 2, 2, 'promoted', 1, 1, 4, 4, 9, 9, 1, 'abc');
    INSERT INTO delivery (id, guild, kind, lane, due_at, ready_at)
    VALUES (30, 1, 'greeting', 1, 5, 5);
    DELETE FROM delivery WHERE id = 30;
    INSERT INTO delivery_mention VALUES (21, 0, 12), (21, 1, 11);
    INSERT INTO draft VALUES (9, 1, 3, NULL, 't', 's', 'd', 'd', 'l', '5', NULL, NULL, 5, NULL);
    INSERT INTO gateway_session VALUES (0, 's', 'u', 1, 1);
    INSERT INTO gateway_identify VALUES (1, 5);
    INSERT INTO registered_commands VALUES (1, 'f');";

const TABLES: [&str; 13] = [
    "guild",
    "guild_organiser_role",
    "member",
    "event",
    "event_option",
    "post",
    "signup",
    "signup_log",
    "event_log",
    "delivery",
    "delivery_mention",
    "draft",
    "gateway_session",
];

fn counts(db: &Connection) -> [i64; 13] {
    TABLES.map(|table| {
        let sql = format!("SELECT count(*) FROM {table}");
        db.query_row(&sql, [], |row| row.get(0)).unwrap()
    })
}

/// A store over the migrated database.
fn migrated() -> SqliteStore {
    let mut db = database::open_in_memory(&Opening::default()).unwrap();
    migrate(&mut db, None, MIGRATIONS.get(..2).unwrap()).unwrap();
    db.execute_batch(OLD).unwrap();
    let before = counts(&db);
    migrate(&mut db, None, MIGRATIONS).unwrap();
    assert_eq!(counts(&db), before);
    let dangling: i64 = db
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(dangling, 0);
    store_of(db)
}

fn store_of(db: Open) -> SqliteStore {
    SqliteStore::inline(db, &Opening::default(), StoreSettings::default()).unwrap()
}

fn at_ms(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

#[tokio::test]
async fn events_answers_and_their_history_are_as_they_were() {
    let (store, guild, event) = (migrated(), GuildId::new(1), EventId::new(7));
    let posted = store.event(guild, event).await.unwrap().unwrap();
    let found = &posted.sheet.event;
    assert_eq!((&found.options, &found.rules), (&Options::default_four(), &EventRules::default()));
    assert_eq!((found.version, posted.post.shown, posted.sheet.coming), (4, 4, 1));
    let first = SeenEvent { event, version: 1 };
    let created = store.event_as_of(guild, first).await.unwrap().unwrap();
    assert_eq!([found.mention, created.mention], [Some(RoleId::new(9)); 2]);
    let window = Window { skip: 0, limit: 10 };
    let page = store.roster_page(guild, event, RosterPart::Everyone, window).await.unwrap();
    let places: Vec<_> =
        page.unwrap().rows.iter().map(|line| (line.member.get(), line.signup.place)).collect();
    assert_eq!(places, [(11, Place::Seated), (12, Place::Waiting)]);
    let history = store.history(guild, event, window).await.unwrap().unwrap().rows;
    let Happened::Signup { before, now, .. } = history[0].what else { panic!("an answer") };
    assert_eq!((before.map(|a| a.place), now), (Some(LoggedPlace::Waiting), None));
    assert_eq!(history.len(), 4);
    let created = store.event_as_of(guild, SeenEvent { event, version: 1 }).await.unwrap();
    assert_eq!(created.map(|event| event.details), Some(found.details.clone()));
    assert_eq!(store.next_due().await, Ok(Some(at_ms(9))));
}

#[tokio::test]
async fn deliveries_keep_their_mentions_and_numbers_are_never_used_twice() {
    let store = migrated();
    let [claimed] = &store.claim_due(at_ms(10), at_ms(20), 9).await.unwrap()[..] else {
        panic!("one delivery")
    };
    let crate::model::DeliveryContent::Notice { mentions, .. } = &claimed.content else {
        panic!("a notice")
    };
    assert_eq!(mentions, &[UserId::new(12), UserId::new(11)]);
    assert_eq!((claimed.attempts, claimed.nonce.as_str()), (1, "abc"));
    let message =
        store.event(GuildId::new(1), EventId::new(7)).await.unwrap().unwrap().post.message;
    store.post_gone(EventId::new(7), message.unwrap(), at_ms(11)).await.unwrap();
    let again = store.post_again(GuildId::new(1), EventId::new(7), None, at_ms(12)).await.unwrap();
    assert_eq!(again.map(DeliveryId::get), Some(31), "30 was used before");
}

#[tokio::test]
async fn reminders_are_as_they_were_before_members_could_choose() {
    let mut db = database::open_in_memory(&Opening::default()).unwrap();
    let before = MIGRATIONS.iter().position(|step| step.number == 15).unwrap();
    migrate(&mut db, None, MIGRATIONS.get(..before).unwrap()).unwrap();
    db.execute_batch(
        "INSERT INTO guild (id, own_reminders) VALUES (1, 1);
         INSERT INTO reminder (id, guild, from_start, of_day, audience, role, place, words) VALUES
           (4, 1, -30, NULL, 'role', 9, 'channel', 'Bring rope.'),
           (6, 1, NULL, 960, 'unanswered', NULL, 'channel', NULL);",
    )
    .unwrap();
    migrate(&mut db, None, MIGRATIONS).unwrap();
    let kept = store_of(db).reminders(GuildId::new(1), None).await.unwrap().unwrap().reminders;
    let said: Vec<_> = kept
        .iter()
        .map(|one| {
            (one.audience, time_in_words(one.time), one.text.as_ref().map(Announcement::as_str))
        })
        .collect();
    let role = Audience::Role(RoleId::new(9));
    let before = (role, "30m before".to_owned(), Some("Bring rope."));
    assert_eq!(said, [before, (Audience::Unanswered, "at 16:00".to_owned(), None)]);
}
