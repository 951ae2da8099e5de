//! A disk that is full: what was acknowledged stays, what cannot be saved is refused honestly, and
//! all of it heals by itself. The disk is a small one of its own, which only root can mount; where
//! that is not possible, a story says so and ends; in CI it fails where it ought to be possible.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use muster_sim::ids::{MessageId, UserId};
use muster_store::sqlite::backup;
use muster_vitals::settings::Settings;
use serde_json::json;

use crate::stage::Stage;
use crate::watched::watched;

/// A disk of a few mebibytes.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one of so many mebibytes on a folder, if this process may.
    fn on(folder: &Path, mib: u32) -> Option<Self> {
        let folder = folder.join("disk");
        std::fs::create_dir_all(&folder).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "muster-story"])
            .arg(&folder)
            .output();
        let is_mounted = mounted.as_ref().is_ok_and(|done| done.status.success());
        if !is_mounted {
            let said = mounted.map(|done| String::from_utf8_lossy(&done.stderr).into_owned());
            nothing_was_seen(&format!("no small disk can be mounted: {said:?}"));
        }
        is_mounted.then_some(Self(folder))
    }

    /// Puts something there until nothing more fits.
    fn fills_up(&self) {
        let mut file = std::fs::File::create(self.ballast()).unwrap();
        for piece in [64 << 10, 4 << 10, 512] {
            while file.write_all(&vec![7; piece]).is_ok() {}
        }
    }

    fn is_freed(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

/// Says that a story could not be played; in CI it fails, if disks may be mounted there at all.
fn nothing_was_seen(why: &str) {
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!(is_ci && may_mount()), "{why}");
    // Past the test runner, which would keep it to itself. If nobody listens, so be it.
    writeln!(io::stderr(), "a story of a full disk was not played: {why}").ok();
}

/// Whether this process has the capability that mounting needs. (`capabilities(7)`, `CAP_SYS_ADMIN`)
fn may_mount() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let bits = effective.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    bits.is_some_and(|bits| bits & (1 << 21) != 0)
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What is still open there lives on without a name until it is closed.
        drop(Command::new("umount").arg("-l").arg(&self.0).output());
    }
}

impl Stage {
    /// What the bot wrote of the disk to its owner.
    fn alarms_of_the_disk(&self) -> Vec<String> {
        let bot = UserId::new(self.demo.app.get());
        self.sim.world(|world| {
            let all = world.dms_of(bot).flat_map(|dm| dm.messages.values());
            let all = all.map(|one| one.content.clone());
            all.filter(|text| text.contains("**Disk")).collect()
        })
    }

    /// Waits until the dashboard answers so whether it is ready; returns what it says.
    pub(crate) async fn until_ready_is(&self, status: u16) -> String {
        let asked = async {
            loop {
                let page = self.asks("/readyz").await;
                if page.status == status {
                    return page.text;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let answered = tokio::time::timeout(crate::stage::PATIENCE, asked).await;
        answered.unwrap_or_else(|_| panic!("/readyz never answers with {status}"))
    }
}

/// Taps by turns until that cannot be saved; returns the last answer that was.
async fn until_refused(stage: &Stage, post: MessageId, disk: &SmallDisk) -> &'static str {
    let bea = stage.bea();
    let mut last = "Maybe";
    assert!(bea.taps(post, last).await.is_update());
    for label in ["No", "Maybe"].into_iter().cycle().take(2_000) {
        // The database may have made room in its files.
        disk.fills_up();
        let seen = bea.taps(post, label).await;
        if !seen.is_update() {
            seen.says("That could not be saved. Nothing was changed");
            return last;
        }
        last = label;
    }
    panic!("a full disk takes everything");
}

#[tokio::test]
async fn a_full_disk_is_said_loses_nothing_and_heals_by_itself() {
    let mut disk = None;
    let mut stage = watched(|stage| {
        disk = SmallDisk::on(&stage.folder(), 12);
        stage.data = disk.as_ref().map(|disk| disk.0.clone());
        // Of the machine only the disk is what this is about, and that is made up.
        let (calm, usual) = (crate::stage::calm().resources, Settings::default().resources);
        (stage.vitals.resources.memory, stage.vitals.resources.disk) = (calm.memory, usual.disk);
    })
    .await;
    let Some(disk) = disk else { return stage.ends().await };
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    assert!(stage.zofia().taps(raid, "Yes").await.is_update());

    let last = until_refused(&stage, raid, &disk).await;
    let why = stage.until_ready_is(503).await;
    assert!(why.contains("the database takes no writes"), "{why}");
    assert_eq!(stage.figures().await.of("muster_database_writable"), 0);
    assert_eq!(stage.asks("/healthz").await.status, 200, "a restart would mend nothing");
    let health = stage.ada().runs("system_health", json!({})).await;
    health.says("🔴 Critical").says("is the disk full, or").says("**disk emergency**");

    disk.is_freed();
    // Nobody taps: what is written next is the sample of a minute.
    stage.passes(2).await;
    stage.until_ready_is(200).await;
    assert!(stage.mikko().taps(raid, "Mobile").await.is_update());
    let shown = match last {
        "No" => "Yes: Zofia | No: Bea | Mobile: Mikko",
        _ => "Yes: Zofia | Maybe: Bea | Mobile: Mikko",
    };
    stage.shows(raid, shown).await;
    stage.until_figures("no alert is on", |all| all.sum("muster_alert_active") == 0).await;
    let told = stage.alarms_of_the_disk();
    assert!(told.first().is_some_and(|one| one.contains("Disk: emergency")), "{told:?}");
    assert!(told.last().is_some_and(|one| one.contains("Disk: well again")), "{told:?}");
    let distinct: BTreeSet<_> = told.iter().collect();
    assert_eq!(distinct.len(), told.len(), "each is told once: {told:?}");
    stage.restarts().await;
    stage.shows(raid, shown).await;
    stage.ends().await;
}

#[tokio::test]
async fn a_disk_that_is_freed_is_noticed_though_nothing_is_to_be_written() {
    let mut disk = None;
    let stage = watched(|stage| {
        disk = SmallDisk::on(&stage.folder(), 12);
        stage.data = disk.as_ref().map(|disk| disk.0.clone());
        stage.vitals.resources.enabled = false;
    })
    .await;
    let Some(disk) = disk else { return stage.ends().await };
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    until_refused(&stage, raid, &disk).await;
    stage.until_ready_is(503).await;
    disk.is_freed();
    stage.until_ready_is(200).await;
    stage.ends().await;
}

#[tokio::test]
async fn old_copies_make_way_for_the_next_where_the_disk_is_small() {
    let mut disk = None;
    let stage = watched(|stage| disk = SmallDisk::on(&stage.folder(), 19)).await;
    let Some(disk) = disk else { return stage.ends().await };
    let database = stage.database();
    let place = backup::Place { database, folder: disk.0.join("backups") };
    let keep = backup::Keep { last: 1_000, daily: 0, weekly: 0 };
    let mut went = 0;
    for minute in 0..60 {
        let at = crate::stage::friday() + jiff::SignedDuration::from_mins(minute);
        let made = backup::back_up(&place, keep, at).unwrap();
        assert_eq!(place.newest(at).unwrap(), Some(made.kept));
        went += made.for_room.len();
    }
    assert!(went > 0, "they do not all fit");
    stage.ends().await;
}
