//! How much of the processor this process uses.
//!
//! All that it may use is the smallest of the cores it may run on and the quotas of its control
//! group and those around it; half a core that is fully used is 100 %.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::limits::{CORES_MAX, TICKS_EACH_SECOND};
use crate::memory::cgroup::{Groups, Version, number, read};
use crate::snapshot::Cpu;

/// The processor, with what was used up to the last look.
#[derive(Debug)]
pub struct Processor {
    root: PathBuf,
    last: Option<(Duration, f64)>,
    percent: f64,
}

impl Processor {
    /// Reads below `root`; `/` but in tests.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), last: None, percent: 0.0 }
    }

    /// What was used since the last look; nothing at the first one.
    pub fn look(&mut self, monotonic: Duration) -> Cpu {
        let cores = self.cores();
        if let Some(seconds) = self.seconds_used() {
            if let Some((at, before)) = self.last {
                let elapsed = monotonic.saturating_sub(at).as_secs_f64();
                if elapsed > 0.0 {
                    let share = (seconds - before) / elapsed / cores;
                    // The kernel counts in hundredths of a second, which can make more than all.
                    self.percent = (share * 100.0).clamp(0.0, 100.0);
                }
            }
            self.last = Some((monotonic, seconds));
        } else {
            self.percent = 0.0;
        }
        Cpu { percent: self.percent, cores }
    }

    /// Time of the processor that this process used, by itself and for it in the kernel.
    fn seconds_used(&self) -> Option<f64> {
        let text = read(&self.root.join("proc/self/stat"))?;
        // The name in the second field may hold anything, brackets and blanks too.
        let (_, fields) = text.rsplit_once(')')?;
        let mut fields = fields.split_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<u32>().ok().map(f64::from);
        Some((ticks()? + ticks()?) / TICKS_EACH_SECOND)
    }

    fn cores(&self) -> f64 {
        let status = read(&self.root.join("proc/self/status")).unwrap_or_default();
        let allowed = status
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))
            .and_then(|list| count(list.trim()))
            .unwrap_or(1.0);
        self.quota().map_or(allowed, |quota| quota.min(allowed))
    }

    /// The smallest quota, in cores.
    fn quota(&self) -> Option<f64> {
        let groups = Groups::find(&self.root, "cpu")?;
        let quotas = groups.folders.iter().filter_map(|folder| quota(groups.version, folder));
        quotas.min_by(f64::total_cmp)
    }
}

fn quota(version: Version, folder: &Path) -> Option<f64> {
    let (quota, period) = match version {
        Version::One => {
            (number(&folder.join("cpu.cfs_quota_us"))?, number(&folder.join("cpu.cfs_period_us"))?)
        }
        Version::Two => {
            let text = read(&folder.join("cpu.max"))?;
            let mut words = text.split_whitespace();
            (words.next()?.parse().ok()?, words.next()?.parse().ok()?)
        }
    };
    let (quota, period) = (u32::try_from(quota).ok()?, u32::try_from(period).ok()?);
    let cores = f64::from(quota) / f64::from(period);
    (cores > 0.0 && cores <= CORES_MAX).then_some(cores)
}

/// How many numbers a list such as `0-3,8` names.
fn count(list: &str) -> Option<f64> {
    let mut cores = 0.0;
    for part in list.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
        cores += f64::from(to.checked_sub(from)?) + 1.0;
    }
    (cores <= CORES_MAX).then_some(cores)
}
