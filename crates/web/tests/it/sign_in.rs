//! Signing in: sessions, attempts, Discord.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use muster_web::Given;

use crate::browser::Browser;
use crate::site::{CLIENT_SECRET, OPERATOR, Site, TOKEN};

const SESSION: &str = "__Host-muster";
const STATE: &str = "__Host-muster-state";

async fn is_in(browser: &mut Browser<'_>) -> bool {
    browser.get("/").await.status == StatusCode::OK
}

/// Signs in with Discord as far as it goes, with that code.
async fn with_discord(browser: &mut Browser<'_>, code: &str) -> crate::site::Answer {
    let begun = browser.get("/sign-in/discord").await;
    let state = begun.header("location").split_once("state=").unwrap().1;
    let state = state.split('&').next().unwrap().to_owned();
    let request = Request::get(format!("/sign-in/discord/callback?state={state}&code={code}"))
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate");
    browser.send(request, Body::empty()).await
}

#[tokio::test]
async fn asvs_7_2_3_a_session_is_no_number_that_one_guesses() {
    let site = Site::public();
    let browser = Browser::signed_in(&site).await;
    let id = &browser.cookies[SESSION];
    assert!(id.len() * 4 >= 256 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    let other = Browser::signed_in(&site).await;
    assert_ne!(*id, other.cookies[SESSION]);
}

#[tokio::test]
async fn asvs_7_2_4_signing_in_makes_a_new_session_and_ends_the_old() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    browser.cookies.insert(SESSION.into(), "planted-by-somebody-else".into());
    browser.sign_in(TOKEN).await;
    let first = browser.cookies[SESSION].clone();
    assert_ne!(first, "planted-by-somebody-else");
    browser.sign_in(TOKEN).await;
    assert_ne!(browser.cookies[SESSION], first);
    let mut stale = Browser::public(&site);
    stale.cookies.insert(SESSION.into(), first);
    assert!(!is_in(&mut stale).await);
    stale.cookies.insert(SESSION.into(), "planted-by-somebody-else".into());
    assert!(!is_in(&mut stale).await);
}

#[tokio::test]
async fn asvs_7_3_1_a_session_without_requests_ends_after_twelve_hours() {
    let site = Site::public();
    let mut browser = Browser::signed_in(&site).await;
    for _ in 0..3 {
        site.world.pass(Duration::from_secs(12 * 3_600 - 1));
        assert!(is_in(&mut browser).await);
    }
    site.world.pass(Duration::from_hours(12));
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn asvs_7_3_2_a_session_ends_after_seven_days_whatever_happens() {
    let site = Site::public();
    let mut browser = Browser::signed_in(&site).await;
    for _ in 0..16 {
        site.world.pass(Duration::from_hours(10));
        assert!(is_in(&mut browser).await);
    }
    site.world.pass(Duration::from_hours(8));
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn asvs_7_4_1_signing_out_ends_the_session_here_too() {
    let site = Site::public();
    let mut browser = Browser::signed_in(&site).await;
    let kept = browser.cookies.clone();
    let answer = browser.act("/sign-out", &[]).await;
    assert_eq!(answer.header("location"), "/sign-in");
    assert!(!browser.cookies.contains_key(SESSION), "the browser forgets it");
    browser.cookies = kept;
    assert!(!is_in(&mut browser).await, "and it is worth nothing");
}

#[tokio::test]
async fn asvs_7_4_5_an_operator_can_end_all_sessions() {
    let site = Site::public();
    let mut lost = Browser::signed_in(&site).await;
    let mut browser = Browser::signed_in(&site).await;
    assert!(is_in(&mut lost).await);
    browser.act("/sign-out-everywhere", &[]).await;
    assert!(!is_in(&mut lost).await && !is_in(&mut browser).await);
}

#[tokio::test]
async fn asvs_10_1_2_a_sign_in_with_discord_ends_in_the_browser_that_began_it() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    assert_eq!(with_discord(&mut browser, "operators-code").await.header("location"), "/");
    assert!(is_in(&mut browser).await);

    let mut other = Browser::public(&site);
    let begun = Browser::public(&site).get("/sign-in/discord").await;
    let state = begun.header("location").split_once("state=").unwrap().1.to_owned();
    let state = state.split('&').next().unwrap();
    let path = format!("/sign-in/discord/callback?state={state}&code=operators-code");
    assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "no cookie");
    other.get("/sign-in/discord").await;
    assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "another one's cookie");
    let path = "/sign-in/discord/callback?state=&code=operators-code";
    other.cookies.insert(STATE.into(), String::new());
    assert_eq!(other.get(path).await.status, StatusCode::FORBIDDEN, "none at all");
    assert!(!is_in(&mut other).await);
    assert_eq!(site.discord.asked.lock().unwrap().len(), 1, "nothing of it reached Discord");
    assert_eq!(site.failures.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn asvs_10_2_1_what_discord_sends_back_counts_once_and_for_a_while() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    browser.get("/sign-in/discord").await;
    let state = browser.cookies[STATE].clone();
    let path = format!("/sign-in/discord/callback?state={state}&code=operators-code");
    assert_eq!(browser.get(&path).await.status, StatusCode::SEE_OTHER);
    browser.cookies.insert(STATE.into(), state);
    assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN, "a second time");
    browser.get("/sign-in/discord").await;
    let state = browser.cookies[STATE].clone();
    site.world.pass(Duration::from_mins(10));
    let path = format!("/sign-in/discord/callback?state={state}&code=operators-code");
    assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN, "too late");
}

