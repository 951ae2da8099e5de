//! The client's tries and time-outs in virtual time, and the whole of it over a real socket.

use std::convert::Infallible;
use std::sync::Mutex;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use muster_domain::id::{InteractionId, MessageId, UserId};
use muster_engine::ports::Clock;
use tokio::net::TcpListener;

use super::*;
use crate::testing::{Script, TestEnv, answer};

const CHANNEL: ChannelId = ChannelId::new(2);
const HOST: UserId = UserId::new(3);
const TAP: InteractionId = InteractionId::new(9);

fn scripted(
    latency_ms: u64,
    answer: impl Fn(&Outgoing, usize) -> Result<Answer, WireError> + Send + Sync + 'static,
) -> (Rest<TestEnv, Script>, Script, TestEnv) {
    let env = TestEnv::new();
    let script = Script::new(&env, Duration::from_millis(latency_ms), answer);
    (Rest::over(env.clone(), script.clone()), script, env)
}

#[tokio::test(start_paused = true)]
async fn what_is_harmless_is_tried_three_times() {
    let (rest, script, _) = scripted(10, |_, _| answer(502, &[], "<html>"));
    let failed = rest.message(CHANNEL, MessageId::new(1)).await.unwrap_err();
    assert_eq!((failed.status(), script.count()), (Some(502), 3));
    assert!(failed.may_have_happened);
}

#[tokio::test(start_paused = true)]
async fn what_would_be_seen_twice_is_tried_once() {
    let (rest, script, _) = scripted(10, |_, _| answer(500, &[], ""));
    let failed = rest.create_message(CHANNEL, Body::json("x"), Repeat::Never).await.unwrap_err();
    assert!(failed.may_have_happened);
    assert_eq!(script.count(), 1);
    rest.create_message(CHANNEL, Body::json("x"), Repeat::ByNonce).await.unwrap_err();
    assert_eq!(script.count(), 4);
}

#[tokio::test(start_paused = true)]
async fn what_a_nonce_makes_harmless_is_not_sent_again_after_the_machine_slept() {
    let env = TestEnv::new();
    let sleeper = env.clone();
    let script = Script::new(&env, Duration::from_millis(10), move |_, _| {
        sleeper.slept(Duration::from_mins(1));
        answer(502, &[], "")
    });
    let rest = Rest::over(env, script.clone());
    let failed = rest.create_message(CHANNEL, Body::json("x"), Repeat::ByNonce).await.unwrap_err();
    assert!(failed.may_have_happened);
    assert_eq!(script.count(), 1);
    rest.create_dm(HOST).await.unwrap_err();
    assert_eq!(script.count(), 4, "that stays harmless");
}

