//! When memory is short, what can be done without is let go of, the cheapest first.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::settings::{MIB, Settings};
use crate::snapshot::{Allocator, PressureLevel, Reclaimed};
use crate::tests::{Tree, ended};
use crate::watched::Soon;

type Asked = Arc<Mutex<Vec<(&'static str, Depth)>>>;

/// Lets go of as much as it is told to, once, and notes that it was asked.
struct Part {
    name: &'static str,
    cost: Cost,
    holds: AtomicU64,
    asked: Asked,
}

impl Reclaimer for Part {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cost(&self) -> Cost {
        self.cost
    }

    fn holds(&self) -> u64 {
        self.holds.load(Ordering::Relaxed)
    }

    fn reclaim(&self, depth: Depth) -> Soon<'_, u64> {
        self.asked.lock().unwrap().push((self.name, depth));
        let freed = self.holds.swap(0, Ordering::Relaxed);
        Box::pin(async move { freed })
    }
}

/// Gives back all that is resident above `floor`, in KiB.
struct Pages {
    tree: Arc<Tree>,
    floor: u64,
}

impl Heap for Pages {
    fn account(&self) -> Option<Allocator> {
        let (allocated, resident) = (10 * MIB, 300 * MIB);
        Some(Allocator { allocated, active: 20 * MIB, resident, retained: 290 * MIB })
    }

    fn give_back(&self) -> Option<bool> {
        resident(&self.tree, self.floor);
        Some(true)
    }
}

struct World {
    tree: Arc<Tree>,
    optimizer: Optimizer,
    asked: Asked,
    seconds: u64,
}

fn resident(tree: &Tree, mib: u64) {
    let kib = mib * 1024;
    tree.write("proc/self/status", &format!("VmRSS: {kib} kB\nRssAnon: {kib} kB\n"));
}

/// A container of 1,000 MiB with 200 MiB resident.
fn world() -> World {
    world_with(Settings::default().memory)
}

fn world_with(settings: crate::settings::MemorySettings) -> World {
    let tree = Tree::new()
        .with("proc/meminfo", "MemTotal: 8388608 kB\nMemAvailable: 8388608 kB\n")
        .with("proc/self/cgroup", "0::/\n")
        .with("sys/fs/cgroup/cgroup.controllers", "memory\n")
        .with("sys/fs/cgroup/memory.max", &(1000 * MIB).to_string());
    resident(&tree, 200);
    let optimizer = Optimizer::new(settings, tree.root(), Timestamp::UNIX_EPOCH);
    World { tree: Arc::new(tree), optimizer, asked: Asked::default(), seconds: 0 }
}

impl World {
    fn part(&self, name: &'static str, cost: Cost, holds: u64) -> Arc<dyn Reclaimer> {
        let holds = AtomicU64::new(holds);
        let part = Part { name, cost, holds, asked: Arc::clone(&self.asked) };
        let part: Arc<dyn Reclaimer> = Arc::new(part);
        self.optimizer.register(&part);
        part
    }

