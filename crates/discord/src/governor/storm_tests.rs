//! Storms: what Discord sees of us while it refuses everything, or a part of it, in virtual time.
//! What is counted is what counts against us there.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{join, join_all};
use muster_domain::id::{ChannelId, InteractionId, MessageId};
use muster_engine::ports::{Clock, Rng};

use crate::rest::{Body, Repeat, Rest, RestErrorKind};
use crate::testing::{Script, TestEnv, answer};

const SECOND: Duration = Duration::from_secs(1);
const TEN_MINUTES: Duration = Duration::from_mins(10);
const HOUR: Duration = Duration::from_hours(1);
const MESSAGE: &str = r#"{"id":"1","channel_id":"2"}"#;

type Client = Rest<TestEnv, Script>;
type Headers = &'static [(&'static str, &'static str)];

fn body() -> Body {
    Body::json("x")
}

/// Counts what came in the busiest ten minutes; the times are in order.
fn busiest(times: &[Duration]) -> usize {
    let until = |start: Duration| times.partition_point(|at| *at < start + TEN_MINUTES);
    let counts = times.iter().enumerate().map(|(first, start)| until(*start) - first);
    counts.max().unwrap_or_default()
}

/// Posts in ten channels every second, as somebody would whom nothing holds back.
async fn posts_all_the_while(env: &TestEnv, rest: &Client, span: Duration) {
    let until = env.monotonic() + span;
    while env.monotonic() < until {
        let posts = (1..=10).map(ChannelId::new);
        let posts = posts.map(|channel| rest.create_message(channel, body(), Repeat::ByNonce));
        drop(join_all(posts).await);
        env.sleep(SECOND).await;
    }
}

async fn taps_all_the_while(env: &TestEnv, rest: &Client, span: Duration) {
    let until = env.monotonic() + span;
    while env.monotonic() < until {
        let taps = (0..5).map(|_| InteractionId::new(env.next_u64()));
        drop(join_all(taps.map(|id| rest.callback(id, "token", body()))).await);
        env.sleep(SECOND).await;
    }
}