#[tokio::test(start_paused = true)]
async fn what_never_left_is_tried_again_whatever_it_is() {
    let (rest, script, _) = scripted(10, |_, before| match before {
        0 => Err(WireError::NotSent("refused".into())),
        _ => answer(200, &[], r#"{"id":"1","channel_id":"2"}"#),
    });
    rest.create_message(CHANNEL, Body::json("x"), Repeat::Never).await.unwrap();
    assert_eq!(script.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_for_an_emoji_is_sent_again_without_any() {
    const REFUSED: &str = r#"{"code":50035,"message":"Invalid Form Body","errors":{"data":
        {"components":{"0":{"components":{"0":{"emoji":{"id":{"_errors":[{"code":
        "BUTTON_COMPONENT_INVALID_EMOJI","message":"Invalid emoji"}]}}}}}}}}}"#;
    let (rest, script, _) = scripted(10, |outgoing, _| {
        let (_, body) = outgoing.body.as_ref().unwrap();
        let body = std::str::from_utf8(body).unwrap();
        if body.contains("emoji") { answer(400, &[], REFUSED) } else { answer(204, &[], "") }
    });
    let button = serde_json::json!({"type": 2, "label": "Tank", "emoji": {"name": "t", "id": "9"}});
    let row = serde_json::json!({"type": 4, "data": {"components": [{"components": [button]}]}});
    rest.callback(TAP, "t", Body::json(&row)).await.unwrap();
    assert_eq!(script.count(), 2);
    // Without words beside it there is nothing that could be sent instead.
    let bare = serde_json::json!({"components": [{"emoji": {"name": "t", "id": "9"}}]});
    let failed = rest.callback(TAP, "t", Body::json(&bare)).await.unwrap_err();
    assert_eq!((failed.code(), script.count()), (50_035, 3));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final_and_clear() {
    let (rest, script, _) =
        scripted(10, |_, _| answer(404, &[], r#"{"code":10008,"message":"Unknown Message"}"#));
    let failed = rest.message(CHANNEL, MessageId::new(1)).await.unwrap_err();
    assert_eq!((failed.code(), failed.may_have_happened), (10_008, false));
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_callback_never_takes_longer_than_it_may() {
    let (rest, _, env) = scripted(60_000, |_, _| answer(204, &[], ""));
    let failed = rest.callback(TAP, "token", Body::json("x")).await.unwrap_err();
    assert_eq!(failed.kind, RestErrorKind::TimedOut);
    assert_eq!(env.monotonic(), Duration::from_millis(2_500));
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_try_nobody_knows_which_answer_was_taken() {
    let (rest, _, _) = scripted(10, |_, before| match before {
        0 => Err(WireError::Lost("reset".into())),
        _ => answer(400, &[], r#"{"code":40060,"message":"already acknowledged"}"#),
    });
    let failed = rest.callback(TAP, "token", Body::json("x")).await.unwrap_err();
    assert_eq!((failed.code(), failed.may_have_happened), (40_060, true));
    let failed = rest.callback(TAP, "token", Body::json("x")).await.unwrap_err();
    assert_eq!((failed.code(), failed.may_have_happened), (40_060, false));
}

#[tokio::test(start_paused = true)]
async fn an_awaited_request_ends_within_fifteen_seconds() {
    let (rest, script, env) = scripted(60_000, |_, _| answer(200, &[], ""));
    rest.awaited().message(CHANNEL, MessageId::new(1)).await.unwrap_err();
    assert!(env.monotonic() <= Duration::from_secs(15), "{:?}", env.monotonic());
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn errors_name_the_route_and_no_token() {
    let (rest, _, _) = scripted(10, |_, _| answer(404, &[], r#"{"code":10062}"#));
    let failed = rest.callback(TAP, "canary", Body::json("x")).await.unwrap_err();
    assert_eq!(failed.code(), 10_062);
    let printed = format!("{failed} {failed:?}");
    assert!(printed.contains("interaction.callback") && !printed.contains("canary"));
}

/// What the server below has seen of a request.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    line: String,
    agent: String,
    authorization: Option<String>,
    body: String,
}

/// Serves HTTP on a socket until the test ends; `answer` gives status and body.
async fn serve(
    listener: TcpListener,
    seen: Arc<Mutex<Vec<Seen>>>,
    answer: impl Fn(&str) -> (u16, String) + Send + Sync + Clone + 'static,
) {
    loop {
        let (tcp, _) = listener.accept().await.unwrap();
        let (seen, answer) = (Arc::clone(&seen), answer.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let (seen, answer) = (Arc::clone(&seen), answer.clone());
            async move {
                let header = |name| {
                    let value: &hyper::header::HeaderValue = request.headers().get(name)?;
                    Some(value.to_str().unwrap().to_owned())
                };
                let line = format!("{} {}", request.method(), request.uri());
                let (agent, authorization) =
                    (header("user-agent").unwrap(), header("authorization"));
                let (status, text) = answer(request.uri().path());
                let body = http_body_util::BodyExt::collect(request.into_body()).await.unwrap();
                let body = String::from_utf8(body.to_bytes().to_vec()).unwrap();
                seen.lock().unwrap().push(Seen { line, agent, authorization, body });
                let content = http_body_util::Full::new(Bytes::from(text));
                let response = hyper::Response::builder().status(status).body(content).unwrap();
                Ok::<_, Infallible>(response)
            }
        });
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(tcp), service);
        muster_engine::ports::Tasks::spawn(&TestEnv::new(), "server", async move {
            drop(connection.await);
        });
    }
}

/// Runs `story` against a server on this machine; gives what the server saw.
async fn over_a_socket<T>(
    answer: impl Fn(&str) -> (u16, String) + Send + Sync + Clone + 'static,
    story: impl AsyncFnOnce(Rest<TestEnv>) -> T,
) -> (T, Vec<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let token = Arc::new(Token::parse("secret").unwrap());
    let rest = Rest::new(TestEnv::new(), Network::new(None).unwrap(), &base, &token).unwrap();
    let seen = Arc::default();
    let outcome = tokio::select! {
        () = serve(listener, Arc::clone(&seen), answer) => unreachable!("serves for ever"),
        outcome = story(rest) => outcome,
    };
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    (outcome, seen)
}

#[tokio::test]
async fn requests_look_as_discord_wants_them() {
    let answer = |path: &str| match path {
        "/api/v10/gateway/bot" => (200, r#"{"url":"wss://gateway.example","shards":2}"#.into()),
        _ => (204, String::new()),
    };
    let (gateway, seen) = over_a_socket(answer, async |rest| {
        let gateway = rest.gateway_bot().await.unwrap();
        let body = Body::json(&serde_json::json!({ "type": 6 }));
        rest.callback(TAP, "a/token", body).await.unwrap();
        gateway
    })
    .await;
    assert_eq!((gateway.url.as_str(), gateway.shards), ("wss://gateway.example", 2));
    let agent = concat!("DiscordBot (muster, ", env!("CARGO_PKG_VERSION"), ")").to_owned();
    let expected = [
        Seen {
            line: "GET /api/v10/gateway/bot".into(),
            agent: agent.clone(),
            authorization: Some("Bot secret".into()),
            body: String::new(),
        },
        Seen {
            line: "POST /api/v10/interactions/9/a%2Ftoken/callback".into(),
            agent,
            authorization: None,
            body: r#"{"type":6}"#.into(),
        },
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn many_requests_at_once_and_then_over_kept_connections() {
    let answer = |_: &str| (200, r#"{"id":"1","channel_id":"2"}"#.to_owned());
    let (outcomes, seen) = over_a_socket(answer, async |rest| {
        let mut outcomes = Vec::new();
        for _ in 0..3 {
            let taps = (0..20).map(|id| rest.callback(InteractionId::new(id), "t", Body::json("")));
            outcomes.extend(futures_util::future::join_all(taps).await);
        }
        outcomes
    })
    .await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(seen.len(), 60);
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let answer = |_: &str| (200, "x".repeat(9 * 1024 * 1024));
    let (failed, _) =
        over_a_socket(answer, async |rest| rest.current_application().await.unwrap_err()).await;
    assert_eq!(failed.kind, RestErrorKind::TooLarge);
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let token = Arc::new(Token::parse("secret").unwrap());
    let rest = Rest::new(TestEnv::new(), Network::new(None).unwrap(), &base, &token).unwrap();
    let failed = rest.callback(TAP, "t", Body::json("x")).await.unwrap_err();
    assert!(matches!(failed.kind, RestErrorKind::Unreachable(_)), "{failed}");
    assert!(!failed.may_have_happened);
}
