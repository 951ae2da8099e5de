//! The figures of one moment beside those who know them, too: the simulated Discord, which counts by
//! itself, the kernel, the files and the database.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use muster_sim::{ScriptedAnswer, SimClock, SimConfig};
use serde_json::json;

use crate::stage::{Stage, friday};
use crate::watched::{Figures, watched, watched_on};

const REQUESTS: &str = "muster_rest_duration_measured";
const TAPS: &str = "muster_tap_duration_measured";

/// Size of the disk that holds a folder and what is free there, as coreutils say, in bytes.
fn disk_of(folder: &Path) -> (u64, u64) {
    let said = Command::new("stat").args(["-f", "-c", "%S %b %f %a"]).arg(folder).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let numbers: Vec<u64> = said.split_whitespace().map(|word| word.parse().unwrap()).collect();
    let [block, all, free, free_for_us] = numbers[..] else { panic!("{said}") };
    (block * (all - free + free_for_us), block * free_for_us)
}

/// Bytes that went over all interfaces but the loopback, in and out.
fn traffic() -> [u64; 2] {
    let text = std::fs::read_to_string("/proc/self/net/dev").unwrap();
    let counted = text.lines().filter_map(|line| line.trim().split_once(':'));
    let counted = counted.filter(|(name, _)| *name != "lo").map(|(_, rest)| {
        let numbers: Vec<u64> = rest.split_whitespace().map(|word| word.parse().unwrap()).collect();
        [numbers[0], numbers[8]]
    });
    counted.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]])
}

/// How often this process has a file open.
fn open_files(path: &Path) -> u64 {
    let all = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
    let targets = all.filter_map(|file| std::fs::read_link(file.path()).ok());
    targets.filter(|target| target == path).count().try_into().unwrap()
}

impl Stage {
    /// What a file of the database takes now.
    fn size_of(&self, suffix: &str) -> u64 {
        let mut name = self.database().into_os_string();
        name.push(suffix);
        std::fs::metadata(PathBuf::from(name)).unwrap().len()
    }

    fn requests(&self) -> u64 {
        self.sim.counts().requests.values().sum()
    }

    /// Three events, one of whose posts Discord lets wait, and four taps of three members.
    async fn is_used(&self) {
        let raid = self.event("Raid", "tomorrow 20:00").await;
        let chess = self.event("Chess", "tomorrow 21:00").await;
        let posts = format!("/channels/{}/messages", self.demo.events);
        let limited = ScriptedAnswer::limited_in_bucket(Duration::from_millis(50));
        self.sim.faults().answer_next(1, "POST", &posts, limited);
        self.event("Walk", "tomorrow 10:00").await;
        for (who, post, label) in [
            (self.zofia(), raid, "Yes"),
            (self.zofia(), raid, "No"),
            (self.mikko(), raid, "Yes"),
            (self.bea(), chess, "Maybe"),
        ] {
            assert!(who.taps(post, label).await.is_update());
        }
    }
}

#[tokio::test]
async fn each_figure_is_what_its_independent_source_says() {
    let began = Instant::now();
    let stage = watched(|_| {}).await;
    let started = Instant::now();
    let before = traffic();
    stage.is_used().await;
    let all_came = |all: &Figures| all.of(REQUESTS) == stage.requests() && all.of(TAPS) == 4;
    stage.until_figures("all is measured", all_came).await;
    let open = open_files(&stage.database());
    let least = started.elapsed().as_secs();
    let figures = stage.figures().await;

    let counts = stage.sim.counts();
    assert_eq!(counts.answered_with(429), 1);
    let invalid = [401, 403, 429].map(|status| counts.answered_with(status)).iter().sum();
    let now = u64::try_from(friday().as_second()).unwrap();
    let due = "SELECT count(*) FROM delivery WHERE ended_at IS NULL AND due_at <= ";
    let tapped = "SELECT count(DISTINCT event) FROM signup";
    let next = "
        SELECT min(at) FROM (SELECT ready_at AS at FROM delivery WHERE ended_at IS NULL
          UNION ALL SELECT next_turn_at FROM event UNION ALL SELECT nudge_at FROM guild)";
    for (name, known) in [
        (REQUESTS, stage.requests()),
        ("muster_rest_rate_limited_total", counts.answered_with(429)),
        ("muster_rest_invalid_recent", invalid),
        ("muster_interactions_recent", counts.interactions),
        ("muster_command_duration_measured{command=\"event create\"}", 3),
        ("muster_answer_errors_total", counts.missed),
        ("muster_members_recent", 4),
        ("muster_shards{state=\"live\"}", counts.identifies),
        ("muster_shard_last_event_timestamp_seconds{shard=\"0\"}", now),
        ("muster_database_connections", open),
        ("muster_database_schema", stage.counts("SELECT max(number) FROM migration")),
        ("muster_cache_entries{kind=\"rosters\"}", stage.counts(tapped)),
        ("muster_deliveries_due", stage.counts(&format!("{due}{}", now * 1_000))),
        ("muster_delivery_next_timestamp_seconds", stage.counts(next) / 1_000),
    ] {
        assert_eq!(figures.of(name), known, "{name}");
    }
    let up = figures.of("muster_uptime_seconds");
    let most = began.elapsed().as_secs() + 1;
    assert!((least..=most).contains(&up), "{up} s, but {least} to {most}");
    // Quotas may leave a part of a core, which one rounds and the other cuts off.
    let cores = u64::try_from(std::thread::available_parallelism().unwrap().get()).unwrap();
    assert!(figures.of("muster_cpu_cores").abs_diff(cores) <= 1, "{cores} cores");
    let after = traffic();
    for (name, way) in [("received", 0), ("sent", 1)] {
        let shown = figures.of(&format!("muster_network_{name}_bytes_total"));
        assert!((before[way]..=after[way]).contains(&shown), "{shown} bytes {name}");
    }
    stage.ends().await;
}

