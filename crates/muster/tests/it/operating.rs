//! What who runs the bot sees of it and does to it, and that nobody else does.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use muster_sim::Answer;
use muster_sim::ids::{ChannelId, UserId};
use muster_vitals::snapshot::{
    Blocked, Cpu, DiscordLink, Memory, PressureLevel, Reclaimed, Sample, SecurityKind, Shard,
    ShardState, Snapshot, Subject,
};
use muster_vitals::watched::{CleanUp, CoolingDown, Soon, Watched};
use serde_json::json;

use crate::people::{Person, Seen};
use crate::stage::{Stage, friday};

const MIB: u64 = 1 << 20;

const FIVE: [&str; 5] = [
    "system_health",
    "performance_metrics",
    "memory_optimization",
    "force_cleanup",
    "security_status",
];

/// A running bot as a story wants it to be.
struct Vitals {
    known: Mutex<Snapshot>,
    /// For how long a clean-up is waited for.
    cleaning: Mutex<Duration>,
    /// Whether the last clean-up was a moment ago.
    cooling: Mutex<bool>,
    noted: Mutex<Vec<(SecurityKind, u64, Option<u64>)>>,
    /// Whether figures never come.
    stuck: Mutex<bool>,
}

impl Watched for Vitals {
    fn snapshot(&self) -> Soon<'_, Snapshot> {
        Box::pin(async {
            if *self.stuck.lock().unwrap() {
                std::future::pending::<()>().await;
            }
            self.known.lock().unwrap().clone()
        })
    }

    fn day(&self) -> Soon<'_, Vec<Sample>> {
        Box::pin(async { Vec::new() })
    }

    fn clean_up(&self) -> Soon<'_, Result<CleanUp, CoolingDown>> {
        Box::pin(async {
            let takes = *self.cleaning.lock().unwrap();
            tokio::time::sleep(takes).await;
            if std::mem::replace(&mut *self.cooling.lock().unwrap(), true) {
                return Err(CoolingDown { left: Duration::from_secs(20) });
            }
            Ok(CleanUp {
                resident_before: 31 * MIB,
                resident_after: 23 * MIB,
                reclaimed: vec![Reclaimed { name: "cache", freed: 3 * MIB }],
                took: Duration::from_millis(12),
            })
        })
    }

    fn lift(&self, subject: Subject) -> Soon<'_, bool> {
        Box::pin(async move {
            let blocked = &mut self.known.lock().unwrap().security.blocked;
            let before = blocked.len();
            blocked.retain(|one| one.subject != subject);
            blocked.len() < before
        })
    }

    fn note(&self, kind: SecurityKind, member: Option<u64>, guild: Option<u64>) {
        self.noted.lock().unwrap().push((kind, member.unwrap(), guild));
    }
}

/// A bot that is well, with two samples.
fn well() -> Snapshot {
    let sample = |minutes: u64, used| Sample {
        at: friday() - Duration::from_secs(60 * minutes),
        memory_used: used,
        memory_limit: 1_280 * MIB,
        ..Sample::default()
    };
    let mut known = Snapshot {
        at: friday(),
        version: "0.1.0",
        history: vec![sample(25, 28 * MIB), sample(0, 31 * MIB)],
        memory: Memory { used: 31 * MIB, limit: 1_280 * MIB, ..Memory::default() },
        cpu: Cpu { percent: 3.0, cores: 2.0 },
        discord: DiscordLink {
            guilds: 2,
            shards: vec![Shard { state: ShardState::Live, ..Shard::default() }],
            ..DiscordLink::default()
        },
        ..Snapshot::default()
    };
    known.database.writable = true;
    known
}

/// The stage with such a bot, whose owner is Ada.
async fn watched(known: Snapshot) -> (Stage, Arc<Vitals>) {
    watched_by(known, |_| Vec::new()).await
}

