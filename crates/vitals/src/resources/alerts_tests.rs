//! Alerts begin and end when they should, and the operator hears of each change once.

use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::settings::{AlertThresholds, Settings};
use crate::snapshot::{Alert, AlertLevel, Resource};
use AlertLevel::{Critical, Emergency, Info, Warning};

/// Measures every 15 s.
struct World {
    alarms: Alarms,
    seconds: u64,
}

fn world() -> World {
    World { alarms: Alarms::new(&Settings::default().resources), seconds: 0 }
}

impl World {
    fn now(&mut self, seconds: u64) -> Moment {
        self.seconds += seconds;
        Moment {
            at: Timestamp::from_second(i64::try_from(self.seconds).unwrap()).unwrap(),
            monotonic: Duration::from_secs(self.seconds),
        }
    }

    fn measure(&mut self, shares: Shares) -> Vec<Alert> {
        let now = self.now(15);
        self.alarms.observe(now, &shares)
    }

    fn memory(&mut self, percent: f64) -> Vec<Option<AlertLevel>> {
        let told = self.measure(Shares { memory: percent, ..Shares::default() });
        told.iter().map(|alert| alert.level).collect()
    }

    /// What is told over so many measurements of the same.
    fn memory_for(&mut self, times: usize, percent: f64) -> Vec<Option<AlertLevel>> {
        (0..times).flat_map(|_| self.memory(percent)).collect()
    }

    fn level(&self, resource: Resource) -> Option<AlertLevel> {
        let active = self.alarms.active();
        active.iter().find(|alert| alert.resource == resource).map(|alert| alert.level)
    }
}

#[test]
fn each_level_of_memory_begins_at_its_threshold() {
    for (below, at, level) in
        [(49.9, 50.0, Info), (69.9, 70.0, Warning), (84.9, 85.0, Critical), (94.9, 95.0, Emergency)]
    {
        let mut below_it = world();
        below_it.memory(below);
        assert!(below_it.level(Resource::Memory) < Some(level), "{below}");
        let mut at_it = world();
        assert_eq!(at_it.memory(at), [Some(level)]);
        assert_eq!(at_it.level(Resource::Memory), Some(level));
    }
}

#[test]
fn processor_and_disk_have_thresholds_of_their_own_and_no_info() {
    for (percent, level) in
        [(79.9, None), (80.0, Some(Warning)), (90.0, Some(Critical)), (95.0, Some(Emergency))]
    {
        let mut world = world();
        for _ in 0..3 {
            world.measure(Shares { memory: 0.0, cpu: percent, disk: percent });
        }
        assert_eq!(world.level(Resource::Cpu), level, "{percent}");
        assert_eq!(world.level(Resource::Disk), level, "{percent}");
    }
}

#[test]
fn thresholds_are_those_of_the_operator() {
    let mut settings = Settings::default().resources;
    settings.disk = AlertThresholds { info: Some(1), warning: 2, critical: 3, emergency: 4 };
    let mut world = World { alarms: Alarms::new(&settings), seconds: 0 };
    world.measure(Shares { disk: 3.5, ..Shares::default() });
    assert_eq!(world.level(Resource::Disk), Some(Critical));
}

#[test]
fn the_processor_has_to_be_busy_for_three_measurements() {
    let mut world = world();
    let busy = |cpu| Shares { cpu, ..Shares::default() };
    for cpu in [99.0, 99.0, 10.0, 99.0, 99.0] {
        assert_eq!(world.measure(busy(cpu)), []);
    }
    let told = world.measure(busy(85.0));
    assert_eq!(told[0].level, Some(Warning), "the least of the three");
}

#[test]
fn memory_and_disk_alert_at_once() {
    let mut world = world();
    let told = world.measure(Shares { memory: 71.0, cpu: 0.0, disk: 91.0 });
    let told: Vec<_> = told.iter().map(|alert| (alert.resource, alert.level)).collect();
    assert_eq!(told, [(Resource::Memory, Some(Warning)), (Resource::Disk, Some(Critical))]);
}

#[test]
fn an_alert_that_goes_on_is_told_once() {
    let mut world = world();
    assert_eq!(world.memory_for(1_000, 75.0), [Some(Warning)]);
    assert_eq!(world.alarms.log().len(), 1);
}