#[tokio::test]
async fn how_long_a_heartbeat_takes_is_known_of_each_shard() {
    let config = SimConfig {
        clock: SimClock::standing(friday()),
        heartbeat_interval: Duration::from_secs(1),
        ..SimConfig::default()
    };
    let began = Instant::now();
    let stage = watched_on(Stage::on(config).await, |_| {}).await;
    let latency = "muster_shard_latency_seconds{shard=\"0\"}";
    stage.until_figures("a heartbeat", |all| all.exact(latency).is_some()).await;
    assert!(stage.sim.counts().heartbeats > 0);
    let took = stage.figures().await.exact(latency).unwrap();
    assert!(took > 0.0 && took < began.elapsed().as_secs_f64(), "{took} s");
    stage.ends().await;
}

#[tokio::test]
async fn what_is_late_lost_or_held_up_is_in_a_figure() {
    let stage = watched(|stage| (stage.may_miss, stage.may_refuse) = (true, true)).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.event("Chess", "tomorrow 21:00").await;

    let refused = json!({"code": 50_035, "message": "Invalid Form Body"});
    let late = json!({"code": 10_062, "message": "Unknown interaction"});
    for (status, body) in [(400, refused), (404, late)] {
        let answer = ScriptedAnswer::status(status, body);
        stage.sim.faults().answer_next(1, "POST", "/interactions/", answer);
        stage.zofia().taps(raid, "Yes").await;
    }
    let (errors, too_late) = ("muster_answer_errors_total", "muster_answers_too_late_total");
    let is_counted = |all: &Figures| (all.of(errors), all.of(too_late)) == (1, 1);
    stage.until_figures("one failed, one came late", is_counted).await;

    let held = Duration::from_millis(1_500);
    let depth = |queue: &str| format!("muster_queue_depth{{queue=\"{queue}\"}}");
    let in_hand = depth("interactions in hand");
    stage.sim.faults().answer_next(1, "POST", "/interactions/", ScriptedAnswer::delay(held));
    let is_in_hand = stage.until_figures("in hand", |all| all.of(&in_hand) == 1);
    let bea = stage.bea();
    tokio::join!(bea.taps(raid, "Yes"), is_in_hand);
    stage.until_figures("none is in hand", |all| all.of(&in_hand) == 0).await;

    let posts = format!("/channels/{}/messages", stage.demo.events);
    let limited = ScriptedAnswer::limited_in_bucket(held);
    stage.sim.faults().answer_next(1, "PATCH", &posts, limited);
    let (requests, to_edit) = (depth("requests"), depth("posts to edit"));
    for event in ["Raid", "Chess"] {
        stage.joao().runs("event close", json!({"event": event})).await;
    }
    let wait = |all: &Figures| all.of(&requests) > 0 && all.of(&to_edit) > 0;
    stage.until_figures("a request and a post wait", wait).await;
    let longest = "muster_rest_wait_seconds{stat=\"max\"}";
    let waited = |all: &Figures| all.exact(longest).is_some_and(|max| max > 1.0);
    stage.until_figures("the wait is measured", waited).await;
    assert_eq!(stage.sim.counts().answered_with(429), 1);
    stage.ends().await;
}

#[tokio::test]
async fn how_late_a_reminder_is_taken_is_measured_from_when_it_was_due() {
    let mut stage = watched(|_| {}).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    let measured = "muster_reminder_lag_measured";
    assert_eq!(stage.figures().await.of(measured), 0);
    // It is due at 16:00, and the bot comes back at 16:02.
    stage.stops().await;
    stage.passes(21 * 60 + 2).await;
    stage.starts().await;
    stage.until_figures("one is taken", |all| all.of(measured) == 1).await;
    assert_eq!(stage.reminded(1).await.len(), 1);
    let lag = stage.figures().await.of("muster_reminder_lag_seconds{stat=\"max\"}");
    assert!((120..180).contains(&lag), "{lag} s");
    stage.ends().await;
}

#[tokio::test]
async fn room_and_files_are_what_the_file_system_says() {
    const NEAR: u64 = 32 << 20;
    let stage = watched(|_| {}).await;
    stage.is_used().await;
    let (size, _) = disk_of(&stage.folder());
    assert_eq!(stage.figures().await.of("muster_disk_size_bytes"), size);
    // Others use the same disk meanwhile.
    let free = |all: &Figures| all.of("muster_disk_free_bytes");
    let is_near = |all: &Figures| free(all).abs_diff(disk_of(&stage.folder()).1) < NEAR;
    stage.until_figures("what is free", is_near).await;
    let log = "muster_database_file_bytes{file=\"log\"}";
    stage.until_figures("the log", |all| all.of(log) == stage.size_of("-wal")).await;
    let taken = || ["", "-wal", "-shm"].map(|suffix| stage.size_of(suffix)).iter().sum::<u64>();
    let shown = "muster_disk_used_bytes{kind=\"database\"}";
    stage.until_figures("what the database takes", |all| all.of(shown) == taken()).await;
    stage.ends().await;
}
