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
