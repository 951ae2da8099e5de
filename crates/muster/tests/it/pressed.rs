//! A bot in a small box that fills and empties: what it lets go of, what waits, what goes on, and
//! who hears of it. The kernel's files are made up, so that the box has what size a story wants.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use muster::AlertTargets;
use muster_discord::outside::Address;
use muster_domain::id::ChannelId;
use muster_sim::ScriptedAnswer;
use muster_sim::ids::{MessageId, UserId};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::stage::{PATIENCE, Stage};
use crate::watched::{Figures, watched};

const MIB: u64 = 1 << 20;

const LEVEL: &str = "muster_memory_pressure{level=";

/// A control group with 64 MiB, as the kernel tells of it.
struct SmallBox(PathBuf);

impl SmallBox {
    /// Version 2, in the folder of a story.
    fn in_folder_of(stage: &Stage) -> Self {
        let root = stage.folder().join("kernel");
        let small = Self(root);
        small.write("proc/self/cgroup", "0::/\n");
        small.write("proc/self/status", "VmRSS:\t 20480 kB\nRssAnon:\t 10240 kB\n");
        small.write("proc/meminfo", "MemTotal: 2097152 kB\nMemAvailable: 1048576 kB\n");
        small.write("sys/fs/cgroup/cgroup.controllers", "memory\n");
        small.write("sys/fs/cgroup/memory.max", &(64 * MIB).to_string());
        small.holds(20);
        small
    }

    /// So many mebibytes are in use, beside files that the kernel would drop.
    fn holds(&self, mib: u64) {
        let dropped = 3 * MIB;
        self.write("sys/fs/cgroup/memory.stat", &format!("inactive_file {dropped}\n"));
        self.write("sys/fs/cgroup/memory.current", &(mib * MIB + dropped).to_string());
    }

    /// Written beside and renamed, so that nobody reads half of it.
    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let beside = path.with_extension("new");
        std::fs::write(&beside, text).unwrap();
        std::fs::rename(beside, path).unwrap();
    }
}

/// Takes what is sent to a webhook, after it has answered so often that it cannot.
async fn webhook(mut cannot: usize) -> (Address, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let taken = Arc::<Mutex<Vec<Value>>>::default();
    let heard = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut text = String::new();
            // A request is whole when its body ends, which is one object.
            while !text.ends_with('}') {
                let mut bytes = [0; 2_048];
                let length = stream.read(&mut bytes).await.unwrap();
                text.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
            }
            if cannot > 0 {
                cannot -= 1;
                let answer = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                stream.write_all(answer).await.unwrap();
                continue;
            }
            let body = text.split_once("\r\n\r\n").unwrap().1;
            heard.lock().unwrap().push(serde_json::from_str(body).unwrap());
            let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
            stream.write_all(answer).await.unwrap();
        }
    });
    (Address::parse(&address).unwrap(), taken)
}

/// A bot in the box, whose alerts also go to the first club's channel for all and to a webhook.
async fn boxed() -> (Stage, SmallBox, Arc<Mutex<Vec<Value>>>) {
    boxed_beside(webhook(0).await).await
}

async fn boxed_beside(
    (address, heard): (Address, Arc<Mutex<Vec<Value>>>),
) -> (Stage, SmallBox, Arc<Mutex<Vec<Value>>>) {
    let mut small = None;
    let stage = watched(|stage| {
        let files = SmallBox::in_folder_of(stage);
        stage.kernel.clone_from(&files.0);
        stage.alerts = AlertTargets {
            channel: Some(ChannelId::new(stage.demo.general.get())),
            webhook: Some(address),
            again: vec![std::time::Duration::from_millis(200); 3],
        };
        small = Some(files);
    })
    .await;
    (stage, small.unwrap(), heard)
}

impl Stage {
    /// What the bot wrote about memory in the channel for all.
    fn alarms_for_all(&self) -> Vec<String> {
        let all = self.messages(self.demo.general);
        all.into_iter().map(|one| one.content).filter(|text| text.contains("Memory")).collect()
    }

    /// What the bot wrote about memory to its owner.
    fn alarms_for_owner(&self) -> Vec<String> {
        let bot = UserId::new(self.demo.app.get());
        self.sim.world(|world| {
            let to_owner = world.dms_of(bot).filter(|dm| dm.recipients.contains(&self.demo.owner));
            let all = to_owner.flat_map(|dm| dm.messages.values());
            let all = all.map(|one| one.content.clone());
            all.filter(|text| text.contains("**Memory")).collect()
        })
    }

