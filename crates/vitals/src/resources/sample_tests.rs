//! What is sampled is what the kernel counts, and what is kept is bounded.

use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::settings::Settings;
use crate::snapshot::{AlertLevel, Disk, Resource, Sample, Snapshot};
use crate::tests::Tree;

const MIB: u64 = 1 << 20;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn moment(at: u64) -> Moment {
    let wall = Timestamp::from_second(i64::try_from(at).unwrap()).unwrap();
    Moment { at: wall, monotonic: seconds(at) }
}

/// A process that used so many hundredths of a second by itself and in the kernel.
fn used(tree: &Tree, own: u64, kernel: u64) {
    let text = format!("42 (a) (b c) S 1 1 1 0 -1 4 5 0 0 0 {own} {kernel} 9 9 20 0 3 0 7\n");
    tree.write("proc/self/stat", &text);
}

fn four_cores() -> Tree {
    Tree::new().with("proc/self/status", "Cpus_allowed:\tf\nCpus_allowed_list:\t0-2,5\n")
}

#[track_caller]
fn assert_near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 0.001, "{value} instead of {expected}");
}

#[test]
fn the_processor_is_shared_by_the_cores_that_this_process_may_use() {
    let tree = four_cores();
    let mut processor = Processor::new(tree.root());
    used(&tree, 1_000, 500);
    assert_near(processor.look(seconds(100)).percent, 0.0);
    used(&tree, 1_500, 600);
    let cpu = processor.look(seconds(110));
    assert_near(cpu.cores, 4.0);
    assert_near(cpu.percent, 15.0);
}

#[test]
fn a_quota_of_the_group_or_of_one_around_it_counts_as_all() {
    let v2 = four_cores()
        .with("proc/self/cgroup", "0::/box/bot\n")
        .with("sys/fs/cgroup/cgroup.controllers", "cpu\n")
        .with("sys/fs/cgroup/box/cpu.max", "50000 100000\n")
        .with("sys/fs/cgroup/box/bot/cpu.max", "max 100000\n");
    let v1 = four_cores()
        .with("proc/self/cgroup", "3:cpuacct:/\n4:cpu:/bot\n0::/\n")
        .with("sys/fs/cgroup/cpu/bot/cpu.cfs_quota_us", "50000\n")
        .with("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n")
        .with("sys/fs/cgroup/cpu/bot/cpu.cfs_period_us", "100000\n");
    for tree in [v2, v1] {
        let mut processor = Processor::new(tree.root());
        used(&tree, 0, 0);
        processor.look(seconds(0));
        used(&tree, 400, 0);
        let cpu = processor.look(seconds(10));
        assert_near(cpu.cores, 0.5);
        assert_near(cpu.percent, 80.0);
    }
}

#[test]
fn a_quota_of_more_cores_than_there_are_gives_no_more() {
    let tree = four_cores()
        .with("proc/self/cgroup", "0::/\n")
        .with("sys/fs/cgroup/cgroup.controllers", "cpu\n")
        .with("sys/fs/cgroup/cpu.max", "800000 100000\n");
    assert_near(Processor::new(tree.root()).look(seconds(0)).cores, 4.0);
}

#[test]
fn whatever_makes_no_sense_is_no_use_of_the_processor() {
    let garbage = ["", "max", "1 (a) S", "(", ") ) )", "-5 -5", "0 0", "99999999999999999999 1"];
    for text in garbage {
        let tree = four_cores()
            .with("proc/self/cgroup", "0::/\n")
            .with("sys/fs/cgroup/cgroup.controllers", "")
            .with("sys/fs/cgroup/cpu.max", text);
        used(&tree, 100, 0);
        let mut processor = Processor::new(tree.root());
        processor.look(seconds(10));
        assert_near(processor.look(seconds(10)).percent, 0.0);
        tree.write("proc/self/stat", text);
        tree.write("proc/self/status", &format!("Cpus_allowed_list:\t{text}\n"));
        let cpu = processor.look(seconds(20));
        assert_near(cpu.percent, 0.0);
        assert!(cpu.cores >= 1.0, "{text}: {cpu:?}");
    }
}