#[tokio::test]
async fn asvs_1_3_6_and_13_2_4_no_request_chooses_an_address_that_is_asked() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    let inside = "http%3A%2F%2F169.254.169.254%2F";
    let query = format!("redirect_uri={inside}&authorize_url={inside}&next={inside}&url={inside}");
    let request = Request::get(format!("/sign-in/discord?{query}"))
        .header("x-forwarded-host", "169.254.169.254")
        .header("forwarded", "host=169.254.169.254");
    let begun = browser.send(request, Body::empty()).await;
    let target = begun.header("location").to_owned();
    assert!(target.starts_with("https://discord.example/oauth2/authorize?"), "{target}");
    assert!(!target.contains("169.254"), "{target}");
    let state = browser.cookies[STATE].clone();
    let path = format!("/sign-in/discord/callback?state={state}&code=operators-code&{query}");
    let back = browser.get(&path).await;
    assert_eq!(back.header("location"), "/");
    let asked = site.discord.asked.lock().unwrap();
    // The one thing that is asked of somebody else, and where that is no request can say.
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].redirect_uri, "https://muster.example/sign-in/discord/callback");
    assert_eq!(asked[0].code.expose(), "operators-code");
}

#[tokio::test]
async fn asvs_10_2_3_discord_is_asked_who_it_is_and_no_more() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    let begun = browser.get("/sign-in/discord").await;
    let target = begun.header("location");
    assert!(target.starts_with("https://discord.example/oauth2/authorize?response_type=code&"));
    assert!(target.contains("&scope=identify&") && target.contains("client_id=7&"), "{target}");
    let back = "redirect_uri=https%3A%2F%2Fmuster.example%2Fsign-in%2Fdiscord%2Fcallback";
    assert!(target.contains(back), "{target}");
    with_discord(&mut browser, "operators-code").await;
    let asked = site.discord.asked.lock().unwrap();
    assert_eq!(asked[0].client_secret.expose(), CLIENT_SECRET);
    assert_eq!(asked[0].redirect_uri, "https://muster.example/sign-in/discord/callback");
}

#[tokio::test]
async fn only_operators_get_in_with_discord() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    for (code, status) in [
        ("strangers-code", StatusCode::FORBIDDEN),
        ("forged-code", StatusCode::FORBIDDEN),
        ("", StatusCode::FORBIDDEN),
        ("code-while-down", StatusCode::BAD_GATEWAY),
    ] {
        assert_eq!(with_discord(&mut browser, code).await.status, status, "{code}");
        assert!(!is_in(&mut browser).await, "{code}");
    }
    let failures = site.failures.lock().unwrap();
    assert_eq!(failures.len(), 2, "who says no and an outage are no attacks: {failures:?}");
    assert_eq!(failures[0].user, Some(13));
}

