//! What a failing disk, a failing job and a full queue do to the jobs beside them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, GuildId, InteractionId, UserId};
use muster_domain::roster::Answer;
use tokio::sync::oneshot;

use super::SqliteStore;
use super::events::tests::{at, database_with_events};
use super::results::Results;
use super::rosters::Rosters;
use super::writer::{Job, Tx, Writer, job};
use crate::error::StoreError;
use crate::model::{Ask, Tap, TapAnswer, Tapped};
use crate::port::{Events, Guilds, Stored, Upkeep as _};

/// A writer with one event.
fn writer() -> Writer {
    let rosters = Rosters::new(5, Arc::default());
    let results = Arc::new(Results::new(5, Duration::MAX, Arc::default()));
    Writer::new(database_with_events(1), rosters, results, Arc::default()).unwrap()
}

fn tap_of(member: u64) -> Tap {
    Tap {
        guild: GuildId::new(1),
        event: EventId::new(1),
        member: UserId::new(member),
        by: UserId::new(member),
        ask: Ask::Pick { option: OptionId::new(0), may_lose_place: false },
        roles: Box::default(),
        force: false,
        interaction: InteractionId::new(1_000 + member),
        at: at(1),
    }
}

type Waiting = (Box<dyn Job>, oneshot::Receiver<Stored<TapAnswer>>);

fn tap_job(member: u64) -> Waiting {
    job(move |tx: &mut Tx<'_>| super::events::tap(tx, tap_of(member)))
}

/// A tap that fails after it has changed the roster and the rows.
fn failing_job(member: u64) -> Waiting {
    job(move |tx: &mut Tx<'_>| {
        super::events::tap(tx, tap_of(member))?;
        Err(StoreError::Corrupt("a planted fault".into()))
    })
}

/// A tap with a row beside it for which the whole commit fails.
fn commit_breaker(member: u64) -> Waiting {
    job(move |tx: &mut Tx<'_>| {
        tx.db.execute_batch(
            "PRAGMA defer_foreign_keys = ON;
             INSERT INTO signup (event, member, place, guests, priority, sequence, interaction, at)
             VALUES (99, 1, 0, 0, 0, 1, 1, 1);",
        )?;
        super::events::tap(tx, tap_of(member))
    })
}

/// Commits all in one group; what their callers are told.
fn commit(writer: &mut Writer, waiting: Vec<Waiting>) -> Vec<Stored<TapAnswer>> {
    let (mut jobs, outcomes): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
    writer.commit(&mut jobs);
    outcomes.into_iter().map(|mut outcome| outcome.try_recv().unwrap()).collect()
}

/// How many are coming, as the next tap sees it and as the rows say.
fn coming(writer: &mut Writer) -> (usize, i64) {
    let repeat = commit(writer, vec![tap_job(1)]).remove(0).unwrap();
    let (Tapped::Repeated(sheet) | Tapped::Answered(_, sheet)) = repeat.tapped else {
        panic!("not answered")
    };
    let sql = "SELECT count(*) FROM signup";
    (sheet.coming, writer.db().query_row(sql, [], |row| row.get(0)).unwrap())
}

fn is_taken(told: &Stored<TapAnswer>) -> bool {
    let told = told.as_ref().map(|answer| &answer.tapped);
    matches!(told, Ok(Tapped::Answered(Answer::Taken { .. }, _)))
}

#[test]
fn a_job_that_fails_leaves_its_neighbours_alone() {
    let mut writer = writer();
    let told = commit(&mut writer, vec![tap_job(1), failing_job(2), tap_job(3)]);
    assert_eq!(told.iter().map(is_taken).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(told[1], Err(StoreError::Corrupt("a planted fault".into())));
    assert_eq!(coming(&mut writer), (2, 2));
}

#[test]
fn a_commit_that_fails_undoes_the_group_and_nothing_else() {
    let mut writer = writer();
    commit(&mut writer, vec![tap_job(1)]);
    let told = commit(&mut writer, vec![tap_job(2), commit_breaker(3), tap_job(4)]);
    assert!(told.iter().all(|told| matches!(told, Err(StoreError::Database(_)))), "{told:?}");
    assert_eq!(coming(&mut writer), (1, 1));
    assert!(is_taken(&commit(&mut writer, vec![tap_job(2)])[0]));
    assert_eq!(coming(&mut writer), (2, 2));
}

#[test]
fn a_full_disk_refuses_and_heals() {
    let mut writer = writer();
    let pages: i64 = writer.db().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    writer.db().execute_batch(&format!("PRAGMA max_page_count = {pages}")).unwrap();
    let mut acknowledged = 0;
    let full = (1..10_000).find(|member| {
        let told = commit(&mut writer, vec![tap_job(*member)]).remove(0);
        acknowledged += usize::from(is_taken(&told));
        told == Err(StoreError::DiskFull)
    });
    let rows = i64::try_from(acknowledged).unwrap();
    assert_eq!(coming(&mut writer), (acknowledged, rows));
    writer.db().execute_batch("PRAGMA max_page_count = 1000000").unwrap();
    assert!(is_taken(&commit(&mut writer, vec![tap_job(full.unwrap())])[0]));
    assert_eq!(coming(&mut writer), (acknowledged + 1, rows + 1));
}

#[test]
fn a_failed_sync_fails_its_whole_group_and_all_that_follow() {
    let mut writer = writer();
    let failed = StoreError::SyncFailed("a planted fault".into());
    let told = StoreError::clone(&failed);
    let unsynced = job(move |_: &mut Tx<'_>| Err(told));
    let told = commit(&mut writer, vec![tap_job(1), unsynced, tap_job(2)]);
    assert!(told.iter().all(|told| *told == Err(failed.clone())), "{told:?}");
    assert_eq!(commit(&mut writer, vec![tap_job(3)]), [Err(failed)]);
}

#[tokio::test]
async fn a_failed_sync_is_heard_of_whoever_was_told() {
    let store = SqliteStore::open_in_memory().unwrap();
    let mut broken = std::pin::pin!(store.broken());
    let failed = |reason: &str| StoreError::SyncFailed(reason.into());
    let first = failed("first");
    let unsynced = store.write(move |_| Err::<(), _>(first));
    assert!(broken.as_mut().now_or_never().is_none());
    drop(unsynced.await);
    assert_eq!(broken.await, failed("first"));
    assert_eq!(store.broken().await, failed("first"), "also later");
}

#[test]
fn a_caller_who_went_away_does_not_undo_the_work() {
    let mut writer = writer();
    let (job, outcome) = tap_job(1);
    drop(outcome);
    writer.commit(&mut vec![job]);
    assert_eq!(coming(&mut writer), (1, 1));
}

#[tokio::test]
async fn after_a_failed_sync_nothing_is_read_or_written() {
    let store = SqliteStore::open_in_memory().unwrap();
    store.failed_sync.set("input/output error".into()).unwrap();
    let failed = StoreError::SyncFailed("input/output error".into());
    assert_eq!(store.tap(tap_of(1)).await, Err(failed.clone()));
    assert_eq!(store.settings(GuildId::new(1)).await, Err(failed.clone()));
    assert_eq!(store.guild_left(GuildId::new(1), Timestamp::MIN).await, Err(failed));
}