    async fn until_heard(&self, heard: &Mutex<Vec<Value>>, count: usize) {
        let all = async {
            while heard.lock().unwrap().len() < count
                || self.alarms_for_all().len() < count
                || self.alarms_for_owner().len() < count
            {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, all).await;
        assert!(waited.is_ok(), "{count} in {:?}", heard.lock().unwrap());
    }

    async fn until_level(&self, level: &str) {
        let name = format!("{LEVEL}\"{level}\"}}");
        self.until_figures(level, |figures| figures.of(&name) == 1).await;
    }

    async fn answers(&self, post: MessageId) {
        self.zofia().taps(post, "Yes").await;
        self.zofia().taps(post, "No").await;
        self.shows(post, "No: Zofia").await;
    }
}

#[tokio::test]
async fn alerts_are_told_once_to_the_owner_in_a_channel_and_to_a_webhook_and_so_is_their_end() {
    let (stage, small, heard) = boxed().await;
    small.holds(50);
    stage.until_heard(&heard, 1).await;
    small.holds(62);
    stage.until_heard(&heard, 2).await;
    let panel = stage.ada().runs("system_health", json!({})).await;
    panel.says("🔴 Critical").says("**memory emergency** 96.8 %, threshold 95 %");
    stage.until_level("critical").await;
    small.holds(20);
    stage.until_heard(&heard, 3).await;
    // Long enough for many more samples, each of which could tell it again.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let told = stage.alarms_for_owner();
    assert_eq!(told, stage.alarms_for_all());
    assert!(told[0].starts_with("⚠️ **Memory: warning** at 78 % (from 70 %)."), "{told:?}");
    assert!(told[1].starts_with("🚨 **Memory: emergency** at 97 % (from 95 %)."), "{told:?}");
    assert!(told[2].starts_with("✅ **Memory: well again** at 31 %"), "{told:?}");
    let heard = heard.lock().unwrap().clone();
    let levels: Vec<_> = heard.iter().map(|one| one["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["warning", "emergency", "recovered"]);
    assert_eq!(heard.iter().map(|one| one["content"].as_str().unwrap()).collect::<Vec<_>>(), told);
    stage.ends().await;
}

#[tokio::test]
async fn an_alert_that_lasts_is_told_once_over_restarts_and_its_end_is_told() {
    let (mut stage, small, heard) = boxed().await;
    let remembered = async |stage: &Stage, level: u8| {
        let kept = "SELECT count(*) FROM alert_told WHERE resource = 'memory' AND level = ";
        let kept = format!("{kept}{level}");
        stage.until_figures("it is kept", |_| stage.counts(&kept) == 1).await;
    };
    small.holds(62);
    stage.until_heard(&heard, 1).await;
    remembered(&stage, 4).await;
    for _ in 0..3 {
        stage.restarts().await;
        stage.until_level("critical").await;
    }
    stage.stops().await;
    small.holds(20);
    stage.starts().await;
    stage.until_heard(&heard, 2).await;
    remembered(&stage, 0).await;
    stage.restarts().await;
    stage.until_level("low").await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let levels: Vec<_> =
        heard.lock().unwrap().iter().map(|one| one["level"].as_str().unwrap().to_owned()).collect();
    assert_eq!(levels, ["emergency", "recovered"]);
    assert_eq!(stage.alarms_for_owner().len(), 2);
    stage.ends().await;
}

#[tokio::test]
async fn a_webhook_that_is_away_hears_of_an_alert_when_it_is_back_and_of_none_that_is_over() {
    let (stage, small, heard) = boxed_beside(webhook(2).await).await;
    small.holds(62);
    while stage.alarms_for_owner().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(heard.lock().unwrap().is_empty());
    stage.until_heard(&heard, 1).await;
    small.holds(20);
    stage.until_heard(&heard, 2).await;
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    let levels: Vec<_> =
        heard.lock().unwrap().iter().map(|one| one["level"].as_str().unwrap().to_owned()).collect();
    assert_eq!(levels, ["emergency", "recovered"]);
    stage.ends().await;
}

#[tokio::test]
async fn an_alert_that_nobody_took_is_told_again_also_by_the_next_process() {
    let mut small = None;
    let mut stage = watched(|stage| {
        let files = SmallBox::in_folder_of(stage);
        stage.kernel.clone_from(&files.0);
        stage.alerts.again = vec![std::time::Duration::from_millis(100); 2];
        stage.may_refuse = true;
        small = Some(files);
    })
    .await;
    // As by an owner who takes no messages: three times by this process, once by the next.
    let refused = ScriptedAnswer::status(403, json!({"code": 50_007, "message": "Cannot send"}));
    stage.sim.faults().answer_next(4, "POST", "/users/@me/channels", refused);
    let before = stage.sim.counts().answered_with(403);
    small.unwrap().holds(62);
    let refusals = async |stage: &Stage, count: u64| {
        let all = async {
            while stage.sim.counts().answered_with(403) < before + count {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, all).await.expect("it is told again");
    };
    refusals(&stage, 3).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(stage.sim.counts().answered_with(403), before + 3, "and not for ever");
    let kept = "SELECT count(*) FROM alert_told WHERE resource = 'memory' AND level = 4";
    assert_eq!(stage.counts(kept), 0);
    stage.restarts().await;
    refusals(&stage, 4).await;
    stage.until_figures("it is kept", |_| stage.counts(kept) == 1).await;
    assert_eq!(stage.alarms_for_owner().len(), 1);
    stage.ends().await;
}

#[tokio::test]
async fn when_the_box_fills_caches_go_what_can_wait_waits_and_members_notice_nothing() {
    let (mut stage, small, _) = boxed().await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.answers(raid).await;
    let cached = |figures: &Figures| figures.sum("muster_cache_entries");
    let runs = |figures: &Figures| figures.of("muster_memory_optimizer_runs_total");
    let lives = "muster_cache_lifetime_seconds{kind=\"guild settings\"}";
    stage.until_level("low").await;
    let calm = stage.figures().await;
    assert!(cached(&calm) > 0 && runs(&calm) == 0 && calm.of(lives) == 30 * 60);

    small.holds(62);
    stage.until_level("critical").await;
    stage.until_figures("the cache goes", |all| runs(all) > 0 && cached(all) == 0).await;
    stage.until_figures("what is kept lives shorter", |all| all.of(lives) == 30 * 60 / 8).await;
    let reclaimers = ["cache", "database pages and statements", "allocator"];
    let figures = stage.figures().await;
    for name in reclaimers {
        let runs = figures.of(&format!("muster_reclaimer_runs_total{{reclaimer=\"{name}\"}}"));
        assert!(runs > 0, "{name} ran");
    }

    // A guild that removed the bot long ago is deleted by work that can wait.
    let bot = UserId::new(stage.demo.app.get());
    stage.sim.world(|world| world.kick(stage.demo.second_guild, bot));
    stage.until_figures("it is gone", |figures| figures.of("muster_guilds") == 1).await;
    stage.passes(22 * 24 * 60).await;
    stage.restarts().await;
    stage.until_figures("upkeep waits", |all| all.of("muster_tasks_deferred") == 1).await;
    let guilds = "SELECT count(*) FROM guild";
    assert_eq!(stage.counts(guilds), 2);
    let chess = stage.event("Chess", "tomorrow 20:00").await;
    stage.answers(chess).await;

    small.holds(20);
    stage.until_level("low").await;
    let done = "muster_tasks_total{task=\"upkeep\",outcome=\"succeeded\"}";
    stage.until_figures("upkeep goes on", |figures| figures.of(done) > 0).await;
    stage.until_figures("nothing waits", |all| all.of("muster_tasks_deferred") == 0).await;
    stage.until_figures("all lives as before", |all| all.of(lives) == 30 * 60).await;
    let memory = stage.ada().runs("memory_optimization", json!({})).await;
    memory.says("20 MiB** of 64 MiB").says("Limit by control group v2").says("Headroom 44 MiB");
    stage.ends().await;
}

#[tokio::test]
async fn where_the_operator_wants_it_so_nothing_is_let_go_of_by_itself() {
    let mut small = None;
    let stage = watched(|stage| {
        let files = SmallBox::in_folder_of(stage);
        stage.kernel.clone_from(&files.0);
        stage.vitals.memory.enabled = false;
        small = Some(files);
    })
    .await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.answers(raid).await;
    small.unwrap().holds(62);
    stage.until_level("critical").await;
    let figures = stage.figures().await;
    assert_eq!(figures.of("muster_memory_optimizer_runs_total"), 0);
    assert!(figures.sum("muster_cache_entries") > 0);
    stage.ends().await;
}

#[tokio::test]
async fn results_that_are_too_old_are_let_go_of_though_nobody_asks_for_them() {
    let stage = watched(|stage| {
        stage.vitals.database.results_kept = std::time::Duration::from_millis(300);
        stage.vitals.cache.cleanup_every = std::time::Duration::from_millis(100);
    })
    .await;
    stage.event("Raid", "tomorrow 20:00").await;
    let kept = "muster_cache_entries{kind=\"guild settings\"}";
    let expired = "muster_cache_expired_total{kind=\"guild settings\"}";
    stage.until_figures("they go", |all| all.of(kept) == 0 && all.of(expired) > 0).await;
    stage.ends().await;
}