#[test]
fn a_level_ends_after_three_measurements_below_its_lower_edge() {
    let mut world = world();
    world.memory(71.0);
    assert_eq!(world.memory_for(10, 65.0), [], "the edge is five points below");
    assert_eq!(world.memory_for(2, 44.0), []);
    assert_eq!(world.memory(66.0), [], "back above it, the count begins anew");
    assert_eq!(world.memory_for(2, 44.0), []);
    assert_eq!(world.memory(44.0), [None]);
    assert_eq!(world.level(Resource::Memory), None);
}

#[test]
fn a_recovery_says_how_long_it_was() {
    let mut world = world();
    world.memory_for(4, 71.0);
    world.memory_for(4, 90.0);
    world.memory_for(3, 10.0);
    let log = world.alarms.log();
    let told: Vec<_> =
        log.iter().map(|alert| (alert.level, alert.threshold, alert.lasted.as_secs())).collect();
    let expected = [(None, 80.0, 150), (Some(Critical), 85.0, 60), (Some(Warning), 70.0, 0)];
    assert_eq!(told, expected);
    assert_eq!((log[0].value, log[0].at.as_second()), (10.0, 165));
}

#[test]
fn an_active_alert_names_its_threshold_and_since_when() {
    let mut world = world();
    world.memory(60.0);
    world.memory(72.0);
    world.memory(73.0);
    let active = world.alarms.active();
    assert_eq!(active.len(), 1);
    let alert = active[0];
    assert_eq!((alert.level, alert.threshold, alert.value), (Warning, 70.0, 73.0));
    assert_eq!(alert.since.as_second(), 30);
}

#[test]
fn the_worst_alert_stands_first() {
    let mut world = world();
    for _ in 0..3 {
        world.measure(Shares { memory: 55.0, cpu: 82.0, disk: 99.0 });
    }
    let levels: Vec<_> = world.alarms.active().iter().map(|alert| alert.level).collect();
    assert_eq!(levels, [Emergency, Warning, Info]);
}

#[test]
fn what_gets_worse_is_told_at_once_every_time() {
    let mut world = world();
    let told: Vec<_> = [55.0, 75.0, 90.0, 99.0].iter().flat_map(|at| world.memory(*at)).collect();
    assert_eq!(told, [Some(Info), Some(Warning), Some(Critical), Some(Emergency)]);
}

#[test]
fn a_flap_is_told_once_in_ten_minutes_and_its_end_too() {
    let mut world = world();
    let mut told = Vec::new();
    // Two minutes each, an hour in all.
    for _ in 0..30 {
        told.extend(world.memory_for(4, 71.0));
        told.extend(world.memory_for(4, 10.0));
    }
    let warnings = told.iter().filter(|level| **level == Some(Warning)).count();
    let recoveries = told.iter().filter(|level| level.is_none()).count();
    assert!((4..=6).contains(&warnings), "{told:?}");
    assert!((4..=6).contains(&recoveries), "{told:?}");
    assert!(world.alarms.log().len() >= 59, "the log has each change");
}

#[test]
fn what_was_not_told_in_time_is_told_when_it_still_holds() {
    let mut world = world();
    assert_eq!(world.memory(71.0), [Some(Warning)]);
    assert_eq!(world.memory_for(3, 10.0), [None]);
    let back = world.seconds + 15;
    assert_eq!(world.memory_for(36, 71.0), [], "within ten minutes of the first warning");
    let told = world.measure(Shares { memory: 72.0, ..Shares::default() });
    assert_eq!(told[0].level, Some(Warning));
    assert_eq!(told[0].at.as_second(), i64::try_from(back).unwrap(), "when it came back");
}

#[test]
fn an_alert_that_flaps_gets_a_lower_edge_and_calms_down() {
    let mut world = world();
    // It swings between just above the threshold and just below the usual edge.
    let swing = |world: &mut World, low: f64| {
        let before = world.alarms.log().len();
        for _ in 0..30 {
            world.memory_for(3, 86.0);
            world.memory_for(3, low);
        }
        world.alarms.log().len() - before
    };
    assert_eq!(swing(&mut world, 79.0), 3, "after one flap the edge is below that");
    assert_eq!(world.level(Resource::Memory), Some(Critical));
    let wider = swing(&mut world, 71.0);
    assert!((2..=8).contains(&wider), "{wider}");
}

