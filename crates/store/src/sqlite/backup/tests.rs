//! Which copies go, and when the next is due: as figures, without a file. And one that hangs.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use jiff::{Timestamp, ToSpan as _};
use muster_scratch::Scratch;

use super::*;
use crate::port::Guilds as _;
use crate::sqlite::StoreSettings;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn one(at: Timestamp, bytes: u64, kind: KeptKind) -> Kept {
    Kept { path: PathBuf::from(at.to_string()), at, bytes, kind }
}

fn copies(times: impl IntoIterator<Item = Timestamp>) -> Vec<Kept> {
    times.into_iter().map(|at| one(at, 10, KeptKind::Backup)).collect()
}

const KEEP: Keep = Keep { last: 4, daily: 7, weekly: 4 };

/// A copy every six hours for a hundred days, each followed by the rotation.
#[test]
fn the_last_ones_a_week_of_days_and_a_month_of_weeks_are_kept() {
    let begin = at("2026-08-03T00:30:00Z");
    let mut kept = Vec::new();
    for hours in (0..100 * 24).step_by(6) {
        kept.extend(copies([begin + hours.hours()]));
        let gone = superfluous(&kept, KEEP, begin + hours.hours());
        kept.retain(|one| !gone.contains(one));
    }
    let left: Vec<_> = kept.iter().map(|one| one.at.strftime("%d.%m. %H").to_string()).collect();
    // The week under way and the one before have days of their own here.
    let weeks = ["25.10. 18", "01.11. 18"];
    let days = ["04.11. 18", "05.11. 18", "06.11. 18", "07.11. 18", "08.11. 18", "09.11. 18"];
    let last = ["10.11. 00", "10.11. 06", "10.11. 12", "10.11. 18"];
    assert_eq!(left, [&weeks[..], &days[..], &last[..]].concat());
}

