//! What the kernel counts: memory in use, the limit, and whether anything waits for memory.
//!
//! The limit is the smallest of our own control group's, those around it, and the machine's memory.
//! What is used of it is what the same group uses, the groups in it included, as that is what the
//! kernel compares; without the inactive cache of files, which the kernel drops before anything
//! else. `memory.high` counts as a limit: above it the kernel slows the group down.
//!
//! Whatever cannot be read, or is no sensible number, counts as nothing used and no limit, so that
//! it never raises an alarm.

use std::path::{Path, PathBuf};

use super::cgroup::{Groups, Version, entry, number, read};
use super::limits::{BYTES_MAX, LIMIT_MIN};
use crate::snapshot::LimitSource;

/// What the kernel counts, below the root of a file system.
#[derive(Clone, Debug)]
pub struct Kernel {
    root: PathBuf,
}

/// One reading, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// Used of the limit.
    pub used: u64,
    /// The limit; 0 if none is known.
    pub limit: u64,
    /// What is ours of it: our own control group's use where a group has a limit, else what of this
    /// process is resident. Compared with thresholds in bytes.
    pub ours: u64,
    /// Resident set of this process.
    pub resident: u64,
    /// Of that, not backed by a file.
    pub anonymous: u64,
    /// Where the limit comes from.
    pub source: LimitSource,
    /// Share of the last 10 s in which something waited for memory.
    pub some_stalled: Option<f64>,
}

impl Reading {
    /// Share of the limit that is used, in percent; 0 without a limit.
    #[must_use]
    pub fn percent(&self) -> f64 {
        crate::snapshot::percent(self.used, self.limit)
    }
}

/// A limit, and what is used of it.
#[derive(Clone, Copy)]
struct Bounded {
    used: Option<u64>,
    limit: u64,
}

impl Kernel {
    /// Reads below `root`; `/` but in tests.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Reads everything. Takes some ten small files of the kernel's, none from a disk.
    #[must_use]
    pub fn read(&self) -> Reading {
        let machine = self.machine();
        let groups = Groups::find(&self.root, "memory");
        let (resident, anonymous) = self.resident();
        let some_stalled = self.stalled(groups.as_ref());
        let mut reading =
            Reading { resident, anonymous, ours: resident, some_stalled, ..Reading::default() };
        let machine_size = machine.map_or(BYTES_MAX, |machine| machine.limit);
        let tightest = groups.as_ref().and_then(|groups| tightest(groups, machine_size));
        if let (Some(bounded), Some(groups)) = (tightest, &groups) {
            let own = groups.own().and_then(|own| used(groups.version, own, machine_size));
            reading.limit = bounded.limit;
            reading.used = bounded.used.or(own).unwrap_or(resident);
            reading.ours = own.unwrap_or(resident);
            reading.source = match groups.version {
                Version::One => LimitSource::GroupV1,
                Version::Two => LimitSource::GroupV2,
            };
        } else {
            reading.limit = machine.map_or(0, |machine| machine.limit);
            reading.used = machine.and_then(|machine| machine.used).unwrap_or(resident);
            reading.source = LimitSource::Machine;
        }
        reading
    }

    /// What of this process is resident now, in bytes; 0 if it is not told.
    #[must_use]
    pub fn resident_now(&self) -> u64 {
        self.resident().0
    }

    /// What is resident, and what of that is not backed by a file.
    pub(super) fn resident(&self) -> (u64, u64) {
        let status = read(&self.root.join("proc/self/status")).unwrap_or_default();
        let of = |name| kib(&status, name).unwrap_or(0);
        (of("VmRSS:"), of("RssAnon:"))
    }

    fn machine(&self) -> Option<Bounded> {
        let text = read(&self.root.join("proc/meminfo"))?;
        let limit = kib(&text, "MemTotal:").filter(|bytes| *bytes >= LIMIT_MIN)?;
        let free = kib(&text, "MemAvailable:").filter(|free| *free <= limit);
        Some(Bounded { used: free.map(|free| limit.saturating_sub(free)), limit })
    }

    /// How much waited: in our own group, or in the whole machine where groups do not tell.
    fn stalled(&self, groups: Option<&Groups>) -> Option<f64> {
        let own = groups
            .filter(|groups| groups.version == Version::Two)
            .and_then(|groups| read(&groups.own()?.join("memory.pressure")));
        let text = own.or_else(|| read(&self.root.join("proc/pressure/memory")));
        let text = text.unwrap_or_default();
        average(&text, "some")
    }
}

/// The smallest limit below the machine's size; of equal ones the innermost.
fn tightest(groups: &Groups, machine_size: u64) -> Option<Bounded> {
    let visible = groups.folders.iter().filter_map(|folder| {
        let limit = limit(groups.version, folder)?;
        Some(Bounded { used: used(groups.version, folder, machine_size), limit })
    });
    // Version 1 also tells the smallest limit of groups that a container does not see.
    let hidden = groups.own().filter(|_| groups.version == Version::One).and_then(|own| {
        let text = read(&own.join("memory.stat"))?;
        let limit =
            entry(&text, "hierarchical_memory_limit").filter(|limit| *limit >= LIMIT_MIN)?;
        Some(Bounded { used: used(groups.version, own, machine_size), limit })
    });
    visible
        .chain(hidden)
        .filter(|bounded| bounded.limit < machine_size)
        .min_by_key(|bounded| bounded.limit)
}

fn limit(version: Version, folder: &Path) -> Option<u64> {
    let names: &[&str] = match version {
        Version::One => &["memory.limit_in_bytes"],
        Version::Two => &["memory.max", "memory.high"],
    };
    names
        .iter()
        .filter_map(|name| number(&folder.join(name)))
        .filter(|limit| *limit >= LIMIT_MIN)
        .min()
}

/// What a group uses without the inactive cache of files; `None` if it cannot be true.
fn used(version: Version, folder: &Path, machine_size: u64) -> Option<u64> {
    let (usage, inactive) = match version {
        Version::One => ("memory.usage_in_bytes", "total_inactive_file"),
        Version::Two => ("memory.current", "inactive_file"),
    };
    let usage = number(&folder.join(usage)).filter(|usage| *usage <= machine_size)?;
    let text = read(&folder.join("memory.stat")).unwrap_or_default();
    Some(usage.saturating_sub(entry(&text, inactive).unwrap_or(0)))
}

/// An entry in KiB, in bytes.
fn kib(text: &str, name: &str) -> Option<u64> {
    let bytes = entry(text, name)?.checked_mul(1024)?;
    (bytes <= BYTES_MAX).then_some(bytes)
}

/// The average over 10 s in a line such as `some avg10=0.12 avg60=0.05 avg300=0.01 total=123`.
fn average(text: &str, kind: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(kind))?;
    let value = line.split_whitespace().find_map(|word| word.strip_prefix("avg10="))?;
    let percent: f64 = value.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent)
}
