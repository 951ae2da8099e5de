//! The numbers in force that the table of the vitals does not hold: who limits taps, and what is
//! kept for how long. Written as their variables take them.

use muster_engine::tap_limit::TapRate;
use muster_vitals::settings::of_span;

use crate::config::RunConfig;

/// Variable and value, in the order of the operator's guide.
pub(crate) fn beside_vitals(config: &RunConfig) -> Vec<(&'static str, String)> {
    let copies = &config.copies;
    let off = || "off".to_owned();
    let every = copies.every.map(of_span);
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
    format!("{}/{}", rate.times(), of_span(rate.within()))
}