#[test]
fn the_newest_copy_is_kept_whatever_the_numbers() {
    let kept = copies([at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z")]);
    let gone = superfluous(&kept, Keep { last: 0, daily: 0, weekly: 0 }, Timestamp::MAX);
    assert_eq!(gone, kept[..1]);
}

#[test]
fn what_is_no_copy_of_the_schedule_is_not_rotated() {
    let kept = [one(at("2020-01-01T00:00:00Z"), 10, KeptKind::BeforeMigration)];
    assert_eq!(superfluous(&kept, KEEP, Timestamp::MAX), []);
}

#[test]
fn the_next_copy_is_due_by_the_newest_and_at_once_without_one() {
    let (now, every) = (at("2026-11-02T12:00:00Z"), Duration::from_hours(6));
    let due = |times: &[&str]| next_due(&copies(times.iter().map(|text| at(text))), every, now);
    assert_eq!(due(&[]), now);
    assert_eq!(due(&["2026-11-02T05:00:00Z"]), now, "late");
    assert_eq!(due(&["2026-11-02T05:00:00Z", "2026-11-02T10:00:00Z"]), at("2026-11-02T16:00:00Z"));
    assert_eq!(due(&["2036-11-02T10:00:00Z"]), now, "a clock that was ahead");
}

#[test]
fn beyond_the_budget_the_oldest_goes_first_and_never_the_newest_copy() {
    let kept = [
        one(at("2026-01-01T00:00:00Z"), 50, KeptKind::Replaced),
        one(at("2026-02-01T00:00:00Z"), 20, KeptKind::Backup),
        one(at("2026-03-01T00:00:00Z"), 30, KeptKind::BeforeMigration),
        one(at("2026-04-01T00:00:00Z"), 40, KeptKind::Backup),
    ];
    assert_eq!(beyond_budget(&kept, 100, 240, Timestamp::MAX), [], "it is exactly as much");
    assert_eq!(beyond_budget(&kept, 100, 239, Timestamp::MAX), kept[..1]);
    assert_eq!(beyond_budget(&kept, 100, 185, Timestamp::MAX), kept[..2]);
    assert_eq!(
        beyond_budget(&kept, 100, 1, Timestamp::MAX),
        kept[..3],
        "the newest stays though it is too much"
    );
}

#[test]
fn a_copy_from_a_clock_that_was_ahead_takes_nobodys_place() {
    let now = at("2026-11-02T12:00:00Z");
    let kept =
        copies(["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "2036-01-01T00:00:00Z"].map(at));
    let one = Keep { last: 1, daily: 0, weekly: 0 };
    assert_eq!(superfluous(&kept, one, now), [kept[2].clone(), kept[0].clone()]);
    assert_eq!(beyond_budget(&kept, 0, 20, now), kept[2..]);
    assert_eq!(superfluous(&kept[2..], one, now), [], "it is better than none");
}

#[test]
fn a_disk_that_old_copies_fill_has_room_for_the_next_and_the_newest_stays() {
    let folder = Scratch::new().unwrap();
    let place = Place { database: folder.join("muster.db"), folder: folder.join("backups") };
    fs::create_dir_all(&place.folder).unwrap();
    for hour in 1..=4 {
        let name = format!("backups/muster-20261129T0{hour}0000Z.db");
        fs::write(folder.join(&name), [0; 100]).unwrap();
    }
    let left = || place.kept().unwrap().iter().map(|one| one.at.to_string()).collect::<Vec<_>>();
    let make = |free| make_space(&place, 150, free, Timestamp::MAX).map(|gone| gone.len());
    assert_eq!(make(None), Ok(0), "nobody knows how much is free");
    assert_eq!(make(Some(150)), Ok(0), "it is exactly as much");
    assert_eq!(make(Some(149)), Ok(1));
    assert_eq!(left(), ["2026-11-29T02:00:00Z", "2026-11-29T03:00:00Z", "2026-11-29T04:00:00Z"]);
    let all_would_not_do = make_space(&place, 1_000, Some(0), Timestamp::MAX);
    let too_little = |needed| StoreError::TooLittleSpace { needed, free: 0 };
    assert_eq!(all_would_not_do, Err(too_little(1_000)));
    assert_eq!(left().len(), 3, "so none goes");
    assert_eq!(make(Some(0)), Ok(2));
    assert_eq!(left(), ["2026-11-29T04:00:00Z"]);
    assert_eq!(make(Some(0)), Err(too_little(150)));
    assert_eq!(left(), ["2026-11-29T04:00:00Z"], "the newest good one stays");
}

/// A store in a folder of its own, with so many connections, whose copies go to `backups` there.
fn store_in(folder: &Scratch, connections_max: usize) -> (SqliteStore, Place) {
    let database = folder.join("muster.db");
    let place = Place { folder: default_folder(&database), database };
    let mut settings = StoreSettings::default();
    settings.database.connections_max = connections_max;
    (SqliteStore::open_with(&place.database, settings).unwrap(), place)
}

/// A folder that stops answering once the copy is half there, until the sender is dropped.
fn hanging(
    place: &Place,
    begun: mpsc::Sender<()>,
    held: mpsc::Receiver<()>,
) -> impl FnOnce(&Connection) -> Stored<Made> + Send + 'static {
    let half = beside(&place.copy_at(at("2026-11-30T06:00:00Z")), files::UNFINISHED);
    let folder = place.folder.clone();
    move |db| {
        make_folder(&folder)?;
        // As a copy does: it holds on to one state of the database while it hangs.
        let tx = db.unchecked_transaction()?;
        let _guilds: u64 = tx.query_row("SELECT count(*) FROM guild", [], only)?;
        std::fs::write(&half, "SQLite format 3").unwrap();
        begun.send(()).unwrap();
        held.recv().ok();
        Err(StoreError::Database("too late".into()))
    }
}

#[tokio::test]
async fn a_copy_that_hangs_holds_up_nobody_and_no_second_one_is_made_beside_it() {
    for connections in [1, 2, 3] {
        let folder = Scratch::new().unwrap();
        let (store, place) = store_in(&folder, connections);
        let (begun, begins) = mpsc::channel();
        let (release, held) = mpsc::channel();
        let now = at("2026-11-30T06:00:00Z");
        let mut hangs = Box::pin(store.back_up_by(now, hanging(&place, begun, held)));
        assert!(hangs.as_mut().now_or_never().is_none());
        begins.recv().unwrap();
        for guild in 1..=4 {
            let guild = muster_domain::id::GuildId::new(guild);
            store.guild_arrived(guild, now).await.unwrap();
            store.settings(guild).await.unwrap();
        }
        let reads = (0..connections).map(|_| store.guilds_present());
        for read in futures_util::future::join_all(reads).await {
            assert_eq!(read.unwrap().len(), 4);
        }
        let mut second = Box::pin(store.back_up(place.clone(), KEEP, now));
        for _ in 0..100 {
            assert!(second.as_mut().now_or_never().is_none(), "it waits for the first");
            tokio::task::yield_now().await;
        }
        drop(release);
        assert!(hangs.await.is_err());
        assert!(second.await.is_ok());
        assert!(place.unfinished().unwrap().is_empty(), "what was half there is gone");
        store.close().await.unwrap();
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "how long the end takes is what is tested")]
async fn the_end_does_not_wait_for_a_copy_that_hangs_and_the_next_start_sees_none() {
    let folder = Scratch::new().unwrap();
    let (store, place) = store_in(&folder, 3);
    let (begun, begins) = mpsc::channel();
    let (_release, held) = mpsc::channel();
    let now = at("2026-11-30T06:00:00Z");
    let mut hangs = Box::pin(store.back_up_by(now, hanging(&place, begun, held)));
    assert!(hangs.as_mut().now_or_never().is_none());
    begins.recv().unwrap();
    let guild = muster_domain::id::GuildId::new(1);
    store.guild_arrived(guild, now).await.unwrap();
    let closing = Instant::now();
    store.close().await.unwrap();
    drop(hangs);
    drop(store);
    // A second for the copy, and two for the log, which the copy keeps from being emptied.
    assert!(closing.elapsed() < Duration::from_secs(5), "{:?}", closing.elapsed());
    assert_eq!(place.kept().unwrap(), [], "half a copy is none");
    assert_eq!(place.unfinished().unwrap().len(), 1);
    let again = SqliteStore::open_with(&place.database, StoreSettings::default()).unwrap();
    assert_eq!(again.guilds_present().await.unwrap(), [guild], "nothing acknowledged is lost");
    let made = again.back_up(place.clone(), KEEP, now).await.unwrap();
    assert_eq!(place.kept().unwrap(), [made.kept]);
    assert_eq!(place.unfinished().unwrap(), [] as [PathBuf; 0]);
    again.close().await.unwrap();
}
