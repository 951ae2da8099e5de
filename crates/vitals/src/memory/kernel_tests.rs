//! Memory is read as the kernel counts it, on whatever system, and never misread as an alarm.

use super::*;
use crate::snapshot::LimitSource;
use crate::tests::Tree;

const MIB: u64 = 1 << 20;

/// 2 GiB of memory, of which 512 MiB can be had; of this process 64 MiB are resident.
fn machine() -> Tree {
    Tree::new()
        .with("proc/meminfo", "MemTotal: 2097152 kB\nMemFree: 1 kB\nMemAvailable: 524288 kB\n")
        .with("proc/self/status", "Name:\tmuster\nVmRSS:\t   65536 kB\nRssAnon:\t 32768 kB\n")
}

fn v2(path: &str) -> Tree {
    machine()
        .with("proc/self/cgroup", &format!("0::{path}\n"))
        .with("sys/fs/cgroup/cgroup.controllers", "cpu memory\n")
}

fn v1(path: &str) -> Tree {
    machine().with("proc/self/cgroup", &format!("5:cpu,cpuacct:/\n4:memory:{path}\n0::/\n"))
}

trait Group {
    fn group(self, folder: &str, max: &str, current: u64, inactive: u64) -> Self;
    fn old_group(self, folder: &str, limit: u64, usage: u64, inactive: u64) -> Self;
}

impl Group for Tree {
    fn group(self, folder: &str, max: &str, current: u64, inactive: u64) -> Self {
        let at = |name: &str| format!("sys/fs/cgroup{folder}/{name}");
        self.with(&at("memory.max"), &format!("{max}\n"))
            .with(&at("memory.current"), &format!("{}\n", current * MIB))
            .with(&at("memory.stat"), &format!("anon 1\ninactive_file {}\n", inactive * MIB))
    }

    fn old_group(self, folder: &str, limit: u64, usage: u64, inactive: u64) -> Self {
        let at = |name: &str| format!("sys/fs/cgroup/memory{folder}/{name}");
        let stat = format!("inactive_file 1\ntotal_inactive_file {}\n", inactive * MIB);
        self.with(&at("memory.limit_in_bytes"), &format!("{limit}\n"))
            .with(&at("memory.usage_in_bytes"), &format!("{}\n", usage * MIB))
            .with(&at("memory.stat"), &stat)
    }
}

fn mib(value: u64) -> String {
    (value * MIB).to_string()
}

fn read(tree: &Tree) -> Reading {
    Kernel::new(tree.root()).read()
}

#[track_caller]
fn assert_reads(tree: &Tree, used: u64, limit: u64, source: &str) {
    let reading = read(tree);
    assert_eq!(
        (reading.used / MIB, reading.limit / MIB, reading.source.name()),
        (used, limit, source)
    );
}

#[test]
fn the_inactive_cache_of_files_does_not_count_as_used() {
    let tree = v2("/bot").group("/bot", &mib(1280), 900, 700);
    assert_reads(&tree, 200, 1280, "control group v2");
    let tree = v1("/bot").old_group("/bot", 1280 * MIB, 900, 700);
    assert_reads(&tree, 200, 1280, "control group v1");
}

#[test]
fn a_container_whose_group_is_the_root_reads_the_root() {
    let tree = v2("/").group("", &mib(1280), 100, 0);
    assert_reads(&tree, 100, 1280, "control group v2");
}

#[test]
fn a_group_that_the_container_does_not_see_is_the_root_of_what_it_sees() {
    for path in ["/docker/0123abcd", "/../../other", "/system.slice/bot.service (deleted)"] {
        let tree = v2(path).group("", &mib(1280), 100, 0);
        assert_reads(&tree, 100, 1280, "control group v2");
        let tree = v1(path).old_group("", 1280 * MIB, 100, 0);
        assert_reads(&tree, 100, 1280, "control group v1");
    }
}

#[test]
fn a_path_that_leads_out_of_the_tree_is_not_followed() {
    let tree = v2("/../other").group("", &mib(1280), 100, 0).group("/../other", &mib(110), 100, 0);
    assert_reads(&tree, 100, 1280, "control group v2");
}

#[test]
fn a_smaller_limit_around_us_counts_with_what_all_in_it_use() {
    let tree = v2("/box/bot").group("", "max", 1500, 0).group("/box", &mib(512), 400, 100).group(
        "/box/bot",
        &mib(1024),
        200,
        50,
    );
    assert_reads(&tree, 300, 512, "control group v2");
    assert_eq!(read(&tree).ours, 150 * MIB, "but only what is in our own group is ours");
    let tree = v1("/box/bot").old_group("/box", 512 * MIB, 400, 100).old_group(
        "/box/bot",
        1024 * MIB,
        200,
        50,
    );
    assert_reads(&tree, 300, 512, "control group v1");
}

#[test]
fn of_equal_limits_our_own_counts() {
    let tree = v2("/box/bot").group("/box", &mib(512), 400, 0).group("/box/bot", &mib(512), 200, 0);
    assert_reads(&tree, 200, 512, "control group v2");
}

#[test]
fn a_limit_above_which_the_kernel_slows_us_down_is_one() {
    let tree = v2("/bot")
        .group("/bot", &mib(1024), 100, 0)
        .with("sys/fs/cgroup/bot/memory.high", &mib(800));
    assert_reads(&tree, 100, 800, "control group v2");
}

#[test]
fn version_one_tells_limits_of_groups_that_nobody_here_sees() {
    let tree = v1("/").old_group("", 1024 * MIB, 100, 0).with(
        "sys/fs/cgroup/memory/memory.stat",
        &format!("hierarchical_memory_limit {}\ntotal_inactive_file 0\n", 700 * MIB),
    );
    assert_reads(&tree, 100, 700, "control group v1");
}

