//! A backlog against a Discord that keeps its limits as documented: it drains about as fast as
//! they allow, in order, without a 429, and nobody's tap waits for it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use muster_domain::id::{ChannelId, InteractionId, MessageId};
use muster_engine::ports::{Clock, Rng};
use muster_vitals::backoff::share_of;

use crate::rest::{
    Access, Answer, Body, Departure, Outgoing, Repeat, Rest, RestError, Wire, WireError,
};
use crate::testing::{TestEnv, answer};

const SECOND: Duration = Duration::from_secs(1);
/// What a channel's bucket allows for each route.
const PER_WINDOW: u32 = 5;
const WINDOW: Duration = Duration::from_secs(5);
/// What all requests together may be in any second.
const GLOBAL: usize = 50;
/// The way to Discord or back takes this, and up to half as much more.
const ONE_WAY: Duration = Duration::from_millis(40);

/// Requests that Discord has seen: when, on which route, what they carried.
type Seen = Vec<(Duration, &'static str, String)>;

#[derive(Default)]
struct Limits {
    /// End and count of the window of each route and channel.
    windows: HashMap<(&'static str, String), (Duration, u32)>,
    last_second: VecDeque<Duration>,
    seen: Seen,
    refused: usize,
}

impl Limits {
    fn judge(&mut self, now: Duration, outgoing: &Outgoing) -> Result<Answer, WireError> {
        let content = outgoing.body.as_ref().map_or(&b""[..], |(_, body)| body);
        self.seen.push((now, outgoing.route, String::from_utf8(content.to_vec()).unwrap()));
        if outgoing.access == Access::Interaction {
            return answer(204, &[], "");
        }
        self.last_second.retain(|at| now < *at + SECOND);
        self.last_second.push_back(now);
        if self.last_second.len() > GLOBAL {
            self.refused += 1;
            return answer(429, &[("x-ratelimit-scope", "global"), ("retry-after", "1")], "");
        }
        let channel = outgoing.path.split('/').nth(2).unwrap().to_owned();
        let window = self.windows.entry((outgoing.route, channel)).or_default();
        if window.0 <= now {
            *window = (now + WINDOW, 0);
        }
        window.1 += 1;
        let reset = format!("{:.3}", window.0.saturating_sub(now).as_secs_f64());
        let remaining = PER_WINDOW.saturating_sub(window.1).to_string();
        let mut headers = vec![
            ("x-ratelimit-bucket", outgoing.route),
            ("x-ratelimit-limit", "5"),
            ("x-ratelimit-remaining", remaining.as_str()),
            ("x-ratelimit-reset-after", reset.as_str()),
        ];
        if window.1 > PER_WINDOW {
            self.refused += 1;
            headers.extend([("x-ratelimit-scope", "user"), ("retry-after", reset.as_str())]);
            return answer(429, &headers, "");
        }
        answer(200, &headers, r#"{"id":"1","channel_id":"2"}"#)
    }
}

/// A Discord some way off.
#[derive(Clone)]
struct Discord {
    env: TestEnv,
    limits: Arc<Mutex<Limits>>,
}

impl Discord {
    fn new(env: &TestEnv) -> Self {
        Self { env: env.clone(), limits: Arc::default() }
    }

    fn refused(&self) -> usize {
        self.limits.lock().unwrap().refused
    }

    /// What came on a route for one channel, in the order of coming.
    fn seen(&self, begins: &str) -> Vec<String> {
        let limits = self.limits.lock().unwrap();
        let content = limits.seen.iter().map(|(_, _, content)| content.clone());
        content.filter(|content| content.starts_with(begins)).collect()
    }

    async fn travel(&self) {
        let more = share_of(ONE_WAY / 2, self.env.next_u64());
        self.env.sleep(ONE_WAY + more).await;
    }
}

impl Wire for Discord {
    async fn exchange(
        &self,
        outgoing: &Outgoing,
        departure: &Departure,
    ) -> Result<Answer, WireError> {
        departure.begins();
        self.travel().await;
        let judged = self.limits.lock().unwrap().judge(self.env.monotonic(), outgoing);
        self.travel().await;
        judged
    }
}

type Client = Rest<TestEnv, Discord>;

fn world() -> (TestEnv, Discord, Client) {
    let env = TestEnv::new();
    let discord = Discord::new(&env);
    (env.clone(), discord.clone(), Rest::over(env, discord))
}

/// Half posts, half edits, in each of forty channels too.
async fn write(rest: &Client, channel: u64, number: u64) -> Result<(), RestError> {
    let id = ChannelId::new(channel);
    let done = if (number / 40).is_multiple_of(2) {
        let body = Body::json(&format!("post {channel} {number:04}"));
        rest.create_message(id, body, Repeat::ByNonce).await
    } else {
        let body = Body::json(&format!("edit {channel} {number:04}"));
        rest.edit_message(id, MessageId::new(number), body).await
    };
    done.map(drop)
}

/// Taps all the while; the longest that one took.
async fn taps(env: &TestEnv, rest: &Client, span: Duration) -> Duration {
    let mut longest = Duration::ZERO;
    let until = env.monotonic() + span;
    while env.monotonic() < until {
        let began = env.monotonic();
        let id = InteractionId::new(env.next_u64());
        rest.callback(id, "token", Body::json("x")).await.unwrap();
        longest = longest.max(env.monotonic().saturating_sub(began));
        env.sleep(Duration::from_millis(70)).await;
    }
    longest
}

#[tokio::test(start_paused = true)]
async fn a_thousand_writes_drain_at_nine_tenths_of_what_is_allowed_without_a_429() {
    let (env, discord, rest) = world();
    let backlog = join_all((0..1_000).map(|number| write(&rest, 1 + number % 40, number)));
    let (done, slowest_tap) =
        tokio::join!(async { (backlog.await, env.monotonic()) }, taps(&env, &rest, 20 * SECOND));
    let (outcomes, took) = done;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(discord.refused(), 0, "not even the first of a bucket");
    let allowed = SECOND * 1_000 / 50;
    assert!(took * 9 / 10 <= allowed, "{took:?} where {allowed:?} is allowed");
    assert!(slowest_tap <= 3 * ONE_WAY, "only the way itself: {slowest_tap:?}");
}

#[tokio::test(start_paused = true)]
async fn a_busy_channel_drains_as_its_buckets_allow() {
    let (env, discord, rest) = world();
    let busy = join_all((0..80).map(|number| write(&rest, 7, number)));
    assert!(busy.await.iter().all(Result::is_ok));
    // Eight windows for each of both routes: seven waits.
    let allowed = WINDOW * 7;
    let took = env.monotonic();
    assert!(took * 9 / 10 <= allowed, "{took:?} where {allowed:?} is allowed");
    assert_eq!(discord.refused(), 0);
    assert_eq!(discord.seen("\"").len(), 80, "each once");
}

#[tokio::test(start_paused = true)]
async fn one_after_the_other_stays_in_order_whoever_else_is_busy() {
    let (_, discord, rest) = world();
    // As the engine does it: of one channel, one after the other.
    let lane = async |channel: u64| {
        for number in 0..12 {
            write(&rest, channel, number * 20).await.unwrap();
        }
    };
    join_all((1..=20).map(lane)).await;
    assert_eq!(discord.refused(), 0);
    for channel in 1..=20 {
        for kind in ["post", "edit"] {
            let seen = discord.seen(&format!("\"{kind} {channel} "));
            assert_eq!(seen.len(), 6, "{kind} {channel}");
            assert!(seen.is_sorted(), "{seen:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_person_waits_for_overtakes_a_backlog() {
    let (env, _, rest) = world();
    let backlog = join_all((0..1_000).map(|number| write(&rest, 1 + number % 40, number)));
    let awaited = rest.awaited();
    let person = async {
        env.sleep(5 * SECOND).await;
        let began = env.monotonic();
        write(&awaited, 99, 0).await.unwrap();
        env.monotonic().saturating_sub(began)
    };
    let (_, took) = tokio::join!(backlog, person);
    assert!(took < 3 * ONE_WAY + Duration::from_millis(25), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_has_room_for_what_a_person_waits_for() {
    let (_, _, rest) = world();
    let backlog = join_all((0..2_100).map(|number| write(&rest, 1 + number % 40, number)));
    let awaited = rest.awaited();
    let (outcomes, person) = tokio::join!(backlog, write(&awaited, 99, 0));
    assert!(outcomes.iter().any(Result::is_err), "it was full");
    person.unwrap();
}
