//! How long something took over the last hour, in a few kilobytes whatever happens.

use std::time::Duration;

use muster_vitals::snapshot::Latency;

/// Durations are told apart by an eighth of themselves: each doubling has so many steps.
const STEPS: u32 = 8;

/// The first doubling begins at 2^8 ns; what is shorter counts as that.
const FIRST: u32 = 8;

/// The last doubling begins at 2^36 ns, which is more than a minute.
const LAST: u32 = 36;

const BUCKETS: usize = 232;

const _: () = assert!((LAST - FIRST + 1) * STEPS == 232 && BUCKETS == 232);

/// The hour is made of so many windows, and of the one that is under way.
const WINDOWS: usize = 7;

const WINDOW: Duration = Duration::from_mins(10);

/// Durations of the last hour.
#[derive(Debug)]
pub(super) struct Hour {
    windows: Box<[Window; WINDOWS]>,
    /// Which window is under way, counted from the start.
    current: u64,
}

#[derive(Clone, Debug)]
struct Window {
    counts: [u32; BUCKETS],
    count: u64,
    total: Duration,
    max: Duration,
}

impl Window {
    const EMPTY: Self =
        Self { counts: [0; BUCKETS], count: 0, total: Duration::ZERO, max: Duration::ZERO };
}

impl Default for Hour {
    fn default() -> Self {
        Self { windows: Box::new([Window::EMPTY; WINDOWS]), current: 0 }
    }
}

impl Hour {
    /// Something took so long, and ended `at` so long after the start. Whether a window began
    /// with it.
    pub(super) fn add(&mut self, at: Duration, took: Duration) -> bool {
        let before = self.current;
        let Some(window) = self.window(at) else { return false };
        window.count = window.count.saturating_add(1);
        window.total = window.total.saturating_add(took);
        window.max = window.max.max(took);
        if let Some(count) = window.counts.get_mut(bucket(took)) {
            *count = count.saturating_add(1);
        }
        self.current != before
    }

    /// What the last hour was like, `at` so long after the start.
    pub(super) fn latency(&mut self, at: Duration) -> Latency {
        self.window(at);
        let count = self.windows.iter().map(|window| window.count).sum();
        let total: Duration = self.windows.iter().map(|window| window.total).sum();
        let max = self.windows.iter().map(|window| window.max).max().unwrap_or_default();
        let quantile = |percent| self.quantile(count, percent).min(max);
        Latency {
            count,
            mean: u32::try_from(count).ok().and_then(|n| total.checked_div(n)).unwrap_or_default(),
            p50: quantile(50),
            p95: quantile(95),
            p99: quantile(99),
            max,
        }
    }

    /// The window under way, after those were emptied whose hour is over.
    fn window(&mut self, at: Duration) -> Option<&mut Window> {
        let now = at.as_secs().checked_div(WINDOW.as_secs())?.max(self.current);
        let windows = u64::try_from(WINDOWS).ok()?;
        let passed = now.saturating_sub(self.current).min(windows);
        for number in (now.saturating_add(1).saturating_sub(passed))..=now {
            if let Some(window) = self.windows.get_mut(place(number)?) {
                *window = Window::EMPTY;
            }
        }
        self.current = now;
        self.windows.get_mut(place(now)?)
    }

    /// So many of a hundred took at most this.
    fn quantile(&self, count: u64, percent: u64) -> Duration {
        let wanted = count.saturating_mul(percent).div_ceil(100);
        let mut seen: u64 = 0;
        for bucket in 0..BUCKETS {
            let counts = self.windows.iter().filter_map(|window| window.counts.get(bucket));
            seen = seen.saturating_add(counts.map(|count| u64::from(*count)).sum());
            if seen >= wanted && seen > 0 {
                return end_of(bucket);
            }
        }
        Duration::ZERO
    }
}

fn place(window: u64) -> Option<usize> {
    usize::try_from(window.checked_rem(u64::try_from(WINDOWS).ok()?)?).ok()
}

/// Where a duration is counted.
fn bucket(took: Duration) -> usize {
    let ns = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).clamp(1 << FIRST, (2 << LAST) - 1);
    let doubling = ns.ilog2();
    let step = (ns >> doubling.saturating_sub(STEPS.ilog2())) & u64::from(STEPS - 1);
    let before = u64::from(doubling.saturating_sub(FIRST)).saturating_mul(u64::from(STEPS));
    usize::try_from(before.saturating_add(step)).unwrap_or(0)
}

/// The longest duration that is counted there.
fn end_of(bucket: usize) -> Duration {
    let bucket = u32::try_from(bucket).unwrap_or(0);
    let (doubling, step) = (bucket / STEPS + FIRST, bucket % STEPS);
    let width = 1_u64 << doubling.saturating_sub(STEPS.ilog2());
    Duration::from_nanos(u64::from(STEPS + step + 1).saturating_mul(width).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn every_duration_is_counted_where_it_belongs_to_an_eighth() {
        for ns in (0..60).map(|power| 300_u64 << (power / 2)).chain([1, 256, 257, 1_000_003]) {
            let took = Duration::from_nanos(ns).min(Duration::from_secs(100));
            let end = end_of(bucket(took));
            assert!(end >= took, "{took:?} in {end:?}");
            assert!(took < Duration::from_nanos(256) || end <= took + took / 8, "{took:?} {end:?}");
        }
        assert_eq!(bucket(Duration::from_secs(100_000)), BUCKETS - 1);
    }

    #[test]
    fn quantiles_mean_and_maximum_are_those_of_what_was_added() {
        let mut hour = Hour::default();
        for ms in 1..=100 {
            assert!(!hour.add(SECOND, Duration::from_millis(ms)), "the first window");
        }
        let found = hour.latency(SECOND);
        let near = |found: Duration, ms| {
            found >= Duration::from_millis(ms) && found <= Duration::from_millis(ms + ms / 8 + 1)
        };
        assert!(near(found.p50, 50) && near(found.p95, 95), "{found:?}");
        assert_eq!((found.count, found.max), (100, Duration::from_millis(100)));
        assert_eq!(found.mean, Duration::from_micros(50_500));
        assert!(found.p99 <= found.max);
    }

    #[test]
    fn what_is_older_than_an_hour_and_a_window_is_forgotten() {
        let mut hour = Hour::default();
        hour.add(SECOND, SECOND);
        assert_eq!(hour.latency(60 * 60 * SECOND).count, 1);
        assert_eq!(hour.latency(70 * 60 * SECOND), Latency::default());
        assert!(hour.add(1_000 * 60 * SECOND, SECOND), "another window");
        assert_eq!(hour.latency(1_000 * 60 * SECOND).count, 1);
    }
}