#[test]
fn more_than_all_of_the_processor_is_all_and_a_count_that_fell_is_nothing() {
    let tree = four_cores();
    let mut processor = Processor::new(tree.root());
    used(&tree, 0, 0);
    processor.look(seconds(0));
    used(&tree, 5_000, 0);
    assert_near(processor.look(seconds(10)).percent, 100.0);
    used(&tree, 10, 0);
    assert_near(processor.look(seconds(20)).percent, 0.0);
}

fn network(received: u64, sent: u64) -> String {
    format!(
        "Inter-|   Receive | Transmit\n face |bytes packets|bytes packets\n    \
         lo: 9999 1 0 0 0 0 0 0 9999 1 0 0 0 0 0 0\n  \
         eth0: {received} 5 0 0 0 0 0 0 {sent} 3 0 0 0 0 0 0\n  \
         tun0:1000 5 0 0 0 0 0 0 2000 3 0 0 0 0 0 0\n"
    )
}

#[test]
fn what_goes_over_the_network_is_added_up_without_the_loopback() {
    let tree = Tree::new().with("proc/self/net/dev", &network(5_000, 7_000));
    let mut traffic = Traffic::new(tree.root());
    let first = traffic.look(seconds(0));
    assert_eq!((first.received, first.sent), (6_000, 9_000));
    assert_near(first.received_each_second, 0.0);
    tree.write("proc/self/net/dev", &network(20_000, 7_300));
    let second = traffic.look(seconds(15));
    assert_near(second.received_each_second, 1_000.0);
    assert_near(second.sent_each_second, 20.0);
}

#[test]
fn an_interface_that_left_and_garbage_are_no_traffic() {
    let tree = Tree::new().with("proc/self/net/dev", &network(5_000, 7_000));
    let mut traffic = Traffic::new(tree.root());
    traffic.look(seconds(0));
    for text in ["", "eth0: -5 x", ":::::", "eth0:"] {
        tree.write("proc/self/net/dev", text);
        let network = traffic.look(seconds(15));
        assert_near(network.received_each_second + network.sent_each_second, 0.0);
    }
}

#[test]
fn the_totals_do_not_fall_when_an_interface_leaves_nor_jump_when_it_comes_back() {
    let tree = Tree::new().with("proc/self/net/dev", &network(5_000, 7_000));
    let mut traffic = Traffic::new(tree.root());
    traffic.look(seconds(0));
    let without = network(6_000, 7_000).replace("tun0:1000", "lo:1000");
    for (at, text, received) in
        [(10, without, 7_000), (20, network(6_500, 7_000), 7_500), (30, network(9, 9), 7_500)]
    {
        tree.write("proc/self/net/dev", &text);
        let network = traffic.look(seconds(at));
        assert_eq!((network.received, network.sent), (received, 9_000), "after {at} s");
    }
}

#[cfg(unix)]
#[test]
fn the_disk_is_the_one_that_holds_the_data() {
    let tree = Tree::new();
    let sizes = Sizes { database: 3, logs: 4, backups: 5 };
    let disk = disk(tree.root(), sizes, Some(1_000));
    assert!(disk.size > 0 && disk.free <= disk.size, "{disk:?}");
    assert_eq!((disk.ours(), disk.budget), (12, 1_000));
}

#[cfg(unix)]
#[test]
fn what_only_the_system_may_use_is_no_part_of_the_disk() {
    assert_eq!(super::disk::usable(100, 60, 55), 95);
    assert_eq!(super::disk::usable(100, 5, 0), 95, "full for us, though 5 are free");
}

#[test]
fn a_disk_that_is_not_there_is_not_full() {
    let disk = disk(std::path::Path::new("/nowhere/at/all"), Sizes::default(), None);
    assert_eq!((disk.size, disk.free), (0, 0));
    assert_near(disk.percent(), 0.0);
}

#[test]
fn muster_may_take_80_percent_of_a_small_disk_and_one_gib_of_a_large_one() {
    assert_eq!(budget(None, 100_000), 80_000);
    assert_eq!(budget(None, 500 << 30) / MIB, 1_023);
    assert_eq!(budget(None, 0) / MIB, 1_023, "and of one of unknown size");
    assert_eq!(budget(Some(7), 100), 7);
}

/// A monitor of a disk that nobody knows: how full this machine's is does not matter.
fn monitor(settings: &Settings, tree: &Tree) -> Monitor {
    used(tree, 0, 0);
    Monitor::new(settings, tree.root())
}

