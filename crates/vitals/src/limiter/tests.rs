//! What members may do, and what the table holds.

use super::*;
use crate::settings::Settings;

const BEA: u64 = 1;
const KOFI: u64 = 2;
const CLUB: u64 = 9;
const FIVE: Rate = Rate::DEFAULT;

fn at(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn limiter() -> Limiter {
    Limiter::new(Settings::default().limiter)
}

#[test]
fn five_taps_in_five_seconds_are_taken_and_the_next_ones_are_not() {
    let limiter = limiter();
    for ms in [0, 10, 20, 30, 40] {
        assert_eq!(limiter.tap(BEA, FIVE, at(ms)), Admission::Taken);
    }
    assert_eq!(limiter.tap(BEA, FIVE, at(50)), Admission::Refused(FIVE));
    assert_eq!(limiter.tap(KOFI, FIVE, at(50)), Admission::Taken, "others are not concerned");
    // The first two are five seconds ago: two more are taken.
    let later = [5_010, 5_011, 5_012].map(|ms| limiter.tap(BEA, FIVE, at(ms)));
    assert_eq!(later[..2], [Admission::Taken, Admission::Taken]);
    assert_ne!(later[2], Admission::Taken);
    assert_eq!((limiter.snapshot().admitted, limiter.snapshot().refused), (8, 2));
}

#[test]
fn in_no_five_seconds_are_more_than_five_taken() {
    let limiter = limiter();
    let taken: Vec<u64> = (0..3_000)
        .map(|tap| tap * 17)
        .filter(|ms| limiter.tap(BEA, FIVE, at(*ms)) == Admission::Taken)
        .collect();
    assert!(taken.windows(6).all(|six| six[5] - six[0] >= 5_000), "{taken:?}");
    assert!(taken.len() >= 50, "and none is wasted: {}", taken.len());
}

#[test]
fn somebody_who_goes_on_is_told_once_in_five_seconds_and_noted_as_a_burst() {
    let limiter = limiter();
    let all: Vec<_> = (0..1_000).map(|tap| limiter.tap(BEA, FIVE, at(tap * 10))).collect();
    let told = all.iter().filter(|one| matches!(one, Admission::Refused(_))).count();
    let bursts = all.iter().filter(|one| **one == Admission::Burst).count();
    assert_eq!(told, 2);
    assert!((95..=99).contains(&bursts), "each tenth of those in silence: {bursts}");
}

#[test]
fn thirty_commands_at_once_are_taken_and_then_one_each_second() {
    let limiter = limiter();
    let ask = |ms| limiter.ask(BEA, CLUB, Asked::Panel, at(ms));
    let taken = (0..100).filter(|_| ask(5_000) == Admission::Taken).count();
    assert_eq!(taken, 30);
    assert_ne!(ask(5_999), Admission::Taken);
    assert_eq!(ask(6_000), Admission::Taken);
    assert_ne!(ask(6_001), Admission::Taken);
    assert_eq!(limiter.tap(BEA, FIVE, at(6_001)), Admission::Taken, "taps have their own limit");
}

#[test]
fn a_guild_limits_commands_and_never_taps() {
    let limiter = limiter();
    for member in 0..600 {
        assert_eq!(limiter.ask(member, CLUB, Asked::Panel, at(10)), Admission::Taken);
    }
    assert_eq!(limiter.ask(700, CLUB, Asked::Panel, at(10)), Admission::Refused(GUILD_RATE));
    assert_eq!(limiter.ask(700, CLUB, Asked::Panel, at(11)), Admission::RefusedAgain);
    assert_eq!(limiter.ask(700, CLUB + 1, Asked::Panel, at(11)), Admission::Taken);
    assert_eq!(limiter.tap(700, FIVE, at(11)), Admission::Taken);
}

#[test]
fn one_command_of_a_guild_has_a_limit_of_its_own() {
    let limiter = limiter();
    let ask = |member, name| limiter.ask(member, CLUB, Asked::Command(name), at(10));
    let taken = (0..200).filter(|member| ask(*member, "report") == Admission::Taken).count();
    assert_eq!(taken, 120);
    assert_eq!(ask(500, "event"), Admission::Taken);
}

#[test]
fn typing_takes_nothing_from_commands() {
    let limiter = limiter();
    let type_on = |_: &u32| limiter.ask(BEA, CLUB, Asked::Typing, at(10)) == Admission::Taken;
    assert_eq!((0..500).filter(type_on).count(), 100);
    assert_eq!(limiter.ask(BEA, CLUB, Asked::Command("event"), at(10)), Admission::Taken);
}

#[test]
fn a_full_table_forgets_the_idlest_and_refuses_no_newcomer() {
    let limiter = limiter();
    for member in 0..100_000 {
        assert_eq!(limiter.tap(member, FIVE, at(member / 100)), Admission::Taken);
        if member % 500 == 499 {
            let seen = limiter.snapshot();
            assert!(seen.entries <= 1_000, "{seen:?}");
        }
    }
    let seen = limiter.snapshot();
    assert!(seen.entries >= 800, "and no more is dropped than need be: {seen:?}");
    assert_eq!(seen.evicted + seen.entries, 100_000);
    assert!(seen.bytes < 400_000, "{seen:?}");
    // The newest are remembered.
    for _ in 0..4 {
        assert_eq!(limiter.tap(99_999, FIVE, at(1_000)), Admission::Taken);
    }
    assert_ne!(limiter.tap(99_999, FIVE, at(1_000)), Admission::Taken);
}

#[test]
fn idle_entries_go_when_something_comes_in() {
    let limiter = limiter();
    for member in 0..900 {
        limiter.tap(member, FIVE, at(0));
    }
    let hours = |hours| Duration::from_hours(hours);
    limiter.tap(1_000, FIVE, Duration::from_mins(3));
    assert_eq!(limiter.snapshot().entries, 801, "above 80 % the idlest go at a clean-up");
    limiter.tap(1_000, FIVE, hours(6));
    let seen = limiter.snapshot();
    assert_eq!((seen.entries, seen.expired), (1, 800));
    assert!(seen.bytes < 2_000, "and the memory goes with them: {seen:?}");
}

#[test]
fn who_is_kept_out_is_told_once_in_a_minute() {
    let limiter = limiter();
    let told = [0, 1, 59_999, 60_000].map(|ms| limiter.tells(BEA, at(ms)));
    assert_eq!(told, [true, false, false, true]);
}

#[test]
fn what_those_ask_who_are_kept_out_counts_as_refused() {
    let limiter = limiter();
    limiter.kept_out();
    limiter.kept_out();
    assert_eq!((limiter.snapshot().admitted, limiter.snapshot().refused), (0, 2));
}