    /// Reads a use of so many per cent, so many seconds later. What was asked by that.
    fn at(&mut self, percent: u64, seconds: u64) -> Vec<(&'static str, Depth)> {
        self.seconds += seconds;
        self.tree.write("sys/fs/cgroup/memory.current", &(percent * 10 * MIB).to_string());
        let monotonic = Duration::from_secs(self.seconds);
        let now = Timestamp::from_second(i64::try_from(self.seconds).unwrap()).unwrap();
        ended(self.optimizer.tick(now, monotonic));
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn clean_up(&self) -> Result<crate::watched::CleanUp, crate::watched::CoolingDown> {
        let reads = AtomicU64::new(self.seconds * 1000);
        let clock = || Duration::from_millis(reads.fetch_add(7, Ordering::Relaxed));
        ended(self.optimizer.clean_up(clock))
    }
}

#[test]
fn a_rise_asks_for_more_the_higher_it_goes() {
    let mut world = world();
    let _part = world.part("cache", Cost::Little, 0);
    assert_eq!(world.at(49, 15), []);
    assert_eq!(world.at(50, 15), [("cache", Depth::Gentle)]);
    assert_eq!(world.at(55, 15), [], "Medium that stays asks for nothing more");
    assert_eq!(world.at(70, 15), [("cache", Depth::Hard)]);
    assert_eq!(world.at(85, 1), [("cache", Depth::All)], "a rise does not wait for a pause");
}

#[test]
fn the_cheapest_is_asked_first_and_the_allocator_last() {
    let mut world = world();
    let heap = Pages { tree: Arc::clone(&world.tree), floor: 50 };
    let heap = HeapReclaimer::new(Arc::new(heap), world.tree.root());
    world.optimizer = world.optimizer.with_heap(heap);
    let _parts = [world.part("cache", Cost::Reads, 1), world.part("pages", Cost::Little, 2)];
    world.seconds = 60;
    let done = world.clean_up().unwrap();
    let names: Vec<_> = done.reclaimed.iter().map(|one| one.name).collect();
    assert_eq!(names, ["pages", "cache", "allocator"]);
}

#[test]
fn what_the_allocator_gives_back_is_measured_by_the_kernel() {
    let mut world = world();
    let heap = Pages { tree: Arc::clone(&world.tree), floor: 50 };
    let heap = HeapReclaimer::new(Arc::new(heap), world.tree.root());
    world.optimizer = world.optimizer.with_heap(heap);
    world.at(72, 15);
    let memory = world.optimizer.memory();
    assert_eq!((memory.runs, memory.given_back), (1, 150 * MIB));
    let allocator = memory.reclaimers.iter().find(|one| one.name == "allocator").unwrap();
    assert_eq!((allocator.runs, allocator.freed), (1, 150 * MIB));
    let account = memory.allocator.unwrap();
    assert_eq!(account.resident, 50 * MIB, "no more than what is resident is the allocator's");
    assert_eq!((account.allocated, account.retained), (10 * MIB, 40 * MIB));
}

#[test]
fn what_each_let_go_of_is_recorded() {
    let mut world = world();
    let _cache = world.part("cache", Cost::Reads, 5_000);
    let _plans = world.part("plans", Cost::Little, 300);
    let before = world.optimizer.memory();
    let parts: Vec<_> = before.components.iter().map(|one| (one.name, one.bytes)).collect();
    assert_eq!(parts, [("cache", 5_000), ("plans", 300)], "the largest first");
    world.at(70, 15);
    let after = world.optimizer.memory();
    let told: Vec<_> =
        after.reclaimers.iter().map(|one| (one.name, one.runs, one.freed, one.holds)).collect();
    assert_eq!(told, [("plans", 1, 300, 0), ("cache", 1, 5_000, 0)]);
}

#[test]
fn while_it_stays_high_reclaimers_run_again_after_ever_longer_pauses_in_vain() {
    let mut world = world();
    let _part = world.part("cache", Cost::Little, 0);
    let mut ran = Vec::new();
    for turn in 0..180 {
        if !world.at(75, 30).is_empty() {
            ran.push(turn * 30);
        }
    }
    let pauses: Vec<_> = ran.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses, [60, 120, 240, 480, 960, 960, 960, 960]);
}

#[test]
fn a_run_that_gives_something_back_is_repeated_soon() {
    let mut world = world();
    let heap = Pages { tree: Arc::clone(&world.tree), floor: 50 };
    let heap = HeapReclaimer::new(Arc::new(heap), world.tree.root());
    world.optimizer = world.optimizer.with_heap(heap);
    world.at(75, 5);
    resident(&world.tree, 90);
    world.at(75, 25);
    assert_eq!(world.optimizer.memory().runs, 1, "the pause is not over");
    world.at(75, 5);
    let memory = world.optimizer.memory();
    assert_eq!((memory.runs, memory.given_back), (2, 190 * MIB));
}

#[test]
fn above_the_threshold_reclaimers_run_gently_though_the_level_is_low() {
    let mut settings = Settings::default().memory;
    settings.threshold = 200 * MIB;
    let mut world = world_with(settings);
    let gauge = world.optimizer.gauge();
    let _part = world.part("cache", Cost::Little, 0);
    assert_eq!(world.at(20, 15), []);
    assert_eq!(world.at(21, 15), [("cache", Depth::Gentle)]);
    assert_eq!(world.at(20, 1), []);
    assert_eq!(world.at(21, 1), [], "it does not flap");
    assert_eq!(world.at(19, 1), []);
    let again = [("cache", Depth::Gentle)];
    assert_eq!(world.at(21, 1), again, "a twentieth below, it was over, and is crossed again");
    assert_eq!((gauge.ours(), gauge.level()), (210 * MIB, PressureLevel::Low));
}

#[test]
fn the_threshold_is_the_smaller_of_the_setting_and_64_percent_of_the_limit() {
    let mut world = world();
    world.at(1, 15);
    assert_eq!(world.optimizer.memory().threshold / MIB, 640);
    world.tree.write("sys/fs/cgroup/memory.max", &(4000 * MIB).to_string());
    world.at(1, 15);
    assert_eq!(world.optimizer.memory().threshold, 800 * MIB);
}

