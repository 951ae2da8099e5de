//! The bounds of what is known and told about resources.

use std::time::Duration;

/// Between two samples at High.
pub(super) const PACE_HIGH: Duration = Duration::from_secs(5);

/// Between two samples at Critical: minutes may be left.
pub(super) const PACE_CRITICAL: Duration = Duration::from_secs(2);

/// From this share of time spent waiting for memory on, sampling quickens at any level.
pub(super) const STALLED_PERCENT: f64 = 10.0;

/// Alerts in the log.
pub(super) const LOG_MAX: usize = 200;

/// Readings in a row that the processor has to be above a threshold before it is an alert.
pub(super) const CPU_LASTS: usize = 3;

/// Readings in a row that a resource has to be below a threshold's lower edge to leave a level.
pub(super) const READINGS_TO_RECOVER: usize = 3;

/// How far below a threshold its lower edge is, in points.
pub(super) const MARGIN: f64 = 5.0;

/// How much farther it is after each flap.
pub(super) const MARGIN_STEP: f64 = 2.5;

/// And how far at most.
pub(super) const MARGIN_MAX: f64 = 15.0;

/// An alert that comes back within this long flaps.
pub(super) const FLAPS_WITHIN: Duration = Duration::from_mins(10);

/// After this long without a flap the lower edge comes a step nearer again.
pub(super) const MARGIN_DECAYS: Duration = Duration::from_hours(1);

/// One message about a resource and a level in this long.
pub(super) const TOLD_AGAIN: Duration = Duration::from_mins(10);

/// Minutes of which the trend knows the resident set.
pub(super) const TREND_MINUTES_MAX: usize = 360;

/// Minutes after the start that are no trend: the program fills its caches.
pub(super) const START_UP_MINUTES: u64 = 15;

/// Windows in which a trend is looked for, in minutes, the longest first.
pub(super) const TREND_WINDOWS: [usize; 4] = [360, 120, 60, 30];

/// Minutes with a sample that a line is laid through at least: fewer fit by chance.
pub(super) const POINTS_MIN: usize = 10;

/// The slowest growth that is worth a word, in bytes each hour.
pub(super) const SLOPE_MIN: f64 = 4.0 * 1024.0 * 1024.0;

/// How well a line has to fit: the share of all variance that it explains.
pub(super) const FIT_MIN: f64 = 0.95;

/// A growth that gets slower comes to an end: the second half of the window has to grow by at least
/// this share of what the first did.
pub(super) const STEADY_SHARE: f64 = 0.8;

/// By this share of its growth a window has to end above everything before it.
pub(super) const NEW_SHARE: f64 = 0.1;

/// Looks in a row, one each minute, until a trend is believed.
pub(super) const TREND_LASTS: usize = 3;

/// Looks in a row without a trend until it is over.
pub(super) const TREND_READINGS_TO_RECOVER: usize = 15;

/// A growth that reaches the limit within this long is a warning.
pub(super) const TREND_WARNING_HOURS: f64 = 24.0;

/// And within this long critical.
pub(super) const TREND_CRITICAL_HOURS: f64 = 4.0;

/// What database, logs and backups may take of a disk of the size that the performance guide has in
/// mind, if nothing else is said.
pub(super) const BUDGET_DISK: u64 = 1_280 << 20;

/// That share of it, in percent.
pub(super) const BUDGET_PERCENT: u64 = 80;

/// Ticks of the kernel's clock in a second, as programs see them: 100 on every Linux that we build
/// for, whatever the kernel's own clock does.
pub(super) const TICKS_EACH_SECOND: f64 = 100.0;

/// A machine has no more cores than this; a greater number is no count.
pub(super) const CORES_MAX: f64 = 4_096.0;
