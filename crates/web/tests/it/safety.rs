//! One test for each item of OWASP ASVS 5.0 that concerns a page like this, by its number.
//!
//! Of the items that are looked at, these do not concern the page itself. 1.2.10, formulas in
//! exported tables: the page exports none; what organisers export in Discord is tested beside
//! `discord/views/export.rs`. 15.3.2, redirects of others: the page sends no request; whoever does
//! for it follows none, which is tested in `discord/outside.rs`.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use muster_web::{Config, Given};

use crate::browser::{Browser, form_token};
use crate::site::{CLIENT_SECRET, PUBLIC_URL, Site, TOKEN};

const LOCAL: (&str, &str) = ("host", "127.0.0.1:8080");

#[tokio::test]
async fn asvs_1_2_1_whatever_a_text_holds_it_stays_a_text() {
    let site = Site::local();
    let attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    site.bot.change(move |snapshot| {
        snapshot.settings.push(("A", attack.to_owned()));
        for one in &mut snapshot.recommendations {
            one.because = attack.to_owned();
            one.advice = attack.to_owned();
        }
        snapshot.answers.commands[0].name = attack.to_owned();
        snapshot.database.slow[0].sql = attack.to_owned();
        snapshot.database.slow[0].plan = attack.to_owned();
    });
    let page = site.get("/", &[LOCAL]).await.body;
    assert!(page.contains("&lt;script&gt;alert(1)"));
    assert!(!page.contains("<script>") && !page.contains("<img src=x"), "{page}");
}

#[tokio::test]
async fn asvs_1_2_4_and_1_2_5_nothing_from_outside_becomes_a_statement_or_a_command() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    for attack in ["1%27+OR+1%3D1--", "1%3B+DROP+TABLE+event", "%24%28id%29", "1+%7C+id"] {
        let lifted = browser.act("/lift", &[("kind", "member"), ("id", attack)]).await;
        assert_eq!(lifted.status, StatusCode::BAD_REQUEST, "{attack}");
        let lifted = browser.act("/lift", &[("kind", attack), ("id", "1")]).await;
        assert_eq!(lifted.status, StatusCode::BAD_REQUEST, "{attack}");
        let fields = [("kind", "message"), ("server", "1"), ("delivery", attack)];
        let tried = browser.act("/try-again", &fields).await;
        assert_eq!(tried.status, StatusCode::BAD_REQUEST, "{attack}");
    }
    assert!(site.bot.acts.lock().unwrap().is_empty(), "the bot heard nothing of it");
    // Whatever gets through would meet no database and no shell: the page can reach neither.
    let manifest = include_str!("../../Cargo.toml");
    for reach in ["muster-store", "rusqlite", "muster-engine"] {
        assert!(!manifest.contains(reach), "{reach}");
    }
}

#[tokio::test]
async fn asvs_3_3_1_to_3_3_4_cookies_are_bound_to_host_https_and_http() {
    let site = Site::public();
    let mut browser = Browser::public(&site);
    let mut all: Vec<String> = Vec::new();
    for answer in [browser.get("/sign-in").await, browser.get("/sign-in/discord").await] {
        all.extend(answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap().into()));
    }
    let answer = browser.sign_in(TOKEN).await;
    all.extend(answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap().into()));
    assert!(all.len() >= 4, "{all:?}");
    for cookie in all {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for part in ["; Path=/;", "; HttpOnly;", "; SameSite=Lax;", "; Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn asvs_3_4_1_browsers_come_back_over_https_for_a_year_at_least() {
    let age = |header: &str| {
        let age = header.strip_prefix("max-age=").and_then(|rest| rest.split(';').next());
        age.map_or(0, |age| age.parse::<u64>().unwrap())
    };
    let site = Site::public();
    for path in ["/sign-in", "/healthz", "/nowhere", "/metrics"] {
        let answer = site.get(path, &[("host", "muster.example")]).await;
        assert!(age(answer.header("strict-transport-security")) >= 31_536_000, "{path}");
    }
    let plain = Site::local().get("/", &[LOCAL]).await;
    assert_eq!(plain.header("strict-transport-security"), "", "there is no https on loopback");
}

#[tokio::test]
async fn asvs_3_4_3_nothing_inline_and_nothing_from_elsewhere_runs() {
    let site = Site::local();
    for path in ["/", "/given-up", "/nowhere", "/metrics", "/healthz"] {
        let answer = site.get(path, &[LOCAL]).await;
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'self'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    }
    let public = Site::public();
    let sign_in = public.get("/sign-in", &[("host", "muster.example")]).await.body;
    let given_up = site.get("/given-up", &[LOCAL]).await.body;
    for page in [site.get("/", &[LOCAL]).await.body, given_up, sign_in] {
        assert!(!page.contains("<script>") && !page.contains("<style"), "{page}");
        for tag in page.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            assert!(!tag.contains(" style=") && !tag.contains(" on"), "{tag}");
            for address in ["src=\"", "href=\"", "action=\""] {
                let target = tag.split_once(address).map_or("/", |(_, rest)| rest);
                assert!(target.starts_with(['/', '#']), "{tag}");
            }
        }
    }
}

