//! A verdict says what was measured, and why it is not enough.

use super::*;

fn series(value: f64) -> Series {
    let mut series = Series::default();
    series.push(value);
    series
}

#[test]
fn a_verdict_says_what_was_measured_and_why_it_is_not_enough() {
    let much = fell(&series(100.0), &series(50.0));
    assert_eq!(by(much, 40.0, "never told"), "held: 50 % less");
    let more = fell(&series(100.0), &series(103.0));
    assert_eq!(
        by(more, 40.0, "it is small"),
        "missed: 3 % more with the guide's change; it is small"
    );
    let row = |hits| Row { hits: series(hits), ..Row::default() };
    let ours = "held: 95.5 %, wanted are more than 80; our own aim of > 95 % held";
    assert_eq!(hit_rate(&row(95.5)), ours);
    let short = "held: 80.5 %, wanted are more than 80; our own aim of > 95 % missed. ";
    let told = hit_rate(&row(80.5));
    assert!(told.starts_with(short), "{told}");
    assert!(!told.contains("CACHE_MAX_SIZE"), "{told}");
    let told = hit_rate(&row(70.0));
    assert!(told.starts_with("missed: 70.0 %, wanted are more than 80; our own"), "{told}");
    assert!(told.ends_with("recommends a larger `CACHE_MAX_SIZE`"), "{told}");
    assert!(fell(&Series::default(), &series(1.0)).abs() < 1e-9);
}

#[test]
fn what_is_faster_says_what_it_takes_more() {
    let row = |peak| Row { peak_mib: series(peak), ..Row::default() };
    let told = price(&row(60.0), &row(40.0));
    assert_eq!(told, "paid for with 50 % more memory at most, 60.0 instead of 40.0 MiB");
    let told = price(&row(30.0), &row(40.0));
    assert_eq!(told, "and with 25 % less memory at most, 30.0 instead of 40.0 MiB");
}
