//! A leak is seen; what only looks like one is not.

use std::time::Duration;

use jiff::Timestamp;

use super::*;

const MIB: f64 = 1024.0 * 1024.0;

/// A sample each 15 s of what the resident set is after so many minutes, in MiB. The growths seen at
/// the end of each minute.
fn seen(minutes: u32, resident: impl Fn(f64) -> f64) -> Vec<(u32, Growth)> {
    seen_each(15, minutes, resident)
}

/// The same, with a sample each so many seconds.
fn seen_each(every: u32, minutes: u32, resident: impl Fn(f64) -> f64) -> Vec<(u32, Growth)> {
    let mut trend = Trend::of_samples_each(Duration::from_secs(u64::from(every)));
    let mut seen = Vec::new();
    for sample in 0..minutes * 60 / every {
        let seconds = sample * every;
        let at = Timestamp::from_second(i64::from(seconds)).unwrap();
        let monotonic = Duration::from_secs(u64::from(seconds) + 1_000);
        let mib = resident(f64::from(seconds) / 60.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
        let is_over = trend.take(at, monotonic, (mib * MIB) as u64);
        if is_over && let Some(growth) = trend.growth() {
            seen.push((seconds / 60, growth));
        }
    }
    seen
}

/// Some unrest of a few hundred KiB, the same every time.
fn noise(minute: f64) -> f64 {
    (minute * 7.3).sin() * 0.3
}

#[test]
fn a_steady_leak_is_seen_after_half_an_hour_of_it() {
    let seen = seen(120, |minute| 50.0 + minute * 0.2 + noise(minute));
    let (first, growth) = seen[0];
    assert!((45..=47).contains(&first), "minute {first}: 15 to start up, 30 to be sure");
    let each_hour = growth.bytes_each_hour / MIB;
    assert!((each_hour - 12.0).abs() < 1.0, "{each_hour} MiB an hour");
    assert_eq!(growth.since.as_second(), 15 * 60);
    assert!((growth.hours_left(120 << 20) - 10.0).abs() < 1.0);
}

#[test]
fn a_steady_leak_is_seen_however_seldom_samples_are_taken() {
    for (every, first_seen) in [(60, 45), (75, 45), (90, 45), (120, 45), (300, 75), (600, 135)] {
        let seen = seen_each(every, 700, |minute| 50.0 + minute * 0.2 + noise(minute));
        let first = seen.first().map_or(0, |(minute, _)| *minute);
        let latest = first_seen + 2 * every / 60 + 2;
        assert!((first_seen..=latest).contains(&first), "each {every} s: minute {first}");
    }
}

#[test]
fn seldom_samples_of_what_stays_where_it_is_are_no_leak() {
    for every in [90, 300, 600] {
        assert_eq!(seen_each(every, 700, |minute| 50.0 + noise(minute)), [], "each {every} s");
        let tooth = |minute: f64| 50.0 + (minute % 25.0) / 25.0 * 40.0;
        assert_eq!(seen_each(every, 700, tooth), [], "each {every} s");
    }
}

#[test]
fn since_when_goes_back_as_far_as_the_line_fits() {
    let seen = seen(400, |minute| 50.0 + (minute - 200.0).max(0.0) * 0.2 + noise(minute));
    assert!(!seen.is_empty());
    for (minute, growth) in seen {
        let since = growth.since.as_second() / 60;
        assert!((160..330).contains(&since), "at minute {minute} since {since}");
    }
}

#[test]
fn less_than_half_an_hour_says_nothing() {
    assert_eq!(seen(44, |minute| 50.0 + minute * 5.0), []);
}

#[test]
fn what_stays_where_it_is_is_no_leak() {
    assert_eq!(seen(600, |minute| 50.0 + noise(minute)), []);
    assert_eq!(seen(600, |_| 50.0), []);
}

#[test]
fn a_growth_of_a_few_mib_a_day_is_not_worth_a_word() {
    assert_eq!(seen(600, |minute| 50.0 + minute * 3.9 / 60.0), []);
    assert!(!seen(600, |minute| 50.0 + minute * 4.1 / 60.0).is_empty());
}

#[test]
fn a_saw_tooth_is_no_leak() {
    for period in [7.0, 20.0, 25.0] {
        let tooth = |minute: f64| 50.0 + (minute % period) / period * 40.0;
        assert_eq!(seen(720, tooth), [], "each {period} minutes");
    }
}

#[test]
fn long_teeth_are_taken_for_a_leak_at_most_before_the_first_has_ended() {
    for period in [60.0, 120.0] {
        let tooth = |minute: f64| 50.0 + (minute % period) / period * 40.0 + noise(minute);
        let late = seen(720, tooth).into_iter().filter(|(minute, _)| f64::from(*minute) > period);
        assert_eq!(late.count(), 0, "each {period} minutes");
    }
}

#[test]
fn a_program_that_starts_up_and_fills_its_caches_does_not_leak() {
    for slowness in [5.0, 15.0, 30.0] {
        let fills = |minute: f64| 20.0 + 60.0 * (1.0 - (-minute / slowness).exp());
        assert_eq!(seen(360, fills), [], "{slowness}");
    }
}

#[test]
fn caches_that_fill_slowly_are_known_by_the_hour_before() {
    let fills = |minute: f64| 20.0 + 200.0 * (1.0 - (-minute / 90.0).exp());
    let seen = seen(360, fills);
    assert!(!seen.is_empty(), "half an hour alone looks like a leak");
    assert!(seen.iter().all(|(minute, _)| *minute < 76), "{:?}", seen.last());
}

#[test]
fn one_step_is_no_leak() {
    assert_eq!(seen(360, |minute| if minute < 100.0 { 50.0 } else { 90.0 } + noise(minute)), []);
}

#[test]
fn it_is_over_when_memory_is_given_back() {
    let falls = |minute: f64| if minute < 120.0 { 50.0 + minute } else { 60.0 } + noise(minute);
    let seen = seen(360, falls);
    assert!(seen.iter().any(|(minute, _)| *minute == 119), "it was seen");
    assert!(seen.iter().all(|(minute, _)| *minute <= 121), "{:?}", seen.last());
}

#[test]
fn minutes_that_nobody_measured_are_no_line() {
    let mut trend = Trend::of_samples_each(Duration::from_secs(15));
    for (minutes, resident) in [(0, 50), (20, 60), (50, 90), (80, 120), (81, 121)] {
        trend.take(Timestamp::UNIX_EPOCH, Duration::from_mins(minutes), resident << 20);
    }
    assert_eq!(trend.growth(), None);
}