/// The same with further operators.
async fn watched_by(
    known: Snapshot,
    operators: impl Fn(&Stage) -> Vec<UserId>,
) -> (Stage, Arc<Vitals>) {
    let vitals = Arc::new(Vitals {
        known: Mutex::new(known),
        cleaning: Mutex::default(),
        cooling: Mutex::default(),
        noted: Mutex::default(),
        stuck: Mutex::default(),
    });
    let clock = muster_sim::SimClock::standing(friday());
    let mut stage = Stage::without_bot(clock).await;
    stage.operators = operators(&stage);
    stage.watched = Some(Arc::clone(&vitals) as Arc<dyn Watched>);
    stage.starts().await;
    stage.has_greeted().await;
    (stage, vitals)
}

impl Stage {
    /// The conversation of somebody with the bot.
    fn with_the_bot(&self, who: &Person) -> Person {
        let bot = UserId::new(self.demo.app.get());
        let dm: ChannelId = self.sim.world(|world| world.open_dm(bot, who.id())).unwrap();
        who.goes_to(dm)
    }
}

/// The answer that comes within the second that operators are promised. The machine may be busy
/// with other stories for a moment, but not each time.
async fn in_time(who: &Person, command: &str) -> Seen {
    let mut took = Vec::new();
    while took.len() < 3 {
        let began = Instant::now();
        let seen = who.runs(command, json!({})).await;
        took.push(began.elapsed());
        if began.elapsed() < Duration::from_secs(1) {
            return seen;
        }
    }
    panic!("/{command} was answered after {took:?}");
}

#[tokio::test]
async fn the_owner_sees_how_the_bot_is_with_a_picture() {
    let (stage, _) = watched(well()).await;
    let seen = stage.ada().runs("system_health", json!({})).await;
    seen.says("🟢 Healthy: everything works")
        .says("**Memory** 31 MiB of 1,280 MiB · 2.4 %")
        .says("▲ 3 MiB in the last 25 min");
    let file = stage.ada().user.file(seen.message(), "health.png").expect("a picture");
    assert!(file.starts_with(b"\x89PNG"), "{} bytes", file.len());
    // The next panel takes the place of this one, and the way leads back.
    let memory = seen.taps("Memory").await;
    assert!(memory.is_update());
    memory.says("🟢 Low memory pressure").says("Headroom 1,249 MiB");
    memory.taps("Performance").await.says("🟢 Fast: nothing holds me up");
    memory.taps("Security").await.says("Nobody is blocked.").says("`RATE_LIMIT_TAPS` is off");
    memory.taps("Health").await.says("🟢 Healthy");
    stage.ends().await;
}

#[tokio::test]
async fn an_operator_by_id_uses_all_five_in_a_direct_message() {
    let (stage, vitals) = watched_by(well(), |stage| vec![stage.mikko().id()]).await;
    let mikko = stage.with_the_bot(&stage.mikko());
    for (command, says) in FIVE.into_iter().zip([
        "🟢 Healthy",
        "🟢 Fast",
        "🟢 Low memory pressure",
        "**8 MiB** went back to the system.",
        "Nobody is blocked.",
    ]) {
        mikko.runs(command, json!({})).await.says(says);
    }
    // In a server, Discord offers the commands to administrators alone.
    assert!(stage.mikko().tries("system_health", json!({})).await.is_err());
    assert_eq!(*vitals.noted.lock().unwrap(), []);
    stage.ends().await;
}

#[tokio::test]
async fn whoever_does_not_run_the_bot_sees_nothing_does_nothing_and_is_noted() {
    let mut known = well();
    let until = friday() + Duration::from_mins(10);
    let subject = Subject::Member(5);
    known.security.blocked = vec![Blocked { subject, kind: SecurityKind::RateLimitBurst, until }];
    let (stage, vitals) = watched(known).await;
    let zofia = stage.zofia();
    let alone = stage.with_the_bot(&zofia);
    for command in FIVE {
        alone.runs(command, json!({})).await.says("Only the people who run this bot can use this");
    }
    for forged in ["m1:Vh", "m1:Vp", "m1:Vm", "m1:Vc", "m1:Vs:0", "m1:Vl:5", "m1:Vg:5"] {
        stage
            .forged_tap(&zofia, forged)
            .await
            .says("Only the people who run this bot can use this");
    }
    let noted = vitals.noted.lock().unwrap().clone();
    let by = |guild| (SecurityKind::NotPermitted, zofia.id().get(), guild);
    assert_eq!(noted[..5], [by(None); 5]);
    assert_eq!(noted[5..], [by(Some(stage.demo.guild.get())); 7]);
    assert_eq!(vitals.known.lock().unwrap().security.blocked.len(), 1);
    assert!(!*vitals.cooling.lock().unwrap(), "nothing was cleaned up");
    stage.ends().await;
}