#[test]
fn the_lower_edge_has_its_bound() {
    let mut world = world();
    for _ in 0..50 {
        world.memory_for(3, 86.0);
        world.memory_for(3, 40.0);
    }
    world.memory_for(3, 86.0);
    world.memory_for(100, 70.5);
    assert_eq!(world.level(Resource::Memory), Some(Critical), "fifteen points below");
    world.memory_for(3, 69.5);
    assert_eq!(world.level(Resource::Memory), Some(Warning), "and no more");
}

#[test]
fn a_lower_edge_comes_back_with_the_hours() {
    let mut world = world();
    for _ in 0..3 {
        world.memory_for(3, 86.0);
        world.memory_for(3, 40.0);
    }
    world.memory_for(3, 86.0);
    world.memory_for(3, 76.0);
    assert_eq!(world.level(Resource::Memory), Some(Critical), "it flapped");
    world.now(5 * 3600);
    world.memory_for(3, 76.0);
    assert_eq!(world.level(Resource::Memory), Some(Warning), "hours ago");
}

#[test]
fn an_alert_that_comes_back_after_a_while_does_not_flap() {
    let mut world = world();
    for _ in 0..5 {
        world.memory_for(3, 86.0);
        world.memory_for(3, 40.0);
        world.now(11 * 60);
    }
    world.memory_for(3, 86.0);
    world.memory_for(3, 79.5);
    assert_eq!(world.level(Resource::Memory), Some(Warning), "its edge is where it was");
}

#[test]
fn the_log_has_an_end() {
    let mut world = world();
    for _ in 0..300 {
        world.memory(99.0);
        world.memory_for(3, 1.0);
    }
    let log = world.alarms.log();
    assert_eq!(log.len(), 200);
    assert!(log.first().unwrap().at > log.last().unwrap().at, "the newest first");
}

#[test]
fn a_fall_names_where_the_level_begins_that_it_fell_to() {
    let mut world = world();
    world.memory(90.0);
    world.memory_for(3, 75.0);
    let fall = world.alarms.log()[0];
    assert_eq!((fall.level, fall.threshold, fall.value), (Some(Warning), 70.0, 75.0));
}

fn growth(mib_each_hour: f64) -> Growth {
    let since = Timestamp::from_second(-7_200).unwrap();
    Growth { since, bytes_each_hour: mib_each_hour * 1024.0 * 1024.0 }
}

#[test]
fn a_growth_that_lasts_is_an_alert_with_its_speed_and_since_when() {
    let mut world = world();
    let headroom = 200 << 20;
    let mut told = Vec::new();
    for _ in 0..3 {
        let now = world.now(60);
        assert_eq!(told, []);
        told = world.alarms.observe_trend(now, Some(growth(20.0)), headroom);
    }
    assert_eq!((told[0].resource, told[0].level), (Resource::MemoryTrend, Some(Warning)));
    let active = world.alarms.active()[0];
    assert_eq!(active.since.as_second(), -7_200);
    assert!((active.value - 20.0).abs() < 0.01, "{active:?}");
    assert!((active.threshold - 200.0 / 24.0).abs() < 0.01, "{active:?}");
}

#[test]
fn a_growth_is_as_bad_as_the_limit_is_near() {
    for (headroom_mib, level) in [(500, None), (470, Some(Warning)), (79, Some(Critical))] {
        let mut world = world();
        for _ in 0..3 {
            let now = world.now(60);
            world.alarms.observe_trend(now, Some(growth(20.0)), headroom_mib << 20);
        }
        assert_eq!(world.level(Resource::MemoryTrend), level, "{headroom_mib}");
    }
}

#[test]
fn a_growth_is_over_when_there_was_none_for_a_quarter_of_an_hour() {
    let mut world = world();
    for _ in 0..3 {
        let now = world.now(60);
        world.alarms.observe_trend(now, Some(growth(20.0)), 200 << 20);
    }
    for _ in 0..14 {
        let now = world.now(60);
        assert_eq!(world.alarms.observe_trend(now, None, 200 << 20), []);
    }
    assert_eq!(world.level(Resource::MemoryTrend), Some(Warning));
    let now = world.now(60);
    let told = world.alarms.observe_trend(now, None, 200 << 20);
    assert_eq!((told[0].level, told[0].lasted), (None, Duration::from_mins(15)));
}

