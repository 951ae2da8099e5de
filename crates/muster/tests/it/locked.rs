//! A database that another program has locked: nobody's answer can be saved, the bot says so to
//! whoever asks, and goes on by itself.

use crate::watched::watched;

#[tokio::test]
async fn a_database_that_another_program_locks_is_not_ready_until_it_lets_go() {
    let stage = watched(|stage| {
        stage.vitals.resources.enabled = false;
        stage.may_miss = true;
    })
    .await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let beside = rusqlite::Connection::open(stage.database()).unwrap();
    beside.busy_timeout(std::time::Duration::from_secs(9)).unwrap();
    beside.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Whoever waits for the lock behind others may learn that too late for Discord.
    assert!(!stage.bea().taps(raid, "Yes").await.is_update());
    let why = stage.until_ready_is(503).await;
    assert!(why.contains("the database takes no writes"), "{why}");
    assert_eq!(stage.figures().await.of("muster_database_writable"), 0);
    beside.execute_batch("ROLLBACK").unwrap();
    // Nobody taps: the bot tries by itself.
    stage.until_ready_is(200).await;
    assert!(stage.mikko().taps(raid, "Mobile").await.is_update());
    stage.ends().await;
}
