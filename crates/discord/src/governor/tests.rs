//! The governor with its client against scripted answers, in virtual time.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use muster_domain::id::{ChannelId, InteractionId};
use muster_engine::ports::Clock;

use super::Caution;
use crate::rest::{Body, Outgoing, Repeat, Rest, RestErrorKind, WireError};
use crate::testing::{Script, TestEnv, answer};

const MESSAGE: &str = r#"{"id":"1","channel_id":"2"}"#;
const CHANNEL: ChannelId = ChannelId::new(2);

fn client(script: &Script, env: &TestEnv) -> Rest<TestEnv, Script> {
    Rest::over(env.clone(), script.clone())
}

fn body() -> Body {
    Body::json("x")
}

fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

#[tokio::test(start_paused = true)]
async fn fifty_callbacks_run_beside_one_another() {
    let env = TestEnv::new();
    let script = Script::new(&env, millis(100), |_, _| answer(204, &[], ""));
    let rest = client(&script, &env);
    let taps = (0..50).map(|id| rest.callback(InteractionId::new(id), "token", body()));
    assert!(join_all(taps).await.iter().all(Result::is_ok));
    assert!(env.monotonic() < millis(300), "{:?}", env.monotonic());
}

#[tokio::test(start_paused = true)]
async fn callbacks_do_not_wait_for_a_global_pause() {
    let env = TestEnv::new();
    let script = Script::new(&env, millis(10), |outgoing, _| match outgoing.route {
        "interaction.callback" => answer(204, &[], ""),
        _ => answer(429, &[("x-ratelimit-global", "true"), ("retry-after", "65")], ""),
    });
    let rest = client(&script, &env);
    rest.current_application().await.unwrap_err();
    let before = env.monotonic();
    rest.callback(InteractionId::new(1), "token", body()).await.unwrap();
    assert_eq!(env.monotonic(), before + millis(10));
}

/// A channel with a bucket of 5 per 5 s, kept as Discord keeps it.
fn five_per_five_seconds(env: &TestEnv) -> Script {
    let clock = env.clone();
    let window = std::sync::Mutex::new((Duration::ZERO, 0_u32));
    Script::new(env, millis(40), move |_, _| {
        let mut window = window.lock().unwrap();
        let now = clock.monotonic();
        if window.0 <= now {
            *window = (now + Duration::from_secs(5), 0);
        }
        window.1 += 1;
        let reset = format!("{:.3}", window.0.saturating_sub(now).as_secs_f64());
        let remaining = 5_u32.saturating_sub(window.1).to_string();
        let mut headers = vec![
            ("x-ratelimit-bucket", "abcd"),
            ("x-ratelimit-limit", "5"),
            ("x-ratelimit-remaining", remaining.as_str()),
            ("x-ratelimit-reset-after", reset.as_str()),
        ];
        if window.1 > 5 {
            headers.push(("x-ratelimit-scope", "user"));
            headers.push(("retry-after", reset.as_str()));
            return answer(429, &headers, "");
        }
        answer(200, &headers, MESSAGE)
    })
}

#[tokio::test(start_paused = true)]
async fn a_bucket_is_learned_from_ordinary_answers_and_never_overdrawn() {
    let env = TestEnv::new();
    let script = five_per_five_seconds(&env);
    let rest = client(&script, &env);
    let posts = (0..40).map(|_| rest.create_message(CHANNEL, body(), Repeat::ByNonce));
    assert!(join_all(posts).await.iter().all(Result::is_ok));
    assert_eq!(script.count(), 40, "each once: no 429 at all");
    assert_eq!(rest.invalid_requests(), (0, Caution::None));
    // Eight windows of five: seven waits, and little more.
    assert!(env.monotonic() < Duration::from_secs(38), "{:?}", env.monotonic());
}