#[test]
fn changes_of_level_are_remembered_the_newest_first_and_not_for_ever() {
    let mut world = world();
    for _ in 0..40 {
        world.at(90, 15);
        for _ in 0..3 {
            world.at(10, 15);
        }
    }
    let memory = world.optimizer.memory();
    assert_eq!(memory.changes.len(), 50);
    let newest = memory.changes[0];
    assert_eq!((newest.from, newest.to), (PressureLevel::Critical, PressureLevel::Low));
    assert_eq!((newest.at, memory.level_since), (memory.level_since, newest.at));
    assert_eq!(newest.at.as_second(), 40 * 60);
}

#[test]
fn an_optimizer_that_is_switched_off_measures_and_asks_nobody() {
    let mut settings = Settings::default().memory;
    settings.enabled = false;
    let mut world = world_with(settings);
    let _part = world.part("cache", Cost::Little, 9);
    assert_eq!(world.at(95, 15), []);
    let memory = world.optimizer.memory();
    assert_eq!((memory.level, memory.runs), (PressureLevel::Critical, 0));
    assert!(!memory.optimizes);
    assert!(world.clean_up().is_ok(), "who asks for it gets it all the same");
}

#[test]
fn whoever_is_gone_is_forgotten() {
    let mut world = world();
    let stays = world.part("stays", Cost::Little, 1);
    let goes = world.part("goes", Cost::Little, 1);
    drop(goes);
    assert_eq!(world.at(70, 15), [("stays", Depth::Hard)]);
    let memory = world.optimizer.memory();
    assert_eq!(memory.reclaimers.len(), 1);
    assert_eq!(Arc::strong_count(&stays), 1, "it is held weakly");
}

#[test]
fn a_clean_up_says_what_it_did_and_cools_down_for_half_a_minute() {
    let mut world = world();
    let heap = Pages { tree: Arc::clone(&world.tree), floor: 120 };
    let heap = HeapReclaimer::new(Arc::new(heap), world.tree.root());
    world.optimizer = world.optimizer.with_heap(heap);
    let _part = world.part("cache", Cost::Little, 77);
    world.seconds = 100;
    let done = world.clean_up().unwrap();
    assert_eq!((done.resident_before, done.resident_after), (200 * MIB, 120 * MIB));
    assert_eq!(done.took, Duration::from_millis(7));
    let expected = [("cache", 77), ("allocator", 80 * MIB)];
    assert_eq!(done.reclaimed, expected.map(|(name, freed)| Reclaimed { name, freed }));
    assert_eq!(world.asked.lock().unwrap()[..], [("cache", Depth::All)]);

    world.seconds = 120;
    assert_eq!(world.clean_up().unwrap_err().left, Duration::from_secs(10));
    world.seconds = 130;
    assert!(world.clean_up().is_ok());
    let memory = world.optimizer.memory();
    assert_eq!((memory.runs, memory.given_back), (2, 80 * MIB));
}

/// Never comes to an end.
struct Stuck;

impl Reclaimer for Stuck {
    fn name(&self) -> &'static str {
        "stuck"
    }

    fn cost(&self) -> Cost {
        Cost::Little
    }

    fn holds(&self) -> u64 {
        0
    }

    fn reclaim(&self, _depth: Depth) -> Soon<'_, u64> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn nobody_reclaims_at_the_same_time_and_a_run_that_is_dropped_halfway_blocks_nobody() {
    let mut world = world();
    let stuck: Arc<dyn Reclaimer> = Arc::new(Stuck);
    world.optimizer.register(&stuck);
    world.tree.write("sys/fs/cgroup/memory.current", &(900 * MIB).to_string());
    let mut run = Box::pin(world.optimizer.tick(Timestamp::UNIX_EPOCH, Duration::ZERO));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(run.as_mut().poll(&mut context).is_pending());
    assert!(world.clean_up().is_err(), "one at a time");
    drop(run);
    drop(stuck);
    world.seconds = 1;
    assert!(world.clean_up().is_ok());
}

#[test]
fn there_is_room_for_so_many_reclaimers_and_no_more() {
    let world = world();
    let parts: Vec<_> = (0..70).map(|_| world.part("one", Cost::Little, 0)).collect();
    assert_eq!(world.optimizer.memory().reclaimers.len(), 64);
    drop(parts);
    let _late = world.part("late", Cost::Little, 0);
    assert_eq!(world.optimizer.memory().reclaimers.len(), 1, "who left makes room");
}