fn memory(percent: u64) -> Reading {
    let reading = Reading { used: percent * 10 * MIB, limit: 1_000 * MIB, ..Reading::default() };
    Reading { resident: percent * 9 * MIB, ..reading }
}

fn observe(monitor: &Monitor, at: u64, percent: u64) -> Observed {
    let activity = Activity { answers: at, members: 2 };
    monitor.observe(moment(at), &memory(percent), Disk::default(), activity)
}

#[test]
fn the_last_samples_are_kept_oldest_first() {
    let tree = four_cores();
    let mut settings = Settings::default();
    settings.resources.history_max = 10;
    let monitor = monitor(&settings, &tree);
    for turn in 0..25 {
        observe(&monitor, turn * 15, 10);
    }
    let mut snapshot = Snapshot::default();
    monitor.fill(&mut snapshot);
    let kept: Vec<_> = snapshot.history.iter().map(|sample| sample.at.as_second()).collect();
    assert_eq!(kept, (15..25).map(|turn| turn * 15).collect::<Vec<i64>>());
    assert_eq!(snapshot.history[0].memory_used, 100 * MIB);
    assert_eq!(snapshot.history[0].members_each_minute, 2);
}

#[test]
fn a_monitor_fills_in_all_that_it_knows() {
    let tree = four_cores().with("proc/self/net/dev", &network(5_000, 7_000));
    let monitor = monitor(&Settings::default(), &tree);
    observe(&monitor, 0, 10);
    used(&tree, 3_000, 0);
    let observed = observe(&monitor, 15, 90);
    let mut snapshot = Snapshot::default();
    monitor.fill(&mut snapshot);
    assert_near(snapshot.cpu.percent, 50.0);
    assert_near(monitor.cpu_percent(), 50.0);
    assert_eq!(snapshot.network.received, 6_000);
    assert_eq!(snapshot.alerts[0].resource, Resource::Memory);
    assert_eq!(snapshot.alert_log, observed.tell);
    assert_eq!(observed.tell.len(), 1, "{observed:?}");
}

#[cfg(unix)]
#[test]
fn a_monitor_takes_in_what_the_disk_that_holds_the_data_said() {
    let tree = four_cores();
    let monitor = Monitor::new(&Settings::default(), tree.root());
    let sizes = Sizes { database: 70, logs: 20, backups: 10 };
    let disk = disk(tree.root(), sizes, Some(5_000));
    let sample = monitor.observe(moment(0), &memory(10), disk, Activity::default()).sample;
    let sample = sample.unwrap();
    let mut snapshot = Snapshot::default();
    monitor.fill(&mut snapshot);
    assert!(sample.disk_size > 0, "{sample:?}");
    let disk = snapshot.disk;
    assert_eq!((disk.size, disk.free), (sample.disk_size, sample.disk_free));
    assert_eq!((disk.ours(), disk.budget), (100, 5_000));
}

#[test]
fn a_processor_that_stays_busy_becomes_an_alert_of_the_monitor() {
    let tree = four_cores();
    let monitor = monitor(&Settings::default(), &tree);
    let told = (0..4).flat_map(|turn| {
        // 96 % of 15 s on four cores, in hundredths of a second.
        used(&tree, turn * 5_760, 0);
        observe(&monitor, turn * 15, 10).tell
    });
    let told: Vec<_> = told.map(|alert| (alert.resource, alert.level)).collect();
    assert_eq!(told, [(Resource::Cpu, Some(AlertLevel::Emergency))]);
}

#[test]
fn a_leak_becomes_an_alert_of_the_monitor() {
    let tree = four_cores();
    let monitor = monitor(&Settings::default(), &tree);
    let told = (0..60).flat_map(|minute| {
        let reading = Reading { resident: (50 + minute) * MIB, ..memory(40) };
        let now = moment(minute * 60);
        monitor.observe(now, &reading, Disk::default(), Activity::default()).tell
    });
    let told: Vec<_> = told.map(|alert| alert.resource).collect();
    assert_eq!(told, [Resource::MemoryTrend]);
}

#[test]
fn a_monitor_that_is_switched_off_does_nothing() {
    let tree = four_cores();
    let mut settings = Settings::default();
    settings.resources.enabled = false;
    let monitor = monitor(&settings, &tree);
    assert_eq!(observe(&monitor, 0, 99), Observed::default());
}