#[test]
fn copies_that_fail_are_told_once_and_so_is_the_first_good_one() {
    let mut world = world();
    let failing = Some(Timestamp::UNIX_EPOCH);
    let mut told = Vec::new();
    for _ in 0..1_000 {
        let now = world.now(36);
        told.extend(world.alarms.observe_backups(now, failing));
    }
    let told: Vec<_> = told.iter().map(|alert| (alert.resource, alert.level)).collect();
    assert_eq!(told, [(Resource::Backups, Some(Warning))]);
    let active = world.alarms.active()[0];
    assert_eq!(
        (active.since, format!("{:.1}", active.value)),
        (Timestamp::UNIX_EPOCH, "10.0".into())
    );
    let now = world.now(15);
    assert_eq!(world.alarms.observe_backups(now, None)[0].level, None);
    assert_eq!(world.level(Resource::Backups), None);
}

/// The process ends and another one begins, so many seconds later.
fn restarted(before: &mut World, told: &[Alert], seconds: u64) -> World {
    let mut after = world();
    let now = before.now(seconds);
    let told: Vec<_> = told
        .iter()
        .map(|one| ToldAlert { resource: one.resource, level: one.level, at: one.at })
        .collect();
    after.seconds = before.seconds;
    after.alarms.resume(now, &told);
    after
}

#[test]
fn an_alert_that_lasts_is_not_told_again_after_a_restart_and_its_end_is() {
    let mut first = world();
    let told = first.measure(Shares { memory: 96.0, cpu: 0.0, disk: 91.0 });
    assert_eq!(told.len(), 2);
    let mut second = restarted(&mut first, &told, 3_600);
    for _ in 0..100 {
        assert_eq!(second.measure(Shares { memory: 96.0, cpu: 0.0, disk: 91.0 }), []);
    }
    let mut third = restarted(&mut second, &told, 3_600);
    let recovered: Vec<_> = (0..3).flat_map(|_| third.measure(Shares::default())).collect();
    let levels: Vec<_> = recovered.iter().map(|one| (one.resource, one.level)).collect();
    assert_eq!(levels, [(Resource::Memory, None), (Resource::Disk, None)]);
    assert!(recovered[0].lasted > Duration::from_hours(2), "{recovered:?}");
    let mut fourth = restarted(&mut third, &recovered, 3_600);
    assert_eq!(fourth.measure(Shares::default()), []);
    assert_eq!(fourth.measure(Shares { memory: 96.0, ..Shares::default() }).len(), 1);
}

#[test]
fn restarts_tell_of_a_level_no_more_often_than_one_life_would() {
    let mut world = world();
    let mut told: Vec<Alert> = Vec::new();
    for _ in 0..10 {
        told.extend(world.measure(Shares { memory: 96.0, ..Shares::default() }));
        world = restarted(&mut world, &told, 5);
        told.extend((0..3).flat_map(|_| world.measure(Shares::default())));
        world = restarted(&mut world, &told, 5);
    }
    // Ten lives in 700 s, and each level and each recovery at most once in 10 min.
    assert!((2..=4).contains(&told.len()), "{told:?}");
}

#[test]
fn a_growth_ends_with_the_process_and_that_is_told_once() {
    let mut first = world();
    let mut told = Vec::new();
    for _ in 0..3 {
        let now = first.now(60);
        told.extend(first.alarms.observe_trend(now, Some(growth(20.0)), 200 << 20));
    }
    assert_eq!(told.len(), 1);
    let mut second = restarted(&mut first, &told, 3_600);
    assert_eq!(second.level(Resource::MemoryTrend), None, "what grew is given back");
    let ended = second.measure(Shares::default());
    assert_eq!((ended[0].resource, ended[0].level), (Resource::MemoryTrend, None));
    assert_eq!(ended[0].lasted, Duration::from_hours(1));
    assert_eq!(second.measure(Shares::default()), []);
    let mut third = restarted(&mut second, &ended, 3_600);
    assert_eq!(third.measure(Shares::default()), []);
}

#[test]
fn copies_that_failed_before_a_restart_say_for_how_long() {
    let mut first = world();
    let now = first.now(15);
    let told = first.alarms.observe_backups(now, Some(now.at));
    let second = restarted(&mut first, &told, 5 * 3_600);
    assert_eq!(second.level(Resource::Backups), Some(Warning));
    assert_eq!(format!("{:.1}", second.alarms.active()[0].value), "5.0");
}