#[tokio::test]
async fn asvs_3_4_4_to_3_4_6_no_guessing_of_kinds_no_referrer_no_frame() {
    let site = Site::local();
    for path in ["/", "/given-up", "/nowhere", "/metrics", "/readyz"] {
        let answer = site.get(path, &[LOCAL]).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(!answer.header("content-type").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn asvs_3_5_1_a_form_without_its_token_does_nothing() {
    for site in [Site::local(), Site::public()] {
        let is_local = site.get("/", &[LOCAL]).await.status == StatusCode::OK;
        let mut browser =
            if is_local { Browser::local(&site) } else { Browser::signed_in(&site).await };
        for path in ["/clean-up", "/lift", "/try-again", "/sign-out", "/sign-out-everywhere"] {
            for fields in [&[][..], &[("form_token", "")], &[("form_token", "0000")]] {
                let answer = browser.post(path, fields).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {fields:?}");
            }
        }
        assert!(site.bot.acts.lock().unwrap().is_empty());
        let answer = browser.act("/clean-up", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "with it, it does");
        assert_eq!(*site.bot.acts.lock().unwrap(), ["clean up"]);
    }
}

#[tokio::test]
async fn asvs_3_5_1_another_sessions_form_token_does_nothing() {
    let site = Site::public();
    let mut one = Browser::signed_in(&site).await;
    let mut other = Browser::signed_in(&site).await;
    let token = form_token(&one.get("/").await.body);
    let answer = other.post("/clean-up", &[("form_token", &token)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn asvs_3_5_3_nothing_changes_by_get_nor_from_another_site() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    for path in ["/clean-up", "/lift", "/try-again", "/sign-out", "/sign-out-everywhere"] {
        assert_eq!(browser.get(path).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    let token = form_token(&browser.get("/").await.body);
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ];
    for (name, value) in foreign {
        let request = Request::post("/clean-up")
            .header(name, value)
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = browser.send(request, Body::from(format!("form_token={token}"))).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert!(site.bot.acts.lock().unwrap().is_empty());
}

#[tokio::test]
async fn asvs_3_5_3_another_site_can_link_here_but_not_draw_from_here() {
    let site = Site::local();
    let cross = ("sec-fetch-site", "cross-site");
    let link = site.get("/", &[LOCAL, cross, ("sec-fetch-mode", "navigate")]).await;
    assert_eq!(link.status, StatusCode::OK);
    for path in ["/live", "/metrics", "/"] {
        let drawn = site.get(path, &[LOCAL, cross, ("sec-fetch-mode", "no-cors")]).await;
        assert_eq!(drawn.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn asvs_3_7_2_after_signing_in_one_is_led_to_our_pages_only() {
    let site = Site::public();
    for (next, place) in [
        ("/metrics", "/metrics"),
        ("/given-up", "/given-up"),
        ("/", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/sign-out", "/"),
        ("", "/"),
    ] {
        site.world.pass(std::time::Duration::from_mins(1));
        let mut browser = Browser::public(&site);
        let encoded = next.replace('/', "%2F").replace(':', "%3A").replace('\\', "%5C");
        let page = browser.get(&format!("/sign-in?next={encoded}")).await;
        assert!(!page.body.contains("evil"), "{next}");
        let token = form_token(&page.body);
        let fields = [("form_token", token.as_str()), ("token", TOKEN), ("next", &encoded)];
        assert_eq!(browser.post("/sign-in", &fields).await.header("location"), place, "{next}");
    }
}

#[tokio::test]
async fn asvs_15_3_3_fields_that_a_form_does_not_have_change_nothing() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    let subject = ("id", "281474976710656001");
    let fields = [("kind", "member"), subject, ("until", "0"), ("who", "everybody")];
    browser.act("/lift", &fields).await;
    let wrong = [
        [("kind", "everybody"), subject],
        [("kind", "member"), ("id", "-1")],
        [("kind", "member"), ("id", "1%3B2")],
    ];
    for fields in wrong {
        assert_eq!(browser.act("/lift", &fields).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(*site.bot.acts.lock().unwrap(), ["lift Member(281474976710656001)"]);
}

#[tokio::test]
async fn asvs_16_2_5_secrets_are_in_no_answer_and_in_no_debug() {
    let given = Given {
        public_url: PUBLIC_URL,
        dashboard_token: TOKEN,
        client_secret: CLIENT_SECRET,
        trusted_proxy: "",
    };
    let mut seen = format!("{:?}", Config::check("0.0.0.0:1".parse().unwrap(), &given).unwrap());
    let site = Site::public();
    let mut browser = Browser::signed_in(&site).await;
    for path in ["/", "/sign-in", "/metrics", "/readyz", "/nowhere", "/sign-in/discord"] {
        let answer = browser.get(path).await;
        seen += answer.header("location");
        seen += &answer.body;
    }
    seen += &browser.sign_in("wrong-token-wrong-token").await.body;
    let session = browser.cookies.get("__Host-muster").unwrap();
    for secret in [TOKEN, CLIENT_SECRET, session, "wrong-token-wrong-token"] {
        assert!(!seen.contains(secret), "{secret}");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn asvs_16_4_1_nobody_writes_lines_into_the_log_nor_secrets() {
    let log = Log::default();
    let kept = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || kept.clone());
    // With one subscriber alone, tracing asks other tests' threads, which have none, whether anybody
    // wants an event, and remembers their no.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let site = Site::public();
    let mut browser = Browser::signed_in(&site).await;
    browser.sign_in("forged%0AERROR+forged-forged").await;
    site.bot.change(|_| panic!("told to"));
    browser.get("/?a=%0AERROR%20forged").await;
    let request = Request::get("/metrics")
        .header("x-forwarded-for", "1.2.3.4\tERROR forged")
        .header("authorization", "Bearer forged");
    browser.send(request, Body::empty()).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a sign-in at the dashboard failed"), "{log}");
    assert!(log.contains("an answer panicked"), "{log}");
    assert!(!log.contains("forged") && !log.contains(TOKEN), "{log}");
}

#[tokio::test]
async fn asvs_16_5_1_errors_tell_their_number_and_nothing_of_the_inside() {
    let site = Site::local();
    site.bot.change(|_| panic!("a secret of the inside"));
    let failed = site.get("/", &[LOCAL]).await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(failed.body.contains(failed.header("x-request-id")), "{}", failed.body);
    assert!(!failed.body.contains("inside of") && !failed.body.contains("panic"));
    assert!(!failed.body.contains("a secret"), "{}", failed.body);
    let other = site.get("/", &[LOCAL]).await;
    assert_ne!(other.header("x-request-id"), failed.header("x-request-id"));
    for (path, status) in [("/nowhere", 404), ("/clean-up", 405), ("/assets/other.js", 404)] {
        let answer = site.get(path, &[LOCAL]).await;
        assert_eq!(answer.status.as_u16(), status);
        assert!(answer.body.contains(answer.header("x-request-id")), "{path}");
    }
    let script = site.get("/nowhere", &[LOCAL, ("accept", "application/json")]).await;
    assert!(script.body.starts_with(r#"{"message":"There is no such page.","#), "{}", script.body);
}

#[tokio::test(start_paused = true)]
async fn asvs_16_5_4_neither_panic_nor_silence_of_the_bot_is_the_end() {
    let site = Site::local();
    site.bot.change(|_| panic!("told to"));
    assert_eq!(site.get("/", &[LOCAL]).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(site.get("/healthz", &[LOCAL]).await.status, StatusCode::OK);
    site.bot.change(|_| ());
    site.bot.is_silent.store(true, Ordering::Relaxed);
    for path in ["/", "/metrics", "/readyz"] {
        let answer = site.get(path, &[LOCAL]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.body.contains("does not say how it is"), "{}", answer.body);
    }
    assert_eq!(site.get("/healthz", &[LOCAL]).await.status, StatusCode::OK);
    site.bot.is_silent.store(false, Ordering::Relaxed);
    assert_eq!(site.get("/", &[LOCAL]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_name_that_leads_here_from_elsewhere_is_not_served() {
    let site = Site::local();
    for host in ["127.0.0.1:8080", "localhost", "localhost:8080", "[::1]:8080"] {
        assert_eq!(site.get("/", &[("host", host)]).await.status, StatusCode::OK, "{host}");
    }
    for host in ["rebound.example:8080", "127.0.0.1.example", "localhost.example", "", "10.0.0.1"] {
        for path in ["/", "/metrics", "/live", "/sign-in"] {
            let answer = site.get(path, &[("host", host)]).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host} {path}");
        }
    }
    let public = Site::public();
    let answer = public.get("/sign-in", &[("host", "other.example")]).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    let probe = public.get("/healthz", &[("host", "10.1.2.3:8080")]).await;
    assert_eq!(probe.status, StatusCode::OK, "probes know the machine by its address");
}

#[tokio::test]
async fn a_proxy_before_an_open_page_is_refused() {
    let site = Site::local();
    for mark in ["x-forwarded-for", "forwarded", "via", "x-forwarded-proto"] {
        let answer = site.get("/", &[LOCAL, (mark, "198.51.100.7")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{mark}");
        assert!(answer.body.contains("PUBLIC_URL"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_body_beyond_what_fits_is_refused() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    let long = "a".repeat(20_000);
    let answer = browser.post("/clean-up", &[("form_token", &long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
