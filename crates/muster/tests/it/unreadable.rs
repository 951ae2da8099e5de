//! Something in the database that cannot be read: everything else goes on, and organisers see it.

use serde_json::json;

use crate::stage::Stage;

#[tokio::test]
async fn a_series_that_cannot_be_read_stops_nothing_else_and_stands_in_the_doctor() {
    let stage = Stage::new().await;
    let joao = stage.joao();
    let series = json!({"title": "Raid", "when": "tonight 23:00", "repeat": "daily"});
    joao.runs("event create", series).await;
    // From Friday at 19:00 to Saturday at 9:00, when the next one is posted.
    let other = json!({"title": "Feast", "when": "tomorrow 10:00", "repeat": "every saturday"});
    joao.runs("event create", other).await;
    let db = rusqlite::Connection::open(stage.database()).unwrap();
    let broken =
        db.execute("UPDATE series_version SET zone = 'Mars/Phobos' WHERE title = 'Raid'", []);
    assert_eq!(broken.unwrap(), 1);
    stage.passes(14 * 60).await;
    let events = stage.demo.events;
    stage
        .until("the other series is posted", |world| {
            world
                .messages(events)
                .any(|m| m.embeds.iter().any(|e| e["title"] == "Feast"))
                .then_some(())
        })
        .await;
    let found = stage.ada().runs("doctor", json!({})).await;
    found.says("The series **Raid** cannot be read, so it rests");
    found.says("Everything else goes on");
    stage.ends().await;
}

#[tokio::test]
async fn an_event_that_cannot_be_read_holds_up_neither_its_channel_nor_what_is_cleaned_up() {
    let mut stage = Stage::new().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let feast = stage.event_with("Feast", "tomorrow 21:00", json!({"capacity": 1})).await;
    for who in [stage.zofia(), stage.mikko()] {
        who.taps(feast, "Yes").await;
    }
    stage.stops().await;
    let db = rusqlite::Connection::open(stage.database()).unwrap();
    // News of the one and a message to delete for each, of which its own come first.
    db.execute_batch(
        "INSERT INTO delivery (guild, event, kind, channel, lane, news, part, parts, version,
           known_version, due_at, ready_at)
         SELECT e.guild, e.id, 'notice', p.channel, p.channel, 'moved', 1, 1, p.version, p.version,
           e.created_at, e.created_at
         FROM event e JOIN post p ON p.event = e.id WHERE e.title = 'Raid';
         INSERT INTO chore (kind, guild, event, channel, message, ready_at)
         SELECT 'delete_message', e.guild, e.id, p.channel, 4711, e.created_at
         FROM event e JOIN post p ON p.event = e.id WHERE e.title = 'Raid';
         INSERT INTO chore (kind, guild, event, channel, message, ready_at)
         SELECT 'delete_message', f.guild, f.id, p.channel, p.message, f.created_at
         FROM event e JOIN post p ON p.event = e.id JOIN event f ON f.title = 'Feast'
         WHERE e.title = 'Raid';
         UPDATE event SET zone = 'Mars/Phobos' WHERE title = 'Raid'",
    )
    .unwrap();
    drop(db);
    stage.starts().await;
    stage.is_gone(raid).await;
    stage.zofia().taps(feast, "No").await;
    let events = stage.demo.events;
    stage
        .until("the other event has its news", |world| {
            let mut all = world.messages(events);
            all.any(|message| message.content.contains("You have a place now")).then_some(())
        })
        .await;
    stage.ends().await;
}