#[tokio::test]
async fn who_is_kept_out_is_let_in_again_by_a_button_once() {
    let (stage, vitals) = watched(well()).await;
    let bea = stage.bea().id();
    let subject = Subject::Member(bea.get());
    let until = friday() + Duration::from_mins(10);
    let blocked = Blocked { subject, kind: SecurityKind::RateLimitBurst, until };
    vitals.known.lock().unwrap().security.blocked = vec![blocked];
    let seen = stage.ada().runs("security_status", json!({})).await;
    seen.says("Blocked: 1").says("for another 10 min: rate limit burst");
    let lift = seen.button("Unblock");
    let lifted = seen.taps("Unblock").await;
    lifted.says("is unblocked.").says("Nobody is blocked.");
    // An older panel still has its button.
    stage.forged_tap(&stage.ada(), &lift).await.says("is not blocked; their time may be over.");
    stage.ends().await;
}

#[tokio::test]
async fn a_clean_up_right_after_another_is_refused_with_the_time_left() {
    let (stage, _) = watched(well()).await;
    let seen = stage.ada().runs("force_cleanup", json!({})).await;
    seen.says("**8 MiB** went back").says("Before 31 MiB").says("After 23 MiB").says("cache 3 MiB");
    seen.taps("Clean up again").await.says("The next is possible in 21 s.");
    stage.ends().await;
}

#[tokio::test]
async fn a_clean_up_that_takes_long_shows_thinking_within_a_second() {
    let (stage, vitals) = watched(well()).await;
    *vitals.cleaning.lock().unwrap() = Duration::from_millis(1_500);
    let seen = stage.ada().runs("force_cleanup", json!({})).await;
    let Answer::Thinking(panel) = seen.answer else { panic!("not thinking: {:?}", seen.answer) };
    stage.says(panel, "**8 MiB** went back").await;
    stage.ends().await;
}

#[tokio::test]
async fn under_critical_pressure_the_answer_comes_without_a_picture() {
    let mut known = well();
    known.memory.used = 1_200 * MIB;
    known.memory.level = PressureLevel::Critical;
    let (stage, _) = watched(known).await;
    let seen = stage.ada().runs("system_health", json!({})).await;
    seen.says("🟡 Strained").says("🔴 Critical memory pressure").says("▰▰▰▰▰▰▰▰▰▰▰▰");
    assert!(stage.ada().user.file(seen.message(), "health.png").is_none());
    for command in FIVE {
        in_time(&stage.ada(), command).await;
    }
    stage.ends().await;
}

#[tokio::test]
async fn figures_that_do_not_come_are_said_not_to() {
    let (stage, vitals) = watched(well()).await;
    *vitals.stuck.lock().unwrap() = true;
    for command in FIVE.into_iter().filter(|command| *command != "force_cleanup") {
        let seen = in_time(&stage.ada(), command).await;
        seen.says("My own figures could not be read in time");
    }
    stage.ends().await;
}

#[tokio::test]
async fn help_names_the_five_to_operators_alone() {
    let (stage, _) = watched(well()).await;
    stage.ada().runs("help", json!({})).await.says("You run me").says("/security_status");
    let member = stage.zofia().runs("help", json!({})).await;
    assert!(!member.text().contains("/system_health"), "{}", member.text());
    stage.ends().await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_set_up_is_looked_at_each_time_somebody_asks() {
    use std::os::unix::fs::PermissionsExt as _;

    let (stage, _) = watched(well()).await;
    for (mode, found) in [
        (0o600, "The database can be read by its owner alone."),
        (0o644, "The database can be read by others on this machine"),
        (0o600, "The database can be read by its owner alone."),
    ] {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(stage.database(), permissions).unwrap();
        let seen = stage.ada().runs("security_status", json!({})).await;
        seen.says(found).says("No privileged intent is on that is not needed.");
        seen.says("I am no administrator of this server.");
    }
    stage.ends().await;
}
