//! What the dashboard shows, and what can be done there.

use std::time::Duration;

use axum::http::StatusCode;
use http_body_util::BodyExt as _;
use muster_vitals::settings::AlertThresholds;
use muster_vitals::snapshot::{
    CacheHour, CacheKind, LimitSource, Resource, ShardState, Snapshot, TaskKind,
};

use crate::browser::{Browser, form_token};
use crate::site::{Answer, Site, get};

const LOCAL: (&str, &str) = ("host", "127.0.0.1:8080");

async fn page(site: &Site) -> String {
    site.get("/", &[LOCAL]).await.body
}

/// The words of a page without its tags.
pub(crate) fn words(html: &str) -> String {
    let text: String = html
        .split('<')
        .filter_map(|rest| rest.split_once('>'))
        .fold(String::new(), |text, (_, words)| text + words + " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn calm(snapshot: &mut Snapshot) {
    snapshot.alerts.clear();
    snapshot.backups.failing_since = None;
    snapshot.memory.level = muster_vitals::snapshot::PressureLevel::Low;
    for shard in &mut snapshot.discord.shards {
        shard.state = ShardState::Live;
    }
}

#[tokio::test]
async fn the_verdict_names_each_cause_and_what_to_do() {
    let site = Site::local();
    let shown = words(&page(&site).await);
    for sentence in [
        "Something needs doing now",
        "Shard 1 is connecting. It tries again by itself.",
        "Disk is at 82 %, above 80 %, for 1 h 31 min. Free space",
        "above 70 %, for 12 min. Clean up now",
        "Memory trend is at +16.2 MiB an hour",
        "The database could not be backed up for 30 min. Make room",
    ] {
        assert!(shown.contains(sentence), "{sentence} in {shown}");
    }
    site.bot.change(|snapshot| {
        let memory = snapshot.alerts.iter_mut().find(|one| one.resource == Resource::Memory);
        memory.unwrap().value = 66.0;
    });
    let shown = words(&page(&site).await);
    for sentence in
        ["Memory began above 70 %, now 66 %, for 12 min.", "Memory began above 70 %, now 66 % for"]
    {
        assert!(shown.contains(sentence), "{sentence} in {shown}");
    }
    site.bot.change(calm);
    let shown = words(&page(&site).await);
    assert!(shown.contains("All is well Every shard is connected"), "{shown}");
    site.bot.change(|snapshot| {
        calm(snapshot);
        snapshot.database.writable = false;
    });
    let shown = words(&page(&site).await);
    assert!(shown.contains("The database takes no writes. Nobody can answer."), "{shown}");
}

#[tokio::test]
async fn a_limit_that_is_only_the_machines_is_told_where_memory_is_shown() {
    let site = Site::local();
    site.bot.change(|snapshot| snapshot.memory.source = LimitSource::Machine);
    let shown = words(&page(&site).await);
    assert!(shown.contains("of 1.25 GiB, the whole machine"), "{shown}");
    assert!(shown.contains("limit set by the whole machine"), "{shown}");
}

#[tokio::test]
async fn figures_are_judged_by_the_targets_of_the_commands_and_what_was_not_measured_by_none() {
    let site = Site::local();
    let judged = |taps: Duration, count: u64| {
        site.bot.change(move |snapshot| {
            snapshot.answers.taps.p99 = taps;
            snapshot.answers.taps.count = count;
        });
    };
    for (p99_ms, count, said) in [
        (250, 7, "within its target: taps target p99 ≤ 250 ms"),
        (251, 7, "above its target: taps target p99 ≤ 250 ms"),
        (3_001, 7, "far above its target: taps target p99 ≤ 250 ms"),
        (0, 0, "not measured: taps target p99 ≤ 250 ms"),
    ] {
        judged(Duration::from_millis(p99_ms), count);
        let shown = words(&page(&site).await);
        assert!(shown.contains(said), "{said} in {shown}");
    }
    let shown = words(&page(&site).await);
    for target in ["found, target 95 %", "succeeded, target 99.9 %", "target p95 ≤ 500 ms"] {
        assert!(shown.contains(target), "{target} in {shown}");
    }
}

#[tokio::test]
async fn cache_and_tasks_are_judged_by_their_last_hour_and_tasks_by_the_kind_that_does_worst() {
    let site = Site::local();
    site.bot.change(|snapshot| {
        let last_hour = CacheHour { hits: 50, misses: 150, evicted: 0, reclaimed: 0 };
        snapshot.cache.truncate(1);
        snapshot.cache[0] = CacheKind { hits: 1_000_000, last_hour, ..snapshot.cache[0] };
        let often = snapshot.tasks.kinds[0];
        let mut rare = TaskKind { name: "upkeep", failed_last_hour: 4, ..often };
        rare.took.count = 4;
        snapshot.tasks.kinds = vec![often, rare];
    });
    let shown = words(&page(&site).await);
    for said in ["25 % found, target 95 %", "0 % of upkeep succeeded, target 99.9 %"] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
}

#[tokio::test]
async fn where_nobody_watches_resources_it_is_said_and_no_figure_stands_there() {
    let site = Site::local();
    site.bot.change(|snapshot| {
        calm(snapshot);
        snapshot.unmonitored = true;
    });
    let shown = words(&page(&site).await);
    let said = shown.matches("ENABLE_RESOURCE_MONITORING is off").count();
    assert_eq!(said, 6, "verdict, two figures, alerts, history, storage: {shown}");
    assert!(!shown.contains("No alert is on") && !shown.contains("free on the disk"), "{shown}");
    let metrics = site.get("/metrics", &[LOCAL]).await.body;
    for name in ["muster_cpu_ratio", "muster_disk_", "muster_network_", "resource=\"memory"] {
        assert!(!metrics.contains(name), "{name}");
    }
    assert!(metrics.contains("muster_alert_active{resource=\"backups\",level=\"warning\"} 0"));
}

#[tokio::test]
async fn everything_that_a_snapshot_holds_is_on_the_page() {
    let shown = words(&page(&Site::local()).await);
    for figure in [
        "limit 1.25 GiB limit set by control group v2",
        "put off under pressure 1",
        "results reused 92 %",
        "failed in the last hour 4",
        "event create",
        "SCAN signup · SEARCH event USING INTEGER PRIMARY KEY",
        "database pages",
        "Server 281474976710656900 for access across servers, 50 min left",
        "Rate limit burst: 50 within 10 min block a member for 15 min",
        "backups fail",
        "Look into what grows",
        "DISK_BUDGET_MB 1024",
        "answers with 429 3",
        "gateway events",
        "broken channels 2",
        "recovered",
        "dropped as idle 8,411",
    ] {
        assert!(shown.contains(figure), "{figure} in {shown}");
    }
}

#[tokio::test]
async fn a_bot_that_has_just_started_is_shown_too() {
    let site = Site::local();
    site.bot.change(|snapshot| *snapshot = Snapshot::default());
    let shown = words(&page(&site).await);
    assert!(shown.contains("No shard is connected yet."), "{shown}");
    assert!(shown.contains("No samples yet."), "{shown}");
    assert!(!shown.contains("NaN") && !shown.contains("inf "), "{shown}");
}

#[tokio::test]
async fn charts_have_words_and_statuses_have_shapes() {
    let page = page(&Site::local()).await;
    assert_eq!(page.matches("role=\"img\"").count(), 10, "five charts, each for two times");
    let tags = page.matches("<span class=\"tag ").count();
    assert!(tags > 10);
    for tag in page.split("<span class=\"tag ").skip(1) {
        let (_, after) = tag.split_once('>').unwrap();
        assert!(after.starts_with("<svg class=\"mark"), "{after:.80}");
    }
}

async fn act(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> (Answer, String) {
    let answer = browser.act(path, fields).await;
    let shown = words(&browser.get("/").await.body);
    (answer, shown)
}

#[tokio::test]
async fn a_clean_up_leads_back_to_where_it_says_what_it_did() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    let (answer, shown) = act(&mut browser, "/clean-up", &[]).await;
    assert_eq!(answer.header("location"), "/#memory");
    assert!(shown.contains("Just now: Clean-up gave 4.0 MiB back to the system in 12 ms"));
    assert!(shown.contains("24.0 MiB before, 20.0 MiB after (cache 1.3 MiB, statements 215 KiB"));
    let (answer, _) = act(&mut browser, "/clean-up", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("the next is possible in"), "{}", answer.body);
}

#[tokio::test]
async fn a_lifted_block_is_gone() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    let fields = [("kind", "guild"), ("id", "281474976710656900")];
    let (answer, shown) = act(&mut browser, "/lift", &fields).await;
    assert_eq!(answer.header("location"), "/#security");
    assert!(!shown.contains("Server 281474976710656900"), "{shown}");
    assert!(shown.contains("Member 281474976710656001 for rate limit burst"), "{shown}");
}

