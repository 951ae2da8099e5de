//! The numbers in force that the table of the vitals does not hold: who limits taps, and what is
//! kept for how long. Written as their variables take them.

use muster_engine::tap_limit::TapRate;

use crate::config::RunConfig;

/// Variable and value, in the order of the operator's guide.
pub(crate) fn beside_vitals(config: &RunConfig) -> Vec<(&'static str, String)> {
    let copies = &config.copies;
    let off = || "off".to_owned();
    let every = copies.every.map(|every| span(every.as_secs()));
    let days = config.removed_guild_kept.as_hours() / 24;
    vec![
        ("RATE_LIMIT_TAPS", config.taps.map_or_else(off, rate)),
        ("GUILD_CLEANUP_DAYS_THRESHOLD", days.to_string()),
        ("BACKUP_INTERVAL", every.unwrap_or_else(off)),
        ("BACKUP_KEEP", copies.kept_words()),
        ("DISK_BUDGET_MB", (copies.budget_in_force() >> 20).to_string()),
    ]
}

fn rate(rate: TapRate) -> String {
    format!("{}/{}", rate.times(), span(rate.within().as_secs()))
}

/// In the largest unit that leaves no rest.
fn span(seconds: u64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let whole = units.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{seconds}s"), |(unit, name)| format!("{}{name}", seconds / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_as_they_are_read() {
        let written = [5, 60, 90, 3_600, 21_600, 86_400, 2_592_000].map(span);
        assert_eq!(written, ["5s", "1m", "90s", "1h", "6h", "1d", "30d"]);
    }
}