#[tokio::test]
async fn asvs_15_4_2_who_operates_the_bot_no_more_is_out_at_the_next_request() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    with_discord(&mut browser, "operators-code").await;
    assert!(is_in(&mut browser).await);
    site.discord.operators.lock().unwrap().remove(&OPERATOR);
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn ten_attempts_a_minute_from_one_address_and_each_failure_is_told() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    for _ in 0..10 {
        assert_eq!(browser.sign_in("not-the-token-at-all").await.status, StatusCode::FORBIDDEN);
    }
    let refused = browser.sign_in(TOKEN).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "not even the right one");
    assert_eq!(refused.header("retry-after"), "60");
    let begun = browser.get("/sign-in/discord").await;
    assert_eq!(begun.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(site.failures.lock().unwrap().len(), 10);
    let mut elsewhere = Browser::public(&site);
    elsewhere.address = IpAddr::from([198, 51, 100, 7]);
    assert_eq!(elsewhere.sign_in(TOKEN).await.status, StatusCode::SEE_OTHER);
    site.world.pass(Duration::from_secs(6));
    assert_eq!(browser.sign_in(TOKEN).await.status, StatusCode::SEE_OTHER, "with time, again");
}

#[tokio::test]
async fn behind_a_trusted_proxy_attempts_count_for_who_is_behind_it() {
    let site = Site::public();
    let from = |peer: [u8; 4], client: &'static str| {
        let request = Request::get("/metrics")
            .header("authorization", "Bearer wrong")
            .header("x-forwarded-for", client);
        (IpAddr::from(peer), request)
    };
    let mut browser = Browser::public(&site);
    for (peer, client, tries, last) in [
        ([10, 0, 0, 1], "203.0.113.1", 11, 429),
        ([10, 0, 0, 1], "203.0.113.2", 1, 401),
        ([10, 0, 0, 1], "203.0.113.9, 203.0.113.1", 1, 429),
        ([192, 0, 2, 1], "203.0.113.1", 1, 401),
    ] {
        let mut status = 0;
        for _ in 0..tries {
            let (address, request) = from(peer, client);
            browser.address = address;
            status = browser.send(request, Body::empty()).await.status.as_u16();
        }
        assert_eq!(status, last, "{peer:?} {client}");
    }
    let failures = site.failures.lock().unwrap();
    assert_eq!(failures[0].address.to_string(), "203.0.113.1");
}

#[tokio::test]
async fn who_guesses_at_the_same_address_does_not_shut_out_whoever_has_the_token() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    let asks =
        |token: &str| Request::get("/metrics").header("authorization", format!("Bearer {token}"));
    let mut status = StatusCode::OK;
    for _ in 0..50 {
        status = browser.send(asks("not-the-token-at-all"), Body::empty()).await.status;
    }
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(site.failures.lock().unwrap().len(), 10, "no more lines in the log");
    let scraped = browser.send(asks(TOKEN), Body::empty()).await;
    assert_eq!(scraped.status, StatusCode::OK);
    assert_eq!(browser.sign_in(TOKEN).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn sixty_requests_a_minute_in_one_session() {
    let site = Site::public();
    let mut browser = Browser::signed_in(&site).await;
    for _ in 0..60 {
        assert!(is_in(&mut browser).await);
    }
    assert_eq!(browser.get("/").await.status, StatusCode::TOO_MANY_REQUESTS);
    let mut other = Browser::signed_in(&site).await;
    assert!(is_in(&mut other).await);
    site.world.pass(Duration::from_secs(1));
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn the_form_for_signing_in_works_in_its_own_browser_only() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    let page = browser.get("/sign-in").await;
    let token = crate::browser::form_token(&page.body);
    let mut other = Browser::public(&site);
    let fields = [("form_token", token.as_str()), ("token", TOKEN)];
    assert_eq!(other.post("/sign-in", &fields).await.status, StatusCode::FORBIDDEN);
    other.get("/sign-in").await;
    assert_eq!(other.post("/sign-in", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.post("/sign-in", &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_alone_works_without_https_with_a_plain_cookie() {
    let given = Given { dashboard_token: TOKEN, ..Given::default() };
    let site = Site::new("127.0.0.1:8080", &given);
    let mut browser = Browser::local(&site);
    assert_eq!(browser.get("/").await.header("location"), "/sign-in");
    let answer = browser.sign_in(TOKEN).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(!answer.header("set-cookie").contains("Secure"));
    assert!(browser.cookies.contains_key("muster"));
    assert!(is_in(&mut browser).await);
    assert_eq!(browser.get("/sign-in/discord").await.status, StatusCode::NOT_FOUND);
}
