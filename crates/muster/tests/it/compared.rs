//! The figures of one moment beside those who know them, too: the simulated Discord, which counts by
//! itself, the kernel, the files and the database.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use muster_sim::ScriptedAnswer;

use crate::stage::{Stage, friday};
use crate::watched::{Figures, watched};

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