#[test]
fn copies_that_fail_are_an_alert_though_resources_are_not_watched() {
    let tree = four_cores();
    let mut settings = Settings::default();
    settings.resources.enabled = false;
    let earlier = monitor(&settings, &tree);
    let told = earlier.observe_backups(moment(60), Some(moment(0).at));
    let seen: Vec<_> = told.iter().map(|alert| (alert.resource, alert.level)).collect();
    assert_eq!(seen, [(Resource::Backups, Some(AlertLevel::Warning))]);
    assert_eq!(earlier.observe_backups(moment(75), Some(moment(0).at)), []);

    let next = monitor(&settings, &tree);
    let kept = |resource, at| ToldAlert { resource, level: Some(AlertLevel::Warning), at };
    let told = [kept(Resource::Backups, told[0].at), kept(Resource::Memory, told[0].at)];
    next.resume(moment(90), &told);
    let mut snapshot = Snapshot::default();
    next.fill(&mut snapshot);
    let on: Vec<_> = snapshot.alerts.iter().map(|alert| alert.resource).collect();
    assert_eq!(on, [Resource::Backups], "what is not watched would never be over");
    let over: Vec<_> = next.observe_backups(moment(105), None);
    assert_eq!(over.first().map(|alert| alert.level), Some(None), "told, as its beginning was");
}

#[test]
fn a_minute_is_told_when_it_is_over_as_the_average_of_its_samples() {
    let tree = four_cores();
    let monitor = monitor(&Settings::default(), &tree);
    for (at, percent) in [(600, 10), (615, 20), (630, 30), (645, 40)] {
        assert_eq!(observe(&monitor, at, percent).minute, None);
    }
    let minute = observe(&monitor, 660, 90).minute.unwrap();
    assert_eq!(minute.at.as_second(), 600);
    assert_eq!((minute.memory_used, minute.resident), (250 * MIB, 225 * MIB));
    assert_eq!(minute.memory_limit, 1_000 * MIB);
    assert_eq!(minute.answers_each_minute, 645, "what is counted by the minute is the last count");
    assert_eq!(observe(&monitor, 675, 90).minute, None);
}

#[test]
fn averages_are_of_all_that_varies() {
    let sample = |second, value: u32| Sample {
        at: Timestamp::from_second(second).unwrap(),
        cpu_percent: f64::from(value),
        received_each_second: f64::from(value) * 2.0,
        sent_each_second: f64::from(value) * 3.0,
        disk_free: u64::from(value) * 4,
        disk_size: 100,
        ..Sample::default()
    };
    let mut minutes = Minutes::default();
    minutes.take(sample(0, 10));
    minutes.take(sample(59, 20));
    let minute = minutes.take(sample(60, 0)).unwrap();
    assert_near(minute.cpu_percent, 15.0);
    assert_near(minute.received_each_second, 30.0);
    assert_near(minute.sent_each_second, 45.0);
    assert_eq!((minute.disk_free, minute.disk_size), (60, 100));
}

#[test]
fn a_clock_that_goes_back_ends_the_minute() {
    let mut minutes = Minutes::default();
    let sample =
        |second| Sample { at: Timestamp::from_second(second).unwrap(), ..Sample::default() };
    assert_eq!(minutes.take(sample(600)), None);
    assert_eq!(minutes.take(sample(-1)).unwrap().at.as_second(), 600);
    assert_eq!(minutes.take(sample(600)).unwrap().at.as_second(), -60);
}

#[test]
fn sampling_quickens_under_pressure() {
    let calm = Reading::default();
    let waits = Reading { some_stalled: Some(10.0), ..calm };
    let at = |level, reading| pace(seconds(15), level, reading).as_secs();
    assert_eq!(at(PressureLevel::Low, &calm), 15);
    assert_eq!(at(PressureLevel::Medium, &calm), 15);
    assert_eq!(at(PressureLevel::High, &calm), 5);
    assert_eq!(at(PressureLevel::Critical, &calm), 2);
    assert_eq!(at(PressureLevel::Low, &waits), 5);
    assert_eq!(pace(seconds(1), PressureLevel::Critical, &calm), seconds(1), "never slower");
}
