//! Time that can be moved on, with everything due on the way done in order.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_sim::{ClockError, SimClock};

use crate::bot::friday;

fn standing() -> SimClock {
    SimClock::standing(friday()).with_settle(Duration::from_millis(5))
}

fn after(minutes: i64) -> Timestamp {
    friday() + SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn sleepers_wake_one_by_one_at_their_own_instants() {
    let clock = standing();
    let woken = Arc::new(Mutex::new(Vec::new()));
    for minutes in [30, 10, 20, 90] {
        let (clock, woken) = (clock.clone(), Arc::clone(&woken));
        tokio::spawn(async move {
            clock.sleep_until(after(minutes)).await;
            woken.lock().unwrap().push((minutes, clock.now()));
        });
    }
    tokio::task::yield_now().await;
    assert_eq!(clock.advance_to(after(60)).await, Ok(after(60)));
    let expected = [(10, after(10)), (20, after(20)), (30, after(30))];
    assert_eq!(*woken.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_sleeper_that_sleeps_again_is_woken_on_the_same_way() {
    let clock = standing();
    let rounds = Arc::new(Mutex::new(Vec::new()));
    let (sleeper, seen) = (clock.clone(), Arc::clone(&rounds));
    tokio::spawn(async move {
        for round in 1.. {
            sleeper.sleep_until(after(round * 10)).await;
            seen.lock().unwrap().push(sleeper.now());
        }
    });
    tokio::task::yield_now().await;
    clock.advance(Duration::from_mins(35)).await.unwrap();
    assert_eq!(*rounds.lock().unwrap(), [after(10), after(20), after(30)]);
}

#[tokio::test]
async fn a_dropped_sleeper_is_no_stop() {
    let clock = standing();
    drop(clock.sleep_until(after(10)));
    let begun = std::time::Instant::now();
    clock.advance_to(after(60)).await.unwrap();
    assert!(begun.elapsed() < Duration::from_millis(200));
    assert_eq!(clock.offset(), SignedDuration::from_mins(60));
}

#[tokio::test]
async fn the_clock_does_not_go_back() {
    let clock = standing();
    clock.advance_to(after(10)).await.unwrap();
    assert_eq!(clock.advance_to(after(5)).await, Err(ClockError::Backwards));
    assert_eq!(clock.now(), after(10));
}

#[tokio::test]
async fn real_time_goes_on_by_itself() {
    let clock = SimClock::real().with_settle(Duration::from_millis(1));
    clock.advance(Duration::from_hours(1)).await.unwrap();
    let before = clock.now();
    clock.sleep_until(before + SignedDuration::from_millis(30)).await;
    assert!(clock.now() >= before + SignedDuration::from_millis(30));
    assert!(clock.offset() >= SignedDuration::from_secs(3599));
}