/// Every kind of 429, each for as long as the storm lasts.
const KINDS: [(Headers, &str); 15] = [
    (&[("x-ratelimit-scope", "global"), ("retry-after", "65")], ""),
    (&[("x-ratelimit-scope", "global"), ("retry-after", "3600")], ""),
    (&[("x-ratelimit-scope", "global"), ("retry-after", "1000000000")], ""),
    (&[("x-ratelimit-scope", "global"), ("retry-after", "NaN")], ""),
    (&[("x-ratelimit-scope", "global"), ("retry-after", "0")], ""),
    (&[("x-ratelimit-scope", "global"), ("retry-after", "0.3")], ""),
    (&[("x-ratelimit-global", "true")], ""),
    (&[], r#"{"message":"You are being rate limited.","retry_after":64.57,"global":true}"#),
    (&[("retry-after", "3600")], "<html>Access denied</html>"),
    (&[], "<html>Access denied</html>"),
    (&[("retry-after", "")], ""),
    (&[("retry-after", "-1")], ""),
    (&[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")], ""),
    (&[("retry-after", "1e300")], "error code: 1015"),
    (&[("retry-after", "60"), ("server", "cloudflare")], "error code: 1015"),
];

#[tokio::test(start_paused = true)]
async fn no_429_for_all_becomes_a_storm() {
    for (headers, text) in KINDS {
        let env = TestEnv::new();
        let script = Script::new(&env, SECOND / 20, move |_, _| answer(429, headers, text));
        let rest = Rest::over(env.clone(), script.clone());
        posts_all_the_while(&env, &rest, HOUR).await;
        let times: Vec<_> = script.seen().into_iter().map(|(at, _)| at).collect();
        assert!(busiest(&times) <= 10, "{headers:?} {text}: {}", busiest(&times));
        assert!(times.len() <= 24, "{headers:?} {text}: {} in an hour", times.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_ban_of_the_address_is_no_storm_of_callbacks_either() {
    for (headers, text) in KINDS {
        let env = TestEnv::new();
        let script = Script::new(&env, SECOND / 20, move |_, _| answer(429, headers, text));
        let rest = Rest::over(env.clone(), script.clone());
        taps_all_the_while(&env, &rest, HOUR).await;
        let times: Vec<_> = script.seen().into_iter().map(|(at, _)| at).collect();
        assert!(busiest(&times) <= 20, "{headers:?} {text}: {}", busiest(&times));
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_storm_everything_goes_on() {
    for (headers, text) in KINDS {
        let env = TestEnv::new();
        let clock = env.clone();
        let script = Script::new(&env, SECOND / 20, move |outgoing, _| {
            match (clock.monotonic() < TEN_MINUTES, outgoing.route) {
                (true, _) => answer(429, headers, text),
                (false, "interaction.callback") => answer(204, &[], ""),
                (false, _) => answer(200, &[], MESSAGE),
            }
        });
        let rest = Rest::over(env.clone(), script.clone());
        let storm = TEN_MINUTES;
        join(posts_all_the_while(&env, &rest, storm), taps_all_the_while(&env, &rest, storm)).await;
        env.sleep(Duration::from_secs(61)).await;
        rest.callback(InteractionId::new(7), "token", body()).await.unwrap();
        // The longest pause that is obeyed, with its jitter.
        env.sleep(HOUR + HOUR / 10).await;
        let began = env.monotonic();
        posts_all_the_while(&env, &rest, SECOND / 2).await;
        rest.create_message(ChannelId::new(3), body(), Repeat::ByNonce).await.unwrap();
        assert!(env.monotonic() < began + 3 * SECOND, "{headers:?} {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bucket_whose_figures_do_not_hold_is_asked_ever_less() {
    let kinds: [Headers; 3] = [
        &[("x-ratelimit-scope", "user"), ("retry-after", "0")],
        &[
            ("x-ratelimit-scope", "user"),
            ("retry-after", "1"),
            ("x-ratelimit-bucket", "b"),
            ("x-ratelimit-limit", "5"),
            ("x-ratelimit-remaining", "4"),
            ("x-ratelimit-reset-after", "0.1"),
        ],
        &[("x-ratelimit-scope", "shared"), ("retry-after", "0.5")],
    ];
    for headers in kinds {
        let env = TestEnv::new();
        let script = Script::new(&env, SECOND / 20, move |_, _| answer(429, headers, ""));
        let rest = Rest::over(env.clone(), script.clone());
        while env.monotonic() < HOUR {
            rest.edit_message(ChannelId::new(1), MessageId::new(1), body()).await.unwrap_err();
            env.sleep(SECOND).await;
        }
        let times: Vec<_> = script.seen().into_iter().map(|(at, _)| at).collect();
        assert!(busiest(&times) <= 12, "{headers:?}: {}", busiest(&times));
    }
}

#[tokio::test(start_paused = true)]
async fn a_429_for_one_bucket_delays_no_other() {
    let env = TestEnv::new();
    let script = Script::new(&env, SECOND / 20, |outgoing, _| {
        if outgoing.path.starts_with("/channels/1/") {
            return answer(429, &[("x-ratelimit-scope", "user"), ("retry-after", "30")], "");
        }
        answer(200, &[], MESSAGE)
    });
    let rest = Rest::over(env.clone(), script.clone());
    let post = |channel| rest.create_message(ChannelId::new(channel), body(), Repeat::ByNonce);
    let others = async {
        env.sleep(SECOND).await;
        post(2).await.unwrap();
        env.monotonic()
    };
    let (refused, others_done) = join(post(1), others).await;
    assert!(matches!(refused.unwrap_err().kind, RestErrorKind::RateLimited { .. }));
    assert!(others_done < 2 * SECOND, "{others_done:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_costs_one_request() {
    let env = TestEnv::new();
    let script = Script::new(&env, SECOND / 20, |_, _| answer(401, &[], r#"{"code":0}"#));
    let rest = Rest::over(env.clone(), script.clone());
    let mut refused = rest.token_refused();
    assert_eq!(rest.current_application().await.unwrap_err().status(), Some(401));
    assert!(*refused.borrow_and_update(), "the program is told");
    let again = rest.current_application().await.unwrap_err();
    assert_eq!(again.kind, RestErrorKind::TokenRefused);
    join(posts_all_the_while(&env, &rest, HOUR), taps_all_the_while(&env, &rest, HOUR)).await;
    assert_eq!(script.count(), 1);
}

/// When each channel refused us, and with which status.
type Refusals = Arc<Mutex<Vec<(Duration, u64, u16)>>>;

/// Of these, five in six break.
const CHANNELS: u64 = 600;

fn breaks(channel: u64) -> bool {
    !channel.is_multiple_of(6)
}

/// All channels work until an instant; from then on five in six refuse us in one of four ways.
fn breaking(env: &TestEnv, at: Duration, refusals: &Refusals) -> Script {
    const WAYS: [(u16, u32); 4] = [(403, 50_001), (403, 50_013), (404, 10_003), (403, 50_007)];
    let (clock, refusals) = (env.clone(), Arc::clone(refusals));
    Script::new(env, SECOND / 10, move |outgoing, _| {
        let channel: u64 = outgoing.path.split('/').nth(2).unwrap().parse().unwrap();
        if !breaks(channel) || clock.monotonic() < at {
            return answer(200, &[], MESSAGE);
        }
        let (status, code) = WAYS[usize::try_from(channel % 4).unwrap()];
        refusals.lock().unwrap().push((clock.monotonic(), channel, status));
        answer(status, &[], &format!(r#"{{"code":{code},"message":"no"}}"#))
    })
}

/// Writes to one channel for a day, as the engine does; gives the times of writes that were held
/// up by more than ten minutes.
async fn writes_for_a_day(env: &TestEnv, rest: &Client, channel: u64) -> Vec<Duration> {
    let id = ChannelId::new(channel);
    let mut held_up = Vec::new();
    let mut wanted = env.monotonic();
    while env.monotonic() < Duration::from_hours(24) {
        match rest.create_message(id, body(), Repeat::ByNonce).await {
            Ok(_) => {
                if env.monotonic() > wanted + TEN_MINUTES {
                    held_up.push(wanted);
                }
                env.sleep(Duration::from_mins(20)).await;
                wanted = env.monotonic();
            }
            Err(error) => env.sleep(error.retry_after().unwrap_or_default().max(5 * SECOND)).await,
        }
    }
    held_up
}

#[tokio::test(start_paused = true)]
async fn five_hundred_channels_that_break_cost_less_than_a_hundred_refusals_in_ten_minutes() {
    let (env, refusals) = (TestEnv::new(), Refusals::default());
    let script = breaking(&env, Duration::from_mins(50), &refusals);
    let rest = Rest::over(env.clone(), script);
    let channels = (1..=CHANNELS).map(|channel| writes_for_a_day(&env, &rest, channel));
    let held_up: Vec<_> = join_all(channels).await.into_iter().flatten().collect();
    let refusals = refusals.lock().unwrap();
    let counted: Vec<_> =
        refusals.iter().filter(|(_, _, status)| *status == 403).map(|(at, _, _)| *at).collect();
    assert!(busiest(&counted) <= 100, "{}", busiest(&counted));
    for broken in (1..=CHANNELS).filter(|channel| breaks(*channel)) {
        let asked: Vec<_> = refusals
            .iter()
            .filter(|(_, channel, _)| *channel == broken)
            .map(|(at, ..)| *at)
            .collect();
        assert!(asked.len() > 5, "{broken} is asked again: {asked:?}");
        assert!(asked.windows(2).all(|two| two[1] >= two[0] + HOUR), "{broken}: {asked:?}");
    }
    let last = held_up.iter().max();
    assert!(last.is_none_or(|at| *at < 3 * HOUR), "what works goes on: {last:?}");
}