#[tokio::test]
async fn the_script_is_told_in_words_what_happened() {
    let site = Site::local();
    let mut browser = Browser::local(&site);
    let token = form_token(&browser.get("/").await.body);
    let request = axum::http::Request::post("/lift")
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded");
    let body = format!("form_token={token}&kind=member&id=281474976710656001");
    let answer = browser.send(request, body.into()).await;
    assert_eq!(answer.body, r#"{"message":"Member 281474976710656001 is unblocked."}"#);
}

#[tokio::test]
async fn shares_are_judged_by_the_thresholds_in_force() {
    let site = Site::local();
    site.bot.change(|snapshot| {
        snapshot.cpu.percent = 42.0;
        snapshot.thresholds.cpu =
            AlertThresholds { info: Some(11), warning: 41, critical: 43, emergency: 97 };
        snapshot.thresholds.memory = [13, 17, 19];
    });
    let page = page(&site).await;
    for level in [11, 41, 43, 97, 13, 17, 19] {
        assert!(page.contains(&format!("x1=\"{level}\"")), "{level}");
    }
    assert!(!page.contains("x1=\"70\""), "nor others");
    let (_, processor) = page.split_once(">Processor<").unwrap();
    let (_, meter) = processor.split_once("class=\"meter ").unwrap();
    assert!(meter.starts_with("warn"), "{}", &meter[..20]);
}

#[tokio::test]
async fn files_keep_for_ever_as_their_names_change_with_them() {
    let site = Site::local();
    let page = page(&site).await;
    let names: Vec<_> = page
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    for name in names {
        let file = site.get(name, &[LOCAL]).await;
        assert_eq!(file.status, StatusCode::OK, "{name}");
        assert!(file.header("cache-control").contains("immutable"));
        assert!(!file.header("content-type").contains("html"));
    }
}

#[tokio::test]
async fn the_chosen_colours_are_there_from_the_first_paint() {
    let site = Site::local();
    for (cookie, theme) in
        [("muster-theme=dark", "dark"), ("a=b; muster-theme=light", "light"), ("", "system")]
    {
        let page = site.get("/", &[LOCAL, ("cookie", cookie)]).await.body;
        assert!(page.contains(&format!("data-theme=\"{theme}\"")), "{cookie}");
    }
    let forged = site.get("/", &[LOCAL, ("cookie", "muster-theme=x\"><script>")]).await.body;
    assert!(forged.contains("data-theme=\"system\""));
}

#[tokio::test(start_paused = true)]
async fn an_open_page_gets_all_parts_then_what_changed_and_nothing_after_it_closed() {
    let site = Site::local();
    let mut response = site.begin(get("/live", &[LOCAL])).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    while text.matches("event: parts").count() < 2 {
        let frame = response.body_mut().frame().await.unwrap().unwrap();
        text += std::str::from_utf8(frame.data_ref().unwrap()).unwrap();
        site.world.pass(Duration::from_secs(20));
    }
    let events: Vec<serde_json::Value> = text
        .split("data: ")
        .skip(1)
        .map(|event| serde_json::from_str(event.lines().next().unwrap()).unwrap())
        .collect();
    assert_eq!(events[0].as_object().unwrap().len(), 16, "all parts at first");
    assert!(events[0]["verdict"].as_str().unwrap().contains("Something needs doing now"));
    let changed = events[1].as_object().unwrap();
    assert!(changed.contains_key("alerts") && !changed.contains_key("settings"), "{changed:?}");
}

#[tokio::test(start_paused = true)]
async fn the_stream_ends_with_its_session() {
    let site = Site::public();
    let mut browser = Browser::signed_in(&site).await;
    let cookie = format!("__Host-muster={}", browser.cookies["__Host-muster"]);
    let request = get("/live", &[("host", "muster.example"), ("cookie", &cookie)]);
    let mut response = site.begin(request).await;
    let first = response.body_mut().frame().await;
    assert!(first.is_some());
    assert!(response.body_mut().frame().await.is_some(), "it is followed");
    browser.act("/sign-out", &[]).await;
    let mut after = 0;
    while response.body_mut().frame().await.is_some() {
        after += 1;
    }
    // What was on its way when the session ended, no more.
    assert!(after <= 1, "{after}");
}

#[tokio::test(start_paused = true)]
async fn a_look_that_panics_does_not_end_the_stream() {
    let site = Site::local();
    site.bot.change(|_| panic!("told to"));
    let mut response = site.begin(get("/live", &[LOCAL])).await;
    assert!(response.body_mut().frame().await.is_some(), "the stream has begun");
    tokio::task::yield_now().await;
    site.bot.change(calm);
    let frame = response.body_mut().frame().await.unwrap().unwrap();
    let text = std::str::from_utf8(frame.data_ref().unwrap()).unwrap();
    assert!(text.contains("All is well"), "{text:.200}");
}

#[tokio::test]
async fn too_many_open_pages_are_refused_in_words() {
    let site = Site::local();
    let mut open = Vec::new();
    for _ in 0..16 {
        let response = site.begin(get("/live", &[LOCAL])).await;
        assert_eq!(response.status(), StatusCode::OK);
        open.push(response);
    }
    let refused = site.get("/live", &[LOCAL]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.body.contains("Close one of them"), "{}", refused.body);
}

#[tokio::test]
async fn it_is_ready_when_every_shard_is_connected_and_the_database_takes_writes() {
    let site = Site::local();
    let not = site.get("/readyz", &[]).await;
    assert_eq!(not.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(not.body, "not ready: shard 1 is connecting\n");
    site.bot.change(calm);
    site.world.pass(Duration::from_millis(999));
    let not = site.get("/readyz", &[]).await;
    assert_eq!(not.status, StatusCode::SERVICE_UNAVAILABLE, "as of a moment ago");
    site.world.pass(Duration::from_millis(1));
    let ready = site.get("/readyz", &[]).await;
    assert_eq!((ready.status, ready.body.as_str()), (StatusCode::OK, "ready\n"));
    site.bot.change(|snapshot| {
        calm(snapshot);
        snapshot.database.writable = false;
    });
    site.world.pass(Duration::from_secs(1));
    let not = site.get("/readyz", &[]).await;
    assert_eq!(not.body, "not ready: the database takes no writes\n");
    assert_eq!(site.get("/healthz", &[]).await.body, "alive\n", "alive all the same");
}