#[tokio::test(start_paused = true)]
async fn what_a_person_waits_for_goes_before_what_nobody_waits_for() {
    let env = TestEnv::new();
    let script = five_per_five_seconds(&env);
    let rest = client(&script, &env);
    let awaited = rest.awaited();
    let backlog = join_all((0..30).map(|_| rest.create_message(CHANNEL, body(), Repeat::ByNonce)));
    let edit = async {
        env.sleep(millis(200)).await;
        awaited.create_message(CHANNEL, body(), Repeat::ByNonce).await.unwrap();
        env.monotonic()
    };
    let (_, done) = tokio::join!(backlog, edit);
    assert!(done < Duration::from_secs(6), "{done:?}");
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_refuses_us_is_asked_once_an_hour() {
    let env = TestEnv::new();
    let script =
        Script::new(&env, millis(10), |_, _| answer(403, &[], r#"{"code":50001,"message":"no"}"#));
    let rest = client(&script, &env);
    while env.monotonic() < Duration::from_hours(24) {
        rest.create_message(CHANNEL, body(), Repeat::ByNonce).await.unwrap_err();
        env.sleep(Duration::from_mins(1)).await;
    }
    assert!(script.count() <= 24, "{}", script.count());
}

#[tokio::test(start_paused = true)]
async fn shared_limits_are_obeyed_but_not_counted_against_us() {
    let env = TestEnv::new();
    let script = Script::new(&env, millis(10), |_, before| match before {
        0 => answer(429, &[("x-ratelimit-scope", "shared"), ("retry-after", "2")], ""),
        _ => answer(200, &[], MESSAGE),
    });
    let rest = client(&script, &env);
    rest.create_message(CHANNEL, body(), Repeat::Never).await.unwrap();
    assert!(env.monotonic() >= Duration::from_secs(2));
    assert_eq!(rest.invalid_requests().0, 0);
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_waiting_leaves_nothing_behind() {
    let env = TestEnv::new();
    let script = five_per_five_seconds(&env);
    let rest = client(&script, &env);
    let many = join_all((0..20).map(|_| rest.create_message(CHANNEL, body(), Repeat::ByNonce)));
    super::within(&env, millis(500), many).await;
    assert_eq!(rest.waiting(), 20 - script.count(), "not swept yet");
    env.sleep(Duration::from_secs(6)).await;
    assert_eq!(rest.waiting(), 0);
    for _ in 0..5 {
        rest.create_message(CHANNEL, body(), Repeat::ByNonce).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn all_requests_together_keep_the_global_pace() {
    let env = TestEnv::new();
    let script = Script::new(&env, millis(20), |_, _| answer(200, &[], r#"{"id":"1"}"#));
    let rest = client(&script, &env);
    let many = (0..400).map(|id| {
        let rest = &rest;
        async move { rest.channel(ChannelId::new(id)).await }
    });
    assert!(join_all(many).await.iter().all(Result::is_ok));
    let times: Vec<_> = script.seen().into_iter().map(|(at, _)| at).collect();
    let busiest = times
        .iter()
        .map(|start| times.iter().filter(|at| **at >= *start && **at < *start + millis(1_000)))
        .map(Iterator::count)
        .max();
    assert!(busiest.is_some_and(|count| (42..=48).contains(&count)), "{busiest:?}");
    // All of a burst within 90 % of what the pace allows.
    assert!(env.monotonic() < Duration::from_secs(11), "{:?}", env.monotonic());
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_says_busy_at_once() {
    let env = TestEnv::new();
    let script = Script::new(&env, Duration::from_secs(5), |_, _| answer(200, &[], MESSAGE));
    let rest = client(&script, &env);
    let posts = (0..2_100).map(|_| rest.create_message(CHANNEL, body(), Repeat::Never));
    let busy = join_all(posts)
        .await
        .into_iter()
        .filter_map(Result::err)
        .filter(|failed| failed.kind == RestErrorKind::Busy)
        .count();
    assert_eq!(busy, 2_100 - 2_048 - 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_frees_its_place() {
    let env = TestEnv::new();
    let script = Script::new(&env, millis(10), |_: &Outgoing, before| match before {
        0..3 => Err(WireError::Lost("reset".into())),
        _ => answer(200, &[], MESSAGE),
    });
    let rest = client(&script, &env);
    let failed = rest.create_message(CHANNEL, body(), Repeat::ByNonce).await.unwrap_err();
    assert!(failed.may_have_happened);
    let rest = Arc::new(rest);
    rest.create_message(CHANNEL, body(), Repeat::ByNonce).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn at_the_end_of_the_program_the_background_waits_no_longer_and_others_not_for_long() {
    let env = TestEnv::new();
    let script = five_per_five_seconds(&env);
    let rest = client(&script, &env);
    let sends = (0..20).map(|_| rest.create_message(CHANNEL, body(), Repeat::Never));
    let person = rest.awaited();
    let (sent, asked, ()) = tokio::join!(
        join_all(sends),
        async {
            env.sleep(millis(500)).await;
            person.create_message(CHANNEL, body(), Repeat::Never).await
        },
        async {
            env.sleep(millis(1_000)).await;
            assert_eq!(rest.waiting(), 16, "of which one is a person");
            rest.close();
        }
    );
    assert_eq!(sent.iter().filter(|sent| sent.is_ok()).count(), 5);
    let failed: Vec<_> = sent.into_iter().filter_map(Result::err).collect();
    assert!(failed.iter().all(|e| e.kind == RestErrorKind::Busy && !e.may_have_happened));
    let asked = asked.unwrap_err();
    assert!(!asked.may_have_happened && env.monotonic() < millis(2_100), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_refuses_people_costs_no_other_channel_its_turn() {
    let env = TestEnv::new();
    let script = Script::new(&env, millis(50), |outgoing, _| {
        if outgoing.path.starts_with("/channels/666") {
            return answer(403, &[], r#"{"code":50001,"message":"Missing Access"}"#);
        }
        answer(200, &[], MESSAGE)
    });
    let rest = client(&script, &env);
    let closed = ChannelId::new(666);
    // Somebody creates an event after the other there; after each refusal it is looked up why.
    while env.monotonic() < Duration::from_mins(10) {
        let created = rest.awaited().create_message(closed, body(), Repeat::ByNonce).await;
        if matches!(created.unwrap_err().kind, RestErrorKind::Status { .. }) {
            rest.awaited().channel(closed).await.unwrap_err();
        }
        env.sleep(millis(2_200)).await;
    }
    let (refused, caution) = rest.invalid_requests();
    assert!((70..=100).contains(&refused) && caution == Caution::None, "{refused}, {caution:?}");
}

#[tokio::test(start_paused = true)]
async fn no_request_leaves_without_the_time_for_an_answer() {
    let env = TestEnv::new();
    let unreachable = |_: &Outgoing, _| Err(WireError::NotSent("no route".into()));
    let script = Script::new(&env, millis(6_800), unreachable);
    let rest = client(&script, &env).awaited();
    let failed = rest.create_message(CHANNEL, body(), Repeat::ByNonce).await.unwrap_err();
    assert!(!failed.may_have_happened, "nothing ever left: {failed:?}");
    assert_eq!(script.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_marked_is_marked_when_its_turn_has_come_and_can_be_called_off() {
    let env = TestEnv::new();
    let script = five_per_five_seconds(&env);
    let rest = client(&script, &env);
    for _ in 0..5 {
        rest.create_message(CHANNEL, body(), Repeat::Never).await.unwrap();
    }
    let mark = async { env.monotonic() < Duration::from_secs(4) };
    let called_off =
        rest.create_marked_message(CHANNEL, body(), Repeat::ByNonce, mark).await.unwrap_err();
    assert_eq!(called_off.kind, RestErrorKind::CalledOff);
    assert!(!called_off.may_have_happened);
    assert_eq!(script.count(), 5, "it has not left");
    rest.create_message(CHANNEL, body(), Repeat::Never).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_may_be_there_by_its_nonce_does_not_leave_once_that_is_forgotten() {
    let env = TestEnv::new();
    let script = five_per_five_seconds(&env);
    let rest = client(&script, &env);
    let seconds_ago = |seconds| env.now() - SignedDuration::from_secs(seconds);
    for seconds in [0, 0, 0, 0, 49] {
        let repeat = Repeat::ByNonceSince(seconds_ago(seconds));
        rest.create_message(CHANNEL, body(), repeat).await.unwrap();
    }
    let repeat = Repeat::ByNonceSince(seconds_ago(47));
    let failed = rest.create_message(CHANNEL, body(), repeat).await.unwrap_err();
    assert_eq!((failed.kind, failed.may_have_happened), (RestErrorKind::TimedOut, false));
    assert_eq!(script.count(), 5, "its turn came too late");
}
