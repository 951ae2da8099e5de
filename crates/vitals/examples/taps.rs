//! What a tap pays for being measured and limited, and background work for its place:
//! `cargo run --release -p muster-vitals --example taps`.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use muster_vitals::Vitals;
use muster_vitals::limiter::Rate;
use muster_vitals::meters::AnswerEnd;
use muster_vitals::security::At;
use muster_vitals::snapshot::{SecurityKind, Subject};
use muster_vitals::tasks::{Kind, Outcome, Policy, Priority};

const TAPS: u32 = 2_000_000;
const RUNS: usize = 5;

fn main() {
    let few = |tap: u32| (member(tap % 1_000), Duration::from_micros(u64::from(tap) * 1_000));
    let many = |tap: u32| (member(tap % 50_000), Duration::from_micros(u64::from(tap) * 100));
    say("measured, 1,000 members at 1,000 taps/s", |vitals, tap| measure(vitals, few(tap)));
    say("measured, 50,000 members at 10,000 taps/s", |vitals, tap| measure(vitals, many(tap)));
    say("limited, 500 members at 1,000 taps/s", |vitals, tap| {
        let (_, now) = few(tap);
        black_box(vitals.limiter.tap(member(tap % 500), Rate::DEFAULT, now));
    });
    say("limited, 50,000 members at 10,000 taps/s", |vitals, tap| {
        let (member, now) = many(tap);
        black_box(vitals.limiter.tap(member, Rate::DEFAULT, now));
    });
    say("a task admitted and ended", |vitals, tap| admit(vitals, few(tap).1));
    say("asked whether kept out, nobody is", |vitals, tap| {
        let (member, now) = few(tap);
        black_box(vitals.security.blocked(Subject::Member(member), now));
    });
    say("asked whether kept out, somebody is", |vitals, tap| {
        if tap == 0 {
            keep_out(vitals);
        }
        black_box(vitals.security.blocked(Subject::Member(member(tap)), Duration::ZERO));
    });
}

fn measure(vitals: &Vitals, (member, now): (u64, Duration)) {
    // Between 1 and 5 ms.
    let took = Duration::from_micros(1_000 + member % 4_000);
    vitals.meters.answers.tap(member, now, took, AnswerEnd::Taken);
}

/// A task that gets its place at once.
fn admit(vitals: &Vitals, now: Duration) {
    const WORK: Kind = Kind { name: "work", priority: Priority::Critical, policy: Policy::UNCUT };
    let admitted = pin!(vitals.tasks.admit(WORK));
    if let Poll::Ready(permit) = admitted.poll(&mut Context::from_waker(Waker::noop())) {
        permit.end(Outcome::Succeeded, now, Duration::from_millis(1));
    }
}

fn keep_out(vitals: &Vitals) {
    let at = At { wall: jiff::Timestamp::UNIX_EPOCH, monotonic: Duration::ZERO };
    for _ in 0..20 {
        black_box(vitals.security.note(SecurityKind::ForgedCustomId, Some(1), None, at));
    }
}

/// One of Discord's numbers, far apart.
fn member(number: u32) -> u64 {
    400_000_000_000_000_000 + u64::from(number) * 4_194_304
}

/// Measures taps; the median of some runs, lowest to highest.
fn say(what: &str, tap: impl Fn(&Vitals, u32)) {
    let mut runs: Vec<_> = (0..RUNS).map(|_| run(&tap)).collect();
    runs.sort_unstable();
    if let [low, _, median, _, high] = runs[..] {
        print(&format!("{what}: {median} ns ({low} to {high})"));
    }
}

fn run(tap: impl Fn(&Vitals, u32)) -> u128 {
    let vitals = Vitals::default();
    let began = now();
    for number in 0..TAPS {
        tap(&vitals, number);
    }
    began.elapsed().as_nanos() / u128::from(TAPS)
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "the figure is what the person came for")]
fn print(text: &str) {
    println!("{text}");
}