#[test]
fn a_hybrid_system_is_read_where_the_controller_is() {
    let tree = v1("/bot")
        .old_group("/bot", 1280 * MIB, 100, 20)
        .with("sys/fs/cgroup/unified/cgroup.controllers", "");
    assert_reads(&tree, 80, 1280, "control group v1");
}

#[test]
fn without_a_limit_of_a_group_the_machine_counts_and_only_this_process_is_ours() {
    let no_limit = 9_223_372_036_854_771_712;
    let trees = [
        machine(),
        v2("/bot").group("/bot", "max", 100, 0),
        v1("/bot").old_group("/bot", no_limit, 100, 0),
        v2("/bot").group("/bot", &mib(4096), 100, 0),
    ];
    for tree in trees {
        assert_reads(&tree, 1536, 2048, "the whole machine");
        let reading = read(&tree);
        assert_eq!((reading.ours, reading.resident), (64 * MIB, 64 * MIB));
        assert_eq!(reading.anonymous, 32 * MIB);
    }
}

#[test]
fn an_old_kernel_that_does_not_tell_what_is_available_raises_no_alarm() {
    let tree = machine().with("proc/meminfo", "MemTotal: 2097152 kB\nMemFree: 1 kB\n");
    assert_reads(&tree, 64, 2048, "the whole machine");
}

#[test]
fn nothing_to_read_is_no_alarm() {
    let reading = read(&Tree::new());
    assert_eq!(reading, Reading { source: LimitSource::Machine, ..Reading::default() });
    assert!(reading.percent() < f64::EPSILON);
}

#[test]
fn garbage_and_huge_numbers_are_no_alarm() {
    let garbage = [
        "",
        "max",
        "-1",
        "NaN",
        "18446744073709551615",
        "99999999999999999999999",
        "\0\0",
        "0",
        "12 34 56",
        "1e400",
        "ü",
    ];
    let files = [
        ("proc/meminfo", "MemTotal: "),
        ("proc/self/status", "VmRSS: "),
        ("sys/fs/cgroup/bot/memory.max", ""),
        ("sys/fs/cgroup/bot/memory.high", ""),
        ("sys/fs/cgroup/bot/memory.current", ""),
        ("sys/fs/cgroup/bot/memory.stat", "inactive_file "),
        ("sys/fs/cgroup/bot/memory.pressure", "some avg10="),
        ("sys/fs/cgroup/memory/bot/memory.limit_in_bytes", ""),
        ("sys/fs/cgroup/memory/bot/memory.usage_in_bytes", ""),
        ("sys/fs/cgroup/memory/bot/memory.stat", "hierarchical_memory_limit "),
    ];
    for named in ["0::/bot\n", "4:memory:/bot\n0::/bot\n"] {
        let tree = sound_in_both_versions();
        tree.write("proc/self/cgroup", named);
        for (file, prefix) in files {
            let path = tree.root().join(file);
            let sound = std::fs::read_to_string(&path).unwrap_or_default();
            for text in garbage {
                std::fs::write(&path, format!("{prefix}{text}")).unwrap();
                let reading = read(&tree);
                assert!(reading.percent() < 50.0, "{named:?} {file} {text}: {reading:?}");
            }
            std::fs::write(&path, sound).unwrap();
        }
    }
}

#[test]
fn a_list_of_groups_that_makes_no_sense_is_no_alarm() {
    let tree = sound_in_both_versions();
    for named in ["", ":::\n0:\nmemory", "4:memory\n", "0::bot\n", "0::\u{0}\n", "4:memory:/x\n"] {
        tree.write("proc/self/cgroup", named);
        let reading = read(&tree);
        assert!(reading.percent() < 50.0, "{named:?}: {reading:?}");
    }
}

fn sound_in_both_versions() -> Tree {
    let tree = v2("/bot").group("/bot", &mib(1280), 100, 0);
    let tree = tree.old_group("/bot", 1280 * MIB, 100, 0);
    tree.with("proc/meminfo", "MemTotal: 2097152 kB\nMemAvailable: 2000000 kB\n")
}

#[test]
fn a_file_without_text_is_as_good_as_none() {
    let tree = v2("/bot").group("/bot", &mib(1280), 100, 0);
    let path = tree.root().join("sys/fs/cgroup/bot/memory.max");
    std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(read(&tree).source, LimitSource::Machine);
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(read(&tree).source, LimitSource::Machine);
}

#[test]
fn waiting_for_memory_is_read_of_our_group_else_of_the_machine_else_unknown() {
    let machine_wide = "some avg10=7.50 avg60=1 avg300=0 total=9\nfull avg10=2.5 avg60=0\n";
    let tree = v2("/bot").group("/bot", &mib(1280), 100, 0);
    assert_eq!(read(&tree).some_stalled, None);
    tree.write("proc/pressure/memory", machine_wide);
    assert_eq!(read(&tree).some_stalled, Some(7.5));
    let own = "some avg10=12.25 avg60=1 avg300=0 total=9\n";
    tree.write("sys/fs/cgroup/bot/memory.pressure", own);
    assert_eq!(read(&tree).some_stalled, Some(12.25));
    let old = v1("/").with("proc/pressure/memory", machine_wide);
    assert_eq!(read(&old).some_stalled, Some(7.5), "version 1 tells nothing of its own");
}

#[cfg(target_os = "linux")]
#[test]
fn this_machine_can_be_read() {
    let reading = Kernel::new(std::path::Path::new("/")).read();
    assert!(reading.limit > 0 && reading.used <= reading.limit, "{reading:?}");
    assert!(reading.resident > 0 && reading.anonymous <= reading.resident, "{reading:?}");
}
