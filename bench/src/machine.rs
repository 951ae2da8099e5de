//! On what machine a figure was measured, and figures in words.

use std::fs;
use std::time::Duration;

/// "2 × Intel Xeon …", from the kernel's own account.
pub(crate) fn describe() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} × {}", model.map_or("unknown processor", |(_, model)| model))
}

/// The value below which `share` (0 to 100) of the sorted values lie.
pub(crate) fn percentile(sorted: &[Duration], share: usize) -> Duration {
    let index = (sorted.len().saturating_sub(1)).saturating_mul(share) / 100;
    sorted.get(index).copied().unwrap_or_default()
}

/// Milliseconds with three digits.
pub(crate) fn ms(duration: Duration) -> String {
    format!("{:.3} ms", duration.as_secs_f64() * 1_000.0)
}
