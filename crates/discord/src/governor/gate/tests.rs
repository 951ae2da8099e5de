//! The gate's memory: what it learns, and that it stays bounded.

use hyper::header::HeaderValue;

use super::super::limits::{BUCKETS_MAX, INVALID_STOP};
use super::*;
use crate::testing::TestEnv;

fn ticket(route: &'static str, major: u64) -> Ticket {
    Ticket { route, major, channel: Some(ChannelId::new(major)), lane: Lane::Background }
}

fn headers(bucket: &'static str, remaining: &'static str) -> HeaderMap {
    [
        ("x-ratelimit-bucket", bucket),
        ("x-ratelimit-limit", "5"),
        ("x-ratelimit-remaining", remaining),
        ("x-ratelimit-reset-after", "10"),
    ]
    .into_iter()
    .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
    .collect()
}

/// Sends one request that is answered at once.
fn exchange(gate: &mut Gate, now: Duration, ticket: Ticket, status: u16, headers: &HeaderMap) {
    assert_eq!(gate.check(now, &ticket), Verdict::Go, "{ticket:?}");
    let pass = gate.take(now, ticket);
    let reply = Reply { status, code: 0, headers, body: b"" };
    gate.settle(now, &pass, &reply, &TestEnv::new());
}

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn an_unknown_route_goes_alone_and_then_as_its_bucket_allows() {
    let mut gate = Gate::new();
    let first = gate.take(at(1), ticket("message.create", 7));
    assert_eq!(gate.check(at(1), &ticket("message.create", 7)), Verdict::AfterAnAnswer);
    let headers = headers("abcd", "2");
    let reply = Reply { status: 200, code: 0, headers: &headers, body: b"" };
    gate.settle(at(2), &first, &reply, &TestEnv::new());
    for _ in 0..2 {
        assert_eq!(gate.check(at(2), &ticket("message.create", 7)), Verdict::Go);
        gate.take(at(2), ticket("message.create", 7));
    }
    assert_eq!(gate.check(at(2), &ticket("message.create", 7)), Verdict::At(at(12)));
    assert_eq!(gate.check(at(3), &ticket("message.create", 8)), Verdict::Go, "another channel");
}

#[tokio::test(start_paused = true)]
async fn what_left_before_the_bucket_was_known_counts_in_it() {
    let mut gate = Gate::new();
    let (seven, eight) = (ticket("message.create", 7), ticket("message.create", 8));
    let first = gate.take(at(1), seven);
    let second = gate.take(at(1), eight.clone());
    let headers = headers("abcd", "4");
    let reply = Reply { status: 200, code: 0, headers: &headers, body: b"" };
    gate.settle(at(2), &first, &reply, &TestEnv::new());
    for second in 3..7 {
        assert_eq!(gate.check(at(second), &eight), Verdict::Go);
        gate.take(at(second), eight.clone());
    }
    assert_eq!(gate.check(at(7), &eight), Verdict::AfterAnAnswer, "five of five are on their way");
    gate.settle(at(8), &second, &reply, &TestEnv::new());
    assert_eq!(gate.check(at(8), &eight), Verdict::At(at(18)));
}

#[tokio::test(start_paused = true)]
async fn what_was_given_up_before_the_bucket_was_known_blocks_nobody() {
    let mut gate = Gate::new();
    let (seven, eight) = (ticket("message.create", 7), ticket("message.create", 8));
    let first = gate.take(at(1), seven);
    let second = gate.take(at(1), eight.clone());
    let headers = headers("abcd", "4");
    let reply = Reply { status: 200, code: 0, headers: &headers, body: b"" };
    gate.settle(at(2), &first, &reply, &TestEnv::new());
    gate.give_up(at(3), &second);
    for second in 4..9 {
        assert_eq!(gate.check(at(second), &eight), Verdict::Go);
        gate.take(at(second), eight.clone());
    }
    assert_eq!(gate.check(at(9), &eight), Verdict::AfterAnAnswer);
}

#[tokio::test(start_paused = true)]
async fn routes_that_share_a_bucket_share_its_rest() {
    let mut gate = Gate::new();
    exchange(&mut gate, at(1), ticket("message.edit", 7), 200, &headers("shared", "3"));
    exchange(&mut gate, at(2), ticket("message.create", 7), 200, &headers("shared", "0"));
    assert_eq!(gate.check(at(3), &ticket("message.edit", 7)), Verdict::At(at(12)));
}

#[tokio::test(start_paused = true)]
async fn the_table_of_buckets_is_bounded() {
    let mut gate = Gate::new();
    let headers = headers("abcd", "4");
    for major in 0..3 * BUCKETS_MAX as u64 {
        // Two minutes apart, so that all but the last are idle when the table is full.
        exchange(&mut gate, at(major * 120), ticket("message.create", major), 200, &headers);
    }
    assert!(gate.buckets.len() <= BUCKETS_MAX, "{}", gate.buckets.len());
}

#[tokio::test(start_paused = true)]
async fn busy_buckets_are_bounded_too() {
    let mut gate = Gate::new();
    exchange(&mut gate, at(0), ticket("message.create", 0), 200, &headers("abcd", "4"));
    for major in 1..BUCKETS_MAX as u64 + 100 {
        gate.take(at(1), ticket("message.create", major));
    }
    assert!(gate.buckets.len() <= BUCKETS_MAX, "{}", gate.buckets.len());
}

#[tokio::test(start_paused = true)]
async fn too_many_refusals_slow_down_and_then_stop_all_but_callbacks() {
    let mut gate = Gate::new();
    let none = HeaderMap::new();
    exchange(&mut gate, at(0), ticket("message.create", 0), 200, &none);
    for request in 0..u64::from(INVALID_STOP) {
        let now = match gate.check(at(1), &ticket("message.create", request)) {
            Verdict::Go => at(1),
            Verdict::At(later) => later,
            Verdict::AfterAnAnswer | Verdict::Refused(_) => panic!("after {request}"),
        };
        let pass = gate.take(now, ticket("message.create", request));
        let reply = Reply { status: 403, code: 0, headers: &none, body: b"" };
        // All within one second, as if time stood still.
        gate.settle(at(1), &pass, &reply, &TestEnv::new());
    }
    let verdict = gate.check(at(2), &ticket("message.create", 1));
    assert_eq!(verdict, Verdict::Refused(Refused::TooManyInvalid(at(598))));
    assert_eq!(gate.check_callback(at(2)), Verdict::Go);
    assert_eq!(gate.caution(at(1_000)), Caution::None);
}

#[tokio::test(start_paused = true)]
async fn a_slowed_gate_lets_one_request_a_second_go() {
    let mut gate = Gate::new();
    let none = HeaderMap::new();
    exchange(&mut gate, at(0), ticket("guild.get", 0), 200, &none);
    for _ in 0..500 {
        gate.ledger.count(at(1));
    }
    exchange(&mut gate, at(1), ticket("guild.get", 0), 200, &none);
    let Verdict::At(next) = gate.check(at(1), &ticket("guild.get", 0)) else { panic!() };
    assert_eq!(next, at(2));
}
